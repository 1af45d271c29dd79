\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
-- Every cell of a statement drills down to voucher lines that add up to it exactly, page by page.
\getenv srcdir PG_ABS_SRCDIR
\set cn CN3
\set en EN3
\set company_file :srcdir '/test/statements/company.sql'
\o /dev/null
\i :company_file
-- An advance to S3 that is partly used before it falls due, and one of its bills that is not: what is due later is more than the balance.
SELECT trial.book('CN3', 'd1', '2026-02-03', '1403', '1123', 3500, '{"DEPT": "S"}', NULL, 'S3');
SELECT trial.transfer('t1', '2026-01-31', '[["5001", "debit", 20000], ["5602", "credit", 3500], ["3103", "credit", 16500]]');
\o
SELECT plan(16);
-- All pages of a cell.
CREATE FUNCTION pg_temp.pages(p_template text, p_line integer, p_column integer, p_columns jsonb, p_size integer, p_known bigint DEFAULT NULL, p_period text DEFAULT '2026-02')
RETURNS TABLE (page integer, document_key text, amount numeric) LANGUAGE plpgsql STABLE AS $$
DECLARE
	place jsonb;
	r record;
	n integer;
BEGIN
	FOR turn IN 1 .. 1000 LOOP
		n := 0;
		page := turn;
		FOR r IN SELECT * FROM erp.statement_drill('CN3', p_template, p_line, p_column, p_period, columns => p_columns, seal_position => p_known, page_size => p_size, after => place) LOOP
			document_key := r.document_key;
			amount := r.amount;
			place := r.page_key;
			n := n + 1;
			RETURN NEXT;
		END LOOP;
		EXIT WHEN n < p_size;
	END LOOP;
END $$;
CREATE FUNCTION pg_temp.lines(p_template text, p_line integer, p_column integer DEFAULT 1, p_columns jsonb DEFAULT NULL, p_period text DEFAULT '2026-02') RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(document_key || ' ' || trim_scale(amount), ', ' ORDER BY day, voucher_id, voucher_line_no) FROM erp.statement_drill('CN3', p_template, p_line, p_column, p_period, columns => p_columns)
$$;
-- Cells that the pages do not add up to.
CREATE FUNCTION pg_temp.differ(p_template text, p_columns jsonb, p_size integer, p_known bigint DEFAULT NULL) RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT concat_ws(' ', s.line_no, s.column_no, s.amount, d.amount)
	FROM erp.statement('CN3', p_template, '2026-02', columns => p_columns, seal_position => p_known) s
	CROSS JOIN LATERAL (SELECT COALESCE(sum(g.amount), 0) AS amount FROM pg_temp.pages(p_template, s.line_no, s.column_no, p_columns, p_size, p_known) g) d
	WHERE s.amount <> d.amount
$$;
SELECT is(pg_temp.lines('cn_small_balance_sheet', 4), 'a3 11300, b3 22600', 'receivables: of customers who owe');
SELECT is(pg_temp.lines('cn_small_balance_sheet', 34), 'b4 4000, b5 3000', 'what customers have paid ahead');
SELECT is(pg_temp.lines('cn_small_balance_sheet', 5), 'b6 5000, b7 3500, b8 1500, d1 -3500', 'advances less what falls due after a year, and suppliers who were paid too much');
SELECT is(pg_temp.lines('cn_small_balance_sheet', 28), 'b7 2500', 'what falls due after a year, no more than the balance');
SELECT is(pg_temp.lines('cn_small_profit', 21, 1, '["year_to_date"]'), 'b3 20000, b9 -3000, b10 -1200, b11 -100, b12 -9000, b13 -500, b16 -240, c1 -1000', 'a line by formula; closing vouchers are left out');
SELECT is(pg_temp.lines('cn_small_profit', 32, 2, '[{"by": "DEPT"}]', '2026-01'), 'b12 -9000, b13 -500', 'of a department');
SELECT is((SELECT concat_ws(' | ', day, document_kind, document_key, account_code, party_code, debit, credit, amount) FROM erp.statement_drill('CN3', 'cn_small_balance_sheet', 33, 1, '2026-02')), '2026-01-05 | manual_voucher | b1 | 2202.01 | S1 | 0.00 | 20000.00 | 20000.00', 'what a row says');
SELECT is_empty($$SELECT pg_temp.differ('cn_small_balance_sheet', NULL, 3)$$, '会小企01: every cell, three lines a page');
SELECT is_empty($$SELECT pg_temp.differ('cn_small_profit', '["period", "year_to_date", "previous_year"]', 100)$$, '会小企02: every cell');
SELECT is_empty($$SELECT pg_temp.differ('cn_small_profit', '[{"by": "DEPT", "span": "year_to_date"}, {"by": "PROJ", "span": "year_to_date"}]', 2)$$, 'by department and by project, two lines a page');
SELECT is_empty($$SELECT pg_temp.differ('cn_small_balance_sheet', '[{"by": "DEPT"}]', 100)$$, '会小企01 by department');
SELECT is_empty(format($$SELECT pg_temp.differ('cn_small_balance_sheet', NULL, 4, %s)$$, :known), 'as known at a position of the seal');
SELECT is((SELECT string_agg(n || 'x' || k, ' ' ORDER BY page) FROM (SELECT page, count(*) AS n, count(DISTINCT document_key) AS k FROM pg_temp.pages('cn_small_balance_sheet', 1, 1, NULL, 4) GROUP BY page) p), '4x4 4x4 4x4 2x2', 'pages of money: each voucher once');
\o /dev/null
SELECT erp.put_statements('CN3', 'q', '[{"template": "Q", "kind": "profit", "titles": {"en": "Q"}, "lines": [{"line_no": 1, "terms": [{"accounts": ["5001"], "measure": "net", "side": "credit"}]}, {"line_no": 2, "formula": "L1 / (L1 + 1)"}, {"line_no": 3, "formula": "2 * (L1 - L1 / 4)"}]}]');
\o
SELECT throws_ok($$SELECT * FROM erp.statement_drill('CN3', 'Q', 2, 1, '2025-12')$$, 'LE340', 'line 2 of form "Q" is no sum of voucher lines', 'a quotient has no lines');
SELECT is((SELECT string_agg(document_key || ' ' || trim_scale(amount), ', ' ORDER BY voucher_id) FROM erp.statement_drill('CN3', 'Q', 3, 1, '2026-01')), 'b3 30000, t1 -30000', 'multiples have: one and a half times');
SELECT throws_ok($$SELECT * FROM erp.statement_drill('CN3', 'Q', 9, 1, '2026-01')$$, 'LE012', 'form "Q" has no line 9', 'an unknown line');
SELECT * FROM finish();
\o /dev/null
DROP SCHEMA trial CASCADE;
