-- sales: shipping what is ordered.

CREATE FUNCTION erp_private.lock_ship_order(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_order(company_id, request); END $function$;
COMMENT ON FUNCTION erp_private.lock_ship_order(integer, jsonb) IS 'Takes what erp.ship_order() waits for.';

-- What is asked for of each line: by default all that is reserved of it, and what needs no reservation whole.
CREATE FUNCTION erp_private.wanted_shipment(company_id integer, sales_order_id bigint, lines jsonb, due_by date DEFAULT 'infinity')
	RETURNS TABLE (line_no integer, quantity numeric, says jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT l.line_no, COALESCE((e.value ->> 'quantity')::numeric, least(CASE WHEN lines IS NULL THEN COALESCE(r.quantity, 0) ELSE l.quantity - l.cancelled - l.shipped END,
	       	CASE WHEN l.is_scheduled AND isfinite(due_by) THEN erp_private.due_quantity($1, $2, l.line_no, l.shipped, due_by) END)),
	       COALESCE(e.value, '{}') - ARRAY['line', 'quantity']
	  FROM erp.sales_order o
	  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.moves_stock
	  LEFT JOIN jsonb_array_elements(lines) AS e (value) ON (e.value ->> 'line')::integer = l.line_no
	  LEFT JOIN LATERAL (SELECT sum(v.quantity) AS quantity FROM erp.reservation v
	                      WHERE v.company_id = $1 AND v.demand = o.code AND v.demand_line = l.line_no AND v.claim = 'stock') r ON true
	 WHERE o.company_id = $1 AND o.sales_order_id = $2 AND (lines IS NULL OR e.value IS NOT NULL)
	 ORDER BY l.line_no, e.value;
END
$function$;
COMMENT ON FUNCTION erp_private.wanted_shipment(integer, bigint, jsonb, date) IS
	'How much of which lines of an order is to be shipped, in the item''s unit, and what the request says else of each. lines: those of erp.ship_order(), null for all that is reserved; due_by: of lines that are delivered by schedule and say no quantity, what is due by that day.';

-- A line goes from where it is reserved; one that says where its goods lie, or of which more is wanted than is reserved, from there or from its warehouse.
CREATE FUNCTION erp_private.picked_shipment(company_id integer, sales_order_id bigint, lines jsonb)
	RETURNS TABLE (line_no integer, quantity numeric, place jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH wanted AS MATERIALIZED (
		SELECT w.*, row_number() OVER (ORDER BY w.line_no, w.says) AS n FROM erp_private.wanted_shipment($1, $2, lines) w WHERE w.quantity > 0
	), reserved AS MATERIALIZED (
		SELECT w.n, w.line_no, w.quantity AS wanted, v.warehouse_id, v.location_id, v.lot_id, v.quantity, v.id,
		       sum(v.quantity) OVER (PARTITION BY w.n ORDER BY v.id) - v.quantity AS before
		  FROM wanted w
		  JOIN erp.sales_order o ON o.company_id = $1 AND o.sales_order_id = $2
		 CROSS JOIN LATERAL (SELECT r.warehouse_id, r.location_id, r.lot_id, sum(r.quantity) AS quantity, min(r.reservation_id) AS id FROM erp.reservation r
		                      WHERE r.company_id = $1 AND r.demand = o.code AND r.demand_line = w.line_no AND r.claim = 'stock' GROUP BY 1, 2, 3) v
		 WHERE NOT w.says ?| ARRAY['warehouse', 'location', 'lot']
	), part AS (
		SELECT r.n, r.line_no, r.id, least(r.quantity, r.wanted - r.before) AS quantity,
		       jsonb_strip_nulls(jsonb_build_object('warehouse', w.code, 'location', l.code, 'lot', b.code)) AS place
		  FROM reserved r
		  LEFT JOIN erp.warehouse w ON w.company_id = $1 AND w.warehouse_id = r.warehouse_id
		  LEFT JOIN LATERAL (SELECT f.code FROM erp.location f WHERE f.company_id = $1 AND f.location_id = r.location_id AND r.location_id <> 0 OFFSET 0) l ON true
		  LEFT JOIN LATERAL (SELECT f.code FROM erp.lot f WHERE f.company_id = $1 AND f.lot_id = r.lot_id AND r.lot_id <> 0 OFFSET 0) b ON true
		 WHERE r.before < r.wanted
		UNION ALL
		SELECT w.n, w.line_no, 9223372036854775807, w.quantity - least(w.quantity, COALESCE(r.quantity, 0)), jsonb_strip_nulls(jsonb_build_object('warehouse', h.code))
		  FROM wanted w
		  JOIN erp.sales_order_line o ON o.company_id = $1 AND o.sales_order_id = $2 AND o.line_no = w.line_no
		  LEFT JOIN erp.warehouse h ON h.company_id = $1 AND h.warehouse_id = o.warehouse_id
		  LEFT JOIN (SELECT v.n, sum(v.quantity) AS quantity FROM reserved v GROUP BY 1) r ON r.n = w.n
		 WHERE w.quantity > COALESCE(r.quantity, 0)
	)
	SELECT p.line_no, p.quantity, p.place || w.says FROM part p JOIN wanted w ON w.n = p.n ORDER BY p.n, p.id;
END
$function$;
COMMENT ON FUNCTION erp_private.picked_shipment(integer, bigint, jsonb) IS
	'The lines of a shipment: how much of which line of the order, and from where ({"warehouse", "location", "lot"} and what the request says else).';

-- Shares of a line in their order: the last takes the rest.
CREATE FUNCTION erp_private.amount_share(amount numeric, ordered numeric, quantity numeric, before numeric, decimals integer) RETURNS numeric
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT round(amount * (before + quantity) / ordered, decimals) - round(amount * before / ordered, decimals)
$function$;
COMMENT ON FUNCTION erp_private.amount_share(numeric, numeric, numeric, numeric, integer) IS
	'What a quantity of a line comes to that is ordered for an amount, behind what came before it: shares of a whole add up to its amount.';

CREATE FUNCTION erp_private.check_shipment(company_id integer, sales_order_id bigint, request jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
	header record;
BEGIN
	SELECT o.code, o.state, o.ship_complete INTO header FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = $2;
	IF header.state <> 'confirmed' THEN
		PERFORM erp_private.refuse('LE272', format('order "%s" is %s', header.code, header.state), '$.order', header.code, 'Only an order that is confirmed is shipped.');
	END IF;
	SELECT e.n, e.value ->> 'line' AS line INTO bad FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = (e.value ->> 'line')::integer AND l.moves_stock)
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$.lines[#]', 'line', bad.line, 'line of goods', 'erp.order_lines shows the lines; what is no goods is billed, not shipped.');
	SELECT l.line_no, l.quantity - l.cancelled - l.shipped AS open INTO bad
	  FROM erp.sales_order_line l
	  JOIN (SELECT w.line_no, sum(w.quantity) AS quantity FROM erp_private.wanted_shipment($1, $2, request -> 'lines') w GROUP BY 1) w ON w.line_no = l.line_no
	 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND w.quantity > l.quantity - l.cancelled - l.shipped ORDER BY l.line_no LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE271', format('%s of line %s are open', trim_scale(bad.open), bad.line_no), '$.lines', NULL, 'Ship no more than that, or change the order first.');
	END IF;
	IF header.ship_complete THEN
		SELECT l.line_no INTO bad FROM erp.sales_order_line l
		 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND l.moves_stock
		   AND CASE WHEN l.is_scheduled THEN erp_private.due_quantity($1, $2, l.line_no, l.shipped, (request ->> 'day')::date) ELSE l.quantity - l.cancelled - l.shipped END > COALESCE((SELECT sum(w.quantity) FROM erp_private.wanted_shipment($1, $2, request -> 'lines') w WHERE w.line_no = l.line_no), 0)
		 ORDER BY l.line_no LIMIT 1;
		IF FOUND THEN
			PERFORM erp_private.refuse('LE273', format('order "%s" is shipped whole only, and line %s would not be', header.code, bad.line_no), '$.lines', NULL, 'Wait for what is short, or cancel it.');
		END IF;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_shipment(integer, bigint, jsonb) IS
	'Raises LE012, LE271, LE272 or LE273 unless the request of erp.ship_order() can be shipped.';

CREATE FUNCTION erp_private.delivery_country(company_id integer, party_id integer) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE((SELECT concat_ws('-', a.country, NULLIF(a.region, '')) FROM erp.party_address a
	                  WHERE a.company_id = $1 AND a.party_address_id = erp_private.party_address($1, $2, 'delivery')), '')
$function$;
COMMENT ON FUNCTION erp_private.delivery_country(integer, integer) IS
	'Where goods for a party go: country, or country-region, of its delivery address, else of its main one; empty without one.';

CREATE FUNCTION erp_private.named_carrier(company_id integer, request jsonb) RETURNS integer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	id integer := (SELECT r.carrier_id FROM erp.carrier r WHERE r.company_id = $1 AND r.code = $2 ->> 'carrier');
BEGIN
	IF id IS NULL AND $2 ->> 'carrier' IS NOT NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no carrier "%s"', left($2 ->> 'carrier', 100)), '$.carrier', $2 ->> 'carrier', 'Add it with erp.put_carriers().');
	END IF;
	RETURN id;
END
$function$;
COMMENT ON FUNCTION erp_private.named_carrier(integer, jsonb) IS 'The carrier that a request names, null if it names none; LE012 if there is no such carrier.';

CREATE FUNCTION erp_private.store_shipment_detail(company_id integer, documents bigint[], party_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	id integer := erp_private.named_carrier($1, request);
BEGIN
	INSERT INTO erp.shipment_detail (company_id, document_id, first_document_id, carrier, service, expected_day)
	SELECT $1, d.document_id, documents[1], COALESCE(request ->> 'carrier', ''),
	        COALESCE(request ->> 'service', (SELECT r.service FROM erp.carrier r WHERE r.company_id = $1 AND r.carrier_id = id), ''),
	        COALESCE((request ->> 'expected_day')::date,
	                 erp_private.expected_delivery($1, id, erp_private.delivery_country($1, $3), (request ->> 'day')::date, (request ->> 'time')::time))
	  FROM unnest(documents) AS d (document_id);
	INSERT INTO erp.shipment_package (company_id, document_id, package_no, tracking, weight)
	SELECT $1, documents[1], e.n, COALESCE(e.value ->> 'tracking', ''), (e.value ->> 'weight')::numeric
	  FROM jsonb_array_elements(COALESCE(request -> 'packages', '[]')) WITH ORDINALITY AS e (value, n);
END
$function$;
COMMENT ON FUNCTION erp_private.store_shipment_detail(integer, bigint[], integer, jsonb) IS
	'Writes carrier and packages of documents that ship to a party together, the packages with the first, as the request of erp.ship_order() says; the day on which it is expected is by default that of the carrier''s lead time. LE012 for an unknown carrier.';

-- What was billed ahead is shipped first, the oldest invoice first.
CREATE FUNCTION erp_private.billed_ahead(company_id integer, sales_order_id bigint)
	RETURNS TABLE (line_no integer, invoice_id bigint, invoice text, invoice_line integer, quantity numeric, before numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT k.order_line_no, k.document_id, c.key, k.line_no, c.open_quantity, sum(c.open_quantity) OVER (PARTITION BY k.order_line_no ORDER BY k.document_id, k.line_no) - c.open_quantity
	  FROM erp.sales_order_link k
	  JOIN erp.document_line l ON l.company_id = $1 AND l.document_id = k.document_id AND l.line_no = k.line_no AND l.line_role = 'invoiced'
	 CROSS JOIN LATERAL (SELECT f.key, f.open_quantity FROM erp_private.cut_off_line f
	                      WHERE f.company_id = $1 AND f.document_id = k.document_id AND f.line_no = k.line_no AND NOT f.is_shipped AND f.open_quantity > 0 OFFSET 0) c
	 WHERE k.company_id = $1 AND k.sales_order_id = $2 AND k.link = 'bills' AND k.quantity > 0;
END
$function$;
COMMENT ON FUNCTION erp_private.billed_ahead(integer, bigint) IS
	'What of lines of an order is billed and not shipped yet, by line of an invoice; before: what comes before it of the same line of the order. In the item''s unit.';

-- What leaves for an invoice that came ahead names it, in a document of its own: that has the invoice's rate.
CREATE FUNCTION erp_private.shipment_parts(company_id integer, sales_order_id bigint, lines jsonb)
	RETURNS TABLE (invoice_id bigint, n bigint, line_no integer, quantity numeric, before numeric, place jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH picked AS MATERIALIZED (
		SELECT p.*, sum(p.quantity) OVER (PARTITION BY p.line_no ORDER BY p.n) - p.quantity AS before
		  FROM erp_private.picked_shipment($1, $2, lines) WITH ORDINALITY AS p (line_no, quantity, place, n)
	), ahead AS MATERIALIZED (
		SELECT a.line_no, a.invoice_id, jsonb_build_object('origin', jsonb_build_object('key', a.invoice, 'line', a.invoice_line)) AS origin, a.before, a.before + a.quantity AS until
		  FROM erp_private.billed_ahead($1, $2) a
	), span AS (
		SELECT a.* FROM ahead a
		UNION ALL
		SELECT DISTINCT p.line_no, NULL::bigint, jsonb '{}', COALESCE((SELECT max(a.until) FROM ahead a WHERE a.line_no = p.line_no), 0), 'Infinity'::numeric FROM picked p
	)
	SELECT s.invoice_id, p.n, p.line_no, q.until - q.before, q.before,
	       p.place || s.origin || CASE WHEN p.place ? 'second_quantity' AND q.until - q.before < p.quantity
	       	THEN jsonb_build_object('second_quantity', erp_private.amount_share((p.place ->> 'second_quantity')::numeric, p.quantity, q.until - q.before, q.before - p.before, 6)) ELSE '{}' END
	  FROM picked p
	  JOIN span s ON s.line_no = p.line_no
	 CROSS JOIN LATERAL (SELECT greatest(s.before, p.before) AS before, least(s.until, p.before + p.quantity) AS until) q
	 WHERE q.before < q.until;
END
$function$;
COMMENT ON FUNCTION erp_private.shipment_parts(integer, bigint, jsonb) IS
	'What is to be shipped of an order (lines: those of erp.ship_order()), cut by what was billed ahead. invoice_id: of the invoice that a part fulfils, null for what is billed later; n: place of the part; before: what comes before it of its line; place: where from, and the invoice''s line as its origin.';

CREATE FUNCTION erp_private.shipment_documents(company_id integer, sales_order_id bigint, key text, request jsonb) RETURNS SETOF jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT jsonb_strip_nulls(jsonb_build_object('key', key || CASE s.no WHEN 1 THEN '' ELSE '/' || s.no END, 'kind', s.kind,
	       'day', request -> 'day', 'time', request -> 'time', 'late', request -> 'late', 'party', CASE WHEN s.kind <> 'free_issue' THEN p.code END,
	       'currency', CASE WHEN s.kind = 'sales_shipment' THEN m.code END, 'reference', o.terms -> 'reference', 'description', request -> 'description', 'lines', s.lines))
	  FROM erp.sales_order o
	  JOIN erp.party p ON p.company_id = $1 AND p.party_id = o.party_id
	  JOIN erp.currency m ON m.currency_id = o.currency_id
	  JOIN erp.company c ON c.company_id = $1
	 CROSS JOIN LATERAL (
		SELECT row_number() OVER (ORDER BY s.invoice_id, k.kind DESC) AS no, k.kind,
		       jsonb_agg(jsonb_build_object('item', i.code, 'quantity', s.quantity, 'demand', jsonb_build_object('key', o.code, 'line', s.line_no)) || s.place
		       	|| CASE WHEN k.kind = 'sales_shipment' AND s.invoice_id IS NULL THEN jsonb_build_object('amount', erp_private.amount_share(l.amount, l.quantity, s.quantity, l.shipped + s.before, m.decimals)) ELSE '{}' END
		       	ORDER BY s.n, s.before) AS lines
		  FROM erp_private.shipment_parts($1, $2, request -> 'lines') s
		 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_line f WHERE f.company_id = $1 AND f.sales_order_id = $2 AND f.line_no = s.line_no OFFSET 0) l
		 CROSS JOIN LATERAL (SELECT f.code FROM erp.item f WHERE f.company_id = $1 AND f.item_id = l.item_id OFFSET 0) i
		 CROSS JOIN LATERAL (SELECT CASE WHEN s.invoice_id IS NOT NULL THEN 'sales_shipment' WHEN c.revenue_at = 'invoice' THEN 'shipment' WHEN l.line_role = 'free' THEN 'free_issue' ELSE 'sales_shipment' END AS kind) k
		 GROUP BY s.invoice_id, k.kind) s
	 WHERE o.company_id = $1 AND o.sales_order_id = $2
	 ORDER BY s.no;
END
$function$;
COMMENT ON FUNCTION erp_private.shipment_documents(integer, bigint, text, jsonb) IS
	'The documents that ship what a request of erp.ship_order() says: one for each invoice that came ahead of it, then one of the rest, and where the shipment earns one of gifts, which nothing is earned with; the first has the key, the others it with their number. None where nothing is reserved.';

CREATE FUNCTION erp_private.ship_order(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	key text := (SELECT erp_private.short_key(d.key) FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2) || '/shipment';
	id bigint;
	documents jsonb[];
	shipments jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"order": "code!", "day": "day!", "time": "code", "lines": "list", "carrier": "code", "service": "code", "packages": "list", "expected_day": "day", "description": "name", "late": "boolean", "ahead": "boolean"}');
	PERFORM erp_private.check_rows(COALESCE(request -> 'lines', '[]'), '$.lines[#]', '{"line": "integer!", "quantity": "quantity", "warehouse": "code", "location": "code", "lot": "code", "second_quantity": "quantity", "allow_expired": "boolean"}');
	PERFORM erp_private.check_rows(COALESCE(request -> 'packages', '[]'), '$.packages[#]', '{"tracking": "name", "weight": "quantity"}');
	id := erp_private.named_order($1, request);
	request := erp_private.due_shipment($1, id, request);
	PERFORM erp_private.check_shipment($1, id, request);
	documents := ARRAY(SELECT s.value FROM erp_private.shipment_documents($1, id, key, request) AS s (value));
	IF documents = '{}' THEN
		PERFORM erp_private.refuse('LE273', format('nothing that is due is reserved for order "%s"', request ->> 'order'), '$.lines', NULL, 'Wait for the goods, or say which lines are shipped, or that it goes ahead of its schedule.');
	END IF;
	SELECT jsonb_agg(p.value || jsonb_build_object('key', documents[p.n] -> 'key') ORDER BY p.n) INTO shipments
	  FROM jsonb_array_elements(erp.post_documents(company, to_json(documents))) WITH ORDINALITY AS p (value, n);
	PERFORM erp_private.store_shipment_detail($1, ARRAY(SELECT (e.value ->> 'document_id')::bigint FROM jsonb_array_elements(shipments) WITH ORDINALITY AS e (value, n) ORDER BY e.n),
		(SELECT o.party_id FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = id), request);
	RETURN erp_private.order_answer($1, id, '[]') || jsonb_strip_nulls(jsonb_build_object('shipment', shipments -> 0, 'more_shipments', NULLIF(shipments - 0, '[]')));
END
$function$;
COMMENT ON FUNCTION erp_private.ship_order(integer, bigint, jsonb) IS 'Does what erp.ship_order() says.';
