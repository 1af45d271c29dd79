\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- An import that skips what is bad: what a refused document would have sent back, amended or approved is not counted against those after it, whenever it is refused.
SELECT plan(11);
\o /dev/null
SELECT erp.create_company('IC', 'company', '{"name": "盘点", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('IC', 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}');
SELECT erp.put_parties('IC', 'parties', '[{"code": "S1", "name": "Supplier", "roles": ["supplier"]}, {"code": "C1", "name": "Customer", "roles": ["customer"]}]');
SELECT erp.put_locations('IC', 'places', '[{"warehouse": "MAIN", "code": "LENT", "name": "Lent", "kind": "lent"}]');
SELECT erp.put_items('IC', 'items', (SELECT json_agg(json_build_object('code', c, 'name', c, 'kind', 'stock', 'method', 'fifo')) FROM unnest('{F,G,L}'::text[]) c));
CREATE FUNCTION pg_temp.post(p_kind text, p_key text, p_lines jsonb, p_party text DEFAULT 'S1') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('IC', jsonb_strip_nulls(jsonb_build_object('key', p_key, 'kind', p_kind, 'day', '2026-01-05', 'party', p_party,
		'lines', CASE jsonb_typeof(p_lines) WHEN 'array' THEN p_lines ELSE jsonb_build_array(p_lines) END))::text::json)
$$;
CREATE FUNCTION pg_temp.of(p_item text, p_quantity numeric, p_key text DEFAULT NULL, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'origin', CASE WHEN p_key IS NOT NULL THEN jsonb_build_object('key', p_key, 'line', 1) END)) || p_more
$$;
CREATE FUNCTION pg_temp.row(p_job bigint, p_row bigint, p_key text, p_kind text, p_day text, p_more jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO erp.staged_line SELECT (jsonb_populate_record(NULL::erp.staged_line, jsonb_build_object('job_id', p_job, 'row_no', p_row, 'document_key', p_key, 'kind', p_kind,
		'day', '2026-' || p_day, 'origin_line', 1) || p_more)).*
$$;
CREATE FUNCTION pg_temp.back(p_job bigint, p_row bigint, p_key text, p_day text, p_item text, p_quantity numeric) RETURNS void LANGUAGE sql AS $$
	SELECT pg_temp.row(p_job, p_row, p_key, 'supplier_return', p_day, jsonb_build_object('party', 'S1', 'item', p_item, 'quantity', p_quantity, 'origin_key', 'receipt of ' || p_item))
$$;
CREATE FUNCTION pg_temp.approve(p_job bigint, p_row bigint, p_key text, p_day text, p_amount numeric, p_loss text DEFAULT 'loss') RETURNS void LANGUAGE sql AS $$
	SELECT pg_temp.row(p_job, p_row, p_key, 'adjustment_approval', p_day, jsonb_build_object('line_role', 'loss_expensed', 'amount', p_amount, 'origin_key', p_loss))
$$;
CREATE FUNCTION pg_temp.job(p_name text) RETURNS bigint LANGUAGE sql AS $$
	SELECT (erp.start_import('IC', p_name, json_build_object('name', p_name, 'skip_bad', true)) ->> 'job_id')::bigint
$$;
-- All steps, or those until the state: the state in the end, or the error.
CREATE FUNCTION pg_temp.run(p_job bigint, p_until text DEFAULT 'done') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text := '';
BEGIN
	WHILE state NOT IN ('done', 'refused', p_until) LOOP
		state := erp.import_step('IC', p_job) ->> 'state';
	END LOOP;
	RETURN state;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;
CREATE FUNCTION pg_temp.problems(p_job bigint) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(DISTINCT document_key || ' ' || error_code, ', ' ORDER BY document_key || ' ' || error_code), 'none') FROM erp.import_problem WHERE job_id = p_job
$$;
CREATE FUNCTION pg_temp.posted(p_keys text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(d.key, ', ' ORDER BY d.key), 'none') FROM erp.company c JOIN erp.document d USING (company_id) WHERE c.code = 'IC' AND d.key ~ p_keys
$$;
SELECT pg_temp.post('goods_receipt', 'receipt of F', pg_temp.of('F', 10, NULL, '{"price": 10}')), pg_temp.post('goods_receipt', 'receipt of G', pg_temp.of('G', 4, NULL, '{"price": 10}')), pg_temp.post('goods_receipt', 'receipt of L', pg_temp.of('L', 20, NULL, '{"price": 10}'));
SELECT pg_temp.post('stock_loss', 'loss', pg_temp.of('L', 3), NULL), pg_temp.post('stock_loss', 'other loss', pg_temp.of('L', 1), NULL);
SELECT pg_temp.post('loan', 'loan', pg_temp.of('L', 4, NULL, '{"to_location": "LENT"}'), 'C1');
SELECT erp.set_period_state('IC', 'close', '{"period": "2026-03", "state": "closed"}');

