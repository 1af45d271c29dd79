-- What the books say against what was derived, a row for each difference.

CREATE FUNCTION others.document_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	SELECT 'document', coalesce(b.key, t.key), concat_ws(' ', b.kind, b.day, b.time_of_day, b.posting_day), concat_ws(' ', t.kind, t.day, t.tod, t.posting_day)
	FROM (SELECT d.* FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = p_company AND d.kind NOT IN ('administration', 'cost_adjustment', 'numbering')) b
	FULL JOIN (SELECT * FROM others.document WHERE company = p_company) t ON t.key = b.key
	WHERE (b.kind, b.day, b.time_of_day, b.posting_day) IS DISTINCT FROM (t.kind, t.day, t.tod, t.posting_day)
$$;

-- Every move with its place, owner and what it is worth by now. Moves of value alone have no place; their pools are told apart by what they are worth.
CREATE FUNCTION others.move_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH c AS (SELECT company_id FROM erp.company WHERE code = p_company),
	booked AS MATERIALIZED (
		SELECT d.key, m.line_no, m.leg::integer, i.code AS item, concat_ws('/', CASE WHEN m.quantity <> 0 THEN w.code END, coalesce(l.code, ''), coalesce(o.code, ''), coalesce(p.code, '')) AS place, m.quantity, coalesce(e.value, 0) AS value
		FROM erp.stock_move m JOIN c USING (company_id) JOIN erp.document d USING (company_id, document_id) JOIN erp.item i USING (company_id, item_id) LEFT JOIN erp.warehouse w USING (company_id, warehouse_id)
		LEFT JOIN erp.location l ON l.company_id = m.company_id AND l.location_id = m.location_id AND m.location_id <> 0
		LEFT JOIN erp.lot o ON o.company_id = m.company_id AND o.lot_id = m.lot_id AND m.lot_id <> 0
		LEFT JOIN erp.party p ON p.company_id = m.company_id AND p.party_id = m.owner_id AND m.owner_id <> 0
		LEFT JOIN (SELECT company_id, move_id, sum(amount) AS value FROM erp.cost_entry JOIN c USING (company_id) GROUP BY 1, 2) e ON e.company_id = m.company_id AND e.move_id = m.move_id),
	derived AS MATERIALIZED (
		SELECT d.key, m.line_no, m.leg, m.item, concat_ws('/', CASE WHEN m.quantity <> 0 THEN m.warehouse END, m.location, m.lot, m.owner) AS place, m.quantity, m.value
		FROM others.move m JOIN others.document d USING (company, no) WHERE m.company = p_company)
	SELECT 'move', concat_ws(' ', coalesce(b.key, t.key), coalesce(b.line_no, t.line_no), coalesce(b.leg, t.leg)), concat_ws(' ', b.item, b.place, b.quantity, b.value), concat_ws(' ', t.item, t.place, t.quantity, t.value)
	FROM (SELECT * FROM booked WHERE quantity <> 0) b FULL JOIN (SELECT * FROM derived WHERE quantity <> 0) t ON t.key = b.key AND t.line_no = b.line_no AND t.leg = b.leg
	WHERE (b.item, b.place, b.quantity, b.value) IS DISTINCT FROM (t.item, t.place, t.quantity, t.value)
	UNION ALL
	SELECT 'move of value', concat_ws(' ', coalesce(b.key, t.key), coalesce(b.item, t.item)), b.values, t.values
	FROM (SELECT key, item, string_agg(trim_scale(value)::text, ' ' ORDER BY value) AS values FROM booked WHERE quantity = 0 GROUP BY 1, 2) b
	FULL JOIN (SELECT key, item, string_agg(trim_scale(value)::text, ' ' ORDER BY value) AS values FROM derived WHERE quantity = 0 GROUP BY 1, 2) t ON t.key = b.key AND t.item = b.item
	WHERE b.values IS DISTINCT FROM t.values
$$;

