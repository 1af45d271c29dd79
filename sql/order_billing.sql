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
-- What parts of orders are billed at: discounts and taxes of the whole, rates of the day, what was changed; and what is refused.
SELECT plan(21);
CREATE FUNCTION pg_temp.make(p_company text, p_revenue_at text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.create_company(p_company, 'company', '{"name": "Seller", "currency": "GBP", "chart": "english"}');
	PERFORM erp.create_fiscal_year(p_company, 'year', '{"code": "2026", "first_day": "2026-01-01"}');
	PERFORM erp.put_company(p_company, 'revenue', json_build_object('revenue_at', p_revenue_at));
	PERFORM erp.put_parties(p_company, 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}, {"code": "C2", "name": "Another", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
	PERFORM erp.put_items(p_company, 'items', '[{"code": "CHAIR", "name": "Chair", "kind": "stock", "unit": "piece", "method": "fifo"}, {"code": "LAMP", "name": "Lamp", "kind": "stock", "unit": "piece", "method": "fifo", "tracking": "lot"}, {"code": "FIT", "name": "Fitting", "kind": "service"}]');
	PERFORM erp.put_tax_codes(p_company, 'tax', '[{"code": "VAT", "name": "VAT", "rates": [{"from": "2026-01-01", "rate": "0.2"}]}]');
	PERFORM erp.post_document(p_company, '{"key": "r1", "kind": "goods_receipt", "day": "2026-01-05", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 10, "price": 30}, {"item": "LAMP", "quantity": 4, "price": 50, "lot": "L1"}, {"item": "LAMP", "quantity": 4, "price": 55, "lot": "L2"}]}');
END $$;
CREATE FUNCTION pg_temp.place(p_key text, p_more jsonb, p_lines jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.place_order('INV', p_key, ('{"party": "C1", "day": "2026-02-02"}'::jsonb || p_more || jsonb_build_object('lines', p_lines))::text::json)
$$;
-- Ships so much of line 1 and bills it; what was billed in all, without tax and with it.
CREATE FUNCTION pg_temp.serve(p_order text, p_n integer, p_quantity numeric) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.ship_order('INV', format('%s s%s', p_order, p_n), json_build_object('order', p_order, 'day', '2026-02-10', 'lines', json_build_array(json_build_object('line', 1, 'quantity', p_quantity))));
	PERFORM erp.invoice_orders('INV', format('%s i%s', p_order, p_n), json_build_object('orders', json_build_array(p_order), 'day', '2026-02-12'));
	RETURN (SELECT concat_ws(' ', (SELECT sum(l.billed_amount)::numeric(19, 2) FROM erp.sales_order_line l WHERE l.company_id = o.company_id AND l.sales_order_id = o.sales_order_id),
		(SELECT sum(i.amount)::numeric(19, 2) FROM erp.open_item i JOIN erp.document d USING (company_id, document_id) WHERE i.company_id = o.company_id AND d.key LIKE p_order || ' i%'), o.state)
		FROM erp.sales_order o JOIN erp.company c USING (company_id) WHERE c.code = 'INV' AND o.code = p_order);
END $$;
\o /dev/null
SELECT pg_temp.make('INV', 'invoice');
SELECT erp.post_document('INV', '{"key": "r2", "kind": "goods_receipt", "day": "2026-01-06", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 100, "price": 30}]}');
SELECT pg_temp.place('d1', '{"discount": 20}', '[{"item": "CHAIR", "quantity": 2, "price": 100}]');
SELECT pg_temp.place('d2', '{"prices_include_tax": true, "tax_code": "VAT"}', '[{"item": "CHAIR", "quantity": 2, "amount": 240}]');
SELECT pg_temp.place('d3', '{"discount_percent": 10}', '[{"item": "CHAIR", "quantity": 2, "amount": 200}]');
SELECT pg_temp.place('d4', '{}', '[{"item": "CHAIR", "quantity": 4, "amount": 400}]');
\o
-- 200.00 less 20.00 in two parts; 240.00 with 20% inside are 200.00; 200.00 less 10%.
SELECT is(pg_temp.serve('d1', 1, 1), '90.00 90.00 confirmed', 'of a discount on the whole a part has its share');
SELECT is(pg_temp.serve('d1', 2, 1), '180.00 180.00 closed', 'and the last the rest');
SELECT is(pg_temp.serve('d2', 1, 2), '200.00 240.00 closed', 'tax that is inside is taken out once');
SELECT is(pg_temp.serve('d3', 1, 2), '180.00 180.00 closed', 'and a discount once');
-- 1 of 4 at 100.00; then 8 for 400.00: 300.00 are left for 7.
SELECT is(pg_temp.serve('d4', 1, 1), '100.00 100.00 confirmed', 'a quarter');
\o /dev/null
SELECT erp.change_order('INV', 'd4 more', '{"order": "d4", "day": "2026-02-11", "lines": [{"line": 1, "quantity": 8}]}');
\o
SELECT is(pg_temp.serve('d4', 2, 7), '400.00 400.00 closed', 'what is changed is billed to its new amount, no more');
-- 7 for 10.00 with 20% inside: 1.43 each, and 1.42 for the last. Without tax they would be 1.19 each, 1.43 with it, and 10.01 in all.
\o /dev/null
SELECT pg_temp.place('p1', '{"prices_include_tax": true, "tax_code": "VAT"}', '[{"item": "CHAIR", "quantity": 7, "amount": 10}]');
SELECT pg_temp.serve('p1', n, 1) FROM generate_series(1, 7) n;
\o
SELECT is((SELECT string_agg(i.amount::numeric(19, 2)::text, ' ' ORDER BY d.key) FROM erp.open_item i JOIN erp.document d USING (company_id, document_id) WHERE d.key LIKE 'p1 i%'), '1.43 1.43 1.43 1.43 1.43 1.43 1.42', 'parts of a price with tax come to the price');
SELECT is((SELECT state FROM erp.order_list WHERE company = 'INV' AND order_code = 'p1'), 'closed', 'and close the order');
-- 2 for 10.00 less 1.00, of which one bill is taken back: 4.50 each.
\o /dev/null
SELECT pg_temp.place('p2', '{"prices_include_tax": true, "tax_code": "VAT", "discount": 1}', '[{"item": "CHAIR", "quantity": 2, "amount": 10}]');
SELECT pg_temp.serve('p2', 1, 1);
SELECT erp.reverse_document('INV', '{"key": "p2 back", "reverses": "p2 i1/invoice", "day": "2026-02-12"}');
SELECT pg_temp.serve('p2', 2, 1);
\o
SELECT is((SELECT string_agg(d.key || ' ' || i.amount::numeric(19, 2), ', ' ORDER BY d.key) FROM erp.open_item i JOIN erp.document d USING (company_id, document_id) WHERE d.key LIKE 'p2 i2%'), 'p2 i2/invoice 9.00', 'what is taken back is billed with what follows');
-- Sold over the counter for 9.99 with tax inside, and billed anew once that is taken back.
\o /dev/null
SELECT erp.order_to_cash('INV', 'p3', '{"party": "C1", "day": "2026-02-10", "prices_include_tax": true, "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 1, "amount": "9.99"}]}');
SELECT erp.reverse_document('INV', '{"key": "p3 back", "reverses": "p3/invoice", "day": "2026-02-13"}');
SELECT erp.ship_order('INV', 'p3 s', '{"order": "p3", "day": "2026-02-13", "lines": [{"line": 1}]}');
SELECT erp.invoice_orders('INV', 'p3 i', '{"orders": ["p3"], "day": "2026-02-13"}');
\o
SELECT is((SELECT i.amount::numeric(19, 2) FROM erp.open_item i JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'p3 i/invoice'), 9.99, 'a counter sale that is billed anew');
-- The rate of the invoice's day.
\o /dev/null
SELECT erp.put_exchange_rates('INV', 'rates', '[{"from": "EUR", "to": "GBP", "day": "2026-02-01", "rate": "0.8"}, {"from": "EUR", "to": "GBP", "day": "2026-02-11", "rate": "0.9"}]');
SELECT pg_temp.place('e1', '{"currency": "EUR"}', '[{"item": "CHAIR", "quantity": 1, "price": 100}]');
SELECT pg_temp.place('e2', '{"currency": "EUR", "rate": "0.7"}', '[{"item": "CHAIR", "quantity": 1, "price": 100}]');
SELECT pg_temp.serve('e1', 1, 1);
SELECT pg_temp.serve('e2', 1, 1);
\o
SELECT is((SELECT string_agg(trim_scale(rate)::text, ', ' ORDER BY d.key) FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'INV' AND d.key LIKE 'e_ i1/invoice'), '0.9, 0.9', 'an order is billed at the rate of the day on which it is');
-- A line that says where its goods lie, of which nothing is reserved there.
\o /dev/null
SELECT pg_temp.place('l1', '{}', '[{"item": "LAMP", "quantity": 2, "price": 80}]');
SELECT erp.ship_order('INV', 'l1 s', '{"order": "l1", "day": "2026-02-10", "lines": [{"line": 1, "quantity": 2, "lot": "L2"}]}');
\o
SELECT is((SELECT string_agg(format('%s %s', lot_code, isfinite(coalesce(expires_at, 'infinity'))), ', ') FROM erp.reservation_list WHERE company = 'INV' AND demand = 'l1'), 'L1 t', 'another lot goes; what was reserved is let go when holds expire');
SELECT is(erp.expire_holds('INV', 100), 1::bigint, 'by the step that does so');
-- An order that was changed is billed with one that was not, 100.00 and 2 x 90.00, and by one invoice.
\o /dev/null
SELECT pg_temp.place('c1', '{"tax_code": "VAT"}', '[{"item": "CHAIR", "quantity": 1, "price": 100}]');
SELECT pg_temp.place('c2', '{"tax_code": "VAT"}', '[{"item": "CHAIR", "quantity": 3, "price": 90}]');
SELECT erp.change_order('INV', 'c2 change', '{"order": "c2", "day": "2026-02-09", "lines": [{"line": 1, "quantity": 2}]}');
SELECT erp.ship_order('INV', o || ' s', json_build_object('order', o, 'day', '2026-02-10')) FROM unnest('{c1,c2}'::text[]) o;
\o
SELECT is(erp.invoice_orders('INV', 'c i', '{"orders": ["c1", "c2"], "day": "2026-02-12"}') -> 'orders', '[{"order": "c1", "state": "closed"}, {"order": "c2", "state": "closed"}]', 'an order that was changed is billed with one that was not');
-- 2 for 200.00, of which one was billed at 250.00 by an invoice of its own: the other is billed at nothing.
\o /dev/null
SELECT pg_temp.place('m1', '{}', '[{"item": "CHAIR", "quantity": 2, "price": 100}]');
SELECT erp.ship_order('INV', 'm1 s', '{"order": "m1", "day": "2026-02-10"}');
SELECT erp.post_document('INV', '{"key": "m1 i", "kind": "sales_invoice", "day": "2026-02-11", "party": "C1", "lines": [{"item": "CHAIR", "quantity": 1, "price": 250, "origin": {"key": "m1 s/shipment", "line": 1}}]}');
SELECT erp.invoice_orders('INV', 'm1 i2', '{"orders": ["m1"], "day": "2026-02-12"}');
\o
SELECT is((SELECT concat_ws(' ', trim_scale(l.billed), l.billed_amount::numeric(19, 2), o.state) FROM erp.sales_order_line l JOIN erp.sales_order o USING (company_id, sales_order_id) WHERE o.code = 'm1'), '2 250.00 closed', 'what is left of a line that was billed at more than it comes to is billed at nothing');
-- A gift of an order that was sold after all, by an invoice of its own, comes back as what was sold: its 30.00 leave the cost of sales that they went to.
\o /dev/null
SELECT pg_temp.place('g1', '{}', '[{"item": "CHAIR", "role": "free", "quantity": 1}]');
SELECT erp.ship_order('INV', 'g1 s', '{"order": "g1", "day": "2026-02-10"}');
SELECT erp.post_document('INV', '{"key": "g1 i", "kind": "sales_invoice", "day": "2026-02-11", "party": "C1", "lines": [{"item": "CHAIR", "quantity": 1, "price": 40, "origin": {"key": "g1 s/shipment", "line": 1}}]}');
SELECT erp.return_order('INV', 'g1 b', '{"order": "g1", "day": "2026-02-12", "outcome": "refund", "lines": [{"line": 1, "quantity": 1}]}');
\o
SELECT is((SELECT string_agg(account_code || ' ' || (debit - credit)::numeric(19, 2), ', ' ORDER BY account_code) FROM erp.journal WHERE company = 'INV' AND document_key = 'g1 b/return'), '1100 -40.00, 1200 30.00, 4000 40.00, 5000 -30.00', 'what was sold comes back as sold, though it was ordered as a gift');
-- What is refused.
SELECT is(trial.refused($$SELECT erp.change_order('INV', 'x', '{"order": "e1", "day": "2026-02-12", "lines": [{"line": 1, "quantity": 3}]}')$$), 'LE272', 'a closed order is not changed');
\o /dev/null
SELECT pg_temp.place('x1', '{}', '[{"item": "CHAIR", "quantity": 1, "price": 100}]');
\o
SELECT is(trial.refused($$SELECT erp.change_order('INV', 'x', '{"order": "x1", "day": "2026-02-12", "lines": [{"line": 1, "quantity": 3}, {"line": 1, "quantity": 4}]}')$$), 'LE011', 'nor a line twice');
SELECT is(trial.refused($$SELECT erp.post_document('INV', '{"key": "x", "kind": "sales_invoice", "day": "2026-02-12", "party": "C2", "lines": [{"item": "CHAIR", "quantity": 1, "price": 100, "demand": {"key": "x1", "line": 1}}]}')$$), 'LE279', 'an order is not served by what another customer gets');
SELECT is(trial.refused($$SELECT erp.post_document('INV', '{"key": "x", "kind": "sales_invoice", "day": "2026-02-12", "party": "C1", "lines": [{"item": "FIT", "amount": 100, "demand": {"key": "x1", "line": 1}}]}')$$), 'LE279', 'nor by another item');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
