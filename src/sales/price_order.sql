-- sales: lines of orders that bring no price of their own.

CREATE FUNCTION erp_private.is_priced_line(line jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT jsonb_typeof(line) = 'object' AND line ->> 'item' IS NOT NULL AND COALESCE(line ->> 'role', 'sale') IN ('sale', 'service')
	       AND (line ->> 'amount' IS NULL OR line ->> 'price' IS NOT NULL)
$function$;
COMMENT ON FUNCTION erp_private.is_priced_line(jsonb) IS 'Whether a line of a request is of goods or services whose price rules may give, or whose price counts for promotions.';

-- What a line comes to is its quantity by a price of 8 decimals, or else is given as its amount.
CREATE FUNCTION erp_private.line_with_price(line jsonb, priced jsonb, decimals integer) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT (line - 'price') || CASE WHEN erp.round_amount((priced ->> 'quantity')::numeric * p.price, decimals) = (priced ->> 'net')::numeric
	       THEN jsonb_build_object('price', trim_scale(p.price)) ELSE jsonb_build_object('amount', priced -> 'net') END
	  FROM (SELECT round((priced ->> 'net')::numeric / (priced ->> 'quantity')::numeric, 8) AS price) p
$function$;
COMMENT ON FUNCTION erp_private.line_with_price(jsonb, jsonb, integer) IS 'A line of a request with the price, or amount, that erp.price() found it comes to; decimals: of its currency.';

CREATE FUNCTION erp_private.priced_request(company_id integer, request jsonb, document text) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	of_party integer := COALESCE((SELECT p.party_id FROM erp.party p WHERE p.company_id = $1 AND p.code = request ->> 'party'), 0);
	currency record;
	priced jsonb;
BEGIN
	SELECT m.currency_id, m.decimals INTO currency FROM erp.company c JOIN erp.currency m ON CASE WHEN request ->> 'currency' IS NULL THEN m.currency_id = c.currency_id ELSE m.code = request ->> 'currency' END
	 WHERE c.company_id = $1;
	IF NOT FOUND THEN
		PERFORM erp_private.refuse('LE012', format('there is no currency "%s"', left(request ->> 'currency', 100)), '$.currency', request ->> 'currency', 'Add it with erp.put_currencies().');
	END IF;
	priced := erp_private.price_lines($1, of_party, currency.currency_id, (request ->> 'day')::date,
		(SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('item', e.value -> 'item', 'quantity', e.value -> 'quantity', 'unit', e.value -> 'unit', 'price', e.value -> 'price', 'tax_code', e.value -> 'tax_code')) ORDER BY e.n)
		   FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n) WHERE erp_private.is_priced_line(e.value)),
		jsonb_strip_nulls(jsonb_build_object('tax_code', request -> 'tax_code', 'tax_included', COALESCE((request ->> 'prices_include_tax')::boolean, false), 'document', document)));
	RETURN jsonb_build_object('priced', priced, 'request', request || jsonb_build_object('lines', (
		SELECT jsonb_agg(COALESCE(erp_private.line_with_price(l.value, p.value, currency.decimals), l.value) ORDER BY l.n)
		  FROM (SELECT e.value, e.n, CASE WHEN erp_private.is_priced_line(e.value) THEN count(*) FILTER (WHERE erp_private.is_priced_line(e.value)) OVER (ORDER BY e.n) END AS priced_no
		          FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n)) l
		  LEFT JOIN jsonb_array_elements(priced -> 'lines') WITH ORDINALITY AS p (value, n) ON p.n = l.priced_no)
		|| (SELECT COALESCE(jsonb_agg(jsonb_build_object('item', g.value -> 'item', 'role', 'free', 'quantity', g.value -> 'quantity') ORDER BY g.n), '[]')
		      FROM jsonb_array_elements(priced -> 'gifts') WITH ORDINALITY AS g (value, n))));
END
$function$;
COMMENT ON FUNCTION erp_private.priced_request(integer, jsonb, text) IS
	'A request of an order, or of an invoice, whose lines have the prices that rules and promotions give them, with lines for gifts behind them ("request"), and what erp.price() says of them ("priced"). document: the name under which it uses promotions. Lines that bring a price keep it, less what promotions take off.';

CREATE FUNCTION erp_private.price_approval(priced jsonb) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	IF erp_private.check_prices(priced) <> 'approve' THEN
		RETURN NULL;
	END IF;
	SELECT l.value ->> 'item' AS item, s.value ->> 'limit' AS least INTO bad
	  FROM jsonb_array_elements(priced -> 'lines') WITH ORDINALITY AS l (value, n), jsonb_array_elements(l.value -> 'stops') AS s (value)
	 WHERE s.value ->> 'action' = 'approve' ORDER BY l.n LIMIT 1;
	RETURN format('the price of item "%s" is below its floor: at least %s without tax', bad.item, bad.least);
