-- inventory: the check of moves, costs and what is kept of them.

CREATE FUNCTION erp_private.check_stock() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE c STABLE PARALLEL SAFE
	COST 2500000
	SET search_path = pg_catalog, pg_temp
	SET max_parallel_workers_per_gather = 0
	AS 'MODULE_PATHNAME', 'erp_check_stock';
COMMENT ON FUNCTION erp_private.check_stock() IS
'Reads moves, cost entries, lines of documents and lines of vouchers once. Law 3: what is on hand at every place equals the moves there; what is carried comes to its place in the quantity in which it left the other; every move has cost entries of its quantity and sign, and they add up to the cost pools; no quantity, no value; issues draw on a receipt of their own pool no more than it brought, an empty layer is worth nothing, and the cursor of a FIFO pool says what is left of its layer; the cost entries of every voucher line on an inventory account are its amount, those that a line counters the opposite; where replays begin, the pools of an item are what the entries of its moves up to there add up to, no pool that is not named held anything, and what was left of the layer at the head of a FIFO pool is what had not been taken of it. Law 6: a move stands on the posting day of its document. Law 9: it is exactly what was entered, by the ratio of the unit; costs have no more decimals than the company''s currency. Law 10: what moves, cost entries and lines with goods refer to exists; stands in for foreign keys on the hot tables.';

CREATE FUNCTION erp_private.moves_replayed() RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_moves_replayed';
COMMENT ON FUNCTION erp_private.moves_replayed() IS
'How many moves the last call of this session that replayed anything took through a cost method again, or summed up to know where to begin.';

CREATE FUNCTION erp_private.check_serials()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'serial_numbers', c.code, format('item %s, serial number %s', i.code, k.code), format('%s of it in stock after move %s', h.held, h.move_id)
	FROM erp.lot k
	CROSS JOIN LATERAL (
		SELECT s.held, s.move_id
		FROM (
			SELECT m.move_id, m.day, m.time_of_day, sum(m.quantity) OVER (ORDER BY m.day, m.time_of_day, m.move_id) AS held
			FROM erp.stock_move m
			WHERE m.company_id = k.company_id AND m.lot_id = k.lot_id AND m.lot_id <> 0
		) s
		WHERE s.held NOT IN (0, 1)
		ORDER BY s.day, s.time_of_day, s.move_id
		LIMIT 1
	) h
	LEFT JOIN erp.company c ON c.company_id = k.company_id
	LEFT JOIN erp.item i ON i.company_id = k.company_id AND i.item_id = k.item_id
	WHERE k.is_serial
$$;
COMMENT ON FUNCTION erp_private.check_serials() IS
'Law 5: of a serial number there is one piece in stock, or none, after each of its moves.';

CREATE FUNCTION erp_private.check_transfers()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'transfers', c.code, format('document %s, line %s', l.target_document_id, l.target_line_no),
		format('%s were brought there, %s taken', COALESCE(s.quantity, 0), l.taken)
	FROM (
		SELECT k.company_id, k.target_document_id, k.target_line_no, sum(k.quantity) AS taken
		FROM erp.document_link k
		JOIN erp.document_line n ON n.company_id = k.company_id AND n.document_id = k.document_id AND n.line_no = k.line_no
		JOIN erp.line_role r ON r.line_role = n.line_role AND r.stock_direction = 'out' AND r.value_source = 'replay'
		WHERE k.link = 'fulfils' AND NOT EXISTS (
			SELECT FROM erp.document r
			WHERE r.company_id = k.company_id AND r.reverses_document_id = k.document_id AND r.reverses_document_id <> 0)
		GROUP BY k.company_id, k.target_document_id, k.target_line_no
	) l
	LEFT JOIN erp.stock_move s ON s.company_id = l.company_id AND s.document_id = l.target_document_id AND s.line_no = l.target_line_no AND s.quantity > 0
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	WHERE l.taken > COALESCE(s.quantity, 0)
$$;
COMMENT ON FUNCTION erp_private.check_transfers() IS
'Law 3: no more is taken of what was sent, lent, delivered on consignment, shipped or borrowed than that. That what is carried arrives as it left, check_stock() says.';

