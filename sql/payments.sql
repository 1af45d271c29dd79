\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- Money received and paid: on account, or settling at once. Figures by hand.
CREATE SCHEMA trial;
CREATE FUNCTION trial.post(p_key text, p_kind text, p_party text, p_lines text, p_more text DEFAULT '{}', p_company text DEFAULT 'PAY') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_build_object('key', p_key, 'kind', p_kind, 'day', '2026-01-20', 'party', NULLIF(p_party, ''), 'lines', p_lines::jsonb) || p_more::jsonb)::text::json)
$$;
CREATE FUNCTION trial.refusal(p_call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE code text; detail text; hint text;
BEGIN
	EXECUTE p_call;
	RAISE EXCEPTION 'accepted' USING ERRCODE = 'XX999';
EXCEPTION WHEN SQLSTATE 'XX999' THEN
	RETURN 'accepted';
WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' ', code, COALESCE(NULLIF(detail, ''), 'no detail'), CASE WHEN hint = '' THEN 'no hint' END);
END
$$;
CREATE FUNCTION trial.posted(p_key text, p_company text DEFAULT 'PAY') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', a.code, l.side, trim_scale(l.amount), CASE WHEN l.amount <> l.company_amount THEN trim_scale(l.company_amount) END), ', ' ORDER BY l.voucher_id, l.line_no)
	FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id)
	WHERE c.code = p_company AND d.key = p_key
$$;
CREATE FUNCTION trial.open(p_company text DEFAULT 'PAY') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', document_key, open_amount), ', ' ORDER BY document_key) FROM erp.open_items_by_party WHERE company = p_company
$$;
SELECT plan(65);
\o /dev/null
SELECT erp.create_company('PAY', 'company', '{"name": "Paying", "currency": "GBP", "chart": "english"}');
SELECT erp.create_company('CN', 'company', '{"name": "收付", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year(c, 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}') FROM unnest('{PAY,CN}'::text[]) c;
SELECT erp.put_parties(c, 'parties', '[{"code": "C1", "name": "Customer 1", "roles": ["customer"]}, {"code": "C2", "name": "Customer 2", "roles": ["customer"]},
	{"code": "S1", "name": "Supplier 1", "roles": ["supplier"]}]') FROM unnest('{PAY,CN}'::text[]) c;
SELECT erp.put_items(c, 'items', '[{"code": "SV", "name": "Service", "kind": "service"}]') FROM unnest('{PAY,CN}'::text[]) c;
SELECT erp.put_accounts('PAY', 'bank', '[{"code": "1011", "name": "Second bank", "class": "asset", "side": "debit"}]');
SELECT trial.post(k, 'sales_invoice', p, format('[{"item": "SV", "quantity": 1, "price": %s}]', a)) FROM (VALUES ('I1', 'C1', 100), ('I2', 'C1', 50), ('I3', 'C2', 20), ('I4', 'C1', 30)) v (k, p, a);
SELECT trial.post('X1', 'sales_invoice', 'C1', '[{"item": "SV", "quantity": 1, "price": 100}]', '{"currency": "USD", "rate": 7}', 'CN');
SELECT erp.post_document('PAY', '{"key": "B1", "kind": "manual_voucher", "day": "2026-01-10", "lines": [{"account": "6200", "side": "debit", "amount": 80}, {"account": "2000", "party": "S1", "side": "credit", "amount": 80}]}');
-- On account.
SELECT trial.post('P1', 'customer_payment', 'C2', '[{"amount": "5.00"}]');
SELECT trial.post('P2', 'supplier_payment', 'S1', '[{"amount": 10}, {"role": "cash", "amount": 2}, {"account": "1011", "amount": 3}]');
\o
SELECT is(trial.posted('P1'), '1010 debit 5, 1100 credit 5', 'money received stands on account');
SELECT is(trial.posted('P2'), '1010 credit 10, 1000 credit 2, 1011 credit 3, 2000 debit 15', 'bank, till and another bank');
SELECT is(trial.open(), 'B1 -80.00, I1 100.00, I2 50.00, I3 20.00, I4 30.00, P1 -5.00, P2 15.00', 'as open items');
SELECT is((SELECT string_agg(l.line_role || coalesce(' ' || a.code, ''), ', ' ORDER BY l.line_no) FROM erp.document_line l JOIN erp.document d USING (company_id, document_id) LEFT JOIN erp.account a USING (company_id, account_id) WHERE d.key = 'P2'), 'bank, cash, bank 1011', 'the lines say where it came from');
-- At once: 60 of 100.
SELECT isnt(trial.post('P3', 'customer_payment', 'C1', '[{"amount": 60}]', '{"settles": [{"key": "I1"}]}'), NULL, 'a payment that settles');
SELECT is((SELECT string_agg(concat_ws(' ', call_key, debit_document_key, credit_document_key, amount, reason), ', ') FROM erp.settlement_list WHERE company = 'PAY'), 'P3 I1 P3 60.00 settlement', 'its open item meets those that it names');
-- 150: 40 of I1, 50 of I2, 29 + 1 discount of I4, 31 on account.
SELECT isnt(trial.post('P4', 'customer_payment', 'C1', '[{"role": "cash", "amount": 150}]', '{"settles": [{"key": "I1"}, {"key": "I2"}, {"key": "I4", "discount": 1}]}'), NULL, 'one that settles three with a discount');
SELECT is(trial.open(), 'B1 -80.00, I3 20.00, P1 -5.00, P2 15.00, P4 -31.00', '150 - 40 - 50 - 29 stand on account');
SELECT is(trial.posted((SELECT d.key FROM erp.document d JOIN erp.settlement s USING (company_id, document_id) JOIN erp.document_link l USING (company_id, document_id) JOIN erp.document p ON p.company_id = l.company_id AND p.document_id = l.target_document_id WHERE p.key = 'P4' LIMIT 1)),
	'1100 credit 1, 6150 debit 1', 'the discount is posted by the settlement');
