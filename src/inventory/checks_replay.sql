-- inventory: what replays keep beside the facts, derived again from them (law 3). Only items of which something is kept are read.

CREATE FUNCTION erp_private.check_cost_checkpoints()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH entry AS MATERIALIZED (
		SELECT m.company_id, m.item_id, m.cost_pool_id, m.day, m.time_of_day, m.move_id, CASE WHEN m.quantity > 0 THEN m.move_id ELSE e.source_move_id END AS layer_id, e.quantity, e.amount
		FROM (SELECT DISTINCT k.company_id, k.item_id FROM erp_private.cost_checkpoint k) i
		JOIN erp.stock_move m ON m.company_id = i.company_id AND m.item_id = i.item_id AND m.cost_pool_id >= 0
		JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id
	), pool AS (
		SELECT t.*, sum(t.moved) OVER w AS quantity, sum(t.moved_value) OVER w AS value
		FROM (
			SELECT e.company_id, e.item_id, e.cost_pool_id, e.day, e.time_of_day, e.move_id, false AS kept, e.quantity AS moved, e.amount AS moved_value, 0::numeric AS kept_quantity, 0::numeric AS kept_value
			FROM entry e
			UNION ALL
			SELECT k.company_id, k.item_id, k.cost_pool_id, k.day, k.time_of_day, k.move_id, true, 0, 0, k.quantity, k.value
			FROM erp_private.cost_checkpoint k
		) t
		WINDOW w AS (PARTITION BY t.company_id, t.item_id, t.cost_pool_id ORDER BY t.day, t.time_of_day, t.move_id, t.kept)
	), whole AS (
		-- A pool that is not named was empty: what all pools held is what those that are named held.
		SELECT t.*, sum(t.moved) OVER w AS quantity, sum(t.moved_value) OVER w AS value
		FROM (
			SELECT e.company_id, e.item_id, e.day, e.time_of_day, e.move_id, false AS kept, e.quantity AS moved, e.amount AS moved_value, 0::numeric AS kept_quantity, 0::numeric AS kept_value
			FROM entry e
			UNION ALL
			SELECT k.company_id, k.item_id, k.day, k.time_of_day, k.move_id, true, 0, 0, sum(k.quantity), sum(k.value)
			FROM erp_private.cost_checkpoint k
			GROUP BY 1, 2, 3, 4, 5
		) t
		WINDOW w AS (PARTITION BY t.company_id, t.item_id ORDER BY t.day, t.time_of_day, t.move_id, t.kept)
	), head AS MATERIALIZED (
		SELECT k.* FROM erp_private.cost_checkpoint k
		JOIN erp.item i ON i.company_id = k.company_id AND i.item_id = k.item_id AND i.costing_method = 'fifo'
		WHERE k.head_quantity > 0
	), layer AS (
		SELECT t.*, sum(t.moved) OVER w AS quantity, sum(t.moved_value) OVER w AS value
		FROM (
			SELECT e.company_id, e.item_id, e.layer_id, e.day, e.time_of_day, e.move_id, false AS kept, e.quantity AS moved, e.amount AS moved_value, 0::numeric AS kept_quantity, 0::numeric AS kept_value
			FROM entry e
			WHERE (e.company_id, e.layer_id) IN (SELECT h.company_id, h.head_move_id FROM head h)
			UNION ALL
			SELECT h.company_id, h.item_id, h.head_move_id, h.day, h.time_of_day, h.move_id, true, 0, 0, h.head_quantity, h.head_value FROM head h
		) t
		WINDOW w AS (PARTITION BY t.company_id, t.layer_id ORDER BY t.day, t.time_of_day, t.move_id, t.kept)
	)
	SELECT 'cost_checkpoints', c.code, format('item %s, after move %s', COALESCE(i.code, p.item_id::text), p.move_id), p.detail
	FROM (
		SELECT r.company_id, r.item_id, r.move_id, format('pool %s: kept as %s worth %s, entries say %s worth %s', r.cost_pool_id, trim_scale(r.kept_quantity), trim_scale(r.kept_value),
			trim_scale(r.quantity), trim_scale(r.value))
		FROM pool r WHERE r.kept AND (r.quantity, r.value) <> (r.kept_quantity, r.kept_value)
		UNION ALL
		SELECT r.company_id, r.item_id, r.move_id, format('all pools: kept as %s worth %s, entries say %s worth %s', trim_scale(r.kept_quantity), trim_scale(r.kept_value), trim_scale(r.quantity), trim_scale(r.value))
		FROM whole r WHERE r.kept AND (r.quantity, r.value) <> (r.kept_quantity, r.kept_value)
		UNION ALL
		SELECT r.company_id, r.item_id, r.move_id, format('what is left of move %s: kept as %s worth %s, entries say %s worth %s', r.layer_id, trim_scale(r.kept_quantity), trim_scale(r.kept_value),
			trim_scale(r.quantity), trim_scale(r.value))
		FROM layer r WHERE r.kept AND (r.quantity, r.value) <> (r.kept_quantity, r.kept_value)
		UNION ALL
		SELECT DISTINCT k.company_id, k.item_id, k.move_id, 'is no move of the item at that time'
		FROM erp_private.cost_checkpoint k
		WHERE NOT EXISTS (SELECT FROM erp.stock_move m WHERE m.company_id = k.company_id AND m.item_id = k.item_id AND m.day = k.day AND m.time_of_day = k.time_of_day AND m.move_id = k.move_id)
	) AS p (company_id, item_id, move_id, detail)
	LEFT JOIN erp.company c ON c.company_id = p.company_id
	LEFT JOIN erp.item i ON i.company_id = p.company_id AND i.item_id = p.item_id
$$;
COMMENT ON FUNCTION erp_private.check_cost_checkpoints() IS
'Law 3: where replays begin, the pools of an item are what the cost entries of its moves up to there add up to, no pool that is not named held anything, and what was left of the layer at the head of a FIFO pool is what had not been taken of it.';

CREATE FUNCTION erp_private.check_value_flows()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH made AS (
		SELECT l.company_id, s.item_id, p.item_id AS product_item_id, max(d.posting_day) AS last_day
		FROM erp.document_link l
		JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.document_id
		JOIN erp.stock_move s ON s.company_id = l.company_id AND s.document_id = l.target_document_id AND s.quantity < 0
		JOIN erp.stock_move p ON p.company_id = l.company_id AND p.document_id = l.document_id AND p.line_no = l.line_no AND p.leg = 1
		WHERE l.link = 'made_from'
		GROUP BY 1, 2, 3
	)
	SELECT 'value_flows', c.code, format('item %s, product %s', item_id, product_item_id),
		format('documents say last on %s, kept is %s', COALESCE(m.last_day::text, 'no day'), COALESCE(f.last_day::text, 'nothing'))
	FROM made m
	FULL JOIN erp_private.value_flow f USING (company_id, item_id, product_item_id)
	LEFT JOIN erp.company c USING (company_id)
	WHERE m.last_day IS DISTINCT FROM f.last_day
$$;
COMMENT ON FUNCTION erp_private.check_value_flows() IS
'Law 3: which items became part of which products, and last on which day, is what the links made_from of the documents say: a replay locks by it all that it may reach.';
