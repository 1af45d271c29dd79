\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
-- What is folded must be committed: the companies stay.
\i :company_file
SELECT plan(20);
\o /dev/null
SELECT erp.create_company('PROFIT', 'c', '{"name": "结转", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('PROFIT', 'y', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_dimensions('PROFIT', 'd', '[{"code": "DEPT", "name": "Department", "values": [{"code": "N", "name": "North"}, {"code": "S", "name": "South"}]}, {"code": "PROJ", "name": "Project", "values": [{"code": "P1", "name": "One"}]}]');
SELECT erp.put_exchange_rates('PROFIT', 'x', '[{"from": "USD", "to": "CNY", "day": "2026-01-31", "rate": 7}]');
SELECT erp.put_parties('PROFIT', 'p', '[{"code": "C1", "name": "One", "roles": ["customer"]}, {"code": "C2", "name": "Two", "roles": ["customer"]}]');
SELECT erp.put_accounts('PROFIT', 'a', '[{"code": "5001", "name": "主营业务收入", "class": "revenue", "side": "credit", "by_party": true}]');
CREATE FUNCTION pg_temp.enter(p_key text, p_day date, p_lines text, p_more jsonb DEFAULT '{}') RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.post_document('PROFIT', (jsonb_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'lines', p_lines::jsonb) || p_more)::json) IS NOT NULL
$$;
CREATE FUNCTION pg_temp.id() RETURNS integer LANGUAGE sql AS $$SELECT company_id FROM erp.company WHERE code = 'PROFIT'$$;
-- The lines of a voucher: side, account, party and dimensions, amount.
CREATE FUNCTION pg_temp.lines(p_key text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', l.side, a.code, NULLIF(p.code, ''), NULLIF(erp_private.set_codes(l.company_id, l.dimension_set_id, false), '{}'), trim_scale(l.company_amount))
	FROM erp.document d JOIN erp.voucher_line l ON l.company_id = d.company_id AND l.voucher_id = d.document_id
	JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id JOIN erp.party p ON p.company_id = l.company_id AND p.party_id = l.party_id
	WHERE d.company_id = pg_temp.id() AND d.key = p_key ORDER BY l.line_no
$$;
CREATE FUNCTION pg_temp.balance(p_account text, p_day date) RETURNS numeric LANGUAGE sql AS $$SELECT trim_scale(erp.account_balance('PROFIT', p_account, p_day))$$;
SELECT pg_temp.enter('v1', '2026-01-05', '[{"account": "1002", "side": "debit", "amount": 1000}, {"account": "5001", "side": "credit", "amount": 1000, "party": "C1", "dimensions": {"DEPT": "N"}}]'),
	pg_temp.enter('v2', '2026-01-06', '[{"account": "1002", "side": "debit", "amount": 500}, {"account": "5001", "side": "credit", "amount": 500, "party": "C2", "dimensions": {"DEPT": "N", "PROJ": "P1"}}]'),
	pg_temp.enter('v3', '2026-01-07', '[{"account": "5601.04", "side": "debit", "amount": 200, "dimensions": {"DEPT": "S"}}, {"account": "1002", "side": "credit", "amount": 200}]'),
	pg_temp.enter('v4', '2026-01-08', '[{"account": "1002", "side": "debit", "amount": 30}, {"account": "5603", "side": "debit", "amount": -30}]'),
	pg_temp.enter('v5', '2026-01-09', '[{"account": "1002", "side": "debit", "amount": 100}, {"account": "5001", "side": "credit", "amount": 100}]', '{"currency": "USD", "rate": 7}'),
	pg_temp.enter('v6', '2026-01-10', '[{"account": "5602", "side": "debit", "amount": 50}, {"account": "1002", "side": "credit", "amount": 50}]'),
	pg_temp.enter('v7', '2026-02-03', '[{"account": "5602", "side": "debit", "amount": 7}, {"account": "1002", "side": "credit", "amount": 7}]'),
	-- Not of the profit of January: the cost of what is made, and what is taken back in the month.
	pg_temp.enter('v8', '2026-01-11', '[{"account": "4001", "side": "debit", "amount": 90}, {"account": "1002", "side": "credit", "amount": 90}]'),
	pg_temp.enter('v9', '2026-01-12', '[{"account": "5711.05", "side": "debit", "amount": 11}, {"account": "1002", "side": "credit", "amount": 11}]'),
	erp.reverse_document('PROFIT', '{"key": "v9 back", "reverses": "v9", "day": "2026-01-13"}');
\o
-- The same whether read from the tail or from what is folded.
CREATE TEMP TABLE expected (line text);
INSERT INTO expected VALUES ('debit 5001 700'), ('debit 5001 C1 {"DEPT": "N"} 1000'), ('debit 5001 C2 {"DEPT": "N", "PROJ": "P1"} 500'), ('debit 3103 220'),
	('credit 5601.04 {"DEPT": "S"} 200'), ('credit 5602 50'), ('credit 5603 -30'), ('credit 3103 2200');
BEGIN;
SELECT is(erp.close_month('PROFIT', 'tail', '{"period": "2026-01"}') ->> 'state', 'closed', 'January closes');
SELECT set_eq($$SELECT * FROM pg_temp.lines('close/2026-01/1/profit_transfer')$$, 'SELECT line FROM expected',
	'each account, party and set of dimensions is emptied on the other side, an expense that is a gain in red');
ROLLBACK;
\o /dev/null
SELECT erp.fold_balances('PROFIT');
\o
SELECT is((SELECT count(*) FROM erp_private.unfolded_line WHERE company_id = pg_temp.id()), 0::bigint, 'all is folded');
SELECT is(erp.close_month('PROFIT', 'january', '{"period": "2026-01"}') #>> '{state}', 'closed', 'January closes from what is folded');
SELECT set_eq($$SELECT * FROM pg_temp.lines('close/2026-01/1/profit_transfer')$$, 'SELECT line FROM expected', 'by the same voucher');
SELECT is((SELECT figures - 'lines' FROM erp.month_close_step_list WHERE company = 'PROFIT' AND step = 'profit_transfer'), '{"profit": 1980.0000, "account": "3103"}', 'profit 1980');
SELECT is((SELECT string_agg(account_code, ' ') FROM erp.trial_balance('PROFIT', '2026-01-31', '2026-01-31') t JOIN erp.account a ON a.company_id = pg_temp.id() AND a.code = t.account_code
	WHERE a.class IN ('revenue', 'expense') AND t.closing_debit + t.closing_credit <> 0), NULL, 'nothing stands on an account of profit');
SELECT is((SELECT count(*) FROM erp_private.balances_by_set(pg_temp.id(), '2026-01-31', ARRAY(SELECT account_id FROM erp.account WHERE company_id = pg_temp.id() AND class IN ('revenue', 'expense')))), 0::bigint,
	'nor of a party or set of dimensions');
SELECT is(pg_temp.balance('3103', '2026-01-31'), -1980::numeric, 'but on the profit of the year');
SELECT is(pg_temp.balance('4001', '2026-01-31'), 90::numeric, 'the cost of what is made stays');
SELECT is((SELECT d.kind || ' ' || d.day FROM erp.document d WHERE d.company_id = pg_temp.id() AND d.key = 'close/2026-01/1/profit_transfer'), 'profit_transfer 2026-01-31', 'a voucher of its kind, on the last day');

-- Reopened, corrected, closed again: what was posted is taken back, and the next round transfers all.
SELECT is(erp.reopen_month('PROFIT', 'reopen', '{"period": "2026-01", "reason": "a bill is missing"}') -> 'taken_back',
	'[{"document": "close/2026-01/1/profit_transfer", "reversal": "close/2026-01/1/profit_transfer/undone"}]', 'reopened, the transfer is taken back');
SELECT is(pg_temp.balance('3103', '2026-01-31') || ' ' || pg_temp.balance('5602', '2026-01-31') || ' ' || pg_temp.balance('5001', '2026-01-31'), '0 50 -2200', 'as it was');
\o /dev/null
SELECT pg_temp.enter('bill', '2026-01-30', '[{"account": "5602", "side": "debit", "amount": 80}, {"account": "1002", "side": "credit", "amount": 80}]');
SELECT erp.close_month('PROFIT', 'january again', '{"period": "2026-01"}');
\o
SELECT is(pg_temp.balance('3103', '2026-01-31'), -1900::numeric, 'with the bill 1900');
-- A month that is posted into between two calls of its close is transferred anew.
SELECT is(erp.close_month('PROFIT', 'feb 1', '{"period": "2026-02", "up_to": "profit_transfer"}') ->> 'state', 'under_way', 'February is transferred, and not closed yet');
SELECT is(pg_temp.balance('5602', '2026-02-28') || ' ' || pg_temp.balance('3103', '2026-02-28'), '0 -1893', 'its 7 are in the profit of the year');
\o /dev/null
SELECT pg_temp.enter('late', '2026-02-20', '[{"account": "5602", "side": "debit", "amount": 3}, {"account": "1002", "side": "credit", "amount": 3}]');
\o
SELECT is(erp.close_month('PROFIT', 'feb 2', '{"period": "2026-02"}') ->> 'round', '2', 'another bill comes: the next call begins the second round');
SELECT is(pg_temp.balance('5602', '2026-02-28') || ' ' || pg_temp.balance('3103', '2026-02-28'), '0 -1890', 'all 10 are transferred, once');
-- Of a year: nothing is transferred.
SELECT is(erp.close_month('PROFIT', 'mar', '{"period": "2026-03", "profit_transfer": "year"}') #> '{steps}' @> '[{"step": "profit_transfer", "figures": {"when": "year"}}]', true, 'a close may leave it to the year');
SELECT is((SELECT count(*) FROM erp.check_integrity() WHERE company = 'PROFIT'), 0::bigint, 'all integrity checks pass');
SELECT * FROM finish();
DROP SCHEMA trial CASCADE;
