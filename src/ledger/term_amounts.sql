-- ledger: what balance terms (balance_terms.sql) come to, in any number of columns at once.

-- A cell is a term in a column: a slice, the day before its span and its last day.
CREATE FUNCTION erp_private.term_cells(company_id integer, columns jsonb, terms jsonb)
RETURNS TABLE (column_no integer, term_no integer, slice jsonb, from_day date, to_day date)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH col AS MATERIALIZED (
		SELECT e.n::integer AS column_no, jsonb_build_object('values', COALESCE(e.value -> 'values', '[]'), 'without',
		       COALESCE((e.value ->> 'without')::integer, 0)) AS slice, (e.value ->> 'first_day')::date AS first_day, (e.value ->> 'last_day')::date AS last_day
		  FROM jsonb_array_elements($2) WITH ORDINALITY AS e (value, n)
	), col_year AS MATERIALIZED (
		SELECT c.*, COALESCE((SELECT f.first_day FROM erp.fiscal_year f WHERE f.company_id = $1 AND c.last_day BETWEEN f.first_day AND f.last_day),
			date_trunc('year', c.last_day::timestamp)::date) AS year_day
		  FROM col c
	), term AS MATERIALIZED (
		SELECT t.term_no, t.span, CASE WHEN t.dimensions = '{}' THEN '[]' ELSE to_jsonb(erp_private.dimension_values($1, t.dimensions)) END AS value_ids
		  FROM erp_private.balance_term($3) t
	)
	SELECT c.column_no, t.term_no, CASE WHEN t.value_ids = '[]' THEN c.slice ELSE jsonb_set(c.slice, '{values}', (
			SELECT jsonb_agg(DISTINCT v.value) FROM jsonb_array_elements((c.slice -> 'values') || t.value_ids) AS v (value))) END,
	       CASE t.span WHEN 'period' THEN c.first_day - 1 WHEN 'year' THEN c.year_day - 1 ELSE '-infinity' END, c.last_day
	  FROM col_year c CROSS JOIN term t;
END
$function$;
COMMENT ON FUNCTION erp_private.term_cells(integer, jsonb, jsonb) IS
'Balance terms in columns [{"first_day", "last_day", "values": [dimension value ids], "without": dimension id}]: the slice (erp_private.slice()) of each, the day before the term''s span begins there, and the last day. A year is the fiscal one, or the calendar''s where there is none.';

-- The pieces of which cells are sums: what a cell takes from its accounts at the end of its days, less what it leaves out.
-- taken: of the balance's debits and of its credits, at the last day and at the day before the span.
CREATE FUNCTION erp_private.measure_parts()
RETURNS TABLE (measure text, is_last boolean, debits integer, credits integer)
	LANGUAGE sql IMMUTABLE
AS $function$
	VALUES ('opening', false, 1, -1), ('closing', true, 1, -1), ('debit', true, 1, 0), ('debit', false, -1, 0),
		('credit', true, 0, 1), ('credit', false, 0, -1), ('net', true, 1, -1), ('net', false, -1, 1)
$function$;
COMMENT ON FUNCTION erp_private.measure_parts() IS
'What each measure of a balance term takes of the sums up to a day: at the last day of its span (is_last) and at the day before it, how often the debits and the credits.';

