-- inventory: requirements, and how goods that arrive serve them. Whoever changes them holds the pools of their item.

CREATE FUNCTION erp_private.lock_item_pools(company_id integer, item_ids integer[]) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	AS 'MODULE_PATHNAME', 'erp_lock_item_pools';
COMMENT ON FUNCTION erp_private.lock_item_pools(integer, integer[]) IS
	'Holds all pools of cost of the items, ascending, and of an item without any its first: goods of them neither come nor go until the transaction ends.';

CREATE FUNCTION erp_private.add_requirement(company_id integer, item_id integer, warehouse_id integer, demand text, demand_line integer, quantity numeric,
		priority integer, needed_by date) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	INSERT INTO erp.requirement (company_id, item_id, warehouse_id, demand, demand_line, quantity, priority, needed_by, required_by)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, erp_private.caller());
	PERFORM erp_private.emit_event($1, 'requirement_made', 0, jsonb_build_object('demand', $4, 'line', $5,
		'item', (SELECT i.code FROM erp.item i WHERE i.company_id = $1 AND i.item_id = $2), 'quantity', trim_scale($6)));
END
$function$;
COMMENT ON FUNCTION erp_private.add_requirement(integer, integer, integer, text, integer, numeric, integer, date) IS
	'Records what is required of an item, under the lock of its pools, with the event requirement_made. warehouse_id: 0 for any; needed_by: infinity for none.';

-- A lot past its last day serves nobody, unless the item or the company allows it, nor does what cannot be shipped from where it lies.
CREATE FUNCTION erp_private.place_serves(company_id integer, item_id integer, location_id integer, lot_id bigint) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT erp_private.goods_are_promised((SELECT l.kind FROM erp.location l WHERE l.company_id = $1 AND l.location_id = $3 AND l.location_id <> 0))
	   AND ($4 = 0 OR NOT EXISTS (
		SELECT 1 FROM erp.lot k
		  JOIN erp.item i ON i.company_id = $1 AND i.item_id = $2
		  JOIN erp.company c ON c.company_id = $1
		 WHERE k.company_id = $1 AND k.lot_id = $4 AND LEAST(k.removal_day, k.expires_on) < (now() AT TIME ZONE 'UTC')::date
		   AND CASE i.issue_expired WHEN '' THEN NOT c.issue_expired ELSE i.issue_expired = 'refuse' END))
$function$;
COMMENT ON FUNCTION erp_private.place_serves(integer, integer, integer, bigint) IS 'Whether what lies at a place of an item can be promised today (UTC).';

-- IS TRUE has what is served looked up in a hash: a join may be planned as if one waited, and goes through all for each. Few are served in part.
CREATE FUNCTION erp_private.serve_requirements(company_id integer, item_id integer, warehouse_id integer, location_id integer, lot_id bigint,
		quantity numeric, document_id bigint) RETURNS numeric
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	served numeric;
	code text;
BEGIN
	IF NOT erp_private.place_serves($1, $2, $4, $5) THEN
		RETURN 0;
	END IF;
	SELECT i.code INTO code FROM erp.item i WHERE i.company_id = $1 AND i.item_id = $2;
	WITH waiting AS MATERIALIZED (
		SELECT r.requirement_id, r.demand, r.demand_line, r.priority, r.needed_by, r.required_at, r.required_by, r.quantity,
		       sum(r.quantity) OVER (ORDER BY r.priority DESC, r.required_at, r.requirement_id) - r.quantity AS before
		  FROM erp.requirement r WHERE r.company_id = $1 AND r.item_id = $2 AND r.warehouse_id IN (0, $3)
	), part AS MATERIALIZED (
		SELECT w.*, least(w.quantity, $6 - w.before) AS part FROM waiting w WHERE w.before < $6
	), reserved AS (
		INSERT INTO erp.reservation (company_id, item_id, lot_id, warehouse_id, location_id, demand_line, priority, needed_by, reserved_by, claim, demand, quantity)
		SELECT $1, $2, $5, $3, $4, p.demand_line, p.priority, p.needed_by, p.required_by, 'stock', p.demand, p.part FROM part p ORDER BY p.before
	), lowered AS (
		UPDATE erp.requirement r SET quantity = r.quantity - (SELECT p.part FROM part p WHERE p.requirement_id = r.requirement_id)
		 WHERE r.company_id = $1 AND r.item_id = $2 AND (r.requirement_id IN (SELECT p.requirement_id FROM part p WHERE p.part < p.quantity)) IS TRUE
	), removed AS (
		DELETE FROM erp.requirement r
		 WHERE r.company_id = $1 AND r.item_id = $2 AND (r.requirement_id IN (SELECT p.requirement_id FROM part p WHERE p.part = p.quantity)) IS TRUE
	), told AS (
		INSERT INTO erp.outbox (company_id, topic, document_id, payload)
		SELECT $1, 'requirement_served', $7, jsonb_build_object('demand', p.demand, 'line', p.demand_line, 'item', code, 'quantity', trim_scale(p.part))
		  FROM part p ORDER BY p.before
	)
	SELECT sum(p.part) INTO served FROM part p;
	IF served > 0 THEN
		PERFORM pg_notify('erp_outbox', 'requirement_served');
	END IF;
	RETURN COALESCE(served, 0);
