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
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	AS 'MODULE_PATHNAME', 'erp_check_order';
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
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_insert_order_lines';
COMMENT ON FUNCTION erp_private.insert_order_lines(integer, bigint, jsonb, jsonb, integer) IS 'Writes the lines of an order behind the first so many.';

CREATE FUNCTION erp_private.insert_order(company_id integer, document_id bigint, code text, state text, reason text, request jsonb, drawn jsonb) RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_insert_order';
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
	scheduled boolean;
	answer jsonb;
	bad record;
BEGIN
	SELECT o.code, c.code AS company, COALESCE(o.terms ->> 'short', 'require') AS short, o.priority INTO header
	  FROM erp.sales_order o JOIN erp.company c ON c.company_id = o.company_id WHERE o.company_id = $1 AND o.sales_order_id = $2;
	SELECT jsonb_build_object('mode', 'partial', 'demand', header.code, 'expected', true, 'require', header.short = 'require', 'priority', header.priority,
	       'lines', jsonb_agg(jsonb_strip_nulls(jsonb_build_object('item', i.code, 'line', l.line_no, 'quantity', p.quantity, 'warehouse', w.code,
	       	'needed_by', CASE WHEN isfinite(p.day) THEN p.day END)) ORDER BY l.line_no, p.day)), bool_or(l.is_scheduled) INTO request, scheduled
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
		RETURN jsonb '[]';
	END IF;
	answer := erp_private.reserve_lines(header.company, request::text::json) -> 'lines';
	IF scheduled THEN
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
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	AS 'MODULE_PATHNAME', 'erp_order_answer';
COMMENT ON FUNCTION erp_private.order_answer(integer, bigint, jsonb) IS
	'What calls on orders return of one. reserved: lines of erp.reserve(), or [].';
