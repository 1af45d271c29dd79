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
		- pg_catalog.round(g.pool_value * (g.open_so_far - g.open_quantity) / g.pool_quantity, c.decimals) AS open_cost
FROM erp_private.company_money c
JOIN erp_private.shipped_goods g ON g.company_id = c.company_id
JOIN erp.party p ON p.company_id = g.company_id AND p.party_id = g.party_id
JOIN erp.item i ON i.company_id = g.company_id AND i.item_id = g.item_id
JOIN erp.warehouse w ON w.company_id = g.company_id AND w.warehouse_id = g.warehouse_id
LEFT JOIN erp.lot b ON b.company_id = g.company_id AND b.lot_id = g.lot_id AND b.lot_id <> 0
WHERE g.open_quantity <> 0;

COMMENT ON VIEW erp.shipped_not_billed IS 'Lines of shipments of which a quantity is neither billed nor back: what stands on the account of goods that are shipped and not billed.';
COMMENT ON COLUMN erp.shipped_not_billed.company IS 'Code of the company.';
COMMENT ON COLUMN erp.shipped_not_billed.document_kind IS 'Kind of the document: shipment.';
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
COMMENT ON COLUMN erp.shipped_not_billed.open_cost IS 'Its cost, in the company''s currency: its share of what is shipped and not billed of the item.';
