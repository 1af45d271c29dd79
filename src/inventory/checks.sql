-- inventory: checks of stock, its value and its cost. In positive, out negative.

CREATE FUNCTION erp_private.check_stock_value()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH entry AS MATERIALIZED (
		SELECT e.company_id, e.voucher_id, e.inventory_line_no, e.counter_line_no, sum(e.amount) AS amount
		FROM erp.cost_entry e
		GROUP BY e.company_id, e.voucher_id, e.inventory_line_no, e.counter_line_no
	), line AS MATERIALIZED (
		SELECT COALESCE(l.company_id, e.company_id) AS company_id, COALESCE(l.voucher_id, e.voucher_id) AS voucher_id,
			COALESCE(l.line_no, e.line_no) AS line_no, l.account_id,
			COALESCE(l.amount, 0) AS posted, COALESCE(e.amount, 0) AS stock
		FROM (
			SELECT t.company_id, t.voucher_id, t.line_no, t.account_id,
				CASE t.side WHEN 'debit' THEN t.company_amount ELSE -t.company_amount END AS amount
			FROM erp.account a
			JOIN erp.voucher_line t ON t.company_id = a.company_id AND t.account_id = a.account_id
			WHERE a.control = 'inventory'
		) l
		FULL JOIN (
			SELECT y.company_id, y.voucher_id, y.inventory_line_no AS line_no, sum(y.amount) AS amount
			FROM entry y
			GROUP BY y.company_id, y.voucher_id, y.inventory_line_no
		) e ON e.company_id = l.company_id AND e.voucher_id = l.voucher_id AND e.line_no = l.line_no
	)
	SELECT c.code, 'account ' || a.code, format('stock %s, account %s', sum(l.stock), sum(l.posted))
	FROM line l
	JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	GROUP BY c.code, a.code
	HAVING sum(l.stock) <> sum(l.posted)
	UNION ALL
	SELECT c.code, format('voucher %s, line %s', l.voucher_id, l.line_no),
		format('cost entries %s, inventory line %s', l.stock, l.posted)
	FROM line l
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	WHERE l.stock <> l.posted
	UNION ALL
	SELECT c.code, format('voucher %s, line %s', x.voucher_id, x.line_no),
		format('cost entries %s, counter line %s', COALESCE(e.amount, 0), x.amount)
	FROM (
		SELECT t.company_id, t.voucher_id, t.line_no,
			CASE t.side WHEN 'debit' THEN t.company_amount ELSE -t.company_amount END AS amount
		FROM erp.voucher_line t
		JOIN erp.posting_rule r ON r.company_id = t.company_id AND r.posting_rule_id = t.posting_rule_id
		WHERE r.amount_role = 'cost'
	) x
	LEFT JOIN (
		SELECT y.company_id, y.voucher_id, y.counter_line_no AS line_no, -sum(y.amount) AS amount
		FROM entry y
		WHERE y.counter_line_no <> 0
		GROUP BY y.company_id, y.voucher_id, y.counter_line_no
	) e ON e.company_id = x.company_id AND e.voucher_id = x.voucher_id AND e.line_no = x.line_no
	LEFT JOIN erp.company c ON c.company_id = x.company_id
	WHERE x.amount <> COALESCE(e.amount, 0)
$$;
COMMENT ON FUNCTION erp_private.check_stock_value() IS
'Law 3: the cost entries of every inventory account equal its balance, voucher line by voucher line; so do the counter lines that take costs.';

