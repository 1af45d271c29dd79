\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- Open items settled and unsettled, every figure worked out by hand. SET keeps its books in pounds, CN in renminbi.
CREATE SCHEMA trial;
-- A document that opens one item: positive owed to us (debit), negative owed by us.
CREATE FUNCTION trial.owe(p_company text, p_key text, p_day text, p_amount numeric, p_rate numeric DEFAULT NULL, p_account text DEFAULT NULL, p_party text DEFAULT 'C1') RETURNS void LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, json_strip_nulls(json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'currency', CASE WHEN p_rate IS NOT NULL THEN 'USD' END, 'rate', p_rate,
		'lines', json_build_array(json_build_object('account', COALESCE(p_account, CASE p_company WHEN 'CN' THEN '1122' ELSE '1100' END), 'party', p_party,
			'side', CASE WHEN p_amount > 0 THEN 'debit' ELSE 'credit' END, 'amount', abs(p_amount)),
			json_build_object('account', CASE p_company WHEN 'CN' THEN '1002' ELSE '1010' END, 'side', CASE WHEN p_amount > 0 THEN 'credit' ELSE 'debit' END, 'amount', abs(p_amount))))))
$$;
-- SQLSTATE and DETAIL of what is refused, else 'accepted'.
CREATE FUNCTION trial.refusal(p_call text, p_request text, p_company text DEFAULT 'SET') RETURNS text LANGUAGE plpgsql AS $$
DECLARE code text; detail text; hint text;
BEGIN
	EXECUTE format('SELECT erp.%I(%L, %L, %L)', p_call, p_company, clock_timestamp(), p_request);
	RAISE EXCEPTION 'accepted' USING ERRCODE = 'XX999';
EXCEPTION WHEN SQLSTATE 'XX999' THEN
	RETURN 'accepted';
WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' ', code, COALESCE(NULLIF(detail, ''), 'no detail'), CASE WHEN hint = '' THEN 'no hint' END);
END
$$;
CREATE FUNCTION trial.settle(p_key text, p_items text, p_day text DEFAULT '2026-01-20', p_company text DEFAULT 'SET') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.settle(p_company, p_key, json_build_object('day', p_day, 'items', p_items::json))
$$;
-- 'debit credit amount company reason' of what a call settled.
CREATE FUNCTION trial.settled(p_key text, p_company text DEFAULT 'SET') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', CASE WHEN debit_document_key NOT LIKE 'erp:%' THEN debit_document_key END, CASE WHEN credit_document_key NOT LIKE 'erp:%' THEN credit_document_key END, amount, company_amount, reason), ', ' ORDER BY settlement_id)
	FROM erp.settlement_list WHERE company = p_company AND call_key = p_key
