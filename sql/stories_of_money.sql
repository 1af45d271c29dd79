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
-- Stories of bills ahead, deposits, foreign currency and gifts, each in a company that earns with the invoice and in one that earns with the shipment, its books worked out by hand.
-- An order's line: status, quantity, shipped, billed, returned, reserved, required. Every chair costs 30.00 and is sold for 50.00 unless it says so.
SELECT plan(40);

-- In advance: 6 chairs are billed and paid before they leave, in two deliveries: 300.00 and VAT 60.00.
\o /dev/null
SELECT trial.open_story('AHEAD', 10);
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 6, "price": 50}]}') FROM trial.both('AHEAD') c;
SELECT trial.post(c, 'sales_invoice', 'a1', '2026-02-03', 'ANNA', '[{"role": "invoiced", "item": "CHAIR", "quantity": 6, "price": 50, "demand": {"key": "SO1", "line": 1}}]', '{"tax_code": "VAT"}') FROM trial.both('AHEAD') c;
\o
SELECT is(trial.order_of(c, 'SO1'), 'confirmed: 1 ready 6 0 6 0 6 0', 'ahead: billed, and still reserved: ' || c) FROM trial.both('AHEAD') c;
SELECT is(trial.books(c), '1100 360.00, 1120 -300.00, 1200 300.00, 2100 -300.00, 2200 -60.00', 'ahead: no revenue yet: ' || c) FROM trial.both('AHEAD') c;
\o /dev/null
SELECT trial.post(c, 'customer_payment', 'p1', '2026-02-05', 'ANNA', '[{"amount": 360}]', '{"settles": [{"key": "a1"}]}') FROM trial.both('AHEAD') c;
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-02-06", "lines": [{"line": 1, "quantity": 4}]}') FROM trial.both('AHEAD') c;
\o
SELECT is(trial.order_of(c, 'SO1'), 'confirmed: 1 partly shipped 6 4 6 0 2 0', 'ahead: a first delivery: ' || c) FROM trial.both('AHEAD') c;
SELECT is(trial.books(c), '1010 360.00, 1120 -100.00, 1200 180.00, 2100 -300.00, 2200 -60.00, 4000 -200.00, 5000 120.00', 'ahead: it is earned: ' || c) FROM trial.both('AHEAD') c;
\o /dev/null
SELECT erp.ship_order(c, 's2', '{"order": "SO1", "day": "2026-02-09"}') FROM trial.both('AHEAD') c;
\o
SELECT is(trial.order_of(c, 'SO1'), 'closed: 1 done 6 6 6 0 0 0', 'ahead: the rest closes the order: ' || c) FROM trial.both('AHEAD') c;
SELECT is(trial.refused(format($$SELECT erp.invoice_orders(%L, 'x', '{"orders": ["SO1"], "day": "2026-02-09"}')$$, c)), 'LE275', 'ahead: nothing is billed twice: ' || c) FROM trial.both('AHEAD') c;
SELECT is(trial.books(c), '1010 360.00, 1200 120.00, 2100 -300.00, 2200 -60.00, 4000 -300.00, 5000 180.00', 'ahead: the books: ' || c) FROM trial.both('AHEAD') c;
-- Of the last 4 one is billed ahead, 60.00 with VAT; all are shipped at once, and 3 are billed then, 180.00.
\o /dev/null
SELECT erp.place_order(c, 'o2', '{"order": "SO2", "party": "ANNA", "day": "2026-03-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 4, "price": 50}]}') FROM trial.both('AHEAD') c;
SELECT trial.post(c, 'sales_invoice', 'a2', '2026-03-03', 'ANNA', '[{"role": "invoiced", "item": "CHAIR", "quantity": 1, "price": 50, "demand": {"key": "SO2", "line": 1}}]', '{"tax_code": "VAT"}') FROM trial.both('AHEAD') c;
SELECT erp.ship_order(c, 's3', '{"order": "SO2", "day": "2026-03-04"}') FROM trial.both('AHEAD') c;
SELECT erp.invoice_orders(c, 'b3', '{"orders": ["SO2"], "day": "2026-03-05"}') FROM trial.both('AHEAD') c;
\o
SELECT is(trial.order_of(c, 'SO2') || ' / ' || trial.owes(c, 'ANNA'), 'closed: 1 done 4 4 4 0 0 0 / a2 60.00, b3/invoice 180.00', 'ahead: in part: ' || c) FROM trial.both('AHEAD') c;
SELECT is(trial.books(c), '1010 360.00, 1100 240.00, 2100 -300.00, 2200 -100.00, 4000 -500.00, 5000 300.00', 'ahead: the books at the end: ' || c) FROM trial.both('AHEAD') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'ahead: the books are whole');

