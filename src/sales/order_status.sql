-- sales: how far an order is, line by line, in words for its customer.

-- What a reversal or a return of a shipment takes back counts for that shipment; what came back otherwise is of the earliest.
CREATE FUNCTION erp_private.shipped_parts(company_id integer, sales_order_id bigint)
	RETURNS TABLE (line_no integer, document_id bigint, quantity numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH went AS (
		SELECT k.order_line_no, COALESCE(x.target_document_id, b.document_id) AS document_id, sum(k.quantity) AS quantity
		  FROM erp.sales_order_link k
		 CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(f.reverses_document_id, 0), f.document_id) AS document_id
		                       FROM erp.document f WHERE f.company_id = $1 AND f.document_id = k.document_id OFFSET 0) b
		 CROSS JOIN LATERAL (SELECT f.kind FROM erp.document f WHERE f.company_id = $1 AND f.document_id = b.document_id OFFSET 0) h
		  LEFT JOIN LATERAL (SELECT f.target_document_id FROM erp.document_link f
		                      WHERE h.kind IN ('shipment_return', 'sales_shipment_return') AND f.company_id = $1 AND f.document_id = b.document_id AND f.line_no = k.line_no LIMIT 1) x ON true
		 WHERE k.company_id = $1 AND k.sales_order_id = $2 AND k.link = 'ships'
		 GROUP BY 1, 2
	), kept AS (
		SELECT w.order_line_no, w.document_id, least(w.quantity, sum(w.quantity) OVER (PARTITION BY w.order_line_no ORDER BY w.document_id) - l.returned) AS quantity
		  FROM went w
		  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = w.order_line_no
		 WHERE w.quantity > 0
	)
	SELECT k.order_line_no, k.document_id, k.quantity FROM kept k WHERE k.quantity > 0
$function$;
COMMENT ON FUNCTION erp_private.shipped_parts(integer, bigint) IS 'What the customer has, or is on its way to it, of each line of an order, by the document that shipped it.';

CREATE FUNCTION erp_private.travel_parts(company_id integer, sales_order_id bigint, day date)
	RETURNS TABLE (line_no integer, document_id bigint, quantity numeric, name text, part_day date)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT s.line_no, s.document_id, s.quantity,
	       CASE WHEN NOT l.moves_stock THEN 'done' WHEN p.delivered_day <= $3 THEN 'delivered' WHEN t.expected_day >= $3 THEN 'shipped_expected'
	            WHEN t.expected_day IS NOT NULL THEN 'shipped_late' ELSE 'shipped' END,
	       CASE WHEN l.moves_stock AND p.delivered_day <= $3 THEN p.delivered_day WHEN l.moves_stock THEN COALESCE(t.expected_day, d.day) ELSE d.day END
	  FROM erp_private.shipped_parts($1, $2) s
	  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.line_no = s.line_no
	 CROSS JOIN LATERAL (SELECT f.day FROM erp.document f WHERE f.company_id = $1 AND f.document_id = s.document_id OFFSET 0) d
	  LEFT JOIN erp.shipment_detail t ON t.company_id = $1 AND t.document_id = s.document_id
	 CROSS JOIN LATERAL (SELECT erp_private.delivered_day($1, t.first_document_id) AS delivered_day OFFSET 0) p
$function$;
COMMENT ON FUNCTION erp_private.travel_parts(integer, bigint, date) IS
	'What was shipped of each line of an order, with the name of the sentence that says how far it is on a day, and the day that it is about. A shipment is delivered when all of its packages are.';

