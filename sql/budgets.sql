\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
-- Budgets: versions, what is left of them, and what becomes of a voucher that goes beyond them. Worked out by hand.
\o /dev/null
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS erp;
SELECT erp.setup();
BEGIN;
SELECT erp.create_company('BUDG', 'company', '{"name": "Budgets", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('BUDG', 'y26', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_accounts('BUDG', 'accounts', '[{"code": "66", "name": "Travel", "class": "expense", "side": "debit"}, {"code": "6610", "name": "Flights", "class": "expense", "side": "debit", "parent": "66"},
	{"code": "6620", "name": "Hotels", "class": "expense", "side": "debit", "parent": "66"}]');
SELECT erp.put_dimensions('BUDG', 'dimensions', '[{"code": "DEPT", "name": "Department", "values": [{"code": "N", "name": "North"}, {"code": "S", "name": "South"}]}]');
CREATE FUNCTION pg_temp.spent(p_account text) RETURNS text LANGUAGE sql AS $$SELECT trim_scale(erp.account_balance('BUDG', p_account, NULL))::text$$;
CREATE FUNCTION pg_temp.try(p_call text, p_request jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	EXECUTE format('SELECT erp.%I(''BUDG'', %L)', p_call, p_request);
	RETURN 'posted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.voucher(p_key text, p_day date, p_account text, p_amount numeric, p_department text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'lines', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('account', p_account, 'side', 'debit', 'amount', p_amount,
		'dimensions', CASE WHEN p_department IS NOT NULL THEN jsonb_build_object('DEPT', p_department) END)), jsonb_build_object('account', '1000', 'side', 'credit', 'amount', p_amount)))
