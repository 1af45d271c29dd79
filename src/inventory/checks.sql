-- inventory: the check of moves, costs and what is kept of them.

CREATE FUNCTION erp_private.check_moves() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE c STABLE PARALLEL SAFE
	COST 1200000
	SET search_path = pg_catalog, pg_temp
	SET max_parallel_workers_per_gather = 0
	AS 'MODULE_PATHNAME', 'erp_check_moves';
COMMENT ON FUNCTION erp_private.check_moves() IS
'Reads moves and lines of documents once. Law 3: what is on hand at every place equals the moves there. Law 6: a move stands on the posting day of its document. Law 9: it is exactly what was entered, by the ratio of the unit. Law 10: what moves and lines with goods refer to exists; stands in for foreign keys on the hot tables.';

CREATE FUNCTION erp_private.check_costs() RETURNS TABLE (check_name text, company text, object text, detail text)
	LANGUAGE c STABLE PARALLEL SAFE
	COST 1500000
	SET search_path = pg_catalog, pg_temp
	SET max_parallel_workers_per_gather = 0
	AS 'MODULE_PATHNAME', 'erp_check_costs';
COMMENT ON FUNCTION erp_private.check_costs() IS
'Reads moves, cost entries and lines of vouchers once. Law 3: every move has cost entries of its quantity and sign, and they add up to the cost pools; no quantity, no value; issues draw on a receipt of their own pool no more than it brought, an empty layer is worth nothing, and the cursor of a FIFO pool says what is left of its layer; the cost entries of every voucher line on an inventory account are its amount, those that a line counters the opposite. Law 9: costs have no more decimals than the company''s currency. Law 10: what cost entries refer to exists; stands in for foreign keys on the hot tables.';

CREATE FUNCTION erp_private.moves_replayed() RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'erp_moves_replayed';
COMMENT ON FUNCTION erp_private.moves_replayed() IS
'How many moves the last call of this session that replayed anything took through a cost method again, or summed up to know where to begin.';
