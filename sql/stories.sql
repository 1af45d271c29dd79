\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
\set story_file :srcdir '/test/history/story.sql'
BEGIN;
\i :company_file
\i :story_file
-- Stories of selling, each in a company that earns with the invoice and in one that earns with the shipment, its books worked out by hand.
-- An order's line: status, quantity, shipped, billed, returned, reserved, required. Every chair costs 30.00 and is sold for 50.00 unless it says so.
SELECT plan(48);

-- Over the counter: 3 of 10 chairs, 150.00 and VAT 30.00, paid in cash; 90.00 of 300.00 of stock are cost of sales.
\o /dev/null
SELECT trial.open_story('TILL', 10);
SELECT erp.order_to_cash(c, 'till', '{"order": "SO1", "party": "ANNA", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 3, "price": 50}], "payment": {}}') FROM trial.both('TILL') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.owes(c, 'ANNA'), 'closed: 1 done 3 3 3 0 0 0 / nothing', 'counter: ordered, delivered, billed and paid at once: ' || c) FROM trial.both('TILL') c;
SELECT is(trial.books(c), '1000 180.00, 1200 210.00, 2100 -300.00, 2200 -30.00, 4000 -150.00, 5000 90.00', 'counter: the books: ' || c) FROM trial.both('TILL') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'counter: the books are whole');

-- From a quote to the money, in two deliveries: 6 chairs at 50.00, 2 lamps at 80.00 that cost 40.00, fitting for 60.00: 520.00 and VAT 104.00.
\o /dev/null
SELECT trial.open_story('QUOTE', 10);
SELECT trial.post(c, 'goods_receipt', 'r2', '2026-01-05', 'MILL', '[{"item": "LAMP", "quantity": 5, "price": 40}]') FROM trial.both('QUOTE') c;
SELECT erp.quote(c, 'q1', '{"quote": "Q1", "party": "ANNA", "day": "2026-02-02", "valid_until": "2026-02-28", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 6, "price": 50}, {"item": "LAMP", "quantity": 2, "price": 80}, {"item": "FIT", "amount": 60}]}') FROM trial.both('QUOTE') c;
CREATE TEMP TABLE token AS SELECT c AS company, erp.send_quote(c, 'q2', '{"quote": "Q1"}') ->> 'token' AS token FROM trial.both('QUOTE') c;
SELECT erp.accept_quote(company, 'q3', json_build_object('token', token, 'day', '2026-02-05', 'accepted_by', 'Anna')) FROM token;
SELECT erp.order_quote(c, 'o1', '{"quote": "Q1", "order": "SO1", "day": "2026-02-05"}') FROM trial.both('QUOTE') c;
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-02-06", "lines": [{"line": 1, "quantity": 4}]}') FROM trial.both('QUOTE') c;
\o
SELECT is(trial.order_of(c, 'SO1'), 'confirmed: 1 partly shipped 6 4 0 0 2 0, 2 ready 2 0 0 0 2 0, 3 ready 1 0 0 0 0 0', 'quote: a first delivery: ' || c) FROM trial.both('QUOTE') c;
-- 4 x 30.00 lie with the customer as stock, or are cost of sales against 4 x 50.00 that are not billed.
SELECT is(trial.books('QUOTE-I'), '1200 380.00, 1220 120.00, 2100 -500.00', 'quote: shipped, not earned');
SELECT is(trial.books('QUOTE-S'), '1120 200.00, 1200 380.00, 2100 -500.00, 4000 -200.00, 5000 120.00', 'quote: shipped and earned');
\o /dev/null
SELECT erp.ship_order(c, 's2', '{"order": "SO1", "day": "2026-02-09"}') FROM trial.both('QUOTE') c;
SELECT erp.invoice_orders(c, 'b1', '{"orders": ["SO1"], "day": "2026-02-10"}') FROM trial.both('QUOTE') c;
\o
-- Cost: 6 x 30.00 and 2 x 40.00.
SELECT is(trial.order_of(c, 'SO1'), 'closed: 1 done 6 6 6 0 0 0, 2 done 2 2 2 0 0 0, 3 done 1 1 1 0 0 0', 'quote: the rest, and the bill of both: ' || c) FROM trial.both('QUOTE') c;
SELECT is(trial.books(c), '1100 624.00, 1200 240.00, 2100 -500.00, 2200 -104.00, 4000 -460.00, 4100 -60.00, 5000 260.00', 'quote: billed: ' || c) FROM trial.both('QUOTE') c;
\o /dev/null
SELECT trial.post(c, 'customer_payment', 'p1', '2026-02-20', 'ANNA', '[{"amount": 624}]', '{"settles": [{"key": "b1/invoice"}]}') FROM trial.both('QUOTE') c;
\o
SELECT is(trial.owes(c, 'ANNA'), 'nothing', 'quote: paid: ' || c) FROM trial.both('QUOTE') c;
SELECT is(trial.books(c), '1010 624.00, 1200 240.00, 2100 -500.00, 2200 -104.00, 4000 -460.00, 4100 -60.00, 5000 260.00', 'quote: the money is in the bank: ' || c) FROM trial.both('QUOTE') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'quote: the books are whole');

