-- sales: what orders earned.

-- Of a line that is billed ahead of or behind a sales_shipment, that has earned the amount, not the invoice. A line that ships and bills costs once.
CREATE OR REPLACE VIEW erp_private.order_line_result AS
SELECT l.company_id,
	l.sales_order_id,
	l.line_no,
	l.item_id,
	COALESCE(e.billed, 0.0000) AS billed,
	COALESCE(e.credited, 0.0000) AS credited,
	COALESCE(e.billed, 0.0000) - COALESCE(e.cleared, 0.0000) + COALESCE(e.sold, 0.0000) - COALESCE(e.credited, 0.0000) AS revenue,
	COALESCE(x.cost, 0.0000) AS cost
FROM erp_private.company_money c
JOIN erp.sales_order_line l ON l.company_id = c.company_id
CROSS JOIN LATERAL (
	SELECT pg_catalog.sum(a.amount) FILTER (WHERE k.link = 'bills') AS billed,
		pg_catalog.sum(a.amount) FILTER (WHERE k.link = 'bills' AND r.value_source = 'invoice') AS cleared,
		pg_catalog.sum(CASE d.kind WHEN 'sales_shipment_return' THEN -a.amount ELSE a.amount END) FILTER (WHERE k.link = 'ships' AND r.value_source IN ('sold', 'unsold')) AS sold,
		pg_catalog.sum(a.amount) FILTER (WHERE k.link = 'credits') AS credited
	FROM erp.sales_order_link k
	CROSS JOIN LATERAL (
		SELECT f.kind, f.rate, CASE f.reverses_document_id WHEN 0 THEN f.document_id ELSE f.reverses_document_id END AS document_id
		FROM erp.document f
		WHERE f.company_id = k.company_id AND f.document_id = k.document_id
		OFFSET 0
	) d
	CROSS JOIN LATERAL (SELECT pg_catalog.round(k.amount * d.rate, c.decimals) AS amount) a
	CROSS JOIN LATERAL (
		SELECT g.value_source
		FROM erp.document_line f
		JOIN erp.line_role g ON g.line_role = f.line_role
		WHERE f.company_id = k.company_id AND f.document_id = d.document_id AND f.line_no = k.line_no
		OFFSET 0
	) r
	WHERE k.company_id = l.company_id AND k.sales_order_id = l.sales_order_id AND k.order_line_no = l.line_no
) e
CROSS JOIN LATERAL (
	SELECT -pg_catalog.sum(q.amount) AS cost
	FROM (
		SELECT DISTINCT f.company_id, f.document_id, f.line_no
		FROM erp.sales_order_link f
		WHERE f.company_id = l.company_id AND f.sales_order_id = l.sales_order_id AND f.order_line_no = l.line_no
	) k
	CROSS JOIN LATERAL (SELECT f.move_id FROM erp.stock_move f WHERE f.company_id = k.company_id AND f.document_id = k.document_id AND f.line_no = k.line_no OFFSET 0) m
	CROSS JOIN LATERAL (SELECT f.amount FROM erp.cost_entry f WHERE f.company_id = k.company_id AND f.move_id = m.move_id OFFSET 0) q
) x;

COMMENT ON VIEW erp_private.order_line_result IS 'Lines of orders with what they earned and cost, in the company''s currency.';
COMMENT ON COLUMN erp_private.order_line_result.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.order_line_result.sales_order_id IS 'The order.';
COMMENT ON COLUMN erp_private.order_line_result.line_no IS 'Line of it.';
COMMENT ON COLUMN erp_private.order_line_result.item_id IS 'The item; 0: none.';
COMMENT ON COLUMN erp_private.order_line_result.billed IS 'Net amount billed, less what was reversed of it, at the rates of the invoices.';
COMMENT ON COLUMN erp_private.order_line_result.credited IS 'Net amount credited, at the rates of the credit notes.';
COMMENT ON COLUMN erp_private.order_line_result.revenue IS 'Net revenue: billed less credited; of what a sales_shipment ships, its amount in the place of what bills it.';
COMMENT ON COLUMN erp_private.order_line_result.cost IS 'Cost of the goods that left for the line, less that of goods that came back, as now known.';

CREATE OR REPLACE VIEW erp.order_margin AS
SELECT c.company,
	o.code AS order_code,
	o.state,
	o.day,
	p.code AS party_code,
	p.name AS party_name,
	NULLIF(r.code, '') AS sales_representative,
	NULLIF(o.channel, '') AS channel,
	pg_catalog.round(e.billed, c.decimals) AS billed,
	pg_catalog.round(e.credited, c.decimals) AS credited,
	pg_catalog.round(e.revenue, c.decimals) AS revenue,
	pg_catalog.round(e.cost, c.decimals) AS cost_of_sales,
	pg_catalog.round(e.revenue - e.cost, c.decimals) AS margin,
	pg_catalog.round((e.revenue - e.cost) * 100 / NULLIF(e.revenue, 0), 2) AS margin_percent,
	c.currency,
	o.sales_order_id
