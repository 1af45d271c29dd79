-- inventory: what was shipped and is not billed.

-- Lines that were shipped, by document that stands, with what has become of them: a pool of shipped goods is shared out over what is open of it, oldest first, so that the shares add up to it.
CREATE OR REPLACE VIEW erp_private.shipped_goods AS
SELECT q.*,
	q.quantity - q.returned - q.billed AS open_quantity,
	k.value AS pool_value,
	k.quantity AS pool_quantity,
	pg_catalog.sum(q.quantity - q.returned - q.billed) OVER (PARTITION BY q.company_id, q.item_id, q.cost_pool_id ORDER BY q.day, q.document_id, q.line_no) AS open_so_far
FROM (
	SELECT d.company_id,
		d.document_id,
		m.line_no,
		d.kind,
		d.key,
		d.posting_day AS day,
		d.party_id,
		m.item_id,
		m.lot_id,
		m.warehouse_id,
		m.cost_pool_id,
		m.quantity,
		COALESCE(t.returned, 0.000000) AS returned,
		COALESCE(t.taken, 0.000000) - COALESCE(t.returned, 0.000000) AS billed
	FROM erp.document_kind n
	JOIN erp_private.standing_document d ON d.kind = n.kind
	JOIN erp.stock_move m ON m.company_id = d.company_id AND m.document_id = d.document_id AND m.leg = 2
	CROSS JOIN LATERAL (
		SELECT pg_catalog.sum(f.quantity) AS taken, pg_catalog.sum(f.quantity) FILTER (WHERE x.kind = 'shipment_return') AS returned
		FROM erp.document_link f
		JOIN erp_private.standing_document x ON x.company_id = f.company_id AND x.document_id = f.document_id
		WHERE f.company_id = m.company_id AND f.target_document_id = m.document_id AND f.target_line_no = m.line_no AND f.link = 'fulfils'
	) t
	WHERE n.to_location_kind = 'shipped'
) q
JOIN erp_private.cost_pool k ON k.company_id = q.company_id AND k.item_id = q.item_id AND k.cost_pool_id = q.cost_pool_id;

COMMENT ON VIEW erp_private.shipped_goods IS 'Lines of shipments whose goods stay the company''s own until they are billed, with what was returned and billed of them.';
COMMENT ON COLUMN erp_private.shipped_goods.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.shipped_goods.document_id IS 'The shipment.';
COMMENT ON COLUMN erp_private.shipped_goods.line_no IS 'Line of it.';
COMMENT ON COLUMN erp_private.shipped_goods.kind IS 'Its kind.';
COMMENT ON COLUMN erp_private.shipped_goods.key IS 'Its key.';
COMMENT ON COLUMN erp_private.shipped_goods.day IS 'Day of its voucher.';
COMMENT ON COLUMN erp_private.shipped_goods.party_id IS 'The customer.';
COMMENT ON COLUMN erp_private.shipped_goods.item_id IS 'The item.';
COMMENT ON COLUMN erp_private.shipped_goods.lot_id IS 'The lot; 0 without one.';
COMMENT ON COLUMN erp_private.shipped_goods.warehouse_id IS 'The warehouse.';
COMMENT ON COLUMN erp_private.shipped_goods.cost_pool_id IS 'The pool of cost of the goods.';
COMMENT ON COLUMN erp_private.shipped_goods.quantity IS 'Quantity shipped, in the item''s unit.';
COMMENT ON COLUMN erp_private.shipped_goods.returned IS 'Quantity of it that came back before it was billed.';
COMMENT ON COLUMN erp_private.shipped_goods.billed IS 'Quantity of it that was billed, given away or lost.';
COMMENT ON COLUMN erp_private.shipped_goods.open_quantity IS 'What is left.';
COMMENT ON COLUMN erp_private.shipped_goods.pool_value IS 'What the pool is worth.';
COMMENT ON COLUMN erp_private.shipped_goods.pool_quantity IS 'What is in the pool.';
COMMENT ON COLUMN erp_private.shipped_goods.open_so_far IS 'What is left of lines of the pool up to this one.';

-- Lines of sales shipments and of invoices that bill ahead, with what of their quantity and amount other documents that stand have cleared.
CREATE OR REPLACE VIEW erp_private.cut_off_line AS
SELECT d.company_id,
	d.document_id,
	l.line_no,
	r.value_source = 'sold' AS is_shipped,
	d.kind,
	d.key,
	d.posting_day AS day,
	d.party_id,
	d.currency_id,
	l.item_id,
	l.warehouse_id,
	q.quantity,
	COALESCE(s.returned, 0.000000) AS returned,
	COALESCE(s.cleared, 0.000000) AS cleared,
	q.quantity - COALESCE(s.returned, 0.000000) - COALESCE(s.cleared, 0.000000) AS open_quantity,
	l.amount - COALESCE(s.amount, 0.0000) AS open_amount
