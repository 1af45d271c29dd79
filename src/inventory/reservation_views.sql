-- inventory: views of what is promised.

CREATE OR REPLACE VIEW erp.reservation_list AS
SELECT c.code AS company, r.demand, r.demand_line, i.code AS item_code, w.code AS warehouse_code, l.code AS location_code, b.code AS lot_code,
	r.claim, r.quantity, u.code AS unit, e.day AS expected_day, e.source AS expected_source, r.priority,
	CASE WHEN pg_catalog.isfinite(r.needed_by) THEN r.needed_by END AS needed_by,
	CASE WHEN pg_catalog.isfinite(r.expires_at) THEN r.expires_at END AS expires_at,
	r.reserved_at, r.reserved_by, r.reservation_id
FROM erp.reservation r
JOIN erp.company c ON c.company_id = r.company_id
JOIN erp.item i ON i.company_id = r.company_id AND i.item_id = r.item_id
JOIN erp.warehouse w ON w.company_id = r.company_id AND w.warehouse_id = r.warehouse_id
LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
LEFT JOIN erp.location l ON l.company_id = r.company_id AND l.location_id = r.location_id AND l.location_id <> 0
LEFT JOIN erp.lot b ON b.company_id = r.company_id AND b.lot_id = r.lot_id AND b.lot_id <> 0
LEFT JOIN erp.expected_receipt e ON e.company_id = r.company_id AND e.item_id = r.item_id AND e.expected_receipt_id = r.expected_receipt_id;

COMMENT ON VIEW erp.reservation_list IS 'What is promised now, to whom, and from where.';
COMMENT ON COLUMN erp.reservation_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.reservation_list.demand IS 'Reference of what it is reserved for.';
COMMENT ON COLUMN erp.reservation_list.demand_line IS 'Line of that.';
COMMENT ON COLUMN erp.reservation_list.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.reservation_list.warehouse_code IS 'Code of the warehouse.';
COMMENT ON COLUMN erp.reservation_list.location_code IS 'Code of the location in the warehouse; null without one.';
COMMENT ON COLUMN erp.reservation_list.lot_code IS 'Code of the lot or serial number; null without one.';
COMMENT ON COLUMN erp.reservation_list.claim IS 'stock: it is there; expected: it is on its way.';
COMMENT ON COLUMN erp.reservation_list.quantity IS 'Quantity reserved, in the item''s unit.';
COMMENT ON COLUMN erp.reservation_list.unit IS 'Unit of the quantity.';
COMMENT ON COLUMN erp.reservation_list.expected_day IS 'Day on which what is claimed is expected; null for stock.';
COMMENT ON COLUMN erp.reservation_list.expected_source IS 'Reference of what it is expected from; null for stock.';
COMMENT ON COLUMN erp.reservation_list.priority IS 'The higher, the sooner it is served and the later it is freed.';
COMMENT ON COLUMN erp.reservation_list.needed_by IS 'Day by which it is needed; null if none was given.';
COMMENT ON COLUMN erp.reservation_list.expires_at IS 'From when on it may be released; null: never.';
COMMENT ON COLUMN erp.reservation_list.reserved_at IS 'When it was reserved.';
COMMENT ON COLUMN erp.reservation_list.reserved_by IS 'User who reserved it.';
COMMENT ON COLUMN erp.reservation_list.reservation_id IS 'Identity of the reservation; a demand may have several.';

CREATE OR REPLACE VIEW erp.requirement_list AS
SELECT c.code AS company, r.demand, r.demand_line, i.code AS item_code, w.code AS warehouse_code, r.quantity, u.code AS unit, r.priority,
	CASE WHEN pg_catalog.isfinite(r.needed_by) THEN r.needed_by END AS needed_by,
	r.required_at, r.required_by, r.requirement_id
FROM erp.requirement r
JOIN erp.company c ON c.company_id = r.company_id
JOIN erp.item i ON i.company_id = r.company_id AND i.item_id = r.item_id
LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
LEFT JOIN erp.warehouse w ON w.company_id = r.company_id AND w.warehouse_id = r.warehouse_id AND r.warehouse_id <> 0;

COMMENT ON VIEW erp.requirement_list IS 'What demands wait for: nothing could be reserved for it, and it has to be bought or made.';
COMMENT ON COLUMN erp.requirement_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.requirement_list.demand IS 'Reference of what it is required for.';
COMMENT ON COLUMN erp.requirement_list.demand_line IS 'Line of that.';
COMMENT ON COLUMN erp.requirement_list.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.requirement_list.warehouse_code IS 'Code of the warehouse in which it is required; null: in any.';
COMMENT ON COLUMN erp.requirement_list.quantity IS 'Quantity that is still required, in the item''s unit.';
COMMENT ON COLUMN erp.requirement_list.unit IS 'Unit of the quantity.';
COMMENT ON COLUMN erp.requirement_list.priority IS 'The higher, the sooner it is served.';
COMMENT ON COLUMN erp.requirement_list.needed_by IS 'Day by which it is needed; null if none was given.';
COMMENT ON COLUMN erp.requirement_list.required_at IS 'Since when; of the same priority, the oldest is served first.';
COMMENT ON COLUMN erp.requirement_list.required_by IS 'User who recorded it.';
COMMENT ON COLUMN erp.requirement_list.requirement_id IS 'Identity of the requirement; a demand may have several.';