FROM erp_private.company_money c
JOIN erp.sales_order o ON o.company_id = c.company_id
JOIN erp.party p ON p.company_id = o.company_id AND p.party_id = o.party_id
JOIN erp.sales_representative r ON r.company_id = p.company_id AND r.sales_representative_id = p.sales_representative_id
CROSS JOIN LATERAL (
	SELECT pg_catalog.sum(t.billed) AS billed, pg_catalog.sum(t.credited) AS credited, pg_catalog.sum(t.revenue) AS revenue, pg_catalog.sum(t.cost) AS cost
	FROM erp_private.order_line_result t
	WHERE t.company_id = o.company_id AND t.sales_order_id = o.sales_order_id
) e;

COMMENT ON VIEW erp.order_margin IS 'What each order earned up to now, in the company''s currency, out of the documents that were posted for it. What is only ordered earns nothing yet.';
COMMENT ON COLUMN erp.order_margin.company IS 'Code of the company.';
COMMENT ON COLUMN erp.order_margin.order_code IS 'Code of the order.';
COMMENT ON COLUMN erp.order_margin.state IS 'State of the order.';
COMMENT ON COLUMN erp.order_margin.day IS 'Day of the order.';
COMMENT ON COLUMN erp.order_margin.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.order_margin.party_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.order_margin.sales_representative IS 'Code of who sells to the customer now; null: nobody.';
COMMENT ON COLUMN erp.order_margin.channel IS 'Where the order came from; null if that was not said.';
COMMENT ON COLUMN erp.order_margin.billed IS 'Net amount billed, at the rates of the invoices.';
COMMENT ON COLUMN erp.order_margin.credited IS 'Net amount credited.';
COMMENT ON COLUMN erp.order_margin.revenue IS 'Net revenue: billed less credited; of what was sold by sales_shipment, the amount of the shipment in the place of what bills it.';
COMMENT ON COLUMN erp.order_margin.cost_of_sales IS 'Cost of the goods that were sold or given for it, less those that came back, as now known: it changes with what is learned of their cost later.';
COMMENT ON COLUMN erp.order_margin.margin IS 'revenue less cost_of_sales.';
COMMENT ON COLUMN erp.order_margin.margin_percent IS 'margin in percent of revenue; null without revenue.';
COMMENT ON COLUMN erp.order_margin.currency IS 'The company''s currency.';
COMMENT ON COLUMN erp.order_margin.sales_order_id IS 'Identity of the order.';

CREATE OR REPLACE VIEW erp.margin_by_customer AS
SELECT m.company,
	m.party_code,
	m.party_name,
	pg_catalog.count(*) AS orders,
	pg_catalog.sum(m.revenue) AS revenue,
	pg_catalog.sum(m.cost_of_sales) AS cost_of_sales,
	pg_catalog.sum(m.margin) AS margin,
	pg_catalog.round(pg_catalog.sum(m.margin) * 100 / NULLIF(pg_catalog.sum(m.revenue), 0), 2) AS margin_percent,
	m.currency
FROM erp.order_margin m
WHERE m.state <> 'cancelled'
GROUP BY m.company, m.party_code, m.party_name, m.currency;

COMMENT ON VIEW erp.margin_by_customer IS 'erp.order_margin by customer, without cancelled orders.';
COMMENT ON COLUMN erp.margin_by_customer.company IS 'Code of the company.';
COMMENT ON COLUMN erp.margin_by_customer.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.margin_by_customer.party_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.margin_by_customer.orders IS 'Number of orders.';
COMMENT ON COLUMN erp.margin_by_customer.revenue IS 'Net revenue.';
COMMENT ON COLUMN erp.margin_by_customer.cost_of_sales IS 'Cost of the goods that were sold or given.';
COMMENT ON COLUMN erp.margin_by_customer.margin IS 'revenue less cost_of_sales.';
COMMENT ON COLUMN erp.margin_by_customer.margin_percent IS 'margin in percent of revenue; null without revenue.';
COMMENT ON COLUMN erp.margin_by_customer.currency IS 'The company''s currency.';

CREATE OR REPLACE VIEW erp.margin_by_sales_representative AS
SELECT m.company,
	m.sales_representative,
	pg_catalog.count(*) AS orders,
	pg_catalog.sum(m.revenue) AS revenue,
	pg_catalog.sum(m.cost_of_sales) AS cost_of_sales,
	pg_catalog.sum(m.margin) AS margin,
	pg_catalog.round(pg_catalog.sum(m.margin) * 100 / NULLIF(pg_catalog.sum(m.revenue), 0), 2) AS margin_percent,
	m.currency
FROM erp.order_margin m
WHERE m.state <> 'cancelled'
GROUP BY m.company, m.sales_representative, m.currency;

