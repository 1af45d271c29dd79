-- sales: what erp.put_promotions() does, and what documents use.

CREATE FUNCTION erp_private.promotion_problem(promotion jsonb) RETURNS TABLE (field text, problem text)
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT p.field, p.problem
	  FROM (SELECT promotion ->> 'kind' AS kind, promotion ->> 'percent' AS percent, promotion ->> 'amount' AS amount,
	               jsonb_array_length(CASE jsonb_typeof(promotion -> 'items') WHEN 'array' THEN promotion -> 'items' ELSE '[]' END) AS items) r,
	       LATERAL (VALUES
		(1, 'party_group', promotion ->> 'party' IS NOT NULL AND promotion ->> 'party_group' IS NOT NULL, 'a promotion is for a party, a group of parties, or all'),
		(2, 'item_group', promotion ->> 'item' IS NOT NULL AND promotion ->> 'item_group' IS NOT NULL, 'a promotion is about an item, a group of items, or all'),
		(3, 'buy_quantity', r.kind = 'gift' AND num_nulls(promotion ->> 'buy_quantity', promotion ->> 'gift_quantity', COALESCE(promotion ->> 'gift_item', promotion ->> 'item')) > 0,
			'a gift has "buy_quantity", "gift_quantity" and "gift_item"'),
		(4, 'threshold', r.kind = 'threshold' AND (promotion ->> 'threshold' IS NULL OR num_nonnulls(r.percent, r.amount) <> 1), 'a threshold has "threshold" and "percent" or "amount"'),
		(5, 'items', r.kind = 'bundle' AND (promotion ->> 'bundle_price' IS NULL OR r.items = 0), 'a bundle has "items" and "bundle_price"'),
		(6, 'currency', r.kind <> 'gift' AND promotion ->> 'currency' IS NULL, 'amounts have a currency'),
		(7, 'percent', r.percent::numeric NOT BETWEEN -100 AND 0 OR r.percent::numeric = 0, 'what is taken off is a percentage below zero, of at most -100'),
		(8, 'amount', r.amount::numeric >= 0, 'what is taken off is an amount below zero'),
		(9, 'kind', (r.kind <> 'gift' AND num_nonnulls(promotion ->> 'buy_quantity', promotion ->> 'gift_quantity', promotion ->> 'gift_item') > 0)
			OR (r.kind <> 'threshold' AND num_nonnulls(promotion ->> 'threshold', r.percent, r.amount) > 0)
			OR (r.kind <> 'bundle' AND (promotion ->> 'bundle_price' IS NOT NULL OR r.items > 0)), 'a field is one of another kind of promotion'),
		(10, 'max_uses', (promotion ->> 'max_uses')::integer < 0 OR (promotion ->> 'max_uses_of_party')::integer < 0, 'a limit is not below zero')
	  ) AS p (rank, field, wrong, problem)
	 WHERE p.wrong ORDER BY p.rank LIMIT 1
$function$;
COMMENT ON FUNCTION erp_private.promotion_problem(jsonb) IS 'The first thing that does not go together in a row of erp.put_promotions(), and its field; no row: none.';

CREATE FUNCTION erp_private.check_promotions(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"code": "code!", "name": "name!", "kind": "code!", "currency": "code", "each": "boolean", "priority": "integer", "exclusive_group": "name",
		"by_code": "boolean", "party": "code", "party_group": "code", "item": "code", "item_group": "code", "from": "day", "to": "day", "max_uses": "integer",
		"max_uses_of_party": "integer", "buy_quantity": "quantity", "gift_item": "code", "gift_quantity": "quantity", "threshold": "amount", "percent": "percent",
		"amount": "signed amount", "items": "list", "bundle_price": "amount", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['code']);
	PERFORM erp_private.check_choice(request, '$[#]', 'kind', ARRAY['gift', 'threshold', 'bundle']);
	PERFORM erp_private.check_named(check_promotions.company_id, request, '$[#]', f.field, f.what)
	   FROM (VALUES ('currency', 'currency'), ('party', 'party'), ('item', 'item'), ('gift_item', 'item')) AS f (field, what);
	PERFORM erp_private.check_days_in_order(request, '$[#]');
	FOR bad IN SELECT e.value -> 'items' AS items, format('$[%s].items[#]', e.n - 1) AS path FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	            WHERE jsonb_typeof(e.value -> 'items') = 'array' LOOP
		PERFORM erp_private.check_rows(bad.items, bad.path, '{"item": "code!", "quantity": "quantity!"}');
		PERFORM erp_private.check_once(bad.items, bad.path, ARRAY['item']);
		PERFORM erp_private.check_named(check_promotions.company_id, bad.items, bad.path, 'item', 'item');
	END LOOP;
	SELECT e.n, p.field, p.problem, e.value ->> p.field AS value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) CROSS JOIN LATERAL erp_private.promotion_problem(e.value) p
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', bad.problem, format('$[%s].%s', bad.n - 1, bad.field), bad.value, 'See erp.put_promotions().');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_promotions(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are promotions.';

