\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Reservations: who gets what, what becomes of it, and that nothing is promised twice (law 5).
SELECT plan(80);
CREATE FUNCTION pg_temp.reserve(p_key text, p_request jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.reserve('RES', (jsonb_build_object('key', p_key) || p_request)::text::json)
$$;
-- Per line of the answer: reserved/expected/short.
CREATE FUNCTION pg_temp.got(p_key text, p_request jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws('/', l ->> 'reserved', (SELECT coalesce(sum((e ->> 'quantity')::numeric), 0) FROM jsonb_array_elements(l -> 'expected') e), l ->> 'short'), ' ' ORDER BY n)
	FROM pg_temp.reserve(p_key, p_request) r, jsonb_array_elements(r -> 'lines') WITH ORDINALITY AS a (l, n)
$$;
-- Item by item and warehouse: on hand, reserved, available.
CREATE FUNCTION pg_temp.stock(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', warehouse_code, trim_scale(on_hand), trim_scale(reserved), trim_scale(available)), ', ' ORDER BY warehouse_code)
	FROM erp.stock_on_hand WHERE company = 'RES' AND item_code = p_item
$$;
CREATE FUNCTION pg_temp.promised(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', demand || '.' || demand_line, warehouse_code, claim, trim_scale(quantity)), ', ' ORDER BY demand, demand_line, claim, quantity)
	FROM erp.reservation_list WHERE company = 'RES' AND item_code = p_item
$$;
CREATE FUNCTION pg_temp.events() RETURNS bigint LANGUAGE sql AS $$SELECT count(*) FROM erp.outbox WHERE topic = 'reservation_freed'$$;
\o /dev/null
SELECT trial.make_company('RES');
SELECT trial.receive('RES', 'r1', '2009-01-05', 'F', 10, 100);
SELECT trial.receive('RES', 'r2', '2009-01-05', 'A', 5, 50);
SELECT trial.receive('RES', 'r3', '2009-01-05', 'FW', 6, 60);
SELECT trial.receive('RES', 'r4', '2009-01-05', 'FW', 4, 40, '{"warehouse": "NORTH"}');
\o

-- All, partly, all or nothing. 10 of F: 4 reserved, 6 free.
SELECT is(pg_temp.got('k1', '{"demand": "S1", "lines": [{"item": "F", "quantity": 4}]}'), '4/0/0', 'what is there is reserved');
SELECT is(pg_temp.stock('F'), 'MAIN 10 4 6', 'it is on hand, reserved, and no longer available');
SELECT is(pg_temp.reserve('k1', '{"demand": "S1", "lines": [{"item": "F", "quantity": 4.0}]}'),
	'{"complete": true, "lines": [{"demand": "S1", "line": 1, "item": "F", "reserved": 4, "expected": [], "short": 0}]}', 'the same request under the same key has the first result');
SELECT is(pg_temp.stock('F'), 'MAIN 10 4 6', 'and reserves nothing again');
SELECT is(trial.refused($$SELECT pg_temp.reserve('k1', '{"demand": "S1", "lines": [{"item": "F", "quantity": 5}]}')$$), 'LE020', 'another request under that key is refused');
SELECT is(pg_temp.got('k2', '{"demand": "S2", "lines": [{"item": "F", "quantity": 7}]}'), '0/0/1', 'all: a line that is short by 1 gets nothing');
SELECT is(pg_temp.got('k3', '{"demand": "S3", "mode": "all_or_nothing", "lines": [{"item": "A", "quantity": 5}, {"item": "F", "quantity": 7}]}'), '0/0/0 0/0/1', 'all or nothing: nothing, and which line was short');
SELECT is(concat_ws(' | ', pg_temp.stock('A'), pg_temp.stock('F')), 'MAIN 5 0 5 | MAIN 10 4 6', 'nothing of it stays');
SELECT is(pg_temp.got('k4', '{"demand": "S4", "mode": "all_or_nothing", "lines": [{"item": "A", "quantity": 2}, {"item": "F", "quantity": 1}]}'), '2/0/0 1/0/0', 'all or nothing: all');
SELECT is(pg_temp.got('k5', '{"demand": "S5", "mode": "partial", "lines": [{"item": "F", "quantity": 7}, {"item": "F", "quantity": 1}]}'), '5/0/2 0/0/1', 'partly: what there is, in the order of lines');
SELECT is(pg_temp.got('k6', '{"demand": "S6", "lines": [{"item": "A", "quantity": 4}, {"item": "A", "quantity": 3}]}'), '0/0/1 3/0/0', 'what one line does not get whole is there for the next');
SELECT is(concat_ws(' | ', pg_temp.stock('A'), pg_temp.stock('F')), 'MAIN 5 5 0 | MAIN 10 10 0', 'nothing of either is left');

-- From a warehouse, from several: 6 in MAIN, 4 in NORTH.
SELECT is(pg_temp.got('k7', '{"demand": "S7", "warehouse": "NORTH", "lines": [{"item": "FW", "quantity": 5}, {"item": "FW", "quantity": 1}]}'), '0/0/1 1/0/0', 'one warehouse: what lies elsewhere does not count');
SELECT is(pg_temp.got('k8', '{"demand": "S8", "lines": [{"item": "FW", "quantity": 8, "warehouse": ["NORTH", "MAIN"]}]}'), '8/0/0', 'a group of warehouses');
SELECT is(pg_temp.stock('FW'), 'MAIN 6 6 0, NORTH 4 3 1', 'the place that was received first is emptied first');

-- An issue does not take what others reserved; one that serves the demand consumes it.
SELECT is(trial.refused($$SELECT trial.sell('RES', 'i1', '2009-02-01', 'F', 1, 20)$$), 'LE050', 'an issue of what is reserved is refused');
SELECT throws_like($$SELECT trial.sell('RES', 'i1', '2009-02-01', 'FW', 3, 20, '{"warehouse": "NORTH"}')$$, '%2 missing, the rest is reserved%', 'it says what is missing: 3 of 1 that is free');
SELECT lives_ok($$SELECT trial.sell('RES', 'i2', '2009-02-01', 'F', 3, 20, '{"lines": [{"item": "F", "quantity": 3, "price": 20, "demand": {"key": "S1", "line": 1}}]}')$$, 'a line that serves the demand');
SELECT is(pg_temp.promised('F'), 'S1.1 MAIN stock 1, S4.2 MAIN stock 1, S5.1 MAIN stock 5', 'consumes 3 of its 4');
SELECT is(pg_temp.stock('F'), 'MAIN 7 7 0', 'on hand and reserved fall by 3');
SELECT is(trial.refused($$SELECT trial.sell('RES', 'i3', '2009-02-01', 'F', 2, 20, '{"lines": [{"item": "F", "quantity": 2, "price": 20, "demand": {"key": "S1"}}]}')$$), 'LE050', 'no more than its own 1 where nothing else is free');
SELECT is(trial.refused($$SELECT trial.sell('RES', 'i3', '2009-01-10', 'F', 1, 20)$$), 'LE050', 'nor does a backdated issue take what is reserved');
SELECT is(trial.refused($$SELECT trial.reverse('RES', 'v1', 'r4', '2009-02-02')$$), 'LE050', 'nor the reversal of a receipt');
SELECT is(trial.refused($$SELECT trial.receive('RES', 'r9', '2009-02-01', 'F', 1, 10, '{"lines": [{"item": "F", "quantity": 1, "amount": 10, "demand": {"key": "S1"}}]}')$$), 'LE011', 'what comes in serves no demand by name');
SELECT is_empty($$SELECT * FROM erp.check_integrity() WHERE company = 'RES'$$, 'law 5 holds so far');

-- Release and move.
SELECT is(erp.release('RES', '{"key": "x1", "lines": [{"demand": "S5", "line": 1, "item": "F", "quantity": 2}, {"demand": "nobody"}]}'),
	'{"lines": [{"demand": "S5", "line": 1, "item": "F", "quantity": 2}]}', 'a part is released; a demand without reservations releases nothing');
SELECT is(pg_temp.stock('F'), 'MAIN 7 5 2', 'and is available again');
SELECT is(erp.move_reservation('RES', '{"key": "m1", "moves": [{"from": "S5", "from_line": 1, "to": "S9", "to_line": 4, "item": "F", "quantity": 1}]}'),
	'{"moves": [{"from": "S5", "from_line": 1, "to": "S9", "to_line": 4, "item": "F", "quantity": 1}]}', 'one is moved to another demand');
SELECT is(pg_temp.promised('F'), 'S1.1 MAIN stock 1, S4.2 MAIN stock 1, S5.1 MAIN stock 2, S9.4 MAIN stock 1', 'two stay, one is promised to the other');
SELECT is(trial.refused($$SELECT erp.move_reservation('RES', '{"key": "m2", "moves": [{"from": "S5", "from_line": 1, "to": "S9", "to_line": 4, "item": "F", "quantity": 3}]}')$$), 'LE200', 'no more is moved than is reserved');
SELECT is(erp.release('RES', '{"key": "x1", "lines": [{"demand": "S5", "line": 1, "item": "F", "quantity": 2}, {"demand": "nobody"}]}'),
	'{"lines": [{"demand": "S5", "line": 1, "item": "F", "quantity": 2}]}', 'the release under the same key is done once');
SELECT is(pg_temp.stock('F'), 'MAIN 7 5 2', 'so that as much is available');

-- Holds: now() stands still in this transaction, so a hold that ends in a minute is made one that ended a minute ago.
SELECT is(pg_temp.got('k10', '{"demand": "H", "hold_minutes": 1, "lines": [{"item": "F", "quantity": 2}]}'), '2/0/0', 'reserved for a time');
SELECT is(erp.expire_holds('RES'), 0::bigint, 'while it runs it is not released');
UPDATE erp.reservation SET expires_at = expires_at - interval '2 minutes' WHERE demand = 'H';
SELECT is(erp.expire_holds('RES'), 1::bigint, 'when it is over it is');
SELECT is(pg_temp.stock('F'), 'MAIN 7 5 2', 'and available again');
SELECT is((SELECT array_agg(change || ' ' || trim_scale(quantity) ORDER BY change_id) FROM erp.reservation_history WHERE company = 'RES' AND item_code = 'F'),
	'{consumed 3,released 2,moved 1,expired 2}', 'the history says what became of all of it');

-- Expected: PO1 brings 6 on 2009-03-01, PO2 4 on 2009-04-01. 2 of F are free.
SELECT is(erp.put_expected_receipts('RES', '{"key": "e1", "receipts": [
	{"source": "PO1", "item": "F", "warehouse": "MAIN", "day": "2009-03-01", "quantity": 6}, {"source": "PO2", "item": "F", "warehouse": "MAIN", "day": "2009-04-01", "quantity": 4}]}'),
	'{"inserted": 2, "updated": 0, "freed": 0}', 'what is on its way');
SELECT is(pg_temp.got('k11', '{"demand": "E1", "lines": [{"item": "F", "quantity": 3}]}'), '0/0/1', 'is not promised unless the request allows it');
SELECT is(pg_temp.got('k12', '{"demand": "E1", "expected": true, "needed_by": "2009-02-28", "lines": [{"item": "F", "quantity": 3}]}'), '0/0/1', 'nor to whom it comes too late');
SELECT is(pg_temp.got('k13', '{"demand": "E1", "expected": true, "needed_by": "2009-03-01", "lines": [{"item": "F", "quantity": 3}]}'), '2/1/0', '2 from stock, 1 from what comes on that day');
SELECT is(pg_temp.got('k14', '{"demand": "E2", "expected": true, "priority": 5, "lines": [{"item": "F", "quantity": 7}]}'), '0/7/0', 'the 5 that are left of PO1 and 2 of PO2');
SELECT is((SELECT string_agg(concat_ws(' ', source, trim_scale(quantity), trim_scale(claimed), trim_scale(free)), ', ' ORDER BY source) FROM erp.expected_receipt_list WHERE company = 'RES'),
	'PO1 6 6 0, PO2 4 2 2', 'as the list of what is expected says');
-- 4 of PO1 arrive: E2 has priority 5 and 5 claimed of it, E1 priority 0 and 1.
SELECT lives_ok($$SELECT trial.receive('RES', 'r5', '2009-03-01', 'F', 4, 40, '{"reference": "PO1"}')$$, 'a part of PO1 arrives');
SELECT is(pg_temp.promised('F'), 'E1.1 MAIN expected 1, E1.1 MAIN stock 2, E2.1 MAIN expected 1, E2.1 MAIN expected 2, E2.1 MAIN stock 4, S1.1 MAIN stock 1, S4.2 MAIN stock 1, S5.1 MAIN stock 2, S9.4 MAIN stock 1',
	'the higher priority is served first, a part of a claim stays');
SELECT is(pg_temp.stock('F'), 'MAIN 11 11 0', 'what arrived is reserved as soon as it is there');
SELECT is((SELECT string_agg(concat_ws(' ', source, trim_scale(quantity), trim_scale(claimed)), ', ' ORDER BY source) FROM erp.expected_receipt_list WHERE company = 'RES'),
	'PO1 2 2, PO2 4 2', 'and no longer expected');
-- Goods that nobody expected serve who waits, by priority: 1 found goes to E2's claim on PO1, which is then free for others.
SELECT lives_ok($$SELECT erp.post_document('RES', '{"key": "g1", "kind": "stock_gain", "day": "2009-03-02", "lines": [{"item": "F", "quantity": 1, "cost": 10}]}')$$, 'goods turn up');
SELECT is((SELECT string_agg(concat_ws(' ', source, trim_scale(quantity), trim_scale(claimed)), ', ' ORDER BY source) FROM erp.expected_receipt_list WHERE company = 'RES'),
	'PO1 2 1, PO2 4 2', 'they serve a claim; as much is expected as before');
-- PO2 shrinks to 1: E2 loses 1 of its 2.
SELECT is(erp.put_expected_receipts('RES', '{"key": "e2", "receipts": [{"source": "PO2", "item": "F", "warehouse": "MAIN", "day": "2009-04-02", "quantity": 1}]}'),
	'{"inserted": 0, "updated": 1, "freed": 1}', 'less is expected than was claimed');
SELECT is((SELECT payload - 'key' FROM erp.outbox WHERE topic = 'reservation_freed'),
	'{"item": "F", "reservations": [{"demand": "E2", "line": 1, "claim": "expected", "priority": 5, "quantity": 1}]}', 'an event says who lost what');
SELECT is(trial.refused($$SELECT erp.put_expected_receipts('RES', '{"key": "e3", "receipts": [{"source": "PO2", "item": "A", "warehouse": "MAIN", "day": "2009-04-02", "quantity": 1}]}')$$), 'LE201', 'a line of what is expected does not change its item');

-- What is lost is gone, whoever reserved it. On hand 12, all reserved: E2 (5, of priority 5), E1 2, S1 1, S4 1, S5 2, S9 1. 6 are lost:
-- the latest of priority 0 first: S5 2 (moved last, a row of its own), E1 2, then S9, S4 and S1 by their age.
SELECT lives_ok($$SELECT erp.post_document('RES', '{"key": "l1", "kind": "stock_loss", "day": "2009-03-03", "lines": [{"item": "F", "quantity": 6}]}')$$, 'a loss of what is reserved is recorded');
SELECT is(pg_temp.stock('F'), 'MAIN 6 6 0', 'no more is reserved than is left');
SELECT is(pg_temp.promised('F'), 'E1.1 MAIN expected 1, E2.1 MAIN expected 1, E2.1 MAIN stock 1, E2.1 MAIN stock 4, S1.1 MAIN stock 1', 'the highest priority and the oldest keep theirs');
SELECT is(pg_temp.events(), 2::bigint, 'and an event says so');
SELECT is((SELECT document_id FROM erp.outbox WHERE topic = 'reservation_freed' ORDER BY event_id DESC LIMIT 1), (SELECT document_id FROM erp.document WHERE key = 'l1'), 'naming the document of the loss');
SELECT is_empty($$SELECT * FROM erp.check_integrity() WHERE company = 'RES'$$, 'law 5 holds');

-- By lot and by expiry. Five of each lot, in this order: OLD expires on 2009-06-30, SOON on 03-10, GONE on 02-10, EVER never.
CREATE FUNCTION pg_temp.lots() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', demand, lot_code, trim_scale(quantity)), ', ' ORDER BY demand, lot_code) FROM erp.reservation_list WHERE company = 'RES' AND item_code = 'L'
$$;
\o /dev/null
SELECT erp.put_items('RES', 'lots', '[{"code": "L", "name": "By lot", "kind": "stock", "method": "fifo", "tracking": "lot"}, {"code": "P", "name": "In places", "kind": "stock", "method": "fifo"}]');
SELECT trial.receive('RES', 'lot ' || code, '2009-01-05', 'L', 5, 50, jsonb_build_object('lines', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
	'item', 'L', 'quantity', 5, 'amount', 50, 'lot', code, 'lot_days', CASE WHEN expires IS NOT NULL THEN jsonb_build_object('expires_on', expires) END)))))
  FROM (VALUES (1, 'OLD', '2009-06-30'), (2, 'SOON', '2009-03-10'), (3, 'GONE', '2009-02-10'), (4, 'EVER', NULL)) AS v (n, code, expires) ORDER BY n;
