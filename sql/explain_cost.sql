\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What a document would change, and what a cost is made of.
SELECT plan(26);
\o /dev/null
SELECT trial.make_company('WHY');
SELECT erp.put_accounts('WHY', 'more accounts', '[{"code": "2000", "name": "Payables", "class": "liability", "side": "credit", "control": "payable"}]');
SELECT erp.put_posting_rules('WHY', 'more rules', '[
	{"kind": "landed_cost", "line_role": "landed", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "landed_cost", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2000"},
	{"kind": "supplier_bill", "line_role": "billed", "amount_role": "amount", "side": "debit", "account": "2150"},
	{"kind": "supplier_bill", "line_role": "billed", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "supplier_bill", "line_role": "billed", "amount_role": "cost", "side": "credit", "account": "2150"},
	{"kind": "supplier_bill", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2000"}]');
-- 10 F for 100.00, 5 for 100.00; 12 sold: 100.00 + 2/5 x 100.00 = 140.00.
SELECT trial.receive('WHY', 'r1', '2009-01-01', 'F', 10, 100), trial.receive('WHY', 'r2', '2009-01-02', 'F', 5, 100), trial.sell('WHY', 's1', '2009-01-05', 'F', 12, 30);
\o

-- Freight of 30.00 on both by quantity, 20.00 and 10.00: the sale would cost 120.00 + 2/5 x 110.00 = 164.00, 24.00 more; stock 60.00 + 6.00.
CREATE TEMP TABLE shown AS SELECT erp.preview('WHY', '{"key": "l1", "kind": "landed_cost", "day": "2009-01-10", "party": "S1", "lines": [{"amount": 30, "receipts": [{"key": "r1"}, {"key": "r2"}]}]}') AS p;
SELECT is((SELECT p #> '{items}' FROM shown), '[{"item": "F", "quantity_before": 3.000000, "quantity_after": 3.000000, "value_before": 60.0000, "value_after": 66.0000,
	"changes": [{"cause": "landed", "amount": 30.0000}, {"cause": "replay", "amount": -24.0000}],
	"recosted": [{"document": "s1", "line": 1, "day": "2009-01-05", "amount": -24.0000}]}]'::jsonb, 'a preview says what is re-costed, item by item');
SELECT is((SELECT p #> '{accounts}' FROM shown), '[{"account": "1200", "balance_before": 60.00, "change": 6.0000, "balance_after": 66.00}, {"account": "2000", "balance_before": 0.00, "change": -30.0000, "balance_after": -30.00},
	{"account": "5000", "balance_before": 140.00, "change": 24.0000, "balance_after": 164.00}]'::jsonb, 'and account by account');
SELECT is((SELECT jsonb_path_query_array(p, '$.documents[*].kind') FROM shown), '["landed_cost", "cost_adjustment"]'::jsonb, 'with the documents that would come to be');
SELECT is((SELECT p -> 'places' FROM shown), 'null'::jsonb, 'no place holds more or less');
SELECT is(trial.value_of('WHY', 's1') || ', ' || trial.closing('WHY', 'F') || ', ' || (SELECT count(*) FROM erp.document WHERE key = 'l1'), '-140.00, 3 60.00, 0', 'nothing of it was written');
DROP TABLE shown;
-- A backdated receipt, previewed: 4 for 20.00 on the 1st, behind r1: 12 take 10 of r1 (100.00) and 2 of it (10.00).
CREATE TEMP TABLE shown AS SELECT erp.preview('WHY', '{"key": "r0", "kind": "goods_receipt", "day": "2009-01-01", "party": "S1", "lines": [{"item": "F", "quantity": 4, "amount": 20}]}') AS p;
SELECT is((SELECT p #> '{places}' FROM shown), '[{"item": "F", "warehouse": "MAIN", "location": null, "lot": null, "state": "available", "owner": null, "on_hand_before": 3.000000, "on_hand_after": 7.000000}]'::jsonb, 'what is where');
SELECT is((SELECT p #>> '{items,0,recosted,0,amount}' FROM shown), '30.0000', 'a sale that would cost 30.00 less');

-- For good: the freight, and a bill of r2 at 24.00 a unit: 20.00 more, 130.00 in all.
\o /dev/null
SELECT erp.post_document('WHY', '{"key": "l1", "kind": "landed_cost", "day": "2009-01-10", "party": "S1", "lines": [{"amount": 30, "receipts": [{"key": "r1"}, {"key": "r2"}]}]}');
SELECT erp.post_document('WHY', '{"key": "b2", "kind": "supplier_bill", "day": "2009-01-12", "party": "S1", "lines": [{"item": "F", "quantity": 5, "price": 24, "origin": {"key": "r2", "line": 1}}]}');
SELECT erp.post_document('WHY', '{"key": "cn", "kind": "credit_note", "day": "2009-01-15", "party": "C1", "lines": [{"item": "F", "quantity": 3, "price": 30, "origin": {"key": "s1", "line": 1}}]}');
\o
-- The sale: 10 of r1 for 120.00 and 2 of r2 for 2/5 x 130.00 = 52.00: of its 100.00, 10.00 and 20.00 by largest remainder 40.00, 4.00 and 8.00.
SELECT results_eq($$SELECT depth, path, document_key, cause, quantity, amount, proportional FROM erp.explain_cost('WHY', 's1', 1)$$,
	$$VALUES (0, '{}'::integer[], 's1', NULL, 12.000000, 172.00, false), (1, '{1}', 'r1', NULL, 10.000000, 120.00, false), (2, '{1,1}', 'r1', 'receipt', NULL, 100.00, false), (2, '{1,2}', 'l1', 'landed', NULL, 20.00, false),
	(1, '{2}', 'r2', NULL, 2.000000, 52.00, false), (2, '{2,1}', 'r2', 'receipt', NULL, 40.00, true), (2, '{2,2}', 'l1', 'landed', NULL, 4.00, true), (2, '{2,3}', 'b2', 'bill', NULL, 8.00, true)$$,
	'a cost of sales leads to receipts, freight and bill');
-- The return: 3 of 12 at 172.00: 43.00, of which 30.00 of r1 (25.00 and 5.00) and 13.00 of r2 (10.00, 1.00 and 2.00).
SELECT results_eq($$SELECT depth, document_key, amount FROM erp.explain_cost('WHY', 'cn', 1)$$,
	$$VALUES (0, 'cn', 43.00), (1, 's1', 43.00), (2, 'r1', 30.00), (3, 'r1', 25.00), (3, 'l1', 5.00), (2, 'r2', 13.00), (3, 'r2', 10.00), (3, 'l1', 1.00), (3, 'b2', 2.00)$$, 'a return leads through its sale');
-- Average: 10 for 100.00 and 5 for 125.00, 3 sold: 45.00, in proportion to 100 : 125: 20.00 and 25.00.
\o /dev/null
SELECT trial.receive('WHY', 'a1', '2009-01-01', 'A', 10, 100), trial.receive('WHY', 'a2', '2009-01-02', 'A', 5, 125), trial.sell('WHY', 'as', '2009-01-05', 'A', 3, 30);
\o
SELECT results_eq($$SELECT depth, document_key, cause, quantity, amount, proportional FROM erp.explain_cost('WHY', 'as', 1)$$,
	$$VALUES (0, 'as', NULL, 3.000000, 45.00, false), (1, 'a1', NULL, 2.000000, 20.00, true), (2, 'a1', 'receipt', NULL, 20.00, true), (1, 'a2', NULL, 1.000000, 25.00, true), (2, 'a2', 'receipt', NULL, 25.00, true)$$,
	'of a pool, in proportion to what came into it');
SELECT is_empty($$SELECT * FROM erp.explain_cost('WHY', 'nobody', 1)$$, 'nothing of an unknown document');
-- Ten deep: sold and returned five times, the last sale draws on the last return and so on to the receipt; at each depth the parts are the whole.
\o /dev/null
SELECT trial.receive('WHY', 'd0', '2009-03-01', 'FW', 3, 10);
SELECT trial.sell('WHY', 'd' || 2 * n + 1, '2009-03-02'::date + 2 * n, 'FW', 3, 9), erp.post_document('WHY', json_build_object('key', 'd' || 2 * n + 2, 'kind', 'credit_note', 'day', '2009-03-03'::date + 2 * n, 'party', 'C1',
	'lines', json_build_array(json_build_object('item', 'FW', 'quantity', 3, 'price', 9, 'origin', json_build_object('key', 'd' || 2 * n + 1, 'line', 1))))) FROM generate_series(0, 4) n;
SELECT trial.sell('WHY', 'd11', '2009-03-20', 'FW', 1, 9);
\o
SELECT is((SELECT max(depth) FROM erp.explain_cost('WHY', 'd11', 1)), 12, 'through five sales and returns to the receipt');
SELECT is_empty($$SELECT depth FROM erp.explain_cost('WHY', 'd11', 1) GROUP BY depth HAVING sum(amount) <> 3.33$$, 'at every depth it is the whole cost');
-- The parts of every row of every line add up to it.
SELECT is_empty($$SELECT d.key, r.path FROM erp.document d JOIN erp.stock_move m USING (company_id, document_id), LATERAL (SELECT x.* FROM erp.explain_cost('WHY', d.key, m.line_no) x) r,
	LATERAL (SELECT sum(c.amount) AS amount FROM erp.explain_cost('WHY', d.key, m.line_no) c WHERE c.path[:cardinality(c.path) - 1] = r.path AND c.depth = r.depth + 1) s WHERE s.amount <> r.amount$$, 'the parts of every row add up to it');
CREATE FUNCTION pg_temp.buffers(p_key text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE format('EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM erp.explain_cost(''WHY'', %L, 1)', p_key) INTO plan;
	RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::numeric + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::numeric;
END
$$;
-- Twelve levels read little more than six times what two levels do, whatever else the tables hold.
SELECT cmp_ok(pg_temp.buffers('d11'), '<', 7 * pg_temp.buffers('d1'), 'each level takes look-ups of single moves');
SET ROLE erp_read;
SELECT is((SELECT count(*) FROM erp.explain_cost('WHY', 'as', 1)), 5::bigint, 'whoever may read may ask');
SELECT throws_ok($$SELECT erp.preview('WHY', '{}')$$, '42501', NULL, 'but not preview what he may not post');
RESET ROLE;
SELECT throws_ok($$SELECT erp.preview('WHY', '{"key": "p", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": [{"item": "F", "quantity": 100, "price": 1}]}')$$, 'LE050', NULL, 'what would be refused is');
-- Corrections by cause: freight 30.00 and the bill's 20.00 on the receipts, 24.00 and 8.00 of it in the sale, and nothing in its return, which came later.
SELECT results_eq($$SELECT cause, by_document_key, sum(amount) FROM erp.cost_corrections WHERE company = 'WHY' GROUP BY 1, 2 ORDER BY 1, 2$$,
	$$VALUES ('bill', 'b2', 20.00), ('landed', 'l1', 30.00), ('replay', 'b2', -8.00), ('replay', 'l1', -24.00)$$, 'corrections by cause and document');
-- Sold below cost: 2 of FW at 3.33 and 3.34 (left of d0) for 1.00 each; given for nothing: a receipt of no value.
\o /dev/null
SELECT trial.sell('WHY', 'cheap', '2009-03-25', 'FW', 2, 1);
SELECT trial.receive('WHY', 'gift', '2009-04-01', 'AW', 2, 0), trial.sell('WHY', 'gone', '2009-04-02', 'AW', 2, 5);
SELECT trial.reverse('WHY', 'gone x', 'gone', '2009-04-02'), trial.sell('WHY', 'gone 2', '2009-04-03', 'AW', 1, 5);
\o
SELECT results_eq($$SELECT document_key, revenue, cost_of_sales, margin FROM erp.negative_margin$$, $$VALUES ('cheap', 2.00, 6.67, -4.67)$$, 'sold below cost');
SELECT results_eq($$SELECT document_key, quantity FROM erp.zero_cost_issues ORDER BY 1$$, $$VALUES ('gone', 2.000000), ('gone 2', 1.000000)$$, 'issued at no cost');
-- Lot M-1 of a part goes into lot P-1 of a product, of which one is sold; by documents of one line each there is no way from lot to lot.
\o /dev/null
SELECT erp.put_items('WHY', 'lots', '[{"code": "PART", "name": "Part", "kind": "stock", "method": "fifo", "tracking": "lot"}, {"code": "PRODUCT", "name": "Product", "kind": "stock", "method": "fifo", "tracking": "lot"}]');
SELECT erp.post_document('WHY', '{"key": "in", "kind": "goods_receipt", "day": "2009-05-01", "party": "S1", "lines": [{"item": "PART", "quantity": 4, "amount": 8, "lot": "M-1"}]}');
SELECT erp.post_document('WHY', '{"key": "made", "kind": "sales_invoice", "day": "2009-05-02", "party": "C1", "lines": [{"role": "loss", "item": "PART", "quantity": 3, "lot": "M-1"}, {"role": "gain", "item": "PRODUCT", "quantity": 1, "cost": 6, "lot": "P-1"}]}');
SELECT erp.post_document('WHY', '{"key": "out", "kind": "sales_invoice", "day": "2009-05-03", "party": "C2", "lines": [{"item": "PRODUCT", "quantity": 1, "price": 9, "lot": "P-1"}]}');
\o
SELECT results_eq($$SELECT depth, lot_code, document_key, party_code, quantity FROM erp.trace_lot('WHY', 'PART', 'M-1', 'used')$$,
	$$VALUES (0, 'M-1', 'made', 'C1', 3.000000), (1, 'P-1', 'out', 'C2', 1.000000)$$, 'a lot is followed to where it was used');
SELECT results_eq($$SELECT depth, lot_code, document_key, party_code, quantity FROM erp.trace_lot('WHY', 'PRODUCT', 'P-1', 'from')$$,
	$$VALUES (0, 'P-1', 'made', 'C1', 1.000000), (1, 'M-1', 'in', 'S1', 4.000000)$$, 'and back to where it came from');
-- What is made: 4 of 10 legs (100.00) and 2 of 4 screws (8.00) make 2 stools of 44.00; freight of 10.00 on the legs makes that 48.00. One is sold for 24.00:
-- 24.00 x 44 : 4 are 22.00 and 2.00, and of 22.00 of legs 20.00 came with them and 2.00 with the freight.
\o /dev/null
SELECT erp.put_items('WHY', 'kits', '[{"code": "LEG", "name": "Leg", "kind": "stock", "method": "fifo"}, {"code": "SCREW", "name": "Screw", "kind": "stock", "method": "fifo"}, {"code": "STOOL", "name": "Stool", "kind": "stock", "method": "fifo"}]');
SELECT trial.receive('WHY', 'p1', '2009-04-01', 'LEG', 10, 100), trial.receive('WHY', 'g1', '2009-04-02', 'SCREW', 4, 8);
SELECT erp.post_document('WHY', '{"key": "k1", "kind": "assembly", "day": "2009-04-03", "lines": [{"role": "component", "item": "LEG", "quantity": 4}, {"role": "component", "item": "SCREW", "quantity": 2}, {"role": "product", "item": "STOOL", "quantity": 2}]}');
SELECT trial.sell('WHY', 'ks', '2009-04-05', 'STOOL', 1, 50);
SELECT erp.post_document('WHY', '{"key": "l9", "kind": "landed_cost", "day": "2009-04-06", "party": "S1", "lines": [{"amount": 10, "receipts": [{"key": "p1"}]}]}');
\o
SELECT results_eq($$SELECT depth, document_key, line_no, cause, quantity, amount, proportional FROM erp.explain_cost('WHY', 'ks', 1)$$,
	$$VALUES (0, 'ks', 1, NULL, 1.000000, 24.00, false), (1, 'k1', 3, NULL, 1.000000, 24.00, false), (2, 'k1', 1, NULL, 2.000000, 22.00, true), (3, 'p1', 1, NULL, 2.000000, 22.00, true),
		(4, 'p1', 1, 'receipt', NULL, 20.00, true), (4, 'l9', NULL, 'landed', NULL, 2.00, true), (2, 'k1', 2, NULL, 1.000000, 2.00, true), (3, 'g1', 1, NULL, 1.000000, 2.00, true), (4, 'g1', 1, 'receipt', NULL, 2.00, true)$$,
	'what was made leads to what it was made of, and on to where that came from');
SELECT results_eq($$SELECT depth, document_key, line_no, quantity, amount, proportional FROM erp.explain_cost('WHY', 'k1', 3) WHERE depth < 2$$,
	$$VALUES (0, 'k1', 3, 2.000000, 48.00, false), (1, 'k1', 1, 4.000000, 44.00, false), (1, 'k1', 2, 2.000000, 4.00, false)$$, 'of all that was made, the components as they stand');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
