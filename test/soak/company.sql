-- A company for the soak test and what was answered to its sessions.
CREATE SCHEMA soak;
CREATE ROLE soak_clerk;
GRANT erp_admin TO soak_clerk;

CREATE TABLE soak.outcome (
	company text NOT NULL,
	function text NOT NULL,
	key text NOT NULL,
	mode text NOT NULL,
	outcome text NOT NULL,
	request text NOT NULL,
	result text
);

CREATE FUNCTION soak.make_company(p_company text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.create_company(p_company, 'company', '{"name": "Soak", "currency": "GBP", "chart": "english"}');
	PERFORM erp.create_fiscal_year(p_company, 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 24}');
	PERFORM erp.put_company(p_company, 'limit', '{"write_off_limit": 5}');
	PERFORM erp.put_parties(p_company, 'parties', '[{"code": "C1", "name": "Customer 1", "roles": ["customer"]},
		{"code": "C2", "name": "Customer 2", "roles": ["customer"]}, {"code": "S1", "name": "Supplier 1", "roles": ["supplier"]}]');
	PERFORM erp.put_series(p_company, 'series', '[{"code": "INV", "target": "sales_invoice", "scope": "month", "mode": "immediate"},
		{"code": "SET", "target": "settlement", "scope": "ever", "mode": "immediate"}]');
	PERFORM erp.put_accounts(p_company, 'pending', '[{"code": "1310", "name": "Losses to approve", "class": "asset", "side": "debit"},
		{"code": "2150", "name": "Consigned goods not billed", "class": "liability", "side": "credit"}]');
	PERFORM erp.put_posting_rules(p_company, 'others', '[
		{"kind": "stock_loss", "line_role": "loss", "amount_role": "cost", "side": "debit", "account": "1310"},
		{"kind": "adjustment_approval", "line_role": "loss_expensed", "amount_role": "amount", "side": "credit", "account": "1310"},
		{"kind": "adjustment_approval", "line_role": "loss_expensed", "amount_role": "total", "side": "debit", "account": "5200"},
		{"kind": "borrowing_purchase", "line_role": "withdrawn", "amount_role": "inventory", "side": "debit", "account": "1200"},
		{"kind": "borrowing_purchase", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2150"},
		{"kind": "consignment_withdrawal", "line_role": "withdrawn", "amount_role": "inventory", "side": "debit", "account": "1200"},
		{"kind": "consignment_withdrawal", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2150"},
		{"kind": "consignment_statement", "line_role": "settled", "amount_role": "amount", "side": "debit", "account": "2150"},
		{"kind": "consignment_statement", "line_role": "settled", "amount_role": "inventory", "side": "debit", "account": "1200"},
		{"kind": "consignment_statement", "line_role": "settled", "amount_role": "cost", "side": "credit", "account": "2150"},
		{"kind": "consignment_statement", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2000"}]');
	PERFORM erp.put_warehouses(p_company, 'warehouses', '[{"code": "NORTH", "name": "North"}]');
	PERFORM erp.put_locations(p_company, 'locations', '[{"warehouse": "MAIN", "code": "LENT", "name": "Lent", "kind": "lent"},
		{"warehouse": "MAIN", "code": "SHOP", "name": "At the customers'' shops", "kind": "consignment"}]');
	PERFORM erp.put_items(p_company, 'items', (SELECT json_agg(json_build_object('code', 'I' || i, 'name', 'Item ' || i, 'kind', 'stock',
		'method', CASE WHEN i % 2 = 0 THEN 'fifo' ELSE 'moving_average' END, 'cost_pool', CASE WHEN i < 4 THEN 'company' ELSE 'warehouse' END)) FROM generate_series(0, 7) i));
	PERFORM erp.post_document(p_company, json_build_object('key', 'opening', 'kind', 'goods_receipt', 'day', '2026-01-01', 'party', 'S1',
		'lines', (SELECT json_agg(json_build_object('item', 'I' || i, 'quantity', CASE WHEN i < 2 THEN 60 ELSE 100000 END, 'price', 7)) FROM generate_series(0, 7) i)));
END
$$;

-- A call by its name, as a session made it.
CREATE FUNCTION soak.call(p_company text, p_function text, p_key text, p_request text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	result jsonb;
BEGIN
	IF p_function IN ('post_document', 'post_documents', 'reverse_document', 'reserve', 'release') THEN
		EXECUTE format('SELECT erp.%I($1, $2::json)', p_function) INTO result USING p_company, p_request;
	ELSE
		EXECUTE format('SELECT erp.%I($1, $2, $3::json)', p_function) INTO result USING p_company, p_key, p_request;
	END IF;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	RETURN to_jsonb(SQLSTATE);
END
$$;
