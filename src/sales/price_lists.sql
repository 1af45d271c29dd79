-- sales: what erp.put_price_lists() and erp.put_price_rules() do.

CREATE FUNCTION erp_private.check_named(company_id integer, rows jsonb, path text, field text, what text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT e.n, e.value ->> field AS code INTO bad
	  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> field IS NOT NULL
	   AND NOT CASE what
	       WHEN 'party' THEN EXISTS (SELECT 1 FROM erp.party f WHERE f.company_id = check_named.company_id AND f.code = e.value ->> field)
	       WHEN 'item' THEN EXISTS (SELECT 1 FROM erp.item f WHERE f.company_id = check_named.company_id AND f.code = e.value ->> field)
	       WHEN 'unit' THEN EXISTS (SELECT 1 FROM erp.unit f WHERE f.code = e.value ->> field)
	       WHEN 'currency' THEN EXISTS (SELECT 1 FROM erp.currency f WHERE f.code = e.value ->> field)
	       ELSE EXISTS (SELECT 1 FROM erp.price_list f WHERE f.company_id = check_named.company_id AND f.code = e.value ->> field) END
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, path, field, bad.code, what,
		format('Add it with erp.put_%s().', CASE what WHEN 'party' THEN 'parties' WHEN 'currency' THEN 'currencies' ELSE replace(what, ' ', '_') || 's' END));
END
$function$;
COMMENT ON FUNCTION erp_private.check_named(integer, jsonb, text, text, text) IS
	'Raises LE012 at the first row whose field is given and no code of a party, item, unit, currency or price list.';

