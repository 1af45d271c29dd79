-- inventory: views of locations, lots and what is on its way.

CREATE OR REPLACE VIEW erp.location_list AS
WITH RECURSIVE tree AS (
	SELECT l.company_id, l.location_id, l.code AS path, 1 AS depth
	FROM erp.location l
	WHERE l.parent_location_id = 0
	UNION ALL
	SELECT l.company_id, l.location_id, t.path || ' / ' || l.code, t.depth + 1
	FROM tree t
	JOIN erp.location l ON l.company_id = t.company_id AND l.parent_location_id = t.location_id
)
SELECT c.code AS company,
	w.code AS warehouse_code,
	l.code AS location_code,
	l.name AS location_name,
	l.kind,
	p.code AS parent_code,
	t.path,
	t.depth,
	l.active
FROM tree t
JOIN erp.location l ON l.company_id = t.company_id AND l.location_id = t.location_id
JOIN erp.company c ON c.company_id = l.company_id
JOIN erp.warehouse w ON w.company_id = l.company_id AND w.warehouse_id = l.warehouse_id
LEFT JOIN erp.location p ON p.company_id = l.company_id AND p.location_id = l.parent_location_id;

COMMENT ON VIEW erp.location_list IS 'Locations of each warehouse as a tree. Order by warehouse_code, path.';
COMMENT ON COLUMN erp.location_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.location_list.warehouse_code IS 'Code of the warehouse.';
COMMENT ON COLUMN erp.location_list.location_code IS 'Code of the location, unique in its warehouse.';
COMMENT ON COLUMN erp.location_list.location_name IS 'Name of the location.';
COMMENT ON COLUMN erp.location_list.kind IS 'storage, receiving, shipping, in_transit, production, scrap, lent or consignment.';
COMMENT ON COLUMN erp.location_list.parent_code IS 'Code of the location that it lies in; null for one that lies in the warehouse itself.';
COMMENT ON COLUMN erp.location_list.path IS 'Codes of the locations that it lies in, and its own, from the outermost.';
COMMENT ON COLUMN erp.location_list.depth IS 'How many codes the path has.';
COMMENT ON COLUMN erp.location_list.active IS 'Whether documents may name it.';

CREATE OR REPLACE VIEW erp.lot_list AS
SELECT c.code AS company,
	i.code AS item_code,
	i.name AS item_name,
	k.code AS lot_code,
	k.is_serial,
	k.production_day,
	k.alert_day,
	k.best_before,
	k.removal_day,
	k.expires_on,
	h.on_hand
FROM erp.lot k
JOIN erp.company c ON c.company_id = k.company_id
JOIN erp.item i ON i.company_id = k.company_id AND i.item_id = k.item_id
CROSS JOIN LATERAL (
	SELECT COALESCE(pg_catalog.sum(m.quantity), 0.000000) AS on_hand
	FROM erp.stock_move m
	WHERE m.company_id = k.company_id AND m.lot_id = k.lot_id AND m.lot_id <> 0
) h;

COMMENT ON VIEW erp.lot_list IS 'Lots and serial numbers with their days and what is in stock of them, at all places and of all owners.';
COMMENT ON COLUMN erp.lot_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.lot_list.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.lot_list.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.lot_list.lot_code IS 'Code of the lot, or the serial number; unique for the item.';
COMMENT ON COLUMN erp.lot_list.is_serial IS 'Whether it is a serial number, of which there is at most one piece.';
COMMENT ON COLUMN erp.lot_list.production_day IS 'Day on which it was made; null if nobody says.';
COMMENT ON COLUMN erp.lot_list.alert_day IS 'Day from which on it is warned of; null without one.';
COMMENT ON COLUMN erp.lot_list.best_before IS 'Last day on which it is at its best; null without one.';
COMMENT ON COLUMN erp.lot_list.removal_day IS 'Day on which what is left is taken away; null without one.';
COMMENT ON COLUMN erp.lot_list.expires_on IS 'Day on which it expires; null without one.';
COMMENT ON COLUMN erp.lot_list.on_hand IS 'Quantity in stock, in the item''s unit.';

CREATE OR REPLACE VIEW erp.expiring_stock AS
SELECT c.code AS company,
	i.code AS item_code,
	i.name AS item_name,
	k.code AS lot_code,
	w.code AS warehouse_code,
	l.code AS location_code,
	s.code AS stock_state,
	o.code AS owner_code,
	p.on_hand,
	k.alert_day,
	k.best_before,
	k.removal_day,
	k.expires_on,
	LEAST(k.alert_day, k.best_before, k.removal_day, k.expires_on) AS first_day