\o
SELECT is(pg_temp.got('n1', '{"demand": "N1", "strategy": "fefo", "needed_by": "2009-03-01", "lines": [{"item": "L", "quantity": 7}]}'), '7/0/0', 'first to expire first');
SELECT is(pg_temp.lots(), 'N1 OLD 2, N1 SOON 5', 'GONE has expired by then; SOON goes before OLD');
SELECT is(pg_temp.got('n2', '{"demand": "N2", "strategy": "fefo", "needed_by": "2009-02-10", "lines": [{"item": "L", "quantity": 2}]}'), '2/0/0', 'on the day it expires a lot is good');
SELECT is(pg_temp.lots(), 'N1 OLD 2, N1 SOON 5, N2 GONE 2', 'so it is the first');
-- From 03-01 to 06-30 it is 30 days of March, 30, 31 and 30: 121. OLD has 3 left.
SELECT is(pg_temp.got('n3', '{"demand": "N3", "minimum_shelf_life": 122, "needed_by": "2009-03-01", "lines": [{"item": "L", "quantity": 1}]}'), '1/0/0', 'OLD does not last for 122 days');
SELECT is(pg_temp.got('n4', '{"demand": "N4", "minimum_shelf_life": 121, "needed_by": "2009-03-01", "lines": [{"item": "L", "quantity": 4}]}'), '4/0/0', 'but for 121');
SELECT is(pg_temp.lots(), 'N1 OLD 2, N1 SOON 5, N2 GONE 2, N3 EVER 1, N4 EVER 1, N4 OLD 3', 'what does not expire lasts for both, and is younger');
SELECT is(pg_temp.got('n5', '{"demand": "N5", "mode": "partial", "strategy": "fefo", "lines": [{"item": "L", "quantity": 4}]}'), '3/0/1', 'without a day it counts from today, long after: 3 of EVER are left');
SELECT is(pg_temp.got('n5a', '{"demand": "N6", "mode": "partial", "lines": [{"item": "L", "quantity": 4, "lot": "GONE"}]}'), '0/0/4', 'of a lot that is past its last day nothing is reserved, though it is named');
SELECT is(pg_temp.got('n6', '{"demand": "N6", "mode": "partial", "allow_expired": true, "lines": [{"item": "L", "quantity": 4, "lot": "GONE"}]}'), '3/0/1', 'who allows it gets of that: 3 of GONE are left');
SELECT is(trial.refused($$SELECT pg_temp.reserve('n7', '{"demand": "N7", "lines": [{"item": "L", "quantity": 1, "lot": "NONE"}]}')$$), 'LE012', 'a lot of the item');

