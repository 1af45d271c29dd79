\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- The largest and the smallest that fit are exact; currencies of no and of three decimals; amounts of a foreign currency.
SELECT plan(22);
\o /dev/null
SELECT trial.make_company('WIDE');
SELECT trial.make_company('YEN', 'JPY');
SELECT trial.make_company('DINAR', 'BHD');
SELECT trial.receive('WIDE', 'all', '2009-01-02', 'F', 999999999999.999999, 999999999999999.99);
SELECT trial.sell('WIDE', 'third', '2009-01-03', 'F', 333333333333.333333, 0);
SELECT trial.sell('WIDE', 'grain', '2009-01-03', 'F', 0.000001, 0);
SELECT trial.sell('WIDE', 'rest', '2009-01-04', 'F', 666666666666.666665, 0);
SELECT trial.receive('WIDE', 'avg all', '2009-01-02', 'AW', 999999999999.999999, 999999999999999.99);
SELECT trial.sell('WIDE', 'avg third', '2009-01-03', 'AW', 333333333333.333333, 0);
\o
-- A third of the quantity costs a third of the value; a millionth unit, 0.001, nothing; the rest takes what is left.
SELECT is(trial.value_of('WIDE', 'third'), -333333333333333.33, 'FIFO: a third of everything');
SELECT is(trial.value_of('WIDE', 'grain'), 0.00, 'FIFO: a millionth unit');
SELECT is(trial.value_of('WIDE', 'rest'), -666666666666666.66, 'FIFO: the rest');
SELECT is(trial.value_of('WIDE', 'avg third'), -333333333333333.33, 'average: a third of everything');
SELECT is(trial.closing('WIDE', 'F'), '0 0.00', 'FIFO: nothing is left');
SELECT is(trial.closing('WIDE', 'AW'), '666666666666.666666 666666666666666.66', 'average: two thirds are left');
-- 0.000001 x 9999999999.99999999 = 9999.99999999999999 -> 10000.00
\o /dev/null
SELECT erp.post_document('WIDE', '{"key": "grain sv", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": [{"item": "SV", "quantity": "0.000001", "price": "9999999999.99999999"}]}');
SELECT erp.post_document('WIDE', '{"key": "wide sv", "kind": "sales_invoice", "day": "2009-01-05", "party": "C2", "lines": [{"role": "allowance", "amount": "999999999999999.99"}, {"role": "allowance", "amount": "-999999999999999.99"}, {"role": "allowance", "amount": "-0.01"}]}');
\o
SELECT is((SELECT amount FROM erp.document_line l JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'grain sv'), 10000.0000, 'the smallest quantity at the largest price');
SELECT is((SELECT sum(o.amount) FROM erp.open_item o JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'wide sv'), -0.0100, 'the largest amounts cancel out but for a penny');

-- Half away from zero, whatever the sign: 0.5 -> 1, 1.5 -> 2, 2.5 -> 3 yen; -0.5 -> -1.
\o /dev/null
SELECT erp.post_document('YEN', '{"key": "y", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": [
	{"item": "SV", "quantity": 0.5, "price": 1}, {"item": "SV", "quantity": 1.5, "price": 1}, {"item": "SV", "quantity": 2.5, "price": 1}, {"item": "SV", "quantity": 0.5, "price": -1}]}');
SELECT trial.receive('YEN', 'r', '2009-01-05', 'F', 2, 5);
SELECT trial.sell('YEN', 's1', '2009-01-06', 'F', 1, 1);
SELECT trial.sell('YEN', 's2', '2009-01-07', 'F', 1, 1);
\o
SELECT is((SELECT string_agg(trim_scale(amount)::text, ' ' ORDER BY line_no) FROM erp.document_line l JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'y'), '1 2 3 -1', 'yen: whole, half away from zero');
SELECT is(trial.value_of('YEN', 's1') || ' ' || trial.value_of('YEN', 's2'), '-3.00 -2.00', 'yen: 5 for two, one at a time');
SELECT is(trial.refused($$SELECT trial.receive('YEN', 'half', '2009-01-05', 'F', 1, 0.5)$$), 'LE011', 'half a yen is no amount');
\o /dev/null
SELECT trial.receive('DINAR', 'r', '2009-01-05', 'F', 3, 10);
SELECT trial.sell('DINAR', 's' || n, '2009-01-06', 'F', 1, 1) FROM generate_series(1, 3) n;
\o
-- 10.000 / 3 = 3.333; 6.667 / 2 = 3.3335 -> 3.334; the rest 3.333
SELECT is((SELECT string_agg(trim_scale(e.amount)::text, ' ' ORDER BY m.move_id) FROM erp.cost_entry e JOIN erp.stock_move m USING (company_id, move_id) JOIN erp.company c USING (company_id) WHERE c.code = 'DINAR' AND m.quantity < 0), '-3.333 -3.334 -3.333', 'dinars: three decimals');

