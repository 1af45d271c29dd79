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
-- Goods that are shipped before they are billed, with revenue at the invoice: they stay stock, on an account and in a pool of cost of their own, until they are sold, given away, lost or come back.
SELECT plan(50);
\o /dev/null
SELECT erp.create_company('SHIP', 'company', '{"name": "Shipper", "currency": "GBP", "chart": "english"}');
SELECT erp.create_company('CN', 'company', '{"name": "某某贸易", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year(c, 'year', '{"code": "2009", "first_day": "2009-01-01", "months": 12}'),
	erp.put_parties(c, 'parties', '[{"code": "S1", "name": "Supplier", "roles": ["supplier"]}, {"code": "C1", "name": "Customer 1", "roles": ["customer"]}, {"code": "C2", "name": "Customer 2", "roles": ["customer"]}]'),
	erp.put_warehouses(c, 'warehouses', '[{"code": "NORTH", "name": "North"}]'),
	erp.put_tax_codes(c, 'tax', '[{"code": "VAT", "name": "VAT", "rates": [{"from": "2009-01-01", "rate": "0.2"}]}]'),
	erp.put_items(c, 'items', '[{"code": "F", "name": "FIFO", "kind": "stock", "method": "fifo"}, {"code": "A", "name": "Average", "kind": "stock", "method": "moving_average"},
		{"code": "W", "name": "By warehouse", "kind": "stock", "method": "fifo", "cost_pool": "warehouse"}, {"code": "S", "name": "Standard", "kind": "stock", "method": "standard"},
		{"code": "L", "name": "By lot", "kind": "stock", "method": "specific", "cost_pool": "lot", "tracking": "lot"}, {"code": "M", "name": "By month", "kind": "stock", "method": "monthly_average"}]')
FROM unnest('{SHIP,CN}'::text[]) c;
CREATE FUNCTION pg_temp.post(p_kind text, p_key text, p_day date, p_party text, p_lines jsonb, p_more jsonb DEFAULT '{}', p_company text DEFAULT 'SHIP') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_strip_nulls(jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'party', p_party))
		|| jsonb_build_object('lines', CASE jsonb_typeof(p_lines) WHEN 'array' THEN p_lines ELSE jsonb_build_array(p_lines) END) || p_more)::text::json)
$$;
CREATE FUNCTION pg_temp.of(p_item text, p_quantity numeric, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('item', p_item, 'quantity', p_quantity) || p_more $$;
CREATE FUNCTION pg_temp.origin(p_key text, p_line int DEFAULT 1) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('origin', jsonb_build_object('key', p_key, 'line', p_line)) $$;
CREATE FUNCTION pg_temp.voucher(p_key text, p_company text DEFAULT 'SHIP') RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', a.code, CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END::numeric(19, 2)), ', ' ORDER BY l.line_no), 'none')
	FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id)
	WHERE c.code = p_company AND d.key = p_key
$$;
CREATE FUNCTION pg_temp.places(p_item text, p_company text DEFAULT 'SHIP') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', warehouse_code, location_code, lot_code, trim_scale(on_hand), value), ', ' ORDER BY warehouse_code, location_code NULLS FIRST, lot_code)
	FROM erp.stock_on_hand WHERE company = p_company AND item_code = p_item
$$;
CREATE FUNCTION pg_temp.open(p_company text DEFAULT 'SHIP') RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', document_key, line_no, party_code, item_code, trim_scale(quantity), trim_scale(returned), trim_scale(billed), trim_scale(open_quantity), open_cost), ', ' ORDER BY day, document_key, line_no), 'nothing')
	FROM erp.shipped_not_billed WHERE company = p_company
