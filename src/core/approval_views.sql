-- core: who signs, what waits for whom, what was decided, and by which rules.

-- Persons, members of groups who log in, heads of departments, leaders of teams; superusers sign only where they are named. Whoever submitted is none, where
-- the rule does not say so: instead of a head, the one above signs. Lateral, so that who is looked for is found before his or her signers are asked.
CREATE OR REPLACE VIEW erp_private.approval_signer AS
SELECT s.company_id, s.approval_id, s.step_no, f.escalation, r.rolname AS person
FROM erp.approval_step s
JOIN erp.approval a ON a.company_id = s.company_id AND a.approval_id = s.approval_id
JOIN erp.company c ON c.company_id = s.company_id
JOIN pg_catalog.pg_roles w ON w.rolname = c.member_role
JOIN pg_catalog.pg_roles r ON pg_catalog.pg_has_role(r.oid, w.oid, 'MEMBER') AND (s.own_allowed OR r.rolname <> a.submitted_by)
CROSS JOIN LATERAL (
	SELECT e.escalation
	FROM (
		SELECT false AS escalation, x.value
		FROM pg_catalog.jsonb_array_elements(s.signers) AS x (value)
		UNION ALL
		SELECT true, y.value
		FROM pg_catalog.jsonb_array_elements(s.escalate_to) AS y (value)
	) e
	LEFT JOIN pg_catalog.pg_roles g ON g.rolname = (e.value ->> 'group')::name
	LEFT JOIN erp.department d ON d.company_id = s.company_id
		AND d.code = CASE e.value ->> 'head_of' WHEN '' THEN a.facts ->> 'department' ELSE e.value ->> 'head_of' END
	WHERE r.rolname = (e.value ->> 'person')::name
		OR r.rolcanlogin AND NOT r.rolsuper AND r.oid <> g.oid AND pg_catalog.pg_has_role(r.oid, g.oid, 'MEMBER')
		OR r.rolname = CASE WHEN s.own_allowed THEN d.heads[1] ELSE (pg_catalog.array_remove(d.heads, a.submitted_by))[1] END
		OR (e.value ->> 'leader_of') IS NOT NULL AND EXISTS (
			SELECT 1
			FROM erp.sales_team m
			JOIN erp.sales_representative l ON l.company_id = m.company_id AND l.sales_team_id = m.sales_team_id AND l.leads_team AND l.active
			WHERE m.company_id = s.company_id AND m.code <> '' AND l.login = r.rolname
				AND m.code = CASE e.value ->> 'leader_of' WHEN '' THEN a.facts ->> 'team' ELSE e.value ->> 'leader_of' END
		)
	GROUP BY e.escalation
	OFFSET 0
) f;
COMMENT ON VIEW erp_private.approval_signer IS 'Who may sign the steps of approvals, as roles, departments and companies are now.';
COMMENT ON COLUMN erp_private.approval_signer.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.approval_signer.approval_id IS 'Identity of the approval.';
COMMENT ON COLUMN erp_private.approval_signer.step_no IS 'The step.';
COMMENT ON COLUMN erp_private.approval_signer.escalation IS 'Whether only once it is escalated.';
COMMENT ON COLUMN erp_private.approval_signer.person IS 'The signer.';

-- Who may act now: signers who have not signed, and their delegates. Where so many of the signers are asked for, nobody signs twice.
CREATE OR REPLACE VIEW erp_private.approval_candidate AS
SELECT w.company_id, w.approval_id, w.step_no, s.person AS signer, d.actor,
	CASE WHEN s.escalation THEN 'escalation' WHEN d.actor <> s.person THEN 'delegate' ELSE 'signer' END AS signed_as
