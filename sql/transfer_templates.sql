\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- Transfer templates (自定义结转): those of the Chinese chart, worked out by hand over half a year, and templates of a company's own.
SELECT plan(41);
CREATE FUNCTION pg_temp.call(p_call text, p_key text, p_request text, p_company text DEFAULT 'CN') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
	code text; message text; detail text;
BEGIN
	EXECUTE format('SELECT erp.%I(%L, $1, $2)', p_call, p_company) INTO answer USING p_key, p_request::json;
	IF answer ? 'posted' THEN
		RETURN COALESCE((SELECT string_agg(concat_ws(' ', p.value ->> 'code', p.value ->> 'voucher'), ', ' ORDER BY p.n) FROM jsonb_array_elements(answer -> 'posted') WITH ORDINALITY p (value, n)), 'nothing');
	END IF;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, NULLIF(detail, ''));
END
$$;
CREATE FUNCTION pg_temp.voucher(p_key text, p_company text DEFAULT 'CN') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', a.code, l.side, trim_scale(l.amount), (SELECT v.code FROM erp.dimension_set s JOIN erp.dimension_value v ON v.company_id = s.company_id AND v.dimension_value_id = ANY (s.dimension_value_ids)
		WHERE s.company_id = l.company_id AND s.dimension_set_id = l.dimension_set_id)), ', ' ORDER BY l.line_no)
	  FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.voucher_line l ON l.company_id = c.company_id AND l.voucher_id = d.document_id
	  JOIN erp.account a ON a.company_id = c.company_id AND a.account_id = l.account_id
	 WHERE c.code = p_company AND d.key = p_key
$$;
-- Lines: account, debit (credit negative).
CREATE FUNCTION pg_temp.post(p_company text, p_key text, p_kind text, p_day text, VARIADIC p_lines text[]) RETURNS void LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (SELECT json_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'lines', json_agg(json_strip_nulls(json_build_object('account', x[1], 'side', CASE WHEN x[2]::numeric > 0 THEN 'debit' ELSE 'credit' END,
		'amount', abs(x[2]::numeric), 'dimensions', CASE WHEN x[3] IS NOT NULL THEN json_build_object('department', x[3]) END)) ORDER BY n))
	  FROM unnest(p_lines) WITH ORDINALITY l (line, n), LATERAL (SELECT string_to_array(line, ' ')) s (x)))