-- Payment on account settles later; part of a bill with what was paid before.
SELECT isnt(erp.settle('PAY', 's1', '{"day": "2026-01-21", "items": [{"key": "P1"}, {"key": "I3"}]}'), NULL, 'what stood on account settles');
SELECT isnt(trial.post('P5', 'supplier_payment', 'S1', '[{"amount": 65}]', '{"settles": [{"key": "B1"}, {"key": "P2"}]}'), NULL, 'a payment with one that was made before');
SELECT is(trial.open(), 'I3 15.00, P4 -31.00', '65 + 15 pay 80');
-- A credit note settles at once too.
SELECT isnt(trial.post('N1', 'credit_note', 'C2', '[{"role": "allowance", "amount": 15}]', '{"settles": [{"key": "I3"}]}'), NULL, 'so does a credit note');
SELECT is(trial.open(), 'P4 -31.00', 'nothing of it is open');
-- 100 USD at 7, paid at 7.2: 20 gained.
SELECT isnt(trial.post('Y1', 'customer_payment', 'C1', '[{"amount": 100}]', '{"currency": "USD", "rate": "7.2", "settles": [{"key": "X1"}]}', 'CN'), NULL, 'in foreign currency');
SELECT is(trial.posted('Y1', 'CN'), '1002 debit 100 720, 1122 credit 100 720', 'the bank takes 720');
SELECT is((SELECT balance FROM erp.account_balance('CN', '5301.04', '2026-12-31') AS b (balance)), -20.00, 'of which 20 are gained');
SELECT is(trial.open('CN'), NULL, 'nothing is open');
SELECT is(erp.account_balance('CN', '1122', '2026-12-31'), 0.00, 'nor on the account');
-- Once.
SELECT is(trial.post('P3', 'customer_payment', 'C1', '[{"amount": "60.00"}]', '{"settles": [{"key": "I1"}]}') ->> 'document_id', (SELECT document_id::text FROM erp.document WHERE key = 'P3'), 'the same payment again is the first one');
SELECT throws_ok($$SELECT trial.post('P3', 'customer_payment', 'C1', '[{"amount": 60}]')$$, 'LE020', NULL, 'without what it settles it is another');
-- Back.
SELECT throws_ok($$SELECT erp.reverse_document('PAY', '{"key": "r3", "reverses": "P3"}')$$, 'LE095', NULL, 'what settles is not reversed');
SELECT isnt(erp.unsettle('PAY', 'u3', '{"day": "2026-01-22", "key": "P3"}'), NULL, 'it is undone by the key of the payment');
SELECT isnt(erp.reverse_document('PAY', '{"key": "r3", "reverses": "P3", "day": "2026-01-22"}'), NULL, 'then reversed');
SELECT is(trial.open(), 'I1 60.00, P4 -31.00', 'the invoice is open again');
SELECT is(trial.posted('r3'), '1010 debit -60, 1100 credit -60', 'the money is taken back');
-- Two of one call settle one invoice.
SELECT is(jsonb_array_length(erp.post_documents('PAY', '[{"key": "P6", "kind": "customer_payment", "day": "2026-01-23", "party": "C1", "lines": [{"amount": 10}], "settles": [{"key": "I1"}]},
	{"key": "P7", "kind": "customer_payment", "day": "2026-01-23", "party": "C1", "lines": [{"amount": 70}], "settles": [{"key": "I1"}]}]')), 2, 'two payments in one call');
SELECT is(trial.open(), 'P4 -31.00, P7 -20.00', '60 - 10 - 50; the rest stands on account');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken');

-- Paid back: what stands on account, in full and in part; the credit of a note; by a supplier.
\o /dev/null
SELECT trial.post('F1', 'customer_refund', 'C1', '[{"amount": 31}]', '{"settles": [{"key": "P4"}], "day": "2026-01-24"}');
SELECT trial.post('F2', 'customer_refund', 'C1', '[{"role": "cash", "amount": 5}]', '{"settles": [{"key": "P7"}], "day": "2026-01-24"}');
\o
SELECT is(trial.posted('F1'), '1010 credit 31, 1100 debit 31', 'money paid back to a customer');
SELECT is(trial.posted('F2'), '1000 credit 5, 1100 debit 5', 'from the till');
SELECT is(trial.open(), 'P7 -15.00', 'settles what stood on account: 31 of 31, 5 of 20');
\o /dev/null
SELECT trial.post('I5', 'sales_invoice', 'C2', '[{"item": "SV", "quantity": 1, "price": 40}]', '{"day": "2026-01-24"}'), trial.post('P8', 'customer_payment', 'C2', '[{"amount": 40}]', '{"settles": [{"key": "I5"}], "day": "2026-01-25"}'),
	trial.post('N5', 'credit_note', 'C2', '[{"item": "SV", "quantity": 1, "price": 12}]', '{"day": "2026-01-26"}'), trial.post('F3', 'customer_refund', 'C2', '[{"amount": 12}]', '{"settles": [{"key": "N5"}], "day": "2026-01-27"}');
SELECT trial.post('P9', 'supplier_payment', 'S1', '[{"amount": 44}]', '{"day": "2026-01-24"}'), trial.post('F4', 'supplier_refund', 'S1', '[{"amount": 44}]', '{"settles": [{"key": "P9"}], "day": "2026-01-27"}');
\o
SELECT is(trial.posted('F4'), '1010 debit 44, 2000 credit 44', 'a supplier pays back');
SELECT is(trial.open(), 'P7 -15.00', 'a credit note and an advance are paid back');
SELECT is(trial.refusal($$SELECT erp.reverse_document('PAY', '{"key": "rF", "reverses": "F1", "day": "2026-01-28"}')$$), 'LE095 Document "rF", field "reverses", value "F1".', 'a refund that settled is not reversed');
SELECT isnt(erp.unsettle('PAY', 'undo F1', '{"day": "2026-01-28", "key": "F1"}'), NULL, 'it is undone');
SELECT isnt(erp.reverse_document('PAY', '{"key": "rF", "reverses": "F1", "day": "2026-01-28"}'), NULL, 'then reversed');
SELECT is(trial.open(), 'P4 -31.00, P7 -15.00', 'and the credit stands again');
-- 10 USD received at 7 and paid back at 7.2: 2 CNY lost.
\o /dev/null
SELECT trial.post('UP', 'customer_payment', 'C1', '[{"amount": 10}]', '{"currency": "USD", "rate": 7}', 'CN'), trial.post('UF', 'customer_refund', 'C1', '[{"amount": 10}]', '{"currency": "USD", "rate": "7.2", "settles": [{"key": "UP"}], "day": "2026-01-24"}', 'CN');
\o
SELECT is(trial.posted('UF', 'CN'), '1002 credit 10 72, 1122 debit 10 72', 'in foreign currency');
SELECT is((SELECT string_agg(concat_ws(' ', reason, amount, company_amount), ', ' ORDER BY settlement_id) FROM erp.settlement_list WHERE company = 'CN' AND call_key = 'UF'), 'settlement 10.00 70.00, exchange_difference 0.00 2.00', 'with its exchange difference');
-- A refund uses no credit: the limit is 1.
SELECT is(erp.put_parties('PAY', 'limit', '[{"code": "C1", "name": "Customer 1", "credit_limit": 1}]') ->> 'updated', '1', 'a customer has a limit');
SELECT is(trial.refusal($$SELECT trial.post('F5', 'customer_refund', 'C1', '[{"amount": 50}]', '{"day": "2026-01-29"}')$$), 'accepted', 'a refund is no sale');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken by refunds');
SELECT is(trial.refusal(format('SELECT trial.post(''bad'', %L, %L, %L, %L)', kind, party, lines, more)), refusal, concat_ws(' ', kind, party, lines, more)) FROM (VALUES
	('customer_payment', 'C1', '[{"amount": 0}]', '{}', 'LE011 Document "bad", line 1, field "amount", value "0".'),
	('customer_payment', 'C1', '[{"amount": -1}]', '{}', 'LE011 Document "bad", line 1, field "amount", value "-1".'),
	('customer_payment', 'C1', '[{"amount": "NaN"}]', '{}', 'LE011 Document "bad", line 1, field "amount", value "NaN".'),
	('customer_payment', 'C1', '[{}]', '{}', 'LE011 Document "bad", line 1, field "amount".'),
	('customer_payment', 'S1', '[{"amount": 1}]', '{}', 'LE011 Document "bad", field "party", value "S1".'),
	('supplier_payment', 'C1', '[{"amount": 1}]', '{}', 'LE011 Document "bad", field "party", value "C1".'),
	('customer_payment', 'nobody', '[{"amount": 1}]', '{}', 'LE012 Document "bad", field "party", value "nobody".'),
	('customer_payment', 'C1', '[{"amount": 1, "account": "1100"}]', '{}', 'LE042 Document "bad", line 1, field "account", value "1100".'),
	('customer_payment', 'C1', '[{"amount": 1, "account": "9999"}]', '{}', 'LE012 Document "bad", line 1, field "account", value "9999".'),
	('customer_payment', 'C1', '[{"amount": 1, "account": "1010", "side": "debit"}]', '{}', 'LE011 Document "bad", line 1, field "account", value "1010".'),
	('customer_payment', 'C1', '[{"amount": 1, "role": "entry"}]', '{}', 'LE011 Document "bad", line 1, field "role", value "entry".'),
	('customer_payment', 'C1', '[{"amount": 1}]', '{"settles": []}', 'LE011 At $.settles.'),
	('customer_payment', 'C1', '[{"amount": 1}]', '{"settles": "I1"}', 'LE011 At $.settles, value "I1".'),
	('customer_payment', 'C1', '[{"amount": 1}]', '{"settles": [{"key": "I1"}]}', 'LE091 At $.settles[0].'),
	('customer_payment', 'C2', '[{"amount": 1}]', '{"settles": [{"key": "P4"}]}', 'LE090 At $.settles.'),
	('customer_payment', 'C1', '[{"amount": 1}]', '{"settles": [{"key": "P4"}], "day": "2026-01-29"}', 'LE090 At $.settles.'),
	('customer_refund', 'C1', '[{"amount": 1}]', '{"settles": [{"key": "F2"}], "day": "2026-01-29"}', 'LE091 At $.settles[0].'),
	('customer_refund', 'S1', '[{"amount": 1}]', '{}', 'LE011 Document "bad", field "party", value "S1".'),
	('supplier_refund', 'C1', '[{"amount": 1}]', '{}', 'LE011 Document "bad", field "party", value "C1".'),
	('customer_refund', 'C1', '[{"amount": -1}]', '{}', 'LE011 Document "bad", line 1, field "amount", value "-1".'),
	('customer_refund', 'C1', '[{"amount": 1}]', '{"settles": [{"key": "I2"}]}', 'LE091 At $.settles[0].'),
	('manual_voucher', '', '[{"account": "1000", "side": "debit", "amount": 1}, {"account": "1010", "side": "credit", "amount": 1}]', '{"settles": [{"key": "P4"}]}', 'LE090 At $.settles.')
) v (kind, party, lines, more, refusal);
SELECT * FROM finish();
ROLLBACK;
