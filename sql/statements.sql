\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
-- Statements by forms that are data: 会小企01 and 会小企02 of a small Chinese company and the English set of another, every figure worked out by hand.
-- What is sealed and folded has committed: nothing here is rolled back.
\getenv srcdir PG_ABS_SRCDIR
\set cn CN1
\set en EN1
\set company_file :srcdir '/test/statements/company.sql'
\o /dev/null
\i :company_file
\o
SELECT plan(47);
CREATE FUNCTION pg_temp.column_of(p_template text, p_column integer, p_period text, p_known bigint DEFAULT NULL, p_company text DEFAULT 'CN1') RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(s.line_no || '=' || trim_scale(s.amount), ' ' ORDER BY s.line_no) FROM erp.statement(p_company, p_template, p_period, seal_position => p_known) s WHERE s.column_no = p_column AND s.amount <> 0
$$;
-- 31 January 2026. Bank 300000 - 60000 - 2000 = 238000 before, then 4000 + 3000 + 700 in and 5000 + 6000 + 1500 + 3000 + 1200 + 100 + 50 out. C1 owes 11300 + 22600, C2 has paid
-- 4000 and C3 3000 ahead. S4 was paid 1500 too much; of the advances to S2 and S3, 6000 are due after a year. Stocks: 20000 - 8000 - 9000 and 8000 in work. Profit of January 6210, on 8000.
\set january '1=228850 4=33900 5=6500 9=11000 10=3000 11=8000 15=280250 18=60000 19=500 20=59500 28=6000 29=65500 30=345750 33=20000 34=7000 36=4540 41=31540 47=31540 48=300000 51=14210 52=314210 53=345750'
\set year_start '1=238000 4=11300 15=249300 18=60000 20=60000 29=60000 30=309300 36=1300 41=1300 47=1300 48=300000 51=8000 52=308000 53=309300'
\set profit '1=20000 2=9000 3=240 11=1200 13=1200 14=3500 18=100 21=5960 22=700 23=700 24=50 29=50 30=6610 31=400 32=6210'
SELECT is(pg_temp.column_of('cn_small_balance_sheet', 1, '2026-01'), :'january', '会小企01 of January');
SELECT is(pg_temp.column_of('cn_small_balance_sheet', 2, '2026-01'), :'year_start', 'and at the start of the year');
SELECT is(pg_temp.column_of('cn_small_profit', 1, '2026-01'), :'profit', '会小企02 of January');
SELECT is(pg_temp.column_of('cn_small_profit', 2, '2026-01'), :'profit', 'and of the year to date');
SELECT is(pg_temp.column_of('cn_small_profit', 1, '2026-02'), '14=1000 21=-1000 30=-1000 32=-1000', 'February');
SELECT is(pg_temp.column_of('cn_small_profit', 2, '2026-02'), '1=20000 2=9000 3=240 11=1200 13=1200 14=4500 18=100 21=4960 22=700 23=700 24=50 29=50 30=5610 31=400 32=5210', 'with January');
SELECT is(pg_temp.column_of('cn_small_profit', 1, '2025-12'), '1=10000 14=2000 21=8000 30=8000 32=8000', 'a month whose profit was transferred');
SELECT is(pg_temp.column_of('cn_small_balance_sheet', 1, '2025-12'), :'year_start', 'its balance sheet, after the year was transferred too');
SELECT is((SELECT string_agg(DISTINCT column_title, ', ') FROM erp.statement('CN1', 'cn_small_profit', '2026')), '上年金额, 本年累计金额', 'of a whole year the columns are others');
SELECT is(pg_temp.column_of('cn_small_profit', 2, '2026'), '1=10000 14=2000 21=8000 30=8000 32=8000', 'the year before');
SELECT is((SELECT string_agg(concat_ws(' ', line_no, level, label, column_no, column_title, amount), ' | ' ORDER BY line_no, column_no) FROM erp.statement('CN1', 'cn_small_balance_sheet', '2026-01') WHERE line_no IN (10, 15)),
	'10 2 其中：原材料 1 期末余额 3000.00 | 10 2 其中：原材料 2 年初余额 0.00 | 15 0 流动资产合计 1 期末余额 280250.00 | 15 0 流动资产合计 2 年初余额 249300.00', 'rows have labels, levels and titles');
