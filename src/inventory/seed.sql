-- inventory: the states that stock can be in.

INSERT INTO erp.stock_state (stock_state_id, code, name) VALUES
	(0, 'available', 'Available'),
	(1, 'quarantine', 'In quarantine'),
	(2, 'blocked', 'Blocked'),
	(3, 'damaged', 'Damaged');
