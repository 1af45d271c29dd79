-- sales: what customers did and what they owe.

CREATE OR REPLACE VIEW erp_private.counted_order AS
SELECT o.company_id,
	o.sales_order_id,
	o.party_id,
	o.day,
	(EXTRACT(year FROM o.day) * 12::numeric + EXTRACT(month FROM o.day))::integer - 1 AS month_no,
	o.company_total
FROM erp.sales_order o
WHERE o.state IN ('confirmed', 'closed');

COMMENT ON VIEW erp_private.counted_order IS 'Orders that count as purchases: confirmed or closed ones, by the day of the order.';
COMMENT ON COLUMN erp_private.counted_order.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.counted_order.sales_order_id IS 'The order.';
COMMENT ON COLUMN erp_private.counted_order.party_id IS 'The customer.';
COMMENT ON COLUMN erp_private.counted_order.day IS 'Day of the order.';
COMMENT ON COLUMN erp_private.counted_order.month_no IS 'Its month: months since January of the year 0.';
COMMENT ON COLUMN erp_private.counted_order.company_total IS 'What it came to with tax, in the company''s currency.';

CREATE OR REPLACE VIEW erp.customer_ageing AS
SELECT c.company,
	o.party_code,
	o.party_name,
	pg_catalog.round(pg_catalog.sum(o.company_open_amount), c.decimals) AS open_amount,
	pg_catalog.round(COALESCE(pg_catalog.sum(o.company_open_amount) FILTER (WHERE a.days <= 0), 0::numeric), c.decimals) AS not_due,
	pg_catalog.round(COALESCE(pg_catalog.sum(o.company_open_amount) FILTER (WHERE a.days >= 1 AND a.days <= 30), 0::numeric), c.decimals) AS days_1_30,
	pg_catalog.round(COALESCE(pg_catalog.sum(o.company_open_amount) FILTER (WHERE a.days >= 31 AND a.days <= 60), 0::numeric), c.decimals) AS days_31_60,
	pg_catalog.round(COALESCE(pg_catalog.sum(o.company_open_amount) FILTER (WHERE a.days >= 61 AND a.days <= 90), 0::numeric), c.decimals) AS days_61_90,
	pg_catalog.round(COALESCE(pg_catalog.sum(o.company_open_amount) FILTER (WHERE a.days > 90), 0::numeric), c.decimals) AS days_over_90,
	pg_catalog.round(COALESCE(pg_catalog.sum(o.company_open_amount) FILTER (WHERE a.days >= 1 AND o.amount > 0::numeric), 0::numeric), c.decimals) AS overdue,
	pg_catalog.min(o.due_day) FILTER (WHERE o.amount > 0::numeric) AS oldest_due_day,
	c.currency
FROM erp_private.company_money c
JOIN erp.open_items_by_party o ON o.company = c.company AND o.control = 'receivable'
CROSS JOIN LATERAL (SELECT CURRENT_DATE - o.due_day AS days) a
GROUP BY c.company, o.party_code, o.party_name, c.decimals, c.currency;

COMMENT ON VIEW erp.customer_ageing IS 'What customers owe today on receivable accounts by how long it is overdue, in the company''s currency, debit positive; what they paid on account or was credited stands, negative, by its own day. erp.ageing() does so as of any day and with any steps.';
COMMENT ON COLUMN erp.customer_ageing.company IS 'Code of the company.';
COMMENT ON COLUMN erp.customer_ageing.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.customer_ageing.party_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.customer_ageing.open_amount IS 'What is open in all.';
COMMENT ON COLUMN erp.customer_ageing.not_due IS 'Of that, what is not overdue yet.';
COMMENT ON COLUMN erp.customer_ageing.days_1_30 IS 'What is overdue for 1 to 30 days.';
COMMENT ON COLUMN erp.customer_ageing.days_31_60 IS 'What is overdue for 31 to 60 days.';
COMMENT ON COLUMN erp.customer_ageing.days_61_90 IS 'What is overdue for 61 to 90 days.';
COMMENT ON COLUMN erp.customer_ageing.days_over_90 IS 'What is overdue for more than 90 days.';
COMMENT ON COLUMN erp.customer_ageing.overdue IS 'Debts alone that are overdue, payments on account and credit notes left out.';
COMMENT ON COLUMN erp.customer_ageing.oldest_due_day IS 'First day on which one of its open debts was or will be due; null without any.';
COMMENT ON COLUMN erp.customer_ageing.currency IS 'The company''s currency.';