-- Shortage: 4 chairs are there; Ben wants 6, then Anna 3, who matters more.
\o /dev/null
SELECT trial.open_story('SHORT', 4);
SELECT erp.place_order(c, 'o1', '{"order": "BEN1", "party": "BEN", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 6, "price": 50}]}') FROM trial.both('SHORT') c;
SELECT erp.place_order(c, 'o2', '{"order": "ANNA1", "party": "ANNA", "day": "2026-02-03", "priority": 5, "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 3, "price": 50}]}') FROM trial.both('SHORT') c;
\o
SELECT is(trial.order_of(c, 'BEN1') || ' / ' || trial.order_of(c, 'ANNA1'), 'confirmed: 1 back-order 6 0 0 0 4 2 / confirmed: 1 back-order 3 0 0 0 0 3', 'short: 2 and 3 are required: ' || c) FROM trial.both('SHORT') c;
-- 3 at 32.00 come, which are Anna's; then 2 at 33.00, which are Ben's.
\o /dev/null
SELECT trial.post(c, 'goods_receipt', 'r2', '2026-02-10', 'MILL', '[{"item": "CHAIR", "quantity": 3, "price": 32}]') FROM trial.both('SHORT') c;
\o
SELECT is(trial.order_of(c, 'BEN1') || ' / ' || trial.order_of(c, 'ANNA1'), 'confirmed: 1 back-order 6 0 0 0 4 2 / confirmed: 1 ready 3 0 0 0 3 0', 'short: what arrives goes by priority: ' || c) FROM trial.both('SHORT') c;
\o /dev/null
SELECT trial.post(c, 'goods_receipt', 'r3', '2026-02-11', 'MILL', '[{"item": "CHAIR", "quantity": 2, "price": 33}]') FROM trial.both('SHORT') c;
\o
SELECT is((SELECT string_agg((payload ->> 'demand') || ' ' || (payload ->> 'quantity'), ', ' ORDER BY event_id) FROM erp.outbox JOIN erp.company f USING (company_id) WHERE f.code = c AND topic = 'requirement_served'), 'ANNA1 3, BEN1 2', 'short: the events say so: ' || c) FROM trial.both('SHORT') c;
-- First in, first out: Anna's cost 3 x 30.00, Ben's 30.00, 3 x 32.00 and 2 x 33.00: 282.00 in all, for 450.00 and VAT 90.00.
\o /dev/null
SELECT erp.ship_order(c, 's1', '{"order": "ANNA1", "day": "2026-02-12"}') FROM trial.both('SHORT') c;
SELECT erp.ship_order(c, 's2', '{"order": "BEN1", "day": "2026-02-13"}') FROM trial.both('SHORT') c;
SELECT erp.invoice_orders(c, 'b1', '{"orders": ["ANNA1"], "day": "2026-02-14"}') FROM trial.both('SHORT') c;
\o
SELECT is(trial.balance(c, '5000'), trial.by_way(c, '90.00', '282.00')::numeric, 'short: cost of what is earned: ' || c) FROM trial.both('SHORT') c;
\o /dev/null
SELECT erp.invoice_orders(c, 'b2', '{"orders": ["BEN1"], "day": "2026-02-14"}') FROM trial.both('SHORT') c;
\o
SELECT is(trial.order_of(c, 'BEN1') || ' / ' || trial.order_of(c, 'ANNA1'), 'closed: 1 done 6 6 6 0 0 0 / closed: 1 done 3 3 3 0 0 0', 'short: both are delivered: ' || c) FROM trial.both('SHORT') c;
SELECT is(trial.books(c) || ' / ' || trial.owes(c, 'ANNA') || ', ' || trial.owes(c, 'BEN'), '1100 540.00, 2100 -282.00, 2200 -90.00, 4000 -450.00, 5000 282.00 / b1/invoice 180.00, b2/invoice 360.00', 'short: the books: ' || c) FROM trial.both('SHORT') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'short: the books are whole');

