-- inventory: checks of moves, places and what they refer to. In positive, out negative.

CREATE FUNCTION erp_private.check_stock_positions()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH place AS MATERIALIZED (
		SELECT m.company_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id, m.cost_pool_id,
			sum(m.quantity) AS quantity
		FROM erp.stock_move m
		GROUP BY m.company_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id, m.cost_pool_id
	), bad AS MATERIALIZED (
		SELECT t.company_id, t.item_id, t.warehouse_id, t.location_id, t.lot_id, t.cost_pool_id, i.cost_pool AS item_pool,
			i.item_id IS NULL AS lacks_item, w.warehouse_id IS NULL AS lacks_warehouse,
			t.location_id <> 0 AND b.location_id IS NULL AS lacks_location, t.lot_id <> 0 AND o.lot_id IS NULL AS lacks_lot,
			i.item_id IS NOT NULL AND t.cost_pool_id <> CASE i.cost_pool WHEN 'warehouse' THEN t.warehouse_id ELSE 0 END AS in_wrong_pool
		FROM (SELECT DISTINCT m.company_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.cost_pool_id FROM place m) t
		LEFT JOIN erp.item i ON i.company_id = t.company_id AND i.item_id = t.item_id
		LEFT JOIN erp.warehouse w ON w.company_id = t.company_id AND w.warehouse_id = t.warehouse_id
		LEFT JOIN erp.location b ON b.company_id = t.company_id AND b.location_id = t.location_id
		LEFT JOIN erp.lot o ON o.company_id = t.company_id AND o.lot_id = t.lot_id
		WHERE i.item_id IS NULL OR w.warehouse_id IS NULL
			OR (t.location_id <> 0 AND b.location_id IS NULL) OR (t.lot_id <> 0 AND o.lot_id IS NULL)
			OR t.cost_pool_id <> CASE i.cost_pool WHEN 'warehouse' THEN t.warehouse_id ELSE 0 END
	)
	SELECT 'stock_positions', c.code, format('item %s, warehouse %s, location %s, lot %s, owner %s, state %s', i.code, w.code,
			COALESCE(p.location_id, t.location_id), COALESCE(p.lot_id, t.lot_id), COALESCE(p.owner_id, t.owner_id),
			COALESCE(p.stock_state_id, t.stock_state_id)),
		format('on hand %s, moves %s', p.on_hand, t.quantity)
	FROM (
		SELECT m.company_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id, sum(m.quantity) AS quantity
		FROM place m
		GROUP BY m.company_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id
	) t
	FULL JOIN erp_private.stock_position p ON p.company_id = t.company_id AND p.item_id = t.item_id
		AND p.warehouse_id = t.warehouse_id AND p.location_id = t.location_id AND p.lot_id = t.lot_id
		AND p.owner_id = t.owner_id AND p.stock_state_id = t.stock_state_id
	LEFT JOIN erp.company c ON c.company_id = COALESCE(p.company_id, t.company_id)
	LEFT JOIN erp.item i ON i.company_id = COALESCE(p.company_id, t.company_id) AND i.item_id = COALESCE(p.item_id, t.item_id)
	LEFT JOIN erp.warehouse w ON w.company_id = COALESCE(p.company_id, t.company_id) AND w.warehouse_id = COALESCE(p.warehouse_id, t.warehouse_id)
	WHERE COALESCE(p.on_hand, 0) <> COALESCE(t.quantity, 0) OR t.quantity < 0
	UNION ALL
	SELECT 'stock_references', c.code, 'move ' || m.move_id, x.detail
	FROM bad b
	JOIN erp.stock_move m ON m.company_id = b.company_id AND m.item_id = b.item_id AND m.warehouse_id = b.warehouse_id
		AND m.location_id = b.location_id AND m.lot_id = b.lot_id AND m.cost_pool_id = b.cost_pool_id
	LEFT JOIN erp.company c ON c.company_id = m.company_id
	CROSS JOIN LATERAL (VALUES
		(CASE WHEN b.lacks_item THEN 'has the unknown item ' || m.item_id END),
		(CASE WHEN b.lacks_warehouse THEN 'has the unknown warehouse ' || m.warehouse_id END),
		(CASE WHEN b.lacks_location THEN 'has the unknown location ' || m.location_id END),
		(CASE WHEN b.lacks_lot THEN 'has the unknown lot ' || m.lot_id END),
		(CASE WHEN b.in_wrong_pool THEN format('is in cost pool %s, its item has %s pool', m.cost_pool_id, b.item_pool) END)) x (detail)
	WHERE EXISTS (SELECT FROM bad) AND x.detail IS NOT NULL
