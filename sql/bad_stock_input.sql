\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- Requests that move, reserve, cost or describe goods, each changed in one place at a time: a field is missing, unknown, of another type, too long, too great, no number,
-- another company's, on a day that is not there. Each is done, or is refused by an error of the engine's own with its detail and hint (or 22003 for what goes beyond a type).
SELECT plan(54);
\o /dev/null
SELECT erp.create_company(c, 'company', '{"name": "Bad", "currency": "GBP", "chart": "english"}'), erp.create_fiscal_year(c, 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}'),
	erp.put_parties(c, 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]'),
	erp.put_warehouses(c, 'warehouses', '[{"code": "NORTH", "name": "North"}]'),
	erp.put_locations(c, 'locations', '[{"warehouse": "MAIN", "code": "LENT", "name": "Lent", "kind": "lent"}, {"warehouse": "MAIN", "code": "SHOP", "name": "Shop", "kind": "consignment"},
		{"warehouse": "NORTH", "code": "WAY", "name": "On its way", "kind": "in_transit"}, {"warehouse": "MAIN", "code": "A", "name": "Aisle"}]'),
	erp.put_items(c, 'items', '[{"code": "F", "name": "F", "kind": "stock", "method": "fifo"}, {"code": "A", "name": "A", "kind": "stock", "method": "moving_average"}, {"code": "G", "name": "G", "kind": "stock", "method": "fifo", "cost_pool": "warehouse"},
		{"code": "L", "name": "L", "kind": "stock", "method": "fifo", "tracking": "lot"}, {"code": "T", "name": "T", "kind": "stock", "method": "standard"}]'),
	erp.put_standard_costs(c, 'standard', '{"day": "2026-01-01", "costs": [{"item": "T", "cost": 10}]}') FROM unnest('{BAD,THEIRS}'::text[]) c;
