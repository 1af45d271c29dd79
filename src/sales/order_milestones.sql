-- sales: orders that are billed by milestones.

CREATE FUNCTION erp_private.check_milestones(milestones jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(milestones, '$.milestones[#]', '{"code": "code!", "text": "name", "percent": "percent", "amount": "amount", "day": "day", "event": "code"}');
	PERFORM erp_private.check_once(milestones, '$.milestones[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(milestones, '$.milestones[#]', 'event', ARRAY['order', 'first_shipment', 'all_shipped', 'manual']);
	SELECT e.n, e.value ->> 'code' AS code INTO bad
	  FROM (SELECT e.n, e.value, count(*) FILTER (WHERE num_nonnulls(e.value ->> 'percent', e.value ->> 'amount') = 0) OVER (ORDER BY e.n) AS rests, count(*) OVER () AS all_of_them
	          FROM jsonb_array_elements(milestones) WITH ORDINALITY AS e (value, n)) e
	 WHERE num_nonnulls(e.value ->> 'percent', e.value ->> 'amount') > 1 OR num_nonnulls(e.value ->> 'day', e.value ->> 'event') <> 1
	    OR (e.value ->> 'percent')::numeric NOT BETWEEN 0.0001 AND 100 OR (e.value ->> 'amount')::numeric <= 0 OR e.rests > 1 OR e.all_of_them > 100 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE287', 'a milestone says its share as per cent or as an amount, or one of at most 100 takes the rest, and a day or an event', format('$.milestones[%s]', bad.n - 1), bad.code, 'Mend the milestone.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_milestones(jsonb) IS 'Raises LE011 or LE287 unless member milestones of an order is a list of milestones, whatever they add up to.';

-- The tax of each code is parted among its lines, so that lines add up to the total.
CREATE FUNCTION erp_private.write_gross(company_id integer, sales_order_id bigint, drawn jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	UPDATE erp.sales_order_line l SET gross = l.amount + g.tax
	  FROM (SELECT s.line_no, COALESCE(t.parts[s.n], 0) AS tax
	          FROM (SELECT r.line_no, r.tax_code_id, row_number() OVER (PARTITION BY r.tax_code_id ORDER BY r.line_no) AS n FROM erp_private.drawn_lines(drawn) r) s
	          LEFT JOIN (SELECT x.tax_code_id, erp.allocate(x.tax, w.weights, m.decimals) AS parts
	                       FROM (SELECT t.tax_code_id, sum(t.tax) AS tax FROM jsonb_to_recordset(drawn -> 'taxes') AS t (tax_code_id integer, tax numeric) GROUP BY 1) x
	                       JOIN (SELECT r.tax_code_id, array_agg(r.amount ORDER BY r.line_no) AS weights FROM erp_private.drawn_lines(drawn) r GROUP BY 1 HAVING sum(r.amount) <> 0) w ON w.tax_code_id = x.tax_code_id
	                      CROSS JOIN (SELECT c.decimals::integer AS decimals FROM erp.currency c WHERE c.currency_id = (drawn ->> 'currency_id')::integer) m) t ON t.tax_code_id = s.tax_code_id) g
	 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = g.line_no;
END
$function$;
COMMENT ON FUNCTION erp_private.write_gross(integer, bigint, jsonb) IS
	'Writes what the lines of an order come to with tax, as erp_private.draw_up() computed it: the tax of each code goes to its lines by largest remainder.';

-- One that says neither per cent nor amount takes the rest; per cents alone are parted by largest remainder.
CREATE FUNCTION erp_private.milestone_amounts(milestones jsonb, total numeric, decimals integer) RETURNS numeric[]
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	amounts numeric[];
BEGIN
	SELECT array_agg(COALESCE((e.value ->> 'amount')::numeric, round($2 * (e.value ->> 'percent')::numeric / 100, $3)) ORDER BY e.n) INTO amounts
	  FROM jsonb_array_elements(milestones) WITH ORDINALITY AS e (value, n);
	IF (SELECT bool_and(e.value ? 'percent') AND sum((e.value ->> 'percent')::numeric) = 100 FROM jsonb_array_elements(milestones) AS e (value)) THEN
		amounts := erp.allocate($2, ARRAY(SELECT (e.value ->> 'percent')::numeric FROM jsonb_array_elements(milestones) WITH ORDINALITY AS e (value, n) ORDER BY e.n), $3);
	END IF;
	RETURN ARRAY(SELECT COALESCE(a.amount, $2 - COALESCE((SELECT sum(x.amount) FROM unnest(amounts) AS x (amount)), 0)) FROM unnest(amounts) WITH ORDINALITY AS a (amount, n) ORDER BY a.n);
END
$function$;
COMMENT ON FUNCTION erp_private.milestone_amounts(jsonb, numeric, integer) IS 'What milestones come to of a total, in their order.';

CREATE FUNCTION erp_private.write_milestones(company_id integer, sales_order_id bigint, milestones jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	total numeric := (SELECT sum(l.left_amount) FROM erp_private.unbilled_gross l WHERE l.company_id = $1 AND l.sales_order_id = $2);
	decimals integer := (SELECT m.decimals FROM erp.sales_order o JOIN erp.currency m ON m.currency_id = o.currency_id WHERE o.company_id = $1 AND o.sales_order_id = $2);
	amounts numeric[] := erp_private.milestone_amounts(milestones, total, decimals);
	found_bad text;
BEGIN
	IF (SELECT sum(a.amount) FROM unnest(amounts) AS a (amount)) <> total OR EXISTS (SELECT 1 FROM unnest(amounts) AS a (amount) WHERE a.amount <= 0 OR a.amount <> round(a.amount, decimals)) THEN
		PERFORM erp_private.refuse('LE287', format('the milestones add up to %s, not to %s, or one is of nothing', trim_scale((SELECT sum(a.amount) FROM unnest(amounts) AS a (amount))), trim_scale(total)),
			'$.milestones', NULL, 'They add up to what the order comes to with tax and is not billed yet, or one says neither per cent nor amount and takes the rest.');
	END IF;
	SELECT e.value ->> 'code' INTO found_bad FROM jsonb_array_elements(milestones) AS e (value)
	 WHERE e.value ->> 'event' IN ('first_shipment', 'all_shipped') AND NOT EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.moves_stock)
	    OR EXISTS (SELECT 1 FROM erp_private.order_milestone m WHERE m.company_id = $1 AND m.sales_order_id = $2 AND m.code = e.value ->> 'code' AND m.billed_document_id IS NOT NULL) LIMIT 1;
	IF found_bad IS NOT NULL THEN
		PERFORM erp_private.refuse('LE287', format('milestone "%s" waits for the shipment of an order without goods, or is billed already', found_bad), '$.milestones', found_bad, 'Give it another event, or another code.');
	END IF;
	DELETE FROM erp.sales_order_milestone s USING erp_private.order_milestone m
	 WHERE s.company_id = $1 AND s.sales_order_id = $2 AND m.company_id = $1 AND m.sales_order_id = $2 AND m.milestone_no = s.milestone_no AND m.billed_document_id IS NULL;
	INSERT INTO erp.sales_order_milestone (company_id, sales_order_id, milestone_no, code, description, percent, amount, event, due_day)
	SELECT $1, $2, n.last + e.n, e.value ->> 'code', COALESCE(e.value ->> 'text', ''), (e.value ->> 'percent')::numeric, amounts[e.n], COALESCE(e.value ->> 'event', 'day'), (e.value ->> 'day')::date
	  FROM jsonb_array_elements(milestones) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN (SELECT greatest((SELECT max(f.milestone_no) FROM erp.sales_order_milestone f WHERE f.company_id = $1 AND f.sales_order_id = $2),
	                             (SELECT max(f.milestone_no) FROM erp.sales_order_bill f WHERE f.company_id = $1 AND f.sales_order_id = $2), 0) AS last) n
	 ORDER BY e.n;
END
$function$;
COMMENT ON FUNCTION erp_private.write_milestones(integer, bigint, jsonb) IS
	'Writes the milestones of an order in place of those that are not billed; LE287 unless they add up to what is not billed of it, with tax, or where one waits for goods that the order does not have.';

-- What is billed ahead leaves in the parts that were billed, and a serial number is one piece.
CREATE FUNCTION erp_private.check_billed_pieces(company_id integer, sales_order_id bigint) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	item text := (SELECT i.code FROM erp.sales_order_line l JOIN erp.item i ON i.company_id = $1 AND i.item_id = l.item_id AND i.tracking = 'serial'
	               WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.moves_stock AND l.line_role <> 'free' ORDER BY l.line_no LIMIT 1);
BEGIN
	IF item IS NOT NULL AND (SELECT count(*) FROM erp.sales_order_milestone m WHERE m.company_id = $1 AND m.sales_order_id = $2) > 1 THEN
		PERFORM erp_private.refuse('LE287', format('item "%s" has serial numbers, and is not billed in parts of a piece', item), '$.milestones', item, 'Order it apart, or take a customer_deposit.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_billed_pieces(integer, bigint) IS 'Raises LE287 where an order with more than one milestone has goods with serial numbers.';

CREATE FUNCTION erp_private.order_has_gross(request jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE
AS $function$ SELECT request ? 'milestones' OR (request ->> 'prices_include_tax')::boolean IS TRUE $function$;
COMMENT ON FUNCTION erp_private.order_has_gross(jsonb) IS 'Whether lines of an order keep what they come to with tax: its prices are with tax, or it is billed by milestones.';

CREATE FUNCTION erp_private.plan_milestones(company_id integer, sales_order_id bigint, request jsonb, drawn jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	IF erp_private.order_has_gross(request) OR EXISTS (SELECT 1 FROM erp.sales_order_milestone m WHERE m.company_id = $1 AND m.sales_order_id = $2) THEN
		PERFORM erp_private.write_gross($1, $2, drawn);
	END IF;
	IF request ? 'milestones' THEN
		IF request ? 'cash_rounding' THEN
			PERFORM erp_private.refuse('LE287', 'what is billed by milestones is not rounded for cash', '$.cash_rounding', request ->> 'cash_rounding', 'Leave out the one or the other.');
		END IF;
		PERFORM erp_private.write_milestones($1, $2, request -> 'milestones');
	END IF;
	PERFORM erp_private.check_billed_pieces($1, $2);
END
$function$;
COMMENT ON FUNCTION erp_private.plan_milestones(integer, bigint, jsonb, jsonb) IS
	'Writes what the lines of an order come to with tax, where that is asked for, and its milestones, as a request of erp.place_order() or erp.change_order() says and it was drawn up. LE287.';

-- Of each line so much of what is not billed as the milestone is of the order's, first of what is shipped; the last takes all that is left, and gifts go along.
CREATE FUNCTION erp_private.milestone_lines(company_id integer, sales_order_id bigint, milestone_no integer)
	RETURNS TABLE (line_no integer, quantity numeric, gross numeric, shipment text, shipment_line integer, role text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH bill AS MATERIALIZED (
		SELECT m.amount_due, m.is_last, o.decimals, o.left_amount
		  FROM erp_private.order_milestone m
		  JOIN LATERAL (SELECT sum(f.left_amount) AS left_amount, min(f.decimals) AS decimals FROM erp_private.unbilled_gross f WHERE f.company_id = $1 AND f.sales_order_id = $2) o ON true
		 WHERE m.company_id = $1 AND m.sales_order_id = $2 AND m.milestone_no = $3
	), line AS MATERIALIZED (
		SELECT l.line_no, l.moves_stock, l.line_role, l.quantity - l.cancelled - l.billed AS open, f.left_amount, row_number() OVER (ORDER BY l.line_no) AS n
		  FROM erp.sales_order_line l
		  JOIN erp_private.unbilled_gross f ON f.company_id = $1 AND f.sales_order_id = $2 AND f.line_no = l.line_no
		 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_role <> 'free' AND l.billed + l.cancelled < l.quantity
	), part AS MATERIALIZED (
		SELECT l.*, CASE WHEN b.is_last THEN l.left_amount ELSE a.parts[l.n] END AS gross, b.decimals,
		       CASE WHEN b.is_last THEN l.open ELSE greatest(round(l.open * b.amount_due / b.left_amount, 6), 0.000001) END AS quantity
		  FROM line l CROSS JOIN bill b
		 CROSS JOIN LATERAL (SELECT erp.allocate(b.amount_due, ARRAY(SELECT f.left_amount FROM line f ORDER BY f.n), b.decimals) AS parts) a
	), unbilled AS MATERIALIZED (
		SELECT u.* FROM erp_private.unbilled_lines($1, ARRAY[$2]) u WHERE u.shipment IS NOT NULL
	), slice AS (
		SELECT p.line_no, u.before, least(u.before + u.quantity, p.quantity) AS until, u.shipment, u.shipment_line, u.role FROM part p JOIN unbilled u ON u.line_no = p.line_no AND u.before < p.quantity
		UNION ALL
		SELECT p.line_no, s.shipped, p.quantity, NULL, NULL, CASE WHEN p.moves_stock THEN 'invoiced' ELSE p.line_role END
		  FROM part p CROSS JOIN LATERAL (SELECT COALESCE(max(u.before + u.quantity), 0) AS shipped FROM unbilled u WHERE u.line_no = p.line_no) s WHERE s.shipped < p.quantity
	)
	SELECT s.line_no, s.until - s.before, erp_private.amount_share(p.gross, p.quantity, s.until - s.before, s.before, p.decimals), s.shipment, s.shipment_line, s.role
	  FROM slice s JOIN part p ON p.line_no = s.line_no
	UNION ALL
	SELECT u.line_no, u.quantity, 0, u.shipment, u.shipment_line, u.role
	  FROM unbilled u JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = u.line_no AND l.line_role = 'free'
	 ORDER BY 1, 4, 5;
END
$function$;
COMMENT ON FUNCTION erp_private.milestone_lines(integer, bigint, integer) IS
	'Lines of the invoice of a milestone: line of the order, quantity in the item''s unit, gross: what it comes to with tax, and what was shipped that it bills, null for what is billed ahead.';

CREATE FUNCTION erp_private.milestone_invoice(company_id integer, sales_order_id bigint, milestone_no integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT erp_private.invoice_header($1, $2, request) || jsonb_strip_nulls(jsonb_build_object('prices_include_tax', true, 'description', COALESCE(request ->> 'description', NULLIF(m.description, '')), 'lines', (
		SELECT jsonb_agg(erp_private.billed_terms(l.terms, false, l.quantity, l.entered_quantity, e.quantity, e.gross, u.decimals)
		       || jsonb_strip_nulls(jsonb_build_object('item', i.code, 'role', COALESCE(e.role, l.line_role),
		       	'origin', CASE WHEN e.shipment IS NOT NULL THEN jsonb_build_object('key', e.shipment, 'line', e.shipment_line) END,
		       	'demand', CASE WHEN e.shipment IS NULL THEN jsonb_build_object('key', o.code, 'line', e.line_no) END)) ORDER BY e.n)
		  FROM erp_private.milestone_lines($1, $2, $3) WITH ORDINALITY AS e (line_no, quantity, gross, shipment, shipment_line, role, n)
		  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = e.line_no
		  LEFT JOIN erp.item i ON i.company_id = $1 AND i.item_id = l.item_id AND l.item_id <> 0)))
	  FROM erp.sales_order o
	  JOIN erp.currency u ON u.currency_id = o.currency_id
	  JOIN erp.sales_order_milestone m ON m.company_id = $1 AND m.sales_order_id = $2 AND m.milestone_no = $3
	 WHERE o.company_id = $1 AND o.sales_order_id = $2);
END
$function$;
COMMENT ON FUNCTION erp_private.milestone_invoice(integer, bigint, integer, jsonb) IS
	'The invoice of a milestone: its prices are with tax, so that milestones add up to what the order comes to.';

CREATE FUNCTION erp_private.billable_milestones(company_id integer, sales_order_id bigint, request jsonb) RETURNS integer[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	SELECT e.n, e.value #>> '{}' AS code INTO bad FROM jsonb_array_elements(request -> 'milestones') WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.sales_order_milestone m WHERE m.company_id = $1 AND m.sales_order_id = $2 AND m.code = e.value #>> '{}') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$.milestones[#]', '', bad.code, 'milestone', 'erp.order_milestones shows those of the order.');
	SELECT m.code, m.billed_document_id IS NOT NULL AS is_billed INTO bad FROM erp_private.order_milestone m
	 WHERE m.company_id = $1 AND m.sales_order_id = $2 AND request -> 'milestones' ? m.code
	   AND (m.billed_document_id IS NOT NULL OR NOT CASE m.event WHEN 'day' THEN m.due_day <= (request ->> 'day')::date ELSE m.is_reached END OR m.amount_due <= 0) ORDER BY m.milestone_no LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE288', format(CASE WHEN bad.is_billed THEN 'milestone "%s" is billed' ELSE 'milestone "%s" is not reached, or nothing is left of it' END, bad.code), '$.milestones', bad.code,
			'erp.order_milestones shows what waits; erp.reach_milestones() says that one is reached that nothing else does.');
	END IF;
	RETURN ARRAY(SELECT m.milestone_no FROM erp_private.order_milestone m
		WHERE m.company_id = $1 AND m.sales_order_id = $2 AND m.billed_document_id IS NULL AND m.amount_due > 0 AND CASE m.event WHEN 'day' THEN m.due_day <= (request ->> 'day')::date ELSE m.is_reached END
		  AND (request -> 'milestones' IS NULL OR request -> 'milestones' ? m.code) ORDER BY m.milestone_no);
END
$function$;
COMMENT ON FUNCTION erp_private.billable_milestones(integer, bigint, jsonb) IS
	'The milestones of an order that a request of erp.invoice_orders() bills: those that it names, or all that are reached. LE012 for one that is not there, LE288 for one that is billed or not reached.';

CREATE FUNCTION erp_private.record_bill(company_id integer, document_id bigint, milestone_no integer, lines jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	INSERT INTO erp.sales_order_bill (company_id, document_id, line_no, sales_order_id, order_line_no, milestone_no, amount)
	SELECT $1, $2, e.n, k.sales_order_id, k.order_line_no, $3, (e.value ->> 'amount')::numeric
	  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	  JOIN erp.sales_order_link k ON k.company_id = $1 AND k.document_id = $2 AND k.line_no = e.n AND k.link = 'bills' ORDER BY e.n;
END
$function$;
COMMENT ON FUNCTION erp_private.record_bill(integer, bigint, integer, jsonb) IS
	'Keeps what lines of an invoice that was posted bill of orders with tax, as it was asked for. milestone_no: of the order, 0 for none.';

-- Each by a document of its own, since what the next one bills depends on what this one did.
CREATE FUNCTION erp_private.bill_milestones(company_id integer, key text, sales_order_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	no integer;
	document jsonb;
	posted jsonb;
	invoices jsonb := jsonb '[]';
BEGIN
	FOREACH no IN ARRAY erp_private.billable_milestones($1, $3, request) LOOP
		document := erp_private.milestone_invoice($1, $3, no, request) || jsonb_build_object('key', key || CASE WHEN invoices = '[]' THEN '' ELSE '/' || jsonb_array_length(invoices) + 1 END);
		posted := erp.post_document(company, document::text::json);
		PERFORM erp_private.record_bill($1, (posted ->> 'document_id')::bigint, no, document -> 'lines');
		invoices := invoices || (posted || jsonb_build_object('key', document -> 'key', 'milestone', (SELECT m.code FROM erp.sales_order_milestone m WHERE m.company_id = $1 AND m.sales_order_id = $3 AND m.milestone_no = no)));
	END LOOP;
	IF invoices = '[]' THEN
		PERFORM erp_private.refuse('LE275', 'no milestone of the order is reached and not billed', '$.orders', request #>> '{orders,0}', 'erp.order_milestones shows what each waits for.');
	END IF;
	RETURN invoices;
END
$function$;
COMMENT ON FUNCTION erp_private.bill_milestones(integer, text, bigint, jsonb) IS
	'Bills milestones of an order, each by a sales_invoice: the first has the key, the others it with their number. Returns what erp.post_document() returned of each, with "key" and "milestone". LE275 where none is reached.';

CREATE FUNCTION erp_private.lock_reach_milestones(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_order(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_reach_milestones(integer, jsonb) IS 'Takes what erp.reach_milestones() waits for.';

CREATE FUNCTION erp_private.reach_milestones(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	id bigint;
	bad record;
BEGIN
	PERFORM erp_private.check_object(request, '{"order": "code!", "day": "day!", "milestones": "list!"}');
	id := erp_private.named_order($1, request);
	SELECT e.n, e.value #>> '{}' AS code INTO bad FROM jsonb_array_elements(request -> 'milestones') WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.sales_order_milestone m WHERE m.company_id = $1 AND m.sales_order_id = id AND m.code = e.value #>> '{}' AND m.event = 'manual') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$.milestones[#]', '', bad.code, 'milestone that waits for this call', 'erp.order_milestones shows those of the order.');
	UPDATE erp.sales_order_milestone m SET reached_day = (request ->> 'day')::date
	 WHERE m.company_id = $1 AND m.sales_order_id = id AND m.reached_day IS NULL AND request -> 'milestones' ? m.code;
	PERFORM erp_private.emit_event($1, 'milestones_reached', id, request);
	RETURN jsonb_build_object('order', request ->> 'order', 'reached', (SELECT jsonb_agg(m.code ORDER BY m.milestone_no) FROM erp.sales_order_milestone m
		WHERE m.company_id = $1 AND m.sales_order_id = id AND request -> 'milestones' ? m.code));
END
$function$;
COMMENT ON FUNCTION erp_private.reach_milestones(integer, jsonb) IS 'Does what erp.reach_milestones() says.';

CREATE FUNCTION erp.reach_milestones(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.reach_milestones(text, text, json) IS
	'Says that milestones of an order are reached that wait for somebody to say so (event manual): erp.invoice_orders() bills them then. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"order": its code, "day", "milestones": [codes]}. Returns {"order", "reached": [codes]}. Writes the event milestones_reached. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown order, or a milestone that is not there or waits for something else.';
