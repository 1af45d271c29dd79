\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- The close of fiscal years, of two months and of one. All figures by hand.
SELECT plan(37);
\o /dev/null
SELECT erp.create_company('YE', 'c', '{"name": "Year", "currency": "USD", "chart": "english"}'), erp.create_company('YL', 'c', '{"name": "Loss", "currency": "USD", "chart": "english"}'),
	erp.create_company('YC', 'c', '{"name": "年结", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('YE', 'y', '{"code": "2026", "first_day": "2026-01-01", "months": 2}'), erp.create_fiscal_year('YL', 'y', '{"code": "2025", "first_day": "2025-12-01", "months": 1}'),
	erp.create_fiscal_year('YC', 'y', '{"code": "2025", "first_day": "2025-12-01", "months": 1}');
CREATE FUNCTION pg_temp.enter(p_company text, p_key text, p_day date, p_lines text) RETURNS boolean LANGUAGE sql AS $$
	-- side account amount, ...
	SELECT erp.post_document(p_company, json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'lines', (
		SELECT json_agg(json_build_object('side', split_part(l, ' ', 1), 'account', split_part(l, ' ', 2), 'amount', split_part(l, ' ', 3)::numeric)) FROM unnest(string_to_array(p_lines, ', ')) l))) IS NOT NULL
