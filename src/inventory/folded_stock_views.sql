-- inventory: how the documents changed the stock, and what of it is not folded yet (folded_stock.sql).

-- What each document changed. A cost that a document gave its own moves is its own; what is learned later of a move is of the
-- document whose voucher took it. A quantity and a known value stand on the day of the move, a booked value on that of its voucher.
-- Read for one document at a time: every step is a look-up (OFFSET 0), whatever the statistics say.
CREATE OR REPLACE VIEW erp_private.document_stock AS
SELECT m.company_id, m.document_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id,
	m.day, m.quantity, 0.0000 AS booked_value, 0.0000 AS known_value
FROM erp.stock_move m
WHERE m.quantity <> 0
UNION ALL
SELECT m.company_id, m.document_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id,
	x.day, 0.000000, x.booked_value, x.known_value
FROM erp.stock_move m
CROSS JOIN LATERAL (
	SELECT t.voucher_id, t.amount
	FROM erp.cost_entry t
	WHERE t.company_id = m.company_id AND t.move_id = m.move_id AND t.cause NOT IN ('landed', 'bill', 'amendment', 'revaluation', 'replay')
		AND t.amount <> 0
	OFFSET 0
) e
LEFT JOIN LATERAL (SELECT t.day FROM erp.voucher t WHERE t.company_id = m.company_id AND t.voucher_id = e.voucher_id OFFSET 0) v ON true
CROSS JOIN LATERAL (
	SELECT m.day, 0.0000 AS booked_value, e.amount AS known_value WHERE v.day IS DISTINCT FROM m.day
	UNION ALL
	SELECT v.day, e.amount, CASE v.day WHEN m.day THEN e.amount ELSE 0 END WHERE v.day IS NOT NULL
) x
UNION ALL
SELECT v.company_id, v.voucher_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id,
	x.day, 0.000000, x.booked_value, x.known_value
FROM erp.voucher v
CROSS JOIN LATERAL (
	SELECT t.move_id, t.amount
	FROM erp.cost_entry t
	WHERE t.company_id = v.company_id AND t.voucher_id = v.voucher_id AND t.cause IN ('landed', 'bill', 'amendment', 'revaluation', 'replay')
		AND t.amount <> 0
	OFFSET 0
) e
CROSS JOIN LATERAL (
	SELECT t.item_id, t.warehouse_id, t.location_id, t.lot_id, t.owner_id, t.stock_state_id, t.day
	FROM erp.stock_move t
	WHERE t.company_id = v.company_id AND t.move_id = e.move_id
	OFFSET 0
) m
CROSS JOIN LATERAL (
	SELECT m.day, 0.0000 AS booked_value, e.amount AS known_value WHERE v.day <> m.day
	UNION ALL
	SELECT v.day, e.amount, CASE v.day WHEN m.day THEN e.amount ELSE 0 END
) x;
COMMENT ON VIEW erp_private.document_stock IS 'What each document changed of stock, one row for a quantity and one or two for each value. Name a company and a document: it is made for one document, not for all.';
COMMENT ON COLUMN erp_private.document_stock.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.document_stock.document_id IS 'Identity of the document.';
COMMENT ON COLUMN erp_private.document_stock.item_id IS 'Identity of the item.';
COMMENT ON COLUMN erp_private.document_stock.warehouse_id IS 'Identity of the warehouse of the move; 0 for a move of value alone.';
COMMENT ON COLUMN erp_private.document_stock.location_id IS 'Identity of the location; 0: the warehouse itself.';
COMMENT ON COLUMN erp_private.document_stock.lot_id IS 'Identity of the lot; 0: none.';
COMMENT ON COLUMN erp_private.document_stock.owner_id IS 'Party that owns the goods; 0: the company.';
COMMENT ON COLUMN erp_private.document_stock.stock_state_id IS 'State of the goods.';
COMMENT ON COLUMN erp_private.document_stock.day IS 'Day of the move; of a booked value, day of its voucher.';
COMMENT ON COLUMN erp_private.document_stock.quantity IS 'Change of quantity, in the item''s unit.';
COMMENT ON COLUMN erp_private.document_stock.booked_value IS 'Change of value, in the company''s currency, on the day of the voucher that took it; 0 for what no voucher took.';
COMMENT ON COLUMN erp_private.document_stock.known_value IS 'Change of value, in the company''s currency, on the day of the move.';

-- The company is that of the document, as in erp_private.unfolded_line.
CREATE OR REPLACE VIEW erp_private.unfolded_stock AS
SELECT d.company_id, s.document_id, s.item_id, s.warehouse_id, s.location_id, s.lot_id, s.owner_id, s.stock_state_id,
	s.day, s.quantity, s.booked_value, s.known_value
FROM erp_private.unfolded_document d
CROSS JOIN LATERAL (
	SELECT t.*
	FROM erp_private.document_stock t
	WHERE t.company_id = d.company_id AND t.document_id = d.document_id
	OFFSET 0
) s;
COMMENT ON VIEW erp_private.unfolded_stock IS 'What documents changed of stock that is not in erp_private.folded_stock.';
COMMENT ON COLUMN erp_private.unfolded_stock.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.unfolded_stock.document_id IS 'Identity of the document.';
COMMENT ON COLUMN erp_private.unfolded_stock.item_id IS 'Identity of the item.';
COMMENT ON COLUMN erp_private.unfolded_stock.warehouse_id IS 'Identity of the warehouse; 0 for a move of value alone.';
COMMENT ON COLUMN erp_private.unfolded_stock.location_id IS 'Identity of the location; 0: the warehouse itself.';
COMMENT ON COLUMN erp_private.unfolded_stock.lot_id IS 'Identity of the lot; 0: none.';
COMMENT ON COLUMN erp_private.unfolded_stock.owner_id IS 'Party that owns the goods; 0: the company.';
COMMENT ON COLUMN erp_private.unfolded_stock.stock_state_id IS 'State of the goods.';
COMMENT ON COLUMN erp_private.unfolded_stock.day IS 'Day of the change.';
COMMENT ON COLUMN erp_private.unfolded_stock.quantity IS 'Change of quantity, in the item''s unit.';
COMMENT ON COLUMN erp_private.unfolded_stock.booked_value IS 'Change of value on the day of its voucher, in the company''s currency.';
COMMENT ON COLUMN erp_private.unfolded_stock.known_value IS 'Change of value on the day of the move, in the company''s currency.';
