\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
-- Statements frozen with their hash by a call and by the close of a month, and printed as the official forms are.
\getenv srcdir PG_ABS_SRCDIR
\set cn CN4
\set en EN4
\set company_file :srcdir '/test/statements/company.sql'
\o /dev/null
\i :company_file
\o
SELECT plan(25);
\o /dev/null
SELECT erp.freeze_statement('CN4', 'f1', '{"template": "cn_small_balance_sheet", "period": "2026-01"}');
SELECT erp.freeze_statement('CN4', 'f2', '{"template": "cn_small_profit", "first_day": "2026-01-01", "last_day": "2026-01-31", "columns": [{"by": "DEPT"}], "language": "en"}');
SELECT trial.book('CN4', 'late', '2026-01-25', '5602', '1002', 9);
\o
SELECT is((SELECT string_agg(concat_ws(' ', document_key, template, first_day, last_day, hash_holds), ', ' ORDER BY document_key) FROM erp.verify_frozen_statements('CN4')),
	'f1 cn_small_balance_sheet 2026-01-01 2026-01-31 t, f2 cn_small_profit 2026-01-01 2026-01-31 t', 'two are frozen, and hold');
SELECT is(erp.freeze_statement('CN4', 'f1', '{"template": "cn_small_balance_sheet", "period": "2026-01"}') -> 'statements' -> 0 ->> 'hash', (SELECT hash FROM erp.verify_frozen_statements('CN4', 'cn_small_balance_sheet')), 'the call says the hash, again too');
CREATE FUNCTION pg_temp.content(p_key text) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT f.content FROM erp.frozen_statement f JOIN erp.document d USING (company_id, document_id) JOIN erp.company c ON c.company_id = d.company_id WHERE c.code = 'CN4' AND d.key = p_key
$$;
SELECT is((SELECT jsonb_agg(l -> 'amounts') FROM jsonb_array_elements(pg_temp.content('f1') -> 'lines') l WHERE (l ->> 'line_no')::integer IN (30, 51, 53)), '[[345750.00, 309300.00], [14210.00, 8000.00], [345750.00, 309300.00]]', 'it is what stood then');
SELECT is((SELECT jsonb_agg(l -> 'amounts') FROM jsonb_array_elements(pg_temp.content('f2') -> 'lines') l WHERE (l ->> 'line_no')::integer = 32), '[[15800.00, -9500.00, -90.00, 6210.00]]', 'by department');
SELECT is((SELECT amount FROM erp.statement('CN4', 'cn_small_balance_sheet', '2026-01') WHERE line_no = 30 AND column_no = 1), 345741.00, 'the books have gone on');
SELECT is(pg_temp.content('f1') - 'lines', '{"form": "会小企01表", "name": "青禾商贸有限公司", "title": "资产负债表", "columns": ["期末余额", "年初余额"], "company": "CN4", "currency": "CNY", "language": "zh", "last_day": "2026-01-31", "template": "cn_small_balance_sheet",
	"first_day": "2026-01-01", "failed_checks": []}', 'and what it is of');
