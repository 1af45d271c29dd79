-- The checks of sales. Run again by every erp.setup().
INSERT INTO erp.integrity_check (check_name, law, rank, function_name, description) VALUES
	('price_lists', 10, 500, 'check_price_book', 'Price lists begin from what they can, and their rules name what exists.'),
	('order_schedules', 9, 510, 'check_order_schedules', 'Delivery schedules of lines of orders add up to what is ordered and not cancelled.')
ON CONFLICT (check_name) DO UPDATE SET law = excluded.law, rank = excluded.rank,
	function_name = excluded.function_name, description = excluded.description;