CREATE FUNCTION erp_private.check_with_others()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'with_others', c.code, format('item %s at location %s', i.code, l.code), format('%s on hand, %s lent, on consignment or shipped', p.on_hand, b.open)
	FROM erp.location l
	JOIN erp_private.stock_position p ON p.company_id = l.company_id AND p.location_id = l.location_id
	CROSS JOIN LATERAL (
		SELECT COALESCE(sum(m.quantity - t.taken), 0) AS open
		FROM erp.stock_move m
		JOIN erp_private.standing_document d ON d.company_id = m.company_id AND d.document_id = m.document_id
		CROSS JOIN LATERAL (
			SELECT COALESCE(sum(f.quantity), 0) AS taken
			FROM erp.document_link f
			JOIN erp_private.standing_document x ON x.company_id = f.company_id AND x.document_id = f.document_id
			WHERE f.company_id = m.company_id AND f.target_document_id = m.document_id AND f.target_line_no = m.line_no AND f.link = 'fulfils'
		) t
		WHERE m.company_id = p.company_id AND m.item_id = p.item_id AND m.quantity > 0
			AND (m.location_id, m.lot_id, m.owner_id, m.stock_state_id) = (p.location_id, p.lot_id, p.owner_id, p.stock_state_id)
	) b
	LEFT JOIN erp.company c ON c.company_id = l.company_id
	LEFT JOIN erp.item i ON i.company_id = p.company_id AND i.item_id = p.item_id
	WHERE l.kind IN ('lent', 'consignment', 'shipped') AND p.on_hand <> b.open
$$;
COMMENT ON FUNCTION erp_private.check_with_others() IS
'Law 3: at locations of lent, consigned and shipped goods lies what loans, consignment deliveries and shipments brought there and nobody has returned, sold or lost.';

CREATE FUNCTION erp_private.check_cut_off()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH posted AS (
		SELECT l.company_id, l.currency_id, NOT x.is_ahead AS is_shipped, sum(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END) AS amount,
			sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END) AS company_amount
		FROM erp.posting_rule r
		CROSS JOIN LATERAL (SELECT r.amount_role = 'ahead' OR r.kind = 'sales_shipment' AND r.amount_role = 'unbilled' AS is_ahead) x
		JOIN erp.voucher_line l ON l.company_id = r.company_id AND l.posting_rule_id = r.posting_rule_id
		WHERE EXISTS (
			SELECT FROM erp.document_kind_role n
			JOIN erp.line_role e ON e.line_role = n.line_role AND e.value_source IN ('sold', 'unsold', 'invoice')
			WHERE n.kind = r.kind AND (r.line_role = n.line_role AND (r.amount_role IN ('unbilled', 'ahead') OR r.amount_role = 'amount' AND e.value_source = 'invoice')
				OR r.line_role = 'document' AND r.amount_role IN ('total', 'ahead') AND e.value_source <> 'invoice'))
		GROUP BY l.company_id, l.currency_id, x.is_ahead
	), open AS (
		SELECT o.company_id, o.currency_id, o.is_shipped, sum(CASE WHEN o.is_shipped THEN o.open_amount ELSE -o.open_amount END) AS amount, bool_or(o.open_quantity <> 0) AS any_open
		FROM erp_private.cut_off_line o
		GROUP BY o.company_id, o.currency_id, o.is_shipped
	)
	SELECT 'cut_off', c.code, format('what is %s in %s', CASE WHEN COALESCE(p.is_shipped, o.is_shipped) THEN 'shipped and not billed' ELSE 'billed and not shipped' END, u.code),
		format('open %s, posted %s, in the company''s currency %s', COALESCE(o.amount, 0), COALESCE(p.amount, 0), COALESCE(p.company_amount, 0))
	FROM posted p
	FULL JOIN open o ON o.company_id = p.company_id AND o.currency_id = p.currency_id AND o.is_shipped = p.is_shipped
	LEFT JOIN erp.company c ON c.company_id = COALESCE(p.company_id, o.company_id)
	LEFT JOIN erp.currency u ON u.currency_id = COALESCE(p.currency_id, o.currency_id)
	WHERE COALESCE(o.amount, 0) <> COALESCE(p.amount, 0) OR COALESCE(p.company_amount, 0) <> 0 AND o.any_open IS NOT TRUE
