-- inventory: units of items and what they hold.

-- Each way from a unit to the item's own: a declared one (or that unit itself), and from the unit to that by their measure.
CREATE OR REPLACE VIEW erp_private.item_unit_way AS
SELECT a.company_id,
	a.item_id,
	u.unit_id,
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
JOIN erp.unit d ON d.unit_id = a.unit_id
JOIN erp.unit u ON u.unit_id = d.unit_id OR (d.measure <> '' AND u.measure = d.measure)
CROSS JOIN LATERAL (
	SELECT a.numerator::numeric * u.numerator * d.denominator AS numerator,
		a.denominator::numeric * u.denominator * d.numerator AS denominator
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
