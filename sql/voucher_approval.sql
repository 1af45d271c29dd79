\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- Drafts of vouchers that somebody has to approve; and steps that nobody can sign any more.
SELECT plan(37);
CREATE SCHEMA trial;
GRANT USAGE ON SCHEMA trial TO PUBLIC;
-- Sam keeps the books; Ann is a chief; Eve stands in for chiefs; Rob reviews.
CREATE ROLE trial_chiefs;
CREATE ROLE trial_sam LOGIN IN ROLE erp_accountant, erp_approver;
CREATE ROLE trial_ann LOGIN IN ROLE erp_approver, trial_chiefs;
CREATE ROLE trial_eve LOGIN IN ROLE erp_approver;
CREATE ROLE trial_rob LOGIN IN ROLE erp_reviewer;
CREATE SEQUENCE trial.call;
GRANT USAGE ON SEQUENCE trial.call TO PUBLIC;
-- The answer of a call, or the SQLSTATE of its refusal.
CREATE FUNCTION trial.call(p_role text, p_call text, p_request jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer jsonb; code text;
BEGIN
	PERFORM set_config('role', CASE p_role WHEN 'admin' THEN 'none' ELSE 'trial_' || p_role END, true);
	EXECUTE format('SELECT erp.%I(''VA'', %L, %L)', p_call, 'call ' || nextval('trial.call'), p_request) INTO answer;
	PERFORM set_config('role', 'none', true);
	RETURN (answer - ARRAY['document_id', 'voucher_id', 'number'])::text;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN code;
END
$$;
CREATE FUNCTION trial.draft(p_key text, p_amount numeric) RETURNS text LANGUAGE sql AS $$
	SELECT trial.call('sam', 'draft_voucher', jsonb_build_object('document', jsonb_build_object('key', p_key, 'kind', 'manual_voucher', 'day', '2026-01-05', 'lines', format('[{"account": "6000", "side": "debit", "amount": %s}, {"account": "1000", "side": "credit", "amount": %1$s}]', p_amount)::jsonb)))
$$;
CREATE FUNCTION trial.act(p_role text, p_call text, p_key text, p_reason text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT trial.call(p_role, p_call, jsonb_strip_nulls(jsonb_build_object('kind', 'voucher', 'subject', p_key, 'reason', p_reason)))
$$;
CREATE FUNCTION trial.step(p_role text, p_call text, p_key text, p_reason text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT trial.call(p_role, p_call, jsonb_strip_nulls(jsonb_build_object('draft', p_key, 'reason', p_reason)))
$$;
CREATE FUNCTION trial.life(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', to_state, replace(happened_by, current_user, 'admin'), NULLIF(reason, '')), ', ' ORDER BY event_no) FROM erp.draft_history WHERE company = 'VA' AND draft_key = p_key
$$;
CREATE FUNCTION trial.rounds(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(DISTINCT round || ' ' || state, ', ') FROM erp.approval_list WHERE company = 'VA' AND kind = 'voucher' AND subject = p_key
$$;
\o /dev/null
SELECT erp.create_company('VA', 'company', '{"name": "Vouchers", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('VA', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
\o
-- Without a rule.
SELECT is(trial.draft('free', 500), '{"draft": "free", "state": "drafted"}', 'without a rule a draft is drafted');
SELECT is(trial.step('sam', 'post_draft', 'free'), '{"draft": "free", "state": "posted"}', 'and posted');
\o /dev/null
SELECT erp.put_approval_rules('VA', 'rules', '[{"code": "BIG", "kind": "voucher", "when": [{"field": "amount", "from": 100, "below": 1000}], "steps": [{"signers": [{"group": "trial_chiefs"}], "needed": "any", "timeout_minutes": 1440, "escalate_to": [{"person": "trial_eve"}]}]},
	{"code": "HUGE", "kind": "voucher", "when": [{"field": "amount", "from": 1000}], "steps": [{"signers": [{"group": "trial_chiefs"}], "needed": "any"}]}]');
\o
SELECT is(trial.draft('small', 99.99), '{"draft": "small", "state": "drafted"}', 'nor where none fits');
SELECT is(trial.draft('v1', 100), '{"draft": "v1", "state": "submitted"}', 'from 100.00 on a chief signs');
SELECT is(trial.step('sam', 'post_draft', 'v1'), 'LE070', 'until then it is not posted');
SELECT is(trial.step('rob', 'review_draft', 'v1'), 'LE255', 'nor reviewed by others');
SELECT is(trial.act('sam', 'approve', 'v1') || ' ' || trial.act('eve', 'approve', 'v1'), 'LE252 LE251', 'nor signed by who prepared it, or by somebody else');
SELECT is(trial.act('ann', 'approve', 'v1', 'right'), '{"state": "approved", "signed_for": ["trial_ann"]}', 'the chief approves');
SELECT is(trial.life('v1'), 'drafted trial_sam, submitted trial_sam, reviewed trial_ann', 'which is its review');
SELECT is(trial.step('sam', 'post_draft', 'v1'), '{"draft": "v1", "state": "posted"}', 'and posted it is');
-- Sent back, drafted again, drafted again while it waits, refused.
SELECT is(trial.draft('v2', 200) IS NOT NULL AND trial.act('ann', 'send_back', 'v2', 'which cost centre?') = '{"state": "sent_back"}', true, 'sent back');
SELECT is(trial.life('v2'), 'drafted trial_sam, submitted trial_sam, returned trial_ann which cost centre?', 'it is returned, with the reason');
SELECT is(trial.draft('v2', 201), '{"draft": "v2", "state": "submitted"}', 'drafted again, it is asked again');
SELECT is(trial.draft('v2', 202), '{"draft": "v2", "state": "submitted"}', 'also while it waits');
SELECT is(trial.rounds('v2'), '1 sent_back, 2 withdrawn, 3 pending', 'nobody signs what it said before');
SELECT is(trial.act('ann', 'refuse_approval', 'v2', 'never'), '{"state": "refused"}', 'refused');
SELECT is(trial.life('v2'), 'drafted trial_sam, submitted trial_sam, returned trial_ann which cost centre?, drafted trial_sam, submitted trial_sam, drafted trial_sam, submitted trial_sam, withdrawn trial_ann never', 'it is withdrawn');
SELECT is(trial.draft('v2', 203), 'LE070', 'for good');
-- What no rule fits any more waits for nobody.
SELECT is(trial.draft('v3', 300) || trial.draft('v3', 30), '{"draft": "v3", "state": "submitted"}{"draft": "v3", "state": "drafted"}', 'smaller now');
SELECT is(trial.step('sam', 'post_draft', 'v3'), '{"draft": "v3", "state": "posted"}', 'so it is posted');
SELECT is(trial.draft('v4', 400) || trial.step('sam', 'withdraw_draft', 'v4', 'a mistake'), '{"draft": "v4", "state": "submitted"}{"draft": "v4", "state": "withdrawn"}', 'withdrawn by who prepared it');
SELECT is(trial.rounds('v4') || ' ' || trial.act('ann', 'approve', 'v4'), '1 withdrawn LE250', 'it waits for nobody');
SELECT is(trial.draft('v5', 500) || trial.step('rob', 'return_draft', 'v5', 'wrong day'), '{"draft": "v5", "state": "submitted"}{"draft": "v5", "state": "returned"}', 'or returned by a reviewer');
SELECT is(trial.rounds('v5'), '1 withdrawn', 'likewise');
-- The only chief leaves.
\o /dev/null
SELECT trial.draft('v6', 600), trial.draft('v7', 7000);
\o
SELECT is_empty($$SELECT * FROM erp.approval_stuck WHERE company = 'VA'$$, 'two wait for her');
SELECT is(erp.escalate_approvals('VA'), 0::bigint, 'and nothing is escalated');
REVOKE trial_chiefs FROM trial_ann;
SELECT is((SELECT string_agg(concat_ws(' ', subject, rule_code, escalated, can_escalate, submitted_by), ', ' ORDER BY subject) FROM erp.approval_stuck WHERE company = 'VA'),
	'v6 BIG f t trial_sam, v7 HUGE f f trial_sam', 'now they wait for nobody, which is seen');
SELECT is(erp.escalate_approvals('VA'), 1::bigint, 'what can be is escalated, its time being over or not');
SELECT is((SELECT string_agg(subject, ', ') FROM erp.approval_stuck WHERE company = 'VA'), 'v7', 'the other one still waits');
SELECT is(trial.act('eve', 'approve', 'v6'), '{"state": "approved", "signed_for": ["trial_eve"]}', 'who stands in signs');
SELECT is(trial.draft('v8', 8000), 'LE254', 'what nobody can sign is not submitted');
GRANT trial_chiefs TO trial_ann;
SELECT is(trial.act('ann', 'approve', 'v7'), '{"state": "approved", "signed_for": ["trial_ann"]}', 'until there is a chief again');
-- By the kind of document: money that is paid back, whatever the amount.
\o /dev/null
SELECT erp.put_parties('VA', 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}]');
SELECT erp.put_approval_rules('VA', 'refunds', '[{"code": "BACK", "kind": "voucher", "when": [{"field": "document_kind", "in": ["customer_refund", "customer_deposit_refund"]}], "steps": [{"signers": [{"person": "trial_eve"}]}]}]');
\o
SELECT is(trial.call('sam', 'draft_voucher', '{"document": {"key": "r1", "kind": "customer_refund", "day": "2026-01-06", "party": "C1", "lines": [{"amount": 1}]}}'), '{"draft": "r1", "state": "submitted"}', 'a refund of 1.00 is signed');
SELECT is(trial.call('sam', 'draft_voucher', '{"document": {"key": "p1", "kind": "customer_payment", "day": "2026-01-06", "party": "C1", "lines": [{"amount": 1}]}}'), '{"draft": "p1", "state": "drafted"}', 'a payment of 1.00 is not');
-- Every decision is one of a call, escalations too.
SELECT is((SELECT count(*) FROM erp.approval_decision d JOIN erp.company c USING (company_id) WHERE c.code = 'VA' AND NOT EXISTS (SELECT FROM erp.call_result r WHERE r.company_id = d.company_id AND r.document_id = d.document_id)), 0::bigint, 'each decision is of a call');
SELECT is((SELECT r.call || ' ' || r.result FROM erp.approval_decision d JOIN erp.company c USING (company_id) JOIN erp.call_result r USING (company_id, document_id) WHERE c.code = 'VA' AND d.action = 'escalate'), 'escalate_approvals {"escalated": 1}', 'an escalation of its own');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
