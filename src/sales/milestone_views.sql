-- sales: what of orders is not billed with tax, and their milestones with what they wait for and what became of them.

-- What was billed otherwise counts by the line's share of tax.
CREATE OR REPLACE VIEW erp_private.unbilled_gross AS
SELECT l.company_id,
	l.sales_order_id,
	l.line_no,
	m.decimals::integer AS decimals,
	pg_catalog.round(l.gross * (l.quantity - l.cancelled) / l.quantity, m.decimals::integer) - b.gross
		- CASE WHEN l.amount = 0 THEN 0.0000 ELSE pg_catalog.round((l.billed_amount - b.net) * l.gross / l.amount, m.decimals::integer) END AS left_amount
FROM erp.sales_order_line l
JOIN erp.sales_order o ON o.company_id = l.company_id AND o.sales_order_id = l.sales_order_id
JOIN erp.currency m ON m.currency_id = o.currency_id
CROSS JOIN LATERAL (
	SELECT COALESCE(pg_catalog.sum(f.amount), 0.0000) AS gross,
		COALESCE(pg_catalog.sum(k.amount), 0.0000) AS net
	FROM erp.sales_order_bill f
	LEFT JOIN erp.sales_order_link k ON k.company_id = f.company_id AND k.document_id = f.document_id AND k.line_no = f.line_no AND k.link = 'bills'
	WHERE f.company_id = l.company_id AND f.sales_order_id = l.sales_order_id AND f.order_line_no = l.line_no
		AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = f.company_id AND r.reverses_document_id = f.document_id AND r.reverses_document_id <> 0)
) b
WHERE l.gross IS NOT NULL;

COMMENT ON VIEW erp_private.unbilled_gross IS 'Lines of orders that keep what they come to with tax, with what of that is neither billed nor cancelled.';
COMMENT ON COLUMN erp_private.unbilled_gross.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.unbilled_gross.sales_order_id IS 'The order.';
COMMENT ON COLUMN erp_private.unbilled_gross.line_no IS 'Line of it.';
COMMENT ON COLUMN erp_private.unbilled_gross.decimals IS 'Decimals of the currency of the order.';
COMMENT ON COLUMN erp_private.unbilled_gross.left_amount IS 'What is neither billed nor cancelled, with tax, in the currency of the order.';

-- What is left is parted by the amounts of those that are not billed, the last taking the rest: that is their amounts while nothing of the order changed.
CREATE OR REPLACE VIEW erp_private.order_milestone AS
SELECT m.company_id,
	m.sales_order_id,
	m.milestone_no,
	m.code,
	m.description,
	m.percent,
	m.event,
	m.due_day,
	m.reached_day,
	m.is_reached,
	m.billed_document_id,
	m.billed_amount,
	CASE WHEN m.billed_document_id IS NULL THEN pg_catalog.round(m.left_amount * m.until / m.weight, m.decimals) - pg_catalog.round(m.left_amount * (m.until - m.amount) / m.weight, m.decimals) ELSE 0.0000 END AS amount_due,
	m.billed_document_id IS NULL AND m.until = m.weight AND m.amount = m.weight AS is_last
FROM (
	SELECT s.company_id,
		s.sales_order_id,
		s.milestone_no,
		s.code,
		s.description,
		s.percent,
		s.event,
		s.due_day,
		s.reached_day,
		s.amount,
		o.state IN ('confirmed', 'closed') AND CASE s.event
			WHEN 'order' THEN true
			WHEN 'manual' THEN s.reached_day IS NOT NULL
			WHEN 'first_shipment' THEN g.shipped > 0
			WHEN 'all_shipped' THEN g.shipped > 0 AND g.to_ship = 0
			ELSE s.due_day <= CURRENT_DATE END AS is_reached,
		b.document_id AS billed_document_id,
		b.amount AS billed_amount,
		t.left_amount,
		t.decimals,
		pg_catalog.sum(s.amount) FILTER (WHERE b.document_id IS NULL) OVER (PARTITION BY s.company_id, s.sales_order_id ORDER BY s.milestone_no) AS until,
		pg_catalog.sum(s.amount) FILTER (WHERE b.document_id IS NULL) OVER (PARTITION BY s.company_id, s.sales_order_id) AS weight
	FROM erp.sales_order_milestone s
	JOIN erp.sales_order o ON o.company_id = s.company_id AND o.sales_order_id = s.sales_order_id
	CROSS JOIN LATERAL (
		SELECT COALESCE(pg_catalog.sum(l.shipped), 0.000000) AS shipped,
			COALESCE(pg_catalog.sum(l.quantity - l.cancelled - l.shipped), 0.000000) AS to_ship
		FROM erp.sales_order_line l
		WHERE l.company_id = s.company_id AND l.sales_order_id = s.sales_order_id AND l.moves_stock
	) g
	CROSS JOIN LATERAL (
		SELECT pg_catalog.sum(l.left_amount) AS left_amount,
			pg_catalog.min(l.decimals) AS decimals
		FROM erp_private.unbilled_gross l
		WHERE l.company_id = s.company_id AND l.sales_order_id = s.sales_order_id
	) t
	LEFT JOIN LATERAL (
		SELECT f.document_id,
			pg_catalog.sum(f.amount) AS amount
		FROM erp.sales_order_bill f
		WHERE f.company_id = s.company_id AND f.sales_order_id = s.sales_order_id AND f.milestone_no = s.milestone_no
			AND NOT EXISTS (SELECT 1 FROM erp.document r WHERE r.company_id = f.company_id AND r.reverses_document_id = f.document_id AND r.reverses_document_id <> 0)
		GROUP BY f.document_id
	) b ON true
) m;

