-- sales: the order book: what is still to be shipped and to be billed.

CREATE OR REPLACE VIEW erp.backlog AS
SELECT c.company,
	o.code AS order_code,
	l.line_no,
	o.state,
	o.day,
	p.code AS party_code,
	p.name AS party_name,
	i.code AS item_code,
	i.name AS item_name,
	(SELECT w.code FROM erp.warehouse w WHERE w.company_id = l.company_id AND w.warehouse_id = l.warehouse_id AND w.warehouse_id <> 0) AS warehouse_code,
	l.moves_stock AS is_goods,
	l.quantity - l.cancelled AS ordered,
	l.shipped,
	s.to_ship,
	LEAST(GREATEST(COALESCE(r.reserved, 0::numeric) - s.before, 0::numeric), s.most) AS reserved,
	pg_catalog.round(l.amount * (s.before + s.to_ship) / l.quantity, m.decimals::integer) - pg_catalog.round(l.amount * s.before / l.quantity, m.decimals::integer) AS value,
	m.code AS currency,
	pg_catalog.round(l.amount * (s.before + s.to_ship) * o.rate / l.quantity, c.decimals) - pg_catalog.round(l.amount * s.before * o.rate / l.quantity, c.decimals) AS company_value,
	s.needed_by,
	CASE WHEN r.held >= s.before + s.to_ship THEN GREATEST(COALESCE(l.promise_day, r.reserved_day), o.day, r.expected_day) END AS promise_day,
	COALESCE(s.needed_by, CASE WHEN r.held >= s.before + s.to_ship THEN GREATEST(COALESCE(l.promise_day, r.reserved_day), o.day, r.expected_day) END) AS due_day,
	GREATEST(CURRENT_DATE - COALESCE(s.needed_by, CASE WHEN r.held >= s.before + s.to_ship THEN GREATEST(COALESCE(l.promise_day, r.reserved_day), o.day, r.expected_day) END), 0) AS days_late,
	o.priority,
	NULLIF(o.channel, '') AS channel,
	l.needed_by AS sort_day,
	l.sales_order_id,
	s.part_no
FROM erp_private.company_money c
JOIN erp.sales_order_line l ON l.company_id = c.company_id AND l.shipped + l.cancelled < l.quantity
JOIN erp.sales_order o ON o.company_id = l.company_id AND o.sales_order_id = l.sales_order_id AND o.state NOT IN ('closed', 'cancelled')
JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
JOIN erp.currency m ON m.currency_id = o.currency_id
LEFT JOIN erp.item i ON i.company_id = l.company_id AND i.item_id = l.item_id AND i.item_id <> 0
LEFT JOIN LATERAL (
	SELECT pg_catalog.sum(v.quantity) AS held, pg_catalog.sum(v.quantity) FILTER (WHERE v.claim = 'stock') AS reserved,
		pg_catalog.max((v.reserved_at AT TIME ZONE 'UTC')::date) FILTER (WHERE v.claim = 'stock') AS reserved_day, pg_catalog.max(e.day) AS expected_day
	FROM erp.reservation v
	LEFT JOIN erp.expected_receipt e ON e.company_id = v.company_id AND e.item_id = v.item_id AND e.expected_receipt_id = v.expected_receipt_id AND v.expected_receipt_id <> 0
	WHERE v.company_id = l.company_id AND v.demand = o.code AND v.demand_line = l.line_no AND l.moves_stock
) r ON true
CROSS JOIN LATERAL (
	SELECT 0 AS part_no, CASE WHEN pg_catalog.isfinite(l.needed_by) THEN l.needed_by END AS needed_by, 0::numeric AS before, l.quantity - l.cancelled - l.shipped AS to_ship, 'Infinity'::numeric AS most
	WHERE NOT l.is_scheduled
	UNION ALL
	SELECT p.part_no, p.day, GREATEST(p.until - p.quantity, l.shipped) - l.shipped, p.until - GREATEST(p.until - p.quantity, l.shipped), p.until - GREATEST(p.until - p.quantity, l.shipped)
	FROM (
		SELECT f.part_no, f.day, f.quantity, pg_catalog.sum(f.quantity) OVER (ORDER BY f.part_no) AS until
		FROM erp.sales_order_schedule f
		WHERE f.company_id = l.company_id AND f.sales_order_id = l.sales_order_id AND f.line_no = l.line_no
	) p
	WHERE l.is_scheduled AND p.until > l.shipped
) s;

