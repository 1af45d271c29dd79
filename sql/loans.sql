\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Goods that are lent or on consignment with a customer stay in stock, at cost; borrowed ones are here without a value. Each is returned, sold, bought or lost by its line, in parts.
SELECT plan(80);
\o /dev/null
SELECT trial.make_company('LOAN');
SELECT trial.make_company('ELSE');
SELECT erp.put_accounts('LOAN', 'more accounts', '[
	{"code": "1220", "name": "Goods with others", "class": "asset", "side": "debit", "control": "inventory"},
	{"code": "1250", "name": "Goods between owners", "class": "asset", "side": "debit"},
	{"code": "2000", "name": "Payables", "class": "liability", "side": "credit", "control": "payable"}]');
SELECT erp.put_posting_rules('LOAN', 'carried', (SELECT json_agg(json_build_object('kind', k.kind, 'line_role', k.role, 'amount_role', a.amount_role, 'condition', s.side, 'side', s.side, 'account', a.account))
	FROM (VALUES ('loan', 'transfer'), ('loan_return', 'arrival'), ('consignment_delivery', 'transfer'), ('consignment_return', 'arrival'), ('transfer', 'transfer')) k (kind, role),
		(VALUES ('inventory', '1200'), ('cost', '1250')) a (amount_role, account), (VALUES ('debit'), ('credit')) s (side)));
SELECT erp.put_posting_rules('LOAN', 'bought', '[
	{"kind": "borrowing_purchase", "line_role": "withdrawn", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "borrowing_purchase", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2150"},
	{"kind": "supplier_bill", "line_role": "billed", "amount_role": "amount", "side": "debit", "account": "2150"},
	{"kind": "supplier_bill", "line_role": "billed", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "supplier_bill", "line_role": "billed", "amount_role": "cost", "side": "credit", "account": "2150"},
	{"kind": "supplier_bill", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2000"}]');
SELECT erp.put_locations('LOAN', 'places', '[{"warehouse": "MAIN", "code": "A", "name": "A"}, {"warehouse": "MAIN", "code": "LENT", "name": "Lent", "kind": "lent"},
	{"warehouse": "NORTH", "code": "SHOP", "name": "At the shop of customer 1", "kind": "consignment"}]');
SELECT erp.put_locations('ELSE', 'places', '[{"warehouse": "MAIN", "code": "LENT", "name": "Lent", "kind": "lent"}]');
SELECT erp.put_items('LOAN', 'lots', '[{"code": "L", "name": "By lot", "kind": "stock", "method": "fifo", "tracking": "lot"}]');
CREATE FUNCTION pg_temp.post(p_kind text, p_key text, p_day date, p_party text, p_lines jsonb, p_company text DEFAULT 'LOAN') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_strip_nulls(jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'party', p_party))
		|| jsonb_build_object('lines', CASE jsonb_typeof(p_lines) WHEN 'array' THEN p_lines ELSE jsonb_build_array(p_lines) END))::text::json)
