-- What the books say against what was derived, a row for each difference.

CREATE FUNCTION selling.document_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	SELECT 'document', coalesce(b.key, t.key), concat_ws(' ', b.kind, b.day, b.time_of_day), concat_ws(' ', t.kind, t.day, t.tod)
	FROM (SELECT d.* FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = p_company AND d.kind IN (SELECT kind FROM selling.role)) b
	FULL JOIN (SELECT * FROM selling.document WHERE company = p_company) t ON t.key = b.key
	WHERE (b.kind, b.day, b.time_of_day) IS DISTINCT FROM (t.kind, t.day, t.tod)
$$;

-- Every move with its place and what it is worth by now; each pool of an item; each place with what is promised of it.
CREATE FUNCTION selling.stock_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH c AS (SELECT company_id FROM erp.company WHERE code = p_company)
	SELECT 'move', concat_ws(' ', coalesce(b.key, t.key), coalesce(b.line_no, t.line_no), coalesce(b.leg, t.leg)), concat_ws(' ', b.place, b.quantity, b.value), concat_ws(' ', t.place, t.quantity, t.value)
	FROM (SELECT d.key, m.line_no, m.leg::integer, concat_ws('/', i.code, w.code, l.code) AS place, m.quantity, coalesce((SELECT sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id), 0) AS value
		FROM erp.stock_move m JOIN c USING (company_id) JOIN erp.document d USING (company_id, document_id) JOIN erp.item i USING (company_id, item_id) JOIN erp.warehouse w USING (company_id, warehouse_id)
		LEFT JOIN erp.location l ON l.company_id = m.company_id AND l.location_id = m.location_id AND m.location_id <> 0) b
	FULL JOIN (SELECT d.key, m.line_no, m.leg, concat_ws('/', m.item, m.warehouse, CASE WHEN m.shipped THEN 'SHIPPED' END) AS place, m.quantity, m.value FROM selling.move m JOIN selling.document d USING (company, no) WHERE m.company = p_company) t
	ON t.key = b.key AND t.line_no = b.line_no AND t.leg = b.leg
	WHERE (b.place, b.quantity, b.value) IS DISTINCT FROM (t.place, t.quantity, t.value)
	UNION ALL
	SELECT 'pools', coalesce(b.item, t.item), b.pools, t.pools
	FROM (SELECT i.code AS item, string_agg(concat_ws(' ', trim_scale(p.quantity), trim_scale(p.value)), ', ' ORDER BY p.quantity, p.value) AS pools FROM erp_private.cost_pool p JOIN c USING (company_id) JOIN erp.item i USING (company_id, item_id)
		WHERE (p.quantity, p.value) <> (0, 0) GROUP BY 1) b
	FULL JOIN (SELECT item, string_agg(concat_ws(' ', trim_scale(quantity), trim_scale(value)), ', ' ORDER BY quantity, value) AS pools FROM selling.pool WHERE company = p_company AND (quantity, value) <> (0, 0) GROUP BY 1) t ON t.item = b.item
	WHERE b.pools IS DISTINCT FROM t.pools
	UNION ALL
	SELECT 'place', concat_ws('/', i.item, w.warehouse), concat_ws(' ', trim_scale(coalesce(b.on_hand, 0)), trim_scale(coalesce(b.reserved, 0))), concat_ws(' ', trim_scale(f.on_hand), trim_scale(f.reserved))
	FROM selling.item i CROSS JOIN (VALUES ('MAIN'), ('NORTH')) w (warehouse) CROSS JOIN LATERAL selling.free(p_company, i.item, w.warehouse) f
	LEFT JOIN erp.stock_on_hand b ON b.company = p_company AND b.item_code = i.item AND b.warehouse_code = w.warehouse AND b.location_code IS NULL
	WHERE (coalesce(b.on_hand, 0), coalesce(b.reserved, 0)) <> (f.on_hand, f.reserved)
$$;

