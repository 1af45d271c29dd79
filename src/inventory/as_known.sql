-- inventory: stock as of a day, as known at a position of the seal. A move is known with its document, a value with the
-- document of the voucher that took it: what a replay learned later of a move is known with the adjustment.

CREATE FUNCTION erp.stock_as_known(company text, day date, seal_position bigint)
RETURNS TABLE (item_code text, quantity numeric, unit_cost numeric, value numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $$
	WITH known AS MATERIALIZED (
		SELECT k.company_id, k.decimals, k.document_id
		FROM erp.documents_as_known($1, $3) k
	), change AS (
		SELECT k.company_id, k.decimals, s.item_id, s.quantity, s.booked_value AS value
		FROM known k
		CROSS JOIN LATERAL (SELECT t.* FROM erp_private.document_stock t WHERE t.company_id = k.company_id AND t.document_id = k.document_id OFFSET 0) s
		WHERE s.owner_id = 0 AND s.day <= COALESCE($2, 'infinity')
	)
	SELECT i.code, sum(c.quantity), round(sum(c.value) / NULLIF(sum(c.quantity), 0), 8), round(sum(c.value), c.decimals)
	FROM change c
	CROSS JOIN LATERAL (SELECT t.* FROM erp.item t WHERE t.company_id = c.company_id AND t.item_id = c.item_id OFFSET 0) i
	GROUP BY i.code, c.decimals
	HAVING sum(c.quantity) <> 0 OR sum(c.value) <> 0
	ORDER BY i.code
$$;
COMMENT ON FUNCTION erp.stock_as_known(text, date, bigint) IS
'erp.stock_valuation() as known at a position of the seal: quantity on the day of the move, value on the day of its voucher. company: code. day: the last one that counts; null: all. seal_position: the last position that counts, see erp.seal_head(). Returns a row for each item with a quantity or a value, by code: quantity in the item''s unit, unit cost (value / quantity, 8 decimals) and value in the company''s currency, without names, which may change; none for an unknown company.';
