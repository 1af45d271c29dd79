\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Backdated documents: the item is replayed, what changed stands on its own day, and no point of the past may go negative.
SELECT plan(28);
\o /dev/null
SELECT trial.make_company('BACK');

-- FIFO: 10 @ 10 on the 5th, 6 sold on the 10th (60.00), 4 sold on the 20th (40.00). Then 5 @ 8 of the 1st turn up:
-- the sale of the 10th takes 5 x 8 + 1 x 10 = 50.00, that of the 20th 4 x 10 = 40.00; left 5 x 10 = 50.00.
SELECT trial.receive('BACK', 'r1', '2009-01-05', 'F', 10, 100);
SELECT trial.sell('BACK', 's1', '2009-01-10', 'F', 6, 20);
SELECT trial.sell('BACK', 's2', '2009-01-20', 'F', 4, 20);
SELECT trial.receive('BACK', 'r0', '2009-01-01', 'F', 5, 40);
\o
SELECT is(trial.value_of('BACK', 's1'), -50.00, 'FIFO: the first sale now takes the older receipt');
SELECT is(trial.value_of('BACK', 's2'), -40.00, 'FIFO: the second sale costs what it did');
SELECT is(trial.closing('BACK', 'F'), '5 50.00', 'FIFO: closing');
SELECT is(trial.balance('BACK', '5000', '2009-01-10'), 50.00, 'the correction stands on the day of the sale');
SELECT is(trial.balance('BACK', '1200', '2009-01-10'), -50.00, 'and so does its other side');
SELECT is((SELECT count(*) FROM erp.document WHERE kind = 'cost_adjustment'), 1::bigint, 'one adjustment, for the one day that changed');
SELECT results_eq(
	$$SELECT t.key FROM erp.document d JOIN erp.document_link l USING (company_id, document_id)
		JOIN erp.document t ON t.company_id = l.company_id AND t.document_id = l.target_document_id
		WHERE d.kind = 'cost_adjustment' AND l.link = 'corrects'$$,
	$$VALUES ('r0')$$, 'the adjustment names the document that caused it');
-- The sale of the 10th costs 10.00 less, so the stock that is left is worth 10.00 more.
SELECT results_eq(
	$$SELECT a.day, a.net, a.tax, a.total, a.line_count, l.amount::numeric(19, 2) FROM erp.document_list a JOIN erp.document_link l USING (document_id)
		WHERE a.document_kind = 'cost_adjustment' AND l.link = 'corrects'$$,
	$$VALUES ('2009-01-10'::date, 10.00, 0.00, 10.00, 1::bigint, 10.00)$$, 'the list of documents, and the link, say by how much it raises the value of stock');
SELECT results_eq(
	$$SELECT e.cause, sum(e.amount)::numeric(19, 2) FROM erp.document d JOIN erp.stock_move m USING (company_id, document_id) JOIN erp.cost_entry e USING (company_id, move_id)
		WHERE d.key = 's1' GROUP BY 1 ORDER BY 1$$,
	$$VALUES ('issue', -60.00), ('replay', 10.00)$$, 'the first cost stays, the change is a new entry');

-- Average: 10 worth 100 on the 5th, 5 sold on the 10th (50.00), 5 sold on the 20th (50.00: the rest).
-- Then 10 worth 40 of the 1st: pool 20 worth 140, sale 5 -> 35.00; pool 15 worth 105, sale 5 -> 35.00; left 10 worth 70.
\o /dev/null
SELECT trial.receive('BACK', 'ar1', '2009-01-05', 'A', 10, 100);
SELECT trial.sell('BACK', 'as1', '2009-01-10', 'A', 5, 20);
SELECT trial.sell('BACK', 'as2', '2009-01-20', 'A', 5, 20);
SELECT trial.receive('BACK', 'ar0', '2009-01-01', 'A', 10, 40);
\o
SELECT is(trial.value_of('BACK', 'as1'), -35.00, 'average: first sale');
SELECT is(trial.value_of('BACK', 'as2'), -35.00, 'average: second sale');
SELECT is(trial.closing('BACK', 'A'), '10 70.00', 'average: closing');

-- A return costs a part of its origin's cost as now known: 2 of 6 at 50.00 -> 16.67.
-- After 1 more unit worth 1.00 of the 1st (later sequence, so second layer): s1 takes 40 + 1 = 41.00 for 6, the return 13.67.
\o /dev/null
SELECT erp.post_document('BACK', '{"key": "cn1", "kind": "credit_note", "day": "2009-01-25", "party": "C1",
	"lines": [{"item": "F", "quantity": 2, "price": 20, "origin": {"key": "s1", "line": 1}}]}');
