\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Products by standard cost that are taken back leave nothing in work in progress, whatever they and what they were made of are worth by then; worked out by hand.
SELECT plan(13);
\o /dev/null
SELECT trial.make_company('MADE');
SELECT erp.put_accounts('MADE', 'more accounts', '[
	{"code": "5050", "name": "Price variance", "class": "expense", "side": "debit"},
	{"code": "5055", "name": "Revaluation variance", "class": "expense", "side": "debit"},
	{"code": "5060", "name": "Usage variance", "class": "expense", "side": "debit"}]');
SELECT erp.put_posting_rules('MADE', 'more rules', (SELECT json_agg(json_build_object('kind', kind, 'line_role', line_role, 'amount_role', amount_role, 'side', side, 'account', account))
	FROM (VALUES ('goods_receipt', 'receipt', 'price_variance', 'debit', '5050'), ('assembly', 'product', 'usage_variance', 'debit', '5060'), ('assembly', 'product', 'usage', 'credit', '1250'),
		('standard_revaluation', 'standard_cost', 'inventory', 'debit', '1200'), ('standard_revaluation', 'standard_cost', 'cost', 'debit', '5055'), ('standard_revaluation', 'standard_cost', 'price_variance', 'debit', '5055'),
		('costing_change', 'costing_method', 'inventory', 'debit', '1200'), ('costing_change', 'costing_method', 'cost', 'debit', '5055')
	) r (kind, line_role, amount_role, side, account)));
SELECT erp.put_items('MADE', 'more items', '[
	{"code": "C", "name": "Component", "kind": "stock", "method": "fifo"},
	{"code": "P", "name": "Product", "kind": "stock", "method": "standard"},
	{"code": "R", "name": "Product by thirds", "kind": "stock", "method": "standard"},
	{"code": "Q", "name": "Product that changes its method", "kind": "stock", "method": "fifo"}]');
