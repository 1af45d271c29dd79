-- ledger: the columns of a statement: days, titles and slices.

CREATE FUNCTION erp_private.statement_owner(company_id integer, template text) RETURNS integer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	owner integer := (SELECT max(t.company_id) FROM erp.statement_template t WHERE t.company_id IN (0, $1) AND t.template = $2);
BEGIN
	IF owner IS NULL THEN
		PERFORM erp_private.refuse('LE012', format('there is no form of a statement "%s"', left($2, 100)), 'template', $2, 'erp.statement_template lists them.');
	END IF;
	RETURN owner;
END
$function$;
COMMENT ON FUNCTION erp_private.statement_owner(integer, text) IS
	'The company_id of the form that a company has by a code: its own, else 0, that which ships. Errors: LE012 for an unknown form.';

CREATE FUNCTION erp_private.statement_days(company_id integer, period text, first_day date, last_day date, OUT from_day date, OUT to_day date, OUT whole_year boolean)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	from_day := $3;
	to_day := $4;
	IF $2 IS NOT NULL THEN
		SELECT r.first_day, r.last_day INTO from_day, to_day
		  FROM (
			SELECT p.first_day, p.last_day FROM erp.period p WHERE p.company_id = $1 AND p.code = $2
			UNION ALL
			SELECT f.first_day, f.last_day FROM erp.fiscal_year f WHERE f.company_id = $1 AND f.code = $2) r
		 LIMIT 1;
		IF NOT FOUND THEN
			PERFORM erp_private.refuse('LE012', format('there is no period or fiscal year "%s"', left($2, 100)), 'period', $2, 'erp.period and erp.fiscal_year list them.');
		END IF;
	END IF;
	IF to_day IS NULL OR from_day > to_day OR NOT isfinite(to_day) THEN
		PERFORM erp_private.refuse('LE011', 'a statement is of a range of days', 'last_day', to_day::text, 'Give a period, or first_day and last_day; first_day alone may be left out.');
	END IF;
	from_day := COALESCE(from_day, erp_private.month_first(to_day));
	whole_year := EXISTS (SELECT FROM erp.fiscal_year f WHERE f.company_id = $1 AND (f.first_day, f.last_day) = (from_day, to_day));
END
$function$;
COMMENT ON FUNCTION erp_private.statement_days(integer, text, date, date) IS
	'The days of a statement: of a period or a fiscal year by its code, else as given; without a first day, from the first of the month. whole_year: they are a fiscal year. Errors: LE011, LE012.';

CREATE FUNCTION erp_private.span_days(company_id integer, span text, first_day date, last_day date, OUT from_day date, OUT to_day date)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	year_day date := COALESCE((SELECT f.first_day FROM erp.fiscal_year f WHERE f.company_id = $1 AND $4 BETWEEN f.first_day AND f.last_day),
		date_trunc('year', $4::timestamp)::date);
	is_month_end boolean := erp_private.month_first($4 + 1) = $4 + 1;
	is_whole boolean := is_month_end AND erp_private.month_first($3) = $3;
	months integer := (extract(year FROM $4) - extract(year FROM $3)) * 12 + extract(month FROM $4) - extract(month FROM $3) + 1;
BEGIN
	from_day := CASE WHEN $2 IN ('year_to_date', 'year_start', 'previous_year_to_date') THEN year_day ELSE $3 END;
	to_day := CASE WHEN $2 = 'year_start' THEN year_day - 1 ELSE $4 END;
	IF $2 = 'previous_period' THEN
		to_day := $3 - 1;
		from_day := CASE WHEN is_whole THEN ($3 - make_interval(months => months))::date ELSE $3 - ($4 - $3) - 1 END;
	ELSIF $2 IN ('previous_year', 'previous_year_to_date') THEN
		from_day := (from_day - interval '1 year')::date;
		to_day := CASE WHEN is_month_end THEN (($4 + 1) - interval '1 year')::date - 1 ELSE ($4 - interval '1 year')::date END;
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.span_days(integer, text, date, date) IS
	'The days of a column: period (as given), year_to_date, year_start (the day before the fiscal year), previous_period (as many whole months, else days, before), previous_year or previous_year_to_date (the same a year before).';

CREATE FUNCTION erp_private.span_title(language text, kind text, span text) RETURNS text
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT t.title
	  FROM (VALUES ('en', true, 'period', 'Closing balance'), ('en', true, 'year_start', 'Start of year'), ('en', true, 'year_to_date', 'Closing balance'),
		('en', true, 'previous_period', 'Previous period'), ('en', true, 'previous_year', 'Previous year'), ('en', true, 'previous_year_to_date', 'Previous year'),
		('en', false, 'period', 'This period'), ('en', false, 'year_start', 'Before the year'), ('en', false, 'year_to_date', 'Year to date'),
		('en', false, 'previous_period', 'Previous period'), ('en', false, 'previous_year', 'Same period of previous year'),
		('en', false, 'previous_year_to_date', 'Previous year to date'),
		('zh', true, 'period', '期末余额'), ('zh', true, 'year_start', '年初余额'), ('zh', true, 'year_to_date', '期末余额'),
		('zh', true, 'previous_period', '上期期末余额'), ('zh', true, 'previous_year', '上年同期余额'), ('zh', true, 'previous_year_to_date', '上年同期余额'),
		('zh', false, 'period', '本期金额'), ('zh', false, 'year_start', '年初以前'), ('zh', false, 'year_to_date', '本年累计金额'),
		('zh', false, 'previous_period', '上期金额'), ('zh', false, 'previous_year', '上年同期金额'), ('zh', false, 'previous_year_to_date', '上年累计金额'))
		AS t (language, is_balance, span, title)
	 WHERE t.language = $1 AND t.is_balance = ($2 = 'balance') AND t.span = $3
