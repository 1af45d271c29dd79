-- inventory: what can still be promised, by day.

CREATE FUNCTION erp.put_safety_stocks(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_reservation_call';
COMMENT ON FUNCTION erp.put_safety_stocks(text, json) IS
	'Says how much of items is kept back from promises. company: code. request: {"key", "items": [{"item", "warehouse", "quantity"}]}. key: of reservations, 1 to 200 bytes; the same request under it again returns the first result. quantity: in the item''s unit, 0: none. It lowers what erp.available_to_promise() and erp.earliest_promise() say; erp.reserve() may take it. Returns {"put"}. Errors: LE001 to LE003, LE010 to LE012, LE020.';

CREATE FUNCTION erp_private.put_safety_stocks(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	put bigint;
BEGIN
	PERFORM erp_private.check_object(request, '{"key": "key!", "items": "list!"}');
	PERFORM erp_private.check_rows(request -> 'items', '$.items[#]', '{"item": "code!", "warehouse": "code!", "quantity": "quantity or zero!"}');
	PERFORM erp_private.check_once(request -> 'items', '$.items[#]', ARRAY['item', 'warehouse']);
	SELECT e.n, e.value ->> 'item' AS item, e.value ->> 'warehouse' AS warehouse, i.item_id INTO bad
	  FROM jsonb_array_elements(request -> 'items') WITH ORDINALITY AS e (value, n)
	  LEFT JOIN erp.item i ON i.company_id = put_safety_stocks.company_id AND i.code = e.value ->> 'item' AND i.kind = 'stock'
	  LEFT JOIN erp.warehouse w ON w.company_id = put_safety_stocks.company_id AND w.code = e.value ->> 'warehouse'
	 WHERE i.item_id IS NULL OR w.warehouse_id IS NULL ORDER BY e.n LIMIT 1;
	IF bad.item_id IS NULL THEN
		PERFORM erp_private.check_known(bad.n, '$.items[#]', 'item', bad.item, 'item that is kept in stock', 'Add it with erp.put_items().');
	END IF;
	PERFORM erp_private.check_known(bad.n, '$.items[#]', 'warehouse', bad.warehouse, 'warehouse', 'Add it with erp.put_warehouses().');
	INSERT INTO erp.safety_stock AS s (company_id, item_id, warehouse_id, quantity)
	SELECT put_safety_stocks.company_id, i.item_id, w.warehouse_id, (e.value ->> 'quantity')::numeric
	  FROM jsonb_array_elements(request -> 'items') AS e (value)
	  JOIN erp.item i ON i.company_id = put_safety_stocks.company_id AND i.code = e.value ->> 'item'
	  JOIN erp.warehouse w ON w.company_id = put_safety_stocks.company_id AND w.code = e.value ->> 'warehouse'
	 ORDER BY i.item_id, w.warehouse_id
	ON CONFLICT ON CONSTRAINT safety_stock_key DO UPDATE SET quantity = EXCLUDED.quantity;
	GET DIAGNOSTICS put = ROW_COUNT;
	RETURN jsonb_build_object('put', put);
END
$function$;
COMMENT ON FUNCTION erp_private.put_safety_stocks(integer, jsonb) IS 'Does what erp.put_safety_stocks() says.';

CREATE FUNCTION erp_private.promise_parts(company_id integer, item_ids integer[])
	RETURNS TABLE (item_id integer, warehouse_id integer, day date, on_hand numeric, expected numeric, reserved numeric, safety_stock numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT p.item_id, p.warehouse_id, '-infinity'::date, p.on_hand, 0::numeric,
	       CASE WHEN p.position_id = 0 THEN 0 ELSE greatest(p.on_hand, 0) - f.quantity END, 0::numeric
	  FROM unnest(item_ids) AS a (item_id)
	  JOIN erp_private.stock_position p ON p.company_id = $1 AND p.item_id = a.item_id AND p.owner_id = 0 AND p.stock_state_id = 0 AND p.on_hand <> 0
	  LEFT JOIN (SELECT s.position_id, sum(s.quantity) AS quantity FROM erp_private.free_stock s WHERE s.company_id = $1 GROUP BY 1) f
	       ON f.position_id = p.position_id
	  LEFT JOIN erp.location l ON l.company_id = $1 AND l.location_id = p.location_id AND l.location_id <> 0
	 WHERE erp_private.goods_are_promised(l.kind)
	UNION ALL
	-- The day after its last one a lot is promised to nobody.
	SELECT p.item_id, p.warehouse_id, LEAST(k.removal_day, k.expires_on) + 1, -p.on_hand, 0,
	       CASE WHEN p.position_id = 0 THEN 0 ELSE f.quantity - greatest(p.on_hand, 0) END, 0
	  FROM unnest(item_ids) AS a (item_id)
	  JOIN erp.item i ON i.company_id = $1 AND i.item_id = a.item_id AND i.tracking <> 'none'
	  JOIN erp.company o ON o.company_id = $1 AND CASE i.issue_expired WHEN '' THEN NOT o.issue_expired ELSE i.issue_expired = 'refuse' END
	  JOIN erp_private.stock_position p ON p.company_id = $1 AND p.item_id = a.item_id AND p.owner_id = 0 AND p.stock_state_id = 0 AND p.on_hand <> 0 AND p.lot_id <> 0
	  JOIN erp.lot k ON k.company_id = $1 AND k.lot_id = p.lot_id AND LEAST(k.removal_day, k.expires_on) IS NOT NULL
	  LEFT JOIN (SELECT s.position_id, sum(s.quantity) AS quantity FROM erp_private.free_stock s WHERE s.company_id = $1 GROUP BY 1) f
	       ON f.position_id = p.position_id
	  LEFT JOIN erp.location l ON l.company_id = $1 AND l.location_id = p.location_id AND l.location_id <> 0
	 WHERE erp_private.goods_are_promised(l.kind)
	UNION ALL
	SELECT e.item_id, e.warehouse_id, e.day, 0, e.quantity, e.claimed, 0
	  FROM unnest(item_ids) AS a (item_id) JOIN erp.expected_receipt e ON e.company_id = $1 AND e.item_id = a.item_id
	UNION ALL
	SELECT s.item_id, s.warehouse_id, '-infinity', 0, 0, 0, s.quantity
	  FROM unnest(item_ids) AS a (item_id) JOIN erp.safety_stock s ON s.company_id = $1 AND s.item_id = a.item_id;
END
$function$;
COMMENT ON FUNCTION erp_private.promise_parts(integer, integer[]) IS
	'What there is to promise of items: on hand and safety stock (day -infinity), less lots from the day after their last one, and what is expected on each day, each with what is reserved of it.';

CREATE FUNCTION erp.available_to_promise(company text, items text[], first_day date, last_day date, warehouse text DEFAULT NULL)
	RETURNS TABLE (item_code text, day date, on_hand numeric, expected numeric, reserved numeric, safety_stock numeric, available numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	of_company integer := (SELECT c.company_id FROM erp.company c WHERE c.code = company);
	of_warehouse integer := (SELECT w.warehouse_id FROM erp.warehouse w WHERE w.company_id = of_company AND w.code = warehouse);
BEGIN
	RETURN QUERY
	WITH item AS MATERIALIZED (
		SELECT i.item_id, i.code FROM erp.item i WHERE i.company_id = of_company AND i.code = ANY (items) AND i.kind = 'stock'
	), part AS (
		SELECT p.item_id, greatest(p.day, first_day) AS day, sum(p.on_hand) AS on_hand, sum(p.expected) AS expected, sum(p.reserved) AS reserved,
		       sum(p.safety_stock) AS safety_stock
		  FROM erp_private.promise_parts(of_company, ARRAY(SELECT i.item_id FROM item i)) p
		 WHERE p.day <= last_day AND (warehouse IS NULL OR p.warehouse_id = of_warehouse)
		 GROUP BY 1, 2
	), summed AS (
		SELECT d.item_id, d.day, sum(COALESCE(p.on_hand, 0)) OVER w AS on_hand, sum(COALESCE(p.expected, 0)) OVER w AS expected,
		       sum(COALESCE(p.reserved, 0)) OVER w AS reserved, sum(COALESCE(p.safety_stock, 0)) OVER w AS safety_stock
		  FROM (SELECT i.item_id, first_day AS day FROM item i UNION SELECT p.item_id, p.day FROM part p) d
		  LEFT JOIN part p ON p.item_id = d.item_id AND p.day = d.day
		WINDOW w AS (PARTITION BY d.item_id ORDER BY d.day)
	)
	SELECT i.code, s.day, s.on_hand, s.expected, s.reserved, s.safety_stock,
	       greatest(s.on_hand + s.expected - s.reserved - s.safety_stock, 0)
	  FROM summed s JOIN item i ON i.item_id = s.item_id
	 ORDER BY i.code, s.day;
END
$function$;
COMMENT ON FUNCTION erp.available_to_promise(text, text[], date, date, text) IS
	'What can still be promised of items, for delivery on a day: a row an item for first_day, and one for each later day up to last_day on which something is expected or a lot is past its last day (the earlier of removal_day and expires_on), unless that may be issued all the same; it holds until the next one. company: code. items: codes; a service or an unknown code has no row. warehouse: code, default all. Quantities in the item''s unit: on_hand: available stock of the company''s own now, without lots past their last day; expected: what is expected up to the day, what is overdue included; reserved: of both; safety_stock: kept back (erp.put_safety_stocks()). Formula: available = on_hand + expected - reserved - safety_stock, at least 0.';

CREATE FUNCTION erp_private.check_promise_lines(company_id integer, lines jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(lines, '$[#]', '{"item": "code!", "quantity": "quantity!", "warehouse": "code"}');
	SELECT e.n, e.value ->> 'item' AS item INTO bad FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.item i WHERE i.company_id = check_promise_lines.company_id AND i.code = e.value ->> 'item' AND i.kind = 'stock')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'item', bad.item, 'item that is kept in stock', 'Mend the code.');
	SELECT e.n, e.value ->> 'warehouse' AS warehouse INTO bad FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'warehouse' IS NOT NULL
	   AND NOT EXISTS (SELECT 1 FROM erp.warehouse w WHERE w.company_id = check_promise_lines.company_id AND w.code = e.value ->> 'warehouse')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'warehouse', bad.warehouse, 'warehouse', 'Mend the code.');
END
$function$;
COMMENT ON FUNCTION erp_private.check_promise_lines(integer, jsonb) IS 'Raises LE011 or LE012 unless the lines are those of erp.earliest_promise().';

CREATE FUNCTION erp.earliest_promise(company text, lines json, first_day date)
	RETURNS TABLE (line_no bigint, item_code text, quantity numeric, available numeric, promise_day date)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
	of_company integer := (SELECT c.company_id FROM erp.company c WHERE c.code = company);
BEGIN
	PERFORM erp_private.check_promise_lines(of_company, lines::jsonb);
	RETURN QUERY
	WITH line AS MATERIALIZED (
		SELECT e.n, i.item_id, i.code, w.warehouse_id, (e.value ->> 'quantity')::numeric AS quantity,
		       sum((e.value ->> 'quantity')::numeric) OVER (PARTITION BY i.item_id, w.warehouse_id ORDER BY e.n) AS needed
		  FROM json_array_elements(lines) WITH ORDINALITY AS e (value, n)
		  JOIN erp.item i ON i.company_id = of_company AND i.code = e.value ->> 'item'
		  LEFT JOIN erp.warehouse w ON w.company_id = of_company AND w.code = e.value ->> 'warehouse'
	), part AS MATERIALIZED (
		SELECT p.item_id, p.warehouse_id, greatest(p.day, first_day) AS day, sum(p.on_hand + p.expected - p.reserved - p.safety_stock) AS quantity
		  FROM erp_private.promise_parts(of_company, ARRAY(SELECT DISTINCT l.item_id FROM line l)) p
		 GROUP BY 1, 2, 3
	), summed AS (
		SELECT l.item_id, l.warehouse_id, p.day, sum(sum(p.quantity)) OVER (PARTITION BY l.item_id, l.warehouse_id ORDER BY p.day) AS available
		  FROM (SELECT DISTINCT l.item_id, l.warehouse_id FROM line l) l
		  JOIN part p ON p.item_id = l.item_id AND (l.warehouse_id IS NULL OR p.warehouse_id = l.warehouse_id)
		 GROUP BY 1, 2, 3
	)
	SELECT l.n, l.code, l.quantity, COALESCE(greatest(max(s.available) FILTER (WHERE s.day = first_day), 0), 0),
	       min(s.day) FILTER (WHERE s.available >= l.needed)
	  FROM line l LEFT JOIN summed s ON s.item_id = l.item_id AND s.warehouse_id IS NOT DISTINCT FROM l.warehouse_id
	 GROUP BY l.n, l.code, l.quantity
	 ORDER BY l.n;
END
$function$;
COMMENT ON FUNCTION erp.earliest_promise(text, json, date) IS
	'The first day, from first_day on, on which each line can be promised whole. company: code. lines: [{"item", "quantity", "warehouse"?}]; quantity above zero, in the item''s unit; lines of one item and warehouse are served in their order, each after those before it. Returns a row a line: line_no: its place, from 1; available: what can be promised on first_day, before any line; promise_day: null if what is expected does not suffice. What counts is as in erp.available_to_promise(). Errors: LE011, LE012.';
