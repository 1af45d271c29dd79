-- inventory: where a lot came from, and where it went.

-- From lot to lot by documents in which one goes out and the other comes in: assembly, production, splitting, merging.
CREATE FUNCTION erp.trace_lot(company text, item text, lot text, direction text)
	RETURNS TABLE (depth integer, item_code text, lot_code text, document_kind text, document_key text, line_no integer, day date,
		party_code text, warehouse_code text, quantity numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH RECURSIVE start AS (
		SELECT c.company_id, b.lot_id, CASE $4 WHEN 'from' THEN 1 WHEN 'used' THEN -1 END AS sign
		  FROM erp.company c
		  JOIN erp.item i ON i.company_id = c.company_id AND i.code = $2
		  JOIN erp.lot b ON b.company_id = i.company_id AND b.item_id = i.item_id AND b.code = $3
		 WHERE c.code = $1 AND $4 IN ('from', 'used')
	), reached AS (
		SELECT s.company_id, s.sign, s.lot_id, 0 AS depth FROM start s
		UNION
		SELECT r.company_id, r.sign, o.lot_id, r.depth + 1
		  FROM reached r
		 CROSS JOIN LATERAL (SELECT t.document_id FROM erp.stock_move t WHERE t.company_id = r.company_id AND t.lot_id = r.lot_id AND t.lot_id <> 0
			AND t.quantity * r.sign > 0 OFFSET 0) m
		 CROSS JOIN LATERAL (SELECT t.lot_id FROM erp.stock_move t WHERE t.company_id = r.company_id AND t.document_id = m.document_id AND t.lot_id <> 0
			AND t.lot_id <> r.lot_id AND t.quantity * r.sign < 0 OFFSET 0) o
		 WHERE r.depth < 100
	), first AS (
		SELECT r.company_id, r.sign, r.lot_id, min(r.depth) AS depth FROM reached r GROUP BY r.company_id, r.sign, r.lot_id
	)
	SELECT f.depth, i.code, b.code, d.kind, d.key, m.line_no, m.day, NULLIF(p.code, ''), w.code, abs(m.quantity)
	  FROM first f
	 CROSS JOIN LATERAL (SELECT t.* FROM erp.stock_move t WHERE t.company_id = f.company_id AND t.lot_id = f.lot_id AND t.lot_id <> 0
		AND t.quantity * f.sign > 0 OFFSET 0) m
	  JOIN erp.lot b ON b.company_id = f.company_id AND b.lot_id = f.lot_id
	  JOIN erp.item i ON i.company_id = m.company_id AND i.item_id = m.item_id
	  JOIN erp.document d ON d.company_id = m.company_id AND d.document_id = m.document_id
	  JOIN erp.party p ON p.company_id = d.company_id AND p.party_id = d.party_id
	  LEFT JOIN erp.warehouse w ON w.company_id = m.company_id AND w.warehouse_id = m.warehouse_id
	 ORDER BY f.depth, i.code, b.code, m.day, m.time_of_day, m.move_id
$function$;
COMMENT ON FUNCTION erp.trace_lot(text, text, text, text) IS
	'Where a lot came from, or where it was used, and on through the lots that it was made of or went into. company, item, lot: codes. direction: from (what brought it in: receipts, returns, production; then what brought in the lots that went out by these documents) or used (what took it out, and the lots that came in by these documents). Returns a row for each move: depth (0: the lot itself), item, lot, document, line, day, party (null without one), warehouse and quantity in the item''s unit, by depth. A move within the company shows at both ends. No rows for an unknown company, item, lot or direction.';
