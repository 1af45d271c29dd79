-- A company with accounts and posting rules of its own, for the tests: what each
-- amount must hit stands in trial.rule, and nothing here reads a shipped chart.
CREATE SCHEMA trial;

CREATE TABLE trial.rule (
	kind text NOT NULL,
	line_role text NOT NULL,
	amount_role text NOT NULL,
	item_group text NOT NULL DEFAULT '',
	side text NOT NULL,
	account text NOT NULL,
	PRIMARY KEY (kind, line_role, amount_role, item_group)
);

INSERT INTO trial.rule (kind, line_role, amount_role, side, account) VALUES
	('goods_receipt', 'receipt', 'inventory', 'debit', '1200'),
	('goods_receipt', 'document', 'total', 'credit', '2150'),
	('sales_invoice', 'sale', 'amount', 'credit', '4000'),
	('sales_invoice', 'free', 'amount', 'credit', '4000'),
	('sales_invoice', 'gain', 'amount', 'credit', '4000'),
	('sales_invoice', 'loss', 'amount', 'credit', '4000'),
	('sales_invoice', 'service', 'amount', 'credit', '4100'),
	('sales_invoice', 'allowance', 'amount', 'credit', '4200'),
	('sales_invoice', 'sale', 'inventory', 'credit', '1200'),
	('sales_invoice', 'free', 'inventory', 'credit', '1200'),
	('sales_invoice', 'gain', 'inventory', 'debit', '1200'),
	('sales_invoice', 'loss', 'inventory', 'credit', '1200'),
	('sales_invoice', 'sale', 'cost', 'debit', '5000'),
	('sales_invoice', 'free', 'cost', 'debit', '5100'),
	('sales_invoice', 'gain', 'cost', 'credit', '5300'),
	('sales_invoice', 'loss', 'cost', 'debit', '5200'),
	('sales_invoice', 'document', 'tax', 'credit', '2200'),
	('sales_invoice', 'document', 'total', 'debit', '1100'),
	('credit_note', 'return', 'amount', 'debit', '4000'),
	('credit_note', 'service', 'amount', 'debit', '4100'),
	('credit_note', 'allowance', 'amount', 'debit', '4200'),
	('credit_note', 'return', 'inventory', 'debit', '1200'),
	('credit_note', 'return', 'cost', 'credit', '5000'),
	('credit_note', 'document', 'tax', 'debit', '2200'),
	('credit_note', 'document', 'total', 'credit', '1100'),
	('assembly', 'component', 'inventory', 'credit', '1200'),
	('assembly', 'component', 'cost', 'debit', '1250'),
	('assembly', 'product', 'inventory', 'debit', '1200'),
	('assembly', 'product', 'cost', 'credit', '1250'),
	('disassembly', 'component', 'inventory', 'credit', '1200'),
	('disassembly', 'component', 'cost', 'debit', '1250'),
	('disassembly', 'product', 'inventory', 'debit', '1200'),
	('disassembly', 'product', 'cost', 'credit', '1250'),
	('production_issue', 'component', 'inventory', 'credit', '1200'),
	('production_issue', 'component', 'cost', 'debit', '1250'),
	('production_receipt', 'product', 'inventory', 'debit', '1200'),
	('production_receipt', 'product', 'cost', 'credit', '1250'),
	('scrap', 'scrap', 'inventory', 'credit', '1200'),
	('scrap', 'scrap', 'cost', 'debit', '5200'),
	('stock_gain', 'gain', 'inventory', 'debit', '1200'),
	('stock_gain', 'gain', 'cost', 'credit', '5300'),
	('stock_loss', 'loss', 'inventory', 'credit', '1200'),
	('stock_loss', 'loss', 'cost', 'debit', '5200'),
	('free_issue', 'free', 'inventory', 'credit', '1200'),
	('free_issue', 'free', 'cost', 'debit', '5100'),
	('bad_debt', 'bad_debt', 'amount', 'debit', '5400'),
	('bad_debt', 'document', 'total', 'credit', '1100'),
	('customer_payment', 'bank', 'amount', 'debit', '1000'),
	('customer_payment', 'document', 'total', 'credit', '1100');

