-- sales: what people look at of orders.

CREATE OR REPLACE VIEW erp.order_list AS
SELECT c.code AS company, o.code AS order_code, o.state, NULLIF(o.reason, '') AS reason, p.code AS party_code, p.name AS party_name, o.day,
	CASE WHEN pg_catalog.isfinite(o.needed_by) THEN o.needed_by END AS needed_by, m.code AS currency, o.total, o.company_total, o.priority, o.ship_complete,
	NULLIF(o.channel, '') AS channel, o.terms ->> 'reference' AS reference, o.placed_at, o.placed_by, o.sales_order_id
FROM erp.sales_order o
JOIN erp.company c ON c.company_id = o.company_id
JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
JOIN erp.currency m ON m.currency_id = o.currency_id;

COMMENT ON VIEW erp.order_list IS 'Orders of customers, each once.';
COMMENT ON COLUMN erp.order_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.order_list.order_code IS 'Code of the order, which is the demand that its goods are reserved for.';
COMMENT ON COLUMN erp.order_list.state IS 'held: beyond the customer''s credit; pending: waits for approval; returned: sent back by who was to approve it; confirmed; closed: all that is left of it is shipped and billed; cancelled.';
COMMENT ON COLUMN erp.order_list.reason IS 'Why it came into its state; null without one.';
COMMENT ON COLUMN erp.order_list.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.order_list.party_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.order_list.day IS 'Day of the order.';
COMMENT ON COLUMN erp.order_list.needed_by IS 'Day by which it is wanted; null if none was said.';
COMMENT ON COLUMN erp.order_list.currency IS 'Currency of the order.';
COMMENT ON COLUMN erp.order_list.total IS 'What it came to when it was placed, with tax, in its currency.';
COMMENT ON COLUMN erp.order_list.company_total IS 'The same in the company''s currency.';
COMMENT ON COLUMN erp.order_list.priority IS 'The higher, the sooner it is served from what arrives.';
COMMENT ON COLUMN erp.order_list.ship_complete IS 'Whether it is shipped whole only.';
COMMENT ON COLUMN erp.order_list.channel IS 'Where it came from; null if that was not said.';
COMMENT ON COLUMN erp.order_list.reference IS 'The customer''s own number for it.';
COMMENT ON COLUMN erp.order_list.placed_at IS 'When it was placed.';
COMMENT ON COLUMN erp.order_list.placed_by IS 'User who placed it.';
COMMENT ON COLUMN erp.order_list.sales_order_id IS 'Identity of the order: the document of the call that placed it.';

CREATE OR REPLACE VIEW erp.order_lines AS
SELECT c.code AS company, o.code AS order_code, l.line_no, i.code AS item_code, i.name AS item_name, l.line_role, w.code AS warehouse_code, l.quantity, l.cancelled, l.shipped, l.billed, l.returned,
	l.quantity - l.cancelled - l.shipped AS to_ship, GREATEST(l.shipped - l.billed, 0::numeric) AS to_bill,
	COALESCE(r.reserved, 0::numeric) AS reserved, COALESCE(r.expected, 0::numeric) AS expected, COALESCE(q.required, 0::numeric) AS required,
	l.unit_price, l.amount, m.code AS currency, CASE WHEN pg_catalog.isfinite(l.needed_by) THEN l.needed_by END AS needed_by, CASE WHEN l.shipped + l.cancelled >= l.quantity THEN l.promise_day
		WHEN COALESCE(r.reserved, 0::numeric) + COALESCE(r.expected, 0::numeric) >= l.quantity - l.cancelled - l.shipped THEN GREATEST(COALESCE(l.promise_day, r.reserved_day), o.day, r.expected_day, CASE WHEN l.is_scheduled THEN (SELECT max(s.day) FROM erp.sales_order_schedule s WHERE s.company_id = l.company_id AND s.sales_order_id = l.sales_order_id AND s.line_no = l.line_no) END) END AS promise_day,
	CASE WHEN o.state <> 'confirmed' AND o.state <> 'closed' THEN o.state
		WHEN l.cancelled = l.quantity THEN 'cancelled'
		WHEN l.shipped + l.cancelled = l.quantity AND l.returned >= l.shipped AND l.shipped > 0 THEN 'returned'
		WHEN l.shipped + l.cancelled = l.quantity AND l.billed >= l.shipped THEN 'done'
		WHEN l.shipped + l.cancelled = l.quantity THEN 'shipped'
		WHEN l.shipped > 0 THEN 'partly shipped'
		WHEN COALESCE(r.reserved, 0) >= l.quantity - l.cancelled OR NOT l.moves_stock THEN 'ready'
		WHEN COALESCE(q.required, 0) > 0 THEN 'back-order'
		WHEN COALESCE(r.expected, 0) > 0 THEN 'expected'
		ELSE 'open' END AS status,
	o.sales_order_id