$$;
CREATE FUNCTION pg_temp.post(p_key text, p_day date, p_account text, p_amount numeric, p_department text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try('post_document', pg_temp.voucher(p_key, p_day, p_account, p_amount, p_department))
$$;
CREATE FUNCTION pg_temp.put(p_key text, p_budget jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	RETURN erp.put_budgets('BUDG', p_key, (jsonb_build_array(p_budget))::text::json);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
\o
SELECT plan(49);

SELECT is(pg_temp.post('free', '2026-01-02', '6610', 5), 'posted', 'without a budget nothing is asked');
SELECT is(pg_temp.try('reverse_document', '{"key": "free back", "reverses": "free", "day": "2026-01-02"}'), 'posted', 'and it is taken back');
-- 100 for travel in January, of which North 60 at most; 50 in February.
SELECT is(pg_temp.put('b1', '{"code": "B", "name": "Budget", "control": "refuse", "span": "month", "lines": [{"account": "66", "month": "2026-01", "amount": "100"}, {"account": "66", "month": "2026-02", "amount": 50},
	{"account": "66", "dimensions": {"DEPT": "N"}, "month": "2026-01", "amount": 60}]}'), '{"lines": 3, "budgets": 1}', 'a budget of a heading, and of a department within it');
SELECT is(pg_temp.post('a', '2026-01-05', '6610', 40, 'N'), 'posted', '40 of 60');
SELECT is(pg_temp.post('b', '2026-01-06', '6620', 30, 'N'), 'LE362 | budget "B" of account "66" {"DEPT": "N"}: 70 of 60 from 2026-01-01 to 2026-01-31 | Document "b".', 'another account of the heading counts too: 70 of 60');
SELECT is(pg_temp.try('dry_run', pg_temp.voucher('b', '2026-01-06', '6620', 30, 'N')), 'LE362 | budget "B" of account "66" {"DEPT": "N"}: 70 of 60 from 2026-01-01 to 2026-01-31 | Document "b".', 'a dry run says so');
SELECT is(pg_temp.post('c', '2026-01-06', '6620', 20, 'N'), 'posted', '60 of 60');
SELECT is(pg_temp.post('c', '2026-01-06', '6620', 20, 'N'), 'posted', 'what was posted before is not asked again');
SELECT is(pg_temp.post('d', '2026-01-31', '6610', '40.01', 'S'), 'LE362 | budget "B" of account "66": 100.01 of 100 from 2026-01-01 to 2026-01-31 | Document "d".', 'the whole: 100.01 of 100');
SELECT is(pg_temp.post('d', '2026-01-31', '6610', 40), 'posted', '100 of 100, of no department');
SELECT is(pg_temp.post('e', '2026-01-31', '6610', '0.01'), 'LE362 | budget "B" of account "66": 100.01 of 100 from 2026-01-01 to 2026-01-31 | Document "e".', 'and no more');
SELECT is(pg_temp.try('reverse_document', '{"key": "a back", "reverses": "a", "day": "2026-01-31"}'), 'posted', 'what is taken back is never refused');
SELECT is(pg_temp.spent('66'), '60', 'and makes room');
SELECT is(pg_temp.try('post_documents', jsonb_build_array(pg_temp.voucher('f1', '2026-02-01', '6610', 30), pg_temp.voucher('f2', '2026-02-02', '6620', 30))),
	'LE362 | budget "B" of account "66": 60 of 50 from 2026-02-01 to 2026-02-28 | Document 1 of 2 "f1".', 'two of one call add up: 60 of 50');
SELECT is(pg_temp.post('g', '2026-03-01', '6610', 1000), 'posted', 'a month without an amount is not asked');
SELECT is(pg_temp.post('h', '2026-01-31', '6200', 1000), 'posted', 'nor is an account without a budget');
SELECT is(pg_temp.spent('66'), '1060', 'nothing that was refused was posted');

-- The year up to the end of the month.
SELECT is(pg_temp.put('y', '{"code": "Y", "control": "refuse", "lines": [{"account": "6300", "month": "2026-01", "amount": 100}, {"account": "6300", "month": "2026-02", "amount": 100}]}'), '{"lines": 2, "budgets": 1}', 'a budget for the year to date');
SELECT is(pg_temp.post('y1', '2026-01-10', '6300', 101), 'LE362 | budget "Y" of account "6300": 101 of 100 from 2026-01-01 to 2026-01-31 | Document "y1".', 'January: 101 of 100');
SELECT is(pg_temp.post('y2', '2026-02-10', '6300', 150), 'posted', 'February: 150 of 200');
SELECT is(pg_temp.post('y3', '2026-02-11', '6300', 51), 'LE362 | budget "Y" of account "6300": 201 of 200 from 2026-01-01 to 2026-02-28 | Document "y3".', '201 of 200');
SELECT is(pg_temp.post('y4', '2026-03-11', '6300', 51), 'LE362 | budget "Y" of account "6300": 201 of 200 from 2026-01-01 to 2026-03-31 | Document "y4".', 'March has nothing of its own');
-- The whole year.
SELECT is(pg_temp.put('z', '{"code": "Z", "control": "refuse", "span": "year", "lines": [{"account": "6500", "month": "2026-01", "amount": 10}, {"account": "6500", "month": "2026-12", "amount": 10}]}'), '{"lines": 2, "budgets": 1}', 'a budget for the year');
SELECT is(pg_temp.post('z1', '2026-01-10', '6500', 20), 'posted', 'all of it in January');
SELECT is(pg_temp.post('z2', '2026-12-10', '6500', '0.01'), 'LE362 | budget "Z" of account "6500": 20.01 of 20 from 2026-01-01 to 2026-12-31 | Document "z2".', 'and nothing is left in December');

-- Variance. January: 60 of 100 on travel, of North 40 - 40 + 20 = 20 of 60. March: 1000 of nothing.
SELECT results_eq($$SELECT concat_ws(' ', account_code, dimensions, month, budget_amount, actual, variance, percent, year_budget, year_actual, year_variance) FROM erp.budget_variance('BUDG', 'B')$$, ARRAY[
	'66 {} 2026-01 100.00 60.00 40.00 60.0 100.00 60.00 40.00', '66 {} 2026-02 50.00 0.00 50.00 0.0 150.00 60.00 90.00',
	'66 {"DEPT": "N"} 2026-01 60.00 20.00 40.00 33.3 60.00 20.00 40.00', '66 {"DEPT": "N"} 2026-02 0.00 0.00 0.00 60.00 20.00 40.00'], 'budget, actual, variance and per cent, of the month and of the year');
SELECT is((SELECT string_agg(concat_ws(' ', month, actual), ', ') FROM erp.budget_variance('BUDG', 'Y', '2026-02', '2026-02')), '2026-02 150.00', 'of some months');
SELECT is((SELECT concat_ws(' ', budget_amount, actual, variance, percent) FROM erp.budget_variance('BUDG', 'Z', '2026-01', '2026-01')), '10.00 20.00 -10.00 200.0', 'more than was budgeted is below zero');
-- Revenue counts as a credit. What transfers results does not count.
SELECT is(pg_temp.put('r', '{"code": "R", "lines": [{"account": "4100", "month": "2026-01", "amount": 500}]}'), '{"lines": 1, "budgets": 1}', 'a budget of revenue, which asks nothing');
SELECT is(pg_temp.try('post_document', '{"key": "sold", "kind": "manual_voucher", "day": "2026-01-20", "lines": [{"account": "1000", "side": "debit", "amount": 600}, {"account": "4100", "side": "credit", "amount": 600}]}'), 'posted', 'revenue of 600');
SELECT is(pg_temp.try('post_document', '{"key": "transfer", "kind": "profit_transfer", "day": "2026-01-31", "lines": [{"account": "4100", "side": "debit", "amount": 600}, {"account": "3100", "side": "credit", "amount": 600}]}'), 'posted', 'its transfer');
SELECT is((SELECT concat_ws(' ', actual, variance, percent) FROM erp.budget_variance('BUDG', 'R')), '600.00 -100.00 120.0', 'a month looks the same after its close');

-- Warnings are on record.
SELECT is(pg_temp.put('b warns', '{"code": "B", "control": "warn"}'), '{"lines": 0, "budgets": 1}', 'a budget only warns; its amounts stay');
SELECT is(pg_temp.post('w', '2026-01-31', '6620', 90, 'N'), 'posted', '150 of 100, of North 110 of 60');
SELECT results_eq($$SELECT concat_ws(' ', document_key, account_code, dimensions, month, budget, actual, excess) FROM erp.budget_warning_list WHERE company = 'BUDG' ORDER BY budget DESC$$,
	ARRAY['w 66 {} 2026-01 100.00 150.00 50.00', 'w 66 {"DEPT": "N"} 2026-01 60.00 110.00 50.00'], 'both are on record');
SELECT is(pg_temp.post('w2', '2026-02-28', '6620', 50), 'posted', '50 of 50 are no warning');
SELECT is((SELECT count(*) FROM erp.budget_warning_list WHERE company = 'BUDG'), 2::bigint, 'and none is recorded');
-- Of a warning and a refusal the refusal counts.
SELECT is(pg_temp.put('x', '{"code": "X", "control": "refuse", "span": "month", "lines": [{"account": "6620", "month": "2026-02", "amount": 50}]}'), '{"lines": 1, "budgets": 1}', 'another budget for one of the accounts');
SELECT is(pg_temp.post('w3', '2026-02-28', '6620', 1), 'LE362 | budget "X" of account "6620": 51 of 50 from 2026-02-01 to 2026-02-28 | Document "w3".', 'each budget is asked');

-- Versions.
SELECT is(pg_temp.put('b2', '{"code": "B", "version": 2, "control": "refuse", "span": "month", "lines": [{"account": "66", "month": "2026-01", "amount": 151}]}'), '{"lines": 1, "budgets": 1}', 'a second version takes the place of the first');
SELECT is(pg_temp.post('v', '2026-01-31', '6610', 2), 'LE362 | budget "B" of account "66": 152 of 151 from 2026-01-01 to 2026-01-31 | Document "v".', 'and alone counts');
SELECT is((SELECT string_agg(concat_ws(' ', version, active, dimensions, month, amount), ', ' ORDER BY version, dimensions, month) FROM erp.budget_list WHERE company = 'BUDG' AND budget_code = 'B'),
	'1 f {} 2026-01 100.00, 1 f {} 2026-02 50.00, 1 f {"DEPT": "N"} 2026-01 60.00, 2 t {} 2026-01 151.00', 'both are kept');
SELECT is((SELECT string_agg(concat_ws(' ', month, budget_amount), ', ') FROM erp.budget_variance('BUDG', 'B', version => 1) WHERE dimensions = '{}'), '2026-01 100.00, 2026-02 50.00', 'the first can still be read');
SELECT is(pg_temp.put('b1 again', '{"code": "B", "version": 1, "active": true}'), '{"lines": 0, "budgets": 1}', 'and take its place again');

SELECT is(pg_temp.put('e1', '{"code": "E", "lines": [{"account": "9999", "month": "2026-01", "amount": 1}]}'), 'LE012 | there is no such account | At $[0].lines[0].account, value "9999".', 'accounts are known');
SELECT is(pg_temp.put('e2', '{"code": "E", "lines": [{"account": "66", "month": "2026-13", "amount": 1}]}'), 'LE011 | a month is written YYYY-MM | At $[0].lines[0].month, value "2026-13".', 'months are months');
SELECT is(pg_temp.put('e3', '{"code": "E", "lines": [{"account": "66", "month": "2026-01", "amount": "1.001"}]}'), 'LE011 | field "amount" is an amount of the company''s currency | At $[0].lines[0].amount, value "1.001".', 'amounts have the decimals of the currency');
SELECT is(pg_temp.put('e4', '{"code": "E", "control": "stop"}'), 'LE011 | field "control" has a value that is not known | At $[0].control, value "stop".', 'controls are three');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken');
SELECT * FROM finish();
ROLLBACK;