-- The items of group B have an inventory account of their own.
INSERT INTO trial.rule
SELECT kind, line_role, amount_role, 'B', side, '1210' FROM trial.rule WHERE amount_role = 'inventory';

-- The account of an amount: the rule of the item's group before the one of all.
CREATE FUNCTION trial.account(p_kind text, p_role text, p_amount text, p_group text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT account FROM trial.rule
	WHERE kind = p_kind AND line_role = p_role AND amount_role = p_amount AND item_group IN ('', p_group)
	ORDER BY item_group DESC LIMIT 1
$$;

CREATE FUNCTION trial.refused(p_call text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	code text;
BEGIN
	EXECUTE p_call;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN code;
END
$$;

-- How many documents a query reads, by any index.
CREATE FUNCTION trial.documents_read(p_query text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT sum(pg_stat_get_xact_tuples_fetched(indexrelid)) FROM pg_index WHERE indrelid = 'erp.document'::regclass);
BEGIN
	EXECUTE p_query;
	RETURN (SELECT sum(pg_stat_get_xact_tuples_fetched(indexrelid)) FROM pg_index WHERE indrelid = 'erp.document'::regclass) - before;
END
$$;

-- Company, currency, the years 2009 and 2010, two warehouses, four stock
-- items (each method, each pool) and a service, a 15% tax, three customers.
CREATE FUNCTION trial.make_company(p_company text, p_currency text DEFAULT 'GBP', p_style text DEFAULT 'red_letter') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.create_company(p_company, 'company', json_build_object('name', 'Trial', 'currency', p_currency, 'reversal_style', p_style));
	PERFORM erp.create_fiscal_year(p_company, 'year 2009', '{"code": "2009", "first_day": "2009-01-01", "months": 12}');
	PERFORM erp.create_fiscal_year(p_company, 'year 2010', '{"code": "2010", "first_day": "2010-01-01", "months": 12}');
	PERFORM erp.put_accounts(p_company, 'accounts', '[
		{"code": "1000", "name": "Cash", "class": "asset", "side": "debit"},
		{"code": "1100", "name": "Receivables", "class": "asset", "side": "debit", "control": "receivable"},
		{"code": "1200", "name": "Inventory", "class": "asset", "side": "debit", "control": "inventory"},
		{"code": "1210", "name": "Inventory of group B", "class": "asset", "side": "debit", "control": "inventory"},
		{"code": "1250", "name": "Work in progress", "class": "asset", "side": "debit"},
		{"code": "2150", "name": "Goods received, not billed", "class": "liability", "side": "credit", "control": "accrued_payable"},
		{"code": "2200", "name": "VAT", "class": "liability", "side": "credit"},
		{"code": "4000", "name": "Goods", "class": "revenue", "side": "credit"},
		{"code": "4100", "name": "Services", "class": "revenue", "side": "credit"},
		{"code": "4200", "name": "Allowances", "class": "revenue", "side": "credit"},
		{"code": "5000", "name": "Cost of sales", "class": "expense", "side": "debit"},
		{"code": "5100", "name": "Free goods", "class": "expense", "side": "debit"},
		{"code": "5200", "name": "Stock losses", "class": "expense", "side": "debit"},
		{"code": "5300", "name": "Stock gains", "class": "expense", "side": "credit"},
		{"code": "5400", "name": "Bad debts", "class": "expense", "side": "debit"},
		{"code": "6000", "name": "Office", "class": "expense", "side": "debit"}]');
	PERFORM erp.put_posting_rules(p_company, 'rules', (
		SELECT json_agg(json_strip_nulls(json_build_object('kind', kind, 'line_role', line_role, 'amount_role', amount_role,
			'item_group', nullif(item_group, ''), 'side', side, 'account', account))) FROM trial.rule));
	PERFORM erp.put_warehouses(p_company, 'warehouses', '[{"code": "NORTH", "name": "North"}]');
	PERFORM erp.put_parties(p_company, 'parties', '[
		{"code": "C1", "name": "Customer 1", "roles": ["customer"]},
		{"code": "C2", "name": "Customer 2", "roles": ["customer"]},
		{"code": "C3", "name": "Customer 3", "roles": ["customer"]},
		{"code": "S1", "name": "Supplier 1", "roles": ["supplier"]}]');
	PERFORM erp.put_items(p_company, 'items', '[
		{"code": "F", "name": "FIFO", "kind": "stock", "method": "fifo"},
		{"code": "A", "name": "Average", "kind": "stock", "method": "moving_average"},
		{"code": "FW", "name": "FIFO by warehouse", "kind": "stock", "method": "fifo", "cost_pool": "warehouse", "group": "B"},
		{"code": "AW", "name": "Average by warehouse", "kind": "stock", "method": "moving_average", "cost_pool": "warehouse", "group": "B"},
		{"code": "SV", "name": "Service", "kind": "service"}]');
	PERFORM erp.put_tax_codes(p_company, 'taxes', '[
		{"code": "VAT", "name": "VAT", "rates": [{"from": "2009-01-01", "rate": "0.15"}, {"from": "2009-03-01", "rate": "0.175"}]}]');
END
$$;

-- Short hands for documents of one line. They return the result of the post.
CREATE FUNCTION trial.receive(p_company text, p_key text, p_day date, p_item text, p_quantity numeric, p_amount numeric, p_extra jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_build_object('key', p_key, 'kind', 'goods_receipt', 'day', p_day, 'party', 'S1',
		'lines', jsonb_build_array(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'amount', p_amount))) || p_extra)::text::json)