COMMENT ON VIEW erp.margin_by_sales_representative IS 'erp.order_margin by who sells to the customers now, without cancelled orders.';
COMMENT ON COLUMN erp.margin_by_sales_representative.company IS 'Code of the company.';
COMMENT ON COLUMN erp.margin_by_sales_representative.sales_representative IS 'Code of the representative; null: nobody.';
COMMENT ON COLUMN erp.margin_by_sales_representative.orders IS 'Number of orders.';
COMMENT ON COLUMN erp.margin_by_sales_representative.revenue IS 'Net revenue.';
COMMENT ON COLUMN erp.margin_by_sales_representative.cost_of_sales IS 'Cost of the goods that were sold or given.';
COMMENT ON COLUMN erp.margin_by_sales_representative.margin IS 'revenue less cost_of_sales.';
COMMENT ON COLUMN erp.margin_by_sales_representative.margin_percent IS 'margin in percent of revenue; null without revenue.';
COMMENT ON COLUMN erp.margin_by_sales_representative.currency IS 'The company''s currency.';

CREATE OR REPLACE VIEW erp.margin_by_channel AS
SELECT m.company,
	m.channel,
	pg_catalog.count(*) AS orders,
	pg_catalog.sum(m.revenue) AS revenue,
	pg_catalog.sum(m.cost_of_sales) AS cost_of_sales,
	pg_catalog.sum(m.margin) AS margin,
	pg_catalog.round(pg_catalog.sum(m.margin) * 100 / NULLIF(pg_catalog.sum(m.revenue), 0), 2) AS margin_percent,
	m.currency
FROM erp.order_margin m
WHERE m.state <> 'cancelled'
GROUP BY m.company, m.channel, m.currency;

COMMENT ON VIEW erp.margin_by_channel IS 'erp.order_margin by channel, without cancelled orders.';
COMMENT ON COLUMN erp.margin_by_channel.company IS 'Code of the company.';
COMMENT ON COLUMN erp.margin_by_channel.channel IS 'Where the orders came from; null if that was not said.';
COMMENT ON COLUMN erp.margin_by_channel.orders IS 'Number of orders.';
COMMENT ON COLUMN erp.margin_by_channel.revenue IS 'Net revenue.';
COMMENT ON COLUMN erp.margin_by_channel.cost_of_sales IS 'Cost of the goods that were sold or given.';
COMMENT ON COLUMN erp.margin_by_channel.margin IS 'revenue less cost_of_sales.';
COMMENT ON COLUMN erp.margin_by_channel.margin_percent IS 'margin in percent of revenue; null without revenue.';
COMMENT ON COLUMN erp.margin_by_channel.currency IS 'The company''s currency.';

CREATE OR REPLACE VIEW erp.margin_by_item AS
SELECT c.company,
	i.code AS item_code,
	i.name AS item_name,
	pg_catalog.count(DISTINCT t.sales_order_id) AS orders,
	pg_catalog.round(pg_catalog.sum(t.revenue), c.decimals) AS revenue,
	pg_catalog.round(pg_catalog.sum(t.cost), c.decimals) AS cost_of_sales,
	pg_catalog.round(pg_catalog.sum(t.revenue - t.cost), c.decimals) AS margin,
	pg_catalog.round(pg_catalog.sum(t.revenue - t.cost) * 100 / NULLIF(pg_catalog.sum(t.revenue), 0), 2) AS margin_percent,
	c.currency
FROM erp_private.company_money c
JOIN erp.sales_order o ON o.company_id = c.company_id AND o.state <> 'cancelled'
JOIN erp_private.order_line_result t ON t.company_id = o.company_id AND t.sales_order_id = o.sales_order_id
LEFT JOIN erp.item i ON i.company_id = t.company_id AND i.item_id = t.item_id AND i.item_id <> 0
GROUP BY c.company, i.code, i.name, c.currency, c.decimals;

COMMENT ON VIEW erp.margin_by_item IS 'What lines of orders earned by item, as erp.order_margin has it of the orders; without cancelled orders.';
COMMENT ON COLUMN erp.margin_by_item.company IS 'Code of the company.';
COMMENT ON COLUMN erp.margin_by_item.item_code IS 'Code of the item; null: lines of none.';
COMMENT ON COLUMN erp.margin_by_item.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.margin_by_item.orders IS 'Number of orders.';
COMMENT ON COLUMN erp.margin_by_item.revenue IS 'Net revenue.';
COMMENT ON COLUMN erp.margin_by_item.cost_of_sales IS 'Cost of the goods that were sold or given.';
COMMENT ON COLUMN erp.margin_by_item.margin IS 'revenue less cost_of_sales.';
COMMENT ON COLUMN erp.margin_by_item.margin_percent IS 'margin in percent of revenue; null without revenue.';
COMMENT ON COLUMN erp.margin_by_item.currency IS 'The company''s currency.';
