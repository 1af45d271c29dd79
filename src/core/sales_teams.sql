-- core: who sells: teams and representatives, to whom parties belong.

CREATE FUNCTION erp_private.put_sales_teams(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	WITH put AS (
		INSERT INTO erp.sales_team AS t (company_id, code, name, active)
		SELECT put_sales_teams.company_id, e.value ->> 'code', e.value ->> 'name', COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.sales_team old ON old.company_id = put_sales_teams.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE SET name = EXCLUDED.name, active = EXCLUDED.active
		 WHERE (t.name, t.active) <> (EXCLUDED.name, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_sales_teams(integer, jsonb) IS 'Does what erp.put_sales_teams() says.';

CREATE FUNCTION erp.put_sales_teams(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_sales_teams(text, text, json) IS
	'Adds or changes teams, or departments, of sales. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "active"?}]. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';

CREATE FUNCTION erp_private.check_sales_representatives(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "team": "name", "leads_team": "boolean", "login": "name", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	SELECT e.n, f.field, e.value ->> f.field AS code, f.what, f.cure INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES
		('team', 'sales team', 'Add it with erp.put_sales_teams().',
		 EXISTS (SELECT 1 FROM erp.sales_team t WHERE t.company_id = check_sales_representatives.company_id AND t.code = e.value ->> 'team')),
		('login', 'role', 'Create the role first.', EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = e.value ->> 'login'))) AS f (field, what, cure, known)
	 WHERE e.value ->> f.field <> '' AND NOT f.known ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', bad.field, bad.code, bad.what, bad.cure);
	-- As the request leaves them: of two with one login, the later row.
	SELECT w.n, w.login INTO bad
	  FROM (SELECT COALESCE(e.n, 0) AS n, COALESCE(e.value ->> 'login', o.login, '') AS login,
	               row_number() OVER (PARTITION BY COALESCE(e.value ->> 'login', o.login, '') ORDER BY COALESCE(e.n, 0)) AS occurrence
	          FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	          FULL JOIN (SELECT r.code, r.login FROM erp.sales_representative r WHERE r.company_id = check_sales_representatives.company_id) o ON o.code = e.value ->> 'code') w
	 WHERE w.occurrence > 1 AND w.login <> '' ORDER BY w.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'another representative logs in with this role', format('$[%s].login', bad.n - 1), bad.login, 'Give each a role of his or her own.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_sales_representatives(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are representatives.';

CREATE FUNCTION erp_private.put_sales_representatives(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_sales_representatives(put_sales_representatives.company_id, request);
	-- A login may go from one to another.
	UPDATE erp.sales_representative r SET login = '' FROM jsonb_array_elements(request) AS e (value)
	 WHERE r.company_id = put_sales_representatives.company_id AND r.code = e.value ->> 'code' AND r.login <> e.value ->> 'login';
	WITH put AS (
		INSERT INTO erp.sales_representative AS r (company_id, code, name, sales_team_id, leads_team, login, active)
		SELECT put_sales_representatives.company_id, e.value ->> 'code', e.value ->> 'name', COALESCE(t.sales_team_id, old.sales_team_id, 0),
		       COALESCE((e.value ->> 'leads_team')::boolean, old.leads_team, false), COALESCE((e.value ->> 'login')::name, old.login, ''),
		       COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.sales_team t ON t.company_id = put_sales_representatives.company_id AND t.code = e.value ->> 'team'
		  LEFT JOIN erp.sales_representative old ON old.company_id = put_sales_representatives.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE
		SET name = EXCLUDED.name, sales_team_id = EXCLUDED.sales_team_id, leads_team = EXCLUDED.leads_team, login = EXCLUDED.login, active = EXCLUDED.active
		WHERE (r.name, r.sales_team_id, r.leads_team, r.login, r.active)
		      <> (EXCLUDED.name, EXCLUDED.sales_team_id, EXCLUDED.leads_team, EXCLUDED.login, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_sales_representatives(integer, jsonb) IS 'Does what erp.put_sales_representatives() says.';

CREATE FUNCTION erp.put_sales_representatives(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_sales_representatives(text, text, json) IS
	'Adds or changes those who sell. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "team"? (code of the sales team; "": none), "leads_team"? (default false), "login"? (role of the database that he or she logs in with, of one representative only; "": none), "active"?}]. A field that is not given keeps its value. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown team or role.';
