\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- The close of a month posts what is due: schedules, recurring vouchers, reversals, allocations, transfers, each once; reopened, and closed again.
SELECT plan(17);
CREATE FUNCTION pg_temp.steps(p_answer jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', s ->> 'step', s ->> 'state', s ->> 'documents', s #>> '{figures,reversals}', s #>> '{findings,0,message}'), ', ' ORDER BY n) FROM jsonb_array_elements(p_answer -> 'steps') WITH ORDINALITY x (s, n)
	 WHERE s ->> 'step' IN ('scheduled_accounts', 'schedules', 'recurring', 'allocations', 'transfers')
$$;
CREATE FUNCTION pg_temp.balances(p_day date) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(account_code || ' ' || balance, ', ' ORDER BY account_code) FROM erp.balances_as_of('CG', p_day) WHERE balance <> 0
$$;
\o /dev/null
SELECT erp.create_company('CG', 'company', '{"name": "Closes", "currency": "GBP", "chart": "english"}'), erp.create_company('RV', 'company', '{"name": "Reviews", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year(c, 'y', '{"code": "2027", "first_day": "2027-01-01"}') FROM unnest('{CG,RV}'::text[]) c;
SELECT erp.put_dimensions('CG', 'dimensions', '[{"code": "department", "name": "Department", "values": [{"code": "A", "name": "A"}, {"code": "B", "name": "B"}]}]');
SELECT erp.post_document('CG', '{"key": "prepaid", "kind": "manual_voucher", "day": "2027-01-05", "lines": [{"account": "1300", "side": "debit", "amount": 100}, {"account": "1010", "side": "credit", "amount": 100}]}');
SELECT erp.put_schedules('CG', 'schedules', '[{"code": "S", "name": "Rent", "document": "prepaid", "line": 1, "to_account": "6200", "first_day": "2027-01-01", "months": 3}]'), erp.put_scheduled_accounts('CG', 'kept', '[{"account": "1300"}]');
SELECT erp.put_voucher_templates(c, 'templates', '[{"code": "ACC", "name": "Accrual", "reverses_on": "next_period", "lines": [{"account": "6500", "side": "debit", "amount": 50}, {"account": "2300", "side": "credit", "amount": 50}]}]'),
	erp.put_recurring_vouchers(c, 'recurring', '[{"code": "R", "name": "R", "template": "ACC", "every": "month", "day": 31, "first_day": "2027-01-01"}]') FROM unnest('{CG,RV}'::text[]) c;
SELECT erp.put_allocations('CG', 'allocations', '[{"code": "A", "name": "Rent", "order": 1, "source": {"accounts": ["6200"], "measure": "net"}, "targets": [{"dimensions": {"department": "A"}, "share": 1}, {"dimensions": {"department": "B"}, "share": 1}]}]');
SELECT erp.put_transfer_templates('CG', 'transfers', '[{"code": "T", "name": "Levy", "order": 1, "terms": {"cost": {"accounts": ["6200", "6500"], "measure": "net"}}, "entries": [{"account": "8000", "side": "debit", "formula": "cost / 10"}, {"account": "2400", "side": "credit", "formula": "cost / 10"}]}]');
SELECT erp.put_company('RV', 'review', '{"review_required": true}');
\o
-- 33.33 of rent, parted 16.67 and 16.66; 50 accrued; a tenth of 83.33.
SELECT is(regexp_replace(pg_temp.steps(erp.close_month('CG', 'c1', '{"period": "2027-01"}')), 'reversals/\d+', 'reversals/CALL'), 'scheduled_accounts done [], schedules done ["close/2027-01/1/schedules/1"], recurring done ["close/2027-01/1/recurring/2"] ["close/2027-01/1/reversals/CALL/3"], allocations done ["close/2027-01/1/allocations/4"], transfers done ["close/2027-01/1/transfers/5"]', 'the close posts what is due');
SELECT is((SELECT state FROM erp.month_close m JOIN erp.company c USING (company_id) WHERE c.code = 'CG'), 'closed', 'and closes');
SELECT is(pg_temp.balances('2027-01-31'), '1010 -100.00, 1300 66.67, 2300 -50.00, 2400 -8.33, 6200 33.33, 6500 50.00, 8000 8.33', 'the month');
SELECT is(pg_temp.balances('2027-02-01'), '1010 -100.00, 1300 66.67, 2400 -8.33, 6200 33.33, 8000 8.33', 'the accrual is gone on the first of the next');
SELECT is((SELECT string_agg(concat_ws(' ', origin, code, day, state, call_key), ', ' ORDER BY voucher_key COLLATE "C") FROM erp.generated_posting_list WHERE company = 'CG' AND origin <> 'reversal'),
	'allocation A 2027-01-31 posted c1, recurring R 2027-01-31 reversed as planned c1, schedule S 2027-01-31 posted c1, transfer T 2027-01-31 posted c1', 'in the name of the call');
SELECT is((SELECT string_agg(trim_scale(l.amount) || '', ' ' ORDER BY l.line_no) FROM erp.document d JOIN erp.company c USING (company_id) JOIN erp.voucher_line l ON l.voucher_id = d.document_id WHERE c.code = 'CG' AND d.key = 'close/2027-01/1/allocations/4'), '33.33 16.67 16.66', 'the allocation saw the schedule');
SELECT is(erp.close_month('CG', 'c2', '{"period": "2027-01"}') ->> 'state', 'closed', 'closing it twice');
SELECT is((SELECT count(*) FROM erp.generated_posting_list WHERE company = 'CG'), 5::bigint, 'does nothing twice');
-- Reopened: what the close posted is taken back, from the last to the first; the accrual was reversed already, and stands with its reversal.
\o /dev/null
SELECT erp.reopen_month('CG', 'o1', '{"period": "2027-01", "reason": "a bill"}');
\o
SELECT is(pg_temp.balances('2027-01-31'), '1010 -100.00, 1300 100.00, 2300 -50.00, 6500 50.00', 'reopened');
SELECT is((SELECT string_agg(concat_ws(' ', origin, state), ', ' ORDER BY voucher_key COLLATE "C") FROM erp.generated_posting_list WHERE company = 'CG' AND origin <> 'reversal'), 'allocation reversed, recurring reversed as planned, schedule reversed, transfer reversed', 'all of it is due again but the accrual');
SELECT is(erp.close_month('CG', 'c3', '{"period": "2027-01"}') ->> 'state', 'closed', 'closed again');
SELECT is(pg_temp.balances('2027-01-31'), '1010 -100.00, 1300 66.67, 2300 -50.00, 2400 -8.33, 6200 33.33, 6500 50.00, 8000 8.33', 'it is the same month');
SELECT is(pg_temp.balances('2027-02-01'), '1010 -100.00, 1300 66.67, 2400 -8.33, 6200 33.33, 8000 8.33', 'and the same day after');
-- Where reviews are required, the close waits for what needs one.
SELECT is(pg_temp.steps(erp.close_month('RV', 'c1', '{"period": "2027-01"}')), 'scheduled_accounts done [], schedules done [], recurring blocked [] recurring voucher "R" of 2027-01-31 is not posted, and needs a review, allocations waiting [], transfers waiting []', 'a blocker with its cure');
\o /dev/null
SELECT erp.post_recurring('RV', 'p', '{"through": "2027-01-31"}');
SELECT erp.review_draft('RV', 'r', '{"draft": "p/1"}'), erp.post_draft('RV', 'd', '{"draft": "p/1"}');
\o
SELECT is(erp.close_month('RV', 'c2', '{"period": "2027-01"}') ->> 'state', 'closed', 'once it is posted, the month closes');
SELECT is((SELECT string_agg(concat_ws(' ', origin, state), ', ' ORDER BY origin) FROM erp.generated_posting_list WHERE company = 'RV'), 'recurring reversed as planned, reversal posted', 'and the accrual reverses itself: that was reviewed with it');
SELECT is_empty($$SELECT * FROM erp.check_integrity()$$, 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
