-- core: who approves what: departments, rules, delegates.

-- What a document says of itself when it is submitted, and what conditions of rules ask. numeric: compared; text: one of a list.
CREATE FUNCTION erp_private.approval_field() RETURNS TABLE (field text, type text)
	LANGUAGE sql IMMUTABLE
AS $function$
	VALUES ('amount', 'signed amount'), ('discount_percent', 'decimal'), ('margin_percent', 'decimal'),
	       ('department', 'name'), ('team', 'name'), ('owner', 'name'), ('party', 'name'), ('party_group', 'name'), ('channel', 'name'),
	       ('currency', 'name'), ('payment_terms', 'name'), ('warehouse', 'name'), ('document_kind', 'name'), ('description', 'name')
$function$;
COMMENT ON FUNCTION erp_private.approval_field() IS
	'What is known of what is approved: amount in the company''s currency; discount and margin in percent; the rest are texts, department the code of one of erp.department.';

CREATE FUNCTION erp_private.check_departments(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "head": "name", "parent": "name"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	SELECT e.n, e.value ->> 'head' AS head INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'head' <> '' AND NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = e.value ->> 'head') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'head', bad.head, 'role', 'Create the role, or mend its name.');
	SELECT e.n, e.value ->> 'parent' AS parent INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'parent' <> ''
	   AND NOT EXISTS (SELECT 1 FROM erp.department d WHERE d.company_id = check_departments.company_id AND d.code = e.value ->> 'parent')
	   AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(request) AS o (value) WHERE o.value ->> 'code' = e.value ->> 'parent')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'parent', bad.parent, 'department', 'Add it with erp.put_departments().');
END
$function$;
COMMENT ON FUNCTION erp_private.check_departments(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are departments.';

CREATE FUNCTION erp_private.lock_put_departments(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	-- Two calls could close a circle that neither sees.
	PERFORM 1 FROM erp.company c WHERE c.company_id = lock_put_departments.company_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_departments(integer, jsonb) IS 'Waits for another call on the departments of the company.';

CREATE FUNCTION erp_private.department_heads(company_id integer) RETURNS TABLE (code text, heads name[])
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH RECURSIVE below AS (
		SELECT d.code, CASE d.head WHEN '' THEN '{}'::name[] ELSE ARRAY[d.head] END AS heads
		  FROM erp.department d WHERE d.company_id = $1 AND d.parent_code = ''
		UNION ALL
		SELECT d.code, CASE d.head WHEN '' THEN b.heads ELSE d.head || b.heads END
		  FROM below b JOIN erp.department d ON d.company_id = $1 AND d.parent_code = b.code
	)
	SELECT b.code, b.heads FROM below b
$function$;
COMMENT ON FUNCTION erp_private.department_heads(integer) IS
	'The heads of each department, its own first, then those above; departments that are part of themselves are not among them.';

CREATE FUNCTION erp_private.put_departments(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
	circle text;
BEGIN
	PERFORM erp_private.check_departments(put_departments.company_id, request);
	WITH put AS (
		INSERT INTO erp.department AS d (company_id, code, name, head, parent_code)
		SELECT put_departments.company_id, e.value ->> 'code', e.value ->> 'name', COALESCE((e.value ->> 'head')::name, old.head, ''),
		       COALESCE(e.value ->> 'parent', old.parent_code, '')
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.department old ON old.company_id = put_departments.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE SET name = EXCLUDED.name, head = EXCLUDED.head, parent_code = EXCLUDED.parent_code
		 WHERE (d.name, d.head, d.parent_code) <> (EXCLUDED.name, EXCLUDED.head, EXCLUDED.parent_code)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	SELECT min(d.code) INTO circle FROM erp.department d
	 WHERE d.company_id = put_departments.company_id AND d.code NOT IN (SELECT b.code FROM erp_private.department_heads(put_departments.company_id) b);
	IF circle IS NOT NULL THEN
		PERFORM erp_private.refuse('LE011', 'a department cannot be part of itself', '$', circle, 'Name a parent that is not below it.');
	END IF;
	UPDATE erp.department d SET heads = h.heads FROM erp_private.department_heads(put_departments.company_id) h
	 WHERE d.company_id = put_departments.company_id AND d.code = h.code AND d.heads <> h.heads;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_departments(integer, jsonb) IS 'Does what erp.put_departments() says.';

CREATE FUNCTION erp_private.check_signers(company_id integer, signers jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(signers, path, '{"person": "code", "group": "code", "head_of": "name", "leader_of": "name"}');
	PERFORM erp_private.check_once(signers, path, ARRAY['person', 'group', 'head_of', 'leader_of']);
	SELECT e.n INTO bad FROM jsonb_array_elements(signers) WITH ORDINALITY AS e (value, n)
	 WHERE num_nonnulls(e.value ->> 'person', e.value ->> 'group', e.value ->> 'head_of', e.value ->> 'leader_of') <> 1 OR e.n > 100 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a signer is a person, the members of a group, the head of a department or the leaders of a team', replace(path, '#', (bad.n - 1)::text), NULL,
			'Give one of person, group, head_of, leader_of; at most 100 signers.');
	END IF;
	SELECT e.n, f.field, e.value ->> f.field AS role INTO bad
	  FROM jsonb_array_elements(signers) WITH ORDINALITY AS e (value, n), (VALUES ('person'), ('group')) AS f (field)
	 WHERE e.value ->> f.field IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = e.value ->> f.field) ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, path, bad.field, bad.role, 'role', 'Create the role, or mend its name.');
	SELECT e.n, e.value ->> 'head_of' AS code INTO bad FROM jsonb_array_elements(signers) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'head_of' <> ''
	   AND NOT EXISTS (SELECT 1 FROM erp.department d WHERE d.company_id = check_signers.company_id AND d.code = e.value ->> 'head_of') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, path, 'head_of', bad.code, 'department', 'Add it with erp.put_departments().');
	SELECT e.n, e.value ->> 'leader_of' AS code INTO bad FROM jsonb_array_elements(signers) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.sales_team t WHERE t.company_id = check_signers.company_id AND t.code = COALESCE(e.value ->> 'leader_of', '')) ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, path, 'leader_of', bad.code, 'sales team', 'Add it with erp.put_sales_teams().');
