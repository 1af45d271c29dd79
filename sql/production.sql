\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Goods that are made of others: their value flows from item to item, in any order in which it becomes known.
SELECT plan(39);
\o /dev/null
SELECT trial.make_company('MAKE');
CREATE FUNCTION pg_temp.document(p_key text, p_kind text, p_day date, p_lines jsonb, p_extra jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT erp.post_document('MAKE', (jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'lines', p_lines) || p_extra)::text::json)
$$;
-- What each line of a document moved, in its order.
CREATE FUNCTION pg_temp.values_of(p_key text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT string_agg(v::numeric(19, 2)::text, ' ' ORDER BY line_no) FROM (
		SELECT m.line_no, (SELECT sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id) AS v
		FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.stock_move m USING (company_id, document_id) WHERE c.code = 'MAKE' AND d.key = p_key) t
$$;

-- F (FIFO): 10 for 100.00. A (average): 4 for 10.00. One set of FW is 2 F and 1 A: 20.00 + 2.50.
SELECT trial.receive('MAKE', 'f1', '2009-01-05', 'F', 10, 100);
SELECT trial.receive('MAKE', 'a1', '2009-01-05', 'A', 4, 10);
SELECT pg_temp.document('set', 'assembly', '2009-01-10', '[{"role": "product", "item": "FW", "quantity": 1},
	{"item": "F", "quantity": 2}, {"item": "A", "quantity": 1}]');
\o
SELECT is(pg_temp.values_of('set'), '22.50 -20.00 -2.50', 'an assembly is worth its components, wherever its line stands');
SELECT is(trial.balance('MAKE', '1250'), 0.00, 'nothing stays in work in progress');
SELECT is(trial.balance('MAKE', '1200'), 87.50, 'the components left their account');
SELECT is(trial.balance('MAKE', '1210'), 22.50, 'for that of the product');
SELECT results_eq($$SELECT link, quantity::numeric(9, 2) FROM erp.document_link l JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'set'$$,
	$$VALUES ('made_from', 1.00)$$, 'the product says what it is made of');

-- 10.00 in 3 parts by shares 1, 1, 1: 3.34, 3.33, 3.33; the first gets the cent that is left.
\o /dev/null
SELECT trial.receive('MAKE', 'aw1', '2009-01-05', 'AW', 1, 10);
SELECT pg_temp.document('apart', 'disassembly', '2009-01-11', '[{"item": "AW", "quantity": 1}, {"role": "product", "item": "F", "quantity": 1},
	{"role": "product", "item": "A", "quantity": 1}, {"role": "product", "item": "FW", "quantity": 5}]');
\o
SELECT is(pg_temp.values_of('apart'), '-10.00 3.34 3.33 3.33', 'a disassembly shares by largest remainder');
\o /dev/null
SELECT trial.receive('MAKE', 'aw2', '2009-01-05', 'AW', 1, 10);
SELECT pg_temp.document('apart2', 'disassembly', '2009-01-11', '[{"item": "AW", "quantity": 1}, {"role": "product", "item": "F", "quantity": 1, "share": 70},
	{"role": "product", "item": "A", "quantity": 1, "share": "12.5"}, {"role": "product", "item": "A", "quantity": 1, "share": 17.5}]');
\o
SELECT is(pg_temp.values_of('apart2'), '-10.00 7.00 1.25 1.75', 'or by the shares that are given');

-- The set is sold. Then 10 F for 50.00 turn up before all others: the set's F cost 10.00, the set 12.50, and its sale 12.50.
\o /dev/null
SELECT trial.sell('MAKE', 's1', '2009-01-20', 'FW', 1, 40);
\o
SELECT is(pg_temp.values_of('s1'), '-22.50', 'the set is sold at its cost');
\o /dev/null
SELECT trial.receive('MAKE', 'f0', '2009-01-02', 'F', 10, 50);
\o
SELECT is(pg_temp.values_of('set'), '12.50 -10.00 -2.50', 'an older receipt of a component changes what the product is worth');
SELECT is(pg_temp.values_of('s1'), '-12.50', 'and what its sale cost');
SELECT is(trial.balance('MAKE', '5000', '2009-01-20'), 12.50, 'on the day of the sale');
SELECT is(trial.balance('MAKE', '1250'), 0.00, 'and nothing stays in work in progress');
SELECT is(trial.balance('MAKE', '1250', '2009-01-10'), 0.00, 'on no day');
SELECT results_eq(
	$$SELECT DISTINCT t.key FROM erp.document d JOIN erp.document_link l USING (company_id, document_id)
		JOIN erp.document t ON t.company_id = l.company_id AND t.document_id = l.target_document_id
		WHERE d.kind = 'cost_adjustment' AND l.link = 'corrects'$$,
	$$VALUES ('f0')$$, 'all adjustments name the document that caused them');

-- Two steps and back: F into AW, AW into F. FIFO: F of 'f0' (8 left, 40.00), then 'f1' (10, 100.00), 'apart' (1, 3.34), 'apart2' (1, 7.00).
-- On the 22nd 4 F (20.00) become 1 AW; it is then 1 of 1 AW: 20.00. On the 23rd that becomes 2 F worth 20.00. On the 24th all 18 F are sold.
\o /dev/null
SELECT pg_temp.document('there', 'assembly', '2009-01-22', '[{"item": "F", "quantity": 4}, {"role": "product", "item": "AW", "quantity": 1}]');
SELECT pg_temp.document('back', 'disassembly', '2009-01-23', '[{"item": "AW", "quantity": 1}, {"role": "product", "item": "F", "quantity": 2}]');
SELECT trial.sell('MAKE', 's2', '2009-01-24', 'F', 18, 40);
\o
-- Left were 4 (20.00), 10 (100.00), 1 (3.34), 1 (7.00), 2 (20.00): 18 worth 150.34.
SELECT is(pg_temp.values_of('s2'), '-150.34', 'a value flows back into the item that it came from');
-- 2 more F for 1.00 of the first day: 'set' takes those (1.00); 'there' 4 of f0 (20.00); then s2 takes 6 of f0 (30.00), 10 (100.00), 3.34, and 1 at 7.00: 140.34. 2 worth 20.00 stay.
\o /dev/null
SELECT trial.receive('MAKE', 'f00', '2009-01-01', 'F', 2, 1);
\o
SELECT is(pg_temp.values_of('set'), '3.50 -1.00 -2.50', 'a set of the oldest goods');
SELECT is(pg_temp.values_of('there') || ', ' || pg_temp.values_of('back'), '-20.00 20.00, -20.00 20.00', 'the way there and back keeps its value');
SELECT is(pg_temp.values_of('s2'), '-140.34', 'the last sale takes less');
SELECT is(trial.closing('MAKE', 'F'), '2 20.00', 'what came back is left');
-- Four more of the first day, behind those: all that follows takes them first.
\o /dev/null
SELECT trial.receive('MAKE', 'f000', '2009-01-01', 'F', 4, 4, '{"time": "00:00"}');
\o
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- Production: two issues, one receipt of two products by shares 3 and 1. AW: 3 for 30.00; A: 7 left.
\o /dev/null
SELECT trial.receive('MAKE', 'aw3', '2009-02-01', 'AW', 3, 30);
SELECT pg_temp.document('i1', 'production_issue', '2009-02-02', '[{"item": "AW", "quantity": 1}]');
SELECT pg_temp.document('i2', 'production_issue', '2009-02-03', '[{"item": "AW", "quantity": 1}]');
\o
SELECT is(trial.balance('MAKE', '1250'), 20.00, 'what was issued to production is in work in progress');
SELECT throws_ok($$SELECT pg_temp.document('p0', 'production_receipt', '2009-02-04', '[{"item": "FW", "quantity": 4}]')$$, 'LE011', NULL, 'a receipt from production names its issues');
SELECT throws_ok($$SELECT pg_temp.document('p0', 'production_receipt', '2009-02-04', '[{"item": "FW", "quantity": 4}]', '{"consumes": ["i1", "i3"]}')$$, 'LE012', NULL, 'which are in the books');
SELECT throws_ok($$SELECT pg_temp.document('p0', 'production_receipt', '2009-02-04', '[{"item": "FW", "quantity": 4}]', '{"consumes": ["set"]}')$$, 'LE192', NULL, 'and no assemblies');
SELECT throws_ok($$SELECT pg_temp.document('p0', 'production_receipt', '2009-02-02', '[{"item": "FW", "quantity": 4}]', '{"consumes": ["i1", "i2"]}')$$, 'LE192', NULL, 'nor later than it');
SELECT lives_ok($$SELECT pg_temp.document('p1', 'production_receipt', '2009-02-04', '[{"item": "FW", "quantity": 3, "share": 3}, {"item": "F", "quantity": 1}]', '{"consumes": ["i2", "i1"]}')$$, 'two issues become two products');
SELECT is(pg_temp.values_of('p1'), '15.00 5.00', 'in proportion');
SELECT is(trial.balance('MAKE', '1250'), 0.00, 'work in progress is empty');
SELECT throws_ok($$SELECT pg_temp.document('p2', 'production_receipt', '2009-02-04', '[{"item": "FW", "quantity": 4}]', '{"consumes": ["i1"]}')$$, 'LE190', NULL, 'an issue is taken over once');
SELECT throws_ok($$SELECT trial.reverse('MAKE', 'ri1', 'i1', '2009-02-05')$$, 'LE191', NULL, 'and is not reversed then');
-- AW: 1 more for 50.00 of the first: 4 for 80.00, 20.00 each; the receipt 40.00, 30.00 and 10.00.
\o /dev/null
SELECT trial.receive('MAKE', 'aw0', '2009-02-01', 'AW', 1, 50);
\o
SELECT is(pg_temp.values_of('p1'), '30.00 10.00', 'products of production follow what was issued');
\o /dev/null
SELECT trial.reverse('MAKE', 'rp1', 'p1', '2009-02-06');
\o
SELECT is(pg_temp.values_of('rp1'), '-30.00 -10.00', 'a receipt is taken back as a whole');
SELECT is(trial.balance('MAKE', '1250'), 40.00, 'then its goods are in work in progress again');
SELECT lives_ok($$SELECT trial.reverse('MAKE', 'ri1', 'i1', '2009-02-06')$$, 'and the issue can be reversed');
SELECT throws_ok($$SELECT pg_temp.document('p2', 'production_receipt', '2009-02-07', '[{"item": "FW", "quantity": 4}]', '{"consumes": ["i1"]}')$$, 'LE192', NULL, 'or else be taken over by nobody');
SELECT lives_ok($$SELECT pg_temp.document('p2', 'production_receipt', '2009-02-07', '[{"item": "FW", "quantity": 4}]', '{"consumes": ["i2"]}')$$, 'the other one can');
SELECT throws_ok($$SELECT pg_temp.document('x', 'assembly', '2009-02-07', '[{"item": "A", "quantity": 1}]')$$, 'LE011', NULL, 'an assembly has a product');
SELECT throws_ok($$SELECT pg_temp.document('x', 'scrap', '2009-02-07', '[{"item": "A", "quantity": 1, "share": 1}]')$$, 'LE011', NULL, 'what is scrapped has no share');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