END
$function$;
COMMENT ON FUNCTION erp_private.serve_requirements(integer, integer, integer, integer, bigint, numeric, bigint) IS
	'Reserves up to a quantity that is free at a place for what waits for the item, by priority and age, under the lock of its pools, each with the event requirement_served. Returns how much, which the caller takes off what is free there.';

CREATE FUNCTION erp_private.named_requirements(company_id integer, lines jsonb)
	RETURNS TABLE (requirement_id bigint, item_id integer, demand text, demand_line integer, code text, quantity numeric, part numeric, n bigint)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH line AS MATERIALIZED (
		SELECT e.n, e.value ->> 'demand' AS demand, (e.value ->> 'line')::integer AS line, e.value ->> 'item' AS item, (e.value ->> 'quantity')::numeric AS wanted
		  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	), named AS MATERIALIZED (
		SELECT DISTINCT ON (r.requirement_id) r.requirement_id, r.item_id, r.demand, r.demand_line, i.code, r.quantity, l.wanted, l.n
		  FROM line l
		 CROSS JOIN LATERAL (
			SELECT f.* FROM erp.requirement f WHERE l.line IS NOT NULL AND f.company_id = $1 AND f.demand = l.demand AND f.demand_line = l.line
			 UNION ALL
			SELECT f.* FROM erp.requirement f WHERE l.line IS NULL AND f.company_id = $1 AND f.demand = l.demand) r
		 CROSS JOIN LATERAL (SELECT f.code FROM erp.item f WHERE f.company_id = $1 AND f.item_id = r.item_id OFFSET 0) i
		 WHERE i.code = COALESCE(l.item, i.code)
		 ORDER BY r.requirement_id, l.n
	), part AS (
		SELECT n.*, CASE WHEN n.wanted IS NULL THEN n.quantity
		            ELSE least(n.quantity, n.wanted - (sum(n.quantity) OVER (PARTITION BY n.n ORDER BY n.requirement_id) - n.quantity)) END AS part
		  FROM named n
	)
	SELECT p.requirement_id, p.item_id, p.demand, p.demand_line, p.code, p.quantity, p.part, p.n FROM part p WHERE p.part > 0;
END
$function$;
COMMENT ON FUNCTION erp_private.named_requirements(integer, jsonb) IS
	'What lines of erp.release() take out of what is required: of each requirement so much (part), the oldest first; n: the line of the call, from 1.';

