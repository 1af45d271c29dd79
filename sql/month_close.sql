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
-- The close of a month: a checklist that can be gone through step by step, that says what it did, and does nothing twice.
SELECT plan(31);
\o /dev/null
SELECT erp.create_company('MC', 'c', '{"name": "Close", "currency": "USD", "chart": "english"}');
SELECT erp.create_fiscal_year('MC', 'y', '{"code": "2026", "first_day": "2026-01-01"}');
CREATE FUNCTION pg_temp.enter(p_key text, p_day date, p_debit text, p_credit text, p_amount numeric) RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.post_document('MC', json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'lines', json_build_array(
		json_build_object('account', p_debit, 'side', 'debit', 'amount', p_amount), json_build_object('account', p_credit, 'side', 'credit', 'amount', p_amount)))) IS NOT NULL
$$;
CREATE FUNCTION pg_temp.close(p_key text, p_request jsonb) RETURNS jsonb LANGUAGE sql AS $$SELECT erp.close_month('MC', p_key, p_request::json)$$;
-- State of the close, then its steps that are not done.
CREATE FUNCTION pg_temp.short(p_answer jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', p_answer ->> 'state', (SELECT string_agg(s.value ->> 'step' || '=' || (s.value ->> 'state'), ' ' ORDER BY s.n)
		FROM jsonb_array_elements(p_answer -> 'steps') WITH ORDINALITY s (value, n) WHERE s.value ->> 'state' <> 'done'))