CREATE FUNCTION erp_private.check_days_in_order(rows jsonb, path text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT e.n, e.value ->> 'to' AS day INTO bad FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'to' < e.value ->> 'from' ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'the last day is before the first', replace(path, '#', (bad.n - 1)::text) || '.to', bad.day, 'Mend the days.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_days_in_order(jsonb, text) IS 'Raises LE011 at the first row whose "to" is before its "from".';

-- Two lists of which one begins from the other are both with tax or both without, and none begins from itself.
CREATE FUNCTION erp_private.price_list_problem() RETURNS TABLE (company_id integer, price_list_id integer, problem text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH RECURSIVE edge AS MATERIALIZED (
		SELECT DISTINCT r.company_id, r.price_list_id, r.base_list_id FROM erp.price_rule r WHERE r.base = 'list'
	), below AS (
		SELECT e.company_id, e.price_list_id, e.base_list_id FROM edge e
		UNION
		SELECT b.company_id, b.price_list_id, e.base_list_id
		  FROM below b JOIN edge e ON e.company_id = b.company_id AND e.price_list_id = b.base_list_id
	)
	SELECT b.company_id, b.price_list_id, 'its rules begin from itself, by way of other lists or at once' FROM below b WHERE b.base_list_id = b.price_list_id
	UNION ALL
	SELECT e.company_id, e.price_list_id, CASE WHEN b.code IS NULL THEN 'a list that it begins from does not exist' ELSE format('list "%s", which it begins from, is %s tax', b.code, CASE WHEN b.tax_included THEN 'with' ELSE 'without' END) END
	  FROM edge e
	  JOIN erp.price_list l ON l.company_id = e.company_id AND l.price_list_id = e.price_list_id
	  LEFT JOIN erp.price_list b ON b.company_id = e.company_id AND b.price_list_id = e.base_list_id
	 WHERE l.tax_included IS DISTINCT FROM b.tax_included
$function$;
COMMENT ON FUNCTION erp_private.price_list_problem() IS 'Price lists that begin from themselves, or from one that is with tax where they are without, or the other way round.';

CREATE FUNCTION erp_private.refuse_list_problem(company_id integer, request jsonb, field text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT p.problem, l.code INTO bad
	  FROM erp_private.price_list_problem() p
	  JOIN erp.price_list l ON l.company_id = p.company_id AND l.price_list_id = p.price_list_id
	 WHERE p.company_id = refuse_list_problem.company_id ORDER BY l.code LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE243', format('price list "%s": %s', bad.code, bad.problem), '$[#].' || field, bad.code,
			'Let a list begin from one that does not begin from it, and that is with tax or without as it is.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.refuse_list_problem(integer, jsonb, text) IS 'Raises LE243 where price lists of the company begin from what they cannot.';

CREATE FUNCTION erp_private.lock_put_price_lists(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.price_list l WHERE l.company_id = lock_put_price_lists.company_id
	    AND l.code IN (SELECT f.code FROM erp_private.rows_of(request) AS e (value), LATERAL (VALUES (e.value ->> 'code'), (e.value ->> 'list'), (e.value ->> 'base_list')) AS f (code))
	  ORDER BY l.price_list_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_price_lists(integer, jsonb) IS
	'Locks the lists that the rows name as code, list or base_list: calls that could close a circle wait for each other.';

CREATE FUNCTION erp_private.put_list_parties(company_id integer, request jsonb) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH given AS MATERIALIZED (
		SELECT l.price_list_id, e.value FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.price_list l ON l.company_id = $1 AND l.code = e.value ->> 'code'
	), taken AS (
		DELETE FROM erp.price_list_party x USING given g
		 WHERE x.company_id = $1 AND x.price_list_id = g.price_list_id
		   AND CASE WHEN x.party_id <> 0 THEN jsonb_typeof(g.value -> 'parties') = 'array'
		            AND NOT EXISTS (SELECT 1 FROM erp.party p WHERE p.company_id = $1 AND p.party_id = x.party_id AND g.value -> 'parties' ? p.code)
		            ELSE jsonb_typeof(g.value -> 'party_groups') = 'array' AND NOT g.value -> 'party_groups' ? x.party_group END
	)
	INSERT INTO erp.price_list_party (company_id, price_list_id, party_id, party_group)
	SELECT $1, g.price_list_id, p.party_id, '' FROM given g, jsonb_array_elements_text(CASE jsonb_typeof(g.value -> 'parties') WHEN 'array' THEN g.value -> 'parties' ELSE '[]' END) AS a (code)
	  JOIN erp.party p ON p.company_id = $1 AND p.code = a.code
	UNION
	SELECT $1, g.price_list_id, 0, a.party_group FROM given g, jsonb_array_elements_text(CASE jsonb_typeof(g.value -> 'party_groups') WHEN 'array' THEN g.value -> 'party_groups' ELSE '[]' END) AS a (party_group)
	ON CONFLICT DO NOTHING
$function$;
COMMENT ON FUNCTION erp_private.put_list_parties(integer, jsonb) IS 'Gives price lists the parties and groups of the request, where it has any.';

CREATE FUNCTION erp_private.check_price_lists(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "currency": "code!", "tax_included": "boolean", "base_only": "boolean",
		"priority": "integer", "from": "day", "to": "day", "parties": "list", "party_groups": "list", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_named(check_price_lists.company_id, request, '$[#]', 'currency', 'currency');
	PERFORM erp_private.check_days_in_order(request, '$[#]');
	SELECT e.n, f.field, a.value #>> '{}' AS value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n), (VALUES ('parties'), ('party_groups')) AS f (field),
	       jsonb_array_elements(CASE jsonb_typeof(e.value -> f.field) WHEN 'array' THEN e.value -> f.field ELSE '[]' END) AS a (value)
	 WHERE jsonb_typeof(a.value) <> 'string' OR a.value = '""' OR length(a.value #>> '{}') > 200
	    OR (f.field = 'parties' AND NOT EXISTS (SELECT 1 FROM erp.party p WHERE p.company_id = check_price_lists.company_id AND p.code = a.value #>> '{}'))
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', bad.field, bad.value, CASE bad.field WHEN 'parties' THEN 'party' ELSE 'group of parties' END, 'Mend the code.');
END
$function$;
COMMENT ON FUNCTION erp_private.check_price_lists(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are price lists.';

CREATE FUNCTION erp_private.put_price_lists(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_price_lists(put_price_lists.company_id, request);
	WITH put AS (
		INSERT INTO erp.price_list AS l (company_id, code, name, currency_id, tax_included, base_only, priority, valid_from, valid_to, active)
		SELECT put_price_lists.company_id, e.value ->> 'code', e.value ->> 'name', c.currency_id, COALESCE((e.value ->> 'tax_included')::boolean, old.tax_included, false),
		       COALESCE((e.value ->> 'base_only')::boolean, old.base_only, false), COALESCE((e.value ->> 'priority')::integer, old.priority, 0),
		       COALESCE((e.value ->> 'from')::date, old.valid_from, '-infinity'), COALESCE((e.value ->> 'to')::date, old.valid_to, 'infinity'),
		       COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.currency c ON c.code = e.value ->> 'currency'
		  LEFT JOIN erp.price_list old ON old.company_id = put_price_lists.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT ON CONSTRAINT price_list_code_key DO UPDATE SET name = EXCLUDED.name, currency_id = EXCLUDED.currency_id, tax_included = EXCLUDED.tax_included,
		    base_only = EXCLUDED.base_only, priority = EXCLUDED.priority, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to, active = EXCLUDED.active
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	PERFORM erp_private.put_list_parties(put_price_lists.company_id, request);
	UPDATE erp.price_list AS l SET for_all = NOT l.for_all
	 WHERE l.company_id = put_price_lists.company_id AND l.code IN (SELECT e.value ->> 'code' FROM jsonb_array_elements(request) AS e (value))
	   AND l.for_all = EXISTS (SELECT 1 FROM erp.price_list_party x WHERE x.company_id = l.company_id AND x.price_list_id = l.price_list_id);
	PERFORM erp_private.refuse_list_problem(put_price_lists.company_id, request, 'tax_included');
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_price_lists(integer, jsonb) IS 'Does what erp.put_price_lists() says.';
