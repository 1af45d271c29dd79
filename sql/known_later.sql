\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Costs that are known later than what they flow into: the smallest cases of what random histories found.
SELECT plan(20);
\o /dev/null
SELECT trial.make_company(c) FROM unnest('{STD,NEG,MONTH,MISSED}'::text[]) c;
SELECT erp.put_company('NEG', 'negative', '{"negative_stock": true}');
SELECT erp.put_accounts('STD', 'variance', '[{"code": "5050", "name": "Price variance", "class": "expense", "side": "debit"}]');
SELECT erp.put_posting_rules('STD', 'variance rules', '[
	{"kind": "goods_receipt", "line_role": "receipt", "amount_role": "price_variance", "side": "debit", "account": "5050"},
	{"kind": "standard_revaluation", "line_role": "standard_cost", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "standard_revaluation", "line_role": "standard_cost", "amount_role": "cost", "side": "debit", "account": "5050"}]');
SELECT erp.put_items('STD', 'standard', '[{"code": "T", "name": "Standard", "kind": "stock", "method": "standard"}]');
SELECT erp.put_items(c, 'monthly', '[{"code": "M", "name": "Monthly", "kind": "stock", "method": "monthly_average"}]') FROM unnest('{MONTH,MISSED}'::text[]) c;
CREATE FUNCTION pg_temp.made(p_company text, p_key text, p_day date, p_component text, p_quantity numeric, p_product text, p_made numeric) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, json_build_object('key', p_key, 'kind', 'assembly', 'day', p_day, 'lines', json_build_array(
		json_build_object('item', p_component, 'quantity', p_quantity), json_build_object('role', 'product', 'item', p_product, 'quantity', p_made))))
