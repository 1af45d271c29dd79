-- inventory: reports that take arguments. They read views only, so whoever may read those may call these.

CREATE FUNCTION erp.stock_valuation(company text, day date)
RETURNS TABLE (item_code text, item_name text, item_group text, unit text, quantity numeric, unit_cost numeric, value numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT s.item_code, s.item_name, s.item_group, s.unit, sum(s.quantity),
		round(sum(s.value) / NULLIF(sum(s.quantity), 0), 8), sum(s.value)
	FROM erp.stock_change s
	WHERE s.company = $1 AND s.day <= $2
	GROUP BY s.item_code, s.item_name, s.item_group, s.unit
	HAVING sum(s.quantity) <> 0 OR sum(s.value) <> 0
	ORDER BY s.item_code
$$;
COMMENT ON FUNCTION erp.stock_valuation(text, date) IS
'Quantity and value of each item at the end of a day, as the books of that day say: the values add up to the balances of the inventory accounts. Quantity in the item''s unit, unit cost (value / quantity, 8 decimals) and value in the company''s currency. company: code. day: the last one that counts. Returns a row for each item with a quantity or a value, by code; none for an unknown company.';
