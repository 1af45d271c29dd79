\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- Every state of an approval with every action: what its state table has goes there, all else is refused and leaves nothing. And nobody decides by direct SQL.
SELECT plan(138);
\o /dev/null
CREATE SCHEMA trial;
CREATE ROLE trial_ann LOGIN IN ROLE erp_approver;
CREATE ROLE trial_bob LOGIN IN ROLE erp_approver;
SELECT erp.create_company('ST', 'company', '{"name": "States", "currency": "GBP", "chart": "english"}');
SELECT erp.put_approval_rules('ST', 'rules', '[{"code": "R", "kind": "other", "when": [{"field": "amount", "from": 1}], "steps": [{"signers": [{"person": "trial_ann"}, {"person": "trial_bob"}], "timeout_minutes": 5, "escalate_to": [{"person": "trial_ann"}]}]}]');
CREATE SEQUENCE trial.call;
CREATE FUNCTION trial.try(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE p_statement INTO answer;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS answer = RETURNED_SQLSTATE;
	RETURN answer;
END
$$;
-- One action on a subject: the state that it answers, or the SQLSTATE of its refusal. free: submitted so that no rule fits; last: the last signature that is missing.
CREATE FUNCTION trial.act(p_action text, p_subject text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
	call text := CASE p_action WHEN 'submit' THEN 'submit_for_approval' WHEN 'submit, free' THEN 'submit_for_approval' WHEN 'refuse' THEN 'refuse_approval' WHEN 'withdraw' THEN 'withdraw_approval'
		WHEN 'approve, last' THEN 'approve' ELSE p_action END;
	more jsonb := CASE p_action WHEN 'submit' THEN '{"facts": {"amount": 1}}' WHEN 'add_signer' THEN '{"signer": "trial_ann", "place": "after"}' WHEN 'send_back' THEN '{"reason": "r"}' WHEN 'refuse' THEN '{"reason": "r"}' ELSE '{}' END;
BEGIN
	IF p_action = 'escalate' THEN
		UPDATE erp_private.approval_waiting w SET due_at = now() FROM erp.approval a WHERE a.approval_id = w.approval_id AND a.subject = p_subject AND NOT w.escalated;
		RETURN CASE erp.escalate_approvals('ST') WHEN 0 THEN 'nothing' ELSE 'pending' END;
	END IF;
	IF p_action = 'approve, last' THEN
		PERFORM trial.act('approve', p_subject);
	END IF;
	PERFORM set_config('role', CASE WHEN call IN ('submit_for_approval', 'withdraw_approval') THEN 'none' WHEN p_action = 'approve' THEN 'trial_ann' ELSE 'trial_bob' END, true);
	answer := trial.try(format('SELECT erp.%I(''ST'', %L, %L) ->> ''state''', call, 'call ' || nextval('trial.call'), jsonb_build_object('kind', 'other', 'subject', p_subject) || more));
	PERFORM set_config('role', 'none', true);
	RETURN answer;
END
$$;
GRANT USAGE ON SCHEMA trial TO PUBLIC;
GRANT USAGE ON SEQUENCE trial.call TO PUBLIC;
CREATE FUNCTION trial.state(p_subject text) RETURNS text LANGUAGE sql AS $$
	SELECT COALESCE((SELECT concat_ws(' ', state, round, max(decision_no)) FROM erp.approval_list WHERE company = 'ST' AND subject = p_subject GROUP BY round, state ORDER BY round DESC LIMIT 1), 'none')
$$;
-- How each state is come to.
CREATE TEMP TABLE way (state text, actions text[]);
INSERT INTO way VALUES ('', '{}'), ('pending', '{submit}'), ('approved', '{submit,"approve, last"}'), ('sent_back', '{submit,send_back}'), ('refused', '{submit,refuse}'), ('withdrawn', '{submit,withdraw}');
-- Where each action leads from there, by hand; nowhere where nothing is said. Refused, it has code LE250, and LE012 where there is nothing to act on.
CREATE TEMP TABLE leads (state text, action text, to_state text);
INSERT INTO leads VALUES ('', 'submit', 'pending'), ('', 'submit, free', 'approved'),
	('pending', 'approve', 'pending'), ('pending', 'approve, last', 'approved'), ('pending', 'send_back', 'sent_back'), ('pending', 'refuse', 'refused'), ('pending', 'withdraw', 'withdrawn'),
	('pending', 'add_signer', 'pending'), ('pending', 'escalate', 'pending'),
	('approved', 'submit', 'pending'), ('approved', 'submit, free', 'approved'), ('sent_back', 'submit', 'pending'), ('sent_back', 'submit, free', 'approved'),
	('withdrawn', 'submit', 'pending'), ('withdrawn', 'submit, free', 'approved');
CREATE TEMP TABLE cell AS
SELECT w.state, w.actions, a AS action, format('%s then %s', COALESCE(NULLIF(w.state, ''), 'nothing'), a) AS subject, l.to_state
FROM way w CROSS JOIN unnest('{submit,"submit, free",approve,"approve, last",send_back,refuse,withdraw,add_signer,escalate}'::text[]) a LEFT JOIN leads l ON l.state = w.state AND l.action = a;
CREATE FUNCTION pg_temp.walk(p_actions text[], p_subject text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	action text;
BEGIN
	FOREACH action IN ARRAY p_actions LOOP
		PERFORM trial.act(action, p_subject);
	END LOOP;
END
$$;
SELECT pg_temp.walk(actions, subject) FROM cell;
CREATE TEMP TABLE walked AS SELECT c.*, trial.state(subject) AS before FROM cell c;
ALTER TABLE walked ADD answer text, ADD after text;
DO $$
DECLARE
	c record;
BEGIN
	FOR c IN SELECT * FROM walked LOOP
		UPDATE walked w SET answer = trial.act(c.action, c.subject) WHERE w.subject = c.subject;
		UPDATE walked w SET after = trial.state(c.subject) WHERE w.subject = c.subject;
	END LOOP;
END
$$;
\o
SELECT is(split_part(before, ' ', 1), COALESCE(NULLIF(state, ''), 'none'), subject || ': stands where it should') FROM walked WHERE action = 'submit';
SELECT is(answer, COALESCE(to_state, CASE WHEN action = 'escalate' THEN 'nothing' WHEN state = '' THEN 'LE012' ELSE 'LE250' END), subject) FROM walked;
SELECT CASE WHEN to_state IS NULL THEN is(after, before, subject || ' leaves nothing') ELSE isnt(after, before, subject || ' is on record') END FROM walked WHERE NOT (state = '' AND action = 'submit, free');
-- The state table says the same as the table above; what no rule has ever fitted leaves no trace, and is not in it.
SELECT set_eq($$SELECT from_state, action, to_state FROM erp.approval_transition$$,
	$$SELECT state, split_part(action, ',', 1), to_state FROM leads WHERE NOT (state = '' AND action = 'submit, free')$$, 'the state table');
SELECT is((SELECT count(*) FROM erp_private.approval_waiting), (SELECT count(*) FROM walked WHERE after LIKE 'pending%'), 'what is pending waits, and nothing else');

-- Direct SQL, as superuser and as owner: whatever it does, what is pending is not approved.
CREATE FUNCTION pg_temp.attack(p_role text, p_statement text, OUT code text, OUT state text) LANGUAGE plpgsql AS $$
BEGIN
	BEGIN
		PERFORM set_config('role', p_role, true);
		EXECUTE p_statement;
		PERFORM set_config('role', 'none', true);
		state := split_part(trial.state('nothing then submit'), ' ', 1);
		RAISE EXCEPTION 'went through' USING ERRCODE = 'XX999';
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	END;
END
$$;
CREATE TEMP TABLE attack (statement text, code text);
INSERT INTO attack VALUES
	('INSERT INTO erp.approval_decision SELECT company_id, approval_id, 2, 1, document_id, ''approve'', ''pending'', ''approved'', ''trial_ann'', ''trial_ann'', ''signer'', true, now(), '''' FROM erp.approval_decision WHERE decision_no = 1', 'LE061'),
	('SELECT erp_private.store_approval_decisions(1, 0, ''[]'')', 'LE061'), ('SELECT erp_private.store_approval_steps(1, 0, ''[]'')', 'LE061'), ('SELECT erp_private.store_approval(1, 0, ''[]'')', 'LE061'),
	('SELECT erp_private.record_decisions(a.company_id, 0, a.approval_id, ''[{"action": "approve", "to_state": "approved"}]'') FROM erp.approval a WHERE a.subject = ''nothing then submit''', 'LE061'),
	('UPDATE erp.approval_decision SET to_state = ''approved''', 'LE060'), ('DELETE FROM erp.approval_step', 'LE060'), ('UPDATE erp.approval SET subject = ''x''', 'LE060'), ('TRUNCATE erp.approval CASCADE', 'LE060'),
	('DELETE FROM erp_private.approval_waiting', 'XX999'), ('UPDATE erp_private.approval_waiting SET step_no = 9', 'XX999');
GRANT USAGE ON SCHEMA trial TO erp_owner;
SELECT ok(a.code = t.code AND COALESCE(a.state, 'pending') = 'pending', t.statement || ' as ' || r) FROM attack t, unnest('{none,erp_owner}'::text[]) r, pg_temp.attack(r, t.statement) a;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
