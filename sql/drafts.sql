\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- The life of a draft: who may take which step, what each company asks for, what it leaves behind.
SELECT plan(184);
\o /dev/null
CREATE SCHEMA trial;
CREATE ROLE trial_preparer IN ROLE erp_accountant;
CREATE ROLE trial_reviewer IN ROLE erp_reviewer;
CREATE ROLE trial_cashier IN ROLE erp_cashier;
CREATE ROLE trial_both IN ROLE erp_accountant, erp_reviewer;
CREATE ROLE trial_reader IN ROLE erp_read;
CREATE SEQUENCE trial.call;
-- A call by a member of a role: the state it answers (of many, all of them), or the SQLSTATE of its refusal.
CREATE FUNCTION trial.call(p_role text, p_call text, p_request text, p_key text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text;
	answer jsonb;
	key text := COALESCE(p_key, 'call ' || nextval('trial.call'));
BEGIN
	PERFORM set_config('role', 'trial_' || p_role, true);
	EXECUTE format('SELECT erp.%I(''DR'', %L, %L)', p_call, key, p_request) INTO answer;
	PERFORM set_config('role', 'none', true);
	RETURN (SELECT string_agg(a.value ->> 'state', ' ') FROM jsonb_array_elements(CASE jsonb_typeof(answer) WHEN 'array' THEN answer ELSE jsonb_build_array(answer) END) a);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN code;
END
$$;
-- The SQLSTATE of a statement as superuser or another role, else 'accepted'; undone.
CREATE FUNCTION trial.attack(p_statement text, p_role text DEFAULT 'none', p_replica boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE code text;
BEGIN
	IF p_replica THEN
		SET LOCAL session_replication_role = replica;
	END IF;
	PERFORM set_config('role', p_role, true);
	EXECUTE p_statement;
	RAISE EXCEPTION 'accepted' USING ERRCODE = 'XX999';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN CASE code WHEN 'XX999' THEN 'accepted' ELSE code END;
END
$$;
-- A voucher: an expense and what pays it.
CREATE FUNCTION trial.voucher(p_key text, p_amount numeric, p_paid_by text DEFAULT '1010', p_day text DEFAULT '2026-01-05', p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'lines', jsonb_build_array(
		jsonb_build_object('account', '6200', 'side', 'debit', 'amount', p_amount),
		jsonb_build_object('account', p_paid_by, 'side', 'credit', 'amount', p_amount))) || p_more
$$;
CREATE FUNCTION trial.draft(p_role text, p_document jsonb, p_attachments integer DEFAULT 0, p_key text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT trial.call(p_role, 'draft_voucher', jsonb_build_object('document', p_document, 'attachments', p_attachments)::text, p_key)
$$;
CREATE FUNCTION trial.step(p_role text, p_step text, p_draft text, p_reason text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT trial.call(p_role, p_step || '_draft', jsonb_strip_nulls(jsonb_build_object('draft', p_draft, 'reason', p_reason))::text)
$$;
-- "state: next step by whom" of a draft.
CREATE FUNCTION trial.stands(p_draft text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', state || ':', next_step, next_by) FROM erp.draft_list WHERE company = 'DR' AND draft_key = p_draft
$$;
CREATE FUNCTION trial.number(p_draft text) RETURNS text LANGUAGE sql AS $$
	SELECT voucher_number FROM erp.draft_list WHERE company = 'DR' AND draft_key = p_draft
$$;
CREATE FUNCTION trial.history(p_draft text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', to_state, 'by', replace(happened_by, 'trial_', ''), NULLIF(reason, '')), ', ' ORDER BY event_no) FROM erp.draft_history WHERE company = 'DR' AND draft_key = p_draft
$$;
SELECT erp.create_company('DR', 'company', '{"name": "Drafts", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('DR', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_series('DR', 'numbers', '[{"code": "voucher", "target": "voucher", "scope": "month", "mode": "immediate"}]');
SELECT erp.put_parties('DR', 'parties', '[{"code": "SHOP", "name": "Shop", "roles": ["customer"]}]');
SELECT erp.put_items('DR', 'items', '[{"code": "HOUR", "name": "Hour of work", "kind": "service"}]');
\o

-- A company that asks for nothing. A draft is no fact.
SELECT is(trial.draft('preparer', trial.voucher('V1', 40), 2, 'd1'), 'drafted', 'a draft is saved');
SELECT is(trial.stands('V1'), 'drafted: post erp_accountant', 'an accountant has to post it');
SELECT is((SELECT concat_ws(' ', document_kind, day, amount, attachments, moves_cash, prepared_by, reviewed_by, voucher_id) FROM erp.draft_list WHERE company = 'DR'),
	'manual_voucher 2026-01-05 40.00 2 t trial_preparer', 'what is known of it');
SELECT results_eq($$SELECT line_no, account_code, side, amount, currency FROM erp.draft_lines WHERE company = 'DR' ORDER BY line_no$$,
	$$VALUES (1, '6200', 'debit', 40.0, 'GBP'), (2, '1010', 'credit', 40.0, 'GBP')$$, 'its lines are read');
SELECT is_empty($$SELECT 1 FROM erp.journal WHERE company = 'DR'$$, 'nothing is in the journal');
SELECT is_empty($$SELECT 1 FROM erp.assigned_number JOIN erp.company USING (company_id) WHERE code = 'DR'$$, 'no number is taken');
SELECT is(trial.draft('preparer', trial.voucher('V1', 40), 2, 'd1'), 'drafted', 'the same request again is the first one');
SELECT is(trial.draft('preparer', trial.voucher('V1', 41), 2, 'd1'), 'LE020', 'another one under its key is refused');
SELECT is(trial.history('V1'), 'drafted by preparer', 'and neither left a trace');
SELECT is(trial.draft('both', trial.voucher('V1', 45), 3), 'drafted', 'it may say something else');
SELECT is(trial.history('V1'), 'drafted by preparer, drafted by both', 'which is recorded');
SELECT is((SELECT string_agg(concat_ws(' ', attachments, request #>> '{lines,0,amount}'), ', ' ORDER BY event_no) FROM erp.draft_history WHERE company = 'DR'),
	'2 40, 3 45', 'with what it said before');
SELECT is((SELECT concat_ws(' ', amount, attachments, prepared_by) FROM erp.draft_list WHERE company = 'DR'), '45.00 3 trial_both', 'and who prepared it last');
SELECT is(trial.draft('both', trial.voucher('V1', 45), 3), 'drafted', 'saying the same again');
SELECT is(trial.history('V1'), 'drafted by preparer, drafted by both', 'is no step');

-- What could not be posted is not saved.
SELECT is(trial.draft('preparer', jsonb_set(trial.voucher('X', 40), '{lines,1,amount}', '41')), 'LE040', 'a voucher that does not balance');
SELECT is(trial.draft('preparer', trial.voucher('X', 40, '9999')), 'LE012', 'an account that there is not');
SELECT is(trial.draft('preparer', trial.voucher('X', 40, '1200')), 'LE042', 'an account that a subledger keeps');
SELECT is(trial.draft('preparer', trial.voucher('X', 40, '1010', '2027-01-05')), 'LE031', 'a day without a period');
SELECT is(trial.draft('preparer', trial.voucher('X', 40, '1010', '2026-02-30')), 'LE011', 'a day that there is not');
SELECT is(trial.draft('preparer', trial.voucher('X', 40, p_more => '{"colour": "red"}')), 'LE011', 'a field that there is not');
SELECT is(trial.draft('preparer', trial.voucher('X', 40), a), 'LE011', a || ' attachments') FROM unnest(ARRAY[-1, 10000]) a;
SELECT is(trial.call('preparer', 'draft_voucher', r), 'LE011', 'as request: ' || r) FROM unnest(ARRAY['{}', '{"document": 1}', '{"document": {"kind": "manual_voucher"}}', '[1]', '1',
	'{"document": {"key": ""}}', '{"document": {"key": 1}}', '{"draft": "V1"}']) r;
SELECT is(trial.call('preparer', 'draft_voucher', jsonb_build_array(jsonb_build_object('document', trial.voucher('X', 1)), jsonb_build_object('document', trial.voucher('X', 1)))::text),
	'LE011', 'one draft twice in a call');
SELECT is(trial.draft('preparer', '{"key": "X", "kind": "sales_invoice", "day": "2026-01-05", "party": "SHOP", "lines": [{"item": "HOUR", "quantity": 1, "price": 9}]}'), 'LE070', 'a kind that has no drafts');
SELECT is(trial.draft('preparer', trial.voucher('d1', 40)), 'LE020', 'the key of something else');
SELECT is((SELECT count(*) FROM erp.draft_list WHERE company = 'DR'), 1::bigint, 'none of these is there');

-- Who may call what. Groups of people are told apart by the roles that they hold.
SELECT is(trial.draft(r, trial.voucher('X', 1)), '42501', r || ' does not draft') FROM unnest('{reader,reviewer,cashier}'::text[]) r;
SELECT is(trial.step(r, 'review', 'V1'), '42501', r || ' does not review') FROM unnest('{reader,preparer,cashier}'::text[]) r;
SELECT is(trial.step(r, 'sign', 'V1'), '42501', r || ' does not sign') FROM unnest('{reader,preparer,reviewer}'::text[]) r;
SELECT is(trial.step(r, 'post', 'V1'), '42501', r || ' does not post') FROM unnest('{reader,reviewer,cashier}'::text[]) r;
SELECT is(trial.step(r, 'withdraw', 'V1', 'x'), '42501', r || ' does not withdraw') FROM unnest('{reader,reviewer,cashier}'::text[]) r;
SELECT is(trial.step('cashier', 'return', 'V1', 'x'), 'LE070', 'the cashier does not send back what is not reviewed');
SELECT is(trial.step('reviewer', 'review', 'nothing'), 'LE012', 'a draft that there is not');
SELECT is(trial.call('reviewer', 'review_draft', r), 'LE011', 'as request: ' || r) FROM unnest(ARRAY['{}', '{"draft": 1}', '{"draft": "V1", "reason": "x"}', '[{"draft": "V1"}, {"draft": "V1"}]']) r;

-- Posted: the first number of January. A discarded draft leaves no gap.
SELECT is(trial.draft('preparer', trial.voucher('V2', 7)), 'drafted', 'another draft');
SELECT is(trial.step('preparer', 'withdraw', 'V2', ' '), 'LE011', 'is not withdrawn without a reason');
SELECT is(trial.step('preparer', 'withdraw', 'V2', 'entered twice'), 'withdrawn', 'but with one');
SELECT is(trial.step('preparer', 'withdraw', 'V2', 'entered twice'), 'LE070', 'once');
SELECT is(trial.step('preparer', 'post', 'V1'), 'posted', 'the first is posted');
SELECT is(trial.draft('preparer', trial.voucher('V3', 8)), 'drafted', 'a third');
SELECT is(trial.step('preparer', 'post', 'V3'), 'posted', 'is posted');
SELECT is(trial.number('V1') || ' ' || trial.number('V3'), '2026-01/1 2026-01/2', 'their numbers follow each other');
SELECT results_eq($$SELECT account_code, debit, credit, document_kind, recorded_by FROM erp.journal WHERE company = 'DR' AND document_key = 'V1' ORDER BY line_no$$,
	$$VALUES ('6200', 45.00, 0.00, 'manual_voucher', 'trial_preparer'::name), ('1010', 0.00, 45.00, 'manual_voucher', 'trial_preparer')$$, 'what was drafted is in the journal');
SELECT is((SELECT count(*) FROM erp.draft_history h JOIN erp.document d USING (document_id) JOIN erp.draft_list l ON l.draft_key = h.draft_key AND l.document_id = d.document_id
	WHERE h.company = 'DR' AND l.company = 'DR' AND h.to_state = 'posted' AND d.key = h.draft_key), 2::bigint, 'each names its document');
SELECT is((SELECT erp.post_draft('DR', 'again', '{"draft": "V1"}') ->> 'voucher_id'), (SELECT voucher_id::text FROM erp.draft_list WHERE company = 'DR' AND draft_key = 'V1'), 'posted twice, it is one voucher');
SELECT is((SELECT count(*) FROM erp.voucher JOIN erp.company USING (company_id) WHERE code = 'DR'), 2::bigint, 'there are two in all');
SELECT is(trial.history('V1'), 'drafted by preparer, drafted by both, posted by preparer', 'and one step to it');
SELECT is(trial.draft('preparer', trial.voucher(k, 9)), 'LE070', k || ' is not drafted again') FROM unnest('{V1,V2}'::text[]) k;
SELECT is(trial.step('preparer', 'post', 'V2'), 'LE070', 'what is withdrawn is not posted');
SELECT is(trial.step('preparer', 'withdraw', 'V1', 'x'), 'LE070', 'what is posted is not withdrawn');
SELECT is(trial.stands('V1') || ' ' || trial.stands('V2'), 'posted: withdrawn:', 'nobody has to do anything');
SELECT is((SELECT reason FROM erp.draft_list WHERE company = 'DR' AND draft_key = 'V2'), 'entered twice', 'the reason stays');

-- A company that asks for all there is.
SELECT is(trial.attack($$SELECT erp.put_company('DR', 'rules', '{"cashier_signs": true}')$$), 'LE011', 'the cashier signs what was reviewed');
SELECT is(erp.put_company('DR', 'rules', '{"review_required": true, "separate_reviewer": true, "cashier_signs": true}') ->> 'updated', '1', 'reviews, by another, and signatures');
SELECT is(trial.attack(format('SELECT erp.post_document(''DR'', %L)', trial.voucher('direct', 1))), 'LE100', 'nothing is posted past the drafts');
SELECT is(trial.attack(format('SELECT erp.post_documents(''DR'', %L)', jsonb_build_array(trial.voucher('direct', 1)))), 'LE100', 'nor many');
SELECT is(trial.attack($$SELECT erp.reverse_document('DR', '{"key": "R", "reverses": "V1"}')$$), 'LE100', 'nor is anything reversed');
SELECT is((SELECT erp.post_document('DR', trial.voucher('V1', 45)::json) ->> 'document_id'), (SELECT document_id::text FROM erp.draft_list WHERE company = 'DR' AND draft_key = 'V1'), 'what was posted before has its first result');
SELECT isnt((SELECT erp.post_document('DR', '{"key": "I1", "kind": "sales_invoice", "day": "2026-01-05", "party": "SHOP", "lines": [{"item": "HOUR", "quantity": 1, "price": 9}]}')), NULL, 'an invoice has no drafts');
-- Nor by an import, which names the row.
\o /dev/null
SELECT (erp.start_import('DR', 'import', '{"name": "vouchers"}') ->> 'job_id')::bigint AS job \gset
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, account, side, amount)
VALUES (:job, 1, 'imported', 'manual_voucher', '2026-01-05', '6200', 'debit', '3'), (:job, 2, 'imported', 'manual_voucher', '2026-01-05', '1300', 'credit', '3');
SELECT erp.import_step('DR', :job) FROM generate_series(1, 3);
\o
SELECT is((SELECT string_agg(concat_ws(' ', document_key, column_name, error_code), ', ') FROM erp.import_problem WHERE job_id = :job), 'imported kind LE100', 'nor is it imported');
SELECT is(trial.draft('both', trial.voucher('V4', 50)), 'drafted', 'a draft by one who may review');
SELECT is(trial.stands('V4'), 'drafted: review erp_reviewer', 'a reviewer has to act');
SELECT is(trial.step('preparer', 'post', 'V4'), 'LE100', 'it is not posted before');
SELECT is(trial.step('both', 'review', 'V4'), 'LE101', 'nobody reviews an own draft');
SELECT is(trial.step('reviewer', 'return', 'V4'), 'LE011', 'nor sends it back without a reason');
SELECT is(trial.step('reviewer', 'return', 'V4', 'no receipt'), 'returned', 'it is sent back');
SELECT is(trial.step('reviewer', 'return', 'V4', 'no receipt'), 'LE070', 'once');
SELECT is(trial.stands('V4'), 'returned: draft trial_both', 'to who prepared it');
SELECT is(trial.step('reviewer', 'review', 'V4'), 'LE070', 'and not reviewed as it is');
SELECT is(trial.step('preparer', 'post', 'V4'), 'LE070', 'nor posted');
SELECT is(trial.draft('preparer', trial.voucher('V4', 50), 1), 'drafted', 'another drafts it again, with the receipt');
SELECT is(trial.step('both', 'review', 'V4'), 'reviewed', 'now it is another''s');
SELECT is(trial.stands('V4'), 'reviewed: sign erp_cashier', 'the cashier has to act');
SELECT is(trial.step('preparer', 'post', 'V4'), 'LE102', 'it is not posted before');
SELECT is(trial.draft('preparer', trial.voucher('V4', 51), 1), 'drafted', 'who drafts it again takes the review away');
SELECT is((SELECT concat_ws(' ', state, reviewed_by) FROM erp.draft_list WHERE company = 'DR' AND draft_key = 'V4'), 'drafted', 'it has no reviewer');
SELECT is(trial.step('cashier', 'sign', 'V4'), 'LE070', 'and the cashier does not sign it');
SELECT is(trial.step('reviewer', 'review', 'V4'), 'reviewed', 'reviewed again');
SELECT is(trial.step('cashier', 'return', 'V4', 'till is empty'), 'returned', 'the cashier sends it back');
SELECT is(trial.draft('preparer', trial.voucher('V4', 51), 1), 'drafted', 'as it was');
SELECT is(trial.step('reviewer', 'review', 'V4'), 'reviewed', 'reviewed');
SELECT is(trial.step('cashier', 'sign', 'V4'), 'signed', 'and signed');
SELECT is(trial.stands('V4'), 'signed: post erp_accountant', 'an accountant has to act');
SELECT is(trial.step('preparer', 'post', 'V4'), 'posted', 'posted');
SELECT is(trial.history('V4'), 'drafted by both, returned by reviewer no receipt, drafted by preparer, reviewed by both, drafted by preparer, reviewed by reviewer, '
	'returned by cashier till is empty, drafted by preparer, reviewed by reviewer, signed by cashier, posted by preparer', 'all of its life');
SELECT is((SELECT concat_ws(' ', prepared_by, reviewed_by, signed_by, posted_by, attachments, amount, voucher_number) FROM erp.draft_list WHERE company = 'DR' AND draft_key = 'V4'),
	'trial_preparer trial_reviewer trial_cashier trial_preparer 1 51.00 2026-01/4', 'who did what to it as it stands (number 3 is the invoice''s)');
-- Where no cash moves, there is nothing to sign.
SELECT is(trial.draft('preparer', trial.voucher('V5', 5, '1300')), 'drafted', 'a prepaid expense');
SELECT is(trial.step('reviewer', 'review', 'V5'), 'reviewed', 'is reviewed');
SELECT is(trial.stands('V5'), 'reviewed: post erp_accountant', 'and waits for no cashier');
-- unless its account becomes one of money meanwhile.
SELECT is(trial.attack($$SELECT erp.put_accounts('DR', 'money', '[{"code": "1300", "name": "Prepaid expenses", "class": "asset", "side": "debit", "money": "bank"}]');
	SELECT erp.post_draft('DR', 'now money', '{"draft": "V5"}')$$), 'LE102', 'what it posts decides');
SELECT is(trial.step('preparer', 'post', 'V5'), 'posted', 'it is posted');

-- What is reviewed is tried again, and so is what is posted.
SELECT is(trial.draft('preparer', trial.voucher('V6', 6, '1300', '2026-02-03')), 'drafted', 'a draft of February');
SELECT is(trial.draft('preparer', trial.voucher('V7', 6, '1300', '2026-02-03')), 'drafted', 'and another');
SELECT is(trial.step('reviewer', 'review', 'V6'), 'reviewed', 'of which one is reviewed');
CREATE FUNCTION pg_temp.use_1300(p_active boolean) RETURNS text LANGUAGE sql AS $$
	SELECT erp.put_accounts('DR', 'use ' || p_active, json_build_array(json_build_object('code', '1300', 'name', 'Prepaid expenses', 'class', 'asset', 'side', 'debit', 'active', p_active))) ->> 'updated'
$$;
SELECT is(pg_temp.use_1300(false), '1', 'their account is not used any more');
SELECT is(trial.step('preparer', 'post', 'V6'), 'LE042', 'the one is not posted');
SELECT is(trial.step('reviewer', 'review', 'V7'), 'LE042', 'nor the other reviewed');
SELECT is(trial.stands('V6') || ' ' || trial.stands('V7'), 'reviewed: post erp_accountant drafted: review erp_reviewer', 'both stay as they are');
SELECT is(pg_temp.use_1300(true), '1', 'the account is used again');

-- A month with a draft does not close.
CREATE FUNCTION pg_temp.close_month(p_modules text, p_period text DEFAULT '2026-02') RETURNS text LANGUAGE sql AS $$
	SELECT COALESCE(trial.call('preparer', 'set_period_state', json_build_object('period', p_period, 'modules', p_modules::json, 'state', 'closed')::text), 'closed')
$$;
SELECT is(pg_temp.close_month('["general"]', '2026-05') || ' ' || pg_temp.close_month('["sales"]'), 'closed closed', 'a month without drafts closes, and so do the sales of one with them');
SELECT is(pg_temp.close_month('["stock", "general"]'), 'LE105', 'its vouchers do not');
SELECT is(concat_ws(' ', trial.step('preparer', 'withdraw', 'V7', 'no more'), pg_temp.close_month('["general"]')), 'withdrawn LE105', 'while one is open');
SELECT is(concat_ws(' ', trial.step('preparer', 'post', 'V6'), pg_temp.close_month('["general"]')), 'posted closed', 'until all are posted or withdrawn');
SELECT is(trial.draft('preparer', trial.voucher('V10', 6, '1300', '2026-02-03')), 'LE030', 'no draft of that month is saved any more');
SELECT is(trial.draft('preparer', trial.voucher('V10', 6, '1300', '2026-02-03', '{"late": true}')), 'drafted', 'but one that may come late');
SELECT is(trial.step('reviewer', 'review', 'V10') || ' ' || trial.step('preparer', 'post', 'V10'), 'reviewed posted', 'it is posted');
SELECT is((SELECT string_agg(DISTINCT j.day::text, ' ') FROM erp.journal j WHERE company = 'DR' AND document_key = 'V10'), '2026-03-01', 'on the first open day');

-- Many at once: all or nothing, in their order.
SELECT is(trial.call('preparer', 'draft_voucher', (SELECT jsonb_agg(jsonb_build_object('document', trial.voucher('M' || n, n, '1300', '2026-04-01')) ORDER BY n DESC) FROM generate_series(1, 3) n)::text),
	'drafted drafted drafted', 'three drafts');
SELECT is(trial.call('preparer', 'draft_voucher', (SELECT jsonb_agg(jsonb_build_object('document', trial.voucher('N' || n, n, CASE n WHEN 1 THEN '1300' ELSE '9999' END)))  FROM generate_series(1, 2) n)::text), 'LE012', 'of two, one is bad');
SELECT is_empty($$SELECT 1 FROM erp.draft_list WHERE company = 'DR' AND draft_key LIKE 'N%'$$, 'and none is there');
SELECT is(trial.call('reviewer', 'review_draft', '[{"draft": "M1"}, {"draft": "M2"}]'), 'reviewed reviewed', 'two are reviewed');
SELECT is(trial.call('preparer', 'post_draft', '[{"draft": "M2"}, {"draft": "M3"}]'), 'LE100', 'not posted with the third');
SELECT is(trial.call('preparer', 'post_draft', '[{"draft": "M2"}, {"draft": "M1"}]'), 'posted posted', 'but without it');
SELECT is(trial.number('M2') || ' ' || trial.number('M1'), '2026-04/1 2026-04/2', 'in the order that was asked for');
SELECT is(trial.call('preparer', 'post_draft', '[]'), NULL, 'nothing at all is nothing');

-- A payment that settles, and a reversal.
SELECT is(trial.draft('preparer', '{"key": "P1", "kind": "customer_payment", "day": "2026-01-20", "party": "SHOP", "lines": [{"amount": 9}], "settles": [{"key": "I1"}]}'), 'drafted', 'a payment');
SELECT is((SELECT open_amount FROM erp.receivables WHERE company = 'DR'), 9.00, 'as a draft it settles nothing');
SELECT is(concat_ws(' ', trial.step('reviewer', 'review', 'P1'), trial.step('cashier', 'sign', 'P1'), trial.step('preparer', 'post', 'P1')), 'reviewed signed posted', 'it goes its way');
SELECT is_empty($$SELECT 1 FROM erp.receivables WHERE company = 'DR'$$, 'and settles');
SELECT is(trial.draft('preparer', '{"key": "X1", "reverses": "V3"}'), 'drafted', 'a reversal is drafted');
SELECT is((SELECT concat_ws(' ', document_kind, day, amount) FROM erp.draft_list WHERE company = 'DR' AND draft_key = 'X1'), 'manual_voucher 2026-01-05 -8.00', 'it is of the kind and day of what it reverses, in red');
SELECT is(trial.step('reviewer', 'review', 'X1') || ' ' || trial.step('cashier', 'sign', 'X1'), 'reviewed signed', 'reviewed and signed');
SELECT is(trial.call('preparer', 'post_draft', '[{"draft": "X1"}, {"draft": "V1"}]'), 'LE011', 'it is posted alone');
SELECT is(trial.step('preparer', 'post', 'X1'), 'posted', 'as it is now');
SELECT is((SELECT reversed_by_key FROM erp.document_list WHERE company = 'DR' AND document_key = 'V3'), 'X1', 'and V3 is reversed');
SELECT is(trial.draft('preparer', '{"key": "X2", "reverses": "V3"}'), 'LE052', 'once');

-- By direct SQL, as superuser and as owner: the trigger of the table knows the steps, the roles and the rules.
SELECT is(trial.draft('both', trial.voucher('V8', 1)), 'drafted', 'one more draft');
CREATE TEMP TABLE attack (what text, statement text, code text);
INSERT INTO attack VALUES
	('a step that there is not', 'UPDATE erp.draft SET state = ''signed'' WHERE key = ''V8''', 'LE070'),
	('a state that there is not', 'UPDATE erp.draft SET state = ''paid'' WHERE key = ''V8''', 'LE070'),
	('posted, unreviewed', 'UPDATE erp.draft SET state = ''posted'' WHERE key = ''V8''', 'LE100'),
	('posted without a document', 'UPDATE erp.company SET cashier_signs = false, review_required = false WHERE code = ''DR''; UPDATE erp.draft SET state = ''posted'' WHERE key = ''V8''', 'LE103'),
	('withdrawn without a reason', 'UPDATE erp.draft SET state = ''withdrawn'' WHERE key = ''V8''', '23514'),
	('another key', 'UPDATE erp.draft SET key = ''V9'' WHERE key = ''V8''', 'LE104'),
	('other content of a posted one', 'UPDATE erp.draft SET request = ''{}'' WHERE key = ''V4''', 'LE104'),
	('other content with a step', 'UPDATE erp.draft SET state = ''reviewed'', attachments = 7 WHERE key = ''V8''', 'LE104'),
	('another reason of a withdrawn one', 'UPDATE erp.draft SET reason = ''x'' WHERE key = ''V2''', 'LE104'),
	('a draft that begins as reviewed', 'INSERT INTO erp.draft (company_id, key, kind, state, day, amount, moves_cash, request) SELECT company_id, ''V9'', kind, ''reviewed'', day, 1, false, request FROM erp.draft WHERE key = ''V8''', 'LE070'),
	('DELETE', 'DELETE FROM erp.draft', 'LE060'),
	('TRUNCATE', 'TRUNCATE erp.draft CASCADE', 'LE060'),
	('a step more', 'INSERT INTO erp.draft_event SELECT * FROM erp.draft_event', 'LE061'),
	('a step less', 'DELETE FROM erp.draft_event', 'LE060'),
	('another step', 'UPDATE erp.draft_event SET happened_by = ''trial_reviewer''', 'LE060');
SELECT is(trial.attack(statement, p_replica => r), code, what || CASE WHEN r THEN ', as a replica' ELSE '' END) FROM attack, unnest('{false,true}'::boolean[]) r;
SELECT is(trial.attack('UPDATE erp.draft SET state = ''reviewed'' WHERE key = ''V8''', 'erp_owner'), 'LE070', 'the owner is no reviewer');
SELECT is(trial.attack('UPDATE erp.draft SET state = ''reviewed'' WHERE key = ''V8''', 'trial_reviewer'), '42501', 'nor does a reviewer write the table');
UPDATE erp.draft SET state = 'reviewed' WHERE key = 'V8';
SELECT is(trial.history('V8'), 'drafted by both, reviewed by ' || current_user, 'a step that is allowed is recorded all the same');

SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
