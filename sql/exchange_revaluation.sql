\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Open items and money in foreign currencies at the closing rate; all figures by hand. 1 EUR is 1.10 USD, 1.20 at the end of January, 1.15 at that of February.
SELECT plan(33);
\o /dev/null
SELECT erp.create_company('XR', 'c', '{"name": "Rates", "currency": "USD", "chart": "english"}');
SELECT erp.create_fiscal_year('XR', 'y', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_exchange_rates('XR', 'x', '[{"from": "EUR", "to": "USD", "day": "2026-01-02", "rate": 1.10}, {"from": "EUR", "to": "USD", "day": "2026-01-31", "rate": 1.20}, {"from": "EUR", "to": "USD", "day": "2026-02-28", "rate": 1.15}]');
SELECT erp.put_parties('XR', 'p', '[{"code": "C1", "name": "Customer", "roles": ["customer"], "payment_days": 30}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
CREATE FUNCTION pg_temp.enter(p_key text, p_day date, p_currency text, p_rate numeric, p_lines text) RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.post_document('XR', json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'currency', p_currency, 'rate', p_rate, 'lines', p_lines::json)) IS NOT NULL
$$;
CREATE FUNCTION pg_temp.balance(p_account text, p_day date) RETURNS numeric LANGUAGE sql AS $$SELECT trim_scale(erp.account_balance('XR', p_account, p_day))$$;
-- What is open of a party, in its currency and the company's.
CREATE FUNCTION pg_temp.open(p_party text, p_day date) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', trim_scale(o.open_amount), trim_scale(o.company_open_amount)), ', ' ORDER BY o.open_item_id) FROM erp.open_items('XR', p_day) o WHERE o.party_code = p_party
$$;
CREATE FUNCTION pg_temp.lines(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', l.side, a.code, NULLIF(p.code, ''), m.code, trim_scale(l.amount), trim_scale(l.company_amount), NULLIF(l.summary, '')), ', ' ORDER BY l.line_no)
	FROM erp.company c JOIN erp.document d ON d.company_id = c.company_id JOIN erp.voucher_line l ON l.company_id = d.company_id AND l.voucher_id = d.document_id
	JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id JOIN erp.party p ON p.company_id = l.company_id AND p.party_id = l.party_id
	JOIN erp.currency m ON m.currency_id = l.currency_id WHERE c.code = 'XR' AND d.key = p_key
$$;
SELECT pg_temp.enter('capital', '2026-01-05', 'EUR', 1.10, '[{"account": "1010", "side": "debit", "amount": 200}, {"account": "3000", "side": "credit", "amount": 200}]'),
	pg_temp.enter('invoice', '2026-01-10', 'EUR', 1.10, '[{"account": "1100", "side": "debit", "party": "C1", "amount": 100}, {"account": "4100", "side": "credit", "amount": 100}]'),
	pg_temp.enter('bill', '2026-01-15', 'EUR', 1.10, '[{"account": "6500", "side": "debit", "amount": 50.55}, {"account": "2000", "side": "credit", "party": "S1", "amount": 50.55}]'),
	pg_temp.enter('pounds', '2026-01-16', 'GBP', 1.30, '[{"account": "1000", "side": "debit", "amount": 10}, {"account": "3000", "side": "credit", "amount": 10}]'),
	pg_temp.enter('advance', '2026-01-17', 'EUR', 1.10, '[{"account": "1150", "side": "debit", "party": "S1", "amount": 10}, {"account": "1010", "side": "credit", "amount": 10}]'),
	erp.post_document('XR', '{"key": "paid 40", "kind": "customer_payment", "day": "2026-01-20", "party": "C1", "currency": "EUR", "rate": 1.12, "lines": [{"role": "bank", "amount": 40}], "settles": [{"key": "invoice", "amount": 40}]}');
\o
-- 110.00 less the share of what was paid, 44.00.
SELECT is(pg_temp.open('C1', '2026-01-31'), '60 66', 'of the invoice 60 EUR are open, at 66.00');
SELECT is(erp.close_month('XR', 'k1', '{"period": "2026-01"}') ->> 'state', 'blocked', 'without a rate of the pound the month does not close');
SELECT is((SELECT concat_ws(' | ', message, cure) FROM erp.month_close_finding_list WHERE company = 'XR' AND severity = 'blocker'),
	'There is no rate of GBP in USD on 2026-01-31. | SELECT erp.put_exchange_rates(''XR'', ''<key>'', ''[{"from": "GBP", "to": "USD", "day": "2026-01-31", "rate": <rate>}]'')', 'it says what is missing and what to call');
\o /dev/null
SELECT erp.put_exchange_rates('XR', 'x2', '[{"from": "GBP", "to": "USD", "day": "2026-01-31", "rate": 1.30}]');
\o
SELECT is(erp.close_month('XR', 'k2', '{"period": "2026-01"}') ->> 'state', 'closed', 'with it the month closes');
-- 60 x 1.20 - 66.00 = 6.00; 50.55 x 1.20 = 60.66, 50.55 x 1.10 = 55.605, posted as 55.61.
SELECT is(pg_temp.lines('close/2026-01/1/revaluation/items/EUR'), 'debit 1100 C1 EUR 0 6 invoice, credit 2000 S1 EUR 0 5.05 bill, credit 6400 EUR 0 6, debit 6400 EUR 0 5.05',
	'what is owed is worth 6.00 more, what is to be paid 5.05');
-- 200 - 10 + 40 EUR stand for 220.00 - 11.00 + 44.80; at 1.20 they are 276.00. The pounds are worth what they were.
SELECT is(pg_temp.lines('close/2026-01/1/revaluation/money/EUR'), 'debit 1010 EUR 0 22.2, credit 6400 EUR 0 22.2', 'the bank account 22.20 more');
SELECT is((SELECT figures -> 'revalued' #- '{0,rate}' FROM erp.month_close_step_list WHERE company = 'XR' AND step = 'revaluation'),
	'[{"part": "items", "lines": 2, "currency": "EUR", "rate_day": "2026-01-31", "difference": 0.9500}, {"part": "money", "rate": 1.2, "lines": 1, "currency": "EUR", "rate_day": "2026-01-31", "difference": 22.2000}]', 'the step says so');
SELECT is(pg_temp.open('C1', '2026-01-31') || '; ' || pg_temp.open('S1', '2026-01-31'), '60 66, 0 6; -50.55 -55.61, 10 11, 0 -5.05', 'as of the end of January the open items show it; the advance keeps its rate');
SELECT is((SELECT sum(o.company_open_amount) FROM erp.open_items('XR', '2026-01-31') o WHERE o.account_code = '1100'), erp.account_balance('XR', '1100', '2026-01-31'), 'and are the balance of their account');
SELECT is((SELECT due_day FROM erp.open_items('XR', '2026-01-31') WHERE party_code = 'C1' AND open_amount = 0), '2026-02-09'::date, 'it is due when the invoice is');
SELECT is(pg_temp.open('C1', '2026-02-01') || '; ' || pg_temp.open('S1', '2026-02-01'), '60 66; -50.55 -55.61, 10 11', 'from the first of February on they are what they were');
SELECT is(pg_temp.balance('1010', '2026-02-01'), 276::numeric, 'the bank account keeps its new value');
-- Realized on the payment: 0.80; unrealized: 6.00 - 5.05 + 22.20, of which 0.95 are taken back in February.
SELECT is(pg_temp.balance('6400', '2026-01-31') || ' ' || pg_temp.balance('6400', '2026-02-01'), '-23.95 -23', 'exchange gains of January, and what is left of them');
SELECT is((SELECT count(*) FROM erp.check_integrity()), 0::bigint, 'open items equal their accounts in both columns');

-- The rest is paid: it meets the original amount. 60 x 1.18 = 70.80, 66.00 of the invoice.
\o /dev/null
SELECT erp.post_document('XR', '{"key": "paid 60", "kind": "customer_payment", "day": "2026-02-10", "party": "C1", "currency": "EUR", "rate": 1.18, "lines": [{"role": "bank", "amount": 60}], "settles": [{"key": "invoice", "amount": 60}]}');
\o
SELECT is(pg_temp.open('C1', '2026-02-10'), NULL, 'the invoice is settled, nothing is left');
SELECT is(pg_temp.balance('6400', '2026-02-10'), -27.80, 'the gain is 4.80 on the original 66.00');
SELECT is(erp.close_month('XR', 'k3', '{"period": "2026-02"}') ->> 'state', 'closed', 'February closes');
-- 50.55 x 1.15 = 58.1325, 58.13 - 55.61 = 2.52; 290 EUR stand for 276.00 + 70.80 and are 333.50.
SELECT is(pg_temp.lines('close/2026-02/1/revaluation/items/EUR'), 'credit 2000 S1 EUR 0 2.52 bill, debit 6400 EUR 0 2.52', 'the bill at the rate of February, from its original amount');
SELECT is(pg_temp.lines('close/2026-02/1/revaluation/money/EUR'), 'credit 1010 EUR 0 13.3, debit 6400 EUR 0 13.3', 'the bank account from its value of January');
SELECT is((SELECT string_agg(message, ' ') FROM erp.month_close_finding_list WHERE company = 'XR' AND period = '2026-02' AND severity = 'warning' AND step = 'exchange_rates'),
	'The last rate of GBP in USD is of 2026-01-31, before the month.', 'a rate of before the month is warned of');

-- Reopened and closed again: the same books.
\o /dev/null
CREATE TEMP TABLE before AS SELECT t.* FROM erp.trial_balance('XR', '2026-01-01', '2026-03-31') t;
CREATE TEMP TABLE parties_before AS SELECT o.party_code, o.account_code, sum(o.open_amount) AS open_amount, sum(o.company_open_amount) AS company_open_amount FROM erp.open_items('XR', '2026-02-28') o GROUP BY 1, 2;
\o
SELECT is(jsonb_array_length(erp.reopen_month('XR', 'r2', '{"period": "2026-02", "reason": "the rate is wrong"}') -> 'taken_back'), 3, 'what February posted is taken back: two documents of items, one of money');
SELECT is(pg_temp.lines('close/2026-02/1/revaluation/items/EUR/undone'), 'credit 2000 S1 EUR 0 -2.52 bill, debit 6400 EUR 0 -2.52', 'by the same lines in red');
SELECT is(pg_temp.open('S1', '2026-02-28') || '; ' || pg_temp.open('S1', '2026-03-01'), '-50.55 -55.61, 10 11, 0 -2.52, 0 2.52; -50.55 -55.61, 10 11', 'as of the end of February the two stand against each other, from March on nothing');
SELECT is(pg_temp.balance('6400', '2026-02-28') || ' ' || pg_temp.balance('6400', '2026-03-01') || ' ' || pg_temp.balance('1010', '2026-02-28'), '-27.8 -27.8 346.8', 'gains and money as before the close');
SELECT is(jsonb_array_length(erp.reopen_month('XR', 'r1', '{"period": "2026-01", "reason": "the rate is wrong"}') -> 'taken_back'), 3, 'and so does January');
SELECT is(pg_temp.balance('6400', '2026-01-31') || ' ' || pg_temp.balance('2000', '2026-01-31') || ' ' || pg_temp.balance('1010', '2026-01-31'), '-0.8 -55.61 253.8', 'as it was');
SELECT is((SELECT count(*) FROM erp.check_integrity()), 0::bigint, 'all integrity checks pass');
SELECT is(erp.close_month('XR', 'k4', '{"period": "2026-01"}') ->> 'state', 'closed', 'January closes again');
SELECT is(erp.close_month('XR', 'k5', '{"period": "2026-02"}') ->> 'state', 'closed', 'and February');
SELECT set_eq($$SELECT account_code, closing_debit, closing_credit FROM erp.trial_balance('XR', '2026-01-01', '2026-03-31')$$, 'SELECT account_code, closing_debit, closing_credit FROM before', 'with the same balances');
SELECT set_eq($$SELECT o.party_code, o.account_code, sum(o.open_amount) AS a, sum(o.company_open_amount) AS b FROM erp.open_items('XR', '2026-02-28') o GROUP BY 1, 2$$, 'SELECT * FROM parties_before', 'and the same of each party');
SELECT is((SELECT count(*) FROM erp.check_integrity()), 0::bigint, 'all integrity checks pass');
SELECT is((SELECT count(*) FROM erp.verify_chain('XR')), 0::bigint, 'the chain holds');
SELECT * FROM finish();
ROLLBACK;
