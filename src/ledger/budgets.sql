-- ledger: what the call on budgets does.

CREATE FUNCTION erp_private.check_budget_lines(company_id integer, lines jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	decimals integer := (SELECT c.decimals FROM erp_private.company_money c WHERE c.company_id = check_budget_lines.company_id);
	bad record;
BEGIN
	PERFORM erp_private.check_rows(lines, path, '{"account": "code!", "dimensions": "object", "month": "code!", "amount": "signed amount!"}');
	PERFORM erp_private.check_once(lines, path, ARRAY['account', 'dimensions', 'month']);
	SELECT e.n, f.field, f.value, f.code, f.message, f.hint INTO bad
	  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (VALUES
		('account', e.value ->> 'account', 'LE012', 'there is no such account', 'Add it with erp.put_accounts().',
		 NOT EXISTS (SELECT FROM erp.account a WHERE a.company_id = check_budget_lines.company_id AND a.code = e.value ->> 'account')),
		('month', e.value ->> 'month', 'LE011', 'a month is written YYYY-MM', 'For example 2026-03.', e.value ->> 'month' !~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
		('amount', e.value ->> 'amount', 'LE011', 'field "amount" is an amount of the company''s currency', format('Give at most %s decimals.', decimals),
		 min_scale((e.value ->> 'amount')::numeric) > decimals)) AS f (field, value, code, message, hint, wrong)
	 WHERE f.wrong ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse(bad.code, bad.message, replace(path, '#', (bad.n - 1)::text) || '.' || bad.field, bad.value, bad.hint);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_budget_lines(integer, jsonb, text) IS 'Raises LE011 or LE012 unless the lines, which stand at path, are amounts of a budget.';

CREATE FUNCTION erp_private.put_budget_lines(company_id integer, budget_id integer, lines jsonb) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	written bigint;
BEGIN
	DELETE FROM erp.budget_amount m USING erp.budget_position p
	 WHERE m.company_id = $1 AND p.company_id = $1 AND p.budget_id = $2 AND m.budget_position_id = p.budget_position_id;
	WITH line AS MATERIALIZED (
		SELECT e.n, a.account_id, COALESCE((SELECT array_agg(u.id ORDER BY u.id) FROM unnest(erp_private.dimension_values($1, e.value -> 'dimensions')) AS u (id)), '{}') AS value_ids,
		       ((e.value ->> 'month') || '-01')::date AS month, (e.value ->> 'amount')::numeric AS amount
		  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
		  JOIN erp.account a ON a.company_id = $1 AND a.code = e.value ->> 'account'
	), made AS (
		INSERT INTO erp.budget_position (company_id, budget_id, account_id, dimension_value_ids)
		SELECT DISTINCT $1, $2, l.account_id, l.value_ids FROM line l
		ON CONFLICT (company_id, budget_id, account_id, dimension_value_ids) DO NOTHING
		RETURNING budget_position_id, account_id, dimension_value_ids
	), position AS (
		SELECT * FROM made
		UNION ALL
		SELECT p.budget_position_id, p.account_id, p.dimension_value_ids FROM erp.budget_position p WHERE p.company_id = $1 AND p.budget_id = $2
	), put AS (
		INSERT INTO erp.budget_amount (company_id, budget_position_id, month, amount)
		SELECT $1, p.budget_position_id, l.month, l.amount FROM line l JOIN position p ON p.account_id = l.account_id AND p.dimension_value_ids = l.value_ids
		RETURNING 1
	)
	SELECT count(*) INTO written FROM put;
	RETURN written;
END
$function$;
COMMENT ON FUNCTION erp_private.put_budget_lines(integer, integer, jsonb) IS 'Gives a version of a budget these amounts instead of those it had; returns how many.';

CREATE FUNCTION erp_private.lock_put_budgets(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.budget b WHERE b.company_id = lock_put_budgets.company_id
	    AND b.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY b.budget_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_budgets(integer, jsonb) IS 'Locks all versions of the budgets of the request.';

-- One version takes the place of another in two steps: no moment has two that are active.
CREATE FUNCTION erp_private.put_budget(company_id integer, given jsonb) RETURNS integer
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	given_version integer := COALESCE((given ->> 'version')::integer, 1);
	old record;
	becomes_active boolean;
	budget integer;
BEGIN
	SELECT b.* INTO old FROM erp.budget b WHERE b.company_id = $1 AND b.code = given ->> 'code' AND b.version = given_version;
	becomes_active := COALESCE((given ->> 'active')::boolean, old.active, true);
	UPDATE erp.budget b SET active = false WHERE becomes_active AND b.company_id = $1 AND b.code = given ->> 'code' AND b.version <> given_version AND b.active;
	INSERT INTO erp.budget AS b (company_id, code, version, name, control, span, active)
	VALUES ($1, given ->> 'code', given_version, COALESCE(given ->> 'name', old.name, given ->> 'code'), COALESCE(given ->> 'control', old.control, 'none'),
		COALESCE(given ->> 'span', old.span, 'year_to_date'), becomes_active)
	ON CONFLICT (company_id, code, version) DO UPDATE SET name = EXCLUDED.name, control = EXCLUDED.control, span = EXCLUDED.span, active = EXCLUDED.active
	RETURNING b.budget_id INTO budget;
	RETURN budget;
END
$function$;
COMMENT ON FUNCTION erp_private.put_budget(integer, jsonb) IS 'Writes a version of a budget without its lines; returns its identity.';

CREATE FUNCTION erp_private.put_budgets(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	given record;
	budget integer;
	lines bigint := 0;
	budgets bigint := 0;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "version": "integer", "name": "name", "control": "code", "span": "code", "active": "boolean", "lines": "list"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code', 'version']);
	PERFORM erp_private.check_choice(request, '$[#]', 'control', ARRAY['none', 'warn', 'refuse']);
	PERFORM erp_private.check_choice(request, '$[#]', 'span', ARRAY['month', 'year_to_date', 'year']);
	FOR given IN SELECT e.value, e.n FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) ORDER BY e.n LOOP
		IF (given.value ->> 'version')::integer < 1 THEN
			PERFORM erp_private.refuse('LE011', 'versions are numbered from 1', format('$[%s].version', given.n - 1), given.value ->> 'version', 'Give the next number.');
		END IF;
		budget := erp_private.put_budget(company_id, given.value);
		budgets := budgets + 1;
		IF jsonb_typeof(given.value -> 'lines') = 'array' THEN
			PERFORM erp_private.check_budget_lines(company_id, given.value -> 'lines', format('$[%s].lines[#]', given.n - 1));
			lines := lines + erp_private.put_budget_lines(company_id, budget, given.value -> 'lines');
		END IF;
	END LOOP;
	RETURN jsonb_build_object('budgets', budgets, 'lines', lines);
END
$function$;
COMMENT ON FUNCTION erp_private.put_budgets(integer, jsonb) IS 'Does what erp.put_budgets() says.';

CREATE FUNCTION erp.put_budgets(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_budgets(text, text, json) IS
	'Puts budgets. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "version"? (default 1), "name"?, "control"? ("none", the default: nothing is asked; "warn": a document that goes beyond it is posted with a warning that is on record; "refuse"), "span"? (what is compared: "month", "year_to_date", the default: the fiscal year up to the end of the month, or "year"), "active"? (default true; another version of the code is then no longer), "lines"? ([{"account" (one with accounts below it is budgeted with them: nothing rolls down), "dimensions"? ({dimension: value}: of lines that have them all), "month" (YYYY-MM), "amount" (on the normal side of the account, in the company''s currency)}]: these take the place of all that the version had)}]. What is not given stays. A position without an amount in a month is not asked there, but for a span beyond the month counts as nothing. Returns {"budgets", "lines"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';