SELECT throws_ok($$UPDATE erp.frozen_statement SET template = 'x'$$, 'LE060', NULL, 'it never changes');
SELECT throws_ok($$INSERT INTO erp.frozen_statement SELECT company_id, document_id, 2, template, first_day, last_day, content, hash FROM erp.frozen_statement$$, 'LE061', NULL, 'and the engine alone makes it');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
\o /dev/null
SELECT erp.seal_documents('CN4');
BEGIN;
ALTER TABLE erp.frozen_statement DISABLE TRIGGER USER;
UPDATE erp.frozen_statement f SET content = jsonb_set(f.content, '{lines,29,amounts,0}', '345751') WHERE f.content ->> 'template' = 'cn_small_balance_sheet';
ALTER TABLE erp.frozen_statement ENABLE ALWAYS TRIGGER guard_change;
\o
SELECT is((SELECT string_agg(document_key || ' ' || hash_holds, ', ' ORDER BY document_key) FROM erp.verify_frozen_statements('CN4')), 'f1 false, f2 true', 'what was altered behind the guards is found');
SELECT is((SELECT count(*) FROM erp_private.check_frozen_statements()), 1::bigint, 'by the integrity check');
SELECT isnt_empty($$SELECT * FROM erp.verify_chain('CN4')$$, 'and by the chain');
ROLLBACK;
-- The close freezes what the chart says, or the company.
SELECT is((SELECT erp.close_month('EN4', 'close', '{"period": "2026-01"}') ->> 'state'), 'closed', 'a month is closed');
SELECT is((SELECT string_agg(concat_ws(' ', document_key, template, hash_holds), ', ' ORDER BY template) FROM erp.verify_frozen_statements('EN4')), 'close en_balance_sheet t, close en_profit t', 'and its statements are frozen');
\o /dev/null
SELECT erp.put_statements('EN4', 'no', '[{"template": "en_profit", "at_close": false}]');
SELECT erp.close_month('EN4', 'close2', '{"period": "2026-02"}');
\o
SELECT is((SELECT string_agg(concat_ws(' ', document_key, template), ', ' ORDER BY template) FROM erp.verify_frozen_statements('EN4') WHERE document_key = 'close2'), 'close2 en_balance_sheet', 'those that the company names');
-- Printed.
SELECT is((SELECT string_agg(content, E'\n' ORDER BY line) FROM erp.print_frozen_statement('CN4', 'f1') WHERE line <= 9),
'                                                      资产负债表
会小企01表
编制单位：青禾商贸有限公司    2026年1月31日    单位：元
      资产       | 行次 |  期末余额  |  年初余额  |          负债和所有者权益          | 行次 |  期末余额  |  年初余额
-----------------+------+------------+------------+------------------------------------+------+------------+-----------
流动资产：       |      |            |            | 流动负债：                         |      |            |
货币资金         |  1   | 228,850.00 | 238,000.00 | 短期借款                           |  31  |            |
短期投资         |  2   |            |            | 应付票据                           |  32  |            |
应收票据         |  3   |            |            | 应付账款                           |  33  |  20,000.00 |', 'the official form');
SELECT is((SELECT content FROM erp.print_frozen_statement('CN4', 'f1') WHERE content LIKE '%资产总计%'),
'资产总计         |  30  | 345,750.00 | 309,300.00 | 负债和所有者权益（或股东权益）总计 |  53  | 345,750.00 | 309,300.00', 'its totals stand beside each other');
SELECT is((SELECT string_agg(content, E'\n' ORDER BY line) FROM erp.print_statement('EN4', 'en_profit', '2026-01')),
'                    Statement of profit
Mill & Sons <Ltd>    2026-01-01 to 2026-01-31    GBP
          Item           | Line | This period | Year to date
-------------------------+------+-------------+-------------
Revenue                  |  1   |    1,000.00 |     1,000.00
Cost of sales            |  2   |      400.00 |       400.00
Gross profit             |  3   |      600.00 |       600.00
Other income             |  4   |             |
Operating expenses       |      |             |
Wages and salaries       |  5   |      300.00 |       300.00
Rent                     |  6   |             |
Depreciation             |  7   |             |
Exchange differences     |  8   |             |
Other operating expenses |  9   |             |
Operating profit         |  10  |      300.00 |       300.00
Interest expense         |  11  |             |
Profit before tax        |  12  |      300.00 |       300.00
Income tax               |  13  |             |
Profit                   |  14  |      300.00 |       300.00', 'the English statement of profit');
SELECT is((SELECT string_agg(content, E'\n' ORDER BY line) FROM erp.print_statement('EN4', 'en_profit', '2026-01', form => 'csv') WHERE line < 4), E'Item,Line,This period,Year to date\nRevenue,1,1000.00,1000.00\nCost of sales,2,400.00,400.00', 'as CSV');
SELECT is((SELECT count(*) FROM erp.print_statement('EN4', 'en_profit', '2026-01', form => 'html') WHERE content LIKE '%Mill &amp; Sons &lt;Ltd&gt;%'), 1::bigint, 'in HTML nothing of a name is markup');
SELECT is((SELECT count(*) FROM erp.print_statement('EN4', 'en_profit', '2026-01', form => 'html') WHERE content LIKE '%<Ltd>%'), 0::bigint, 'anywhere');
SELECT is((SELECT content FROM erp.print_statement('CN4', 'cn_small_balance_sheet', '2025-12', form => 'html') WHERE content LIKE '%资产总计%'),
	'<tr><td>资产总计</td><td class="center">30</td><td class="right">309,300.00</td><td class="right"></td><td>负债和所有者权益（或股东权益）总计</td><td class="center">53</td><td class="right">309,300.00</td><td class="right"></td></tr>', 'a row of the official form in HTML');
SELECT is((SELECT string_agg(content, E'\n' ORDER BY line) FROM erp.print_statement('CN4', 'cn_small_profit', first_day => '2026-01-05', last_day => '2026-01-20') WHERE line BETWEEN 2 AND 3), E'会小企02表\n编制单位：青禾商贸有限公司    2026年1月5日至2026年1月20日    单位：元', 'of some days');
SELECT throws_ok($$SELECT * FROM erp.print_statement('CN4', 'cn_small_profit', '2026-01', form => 'pdf')$$, 'LE011', NULL, 'another form');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
\o /dev/null
DROP SCHEMA trial CASCADE;