$$;
CREATE FUNCTION trial.open(p_company text DEFAULT 'SET') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', document_key, open_amount, company_open_amount), ', ' ORDER BY document_key) FROM erp.open_items_by_party WHERE company = p_company
$$;
-- 'account side amount company' of the voucher of a call.
CREATE FUNCTION trial.posted(p_result jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', a.code, l.side, trim_scale(l.amount), trim_scale(l.company_amount)), ', ' ORDER BY l.line_no)
	FROM erp.voucher_line l JOIN erp.account a USING (company_id, account_id) WHERE l.voucher_id = (p_result ->> 'voucher_id')::bigint
$$;
CREATE FUNCTION trial.item(p_key text, p_company text DEFAULT 'SET') RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT o.open_item_id FROM erp.open_item o JOIN erp.document d USING (company_id, document_id) JOIN erp.company c USING (company_id) WHERE c.code = p_company AND d.key = p_key
$$;
SELECT plan(144);
\o /dev/null
SELECT erp.create_company('SET', 'company', '{"name": "Settling", "currency": "GBP", "chart": "english", "reversal_style": "opposite_side"}');
SELECT erp.create_company('CN', 'company', '{"name": "核销", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year(c, 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}') FROM unnest('{SET,CN}'::text[]) c;
SELECT erp.put_parties(c, 'parties', '[{"code": "C1", "name": "Customer 1", "roles": ["customer"]}, {"code": "C2", "name": "Customer 2", "roles": ["customer"]},
	{"code": "S1", "name": "Supplier 1", "roles": ["supplier"]}]') FROM unnest('{SET,CN}'::text[]) c;
SELECT trial.owe('SET', 'I1', '2026-01-05', 100), trial.owe('SET', 'I2', '2026-01-08', 50), trial.owe('SET', 'I3', '2026-01-03', 30),
	trial.owe('SET', 'P1', '2026-01-10', -120), trial.owe('SET', 'P2', '2026-01-11', -10), trial.owe('SET', 'P3', '2026-01-12', -20);
\o
-- One to many: 120 pay 30 (due on the 3rd), then 90 of 100 (the 5th); nothing is left for the 8th.
SELECT is(trial.settle('one to many', '[{"key": "I1"}, {"key": "I2"}, {"key": "P1"}, {"key": "I3"}]') ->> 'voucher_id', NULL, 'nothing is posted where nothing is to be posted');
SELECT is(trial.settled('one to many'), 'I3 P1 30.00 30.00 settlement, I1 P1 90.00 90.00 settlement', 'one to many: oldest due day first');
SELECT is(trial.open(), 'I1 10.00 10.00, I2 50.00 50.00, P2 -10.00 -10.00, P3 -20.00 -20.00', 'the rest is open');
-- Many to one: 10 + 20 of 50.
SELECT isnt(trial.settle('many to one', json_build_array(json_build_object('open_item_id', trial.item('I2')), json_build_object('key', 'P3'), json_build_object('key', 'P2'))::text), NULL, 'items by key and by id');
SELECT is(trial.settled('many to one'), 'I2 P2 10.00 10.00 settlement, I2 P3 20.00 20.00 settlement', 'many to one');
-- Given amounts: 4 of I1 are used in full, 7 of I2; P4 gives the 11.
\o /dev/null
SELECT trial.owe('SET', 'P4', '2026-01-13', -30);
\o
SELECT isnt(trial.settle('given', '[{"key": "I1", "amount": "4.00"}, {"key": "I2", "amount": 7}, {"key": "P4"}]'), NULL, 'with amounts');
SELECT is(trial.settled('given'), 'I1 P4 4.00 4.00 settlement, I2 P4 7.00 7.00 settlement', 'amounts that are given are used in full');
-- P4 has 19 left: 2 to I2 as given, 6 (all that is open) to I1 although it is older.
SELECT isnt(trial.settle('mixed', '[{"key": "I1"}, {"key": "I2", "amount": 2}, {"key": "P4", "amount": 8}]'), NULL, 'with and without amounts');
SELECT is(trial.settled('mixed'), 'I1 P4 6.00 6.00 settlement, I2 P4 2.00 2.00 settlement', 'what has no amount takes the rest');
SELECT is(trial.open(), 'I2 11.00 11.00, P4 -11.00 -11.00', 'I2 50 - 30 - 7 - 2, P4 30 - 11 - 8');
SELECT is(trial.refusal('settle', '{"day": "2026-01-20", "items": [{"key": "I2", "amount": "11.01"}, {"key": "P4"}]}'), 'LE092 At $.items[0].', 'no more than is open');
SELECT is(trial.refusal('settle', '{"day": "2026-01-20", "items": [{"key": "I2", "amount": 5}, {"key": "P4", "amount": 6}]}'), 'LE092 At $.', 'amounts given on both sides are the same');
SELECT is(trial.refusal('settle', '{"day": "2026-01-20", "items": [{"key": "I2", "amount": 5, "discount": "6.01"}, {"key": "P4"}]}'), 'LE092 At $.items[0].', 'nor with the discount');
SELECT is(trial.refusal('settle', '{"day": "2026-01-20", "items": [{"key": "I1"}, {"key": "P4"}]}'), 'LE091 At $.items[0].', 'what is settled is settled');
-- The same key.
SELECT is(trial.settle('mixed', '[{"key": "I1"}, {"key": "I2", "amount": 2}, {"key": "P4", "amount": 8}]') ->> 'document_id', (SELECT (result ->> 'document_id') FROM erp.call_result JOIN erp.document USING (company_id, document_id) WHERE key = 'mixed'), 'the same request again is the first one');
SELECT throws_ok($$SELECT trial.settle('mixed', '[{"key": "I2"}, {"key": "P4"}]')$$, 'LE020', NULL, 'another one under its key is refused');

-- Cash discount: of 11 the customer pays 10.78 and takes 2% = 0.22.
\o /dev/null
SELECT trial.owe('SET', 'I4', '2026-01-14', 10.78), trial.owe('SET', 'P5', '2026-01-15', -10.78);
SELECT erp.settle('SET', 'clear', '{"day": "2026-01-20", "items": [{"key": "I4"}, {"key": "P4", "amount": "10.78"}]}');
\o
SELECT is(trial.posted(trial.settle('discount', '[{"key": "I2", "discount": "0.22"}, {"key": "P5"}]')), '1100 credit 0.22 0.22, 6150 debit 0.22 0.22', 'a discount given is posted');
SELECT is(trial.settled('discount'), 'I2 P5 10.78 10.78 settlement, I2 0.22 0.22 discount', 'and settles what is not paid');
SELECT is(trial.open(), 'P4 -0.22 -0.22', 'nothing of it is open');
-- A rest is written off up to the limit of the company, which is 0 at first.
SELECT is(trial.refusal('settle', '{"day": "2026-01-20", "items": [{"key": "P4", "write_off": true}]}'), 'LE093 At $.items[0].', 'no limit, no write-off');
SELECT is(erp.put_company('SET', 'limit', '{"write_off_limit": "0.22"}'), '{"updated": 1}', 'the limit is set');
SELECT is(erp.put_company('SET', 'limit again', '{"write_off_limit": 0.22}'), '{"updated": 0}', 'and is set');
SELECT is(trial.posted(trial.settle('gain', '[{"key": "P4", "write_off": true}]')), '1100 debit 0.22 0.22, 4800 credit 0.22 0.22', 'what nobody claims is income');
\o /dev/null
SELECT trial.owe('SET', 'I5', '2026-01-15', 10), trial.owe('SET', 'I6', '2026-01-16', 10), trial.owe('SET', 'P6', '2026-01-16', -19.79);
\o
-- 10 + 10 - 19.79 = 0.21, all of it of I6.
SELECT is(trial.posted(trial.settle('loss', '[{"key": "I5", "write_off": true}, {"key": "I6", "write_off": true}, {"key": "P6"}]')), '1100 credit 0.21 0.21, 6500 debit 0.21 0.21', 'what nobody pays is an expense');
SELECT is(trial.settled('loss'), 'I5 P6 10.00 10.00 settlement, I6 P6 9.79 9.79 settlement, I6 0.21 0.21 write_off', 'of the item that has the rest');
SELECT is(trial.open(), NULL, 'nothing is open');
SELECT is(erp.account_balance('SET', '1100', '2026-12-31'), 0.00, 'the control account says the same');
SELECT is((SELECT string_agg(line_role || ' ' || trim_scale(amount) || ' ' || voucher_line_no, ', ') FROM erp.document_line JOIN erp.document USING (company_id, document_id) WHERE kind = 'settlement' AND line_role = 'write_off'), 'write_off -0.22 2, write_off 0.21 2', 'voucher lines lead back to lines of the settlement');

-- A payable: 500 owed, 300 paid before.
\o /dev/null
SELECT trial.owe('SET', 'B1', '2026-01-05', -500, NULL, '2000', 'S1'), trial.owe('SET', 'B2', '2026-01-04', 300, NULL, '2000', 'S1');
SELECT trial.settle('payable', '[{"key": "B1"}, {"key": "B2"}]');
\o
SELECT is(trial.open(), 'B1 -200.00 -200.00', 'payables are settled the same way');

-- Foreign currency. Invoice 100 USD at 7.0001 = 700.01 CNY; payments 33.33 at 7.1 = 236.643 = 236.64 and 66.67 at 6.9 = 460.023 = 460.02.
\o /dev/null
SELECT trial.owe('CN', 'X1', '2026-01-05', 100, 7.0001), trial.owe('CN', 'Y1', '2026-01-06', -33.33, 7.1), trial.owe('CN', 'Y2', '2026-01-07', -66.67, 6.9);
\o
-- 700.01 x 33.33 / 100 = 233.313 = 233.31; 236.64 - 233.31 = 3.33 gained.
SELECT is(trial.posted(trial.settle('gained', '[{"key": "X1"}, {"key": "Y1"}]', '2026-01-20', 'CN')), '1122 debit 0 3.33, 5301.04 credit 0 3.33', 'a realized exchange gain');
SELECT is(trial.settled('gained', 'CN'), 'X1 Y1 33.33 233.31 settlement, Y1 0.00 3.33 exchange_difference', 'each side by its exact share');
SELECT is(trial.open('CN'), 'X1 66.67 466.70, Y2 -66.67 -460.02', '700.01 - 233.31 is left');
-- The last part takes the residue: 466.70; 466.70 - 460.02 = 6.68 lost.
SELECT is(trial.posted(trial.settle('lost', '[{"key": "X1"}, {"key": "Y2"}]', '2026-01-20', 'CN')), '1122 credit 0 6.68, 5603 debit 0 6.68', 'a realized exchange loss');
SELECT is(trial.open('CN'), NULL, 'nothing is open, in no currency');
SELECT is(erp.account_balance('CN', '1122', '2026-12-31'), 0.00, 'nor on the account');
-- Three parts of 100 USD at 7.0001: 233.31, then round(466.627) - 233.31 = 233.32, then 700.01 - 466.63 = 233.38.
\o /dev/null
SELECT trial.owe('CN', 'X2', '2026-01-05', 100, 7.0001), trial.owe('CN', 'Y3', '2026-01-06', -33.33, 7.0001), trial.owe('CN', 'Y4', '2026-01-07', -33.33, 7.0001), trial.owe('CN', 'Y5', '2026-01-08', -33.34, 7.0001);
\o
-- 33.33 at 7.0001 = 233.3133 = 233.31, 33.34 at 7.0001 = 233.3833 = 233.38: the second part differs by 0.01.
SELECT is(trial.posted(trial.settle('parts', '[{"key": "X2"}, {"key": "Y3"}, {"key": "Y4"}, {"key": "Y5"}]', '2026-01-20', 'CN')), '1122 credit 0 0.01, 5603 debit 0 0.01', 'a cent of rounding is a difference too');
SELECT is(trial.settled('parts', 'CN'), 'X2 Y3 33.33 233.31 settlement, X2 Y4 33.33 233.31 settlement, X2 0.00 0.01 exchange_difference, X2 Y5 33.34 233.38 settlement', 'parts add up to the whole');
-- Discount in foreign currency at the rate of its item: 2 of 50 USD at 7 = 14 CNY; 48 USD at 7.5 = 360 against 336: 24 gained.
\o /dev/null
SELECT trial.owe('CN', 'X3', '2026-01-05', 50, 7), trial.owe('CN', 'Y6', '2026-01-06', -48, 7.5);
\o
SELECT is(trial.posted(trial.settle('both', '[{"key": "X3", "discount": 2}, {"key": "Y6"}]', '2026-01-20', 'CN')), '1122 debit 0 24, 5301.04 credit 0 24, 1122 credit 2 14, 5603 debit 2 14', 'discount and difference in one voucher');
-- Advance to a supplier 10 USD at 7, bill 10 USD at 7.2: 70 paid for what stands at 72, 2 gained.
\o /dev/null
SELECT trial.owe('CN', 'A1', '2026-01-05', 10, 7, '2202.01', 'S1'), trial.owe('CN', 'B1', '2026-01-06', -10, 7.2, '2202.01', 'S1');
\o
SELECT is(trial.posted(trial.settle('advance', '[{"key": "A1"}, {"key": "B1"}]', '2026-01-20', 'CN')), '2202.01 debit 0 2, 5301.04 credit 0 2', 'an exchange gain on a payable');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken');

-- Unsettled. SET shows it on the opposite side, CN in red.
SELECT is(trial.posted(erp.unsettle('SET', 'undo loss', '{"day": "2026-01-21", "key": "loss"}')), '1100 debit 0.21 0.21, 6500 credit 0.21 0.21', 'what a settlement posted is taken back, on the other side');
SELECT is(trial.open(), 'B1 -200.00 -200.00, I5 10.00 10.00, I6 10.00 10.00, P6 -19.79 -19.79', 'and its items are open again');
SELECT is(trial.posted(erp.unsettle('CN', 'undo both', '{"day": "2026-01-21", "key": "both"}')), '1122 debit 0 -24, 5301.04 credit 0 -24, 1122 credit -2 -14, 5603 debit -2 -14', 'or in red');
SELECT is(trial.open('CN'), 'X3 50.00 350.00, Y6 -48.00 -360.00', 'open again in both currencies');
SELECT is((SELECT sum(amount) FROM erp.settlement s WHERE s.company_id = (SELECT company_id FROM erp.company WHERE code = 'CN') AND s.debit_open_item_id = trial.item('X3', 'CN')), 0.0000, 'by negative facts');
SELECT is(trial.refusal('unsettle', '{"day": "2026-01-22", "key": "both"}', 'CN'), 'LE094 At $.', 'nothing is undone twice');
SELECT is(trial.refusal('settle', '{"day": "2026-01-20", "items": [{"key": "X3"}, {"key": "Y6"}]}', 'CN'), 'LE011 At $.items[0].', 'it is settled again from the day on which it was undone');
SELECT is(trial.refusal('settle', '{"day": "2026-01-21", "items": [{"key": "X3"}, {"key": "Y6"}]}', 'CN'), 'accepted', 'not before');
-- Named ones: of three parts the second, with its difference of 0.01.
CREATE FUNCTION trial.second() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT min(settlement_id) FROM erp.settlement WHERE credit_open_item_id = trial.item('Y4', 'CN') $$;
CREATE FUNCTION trial.follower() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT min(settlement_id) FROM erp.settlement WHERE follows_settlement_id = trial.second() $$;
SELECT is(trial.refusal('unsettle', format('{"day": "2026-01-21", "settlement_ids": [%s]}', trial.follower()), 'CN'), format('LE094 At $.settlement_ids[0], value "%s".', trial.follower()), 'a difference is undone with its settlement only');
SELECT is(trial.posted(erp.unsettle('CN', 'undo second', format('{"day": "2026-01-21", "settlement_ids": [%s]}', trial.second())::json)), '1122 credit 0 -0.01, 5603 debit 0 -0.01', 'a named settlement is undone');
SELECT is(trial.open('CN'), 'X2 33.33 233.32, X3 50.00 350.00, Y4 -33.33 -233.31, Y6 -48.00 -360.00', 'and it alone');
SELECT is(trial.refusal('unsettle', format('{"day": "2026-01-21", "settlement_ids": [%s]}', trial.second()), 'CN'), format('LE094 At $.settlement_ids[0], value "%s".', trial.second()), 'once');
SELECT is(jsonb_array_length(erp.unsettle('CN', 'undo parts', '{"day": "2026-01-21", "key": "parts"}') -> 'settlements'), 2, 'of a call, what is left of it');
SELECT is(trial.open('CN'), 'X2 100.00 700.01, X3 50.00 350.00, Y3 -33.33 -233.31, Y4 -33.33 -233.31, Y5 -33.34 -233.38, Y6 -48.00 -360.00', 'all is as it was');
SELECT is(trial.refusal('unsettle', '{"day": "2026-01-19", "key": "gained"}', 'CN'), 'LE011 At $.day, value "2026-01-19".', 'not before the day of what is undone');
SELECT is(jsonb_array_length(erp.unsettle('CN', 'undo advance', json_build_object('day', '2026-01-25', 'document_id', (SELECT document_id FROM erp.settlement_list WHERE company = 'CN' AND call_key = 'advance' LIMIT 1))) -> 'settlements'), 3, 'by the document of a settlement: two rows undone, one that closes');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken by that');

-- A document whose item is settled is not reversed; then it is, from the day on which it was undone.
\o /dev/null
SELECT trial.settle('part', '[{"key": "I5", "amount": 1}, {"key": "P6"}]', '2026-01-22');
\o
SELECT throws_ok($$SELECT erp.reverse_document('SET', '{"key": "r", "reverses": "I5", "day": "2026-01-31"}')$$, 'LE095', NULL, 'a settled document is not reversed');
\o /dev/null
SELECT erp.unsettle('SET', 'undo part', '{"day": "2026-01-25", "key": "part"}');
\o
SELECT throws_ok($$SELECT erp.reverse_document('SET', '{"key": "r", "reverses": "I5", "day": "2026-01-24"}')$$, 'LE011', NULL, 'nor before its settlement was undone');
SELECT lives_ok($$SELECT erp.reverse_document('SET', '{"key": "r", "reverses": "I5", "day": "2026-01-25"}')$$, 'then it is');
SELECT is(trial.refusal('settle', '{"day": "2026-01-31", "items": [{"key": "I5"}, {"key": "P6"}]}'), 'LE091 At $.items[0].', 'what is reversed is settled by that');
SELECT is(trial.refusal('unsettle', json_build_object('day', '2026-01-31', 'document_id', (SELECT document_id FROM erp.document WHERE key = 'r'))::text), format('LE094 At $.document_id, value "%s".', (SELECT document_id FROM erp.document WHERE key = 'r' AND company_id = (SELECT company_id FROM erp.company WHERE code = 'SET'))), 'which nobody undoes');
SELECT throws_ok($$SELECT erp.reverse_document('SET', json_build_object('key', 'rr', 'reverses', (SELECT d.key FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'SET' AND kind = 'settlement' ORDER BY document_id LIMIT 1)))$$, 'LE052', NULL, 'a settlement is undone, not reversed');
SELECT throws_ok($$SELECT erp.post_document('SET', '{"key": "x", "kind": "settlement", "day": "2026-01-31", "lines": []}')$$, 'LE011', NULL, 'nor posted as a document');

-- Closed is closed: what is dated into January lands on 1 February.
\o /dev/null
SELECT erp.set_period_state('SET', 'close', '{"period": "2026-01", "modules": ["general"], "state": "closed"}');
SELECT trial.settle('late', '[{"key": "I6"}, {"key": "P6"}]', '2026-01-28');
\o
SELECT is((SELECT to_char(d.day, 'YYYY-MM-DD ') || to_char(d.posting_day, 'YYYY-MM-DD') FROM erp.document d JOIN erp.settlement_list l USING (document_id) WHERE l.call_key = 'late'), '2026-01-28 2026-02-01', 'a settlement in a closed period lands on the first open day');
SELECT is((SELECT min(day) FROM erp.settlement_list WHERE call_key = 'late'), '2026-02-01'::date, 'and counts from there');
\o /dev/null
SELECT erp.unsettle('SET', 'undo late', '{"day": "2026-01-30", "key": "late"}');
\o
SELECT is((SELECT min(s.day) FROM erp.settlement_list s WHERE s.call_key = 'undo late'), '2026-02-01'::date, 'so does what undoes it');
SELECT throws_ok($$SELECT trial.settle('never', '[{"key": "I6"}, {"key": "P6"}]', '2027-01-01')$$, 'LE031', NULL, 'a day of no period');

-- Many at once, all or nothing.
SELECT is(trial.refusal('settle', '[{"day": "2026-02-02", "items": [{"key": "I6", "amount": 1}, {"key": "P6"}]}, {"day": "2026-02-02", "items": [{"key": "I6"}, {"key": "I1"}]}]'), 'LE091 At $[1].items[1].', 'the second of two is bad');
SELECT is(trial.open(), 'B1 -200.00 -200.00, I6 10.00 10.00, P6 -19.79 -19.79', 'and so the first is nothing');
SELECT is(jsonb_array_length(erp.settle('SET', 'two', '[{"day": "2026-02-02", "items": [{"key": "I6", "amount": 1}, {"key": "P6"}]}, {"day": "2026-02-03", "items": [{"key": "I6"}, {"key": "P6"}]}]')), 2, 'two of the same items in one call');
SELECT is(trial.settled('two'), 'I6 P6 1.00 1.00 settlement, I6 P6 9.00 9.00 settlement', 'the second sees the first');
SELECT is(jsonb_array_length(erp.unsettle('SET', 'undo two', '{"day": "2026-02-04", "key": "two"}') -> 'settlements'), 2, 'undone as one');

-- What cannot be read or does not fit.
\o /dev/null
SELECT trial.owe('SET', 'Z2', '2026-02-01', -5, NULL, NULL, 'C2'), trial.owe('SET', 'ZU', '2026-02-01', -5, 1.5), trial.owe('CN', 'ZC', '2026-02-01', -5);
SELECT erp.post_document('SET', '{"key": "ZZ", "kind": "manual_voucher", "day": "2026-02-01", "lines": [{"account": "1100", "party": "C1", "side": "debit", "amount": 7},
	{"account": "1100", "party": "C1", "side": "credit", "amount": 3}, {"account": "1010", "side": "credit", "amount": 4}]}');