SELECT erp.put_items('THEIRS', 'theirs', '[{"code": "THEIRS", "name": "Theirs", "kind": "stock", "method": "fifo"}]');
SELECT erp.post_documents('BAD', '[
	{"key": "r1", "kind": "goods_receipt", "day": "2026-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 100, "price": 10}, {"item": "A", "quantity": 100, "price": 10}, {"item": "L", "quantity": 50, "price": 3, "lot": "Q"}, {"item": "G", "quantity": 50, "price": 4}]},
	{"key": "s1", "kind": "sales_invoice", "day": "2026-01-06", "party": "C1", "lines": [{"item": "F", "quantity": 5, "price": 20}]},
	{"key": "d1", "kind": "transfer_dispatch", "day": "2026-01-07", "lines": [{"item": "F", "quantity": 5, "to_warehouse": "NORTH", "to_location": "WAY"}]},
	{"key": "lo", "kind": "loan", "day": "2026-01-07", "party": "C1", "lines": [{"item": "F", "quantity": 5, "to_location": "LENT"}]},
	{"key": "cd", "kind": "consignment_delivery", "day": "2026-01-07", "party": "C1", "lines": [{"item": "F", "quantity": 5, "to_location": "SHOP"}]},
	{"key": "cr", "kind": "consignment_receipt", "day": "2026-01-08", "party": "S1", "lines": [{"item": "G", "quantity": 20}]},
	{"key": "cw", "kind": "consignment_withdrawal", "day": "2026-01-08", "party": "S1", "lines": [{"item": "G", "quantity": 5, "price": 3}]},
	{"key": "bo", "kind": "borrowing", "day": "2026-01-08", "party": "S1", "lines": [{"item": "G", "quantity": 6}]},
	{"key": "pi", "kind": "production_issue", "day": "2026-01-09", "lines": [{"item": "F", "quantity": 2}]}]');
SELECT erp.reserve('BAD', '{"key": "held", "demand": "D0", "lines": [{"item": "F", "quantity": 5}]}');
SELECT erp.put_item_templates('BAD', 'template', '[{"code": "TP", "name": "T", "item": {"kind": "stock", "method": "fifo"}, "attributes": [{"code": "c", "name": "Colour", "values": [{"code": "r", "name": "Red"}]}]}]');
\o
CREATE FUNCTION pg_temp.paths(p_value jsonb, p_base text[] DEFAULT '{}') RETURNS SETOF text[] LANGUAGE plpgsql AS $$
BEGIN
	IF p_base <> '{}' THEN
		RETURN NEXT p_base;
	END IF;
	IF jsonb_typeof(p_value) = 'object' THEN
		RETURN QUERY SELECT p.* FROM jsonb_each(p_value) e, pg_temp.paths(e.value, p_base || e.key) p;
	ELSIF jsonb_typeof(p_value) = 'array' THEN
		RETURN QUERY SELECT p.* FROM jsonb_array_elements(p_value) WITH ORDINALITY e (value, n), pg_temp.paths(e.value, p_base || (e.n - 1)::text) p;
	END IF;
END
$$;
CREATE FUNCTION pg_temp.bad_values() RETURNS SETOF jsonb LANGUAGE sql AS $$
	SELECT v::jsonb FROM unnest('{null,true,0,-1,1,0.0000001,1e30,999999999999.999999,9223372036854775807,2147483648,"\"\"","\"NaN\"","\"Infinity\"","\"x\"","[]","{}","[[]]","[null]","[{}]","{\"a\": 1}","\"2026-02-30\"","\"infinity\"","\"9999-12-31\"","\"0001-01-01\"","\"\\u0001\"","\"THEIRS\""}'::text[]) v
	UNION ALL SELECT to_jsonb(repeat('k', 5000)) UNION ALL SELECT (repeat('[', 60) || repeat(']', 60))::jsonb
$$;
-- Each place with some of the values, each time the same; each place left out, doubled, or with a field more.
CREATE FUNCTION pg_temp.changed(p_request jsonb) RETURNS SETOF jsonb LANGUAGE sql AS $$
	SELECT jsonb_set(p_request, p, v) FROM pg_temp.paths(p_request) p, pg_temp.bad_values() v WHERE hashtext(p::text || v::text) % 4 = 0
	UNION ALL SELECT p_request #- p FROM pg_temp.paths(p_request) p
	UNION ALL SELECT jsonb_set(p_request, p, (p_request #> p) || (p_request #> p)) FROM pg_temp.paths(p_request) p WHERE jsonb_typeof(p_request #> p) = 'array'
	UNION ALL SELECT jsonb_set(p_request, p, (p_request #> p) || '{"no_such_field": 1}') FROM pg_temp.paths(p_request) p WHERE jsonb_typeof(p_request #> p) = 'object'
	UNION ALL SELECT v FROM pg_temp.bad_values() v
$$;
-- What a call says, undone: done, or its SQLSTATE, and whether it has a detail and a hint.
CREATE FUNCTION pg_temp.said(p_call text, p_request jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text;
	detail text;
	hint text;
BEGIN
	EXECUTE p_call USING p_request::text::json;
	RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZ999';
EXCEPTION WHEN OTHERS OR ASSERT_FAILURE THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN CASE state WHEN 'ZZ999' THEN 'done' ELSE state || CASE WHEN detail = '' OR hint = '' THEN ' without detail or hint' ELSE '' END END;
END
$$;
CREATE FUNCTION pg_temp.holds(p_call text, p_request text) RETURNS text LANGUAGE sql AS $$
	SELECT is(coalesce((SELECT string_agg(format('%s: %s', s, left(c::text, 300)), E'\n') FROM pg_temp.changed(p_request::jsonb) c, pg_temp.said(p_call, c) s
		WHERE s <> 'done' AND s !~ '^LE[0-9]{3}$' AND s <> '22003'), pg_temp.said(p_call, p_request::jsonb)), 'done', p_call || ' ' || left(p_request, 60))
$$;
SELECT pg_temp.holds('SELECT erp.post_document(''BAD'', $1)', (jsonb_build_object('key', 'new', 'kind', kind, 'day', '2026-02-01') || head::jsonb || jsonb_build_object('lines', lines::jsonb))::text)
FROM (VALUES
	('goods_receipt', '{"party": "S1", "reference": "PO", "time": "10:00"}', '[{"item": "F", "quantity": 1.5, "price": 2, "location": "A"}, {"item": "L", "quantity": 1, "amount": 5, "lot": "N", "lot_days": {"production_day": "2026-01-01", "expires_on": "2026-12-01"}}]'),
	('sales_invoice', '{"party": "C1", "warehouse": "MAIN"}', '[{"item": "F", "quantity": 2, "price": 5, "demand": {"key": "D0", "line": 1}}, {"role": "free", "item": "A", "quantity": 1}]'),
	('sales_invoice', '{"party": "C1"}', '[{"item": "F", "quantity": 2, "price": 5, "origin": {"key": "lo", "line": 1}}]'),
	('credit_note', '{"party": "C1"}', '[{"item": "F", "quantity": 2, "price": 20, "origin": {"key": "s1", "line": 1}}]'),
	('credit_note', '{"party": "C1"}', '[{"item": "F", "quantity": 2, "price": 20, "cost": 5}]'),
	('supplier_bill', '{"party": "S1"}', '[{"item": "F", "quantity": 2, "price": 20, "origin": {"key": "r1", "line": 1}}]'),
	('receipt_amendment', '{"party": "S1"}', '[{"role": "received_less", "item": "F", "quantity": 2, "origin": {"key": "r1", "line": 1}}, {"role": "received_more", "item": "F", "quantity": 1, "origin": {"key": "r1", "line": 1}}, {"role": "repriced", "item": "F", "price": 9, "origin": {"key": "r1", "line": 1}}]'),
	('issue_amendment', '{}', '[{"role": "issued_more", "item": "F", "quantity": 2}, {"role": "issued_less", "item": "F", "quantity": 1, "origin": {"key": "s1", "line": 1}}]'),
	('landed_cost', '{"party": "S1"}', '[{"amount": 7, "basis": "value", "receipts": [{"key": "r1", "line": 1}, {"key": "r1", "line": 2}]}]'),
	('absorbed_cost', '{}', '[{"amount": 7, "origin": {"key": "r1", "line": 1}}]'),
	('transfer', '{}', '[{"item": "L", "quantity": 1, "lot": "Q", "to_lot": "R", "to_state": "damaged", "to_location": "A", "reservations": "follow"}, {"item": "F", "quantity": 2, "to_warehouse": "NORTH"}]'),
	('transfer_dispatch', '{}', '[{"item": "F", "quantity": 2, "to_warehouse": "NORTH", "to_location": "WAY"}]'),
	('transfer_receipt', '{}', '[{"item": "F", "quantity": 2, "origin": {"key": "d1", "line": 1}}]'),
	('loan', '{"party": "C1"}', '[{"item": "F", "quantity": 2, "to_location": "LENT"}]'), ('loan_return', '{}', '[{"item": "F", "quantity": 2, "origin": {"key": "lo", "line": 1}}]'),
	('consignment_delivery', '{"party": "C1"}', '[{"item": "F", "quantity": 2, "to_location": "SHOP"}]'), ('consignment_return', '{}', '[{"item": "F", "quantity": 2, "origin": {"key": "cd", "line": 1}}]'),
	('consignment_receipt', '{"party": "S1"}', '[{"item": "G", "quantity": 2}]'), ('consignment_withdrawal', '{"party": "S1"}', '[{"item": "G", "quantity": 2, "price": 3}]'),
	('consignment_statement', '{"party": "S1"}', '[{"item": "G", "quantity": 2, "price": 3, "origin": {"key": "cw", "line": 2}}]'), ('consignor_return', '{"party": "S1"}', '[{"item": "G", "quantity": 2, "origin": {"key": "cr", "line": 1}}]'),
	('borrowing', '{"party": "S1"}', '[{"item": "G", "quantity": 2}]'), ('borrowing_return', '{"party": "S1"}', '[{"item": "G", "quantity": 2, "origin": {"key": "bo", "line": 1}}]'),
	('borrowing_purchase', '{"party": "S1"}', '[{"item": "G", "quantity": 2, "price": 3, "origin": {"key": "bo", "line": 1}}]'),
	('assembly', '{}', '[{"role": "product", "item": "A", "quantity": 2, "share": 2}, {"item": "F", "quantity": 2}]'), ('disassembly', '{}', '[{"role": "component", "item": "A", "quantity": 2}, {"role": "product", "item": "F", "quantity": 2, "share": 1}, {"role": "product", "item": "G", "quantity": 1, "share": 3}]'),
	('production_issue', '{}', '[{"item": "F", "quantity": 2}]'), ('production_receipt', '{"consumes": ["pi"]}', '[{"item": "A", "quantity": 2}]'),
	('scrap', '{}', '[{"item": "F", "quantity": 2, "state": "available"}]'), ('stock_gain', '{}', '[{"item": "F", "quantity": 2, "cost": 5}]'), ('stock_loss', '{}', '[{"item": "F", "quantity": 2}]'), ('free_issue', '{}', '[{"item": "F", "quantity": 2}]'),
	('opening_stock', '{"day": "2026-01-01"}', '[{"item": "F", "quantity": 2, "cost": 5}]'), ('revaluation', '{}', '[{"item": "F", "quantity": 10, "cost": 5}]'), ('write_down', '{}', '[{"item": "F", "quantity": 10, "cost": 5}]')) v (kind, head, lines);
SELECT pg_temp.holds(call, request) FROM (VALUES
	('SELECT erp.preview(''BAD'', $1)', '{"key": "new", "kind": "goods_receipt", "day": "2026-01-04", "party": "S1", "lines": [{"item": "F", "quantity": 1, "price": 2}]}'),
	('SELECT erp.post_documents(''BAD'', $1)', '[{"key": "m1", "kind": "stock_loss", "day": "2026-02-03", "lines": [{"item": "F", "quantity": 1}]}, {"key": "m2", "kind": "stock_loss", "day": "2026-02-03", "lines": [{"item": "F", "quantity": 1}]}]'),
	('SELECT erp.reverse_document(''BAD'', $1)', '{"key": "new", "reverses": "s1", "day": "2026-02-01", "late": true, "description": "x"}'),
	('SELECT erp.reserve(''BAD'', $1)', '{"key": "new", "demand": "D1", "mode": "all", "strategy": "fefo", "minimum_shelf_life": 10, "needed_by": "2026-03-04", "expected": true, "priority": 5, "hold_minutes": 5, "warehouse": ["MAIN"], "lines": [{"item": "L", "quantity": 5, "line": 1, "lot": "Q"}]}'),
	('SELECT erp.release(''BAD'', $1)', '{"key": "new", "lines": [{"demand": "D0", "line": 1, "item": "F", "quantity": 2}]}'),
	('SELECT erp.move_reservation(''BAD'', $1)', '{"key": "new", "moves": [{"from": "D0", "from_line": 1, "to": "D5", "to_line": 1, "item": "F", "quantity": 1, "priority": 4, "needed_by": "2026-03-03"}]}'),
	('SELECT erp.put_expected_receipts(''BAD'', $1)', '{"key": "new", "receipts": [{"source": "PO", "line": 1, "item": "F", "warehouse": "MAIN", "day": "2026-03-02", "quantity": 60}]}'),
	('SELECT erp.put_safety_stocks(''BAD'', $1)', '{"key": "new", "items": [{"item": "F", "warehouse": "MAIN", "quantity": 60}]}'),
	('SELECT * FROM erp.earliest_promise(''BAD'', $1, ''2026-02-01'')', '[{"item": "F", "quantity": 5, "warehouse": "MAIN"}]'),
	('SELECT erp.propose_consignment_sale(''BAD'', ''C1'', $1::jsonb)', '[{"item": "F", "quantity": 3, "price": 90}]'),
	('SELECT erp.put_items(''BAD'', ''new'', $1)', '[{"code": "N1", "name": "N", "kind": "stock", "method": "fifo", "cost_pool": "warehouse", "tracking": "lot", "shelf_life_days": 5, "weight": 1, "volume": 2, "active": true}]'),
	('SELECT erp.put_item_groups(''BAD'', ''new'', $1)', '[{"code": "GR", "name": "N", "parent": "", "method": "fifo", "cost_pool": "company", "tracking": "none"}]'),
	('SELECT erp.put_barcodes(''BAD'', ''new'', $1)', '[{"barcode": "4006381333931", "item": "F", "kind": "gtin", "active": true}]'),
	('SELECT erp.put_variants(''BAD'', ''new'', $1)', '[{"template": "TP", "values": {"c": "r"}, "code": "X", "name": "Y"}]'),
	('SELECT erp.put_locations(''BAD'', ''new'', $1)', '[{"warehouse": "MAIN", "code": "N1", "name": "N", "parent": "A", "kind": "storage", "active": true}]'),
	('SELECT erp.put_lots(''BAD'', ''new'', $1)', '[{"item": "L", "code": "N1", "production_day": "2026-01-01", "expires_on": "2026-02-01", "best_before": "2026-02-01", "removal_day": "2026-02-01", "alert_day": "2026-01-15"}]'),
	('SELECT erp.put_standard_costs(''BAD'', ''new'', $1)', '{"day": "2026-02-01", "costs": [{"item": "T", "cost": 12}]}'),
	('SELECT erp.change_costing_method(''BAD'', ''new'', $1)', '{"day": "2026-03-01", "method": "moving_average", "items": [{"item": "F"}]}')) v (call, request);
SELECT throws_ok($$SELECT erp.find_barcode('BAD', repeat('1', 100000))$$, 'LE184', NULL, 'a barcode without end');
