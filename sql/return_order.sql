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
-- Goods of an order that come back by one call, for money or for others, in a company that earns with the invoice and in one that earns with the shipment; figures by hand.
-- An order's line: status, quantity, shipped, billed, returned, reserved, required. Every chair costs 30.00 and is sold for 50.00.
SELECT plan(35);
CREATE FUNCTION pg_temp.back(p_company text, p_key text, p_order text, p_quantity numeric, p_outcome text, p_day date DEFAULT '2026-02-12') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.return_order(p_company, p_key, json_build_object('order', p_order, 'day', p_day, 'outcome', p_outcome, 'lines', json_build_array(json_build_object('line', 1, 'quantity', p_quantity, 'state', 'quarantine'))))
$$;
CREATE FUNCTION pg_temp.sell(p_company text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.place_order(p_company, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 5, "price": 50}, {"item": "FIT", "amount": 20}]}');
	SELECT erp.ship_order(p_company, 's1', '{"order": "SO1", "day": "2026-02-03", "lines": [{"line": 1, "quantity": 3}]}');
	SELECT erp.invoice_orders(p_company, 'b1', '{"orders": ["SO1"], "day": "2026-02-04"}');
	SELECT erp.ship_order(p_company, 's2', '{"order": "SO1", "day": "2026-02-05"}');