CREATE OR REPLACE VIEW erp.reservation_history AS
SELECT c.code AS company, h.demand, h.demand_line, i.code AS item_code, w.code AS warehouse_code, l.code AS location_code, b.code AS lot_code,
	h.change, h.quantity, h.changed_at, h.changed_by, NULLIF(h.key, '') AS call_key, d.key AS document_key, h.reservation_id, h.change_id
FROM erp.reservation_change h
JOIN erp.company c ON c.company_id = h.company_id
JOIN erp.item i ON i.company_id = h.company_id AND i.item_id = h.item_id
JOIN erp.warehouse w ON w.company_id = h.company_id AND w.warehouse_id = h.warehouse_id
LEFT JOIN erp.location l ON l.company_id = h.company_id AND l.location_id = h.location_id AND l.location_id <> 0
LEFT JOIN erp.lot b ON b.company_id = h.company_id AND b.lot_id = h.lot_id AND b.lot_id <> 0
LEFT JOIN erp.document d ON d.company_id = h.company_id AND d.document_id = h.document_id;

COMMENT ON VIEW erp.reservation_history IS 'What became of reservations.';
COMMENT ON COLUMN erp.reservation_history.company IS 'Code of the company.';
COMMENT ON COLUMN erp.reservation_history.demand IS 'Reference of what it was reserved for; of one that was moved, of what it was before.';
COMMENT ON COLUMN erp.reservation_history.demand_line IS 'Line of that.';
COMMENT ON COLUMN erp.reservation_history.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.reservation_history.warehouse_code IS 'Code of the warehouse.';
COMMENT ON COLUMN erp.reservation_history.location_code IS 'Code of the location in the warehouse; null without one.';
COMMENT ON COLUMN erp.reservation_history.lot_code IS 'Code of the lot or serial number; null without one.';
COMMENT ON COLUMN erp.reservation_history.change IS 'firmed: what was expected has arrived; moved: to another demand; carried: to where a transfer brought the goods, from the place that the row names; released, expired, consumed by a document; freed: it was lost or counted away, or is not expected any more.';
COMMENT ON COLUMN erp.reservation_history.quantity IS 'How much of it, in the item''s unit.';
COMMENT ON COLUMN erp.reservation_history.changed_at IS 'When.';
COMMENT ON COLUMN erp.reservation_history.changed_by IS 'User who did it.';
COMMENT ON COLUMN erp.reservation_history.call_key IS 'Key of the call that did it; null if a document did, or a hold was over.';
COMMENT ON COLUMN erp.reservation_history.document_key IS 'Key of the document that did it; null if none did.';
COMMENT ON COLUMN erp.reservation_history.reservation_id IS 'Identity of the reservation.';
COMMENT ON COLUMN erp.reservation_history.change_id IS 'Identity of the change, in the order of changes.';

CREATE OR REPLACE VIEW erp.expected_receipt_list AS
SELECT c.code AS company, e.source, e.source_line, i.code AS item_code, w.code AS warehouse_code, e.day, e.quantity, e.claimed, e.quantity - e.claimed AS free, u.code AS unit
FROM erp.expected_receipt e
JOIN erp.company c ON c.company_id = e.company_id
JOIN erp.item i ON i.company_id = e.company_id AND i.item_id = e.item_id
JOIN erp.warehouse w ON w.company_id = e.company_id AND w.warehouse_id = e.warehouse_id
LEFT JOIN erp.unit u ON u.unit_id = i.unit_id;

COMMENT ON VIEW erp.expected_receipt_list IS 'What is still expected, and how much of it is promised.';
COMMENT ON COLUMN erp.expected_receipt_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.expected_receipt_list.source IS 'Reference of what it is expected from.';
COMMENT ON COLUMN erp.expected_receipt_list.source_line IS 'Line of that.';
COMMENT ON COLUMN erp.expected_receipt_list.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.expected_receipt_list.warehouse_code IS 'Code of the warehouse where it will arrive.';
COMMENT ON COLUMN erp.expected_receipt_list.day IS 'Day on which it is expected.';
COMMENT ON COLUMN erp.expected_receipt_list.quantity IS 'Quantity still expected, in the item''s unit.';
COMMENT ON COLUMN erp.expected_receipt_list.claimed IS 'How much of it is promised.';
COMMENT ON COLUMN erp.expected_receipt_list.free IS 'How much of it is not promised.';
COMMENT ON COLUMN erp.expected_receipt_list.unit IS 'Unit of the quantities.';