FROM erp_private.approval_waiting w
JOIN erp.approval a ON a.company_id = w.company_id AND a.approval_id = w.approval_id
JOIN erp.approval_step t ON t.company_id = w.company_id AND t.approval_id = w.approval_id AND t.step_no = w.step_no
CROSS JOIN LATERAL (
	SELECT r.rolname AS person, r.rolname AS actor
	FROM pg_catalog.pg_roles r
	UNION ALL
	SELECT g.person, g.delegate
	FROM erp.approval_delegate g
	WHERE g.company_id = w.company_id AND g.active AND g.kind IN ('', a.kind)
		AND (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::date BETWEEN g.first_day AND g.last_day
) d
JOIN erp_private.approval_signer s ON s.company_id = w.company_id AND s.approval_id = w.approval_id AND s.step_no = w.step_no AND s.person = d.person
WHERE (w.escalated OR NOT s.escalation) AND (t.own_allowed OR d.actor <> a.submitted_by)
	AND NOT EXISTS (
		SELECT 1
		FROM erp.approval_decision x
		WHERE x.company_id = w.company_id AND x.approval_id = w.approval_id AND x.step_no = w.step_no AND x.action = 'approve'
			AND (x.decided_for = s.person OR (t.needed > 0 AND x.decided_by = d.actor))
	);
COMMENT ON VIEW erp_private.approval_candidate IS 'Who may act on what is pending: a row for each signer whose signature is missing and each person who may give it.';
COMMENT ON COLUMN erp_private.approval_candidate.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.approval_candidate.approval_id IS 'Identity of the approval.';
COMMENT ON COLUMN erp_private.approval_candidate.step_no IS 'The step that it waits at.';
COMMENT ON COLUMN erp_private.approval_candidate.signer IS 'Whose signature it is.';
COMMENT ON COLUMN erp_private.approval_candidate.actor IS 'Who may give it: the signer or a delegate.';
COMMENT ON COLUMN erp_private.approval_candidate.signed_as IS 'signer, delegate, or escalation.';

CREATE OR REPLACE VIEW erp.approval_inbox AS
SELECT c.company,
	a.kind,
	a.subject,
	a.round,
	a.facts ->> 'description' AS description,
	a.facts ->> 'party' AS party_code,
	pg_catalog.round((a.facts ->> 'amount')::numeric, c.decimals) AS amount,
	c.currency,
	a.facts,
	a.submitted_by,
	a.submitted_at,
	t.rule_code,
	w.step_no,
	m.signs_for,
	w.since,
	NULLIF(w.due_at, 'infinity') AS due_at,
	w.escalated,
	a.approval_id
FROM (
	SELECT k.company_id, k.approval_id, k.step_no, pg_catalog.array_agg(DISTINCT k.signer ORDER BY k.signer) AS signs_for
	FROM erp_private.approval_candidate k
	WHERE k.actor = CURRENT_USER
	GROUP BY k.company_id, k.approval_id, k.step_no
) m
JOIN erp_private.approval_waiting w ON w.company_id = m.company_id AND w.approval_id = m.approval_id
JOIN erp.approval a ON a.company_id = m.company_id AND a.approval_id = m.approval_id
JOIN erp.approval_step t ON t.company_id = m.company_id AND t.approval_id = m.approval_id AND t.step_no = m.step_no
JOIN erp_private.company_money c ON c.company_id = m.company_id;
COMMENT ON VIEW erp.approval_inbox IS 'What waits for the signature of the current user (the session''s, or of SET ROLE): as a signer, as a member of a group or the head of a department, after an escalation, or for whom he or she is a delegate. Order by since.';
COMMENT ON COLUMN erp.approval_inbox.company IS 'Code of the company.';
COMMENT ON COLUMN erp.approval_inbox.kind IS 'Kind of what is to be approved.';
COMMENT ON COLUMN erp.approval_inbox.subject IS 'What is to be approved: the name that its kind gives it.';
COMMENT ON COLUMN erp.approval_inbox.round IS 'How many times it was submitted.';
COMMENT ON COLUMN erp.approval_inbox.description IS 'What it says of itself; null if nothing.';
COMMENT ON COLUMN erp.approval_inbox.party_code IS 'Code of the party that it is of; null if none.';
COMMENT ON COLUMN erp.approval_inbox.amount IS 'Amount in the company''s currency; null if it has none.';
COMMENT ON COLUMN erp.approval_inbox.currency IS 'Currency of the amount.';
COMMENT ON COLUMN erp.approval_inbox.facts IS 'All that the rules were asked about.';
COMMENT ON COLUMN erp.approval_inbox.submitted_by IS 'Who submitted it.';
COMMENT ON COLUMN erp.approval_inbox.submitted_at IS 'When that was.';
COMMENT ON COLUMN erp.approval_inbox.rule_code IS 'Code of the rule that asks for the signature.';
COMMENT ON COLUMN erp.approval_inbox.step_no IS 'The step that waits.';
COMMENT ON COLUMN erp.approval_inbox.signs_for IS 'Whose signatures the user would give: his or her own, and those of whom he or she is a delegate.';
COMMENT ON COLUMN erp.approval_inbox.since IS 'Since when it waits at this step.';
COMMENT ON COLUMN erp.approval_inbox.due_at IS 'When it will be escalated; null: never, or it was.';
COMMENT ON COLUMN erp.approval_inbox.escalated IS 'Whether it was escalated.';
COMMENT ON COLUMN erp.approval_inbox.approval_id IS 'Identity of the approval.';

CREATE OR REPLACE VIEW erp.approval_stuck AS
SELECT c.code AS company,
	a.kind,
	a.subject,
	a.round,
	w.step_no,
	t.rule_code,
	t.signers,
	w.escalated,
	w.since,
	(EXISTS (
		SELECT 1
		FROM erp_private.approval_signer s
		WHERE s.company_id = w.company_id AND s.approval_id = w.approval_id AND s.step_no = w.step_no AND s.escalation
	)) AND NOT w.escalated AS can_escalate,
	a.submitted_by
FROM erp_private.approval_waiting w
JOIN erp.approval a ON a.company_id = w.company_id AND a.approval_id = w.approval_id
JOIN erp.approval_step t ON t.company_id = w.company_id AND t.approval_id = w.approval_id AND t.step_no = w.step_no
JOIN erp.company c ON c.company_id = w.company_id
WHERE NOT EXISTS (
		SELECT 1
		FROM erp_private.approval_candidate n
		WHERE n.company_id = w.company_id AND n.approval_id = w.approval_id
	);
COMMENT ON VIEW erp.approval_stuck IS 'What waits for a signature that nobody can give, as roles, departments, teams and delegates are now: who could has left. erp.escalate_approvals() escalates it where it can; else grant the role, name a head or a delegate, or withdraw it and mend the rule.';
COMMENT ON COLUMN erp.approval_stuck.company IS 'Code of the company.';
COMMENT ON COLUMN erp.approval_stuck.kind IS 'Kind of what is to be approved.';
COMMENT ON COLUMN erp.approval_stuck.subject IS 'What is to be approved: the name that its kind gives it.';
COMMENT ON COLUMN erp.approval_stuck.round IS 'How many times it had been submitted.';
COMMENT ON COLUMN erp.approval_stuck.step_no IS 'The step that it waits at.';
COMMENT ON COLUMN erp.approval_stuck.rule_code IS 'Code of the rule that asks for the step.';
COMMENT ON COLUMN erp.approval_stuck.signers IS 'Its signers: persons, groups, heads of departments, leaders of teams.';
COMMENT ON COLUMN erp.approval_stuck.escalated IS 'Whether it is escalated already.';
COMMENT ON COLUMN erp.approval_stuck.since IS 'Since when it waits there.';
COMMENT ON COLUMN erp.approval_stuck.can_escalate IS 'Whether there is whom the rule escalates it to.';
COMMENT ON COLUMN erp.approval_stuck.submitted_by IS 'Who submitted it, and can withdraw it.';

CREATE OR REPLACE VIEW erp.approval_list AS
SELECT c.code AS company,
	a.kind,
	a.subject,
	a.round,
	l.state,
	e.decision_no,
	e.step_no,
	t.rank,
	t.rule_code,
	t.needed,
	t.signers,
	e.action,
	e.decided_by,
	e.decided_for,
	e.signed_as,
	e.decided_at,
	e.reason,
	w.step_no IS NOT NULL AS waits,
	w.since,
	NULLIF(w.due_at, 'infinity') AS due_at,
	a.facts,
	a.submitted_by,
	a.submitted_at,
	d.key AS call_key,
	a.approval_id
FROM erp.approval a
JOIN erp.company c ON c.company_id = a.company_id
CROSS JOIN LATERAL (
	SELECT x.to_state AS state
	FROM erp.approval_decision x
	WHERE x.company_id = a.company_id AND x.approval_id = a.approval_id
	ORDER BY x.decision_no DESC LIMIT 1
) l
CROSS JOIN LATERAL (
	SELECT x.decision_no, x.step_no, x.document_id, x.action, x.decided_by, NULLIF(x.decided_for, '') AS decided_for,
		NULLIF(x.signed_as, '') AS signed_as, x.decided_at, x.reason
	FROM erp.approval_decision x
	WHERE x.company_id = a.company_id AND x.approval_id = a.approval_id
	UNION ALL
	SELECT NULL, s.step_no, 0, NULL, NULL, NULL, NULL, NULL, NULL
	FROM erp.approval_step s
	WHERE s.company_id = a.company_id AND s.approval_id = a.approval_id AND l.state = 'pending'
		AND NOT EXISTS (
			SELECT 1
			FROM erp.approval_decision x
			WHERE x.company_id = s.company_id AND x.approval_id = s.approval_id AND x.step_no = s.step_no AND x.ends_step
		)
) e
LEFT JOIN erp.approval_step t ON t.company_id = a.company_id AND t.approval_id = a.approval_id AND t.step_no = e.step_no
LEFT JOIN erp_private.approval_waiting w ON w.company_id = a.company_id AND w.approval_id = a.approval_id AND w.step_no = e.step_no AND e.decision_no IS NULL
LEFT JOIN erp.document d ON d.company_id = a.company_id AND d.document_id = e.document_id AND e.document_id <> 0;
COMMENT ON VIEW erp.approval_list IS 'What was submitted, every decision on it, and every step that is still to be signed. Order by kind, subject, round, decision_no, rank.';
COMMENT ON COLUMN erp.approval_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.approval_list.kind IS 'Kind of what is to be approved.';
COMMENT ON COLUMN erp.approval_list.subject IS 'What is to be approved: the name that its kind gives it.';
COMMENT ON COLUMN erp.approval_list.round IS 'How many times it had been submitted.';
COMMENT ON COLUMN erp.approval_list.state IS 'What became of this round: pending, approved, sent_back, refused or withdrawn.';
COMMENT ON COLUMN erp.approval_list.decision_no IS 'Order of the decisions of a round, from 1; null for a step that is not signed yet.';
COMMENT ON COLUMN erp.approval_list.step_no IS 'The step; 0 where the decision is of the whole.';
COMMENT ON COLUMN erp.approval_list.rank IS 'Order of the steps.';
COMMENT ON COLUMN erp.approval_list.rule_code IS 'Code of the rule that asks for the step.';
COMMENT ON COLUMN erp.approval_list.needed IS 'How many of its signers sign; 0: all.';
COMMENT ON COLUMN erp.approval_list.signers IS 'Its signers: persons, groups, heads of departments, leaders of teams.';
COMMENT ON COLUMN erp.approval_list.action IS 'submit, approve, send_back, refuse, withdraw, add_signer or escalate; null for a step that is not signed yet.';
COMMENT ON COLUMN erp.approval_list.decided_by IS 'Who did it.';
COMMENT ON COLUMN erp.approval_list.decided_for IS 'Whose signature it is; null where none is given.';
COMMENT ON COLUMN erp.approval_list.signed_as IS 'signer, delegate or escalation; null where no signer acts.';
COMMENT ON COLUMN erp.approval_list.decided_at IS 'When that was.';
COMMENT ON COLUMN erp.approval_list.reason IS 'Why; may be empty.';
COMMENT ON COLUMN erp.approval_list.waits IS 'Whether this is the step that waits now.';
COMMENT ON COLUMN erp.approval_list.since IS 'Since when, of that step.';
COMMENT ON COLUMN erp.approval_list.due_at IS 'When that step will be escalated; null: never, or it was.';
COMMENT ON COLUMN erp.approval_list.facts IS 'What the rules were asked about.';
COMMENT ON COLUMN erp.approval_list.submitted_by IS 'Who submitted it.';
COMMENT ON COLUMN erp.approval_list.submitted_at IS 'When that was.';
COMMENT ON COLUMN erp.approval_list.call_key IS 'Key of the call that did it.';
COMMENT ON COLUMN erp.approval_list.approval_id IS 'Identity of the round.';

CREATE OR REPLACE VIEW erp.approval_rule_list AS
SELECT c.code AS company,
	r.kind,
	r.code AS rule_code,
	r.name AS rule_name,
	r.active,
	r.conditions,
	r.own_allowed,
	s.step_no,
	s.needed,
	s.signers,
	NULLIF(s.timeout_minutes, 0) AS timeout_minutes,
	s.escalate_to
FROM erp.approval_rule r
JOIN erp.company c ON c.company_id = r.company_id
JOIN erp.approval_rule_step s ON s.company_id = r.company_id AND s.rule_code = r.code;
COMMENT ON VIEW erp.approval_rule_list IS 'Rules of approval, a row for each step.';
COMMENT ON COLUMN erp.approval_rule_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.approval_rule_list.kind IS 'Kind of what it is about.';
COMMENT ON COLUMN erp.approval_rule_list.rule_code IS 'Code of the rule.';
COMMENT ON COLUMN erp.approval_rule_list.rule_name IS 'Its name.';
COMMENT ON COLUMN erp.approval_rule_list.active IS 'Whether it is asked.';
COMMENT ON COLUMN erp.approval_rule_list.conditions IS 'When it fits, all of them; none: always.';
COMMENT ON COLUMN erp.approval_rule_list.own_allowed IS 'Whether who submitted may sign too.';
COMMENT ON COLUMN erp.approval_rule_list.step_no IS 'The step, from 1.';
COMMENT ON COLUMN erp.approval_rule_list.needed IS 'How many of its signers sign; 0: all.';
COMMENT ON COLUMN erp.approval_rule_list.signers IS 'Its signers: persons, groups, heads of departments, leaders of teams.';
COMMENT ON COLUMN erp.approval_rule_list.timeout_minutes IS 'After how many minutes it is escalated; null: never.';
COMMENT ON COLUMN erp.approval_rule_list.escalate_to IS 'To whom.';
