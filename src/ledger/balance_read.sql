-- ledger: balances as of any days. What is folded is read in one row a key and day, whatever the history (balances.sql);
-- what is not, by the lines above the cut.

CREATE FUNCTION erp_private.dimension_values(company_id integer, dimensions jsonb) RETURNS integer[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	IF jsonb_typeof(dimensions) <> 'object' THEN
		PERFORM erp_private.refuse('LE011', 'dimensions are an object', 'dimensions', dimensions::text, 'For example {"DEPARTMENT": "NORTH"}.');
	END IF;
	SELECT e.key, e.value, d.dimension_id INTO bad
	  FROM jsonb_each_text(dimensions) AS e
	  LEFT JOIN erp.dimension d ON d.company_id = dimension_values.company_id AND d.code = e.key
	  LEFT JOIN erp.dimension_value v ON v.company_id = d.company_id AND v.dimension_id = d.dimension_id AND v.code = e.value
	 WHERE v.dimension_value_id IS NULL
	 ORDER BY e.key LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE012', CASE WHEN bad.dimension_id IS NULL THEN format('there is no dimension "%s"', left(bad.key, 100))
			ELSE format('dimension "%s" has no such value', bad.key) END, 'dimensions', bad.value, 'erp.dimension_value lists them.');
	END IF;
	RETURN ARRAY(
		SELECT v.dimension_value_id
		  FROM jsonb_each_text(dimensions) AS e
		  JOIN erp.dimension d ON d.company_id = dimension_values.company_id AND d.code = e.key
		  JOIN erp.dimension_value v ON v.company_id = d.company_id AND v.dimension_id = d.dimension_id AND v.code = e.value);
END
$function$;
COMMENT ON FUNCTION erp_private.dimension_values(integer, jsonb) IS
	'The values that an object of codes, {dimension: value}, names; none for null. Errors: LE011 for another JSON, LE012 for an unknown code.';

CREATE FUNCTION erp_private.party_named(company_id integer, party_code text) RETURNS integer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	party integer := (SELECT p.party_id FROM erp.party p WHERE p.company_id = party_named.company_id AND p.code = party_code AND p.party_id <> 0);
BEGIN
	IF party IS NULL AND party_code IS NOT NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no party "%s"', left(party_code, 100)), 'party', party_code,
			'erp.party lists them.');
	END IF;
	RETURN COALESCE(party, 0);
END
$function$;
COMMENT ON FUNCTION erp_private.party_named(integer, text) IS
	'The party of a code; 0, all of them, for null. Errors: LE012 for an unknown code.';

-- Parents are kept free of circles where accounts are put.
CREATE FUNCTION erp_private.accounts_under(company_id integer, account_id integer) RETURNS integer[]
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	WITH RECURSIVE under AS (
		SELECT $2 AS account_id
		UNION ALL
		SELECT a.account_id FROM under u JOIN erp.account a ON a.company_id = $1 AND a.parent_account_id = u.account_id
	)
	SELECT array_agg(u.account_id) FROM under u
$function$;
COMMENT ON FUNCTION erp_private.accounts_under(integer, integer) IS
	'An account and all below it.';

