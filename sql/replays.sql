\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- A replay passes what it touches, whatever lies before and behind: counted in moves, not in time.
SELECT plan(20);
\o /dev/null
SELECT trial.make_company('TAIL');
-- 2000 times 3 in for 12.00 and, an hour later, 3 out: 12 turns a day from 1 January on, 4000 moves of AW, and nothing is left behind any of them.
SELECT erp.post_documents('TAIL', (SELECT json_agg(json_build_object('key', concat_ws(' ', k.kind, g), 'kind', k.kind,
	'day', date '2009-01-01' + g / 12, 'time', time '01:00' + g % 12 * interval '110 minutes' - k.n * interval '1 hour',
	'lines', json_build_array(CASE k.n WHEN 1 THEN json_build_object('item', 'AW', 'quantity', 3, 'cost', 12) ELSE json_build_object('item', 'AW', 'quantity', 3) END)) ORDER BY g, k.n DESC)
	FROM generate_series(0, 1999) g, (VALUES (1, 'stock_gain'), (0, 'stock_loss')) k (n, kind)));
-- Of those of the 10th, 3 are sold and 1 comes back in May: at a third of 12.00.
SELECT erp.reverse_document('TAIL', '{"key": "not lost", "reverses": "stock_loss 100"}');
SELECT trial.sell('TAIL', 'sold', '2009-01-09', 'AW', 3, 20, '{"time": "08:30"}');
SELECT erp.post_document('TAIL', '{"key": "back", "kind": "credit_note", "day": "2009-05-20", "party": "C1", "lines": [{"item": "AW", "quantity": 1, "price": 20, "origin": {"key": "sold", "line": 1}}]}');
SELECT erp.post_document('TAIL', '{"key": "gone", "kind": "stock_loss", "day": "2009-05-20", "time": "00:01", "lines": [{"item": "AW", "quantity": 1}]}');
-- A unit for 10.00 in and one out again, at some times of a day.
CREATE FUNCTION pg_temp.pair(p_key text, p_day date, p_in time, p_out time) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_documents('TAIL', json_build_array(
		json_build_object('key', p_key, 'kind', 'stock_gain', 'day', p_day, 'time', p_in, 'lines', json_build_array(json_build_object('item', 'AW', 'quantity', 1, 'cost', 10))),
		json_build_object('key', p_key || ' out', 'kind', 'stock_loss', 'day', p_day, 'time', p_out, 'lines', json_build_array(json_build_object('item', 'AW', 'quantity', 1)))))
$$;
\o
SELECT is(trial.value_of('TAIL', 'sold') || ' ' || trial.value_of('TAIL', 'back'), '-12.00 4.00', 'sold at 12.00, and a third comes back');
\o /dev/null
SELECT pg_temp.pair('first', '2009-04-01', '00:10', '01:30');
\o
-- Turn 0 of the day: 3 for 12.00 at 00:00, 1 for 10.00 at 00:10; of 4 worth 22.00 the 3 that go at 01:00 cost 16.50, the one at 01:30 5.50.
SELECT is(trial.value_of('TAIL', 'stock_loss 1080') || ' ' || trial.value_of('TAIL', 'first out'), '-16.50 -5.50', 'a pair changes what goes between');
SELECT is(trial.value_of('TAIL', 'stock_loss 1081'), -12.00, 'and nothing behind');
SELECT is((SELECT count(*) FROM erp.cost_entry WHERE cause = 'replay'), 1::bigint, 'one entry is written');
\o /dev/null
SELECT pg_temp.pair('second', '2009-04-02', '00:10', '01:30');
\o
-- 1000 moves later: a checkpoint of the first replay stands at most 500 moves before, and 1800 stand behind.
SELECT is(trial.value_of('TAIL', 'stock_loss 1092') || ' ' || trial.value_of('TAIL', 'second out'), '-16.50 -5.50', 'the same a day later');
SELECT cmp_ok(erp_private.moves_replayed(), '<', 600::bigint, 'few moves are passed for that, of 4000');
SELECT cmp_ok(erp_private.moves_replayed(), '>=', 4::bigint, 'the pair and what lies between among them');
-- Each pair brings what it takes, so that what lies behind cannot be short: it is not read to find that, and 1800 moves more behind
-- one are none more that are read. The first of two leaves a checkpoint to the second.
CREATE FUNCTION pg_temp.read_by_pair(p_day date) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint;
BEGIN
	PERFORM pg_temp.pair('first beside ' || p_day, p_day, '01:35', '01:36');
	before := pg_stat_get_xact_tuples_returned('erp.stock_move_order'::regclass);
	PERFORM pg_temp.pair('beside ' || p_day, p_day, '01:37', '01:38');
	RETURN pg_stat_get_xact_tuples_returned('erp.stock_move_order'::regclass) - before;
