-- ledger: what was spent of budgets, for people and for the check on posting (budget_control.c).

CREATE FUNCTION erp_private.budget_terms(company_id integer, positions bigint[]) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT COALESCE(jsonb_agg(jsonb_build_object('accounts', jsonb_build_array(a.code), 'measure', 'net', 'side', a.normal_side, 'dimensions', d.dimensions,
		'closing_vouchers', 'without') ORDER BY u.n), '[]')
	  FROM unnest($2) WITH ORDINALITY AS u (id, n)
	  JOIN erp.budget_position p ON p.company_id = $1 AND p.budget_position_id = u.id
	  JOIN erp.account a ON a.company_id = p.company_id AND a.account_id = p.account_id
	  JOIN erp_private.budget_dimensions d ON d.company_id = p.company_id AND d.budget_position_id = p.budget_position_id
$function$;
COMMENT ON FUNCTION erp_private.budget_terms(integer, bigint[]) IS 'What was posted to positions of budgets, as balance terms in their order: without what transfers results.';

CREATE FUNCTION erp_private.budget_actuals(company_id integer, positions bigint[], first_days date[], last_days date[])
	RETURNS TABLE (budget_position_id bigint, first_day date, last_day date, actual numeric)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT $2[c.term_no], $3[c.column_no], $4[c.column_no], c.amount
	  FROM erp_private.cell_amounts($1, (SELECT jsonb_agg(jsonb_build_object('first_day', f.day, 'last_day', l.day) ORDER BY f.n)
			FROM unnest($3) WITH ORDINALITY AS f (day, n) JOIN unnest($4) WITH ORDINALITY AS l (day, n) ON l.n = f.n),
		erp_private.budget_terms($1, $2), NULL) c
$function$;
COMMENT ON FUNCTION erp_private.budget_actuals(integer, bigint[], date[], date[]) IS 'What was posted to each of some positions in each of some spans of days, on the normal side of their accounts, in the company''s currency.';

CREATE FUNCTION erp_private.budget_span(company_id integer, span text, month date) RETURNS TABLE (first_day date, last_day date)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE $2 WHEN 'month' THEN $3 ELSE y.first_day END,
	       CASE $2 WHEN 'year' THEN (y.first_day + interval '1 year')::date ELSE ($3 + interval '1 month')::date END - 1
	  FROM (SELECT erp_private.year_begin($1, $3) AS first_day) y
$function$;
COMMENT ON FUNCTION erp_private.budget_span(integer, text, date) IS 'The days that are compared for a month: of the month, of the year up to its end, or of the year from its first day on.';

-- A line adds to the positions of its account and of all above it.
CREATE FUNCTION erp_private.budget_hits(company_id integer, documents integer[], accounts integer[], sets integer[], days date[], amounts numeric[])
	RETURNS TABLE (document_no integer, budget_position_id bigint, month date)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH RECURSIVE line AS MATERIALIZED (
		SELECT d.v AS document_no, a.v AS account_id, s.v AS set_id, date_trunc('month', y.v)::date AS month, m.v AS amount
		  FROM unnest($2) WITH ORDINALITY AS d (v, n) JOIN unnest($3) WITH ORDINALITY AS a (v, n) USING (n) JOIN unnest($4) WITH ORDINALITY AS s (v, n) USING (n)
		  JOIN unnest($5) WITH ORDINALITY AS y (v, n) USING (n) JOIN unnest($6) WITH ORDINALITY AS m (v, n) USING (n)
	), above AS (
		SELECT DISTINCT l.account_id, l.account_id AS above_id FROM line l
		UNION ALL
		SELECT u.account_id, a.parent_account_id FROM above u JOIN erp.account a ON a.company_id = $1 AND a.account_id = u.above_id WHERE a.parent_account_id <> 0
	)
	SELECT l.document_no, p.budget_position_id, l.month
	  FROM line l
	  JOIN above u ON u.account_id = l.account_id
	 CROSS JOIN LATERAL (SELECT t.* FROM erp.budget_position t WHERE t.company_id = $1 AND t.account_id = u.above_id OFFSET 0) p
	  JOIN erp.budget b ON b.company_id = $1 AND b.budget_id = p.budget_id AND b.active AND b.control <> 'none'
	  JOIN erp.account a ON a.company_id = $1 AND a.account_id = p.account_id
	  JOIN erp.dimension_set s ON s.company_id = $1 AND s.dimension_set_id = l.set_id AND s.dimension_value_ids @> p.dimension_value_ids
	 GROUP BY l.document_no, p.budget_position_id, l.month, a.normal_side
	HAVING sum(CASE a.normal_side WHEN 'debit' THEN l.amount ELSE -l.amount END) > 0;
