-- inventory: units of items.

CREATE FUNCTION erp_private.unit_conflict(company_id integer, items text[]) RETURNS TABLE (item_code text, unit text, ratios text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT i.code, u.code, string_agg(DISTINCT w.numerator || '/' || w.denominator, ' and ')
	  FROM erp.item i
	  JOIN erp_private.item_unit_way w ON w.company_id = i.company_id AND w.item_id = i.item_id
	  JOIN erp.unit u ON u.unit_id = w.unit_id
	 WHERE i.company_id = unit_conflict.company_id AND (i.code = ANY (items) OR items IS NULL)
	   -- From the item's own unit alone there is one way to each.
	   AND EXISTS (SELECT 1 FROM erp.item_unit n WHERE n.company_id = i.company_id AND n.item_id = i.item_id)
	 GROUP BY i.item_id, i.code, u.code
	HAVING count(DISTINCT (w.numerator, w.denominator)) > 1
	 ORDER BY i.code, u.code
$function$;
COMMENT ON FUNCTION erp_private.unit_conflict(integer, text[]) IS
	'Units of items (codes; null: of all) that convert into the item''s own in ways that differ.';

CREATE FUNCTION erp_private.refuse_unit_conflict(company_id integer, request jsonb, field text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	SELECT f.*, e.n INTO bad
	  FROM erp_private.unit_conflict(refuse_unit_conflict.company_id, ARRAY(SELECT e.value ->> field FROM jsonb_array_elements(request) AS e (value))) f
	  JOIN jsonb_array_elements(request) WITH ORDINALITY AS e (value, n) ON e.value ->> field = f.item_code
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE180', format('units of item "%s" differ: one "%s" comes to %s of its own', bad.item_code, bad.unit, bad.ratios),
			format('$[%s]', bad.n - 1), bad.unit, 'Mend the ratio, so that units of one measure agree; erp.item_units shows them.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.refuse_unit_conflict(integer, jsonb, text) IS
	'Raises LE180 if units of the items that the rows name (in that field) convert in ways that differ.';

-- Two calls on one item wait for each other; a posting reads ratios without a lock.
CREATE FUNCTION erp_private.lock_put_item_units(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF EXISTS (SELECT 1 FROM erp_private.rows_of(request) AS e (value)
	             JOIN erp.item i ON i.company_id = lock_put_item_units.company_id AND i.code = e.value ->> 'item'
	             JOIN erp.unit u ON u.code = e.value ->> 'unit'
	             JOIN erp.item_unit n ON n.company_id = i.company_id AND n.item_id = i.item_id AND n.unit_id = u.unit_id
	            WHERE e.value ->> 'numerator' <> n.numerator::text OR COALESCE(e.value ->> 'denominator', '1') <> n.denominator::text) THEN
		PERFORM erp_private.lock_structure(lock_put_item_units.company_id);
	END IF;
	PERFORM 1 FROM erp.item i WHERE i.company_id = lock_put_item_units.company_id
	    AND i.code IN (SELECT e.value ->> 'item' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY i.item_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_item_units(integer, jsonb) IS
	'Locks the items of the request; if a ratio changes, waits for the postings of the company first.';

CREATE FUNCTION erp_private.check_item_units(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"item": "code!", "unit": "code!", "numerator": "ratio!", "denominator": "ratio"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['item', 'unit']);
	SELECT e.n, e.value ->> 'item' AS item INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.item i WHERE i.company_id = check_item_units.company_id AND i.code = e.value ->> 'item')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'item', bad.item, 'item', 'Add it with erp.put_items().');
	SELECT e.n, e.value ->> 'unit' AS unit INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.unit u WHERE u.code = e.value ->> 'unit')
	 ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'unit', bad.unit, 'unit', 'Add it with erp.put_units().');
	SELECT e.n, e.value ->> 'item' AS item INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	  JOIN erp.item i ON i.company_id = check_item_units.company_id AND i.code = e.value ->> 'item'
	 WHERE i.unit_id = 0 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', 'the item has no unit of its own that another could be measured by', format('$[%s].item', bad.n - 1),
			bad.item, 'Give the item its unit with erp.put_items() first.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_item_units(integer, jsonb) IS 'Raises LE011 or LE012 unless the rows are units of items.';

CREATE FUNCTION erp_private.put_item_units(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_item_units(put_item_units.company_id, request);
	WITH wanted AS (
		SELECT i.item_id, u.unit_id, (e.value ->> 'numerator')::bigint AS numerator, COALESCE((e.value ->> 'denominator')::bigint, 1) AS denominator
		  FROM jsonb_array_elements(request) AS e (value)
		  JOIN erp.item i ON i.company_id = put_item_units.company_id AND i.code = e.value ->> 'item'
		  JOIN erp.unit u ON u.code = e.value ->> 'unit'
	), put AS (
		INSERT INTO erp.item_unit AS n (company_id, item_id, unit_id, numerator, denominator)
		SELECT put_item_units.company_id, w.item_id, w.unit_id, w.numerator / gcd(w.numerator, w.denominator), w.denominator / gcd(w.numerator, w.denominator)
		  FROM wanted w ORDER BY 2, 3
		ON CONFLICT (company_id, item_id, unit_id) DO UPDATE SET numerator = EXCLUDED.numerator, denominator = EXCLUDED.denominator
		WHERE (n.numerator, n.denominator) <> (EXCLUDED.numerator, EXCLUDED.denominator)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	PERFORM erp_private.refuse_unit_conflict(put_item_units.company_id, request, 'item');
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_item_units(integer, jsonb) IS 'Does what erp.put_item_units() says.';

CREATE FUNCTION erp_private.check_item_unit_ratios() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'item_units', c.code, 'item ' || f.item_code, format('one %s comes to %s of its unit', f.unit, f.ratios)
	  FROM erp.company c CROSS JOIN LATERAL erp_private.unit_conflict(c.company_id, NULL) f
$function$;
COMMENT ON FUNCTION erp_private.check_item_unit_ratios() IS 'Law 9: every unit of an item converts into the item''s own in one way.';

CREATE FUNCTION erp_private.check_second_quantities() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'second_quantities', s.company, format('item %s, warehouse %s', s.item_code, s.warehouse_code),
	       format('%s in its unit and %s in its second one', trim_scale(s.on_hand), trim_scale(s.second_on_hand))
	  FROM erp.second_quantities s WHERE sign(s.on_hand) <> sign(s.second_on_hand)
	UNION ALL
	SELECT 'second_quantities', c.code, 'move ' || m.move_id, format('is of %s in the second unit, its line of %s', trim_scale(m.second_quantity), trim_scale(l.second_quantity))
	  FROM erp.company c
	  JOIN erp.item i ON i.company_id = c.company_id AND i.second_unit_id <> 0
	 CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = i.company_id AND f.item_id = i.item_id OFFSET 0) m
	  JOIN erp.document_line l ON l.company_id = m.company_id AND l.document_id = m.document_id AND l.line_no = m.line_no
	 WHERE abs(m.second_quantity) <> abs(l.second_quantity)
$function$;
COMMENT ON FUNCTION erp_private.check_second_quantities() IS
	'Law 9: of an item with a second unit, a place holds some of both quantities or none, and moves have the second quantity of their lines.';
