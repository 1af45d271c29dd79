-- inventory: what a cost came from, and what caused a voucher line.
-- Values are in the company's currency; in positive, out negative.

CREATE OR REPLACE VIEW erp.cost_explanation AS
SELECT c.company,
	i.code AS item_code,
	d.kind AS document_kind,
	d.key AS document_key,
	m.line_no,
	m.day,
	m.move_id,
	e.entry_no,
	e.cause,
	e.quantity,
	pg_catalog.round(e.amount, c.decimals) AS amount,
	s.day AS source_day,
	sd.kind AS source_document_kind,
	sd.key AS source_document_key,
	s.line_no AS source_line_no,
	NULLIF(e.source_move_id, 0) AS source_move_id,
	e.voucher_id
FROM erp_private.company_money c
JOIN erp.item i ON i.company_id = c.company_id
JOIN erp.stock_move m ON m.company_id = i.company_id AND m.item_id = i.item_id
JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id
JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
LEFT JOIN erp.stock_move s ON s.company_id = e.company_id AND s.move_id = e.source_move_id
LEFT JOIN erp.document sd ON sd.company_id = s.company_id AND sd.document_id = s.document_id;

COMMENT ON VIEW erp.cost_explanation IS 'Where the cost of each move comes from: its entries and the moves that they draw on. The cost of a move is the sum of its entries.';
COMMENT ON COLUMN erp.cost_explanation.company IS 'Code of the company.';
COMMENT ON COLUMN erp.cost_explanation.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.cost_explanation.document_kind IS 'Kind of the document that moved the goods.';
COMMENT ON COLUMN erp.cost_explanation.document_key IS 'Key of the document that moved the goods.';
COMMENT ON COLUMN erp.cost_explanation.line_no IS 'Line of that document.';
COMMENT ON COLUMN erp.cost_explanation.day IS 'Day of the move.';
COMMENT ON COLUMN erp.cost_explanation.move_id IS 'Identity of the move.';
COMMENT ON COLUMN erp.cost_explanation.entry_no IS 'Entry of the move.';
COMMENT ON COLUMN erp.cost_explanation.cause IS 'receipt, issue, return, reversal, transfer, restatement (a move of value alone), landed, bill (a bill''s price difference), amendment (a receipt''s price put right), revaluation or replay (a later change of what came before).';
COMMENT ON COLUMN erp.cost_explanation.quantity IS 'Quantity that the entry is about, in the item''s unit; out is negative.';
COMMENT ON COLUMN erp.cost_explanation.amount IS 'Amount, in the company''s currency; out is negative.';
COMMENT ON COLUMN erp.cost_explanation.source_day IS 'Day of the move that the cost is drawn from.';
COMMENT ON COLUMN erp.cost_explanation.source_document_kind IS 'Kind of the document that brought the goods.';
COMMENT ON COLUMN erp.cost_explanation.source_document_key IS 'Key of the document that brought the goods.';
COMMENT ON COLUMN erp.cost_explanation.source_line_no IS 'Line of that document.';
COMMENT ON COLUMN erp.cost_explanation.source_move_id IS 'Identity of that move; null when the cost is an average of the pool or was given.';
COMMENT ON COLUMN erp.cost_explanation.voucher_id IS 'Voucher that posted the amount; 0 when there was nothing to post.';

-- Law 10. What a rule posted leads back by the amount it takes; a line without a rule was entered as it stands.
-- The goods of a document are found through its moves, what it changed of the cost of others through the index of what is learned later.
CREATE OR REPLACE VIEW erp.voucher_line_origin AS
SELECT c.company,
	v.voucher_id,
	l.line_no,
	a.code AS account_code,
	x.origin,
	d.kind AS document_kind,
	d.key AS document_key,
	x.document_line_no,
	i.code AS item_code,
	t.code AS tax_code,
	pg_catalog.round(x.amount, m.decimals) AS amount,
	m.code AS currency