CREATE FUNCTION erp_private.put_bundles(company_id integer, request jsonb) RETURNS void
	LANGUAGE sql SET search_path = pg_catalog, pg_temp
AS $function$
	WITH given AS MATERIALIZED (
		SELECT p.promotion_id, i.item_id, (b.value ->> 'quantity')::numeric AS quantity
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.promotion p ON p.company_id = $1 AND p.code = e.value ->> 'code'
		  LEFT JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(e.value -> 'items') WHEN 'array' THEN e.value -> 'items' ELSE '[]' END) AS b (value) ON true
		  LEFT JOIN erp.item i ON i.company_id = $1 AND i.code = b.value ->> 'item'
	), taken AS (
		DELETE FROM erp.promotion_item x
		 WHERE x.company_id = $1 AND x.promotion_id IN (SELECT g.promotion_id FROM given g)
		   AND NOT EXISTS (SELECT 1 FROM given g WHERE g.promotion_id = x.promotion_id AND g.item_id = x.item_id)
	)
	INSERT INTO erp.promotion_item (company_id, promotion_id, item_id, quantity)
	SELECT $1, g.promotion_id, g.item_id, g.quantity FROM given g WHERE g.item_id IS NOT NULL ORDER BY 2, 3
	ON CONFLICT ON CONSTRAINT promotion_item_key DO UPDATE SET quantity = EXCLUDED.quantity
$function$;
COMMENT ON FUNCTION erp_private.put_bundles(integer, jsonb) IS 'Gives the bundles of the request what they hold, in place of what they held.';

