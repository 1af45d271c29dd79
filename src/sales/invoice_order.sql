-- sales: billing what was ordered, once it is shipped; what is no goods when it is asked for.

CREATE FUNCTION erp_private.lock_invoice_orders(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_orders($1, ARRAY(SELECT e.value #>> '{}' FROM jsonb_array_elements(CASE jsonb_typeof($2 -> 'orders') WHEN 'array' THEN $2 -> 'orders' ELSE '[]' END) AS e (value)), '{}');
END
$function$;
COMMENT ON FUNCTION erp_private.lock_invoice_orders(integer, jsonb) IS 'Takes what erp.invoice_orders() waits for.';

-- Lines of shipments that stand, with what is not billed of each, no more than of their order's line; and lines of no goods.
CREATE FUNCTION erp_private.unbilled_lines(company_id integer, orders bigint[])
	RETURNS TABLE (sales_order_id bigint, line_no integer, quantity numeric, before numeric, shipment text, shipment_line integer, role text, second_quantity numeric)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH shipped AS (
		SELECT k.sales_order_id, k.order_line_no, k.quantity - b.quantity AS open, d.key, k.line_no, CASE d.kind WHEN 'sales_shipment' THEN 'invoiced' END AS role,
		       CASE WHEN w.second_quantity <> 0 THEN round(w.second_quantity * (k.quantity - b.quantity) / k.quantity, 6) END AS second_quantity,
		       sum(k.quantity - b.quantity) OVER (PARTITION BY k.sales_order_id, k.order_line_no ORDER BY d.key, k.line_no) - (k.quantity - b.quantity) AS before
		  FROM unnest($2) AS n (id)
		 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_link f WHERE f.company_id = $1 AND f.sales_order_id = n.id AND f.link = 'ships' AND f.quantity > 0 OFFSET 0) k
		 CROSS JOIN LATERAL (SELECT f.key, f.kind FROM erp.document f
		                      WHERE f.company_id = $1 AND f.document_id = k.document_id AND f.kind IN ('shipment', 'sales_shipment') OFFSET 0) d
		 CROSS JOIN LATERAL (SELECT f.second_quantity FROM erp.document_line f WHERE f.company_id = $1 AND f.document_id = k.document_id AND f.line_no = k.line_no OFFSET 0) w
		 CROSS JOIN LATERAL (
			SELECT COALESCE(sum(abs(f.quantity)), 0) AS quantity
			  FROM erp.document_link f
			 WHERE f.company_id = $1 AND f.target_document_id = k.document_id AND f.target_line_no = k.line_no AND f.link IN ('fulfils', 'bills', 'corrects')
			   AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = f.document_id AND r.reverses_document_id <> 0)) b
		 WHERE k.quantity > b.quantity
		   AND NOT EXISTS (SELECT 1 FROM erp.document_link f WHERE f.company_id = $1 AND f.document_id = k.document_id AND f.line_no = k.line_no AND f.link = 'fulfils')
		   AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = k.document_id AND r.reverses_document_id <> 0)
	)
	SELECT s.sales_order_id, s.order_line_no, least(s.open, l.quantity - l.cancelled - l.billed - s.before), s.before, s.key, s.line_no, s.role, s.second_quantity
	  FROM shipped s
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_line f WHERE f.company_id = $1 AND f.sales_order_id = s.sales_order_id AND f.line_no = s.order_line_no OFFSET 0) l
	 WHERE l.quantity - l.cancelled - l.billed > s.before
	UNION ALL
	SELECT l.sales_order_id, l.line_no, l.quantity - l.cancelled - l.billed, 0::numeric, NULL::text, NULL::integer, l.line_role, NULL::numeric
	  FROM unnest($2) AS n (id)
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_line f
	                      WHERE f.company_id = $1 AND f.sales_order_id = n.id AND NOT f.moves_stock AND f.billed + f.cancelled < f.quantity OFFSET 0) l
	 ORDER BY 1, 2, 5, 6;
END
$function$;
COMMENT ON FUNCTION erp_private.unbilled_lines(integer, bigint[]) IS
	'What of orders is to be billed: of each line of a shipment what is neither billed nor came back, and what is no goods; before: what of the same line comes before it; no more in all than is not billed of the line, which may have been billed ahead.';

-- What is left of the line's net amount is parted by quantity: whoever bills the last of it takes the rest.
CREATE FUNCTION erp_private.billed_amount(amount numeric, ordered numeric, cancelled numeric, billed numeric, billed_amount numeric, before numeric, quantity numeric, decimals integer) RETURNS numeric
	LANGUAGE plpgsql IMMUTABLE
AS $function$
DECLARE
	rest numeric := round(amount * (ordered - cancelled) / ordered, decimals) - billed_amount;
BEGIN
	RETURN erp_private.amount_share(CASE WHEN amount < 0 THEN least(rest, 0) ELSE greatest(rest, 0) END, ordered - cancelled - billed, quantity, before, decimals);
