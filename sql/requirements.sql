\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What nothing could be reserved for waits, and is served by what arrives, by priority and age.
SELECT plan(39);
CREATE FUNCTION pg_temp.reserve(p_key text, p_request jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws('/', l ->> 'reserved', l ->> 'short'), ' ' ORDER BY n)
	FROM erp.reserve('REQ', (jsonb_build_object('key', p_key) || p_request)::text::json) r, jsonb_array_elements(r -> 'lines') WITH ORDINALITY AS a (l, n)
$$;
CREATE FUNCTION pg_temp.required() RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', demand || '.' || demand_line, item_code, warehouse_code, trim_scale(quantity)), ', ' ORDER BY demand, demand_line, quantity DESC), 'nothing')
	FROM erp.requirement_list WHERE company = 'REQ'
$$;
CREATE FUNCTION pg_temp.reserved(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', demand || '.' || demand_line, warehouse_code, trim_scale(quantity)), ', ' ORDER BY demand, demand_line, quantity), 'nothing')
	FROM erp.reservation_list WHERE company = 'REQ' AND item_code = p_item
$$;
CREATE FUNCTION pg_temp.available(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', warehouse_code, trim_scale(on_hand), trim_scale(reserved), trim_scale(available)), ', ' ORDER BY warehouse_code)
	FROM erp.stock_on_hand WHERE company = 'REQ' AND item_code = p_item
$$;
CREATE FUNCTION pg_temp.events(p_topic text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', o.payload ->> 'demand', o.payload ->> 'line', o.payload ->> 'item', o.payload ->> 'quantity', d.key), ', ' ORDER BY o.event_id), 'none')
	FROM erp.outbox o JOIN erp.company c USING (company_id) LEFT JOIN erp.document d ON d.company_id = o.company_id AND d.document_id = o.document_id
	WHERE c.code = 'REQ' AND o.topic = p_topic
$$;
\o /dev/null
SELECT trial.make_company('REQ');
SELECT trial.receive('REQ', 'r1', '2009-01-05', 'F', 3, 30);
\o
-- 3 are there; two orders want 5 and 4, a third one that comes later but is more urgent 2.
SELECT is(pg_temp.reserve('k1', '{"mode": "partial", "require": true, "demand": "S1", "lines": [{"item": "F", "quantity": 5}]}'), '3/2', 'what is there is reserved');
SELECT is(pg_temp.reserve('k2', '{"mode": "partial", "require": true, "demand": "S2", "lines": [{"item": "F", "quantity": 4}]}'), '0/4', 'nothing is left for the second');
SELECT is(pg_temp.reserve('k3', '{"mode": "partial", "require": true, "demand": "S3", "lines": [{"item": "F", "quantity": 2, "priority": 5}]}'), '0/2', 'nor for the third');
SELECT is(pg_temp.required(), 'S1.1 F 2, S2.1 F 4, S3.1 F 2', 'what is short is required');
SELECT is(pg_temp.events('requirement_made'), 'S1 1 F 2, S2 1 F 4, S3 1 F 2', 'each with an event');
SELECT is(pg_temp.reserve('k1', '{"mode": "partial", "require": true, "demand": "S1", "lines": [{"item": "F", "quantity": 5}]}'), '3/2', 'the same request again has the same answer');
SELECT is(pg_temp.required(), 'S1.1 F 2, S2.1 F 4, S3.1 F 2', 'and requires nothing more');
-- All of a line or nothing of it.
SELECT is(pg_temp.reserve('k4', '{"require": true, "demand": "S4", "lines": [{"item": "A", "quantity": 1}]}'), '0/1', 'an item that never was there is required too');
-- 5 arrive: 2 for the urgent one, 2 for the oldest, 1 of 4 for the next.
\o /dev/null
SELECT trial.receive('REQ', 'r2', '2009-01-06', 'F', 5, 50);
\o
SELECT is(pg_temp.reserved('F'), 'S1.1 MAIN 2, S1.1 MAIN 3, S2.1 MAIN 1, S3.1 MAIN 2', 'what arrives goes by priority, then by age');
SELECT is(pg_temp.required(), 'S2.1 F 3, S4.1 A 1', 'what is still required');
SELECT is(pg_temp.events('requirement_served'), 'S3 1 F 2 r2, S1 1 F 2 r2, S2 1 F 1 r2', 'an event for each, of the document that brought it');
SELECT is(pg_temp.available('F'), 'MAIN 8 8 0', 'nothing is free');
SELECT is(trial.refused($$SELECT trial.sell('REQ', 'x', '2009-01-06', 'F', 1, 9)$$), 'LE050', 'and nobody else gets it');
-- A first arrival of an item: 4 come, 1 is required, 3 are free.
\o /dev/null
SELECT trial.receive('REQ', 'r3', '2009-01-06', 'A', 4, 40);
\o
SELECT is(pg_temp.reserved('A') || ' / ' || pg_temp.available('A'), 'S4.1 MAIN 1 / MAIN 4 1 3', 'the first goods of an item serve, the rest is free');
-- What others release serves by a step of its own.
\o /dev/null
SELECT erp.release('REQ', '{"key": "l1", "lines": [{"demand": "S3"}]}');
\o
SELECT is(pg_temp.available('F') || ' / ' || pg_temp.required(), 'MAIN 8 6 2 / S2.1 F 3', 'what is released is free');
SELECT is(erp.serve_requirements('REQ', 10), 1::bigint, 'one requirement is served by it');
SELECT is(pg_temp.reserved('F') || ' / ' || pg_temp.required(), 'S1.1 MAIN 2, S1.1 MAIN 3, S2.1 MAIN 1, S2.1 MAIN 2 / S2.1 F 1', 'in part');
SELECT is(erp.serve_requirements('REQ', 10), 0::bigint, 'nothing is left to serve with');
SELECT is(trial.refused($$SELECT erp.serve_requirements('REQ', 0)$$), 'LE011', 'a step does something');
-- Giving up: what is required goes before what is reserved.
SELECT is(erp.release('REQ', '{"key": "l2", "lines": [{"demand": "S2", "item": "F", "quantity": 2}]}'),
	'{"lines": [{"item": "F", "line": 1, "demand": "S2", "quantity": 1}], "required": [{"item": "F", "line": 1, "demand": "S2", "quantity": 1}]}', '1 is no longer required and 1 released');
SELECT is(pg_temp.required(), 'nothing', 'nothing waits');
SELECT is(erp.release('REQ', '{"key": "l3", "lines": [{"demand": "S2"}]}'), '{"lines": [{"item": "F", "line": 1, "demand": "S2", "quantity": 2}]}', 'the rest');
-- Of one warehouse: what arrives elsewhere does not serve; what is expected is claimed first.
SELECT is(pg_temp.reserve('k5', '{"mode": "partial", "require": true, "warehouse": "NORTH", "demand": "S5", "lines": [{"item": "A", "quantity": 2}]}'), '0/2', 'none of it lies in that warehouse');
\o /dev/null
SELECT trial.receive('REQ', 'r4', '2009-01-07', 'A', 1, 10);
\o
SELECT is(pg_temp.required(), 'S5.1 A NORTH 2', 'what arrives in another does not serve');
\o /dev/null
SELECT erp.put_expected_receipts('REQ', '{"key": "e1", "receipts": [{"source": "PO1", "item": "A", "warehouse": "NORTH", "day": "2009-01-20", "quantity": 3}]}');
\o
SELECT is(pg_temp.reserve('k6', '{"mode": "partial", "require": true, "expected": true, "warehouse": "NORTH", "demand": "S6", "lines": [{"item": "A", "quantity": 5}]}'), '0/2', '3 are claimed of what is expected, 2 required');
SELECT is(pg_temp.required(), 'S5.1 A NORTH 2, S6.1 A NORTH 2', 'the claim is no requirement');
\o /dev/null
SELECT trial.receive('REQ', 'r5', '2009-01-08', 'A', 6, 60, '{"warehouse": "NORTH"}');
\o
SELECT is(pg_temp.reserved('A') || ' / ' || pg_temp.required(), 'S4.1 MAIN 1, S5.1 NORTH 2, S6.1 NORTH 1, S6.1 NORTH 3 / S6.1 A NORTH 1', 'claims firm up, then requirements by age');
-- A transfer that brings goods to the warehouse serves as a receipt does.
\o /dev/null
SELECT erp.post_document('REQ', '{"key": "t1", "kind": "transfer", "day": "2009-01-09", "lines": [{"item": "A", "quantity": 2, "warehouse": "MAIN", "to_warehouse": "NORTH"}]}');
\o
SELECT is(pg_temp.required() || ' / ' || pg_temp.available('A'), 'nothing / MAIN 3 1 2, NORTH 8 7 1', 'what a transfer brings serves too');
SELECT is(trial.refused($$SELECT erp.reserve('REQ', '{"key": "x", "lines": [{"item": "F", "quantity": 1, "demand": "X", "require": true, "lot": "L"}]}')$$), 'LE011', 'what is required is not of a lot that is there');
SELECT is(trial.refused($$SELECT erp.reserve('REQ', '{"key": "x", "lines": [{"item": "F", "quantity": 1, "demand": "X", "require": 1}]}')$$), 'LE011', 'require is true or false');
SELECT is(trial.refused($$SELECT erp.reserve('REQ', '{"key": "x", "require": true, "warehouse": ["MAIN", "NORTH"], "lines": [{"item": "F", "quantity": 1, "demand": "X"}]}')$$), 'LE011', 'nor of several warehouses');
-- Without "require" what is short is short.
SELECT is(pg_temp.reserve('k7', '{"mode": "partial", "demand": "S7", "lines": [{"item": "F", "quantity": 100}]}'), '3/97', 'what is free');
SELECT is(pg_temp.required(), 'nothing', 'and nothing is required');
-- A line that is served whole requires nothing, beside one that is short.
SELECT is(pg_temp.reserve('k8', '{"mode": "partial", "require": true, "demand": "S8", "lines": [{"item": "A", "quantity": 1}, {"item": "F", "quantity": 1}]}'), '1/0 0/1', 'one of two lines is short');
SELECT is(pg_temp.required(), 'S8.2 F 1', 'that one is required');
-- A line that is short twice, by 4 and then by 1, of which 1 is given up: of the older one, and of that alone.
SELECT is(pg_temp.reserve('k9', '{"mode": "partial", "require": true, "demand": "S9", "lines": [{"item": "F", "quantity": 4}]}') || ' ' || pg_temp.reserve('k10', '{"mode": "partial", "require": true, "demand": "S9", "lines": [{"item": "F", "quantity": 1}]}'), '0/4 0/1', 'a line is short twice');
\o /dev/null
SELECT erp.release('REQ', '{"key": "u9", "lines": [{"demand": "S9", "line": 1, "item": "F", "quantity": 1}]}');
\o
SELECT is(pg_temp.required(), 'S8.2 F 1, S9.1 F 3, S9.1 F 1', 'no more is given up than is said');
-- Many lines of one demand are let go in time that grows with them: 400 that wait, each read a few times (all of them for each would be 160,000).
CREATE FUNCTION pg_temp.rows_read(p_table regclass, p_query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT sum(pg_stat_get_xact_tuples_fetched(indexrelid)) FROM pg_index WHERE indrelid = p_table) + pg_stat_get_xact_tuples_returned(p_table);
BEGIN
	EXECUTE p_query;
	RETURN (SELECT sum(pg_stat_get_xact_tuples_fetched(indexrelid)) FROM pg_index WHERE indrelid = p_table) + pg_stat_get_xact_tuples_returned(p_table) - before;
END $$;
\o /dev/null
SELECT trial.receive('REQ', 'r9', '2009-01-10', 'F', 408, 408);
SELECT erp.reserve('REQ', json_build_object('key', 'many', 'mode', 'partial', 'require', true, 'demand', 'MANY', 'lines', (SELECT json_agg(json_build_object('item', 'F', 'quantity', 1, 'line', n)) FROM generate_series(1, 800) n)));
\o
SELECT ok(pg_temp.rows_read('erp.requirement', $$SELECT erp.release('REQ', json_build_object('key', 'many wait', 'lines', (SELECT json_agg(json_build_object('demand', 'MANY', 'item', 'F', 'quantity', 1, 'line', n)) FROM generate_series(401, 800) n)))$$) < 8000, 'many lines that wait are let go each by itself');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