SELECT is((SELECT string_agg(concat_ws(' ', label, column_title), ' | ' ORDER BY column_no) FROM erp.statement('CN1', 'cn_small_profit', '2026-01', language => 'en') WHERE line_no = 32),
	'Net profit (loss negative) This period | Net profit (loss negative) Year to date', 'in English');
SELECT is((SELECT count(*) FROM erp.statement('CN1', 'cn_small_balance_sheet', '2026-01')), 106::bigint, '53 lines in two columns');
-- The transfer of January's profit, and its reversal: the balance sheet balances, the statement of profit stays as it is.
\o /dev/null
SELECT trial.transfer('t1', '2026-01-31', '[["5001", "debit", 20000], ["5301.01", "debit", 700], ["5401", "credit", 9000], ["5403", "credit", 240], ["5601.02", "credit", 1200],
	["5602", "credit", 3500], ["5603", "credit", 100], ["5711.04", "credit", 50], ["5801", "credit", 400], ["3103", "credit", 6210]]');
\o
SELECT is(pg_temp.column_of('cn_small_balance_sheet', 1, '2026-01'), :'january', 'after the transfer of profit the balance sheet is as before');
SELECT is(pg_temp.column_of('cn_small_profit', 1, '2026-01'), :'profit', 'and so is the statement of profit');
SELECT is((SELECT sum(amount) FROM erp_private.term_amounts((SELECT company_id FROM erp.company WHERE code = 'CN1'), '2026-01-01', '2026-01-31', '[{"accounts": ["5001"], "measure": "net", "side": "credit"}]')), 0.0, 'where closing vouchers count, nothing is left');
SELECT is((SELECT sum(amount) FROM erp_private.term_amounts((SELECT company_id FROM erp.company WHERE code = 'CN1'), '2026-01-01', '2026-01-31', '[{"accounts": ["5001"], "measure": "debit", "closing_vouchers": "without"}]')), 0.0, 'nor is a debit where they do not');
\o /dev/null
SELECT erp.reverse_document('CN1', '{"key": "t1r", "reverses": "t1", "day": "2026-02-15"}');
\o
SELECT is(pg_temp.column_of('cn_small_profit', 1, '2026-01'), :'profit', 'it was reversed in February: January');
SELECT is(pg_temp.column_of('cn_small_profit', 1, '2026-02'), '14=1000 21=-1000 30=-1000 32=-1000', 'and February');
-- Folded, and as known.
SELECT is(pg_temp.column_of('cn_small_profit', 1, '2026-02', :known), NULL, 'February, before it was known');
SELECT is(pg_temp.column_of('cn_small_balance_sheet', 1, '2026-02', :known), :'january', 'its balance sheet then');
SELECT ok(erp.fold_balances('CN1') > 0, 'all is folded');
SELECT is(pg_temp.column_of('cn_small_balance_sheet', 1, '2026-01'), :'january', '会小企01, folded');
SELECT is(pg_temp.column_of('cn_small_balance_sheet', 2, '2026-01'), :'year_start', 'at the start of the year, folded');
SELECT is(pg_temp.column_of('cn_small_profit', 1, '2026-01'), :'profit', '会小企02, folded');
SELECT is(pg_temp.column_of('cn_small_balance_sheet', 1, '2026-01', :known), :'january', '会小企01 as known, folded');
SELECT is((SELECT string_agg(line_no || '=' || trim_scale(amount), ' ' ORDER BY line_no) FROM erp.statement('CN1', 'cn_small_profit', first_day => '2026-01-10', last_day => '2026-01-20') WHERE column_no = 1 AND amount <> 0),
	'1=20000 2=9000 11=1200 13=1200 14=3000 18=100 21=6700 30=6700 32=6700', 'of any days');
