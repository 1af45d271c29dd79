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
-- Goods that a supplier keeps here: what is used is withdrawn at the agreed price and waits for the statement, as goods received wait for their bill.
SELECT plan(49);
\o /dev/null
SELECT trial.make_company('CONS');
SELECT trial.make_company('ELSE');
SELECT erp.put_accounts('CONS', 'payable', '[{"code": "2000", "name": "Payables", "class": "liability", "side": "credit", "control": "payable"}]');
SELECT erp.put_parties('CONS', 'another', '[{"code": "S2", "name": "Supplier 2", "roles": ["supplier"]}]');
SELECT erp.put_posting_rules('CONS', 'consignment', '[
	{"kind": "consignment_withdrawal", "line_role": "withdrawn", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "consignment_withdrawal", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2150"},
	{"kind": "consignment_statement", "line_role": "settled", "amount_role": "amount", "side": "debit", "account": "2150"},
	{"kind": "consignment_statement", "line_role": "settled", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "consignment_statement", "line_role": "settled", "amount_role": "cost", "side": "credit", "account": "2150"},
	{"kind": "consignment_statement", "line_role": "document", "amount_role": "tax", "side": "debit", "account": "2200"},
	{"kind": "consignment_statement", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2000"},
	{"kind": "receipt_amendment", "line_role": "repriced", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "receipt_amendment", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2150"},
	{"kind": "supplier_bill", "line_role": "billed", "amount_role": "amount", "side": "debit", "account": "2150"},
	{"kind": "supplier_bill", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2000"}]');
SELECT erp.put_items('CONS', 'lots', '[{"code": "N", "name": "By serial number", "kind": "stock", "method": "fifo", "tracking": "serial"}]');
CREATE FUNCTION pg_temp.post(p_kind text, p_key text, p_day date, p_lines jsonb, p_more jsonb DEFAULT '{"party": "S1"}', p_company text DEFAULT 'CONS') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'lines', CASE jsonb_typeof(p_lines) WHEN 'array' THEN p_lines ELSE jsonb_build_array(p_lines) END) || p_more)::text::json)
$$;
CREATE FUNCTION pg_temp.of(p_item text, p_quantity numeric, p_price numeric DEFAULT NULL, p_key text DEFAULT NULL, p_line int DEFAULT 2) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'price', p_price)) || CASE WHEN p_key IS NULL THEN '{}' ELSE jsonb_build_object('origin', jsonb_build_object('key', p_key, 'line', p_line)) END
$$;
CREATE FUNCTION pg_temp.places(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', warehouse_code, location_code, owner_code, trim_scale(on_hand), value), ', ' ORDER BY warehouse_code, location_code NULLS FIRST, owner_code NULLS FIRST)
	FROM erp.stock_on_hand WHERE company = 'CONS' AND item_code = p_item
$$;
CREATE FUNCTION pg_temp.voucher(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', a.code, CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END::numeric(19, 2)), ', ' ORDER BY l.line_no), 'none')
	FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id)
	WHERE c.code = 'CONS' AND d.key = p_key
$$;
-- What waits for a statement.
CREATE FUNCTION pg_temp.open() RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', document_key, line_no, party_code, trim_scale(open_quantity), open_amount), ', ' ORDER BY day, document_key), 'nothing') FROM erp.received_not_billed WHERE company = 'CONS'
$$;
-- Of the accounts: stock less what it is worth, goods not billed, payables, cost of sales.
CREATE FUNCTION pg_temp.books() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', trial.balance('CONS', '1200') + trial.balance('CONS', '1210') - (SELECT coalesce(sum(value), 0) FROM erp.stock_on_hand WHERE company = 'CONS'),
		trial.balance('CONS', '2150'), trial.balance('CONS', '2000'), trial.balance('CONS', '5000'))