-- What is claimed of what is expected is there on the first working day from that day on.
CREATE FUNCTION erp_private.waiting_parts(company_id integer, sales_order_id bigint, day date)
	RETURNS TABLE (line_no integer, n integer, quantity numeric, name text, part_day date)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH line AS MATERIALIZED (
		SELECT l.line_no, l.moves_stock, l.is_scheduled, l.shipped, l.quantity - l.cancelled - l.shipped AS open, r.*
		  FROM erp.sales_order o
		  JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.shipped + l.cancelled < l.quantity
		 CROSS JOIN LATERAL (
			SELECT COALESCE(sum(v.quantity) FILTER (WHERE v.claim = 'stock'), 0) AS reserved, COALESCE(sum(v.quantity) FILTER (WHERE v.claim = 'expected'), 0) AS expected, max(e.day) AS expected_day
			  FROM erp.reservation v
			  LEFT JOIN erp.expected_receipt e ON e.company_id = $1 AND e.item_id = v.item_id AND e.expected_receipt_id = v.expected_receipt_id AND v.expected_receipt_id <> 0
			 WHERE v.company_id = $1 AND v.demand = o.code AND v.demand_line = l.line_no) r
		 WHERE o.company_id = $1 AND o.sales_order_id = $2
	)
	SELECT l.line_no, s.part_no * 3 + p.n, q.quantity, x.name, CASE WHEN x.name IN ('planned', 'waits_planned') THEN s.day WHEN p.n = 2 THEN w.day END
	  FROM line l
	 CROSS JOIN LATERAL (
		SELECT 0 AS part_no, NULL::date AS day, 0::numeric AS before, l.open AS until WHERE NOT l.is_scheduled
		UNION ALL
		SELECT o.part_no, o.day, o.before, o.before + o.quantity FROM erp_private.open_parts($1, $2, l.line_no, l.shipped) o WHERE l.is_scheduled) s
	 CROSS JOIN LATERAL (SELECT erp_private.add_working_days($1, erp_private.default_calendar($1), l.expected_day, 0) AS day) w
	 CROSS JOIN LATERAL (VALUES
		(1, 0::numeric, CASE WHEN l.moves_stock THEN l.reserved ELSE l.open END, CASE WHEN l.moves_stock THEN 'ready' ELSE 'open' END),
		(2, l.reserved, l.reserved + l.expected, CASE WHEN w.day >= $3 THEN 'waits_expected' ELSE 'waits_late' END),
		(3, l.reserved + l.expected, CASE WHEN l.moves_stock THEN l.open END, 'waits')) AS p (n, before, until, name)
	 CROSS JOIN LATERAL (SELECT least(p.until, s.until) - greatest(p.before, s.before) AS quantity) q
	 CROSS JOIN LATERAL (SELECT CASE WHEN s.day > $3 AND p.n = 3 THEN 'waits_planned' WHEN s.day > $3 AND (p.n = 1 OR w.day <= s.day) THEN 'planned' ELSE p.name END AS name) x
	 WHERE q.quantity > 0 AND p.until IS NOT NULL
$function$;
COMMENT ON FUNCTION erp_private.waiting_parts(integer, bigint, date) IS
	'What is still to be shipped of each line of a confirmed order, or of each part of its schedule, the earliest having what is reserved, with the name of the sentence that says what it waits for on a day, and the day on which it is expected or to be delivered.';

CREATE FUNCTION erp_private.order_parts(company_id integer, sales_order_id bigint, day date)
	RETURNS TABLE (line_no integer, n bigint, quantity numeric, name text, part_day date)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH part AS (
		SELECT t.line_no, 1 AS class, t.document_id AS place, t.quantity, t.name, t.part_day FROM erp_private.travel_parts($1, $2, $3) t
		UNION ALL
		SELECT w.line_no, 2, w.n, w.quantity, w.name, w.part_day
		  FROM erp.sales_order o CROSS JOIN LATERAL erp_private.waiting_parts($1, $2, $3) w WHERE o.company_id = $1 AND o.sales_order_id = $2 AND o.state = 'confirmed'
		UNION ALL
		SELECT l.line_no, 2, 0, l.quantity - l.cancelled - l.shipped, 'checked', NULL
		  FROM erp.sales_order o JOIN erp.sales_order_line l ON l.company_id = $1 AND l.sales_order_id = $2 AND l.shipped + l.cancelled < l.quantity
		 WHERE o.company_id = $1 AND o.sales_order_id = $2 AND o.state IN ('held', 'pending', 'returned')
		UNION ALL
		SELECT l.line_no, c.class, 0, c.quantity, c.name, NULL
		  FROM erp.sales_order_line l
		 CROSS JOIN LATERAL (VALUES (3, l.returned, 'returned'),
			(4, CASE (SELECT o.state FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = $2) WHEN 'cancelled' THEN l.quantity - l.shipped ELSE l.cancelled END, 'cancelled')) AS c (class, quantity, name)
		 WHERE l.company_id = $1 AND l.sales_order_id = $2 AND c.quantity > 0
	)
	SELECT p.line_no, row_number() OVER (PARTITION BY p.line_no ORDER BY p.class, min(p.place)), sum(p.quantity), p.name, p.part_day
	  FROM part p GROUP BY p.line_no, p.class, p.name, p.part_day
$function$;
COMMENT ON FUNCTION erp_private.order_parts(integer, bigint, date) IS
	'Parts of the lines of an order that are equally far on a day: quantity in the item''s unit, name of their sentence and the day that it is about.';

CREATE FUNCTION erp_private.order_sentence(company_id integer, language text, name text) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT s.sentence FROM erp.order_sentence s
	 WHERE s.company_id IN (0, $1) AND s.language IN ($2, split_part($2, '-', 1), 'en') AND s.name = $3
	 ORDER BY s.language <> $2, s.language <> split_part($2, '-', 1), s.company_id = 0 LIMIT 1
