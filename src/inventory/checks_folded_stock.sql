-- inventory: what is folded of stock, against the moves and costs themselves.

CREATE FUNCTION erp_private.stock_below_cut()
RETURNS TABLE (company_id integer, item_id integer, warehouse_id integer, location_id integer, lot_id bigint, owner_id integer, stock_state_id integer, day date,
	quantity numeric, booked_value numeric, known_value numeric)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH below AS (
		SELECT d.company_id, d.document_id
		FROM erp_private.live_cut k
		JOIN erp.document d ON d.company_id = k.company_id
		WHERE d.transaction_id < k.cut
	), worth AS (
		-- Whose each cost is, before it is asked what lies below the cut: else, without statistics, each meets all documents of its company.
		SELECT m.company_id, COALESCE(v.voucher_id, m.document_id) AS document_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id,
			m.stock_state_id, m.day, v.day AS voucher_day, e.amount
		FROM erp.cost_entry e
		JOIN erp.stock_move m ON m.company_id = e.company_id AND m.move_id = e.move_id
		LEFT JOIN erp.voucher v ON v.company_id = e.company_id AND v.voucher_id = e.voucher_id
		WHERE e.amount <> 0
		OFFSET 0
	), change AS (
		SELECT m.company_id, m.item_id, m.warehouse_id, m.location_id, m.lot_id, m.owner_id, m.stock_state_id, m.day,
			m.quantity, 0 AS booked_value, 0 AS known_value
		FROM below b
		JOIN erp.stock_move m ON m.company_id = b.company_id AND m.document_id = b.document_id
		WHERE m.quantity <> 0
		UNION ALL
		SELECT w.company_id, w.item_id, w.warehouse_id, w.location_id, w.lot_id, w.owner_id, w.stock_state_id, x.day, 0, x.booked_value, x.known_value
		FROM worth w
		JOIN below b ON b.company_id = w.company_id AND b.document_id = w.document_id
		CROSS JOIN LATERAL (VALUES (w.day, 0, w.amount), (w.voucher_day, w.amount, 0)) AS x (day, booked_value, known_value)
		WHERE x.day IS NOT NULL
	), part_day AS (
		SELECT c.company_id, c.item_id, p.warehouse_id, p.location_id, p.lot_id, p.owner_id, p.stock_state_id, c.day,
			sum(c.quantity) AS quantity, sum(c.booked_value) AS booked_value, sum(c.known_value) AS known_value
		FROM change c
		CROSS JOIN LATERAL (
			SELECT c.warehouse_id, c.location_id, c.lot_id, c.owner_id, c.stock_state_id WHERE c.quantity <> 0
			UNION ALL
			SELECT 0, 0, 0, 0, 0 WHERE c.owner_id = 0
		) AS p (warehouse_id, location_id, lot_id, owner_id, stock_state_id)
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
	), running AS (
		SELECT d.company_id, d.item_id, d.warehouse_id, d.location_id, d.lot_id, d.owner_id, d.stock_state_id, d.day,
			sum(d.quantity) OVER up_to AS quantity, CASE d.warehouse_id WHEN 0 THEN sum(d.booked_value) OVER up_to END AS booked_value,
			CASE d.warehouse_id WHEN 0 THEN sum(d.known_value) OVER up_to END AS known_value
		FROM part_day d
		WINDOW up_to AS (PARTITION BY d.company_id, d.item_id, d.warehouse_id, d.location_id, d.lot_id, d.owner_id, d.stock_state_id ORDER BY d.day)
	)
	SELECT * FROM running
$$;
COMMENT ON FUNCTION erp_private.stock_below_cut() IS
'What moves and costs of documents below the cut come to, by place and (warehouse 0) of whole items, which alone have a value: a row for each day on which something changed, with the sums up to it.';

CREATE FUNCTION erp_private.check_folded_stock()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH folded AS (
		SELECT b.company_id, b.month, d.day, k.item_id, k.warehouse_id, k.location_id, k.lot_id, k.owner_id, k.stock_state_id,
			b.quantity + b.quantities[d.n] AS quantity, b.booked_value + b.booked_values[d.n] AS booked_value, b.known_value + b.known_values[d.n] AS known_value
		FROM erp_private.folded_stock b
		JOIN erp_private.live_cut c ON c.company_id = b.company_id AND c.cut > '0'::xid8
		LEFT JOIN erp_private.stock_key k ON k.company_id = b.company_id AND k.stock_key_id = b.stock_key_id
		LEFT JOIN LATERAL unnest(b.days) WITH ORDINALITY AS d (day, n) ON true
	)
	SELECT 'folded_stock', c.code, format('item %s, warehouse %s, location %s, lot %s, owner %s, state %s, day %s',
			COALESCE(f.item_id, t.item_id), COALESCE(f.warehouse_id, t.warehouse_id), COALESCE(f.location_id, t.location_id),
			COALESCE(f.lot_id, t.lot_id), COALESCE(f.owner_id, t.owner_id), COALESCE(f.stock_state_id, t.stock_state_id), COALESCE(f.day, t.day)),
		format('folded quantity %s, value %s, by move %s; moves and costs quantity %s, value %s, by move %s',
			f.quantity, f.booked_value, f.known_value, t.quantity, t.booked_value, t.known_value)
	FROM folded f
	FULL JOIN erp_private.stock_below_cut() t ON t.company_id = f.company_id AND t.item_id = f.item_id AND t.warehouse_id = f.warehouse_id AND t.location_id = f.location_id
		AND t.lot_id = f.lot_id AND t.owner_id = f.owner_id AND t.stock_state_id = f.stock_state_id AND t.day = f.day
		AND erp_private.month_first(t.day) = f.month
	LEFT JOIN erp.company c ON c.company_id = COALESCE(f.company_id, t.company_id)
	WHERE (f.quantity, f.booked_value, f.known_value) IS DISTINCT FROM (t.quantity, t.booked_value, t.known_value)
$$;
COMMENT ON FUNCTION erp_private.check_folded_stock() IS
'Law 3: folded stock, by place and of whole items, equals the sums of the moves and costs of the documents below the cut, on each day and up to it.';