CREATE FUNCTION erp_private.check_stock_moves()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH move AS MATERIALIZED (
		SELECT COALESCE(m.company_id, e.company_id) AS company_id, COALESCE(m.move_id, e.move_id) AS move_id,
			m.item_id, m.cost_pool_id, m.quantity, e.quantity AS entry_quantity, e.value
		FROM erp.stock_move m
		FULL JOIN (
			SELECT y.company_id, y.move_id, sum(y.quantity) AS quantity, sum(y.amount) AS value
			FROM erp.cost_entry y
			GROUP BY y.company_id, y.move_id
		) e ON e.company_id = m.company_id AND e.move_id = m.move_id
	)
	SELECT c.code, 'move ' || m.move_id,
		CASE WHEN m.entry_quantity IS NULL THEN 'has no cost entries'
			WHEN m.quantity IS NULL THEN 'does not exist but has cost entries'
			WHEN m.quantity <> m.entry_quantity THEN format('is of %s, its cost entries of %s', m.quantity, m.entry_quantity)
			ELSE format('is of %s and its value is %s', m.quantity, m.value) END
	FROM move m
	LEFT JOIN erp.company c ON c.company_id = m.company_id
	WHERE m.entry_quantity IS NULL OR m.quantity IS NULL OR m.quantity <> m.entry_quantity
		OR sign(m.value) * sign(m.quantity) < 0
	UNION ALL
	SELECT c.code, format('cost pool %s of item %s', COALESCE(k.cost_pool_id, t.cost_pool_id), i.code),
		format('pool %s worth %s, moves %s worth %s', k.quantity, k.value, t.quantity, t.value)
	FROM (
		SELECT m.company_id, m.item_id, m.cost_pool_id, sum(m.quantity) AS quantity, sum(COALESCE(m.value, 0)) AS value
		FROM move m
		WHERE m.quantity IS NOT NULL
		GROUP BY m.company_id, m.item_id, m.cost_pool_id
	) t
	FULL JOIN erp_private.cost_pool k ON k.company_id = t.company_id AND k.item_id = t.item_id AND k.cost_pool_id = t.cost_pool_id
	LEFT JOIN erp.company c ON c.company_id = COALESCE(k.company_id, t.company_id)
	LEFT JOIN erp.item i ON i.company_id = COALESCE(k.company_id, t.company_id) AND i.item_id = COALESCE(k.item_id, t.item_id)
	WHERE COALESCE(k.quantity, 0) <> COALESCE(t.quantity, 0) OR COALESCE(k.value, 0) <> COALESCE(t.value, 0)
		OR t.quantity < 0 OR t.value < 0 OR (t.quantity = 0 AND t.value <> 0)
$$;
COMMENT ON FUNCTION erp_private.check_stock_moves() IS
'Law 3: every move has cost entries of its quantity, and they add up to the cost pools; no quantity, no value.';

CREATE FUNCTION erp_private.check_stock_positions()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, format('item %s, warehouse %s, location %s, lot %s, owner %s, state %s', i.code, w.code,
			COALESCE(p.location_id, t.location_id), COALESCE(p.lot_id, t.lot_id), COALESCE(p.owner_id, t.owner_id),
			COALESCE(p.stock_state_id, t.stock_state_id)),
		format('on hand %s, moves %s', p.on_hand, t.quantity)
	FROM (
		SELECT m.company_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id,
			sum(m.quantity) AS quantity
		FROM erp.stock_move m
		GROUP BY m.company_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id
	) t
	FULL JOIN erp_private.stock_position p ON p.company_id = t.company_id AND p.item_id = t.item_id
		AND p.warehouse_id = t.warehouse_id AND p.location_id = t.location_id AND p.lot_id = t.lot_id
		AND p.owner_id = t.owner_id AND p.stock_state_id = t.stock_state_id
	LEFT JOIN erp.company c ON c.company_id = COALESCE(p.company_id, t.company_id)
	LEFT JOIN erp.item i ON i.company_id = COALESCE(p.company_id, t.company_id) AND i.item_id = COALESCE(p.item_id, t.item_id)
	LEFT JOIN erp.warehouse w ON w.company_id = COALESCE(p.company_id, t.company_id) AND w.warehouse_id = COALESCE(p.warehouse_id, t.warehouse_id)
	WHERE COALESCE(p.on_hand, 0) <> COALESCE(t.quantity, 0) OR t.quantity < 0
$$;
COMMENT ON FUNCTION erp_private.check_stock_positions() IS
'Law 3: what is on hand at every place equals the moves there.';

