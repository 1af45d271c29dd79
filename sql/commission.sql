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
-- Representatives earn commission of what is billed or paid; credit notes and reversals take it back; nothing is settled twice.
SELECT plan(25);
CREATE FUNCTION pg_temp.call(p_call text, p_key text, p_request json, p_company text DEFAULT 'COM') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
	code text; message text; detail text;
BEGIN
	EXECUTE format('SELECT erp.%I(%L, $1, $2)', p_call, p_company) INTO answer USING p_key, p_request;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, NULLIF(detail, ''));
END
$$;
-- line, rule, base amount, commission
CREATE FUNCTION pg_temp.lines(p_key text, p_first date, p_last date, p_company text DEFAULT 'COM') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', line_no, representative_code, rule_code, base_amount, amount), ', ' ORDER BY line_no) FROM erp.commission(p_company, p_first, p_last) WHERE document_key = p_key
$$;
CREATE FUNCTION pg_temp.sums(p_first date, p_last date) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', representative_code, amount), ', ' ORDER BY representative_code) FROM (SELECT representative_code, sum(amount) AS amount FROM erp.commission('COM', p_first, p_last) GROUP BY 1) s
$$;
CREATE FUNCTION pg_temp.make(p_company text, p_revenue_at text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.create_company(p_company, 'company', '{"name": "Seller", "currency": "GBP", "chart": "english"}');
	PERFORM erp.create_fiscal_year(p_company, 'year', '{"code": "2026", "first_day": "2026-01-01"}');
	PERFORM erp.put_company(p_company, 'revenue', json_build_object('revenue_at', p_revenue_at));
	PERFORM erp.put_sales_teams(p_company, 'teams', '[{"code": "T1", "name": "Team"}]');
	PERFORM erp.put_sales_representatives(p_company, 'representatives', '[{"code": "ANN", "name": "Ann", "team": "T1"}, {"code": "BOB", "name": "Bob"}]');
	PERFORM erp.put_parties(p_company, 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"], "sales_representative": "ANN"}, {"code": "C2", "name": "Another", "roles": ["customer"], "sales_representative": "BOB"}, {"code": "C3", "name": "Nobody''s", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
	PERFORM erp.put_item_groups(p_company, 'groups', '[{"code": "GOODS", "name": "Goods"}, {"code": "LAMPS", "name": "Lamps", "parent": "GOODS"}]');
	PERFORM erp.put_items(p_company, 'items', '[{"code": "CHAIR", "name": "Chair", "kind": "stock", "unit": "piece", "method": "fifo", "group": "GOODS"}, {"code": "LAMP", "name": "Lamp", "kind": "stock", "unit": "piece", "method": "fifo", "group": "LAMPS"}, {"code": "FIT", "name": "Fitting", "kind": "service"}]');
	PERFORM erp.put_tax_codes(p_company, 'tax', '[{"code": "VAT", "name": "VAT", "rates": [{"from": "2026-01-01", "rate": "0.2"}]}]');
	PERFORM erp.post_document(p_company, '{"key": "r1", "kind": "goods_receipt", "day": "2026-01-05", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 10, "price": 30}, {"item": "LAMP", "quantity": 4, "price": 50}]}');
	PERFORM erp.put_commission_rules(p_company, 'rules', '[{"code": "ALL", "base": "revenue", "percent": 5, "earned": "billed", "from": "2026-01-01"}, {"code": "LATER", "base": "revenue", "percent": 6, "earned": "billed", "from": "2026-03-01"},
		{"code": "MARGIN", "item_group": "GOODS", "base": "margin", "percent": 10, "earned": "billed", "from": "2026-01-01"}, {"code": "TEAM", "team": "T1", "item_group": "LAMPS", "base": "revenue", "percent": 8, "earned": "billed", "from": "2026-01-01"},
		{"code": "BOB", "representative": "BOB", "base": "revenue", "percent": 3, "earned": "paid", "from": "2026-01-01"}]');
END $$;
CREATE FUNCTION pg_temp.post(p_document json, p_company text DEFAULT 'COM') RETURNS void LANGUAGE sql AS $$ SELECT erp.post_document(p_company, p_document) $$;
\o /dev/null
SELECT pg_temp.make('COM', 'invoice');
SELECT pg_temp.make('SHP', 'shipment');
SELECT pg_temp.post('{"key": "i1", "kind": "sales_invoice", "day": "2026-01-10", "party": "C1", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 4, "price": "49.95"}, {"item": "LAMP", "quantity": 2, "price": 80}, {"role": "service", "item": "FIT", "amount": "33.33"}]}');
SELECT pg_temp.post('{"key": "i2", "kind": "sales_invoice", "day": "2026-01-12", "party": "C1", "lines": [{"role": "service", "item": "FIT", "amount": "33.30"}, {"role": "service", "item": "FIT", "amount": "33.30"}, {"role": "service", "item": "FIT", "amount": "33.30"}]}');
SELECT pg_temp.post('{"key": "i3", "kind": "sales_invoice", "day": "2026-01-15", "party": "C2", "tax_code": "VAT", "lines": [{"role": "service", "item": "FIT", "amount": 1000}]}');
SELECT pg_temp.post('{"key": "p3", "kind": "customer_payment", "day": "2026-01-20", "party": "C2", "lines": [{"role": "bank", "amount": 500}], "settles": [{"key": "i3", "amount": 500}]}');
SELECT pg_temp.post('{"key": "i4", "kind": "sales_invoice", "day": "2026-01-20", "party": "C1", "lines": [{"role": "service", "item": "FIT", "amount": 100}]}');
SELECT pg_temp.post('{"key": "i5", "kind": "sales_invoice", "day": "2026-01-21", "party": "C3", "lines": [{"role": "service", "item": "FIT", "amount": 100}]}');
SELECT pg_temp.post('{"key": "c1", "kind": "credit_note", "day": "2026-02-05", "party": "C1", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 1, "price": "49.95", "origin": {"key": "i1", "line": 1}}]}');
SELECT erp.reverse_document('COM', '{"key": "r4", "reverses": "i4", "day": "2026-02-06"}');
SELECT pg_temp.post('{"key": "q3", "kind": "customer_payment", "day": "2026-02-10", "party": "C2", "lines": [{"role": "bank", "amount": 700}], "settles": [{"key": "i3"}]}');
SELECT pg_temp.post('{"key": "i6", "kind": "sales_invoice", "day": "2026-03-02", "party": "C1", "lines": [{"role": "service", "item": "FIT", "amount": 100}]}');
\o
SELECT is(pg_temp.call('put_commission_rules', 'x', '[{"code": "X", "team": "T9", "base": "revenue", "percent": 5, "earned": "billed", "from": "2026-01-01"}]'), 'LE012 | there is no sales team "T9" | At $[0].team, value "T9".', 'teams are known');
SELECT is(pg_temp.call('put_commission_rules', 'x', '[{"code": "X", "base": "turnover", "percent": 5, "earned": "billed", "from": "2026-01-01"}]'), 'LE011 | field "base" has a value that is not known | At $[0].base, value "turnover".', 'bases are known');
-- Chairs: (199.80 - 120) x 10%; lamps: 160 x 8%; fitting: 33.33 x 5% = 1.6665; together 22.4465.
SELECT is(pg_temp.lines('i1', '2026-01-01', '2026-01-31'), '1 ANN MARGIN 79.80 7.98, 2 ANN TEAM 160.00 12.80, 3 ANN ALL 33.33 1.67', 'the nearest rule counts');
-- 3 x 1.665 = 4.995: 5.00, not 3 x 1.67.
SELECT is(pg_temp.lines('i2', '2026-01-01', '2026-01-31'), '1 ANN ALL 33.30 1.67, 2 ANN ALL 33.30 1.67, 3 ANN ALL 33.30 1.66', 'a document is rounded once');
-- 30 x 500 / 1200 and the rest.
SELECT is(pg_temp.lines('i3', '2026-01-01', '2026-01-31'), '1 BOB BOB 1000.00 12.50', 'earned with what is paid');
SELECT is(pg_temp.lines('i3', '2026-02-01', '2026-02-28'), '1 BOB BOB 1000.00 17.50', 'the rest with the rest');
SELECT is((SELECT concat_ws(' ', percent, earned, settled_percent, settled_amount, currency, party_code, item_code) FROM erp.commission('COM', '2026-01-01', '2026-01-31') WHERE document_key = 'i3'), '3.0000 paid 41.67 0.00 GBP C2 FIT', 'each line says why');
-- A chair of 49.95 that cost 30 comes back: 19.95 x 10% = 1.995.
SELECT is(pg_temp.lines('c1', '2026-02-01', '2026-02-28'), '1 ANN MARGIN -19.95 -2.00', 'what comes back takes it back');
SELECT is(pg_temp.lines('i4', '2026-01-01', '2026-01-31') || ' / ' || pg_temp.lines('i4', '2026-02-01', '2026-02-28'), '1 ANN ALL 100.00 5.00 / 1 ANN ALL 100.00 -5.00', 'so does a reversal, on its day');
SELECT is(pg_temp.lines('i4', '2026-01-01', '2026-02-28'), NULL, 'together they are nothing');
SELECT is(pg_temp.lines('i6', '2026-03-01', '2026-03-31'), '1 ANN LATER 100.00 6.00', 'the latest rule counts');
-- 22.45 + 5.00 + 5.00; -2.00 - 5.00.
SELECT is(pg_temp.sums('2026-01-01', '2026-01-31'), 'ANN 32.45, BOB 12.50', 'January');
SELECT is(pg_temp.sums('2026-02-01', '2026-02-28'), 'ANN -7.00, BOB 17.50', 'February');
SELECT is(pg_temp.sums('2026-01-01', '2026-02-28'), 'ANN 25.45, BOB 30.00', 'periods add up');
SELECT is(pg_temp.call('settle_commission', 's1', '{"first_day": "2026-01-01", "last_day": "2026-01-31"}'), '{"representatives": [{"amount": 32.45, "representative": "ANN"}, {"amount": 12.50, "representative": "BOB"}]}', 'January is settled');
SELECT is(pg_temp.call('settle_commission', 's2', '{"first_day": "2026-01-01", "last_day": "2026-01-31"}'), '{"representatives": []}', 'once');
\o /dev/null
SELECT erp.put_parties('COM', 'moved', '[{"code": "C1", "name": "Customer", "roles": ["customer"], "sales_representative": "BOB"}]');
\o
-- Accrued: what is earned is an expense that is owed; what is to be given back the other way round.
CREATE FUNCTION pg_temp.reviewed() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text;
BEGIN
	PERFORM erp.put_company('COM', 'reviews', '{"review_required": true}');
	found := pg_temp.call('settle_commission', 's3', '{"first_day": "2026-01-15", "last_day": "2026-02-28", "accrual": {"expense_account": "6000", "liability_account": "2300"}}');
	found := found || (SELECT concat_ws(' ', '', draft_key, state, document_kind, day, amount) FROM erp.draft_list WHERE company = 'COM');
	RAISE EXCEPTION USING ERRCODE = 'XX997', MESSAGE = found;
EXCEPTION WHEN SQLSTATE 'XX997' THEN
	RETURN SQLERRM;
END
$$;
SELECT is(pg_temp.reviewed(), '{"draft": "s3/accrual", "representatives": [{"amount": -5.00, "representative": "ANN"}, {"amount": 17.50, "representative": "BOB"}]} s3/accrual drafted manual_voucher 2026-02-28 22.50', 'a company that reviews has the draft of it');
SELECT is(left(pg_temp.call('settle_commission', 's3', '{"first_day": "2026-01-15", "last_day": "2026-02-28", "accrual": {"expense_account": "6000"}}'), 5), 'LE011', 'an accrual has two accounts');
SELECT is(left(pg_temp.call('settle_commission', 's3', '{"first_day": "2026-01-15", "last_day": "2026-02-28", "accrual": {"expense_account": "6000", "liability_account": "9999"}}'), 5), 'LE012', 'that are there');
SELECT is(pg_temp.call('settle_commission', 's3', '{"first_day": "2026-01-15", "last_day": "2026-02-28", "accrual": {"expense_account": "6000", "liability_account": "2300"}}'), '{"voucher": "s3/accrual", "representatives": [{"amount": -5.00, "representative": "ANN"}, {"amount": 17.50, "representative": "BOB"}]}', 'what was settled stays with who had it, whatever the periods');
SELECT is((SELECT string_agg(concat_ws(' ', account_code, NULLIF(debit, 0), NULLIF(-credit, 0), summary), ', ' ORDER BY line_no) FROM erp.journal WHERE company = 'COM' AND document_key = 's3/accrual'),
	'2300 5.00 ANN, 6000 -5.00 ANN, 6000 17.50 BOB, 2300 -17.50 BOB', 'the voucher');
SELECT is((SELECT sum(amount) FROM erp.commission_settlement_line x JOIN erp.company c USING (company_id) JOIN erp.document d USING (company_id, document_id) WHERE c.code = 'COM' AND d.key = 's3'), 12.50, 'comes to what is settled');
SELECT is(pg_temp.call('settle_commission', 's4', '{"first_day": "2026-02-01", "last_day": "2026-01-31"}'), 'LE011 | a period ends before it begins | At $.last_day, value "2026-01-31".', 'periods have an end');
-- Revenue with the shipment: 4 of 6 chairs are shipped and billed in two bills, 1 and 3: 50 - 30, 150 - 90.
\o /dev/null
SELECT erp.place_order('SHP', 'o1', '{"order": "SO1", "party": "C1", "day": "2026-01-10", "lines": [{"item": "CHAIR", "quantity": 6, "price": 50}]}');
SELECT erp.ship_order('SHP', 's1', '{"order": "SO1", "day": "2026-01-12", "lines": [{"line": 1, "quantity": 4}]}');
SELECT pg_temp.post('{"key": "i1", "kind": "sales_invoice", "day": "2026-01-13", "party": "C1", "lines": [{"role": "invoiced", "item": "CHAIR", "quantity": 1, "price": 50, "origin": {"key": "s1/shipment", "line": 1}}]}', 'SHP');
SELECT erp.invoice_orders('SHP', 'i2', '{"orders": ["SO1"], "day": "2026-01-14"}');
\o
SELECT is(pg_temp.lines('i1', '2026-01-01', '2026-01-31', 'SHP') || ' / ' || pg_temp.lines('i2/invoice', '2026-01-01', '2026-01-31', 'SHP'), '1 ANN MARGIN 20.00 2.00 / 1 ANN MARGIN 60.00 6.00', 'a bill has the cost of what it bills of a shipment');
SELECT is((SELECT count(*) FROM erp.check_integrity()), 0::bigint, 'the books agree');
SELECT finish();
ROLLBACK;
