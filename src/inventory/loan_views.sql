-- inventory: goods that are lent, borrowed or on consignment, and adjustments that are pending.

CREATE OR REPLACE VIEW erp.loan_list AS
SELECT c.code AS company,
	d.kind AS document_kind,
	d.key AS document_key,
	m.line_no,
	d.posting_day AS day,
	p.code AS party_code,
	p.name AS party_name,
	i.code AS item_code,
	i.name AS item_name,
	k.code AS lot_code,
	w.code AS warehouse_code,
	l.code AS location_code,
	m.quantity,
	t.returned,
	t.traded,
	m.quantity - t.taken AS open_quantity,
	CURRENT_DATE - d.posting_day AS days
FROM erp_private.standing_document d
JOIN erp.company c ON c.company_id = d.company_id
JOIN erp.stock_move m ON m.company_id = d.company_id AND m.document_id = d.document_id AND m.quantity > 0
JOIN erp.party p ON p.company_id = d.company_id AND p.party_id = d.party_id
JOIN erp.item i ON i.company_id = m.company_id AND i.item_id = m.item_id
JOIN erp.warehouse w ON w.company_id = m.company_id AND w.warehouse_id = m.warehouse_id
LEFT JOIN erp.location l ON l.company_id = m.company_id AND l.location_id = m.location_id
LEFT JOIN erp.lot k ON k.company_id = m.company_id AND k.lot_id = m.lot_id
CROSS JOIN LATERAL (
	SELECT COALESCE(pg_catalog.sum(f.quantity), 0.000000) AS taken,
		COALESCE(pg_catalog.sum(f.quantity) FILTER (WHERE x.kind IN ('loan_return', 'consignment_return', 'borrowing_return')), 0.000000) AS returned,
		COALESCE(pg_catalog.sum(f.quantity) FILTER (WHERE x.kind NOT IN ('loan_return', 'consignment_return', 'borrowing_return')), 0.000000) AS traded
	FROM erp.document_link f
	JOIN erp_private.standing_document x ON x.company_id = f.company_id AND x.document_id = f.document_id
	WHERE f.company_id = m.company_id AND f.target_document_id = m.document_id AND f.target_line_no = m.line_no AND f.link = 'fulfils'
) t
WHERE d.kind IN ('loan', 'consignment_delivery', 'borrowing') AND m.quantity <> t.taken;

COMMENT ON VIEW erp.loan_list IS 'Lines of loans, consignment deliveries and borrowings of which something is still out: not returned, sold, bought or lost.';
COMMENT ON COLUMN erp.loan_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.loan_list.document_kind IS 'loan: the company''s goods, lent; consignment_delivery: the company''s goods with a customer; borrowing: the party''s goods, here.';
COMMENT ON COLUMN erp.loan_list.document_key IS 'Key of that document: the origin of what is returned, sold, bought or lost of it.';
COMMENT ON COLUMN erp.loan_list.line_no IS 'Line of it.';
COMMENT ON COLUMN erp.loan_list.day IS 'Day on which the goods went, or came.';
COMMENT ON COLUMN erp.loan_list.party_code IS 'Code of the party that has the goods, or whose they are.';
COMMENT ON COLUMN erp.loan_list.party_name IS 'Name of the party.';
COMMENT ON COLUMN erp.loan_list.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.loan_list.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.loan_list.lot_code IS 'Code of the lot or serial number; null without one.';
COMMENT ON COLUMN erp.loan_list.warehouse_code IS 'Code of the warehouse that they lie in by the books.';
COMMENT ON COLUMN erp.loan_list.location_code IS 'Code of the location; of borrowed goods the one that they came to; null without one.';
COMMENT ON COLUMN erp.loan_list.quantity IS 'Quantity lent, delivered or borrowed, in the item''s unit.';
COMMENT ON COLUMN erp.loan_list.returned IS 'Quantity of it that went back.';
COMMENT ON COLUMN erp.loan_list.traded IS 'Quantity of it that was sold, given away or lost; of borrowed goods bought.';
COMMENT ON COLUMN erp.loan_list.open_quantity IS 'Quantity that is still out.';
COMMENT ON COLUMN erp.loan_list.days IS 'Days from that day to today.';

