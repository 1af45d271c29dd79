\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- The five settlement vouchers: 预收冲应收, 预付冲应付, 应收冲应付, 应收转应收, 应付转应付. CN keeps its books in renminbi.
CREATE SCHEMA trial;
CREATE FUNCTION trial.owe(p_key text, p_account text, p_party text, p_amount numeric, p_rate numeric DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
	SELECT erp.post_document('CN', json_strip_nulls(json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', '2026-01-05', 'currency', CASE WHEN p_rate IS NOT NULL THEN 'USD' END, 'rate', p_rate, 'lines', json_build_array(
		json_build_object('account', p_account, 'party', p_party, 'side', CASE WHEN p_amount > 0 THEN 'debit' ELSE 'credit' END, 'amount', abs(p_amount)),
		json_build_object('account', '1002', 'side', CASE WHEN p_amount > 0 THEN 'credit' ELSE 'debit' END, 'amount', abs(p_amount))))))
$$;
CREATE FUNCTION trial.offset(p_key text, p_role text, p_from text, p_to text, p_amount numeric, p_settles text DEFAULT NULL, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('CN', (json_strip_nulls(json_build_object('key', p_key, 'kind', 'offset', 'day', '2026-01-10', 'party', p_from, 'settles', p_settles::json,
		'lines', json_build_array(json_build_object('role', p_role, 'party', p_to, 'amount', p_amount))))::jsonb || p_more)::text::json)
$$;
-- 'account side party amount' of the lines of a document's voucher.
CREATE FUNCTION trial.posted(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', a.code, l.side, p.code, trim_scale(l.amount)), ', ' ORDER BY l.line_no)
	FROM erp.document d JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id) JOIN erp.party p ON p.company_id = l.company_id AND p.party_id = l.party_id
	WHERE d.key = p_key
$$;
CREATE FUNCTION trial.open() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', document_key, account_code, party_code, open_amount), ', ' ORDER BY document_key, account_code, party_code) FROM erp.open_items_by_party WHERE company = 'CN'
$$;
SELECT plan(25);
\o /dev/null
SELECT erp.create_company('CN', 'company', '{"name": "往来核销", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('CN', 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}');
SELECT erp.put_parties('CN', 'parties', '[{"code": "C1", "name": "Customer 1", "roles": ["customer"]}, {"code": "C2", "name": "Customer 2", "roles": ["customer"]},
	{"code": "S1", "name": "Supplier 1", "roles": ["supplier"]}, {"code": "S2", "name": "Supplier 2", "roles": ["supplier"]}]');
SELECT trial.owe('advance C1', '2203', 'C1', -50), trial.owe('invoice C1', '1122', 'C1', 120), trial.owe('advance S1', '1123', 'S1', 30), trial.owe('bill S1', '2202.01', 'S1', -90);
\o
SELECT is(trial.open(), 'advance C1 2203 C1 -50.00, advance S1 1123 S1 30.00, bill S1 2202.01 S1 -90.00, invoice C1 1122 C1 120.00', 'advances are open items too');
SELECT isnt(trial.offset('o1', 'advance_received_to_receivable', 'C1', NULL, 50, '[{"key": "advance C1"}, {"key": "invoice C1"}]'), NULL, '预收冲应收');
SELECT is(trial.posted('o1'), '2203 debit C1 50, 1122 credit C1 50', 'is posted by the rules');
SELECT is(trial.open(), 'advance S1 1123 S1 30.00, bill S1 2202.01 S1 -90.00, invoice C1 1122 C1 70.00', 'and settles on both accounts');
SELECT is((SELECT string_agg(account_code || ' ' || amount, ', ' ORDER BY account_code) FROM erp.settlement_list WHERE call_key = 'o1'), '1122 50.00, 2203 50.00', 'by a settlement on each');
SELECT isnt(trial.offset('o2', 'advance_paid_to_payable', 'S1', NULL, 30, '[{"key": "bill S1"}, {"key": "advance S1"}]'), NULL, '预付冲应付');
SELECT is(trial.posted('o2'), '1123 credit S1 30, 2202.01 debit S1 30', 'is posted by the rules');
SELECT isnt(trial.offset('o3', 'receivable_to_payable', 'C1', 'S1', 40, '[{"key": "bill S1"}, {"key": "invoice C1"}]'), NULL, '应收冲应付');
SELECT is(trial.posted('o3'), '1122 credit C1 40, 2202.01 debit S1 40', 'between two parties');
SELECT is(trial.open(), 'bill S1 2202.01 S1 -20.00, invoice C1 1122 C1 30.00', '90 - 30 - 40, 120 - 50 - 40');
SELECT isnt(trial.offset('o4', 'receivable_to_receivable', 'C1', 'C2', 30, '[{"key": "invoice C1"}]'), NULL, '应收转应收');
SELECT is(trial.posted('o4'), '1122 credit C1 30, 1122 debit C2 30', 'from one customer to another');
SELECT isnt(trial.offset('o5', 'payable_to_payable', 'S1', 'S2', 20), NULL, '应付转应付');
SELECT is(trial.posted('o5'), '2202.01 debit S1 20, 2202.01 credit S2 20', 'from one supplier to another');
SELECT is(trial.open(), 'bill S1 2202.01 S1 -20.00, o4 1122 C2 30.00, o5 2202.01 S1 20.00, o5 2202.01 S2 -20.00', 'without settling, it stands open on both');
-- What it took from C1 is undone on the 11th; what it put to C2 was settled meanwhile. A reversal of the 10th is too early for the one, but it is the other that stands in its way on every day.
\o /dev/null
SELECT erp.unsettle('CN', 'u4', '{"day": "2026-01-11", "key": "o4"}');
SELECT trial.owe('credit C2', '1122', 'C2', -30);
SELECT erp.settle('CN', 's4', '{"day": "2026-01-10", "items": [{"key": "o4", "line": 2}, {"key": "credit C2"}]}');
\o
SELECT throws_ok($$SELECT erp.reverse_document('CN', '{"key": "r4", "reverses": "o4", "day": "2026-01-10"}')$$, 'LE095', NULL, 'one of its items is settled, which is said before that the other was undone later');
SELECT isnt(erp.unsettle('CN', 'u5', '{"day": "2026-01-10", "key": "s4"}'), NULL, 'that is undone as well, on the 10th');
SELECT throws_ok($$SELECT erp.reverse_document('CN', '{"key": "r4", "reverses": "o4", "day": "2026-01-10"}')$$, 'LE011', NULL, 'and a reversal comes after both were undone');
-- Undone and reversed.
\o /dev/null
SELECT erp.reverse_document('CN', '{"key": "c4", "reverses": "credit C2", "day": "2026-01-10"}');
SELECT erp.reverse_document('CN', '{"key": "r4", "reverses": "o4", "day": "2026-01-11"}');
\o
SELECT is(trial.open(), 'bill S1 2202.01 S1 -20.00, invoice C1 1122 C1 30.00, o5 2202.01 S1 20.00, o5 2202.01 S2 -20.00', 'it is undone and reversed');
SELECT throws_ok($$SELECT trial.offset('bad', 'receivable_to_payable', NULL, 'S1', 1)$$, 'LE011', NULL, 'without a party');
SELECT throws_ok($$SELECT trial.offset('bad', 'receivable_to_payable', 'C1', 'S1', -1)$$, 'LE011', NULL, 'below zero');
SELECT throws_ok($$SELECT trial.offset('bad', 'entry', 'C1', 'S1', 1)$$, 'LE011', NULL, 'of no variant');
SELECT throws_ok($$SELECT trial.offset('bad', 'receivable_to_payable', 'C1', 'S1', 1, '[{"key": "o5", "line": 2}]')$$, 'LE090', NULL, 'an item of a third party');
SELECT throws_ok($$SELECT erp.post_document('CN', '{"key": "bad", "kind": "manual_voucher", "day": "2026-01-10", "lines": [{"account": "2203", "side": "debit", "amount": 1}, {"account": "1002", "side": "credit", "amount": 1}]}')$$, 'LE011', NULL, 'an advance needs a party');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken');
SELECT * FROM finish();
ROLLBACK;
