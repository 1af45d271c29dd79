-- What the books say of goods against what was derived, a row for each difference.

CREATE FUNCTION goods.document_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	SELECT 'document', coalesce(b.key, t.key), concat_ws(' ', b.kind, b.day, b.time_of_day, b.posting_day), concat_ws(' ', t.kind, t.day, t.tod, t.posting_day)
	FROM (SELECT d.* FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = p_company AND d.kind NOT IN ('administration', 'cost_adjustment', 'numbering')) b
	FULL JOIN (SELECT * FROM goods.document WHERE company = p_company) t ON t.key = b.key
	WHERE (b.kind, b.day, b.time_of_day, b.posting_day) IS DISTINCT FROM (t.kind, t.day, t.tod, t.posting_day)
$$;

-- Every move with its place and what it is worth by now: cost of sales of each issue too.
CREATE FUNCTION goods.move_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH c AS (SELECT company_id FROM erp.company WHERE code = p_company)
	SELECT 'move', concat_ws(' ', coalesce(b.key, t.key), coalesce(b.line_no, t.line_no), coalesce(b.leg, t.leg)), concat_ws(' ', b.item, b.place, b.quantity, b.value), concat_ws(' ', t.item, t.place, t.quantity, t.value)
	FROM (SELECT d.key, m.line_no, m.leg::integer, i.code AS item, concat_ws('/', w.code, coalesce(l.code, ''), coalesce(o.code, ''), s.code) AS place, m.quantity, coalesce(e.value, 0) AS value
		FROM erp.stock_move m JOIN c USING (company_id) JOIN erp.document d USING (company_id, document_id) JOIN erp.item i USING (company_id, item_id) JOIN erp.warehouse w USING (company_id, warehouse_id)
		JOIN erp.stock_state s USING (stock_state_id) LEFT JOIN erp.location l ON l.company_id = m.company_id AND l.location_id = m.location_id AND m.location_id <> 0
		LEFT JOIN erp.lot o ON o.company_id = m.company_id AND o.lot_id = m.lot_id AND m.lot_id <> 0
		LEFT JOIN (SELECT company_id, move_id, sum(amount) AS value FROM erp.cost_entry JOIN c USING (company_id) GROUP BY 1, 2) e ON e.company_id = m.company_id AND e.move_id = m.move_id) b
	FULL JOIN (SELECT d.key, m.line_no, m.leg, m.item, concat_ws('/', m.warehouse, m.location, m.lot, m.state) AS place, m.quantity, m.value FROM goods.move m JOIN goods.document d USING (company, no)
		WHERE m.company = p_company) t ON t.key = b.key AND t.line_no = b.line_no AND t.leg = b.leg
	WHERE (b.item, b.place, b.quantity, b.value) IS DISTINCT FROM (t.item, t.place, t.quantity, t.value)
$$;

-- Each pool of an item; each place, with what is promised of it (never more than there is).
CREATE FUNCTION goods.stock_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	SELECT 'pools', coalesce(b.item, t.item), b.pools, t.pools
	FROM (SELECT i.code AS item, string_agg(concat_ws(' ', trim_scale(p.quantity), trim_scale(p.value)), ', ' ORDER BY p.quantity, p.value) AS pools
		FROM erp_private.cost_pool p JOIN erp.company c USING (company_id) JOIN erp.item i USING (company_id, item_id) WHERE c.code = p_company AND (p.quantity, p.value) <> (0, 0) GROUP BY 1) b
	FULL JOIN (SELECT item, string_agg(concat_ws(' ', trim_scale(quantity), trim_scale(value)), ', ' ORDER BY quantity, value) AS pools FROM goods.pool
		WHERE company = p_company AND (quantity, value) <> (0, 0) GROUP BY 1) t ON t.item = b.item
	WHERE b.pools IS DISTINCT FROM t.pools
	UNION ALL
	SELECT 'place', coalesce(b.place, t.place), concat_ws(' ', b.on_hand, b.reserved), concat_ws(' ', t.on_hand, t.reserved)
	FROM (SELECT concat_ws('/', item_code, warehouse_code, coalesce(location_code, ''), coalesce(lot_code, ''), stock_state) AS place, on_hand, reserved FROM erp.stock_on_hand WHERE company = p_company) b
	FULL JOIN (SELECT concat_ws('/', item, warehouse, location, lot, state) AS place, on_hand, on_hand - free AS reserved FROM goods.free WHERE company = p_company) t ON t.place = b.place
	WHERE (coalesce(b.on_hand, 0), coalesce(b.reserved, 0)) <> (coalesce(t.on_hand, 0), coalesce(t.reserved, 0)) OR b.reserved > b.on_hand
	UNION ALL
	SELECT 'promise', coalesce(b.place, t.place), b.quantity::text, t.quantity::text
	FROM (SELECT concat_ws('/', demand, demand_line, item_code, warehouse_code, coalesce(location_code, ''), coalesce(lot_code, ''), claim) AS place, sum(quantity) AS quantity
		FROM erp.reservation_list WHERE company = p_company GROUP BY 1) b
	FULL JOIN (SELECT concat_ws('/', demand, demand_line, item, warehouse, location, lot, 'stock') AS place, sum(quantity) AS quantity FROM goods.promise WHERE company = p_company GROUP BY 1) t ON t.place = b.place
	WHERE coalesce(b.quantity, 0) <> coalesce(t.quantity, 0)