$function$;
COMMENT ON FUNCTION erp_private.order_sentence(integer, text, text) IS
	'A sentence in a language, else in that of which it is a kind, else in English; the company''s own before that of all.';

CREATE FUNCTION erp_private.part_sentence(company_id integer, language text, name text, part_day date, day date) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT replace(erp_private.order_sentence($1, $2, $3), '{when}', COALESCE(replace(erp_private.order_sentence($1, $2,
	       CASE $4 - $5 WHEN 0 THEN 'today' WHEN 1 THEN 'tomorrow' WHEN -1 THEN 'yesterday' ELSE 'on' END), '{day}', to_char($4, erp_private.order_sentence($1, $2, 'date'))), ''))
$function$;
COMMENT ON FUNCTION erp_private.part_sentence(integer, text, text, date, date) IS 'The sentence of a part about a day, as it is read on another.';

CREATE FUNCTION erp.order_status(company text, order_code text, day date DEFAULT CURRENT_DATE, language text DEFAULT 'en')
	RETURNS TABLE (line_no integer, item_code text, item_name text, quantity numeric, status text, sentence text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	id integer := erp_private.company_number($1);
	found_order bigint := erp_private.named_order(id, jsonb_build_object('order', $2));
BEGIN
	RETURN QUERY
	SELECT v.line_no, v.item_code, v.item_name, v.quantity, v.status, p.sentence
	  FROM erp.order_lines v
	  LEFT JOIN (
		SELECT q.line_no, string_agg(CASE WHEN q.parts = 1 THEN q.sentence
		       ELSE replace(replace(erp_private.order_sentence(id, $4, 'part'), '{quantity}', trim_scale(q.quantity)::text), '{sentence}', q.sentence) END,
		       erp_private.order_sentence(id, $4, 'join') ORDER BY q.n) AS sentence
		  FROM (SELECT o.line_no, o.n, o.quantity, count(*) OVER (PARTITION BY o.line_no) AS parts, erp_private.part_sentence(id, $4, o.name, o.part_day, $3) AS sentence
		          FROM erp_private.order_parts(id, found_order, $3) o) q
		 GROUP BY q.line_no) p ON p.line_no = v.line_no
	 WHERE v.company = $1 AND v.sales_order_id = found_order
	 ORDER BY v.line_no;
END
$function$;
COMMENT ON FUNCTION erp.order_status(text, text, date, text) IS
	'How far each line of an order is, in a sentence that its customer reads, such as "shipped, expected tomorrow" or "waits for goods, expected on 9 March 2026"; where parts of a line are not equally far, or to be delivered on different days, each with its quantity. company: code. order_code: code of the order. day: on which it is read. language: of the sentences, which are rows of erp.order_sentence (en and zh are there; erp.put_order_sentences()); a language that is not there is English. A day that goods are expected on is that of erp.ship_order() or erp.put_tracking(); what is claimed of what arrives is expected on the first working day, by the company''s calendar, from the day of its receipt on. Returns a row for each line: line_no, item_code, item_name, quantity (ordered, in the item''s unit), status (as in erp.order_lines), sentence. Errors: LE012 for an unknown company or order, LE230.';

CREATE FUNCTION erp_private.put_order_sentences(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"language": "code!", "name": "code!", "sentence": "name!"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['language', 'name']);
	SELECT e.n, e.value ->> 'name' AS name INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.order_sentence s WHERE s.company_id = 0 AND s.language = 'en' AND s.name = e.value ->> 'name') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'name', bad.name, 'sentence', 'erp.order_sentence has their names.');
	INSERT INTO erp.order_sentence AS s (company_id, language, name, sentence)
	SELECT $1, e.value ->> 'language', e.value ->> 'name', e.value ->> 'sentence' FROM jsonb_array_elements(request) AS e (value) ORDER BY 2, 3
	ON CONFLICT (company_id, language, name) DO UPDATE SET sentence = EXCLUDED.sentence;
	RETURN jsonb_build_object('written', jsonb_array_length(request));
END
$function$;
COMMENT ON FUNCTION erp_private.put_order_sentences(integer, jsonb) IS 'Does what erp.put_order_sentences() says.';

CREATE FUNCTION erp.put_order_sentences(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_order_sentences(text, text, json) IS
	'Gives a company sentences of its own for erp.order_status(), in any language. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: [{"language", "name" (one of those that are there in English), "sentence"}]. Returns {"written"}. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown name.';