-- Each is changed by its key: a join may be planned as if one waited, and goes through all for each.
CREATE FUNCTION erp_private.drop_requirements(company_id integer, lines jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	items integer[] := ARRAY(SELECT DISTINCT r.item_id FROM (SELECT DISTINCT e.value ->> 'demand' AS demand FROM jsonb_array_elements(lines) AS e (value)) d
		CROSS JOIN LATERAL (SELECT f.item_id FROM erp.requirement f WHERE f.company_id = $1 AND f.demand = d.demand OFFSET 0) r);
	p record;
	parts jsonb[] := '{}';
BEGIN
	IF items = '{}' THEN
		RETURN '[]';
	END IF;
	PERFORM erp_private.lock_item_pools($1, items);
	FOR p IN SELECT * FROM erp_private.named_requirements($1, lines) LOOP
		IF p.part = p.quantity THEN
			DELETE FROM erp.requirement r WHERE r.company_id = $1 AND r.item_id = p.item_id AND r.requirement_id = p.requirement_id;
		ELSE
			UPDATE erp.requirement r SET quantity = r.quantity - p.part WHERE r.company_id = $1 AND r.item_id = p.item_id AND r.requirement_id = p.requirement_id;
		END IF;
		parts := parts || jsonb_build_object('demand', p.demand, 'line', p.demand_line, 'item', p.code, 'quantity', p.part, 'n', p.n);
	END LOOP;
	RETURN (SELECT COALESCE(jsonb_agg(jsonb_build_object('demand', s.demand, 'line', s.line, 'item', s.item, 'quantity', trim_scale(s.quantity), 'n', s.n) ORDER BY s.demand, s.line, s.item), '[]')
	          FROM (SELECT d.demand, d.line, d.item, d.n, sum(d.quantity) AS quantity
	                  FROM jsonb_to_recordset(to_jsonb(parts)) AS d (demand text, line integer, item text, n bigint, quantity numeric) GROUP BY 1, 2, 3, 4) s);
END
$function$;
COMMENT ON FUNCTION erp_private.drop_requirements(integer, jsonb) IS
	'Takes what lines of erp.release() name out of what is required, holding the pools of their items first. Returns [{"demand", "line", "item", "quantity", "n" (the line of the call, from 1)}].';

CREATE FUNCTION erp_private.reserve_lines(company text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	AS 'MODULE_PATHNAME', 'erp_reserve_lines';
COMMENT ON FUNCTION erp_private.reserve_lines(text, json) IS
	'As erp.reserve(), without a key: for calls that have one of their own.';

-- What waits for an item is reserved as erp.reserve() would, in its order; what was reserved is taken off what waits.
CREATE FUNCTION erp_private.serve_item(company_id integer, item_id integer) RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
	served bigint;
BEGIN
	PERFORM erp_private.lock_item_pools($1, ARRAY[$2]);
	SELECT erp_private.reserve_lines(c.code, jsonb_build_object('mode', 'partial', 'lines', l.lines)::text::json) INTO answer
	  FROM erp.company c
	 CROSS JOIN LATERAL (
		SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('item', i.code, 'demand', r.demand, 'line', r.demand_line, 'quantity', r.quantity,
		       'priority', r.priority, 'needed_by', CASE WHEN isfinite(r.needed_by) THEN r.needed_by END, 'warehouse', w.code))
		       ORDER BY r.priority DESC, r.required_at, r.requirement_id) AS lines
		  FROM erp.requirement r
		  JOIN erp.item i ON i.company_id = r.company_id AND i.item_id = r.item_id
		  LEFT JOIN erp.warehouse w ON w.company_id = r.company_id AND w.warehouse_id = r.warehouse_id AND r.warehouse_id <> 0
		 WHERE r.company_id = $1 AND r.item_id = $2) l
	 WHERE c.company_id = $1 AND l.lines IS NOT NULL;
	WITH part AS MATERIALIZED (
		SELECT r.n, r.requirement_id, r.demand, r.demand_line, r.quantity, (a.value ->> 'item') AS code, (a.value ->> 'reserved')::numeric AS part
		  FROM (SELECT q.*, row_number() OVER (ORDER BY q.priority DESC, q.required_at, q.requirement_id) AS n
		          FROM erp.requirement q WHERE q.company_id = $1 AND q.item_id = $2) r
		  JOIN jsonb_array_elements(answer -> 'lines') WITH ORDINALITY AS a (value, n) ON a.n = r.n
		 WHERE (a.value ->> 'reserved')::numeric > 0
	), lowered AS (
		UPDATE erp.requirement r SET quantity = r.quantity - (SELECT p.part FROM part p WHERE p.requirement_id = r.requirement_id)
		 WHERE r.company_id = $1 AND r.item_id = $2 AND (r.requirement_id IN (SELECT p.requirement_id FROM part p WHERE p.part < p.quantity)) IS TRUE
	), removed AS (
		DELETE FROM erp.requirement r
		 WHERE r.company_id = $1 AND r.item_id = $2 AND (r.requirement_id IN (SELECT p.requirement_id FROM part p WHERE p.part = p.quantity)) IS TRUE
	), told AS (
		INSERT INTO erp.outbox (company_id, topic, payload)
		SELECT $1, 'requirement_served', jsonb_build_object('demand', p.demand, 'line', p.demand_line, 'item', p.code, 'quantity', trim_scale(p.part))
		  FROM part p ORDER BY p.n
	)
	SELECT count(*) INTO served FROM part p;
	IF served > 0 THEN
		PERFORM pg_notify('erp_outbox', 'requirement_served');
	END IF;
	RETURN served;
END
$function$;
COMMENT ON FUNCTION erp_private.serve_item(integer, integer) IS
	'Reserves what is free of an item for what waits for it, by priority and age. Returns how many requirements were served, wholly or in part.';

CREATE FUNCTION erp.serve_requirements(company text, max integer DEFAULT 1000) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_step';
COMMENT ON FUNCTION erp.serve_requirements(text, integer) IS
	'Reserves what has become free for what waits for it, by priority and age: what arrives serves at once, what others release only here. A step that any session or pg_cron may call at any time. company: code. max: how many items at most, 1 to 100000, those first that were required first. Returns how many requirements were served, wholly or in part. Errors: LE001 to LE003, LE011 for a max out of range, LE012 for an unknown company.';

CREATE FUNCTION erp_private.serve_requirements(company_id integer, max integer) RETURNS bigint
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH item AS MATERIALIZED (
		SELECT w.item_id FROM (
			SELECT r.item_id, min(r.required_at) AS since FROM erp.requirement r
			 WHERE r.company_id = $1
			   AND EXISTS (SELECT 1 FROM erp_private.stock_position p WHERE p.company_id = $1 AND p.item_id = r.item_id AND p.owner_id = 0 AND p.stock_state_id = 0 AND p.on_hand > 0
			                 AND (p.position_id = 0 OR EXISTS (SELECT 1 FROM erp_private.free_stock f WHERE f.company_id = $1 AND f.position_id = p.position_id AND f.quantity > 0)))
			 GROUP BY r.item_id ORDER BY since LIMIT $2) w
		 ORDER BY w.item_id
	)
	SELECT COALESCE(sum(erp_private.serve_item($1, i.item_id)), 0)::bigint FROM item i
$function$;
COMMENT ON FUNCTION erp_private.serve_requirements(integer, integer) IS 'Does what erp.serve_requirements() says.';
