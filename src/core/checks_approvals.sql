-- core: the check of approvals.

CREATE FUNCTION erp_private.check_approval_decisions() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH decision AS MATERIALIZED (
		SELECT d.company_id, d.approval_id, d.decision_no, d.step_no, d.document_id, d.action, d.from_state, d.to_state, d.decided_by, d.decided_for, a.kind, a.subject, a.round,
			a.submitted_by, lag(d.to_state) OVER (PARTITION BY d.company_id, a.kind, a.subject ORDER BY a.round, d.decision_no) AS before,
			row_number() OVER (PARTITION BY d.company_id, d.approval_id ORDER BY d.decision_no) AS place
		FROM erp.approval_decision d
		JOIN erp.approval a ON a.company_id = d.company_id AND a.approval_id = d.approval_id
	)
	SELECT 'approvals', c.code, format('decision %s on %s "%s", round %s', d.decision_no, d.kind, d.subject, d.round), p.problem
	FROM decision d
	LEFT JOIN erp.company c ON c.company_id = d.company_id
	LEFT JOIN erp.approval_step s ON s.company_id = d.company_id AND s.approval_id = d.approval_id AND s.step_no = d.step_no
	LEFT JOIN erp.document k ON k.company_id = d.company_id AND k.document_id = d.document_id
	CROSS JOIN LATERAL (VALUES
		(d.place <> d.decision_no, 'others are missing before it'),
		(d.from_state <> COALESCE(d.before, ''), format('comes from "%s", the one before leads to "%s"', d.from_state, COALESCE(d.before, ''))),
		((d.action = 'submit') <> (d.decision_no = 1), 'a round begins with what was submitted, once'),
		(NOT EXISTS (SELECT 1 FROM erp.approval_transition t WHERE (t.from_state, t.action, t.to_state) = (d.from_state, d.action, d.to_state)), 'is none of erp.approval_transition'),
		(d.action NOT IN ('submit', 'withdraw') AND s.step_no IS NULL, 'is on a step that does not exist'),
		(d.action IN ('approve', 'send_back', 'refuse', 'add_signer') AND NOT s.own_allowed AND d.submitted_by IN (d.decided_by, d.decided_for), 'is by who submitted it'),
		(d.action IN ('approve', 'send_back', 'refuse', 'add_signer') AND k.recorded_by IS DISTINCT FROM d.decided_by::text, format('names no call of %s', d.decided_by)),
		(k.document_id IS NULL, 'names a call that does not exist')
	) AS p (wrong, problem)
	WHERE p.wrong
$$;
COMMENT ON FUNCTION erp_private.check_approval_decisions() IS
	'Law 2: decisions on approvals follow each other without a gap along erp.approval_transition, also from round to round; each signature is of a step and a call of who gave it, and of nobody who submitted, unless the rule says so.';

CREATE FUNCTION erp_private.check_approvals() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH ended AS MATERIALIZED (
		SELECT s.company_id, s.approval_id, s.step_no, s.rank, s.needed, bool_or(d.ends_step) AS ends, bool_or(d.signed_as = 'escalation' AND d.action = 'approve') AS escalation,
			count(DISTINCT d.decided_by) FILTER (WHERE d.action = 'approve') AS signed
		FROM erp.approval_step s
		LEFT JOIN erp.approval_decision d ON d.company_id = s.company_id AND d.approval_id = s.approval_id AND d.step_no = s.step_no
		GROUP BY s.company_id, s.approval_id, s.step_no, s.rank, s.needed
	), last AS MATERIALIZED (
		SELECT DISTINCT ON (d.company_id, d.approval_id) d.company_id, d.approval_id, d.to_state, d.decision_no
		FROM erp.approval_decision d
		ORDER BY d.company_id, d.approval_id, d.decision_no DESC
	), next AS MATERIALIZED (
		SELECT DISTINCT ON (e.company_id, e.approval_id) e.company_id, e.approval_id, e.step_no
		FROM ended e
		WHERE e.ends IS NOT TRUE
		ORDER BY e.company_id, e.approval_id, e.rank
	)
	SELECT 'approvals', c.code, format('%s "%s", round %s', a.kind, a.subject, a.round), p.problem
	FROM erp.approval a
	LEFT JOIN erp.company c ON c.company_id = a.company_id
	LEFT JOIN last l ON l.company_id = a.company_id AND l.approval_id = a.approval_id
	LEFT JOIN next n ON n.company_id = a.company_id AND n.approval_id = a.approval_id
	LEFT JOIN erp_private.approval_waiting w ON w.company_id = a.company_id AND w.approval_id = a.approval_id
	LEFT JOIN erp.approval b ON b.company_id = a.company_id AND b.kind = a.kind AND b.subject = a.subject AND b.round = a.round - 1
	CROSS JOIN LATERAL (VALUES
		(l.to_state IS NULL, 'has no decision'),
		(l.to_state = 'approved' AND n.step_no IS NOT NULL, format('is approved, and step %s is not signed', n.step_no)),
		((l.to_state = 'pending') <> (w.approval_id IS NOT NULL), format('is %s, and %s', l.to_state, CASE WHEN w.approval_id IS NULL THEN 'waits for nobody' ELSE 'waits' END)),
		(w.step_no <> n.step_no, format('waits at step %s, and step %s is next', w.step_no, n.step_no)),
		(w.last_decision_no <> l.decision_no, format('counts %s decisions of %s', w.last_decision_no, l.decision_no)),
		((a.round = 1) <> (b.approval_id IS NULL), 'has no round before it')
	) AS p (wrong, problem)
	WHERE p.wrong
	UNION ALL
	SELECT 'approvals', c.code, format('step %s of approval %s', e.step_no, e.approval_id), format('has ended with %s signatures of %s', e.signed, greatest(e.needed, 1))
	FROM ended e
	LEFT JOIN erp.company c ON c.company_id = e.company_id
	WHERE e.ends AND NOT e.escalation AND e.signed < CASE e.needed WHEN 0 THEN 1 ELSE e.needed END
	UNION ALL
	SELECT d.check_name, d.company, d.object, d.detail FROM erp_private.check_approval_decisions() d
$$;
COMMENT ON FUNCTION erp_private.check_approvals() IS
	'Law 2: what is pending, and only that, waits at its next step; what is approved was signed at every step, by as many as the step asks for; rounds have no gap; and what erp_private.check_approval_decisions() says.';
