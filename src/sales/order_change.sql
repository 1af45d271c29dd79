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

CREATE FUNCTION erp_private.cancel_order(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
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
	SELECT jsonb_agg(jsonb_build_object('line', c.line_no, 'quantity', trim_scale(c.quantity)) ORDER BY c.line_no) INTO given_up
	  FROM erp_private.cancelled_lines($1, id, request -> 'lines') c WHERE c.quantity > 0;
	IF given_up IS NULL THEN
		PERFORM erp_private.refuse('LE272', format('all of order "%s" is shipped or billed', request ->> 'order'), '$.order', request ->> 'order', 'What is shipped comes back by a return, what is billed by a credit note.');
	END IF;
	PERFORM erp_private.release_cancelled($1, id, request -> 'lines');
	UPDATE erp.sales_order_line l SET cancelled = l.cancelled + (c.value ->> 'quantity')::numeric
	  FROM jsonb_array_elements(given_up) AS c (value)
	 WHERE l.company_id = $1 AND l.sales_order_id = id AND l.line_no = (c.value ->> 'line')::integer;
	PERFORM erp_private.fit_schedules($1, id);
	PERFORM erp_private.redate_requirements($1, id);
	UPDATE erp.sales_order o SET state = 'cancelled', reason = request ->> 'reason'
	 WHERE o.company_id = $1 AND o.sales_order_id = id
	   AND NOT EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = id AND l.cancelled < l.quantity);
	IF FOUND THEN
		PERFORM erp_private.use_promotions($1, request ->> 'order', '[]');
		IF erp_private.approval_state($1, 'sales_order', request ->> 'order') = 'pending' THEN
			PERFORM erp_private.withdraw_approval($1, 'sales_order', request ->> 'order', request ->> 'reason', $2);
		END IF;
	END IF;
	PERFORM erp_private.settle_order_state($1, id);
	PERFORM erp_private.emit_event($1, 'order_cancelled', id, jsonb_build_object('order', request ->> 'order', 'reason', request ->> 'reason', 'lines', given_up));
	RETURN erp_private.order_answer($1, id, '[]');
END
$function$;
COMMENT ON FUNCTION erp_private.cancel_order(integer, bigint, jsonb) IS 'Does what erp.cancel_order() says.';