END
$function$;
COMMENT ON FUNCTION erp_private.budget_hits(integer, integer[], integer[], integer[], date[], numeric[]) IS
	'Which positions of budgets that warn or refuse documents add to, by month. documents, accounts, sets, days, amounts: lines, one after another; amounts debit positive.';

CREATE FUNCTION erp_private.budget_excess(company_id integer, documents integer[], accounts integer[], sets integer[], days date[], amounts numeric[])
	RETURNS TABLE (document_no integer, budget_position_id bigint, month date, budget numeric, actual numeric, refuses boolean, reason text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH hit AS MATERIALIZED (
		SELECT h.*, b.code, b.control, a.code AS account_code, n.dimensions, s.first_day, s.last_day, COALESCE(m.total, 0) AS budget
		  FROM erp_private.budget_hits($1, $2, $3, $4, $5, $6) h
		  JOIN erp.budget_position p ON p.company_id = $1 AND p.budget_position_id = h.budget_position_id
		  JOIN erp.budget b ON b.company_id = $1 AND b.budget_id = p.budget_id
		  JOIN erp.account a ON a.company_id = $1 AND a.account_id = p.account_id
		  JOIN erp_private.budget_dimensions n ON n.company_id = $1 AND n.budget_position_id = p.budget_position_id
		 CROSS JOIN LATERAL erp_private.budget_span($1, b.span, h.month) s
		 CROSS JOIN LATERAL (SELECT sum(t.amount) AS total, count(*) AS months FROM erp.budget_amount t
			WHERE t.company_id = $1 AND t.budget_position_id = p.budget_position_id AND t.month BETWEEN s.first_day AND s.last_day) m
		 WHERE m.months > 0
	), span AS (
		SELECT DISTINCT h.first_day, h.last_day FROM hit h
	)
	SELECT h.document_no, h.budget_position_id, h.month, h.budget, a.actual, h.control = 'refuse',
	       format('budget "%s" of account "%s"%s: %s of %s from %s to %s', h.code, h.account_code, CASE WHEN h.dimensions = '{}' THEN '' ELSE ' ' || h.dimensions::text END,
		trim_scale(a.actual), trim_scale(h.budget), to_char(h.first_day, 'YYYY-MM-DD'), to_char(h.last_day, 'YYYY-MM-DD'))
	  FROM hit h
	  JOIN erp_private.budget_actuals($1, ARRAY(SELECT DISTINCT x.budget_position_id FROM hit x ORDER BY 1), ARRAY(SELECT s.first_day FROM span s ORDER BY s.first_day, s.last_day),
		ARRAY(SELECT s.last_day FROM span s ORDER BY s.first_day, s.last_day)) a
	    ON a.budget_position_id = h.budget_position_id AND a.first_day = h.first_day AND a.last_day = h.last_day
	 WHERE a.actual > h.budget;
END
$function$;
COMMENT ON FUNCTION erp_private.budget_excess(integer, integer[], integer[], integer[], date[], numeric[]) IS
	'Of the documents of erp_private.budget_hits(), which are stored: where what was posted is more than its budget. refuses: whether that is refused; reason: for people.';

CREATE FUNCTION erp.budget_variance(company text, budget text, first_month text DEFAULT NULL, last_month text DEFAULT NULL, version integer DEFAULT NULL)
RETURNS TABLE (account_code text, account_name text, dimensions jsonb, month text, budget_amount numeric, actual numeric, variance numeric, percent numeric,
	year_budget numeric, year_actual numeric, year_variance numeric)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
	books record;
	asked integer;
	positions bigint[];
	months date[];
BEGIN
	SELECT c.company_id, c.decimals INTO books FROM erp_private.company_money c WHERE c.company = $1;
	asked := (SELECT b.budget_id FROM erp.budget b WHERE b.company_id = books.company_id AND b.code = $2 AND CASE WHEN $5 IS NULL THEN b.active ELSE b.version = $5 END);
	IF $3 !~ '^[0-9]{4}-(0[1-9]|1[0-2])$' OR $4 !~ '^[0-9]{4}-(0[1-9]|1[0-2])$' THEN
		PERFORM erp_private.refuse('LE011', 'a month is written YYYY-MM', 'first_month', $3 || ', ' || $4, 'For example 2026-03.');
	END IF;
	positions := ARRAY(SELECT p.budget_position_id FROM erp.budget_position p WHERE p.company_id = books.company_id AND p.budget_id = asked ORDER BY 1);
	months := ARRAY(SELECT DISTINCT m.month FROM erp.budget_amount m WHERE m.company_id = books.company_id AND m.budget_position_id = ANY (positions)
		AND m.month >= COALESCE(($3 || '-01')::date, m.month) AND m.month <= COALESCE(($4 || '-01')::date, m.month) ORDER BY 1);
	RETURN QUERY
	WITH span AS MATERIALIZED (
		SELECT m.month, s.name, t.* FROM unnest(months) AS m (month) CROSS JOIN (VALUES ('month'), ('year_to_date')) AS s (name)
		 CROSS JOIN LATERAL erp_private.budget_span(books.company_id, s.name, m.month) t
	), known AS MATERIALIZED (
		SELECT * FROM erp_private.budget_actuals(books.company_id, positions, ARRAY(SELECT DISTINCT ON (s.first_day, s.last_day) s.first_day FROM span s ORDER BY s.first_day, s.last_day),
			ARRAY(SELECT DISTINCT ON (s.first_day, s.last_day) s.last_day FROM span s ORDER BY s.first_day, s.last_day))
	), compared AS (
		SELECT k.budget_position_id, s.month, s.name, k.actual, COALESCE((SELECT sum(m.amount) FROM erp.budget_amount m WHERE m.company_id = books.company_id
			AND m.budget_position_id = k.budget_position_id AND m.month BETWEEN s.first_day AND s.last_day), 0) AS budget
		FROM known k JOIN span s ON s.first_day = k.first_day AND s.last_day = k.last_day
	)
	SELECT a.code, a.name, d.dimensions, to_char(c.month, 'YYYY-MM'), round(c.budget, books.decimals), round(c.actual, books.decimals),
		round(c.budget - c.actual, books.decimals), round(c.actual * 100 / NULLIF(c.budget, 0), 1), round(y.budget, books.decimals), round(y.actual, books.decimals),
		round(y.budget - y.actual, books.decimals)
	FROM compared c
	JOIN compared y ON y.budget_position_id = c.budget_position_id AND y.month = c.month AND y.name = 'year_to_date'
	JOIN erp.budget_position p ON p.company_id = books.company_id AND p.budget_position_id = c.budget_position_id
	JOIN erp.account a ON a.company_id = p.company_id AND a.account_id = p.account_id
	JOIN erp_private.budget_dimensions d ON d.company_id = p.company_id AND d.budget_position_id = p.budget_position_id
	WHERE c.name = 'month' AND (c.budget <> 0 OR c.actual <> 0 OR y.budget <> 0 OR y.actual <> 0)
	ORDER BY a.code, d.dimensions, c.month;
END
$$;
COMMENT ON FUNCTION erp.budget_variance(text, text, text, text, integer) IS
'Budget against what was posted, month by month, on the normal side of each account, in the company''s currency, without the vouchers that transfer results. company, budget: codes. first_month, last_month: YYYY-MM; null: all that the budget has. version: null: the active one. actual: of the account with all below it, of lines with the dimension values. variance: budget_amount - actual: below zero, more was spent (or earned) than budgeted. percent: actual in per cent of the budget, one decimal; null without a budget. year_*: of the fiscal year up to the end of the month. What is ordered and not posted does not count. Returns none for an unknown company or budget. Errors: LE011 for a month.';