CREATE OR REPLACE VIEW erp.customer_profile AS
SELECT c.company,
	p.code AS party_code,
	p.name AS party_name,
	o.orders,
	o.first_order,
	o.last_order,
	pg_catalog.round((o.last_order - o.first_order)::numeric / NULLIF(o.orders - 1, 0)::numeric, 1) AS days_between_orders,
	pg_catalog.round(COALESCE(o.ordered, 0::numeric), c.decimals) AS ordered,
	pg_catalog.round(COALESCE(b.billed, 0::numeric), c.decimals) AS billed,
	pg_catalog.round(COALESCE(b.credited, 0::numeric), c.decimals) AS credited,
	pg_catalog.round(COALESCE(b.billed, 0::numeric) - COALESCE(b.credited, 0::numeric), c.decimals) AS spend,
	r.returned_orders,
	pg_catalog.round(COALESCE(a.open_amount, 0::numeric), c.decimals) AS open_amount,
	pg_catalog.round(COALESCE(a.overdue, 0::numeric), c.decimals) AS overdue,
	a.oldest_due_day,
	pg_catalog.round(u.on_order, c.decimals) AS on_order,
	CASE WHEN p.credit_check <> 'none' THEN pg_catalog.round(p.credit_limit, c.decimals) END AS credit_limit,
	CASE WHEN p.credit_check <> 'none' THEN pg_catalog.round(p.credit_limit - COALESCE(a.open_amount, 0::numeric) - u.on_order, c.decimals) END AS credit_left,
	c.currency
FROM erp_private.company_money c
JOIN erp.party p ON p.company_id = c.company_id AND p.party_id <> 0
LEFT JOIN erp.customer_ageing a ON a.company = c.company AND a.party_code = p.code
CROSS JOIN LATERAL (
	SELECT pg_catalog.count(*) AS orders, pg_catalog.min(t.day) AS first_order, pg_catalog.max(t.day) AS last_order, pg_catalog.sum(t.company_total) AS ordered
	FROM erp_private.counted_order t
	WHERE t.company_id = p.company_id AND t.party_id = p.party_id
) o
CROSS JOIN LATERAL (
	SELECT pg_catalog.count(*) AS returned_orders
	FROM erp_private.counted_order t
	WHERE t.company_id = p.company_id AND t.party_id = p.party_id
		AND EXISTS (SELECT 1 FROM erp.sales_order_line l WHERE l.company_id = t.company_id AND l.sales_order_id = t.sales_order_id AND l.returned > 0::numeric)
) r
CROSS JOIN LATERAL (
	SELECT COALESCE(pg_catalog.sum(t.company_unbilled), 0::numeric) AS on_order
	FROM erp_private.order_unbilled t
	WHERE t.company_id = p.company_id AND t.party_id = p.party_id AND t.state = 'confirmed'
) u
CROSS JOIN LATERAL (
	SELECT pg_catalog.sum(t.company_amount) FILTER (WHERE d.kind = 'sales_invoice') AS billed, -pg_catalog.sum(t.company_amount) FILTER (WHERE d.kind = 'credit_note') AS credited
	FROM erp.account g
	JOIN erp.open_item t ON t.company_id = g.company_id AND t.account_id = g.account_id AND t.party_id = p.party_id
	CROSS JOIN LATERAL (SELECT f.kind FROM erp.document f WHERE f.company_id = t.company_id AND f.document_id = t.document_id OFFSET 0) d
	WHERE g.company_id = p.company_id AND g.control = 'receivable'
) b
WHERE EXISTS (SELECT 1 FROM erp.party_role k WHERE k.company_id = p.company_id AND k.party_id = p.party_id AND k.role = 'customer');

COMMENT ON VIEW erp.customer_profile IS 'Customers with what they ordered, were billed for, brought back and owe today, in the company''s currency. Orders that count are confirmed or closed.';
COMMENT ON COLUMN erp.customer_profile.company IS 'Code of the company.';
COMMENT ON COLUMN erp.customer_profile.party_code IS 'Code of the customer.';
COMMENT ON COLUMN erp.customer_profile.party_name IS 'Name of the customer.';
COMMENT ON COLUMN erp.customer_profile.orders IS 'Number of its orders.';
COMMENT ON COLUMN erp.customer_profile.first_order IS 'Day of the first; null without any.';
COMMENT ON COLUMN erp.customer_profile.last_order IS 'Day of the last; null without any.';
COMMENT ON COLUMN erp.customer_profile.days_between_orders IS 'Days from the first to the last, shared out over the orders after the first: how often it buys; null with less than two.';
COMMENT ON COLUMN erp.customer_profile.ordered IS 'What its orders came to with tax when they were placed.';
COMMENT ON COLUMN erp.customer_profile.billed IS 'What sales invoices came to with tax on receivable accounts, of orders or not, less what was reversed.';
COMMENT ON COLUMN erp.customer_profile.credited IS 'What credit notes came to, likewise.';
COMMENT ON COLUMN erp.customer_profile.spend IS 'billed less credited.';
COMMENT ON COLUMN erp.customer_profile.returned_orders IS 'Number of its orders of which something that was billed came back.';
COMMENT ON COLUMN erp.customer_profile.open_amount IS 'What it owes on receivable accounts, less what it paid on account.';
COMMENT ON COLUMN erp.customer_profile.overdue IS 'Of its debts, what is overdue today.';
COMMENT ON COLUMN erp.customer_profile.oldest_due_day IS 'First day on which one of its open debts was or will be due; null without any.';
COMMENT ON COLUMN erp.customer_profile.on_order IS 'What it has on order, confirmed and not billed, with tax.';
COMMENT ON COLUMN erp.customer_profile.credit_limit IS 'What it may owe and have on order; null: nobody asks.';
COMMENT ON COLUMN erp.customer_profile.credit_left IS 'credit_limit less open_amount and on_order; negative: beyond it; null: nobody asks.';
COMMENT ON COLUMN erp.customer_profile.currency IS 'The company''s currency.';

