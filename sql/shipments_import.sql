\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- An import that skips what is bad ships, bills, bills ahead and brings back as calls do; what a refused document would have billed is not counted against those after it.
SELECT plan(5);
\o /dev/null
SELECT erp.create_company('SI', 'company', '{"name": "Shipper", "currency": "GBP", "chart": "english"}');
SELECT erp.put_company('SI', 'revenue', '{"revenue_at": "shipment", "cap_returns": true}');
SELECT erp.create_fiscal_year('SI', 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}');
SELECT erp.put_parties('SI', 'parties', '[{"code": "S1", "name": "Supplier", "roles": ["supplier"]}, {"code": "C1", "name": "Customer", "roles": ["customer"]}]');
SELECT erp.put_items('SI', 'items', '[{"code": "F", "name": "FIFO", "kind": "stock", "method": "fifo"}]');
SELECT erp.post_document('SI', '{"key": "r", "kind": "goods_receipt", "day": "2026-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 50, "price": 2}]}');
SELECT erp.post_document('SI', '{"key": "s", "kind": "sales_shipment", "day": "2026-01-06", "party": "C1", "lines": [{"item": "F", "quantity": 10, "price": 10}]}');
SELECT erp.set_period_state('SI', 'close', '{"period": "2026-03", "state": "closed"}');
CREATE FUNCTION pg_temp.row(p_row bigint, p_kind text, p_day text, p_quantity numeric, p_more jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO erp.staged_line SELECT (jsonb_populate_record(NULL::erp.staged_line, jsonb_build_object('job_id', current_setting('si.job')::bigint, 'row_no', p_row, 'document_key', 'a' || p_row, 'kind', p_kind,
		'day', '2026-' || p_day, 'party', 'C1', 'item', 'F', 'quantity', p_quantity) || p_more || CASE WHEN p_more ? 'origin_key' THEN '{"origin_line": 1}' ELSE '{}' END::jsonb)).*
$$;
CREATE FUNCTION pg_temp.run() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text := '';
BEGIN
	WHILE state NOT IN ('done', 'refused') LOOP
		state := erp.import_step('SI', current_setting('si.job')::bigint) ->> 'state';
	END LOOP;
	RETURN state;
END
$$;
SELECT set_config('si.job', erp.start_import('SI', 'a', '{"name": "a", "skip_bad": true}') ->> 'job_id', true);
-- Of 10 shipped 8 are billed in March, which is closed; 5 in February; 6 more are too much; 2 come back; 8 are returned by a credit note, and 1, which is more than 10 in all.
SELECT pg_temp.row(1, 'sales_invoice', '03-10', 8, '{"line_role": "invoiced", "unit_price": "10", "origin_key": "s"}'), pg_temp.row(2, 'sales_invoice', '02-10', 5, '{"line_role": "invoiced", "unit_price": "11", "origin_key": "s"}'),
	pg_temp.row(3, 'sales_invoice', '02-11', 6, '{"line_role": "invoiced", "unit_price": "10", "origin_key": "s"}'), pg_temp.row(4, 'sales_shipment', '02-11', 3, '{"unit_price": "9"}'),
	pg_temp.row(5, 'sales_shipment_return', '02-12', 2, '{"origin_key": "s"}'), pg_temp.row(6, 'sales_invoice', '02-13', 4, '{"line_role": "invoiced", "unit_price": "10"}'), pg_temp.row(7, 'shipment', '02-13', 1, '{}'),
	pg_temp.row(8, 'sales_invoice', '02-14', 1, '{"line_role": "invoiced", "unit_price": "10", "origin_key": "r"}'), pg_temp.row(9, 'credit_note', '02-15', 8, '{"unit_price": "10", "origin_key": "s"}'), pg_temp.row(10, 'credit_note', '02-16', 1, '{"unit_price": "10", "origin_key": "s"}');
\o
SELECT is(pg_temp.run(), 'done', 'an import of shipments and invoices');
SELECT is((SELECT string_agg(DISTINCT document_key || ' ' || error_code, ', ' ORDER BY document_key || ' ' || error_code) FROM erp.import_problem), 'a1 LE030, a10 LE263, a3 LE261, a7 LE262, a8 LE260', 'what is bad is listed');
SELECT is((SELECT string_agg(d.key, ', ' ORDER BY d.document_id) FROM erp.company c JOIN erp.document d USING (company_id) WHERE c.code = 'SI' AND d.key ~ '^a\d'), 'a2, a4, a5, a6, a9', 'and the rest posted');
SELECT is((SELECT string_agg(concat_ws(' ', document_key, trim_scale(open_quantity), open_amount), ', ' ORDER BY day) FROM (SELECT document_key, day, open_quantity, open_amount FROM erp.shipped_not_billed WHERE company = 'SI'
	UNION ALL SELECT document_key, day, open_quantity, -open_amount FROM erp.billed_not_shipped WHERE company = 'SI') o), 's 3 30.00, a4 3 27.00, a6 4 -40.00', 'what is open of them');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
