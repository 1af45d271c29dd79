\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- Open items as of any day, ageing, statements, exposure and proposals. The history, by hand:
--   I1  10 January   C1 owes 100, due after 30 days on 9 February
--   I2  20 January   C1 owes  40, due 19 February, reference PO-7
--   P1  12 February  C1 pays  60; settles I1 the same day: 40 left
--   P2  15 February  C1 pays  40, reference I2
--   s   20 February  P2 settles I1 (40 left: paid in full); undone on 25 February
--   X1  10 February  C1 owes 10 USD at 0.8 = 8.00, due 12 March
--   B1  11 February  S1 is owed 70
CREATE SCHEMA trial;
CREATE FUNCTION trial.post(p_key text, p_kind text, p_day text, p_party text, p_line jsonb, p_more jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
	SELECT erp.post_document('OPEN', (jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'party', p_party, 'lines', jsonb_build_array(p_line)) || p_more)::text::json)
$$;
SELECT plan(25);
\o /dev/null
SELECT erp.create_company('OPEN', 'company', '{"name": "Open items", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('OPEN', 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}');
SELECT erp.put_parties('OPEN', 'parties', '[{"code": "C1", "name": "Customer 1", "roles": ["customer"], "payment_days": 30}, {"code": "S1", "name": "Supplier 1", "roles": ["supplier"]}]');
SELECT erp.put_items('OPEN', 'items', '[{"code": "SV", "name": "Service", "kind": "service"}]');
SELECT trial.post('I1', 'sales_invoice', '2026-01-10', 'C1', '{"item": "SV", "quantity": 1, "price": 100}');
SELECT trial.post('I2', 'sales_invoice', '2026-01-20', 'C1', '{"item": "SV", "quantity": 1, "price": 40}', '{"reference": "PO-7"}');
SELECT trial.post('X1', 'sales_invoice', '2026-02-10', 'C1', '{"item": "SV", "quantity": 1, "price": 10}', '{"currency": "USD", "rate": "0.8"}');
SELECT erp.post_document('OPEN', '{"key": "B1", "kind": "manual_voucher", "day": "2026-02-11", "lines": [{"account": "6200", "side": "debit", "amount": 70}, {"account": "2000", "party": "S1", "side": "credit", "amount": 70}]}');
SELECT trial.post('P1', 'customer_payment', '2026-02-12', 'C1', '{"amount": 60}', '{"settles": [{"key": "I1"}]}');
SELECT trial.post('P2', 'customer_payment', '2026-02-15', 'C1', '{"amount": 40}', '{"reference": "I2"}');
SELECT erp.settle('OPEN', 's', '{"day": "2026-02-20", "items": [{"key": "I1"}, {"key": "P2"}]}');
SELECT erp.unsettle('OPEN', 'u', '{"day": "2026-02-25", "key": "s"}');
\o
CREATE FUNCTION trial.open(p_day date) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(document_key || ' ' || open_amount || CASE WHEN currency <> 'GBP' THEN ' = ' || company_open_amount ELSE '' END, ', ' ORDER BY document_key) FROM erp.open_items('OPEN', p_day)
$$;
SELECT is(trial.open('2026-01-09'), NULL, 'nothing yet');
SELECT is(trial.open('2026-01-31'), 'I1 100.00, I2 40.00', 'January');
SELECT is(trial.open('2026-02-11'), 'B1 -70.00, I1 100.00, I2 40.00, X1 10.00 = 8.00', 'before the payment');
SELECT is(trial.open('2026-02-12'), 'B1 -70.00, I1 40.00, I2 40.00, X1 10.00 = 8.00', 'after it');
SELECT is(trial.open('2026-02-20'), 'B1 -70.00, I2 40.00, X1 10.00 = 8.00', 'settled');
SELECT is(trial.open('2026-02-24'), 'B1 -70.00, I2 40.00, X1 10.00 = 8.00', 'until the day before it was undone');
SELECT is(trial.open('2026-02-25'), 'B1 -70.00, I1 40.00, I2 40.00, P2 -40.00, X1 10.00 = 8.00', 'undone');
SELECT results_eq($$SELECT document_key, open_amount, company_open_amount FROM erp.open_items('OPEN', '2026-12-31') ORDER BY 1$$,
	$$SELECT document_key, open_amount, company_open_amount FROM erp.open_items_by_party WHERE company = 'OPEN' ORDER BY 1$$, 'in the end it is what is open now');
SELECT is_empty($$SELECT * FROM erp.open_items('NOBODY', '2026-12-31')$$, 'no company, no rows');
-- On 11 March: I1 is 30 days overdue, I2 20, P2 (due 17 March) and X1 not, B1 28.
SELECT results_eq($$SELECT party_code, account_code, currency, bucket, open_amount, company_open_amount, open_items FROM erp.ageing('OPEN', '2026-03-11', '{25,29,30}')$$,
	$$VALUES ('C1', '1100', 'GBP', 'not due', -40.00, -40.00, 1::bigint), ('C1', '1100', 'GBP', '1-25', 40.00, 40.00, 1), ('C1', '1100', 'GBP', '30-30', 40.00, 40.00, 1),
		('C1', '1100', 'USD', 'not due', 10.00, 8.00, 1), ('S1', '2000', 'GBP', '26-29', -70.00, -70.00, 1)$$, 'ageing by due day');
