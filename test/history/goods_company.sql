-- The second kind of history: goods that are carried, returned, billed, amended, revalued and reserved. What its company has beside trial.make_company(),
-- and the naive facts of it. The derivation lies in a schema of its own and shares no code, table or result with the engine.
CREATE SCHEMA goods;

-- pool: what cost is kept by. Of a lot-tracked item each line names its lot.
CREATE TABLE goods.item (item text PRIMARY KEY, name text NOT NULL, fifo boolean NOT NULL, pool text NOT NULL, lots boolean NOT NULL, item_group text NOT NULL, weight numeric NOT NULL, volume numeric NOT NULL);
INSERT INTO goods.item VALUES
	('F', 'FIFO', true, 'company', false, '', 2, 0), ('A', 'Average', false, 'company', false, '', 0.5, 1),
	('FW', 'FIFO by warehouse', true, 'warehouse', false, 'B', 1, 3), ('AW', 'Average by warehouse', false, 'warehouse', false, 'B', 0, 2),
	('FL', 'FIFO with lots', true, 'company', true, '', 3, 1), ('AL', 'Average with lots, by warehouse', false, 'warehouse', true, 'B', 1.25, 1),
	('SL', 'FIFO by lot', true, 'lot', true, '', 1, 0.25);

-- Locations; goods on their way cannot be shipped.
CREATE TABLE goods.location (warehouse text NOT NULL, location text NOT NULL, kind text NOT NULL, PRIMARY KEY (warehouse, location));
INSERT INTO goods.location VALUES ('MAIN', 'A', 'storage'), ('MAIN', 'B', 'storage'), ('MAIN', 'WAY', 'in_transit'), ('NORTH', 'N', 'storage'), ('NORTH', 'ROAD', 'in_transit');

-- The counter of each role: where the cost of what moves goes to, '' where it stands in the total or in the other leg. incoming: +1 in, -1 out, 0 no move.
CREATE TABLE goods.role (kind text NOT NULL, role text NOT NULL, turn integer NOT NULL, counter text NOT NULL, PRIMARY KEY (kind, role));
INSERT INTO goods.role VALUES
	('goods_receipt', 'receipt', 1, ''), ('opening_stock', 'opening', 1, '3900'), ('stock_gain', 'gain', 1, '5300'), ('stock_loss', 'loss', -1, '5200'),
	('free_issue', 'free', -1, '5100'), ('scrap', 'scrap', -1, '5200'), ('sales_invoice', 'sale', -1, '5000'), ('credit_note', 'return', 1, '5000'),
	('assembly', 'component', -1, '1250'), ('assembly', 'product', 1, '1250'),
	('transfer', 'transfer', -1, ''), ('transfer_dispatch', 'transfer', -1, ''), ('transfer_receipt', 'arrival', -1, ''),
	('supplier_bill', 'billed', 0, '2150'), ('landed_cost', 'landed', 0, ''), ('absorbed_cost', 'absorbed', 0, '6000'),
	('receipt_amendment', 'received_more', 1, ''), ('receipt_amendment', 'received_less', -1, ''), ('receipt_amendment', 'repriced', 0, ''),
	('supplier_return', 'sent_back', -1, '5450'), ('supplier_credit_note', 'credited', 0, '2150'),
	('issue_amendment', 'issued_more', -1, '5000'), ('issue_amendment', 'issued_less', 1, '5000'),
	('revaluation', 'revalued_from', -1, '5500'), ('revaluation', 'revalued_to', 1, '5500'),
	('write_down', 'revalued_from', -1, '5510'), ('write_down', 'revalued_to', 1, '5510');

-- north: the goods of group '' have an account of their own there.
CREATE TABLE goods.book (company text PRIMARY KEY, seed integer NOT NULL, north boolean NOT NULL);