FROM erp.sales_order_line l
JOIN erp.sales_order o ON o.company_id = l.company_id AND o.sales_order_id = l.sales_order_id
JOIN erp.company c ON c.company_id = l.company_id
JOIN erp.currency m ON m.currency_id = o.currency_id
LEFT JOIN erp.item i ON i.company_id = l.company_id AND i.item_id = l.item_id AND l.item_id <> 0
LEFT JOIN erp.warehouse w ON w.company_id = l.company_id AND w.warehouse_id = l.warehouse_id AND l.warehouse_id <> 0
LEFT JOIN LATERAL (SELECT sum(v.quantity) FILTER (WHERE v.claim = 'stock') AS reserved, sum(v.quantity) FILTER (WHERE v.claim = 'expected') AS expected,
		max((v.reserved_at AT TIME ZONE 'UTC')::date) FILTER (WHERE v.claim = 'stock') AS reserved_day, max(e.day) AS expected_day
	FROM erp.reservation v
	LEFT JOIN erp.expected_receipt e ON e.company_id = v.company_id AND e.item_id = v.item_id AND e.expected_receipt_id = v.expected_receipt_id AND v.expected_receipt_id <> 0
	WHERE v.company_id = l.company_id AND v.demand = o.code AND v.demand_line = l.line_no AND l.moves_stock AND l.shipped + l.cancelled < l.quantity) r ON true
LEFT JOIN LATERAL (SELECT sum(v.quantity) AS required
	FROM erp.requirement v WHERE v.company_id = l.company_id AND v.demand = o.code AND v.demand_line = l.line_no AND l.moves_stock AND l.shipped + l.cancelled < l.quantity) q ON true;

COMMENT ON VIEW erp.order_lines IS 'Lines of orders with what became of them. Quantities are in the item''s unit.';
COMMENT ON COLUMN erp.order_lines.company IS 'Code of the company.';
COMMENT ON COLUMN erp.order_lines.order_code IS 'Code of the order.';
COMMENT ON COLUMN erp.order_lines.line_no IS 'Number of the line, from 1.';
COMMENT ON COLUMN erp.order_lines.item_code IS 'Code of the item; null where the line is of none.';
COMMENT ON COLUMN erp.order_lines.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.order_lines.line_role IS 'Role that the line has in its documents.';
COMMENT ON COLUMN erp.order_lines.warehouse_code IS 'Code of the warehouse that it is shipped from.';
COMMENT ON COLUMN erp.order_lines.quantity IS 'Quantity ordered.';
COMMENT ON COLUMN erp.order_lines.cancelled IS 'Of that, what was cancelled.';
COMMENT ON COLUMN erp.order_lines.shipped IS 'Of that, what was shipped.';
COMMENT ON COLUMN erp.order_lines.billed IS 'Of that, what was billed.';
COMMENT ON COLUMN erp.order_lines.returned IS 'What came back of it.';
COMMENT ON COLUMN erp.order_lines.to_ship IS 'What is still to be shipped.';
COMMENT ON COLUMN erp.order_lines.to_bill IS 'What is shipped and not billed.';
COMMENT ON COLUMN erp.order_lines.reserved IS 'Stock that is reserved for it.';
COMMENT ON COLUMN erp.order_lines.expected IS 'What is claimed for it of what is expected.';
COMMENT ON COLUMN erp.order_lines.required IS 'What is required for it, since nothing could be reserved.';
COMMENT ON COLUMN erp.order_lines.unit_price IS 'Price of one of the unit that was ordered in, in the order''s currency.';
COMMENT ON COLUMN erp.order_lines.amount IS 'Net amount of the whole line, in the order''s currency.';
COMMENT ON COLUMN erp.order_lines.currency IS 'Currency of the order.';
COMMENT ON COLUMN erp.order_lines.needed_by IS 'Day by which it is wanted, of a line that is delivered by schedule (erp.order_schedule) that of the earliest part that is not shipped; null if none was said.';
COMMENT ON COLUMN erp.order_lines.promise_day IS 'Day on which all that is to be shipped of it is there, by what is reserved and claimed now: the day that was promised when the order last reserved, for what arrivals served since the day (UTC) on which it was reserved, and no day before what it still waits for is expected, nor before the last of its schedule; null while something is short.';
COMMENT ON COLUMN erp.order_lines.status IS 'The order''s state where that is neither confirmed nor closed; else cancelled, returned, done (shipped and billed), shipped, partly shipped, ready (all of it is reserved, or it needs no stock), back-order (something is required), expected (on its way), open.';
COMMENT ON COLUMN erp.order_lines.sales_order_id IS 'Identity of the order.';

