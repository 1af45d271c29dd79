-- The third kind of history: goods that are lent, borrowed and on consignment, items whose costing method changes, standards and what is used beside them, foreign
-- currency, losses that wait for an approval, claims on what is expected. What its company has beside trial.make_company(), and the naive facts of it.
-- It shares no code, table or result with the engine; pools of cost go by the functions of pools.sql.
CREATE SCHEMA others;

-- method: the first one; others follow by change. weight: how often it is met, by a random history.
CREATE TABLE others.item (item text PRIMARY KEY, method text NOT NULL, pool text NOT NULL, item_group text NOT NULL, standard numeric, weight integer NOT NULL);
INSERT INTO others.item VALUES
	('F', 'fifo', 'company', '', NULL, 3), ('A', 'moving_average', 'company', '', NULL, 3), ('FW', 'fifo', 'warehouse', 'B', NULL, 2), ('AW', 'moving_average', 'warehouse', 'B', NULL, 2),
	('M', 'monthly_average', 'company', '', NULL, 2), ('L', 'specific', 'lot', '', NULL, 1), ('T', 'standard', 'company', '', 1.75, 2), ('P', 'standard', 'company', '', 2.33333333, 2);

CREATE TABLE others.location (warehouse text NOT NULL, location text NOT NULL, kind text NOT NULL, PRIMARY KEY (warehouse, location));
INSERT INTO others.location VALUES ('MAIN', 'A', 'storage'), ('MAIN', 'LENT', 'lent'), ('NORTH', 'OUT', 'lent'), ('MAIN', 'NEAR', 'consignment'), ('NORTH', 'SHOP', 'consignment');

-- What a kind does with the goods of a line, by its role. way: +1 in, -1 out, 2 from one place to another, 0 no move. own: ours, or the party's. counter: where the cost of what
-- moves goes to. names: the kinds of which a line names the goods that it takes; to_kind: of locations that goods are carried to.
CREATE TABLE others.role (kind text NOT NULL, role text NOT NULL, way integer NOT NULL, own boolean NOT NULL DEFAULT true, counter text NOT NULL DEFAULT '', names text[] NOT NULL DEFAULT '{}',
	to_kind text NOT NULL DEFAULT 'storage', module text NOT NULL DEFAULT '', PRIMARY KEY (kind, role));
INSERT INTO others.role (kind, role, way, own, counter, names, to_kind, module) VALUES
	('goods_receipt', 'receipt', 1, true, '', '{}', '', 'purchasing'), ('stock_gain', 'gain', 1, true, '1901', '{}', '', ''),
	('stock_loss', 'loss', -1, true, '1901', '{loan,consignment_delivery}', '', ''), ('free_issue', 'free', -1, true, '5100', '{loan,consignment_delivery}', '', ''),
	('sales_invoice', 'sale', -1, true, '5000', '{loan,consignment_delivery}', '', 'sales'), ('credit_note', 'return', 1, true, '5000', '{}', '', 'sales'),
	('assembly', 'component', -1, true, '1250', '{}', '', ''), ('assembly', 'product', 1, true, '1250', '{}', '', ''), ('transfer', 'transfer', 2, true, '', '{}', 'storage', ''),
	('loan', 'transfer', 2, true, '', '{}', 'lent', ''), ('loan_return', 'arrival', 2, true, '', '{loan}', 'storage', ''),
	('consignment_delivery', 'transfer', 2, true, '', '{}', 'consignment', ''), ('consignment_return', 'arrival', 2, true, '', '{consignment_delivery}', 'storage', ''),
	('borrowing', 'held', 1, false, '', '{}', '', ''), ('borrowing_return', 'given_back', -1, false, '', '{borrowing}', '', ''),
	('borrowing_purchase', 'bought_from', -1, false, '', '{borrowing}', '', 'purchasing'), ('borrowing_purchase', 'withdrawn', 1, true, '', '{}', '', 'purchasing'),
	('consignment_receipt', 'held', 1, false, '', '{}', '', ''), ('consignor_return', 'given_back', -1, false, '', '{consignment_receipt}', '', ''),
	('consignment_withdrawal', 'withdrawn_from', -1, false, '', '{}', '', 'purchasing'), ('consignment_withdrawal', 'withdrawn', 1, true, '', '{}', '', 'purchasing'),
	('supplier_bill', 'billed', 0, true, '', '{goods_receipt,borrowing_purchase}', '', 'purchasing'), ('consignment_statement', 'settled', 0, true, '', '{consignment_withdrawal}', '', 'purchasing'),
	('receipt_amendment', 'repriced', 0, true, '', '{goods_receipt,borrowing_purchase,consignment_withdrawal}', '', 'purchasing'), ('landed_cost', 'landed', 0, true, '', '{}', '', 'purchasing'),
	('adjustment_approval', 'loss_expensed', 0, true, '6000', '{stock_loss}', '', ''), ('adjustment_approval', 'loss_claimed', 0, true, '1300', '{stock_loss}', '', ''),
	('adjustment_approval', 'gain_non_operating', 0, true, '5300', '{stock_gain}', '', ''),
	('standard_revaluation', 'standard_cost', 0, true, '5050', '{}', '', ''), ('costing_change', 'costing_method', 0, true, '5050', '{}', '', ''), ('month_cost', 'month_cost', 0, true, '', '{}', '', '');

