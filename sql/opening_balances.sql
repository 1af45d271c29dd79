\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = 'ISO';
-- What was there before the books begin is taken over against one account, which must come to nothing before the company goes live.
-- The old books: bank 500.00 and 100 dollars worth 80, C1 owes 300, assets 1000 less 300, stock 120; S1 is owed 200, capital 1000, retained 500.
\o /dev/null
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS erp;
SELECT erp.setup();
BEGIN;
SELECT erp.create_company('OPEN', 'company', '{"name": "Opening", "currency": "GBP", "chart": "english"}');
SELECT erp.create_company('OPENCN', 'company', '{"name": "Opening", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_company('OPENNO', 'company', '{"name": "No chart", "currency": "GBP"}');
SELECT erp.create_fiscal_year('OPEN', 'y26', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_parties('OPEN', 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
SELECT erp.put_items('OPEN', 'items', '[{"code": "MUG", "name": "Mug", "kind": "stock", "method": "fifo"}]');
SELECT erp.put_dimensions('OPEN', 'd', '[{"code": "DEPT", "name": "Department", "values": [{"code": "N", "name": "North"}]}]');
CREATE FUNCTION pg_temp.try(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text; answer text;
BEGIN
	EXECUTE p_statement INTO answer;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.take(p_key text, p_lines text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try(format('SELECT erp.post_opening_balances(''OPEN'', %L, %L)', p_key, '{"day": "2026-01-01", "lines": ' || p_lines || '}'))
$$;
CREATE FUNCTION pg_temp.live(p_key text) RETURNS text LANGUAGE sql AS $$SELECT pg_temp.try(format('SELECT erp.go_live(''OPEN'', %L, ''{"day": "2026-01-02"}'')', p_key))$$;
CREATE FUNCTION pg_temp.status() RETURNS text LANGUAGE sql AS $$SELECT string_agg(concat_ws(' ', account_code, takes_balances, takes_stock, balance, live_since), ', ') FROM erp.opening_status WHERE company = 'OPEN'$$;
\o
SELECT plan(35);

SELECT is(pg_temp.status(), '3900 t t 0.00', 'the chart says against which account');
SELECT is((SELECT string_agg(account_code, ' ') FROM erp.opening_status WHERE company = 'OPENCN'), '1901', 'that of China too');
SELECT is(pg_temp.take('o1', '[{"account": "1010", "side": "debit", "amount": "500", "dimensions": {"DEPT": "N"}}, {"account": "1010", "side": "debit", "amount": 100, "currency": "USD", "company_amount": 80},
	{"account": "1100", "side": "debit", "amount": 300, "party": "C1", "due_day": "2026-02-15", "reference": "INV-7", "original_day": "2025-11-03"},
	{"account": "2000", "side": "credit", "amount": 200, "party": "S1", "due_day": "2026-01-20", "reference": "B-9"},
	{"account": "1500", "side": "debit", "amount": 1000}, {"account": "1590", "side": "credit", "amount": 300}, {"account": "3000", "side": "credit", "amount": 1000}]'),
	'{"lines": 7, "documents": ["o1/0", "o1/2", "o1/3", "o1/4"]}', 'open items and foreign amounts are documents of their own, all else is one');
-- 500 + 80 + 300 + 1000 - 200 - 300 - 1000 = 380.
SELECT is(pg_temp.status(), '3900 t t -380.00', 'what is missing: 380 more of debits');
SELECT is(pg_temp.live('live 1'), 'LE364 | account "3900" of opening balances is not zero | At account 3900, value "-380.00".', 'so the company does not go live');
SELECT is(pg_temp.take('o1', '[{"account": "1010", "side": "debit", "amount": "500", "dimensions": {"DEPT": "N"}}, {"account": "1010", "side": "debit", "amount": 100, "currency": "USD", "company_amount": 80},
	{"account": "1100", "side": "debit", "amount": 300, "party": "C1", "due_day": "2026-02-15", "reference": "INV-7", "original_day": "2025-11-03"},
	{"account": "2000", "side": "credit", "amount": 200, "party": "S1", "due_day": "2026-01-20", "reference": "B-9"},
	{"account": "1500", "side": "debit", "amount": 1000}, {"account": "1590", "side": "credit", "amount": 300}, {"account": "3000", "side": "credit", "amount": 1000}]'),
	'{"lines": 7, "documents": ["o1/0", "o1/2", "o1/3", "o1/4"]}', 'a repeated call has its first result');
SELECT is(pg_temp.status(), '3900 t t -380.00', 'and takes over nothing more');

-- Open items as they were, and what was in another currency.
SELECT results_eq($$SELECT concat_ws(' ', party_code, account_code, reference, day, due_day, open_amount) FROM erp.open_items_by_party WHERE company = 'OPEN' ORDER BY party_code$$,
	ARRAY['C1 1100 INV-7 2026-01-01 2026-02-15 300.00', 'S1 2000 B-9 2026-01-01 2026-01-20 -200.00'], 'open items with their bill and their due day');
SELECT is((SELECT summary FROM erp.journal WHERE company = 'OPEN' AND document_key = 'o1/3' AND account_code = '1100'), '2025-11-03', 'and the day of the bill');
SELECT results_eq($$SELECT concat_ws(' ', currency, balance, currency_balance) FROM erp.balances_as_of('OPEN', '2026-01-01', '1010') ORDER BY currency$$, ARRAY['GBP 500.00 500.00', 'USD 80.00 100.00'], 'dollars at what they are worth in the old books');
SELECT is(erp.account_balance('OPEN', '1010', '2026-01-01', NULL, '{"DEPT": "N"}'), 500.00, 'by department');

-- Rows of an import: an open item of 7, and what it is set against.
\o /dev/null
CREATE TEMP TABLE job AS SELECT (erp.start_import('OPEN', 'import', '{"name": "items"}') ->> 'job_id')::bigint AS job_id;
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, account, side, amount, line_party, due_day, reference)
SELECT j.job_id, v.row_no, 'item', 'opening_balance', '2026-01-01', v.account, v.side, '7', v.party, '2026-03-01', 'INV-9'
FROM job j, (VALUES (1, '1100', 'debit', 'C1'), (2, '3900', 'credit', NULL)) v (row_no, account, side, party);
CREATE FUNCTION pg_temp.run() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text := '';
BEGIN
	WHILE state NOT IN ('done', 'refused') LOOP
		state := erp.import_step('OPEN', (SELECT j.job_id FROM job j), 100) ->> 'state';
	END LOOP;
	RETURN state;
END
$$;
\o
SELECT is(pg_temp.run(), 'done', 'it is posted');
SELECT is((SELECT concat_ws(' ', reference, due_day, open_amount) FROM erp.open_items_by_party WHERE company = 'OPEN' AND document_key = 'item'), 'INV-9 2026-03-01 7.00', 'as an open item');
SELECT is(pg_temp.try($$SELECT erp.reverse_document('OPEN', '{"key": "item back", "reverses": "item", "day": "2026-01-01"}') IS NOT NULL$$), 'true', 'which was there already');
SELECT is(pg_temp.try($$SELECT erp.post_document('OPEN', '{"key": "stock", "kind": "opening_stock", "day": "2026-01-01", "lines": [{"item": "MUG", "quantity": 10, "cost": 120}]}') ->> 'voucher_id' IS NOT NULL$$), 'true', 'the stock: 10 mugs worth 120');
SELECT is(pg_temp.status(), '3900 t t -500.00', '500 are missing');
SELECT is((SELECT concat_ws(' ', stock_value, book_value) FROM erp.opening_stock_difference WHERE company = 'OPEN'), '120.00 -380.00', 'of the books: 500 more than they have');
SELECT is(pg_temp.take('o2', '[{"account": "3100", "side": "credit", "amount": 501}]'), '{"lines": 1, "documents": ["o2/0"]}', 'retained earnings, with a slip');
SELECT is(pg_temp.live('live 2'), 'LE364 | account "3900" of opening balances is not zero | At account 3900, value "1.00".', 'one too many');
SELECT is(pg_temp.try($$SELECT erp.reverse_document('OPEN', '{"key": "o2 back", "reverses": "o2/0", "day": "2026-01-01"}') IS NOT NULL$$), 'true', 'what was wrong is reversed');
SELECT is(pg_temp.take('o3', '[{"account": "3100", "side": "credit", "amount": 500}]'), '{"lines": 1, "documents": ["o3/0"]}', 'and posted as it is');
SELECT results_eq($$SELECT account_code || ' ' || closing_debit - closing_credit FROM erp.trial_balance('OPEN', '2026-01-01', '2026-01-01')$$,
	ARRAY['1010 580.00', '1100 300.00', '1200 120.00', '1500 1000.00', '1590 -300.00', '2000 -200.00', '3000 -1000.00', '3100 -500.00', '3900 0.00'], 'the trial balance of the old books');

-- Refused.
SELECT is(pg_temp.take('e1', '[{"account": "1500", "side": "debit", "amount": 0}]'), 'LE011 | a balance is above zero on its side | At $.lines[0].amount, value "0".', 'no zero');
SELECT is(pg_temp.take('e2', '[{"account": "1500", "side": "debit", "amount": 1, "company_amount": 1}]'), 'LE011 | a balance in the company''s currency has one amount | At $.lines[0].company_amount, value "1".', 'no second amount');
SELECT is(pg_temp.take('e3', '[{"account": "1500", "side": "debit", "amount": 900000000000, "currency": "USD", "company_amount": "700000000000.01"}]'), 'LE011 | no rate of ten decimals makes this of the amount | At $.lines[0].company_amount, value "700000000000.01".', 'no amount that no rate makes');
SELECT is(pg_temp.take('e4', '[{"account": "1200", "side": "debit", "amount": 1}]'), 'LE042 | the account is kept by the stock subledger | Document "e4/1", line 1, field "account", value "1200".', 'stock comes by documents of stock');
SELECT is(pg_temp.take('e5', '[{"account": "1100", "side": "debit", "amount": 1}]'), 'LE011 | a control account needs a party | Document "e5/1", line 1, field "party".', 'an open item is of a party');
SELECT is(pg_temp.try($$SELECT erp.post_opening_balances('OPENNO', 'o', '{"day": "2026-01-01", "lines": []}')$$), 'LE011 | no account takes opening balances | At opening_account.', 'an account must take them');
SELECT is(pg_temp.try($$SELECT erp.put_company('OPEN', 'other', '{"opening_account": "1200"}')$$), 'LE042 | the account is a heading, is not active or is kept by a subledger | At $.opening_account, value "1200".', 'not one of a subledger');

-- Live.
SELECT is(pg_temp.live('live 3'), '{"live_since": "2026-01-02"}', 'the company goes live');
SELECT is(pg_temp.take('late', '[{"account": "3100", "side": "credit", "amount": 1}]'), 'LE365 | the company is live: nothing is taken over any more | Document "late/0", field "kind", value "opening_balance".', 'nothing is taken over any more');
SELECT is(pg_temp.try($$SELECT erp.post_document('OPEN', '{"key": "late stock", "kind": "opening_stock", "day": "2026-01-01", "lines": [{"item": "MUG", "quantity": 1, "cost": 1}]}')$$),
	'LE365 | the company is live: nothing is taken over any more | Document "late stock", field "kind", value "opening_stock".', 'no stock either');
SELECT is(pg_temp.try($$SELECT erp.reverse_document('OPEN', '{"key": "late back", "reverses": "o3/0", "day": "2026-01-02"}')$$), 'LE365 | the company is live: nothing is taken over any more | Document "late back", field "kind", value "opening_balance".', 'nor is any of it reversed');
SELECT is(pg_temp.try($$SELECT erp.post_document('OPEN', '{"key": "paid", "kind": "customer_payment", "day": "2026-01-05", "party": "C1", "lines": [{"role": "bank", "amount": 300}], "settles": [{"key": "o1/3"}]}') IS NOT NULL$$), 'true', 'its open items are settled as any other');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken');
SELECT * FROM finish();
ROLLBACK;
