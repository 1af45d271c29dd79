-- The checks of the inventory. Run again by every erp.setup().
INSERT INTO erp.integrity_check (check_name, law, rank, function_name, description) VALUES
	('stock_value', 3, 400, 'check_stock', 'The value of the stock equals the inventory accounts, line by line and in all.'),
	('stock_moves', 3, 410, 'check_stock', 'Moves and cost entries belong together and add up to the cost pools.'),
	('stock_positions', 3, 420, 'check_stock', 'What is on hand equals the moves.'),
	('folded_stock', 3, 422, 'check_folded_stock', 'Folded quantities and values equal the moves and costs that they stand for.'),
	('cost_layers', 3, 430, 'check_stock', 'No receipt gives more than it holds, and by FIFO an empty one is worth nothing.'),
	('stock_days', 6, 440, 'check_stock', 'Moves stand on the posting day of their document.'),
	('cost_amounts', 9, 450, 'check_stock', 'Costs have the decimals of the company''s currency.'),
	('item_units', 9, 455, 'check_item_unit_ratios', 'Units of an item convert into its own in one way.'),
	('stock_units', 9, 456, 'check_stock', 'A move is exactly the quantity that was entered, in the item''s unit.'),
	('second_quantities', 9, 457, 'check_second_quantities', 'Second quantities are those of the lines, and none is without the other.'),
	('item_groups', 10, 458, 'check_item_groups', 'Groups of items are a tree.'),
	('stock_references', 10, 460, 'check_stock', 'What moves, cost entries and lines with goods refer to exists.'),
	('transfers', 3, 415, 'check_transfers', 'What is carried arrives as it left, and no more than was sent.'),
	('with_others', 3, 416, 'check_with_others', 'What lies at locations of lent, consigned and shipped goods is what is lent, on consignment and shipped.'),
	('cut_off', 3, 417, 'check_cut_off', 'The cut-off account is what is shipped and not billed less what is billed and not shipped.'),
	('serial_numbers', 5, 425, 'check_serials', 'Of a serial number there is at most one piece in stock, at any time.'),
	('cost_checkpoints', 3, 435, 'check_stock', 'Where a replay begins, the pools are what cost entries say.'),
	('value_flows', 3, 436, 'check_value_flows', 'What is locked for a replay is what documents made of each other.'),
	('costing_methods', 10, 461, 'check_costing_methods', 'Changes of costing methods stand in the moves, and goods go out by the method of the day.'),
	('expired_issues', 10, 462, 'check_expired_issues', 'What is on record as issued past its last day is a lot that went out after it.'),
	('item_variants', 10, 459, 'check_item_variants', 'Variants are combinations of their template''s values.')
ON CONFLICT (check_name) DO UPDATE SET law = excluded.law, rank = excluded.rank,
	function_name = excluded.function_name, description = excluded.description;

INSERT INTO erp.integrity_check (check_name, law, rank, function_name, description) VALUES
	('reserved_stock', 5, 470, 'check_reservations', 'No place has more reserved than is on hand.'),
	('free_stock', 5, 471, 'check_reservations', 'What is kept as free is what is on hand less what is reserved.'),
	('expected_claims', 5, 472, 'check_reservations', 'No more is claimed of what is expected than that.')
ON CONFLICT (check_name) DO UPDATE SET law = excluded.law, rank = excluded.rank,
	function_name = excluded.function_name, description = excluded.description;