-- Each pool of an item; each place, with what is promised of it (never more than there is); what is promised to whom, and what is expected.
CREATE FUNCTION others.stock_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	SELECT 'pools', coalesce(b.item, t.item), b.pools, t.pools
	FROM (SELECT i.code AS item, string_agg(concat_ws(' ', trim_scale(p.quantity), trim_scale(p.value)), ', ' ORDER BY p.quantity, p.value) AS pools
		FROM erp_private.cost_pool p JOIN erp.company c USING (company_id) JOIN erp.item i USING (company_id, item_id) WHERE c.code = p_company AND (p.quantity, p.value) <> (0, 0) GROUP BY 1) b
	FULL JOIN (SELECT item, string_agg(concat_ws(' ', trim_scale(quantity), trim_scale(value)), ', ' ORDER BY quantity, value) AS pools FROM others.pool
		WHERE company = p_company AND (quantity, value) <> (0, 0) GROUP BY 1) t ON t.item = b.item
	WHERE b.pools IS DISTINCT FROM t.pools
	UNION ALL
	SELECT 'place', coalesce(b.place, t.place), concat_ws(' ', b.on_hand, b.reserved), concat_ws(' ', t.on_hand, t.reserved)
	FROM (SELECT concat_ws('/', item_code, warehouse_code, coalesce(location_code, ''), coalesce(lot_code, ''), coalesce(owner_code, '')) AS place, on_hand, reserved FROM erp.stock_on_hand WHERE company = p_company) b
	FULL JOIN (SELECT concat_ws('/', item, warehouse, location, lot, owner) AS place, on_hand, on_hand - free AS reserved FROM others.free WHERE company = p_company) t ON t.place = b.place
	WHERE (coalesce(b.on_hand, 0), coalesce(b.reserved, 0)) <> (coalesce(t.on_hand, 0), coalesce(t.reserved, 0)) OR b.reserved > b.on_hand
	UNION ALL
	SELECT 'promise', coalesce(b.place, t.place), b.quantity::text, t.quantity::text
	FROM (SELECT concat_ws('/', demand, item_code, warehouse_code, coalesce(location_code, ''), coalesce(lot_code, ''), coalesce(expected_source, '')) AS place, sum(quantity) AS quantity
		FROM erp.reservation_list WHERE company = p_company GROUP BY 1) b
	FULL JOIN (SELECT concat_ws('/', demand, item, warehouse, location, lot, source) AS place, sum(quantity) AS quantity FROM others.promise WHERE company = p_company GROUP BY 1) t ON t.place = b.place
	WHERE coalesce(b.quantity, 0) <> coalesce(t.quantity, 0)
	UNION ALL
	SELECT 'expected', coalesce(b.source, t.source), concat_ws(' ', b.item_code, b.warehouse_code, b.day, b.quantity), concat_ws(' ', t.item, t.warehouse, t.day, t.quantity)
	FROM (SELECT * FROM erp.expected_receipt_list WHERE company = p_company) b FULL JOIN (SELECT * FROM others.expected WHERE company = p_company) t ON t.source = b.source
	WHERE (b.item_code, b.warehouse_code, b.day, b.quantity) IS DISTINCT FROM (t.item, t.warehouse, t.day, t.quantity)
$$;

-- The ledger by day and account; what is owed, in each currency; and stock, which on each of these days is worth what the inventory accounts say.
CREATE FUNCTION others.ledger_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH booked AS MATERIALIZED (
		SELECT l.day, a.code AS account, m.code AS currency, CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END AS amount, CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END AS currency_amount
		FROM erp.voucher_line l JOIN erp.company c USING (company_id) JOIN erp.account a USING (company_id, account_id) JOIN erp.currency m ON m.currency_id = l.currency_id WHERE c.code = p_company),
	derived AS MATERIALIZED (SELECT * FROM others.gl WHERE company = p_company)
	SELECT 'ledger', coalesce(b.day, t.day) || ' ' || coalesce(b.account, t.account), b.amount::text, t.amount::text
	FROM (SELECT day, account, sum(amount) AS amount FROM booked GROUP BY 1, 2) b FULL JOIN (SELECT day, account, sum(amount) AS amount FROM derived GROUP BY 1, 2) t ON t.day = b.day AND t.account = b.account
	WHERE coalesce(b.amount, 0) <> coalesce(t.amount, 0)
	UNION ALL
	SELECT 'owed', coalesce(b.account, t.account) || ' ' || coalesce(b.currency, t.currency), concat_ws(' ', b.amount, b.currency_amount), concat_ws(' ', t.amount, t.currency_amount)
	FROM (SELECT account, currency, sum(amount) AS amount, sum(currency_amount) AS currency_amount FROM booked WHERE account IN ('2000', '2150') GROUP BY 1, 2) b
	FULL JOIN (SELECT account, currency, sum(amount) AS amount, sum(currency_amount) AS currency_amount FROM derived WHERE account IN ('2000', '2150') GROUP BY 1, 2) t ON t.account = b.account AND t.currency = b.currency
	WHERE (coalesce(b.amount, 0), coalesce(b.currency_amount, 0)) <> (coalesce(t.amount, 0), coalesce(t.currency_amount, 0))
	UNION ALL
	SELECT 'stock of a day', d.day::text, s.value::text, t.amount::text
	FROM (SELECT DISTINCT day FROM derived WHERE account IN ('1200', '1210', '1220')) d,
		LATERAL (SELECT sum(amount) AS amount FROM derived g WHERE g.day <= d.day AND account IN ('1200', '1210', '1220')) t,
		LATERAL (SELECT sum(v.value) AS value FROM erp.stock_valuation(p_company, d.day) v) s
	WHERE coalesce(s.value, 0) <> t.amount