$$;
-- Of the accounts: inventory, goods shipped, what the view says of these, cost of sales.
CREATE FUNCTION pg_temp.books(p_company text DEFAULT 'SHIP') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', trial.balance(p_company, '1200'), trial.balance(p_company, '1220'), (SELECT coalesce(sum(open_cost), 0) FROM erp.shipped_not_billed WHERE company = p_company), trial.balance(p_company, '5000'))
$$;
SELECT pg_temp.post('goods_receipt', 'f1', '2009-01-02', 'S1', pg_temp.of('F', 10, '{"price": 2}')), pg_temp.post('goods_receipt', 'f2', '2009-01-03', 'S1', pg_temp.of('F', 10, '{"price": 3}'));
\o
-- 12 of 10 at 2.00 and 10 at 3.00: 26.00.
SELECT is(trial.refused($$SELECT pg_temp.post('shipment', 'x', '2009-01-05', NULL, pg_temp.of('F', 12))$$), 'LE011', 'a shipment is to a customer');
SELECT is(trial.refused($$SELECT pg_temp.post('shipment', 'x', '2009-01-05', 'S1', pg_temp.of('F', 12))$$), 'LE011', 'a supplier is none');
SELECT is(trial.refused($$SELECT pg_temp.post('shipment', 'x', '2009-01-05', 'C1', pg_temp.of('F', 12, '{"price": 9}'))$$), 'LE011', 'the price comes with the invoice');
SELECT is(trial.refused($$SELECT pg_temp.post('shipment', 'x', '2009-01-05', 'C1', pg_temp.of('F', 21))$$), 'LE050', 'no more is shipped than is there');
SELECT is(trial.refused($$SELECT pg_temp.post('transfer', 'x', '2009-01-05', NULL, pg_temp.of('F', 1, '{"to_location": "SHIPPED"}'))$$), 'LE215', 'nothing else is brought to where shipped goods lie');
\o /dev/null
SELECT pg_temp.post('shipment', 's1', '2009-01-05', 'C1', pg_temp.of('F', 12));
\o
SELECT is(pg_temp.voucher('s1'), '1200 -26.00, 1220 26.00', 'what is shipped changes its account and nothing else');
SELECT is(pg_temp.places('F'), 'MAIN 8 24.00, MAIN SHIPPED 12 26.00', 'it is stock still');
SELECT is(pg_temp.open(), 's1 1 C1 F 12 0 0 12 26.00', 'and waits for its invoice');
SELECT is((SELECT available FROM erp.available_to_promise('SHIP', '{F}', '2009-01-05', '2009-01-05')), 8.000000, 'nobody else is promised it');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT is(trial.refused($$SELECT pg_temp.post('transfer', 'x', '2009-01-05', NULL, pg_temp.of('F', 1, '{"location": "SHIPPED", "to_location": ""}'))$$), 'LE215', 'it is not carried away');
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x', '2009-01-06', 'C1', pg_temp.of('F', 13, '{"price": 9}') || pg_temp.origin('s1'))$$), 'LE216', 'no more is billed than was shipped');
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x', '2009-01-06', 'C2', pg_temp.of('F', 1, '{"price": 9}') || pg_temp.origin('s1'))$$), 'LE217', 'nor to another customer');
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x', '2009-01-04', 'C1', pg_temp.of('F', 1, '{"price": 9}') || pg_temp.origin('s1'))$$), 'LE051', 'nor before it was shipped');
SELECT is(trial.refused($$SELECT pg_temp.post('loan_return', 'x', '2009-01-06', 'C1', pg_temp.of('F', 1) || pg_temp.origin('s1'))$$), 'LE051', 'a shipment is no loan');
-- 5 of the 12: 26.00 x 5 / 12 = 10.83.
\o /dev/null
SELECT pg_temp.post('sales_invoice', 'i1', '2009-01-06', 'C1', pg_temp.of('F', 5, '{"price": 9}') || pg_temp.origin('s1'), '{"tax_code": "VAT"}');
\o
SELECT is(pg_temp.voucher('i1'), '1220 -10.83, 5000 10.83, 4000 -45.00, 2200 -9.00, 1100 54.00', 'the invoice brings revenue, tax, and cost out of what was shipped');
SELECT is(trial.refused($$SELECT trial.reverse('SHIP', 'x', 's1', '2009-01-07')$$), 'LE196', 'the shipment stands while its invoice does');
-- 2 of the 7 come back, worth 15.17 x 2 / 7 = 4.33; 1 of the other 5 is lost on its way: 10.84 / 5 = 2.17.
\o /dev/null
SELECT pg_temp.post('shipment_return', 'b1', '2009-01-07', 'C1', pg_temp.of('F', 2, '{"state": "quarantine"}') || pg_temp.origin('s1'));
SELECT pg_temp.post('stock_loss', 'd1', '2009-01-08', NULL, pg_temp.of('F', 1) || pg_temp.origin('s1'));
\o
SELECT is(pg_temp.voucher('b1') || ' / ' || pg_temp.voucher('d1'), '1220 -4.33, 1200 4.33 / 1220 -2.17, 5200 2.17', 'what comes back and what is lost of it');
SELECT is(pg_temp.open(), 's1 1 C1 F 12 2 6 4 8.67', '4 of 12 are left');
SELECT is(pg_temp.books(), '28.33 8.67 8.67 10.83', 'the account is what the view says');
SELECT is(trial.refused($$SELECT pg_temp.post('shipment_return', 'x', '2009-01-09', 'C1', pg_temp.of('F', 5) || pg_temp.origin('s1'))$$), 'LE216', 'no more comes back than is out');
-- What came back was looked at: one is restocked, one scrapped.
\o /dev/null
SELECT pg_temp.post('transfer', 't1', '2009-01-09', NULL, pg_temp.of('F', 1, '{"state": "quarantine", "to_state": "available"}'));
SELECT pg_temp.post('scrap', 'c1', '2009-01-09', NULL, pg_temp.of('F', 1, '{"state": "quarantine"}'));
\o
SELECT is(pg_temp.places('F'), 'MAIN 9 25.33, MAIN SHIPPED 4 8.67', 'after inspection one is on sale again and one is scrapped: of the oldest, at 3.00');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole with returns');
-- A receipt of 2 at 1.00 before all of it: the shipment takes 2 at 1.00 and 10 at 2.00, 22.00; the invoice 9.17, the return 12.83 x 2 / 7 = 3.67, the loss 9.16 / 5 = 1.83; 7.33 are left.
\o /dev/null
SELECT pg_temp.post('goods_receipt', 'f0', '2009-01-01', 'S1', pg_temp.of('F', 2, '{"price": 1}'));
\o
SELECT is(pg_temp.books(), '30.67 7.33 7.33 9.17', 'what is learned later follows through the shipment');
SELECT is(trial.balance('SHIP', '5200'), 4.83, 'to what was lost and scrapped');
\o /dev/null
SELECT pg_temp.post('sales_invoice', 'i2', '2009-01-31', 'C1', pg_temp.of('F', 4, '{"price": 10}') || pg_temp.origin('s1'));
\o
SELECT is(pg_temp.books() || ' / ' || pg_temp.open(), '30.67 0.00 0 16.50 / nothing', 'the last invoice takes the rest');
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x', '2009-01-31', 'C1', pg_temp.of('F', 1, '{"price": 9}') || pg_temp.origin('s1'))$$), 'LE216', 'nothing is billed twice');
-- A customer returns what was billed: at the cost of the invoice's line, 7.33 x 1 / 4 = 1.83; and an invoice is taken back: what it sold is shipped again.
\o /dev/null
SELECT pg_temp.post('credit_note', 'n1', '2009-02-01', 'C1', pg_temp.of('F', 1, '{"price": 10}') || pg_temp.origin('i2'));
SELECT trial.reverse('SHIP', 'i1 back', 'i1', '2009-02-02');
\o
SELECT is(pg_temp.voucher('n1'), '1200 1.83, 5000 -1.83, 4000 10.00, 1100 -10.00', 'a return after the invoice goes back to stock');
SELECT is(pg_temp.open() || ' / ' || pg_temp.books(), 's1 1 C1 F 12 2 5 5 9.17 / 32.50 9.17 9.17 5.50', 'an invoice that is taken back leaves its goods shipped');
SELECT is(trial.refused($$SELECT trial.reverse('SHIP', 'x', 's1', '2009-02-03')$$), 'LE196', 'the shipment still stands behind the others');
-- Taken back as a whole: a shipment of 3 at 3.00.
\o /dev/null
SELECT pg_temp.post('shipment', 's2', '2009-02-04', 'C2', pg_temp.of('F', 3));
\o
SELECT is(pg_temp.voucher('s2'), '1200 -9.00, 1220 9.00', 'another shipment, to another customer');
\o /dev/null
SELECT trial.reverse('SHIP', 's2 back', 's2', '2009-02-05');
\o
SELECT is(pg_temp.voucher('s2 back') || ' / ' || pg_temp.places('F'), '1200 9.00, 1220 -9.00 / MAIN 12 32.50, MAIN SHIPPED 5 9.17', 'a shipment that never left');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole after reversals');
-- The demand is served by the shipment, not by the invoice; goods that others reserved are not shipped.
\o /dev/null
SELECT erp.reserve('SHIP', '{"key": "v1", "lines": [{"demand": "SO-1", "item": "F", "quantity": 5}, {"demand": "SO-2", "item": "F", "quantity": 6}]}');
\o
SELECT is(trial.refused($$SELECT pg_temp.post('shipment', 'x', '2009-02-06', 'C2', pg_temp.of('F', 2))$$), 'LE050', '11 of 12 are reserved');
\o /dev/null
SELECT pg_temp.post('shipment', 's3', '2009-02-06', 'C2', jsonb_build_array(pg_temp.of('F', 3, '{"demand": {"key": "SO-1"}}'), pg_temp.of('F', 1)));
\o
SELECT is((SELECT string_agg(demand || ' ' || trim_scale(quantity), ', ' ORDER BY demand) FROM erp.reservation_list WHERE company = 'SHIP'), 'SO-1 2, SO-2 6', 'what is shipped for a demand is no longer reserved');
SELECT is((SELECT sum(reserved) FROM erp.stock_on_hand WHERE company = 'SHIP' AND location_code = 'SHIPPED'), 0.000000, 'nor where it lies now');
\o /dev/null
SELECT erp.release('SHIP', '{"key": "v2", "lines": [{"demand": "SO-1"}, {"demand": "SO-2"}]}');
\o
-- Several shipments in one invoice, with what was shipped in the same call, and a gift of what was shipped: s3's 4 at 3.00 and a new one's 2 at 3.00.
\o /dev/null
SELECT erp.post_documents('SHIP', '[{"key": "s4", "kind": "shipment", "day": "2009-02-07", "party": "C2", "lines": [{"item": "F", "quantity": 2}]},
	{"key": "i3", "kind": "sales_invoice", "day": "2009-02-07", "party": "C2", "lines": [{"item": "F", "quantity": 3, "price": 8, "origin": {"key": "s3", "line": 1}}, {"item": "F", "quantity": 1, "price": 8, "origin": {"key": "s3", "line": 2}},
	{"role": "free", "item": "F", "quantity": 1, "origin": {"key": "s4", "line": 1}}, {"item": "F", "quantity": 1, "price": 8, "origin": {"key": "s4", "line": 1}}, {"role": "service", "amount": 5}]}]');