$$;
CREATE FUNCTION pg_temp.state(p_period text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(DISTINCT l.state, ' ') FROM erp.period_lock l JOIN erp.period p USING (company_id, period_id) JOIN erp.company c USING (company_id) WHERE c.code = 'MC' AND p.code = p_period
$$;
SELECT pg_temp.enter('capital', '2026-01-02', '1010', '3000', 1000), pg_temp.enter('sold', '2026-01-20', '1010', '4100', 300), pg_temp.enter('rent', '2026-01-25', '6200', '1010', 120);
\o
SELECT is(pg_temp.close('february', '{"period": "2026-02"}') ->> 'state', 'blocked', 'a month is not closed before the one before it');
SELECT is((SELECT concat_ws(' | ', severity, message, cure) FROM erp.month_close_finding_list WHERE company = 'MC' AND period = '2026-02' AND step = 'previous_month'),
	'blocker | Month 2026-01 before it is not closed. | SELECT erp.close_month(''MC'', ''<key>'', ''{"period": "2026-01"}'')', 'it says which, and the call that cures it');
SELECT is((SELECT state || ' ' || next_step FROM erp.month_close_list WHERE company = 'MC' AND period = '2026-02'), 'blocked previous_month', 'so does the list of closes');

-- A dry run changes nothing.
SELECT is(pg_temp.short(pg_temp.close('dry', '{"period": "2026-01", "dry_run": true}')), 'closed', 'a dry run says that January would be closed');
SELECT is((SELECT count(*) FROM erp.month_close_list WHERE company = 'MC' AND period = '2026-01') || pg_temp.state('2026-01'), '0open', 'and it is not');

-- Step by step, then to one of them, then the rest.
SELECT is(pg_temp.close('s1', '{"period": "2026-01", "max_steps": 1}') ->> 'state', 'under_way', 'one step');
SELECT is((SELECT done_steps || ' ' || state FROM erp.month_close_list WHERE company = 'MC' AND period = '2026-01'), '1 under_way', 'one is done');
SELECT is(pg_temp.short(pg_temp.close('s2', '{"period": "2026-01", "up_to": "numbers"}')) LIKE 'under_way%lock=waiting', true, 'up to the numbers: the lock waits');
SELECT is((SELECT string_agg(number::text, ' ' ORDER BY number) FROM erp.assigned_number n JOIN erp.company c USING (company_id) WHERE c.code = 'MC'), '1 2 3', 'the three vouchers have their numbers');
SELECT is(pg_temp.state('2026-01'), 'open', 'the month is open yet');
SELECT is(pg_temp.short(pg_temp.close('s3', '{"period": "2026-01"}')), 'closed', 'the rest');
SELECT is(pg_temp.state('2026-01'), 'closed', 'all modules are closed');
SELECT is((SELECT string_agg(DISTINCT attempts::text, ' ') FROM erp.month_close_step_list WHERE company = 'MC' AND period = '2026-01'), '1', 'no step was done twice');
SELECT is(pg_temp.close('s3', '{"period": "2026-01"}') ->> 'state', 'closed', 'the same key has the same result');
SELECT is((pg_temp.close('s4', '{"period": "2026-01"}') ->> 'message'), 'The month is closed already; nothing was done.', 'another key does nothing');
SELECT is((SELECT count(*) FROM erp.verify_chain('MC')), 0::bigint, 'the chain holds, and says that the month is closed');

-- Reopening.
SELECT is(trial.refused($$SELECT erp.reopen_month('MC', 'r0', '{"period": "2026-03", "reason": "why"}')$$), 'LE301', 'what is not closed is not reopened');
SELECT is(trial.refused($$SELECT erp.reopen_month('MC', 'r0', '{"period": "2026-01"}')$$), 'LE011', 'nor without a reason');
SELECT is(pg_temp.short(pg_temp.close('february again', '{"period": "2026-02"}')), 'closed', 'February closes now');
SELECT is(trial.refused($$SELECT erp.reopen_month('MC', 'r0', '{"period": "2026-01", "reason": "why"}')$$), 'LE300', 'January is not the last closed month');
SELECT is(erp.reopen_month('MC', 'r1', '{"period": "2026-02", "reason": "a bill came"}') ->> 'state', 'open', 'February is');
SELECT is(erp.reopen_month('MC', 'r2', '{"period": "2026-01", "reason": "another"}') ->> 'state', 'open', 'then January');
SELECT is(pg_temp.state('2026-01') || ' ' || pg_temp.state('2026-02'), 'open open', 'both are open');
SELECT is((SELECT string_agg(e.from_state || '>' || e.to_state || CASE WHEN e.to_state = 'reopened' THEN ' (' || e.reason || ')' ELSE '' END, ' ' ORDER BY e.event_no)
	FROM erp.state_event e JOIN erp.month_close_list m ON m.month_close_id = e.subject_id WHERE e.kind = 'month_close' AND m.company = 'MC' AND m.period = '2026-01'),
	'>under_way under_way>closed closed>reopened (another)', 'the history says when and why');
SELECT is(pg_temp.short(pg_temp.close('again', '{"period": "2026-01", "note": "second time"}')), 'closed', 'closed again');
SELECT is((SELECT string_agg(round || ' ' || state, ', ' ORDER BY round) FROM erp.month_close_list WHERE company = 'MC' AND period = '2026-01'), '1 reopened, 2 closed', 'in its second round');

-- Refused requests.
SELECT is(trial.refused($$SELECT erp.close_month('MC', 'x', '{"period": "2031-01"}')$$), 'LE012', 'an unknown month');
SELECT is(trial.refused($$SELECT erp.close_month('MC', 'x', '{"period": "2026-02", "max_steps": 0}')$$), 'LE011', 'no steps');
SELECT is(trial.refused($$SELECT erp.close_month('MC', 'x', '{"period": "2026-02", "up_to": "tea"}')$$), 'LE012', 'an unknown step');
SELECT is(trial.refused($$SELECT erp.close_month('MC', 'x', '{"period": "2026-02", "profit_transfer": "day"}')$$), 'LE011', 'no such time of transfer');

SELECT is((SELECT count(*) FROM erp.check_integrity()), 0::bigint, 'all integrity checks pass');
SELECT * FROM finish();
ROLLBACK;
