-- inventory: what the calls on items and warehouses do.

CREATE FUNCTION erp_private.check_tracking(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_choice(request, '$[#]', 'tracking', ARRAY['none', 'lot', 'serial']);
	PERFORM erp_private.check_choice(request, '$[#]', 'issue_expired', ARRAY['', 'allow', 'refuse']);
	SELECT e.n, e.value ->> 'shelf_life_days' AS days INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  LEFT JOIN erp.item i ON i.company_id = check_tracking.company_id AND i.code = e.value ->> 'code'
	 WHERE NOT COALESCE((e.value ->> 'shelf_life_days')::integer, i.shelf_life_days, 0)
	           BETWEEN 0 AND CASE COALESCE(e.value ->> 'tracking', i.tracking, 'none') WHEN 'none' THEN 0 ELSE 36500 END
	    OR e.value ->> 'kind' = 'service' AND COALESCE(e.value ->> 'tracking', i.tracking, 'none') <> 'none'
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'only a stock item is tracked, and only one that is tracked by lot or serial number has a shelf life of 0 to 36500 days',
			format('$[%s].shelf_life_days', bad.n - 1), bad.days, 'Give "tracking": "lot" or "serial" with a shelf life.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_tracking(integer, jsonb) IS
	'Raises LE011 unless tracking, shelf life and what is said of expired lots of the rows fit each other and the kind of the item.';

CREATE FUNCTION erp_private.check_measures(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT e.n, m.field, e.value ->> m.field AS value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n), (VALUES ('weight'), ('volume')) AS m (field)
	 WHERE (e.value ->> m.field)::numeric < 0 OR (e.value ->> m.field)::numeric >= 1000000000000 OR min_scale((e.value ->> m.field)::numeric) > 6
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a weight or volume is out of range', format('$[%s].%s', bad.n - 1, bad.field), bad.value,
			'Give that of one unit: zero or more, at most 12 digits and 6 decimals.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_measures(jsonb) IS 'Raises LE011 unless weights and volumes of the items fit.';

CREATE FUNCTION erp_private.check_second_unit(request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT e.n, e.value ->> 'second_unit' AS unit INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'second_unit' <> '' AND NOT EXISTS (SELECT 1 FROM erp.unit u WHERE u.code = e.value ->> 'second_unit')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'second_unit', bad.unit, 'unit', 'Add it with erp.put_units().');
	SELECT e.n, e.value ->> 'second_unit' AS unit INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.unit s ON s.code = e.value ->> 'second_unit'
	  JOIN erp.unit u ON u.code = e.value ->> 'unit'
	 WHERE s.unit_id <> 0 AND (s.unit_id = u.unit_id OR s.measure <> '' AND s.measure = u.measure) OR s.unit_id <> 0 AND e.value ->> 'kind' = 'service'
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a second unit is of a stock item, and no ratio leads from it to the item''s own', format('$[%s].second_unit', bad.n - 1),
			bad.unit, 'Name a unit of another measure.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_second_unit(jsonb) IS 'Raises LE011 or LE012 unless second units of the rows can be.';

CREATE FUNCTION erp_private.check_items(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "kind": "code!", "method": "code", "group": "name",
		"unit": "code", "second_unit": "name", "cost_pool": "code", "active": "boolean", "tracking": "code", "shelf_life_days": "integer",
		"weight": "decimal", "volume": "decimal", "issue_expired": "name"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'kind', ARRAY['stock', 'service']);
	PERFORM erp_private.check_costing(company_id, request);
	PERFORM erp_private.check_tracking(company_id, request);
	PERFORM erp_private.check_measures(request);
	SELECT e.n, e.value ->> 'unit' AS unit INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'unit' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erp.unit u WHERE u.code = e.value ->> 'unit')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'unit', bad.unit, 'unit', 'Add it with erp.put_units().');
	PERFORM erp_private.check_second_unit(request);
	SELECT e.n, e.value INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.item i ON i.company_id = check_items.company_id AND i.code = e.value ->> 'code'
	  JOIN erp.unit u ON u.unit_id = i.unit_id
	 WHERE e.value ->> 'unit' <> u.code
	   AND EXISTS (SELECT 1 FROM erp.item_unit n WHERE n.company_id = i.company_id AND n.item_id = i.item_id)
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE180', 'other units of the item are measured by the one that it has', format('$[%s].unit', bad.n - 1),
			bad.value ->> 'unit', 'Make a new item; erp.item_units shows the units.');
	END IF;
	SELECT e.n, e.value INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE (e.value ->> 'kind' = 'service') AND e.value ->> 'method' IS NOT NULL
	    OR (e.value ->> 'kind' = 'stock') AND e.value ->> 'method' IS NULL
	       AND NOT EXISTS (SELECT 1 FROM erp.item i WHERE i.company_id = check_items.company_id
	                          AND i.code = e.value ->> 'code' AND i.costing_method <> 'none')
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a stock item needs a costing method and a service has none', format('$[%s].method', bad.n - 1),
			bad.value ->> 'method', 'Give "method": "fifo", "moving_average", "monthly_average", "specific" or "standard" with "kind": "stock" only.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_items(integer, jsonb) IS 'Raises LE011, LE012 or LE180 unless the rows are items.';

