-- inventory: reports that take arguments. None reads the history of an item: they stand on what is folded (folded_stock.sql),
-- which they read with the rights of erp_owner (grants.sql).

CREATE FUNCTION erp.stock_valuation(company text, day date)
RETURNS TABLE (item_code text, item_name text, item_group text, unit text, quantity numeric, unit_cost numeric, value numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	books record;
BEGIN
	SELECT c.company_id, c.decimals INTO books FROM erp_private.company_money c WHERE c.company = $1;
	IF books.company_id IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT i.code, i.name, i.item_group, u.code, s.quantity, round(s.booked_value / NULLIF(s.quantity, 0), 8), round(s.booked_value, books.decimals)
	FROM erp_private.stock_value_at(books.company_id, $2, NULL) s
	JOIN erp.item i ON i.company_id = books.company_id AND i.item_id = s.item_id
	LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
	WHERE s.quantity <> 0 OR s.booked_value <> 0
	ORDER BY i.code;
END
$$;
COMMENT ON FUNCTION erp.stock_valuation(text, date) IS
'Quantity and value of what the company owns of each item at the end of a day, as the books of that day say: the values add up to the balances of the inventory accounts. Quantity in the item''s unit, unit cost (value / quantity, 8 decimals) and value in the company''s currency. company: code. day: the last one that counts. Returns a row for each item with a quantity or a value, by code; none for an unknown company. Reads what erp.fold_balances() folded and what came since, not the history.';

CREATE FUNCTION erp.stock_on_hand(company text, day date, item text DEFAULT NULL)
RETURNS TABLE (item_code text, item_name text, item_group text, warehouse_code text, location_code text, lot_code text, stock_state text,
	owner_code text, on_hand numeric, unit text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	books_id integer := (SELECT c.company_id FROM erp.company c WHERE c.code = $1);
	asked integer := (SELECT i.item_id FROM erp.item i WHERE i.company_id = books_id AND i.code = $3);
BEGIN
	IF books_id IS NULL OR asked IS NULL AND $3 IS NOT NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT i.code, i.name, i.item_group, w.code, l.code, b.code, t.code, o.code, s.quantity, u.code
	FROM erp_private.stock_at(books_id, $2, asked) s
	JOIN erp.item i ON i.company_id = books_id AND i.item_id = s.item_id
	JOIN erp.warehouse w ON w.company_id = books_id AND w.warehouse_id = s.warehouse_id
	LEFT JOIN erp.location l ON l.company_id = books_id AND l.location_id = s.location_id
	LEFT JOIN erp.lot b ON b.company_id = books_id AND b.lot_id = s.lot_id AND b.lot_id <> 0
	LEFT JOIN erp.stock_state t ON t.stock_state_id = s.stock_state_id
	LEFT JOIN erp.party o ON o.company_id = books_id AND o.party_id = s.owner_id AND o.party_id <> 0
	LEFT JOIN erp.unit u ON u.unit_id = i.unit_id
	ORDER BY i.code, w.code, l.code NULLS FIRST, b.code NULLS FIRST, s.stock_state_id, o.code NULLS FIRST;
END
$$;
COMMENT ON FUNCTION erp.stock_on_hand(text, date, text) IS
'What was where at the end of a day, by the days of the moves. company: code. day: the last one that counts. item: code; null: all. Returns a row for each place with a quantity, in the order item, warehouse, location, lot: names and codes as in the view erp.stock_on_hand, which says what is there now, and the quantity in the item''s unit, negative where stock was below zero; none for an unknown company or item. Reads what erp.fold_balances() folded and what came since, not the history.';

CREATE FUNCTION erp.stock_card(company text, item text, first_day date, last_day date)
RETURNS TABLE (day date, time_of_day time, move_id bigint, document_kind text, document_key text, line_no integer, reference text, party_code text,
	warehouse_code text, quantity numeric, value numeric, running_quantity numeric, running_value numeric, unit text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
	books record;
	card record;
	opening_quantity numeric;
	opening_value numeric;
BEGIN
	SELECT c.company_id, c.decimals INTO books FROM erp_private.company_money c WHERE c.company = $1;
	SELECT i.item_id, u.code AS unit INTO card FROM erp.item i LEFT JOIN erp.unit u ON u.unit_id = i.unit_id WHERE i.company_id = books.company_id AND i.code = $2;
	IF card.item_id IS NULL OR $3 IS NULL OR $4 IS NULL THEN
		RETURN;
	END IF;
	opening_quantity := (SELECT COALESCE(sum(s.quantity), 0.000000) FROM erp_private.stock_at(books.company_id, $3 - 1, card.item_id) s);
	opening_value := COALESCE((SELECT s.known_value FROM erp_private.stock_value_at(books.company_id, $3 - 1, card.item_id) s), 0);
	RETURN QUERY
	SELECT $3, NULL::time, NULL::bigint, NULL, NULL, NULL::integer, NULL, NULL, NULL, NULL::numeric, NULL::numeric, opening_quantity,
		round(opening_value, books.decimals), card.unit
	UNION ALL
	(SELECT m.day, m.time_of_day, m.move_id, d.kind, d.key, m.line_no, d.reference, p.code, w.code, m.quantity, round(e.value, books.decimals),
		opening_quantity + sum(m.quantity) OVER item_order, round(opening_value + sum(e.value) OVER item_order, books.decimals), card.unit
	FROM (
		SELECT t.* FROM erp.stock_move t
		WHERE t.company_id = books.company_id AND t.item_id = card.item_id AND t.day >= $3 AND t.day <= $4
		OFFSET 0
	) m
	CROSS JOIN LATERAL (SELECT t.* FROM erp.document t WHERE t.company_id = books.company_id AND t.document_id = m.document_id OFFSET 0) d
	LEFT JOIN erp.warehouse w ON w.company_id = books.company_id AND w.warehouse_id = m.warehouse_id
	LEFT JOIN erp.party p ON p.company_id = books.company_id AND p.party_id = d.party_id AND p.party_id <> 0
	CROSS JOIN LATERAL (
		SELECT COALESCE(sum(t.amount), 0) AS value FROM erp.cost_entry t WHERE t.company_id = books.company_id AND t.move_id = m.move_id
	) e
	WINDOW item_order AS (ORDER BY m.day, m.time_of_day, m.move_id)
	ORDER BY m.day, m.time_of_day, m.move_id);
END
$$;
COMMENT ON FUNCTION erp.stock_card(text, text, date, date) IS
'Moves of an item in a range of days, in costing order, with what is then on hand and its value as now known; what the view erp.stock_card has of the whole history. company, item: codes. first_day, last_day: of the moves. Returns first a row without a move (move_id null): what was on hand before; then a row for each move: its day, local time of day and identity, kind, key and reference of its document and the line, the party (null without one), the warehouse (null for a move of value alone), quantity in the item''s unit and value in the company''s currency, out negative, and both as they run. No rows for an unknown company or item. Reads the moves of these days, what erp.fold_balances() folded and what came since.';
