-- inventory: what was learned of costs later, what was billed and received, and sales that earn nothing.

CREATE OR REPLACE VIEW erp.cost_corrections AS
SELECT c.company,
	v.day,
	e.cause,
	i.code AS item_code,
	i.name AS item_name,
	d.kind AS document_kind,
	d.key AS document_key,
	m.line_no,
	m.day AS move_day,
	b.kind AS by_document_kind,
	COALESCE(o.key, b.key) AS by_document_key,
	pg_catalog.round(e.amount, c.decimals) AS amount,
	e.voucher_id
FROM erp_private.company_money c
JOIN erp.cost_entry e ON e.company_id = c.company_id AND e.cause IN ('landed', 'bill', 'amendment', 'revaluation', 'replay')
JOIN erp.voucher v ON v.company_id = e.company_id AND v.voucher_id = e.voucher_id
JOIN erp.stock_move m ON m.company_id = e.company_id AND m.move_id = e.move_id
JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
JOIN erp.item i ON i.company_id = m.company_id AND i.item_id = m.item_id
JOIN erp.document b ON b.company_id = e.company_id AND b.document_id = e.voucher_id
LEFT JOIN erp.document_link l ON l.company_id = b.company_id AND l.document_id = b.document_id AND l.line_no = 0 AND l.link = 'corrects'
	AND b.kind = 'cost_adjustment'
LEFT JOIN erp.document o ON o.company_id = l.company_id AND o.document_id = l.target_document_id;

COMMENT ON VIEW erp.cost_corrections IS 'What was learned of the cost of goods after they moved, entry by entry, by cause.';
COMMENT ON COLUMN erp.cost_corrections.company IS 'Code of the company.';
COMMENT ON COLUMN erp.cost_corrections.day IS 'Day of the voucher that took it.';
COMMENT ON COLUMN erp.cost_corrections.cause IS 'landed, bill (a bill''s price difference), amendment (a receipt''s price put right), revaluation, or replay: a move that follows others, since one of them was backdated, amended or cost something else.';
COMMENT ON COLUMN erp.cost_corrections.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.cost_corrections.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.cost_corrections.document_kind IS 'Kind of the document whose goods cost something else.';
COMMENT ON COLUMN erp.cost_corrections.document_key IS 'Key of that document.';
COMMENT ON COLUMN erp.cost_corrections.line_no IS 'Line of that document.';
COMMENT ON COLUMN erp.cost_corrections.move_day IS 'Day on which they moved.';
COMMENT ON COLUMN erp.cost_corrections.by_document_kind IS 'Kind of the document whose voucher took it: cost_adjustment for a replay.';
COMMENT ON COLUMN erp.cost_corrections.by_document_key IS 'Key of the document that brought it; of a replay, of the one that caused it.';
COMMENT ON COLUMN erp.cost_corrections.amount IS 'By how much the move is worth more, in the company''s currency; an issue is negative, so a negative amount makes it cost more.';
COMMENT ON COLUMN erp.cost_corrections.voucher_id IS 'Identity of that voucher.';

-- Revenue of a line against the cost of what it sold, as now known: of lines that stand.
CREATE OR REPLACE VIEW erp.negative_margin AS
SELECT c.company,
	d.key AS document_key,
	l.line_no,
	d.posting_day AS day,
	p.code AS party_code,
	i.code AS item_code,
	i.name AS item_name,
	-m.quantity AS quantity,
	r.revenue,
	pg_catalog.round(-v.amount, c.decimals) AS cost_of_sales,
	pg_catalog.round(r.revenue + v.amount, c.decimals) AS margin
