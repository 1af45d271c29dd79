\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Stock below zero, where the company allows it: provisional until the receipts come that cover it.
SELECT plan(19);
\o /dev/null
SELECT trial.make_company(c) FROM unnest('{NEG,NOT}'::text[]) c;
SELECT erp.put_company('NEG', 'negative', '{"negative_stock": true}');
SELECT erp.put_accounts('NEG', 'variance', '[{"code": "5050", "name": "Price variance", "class": "expense", "side": "debit"}]');
SELECT erp.put_posting_rules('NEG', 'variance rules', '[{"kind": "goods_receipt", "line_role": "receipt", "amount_role": "price_variance", "side": "debit", "account": "5050"}]');
SELECT erp.put_items('NEG', 'more items', '[{"code": "T", "name": "Standard", "kind": "stock", "method": "standard"}, {"code": "M", "name": "Monthly", "kind": "stock", "method": "monthly_average"},
	{"code": "N", "name": "Never received", "kind": "stock", "method": "fifo"}, {"code": "O", "name": "Both at once", "kind": "stock", "method": "fifo"}]');
\o
CREATE FUNCTION pg_temp.both(p_step integer, p_quantity numeric, p_amount numeric) RETURNS void LANGUAGE sql AS $$
	SELECT CASE WHEN p_quantity > 0 THEN trial.receive('NEG', i || p_step, '2009-01-01'::date + p_step, i, p_quantity, p_amount)
		ELSE trial.sell('NEG', i || p_step, '2009-01-01'::date + p_step, i, -p_quantity, 50) END
	FROM unnest('{F,A}'::text[]) i
$$;
SELECT is(trial.refused($$SELECT trial.sell('NOT', 's', '2009-01-05', 'F', 1, 50)$$), 'LE050', 'more than there is is refused, where the company does not say otherwise');

-- 5 @ 10.00; 8 sold: 5 cost 50.00, 3 more at what was last paid, 30.00. 10 @ 12.00: 3 of them cover those, 36.00; 7 worth 84.00 are left.
\o /dev/null
SELECT pg_temp.both(n, q, a) FROM (VALUES (1, 5, 50.00), (2, -8, 0)) s (n, q, a);
\o
SELECT is(trial.value_of('NEG', 'F2') || ', ' || trial.closing('NEG', 'F'), '-80.00, -3 -30.00', 'FIFO: what is beyond costs what was last paid');
SELECT is(trial.value_of('NEG', 'A2') || ', ' || trial.closing('NEG', 'A'), '-80.00, -3 -30.00', 'average: the same');
SELECT is(trial.balance('NEG', '1200'), -60.00, 'and the ledger is as far below zero');
SELECT results_eq($$SELECT document_key, quantity, amount, settled_by FROM erp.provisional_costs WHERE company = 'NEG' ORDER BY document_key$$,
	$$VALUES ('A2', -3::numeric, -80.00, 'receipt'), ('F2', -3, -80.00, 'receipt')$$, 'it is labelled provisional');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole while stock is below zero');
\o /dev/null
SELECT pg_temp.both(3, 10, 120);
\o
SELECT is(trial.value_of('NEG', 'F2') || ', ' || trial.closing('NEG', 'F'), '-86.00, 7 84.00', 'FIFO: the receipt that covers it settles it');
SELECT is(trial.value_of('NEG', 'A2') || ', ' || trial.closing('NEG', 'A'), '-86.00, 7 84.00', 'average: the same');
SELECT is(trial.balance('NEG', '1200') || ' ' || trial.balance('NEG', '5000', '2009-01-04'), '168.00 12.00', 'in the ledger on the day of the receipt');
SELECT results_eq($$SELECT e.cause, e.quantity, e.amount, e.source_document_key FROM erp.cost_explanation e WHERE e.company = 'NEG' AND e.document_key = 'F2' ORDER BY e.entry_no$$,
	$$VALUES ('issue', -5::numeric, -50.00, 'F1'), ('issue', -3, -30.00, NULL), ('replay', 3, 30.00, NULL), ('replay', -3, -36.00, 'F3')$$, 'the cost leads to the receipt');
SELECT is_empty($$SELECT * FROM erp.provisional_costs WHERE company = 'NEG'$$, 'nothing is provisional any more');

-- 3 @ 11.00 turn up on the day before the sale: 5 for 50.00 and 3 for 33.00; all of the 10 @ 12.00 are left. By average 8 for 83.00.
\o /dev/null
SELECT trial.receive('NEG', i || ' found', '2009-01-02', i, 3, 33) FROM unnest('{F,A}'::text[]) i;
\o
SELECT is(concat_ws(' ', trial.value_of('NEG', 'F2'), trial.closing('NEG', 'F'), trial.value_of('NEG', 'A2'), trial.closing('NEG', 'A')), '-83.00 10 120.00 -83.00 10 120.00',
	'a receipt of an earlier day takes the place of the one that covered it');
\o /dev/null
SELECT pg_temp.both(5, -10, 0);
\o
SELECT is(trial.closing('NEG', 'F') || ' ' || trial.closing('NEG', 'A'), '0 0.00 0 0.00', 'nothing is worth nothing');

-- Never received: it costs nothing until 1 @ 7.00 and 3 @ 9.00 come for the 2: 16.00.
\o /dev/null
SELECT trial.sell('NEG', 'N1', '2009-01-05', 'N', 2, 50);
SELECT trial.receive('NEG', 'N2', '2009-01-06', 'N', 1, 7);
\o
SELECT is(trial.value_of('NEG', 'N1') || ', ' || trial.closing('NEG', 'N'), '-7.00, -1 0.00', 'what never came costs nothing until it comes');
\o /dev/null
SELECT trial.receive('NEG', 'N3', '2009-01-07', 'N', 3, 27);
\o
SELECT is(trial.value_of('NEG', 'N1') || ', ' || trial.closing('NEG', 'N'), '-16.00, 2 18.00', 'each receipt settles what it covers');

-- Late and in one call, before 1 @ 5.00: 2 sold of none, then 3 @ 4.00, which cover them at 8.00; what came is worth all of its 12.00.
\o /dev/null
SELECT trial.receive('NEG', 'O3', '2009-02-01', 'O', 1, 5);
SELECT erp.post_documents('NEG', '[{"key": "O1", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": [{"item": "O", "quantity": 2, "price": 50}]},
	{"key": "O2", "kind": "goods_receipt", "day": "2009-01-06", "party": "S1", "lines": [{"item": "O", "quantity": 3, "amount": "12.00"}]}]');
\o
SELECT is(concat_ws(', ', trial.value_of('NEG', 'O1'), trial.value_of('NEG', 'O2'), trial.closing('NEG', 'O')), '-8.00, 12.00, 2 9.00', 'what settles an issue of its own call keeps entries of its own');

-- By standard cost there is nothing to settle: 2 sold of none at 12.00, 5 bought for 60.00.
\o /dev/null
SELECT erp.put_standard_costs('NEG', 'standard', '{"day": "2009-01-01", "costs": [{"item": "T", "cost": "12"}]}');
SELECT trial.sell('NEG', 'T1', '2009-01-05', 'T', 2, 50);
SELECT trial.receive('NEG', 'T2', '2009-01-06', 'T', 5, 60);
\o
SELECT is(trial.value_of('NEG', 'T1') || ', ' || trial.closing('NEG', 'T'), '-24.00, 3 36.00', 'an issue at standard is final');
SELECT is(trial.refused($$SELECT trial.sell('NEG', 'M1', '2009-01-05', 'M', 1, 50)$$), 'LE050', 'an item by monthly average does not go below zero');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