-- Checks.
SELECT is_empty($$SELECT t.template, p.period, k.* FROM erp.statement_template t, (VALUES ('2025-12'), ('2026-01'), ('2026-02'), ('2026')) p (period), erp.statement_checks('CN1', t.template, p.period) k
	WHERE t.template LIKE 'cn%'$$, 'all checks hold');
-- Each check fails where its line says something else: a form of the company's own in which it does.
CREATE FUNCTION pg_temp.broken(p_template text) RETURNS TABLE (check_no integer, reported boolean) LANGUAGE plpgsql AS $$
DECLARE
	k record;
BEGIN
	FOR k IN SELECT s.* FROM erp.statement_check s WHERE s.company_id = 0 AND s.template = p_template ORDER BY s.check_no LOOP
		PERFORM erp.put_statements('CN1', format('broken %s %s', p_template, k.check_no), json_build_array(json_build_object('template', format('B%s', k.check_no), 'copy_of', p_template,
			'lines', json_build_array(json_build_object('line_no', substr(k.left_formula, 2)::integer, 'formula', '0 - 99999999')))));
		RETURN QUERY SELECT k.check_no, EXISTS (SELECT FROM erp.statement_checks('CN1', format('B%s', k.check_no), '2026-01') f WHERE f.check_no = k.check_no);
		PERFORM erp.put_statements('CN1', format('mended %s %s', p_template, k.check_no), json_build_array(json_build_object('template', format('B%s', k.check_no), 'remove', true)));
	END LOOP;
END $$;
SELECT is((SELECT string_agg(check_no || ' ' || reported, ', ' ORDER BY check_no) FROM pg_temp.broken('cn_small_balance_sheet')),
	'1 true, 2 true, 3 true, 4 true, 5 true, 6 true, 7 true, 8 true, 9 true, 10 true, 11 true', 'each check of 会小企01 can fail');
SELECT is((SELECT string_agg(check_no || ' ' || reported, ', ' ORDER BY check_no) FROM pg_temp.broken('cn_small_profit')),
	'1 true, 2 true, 3 true, 4 true, 5 true, 6 true, 7 true, 8 true, 9 true', 'each check of 会小企02 can fail');
SELECT is((SELECT string_agg(check_no || ' ' || reported, ', ' ORDER BY check_no) FROM pg_temp.broken('en_balance_sheet')),
	'1 true, 2 true, 3 true, 4 true, 5 true, 6 true, 7 true, 8 true, 9 true', 'each check of the English balance sheet can fail');
SELECT is((SELECT string_agg(check_no || ' ' || reported, ', ' ORDER BY check_no) FROM pg_temp.broken('en_profit')), '1 true, 2 true, 3 true, 4 true', 'each check of the English statement of profit can fail');
SELECT is((SELECT string_agg(left_formula || ' ' || comparison || ' ' || right_formula, '; ' ORDER BY check_no) FROM erp.statement_check WHERE company_id = 0 AND template = 'cn_small_balance_sheet' AND check_no IN (2, 11)),
	'L9 >= L10 + L11 + L12 + L13; L53 = L30', 'checks are data');
