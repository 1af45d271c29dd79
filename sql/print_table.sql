\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
-- Tables as pages of text, HTML and CSV; the lines are written down by hand.
\o /dev/null
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS erp;
SELECT erp.setup();
\o
BEGIN;
SELECT plan(18);
CREATE FUNCTION pg_temp.printed(p_form text, p_rows jsonb, p_layout jsonb) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT page || ': ' || content FROM erp.print_table('[{"name": "text", "title": "摘要"},
		{"name": "debit", "title": "Debit", "type": "number", "decimals": 2, "blank_zero": true, "carry": "sum"},
		{"name": "side", "title": "方向", "align": "center", "carry": "last"}]', p_rows, p_form, p_layout) ORDER BY page, line
$$;
GRANT USAGE ON SCHEMA public TO erp_read;
SET LOCAL ROLE erp_read;

SELECT results_eq($$SELECT * FROM pg_temp.printed('text', '[{"text": "销售 A", "debit": "1234.5", "side": "借"}, {"text": "b", "debit": 0, "side": "平"}]', '{"title": "账", "footing": ["end"]}')$$, ARRAY[
	'1:            账',
	'1:  摘要  |  Debit   | 方向',
	'1: -------+----------+-----',
	'1: 销售 A | 1,234.50 |  借',
	'1: b      |          |  平',
	'1: end'], 'text: columns stand under each other, a double-width character as two');

-- Five rows, four a page: three and what is carried; what was carried and the last two.
SELECT results_eq($$SELECT * FROM pg_temp.printed('text', '[{"text": "r1", "debit": 1, "side": "a"}, {"text": "r2", "debit": 2, "side": "b"}, {"text": "r3", "debit": 4},
	{"text": "r4", "debit": 8, "side": "d"}, {"text": "r5", "debit": 16, "side": "e"}]', '{"page_lines": 4, "carried_forward": "过次页", "brought_forward": "承前页", "page_title": "第{page}页 共{pages}页"}')$$, ARRAY[
	'1: 第1页 共2页',
	'1:  摘要  | Debit | 方向',
	'1: -------+-------+-----',
	'1: r1     |  1.00 |  a',
	'1: r2     |  2.00 |  b',
	'1: r3     |  4.00 |',
	'1: 过次页 |  7.00 |  b',
	'2: 第2页 共2页',
	'2:  摘要  | Debit | 方向',
	'2: -------+-------+-----',
	'2: 承前页 |  7.00 |  b',
	'2: r4     |  8.00 |  d',
	'2: r5     | 16.00 |  e'], 'sums and the last side are carried to the next page');

-- Rows of each page, by the number of rows and of lines a page, worked out on paper.
SELECT is((SELECT string_agg(lines, ' ' ORDER BY n) FROM (
	SELECT g.n, (SELECT string_agg(c::text, '+' ORDER BY page) FROM (SELECT page, count(*) AS c FROM pg_temp.printed('text', (SELECT jsonb_agg(jsonb_build_object('text', 'r', 'debit', 1)) FROM generate_series(1, g.n)), '{"page_lines": 4}') AS t (content)
		CROSS JOIN LATERAL (SELECT split_part(content, ':', 1)::int AS page) p WHERE content ~ '^\d: (r |Carried|Brought)' GROUP BY page) q) AS lines
	FROM generate_series(1, 9) AS g (n)) x), '1 2 3 4 4+3 4+4 4+4+3 4+4+4 4+4+4+3', 'no page is longer than asked, none is empty');
SELECT is((SELECT string_agg(content, ', ') FROM pg_temp.printed('text', (SELECT jsonb_agg(jsonb_build_object('text', 'r', 'debit', n)) FROM generate_series(1, 9) AS g (n)), '{"page_lines": 4}') AS t (content) WHERE content ~ 'forward'),
	'1: Carried forward |  6.00 |, 2: Brought forward |  6.00 |, 2: Carried forward | 15.00 |, 3: Brought forward | 15.00 |, 3: Carried forward | 28.00 |, 4: Brought forward | 28.00 |', 'a page carries what it was brought');

-- A total adds nothing; a start begins anew, with what it says.
SELECT is((SELECT content FROM pg_temp.printed('text', '[{"text": "a", "debit": 100}, {"text": "b", "debit": 5, "_start": {"debit": "20.5"}}, {"text": "t", "debit": 999, "_style": "total"}, {"text": "c", "debit": 1}, {"text": "d", "debit": 1}]', '{"page_lines": 4}') AS t (content) WHERE content ~ 'Carried'),
	'1: Carried forward |  25.50 |', 'sums begin anew where a row says so, and totals are not counted');

