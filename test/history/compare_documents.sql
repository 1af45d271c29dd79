-- What the books say of documents, stock and the ledger against what was derived, a row for each difference.

CREATE FUNCTION trial.is_cost(p_account text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT p_account IN ('1200', '1210', '1250', '5000', '5050', '5100', '5200', '5300') $$;

-- Documents, their currencies, lines, taxes and what they correct.
CREATE FUNCTION trial.document_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH c AS (SELECT company_id FROM erp.company WHERE code = p_company),
	doc AS (SELECT d.* FROM erp.document d JOIN c USING (company_id) WHERE d.kind NOT IN ('administration', 'numbering', 'cost_adjustment', 'settlement'))
	SELECT 'document', coalesce(d.key, t.key), concat_ws(' ', d.kind, d.day, d.time_of_day, d.posting_day, p.code),
		concat_ws(' ', t.kind, t.day, t.tod, t.posting_day, t.party)
	FROM doc d JOIN erp.party p USING (company_id, party_id)
	FULL JOIN (SELECT * FROM trial.document WHERE company = p_company) t ON t.key = d.key
	WHERE (d.kind, d.day, d.time_of_day, d.posting_day, p.code) IS DISTINCT FROM (t.kind, t.day, t.tod, t.posting_day, t.party)
	UNION ALL
	SELECT 'currency', d.key, concat_ws(' ', k.code, d.rate), concat_ws(' ', t.currency, t.rate)
	FROM doc d JOIN erp.currency k USING (currency_id) JOIN trial.document t ON t.company = p_company AND t.key = d.key
	WHERE t.reverses = 0 AND (k.code, d.rate) IS DISTINCT FROM (t.currency, t.rate)
	UNION ALL
	SELECT 'line', coalesce(b.key, t.key) || ' ' || coalesce(b.line_no, t.line_no), concat_ws(' ', b.role, b.quantity, b.amount), concat_ws(' ', t.role, t.quantity, t.amount)
	FROM (SELECT d.key, l.line_no, l.line_role AS role, l.quantity, l.amount FROM doc d JOIN erp.document_line l USING (company_id, document_id)) b
	FULL JOIN (SELECT d.key, l.line_no, l.role, l.quantity, l.amount FROM trial.line l JOIN trial.document d USING (company, no) WHERE company = p_company AND l.role <> 'entry') t
		ON t.key = b.key AND t.line_no = b.line_no
	WHERE (b.role, b.quantity, b.amount) IS DISTINCT FROM (t.role, t.quantity, t.amount)
	UNION ALL
	SELECT 'tax', coalesce(b.key, t.key), concat_ws(' ', b.base_amount, b.tax_amount), concat_ws(' ', t.base, t.tax)
	FROM (SELECT d.key, x.base_amount, x.tax_amount FROM doc d JOIN erp.document_tax x USING (company_id, document_id)) b
	FULL JOIN (
		SELECT d.key, sum(l.amount) AS base, d.tax FROM trial.document d JOIN trial.line l USING (company, no)
		WHERE d.company = p_company AND l.tax_code <> '' GROUP BY d.key, d.tax) t ON t.key = b.key
	WHERE (coalesce(b.base_amount, 0), coalesce(b.tax_amount, 0)) IS DISTINCT FROM (coalesce(t.base, 0), coalesce(t.tax, 0))
	UNION ALL
	SELECT 'correction', coalesce(b.key, t.key), b.corrected, t.corrected
	FROM (SELECT d.key, o.key AS corrected FROM doc d JOIN erp.document_link l USING (company_id, document_id) JOIN erp.document o ON o.company_id = l.company_id AND o.document_id = l.target_document_id
		WHERE l.link = 'corrects') b
	FULL JOIN (SELECT d.key, o.key AS corrected FROM trial.document d JOIN trial.document o ON o.company = d.company AND o.no = d.corrects WHERE d.company = p_company) t ON t.key = b.key
	WHERE b.corrected IS DISTINCT FROM t.corrected
$$;

-- Moves with their values, places, pools.
CREATE FUNCTION trial.stock_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH c AS (SELECT company_id FROM erp.company WHERE code = p_company),
	doc AS (SELECT d.* FROM erp.document d JOIN c USING (company_id) WHERE d.kind NOT IN ('administration', 'numbering', 'cost_adjustment', 'settlement'))
	SELECT 'move', coalesce(b.key, t.key) || ' ' || coalesce(b.line_no, t.line_no), concat_ws(' ', b.item, b.warehouse, b.lot, b.quantity, b.value), concat_ws(' ', t.item, t.warehouse, t.lot, t.quantity, t.value)
	FROM (SELECT d.key, m.line_no, i.code AS item, coalesce(w.code, '') AS warehouse, coalesce(k.code, '') AS lot, m.quantity,
			coalesce((SELECT sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id), 0) AS value
		FROM doc d JOIN erp.stock_move m USING (company_id, document_id) JOIN erp.item i USING (company_id, item_id)
		LEFT JOIN erp.warehouse w USING (company_id, warehouse_id) LEFT JOIN erp.lot k ON k.company_id = m.company_id AND k.lot_id = m.lot_id) b
	FULL JOIN (SELECT d.key, m.line_no, m.item, m.warehouse, m.lot, m.quantity, m.value FROM trial.move m JOIN trial.document d USING (company, no) WHERE company = p_company) t
		ON t.key = b.key AND t.line_no = b.line_no
	WHERE (b.item, b.warehouse, b.lot, b.quantity, b.value) IS DISTINCT FROM (t.item, t.warehouse, t.lot, t.quantity, t.value)
	UNION ALL
	SELECT 'on hand', concat_ws(' ', coalesce(b.item, t.item), coalesce(b.warehouse, t.warehouse), coalesce(b.lot, t.lot)), b.quantity::text, t.quantity::text
	FROM (SELECT i.code AS item, w.code AS warehouse, coalesce(k.code, '') AS lot, sum(s.on_hand) AS quantity
		FROM erp_private.stock_position s JOIN c USING (company_id) JOIN erp.item i USING (company_id, item_id) JOIN erp.warehouse w USING (company_id, warehouse_id)
		LEFT JOIN erp.lot k ON k.company_id = s.company_id AND k.lot_id = s.lot_id GROUP BY 1, 2, 3) b
	FULL JOIN (SELECT item, warehouse, lot, sum(quantity) AS quantity FROM trial.move WHERE company = p_company GROUP BY 1, 2, 3) t
		ON t.item = b.item AND t.warehouse = b.warehouse AND t.lot = b.lot
	WHERE coalesce(b.quantity, 0) <> coalesce(t.quantity, 0)
	UNION ALL
	SELECT 'pool', coalesce(b.item, t.item) || ' ' || coalesce(b.pool, t.pool), concat_ws(' ', b.quantity, b.value), concat_ws(' ', t.quantity, t.value)
	FROM (SELECT i.code AS item, CASE i.cost_pool WHEN 'company' THEN '' WHEN 'warehouse' THEN w.code ELSE k.code END AS pool, s.quantity, s.value
		FROM erp_private.cost_pool s JOIN c USING (company_id) JOIN erp.item i USING (company_id, item_id)
		LEFT JOIN erp.warehouse w ON w.company_id = s.company_id AND w.warehouse_id = s.cost_pool_id
		LEFT JOIN erp.lot k ON k.company_id = s.company_id AND k.lot_id = s.cost_pool_id) b
	FULL JOIN (SELECT * FROM trial.pool WHERE company = p_company) t ON t.item = b.item AND t.pool = b.pool
	WHERE (coalesce(b.quantity, 0), coalesce(b.value, 0)) IS DISTINCT FROM (coalesce(t.quantity, 0), coalesce(t.value, 0))
$$;

-- The ledger by day and account; what is open, as it was opened; each voucher of a document by account, side, party and dimensions (but for costs, which may change before they are told apart).
CREATE FUNCTION trial.ledger_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	WITH c AS (SELECT company_id FROM erp.company WHERE code = p_company),
	doc AS (SELECT d.* FROM erp.document d JOIN c USING (company_id) WHERE d.kind NOT IN ('administration', 'numbering', 'cost_adjustment', 'settlement')),
	sets AS MATERIALIZED (SELECT s.dimension_set_id, jsonb_object_agg(k.code, v.code) AS dimensions FROM erp.dimension_set s JOIN c USING (company_id)
		JOIN erp.dimension_value v ON v.company_id = s.company_id AND v.dimension_value_id = ANY (s.dimension_value_ids) JOIN erp.dimension k ON k.company_id = v.company_id AND k.dimension_id = v.dimension_id
		GROUP BY 1)
	SELECT 'ledger', coalesce(b.day, t.day) || ' ' || coalesce(b.account, t.account), b.amount::text, t.amount::text
	FROM (SELECT l.day, a.code AS account, sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END) AS amount
		FROM erp.voucher_line l JOIN c USING (company_id) JOIN erp.account a USING (company_id, account_id) GROUP BY 1, 2) b
	FULL JOIN (SELECT day, account, sum(amount) AS amount FROM trial.gl WHERE company = p_company GROUP BY 1, 2) t ON t.day = b.day AND t.account = b.account
	WHERE coalesce(b.amount, 0) <> coalesce(t.amount, 0)
	UNION ALL
	SELECT 'company amount', v.voucher_id::text, l.company_amount::text, l.amount::text
	FROM erp.voucher v JOIN c USING (company_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.currency k ON k.currency_id = l.currency_id
	WHERE k.code = 'GBP' AND l.amount <> l.company_amount
	UNION ALL
	SELECT 'voucher day', v.voucher_id::text, v.day::text, l.day::text
	FROM erp.voucher v JOIN c USING (company_id) JOIN erp.voucher_line l USING (company_id, voucher_id) WHERE l.day <> v.day
	UNION ALL
	SELECT 'open items', coalesce(b.account, t.account) || ' ' || coalesce(b.party, t.party), b.amount::text, t.amount::text
	FROM (SELECT a.code AS account, p.code AS party, sum(o.company_amount) AS amount
		FROM erp.open_item o JOIN c USING (company_id) JOIN erp.account a USING (company_id, account_id) JOIN erp.party p USING (company_id, party_id) GROUP BY 1, 2) b
	FULL JOIN (SELECT account, party, sum(amount) AS amount FROM trial.gl WHERE company = p_company AND trial.has_open_items(account) GROUP BY 1, 2) t ON t.account = b.account AND t.party = b.party
	WHERE coalesce(b.amount, 0) <> coalesce(t.amount, 0)
	UNION ALL
	SELECT 'voucher', coalesce(b.key, t.key) || ' ' || coalesce(b.account, t.account), concat_ws(' ', b.side, b.party, b.amount, b.currency_amount, b.dimensions), concat_ws(' ', t.side, t.party, t.amount, t.currency_amount, t.dimensions)
	FROM (SELECT d.key, a.code AS account, l.side, p.code AS party, coalesce(s.dimensions, '{}') AS dimensions, sum(l.company_amount) AS amount, sum(l.amount) AS currency_amount
		FROM doc d JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id)
		JOIN erp.party p ON p.company_id = l.company_id AND p.party_id = l.party_id LEFT JOIN sets s USING (dimension_set_id)
		WHERE NOT trial.is_cost(a.code) GROUP BY 1, 2, 3, 4, 5) b
	FULL JOIN (SELECT d.key, g.account, g.side, g.party, g.dimensions, sum(CASE g.side WHEN 'debit' THEN g.amount ELSE -g.amount END) AS amount,
			sum(CASE g.side WHEN 'debit' THEN g.currency_amount ELSE -g.currency_amount END) AS currency_amount
		FROM trial.gl g JOIN trial.document d USING (company, no) WHERE g.company = p_company AND NOT trial.is_cost(g.account) AND (g.amount <> 0 OR g.currency_amount <> 0)
		GROUP BY 1, 2, 3, 4, 5) t ON t.key = b.key AND t.account = b.account AND t.side = b.side AND t.party = b.party AND t.dimensions = b.dimensions
	WHERE (coalesce(b.amount, 0), coalesce(b.currency_amount, 0)) <> (coalesce(t.amount, 0), coalesce(t.currency_amount, 0))