$$;
\o /dev/null
SELECT erp.create_company('CN', 'company', '{"name": "样例", "currency": "CNY", "chart": "china_small_enterprise"}'), erp.create_company('OWN', 'company', '{"name": "Own", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year(c, 'y', '{"code": "2027", "first_day": "2027-01-01"}') FROM unnest('{CN,OWN}'::text[]) c;
SELECT pg_temp.post('CN', 's1', 'manual_voucher', '2027-01-10', '1002 11300', '5001 -10000', '2221.01.07 -1300'), pg_temp.post('CN', 'e1', 'manual_voucher', '2027-01-12', '5602 4000', '2221.01.01 500', '1002 -4500'),
	pg_temp.post('CN', 's2', 'manual_voucher', '2027-02-10', '1002 5650.30', '5001 -5000', '2221.01.07 -650.30'), pg_temp.post('CN', 'e2', 'manual_voucher', '2027-02-12', '5602 1000', '2221.01.01 900.55', '1002 -1900.55'),
	pg_temp.post('CN', 's3', 'manual_voucher', '2027-03-10', '1002 9000.01', '5051 -8000', '2221.01.07 -1000.01'), pg_temp.post('CN', 'e3', 'manual_voucher', '2027-03-12', '5602 500', '1002 -500'),
	pg_temp.post('CN', 's4', 'manual_voucher', '2027-04-10', '1002 1200', '5001 -1000', '2221.01.07 -200'), pg_temp.post('CN', 'e4', 'manual_voucher', '2027-04-12', '2221.01.01 50', '2221.01.03 300', '1002 -350'),
	pg_temp.post('CN', 'e6', 'manual_voucher', '2027-06-12', '5711.05 20000', '1002 -20000');
\o
SELECT is((SELECT string_agg(concat_ws(' ', t.code, t.name, every, active), ', ' ORDER BY rank) FROM erp.transfer_template t JOIN erp.company c USING (company_id) WHERE c.code = 'CN'),
	'OVERHEAD 结转制造费用 month f, COST_OF_SALES 结转销售成本 month f, UNPAID_VAT 转出未交增值税 month t, SURCHARGES 计提附加税 month t, INCOME_TAX 计提企业所得税 quarter t', 'come with the chart');
-- January: 1300 - 500 = 800 is not paid; 7, 3 and 2 % of it.
SELECT is((SELECT string_agg(d ->> 'kind' || ' ' || jsonb_array_length(d -> 'voucher'), ', ') FROM jsonb_array_elements(erp.dry_run('CN', '{"call": "run_transfers", "request": {"period": "2027-01"}}')) d), 'period_transfer 2, period_transfer 4', 'a dry run');
SELECT is((SELECT count(*) FROM erp.generated_posting_list WHERE company = 'CN'), 0::bigint, 'leaves nothing');
SELECT is(pg_temp.call('run_transfers', 'r1', '{"period": "2027-01"}'), 'UNPAID_VAT r1/1, SURCHARGES r1/2', 'January');
SELECT is(pg_temp.voucher('r1/1'), '2221.01.04 debit 800, 2221.02 credit 800', 'VAT that is not paid');
SELECT is(pg_temp.voucher('r1/2'), '5403 debit 96, 2221.12 credit 56, 2221.13 credit 24, 2221.14 credit 16', 'surcharges on it');
SELECT is((SELECT string_agg(concat_ws(' ', d.kind, d.day, d.reference, v.summary, l.summary), ', ' ORDER BY l.line_no) FROM erp.document d JOIN erp.voucher v ON v.voucher_id = d.document_id JOIN erp.voucher_line l ON l.voucher_id = v.voucher_id WHERE d.key = 'r1/1'),
	'period_transfer 2027-01-31 UNPAID_VAT 转出未交增值税 转出未交增值税, period_transfer 2027-01-31 UNPAID_VAT 转出未交增值税 转出未交增值税', 'with summaries');
SELECT is((SELECT string_agg(concat_ws(' ', origin, code, day, amount), ', ' ORDER BY voucher_key) FROM erp.generated_posting_list WHERE company = 'CN'), 'transfer UNPAID_VAT 2027-01-31 800.00, transfer SURCHARGES 2027-01-31 96.00', 'the facts');
SELECT is(pg_temp.call('run_transfers', 'r2', '{"period": "2027-01"}'), 'nothing', 'once a period');
\o /dev/null
-- January's results are transferred: that does not change what was earned.
SELECT pg_temp.post('CN', 'pl1', 'profit_transfer', '2027-01-31', '5001 10000', '5602 -4000', '5403 -96', '3103 -5904');
\o
-- February: 650.30 - 900.55: 250.25 are carried forward.
SELECT is(pg_temp.call('run_transfers', 'r3', '{"period": "2027-02"}'), 'nothing', 'February: more input tax than output tax');
-- March: 1000.01 - 250.25 = 749.76; 52.4832, 22.4928, 14.9952. Profit 10000 + 5000 + 8000 - 5500 - 96 - 89.97 = 17314.03; 25 % are 4328.5075.
SELECT is(pg_temp.call('run_transfers', 'r4', '{"period": "2027-03"}'), 'UNPAID_VAT r4/1, SURCHARGES r4/2, INCOME_TAX r4/3', 'March, the end of a quarter');
SELECT is(pg_temp.voucher('r4/1'), '2221.01.04 debit 749.76, 2221.02 credit 749.76', 'what was carried forward counts');
SELECT is(pg_temp.voucher('r4/2'), '5403 debit 89.97, 2221.12 credit 52.48, 2221.13 credit 22.49, 2221.14 credit 15', 'each tax is rounded, the expense is their sum');
SELECT is(pg_temp.voucher('r4/3'), '5801 debit 4328.51, 2221.15 credit 4328.51', 'income tax on the profit of the year to date');
-- April: 200 - 50 - 300 paid: 150 too much; surcharges on 300 - 150.
SELECT is(pg_temp.call('run_transfers', 'r5', '{"period": "2027-04"}'), 'UNPAID_VAT r5/1, SURCHARGES r5/2', 'April');
SELECT is(pg_temp.voucher('r5/1'), '2221.02 debit 150, 2221.01.10 credit 150', 'VAT paid in excess');
SELECT is(pg_temp.voucher('r5/2'), '5403 debit 18, 2221.12 credit 10.5, 2221.13 credit 4.5, 2221.14 credit 3', 'surcharges on what was paid');
-- June: 17314.03 + 1000 - 18 - 20000 is a loss: all that was provided goes back.
SELECT is(pg_temp.call('run_transfers', 'r6', '{"period": "2027-06", "templates": ["INCOME_TAX"]}'), 'INCOME_TAX r6/1', 'June');
SELECT is(pg_temp.voucher('r6/1'), '5801 debit -4328.51, 2221.15 credit -4328.51', 'a loss takes back what was provided, in red');
-- Undone by reversal, from the last to the first; a correction comes into what runs again: 26 more output tax.
\o /dev/null
SELECT erp.reverse_document('CN', '{"key": "undo 1", "reverses": "r1/1"}');
\o
SELECT is(pg_temp.call('run_transfers', 'x', '{"period": "2027-01"}'), 'LE326 | transfer "UNPAID_VAT" comes before "SURCHARGES", which ran for the period already | At $.period, value "r1/2".', 'not before what came later');
\o /dev/null
SELECT erp.reverse_document('CN', '{"key": "undo 2", "reverses": "r1/2"}');
SELECT pg_temp.post('CN', 's1b', 'manual_voucher', '2027-01-20', '1002 26', '2221.01.07 -26');
\o
SELECT is(pg_temp.call('run_transfers', 'r7', '{"period": "2027-01"}'), 'UNPAID_VAT r7/1, SURCHARGES r7/2', 'runs again');
SELECT is(pg_temp.voucher('r7/1') || ' / ' || pg_temp.voucher('r7/2'), '2221.01.04 debit 826, 2221.02 credit 826 / 5403 debit 99.12, 2221.12 credit 57.82, 2221.13 credit 24.78, 2221.14 credit 16.52', 'with what is right now');
-- Other rates are parameters.
SELECT is(pg_temp.call('put_transfer_templates', 't1', (SELECT json_build_array(json_build_object('code', t.code, 'name', t.name, 'order', t.rank, 'every', t.every, 'terms', t.terms, 'entries', t.entries, 'parameters', json_build_array(json_build_object('name', 'rate', 'default', 0.05))))::text
	FROM erp.transfer_template t JOIN erp.company c USING (company_id) WHERE c.code = 'CN' AND t.code = 'INCOME_TAX')), '{"updated": 1, "inserted": 0}', 'another rate');
\o /dev/null
SELECT pg_temp.post('CN', 's7', 'manual_voucher', '2027-07-10', '1002 100000', '5001 -100000');
\o
-- 100000 + 17314.03 + 1000 - 18 - 20000 - 3.12 = 98292.91; 5 % are 4914.6455, nothing is provided.
SELECT is(pg_temp.call('run_transfers', 'r8', '{"period": "2027-09"}'), 'INCOME_TAX r8/1', 'September');
SELECT is(pg_temp.voucher('r8/1'), '5801 debit 4914.65, 2221.15 credit 4914.65', 'by the new rate');
-- A template by dimension: 10 % of what each department has, 100.05, 50 and 10 without one.
\o /dev/null
SELECT erp.put_dimensions('OWN', 'dimensions', '[{"code": "department", "name": "Department", "values": [{"code": "A", "name": "A"}, {"code": "B", "name": "B"}, {"code": "C", "name": "C"}]}]');
SELECT pg_temp.post('OWN', 'o1', 'manual_voucher', '2027-01-10', '6500 100.05 A', '6500 50 B', '6500 10', '1010 -160.05');
\o
SELECT is(pg_temp.call('put_transfer_templates', 't1', '[{"code": "LEVY", "name": "Levy", "order": 1, "summary": "Levy of {rate} in {period}", "terms": {"cost": {"accounts": ["6500"], "measure": "net"}}, "parameters": [{"name": "rate", "default": "0.1"}],
	"entries": [{"account": "2300", "side": "credit", "formula": "balance"}, {"account": "6000", "side": "debit", "formula": "cost * rate", "by": "department"}]}]', 'OWN'), '{"updated": 0, "inserted": 1}', 'by a dimension');
SELECT is(pg_temp.call('run_transfers', 'r1', '{"period": "2027-01"}', 'OWN'), 'LEVY r1/1', 'runs');
SELECT is(pg_temp.voucher('r1/1', 'OWN'), '2300 credit 16.01, 6000 debit 10.01 A, 6000 debit 5 B, 6000 debit 1', 'each value in a line of its own, and what has none');
SELECT is((SELECT v.summary FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.voucher v ON v.voucher_id = d.document_id WHERE c.code = 'OWN' AND d.key = 'r1/1'), 'Levy of 0.1 in 2027-01', 'parameters stand in summaries');
-- What is refused.
SELECT is(pg_temp.call('put_transfer_templates', 'x', '[{"code": "X", "name": "X", "order": 1, "terms": {"a": {"accounts": ["6500"]}}, "entries": [{"account": "2300", "side": "credit", "formula": "b"}, {"account": "6500", "side": "debit", "formula": "a"}]}]', 'OWN'),
	'LE120 | field "formula", position 1: "b" is not known | At $[0].entries[0].formula, value "b".', 'formulas name terms');
SELECT is(pg_temp.call('put_transfer_templates', 'x', '[{"code": "X", "name": "X", "order": 1, "terms": {"a": {"accounts": ["6500"]}}, "entries": [{"account": "2300", "side": "credit", "formula": "balance * 2"}, {"account": "6500", "side": "debit", "formula": "a"}]}]', 'OWN'),
	'LE120 | balance is all that an entry says, or nothing of it | At $[0].entries[0].formula, value "balance * 2".', 'the balance alone');
SELECT is(pg_temp.call('put_transfer_templates', 'x', '[{"code": "X", "name": "X", "order": 1, "terms": {"a": {"accounts": ["6500"]}}, "entries": [{"account": "2300", "side": "credit", "formula": "balance"}, {"account": "6500", "side": "debit", "formula": "balance"}]}]', 'OWN'),
	'LE011 | a transfer template has two entries at least, of which one at most takes the balance, undivided | At $[0].entries.', 'and once');
SELECT is(pg_temp.call('put_transfer_templates', 'x', '[{"code": "X", "name": "X", "order": 1, "terms": {"year": {"accounts": ["6500"]}}, "entries": [{"account": "2300", "side": "credit", "formula": "1"}, {"account": "6500", "side": "debit", "formula": "1"}]}]', 'OWN'),
	'LE011 | a term has a name of small letters, digits and "_" that is no parameter and none of balance, day, month, year and period | At $[0].terms, value "year".', 'terms have names');
SELECT matches(pg_temp.call('put_transfer_templates', 'x', '[{"code": "X", "name": "X", "order": 1, "terms": {"a": {"accounts": []}}, "parameters": [{"name": "p", "default": "high"}], "entries": [{"account": "2300", "side": "credit", "formula": "a"}, {"account": "6500", "side": "debit", "formula": "a"}]}]', 'OWN'), '^LE011', 'parameters are numbers');
SELECT is(pg_temp.call('put_transfer_templates', 'x', '[{"code": "X", "name": "X", "order": 1, "terms": {"a": {"accounts": ["6500"]}}, "entries": [{"account": "2300", "side": "credit", "formula": "a", "by": "colour"}, {"account": "6500", "side": "debit", "formula": "a"}]}]', 'OWN'),
	'LE012 | there is no dimension "colour" | At $[0].entries[0].by, value "colour".', 'dimensions are known');
SELECT is(pg_temp.call('run_transfers', 'x', '{"period": "2027-01", "templates": ["NONE"]}', 'OWN'), 'LE012 | there is no transfer template "NONE" | At $.templates[0], value "NONE".', 'templates are known');
\o /dev/null
SELECT erp.put_transfer_templates('OWN', 't2', '[{"code": "BROKEN", "name": "Broken", "order": 2, "terms": {"a": {"accounts": ["6500"]}, "none": {"accounts": ["7000"]}}, "entries": [{"account": "2300", "side": "credit", "formula": "a / none"}, {"account": "6500", "side": "debit", "formula": "a"}]}]');
\o
SELECT matches(pg_temp.call('run_transfers', 'x', '{"period": "2027-02"}', 'OWN'), '^LE121', 'what cannot be computed');
\o /dev/null
SELECT erp.put_transfer_templates('OWN', 't3', '[{"code": "BROKEN", "name": "Broken", "order": 2, "terms": {"a": {"accounts": ["6500"]}}, "entries": [{"account": "2300", "side": "credit", "formula": "a * 2"}, {"account": "6500", "side": "debit", "formula": "a"}]}]');
\o
SELECT matches(pg_temp.call('run_transfers', 'x', '{"period": "2027-02"}', 'OWN'), '^LE040', 'what does not balance');
SELECT is((SELECT jsonb_path_query_array(erp.close_month('CN', 'close', '{"period": "2027-01", "up_to": "transfers"}'), '$.steps[*] ? (@.step == "transfers").state')::text), '["done"]', 'the close finds what ran');
SELECT is((SELECT count(*) FROM erp.generated_posting_list WHERE company = 'CN' AND call_key = 'close'), 0::bigint, 'and posts nothing twice');
SELECT is_empty($$SELECT * FROM erp.check_integrity()$$, 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