CREATE FUNCTION erp_private.lock_put_promotions(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.promotion p WHERE p.company_id = lock_put_promotions.company_id
	    AND p.code IN (SELECT e.value ->> 'code' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY p.promotion_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_promotions(integer, jsonb) IS 'Locks the promotions of the request.';

CREATE FUNCTION erp_private.put_promotions(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_promotions(put_promotions.company_id, request);
	WITH put AS (
		INSERT INTO erp.promotion AS p (company_id, code, name, kind, priority, exclusive_group, by_code, active, each, valid_from, valid_to, max_uses, max_uses_of_party,
		                                party_id, item_id, gift_item_id, currency_id, party_group, item_group, buy_quantity, gift_quantity, threshold, percent, amount, bundle_price)
		SELECT put_promotions.company_id, e.value ->> 'code', e.value ->> 'name', e.value ->> 'kind', COALESCE((e.value ->> 'priority')::integer, 0),
		       COALESCE(e.value ->> 'exclusive_group', ''), COALESCE((e.value ->> 'by_code')::boolean, false), COALESCE((e.value ->> 'active')::boolean, true),
		       COALESCE((e.value ->> 'each')::boolean, true), COALESCE((e.value ->> 'from')::date, '-infinity'), COALESCE((e.value ->> 'to')::date, 'infinity'),
		       COALESCE((e.value ->> 'max_uses')::integer, 0), COALESCE((e.value ->> 'max_uses_of_party')::integer, 0), COALESCE(c.party_id, 0), COALESCE(i.item_id, 0),
		       CASE e.value ->> 'kind' WHEN 'gift' THEN COALESCE(g.item_id, i.item_id) ELSE 0 END, COALESCE(m.currency_id, 0),
		       COALESCE(e.value ->> 'party_group', ''), COALESCE(e.value ->> 'item_group', ''), COALESCE((e.value ->> 'buy_quantity')::numeric, 0),
		       COALESCE((e.value ->> 'gift_quantity')::numeric, 0), COALESCE((e.value ->> 'threshold')::numeric, 0), COALESCE((e.value ->> 'percent')::numeric, 0),
		       COALESCE((e.value ->> 'amount')::numeric, 0), COALESCE((e.value ->> 'bundle_price')::numeric, 0)
		  FROM jsonb_array_elements(request) AS e (value)
		  LEFT JOIN erp.currency m ON m.code = e.value ->> 'currency'
		  LEFT JOIN erp.party c ON c.company_id = put_promotions.company_id AND c.code = e.value ->> 'party'
		  LEFT JOIN erp.item i ON i.company_id = put_promotions.company_id AND i.code = e.value ->> 'item'
		  LEFT JOIN erp.item g ON g.company_id = put_promotions.company_id AND g.code = e.value ->> 'gift_item'
		 ORDER BY 2
		ON CONFLICT ON CONSTRAINT promotion_code_key DO UPDATE
		SET name = EXCLUDED.name, kind = EXCLUDED.kind, priority = EXCLUDED.priority, exclusive_group = EXCLUDED.exclusive_group, by_code = EXCLUDED.by_code,
		    active = EXCLUDED.active, each = EXCLUDED.each, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to, max_uses = EXCLUDED.max_uses,
		    max_uses_of_party = EXCLUDED.max_uses_of_party, party_id = EXCLUDED.party_id, item_id = EXCLUDED.item_id, gift_item_id = EXCLUDED.gift_item_id,
		    currency_id = EXCLUDED.currency_id, party_group = EXCLUDED.party_group, item_group = EXCLUDED.item_group, buy_quantity = EXCLUDED.buy_quantity,
		    gift_quantity = EXCLUDED.gift_quantity, threshold = EXCLUDED.threshold, percent = EXCLUDED.percent, amount = EXCLUDED.amount, bundle_price = EXCLUDED.bundle_price
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	PERFORM erp_private.put_bundles(put_promotions.company_id, request);
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_promotions(integer, jsonb) IS 'Does what erp.put_promotions() says.';

-- Limits are counted under the lock of the promotions that have any, ascending; a promotion without a limit is locked by nobody.
CREATE FUNCTION erp_private.use_promotions(company_id integer, document text, uses jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	bad record;
BEGIN
	PERFORM 1 FROM erp.promotion p
	  WHERE p.company_id = $1 AND (p.max_uses > 0 OR p.max_uses_of_party > 0) AND p.code IN (SELECT e.value ->> 'promotion' FROM jsonb_array_elements($3) AS e (value))
	  ORDER BY p.promotion_id FOR NO KEY UPDATE;
	-- A new version of the row, so that whoever goes by an older snapshot fails.
	UPDATE erp.promotion p SET max_uses = p.max_uses
	 WHERE p.company_id = $1 AND (p.max_uses > 0 OR p.max_uses_of_party > 0) AND p.code IN (SELECT e.value ->> 'promotion' FROM jsonb_array_elements($3) AS e (value));
	DELETE FROM erp.promotion_use u
	 WHERE u.company_id = $1 AND u.document = $2
	   AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements($3) AS e (value) JOIN erp.promotion p ON p.company_id = $1 AND p.code = e.value ->> 'promotion' WHERE p.promotion_id = u.promotion_id);
	INSERT INTO erp.promotion_use AS u (company_id, promotion_id, document, party_id, uses)
	SELECT $1, p.promotion_id, $2, COALESCE((e.value ->> 'party_id')::integer, 0), (e.value ->> 'uses')::integer
	  FROM jsonb_array_elements($3) AS e (value) JOIN erp.promotion p ON p.company_id = $1 AND p.code = e.value ->> 'promotion'
	 ORDER BY p.promotion_id
	ON CONFLICT ON CONSTRAINT promotion_use_key DO UPDATE SET uses = EXCLUDED.uses, party_id = EXCLUDED.party_id;
	SELECT p.code, CASE WHEN s.all_uses > p.max_uses AND p.max_uses > 0 THEN p.max_uses ELSE p.max_uses_of_party END AS most INTO bad
	  FROM jsonb_array_elements($3) AS e (value)
	  JOIN erp.promotion p ON p.company_id = $1 AND p.code = e.value ->> 'promotion' AND (p.max_uses > 0 OR p.max_uses_of_party > 0)
	 CROSS JOIN LATERAL (SELECT sum(u.uses) AS all_uses, sum(u.uses) FILTER (WHERE u.party_id = COALESCE((e.value ->> 'party_id')::integer, 0)) AS of_party
	                       FROM erp.promotion_use u WHERE u.company_id = $1 AND u.promotion_id = p.promotion_id) s
	 WHERE (p.max_uses > 0 AND s.all_uses > p.max_uses) OR (p.max_uses_of_party > 0 AND s.of_party > p.max_uses_of_party)
	 ORDER BY p.code LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE242', format('promotion "%s" may be used %s times, and would be more often', bad.code, bad.most), 'promotion', bad.code,
			'Price the document again: what others have used since is no longer given.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.use_promotions(integer, text, jsonb) IS
	'Makes the uses of a document (its name) those of "promotions" of erp.price() - [{"promotion", "uses", "party_id"}] - and no others; [] for a document that is cancelled. Waits for other documents that use promotions with a limit; raises LE242 where one would be used more often than it may be. Under REPEATABLE READ, if others have used it since the snapshot, 40001.';