$$;
SELECT pg_temp.post('consignment_receipt', 'k1', '2009-01-05', pg_temp.of('F', 20));
\o
SELECT is(pg_temp.places('F') || ' / ' || pg_temp.voucher('k1'), 'MAIN S1 20 0.00 / none', 'goods on consignment: a quantity and no value');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_receipt', 'x', '2009-01-05', pg_temp.of('F', 20), '{"party": "C1"}')$$), 'LE011', 'a customer keeps none here');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_receipt', 'x', '2009-01-05', pg_temp.of('F', 20) || '{"cost": 5}')$$), 'LE174', 'what it will cost is said when it is withdrawn');
SELECT is(trial.refused($$SELECT trial.sell('CONS', 'x', '2009-01-06', 'F', 1, 9)$$), 'LE050', 'they are not sold as our own');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_withdrawal', 'x', '2009-01-06', pg_temp.of('F', 21, 5))$$), 'LE050', 'no more is withdrawn than is held');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_withdrawal', 'x', '2009-01-04', pg_temp.of('F', 1, 5))$$), 'LE050', 'nor before it came');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_withdrawal', 'x', '2009-01-06', pg_temp.of('F', 1, 5), '{"party": "S2"}')$$), 'LE050', 'another supplier has none here');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_withdrawal', 'x', '2009-01-06', pg_temp.of('F', 1, 5) || '{"owner": "S2"}')$$), 'LE217', 'what is withdrawn is the supplier''s');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_withdrawal', 'x', '2009-01-06', pg_temp.of('F', 1))$$), 'LE011', 'and has a price');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_withdrawal', 'x', '2009-01-06', pg_temp.of('F', 1, 5) || '{"role": "withdrawn"}')$$), 'LE011', 'a line has both sides');
-- 8 at the agreed 5.00; 6 of them are sold in the same call.
\o /dev/null
SELECT erp.post_documents('CONS', '[{"key": "w1", "kind": "consignment_withdrawal", "day": "2009-01-10", "party": "S1", "lines": [{"item": "F", "quantity": 8, "price": 5}]},
	{"key": "s1", "kind": "sales_invoice", "day": "2009-01-10", "party": "C1", "lines": [{"item": "F", "quantity": 6, "price": 9}]}]');