CREATE FUNCTION erp_private.check_cost_layers()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	-- A layer is an incoming move: its own entries and those of the issues that draw on it leave its rest.
	SELECT c.code, format('move %s of item %s', r.layer_id, i.code),
		CASE WHEN r.brought IS NULL THEN 'issues draw on it, but it brings nothing'
			WHEN r.first_item <> r.last_item OR r.first_pool <> r.last_pool THEN 'moves of other items or pools draw on it'
			WHEN k.head_move_id IS NOT NULL AND (k.head_quantity <> r.rest OR k.head_value <> r.rest_value)
			THEN format('the cursor of its pool says that %s worth %s are left, its entries %s worth %s', k.head_quantity, k.head_value, r.rest, r.rest_value)
			ELSE format('brought %s; what is left: %s worth %s', r.brought, r.rest, r.rest_value) END
	FROM (
		SELECT t.company_id, t.layer_id, sum(t.quantity) AS rest, sum(t.amount) AS rest_value,
			sum(t.quantity) FILTER (WHERE t.incoming) AS brought,
			min(t.item_id) AS first_item, max(t.item_id) AS last_item,
			min(t.cost_pool_id) AS first_pool, max(t.cost_pool_id) AS last_pool
		FROM (
			SELECT e.company_id, CASE WHEN m.quantity > 0 THEN e.move_id ELSE e.source_move_id END AS layer_id,
				e.quantity, e.amount, m.item_id, m.cost_pool_id, m.quantity > 0 AS incoming
			FROM erp.cost_entry e
			JOIN erp.stock_move m ON m.company_id = e.company_id AND m.move_id = e.move_id
			WHERE m.quantity > 0 OR e.source_move_id <> 0
		) t
		GROUP BY t.company_id, t.layer_id
	) r
	LEFT JOIN (
		SELECT p.*
		FROM erp_private.cost_pool p
		JOIN erp.item f ON f.company_id = p.company_id AND f.item_id = p.item_id AND f.costing_method = 'fifo'
		WHERE p.head_move_id <> 0
	) k ON k.company_id = r.company_id AND k.head_move_id = r.layer_id
	LEFT JOIN erp.company c ON c.company_id = r.company_id
	LEFT JOIN erp.item i ON i.company_id = r.company_id AND i.item_id = r.first_item
	WHERE r.brought IS NULL OR r.first_item <> r.last_item OR r.first_pool <> r.last_pool
		OR r.rest < 0 OR r.rest_value < 0 OR (r.rest = 0 AND r.rest_value <> 0)
		OR k.head_quantity <> r.rest OR k.head_value <> r.rest_value
$$;
COMMENT ON FUNCTION erp_private.check_cost_layers() IS
'Law 3: issues draw on a receipt no more than it brought, an empty layer is worth nothing, and the cursor of a FIFO pool says what is left of its layer.';

CREATE FUNCTION erp_private.check_stock_days()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, 'move ' || m.move_id, format('day %s is not the posting day %s of document %s', m.day, d.posting_day, d.document_id)
	FROM erp.stock_move m
	JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
	LEFT JOIN erp.company c ON c.company_id = m.company_id
	WHERE m.day <> d.posting_day
$$;
COMMENT ON FUNCTION erp_private.check_stock_days() IS
'Law 6: a move stands on the posting day of its document.';

CREATE FUNCTION erp_private.check_cost_amounts()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, format('move %s, entry %s', e.move_id, e.entry_no),
		format('amount %s: more than the %s decimals of %s', e.amount, m.decimals, m.code)
	FROM erp.cost_entry e
	JOIN erp.company c ON c.company_id = e.company_id
	JOIN erp.currency m ON m.currency_id = c.currency_id
	WHERE e.amount <> round(e.amount, m.decimals)
$$;
COMMENT ON FUNCTION erp_private.check_cost_amounts() IS
'Law 9: costs have no more decimals than the company''s currency.';