-- The ledger by day and account, and what stands in each currency on accounts of customers and between shipment and invoice; what each document leaves open.
CREATE FUNCTION selling.ledger_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH booked AS MATERIALIZED (
		SELECT l.day, a.code AS account, m.code AS currency, CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END AS amount, CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END AS currency_amount
		FROM erp.voucher_line l JOIN erp.company c USING (company_id) JOIN erp.account a USING (company_id, account_id) JOIN erp.currency m ON m.currency_id = l.currency_id WHERE c.code = p_company),
	derived AS MATERIALIZED (SELECT * FROM selling.gl WHERE company = p_company)
	SELECT 'ledger', coalesce(b.day, t.day) || ' ' || coalesce(b.account, t.account), b.amount::text, t.amount::text
	FROM (SELECT day, account, sum(amount) AS amount FROM booked GROUP BY 1, 2) b FULL JOIN (SELECT day, account, sum(amount) AS amount FROM derived GROUP BY 1, 2) t ON t.day = b.day AND t.account = b.account
	WHERE coalesce(b.amount, 0) <> coalesce(t.amount, 0)
	UNION ALL
	SELECT 'owed', coalesce(b.account, t.account) || ' ' || coalesce(b.currency, t.currency), concat_ws(' ', b.amount, b.currency_amount), concat_ws(' ', t.amount, t.currency_amount)
	FROM (SELECT account, currency, sum(amount) AS amount, sum(currency_amount) AS currency_amount FROM booked WHERE account IN ('1100', '1120', '2050') GROUP BY 1, 2) b
	FULL JOIN (SELECT account, currency, sum(amount) AS amount, sum(currency_amount) AS currency_amount FROM derived WHERE account IN ('1100', '1120', '2050') GROUP BY 1, 2) t ON t.account = b.account AND t.currency = b.currency
	WHERE (coalesce(b.amount, 0), coalesce(b.currency_amount, 0)) <> (coalesce(t.amount, 0), coalesce(t.currency_amount, 0))
	UNION ALL
	SELECT 'open item', coalesce(b.key, t.key), concat_ws(' ', b.amount, b.base), concat_ws(' ', t.amount, t.base)
	FROM (SELECT document_key AS key, sum(open_amount) AS amount, sum(company_open_amount) AS base FROM erp.open_items(p_company, '2010-12-31') WHERE control <> 'accrued_payable' GROUP BY 1) b
	FULL JOIN (SELECT d.key, i.amount, i.base FROM selling.item_open i JOIN selling.document d USING (company, no) WHERE i.company = p_company AND (i.amount, i.base) <> (0, 0)) t ON t.key = b.key
	WHERE (coalesce(b.amount, 0), coalesce(b.base, 0)) <> (coalesce(t.amount, 0), coalesce(t.base, 0))
$$;

-- What is shipped and not billed, or billed and not shipped, line by line; the cut-off account is the difference of both, and shipped goods are worth what their account says.
CREATE FUNCTION selling.cut_off_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH open AS MATERIALIZED (SELECT concat_ws(' ', d.key, l.line_no) AS place, l.role, q.quantity, q.amount, q.base FROM selling.line l JOIN selling.document d USING (company, no) CROSS JOIN LATERAL selling.open_of(p_company, l.no, l.line_no) q
		WHERE l.company = p_company AND l.role IN ('shipped', 'sold', 'invoiced') AND l.origin IS NULL AND selling.stands(p_company, l.no) AND q.quantity > 0)
	SELECT 'shipped', coalesce(b.place, t.place), concat_ws(' ', b.open_quantity, b.amount), concat_ws(' ', t.quantity, t.amount)
	FROM (SELECT concat_ws(' ', document_key, line_no) AS place, open_quantity, CASE document_kind WHEN 'sales_shipment' THEN open_amount ELSE 0 END AS amount FROM erp.shipped_not_billed WHERE company = p_company) b
	FULL JOIN (SELECT place, quantity, CASE role WHEN 'sold' THEN amount ELSE 0 END AS amount FROM open WHERE role <> 'invoiced') t ON t.place = b.place
	WHERE (b.open_quantity, b.amount) IS DISTINCT FROM (t.quantity, t.amount)
	UNION ALL
	SELECT 'ahead', coalesce(b.place, t.place), concat_ws(' ', b.open_quantity, b.open_amount), concat_ws(' ', t.quantity, t.amount)
	FROM (SELECT concat_ws(' ', document_key, line_no) AS place, open_quantity, open_amount FROM erp.billed_not_shipped WHERE company = p_company) b FULL JOIN (SELECT * FROM open WHERE role = 'invoiced') t ON t.place = b.place
	WHERE (b.open_quantity, b.open_amount) IS DISTINCT FROM (t.quantity, t.amount)
	UNION ALL
	SELECT 'cut-off', '1120', (SELECT coalesce(sum(g.amount), 0) FROM selling.gl g WHERE g.company = p_company AND g.account = '1120')::text, (SELECT coalesce(sum(CASE role WHEN 'sold' THEN base ELSE -base END), 0) FROM open WHERE role <> 'shipped')::text
	WHERE (SELECT coalesce(sum(g.amount), 0) FROM selling.gl g WHERE g.company = p_company AND g.account = '1120') <> (SELECT coalesce(sum(CASE role WHEN 'sold' THEN base ELSE -base END), 0) FROM open WHERE role <> 'shipped')
	UNION ALL
	SELECT 'goods shipped', '1220', b.amount::text, t.amount::text FROM (SELECT coalesce(sum(open_cost), 0) AS amount FROM erp.shipped_not_billed WHERE company = p_company AND document_kind = 'shipment') b,
		(SELECT coalesce(sum(g.amount), 0) AS amount FROM selling.gl g WHERE g.company = p_company AND g.account = '1220') t WHERE b.amount <> t.amount
