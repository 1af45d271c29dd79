-- sales: what the calls on orders do.

CREATE FUNCTION erp_private.draw_up(company text, document json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_draw_up';
COMMENT ON FUNCTION erp_private.draw_up(text, json) IS
	'Checks and computes a document without a key as erp.post_document() would, and posts nothing. Returns {"party_id", "currency_id", "rate", "total", "company_total", "lines": [{"line_no", "line_role", "item_id", "warehouse_id", "unit_id", "moves_stock" (1 or 0), "tax_code_id", "entered_quantity", "quantity" (in the item''s unit), "second_quantity", "unit_price", "amount"}], "taxes": [{"tax_code_id", "rate", "base", "tax"}]}. Errors: those of erp.post_document().';

-- Keys of documents have at most 200 bytes, and more than one may hang on a call.
CREATE FUNCTION erp_private.short_key(key text) RETURNS text
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT CASE WHEN octet_length($1) <= 180 THEN $1 ELSE left($1, 25) || ' ' || encode(sha256(convert_to($1, 'UTF8')), 'hex') END
$function$;
COMMENT ON FUNCTION erp_private.short_key(text) IS
	'What the keys of the documents of a call begin with: its key, or, of more than 180 bytes, its first 25 characters and its SHA-256.';

-- What an order says of itself alone; all else goes into its documents.
CREATE FUNCTION erp_private.order_header() RETURNS jsonb
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT '{"order": "code", "party": "code!", "day": "day!", "needed_by": "day", "warehouse": "code", "currency": "code", "rate": "decimal", "tax_code": "code", "payment_terms": "code",
		"reference": "name", "description": "name", "channel": "name", "priority": "integer", "ship_complete": "boolean", "short": "code",
		"prices_include_tax": "boolean", "tax_rounding": "code", "discount": "amount", "discount_percent": "decimal", "cash_rounding": "amount", "milestones": "list", "lines": "list!"}'::jsonb
$function$;
COMMENT ON FUNCTION erp_private.order_header() IS 'The members of an order''s request, and their types.';

CREATE FUNCTION erp_private.order_document(request jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT jsonb_build_object('kind', 'sales_invoice') || (request - ARRAY['order', 'needed_by', 'channel', 'priority', 'ship_complete', 'short', 'milestones', 'lines', 'payment', 'time'])
	       || jsonb_build_object('lines', (SELECT jsonb_agg(e.value - ARRAY['needed_by', 'schedule', 'line'] ORDER BY e.n) FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n))));
END
$function$;
COMMENT ON FUNCTION erp_private.order_document(jsonb) IS 'The invoice that an order would become if it were billed whole.';

CREATE FUNCTION erp_private.check_order(request jsonb, more jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_object(request, erp_private.order_header() || more);
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'short', ARRAY['require', 'refuse', 'accept']);
	IF jsonb_array_length(request -> 'lines') NOT BETWEEN 1 AND 10000 THEN
		PERFORM erp_private.refuse('LE011', 'an order has 1 to 10000 lines', '$.lines', NULL, 'Split the order.');
	END IF;
	SELECT e.n, e.value ->> 'needed_by' AS day INTO bad FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n)
	 WHERE jsonb_typeof(e.value) <> 'object' OR e.value ? 'demand' OR e.value ? 'origin' OR e.value ->> 'role' NOT IN ('sale', 'service', 'free', 'allowance') OR NOT erp_private.is_day(COALESCE(e.value ->> 'needed_by', '2000-01-01')) ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'a line of an order is an object without demand and origin, of role sale, service, free or allowance, whose needed_by is a day written YYYY-MM-DD',
			format('$.lines[%s]', bad.n - 1), bad.day, 'Mend the line.');
	END IF;
	IF request ? 'milestones' THEN
		PERFORM erp_private.check_milestones(request -> 'milestones');
	END IF;
	PERFORM erp_private.check_schedule(e.value, format('$.lines[%s]', e.n - 1))
	   FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n) WHERE e.value ? 'schedule' ORDER BY e.n;
END
$function$;
COMMENT ON FUNCTION erp_private.check_order(jsonb, jsonb) IS
	'Raises LE011 unless the request is an order; more: members that the call knows beside those of an order. What lines say else is checked when they are drawn up.';

