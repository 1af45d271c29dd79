-- inventory: the quantity-and-amount ledger of an item, which ledger lines do not have item by item.

CREATE FUNCTION erp.quantity_ledger_of_item(company text, item text, first_day date, last_day date)
RETURNS TABLE (entry text, day date, document_kind text, document_key text, line_no integer, party_code text, warehouse_code text, unit text,
	debit_quantity numeric, debit_price numeric, debit numeric, credit_quantity numeric, credit_price numeric, credit numeric,
	balance_quantity numeric, balance_price numeric, balance numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN c.move_id IS NULL THEN 'opening' ELSE 'line' END, c.day, c.document_kind, c.document_key, c.line_no, c.party_code, c.warehouse_code, c.unit,
		x.debit_quantity, round(c.value / NULLIF(x.debit_quantity, 0), 8), CASE WHEN x.comes THEN c.value END,
		x.credit_quantity, round(-c.value / NULLIF(x.credit_quantity, 0), 8), CASE WHEN NOT x.comes THEN -c.value END,
		c.running_quantity, round(c.running_value / NULLIF(c.running_quantity, 0), 8), c.running_value
	FROM erp.stock_card($1, $2, $3, $4) WITH ORDINALITY AS c (day, time_of_day, move_id, document_kind, document_key, line_no, reference, party_code,
		warehouse_code, quantity, value, running_quantity, running_value, unit, place)
	CROSS JOIN LATERAL (SELECT c.quantity > 0 OR c.quantity = 0 AND c.value > 0 AS comes, CASE WHEN c.quantity > 0 THEN c.quantity END AS debit_quantity,
		CASE WHEN c.quantity < 0 THEN -c.quantity END AS credit_quantity) x
	ORDER BY c.place
$$;
COMMENT ON FUNCTION erp.quantity_ledger_of_item(text, text, date, date) IS
'Quantity-and-amount ledger of an item from its stock card: a row with what was there before (entry "opening"), then each move with quantity, price and amount of what comes in (debit), goes out (credit) and is left, in its base unit and the company''s currency, as now known. company, item: codes. first_day, last_day: days of the moves. Prices: amount / quantity, 8 decimals, null without a quantity. Returns none for an unknown company or item.';
