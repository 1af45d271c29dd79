-- inventory: stock, its value and cost, and profit of items.
-- Quantities are in the item's unit and have six decimals, values are in the company's currency; in positive, out negative.

CREATE OR REPLACE VIEW erp.stock_card AS
SELECT c.company,
	i.code AS item_code,
	i.name AS item_name,
	m.day,
	m.time_of_day,
	m.move_id,
	d.kind AS document_kind,
	d.key AS document_key,
	m.line_no,
	d.reference,
	p.code AS party_code,
	w.code AS warehouse_code,
	m.quantity,
	pg_catalog.round(e.value, c.decimals) AS value,
	pg_catalog.sum(m.quantity) OVER item_order AS running_quantity,
	pg_catalog.round(pg_catalog.sum(e.value) OVER item_order, c.decimals) AS running_value,
	u.code AS unit
FROM erp_private.company_money c
JOIN erp.item i ON i.company_id = c.company_id
JOIN erp.stock_move m ON m.company_id = i.company_id AND m.item_id = i.item_id
JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
LEFT JOIN erp.warehouse w ON w.company_id = m.company_id AND w.warehouse_id = m.warehouse_id
LEFT JOIN erp.party p ON p.company_id = d.company_id AND p.party_id = d.party_id AND p.party_id <> 0
LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
CROSS JOIN LATERAL (
	SELECT COALESCE(pg_catalog.sum(t.amount), 0) AS value
	FROM erp.cost_entry t
	WHERE t.company_id = m.company_id AND t.move_id = m.move_id
) e
WINDOW item_order AS (PARTITION BY c.company, i.code ORDER BY m.day, m.time_of_day, m.move_id);

COMMENT ON VIEW erp.stock_card IS 'Moves of each item in costing order, with what is then on hand and its value as now known. Order by item_code, day, time_of_day, move_id.';
COMMENT ON COLUMN erp.stock_card.company IS 'Code of the company.';
COMMENT ON COLUMN erp.stock_card.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.stock_card.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.stock_card.day IS 'Day of the move.';
COMMENT ON COLUMN erp.stock_card.time_of_day IS 'Local time of day of the move.';
COMMENT ON COLUMN erp.stock_card.move_id IS 'Identity of the move; the order among moves of one time.';
COMMENT ON COLUMN erp.stock_card.document_kind IS 'Kind of the document that moved it.';
COMMENT ON COLUMN erp.stock_card.document_key IS 'Key of the document that moved it.';
COMMENT ON COLUMN erp.stock_card.line_no IS 'Line of that document.';
COMMENT ON COLUMN erp.stock_card.reference IS 'Reference of that document.';
COMMENT ON COLUMN erp.stock_card.party_code IS 'Code of the customer or supplier; null without one.';
COMMENT ON COLUMN erp.stock_card.warehouse_code IS 'Code of the warehouse; null for a move of value alone.';
COMMENT ON COLUMN erp.stock_card.quantity IS 'Quantity moved, in the item''s unit; out is negative.';
COMMENT ON COLUMN erp.stock_card.value IS 'Value moved, in the company''s currency; out is negative.';
COMMENT ON COLUMN erp.stock_card.running_quantity IS 'Quantity of the item in the company after the move.';
COMMENT ON COLUMN erp.stock_card.running_value IS 'Value of the item after the move, in the company''s currency.';
COMMENT ON COLUMN erp.stock_card.unit IS 'Unit of the quantities.';

-- A pool's value is shared out over its places by largest remainder, so that the places add up to the pool.
CREATE OR REPLACE VIEW erp.stock_on_hand AS
SELECT r.company,
	r.item_code,
	r.item_name,
	r.item_group,
	r.warehouse_code,
	r.location_code,
	r.lot_code,
	r.stock_state,
	r.owner_code,
	r.on_hand,
	r.reserved,
	r.on_hand - r.reserved AS available,
	r.unit,
	r.share + CASE WHEN r.place_rank <= r.left_over * 10 ^ r.decimals THEN pg_catalog.round(0.1 ^ r.decimals, r.decimals)
		ELSE r.share - r.share END AS value