-- A line without goods counts as it was entered, one that says no quantity as one.
CREATE FUNCTION erp_private.drawn_lines(drawn jsonb)
	RETURNS TABLE (line_no integer, item_id integer, warehouse_id integer, unit_id integer, tax_code_id integer, line_role text, moves_stock boolean, quantity numeric,
		entered_quantity numeric, unit_price numeric, amount numeric)
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT r.line_no, r.item_id, r.warehouse_id, r.unit_id, r.tax_code_id, r.line_role, r.moves_stock = 1,
	       CASE r.moves_stock WHEN 1 THEN r.quantity ELSE COALESCE(NULLIF(r.entered_quantity, 0), 1) END, COALESCE(NULLIF(r.entered_quantity, 0), 1), r.unit_price, r.amount
	  FROM jsonb_to_recordset(drawn -> 'lines') AS r (line_no integer, item_id integer, warehouse_id integer, unit_id integer, tax_code_id integer, line_role text,
	       moves_stock integer, quantity numeric, entered_quantity numeric, unit_price numeric, amount numeric)
$function$;
COMMENT ON FUNCTION erp_private.drawn_lines(jsonb) IS 'Lines of what erp_private.draw_up() returned, as an order keeps them.';

CREATE FUNCTION erp_private.insert_order_lines(company_id integer, sales_order_id bigint, request jsonb, drawn jsonb, after integer) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	INSERT INTO erp.sales_order_line (company_id, sales_order_id, line_no, item_id, warehouse_id, unit_id, tax_code_id, line_role, moves_stock, quantity,
		entered_quantity, unit_price, amount, needed_by, is_scheduled, terms)
	SELECT $1, $2, r.line_no, r.item_id, r.warehouse_id, r.unit_id, r.tax_code_id, r.line_role, r.moves_stock, r.quantity, r.entered_quantity, r.unit_price, r.amount,
	       COALESCE((e.value ->> 'needed_by')::date, (e.value #>> '{schedule,0,day}')::date, ($3 ->> 'needed_by')::date, 'infinity'), e.value #> '{schedule,0}' IS NOT NULL,
	       e.value - ARRAY['needed_by', 'schedule', 'line']
	  FROM erp_private.drawn_lines($4) r
	  JOIN jsonb_array_elements($3 -> 'lines') WITH ORDINALITY AS e (value, n) ON e.n = r.line_no
	 WHERE r.line_no > $5
	 ORDER BY r.line_no;
	PERFORM erp_private.insert_schedule($1, $2, e.n::integer, e.value -> 'schedule', format('$.lines[%s]', e.n - 1))
	   FROM jsonb_array_elements($3 -> 'lines') WITH ORDINALITY AS e (value, n) WHERE e.n > $5 AND e.value #> '{schedule,0}' IS NOT NULL ORDER BY e.n;
END
$function$;
COMMENT ON FUNCTION erp_private.insert_order_lines(integer, bigint, jsonb, jsonb, integer) IS 'Writes the lines of an order behind the first so many.';

CREATE FUNCTION erp_private.insert_order(company_id integer, document_id bigint, code text, state text, reason text, request jsonb, drawn jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	INSERT INTO erp.sales_order (company_id, sales_order_id, code, state, reason, party_id, day, needed_by, currency_id, rate, priority, ship_complete, channel,
		total, company_total, placed_by, terms)
	VALUES ($1, $2, $3, $4, $5, (drawn ->> 'party_id')::integer, (request ->> 'day')::date, COALESCE((request ->> 'needed_by')::date, 'infinity'),
		(drawn ->> 'currency_id')::integer, (drawn ->> 'rate')::numeric, COALESCE((request ->> 'priority')::integer, 0), COALESCE((request ->> 'ship_complete')::boolean, false),
		COALESCE(request ->> 'channel', ''), (drawn ->> 'total')::numeric, (drawn ->> 'company_total')::numeric, erp_private.caller(),
		request - ARRAY['order', 'party', 'day', 'needed_by', 'channel', 'priority', 'ship_complete', 'milestones', 'lines', 'payment', 'time']);
	PERFORM erp_private.insert_order_lines($1, $2, request, drawn, 0);
END
$function$;
COMMENT ON FUNCTION erp_private.insert_order(integer, bigint, text, text, text, jsonb, jsonb) IS
	'Writes an order as the request says and erp_private.draw_up() computed it.';

CREATE FUNCTION erp_private.held_for(company_id integer, demand text, demand_line integer) RETURNS numeric
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN COALESCE((SELECT sum(r.quantity) FROM erp.reservation r WHERE r.company_id = $1 AND r.demand = $2 AND r.demand_line = $3), 0)
	     + COALESCE((SELECT sum(r.quantity) FROM erp.requirement r WHERE r.company_id = $1 AND r.demand = $2 AND r.demand_line = $3), 0);
END
$function$;
COMMENT ON FUNCTION erp_private.held_for(integer, text, integer) IS 'What is reserved, claimed and required for a line of a demand.';

-- What is not reserved of a line becomes a requirement, or the order is refused, or it just waits, as the order says.
CREATE FUNCTION erp_private.reserve_order(company_id integer, sales_order_id bigint) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	header record;
	request jsonb;
	answer jsonb;
	bad record;
BEGIN
	SELECT o.code, c.code AS company, COALESCE(o.terms ->> 'short', 'require') AS short, o.priority INTO header
	  FROM erp.sales_order o JOIN erp.company c ON c.company_id = o.company_id WHERE o.company_id = $1 AND o.sales_order_id = $2;
	SELECT jsonb_build_object('mode', 'partial', 'demand', header.code, 'expected', true, 'require', header.short = 'require', 'priority', header.priority,
	       'lines', jsonb_agg(jsonb_strip_nulls(jsonb_build_object('item', i.code, 'line', l.line_no, 'quantity', p.quantity, 'warehouse', w.code,
	       	'needed_by', CASE WHEN isfinite(p.day) THEN p.day END)) ORDER BY l.line_no, p.day)) INTO request
	  FROM erp.sales_order_line l
	  JOIN erp.item i ON i.company_id = l.company_id AND i.item_id = l.item_id
	  LEFT JOIN erp.warehouse w ON w.company_id = l.company_id AND w.warehouse_id = l.warehouse_id
	 CROSS JOIN LATERAL (SELECT erp_private.held_for($1, header.code, l.line_no) AS held) h
	 CROSS JOIN LATERAL (
		SELECT l.needed_by AS day, l.quantity - l.cancelled - l.shipped - h.held AS quantity WHERE NOT l.is_scheduled
		UNION ALL
		SELECT s.day, s.before + s.quantity - greatest(s.before, h.held) FROM erp_private.open_parts($1, $2, l.line_no, l.shipped) s WHERE l.is_scheduled) p
	 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.moves_stock AND p.quantity > 0;
	IF request -> 'lines' = 'null' THEN
		RETURN '[]';
	END IF;
	answer := erp_private.reserve_lines(header.company, request::text::json) -> 'lines';
	IF EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.is_scheduled) THEN
		answer := erp_private.reserved_whole(answer);
	END IF;
	IF header.short = 'refuse' THEN
		SELECT e.value INTO bad FROM jsonb_array_elements(answer) AS e (value) WHERE (e.value ->> 'short')::numeric > 0 LIMIT 1;
		IF FOUND THEN
			PERFORM erp_private.refuse('LE273', format('%s of item %s are missing', bad.value ->> 'short', bad.value ->> 'item'), '$.lines', bad.value ->> 'item',
				'Order less of it, or let what is short be required.');
		END IF;
	END IF;
	UPDATE erp.sales_order_line l SET promise_day = CASE WHEN l.is_scheduled AND p.day IS NOT NULL THEN greatest(p.day, erp_private.last_part_day($1, $2, l.line_no)) ELSE p.day END
	  FROM (SELECT (e.value ->> 'line')::integer AS line_no,
	               CASE WHEN (e.value ->> 'short')::numeric > 0 THEN NULL
	                    ELSE greatest((SELECT max((x.value ->> 'day')::date) FROM jsonb_array_elements(e.value -> 'expected') AS x (value)), o.day) END AS day
	          FROM jsonb_array_elements(answer) AS e (value)
	          JOIN erp.sales_order o ON o.company_id = $1 AND o.sales_order_id = $2) p
	 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = p.line_no AND l.promise_day IS DISTINCT FROM p.day;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.reserve_order(integer, bigint) IS
	'Reserves what is still to be shipped of an order, with claims on what is expected; what is short is required, refused (LE273) or left, as the order says. The promise day of a line is that on which all of it is there, null where something is short. Returns the lines of what erp.reserve() returns.';

CREATE FUNCTION erp_private.order_answer(company_id integer, sales_order_id bigint, reserved jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT jsonb_strip_nulls(jsonb_build_object('order', o.code, 'state', o.state, 'reason', NULLIF(o.reason, ''), 'total', trim_scale(o.total),
	       'lines', (SELECT jsonb_agg(jsonb_build_object('line', l.line_no, 'amount', trim_scale(l.amount), 'quantity', trim_scale(l.quantity - l.cancelled), 'promise_day', l.promise_day,
	       		'reserved', (r.value ->> 'reserved')::numeric, 'expected', NULLIF(r.value -> 'expected', '[]'), 'short', NULLIF((r.value ->> 'short')::numeric, 0)) ORDER BY l.line_no)
	                   FROM erp.sales_order_line l
	                   LEFT JOIN jsonb_array_elements(reserved) AS r (value) ON (r.value ->> 'line')::integer = l.line_no
	                  WHERE l.company_id = $1 AND l.sales_order_id = $2)))
	  FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = $2);
END
$function$;
COMMENT ON FUNCTION erp_private.order_answer(integer, bigint, jsonb) IS
	'What calls on orders return of one. reserved: lines of erp.reserve(), or [].';
