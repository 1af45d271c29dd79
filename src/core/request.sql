-- Requests of calls, checked before they are used: every field known, of its type, named by its path.

CREATE FUNCTION erp_private.is_day(value text) RETURNS boolean
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN CASE WHEN value ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' AND value >= '0001'
	       THEN substr(value, 9)::integer
	            <= extract(day FROM make_date(substr(value, 1, 4)::integer, substr(value, 6, 2)::integer, 1) + interval '1 month - 1 day')
	       ELSE false END;
END
$function$;
COMMENT ON FUNCTION erp_private.is_day(text) IS
	'Whether the text is a day of the calendar written YYYY-MM-DD.';

-- Types of fields. A "!" after the type says that the field must be given; JSON null counts as not given.
CREATE FUNCTION erp_private.field_rule()
	RETURNS TABLE (type text, json_types text[], longest integer, pattern text, reason text)
	LANGUAGE sql IMMUTABLE
AS $function$
	VALUES ('code', ARRAY['string'], 60, E'^[^\\x01-\\x1f\\x7f]+$', 'must be a text of 1 to 60 characters without control characters'),
	       ('name', ARRAY['string'], 200, E'^[^\\x01-\\x1f\\x7f]*$', 'must be a text of at most 200 characters without control characters'),
	       ('expression', ARRAY['string'], 500, E'^[^\\x01-\\x1f\\x7f]*$', 'must be a text of at most 500 characters without control characters'),
	       ('ratio', ARRAY['number', 'string'], 12, '^[1-9][0-9]{0,11}$', 'must be a whole number above zero of at most 12 digits'),
	       ('needed', ARRAY['number', 'string'], 3, '^(all|any|[1-9][0-9]{0,2})$', 'must be all, any or a whole number above zero of at most 3 digits'),
	       ('integer', ARRAY['number'], 10, '^-?[0-9]{1,9}$', 'must be a whole number of at most 9 digits'),
	       ('decimal', ARRAY['number', 'string'], 40, '^-?[0-9]{1,6}([.][0-9]{1,10})?$', 'must be a number of at most 6 digits before and 10 after the point'),
	       ('amount', ARRAY['number', 'string'], 20, '^[0-9]{1,15}([.][0-9]{1,4})?$', 'must be an amount of at most 15 digits before and 4 after the point'),
	       ('signed amount', ARRAY['number', 'string'], 21, '^-?[0-9]{1,15}([.][0-9]{1,4})?$', 'must be an amount, with a sign or without, of at most 15 digits before and 4 after the point'),
	       ('price', ARRAY['number', 'string'], 19, '^[0-9]{1,10}([.][0-9]{1,8})?$', 'must be a price of at most 10 digits before and 8 after the point'),
	       ('signed price', ARRAY['number', 'string'], 20, '^-?[0-9]{1,10}([.][0-9]{1,8})?$', 'must be an amount of one unit, with a sign or without, of at most 10 digits before and 8 after the point'),
	       ('percent', ARRAY['number', 'string'], 11, '^-?[0-9]{1,5}([.][0-9]{1,4})?$', 'must be a percentage, with a sign or without, of at most 5 digits before and 4 after the point'),
	       ('quantity', ARRAY['number', 'string'], 20, '^(?=[0-9.]*[1-9])[0-9]{1,12}([.][0-9]{1,6})?$', 'must be a quantity above zero of at most 12 digits before and 6 after the point'),
	       ('quantity or zero', ARRAY['number', 'string'], 20, '^[0-9]{1,12}([.][0-9]{1,6})?$', 'must be a quantity of at most 12 digits before and 6 after the point'),
	       ('hash', ARRAY['string'], 64, '^[0-9a-f]{64}$', 'must be a SHA-256 of 64 hexadecimal digits in small letters'),
	       ('day', ARRAY['string'], 10, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', 'must be a day of the calendar written YYYY-MM-DD'),
	       ('key', ARRAY['string'], 200, '^.', 'must be a text of 1 to 200 characters'),
	       ('reason', ARRAY['string'], 500, '[^[:space:]]', 'must be a text of 1 to 500 characters'),
	       ('object', ARRAY['object'], NULL, '', 'must be an object'),
	       ('scalar', ARRAY['number', 'string'], 200, E'^[^\\x01-\\x1f\\x7f]*$', 'must be a number, or a text of at most 200 characters without control characters'),
	       ('boolean', ARRAY['boolean'], 5, '', 'must be true or false'),
	       ('list', ARRAY['array'], NULL, '', 'must be an array')
$function$;
COMMENT ON FUNCTION erp_private.field_rule() IS 'The types of fields that requests of calls have.';

CREATE FUNCTION erp_private.row_problem(rows jsonb, path text, fields jsonb)
	RETURNS TABLE (at text, value text, reason text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH field AS MATERIALIZED (
		SELECT f.key AS name, rtrim(f.value, '!') AS type, f.value LIKE '%!' AS needed, r.json_types, r.longest, r.pattern, r.reason
		  FROM jsonb_each_text(fields) f JOIN erp_private.field_rule() r ON r.type = rtrim(f.value, '!')
	), element AS (
		SELECT e.n, CASE WHEN jsonb_typeof(e.value) = 'object' THEN e.value ELSE '{}' END AS value,
		       jsonb_typeof(e.value) = 'object' AS is_object, e.value AS whole
		  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)
	), problem AS (
		SELECT e.n, 0 AS rank, '' AS name, e.whole AS value, 'must be an object' AS reason FROM element e WHERE NOT e.is_object
		UNION ALL
		SELECT e.n, CASE WHEN f.name IS NULL THEN 1 ELSE 3 END, g.name, g.value, COALESCE(f.reason, 'is not known here')
		  FROM element e CROSS JOIN jsonb_each(e.value) AS g (name, value) LEFT JOIN field f ON f.name = g.name
		 WHERE f.name IS NULL
		    OR g.value <> 'null'
		       AND NOT (jsonb_typeof(g.value) = ANY (f.json_types)
		                AND COALESCE(length(g.value #>> '{}') <= f.longest, true)
		                AND g.value #>> '{}' ~ f.pattern
		                AND (f.type <> 'day' OR erp_private.is_day(g.value #>> '{}')))
		UNION ALL
		SELECT e.n, 2, f.name, NULL, 'is missing'
		  FROM element e CROSS JOIN field f
		 WHERE e.is_object AND f.needed AND COALESCE(e.value -> f.name, 'null') = 'null'
	)
	SELECT replace(path, '#', (p.n - 1)::text) || CASE WHEN p.name = '' THEN '' ELSE '.' || p.name END,
	       left(p.value #>> '{}', 100),
	       CASE WHEN p.name = '' THEN 'a row ' ELSE format('field "%s" ', p.name) END || p.reason
	  FROM problem p ORDER BY p.n, p.rank, p.name LIMIT 1;
END
$function$;
COMMENT ON FUNCTION erp_private.row_problem(jsonb, text, jsonb) IS
	'The first thing that is wrong with an array of objects. path: where a row stands, # for its place; fields: name to type.';

CREATE FUNCTION erp_private.refuse(code text, message text, at text, value text, hint text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message,
		DETAIL = 'At ' || at || COALESCE(', value "' || left(value, 100) || '"', '') || '.',
		HINT = hint;
END
$function$;
COMMENT ON FUNCTION erp_private.refuse(text, text, text, text, text) IS
	'Raises an error of the engine''s own: SQLSTATE, message, path and value of the field (null if none), hint.';

CREATE FUNCTION erp_private.check_rows(rows jsonb, path text, fields jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	problem record;
BEGIN
	IF jsonb_typeof(rows) <> 'array' THEN
		PERFORM erp_private.refuse('LE011', 'an array of objects is expected', split_part(path, '[', 1), NULL, 'Put the rows into an array.');
	END IF;
	SELECT * INTO problem FROM erp_private.row_problem(rows, path, fields);
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', problem.reason, problem.at, problem.value,
			'The fields are ' || (SELECT string_agg(f.key, ', ' ORDER BY f.key) FROM jsonb_each(fields) f) || '.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_rows(jsonb, text, jsonb) IS
	'Raises LE011 at the first row of a request that is not as the fields say, see erp_private.row_problem().';

CREATE FUNCTION erp_private.check_object(request jsonb, fields jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.check_rows(jsonb_build_array(request), '$', fields);
END
$function$;
COMMENT ON FUNCTION erp_private.check_object(jsonb, jsonb) IS
	'Raises LE011 unless the request is one object as the fields say.';

CREATE FUNCTION erp_private.check_choice(rows jsonb, path text, field text, choices text[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT e.n, e.value ->> field AS value INTO bad
	  FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)
	 WHERE NOT e.value ->> field = ANY (choices) ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', format('field "%s" has a value that is not known', field),
			replace(path, '#', (bad.n - 1)::text) || '.' || field, bad.value, 'It is one of: ' || array_to_string(choices, ', ') || '.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_choice(jsonb, text, text, text[]) IS
	'Raises LE011 at the first row whose field is given and none of the choices.';

CREATE FUNCTION erp_private.check_once(rows jsonb, path text, fields text[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	twice record;
BEGIN
	SELECT r.n, r.key INTO twice
	  FROM (SELECT e.n, k.key, row_number() OVER (PARTITION BY k.key ORDER BY e.n) AS occurrence
	          FROM jsonb_array_elements(rows) WITH ORDINALITY AS e (value, n)
	         CROSS JOIN LATERAL (SELECT CASE cardinality(fields) WHEN 1 THEN ARRAY[e.value ->> fields[1]]
	                                    ELSE ARRAY(SELECT COALESCE(e.value ->> f.name, '') FROM unnest(fields) AS f (name)) END AS key) k) r
	 WHERE r.occurrence > 1 ORDER BY r.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'the same row is given twice', replace(path, '#', (twice.n - 1)::text),
			array_to_string(twice.key, ', '), format('Give every %s once.', array_to_string(fields, ', ')));
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_once(jsonb, text, text[]) IS
	'Raises LE011 at the first row that has the same values in the fields as a row before it.';

CREATE FUNCTION erp_private.check_known(missing_at bigint, path text, field text, value text, what text, cure text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF missing_at IS NOT NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no %s "%s"', what, left(value, 100)),
			replace(path, '#', (missing_at - 1)::text) || '.' || field, value, cure);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_known(bigint, text, text, text, text, text) IS
	'Raises LE012 for the row (from 1) whose code is not known; does nothing when there is none.';
