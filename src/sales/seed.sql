-- sales: calls on prices write events; a dunning letter has a life.

INSERT INTO erp_private.call_event (call, topic, name_field) VALUES
	('put_price_lists', 'prices_changed', 'code'), ('put_price_rules', 'prices_changed', 'list'), ('change_prices', 'prices_changed', 'list'),
	('put_promotions', 'promotion_changed', 'code');

INSERT INTO erp.document_kind (kind, modules, party_role, total_sign, poster_role, initial_state, description) VALUES
	('dunning_letter', '{sales}', 'customer', 0, 'erp_owner', 'issued', 'Letter that asks a customer to pay what is overdue; a working document, which posts nothing itself.');
INSERT INTO erp.document_transition (kind, from_state, to_state, allowed_role) VALUES
	('dunning_letter', '', 'issued', 'erp_accountant'), ('dunning_letter', 'issued', 'taken_back', 'erp_accountant');
