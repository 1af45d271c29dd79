\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Layers beyond those that are loaded at once, and returns beside their origin in one call.
SELECT plan(14);
\o /dev/null
SELECT trial.make_company('LAYER');
CREATE FUNCTION pg_temp.receive_lines(p_key text, p_lines integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('LAYER', json_build_object('key', p_key, 'kind', 'goods_receipt', 'day', '2009-01-02', 'party', 'S1', 'lines',
		(SELECT json_agg(json_build_object('item', 'F', 'quantity', 1, 'price', 3)) FROM generate_series(1, p_lines))))
$$;
SELECT pg_temp.receive_lines('many', 150);
SELECT trial.receive('LAYER', 'one', '2009-01-03', 'F', 10, 70);
\o
SELECT is(trial.closing('LAYER', 'F'), '160 520.00', '150 x 3.00 + 10 x 7.00');
-- All 150 layers go, though they are loaded 64 at a time: the next unit is one of 7.00.
SELECT lives_ok($$SELECT trial.reverse('LAYER', 'back', 'many', '2009-01-04')$$, 'a receipt of 150 layers is taken back');
SELECT is(trial.closing('LAYER', 'F'), '10 70.00', 'what is left cost 7.00 each');
SELECT lives_ok($$SELECT trial.sell('LAYER', 'sale', '2009-01-05', 'F', 4, 9)$$, 'four are sold');
SELECT is(trial.closing('LAYER', 'F'), '6 42.00', 'at 7.00 each');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the layers are whole');

-- A return behind its origin in one call comes back at the origin's cost; before it, it has none yet and is refused.
CREATE FUNCTION pg_temp.both(p_origin_first boolean) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_documents('LAYER', (SELECT json_agg(d ORDER BY (d ->> 'kind' = 'credit_note') = p_origin_first) FROM (VALUES
		('{"key": "sold", "kind": "sales_invoice", "day": "2009-01-06", "party": "C1", "lines": [{"item": "F", "quantity": 2, "price": 8}]}'::json),
		('{"key": "returned", "kind": "credit_note", "day": "2009-01-07", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 8, "origin": {"key": "sold", "line": 1}}]}')) AS v (d)))
$$;
SELECT is(trial.refused('SELECT pg_temp.both(false)'), 'LE051', 'the origin stands behind the return');
SELECT lives_ok('SELECT pg_temp.both(true)', 'the origin stands first');
SELECT is(trial.closing('LAYER', 'F'), '5 35.00', '6 - 2 + 1, at 7.00 each');

-- What was taken back is with no customer who could return it.
SELECT lives_ok($$SELECT trial.sell('LAYER', 'mistake', '2009-01-08', 'F', 1, 9), trial.reverse('LAYER', 'undone', 'mistake', '2009-01-08')$$, 'a sale is reversed');
SELECT is(string_agg(trial.refused(format($$SELECT erp.post_document('LAYER', '{"key": "r %s", "kind": "credit_note", "day": "2009-01-09", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 9, "origin": {"key": "%s", "line": 1}}]}')$$, key, key)), ' '),
	'LE051 LE051 LE051', 'neither it, nor its reversal, nor the reversal of a receipt is the origin of a return') FROM (VALUES ('mistake'), ('undone'), ('back')) AS v (key);
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- Entries of the order of moves that wait for all 6000: of three items in turn, each is there.
\o /dev/null
SELECT erp.post_document('LAYER', json_build_object('key', 'crowd', 'kind', 'goods_receipt', 'day', '2009-01-10', 'party', 'S1', 'lines',
	(SELECT json_agg(json_build_object('item', CASE n % 3 WHEN 0 THEN 'F' WHEN 1 THEN 'A' ELSE 'AW' END, 'quantity', 1, 'price', 2)) FROM generate_series(1, 6000) n)));
CREATE EXTENSION amcheck;
\o
SELECT lives_ok($$SELECT bt_index_check('erp.stock_move_order', true)$$, 'every move stands in the order of its item');
SELECT is(trial.closing('LAYER', 'A'), '2000 4000.00', '2000 at 2.00');
SELECT * FROM finish();
ROLLBACK;
