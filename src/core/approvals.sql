-- core: approvals: submitted, signed step by step, decided. Locks in this order: what is approved (its kind's lock function), then its row of
-- erp_private.approval_waiting. Whoever acts on an approval changes that row, so that of two who do at once the second finds what the first left.

CREATE FUNCTION erp_private.store_approval(company_id integer, document_id bigint, rows jsonb) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'erp_store_approval';
CREATE FUNCTION erp_private.store_approval_steps(company_id integer, document_id bigint, rows jsonb) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'erp_store_approval_steps';
CREATE FUNCTION erp_private.store_approval_decisions(company_id integer, document_id bigint, rows jsonb) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'erp_store_approval_decisions';
CREATE FUNCTION erp_private.call_approval_subject(function_name name, company_id integer, subject text, details jsonb) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT AS 'MODULE_PATHNAME', 'erp_call_approval_subject';
COMMENT ON FUNCTION erp_private.store_approval(integer, bigint, jsonb) IS
	'Writes what was submitted: company, document of the call (0: none), rows as columns of erp.approval. LE061 outside of a call of the engine.';
COMMENT ON FUNCTION erp_private.store_approval_steps(integer, bigint, jsonb) IS
	'Writes steps: company, document of the call (0: none), rows as columns of erp.approval_step. LE061 outside of a call of the engine.';
COMMENT ON FUNCTION erp_private.store_approval_decisions(integer, bigint, jsonb) IS
	'Writes decisions: company, document of the call (0: none), rows as columns of erp.approval_decision. LE061 outside of a call of the engine.';
COMMENT ON FUNCTION erp_private.call_approval_subject(name, integer, text, jsonb) IS
	'Calls the function of schema erp_private that a kind of what is approved has registered, with (company_id, subject, details); nothing where its name is empty.';

-- PL/pgSQL, here and below: its plans are kept for the session.
CREATE FUNCTION erp_private.last_approval(company_id integer, kind text, subject text, OUT approval_id bigint, OUT round integer, OUT state text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	SELECT a.approval_id, a.round INTO approval_id, round FROM erp.approval a
	 WHERE a.company_id = $1 AND a.kind = $2 AND a.subject = $3 ORDER BY a.round DESC LIMIT 1;
	IF FOUND THEN
		SELECT d.to_state INTO state FROM erp.approval_decision d
		 WHERE d.company_id = $1 AND d.approval_id = last_approval.approval_id ORDER BY d.decision_no DESC LIMIT 1;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.last_approval(integer, text, text) IS 'The last round of what was submitted, and its state; all null if it never was.';

CREATE FUNCTION erp_private.approval_state(company_id integer, kind text, subject text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN (SELECT a.state FROM erp_private.last_approval($1, $2, $3) a);
END
$function$;
COMMENT ON FUNCTION erp_private.approval_state(integer, text, text) IS
	'How the last round of what was submitted stands: pending, approved, sent_back, refused or withdrawn; null if it was never submitted, or no rule has ever fitted it.';

CREATE FUNCTION erp_private.require_approval(company_id integer, kind text, subject text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	state text := erp_private.approval_state(company_id, kind, subject);
BEGIN
	IF state <> 'approved' THEN
		PERFORM erp_private.refuse('LE255', format('%s "%s" is not approved', kind, subject), '$', state, 'See erp.approval_list for who has to sign, or why it was sent back.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.require_approval(integer, text, text) IS 'Raises LE255 for what was submitted and is not approved. What no rule has ever fitted passes.';

CREATE FUNCTION erp_private.check_approval_transition(kind text, subject text, from_state text, action text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF NOT EXISTS (SELECT 1 FROM erp.approval_transition t WHERE t.from_state = $3 AND t.action = $4) THEN
		PERFORM erp_private.refuse('LE250', format('the approval of %s "%s" is %s', kind, subject, COALESCE(NULLIF(from_state, ''), 'not asked for')), '$', action,
			'See erp.approval_transition for what may be done in a state, and erp.approval_list for what was.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_approval_transition(text, text, text, text) IS 'Raises LE250 unless the state of an approval has the action.';

CREATE FUNCTION erp_private.check_submission(kind text, subject text, facts jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.check_object(jsonb_build_object('kind', kind, 'subject', subject), '{"kind": "code!", "subject": "key!"}');
	PERFORM erp_private.check_rows(jsonb_build_array(facts), '$.facts', (SELECT jsonb_object_agg(f.field, f.type) FROM erp_private.approval_field() f));
	IF NOT EXISTS (SELECT 1 FROM erp_private.approval_subject s WHERE s.kind = check_submission.kind) THEN
		PERFORM erp_private.check_known(1, '$', 'kind', kind, 'kind of what is approved', 'It is registered in erp_private.approval_subject.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_submission(text, text, jsonb) IS 'Raises LE011 or LE012 unless a subject of a known kind is submitted with facts of erp_private.approval_field().';

CREATE FUNCTION erp_private.condition_holds(condition jsonb, facts jsonb) RETURNS boolean
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	said text := facts ->> (condition ->> 'field');
BEGIN
	IF condition ->> 'in' IS NOT NULL OR said IS NULL THEN
		RETURN COALESCE(condition -> 'in' ? said, false);
	END IF;
	RETURN (said::numeric >= (condition ->> 'from')::numeric) IS NOT FALSE AND (said::numeric > (condition ->> 'above')::numeric) IS NOT FALSE
	   AND (said::numeric <= (condition ->> 'to')::numeric) IS NOT FALSE AND (said::numeric < (condition ->> 'below')::numeric) IS NOT FALSE;
END
$function$;
COMMENT ON FUNCTION erp_private.condition_holds(jsonb, jsonb) IS 'Whether a condition of a rule holds. What the facts do not say, no condition holds on.';

-- All rules that fit, step by step; signers whom two rules ask for alike are asked once.
CREATE FUNCTION erp_private.fitting_steps(company_id integer, kind text, facts jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN (
	SELECT jsonb_agg(jsonb_build_object('step_no', n.step_no, 'rank', n.step_no, 'rule_code', n.rule_code, 'needed', n.needed, 'signers', n.signers,
	       'own_allowed', n.own_allowed, 'timeout_minutes', n.timeout_minutes, 'escalate_to', n.escalate_to) ORDER BY n.step_no)
	  FROM (SELECT u.rule_code, u.needed, u.signers, u.own_allowed, u.timeout_minutes, u.escalate_to,
	               row_number() OVER (ORDER BY u.step_no, u.rule_code) AS step_no
	          FROM (SELECT DISTINCT ON (s.signers, s.needed, r.own_allowed) s.*, r.own_allowed
	                  FROM erp.approval_rule r
	                  JOIN erp.approval_rule_step s ON s.company_id = r.company_id AND s.rule_code = r.code
	                 WHERE r.company_id = $1 AND r.kind = $2 AND r.active
	                   AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(r.conditions) AS c (value) WHERE NOT erp_private.condition_holds(c.value, $3))
	                 ORDER BY s.signers, s.needed, r.own_allowed, s.step_no, s.rule_code) u) n);
END
$function$;
COMMENT ON FUNCTION erp_private.fitting_steps(integer, text, jsonb) IS 'The steps of all rules that fit the facts, as rows of erp.approval_step; null if none does.';

-- Facts of one approval, numbered on from the last one; the row that waits is the caller's, or there is none yet.
CREATE FUNCTION erp_private.record_decisions(company_id integer, document_id bigint, approval_id bigint, decisions jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	last_no integer := COALESCE((SELECT w.last_decision_no FROM erp_private.approval_waiting w
		WHERE w.company_id = record_decisions.company_id AND w.approval_id = record_decisions.approval_id), 0);
BEGIN
	PERFORM erp_private.store_approval_decisions($1, $2, (
		SELECT jsonb_agg('{"step_no": 0, "from_state": "pending", "decided_for": "", "signed_as": "", "ends_step": false, "reason": ""}' || jsonb_strip_nulls(e.value)
		       || jsonb_build_object('approval_id', $3, 'decision_no', last_no + e.n, 'decided_by', erp_private.caller()) ORDER BY e.n)
		  FROM jsonb_array_elements($4) WITH ORDINALITY AS e (value, n)));
	UPDATE erp_private.approval_waiting w SET last_decision_no = last_no + jsonb_array_length($4)
	 WHERE w.company_id = record_decisions.company_id AND w.approval_id = record_decisions.approval_id;
END
$function$;
COMMENT ON FUNCTION erp_private.record_decisions(integer, bigint, bigint, jsonb) IS
	'Writes what the caller decides. document_id: of the call, 0 for none; decisions: rows of erp.approval_decision, where what is not said is the usual.';

CREATE FUNCTION erp_private.announce_step(company_id integer, document_id bigint, approval_id bigint) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $function$
BEGIN
	PERFORM erp_private.emit_event($1, 'approval_waiting', $2, jsonb_build_object('kind', a.kind, 'subject', a.subject, 'round', a.round, 'step', w.step_no,
	       'persons', (SELECT COALESCE(jsonb_agg(DISTINCT c.actor), '[]') FROM erp_private.approval_candidate c WHERE c.company_id = $1 AND c.approval_id = $3),
	       'escalated', w.escalated, 'due_at', NULLIF(w.due_at, 'infinity')))
	  FROM erp_private.approval_waiting w JOIN erp.approval a ON a.company_id = w.company_id AND a.approval_id = w.approval_id
	 WHERE w.company_id = $1 AND w.approval_id = $3;
END
$function$;
COMMENT ON FUNCTION erp_private.announce_step(integer, bigint, bigint) IS 'Event approval_waiting: who may act on an approval now. document_id: of the call, 0 for none.';

CREATE FUNCTION erp_private.escalate_step(company_id integer, document_id bigint, approval_id bigint, step_no integer) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	UPDATE erp_private.approval_waiting w SET escalated = true, due_at = 'infinity' WHERE w.company_id = $1 AND w.approval_id = $3;
	PERFORM erp_private.record_decisions($1, $2, $3, jsonb_build_array(jsonb_build_object('step_no', $4, 'action', 'escalate', 'to_state', 'pending')));
	PERFORM erp_private.announce_step($1, $2, $3);
END
$function$;
COMMENT ON FUNCTION erp_private.escalate_step(integer, bigint, bigint, integer) IS 'Escalates the step that an approval waits at; its row of erp_private.approval_waiting is the caller''s.';

-- The first step by rank that has not ended; its time runs from now on.
CREATE FUNCTION erp_private.open_next_step(company_id integer, document_id bigint, approval_id bigint) RETURNS boolean
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	next record;
BEGIN
	SELECT s.step_no, s.timeout_minutes, EXISTS (SELECT 1 FROM erp.approval_decision d
	       WHERE d.company_id = $1 AND d.approval_id = $3 AND d.step_no = s.step_no AND d.action = 'escalate') AS escalated INTO next
	  FROM erp.approval_step s
	 WHERE s.company_id = $1 AND s.approval_id = $3
	   AND NOT EXISTS (SELECT 1 FROM erp.approval_decision d WHERE d.company_id = $1 AND d.approval_id = $3 AND d.step_no = s.step_no AND d.ends_step)
	 ORDER BY s.rank LIMIT 1;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	INSERT INTO erp_private.approval_waiting AS w (company_id, approval_id, step_no, escalated, since, due_at, last_decision_no)
	SELECT $1, $3, next.step_no, next.escalated, now(),
	       CASE WHEN next.timeout_minutes = 0 OR next.escalated THEN 'infinity' ELSE now() + make_interval(mins => next.timeout_minutes) END, 1
	ON CONFLICT (company_id, approval_id) DO UPDATE SET step_no = EXCLUDED.step_no, escalated = EXCLUDED.escalated, since = EXCLUDED.since, due_at = EXCLUDED.due_at;
	PERFORM erp_private.announce_step($1, $2, $3);
	RETURN true;
END
$function$;
COMMENT ON FUNCTION erp_private.open_next_step(integer, bigint, bigint) IS 'Has an approval wait at its next step, and says so; false if all have ended.';

CREATE FUNCTION erp_private.check_step_signers(company_id integer, approval_id bigint, steps jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT s.step_no, s.rule_code, s.needed, p.persons INTO bad
	  FROM jsonb_to_recordset(steps) AS s (step_no integer, rule_code text, needed integer)
	 CROSS JOIN LATERAL (SELECT count(*) AS persons FROM erp_private.approval_signer x
	                      WHERE x.company_id = $1 AND x.approval_id = $2 AND x.step_no = s.step_no AND NOT x.escalation) p
	 WHERE p.persons < greatest(s.needed, 1) ORDER BY s.step_no LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE254', format('rule "%s" asks for %s signers, and %s can sign', bad.rule_code, COALESCE(NULLIF(bad.needed, 0)::text, 'all of its'), bad.persons),
			'$', bad.step_no::text, 'Grant the roles of the step, name a head of the department, or mend the rule: see erp.approval_rule_list. Who submits does not sign.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_step_signers(integer, bigint, jsonb) IS 'Raises LE254 at the first step that fewer people can sign than it asks for.';

CREATE FUNCTION erp_private.store_submission(company_id integer, document_id bigint, submission jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	PERFORM erp_private.store_approval($1, $2, jsonb_build_array($3));
	RETURN (SELECT a.approval_id FROM erp.approval a WHERE a.company_id = $1 AND a.kind = submission ->> 'kind'
	           AND a.subject = submission ->> 'subject' AND a.round = (submission ->> 'round')::integer);
EXCEPTION WHEN unique_violation THEN
	PERFORM erp_private.refuse('LE250', format('the approval of %s "%s" was just asked for', submission ->> 'kind', submission ->> 'subject'), '$', 'submit', 'See erp.approval_list.');
	RETURN NULL;
END
$function$;
COMMENT ON FUNCTION erp_private.store_submission(integer, bigint, jsonb) IS 'Writes a round of erp.approval; returns its identity. LE250 if another session has just begun that round.';

CREATE FUNCTION erp_private.submit_for_approval(company_id integer, kind text, subject text, facts jsonb, submitted_by name, document_id bigint DEFAULT 0) RETURNS text
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	before record;
	id bigint;
	state text;
	steps jsonb;
BEGIN
	-- Most documents of most kinds: nobody is asked.
	IF NOT EXISTS (SELECT 1 FROM erp.approval_rule r WHERE r.company_id = $1 AND r.kind = $2 AND r.active)
	   AND NOT EXISTS (SELECT 1 FROM erp.approval a WHERE a.company_id = $1 AND a.kind = $2 AND a.subject = $3)
	   AND EXISTS (SELECT 1 FROM erp_private.approval_subject s WHERE s.kind = $2) THEN
		RETURN 'approved';
	END IF;
	PERFORM erp_private.check_submission($2, $3, $4);
	SELECT a.* INTO before FROM erp_private.last_approval($1, $2, $3) a;
	PERFORM erp_private.check_approval_transition($2, $3, COALESCE(before.state, ''), 'submit');
	steps := erp_private.fitting_steps($1, $2, jsonb_strip_nulls($4));
	IF steps IS NULL AND before.approval_id IS NULL THEN
		RETURN 'approved';
	END IF;
	state := CASE WHEN steps IS NULL THEN 'approved' ELSE 'pending' END;
	id := erp_private.store_submission($1, $6, jsonb_build_object('kind', $2, 'subject', $3, 'round', COALESCE(before.round, 0) + 1, 'submitted_by', $5,
		'facts', jsonb_strip_nulls($4)));
	PERFORM erp_private.store_approval_steps($1, $6, COALESCE((SELECT jsonb_agg(e.value || jsonb_build_object('approval_id', id)) FROM jsonb_array_elements(steps) AS e (value)), '[]'));
	PERFORM erp_private.record_decisions($1, $6, id, jsonb_build_array(jsonb_build_object('action', 'submit', 'from_state', COALESCE(before.state, ''), 'to_state', state)));
	IF state = 'pending' THEN
		PERFORM erp_private.check_step_signers($1, id, steps);
		PERFORM erp_private.open_next_step($1, $6, id);
	END IF;
	RETURN state;
END
$function$;
COMMENT ON FUNCTION erp_private.submit_for_approval(integer, text, text, jsonb, name, bigint) IS
	'Asks for the approval of a subject that its caller has locked. kind: registered in erp_private.approval_subject; subject: 1 to 200 characters, unique in the kind; facts: fields of erp_private.approval_field(), amounts in the company''s currency; submitted_by: who prepared it, and does not sign; document_id: of the call. Returns approved if no rule fits (what no rule has ever fitted leaves no trace, and no function is called), else pending: the kind''s functions hear what becomes of it. What was approved, sent back or withdrawn may be submitted again, what is pending or refused not. Errors: LE011, LE012, LE250, LE254.';

CREATE FUNCTION erp_private.end_approval(company_id integer, document_id bigint, approval_id bigint, state text, reason text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	ended record;
	details jsonb;
BEGIN
	DELETE FROM erp_private.approval_waiting w WHERE w.company_id = $1 AND w.approval_id = $3;
	SELECT a.kind, a.subject, a.round,
	       CASE $4 WHEN 'approved' THEN s.approved_function WHEN 'sent_back' THEN s.sent_back_function WHEN 'refused' THEN s.refused_function ELSE '' END AS function_name
	  INTO ended
	  FROM erp.approval a JOIN erp_private.approval_subject s ON s.kind = a.kind WHERE a.company_id = $1 AND a.approval_id = $3;
	details := jsonb_build_object('round', ended.round, 'state', $4, 'decided_by', erp_private.caller(), 'reason', $5);
	PERFORM erp_private.emit_event($1, 'approval_decided', $2, jsonb_build_object('kind', ended.kind, 'subject', ended.subject) || details);
	PERFORM erp_private.call_approval_subject(ended.function_name::name, $1, ended.subject, details || jsonb_build_object('document_id', $2));
END
$function$;
COMMENT ON FUNCTION erp_private.end_approval(integer, bigint, bigint, text, text) IS
	'What follows a decision that ends an approval: nobody waits any more, event approval_decided, and the function of its kind, with details {"round", "state", "decided_by", "reason", "document_id" (of the call)}.';

CREATE FUNCTION erp_private.lock_waiting(company_id integer, kind text, subject text, OUT approval_id bigint, OUT round integer, OUT state text, OUT step_no integer)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	SELECT a.approval_id INTO approval_id FROM erp_private.last_approval($1, $2, $3) a;
	SELECT w.step_no INTO step_no FROM erp_private.approval_waiting w WHERE w.company_id = $1 AND w.approval_id = lock_waiting.approval_id FOR UPDATE;
	-- Another may have decided while this one waited.
	SELECT a.approval_id, a.round, a.state INTO approval_id, round, state FROM erp_private.last_approval($1, $2, $3) a;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_waiting(integer, text, text) IS 'Locks what waits of the last round of a subject; returns how that round stands then.';

CREATE FUNCTION erp_private.withdraw_approval(company_id integer, kind text, subject text, reason text, document_id bigint DEFAULT 0) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	named record;
BEGIN
	SELECT l.* INTO named FROM erp_private.lock_waiting($1, $2, $3) l;
	PERFORM erp_private.check_approval_transition($2, $3, COALESCE(named.state, ''), 'withdraw');
	PERFORM erp_private.record_decisions($1, $5, named.approval_id, jsonb_build_array(jsonb_build_object('action', 'withdraw', 'to_state', 'withdrawn', 'reason', $4)));
	PERFORM erp_private.end_approval($1, $5, named.approval_id, 'withdrawn', $4);
END
$function$;
COMMENT ON FUNCTION erp_private.withdraw_approval(integer, text, text, text, bigint) IS
	'Takes back what is pending, by its preparer: a subject that its caller has locked. reason: may be empty; document_id: of the call. Calls no function of the kind. Error LE250 if it is not pending.';