$$;
COMMENT ON FUNCTION erp_private.check_stock_positions() IS
'Law 3: what is on hand at every place equals the moves there. Law 10: the items and places of moves exist; stands in for foreign keys on the hot table.';

CREATE FUNCTION erp_private.check_stock_days()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT x.check_name, c.code, 'move ' || m.move_id, x.detail
	FROM erp.stock_move m
	LEFT JOIN erp.document_line l ON l.company_id = m.company_id AND l.document_id = m.document_id AND l.line_no = m.line_no
	LEFT JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
	LEFT JOIN erp.company c ON c.company_id = m.company_id
	CROSS JOIN LATERAL (VALUES
		('stock_days', CASE WHEN m.day <> d.posting_day THEN format('day %s is not the posting day %s of document %s', m.day, d.posting_day, m.document_id) END),
		('stock_references', CASE WHEN l.document_id IS NULL THEN format('has no document line: %s, line %s', m.document_id, m.line_no)
			WHEN l.item_id <> m.item_id THEN format('is of item %s, its document line of item %s', m.item_id, l.item_id) END)) x (check_name, detail)
	WHERE (l.document_id IS NULL OR l.item_id <> m.item_id OR m.day <> d.posting_day) AND x.detail IS NOT NULL
	UNION ALL
	-- From the links, which are few.
	SELECT 'stock_references', c.code, 'move ' || m.move_id,
		format('has no origin, but returns line %s of document %s', r.target_line_no, r.target_document_id)
	FROM erp.document_link r
	JOIN erp.stock_move m ON m.company_id = r.company_id AND m.document_id = r.document_id AND m.line_no = r.line_no AND m.origin_move_id = 0
	LEFT JOIN erp.company c ON c.company_id = m.company_id
	WHERE r.link = 'returns'
$$;
COMMENT ON FUNCTION erp_private.check_stock_days() IS
'Law 6: a move stands on the posting day of its document. Law 10: it is of the item of its document line, and has an origin if that line returns one; stands in for a foreign key on the hot table.';

CREATE FUNCTION erp_private.check_stock_references()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH bad AS MATERIALIZED (
		SELECT g.company_id, g.item_id, g.warehouse_id, g.item_id <> 0 AND i.item_id IS NULL AS lacks_item,
			g.warehouse_id <> 0 AND w.warehouse_id IS NULL AS lacks_warehouse
		FROM (SELECT DISTINCT d.company_id, d.item_id, d.warehouse_id FROM erp.document_line d) g
		LEFT JOIN erp.item i ON i.company_id = g.company_id AND i.item_id = g.item_id
		LEFT JOIN erp.warehouse w ON w.company_id = g.company_id AND w.warehouse_id = g.warehouse_id
		WHERE (g.item_id <> 0 AND i.item_id IS NULL) OR (g.warehouse_id <> 0 AND w.warehouse_id IS NULL)
	)
	SELECT 'stock_references', c.code, format('document %s, line %s', l.document_id, l.line_no), x.detail
	FROM bad b
	JOIN erp.document_line l ON l.company_id = b.company_id AND l.item_id = b.item_id AND l.warehouse_id = b.warehouse_id
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	CROSS JOIN LATERAL (VALUES
		(CASE WHEN b.lacks_item THEN 'has the unknown item ' || l.item_id END),
		(CASE WHEN b.lacks_warehouse THEN 'has the unknown warehouse ' || l.warehouse_id END)) x (detail)
	WHERE EXISTS (SELECT FROM bad) AND x.detail IS NOT NULL
	UNION ALL
	-- Origins are looked up one by one, since they are few.
	SELECT 'stock_references', c.code, 'move ' || m.move_id, 'has the unknown origin ' || m.origin_move_id
	FROM erp.stock_move m
	LEFT JOIN erp.company c ON c.company_id = m.company_id
	WHERE m.origin_move_id <> 0
		AND NOT EXISTS (SELECT FROM erp.stock_move o WHERE o.company_id = m.company_id AND o.move_id = m.origin_move_id OFFSET 0)
$$;
COMMENT ON FUNCTION erp_private.check_stock_references() IS
'Law 10: the items and warehouses of document lines and the origins of moves exist; stands in for foreign keys on the hot tables.';