END
$$;
SELECT cmp_ok(pg_temp.read_by_pair('2009-04-02'), '<', 600 + pg_temp.read_by_pair('2009-06-15'), 'nor is what lies behind it read');
-- The sale of the 9th of January changes, and what came back of it in May: 3 of 4 worth 22.00 cost 16.50, a third of that 5.50.
\o /dev/null
SELECT pg_temp.pair('third', '2009-01-09', '08:25', '08:35');
\o
SELECT is(trial.value_of('TAIL', 'sold'), -16.50, 'a sale costs more');
SELECT is(trial.value_of('TAIL', 'back'), 5.50, 'so does what came back of it months later');
-- With it, on that day, 3 for 12.00 stand: of 4 worth 17.50 the one that goes costs 4.38 (4.375), the other 3 the rest.
SELECT is(trial.value_of('TAIL', 'gone') || ' ' || trial.value_of('TAIL', 'stock_loss 1668'), '-4.38 -13.12', 'and what was mixed with that');
SELECT cmp_ok(erp_private.moves_replayed(), '<', 1200::bigint, 'what lies between them is not passed');
SELECT is((SELECT count(*) FROM erp.cost_entry WHERE cause = 'replay'), 6::bigint, 'four more entries are written');
-- A unit that is missing only at the end of a long tail is missed.
SELECT throws_ok($$SELECT erp.post_documents('TAIL', '[{"key": "x", "kind": "stock_loss", "day": "2009-01-09", "time": "08:10", "lines": [{"item": "AW", "quantity": 1}]},
	{"key": "y", "kind": "stock_gain", "day": "2009-06-19", "lines": [{"item": "AW", "quantity": 1, "cost": 4}]}]')$$, 'LE050', NULL, 'what a later issue needs is not issued before it');
SELECT throws_ok($$SELECT pg_temp.pair('x', '2009-01-09', '08:35', '08:25')$$, 'LE050', NULL, 'nor what the same call brings only later');
SELECT throws_ok($$SELECT erp.post_documents('TAIL', '[{"key": "x", "kind": "stock_gain", "day": "2009-01-09", "time": "08:40", "lines": [{"item": "AW", "quantity": 1, "cost": 4}]},
	{"key": "y", "kind": "stock_loss", "day": "2009-01-09", "time": "08:45", "lines": [{"item": "AW", "quantity": 2}]}]')$$, 'LE050', NULL, 'nor more than it brings');
SELECT throws_ok($$SELECT erp.post_documents('TAIL', '[{"key": "x", "kind": "stock_gain", "day": "2009-01-09", "time": "08:40", "warehouse": "NORTH", "lines": [{"item": "AW", "quantity": 1, "cost": 4}]},
	{"key": "y", "kind": "stock_loss", "day": "2009-01-09", "time": "08:45", "lines": [{"item": "AW", "quantity": 1}]}]')$$, 'LE050', NULL, 'nor what it brings elsewhere');
-- What is kept of the pools may go: then more is passed, with the same outcome.
\o /dev/null
DELETE FROM erp_private.cost_checkpoint;
SELECT pg_temp.pair('fourth', '2009-04-03', '00:10', '01:30');
\o
SELECT is(trial.value_of('TAIL', 'stock_loss 1104'), -16.50, 'without checkpoints the outcome is the same');
-- Whoever waits for a long one is told: every 1000 moves with assertions (500 turns, 41.7 days, so on 11 February, 41 of 166 days on), else every 100,000 (expected: replays_1.out).
\o /dev/null
SET client_min_messages = notice;
\set VERBOSITY terse
SELECT trial.receive('TAIL', 'before all', '2009-01-01', 'AW', 1, 1, '{"time": "00:00"}');
SET client_min_messages = error;
\o
SELECT cmp_ok(erp_private.moves_replayed(), '>=', 4000::bigint, 'what changes all that follows passes all of it');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
