-- inventory: checks of cost entries against moves, layers and vouchers. In positive, out negative.

-- All entries of a layer, by the pool of the moves that they belong to, are one part; but those that do not explain their move at first sight
-- are parts of their own: further entries of one move, another quantity than the move's, the wrong sign, a source of what comes in.
-- First entries are as many as the moves, and their hashes come to the same in all: then each move has exactly one (an odd number of them,
-- or the hashes would differ; more than one of one, and they were more than moves). That takes no table of all moves, and no key.
CREATE FUNCTION erp_private.cost_parts()
RETURNS TABLE (company_id integer, item_id integer, cost_pool_id integer, layer_id bigint, source_move_id bigint, incoming boolean,
	odd_move_id bigint, quantity numeric, amount numeric, first_entries bigint, first_hash bigint)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT e.company_id, m.item_id, m.cost_pool_id,
		CASE WHEN m.quantity > 0 THEN e.move_id ELSE e.source_move_id END,
		e.source_move_id,
		m.quantity > 0,
		CASE WHEN e.entry_no = 1 AND e.quantity = m.quantity AND e.amount * e.quantity >= 0
			AND (e.source_move_id = 0 OR e.quantity < 0) THEN 0 ELSE e.move_id END,
		sum(e.quantity), sum(e.amount),
		count(*) FILTER (WHERE e.entry_no = 1), bit_xor(hashint8extended(e.move_id, e.company_id)) FILTER (WHERE e.entry_no = 1)
	FROM erp.cost_entry e
	LEFT JOIN erp.stock_move m ON m.company_id = e.company_id AND m.move_id = e.move_id
	GROUP BY 1, 2, 3, 4, 5, 6, 7
$$;
COMMENT ON FUNCTION erp_private.cost_parts() IS
'The cost entries added up by the receipt (layer) that they bring or draw on; apart from them those of moves that need a closer look. Part of check_stock_moves().';

CREATE FUNCTION erp_private.check_entry_numbers()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'stock_moves', c.code, 'move ' || m.move_id, 'has no cost entries'
	FROM erp.stock_move m
	LEFT JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id
	LEFT JOIN erp.company c ON c.company_id = m.company_id
	WHERE e.move_id IS NULL
	UNION ALL
	SELECT 'stock_moves', c.code, format('move %s, entry %s', t.move_id, t.entry_no), format('stands %s times', t.entries)
	FROM (
		SELECT e.company_id, e.move_id, e.entry_no, count(*) AS entries
		FROM erp.cost_entry e
		GROUP BY e.company_id, e.move_id, e.entry_no
		HAVING count(*) > 1
	) t
	LEFT JOIN erp.company c ON c.company_id = t.company_id
$$;
COMMENT ON FUNCTION erp_private.check_entry_numbers() IS
'Law 3: every move has cost entries, each once, whatever became of their key. Part of check_stock_moves(), which calls it if first entries and moves differ.';

