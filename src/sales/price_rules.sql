-- sales: what erp.put_price_rules() does, and the mass change of prices.

CREATE FUNCTION erp_private.price_rule_problem(rule jsonb, tax_included boolean) RETURNS TABLE (field text, problem text)
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT p.field, p.problem
	  FROM (SELECT COALESCE(rule ->> 'purpose', 'price') AS purpose, rule ->> 'base' AS base, rule ->> 'base_list' AS base_list, rule ->> 'price' AS price,
	               rule ->> 'percent' AS percent, COALESCE(rule ->> 'amount', rule ->> 'round_to', rule ->> 'ending') AS formula) r,
	       LATERAL (VALUES
		(1, 'party_group', rule ->> 'party' IS NOT NULL AND rule ->> 'party_group' IS NOT NULL, 'a rule is for a party, a group of parties, or all'),
		(2, 'item_group', rule ->> 'item' IS NOT NULL AND rule ->> 'item_group' IS NOT NULL, 'a rule is for an item, a group of items, or all'),
		(3, 'price', r.purpose IN ('price', 'floor') AND num_nonnulls(r.price, r.base, r.base_list) <> 1, 'a price or floor has "price", or begins from "base" or "base_list"'),
		(4, 'price', r.purpose IN ('discount', 'cost_stop') AND num_nonnulls(r.price, r.base_list) <> 0, 'a discount or cost stop has no price'),
		(5, 'percent', r.purpose = 'discount' AND (r.percent IS NULL OR num_nonnulls(r.base, r.formula) <> 0), 'a discount has "percent", and nothing else'),
		(6, 'percent', r.price IS NOT NULL AND num_nonnulls(r.percent, r.formula) <> 0, 'what changes a price has something that it begins from'),
		(7, 'percent', r.percent::numeric < -100, 'no price is less by more than all of it'),
		(8, 'action', rule ->> 'action' IS NOT NULL AND r.purpose IN ('price', 'discount'), 'only a floor or cost stop has an action'),
		(9, 'base', tax_included AND r.base = 'cost' AND r.purpose IN ('price', 'floor'), 'a cost is without tax, and the prices of the list are with it')
	  ) AS p (rank, field, wrong, problem)
	 WHERE p.wrong ORDER BY p.rank LIMIT 1
$function$;
COMMENT ON FUNCTION erp_private.price_rule_problem(jsonb, boolean) IS
	'The first thing that does not go together in a row of erp.put_price_rules(), and its field; no row: none. tax_included: of its list.';

CREATE FUNCTION erp_private.check_price_rules(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"list": "code!", "purpose": "code", "party": "code", "party_group": "code", "item": "code", "item_group": "code", "unit": "code",
		"min_quantity": "quantity or zero", "from": "day", "to": "day", "price": "price", "base": "code", "base_list": "code", "percent": "percent", "amount": "signed price",
		"round_to": "price", "ending": "signed price", "net": "boolean", "action": "code", "active": "boolean"}');
	PERFORM erp_private.check_choice(request, '$[#]', 'purpose', ARRAY['price', 'discount', 'floor', 'cost_stop']);
	PERFORM erp_private.check_choice(request, '$[#]', 'base', ARRAY['cost']);
	PERFORM erp_private.check_choice(request, '$[#]', 'action', ARRAY['warn', 'approve', 'refuse']);
	PERFORM erp_private.check_named(check_price_rules.company_id, request, '$[#]', f.field, f.what)
	   FROM (VALUES ('list', 'price list'), ('base_list', 'price list'), ('party', 'party'), ('item', 'item'), ('unit', 'unit')) AS f (field, what);
	PERFORM erp_private.check_days_in_order(request, '$[#]');
	SELECT e.n, p.field, p.problem, e.value ->> p.field AS value INTO bad
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.price_list l ON l.company_id = check_price_rules.company_id AND l.code = e.value ->> 'list'
	 CROSS JOIN LATERAL erp_private.price_rule_problem(e.value, l.tax_included) p
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', bad.problem, format('$[%s].%s', bad.n - 1, bad.field), bad.value, 'See erp.put_price_rules().');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_price_rules(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are rules of price lists.';