-- By location. Two lie in each of B, A-2, A-1 and a place of production, one in none.
\o /dev/null
SELECT erp.put_locations('RES', 'locations', '[{"warehouse": "MAIN", "code": "A-1", "name": "Bin 1"}, {"warehouse": "MAIN", "code": "A-2", "name": "Bin 2"}, {"warehouse": "MAIN", "code": "B", "name": "Bin 3"},
	{"warehouse": "MAIN", "code": "A-0", "name": "Bench", "kind": "production"}]');
SELECT trial.receive('RES', 'place ' || n, '2009-01-05', 'P', 2, 20, jsonb_build_object('lines', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('item', 'P', 'quantity', quantity, 'amount', 20, 'location', code)))))
  FROM (VALUES (1, 'B', 2), (2, 'A-2', 2), (3, 'A-1', 2), (4, 'A-0', 2), (5, NULL, 1)) AS v (n, code, quantity) ORDER BY n;
\o
SELECT is(pg_temp.got('o1', '{"demand": "O1", "strategy": "nearest", "lines": [{"item": "P", "quantity": 4}]}'), '4/0/0', 'nearest: by the code of the location');
SELECT is((SELECT string_agg(concat_ws(' ', COALESCE(location_code, '-'), trim_scale(quantity)), ', ' ORDER BY location_code NULLS FIRST) FROM erp.reservation_list WHERE company = 'RES' AND item_code = 'P'),
	'- 1, A-1 2, A-2 1', 'none goes first, then A-1 and A-2; A-0 cannot be shipped from');