$$;
CREATE FUNCTION pg_temp.origin(p_key text, p_line int DEFAULT 1) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('origin', jsonb_build_object('key', p_key, 'line', p_line)) $$;
CREATE FUNCTION pg_temp.of(p_item text, p_quantity numeric, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('item', p_item, 'quantity', p_quantity) || p_more $$;
CREATE FUNCTION pg_temp.places(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', warehouse_code, location_code, lot_code, owner_code, trim_scale(on_hand), value), ', ' ORDER BY warehouse_code, location_code NULLS FIRST, lot_code, owner_code NULLS FIRST)
	FROM erp.stock_on_hand WHERE company = 'LOAN' AND item_code = p_item
$$;
CREATE FUNCTION pg_temp.voucher(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', a.code, CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END::numeric(19, 2)), ', ' ORDER BY l.line_no), 'none')
	FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id)
	WHERE c.code = 'LOAN' AND d.key = p_key
$$;
CREATE FUNCTION pg_temp.out() RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', document_key, line_no, party_code, item_code, trim_scale(quantity), trim_scale(returned), trim_scale(traded), trim_scale(open_quantity)), ', ' ORDER BY day, document_key, line_no), 'nothing')
	FROM erp.loan_list WHERE company = 'LOAN'
$$;
-- What stands on the inventory accounts less what the stock is worth.
CREATE FUNCTION pg_temp.gap() RETURNS numeric LANGUAGE sql AS $$
	SELECT trial.balance('LOAN', '1200') + trial.balance('LOAN', '1210') + trial.balance('LOAN', '1220') - coalesce((SELECT sum(value) FROM erp.stock_on_hand WHERE company = 'LOAN'), 0)
$$;
\o
-- A loan: 10 at 2.00, then 10 at 3.00; 8 of them go to C1.
\o /dev/null
SELECT trial.receive('LOAN', 'f1', '2009-01-02', 'F', 10, 20);
SELECT trial.receive('LOAN', 'f2', '2009-01-03', 'F', 10, 30);
\o
SELECT is(trial.refused($$SELECT pg_temp.post('loan', 'x', '2009-01-05', 'C1', pg_temp.of('F', 8))$$), 'LE011', 'a loan to where the goods are');
SELECT is(trial.refused($$SELECT pg_temp.post('loan', 'x', '2009-01-05', 'C1', pg_temp.of('F', 8, '{"to_location": "A"}'))$$), 'LE215', 'to a place of our own');
SELECT is(trial.refused($$SELECT pg_temp.post('loan', 'x', '2009-01-05', 'C1', pg_temp.of('F', 8, '{"to_warehouse": "NORTH", "to_location": "SHOP"}'))$$), 'LE215', 'to a place of consignment');
SELECT is(trial.refused($$SELECT pg_temp.post('loan', 'x', '2009-01-05', NULL, pg_temp.of('F', 8, '{"to_location": "LENT"}'))$$), 'LE011', 'to nobody');
SELECT is(trial.refused($$SELECT pg_temp.post('loan', 'x', '2009-01-05', 'C1', pg_temp.of('F', 8, '{"to_location": "LENT", "to_owner": "C1"}'))$$), 'LE174', 'they stay our own');
SELECT is(trial.refused($$SELECT pg_temp.post('loan', 'x', '2009-01-05', 'C1', pg_temp.of('F', 21, '{"to_location": "LENT"}'))$$), 'LE050', 'more than there is');
\o /dev/null
SELECT pg_temp.post('loan', 'l1', '2009-01-05', 'C1', pg_temp.of('F', 8, '{"to_location": "LENT"}'));
\o
SELECT is(pg_temp.places('F'), 'MAIN 12 30.00, MAIN LENT 8 20.00', 'all 20 are worth 50.00 still');
SELECT is(pg_temp.voucher('l1'), 'none', 'there is nothing to post');
SELECT is(pg_temp.out(), 'l1 1 C1 F 8 0 0 8', 'they are out');
SELECT is((SELECT days FROM erp.loan_list WHERE company = 'LOAN'), current_date - '2009-01-05', 'for so many days');
SELECT is(pg_temp.gap(), 0.00, 'stock is the books');
-- What is reserved is not lent, and reservations do not follow to where nothing is promised from.
\o /dev/null
SELECT erp.reserve('LOAN', '{"key": "v1", "lines": [{"demand": "SO-1", "item": "F", "quantity": 11}]}');
\o
SELECT is(trial.refused($$SELECT pg_temp.post('loan', 'x', '2009-01-06', 'C1', pg_temp.of('F', 2, '{"to_location": "LENT"}'))$$), 'LE050', '11 of the 12 here are reserved');
SELECT is(trial.refused($$SELECT pg_temp.post('loan', 'x', '2009-01-06', 'C1', pg_temp.of('F', 2, '{"to_location": "LENT", "reservations": "follow"}'))$$), 'LE221', 'nor do they go along');
\o /dev/null
SELECT erp.release('LOAN', '{"key": "v2", "lines": [{"demand": "SO-1"}]}');
\o
-- Not around the loan.
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x', '2009-01-06', 'C1', pg_temp.of('F', 1, '{"location": "LENT", "price": 9}'))$$), 'LE215', 'a sale of what is lent names the loan');
SELECT is(trial.refused($$SELECT pg_temp.post('transfer', 'x', '2009-01-06', NULL, pg_temp.of('F', 1, '{"location": "LENT", "to_location": "A"}'))$$), 'LE215', 'nor is it carried away');
SELECT is(trial.refused($$SELECT pg_temp.post('transfer', 'x', '2009-01-06', NULL, pg_temp.of('F', 1, '{"to_location": "LENT"}'))$$), 'LE215', 'nor brought there');
SELECT is(trial.refused($$SELECT pg_temp.post('goods_receipt', 'x', '2009-01-06', 'S1', pg_temp.of('F', 1, '{"location": "LENT", "amount": 2}'))$$), 'LE215', 'nor received there');
SELECT is(trial.refused($$SELECT erp.put_locations('LOAN', 'x', '[{"warehouse": "MAIN", "code": "LENT", "name": "Lent", "kind": "storage"}]')$$), 'LE215', 'what lies there is lent, whatever the place is called');
-- Returned in parts.
SELECT is(trial.refused($$SELECT pg_temp.post('loan_return', 'x', '2009-01-06', 'C1', pg_temp.of('F', 3))$$), 'LE051', 'a return names its loan');
SELECT is(trial.refused($$SELECT pg_temp.post('loan_return', 'x', '2009-01-06', 'C1', pg_temp.of('F', 9) || pg_temp.origin('l1'))$$), 'LE216', 'more than was lent');
SELECT is(trial.refused($$SELECT pg_temp.post('loan_return', 'x', '2009-01-06', 'C2', pg_temp.of('F', 3) || pg_temp.origin('l1'))$$), 'LE217', 'another party''s');
SELECT is(trial.refused($$SELECT pg_temp.post('loan_return', 'x', '2009-01-04', 'C1', pg_temp.of('F', 3) || pg_temp.origin('l1'))$$), 'LE051', 'before it was lent');
SELECT is(trial.refused($$SELECT pg_temp.post('loan_return', 'x', '2009-01-06', 'C1', pg_temp.of('A', 3) || pg_temp.origin('l1'))$$), 'LE051', 'another item');
SELECT is(trial.refused($$SELECT pg_temp.post('loan_return', 'x', '2009-01-06', 'C1', pg_temp.of('F', 3) || pg_temp.origin('l1', 2))$$), 'LE051', 'another line');
SELECT is(trial.refused($$SELECT pg_temp.post('loan_return', 'x', '2009-01-06', 'C1', pg_temp.of('F', 3) || pg_temp.origin('f1'))$$), 'LE051', 'a receipt is no loan');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_return', 'x', '2009-01-06', 'C1', pg_temp.of('F', 3) || pg_temp.origin('l1'))$$), 'LE051', 'a loan is no delivery');
SELECT is(trial.refused($$SELECT pg_temp.post('transfer_receipt', 'x', '2009-01-06', NULL, pg_temp.of('F', 3) || pg_temp.origin('l1'))$$), 'LE051', 'nor a dispatch');
SELECT is(trial.refused($$SELECT pg_temp.post('loan_return', 'x', '2009-01-06', 'C1', pg_temp.of('F', 3) || pg_temp.origin('l1'), 'ELSE')$$), 'LE051', 'another company does not know it');
\o /dev/null
SELECT pg_temp.post('loan_return', 'r1', '2009-01-06', 'C1', pg_temp.of('F', 3, '{"location": "A"}') || pg_temp.origin('l1'));
\o
SELECT is(pg_temp.places('F'), 'MAIN 12 30.00, MAIN A 3 7.50, MAIN LENT 5 12.50', '3 are back, in location A');
-- Two sold: the first layer is at 2.00; the party that has them pays.
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x', '2009-01-07', 'C2', pg_temp.of('F', 2, '{"price": 9}') || pg_temp.origin('l1'))$$), 'LE217', 'sold to another party');
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x', '2009-01-07', 'C1', pg_temp.of('F', 2, '{"price": 9, "location": "A"}') || pg_temp.origin('l1'))$$), 'LE011', 'the loan says where they lie');
\o /dev/null
SELECT pg_temp.post('sales_invoice', 's1', '2009-01-07', 'C1', pg_temp.of('F', 2, '{"price": 9}') || pg_temp.origin('l1'));
SELECT pg_temp.post('stock_loss', 'd1', '2009-01-08', NULL, pg_temp.of('F', 1) || pg_temp.origin('l1'));
\o
SELECT is(pg_temp.voucher('s1'), '1200 -4.00, 5000 4.00, 4000 -18.00, 1100 18.00', 'a sale like any other');
SELECT is(pg_temp.voucher('d1'), '1200 -2.00, 5200 2.00', 'a loss like any other');
SELECT is(pg_temp.out(), 'l1 1 C1 F 8 3 3 2', '8 lent, 3 back, 3 sold or lost');
SELECT is(trial.refused($$SELECT pg_temp.post('loan_return', 'x', '2009-01-09', 'C1', jsonb_build_array(pg_temp.of('F', 1) || pg_temp.origin('l1'), pg_temp.of('F', 2) || pg_temp.origin('l1')))$$), 'LE216', 'two lines of one return are one');
SELECT is(trial.refused($$SELECT trial.reverse('LOAN', 'x', 'l1', '2009-01-09')$$), 'LE196', 'the loan stands while something of it is back');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- A receipt before all of it, 1 at 1.00: the sale took it, and 1 at 2.00; the loss 1 at 2.00.
\o /dev/null
SELECT trial.receive('LOAN', 'f0', '2009-01-01', 'F', 1, 1);
\o
SELECT is(trial.value_of('LOAN', 's1') || ' ' || trial.value_of('LOAN', 'd1'), '-3.00 -2.00', 'what is learned later follows');
SELECT is(pg_temp.gap(), 0.00, 'stock is the books after that');
\o /dev/null
SELECT trial.reverse('LOAN', 's1 back', 's1', '2009-01-10');
SELECT trial.reverse('LOAN', 'd1 back', 'd1', '2009-01-10');
SELECT trial.reverse('LOAN', 'r1 back', 'r1', '2009-01-10');
\o
SELECT is(pg_temp.out(), 'l1 1 C1 F 8 0 0 8', 'taken back, all are out again');
-- 21 for 51.00, 8 of them at LENT: 8/21 of it is 19.43.
SELECT is(pg_temp.places('F'), 'MAIN 13 31.57, MAIN LENT 8 19.43', 'where they were');
\o /dev/null
SELECT trial.reverse('LOAN', 'l1 back', 'l1', '2009-01-11');
\o
SELECT is(pg_temp.places('F') || ' / ' || pg_temp.out(), 'MAIN 21 51.00 / nothing', 'and the loan too');
SELECT is(trial.refused($$SELECT pg_temp.post('loan_return', 'x', '2009-01-12', 'C1', pg_temp.of('F', 3) || pg_temp.origin('l1'))$$), 'LE051', 'what was reversed is not returned');
-- Dated in the past, and by lot: the return need not name it.
\o /dev/null
SELECT pg_temp.post('loan', 'l2', '2009-01-04', 'C2', pg_temp.of('F', 4, '{"to_location": "LENT"}'));
SELECT pg_temp.post('goods_receipt', 'k1', '2009-01-05', 'S1', pg_temp.of('L', 6, '{"lot": "K1", "amount": 12}'));
SELECT pg_temp.post('loan', 'l3', '2009-01-06', 'C2', pg_temp.of('L', 4, '{"lot": "K1", "to_location": "LENT"}'));
SELECT pg_temp.post('loan_return', 'r3', '2009-01-07', NULL, pg_temp.of('L', 1) || pg_temp.origin('l3'));
SELECT pg_temp.post('sales_invoice', 's3', '2009-01-08', 'C2', pg_temp.of('L', 3, '{"price": 5}') || pg_temp.origin('l3'));
\o
SELECT is(pg_temp.places('L') || ' / ' || trial.value_of('LOAN', 's3'), 'MAIN K1 3 6.00 / -6.00', 'a lot goes and comes, and 3 at 2.00 are sold');
SELECT is(pg_temp.out(), 'l2 1 C2 F 4 0 0 4', 'the other loan is out');

-- On consignment with C1: the shop is in the north, which has an account and, for FW, a pool of its own. What went there together is one layer of it: 12 for 28.00.
\o /dev/null
SELECT erp.put_posting_rules('LOAN', 'north', (SELECT json_agg(json_build_object('kind', k.kind, 'line_role', k.role, 'amount_role', 'inventory', 'item_group', 'B', 'warehouse', w.warehouse, 'condition', s.side, 'side', s.side, 'account', w.account))
	FROM (VALUES ('consignment_delivery', 'transfer'), ('consignment_return', 'arrival'), ('sales_invoice', 'sale')) k (kind, role), (VALUES ('MAIN', '1210'), ('NORTH', '1220')) w (warehouse, account), (VALUES ('debit'), ('credit')) s (side)));
SELECT trial.receive('LOAN', 'w1', '2009-02-01', 'FW', 10, 20);
SELECT trial.receive('LOAN', 'w2', '2009-02-02', 'FW', 10, 40);
SELECT pg_temp.post('consignment_delivery', 'c1', '2009-02-03', 'C1', pg_temp.of('FW', 12, '{"to_warehouse": "NORTH", "to_location": "SHOP"}'));
\o
SELECT is(pg_temp.places('FW') || ' / ' || pg_temp.voucher('c1'), 'MAIN 8 32.00, NORTH SHOP 12 28.00 / 1210 -28.00, 1220 28.00', '10 at 2.00 and 2 at 4.00 are at the shop, on the account of the north');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_delivery', 'x', '2009-02-03', 'S1', pg_temp.of('FW', 1, '{"to_warehouse": "NORTH", "to_location": "SHOP"}'))$$), 'LE011', 'a supplier has no goods on consignment of ours');
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x', '2009-02-10', 'C1', pg_temp.of('FW', 13, '{"price": 9}') || pg_temp.origin('c1'))$$), 'LE216', 'no more is sold than was delivered');
-- The statement: 5 sold; 1 comes back.
\o /dev/null
SELECT pg_temp.post('sales_invoice', 'c2', '2009-02-10', 'C1', pg_temp.of('FW', 5, '{"price": 9}') || pg_temp.origin('c1'));
SELECT pg_temp.post('consignment_return', 'c3', '2009-02-11', 'C1', pg_temp.of('FW', 1) || pg_temp.origin('c1'));
\o
SELECT is(pg_temp.voucher('c2'), '1220 -11.67, 5000 11.67, 4000 -45.00, 1100 45.00', 'revenue, receivable, and the issue from the shop: 5/12 of 28.00');
SELECT is(pg_temp.places('FW'), 'MAIN 9 34.33, NORTH SHOP 6 14.00', '1/7 of 16.33 came back');
SELECT is(pg_temp.out(), 'l2 1 C2 F 4 0 0 4, c1 1 C1 FW 12 1 5 6', '6 are still out');
-- A receipt dated before the delivery, 5 at 1.00: then 5 at 1.00 and 7 at 2.00 went, 19.00; the sale cost 5/12 of it, 7.92, and 1/7 of 11.08 came back, 1.58, to 3 at 2.00 and 10 at 4.00.
\o /dev/null
SELECT trial.receive('LOAN', 'w0', '2009-01-31', 'FW', 5, 5);
\o
SELECT is(trial.value_of('LOAN', 'c2'), -7.92, 'what was sold there cost less');
SELECT is(pg_temp.places('FW'), 'MAIN 14 47.58, NORTH SHOP 6 9.50', 'and what is there, and what came back');
SELECT is(pg_temp.gap(), 0.00, 'stock is the books');
\o /dev/null
SELECT trial.reverse('LOAN', 'c2 back', 'c2', '2009-02-12');
\o
SELECT is(pg_temp.places('FW') || ' / ' || trial.balance('LOAN', '5000'), 'MAIN 14 47.58, NORTH SHOP 11 17.42 / 6.00', 'a statement is taken back');
SELECT is(pg_temp.out(), 'l2 1 C2 F 4 0 0 4, c1 1 C1 FW 12 1 0 11', 'and the goods are out again');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole with consignment');

-- Borrowed from S1: 10 of A, beside 4 of our own at 10.00.
\o /dev/null
SELECT trial.receive('LOAN', 'a1', '2009-03-01', 'A', 4, 40);
SELECT pg_temp.post('borrowing', 'b1', '2009-03-02', 'S1', pg_temp.of('A', 10));
\o
SELECT is(pg_temp.places('A') || ' / ' || pg_temp.voucher('b1'), 'MAIN 4 40.00, MAIN S1 10 0.00 / none', 'they are here without a value');
SELECT is(trial.refused($$SELECT pg_temp.post('borrowing', 'x', '2009-03-02', 'S1', pg_temp.of('A', 10, '{"owner": "C1"}'))$$), 'LE217', 'they belong to who lends them');
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x', '2009-03-03', 'C1', pg_temp.of('A', 5, '{"price": 20}'))$$), 'LE050', 'and are not sold as our own');
SELECT is(trial.refused($$SELECT pg_temp.post('borrowing_return', 'x', '2009-03-03', 'S1', pg_temp.of('A', 3))$$), 'LE051', 'a return names what was borrowed');
-- They are carried to A, 3 go back from there, and 2 are bought at 12.00.
\o /dev/null
SELECT pg_temp.post('transfer', 'b2', '2009-03-03', NULL, pg_temp.of('A', 6, '{"owner": "S1", "to_location": "A"}'));
SELECT pg_temp.post('borrowing_return', 'b3', '2009-03-04', 'S1', pg_temp.of('A', 3, '{"location": "A"}') || pg_temp.origin('b1'));
SELECT pg_temp.post('borrowing_purchase', 'b4', '2009-03-05', 'S1', pg_temp.of('A', 2, '{"price": 12}') || pg_temp.origin('b1'));
\o
SELECT is(pg_temp.places('A'), 'MAIN 6 64.00, MAIN S1 2 0.00, MAIN A S1 3 0.00', 'what is bought is ours, at its price');
SELECT is(pg_temp.voucher('b4'), '1200 24.00, 2150 -24.00', 'and not billed yet');
SELECT is((SELECT concat_ws(' ', document_key, line_no, party_code, trim_scale(open_quantity), open_amount) FROM erp.received_not_billed WHERE company = 'LOAN' AND document_key = 'b4'), 'b4 2 S1 2 24.00', 'the list of what is to be billed says so');
SELECT is(trial.refused($$SELECT pg_temp.post('borrowing_return', 'x', '2009-03-06', 'S1', pg_temp.of('A', 6) || pg_temp.origin('b1'))$$), 'LE216', '3 are back and 2 bought: 5 are left');
-- The bill is at 13.00: 2.00 more join the cost of 6, of which 3 are sold by then.
\o /dev/null
SELECT trial.sell('LOAN', 'b5', '2009-03-06', 'A', 3, 20);
SELECT pg_temp.post('supplier_bill', 'b6', '2009-03-07', 'S1', pg_temp.of('A', 2, '{"price": 13}') || pg_temp.origin('b4', 2));
\o
SELECT is(pg_temp.places('A') || ' / ' || trial.value_of('LOAN', 'b5'), 'MAIN 3 33.00, MAIN S1 2 0.00, MAIN A S1 3 0.00 / -33.00', 'half of the difference follows what was sold');
SELECT is(trial.balance('LOAN', '2000') || ' ' || pg_temp.gap(), '-26.00 0.00', 'the bill is owed, and stock is the books');
-- What a customer says was sold is taken from the oldest deliveries first: 3, then 4.
\o /dev/null
SELECT pg_temp.post('consignment_delivery', 'p2', '2009-03-11', 'C2', pg_temp.of('F', 4, '{"to_warehouse": "NORTH", "to_location": "SHOP"}'));
SELECT pg_temp.post('consignment_delivery', 'p1', '2009-03-10', 'C2', pg_temp.of('F', 3, '{"to_warehouse": "NORTH", "to_location": "SHOP"}'));
\o
SELECT is(erp.propose_consignment_sale('LOAN', 'C2', '[{"item": "F", "quantity": 5, "price": 9}, {"item": "FW", "quantity": 1}]'),
	'{"lines": [{"item": "F", "price": 9, "origin": {"key": "p1", "line": 1}, "quantity": 3}, {"item": "F", "price": 9, "origin": {"key": "p2", "line": 1}, "quantity": 2}], "missing": [{"item": "FW", "quantity": 1}]}',
	'5 are 3 and 2; of FW the other customer has some');
SELECT is(erp.propose_consignment_sale('LOAN', 'C2', '[{"item": "F", "quantity": 8}]') -> 'missing', '[{"item": "F", "quantity": 1}]', '8 are one too many');
\o /dev/null
SELECT pg_temp.post('sales_invoice', 'p3', '2009-03-31', 'C2', erp.propose_consignment_sale('LOAN', 'C2', '[{"item": "F", "quantity": 5, "price": 9}]') -> 'lines');
\o
SELECT is((SELECT string_agg(concat_ws(' ', document_key, trim_scale(open_quantity)), ', ') FROM erp.loan_list WHERE company = 'LOAN' AND document_kind = 'consignment_delivery' AND party_code = 'C2'), 'p2 2', 'the lines are posted as they are');
-- Borrowed to the north; what of it is bought and says no place lies where it lay.
\o /dev/null
SELECT pg_temp.post('borrowing', 'n1', '2009-03-20', 'S1', pg_temp.of('AW', 3, '{"warehouse": "NORTH"}'));
SELECT pg_temp.post('borrowing_purchase', 'n2', '2009-03-21', 'S1', pg_temp.of('AW', 2, '{"price": 5}') || pg_temp.origin('n1'));
\o
SELECT is(pg_temp.places('AW'), 'NORTH 2 10.00, NORTH S1 1 0.00', 'what is bought does not move');
-- By import.
\o /dev/null
SELECT (erp.start_import('LOAN', 'rows', '{"name": "rows"}') ->> 'job_id')::bigint AS job \gset
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, item, quantity, unit_price, to_location, origin_key, origin_line) VALUES
	(:job, 1, 'i1', 'loan', '2009-04-01', 'C3', 'A', '2', NULL, 'LENT', NULL, NULL), (:job, 2, 'i2', 'loan_return', '2009-04-02', 'C3', 'A', '1', NULL, NULL, 'i1', '1'),
	(:job, 3, 'i3', 'sales_invoice', '2009-04-03', 'C3', 'A', '1', '15', NULL, 'i1', '1');
SELECT erp.import_step('LOAN', :job) FROM generate_series(1, 4);
\o
SELECT is((SELECT string_agg(concat_ws(' ', k.document_id <> 0, d.key, l.link, trim_scale(l.quantity)), ', ' ORDER BY d.key) FROM erp.document_link l JOIN erp.document d USING (company_id, document_id)
	JOIN erp.document k ON k.company_id = l.company_id AND k.document_id = l.target_document_id WHERE k.key = 'i1'), 't i2 fulfils 1, t i3 fulfils 1', 'rows of an import name what they fulfil');
-- As of a day: 4 lent on 1 May, 1 back on 3 May, which is taken back on 4 May, and 1 on 2 May. Nothing is sealed of it.
CREATE FUNCTION pg_temp.out_on(p_day date, p_position bigint) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', document_key, trim_scale(returned), trim_scale(open_quantity)), ', ' ORDER BY document_key), 'nothing')
	FROM erp.loans_as_known('LOAN', p_day, p_position) WHERE document_key = 'y1'
$$;
\o /dev/null
SELECT trial.receive('LOAN', 'y0', '2009-04-30', 'F', 4, 12);
SELECT pg_temp.post('loan', 'y1', '2009-05-01', 'C3', pg_temp.of('F', 4, '{"to_location": "LENT"}'));
SELECT pg_temp.post('loan_return', 'y2', '2009-05-03', NULL, pg_temp.of('F', 1) || pg_temp.origin('y1'));
SELECT pg_temp.post('loan_return', 'y3', '2009-05-02', NULL, pg_temp.of('F', 1) || pg_temp.origin('y1'));
SELECT trial.reverse('LOAN', 'not y2', 'y2', '2009-05-04');
\o
SELECT is(pg_temp.out_on('2009-04-30', NULL) || ', ' || pg_temp.out_on('2009-05-01', NULL), 'nothing, y1 0 4', 'before the loan, and on its day');
SELECT is(pg_temp.out_on('2009-05-02', NULL) || ', ' || pg_temp.out_on('2009-05-03', NULL) || ', ' || pg_temp.out_on(NULL, NULL), 'y1 1 3, y1 2 2, y1 1 3', 'day by day, with what was taken back later');
SELECT is(pg_temp.out_on('2009-05-02', 0) || ', ' || pg_temp.out_on(NULL, 9999), 'nothing, nothing', 'what is not sealed is not known at any position');
SELECT is((SELECT trim_scale(open_quantity) || ' ' || trim_scale(returned) FROM erp.loan_list WHERE company = 'LOAN' AND document_key = 'y1'), '3 1', 'the list is as of all days');
-- Three are lent out of the north while two are claimed on what is expected here: who waits is promised nothing of what is lent, but of what comes back. Nor of what is delivered to where it is worked on.
\o /dev/null
SELECT erp.put_items('LOAN', 'claimed', '[{"code": "WAIT", "name": "Waited for", "kind": "stock", "method": "fifo"}]');
SELECT erp.put_locations('LOAN', 'work', '[{"warehouse": "MAIN", "code": "WORK", "name": "Work", "kind": "production"}]');
SELECT trial.receive('LOAN', 'waited 1', '2009-06-01', 'WAIT', 5, 5, '{"warehouse": "NORTH"}');
SELECT erp.put_expected_receipts('LOAN', '{"key": "waiting 1", "receipts": [{"source": "PO1", "item": "WAIT", "warehouse": "MAIN", "day": "2009-06-10", "quantity": 4}]}');
SELECT erp.reserve('LOAN', '{"key": "waiting 2", "demand": "SO-2", "expected": true, "lines": [{"item": "WAIT", "quantity": 2, "warehouse": "MAIN"}]}');
CREATE FUNCTION pg_temp.promised() RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', r.claim, l.code, trim_scale(r.quantity)), ', ' ORDER BY r.claim, r.reservation_id), 'nothing') || '; expected ' || (SELECT trim_scale(e.quantity) FROM erp.expected_receipt_list e WHERE e.company = 'LOAN')
	FROM erp.reservation r JOIN erp.company c USING (company_id) LEFT JOIN erp.location l ON l.company_id = r.company_id AND l.location_id = r.location_id AND r.location_id <> 0 WHERE c.code = 'LOAN'
$$;
SELECT pg_temp.post('loan', 'waited 2', '2009-06-02', 'C1', pg_temp.of('WAIT', 3, '{"warehouse": "NORTH", "to_warehouse": "MAIN", "to_location": "LENT"}'));
\o
SELECT is(pg_temp.promised(), 'expected 2; expected 4', 'what is lent serves nobody who waits');
\o /dev/null
SELECT trial.receive('LOAN', 'waited 3', '2009-06-03', 'WAIT', 1, 1, '{"lines": [{"item": "WAIT", "quantity": 1, "amount": 1, "location": "WORK"}]}');
\o
SELECT is(pg_temp.promised(), 'expected 2; expected 3', 'nor does what is received where it is worked on, though it is no longer expected');
\o /dev/null
SELECT pg_temp.post('loan_return', 'waited 4', '2009-06-04', 'C1', pg_temp.of('WAIT', 1) || pg_temp.origin('waited 2'));
\o
SELECT is(pg_temp.promised(), 'expected 1, stock 1; expected 3', 'what comes back does');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole at the end');
SELECT * FROM finish();
ROLLBACK;
