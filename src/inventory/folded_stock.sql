-- Stock as of any day: the step of erp.fold_balances() that keeps it, and how it is read. What the cut means, and why nothing is
-- lost or counted twice, says src/ledger/balances.sql; the layout is that of the folded balances, so that stock as of a day is one row a key.

CREATE FUNCTION erp_private.folded_stock_until(company_id integer, stock_key_id bigint, day date)
RETURNS TABLE (quantity numeric, booked_value numeric, known_value numeric)
	LANGUAGE sql STABLE
AS $function$
	SELECT f.quantity + COALESCE(f.quantities[f.n], 0), f.booked_value + COALESCE(f.booked_values[f.n], 0),
	       f.known_value + COALESCE(f.known_values[f.n], 0)
	  FROM (SELECT t.*, pg_catalog.width_bucket($3, t.days) AS n
	          FROM erp_private.folded_stock t
	         WHERE t.company_id = $1 AND t.stock_key_id = $2 AND t.month <= $3
	         ORDER BY t.month DESC LIMIT 1) f
$function$;
COMMENT ON FUNCTION erp_private.folded_stock_until(integer, bigint, date) IS
	'What is folded under a key up to a day; no row if nothing is. Values are null for a place.';

-- A change counts for the place, if goods moved, and for the item as a whole, if they are the company's own.
CREATE FUNCTION erp_private.stock_to_fold(company_id integer, from_cut xid8, to_cut xid8)
RETURNS TABLE (item_id integer, warehouse_id integer, location_id integer, lot_id bigint, owner_id integer, stock_state_id smallint,
	month date, days date[], quantities numeric[], booked_values numeric[], known_values numeric[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET work_mem = '32MB'
AS $$
	WITH change AS MATERIALIZED (
		SELECT s.item_id, s.warehouse_id, s.location_id, s.lot_id, s.owner_id, s.stock_state_id, s.day,
			sum(s.quantity) AS quantity, sum(s.booked_value) AS booked_value, sum(s.known_value) AS known_value, bool_or(s.quantity <> 0) AS moved
		FROM (
			SELECT t.document_id
			FROM erp.document t
			WHERE t.company_id = $1 AND t.transaction_id >= $2 AND t.transaction_id < $3
			OFFSET 0
		) d
		CROSS JOIN LATERAL (SELECT t.* FROM erp_private.document_stock t WHERE t.company_id = $1 AND t.document_id = d.document_id OFFSET 0) s
		GROUP BY 1, 2, 3, 4, 5, 6, 7
	), part AS (
		SELECT c.item_id, c.warehouse_id, c.location_id, c.lot_id, c.owner_id, c.stock_state_id, c.day, c.quantity, NULL::numeric AS booked_value, NULL::numeric AS known_value
		FROM change c
		WHERE c.moved
		UNION ALL
		SELECT c.item_id, 0, 0, 0, 0, 0::smallint, c.day, sum(c.quantity), sum(c.booked_value), sum(c.known_value)
		FROM change c
		WHERE c.owner_id = 0
		GROUP BY c.item_id, c.day
	), running AS (
		SELECT p.item_id, p.warehouse_id, p.location_id, p.lot_id, p.owner_id, p.stock_state_id, erp_private.month_first(p.day) AS month, p.day,
			sum(p.quantity) OVER up_to AS quantity, sum(p.booked_value) OVER up_to AS booked_value, sum(p.known_value) OVER up_to AS known_value
		FROM part p
		WINDOW up_to AS (PARTITION BY p.item_id, p.warehouse_id, p.location_id, p.lot_id, p.owner_id, p.stock_state_id, erp_private.month_first(p.day) ORDER BY p.day)
	)
	SELECT r.item_id, r.warehouse_id, r.location_id, r.lot_id, r.owner_id, r.stock_state_id, r.month, array_agg(r.day ORDER BY r.day),
		array_agg(r.quantity ORDER BY r.day), CASE r.warehouse_id WHEN 0 THEN array_agg(r.booked_value ORDER BY r.day) END,
		CASE r.warehouse_id WHEN 0 THEN array_agg(r.known_value ORDER BY r.day) END
	FROM running r
	GROUP BY r.item_id, r.warehouse_id, r.location_id, r.lot_id, r.owner_id, r.stock_state_id, r.month
$$;
COMMENT ON FUNCTION erp_private.stock_to_fold(integer, xid8, xid8) IS
'What comes to each key of folded stock from the documents with from_cut <= transaction_id < to_cut: for a month, its days with changes and the running sums at them.';

CREATE FUNCTION erp_private.keyed_stock(company_id integer, from_cut xid8, to_cut xid8)
RETURNS TABLE (stock_key_id bigint, month date, days date[], quantities numeric[], booked_values numeric[], known_values numeric[])
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET work_mem = '32MB'
AS $$
	WITH part AS MATERIALIZED (
		SELECT p.*, k.stock_key_id
		FROM erp_private.stock_to_fold($1, $2, $3) p
		LEFT JOIN LATERAL (
			SELECT t.stock_key_id
			FROM erp_private.stock_key t
			WHERE t.company_id = $1 AND t.item_id = p.item_id AND t.warehouse_id = p.warehouse_id AND t.location_id = p.location_id
				AND t.lot_id = p.lot_id AND t.owner_id = p.owner_id AND t.stock_state_id = p.stock_state_id
			OFFSET 0
		) k ON true
	), new_key AS (
		INSERT INTO erp_private.stock_key (company_id, item_id, warehouse_id, location_id, lot_id, owner_id, stock_state_id)
		SELECT DISTINCT $1, p.item_id, p.warehouse_id, p.location_id, p.lot_id, p.owner_id, p.stock_state_id
		FROM part p
		WHERE p.stock_key_id IS NULL
		RETURNING stock_key_id, item_id, warehouse_id, location_id, lot_id, owner_id, stock_state_id
	)
	SELECT COALESCE(p.stock_key_id, n.stock_key_id), p.month, p.days, p.quantities, p.booked_values, p.known_values
	FROM part p
	LEFT JOIN new_key n ON n.item_id = p.item_id AND n.warehouse_id = p.warehouse_id AND n.location_id = p.location_id
		AND n.lot_id = p.lot_id AND n.owner_id = p.owner_id AND n.stock_state_id = p.stock_state_id
$$;
COMMENT ON FUNCTION erp_private.keyed_stock(integer, xid8, xid8) IS
'The same by the key of the folded stock, made where it is new. The arguments are those of erp_private.stock_to_fold().';

-- What is brought forward to months that stand already, after those of the changes, becomes more, and their days stay as they are.
CREATE FUNCTION erp_private.add_folded_stock(company_id integer, from_cut xid8, to_cut xid8) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET work_mem = '32MB'
AS $$
	WITH part AS MATERIALIZED (
		SELECT p.* FROM erp_private.keyed_stock($1, $2, $3) p
	), grown AS (
		SELECT p.* FROM part p
		UNION ALL
		SELECT k.stock_key_id, f.month, '{}', '{}', k.no_values, k.no_values
		FROM (
			SELECT p.stock_key_id, array_agg(p.month) AS months, min(p.month) AS first_month, CASE WHEN bool_or(p.booked_values IS NOT NULL) THEN '{}'::numeric[] END AS no_values
			FROM part p
			GROUP BY p.stock_key_id
		) k
		CROSS JOIN LATERAL (
			SELECT t.month
			FROM erp_private.folded_stock t
			WHERE t.company_id = $1 AND t.stock_key_id = k.stock_key_id AND t.month > k.first_month AND t.month <> ALL (k.months)
			OFFSET 0
		) f
	), brought AS (
		SELECT g.*, COALESCE(sum(g.quantities[cardinality(g.days)]) OVER before, 0) AS quantity,
			CASE WHEN g.booked_values IS NOT NULL THEN COALESCE(sum(g.booked_values[cardinality(g.days)]) OVER before, 0) END AS booked_value,
			CASE WHEN g.known_values IS NOT NULL THEN COALESCE(sum(g.known_values[cardinality(g.days)]) OVER before, 0) END AS known_value
		FROM grown g
		WINDOW before AS (PARTITION BY g.stock_key_id ORDER BY g.month ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
	)
	INSERT INTO erp_private.folded_stock AS o (company_id, stock_key_id, month, quantity, booked_value, known_value, days, quantities, booked_values, known_values)
	SELECT $1, b.stock_key_id, b.month, b.quantity + COALESCE(f.quantity, 0), b.booked_value + COALESCE(f.booked_value, 0),
		b.known_value + COALESCE(f.known_value, 0), b.days, b.quantities, b.booked_values, b.known_values
	FROM brought b
	LEFT JOIN LATERAL erp_private.folded_stock_until($1, b.stock_key_id, b.month - 1) f ON true
	ORDER BY b.stock_key_id, b.month
	ON CONFLICT ON CONSTRAINT folded_stock_key DO UPDATE SET quantity = excluded.quantity, booked_value = excluded.booked_value,
		known_value = excluded.known_value, days = erp_private.add_days(o.days, excluded.days),
		quantities = erp_private.add_sums(o.days, o.quantities, excluded.days, excluded.quantities),
		booked_values = erp_private.add_sums(o.days, o.booked_values, excluded.days, excluded.booked_values),
		known_values = erp_private.add_sums(o.days, o.known_values, excluded.days, excluded.known_values)
$$;
COMMENT ON FUNCTION erp_private.add_folded_stock(integer, xid8, xid8) IS
'Adds what the documents with from_cut <= transaction_id < to_cut changed to the folded stock. For fold_stock() only.';

CREATE FUNCTION erp_private.fold_stock(company_id integer, from_cut xid8, to_cut xid8) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF from_cut = '0'::xid8 THEN
		DELETE FROM erp_private.folded_stock f WHERE f.company_id = $1;
		DELETE FROM erp_private.stock_key k WHERE k.company_id = $1;
	END IF;
	PERFORM erp_private.add_folded_stock($1, from_cut, to_cut);
END
$$;
COMMENT ON FUNCTION erp_private.fold_stock(integer, xid8, xid8) IS
'The step of erp.fold_balances() for stock, see erp_private.fold_step: folds moves and costs by place and by item.';

-- No row of what is folded is asked for twice: to memoize it is to copy it, with all its days, for nothing.
CREATE FUNCTION erp_private.stock_at(company_id integer, day date, asked_item_id integer)
RETURNS TABLE (item_id integer, warehouse_id integer, location_id integer, lot_id bigint, owner_id integer, stock_state_id smallint, quantity numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET enable_memoize = off
SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT s.item_id, s.warehouse_id, s.location_id, s.lot_id, s.owner_id, s.stock_state_id, sum(s.quantity)
	  FROM (
		SELECT k.item_id, k.warehouse_id, k.location_id, k.lot_id, k.owner_id, k.stock_state_id, f.quantity
		  FROM erp_private.live_cut c
		 CROSS JOIN (SELECT t.item_id FROM erp.item t WHERE t.company_id = $1 AND $3 IS NULL UNION ALL SELECT $3 WHERE $3 IS NOT NULL) i
		 CROSS JOIN LATERAL (
			SELECT t.* FROM erp_private.stock_key t
			 WHERE t.company_id = $1 AND t.item_id = i.item_id AND t.warehouse_id > 0
			OFFSET 0) k
		 CROSS JOIN LATERAL erp_private.folded_stock_until($1, k.stock_key_id, $2) f
		 WHERE c.company_id = $1 AND c.cut > '0'::xid8
		UNION ALL
		SELECT u.item_id, u.warehouse_id, u.location_id, u.lot_id, u.owner_id, u.stock_state_id, u.quantity
		  FROM erp_private.unfolded_stock u
		 WHERE u.company_id = $1 AND u.day <= $2 AND u.quantity <> 0 AND ($3 IS NULL OR u.item_id = $3)) s
	 GROUP BY 1, 2, 3, 4, 5, 6
	HAVING sum(s.quantity) <> 0;
END
$function$;
COMMENT ON FUNCTION erp_private.stock_at(integer, date, integer) IS
	'What was where at the end of a day, a row for each place with a quantity. asked_item_id: null for all.';

CREATE FUNCTION erp_private.stock_value_at(company_id integer, day date, asked_item_id integer)
RETURNS TABLE (item_id integer, quantity numeric, booked_value numeric, known_value numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET enable_memoize = off
SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT s.item_id, sum(s.quantity), sum(s.booked_value), sum(s.known_value)
	  FROM (
		SELECT i.item_id, f.quantity, f.booked_value, f.known_value
		  FROM erp_private.live_cut c
		 CROSS JOIN (SELECT t.item_id FROM erp.item t WHERE t.company_id = $1 AND $3 IS NULL UNION ALL SELECT $3 WHERE $3 IS NOT NULL) i
		 CROSS JOIN LATERAL (
			SELECT t.stock_key_id FROM erp_private.stock_key t
			 WHERE t.company_id = $1 AND t.item_id = i.item_id AND t.warehouse_id = 0
			OFFSET 0) k
		 CROSS JOIN LATERAL erp_private.folded_stock_until($1, k.stock_key_id, $2) f
		 WHERE c.company_id = $1 AND c.cut > '0'::xid8
		UNION ALL
		SELECT u.item_id, u.quantity, u.booked_value, u.known_value
		  FROM erp_private.unfolded_stock u
		 WHERE u.company_id = $1 AND u.day <= $2 AND u.owner_id = 0 AND ($3 IS NULL OR u.item_id = $3)) s
	 GROUP BY s.item_id;
END
$function$;
COMMENT ON FUNCTION erp_private.stock_value_at(integer, date, integer) IS
	'What the company owned of each item at the end of a day, and its value: as booked by then, and as now known. asked_item_id: null for all.';
