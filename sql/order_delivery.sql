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
-- Orders that are shipped in parts and billed behind it, in companies that earn with the invoice and in such that earn with the shipment.
SELECT plan(40);
CREATE FUNCTION pg_temp.make(p_company text, p_revenue_at text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.create_company(p_company, 'company', '{"name": "Seller", "currency": "GBP", "chart": "english"}');
	PERFORM erp.create_fiscal_year(p_company, 'year', '{"code": "2026", "first_day": "2026-01-01"}');
	PERFORM erp.put_company(p_company, 'revenue', json_build_object('revenue_at', p_revenue_at));
	PERFORM erp.put_parties(p_company, 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}, {"code": "C2", "name": "Another", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
	PERFORM erp.put_items(p_company, 'items', '[{"code": "CHAIR", "name": "Chair", "kind": "stock", "unit": "piece", "method": "fifo"}, {"code": "LAMP", "name": "Lamp", "kind": "stock", "unit": "piece", "method": "fifo", "tracking": "lot"}, {"code": "FIT", "name": "Fitting", "kind": "service"}]');
	PERFORM erp.put_carriers(p_company, 'carriers', '[{"code": "POST", "name": "Post"}]');
	PERFORM erp.put_tax_codes(p_company, 'tax', '[{"code": "VAT", "name": "VAT", "rates": [{"from": "2026-01-01", "rate": "0.2"}]}]');
	PERFORM erp.post_document(p_company, '{"key": "r1", "kind": "goods_receipt", "day": "2026-01-05", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 10, "price": 30}, {"item": "LAMP", "quantity": 4, "price": 50, "lot": "L1"}, {"item": "LAMP", "quantity": 4, "price": 55, "lot": "L2"}]}');
END $$;
CREATE FUNCTION pg_temp.lines(p_company text, p_order text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', line_no, status, trim_scale(quantity - cancelled), trim_scale(shipped), trim_scale(billed), trim_scale(reserved)), ', ' ORDER BY line_no)
	FROM erp.order_lines WHERE company = p_company AND order_code = p_order
$$;
-- Of the accounts: receivables, stock with what is shipped, revenue of goods and services, cost of sales, VAT, what is shipped and not billed at its price.
CREATE FUNCTION pg_temp.books(p_company text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', trial.balance(p_company, '1100'), (SELECT sum(b.value) FROM erp.stock_on_hand b WHERE b.company = p_company),
		-trial.balance(p_company, '4000') - trial.balance(p_company, '4100'), trial.balance(p_company, '5000'), -trial.balance(p_company, '2200'))
$$;
\o /dev/null
SELECT pg_temp.make('INV', 'invoice');
SELECT pg_temp.make('SHP', 'shipment');
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "C1", "day": "2026-02-02", "tax_code": "VAT", "reference": "PO 77", "lines": [{"item": "CHAIR", "quantity": 6, "price": "49.95"}, {"item": "LAMP", "quantity": 5, "price": 80}, {"item": "FIT", "amount": 100}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
SELECT is(pg_temp.lines(c, 'SO1'), '1 ready 6 0 0 6, 2 ready 5 0 0 5, 3 ready 1 0 0 0', 'reserved: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
-- A first shipment: 4 chairs and, by its reservations, 3 lamps of the older lot.
\o /dev/null
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-02-03", "lines": [{"line": 1, "quantity": 4}, {"line": 2, "quantity": 3}], "carrier": "POST", "packages": [{"tracking": "T1", "weight": 12.5}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
SELECT is(pg_temp.lines(c, 'SO1'), '1 partly shipped 6 4 0 2, 2 partly shipped 5 3 0 2, 3 ready 1 0 0 0', 'shipped in part: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
-- 10 x 30 + 4 x 50 + 4 x 55 = 720 of stock. 4 x 30 + 3 x 50 = 270 are shipped: still the company's own, or cost of sales against 4 x 49.95 + 3 x 80 = 439.80 of revenue.
SELECT is(pg_temp.books('INV'), '0.00 720.00 0.00 0.00 0.00', 'what is shipped is earned with the invoice');
SELECT is(pg_temp.books('SHP'), '0.00 450.00 439.80 270.00 0.00', 'or with the shipment');
SELECT is((SELECT string_agg(carrier || ' ' || tracking || ' ' || trim_scale(weight), ', ') FROM erp.shipment_detail JOIN erp.shipment_package USING (company_id, document_id)), 'POST T1 12.5, POST T1 12.5', 'carrier and package are kept');
-- The invoice of it, with the fitting: 439.80 + 100.00, VAT 107.96.
\o /dev/null
SELECT erp.invoice_orders(c, 'i1', '{"orders": ["SO1"], "day": "2026-02-04"}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
SELECT is(pg_temp.lines(c, 'SO1'), '1 partly shipped 6 4 4 2, 2 partly shipped 5 3 3 2, 3 done 1 1 1 0', 'billed in part: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is(pg_temp.books(c), '647.76 450.00 539.80 270.00 107.96', 'the books of both are the same: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is(trial.refused(format($$SELECT erp.invoice_orders(%L, 'x', '{"orders": ["SO1"], "day": "2026-02-04"}')$$, c)), 'LE275', 'nothing is billed twice: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
-- The rest: all that is reserved. 2 chairs and a lamp of each lot.
\o /dev/null
SELECT erp.ship_order(c, 's2', '{"order": "SO1", "day": "2026-02-05"}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.invoice_orders(c, 'i2', '{"orders": ["SO1"], "day": "2026-02-06"}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
SELECT is(pg_temp.lines(c, 'SO1'), '1 done 6 6 6 0, 2 done 5 5 5 0, 3 done 1 1 1 0', 'all is shipped and billed: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is((SELECT state FROM erp.order_list WHERE company = c AND order_code = 'SO1'), 'closed', 'and the order closed: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
-- In all 6 x 49.95 + 5 x 80 + 100 = 799.70, VAT 107.96 + 51.98 = 159.94; cost 6 x 30 + 4 x 50 + 55 = 435.
SELECT is(pg_temp.books(c), '959.64 285.00 799.70 435.00 159.94', 'the whole order: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
-- Several orders in one invoice; a price that does not divide: 3 for 10.00, one at a time.
\o /dev/null
SELECT erp.place_order(c, 'o2', '{"order": "SO2", "party": "C2", "day": "2026-02-10", "lines": [{"item": "CHAIR", "quantity": 3, "amount": 10}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.place_order(c, 'o3', '{"order": "SO3", "party": "C2", "day": "2026-02-10", "lines": [{"item": "LAMP", "quantity": 1, "price": 70}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.ship_order(c, 's3', '{"order": "SO2", "day": "2026-02-11", "lines": [{"line": 1, "quantity": 1}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.ship_order(c, 's4', '{"order": "SO3", "day": "2026-02-11"}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.invoice_orders(c, 'i3', '{"orders": ["SO3", "SO2"], "day": "2026-02-12"}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.ship_order(c, 's5', '{"order": "SO2", "day": "2026-02-13", "lines": [{"line": 1, "quantity": 1}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.ship_order(c, 's6', '{"order": "SO2", "day": "2026-02-14"}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.invoice_orders(c, 'i4', '{"orders": ["SO2"], "day": "2026-02-15"}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
SELECT is((SELECT string_agg(concat_ws(' ', b.document_key, b.amount::numeric(19, 2)), ', ' ORDER BY b.document_key) FROM erp.open_items_by_party b WHERE b.company = c AND b.party_code = 'C2' AND b.account_code = '1100'),
	'i3/invoice 73.33, i4/invoice 6.67', 'the parts of 10.00 add up: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
-- What is shipped and not billed comes back: it is to be shipped again. What is billed comes back with a credit note.
\o /dev/null
SELECT erp.place_order(c, 'o4', '{"order": "SO4", "party": "C1", "day": "2026-02-20", "ship_complete": true, "lines": [{"item": "LAMP", "quantity": 2, "price": 60}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
SELECT is(trial.refused(format($$SELECT erp.ship_order(%L, 'x', '{"order": "SO4", "day": "2026-02-20", "lines": [{"line": 1, "quantity": 1}]}')$$, c)), 'LE273', 'an order that ships whole: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is(trial.refused(format($$SELECT erp.ship_order(%L, 'x', '{"order": "SO4", "day": "2026-02-20", "lines": [{"line": 1, "quantity": 3}]}')$$, c)), 'LE271', 'no more than ordered: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is(trial.refused(format($$SELECT erp.ship_order(%L, 'x', '{"order": "SO1", "day": "2026-02-20"}')$$, c)), 'LE272', 'nor an order that is closed: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
\o /dev/null
SELECT erp.ship_order(c, 's7', '{"order": "SO4", "day": "2026-02-20"}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.post_document('INV', '{"key": "b1", "kind": "shipment_return", "day": "2026-02-21", "party": "C1", "lines": [{"item": "LAMP", "quantity": 1, "lot": "L2", "origin": {"key": "s7/shipment", "line": 1}}]}');
SELECT erp.post_document('SHP', '{"key": "b1", "kind": "sales_shipment_return", "day": "2026-02-21", "party": "C1", "lines": [{"item": "LAMP", "quantity": 1, "lot": "L2", "origin": {"key": "s7/shipment", "line": 1}}]}');
\o
SELECT is(pg_temp.lines(c, 'SO4'), '1 partly shipped 2 1 0 0', 'what comes back unbilled is not shipped: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
\o /dev/null
SELECT erp.invoice_orders(c, 'i5', '{"orders": ["SO4"], "day": "2026-02-22"}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.reverse_document(c, '{"key": "i5 back", "reverses": "i5/invoice", "day": "2026-02-23"}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
SELECT is(pg_temp.lines(c, 'SO4'), '1 partly shipped 2 1 0 0', 'a bill that is taken back is to be written again: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is(erp.invoice_orders(c, 'i6', '{"orders": ["SO4"], "day": "2026-02-24"}') #>> '{orders,0,state}', 'confirmed', 'and is: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
-- A shipment that is taken back: 8 of 10 come in again while 3 more are waited for since longer, so that 5 are reserved for their own order.
CREATE FUNCTION pg_temp.held(p_order text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', status, trim_scale(shipped), trim_scale(reserved), trim_scale(required)) FROM erp.order_lines WHERE company = 'REV' AND order_code = p_order
$$;
CREATE FUNCTION pg_temp.order_chairs(p_order text, p_quantity int, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.place_order('REV', p_order, (jsonb_build_object('party', 'C1', 'day', '2026-02-02', 'lines', jsonb_build_array(jsonb_build_object('item', 'CHAIR', 'quantity', p_quantity, 'price', 50))) || p_more)::text::json)
$$;
\o /dev/null
SELECT pg_temp.make('REV', 'invoice');
SELECT pg_temp.order_chairs('SO1', 8);
SELECT erp.ship_order('REV', 's1', '{"order": "SO1", "day": "2026-02-03"}');
SELECT pg_temp.order_chairs('SO2', 5);
SELECT erp.reverse_document('REV', '{"key": "s1 back", "reverses": "s1/shipment", "day": "2026-02-04"}');
\o
SELECT is(pg_temp.held('SO1') || ' / ' || pg_temp.held('SO2'), 'back-order 0 5 3 / ready 0 5 0', 'what is reversed serves who waits since longer, then its own order');
SELECT is((SELECT string_agg(topic || ' ' || (payload ->> 'demand'), ', ' ORDER BY event_id) FROM erp.outbox JOIN erp.company USING (company_id) WHERE code = 'REV' AND topic LIKE 'requirement%'),
	'requirement_made SO2, requirement_made SO1, requirement_served SO2, requirement_served SO1', 'with their events');
-- Nothing else waits: all of it.
\o /dev/null
SELECT erp.post_document('REV', '{"key": "r2", "kind": "goods_receipt", "day": "2026-02-05", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 10, "price": 30}]}');
SELECT erp.ship_order('REV', 's2', '{"order": "SO1", "day": "2026-02-06"}');
SELECT erp.reverse_document('REV', '{"key": "s2 back", "reverses": "s2/shipment", "day": "2026-02-07"}');
\o
SELECT is(pg_temp.held('SO1'), 'ready 0 8 0', 'all of it is reserved where nobody else waits');
-- An order that waits for nothing has what is free, and requires none of what others were served: 20 less 13 are 7, of which 6 are waited for.
\o /dev/null
SELECT pg_temp.order_chairs('SO3', 7, '{"short": "accept"}');
SELECT erp.ship_order('REV', 's3', '{"order": "SO3", "day": "2026-02-08"}');
SELECT pg_temp.order_chairs('SO4', 6);
SELECT erp.reverse_document('REV', '{"key": "s3 back", "reverses": "s3/shipment", "day": "2026-02-09"}');
\o
SELECT is(pg_temp.held('SO3') || ' / ' || pg_temp.held('SO4'), 'open 0 1 0 / ready 0 6 0', 'an order that accepts what is short requires nothing');
-- A priority that is changed is that of what waits and of what is reserved: of 3 that arrive the later order has all; of all that is reserved a loss frees what is least urgent, SO4's by its new priority.
\o /dev/null
SELECT pg_temp.order_chairs('SO5', 3);
SELECT pg_temp.order_chairs('SO6', 3);
SELECT erp.change_order('REV', 'c6', '{"order": "SO6", "day": "2026-02-10", "priority": 9}');
SELECT erp.change_order('REV', 'c4', '{"order": "SO4", "day": "2026-02-10", "priority": -1}');
SELECT erp.post_document('REV', '{"key": "r3", "kind": "goods_receipt", "day": "2026-02-10", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 3, "price": 30}]}');
\o
SELECT is(pg_temp.held('SO5') || ' / ' || pg_temp.held('SO6'), 'back-order 0 0 3 / ready 0 3 0', 'what waits has the priority that its order has by now');
\o /dev/null
SELECT erp.post_document('REV', '{"key": "l1", "kind": "stock_loss", "day": "2026-02-11", "lines": [{"item": "CHAIR", "quantity": 2}]}');
\o
SELECT is(pg_temp.held('SO4') || ' / ' || pg_temp.held('SO3'), 'open 0 4 0 / open 0 1 0', 'and so has what is reserved');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