FROM erp_private.company_money c
JOIN erp_private.standing_document d ON d.company_id = c.company_id AND d.kind IN ('sales_invoice', 'sales_shipment')
JOIN erp.document_line l ON l.company_id = d.company_id AND l.document_id = d.document_id AND l.line_role IN ('sale', 'sold')
JOIN erp.stock_move m ON m.company_id = l.company_id AND m.document_id = l.document_id AND m.line_no = l.line_no AND m.leg = 1
JOIN erp.item i ON i.company_id = m.company_id AND i.item_id = m.item_id
JOIN erp.party p ON p.company_id = d.company_id AND p.party_id = d.party_id
CROSS JOIN LATERAL (SELECT pg_catalog.round(CASE WHEN d.currency_id = c.currency_id THEN l.amount ELSE l.amount * d.rate END, c.decimals) AS revenue) r
CROSS JOIN LATERAL (SELECT COALESCE(pg_catalog.sum(e.amount), 0) AS amount FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id) v
WHERE r.revenue + v.amount < 0;

COMMENT ON VIEW erp.negative_margin IS 'Sales below cost (成本倒挂): lines of invoices and sales shipments that stand and whose goods cost more than they brought, by cost as now known.';
COMMENT ON COLUMN erp.negative_margin.company IS 'Code of the company.';
COMMENT ON COLUMN erp.negative_margin.document_key IS 'Key of the invoice or the sales shipment.';
COMMENT ON COLUMN erp.negative_margin.line_no IS 'Line of it.';
COMMENT ON COLUMN erp.negative_margin.day IS 'Day of its voucher.';
COMMENT ON COLUMN erp.negative_margin.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.negative_margin.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.negative_margin.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.negative_margin.quantity IS 'Quantity sold, in the item''s unit.';
COMMENT ON COLUMN erp.negative_margin.revenue IS 'Amount of the line without tax, in the company''s currency; in another currency converted at the document''s rate.';
COMMENT ON COLUMN erp.negative_margin.cost_of_sales IS 'Cost of the goods, in the company''s currency.';
COMMENT ON COLUMN erp.negative_margin.margin IS 'Revenue less cost: below zero.';

CREATE OR REPLACE VIEW erp.zero_cost_issues AS
SELECT c.company,
	d.kind AS document_kind,
	d.key AS document_key,
	m.line_no,
	m.day,
	i.code AS item_code,
	i.name AS item_name,
	-m.quantity AS quantity
FROM erp_private.company_money c
JOIN erp.item i ON i.company_id = c.company_id
JOIN erp.stock_move m ON m.company_id = i.company_id AND m.item_id = i.item_id AND m.quantity < 0 AND m.owner_id = 0
JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
WHERE (SELECT COALESCE(pg_catalog.sum(e.amount), 0) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id) = 0;

COMMENT ON VIEW erp.zero_cost_issues IS 'Goods of the company that left and cost nothing, by cost as now known.';
COMMENT ON COLUMN erp.zero_cost_issues.company IS 'Code of the company.';
COMMENT ON COLUMN erp.zero_cost_issues.document_kind IS 'Kind of the document that issued them.';
COMMENT ON COLUMN erp.zero_cost_issues.document_key IS 'Key of that document.';
COMMENT ON COLUMN erp.zero_cost_issues.line_no IS 'Line of that document.';
COMMENT ON COLUMN erp.zero_cost_issues.day IS 'Day of the move.';
COMMENT ON COLUMN erp.zero_cost_issues.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.zero_cost_issues.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.zero_cost_issues.quantity IS 'Quantity issued, in the item''s unit.';

-- What links of documents that stand say of a line: as the line that is named (is_target), or as the one that names another.
CREATE OR REPLACE VIEW erp_private.standing_link AS
SELECT k.company_id, k.target_document_id AS document_id, k.target_line_no AS line_no, true AS is_target, k.link, k.quantity, k.amount
FROM erp.document_link k
WHERE k.link IN ('bills', 'fulfils', 'corrects') AND k.line_no <> 0
	AND NOT EXISTS (SELECT 1 FROM erp.document x WHERE x.company_id = k.company_id AND x.reverses_document_id = k.document_id AND x.reverses_document_id <> 0)
UNION ALL
SELECT k.company_id, k.document_id, k.line_no, false, k.link, k.quantity, k.amount
FROM erp.document_link k
WHERE k.link IN ('bills', 'fulfils') AND k.line_no <> 0;

