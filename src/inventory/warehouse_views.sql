-- inventory: what those who work in a warehouse read: what to put away, what to pick, the card of a lot, what went out past its last day.

CREATE OR REPLACE VIEW erp.put_away_list AS
SELECT c.code AS company,
	w.code AS warehouse_code,
	l.code AS location_code,
	i.code AS item_code,
	i.name AS item_name,
	k.code AS lot_code,
	s.code AS stock_state,
	o.code AS owner_code,
	p.on_hand,
	CASE p.position_id WHEN 0 THEN 0.000000 ELSE p.on_hand - f.free END AS reserved,
	u.code AS unit,
	LEAST(k.removal_day, k.expires_on) AS last_day,
	t.code AS suggested_location_code
FROM erp.location l
JOIN erp.company c ON c.company_id = l.company_id
JOIN erp.warehouse w ON w.company_id = l.company_id AND w.warehouse_id = l.warehouse_id
JOIN erp_private.stock_position p ON p.company_id = l.company_id AND p.warehouse_id = l.warehouse_id AND p.location_id = l.location_id AND p.on_hand > 0
JOIN erp.item i ON i.company_id = p.company_id AND i.item_id = p.item_id
JOIN erp.stock_state s ON s.stock_state_id = p.stock_state_id
LEFT JOIN erp.lot k ON k.company_id = p.company_id AND k.lot_id = p.lot_id AND k.lot_id <> 0
LEFT JOIN erp.party o ON o.company_id = p.company_id AND o.party_id = p.owner_id AND o.party_id <> 0
LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
CROSS JOIN LATERAL (
	SELECT pg_catalog.sum(q.quantity) AS free
	FROM erp_private.free_stock q
	WHERE q.company_id = p.company_id AND q.position_id = p.position_id AND p.position_id <> 0
) f
LEFT JOIN LATERAL (
	SELECT n.code
	FROM erp_private.stock_position q
	JOIN erp.location n ON n.company_id = q.company_id AND n.location_id = q.location_id AND n.kind = 'storage' AND n.active
	WHERE q.company_id = p.company_id AND q.item_id = p.item_id AND q.warehouse_id = p.warehouse_id AND q.on_hand > 0
	GROUP BY n.code
	ORDER BY pg_catalog.sum(q.on_hand) DESC, n.code
	LIMIT 1
) t ON true
WHERE l.kind = 'receiving';

COMMENT ON VIEW erp.put_away_list IS 'Goods that lie at a location of kind receiving and are still to be put away. Order by warehouse_code, location_code, item_code, lot_code.';
COMMENT ON COLUMN erp.put_away_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.put_away_list.warehouse_code IS 'Code of the warehouse.';
COMMENT ON COLUMN erp.put_away_list.location_code IS 'Code of the location of kind receiving.';
COMMENT ON COLUMN erp.put_away_list.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.put_away_list.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.put_away_list.lot_code IS 'Code of the lot or serial number; null without one.';
COMMENT ON COLUMN erp.put_away_list.stock_state IS 'State of the stock, as in erp.stock_state.';
COMMENT ON COLUMN erp.put_away_list.owner_code IS 'Code of the party that owns it; null for the company itself.';
COMMENT ON COLUMN erp.put_away_list.on_hand IS 'Quantity that lies there, in the item''s unit.';
COMMENT ON COLUMN erp.put_away_list.reserved IS 'How much of it is reserved: a transfer takes that along where its line says "reservations": "follow".';
COMMENT ON COLUMN erp.put_away_list.unit IS 'Unit of the quantities.';
COMMENT ON COLUMN erp.put_away_list.last_day IS 'Last day on which it is issued to customers, the earlier of removal_day and expires_on of its lot; null without one.';
COMMENT ON COLUMN erp.put_away_list.suggested_location_code IS 'The storage location of the warehouse where most of the item lies; null if it lies at none.';

CREATE OR REPLACE VIEW erp.pick_list AS
SELECT c.code AS company,
	r.demand,
	r.demand_line,
	pg_catalog.row_number() OVER (
		PARTITION BY r.company_id, r.demand
		ORDER BY r.demand_line, i.code, LEAST(k.removal_day, k.expires_on), k.expires_on, w.code, l.code, k.code, r.reservation_id
	) AS pick_no,
	i.code AS item_code,
	i.name AS item_name,
	w.code AS warehouse_code,
	l.code AS location_code,
	k.code AS lot_code,
	r.quantity,
	u.code AS unit,
	k.expires_on,
	LEAST(k.removal_day, k.expires_on) AS last_day
