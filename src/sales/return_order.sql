-- sales: goods of an order that come back, billed or not, for money or for others.

CREATE FUNCTION erp_private.lock_return_order(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_order(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_return_order(integer, jsonb) IS 'Takes what erp.return_order() waits for.';

CREATE FUNCTION erp_private.taken_of_line(company_id integer, document_id bigint, line_no integer, links text[], OUT quantity numeric, OUT amount numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(sum(abs(k.quantity)), 0), COALESCE(sum(l.amount), 0)
	  FROM erp.document_link k
	  JOIN erp.document_line l ON l.company_id = $1 AND l.document_id = k.document_id AND l.line_no = k.line_no
	 WHERE k.company_id = $1 AND k.target_document_id = $2 AND k.target_line_no = $3 AND k.link = ANY ($4)
	   AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = k.document_id AND r.reverses_document_id <> 0)
$function$;
COMMENT ON FUNCTION erp_private.taken_of_line(integer, bigint, integer, text[]) IS
	'What documents that stand have taken of a line by links of these kinds: quantity in the item''s unit, and the net amount of their lines.';

-- A sales shipment that names an invoice was billed ahead, at its own amount; another by the invoices that name it. What an invoice sells comes back of it.
CREATE FUNCTION erp_private.returnable_lines(company_id integer, sales_order_id bigint)
	RETURNS TABLE (order_line_no integer, document_id bigint, kind text, key text, line_no integer, day date, lot_id bigint, unbilled numeric, billed numeric, billed_quantity numeric, billed_amount numeric, returned numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT k.order_line_no, k.document_id, d.kind, d.key, k.line_no, d.posting_day, m.lot_id,
	       CASE WHEN d.kind IN ('sales_invoice', 'free_issue') OR a.is_ahead THEN 0 ELSE k.quantity - b.quantity END,
	       f.quantity - r.quantity, f.quantity, f.amount, r.quantity
	  FROM erp.sales_order_link k
	  JOIN erp.document d ON d.company_id = $1 AND d.document_id = k.document_id
	  JOIN erp.document_line l ON l.company_id = $1 AND l.document_id = k.document_id AND l.line_no = k.line_no AND l.line_role IN ('sale', 'sold', 'shipped', 'free')
	  JOIN LATERAL (SELECT v.lot_id FROM erp.stock_move v WHERE v.company_id = $1 AND v.document_id = k.document_id AND v.line_no = k.line_no ORDER BY v.move_id LIMIT 1) m ON true
	 CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM erp.document_link x WHERE x.company_id = $1 AND x.document_id = k.document_id AND x.line_no = k.line_no AND x.link = 'fulfils' AND d.kind = 'sales_shipment') AS is_ahead) a
	 CROSS JOIN LATERAL erp_private.taken_of_line($1, k.document_id, k.line_no, '{fulfils,bills,corrects}') b
	 CROSS JOIN LATERAL erp_private.taken_of_line($1, k.document_id, k.line_no, '{bills}') i
	 CROSS JOIN LATERAL erp_private.taken_of_line($1, k.document_id, k.line_no, '{returns}') r
	 CROSS JOIN LATERAL (SELECT CASE d.kind WHEN 'shipment' THEN 0 WHEN 'sales_shipment' THEN CASE WHEN a.is_ahead THEN k.quantity ELSE i.quantity END ELSE k.quantity END AS quantity,
	                            CASE WHEN d.kind = 'sales_shipment' AND NOT a.is_ahead THEN i.amount ELSE l.amount END AS amount) f
	 WHERE k.company_id = $1 AND k.sales_order_id = $2 AND k.quantity > 0
	   AND k.link = CASE d.kind WHEN 'sales_invoice' THEN 'bills' ELSE 'ships' END
	   AND NOT EXISTS (SELECT 1 FROM erp.document x WHERE x.company_id = $1 AND x.reverses_document_id = k.document_id AND x.reverses_document_id <> 0)
$function$;
COMMENT ON FUNCTION erp_private.returnable_lines(integer, bigint) IS
	'Lines that goods of an order can come back of: unbilled by a return of the shipment, billed by a credit note; billed_quantity and billed_amount (net): what that was billed at, returned: what of it came back. In the item''s unit.';

-- The latest first; of what a line asks for each gives what it has.
CREATE FUNCTION erp_private.returned_parts(company_id integer, sales_order_id bigint, lines jsonb)
	RETURNS TABLE (n bigint, order_line_no integer, quantity numeric, is_billed boolean, document_id bigint, kind text, key text, line_no integer, lot_id bigint, amount numeric, says jsonb)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH open AS MATERIALIZED (
		SELECT r.*, x.is_billed, x.quantity
		  FROM erp_private.returnable_lines($1, $2) r
		 CROSS JOIN LATERAL (VALUES (false, r.unbilled), (true, r.billed)) AS x (is_billed, quantity)
		 WHERE x.quantity > 0
	), part AS (
		SELECT e.n, o.*, e.value - ARRAY['line', 'quantity'] AS says, (e.value ->> 'quantity')::numeric AS wanted,
		       sum(o.quantity) OVER (PARTITION BY e.n ORDER BY o.day DESC, o.document_id DESC, o.line_no DESC, o.is_billed) - o.quantity AS before
		  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
		  JOIN open o ON o.order_line_no = (e.value ->> 'line')::integer
		   AND (e.value ->> 'lot' IS NULL OR o.lot_id = (SELECT b.lot_id FROM erp.lot b JOIN erp.sales_order_line l ON l.company_id = b.company_id AND l.item_id = b.item_id
		   	WHERE b.company_id = $1 AND b.code = e.value ->> 'lot' AND l.sales_order_id = $2 AND l.line_no = o.order_line_no))
	)
	SELECT p.n, p.order_line_no, q.quantity, p.is_billed, p.document_id, p.kind, p.key, p.line_no, p.lot_id,
	       CASE WHEN p.is_billed THEN erp_private.amount_share(p.billed_amount, p.billed_quantity, q.quantity, p.returned, m.decimals) END, p.says
	  FROM part p
	  JOIN erp.sales_order o ON o.company_id = $1 AND o.sales_order_id = $2
	  JOIN erp.currency m ON m.currency_id = o.currency_id
	 CROSS JOIN LATERAL (SELECT least(p.quantity, p.wanted - p.before) AS quantity) q
	 WHERE q.quantity > 0
$function$;
COMMENT ON FUNCTION erp_private.returned_parts(integer, bigint, jsonb) IS
	'What comes back of an order by lines of erp.return_order(): how much of which line that was posted for it, with its net amount where that was billed, and what the request says else.';

CREATE FUNCTION erp_private.check_return(company_id integer, sales_order_id bigint, lines jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT e.n, e.value ->> 'line' AS line INTO bad FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = (e.value ->> 'line')::integer AND l.moves_stock)
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$.lines[#]', 'line', bad.line, 'line of goods', 'erp.order_lines shows the lines; what is no goods is credited by a credit_note.');
	SELECT e.n, e.value ->> 'line' AS line, e.value ->> 'quantity' AS wanted, COALESCE(p.quantity, 0) AS quantity INTO bad
	  FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (value, n)
	  LEFT JOIN (SELECT r.n, sum(r.quantity) AS quantity FROM erp_private.returned_parts($1, $2, lines) r GROUP BY 1) p ON p.n = e.n
	 WHERE (e.value ->> 'quantity')::numeric > COALESCE(p.quantity, 0) ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE290', format('%s of line %s can come back', trim_scale(bad.quantity), bad.line), format('$.lines[%s].quantity', bad.n - 1), bad.wanted,
			'No more comes back than was shipped and is not back, of the lot that is named.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_return(integer, bigint, jsonb) IS 'Raises LE012 or LE290 unless so much of the lines can come back.';

CREATE FUNCTION erp_private.return_documents(company_id integer, sales_order_id bigint, key text, request jsonb) RETURNS SETOF jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE s.kind WHEN 'credit_note' THEN o.terms - ARRAY['short', 'warehouse', 'cash_rounding', 'prices_include_tax', 'discount', 'discount_percent', 'rate', 'payment_terms'] ELSE '{}' END
	       || jsonb_strip_nulls(jsonb_build_object('key', key || CASE s.no WHEN 1 THEN '' ELSE '/' || s.no END, 'kind', s.kind, 'day', request -> 'day', 'time', request -> 'time', 'late', request -> 'late', 'party', p.code,
	       'currency', CASE WHEN s.kind <> 'shipment_return' THEN m.code END, 'description', request -> 'description', 'lines', s.lines))
	  FROM erp.sales_order o
	  JOIN erp.party p ON p.company_id = $1 AND p.party_id = o.party_id
	  JOIN erp.currency m ON m.currency_id = o.currency_id
	 CROSS JOIN LATERAL (
		SELECT row_number() OVER (ORDER BY k.kind, k.apart) AS no, k.kind,
		       jsonb_agg(jsonb_strip_nulls(jsonb_build_object('item', i.code, 'role', CASE WHEN r.is_billed AND g.line_role = 'free' THEN 'gift_return' END, 'quantity', r.quantity, 'amount', r.amount, 'tax_code', CASE WHEN r.is_billed THEN l.terms -> 'tax_code' END,
		       	'warehouse', w.code, 'lot', b.code, 'origin', jsonb_build_object('key', r.key, 'line', r.line_no))) || r.says ORDER BY r.n, r.document_id, r.line_no) AS lines
		  FROM erp_private.returned_parts($1, $2, request -> 'lines') r
		  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = r.order_line_no
		  JOIN erp.document_line g ON g.company_id = $1 AND g.document_id = r.document_id AND g.line_no = r.line_no
		  JOIN erp.item i ON i.company_id = $1 AND i.item_id = l.item_id
		  LEFT JOIN erp.warehouse w ON w.company_id = $1 AND w.warehouse_id = l.warehouse_id
		  LEFT JOIN erp.lot b ON b.company_id = $1 AND b.lot_id = r.lot_id AND r.lot_id <> 0
		 CROSS JOIN LATERAL (SELECT CASE WHEN r.is_billed THEN 'credit_note' ELSE r.kind || '_return' END AS kind, CASE WHEN r.is_billed THEN 0 ELSE r.document_id END AS apart) k
		 GROUP BY k.kind, k.apart) s
	 WHERE o.company_id = $1 AND o.sales_order_id = $2
	 ORDER BY s.no
$function$;
COMMENT ON FUNCTION erp_private.return_documents(integer, bigint, text, jsonb) IS
	'The documents of what comes back by a request of erp.return_order(): a credit note of what is billed, a return of each shipment that is not; the first has the key, the others it with their number.';

-- Others are ordered in place of what was billed; what was not is still on order, unless it is given up.
CREATE FUNCTION erp_private.order_again(company_id integer, sales_order_id bigint, returned jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	request jsonb;
	changed jsonb;
BEGIN
	SELECT jsonb_build_object('lines', jsonb_agg(jsonb_strip_nulls(jsonb_build_object('line', l.line_no, 'quantity', round(l.entered_quantity * f.share, 6),
	       'amount', round((l.terms ->> 'amount')::numeric * f.share, m.decimals), 'discount', round((l.terms ->> 'discount')::numeric * f.share, m.decimals))))) INTO request
	  FROM jsonb_to_recordset(returned) AS r (line integer, quantity numeric)
	  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = r.line
	  JOIN erp.sales_order o ON o.company_id = $1 AND o.sales_order_id = $2
	  JOIN erp.currency m ON m.currency_id = o.currency_id
	 CROSS JOIN LATERAL (SELECT (l.quantity + r.quantity) / l.quantity AS share) f;
	IF request -> 'lines' <> 'null' THEN
		changed := erp_private.changed_order($1, $2, request);
		PERFORM erp_private.write_changes($1, $2, request, changed, erp_private.draw_up(company, erp_private.order_document(changed)::text::json));
		PERFORM erp_private.settle_order_state($1, $2);
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.order_again(integer, bigint, jsonb) IS
	'Adds quantities (in the item''s unit) to lines of an order, at their terms, whatever its state: [{"line", "quantity"}].';

-- What was billed ahead is still to be shipped: of that nothing is cancelled.
CREATE FUNCTION erp_private.cancel_returned(company_id integer, sales_order_id bigint, parts jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	part record;
BEGIN
	FOR part IN
		SELECT l.line_no, l.is_scheduled, least((e.value ->> 'quantity')::numeric, l.quantity - l.cancelled - greatest(l.shipped, l.billed)) AS quantity
		  FROM jsonb_array_elements($3) AS e (value)
		  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = (e.value ->> 'line')::integer
		 WHERE NOT (e.value ->> 'billed')::boolean AND l.quantity - l.cancelled > greatest(l.shipped, l.billed)
	LOOP
		PERFORM erp_private.cut_schedule($1, $2, part.line_no, part.quantity, 'infinity') WHERE part.is_scheduled;
		UPDATE erp.sales_order_line l SET cancelled = l.cancelled + part.quantity
		 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = part.line_no;
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.cancel_returned(integer, bigint, jsonb) IS
	'Cancels of an order what came back for its money and was not billed, as far as it is not billed ahead. parts: [{"line", "quantity", "billed"}].';

CREATE FUNCTION erp_private.return_order(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	key text := (SELECT erp_private.short_key(d.key) FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2) || '/return';
	id bigint;
	documents jsonb[];
	parts jsonb;
	posted jsonb;
	reserved jsonb := jsonb '[]';
BEGIN
	PERFORM erp_private.check_object(request, '{"order": "code!", "day": "day!", "time": "code", "lines": "list!", "outcome": "code!", "description": "name", "late": "boolean"}');
	PERFORM erp_private.check_choice(jsonb_build_array(request), '$', 'outcome', ARRAY['refund', 'replace']);
	PERFORM erp_private.check_rows(request -> 'lines', '$.lines[#]', '{"line": "integer!", "quantity": "quantity!", "state": "code", "warehouse": "code", "location": "code", "lot": "code", "second_quantity": "quantity"}');
	PERFORM erp_private.check_once(request -> 'lines', '$.lines[#]', ARRAY['line']);
	id := erp_private.named_order($1, request);
	PERFORM erp_private.check_return($1, id, request -> 'lines');
	documents := ARRAY(SELECT d.value FROM erp_private.return_documents($1, id, key, request) AS d (value));
	IF documents = '{}' THEN
		PERFORM erp_private.refuse('LE011', 'a return has lines', '$.lines', NULL, 'Say what comes back.');
	END IF;
	SELECT jsonb_agg(jsonb_build_object('line', s.order_line_no, 'quantity', s.quantity, 'billed', s.is_billed)) INTO parts
	  FROM (SELECT r.order_line_no, r.is_billed, sum(r.quantity) AS quantity FROM erp_private.returned_parts($1, id, request -> 'lines') r GROUP BY 1, 2) s;
	SELECT jsonb_agg(p.value || jsonb_build_object('key', documents[p.n] -> 'key', 'kind', documents[p.n] -> 'kind') ORDER BY p.n) INTO posted
	  FROM jsonb_array_elements(erp.post_documents(company, to_json(documents))) WITH ORDINALITY AS p (value, n);
	IF request ->> 'outcome' = 'replace' THEN
		PERFORM erp_private.grow_schedule($1, id, l.line_no, (e.value ->> 'quantity')::numeric, (request ->> 'day')::date)
		   FROM jsonb_array_elements(parts) AS e (value)
		   JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = id AND l.line_no = (e.value ->> 'line')::integer AND l.is_scheduled WHERE (e.value ->> 'billed')::boolean;
		PERFORM erp_private.order_again($1, id, (SELECT jsonb_agg(e.value) FROM jsonb_array_elements(parts) AS e (value) WHERE (e.value ->> 'billed')::boolean));
		reserved := erp_private.reserve_order($1, id);
		PERFORM erp_private.serve_item($1, i.item_id) FROM (SELECT DISTINCT r.item_id FROM erp.requirement r WHERE r.company_id = $1 AND r.demand = request ->> 'order' ORDER BY 1) i;
	ELSE
		PERFORM erp_private.cancel_returned($1, id, parts);
		PERFORM erp_private.release_excess($1, id);
		PERFORM erp_private.settle_order_state($1, id);
	END IF;
	RETURN erp_private.order_answer($1, id, reserved) || jsonb_build_object('returns', posted);
END
$function$;
COMMENT ON FUNCTION erp_private.return_order(integer, bigint, jsonb) IS 'Does what erp.return_order() says.';

CREATE FUNCTION erp.return_order(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.return_order(text, text, json) IS
	'Takes back goods of an order, for money or for others. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"order": its code, "day", "time"? (HH:MM:SS), "lines": [{"line", "quantity" (in the item''s unit), "state"? (of stock, such as quarantine until it was inspected), "warehouse"? (default the line''s), "location"?, "lot"?, "second_quantity"?}], "outcome": refund or replace, "description"?, "late"?}. It comes back of what was shipped or sold last, first what of that is not billed: by the return of its shipment at the shipment''s price; what is billed by a credit_note, gifts that are given by a line of role gift_return at their cost, at its share of what it was billed at, which is to be settled or refunded (customer_refund). refund: what was not billed is cancelled, of a schedule the earliest parts. replace: as much is ordered again on the same line at its terms, of a schedule for that day, reserved or required as erp.place_order() does, and shipped and billed anew. The documents have the keys KEY/return, KEY/return/2 and on. Returns what erp.place_order() returns, with "returns": [{"key", "kind", "document_id", "voucher_id", "number"}]. Writes the events order_returned and order_credited, or order_shipped with less than zero. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020), of a credit_note and of a shipment_return (erp.post_document()); LE012 also for an unknown order or line, LE290 for more than can come back.';