COMMENT ON VIEW erp_private.standing_link IS 'Links of documents that stand, from both ends.';
COMMENT ON COLUMN erp_private.standing_link.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.standing_link.document_id IS 'The document at this end.';
COMMENT ON COLUMN erp_private.standing_link.line_no IS 'Line of it.';
COMMENT ON COLUMN erp_private.standing_link.is_target IS 'Whether it is the one that is named.';
COMMENT ON COLUMN erp_private.standing_link.link IS 'bills, fulfils or corrects.';
COMMENT ON COLUMN erp_private.standing_link.quantity IS 'Quantity, in the item''s unit.';
COMMENT ON COLUMN erp_private.standing_link.amount IS 'Amount, in the currency of the documents.';

CREATE OR REPLACE VIEW erp.received_not_billed AS
SELECT c.company,
	d.key AS document_key,
	l.line_no,
	d.posting_day AS day,
	p.code AS party_code,
	i.code AS item_code,
	i.name AS item_name,
	m.quantity + COALESCE(s.amended, 0) AS received,
	COALESCE(s.billed, 0) AS billed,
	m.quantity + COALESCE(s.amended, 0) - COALESCE(s.billed, 0) AS open_quantity,
	pg_catalog.round(l.amount + COALESCE(s.amended_amount, 0) - COALESCE(s.billed_amount, 0), u.decimals::integer) AS open_amount,
	u.code AS currency,
	d.kind AS document_kind
FROM erp_private.company_money c
JOIN erp_private.standing_document d ON d.company_id = c.company_id
JOIN erp.document_line l ON l.company_id = d.company_id AND l.document_id = d.document_id
JOIN erp.line_role r ON r.line_role = l.line_role AND r.value_source = 'amount'
JOIN erp.stock_move m ON m.company_id = l.company_id AND m.document_id = l.document_id AND m.line_no = l.line_no AND m.leg = 1 AND m.owner_id = 0
JOIN erp.item i ON i.company_id = m.company_id AND i.item_id = m.item_id
JOIN erp.party p ON p.company_id = d.company_id AND p.party_id = d.party_id AND p.party_id <> 0
JOIN erp.currency u ON u.currency_id = d.currency_id
LEFT JOIN LATERAL (
	SELECT pg_catalog.sum(k.quantity) FILTER (WHERE k.link = 'corrects') AS amended, pg_catalog.sum(k.amount) FILTER (WHERE k.link = 'corrects') AS amended_amount,
		pg_catalog.sum(k.quantity) FILTER (WHERE k.link <> 'corrects') AS billed, pg_catalog.sum(k.amount) FILTER (WHERE k.link <> 'corrects') AS billed_amount
	FROM erp_private.standing_link k
	WHERE k.company_id = l.company_id AND k.document_id = l.document_id AND k.line_no = l.line_no
) s ON true
WHERE (m.quantity + COALESCE(s.amended, 0), l.amount + COALESCE(s.amended_amount, 0)) <> (COALESCE(s.billed, 0), COALESCE(s.billed_amount, 0))
	AND NOT EXISTS (SELECT 1 FROM erp.document_tax t WHERE t.company_id = d.company_id AND t.document_id = d.document_id);

COMMENT ON VIEW erp.received_not_billed IS 'Lines of goods receipts, as amended, of which a quantity is not billed yet, with its estimate; negative, or an amount alone, where less came, or at another price, than was billed. Receipts with tax of their own wait for no bill.';
COMMENT ON COLUMN erp.received_not_billed.company IS 'Code of the company.';
COMMENT ON COLUMN erp.received_not_billed.document_key IS 'Key of the receipt.';
COMMENT ON COLUMN erp.received_not_billed.line_no IS 'Line of it.';
COMMENT ON COLUMN erp.received_not_billed.day IS 'Day of its voucher.';
COMMENT ON COLUMN erp.received_not_billed.party_code IS 'Code of the supplier.';
COMMENT ON COLUMN erp.received_not_billed.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.received_not_billed.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.received_not_billed.received IS 'Quantity received, with amendments, in the item''s unit.';
COMMENT ON COLUMN erp.received_not_billed.billed IS 'Quantity of it that bills which stand are of, less what credit notes are of.';
COMMENT ON COLUMN erp.received_not_billed.open_quantity IS 'What is not billed.';
COMMENT ON COLUMN erp.received_not_billed.open_amount IS 'Its estimate, without tax, in the currency of the receipt.';
COMMENT ON COLUMN erp.received_not_billed.currency IS 'Code of that currency.';
COMMENT ON COLUMN erp.received_not_billed.document_kind IS 'goods_receipt, or consignment_withdrawal or borrowing_purchase: goods of others that became the company''s own.';