FROM erp.line_role r
JOIN erp.document_kind_role n ON n.line_role = r.line_role
JOIN erp_private.standing_document d ON d.kind = n.kind
JOIN erp.document_line l ON l.company_id = d.company_id AND l.document_id = d.document_id AND l.line_role = r.line_role
CROSS JOIN LATERAL (
	SELECT pg_catalog.round(l.quantity * w.numerator / w.denominator, 6) AS quantity
	FROM erp_private.item_unit_way w
	WHERE w.company_id = l.company_id AND w.item_id = l.item_id AND w.unit_id = l.unit_id
	LIMIT 1
) q
LEFT JOIN LATERAL (
	SELECT -pg_catalog.sum(k.quantity) FILTER (WHERE k.link = 'corrects') AS returned,
		pg_catalog.sum(k.quantity) FILTER (WHERE k.link <> 'corrects') AS cleared,
		pg_catalog.sum(CASE k.link WHEN 'corrects' THEN -k.amount ELSE k.amount END) AS amount
	FROM erp_private.standing_link k
	WHERE k.company_id = l.company_id AND k.document_id = l.document_id AND k.line_no = l.line_no
) s ON true
WHERE r.value_source IN ('sold', 'invoice')
	AND (r.value_source = 'sold' OR NOT EXISTS (SELECT 1 FROM erp.document_link b WHERE b.company_id = l.company_id AND b.document_id = l.document_id AND b.line_no = l.line_no AND b.link = 'bills'));

COMMENT ON VIEW erp_private.cut_off_line IS 'Lines that put something on the cut-off account: of sales shipments, until it is billed, and of invoices that bill ahead, until it is shipped.';
COMMENT ON COLUMN erp_private.cut_off_line.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.cut_off_line.document_id IS 'The document.';
COMMENT ON COLUMN erp_private.cut_off_line.line_no IS 'Line of it.';
COMMENT ON COLUMN erp_private.cut_off_line.is_shipped IS 'Whether it was shipped; else it was billed.';
COMMENT ON COLUMN erp_private.cut_off_line.kind IS 'Kind of the document.';
COMMENT ON COLUMN erp_private.cut_off_line.key IS 'Key of the document.';
COMMENT ON COLUMN erp_private.cut_off_line.day IS 'Day of its voucher.';
COMMENT ON COLUMN erp_private.cut_off_line.party_id IS 'The customer.';
COMMENT ON COLUMN erp_private.cut_off_line.currency_id IS 'Currency of the document.';
COMMENT ON COLUMN erp_private.cut_off_line.item_id IS 'The item.';
COMMENT ON COLUMN erp_private.cut_off_line.warehouse_id IS 'The warehouse.';
COMMENT ON COLUMN erp_private.cut_off_line.quantity IS 'Quantity of the line, in the item''s unit.';
COMMENT ON COLUMN erp_private.cut_off_line.returned IS 'Quantity of it that came back before it was billed.';
COMMENT ON COLUMN erp_private.cut_off_line.cleared IS 'Quantity of it that was billed, or shipped.';
COMMENT ON COLUMN erp_private.cut_off_line.open_quantity IS 'What is left.';
COMMENT ON COLUMN erp_private.cut_off_line.open_amount IS 'What stands of it on the cut-off account, without sign, in the currency of the document.';

CREATE OR REPLACE VIEW erp.shipped_not_billed AS
SELECT c.company,
	g.kind AS document_kind,
	g.key AS document_key,
	g.line_no,
	g.day,
	p.code AS party_code,
	p.name AS party_name,
	i.code AS item_code,
	i.name AS item_name,
	b.code AS lot_code,
	w.code AS warehouse_code,
	g.quantity,
	g.returned,
	g.billed,
	g.open_quantity,
	pg_catalog.round(g.pool_value * g.open_so_far / g.pool_quantity, c.decimals)
		- pg_catalog.round(g.pool_value * (g.open_so_far - g.open_quantity) / g.pool_quantity, c.decimals) AS open_cost,
	NULL::numeric AS open_amount,
	NULL::text AS currency
FROM erp_private.company_money c
JOIN erp_private.shipped_goods g ON g.company_id = c.company_id
JOIN erp.party p ON p.company_id = g.company_id AND p.party_id = g.party_id
JOIN erp.item i ON i.company_id = g.company_id AND i.item_id = g.item_id
JOIN erp.warehouse w ON w.company_id = g.company_id AND w.warehouse_id = g.warehouse_id
LEFT JOIN erp.lot b ON b.company_id = g.company_id AND b.lot_id = g.lot_id AND b.lot_id <> 0
WHERE g.open_quantity <> 0
UNION ALL
SELECT c.company,
	o.kind,
	o.key,
	o.line_no,
	o.day,
	p.code,
	p.name,
	i.code,
	i.name,
	b.code,
	w.code,
	o.quantity,
	o.returned,
	o.cleared,
	o.open_quantity,
	NULL::numeric,
	pg_catalog.round(o.open_amount, u.decimals::integer),
	u.code