CREATE OR REPLACE VIEW erp_private.first_order AS
SELECT t.company_id, t.party_id, pg_catalog.min(t.month_no) AS month_no, pg_catalog.count(*) AS orders
FROM erp_private.counted_order t
GROUP BY t.company_id, t.party_id;

COMMENT ON VIEW erp_private.first_order IS 'Customers who ordered, with the month of their first order.';
COMMENT ON COLUMN erp_private.first_order.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.first_order.party_id IS 'The customer.';
COMMENT ON COLUMN erp_private.first_order.month_no IS 'Month of the first order: months since January of the year 0.';
COMMENT ON COLUMN erp_private.first_order.orders IS 'Number of its orders.';

CREATE OR REPLACE VIEW erp.customer_cohorts AS
SELECT c.company,
	pg_catalog.make_date(f.month_no / 12, f.month_no % 12 + 1, 1) AS cohort,
	g.months_after,
	f.customers,
	COALESCE(a.ordered, 0::bigint) AS ordered,
	pg_catalog.round(COALESCE(a.ordered, 0::bigint)::numeric * 100::numeric / f.customers::numeric, 2) AS percent
FROM erp_private.company_money c
JOIN (
	SELECT t.company_id, t.month_no, pg_catalog.count(*) AS customers
	FROM erp_private.first_order t
	GROUP BY t.company_id, t.month_no
) f ON f.company_id = c.company_id
JOIN (
	SELECT t.company_id, pg_catalog.max(t.month_no) AS month_no
	FROM erp_private.counted_order t
	GROUP BY t.company_id
) z ON z.company_id = c.company_id
CROSS JOIN LATERAL pg_catalog.generate_series(0, z.month_no - f.month_no) AS g(months_after)
LEFT JOIN (
	SELECT t.company_id, h.month_no, t.month_no - h.month_no AS months_after, pg_catalog.count(DISTINCT t.party_id) AS ordered
	FROM erp_private.counted_order t
	JOIN erp_private.first_order h ON h.company_id = t.company_id AND h.party_id = t.party_id
	GROUP BY t.company_id, h.month_no, t.month_no - h.month_no
) a ON a.company_id = f.company_id AND a.month_no = f.month_no AND a.months_after = g.months_after;

COMMENT ON VIEW erp.customer_cohorts IS 'Cohorts of customers: those whose first order was in the same month, and how many of them ordered in each month after it, up to the month of the company''s last order. Orders that count are confirmed or closed, by the day of the order.';
COMMENT ON COLUMN erp.customer_cohorts.company IS 'Code of the company.';
COMMENT ON COLUMN erp.customer_cohorts.cohort IS 'First day of the month of the first order.';
COMMENT ON COLUMN erp.customer_cohorts.months_after IS 'Months after that one; 0: the month itself.';
COMMENT ON COLUMN erp.customer_cohorts.customers IS 'Number of customers of the cohort.';
COMMENT ON COLUMN erp.customer_cohorts.ordered IS 'How many of them ordered in that month; of month 0 all.';
COMMENT ON COLUMN erp.customer_cohorts.percent IS 'ordered in percent of customers.';

CREATE OR REPLACE VIEW erp.repeat_purchase_rate AS
SELECT c.company,
	pg_catalog.count(*) AS customers,
	pg_catalog.count(*) FILTER (WHERE f.orders > 1) AS repeat_customers,
	pg_catalog.round(pg_catalog.count(*) FILTER (WHERE f.orders > 1)::numeric * 100::numeric / pg_catalog.count(*)::numeric, 2) AS repeat_percent,
	pg_catalog.sum(f.orders) AS orders,
	pg_catalog.round(pg_catalog.sum(f.orders) / pg_catalog.count(*)::numeric, 2) AS orders_per_customer
FROM erp_private.company_money c
JOIN erp_private.first_order f ON f.company_id = c.company_id
GROUP BY c.company;

COMMENT ON VIEW erp.repeat_purchase_rate IS 'Of the customers who ever ordered, how many did so at least twice. Orders that count are confirmed or closed.';
COMMENT ON COLUMN erp.repeat_purchase_rate.company IS 'Code of the company.';
COMMENT ON COLUMN erp.repeat_purchase_rate.customers IS 'Customers with at least one order.';
COMMENT ON COLUMN erp.repeat_purchase_rate.repeat_customers IS 'Of those, customers with at least two.';
COMMENT ON COLUMN erp.repeat_purchase_rate.repeat_percent IS 'repeat_customers in percent of customers.';
COMMENT ON COLUMN erp.repeat_purchase_rate.orders IS 'Number of their orders.';
COMMENT ON COLUMN erp.repeat_purchase_rate.orders_per_customer IS 'orders by customers.';