-- A deposit of 100.00 for 5 chairs of 300.00 with VAT; its offset pays a part of the bill, 200.00 follow.
\o /dev/null
SELECT trial.open_story('DEPO', 10);
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 5, "price": 50}]}') FROM trial.both('DEPO') c;
SELECT trial.post(c, 'customer_deposit', 'd1', '2026-02-02', 'ANNA', '[{"amount": 100}]') FROM trial.both('DEPO') c;
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-02-03"}') FROM trial.both('DEPO') c;
SELECT erp.invoice_orders(c, 'b1', '{"orders": ["SO1"], "day": "2026-02-04"}') FROM trial.both('DEPO') c;
\o
SELECT is(trial.books(c), '1010 100.00, 1100 300.00, 1200 150.00, 2050 -100.00, 2100 -300.00, 2200 -50.00, 4000 -250.00, 5000 150.00', 'deposit: owed to the customer, who owes the bill: ' || c) FROM trial.both('DEPO') c;
\o /dev/null
SELECT trial.post(c, 'offset', 'f1', '2026-02-05', 'ANNA', '[{"role": "advance_received_to_receivable", "amount": 100, "party": "ANNA"}]', '{"settles": [{"key": "d1"}, {"key": "b1/invoice"}]}') FROM trial.both('DEPO') c;
\o
SELECT is(trial.owes(c, 'ANNA'), 'b1/invoice 200.00', 'deposit: 200.00 are left: ' || c) FROM trial.both('DEPO') c;
\o /dev/null
SELECT trial.post(c, 'customer_payment', 'p1', '2026-02-20', 'ANNA', '[{"amount": 200}]', '{"settles": [{"key": "b1/invoice"}]}') FROM trial.both('DEPO') c;
\o
SELECT is(trial.books(c) || ' / ' || trial.owes(c, 'ANNA'), '1010 300.00, 1200 150.00, 2100 -300.00, 2200 -50.00, 4000 -250.00, 5000 150.00 / nothing', 'deposit: the books: ' || c) FROM trial.both('DEPO') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'deposit: the books are whole');

