-- inventory: variants of items.

CREATE FUNCTION erp_private.check_template(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	template record;
	attribute record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "item": "object!", "attributes": "list!",
		"code_pattern": "name", "name_pattern": "name"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	FOR template IN SELECT e.value, e.n - 1 AS n FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) LOOP
		PERFORM erp_private.check_rows(template.value -> 'attributes', format('$[%s].attributes[#]', template.n), '{"code": "code!", "name": "name!", "values": "list!"}');
		PERFORM erp_private.check_once(template.value -> 'attributes', format('$[%s].attributes[#]', template.n), ARRAY['code']);
		FOR attribute IN SELECT e.value -> 'values' AS value, e.n - 1 AS n FROM jsonb_array_elements(template.value -> 'attributes') WITH ORDINALITY AS e (value, n) LOOP
			PERFORM erp_private.check_rows(attribute.value, format('$[%s].attributes[%s].values[#]', template.n, attribute.n), '{"code": "code!", "name": "name!"}');
			PERFORM erp_private.check_once(attribute.value, format('$[%s].attributes[%s].values[#]', template.n, attribute.n), ARRAY['code']);
		END LOOP;
		IF template.value -> 'attributes' = '[]' OR template.value -> 'attributes' @> '[{"values": []}]' AND jsonb_path_exists(template.value, '$.attributes[*] ? (@.values.size() == 0)') THEN
			PERFORM erp_private.refuse('LE011', 'a template has an attribute, and an attribute a value', format('$[%s].attributes', template.n), NULL, 'Name what tells the variants apart.');
		END IF;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.check_template(jsonb) IS 'Raises LE011 unless the rows are templates of items.';

-- A value that a variant has, and the attributes themselves once there are variants, stay.
CREATE FUNCTION erp_private.template_problem() RETURNS TABLE (company_id integer, item_id integer, template_code text, problem text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT v.company_id, v.item_id, v.template_code,
	       CASE WHEN t.code IS NULL THEN 'its template does not exist'
	            WHEN a.attributes <> ARRAY(SELECT k.key FROM jsonb_object_keys(v.attribute_values) AS k (key) ORDER BY 1) THEN 'it has not the attributes of its template'
	            ELSE 'it has a value that its template does not know' END
	  FROM erp.item_variant v
	  LEFT JOIN erp.item_template t ON t.company_id = v.company_id AND t.code = v.template_code
	 CROSS JOIN LATERAL (SELECT ARRAY(SELECT e.value ->> 'code' FROM jsonb_array_elements(t.attributes) AS e (value) ORDER BY 1) AS attributes) a
	 WHERE t.code IS NULL
	    OR a.attributes <> ARRAY(SELECT k.key FROM jsonb_object_keys(v.attribute_values) AS k (key) ORDER BY 1)
	    OR EXISTS (SELECT 1 FROM jsonb_each_text(v.attribute_values) AS x
	                WHERE NOT t.attributes @> jsonb_build_array(jsonb_build_object('code', x.key, 'values', jsonb_build_array(jsonb_build_object('code', x.value)))))
$function$;
COMMENT ON FUNCTION erp_private.template_problem() IS 'Variants that are no combination of their template''s values.';

CREATE FUNCTION erp_private.put_item_templates(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	answer jsonb;
BEGIN
	PERFORM erp_private.check_template(request);
	-- What a variant of it would be, but for its code and name.
	PERFORM erp_private.check_items(put_item_templates.company_id, erp_private.with_group_defaults(put_item_templates.company_id,
		(SELECT jsonb_agg((e.value -> 'item') || jsonb_build_object('code', 'template ' || md5(e.value ->> 'code'), 'name', '') ORDER BY e.n)
		   FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n))));
	WITH put AS (
		INSERT INTO erp.item_template AS t (company_id, code, name, code_pattern, name_pattern, item_fields, attributes)
		SELECT put_item_templates.company_id, e.value ->> 'code', e.value ->> 'name',
		       COALESCE(e.value ->> 'code_pattern', '{template}' || a.pattern), COALESCE(e.value ->> 'name_pattern', '{template}' || a.pattern), e.value -> 'item', e.value -> 'attributes'
		  FROM jsonb_array_elements(request) AS e (value)
		 CROSS JOIN LATERAL (SELECT string_agg('-{' || (f.value ->> 'code') || '}', '' ORDER BY f.n) AS pattern
		                       FROM jsonb_array_elements(e.value -> 'attributes') WITH ORDINALITY AS f (value, n)) a
		 ORDER BY 2
		ON CONFLICT ON CONSTRAINT item_template_key DO UPDATE SET name = EXCLUDED.name, code_pattern = EXCLUDED.code_pattern, name_pattern = EXCLUDED.name_pattern,
		    item_fields = EXCLUDED.item_fields, attributes = EXCLUDED.attributes
		WHERE (t.name, t.code_pattern, t.name_pattern, t.item_fields, t.attributes)
		      <> (EXCLUDED.name, EXCLUDED.code_pattern, EXCLUDED.name_pattern, EXCLUDED.item_fields, EXCLUDED.attributes)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	SELECT e.n, p.template_code INTO bad
	  FROM erp_private.template_problem() p
	  JOIN jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) ON e.value ->> 'code' = p.template_code
	 WHERE p.company_id = put_item_templates.company_id ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE185', 'the template has variants: its attributes stay, and the values that they have', format('$[%s].attributes', bad.n - 1),
			bad.template_code, 'Add values, or make a new template.');
	END IF;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_item_templates(integer, jsonb) IS 'Does what erp.put_item_templates() says.';

