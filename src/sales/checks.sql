-- sales: integrity checks.

CREATE FUNCTION erp_private.check_price_book() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'price_lists', c.code, 'price list ' || l.code, p.problem
	  FROM erp_private.price_list_problem() p
	  JOIN erp.price_list l ON l.company_id = p.company_id AND l.price_list_id = p.price_list_id
	  JOIN erp.company c ON c.company_id = p.company_id
	UNION ALL
	SELECT 'price_lists', c.code, 'price list ' || l.code, CASE WHEN l.for_all THEN 'is for everybody, and names whom it is for' ELSE 'is for nobody' END
	  FROM erp.price_list l
	  JOIN erp.company c ON c.company_id = l.company_id
	 WHERE l.for_all = EXISTS (SELECT 1 FROM erp.price_list_party x WHERE x.company_id = l.company_id AND x.price_list_id = l.price_list_id)
	UNION ALL
	SELECT 'price_lists', c.code, 'price rule ' || r.price_rule_id, 'names an item or a party that does not exist'
	  FROM erp.price_rule r
	  JOIN erp.company c ON c.company_id = r.company_id
	 WHERE (r.item_id <> 0 AND NOT EXISTS (SELECT 1 FROM erp.item i WHERE i.company_id = r.company_id AND i.item_id = r.item_id))
	    OR (r.party_id <> 0 AND NOT EXISTS (SELECT 1 FROM erp.party p WHERE p.company_id = r.company_id AND p.party_id = r.party_id))
$function$;
COMMENT ON FUNCTION erp_private.check_price_book() IS
	'Law 10: price lists begin from what they can, rules name what exists.';

CREATE FUNCTION erp_private.check_order_schedules() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT 'order_schedules', c.code, format('order %s, line %s', o.code, l.line_no),
	       format('its schedule adds up to %s, not to %s', trim_scale(s.quantity), trim_scale(CASE WHEN l.is_scheduled THEN l.quantity - l.cancelled ELSE 0 END))
	  FROM (SELECT f.company_id, f.sales_order_id, f.line_no, sum(f.quantity) AS quantity FROM erp.sales_order_schedule f GROUP BY 1, 2, 3) s
	  JOIN erp.sales_order_line l ON l.company_id = s.company_id AND l.sales_order_id = s.sales_order_id AND l.line_no = s.line_no
	  JOIN erp.sales_order o ON o.company_id = s.company_id AND o.sales_order_id = s.sales_order_id
	  JOIN erp.company c ON c.company_id = s.company_id
	 WHERE s.quantity <> CASE WHEN l.is_scheduled THEN l.quantity - l.cancelled ELSE 0 END
$function$;
COMMENT ON FUNCTION erp_private.check_order_schedules() IS
	'Law 9: the parts of the delivery schedule of a line of an order add up to what is ordered and not cancelled.';