END
$function$;
COMMENT ON FUNCTION erp_private.billed_amount(numeric, numeric, numeric, numeric, numeric, numeric, numeric, integer) IS
	'The net amount of a quantity of a line of an order, of which so much was cancelled and billed, at so much, and of which so much comes before it on the same invoice; nothing where more was billed than the line comes to.';

-- A price is said where it comes to that amount: without tax inside and discounts, in the unit that was ordered.
CREATE FUNCTION erp_private.billed_terms(terms jsonb, plain boolean, ordered numeric, entered numeric, quantity numeric, net numeric, decimals integer) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN (SELECT CASE WHEN plain AND terms ? 'price' AND NOT terms ?| ARRAY['discount', 'discount_percent'] AND round(quantity * entered / ordered, 6) * ordered = quantity * entered
	             AND round((terms ->> 'price')::numeric * quantity * entered / ordered, decimals) = net
	            THEN (terms - ARRAY['quantity', 'warehouse', 'location', 'lot', 'second_quantity', 'role']) || jsonb_build_object('quantity', round(quantity * entered / ordered, 6))
	            ELSE (terms - ARRAY['quantity', 'unit', 'price', 'discount', 'discount_percent', 'warehouse', 'location', 'lot', 'second_quantity', 'role'])
	                 || jsonb_build_object('quantity', quantity, 'amount', net) END);
END
$function$;
COMMENT ON FUNCTION erp_private.billed_terms(jsonb, boolean, numeric, numeric, numeric, numeric, integer) IS
	'What a line of an invoice says that bills a quantity (in the item''s unit) of a line of an order at a net amount: its price where that gives the amount, else the amount. plain: the order''s prices are without tax, and it has no discount as a whole; ordered: in the item''s unit, entered: in the unit of the price.';

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

CREATE FUNCTION erp_private.invoice_header(company_id integer, sales_order_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT (o.terms - ARRAY['short', 'warehouse', 'rate', 'discount', 'discount_percent']) || jsonb_strip_nulls(jsonb_build_object('kind', 'sales_invoice', 'day', request -> 'day', 'time', request -> 'time', 'late', request -> 'late',
	       'party', p.code, 'rate', COALESCE(request -> 'rate', CASE WHEN request ->> 'day' = o.day::text THEN o.terms -> 'rate' END),
	       'reference', COALESCE(request -> 'reference', o.terms -> 'reference'), 'description', request -> 'description'))
	  FROM erp.sales_order o
	  JOIN erp.party p ON p.company_id = $1 AND p.party_id = o.party_id
	 WHERE o.company_id = $1 AND o.sales_order_id = $2);
END
$function$;
COMMENT ON FUNCTION erp_private.invoice_header(integer, bigint, jsonb) IS
	'The header of an invoice that bills an order by a request of erp.invoice_orders(), without its discounts, which its lines have in them.';

-- Prices with tax are billed with tax, so that the parts come to the price; others without.
CREATE FUNCTION erp_private.invoice_document(company_id integer, orders bigint[], request jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN (SELECT erp_private.invoice_header($1, $2[1], request) || jsonb_strip_nulls(jsonb_build_object('lines', l.lines))
	  FROM erp.sales_order o
	  JOIN erp.currency m ON m.currency_id = o.currency_id
	 CROSS JOIN LATERAL (
		SELECT jsonb_agg(erp_private.billed_terms(s.terms, NOT h.terms ?| ARRAY['discount', 'discount_percent'] AND NOT x.is_inside, s.quantity, s.entered_quantity, u.quantity,
		       	CASE WHEN x.is_inside THEN erp_private.amount_share(g.left_amount, s.quantity - s.cancelled - s.billed, u.quantity, u.before, m.decimals)
		       	     ELSE erp_private.billed_amount(s.amount, s.quantity, s.cancelled, s.billed, s.billed_amount, u.before, u.quantity, m.decimals) END, m.decimals)
		       || jsonb_strip_nulls(jsonb_build_object('item', i.code, 'role', COALESCE(u.role, s.line_role), 'second_quantity', CASE WHEN u.role IS NULL THEN u.second_quantity END,
		       	'origin', CASE WHEN u.shipment IS NOT NULL THEN jsonb_build_object('key', u.shipment, 'line', u.shipment_line) END,
		       	'demand', CASE WHEN u.shipment IS NULL THEN jsonb_build_object('key', h.code, 'line', u.line_no) END)) ORDER BY u.sales_order_id, u.line_no, u.shipment, u.shipment_line) AS lines
		  FROM erp_private.unbilled_lines($1, $2) u
		 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order f WHERE f.company_id = $1 AND f.sales_order_id = u.sales_order_id OFFSET 0) h
		 CROSS JOIN LATERAL (SELECT f.* FROM erp.sales_order_line f WHERE f.company_id = $1 AND f.sales_order_id = u.sales_order_id AND f.line_no = u.line_no OFFSET 0) s
		  LEFT JOIN LATERAL (SELECT f.code FROM erp.item f WHERE f.company_id = $1 AND f.item_id = s.item_id AND s.item_id <> 0 OFFSET 0) i ON true
		 CROSS JOIN LATERAL (SELECT COALESCE((h.terms ->> 'prices_include_tax')::boolean, false) AS is_inside) x
		  LEFT JOIN LATERAL (SELECT f.left_amount FROM erp_private.unbilled_gross f WHERE x.is_inside AND f.company_id = $1 AND f.sales_order_id = u.sales_order_id AND f.line_no = u.line_no OFFSET 0) g ON true) l
	 WHERE o.company_id = $1 AND o.sales_order_id = $2[1]);