CREATE FUNCTION erp_private.wanted_price_rules(company_id integer, request jsonb)
	RETURNS TABLE (row_no bigint, price_list_id integer, item_id integer, party_id integer, unit_id integer, base_list_id integer, valid_from date, valid_to date,
		net boolean, active boolean, item_group text, party_group text, purpose text, base text, action text, min_quantity numeric, price numeric, percent numeric,
		amount numeric, round_to numeric, ending numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT e.n, l.price_list_id, COALESCE(i.item_id, 0), COALESCE(p.party_id, 0), COALESCE(u.unit_id, 0), COALESCE(b.price_list_id, 0),
	       COALESCE((e.value ->> 'from')::date, '-infinity'), COALESCE((e.value ->> 'to')::date, 'infinity'), COALESCE((e.value ->> 'net')::boolean, false),
	       COALESCE((e.value ->> 'active')::boolean, true), COALESCE(e.value ->> 'item_group', ''), COALESCE(e.value ->> 'party_group', ''), r.purpose,
	       CASE WHEN r.purpose = 'cost_stop' THEN 'cost' WHEN b.code IS NOT NULL THEN 'list' ELSE COALESCE(e.value ->> 'base', 'none') END,
	       CASE WHEN r.purpose IN ('floor', 'cost_stop') THEN COALESCE(e.value ->> 'action', 'refuse') ELSE '' END,
	       COALESCE((e.value ->> 'min_quantity')::numeric, 0), COALESCE((e.value ->> 'price')::numeric, 0), COALESCE((e.value ->> 'percent')::numeric, 0),
	       COALESCE((e.value ->> 'amount')::numeric, 0), COALESCE((e.value ->> 'round_to')::numeric, 0), COALESCE((e.value ->> 'ending')::numeric, 0)
	  FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL (SELECT COALESCE(e.value ->> 'purpose', 'price') AS purpose) r
	  JOIN erp.price_list l ON l.company_id = $1 AND l.code = e.value ->> 'list'
	  LEFT JOIN erp.price_list b ON b.company_id = $1 AND b.code = e.value ->> 'base_list'
	  LEFT JOIN erp.party p ON p.company_id = $1 AND p.code = e.value ->> 'party'
	  LEFT JOIN erp.item i ON i.company_id = $1 AND i.code = e.value ->> 'item'
	  LEFT JOIN erp.unit u ON u.code = e.value ->> 'unit'
$function$;
COMMENT ON FUNCTION erp_private.wanted_price_rules(integer, jsonb) IS 'The rules that checked rows of erp.put_price_rules() are.';

CREATE FUNCTION erp_private.refuse_same_rule(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	twice bigint;
BEGIN
	SELECT r.row_no INTO twice
	  FROM (SELECT w.row_no, row_number() OVER (PARTITION BY w.item_id, w.item_group, w.price_list_id, w.party_id, w.party_group, w.purpose, w.unit_id, w.min_quantity, w.valid_from ORDER BY w.row_no) AS occurrence
	          FROM erp_private.wanted_price_rules($1, request) w) r
	 WHERE r.occurrence > 1 ORDER BY 1 LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'the same rule is given twice', format('$[%s]', twice - 1), NULL,
			'Give a rule of one list, purpose, party, item, unit, min_quantity and first day once.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.refuse_same_rule(integer, jsonb) IS 'Raises LE011 at the first row that is a rule of a row before it.';

CREATE FUNCTION erp_private.lock_put_price_rules(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.lock_put_price_lists(lock_put_price_rules.company_id, request);
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_price_rules(integer, jsonb) IS 'Locks the lists of the request.';

CREATE FUNCTION erp_private.put_price_rules(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_price_rules(put_price_rules.company_id, request);
	PERFORM erp_private.refuse_same_rule(put_price_rules.company_id, request);
	WITH put AS (
		INSERT INTO erp.price_rule AS r (company_id, price_list_id, item_id, party_id, unit_id, base_list_id, valid_from, valid_to, net, active, item_group, party_group,
		                                 purpose, base, action, min_quantity, price, percent, amount, round_to, ending)
		SELECT put_price_rules.company_id, w.price_list_id, w.item_id, w.party_id, w.unit_id, w.base_list_id, w.valid_from, w.valid_to, w.net, w.active, w.item_group, w.party_group,
		       w.purpose, w.base, w.action, w.min_quantity, w.price, w.percent, w.amount, w.round_to, w.ending
		  FROM erp_private.wanted_price_rules(put_price_rules.company_id, request) w
		 ORDER BY w.row_no
		ON CONFLICT (company_id, item_id, item_group, price_list_id, party_id, party_group, purpose, unit_id, min_quantity, valid_from) DO UPDATE
		SET base_list_id = EXCLUDED.base_list_id, valid_to = EXCLUDED.valid_to, net = EXCLUDED.net, active = EXCLUDED.active, base = EXCLUDED.base, action = EXCLUDED.action,
		    price = EXCLUDED.price, percent = EXCLUDED.percent, amount = EXCLUDED.amount, round_to = EXCLUDED.round_to, ending = EXCLUDED.ending
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	IF jsonb_path_exists(request, '$[*].base_list') THEN
		PERFORM erp_private.refuse_list_problem(put_price_rules.company_id, request, 'base_list');
	END IF;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_price_rules(integer, jsonb) IS 'Does what erp.put_price_rules() says.';
