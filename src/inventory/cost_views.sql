-- inventory: costs that are not final yet.

-- Of pools and periods by nested loops, of those periods alone in which the pool may have moved: a month that was run costs no look-up.
CREATE OR REPLACE VIEW erp_private.unrun_month AS
SELECT i.company_id, i.item_id, k.cost_pool_id, p.code AS period, p.first_day, p.last_day
FROM erp.item i
CROSS JOIN LATERAL (
	SELECT c.cost_pool_id, c.last_day,
		(SELECT f.day FROM erp.stock_move f WHERE f.company_id = i.company_id AND f.item_id = i.item_id ORDER BY f.day, f.time_of_day, f.move_id LIMIT 1) AS first_day,
		ARRAY(SELECT f.day FROM erp.stock_move f WHERE f.company_id = i.company_id AND f.item_id = i.item_id AND f.cost_pool_id = c.cost_pool_id
			AND f.quantity = 0) AS end_days
	FROM erp_private.cost_pool c
	WHERE c.company_id = i.company_id AND c.item_id = i.item_id AND c.cost_pool_id <> -1
	OFFSET 0
) k
CROSS JOIN LATERAL (
	SELECT f.code, f.first_day, f.last_day
	FROM erp.period f
	WHERE f.company_id = i.company_id AND f.first_day <= k.last_day AND f.last_day >= k.first_day AND f.last_day <> ALL (k.end_days)
	OFFSET 0
) p
WHERE (i.costing_method = 'monthly_average'
		OR EXISTS (SELECT FROM erp.item_costing f WHERE f.company_id = i.company_id AND f.item_id = i.item_id AND f.method_before = 'monthly_average'))
	AND CASE WHEN (SELECT f.move_id FROM erp.stock_move f WHERE f.company_id = i.company_id AND f.item_id = i.item_id AND f.cost_pool_id = k.cost_pool_id
			AND f.quantity <> 0 AND f.day BETWEEN p.first_day AND p.last_day ORDER BY f.day LIMIT 1) IS NULL THEN false
		ELSE COALESCE((SELECT f.method_before FROM erp.item_costing f WHERE f.company_id = i.company_id AND f.item_id = i.item_id AND f.valid_from > p.last_day
			ORDER BY f.valid_from, f.document_id LIMIT 1), i.costing_method) = 'monthly_average' END;

COMMENT ON VIEW erp_private.unrun_month IS 'Months in which goods by monthly average moved and whose cost was not run, per pool of cost: no move of value alone ends them on their own last day, whatever later month was run.';
COMMENT ON COLUMN erp_private.unrun_month.company_id IS 'Identity of the company.';
COMMENT ON COLUMN erp_private.unrun_month.item_id IS 'Identity of the item.';
COMMENT ON COLUMN erp_private.unrun_month.cost_pool_id IS 'Pool of cost that moved.';
COMMENT ON COLUMN erp_private.unrun_month.period IS 'Code of the period.';
COMMENT ON COLUMN erp_private.unrun_month.first_day IS 'First day of the period.';
COMMENT ON COLUMN erp_private.unrun_month.last_day IS 'Last day of the period.';

CREATE OR REPLACE VIEW erp.provisional_costs AS
SELECT c.company,
	i.code AS item_code,
	i.name AS item_name,
	m.day,
	m.move_id,
	d.kind AS document_kind,
	d.key AS document_key,
	m.line_no,
	m.quantity,
	(SELECT pg_catalog.round(pg_catalog.sum(e.amount), c.decimals) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id) AS amount,
	'month_cost' AS settled_by,
	u.period
FROM erp_private.company_money c
JOIN erp_private.unrun_month u ON u.company_id = c.company_id
JOIN erp.item i ON i.company_id = u.company_id AND i.item_id = u.item_id
CROSS JOIN LATERAL (
	SELECT t.company_id, t.document_id, t.day, t.move_id, t.line_no, t.quantity
	FROM erp.stock_move t
	WHERE t.company_id = u.company_id AND t.item_id = u.item_id AND t.cost_pool_id = u.cost_pool_id
		AND t.day BETWEEN u.first_day AND u.last_day AND t.quantity < 0 AND t.origin_move_id = 0
	OFFSET 0
) m
JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
UNION ALL
-- The receipts that come settle the oldest first: the latest issues are those that are not settled.
SELECT c.company, i.code, i.name, m.day, m.move_id, d.kind, d.key, m.line_no,
	-LEAST(-m.quantity, -k.quantity - m.later),
	(SELECT pg_catalog.round(pg_catalog.sum(e.amount), c.decimals) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id),
	'receipt', NULL
