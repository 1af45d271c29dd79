-- sales: the calls on prices write events.

INSERT INTO erp_private.call_event (call, topic, name_field) VALUES
	('put_price_lists', 'prices_changed', 'code'), ('put_price_rules', 'prices_changed', 'list'), ('change_prices', 'prices_changed', 'list'),
	('put_promotions', 'promotion_changed', 'code');