CREATE FUNCTION others.modules(p_kind text) RETURNS text[]
LANGUAGE sql STABLE AS $$ SELECT array_remove(ARRAY['general', 'stock', min(module)], '') FROM others.role WHERE kind = p_kind $$;

CREATE FUNCTION others.account(p_item text, p_warehouse text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN i.item_group = '' THEN '1200' WHEN p_warehouse = 'NORTH' THEN '1220' ELSE '1210' END FROM others.item i WHERE i.item = p_item
$$;

CREATE FUNCTION others.pool_of(p_item text, p_warehouse text, p_lot text) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT i.item || CASE i.pool WHEN 'warehouse' THEN ' ' || p_warehouse WHEN 'lot' THEN ' ' || p_lot ELSE '' END FROM others.item i WHERE i.item = p_item $$;

-- Inventory by item group and warehouse; of what is carried the account of either place is a rule on the side on which it stands.
CREATE FUNCTION others.put_rules(p_company text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.put_posting_rules(p_company, 'others inventory', (SELECT json_agg(json_strip_nulls(json_build_object('kind', r.kind, 'line_role', r.role, 'amount_role', 'inventory',
			'item_group', nullif(g.item_group, ''), 'warehouse', g.warehouse, 'condition', s.condition, 'side', s.side, 'account', g.account)))
		FROM others.role r
		CROSS JOIN (VALUES ('', NULL, '1200'), ('B', NULL, '1210'), ('B', 'NORTH', '1220')) g (item_group, warehouse, account)
		CROSS JOIN (VALUES (true, 'debit', 'debit'), (true, 'credit', 'credit'), (false, NULL, 'debit')) s (carries, condition, side)
		WHERE s.carries = (r.way = 2) AND r.own AND r.kind NOT IN ('adjustment_approval', 'month_cost')));
	PERFORM erp.put_posting_rules(p_company, 'others counters', (SELECT json_agg(json_build_object('kind', kind, 'line_role', role, 'amount_role', 'cost', 'side', 'credit', 'account', counter))
		FROM others.role WHERE counter <> '' AND kind <> 'adjustment_approval'));
	PERFORM erp.put_posting_rules(p_company, 'others between', (SELECT json_agg(json_build_object('kind', r.kind, 'line_role', r.role, 'amount_role', 'cost', 'condition', s.side, 'side', s.side, 'account', '1260'))
		FROM others.role r, (VALUES ('debit'), ('credit')) s (side) WHERE r.way = 2));
	PERFORM erp.put_posting_rules(p_company, 'others variances', '[
		{"kind": "goods_receipt", "line_role": "receipt", "amount_role": "price_variance", "side": "debit", "account": "5050"},
		{"kind": "borrowing_purchase", "line_role": "withdrawn", "amount_role": "price_variance", "side": "debit", "account": "5050"},
		{"kind": "consignment_withdrawal", "line_role": "withdrawn", "amount_role": "price_variance", "side": "debit", "account": "5050"},
		{"kind": "assembly", "line_role": "product", "amount_role": "usage_variance", "side": "debit", "account": "5060"},
		{"kind": "assembly", "line_role": "product", "amount_role": "usage", "side": "credit", "account": "1250"}]');
	PERFORM erp.put_posting_rules(p_company, 'others approvals', (SELECT json_agg(json_build_object('kind', r.kind, 'line_role', r.role, 'amount_role', a.amount_role,
			'side', CASE WHEN a.first = (r.role LIKE 'loss%') THEN 'credit' ELSE 'debit' END, 'account', CASE WHEN a.first THEN '1901' ELSE r.counter END))
		FROM others.role r, (VALUES ('amount', true), ('total', false)) a (amount_role, first) WHERE r.kind = 'adjustment_approval'));
	PERFORM erp.put_posting_rules(p_company, 'others totals', (SELECT json_agg(json_build_object('kind', kind, 'line_role', role, 'amount_role', amount_role, 'side', side, 'account', account))
		FROM (VALUES ('goods_receipt', 'document', 'total', 'credit', '2150'), ('borrowing_purchase', 'document', 'total', 'credit', '2150'), ('consignment_withdrawal', 'document', 'total', 'credit', '2150'),
			('receipt_amendment', 'document', 'total', 'credit', '2150'), ('landed_cost', 'document', 'total', 'credit', '2000'),
			('supplier_bill', 'billed', 'amount', 'debit', '2150'), ('supplier_bill', 'billed', 'cost', 'credit', '2150'), ('supplier_bill', 'document', 'total', 'credit', '2000'),
			('consignment_statement', 'settled', 'amount', 'debit', '2150'), ('consignment_statement', 'settled', 'cost', 'credit', '2150'), ('consignment_statement', 'document', 'total', 'credit', '2000'))
		r (kind, role, amount_role, side, account)));
END
$$;

CREATE FUNCTION others.make_book(p_company text, p_seed integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM trial.make_company(p_company, 'GBP', CASE WHEN p_seed % 2 = 1 THEN 'opposite_side' ELSE 'red_letter' END);
	PERFORM erp.put_accounts(p_company, 'others accounts', '[
		{"code": "1220", "name": "Inventory of the north", "class": "asset", "side": "debit", "control": "inventory"},
		{"code": "1260", "name": "Goods between places", "class": "asset", "side": "debit"},
		{"code": "1300", "name": "Claims", "class": "asset", "side": "debit"},
		{"code": "1901", "name": "Gains and losses that are pending", "class": "asset", "side": "debit"},
		{"code": "2000", "name": "Payables", "class": "liability", "side": "credit", "control": "payable"},
		{"code": "5050", "name": "Price variances", "class": "expense", "side": "debit"},
		{"code": "5060", "name": "Usage variances", "class": "expense", "side": "debit"}]');
	PERFORM others.put_rules(p_company);
	PERFORM erp.put_parties(p_company, 'others parties', '[{"code": "S2", "name": "Supplier 2", "roles": ["supplier"]}, {"code": "K1", "name": "Keeper", "roles": ["employee"]}]');
	PERFORM erp.put_items(p_company, 'others items', (SELECT json_agg(json_strip_nulls(json_build_object('code', item, 'name', item, 'kind', 'stock',
		'method', method, 'cost_pool', pool, 'group', nullif(item_group, ''), 'tracking', CASE pool WHEN 'lot' THEN 'lot' END))) FROM others.item WHERE item NOT IN ('F', 'A', 'FW', 'AW')));
	PERFORM erp.put_locations(p_company, 'others locations', (SELECT json_agg(json_build_object('warehouse', warehouse, 'code', location, 'name', location, 'kind', kind)) FROM others.location));
END
$$;