-- A return with refund: 5 chairs for 250.00 and VAT 50.00, paid; 2 come back into quarantine, of which one goes on sale again and one is scrapped.
\o /dev/null
SELECT trial.open_story('BACK', 10);
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 5, "price": 50}]}') FROM trial.both('BACK') c;
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-02-03"}') FROM trial.both('BACK') c;
SELECT erp.invoice_orders(c, 'b1', '{"orders": ["SO1"], "day": "2026-02-04"}') FROM trial.both('BACK') c;
SELECT trial.post(c, 'customer_payment', 'p1', '2026-02-10', 'ANNA', '[{"amount": 300}]', '{"settles": [{"key": "b1/invoice"}]}') FROM trial.both('BACK') c;
SELECT trial.post(c, 'credit_note', 'n1', '2026-02-12', 'ANNA', format('[{"item": "CHAIR", "quantity": 2, "price": 50, "state": "quarantine", "origin": {"key": "%s", "line": 1}}]', trial.by_way(c, 'b1/invoice', 's1/shipment')), '{"tax_code": "VAT"}') FROM trial.both('BACK') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.owes(c, 'ANNA'), 'closed: 1 done 5 5 5 2 0 0 / n1 -120.00', 'back: the customer is owed 100.00 and VAT: ' || c) FROM trial.both('BACK') c;
\o /dev/null
SELECT trial.post(c, 'customer_refund', 'f1', '2026-02-13', 'ANNA', '[{"amount": 120}]', '{"settles": [{"key": "n1"}]}') FROM trial.both('BACK') c;
SELECT trial.post(c, 'transfer', 't1', '2026-02-14', NULL, '[{"item": "CHAIR", "quantity": 1, "state": "quarantine", "to_state": "available"}]') FROM trial.both('BACK') c;
SELECT trial.post(c, 'scrap', 'x1', '2026-02-14', NULL, '[{"item": "CHAIR", "quantity": 1, "state": "quarantine"}]') FROM trial.both('BACK') c;
\o
-- Bank 300 - 120; stock 300 - 150 + 60 - 30; revenue 250 - 100; cost 150 - 60, and 30 lost.
SELECT is(trial.books(c) || ' / ' || trial.owes(c, 'ANNA'), '1010 180.00, 1200 180.00, 2100 -300.00, 2200 -30.00, 4000 -150.00, 5000 90.00, 5200 30.00 / nothing', 'back: the books: ' || c) FROM trial.both('BACK') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'back: the books are whole');

