-- inventory: what the calls on locations and lots do.

CREATE FUNCTION erp_private.goods_are_promised(location_kind text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN location_kind IS NULL OR location_kind IN ('storage', 'receiving', 'shipping');
COMMENT ON FUNCTION erp_private.goods_are_promised(text) IS 'Whether goods at a location of the kind (null: at none) are reserved and promised: they can be shipped from there.';

CREATE FUNCTION erp_private.lock_put_locations(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	-- A warehouse is one tree: two calls on it come one after the other.
	PERFORM 1 FROM erp.warehouse w WHERE w.company_id = lock_put_locations.company_id
	    AND w.code IN (SELECT e.value ->> 'warehouse' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY w.warehouse_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_locations(integer, jsonb) IS 'Locks the warehouses whose locations the request names.';

CREATE FUNCTION erp_private.check_locations(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"warehouse": "code!", "code": "code!", "name": "name!", "kind": "code", "parent": "name", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['warehouse', 'code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'kind', ARRAY['storage', 'receiving', 'shipping', 'in_transit', 'production', 'scrap', 'lent', 'consignment', 'shipped']);
	SELECT e.n, e.value ->> 'warehouse' AS warehouse INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.warehouse w WHERE w.company_id = check_locations.company_id AND w.code = e.value ->> 'warehouse')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'warehouse', bad.warehouse, 'warehouse', 'Add it with erp.put_warehouses().');
	SELECT e.n, e.value ->> 'parent' AS parent INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'parent' <> ''
	   AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(request) AS o (value)
	                    WHERE o.value ->> 'warehouse' = e.value ->> 'warehouse' AND o.value ->> 'code' = e.value ->> 'parent')
	   AND NOT EXISTS (SELECT 1 FROM erp.location l JOIN erp.warehouse w ON w.company_id = l.company_id AND w.warehouse_id = l.warehouse_id
	                    WHERE w.company_id = check_locations.company_id AND w.code = e.value ->> 'warehouse' AND l.code = e.value ->> 'parent')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'parent', bad.parent, 'location', 'Name a location of the same warehouse.');
	SELECT e.n, e.value ->> 'kind' AS kind INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.warehouse w ON w.company_id = check_locations.company_id AND w.code = e.value ->> 'warehouse'
	  JOIN erp.location l ON l.company_id = w.company_id AND l.warehouse_id = w.warehouse_id AND l.code = e.value ->> 'code'
	 WHERE e.value ->> 'kind' <> l.kind AND (l.kind IN ('lent', 'consignment', 'shipped') OR e.value ->> 'kind' IN ('lent', 'consignment', 'shipped'))
	   AND EXISTS (SELECT 1 FROM erp_private.stock_position p WHERE p.company_id = l.company_id AND p.location_id = l.location_id AND p.on_hand <> 0)
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE215', 'goods lie at the location: whether they are lent, on consignment or shipped does not change', format('$[%s].kind', bad.n - 1), bad.kind,
			'Make another location.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_locations(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are locations, LE215 where goods lie that would become lent, consigned or shipped ones, or would no longer be.';

CREATE FUNCTION erp_private.check_location_tree(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	WITH RECURSIVE above AS (
		SELECT e.n, l.location_id AS start_id, l.parent_location_id AS id, ARRAY[l.location_id] AS path, e.value ->> 'parent' AS parent
		  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
		  JOIN erp.warehouse w ON w.company_id = check_location_tree.company_id AND w.code = e.value ->> 'warehouse'
		  JOIN erp.location l ON l.company_id = w.company_id AND l.warehouse_id = w.warehouse_id AND l.code = e.value ->> 'code'
		UNION ALL
		SELECT a.n, a.start_id, l.parent_location_id, a.path || l.location_id, a.parent
		  FROM above a JOIN erp.location l ON l.company_id = check_location_tree.company_id AND l.location_id = a.id
		 WHERE a.id <> ALL (a.path)
	)
	SELECT a.n, a.parent INTO bad FROM above a WHERE a.id = a.start_id ORDER BY a.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a location would lie within itself', format('$[%s].parent', bad.n - 1), bad.parent,
			'Name a parent that does not lie within the location.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_location_tree(integer, jsonb) IS 'Raises LE011 if a location of the request, as it is stored by now, lies within itself.';

CREATE FUNCTION erp_private.put_locations(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_locations(put_locations.company_id, request);
	WITH put AS (
		INSERT INTO erp.location AS l (company_id, warehouse_id, code, name, kind, active)
		SELECT put_locations.company_id, w.warehouse_id, e.value ->> 'code', e.value ->> 'name',
		       COALESCE(e.value ->> 'kind', old.kind, 'storage'), COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.warehouse w ON w.company_id = put_locations.company_id AND w.code = e.value ->> 'warehouse'
		  LEFT JOIN erp.location old ON old.company_id = w.company_id AND old.warehouse_id = w.warehouse_id AND old.code = e.value ->> 'code'
		 ORDER BY 2, 3
		ON CONFLICT ON CONSTRAINT location_code_key DO UPDATE SET name = EXCLUDED.name, kind = EXCLUDED.kind, active = EXCLUDED.active
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	UPDATE erp.location l SET parent_location_id = COALESCE(p.location_id, 0)
	  FROM jsonb_array_elements(request) AS e (value)
	  JOIN erp.warehouse w ON w.company_id = put_locations.company_id AND w.code = e.value ->> 'warehouse'
	  LEFT JOIN erp.location p ON p.company_id = w.company_id AND p.warehouse_id = w.warehouse_id AND p.code = e.value ->> 'parent'
	 WHERE l.company_id = w.company_id AND l.warehouse_id = w.warehouse_id AND l.code = e.value ->> 'code'
	   AND e.value ->> 'parent' IS NOT NULL AND l.parent_location_id <> COALESCE(p.location_id, 0);
	PERFORM erp_private.check_location_tree(put_locations.company_id, request);
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_locations(integer, jsonb) IS 'Does what erp.put_locations() says.';

CREATE FUNCTION erp_private.lock_put_lots(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.lot k
	  JOIN erp.item i ON i.company_id = k.company_id AND i.item_id = k.item_id
	  JOIN erp_private.rows_of(request) AS e (value) ON i.code = e.value ->> 'item' AND k.code = e.value ->> 'code'
	 WHERE k.company_id = lock_put_lots.company_id
	 ORDER BY k.item_id, k.code FOR NO KEY UPDATE OF k;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_lots(integer, jsonb) IS 'Locks the lots of the request.';

CREATE FUNCTION erp_private.check_lots(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"item": "code!", "code": "code!", "production_day": "day", "expires_on": "day", "best_before": "day", "removal_day": "day", "alert_day": "day"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['item', 'code']);
	SELECT e.n, e.value ->> 'item' AS item, i.tracking INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  LEFT JOIN erp.item i ON i.company_id = check_lots.company_id AND i.code = e.value ->> 'item'
	 WHERE i.tracking IS NULL OR i.tracking = 'none' ORDER BY e.n LIMIT 1;
	IF bad.tracking IS NULL THEN
		PERFORM erp_private.check_known(bad.n, '$[#]', 'item', bad.item, 'item', 'Add it with erp.put_items().');
	ELSE
		PERFORM erp_private.refuse('LE170', format('item "%s" has no lots', bad.item), format('$[%s].item', bad.n - 1), bad.item,
			'Say that the item is tracked by lot or serial number with erp.put_items().');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_lots(integer, jsonb) IS 'Raises LE011, LE012 or LE170 unless the rows are lots of items that have lots.';

CREATE FUNCTION erp_private.put_lots(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_lots(put_lots.company_id, request);
	WITH put AS (
		INSERT INTO erp.lot AS k (company_id, item_id, code, is_serial, production_day, expires_on, best_before, removal_day, alert_day)
		SELECT put_lots.company_id, i.item_id, e.value ->> 'code', i.tracking = 'serial',
		       COALESCE((e.value ->> 'production_day')::date, old.production_day),
		       COALESCE((e.value ->> 'expires_on')::date, old.expires_on,
		                (e.value ->> 'production_day')::date + NULLIF(i.shelf_life_days, 0)),
		       COALESCE((e.value ->> 'best_before')::date, old.best_before), COALESCE((e.value ->> 'removal_day')::date, old.removal_day),
		       COALESCE((e.value ->> 'alert_day')::date, old.alert_day)
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.item i ON i.company_id = put_lots.company_id AND i.code = e.value ->> 'item'
		  LEFT JOIN erp.lot old ON old.company_id = i.company_id AND old.item_id = i.item_id AND old.code = e.value ->> 'code'
		 ORDER BY 2, 3
		ON CONFLICT ON CONSTRAINT lot_code_key DO UPDATE SET production_day = EXCLUDED.production_day, expires_on = EXCLUDED.expires_on,
			best_before = EXCLUDED.best_before, removal_day = EXCLUDED.removal_day, alert_day = EXCLUDED.alert_day
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer;
EXCEPTION WHEN check_violation THEN
	PERFORM erp_private.refuse('LE011', 'the days of a lot are not in order', '$', NULL,
		'It is not produced after the day on which it expires, is best before, is removed or warned of.');
	RETURN NULL;
END
$function$;
COMMENT ON FUNCTION erp_private.put_lots(integer, jsonb) IS 'Does what erp.put_lots() says.';