END
$function$;
COMMENT ON FUNCTION erp_private.price_approval(jsonb) IS 'Why prices, as erp.price() says them, need approval; null if they do not. Raises LE240, LE241 for what is refused, or has no price.';

-- Where every line brings its price or amount, or the company keeps no price lists, nothing is asked.
CREATE FUNCTION erp_private.price_lines_of(company_id integer, code text, INOUT request jsonb, OUT approval text, OUT promotions jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	answer jsonb;
BEGIN
	IF NOT EXISTS (SELECT 1 FROM jsonb_array_elements(request -> 'lines') AS e (value) WHERE erp_private.is_priced_line(e.value) AND e.value ->> 'price' IS NULL)
		OR NOT EXISTS (SELECT 1 FROM erp.price_list l WHERE l.company_id = $1 AND l.active) THEN
		RETURN;
	END IF;
	answer := erp_private.priced_request($1, request, code);
	approval := erp_private.price_approval(answer -> 'priced');
	promotions := answer #> '{priced,promotions}';
	request := answer -> 'request';
END
$function$;
COMMENT ON FUNCTION erp_private.price_lines_of(integer, text, jsonb) IS
	'Prices a request of an order whose lines do not all bring their own: the request with prices and gifts; approval: why it needs approval, null if it does not; promotions: which it uses, null where nothing was priced. code: under which it uses promotions, null for none. Raises LE240, LE241.';

CREATE FUNCTION erp_private.price_order(company_id integer, code text, INOUT request jsonb, OUT approval text)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	priced record := erp_private.price_lines_of($1, $2, $3);
BEGIN
	IF priced.promotions IS NOT NULL THEN
		PERFORM erp_private.use_promotions($1, code, priced.promotions);
	END IF;
	request := priced.request;
	approval := priced.approval;
END
$function$;
COMMENT ON FUNCTION erp_private.price_order(integer, text, jsonb) IS
	'Prices an order whose lines do not all bring their own: the request with prices and gifts; approval: why it needs approval, null if it does not. Writes which promotions the order (its code) uses. Raises LE240, LE241, LE242.';

-- Of their own, as another order of that day would be: what is there keeps its prices. What they use of promotions comes to what the order uses already.
CREATE FUNCTION erp_private.price_added(company_id integer, sales_order_id bigint, INOUT request jsonb, OUT approval text)
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	ordered text := request ->> 'order';
	added jsonb;
	priced record;
BEGIN
	SELECT (o.terms - ARRAY['discount', 'discount_percent']) || jsonb_build_object('party', p.code, 'day', request -> 'day', 'currency', m.code, 'lines', n.lines) INTO added
	  FROM erp.sales_order o
	  JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
	  JOIN erp.currency m ON m.currency_id = o.currency_id
	  JOIN (SELECT jsonb_agg(e.value ORDER BY e.n) AS lines FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n) WHERE e.value -> 'line' IS NULL) n ON n.lines IS NOT NULL
	 WHERE o.company_id = $1 AND o.sales_order_id = $2;
	IF added IS NULL THEN
		RETURN;
	END IF;
	priced := erp_private.price_lines_of($1, NULL, added);
	IF priced.promotions IS NULL THEN
		RETURN;
	END IF;
	PERFORM erp_private.use_promotions($1, ordered, (
		SELECT COALESCE(jsonb_agg(jsonb_build_object('promotion', u.code, 'uses', u.uses, 'party_id', u.party_id)), '[]')
		  FROM (SELECT s.code, sum(s.uses) AS uses, max(s.party_id) AS party_id
		          FROM (SELECT p.code, f.uses, f.party_id FROM erp.promotion_use f JOIN erp.promotion p ON p.company_id = $1 AND p.promotion_id = f.promotion_id WHERE f.company_id = $1 AND f.document = ordered
		                UNION ALL
		                SELECT e.value ->> 'promotion', (e.value ->> 'uses')::integer, (e.value ->> 'party_id')::integer FROM jsonb_array_elements(priced.promotions) AS e (value)) s
		         GROUP BY s.code) u));
	request := request || jsonb_build_object('lines', COALESCE((SELECT jsonb_agg(e.value ORDER BY e.n) FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n) WHERE e.value -> 'line' IS NOT NULL), '[]')
		|| (priced.request -> 'lines'));
	approval := priced.approval;
END
$function$;
COMMENT ON FUNCTION erp_private.price_added(integer, bigint, jsonb) IS
	'Prices the lines that a request of erp.change_order() adds to an order where they do not all bring their own price: the request with prices and gifts; approval: why it needs approval, null if it does not. Writes which promotions the order uses by now. Raises LE240, LE241, LE242.';