$$;

-- The ledger by day and account; and stock, which on each of these days is worth what the inventory accounts say.
CREATE FUNCTION goods.ledger_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	SELECT 'ledger', coalesce(b.day, t.day) || ' ' || coalesce(b.account, t.account), b.amount::text, t.amount::text
	FROM (SELECT l.day, a.code AS account, sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END) AS amount
		FROM erp.voucher_line l JOIN erp.company c USING (company_id) JOIN erp.account a USING (company_id, account_id) WHERE c.code = p_company GROUP BY 1, 2) b
	FULL JOIN (SELECT day, account, sum(amount) AS amount FROM goods.gl WHERE company = p_company GROUP BY 1, 2) t ON t.day = b.day AND t.account = b.account
	WHERE coalesce(b.amount, 0) <> coalesce(t.amount, 0)
	UNION ALL
	SELECT 'stock of a day', d.day::text, s.value::text, t.amount::text
	FROM (SELECT DISTINCT day FROM goods.gl WHERE company = p_company AND account IN ('1200', '1210', '1220')) d,
		LATERAL (SELECT sum(amount) AS amount FROM goods.gl g WHERE g.company = p_company AND g.day <= d.day AND account IN ('1200', '1210', '1220')) t,
		LATERAL (SELECT sum(v.value) AS value FROM erp.stock_valuation(p_company, d.day) v) s
	WHERE coalesce(s.value, 0) <> t.amount
$$;

-- What is received and not billed, billed and not received, and on its way.
CREATE FUNCTION goods.waiting_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH waiting AS MATERIALIZED (
		SELECT l.role, d.key, l.line_no, w.quantity - w.used AS quantity, w.amount - w.used_amount AS amount
		FROM goods.line l JOIN goods.document d USING (company, no), goods.named(p_company, l.no, l.line_no) w
		WHERE l.company = p_company AND l.role IN ('receipt', 'billed') AND goods.stands(p_company, l.no)
	)
	SELECT 'waits', coalesce(b.place, t.place), concat_ws(' ', b.quantity, b.amount), concat_ws(' ', t.quantity, t.amount)
	FROM (SELECT concat_ws(' ', 'receipt', document_key, line_no) AS place, open_quantity AS quantity, open_amount AS amount FROM erp.received_not_billed WHERE company = p_company
		UNION ALL SELECT concat_ws(' ', 'billed', document_key, line_no), open_quantity, open_amount FROM erp.billed_not_received WHERE company = p_company) b
	FULL JOIN (SELECT concat_ws(' ', role, key, line_no) AS place, quantity, amount FROM waiting WHERE (quantity, amount) <> (0, 0)) t ON t.place = b.place
	WHERE (b.quantity, b.amount) IS DISTINCT FROM (t.quantity, t.amount)
	UNION ALL
	SELECT 'on its way', coalesce(b.place, t.place), b.quantity::text, t.quantity::text
	FROM (SELECT concat_ws(' ', document_key, line_no) AS place, on_its_way AS quantity FROM erp.transit_list WHERE company = p_company) b
	FULL JOIN (SELECT concat_ws(' ', d.key, l.line_no) AS place, l.quantity - coalesce((SELECT sum(a.quantity) FROM goods.line a WHERE a.company = p_company AND a.role = 'arrival' AND a.origin = l.no
			AND a.origin_line = l.line_no AND goods.stands(p_company, a.no)), 0) AS quantity
		FROM goods.line l JOIN goods.document d USING (company, no) WHERE l.company = p_company AND d.kind = 'transfer_dispatch' AND goods.stands(p_company, l.no)) t ON t.place = b.place
	WHERE coalesce(b.quantity, 0) <> coalesce(t.quantity, 0)
$$;

-- Raises the first difference, if any.
CREATE FUNCTION goods.compare(p_company text, p_step integer) RETURNS void
LANGUAGE plpgsql SET join_collapse_limit = 1 SET from_collapse_limit = 1 AS $$
DECLARE
	family text;
	d record;
BEGIN
	FOREACH family IN ARRAY '{document,move,stock,ledger,waiting}'::text[] LOOP
		FOR d IN EXECUTE format('SELECT * FROM goods.%I($1) LIMIT 1', family || '_differences') USING p_company LOOP
			RAISE EXCEPTION '%, step %: % at %: books "%", derived "%"', p_company, p_step, d.what, d.place, d.books, d.derived USING DETAIL = 'Last request: ' || current_setting('trial.docs', true);
		END LOOP;
	END LOOP;
END
$$;
