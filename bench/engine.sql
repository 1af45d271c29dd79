-- A company whose vouchers take their numbers at once, one whose get theirs later, and one for the rows of the seal. They come first:
-- new facts of the last company stand at the right end of the indexes, as those of a database with one company do, and the rival's.
SELECT erp.create_company(c, 'company', json_build_object('name', c, 'currency', 'GBP', 'chart', 'english')) FROM (VALUES ('NUMBER'), ('LATER'), ('CHAIN')) v (c);
-- The company that the engine's side of the benchmark works for.
SELECT erp.create_company('BENCH', 'company', '{"name": "Bench", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('BENCH', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_accounts('BENCH', 'accounts', (SELECT json_agg(json_build_object('code', 'B' || g, 'name', 'account ' || g, 'class', 'asset', 'side', 'debit')) FROM generate_series(1, 1000) g));
SELECT erp.put_parties('BENCH', 'parties', '[{"code": "S", "name": "Supplier", "roles": ["supplier"]}, {"code": "C", "name": "Customer", "roles": ["customer"]}]');
SELECT erp.put_items('BENCH', 'items', (SELECT json_agg(json_build_object('code', 'I' || g, 'name', 'item ' || g, 'kind', 'stock', 'method', 'fifo')) FROM generate_series(1, 1001) g));
-- 10,000 debits and 10,000 credits of one party that are settled in parts.
SELECT erp.put_accounts('BENCH', 'open accounts', '[{"code": "OPEN", "name": "Open items", "class": "asset", "side": "debit", "control": "open_items"}]');
SELECT erp.put_parties('BENCH', 'open parties', '[{"code": "P", "name": "Party", "roles": ["customer"]}]');
SELECT jsonb_array_length(erp.post_documents('BENCH', (SELECT json_agg(json_build_object('key', w.side || ' ' || g, 'kind', 'manual_voucher', 'day', '2026-01-02', 'lines',
	json_build_array(json_build_object('account', 'OPEN', 'side', w.side, 'amount', 1000000, 'party', 'P'), json_build_object('account', 'B1', 'side', w.other, 'amount', 1000000))))
  FROM generate_series(1, 10000) g, (VALUES ('debit', 'credit'), ('credit', 'debit')) w (side, other))));
SELECT erp.create_fiscal_year(c, 'year', '{"code": "2026", "first_day": "2026-01-01"}') FROM (VALUES ('NUMBER'), ('LATER')) v (c);
SELECT erp.put_accounts(c, 'accounts', (SELECT json_agg(json_build_object('code', 'B' || g, 'name', 'account ' || g, 'class', 'asset', 'side', 'debit')) FROM generate_series(1, 1000) g)) FROM (VALUES ('NUMBER'), ('LATER')) v (c);
SELECT erp.put_series('NUMBER', 'series', (SELECT json_agg(json_build_object('code', s.code, 'target', s.target, 'scope', s.scope, 'mode', 'immediate'))
  FROM erp.series s JOIN erp.company c USING (company_id) WHERE c.code = 'NUMBER' AND s.target = 'voucher'));
-- 10,000 items of which a promise is asked for: every second one expects some, every fifth is reserved in part, every third keeps some back.
SELECT erp.put_items('BENCH', 'promised items', (SELECT json_agg(json_build_object('code', 'P' || g, 'name', 'item ' || g, 'kind', 'stock', 'method', 'fifo')) FROM generate_series(1, 10000) g));
SELECT erp.post_document('BENCH', (SELECT json_build_object('key', 'promised stock', 'kind', 'goods_receipt', 'day', '2026-01-01', 'party', 'S',
	'lines', (SELECT json_agg(json_build_object('item', 'P' || g, 'quantity', 100, 'price', 1)) FROM generate_series(1, 10000) g))));
SELECT erp.put_expected_receipts('BENCH', (SELECT json_build_object('key', 'promised receipts', 'receipts', json_agg(json_build_object('source', 'PO', 'line', g, 'item', 'P' || g,
	'warehouse', 'MAIN', 'day', date '2026-02-01' + g % 28, 'quantity', 50))) FROM generate_series(1, 10000, 2) g));
SELECT erp.reserve('BENCH', (SELECT json_build_object('key', 'promised', 'demand', 'promised', 'lines', json_agg(json_build_object('item', 'P' || g, 'quantity', 10))) FROM generate_series(5, 10000, 5) g)) ->> 'complete';
SELECT erp.put_safety_stocks('BENCH', (SELECT json_build_object('key', 'kept back', 'items', json_agg(json_build_object('item', 'P' || g, 'warehouse', 'MAIN', 'quantity', 5))) FROM generate_series(3, 10000, 3) g));
-- 1000 items at moving average, 1000 whose warehouses have a pool of cost each, and 1000 that are received.
SELECT erp.put_warehouses('BENCH', 'east', '[{"code": "EAST", "name": "East"}]');
SELECT erp.put_items('BENCH', 'average items', (SELECT json_agg(json_build_object('code', 'A' || g, 'name', 'item ' || g, 'kind', 'stock', 'method', 'moving_average')) FROM generate_series(1, 1000) g));
SELECT erp.put_items('BENCH', 'warehouse items', (SELECT json_agg(json_build_object('code', 'W' || g, 'name', 'item ' || g, 'kind', 'stock', 'method', 'fifo', 'cost_pool', 'warehouse')) FROM generate_series(1, 1000) g));
SELECT erp.put_items('BENCH', 'received items', (SELECT json_agg(json_build_object('code', 'R' || g, 'name', 'item ' || g, 'kind', 'stock', 'method', 'fifo')) FROM generate_series(1, 1000) g));
SELECT erp.post_document('BENCH', (SELECT json_build_object('key', 'average', 'kind', 'goods_receipt', 'day', '2026-01-01', 'party', 'S',
	'lines', (SELECT json_agg(json_build_object('item', 'A' || i, 'quantity', 10000000, 'price', 10)) FROM generate_series(1, 1000) i))));
-- Ten levels of assembly: of what was made below and what was bought; 3 of the top are given away.
SELECT erp.put_items('BENCH', 'levels', (SELECT json_agg(json_build_object('code', c || g, 'name', 'level ' || g, 'kind', 'stock', 'method', 'fifo')) FROM (VALUES ('LEVEL'), ('PART')) v (c), generate_series(0, 10) g));
SELECT erp.post_document('BENCH', (SELECT json_build_object('key', 'parts', 'kind', 'goods_receipt', 'day', '2026-01-02', 'party', 'S', 'lines',
	json_agg(json_build_object('item', CASE g WHEN 0 THEN 'LEVEL0' ELSE 'PART' || g END, 'quantity', 10, 'amount', CASE g WHEN 0 THEN 100 ELSE 50 END))) FROM generate_series(0, 10) g));
SELECT count(erp.post_document('BENCH', json_build_object('key', 'assembly ' || g, 'kind', 'assembly', 'day', date '2026-01-02' + g, 'lines', json_build_array(
	json_build_object('role', 'component', 'item', 'LEVEL' || g - 1, 'quantity', 10), json_build_object('role', 'component', 'item', 'PART' || g, 'quantity', 10),
	json_build_object('role', 'product', 'item', 'LEVEL' || g, 'quantity', 10))))) FROM generate_series(1, 10) g;
SELECT erp.post_document('BENCH', '{"key": "explained", "kind": "free_issue", "day": "2026-01-15", "lines": [{"item": "LEVEL10", "quantity": 3}]}');
-- What is sold out.
SELECT erp.put_items('BENCH', 'sold out', '[{"code": "SELLOUT", "name": "Sold out", "kind": "stock", "method": "fifo"}]');
-- 40,000 moves of an item of which nothing is left behind each second one, and 20 of another.
SELECT erp.put_items('BENCH', 'local items', '[{"code": "LONG", "name": "long tail", "kind": "stock", "method": "moving_average"}, {"code": "SHORT", "name": "short tail", "kind": "stock", "method": "moving_average"}]');
SELECT jsonb_array_length(erp.post_documents('BENCH', (SELECT json_agg(json_build_object('key', 'local ' || i.code || d, 'kind', 'sales_invoice', 'day', '2026-01-02', 'time', to_char(time '00:00' + d * interval '1 minute', 'HH24:MI:SS'), 'party', 'C',
	'lines', (SELECT json_agg(CASE g % 2 WHEN 1 THEN json_build_object('item', i.code, 'role', 'gain', 'quantity', 10, 'cost', 100 + g % 37)
		ELSE json_build_object('item', i.code, 'role', 'loss', 'quantity', 10) END) FROM generate_series(1, i.lines) g)) ORDER BY i.code, d)
  FROM (VALUES ('LONG', 400, 100), ('SHORT', 20, 1)) i (code, lines, documents), generate_series(1, i.documents) d)));
