-- ledger: statements by forms that are data.

CREATE FUNCTION erp_private.statement_amounts(company_id integer, owner integer, template text, columns jsonb, seal_position bigint)
RETURNS TABLE (line_no integer, column_no integer, amount numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET jit = off SET enable_nestloop = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $function$
#variable_conflict use_column
DECLARE
	decimals integer := (SELECT c.decimals FROM erp_private.company_money c WHERE c.company_id = $1);
	given integer[];
	results integer[];
	formulas text[];
	terms jsonb;
	term_lines integer[];
	amounts numeric[];
	computed numeric[];
BEGIN
	SELECT array_agg(l.line_no ORDER BY l.line_no) FILTER (WHERE l.formula = ''), COALESCE(array_agg(l.line_no ORDER BY l.place) FILTER (WHERE l.formula <> ''), '{}'),
	       COALESCE(array_agg(l.formula ORDER BY l.place) FILTER (WHERE l.formula <> ''), '{}')
	  INTO given, results, formulas
	  FROM erp.statement_line l WHERE l.company_id = $2 AND l.template = $3;
	SELECT COALESCE(jsonb_agg(t.term ORDER BY l.line_no, t.n), '[]'), array_agg(l.line_no ORDER BY l.line_no, t.n) INTO terms, term_lines
	  FROM erp.statement_line l
	 CROSS JOIN LATERAL jsonb_array_elements(l.terms) WITH ORDINALITY AS t (term, n)
	 WHERE l.company_id = $2 AND l.template = $3;
	SELECT array_agg(COALESCE(s.amount, 0) ORDER BY c.n, g.line_no) INTO amounts
	  FROM jsonb_array_elements($4) WITH ORDINALITY AS c (value, n)
	 CROSS JOIN unnest(given) AS g (line_no)
	  LEFT JOIN (
		SELECT a.column_no, term_lines[a.term_no] AS line_no, sum(a.amount) AS amount
		  FROM erp_private.cell_amounts($1, $4, terms, $5) a
		 GROUP BY a.column_no, term_lines[a.term_no]) s ON s.column_no = c.n AND s.line_no = g.line_no;
	computed := erp_private.run_formulas(ARRAY(SELECT 'L' || g.line_no FROM unnest(given) WITH ORDINALITY AS g (line_no, n) ORDER BY g.n), amounts,
		formulas, ARRAY(SELECT 'L' || g.line_no FROM unnest(results) WITH ORDINALITY AS g (line_no, n) ORDER BY g.n), decimals, true);
	RETURN QUERY
	SELECT given[1 + (a.n - 1) % cardinality(given)], (1 + (a.n - 1) / cardinality(given))::integer, round(a.amount, decimals)
	  FROM unnest(amounts) WITH ORDINALITY AS a (amount, n)
	UNION ALL
	SELECT results[1 + (a.n - 1) % cardinality(results)], (1 + (a.n - 1) / cardinality(results))::integer, round(a.amount, decimals)
	  FROM unnest(computed) WITH ORDINALITY AS a (amount, n);
END
$function$;
COMMENT ON FUNCTION erp_private.statement_amounts(integer, integer, text, jsonb, bigint) IS
	'The amount of each line of a form (of owner, see erp_private.statement_owner()) in each column (erp_private.statement_columns()), in the company''s currency; null for a quotient by zero.';

CREATE FUNCTION erp.statement(company text, template text, period text DEFAULT NULL, first_day date DEFAULT NULL, last_day date DEFAULT NULL,
	columns jsonb DEFAULT NULL, dimensions jsonb DEFAULT NULL, seal_position bigint DEFAULT NULL, language text DEFAULT NULL)
RETURNS TABLE (line_no integer, label text, level integer, column_no integer, column_title text, amount numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	books record;
	form record;
	days record;
	spoken text;
	resolved jsonb;
BEGIN
	SELECT c.company_id, erp_private.statement_owner(c.company_id, $2) AS owner INTO books FROM erp.company c WHERE c.code = $1;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	SELECT t.* INTO form FROM erp.statement_template t WHERE t.company_id = books.owner AND t.template = $2;
	SELECT * INTO days FROM erp_private.statement_days(books.company_id, $3, $4, $5);
	spoken := COALESCE($9, form.language);
	resolved := erp_private.statement_columns(books.company_id, form.kind, spoken, days.from_day, days.to_day,
		COALESCE($6, CASE WHEN days.whole_year THEN form.year_columns ELSE form.columns END), $7);
	RETURN QUERY
	SELECT l.line_no, COALESCE(l.labels ->> spoken, l.labels ->> form.language), l.level, a.column_no, resolved -> a.column_no - 1 ->> 'title', a.amount
	  FROM erp_private.statement_amounts(books.company_id, books.owner, form.template, resolved, $8) a
	  JOIN erp.statement_line l ON l.company_id = books.owner AND l.template = form.template AND l.line_no = a.line_no
	 ORDER BY l.place, a.column_no;
END
$function$;
COMMENT ON FUNCTION erp.statement(text, text, text, date, date, jsonb, jsonb, bigint, text) IS
'A statement. company: code. template: form, see erp.statement_template: cn_small_balance_sheet (会小企01), cn_small_profit (会小企02), en_balance_sheet, en_profit, or a company''s own. period: code of a period (YYYY-MM) or of a fiscal year; or first_day (default the first of the month) and last_day, both included. columns: [{"span"? ("period", the default, "year_to_date", "year_start", "previous_period", "previous_year", "previous_year_to_date"), "first_day"?, "last_day"? (instead of the span''s), "title"?, "dimensions"? ({code: value}: lines with these only), "by"? (a dimension: a column for each of its values, one for lines without, one of all)}], or spans alone ["period", "year_to_date"]; default the form''s. dimensions: lines with these values only, in all columns. seal_position: as known there, see erp.seal_head(); null: now. language: en or zh; default the form''s. Returns a row for each line and column, in their order: number, label, level (0: a total), column, its title, and the amount in the company''s currency, on the side that the form shows (null: a quotient by zero); none for an unknown company. Errors: LE011, LE012.';

CREATE FUNCTION erp.statement_checks(company text, template text, period text DEFAULT NULL, first_day date DEFAULT NULL, last_day date DEFAULT NULL,
	columns jsonb DEFAULT NULL, dimensions jsonb DEFAULT NULL, seal_position bigint DEFAULT NULL)
RETURNS TABLE (check_no integer, formula text, column_no integer, column_title text, left_amount numeric, right_amount numeric)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH amount AS MATERIALIZED (
		SELECT s.column_no, s.column_title, jsonb_object_agg('L' || s.line_no, s.amount) AS amounts
		  FROM erp.statement($1, $2, $3, $4, $5, $6, $7, $8) s
		 GROUP BY s.column_no, s.column_title
	)
	SELECT k.check_no, concat_ws(' ', k.left_formula, k.comparison, k.right_formula), a.column_no, a.column_title, v.left_amount, v.right_amount
	  FROM erp_private.company_money c
	  JOIN erp.statement_check k ON k.company_id = erp_private.statement_owner(c.company_id, $2) AND k.template = $2
	 CROSS JOIN amount a
	 CROSS JOIN LATERAL (
		SELECT round(erp_private.run_formula(k.left_formula, a.amounts, c.decimals), c.decimals) AS left_amount,
		       round(erp_private.run_formula(k.right_formula, a.amounts, c.decimals), c.decimals) AS right_amount) v
	 WHERE c.company = $1 AND CASE k.comparison WHEN '=' THEN v.left_amount <> v.right_amount ELSE v.left_amount < v.right_amount END
	 ORDER BY k.check_no, a.column_no;
END
$function$;
COMMENT ON FUNCTION erp.statement_checks(text, text, text, date, date, jsonb, jsonb, bigint) IS
'The check formulas of a form that do not hold for a statement; none when all do. The arguments are those of erp.statement(). Returns a row for each check and column: the formula over lines (L1 is line 1), and what its two sides come to. Errors: as erp.statement().';
