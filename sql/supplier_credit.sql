\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Credit notes of suppliers, for goods that were billed and went back: they clear what is received and billed, are owed by the supplier with their tax, and settle its bills.
SELECT plan(34);
\o /dev/null
SELECT erp.create_company('CR', 'company', '{"name": "Credits", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('CR', 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}');
SELECT erp.put_parties('CR', 'parties', '[{"code": "S1", "name": "Supplier", "roles": ["supplier"]}, {"code": "S2", "name": "Supplier 2", "roles": ["supplier"]}]');
SELECT erp.put_items('CR', 'items', (SELECT json_agg(json_build_object('code', c || i, 'name', 'Goods', 'kind', 'stock', 'method', CASE c WHEN 'F' THEN 'fifo' ELSE 'moving_average' END)) FROM unnest('{F,A}'::text[]) c, generate_series(1, 5) i));
SELECT erp.put_tax_codes('CR', 'tax', '[{"code": "VAT", "name": "Value added tax", "rates": [{"from": "2026-01-01", "rate": "0.2"}]}]');
\o
CREATE FUNCTION pg_temp.post(p_kind text, p_key text, p_day text, p_lines jsonb, p_extra jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.post_document(%L, %L)', 'CR', jsonb_build_object('key', p_key, 'kind', p_kind, 'day', '2026-' || p_day, 'party', 'S1',
		'lines', CASE jsonb_typeof(p_lines) WHEN 'array' THEN p_lines ELSE jsonb_build_array(p_lines) END) || p_extra))
$$;
CREATE FUNCTION pg_temp.of(p_item text, p_quantity numeric, p_amount numeric, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'amount', p_amount, 'origin', jsonb_build_object('key', 'r ' || p_item, 'line', 1))) || p_more
$$;
-- Ten of an item for 100.00, billed for so much; then so many go back.
CREATE FUNCTION pg_temp.bought(p_item text, p_billed numeric, p_back numeric, p_extra jsonb DEFAULT '{}', p_bill jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', pg_temp.post('goods_receipt', 'r ' || p_item, '01-05', jsonb_build_object('item', p_item, 'quantity', 10, 'amount', 100), p_extra),
		pg_temp.post('supplier_bill', 'b ' || p_item, '01-10', pg_temp.of(p_item, 10, p_billed), p_extra || p_bill),
		CASE WHEN p_back > 0 THEN pg_temp.post('receipt_amendment', 'back ' || p_item, '01-12', pg_temp.of(p_item, p_back, NULL, '{"role": "received_less"}'), p_extra - 'rate') END)
$$;
CREATE FUNCTION pg_temp.reversed(p_key text, p_day text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.reverse_document(%L, %L)', 'CR', json_build_object('key', p_key || ' x', 'reverses', p_key, 'day', '2026-' || p_day)))
$$;
-- Goods received not billed, payables, tax and price: what stands on these accounts.
CREATE FUNCTION pg_temp.books() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg((SELECT coalesce(sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END), 0)::numeric(19, 2)::text
		FROM erp.company c JOIN erp.account a USING (company_id) JOIN erp.voucher_line l USING (company_id, account_id) WHERE c.code = 'CR' AND a.code = u.code), ' ' ORDER BY n)
	FROM unnest('{2100,2000,2200}'::text[]) WITH ORDINALITY u (code, n)