$$;
-- What each line of a document moved, in its order.
CREATE FUNCTION pg_temp.values_of(p_company text, p_key text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(v::numeric(19, 2)::text, ' ' ORDER BY line_no) FROM (
		SELECT m.line_no, (SELECT sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id) AS v
		FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.stock_move m USING (company_id, document_id) WHERE c.code = p_company AND d.key = p_key) t
$$;

-- Standard 12.00; 8 come on the 25th for 100.00: 96.00. A standard of 10.00 from the 10th, when nothing was there: they are worth 80.00, 20.00 is the variance.
SELECT erp.put_standard_costs('STD', 'first', '{"day": "2009-01-01", "costs": [{"item": "T", "cost": "12"}]}');
SELECT trial.receive('STD', 'received', '2009-01-25', 'T', 8, 100);
SELECT erp.put_standard_costs('STD', 'between', '{"day": "2009-01-10", "costs": [{"item": "T", "cost": "10"}]}');
\o
SELECT is(trial.closing('STD', 'T') || ', ' || trial.balance('STD', '5050'), '8 80.00, 20.00', 'a standard from an earlier day on, when nothing was on hand, holds for what came since');
-- To the next: 11.00 from 1 February. 9.00 from the 15th of January: 72.00 then, 88.00 in February, so that 16.00 is the new change.
\o /dev/null
SELECT erp.put_standard_costs('STD', 'next', '{"day": "2009-02-01", "costs": [{"item": "T", "cost": "11"}]}');
SELECT erp.put_standard_costs('STD', 'between two', '{"day": "2009-01-15", "costs": [{"item": "T", "cost": "9"}]}');
\o
SELECT is(concat_ws(' ', trial.value_of('STD', 'received'), trial.value_of('STD', 'next'), trial.closing('STD', 'T')), '72.00 16.00 8 88.00', 'until the next standard');

-- The receipt is taken back: what it was worth by then goes, against the variance.
\o /dev/null
SELECT trial.reverse('STD', 'back', 'received', '2009-01-26');
\o
SELECT is(concat_ws(' ', trial.closing('STD', 'T'), trial.balance('STD', '1200'), trial.balance('STD', '5050'), trial.balance('STD', '2150')), '0 0.00 0.00 0.00 0.00', 'what was revalued since it came goes back at that');

-- 3 F that never came become 2 A, of which one is sold: nothing. 10 F come for 20.00: the 3 cost 6.00, so the A do, and that one 3.00.
\o /dev/null
SELECT pg_temp.made('NEG', 'set', '2009-01-18', 'F', 3, 'A', 2);
SELECT trial.sell('NEG', 'sold', '2009-01-19', 'A', 1, 50);
SELECT trial.receive('NEG', 'f', '2009-02-10', 'F', 10, 20);
\o
SELECT is(pg_temp.values_of('NEG', 'set') || ', ' || trial.value_of('NEG', 'sold'), '-6.00 6.00, -3.00', 'what was made of goods below zero costs what covers them');
SELECT is(concat_ws(' ', trial.closing('NEG', 'F'), trial.closing('NEG', 'A')), '7 14.00 1 3.00', 'and what is left of it too');
-- Both at once, in warehouses: FW 1 for 1.00; 3 FW become 1 AW: 1.00 and 2 at 1.00. Then, in one call, 1 AW of an earlier day for 5.00 and 2 FW for 10.00.
\o /dev/null
SELECT trial.receive('NEG', 'fw', '2009-01-05', 'FW', 1, 1);
SELECT pg_temp.made('NEG', 'set w', '2009-01-10', 'FW', 3, 'AW', 1);
SELECT erp.post_documents('NEG', '[{"key": "aw", "kind": "goods_receipt", "day": "2009-01-04", "party": "S1", "lines": [{"item": "AW", "quantity": 1, "amount": 5}]},
	{"key": "fw 2", "kind": "goods_receipt", "day": "2009-01-20", "party": "S1", "lines": [{"item": "FW", "quantity": 2, "amount": 10}]}]');
\o
SELECT is(pg_temp.values_of('NEG', 'set w') || ', ' || trial.closing('NEG', 'AW'), '-11.00 11.00, 2 16.00', 'also where the product is replayed from before');
-- 3 FW for 0.01 come to nothing that is left, and 4.5 go out: 0.01, and 1.5 at a third of 0.01: 0.005, which is 0.01.
\o /dev/null
SELECT trial.receive('NEG', 'cent', '2009-02-01', 'FW', 3, 0.01);
SELECT trial.sell('NEG', 'halves', '2009-02-02', 'FW', 4.5, 50);
\o
SELECT is(trial.value_of('NEG', 'halves'), -0.02, 'what is beyond costs its exact share of what came last');

-- One document takes 2 F at 2.00, of which nothing is booked later, and 3 AW, of which 2 are there for 16.00 and 1 comes later for 7.00.
\o /dev/null
SELECT trial.receive('NEG', 'aw later', '2009-02-20', 'AW', 1, 7);
SELECT erp.post_document('NEG', '{"key": "of both", "kind": "assembly", "day": "2009-02-12", "lines": [{"item": "F", "quantity": 2}, {"item": "AW", "quantity": 3}, {"role": "product", "item": "A", "quantity": 1}]}');
\o
SELECT is(pg_temp.values_of('NEG', 'of both'), '-4.00 -23.00 27.00', 'what is costed at once stays beside what is found in several passes');

-- 5 M for 15.00, 5 more made of F worth 2.00: 4 of 10 worth 17.00 go out for 6.80.
\o /dev/null
SELECT trial.receive('MONTH', 'f', '2009-01-02', 'F', 10, 10);
SELECT trial.receive('MONTH', 'm', '2009-01-03', 'M', 5, 15);
SELECT pg_temp.made('MONTH', 'make m', '2009-01-04', 'F', 2, 'M', 5);
SELECT trial.sell('MONTH', 'sold', '2009-01-05', 'M', 4, 50);
SELECT erp.run_month_cost('MONTH', 'january', '{"period": "2009-01"}');
\o
SELECT is(trial.value_of('MONTH', 'sold') || ', ' || trial.closing('MONTH', 'M'), '-6.80, 6 10.20', 'what is made in a month counts in its average');
-- February: 6 worth 10.20; 3 of them become A, 5.10; 4 come for 9.80, so that 3 of 10 worth 20.00 cost 6.00, and A is worth that; one of 2 was sold.
\o /dev/null
SELECT pg_temp.made('MONTH', 'make a', '2009-02-05', 'M', 3, 'A', 2);
SELECT trial.sell('MONTH', 'a sold', '2009-02-06', 'A', 1, 50);
SELECT trial.receive('MONTH', 'm 2', '2009-02-20', 'M', 4, 9.80);
\o
SELECT is(pg_temp.values_of('MONTH', 'make a'), '-5.10 5.10', 'provisionally');
\o /dev/null
SELECT erp.run_month_cost('MONTH', 'february', '{"period": "2009-02"}');
\o
SELECT is(concat_ws(' ', pg_temp.values_of('MONTH', 'make a'), trial.value_of('MONTH', 'a sold'), trial.closing('MONTH', 'A')), '-6.00 6.00 -3.00 1 3.00', 'what a month''s goods became costs what they cost by its run');
-- 2 F for 2.40 turn up that came before: the M were made of them: January 17.40, 4 for 6.96; February 10.44 and 9.80: 3 of 10 cost 6.07.
\o /dev/null
SELECT erp.post_document('MONTH', '{"key": "f more", "kind": "goods_receipt", "day": "2009-01-01", "party": "S1", "lines": [{"item": "F", "quantity": 2, "amount": 2.40}]}');
\o
SELECT is(concat_ws(' ', pg_temp.values_of('MONTH', 'make m'), trial.value_of('MONTH', 'sold'), pg_temp.values_of('MONTH', 'make a'), trial.closing('MONTH', 'A')), '-2.40 2.40 -6.96 -6.07 6.07 1 3.03',
	'and what is learned of January goes through both months');
-- January: 10 for 100.00, 4 sold: 40.00. Nothing in February. March: 4 more for 80.00: 5 of 10 worth 140.00 go out for 70.00.
-- Then 6 for 24.00 of 5 February are found, 3 that were sold on the 10th, 3 for 51.00 of the 20th. February was not run: 3 of 12 worth 84.00: 21.00,
-- and leaves 12 worth 114.00 to March: 5 of 16 worth 194.00: 60.63, 11 worth 133.37 stay.
\o /dev/null
SELECT trial.receive('MISSED', 'jan', '2009-01-05', 'M', 10, 100);
SELECT trial.sell('MISSED', 'jan sold', '2009-01-10', 'M', 4, 50);
SELECT erp.run_month_cost('MISSED', 'january', '{"period": "2009-01"}');
SELECT trial.receive('MISSED', 'mar', '2009-03-05', 'M', 4, 80);
SELECT trial.sell('MISSED', 'mar sold', '2009-03-10', 'M', 5, 50);
SELECT erp.run_month_cost('MISSED', 'march', '{"period": "2009-03"}');
SELECT trial.receive('MISSED', 'feb', '2009-02-05', 'M', 6, 24);
SELECT trial.sell('MISSED', 'feb sold', '2009-02-10', 'M', 3, 50);
SELECT trial.receive('MISSED', 'feb more', '2009-02-20', 'M', 3, 51);
CREATE FUNCTION pg_temp.missed() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', trial.value_of('MISSED', 'jan sold'), trial.value_of('MISSED', 'feb sold'), trial.value_of('MISSED', 'mar sold'), trial.closing('MISSED', 'M'), trial.balance('MISSED', '1200'))
$$;
\o
SELECT is(pg_temp.missed(), '-40.00 -21.00 -60.63 11 133.37 133.37', 'what is found of a month that was never run stands by itself, whatever was run behind it');
SELECT results_eq($$SELECT document_key, quantity, amount, settled_by, period FROM erp.provisional_costs WHERE company = 'MISSED'$$,
	$$VALUES ('feb sold', -3::numeric, -21.00, 'month_cost', '2009-02')$$, 'and is provisional until that month is run');
SELECT is(trial.refused($$SELECT erp.run_month_cost('MISSED', 'april', '{"period": "2009-04"}')$$)
	|| trial.refused($$SELECT erp.change_costing_method('MISSED', 'early', '{"day": "2009-06-01", "method": "fifo", "items": [{"item": "M"}]}')$$), 'LE186LE186', 'no later one is run, nor the method changed, before it');
-- February: 15 worth 135.00: 3 -> 27.00, 12 worth 108.00 stay. March: 5 of 16 worth 188.00: 58.75, 11 worth 129.25 stay.
\o /dev/null
SELECT erp.run_month_cost('MISSED', 'february', '{"period": "2009-02"}');
\o
SELECT is(pg_temp.missed(), '-40.00 -27.00 -58.75 11 129.25 129.25', 'its run comes after that of a later one, and goes through it');
SELECT is_empty($$SELECT * FROM erp.provisional_costs WHERE company = 'MISSED'$$, 'then nothing is provisional');
-- By FIFO from June on. In April 1 was sold: 129.25 / 11 = 11.75; and 1 came for 23.75: of 12 worth 153.00 one costs 12.75, 11 worth 140.25 stay.
\o /dev/null
SELECT erp.put_posting_rules('MISSED', 'change rules', '[{"kind": "costing_change", "line_role": "costing_method", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "costing_change", "line_role": "costing_method", "amount_role": "cost", "side": "debit", "account": "5000"}]');
SELECT erp.change_costing_method('MISSED', 'fifo', '{"day": "2009-06-01", "method": "fifo", "items": [{"item": "M"}]}');
SELECT trial.sell('MISSED', 'apr sold', '2009-04-10', 'M', 1, 50);
SELECT trial.receive('MISSED', 'apr', '2009-04-20', 'M', 1, 23.75);
\o
SELECT is((SELECT string_agg(concat_ws(' ', document_key, amount, period), ', ') FROM erp.provisional_costs WHERE company = 'MISSED') || ', ' || trial.closing('MISSED', 'M'), 'apr sold -11.75 2009-04, 11 141.25',
	'so it is with a month before the method changed');
\o /dev/null
SELECT erp.run_month_cost('MISSED', 'april', '{"period": "2009-04"}');
\o
SELECT is(trial.value_of('MISSED', 'apr sold') || ' ' || pg_temp.missed(), '-12.75 -40.00 -27.00 -58.75 11 140.25 140.25', 'which is run all the same');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
