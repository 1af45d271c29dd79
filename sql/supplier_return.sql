\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Goods that go back to their supplier after theirs were issued, or where none can tell which they are: they leave at what they cost that day, he owes for them at the receipt's price, and the difference is a price variance.
SELECT plan(58);
\o /dev/null
SELECT erp.create_company(c, 'company', json_build_object('name', 'Returns', 'currency', m, 'chart', h)) FROM (VALUES ('SR', 'GBP', 'english'), ('ZH', 'CNY', 'china_small_enterprise')) v (c, m, h);
SELECT erp.create_fiscal_year(c, 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}') FROM unnest('{SR,ZH}'::text[]) c;
SELECT erp.put_parties(c, 'parties', '[{"code": "S1", "name": "Supplier", "roles": ["supplier"]}, {"code": "S2", "name": "Supplier 2", "roles": ["supplier"]}, {"code": "C1", "name": "Customer", "roles": ["customer"]}]') FROM unnest('{SR,ZH}'::text[]) c;
SELECT erp.put_tax_codes('SR', 'tax', '[{"code": "VAT", "name": "Value added tax", "rates": [{"from": "2026-01-01", "rate": "0.2"}]}]');
SELECT erp.put_warehouses('SR', 'warehouses', '[{"code": "W2", "name": "Second"}]');
SELECT erp.put_items(c, 'items', (SELECT json_agg(json_build_object('code', k || i, 'name', 'Goods', 'kind', 'stock', 'method', CASE k WHEN 'F' THEN 'fifo' WHEN 'A' THEN 'moving_average' WHEN 'S' THEN 'standard' ELSE 'monthly_average' END))
	FROM unnest('{F,A,S,M}'::text[]) k, generate_series(1, 9) i)) FROM unnest('{SR,ZH}'::text[]) c;
SELECT erp.put_items('SR', 'lots', '[{"code": "L", "name": "Lots", "kind": "stock", "method": "fifo", "tracking": "lot"}]');
SELECT erp.put_standard_costs('SR', 'standard', '{"day": "2026-01-01", "costs": [{"item": "S1", "cost": "12"}]}');
\o
CREATE FUNCTION pg_temp.post(p_kind text, p_key text, p_day text, p_lines jsonb, p_extra jsonb DEFAULT '{}', p_company text DEFAULT 'SR') RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.post_document(%L, %L)', p_company, jsonb_build_object('key', p_key, 'kind', p_kind, 'day', '2026-' || p_day, 'party', CASE p_kind WHEN 'sales_invoice' THEN 'C1' ELSE 'S1' END,
		'lines', CASE jsonb_typeof(p_lines) WHEN 'array' THEN p_lines ELSE jsonb_build_array(p_lines) END) || p_extra))