SELECT erp.put_standard_costs('MADE', 'first', '{"day": "2009-01-01", "costs": [{"item": "P", "cost": 2}, {"item": "R", "cost": "0.33333333"}]}');
-- One component makes one product.
CREATE FUNCTION pg_temp.make(p_key text, p_day date, p_product text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('MADE', json_build_object('key', p_key, 'kind', 'assembly', 'day', p_day,
		'lines', json_build_array(json_build_object('item', 'C', 'quantity', 1), json_build_object('role', 'product', 'item', p_product, 'quantity', 1))))
$$;
-- Work in progress, usage variance and revaluation variance, as they have changed since they were asked for last.
CREATE TABLE pg_temp.before AS SELECT a.code, 0.00 AS balance FROM unnest('{1250,5060,5055}'::text[]) a (code);
CREATE FUNCTION pg_temp.since() RETURNS text LANGUAGE sql AS $$
	WITH asked AS (UPDATE pg_temp.before b SET balance = trial.balance('MADE', b.code) FROM pg_temp.before o WHERE o.code = b.code RETURNING b.code, b.balance - o.balance AS change)
	SELECT string_agg(change::text, ' ' ORDER BY array_position('{1250,5060,5055}', code)) FROM asked
$$;
-- What a move of a document is worth, by line.
CREATE FUNCTION pg_temp.lines(p_key text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg((SELECT sum(e.amount)::numeric(9,2) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id)::text, ' ' ORDER BY m.line_no)
	FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.stock_move m USING (company_id, document_id) WHERE c.code = 'MADE' AND d.key = p_key
$$;
-- A component for 3.00 makes a product at 2.00.
SELECT trial.receive('MADE', 'C1', '2009-01-05', 'C', 10, 30);
SELECT pg_temp.make('P1', '2009-01-10', 'P');
\o
SELECT is(pg_temp.lines('P1') || ', ' || pg_temp.since(), '-3.00 2.00, 0.00 1.00 0.00', 'what was used beyond the standard is a usage variance');
-- At 3.50 from February, it goes back at that: its usage of 1.00 with it, and the 1.50 of its revaluation.
\o /dev/null
SELECT erp.put_standard_costs('MADE', 'p second', '{"day": "2009-02-01", "costs": [{"item": "P", "cost": "3.5"}]}');
\o
SELECT is(pg_temp.since(), '0.00 0.00 -1.50', 'a new standard revalues it');
\o /dev/null
SELECT trial.reverse('MADE', 'not P1', 'P1', '2009-02-10');
\o
SELECT is(pg_temp.lines('not P1') || ', ' || pg_temp.since(), '3.00 -3.50, 0.00 -1.00 1.50', 'taken back, its revaluation goes with it and nothing stays in work');
SELECT is(trial.closing('MADE', 'P') || ', ' || trial.balance('MADE', '5060') || ' ' || trial.balance('MADE', '5055'), '0 0.00, 0.00 0.00', 'as if it had never been made');

-- One third is 0.33, two are 0.67: made as the second, it comes in at 0.34 and uses 2.66 more; out of three, worth 1.00, it goes at 0.33.
\o /dev/null
SELECT trial.receive('MADE', 'R1', '2009-01-05', 'R', 1, 0.33);
SELECT pg_temp.make('R2', '2009-01-11', 'R');
SELECT trial.receive('MADE', 'R3', '2009-01-12', 'R', 1, 0.33);
SELECT pg_temp.since();
SELECT trial.reverse('MADE', 'not R2', 'R2', '2009-01-13');
\o
SELECT is(pg_temp.lines('R2') || ', ' || pg_temp.lines('not R2') || ', ' || pg_temp.since(), '-3.00 0.34, 3.00 -0.33, 0.00 -2.66 -0.01', 'the cent by which it goes otherwise than it came is a variance');
-- One was sold before: then it goes out of two, worth 0.67, at 0.34.
\o /dev/null
SELECT trial.sell('MADE', 'R4', '2009-01-12', 'R', 1, 5);
\o
SELECT is(pg_temp.lines('R2') || ', ' || pg_temp.lines('not R2') || ', ' || pg_temp.since(), '-3.00 0.34, 3.00 -0.34, 0.00 0.01 0.00', 'and so is what a replay finds of it');
-- At 0.40 from before: it came and went at that.
\o /dev/null
SELECT erp.put_standard_costs('MADE', 'r before', '{"day": "2009-01-02", "costs": [{"item": "R", "cost": "0.4"}]}');
\o
SELECT is(pg_temp.lines('R2') || ', ' || pg_temp.lines('not R2') || ', ' || pg_temp.since(), '-3.00 0.40, 3.00 -0.40, 0.00 0.00 0.00', 'a standard from before is found of the product and of its reversal');
SELECT is(trial.balance('MADE', '1250', '2009-01-11') || ' ' || trial.balance('MADE', '5060', '2009-01-11') || ', ' || trial.balance('MADE', '1250', '2009-01-13') || ' ' || trial.balance('MADE', '5060', '2009-01-13'),
	'0.00 2.60, 0.00 -2.59', 'on neither day it stays in work');

-- By FIFO it is worth the 3.00 that it used, by standard cost from February on 5.00, at which it goes back, with the 2.00 of the change.
\o /dev/null
SELECT pg_temp.make('Q1', '2009-01-14', 'Q');
SELECT erp.change_costing_method('MADE', 'q changes', '{"day": "2009-02-01", "method": "standard", "items": [{"item": "Q", "cost": 5}]}');
SELECT trial.reverse('MADE', 'not Q1', 'Q1', '2009-02-05');
\o
SELECT is(pg_temp.lines('Q1') || ', ' || pg_temp.lines('not Q1') || ', ' || pg_temp.since(), '-3.00 3.00, 3.00 -5.00, 0.00 0.00 0.00', 'what a change of method has made of it goes with it');
-- Ten components for 10.00 turn up before: it used 1.00, the change made it 4.00 more, and its component comes back at 1.00.
\o /dev/null
SELECT trial.receive('MADE', 'C0', '2009-01-02', 'C', 10, 10);
\o
SELECT is(pg_temp.lines('Q1') || ', ' || pg_temp.lines('not Q1') || ', ' || pg_temp.since(), '-1.00 1.00, 1.00 -5.00, 0.00 2.00 -2.00', 'what is learned later of what it was made of is no work either');
SELECT is(trial.balance('MADE', '1250'), 0.00, 'nothing is in work');
SELECT is((SELECT sum(value)::numeric(19,2) FROM erp_private.cost_pool p JOIN erp.company c USING (company_id) WHERE c.code = 'MADE'), trial.balance('MADE', '1200'), 'stock is what the ledger has');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole in the end');
SELECT * FROM finish();
ROLLBACK;