FROM erp_private.company_money c
JOIN erp.voucher v ON v.company_id = c.company_id
JOIN erp.voucher_line l ON l.company_id = v.company_id AND l.voucher_id = v.voucher_id
JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id
LEFT JOIN erp.posting_rule r ON r.company_id = l.company_id AND r.posting_rule_id = l.posting_rule_id
JOIN LATERAL (
	SELECT 'entry' AS origin, v.document_id, l.document_line_no, 0 AS item_id, 0 AS tax_code_id,
		CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END AS amount, l.currency_id
	FROM erp.document h
	WHERE h.company_id = v.company_id AND h.document_id = v.document_id AND h.kind IN (SELECT kr.kind FROM erp.document_kind_role kr WHERE kr.line_role = 'entry')
		AND l.document_line_no <> 0 AND l.posting_rule_id = 0
	UNION ALL
	SELECT 'entry', b.document_id, b.line_no, b.item_id, 0,
		CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END, l.currency_id
	FROM erp.document_line b
	WHERE b.company_id = v.company_id AND b.document_id = v.document_id AND b.voucher_line_no = l.line_no
		AND b.item_id = 0 AND r.posting_rule_id IS NULL
	UNION ALL
	SELECT 'amount', b.document_id, b.line_no, b.item_id, 0, -k.total_sign * b.amount, l.currency_id
	FROM erp.document_line b
	JOIN erp.document e ON e.company_id = b.company_id AND e.document_id = b.document_id
	JOIN erp.document_kind k ON k.kind = e.kind
	WHERE b.company_id = v.company_id AND b.document_id = v.document_id AND b.voucher_line_no = l.line_no
		AND r.amount_role IN ('amount', 'ahead')
	UNION ALL
	SELECT 'cost', s.document_id, s.line_no, s.item_id, 0,
		CASE WHEN e.inventory_line_no = l.line_no THEN e.amount ELSE -e.amount END, o.currency_id
	FROM erp.stock_move s
	JOIN erp.cost_entry e ON e.company_id = s.company_id AND e.move_id = s.move_id
	JOIN erp.company o ON o.company_id = e.company_id
	WHERE s.company_id = v.company_id AND s.document_id = v.document_id AND e.voucher_id = v.voucher_id
		AND l.line_no IN (e.inventory_line_no, e.counter_line_no)
		AND COALESCE(r.amount_role, 'cost') IN ('inventory', 'cost', 'shipped')
	UNION ALL
	SELECT 'cost', s.document_id, s.line_no, s.item_id, 0,
		CASE WHEN e.inventory_line_no = l.line_no THEN e.amount ELSE -e.amount END, o.currency_id
	FROM erp.cost_entry e
	JOIN erp.stock_move s ON s.company_id = e.company_id AND s.move_id = e.move_id
	JOIN erp.company o ON o.company_id = e.company_id
	WHERE e.cause IN ('landed', 'bill', 'amendment', 'revaluation', 'replay')
		AND e.company_id = v.company_id AND e.voucher_id = v.voucher_id AND s.document_id <> v.document_id
		AND l.line_no IN (e.inventory_line_no, e.counter_line_no)
	UNION ALL
	SELECT 'price_variance', b.document_id, b.line_no, b.item_id, 0, b.amount - pg_catalog.round(s.amount / h.rate, n.decimals), l.currency_id
	FROM erp.document_line b
	JOIN erp.document h ON h.company_id = b.company_id AND h.document_id = b.document_id
	JOIN erp.currency n ON n.currency_id = l.currency_id
	CROSS JOIN LATERAL (
		SELECT pg_catalog.sum(e.amount) AS amount
		FROM erp.stock_move g
		JOIN erp.cost_entry e ON e.company_id = g.company_id AND e.move_id = g.move_id AND e.voucher_id = v.voucher_id
		WHERE g.company_id = b.company_id AND g.document_id = b.document_id AND g.line_no = b.line_no
		HAVING pg_catalog.count(*) > 0
	) s
	WHERE b.company_id = v.company_id AND b.document_id = v.document_id AND r.amount_role = 'price_variance'
		AND r.kind <> 'standard_revaluation' AND h.reverses_document_id = 0
		AND (EXISTS (SELECT FROM erp.line_role y WHERE y.line_role = b.line_role AND y.value_source = 'returned') OR EXISTS (SELECT FROM erp.item t WHERE t.company_id = b.company_id AND t.item_id = b.item_id AND COALESCE(
			(SELECT f.costing_method FROM erp.item_costing f WHERE f.company_id = t.company_id AND f.item_id = t.item_id AND f.valid_from <= h.posting_day
				ORDER BY f.valid_from DESC, f.document_id DESC LIMIT 1),
			(SELECT f.method_before FROM erp.item_costing f WHERE f.company_id = t.company_id AND f.item_id = t.item_id
				ORDER BY f.valid_from, f.document_id LIMIT 1),
			t.costing_method) = 'standard'))
	UNION ALL
	SELECT 'price_variance', v.document_id, 0, 0, 0, CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END, l.currency_id
	FROM erp.document h
	WHERE h.company_id = v.company_id AND h.document_id = v.document_id
		AND (r.amount_role IN ('unbilled', 'revenue', 'exchange') OR r.amount_role = 'price_variance' AND (r.kind IN ('standard_revaluation', 'supplier_credit_note') OR h.reverses_document_id <> 0))
	UNION ALL
	SELECT 'price_variance', v.document_id, 0, 0, 0, pg_catalog.sum(CASE z.side WHEN 'debit' THEN -z.amount ELSE z.amount END), l.currency_id
	FROM erp.document h
	JOIN erp.voucher_line z ON z.company_id = h.company_id AND z.voucher_id = v.voucher_id
	JOIN erp.posting_rule c ON c.company_id = z.company_id AND c.posting_rule_id = z.posting_rule_id AND c.amount_role = 'price_variance'
		AND c.kind = 'standard_revaluation'
	WHERE h.company_id = v.company_id AND h.document_id = v.document_id AND r.amount_role = 'price_variance'
		AND r.kind <> 'standard_revaluation' AND h.reverses_document_id = 0
	HAVING pg_catalog.count(*) > 0
	UNION ALL
	SELECT 'usage_variance', v.document_id, 0, 0, 0, CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END, l.currency_id
	WHERE r.amount_role IN ('usage_variance', 'usage')
	UNION ALL
	SELECT 'usage_variance', b.document_id, b.line_no, b.item_id, 0, CASE l.line_no WHEN 1 THEN b.amount ELSE -b.amount END, l.currency_id
	FROM erp.document_line b
	JOIN erp.document e ON e.company_id = b.company_id AND e.document_id = b.document_id AND e.kind = 'cost_adjustment'
	WHERE b.company_id = v.company_id AND b.document_id = v.document_id
		AND NOT EXISTS (
			SELECT FROM erp.cost_entry t
			WHERE t.company_id = v.company_id AND t.voucher_id = v.voucher_id AND t.cause IN ('landed', 'bill', 'amendment', 'revaluation', 'replay'))
	UNION ALL
	SELECT 'tax', b.document_id, 0, 0, b.tax_code_id, -k.total_sign * b.tax_amount, l.currency_id
	FROM erp.document_tax b
	JOIN erp.document e ON e.company_id = b.company_id AND e.document_id = b.document_id
	JOIN erp.document_kind k ON k.kind = e.kind
	WHERE b.company_id = v.company_id AND b.document_id = v.document_id
		AND r.amount_role = 'tax' AND l.tax_code_id IN (0, b.tax_code_id)
	UNION ALL
	SELECT 'total', v.document_id, 0, 0, 0,
		CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END, l.currency_id
	WHERE r.amount_role = 'total' OR r.amount_role = 'ahead' AND r.line_role = 'document'
) x ON true
JOIN erp.document d ON d.company_id = v.company_id AND d.document_id = x.document_id
JOIN erp.currency m ON m.currency_id = x.currency_id
LEFT JOIN erp.item i ON i.company_id = v.company_id AND i.item_id = x.item_id AND i.item_id <> 0
LEFT JOIN erp.tax_code t ON t.company_id = v.company_id AND t.tax_code_id = x.tax_code_id AND t.tax_code_id <> 0;