\o
-- The pool of what is shipped is FIFO too: i3 takes the 5 of i1 that were taken back, worth 9.17, by 3 (5.50), 1 (3.67 / 2 = 1.84) and 1 (1.83, the gift), and one at 3.00; 5 at 3.00 stay for s1's 5.
SELECT is(pg_temp.open() || ' / ' || pg_temp.books(), 's1 1 C1 F 12 2 5 5 15.00 / 14.50 15.00 15.00 15.84', 'what is shipped first is billed first, by cost');
SELECT is(trial.balance('SHIP', '4000') || ' ' || trial.balance('SHIP', '4100') || ' ' || trial.balance('SHIP', '5100'), '-70.00 -5.00 1.83', 'revenue of goods and services, and a gift');
-- By the other methods: 10 at 2.00 and 10 at 4.00; 5 shipped, 3 of them billed; 5 more receipts at 9.00 change nothing of it. Standard 3.00.
\o /dev/null
SELECT erp.put_standard_costs('SHIP', 'std', '{"day": "2009-03-01", "costs": [{"item": "S", "cost": 3}]}');
SELECT pg_temp.post('goods_receipt', i || '1', '2009-03-02', 'S1', jsonb_build_array(pg_temp.of(i, 10, '{"price": 2}' || l.lot), pg_temp.of(i, 10, '{"price": 4}' || l.lot))), pg_temp.post('shipment', i || '2', '2009-03-03', 'C1', pg_temp.of(i, 5, l.lot)),
	pg_temp.post('sales_invoice', i || '3', '2009-03-04', 'C1', pg_temp.of(i, 3, '{"price": 10}') || pg_temp.origin(i || '2')), pg_temp.post('goods_receipt', i || '4', '2009-03-05', 'S1', pg_temp.of(i, 5, '{"price": 9}' || l.lot))