$$;
CREATE FUNCTION pg_temp.waiting(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce((SELECT trim_scale(received) || ' ' || trim_scale(billed) || ' ' || trim_scale(open_quantity) || ' ' || open_amount FROM erp.received_not_billed WHERE company = 'CR' AND document_key = 'r ' || p_item), 'nothing')
$$;

-- 10 for 100.00, billed for 110.00; 3 go back at the receipt's 30.00, and wait to be credited. The stock of 7 is worth 80.00.
SELECT is(pg_temp.bought('F1', 110, 3), 'accepted accepted accepted', 'bought, billed, and some go back');
SELECT is(pg_temp.books() || ', ' || trial.closing('CR', 'F1') || ', ' || pg_temp.waiting('F1'), '30.00 -110.00 0.00, 7 80.00, 7 10 -3 -30.00', 'what went back waits');
-- Credited in parts: 1 for 11.00 (estimate 10.00, so 1.00 leaves the cost), then 2 for 22.00 (20.00; 2.00).
SELECT is(pg_temp.post('supplier_credit_note', 'c1 F1', '01-14', pg_temp.of('F1', 1, 11)), 'accepted', 'a part is credited');
SELECT is(pg_temp.books() || ', ' || trial.closing('CR', 'F1') || ', ' || pg_temp.waiting('F1'), '20.00 -99.00 0.00, 7 79.00, 7 9 -2 -20.00', 'and clears its part');
SELECT is(pg_temp.post('supplier_credit_note', 'c2 F1', '01-15', pg_temp.of('F1', 2, 22)), 'accepted', 'so is the rest');
SELECT is(pg_temp.books() || ', ' || trial.closing('CR', 'F1') || ', ' || pg_temp.waiting('F1'), '0.00 -77.00 0.00, 7 77.00, nothing', 'what is left is owed and worth at the price of the bill');
SELECT is_empty($$SELECT * FROM erp.billed_not_received$$, 'nothing was billed that has not come');
SELECT is((SELECT string_agg(document_key || ' ' || open_amount, ', ' ORDER BY open_item_id) FROM erp.open_items('CR', '2026-12-31') WHERE account_code = '2000'), 'b F1 -110.00, c1 F1 11.00, c2 F1 22.00', 'credit notes are debits of the supplier');
\o /dev/null
SELECT erp.settle('CR', 'settle', (SELECT json_build_object('day', '2026-01-20', 'items', json_agg(json_build_object('open_item_id', open_item_id))) FROM erp.open_items('CR', '2026-12-31') WHERE account_code = '2000'));
\o
SELECT is((SELECT string_agg(document_key || ' ' || open_amount, ', ') FROM erp.open_items('CR', '2026-12-31') WHERE account_code = '2000'), 'b F1 -77.00', 'and are settled with its bill');
SELECT is(pg_temp.reversed('c2 F1', '01-21'), 'LE095', 'one that is settled is not reversed');
\o /dev/null
SELECT erp.unsettle('CR', 'unsettle', '{"day": "2026-01-21", "key": "settle"}');
\o
SELECT is(pg_temp.reversed('b F1', '01-22'), 'LE196', 'a bill is not reversed while what it bills is credited');
SELECT is(pg_temp.reversed('c2 F1', '01-22'), 'accepted', 'a credit note is');
SELECT is(pg_temp.books() || ', ' || trial.closing('CR', 'F1') || ', ' || pg_temp.waiting('F1'), '20.00 -99.00 0.00, 7 79.00, 7 9 -2 -20.00', 'and all is as before');
SELECT is(pg_temp.reversed('c1 F1', '01-22') || ' ' || pg_temp.reversed('b F1', '01-22'), 'accepted accepted', 'then the bill is, too');
SELECT is(pg_temp.books() || ', ' || trial.closing('CR', 'F1') || ', ' || pg_temp.waiting('F1'), '-70.00 0.00 0.00, 7 70.00, 7 0 7 70.00', 'and what is left waits for a bill');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- What is refused.
SELECT is(pg_temp.post('supplier_credit_note', 'no', '01-25', pg_temp.of('F1', 1, 10)), 'LE223', 'what is not billed is not credited');
SELECT is(pg_temp.post('supplier_credit_note', 'no', '01-25', '{"item": "F1", "quantity": 1, "amount": 10}'), 'LE051', 'a credit names what it is of');
SELECT is(pg_temp.bought('F2', 100, 0) || ' ' || pg_temp.post('supplier_credit_note', 'no', '01-25', pg_temp.of('F2', 11, 110)), 'accepted accepted LE223', 'and no more of it than was billed');
SELECT is(pg_temp.post('supplier_credit_note', 'no', '01-25', pg_temp.of('F2', 1, 10), '{"party": "S2"}') || ' ' || pg_temp.post('supplier_credit_note', 'no', '01-25', pg_temp.of('F2', 1, 10), '{"currency": "USD", "rate": "0.8"}'),
	'LE194 LE194', 'of the supplier and in the currency of the receipt');
-- Before the goods go back: of 10 at 100.00, billed 120.00, all are credited for 120.00: they stand at their estimate, and go back at that.
SELECT is(pg_temp.bought('A1', 120, 0) || ' ' || pg_temp.post('supplier_credit_note', 'c A1', '01-25', pg_temp.of('A1', 10, 120)), 'accepted accepted accepted', 'credited before they go back');
SELECT is(trial.closing('CR', 'A1') || ', ' || pg_temp.waiting('A1'), '10 100.00, 10 0 10 100.00', 'they wait for a bill, or to go');
SELECT is(pg_temp.post('receipt_amendment', 'back A1', '01-26', pg_temp.of('A1', 10, NULL, '{"role": "received_less"}')), 'accepted', 'and all of them go');
SELECT is(trial.closing('CR', 'A1') || ', ' || pg_temp.waiting('A1'), '0 0.00, nothing', 'which leaves nothing');
-- With tax, a service and at another price: 10 for 100.00 by average, billed 100.00 and 20.00 of tax; 4 go back, credited 36.00 and 5.00 of carriage, with 8.20 of tax: 4.00 more stay with the 6.
SELECT is(pg_temp.bought('A2', 100, 4, '{}', '{"tax_code": "VAT"}') || ' ' || pg_temp.post('supplier_credit_note', 'c A2', '01-27', jsonb_build_array(pg_temp.of('A2', 4, 36), '{"role": "service", "amount": 5}'::jsonb), '{"tax_code": "VAT"}'),
	'accepted accepted accepted accepted', 'with tax and a service');
SELECT is(pg_temp.books() || ', ' || trial.closing('CR', 'A2') || ', ' || pg_temp.waiting('A2'), '-70.00 -170.80 11.80, 6 64.00, nothing', 'which are taken back, too');
SELECT is((SELECT string_agg(document_kind || ' ' || base_amount || ' ' || tax_amount, ', ' ORDER BY day) FROM erp.tax_list WHERE company = 'CR'), 'supplier_bill 100.00 20.00, supplier_credit_note -41.00 -8.20', 'as input tax');
-- In dollars: 10 for 100.00 at 0.6 (60.00), billed 100.00 at 0.7 (70.00: 10.00 more); 4 go back for 40.00 at 0.6 (24.00); credited 44.00 at 0.9 (39.60): 15.60 leave the cost of what is left: 46.00 - 15.60 = 30.40.
SELECT is(pg_temp.bought('F3', 100, 4, '{"currency": "USD", "rate": "0.6"}', '{"rate": "0.7"}'), 'accepted accepted accepted', 'in a foreign currency');
SELECT is(trial.closing('CR', 'F3') || ' ' || pg_temp.waiting('F3') || ' ' || pg_temp.post('supplier_credit_note', 'c F3', '01-28', pg_temp.of('F3', 4, 44), '{"currency": "USD", "rate": "0.9"}'), '6 46.00 6 10 -4 -40.00 accepted', 'credited at another rate');
SELECT is(trial.closing('CR', 'F3') || ' ' || pg_temp.waiting('F3'), '6 30.40 nothing', 'the difference leaves the cost');
SELECT is((SELECT string_agg(sum, ' ') FROM (SELECT sum(open_amount) || '/' || sum(company_open_amount) FROM erp.open_items('CR', '2026-12-31') WHERE document_key LIKE '%F3' AND account_code = '2100') s (sum)), '0.00/0.00', 'and what is not billed is cleared in both currencies');
SELECT is(pg_temp.reversed('c F3', '01-29'), 'accepted', 'it is reversed');
SELECT is(trial.closing('CR', 'F3') || ' ' || pg_temp.waiting('F3'), '6 46.00 6 10 -4 -40.00', 'which brings all back');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