COMMENT ON VIEW erp.voucher_line_origin IS 'From each voucher line back to what caused it. The amounts of a line''s origins add up to the line, debit positive. Name a voucher_id: it is made for one voucher, not for all.';
COMMENT ON COLUMN erp.voucher_line_origin.company IS 'Code of the company.';
COMMENT ON COLUMN erp.voucher_line_origin.voucher_id IS 'Identity of the voucher.';
COMMENT ON COLUMN erp.voucher_line_origin.line_no IS 'Line of the voucher.';
COMMENT ON COLUMN erp.voucher_line_origin.account_code IS 'Code of the account.';
COMMENT ON COLUMN erp.voucher_line_origin.origin IS 'amount, entry (a document line), cost (the move of a document line), price_variance (of goods at standard cost, or that went back to their supplier, and what of it his credit note takes back), usage_variance (of products at standard cost), tax (a tax of the document) or total (the whole document).';
COMMENT ON COLUMN erp.voucher_line_origin.document_kind IS 'Kind of the document that caused it: for a cost adjustment or a landed cost, the document whose goods are re-costed.';
COMMENT ON COLUMN erp.voucher_line_origin.document_key IS 'Key of that document.';
COMMENT ON COLUMN erp.voucher_line_origin.document_line_no IS 'Line of that document; 0 for a tax or the total.';
COMMENT ON COLUMN erp.voucher_line_origin.item_code IS 'Code of the line''s item; null without one.';
COMMENT ON COLUMN erp.voucher_line_origin.tax_code IS 'Code of the tax; null for other origins.';
COMMENT ON COLUMN erp.voucher_line_origin.amount IS 'What it put on the voucher line; debit positive.';
COMMENT ON COLUMN erp.voucher_line_origin.currency IS 'Currency of the amount: the line''s, for a cost the company''s.';
