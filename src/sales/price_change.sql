-- sales: the mass change of prices.

CREATE FUNCTION erp_private.lock_change_prices(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_put_price_lists(lock_change_prices.company_id, jsonb_build_array(request));
END
$function$;
COMMENT ON FUNCTION erp_private.lock_change_prices(integer, jsonb) IS 'Locks the list of the request.';

CREATE FUNCTION erp_private.check_price_change(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_object(request, '{"list": "code!", "percent": "percent", "amount": "signed price", "round_to": "price", "ending": "signed price", "items": "list",
		"item_group": "code", "party": "code", "party_group": "code", "unit": "code", "from": "day", "dry_run": "boolean"}');
	PERFORM erp_private.check_named(check_price_change.company_id, jsonb_build_array(request), '$', f.field, f.what)
	   FROM (VALUES ('list', 'price list'), ('party', 'party'), ('unit', 'unit')) AS f (field, what);
	SELECT e.n, e.value #>> '{}' AS code INTO bad FROM jsonb_array_elements(CASE jsonb_typeof(request -> 'items') WHEN 'array' THEN request -> 'items' ELSE '[]' END) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.item i WHERE i.company_id = check_price_change.company_id AND i.code = e.value #>> '{}') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$.items[#]', '', bad.code, 'item', 'Add it with erp.put_items().');
	IF COALESCE((request ->> 'percent')::numeric, 0) < -100 OR num_nonnulls(request ->> 'percent', request ->> 'amount', request ->> 'round_to', request ->> 'ending') = 0 THEN
		PERFORM erp_private.refuse('LE011', 'nothing says how prices change', '$.percent', request ->> 'percent', 'Give "percent" of at least -100, "amount", "round_to" or "ending".');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_price_change(integer, jsonb) IS 'Raises LE011 or LE012 unless the request is one of erp.change_prices().';

-- With a first day, of the rules that differ in their first day only the one that counts then.
CREATE FUNCTION erp_private.prices_to_change(company_id integer, request jsonb) RETURNS TABLE (price_rule_id bigint, before numeric, after numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT r.price_rule_id, r.price,
	       erp_private.changed_price(r.price, COALESCE((request ->> 'percent')::numeric, 0), COALESCE((request ->> 'amount')::numeric, 0),
	           COALESCE((request ->> 'round_to')::numeric, 0), COALESCE((request ->> 'ending')::numeric, 0))
	  FROM (SELECT f.*, row_number() OVER (PARTITION BY f.item_id, f.item_group, f.party_id, f.party_group, f.unit_id, f.min_quantity,
	                                        CASE WHEN request ->> 'from' IS NULL THEN f.valid_from END ORDER BY f.valid_from DESC) AS occurrence
	          FROM erp.price_list l JOIN erp.price_rule f ON f.company_id = l.company_id AND f.price_list_id = l.price_list_id
	         WHERE l.company_id = $1 AND l.code = request ->> 'list' AND f.active AND f.purpose = 'price' AND f.base = 'none'
	           AND (request ->> 'from' IS NULL OR (request ->> 'from')::date BETWEEN f.valid_from AND f.valid_to)) r
	  LEFT JOIN erp.item i ON i.company_id = $1 AND i.item_id = r.item_id
	  LEFT JOIN erp.party p ON p.company_id = $1 AND p.party_id = r.party_id
	  JOIN erp.unit u ON u.unit_id = r.unit_id
	 WHERE r.occurrence = 1
	   AND (COALESCE(jsonb_typeof(request -> 'items'), 'null') = 'null' OR request -> 'items' ? i.code)
	   AND (request ->> 'party' IS NULL OR p.code = request ->> 'party')
	   AND (request ->> 'party_group' IS NULL OR r.party_group = request ->> 'party_group')
	   AND (request ->> 'unit' IS NULL OR u.code = request ->> 'unit')
	   AND (request ->> 'item_group' IS NULL OR COALESCE(i.item_group, r.item_group) = request ->> 'item_group'
	        OR EXISTS (SELECT 1 FROM erp_private.item_group_tree t
	                    WHERE t.company_id = $1 AND t.code = COALESCE(i.item_group, r.item_group) AND request ->> 'item_group' = ANY (t.path)))
$function$;
COMMENT ON FUNCTION erp_private.prices_to_change(integer, jsonb) IS 'The rules that a checked request of erp.change_prices() selects, each with its price and what becomes of it.';

CREATE FUNCTION erp_private.write_prices(company_id integer, request jsonb, changes jsonb) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH change AS MATERIALIZED (
		SELECT r.*, (c.value ->> 'after')::numeric AS after, COALESCE((request ->> 'from')::date, r.valid_from) AS first_day
		  FROM jsonb_array_elements(changes) AS c (value)
		  JOIN erp.price_rule r ON r.company_id = $1 AND r.price_rule_id = (c.value ->> 'rule')::bigint
	)
	INSERT INTO erp.price_rule AS r (company_id, price_list_id, item_id, party_id, unit_id, base_list_id, valid_from, valid_to, net, active, item_group, party_group,
	                                 purpose, base, action, min_quantity, price, percent, amount, round_to, ending)
	SELECT c.company_id, c.price_list_id, c.item_id, c.party_id, c.unit_id, c.base_list_id, c.first_day, c.valid_to, c.net, c.active, c.item_group, c.party_group,
	       c.purpose, c.base, c.action, c.min_quantity, c.after, c.percent, c.amount, c.round_to, c.ending
	  FROM change c
	 ORDER BY c.price_rule_id
	ON CONFLICT (company_id, item_id, item_group, price_list_id, party_id, party_group, purpose, unit_id, min_quantity, valid_from) DO UPDATE SET price = EXCLUDED.price
$function$;
COMMENT ON FUNCTION erp_private.write_prices(integer, jsonb, jsonb) IS
	'Writes the prices that erp.change_prices() found: in place of the old ones, or as rules from the first day of the request on.';

CREATE FUNCTION erp_private.change_prices(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	changes jsonb;
BEGIN
	PERFORM erp_private.check_price_change(change_prices.company_id, request);
	SELECT COALESCE(jsonb_agg(jsonb_build_object('rule', r.price_rule_id, 'item', i.code, 'item_group', NULLIF(r.item_group, ''), 'party', p.code,
	           'party_group', NULLIF(r.party_group, ''), 'unit', NULLIF(u.code, ''), 'min_quantity', trim_scale(r.min_quantity), 'before', trim_scale(c.before),
	           'after', trim_scale(c.after)) ORDER BY i.code COLLATE "C", r.price_rule_id), '[]') INTO changes
	  FROM erp_private.prices_to_change(change_prices.company_id, request) c
	  JOIN erp.price_rule r ON r.company_id = change_prices.company_id AND r.price_rule_id = c.price_rule_id
	  JOIN erp.unit u ON u.unit_id = r.unit_id
	  LEFT JOIN erp.item i ON i.company_id = r.company_id AND i.item_id = r.item_id
	  LEFT JOIN erp.party p ON p.company_id = r.company_id AND p.party_id = r.party_id
	 WHERE c.before <> c.after;
	IF (request ->> 'dry_run')::boolean IS NOT TRUE THEN
		PERFORM erp_private.write_prices(change_prices.company_id, request, changes);
	END IF;
	RETURN jsonb_build_object('changed', jsonb_array_length(changes), 'dry_run', COALESCE((request ->> 'dry_run')::boolean, false), 'prices', changes);
END
$function$;
COMMENT ON FUNCTION erp_private.change_prices(integer, jsonb) IS 'Does what erp.change_prices() says.';