$$;

-- What settlements and what undoes them posted, by call, account, side and party.
CREATE FUNCTION trial.settlement_voucher_differences(p_company text) RETURNS TABLE (what text, place text, books text, derived text)
LANGUAGE sql AS $$
	SELECT 'settlement voucher', concat_ws(' ', coalesce(b.key, t.call_key), coalesce(b.account, t.account), coalesce(b.side, t.side)), b.amount::text, t.amount::text
	FROM (SELECT k.key, a.code AS account, l.side, p.code AS party, sum(l.company_amount) AS amount
		FROM (SELECT company_id FROM erp.company WHERE code = p_company) c JOIN erp.document d USING (company_id) JOIN erp.voucher v USING (company_id, document_id)
		JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id) JOIN erp.party p ON p.company_id = l.company_id AND p.party_id = l.party_id
		JOIN erp.document_link n ON n.company_id = l.company_id AND n.document_id = d.document_id AND n.link = 'settles' JOIN erp.document k ON k.company_id = n.company_id AND k.document_id = n.target_document_id
		WHERE d.kind = 'settlement' GROUP BY 1, 2, 3, 4) b
	FULL JOIN (SELECT g.call_key, g.account, g.side, g.party, sum(CASE g.side WHEN 'debit' THEN g.amount ELSE -g.amount END) AS amount
		FROM trial.gl g WHERE g.company = p_company AND g.call_key <> '' GROUP BY 1, 2, 3, 4) t ON t.call_key = b.key AND t.account = b.account AND t.side = b.side AND t.party = b.party
	WHERE coalesce(b.amount, 0) <> coalesce(t.amount, 0)
$$;
