\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- Vouchers that are due every month, quarter or year, once for each day, and vouchers that reverse themselves.
SELECT plan(44);
CREATE FUNCTION pg_temp.call(p_call text, p_key text, p_request text, p_company text DEFAULT 'REC') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
	code text; message text; detail text;
BEGIN
	EXECUTE format('SELECT erp.%I(%L, $1, $2)', p_call, p_company) INTO answer USING p_key, p_request::json;
	IF answer ? 'posted' THEN
		RETURN (SELECT string_agg(concat_ws(' ', p.value ->> 'code', p.value ->> 'day', p.value ->> 'state'), ', ' ORDER BY p.n) FROM jsonb_array_elements(answer -> 'posted') WITH ORDINALITY p (value, n))
			|| COALESCE((SELECT ' / ' || string_agg(concat_ws(' ', p.value ->> 'reverses', p.value ->> 'day'), ', ' ORDER BY p.n) FROM jsonb_array_elements(answer -> 'reversals') WITH ORDINALITY p (value, n)), '');
	END IF;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, NULLIF(detail, ''));
END
$$;
CREATE FUNCTION pg_temp.due(p_through date) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', origin, code, day), ', ' ORDER BY day, origin, code) FROM erp.recurring_due('REC', p_through)
$$;
CREATE FUNCTION pg_temp.next(p_code text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', posted, last_posted, next_due) FROM erp.recurring_vouchers('REC') WHERE code = p_code
$$;
CREATE FUNCTION pg_temp.balance(p_account text, p_day date) RETURNS numeric LANGUAGE sql AS $$
	SELECT erp.account_balance('REC', p_account, p_day)
$$;
\o /dev/null
SELECT erp.create_company('REC', 'company', '{"name": "Recurring", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('REC', 'y', '{"code": "2028", "first_day": "2028-01-01"}');
SELECT erp.put_voucher_templates('REC', 't', '[{"code": "FEE", "name": "Fee {n}", "summary": "Fee of {month}", "parameters": [{"name": "fee", "default": 10}], "lines": [{"account": "6500", "side": "debit", "amount": "fee"}, {"account": "1010", "side": "credit", "amount": "fee"}]},
	{"code": "ACCRUAL", "name": "Accrual", "reverses_on": "next_period", "lines": [{"account": "6200", "side": "debit", "amount": 300}, {"account": "2300", "side": "credit", "amount": 300}]}]');
\o
SELECT is(pg_temp.call('put_recurring_vouchers', 'r1', '[{"code": "END", "name": "At the end", "template": "FEE", "every": "month", "day": 31, "first_day": "2028-01-10"}, {"code": "THIRTY", "name": "On the 30th", "template": "FEE", "every": "month", "day": 30, "first_day": "2028-01-31", "last_day": "2028-04-29", "values": {"fee": 5}},
	{"code": "QUARTER", "name": "Each quarter", "template": "FEE", "every": "quarter", "day": 15, "first_day": "2028-02-01", "values": {"fee": 0}}, {"code": "YEAR", "name": "Each year", "template": "FEE", "every": "year", "day": 29, "first_day": "2028-02-01", "values": {"fee": 100}, "active": false}]'),
	'{"updated": 0, "inserted": 4}', 'four rules');
-- The last of each month; the 30th from February on, whose last is the 29th in a leap year, until before the 30th of April; February and May by quarters.
SELECT is(pg_temp.due('2028-05-15'), 'recurring END 2028-01-31, recurring QUARTER 2028-02-15, recurring END 2028-02-29, recurring THIRTY 2028-02-29, recurring THIRTY 2028-03-30, recurring END 2028-03-31, recurring END 2028-04-30, recurring QUARTER 2028-05-15', 'what is due');
SELECT is((SELECT string_agg(d::text, ' ') FROM erp_private.due_days('2027-02-01', 'infinity', 'year', 29, '2029-12-31') d), '2027-02-28 2028-02-29 2029-02-28', 'a year ends its February');
SELECT is((SELECT string_agg(d::text, ' ') FROM erp_private.due_days('2028-01-31', 'infinity', 'month', 30, '2028-03-29') d), '2028-02-29', 'none before the first day');
SELECT is(pg_temp.next('END'), '0 2028-01-31', 'the next one');
SELECT is(pg_temp.next('THIRTY'), '0 2028-02-29', 'of another');
SELECT is(pg_temp.next('YEAR'), '0', 'none of one that is not active');
SELECT is(pg_temp.call('post_recurring', 'p1', '{"through": "2028-02-28"}'), 'END 2028-01-31', 'what is due is posted; what comes to zero is not');
SELECT is(pg_temp.call('post_recurring', 'p2', '{"through": "2028-02-28"}'), NULL, 'once');
SELECT is(pg_temp.call('post_recurring', 'p3', '{"through": "2028-03-30"}'), 'END 2028-02-29, THIRTY 2028-02-29, THIRTY 2028-03-30', 'what was missed is posted on its day');
SELECT is(pg_temp.next('END'), '2 2028-02-29 2028-03-31', 'it goes on');
SELECT is(pg_temp.balance('6500', '2028-02-29'), 25.00, '10 and 10 and 5');
SELECT is((SELECT v.summary FROM erp.document d JOIN erp.voucher v ON v.voucher_id = d.document_id WHERE d.key = 'p3/1'), 'Fee of 02', 'with the month in its summary');
-- Reversed by hand, it is due again.
\o /dev/null
SELECT erp.reverse_document('REC', '{"key": "undo", "reverses": "p1/1"}');
\o
SELECT is(pg_temp.due('2028-02-01'), 'recurring END 2028-01-31', 'it is due again');
SELECT is(pg_temp.call('post_recurring', 'p4', '{"through": "2028-01-31"}'), 'END 2028-01-31', 'and posted again');
SELECT is((SELECT string_agg(concat_ws(' ', attempt, state), ', ' ORDER BY attempt) FROM erp.generated_posting_list WHERE company = 'REC' AND code = 'END' AND day = '2028-01-31'), '1 reversed, 2 posted', 'as a second attempt');
-- What is refused.
SELECT is(pg_temp.call('put_recurring_vouchers', 'x', '[{"code": "X", "name": "X", "template": "FEE", "every": "month", "day": 32, "first_day": "2028-01-01"}]'), 'LE011 | it is due on a day of the month from 1 to 31 | At $[0].day, value "32".', 'days');
SELECT is(pg_temp.call('put_recurring_vouchers', 'x', '[{"code": "X", "name": "X", "template": "FEE", "every": "month", "day": 3, "first_day": "2028-01-02", "last_day": "2028-01-01"}]'), 'LE011 | the last day comes before the first | At $[0].last_day, value "2028-01-01".', 'ends');
SELECT is(pg_temp.call('put_recurring_vouchers', 'x', '[{"code": "X", "name": "X", "template": "NONE", "every": "month", "day": 3, "first_day": "2028-01-02"}]'), 'LE012 | there is no template "NONE" | At $[0].template, value "NONE".', 'templates');
SELECT is(pg_temp.call('put_recurring_vouchers', 'x', '[{"code": "X", "name": "X", "template": "FEE", "every": "month", "day": 3, "first_day": "2028-01-02", "values": {"f": 1}}]'), 'LE011 | there is no parameter "f" | At $[0].values.f, value "1".', 'values');
SELECT is(pg_temp.call('post_recurring', 'x', '{}'), 'LE011 | field "through" is missing | At $.through.', 'a day is given');
-- Another day of the month: what was posted for a month stands for it.
SELECT is(pg_temp.call('put_recurring_vouchers', 'r3', '[{"code": "END", "name": "On the 15th", "template": "FEE", "every": "month", "day": 15, "first_day": "2028-01-10"}]'), '{"updated": 1, "inserted": 0}', 'another day');
SELECT is(pg_temp.next('END'), '2 2028-02-29 2028-03-15', 'is that of the months after');
SELECT is(pg_temp.call('put_recurring_vouchers', 'r4', '[{"code": "END", "name": "At the end", "template": "FEE", "every": "month", "day": 31, "first_day": "2028-01-10"}]'), '{"updated": 1, "inserted": 0}', 'and back');
-- An accrual of the last of January is in the books on that day, and gone from the first of February on.
SELECT is(pg_temp.call('put_recurring_vouchers', 'r2', '[{"code": "ACC", "name": "Accrual", "template": "ACCRUAL", "every": "month", "day": 31, "first_day": "2028-06-01"}]'), '{"updated": 0, "inserted": 1}', 'accruals');
SELECT is(pg_temp.call('post_recurring', 'p5', '{"through": "2028-06-30"}'), 'END 2028-03-31, END 2028-04-30, END 2028-05-31, ACC 2028-06-30, END 2028-06-30', 'an accrual');
SELECT is(pg_temp.balance('2300', '2028-07-01'), -300.00, 'stands');
SELECT is((SELECT string_agg(concat_ws(' ', origin, code, day), ', ') FROM erp.recurring_due('REC', '2028-07-01') WHERE code <> 'QUARTER'), 'reversal p5/4 2028-07-01', 'until its reversal is due');
\o /dev/null
SELECT erp.set_period_state('REC', 'close', '{"period": "2028-07", "modules": ["general"], "state": "closed", "reason": "closed"}');
\o
SELECT is((SELECT jsonb_path_query_array(erp.post_recurring('REC', 'p6', '{"through": "2028-07-01"}'), '$.reversals[*].reverses')::text), '["p5/4"]', 'it reverses itself');
SELECT is((SELECT concat_ws(' ', d.day, d.posting_day, r.key) FROM erp.document d JOIN erp.document r ON r.document_id = d.reverses_document_id WHERE d.key = 'p6/1'), '2028-07-01 2028-08-01 p5/4', 'on the first open day, linked as the reversal');
SELECT is(ARRAY[pg_temp.balance('2300', '2028-07-31'), pg_temp.balance('2300', '2028-08-01'), pg_temp.balance('6200', '2028-08-01')], ARRAY[-300.00, 0.00, 0.00], 'the balances say so');
SELECT is((SELECT string_agg(concat_ws(' ', origin, state), ', ' ORDER BY origin) FROM erp.generated_posting_list WHERE company = 'REC' AND (voucher_key = 'p5/4' OR code = 'p5/4')), 'recurring reversed as planned, reversal posted', 'which is no undoing');
SELECT is((SELECT string_agg(concat_ws(' ', code, day), ', ') FROM erp.recurring_due('REC', '2028-07-30') WHERE code <> 'QUARTER'), NULL, 'so that it is not due again');
SELECT is((SELECT concat_ws(' ', voucher_key, voucher_day, reverses_on, reversed_by, reversed_on) FROM erp.planned_reversal_list WHERE company = 'REC'), 'p5/4 2028-06-30 next_period p6/1 2028-08-01', 'the list says so');
-- Any voucher can be planned to reverse itself, on a day.
\o /dev/null
SELECT erp.post_document('REC', '{"key": "hand", "kind": "manual_voucher", "day": "2028-09-10", "lines": [{"account": "6200", "side": "debit", "amount": 80}, {"account": "2300", "side": "credit", "amount": 80}]}');
\o
SELECT is(pg_temp.call('plan_reversals', 'x', '[{"document": "hand", "on": "2028-09-09"}]'), 'LE011 | a voucher reverses itself in the next period or on a day that is not before its own | At $.reverses_on, value "2028-09-09".', 'not before');
SELECT is(pg_temp.call('plan_reversals', 'x', '[{"document": "none", "on": "next_period"}]'), 'LE012 | there is no voucher "none" | At $[0].document, value "none".', 'of what is there');
SELECT is(pg_temp.call('plan_reversals', 'v1', '[{"document": "hand", "on": "2028-09-12"}]'), '{"planned": 1}', 'planned');
SELECT is((SELECT string_agg(concat_ws(' ', code, day), ', ') FROM erp.recurring_due('REC', '2028-09-12') WHERE origin = 'reversal'), 'hand 2028-09-12', 'it is due');
SELECT is(pg_temp.call('plan_reversals', 'v2', '[{"document": "hand", "on": ""}]'), '{"planned": 1}', 'no more');
SELECT is((SELECT string_agg(concat_ws(' ', code, day), ', ') FROM erp.recurring_due('REC', '2028-09-12') WHERE origin = 'reversal'), NULL, 'it is not');
SELECT is(pg_temp.call('plan_reversals', 'v3', '[{"document": "hand", "on": "next_period"}]'), '{"planned": 1}', 'again');
SELECT is(pg_temp.call('post_recurring', 'p7', '{"through": "2028-10-01", "late": true}'), 'ACC 2028-07-31, END 2028-07-31, ACC 2028-08-31, END 2028-08-31, ACC 2028-09-30, END 2028-09-30 / p7/1 2028-09-01, p7/3 2028-09-01, hand 2028-10-01, p7/5 2028-10-01', 'what is due in a closed month lands on the first open day');
SELECT is((SELECT string_agg(concat_ws(' ', day, posting_day), ', ') FROM erp.document WHERE company_id = (SELECT company_id FROM erp.company WHERE code = 'REC') AND key LIKE 'p7/%' AND day <> posting_day), '2028-07-31 2028-08-01, 2028-07-31 2028-08-01', 'if that is asked for');
SELECT is_empty($$SELECT * FROM erp.check_integrity()$$, 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
