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
-- What people look at of orders, in a company that earns with the invoice and in one that earns with the shipment: backlog, what is due and not billed, margins, customers.
SELECT plan(51);
CREATE FUNCTION pg_temp.make(p_company text, p_revenue_at text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.create_company(p_company, 'company', '{"name": "Seller", "currency": "GBP", "chart": "english"}');
	PERFORM erp.create_fiscal_year(p_company, 'year', '{"code": "2021", "first_day": "2021-01-01"}');
	PERFORM erp.put_company(p_company, 'revenue', json_build_object('revenue_at', p_revenue_at));
	PERFORM erp.put_sales_representatives(p_company, 'representatives', '[{"code": "ANN", "name": "Ann"}]');
	PERFORM erp.put_parties(p_company, 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"], "sales_representative": "ANN", "credit_limit": 1000, "credit_check": "hold"}, {"code": "C2", "name": "Another", "roles": ["customer"]},
		{"code": "C3", "name": "Third", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
	PERFORM erp.put_items(p_company, 'items', '[{"code": "CHAIR", "name": "Chair", "kind": "stock", "unit": "piece", "method": "fifo"}, {"code": "FIT", "name": "Fitting", "kind": "service"}]');
	PERFORM erp.put_tax_codes(p_company, 'tax', '[{"code": "VAT", "name": "VAT", "rates": [{"from": "2021-01-01", "rate": "0.2"}]}]');
	PERFORM erp.post_document(p_company, '{"key": "r1", "kind": "goods_receipt", "day": "2021-01-05", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 10, "price": 30}]}');
END $$;
-- revenue, cost of sales, margin, percent
CREATE FUNCTION pg_temp.margin(p_company text, p_order text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', billed, credited, revenue, cost_of_sales, margin, margin_percent) FROM erp.order_margin WHERE company = p_company AND order_code = p_order
$$;
CREATE FUNCTION pg_temp.backlog(p_company text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', order_code, line_no, item_code, trim_scale(ordered), trim_scale(shipped), trim_scale(to_ship), value, due_day, days_late = current_date - due_day), ', ' ORDER BY order_code, line_no)
	FROM erp.backlog WHERE company = p_company
$$;
-- How many lines of orders a query reads, by any index or none.
CREATE FUNCTION pg_temp.lines_read(p_query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) FROM pg_index WHERE indrelid = 'erp.sales_order_line'::regclass) + pg_stat_get_xact_tuples_returned('erp.sales_order_line'::regclass);
BEGIN
	EXECUTE p_query;
	RETURN (SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) FROM pg_index WHERE indrelid = 'erp.sales_order_line'::regclass) + pg_stat_get_xact_tuples_returned('erp.sales_order_line'::regclass) - before;
END
$$;
\o /dev/null
SELECT pg_temp.make('INV', 'invoice');
SELECT pg_temp.make('SHP', 'shipment');
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "C1", "day": "2021-01-10", "needed_by": "2021-01-20", "channel": "shop", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 6, "price": 50}, {"item": "FIT", "amount": 100}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
SELECT is(pg_temp.margin(c, 'SO1'), '0.00 0.00 0.00 0.00 0.00', 'what is only ordered earns nothing: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is(pg_temp.backlog(c), 'SO1 1 CHAIR 6 0 6 300.00 2021-01-20 t, SO1 2 FIT 1 0 1 100.00 2021-01-20 t', 'all of it is backlog: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
\o /dev/null
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2021-01-12", "lines": [{"line": 1, "quantity": 4}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
-- 4 x 50 against 4 x 30.
SELECT is(pg_temp.margin('INV', 'SO1'), '0.00 0.00 0.00 0.00 0.00', 'what is shipped is earned with the invoice');
SELECT is(pg_temp.margin('SHP', 'SO1'), '0.00 0.00 200.00 120.00 80.00 40.00', 'or with the shipment');
\o /dev/null
SELECT erp.invoice_orders(c, 'i1', '{"orders": ["SO1"], "day": "2021-01-13"}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.post_document(c, '{"key": "p1", "kind": "customer_payment", "day": "2021-01-31", "party": "C1", "lines": [{"role": "bank", "amount": 100}], "settles": [{"key": "i1/invoice", "amount": 100}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
-- 200 + 100 are billed, 360 with VAT.
SELECT is(pg_temp.margin(c, 'SO1'), '300.00 0.00 300.00 120.00 180.00 60.00', 'both are the same once it is billed: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is(pg_temp.backlog(c), 'SO1 1 CHAIR 6 4 2 100.00 2021-01-20 t', 'two chairs are left: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is((SELECT string_agg(concat_ws(' ', order_code, amount, billed, not_billed, company_not_billed), ', ') FROM erp.orders_not_billed WHERE company = c), 'SO1 400.00 300.00 100.00 120.00', 'and not billed: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
-- Another customer: 10 x 40, of which 4 are in stock; 3 are shipped and billed (144 with VAT), 1 of them comes back (48). A cancelled order counts nowhere.
\o /dev/null
SELECT erp.place_order(c, 'o2', '{"order": "SO2", "party": "C2", "day": "2021-02-02", "needed_by": "2021-03-01", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 10, "price": 40}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.ship_order(c, 's2', '{"order": "SO2", "day": "2021-02-03", "lines": [{"line": 1, "quantity": 3}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.invoice_orders(c, 'i2', '{"orders": ["SO2"], "day": "2021-02-05"}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
SELECT is(pg_temp.margin(c, 'SO2'), '120.00 0.00 120.00 90.00 30.00 25.00', 'three chairs: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
\o /dev/null
SELECT erp.post_document('INV', '{"key": "b2", "kind": "credit_note", "day": "2021-02-06", "party": "C2", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 1, "price": 40, "origin": {"key": "i2/invoice", "line": 1}}]}');
SELECT erp.post_document('SHP', '{"key": "b2", "kind": "credit_note", "day": "2021-02-06", "party": "C2", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 1, "price": 40, "origin": {"key": "s2/shipment", "line": 1}}]}');
SELECT erp.place_order(c, 'o4', '{"order": "SO4", "party": "C2", "day": "2021-02-20", "tax_code": "VAT", "lines": [{"item": "FIT", "amount": 70}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.cancel_order(c, 'x4', '{"order": "SO4", "reason": "changed its mind"}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.place_order(c, 'o3', '{"order": "SO3", "party": "C1", "day": "2021-03-05", "tax_code": "VAT", "lines": [{"item": "FIT", "amount": 50}]}') FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT erp.invoice_orders(c, 'i3', '{"orders": ["SO3"], "day": "2021-03-06"}') FROM unnest(ARRAY['INV', 'SHP']) c;
\o
SELECT is(pg_temp.margin(c, 'SO2'), '120.00 40.00 80.00 60.00 20.00 25.00', 'one of them is back: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
-- SO1 300 - 120, SO2 80 - 60, SO3 50: (230 of 350, 20 of 80); chairs 200 + 80 - 180, fittings 150; shop 300 - 120, else 130 - 60.
SELECT is((SELECT string_agg(concat_ws(' ', party_code, orders, revenue, cost_of_sales, margin, margin_percent), ', ' ORDER BY party_code) FROM erp.margin_by_customer WHERE company = c), 'C1 2 350.00 120.00 230.00 65.71, C2 1 80.00 60.00 20.00 25.00', 'by customer: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is((SELECT string_agg(concat_ws(' ', item_code, orders, revenue, cost_of_sales, margin, margin_percent), ', ' ORDER BY item_code) FROM erp.margin_by_item WHERE company = c), 'CHAIR 2 280.00 180.00 100.00 35.71, FIT 2 150.00 0.00 150.00 100.00', 'by item: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is((SELECT string_agg(concat_ws(' ', sales_representative, orders, margin, margin_percent), ', ' ORDER BY sales_representative) FROM erp.margin_by_sales_representative WHERE company = c), 'ANN 2 230.00 65.71, 1 20.00 25.00', 'by representative: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is((SELECT string_agg(concat_ws(' ', channel, orders, margin, margin_percent), ', ' ORDER BY channel) FROM erp.margin_by_channel WHERE company = c), 'shop 1 180.00 60.00, 2 70.00 53.85', 'by channel: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
-- C1: 480 + 60 ordered, 360 + 60 billed, 100 paid; 2 x 50 with VAT are on order. C2: 480 ordered, 144 - 48 billed, 7 x 40 with VAT on order. From 10 January to 5 March are 54 days.
SELECT is((SELECT string_agg(concat_ws(' ', party_code, orders, first_order, last_order, days_between_orders, ordered, billed, credited, spend, returned_orders, open_amount, overdue, on_order, credit_limit, credit_left), ', ' ORDER BY party_code) FROM erp.customer_profile WHERE company = c),
	'C1 2 2021-01-10 2021-03-05 54.0 540.00 420.00 0.00 420.00 0 320.00 320.00 120.00 1000.00 560.00, C2 1 2021-02-02 2021-02-02 480.00 144.00 48.00 96.00 1 96.00 144.00 336.00, C3 0 0.00 0.00 0.00 0.00 0 0.00 0.00 0.00', 'profiles: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
SELECT is((SELECT string_agg(concat_ws(' ', cohort, months_after, ordered, customers, percent), ', ' ORDER BY cohort, months_after) FROM erp.customer_cohorts WHERE company = 'INV'),
	'2021-01-01 0 1 1 100.00, 2021-01-01 1 0 1 0.00, 2021-01-01 2 1 1 100.00, 2021-02-01 0 1 1 100.00, 2021-02-01 1 0 1 0.00', 'cohorts');
SELECT is((SELECT concat_ws(' ', customers, repeat_customers, repeat_percent, orders, orders_per_customer) FROM erp.repeat_purchase_rate WHERE company = 'INV'), '2 1 50.00 3 1.50', 'one of two came again');
-- By age: the days around each border.
\o /dev/null
SELECT erp.post_document('INV', json_build_object('key', 'a' || d, 'kind', 'sales_invoice', 'day', '2021-01-10', 'party', 'C3', 'due_day', current_date - d, 'lines', json_build_array(json_build_object('item', 'FIT', 'amount', a))))
	FROM (VALUES (-5, 10), (0, 3), (1, 20), (30, 1), (31, 30), (60, 2), (61, 40), (90, 4), (91, 50)) v (d, a);
SELECT erp.post_document('INV', '{"key": "p3", "kind": "customer_payment", "day": "2021-01-31", "party": "C3", "lines": [{"role": "bank", "amount": 5}]}');
\o
SELECT is((SELECT concat_ws(' ', open_amount, not_due, days_1_30, days_31_60, days_61_90, days_over_90, overdue) FROM erp.customer_ageing WHERE company = 'INV' AND party_code = 'C3'), '155.00 13.00 21.00 32.00 44.00 45.00 147.00', 'ageing, less what was paid on account');
SELECT is((SELECT sum(open_amount) FROM erp.customer_ageing WHERE company = 'INV'), (SELECT sum(company_open_amount) FROM erp.ageing('INV', current_date) WHERE control = 'receivable'), 'as erp.ageing() has it');
SELECT is((SELECT string_agg(concat_ws(' ', day, lines, lines_ready), ', ' ORDER BY day) FROM erp.deliveries_due(c, '2021-01-01', '2021-12-31')), '2021-01-20 1 1, 2021-03-01 1 0', 'of 7 chairs due in March 2 are there: ' || c) FROM unnest(ARRAY['INV', 'SHP']) c;
-- Earned with the shipment: 2 x 60 against 2 x 30, one of them comes back before it is billed; what is billed ahead is earned when it is shipped.
\o /dev/null
SELECT erp.post_document('SHP', '{"key": "r2", "kind": "goods_receipt", "day": "2021-03-08", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 20, "price": 30}]}');
SELECT erp.place_order('SHP', 'o6', '{"order": "SO6", "party": "C2", "day": "2021-03-10", "lines": [{"item": "CHAIR", "quantity": 2, "price": 60}]}');
SELECT erp.place_order('SHP', 'o7', '{"order": "SO7", "party": "C2", "day": "2021-03-10", "lines": [{"item": "CHAIR", "quantity": 1, "price": 60}]}');
SELECT erp.ship_order('SHP', 's6', '{"order": "SO6", "day": "2021-03-11"}');
SELECT erp.post_document('SHP', '{"key": "b6", "kind": "sales_shipment_return", "day": "2021-03-12", "party": "C2", "lines": [{"item": "CHAIR", "quantity": 1, "origin": {"key": "s6/shipment", "line": 1}}]}');
\o
SELECT is(pg_temp.margin('SHP', 'SO6'), '0.00 0.00 60.00 30.00 30.00 50.00', 'what came back is neither earned nor spent');
\o /dev/null
SELECT erp.reverse_document('SHP', '{"key": "b6 back", "reverses": "b6", "day": "2021-03-13"}');
\o
SELECT is(pg_temp.margin('SHP', 'SO6'), '0.00 0.00 120.00 60.00 60.00 50.00', 'until the return is reversed');
\o /dev/null
SELECT erp.post_document('SHP', '{"key": "ahead", "kind": "sales_invoice", "day": "2021-03-11", "party": "C2", "lines": [{"item": "CHAIR", "quantity": 1, "price": 60, "role": "invoiced", "demand": {"key": "SO7", "line": 1}}]}');
\o
SELECT is(pg_temp.margin('SHP', 'SO7'), '60.00 0.00 0.00 0.00 0.00', 'billed ahead');
\o /dev/null
SELECT erp.post_document('SHP', '{"key": "behind", "kind": "sales_shipment", "day": "2021-03-12", "party": "C2", "lines": [{"item": "CHAIR", "quantity": 1, "price": 60, "origin": {"key": "ahead", "line": 1}}]}');
\o
SELECT is(pg_temp.margin('SHP', 'SO7'), '60.00 0.00 60.00 30.00 30.00 50.00', 'and shipped');
-- What is reversed is not earned. Of 6 chairs that come SO2 waits for 5. An order in another currency: 2 x 50 dollars at 0.8, of which one is billed at 0.9.
\o /dev/null
SELECT erp.reverse_document('INV', '{"key": "i3 back", "reverses": "i3/invoice", "day": "2021-03-07"}');
SELECT erp.post_document('INV', '{"key": "r2", "kind": "goods_receipt", "day": "2021-03-08", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 6, "price": 30}]}');
SELECT erp.put_currencies('INV', 'usd', '[{"code": "USD", "name": "Dollar", "decimals": 2}]');
SELECT erp.place_order('INV', 'o5', '{"order": "SO5", "party": "C2", "day": "2021-03-10", "currency": "USD", "rate": "0.8", "lines": [{"item": "CHAIR", "quantity": 1, "price": 50}, {"item": "FIT", "amount": 50}]}');
\o
SELECT is(pg_temp.margin('INV', 'SO3'), '0.00 0.00 0.00 0.00 0.00', 'what is reversed is not earned');
SELECT is((SELECT string_agg(concat_ws(' ', line_no, value, currency, company_value, needed_by, promise_day, due_day), ', ' ORDER BY line_no) FROM erp.backlog WHERE company = 'INV' AND order_code = 'SO5'), '1 50.00 USD 40.00 2021-03-10 2021-03-10, 2 50.00 USD 40.00', 'in both currencies; due when it is promised, where nobody said when it is needed');
SELECT is((SELECT string_agg(concat_ws(' ', day, lines, orders, customers, lines_ready, company_value), ', ' ORDER BY day) FROM erp.deliveries_due('INV', '2021-01-20', '2021-03-10')), '2021-01-20 1 1 1 1 100.00, 2021-03-01 1 1 1 1 280.00, 2021-03-10 1 1 1 1 40.00', 'deliveries due');
SELECT is((SELECT string_agg(day::text, ' ') FROM erp.deliveries_due('INV', '2021-01-21', '2021-03-09')), '2021-03-01', 'of those days alone');
\o /dev/null
SELECT erp.invoice_orders('INV', 'i5', '{"orders": ["SO5"], "day": "2021-03-12", "rate": "0.9"}');
\o
SELECT is(pg_temp.margin('INV', 'SO5'), '45.00 0.00 45.00 0.00 45.00 100.00', 'at the rate of the invoice');
-- Pages: by the day needed, those without one last.
CREATE FUNCTION pg_temp.page(p_order text, p_line integer, p_rows integer) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(order_code || '/' || line_no, ' ') FROM erp.backlog_page('INV', p_order, p_line, p_rows)
$$;
SELECT is(pg_temp.page(NULL, NULL, 2), 'SO1/1 SO2/1', 'first page: what is needed first');
SELECT is(pg_temp.page('SO2', 1, 2), 'SO3/1 SO5/1', 'next page: what nobody said it of');
SELECT is(pg_temp.page('SO5', 1, 2), NULL, 'behind the last page is none');
SELECT is(trial.refused($$SELECT erp.backlog_page('INV', 'SO9', 1)$$), 'LE012', 'a line that is not there');
SELECT is(trial.refused($$SELECT erp.backlog_page('INV', NULL, NULL, 0)$$), 'LE011', 'a page of nothing');
-- 3,000 lines more, of 100 items and 100 customers: neither a page, nor a customer, nor an item, nor a week reads them.
\o /dev/null
SELECT erp.put_parties('INV', 'more', (SELECT json_agg(json_build_object('code', 'D' || g, 'name', 'D', 'roles', '["customer"]'::json)) FROM generate_series(1, 100) g));
SELECT erp.put_items('INV', 'more items', (SELECT json_agg(json_build_object('code', 'I' || g, 'name', 'I', 'kind', 'service')) FROM generate_series(1, 100) g));
SELECT erp.place_order('INV', 'm' || g, json_build_object('party', 'D' || g, 'day', '2021-04-01', 'needed_by', '2021-04-30', 'lines', (SELECT json_agg(json_build_object('item', 'I' || (l + g) % 100 + 1, 'amount', 1)) FROM generate_series(1, 30) l))) FROM generate_series(1, 100) g;
ANALYZE erp.company, erp.party, erp.item, erp.sales_order, erp.sales_order_line;
\o
SELECT cmp_ok(pg_temp.lines_read($$SELECT count(*) FROM erp.backlog_page('INV', NULL, NULL, 10)$$), '<', 100::bigint, 'a page reads its lines');
SELECT cmp_ok(pg_temp.lines_read($$SELECT count(*) FROM erp.backlog WHERE company = 'INV' AND party_code = 'C1'$$), '<', 100::bigint, 'a customer its own');
SELECT cmp_ok(pg_temp.lines_read($$SELECT count(*) FROM erp.backlog WHERE company = 'INV' AND item_code = 'CHAIR'$$), '<', 100::bigint, 'an item its own');
SELECT cmp_ok(pg_temp.lines_read($$SELECT count(*) FROM erp.deliveries_due('INV', '2021-03-01', '2021-03-07')$$), '<', 100::bigint, 'a week its own');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
