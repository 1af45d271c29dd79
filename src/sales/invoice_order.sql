-- sales: billing what was ordered, once it is shipped; what is no goods when it is asked for.

CREATE FUNCTION erp_private.lock_invoice_orders(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_orders($1, ARRAY(SELECT e.value #>> '{}' FROM jsonb_array_elements(CASE jsonb_typeof($2 -> 'orders') WHEN 'array' THEN $2 -> 'orders' ELSE '[]' END) AS e (value)), '{}');
END
$function$;
COMMENT ON FUNCTION erp_private.lock_invoice_orders(integer, jsonb) IS 'Takes what erp.invoice_orders() waits for.';

-- Lines of shipments that stand, with what is not billed of each, and lines of no goods.
CREATE FUNCTION erp_private.unbilled_lines(company_id integer, orders bigint[])
	RETURNS TABLE (sales_order_id bigint, line_no integer, quantity numeric, shipment text, shipment_line integer, role text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT k.sales_order_id, k.order_line_no, k.quantity - b.quantity, d.key, k.line_no, CASE d.kind WHEN 'sales_shipment' THEN 'invoiced' END
	  FROM unnest($2) AS n (id)
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.sales_order_id = n.id AND f.link = 'ships' AND f.quantity > 0 OFFSET 0) k
	 CROSS JOIN LATERAL (SELECT f.key, f.kind FROM erp.document f
	                      WHERE f.company_id = $1 AND f.document_id = k.document_id AND f.kind IN ('shipment', 'sales_shipment') OFFSET 0) d
	 CROSS JOIN LATERAL (
		SELECT COALESCE(sum(abs(f.quantity)), 0) AS quantity
		  FROM erp.document_link f
		 WHERE f.company_id = $1 AND f.target_document_id = k.document_id AND f.target_line_no = k.line_no AND f.link IN ('fulfils', 'bills', 'corrects')
		   AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = f.document_id AND r.reverses_document_id <> 0)) b
	 WHERE k.quantity > b.quantity
	   AND NOT EXISTS (SELECT 1 FROM erp.document_link f WHERE f.company_id = $1 AND f.document_id = k.document_id AND f.line_no = k.line_no AND f.link = 'fulfils')
	   AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = k.document_id AND r.reverses_document_id <> 0)
	UNION ALL
	SELECT l.sales_order_id, l.line_no, l.quantity - l.cancelled - l.billed, NULL, NULL, l.line_role
	  FROM unnest($2) AS n (id)
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_line f
	                      WHERE f.company_id = $1 AND f.sales_order_id = n.id AND NOT f.moves_stock AND f.billed + f.cancelled < f.quantity OFFSET 0) l
	 ORDER BY 1, 2, 4, 5;
END
$function$;
COMMENT ON FUNCTION erp_private.unbilled_lines(integer, bigint[]) IS
	'What of orders is to be billed: of each line of a shipment what is neither billed nor came back, and was not billed ahead, and what is no goods.';

-- By its price where the quantity can be said in the unit that was ordered, else by its share of the line's net amount: the last bill takes the rest.
CREATE FUNCTION erp_private.billed_terms(terms jsonb, ordered numeric, entered numeric, amount numeric, quantity numeric, before numeric, decimals integer) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT CASE WHEN terms ? 'price' AND round(quantity * entered / ordered, 6) * ordered = quantity * entered
	            THEN (terms - ARRAY['quantity', 'warehouse', 'location', 'lot', 'second_quantity']) || jsonb_build_object('quantity', round(quantity * entered / ordered, 6))
	            ELSE (terms - ARRAY['quantity', 'unit', 'price', 'discount', 'discount_percent', 'warehouse', 'location', 'lot', 'second_quantity'])
	                 || jsonb_build_object('quantity', quantity, 'amount', erp_private.amount_share(amount, ordered, quantity, before, decimals)) END);
END
$function$;
COMMENT ON FUNCTION erp_private.billed_terms(jsonb, numeric, numeric, numeric, numeric, numeric, integer) IS
	'What a line of an invoice says that bills a quantity (in the item''s unit) of a line of an order: terms, ordered (in the item''s unit), entered (in the unit of its price) and net amount of that; before: what was billed already; decimals of the currency.';

