-- inventory: what the cost methods of items ask for.

CREATE FUNCTION erp_private.check_costing(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_choice(request, '$[#]', 'method', ARRAY['fifo', 'moving_average', 'monthly_average', 'specific', 'standard']);
	PERFORM erp_private.check_choice(request, '$[#]', 'cost_pool', ARRAY['company', 'warehouse', 'lot']);
	SELECT r.n, r.pool, r.reason INTO bad
	  FROM (SELECT e.n, i.pool, CASE WHEN i.method IN ('monthly_average', 'standard') AND i.pool = 'lot' THEN 'an item by monthly average or standard cost has a pool of cost for the company or per warehouse'
	               WHEN i.method = 'specific' AND i.pool <> 'lot' THEN 'an item by specific cost has a pool of cost per lot'
	               WHEN i.pool = 'lot' AND i.tracking = 'none' THEN 'an item with a pool of cost per lot is tracked by lot or serial number' END AS reason
	          FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	          LEFT JOIN erp.item o ON o.company_id = check_costing.company_id AND o.code = e.value ->> 'code'
	         CROSS JOIN LATERAL (SELECT COALESCE(e.value ->> 'method', o.costing_method) AS method,
	               COALESCE(e.value ->> 'tracking', o.tracking, 'none') AS tracking,
	               COALESCE(e.value ->> 'cost_pool', o.cost_pool, CASE e.value ->> 'method' WHEN 'specific' THEN 'lot' ELSE 'company' END) AS pool) i) r
	 WHERE r.reason IS NOT NULL
	 ORDER BY r.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE011', bad.reason, format('$[%s].cost_pool', bad.n - 1), bad.pool,
			'Leave "cost_pool" out, or take another method; give "tracking": "lot" or "serial" with a pool per lot.');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_costing(integer, jsonb) IS 'Raises LE011 unless methods and pools of cost of the items are known and go together.';

CREATE FUNCTION erp.run_month_cost(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_run_month_cost';
COMMENT ON FUNCTION erp.run_month_cost(text, text, json) IS
	'Runs the cost of a month for all items by monthly average (全月一次加权平均) that moved in it: until then their issues stand at a provisional cost, see erp.provisional_costs. company: code. key: idempotency key of the request, 1 to 200 bytes; the same request under it again returns the first result. request: {"period": code of the period}. Unit cost of the month = (opening value + value of what came in) / (opening quantity + quantity of what came in); what is taken back of a receipt counts as less coming in, what was sold and comes back within the month as less going out. All that went out costs round(value x issued / quantity) together; each issue what it adds to that, so that the last takes the residue. What differs from the provisional costs becomes cost entries (cause replay) and adjustment vouchers. A later fact of a month that was run is costed at the month''s new average at once, with adjustments; so is all that follows from it. A month in which nothing moved has no run: what is found of it later, even when later months were run, is provisional until it is run itself. Returns {"document_id", "voucher_id" (null), "number"}. Errors: LE001 to LE003, LE010, LE011, LE012 for an unknown period, LE020, LE030 and LE032 for a closed day, LE186 if goods moved in a month before it that was not run.';

CREATE FUNCTION erp.put_standard_costs(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_put_standard_costs';
COMMENT ON FUNCTION erp.put_standard_costs(text, text, json) IS
	'Puts standard costs in force, and revalues what is on hand. company: code. key: idempotency key of the request, 1 to 200 bytes; the same request under it again returns the first result. request: {"day" (from which they are valid, for what was booked of that day later than this call; what was booked of it before keeps the standard of its time), "costs": [{"item" (code, by method standard), "cost" (of one unit, in the company''s currency, up to 8 decimals)}]}. After each move the stock of the item, or of it in a warehouse where it has a pool of cost per warehouse, is worth round(quantity x standard); receipts enter at standard, and what was paid above it is posted by the rules for amount_role price_variance; issues cost standard. The stock that is on hand on the day is worth the new standard, and the difference is posted by the rules of kind standard_revaluation, with adjustments of what was booked for later days. Returns {"document_id", "voucher_id" (null if no value changes), "number"}. Errors: LE001 to LE003, LE010, LE011, LE012 for an unknown item, LE020, LE030 to LE032, LE041.';

CREATE FUNCTION erp.change_costing_method(company text, key text, request json) RETURNS jsonb
	LANGUAGE c VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_change_costing_method';
COMMENT ON FUNCTION erp.change_costing_method(text, text, json) IS
	'Changes the costing method of items from a day on. company: code. key: idempotency key of the request, 1 to 200 bytes; the same request under it again returns the first result. request: {"day" (from which the items are costed by the new method), "method" (fifo, moving_average, monthly_average, specific or standard), and either "items": [{"item" (code), "cost"? (standard cost of one unit, in the company''s currency, up to 8 decimals: for method standard, and only then)}] or "group" (code: all its items, and those of the groups below it, that are costed by another method; not for method standard)}. Each pool of cost of an item is closed by the old method at the end of the day before and opened by the new one, by a move of value alone: FIFO begins with one layer of what is there, an average with the sum of the layers. The value stays as it is, except by standard cost: there it is round(quantity x standard), and the difference is posted by the rules of kind costing_change. Moves of later days are costed again by the new method, with adjustments; documents that are dated before the change later are costed by the old one, and what that changes goes through the change. A pool of cost per company, warehouse or lot stays what it is. A change is not reversed: another one from the same day on, or a later one, takes its place. Returns {"document_id", "voucher_id" (null if no value changes), "number"}. Errors: LE001 to LE003, LE010, LE011, LE012 for an unknown item or group, LE020, LE030 to LE032 where the day before is closed, LE041, LE050 and LE052 where what was booked later does not fit the new method, LE186 from monthly average if a month before it was not run, LE210 to LE214.';