SELECT results_eq($$SELECT bucket, overdue_from, overdue_to, open_amount FROM erp.ageing('OPEN', '2026-12-31') WHERE currency = 'USD'$$, $$VALUES ('over 90', 91, NULL::integer, 10.00)$$, 'buckets have a default');
SELECT is((SELECT sum(company_open_amount) FROM erp.ageing('OPEN', d) WHERE control = 'receivable'), erp.account_balance('OPEN', '1100', d), 'ageing adds up to the control account on ' || to_char(d, 'YYYY-MM-DD'))
FROM unnest('{2026-01-31,2026-02-22,2026-03-31}'::date[]) d;
SELECT throws_ok($$SELECT * FROM erp.ageing('OPEN', '2026-03-11', '{30,30}')$$, 'LE011', NULL, 'buckets ascend');
SELECT throws_ok($$SELECT * FROM erp.ageing('OPEN', '2026-03-11', '{}')$$, 'LE011', NULL, 'there is one at least');
-- February: 140 at first, 60 and 40 paid; 8.00 in dollars.
SELECT results_eq($$SELECT currency, entry, day, document_key, debit, credit, balance, company_balance FROM erp.party_statement('OPEN', 'C1', '2026-02-01', '2026-02-28')$$,
	$$VALUES ('GBP', 'opening', '2026-02-01'::date, NULL, NULL::numeric, NULL::numeric, 140.00, 140.00), ('GBP', 'move', '2026-02-12', 'P1', 0.00, 60.00, 80.00, 80.00),
		('GBP', 'move', '2026-02-15', 'P2', 0.00, 40.00, 40.00, 40.00), ('GBP', 'closing', '2026-02-28', NULL, 0.00, 100.00, 40.00, 40.00),
		('USD', 'opening', '2026-02-01', NULL, NULL, NULL, 0.00, 0.00), ('USD', 'move', '2026-02-10', 'X1', 10.00, 0.00, 10.00, 8.00), ('USD', 'closing', '2026-02-28', NULL, 10.00, 0.00, 10.00, 8.00)$$,
	'statement with a running balance');
SELECT is_empty($$SELECT * FROM erp.party_statement('OPEN', 'nobody', '2026-02-01', '2026-02-28')$$, 'of nobody there is none');
-- On 20 February: I2 40 is due since the 19th, X1 8; P2 is settled. On 1 March: I1 40, I2 40, X1 8, less P2 40.
SELECT results_eq($$SELECT * FROM erp.credit_exposure('OPEN', '2026-03-01')$$,
	$$VALUES ('C1', 'Customer 1', 88.00, 40.00, 48.00, 80.00, '2026-02-09'::date, 0::numeric), ('S1', 'Supplier 1', 0, 0, 0, 0, NULL, 70.00)$$, 'exposure');
SELECT results_eq($$SELECT receivable, on_account, overdue FROM erp.credit_exposure('OPEN', '2026-02-20') WHERE party_code = 'C1'$$, $$VALUES (48.00, 0::numeric, 40.00)$$, 'as of any day');
-- Proposals: P2 40 fits I1 (the older) and I2; its reference is I2.
SELECT results_eq($$SELECT proposal, document_key, open_amount, amount FROM erp.propose_settlements('OPEN', 'C1', 'exact')$$, $$VALUES (1::bigint, 'I1', 40.00, 40.00), (1, 'P2', -40.00, 40.00)$$, 'of the same amount');
SELECT results_eq($$SELECT proposal, document_key, open_amount, amount FROM erp.propose_settlements('OPEN', 'C1', 'reference')$$, $$VALUES (1::bigint, 'I2', 40.00, 40.00), (1, 'P2', -40.00, 40.00)$$, 'by reference');
\o /dev/null
SELECT trial.post('P3', 'customer_payment', '2026-03-01', 'C1', '{"amount": 15}');
\o
-- 55 paid: I1 40, I2 15.
SELECT results_eq($$SELECT document_key, amount FROM erp.propose_settlements('OPEN', 'C1', 'oldest_first')$$, $$VALUES ('I1', 40.00), ('I2', 15.00), ('P2', 40.00), ('P3', 15.00)$$, 'oldest first');
SELECT throws_ok($$SELECT * FROM erp.propose_settlements('OPEN', 'C1', 'best')$$, 'LE011', NULL, 'no other rule');
SELECT is((SELECT string_agg(s ->> 'amount', ' ' ORDER BY (s ->> 'settlement_id')::bigint) FROM jsonb_array_elements((SELECT erp.settle('OPEN', 'proposed', json_agg(r)) FROM (
	SELECT '2026-03-02' AS day, json_agg(item) AS items FROM erp.propose_settlements('OPEN', 'C1', 'oldest_first') GROUP BY proposal) r) -> 0 -> 'settlements') s), '40 15', 'what is proposed can be settled');
SELECT * FROM finish();
ROLLBACK;