CREATE OR REPLACE VIEW erp.pending_adjustments AS
SELECT c.company,
	d.kind AS document_kind,
	d.key AS document_key,
	m.line_no,
	d.posting_day AS day,
	i.code AS item_code,
	i.name AS item_name,
	m.quantity,
	a.code AS account_code,
	pg_catalog.round(x.amount, c.decimals) AS amount,
	pg_catalog.round(x.approved, c.decimals) AS approved,
	pg_catalog.round(x.amount - x.approved, c.decimals) AS pending
FROM erp_private.company_money c
CROSS JOIN LATERAL (
	SELECT DISTINCT r.account_id, k.kind
	FROM erp.posting_rule r
	JOIN erp.document_kind_role n ON n.kind = r.kind AND n.line_role = r.line_role
	CROSS JOIN LATERAL pg_catalog.unnest(n.names_kinds) AS k (kind)
	WHERE r.company_id = c.company_id AND r.kind = 'adjustment_approval' AND r.amount_role = 'amount' AND r.active
) r
JOIN erp_private.standing_document d ON d.company_id = c.company_id AND d.kind = r.kind
JOIN erp.stock_move m ON m.company_id = d.company_id AND m.document_id = d.document_id
JOIN erp.item i ON i.company_id = m.company_id AND i.item_id = m.item_id
JOIN erp.account a ON a.company_id = c.company_id AND a.account_id = r.account_id
CROSS JOIN LATERAL (
	SELECT COALESCE((SELECT pg_catalog.sum(-e.amount)
			FROM erp.cost_entry e
			JOIN erp.voucher_line v ON v.company_id = e.company_id AND v.voucher_id = e.voucher_id AND v.line_no = e.counter_line_no
			WHERE e.company_id = m.company_id AND e.move_id = m.move_id AND v.account_id = r.account_id), 0) AS amount,
		COALESCE((SELECT pg_catalog.sum(f.amount)
			FROM erp.document_link f
			JOIN erp_private.standing_document s ON s.company_id = f.company_id AND s.document_id = f.document_id
			WHERE f.company_id = m.company_id AND f.target_document_id = m.document_id AND f.target_line_no = m.line_no AND f.link = 'fulfils'), 0)
			* pg_catalog.sign(-m.quantity) AS approved
) x
WHERE x.amount <> x.approved;

COMMENT ON VIEW erp.pending_adjustments IS 'Lines of documents of goods found or lost whose cost, as now known, stands on a pending account and is not all approved: none should be left when a year closes. Pending accounts are those that active posting rules of kind adjustment_approval clear.';
COMMENT ON COLUMN erp.pending_adjustments.company IS 'Code of the company.';
COMMENT ON COLUMN erp.pending_adjustments.document_kind IS 'stock_gain or stock_loss.';
COMMENT ON COLUMN erp.pending_adjustments.document_key IS 'Key of the document: the origin of its approvals.';
COMMENT ON COLUMN erp.pending_adjustments.line_no IS 'Line of it.';
COMMENT ON COLUMN erp.pending_adjustments.day IS 'Day of its voucher.';
COMMENT ON COLUMN erp.pending_adjustments.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.pending_adjustments.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.pending_adjustments.quantity IS 'Quantity found, or lost (negative), in the item''s unit.';
COMMENT ON COLUMN erp.pending_adjustments.account_code IS 'Code of the pending account.';
COMMENT ON COLUMN erp.pending_adjustments.amount IS 'What stands of it on that account by the cost of the goods as now known, debit positive.';
COMMENT ON COLUMN erp.pending_adjustments.approved IS 'What approvals have cleared of it, in the same sign.';
COMMENT ON COLUMN erp.pending_adjustments.pending IS 'What is left.';