END
$function$;
COMMENT ON FUNCTION erp_private.check_signers(integer, jsonb, text) IS
	'Raises LE011 or LE012 unless the rows name signers. path: where a row stands, # for its place.';

CREATE FUNCTION erp_private.check_conditions(conditions jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(conditions, path, '{"field": "code!", "from": "signed amount", "above": "signed amount", "to": "signed amount", "below": "signed amount", "in": "list"}');
	PERFORM erp_private.check_once(conditions, path, ARRAY['field']);
	PERFORM erp_private.check_choice(conditions, path, 'field', ARRAY(SELECT f.field FROM erp_private.approval_field() f WHERE f.field <> 'description'));
	SELECT e.n, e.value ->> 'field' AS field INTO bad
	  FROM jsonb_array_elements(conditions) WITH ORDINALITY AS e (value, n)
	  JOIN erp_private.approval_field() f ON f.field = e.value ->> 'field'
	 WHERE num_nonnulls(e.value ->> 'from', e.value ->> 'above', e.value ->> 'to', e.value ->> 'below') > 0 IS DISTINCT FROM (f.type <> 'name')
	    OR (e.value ->> 'in' IS NOT NULL) IS DISTINCT FROM (f.type = 'name')
	    OR jsonb_path_exists(e.value, '$.in[*] ? (@.type() != "string")') OR e.value -> 'in' = '[]'
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a condition compares a number, or names the texts that fit', replace(path, '#', (bad.n - 1)::text), bad.field,
			'Give from (>=), above (>), to (<=) or below (<) for amount, discount_percent and margin_percent; in, an array of texts, for all others.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_conditions(jsonb, text) IS 'Raises LE011 unless the rows are conditions of a rule of approval. path: where a row stands, # for its place.';

CREATE FUNCTION erp_private.check_rule_steps(company_id integer, steps jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	step record;
BEGIN
	PERFORM erp_private.check_rows(steps, path, '{"signers": "list!", "needed": "needed", "timeout_minutes": "integer", "escalate_to": "list"}');
	FOR step IN SELECT e.value, replace(path, '#', (e.n - 1)::text) AS at, e.n FROM jsonb_array_elements(steps) WITH ORDINALITY AS e (value, n) LOOP
		IF step.n > 20 OR step.value -> 'signers' = '[]' THEN
			PERFORM erp_private.refuse('LE011', 'a rule has at most 20 steps, each with a signer', step.at, NULL, 'Name who signs.');
		END IF;
		PERFORM erp_private.check_signers(company_id, step.value -> 'signers', step.at || '.signers[#]');
		PERFORM erp_private.check_signers(company_id, COALESCE(NULLIF(step.value -> 'escalate_to', 'null'), '[]'), step.at || '.escalate_to[#]');
		IF COALESCE((step.value ->> 'timeout_minutes')::integer, 0) < 0
		   OR (COALESCE((step.value ->> 'timeout_minutes')::integer, 0) > 0) <> (COALESCE(step.value ->> 'escalate_to', '[]') <> '[]') THEN
			PERFORM erp_private.refuse('LE011', 'a step is escalated to somebody, after some time', step.at || '.timeout_minutes', step.value ->> 'timeout_minutes',
				'Give both: minutes above zero, and signers in escalate_to.');
		END IF;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.check_rule_steps(integer, jsonb, text) IS 'Raises LE011 or LE012 unless the rows are steps of a rule of approval. path: where a row stands, # for its place.';

CREATE FUNCTION erp_private.check_approval_rules(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
	rule record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name", "kind": "code", "when": "list", "own": "boolean", "active": "boolean", "steps": "list"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	SELECT e.n, f.field INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n), (VALUES ('kind'), ('steps')) AS f (field)
	 WHERE e.value ->> f.field IS NULL AND NOT EXISTS (SELECT 1 FROM erp.approval_rule r WHERE r.company_id = check_approval_rules.company_id AND r.code = e.value ->> 'code')
	    OR f.field = 'steps' AND e.value -> 'steps' = '[]'
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', format('field "%s" is missing', bad.field), format('$[%s].%s', bad.n - 1, bad.field), NULL, 'A rule needs its kind and steps.');
	END IF;
	SELECT e.n, e.value ->> 'kind' AS kind INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'kind' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erp_private.approval_subject s WHERE s.kind = e.value ->> 'kind') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'kind', bad.kind, 'kind of what is approved',
		'It is one of: ' || (SELECT string_agg(s.kind, ', ' ORDER BY s.kind) FROM erp_private.approval_subject s) || '.');
	FOR rule IN SELECT e.value, e.n - 1 AS at FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) LOOP
		PERFORM erp_private.check_conditions(COALESCE(NULLIF(rule.value -> 'when', 'null'), '[]'), format('$[%s].when[#]', rule.at));
		PERFORM erp_private.check_rule_steps(company_id, COALESCE(NULLIF(rule.value -> 'steps', 'null'), '[]'), format('$[%s].steps[#]', rule.at));
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.check_approval_rules(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are rules of approval.';

CREATE FUNCTION erp_private.put_rule_steps(company_id integer, request jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	written bigint;
BEGIN
	DELETE FROM erp.approval_rule_step s USING jsonb_array_elements(request) AS e (value)
	 WHERE s.company_id = put_rule_steps.company_id AND s.rule_code = e.value ->> 'code' AND e.value ->> 'steps' IS NOT NULL;
	INSERT INTO erp.approval_rule_step (company_id, rule_code, step_no, needed, signers, timeout_minutes, escalate_to)
	SELECT put_rule_steps.company_id, e.value ->> 'code', s.n,
	       CASE COALESCE(s.value ->> 'needed', 'all') WHEN 'all' THEN 0 WHEN 'any' THEN 1 ELSE (s.value ->> 'needed')::integer END,
	       s.value -> 'signers', COALESCE((s.value ->> 'timeout_minutes')::integer, 0), COALESCE(NULLIF(s.value -> 'escalate_to', 'null'), '[]')
	  FROM jsonb_array_elements(request) AS e (value),
	       jsonb_array_elements(CASE jsonb_typeof(e.value -> 'steps') WHEN 'array' THEN e.value -> 'steps' ELSE '[]' END) WITH ORDINALITY AS s (value, n);
	GET DIAGNOSTICS written = ROW_COUNT;
	RETURN written;
END
$function$;
COMMENT ON FUNCTION erp_private.put_rule_steps(integer, jsonb) IS 'Writes the steps of the rules of checked rows, where they have any; returns how many.';

CREATE FUNCTION erp_private.put_approval_rules(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_approval_rules(put_approval_rules.company_id, request);
	WITH put AS (
		INSERT INTO erp.approval_rule AS r (company_id, code, name, kind, conditions, own_allowed, active)
		SELECT put_approval_rules.company_id, e.value ->> 'code', COALESCE(e.value ->> 'name', old.name, ''), COALESCE(e.value ->> 'kind', old.kind),
		       COALESCE(NULLIF(e.value -> 'when', 'null'), old.conditions, '[]'), COALESCE((e.value ->> 'own')::boolean, old.own_allowed, false),
		       COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.approval_rule old ON old.company_id = put_approval_rules.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE SET name = EXCLUDED.name, kind = EXCLUDED.kind, conditions = EXCLUDED.conditions,
		    own_allowed = EXCLUDED.own_allowed, active = EXCLUDED.active
		 WHERE (r.name, r.kind, r.conditions, r.own_allowed, r.active)
		       <> (EXCLUDED.name, EXCLUDED.kind, EXCLUDED.conditions, EXCLUDED.own_allowed, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer || jsonb_build_object('steps', erp_private.put_rule_steps(put_approval_rules.company_id, request));
END
$function$;
COMMENT ON FUNCTION erp_private.put_approval_rules(integer, jsonb) IS 'Does what erp.put_approval_rules() says.';

-- A row without a person is the caller's; who is no member of erp_admin names nobody else.
CREATE FUNCTION erp_private.check_delegates(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
	me text := erp_private.caller();
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"person": "code", "delegate": "code!", "kind": "name", "from": "day!", "until": "day!", "active": "boolean"}');
	PERFORM erp_private.check_once((SELECT COALESCE(jsonb_agg(jsonb_build_object('kind', '') || jsonb_strip_nulls(e.value) || jsonb_build_object('person', COALESCE(e.value ->> 'person', me)) ORDER BY e.n), '[]')
		FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)), '$[#]', ARRAY['person', 'delegate', 'kind', 'from']);
	SELECT e.n, f.field, e.value ->> f.field AS role INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n), (VALUES ('person'), ('delegate')) AS f (field)
	 WHERE e.value ->> f.field IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = e.value ->> f.field) ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', bad.field, bad.role, 'role', 'Create the role, or mend its name.');
	SELECT e.n, e.value ->> 'kind' AS kind INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'kind' <> '' AND NOT EXISTS (SELECT 1 FROM erp_private.approval_subject s WHERE s.kind = e.value ->> 'kind') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'kind', bad.kind, 'kind of what is approved', 'Leave it out for all kinds.');
	SELECT e.n, f.field, e.value ->> f.field AS value, f.message INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES ('delegate', e.value ->> 'delegate' = COALESCE(e.value ->> 'person', me), 'nobody is a delegate of his or her own'),
	                            ('until', (e.value ->> 'until')::date < (e.value ->> 'from')::date, 'a delegate ends after it begins')) AS f (field, wrong, message)
	 WHERE f.wrong ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', bad.message, format('$[%s].%s', bad.n - 1, bad.field), bad.value, 'Name another person, and the first and last day.');
	END IF;
	SELECT e.n, e.value ->> 'person' AS person INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'person' <> me AND NOT pg_has_role(me::name, 'erp_admin', 'MEMBER') ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE003', 'others name their delegates themselves', format('$[%s].person', bad.n - 1), bad.person, 'Leave it out, or be a member of erp_admin.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_delegates(integer, jsonb) IS 'Raises LE003, LE011 or LE012 unless the rows are delegates that the caller may name.';

CREATE FUNCTION erp_private.put_delegates(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_delegates(put_delegates.company_id, request);
	WITH put AS (
		INSERT INTO erp.approval_delegate AS d (company_id, person, delegate, kind, first_day, last_day, active)
		SELECT put_delegates.company_id, COALESCE(e.value ->> 'person', erp_private.caller()::text)::name, (e.value ->> 'delegate')::name, COALESCE(e.value ->> 'kind', ''),
		       (e.value ->> 'from')::date, (e.value ->> 'until')::date, COALESCE((e.value ->> 'active')::boolean, true)
		  FROM jsonb_array_elements(request) AS e (value) ORDER BY 2, 3, 4, 5
		ON CONFLICT (company_id, person, delegate, kind, first_day) DO UPDATE SET last_day = EXCLUDED.last_day, active = EXCLUDED.active
		 WHERE (d.last_day, d.active) <> (EXCLUDED.last_day, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_delegates(integer, jsonb) IS 'Does what erp.put_delegates() says.';
