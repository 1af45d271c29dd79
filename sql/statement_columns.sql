\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
-- Columns of statements: spans, and any dimension across, worked out by hand.
\getenv srcdir PG_ABS_SRCDIR
\set cn CN2
\set en EN2
\set company_file :srcdir '/test/statements/company.sql'
\o /dev/null
\i :company_file
-- A company whose fiscal year begins in April, with a leap day.
SELECT erp.create_company('APRIL2', 'c', '{"name": "April", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('APRIL2', 'y1', '{"code": "FY23", "first_day": "2023-04-01"}');
SELECT erp.create_fiscal_year('APRIL2', 'y2', '{"code": "FY24", "first_day": "2024-04-01"}');
SELECT trial.book('APRIL2', 'v' || n, d::date, '1010', '4000', 1.00 * (2 ^ n)::integer) FROM unnest(ARRAY['2023-04-01', '2023-05-31', '2024-02-29', '2024-03-31', '2024-04-10', '2024-05-01', '2024-05-31']) WITH ORDINALITY AS x (d, n);
\o
SELECT plan(22);
CREATE FUNCTION pg_temp.across(p_company text, p_template text, p_line integer, p_first date, p_last date, p_columns jsonb, p_dimensions jsonb DEFAULT NULL) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(s.column_title || ' ' || trim_scale(s.amount), ', ' ORDER BY s.column_no)
	FROM erp.statement(p_company, p_template, first_day => p_first, last_day => p_last, columns => p_columns, dimensions => p_dimensions) s WHERE s.line_no = p_line
$$;
-- Of May 2024: 64 + 128. Since April 32 more. April 32. May 2023: 4; with April 2023: 6.
SELECT is(pg_temp.across('APRIL2', 'en_profit', 1, '2024-05-01', '2024-05-31', '["period", "year_to_date", "previous_period", "previous_year", "previous_year_to_date"]'),
	'This period 192, Year to date 224, Previous period 32, Same period of previous year 4, Previous year to date 6', 'spans of a statement of profit');
-- The bank: 2 + 4 + 8 + 16 = 30 before the year.
SELECT is(pg_temp.across('APRIL2', 'en_balance_sheet', 1, '2024-05-01', '2024-05-31', '["period", "year_start", "previous_period", "previous_year"]'),
	'Closing balance 254, Start of year 30, Previous period 62, Previous year 6', 'spans of a balance sheet');
SELECT is(pg_temp.across('APRIL2', 'en_profit', 1, '2024-04-01', '2024-05-31', '["period", "previous_period"]'), 'This period 224, Previous period 24', 'two months, and the two before: February with its leap day, and March');
SELECT is(pg_temp.across('APRIL2', 'en_profit', 1, '2024-05-01', '2024-05-15', '["period", "previous_period", "previous_year"]'), 'This period 64, Previous period 0, Same period of previous year 0', 'fifteen days, those before, those of last year');
SELECT is(pg_temp.across('APRIL2', 'en_profit', 1, '2025-02-01', '2025-02-28', '["period", "previous_year"]'), 'This period 0, Same period of previous year 8', 'the end of February is the leap day');
SELECT is((SELECT string_agg(column_no || ' ' || amount, ', ' ORDER BY column_no) FROM erp.statement('APRIL2', 'en_profit', 'FY24') WHERE line_no = 1), '1 224.00, 2 30.00', 'a fiscal year and the one before');
SELECT is(pg_temp.across('APRIL2', 'en_profit', 1, '2024-05-01', '2024-05-31', '[{"first_day": "2023-04-01", "last_day": "2024-02-29", "title": "Some days"}]'), 'Some days 14', 'days of its own');
-- Departments in January 2026: revenue of N, cost of S, what neither has.
SELECT is(pg_temp.across('CN2', 'cn_small_profit', 1, '2026-01-01', '2026-01-31', '[{"by": "DEPT"}]'), '北区 20000, 南区 0, 无 0, 合计 20000', 'revenue by department');
SELECT is(pg_temp.across('CN2', 'cn_small_profit', 14, '2026-01-01', '2026-01-31', '[{"by": "DEPT"}]'), '北区 3000, 南区 500, 无 0, 合计 3500', 'administration');
SELECT is(pg_temp.across('CN2', 'cn_small_profit', 32, '2026-01-01', '2026-01-31', '[{"by": "DEPT"}]'), '北区 15800, 南区 -9500, 无 -90, 合计 6210', 'profit: 20000 - 3000 - 1200, - 9000 - 500, 700 - 100 - 50 - 240 - 400');
SELECT is(pg_temp.across('CN2', 'cn_small_profit', 14, '2026-02-01', '2026-02-28', '[{"by": "DEPT"}, {"by": "DEPT", "span": "year_to_date"}]'),
	'北区 本期金额 0, 南区 本期金额 1000, 无 本期金额 0, 合计 本期金额 1000, 北区 本年累计金额 3000, 南区 本年累计金额 1500, 无 本年累计金额 0, 合计 本年累计金额 4500', 'of a month and of the year to date');
SELECT is(pg_temp.across('CN2', 'cn_small_profit', 14, '2026-01-01', '2026-01-31', '[{"by": "DEPT"}]', '{"PROJ": "P"}'), '北区 3000, 南区 0, 无 0, 合计 3000', 'within a project');
SELECT is(pg_temp.across('CN2', 'cn_small_profit', 14, '2026-01-01', '2026-01-31', '[{"dimensions": {"DEPT": "N"}, "title": "N"}, {"dimensions": {"DEPT": "S", "PROJ": "P"}, "title": "S, P"}]'), 'N 3000, S, P 0', 'a column of values');
SELECT is(pg_temp.across('CN2', 'cn_small_balance_sheet', 4, '2026-01-01', '2026-01-31', '[{"by": "DEPT"}]'), '北区 22600, 南区 0, 无 11300, 合计 33900', 'customers by department');
SELECT is(pg_temp.across('CN2', 'cn_small_balance_sheet', 28, '2026-01-01', '2026-01-31', '[{"by": "DEPT"}]'), '北区 0, 南区 0, 无 6000, 合计 6000', 'what is due after a year by department');
CREATE TEMP TABLE unfolded AS SELECT t.template, s.* FROM erp.statement_template t, erp.statement('CN2', t.template, '2026-01', columns => '[{"by": "DEPT"}, {"by": "PROJ", "span": "year_start"}]') s WHERE t.template LIKE 'cn%';
SELECT ok(erp.fold_balances('CN2') > 0, 'all is folded');
SELECT is_empty($$SELECT t.template, s.* FROM erp.statement_template t, erp.statement('CN2', t.template, '2026-01', columns => '[{"by": "DEPT"}, {"by": "PROJ", "span": "year_start"}]') s WHERE t.template LIKE 'cn%' EXCEPT SELECT * FROM unfolded$$, 'every column is the same, folded');
SELECT is_empty($$SELECT line_no FROM erp.statement('CN2', 'cn_small_profit', '2026-01', columns => '[{"by": "DEPT"}]') GROUP BY line_no HAVING sum(amount) FILTER (WHERE column_no < 4) <> sum(amount) FILTER (WHERE column_no = 4)$$, 'departments add up to the total');
SELECT throws_ok($$SELECT * FROM erp.statement('CN2', 'cn_small_profit', '2026-01', columns => '[{"by": "NONE"}]')$$, 'LE012', 'there is no dimension "NONE"', 'an unknown dimension');
SELECT throws_ok($$SELECT * FROM erp.statement('CN2', 'cn_small_profit', '2026-01', columns => '["quarter"]')$$, 'LE011', 'field "span" has a value that is not known', 'an unknown span');
SELECT throws_ok($$SELECT * FROM erp.statement('CN2', 'cn_small_profit', '2026-01', columns => '{}')$$, 'LE011', 'an array of objects is expected', 'what is no list');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
\o /dev/null
DROP SCHEMA trial CASCADE;