-- A return with replacement: one of the 5 is broken and is scrapped; Anna has another, whose bill the credit note pays.
\o /dev/null
SELECT trial.open_story('SWAP', 10);
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 5, "price": 50}]}') FROM trial.both('SWAP') c;
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-02-03"}') FROM trial.both('SWAP') c;
SELECT erp.invoice_orders(c, 'b1', '{"orders": ["SO1"], "day": "2026-02-04"}') FROM trial.both('SWAP') c;
SELECT trial.post(c, 'customer_payment', 'p1', '2026-02-10', 'ANNA', '[{"amount": 300}]', '{"settles": [{"key": "b1/invoice"}]}') FROM trial.both('SWAP') c;
SELECT trial.post(c, 'credit_note', 'n1', '2026-02-12', 'ANNA', format('[{"item": "CHAIR", "quantity": 1, "price": 50, "state": "quarantine", "origin": {"key": "%s", "line": 1}}]', trial.by_way(c, 'b1/invoice', 's1/shipment')), '{"tax_code": "VAT"}') FROM trial.both('SWAP') c;
SELECT trial.post(c, 'scrap', 'x1', '2026-02-13', NULL, '[{"item": "CHAIR", "quantity": 1, "state": "quarantine"}]') FROM trial.both('SWAP') c;
SELECT erp.place_order(c, 'o2', '{"order": "SO1-R", "party": "ANNA", "day": "2026-02-13", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 1, "price": 50}]}') FROM trial.both('SWAP') c;
SELECT erp.ship_order(c, 's2', '{"order": "SO1-R", "day": "2026-02-13"}') FROM trial.both('SWAP') c;
SELECT erp.invoice_orders(c, 'b2', '{"orders": ["SO1-R"], "day": "2026-02-13"}') FROM trial.both('SWAP') c;
SELECT erp.settle(c, 'swap', '{"day": "2026-02-13", "items": [{"key": "b2/invoice"}, {"key": "n1"}]}') FROM trial.both('SWAP') c;
\o
-- Bank 300; stock 300 - 150 + 30 - 30 - 30; revenue 250 - 50 + 50; cost 150 - 30 + 30, and 30 lost.
SELECT is(trial.books(c) || ' / ' || trial.owes(c, 'ANNA'), '1010 300.00, 1200 120.00, 2100 -300.00, 2200 -50.00, 4000 -250.00, 5000 150.00, 5200 30.00 / nothing', 'swap: the books: ' || c) FROM trial.both('SWAP') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'swap: the books are whole');

-- Credit: Anna may owe 500.00. 6 chairs are 360.00; 4 more, 240.00, are too many.
\o /dev/null
SELECT trial.open_story('HOLD', 10);
SELECT erp.put_parties(c, 'limit', '[{"code": "ANNA", "name": "Anna", "roles": ["customer"], "credit_limit": 500, "credit_check": "hold"}]') FROM trial.both('HOLD') c;
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 6, "price": 50}]}') FROM trial.both('HOLD') c;
SELECT erp.place_order(c, 'o2', '{"order": "SO2", "party": "ANNA", "day": "2026-02-03", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 4, "price": 50}]}') FROM trial.both('HOLD') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.order_of(c, 'SO2'), 'confirmed: 1 ready 6 0 0 0 6 0 / held: 1 held 4 0 0 0 0 0', 'hold: the second order waits and reserves nothing: ' || c) FROM trial.both('HOLD') c;
SELECT is(trial.refused(format($$SELECT erp.ship_order(%L, 'x', '{"order": "SO2", "day": "2026-02-03", "lines": [{"line": 1}]}')$$, c)), 'LE272', 'hold: nor is it shipped: ' || c) FROM trial.both('HOLD') c;
\o /dev/null
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-02-04"}') FROM trial.both('HOLD') c;
SELECT erp.invoice_orders(c, 'b1', '{"orders": ["SO1"], "day": "2026-02-05"}') FROM trial.both('HOLD') c;
SELECT trial.post(c, 'customer_payment', 'p1', '2026-02-10', 'ANNA', '[{"amount": 360}]', '{"settles": [{"key": "b1/invoice"}]}') FROM trial.both('HOLD') c;
SELECT erp.release_order(c, 'l1', '{"order": "SO2", "reason": "has paid"}') FROM trial.both('HOLD') c;
\o
SELECT is(trial.order_of(c, 'SO2'), 'confirmed: 1 ready 4 0 0 0 4 0', 'hold: released, it has its goods: ' || c) FROM trial.both('HOLD') c;
\o /dev/null
SELECT erp.ship_order(c, 's2', '{"order": "SO2", "day": "2026-02-11"}') FROM trial.both('HOLD') c;
SELECT erp.invoice_orders(c, 'b2', '{"orders": ["SO2"], "day": "2026-02-12"}') FROM trial.both('HOLD') c;
\o
SELECT is(trial.books(c) || ' / ' || trial.owes(c, 'ANNA'), '1010 360.00, 1100 240.00, 2100 -300.00, 2200 -100.00, 4000 -500.00, 5000 300.00 / b2/invoice 240.00', 'hold: the books: ' || c) FROM trial.both('HOLD') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'hold: the books are whole');
SELECT * FROM finish();
ROLLBACK;
