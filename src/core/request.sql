-- Requests of calls, checked before they are used: every field known, of its type, named by its path.

CREATE FUNCTION erp_private.is_day(value text) RETURNS boolean
	LANGUAGE c IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'erp_is_day';
COMMENT ON FUNCTION erp_private.is_day(text) IS
	'Whether the text is a day of the calendar written YYYY-MM-DD.';

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
	LANGUAGE c VOLATILE STRICT
	AS 'MODULE_PATHNAME', 'erp_check_rows';
COMMENT ON FUNCTION erp_private.check_rows(jsonb, text, jsonb) IS
	'Raises LE011 unless rows is an array, and at its first row that is not an object as the fields say. path: where a row stands, # for its place; fields: name to type, with "!" behind it where it must be given (src/core/request_field.c lists the types). JSON null counts as not given.';

CREATE FUNCTION erp_private.check_object(request jsonb, fields jsonb) RETURNS void
	LANGUAGE c VOLATILE STRICT
	AS 'MODULE_PATHNAME', 'erp_check_object';
COMMENT ON FUNCTION erp_private.check_object(jsonb, jsonb) IS
	'Raises LE011 unless the request is one object as the fields say, see erp_private.check_rows().';

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