SELECT is(pg_temp.got('o2', '{"demand": "O2", "mode": "partial", "warehouse": "MAIN", "location": "B", "lines": [{"item": "P", "quantity": 3}]}'), '2/0/1', 'who names a location gets what lies there');
SELECT is(pg_temp.got('o3', '{"demand": "O3", "mode": "partial", "lines": [{"item": "P", "quantity": 9}]}'), '1/0/8', 'of 7 that can be shipped 1 is left');
SELECT is(trial.refused($$SELECT pg_temp.reserve('o4', '{"demand": "O4", "location": "B", "lines": [{"item": "P", "quantity": 1}]}')$$), 'LE011', 'a location goes with a warehouse');
SELECT is(trial.refused($$SELECT pg_temp.reserve('o5', '{"demand": "O5", "warehouse": "MAIN", "location": "C", "lines": [{"item": "P", "quantity": 1}]}')$$), 'LE012', 'and is one of it');
SELECT is_empty($$SELECT * FROM erp.check_integrity() WHERE company = 'RES'$$, 'law 5 holds for places and lots');

-- Bad requests name the field.
SELECT is(trial.refused(format('SELECT pg_temp.reserve(''bad'', %L)', r)), code, r) FROM (VALUES
	('{"lines": [{"item": "F", "quantity": 1}]}', 'LE011'),
	('{"demand": "D", "lines": [{"item": "F", "quantity": 0}]}', 'LE011'),
	('{"demand": "D", "lines": [{"item": "SV", "quantity": 1}]}', 'LE012'),
	('{"demand": "D", "warehouse": "SOUTH", "lines": [{"item": "F", "quantity": 1}]}', 'LE012')) AS v (r, code);
SELECT * FROM finish();
ROLLBACK;