SELECT results_eq($$SELECT page || ': ' || content FROM erp.print_table('[{"name": "a"}]', '[{"a": "1"}, {"a": "2"}, {"a": "3"}, {"a": "4"}]', 'text', '{"page_lines": 3}')$$, ARRAY[
	'1: Page 1 of 2', '1: a', '1: -', '1: 1', '1: 2', '1: 3', '2: Page 2 of 2', '2: a', '2: -', '2: 4'], 'where nothing is carried, a page has all its lines');
SELECT results_eq($$SELECT content FROM pg_temp.printed('text', '[]', '{}') AS t (content)$$, ARRAY['1: 摘要 | Debit | 方向', '1: -----+-------+-----'], 'a table without rows has its titles');

SELECT results_eq($$SELECT * FROM pg_temp.printed('csv', '[{"text": "a, \"b\"", "debit": "1234.50", "side": "借"}, {"text": "c", "debit": 0}]', '{"page_lines": 3}')$$,
	ARRAY['1: 摘要,Debit,方向', '1: "a, ""b""",1234.50,借', '1: c,0,'], 'csv: quoted where it must be, numbers plainly, zeros too');

SELECT results_eq($$SELECT regexp_replace(content, '<!DOCTYPE.*<body>', 'HEAD') FROM pg_temp.printed('html', '[{"text": "<b>", "debit": "-2", "side": "贷"}, {"text": "T", "debit": 3, "_style": "total"}]', '{"title": "A & B", "heading": ["x < y"], "footing": ["f"]}') AS t (content)$$, ARRAY[
	'1: HEAD', '1: <section><h1>A &amp; B</h1>', '1: <p>x &lt; y</p>', '1: <table><thead><tr><th>摘要</th><th>Debit</th><th>方向</th></tr></thead><tbody>',
	'1: <tr><td>&lt;b&gt;</td><td class="red">-2.00</td><td class="center">贷</td></tr>',
	'1: <tr class="total"><td>T</td><td class="right">3.00</td><td class="center"></td></tr>', '1: </tbody></table>', '1: <p>f</p>', '1: </section>', '1: </body></html>'],
	'html: nothing is markup, negative numbers are red, rows have their style');
SELECT is((SELECT count(*) FROM pg_temp.printed('html', (SELECT jsonb_agg(jsonb_build_object('text', 'r', 'debit', 1)) FROM generate_series(1, 9)), '{"page_lines": 4}') AS t (content) WHERE content ~ '<section>'), 4::bigint, 'html: a section a page');

SELECT is((SELECT string_agg(content, ' ') FROM erp.print_table('[{"name": "n", "type": "number", "decimals": 1}]', '[{"n": "0.125"}, {"n": "1234567890123456.7"}, {"n": "-1000"}, {"n": null}]') WHERE line > 2),
	'                  0.125 1,234,567,890,123,456.7                -1,000.0 ', 'nothing is rounded, nothing is lost');
SELECT is((SELECT content FROM erp.print_table('[{"name": "t"}, {"name": "u"}]', '[{"t": "a\nb", "u": "c"}]') WHERE line = 3), 'a b | c', 'text: a line stays a line');

SELECT throws_ok($$SELECT * FROM erp.print_table('[{"title": "x"}]', '[]')$$, 'LE011', 'field "name" is missing', 'a column has a name');
SELECT throws_ok($$SELECT * FROM erp.print_table('[{"name": "a"}, {"name": "a"}]', '[]')$$, 'LE011', 'the same row is given twice', 'of its own');
SELECT throws_ok($$SELECT * FROM erp.print_table('[{"name": "a"}]', '{}')$$, 'LE011', 'an array of objects is expected', 'rows are an array');
SELECT throws_ok($$SELECT * FROM erp.print_table('[{"name": "a"}]', '[]', 'pdf')$$, 'LE011', 'field "form" has a value that is not known', 'forms are three');
SELECT throws_ok($$SELECT * FROM erp.print_table('[{"name": "a"}]', '[]', 'text', '{"page_lines": 2}')$$, 'LE011', 'a page has at least 3 lines', 'a page has room');
SELECT throws_ok($$SELECT * FROM erp.print_table('[{"name": "a"}]', '[]', 'text', '{"foo": 2}')$$, 'LE011', 'field "foo" is not known here', 'a layout is known');
SELECT * FROM finish();
ROLLBACK;
