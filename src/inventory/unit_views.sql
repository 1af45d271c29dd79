-- inventory: units of items and what they hold.

-- From one unit of a measure to another; every unit is one of itself.
CREATE OR REPLACE VIEW erp_private.unit_way AS
SELECT d.unit_id AS of_unit_id,
	u.unit_id,
	u.numerator::numeric * d.denominator AS numerator,
	u.denominator::numeric * d.numerator AS denominator
FROM erp.unit d
JOIN erp.unit u ON u.unit_id = d.unit_id OR (d.measure <> '' AND u.measure = d.measure);
COMMENT ON VIEW erp_private.unit_way IS 'From a unit to another of its measure, or to itself. One unit is numerator / denominator of the other.';
COMMENT ON COLUMN erp_private.unit_way.of_unit_id IS 'The unit that the other is measured by.';
COMMENT ON COLUMN erp_private.unit_way.unit_id IS 'The unit that is measured.';
COMMENT ON COLUMN erp_private.unit_way.numerator IS 'Of the ratio.';
COMMENT ON COLUMN erp_private.unit_way.denominator IS 'Of the ratio.';

-- Each way from a unit to the item's own: a declared one (or that unit itself), and from the unit to that by their measure.
CREATE OR REPLACE VIEW erp_private.item_unit_way AS
SELECT a.company_id,
	a.item_id,
	v.unit_id,
	a.unit_id AS declared_unit_id,
	pg_catalog.div(w.numerator, pg_catalog.gcd(w.numerator, w.denominator)) AS numerator,
	pg_catalog.div(w.denominator, pg_catalog.gcd(w.numerator, w.denominator)) AS denominator
FROM (
	SELECT i.company_id, i.item_id, i.unit_id, 1::bigint AS numerator, 1::bigint AS denominator
	FROM erp.item i
	UNION ALL
	SELECT n.company_id, n.item_id, n.unit_id, n.numerator, n.denominator
	FROM erp.item_unit n
) a
JOIN erp_private.unit_way v ON v.of_unit_id = a.unit_id
CROSS JOIN LATERAL (
	SELECT a.numerator * v.numerator AS numerator, a.denominator * v.denominator AS denominator
) w;
COMMENT ON VIEW erp_private.item_unit_way IS 'Every way from a unit to an item''s own: through a declared unit of the item (or its own) of the same measure. One unit is numerator / denominator of the item''s; all ways of one unit are equal.';
COMMENT ON COLUMN erp_private.item_unit_way.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.item_unit_way.item_id IS 'The item.';
COMMENT ON COLUMN erp_private.item_unit_way.unit_id IS 'The unit.';
COMMENT ON COLUMN erp_private.item_unit_way.declared_unit_id IS 'The unit of the item, declared or its own, that the way leads through.';
COMMENT ON COLUMN erp_private.item_unit_way.numerator IS 'Of the ratio in lowest terms.';
COMMENT ON COLUMN erp_private.item_unit_way.denominator IS 'Of the ratio in lowest terms.';

CREATE OR REPLACE VIEW erp.item_units AS
SELECT DISTINCT c.code AS company,
	i.code AS item_code,
	i.name AS item_name,
	u.code AS unit,
	w.numerator,
	w.denominator,
	b.code AS item_unit,
	EXISTS (
		SELECT 1
		FROM erp.item_unit n
		WHERE n.company_id = i.company_id AND n.item_id = i.item_id AND n.unit_id = u.unit_id
	) AS declared
FROM erp.company c
JOIN erp.item i ON i.company_id = c.company_id
JOIN erp_private.item_unit_way w ON w.company_id = i.company_id AND w.item_id = i.item_id
JOIN erp.unit u ON u.unit_id = w.unit_id
JOIN erp.unit b ON b.unit_id = i.unit_id
WHERE u.unit_id <> 0;
COMMENT ON VIEW erp.item_units IS 'Units that quantities of an item may be given in: one unit is numerator / denominator of the item''s own.';
COMMENT ON COLUMN erp.item_units.company IS 'Code of the company.';
COMMENT ON COLUMN erp.item_units.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.item_units.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.item_units.unit IS 'Code of the unit.';
COMMENT ON COLUMN erp.item_units.numerator IS 'One of it is numerator / denominator of the item''s unit; in lowest terms.';
COMMENT ON COLUMN erp.item_units.denominator IS 'One of it is numerator / denominator of the item''s unit; in lowest terms.';
COMMENT ON COLUMN erp.item_units.item_unit IS 'Code of the item''s own unit, in which its stock is kept; empty for none.';
COMMENT ON COLUMN erp.item_units.declared IS 'Whether the item says itself what the unit holds; else its measure does.';