CREATE FUNCTION erp_private.check_invoiced(company_id integer, orders text[]) RETURNS bigint[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT n.n, n.code INTO bad FROM unnest($2) WITH ORDINALITY AS n (code, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.sales_order o WHERE o.company_id = $1 AND o.code = n.code) ORDER BY n.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$.orders[#]', '', bad.code, 'order', 'erp.order_list shows the orders.');
	SELECT o.code, f.code AS first_code INTO bad
	  FROM erp.sales_order o, erp.sales_order f
	 WHERE o.company_id = $1 AND o.code = ANY ($2) AND f.company_id = $1 AND f.code = $2[1]
	   AND (o.party_id, o.currency_id, o.terms - ARRAY['reference', 'description', 'short', 'warehouse']) <> (f.party_id, f.currency_id, f.terms - ARRAY['reference', 'description', 'short', 'warehouse'])
	 LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE274', format('orders "%s" and "%s" are not of one customer, currency and terms', bad.first_code, bad.code), '$.orders', bad.code, 'Bill them apart.');
	END IF;
	RETURN ARRAY(SELECT o.sales_order_id FROM erp.sales_order o WHERE o.company_id = $1 AND o.code = ANY ($2) ORDER BY o.sales_order_id);
END
$function$;
COMMENT ON FUNCTION erp_private.check_invoiced(integer, text[]) IS 'The orders of these codes; LE012 for one that is not there, LE274 for orders that cannot be billed together.';

CREATE FUNCTION erp_private.invoice_document(company_id integer, orders bigint[], request jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT (o.terms - ARRAY['short', 'warehouse', 'cash_rounding']) || jsonb_strip_nulls(jsonb_build_object('kind', 'sales_invoice', 'day', request -> 'day', 'time', request -> 'time', 'late', request -> 'late',
	       'party', p.code, 'rate', COALESCE(request -> 'rate', CASE WHEN request ->> 'day' = o.day::text THEN o.terms -> 'rate' END),
	       'reference', COALESCE(request -> 'reference', o.terms -> 'reference'), 'description', request -> 'description', 'lines', l.lines))
	  FROM erp.sales_order o
	  JOIN erp.party p ON p.company_id = $1 AND p.party_id = o.party_id
	  JOIN erp.currency m ON m.currency_id = o.currency_id
	 CROSS JOIN LATERAL (
		SELECT jsonb_agg(erp_private.billed_terms(s.terms, s.quantity, s.entered_quantity, s.amount, u.quantity, s.billed + u.before, m.decimals)
		       || jsonb_strip_nulls(jsonb_build_object('item', i.code, 'role', COALESCE(u.role, s.line_role),
		       	'origin', CASE WHEN u.shipment IS NOT NULL THEN jsonb_build_object('key', u.shipment, 'line', u.shipment_line) END,
		       	'demand', CASE WHEN u.shipment IS NULL THEN jsonb_build_object('key', h.code, 'line', u.line_no) END)) ORDER BY u.sales_order_id, u.line_no, u.shipment, u.shipment_line) AS lines
		  FROM (SELECT q.*, sum(q.quantity) OVER (PARTITION BY q.sales_order_id, q.line_no ORDER BY q.shipment, q.shipment_line) - q.quantity AS before
		          FROM erp_private.unbilled_lines($1, $2) q) u
		 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order f WHERE f.company_id = $1 AND f.sales_order_id = u.sales_order_id OFFSET 0) h
		 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_line f WHERE f.company_id = $1 AND f.sales_order_id = u.sales_order_id AND f.line_no = u.line_no OFFSET 0) s
		  LEFT JOIN LATERAL (SELECT f.code FROM erp.item f WHERE f.company_id = $1 AND f.item_id = s.item_id AND s.item_id <> 0 OFFSET 0) i ON true) l
	 WHERE o.company_id = $1 AND o.sales_order_id = $2[1]);
END
$function$;
COMMENT ON FUNCTION erp_private.invoice_document(integer, bigint[], jsonb) IS
	'The invoice of all that is to be billed of orders of one customer, currency and terms; without lines where nothing is.';

CREATE FUNCTION erp_private.invoice_orders(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	key text := (SELECT d.key FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2) || '/invoice';
	ids bigint[];
	document jsonb;
	posted jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"orders": "list!", "day": "day!", "time": "code", "rate": "decimal", "reference": "name", "description": "name", "late": "boolean"}');
	ids := erp_private.check_invoiced($1, ARRAY(SELECT e.value #>> '{}' FROM jsonb_array_elements(request -> 'orders') AS e (value)));
	IF ids = '{}' THEN
		PERFORM erp_private.refuse('LE011', 'an invoice is of one order or several', '$.orders', NULL, 'Name the orders.');
	END IF;
	document := erp_private.invoice_document($1, ids, request) || jsonb_build_object('key', key);
	IF document -> 'lines' IS NULL THEN
		PERFORM erp_private.refuse('LE275', 'nothing of these orders is shipped and not billed', '$.orders', request #>> '{orders,0}', 'Ship first; erp.order_lines shows what is to be billed.');
	END IF;
	posted := erp.post_document(company, document::text::json);
	RETURN jsonb_build_object('invoice', posted || jsonb_build_object('key', key),
		'orders', (SELECT jsonb_agg(jsonb_build_object('order', o.code, 'state', o.state) ORDER BY o.sales_order_id) FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = ANY (ids)));
END
$function$;
COMMENT ON FUNCTION erp_private.invoice_orders(integer, bigint, jsonb) IS 'Does what erp.invoice_orders() says.';
