-- inventory: what the calls on reservations do.

CREATE FUNCTION erp_private.check_release(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_object(request, '{"key": "key!", "lines": "list!"}');
	PERFORM erp_private.check_rows(request -> 'lines', '$.lines[#]', '{"demand": "key!", "line": "integer", "item": "code", "quantity": "quantity"}');
	PERFORM erp_private.check_once(request -> 'lines', '$.lines[#]', ARRAY['demand', 'line', 'item']);
	SELECT e.n, e.value ->> 'item' AS item INTO bad FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'item' IS NOT NULL
	   AND NOT EXISTS (SELECT 1 FROM erp.item i WHERE i.company_id = check_release.company_id AND i.code = e.value ->> 'item')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$.lines[#]', 'item', bad.item, 'item', 'Mend the code.');
	SELECT e.n INTO bad FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'quantity' IS NOT NULL AND e.value ->> 'item' IS NULL ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a quantity goes with an item', format('$.lines[%s].item', bad.n - 1), NULL, 'Name the item.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_release(integer, jsonb) IS 'Raises LE011 or LE012 unless the request is one of erp.release().';

-- Each line takes the reservations that it names in order until its quantity is reached; two lines never take one twice.
CREATE FUNCTION erp_private.chosen_reservations(company_id integer, item_id integer, lines jsonb)
	RETURNS TABLE (reservation_id bigint, quantity numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH line AS MATERIALIZED (
		SELECT e.n, e.value ->> 'demand' AS demand, (e.value ->> 'line')::integer AS line, (e.value ->> 'quantity')::numeric AS quantity
		  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	), named AS (
		SELECT DISTINCT ON (r.reservation_id) l.n, l.quantity AS wanted, r.reservation_id, r.quantity, r.claim
		  FROM line l
		 CROSS JOIN LATERAL (
			SELECT f.reservation_id, f.quantity, f.claim FROM erp.reservation f
			 WHERE l.line IS NOT NULL AND f.company_id = $1 AND f.item_id = $2 AND f.demand = l.demand AND f.demand_line = l.line
			 UNION ALL
			SELECT f.reservation_id, f.quantity, f.claim FROM erp.reservation f WHERE l.line IS NULL AND f.company_id = $1 AND f.item_id = $2 AND f.demand = l.demand) r
		 ORDER BY r.reservation_id, l.quantity NULLS FIRST, l.n
	), counted AS (
		SELECT n.*, sum(n.quantity) OVER (PARTITION BY n.n ORDER BY n.claim, n.reservation_id DESC) - n.quantity AS before FROM named n
	)
	SELECT c.reservation_id, CASE WHEN c.wanted IS NULL THEN c.quantity ELSE least(c.quantity, c.wanted - c.before) END
	  FROM counted c WHERE c.wanted IS NULL OR c.wanted > c.before;
END
$function$;
COMMENT ON FUNCTION erp_private.chosen_reservations(integer, integer, jsonb) IS
	'The reservations of one item, and how much of each, that lines of erp.release() name, which are of that item or of any: what is expected first, then the latest.';

-- A quantity that was named goes off what is required first; what is left of it off what is reserved.
CREATE FUNCTION erp_private.lines_without(lines jsonb, dropped jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE dropped WHEN '[]' THEN lines ELSE COALESCE((
		SELECT jsonb_agg(CASE WHEN e.value ->> 'quantity' IS NULL OR d.quantity IS NULL THEN e.value
		                      ELSE e.value || jsonb_build_object('quantity', (e.value ->> 'quantity')::numeric - d.quantity) END ORDER BY e.n)
		  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
		  LEFT JOIN (SELECT (o.value ->> 'n')::bigint AS n, sum((o.value ->> 'quantity')::numeric) AS quantity
		               FROM jsonb_array_elements(dropped) AS o (value) GROUP BY 1) d ON d.n = e.n
		 WHERE e.value ->> 'quantity' IS NULL OR d.quantity IS NULL OR (e.value ->> 'quantity')::numeric > d.quantity), '[]') END
$function$;
COMMENT ON FUNCTION erp_private.lines_without(jsonb, jsonb) IS 'The lines of erp.release() less what erp_private.drop_requirements() has dropped of them.';

CREATE FUNCTION erp_private.released_lines(company_id integer, lines jsonb) RETURNS TABLE (item_id integer, named jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH line AS MATERIALIZED (
		SELECT e.n, e.value, e.value ->> 'demand' AS demand, (e.value ->> 'line')::integer AS line, e.value ->> 'item' AS code
		  FROM jsonb_array_elements($2) WITH ORDINALITY AS e (value, n)
	)
	SELECT s.item_id, jsonb_agg(s.value ORDER BY s.n)
	  FROM (SELECT i.item_id, l.value, l.n
	          FROM line l
	         CROSS JOIN LATERAL (SELECT f.item_id FROM erp.item f WHERE f.company_id = $1 AND f.code = l.code OFFSET 0) i
	         UNION ALL
	        SELECT r.item_id, l.value, l.n
	          FROM line l
	         CROSS JOIN LATERAL (SELECT DISTINCT f.item_id FROM erp.reservation f WHERE f.company_id = $1 AND f.demand = l.demand AND (l.line IS NULL OR f.demand_line = l.line) OFFSET 0) r
	         WHERE l.code IS NULL) s
	 GROUP BY s.item_id ORDER BY s.item_id;
END
$function$;
COMMENT ON FUNCTION erp_private.released_lines(integer, jsonb) IS 'The lines of erp.release() by item, ascending: those that name it, and those that name none and a demand for which some of it is reserved.';

CREATE FUNCTION erp_private.release(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	item record;
	ids bigint[];
	quantities numeric[];
	released jsonb[] := '{}';
	part jsonb;
	dropped jsonb;
BEGIN
	PERFORM erp_private.check_release(release.company_id, request);
	dropped := erp_private.drop_requirements(release.company_id, request -> 'lines');
	FOR item IN SELECT r.item_id, r.named AS lines FROM erp_private.released_lines(release.company_id, erp_private.lines_without(request -> 'lines', dropped)) r LOOP
		ids := ARRAY(SELECT c.reservation_id FROM erp_private.chosen_reservations(release.company_id, item.item_id, item.lines) c);
		CONTINUE WHEN ids = '{}';
		PERFORM erp_private.lock_reservations(release.company_id, item.item_id, ids);
		SELECT array_agg(c.reservation_id), array_agg(c.quantity) INTO ids, quantities
		  FROM erp_private.chosen_reservations(release.company_id, item.item_id, item.lines) c WHERE c.reservation_id = ANY (ids);
		SELECT jsonb_agg(jsonb_build_object('demand', s.demand, 'line', s.demand_line, 'item', s.code, 'quantity', trim_scale(s.quantity)) ORDER BY s.demand, s.demand_line)
		  INTO part
		  FROM (SELECT r.demand, r.demand_line, i.code, sum(n.quantity) AS quantity
		          FROM unnest(ids, quantities) AS n (reservation_id, quantity)
		          JOIN erp.reservation r ON r.company_id = release.company_id AND r.item_id = item.item_id AND r.reservation_id = n.reservation_id
		          JOIN erp.item i ON i.company_id = release.company_id AND i.item_id = item.item_id
		         GROUP BY 1, 2, 3) s;
		released := released || part;
		PERFORM erp_private.end_reservations(release.company_id, item.item_id, ids, quantities, 'released', request ->> 'key', 0);
	END LOOP;
	RETURN jsonb_strip_nulls(jsonb_build_object(
		'lines', (SELECT COALESCE(jsonb_agg(e.value ORDER BY p.n, e.n), '[]') FROM unnest(released) WITH ORDINALITY AS p (part, n) CROSS JOIN jsonb_array_elements(p.part) WITH ORDINALITY AS e (value, n)),
		'required', (SELECT jsonb_agg(d.value - 'n') FROM jsonb_array_elements(dropped) AS d (value))));
END
$function$;
COMMENT ON FUNCTION erp_private.release(integer, jsonb) IS 'Does what erp.release() says.';

CREATE FUNCTION erp_private.check_moves_of_reservations(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_object(request, '{"key": "key!", "moves": "list!"}');
	PERFORM erp_private.check_rows(request -> 'moves', '$.moves[#]',
		'{"from": "key!", "from_line": "integer!", "to": "key!", "to_line": "integer!", "item": "code!", "quantity": "quantity", "priority": "integer", "needed_by": "day"}');
	PERFORM erp_private.check_once(request -> 'moves', '$.moves[#]', ARRAY['from', 'from_line', 'item']);
	SELECT e.n, e.value ->> 'item' AS item INTO bad FROM jsonb_array_elements(request -> 'moves') WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.item i WHERE i.company_id = check_moves_of_reservations.company_id AND i.code = e.value ->> 'item')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$.moves[#]', 'item', bad.item, 'item', 'Mend the code.');
END
$function$;
COMMENT ON FUNCTION erp_private.check_moves_of_reservations(integer, jsonb) IS 'Raises LE011 or LE012 unless the request is one of erp.move_reservation().';

CREATE FUNCTION erp_private.move_one_reservation(company_id integer, item_id integer, move jsonb, place bigint, key text) RETURNS numeric
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	wanted numeric := (move ->> 'quantity')::numeric;
	moved numeric := 0;
	part numeric;
	held record;
BEGIN
	FOR held IN
		SELECT r.reservation_id, r.quantity FROM erp.reservation r
		 WHERE r.company_id = $1 AND r.item_id = $2 AND r.demand = move ->> 'from' AND r.demand_line = (move ->> 'from_line')::integer
		 ORDER BY r.claim DESC, r.reservation_id
		   FOR UPDATE SKIP LOCKED
	LOOP
		EXIT WHEN wanted IS NOT NULL AND moved >= wanted;
		part := least(held.quantity, COALESCE(wanted - moved, held.quantity));
		PERFORM erp_private.record_changes($1, $2, ARRAY[held.reservation_id], ARRAY[part], 'moved', key, 0);
		PERFORM erp_private.split_reservation($1, $2, held.reservation_id, part);
		UPDATE erp.reservation r SET demand = move ->> 'to', demand_line = (move ->> 'to_line')::integer,
			priority = COALESCE((move ->> 'priority')::integer, r.priority), needed_by = COALESCE((move ->> 'needed_by')::date, r.needed_by)
		 WHERE r.company_id = $1 AND r.item_id = $2 AND r.reservation_id = held.reservation_id;
		moved := moved + part;
	END LOOP;
	IF moved = 0 OR moved < wanted THEN
		PERFORM erp_private.refuse('LE200', format('only %s is reserved for line %s of demand "%s"', trim_scale(moved), move ->> 'from_line', left(move ->> 'from', 100)),
			format('$.moves[%s]', place - 1), NULL, 'Move no more than is reserved; erp.reservation_list shows it.');
	END IF;
	RETURN trim_scale(moved);
END
$function$;
COMMENT ON FUNCTION erp_private.move_one_reservation(integer, integer, jsonb, bigint, text) IS
	'One move of erp.move_reservation(), of locked reservations; place: its place in the request, from 1. Returns what was moved.';

CREATE FUNCTION erp_private.move_reservation(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	move record;
	answer jsonb := jsonb '{}';
	moved numeric;
BEGIN
	PERFORM erp_private.check_moves_of_reservations(move_reservation.company_id, request);
	FOR move IN
		SELECT e.n, e.value, i.item_id FROM jsonb_array_elements(request -> 'moves') WITH ORDINALITY AS e (value, n)
		  JOIN erp.item i ON i.company_id = move_reservation.company_id AND i.code = e.value ->> 'item' ORDER BY i.item_id, e.n
	LOOP
		PERFORM 1 FROM erp.reservation r
		 WHERE r.company_id = move_reservation.company_id AND r.item_id = move.item_id AND r.demand IN (
			SELECT e.value ->> 'from' FROM jsonb_array_elements(request -> 'moves') AS e (value))
		 ORDER BY r.reservation_id FOR UPDATE;
		moved := erp_private.move_one_reservation(move_reservation.company_id, move.item_id, move.value, move.n, request ->> 'key');
		answer := answer || jsonb_build_object(lpad(move.n::text, 9, '0'), (move.value - ARRAY['quantity', 'priority', 'needed_by']) || jsonb_build_object('quantity', moved));
	END LOOP;
	RETURN jsonb_build_object('moves', (SELECT jsonb_agg(a.value ORDER BY a.key) FROM jsonb_each(answer) AS a (key, value)));
END
$function$;
COMMENT ON FUNCTION erp_private.move_reservation(integer, jsonb) IS 'Does what erp.move_reservation() says.';

CREATE FUNCTION erp_private.expire_holds(company_id integer, max integer) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	item record;
	ids bigint[];
	quantities numeric[];
	expired bigint := 0;
BEGIN
	FOR item IN
		SELECT h.item_id, array_agg(h.reservation_id) AS ids
		  FROM (SELECT r.item_id, r.reservation_id FROM erp.reservation r
		         WHERE r.company_id = expire_holds.company_id AND r.expires_at <> 'infinity' AND r.expires_at <= now()
		         ORDER BY r.expires_at LIMIT max) h
		 GROUP BY 1 ORDER BY 1
	LOOP
		PERFORM erp_private.lock_reservations(expire_holds.company_id, item.item_id, item.ids);
		SELECT array_agg(r.reservation_id), array_agg(r.quantity) INTO ids, quantities
		  FROM erp.reservation r WHERE r.company_id = expire_holds.company_id AND r.item_id = item.item_id
		   AND r.reservation_id = ANY (item.ids) AND r.expires_at <= now();
		PERFORM erp_private.end_reservations(expire_holds.company_id, item.item_id, ids, quantities, 'expired', '', 0);
		expired := expired + COALESCE(cardinality(ids), 0);
	END LOOP;
	RETURN expired;
END
$function$;
COMMENT ON FUNCTION erp_private.expire_holds(integer, integer) IS 'Does what erp.expire_holds() says.';