FROM erp.reservation r
JOIN erp.company c ON c.company_id = r.company_id
JOIN erp.item i ON i.company_id = r.company_id AND i.item_id = r.item_id
JOIN erp.warehouse w ON w.company_id = r.company_id AND w.warehouse_id = r.warehouse_id
LEFT JOIN erp.location l ON l.company_id = r.company_id AND l.location_id = r.location_id AND l.location_id <> 0
LEFT JOIN erp.lot k ON k.company_id = r.company_id AND k.lot_id = r.lot_id AND k.lot_id <> 0
LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
WHERE r.claim = 'stock';

COMMENT ON VIEW erp.pick_list IS 'What to take for a demand, from where: what is reserved of stock, first to expire first. Its rows are the lines of a shipment. Order by demand, pick_no.';
COMMENT ON COLUMN erp.pick_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.pick_list.demand IS 'Reference of what it is reserved for.';
COMMENT ON COLUMN erp.pick_list.demand_line IS 'Line of that.';
COMMENT ON COLUMN erp.pick_list.pick_no IS 'Order within the demand: by its lines, and of one line by last day (what has none comes last), expiry and place.';
COMMENT ON COLUMN erp.pick_list.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.pick_list.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.pick_list.warehouse_code IS 'Code of the warehouse.';
COMMENT ON COLUMN erp.pick_list.location_code IS 'Code of the location in the warehouse; null without one.';
COMMENT ON COLUMN erp.pick_list.lot_code IS 'Code of the lot or serial number; null without one.';
COMMENT ON COLUMN erp.pick_list.quantity IS 'Quantity to take, in the item''s unit.';
COMMENT ON COLUMN erp.pick_list.unit IS 'Unit of the quantity.';
COMMENT ON COLUMN erp.pick_list.expires_on IS 'Day on which it expires; null without one.';
COMMENT ON COLUMN erp.pick_list.last_day IS 'Last day on which it is issued to customers, the earlier of the removal day and the expiry day of its lot; null without one.';

CREATE OR REPLACE VIEW erp.lot_card AS
SELECT c.company,
	i.code AS item_code,
	i.name AS item_name,
	k.code AS lot_code,
	m.day,
	m.time_of_day,
	m.move_id,
	d.kind AS document_kind,
	d.key AS document_key,
	m.line_no,
	p.code AS party_code,
	w.code AS warehouse_code,
	l.code AS location_code,
	s.code AS stock_state,
	o.code AS owner_code,
	m.quantity,
	pg_catalog.round(e.value, c.decimals) AS value,
	pg_catalog.sum(m.quantity) OVER lot_order AS running_quantity,
	pg_catalog.round(pg_catalog.sum(e.value) OVER lot_order, c.decimals) AS running_value,
	u.code AS unit
FROM erp_private.company_money c
JOIN erp.item i ON i.company_id = c.company_id
JOIN erp.stock_move m ON m.company_id = i.company_id AND m.item_id = i.item_id
JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
LEFT JOIN erp.lot k ON k.company_id = m.company_id AND k.lot_id = m.lot_id AND k.lot_id <> 0
LEFT JOIN erp.warehouse w ON w.company_id = m.company_id AND w.warehouse_id = m.warehouse_id
LEFT JOIN erp.location l ON l.company_id = m.company_id AND l.location_id = m.location_id AND l.location_id <> 0
LEFT JOIN erp.stock_state s ON s.stock_state_id = m.stock_state_id
LEFT JOIN erp.party p ON p.company_id = d.company_id AND p.party_id = d.party_id AND p.party_id <> 0
LEFT JOIN erp.party o ON o.company_id = m.company_id AND o.party_id = m.owner_id AND o.party_id <> 0
LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
CROSS JOIN LATERAL (
	SELECT COALESCE(pg_catalog.sum(t.amount), 0) AS value
	FROM erp.cost_entry t
	WHERE t.company_id = m.company_id AND t.move_id = m.move_id
) e
WINDOW lot_order AS (PARTITION BY c.company, i.code, k.code ORDER BY m.day, m.time_of_day, m.move_id);