$$;
CREATE FUNCTION pg_temp.balances(p_company text, p_day date, VARIADIC p_accounts text[]) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(trim_scale(erp.account_balance(p_company, a, p_day))::text, ' ' ORDER BY n) FROM unnest(p_accounts) WITH ORDINALITY u (a, n)
$$;
CREATE FUNCTION pg_temp.lines(p_company text, p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', l.side, a.code, trim_scale(l.company_amount)), ', ' ORDER BY l.line_no)
	FROM erp.company c JOIN erp.document d ON d.company_id = c.company_id JOIN erp.voucher_line l ON l.company_id = d.company_id AND l.voucher_id = d.document_id
	JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id WHERE c.code = p_company AND d.key = p_key
$$;
SELECT pg_temp.enter('YE', 'capital', '2026-01-02', 'debit 1010 1000, credit 3000 1000'), pg_temp.enter('YE', 'sold', '2026-01-20', 'debit 1010 300, credit 4100 300'),
	pg_temp.enter('YE', 'rent', '2026-01-25', 'debit 6200 120, credit 1010 120'), pg_temp.enter('YE', 'sold more', '2026-02-20', 'debit 1010 50, credit 4100 50');
\o
SELECT is(erp.close_year('YE', 'k1', '{"year": "2026", "next_year": "2026 b"}') #>> '{month,state}', 'blocked', 'a year is not closed while a month of it cannot be');
SELECT is(pg_temp.balances('YE', '2026-02-28', '4100', '6200', '3200', '3100'), '-350 120 0 0', 'and nothing is posted');
\o /dev/null
SELECT erp.close_month('YE', 'january', '{"period": "2026-01"}');
CREATE TEMP TABLE answer AS SELECT erp.close_year('YE', 'k2', '{"year": "2026", "next_year": "2026 b"}') AS a;
\o
SELECT is((SELECT concat_ws(' ', a ->> 'state', a ->> 'period', a #>> '{month,state}', a -> 'profit', a ->> 'retained_account') FROM answer), 'closed 2026-02 closed 230.0000 3100', 'with January closed, February and the year are: profit 230');
SELECT is((SELECT a -> 'documents' FROM answer), '["close/2026/1/profit_transfer", "close/2026/1/year_transfer"]', 'by two vouchers');
SELECT is(pg_temp.lines('YE', 'close/2026/1/profit_transfer'), 'debit 4100 350, debit 3200 120, credit 6200 120, credit 3200 350', 'accounts of profit of the whole year to income summary');
SELECT is(pg_temp.lines('YE', 'close/2026/1/year_transfer'), 'debit 3200 230, credit 3100 230', 'which goes to retained earnings');
SELECT is(pg_temp.balances('YE', '2026-02-28', '1010', '3000', '3100', '3200', '4100', '6200'), '1230 -1000 -230 0 0 0', 'nothing is left of it');
SELECT is((SELECT a -> 'opening' FROM answer), '{"day": "2026-03-01", "debit": 1230.0000, "posted": "Nothing: balances are continuous.", "credit": 1230.0000, "accounts": 3}', 'the next year opens with what is there');
SELECT is((SELECT string_agg(concat_ws(' ', t.account_code, trim_scale(t.opening_debit - t.opening_credit)), ', ' ORDER BY t.account_code) FROM erp.trial_balance('YE', '2026-03-01', '2026-03-31') t WHERE t.opening_debit <> t.opening_credit),
	'1010 1230, 3000 -1000, 3100 -230', 'as its trial balance shows');
SELECT is((SELECT a -> 'next_year' FROM answer), '{"code": "2026 b", "made": false}', 'it was made by the first call already');
SELECT is((SELECT string_agg(DISTINCT l.state, ' ') FROM erp.period_lock l JOIN erp.period p USING (company_id, period_id) JOIN erp.company c USING (company_id) WHERE c.code = 'YE' AND p.code IN ('2026-01', '2026-02')), 'closed', 'its months are closed');
SELECT is((SELECT count(*) FROM erp.document d JOIN erp.company c USING (company_id) JOIN erp.voucher v USING (company_id, document_id) WHERE c.code = 'YE' AND d.posting_day <= '2026-02-28'
	AND NOT EXISTS (SELECT FROM erp.assigned_number n WHERE n.company_id = d.company_id AND n.document_id = d.document_id)), 0::bigint, 'and all vouchers have numbers');
SELECT is(erp.close_year('YE', 'k3', '{"year": "2026"}') ->> 'message', 'The year is closed already; nothing was done.', 'closed again it does nothing');
SELECT is(trial.refused($$SELECT erp.reopen_month('YE', 'r', '{"period": "2026-02", "reason": "why"}')$$), 'LE303', 'its last month is not reopened');
SELECT is((SELECT count(*) FROM erp.check_integrity() WHERE company = 'YE') + (SELECT count(*) FROM erp.verify_chain('YE')), 0::bigint, 'the books are whole, the chain holds');

-- Undone, corrected, closed again.
\o /dev/null
UPDATE answer SET a = erp.reopen_year('YE', 'u1', '{"year": "2026", "reason": "a bill is missing"}');
\o
SELECT is((SELECT a ->> 'message' FROM answer), 'What the close of the year posted on 2026-02-28 is reversed on that day. Month 2026-02 stays closed, and the next year stays.', 'undone, it explains itself');
SELECT is((SELECT a -> 'taken_back' FROM answer), '[{"document": "close/2026/1/year_transfer", "reversal": "close/2026/1/year_transfer/undone"}, {"document": "close/2026/1/profit_transfer", "reversal": "close/2026/1/profit_transfer/undone"}]', 'last first');
SELECT is(pg_temp.balances('YE', '2026-02-28', '1010', '3000', '3100', '3200', '4100', '6200'), '1230 -1000 0 0 -350 120', 'all is as it was');
SELECT is(trial.refused($$SELECT erp.reopen_year('YE', 'u2', '{"year": "2026", "reason": "again"}')$$), 'LE301', 'undone once');
SELECT is(erp.reopen_month('YE', 'r1', '{"period": "2026-02", "reason": "a bill is missing"}') ->> 'state', 'open', 'now the month reopens');
\o /dev/null
SELECT pg_temp.enter('YE', 'bill', '2026-02-27', 'debit 6500 30, credit 1010 30');
\o
SELECT is(erp.close_year('YE', 'k4', '{"year": "2026"}') ->> 'profit', '200.0000', 'with the bill the profit is 200');
SELECT is(pg_temp.balances('YE', '2026-02-28', '1010', '3100', '3200', '4100', '6500'), '1200 -200 0 0 0', 'closed again');
SELECT is((SELECT string_agg(concat_ws(' ', round, state, profit), ', ' ORDER BY round) FROM erp.year_close_list WHERE company = 'YE'), '1 reopened 230.0000, 2 closed 200.0000', 'the list says what became of it');
\o /dev/null
SELECT erp.close_month('YE', 'march', '{"period": "2026-03"}');
\o
SELECT is(trial.refused($$SELECT erp.reopen_year('YE', 'u3', '{"year": "2026", "reason": "too late"}')$$), 'LE300', 'with a later month closed it stays');

-- A loss; no appropriation.
\o /dev/null
SELECT pg_temp.enter('YL', 'sold', '2025-12-20', 'debit 1010 100, credit 4100 100'), pg_temp.enter('YL', 'rent', '2025-12-25', 'debit 6200 150, credit 1010 150');
UPDATE answer SET a = erp.close_year('YL', 'k', '{"year": "2025", "appropriations": [{"account": "3000", "percent": 10}]}');
\o
SELECT is((SELECT a -> 'profit' FROM answer), '-50.0000', 'a loss of 50');
SELECT is(pg_temp.lines('YL', 'close/2025/1/year_transfer'), 'debit 3100 50, credit 3200 50', 'is carried to retained earnings');
SELECT is(pg_temp.balances('YL', '2025-12-31', '3000', '3100', '3200'), '0 50 0', 'and nothing is appropriated of it');
SELECT is((SELECT a -> 'next_year' FROM answer), '{"code": "2026", "made": true}', 'the next year is made');

-- 所得税 by the template of the chart at the end of a quarter: 25 % of 600 are 150. 本年利润, 450, to 利润分配; 10 % 法定盈余公积 of what exceeds the loss of before, 450 - 200 = 250.
\o /dev/null
SELECT pg_temp.enter('YC', 'opening', '2025-12-01', 'debit 1002 800, debit 3104.04 200, credit 3001 1000'), pg_temp.enter('YC', 'sold', '2025-12-20', 'debit 1002 1000, credit 5001 1000'),
	pg_temp.enter('YC', 'rent', '2025-12-25', 'debit 5602 400, credit 1002 400');
UPDATE answer SET a = erp.close_year('YC', 'k', '{"year": "2025", "appropriations": [{"account": "3101", "percent": 10, "through": "3104.01"}]}');
\o
SELECT is((SELECT concat_ws(' ', a -> 'transferred', a -> 'profit', a -> 'base') FROM answer), '0 450.0000 250.0000', 'the month has transferred its profit; of the 450 the 250 beyond the loss of before may be appropriated');
SELECT is((SELECT a -> 'appropriations' FROM answer), '[{"amount": 25.00, "account": "3101"}]', '10 % of them');
SELECT is(pg_temp.lines('YC', 'close/2025/1/appropriation'), 'debit 3104.01 25, credit 3101 25, debit 3104.04 25, credit 3104.01 25', 'by way of the account of what is appropriated');
SELECT is(pg_temp.balances('YC', '2025-12-31', '3101', '3103', '3104.01', '3104.04'), '-25 0 0 -225', '本年利润 is empty, 未分配利润 is 225');
SELECT is((SELECT string_agg(d.kind, ' ' ORDER BY d.document_id) FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'YC' AND d.kind IN (SELECT kind FROM erp_private.closing_kind)), 'profit_transfer year_transfer year_transfer', 'all are of kinds that close');

-- Refused requests.
SELECT is(trial.refused($$SELECT erp.close_year('YL', 'x', '{"year": "1999"}')$$), 'LE012', 'an unknown year');
SELECT is(trial.refused($$SELECT erp.close_year('YL', 'x', '{"year": "2026", "appropriations": [{"account": "3000", "percent": 60}, {"account": "3100", "percent": 50}]}')$$), 'LE011', 'more than the whole profit');
SELECT is(trial.refused($$SELECT erp.close_year('YL', 'x', '{"year": "2026", "appropriations": [{"account": "none", "percent": 60}]}')$$), 'LE012', 'an unknown account');
SELECT is((SELECT count(*) FROM erp.check_integrity()), 0::bigint, 'all integrity checks pass');
SELECT * FROM finish();
ROLLBACK;