FROM (
	SELECT q.*,
		q.pool_value - pg_catalog.sum(q.share) OVER (PARTITION BY q.company, q.item_code, q.cost_pool_id) AS left_over,
		pg_catalog.row_number() OVER (
			PARTITION BY q.company, q.item_code, q.cost_pool_id
			ORDER BY q.remainder DESC, q.warehouse_code, q.location_code, q.lot_code, q.stock_state, q.owner_code
		) AS place_rank
	FROM (
		SELECT c.company, c.decimals, i.code AS item_code, i.name AS item_name, i.item_group,
			w.code AS warehouse_code, l.code AS location_code, b.code AS lot_code, s.code AS stock_state, o.code AS owner_code,
			p.on_hand, f.reserved, u.code AS unit, k.cost_pool_id, pg_catalog.round(k.value, c.decimals) AS pool_value,
			pg_catalog.trunc(COALESCE(k.value * p.on_hand / NULLIF(k.quantity, 0), 0), c.decimals) AS share,
			COALESCE(k.value * p.on_hand / NULLIF(k.quantity, 0), 0)
				- pg_catalog.trunc(COALESCE(k.value * p.on_hand / NULLIF(k.quantity, 0), 0), c.decimals) AS remainder
		FROM erp_private.company_money c
		JOIN erp.item i ON i.company_id = c.company_id
		JOIN erp_private.stock_position p ON p.company_id = i.company_id AND p.item_id = i.item_id
		JOIN erp.warehouse w ON w.company_id = p.company_id AND w.warehouse_id = p.warehouse_id
		LEFT JOIN erp.location l ON l.company_id = p.company_id AND l.location_id = p.location_id
		CROSS JOIN LATERAL (SELECT CASE i.cost_pool WHEN 'warehouse' THEN p.warehouse_id WHEN 'lot' THEN p.lot_id ELSE 0 END AS cost_pool_id) n
		JOIN erp_private.cost_pool k ON k.company_id = p.company_id AND k.item_id = p.item_id
			AND k.cost_pool_id = CASE WHEN p.owner_id <> 0 THEN -1 WHEN l.kind = 'shipped' THEN -2 - n.cost_pool_id ELSE n.cost_pool_id END
		LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
		LEFT JOIN erp.lot b ON b.company_id = p.company_id AND b.lot_id = p.lot_id AND b.lot_id <> 0
		LEFT JOIN erp.stock_state s ON s.stock_state_id = p.stock_state_id
		LEFT JOIN erp.party o ON o.company_id = p.company_id AND o.party_id = p.owner_id AND o.party_id <> 0
		CROSS JOIN LATERAL (SELECT CASE p.position_id WHEN 0 THEN 0.000000 ELSE p.on_hand - pg_catalog.sum(s.quantity) END AS reserved
			FROM erp_private.free_stock s WHERE s.company_id = p.company_id AND s.position_id = p.position_id AND p.position_id <> 0) f
		WHERE p.on_hand > 0
	) q
) r;

COMMENT ON VIEW erp.stock_on_hand IS 'What is where now, and its value: the value of the cost pool shared out over its places. What belongs to others has no value.';
COMMENT ON COLUMN erp.stock_on_hand.company IS 'Code of the company.';
COMMENT ON COLUMN erp.stock_on_hand.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.stock_on_hand.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.stock_on_hand.item_group IS 'Group of the item.';
COMMENT ON COLUMN erp.stock_on_hand.warehouse_code IS 'Code of the warehouse.';
COMMENT ON COLUMN erp.stock_on_hand.location_code IS 'Code of the location in the warehouse; null without one.';
COMMENT ON COLUMN erp.stock_on_hand.lot_code IS 'Code of the lot or serial number; null without one.';
COMMENT ON COLUMN erp.stock_on_hand.stock_state IS 'State of the stock, as in erp.stock_state; null when the state is not named.';
COMMENT ON COLUMN erp.stock_on_hand.owner_code IS 'Code of the party that owns it; null for the company itself.';
COMMENT ON COLUMN erp.stock_on_hand.on_hand IS 'Quantity on hand, in the item''s unit.';
COMMENT ON COLUMN erp.stock_on_hand.reserved IS 'Quantity of it that is reserved.';
COMMENT ON COLUMN erp.stock_on_hand.available IS 'On hand less reserved.';
COMMENT ON COLUMN erp.stock_on_hand.unit IS 'Unit of the quantities.';
COMMENT ON COLUMN erp.stock_on_hand.value IS 'Value, in the company''s currency.';