$$;

-- What is out or here of others, what is pending, and what is received and not billed, line by line.
CREATE FUNCTION others.open_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH line AS MATERIALIZED (SELECT l.*, d.key, d.kind, d.party, r.own, r.way FROM others.line l JOIN others.document d USING (company, no) JOIN others.role r USING (kind, role) WHERE l.company = p_company AND others.stands(p_company, l.no))
	SELECT 'out', coalesce(b.place, t.place), concat_ws(' ', b.party_code, b.quantity, b.open_quantity), concat_ws(' ', t.party, t.quantity, t.open_quantity)
	FROM (SELECT concat_ws(' ', document_key, line_no) AS place, party_code, quantity, open_quantity FROM erp.loan_list WHERE company = p_company AND open_quantity > 0) b
	FULL JOIN (SELECT concat_ws(' ', key, line_no) AS place, party, quantity, others.left_of(p_company, no, line_no) AS open_quantity FROM line WHERE kind IN ('loan', 'consignment_delivery', 'borrowing')
		AND others.left_of(p_company, no, line_no) > 0) t ON t.place = b.place
	WHERE (b.party_code, b.quantity, b.open_quantity) IS DISTINCT FROM (t.party, t.quantity, t.open_quantity)
	UNION ALL
	SELECT 'pending', coalesce(b.place, t.place), b.pending::text, t.pending::text
	FROM (SELECT concat_ws(' ', document_key, line_no) AS place, pending FROM erp.pending_adjustments WHERE company = p_company AND pending <> 0) b
	FULL JOIN (SELECT concat_ws(' ', key, line_no) AS place, others.pending(p_company, no, line_no) AS pending FROM line WHERE kind IN ('stock_gain', 'stock_loss')
		AND others.pending(p_company, no, line_no) <> 0) t ON t.place = b.place
	WHERE b.pending IS DISTINCT FROM t.pending
	UNION ALL
	SELECT 'not billed', coalesce(b.place, t.place), concat_ws(' ', b.open_quantity, b.open_amount), concat_ws(' ', t.quantity, t.amount)
	FROM (SELECT concat_ws(' ', document_key, line_no) AS place, open_quantity, open_amount FROM erp.received_not_billed WHERE company = p_company) b
	FULL JOIN (SELECT concat_ws(' ', l.key, l.line_no) AS place, n.quantity, n.amount FROM line l, others.named(p_company, l.no, l.line_no) n WHERE l.role IN ('receipt', 'withdrawn') AND (n.quantity, n.amount) <> (0, 0)) t ON t.place = b.place
	WHERE (b.open_quantity, b.open_amount) IS DISTINCT FROM (t.quantity, t.amount)
$$;

-- Raises the first difference, if any.
CREATE FUNCTION others.compare(p_company text, p_step integer) RETURNS void
LANGUAGE plpgsql SET join_collapse_limit = 1 SET from_collapse_limit = 1 AS $$
DECLARE
	family text;
	d record;
BEGIN
	FOREACH family IN ARRAY '{document,move,stock,ledger,open}'::text[] LOOP
		FOR d IN EXECUTE format('SELECT * FROM others.%I($1) LIMIT 1', family || '_differences') USING p_company LOOP
			RAISE EXCEPTION '%, step %: % at %: books "%", derived "%"', p_company, p_step, d.what, d.place, d.books, d.derived USING DETAIL = 'Last request: ' || current_setting('trial.docs', true);
		END LOOP;
	END LOOP;
END
$$;
