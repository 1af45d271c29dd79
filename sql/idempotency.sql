\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- The same key with the same request gives the first result; with another it is refused.
SELECT plan(25);
\o /dev/null
SELECT trial.make_company('IDEM');
SELECT trial.make_company('OTHER');
CREATE TEMP TABLE first AS SELECT erp.post_document('IDEM', '{"key": "r", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 1.0, "price": 2.50}]}') AS result;
CREATE TEMP TABLE counted AS SELECT (SELECT count(*) FROM erp.document) AS documents, (SELECT count(*) FROM erp.voucher_line) AS lines, (SELECT count(*) FROM erp.stock_move) AS moves;
CREATE FUNCTION pg_temp.again(p_document text) RETURNS boolean LANGUAGE sql AS $$ SELECT erp.post_document('IDEM', p_document::json) = (SELECT result FROM first) $$;
\o
SELECT ok(pg_temp.again('{"key": "r", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 1.0, "price": 2.50}]}'), 'the same text');
SELECT ok(pg_temp.again('{"key": "r", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 1.00, "price": 2.5}]}'), '1.0 = 1.00');
SELECT ok(pg_temp.again('{"key": "r", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 1, "price": 2.500000000}]}'), '1 = 1.0');
SELECT ok(pg_temp.again('{"lines": [{"price": 2.50, "quantity": 1.0, "item": "F"}], "party": "S1", "day": "2009-01-05", "kind": "goods_receipt", "key": "r"}'), 'the order of keys');
SELECT ok(pg_temp.again(E'\n\t{ "key" :"r","kind":"goods_receipt","day":"2009-01-05" ,\r\n"party":"S1","lines":[{"item":"F","quantity":1.0,"price":2.50}]} '), 'white space');
SELECT ok(pg_temp.again('{"key": "r", "kind": "goods\u005freceipt", "day": "2009-01-05", "party": "\u00531", "lines": [{"item": "F", "quantity": 1.0, "price": 2.50}]}'), 'escapes');
SELECT throws_ok($$SELECT pg_temp.again('{"key": "r", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 1.000001, "price": 2.50}]}')$$, 'LE020', NULL, 'another quantity');
SELECT throws_ok($$SELECT pg_temp.again('{"key": "r", "kind": "goods_receipt", "day": "2009-01-06", "party": "S1", "lines": [{"item": "F", "quantity": 1, "price": 2.50}]}')$$, 'LE020', NULL, 'another day');
SELECT throws_ok($$SELECT pg_temp.again('{"key": "r", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "warehouse": "MAIN", "lines": [{"item": "F", "quantity": 1, "price": 2.50}]}')$$, 'LE020', NULL, 'a default that is written out is another request');
SELECT throws_ok($$SELECT pg_temp.again('{"key": "r", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 1, "price": 2.50}, {"item": "F", "quantity": 1, "price": 2.50}]}')$$, 'LE020', NULL, 'one line more');
SELECT throws_ok($$SELECT trial.reverse('IDEM', 'r', 'r', '2009-01-05')$$, 'LE020', NULL, 'the key of a document is not free for a reversal');
SELECT throws_ok($$SELECT erp.put_warehouses('IDEM', 'r', '[{"code": "W", "name": "W"}]')$$, 'LE020', NULL, 'nor for a call');
SELECT throws_ok($$SELECT trial.receive('IDEM', 'items', '2009-01-05', 'F', 1, 1)$$, 'LE020', NULL, 'nor the key of a call for a document');
SELECT is_empty('SELECT (SELECT count(*) FROM erp.document) AS documents, (SELECT count(*) FROM erp.voucher_line) AS lines, (SELECT count(*) FROM erp.stock_move) AS moves EXCEPT TABLE counted', 'none of this left a trace');
SELECT isnt(erp.post_document('OTHER', '{"key": "r", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 1.0, "price": 2.50}]}'), (SELECT result FROM first), 'another company has keys of its own');

-- Batches: what was posted before is repeated, the rest is new; one key twice is one document only if the requests agree.
SELECT is(jsonb_array_length(erp.post_documents('IDEM', '[
	{"key": "r", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 1.0, "price": 2.50}]},
	{"key": "b2", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 2, "price": 2.50}]}]')), 2, 'a batch with a document of before');
SELECT is(trial.closing('IDEM', 'F'), '3 7.50', 'only the new one counts');
SELECT throws_ok($$SELECT erp.post_documents('IDEM', '[
	{"key": "b3", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 4, "price": 2.50}]},
	{"key": "r", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 9, "price": 2.50}]}]')$$, 'LE020', NULL, 'a batch with another request under an old key');
SELECT is(trial.closing('IDEM', 'F'), '3 7.50', 'posts nothing at all');
SELECT throws_ok($$SELECT erp.post_documents('IDEM', '[
	{"key": "b4", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 4, "price": 2.50}]},
	{"key": "b4", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 9, "price": 2.50}]}]')$$, 'LE020', NULL, 'one key for two requests in one batch');

-- Calls.
SELECT is(erp.put_warehouses('IDEM', 'w', '[{"code": "W1", "name": "One"}]'), erp.put_warehouses('IDEM', 'w', '[ {"name":"One", "code":"W1"} ]'), 'a call gives its first result again');
SELECT throws_ok($$SELECT erp.put_warehouses('IDEM', 'w', '[{"code": "W1", "name": "Two"}]')$$, 'LE020', NULL, 'another request is refused');
SELECT throws_ok($$SELECT erp.put_units('IDEM', 'w', '[{"code": "W1", "name": "One"}]')$$, 'LE020', NULL, 'so is another call with the same request');

-- A refused document leaves its key free.
SELECT throws_ok($$SELECT trial.sell('IDEM', 'sell', '2009-01-06', 'F', 4, 1)$$, 'LE050', NULL, 'refused');
SELECT lives_ok($$SELECT trial.sell('IDEM', 'sell', '2009-01-06', 'F', 3, 1)$$, 'and its key is free');
SELECT * FROM finish();
ROLLBACK;