-- One value of one dimension has a key of its own; several are found in the sets that have all of them. A party has keys
-- on the accounts that are kept by party; of others its lines are read.
-- No row of what is folded is asked for twice: to memoize it is to copy it, with all its days, for nothing.
CREATE FUNCTION erp_private.balances_on(company_id integer, days date[], accounts integer[], party_id integer, value_ids integer[])
RETURNS TABLE (day date, account_id integer, currency_id integer, debit numeric, credit numeric, company_debit numeric, company_credit numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET enable_memoize = off
	SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	sets integer[] := CASE WHEN value_ids <> '{}' THEN ARRAY(
		SELECT s.dimension_set_id FROM erp.dimension_set s WHERE s.company_id = $1 AND s.dimension_value_ids @> value_ids) END;
	one_value integer := CASE WHEN cardinality(value_ids) = 1 AND $4 = 0 THEN value_ids[1] ELSE 0 END;
	key_sets integer[] := CASE WHEN one_value <> 0 THEN '{0}' ELSE COALESCE(sets, '{0}') END;
	last_day date := (SELECT max(d.day) FROM unnest(days) AS d (day));
BEGIN
	RETURN QUERY
	WITH asked AS MATERIALIZED (
		SELECT k.balance_key_id, k.account_id, k.currency_id
		  FROM erp_private.live_cut c
		 CROSS JOIN unnest(key_sets) AS s (set_id)
		 CROSS JOIN unnest(accounts) AS a (account_id)
		 CROSS JOIN LATERAL (
			SELECT t.* FROM erp_private.balance_key t
			 WHERE t.company_id = $1 AND t.party_id = $4 AND t.dimension_set_id = s.set_id AND t.dimension_value_id = one_value
			   AND t.account_id = a.account_id
			OFFSET 0) k
		 WHERE c.company_id = $1 AND c.cut > '0'::xid8
		UNION ALL
		SELECT k.balance_key_id, k.account_id, k.currency_id
		  FROM erp_private.live_cut c
		 CROSS JOIN unnest(key_sets) AS s (set_id)
		 CROSS JOIN LATERAL (
			SELECT t.* FROM erp_private.balance_key t
			 WHERE t.company_id = $1 AND t.party_id = $4 AND t.dimension_set_id = s.set_id AND t.dimension_value_id = one_value
			OFFSET 0) k
		 WHERE c.company_id = $1 AND c.cut > '0'::xid8 AND accounts IS NULL
	), line AS (
		SELECT l.day, l.account_id, l.currency_id, l.debit, l.credit, l.company_debit, l.company_credit
		  FROM erp_private.unfolded_line l
		 WHERE l.company_id = $1 AND (accounts IS NULL OR l.account_id = ANY (accounts)) AND (sets IS NULL OR l.dimension_set_id = ANY (sets))
		   AND ($4 = 0 OR l.party_id = $4 AND (
			SELECT a.by_party FROM erp_private.account_by_party a WHERE a.company_id = l.company_id AND a.account_id = l.account_id))
		UNION ALL
		SELECT l.day, l.account_id, l.currency_id, l.debit, l.credit, l.company_debit, l.company_credit
		  FROM erp_private.account_by_party a
		 CROSS JOIN LATERAL (
			SELECT t.* FROM erp_private.debit_credit_line t
			 WHERE t.company_id = $1 AND t.account_id = a.account_id AND t.day <= last_day AND t.party_id = $4
			   AND (sets IS NULL OR t.dimension_set_id = ANY (sets))
			OFFSET 0) l
		 WHERE $4 <> 0 AND a.company_id = $1 AND NOT a.by_party AND (accounts IS NULL OR a.account_id = ANY (accounts))
	)
	SELECT s.day, s.account_id, s.currency_id, sum(s.debit), sum(s.credit), sum(s.company_debit), sum(s.company_credit)
	  FROM (
		SELECT d.day, k.account_id, k.currency_id, f.debit, f.credit, f.company_debit, f.company_credit
		  FROM asked k
		 CROSS JOIN (SELECT DISTINCT u.day FROM unnest(days) AS u (day)) d
		 CROSS JOIN LATERAL erp_private.folded_until($1, k.balance_key_id, d.day) f
		UNION ALL
		SELECT d.day, l.account_id, l.currency_id, l.debit, l.credit, l.company_debit, l.company_credit
		  FROM line l
		  JOIN (SELECT DISTINCT u.day FROM unnest(days) AS u (day)) d ON l.day <= d.day) s
	 GROUP BY s.day, s.account_id, s.currency_id;
END
$function$;
COMMENT ON FUNCTION erp_private.balances_on(integer, date[], integer[], integer, integer[]) IS
	'Debits and credits of accounts from the beginning up to the end of each day, a row for each day, account and currency with lines by then. accounts: null for all. party_id: 0 for all. value_ids: dimension values that a line must have all of.';

-- The same for every value of a dimension, or (dimension_id 0) for every party, in the company's currency.
CREATE FUNCTION erp_private.balances_by(company_id integer, days date[], accounts integer[], dimension_id integer)
RETURNS TABLE (day date, account_id integer, part_id integer, debit numeric, credit numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off SET enable_memoize = off
	SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	part_ids integer[] := CASE $4 WHEN 0
		THEN ARRAY(SELECT p.party_id FROM erp.party p WHERE p.company_id = $1 AND p.party_id <> 0)
		ELSE ARRAY(SELECT v.dimension_value_id FROM erp.dimension_value v WHERE v.company_id = $1 AND v.dimension_id = $4) END;
BEGIN
	RETURN QUERY
	WITH asked AS MATERIALIZED (
		SELECT k.balance_key_id, k.account_id, p.part_id
		  FROM erp_private.live_cut c
		 CROSS JOIN unnest(part_ids) AS p (part_id)
		 CROSS JOIN LATERAL (
			SELECT t.* FROM erp_private.balance_key t
			 WHERE t.company_id = $1 AND t.party_id = CASE $4 WHEN 0 THEN p.part_id ELSE 0 END AND t.dimension_set_id = 0
			   AND t.dimension_value_id = CASE $4 WHEN 0 THEN 0 ELSE p.part_id END
			OFFSET 0) k
		 WHERE c.company_id = $1 AND c.cut > '0'::xid8 AND (accounts IS NULL OR k.account_id = ANY (accounts))
	), line AS MATERIALIZED (
		SELECT l.day, l.account_id, CASE WHEN p.by_party THEN l.party_id ELSE p.part_value_id END AS part_id, l.company_debit, l.company_credit
		  FROM erp_private.unfolded_line l
		 CROSS JOIN LATERAL (
			SELECT t.* FROM erp_private.balance_part t
			 WHERE t.company_id = l.company_id AND t.account_id = l.account_id AND t.dimension_set_id = l.dimension_set_id
			   AND t.part_set_id = 0 AND CASE $4 WHEN 0 THEN t.by_party AND l.party_id <> 0 ELSE t.part_value_id = ANY (part_ids) END
			OFFSET 0) p
		 WHERE l.company_id = $1 AND (accounts IS NULL OR l.account_id = ANY (accounts))
	)
	SELECT s.day, s.account_id, s.part_id, sum(s.company_debit), sum(s.company_credit)
	  FROM (
		SELECT d.day, k.account_id, k.part_id, f.company_debit, f.company_credit
		  FROM asked k
		 CROSS JOIN (SELECT DISTINCT u.day FROM unnest(days) AS u (day)) d
		 CROSS JOIN LATERAL erp_private.folded_until($1, k.balance_key_id, d.day) f
		UNION ALL
		SELECT d.day, l.account_id, l.part_id, l.company_debit, l.company_credit
		  FROM line l
		  JOIN (SELECT DISTINCT u.day FROM unnest(days) AS u (day)) d ON l.day <= d.day) s
	 GROUP BY s.day, s.account_id, s.part_id;
END
$function$;
COMMENT ON FUNCTION erp_private.balances_by(integer, date[], integer[], integer) IS
	'Debits and credits of each account and dimension value from the beginning up to the end of each day, in the company''s currency; dimension_id 0: of each account and party. accounts: null for all.';