COMMENT ON VIEW erp_private.order_milestone IS 'Milestones of orders with what they wait for, what they bill and what billed them.';
COMMENT ON COLUMN erp_private.order_milestone.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.order_milestone.sales_order_id IS 'The order.';
COMMENT ON COLUMN erp_private.order_milestone.milestone_no IS 'Number of the milestone.';
COMMENT ON COLUMN erp_private.order_milestone.code IS 'Its code.';
COMMENT ON COLUMN erp_private.order_milestone.description IS 'Its text; empty without one.';
COMMENT ON COLUMN erp_private.order_milestone.percent IS 'Its share in per cent, where it was said so.';
COMMENT ON COLUMN erp_private.order_milestone.event IS 'What it waits for: day, order, first_shipment, all_shipped, manual.';
COMMENT ON COLUMN erp_private.order_milestone.due_day IS 'The day that it waits for; null for an event.';
COMMENT ON COLUMN erp_private.order_milestone.reached_day IS 'Day on which somebody said that it is reached.';
COMMENT ON COLUMN erp_private.order_milestone.is_reached IS 'Whether it is reached, by today where it waits for a day, and its order confirmed.';
COMMENT ON COLUMN erp_private.order_milestone.billed_document_id IS 'The invoice that billed it and stands; null while none does.';
COMMENT ON COLUMN erp_private.order_milestone.billed_amount IS 'What that came to with tax, in the currency of the order.';
COMMENT ON COLUMN erp_private.order_milestone.amount_due IS 'What it bills with tax, in the currency of the order; 0 once it is billed.';
COMMENT ON COLUMN erp_private.order_milestone.is_last IS 'Whether no other is left to be billed.';

CREATE OR REPLACE VIEW erp.order_milestones AS
SELECT c.code AS company,
	o.code AS order_code,
	m.milestone_no,
	m.code,
	NULLIF(m.description, '') AS description,
	m.percent,
	pg_catalog.round(COALESCE(m.billed_amount, m.amount_due), u.decimals::integer) AS amount,
	u.code AS currency,
	m.event,
	m.due_day,
	m.reached_day,
	CASE WHEN m.billed_document_id IS NOT NULL THEN 'billed' WHEN m.is_reached THEN 'reached' ELSE 'open' END AS state,
	d.key AS invoice_key,
	m.sales_order_id
FROM erp_private.order_milestone m
JOIN erp.company c ON c.company_id = m.company_id
JOIN erp.sales_order o ON o.company_id = m.company_id AND o.sales_order_id = m.sales_order_id
JOIN erp.currency u ON u.currency_id = o.currency_id
LEFT JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.billed_document_id;

COMMENT ON VIEW erp.order_milestones IS 'Milestones by which orders are billed.';
COMMENT ON COLUMN erp.order_milestones.company IS 'Code of the company.';
COMMENT ON COLUMN erp.order_milestones.order_code IS 'Code of the order.';
COMMENT ON COLUMN erp.order_milestones.milestone_no IS 'Number of the milestone, in whose order they are billed.';
COMMENT ON COLUMN erp.order_milestones.code IS 'Code of the milestone.';
COMMENT ON COLUMN erp.order_milestones.description IS 'Its text; null without one.';
COMMENT ON COLUMN erp.order_milestones.percent IS 'Its share in per cent, where it was said so.';
COMMENT ON COLUMN erp.order_milestones.amount IS 'What it bills, or was billed at, with tax: by its share of what is neither billed nor cancelled of the order.';
COMMENT ON COLUMN erp.order_milestones.currency IS 'Currency of the order.';
COMMENT ON COLUMN erp.order_milestones.event IS 'What it waits for: day, order (confirmed), first_shipment, all_shipped, manual (erp.reach_milestones()).';
COMMENT ON COLUMN erp.order_milestones.due_day IS 'The day that it waits for; null for an event.';
COMMENT ON COLUMN erp.order_milestones.reached_day IS 'Day on which somebody said that it is reached; null where nobody did.';
COMMENT ON COLUMN erp.order_milestones.state IS 'open: it waits; reached: erp.invoice_orders() bills it; billed.';
COMMENT ON COLUMN erp.order_milestones.invoice_key IS 'Key of the invoice that billed it and stands; null while none does.';
COMMENT ON COLUMN erp.order_milestones.sales_order_id IS 'Identity of the order.';