FROM unnest('{A,W,S,L,M}'::text[]) i, LATERAL (SELECT CASE i WHEN 'L' THEN '{"lot": "X"}' ELSE '{}' END::jsonb AS lot) l;
\o
SELECT is((SELECT string_agg(concat_ws(' ', i, pg_temp.voucher(i || '2'), '/', pg_temp.voucher(i || '3')), '; ' ORDER BY i) FROM unnest('{A,W,S,L,M}'::text[]) i),
	'A 1200 -15.00, 1220 15.00 / 1220 -9.00, 5000 9.00, 4000 -30.00, 1100 30.00; L 1200 -15.00, 1220 15.00 / 1220 -9.00, 5000 9.00, 4000 -30.00, 1100 30.00; M 1200 -15.00, 1220 15.00 / 1220 -9.00, 5000 9.00, 4000 -30.00, 1100 30.00; S 1200 -15.00, 1220 15.00 / 1220 -9.00, 5000 9.00, 4000 -30.00, 1100 30.00; W 1200 -10.00, 1220 10.00 / 1220 -6.00, 5000 6.00, 4000 -30.00, 1100 30.00',
	'average, lot, month, standard, and FIFO by warehouse');
SELECT is((SELECT string_agg(concat_ws(' ', i, pg_temp.places(i)), '; ' ORDER BY i) FROM unnest('{A,W,S,L,M}'::text[]) i),
	'A MAIN 20 90.00, MAIN SHIPPED 2 6.00; L MAIN X 20 90.00, MAIN SHIPPED X 2 6.00; M MAIN 20 90.00, MAIN SHIPPED 2 6.00; S MAIN 20 60.00, MAIN SHIPPED 2 6.00; W MAIN 20 95.00, MAIN SHIPPED 2 4.00', 'each with what is shipped apart');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole by each method');
