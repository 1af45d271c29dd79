-- inventory: what is promised, against what is there and what is expected (law 5).

CREATE FUNCTION erp_private.check_reservations()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH reserved AS (
		SELECT r.company_id, r.item_id, r.warehouse_id, r.location_id, r.lot_id, r.owner_id, r.stock_state_id, sum(r.quantity) AS quantity
		FROM erp.reservation r WHERE r.claim = 'stock'
		GROUP BY 1, 2, 3, 4, 5, 6, 7
	), free AS (
		SELECT f.company_id, f.position_id, sum(f.quantity) AS quantity, min(f.quantity) AS least, bool_or(f.slot = 0) AS begun
		FROM erp_private.free_stock f
		GROUP BY 1, 2
	), claimed AS (
		SELECT r.company_id, r.item_id, r.expected_receipt_id, r.warehouse_id, sum(r.quantity) AS quantity
		FROM erp.reservation r WHERE r.claim <> 'stock'
		GROUP BY 1, 2, 3, 4
	)
	SELECT p.check_name, c.code, p.object, p.detail
	FROM (
		SELECT 'reserved_stock', COALESCE(s.company_id, r.company_id), format('item %s, warehouse %s, location %s, lot %s',
			COALESCE(s.item_id, r.item_id), COALESCE(s.warehouse_id, r.warehouse_id), COALESCE(s.location_id, r.location_id), COALESCE(s.lot_id, r.lot_id)),
			format('reserved %s, on hand %s', trim_scale(r.quantity), COALESCE(trim_scale(s.on_hand)::text, 'nothing'))
		FROM reserved r
		LEFT JOIN erp_private.stock_position s USING (company_id, item_id, warehouse_id, location_id, lot_id, owner_id, stock_state_id)
		WHERE r.quantity > greatest(COALESCE(s.on_hand, 0), 0)
		UNION ALL
		SELECT 'free_stock', s.company_id, format('item %s, warehouse %s, location %s, lot %s', s.item_id, s.warehouse_id, s.location_id, s.lot_id),
			format('on hand %s, reserved %s, kept as free %s', trim_scale(s.on_hand), COALESCE(trim_scale(r.quantity), 0), COALESCE(trim_scale(f.quantity)::text, 'nothing'))
		FROM erp_private.stock_position s
		LEFT JOIN reserved r USING (company_id, item_id, warehouse_id, location_id, lot_id, owner_id, stock_state_id)
		LEFT JOIN free f ON f.company_id = s.company_id AND f.position_id = s.position_id
		WHERE (s.position_id <> 0 OR r.quantity > 0)
			AND (COALESCE(f.quantity, -1) <> greatest(s.on_hand, 0) - COALESCE(r.quantity, 0) OR f.least < 0 OR NOT f.begun)
		UNION ALL
		SELECT 'free_stock', f.company_id, format('position %s', f.position_id), 'is of no place'
		FROM free f
		WHERE NOT EXISTS (SELECT FROM erp_private.stock_position s WHERE s.company_id = f.company_id AND s.position_id = f.position_id)
		UNION ALL
		SELECT 'expected_claims', COALESCE(e.company_id, r.company_id), format('expected receipt %s', COALESCE(e.expected_receipt_id, r.expected_receipt_id)),
			CASE WHEN e.company_id IS NULL THEN 'is claimed, and there is none of this item and warehouse'
				ELSE format('expects %s, claimed %s, reservations claim %s', trim_scale(e.quantity), trim_scale(e.claimed), COALESCE(trim_scale(r.quantity), 0)) END
		FROM erp.expected_receipt e
		FULL JOIN claimed r ON r.company_id = e.company_id AND r.item_id = e.item_id AND r.expected_receipt_id = e.expected_receipt_id AND r.warehouse_id = e.warehouse_id
		WHERE e.claimed IS DISTINCT FROM COALESCE(r.quantity, 0) OR e.claimed > e.quantity
	) AS p (check_name, company_id, object, detail)
	LEFT JOIN erp.company c ON c.company_id = p.company_id
$$;
COMMENT ON FUNCTION erp_private.check_reservations() IS
'Law 5: no place has more reserved than is on hand; what is kept as free of a place that was reserved from is what is on hand less what is reserved; what is claimed of an expected receipt is what reservations claim, and no more than it expects.';