CREATE OR REPLACE VIEW erp.stock_valuation AS
SELECT c.company,
	i.code AS item_code,
	i.name AS item_name,
	i.item_group,
	i.costing_method,
	u.code AS unit,
	pg_catalog.sum(k.quantity) AS quantity,
	pg_catalog.round(pg_catalog.sum(k.value) / pg_catalog.sum(k.quantity), 8) AS unit_cost,
	pg_catalog.round(pg_catalog.sum(k.value), c.decimals) AS value
FROM erp_private.company_money c
JOIN erp.item i ON i.company_id = c.company_id
JOIN erp_private.cost_pool k ON k.company_id = i.company_id AND k.item_id = i.item_id
LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
WHERE k.quantity > 0
GROUP BY c.company, c.decimals, i.code, i.name, i.item_group, i.costing_method, u.code;

COMMENT ON VIEW erp.stock_valuation IS 'Quantity and value of each item now. As of a day: erp.stock_valuation(company, day).';
COMMENT ON COLUMN erp.stock_valuation.company IS 'Code of the company.';
COMMENT ON COLUMN erp.stock_valuation.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.stock_valuation.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.stock_valuation.item_group IS 'Group of the item.';
COMMENT ON COLUMN erp.stock_valuation.costing_method IS 'fifo, moving_average, monthly_average, specific or standard.';
COMMENT ON COLUMN erp.stock_valuation.unit IS 'Unit of the quantity.';
COMMENT ON COLUMN erp.stock_valuation.quantity IS 'Quantity on hand, in the item''s unit.';
COMMENT ON COLUMN erp.stock_valuation.unit_cost IS 'Value of one unit, in the company''s currency, 8 decimals.';
COMMENT ON COLUMN erp.stock_valuation.value IS 'Value, in the company''s currency.';

-- Quantities on the day of the move, values on the day of their voucher: sums up to a day equal the books of that day.
CREATE OR REPLACE VIEW erp.stock_change AS
SELECT c.company,
	i.code AS item_code,
	i.name AS item_name,
	i.item_group,
	u.code AS unit,
	m.day,
	m.quantity,
	pg_catalog.round(0, c.decimals) AS value,
	m.move_id
FROM erp_private.company_money c
JOIN erp.item i ON i.company_id = c.company_id
JOIN erp.stock_move m ON m.company_id = i.company_id AND m.item_id = i.item_id
LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
UNION ALL
SELECT c.company, i.code, i.name, i.item_group, u.code, v.day, 0.000000, pg_catalog.round(e.amount, c.decimals), m.move_id
FROM erp_private.company_money c
JOIN erp.item i ON i.company_id = c.company_id
JOIN erp.stock_move m ON m.company_id = i.company_id AND m.item_id = i.item_id
JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id AND e.amount <> 0
JOIN erp.voucher v ON v.company_id = e.company_id AND v.voucher_id = e.voucher_id
LEFT JOIN erp.unit u ON u.unit_id = i.unit_id;

