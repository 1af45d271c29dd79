\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Lines that are delivered on several days: what is reserved, required, due, said to the customer and shipped of each part; figures by hand.
SELECT plan(44);
CREATE SEQUENCE pg_temp.call;
CREATE FUNCTION pg_temp.call(p_call text, p_request text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE answer jsonb;
BEGIN
	EXECUTE format('SELECT erp.%I(''SCH'', %L, %L)', p_call, 'c' || nextval('pg_temp.call'), p_request) INTO answer;
	RETURN answer;
END $$;
-- Part, day, quantity, shipped, to ship, reserved, expected.
CREATE FUNCTION pg_temp.parts(p_order text, p_line integer DEFAULT 1) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', part_no, to_char(day, 'MM-DD'), trim_scale(quantity), trim_scale(shipped), trim_scale(to_ship), trim_scale(reserved), trim_scale(expected)), ', ' ORDER BY part_no)
	FROM erp.order_schedule WHERE company = 'SCH' AND order_code = p_order AND line_no = p_line
$$;
CREATE FUNCTION pg_temp.required(p_order text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(trim_scale(quantity) || ' ' || to_char(needed_by, 'MM-DD'), ', ' ORDER BY needed_by) FROM erp.requirement_list WHERE company = 'SCH' AND demand = p_order
$$;
CREATE FUNCTION pg_temp.due(p_first date, p_last date) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', to_char(day, 'MM-DD'), lines, lines_ready, trim_scale(company_value)), ', ' ORDER BY day) FROM erp.deliveries_due('SCH', p_first, p_last)
$$;
CREATE FUNCTION pg_temp.says(p_order text, p_day date, p_language text DEFAULT 'en') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(line_no || ' ' || sentence, ' | ' ORDER BY line_no) FROM erp.order_status('SCH', p_order, p_day, p_language)
$$;
CREATE FUNCTION pg_temp.next(p_order text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', line_no, needed_by, promise_day), ', ' ORDER BY line_no) FROM erp.order_lines WHERE company = 'SCH' AND order_code = p_order
$$;
CREATE FUNCTION pg_temp.place(p_more text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format($q$SELECT pg_temp.call('place_order', %L)$q$, '{"party": "C1", "day": "2026-03-03", "lines": [' || p_more || ']}'))
$$;
\o /dev/null
SELECT erp.create_company('SCH', 'company', '{"name": "Seller", "currency": "GBP", "chart": "english"}');
SELECT pg_temp.call('create_fiscal_year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT pg_temp.call('put_parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
SELECT pg_temp.call('put_items', '[{"code": "CHAIR", "name": "Chair", "kind": "stock", "unit": "piece", "method": "fifo"}, {"code": "LAMP", "name": "Lamp", "kind": "stock", "unit": "piece", "method": "fifo"}, {"code": "FIT", "name": "Fitting", "kind": "service"}]');
SELECT pg_temp.call('put_units', '[{"code": "crate", "name": "Crate"}]');
SELECT pg_temp.call('put_item_units', '[{"item": "LAMP", "unit": "crate", "numerator": 12}]');
SELECT erp.post_document('SCH', '{"key": "r1", "kind": "goods_receipt", "day": "2026-03-02", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 10, "price": 30}]}');
\o
-- What is no schedule.
SELECT is(pg_temp.place('{"item": "CHAIR", "quantity": 3, "price": 50, "schedule": [{"day": "2026-03-10", "quantity": 1}, {"day": "2026-03-20", "quantity": 1}]}'), 'LE285', 'parts that do not add up');
SELECT is(pg_temp.place('{"item": "CHAIR", "quantity": 2, "price": 50, "schedule": [{"day": "2026-03-20", "quantity": 1}, {"day": "2026-03-20", "quantity": 1}]}'), 'LE285', 'days that do not ascend');
SELECT is(pg_temp.place('{"item": "CHAIR", "quantity": 2, "price": 50, "schedule": [{"day": "2026-03-20", "quantity": 0}, {"day": "2026-03-21", "quantity": 2}]}'), 'LE011', 'a part of nothing');
SELECT is(pg_temp.place('{"item": "CHAIR", "quantity": 2, "price": 50, "needed_by": "2026-03-20", "schedule": [{"day": "2026-03-20", "quantity": 2}]}'), 'LE285', 'a schedule and a day');
SELECT is(pg_temp.place('{"item": "FIT", "quantity": 2, "price": 50, "schedule": [{"day": "2026-03-20", "quantity": 2}]}'), 'LE285', 'a service');
SELECT is(pg_temp.place('{"item": "CHAIR", "quantity": 2, "price": 50, "schedule": [{"quantity": 2}]}'), 'LE011', 'a part without a day');
SELECT is(trial.refused($$SELECT pg_temp.call('order_to_cash', '{"party": "C1", "day": "2026-03-03", "lines": [{"item": "CHAIR", "quantity": 2, "price": 50, "schedule": [{"day": "2026-03-20", "quantity": 2}]}]}')$$), 'LE285', 'a sale over the counter');
-- 12 in three parts, of which 10 are there: 2 of the last are required by its day.
SELECT is(pg_temp.call('place_order', '{"order": "SO1", "party": "C1", "day": "2026-03-03", "lines": [{"item": "CHAIR", "quantity": 12, "price": 50, "schedule": [{"day": "2026-03-10", "quantity": 4}, {"day": "2026-03-20", "quantity": 5}, {"day": "2026-04-10", "quantity": 3}]}, {"item": "FIT", "amount": 20}]}'),
	'{"order": "SO1", "state": "confirmed", "total": 620, "lines": [{"line": 1, "amount": 600, "quantity": 12, "reserved": 10, "short": 2}, {"line": 2, "amount": 20, "quantity": 1}]}', 'an order by schedule');
SELECT is(pg_temp.parts('SO1'), '1 03-10 4 0 4 4 0, 2 03-20 5 0 5 5 0, 3 04-10 3 0 3 1 0', 'the earliest parts have what is reserved');
SELECT is(pg_temp.required('SO1'), '2 04-10', 'what is short is required by the day of its part');
SELECT is(pg_temp.next('SO1'), '1 2026-03-10, 2', 'the line is needed by the day of its first part');
SELECT is(pg_temp.due('2026-03-01', '2026-04-30'), '03-10 1 1 200, 03-20 1 1 250, 04-10 1 0 150', 'deliveries due, part by part');
SELECT is(pg_temp.due('2026-03-15', '2026-03-31'), '03-20 1 1 250', 'of some days, whatever is due before');
SELECT is((SELECT string_agg(concat_ws(' ', line_no, part_no, trim_scale(to_ship), trim_scale(reserved), trim_scale(value), due_day, coalesce(promise_day::text, '-')), ', ' ORDER BY line_no, part_no) FROM erp.backlog WHERE company = 'SCH'),
	'1 1 4 4 200 2026-03-10 ' || d.today || ', 1 2 5 5 250 2026-03-20 ' || d.today || ', 1 3 3 1 150 2026-04-10 -, 2 0 1 0 20 -', 'the backlog, part by part; parts that are reserved are promised') FROM (SELECT greatest((now() AT TIME ZONE 'UTC')::date, '2026-03-03')::text AS today) d;
SELECT is((SELECT string_agg(concat_ws(' ', line_no, trim_scale(to_ship), needed_by), ', ') FROM erp.backlog_page('SCH', NULL, NULL, 1)), '1 4 2026-03-10, 1 5 2026-03-20, 1 3 2026-04-10', 'a page of a line has its parts');
SELECT is(pg_temp.says('SO1', '2026-03-05'), '1 4 to be delivered on 10 March 2026; 5 to be delivered on 20 March 2026; 1 to be delivered on 10 April 2026; 2 waits for goods, to be delivered on 10 April 2026 | 2 not done yet', 'what the customer reads');
SELECT is(pg_temp.says('SO1', '2026-03-19'), '1 4 ready to be shipped; 5 to be delivered tomorrow; 1 to be delivered on 10 April 2026; 2 waits for goods, to be delivered on 10 April 2026 | 2 not done yet', 'the day before the second part');
SELECT is(pg_temp.says('SO1', '2026-04-10', 'zh'), '1 10件备货完成，待发货；2件缺货，等待到货 | 2 尚未完成', 'in Chinese, when all is due');
-- Shipped as it is due, else as is said.
SELECT is(trial.refused($$SELECT pg_temp.call('ship_order', '{"order": "SO1", "day": "2026-03-09"}')$$), 'LE273', 'nothing is due before the first day');
SELECT is(pg_temp.call('ship_order', '{"order": "SO1", "day": "2026-03-12"}') ->> 'state', 'confirmed', 'what is due goes');
SELECT is(pg_temp.parts('SO1') || ' / ' || pg_temp.next('SO1'), '1 03-10 4 4 0 0 0, 2 03-20 5 0 5 5 0, 3 04-10 3 0 3 1 0 / 1 2026-03-20, 2', 'the first part');
SELECT is(trial.refused($$SELECT pg_temp.call('ship_order', '{"order": "SO1", "day": "2026-03-12", "lines": [{"line": 1}]}')$$), 'LE273', 'a line that says no quantity is of what is due, too');
\o /dev/null
SELECT pg_temp.call('ship_order', '{"order": "SO1", "day": "2026-03-13", "lines": [{"line": 1, "quantity": 2}]}');
\o
SELECT is(pg_temp.parts('SO1'), '1 03-10 4 4 0 0 0, 2 03-20 5 2 3 3 0, 3 04-10 3 0 3 1 0', 'who says how much ships ahead');
\o /dev/null
SELECT erp.ship_order('SCH', 'ahead', '{"order": "SO1", "day": "2026-03-14", "ahead": true}');
\o
SELECT is(pg_temp.parts('SO1') || ' / ' || pg_temp.next('SO1') || ' / ' || pg_temp.required('SO1'), '1 03-10 4 4 0 0 0, 2 03-20 5 5 0 0 0, 3 04-10 3 1 2 0 0 / 1 2026-04-10, 2 / 2 04-10', 'and who says so all that is reserved');
SELECT is(pg_temp.due('2026-03-01', '2026-04-30'), '04-10 1 0 100', '2 are due');
-- More is delivered with the last part; other days; less is taken off the last.
\o /dev/null
SELECT pg_temp.call('change_order', '{"order": "SO1", "day": "2026-03-15", "lines": [{"line": 1, "quantity": 15}]}');
\o
SELECT is(pg_temp.parts('SO1') || ' / ' || pg_temp.required('SO1'), '1 03-10 4 4 0 0 0, 2 03-20 5 5 0 0 0, 3 04-10 6 1 5 0 0 / 2 04-10, 3 04-10', '3 more');
\o /dev/null
SELECT pg_temp.call('change_order', '{"order": "SO1", "day": "2026-03-15", "lines": [{"line": 1, "schedule": [{"day": "2026-03-10", "quantity": 4}, {"day": "2026-03-20", "quantity": 8}, {"day": "2026-05-01", "quantity": 3}]}]}');
\o
SELECT is(pg_temp.parts('SO1') || ' / ' || pg_temp.required('SO1') || ' / ' || pg_temp.next('SO1'), '1 03-10 4 4 0 0 0, 2 03-20 8 6 2 0 0, 3 05-01 3 0 3 0 0 / 2 03-20, 3 05-01 / 1 2026-03-20, 2', 'other days: what is required goes with them');
SELECT is(trial.refused($$SELECT pg_temp.call('change_order', '{"order": "SO1", "day": "2026-03-15", "lines": [{"line": 1, "schedule": [{"day": "2026-03-10", "quantity": 4}]}]}')$$), 'LE285', 'a new schedule adds up, too');
SELECT is(trial.refused($$SELECT pg_temp.call('change_order', '{"order": "SO1", "day": "2026-03-15", "lines": [{"line": 1, "needed_by": "2026-03-30"}]}')$$), 'LE285', 'a line with a schedule has no other day');
\o /dev/null
SELECT pg_temp.call('cancel_order', '{"order": "SO1", "reason": "too many", "lines": [{"line": 1, "quantity": 2}]}');
\o
SELECT is(pg_temp.parts('SO1') || ' / ' || pg_temp.required('SO1'), '1 03-10 4 4 0 0 0, 2 03-20 8 6 2 0 0, 3 05-01 1 0 1 0 0 / 2 03-20, 1 05-01', '2 less');
-- 4 come back by a reversal: 6 of 13 are shipped. They are required again by the day of the earliest part that is open, and all that came serves what waits: 3 of 7 are still required.
\o /dev/null
SELECT trial.reverse('SCH', 'ahead back', 'ahead/shipment', '2026-03-16');
\o
SELECT is(pg_temp.parts('SO1') || ' / ' || pg_temp.next('SO1'), '1 03-10 4 4 0 0 0, 2 03-20 8 2 6 4 0, 3 05-01 1 0 1 0 0 / 1 2026-03-20, 2', 'what is reversed is to be delivered again');
SELECT is((SELECT trim_scale(sum(quantity)) || ' ' || min(needed_by) FROM erp.requirement_list WHERE company = 'SCH' AND demand = 'SO1'), '3 2026-03-20', 'and what is not there is required');
-- All is cancelled that is not shipped; the schedule is of what was.
\o /dev/null
SELECT pg_temp.call('cancel_order', '{"order": "SO1", "reason": "enough"}');
\o
SELECT is(pg_temp.parts('SO1') || ' / ' || coalesce(pg_temp.required('SO1'), 'none'), '1 03-10 4 4 0 0 0, 2 03-20 2 2 0 0 0 / none', 'nothing is left of it');
-- What comes back unbilled for money is no more of the order, and the rest of it comes as it was to.
\o /dev/null
SELECT pg_temp.call('place_order', '{"order": "SO2", "party": "C1", "day": "2026-03-16", "lines": [{"item": "CHAIR", "quantity": 4, "price": 50, "schedule": [{"day": "2026-03-17", "quantity": 2}, {"day": "2026-03-27", "quantity": 2}]}]}');
SELECT pg_temp.call('ship_order', '{"order": "SO2", "day": "2026-03-17"}');
SELECT pg_temp.call('return_order', '{"order": "SO2", "day": "2026-03-18", "outcome": "refund", "lines": [{"line": 1, "quantity": 1}]}');
\o
SELECT is(pg_temp.parts('SO2') || ' / ' || pg_temp.next('SO2'), '1 03-17 1 1 0 0 0, 2 03-27 2 0 2 2 0 / 1 2026-03-27 2026-03-27', 'one came back; the line is promised with its last part');
-- What is billed and comes back for another is to be delivered at once.
\o /dev/null
SELECT pg_temp.call('invoice_orders', '{"orders": ["SO2"], "day": "2026-03-18"}');
SELECT pg_temp.call('return_order', '{"order": "SO2", "day": "2026-03-19", "outcome": "replace", "lines": [{"line": 1, "quantity": 1}]}');
\o
SELECT is(pg_temp.parts('SO2'), '1 03-17 1 1 0 0 0, 2 03-19 1 0 1 1 0, 3 03-27 2 0 2 2 0', 'another is due that day');
-- In crates of 12: 2 of them on two days, and half a crate more.
SELECT is(pg_temp.call('place_order', '{"order": "SO3", "party": "C1", "day": "2026-03-16", "ship_complete": true, "lines": [{"item": "LAMP", "unit": "crate", "quantity": "2.5", "price": 120, "schedule": [{"day": "2026-03-20", "quantity": 1}, {"day": "2026-04-10", "quantity": "1.5"}]}]}') #>> '{lines,0,short}', '30', 'in another unit');
SELECT is(pg_temp.parts('SO3') || ' / ' || pg_temp.required('SO3'), '1 03-20 12 0 12 0 0, 2 04-10 18 0 18 0 0 / 12 03-20, 18 04-10', 'parts are in the item''s unit');
\o /dev/null
SELECT erp.post_document('SCH', '{"key": "r2", "kind": "goods_receipt", "day": "2026-03-19", "party": "S1", "lines": [{"item": "LAMP", "quantity": 20, "price": 5}]}');
\o
SELECT is(pg_temp.parts('SO3') || ' / ' || pg_temp.required('SO3'), '1 03-20 12 0 12 12 0, 2 04-10 18 0 18 8 0 / 10 04-10', 'what arrives serves the earliest part first');
SELECT is(trial.refused($$SELECT pg_temp.call('ship_order', '{"order": "SO3", "day": "2026-04-10"}')$$), 'LE273', 'an order that ships whole: all that is due, or nothing');
\o /dev/null
SELECT pg_temp.call('ship_order', '{"order": "SO3", "day": "2026-03-20"}');
SELECT pg_temp.call('change_order', '{"order": "SO3", "day": "2026-03-21", "lines": [{"line": 1, "schedule": []}]}');
\o
SELECT is(coalesce(pg_temp.parts('SO3'), 'none') || ' / ' || pg_temp.next('SO3') || ' / ' || (SELECT concat_ws(' ', trim_scale(quantity), needed_by) FROM erp.requirement_list WHERE company = 'SCH' AND demand = 'SO3'), 'none / 1 / 10', 'an empty schedule ends it');
-- A quote takes its schedule along; a claim is of what comes by the day of its part.
\o /dev/null
SELECT erp.put_expected_receipts('SCH', '{"key": "e1", "receipts": [{"source": "PO1", "item": "LAMP", "warehouse": "MAIN", "day": "2026-03-30", "quantity": 20}]}');
SELECT pg_temp.call('quote', '{"quote": "Q1", "party": "C1", "day": "2026-03-16", "lines": [{"item": "LAMP", "quantity": 10, "price": 12, "schedule": [{"day": "2026-03-25", "quantity": 4}, {"day": "2026-04-10", "quantity": 6}]}]}');
SELECT pg_temp.call('accept_quote', json_build_object('token', pg_temp.call('send_quote', '{"quote": "Q1"}') ->> 'token', 'day', '2026-03-17')::text);
SELECT pg_temp.call('order_quote', '{"quote": "Q1", "order": "SO4", "day": "2026-03-17"}');
\o
SELECT is(pg_temp.required('SO4') || ' / ' || (SELECT string_agg(trim_scale(quantity) || ' ' || needed_by, ', ') FROM erp.reservation_list WHERE company = 'SCH' AND demand = 'SO4' AND claim = 'expected'), '4 03-25 / 6 2026-04-10', '4 that are wanted before are required');
SELECT is(pg_temp.says('SO4', '2026-03-17'), '1 4 waits for goods, expected on 30 March 2026; 2 to be delivered on 10 April 2026; 4 waits for goods, to be delivered on 10 April 2026', 'what comes first goes to the earliest part');
-- What is broken behind the calls is found.
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
UPDATE erp.sales_order_schedule SET quantity = quantity + 1 WHERE part_no = 1 AND line_no = 1;
SELECT is((SELECT string_agg(check_name || ' ' || object, ', ' ORDER BY object) FROM erp.check_integrity()), 'order_schedules order SO1, line 1, order_schedules order SO2, line 1, order_schedules order SO4, line 1', 'parts that do not add up');
SELECT * FROM finish();
ROLLBACK;
