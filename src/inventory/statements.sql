-- inventory: what statements of goods on consignment say.

CREATE FUNCTION erp.propose_consignment_statement(company text, party text, until date) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(jsonb_agg(jsonb_build_object('item', r.item_code, 'quantity', r.open_quantity, 'amount', r.open_amount,
			'origin', jsonb_build_object('key', r.document_key, 'line', r.line_no)) ORDER BY r.day, r.document_key, r.line_no), '[]')
	  FROM erp.received_not_billed r
	 WHERE r.company = $1 AND r.party_code = $2 AND r.day <= $3 AND r.document_kind = 'consignment_withdrawal'
$function$;
COMMENT ON FUNCTION erp.propose_consignment_statement(text, text, date) IS
	'The lines of a consignment_statement with a supplier: all that was withdrawn to that day and is not billed yet, at its agreed price. company, party: codes. Returns an array of lines as erp.post_document() takes them (quantity in the item''s unit, amount in the currency of the withdrawals), by day; an empty one if nothing is open.';

CREATE FUNCTION erp.propose_consignment_sale(company text, party text, sold jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.check_rows(COALESCE(sold, 'null'), '$[#]', '{"item": "code!", "quantity": "quantity!", "price": "price"}');
	RETURN (
	WITH wanted AS (
		SELECT e.value ->> 'item' AS item, sum((e.value ->> 'quantity')::numeric) AS quantity, min((e.value ->> 'price')::numeric) AS price
		  FROM jsonb_array_elements(sold) AS e (value)
		 GROUP BY e.value ->> 'item'
	), out AS (
		SELECT w.item, w.quantity, w.price, l.document_key, l.line_no, l.open_quantity,
		       sum(l.open_quantity) OVER (PARTITION BY w.item ORDER BY l.day, l.document_key, l.line_no) - l.open_quantity AS before
		  FROM wanted w
		  JOIN erp.loan_list l ON l.company = $1 AND l.party_code = $2 AND l.document_kind = 'consignment_delivery' AND l.item_code = w.item
	)
	SELECT jsonb_build_object(
		'lines', (SELECT COALESCE(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('item', o.item, 'quantity', trim_scale(least(o.open_quantity, o.quantity - o.before)),
				'price', o.price, 'origin', jsonb_build_object('key', o.document_key, 'line', o.line_no))) ORDER BY o.item, o.before), '[]')
			FROM out o WHERE o.before < o.quantity),
		'missing', (SELECT COALESCE(jsonb_agg(jsonb_build_object('item', m.item, 'quantity', trim_scale(m.quantity)) ORDER BY m.item), '[]')
			FROM (SELECT w.item, w.quantity - COALESCE((SELECT sum(o.open_quantity) FROM out o WHERE o.item = w.item), 0) AS quantity FROM wanted w) m
			WHERE m.quantity > 0)));
END
$function$;
COMMENT ON FUNCTION erp.propose_consignment_sale(text, text, jsonb) IS
	'The lines of a sales_invoice for what a customer says was sold of goods on consignment, taken from the oldest deliveries first. company, party: codes. sold: [{"item", "quantity" (in the item''s unit), "price"? (one for each item)}]. Returns {"lines": as erp.post_document() takes them, "missing": [{"item", "quantity"}] what is said to be sold beyond what is on consignment with the party}. Errors: LE011.';
