-- core: zones of tax, and what tax codes become there.

CREATE FUNCTION erp_private.check_tax_zones(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	zone record;
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "active": "boolean", "tax_codes": "list"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	FOR zone IN SELECT e.value -> 'tax_codes' AS codes, format('$[%s].tax_codes[#]', e.n - 1) AS path
	              FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) WHERE jsonb_typeof(e.value -> 'tax_codes') = 'array'
	LOOP
		PERFORM erp_private.check_rows(zone.codes, zone.path, '{"tax_code": "code!", "becomes": "name!"}');
		PERFORM erp_private.check_once(zone.codes, zone.path, ARRAY['tax_code']);
		SELECT e.n, f.field, e.value ->> f.field AS code INTO bad
		  FROM jsonb_array_elements(zone.codes) WITH ORDINALITY AS e (value, n), (VALUES ('tax_code'), ('becomes')) AS f (field)
		 WHERE e.value ->> f.field <> '' AND NOT EXISTS (SELECT 1 FROM erp.tax_code t WHERE t.company_id = check_tax_zones.company_id AND t.code = e.value ->> f.field)
		 ORDER BY e.n LIMIT 1;
		PERFORM erp_private.check_known(bad.n, zone.path, bad.field, bad.code, 'tax code', 'Add it with erp.put_tax_codes().');
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.check_tax_zones(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are zones of tax.';

CREATE FUNCTION erp_private.put_tax_zones(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_tax_zones(put_tax_zones.company_id, request);
	WITH put AS (
		INSERT INTO erp.tax_zone AS z (company_id, code, name, active)
		SELECT put_tax_zones.company_id, e.value ->> 'code', e.value ->> 'name', COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.tax_zone old ON old.company_id = put_tax_zones.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE SET name = EXCLUDED.name, active = EXCLUDED.active
		 WHERE (z.name, z.active) <> (EXCLUDED.name, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) INTO answer FROM put;
	DELETE FROM erp.tax_zone_code x USING erp.tax_zone z, jsonb_array_elements(request) AS e (value)
	 WHERE z.company_id = put_tax_zones.company_id AND z.code = e.value ->> 'code' AND jsonb_typeof(e.value -> 'tax_codes') = 'array'
	   AND x.company_id = z.company_id AND x.tax_zone_id = z.tax_zone_id;
	INSERT INTO erp.tax_zone_code (company_id, tax_zone_id, tax_code_id, zone_tax_code_id)
	SELECT z.company_id, z.tax_zone_id, t.tax_code_id, COALESCE(b.tax_code_id, 0)
	  FROM jsonb_array_elements(request) AS e (value)
	  JOIN erp.tax_zone z ON z.company_id = put_tax_zones.company_id AND z.code = e.value ->> 'code'
	 CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(e.value -> 'tax_codes') WHEN 'array' THEN e.value -> 'tax_codes' ELSE '[]' END) AS c (value)
	  JOIN erp.tax_code t ON t.company_id = z.company_id AND t.code = c.value ->> 'tax_code'
	  LEFT JOIN erp.tax_code b ON b.company_id = z.company_id AND b.code = c.value ->> 'becomes';
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_tax_zones(integer, jsonb) IS 'Does what erp.put_tax_zones() says.';

CREATE FUNCTION erp.put_tax_zones(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_tax_zones(text, text, json) IS
	'Adds or changes zones of tax: what becomes of a tax code where a party of the zone is sold to or bought from. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"code", "name", "tax_codes"? ([{"tax_code", "becomes" (the code that stands in for it; "": none, nothing is taxed)}], which replace all of before; a code that is not among them stays what it is), "active"?}]. Documents say their codes themselves: whoever makes them asks the zone. Returns {"inserted", "updated"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020).';
