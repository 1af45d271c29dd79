-- inventory: groups of items.

-- A row of the request as an item that says what the group says: what is wrong with that is wrong with the group.
CREATE FUNCTION erp_private.check_group_defaults(company_id integer, request jsonb) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT erp_private.check_items(company_id, jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', 'group ' || md5(e.value ->> 'code'), 'name', '', 'kind', 'stock',
	       'method', COALESCE(NULLIF(e.value ->> 'method', ''), 'fifo'), 'cost_pool', NULLIF(e.value ->> 'cost_pool', ''), 'unit', NULLIF(e.value ->> 'unit', ''),
	       'tracking', NULLIF(e.value ->> 'tracking', ''))) ORDER BY e.n))
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
$function$;
COMMENT ON FUNCTION erp_private.check_group_defaults(integer, jsonb) IS
	'Raises LE011 or LE012 unless an item could have what each group of the rows gives it.';

CREATE FUNCTION erp_private.lock_put_item_groups(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	-- Two calls could close a circle that neither sees.
	PERFORM 1 FROM erp.company c WHERE c.company_id = lock_put_item_groups.company_id FOR NO KEY UPDATE;
	PERFORM 1 FROM erp.item_group g WHERE g.company_id = lock_put_item_groups.company_id ORDER BY g.code FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_item_groups(integer, jsonb) IS 'Locks the groups of the company against another call on them.';

CREATE FUNCTION erp_private.write_item_groups(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH put AS (
		INSERT INTO erp.item_group AS g (company_id, code, name, parent_code, costing_method, cost_pool, tracking, unit_id)
		SELECT write_item_groups.company_id, e.value ->> 'code', e.value ->> 'name', COALESCE(e.value ->> 'parent', old.parent_code, ''),
		       COALESCE(e.value ->> 'method', old.costing_method, ''), COALESCE(e.value ->> 'cost_pool', old.cost_pool, ''),
		       COALESCE(e.value ->> 'tracking', old.tracking, ''), COALESCE(u.unit_id, old.unit_id, 0)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.unit u ON u.code = e.value ->> 'unit'
		  LEFT JOIN erp.item_group old ON old.company_id = write_item_groups.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT ON CONSTRAINT item_group_key DO UPDATE SET name = EXCLUDED.name, parent_code = EXCLUDED.parent_code,
		    costing_method = EXCLUDED.costing_method, cost_pool = EXCLUDED.cost_pool, tracking = EXCLUDED.tracking, unit_id = EXCLUDED.unit_id
		WHERE (g.name, g.parent_code, g.costing_method, g.cost_pool, g.tracking, g.unit_id)
		      <> (EXCLUDED.name, EXCLUDED.parent_code, EXCLUDED.costing_method, EXCLUDED.cost_pool, EXCLUDED.tracking, EXCLUDED.unit_id)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted)) FROM put
$function$;
COMMENT ON FUNCTION erp_private.write_item_groups(integer, jsonb) IS 'Writes the groups of checked rows; returns how many were inserted and updated.';

CREATE FUNCTION erp_private.put_item_groups(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "parent": "name", "method": "name", "cost_pool": "name",
		"unit": "name", "tracking": "name"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_group_defaults(put_item_groups.company_id, request);
	answer := erp_private.write_item_groups(put_item_groups.company_id, request);
	SELECT e.n, e.value ->> 'parent' AS parent INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'parent' <> ''
	   AND NOT EXISTS (SELECT 1 FROM erp.item_group g WHERE g.company_id = put_item_groups.company_id AND g.code = e.value ->> 'parent')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'parent', bad.parent, 'item group', 'Add it with erp.put_item_groups().');
	SELECT e.n, e.value ->> 'parent' AS parent INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp_private.item_group_tree t WHERE t.company_id = put_item_groups.company_id AND t.code = e.value ->> 'code')
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a group cannot be part of itself', format('$[%s].parent', bad.n - 1), bad.parent, 'Name a group that is not below it.');
	END IF;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_item_groups(integer, jsonb) IS 'Does what erp.put_item_groups() says.';

-- Before the rows are checked: what they say themselves stands, and an item that is there keeps what it has.
CREATE FUNCTION erp_private.with_group_defaults(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(jsonb_agg(CASE WHEN t.code IS NULL OR i.item_id IS NOT NULL THEN e.value
	       ELSE jsonb_strip_nulls(jsonb_build_object('unit', NULLIF(u.code, '')) || CASE e.value ->> 'kind' WHEN 'stock'
	            THEN jsonb_build_object('method', NULLIF(t.costing_method, ''), 'cost_pool', NULLIF(t.cost_pool, ''), 'tracking', NULLIF(t.tracking, '')) ELSE '{}' END)
	            || jsonb_strip_nulls(e.value) END ORDER BY e.n), request)
	  FROM jsonb_array_elements(CASE jsonb_typeof(request) WHEN 'array' THEN request ELSE '[]' END) WITH ORDINALITY AS e (value, n)
	  LEFT JOIN erp_private.item_group_tree t ON t.company_id = with_group_defaults.company_id AND jsonb_typeof(e.value) = 'object' AND t.code = e.value ->> 'group'
	  LEFT JOIN erp.unit u ON u.unit_id = t.unit_id
	  LEFT JOIN erp.item i ON i.company_id = with_group_defaults.company_id AND i.code = e.value ->> 'code'
$function$;
COMMENT ON FUNCTION erp_private.with_group_defaults(integer, jsonb) IS
	'Rows of erp.put_items() with what the groups of new items give where the rows say nothing.';

CREATE FUNCTION erp_private.check_item_groups() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'item_groups', c.code, 'item group ' || g.code, format('no top leads to it: it is part of "%s"', g.parent_code)
	  FROM erp.item_group g
	  JOIN erp.company c ON c.company_id = g.company_id
	 WHERE NOT EXISTS (SELECT 1 FROM erp_private.item_group_tree t WHERE t.company_id = g.company_id AND t.code = g.code)
$function$;
COMMENT ON FUNCTION erp_private.check_item_groups() IS 'Law 10: what a group of items is part of exists, and no group is part of itself.';