$$;
COMMENT ON FUNCTION erp_private.check_cut_off() IS
'Law 3: what documents have posted between shipment and invoice is, currency by currency, what is shipped and not billed on the cut-off account, and what is billed and not shipped on that or on an account of its own, as the posting rules say; where nothing is open it is nothing in the company''s currency either.';

CREATE FUNCTION erp_private.check_costing_methods()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH change AS MATERIALIZED (
		SELECT k.*, i.code, i.costing_method AS item_method, d.posting_day, d.kind,
			lag(k.costing_method) OVER w AS last_method, lead(k.document_id) OVER w AS next_id
		FROM erp.item_costing k
		LEFT JOIN erp.item i ON i.company_id = k.company_id AND i.item_id = k.item_id
		LEFT JOIN erp.document d ON d.company_id = k.company_id AND d.document_id = k.document_id
		WINDOW w AS (PARTITION BY k.company_id, k.item_id ORDER BY k.valid_from, k.document_id)
	)
	SELECT 'costing_methods', c.code, format('item %s, document %s', COALESCE(k.code, k.item_id::text), k.document_id), r.reason
	FROM change k
	LEFT JOIN erp.company c ON c.company_id = k.company_id
	CROSS JOIN LATERAL (
		SELECT 'is of no document that changes costing methods on the day before' WHERE (k.kind, k.posting_day) IS DISTINCT FROM ('costing_change', k.valid_from - 1)
		UNION ALL SELECT format('the method before was %s, not %s', k.last_method, k.method_before) WHERE k.last_method <> k.method_before
		UNION ALL SELECT format('the item says %s, its last change %s', k.item_method, k.costing_method)
			WHERE k.next_id IS NULL AND k.item_method IS DISTINCT FROM k.costing_method
		UNION ALL SELECT format('cost pool %s moved before and has no part in the change', p.cost_pool_id)
			FROM erp_private.cost_pool p
			WHERE p.company_id = k.company_id AND p.item_id = k.item_id AND p.cost_pool_id <> -1
				AND EXISTS (SELECT FROM erp.stock_move m WHERE m.company_id = k.company_id AND m.item_id = k.item_id AND m.cost_pool_id = p.cost_pool_id AND m.day < k.valid_from)
				AND NOT EXISTS (SELECT FROM erp.stock_move m WHERE m.company_id = k.company_id AND m.document_id = k.document_id AND m.cost_pool_id = p.cost_pool_id
					AND m.item_id = k.item_id AND m.quantity = 0)
		UNION ALL SELECT 'no cost pool says that the method changed'
			WHERE NOT EXISTS (SELECT FROM erp_private.cost_pool p WHERE p.company_id = k.company_id AND p.item_id = k.item_id AND p.method_changed)
	) r (reason)
$$;
COMMENT ON FUNCTION erp_private.check_costing_methods() IS
'Law 10: each change of a costing method is of a document that closed and opened every pool of the item the day before, follows the change before it, and the last one is the method of the item.';

CREATE FUNCTION erp_private.check_expired_issues()
RETURNS TABLE (check_name text, company text, object text, detail text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'expired_issues', c.code, format('document %s, line %s', e.document_id, e.line_no), r.reason
	FROM erp.expired_issue e
	LEFT JOIN erp.company c ON c.company_id = e.company_id
	LEFT JOIN erp.document d ON d.company_id = e.company_id AND d.document_id = e.document_id
	CROSS JOIN LATERAL (
		SELECT format('the last day was %s, and the document is not of a later one', e.last_day) WHERE (d.day > e.last_day) IS NOT TRUE
		UNION ALL SELECT 'is no line that issues a lot to a customer'
			WHERE NOT EXISTS (SELECT FROM erp.stock_move m
				JOIN erp.document_line n ON n.company_id = m.company_id AND n.document_id = m.document_id AND n.line_no = m.line_no
				JOIN erp.line_role l ON l.line_role = n.line_role AND l.refuses_expired
				WHERE m.company_id = e.company_id AND m.document_id = e.document_id AND m.line_no = e.line_no AND m.lot_id <> 0 AND m.quantity < 0)
	) r (reason)
$$;
COMMENT ON FUNCTION erp_private.check_expired_issues() IS
'Law 10: what is on record as issued past its last day is a line that issued a lot to a customer, on a later day than that.';