CREATE OR REPLACE VIEW erp_private.item_group_tree AS
WITH RECURSIVE tree AS (
	SELECT g.company_id, g.code, ARRAY[g.code] AS path, g.costing_method, g.cost_pool, g.tracking, g.unit_id
	FROM erp.item_group g
	WHERE g.parent_code = ''
	UNION ALL
	SELECT g.company_id, g.code, t.path || g.code, COALESCE(NULLIF(g.costing_method, ''), t.costing_method),
		COALESCE(NULLIF(g.cost_pool, ''), t.cost_pool), COALESCE(NULLIF(g.tracking, ''), t.tracking), COALESCE(NULLIF(g.unit_id, 0), t.unit_id)
	FROM tree t
	JOIN erp.item_group g ON g.company_id = t.company_id AND g.parent_code = t.code
)
SELECT t.company_id, t.code, t.path, t.costing_method, t.cost_pool, t.tracking, t.unit_id
FROM tree t;
COMMENT ON VIEW erp_private.item_group_tree IS 'Groups of items that a top leads to, each with what a new item of it has.';
COMMENT ON COLUMN erp_private.item_group_tree.company_id IS 'The company.';
COMMENT ON COLUMN erp_private.item_group_tree.code IS 'Code of the group.';
COMMENT ON COLUMN erp_private.item_group_tree.path IS 'Codes from the top down to it.';
COMMENT ON COLUMN erp_private.item_group_tree.costing_method IS 'Of new items; empty: none is given.';
COMMENT ON COLUMN erp_private.item_group_tree.cost_pool IS 'Of new items; empty: none is given.';
COMMENT ON COLUMN erp_private.item_group_tree.tracking IS 'Of new items; empty: none is given.';
COMMENT ON COLUMN erp_private.item_group_tree.unit_id IS 'Of new items; 0: none is given.';

CREATE OR REPLACE VIEW erp.item_group_list AS
SELECT c.code AS company,
	g.code AS item_group,
	g.name,
	g.parent_code AS parent,
	pg_catalog.array_to_string(t.path, ' > ') AS path,
	t.costing_method,
	t.cost_pool,
	t.tracking,
	u.code AS unit,
	(
		SELECT pg_catalog.count(*)
		FROM erp.item i
		WHERE i.company_id = g.company_id AND i.item_group = g.code
	) AS items
FROM erp_private.item_group_tree t
JOIN erp.company c ON c.company_id = t.company_id
JOIN erp.item_group g ON g.company_id = t.company_id AND g.code = t.code
JOIN erp.unit u ON u.unit_id = t.unit_id;
COMMENT ON VIEW erp.item_group_list IS 'Groups of items with what new items of them have, by themselves or from a group above.';
COMMENT ON COLUMN erp.item_group_list.company IS 'Code of the company.';
COMMENT ON COLUMN erp.item_group_list.item_group IS 'Code of the group.';
COMMENT ON COLUMN erp.item_group_list.name IS 'Name of the group.';
COMMENT ON COLUMN erp.item_group_list.parent IS 'Code of the group that it is part of; empty: none.';
COMMENT ON COLUMN erp.item_group_list.path IS 'Codes of the groups from the top down to it.';
COMMENT ON COLUMN erp.item_group_list.costing_method IS 'Costing method of its new items; empty: none is given.';
COMMENT ON COLUMN erp.item_group_list.cost_pool IS 'Cost pool of its new items; empty: none is given.';
COMMENT ON COLUMN erp.item_group_list.tracking IS 'Tracking of its new items; empty: none is given.';
COMMENT ON COLUMN erp.item_group_list.unit IS 'Unit of its new items; empty: none is given.';
COMMENT ON COLUMN erp.item_group_list.items IS 'How many items name the group itself.';

