-- A company with :size open lines of orders, ten an order, written as its engine would have. What is reserved of them does not matter here.
SELECT erp.create_company('BACKLOG', 'company', '{"name": "Backlog", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('BACKLOG', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_parties('BACKLOG', 'parties', (SELECT json_agg(json_build_object('code', 'C' || g, 'name', 'Customer ' || g, 'roles', json_build_array('customer'))) FROM generate_series(1, 100) g));
SELECT erp.put_items('BACKLOG', 'items', (SELECT json_agg(json_build_object('code', 'I' || g, 'name', 'item ' || g, 'kind', 'stock', 'method', 'fifo')) FROM generate_series(1, 1000) g));
SELECT erp.place_order('BACKLOG', 'first', '{"party": "C1", "day": "2026-02-01", "lines": [{"item": "I1", "quantity": 1, "price": 20}]}') ->> 'state';
SET session_replication_role = replica;
INSERT INTO erp.sales_order
SELECT (jsonb_populate_record(o, jsonb_build_object('sales_order_id', o.sales_order_id + g, 'code', 'O' || g,
	'party_id', (SELECT p.party_id FROM erp.party p WHERE p.company_id = o.company_id AND p.code = 'C' || 1 + g % 100)))).*
  FROM erp.sales_order o, generate_series(1, :size / 10) g;
INSERT INTO erp.sales_order_line (company_id, sales_order_id, line_no, item_id, warehouse_id, unit_id, tax_code_id, line_role, moves_stock, quantity,
	entered_quantity, unit_price, amount, needed_by, terms)
SELECT l.company_id, l.sales_order_id + g, n, l.item_id + (g * 7 + n) % 1000, l.warehouse_id, l.unit_id, l.tax_code_id, l.line_role, l.moves_stock, l.quantity,
	l.entered_quantity, l.unit_price, l.amount, date '2026-02-01' + g % 300, l.terms
  FROM erp.sales_order_line l, generate_series(1, :size / 10) g, generate_series(1, 10) n;
RESET session_replication_role;