$$;

-- Orders with their lines, what became of each, and what is held for it.
CREATE FUNCTION selling.order_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	SELECT 'order', coalesce(b.order_code, t.code), b.state, t.state FROM (SELECT * FROM erp.order_list WHERE company = p_company) b FULL JOIN (SELECT * FROM selling.ord WHERE company = p_company) t ON t.code = b.order_code WHERE b.state IS DISTINCT FROM t.state
	UNION ALL
	SELECT 'order line', concat_ws(' ', coalesce(b.order_code, t.code), coalesce(b.line_no, t.line_no)), b.says, t.says
	FROM (SELECT l.order_code, l.line_no, concat_ws(' ', trim_scale(l.quantity), trim_scale(l.amount), 'cancelled', trim_scale(l.cancelled), 'shipped', trim_scale(l.shipped), 'billed', trim_scale(l.billed), trim_scale(o.billed_amount), 'returned', trim_scale(l.returned),
			'reserved', trim_scale(l.reserved), 'required', trim_scale(l.required)) AS says
		FROM erp.order_lines l JOIN erp.company c ON c.code = l.company JOIN erp.sales_order_line o ON o.company_id = c.company_id AND o.sales_order_id = l.sales_order_id AND o.line_no = l.line_no WHERE l.company = p_company) b
	FULL JOIN (SELECT s.code, s.line_no, concat_ws(' ', trim_scale(s.quantity), trim_scale(s.amount), 'cancelled', trim_scale(s.cancelled), 'shipped', trim_scale(s.shipped), 'billed', trim_scale(s.billed), trim_scale(s.billed_amount), 'returned', trim_scale(s.returned),
			'reserved', trim_scale(CASE WHEN s.shipped + s.cancelled < s.quantity THEN s.reserved ELSE 0 END), 'required', trim_scale(CASE WHEN s.shipped + s.cancelled < s.quantity THEN s.required ELSE 0 END)) AS says
		FROM selling.state s WHERE s.company = p_company) t ON t.code = b.order_code AND t.line_no = b.line_no
	WHERE b.says IS DISTINCT FROM t.says
$$;

-- Raises the first difference, if any.
CREATE FUNCTION selling.compare(p_company text, p_step integer) RETURNS void
LANGUAGE plpgsql SET join_collapse_limit = 1 SET from_collapse_limit = 1 AS $$
DECLARE
	family text;
	d record;
BEGIN
	FOREACH family IN ARRAY '{document,order,stock,ledger,cut_off}'::text[] LOOP
		FOR d IN EXECUTE format('SELECT * FROM selling.%I($1) LIMIT 1', family || '_differences') USING p_company LOOP
			RAISE EXCEPTION '%, step %: % at %: books "%", derived "%"', p_company, p_step, d.what, d.place, d.books, d.derived USING DETAIL = 'Last request: ' || current_setting('trial.docs', true);
		END LOOP;
	END LOOP;
END
$$;