COMMENT ON VIEW erp.lot_card IS 'Moves of each item and lot in costing order, with what is then there of the lot, and what its moves are worth as now known. Over the lots of an item values add up to those of erp.stock_card. Order by item_code, lot_code, day, time_of_day, move_id.';
COMMENT ON COLUMN erp.lot_card.company IS 'Code of the company.';
COMMENT ON COLUMN erp.lot_card.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.lot_card.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.lot_card.lot_code IS 'Code of the lot or serial number; null for moves without one.';
COMMENT ON COLUMN erp.lot_card.day IS 'Day of the move.';
COMMENT ON COLUMN erp.lot_card.time_of_day IS 'Local time of day of the move.';
COMMENT ON COLUMN erp.lot_card.move_id IS 'Identity of the move; the order among moves of one time.';
COMMENT ON COLUMN erp.lot_card.document_kind IS 'Kind of the document that moved it.';
COMMENT ON COLUMN erp.lot_card.document_key IS 'Key of the document that moved it.';
COMMENT ON COLUMN erp.lot_card.line_no IS 'Line of that document.';
COMMENT ON COLUMN erp.lot_card.party_code IS 'Code of the customer or supplier; null without one.';
COMMENT ON COLUMN erp.lot_card.warehouse_code IS 'Code of the warehouse; null for a move of value alone.';
COMMENT ON COLUMN erp.lot_card.location_code IS 'Code of the location in the warehouse; null without one.';
COMMENT ON COLUMN erp.lot_card.stock_state IS 'State of the stock, as in erp.stock_state.';
COMMENT ON COLUMN erp.lot_card.owner_code IS 'Code of the party that owns it; null for the company itself.';
COMMENT ON COLUMN erp.lot_card.quantity IS 'Quantity moved, in the item''s unit; out is negative.';
COMMENT ON COLUMN erp.lot_card.value IS 'Value moved, in the company''s currency; out is negative; 0 where goods only change their place within a pool of cost.';
COMMENT ON COLUMN erp.lot_card.running_quantity IS 'Quantity of the lot in the company after the move, of all owners.';
COMMENT ON COLUMN erp.lot_card.running_value IS 'Sum of the values up to the move, in the company''s currency: what the lot is worth where each lot is a pool of cost (cost_pool of the item); else issues cost what the item''s pool says, whichever lot they take.';
COMMENT ON COLUMN erp.lot_card.unit IS 'Unit of the quantities.';

CREATE OR REPLACE VIEW erp.expired_issue_list AS
SELECT c.code AS company,
	d.kind AS document_kind,
	d.key AS document_key,
	m.line_no,
	d.day,
	p.code AS party_code,
	i.code AS item_code,
	k.code AS lot_code,
	COALESCE(e.last_day, LEAST(k.removal_day, k.expires_on)) AS last_day,
	-m.quantity AS quantity,
	u.code AS unit,
	d.recorded_by::pg_catalog.name AS recorded_by,
	e.allowed_by
FROM erp.lot k
JOIN erp.company c ON c.company_id = k.company_id
JOIN erp.item i ON i.company_id = k.company_id AND i.item_id = k.item_id
JOIN erp.stock_move m ON m.company_id = k.company_id AND m.lot_id = k.lot_id AND m.lot_id <> 0 AND m.quantity < 0
JOIN erp_private.standing_document t ON t.company_id = m.company_id AND t.document_id = m.document_id
JOIN erp.document d ON d.company_id = t.company_id AND d.document_id = t.document_id
JOIN erp.document_line n ON n.company_id = m.company_id AND n.document_id = m.document_id AND n.line_no = m.line_no
JOIN erp.line_role r ON r.line_role = n.line_role AND r.refuses_expired
JOIN erp.party p ON p.company_id = d.company_id AND p.party_id = d.party_id
LEFT JOIN erp.expired_issue e ON e.company_id = m.company_id AND e.document_id = m.document_id AND e.line_no = m.line_no
LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
WHERE e.document_id IS NOT NULL OR d.day > LEAST(k.removal_day, k.expires_on);

COMMENT ON VIEW erp.expired_issue_list IS 'What was issued to customers past the last day of its lot: as it was then, where a line, the item or the company allowed it, and by the days that lots have now, where these were changed afterwards.';
COMMENT ON COLUMN erp.expired_issue_list.allowed_by IS 'What allowed it, as it was recorded (erp.expired_issue): line, item or company; null where the days of the lot were changed afterwards.';
COMMENT ON COLUMN erp.expired_issue_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.expired_issue_list.document_kind IS 'Kind of the document.';
COMMENT ON COLUMN erp.expired_issue_list.document_key IS 'Key of the document.';
COMMENT ON COLUMN erp.expired_issue_list.line_no IS 'Line of that document.';
COMMENT ON COLUMN erp.expired_issue_list.day IS 'Day that the document belongs to.';
COMMENT ON COLUMN erp.expired_issue_list.party_code IS 'Code of the customer; empty without one.';
COMMENT ON COLUMN erp.expired_issue_list.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.expired_issue_list.lot_code IS 'Code of the lot or serial number.';
COMMENT ON COLUMN erp.expired_issue_list.last_day IS 'Last day of the lot, then if it is on record, else now: the earlier of its removal day and its expiry day.';
COMMENT ON COLUMN erp.expired_issue_list.quantity IS 'Quantity issued, in the item''s unit.';
COMMENT ON COLUMN erp.expired_issue_list.unit IS 'Unit of the quantity.';
COMMENT ON COLUMN erp.expired_issue_list.recorded_by IS 'Role that posted it.';