$$;

CREATE FUNCTION trial.sell(p_company text, p_key text, p_day date, p_item text, p_quantity numeric, p_price numeric, p_extra jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_build_object('key', p_key, 'kind', 'sales_invoice', 'day', p_day, 'party', 'C1',
		'lines', jsonb_build_array(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'price', p_price))) || p_extra)::text::json)
$$;

CREATE FUNCTION trial.reverse(p_company text, p_key text, p_reverses text, p_day date, p_extra jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT erp.reverse_document(p_company, (jsonb_build_object('key', p_key, 'reverses', p_reverses, 'day', p_day) || p_extra)::text::json)
$$;

-- What a document's moves are worth now: in positive, out negative.
CREATE FUNCTION trial.value_of(p_company text, p_key text) RETURNS numeric
LANGUAGE sql STABLE AS $$
	SELECT sum(e.amount)::numeric(19, 2)
	FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.stock_move m USING (company_id, document_id) JOIN erp.cost_entry e USING (company_id, move_id)
	WHERE c.code = p_company AND d.key = p_key
$$;

-- 'quantity value' of all pools of an item, as the engine keeps them and as its facts add up.
CREATE FUNCTION trial.closing(p_company text, p_item text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN kept = counted THEN kept ELSE kept || ' but facts say ' || counted END
	FROM erp.company c JOIN erp.item i USING (company_id), LATERAL (
		SELECT concat_ws(' ', trim_scale(coalesce(sum(p.quantity), 0)), coalesce(sum(p.value), 0)::numeric(19, 2))
		FROM erp_private.cost_pool p WHERE p.company_id = i.company_id AND p.item_id = i.item_id) k (kept), LATERAL (
		SELECT concat_ws(' ', trim_scale(coalesce(sum(m.quantity), 0)), coalesce(sum(e.amount), 0)::numeric(19, 2))
		FROM erp.stock_move m LEFT JOIN LATERAL (SELECT sum(amount) AS amount FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id) e ON true
		WHERE m.company_id = i.company_id AND m.item_id = i.item_id) f (counted)
	WHERE c.code = p_company AND i.code = p_item
$$;

-- Balance of an account, debit positive, of all days or of one.
CREATE FUNCTION trial.balance(p_company text, p_account text, p_day date DEFAULT NULL) RETURNS numeric
LANGUAGE sql STABLE AS $$
	SELECT coalesce(sum(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END), 0)::numeric(19, 2)
	FROM erp.company c JOIN erp.account a USING (company_id) JOIN erp.voucher_line l USING (company_id, account_id)
	WHERE c.code = p_company AND a.code = p_account AND (p_day IS NULL OR l.day = p_day)
$$;
