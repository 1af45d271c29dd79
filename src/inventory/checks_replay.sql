-- inventory: what replays keep beside the facts, derived again from them (law 3). Where they may begin, check_stock() looks at.

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
