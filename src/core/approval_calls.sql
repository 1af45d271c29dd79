-- core: the calls on approvals.

CREATE FUNCTION erp_private.lock_approval(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	subject text := request ->> 'subject';
BEGIN
	PERFORM erp_private.call_approval_subject(s.lock_function, lock_approval.company_id, subject, '{}')
	   FROM erp_private.approval_subject s WHERE s.kind = request ->> 'kind' AND subject IS NOT NULL;
	PERFORM erp_private.lock_waiting(company_id, request ->> 'kind', subject);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_approval(integer, jsonb) IS 'Locks what a call on an approval names: what is approved, by its kind''s lock function, then what waits.';

CREATE FUNCTION erp_private.lock_approve(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_approval(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_approve(integer, jsonb) IS 'Takes what erp.approve() waits for.';
CREATE FUNCTION erp_private.lock_send_back(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_approval(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_send_back(integer, jsonb) IS 'Takes what erp.send_back() waits for.';
CREATE FUNCTION erp_private.lock_refuse_approval(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_approval(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_refuse_approval(integer, jsonb) IS 'Takes what erp.refuse_approval() waits for.';
CREATE FUNCTION erp_private.lock_add_signer(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_approval(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_add_signer(integer, jsonb) IS 'Takes what erp.add_signer() waits for.';
CREATE FUNCTION erp_private.lock_withdraw_approval(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_approval(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_withdraw_approval(integer, jsonb) IS 'Takes what erp.withdraw_approval() waits for.';

-- The approval that a request names, in a state that has the action, at the step that waits.
CREATE FUNCTION erp_private.named_approval(company_id integer, request jsonb, action text, OUT approval_id bigint, OUT step_no integer)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	named record;
BEGIN
	SELECT l.* INTO named FROM erp_private.lock_waiting($1, request ->> 'kind', request ->> 'subject') l;
	IF named.approval_id IS NULL THEN
		PERFORM erp_private.check_known(1, '$', 'subject', request ->> 'subject', 'approval', 'See erp.approval_inbox for what waits for you, and erp.approval_list for all.');
	END IF;
	PERFORM erp_private.check_approval_transition(request ->> 'kind', request ->> 'subject', named.state, action);
	IF (request ->> 'round')::integer <> named.round THEN
		PERFORM erp_private.refuse('LE250', format('%s "%s" was submitted again: this is round %s', request ->> 'kind', request ->> 'subject', named.round), '$.round',
			request ->> 'round', 'Look at what it says now.');
	END IF;
	approval_id := named.approval_id;
	step_no := named.step_no;
END
$function$;
COMMENT ON FUNCTION erp_private.named_approval(integer, jsonb, text) IS
	'The approval that a request names by kind and subject, locked, and the step that waits. Errors: LE012 if there is none, LE250 if its state has not that action, or the request is of another round.';

CREATE FUNCTION erp_private.refuse_signature(company_id integer, approval_id bigint, step_no integer) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	me name := erp_private.caller();
	step record;
BEGIN
	SELECT a.subject, s.rule_code, a.submitted_by = me AND NOT s.own_allowed AS own,
	       EXISTS (SELECT 1 FROM erp.approval_decision d WHERE d.company_id = $1 AND d.approval_id = $2 AND d.step_no = $3 AND d.action = 'approve' AND d.decided_by = me) AS signed
	  INTO step
	  FROM erp.approval a JOIN erp.approval_step s ON s.company_id = a.company_id AND s.approval_id = a.approval_id
	 WHERE a.company_id = $1 AND a.approval_id = $2 AND s.step_no = $3;
	IF step.own THEN
		PERFORM erp_private.refuse('LE252', format('the caller submitted "%s"', step.subject), '$', me, 'Another signer has to act; who submits signs only where the rule says so.');
	ELSIF step.signed THEN
		PERFORM erp_private.refuse('LE253', format('the caller has signed "%s" at this step', step.subject), '$', me, 'Others have to sign: see erp.approval_list.');
	END IF;
	PERFORM erp_private.refuse('LE251', format('the caller is no signer of "%s" at this step', step.subject), '$', me, 'See erp.approval_inbox for what waits for you, and erp.approval_list for who signs.');
END
$function$;
COMMENT ON FUNCTION erp_private.refuse_signature(integer, bigint, integer) IS 'Says why the caller does not sign a step: LE252, LE253 or LE251.';

-- Whose signatures the caller would give at the step: nobody's is an error.
CREATE FUNCTION erp_private.signatures_of_caller(company_id integer, approval_id bigint, step_no integer) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
	SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $function$
#variable_conflict use_column
DECLARE
	signatures jsonb;
BEGIN
	SELECT jsonb_agg(jsonb_build_object('step_no', $3, 'decided_for', u.signer, 'signed_as', u.signed_as) ORDER BY u.signer <> erp_private.caller(), u.signer) INTO signatures
	  FROM (SELECT DISTINCT ON (c.signer) c.signer, c.signed_as FROM erp_private.approval_candidate c
	         WHERE c.company_id = $1 AND c.approval_id = $2 AND c.step_no = $3 AND c.actor = erp_private.caller()
	         ORDER BY c.signer, c.signed_as <> 'escalation') u;
	IF signatures IS NULL THEN
		PERFORM erp_private.refuse_signature($1, $2, $3);
	END IF;
	RETURN signatures;
END
$function$;
COMMENT ON FUNCTION erp_private.signatures_of_caller(integer, bigint, integer) IS
	'The signatures that the caller may give at a step, the own one first, as rows of erp.approval_decision. Errors: LE251, LE252, LE253.';

-- So many different persons, or all of its signers, or one to whom it was escalated.
CREATE FUNCTION erp_private.step_ends(company_id integer, approval_id bigint, step_no integer, signatures jsonb) RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
	SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $function$
BEGIN
	RETURN (
	WITH signature AS (
		SELECT d.decided_by, d.decided_for, d.signed_as FROM erp.approval_decision d
		 WHERE d.company_id = $1 AND d.approval_id = $2 AND d.step_no = $3 AND d.action = 'approve'
		UNION ALL
		SELECT erp_private.caller(), g.decided_for, g.signed_as FROM jsonb_to_recordset($4) AS g (decided_for name, signed_as text)
	)
	SELECT EXISTS (SELECT 1 FROM signature g WHERE g.signed_as = 'escalation')
	       OR CASE s.needed WHEN 0
	          THEN NOT EXISTS (SELECT 1 FROM erp_private.approval_signer x WHERE x.company_id = $1 AND x.approval_id = $2 AND x.step_no = $3 AND NOT x.escalation
	                              AND x.person NOT IN (SELECT g.decided_for FROM signature g))
	          ELSE (SELECT count(DISTINCT g.decided_by) FROM signature g) >= s.needed END
	  FROM erp.approval_step s WHERE s.company_id = $1 AND s.approval_id = $2 AND s.step_no = $3);
END
$function$;
COMMENT ON FUNCTION erp_private.step_ends(integer, bigint, integer, jsonb) IS 'Whether a step has all the signatures that it asks for, with those that the caller is giving.';

CREATE FUNCTION erp_private.approve(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	named record;
	signatures jsonb;
	ends boolean;
	state text := 'pending';
BEGIN
	PERFORM erp_private.check_object(request, '{"kind": "code!", "subject": "key!", "round": "integer", "reason": "reason"}');
	SELECT n.* INTO named FROM erp_private.named_approval($1, request, 'approve') n;
	signatures := erp_private.signatures_of_caller($1, named.approval_id, named.step_no);
	ends := erp_private.step_ends($1, named.approval_id, named.step_no, signatures);
	IF ends AND NOT EXISTS (SELECT 1 FROM erp.approval_step s WHERE s.company_id = $1 AND s.approval_id = named.approval_id AND s.step_no <> named.step_no
	                           AND NOT EXISTS (SELECT 1 FROM erp.approval_decision d WHERE d.company_id = $1 AND d.approval_id = named.approval_id
	                                              AND d.step_no = s.step_no AND d.ends_step)) THEN
		state := 'approved';
	END IF;
	PERFORM erp_private.record_decisions($1, $2, named.approval_id, (
		SELECT jsonb_agg(g.value || jsonb_build_object('action', 'approve', 'reason', request ->> 'reason', 'ends_step', ends AND g.n = jsonb_array_length(signatures),
		       'to_state', CASE WHEN g.n = jsonb_array_length(signatures) THEN state ELSE 'pending' END) ORDER BY g.n)
		  FROM jsonb_array_elements(signatures) WITH ORDINALITY AS g (value, n)));
	IF state = 'approved' THEN
		PERFORM erp_private.end_approval($1, $2, named.approval_id, 'approved', COALESCE(request ->> 'reason', ''));
	ELSIF ends THEN
		PERFORM erp_private.open_next_step($1, $2, named.approval_id);
	END IF;
	RETURN jsonb_build_object('state', state, 'signed_for', (SELECT jsonb_agg(g.value ->> 'decided_for' ORDER BY g.n) FROM jsonb_array_elements(signatures) WITH ORDINALITY AS g (value, n)));
END
$function$;
COMMENT ON FUNCTION erp_private.approve(integer, bigint, jsonb) IS 'Does what erp.approve() says.';

-- A signer's decision that ends the approval.
CREATE FUNCTION erp_private.decide_against(company_id integer, document_id bigint, request jsonb, action text, to_state text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	named record;
	signature jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"kind": "code!", "subject": "key!", "round": "integer", "reason": "reason!"}');
	SELECT n.* INTO named FROM erp_private.named_approval($1, request, $4) n;
	signature := erp_private.signatures_of_caller($1, named.approval_id, named.step_no) -> 0;
	PERFORM erp_private.record_decisions($1, $2, named.approval_id, jsonb_build_array(signature || jsonb_build_object('action', $4, 'to_state', $5, 'reason', request ->> 'reason')));
	PERFORM erp_private.end_approval($1, $2, named.approval_id, $5, request ->> 'reason');
	RETURN jsonb_build_object('state', $5);
END
$function$;
COMMENT ON FUNCTION erp_private.decide_against(integer, bigint, jsonb, text, text) IS 'Does what erp.send_back() and erp.refuse_approval() say.';

CREATE FUNCTION erp_private.send_back(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$ SELECT erp_private.decide_against($1, $2, $3, 'send_back', 'sent_back') $function$;
COMMENT ON FUNCTION erp_private.send_back(integer, bigint, jsonb) IS 'Does what erp.send_back() says.';
CREATE FUNCTION erp_private.refuse_approval(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$ SELECT erp_private.decide_against($1, $2, $3, 'refuse', 'refused') $function$;
COMMENT ON FUNCTION erp_private.refuse_approval(integer, bigint, jsonb) IS 'Does what erp.refuse_approval() says.';

CREATE FUNCTION erp_private.check_added_signer(company_id integer, approval_id bigint, step_no integer, signer text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	found_role record;
BEGIN
	SELECT r.oid AS role_id INTO found_role FROM pg_roles r WHERE r.rolname = $4;
	PERFORM erp_private.check_known(CASE WHEN found_role.role_id IS NULL THEN 1 END, '$', 'signer', $4, 'role', 'Name a person.');
	IF $4 = erp_private.caller() OR NOT EXISTS (SELECT 1 FROM erp.company c JOIN pg_roles g ON g.rolname = c.member_role
	                                               WHERE c.company_id = $1 AND pg_has_role(found_role.role_id, g.oid, 'MEMBER')) THEN
		PERFORM erp_private.refuse('LE011', 'a signer who is added is another who works for the company', '$.signer', $4, 'Name a member of the company''s member_role.');
	ELSIF EXISTS (SELECT 1 FROM erp.approval a JOIN erp.approval_step s ON s.company_id = a.company_id AND s.approval_id = a.approval_id
	               WHERE a.company_id = $1 AND a.approval_id = $2 AND s.step_no = $3 AND a.submitted_by = $4 AND NOT s.own_allowed) THEN
		PERFORM erp_private.refuse('LE252', format('"%s" submitted it', $4), '$.signer', $4, 'Name another.');
	ELSIF (SELECT count(*) FROM erp.approval_decision d WHERE d.company_id = $1 AND d.approval_id = $2 AND d.action = 'add_signer') >= 20 THEN
		PERFORM erp_private.refuse('LE011', 'twenty signers were added already', '$.signer', $4, 'Sign it, or send it back.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_added_signer(integer, bigint, integer, text) IS 'Raises LE011, LE012 or LE252 unless the caller may have this person sign, too.';

-- Halfway to the step before or after: half of a decimal is exact.
CREATE FUNCTION erp_private.added_rank(company_id integer, approval_id bigint, step_no integer, place text) RETURNS numeric
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 0.5 * (s.rank + CASE place WHEN 'before' THEN COALESCE(max(o.rank) FILTER (WHERE o.rank < s.rank), s.rank - 2)
	                                  ELSE COALESCE(min(o.rank) FILTER (WHERE o.rank > s.rank), s.rank + 2) END)
	  FROM erp.approval_step s
	  JOIN erp.approval_step o ON o.company_id = s.company_id AND o.approval_id = s.approval_id
	 WHERE s.company_id = $1 AND s.approval_id = $2 AND s.step_no = $3
	 GROUP BY s.rank
$function$;
COMMENT ON FUNCTION erp_private.added_rank(integer, bigint, integer, text) IS 'Rank of a step that comes right before or after another: place is before or after.';

CREATE FUNCTION erp_private.add_signer(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	named record;
	signature jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"kind": "code!", "subject": "key!", "round": "integer", "signer": "code!", "place": "code!", "reason": "reason"}');
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'place', ARRAY['before', 'after']);
	SELECT n.* INTO named FROM erp_private.named_approval($1, request, 'add_signer') n;
	signature := erp_private.signatures_of_caller($1, named.approval_id, named.step_no) -> 0;
	PERFORM erp_private.check_added_signer($1, named.approval_id, named.step_no, request ->> 'signer');
	PERFORM erp_private.store_approval_steps($1, $2, (
		SELECT jsonb_build_array(jsonb_build_object('approval_id', named.approval_id, 'step_no', (SELECT max(o.step_no) + 1 FROM erp.approval_step o
		           WHERE o.company_id = $1 AND o.approval_id = named.approval_id), 'rank', erp_private.added_rank($1, named.approval_id, named.step_no, request ->> 'place'),
		       'rule_code', s.rule_code, 'needed', 0, 'signers', jsonb_build_array(jsonb_build_object('person', request ->> 'signer')), 'own_allowed', s.own_allowed,
		       'timeout_minutes', 0, 'escalate_to', jsonb '[]'))
		  FROM erp.approval_step s WHERE s.company_id = $1 AND s.approval_id = named.approval_id AND s.step_no = named.step_no));
	PERFORM erp_private.record_decisions($1, $2, named.approval_id, jsonb_build_array(signature
		|| jsonb_build_object('action', 'add_signer', 'to_state', 'pending', 'reason', concat_ws(': ', (request ->> 'place') || ' ' || (request ->> 'signer'), request ->> 'reason'))));
	IF request ->> 'place' = 'before' THEN
		PERFORM erp_private.open_next_step($1, $2, named.approval_id);
	END IF;
	RETURN jsonb_build_object('state', 'pending');
END
$function$;
COMMENT ON FUNCTION erp_private.add_signer(integer, bigint, jsonb) IS 'Does what erp.add_signer() says.';

CREATE FUNCTION erp_private.run_step_call(company_id integer, call text, request jsonb) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_step_call';
COMMENT ON FUNCTION erp_private.run_step_call(integer, text, jsonb) IS
	'What a step writes facts by: the implementation of a call with that request, as a call under a new key of the engine''s own. Returns what the call does.';

-- What others are at work on is left for the next time.
CREATE FUNCTION erp_private.lock_overdue_steps(company_id integer, max integer) RETURNS TABLE (approval_id bigint, step_no integer)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT w.approval_id, w.step_no FROM erp_private.approval_waiting w
	 WHERE w.company_id = $1 AND NOT w.escalated
	   AND (w.due_at <= now() OR NOT EXISTS (SELECT 1 FROM erp_private.approval_candidate c WHERE c.company_id = $1 AND c.approval_id = w.approval_id)
	                             AND EXISTS (SELECT 1 FROM erp_private.approval_signer s WHERE s.company_id = $1 AND s.approval_id = w.approval_id AND s.step_no = w.step_no AND s.escalation))
	 ORDER BY w.due_at, w.approval_id LIMIT $2 FOR UPDATE SKIP LOCKED;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_overdue_steps(integer, integer) IS
	'Steps, at most so many, whose time is over, or that nobody can sign any more while there is whom to escalate them to. Their rows of erp_private.approval_waiting are locked.';

-- In the name of a call, so that they are sealed; of none, where there is nothing to do.
CREATE FUNCTION erp_private.escalate_approvals(company_id integer, max integer) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF NOT EXISTS (SELECT 1 FROM erp_private.lock_overdue_steps($1, 1) o) THEN
		RETURN 0;
	END IF;
	RETURN (erp_private.run_step_call($1, 'escalate_approvals', jsonb_build_object('max', max)) ->> 'escalated')::bigint;
END
$function$;
COMMENT ON FUNCTION erp_private.escalate_approvals(integer, integer) IS 'Does what erp.escalate_approvals() says.';

CREATE FUNCTION erp_private.escalate_approvals(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	overdue record;
	escalated bigint := 0;
BEGIN
	FOR overdue IN SELECT o.* FROM erp_private.lock_overdue_steps($1, (request ->> 'max')::integer) o LOOP
		PERFORM erp_private.escalate_step($1, $2, overdue.approval_id, overdue.step_no);
		escalated := escalated + 1;
	END LOOP;
	RETURN jsonb_build_object('escalated', escalated);
END
$function$;
COMMENT ON FUNCTION erp_private.escalate_approvals(integer, bigint, jsonb) IS 'Escalates overdue steps, at most request.max, in the name of a call. Returns {"escalated"}.';

CREATE FUNCTION erp_private.check_direct(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF EXISTS (SELECT 1 FROM erp_private.approval_subject s WHERE s.kind = request ->> 'kind' AND NOT s.direct) THEN
		PERFORM erp_private.refuse('LE011', 'what has calls of its own is submitted and withdrawn by them', '$.kind', request ->> 'kind',
			'Kinds for this call: ' || (SELECT string_agg(s.kind, ', ' ORDER BY s.kind) FROM erp_private.approval_subject s WHERE s.direct) || '.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_direct(jsonb) IS 'Raises LE011 for a kind of what is approved that has calls of its own.';

CREATE FUNCTION erp_private.submit_for_approval(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.check_object(request, '{"kind": "code!", "subject": "key!", "facts": "object"}');
	PERFORM erp_private.check_direct(request);
	RETURN jsonb_build_object('state', erp_private.submit_for_approval($1, request ->> 'kind', request ->> 'subject',
		COALESCE(NULLIF(request -> 'facts', 'null'), '{}'), erp_private.caller(), $2));
END
$function$;
COMMENT ON FUNCTION erp_private.submit_for_approval(integer, bigint, jsonb) IS 'Does what erp.submit_for_approval() says.';

CREATE FUNCTION erp_private.withdraw_approval(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	named record;
BEGIN
	PERFORM erp_private.check_object(request, '{"kind": "code!", "subject": "key!", "reason": "reason"}');
	PERFORM erp_private.check_direct(request);
	SELECT n.* INTO named FROM erp_private.named_approval($1, request, 'withdraw') n;
	IF (SELECT a.submitted_by FROM erp.approval a WHERE a.company_id = $1 AND a.approval_id = named.approval_id) <> erp_private.caller() THEN
		PERFORM erp_private.refuse('LE251', 'who submitted it withdraws it', '$.subject', request ->> 'subject', 'A signer sends it back with erp.send_back().');
	END IF;
	PERFORM erp_private.withdraw_approval($1, request ->> 'kind', request ->> 'subject', COALESCE(request ->> 'reason', ''), $2);
	RETURN jsonb_build_object('state', 'withdrawn');
END
$function$;
COMMENT ON FUNCTION erp_private.withdraw_approval(integer, bigint, jsonb) IS 'Does what erp.withdraw_approval() says.';