\o
SELECT is(trial.refusal('settle', request), refusal, regexp_replace(request, '_id(s?)": \[?[1-9][0-9]*', '_id\1": #')) FROM (VALUES
	('[]', 'LE011 At $.'),
	('1', 'LE011 At $, value "1".'),
	('{"items": [{"key": "I6"}]}', 'LE011 At $.day.'),
	('{"day": "2026-02-30", "items": [{"key": "I6"}]}', 'LE011 At $.day, value "2026-02-30".'),
	('{"day": "2026-02-05"}', 'LE011 At $.items.'),
	('{"day": "2026-02-05", "items": []}', 'LE011 At $.items.'),
	('{"day": "2026-02-05", "items": {}}', 'LE011 At $.items.'),
	('{"day": "2026-02-05", "item": []}', 'LE011 At $.item.'),
	('{"day": "2026-02-05", "items": ["I6"]}', 'LE011 At $.items[0], value "I6".'),
	('{"day": "2026-02-05", "items": [{"amount": 1}]}', 'LE011 At $.items[0].'),
	('{"day": "2026-02-05", "items": [{"key": "I6", "open_item_id": 1}]}', 'LE011 At $.items[0].'),
	('{"day": "2026-02-05", "items": [{"key": "I6", "amount": 0}]}', 'LE011 At $.items[0].amount, value "0".'),
	('{"day": "2026-02-05", "items": [{"key": "I6", "amount": -1}]}', 'LE011 At $.items[0].amount, value "-1".'),
	('{"day": "2026-02-05", "items": [{"key": "I6", "amount": "NaN"}]}', 'LE011 At $.items[0].amount, value "NaN".'),
	('{"day": "2026-02-05", "items": [{"key": "I6", "amount": true}]}', 'LE011 At $.items[0].amount.'),
	('{"day": "2026-02-05", "items": [{"key": "I6", "amount": 1e20}]}', 'LE011 At $.items[0].amount, value "100000000000000000000".'),
	('{"day": "2026-02-05", "items": [{"key": "I6", "amount": 0.001}, {"key": "P6"}]}', 'LE011 At $.items[0].amount, value "0.001".'),
	('{"day": "2026-02-05", "items": [{"key": "I6", "write_off": 1}]}', 'LE011 At $.items[0].write_off, value "1".'),
	('{"day": "2026-02-05", "items": [{"key": "nobody"}, {"key": "P6"}]}', 'LE012 At $.items[0].key, value "nobody".'),
	('{"day": "2026-02-05", "items": [{"key": "parties"}, {"key": "P6"}]}', 'LE012 At $.items[0].key, value "parties".'),
	('{"day": "2026-02-05", "items": [{"key": "I6", "line": 2}, {"key": "P6"}]}', 'LE012 At $.items[0].line, value "2".'),
	(format('{"day": "2026-02-05", "items": [{"key": "I6"}, {"open_item_id": %s}]}', trial.item('ZC', 'CN')), format('LE012 At $.items[1].open_item_id, value "%s".', trial.item('ZC', 'CN'))),
	(format('{"day": "2026-02-05", "items": [{"key": "I6"}, {"key": "P6"}, {"open_item_id": %s}]}', trial.item('I6')), 'LE011 At $.items[2].'),
	('{"day": "2026-02-05", "items": [{"key": "ZZ"}, {"key": "P6"}]}', 'LE011 At $.items[0].'),
	('{"day": "2026-02-05", "items": [{"key": "I6"}, {"key": "ZZ", "line": 1}]}', 'LE090 At $.'),
	('{"day": "2026-02-05", "items": [{"key": "I6"}, {"key": "Z2"}]}', 'LE090 At $.items[1].'),
	('{"day": "2026-02-05", "items": [{"key": "I6"}, {"key": "ZU"}]}', 'LE090 At $.items[1].'),
	('{"day": "2026-02-05", "items": [{"key": "I6"}, {"key": "B1"}]}', 'LE090 At $.items[1].'),
	('{"day": "2026-02-05", "items": [{"key": "I6"}, {"key": "P6"}], "description": 7}', 'LE011 At $.description, value "7".')
) v (request, refusal);
SELECT is(trial.refusal('settle', format('{"day": "2026-02-05", "items": %s}', (SELECT json_agg(json_build_object('open_item_id', i)) FROM generate_series(1, 100001) i))), 'LE011 At $.items.', 'too many items');
SELECT is(trial.refusal('unsettle', request), refusal, regexp_replace(request, '_id(s?)": \[?[1-9][0-9]*', '_id\1": #')) FROM (VALUES
	('{"day": "2026-02-05"}', 'LE011 At $.'),
	('{"day": "2026-02-05", "key": "two", "document_id": 1}', 'LE011 At $.'),
	('{"day": "2026-02-05", "key": "nobody"}', 'LE012 At $.key, value "nobody".'),
	('{"day": "2026-02-05", "settlement_ids": []}', 'LE011 At $.settlement_ids.'),
	('{"day": "2026-02-05", "settlement_ids": [0]}', 'LE011 At $.settlement_ids[0], value "0".'),
	('{"day": "2026-02-05", "settlement_ids": [9999999]}', 'LE012 At $.settlement_ids[0], value "9999999".'),
	(format('{"day": "2026-02-05", "settlement_ids": [%s]}', trial.second()), format('LE012 At $.settlement_ids[0], value "%s".', trial.second())),
	('{"day": "2026-02-05", "document_id": "x"}', 'LE011 At $.document_id, value "x".')
) v (request, refusal);
SELECT is(trial.refusal('put_company', '{"write_off_limit": -1}'), 'LE011 At $.write_off_limit, value "-1".', 'a limit below zero');
SELECT is(trial.refusal('put_company', '{"write_off_limit": 0.001}'), 'LE011 At $.write_off_limit, value "0.001".', 'a limit that is no amount');
-- The two lines of one voucher, named by line: 3 of 7.
SELECT isnt(trial.settle('lines', '[{"key": "ZZ", "line": 1}, {"key": "ZZ", "line": 2}]', '2026-02-05'), NULL, 'two open items of one document');
SELECT is(trial.settled('lines'), 'ZZ ZZ 3.00 3.00 settlement', 'are told apart by line');