-- Another standard puts what is shipped at it, too. The month: 20 for 60.00 and 5 for 45.00 in all, 105.00 / 25 = 4.20; the shipment 21.00, the invoice 12.60.
\o /dev/null
SELECT erp.put_standard_costs('SHIP', 'std 2', '{"day": "2009-03-10", "costs": [{"item": "S", "cost": 5}]}');
SELECT erp.run_month_cost('SHIP', 'month', '{"period": "2009-03"}');
\o
SELECT is(pg_temp.places('S') || ' / ' || pg_temp.places('M'), 'MAIN 20 100.00, MAIN SHIPPED 2 10.00 / MAIN 20 84.00, MAIN SHIPPED 2 8.40', 'a standard and a month reach what is shipped');
-- Another method, for what is shipped as well.
\o /dev/null
SELECT erp.change_costing_method('SHIP', 'method', '{"day": "2009-04-01", "method": "fifo", "items": [{"item": "A"}]}');
\o
SELECT is((SELECT count(*) FROM erp.stock_move m JOIN erp.document d USING (company_id, document_id) JOIN erp.company c USING (company_id) WHERE c.code = 'SHIP' AND d.kind = 'costing_change'), 2::bigint, 'another method closes both pools');
\o /dev/null
SELECT pg_temp.post('sales_invoice', i || '5', '2009-04-04', 'C1', pg_temp.of(i, 2, '{"price": 10}') || pg_temp.origin(i || '2')) FROM unnest('{A,W,S,L,M}'::text[]) i;
\o
SELECT is((SELECT string_agg(concat_ws(' ', i, pg_temp.places(i)), '; ' ORDER BY i) FROM unnest('{A,W,S,L,M}'::text[]) i),
	'A MAIN 20 90.00; L MAIN X 20 90.00; M MAIN 20 84.00; S MAIN 20 100.00; W MAIN 20 95.00', 'and it is billed out of there');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole after all of it');
-- Goods past their last day are not shipped; what was shipped in time is billed whenever.
\o /dev/null
SELECT pg_temp.post('goods_receipt', 'x1', '2009-05-01', 'S1', pg_temp.of('L', 10, '{"price": 2, "lot": "Y", "lot_days": {"expires_on": "2009-05-10"}}'));
SELECT pg_temp.post('shipment', 'x2', '2009-05-09', 'C1', pg_temp.of('L', 4, '{"lot": "Y"}'));
\o
SELECT is(trial.refused($$SELECT pg_temp.post('shipment', 'x', '2009-05-11', 'C1', pg_temp.of('L', 1, '{"lot": "Y"}'))$$), 'LE220', 'a lot past its last day does not leave');
SELECT is(trial.refused($$SELECT pg_temp.post('shipment', 'x', '2009-05-09', 'C1', pg_temp.of('L', 1))$$), 'LE170', 'and a shipment says which lot it is of');
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x3', '2009-05-20', 'C1', pg_temp.of('L', 4, '{"price": 3}') || pg_temp.origin('x2'))$$), 'accepted', 'what left in time is billed later');
-- The Chinese chart: 发出商品 is account 1406.
\o /dev/null
SELECT pg_temp.post('goods_receipt', 'f1', '2009-01-02', 'S1', pg_temp.of('F', 10, '{"price": 2}'), '{}', 'CN'), pg_temp.post('shipment', 's1', '2009-01-05', 'C1', pg_temp.of('F', 6, '{"warehouse": "MAIN"}'), '{}', 'CN'),
	pg_temp.post('sales_invoice', 'i1', '2009-01-06', 'C1', pg_temp.of('F', 5, '{"price": 9}') || pg_temp.origin('s1'), '{}', 'CN');
\o
SELECT is(pg_temp.voucher('s1', 'CN') || ' / ' || pg_temp.voucher('i1', 'CN'), '1405 -12.00, 1406 12.00 / 1406 -10.00, 5401 10.00, 5001 -45.00, 1122 45.00', 'in the Chinese chart');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole at the end');
SELECT * FROM finish();
ROLLBACK;