CREATE FUNCTION erp_private.lock_change_order(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_order_approval(company_id, request ->> 'order', '{}'); END $function$;
COMMENT ON FUNCTION erp_private.lock_change_order(integer, jsonb) IS 'Takes what erp.change_order() waits for.';

-- Lines that are named get what the call says of them, others stay, and those without a number come behind.
CREATE FUNCTION erp_private.changed_order(company_id integer, sales_order_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT o.terms || (request - ARRAY['order', 'lines', 'milestones', 'needed_by', 'priority', 'ship_complete']) || jsonb_build_object('party', p.code, 'day', o.day, 'lines', (
		SELECT jsonb_agg(n.value ORDER BY n.line_no)
		  FROM (SELECT l.line_no::bigint, l.terms || jsonb_strip_nulls(jsonb_build_object('needed_by', CASE WHEN isfinite(l.needed_by) AND NOT l.is_scheduled AND NOT COALESCE(e.value -> 'schedule' <> '[]', false) THEN l.needed_by END))
		               || COALESCE(e.value - ARRAY['line', 'schedule'], '{}') AS value
		          FROM erp.sales_order_line l
		          LEFT JOIN jsonb_array_elements(request -> 'lines') AS e (value) ON (e.value ->> 'line')::integer = l.line_no
		         WHERE l.company_id = $1 AND l.sales_order_id = $2
		        UNION ALL
		        SELECT 1000000 + e.n, e.value FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n) WHERE e.value -> 'line' IS NULL) n))
	  FROM erp.sales_order o JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
	 WHERE o.company_id = $1 AND o.sales_order_id = $2
$function$;
COMMENT ON FUNCTION erp_private.changed_order(integer, bigint, jsonb) IS 'The request of erp.place_order() that an order would have been with these changes.';

CREATE FUNCTION erp_private.write_changes(company_id integer, sales_order_id bigint, request jsonb, changed jsonb, drawn jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	lines integer := (SELECT count(*) FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = $2);
	bad record;
BEGIN
	SELECT l.line_no, greatest(l.shipped, l.billed) + l.cancelled AS least, r.quantity INTO bad
	  FROM erp.sales_order_line l
	  JOIN erp_private.drawn_lines(drawn) r ON r.line_no = l.line_no
	 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND (r.quantity < greatest(l.shipped, l.billed) + l.cancelled OR r.item_id <> l.item_id) ORDER BY l.line_no LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE271', format('%s of line %s are shipped, billed or cancelled, and its item stays', trim_scale(bad.least), bad.line_no), '$.lines', bad.quantity::text,
			'Order no less than that, and another item on a line of its own.');
	END IF;
	UPDATE erp.sales_order_line l
	   SET quantity = r.quantity, entered_quantity = r.entered_quantity, unit_price = r.unit_price, amount = r.amount, tax_code_id = r.tax_code_id, warehouse_id = r.warehouse_id,
	       unit_id = r.unit_id, needed_by = COALESCE((e.value ->> 'needed_by')::date, 'infinity'), terms = e.value - ARRAY['needed_by', 'schedule', 'line']
	  FROM erp_private.drawn_lines(drawn) r
	  JOIN jsonb_array_elements(changed -> 'lines') WITH ORDINALITY AS e (value, n) ON e.n = r.line_no
	 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = r.line_no;
	PERFORM erp_private.insert_order_lines($1, $2, changed, drawn, lines);
	PERFORM erp_private.change_schedules($1, $2, request -> 'lines');
	PERFORM erp_private.plan_milestones($1, $2, request || jsonb_build_object('prices_include_tax', COALESCE((changed ->> 'prices_include_tax')::boolean, false)), drawn);
	UPDATE erp.sales_order o
	   SET total = (drawn ->> 'total')::numeric, company_total = (drawn ->> 'company_total')::numeric, rate = (drawn ->> 'rate')::numeric,
	       needed_by = COALESCE((request ->> 'needed_by')::date, o.needed_by), priority = COALESCE((request ->> 'priority')::integer, o.priority),
	       ship_complete = COALESCE((request ->> 'ship_complete')::boolean, o.ship_complete), terms = changed - ARRAY['party', 'day', 'lines']
	 WHERE o.company_id = $1 AND o.sales_order_id = $2;
END
$function$;
COMMENT ON FUNCTION erp_private.write_changes(integer, bigint, jsonb, jsonb, jsonb) IS
	'Writes an order as it was changed and drawn up; LE285 for schedules that do not fit, LE271 where a line would be of less than was shipped, billed or cancelled, or of another item.';

-- What is held for a line beyond what is still to be shipped is given back; pools come first, as for whoever requires goods.
CREATE FUNCTION erp_private.release_excess(company_id integer, sales_order_id bigint) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	request jsonb;
BEGIN
	PERFORM erp_private.lock_item_pools($1, ARRAY(SELECT DISTINCT l.item_id FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.moves_stock ORDER BY 1));
	SELECT jsonb_build_object('key', 'x', 'lines', jsonb_agg(jsonb_build_object('demand', o.code, 'line', l.line_no, 'item', i.code, 'quantity', n.quantity) ORDER BY l.line_no)) INTO request
	  FROM erp.sales_order o
	  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.moves_stock
	  JOIN erp.item i ON i.company_id = $1 AND i.item_id = l.item_id
	 CROSS JOIN LATERAL (SELECT erp_private.held_for($1, o.code, l.line_no) - (l.quantity - l.cancelled - l.shipped) AS quantity) n
	 WHERE o.company_id = $1 AND o.sales_order_id = $2 AND n.quantity > 0;
	IF request -> 'lines' <> 'null' THEN
		PERFORM erp_private.release($1, request);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.release_excess(integer, bigint) IS 'Releases what is reserved or required for lines of an order beyond what is still to be shipped.';

CREATE FUNCTION erp_private.change_order(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	id bigint;
	header record;
	changed jsonb;
	reserved jsonb;
	priced record;
BEGIN
	request := jsonb_strip_nulls(request);
	PERFORM erp_private.check_object(request, '{"order": "code!", "day": "day!", "needed_by": "day", "priority": "integer", "ship_complete": "boolean", "short": "code", "reference": "name", "description": "name", "payment_terms": "code", "milestones": "list", "lines": "list"}');
	id := erp_private.named_order($1, request);
	PERFORM erp_private.check_changed($1, id, request -> 'lines');
	IF request ? 'milestones' THEN
		PERFORM erp_private.check_milestones(request -> 'milestones');
	END IF;
	priced := erp_private.price_added($1, id, request);
	request := priced.request;
	changed := erp_private.changed_order($1, id, request - 'day');
	IF EXISTS (SELECT 1 FROM jsonb_array_elements(changed -> 'lines') AS e (value) WHERE erp_private.is_priced_line(e.value) AND e.value -> 'price' IS NULL) THEN
		PERFORM erp_private.refuse('LE011', 'a line that is added to an order says its price or its amount, where there are no price lists', '$.lines', NULL, 'erp.price() says what the lists give it.');
	END IF;
	PERFORM erp_private.check_order(changed, '{}');
	PERFORM erp_private.write_changes($1, id, request - 'day', changed, erp_private.draw_up(company, erp_private.order_document(changed)::text::json));
	PERFORM erp_private.release_excess($1, id);
	PERFORM erp_private.redate_requirements($1, id);
	UPDATE erp.sales_order o SET state = 'pending', reason = '' WHERE o.company_id = $1 AND o.sales_order_id = id AND o.state IN ('returned', 'held', 'confirmed')
	   AND (o.state <> 'confirmed' OR EXISTS (SELECT 1 FROM erp.approval_rule r WHERE r.company_id = $1 AND r.kind = 'sales_order' AND r.active));
	SELECT o.state INTO header FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = id;
	IF header.state = 'pending' THEN
		reserved := erp_private.submit_order($1, id, $2, (request ->> 'day')::date, priced.approval);
	ELSE
		reserved := erp_private.confirm_order($1, id, (request ->> 'day')::date, priced.approval);
	END IF;
	PERFORM erp_private.settle_order_state($1, id);
	RETURN erp_private.order_answer($1, id, reserved);
END
$function$;
COMMENT ON FUNCTION erp_private.change_order(integer, bigint, jsonb) IS 'Does what erp.change_order() says.';

CREATE FUNCTION erp_private.check_changed(company_id integer, sales_order_id bigint, lines jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	header record;
BEGIN
	SELECT o.code, o.state INTO header FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = $2;
	IF header.state IN ('pending', 'closed', 'cancelled') THEN
		PERFORM erp_private.refuse('LE272', format('order "%s" is %s', header.code, header.state), '$.order', header.code, 'What is pending is sent back or approved first; what is closed or cancelled stays so.');
	END IF;
	IF jsonb_typeof(lines) = 'array' THEN
		PERFORM erp_private.check_once((SELECT COALESCE(jsonb_agg(e.value), '[]') FROM jsonb_array_elements(lines) AS e (value) WHERE jsonb_typeof(e.value) = 'object' AND e.value ? 'line'), '$.lines[#]', ARRAY['line']);
	END IF;
	SELECT e.n, e.value ->> 'line' AS line INTO bad FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	 WHERE jsonb_typeof(e.value) <> 'object' OR e.value ? 'role'
	    OR e.value -> 'line' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no::text = e.value ->> 'line')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$.lines[#]', 'line', bad.line, 'line', 'erp.order_lines shows the lines; a new line has no number.');
	PERFORM erp_private.check_changed_schedules($1, $2, lines);
END
$function$;
COMMENT ON FUNCTION erp_private.check_changed(integer, bigint, jsonb) IS 'Raises LE012 or LE272 unless the order and these lines of it can be changed.';
