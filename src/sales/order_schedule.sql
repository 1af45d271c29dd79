-- sales: lines of orders that are delivered on several days.

CREATE FUNCTION erp_private.check_schedule(line jsonb, path text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	schedule jsonb := line -> 'schedule';
	bad record;
BEGIN
	PERFORM erp_private.check_rows(schedule, path || '.schedule[#]', '{"day": "day!", "quantity": "quantity!"}');
	IF jsonb_array_length(schedule) > 1000 OR line ->> 'needed_by' IS NOT NULL AND schedule <> '[]' THEN
		PERFORM erp_private.refuse('LE285', 'a schedule has at most 1000 parts, and a line that has one says no needed_by', path || '.schedule', NULL, 'Say each day with its quantity in the schedule.');
	END IF;
	SELECT e.n, e.value ->> 'day' AS day INTO bad
	  FROM (SELECT e.n, e.value, lag((e.value ->> 'day')::date) OVER (ORDER BY e.n) AS before FROM jsonb_array_elements(schedule) WITH ORDINALITY AS e (value, n)) e
	 WHERE (e.value ->> 'day')::date <= e.before OR (e.value ->> 'quantity')::numeric <= 0 OR NOT isfinite((e.value ->> 'day')::date) ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE285', 'the days of a schedule ascend, and each has a quantity above zero', format('%s.schedule[%s]', path, bad.n - 1), bad.day, 'Put the days in order, each once.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_schedule(jsonb, text) IS
	'Raises LE011 or LE285 unless member schedule of a line of an order is a list of days, ascending, with quantities. path: of the line.';

CREATE FUNCTION erp_private.put_schedule(company_id integer, sales_order_id bigint, line_no integer, days date[], quantities numeric[]) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	DELETE FROM erp.sales_order_schedule s WHERE s.company_id = $1 AND s.sales_order_id = $2 AND s.line_no = $3;
	INSERT INTO erp.sales_order_schedule (company_id, sales_order_id, line_no, part_no, day, quantity)
	SELECT $1, $2, $3, row_number() OVER (ORDER BY p.day), p.day, sum(p.quantity)
	  FROM unnest($4, $5) AS p (day, quantity) GROUP BY p.day HAVING sum(p.quantity) > 0 ORDER BY p.day;
	UPDATE erp.sales_order_line l SET is_scheduled = true, needed_by = erp_private.next_part_day($1, $2, $3, l.shipped)
	 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = $3;
END
$function$;
COMMENT ON FUNCTION erp_private.put_schedule(integer, bigint, integer, date[], numeric[]) IS
	'Writes the schedule of a line anew: days in any order with quantities in the item''s unit, which add up where a day comes more than once.';

-- Each part is converted by what comes before it, so that parts add up to the line.
CREATE FUNCTION erp_private.insert_schedule(company_id integer, sales_order_id bigint, line_no integer, schedule jsonb, path text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	line record;
	days date[];
	quantities numeric[];
	total numeric;
BEGIN
	SELECT l.* INTO line FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = $3;
	SELECT array_agg(p.day ORDER BY p.day), array_agg(erp_private.amount_share(line.quantity, line.entered_quantity, p.quantity, p.until - p.quantity, 6) ORDER BY p.day), max(p.until)
	  INTO days, quantities, total
	  FROM (SELECT e.day, e.quantity, sum(e.quantity) OVER (ORDER BY e.day) AS until FROM jsonb_to_recordset(schedule) AS e (day date, quantity numeric)) p;
	IF NOT line.moves_stock OR total * line.quantity <> (line.quantity - line.cancelled) * line.entered_quantity THEN
		PERFORM erp_private.refuse('LE285', CASE WHEN line.moves_stock THEN format('the schedule of line %s adds up to %s, not to %s', $3, trim_scale(total),
			trim_scale(round((line.quantity - line.cancelled) * line.entered_quantity / line.quantity, 6))) ELSE format('line %s is of no goods', $3) END,
			path || '.schedule', NULL, 'Only goods are delivered by schedule; its parts add up to what is ordered and not cancelled, in the unit of the line.');
	END IF;
	PERFORM erp_private.put_schedule($1, $2, $3, days, quantities);
END
$function$;
COMMENT ON FUNCTION erp_private.insert_schedule(integer, bigint, integer, jsonb, text) IS
	'Writes the schedule that a request gives a line that is there, [{"day", "quantity" (in the unit of the line)}]; LE285 unless it is of goods and adds up to what is not cancelled of it. path: of the line in the request.';

CREATE FUNCTION erp_private.schedule_parts(company_id integer, sales_order_id bigint, line_no integer) RETURNS TABLE (part_no integer, day date, before numeric, until numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT s.part_no, s.day, sum(s.quantity) OVER (ORDER BY s.part_no) - s.quantity, sum(s.quantity) OVER (ORDER BY s.part_no)
	  FROM erp.sales_order_schedule s WHERE s.company_id = $1 AND s.sales_order_id = $2 AND s.line_no = $3
$function$;
COMMENT ON FUNCTION erp_private.schedule_parts(integer, bigint, integer) IS 'The schedule of a line: each part with what comes before it, and with it added, in the item''s unit.';

CREATE FUNCTION erp_private.open_parts(company_id integer, sales_order_id bigint, line_no integer, shipped numeric) RETURNS TABLE (part_no integer, day date, quantity numeric, before numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT p.part_no, p.day, p.until - greatest(p.before, $4), greatest(p.before, $4) - $4 FROM erp_private.schedule_parts($1, $2, $3) p WHERE p.until > $4
$function$;
COMMENT ON FUNCTION erp_private.open_parts(integer, bigint, integer, numeric) IS
	'What is still to be shipped of a line by its schedule, where so much was shipped: quantity of each part, before: what is open of those before it.';

CREATE FUNCTION erp_private.next_part_day(company_id integer, sales_order_id bigint, line_no integer, shipped numeric) RETURNS date
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$ SELECT COALESCE((SELECT min(p.day) FROM erp_private.open_parts($1, $2, $3, $4) p), erp_private.last_part_day($1, $2, $3), 'infinity') $function$;
COMMENT ON FUNCTION erp_private.next_part_day(integer, bigint, integer, numeric) IS
	'The day of the earliest part of a line that is not shipped whole, where so much was shipped; of the last where all is, infinity without parts.';

CREATE FUNCTION erp_private.last_part_day(company_id integer, sales_order_id bigint, line_no integer) RETURNS date
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$ SELECT max(s.day) FROM erp.sales_order_schedule s WHERE s.company_id = $1 AND s.sales_order_id = $2 AND s.line_no = $3 $function$;
COMMENT ON FUNCTION erp_private.last_part_day(integer, bigint, integer) IS 'The last day of the schedule of a line.';

CREATE FUNCTION erp_private.cut_schedule(company_id integer, sales_order_id bigint, line_no integer, before numeric, until numeric) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT erp_private.put_schedule($1, $2, $3, array_agg(p.day), array_agg(least(p.until, $5) - greatest(p.before, $4)))
	  FROM erp_private.schedule_parts($1, $2, $3) p WHERE p.until > $4 AND p.before < $5
$function$;
COMMENT ON FUNCTION erp_private.cut_schedule(integer, bigint, integer, numeric, numeric) IS
	'Keeps of the schedule of a line what comes behind so much of it, up to so much.';

CREATE FUNCTION erp_private.grow_schedule(company_id integer, sales_order_id bigint, line_no integer, quantity numeric, day date) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT erp_private.put_schedule($1, $2, $3, array_agg(s.day) || $5, array_agg(s.quantity) || $4)
	  FROM erp.sales_order_schedule s WHERE s.company_id = $1 AND s.sales_order_id = $2 AND s.line_no = $3
$function$;
COMMENT ON FUNCTION erp_private.grow_schedule(integer, bigint, integer, numeric, date) IS 'Adds a quantity on a day to the schedule of a line.';

-- As whoever orders less or more of a line would say: the last deliveries change first.
CREATE FUNCTION erp_private.fit_schedules(company_id integer, sales_order_id bigint) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	line record;
BEGIN
	FOR line IN
		SELECT l.line_no, l.quantity - l.cancelled AS wanted, COALESCE(s.quantity, 0) AS quantity, s.last_day
		  FROM erp.sales_order_line l
		  LEFT JOIN LATERAL (SELECT sum(f.quantity) AS quantity, max(f.day) AS last_day FROM erp.sales_order_schedule f
		                      WHERE f.company_id = $1 AND f.sales_order_id = $2 AND f.line_no = l.line_no) s ON true
		 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.is_scheduled ORDER BY l.line_no
	LOOP
		IF line.wanted > 0 AND line.last_day IS NULL THEN
			UPDATE erp.sales_order_line l SET is_scheduled = false WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = line.line_no;
		ELSIF line.wanted > line.quantity THEN
			PERFORM erp_private.grow_schedule($1, $2, line.line_no, line.wanted - line.quantity, line.last_day);
		ELSE
			PERFORM erp_private.cut_schedule($1, $2, line.line_no, 0, line.wanted);
		END IF;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.fit_schedules(integer, bigint) IS
	'Brings the schedules of an order to what is ordered and not cancelled: what is more is delivered with the last part, what is less is taken off the last.';

CREATE FUNCTION erp_private.change_schedules(company_id integer, sales_order_id bigint, lines jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	UPDATE erp.sales_order_line l SET is_scheduled = false
	  FROM jsonb_array_elements(lines) AS e (value)
	 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.is_scheduled AND l.line_no = (e.value ->> 'line')::integer AND e.value ? 'schedule';
	DELETE FROM erp.sales_order_schedule s USING erp.sales_order_line l
	 WHERE s.company_id = $1 AND s.sales_order_id = $2 AND l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = s.line_no AND NOT l.is_scheduled;
	PERFORM erp_private.insert_schedule($1, $2, (e.value ->> 'line')::integer, e.value -> 'schedule', format('$.lines[%s]', e.n - 1))
	   FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n) WHERE e.value -> 'line' IS NOT NULL AND e.value #> '{schedule,0}' IS NOT NULL ORDER BY e.n;
	PERFORM erp_private.fit_schedules($1, $2);
END
$function$;
COMMENT ON FUNCTION erp_private.change_schedules(integer, bigint, jsonb) IS
	'Writes what lines of erp.change_order() say of schedules, an empty one ending it, once the lines are written, and fits the others to them. LE285 as erp_private.insert_schedule().';

CREATE FUNCTION erp_private.check_changed_schedules(company_id integer, sales_order_id bigint, lines jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_schedule(e.value, format('$.lines[%s]', e.n - 1))
	   FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n) WHERE e.value ? 'schedule' ORDER BY e.n;
	SELECT e.n, e.value ->> 'needed_by' AS day INTO bad
	  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no::text = e.value ->> 'line' AND l.is_scheduled
	 WHERE e.value ? 'needed_by' AND NOT e.value ? 'schedule' ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE285', 'the line is delivered by schedule', format('$.lines[%s].needed_by', bad.n - 1), bad.day, 'Give the new schedule, or an empty one with it.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_changed_schedules(integer, bigint, jsonb) IS 'Raises LE011 or LE285 unless lines of erp.change_order() can change the days of the order.';

CREATE FUNCTION erp_private.reserved_whole(answer jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_agg(r.value ORDER BY r.line)
	  FROM (SELECT (e.value ->> 'line')::integer AS line, jsonb_build_object('line', e.value -> 'line', 'item', e.value -> 'item', 'demand', e.value -> 'demand',
	               'reserved', sum((e.value ->> 'reserved')::numeric), 'short', sum((e.value ->> 'short')::numeric),
	               'expected', COALESCE(jsonb_agg(x.value ORDER BY e.n) FILTER (WHERE x.value IS NOT NULL), '[]')) AS value
	          FROM jsonb_array_elements(answer) WITH ORDINALITY AS e (value, n)
	          LEFT JOIN LATERAL jsonb_array_elements(e.value -> 'expected') AS x (value) ON true
	         GROUP BY e.value -> 'line', e.value -> 'item', e.value -> 'demand', e.value ->> 'line') r
$function$;
COMMENT ON FUNCTION erp_private.reserved_whole(jsonb) IS 'The lines of erp.reserve() with the parts of each line of an order added up.';

-- What is held serves the earliest parts, so that what is required is of the last; it keeps its age, whatever becomes of its priority.
CREATE FUNCTION erp_private.redate_requirements(company_id integer, sales_order_id bigint) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	line record;
BEGIN
	FOR line IN
		SELECT o.code, l.line_no, l.item_id, l.needed_by, l.is_scheduled, l.shipped, q.quantity, q.since, q.warehouse_id, o.priority, q.required_by,
		       COALESCE((SELECT sum(r.quantity) FROM erp.reservation r WHERE r.company_id = $1 AND r.demand = o.code AND r.demand_line = l.line_no), 0) AS held
		  FROM erp.sales_order o
		  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.moves_stock
		  JOIN LATERAL (SELECT sum(r.quantity) AS quantity, min(r.required_at) AS since, min(r.warehouse_id) AS warehouse_id, min(r.required_by) AS required_by,
		                       bool_and(r.needed_by = l.needed_by AND r.priority = o.priority) AS is_dated
		                  FROM erp.requirement r WHERE r.company_id = $1 AND r.item_id = l.item_id AND r.demand = o.code AND r.demand_line = l.line_no) q ON q.quantity > 0 AND (l.is_scheduled OR NOT q.is_dated)
		 WHERE o.company_id = $1 AND o.sales_order_id = $2 ORDER BY l.line_no
	LOOP
		DELETE FROM erp.requirement r WHERE r.company_id = $1 AND r.item_id = line.item_id AND r.demand = line.code AND r.demand_line = line.line_no;
		INSERT INTO erp.requirement (company_id, item_id, warehouse_id, demand, demand_line, quantity, priority, needed_by, required_at, required_by)
		SELECT $1, line.item_id, line.warehouse_id, line.code, line.line_no, p.quantity, line.priority, p.day, line.since, line.required_by
		  FROM (SELECT line.needed_by AS day, line.quantity WHERE NOT line.is_scheduled
		        UNION ALL
		        SELECT s.day, least(s.before + s.quantity, line.held + line.quantity) - greatest(s.before, line.held)
		          FROM erp_private.open_parts($1, $2, line.line_no, line.shipped) s WHERE line.is_scheduled) p
		 WHERE p.quantity > 0 ORDER BY p.day;
	END LOOP;
	UPDATE erp.reservation r SET priority = o.priority
	  FROM erp.sales_order o
	 WHERE o.company_id = $1 AND o.sales_order_id = $2 AND r.company_id = $1 AND r.demand = o.code AND r.priority <> o.priority;
END
$function$;
COMMENT ON FUNCTION erp_private.redate_requirements(integer, bigint) IS
	'Brings what is required for an order to its priority and the days on which its lines, or the parts of their schedules, are needed by now, and what is reserved for it to its priority, under the pools of its items.';

CREATE FUNCTION erp_private.due_quantity(company_id integer, sales_order_id bigint, line_no integer, shipped numeric, due_by date) RETURNS numeric
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$ SELECT COALESCE(sum(p.quantity), 0) FROM erp_private.open_parts($1, $2, $3, $4) p WHERE p.day <= $5 $function$;
COMMENT ON FUNCTION erp_private.due_quantity(integer, bigint, integer, numeric, date) IS 'What is due of a line by its schedule up to a day, where so much was shipped.';

-- Of lines that are delivered by schedule goes what is due; others go as they are reserved.
CREATE FUNCTION erp_private.due_shipment(company_id integer, sales_order_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	IF (request ->> 'ahead')::boolean IS TRUE OR NOT EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.is_scheduled) THEN
		RETURN request;
	END IF;
	RETURN request || jsonb_build_object('lines', (
		SELECT COALESCE(jsonb_agg(w.says || jsonb_build_object('line', w.line_no, 'quantity', trim_scale(w.quantity)) ORDER BY w.line_no), '[]')
		  FROM erp_private.wanted_shipment($1, $2, request -> 'lines', (request ->> 'day')::date) w WHERE w.quantity > 0));
END
$function$;
COMMENT ON FUNCTION erp_private.due_shipment(integer, bigint, jsonb) IS
	'A request of erp.ship_order() that says how much of which lines is shipped, where a line is delivered by schedule and what is not due yet is not to be shipped too.';