$$;
-- 3 and the fitting are billed, 170.00 and VAT 34.00; 2 are shipped and not billed.
\o /dev/null
SELECT trial.open_story('REFUND', 10), trial.open_story('REPLACE', 10);
SELECT pg_temp.sell(c) FROM trial.both('REFUND') c;
SELECT pg_temp.sell(c) FROM trial.both('REPLACE') c;
\o
SELECT is(trial.refused(format($$SELECT pg_temp.back(%L, 'x', 'SO1', 6, 'refund')$$, c)), 'LE290', 'no more than was shipped: ' || c) FROM trial.both('REFUND') c;
SELECT is(trial.refused(format($$SELECT erp.return_order(%L, 'x', '{"order": "SO1", "day": "2026-02-12", "outcome": "refund", "lines": [{"line": 2, "quantity": 1}]}')$$, c)), 'LE012', 'no goods do not come back: ' || c) FROM trial.both('REFUND') c;
SELECT is(trial.refused(format($$SELECT pg_temp.back(%L, 'x', 'SO1', 1, 'keep')$$, c)), 'LE011', 'for money or for others: ' || c) FROM trial.both('REFUND') c;
-- 4 come back for money: the 2 that are not billed, which are cancelled, and 2 of the 3 others, 100.00 and VAT 20.00.
SELECT is((SELECT string_agg((e.value ->> 'key') || ' ' || (e.value ->> 'kind'), ', ') FROM jsonb_array_elements(pg_temp.back(c, 'back', 'SO1', 4, 'refund') -> 'returns') AS e (value)),
	'back/return credit_note, back/return/2 ' || trial.by_way(c, 'shipment_return', 'sales_shipment_return'), 'what is billed by a credit note, what is not by a return: ' || c) FROM trial.both('REFUND') c;
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.owes(c, 'ANNA'), 'closed: 1 done 3 3 3 2 0 0, 2 done 1 1 1 0 0 0 / b1/invoice 204.00, back/return -120.00', 'the order is of 3, of which 2 are back: ' || c) FROM trial.both('REFUND') c;
-- One chair and the fitting are sold: 84.00 with VAT.
SELECT is(trial.books(c), '1100 84.00, 1200 270.00, 2100 -300.00, 2200 -14.00, 4000 -50.00, 4100 -20.00, 5000 30.00', 'the books: ' || c) FROM trial.both('REFUND') c;
SELECT is((SELECT string_agg(coalesce(stock_state, 'available') || ' ' || trim_scale(on_hand), ', ' ORDER BY stock_state NULLS FIRST) FROM erp.stock_on_hand WHERE company = c), 'available 5, quarantine 4', 'they lie in quarantine: ' || c) FROM trial.both('REFUND') c;
SELECT is(trial.refused(format($$SELECT pg_temp.back(%L, 'x', 'SO1', 2, 'refund')$$, c)), 'LE290', 'one is left that could come back: ' || c) FROM trial.both('REFUND') c;
SELECT is(pg_temp.back(c, 'back', 'SO1', 4, 'refund') #>> '{returns,0,key}', 'back/return', 'the same request again has its first answer: ' || c) FROM trial.both('REFUND') c;
-- 4 come back for others: 2 of them are ordered again, 2 are on order still.
\o /dev/null
SELECT pg_temp.back(c, 'back', 'SO1', 4, 'replace') FROM trial.both('REPLACE') c;
\o
SELECT is(trial.order_of(c, 'SO1'), 'confirmed: 1 partly shipped 7 3 3 2 4 0, 2 done 1 1 1 0 0 0', 'others are reserved: ' || c) FROM trial.both('REPLACE') c;
\o /dev/null
SELECT erp.ship_order(c, 's3', '{"order": "SO1", "day": "2026-02-13"}') FROM trial.both('REPLACE') c;
SELECT erp.invoice_orders(c, 'b2', '{"orders": ["SO1"], "day": "2026-02-14"}') FROM trial.both('REPLACE') c;
SELECT erp.settle(c, 'settle', '{"day": "2026-02-14", "items": [{"key": "b2/invoice", "amount": 120}, {"key": "back/return"}]}') FROM trial.both('REPLACE') c;
\o
-- 5 chairs and the fitting, as ordered: 270.00 and VAT 54.00; the 4 that came back lie in quarantine.
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.owes(c, 'ANNA'), 'closed: 1 done 7 7 7 2 0 0, 2 done 1 1 1 0 0 0 / b1/invoice 204.00, b2/invoice 120.00', 'delivered and billed anew: ' || c) FROM trial.both('REPLACE') c;
SELECT is(trial.books(c), '1100 324.00, 1200 150.00, 2100 -300.00, 2200 -54.00, 4000 -250.00, 4100 -20.00, 5000 150.00', 'the books of it: ' || c) FROM trial.both('REPLACE') c;
-- An order that was billed ahead, of which one comes back for money.
\o /dev/null
SELECT trial.open_story('EARLY', 10);
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 3, "price": 50}]}') FROM trial.both('EARLY') c;
SELECT trial.post(c, 'sales_invoice', 'a1', '2026-02-03', 'ANNA', '[{"role": "invoiced", "item": "CHAIR", "quantity": 3, "price": 50, "demand": {"key": "SO1", "line": 1}}]', '{"tax_code": "VAT"}') FROM trial.both('EARLY') c;
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-02-04"}') FROM trial.both('EARLY') c;
SELECT pg_temp.back(c, 'back', 'SO1', 1, 'refund') FROM trial.both('EARLY') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.owes(c, 'ANNA'), 'closed: 1 done 3 3 3 1 0 0 / a1 180.00, back/return -60.00', 'what was billed ahead comes back by a credit note: ' || c) FROM trial.both('EARLY') c;
SELECT is(trial.books(c), '1100 120.00, 1200 240.00, 2100 -300.00, 2200 -20.00, 4000 -100.00, 5000 60.00', 'its books: ' || c) FROM trial.both('EARLY') c;
-- Over the counter, all of it, replaced while none is there: it is required.
\o /dev/null
SELECT trial.open_story('DESK', 2);
SELECT erp.order_to_cash(c, 'till', '{"order": "SO1", "party": "BEN", "day": "2026-02-02", "lines": [{"item": "CHAIR", "quantity": 2, "price": 50}], "payment": {}}') FROM trial.both('DESK') c;
SELECT pg_temp.back(c, 'back', 'SO1', 2, 'replace') FROM trial.both('DESK') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.books(c), 'confirmed: 1 partly shipped 4 2 2 2 0 2 / 1000 100.00, 1100 -100.00, 1200 60.00, 2100 -60.00', 'what is in quarantine serves nobody, others are required: ' || c) FROM trial.both('DESK') c;
-- In euro, with a discount of a tenth: 5 bulbs of two lots at 33.33, 149.98 net, and 2 of 4 chairs at 100.00, 180.00, are billed at 0.86; 2 chairs are shipped and not billed.
\o /dev/null
SELECT trial.open_story('ABROAD', 10);
SELECT erp.put_exchange_rates('ABROAD-I', 'rates', '[{"from": "EUR", "to": "GBP", "day": "2026-03-01", "rate": "0.85"}, {"from": "EUR", "to": "GBP", "day": "2026-03-10", "rate": "0.86"}, {"from": "EUR", "to": "GBP", "day": "2026-03-20", "rate": "0.88"}]');
SELECT erp.put_items(c, 'lots', '[{"code": "BULB", "name": "Bulb", "kind": "stock", "method": "fifo", "tracking": "lot"}]') FROM trial.both('ABROAD') c;
SELECT trial.post(c, 'goods_receipt', 'r2', '2026-01-05', 'MILL', '[{"item": "BULB", "quantity": 3, "price": 10, "lot": "L1"}, {"item": "BULB", "quantity": 3, "price": 11, "lot": "L2"}]') FROM trial.both('ABROAD') c;
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-03-02", "currency": "EUR", "discount_percent": 10, "lines": [{"item": "BULB", "quantity": 5, "price": "33.33"}, {"item": "CHAIR", "quantity": 4, "price": 100}]}') FROM trial.both('ABROAD') c;
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-03-05", "lines": [{"line": 1}, {"line": 2, "quantity": 2}]}') FROM trial.both('ABROAD') c;
SELECT erp.invoice_orders(c, 'b1', '{"orders": ["SO1"], "day": "2026-03-10"}') FROM trial.both('ABROAD') c;
SELECT erp.ship_order(c, 's2', '{"order": "SO1", "day": "2026-03-11"}') FROM trial.both('ABROAD') c;
-- A bulb of L1, 30.00, and a billed chair, 90.00, behind the 2 that are not: 120.00. Then the other bulbs, 119.98. At 0.88: 105.60 and 105.58 of 283.78.
SELECT erp.return_order(c, 'x1', '{"order": "SO1", "day": "2026-03-20", "outcome": "replace", "lines": [{"line": 1, "quantity": 1, "lot": "L1"}, {"line": 2, "quantity": 3}]}') FROM trial.both('ABROAD') c;
SELECT erp.return_order(c, 'x2', '{"order": "SO1", "day": "2026-03-20", "outcome": "refund", "lines": [{"line": 1, "quantity": 4}]}') FROM trial.both('ABROAD') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.owes(c, 'ANNA'), 'confirmed: 1 partly shipped 6 5 5 5 1 0, 2 partly shipped 5 2 2 1 3 0 / b1/invoice 329.98, x1/return -120.00, x2/return -119.98', 'parts of what was billed add up: ' || c) FROM trial.both('ABROAD') c;
-- Where the shipment earns, at 0.85, 329.98 x 0.01 had been gained until the bill.
SELECT is(trial.books(c), '1100 72.60, 1200 333.00, 2100 -363.00, ' || trial.by_way(c, '4000 -72.60, 5000 30.00', '4000 -69.30, 5000 30.00, 6400 -3.30'), 'the books in euro: ' || c) FROM trial.both('ABROAD') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
