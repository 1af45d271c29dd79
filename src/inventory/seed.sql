-- inventory: what is folded with the balances, what the close asks, and the states that stock can be in.

INSERT INTO erp_private.fold_step (function_name, rank) VALUES ('fold_stock', 10);
INSERT INTO erp_private.close_check (function_name, rank) VALUES ('check_no_pending', 10);
INSERT INTO erp_private.close_step (step, rank, title, check_function, run_function) VALUES
	('pending_adjustments', 150, 'Adjustments of stock are approved', 'check_close_pending', ''),
	('month_cost', 200, 'Costs of goods by monthly average', '', 'close_month_cost'),
	('stock', 210, 'The stock equals the inventory accounts', 'check_close_stock', ''),
	('zero_costs', 215, 'What left has cost something', 'check_zero_costs', '');

INSERT INTO erp.stock_state (stock_state_id, code, name) VALUES
	(0, 'available', 'Available'),
	(1, 'quarantine', 'In quarantine'),
	(2, 'blocked', 'Blocked'),
	(3, 'damaged', 'Damaged');

-- What comes in may be in any state, and what is lost or scrapped too; what is sold, given away or shipped is available.
INSERT INTO erp.line_role_state (line_role, stock_state_id)
SELECT r.line_role, s.stock_state_id
  FROM erp.line_role r, erp.stock_state s
 WHERE (r.stock_direction = 'in' OR r.line_role IN ('loss', 'scrap', 'revalued_from', 'received_less', 'sent_back') OR r.carries AND NOT r.refuses_expired) AND s.stock_state_id <> 0;
