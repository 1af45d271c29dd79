-- sales: where what was shipped is, as its carrier says.

CREATE FUNCTION erp_private.lock_put_tracking(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$ BEGIN PERFORM erp_private.lock_orders($1, '{}', ARRAY[$2 ->> 'shipment']); END $function$;
COMMENT ON FUNCTION erp_private.lock_put_tracking(integer, jsonb) IS 'Takes what erp.put_tracking() waits for: the orders of the shipment.';

CREATE FUNCTION erp_private.named_shipment(company_id integer, request jsonb) RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	id bigint := (SELECT d.document_id FROM erp.document d WHERE d.company_id = $1 AND d.key = $2 ->> 'shipment' AND d.reverses_document_id = 0
	                 AND EXISTS (SELECT 1 FROM erp.sales_order_link k WHERE k.company_id = $1 AND k.document_id = d.document_id AND k.link = 'ships' AND k.quantity > 0));
BEGIN
	IF id IS NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no shipment "%s"', left($2 ->> 'shipment', 100)), '$.shipment', $2 ->> 'shipment', 'Give the key of the document that shipped goods of an order.');
	END IF;
	RETURN COALESCE((SELECT t.first_document_id FROM erp.shipment_detail t WHERE t.company_id = $1 AND t.document_id = id), id);
END
$function$;
COMMENT ON FUNCTION erp_private.named_shipment(integer, jsonb) IS 'The document that shipped goods of an order and that a request names by its key, or the first of those that were shipped with it; LE012 if there is none.';

CREATE FUNCTION erp_private.check_tracking(company_id integer, document_id bigint, request jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	shipped_day date := (SELECT d.day FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2);
	bad record;
BEGIN
	PERFORM erp_private.check_rows(COALESCE(request -> 'packages', '[]'), '$.packages[#]', '{"package": "integer!", "tracking": "name", "weight": "quantity", "delivered_day": "day"}');
	PERFORM erp_private.check_once(COALESCE(request -> 'packages', '[]'), '$.packages[#]', ARRAY['package']);
	SELECT e.n, e.value ->> 'package' AS package INTO bad FROM jsonb_array_elements(request -> 'packages') WITH ORDINALITY AS e (value, n)
	 WHERE (e.value ->> 'package')::integer NOT BETWEEN 1 AND 10000 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'packages of a shipment are numbered from 1 to 10000', format('$.packages[%s].package', bad.n - 1), bad.package, 'Count them from 1.');
	END IF;
	SELECT e.n, e.value ->> 'delivered_day' AS day INTO bad FROM jsonb_array_elements(request -> 'packages') WITH ORDINALITY AS e (value, n)
	 WHERE (e.value ->> 'delivered_day')::date < shipped_day ORDER BY e.n LIMIT 1;
	IF NOT FOUND AND (request ->> 'delivered_day')::date < shipped_day THEN
		PERFORM erp_private.refuse('LE286', format('it was shipped on %s only', shipped_day), '$.delivered_day', request ->> 'delivered_day', 'Give a day that is not before that.');
	ELSIF FOUND THEN
		PERFORM erp_private.refuse('LE286', format('it was shipped on %s only', shipped_day), format('$.packages[%s].delivered_day', bad.n - 1), bad.day, 'Give a day that is not before that.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_tracking(integer, bigint, jsonb) IS 'Raises LE011 or LE286 unless the request of erp.put_tracking() fits the shipment.';

CREATE FUNCTION erp_private.write_tracking(company_id integer, document_id bigint, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	INSERT INTO erp.shipment_detail (company_id, document_id, first_document_id) VALUES ($1, $2, $2) ON CONFLICT (company_id, document_id) DO NOTHING;
	UPDATE erp.shipment_detail t
	   SET carrier = COALESCE(request ->> 'carrier', t.carrier), service = COALESCE(request ->> 'service', t.service), expected_day = COALESCE((request ->> 'expected_day')::date, t.expected_day)
	 WHERE t.company_id = $1 AND t.first_document_id = $2;
	INSERT INTO erp.shipment_package AS p (company_id, document_id, package_no, tracking, weight, delivered_day)
	SELECT $1, $2, (e.value ->> 'package')::integer, COALESCE(e.value ->> 'tracking', ''), (e.value ->> 'weight')::numeric, (e.value ->> 'delivered_day')::date
	  FROM jsonb_array_elements(COALESCE(request -> 'packages', '[]')) AS e (value)
	ON CONFLICT (company_id, document_id, package_no) DO UPDATE
	   SET tracking = COALESCE(NULLIF(EXCLUDED.tracking, ''), p.tracking), weight = COALESCE(EXCLUDED.weight, p.weight), delivered_day = COALESCE(EXCLUDED.delivered_day, p.delivered_day);
	IF request ? 'delivered_day' THEN
		INSERT INTO erp.shipment_package (company_id, document_id, package_no)
		SELECT $1, $2, 1 WHERE NOT EXISTS (SELECT 1 FROM erp.shipment_package p WHERE p.company_id = $1 AND p.document_id = $2);
		UPDATE erp.shipment_package p SET delivered_day = (request ->> 'delivered_day')::date WHERE p.company_id = $1 AND p.document_id = $2 AND p.delivered_day IS NULL;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.write_tracking(integer, bigint, jsonb) IS 'Writes what a checked request of erp.put_tracking() says of a shipment.';

CREATE FUNCTION erp_private.delivered_day(company_id integer, document_id bigint) RETURNS date
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN bool_and(p.delivered_day IS NOT NULL) THEN max(p.delivered_day) END FROM erp.shipment_package p WHERE p.company_id = $1 AND p.document_id = $2
$function$;
COMMENT ON FUNCTION erp_private.delivered_day(integer, bigint) IS 'The day on which the last package of a shipment was delivered; null while one was not, or there is none.';

CREATE FUNCTION erp_private.put_tracking(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	id bigint;
	before date;
	now_delivered date;
BEGIN
	PERFORM erp_private.check_object(request, '{"shipment": "key!", "carrier": "code", "service": "code", "expected_day": "day", "delivered_day": "day", "packages": "list"}');
	id := erp_private.named_shipment($1, request);
	PERFORM erp_private.named_carrier($1, request);
	PERFORM erp_private.check_tracking($1, id, request);
	before := erp_private.delivered_day($1, id);
	PERFORM erp_private.write_tracking($1, id, request);
	now_delivered := erp_private.delivered_day($1, id);
	IF before IS NULL AND now_delivered IS NOT NULL THEN
		PERFORM erp_private.emit_event($1, 'order_delivered', id, jsonb_build_object('order', s.code, 'shipment', request ->> 'shipment', 'day', now_delivered, 'lines', s.lines))
		   FROM (SELECT o.code, jsonb_agg(jsonb_build_object('line', k.order_line_no, 'quantity', trim_scale(k.quantity)) ORDER BY k.order_line_no, k.line_no) AS lines
		           FROM erp.sales_order_link k JOIN erp.sales_order o ON o.company_id = $1 AND o.sales_order_id = k.sales_order_id
		          WHERE k.company_id = $1 AND k.link = 'ships' AND k.document_id IN (SELECT t.document_id FROM erp.shipment_detail t WHERE t.company_id = $1 AND t.first_document_id = id) GROUP BY o.code ORDER BY o.code) s;
	END IF;
	RETURN (SELECT jsonb_strip_nulls(jsonb_build_object('shipment', request ->> 'shipment', 'expected_day', t.expected_day, 'delivered_day', now_delivered,
	       'packages', (SELECT jsonb_agg(jsonb_build_object('package', p.package_no, 'tracking', NULLIF(p.tracking, ''), 'delivered_day', p.delivered_day) ORDER BY p.package_no)
	                      FROM erp.shipment_package p WHERE p.company_id = $1 AND p.document_id = id)))
	  FROM erp.shipment_detail t WHERE t.company_id = $1 AND t.document_id = id);
END
$function$;
COMMENT ON FUNCTION erp_private.put_tracking(integer, jsonb) IS 'Does what erp.put_tracking() says.';

CREATE FUNCTION erp.put_tracking(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_call';
COMMENT ON FUNCTION erp.put_tracking(text, text, json) IS
	'Says where a shipment is, as its carrier says. company: code. key: idempotency key of the request, 1 to 200 characters; the same request under it again returns the first result. request: {"shipment": key of the document that shipped goods of an order (erp.ship_order() returns it), for all that were shipped with it, "carrier"? (code), "service"?, "expected_day"?, "delivered_day"? (of all packages that are not delivered yet, or of the whole where there are none), "packages"?: [{"package": its number from 1, "tracking"?, "weight"? (kg), "delivered_day"?}]}. A package that is not there is added; what is not said stays. Returns {"shipment", "expected_day"?, "delivered_day"? (of the last package, once all are delivered), "packages": [{"package", "tracking"?, "delivered_day"?}]}. Writes the event order_delivered for each order of the shipment once all of its packages are delivered. Errors: those of every call (LE001 to LE003, LE010 to LE012, LE020); LE012 also for an unknown shipment or carrier, LE286 for a day before that of the shipment.';