$function$;
COMMENT ON FUNCTION erp_private.span_title(text, text, text) IS 'What a column of a span is called on a statement of a kind.';

CREATE FUNCTION erp_private.check_columns(company_id integer, columns jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	specs jsonb;
	bad record;
BEGIN
	IF jsonb_typeof(columns) = 'array' THEN
		specs := (SELECT jsonb_agg(CASE jsonb_typeof(e.value) WHEN 'string' THEN jsonb_build_object('span', e.value) ELSE e.value END ORDER BY e.n)
		            FROM jsonb_array_elements(columns) WITH ORDINALITY AS e (value, n));
	END IF;
	PERFORM erp_private.check_rows(COALESCE(specs, to_jsonb('none'::text)), 'columns[#]', '{"span": "code", "first_day": "day", "last_day": "day", "title": "name",
		"titles": "object", "dimensions": "object", "by": "code"}');
	PERFORM erp_private.check_choice(specs, 'columns[#]', 'span', ARRAY['period', 'year_to_date', 'year_start', 'previous_period', 'previous_year', 'previous_year_to_date']);
	SELECT e.n - 1 AS n, e.value ->> 'by' AS code INTO bad
	  FROM jsonb_array_elements(specs) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'by' IS NOT NULL
	   AND NOT EXISTS (SELECT FROM erp.dimension d WHERE d.company_id = check_columns.company_id AND d.code = e.value ->> 'by') LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE012', format('there is no dimension "%s"', left(bad.code, 100)), format('columns[%s].by', bad.n), bad.code, 'erp.dimension lists them.');
	END IF;
	RETURN specs;
END
$function$;
COMMENT ON FUNCTION erp_private.check_columns(integer, jsonb) IS
	'Columns of a statement as erp.statement() takes them, each an object. Errors: LE011 for what is no column, LE012 for an unknown dimension.';

-- A column by a dimension stands for one of each value, one without, and one of all.
CREATE FUNCTION erp_private.statement_columns(company_id integer, kind text, language text, first_day date, last_day date, columns jsonb, dimensions jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	specs jsonb := erp_private.check_columns($1, $6);
BEGIN
	RETURN (
		SELECT jsonb_agg(jsonb_build_object('first_day', s.from_day, 'last_day', s.to_day, 'without', COALESCE(v.without, 0),
			'values', to_jsonb(s.value_ids || COALESCE(v.value_ids, '{}')),
			'title', CASE WHEN v.title IS NULL THEN s.title WHEN jsonb_array_length(specs) = 1 AND NOT s.is_named THEN v.title ELSE v.title || ' ' || s.title END)
			ORDER BY s.n, v.rank, v.code)
		  FROM (
			SELECT e.n, e.value ->> 'by' AS by_code, COALESCE((e.value ->> 'first_day')::date, d.from_day) AS from_day,
			       COALESCE((e.value ->> 'last_day')::date, d.to_day) AS to_day, e.value ? 'title' AS is_named,
			       COALESCE(e.value ->> 'title', e.value -> 'titles' ->> $3, erp_private.span_title($3, $2, COALESCE(e.value ->> 'span', 'period'))) AS title,
			       COALESCE(erp_private.dimension_values($1, NULLIF(COALESCE($7, '{}') || COALESCE(e.value -> 'dimensions', '{}'), '{}')), '{}') AS value_ids
			  FROM jsonb_array_elements(specs) WITH ORDINALITY AS e (value, n)
			 CROSS JOIN LATERAL erp_private.span_days($1, COALESCE(e.value ->> 'span', 'period'), $4, $5) d) s
		  LEFT JOIN LATERAL (
			SELECT 1 AS rank, x.code, x.name AS title, ARRAY[x.dimension_value_id] AS value_ids, 0 AS without
			  FROM erp.dimension d JOIN erp.dimension_value x ON x.company_id = $1 AND x.dimension_id = d.dimension_id
			 WHERE d.company_id = $1 AND d.code = s.by_code
			UNION ALL
			SELECT 2, '', CASE $3 WHEN 'zh' THEN '无' ELSE 'None' END, '{}', d.dimension_id FROM erp.dimension d WHERE d.company_id = $1 AND d.code = s.by_code
			UNION ALL
			SELECT 3, '', CASE $3 WHEN 'zh' THEN '合计' ELSE 'Total' END, '{}', 0 WHERE s.by_code IS NOT NULL) v ON true);
END
$function$;
COMMENT ON FUNCTION erp_private.statement_columns(integer, text, text, date, date, jsonb, jsonb) IS
	'The columns of a statement of a range of days, each with title, first_day, last_day and slice (erp_private.term_cells()). kind: of the form. dimensions: values that lines of all columns have.';