CREATE OR REPLACE VIEW erp.order_schedule AS
SELECT l.company, l.order_code, l.line_no, s.part_no, l.item_code, l.item_name, s.day, s.quantity, LEAST(s.quantity, GREATEST(l.shipped - s.before, 0::numeric)) AS shipped,
	p.to_ship, LEAST(p.to_ship, GREATEST(l.reserved - p.before, 0::numeric)) AS reserved, LEAST(p.to_ship, GREATEST(l.reserved + l.expected - p.before, 0::numeric))
		- LEAST(p.to_ship, GREATEST(l.reserved - p.before, 0::numeric)) AS expected, l.sales_order_id
FROM erp.order_lines l
JOIN erp.company c ON c.code = l.company
JOIN LATERAL (SELECT f.part_no, f.day, f.quantity, sum(f.quantity) OVER (ORDER BY f.part_no) - f.quantity AS before
	FROM erp.sales_order_schedule f WHERE f.company_id = c.company_id AND f.sales_order_id = l.sales_order_id AND f.line_no = l.line_no) s ON true
CROSS JOIN LATERAL (SELECT GREATEST(s.before + s.quantity - GREATEST(s.before, l.shipped), 0::numeric) AS to_ship, GREATEST(s.before, l.shipped) - l.shipped AS before) p;

COMMENT ON VIEW erp.order_schedule IS 'Lines of orders that are delivered by schedule, part by part: what is shipped, reserved and expected is of the earliest parts. Quantities are in the item''s unit.';
COMMENT ON COLUMN erp.order_schedule.company IS 'Code of the company.';
COMMENT ON COLUMN erp.order_schedule.order_code IS 'Code of the order.';
COMMENT ON COLUMN erp.order_schedule.line_no IS 'Line of it.';
COMMENT ON COLUMN erp.order_schedule.part_no IS 'Part of the line, from 1, the earliest first.';
COMMENT ON COLUMN erp.order_schedule.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.order_schedule.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.order_schedule.day IS 'Day on which the part is to be delivered.';
COMMENT ON COLUMN erp.order_schedule.quantity IS 'Quantity of the part; the parts add up to what is ordered and not cancelled.';
COMMENT ON COLUMN erp.order_schedule.shipped IS 'Of that, what was shipped.';
COMMENT ON COLUMN erp.order_schedule.to_ship IS 'What is still to be shipped.';
COMMENT ON COLUMN erp.order_schedule.reserved IS 'Stock that is reserved for it.';
COMMENT ON COLUMN erp.order_schedule.expected IS 'What is claimed for it of what is expected.';
COMMENT ON COLUMN erp.order_schedule.sales_order_id IS 'Identity of the order.';