-- In euro, at 0.85 when 4 chairs are ordered for 400.00 and shipped (340.00), 0.86 when they are billed (344.00), 0.88 when they are paid (352.00).
\o /dev/null
SELECT trial.open_story('EURO', 10);
SELECT erp.put_exchange_rates('EURO-I', 'rates', '[{"from": "EUR", "to": "GBP", "day": "2026-03-01", "rate": "0.85"}, {"from": "EUR", "to": "GBP", "day": "2026-03-10", "rate": "0.86"}, {"from": "EUR", "to": "GBP", "day": "2026-03-20", "rate": "0.88"}]');
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-03-02", "currency": "EUR", "lines": [{"item": "CHAIR", "quantity": 4, "price": 100}]}') FROM trial.both('EURO') c;
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-03-05"}') FROM trial.both('EURO') c;
SELECT erp.invoice_orders(c, 'b1', '{"orders": ["SO1"], "day": "2026-03-10"}') FROM trial.both('EURO') c;
\o
SELECT is((SELECT total || ' ' || currency || ' ' || company_total::numeric(19, 2) FROM erp.order_list WHERE company = c AND order_code = 'SO1'), '400.0000 EUR 340.00', 'euro: the order: ' || c) FROM trial.both('EURO') c;
-- Earned is what it is worth on that day: 344.00 with the bill, or 340.00 with the shipment and 4.00 gained until the bill.
SELECT is(trial.books('EURO-I'), '1100 344.00, 1200 180.00, 2100 -300.00, 4000 -344.00, 5000 120.00', 'euro: billed');
SELECT is(trial.books('EURO-S'), '1100 344.00, 1200 180.00, 2100 -300.00, 4000 -340.00, 5000 120.00, 6400 -4.00', 'euro: shipped, then billed');
\o /dev/null
SELECT trial.post(c, 'customer_payment', 'p1', '2026-03-20', 'ANNA', '[{"amount": 400}]', '{"currency": "EUR", "settles": [{"key": "b1/invoice"}]}') FROM trial.both('EURO') c;
\o
SELECT is(trial.books('EURO-I') || ' / ' || trial.owes('EURO-I', 'ANNA'), '1010 352.00, 1200 180.00, 2100 -300.00, 4000 -344.00, 5000 120.00, 6400 -8.00 / nothing', 'euro: paid, 8.00 gained');
SELECT is(trial.books('EURO-S') || ' / ' || trial.owes('EURO-S', 'ANNA'), '1010 352.00, 1200 180.00, 2100 -300.00, 4000 -340.00, 5000 120.00, 6400 -12.00 / nothing', 'euro: paid, 12.00 gained since the shipment');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'euro: the books are whole');

-- A promotion: of every 5 chairs bought one more is given. 10 are 500.00 and VAT 100.00, 2 are given at their cost: 12 of 14 leave.
\o /dev/null
SELECT trial.open_story('GIFT', 14);
SELECT erp.put_price_lists(c, 'lists', '[{"code": "STD", "name": "Standard", "currency": "GBP"}]') FROM trial.both('GIFT') c;
SELECT erp.put_price_rules(c, 'rules', '[{"list": "STD", "item": "CHAIR", "price": 50}]') FROM trial.both('GIFT') c;
SELECT erp.put_promotions(c, 'promotions', '[{"code": "SIX", "name": "Five and one", "kind": "gift", "item": "CHAIR", "buy_quantity": 5, "gift_quantity": 1}]') FROM trial.both('GIFT') c;
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 10}]}') FROM trial.both('GIFT') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || (SELECT promotion || ' ' || uses FROM erp.promotion_list WHERE company = c), 'confirmed: 1 ready 10 0 0 0 10 0, 2 ready 2 0 0 0 2 0 / SIX 2', 'gift: ordered: ' || c) FROM trial.both('GIFT') c;
\o /dev/null
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-02-03"}') FROM trial.both('GIFT') c;
SELECT erp.invoice_orders(c, 'b1', '{"orders": ["SO1"], "day": "2026-02-04"}') FROM trial.both('GIFT') c;
SELECT trial.post(c, 'customer_payment', 'p1', '2026-02-20', 'ANNA', '[{"amount": 600}]', '{"settles": [{"key": "b1/invoice"}]}') FROM trial.both('GIFT') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.owes(c, 'ANNA'), 'closed: 1 done 10 10 10 0 0 0, 2 done 2 2 2 0 0 0 / nothing', 'gift: delivered, billed and paid: ' || c) FROM trial.both('GIFT') c;
SELECT is(trial.books(c), '1010 600.00, 1200 60.00, 2100 -420.00, 2200 -100.00, 4000 -500.00, 5000 300.00, 5100 60.00', 'gift: it cost 60.00: ' || c) FROM trial.both('GIFT') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'gift: the books are whole');
SELECT * FROM finish();
ROLLBACK;