FROM erp_private.company_money c
JOIN erp_private.cut_off_line o ON o.company_id = c.company_id AND o.is_shipped
JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
JOIN erp.item i ON i.company_id = o.company_id AND i.item_id = o.item_id
JOIN erp.warehouse w ON w.company_id = o.company_id AND w.warehouse_id = o.warehouse_id
JOIN erp.currency u ON u.currency_id = o.currency_id
JOIN erp.stock_move m ON m.company_id = o.company_id AND m.document_id = o.document_id AND m.line_no = o.line_no AND m.leg = 1
LEFT JOIN erp.lot b ON b.company_id = m.company_id AND b.lot_id = m.lot_id AND b.lot_id <> 0
WHERE o.open_quantity <> 0;

COMMENT ON VIEW erp.shipped_not_billed IS 'Lines of shipments of which a quantity is neither billed nor back: of a shipment at its cost, what stands on the account of goods that are shipped and not billed; of a sales_shipment at its price, what stands on the cut-off account.';
COMMENT ON COLUMN erp.shipped_not_billed.company IS 'Code of the company.';
COMMENT ON COLUMN erp.shipped_not_billed.document_kind IS 'shipment: its goods are stock until they are billed; sales_shipment: they were sold when they were shipped.';
COMMENT ON COLUMN erp.shipped_not_billed.document_key IS 'Key of the shipment: the origin of the line that bills it.';
COMMENT ON COLUMN erp.shipped_not_billed.line_no IS 'Line of it.';
COMMENT ON COLUMN erp.shipped_not_billed.day IS 'Day of its voucher.';
COMMENT ON COLUMN erp.shipped_not_billed.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.shipped_not_billed.party_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.shipped_not_billed.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.shipped_not_billed.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.shipped_not_billed.lot_code IS 'Code of the lot or serial number; null without one.';
COMMENT ON COLUMN erp.shipped_not_billed.warehouse_code IS 'Code of the warehouse that shipped it.';
COMMENT ON COLUMN erp.shipped_not_billed.quantity IS 'Quantity shipped, in the item''s unit.';
COMMENT ON COLUMN erp.shipped_not_billed.returned IS 'Quantity of it that came back before it was billed.';
COMMENT ON COLUMN erp.shipped_not_billed.billed IS 'Quantity of it that was billed, given away or lost.';
COMMENT ON COLUMN erp.shipped_not_billed.open_quantity IS 'What is neither billed nor back.';
COMMENT ON COLUMN erp.shipped_not_billed.open_cost IS 'Its cost, in the company''s currency: its share of what is shipped and not billed of the item; null for a sales_shipment.';
COMMENT ON COLUMN erp.shipped_not_billed.open_amount IS 'Of a sales_shipment, what of its amount is not billed, without tax, in the currency of the shipment; else null.';
COMMENT ON COLUMN erp.shipped_not_billed.currency IS 'Code of that currency; else null.';

CREATE OR REPLACE VIEW erp.billed_not_shipped AS
SELECT c.company,
	o.key AS document_key,
	o.line_no,
	o.day,
	p.code AS party_code,
	p.name AS party_name,
	i.code AS item_code,
	i.name AS item_name,
	o.quantity AS billed,
	o.cleared AS shipped,
	o.open_quantity,
	pg_catalog.round(o.open_amount, u.decimals::integer) AS open_amount,
	u.code AS currency
FROM erp_private.company_money c
JOIN erp_private.cut_off_line o ON o.company_id = c.company_id AND NOT o.is_shipped
JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
JOIN erp.item i ON i.company_id = o.company_id AND i.item_id = o.item_id
JOIN erp.currency u ON u.currency_id = o.currency_id
WHERE o.open_quantity <> 0;

COMMENT ON VIEW erp.billed_not_shipped IS 'Lines of invoices that bill goods ahead, of which a quantity is not shipped: what stands on the cut-off account for a sales_shipment that names the invoice.';
COMMENT ON COLUMN erp.billed_not_shipped.company IS 'Code of the company.';
COMMENT ON COLUMN erp.billed_not_shipped.document_key IS 'Key of the invoice: the origin of the line that ships it.';
COMMENT ON COLUMN erp.billed_not_shipped.line_no IS 'Line of it.';
COMMENT ON COLUMN erp.billed_not_shipped.day IS 'Day of its voucher.';
COMMENT ON COLUMN erp.billed_not_shipped.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.billed_not_shipped.party_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.billed_not_shipped.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.billed_not_shipped.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.billed_not_shipped.billed IS 'Quantity billed ahead, in the item''s unit.';
COMMENT ON COLUMN erp.billed_not_shipped.shipped IS 'Quantity of it that was shipped since.';
COMMENT ON COLUMN erp.billed_not_shipped.open_quantity IS 'What is not shipped.';
COMMENT ON COLUMN erp.billed_not_shipped.open_amount IS 'Its amount without tax, in the currency of the invoice.';
COMMENT ON COLUMN erp.billed_not_shipped.currency IS 'Code of that currency.';