-- Undone in part: 40 of 100. The whole is undone, and 60 meet again.
\o /dev/null
SELECT trial.owe('SET', 'J1', '2026-02-05', 100), trial.owe('SET', 'K1', '2026-02-05', -100), trial.settle('whole', '[{"key": "J1"}, {"key": "K1"}]', '2026-02-06');
CREATE FUNCTION trial.meeting(p_call text, p_company text DEFAULT 'SET') RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT min(settlement_id) FROM erp.settlement_list WHERE company = p_company AND call_key = p_call AND reason IN ('settlement', 'discount') $$;
CREATE FUNCTION trial.undo(p_key text, p_call text, p_amount text, p_company text DEFAULT 'SET') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.unsettle(p_company, p_key, json_build_object('day', '2026-02-07', 'settlements', json_build_array(json_strip_nulls(json_build_object('settlement_id', trial.meeting(p_call, p_company), 'amount', p_amount)))))
$$;
\o
SELECT is(trial.undo('undo 40', 'whole', '40.00') ->> 'voucher_id', NULL, 'nothing is posted where nothing was');
SELECT is(trial.settled('undo 40'), 'J1 K1 -100.00 -100.00 undone, J1 K1 60.00 60.00 settlement', 'a part is undone');
SELECT is((SELECT string_agg(concat_ws(' ', document_key, open_amount), ', ' ORDER BY document_key) FROM erp.open_items_by_party WHERE document_key IN ('J1', 'K1')), 'J1 40.00, K1 -40.00', '100 - 60');
SELECT is((SELECT string_agg(d || ' ' || coalesce((SELECT sum(open_amount) FROM erp.open_items('SET', d::date) WHERE document_key = 'J1'), 0), ', ') FROM unnest('{2026-02-05,2026-02-06,2026-02-07}'::text[]) d), '2026-02-05 100.00, 2026-02-06 0, 2026-02-07 40.00', 'from the day of the call');
SELECT is(trial.undo('undo 40', 'whole', '40.00') ->> 'document_id', (SELECT max(document_id)::text FROM erp.settlement_list WHERE call_key = 'undo 40'), 'once');
-- 20 more, of the 60; then the other 40, named without an amount.
SELECT isnt(trial.undo('undo 20', 'undo 40', '20'), NULL, 'a second part');
SELECT is(trial.settled('undo 20'), 'J1 K1 -60.00 -60.00 undone, J1 K1 40.00 40.00 settlement', 'of what was left');
SELECT isnt(trial.undo('undo rest', 'undo 20', NULL), NULL, 'all of the rest');
SELECT is(trial.settled('undo rest'), 'J1 K1 -40.00 -40.00 undone', 'nothing meets again');
-- In foreign currency: 100 USD at 7.0001 = 700.01 CNY against 710: 9.99 gained. Of 60: 420.006 = 420.01 and 426: 5.99. 280.00 and 284 are open.
\o /dev/null
SELECT trial.owe('CN', 'X8', '2026-02-05', 100, 7.0001), trial.owe('CN', 'Y8', '2026-02-05', -100, 7.1), trial.settle('gain', '[{"key": "X8"}, {"key": "Y8"}]', '2026-02-06', 'CN');
\o
SELECT is(trial.posted(trial.undo('undo gain', 'gain', '40', 'CN')), '1122 debit 0 -9.99, 5301.04 credit 0 -9.99, 1122 debit 0 5.99, 5301.04 credit 0 5.99', 'the difference is taken back, and that of the rest posted');
SELECT is(trial.settled('undo gain', 'CN'), 'X8 Y8 -100.00 -700.01 undone, Y8 0.00 -9.99 undone, 0.00 9.99 exchange_difference, X8 Y8 60.00 420.01 settlement, Y8 0.00 5.99 exchange_difference', 'by its share');
SELECT is((SELECT string_agg(concat_ws(' ', document_key, open_amount, company_open_amount), ', ' ORDER BY document_key) FROM erp.open_items_by_party WHERE company = 'CN' AND document_key IN ('X8', 'Y8')), 'X8 40.00 280.00, Y8 -40.00 -284.00', 'to the cent');
SELECT isnt(trial.settle('gain again', '[{"key": "X8"}, {"key": "Y8"}]', '2026-02-08', 'CN'), NULL, 'what is open again is settled again');
SELECT is(trial.settled('gain again', 'CN'), 'X8 Y8 40.00 280.00 settlement, Y8 0.00 4.00 exchange_difference', '5.99 + 4.00 = 9.99');
-- Discounts are undone as a whole.
\o /dev/null
SELECT trial.settle('with discount', '[{"key": "J1", "amount": 98, "discount": 2}, {"key": "K1"}]', '2026-02-08');
\o
SELECT is(trial.refusal('unsettle', format('{"day": "2026-02-09", "settlements": %s}', replace(request, '#', trial.meeting('with discount')::text))), refusal, request) FROM (VALUES
	('[{"settlement_id": #, "amount": "98.01"}]', 'LE092 At $.settlements[0].amount, value "98.01".'),
	('[{"settlement_id": #, "amount": 0}]', 'LE011 At $.settlements[0].amount, value "0".'),
	('[{"settlement_id": #, "amount": "1.001"}]', 'LE011 At $.settlements[0].amount, value "1.001".'),
	('[{"settlement_id": #, "amounts": 1}]', 'LE011 At $.settlements[0].amounts, value "1".'),
	('[{"settlement_id": #}, {"settlement_id": #}]', 'LE011 At $.settlements[1].'),
	('[{"amount": 1}]', 'LE011 At $.settlements[0].settlement_id.'),
	('[{"settlement_id": 9999999, "amount": 1}]', 'LE012 At $.settlements[0].'),
	('[7]', 'LE011 At $.settlements[0], value "7".'),
	('[{"settlement_id": #, "amount": 98}]', 'accepted')) v (request, refusal);