COMMENT ON VIEW erp.backlog IS 'Lines of open orders of which something is still to be shipped, those that are delivered by schedule part by part. Indexes find those of a customer, an item or a range of sort_day; erp.backlog_page() reads all of them page by page, erp.order_lines says what else is known of each.';
COMMENT ON COLUMN erp.backlog.company IS 'Code of the company.';
COMMENT ON COLUMN erp.backlog.order_code IS 'Code of the order.';
COMMENT ON COLUMN erp.backlog.line_no IS 'Line of it.';
COMMENT ON COLUMN erp.backlog.state IS 'State of the order: confirmed; held, pending and returned wait for somebody.';
COMMENT ON COLUMN erp.backlog.day IS 'Day of the order.';
COMMENT ON COLUMN erp.backlog.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.backlog.party_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.backlog.item_code IS 'Code of the item; null where the line is of none.';
COMMENT ON COLUMN erp.backlog.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.backlog.warehouse_code IS 'Code of the warehouse that it is shipped from; null without one.';
COMMENT ON COLUMN erp.backlog.is_goods IS 'Whether goods are to leave stock; what is none counts as shipped when it is billed.';
COMMENT ON COLUMN erp.backlog.ordered IS 'Quantity ordered and not cancelled, in the item''s unit.';
COMMENT ON COLUMN erp.backlog.shipped IS 'Of that, what was shipped.';
COMMENT ON COLUMN erp.backlog.to_ship IS 'What is still to be shipped.';
COMMENT ON COLUMN erp.backlog.reserved IS 'Stock that is reserved for it.';
COMMENT ON COLUMN erp.backlog.value IS 'Its share of the net amount of the line, in the order''s currency.';
COMMENT ON COLUMN erp.backlog.currency IS 'Currency of the order.';
COMMENT ON COLUMN erp.backlog.company_value IS 'The same in the company''s currency, at the rate of the order.';
COMMENT ON COLUMN erp.backlog.needed_by IS 'Day by which the line, or the part of its schedule, is wanted; null if none was said.';
COMMENT ON COLUMN erp.backlog.promise_day IS 'Day on which all that is to be shipped of it is there, by what is reserved and claimed now, which the earliest parts of a schedule have: the day that was promised when the order last reserved, for what arrivals served since the day (UTC) on which it was reserved, and no day before what it still waits for is expected; null while something is short.';
COMMENT ON COLUMN erp.backlog.due_day IS 'Day on which it is due: needed_by, else promise_day; null without either.';
COMMENT ON COLUMN erp.backlog.days_late IS 'Days that have passed since due_day; 0 where it is not late, or due on no day.';
COMMENT ON COLUMN erp.backlog.priority IS 'Priority of the order: the higher, the sooner it is served from what arrives.';
COMMENT ON COLUMN erp.backlog.channel IS 'Where the order came from; null if that was not said.';
COMMENT ON COLUMN erp.backlog.sort_day IS 'needed_by, of a line with a schedule that of its earliest part that is not shipped, infinity without one: what ranges of days are found by, and what pages go by.';
COMMENT ON COLUMN erp.backlog.sales_order_id IS 'Identity of the order.';
COMMENT ON COLUMN erp.backlog.part_no IS 'Part of the schedule of the line; 0 where it has none.';

-- By each order's share of its total: what is billed stands in open items.
CREATE OR REPLACE VIEW erp_private.order_unbilled AS
SELECT o.company_id,
	o.sales_order_id,
	o.party_id,
	o.state,
	n.amount - n.cancelled AS amount,
	n.billed,
	COALESCE(n.unbilled, 0.0000) AS unbilled,
	CASE WHEN n.amount = 0 THEN 0.0000 ELSE pg_catalog.round(o.company_total * COALESCE(n.unbilled, 0.0000) / n.amount, 4) END AS company_unbilled
