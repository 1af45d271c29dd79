-- sales: what a quote costs. What a line costs by itself is held by the quote; promotions are about a whole, and so are asked of what is taken of it.

CREATE FUNCTION erp_private.priced_before_promotions(request jsonb, priced jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT request || jsonb_build_object('lines', jsonb_agg(CASE WHEN p.value IS NULL THEN l.value
	       ELSE l.value || jsonb_build_object('price', trim_scale(round(((p.value ->> 'gross')::numeric + COALESCE((
		SELECT sum((r.value ->> 'amount')::numeric) FROM jsonb_array_elements(p.value -> 'rules') AS r (value) WHERE r.value ->> 'effect' IN ('discount', 'given_discount')), 0))
		/ (p.value ->> 'quantity')::numeric, 8))) END ORDER BY l.n))
	  FROM (SELECT e.value, e.n, CASE WHEN erp_private.is_priced_line(e.value) THEN count(*) FILTER (WHERE erp_private.is_priced_line(e.value)) OVER (ORDER BY e.n) END AS priced_no
	          FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n)) l
	  LEFT JOIN jsonb_array_elements(priced -> 'lines') WITH ORDINALITY AS p (value, n) ON p.n = l.priced_no
$function$;
COMMENT ON FUNCTION erp_private.priced_before_promotions(jsonb, jsonb) IS
	'A request whose lines have the price of one unit that rules give them, after discounts and before promotions; priced: what erp.price() says of it.';

CREATE FUNCTION erp_private.offered_order(request jsonb, chosen integer[]) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT (request - ARRAY['quote', 'valid_until']) || jsonb_build_object('lines', (
		SELECT jsonb_agg(e.value - 'optional' ORDER BY e.n) FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n)
		 WHERE (e.value ->> 'optional')::boolean IS NOT TRUE OR e.n = ANY (chosen)))
$function$;
COMMENT ON FUNCTION erp_private.offered_order(jsonb, integer[]) IS 'The order that a quote is, with the optional lines of these numbers; before promotions.';

CREATE FUNCTION erp_private.make_offer(company_id integer, request jsonb, chosen integer[], priced boolean) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	offered jsonb := erp_private.offered_order(request, chosen);
	answer jsonb;
BEGIN
	IF NOT priced OR offered -> 'lines' = 'null' THEN
		RETURN jsonb_build_object('request', offered, 'promotions', jsonb '[]');
	END IF;
	answer := erp_private.priced_request($1, offered, NULL);
	RETURN jsonb_build_object('request', answer -> 'request', 'promotions', answer #> '{priced,promotions}', 'approval', erp_private.price_approval(answer -> 'priced'));
END
$function$;
COMMENT ON FUNCTION erp_private.make_offer(integer, jsonb, integer[], boolean) IS
	'What would be ordered of a quote with the optional lines of these numbers: {"request", "promotions", "approval"? (why its prices need approval)}; where it is priced by rules, with the promotions of its day for just that, and gifts behind. Raises LE240, LE241.';

-- A line that is not optional as it is without options, an optional one as it is with all of them; gifts that come without options behind.
CREATE FUNCTION erp_private.printed_offer(request jsonb, offer jsonb, drawn jsonb, whole jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH line AS (
		SELECT e.value, e.n, (e.value ->> 'optional')::boolean IS TRUE AS optional, count(*) FILTER (WHERE (e.value ->> 'optional')::boolean IS NOT TRUE) OVER (ORDER BY e.n) AS offered_no
		  FROM jsonb_array_elements(request -> 'lines') WITH ORDINALITY AS e (value, n)
	), printed AS (
		SELECT l.n, l.value, CASE WHEN l.optional THEN whole #> ARRAY['lines', (l.n - 1)::text] ELSE drawn #> ARRAY['lines', (l.offered_no - 1)::text] END AS drawn
		  FROM line l
		UNION ALL
		SELECT s.lines + g.n - s.offered, g.value, drawn #> ARRAY['lines', (g.n - 1)::text]
		  FROM (SELECT count(*) AS lines, max(l.offered_no) AS offered FROM line l) s
		 CROSS JOIN LATERAL jsonb_array_elements(offer #> '{request,lines}') WITH ORDINALITY AS g (value, n)
		 WHERE g.n > s.offered
	)
	SELECT jsonb_build_object('lines', jsonb_agg(p.value ORDER BY p.n), 'drawn', jsonb_agg(p.drawn || jsonb_build_object('line_no', p.n) ORDER BY p.n)) FROM printed p
$function$;
COMMENT ON FUNCTION erp_private.printed_offer(jsonb, jsonb, jsonb, jsonb) IS
	'Lines of a quote as they are printed, {"lines", "drawn"}. offer: without options; drawn, whole: what erp_private.draw_up() made of it without options and with all.';
