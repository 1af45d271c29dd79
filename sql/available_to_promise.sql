\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What can still be promised, by day, and the first day for a quantity; all figures by hand.
SELECT plan(15);
CREATE FUNCTION pg_temp.promise(p_items text[], p_first date, p_last date, p_warehouse text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', item_code, to_char(day, 'YYYY-MM-DD'), trim_scale(on_hand), trim_scale(expected), trim_scale(reserved), trim_scale(safety_stock), trim_scale(available)), ', ' ORDER BY item_code, day)
	FROM erp.available_to_promise('ATP', p_items, p_first, p_last, p_warehouse)
$$;
CREATE FUNCTION pg_temp.earliest(p_lines json) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', line_no, item_code, trim_scale(available), coalesce(to_char(promise_day, 'YYYY-MM-DD'), 'never')), ', ' ORDER BY line_no) FROM erp.earliest_promise('ATP', p_lines, '2009-02-01')
$$;
\o /dev/null
SELECT trial.make_company('ATP');
SELECT trial.receive('ATP', 'r1', '2009-01-05', 'F', 10, 100);
SELECT trial.receive('ATP', 'r2', '2009-01-05', 'F', 5, 50, '{"warehouse": "NORTH"}');
SELECT trial.receive('ATP', 'r3', '2009-01-05', 'A', 7, 70);
\o
SELECT is(pg_temp.promise('{F,A,SV,nothing}', '2009-02-01', '2009-12-31'), 'A 2009-02-01 7 0 0 0 7, F 2009-02-01 15 0 0 0 15', 'what is there; a service and the unknown have no row');
\o /dev/null
SELECT erp.put_expected_receipts('ATP', '{"key": "e", "receipts": [
	{"source": "PO1", "item": "F", "warehouse": "MAIN", "day": "2009-01-20", "quantity": 2},
	{"source": "PO2", "item": "F", "warehouse": "MAIN", "day": "2009-03-01", "quantity": 20},
	{"source": "PO3", "item": "F", "warehouse": "NORTH", "day": "2009-03-01", "quantity": 1},
	{"source": "PO4", "item": "F", "warehouse": "MAIN", "day": "2009-04-01", "quantity": 30}]}');
\o
-- PO1 is overdue: it counts from the first day on.
SELECT is(pg_temp.promise('{F}', '2009-02-01', '2009-03-31'), 'F 2009-02-01 15 2 0 0 17, F 2009-03-01 15 23 0 0 38', 'with what is expected, to the last day');
SELECT is(pg_temp.promise('{F}', '2009-02-01', '2009-12-31', 'MAIN'), 'F 2009-02-01 10 2 0 0 12, F 2009-03-01 10 22 0 0 32, F 2009-04-01 10 52 0 0 62', 'of one warehouse');
-- 13 of MAIN: 10 of stock and, of what is expected, the 2 of PO1 and 1 of PO2.
SELECT is(erp.reserve('ATP', '{"key": "k1", "demand": "D", "expected": true, "warehouse": "MAIN", "lines": [{"item": "F", "quantity": 13}]}') -> 'lines' -> 0 -> 'expected',
	'[{"day": "2009-01-20", "quantity": 2}, {"day": "2009-03-01", "quantity": 1}]', 'reserved of stock and of what comes first');
SELECT is(pg_temp.promise('{F}', '2009-02-01', '2009-12-31', 'MAIN'), 'F 2009-02-01 10 2 12 0 0, F 2009-03-01 10 22 13 0 19, F 2009-04-01 10 52 13 0 49', 'what is reserved is not promised again');
SELECT is(erp.put_safety_stocks('ATP', '{"key": "s1", "items": [{"item": "F", "warehouse": "MAIN", "quantity": 4}, {"item": "F", "warehouse": "NORTH", "quantity": 1}]}'), '{"put": 2}', 'some is kept back');
-- All warehouses on 02-01: 15 + 2 - 12 - 5 = 0; on 03-01: 15 + 23 - 13 - 5 = 20; on 04-01: 15 + 53 - 13 - 5 = 50. Only NORTH on 02-01: 5 - 1 = 4.
SELECT is(pg_temp.promise('{F}', '2009-02-01', '2009-12-31'), 'F 2009-02-01 15 2 12 5 0, F 2009-03-01 15 23 13 5 20, F 2009-04-01 15 53 13 5 50', 'and not promised');
SELECT is(pg_temp.promise('{F}', '2009-02-01', '2009-02-28', 'NORTH'), 'F 2009-02-01 5 0 0 1 4', 'nor of the other warehouse');

SELECT is(pg_temp.earliest('[{"item": "F", "quantity": 1}, {"item": "F", "quantity": 20}, {"item": "A", "quantity": 7}, {"item": "F", "quantity": 29}, {"item": "F", "quantity": 1}]'),
	'1 F 0 2009-03-01, 2 F 0 2009-04-01, 3 A 7 2009-02-01, 4 F 0 2009-04-01, 5 F 0 never', 'each line after those before it: 1 of 20, 21 of 50, 50 of 50, then nothing is left');
SELECT is(pg_temp.earliest('[{"item": "F", "quantity": 4, "warehouse": "NORTH"}, {"item": "F", "quantity": 19, "warehouse": "MAIN"}, {"item": "AW", "quantity": 1}]'),
	'1 F 4 2009-02-01, 2 F 0 2009-04-01, 3 AW 0 never', 'by warehouse: MAIN has 15 on 03-01 and 45 on 04-01; nothing of an item that was never there');
SELECT is(trial.refused($$SELECT pg_temp.earliest('[{"item": "SV", "quantity": 1}]')$$), 'LE012', 'a service is not promised from stock');
SELECT is(trial.refused($$SELECT pg_temp.earliest('[{"item": "F", "quantity": 0}]')$$), 'LE011', 'nor nothing');
-- Blocked stock and what is shipped are not promised: 2 of A go.
\o /dev/null
SELECT trial.sell('ATP', 's1', '2009-02-01', 'A', 2, 20);
\o
SELECT is(pg_temp.promise('{A}', '2009-02-01', '2009-02-28'), 'A 2009-02-01 5 0 0 0 5', 'what is sold is gone');
SELECT is(erp.release('ATP', '{"key": "x", "lines": [{"demand": "D"}]}') -> 'lines' -> 0 ->> 'quantity', '13', 'what is released');
SELECT is(pg_temp.promise('{F}', '2009-02-01', '2009-02-28'), 'F 2009-02-01 15 2 0 5 12', 'can be promised again');
SELECT * FROM finish();
ROLLBACK;
