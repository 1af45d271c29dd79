\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = 'ISO';
-- Books and vouchers as they are printed, with what pages carry; every figure worked out by hand.
\o /dev/null
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS erp;
SELECT erp.setup();
BEGIN;
SELECT erp.create_company('PRINT', 'company', '{"name": "印刷公司", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('PRINT', 'y26', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_dimensions('PRINT', 'd', '[{"code": "DEPT", "name": "Department", "values": [{"code": "N", "name": "North"}, {"code": "S", "name": "South"}]}]');
SELECT erp.put_exchange_rates('PRINT', 'r', '[{"from": "USD", "to": "CNY", "day": "2026-01-01", "rate": "7"}]');
CREATE FUNCTION pg_temp.book(p_key text, p_day date, p_currency text, VARIADIC p_lines text[]) RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.post_document('PRINT', json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'currency', p_currency, 'description', p_key, 'lines',
		(SELECT json_agg(json_strip_nulls(json_build_object('account', w[1], 'side', w[2], 'amount', w[3], 'dimensions', w[4]::json)) ORDER BY n)
		FROM unnest(p_lines) WITH ORDINALITY AS u (line, n) CROSS JOIN LATERAL (SELECT string_to_array(u.line, ' ', '-')) AS s (w)))) IS NOT NULL
$$;
SELECT pg_temp.book('投资', '2026-01-04', 'CNY', '1002 debit 10000', '3001 credit 10000');
SELECT pg_temp.book('提现', '2026-01-05', 'CNY', '1001 debit 1000', '1002 credit 1000');
SELECT pg_temp.book('办公', '2026-01-05', 'CNY', '5602 debit 300 {"DEPT":"N"}', '1001 credit 300');
SELECT pg_temp.book('差旅', '2026-02-03', 'CNY', '5602 debit 100 {"DEPT":"S"}', '1001 credit 100');
SELECT pg_temp.book('零星', '2026-02-03', 'CNY', '1001 debit 50', '5301.03 credit 50');
SELECT pg_temp.book('采购', '2026-02-10', 'CNY', '1403 debit 800', '2221.01.01 debit 104', '1002 credit 904');
SELECT erp.assign_numbers('PRINT');
SELECT erp.reverse_document('PRINT', '{"key": "红字", "reverses": "差旅", "day": "2026-03-02"}');
SELECT pg_temp.book('外汇', '2026-03-10', 'USD', '1002 debit 100', '5301.04 credit 100');
SELECT erp.assign_numbers('PRINT');
-- The lines of what is printed, cells between bars, without what only keeps columns apart; page and line.
CREATE FUNCTION pg_temp.lines(p_content text) RETURNS text LANGUAGE sql AS $$SELECT regexp_replace(regexp_replace(btrim(p_content), ' *\| *', '|', 'g'), ' +', ' ', 'g')$$;
CREATE FUNCTION pg_temp.printed(p_book text, p_first date, p_last date, p_options jsonb) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT page || ': ' || pg_temp.lines(content) FROM erp.print_book('PRINT', p_book, p_first, p_last, p_options) WHERE content !~ '^-+' ORDER BY page, line
$$;
\o
SELECT plan(20);

-- Cash: 1000 - 300 = 700 in January, 50 - 100 in February, 100 back in red in March. Seven rows a page, two of them carry.
SELECT results_eq($$SELECT pg_temp.printed('money_journal', '2026-01-03', '2026-03-31', '{"account": "1001", "page_lines": 7}')$$, ARRAY[
	'1: 1001 库存现金 日记账', '1: 核算单位: 印刷公司 期间: 2026-01-03 - 2026-03-31 币别: CNY', '1: 第1页 共3页', '1: 日期|凭证字号|摘要|对方科目|收入|支出|方向|余额',
	'1: 2026-01-01||上年结转||||平|', '1: 2026-01-05|记-2|提现|1002|1,000.00||借|1,000.00', '1: 2026-01-05|记-3|办公|5602||300.00|借|700.00',
	'1: 2026-01-05||本日合计||1,000.00|300.00|借|700.00', '1: ||本月合计||1,000.00|300.00|借|700.00', '1: ||本年累计||1,000.00|300.00|借|700.00', '1: ||过次页||1,000.00|300.00|借|700.00',
	'2: 1001 库存现金 日记账', '2: 核算单位: 印刷公司 期间: 2026-01-03 - 2026-03-31 币别: CNY', '2: 第2页 共3页', '2: 日期|凭证字号|摘要|对方科目|收入|支出|方向|余额',
	'2: ||承前页||1,000.00|300.00|借|700.00', '2: 2026-02-03|记-1|差旅|5602||100.00|借|600.00', '2: 2026-02-03|记-2|零星|5301.03|50.00||借|650.00',
	'2: 2026-02-03||本日合计||50.00|100.00|借|650.00', '2: ||本月合计||50.00|100.00|借|650.00', '2: ||本年累计||1,050.00|400.00|借|650.00', '2: ||过次页||50.00|100.00|借|650.00',
	'3: 1001 库存现金 日记账', '3: 核算单位: 印刷公司 期间: 2026-01-03 - 2026-03-31 币别: CNY', '3: 第3页 共3页', '3: 日期|凭证字号|摘要|对方科目|收入|支出|方向|余额',
	'3: ||承前页||50.00|100.00|借|650.00', '3: 2026-03-02|记-1|注销2月3日记1号凭证|5602||-100.00|借|750.00', '3: 2026-03-02||本日合计|||-100.00|借|750.00',
	'3: ||本月合计|||-100.00|借|750.00', '3: ||本年累计||1,050.00|300.00|借|750.00'], 'journal of cash: totals of day, month and year, pages that carry the month up to their end');
