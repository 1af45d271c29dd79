\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- What settling and unsettling post - discounts, write-offs, exchange differences - goes the way of drafts where the company asks for reviews, and no other.
SELECT plan(103);
\o /dev/null
CREATE SCHEMA trial;
CREATE ROLE trial_preparer IN ROLE erp_accountant;
CREATE ROLE trial_reviewer IN ROLE erp_reviewer;
CREATE ROLE trial_cashier IN ROLE erp_cashier;
CREATE ROLE trial_both IN ROLE erp_accountant, erp_reviewer;
CREATE ROLE trial_seller IN ROLE erp_sales;
CREATE SEQUENCE trial.call;
-- A call by a member of a role: the state it answers, or 'done', or the SQLSTATE of its refusal.
CREATE FUNCTION trial.call(p_role text, p_call text, p_request text, p_key text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text;
	answer jsonb;
	key text := COALESCE(p_key, 'call ' || nextval('trial.call'));
BEGIN
	PERFORM set_config('role', 'trial_' || p_role, true);
	EXECUTE format('SELECT erp.%I(''SD'', %L, %L)', p_call, key, p_request) INTO answer;
	PERFORM set_config('role', 'none', true);
	RETURN (SELECT string_agg(COALESCE(a.value ->> 'state', 'done'), ' ') FROM jsonb_array_elements(CASE jsonb_typeof(answer) WHEN 'array' THEN answer ELSE jsonb_build_array(answer) END) a);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN code;
END
$$;
CREATE FUNCTION trial.try(p_statement text, p_role text DEFAULT 'none') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text;
	result text;
BEGIN
	PERFORM set_config('role', p_role, true);
	EXECUTE p_statement INTO result;
	PERFORM set_config('role', 'none', true);
	RETURN COALESCE(result, 'null');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN code;
END
$$;
CREATE FUNCTION trial.draft(p_role text, p_document text, p_attachments integer DEFAULT 0) RETURNS text LANGUAGE sql AS $$
	SELECT trial.call(p_role, 'draft_voucher', jsonb_build_object('document', p_document::jsonb, 'attachments', p_attachments)::text)
$$;
CREATE FUNCTION trial.step(p_role text, p_step text, p_draft text, p_reason text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT trial.call(p_role, p_step || '_draft', jsonb_strip_nulls(jsonb_build_object('draft', p_draft, 'reason', p_reason))::text)
$$;
CREATE FUNCTION trial.settle(p_items text, p_day text DEFAULT '2026-01-20') RETURNS text LANGUAGE sql AS $$
	SELECT json_build_object('day', p_day, 'items', p_items::json)::text
$$;
CREATE FUNCTION trial.drafted(p_key text, p_items text, p_day text DEFAULT '2026-01-20') RETURNS text LANGUAGE sql AS $$
	SELECT json_build_object('key', p_key, 'settle', trial.settle(p_items, p_day)::json)::text
$$;
-- "state: next step by whom" of a draft.
CREATE FUNCTION trial.stands(p_draft text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', state || ':', next_step, next_by) FROM erp.draft_list WHERE company = 'SD' AND draft_key = p_draft
$$;
-- 'account debit credit' of the voucher of a draft.
CREATE FUNCTION trial.posted(p_draft text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', j.account_code, j.debit, j.credit), ', ' ORDER BY j.line_no) FROM erp.draft_list d JOIN erp.journal j USING (company, voucher_id) WHERE d.company = 'SD' AND d.draft_key = p_draft
$$;
-- 'debit credit amount' of what a call settled; what it posted itself has no name.
CREATE FUNCTION trial.settled(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', CASE WHEN debit_document_key NOT LIKE 'erp:%' THEN debit_document_key END, CASE WHEN credit_document_key NOT LIKE 'erp:%' THEN credit_document_key END, company_amount), ', ' ORDER BY settlement_id)
	FROM erp.settlement_list WHERE company = 'SD' AND call_key = p_key
$$;
CREATE FUNCTION trial.open(p_like text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', document_key, open_amount), ', ' ORDER BY document_key) FROM erp.open_items_by_party WHERE company = 'SD' AND document_key LIKE p_like
$$;
CREATE FUNCTION trial.owe(p_key text, p_amount numeric, p_rate numeric DEFAULT NULL, p_day text DEFAULT '2026-01-05') RETURNS void LANGUAGE sql AS $$
	SELECT erp.post_document('SD', json_strip_nulls(json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'currency', CASE WHEN p_rate IS NOT NULL THEN 'USD' END, 'rate', p_rate,
		'lines', json_build_array(json_build_object('account', '1100', 'party', 'C1', 'side', CASE WHEN p_amount > 0 THEN 'debit' ELSE 'credit' END, 'amount', abs(p_amount)),
			json_build_object('account', '1010', 'side', CASE WHEN p_amount > 0 THEN 'credit' ELSE 'debit' END, 'amount', abs(p_amount))))))
$$;
SELECT erp.create_company('SD', 'company', '{"name": "Settlements", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('SD', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_series('SD', 'numbers', '[{"code": "voucher", "target": "voucher", "scope": "month", "mode": "immediate"}]');
SELECT erp.put_parties('SD', 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}]');
SELECT erp.put_items('SD', 'items', '[{"code": "HOUR", "name": "Hour", "kind": "service"}]');
SELECT erp.put_company('SD', 'limit', '{"write_off_limit": "5"}');
-- A discount of 5, nothing, a rest of 2 to write off, 100 dollars that came in as 80 pounds and go out as 75; and more of them.
SELECT trial.owe('I1', 100), trial.owe('P1', -95), trial.owe('I2', 50), trial.owe('P2', -50), trial.owe('I3', 30), trial.owe('P3', -28), trial.owe('I4', 100, 0.8), trial.owe('P4', -100, 0.75),
	trial.owe('I5', 60), trial.owe('I6', 20), trial.owe('I7', 20), trial.owe('I8', 12), trial.owe('P8', -10), trial.owe('I9', 9), trial.owe('P9', -8);
\o

-- Where nothing is asked for, it can be drafted or not.
SELECT is(trial.draft('preparer', trial.drafted('S0', '[{"key": "I8", "write_off": true}, {"key": "P8"}]'), 1), 'drafted', 'a settlement with a write-off is drafted');
SELECT is(trial.stands('S0'), 'drafted: post erp_accountant', 'an accountant has to post it');
SELECT is((SELECT concat_ws(' ', document_kind, day, amount, attachments, moves_cash) FROM erp.draft_list WHERE company = 'SD' AND draft_key = 'S0'), 'settlement 2026-01-20 2.00 1 f', 'what is known of it: 12 - 10 is written off');
SELECT is(trial.open('_8'), 'I8 12.00, P8 -10.00', 'as a draft it settles nothing');
SELECT is(trial.step('preparer', 'post', 'S0'), 'posted', 'it is posted');
SELECT is(concat_ws(' ', trial.open('_8'), trial.posted('S0')), '1100 0.00 2.00, 6500 2.00 0.00', 'and settles');
SELECT is(trial.call('preparer', 'settle', trial.settle('[{"key": "I9", "discount": 1}, {"key": "P9"}]'), 'direct'), 'done', 'or it is posted directly');

SELECT is(erp.put_company('SD', 'rules', '{"review_required": true, "separate_reviewer": true, "cashier_signs": true}') ->> 'updated', '1', 'reviews, by another, and signatures');
-- Directly: nothing that posts a voucher, alone or among others.
SELECT is(trial.call('preparer', 'settle', trial.settle('[{"key": "I1", "discount": 5}, {"key": "P1"}]')), 'LE100', 'no discount');
SELECT is(trial.call('preparer', 'settle', trial.settle('[{"key": "I3", "write_off": true}, {"key": "P3"}]')), 'LE100', 'no write-off');
SELECT is(trial.call('preparer', 'settle', trial.settle('[{"key": "I4"}, {"key": "P4"}]')), 'LE100', 'no exchange difference');
SELECT is(trial.call('preparer', 'settle', '[' || trial.settle('[{"key": "I2"}, {"key": "P2"}]') || ',' || trial.settle('[{"key": "I3", "write_off": true}, {"key": "P3"}]') || ']'), 'LE100', 'nor with one that posts nothing');
SELECT is(trial.call('preparer', 'unsettle', '{"day": "2026-01-21", "key": "S0"}'), 'LE100', 'nor is one taken back');
SELECT is(trial.call('preparer', 'unsettle', '{"day": "2026-01-21", "key": "direct"}'), 'LE100', 'however it was posted');
SELECT is(trial.open('_2') || ', ' || trial.open('_3'), 'I2 50.00, P2 -50.00, I3 30.00, P3 -28.00', 'all is open as before');
SELECT is((erp.settle('SD', 'direct', trial.settle('[{"key": "I9", "discount": 1}, {"key": "P9"}]')::json) ->> 'voucher_id') IS NOT NULL, true, 'what was posted before has its first result');
-- What posts nothing needs no review: no account changes.
SELECT is(trial.try('SELECT erp.settle(''SD'', ''plain'', ''' || trial.settle('[{"key": "I2"}, {"key": "P2"}]') || ''') ->> ''voucher_id'''), 'null', 'what has no voucher is settled directly');
SELECT is(trial.settled('plain'), 'I2 P2 50.00', 'in full');
SELECT is(trial.try('SELECT erp.unsettle(''SD'', ''plain back'', ''{"day": "2026-01-21", "key": "plain"}'') ->> ''voucher_id'''), 'null', 'and so it is unsettled');
SELECT is(trial.open('_2'), 'I2 50.00, P2 -50.00', 'again open');

-- The life of one.
SELECT is(trial.draft('both', '{"key": "S1", "settle": {"day": "2026-01-20", "description": "Paid early", "items": [{"key": "I1", "discount": "5"}, {"key": "P1"}]}}', 2), 'drafted', 'a discount is drafted');
SELECT is(trial.stands('S1'), 'drafted: review erp_reviewer', 'a reviewer has to act');
SELECT is((SELECT concat_ws(' ', amount, attachments, prepared_by, description) FROM erp.draft_list WHERE company = 'SD' AND draft_key = 'S1'), '5.00 2 trial_both Paid early', 'who sees what it is');
SELECT results_eq($$SELECT line_no, settled_key, amount, discount, writes_off, currency FROM erp.draft_lines WHERE company = 'SD' AND draft_key = 'S1' ORDER BY line_no$$,
	$$VALUES (1, 'I1', NULL::numeric, 5.0, NULL::boolean, NULL), (2, 'P1', NULL, NULL, NULL, NULL)$$, 'and the items that it names');
SELECT is(trial.step('preparer', 'post', 'S1'), 'LE100', 'it is not posted before');
SELECT is(trial.step('both', 'review', 'S1'), 'LE101', 'nobody reviews an own draft');
SELECT is(trial.step('reviewer', 'return', 'S1', 'too much'), 'returned', 'it is sent back');
SELECT is(trial.step('preparer', 'post', 'S1'), 'LE070', 'and not posted');
SELECT is(trial.draft('preparer', '{"key": "S1", "settle": {"day": "2026-01-20", "description": "Paid early", "items": [{"key": "I1", "discount": "4"}, {"key": "P1"}]}}', 2), 'drafted', 'less is drafted');
SELECT is(trial.step('both', 'review', 'S1'), 'reviewed', 'and reviewed by another');
SELECT is(trial.stands('S1'), 'reviewed: post erp_accountant', 'no cash moves, so nobody signs');
SELECT is(trial.step('preparer', 'post', 'S1'), 'posted', 'it is posted');
SELECT is(trial.posted('S1'), '1100 0.00 4.00, 6150 4.00 0.00', 'the discount');
SELECT is(trial.settled('S1'), 'I1 P1 95.00, I1 4.00', 'and what it settles');
SELECT is(trial.open('_1'), 'I1 1.00', '100 - 95 - 4');
SELECT is((SELECT concat_ws(' ', d.kind, d.recorded_by, (SELECT voucher_number FROM erp.draft_list WHERE company = 'SD' AND draft_key = 'S1')) FROM erp.draft_history h JOIN erp.document d USING (document_id) WHERE h.company = 'SD' AND h.draft_key = 'S1'),
	'settlement trial_preparer 2026-01/18', 'the draft names its document: after 15 vouchers, one of S0 and one that was posted directly');
SELECT is((SELECT string_agg(concat_ws(' ', to_state, replace(happened_by, 'trial_', '')), ', ' ORDER BY event_no) FROM erp.draft_history WHERE company = 'SD' AND draft_key = 'S1'),
	'drafted both, returned reviewer, drafted preparer, reviewed both, posted preparer', 'all of its life');
-- Once: by draft, or as the call that it became.
SELECT is(trial.step('preparer', 'post', 'S1'), 'posted', 'posted again');
SELECT is((erp.settle('SD', 'S1', '{"day": "2026-01-20", "description": "Paid early", "items": [{"key": "I1", "discount": "4"}, {"key": "P1"}]}') ->> 'voucher_id')::bigint,
	(SELECT voucher_id FROM erp.draft_list WHERE company = 'SD' AND draft_key = 'S1'), 'or settled under its key, it is the first result');
SELECT is(trial.call('preparer', 'settle', trial.settle('[{"key": "I1"}, {"key": "P1"}]'), 'S1'), 'LE020', 'another request under its key is refused');
SELECT is(trial.draft('preparer', trial.drafted('S1', '[{"key": "I1"}, {"key": "P1"}]')), 'LE070', 'nor is it drafted again');
SELECT is(trial.settled('S1'), 'I1 P1 95.00, I1 4.00', 'it settled once');

-- What undoes it.
SELECT is(trial.draft('preparer', '{"key": "U1", "unsettle": {"day": "2026-01-22", "key": "S1"}}'), 'drafted', 'what undoes it is drafted');
SELECT is((SELECT concat_ws(' ', document_kind, day, amount) FROM erp.draft_list WHERE company = 'SD' AND draft_key = 'U1'), 'settlement 2026-01-22 -4.00', 'in red');
SELECT is(trial.step('preparer', 'post', 'U1'), 'LE100', 'it is not posted unreviewed');
SELECT is(trial.step('reviewer', 'review', 'U1') || ' ' || trial.step('preparer', 'post', 'U1'), 'reviewed posted', 'but then');
SELECT is(trial.posted('U1'), '1100 0.00 -4.00, 6150 -4.00 0.00', 'it takes the discount back');
SELECT is(trial.open('_1'), 'I1 100.00, P1 -95.00', 'and both are open');
SELECT is(trial.draft('preparer', '{"key": "U2", "unsettle": {"day": "2026-01-22", "key": "S1"}}'), 'LE094', 'once');

-- Exchange difference: 80 - 75 is a loss. A write-off within the limit.
SELECT is(trial.draft('preparer', trial.drafted('S4', '[{"key": "I4"}, {"key": "P4"}]')), 'drafted', 'an exchange difference is drafted');
SELECT is(trial.draft('preparer', trial.drafted('S3', '[{"key": "I3", "write_off": true}, {"key": "P3"}]')), 'drafted', 'and a write-off');
SELECT is(trial.call('reviewer', 'review_draft', '[{"draft": "S4"}, {"draft": "S3"}]'), 'reviewed reviewed', 'two are reviewed at once');
SELECT is(trial.call('preparer', 'post_draft', '[{"draft": "S4"}, {"draft": "S3"}]'), 'LE011', 'each is posted alone');
SELECT is(trial.step('preparer', 'post', 'S4') || ' ' || trial.step('preparer', 'post', 'S3'), 'posted posted', 'as they are now');
SELECT is(trial.posted('S4') || '; ' || trial.posted('S3'), '1100 0.00 5.00, 6400 5.00 0.00; 1100 0.00 2.00, 6500 2.00 0.00', 'a loss of 5, a rest of 2');

-- One that posts nothing may be drafted too.
SELECT is(trial.draft('preparer', trial.drafted('S2', '[{"key": "I2"}, {"key": "P2"}]', '2026-01-24')), 'drafted', 'what posts nothing is drafted');
SELECT is(trial.step('preparer', 'post', 'S2'), 'LE100', 'a draft is reviewed, whatever it posts');
SELECT is(trial.step('reviewer', 'review', 'S2') || ' ' || trial.step('preparer', 'post', 'S2'), 'reviewed posted', 'then it is posted');
SELECT is((SELECT concat_ws(' ', amount, COALESCE(voucher_id::text, 'no voucher'), document_id > 0) FROM erp.draft_list WHERE company = 'SD' AND draft_key = 'S2'), '0.00 no voucher t', 'without a voucher');
SELECT is(trial.settled('S2'), 'I2 P2 50.00', 'and settles');

-- What could not be posted is not saved.
SELECT is(trial.draft('preparer', d), c, d) FROM (VALUES ('{"key": "X", "settle": [{"day": "2026-01-20", "items": [{"key": "I1"}, {"key": "P1"}]}]}', 'LE011'),
	('{"key": "X", "settle": {"day": "2026-01-24", "items": [{"key": "I1"}, {"key": "P1"}]}, "day": "2026-01-20"}', 'LE011'),
	('{"key": "X", "settle": {"day": "2026-01-24", "items": [{"key": "I1"}, {"key": "P1"}]}, "unsettle": {"day": "2026-01-20", "key": "S4"}}', 'LE011'),
	('{"key": "erp:X", "settle": {"day": "2026-01-24", "items": [{"key": "I1"}, {"key": "P1"}]}}', 'LE011'), ('{"key": "X", "settle": {"day": "2026-01-24"}}', 'LE011'), ('{"key": "X", "settle": {"items": []}}', 'LE011'),
	('{"key": "X", "unsettle": {"day": "2026-01-20"}}', 'LE011'), ('{"key": "X", "unsettle": {"day": "2026-01-20", "key": "nothing"}}', 'LE012'), ('{"key": "X", "settle": {"day": "2027-01-20", "items": [{"key": "I1"}, {"key": "P1"}]}}', 'LE031'),
	('{"key": "X", "settle": {"day": "2026-01-24", "items": [{"key": "I3"}, {"key": "P3"}]}}', 'LE091'), ('{"key": "X", "settle": {"day": "2026-01-24", "items": [{"key": "I1", "write_off": true}, {"key": "P1", "amount": 9}]}}', 'LE093'),
	('{"key": "plain", "settle": {"day": "2026-01-24", "items": [{"key": "I1"}, {"key": "P1"}]}}', 'LE020')) v (d, c);
SELECT is_empty($$SELECT 1 FROM erp.draft_list WHERE company = 'SD' AND draft_key IN ('X', 'erp:X', 'plain')$$, 'none of these is there');
SELECT is(trial.draft('preparer', '{"key": "M", "kind": "manual_voucher", "day": "2026-01-20", "lines": [{"account": "1300", "side": "debit", "amount": 1}, {"account": "3000", "side": "credit", "amount": 1}]}')
	|| ' ' || trial.draft('preparer', trial.drafted('M', '[{"key": "I1"}, {"key": "P1"}]', '2026-01-24')) || ' ' || trial.step('preparer', 'withdraw', 'M', 'x'), 'drafted LE104 withdrawn', 'a voucher does not become a settlement');

-- The ways round: a payment is drafted with what it settles; a credit note is not, and posts no more than itself.
SELECT is(trial.draft('preparer', '{"key": "P5", "kind": "customer_payment", "day": "2026-01-23", "party": "C1", "lines": [{"amount": 57}], "settles": [{"key": "I5", "discount": "3"}]}'), 'drafted', 'a payment with a discount');
SELECT is(concat_ws(' ', trial.step('reviewer', 'review', 'P5'), trial.step('cashier', 'sign', 'P5'), trial.step('preparer', 'post', 'P5')), 'reviewed signed posted', 'goes its way');
SELECT is(trial.settled('P5'), 'I5 P5 57.00, I5 3.00', 'and settles, with the discount that was reviewed');
CREATE FUNCTION trial.note(p_key text, p_amount numeric, p_settles text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.try(format('SELECT (erp.post_document(''SD'', %L) ->> ''voucher_id'' IS NOT NULL)::text', json_build_object('key', p_key, 'kind', 'credit_note', 'day', '2026-01-23', 'party', 'C1',
		'lines', json_build_array(json_build_object('role', 'allowance', 'amount', p_amount)), 'settles', p_settles::json)))
$$;
SELECT is(trial.note('N6', 18, '[{"key": "I6", "write_off": true}]'), 'LE100', 'a credit note with a write-off is refused');
SELECT is(trial.note('N6', 18, '[{"key": "I6"}]'), 'true', 'without one it is not');
SELECT is(trial.note('N7', 18, '[{"key": "I7", "discount": 2}]'), 'LE100', 'nor with a discount');

-- Where a settlement moves cash, the cashier signs: here because a rule takes what is written off out of the till.
SELECT is(erp.put_posting_rules('SD', 'till', '[{"kind": "settlement", "line_role": "write_off", "amount_role": "amount", "condition": "debit", "side": "debit", "account": "1000"}]') ->> 'updated', '1', 'a rule takes write-offs from the till');
SELECT is(trial.draft('preparer', trial.drafted('S6', '[{"key": "I6", "write_off": true, "amount": 1}, {"key": "P1", "amount": 1}]', '2026-01-24')), 'drafted', 'a draft of one');
SELECT is(trial.step('reviewer', 'review', 'S6') || ' ' || trial.stands('S6') || ' ' || trial.step('preparer', 'post', 'S6'), 'reviewed reviewed: sign erp_cashier LE102', 'waits for the cashier');
SELECT is(trial.step('cashier', 'sign', 'S6') || ' ' || trial.step('preparer', 'post', 'S6') || ' ' || trial.posted('S6'), 'signed posted 1100 0.00 1.00, 1000 1.00 0.00', 'who signs');

-- Periods: a month with one does not close; a closed month does not take it, so it comes late.
SELECT is(trial.draft('preparer', trial.drafted('S7', '[{"key": "I7", "discount": 1}, {"key": "P1", "amount": 19}]', '2026-02-03')), 'drafted', 'a draft of February');
CREATE FUNCTION trial.close(p_key text) RETURNS text LANGUAGE sql AS $$SELECT trial.try(format('SELECT erp.set_period_state(''SD'', %L, ''{"period": "2026-02", "state": "closed"}'') ->> ''changed''', p_key))$$;
SELECT is(trial.close('c1'), 'LE105', 'keeps it open');
SELECT is(trial.step('preparer', 'withdraw', 'S7', 'too early') || ' ' || trial.close('c2'), 'withdrawn 4', 'until it is withdrawn');
SELECT is(trial.draft('preparer', trial.drafted('S8', '[{"key": "I7", "discount": 1}, {"key": "P1", "amount": 19}]', '2026-02-03')), 'drafted', 'a settlement of a closed month is drafted');
SELECT is(trial.step('reviewer', 'review', 'S8') || ' ' || trial.step('preparer', 'post', 'S8'), 'reviewed posted', 'reviewed and posted');
SELECT is((SELECT string_agg(DISTINCT j.day::text, ' ') FROM erp.draft_list d JOIN erp.journal j USING (company, voucher_id) WHERE d.company = 'SD' AND d.draft_key = 'S8'), '2026-03-01', 'and lands on the first open day');

-- By direct SQL.
SELECT is(trial.draft('preparer', trial.drafted('S9', '[{"key": "I1"}, {"key": "P1", "amount": 5}]', '2026-01-24')) || ' ' || trial.step('reviewer', 'review', 'S9'), 'drafted reviewed', 'one more');
SELECT is(trial.try($$UPDATE erp.draft SET state = 'posted' WHERE key = 'S9'$$), 'LE103', 'is posted when its settlement is in the books');
SELECT is(trial.try($$UPDATE erp.draft SET request = '{"key": "S9", "unsettle": {}}' WHERE key = 'S9'$$), 'LE104', 'and says what was reviewed');

-- A dry run writes nothing, so it asks for no review; who posts is asked for all the same.
CREATE FUNCTION trial.dry(p_request text, p_role text DEFAULT 'trial_preparer') RETURNS text LANGUAGE sql AS $$
	SELECT trial.try(format($f$SELECT string_agg(concat_ws(' ', d ->> 'kind', (SELECT string_agg(concat_ws(' ', v ->> 'account', v ->> 'side', trim_scale((v ->> 'company_amount')::numeric)), ', ') FROM jsonb_array_elements(NULLIF(d -> 'voucher', 'null')) v)), '; ')
		FROM jsonb_array_elements(erp.dry_run('SD', %L)) d$f$, p_request), p_role)
$$;
CREATE TEMP TABLE before AS SELECT (SELECT count(*) FROM erp.document) AS documents, (SELECT count(*) FROM erp.settlement) AS settlements, (SELECT count(*) FROM erp.assigned_number) AS numbers;
SELECT is(trial.dry('{"key": "D", "kind": "manual_voucher", "day": "2026-01-20", "lines": [{"account": "1300", "side": "debit", "amount": 1}, {"account": "3000", "side": "credit", "amount": 1}]}'), 'manual_voucher 1300 debit 1, 3000 credit 1', 'a voucher is tried');
SELECT is(trial.dry('{"key": "D", "reverses": "I7", "day": "2026-01-20"}'), 'LE095', 'a reversal of what is settled is refused as ever');
SELECT is(trial.dry('{"key": "D", "reverses": "P5", "day": "2026-01-23"}'), 'LE095', 'and so is one of a payment');
SELECT is(trial.dry(trial.drafted('D', '[{"key": "I1", "discount": 2}, {"key": "P1", "amount": 7}]', '2026-01-24')), 'settlement 1100 credit 2, 6150 debit 2', 'a settlement is tried');
SELECT is(trial.dry('{"key": "D", "unsettle": {"day": "2026-01-25", "key": "S4"}}'), 'settlement 1100 credit -5, 6400 debit -5', 'and what undoes one');
SELECT is(trial.dry('{"key": "D", "kind": "credit_note", "day": "2026-01-23", "party": "C1", "lines": [{"role": "allowance", "amount": 6}], "settles": [{"key": "I1", "discount": 2, "amount": 6}]}', 'trial_both'), 'LE003', 'who posts no credit notes tries none');
SELECT is(trial.dry('{"key": "D", "kind": "manual_voucher", "day": "2026-01-20", "lines": [{"account": "1300", "side": "debit", "amount": 1}, {"account": "3000", "side": "credit", "amount": 1}]}', 'trial_seller'), 'LE003', 'nor does a seller try vouchers');
SELECT is(trial.dry('1'), 'LE011', 'a dry run of nothing');
SELECT results_eq($$SELECT (SELECT count(*) FROM erp.document), (SELECT count(*) FROM erp.settlement), (SELECT count(*) FROM erp.assigned_number)$$, 'SELECT * FROM before', 'nothing of all that stays');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
