-- sales: cancelling orders, and changing them.

CREATE FUNCTION erp_private.lock_cancel_order(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_order(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_cancel_order(integer, jsonb) IS 'Takes what erp.cancel_order() waits for.';

-- What a call takes off the lines of an order: by default all that is neither shipped nor billed.
CREATE FUNCTION erp_private.cancelled_lines(company_id integer, sales_order_id bigint, lines jsonb)
	RETURNS TABLE (line_no integer, quantity numeric, open numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT l.line_no, COALESCE((e.value ->> 'quantity')::numeric, o.open), o.open
	  FROM erp.sales_order_line l
	 CROSS JOIN LATERAL (SELECT l.quantity - l.cancelled - greatest(l.shipped, l.billed) AS open) o
	  LEFT JOIN jsonb_array_elements(lines) AS e (value) ON (e.value ->> 'line')::integer = l.line_no
	 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND (lines IS NULL OR e.value IS NOT NULL)
	 ORDER BY l.line_no
$function$;
COMMENT ON FUNCTION erp_private.cancelled_lines(integer, bigint, jsonb) IS
	'How much of which lines is to be cancelled, and how much could be. lines: [{"line", "quantity"?}], null for all.';

CREATE FUNCTION erp_private.check_cancelled(company_id integer, sales_order_id bigint, lines jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	IF lines IS NOT NULL THEN
		PERFORM erp_private.check_rows(lines, '$.lines[#]', '{"line": "integer!", "quantity": "quantity"}');
		PERFORM erp_private.check_once(lines, '$.lines[#]', ARRAY['line']);
		SELECT e.n, e.value ->> 'line' AS line INTO bad FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
		 WHERE NOT EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = (e.value ->> 'line')::integer)
		 ORDER BY e.n LIMIT 1;
		PERFORM erp_private.check_known(bad.n, '$.lines[#]', 'line', bad.line, 'line', 'erp.order_lines shows the lines.');
	END IF;
	SELECT c.* INTO bad FROM erp_private.cancelled_lines($1, $2, lines) c WHERE c.quantity > c.open LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE271', format('%s of line %s are neither shipped nor billed', trim_scale(bad.open), bad.line_no), '$.lines', bad.quantity::text,
			'What is shipped comes back by a return, what is billed by a credit note.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_cancelled(integer, bigint, jsonb) IS
	'Raises LE011, LE012 or LE271 unless so much can be taken off the lines.';

-- What was reserved or required for what is cancelled is given back.
CREATE FUNCTION erp_private.release_cancelled(company_id integer, sales_order_id bigint, lines jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	request jsonb;
BEGIN
	SELECT jsonb_build_object('key', 'x', 'lines', jsonb_agg(jsonb_build_object('demand', o.code, 'line', c.line_no, 'item', i.code, 'quantity', c.quantity) ORDER BY c.line_no))
	  INTO request
	  FROM erp_private.cancelled_lines($1, $2, lines) c
	  JOIN erp.sales_order o ON o.company_id = $1 AND o.sales_order_id = $2
	  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = c.line_no AND l.moves_stock
	  JOIN erp.item i ON i.company_id = $1 AND i.item_id = l.item_id
	 WHERE c.quantity > 0;
	IF request -> 'lines' <> 'null' THEN
		PERFORM erp_private.release($1, request);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.release_cancelled(integer, bigint, jsonb) IS
	'Releases what is reserved or required for what is to be cancelled of an order.';

CREATE FUNCTION erp_private.cancel_order(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	id bigint;
	given_up jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"order": "code!", "reason": "reason!", "lines": "list"}');
	id := erp_private.named_order($1, request);
	IF EXISTS (SELECT 1 FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = id AND o.state IN ('closed', 'cancelled')) THEN
		PERFORM erp_private.refuse('LE272', format('nothing is left of order "%s" to cancel', request ->> 'order'), '$.order', request ->> 'order', 'What was shipped comes back by a return.');
	END IF;
	PERFORM erp_private.check_cancelled($1, id, request -> 'lines');
	PERFORM erp_private.release_cancelled($1, id, request -> 'lines');
	SELECT jsonb_agg(jsonb_build_object('line', c.line_no, 'quantity', trim_scale(c.quantity)) ORDER BY c.line_no) INTO given_up
	  FROM erp_private.cancelled_lines($1, id, request -> 'lines') c WHERE c.quantity > 0;
	UPDATE erp.sales_order_line l SET cancelled = l.cancelled + (c.value ->> 'quantity')::numeric
	  FROM jsonb_array_elements(given_up) AS c (value)
	 WHERE l.company_id = $1 AND l.sales_order_id = id AND l.line_no = (c.value ->> 'line')::integer;
	UPDATE erp.sales_order o SET state = 'cancelled', reason = request ->> 'reason'
	 WHERE o.company_id = $1 AND o.sales_order_id = id
	   AND NOT EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = id AND l.cancelled < l.quantity);
	PERFORM erp_private.settle_order_state($1, id);
	PERFORM erp_private.emit_event($1, 'order_cancelled', id, jsonb_build_object('order', request ->> 'order', 'reason', request ->> 'reason', 'lines', given_up));
	RETURN erp_private.order_answer($1, id, '[]');
END
$function$;
COMMENT ON FUNCTION erp_private.cancel_order(integer, jsonb) IS 'Does what erp.cancel_order() says.';