SELECT is(trial.refusal('unsettle', format('{"day": "2026-02-09", "settlement_ids": [{"settlement_id": %s}]}', trial.meeting('with discount'))), 'LE011 At $.settlement_ids[0].', 'an array of ids has ids');
SELECT is(trial.refusal('unsettle', format('{"day": "2026-02-09", "settlements": [{"settlement_id": %s, "amount": 1}]}', (SELECT settlement_id FROM erp.settlement_list WHERE call_key = 'with discount' AND reason = 'discount'))), 'LE094 At $.settlements[0].amount, value "1".', 'a discount is undone as a whole');
SELECT is(trial.refusal('unsettle', format('{"day": "2026-02-09", "settlements": [{"settlement_id": %s, "amount": 1}]}', (SELECT min(settlement_id) FROM erp.settlement_list WHERE call_key = 'whole'))), 'LE094 At $.settlements[0].', 'what was undone before is not undone in part');
-- A rule of a group of parties takes the discounts of its parties, and theirs only.
\o /dev/null
SELECT erp.put_parties('SET', 'group', '[{"code": "G1", "name": "Of the group", "roles": ["customer"], "group": "large"}, {"code": "G2", "name": "Of none", "roles": ["customer"]}]');
SELECT erp.put_posting_rules('SET', 'rule of a group', '[{"kind": "settlement", "line_role": "discount", "amount_role": "amount", "side": "debit", "account": "6000", "party_group": "large"}]');
SELECT trial.owe('SET', p || ' owes', '2026-02-08', 100, NULL, NULL, p), trial.owe('SET', p || ' paid', '2026-02-08', -98, NULL, NULL, p) FROM (VALUES ('G1'), ('G2')) v (p);
\o
SELECT is(trial.posted(trial.settle(p || ' settled', format('[{"key": "%s owes", "discount": 2}, {"key": "%s paid"}]', p, p), '2026-02-08')), posted, 'the discount of ' || p) FROM (VALUES
	('G1', '1100 credit 2 2, 6000 debit 2 2'), ('G2', '1100 credit 2 2, 6150 debit 2 2')) v (p, posted);
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
