\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Reversal: of each kind, exactly, once; and not where the goods have moved on.
SELECT plan(32);
\o /dev/null
SELECT trial.make_company('REV');
SELECT trial.receive('REV', 'base F', '2009-01-05', 'F', 10, 33.33);
SELECT trial.receive('REV', 'base A', '2009-01-05', 'A', 10, 33.33);
CREATE TEMP TABLE before AS SELECT a.code, trial.balance('REV', a.code) AS balance FROM erp.account a JOIN erp.company c USING (company_id) WHERE c.code = 'REV';
-- One of each kind.
SELECT erp.post_documents('REV', '[
	{"key": "goods_receipt", "kind": "goods_receipt", "day": "2009-01-10", "party": "S1", "lines": [{"item": "F", "quantity": 3, "price": 1.115}]},
	{"key": "sales_invoice", "kind": "sales_invoice", "day": "2009-01-10", "party": "C1", "tax_code": "VAT", "lines": [
		{"item": "F", "quantity": 3, "price": 2.5}, {"item": "A", "quantity": 2.5, "price": 2.5}, {"item": "SV", "quantity": 1, "price": 9.99}, {"role": "allowance", "amount": -1}]},
	{"key": "credit_note", "kind": "credit_note", "day": "2009-01-11", "party": "C1", "tax_code": "VAT", "lines": [
		{"item": "A", "quantity": 1, "price": 2.5, "origin": {"key": "sales_invoice", "line": 2}}]},
	{"key": "stock_gain", "kind": "stock_gain", "day": "2009-01-11", "lines": [{"item": "A", "quantity": 1, "cost": 5}]},
	{"key": "stock_loss", "kind": "stock_loss", "day": "2009-01-11", "lines": [{"item": "F", "quantity": 2}]},
	{"key": "free_issue", "kind": "free_issue", "day": "2009-01-11", "lines": [{"item": "A", "quantity": 2}]},
	{"key": "bad_debt", "kind": "bad_debt", "day": "2009-01-11", "party": "C1", "lines": [{"amount": 4.44}]},
	{"key": "manual_voucher", "kind": "manual_voucher", "day": "2009-01-11", "lines": [
		{"account": "6000", "side": "debit", "amount": 12.5}, {"account": "1000", "side": "credit", "amount": 12.5}]}]');
CREATE FUNCTION pg_temp.undo(p_key text) RETURNS text LANGUAGE sql AS $$ SELECT trial.reverse('REV', 'undo ' || p_key, p_key, '2009-01-20') ->> 'document_id' $$;
\o
-- Worked out: F has 10 worth 33.33 and 3 worth round(3 x 1.115) = 3.35 (3.345). The sale takes round(33.33 x 3 / 10) = 10.00,
-- the loss round(23.33 x 2 / 7) = 6.67 (6.6657). A: sale of 2.5 round(33.33 / 4) = 8.33, its return of 1: round(8.33 / 2.5) = 3.33.
SELECT is(trial.value_of('REV', 'stock_loss'), -6.67, 'the loss at FIFO cost');
SELECT is(trial.value_of('REV', 'credit_note'), 3.33, 'the return at its origin''s cost');
SELECT is(trial.balance('REV', '2200'), round((-7.5 - 6.25 - 9.99 + 1) * 0.15, 2) + round(2.5 * 0.15, 2), 'VAT of invoice and credit note, each rounded once');
-- The newest first, so that what was taken from the pool comes back before what it is worth is asked for.
SELECT lives_ok(format('SELECT pg_temp.undo(%L)', k), 'reversal of ' || k)
FROM unnest('{manual_voucher,bad_debt,free_issue,stock_loss,stock_gain,credit_note,sales_invoice,goods_receipt}'::text[]) k;
SELECT is_empty($$SELECT code, balance, trial.balance('REV', code) FROM before WHERE balance <> trial.balance('REV', code)$$, 'every account is where it was');
SELECT is(trial.closing('REV', 'F'), '10 33.33', 'F is worth what it was');
SELECT is(trial.closing('REV', 'A'), '10 33.33', 'A is worth what it was');
SELECT is((SELECT sum(amount) FROM erp.open_item o JOIN erp.account a USING (company_id, account_id) WHERE a.code = '1100' AND o.company_id = (SELECT company_id FROM erp.company WHERE code = 'REV')), 0.0000, 'nobody owes anything');
SELECT results_eq($$SELECT quantity, amount FROM erp.document_line l JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'undo goods_receipt'$$,
	$$VALUES (-3.000000, -3.3500)$$, 'the lines of a reversal are those of the document, negated');
SELECT is((SELECT r.key FROM erp.document d JOIN erp.document r ON r.company_id = d.company_id AND r.document_id = d.reverses_document_id WHERE d.key = 'undo bad_debt'), 'bad_debt', 'a reversal names what it reverses');