CREATE FUNCTION erp_private.fill_pattern(pattern text, template text, texts jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	part record;
	filled text := '';
BEGIN
	FOR part IN SELECT m.part[1] AS text, m.part[2] AS name FROM regexp_matches(pattern, '([^{]*)(?:\{([^}]*)\}|$|\{)', 'g') AS m (part) LOOP
		filled := filled || part.text || COALESCE(CASE part.name WHEN 'template' THEN template ELSE texts ->> part.name END, '');
	END LOOP;
	RETURN filled;
END
$function$;
COMMENT ON FUNCTION erp_private.fill_pattern(text, text, jsonb) IS 'The pattern with {template} and {attribute} filled in, in one pass: what is filled in is not filled in again.';

-- All combinations of the values of a template that have the wanted ones: value codes and names by attribute.
CREATE FUNCTION erp_private.variant_combination(attributes jsonb, wanted jsonb) RETURNS TABLE (codes jsonb, names jsonb)
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH RECURSIVE attribute AS (
		SELECT e.n, e.value ->> 'code' AS code, e.value -> 'values' AS choices FROM jsonb_array_elements(attributes) WITH ORDINALITY AS e (value, n)
	), chosen AS (
		SELECT 0::bigint AS n, '{}'::jsonb AS codes, '{}'::jsonb AS names
		UNION ALL
		SELECT a.n, c.codes || jsonb_build_object(a.code, v.value ->> 'code'), c.names || jsonb_build_object(a.code, v.value ->> 'name')
		  FROM chosen c JOIN attribute a ON a.n = c.n + 1
		 CROSS JOIN LATERAL jsonb_array_elements(a.choices) AS v (value)
		 WHERE COALESCE(wanted ->> a.code, v.value ->> 'code') = v.value ->> 'code'
	)
	SELECT c.codes, c.names FROM chosen c WHERE c.n = jsonb_array_length(attributes)
$function$;
COMMENT ON FUNCTION erp_private.variant_combination(jsonb, jsonb) IS
	'The combinations of values of attributes ([{"code", "values"}]) that have the wanted ones (value by attribute); none if one is not known.';

CREATE FUNCTION erp_private.wanted_variants(company_id integer, request jsonb)
	RETURNS TABLE (row_no bigint, template_code text, attribute_values jsonb, code text, name text, item_fields jsonb, item_id integer)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT e.n, t.code, c.codes, COALESCE(e.value ->> 'code', old.code, erp_private.fill_pattern(t.code_pattern, t.code, c.codes)),
	       COALESCE(e.value ->> 'name', old.name, erp_private.fill_pattern(t.name_pattern, t.name, c.names)), t.item_fields, v.item_id
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.item_template t ON t.company_id = wanted_variants.company_id AND t.code = e.value ->> 'template'
	 CROSS JOIN LATERAL erp_private.variant_combination(t.attributes, COALESCE(e.value -> 'values', '{}')) c
	  LEFT JOIN erp.item_variant v ON v.company_id = t.company_id AND v.template_code = t.code AND v.attribute_values = c.codes
	  LEFT JOIN erp.item old ON old.company_id = v.company_id AND old.item_id = v.item_id
$function$;
COMMENT ON FUNCTION erp_private.wanted_variants(integer, jsonb) IS
	'The variants that rows of erp.put_variants() ask for; item_id: of one that is there.';

CREATE FUNCTION erp_private.lock_put_variants(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.item_template t WHERE t.company_id = lock_put_variants.company_id
	    AND t.code IN (SELECT e.value ->> 'template' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY t.code FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_variants(integer, jsonb) IS 'Locks the templates of the request.';

CREATE FUNCTION erp_private.check_variants(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"template": "code!", "values": "object", "code": "code", "name": "name"}');
	SELECT e.n, e.value ->> 'template' AS template INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.item_template t WHERE t.company_id = check_variants.company_id AND t.code = e.value ->> 'template') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'template', bad.template, 'item template', 'Add it with erp.put_item_templates().');
	SELECT e.n, e.value -> 'values' AS wanted INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.item_template t ON t.company_id = check_variants.company_id AND t.code = e.value ->> 'template'
	 CROSS JOIN LATERAL jsonb_each(COALESCE(e.value -> 'values', '{}')) AS x
	 WHERE NOT t.attributes @> jsonb_build_array(jsonb_build_object('code', x.key, 'values', jsonb_build_array(jsonb_build_object('code', x.value))))
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE185', 'the template has no such attribute or value', format('$[%s].values', bad.n - 1), bad.wanted::text, 'See erp.item_template.');
	END IF;
	SELECT w.row_no, w.code INTO bad
	  FROM (SELECT v.*, count(*) OVER (PARTITION BY v.code) AS same_code, count(*) OVER (PARTITION BY v.template_code, v.attribute_values) AS same_values
	          FROM erp_private.wanted_variants(check_variants.company_id, request) v) w
	  LEFT JOIN erp.item i ON i.company_id = check_variants.company_id AND i.code = w.code
	 WHERE w.same_code > 1 OR w.same_values > 1 OR w.item_id IS DISTINCT FROM i.item_id ORDER BY w.row_no, w.code LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE185', format('"%s" would be the code of two items, or one variant have two codes', bad.code), format('$[%s]', bad.row_no - 1), bad.code,
			'Give each variant a code of its own, once.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_variants(integer, jsonb) IS 'Raises LE011, LE012 or LE185 unless each row asks for variants that can be.';

CREATE FUNCTION erp_private.put_variants(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	wanted jsonb;
	answer jsonb := jsonb '{"inserted": 0, "updated": 0}';
BEGIN
	PERFORM erp_private.check_variants(put_variants.company_id, request);
	SELECT jsonb_agg(w) INTO wanted FROM erp_private.wanted_variants(put_variants.company_id, request) w
	 WHERE w.item_id IS NULL OR w.name <> (SELECT i.name FROM erp.item i WHERE i.company_id = put_variants.company_id AND i.item_id = w.item_id);
	IF wanted IS NULL THEN
		RETURN answer;
	END IF;
	answer := erp_private.put_items(put_variants.company_id, (SELECT jsonb_agg(CASE WHEN w.value ->> 'item_id' IS NULL THEN w.value -> 'item_fields'
			ELSE jsonb_build_object('kind', w.value -> 'item_fields' -> 'kind') END || jsonb_build_object('code', w.value ->> 'code', 'name', w.value ->> 'name'))
		FROM jsonb_array_elements(wanted) AS w (value)));
	INSERT INTO erp.item_variant (company_id, item_id, template_code, attribute_values)
	SELECT put_variants.company_id, i.item_id, w.value ->> 'template_code', w.value -> 'attribute_values'
	  FROM jsonb_array_elements(wanted) AS w (value)
	  JOIN erp.item i ON i.company_id = put_variants.company_id AND i.code = w.value ->> 'code'
	 WHERE w.value ->> 'item_id' IS NULL ORDER BY 2;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_variants(integer, jsonb) IS 'Does what erp.put_variants() says.';

CREATE FUNCTION erp_private.check_item_variants() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'item_variants', c.code, 'item ' || COALESCE(i.code, p.item_id::text), format('is a variant of "%s", but %s', p.template_code, p.problem)
	  FROM erp_private.template_problem() p
	  JOIN erp.company c ON c.company_id = p.company_id
	  LEFT JOIN erp.item i ON i.company_id = p.company_id AND i.item_id = p.item_id
$function$;
COMMENT ON FUNCTION erp_private.check_item_variants() IS 'Law 10: every variant is a combination of its template''s values.';