-- What is told by party is read as a whole too: what the parties leave of it stands as party 0.
CREATE FUNCTION erp_private.cell_parts(company_id integer, columns jsonb, terms jsonb, seal_position bigint)
RETURNS TABLE (column_no integer, term_no integer, part_no integer, party_id integer, amount numeric, later numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET jit = off SET enable_nestloop = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH term AS MATERIALIZED (
		SELECT t.*, t.parties <> 'all' OR t.due <> 'all' AS by_party FROM erp_private.balance_term($3) t
	), member AS MATERIALIZED (
		SELECT a.term_no, CASE WHEN t.by_party THEN a.part_no ELSE 0 END AS part_no, a.account_id, t.by_party
		  FROM erp_private.term_accounts($1, $3) a JOIN term t ON t.term_no = a.term_no
	), cell AS MATERIALIZED (
		SELECT c.*, dense_rank() OVER (ORDER BY c.slice)::integer AS slice_no FROM erp_private.term_cells($1, $2, $3) c
	), piece AS MATERIALIZED (
		SELECT c.column_no, c.term_no, c.slice_no, s.source, CASE WHEN p.is_last THEN c.to_day ELSE c.from_day END AS day,
		       p.debits * t.sign * s.factor AS debits, p.credits * t.sign * s.factor AS credits
		  FROM cell c
		  JOIN term t ON t.term_no = c.term_no
		  JOIN erp_private.measure_parts() p ON p.measure = t.measure
		 CROSS JOIN LATERAL (
			SELECT CASE WHEN t.quantity THEN 'quantity' ELSE 'amount' END, 1
			UNION ALL SELECT 'party', 1 WHERE t.by_party
			UNION ALL SELECT 'later', 1 WHERE t.due <> 'all'
			UNION ALL SELECT 'closing', -1 WHERE t.without_closing AND t.measure IN ('debit', 'credit', 'net') AND NOT t.quantity) s (source, factor)
	), balance AS MATERIALIZED (
		SELECT q.source, b.*
		  FROM (
			SELECT p.source, array_agg(DISTINCT p.day) AS days, (
				SELECT array_agg(DISTINCT m.account_id) FROM member m JOIN piece o ON o.term_no = m.term_no WHERE o.source = p.source) AS accounts
			  FROM piece p GROUP BY p.source OFFSET 0) q
		 CROSS JOIN LATERAL erp_private.slice_balances($1, q.source, q.days, q.accounts, (
			SELECT jsonb_agg(s.slice ORDER BY s.slice_no) FROM (SELECT DISTINCT c.slice_no, c.slice FROM cell c) s), $4) b
	)
	SELECT p.column_no, p.term_no, m.part_no, b.party_id,
	       COALESCE(sum(p.debits * b.debit + p.credits * b.credit) FILTER (WHERE p.source <> 'later'), 0),
	       COALESCE(sum(p.debits * b.debit) FILTER (WHERE p.source = 'later'), 0)
	  FROM piece p
	  JOIN member m ON m.term_no = p.term_no
	  JOIN balance b ON b.source = p.source AND b.slice_no = p.slice_no AND b.account_id = m.account_id AND b.day = p.day
	 GROUP BY p.column_no, p.term_no, m.part_no, b.party_id;
END
$function$;
COMMENT ON FUNCTION erp_private.cell_parts(integer, jsonb, jsonb, bigint) IS
'What balance terms are made of in columns (erp_private.term_cells()), on the side of each term, in the company''s currency. Terms that are taken apart by party or due day: a row for each name of accounts (part_no) and party, with what is due later than a year; party_id 0: the whole. Others: one row, part_no and party_id 0.';

CREATE FUNCTION erp_private.clip(value numeric, bound numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN bound > 0 THEN GREATEST(LEAST(value, bound), 0) ELSE LEAST(GREATEST(value, bound), 0) END;
COMMENT ON FUNCTION erp_private.clip(numeric, numeric) IS 'A value brought between zero and a bound of either sign.';

CREATE FUNCTION erp_private.sided_parts(company_id integer, columns jsonb, terms jsonb, seal_position bigint)
RETURNS TABLE (column_no integer, term_no integer, part_no integer, party_id integer, amount numeric, later numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET jit = off SET enable_nestloop = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH own AS (
		SELECT p.column_no, p.term_no, p.part_no, p.party_id, p.later, p.amount - CASE p.party_id
			WHEN 0 THEN COALESCE(sum(p.amount) FILTER (WHERE p.party_id <> 0) OVER (PARTITION BY p.column_no, p.term_no, p.part_no), 0) ELSE 0 END AS amount
		  FROM erp_private.cell_parts($1, $2, $3, $4) p
	)
	SELECT o.column_no, o.term_no, o.part_no, o.party_id, o.amount,
	       erp_private.clip(o.later, o.amount)
	  FROM own o
	  JOIN erp_private.balance_term($3) t ON t.term_no = o.term_no
	 WHERE t.parties = 'all' OR sign(o.amount * t.sign) = CASE t.parties WHEN 'debit' THEN 1 ELSE -1 END;
END
$function$;
COMMENT ON FUNCTION erp_private.sided_parts(integer, jsonb, jsonb, bigint) IS
'erp_private.cell_parts() of the parties that each term takes, party 0 with what no party has. later: at most the amount.';

CREATE FUNCTION erp_private.cell_amounts(company_id integer, columns jsonb, terms jsonb, seal_position bigint)
RETURNS TABLE (column_no integer, term_no integer, amount numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET jit = off SET enable_nestloop = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT c.n::integer, t.term_no, COALESCE(s.amount, 0)
	  FROM jsonb_array_elements($2) WITH ORDINALITY AS c (value, n)
	 CROSS JOIN erp_private.balance_term($3) t
	  LEFT JOIN (
		SELECT p.column_no, p.term_no, sum(CASE k.due WHEN 'all' THEN p.amount WHEN 'over_year' THEN p.later ELSE p.amount - p.later END) AS amount
		  FROM erp_private.sided_parts($1, $2, $3, $4) p
		  JOIN erp_private.balance_term($3) k ON k.term_no = p.term_no
		 GROUP BY p.column_no, p.term_no) s ON s.column_no = c.n AND s.term_no = t.term_no;
END
$function$;
COMMENT ON FUNCTION erp_private.cell_amounts(integer, jsonb, jsonb, bigint) IS
'The amount of each balance term in each column (erp_private.term_cells()), in the company''s currency, or in the lines'' units for a quantity. seal_position: as known there; null: now. What is due later is at most what the party''s balance is.';

CREATE FUNCTION erp_private.term_amounts(company_id integer, first_day date, last_day date, terms jsonb)
RETURNS TABLE (term_no integer, amount numeric)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT c.term_no, c.amount
	  FROM erp_private.cell_amounts($1, jsonb_build_array(jsonb_build_object('first_day', $2, 'last_day', $3)), $4, NULL) c
	 ORDER BY c.term_no
$function$;
COMMENT ON FUNCTION erp_private.term_amounts(integer, date, date, jsonb) IS
'What balance terms come to for a range of days, both included: a row a term, numbered from 1 as they stand in the array. terms: [{"accounts": ["1001" (with all below it), "1403..1411", "1122*"], "measure": "opening" | "debit" | "credit" | "net" | "closing", "side": "debit" | "credit" (the sign; of a balance, a debit is the balance''s debits whatever its side), "parties": "all" | "debit" | "credit" (parties whose balance, over all accounts of one name, stands on that side; what no party has counts as one), "due": "all" | "within_year" | "over_year" (by open items), "dimensions": {code: value}, "span": "period" | "year" | "to_date", "closing_vouchers": "with" | "without" (of debit, credit and net), "quantity": true}]. Amounts in the company''s currency.';
