-- inventory: what the close of a month looks at in the stock, and its cost run.

CREATE FUNCTION erp_private.check_close_stock(company_id integer, period_id integer) RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH closing AS MATERIALIZED (
		SELECT p.company_id, p.last_day, c.code, c.negative_stock, m.decimals
		  FROM erp.period p
		  JOIN erp.company c ON c.company_id = p.company_id
		  JOIN erp.currency m ON m.currency_id = c.currency_id
		 WHERE p.company_id = $1 AND p.period_id = $2
	), stock AS MATERIALIZED (
		SELECT s.item_id, s.quantity, s.booked_value FROM closing p, erp_private.stock_value_at(p.company_id, p.last_day, NULL) s
	), total AS (
		SELECT p.code, p.decimals, COALESCE((SELECT sum(s.booked_value) FROM stock s), 0) AS value, COALESCE((
		       SELECT sum(b.company_debit - b.company_credit) FROM erp_private.balances_on(p.company_id, ARRAY[p.last_day],
		              ARRAY(SELECT a.account_id FROM erp.account a WHERE a.company_id = p.company_id AND a.control = 'inventory'), 0, '{}') b), 0) AS balance
		  FROM closing p
	)
	SELECT 'blocker', format('The stock is worth %s, the inventory accounts stand at %s.', round(t.value, t.decimals), round(t.balance, t.decimals)), jsonb '{}', 'SELECT * FROM erp.check_integrity()'
	  FROM total t WHERE t.value <> t.balance
	UNION ALL
	SELECT CASE WHEN s.quantity < 0 AND NOT p.negative_stock THEN 'blocker' ELSE 'warning' END,
	       CASE WHEN s.quantity < 0 THEN format('Item %s is below zero: %s.', i.code, trim_scale(s.quantity))
	            ELSE format('Of item %s there is nothing, and it is worth %s.', i.code, round(s.booked_value, p.decimals)) END,
	       jsonb_build_object('items', jsonb_build_array(i.code)), format('SELECT * FROM erp.stock_card(%L, %L, %L, %L)', p.code, i.code, date_trunc('month', p.last_day)::date, p.last_day)
	  FROM closing p
	 CROSS JOIN stock s
	  JOIN erp.item i ON i.company_id = p.company_id AND i.item_id = s.item_id
	 WHERE s.quantity < 0 OR s.quantity = 0 AND s.booked_value <> 0
$function$;
COMMENT ON FUNCTION erp_private.check_close_stock(integer, integer) IS
	'A check of the close, behind the cost run: the value of the stock at the end of the month against the inventory accounts, items below zero (a warning where the company lets them be), and value without quantity.';

CREATE FUNCTION erp_private.check_zero_costs(company_id integer, period_id integer) RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
	WITH issue AS (
		SELECT m.document_id, m.line_no, m.item_id
		  FROM erp.period p
		  JOIN erp.document d ON d.company_id = p.company_id AND d.posting_day BETWEEN p.first_day AND p.last_day
		  JOIN erp.document_kind k ON k.kind = d.kind AND 'stock' = ANY (k.modules)
		 CROSS JOIN LATERAL (SELECT t.* FROM erp.stock_move t WHERE t.company_id = d.company_id AND t.document_id = d.document_id AND t.quantity < 0 AND t.owner_id = 0 OFFSET 0) m
		 CROSS JOIN LATERAL (SELECT sum(e.amount) AS amount FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id) e
		 WHERE p.company_id = $1 AND p.period_id = $2 AND d.reverses_document_id = 0 AND COALESCE(e.amount, 0) = 0
	)
	SELECT 'warning', format('Item %s left without cost: document "%s", line %s.', i.code, d.key, m.line_no),
	       jsonb_build_object('documents', jsonb_build_array(d.key), 'items', jsonb_build_array(i.code)),
	       format('SELECT * FROM erp.zero_cost_issues WHERE company = %L', c.code)
	  FROM issue m
	  JOIN erp.company c ON c.company_id = $1
	  JOIN erp.item i ON i.company_id = $1 AND i.item_id = m.item_id
	  JOIN erp.document d ON d.company_id = $1 AND d.document_id = m.document_id
	 ORDER BY m.document_id, m.line_no
	 LIMIT 100
$function$;
COMMENT ON FUNCTION erp_private.check_zero_costs(integer, integer) IS 'A check of the close: goods of the company that left in the month and cost nothing, the first hundred lines.';

CREATE FUNCTION erp_private.check_close_pending(company_id integer, period_id integer) RETURNS TABLE (severity text, message text, subject jsonb, cure text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN c.pending_at_close = 'refuse' OR c.pending_at_close = 'year' AND p.last_day = y.last_day THEN 'blocker' ELSE 'warning' END,
	       format('Of document "%s", line %s, %s are pending.', x.document_key, x.line_no, x.pending), jsonb_build_object('documents', jsonb_build_array(x.document_key)),
	       format('SELECT erp.post_document(%L, ''{"kind": "adjustment_approval", ...}'')', c.code)
	  FROM erp.period p
	  JOIN erp.company c ON c.company_id = p.company_id
	  JOIN erp.fiscal_year y ON y.company_id = p.company_id AND y.fiscal_year_id = p.fiscal_year_id
	 CROSS JOIN LATERAL erp.pending_adjustments_as_of(c.code, p.last_day) x
	 WHERE p.company_id = $1 AND p.period_id = $2
$function$;
COMMENT ON FUNCTION erp_private.check_close_pending(integer, integer) IS
	'A check of the close: adjustments of stock that are pending at the end of the month, by what the company says (pending_at_close).';

CREATE FUNCTION erp_private.close_month_cost(company_id integer, period_id integer, close_key text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	month record;
	pools bigint;
BEGIN
	SELECT p.code, p.last_day, c.code AS company INTO month
	  FROM erp.period p JOIN erp.company c ON c.company_id = p.company_id WHERE p.company_id = $1 AND p.period_id = $2;
	SELECT count(*) INTO pools FROM erp_private.unrun_month u WHERE u.company_id = $1 AND u.last_day <= month.last_day;
	IF pools = 0 THEN
		RETURN jsonb '{"pools": 0}';
	END IF;
	PERFORM erp.run_month_cost(month.company, $3 || '/month_cost', json_build_object('period', month.code));
	RETURN jsonb_build_object('pools', pools, 'documents', jsonb_build_array($3 || '/month_cost'));
END
$function$;
COMMENT ON FUNCTION erp_private.close_month_cost(integer, integer, text) IS
	'A step of the close: the cost run of the month (erp.run_month_cost()), where goods by monthly average moved in it. Returns {"pools", "documents"?}.';