-- Of 10 received 8 would go back in March, which is closed, and of a loss of 30.00 it would approve 20.00: that is seen by the validation. 5 and 25.00 in February are whole; then 6 more are too much.
SELECT pg_temp.job('a') AS a \gset
SELECT pg_temp.back(:a, 1, 'a1', '03-10', 'F', 8), pg_temp.back(:a, 2, 'a2', '02-10', 'F', 5), pg_temp.approve(:a, 3, 'a3', '03-10', 20), pg_temp.approve(:a, 4, 'a4', '02-10', 25), pg_temp.back(:a, 5, 'a5', '02-11', 'F', 6);
\o
SELECT is(pg_temp.run(:a), 'done', 'an import with documents of a closed period');
SELECT is(pg_temp.problems(:a), 'a1 LE030, a3 LE030, a5 LE224', 'they are listed, and what is too much without them');
SELECT is(pg_temp.posted('^a\d'), 'a2, a4', 'what is whole without them is posted');

-- Of 5 and 5.00 that are left: b1 of 3 with all of G, b2 of 2; b3 of 3.00 with all of the other loss, b4 of 2.00. When all was validated another sends back 1 of each and has 1.00 of each loss
-- approved: for b1 and b3 their second lines are too much, and 2 and 2.00 are left all the same.
\o /dev/null
SELECT pg_temp.job('b') AS b \gset
SELECT pg_temp.back(:b, 1, 'b1', '02-12', 'F', 3), pg_temp.back(:b, 2, 'b1', '02-12', 'G', 4), pg_temp.back(:b, 3, 'b2', '02-12', 'F', 2),
	pg_temp.approve(:b, 4, 'b3', '02-12', 3), pg_temp.approve(:b, 5, 'b3', '02-12', 10, 'other loss'), pg_temp.approve(:b, 6, 'b4', '02-12', 2);
\o
SELECT is(pg_temp.run(:b, 'posting') || ': ' || pg_temp.problems(:b), 'posting: none', 'all is well when it is validated');
\o /dev/null
SELECT pg_temp.post('supplier_return', 'since', jsonb_build_array(pg_temp.of('F', 1, 'receipt of F'), pg_temp.of('G', 1, 'receipt of G')));
SELECT pg_temp.post('adjustment_approval', 'since approved', jsonb_build_array('{"role": "loss_expensed", "amount": 1, "origin": {"key": "loss", "line": 1}}'::jsonb, '{"role": "loss_expensed", "amount": 1, "origin": {"key": "other loss", "line": 1}}'::jsonb), NULL);
\o
SELECT is(pg_temp.run(:b), 'done', 'what is refused when its turn comes is skipped');
SELECT is(pg_temp.problems(:b), 'b1 LE224, b3 LE219', 'it alone is listed');
SELECT is(pg_temp.posted('^b\d'), 'b2, b4', 'what is whole without it is posted');

-- 5 come back of a loan of 4: that is seen when its goods are looked for, and its own fault. Then 3 do.
\o /dev/null
SELECT pg_temp.job('c') AS c \gset
SELECT pg_temp.row(:c, 1, 'c1', 'loan_return', '02-13', '{"party": "C1", "item": "L", "quantity": 5, "origin_key": "loan"}'), pg_temp.row(:c, 2, 'c2', 'loan_return', '02-13', '{"party": "C1", "item": "L", "quantity": 3, "origin_key": "loan"}');
\o
SELECT is(pg_temp.run(:c), 'done', 'an import of what comes back of a loan');
SELECT is(pg_temp.problems(:c) || '; ' || pg_temp.posted('^c\d'), 'c1 LE216; c2', 'more than is out is listed, and does not hold up the rest');

SELECT is((SELECT string_agg(item_code || ' ' || trim_scale(sum), ', ' ORDER BY item_code) FROM (SELECT item_code, sum(on_hand) FROM erp.stock_on_hand WHERE company = 'IC' GROUP BY 1) s (item_code, sum)), 'F 2, G 3, L 16', 'the stock is what was posted');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