CREATE OR REPLACE VIEW erp.item_variants AS
SELECT c.code AS company,
	v.template_code AS template,
	t.name AS template_name,
	i.code AS item_code,
	i.name AS item_name,
	v.attribute_values,
	i.active
FROM erp.company c
JOIN erp.item_variant v ON v.company_id = c.company_id
JOIN erp.item_template t ON t.company_id = v.company_id AND t.code = v.template_code
JOIN erp.item i ON i.company_id = v.company_id AND i.item_id = v.item_id;
COMMENT ON VIEW erp.item_variants IS 'Items that are variants of a template.';
COMMENT ON COLUMN erp.item_variants.company IS 'Code of the company.';
COMMENT ON COLUMN erp.item_variants.template IS 'Code of the template.';
COMMENT ON COLUMN erp.item_variants.template_name IS 'Name of the template.';
COMMENT ON COLUMN erp.item_variants.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.item_variants.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.item_variants.attribute_values IS 'Code of the value by code of the attribute, e.g. {"colour": "RED"}.';
COMMENT ON COLUMN erp.item_variants.active IS 'Whether the item may still be used.';

CREATE OR REPLACE VIEW erp.second_quantities AS
SELECT c.code AS company,
	i.code AS item_code,
	i.name AS item_name,
	w.code AS warehouse_code,
	l.code AS location_code,
	t.code AS lot_code,
	s.code AS stock_state,
	p.code AS owner_code,
	m.on_hand,
	u.code AS unit,
	m.second_on_hand,
	v.code AS second_unit
FROM erp.company c
JOIN erp.item i ON i.company_id = c.company_id AND i.second_unit_id <> 0
CROSS JOIN LATERAL (
	SELECT f.warehouse_id, f.location_id, f.lot_id, f.owner_id, f.stock_state_id,
		pg_catalog.sum(f.quantity) AS on_hand, pg_catalog.sum(f.second_quantity) AS second_on_hand
	FROM erp.stock_move f
	WHERE f.company_id = i.company_id AND f.item_id = i.item_id
	GROUP BY f.warehouse_id, f.location_id, f.lot_id, f.owner_id, f.stock_state_id
	OFFSET 0
) m
JOIN erp.unit u ON u.unit_id = i.unit_id
JOIN erp.unit v ON v.unit_id = i.second_unit_id
JOIN erp.warehouse w ON w.company_id = i.company_id AND w.warehouse_id = m.warehouse_id
JOIN erp.stock_state s ON s.stock_state_id = m.stock_state_id
LEFT JOIN erp.location l ON l.company_id = i.company_id AND l.location_id = m.location_id AND m.location_id <> 0
LEFT JOIN erp.lot t ON t.company_id = i.company_id AND t.lot_id = m.lot_id AND m.lot_id <> 0
LEFT JOIN erp.party p ON p.company_id = i.company_id AND p.party_id = m.owner_id AND m.owner_id <> 0
WHERE m.on_hand <> 0 OR m.second_on_hand <> 0;
COMMENT ON VIEW erp.second_quantities IS 'What is on hand, in both units, of items with a second unit; one row a place.';
COMMENT ON COLUMN erp.second_quantities.company IS 'Code of the company.';
COMMENT ON COLUMN erp.second_quantities.item_code IS 'Code of the item.';
COMMENT ON COLUMN erp.second_quantities.item_name IS 'Name of the item.';
COMMENT ON COLUMN erp.second_quantities.warehouse_code IS 'Code of the warehouse.';
COMMENT ON COLUMN erp.second_quantities.location_code IS 'Code of the location; null for the warehouse itself.';
COMMENT ON COLUMN erp.second_quantities.lot_code IS 'Code of the lot; null without one.';
COMMENT ON COLUMN erp.second_quantities.stock_state IS 'State of the stock.';
COMMENT ON COLUMN erp.second_quantities.owner_code IS 'Code of the party that it belongs to; null: the company.';
COMMENT ON COLUMN erp.second_quantities.on_hand IS 'Quantity in the item''s unit.';
COMMENT ON COLUMN erp.second_quantities.unit IS 'Code of the item''s unit.';
COMMENT ON COLUMN erp.second_quantities.second_on_hand IS 'Quantity in the second unit.';
COMMENT ON COLUMN erp.second_quantities.second_unit IS 'Code of the second unit.';