-- Expenses from February on, carrying the year: 300 before, 100, 100 back.
SELECT results_eq($$SELECT pg_temp.printed('subsidiary_ledger', '2026-02-01', '2026-03-31', '{"account": "5602", "page_lines": 5, "carry": "year"}') OFFSET 4$$, ARRAY[
	'1: 2026-02-01||期初余额||||借|300.00', '1: 2026-02-03|记-1|差旅||100.00||借|400.00', '1: ||本月合计||100.00||借|400.00', '1: ||本年累计||400.00||借|400.00', '1: ||过次页||400.00||借|400.00',
	'2: 5602 管理费用 明细账', '2: 核算单位: 印刷公司 期间: 2026-02-01 - 2026-03-31 币别: CNY', '2: 第2页 共2页', '2: 日期|凭证字号|摘要|往来单位|借方|贷方|方向|余额',
	'2: ||承前页||400.00||借|400.00', '2: 2026-03-02|记-1|注销2月3日记1号凭证||-100.00||借|300.00', '2: ||本月合计||-100.00||借|300.00', '2: ||本年累计||300.00||借|300.00'],
	'subsidiary ledger: pages that carry the year up to their end');
SELECT results_eq($$SELECT pg_temp.printed('general_ledger', '2026-01-01', '2026-02-28', '{"filters": {"accounts": ["2221"], "level": 1}}') OFFSET 3$$, ARRAY[
	'1: 2221|应交税费|2026-02|期初余额|||平|', '1: 2221|应交税费|2026-02|本月合计|104.00||借|104.00', '1: 2221|应交税费|2026-02|本年累计|104.00||借|104.00'], 'general ledger: what there is of months and the year');
SELECT results_eq($$SELECT pg_temp.printed('trial_balance', '2026-02-01', '2026-02-28', '{"language": "en"}')$$, ARRAY[
	'1: Trial balance', '1: Company: 印刷公司 Period: 2026-02-01 - 2026-02-28 Currency: CNY', '1: Account|Name|Opening debit|Opening credit|Debit|Credit|Year debit|Year credit|Closing debit|Closing credit',
	'1: 1001|库存现金|700.00||50.00|100.00|1,050.00|400.00|650.00|', '1: 1002|银行存款|9,000.00|||904.00|10,000.00|1,904.00|8,096.00|', '1: 1403|原材料|||800.00||800.00||800.00|',
	'1: 2221.01.01|进项税额|||104.00||104.00||104.00|', '1: 3001|实收资本||10,000.00||||10,000.00||10,000.00', '1: 5301.03|其他营业外收入||||50.00||50.00||50.00',
	'1: 5602|管理费用|300.00||100.00||400.00||400.00|', '1: Total||10,000.00|10,000.00|1,054.00|1,054.00|12,354.00|12,354.00|10,050.00|10,050.00'], 'trial balance in English, with its totals');
SELECT results_eq($$SELECT pg_temp.printed('multi_column_ledger', '2026-02-01', '2026-02-28', '{"account": "5602", "columns": "DEPT"}') OFFSET 2$$, ARRAY[
	'1: 日期|凭证字号|摘要|借方|贷方|方向|余额|借 South', '1: 2026-02-01||期初余额|||借|300.00|', '1: 2026-02-03|记-1|差旅|100.00||借|400.00|100.00', '1: ||合计|100.00||||100.00'], 'multi-column ledger by department');
SELECT results_eq($$SELECT pg_temp.printed('voucher_summary', '2026-02-01', '2026-02-28', '{"filters": {"word": "记", "last_number": 2}}') OFFSET 2$$, ARRAY[
	'1: 科目编码|科目名称|借方|贷方', '1: 1001|库存现金|50.00|100.00', '1: 5301.03|其他营业外收入||50.00', '1: 5602|管理费用|100.00|', '1: 合计||150.00|150.00'], 'voucher summary of the first two');
SELECT is((SELECT count(*) FROM pg_temp.printed('voucher_summary', '2026-02-01', '2026-02-28', '{}')), 10::bigint, 'and of all of them');
SELECT results_eq($$SELECT pg_temp.printed('balances_by_dimensions', '2026-02-01', '2026-03-31', '{"dimensions": ["DEPT"], "filters": {"accounts": ["5602"]}}') OFFSET 2$$, ARRAY[
	'1: 科目编码|科目名称|DEPT|期初余额|借方|贷方|期末余额|本年累计借方|本年累计贷方', '1: 5602|管理费用|N|300.00|||300.00|300.00|'], 'balances by dimension: what came to nothing is left out');