FROM erp.sales_order o
CROSS JOIN LATERAL (
	SELECT pg_catalog.sum(l.amount) AS amount,
		pg_catalog.sum(pg_catalog.round(l.amount * l.cancelled / l.quantity, 4)) AS cancelled,
		pg_catalog.sum(l.billed_amount) AS billed,
		pg_catalog.sum(l.amount - pg_catalog.round(l.amount * l.cancelled / l.quantity, 4) - l.billed_amount) FILTER (WHERE l.billed + l.cancelled < l.quantity) AS unbilled
	FROM erp.sales_order_line l
	WHERE l.company_id = o.company_id AND l.sales_order_id = o.sales_order_id
	OFFSET 0
) n;

COMMENT ON VIEW erp_private.order_unbilled IS 'Orders with what of them is billed and what is neither billed nor cancelled.';
COMMENT ON COLUMN erp_private.order_unbilled.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.order_unbilled.sales_order_id IS 'The order.';
COMMENT ON COLUMN erp_private.order_unbilled.party_id IS 'The customer.';
COMMENT ON COLUMN erp_private.order_unbilled.state IS 'State of the order.';
COMMENT ON COLUMN erp_private.order_unbilled.amount IS 'Net amount that is not cancelled, in the order''s currency.';
COMMENT ON COLUMN erp_private.order_unbilled.billed IS 'Net amount that was billed.';
COMMENT ON COLUMN erp_private.order_unbilled.unbilled IS 'Net amount of lines that are not billed whole, less what was billed of them.';
COMMENT ON COLUMN erp_private.order_unbilled.company_unbilled IS 'Its share of the order''s total, with tax, in the company''s currency.';

CREATE OR REPLACE VIEW erp.orders_not_billed AS
SELECT c.company,
	o.code AS order_code,
	o.state,
	o.day,
	p.code AS party_code,
	p.name AS party_name,
	m.code AS currency,
	pg_catalog.round(u.amount, m.decimals::integer) AS amount,
	pg_catalog.round(u.billed, m.decimals::integer) AS billed,
	pg_catalog.round(u.unbilled, m.decimals::integer) AS not_billed,
	pg_catalog.round(u.company_unbilled, c.decimals) AS company_not_billed,
	NULLIF(o.channel, '') AS channel,
	o.sales_order_id
FROM erp_private.company_money c
JOIN erp.sales_order o ON o.company_id = c.company_id AND o.state NOT IN ('closed', 'cancelled')
JOIN erp_private.order_unbilled u ON u.company_id = o.company_id AND u.sales_order_id = o.sales_order_id
JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
JOIN erp.currency m ON m.currency_id = o.currency_id
WHERE u.unbilled <> 0;

COMMENT ON VIEW erp.orders_not_billed IS 'Open orders of which something is not billed, shipped or not. What is shipped of it shows erp.shipped_not_billed, what was billed ahead erp.billed_not_shipped, both line by line.';
COMMENT ON COLUMN erp.orders_not_billed.company IS 'Code of the company.';
COMMENT ON COLUMN erp.orders_not_billed.order_code IS 'Code of the order.';
COMMENT ON COLUMN erp.orders_not_billed.state IS 'State of the order: confirmed; held, pending and returned wait for somebody.';
COMMENT ON COLUMN erp.orders_not_billed.day IS 'Day of the order.';
COMMENT ON COLUMN erp.orders_not_billed.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.orders_not_billed.party_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.orders_not_billed.currency IS 'Currency of the order.';
COMMENT ON COLUMN erp.orders_not_billed.amount IS 'Net amount ordered and not cancelled.';
COMMENT ON COLUMN erp.orders_not_billed.billed IS 'Net amount billed, of this order.';
COMMENT ON COLUMN erp.orders_not_billed.not_billed IS 'Net amount that is neither billed nor cancelled.';
COMMENT ON COLUMN erp.orders_not_billed.company_not_billed IS 'Its share of what the order came to with tax, in the company''s currency: what counts against the customer''s credit once the order is confirmed.';
COMMENT ON COLUMN erp.orders_not_billed.channel IS 'Where the order came from; null if that was not said.';
COMMENT ON COLUMN erp.orders_not_billed.sales_order_id IS 'Identity of the order.';