CREATE FUNCTION erp_private.check_stock_references()
RETURNS TABLE (company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.code, format('document %s, line %s', l.document_id, l.line_no),
		CASE WHEN l.item_id <> 0 AND i.item_id IS NULL THEN 'has the unknown item ' || l.item_id
			ELSE 'has the unknown warehouse ' || l.warehouse_id END
	FROM erp.document_line l
	LEFT JOIN erp.item i ON i.company_id = l.company_id AND i.item_id = l.item_id
	LEFT JOIN erp.warehouse w ON w.company_id = l.company_id AND w.warehouse_id = l.warehouse_id
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	WHERE (l.item_id <> 0 AND i.item_id IS NULL) OR (l.warehouse_id <> 0 AND w.warehouse_id IS NULL)
	UNION ALL
	SELECT c.code, 'move ' || m.move_id,
		CASE WHEN l.document_id IS NULL THEN format('has no document line: %s, line %s', m.document_id, m.line_no)
			WHEN i.item_id IS NULL THEN 'has the unknown item ' || m.item_id
			WHEN w.warehouse_id IS NULL THEN 'has the unknown warehouse ' || m.warehouse_id
			WHEN m.location_id <> 0 AND b.location_id IS NULL THEN 'has the unknown location ' || m.location_id
			WHEN m.lot_id <> 0 AND t.lot_id IS NULL THEN 'has the unknown lot ' || m.lot_id
			WHEN m.origin_move_id <> 0 AND o.move_id IS NULL THEN 'has the unknown origin ' || m.origin_move_id
			WHEN l.item_id <> m.item_id THEN format('is of item %s, its document line of item %s', m.item_id, l.item_id)
			ELSE format('is in cost pool %s of an item of %s pool in warehouse %s', m.cost_pool_id, i.cost_pool, m.warehouse_id) END
	FROM erp.stock_move m
	LEFT JOIN erp.document_line l ON l.company_id = m.company_id AND l.document_id = m.document_id AND l.line_no = m.line_no
	LEFT JOIN erp.item i ON i.company_id = m.company_id AND i.item_id = m.item_id
	LEFT JOIN erp.warehouse w ON w.company_id = m.company_id AND w.warehouse_id = m.warehouse_id
	LEFT JOIN erp.location b ON b.company_id = m.company_id AND b.location_id = m.location_id
	LEFT JOIN erp.lot t ON t.company_id = m.company_id AND t.lot_id = m.lot_id
	LEFT JOIN erp.stock_move o ON o.company_id = m.company_id AND o.move_id = m.origin_move_id
	LEFT JOIN erp.company c ON c.company_id = m.company_id
	WHERE l.document_id IS NULL OR i.item_id IS NULL OR w.warehouse_id IS NULL OR l.item_id <> m.item_id
		OR (m.location_id <> 0 AND b.location_id IS NULL)
		OR (m.lot_id <> 0 AND t.lot_id IS NULL)
		OR (m.origin_move_id <> 0 AND o.move_id IS NULL)
		OR m.cost_pool_id <> CASE i.cost_pool WHEN 'warehouse' THEN m.warehouse_id ELSE 0 END
	UNION ALL
	SELECT c.code, format('move %s, entry %s', e.move_id, e.entry_no),
		CASE WHEN s.move_id IS NULL AND e.source_move_id <> 0 THEN 'has the unknown source ' || e.source_move_id
			ELSE format('has no inventory line %s or counter line %s in voucher %s', e.inventory_line_no, e.counter_line_no, e.voucher_id) END
	FROM erp.cost_entry e
	LEFT JOIN erp.stock_move s ON s.company_id = e.company_id AND s.move_id = e.source_move_id
	LEFT JOIN erp.voucher_line a ON a.company_id = e.company_id AND a.voucher_id = e.voucher_id AND a.line_no = e.inventory_line_no
	LEFT JOIN erp.voucher_line b ON b.company_id = e.company_id AND b.voucher_id = e.voucher_id AND b.line_no = e.counter_line_no
	LEFT JOIN erp.company c ON c.company_id = e.company_id
	WHERE (s.move_id IS NULL AND e.source_move_id <> 0)
		OR (a.voucher_id IS NULL AND (e.amount <> 0 OR e.inventory_line_no <> 0))
		OR (b.voucher_id IS NULL AND e.counter_line_no <> 0)
$$;
COMMENT ON FUNCTION erp_private.check_stock_references() IS
'Law 10: what moves, cost entries and lines with goods refer to exists; stands in for foreign keys on the hot tables.';