COMMENT ON VIEW erp.stock_change IS 'Every change of stock, one row for a quantity and one for each value: quantity on the day of the move, value on the day of its voucher. Sums up to a day equal the books of that day.';
COMMENT ON COLUMN erp.stock_change.company IS 'Code of the company.';
COMMENT ON COLUMN erp.stock_change.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.stock_change.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.stock_change.item_group IS 'Group of the item.';
COMMENT ON COLUMN erp.stock_change.unit IS 'Unit of the quantity.';
COMMENT ON COLUMN erp.stock_change.day IS 'Day of the change.';
COMMENT ON COLUMN erp.stock_change.quantity IS 'Change of quantity, in the item''s unit; 0 for a value.';
COMMENT ON COLUMN erp.stock_change.value IS 'Change of value, in the company''s currency; 0 for a quantity.';
COMMENT ON COLUMN erp.stock_change.move_id IS 'Identity of the move.';

-- Revenue stands on lines of documents to customers; cost on the moves of lines that sell, give or take back goods.
CREATE OR REPLACE VIEW erp.profit_by_item AS
SELECT t.company,
	t.item_code,
	t.item_name,
	t.item_group,
	pg_catalog.sum(t.quantity) AS quantity,
	pg_catalog.round(pg_catalog.sum(t.revenue), t.decimals) AS revenue,
	pg_catalog.round(pg_catalog.sum(t.cost), t.decimals) AS cost_of_sales,
	pg_catalog.round(pg_catalog.sum(t.revenue - t.cost), t.decimals) AS margin,
	pg_catalog.round(100 * pg_catalog.sum(t.revenue - t.cost) / NULLIF(pg_catalog.sum(t.revenue), 0), 1) AS margin_percent
FROM (
	SELECT c.company, c.decimals, i.code AS item_code, i.name AS item_name, i.item_group,
		0.000000 AS quantity, 0::numeric AS cost,
		k.total_sign * CASE WHEN d.currency_id = c.currency_id THEN l.amount
			ELSE pg_catalog.round(l.amount * d.rate, c.decimals) END AS revenue
	FROM erp_private.company_money c
	JOIN erp.document d ON d.company_id = c.company_id
	JOIN erp.document_kind k ON k.kind = d.kind AND k.party_role = 'customer' AND k.total_sign <> 0
	JOIN erp.document_line l ON l.company_id = d.company_id AND l.document_id = d.document_id
	JOIN erp.item i ON i.company_id = l.company_id AND i.item_id = l.item_id
	UNION ALL
	SELECT c.company, c.decimals, i.code, i.name, i.item_group,
		CASE e.cause WHEN 'replay' THEN 0 ELSE -e.quantity END, -e.amount, 0
	FROM erp_private.company_money c
	JOIN erp.item i ON i.company_id = c.company_id
	JOIN erp.stock_move m ON m.company_id = i.company_id AND m.item_id = i.item_id
	JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id
	JOIN erp.document_line l ON l.company_id = m.company_id AND l.document_id = m.document_id AND l.line_no = m.line_no
	WHERE l.line_role IN ('sale', 'free', 'return')
) t
GROUP BY t.company, t.decimals, t.item_code, t.item_name, t.item_group;

COMMENT ON VIEW erp.profit_by_item IS 'Revenue, cost of sales and margin of each item, with cost as now known.';
COMMENT ON COLUMN erp.profit_by_item.company IS 'Code of the company.';
COMMENT ON COLUMN erp.profit_by_item.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.profit_by_item.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.profit_by_item.item_group IS 'Group of the item.';
COMMENT ON COLUMN erp.profit_by_item.quantity IS 'Quantity of goods issued to customers, free ones included, less returns, in the item''s unit; 0 for a service.';
COMMENT ON COLUMN erp.profit_by_item.revenue IS 'Amounts invoiced less credited, without tax, in the company''s currency; lines in other currencies are converted one by one at their document''s rate.';
COMMENT ON COLUMN erp.profit_by_item.cost_of_sales IS 'Cost of the goods issued, free ones included, less returns, in the company''s currency.';
COMMENT ON COLUMN erp.profit_by_item.margin IS 'Revenue less cost of sales, in the company''s currency.';
COMMENT ON COLUMN erp.profit_by_item.margin_percent IS 'Margin in percent of revenue; null without revenue.';