\o
SELECT is(pg_temp.voucher('w1'), '1200 40.00, 2150 -40.00', 'what is withdrawn is ours, at its estimate');
SELECT is(pg_temp.places('F') || ' / ' || trial.value_of('CONS', 's1'), 'MAIN 2 10.00, MAIN S1 12 0.00 / -30.00', 'and costs that when it is sold');
SELECT is(pg_temp.open(), 'w1 2 S1 8 40.00', 'all of it waits for the statement');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT is(erp.propose_consignment_statement('CONS', 'S1', '2009-01-31'), '[{"item": "F", "amount": 40.00, "origin": {"key": "w1", "line": 2}, "quantity": 8.000000}]', 'what the statement is of');
SELECT is(erp.propose_consignment_statement('CONS', 'S1', '2009-01-09'), '[]', 'nothing to that day');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_statement', 'x', '2009-01-31', pg_temp.of('F', 9, 5.5, 'w1'))$$), 'LE218', 'no more is settled than was withdrawn');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_statement', 'x', '2009-01-31', pg_temp.of('F', 8, 5.5))$$), 'LE051', 'a statement names what was withdrawn');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_statement', 'x', '2009-01-31', pg_temp.of('F', 8, 5.5, 'k1', 1))$$), 'LE194', 'not what came on consignment');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_statement', 'x', '2009-01-31', pg_temp.of('F', 8, 5.5, 'w1', 1))$$), 'LE194', 'nor the side that was the supplier''s');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_statement', 'x', '2009-01-31', pg_temp.of('F', 8, 5.5, 'w1'), '{"party": "S2"}')$$), 'LE194', 'nor what was another''s');
SELECT is(trial.refused($$SELECT pg_temp.post('supplier_bill', 'x', '2009-01-31', pg_temp.of('F', 8, 5.5, 'w1'))$$), 'LE194', 'a bill is of goods received, not of these');
SELECT is(trial.refused($$SELECT pg_temp.post('receipt_amendment', 'x', '2009-01-31', pg_temp.of('F', 1, NULL, 'w1') || '{"role": "received_less"}')$$), 'LE194', 'nor did less of it come');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_statement', 'x', '2009-01-31', jsonb_build_array(pg_temp.of('F', 5, 5, 'w1'), pg_temp.of('F', 4, 5, 'w1')))$$), 'LE218', 'two lines of one statement are one');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_statement', 'x', '2009-01-31', pg_temp.of('F', 1, 5, 'w1'), '{"party": "S1"}', 'ELSE')$$), 'LE194', 'another company does not know it');
-- The statement is at 5.50: 4.00 more, of which 6/8 are sold.
\o /dev/null
SELECT pg_temp.post('consignment_statement', 'st1', '2009-01-31', pg_temp.of('F', 8, 5.5, 'w1'), '{"party": "S1", "tax_code": "VAT"}');
\o
SELECT is(pg_temp.places('F') || ' / ' || trial.value_of('CONS', 's1'), 'MAIN 2 11.00, MAIN S1 12 0.00 / -33.00', 'the difference follows what was sold');
SELECT is(pg_temp.books(), '0.00 0.00 -50.60 33.00', 'nothing waits any more; 44.00 and 15% of it are owed');
SELECT is(pg_temp.open(), 'nothing', 'and nothing is open');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_statement', 'x', '2009-02-01', pg_temp.of('F', 1, 5, 'w1'))$$), 'LE218', 'nothing is settled twice');
SELECT is(trial.refused($$SELECT trial.reverse('CONS', 'x', 'w1', '2009-02-01')$$), 'LE196', 'the withdrawal stands while its statement does');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole with the statement');
\o /dev/null
SELECT trial.reverse('CONS', 'st1 back', 'st1', '2009-02-01');
\o
SELECT is(pg_temp.books() || ' / ' || pg_temp.open(), '0.00 -40.00 0.00 30.00 / w1 2 S1 8 40.00', 'a statement is taken back');
-- Withdrawn before it, dated in the past: 3 at 4.00 come before the 8. The sale took them first: 3 at 4.00 and 3 at 5.00.
\o /dev/null
SELECT pg_temp.post('consignment_withdrawal', 'w0', '2009-01-08', pg_temp.of('F', 3, 4));
\o
SELECT is(trial.value_of('CONS', 's1') || ' / ' || pg_temp.places('F'), '-27.00 / MAIN 5 25.00, MAIN S1 9 0.00', 'what was withdrawn before it was sold before it');
SELECT is(pg_temp.open(), 'w0 2 S1 3 12.00, w1 2 S1 8 40.00', 'both are open');
-- In parts: 2 of w0 at 4.00 and 5 of w1 at 5.00; then the rest, w0 at 4.30 and w1 at 5.20. In all 12.30 and 40.60.
\o /dev/null
SELECT pg_temp.post('consignment_statement', 'st2', '2009-02-10', jsonb_build_array(pg_temp.of('F', 2, 4, 'w0'), pg_temp.of('F', 5, 5, 'w1')));
SELECT pg_temp.post('consignment_statement', 'st3', '2009-02-20', jsonb_build_array(pg_temp.of('F', 1, 4.3, 'w0'), pg_temp.of('F', 3, 5.2, 'w1')));
\o
-- The sale: 12.30 for w0's 3, and 3/8 of 40.60, which is 15.225, for 3 of w1's; 5/8 of it, 25.375, are left: to the cent 15.23 and 25.37.
SELECT is(trial.value_of('CONS', 's1') || ' / ' || pg_temp.places('F'), '-27.53 / MAIN 5 25.37, MAIN S1 9 0.00', 'settled in parts, each at its price');
SELECT is(pg_temp.books(), '0.00 0.00 -52.90 27.53', '8.00 + 25.00 + 4.30 + 15.60 are owed');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole after parts');
-- A withdrawal goes back while its goods are there.
\o /dev/null
SELECT pg_temp.post('consignment_withdrawal', 'w2', '2009-03-01', pg_temp.of('F', 4, 6));
SELECT pg_temp.post('receipt_amendment', 'w2 price', '2009-03-02', '{"item": "F", "role": "repriced", "price": 6.5, "origin": {"key": "w2", "line": 2}}');
\o
SELECT is(pg_temp.open(), 'w2 2 S1 4 26.00', 'the agreed price was another');
SELECT is(pg_temp.places('F'), 'MAIN 9 51.37, MAIN S1 5 0.00', 'and so is what it is worth');
\o /dev/null
SELECT trial.reverse('CONS', 'w2 price back', 'w2 price', '2009-03-03');
SELECT trial.reverse('CONS', 'w2 back', 'w2', '2009-03-03');
\o
SELECT is(pg_temp.places('F') || ' / ' || pg_temp.open(), 'MAIN 5 25.37, MAIN S1 9 0.00 / nothing', 'a withdrawal is taken back: the goods are the supplier''s again');
\o /dev/null
SELECT pg_temp.post('consignment_withdrawal', 'w3', '2009-03-04', pg_temp.of('F', 1, 6));
SELECT trial.sell('CONS', 's3', '2009-03-05', 'F', 6, 9);
\o
SELECT is(trial.refused($$SELECT trial.reverse('CONS', 'x', 'w3', '2009-03-06')$$), 'LE050', 'once its goods were sold they are missing');
-- A serial number is withdrawn where it lies, and returned to the supplier unwithdrawn.
\o /dev/null
SELECT pg_temp.post('goods_receipt', 'n1', '2009-03-01', '[{"item": "N", "quantity": 1, "owner": "S1", "amount": 0, "lot": "N1"}, {"item": "N", "quantity": 1, "owner": "S1", "amount": 0, "lot": "N2"}]');
SELECT pg_temp.post('consignment_withdrawal', 'n2', '2009-03-02', '{"item": "N", "quantity": 1, "lot": "N1", "amount": 70}');
\o
SELECT is(pg_temp.places('N'), 'MAIN 1 70.00, MAIN S1 1 0.00', 'one of two is ours');
SELECT is(trial.refused($$SELECT pg_temp.post('consignor_return', 'x', '2009-03-03', '{"item": "N", "quantity": 1, "origin": {"key": "n1", "line": 1}}')$$), 'LE050', 'what was withdrawn does not go back');
SELECT is(trial.refused($$SELECT pg_temp.post('consignor_return', 'x', '2009-03-03', pg_temp.of('F', 10, NULL, 'k1', 1))$$), 'LE050', '8 of 20 are left');
\o /dev/null
SELECT pg_temp.post('consignor_return', 'n3', '2009-03-03', '{"item": "N", "quantity": 1, "origin": {"key": "n1", "line": 2}}');
SELECT pg_temp.post('consignor_return', 'k2', '2009-03-06', pg_temp.of('F', 8, NULL, 'k1', 1));
SELECT trial.reverse('CONS', 'k2 back', 'k2', '2009-03-07');
SELECT pg_temp.post('consignor_return', 'k3', '2009-03-08', pg_temp.of('F', 5, NULL, 'k1', 1));
\o
SELECT is(trial.refused($$SELECT pg_temp.post('consignor_return', 'x', '2009-03-09', pg_temp.of('F', 4, NULL, 'k1', 1))$$), 'LE050', 'nor more than is here');
SELECT is(pg_temp.places('N') || ' / ' || pg_temp.places('F'), 'MAIN 1 70.00 / MAIN S1 3 0.00', 'what is not used goes back');
SELECT is(trial.refused($$SELECT pg_temp.post('consignment_withdrawal', 'x', '2009-03-03', '{"item": "N", "quantity": 1, "lot": "N1", "amount": 70}')$$), 'LE050', 'it is not withdrawn twice');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole at the end');
SELECT is(pg_temp.books(), '0.00 -76.00 -52.90 58.90', 'w3 and N1 wait for their statement; 5 at 25.37 and 1 at 6.00 were sold');
SELECT * FROM finish();
ROLLBACK;