CREATE FUNCTION erp_private.check_stock_moves()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH part AS MATERIALIZED (
		SELECT p.* FROM erp_private.cost_parts() p
	), bad_layer AS MATERIALIZED (
		SELECT r.*, i.code AS item, k.head_quantity, k.head_value
		FROM (
			SELECT p.company_id, p.layer_id, min(p.item_id) AS item_id, sum(p.quantity) AS rest, sum(p.amount) AS rest_value,
				sum(p.quantity) FILTER (WHERE p.incoming) AS brought,
				min(p.item_id) <> max(p.item_id) OR min(p.cost_pool_id) <> max(p.cost_pool_id) AS mixed
			FROM part p
			WHERE p.layer_id <> 0 AND p.item_id IS NOT NULL
			GROUP BY p.company_id, p.layer_id
		) r
		LEFT JOIN erp_private.cost_pool k ON k.company_id = r.company_id AND k.head_move_id = r.layer_id
		LEFT JOIN erp.item i ON i.company_id = r.company_id AND i.item_id = r.item_id
		WHERE r.brought IS NULL OR r.mixed OR r.rest < 0 OR r.rest_value < 0 OR (r.rest = 0 AND r.rest_value <> 0)
			OR (i.costing_method = 'fifo' AND (k.head_quantity <> r.rest OR k.head_value <> r.rest_value))
	), lost AS MATERIALIZED (
		-- Sources that do not exist. Looked up one by one, since they are few: of returns, and layers that bring nothing.
		SELECT s.company_id, s.source_move_id
		FROM (
			SELECT r.company_id, r.layer_id AS source_move_id FROM bad_layer r WHERE r.brought IS NULL
			UNION
			SELECT p.company_id, p.source_move_id FROM part p WHERE p.source_move_id <> 0 AND p.incoming IS NOT FALSE
		) s
		WHERE NOT EXISTS (SELECT FROM erp.stock_move m WHERE m.company_id = s.company_id AND m.move_id = s.source_move_id OFFSET 0)
	)
	SELECT 'stock_moves', c.code, 'move ' || k.move_id, x.detail
	FROM (
		SELECT o.company_id, o.move_id, sum(e.quantity) AS quantity, sum(e.amount) AS amount
		FROM (SELECT DISTINCT p.company_id, p.odd_move_id AS move_id FROM part p WHERE p.odd_move_id <> 0) o
		JOIN erp.cost_entry e ON e.company_id = o.company_id AND e.move_id = o.move_id
		GROUP BY o.company_id, o.move_id
	) k
	LEFT JOIN erp.stock_move m ON m.company_id = k.company_id AND m.move_id = k.move_id
	LEFT JOIN erp.company c ON c.company_id = k.company_id
	CROSS JOIN LATERAL (VALUES
		(CASE WHEN m.move_id IS NULL THEN 'does not exist but has cost entries' END),
		(CASE WHEN m.quantity <> k.quantity THEN format('is of %s, its cost entries of %s', m.quantity, k.quantity) END),
		(CASE WHEN sign(k.amount) * sign(m.quantity) < 0 THEN format('is of %s and its value is %s', m.quantity, k.amount) END)) x (detail)
	WHERE (m.move_id IS NULL OR m.quantity <> k.quantity OR sign(k.amount) * sign(m.quantity) < 0) AND x.detail IS NOT NULL
	UNION ALL
	SELECT 'stock_references', c.code, format('move %s, entry %s', e.move_id, e.entry_no), 'has the unknown source ' || e.source_move_id
	FROM lost s
	JOIN erp.cost_entry e ON e.company_id = s.company_id AND e.source_move_id = s.source_move_id
	LEFT JOIN erp.company c ON c.company_id = e.company_id
	WHERE EXISTS (SELECT FROM lost)
	UNION ALL
	-- As many first entries as moves, and of the same ones: then every move has one, and they need not be joined.
	SELECT n.*
	FROM erp_private.check_entry_numbers() n
	WHERE (SELECT (count(*)::numeric, COALESCE(bit_xor(hashint8extended(m.move_id, m.company_id)), 0)) FROM erp.stock_move m)
		<> (SELECT (COALESCE(sum(p.first_entries), 0), COALESCE(bit_xor(p.first_hash), 0)) FROM part p WHERE p.item_id IS NOT NULL)
	UNION ALL
	SELECT 'stock_moves', c.code, format('cost pool %s of item %s', COALESCE(k.cost_pool_id, t.cost_pool_id), i.code),
		format('pool %s worth %s, moves %s worth %s', k.quantity, k.value, t.quantity, t.value)
	FROM (
		SELECT p.company_id, p.item_id, p.cost_pool_id, sum(p.quantity) AS quantity, sum(p.amount) AS value
		FROM part p
		WHERE p.item_id IS NOT NULL
		GROUP BY p.company_id, p.item_id, p.cost_pool_id
	) t
	FULL JOIN erp_private.cost_pool k ON k.company_id = t.company_id AND k.item_id = t.item_id AND k.cost_pool_id = t.cost_pool_id
	LEFT JOIN erp.company c ON c.company_id = COALESCE(k.company_id, t.company_id)
	LEFT JOIN erp.item i ON i.company_id = COALESCE(k.company_id, t.company_id) AND i.item_id = COALESCE(k.item_id, t.item_id)
	WHERE COALESCE(k.quantity, 0) <> COALESCE(t.quantity, 0) OR COALESCE(k.value, 0) <> COALESCE(t.value, 0)
		OR t.quantity < 0 OR t.value < 0 OR (t.quantity = 0 AND t.value <> 0)
	UNION ALL
	SELECT 'cost_layers', c.code, format('move %s of item %s', r.layer_id, r.item),
		CASE WHEN r.brought IS NULL THEN 'issues draw on it, but it brings nothing'
			WHEN r.mixed THEN 'moves of other items or pools draw on it'
			ELSE format('brought %s; what is left: %s worth %s; the cursor of its pool says %s worth %s',
				r.brought, r.rest, r.rest_value, r.head_quantity, r.head_value) END
	FROM bad_layer r
	LEFT JOIN lost s ON s.company_id = r.company_id AND s.source_move_id = r.layer_id
	LEFT JOIN erp.company c ON c.company_id = r.company_id
	WHERE s.source_move_id IS NULL