END
$function$;
COMMENT ON FUNCTION erp_private.invoice_document(integer, bigint[], jsonb) IS
	'The invoice of all that is to be billed of orders of one customer, currency and terms; without lines where nothing is.';

CREATE FUNCTION erp_private.orders_answer(company_id integer, orders bigint[]) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT jsonb_agg(jsonb_build_object('order', o.code, 'state', o.state) ORDER BY o.sales_order_id) FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = ANY ($2)
$function$;
COMMENT ON FUNCTION erp_private.orders_answer(integer, bigint[]) IS 'Codes and states of orders, as erp.invoice_orders() returns them.';

-- Once all milestones are billed, what is billed beside them (others for what came back, gifts) goes as on any order.
CREATE FUNCTION erp_private.bills_by_milestones(company_id integer, orders bigint[], request jsonb) RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	waits boolean := EXISTS (SELECT 1 FROM erp.sales_order_milestone s WHERE s.company_id = $1 AND s.sales_order_id = ANY ($2))
		AND EXISTS (SELECT 1 FROM erp_private.order_milestone m WHERE m.company_id = $1 AND m.sales_order_id = ANY ($2) AND m.billed_document_id IS NULL);
BEGIN
	IF (waits OR request ? 'milestones') AND cardinality(orders) > 1 THEN
		PERFORM erp_private.refuse('LE274', 'an order that is billed by milestones is billed alone', '$.orders', NULL, 'Bill them apart.');
	END IF;
	RETURN waits OR request ? 'milestones';
END
$function$;
COMMENT ON FUNCTION erp_private.bills_by_milestones(integer, bigint[], jsonb) IS
	'Whether a request of erp.invoice_orders() bills milestones: it names some, or some of the order are not billed; LE274 for several orders then.';

CREATE FUNCTION erp_private.invoice_orders(company_id integer, document_id bigint, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	company text := (SELECT c.code FROM erp.company c WHERE c.company_id = $1);
	key text := (SELECT erp_private.short_key(d.key) FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2) || '/invoice';
	ids bigint[];
	document jsonb;
	posted jsonb;
BEGIN
	PERFORM erp_private.check_object(request, '{"orders": "list!", "day": "day!", "time": "code", "rate": "decimal", "reference": "name", "description": "name", "late": "boolean", "milestones": "list"}');
	ids := erp_private.check_invoiced($1, ARRAY(SELECT e.value #>> '{}' FROM jsonb_array_elements(request -> 'orders') AS e (value)));
	IF ids = '{}' THEN
		PERFORM erp_private.refuse('LE011', 'an invoice is of one order or several', '$.orders', NULL, 'Name the orders.');
	END IF;
	PERFORM erp_private.write_gross($1, o.sales_order_id, erp_private.draw_up(company, erp_private.order_document(erp_private.changed_order($1, o.sales_order_id, '{}'))::text::json))
	   FROM erp.sales_order o WHERE o.company_id = $1 AND o.sales_order_id = ANY (ids) AND (o.terms ->> 'prices_include_tax')::boolean
	    AND EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = $1 AND l.sales_order_id = o.sales_order_id AND l.gross IS NULL);
	IF erp_private.bills_by_milestones($1, ids, request) THEN
		posted := erp_private.bill_milestones($1, key, ids[1], request);
		RETURN jsonb_build_object('invoice', posted -> 0, 'orders', erp_private.orders_answer($1, ids)) || CASE WHEN posted - 0 = '[]' THEN '{}' ELSE jsonb_build_object('more_invoices', posted - 0) END;
	END IF;
	document := erp_private.invoice_document($1, ids, request) || jsonb_build_object('key', key);
	IF document -> 'lines' IS NULL THEN
		PERFORM erp_private.refuse('LE275', 'nothing of these orders is shipped and not billed', '$.orders', request #>> '{orders,0}', 'Ship first; erp.order_lines shows what is to be billed.');
	END IF;
	posted := erp.post_document(company, document::text::json);
	IF document -> 'prices_include_tax' = 'true' THEN
		PERFORM erp_private.record_bill($1, (posted ->> 'document_id')::bigint, 0, document -> 'lines');
	END IF;
	RETURN jsonb_build_object('invoice', posted || jsonb_build_object('key', key), 'orders', erp_private.orders_answer($1, ids));
END
$function$;
COMMENT ON FUNCTION erp_private.invoice_orders(integer, bigint, jsonb) IS 'Does what erp.invoice_orders() says.';