FROM erp_private.company_money c
JOIN erp_private.cost_pool k ON k.company_id = c.company_id AND k.quantity < 0
JOIN erp.item i ON i.company_id = k.company_id AND i.item_id = k.item_id AND i.costing_method <> 'standard'
CROSS JOIN LATERAL (
	SELECT t.company_id, t.document_id, t.day, t.move_id, t.line_no, t.quantity,
		COALESCE(pg_catalog.sum(-t.quantity) OVER (ORDER BY t.day DESC, t.time_of_day DESC, t.move_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS later
	FROM erp.stock_move t
	WHERE t.company_id = k.company_id AND t.item_id = k.item_id AND t.cost_pool_id = k.cost_pool_id AND t.quantity < 0 AND t.origin_move_id = 0
) m
JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
WHERE m.later < -k.quantity;

COMMENT ON VIEW erp.provisional_costs IS 'Issues whose cost is provisional, and what will settle it.';
COMMENT ON COLUMN erp.provisional_costs.company IS 'Code of the company.';
COMMENT ON COLUMN erp.provisional_costs.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.provisional_costs.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.provisional_costs.day IS 'Day of the move.';
COMMENT ON COLUMN erp.provisional_costs.move_id IS 'Identity of the move.';
COMMENT ON COLUMN erp.provisional_costs.document_kind IS 'Kind of the document that moved the goods.';
COMMENT ON COLUMN erp.provisional_costs.document_key IS 'Key of that document.';
COMMENT ON COLUMN erp.provisional_costs.line_no IS 'Line of that document.';
COMMENT ON COLUMN erp.provisional_costs.quantity IS 'Quantity whose cost is provisional, in the item''s unit; out is negative.';
COMMENT ON COLUMN erp.provisional_costs.amount IS 'Cost of the whole move up to now, in the company''s currency; out is negative.';
COMMENT ON COLUMN erp.provisional_costs.settled_by IS 'What makes the cost final: month_cost, the run of the month''s cost (erp.run_month_cost()), or receipt: the goods that cover what went out of stock below zero.';
COMMENT ON COLUMN erp.provisional_costs.period IS 'Code of the period whose cost is to be run; null for receipt.';

CREATE OR REPLACE VIEW erp.standard_costs AS
SELECT c.company,
	i.code AS item_code,
	i.name AS item_name,
	CASE l.line_role WHEN 'costing_method' THEN m.day + 1 ELSE m.day END AS valid_from,
	l.unit_price AS cost,
	pg_catalog.round(pg_catalog.sum(e.amount), c.decimals) AS revaluation,
	d.key AS document_key
FROM erp_private.company_money c
JOIN erp.item i ON i.company_id = c.company_id
JOIN erp.stock_move m ON m.company_id = i.company_id AND m.item_id = i.item_id AND m.quantity = 0
JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
JOIN erp.document_line l ON l.company_id = m.company_id AND l.document_id = m.document_id AND l.line_no = m.line_no
LEFT JOIN erp.item_costing k ON k.company_id = m.company_id AND k.document_id = m.document_id AND k.item_id = m.item_id
CROSS JOIN LATERAL (
	SELECT COALESCE(pg_catalog.sum(t.amount), 0) AS amount FROM erp.cost_entry t WHERE t.company_id = m.company_id AND t.move_id = m.move_id
) e
WHERE l.line_role = 'standard_cost' OR (l.line_role = 'costing_method' AND k.costing_method = 'standard')
GROUP BY c.company, i.code, i.name, l.line_role, m.day, m.time_of_day, m.document_id, l.unit_price, c.decimals, d.key;

COMMENT ON VIEW erp.standard_costs IS 'Standard costs that were put in force, and by how much they changed the value of what was on hand.';
COMMENT ON COLUMN erp.standard_costs.company IS 'Code of the company.';
COMMENT ON COLUMN erp.standard_costs.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.standard_costs.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.standard_costs.valid_from IS 'Day from which it is in force.';
COMMENT ON COLUMN erp.standard_costs.cost IS 'Cost of one unit, in the company''s currency.';
COMMENT ON COLUMN erp.standard_costs.revaluation IS 'Change of the value of what was on hand, as now known, in the company''s currency.';
COMMENT ON COLUMN erp.standard_costs.document_key IS 'Key of the call that put it in force.';

CREATE OR REPLACE VIEW erp.costing_changes AS
SELECT c.company,
	i.code AS item_code,
	i.name AS item_name,
	k.valid_from,
	k.method_before,
	k.costing_method,
	v.quantity,
	pg_catalog.round(v.value, c.decimals) AS value,
	pg_catalog.round(v.value_change, c.decimals) AS value_change,
	d.key AS document_key
FROM erp_private.company_money c
JOIN erp.item_costing k ON k.company_id = c.company_id
JOIN erp.item i ON i.company_id = k.company_id AND i.item_id = k.item_id
JOIN erp.document d ON d.company_id = k.company_id AND d.document_id = k.document_id
CROSS JOIN LATERAL (
	SELECT COALESCE(pg_catalog.sum(e.quantity), 0) AS quantity, COALESCE(pg_catalog.sum(e.amount), 0) AS value,
		COALESCE(pg_catalog.sum(e.amount) FILTER (WHERE m.document_id = k.document_id), 0) AS value_change
	FROM erp.stock_move m
	JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id
	WHERE m.company_id = k.company_id AND m.item_id = k.item_id AND m.day < k.valid_from
		AND (m.quantity <> 0 OR m.day < d.posting_day OR m.document_id <= k.document_id)
) v;

COMMENT ON VIEW erp.costing_changes IS 'Changes of the costing method of items, and what was on hand and worth when each took place.';
COMMENT ON COLUMN erp.costing_changes.company IS 'Code of the company.';
COMMENT ON COLUMN erp.costing_changes.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.costing_changes.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.costing_changes.valid_from IS 'Day from which the item is costed by the new method.';
COMMENT ON COLUMN erp.costing_changes.method_before IS 'Costing method up to the day before.';
COMMENT ON COLUMN erp.costing_changes.costing_method IS 'Costing method from the day on, until the next change.';
COMMENT ON COLUMN erp.costing_changes.quantity IS 'Quantity on hand at the change, in the item''s unit.';
COMMENT ON COLUMN erp.costing_changes.value IS 'Value of it by the new method, as now known, in the company''s currency.';
COMMENT ON COLUMN erp.costing_changes.value_change IS 'Of that, what the change brought: other than zero for standard cost only.';
COMMENT ON COLUMN erp.costing_changes.document_key IS 'Key of the call that changed it.';