$$;
COMMENT ON FUNCTION erp_private.check_stock_moves() IS
'Law 3: every move has cost entries of its quantity and sign, and they add up to the cost pools; no quantity, no value. Issues draw on a receipt of their own pool no more than it brought, an empty layer is worth nothing, and the cursor of a FIFO pool says what is left of its layer. Law 10: the sources of cost entries exist.';

-- Without SET, so that it becomes part of the query that reads it.
CREATE FUNCTION erp_private.cost_lines()
RETURNS TABLE (company_id integer, voucher_id bigint, inventory_line_no integer, counter_line_no integer, amount numeric, decimals integer, homeless boolean)
LANGUAGE sql STABLE
AS $$
	SELECT e.company_id, e.voucher_id, e.inventory_line_no, e.counter_line_no, sum(e.amount), max(min_scale(e.amount)),
		bool_or(e.inventory_line_no = 0 AND e.amount <> 0)
	FROM erp.cost_entry e
	GROUP BY e.company_id, e.voucher_id, e.inventory_line_no, e.counter_line_no
$$;
COMMENT ON FUNCTION erp_private.cost_lines() IS
'The cost entries added up by the two voucher lines that took them, with the most decimals of any and whether one has a value and no line. Part of check_stock_value().';

CREATE FUNCTION erp_private.check_stock_value()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH entry AS MATERIALIZED (
		SELECT y.* FROM erp_private.cost_lines() y
	), line AS MATERIALIZED (
		SELECT COALESCE(l.company_id, e.company_id) AS company_id, COALESCE(l.voucher_id, e.voucher_id) AS voucher_id,
			COALESCE(l.line_no, e.line_no) AS line_no, l.account_id, COALESCE(l.company_amount, 0) AS posted, COALESCE(e.amount, 0) AS stock
		FROM erp_private.control_lines('{inventory}') l
		FULL JOIN (
			SELECT y.company_id, y.voucher_id, y.inventory_line_no AS line_no, sum(y.amount) AS amount
			FROM entry y
			GROUP BY y.company_id, y.voucher_id, y.inventory_line_no
		) e ON e.company_id = l.company_id AND e.voucher_id = l.voucher_id AND e.line_no = l.line_no
	), bad AS MATERIALIZED (
		SELECT e.company_id, e.voucher_id, e.inventory_line_no, e.counter_line_no, c.code AS company, m.decimals, m.code AS currency,
			a.voucher_id IS NULL AS lacks_inventory_line, b.voucher_id IS NULL AND e.counter_line_no <> 0 AS lacks_counter_line
		FROM entry e
		LEFT JOIN erp.voucher_line a ON a.company_id = e.company_id AND a.voucher_id = e.voucher_id AND a.line_no = e.inventory_line_no
		LEFT JOIN erp.voucher_line b ON b.company_id = e.company_id AND b.voucher_id = e.voucher_id AND b.line_no = e.counter_line_no
		LEFT JOIN erp.company c ON c.company_id = e.company_id
		LEFT JOIN erp.currency m ON m.currency_id = c.currency_id
		WHERE e.decimals > m.decimals OR (a.voucher_id IS NULL AND (e.homeless OR e.inventory_line_no <> 0))
			OR (b.voucher_id IS NULL AND e.counter_line_no <> 0)
	)
	SELECT 'stock_value', c.code, 'account ' || a.code, format('stock %s, account %s', t.stock, t.posted)
	FROM (
		SELECT l.company_id, l.account_id, sum(l.stock) AS stock, sum(l.posted) AS posted
		FROM line l
		GROUP BY l.company_id, l.account_id
		HAVING sum(l.stock) <> sum(l.posted)
	) t
	JOIN erp.account a ON a.company_id = t.company_id AND a.account_id = t.account_id
	LEFT JOIN erp.company c ON c.company_id = t.company_id
	UNION ALL
	SELECT 'stock_value', c.code, format('voucher %s, line %s', l.voucher_id, l.line_no), format('cost entries %s, inventory line %s', l.stock, l.posted)
	FROM line l
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	WHERE l.stock <> l.posted
	UNION ALL
	SELECT 'stock_value', c.code, format('voucher %s, line %s', x.voucher_id, x.line_no),
		format('cost entries %s, counter line %s', COALESCE(e.amount, 0), CASE x.side WHEN 'debit' THEN x.company_amount ELSE -x.company_amount END)
	FROM erp.voucher_line x
	JOIN erp.posting_rule r ON r.company_id = x.company_id AND r.posting_rule_id = x.posting_rule_id AND r.amount_role = 'cost'
	LEFT JOIN (
		SELECT y.company_id, y.voucher_id, y.counter_line_no AS line_no, -sum(y.amount) AS amount
		FROM entry y
		GROUP BY y.company_id, y.voucher_id, y.counter_line_no
	) e ON e.company_id = x.company_id AND e.voucher_id = x.voucher_id AND e.line_no = x.line_no
	LEFT JOIN erp.company c ON c.company_id = x.company_id
	WHERE CASE x.side WHEN 'debit' THEN x.company_amount ELSE -x.company_amount END <> COALESCE(e.amount, 0)
	UNION ALL
	SELECT x.check_name, b.company, format('move %s, entry %s', e.move_id, e.entry_no), x.detail
	FROM bad b
	JOIN erp.cost_entry e ON e.company_id = b.company_id AND e.voucher_id = b.voucher_id
		AND e.inventory_line_no = b.inventory_line_no AND e.counter_line_no = b.counter_line_no
	CROSS JOIN LATERAL (VALUES
		('cost_amounts', CASE WHEN min_scale(e.amount) > b.decimals
			THEN format('amount %s: more than the %s decimals of %s', e.amount, b.decimals, b.currency) END),
		('stock_references', CASE WHEN b.lacks_inventory_line AND (e.amount <> 0 OR e.inventory_line_no <> 0)
			THEN format('has no inventory line %s in voucher %s', e.inventory_line_no, e.voucher_id) END),
		('stock_references', CASE WHEN b.lacks_counter_line
			THEN format('has no counter line %s in voucher %s', e.counter_line_no, e.voucher_id) END)) x (check_name, detail)
	WHERE EXISTS (SELECT FROM bad) AND x.detail IS NOT NULL
$$;
COMMENT ON FUNCTION erp_private.check_stock_value() IS
'Law 3: the cost entries of every inventory account equal its balance, voucher line by voucher line; so do the counter lines that take costs. Law 9: costs have no more decimals than the company''s currency. Law 10: the voucher lines that took them exist.';
