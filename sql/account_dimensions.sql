\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Dimensions that an account requires or forbids, on every path; and vouchers of many lines.
SELECT plan(28);
\o /dev/null
SELECT trial.make_company('DIM');
SELECT erp.put_dimensions('DIM', 'd', '[{"code": "DEPT", "name": "Department", "balancing": true, "values": [{"code": "N", "name": "North"}, {"code": "S", "name": "South"}]},
	{"code": "PROJ", "name": "Project", "values": [{"code": "P", "name": "Project"}]}]');
SELECT trial.receive('DIM', 'r', '2009-01-05', 'F', 10, 100);
CREATE FUNCTION pg_temp.expense(p_dimensions text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.post_document(''DIM'', %L)', json_build_object('key', 'm' || clock_timestamp(), 'kind', 'manual_voucher', 'day', '2009-01-10', 'lines', json_build_array(
		json_build_object('account', '6000', 'side', 'debit', 'amount', 7, 'dimensions', p_dimensions::json),
		json_build_object('account', '1000', 'side', 'credit', 'amount', 7, 'dimensions', p_dimensions::jsonb - 'PROJ')))))
$$;
\o
SELECT is(pg_temp.expense('{}'), 'accepted', 'every dimension is optional at first');
SELECT is(erp.put_account_dimensions('DIM', 'a', '[{"account": "6000", "dimension": "DEPT", "rule": "required"}, {"account": "6000", "dimension": "PROJ", "rule": "forbidden"}]'), '{"removed": 0, "written": 2}', 'an account requires one and forbids another');
SELECT is(pg_temp.expense('{}'), 'LE045', 'a line without the required one is refused');
SELECT is(pg_temp.expense('{"PROJ": "P"}'), 'LE045', 'whatever others it has');
SELECT is(pg_temp.expense('{"DEPT": "N"}'), 'accepted', 'with it, it is posted');
SELECT is(pg_temp.expense('{"DEPT": "N", "PROJ": "P"}'), 'LE045', 'but not with the forbidden one');
SELECT throws_ok($$SELECT erp.post_document('DIM', '{"key": "why", "kind": "manual_voucher", "day": "2009-01-10", "lines": [{"account": "6000", "side": "debit", "amount": 7}, {"account": "1000", "side": "credit", "amount": 7}]}')$$,
	'LE045', 'account 6000 of document "why" needs dimension "DEPT"', 'which the error names');
-- What a posting rule gives is held to the same: cost of sales without a department.
SELECT is(trial.refused($$SELECT trial.sell('DIM', 's0', '2009-01-11', 'F', 1, 20)$$), 'accepted', 'a sale');
SELECT is(erp.put_account_dimensions('DIM', 'b', '[{"account": "5000", "dimension": "PROJ", "rule": "required"}]'), '{"removed": 0, "written": 1}', 'its cost is to name a project');
SELECT is(trial.refused($$SELECT trial.sell('DIM', 's1', '2009-01-11', 'F', 1, 20)$$), 'LE045', 'and without one it is refused');
SELECT is(trial.refused($$SELECT erp.post_document('DIM', '{"key": "s1", "kind": "sales_invoice", "day": "2009-01-11", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 20, "dimensions": {"PROJ": "P"}}]}')$$), 'accepted', 'a line that names one carries it along');
SELECT is(trial.refused($$SELECT trial.reverse('DIM', 'u', 's0', '2009-01-12')$$), 'accepted', 'what was posted before the rule can be taken back');
SELECT is(erp.put_account_dimensions('DIM', 'c', '[{"account": "5000", "dimension": "PROJ", "rule": "optional"}]'), '{"removed": 1, "written": 0}', 'the rule is taken back');
SELECT is(trial.refused($$SELECT trial.sell('DIM', 's2', '2009-01-13', 'F', 1, 20)$$), 'accepted', 'and asks no more');
SELECT is(erp.put_account_dimensions('DIM', 'c', '[{"account": "5000", "dimension": "PROJ", "rule": "optional"}]'), '{"removed": 1, "written": 0}', 'the same request once');
-- A cost that was nothing when it was posted keeps its project when it becomes something: 10 for nothing, 5 of them sold, then 10 for 100 before: 5 at 100/20.
\o /dev/null
SELECT trial.receive('DIM', 'gift', '2009-01-05', 'A', 10, 0);
SELECT erp.post_document('DIM', '{"key": "s3", "kind": "sales_invoice", "day": "2009-01-13", "party": "C1", "lines": [{"item": "A", "quantity": 5, "price": 20, "dimensions": {"PROJ": "P"}}]}');
\o
SELECT is(erp.account_balance('DIM', '5000', '2009-12-31', NULL, '{"PROJ": "P"}'), 10.00, 'what costs nothing');
\o /dev/null
SELECT trial.receive('DIM', 'before', '2009-01-04', 'A', 10, 100);
\o
SELECT is(erp.account_balance('DIM', '5000', '2009-12-31', NULL, '{"PROJ": "P"}'), 35.00, 'costs its project 25 when that is learned');
\o /dev/null
SELECT trial.reverse('DIM', 'u3', 's3', '2009-01-14');
\o
SELECT is(erp.account_balance('DIM', '5000', '2009-12-31', NULL, '{"PROJ": "P"}'), 10.00, 'and gives that back when it is reversed');
-- Bad requests.
SELECT is(trial.refused(format('SELECT erp.put_account_dimensions(''DIM'', ''x'', %L)', r)), code, r) FROM (VALUES
	('{}', 'LE011'), ('[{"account": "6000", "dimension": "DEPT"}]', 'LE011'), ('[{"account": "6000", "dimension": "DEPT", "rule": "maybe"}]', 'LE011'),
	('[{"account": "9999", "dimension": "DEPT", "rule": "required"}]', 'LE012'), ('[{"account": "6000", "dimension": "NONE", "rule": "required"}]', 'LE012'),
	('[{"account": "6000", "dimension": "DEPT", "rule": "required"}, {"account": "6000", "dimension": "DEPT", "rule": "optional"}]', 'LE011')) v (r, code);
-- Ten thousand lines in two departments; each is 1, and North's last line is 5000, South's 4998.
\o /dev/null
CREATE TEMP TABLE big AS SELECT json_build_object('key', 'big', 'kind', 'manual_voucher', 'day', '2009-01-14', 'lines', (
	SELECT json_agg(json_build_object('account', CASE WHEN n > 9998 THEN '1000' ELSE '6000' END, 'side', CASE WHEN n > 9998 THEN 'credit' ELSE 'debit' END,
		'amount', CASE WHEN n > 9998 THEN 4999 ELSE 1 END, 'dimensions', json_build_object('DEPT', CASE n % 2 WHEN 0 THEN 'N' ELSE 'S' END)) ORDER BY n)
	FROM generate_series(1, 10000) n)) AS document;
\o
SELECT is((SELECT (erp.post_document('DIM', document) ->> 'voucher_id')::bigint FROM big) > 0, true, 'ten thousand lines are one voucher');
SELECT is((SELECT count(*) FROM erp.voucher_line l JOIN erp.voucher v USING (company_id, voucher_id) JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'big'), 10000::bigint, 'line by line');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT is(trial.refused(format('SELECT erp.post_document(''DIM'', %L)', replace(replace(document::text, '"big"', '"bad"'), '4999', '4999.01'))), 'LE040', 'a cent too much in one of them is refused') FROM big;
SELECT * FROM finish();
ROLLBACK;
