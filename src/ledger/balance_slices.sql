-- ledger: balances of many slices of the books at once: the columns of a statement. A slice is the lines that have all of some
-- dimension values and none of a dimension. What is folded is read by its keys (balance_views.sql), what is not, or what was
-- known at a position of the seal, by its lines.

CREATE FUNCTION erp_private.slice(company_id integer, slices jsonb)
RETURNS TABLE (slice_no integer, value_ids integer[], excluded_ids integer[])
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT e.n::integer, ARRAY(SELECT v.value::integer FROM jsonb_array_elements_text(e.value -> 'values') AS v (value)),
	       ARRAY(SELECT v.dimension_value_id FROM erp.dimension_value v
	              WHERE v.company_id = $1 AND v.dimension_id = (e.value ->> 'without')::integer)
	  FROM jsonb_array_elements($2) WITH ORDINALITY AS e (value, n)
$function$;
COMMENT ON FUNCTION erp_private.slice(integer, jsonb) IS
'Slices [{"values": [dimension value ids that a line has all of], "without": id of a dimension that it has no value of, 0 for none}] as rows; excluded_ids: the values of that dimension.';

-- A slice is a sum of keys: that without a dimension is the whole less all values of it. Keys by party have sets, and no values.
CREATE FUNCTION erp_private.slice_keys(company_id integer, slices jsonb, by_party boolean)
RETURNS TABLE (slice_no integer, set_id integer, value_id integer, weight integer)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH s AS MATERIALIZED (
		SELECT t.*, cardinality(t.value_ids) AS value_count FROM erp_private.slice($1, $2) t
	)
	SELECT s.slice_no, 0, COALESCE(s.value_ids[1], 0), 1
	  FROM s WHERE s.value_count = 0 OR s.value_count = 1 AND NOT $3
	UNION ALL
	SELECT s.slice_no, 0, x.id, -1
	  FROM s CROSS JOIN unnest(s.excluded_ids) AS x (id) WHERE s.value_count = 0 AND NOT $3
	UNION ALL
	SELECT s.slice_no, d.dimension_set_id, 0, CASE WHEN d.dimension_value_ids && s.excluded_ids THEN -1 ELSE 1 END
	  FROM s JOIN erp.dimension_set d ON d.company_id = $1 AND d.dimension_value_ids @> s.value_ids
	 WHERE CASE WHEN s.value_count = 0 THEN $3 AND d.dimension_value_ids && s.excluded_ids
	            WHEN s.value_count = 1 AND NOT $3 THEN d.dimension_value_ids && s.excluded_ids
	            ELSE NOT d.dimension_value_ids && s.excluded_ids END;
END
$function$;
COMMENT ON FUNCTION erp_private.slice_keys(integer, jsonb, boolean) IS
'Which keys of balances (erp_private.balance_key: set and value, 0 for all) make up each slice, and whether each is added (1) or taken off (-1); by_party: of keys by party.';

-- Keys by party of an account stand together in balance_key_account, whoever the parties are.
CREATE FUNCTION erp_private.slice_balances(company_id integer, source text, days date[], accounts integer[], slices jsonb, seal_position bigint)
RETURNS TABLE (slice_no integer, account_id integer, party_id integer, day date, debit numeric, credit numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET enable_memoize = off
	SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	by_party boolean := $2 IN ('party', 'later');
BEGIN
	IF $4 IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY
	WITH asked AS MATERIALIZED (
		SELECT q.slice_no, q.weight, k.balance_key_id, k.account_id, k.party_id
		  FROM erp_private.live_cut c
		 CROSS JOIN erp_private.slice_keys($1, $5, by_party) q
		 CROSS JOIN unnest($4) AS a (account_id)
		 CROSS JOIN LATERAL (
			SELECT t.balance_key_id, t.account_id, t.party_id FROM erp_private.balance_key t
			 WHERE NOT by_party AND t.company_id = $1 AND t.party_id = 0 AND t.dimension_set_id = q.set_id AND t.dimension_value_id = q.value_id
			   AND t.account_id = a.account_id
			UNION ALL
			SELECT t.balance_key_id, t.account_id, t.party_id FROM erp_private.balance_key t
			 WHERE by_party AND t.company_id = $1 AND t.account_id = a.account_id AND t.dimension_set_id = q.set_id AND t.dimension_value_id = 0
			   AND t.party_id > 0
			OFFSET 0) k
		 WHERE c.company_id = $1 AND c.cut > '0'::xid8 AND $2 IN ('amount', 'party') AND $6 IS NULL
	), asked_day AS MATERIALIZED (
		SELECT DISTINCT u.day FROM unnest($3) AS u (day)
	), line AS MATERIALIZED (
		SELECT s.slice_no, l.*
		  FROM erp_private.loose_lines($1, $2, $4, $3, $6) l
		 CROSS JOIN LATERAL (
			SELECT t.dimension_value_ids FROM erp.dimension_set t WHERE t.company_id = $1 AND t.dimension_set_id = l.dimension_set_id OFFSET 0) d
		  JOIN erp_private.slice($1, $5) s ON d.dimension_value_ids @> s.value_ids AND NOT d.dimension_value_ids && s.excluded_ids
		 WHERE NOT by_party OR l.party_id <> 0 AND (
			SELECT a.by_party FROM erp_private.account_by_party a WHERE a.company_id = $1 AND a.account_id = l.account_id)
	)
	SELECT b.slice_no, b.account_id, b.party_id, b.day, sum(b.debit), sum(b.credit)
	  FROM (
		SELECT k.slice_no, k.account_id, k.party_id, d.day, k.weight * f.company_debit AS debit, k.weight * f.company_credit AS credit
		  FROM asked k
		 CROSS JOIN asked_day d
		 CROSS JOIN LATERAL erp_private.folded_until($1, k.balance_key_id, d.day) f
		UNION ALL
		SELECT l.slice_no, l.account_id, CASE WHEN by_party THEN l.party_id ELSE 0 END, d.day, l.debit, l.credit
		  FROM line l
		  JOIN asked_day d ON l.day <= d.day AND ($2 <> 'later' OR l.day = d.day)) b
	 GROUP BY b.slice_no, b.account_id, b.party_id, b.day;
END
$function$;
COMMENT ON FUNCTION erp_private.slice_balances(integer, text, date[], integer[], jsonb, bigint) IS
'Debits and credits of accounts from the beginning up to the end of each day, in the company''s currency, for each slice (erp_private.slice()). source: amount; party: amounts of each party, of lines that have one, on accounts that are kept by party; closing: of closing vouchers after the first of the days; quantity: quantities instead of amounts; later: what is open at a day and falls due more than a year after it, by party, as debits. seal_position: as known there; null: now. Returns a row for each slice, account, party (0 where not by party) and day with lines by then; none for accounts null.';