CREATE FUNCTION erp_private.lock_put_items(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.item i WHERE i.company_id = lock_put_items.company_id
	    AND i.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY i.item_id FOR NO KEY UPDATE;
	-- A posting that makes an item's first pool of cost holds the item FOR KEY SHARE: wait for its moves.
	PERFORM 1 FROM erp.item i
	  JOIN erp_private.rows_of(request) AS e (value) ON i.company_id = lock_put_items.company_id AND i.code = e.value ->> 'code'
	  JOIN erp.unit u ON u.unit_id = i.unit_id
	 WHERE (i.kind, i.costing_method, i.cost_pool, u.code, i.tracking)
	       <> (e.value ->> 'kind', COALESCE(e.value ->> 'method', i.costing_method), COALESCE(e.value ->> 'cost_pool', i.cost_pool),
	           COALESCE(e.value ->> 'unit', u.code), COALESCE(e.value ->> 'tracking', i.tracking))
	    OR e.value ? 'second_unit'
	 ORDER BY i.item_id FOR UPDATE OF i;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_items(integer, jsonb) IS
	'Locks the items of the request; where kind, method, unit, pool or tracking changes, waits for the postings that move the item first.';

CREATE FUNCTION erp_private.put_items(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	request := erp_private.with_group_defaults(put_items.company_id, request);
	PERFORM erp_private.check_items(put_items.company_id, request);
	WITH put AS (
		INSERT INTO erp.item AS i (company_id, code, name, item_group, kind, unit_id, costing_method, cost_pool, active,
			tracking, shelf_life_days, weight, volume, second_unit_id, issue_expired)
		SELECT put_items.company_id, e.value ->> 'code', e.value ->> 'name', COALESCE(e.value ->> 'group', old.item_group, ''),
		       e.value ->> 'kind', COALESCE(u.unit_id, old.unit_id, 0),
		       CASE e.value ->> 'kind' WHEN 'service' THEN 'none' ELSE COALESCE(e.value ->> 'method', old.costing_method) END,
		       COALESCE(e.value ->> 'cost_pool', old.cost_pool, CASE e.value ->> 'method' WHEN 'specific' THEN 'lot' ELSE 'company' END), COALESCE((e.value ->> 'active')::boolean, old.active, true),
		       COALESCE(e.value ->> 'tracking', old.tracking, 'none'), COALESCE((e.value ->> 'shelf_life_days')::integer, old.shelf_life_days, 0),
		       COALESCE((e.value ->> 'weight')::numeric, old.weight, 0), COALESCE((e.value ->> 'volume')::numeric, old.volume, 0),
		       COALESCE(w.unit_id, old.second_unit_id, 0), COALESCE(e.value ->> 'issue_expired', old.issue_expired, '')
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.unit u ON u.code = e.value ->> 'unit'
		  LEFT JOIN erp.unit w ON w.code = e.value ->> 'second_unit'
		  LEFT JOIN erp.item old ON old.company_id = put_items.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE
		SET name = EXCLUDED.name, item_group = EXCLUDED.item_group, kind = EXCLUDED.kind, unit_id = EXCLUDED.unit_id,
		    costing_method = EXCLUDED.costing_method, cost_pool = EXCLUDED.cost_pool, active = EXCLUDED.active,
		    tracking = EXCLUDED.tracking, shelf_life_days = EXCLUDED.shelf_life_days, weight = EXCLUDED.weight, volume = EXCLUDED.volume,
		    second_unit_id = EXCLUDED.second_unit_id, issue_expired = EXCLUDED.issue_expired
		WHERE (i.name, i.item_group, i.kind, i.unit_id, i.costing_method, i.cost_pool, i.active, i.tracking, i.shelf_life_days, i.weight, i.volume, i.second_unit_id, i.issue_expired)
		      <> (EXCLUDED.name, EXCLUDED.item_group, EXCLUDED.kind, EXCLUDED.unit_id, EXCLUDED.costing_method, EXCLUDED.cost_pool, EXCLUDED.active,
		          EXCLUDED.tracking, EXCLUDED.shelf_life_days, EXCLUDED.weight, EXCLUDED.volume, EXCLUDED.second_unit_id, EXCLUDED.issue_expired)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_items(integer, jsonb) IS 'Does what erp.put_items() says.';

CREATE FUNCTION erp_private.lock_put_warehouses(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.warehouse w WHERE w.company_id = lock_put_warehouses.company_id
	    AND w.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY w.warehouse_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_warehouses(integer, jsonb) IS 'Locks the warehouses of the request.';

CREATE FUNCTION erp_private.make_shipped_locations(company_id integer) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	INSERT INTO erp.location (company_id, warehouse_id, code, name, kind)
	SELECT w.company_id, w.warehouse_id, 'SHIPPED', 'Shipped, not billed', 'shipped'
	  FROM erp.warehouse w
	 WHERE w.company_id = $1 AND NOT EXISTS (SELECT FROM erp.location l WHERE l.company_id = $1 AND l.warehouse_id = w.warehouse_id AND l.kind = 'shipped')
	 ORDER BY w.warehouse_id
	ON CONFLICT ON CONSTRAINT location_code_key DO NOTHING
$function$;
COMMENT ON FUNCTION erp_private.make_shipped_locations(integer) IS
	'Gives the warehouses of the company that have none a location of kind shipped, where goods lie by the books until what was shipped is billed.';

CREATE FUNCTION erp_private.put_warehouses(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	WITH put AS (
		INSERT INTO erp.warehouse AS w (company_id, code, name, active)
		SELECT put_warehouses.company_id, e.value ->> 'code', e.value ->> 'name', COALESCE((e.value ->> 'active')::boolean, old.active, true)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.warehouse old ON old.company_id = put_warehouses.company_id AND old.code = e.value ->> 'code'
		 ORDER BY 2
		ON CONFLICT (company_id, code) DO UPDATE SET name = EXCLUDED.name, active = EXCLUDED.active
		WHERE (w.name, w.active) <> (EXCLUDED.name, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	PERFORM erp_private.make_shipped_locations(put_warehouses.company_id);
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_warehouses(integer, jsonb) IS 'Does what erp.put_warehouses() says.';

CREATE FUNCTION erp_private.warehouse_of_rule(company_id integer, row_no bigint, code text) RETURNS integer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	warehouse integer;
BEGIN
	IF code IS NULL THEN
		RETURN 0;
	END IF;
	SELECT w.warehouse_id INTO warehouse FROM erp.warehouse w
	 WHERE w.company_id = warehouse_of_rule.company_id AND w.code = warehouse_of_rule.code;
	IF NOT FOUND THEN
		PERFORM erp_private.check_known(row_no, '$[#]', 'warehouse', code, 'warehouse', 'Add it with erp.put_warehouses().');
	END IF;
	RETURN warehouse;
END
$function$;
COMMENT ON FUNCTION erp_private.warehouse_of_rule(integer, bigint, text) IS
	'The warehouse that a posting rule names (0: all); LE012 with the row''s place if it is unknown.';