SELECT throws_ok($$SELECT trial.reverse('REV', 'again', 'bad_debt', '2009-01-20')$$, 'LE052', NULL, 'nothing is reversed twice');
SELECT throws_ok($$SELECT trial.reverse('REV', 'again', 'undo bad_debt', '2009-01-20')$$, 'LE052', NULL, 'a reversal is not reversed');
SELECT throws_ok($$SELECT trial.reverse('REV', 'again', 'items', '2009-01-20')$$, 'LE052', NULL, 'a call that is no posting is not reversed');
SELECT throws_ok($$SELECT trial.reverse('REV', 'again', 'nobody', '2009-01-20')$$, 'LE012', NULL, 'what is not there is not reversed');
SELECT is(pg_temp.undo('bad_debt'), (SELECT document_id::text FROM erp.document WHERE key = 'undo bad_debt'), 'the same reversal again is the first one');

-- FIFO: a layer that was touched, even by one unit on a later day, cannot be taken back.
\o /dev/null
SELECT trial.receive('REV', 'new FW', '2009-02-01', 'FW', 5, 10);
SELECT trial.receive('REV', 'young FW', '2009-02-03', 'FW', 5, 20, '{"time": "10:00:00"}');
SELECT trial.sell('REV', 'sell FW', '2009-02-03', 'FW', 1, 10);
\o
SELECT throws_ok($$SELECT trial.reverse('REV', 'undo FW', 'new FW', '2009-02-05')$$, 'LE052', NULL, 'FIFO: the layer is not whole');
SELECT throws_ok($$SELECT trial.reverse('REV', 'undo FW', 'new FW', '2009-02-02')$$, NULL, NULL, 'FIFO: nor on a day when it was whole: the sale would have nothing');
\o /dev/null
SELECT trial.reverse('REV', 'undo sell FW', 'sell FW', '2009-02-04');
\o
SELECT throws_ok($$SELECT trial.reverse('REV', 'undo FW', 'new FW', '2009-02-05')$$, 'LE052', NULL, 'FIFO: what came back is another layer');
-- A younger layer may go although the older one was touched.
\o /dev/null
SELECT trial.reverse('REV', 'undo young FW', 'young FW', '2009-02-06');
\o
SELECT is(trial.closing('REV', 'FW'), '5 10.00', 'FIFO: the youngest layer was taken whole');

-- Average: 1 worth 1.00 and 1 worth 9.00; one is sold for 5.00; taking back the 9.00 would leave 0 units worth -4.00.
\o /dev/null
SELECT trial.receive('REV', 'cheap AW', '2009-02-01', 'AW', 1, 1);
SELECT trial.receive('REV', 'dear AW', '2009-02-01', 'AW', 1, 9);
SELECT trial.sell('REV', 'sell AW', '2009-02-03', 'AW', 1, 10);
\o
SELECT throws_ok($$SELECT trial.reverse('REV', 'undo dear', 'dear AW', '2009-02-05')$$, 'LE052', NULL, 'average: the pool has not that value');
SELECT throws_ok($$SELECT trial.reverse('REV', 'undo cheap', 'cheap AW', '2009-02-05')$$, 'LE052', NULL, 'average: nothing left may not be worth 4.00');
\o /dev/null
SELECT trial.receive('REV', 'more AW', '2009-02-04', 'AW', 1, 5);
SELECT trial.reverse('REV', 'undo dear', 'dear AW', '2009-02-05');
\o
-- 1 worth 5 (of the mixed pool) + 1 worth 5 - 1 worth 9 = 1 worth 1.
SELECT is(trial.closing('REV', 'AW'), '1 1.00', 'average: taken at its own value');

-- An issue comes back at its cost as now known: 4 @ 2 sold for 8.00; a backdated receipt of 4 @ 1 makes that 4.00.
\o /dev/null
SELECT trial.receive('REV', 'f4', '2009-03-05', 'F', 4, 8);
SELECT trial.sell('REV', 'all F', '2009-03-06', 'F', 14, 1);
SELECT trial.receive('REV', 'f0', '2009-01-01', 'F', 4, 4);
\o
-- all F: 33.33 + 8.00 = 41.33 before; now 4.00 + 33.33 = 37.33, the 4 @ 2 are left.
SELECT is(trial.value_of('REV', 'all F'), -37.33, 'the issue costs less now');
\o /dev/null
SELECT trial.reverse('REV', 'undo all F', 'all F', '2009-03-10');
\o
SELECT is(trial.value_of('REV', 'undo all F') || ', ' || trial.closing('REV', 'F'), '37.33, 18 45.33', 'and comes back at that');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