CREATE OR REPLACE VIEW erp.billed_not_received AS
SELECT c.company,
	d.key AS document_key,
	l.line_no,
	d.posting_day AS day,
	p.code AS party_code,
	i.code AS item_code,
	i.name AS item_name,
	q.quantity AS billed,
	COALESCE(s.received, 0) AS received,
	q.quantity - COALESCE(s.received, 0) AS open_quantity,
	pg_catalog.round(l.amount - pg_catalog.round(l.amount * COALESCE(s.matched, 0) / q.quantity, u.decimals::integer) - COALESCE(s.fulfilled_amount, 0), u.decimals::integer) AS open_amount,
	u.code AS currency
FROM erp_private.company_money c
JOIN erp_private.standing_document d ON d.company_id = c.company_id
JOIN erp.document_line l ON l.company_id = d.company_id AND l.document_id = d.document_id
JOIN erp.line_role r ON r.line_role = l.line_role AND r.value_source = 'bill'
JOIN erp.document_kind b ON b.kind = d.kind AND b.total_sign < 0
JOIN erp.item i ON i.company_id = l.company_id AND i.item_id = l.item_id
JOIN erp.party p ON p.company_id = d.company_id AND p.party_id = d.party_id
JOIN erp.currency u ON u.currency_id = d.currency_id
CROSS JOIN LATERAL (
	SELECT pg_catalog.round(l.quantity * w.numerator / w.denominator, 6) AS quantity
	FROM erp_private.item_unit_way w
	WHERE w.company_id = l.company_id AND w.item_id = l.item_id AND w.unit_id = l.unit_id
	LIMIT 1
) q
LEFT JOIN LATERAL (
	SELECT pg_catalog.sum(k.quantity) AS received, pg_catalog.sum(k.quantity) FILTER (WHERE k.link = 'bills') AS matched,
		pg_catalog.sum(k.amount) FILTER (WHERE k.link = 'fulfils') AS fulfilled_amount
	FROM erp_private.standing_link k
	WHERE k.company_id = l.company_id AND k.document_id = l.document_id AND k.line_no = l.line_no AND k.link <> 'corrects'
) s ON true
WHERE q.quantity <> COALESCE(s.received, 0);

COMMENT ON VIEW erp.billed_not_received IS 'Lines of bills of which a quantity has not come: what waits on the account of goods that are not billed for a receipt that names the bill.';
COMMENT ON COLUMN erp.billed_not_received.company IS 'Code of the company.';
COMMENT ON COLUMN erp.billed_not_received.document_key IS 'Key of the bill.';
COMMENT ON COLUMN erp.billed_not_received.line_no IS 'Line of it.';
COMMENT ON COLUMN erp.billed_not_received.day IS 'Day of its voucher.';
COMMENT ON COLUMN erp.billed_not_received.party_code IS 'Code of the supplier.';
COMMENT ON COLUMN erp.billed_not_received.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.billed_not_received.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.billed_not_received.billed IS 'Quantity billed, in the item''s unit.';
COMMENT ON COLUMN erp.billed_not_received.received IS 'Quantity of it that was received, before the bill or since.';
COMMENT ON COLUMN erp.billed_not_received.open_quantity IS 'What has not come.';
COMMENT ON COLUMN erp.billed_not_received.open_amount IS 'Its amount without tax, in the currency of the bill.';
COMMENT ON COLUMN erp.billed_not_received.currency IS 'Code of that currency.';