\o
SELECT is(trial.value_of('BACK', 'cn1'), 16.67, 'a return at a part of the cost of its issue');
\o /dev/null
SELECT trial.receive('BACK', 'r00', '2009-01-01', 'F', 1, 1);
\o
SELECT is(trial.value_of('BACK', 's1'), -41.00, 'the issue changes again');
SELECT is(trial.value_of('BACK', 'cn1'), 13.67, 'and its return follows');
SELECT is(trial.balance('BACK', '5000', '2009-01-25'), -13.67, 'on the day of the return');
-- F: 6 layers' worth 41 gone, 4 x 10 gone, 6 x 10 left, and the return: 8 units, 73.67.
SELECT is(trial.closing('BACK', 'F'), '8 73.67', 'FIFO: closing with the return');

-- Item FW, MAIN: 10 in on the 5th, 10 out on the 20th. Nothing can leave on the 6th, although 3 more arrive on the 25th.
\o /dev/null
SELECT trial.receive('BACK', 'w1', '2009-01-05', 'FW', 10, 100);
SELECT trial.sell('BACK', 'w2', '2009-01-20', 'FW', 10, 20);
SELECT trial.receive('BACK', 'w3', '2009-01-25', 'FW', 3, 30);
\o
SELECT throws_ok($$SELECT trial.sell('BACK', 'w4', '2009-01-06', 'FW', 1, 20)$$, 'LE050', NULL, 'an issue that a later one needs is refused');
SELECT throws_ok($$SELECT trial.sell('BACK', 'w4', '2009-01-04', 'FW', 1, 20)$$, 'LE050', NULL, 'so is one before the receipt');
SELECT throws_ok($$SELECT trial.sell('BACK', 'w4', '2009-01-26', 'FW', 1, 20, '{"warehouse": "NORTH"}')$$, 'LE050', NULL, 'so is one from the other warehouse');
SELECT throws_ok($$SELECT trial.sell('BACK', 'w4', '2009-01-26', 'FW', 3.000001, 20)$$, 'LE050', NULL, 'so is a millionth too much');
SELECT lives_ok($$SELECT trial.sell('BACK', 'w4', '2009-01-26', 'FW', 3, 20)$$, 'all that is left may leave, at the right time');
SELECT is(trial.closing('BACK', 'FW'), '0 0.00', 'then nothing is left');

-- Two receipts of one price: the sale is drawn from the older one when that turns up, at the same cost.
\o /dev/null
SELECT trial.receive('BACK', 'p1', '2009-03-05', 'FW', 5, 50);
SELECT trial.sell('BACK', 'ps', '2009-03-10', 'FW', 5, 20);
SELECT trial.receive('BACK', 'p0', '2009-03-01', 'FW', 5, 50);
\o
SELECT results_eq(
	$$SELECT a.net, a.total, a.line_count FROM erp.document_list a JOIN erp.document_link l USING (document_id)
		JOIN erp.document t ON t.company_id = l.company_id AND t.document_id = l.target_document_id WHERE t.key = 'p0'$$,
	$$VALUES (0.00, 0.00, 1::bigint)$$, 'an adjustment that only changes where costs are drawn from is one of nothing');

-- Within a day the time decides, and then the order of entry.
\o /dev/null
SELECT trial.receive('BACK', 't1', '2009-02-02', 'AW', 1, 7, '{"time": "12:00:00"}');
\o
SELECT throws_ok($$SELECT trial.sell('BACK', 't2', '2009-02-02', 'AW', 1, 20, '{"time": "11:59:59"}')$$, 'LE050', NULL, 'a second before the receipt there is nothing');
SELECT lives_ok($$SELECT trial.sell('BACK', 't2', '2009-02-02', 'AW', 1, 20, '{"time": "12:00:00"}')$$, 'at its very time, entered later, there is');

-- January closes: a receipt dated there must say that it is late, and its adjustments land in February.
\o /dev/null
SELECT erp.set_period_state('BACK', 'close', '{"period": "2009-01", "state": "closed"}');
SELECT trial.receive('BACK', 'late', '2009-01-01', 'A', 10, 0, '{"late": true}');
\o
-- A again: 10 worth 40 and 10 worth 0 on the 1st: unless late goods count from February, when sales of January stay as they are.
SELECT is((SELECT count(*) FROM erp.voucher v JOIN erp.document d USING (company_id, document_id) WHERE v.day < '2009-02-01' AND d.recorded_at = now() AND d.document_id >= (SELECT document_id FROM erp.document WHERE key = 'late')), 0::bigint, 'nothing of it lands in the closed month');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