-- Euros. Three lines of 0.01 at 0.5 are 0.005 each; their 0.03 are 0.015 -> 0.02: one line has nothing or they share it, but the sides agree.
\o /dev/null
SELECT erp.put_exchange_rates('WIDE', 'rates', '[{"from": "EUR", "to": "GBP", "day": "2009-01-01", "rate": "0.5"}, {"from": "EUR", "to": "GBP", "day": "2009-02-01", "rate": "999999.9999999999"}]');
SELECT erp.post_document('WIDE', '{"key": "euro", "kind": "sales_invoice", "day": "2009-01-20", "party": "C3", "currency": "EUR", "lines": [{"item": "SV", "quantity": 1, "price": 0.01}, {"role": "allowance", "amount": 0.01}, {"item": "A", "role": "gain", "quantity": 1, "price": 0.01, "cost": 7}]}');
SELECT erp.post_document('WIDE', '{"key": "own rate", "kind": "sales_invoice", "day": "2009-01-20", "party": "C3", "currency": "EUR", "rate": "0.25", "lines": [{"item": "SV", "quantity": 1, "price": 100}]}');
SELECT erp.post_document('WIDE', '{"key": "dear", "kind": "sales_invoice", "day": "2009-02-20", "party": "C3", "currency": "EUR", "lines": [{"item": "SV", "quantity": 1, "price": 100}]}');
SELECT erp.post_document('WIDE', '{"key": "bought", "kind": "goods_receipt", "day": "2009-01-20", "party": "S1", "currency": "EUR", "lines": [{"item": "A", "quantity": 3, "amount": 10.01}]}');
\o
SELECT results_eq($$SELECT o.amount, o.company_amount FROM erp.open_item o JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'euro'$$, $$VALUES (0.0300, 0.0200)$$, 'the total is converted once');
SELECT results_eq($$SELECT o.amount, o.company_amount FROM erp.open_item o JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'own rate'$$, $$VALUES (100.0000, 25.0000)$$, 'at a rate of its own');
-- 100 x 999999.9999999999 = 99999999.99999999 -> 100000000.00
SELECT results_eq($$SELECT o.amount, o.company_amount FROM erp.open_item o JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'dear'$$, $$VALUES (100.0000, 100000000.0000)$$, 'or at the dearest there is');
-- 10.01 x 0.5 = 5.005 -> 5.01 pounds; with the gain of 7.00 the pool is 4 worth 12.01
SELECT is(trial.value_of('WIDE', 'bought') || ', ' || trial.closing('WIDE', 'A'), '5.01, 4 12.01', 'stock is worth its value in the company''s currency');
SELECT is_empty($$SELECT voucher_id FROM erp.voucher_line l GROUP BY company_id, voucher_id HAVING sum(CASE side WHEN 'debit' THEN company_amount ELSE -company_amount END) <> 0$$, 'every voucher balances in the company''s currency');
SELECT is_empty($$SELECT voucher_id FROM erp.voucher_line l GROUP BY company_id, voucher_id, currency_id HAVING sum(CASE side WHEN 'debit' THEN amount ELSE -amount END) <> 0$$, 'and in each of its own');
\o /dev/null
SELECT trial.reverse('WIDE', 'undo ' || k, k, '2009-02-25') FROM unnest('{euro,own rate,dear}'::text[]) k;
\o
SELECT is((SELECT sum(company_amount) FROM erp.open_item o JOIN erp.party p USING (company_id, party_id) JOIN erp.company c USING (company_id) WHERE c.code = 'WIDE' AND p.code = 'C3'), 0.0000, 'reversed at the rate of the document, not of the day');
SELECT is((SELECT sum(amount) FROM erp.open_item o JOIN erp.party p USING (company_id, party_id) JOIN erp.company c USING (company_id) WHERE c.code = 'WIDE' AND p.code = 'C3'), 0.0000, 'in its currency too');
SELECT is(trial.closing('WIDE', 'A'), '3 5.01', 'the gain is gone again');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