SELECT results_eq($$SELECT pg_temp.printed('expense_detail', '2026-01-01', '2026-03-31', '{}') OFFSET 2$$, ARRAY[
	'1: 科目编码|科目名称|2026-01|2026-02|2026-03|合计', '1: 5602|管理费用|300.00|100.00|-100.00|300.00', '1: 合计||300.00|100.00|-100.00|300.00'], 'expenses, accounts by months');
SELECT results_eq($$SELECT content FROM erp.print_book('PRINT', 'subsidiary_ledger', '2026-03-01', '2026-03-31', '{"account": "1002", "filters": {"currency": "USD"}}', 'csv')$$, ARRAY[
	'日期,凭证字号,摘要,往来单位,USD 借方,USD 贷方,USD 余额,借方,贷方,方向,余额', '2026-03-01,,期初余额,,,,0.00,,,平,0.00', '2026-03-10,记-2,外汇,,100.00,0.00,100.00,700.00,0.00,借,700.00',
	',,本月合计,,,,,700.00,0.00,借,700.00', ',,本年累计,,,,,700.00,0.00,借,700.00'], 'a foreign currency beside the company''s, as CSV');
SELECT is((SELECT count(*) FROM erp.print_book('PRINT', 'money_journal', '2026-01-01', '2026-03-31', '{"account": "1001", "page_lines": 7}', 'html') WHERE content LIKE '%class="red">-100.00%'), 3::bigint, 'red letters are red: of the line, its day, its month');

SELECT results_eq($$SELECT pg_temp.printed('trial_balance', '2026-03-01', '2026-03-31', '{"filters": {"currency": "USD"}}') OFFSET 2$$, ARRAY[
	'1: 科目编码|科目名称|期初借方|期初贷方|本期借方|本期贷方|本年累计借方|本年累计贷方|期末借方|期末贷方|USD 期初余额|USD 借方|USD 贷方|USD 期末余额',
	'1: 1002|银行存款|||700.00||700.00||700.00|||100.00||100.00', '1: 5301.04|汇兑收益||||700.00||700.00||700.00|||100.00|-100.00',
	'1: 合计||||700.00|700.00|700.00|700.00|700.00|700.00||100.00|100.00|'], 'trial balance of what is in dollars, with the dollars');
SELECT results_eq($$SELECT pg_temp.printed('general_ledger', '2026-03-01', '2026-03-31', '{"filters": {"currency": "USD", "accounts": ["1002"]}}') OFFSET 2$$, ARRAY[
	'1: 科目编码|科目名称|期间|摘要|USD 借方|USD 贷方|USD 余额|借方|贷方|方向|余额', '1: 1002|银行存款|2026-03|期初余额||||||平|',
	'1: 1002|银行存款|2026-03|本月合计|100.00||100.00|700.00||借|700.00', '1: 1002|银行存款|2026-03|本年累计||||700.00||借|700.00'], 'general ledger too');

-- Vouchers.
SELECT results_eq($$SELECT pg_temp.lines(content) FROM erp.print_voucher('PRINT', '采购') WHERE content !~ '^-'$$, ARRAY[
	'记账凭证', '核算单位: 印刷公司 日期: 2026-02-10 凭证字号: 记-3 附单据: 0 张', '摘要|会计科目|借方|贷方', '采购|1403 原材料|800.00|', '采购|2221.01.01 应交税费/应交增值税/进项税额|104.00|',
	'采购|1002 银行存款||904.00', '合计|玖佰零肆元整|904.00|904.00', format('制单: %s 审核: 出纳: 记账: %1$s', current_user::text) COLLATE "default"], 'a voucher: accounts with those above them, its total in capital numerals');
SELECT is((SELECT string_agg(pg_temp.lines(content), '; ') FROM erp.print_voucher('PRINT', '外汇') WHERE content ~ '1002|5301'), '外汇|1002 银行存款|USD 100.00|700.00|; 外汇|5301.04 营业外收入/汇兑收益|USD 100.00||700.00', 'a voucher in a foreign currency');
SELECT is((SELECT pg_temp.lines(content) FROM erp.print_voucher('PRINT', '外汇', '{"language": "en"}') WHERE content ~ 'Total'), 'Total|seven hundred and 00/100||700.00|700.00', 'in English');
SELECT is((SELECT count(*) FROM erp.print_voucher('PRINT', 'nothing')), 0::bigint, 'no voucher, nothing printed');

SELECT throws_ok($$SELECT * FROM erp.print_book('PRINT', 'cook_book', '2026-01-01', '2026-01-31')$$, 'LE011', 'field "book" has a value that is not known', 'books are known');
SELECT throws_ok($$SELECT * FROM erp.print_book('PRINT', 'subsidiary_ledger', '2026-01-01', '2026-01-31')$$, 'LE011', 'the book is of one account', 'a book of an account names it');
SELECT throws_ok($$SELECT * FROM erp.print_book('PRINT', 'money_journal', '2026-01-01', '2026-01-31', '{"account": "5602"}')$$, 'LE361', 'account "5602" is not of cash or bank', 'a journal is of money');
SELECT * FROM finish();
ROLLBACK;