-- An account that no line takes makes the balance sheet differ.
\o /dev/null
SELECT erp.put_accounts('CN1', 'odd', '[{"code": "1999", "name": "悬账", "class": "asset", "side": "debit"}]');
SELECT trial.book('CN1', 'odd1', '2026-03-05', '1999', '1002', 77);
\o
SELECT results_eq($$SELECT * FROM erp.statement_checks('CN1', 'cn_small_balance_sheet', '2026-03')$$, $$VALUES (11, 'L53 = L30', 1, '期末余额', 344750.00, 344673.00)$$, 'what is wrong, and by how much');
-- A company's own form takes the place of one that ships.
\o /dev/null
SELECT erp.put_statements('CN1', 'own', '[{"template": "cn_small_balance_sheet", "lines": [{"line_no": 14, "terms": [{"accounts": ["1124", "1901", "1999"]}]}]}]');
SELECT erp.put_statements('CN1', 'margin', '[{"template": "MARGIN", "kind": "profit", "titles": {"en": "Margin"}, "columns": ["period", "year_to_date"], "lines": [
	{"line_no": 1, "labels": {"en": "Revenue"}, "terms": [{"accounts": ["5001"], "measure": "net", "side": "credit", "closing_vouchers": "without"}]},
	{"line_no": 2, "labels": {"en": "Cost"}, "terms": [{"accounts": ["5401"], "measure": "net", "closing_vouchers": "without"}]},
	{"line_no": 3, "labels": {"en": "Margin, %"}, "formula": "round(100 * (L1 - L2) / L1, 1)"}]}]');
\o
SELECT is_empty($$SELECT * FROM erp.statement_checks('CN1', 'cn_small_balance_sheet', '2026-03')$$, 'a line that takes it mends that');
SELECT is((SELECT amount FROM erp.statement('CN1', 'cn_small_balance_sheet', '2026-03') WHERE line_no = 14 AND column_no = 1), 77.00, 'by the company''s own form');
SELECT is((SELECT amount FROM erp.statement('EN1', 'cn_small_balance_sheet', '2026-01') WHERE line_no = 14 AND column_no = 1), 0.00, 'which is of that company');
SELECT is((SELECT string_agg(column_no || ' ' || COALESCE(amount::text, 'null'), ', ' ORDER BY column_no) FROM erp.statement('CN1', 'MARGIN', '2026-02') WHERE line_no = 3), '1 null, 2 55.00', 'a quotient: 11000 of 20000; by zero it is null');
SELECT throws_ok($$SELECT erp.put_statements('CN1', 'bad1', '[{"template": "MARGIN", "lines": [{"line_no": 2, "formula": "L3"}]}]')$$, 'LE120', 'line 2 of form "MARGIN": position 1: "L3" is not known', 'a formula knows what stands before it');
SELECT throws_ok($$SELECT erp.put_statements('CN1', 'bad2', '[{"template": "MARGIN", "checks": [{"left": "L1", "comparison": ">=", "right": "L9"}]}]')$$, 'LE120', 'check 1 of form "MARGIN": position 1: "L9" is not known', 'a check knows the lines of its form');
SELECT throws_ok($$SELECT erp.put_statements('CN1', 'bad3', '[{"template": "NEW"}]')$$, 'LE011', 'a form that is a copy of none has a kind and titles', 'a new form');
SELECT throws_ok($$SELECT * FROM erp.statement('CN1', 'NONE', '2026-01')$$, 'LE012', 'there is no form of a statement "NONE"', 'an unknown form');
SELECT throws_ok($$SELECT * FROM erp.statement('CN1', 'cn_small_profit', '2031-01')$$, 'LE012', 'there is no period or fiscal year "2031-01"', 'an unknown period');
SELECT throws_ok($$SELECT * FROM erp.statement('CN1', 'cn_small_profit')$$, 'LE011', 'a statement is of a range of days', 'no days');
-- The English set. Bank 10000 - 300 - 50; profit 1000 - 400 - 300.
SELECT is(pg_temp.column_of('en_balance_sheet', 1, '2026-01', NULL, 'EN1'), '1=9650 2=1200 4=50 7=10900 13=10900 14=400 17=200 19=600 21=600 22=10000 24=300 26=10300 27=10900', 'the English balance sheet');
SELECT is(pg_temp.column_of('en_profit', 1, '2026-01', NULL, 'EN1'), '1=1000 2=400 3=600 5=300 10=300 12=300 14=300', 'the English statement of profit');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
\o /dev/null
DROP SCHEMA trial CASCADE;