CREATE FUNCTION goods.account(p_company text, p_item text, p_warehouse text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE WHEN (SELECT i.item_group FROM goods.item i WHERE i.item = p_item) = 'B' THEN '1210'
		WHEN p_warehouse = 'NORTH' AND (SELECT b.north FROM goods.book b WHERE b.company = p_company) THEN '1220' ELSE '1200' END;
END
$$;

CREATE FUNCTION goods.pool_of(p_item text, p_warehouse text, p_lot text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN p_item || (SELECT CASE i.pool WHEN 'warehouse' THEN ' ' || p_warehouse WHEN 'lot' THEN ' ' || p_lot ELSE '' END FROM goods.item i WHERE i.item = p_item);
END
$$;

-- Inventory and counter of every role. Of transfers the account of either place is a rule on the side on which it stands.
CREATE FUNCTION goods.put_rules(p_company text, p_north boolean) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.put_posting_rules(p_company, 'goods rules', (SELECT json_agg(json_strip_nulls(json_build_object('kind', r.kind, 'line_role', r.role, 'amount_role', 'inventory',
			'item_group', nullif(g.item_group, ''), 'warehouse', g.warehouse, 'condition', s.condition, 'side', s.side, 'account', g.account)))
		FROM goods.role r
		CROSS JOIN (VALUES ('', NULL, '1200', true), ('B', NULL, '1210', true), ('', 'NORTH', '1220', p_north), ('B', 'NORTH', '1210', p_north)) g (item_group, warehouse, account, used)
		CROSS JOIN (VALUES (true, 'debit', 'debit'), (true, 'credit', 'credit'), (false, NULL, 'debit')) s (carries, condition, side)
		WHERE g.used AND s.carries = (r.role IN ('transfer', 'arrival'))));
	PERFORM erp.put_posting_rules(p_company, 'counters', (SELECT json_agg(json_build_object('kind', kind, 'line_role', role, 'amount_role', CASE role WHEN 'sent_back' THEN 'price_variance' ELSE 'cost' END, 'side', 'credit', 'account', counter))
		FROM goods.role WHERE counter <> ''));
	-- What is learned of goods that were carried passes by the account of goods between places, and leaves nothing on it.
	PERFORM erp.put_posting_rules(p_company, 'between', (SELECT json_agg(json_build_object('kind', r.kind, 'line_role', r.role, 'amount_role', 'cost', 'condition', s.side, 'side', s.side, 'account', '1260'))
		FROM goods.role r, (VALUES ('debit'), ('credit')) s (side) WHERE r.role IN ('transfer', 'arrival')));
	PERFORM erp.put_posting_rules(p_company, 'totals', '[
		{"kind": "supplier_bill", "line_role": "billed", "amount_role": "amount", "side": "debit", "account": "2150"},
		{"kind": "supplier_bill", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2000"},
		{"kind": "landed_cost", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2000"},
		{"kind": "supplier_return", "line_role": "document", "amount_role": "total", "side": "debit", "account": "2150"},
		{"kind": "supplier_credit_note", "line_role": "credited", "amount_role": "amount", "side": "credit", "account": "2150"},
		{"kind": "supplier_credit_note", "line_role": "credited", "amount_role": "price_variance", "side": "debit", "account": "5450"},
		{"kind": "supplier_credit_note", "line_role": "credited", "amount_role": "unbilled", "side": "credit", "account": "2150"},
		{"kind": "supplier_credit_note", "line_role": "document", "amount_role": "total", "side": "debit", "account": "2000"},
		{"kind": "receipt_amendment", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2150"}]');
END
$$;

CREATE FUNCTION goods.make_book(p_company text, p_seed integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO goods.book VALUES (p_company, p_seed, p_seed % 3 = 0);
	PERFORM trial.make_company(p_company, 'GBP', CASE WHEN p_seed % 2 = 1 THEN 'opposite_side' ELSE 'red_letter' END);
	PERFORM erp.put_accounts(p_company, 'goods accounts', '[
		{"code": "1220", "name": "Inventory of the north", "class": "asset", "side": "debit", "control": "inventory"},
		{"code": "1260", "name": "Goods between places", "class": "asset", "side": "debit"},
		{"code": "2000", "name": "Payables", "class": "liability", "side": "credit", "control": "payable"},
		{"code": "3900", "name": "Opening balances", "class": "equity", "side": "credit"},
		{"code": "5450", "name": "Price variance of what went back", "class": "expense", "side": "debit"},
		{"code": "5500", "name": "Revaluation", "class": "expense", "side": "debit"},
		{"code": "5510", "name": "Write-downs", "class": "expense", "side": "debit"}]');
	PERFORM goods.put_rules(p_company, p_seed % 3 = 0);
	PERFORM erp.put_items(p_company, 'goods items', (SELECT json_agg(json_strip_nulls(json_build_object('code', item, 'name', name, 'kind', 'stock',
		'method', CASE WHEN fifo THEN 'fifo' ELSE 'moving_average' END, 'cost_pool', pool, 'group', nullif(item_group, ''), 'tracking', CASE WHEN lots THEN 'lot' END,
		'weight', weight, 'volume', volume))) FROM goods.item));
	PERFORM erp.put_locations(p_company, 'goods locations', (SELECT json_agg(json_build_object('warehouse', warehouse, 'code', location, 'name', location, 'kind', kind)) FROM goods.location));
END
$$;