FROM erp.lot k
JOIN erp.company c ON c.company_id = k.company_id
JOIN erp.item i ON i.company_id = k.company_id AND i.item_id = k.item_id
JOIN erp_private.stock_position p ON p.company_id = k.company_id AND p.item_id = k.item_id AND p.lot_id = k.lot_id AND p.on_hand > 0
JOIN erp.warehouse w ON w.company_id = p.company_id AND w.warehouse_id = p.warehouse_id
LEFT JOIN erp.location l ON l.company_id = p.company_id AND l.location_id = p.location_id
LEFT JOIN erp.stock_state s ON s.stock_state_id = p.stock_state_id
LEFT JOIN erp.party o ON o.company_id = p.company_id AND o.party_id = p.owner_id AND o.party_id <> 0
WHERE LEAST(k.alert_day, k.best_before, k.removal_day, k.expires_on) IS NOT NULL;

COMMENT ON VIEW erp.expiring_stock IS 'Stock of lots that have a day on which something is due. What is due up to a day: first_day <= that day. First expired, first out: order by expires_on.';
COMMENT ON COLUMN erp.expiring_stock.company IS 'Code of the company.';
COMMENT ON COLUMN erp.expiring_stock.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.expiring_stock.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.expiring_stock.lot_code IS 'Code of the lot or serial number.';
COMMENT ON COLUMN erp.expiring_stock.warehouse_code IS 'Code of the warehouse.';
COMMENT ON COLUMN erp.expiring_stock.location_code IS 'Code of the location in the warehouse; null without one.';
COMMENT ON COLUMN erp.expiring_stock.stock_state IS 'State of the stock, as in erp.stock_state.';
COMMENT ON COLUMN erp.expiring_stock.owner_code IS 'Code of the party that owns it; null for the company itself.';
COMMENT ON COLUMN erp.expiring_stock.on_hand IS 'Quantity on hand there, in the item''s unit.';
COMMENT ON COLUMN erp.expiring_stock.alert_day IS 'Day from which on it is warned of; null without one.';
COMMENT ON COLUMN erp.expiring_stock.best_before IS 'Last day on which it is at its best; null without one.';
COMMENT ON COLUMN erp.expiring_stock.removal_day IS 'Day on which what is left is taken away; null without one.';
COMMENT ON COLUMN erp.expiring_stock.expires_on IS 'Day on which it expires; null without one.';
COMMENT ON COLUMN erp.expiring_stock.first_day IS 'The first of these days.';

CREATE OR REPLACE VIEW erp.transit_list AS
SELECT c.code AS company,
	d.key AS document_key,
	m.line_no,
	d.posting_day AS day,
	i.code AS item_code,
	k.code AS lot_code,
	w.code AS warehouse_code,
	l.code AS location_code,
	m.quantity AS sent,
	a.arrived,
	m.quantity - a.arrived AS on_its_way
FROM erp_private.standing_document d
JOIN erp.company c ON c.company_id = d.company_id
JOIN erp.stock_move m ON m.company_id = d.company_id AND m.document_id = d.document_id AND m.leg = 2
JOIN erp.item i ON i.company_id = m.company_id AND i.item_id = m.item_id
JOIN erp.warehouse w ON w.company_id = m.company_id AND w.warehouse_id = m.warehouse_id
LEFT JOIN erp.location l ON l.company_id = m.company_id AND l.location_id = m.location_id
LEFT JOIN erp.lot k ON k.company_id = m.company_id AND k.lot_id = m.lot_id
CROSS JOIN LATERAL (
	SELECT COALESCE(pg_catalog.sum(f.quantity), 0.000000) AS arrived
	FROM erp.document_link f
	WHERE f.company_id = m.company_id AND f.target_document_id = m.document_id AND f.target_line_no = m.line_no AND f.link = 'fulfils'
		AND NOT EXISTS (SELECT FROM erp.document r WHERE r.company_id = f.company_id AND r.reverses_document_id = f.document_id AND r.reverses_document_id <> 0)
) a
WHERE d.kind = 'transfer_dispatch' AND m.quantity <> a.arrived;

COMMENT ON VIEW erp.transit_list IS 'Lines of dispatches of which something has not arrived yet.';
COMMENT ON COLUMN erp.transit_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.transit_list.document_key IS 'Key of the dispatch: the origin of what arrives of it.';
COMMENT ON COLUMN erp.transit_list.line_no IS 'Line of the dispatch.';
COMMENT ON COLUMN erp.transit_list.day IS 'Day on which it was sent.';
COMMENT ON COLUMN erp.transit_list.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.transit_list.lot_code IS 'Code of the lot or serial number; null without one.';
COMMENT ON COLUMN erp.transit_list.warehouse_code IS 'Code of the warehouse whose location it lies in.';
COMMENT ON COLUMN erp.transit_list.location_code IS 'Code of the location of kind in_transit that it lies in.';
COMMENT ON COLUMN erp.transit_list.sent IS 'Quantity that was sent, in the item''s unit.';
COMMENT ON COLUMN erp.transit_list.arrived IS 'Quantity of it that has arrived.';
COMMENT ON COLUMN erp.transit_list.on_its_way IS 'Quantity of it that has not arrived yet.';