$$;
CREATE FUNCTION pg_temp.of(p_item text, p_quantity numeric, p_amount numeric DEFAULT NULL, p_receipt text DEFAULT NULL, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'amount', p_amount, 'origin', CASE WHEN p_receipt IS NOT NULL THEN jsonb_build_object('key', p_receipt, 'line', 1) END)) || p_more
$$;
CREATE FUNCTION pg_temp.reversed(p_key text, p_day text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.reverse_document(%L, %L)', 'SR', json_build_object('key', p_key || ' x' || p_day, 'reverses', p_key, 'day', '2026-' || p_day)))
$$;
-- What documents of an item, by their keys, have put on an account; goods not billed, the price variance, cost of sales.
CREATE FUNCTION pg_temp.books(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg((SELECT coalesce(sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END), 0)::numeric(19, 2)::text
		FROM erp.company c JOIN erp.account a USING (company_id) JOIN erp.voucher_line l USING (company_id, account_id) JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.voucher_id
		WHERE c.code = 'SR' AND a.code = u.code AND (EXISTS (SELECT FROM erp.document_line t JOIN erp.item i USING (company_id, item_id) WHERE t.company_id = d.company_id AND t.document_id = d.document_id AND i.code = p_item))), ' ' ORDER BY n)
	FROM unnest('{2100,5050,5000}'::text[]) WITH ORDINALITY u (code, n)
$$;
CREATE FUNCTION pg_temp.waiting(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce((SELECT trim_scale(received) || ' ' || trim_scale(billed) || ' ' || trim_scale(open_quantity) || ' ' || open_amount FROM erp.received_not_billed WHERE company = 'SR' AND document_key = p_key), 'nothing')
$$;
CREATE FUNCTION pg_temp.voucher(p_company text, p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(code || ' ' || side || ' ' || amount, ', ' ORDER BY code)
	FROM (SELECT a.code, l.side, sum(l.company_amount)::numeric(19, 2) FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.voucher_line l ON l.company_id = d.company_id AND l.voucher_id = d.document_id JOIN erp.account a ON a.company_id = l.company_id AND a.account_id = l.account_id
		WHERE c.code = p_company AND d.key = p_key GROUP BY 1, 2) s (code, side, amount)
$$;
-- As of the call before it in the same statement.
CREATE FUNCTION pg_temp.stock(p_company text, p_item text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN trial.closing(p_company, p_item); END $$;

-- FIFO: 10 for 100.00, all sold; then 10 for 150.00. Three of the first go back: by an amendment they cannot, as a return they leave at 45.00 and the supplier owes 30.00.
SELECT is(concat_ws(' ', pg_temp.post('goods_receipt', 'f1', '01-05', pg_temp.of('F1', 10, 100)), pg_temp.post('sales_invoice', 'sold f1', '01-06', pg_temp.of('F1', 10, 200)), pg_temp.post('goods_receipt', 'f1 next', '01-07', pg_temp.of('F1', 10, 150))),
	'accepted accepted accepted', 'received, sold, received again');
SELECT is(pg_temp.post('receipt_amendment', 'no', '01-10', pg_temp.of('F1', 3, NULL, 'f1', '{"role": "received_less"}')), 'LE052', 'a layer that was issued is not amended');
SELECT is(pg_temp.post('supplier_return', 'back f1', '01-10', pg_temp.of('F1', 3, NULL, 'f1')), 'accepted', 'goods of it go back all the same');
SELECT is(pg_temp.voucher('SR', 'back f1'), '1200 credit 45.00, 2100 debit 30.00, 5050 debit 15.00', 'at what they cost that day, owed at the price of their receipt');
SELECT is(pg_temp.stock('SR', 'F1') || ', ' || pg_temp.books('F1') || ', ' || pg_temp.waiting('f1'), '7 105.00, -220.00 15.00 100.00, 7 0 7 70.00', 'and the receipt has so much less to be billed');
SELECT is((SELECT string_agg(k.link || ' ' || t.key || ' ' || trim_scale(k.quantity) || ' ' || k.amount::numeric(19, 2), ', ') FROM erp.document d JOIN erp.document_link k USING (company_id, document_id) JOIN erp.document t ON t.company_id = k.company_id AND t.document_id = k.target_document_id
	WHERE d.key = 'back f1'), 'corrects f1 -3 -30.00', 'it names its receipt');
SELECT is(pg_temp.post('supplier_return', 'no', '01-11', pg_temp.of('F1', 8, NULL, 'f1')), 'LE224', 'no more goes back than came');
SELECT is(pg_temp.post('supplier_return', 'no', '01-11', jsonb_build_array(pg_temp.of('F1', 4, NULL, 'f1'), pg_temp.of('F1', 4, NULL, 'f1'))), 'LE224', 'nor by two lines');
SELECT is(trial.refused($$SELECT erp.post_documents('SR', '[{"key": "n1", "kind": "supplier_return", "day": "2026-01-11", "party": "S1", "lines": [{"item": "F1", "quantity": 4, "origin": {"key": "f1", "line": 1}}]},
	{"key": "n2", "kind": "receipt_amendment", "day": "2026-01-11", "party": "S1", "lines": [{"role": "received_less", "item": "F1", "quantity": 4, "origin": {"key": "f1", "line": 1}}]}]')$$), 'LE011', 'nor by two documents of a call');
SELECT is(pg_temp.post('supplier_return', 'no', '01-04', pg_temp.of('F1', 1, NULL, 'f1')) || ' ' || pg_temp.post('supplier_return', 'no', '01-11', pg_temp.of('F1', 1, NULL, 'f1'), '{"party": "S2"}') || ' ' || pg_temp.post('supplier_return', 'no', '01-11', pg_temp.of('F2', 1, NULL, 'f1'))
	|| ' ' || pg_temp.post('supplier_return', 'no', '01-11', pg_temp.of('F1', 1)) || ' ' || pg_temp.post('supplier_return', 'no', '01-11', pg_temp.of('F1', 1, 10, 'f1')) || ' ' || pg_temp.post('supplier_return', 'no', '01-11', pg_temp.of('F1', 1, NULL, 'f1', '{"owner": "S1"}')),
	'LE194 LE194 LE194 LE011 LE011 LE174', 'not before they came, to another supplier, as another item, without a receipt, at another price, or goods of others');
SELECT is(pg_temp.reversed('f1', '01-11'), 'LE112', 'the receipt is not reversed while goods of it are back');
SELECT is(pg_temp.reversed('back f1', '01-12') || ', ' || pg_temp.stock('SR', 'F1') || ', ' || pg_temp.books('F1') || ', ' || pg_temp.waiting('f1'), 'accepted, 10 150.00, -250.00 0.00 100.00, 10 0 10 100.00', 'a return is reversed');

-- Backdated before it: with 10 for 120.00 on the 4th, the sale costs 120.00 and the three that went back 30.00. Then the return is reversed at that.
SELECT is(pg_temp.post('supplier_return', 'again f1', '01-13', pg_temp.of('F1', 3, NULL, 'f1')) || ' ' || pg_temp.post('goods_receipt', 'f1 before', '01-04', pg_temp.of('F1', 10, 120)), 'accepted accepted', 'a receipt is dated before');
SELECT is(pg_temp.stock('SR', 'F1') || ', ' || pg_temp.books('F1'), '17 220.00, -340.00 0.00 120.00', 'what went back costs what it then did');
SELECT is(pg_temp.reversed('again f1', '01-14') || ', ' || pg_temp.stock('SR', 'F1') || ', ' || pg_temp.books('F1'), 'accepted, 20 250.00, -370.00 0.00 120.00', 'and comes back at that');
-- Itself backdated: of 10 for 100.00 and 10 for 120.00, 5 were sold on the 15th for 50.00; 8 of the first that go back on the 10th leave 2 for 20.00 and 3 for 36.00 to be sold.
SELECT is(concat_ws(' ', pg_temp.post('goods_receipt', 'f2', '01-05', pg_temp.of('F2', 10, 100)), pg_temp.post('goods_receipt', 'f2 next', '01-06', pg_temp.of('F2', 10, 120)), pg_temp.post('sales_invoice', 'sold f2', '01-15', pg_temp.of('F2', 5, 100)),
	pg_temp.post('supplier_return', 'back f2', '01-10', pg_temp.of('F2', 8, NULL, 'f2'))), 'accepted accepted accepted accepted', 'a return is dated back');
SELECT is(pg_temp.stock('SR', 'F2') || ', ' || pg_temp.books('F2'), '7 84.00, -140.00 0.00 56.00', 'and what was sold since follows');
SELECT is(pg_temp.reversed('back f2', '01-16') || ', ' || pg_temp.stock('SR', 'F2') || ', ' || pg_temp.books('F2'), 'accepted, 15 164.00, -220.00 0.00 56.00', 'its reversal is of its own day');

-- Moving average: 10 for 100.00 and 10 for 200.00; 4 of the first go back at 60.00.
SELECT is(concat_ws(' ', pg_temp.post('goods_receipt', 'a1', '01-05', pg_temp.of('A1', 10, 100)), pg_temp.post('goods_receipt', 'a1 next', '01-06', pg_temp.of('A1', 10, 200)), pg_temp.post('supplier_return', 'back a1', '01-10', pg_temp.of('A1', 4, NULL, 'a1'))),
	'accepted accepted accepted', 'by moving average');
SELECT is(pg_temp.stock('SR', 'A1') || ', ' || pg_temp.books('A1'), '16 240.00, -260.00 20.00 0.00', 'at the average');
-- What joins the cost of the receipt later goes with what went back: freight of 20.00 makes 20 cost 320.00, so 4 cost 64.00.
SELECT is(pg_temp.post('landed_cost', 'freight a1', '01-12', '{"amount": 20, "receipts": [{"key": "a1"}]}') || ', ' || pg_temp.stock('SR', 'A1') || ', ' || pg_temp.books('A1'), 'accepted, 16 256.00, -260.00 24.00 0.00', 'and bears its part of what is learned later');
-- Standard cost of 12.00: 10 for 100.00 stand at 120.00, 20.00 to the variance; 4 go back at 48.00, owed at 40.00.
SELECT is(pg_temp.post('goods_receipt', 's1', '01-05', pg_temp.of('S1', 10, 100)) || ' ' || pg_temp.post('supplier_return', 'back s1', '01-10', pg_temp.of('S1', 4, NULL, 's1')), 'accepted accepted', 'by standard cost');
SELECT is(pg_temp.stock('SR', 'S1') || ', ' || pg_temp.books('S1'), '6 72.00, -60.00 -12.00 0.00', 'at the standard');
-- Monthly average: 10 for 100.00, 4 go back at 40.00; 10 more for 200.00. The month gives 15.00 a piece.
SELECT is(concat_ws(' ', pg_temp.post('goods_receipt', 'm1', '01-05', pg_temp.of('M1', 10, 100)), pg_temp.post('supplier_return', 'back m1', '01-10', pg_temp.of('M1', 4, NULL, 'm1')), pg_temp.post('goods_receipt', 'm1 next', '01-20', pg_temp.of('M1', 10, 200))), 'accepted accepted accepted', 'by monthly average');
SELECT is(pg_temp.stock('SR', 'M1') || ', ' || pg_temp.books('M1'), '16 260.00, -260.00 0.00 0.00', 'provisionally at what is known');
SELECT is(trial.refused($$SELECT erp.run_month_cost('SR', 'run', '{"period": "2026-01"}')$$) || ', ' || pg_temp.stock('SR', 'M1') || ', ' || pg_temp.books('M1'), 'accepted, 16 240.00, -260.00 20.00 0.00', 'then at the cost of the month');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- The last of what was billed at another price: 10 for 100.00, billed 110.00. All go back, at 110.00; the credit of 110.00 leaves nothing anywhere.
SELECT is(concat_ws(' ', pg_temp.post('goods_receipt', 'f3', '02-05', pg_temp.of('F3', 10, 100)), pg_temp.post('supplier_bill', 'bill f3', '02-06', pg_temp.of('F3', 10, 110, 'f3')), pg_temp.post('receipt_amendment', 'no', '02-07', pg_temp.of('F3', 10, NULL, 'f3', '{"role": "received_less"}'))),
	'accepted accepted LE052', 'what was billed at another price is not all amended away');
SELECT is(pg_temp.post('supplier_return', 'back f3', '02-07', pg_temp.of('F3', 10, NULL, 'f3')) || ', ' || pg_temp.stock('SR', 'F3') || ', ' || pg_temp.books('F3') || ', ' || pg_temp.waiting('f3'), 'accepted, 0 0.00, 100.00 10.00 0.00, 0 10 -10 -100.00', 'but goes back');
SELECT is(pg_temp.post('supplier_credit_note', 'credit f3', '02-08', pg_temp.of('F3', 10, 110, 'f3')) || ', ' || pg_temp.stock('SR', 'F3') || ', ' || pg_temp.books('F3') || ', ' || pg_temp.waiting('f3'), 'accepted, 0 0.00, 0.00 0.00 0.00, nothing', 'and is credited at the price of its bill');
SELECT is(pg_temp.voucher('SR', 'credit f3'), '2000 debit 110.00, 2100 credit 100.00, 5050 debit -10.00', 'against the variance of the return');
SELECT is(pg_temp.reversed('credit f3', '02-09') || ', ' || pg_temp.books('F3') || ', ' || pg_temp.waiting('f3'), 'accepted, 100.00 10.00 0.00, 0 10 -10 -100.00', 'the credit is reversed');
SELECT is(pg_temp.reversed('back f3', '02-10') || ', ' || pg_temp.stock('SR', 'F3') || ', ' || pg_temp.books('F3') || ', ' || pg_temp.waiting('f3'), 'accepted, 10 110.00, 0.00 0.00 0.00, nothing', 'and so is the return');
-- In parts: of 10 billed 120.00, 2 did not come (20.00 of the layer: 8 for 100.00), 2 go back at 25.00, and 4 are credited for 48.00. The half of 8.00 is variance, the other leaves the receipt: 8 for 96.00, so that 24.00 went back.
SELECT is(concat_ws(' ', pg_temp.post('goods_receipt', 'f4', '02-05', pg_temp.of('F4', 10, 100)), pg_temp.post('supplier_bill', 'bill f4', '02-06', pg_temp.of('F4', 10, 120, 'f4')), pg_temp.post('receipt_amendment', 'less f4', '02-07', pg_temp.of('F4', 2, NULL, 'f4', '{"role": "received_less"}')),
	pg_temp.post('supplier_return', 'back f4', '02-08', pg_temp.of('F4', 2, NULL, 'f4'))) || ', ' || pg_temp.stock('SR', 'F4') || ', ' || pg_temp.books('F4'), 'accepted accepted accepted accepted, 6 75.00, 40.00 5.00 0.00', 'some did not come, some go back');
SELECT is(pg_temp.post('supplier_credit_note', 'credit f4', '02-09', pg_temp.of('F4', 4, 48, 'f4')) || ', ' || pg_temp.stock('SR', 'F4') || ', ' || pg_temp.books('F4') || ', ' || pg_temp.waiting('f4'), 'accepted, 6 72.00, 0.00 0.00 0.00, nothing', 'all are credited, and each goes where it came from');
-- Sold at 110.00 by bill; what goes back for it, of goods that cost 45.00, is credited at 33.00: the company has lost 12.00 by it.
SELECT is(concat_ws(' ', pg_temp.post('goods_receipt', 'f5', '02-05', pg_temp.of('F5', 10, 100)), pg_temp.post('supplier_bill', 'bill f5', '02-06', pg_temp.of('F5', 10, 110, 'f5')), pg_temp.post('sales_invoice', 'sold f5', '02-07', pg_temp.of('F5', 10, 300)),
	pg_temp.post('goods_receipt', 'f5 next', '02-08', pg_temp.of('F5', 10, 150)), pg_temp.post('supplier_return', 'back f5', '02-09', pg_temp.of('F5', 3, NULL, 'f5')), pg_temp.post('supplier_credit_note', 'credit f5', '02-10', pg_temp.of('F5', 3, 33, 'f5'))), 'accepted accepted accepted accepted accepted accepted', 'credited after the goods were sold');
SELECT is(pg_temp.stock('SR', 'F5') || ', ' || pg_temp.books('F5'), '7 105.00, -150.00 12.00 110.00', 'what was sold keeps its cost');

-- In dollars at 0.8: 10 for 100.00 (80.00), sold; 10 for 100.00 pounds. 4 go back at 40.00 pounds; the supplier owes 40.00 dollars at the receipt's rate (32.00).
SELECT is(concat_ws(' ', pg_temp.post('goods_receipt', 'f6', '02-05', pg_temp.of('F6', 10, 100), '{"currency": "USD", "rate": "0.8"}'), pg_temp.post('sales_invoice', 'sold f6', '02-06', pg_temp.of('F6', 10, 200)), pg_temp.post('goods_receipt', 'f6 next', '02-07', pg_temp.of('F6', 10, 100)),
	pg_temp.post('supplier_return', 'back f6', '02-08', pg_temp.of('F6', 4, NULL, 'f6'), '{"currency": "USD"}')), 'accepted accepted accepted accepted', 'in a foreign currency');
SELECT is(pg_temp.stock('SR', 'F6') || ', ' || pg_temp.books('F6') || ', ' || pg_temp.waiting('f6'), '6 60.00, -148.00 8.00 80.00, 6 0 6 60.00', 'at the rate of the receipt');
SELECT is(pg_temp.reversed('back f6', '02-09') || ', ' || pg_temp.stock('SR', 'F6') || ', ' || pg_temp.books('F6'), 'accepted, 10 100.00, -180.00 0.00 80.00', 'and reversed at it');
-- A receipt with tax of its own: 10 for 100.00 and 20.00 of tax; 2 go back with theirs.
SELECT is(pg_temp.post('goods_receipt', 'a2', '02-05', pg_temp.of('A2', 10, 100), '{"tax_code": "VAT"}') || ' ' || pg_temp.post('supplier_return', 'back a2', '02-06', pg_temp.of('A2', 2, NULL, 'a2'), '{"tax_code": "VAT"}'), 'accepted accepted', 'with tax');
SELECT is(pg_temp.voucher('SR', 'back a2'), '1200 credit 20.00, 2100 debit 24.00, 2200 credit 4.00', 'which is taken back, too');

-- Where they lie: in the receipt's place, or where the line says; of a lot that it names.
SELECT is(pg_temp.post('goods_receipt', 'f7', '02-05', pg_temp.of('F7', 10, 100), '{"warehouse": "W2"}') || ' ' || pg_temp.post('supplier_return', 'back f7', '02-06', pg_temp.of('F7', 2, NULL, 'f7')) || ' ' || pg_temp.post('supplier_return', 'no', '02-06', pg_temp.of('F7', 2, NULL, 'f7'), '{"warehouse": "MAIN"}'),
	'accepted accepted LE050', 'they go from where they came in');
SELECT is(pg_temp.post('transfer', 'move f7', '02-07', '{"item": "F7", "quantity": 5, "warehouse": "W2", "to_warehouse": "MAIN"}', '{"party": null}') || ' ' || pg_temp.post('supplier_return', 'main f7', '02-08', pg_temp.of('F7', 2, NULL, 'f7', '{"warehouse": "MAIN"}')), 'accepted accepted', 'or from where they were brought');
SELECT is((SELECT string_agg(warehouse_code || ' ' || trim_scale(on_hand), ', ' ORDER BY warehouse_code) FROM erp.stock_on_hand WHERE company = 'SR' AND item_code = 'F7'), 'MAIN 3, W2 3', 'there they are missing');
SELECT is(pg_temp.post('goods_receipt', 'l', '02-05', pg_temp.of('L', 10, 100, NULL, '{"lot": "X", "state": "quarantine"}')) || ' ' || pg_temp.post('supplier_return', 'no', '02-06', pg_temp.of('L', 2, NULL, 'l')) || ' ' || pg_temp.post('supplier_return', 'back l', '02-06', pg_temp.of('L', 2, NULL, 'l', '{"lot": "X"}')),
	'accepted LE170 accepted', 'goods of a lot, in the state in which they came');

-- Of 10 and 5 more 12 go back: then the 5 did come. And of what was billed ahead (10) and since (5) 8 are credited: without the second bill as many are billed.
SELECT is(concat_ws(' ', pg_temp.post('goods_receipt', 'a3', '02-05', pg_temp.of('A3', 10, 100)), pg_temp.post('goods_receipt', 'a3 other', '02-05', pg_temp.of('A3', 20, 200)), pg_temp.post('receipt_amendment', 'more a3', '02-06', pg_temp.of('A3', 5, NULL, 'a3', '{"role": "received_more"}')),
	pg_temp.post('supplier_return', 'back a3', '02-07', pg_temp.of('A3', 12, NULL, 'a3')), pg_temp.reversed('more a3', '02-08'), pg_temp.reversed('back a3', '02-08'), pg_temp.reversed('more a3', '02-09')), 'accepted accepted accepted accepted LE112 accepted accepted', 'what went back had come');
SELECT is(concat_ws(' ', pg_temp.post('supplier_bill', 'ahead a4', '02-04', pg_temp.of('A4', 10, 100)), pg_temp.post('goods_receipt', 'a4', '02-05', pg_temp.of('A4', 10, 100, 'ahead a4')), pg_temp.post('receipt_amendment', 'more a4', '02-06', pg_temp.of('A4', 5, NULL, 'a4', '{"role": "received_more"}')),
	pg_temp.post('supplier_bill', 'bill a4', '02-07', pg_temp.of('A4', 5, 50, 'a4')), pg_temp.post('supplier_credit_note', 'credit a4', '02-08', pg_temp.of('A4', 8, 80, 'a4')), pg_temp.reversed('bill a4', '02-09')), 'accepted accepted accepted accepted accepted accepted', 'what was billed ahead is billed, too');

-- What may be asked before, and by others.
SELECT is((SELECT erp.dry_run('SR', json_build_object('key', 'dry', 'kind', 'supplier_return', 'day', '2026-02-10', 'party', 'S1', 'lines', json_build_array(pg_temp.of('F5', 1, NULL, 'f5')))) IS NOT NULL), true, 'it is tried');
SELECT is((SELECT string_agg(trim_scale(quantity) || ' ' || amount::numeric(19, 2), ', ') FROM erp.explain_cost('SR', 'back f5', 1) WHERE depth = 1), '3 45.00', 'and what it cost is explained');
-- An import: two go back, a third that is of too much is skipped and listed.
\o /dev/null
SELECT erp.start_import('SR', 'returns', '{"name": "returns", "skip_bad": true}') ->> 'job_id' AS job \gset
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, item, quantity, origin_key, origin_line) VALUES
	(:job, 1, 'i1', 'supplier_return', '2026-02-11', 'S1', 'F5', '1', 'f5', '1'), (:job, 2, 'i2', 'supplier_return', '2026-02-12', 'S1', 'F5', '1', 'f5', '1'), (:job, 3, 'i3', 'supplier_return', '2026-02-12', 'S1', 'F5', '6', 'f5', '1');
SELECT erp.import_step('SR', :job) AS step;
SELECT erp.import_step('SR', :job) AS step;
SELECT erp.import_step('SR', :job) AS step;
SELECT erp.import_step('SR', :job) AS step;
SELECT erp.import_step('SR', :job) AS step;
\o
SELECT is(pg_temp.stock('SR', 'F5') || ', ' || pg_temp.books('F5'), '5 75.00, -130.00 22.00 110.00', 'imported');
SELECT is((SELECT string_agg(document_key || ' ' || error_code, ', ') FROM erp.import_problem WHERE job_id = :job), 'i3 LE224', 'and what is too much is listed');

SELECT is((SELECT state FROM erp.job WHERE job_id = :job), 'done', 'the import is done');

-- The Chinese chart shows it in red on the sides of the receipt.
SELECT is(concat_ws(' ', pg_temp.post('goods_receipt', 'z', '01-05', pg_temp.of('F1', 10, 100), '{}', 'ZH'), pg_temp.post('sales_invoice', 'z sold', '01-06', pg_temp.of('F1', 10, 200), '{}', 'ZH'), pg_temp.post('goods_receipt', 'z next', '01-07', pg_temp.of('F1', 10, 150), '{}', 'ZH'),
	pg_temp.post('supplier_bill', 'z bill', '01-08', pg_temp.of('F1', 10, 110, 'z'), '{}', 'ZH'), pg_temp.post('supplier_return', 'z back', '01-10', pg_temp.of('F1', 3, NULL, 'z'), '{}', 'ZH'), pg_temp.post('supplier_credit_note', 'z credit', '01-12', pg_temp.of('F1', 3, 33, 'z'), '{}', 'ZH')),
	'accepted accepted accepted accepted accepted accepted', 'in the Chinese chart');
SELECT is(pg_temp.voucher('ZH', 'z back'), '1404 debit 15.00, 1405 debit -45.00, 2202.02 credit -30.00', 'what goes back stands in red');
SELECT is(pg_temp.voucher('ZH', 'z credit'), '1404 debit -3.00, 2202.01 credit -33.00, 2202.02 debit -30.00', 'and so does what is credited');
SELECT is_empty($$SELECT * FROM erp.voucher_line l JOIN erp.company c USING (company_id) CROSS JOIN LATERAL (SELECT sum(o.amount) FROM erp.voucher_line_origin o WHERE o.company = c.code AND o.voucher_id = l.voucher_id AND o.line_no = l.line_no) o (amount)
	WHERE c.code = 'ZH' AND o.amount <> CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END$$, 'and what caused each line adds up');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
