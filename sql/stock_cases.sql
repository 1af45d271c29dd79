\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What users of other systems complain of: stock and accounts that part when documents are cancelled, come late or go below zero.
-- Each case is worked out by hand, and ends with stock and accounts equal.
SELECT plan(28);
CREATE FUNCTION pg_temp.make(p_company text, p_options json DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM erp.create_company(p_company, 'company', '{"name": "Cases", "currency": "GBP", "chart": "english"}');
	PERFORM erp.create_fiscal_year(p_company, 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}');
	PERFORM erp.put_parties(p_company, 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
	PERFORM erp.put_warehouses(p_company, 'warehouses', '[{"code": "NORTH", "name": "North"}, {"code": "SOUTH", "name": "South"}]');
	PERFORM erp.put_items(p_company, 'items', '[{"code": "F", "name": "FIFO", "kind": "stock", "method": "fifo"}, {"code": "A", "name": "Average", "kind": "stock", "method": "moving_average"},
		{"code": "FW", "name": "FIFO by warehouse", "kind": "stock", "method": "fifo", "cost_pool": "warehouse"},
		{"code": "AW", "name": "Average by warehouse", "kind": "stock", "method": "moving_average", "cost_pool": "warehouse"}]');
	PERFORM erp.put_company(p_company, 'options', p_options) WHERE p_options IS NOT NULL;
END
$$;
-- A document of one line; the party is that of its kind.
CREATE FUNCTION pg_temp.post(p_company text, p_kind text, p_key text, p_day text, p_line text, p_extra jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.post_document(%L, %L)', p_company, jsonb_strip_nulls(jsonb_build_object('key', p_key, 'kind', p_kind, 'day', '2026-' || p_day,
		'party', CASE WHEN p_kind IN ('goods_receipt', 'receipt_amendment', 'supplier_bill', 'landed_cost') THEN 'S1' WHEN p_kind IN ('sales_invoice', 'credit_note') THEN 'C1' END,
		'lines', jsonb_build_array(p_line::jsonb))) || p_extra))
$$;
CREATE FUNCTION pg_temp.reverse(p_company text, p_reverses text, p_day text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.reverse_document(%L, %L)', p_company, jsonb_strip_nulls(jsonb_build_object('key', p_reverses || ' x' || coalesce(' ' || p_day, ''), 'reverses', p_reverses, 'day', '2026-' || p_day))))
$$;
-- All accounts that are not zero.
CREATE FUNCTION pg_temp.accounts(p_company text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(code || ' ' || balance, ', ' ORDER BY code), '')
	FROM (SELECT a.code, trial.balance(p_company, a.code) FROM erp.company c JOIN erp.account a USING (company_id) WHERE c.code = p_company) b (code, balance) WHERE balance <> 0
$$;
-- What each move of a document is worth: out negative.
CREATE FUNCTION pg_temp.worth(p_company text, p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(w::text, ' ' ORDER BY move_id) FROM (SELECT m.move_id, coalesce(sum(e.amount), 0)::numeric(19, 2) FROM erp.company c JOIN erp.document d USING (company_id)
		JOIN erp.stock_move m USING (company_id, document_id) LEFT JOIN erp.cost_entry e USING (company_id, move_id) WHERE c.code = p_company AND d.key = p_key GROUP BY 1) x (move_id, w)
$$;

-- Sold, the sale cancelled, then the receipt: by FIFO what came back is a layer of its own. 4 for 40.00, 1 sold and back: 3 for 30.00 and 1 for 10.00 are what came.
SELECT lives_ok($$SELECT pg_temp.make('CANCEL')$$, 'a company');
\o /dev/null
SELECT pg_temp.post('CANCEL', 'goods_receipt', 'r1', '01-01', '{"item": "F", "quantity": 4, "price": 10}'), pg_temp.post('CANCEL', 'sales_invoice', 's1', '01-03', '{"item": "F", "quantity": 1, "price": 99}'),
	pg_temp.reverse('CANCEL', 's1', '01-03');
\o
SELECT is(pg_temp.reverse('CANCEL', 'r1', '01-01'), 'LE050', 'the receipt is not taken back from before the sale: between it and what came back there would be too little');
SELECT is(pg_temp.reverse('CANCEL', 'r1', '01-04') || pg_temp.accounts('CANCEL'), 'accepted', 'but after that it is, and nothing is left in any account');
-- Of another receipt that stands between, at another price, it would take goods that cost something else: 4 for 40.00 less 3, 5 for 55.00, and the 3.
\o /dev/null
SELECT pg_temp.post('CANCEL', 'goods_receipt', 'r2', '02-01', '{"item": "F", "quantity": 4, "price": 10}'), pg_temp.post('CANCEL', 'sales_invoice', 's2', '02-03', '{"item": "F", "quantity": 3, "price": 99}'),
	pg_temp.post('CANCEL', 'goods_receipt', 'r3', '02-04', '{"item": "F", "quantity": 5, "price": 11}'), pg_temp.reverse('CANCEL', 's2', '02-05');
\o
SELECT is(pg_temp.reverse('CANCEL', 'r2', '02-06') || ' ' || pg_temp.reverse('CANCEL', 'r3', '02-06') || ' ' || pg_temp.reverse('CANCEL', 'r2', '02-07') || pg_temp.accounts('CANCEL'),
	'LE052 accepted accepted', 'not while others stand between, which are taken back first');
-- A part of it did not come, from what is left (1 for 10.00) and what came back (3 for 30.00): 3 for 30.00 go, and the sale after them takes 1 for 10.00 and 3 of 5 for 55.00.
-- Then 2 for 20.00 turn up of the day before the first sale: those that did not come are others that cost as much, and the last sale takes 3 for 30.00 and 1 for 11.00.
\o /dev/null
SELECT pg_temp.post('CANCEL', 'goods_receipt', 'r4', '03-01', '{"item": "F", "quantity": 4, "price": 10}'), pg_temp.post('CANCEL', 'sales_invoice', 's4', '03-03', '{"item": "F", "quantity": 3, "price": 99}'),
	pg_temp.reverse('CANCEL', 's4', '03-04'), pg_temp.post('CANCEL', 'goods_receipt', 'r5', '03-05', '{"item": "F", "quantity": 5, "price": 11}'),
	pg_temp.post('CANCEL', 'receipt_amendment', 'less', '03-06', '{"role": "received_less", "item": "F", "quantity": 3, "origin": {"key": "r4", "line": 1}}'),
	pg_temp.post('CANCEL', 'sales_invoice', 's5', '03-07', '{"item": "F", "quantity": 4, "price": 99}');
\o
SELECT is(concat_ws(', ', pg_temp.worth('CANCEL', 'less'), pg_temp.worth('CANCEL', 's5'), trial.closing('CANCEL', 'F')), '-30.00, -43.00, 2 22.00', 'a part that did not come is taken of what came back');
\o /dev/null
SELECT pg_temp.post('CANCEL', 'goods_receipt', 'r0', '03-02', '{"item": "F", "quantity": 2, "price": 10}');
\o
SELECT is(concat_ws(', ', pg_temp.worth('CANCEL', 'less'), pg_temp.worth('CANCEL', 's5'), trial.closing('CANCEL', 'F')), '-30.00, -41.00, 4 44.00', 'or of others that cost as much');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- Receipts that are taken back from the last to the first leave nothing behind, with many moves between them: 2 at 1.00 and 2 at 2.00 are gone when 3 at 3.00 come, of which 1 is
-- sold; 1 at 3.00 turns up before that.
\o /dev/null
SELECT erp.put_items('CANCEL', 'G', '[{"code": "G", "name": "FIFO", "kind": "stock", "method": "fifo"}]');
SELECT pg_temp.post('CANCEL', 'goods_receipt', 'g1', '04-01', '{"item": "G", "quantity": 2, "price": 1}'), pg_temp.post('CANCEL', 'goods_receipt', 'g2', '04-01', '{"item": "G", "quantity": 2, "price": 2}'),
	pg_temp.post('CANCEL', 'stock_gain', 'g3', '04-01', '{"item": "G", "quantity": 1, "cost": 5}'), pg_temp.reverse('CANCEL', 'g3', '04-01'), pg_temp.reverse('CANCEL', 'g2', '04-02'), pg_temp.reverse('CANCEL', 'g1', '04-02'),
	pg_temp.post('CANCEL', 'goods_receipt', 'g4', '04-03', '{"item": "G", "quantity": 3, "price": 3}'), pg_temp.post('CANCEL', 'sales_invoice', 'g5', '04-05', '{"item": "G", "quantity": 1, "price": 99}');
\o
SELECT is(pg_temp.post('CANCEL', 'goods_receipt', 'g6', '04-04', '{"item": "G", "quantity": 1, "price": 3}'), 'accepted', 'a late receipt, behind receipts that were all taken back');
SELECT is(trial.closing('CANCEL', 'G') || pg_temp.worth('CANCEL', 'g5'), '3 9.00-3.00', 'finds the layers that are there');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- Below zero, goods are carried to another warehouse with a cost pool of its own: what covers them later is what they cost there, too.
-- AW: 3 go for nothing, since none ever came; 5 for 50.00 come: the 3 cost 30.00 and are worth it in the north. Freight of 5.00: 33.00.
SELECT lives_ok($$SELECT pg_temp.make('BELOW', '{"negative_stock": true}')$$, 'a company that goes below zero');
\o /dev/null
SELECT pg_temp.post('BELOW', 'transfer', 't ' || i, '01-03', format('{"item": "%s", "quantity": 3, "to_warehouse": "NORTH"}', i)),
	pg_temp.post('BELOW', 'sales_invoice', 's ' || i, '01-04', format('{"item": "%s", "quantity": 1, "price": 99, "warehouse": "NORTH"}', i)),
	pg_temp.post('BELOW', 'goods_receipt', 'r ' || i, '01-10', format('{"item": "%s", "quantity": 5, "price": 10}', i)) FROM unnest('{AW,FW}'::text[]) i;
\o
SELECT is(concat_ws(', ', pg_temp.worth('BELOW', 't ' || i), pg_temp.worth('BELOW', 's ' || i), trial.closing('BELOW', i)), '-30.00 30.00, -10.00, 4 40.00', i || ': what covers it follows to the other warehouse') FROM unnest('{AW,FW}'::text[]) i;
SELECT is(pg_temp.accounts('BELOW'), '1100 198.00, 1200 80.00, 2100 -100.00, 4000 -198.00, 5000 20.00', 'and nothing is left between the two');
\o /dev/null
SELECT pg_temp.post('BELOW', 'landed_cost', 'l ' || i, '01-15', format('{"amount": 5, "receipts": [{"key": "r %s"}]}', i)) FROM unnest('{AW,FW}'::text[]) i;
\o
SELECT is(concat_ws(', ', pg_temp.worth('BELOW', 't ' || i), pg_temp.worth('BELOW', 's ' || i), trial.closing('BELOW', i)), '-33.00 33.00, -11.00, 4 44.00', i || ': so does what is learned of that') FROM unnest('{AW,FW}'::text[]) i;
-- Some of a provisional cost: 1 for 8.00 and 2 more at 8.00 go, 24.00; 5 for 50.00 cover the 2: 28.00. They go on to the south, and 1 comes back from there to the north.
\o /dev/null
SELECT erp.put_items('BELOW', 'more', '[{"code": "AX", "name": "Average by warehouse", "kind": "stock", "method": "moving_average", "cost_pool": "warehouse"}]');
SELECT pg_temp.post('BELOW', 'goods_receipt', 'x0', '02-01', '{"item": "AX", "quantity": 1, "price": 8}'), pg_temp.post('BELOW', 'transfer', 'x1', '02-03', '{"item": "AX", "quantity": 3, "to_warehouse": "NORTH"}'),
	pg_temp.post('BELOW', 'transfer', 'x2', '02-04', '{"item": "AX", "quantity": 3, "warehouse": "NORTH", "to_warehouse": "SOUTH"}'),
	pg_temp.post('BELOW', 'transfer', 'x3', '02-05', '{"item": "AX", "quantity": 1, "warehouse": "SOUTH", "to_warehouse": "NORTH"}');
\o
SELECT is(concat_ws(', ', pg_temp.worth('BELOW', 'x1'), pg_temp.worth('BELOW', 'x2'), pg_temp.worth('BELOW', 'x3')), '-24.00 24.00, -24.00 24.00, -8.00 8.00', 'provisionally at what was last paid');
\o /dev/null
SELECT pg_temp.post('BELOW', 'goods_receipt', 'x4', '02-10', '{"item": "AX", "quantity": 5, "price": 10}');
\o
SELECT is(concat_ws(', ', pg_temp.worth('BELOW', 'x1'), pg_temp.worth('BELOW', 'x2'), pg_temp.worth('BELOW', 'x3'), trial.closing('BELOW', 'AX')), '-28.00 28.00, -28.00 28.00, -9.33 9.33, 6 58.00', 'then at what came, wherever they went');
-- A return to another warehouse than that which owes: 2 sold of none, 1 back in the north; 3 for 30.00 come: sold 20.00, back 10.00.
\o /dev/null
SELECT erp.put_items('BELOW', 'one more', '[{"code": "AY", "name": "Average by warehouse", "kind": "stock", "method": "moving_average", "cost_pool": "warehouse"}]');
SELECT pg_temp.post('BELOW', 'sales_invoice', 'y1', '03-01', '{"item": "AY", "quantity": 2, "price": 99}'),
	pg_temp.post('BELOW', 'credit_note', 'y2', '03-02', '{"item": "AY", "quantity": 1, "price": 99, "warehouse": "NORTH", "origin": {"key": "y1", "line": 1}}'), pg_temp.post('BELOW', 'goods_receipt', 'y3', '03-03', '{"item": "AY", "quantity": 3, "price": 10}');
\o
SELECT is(concat_ws(', ', pg_temp.worth('BELOW', 'y1'), pg_temp.worth('BELOW', 'y2'), trial.closing('BELOW', 'AY')), '-20.00, 10.00, 2 20.00', 'what comes back elsewhere comes at what it cost in the end');
-- Carried there and half of it back while nothing came: 4 go for nothing, 2 come back; 5 for 50.00: the 2 that are owed in the end are worth 20.00, and so are the 4 that went less the 2 that came.
\o /dev/null
SELECT erp.put_items('BELOW', 'a last one', '[{"code": "AZ", "name": "Average by warehouse", "kind": "stock", "method": "moving_average", "cost_pool": "warehouse"}]');
SELECT pg_temp.post('BELOW', 'transfer', 'z1', '03-01', '{"item": "AZ", "quantity": 4, "to_warehouse": "NORTH"}'), pg_temp.post('BELOW', 'transfer', 'z2', '03-02', '{"item": "AZ", "quantity": 2, "warehouse": "NORTH", "to_warehouse": "MAIN"}');
\o
SELECT is(pg_temp.post('BELOW', 'goods_receipt', 'z3', '03-03', '{"item": "AZ", "quantity": 5, "price": 10}'), 'accepted', 'a circle of warehouses below zero comes to its values');
SELECT is(concat_ws(', ', pg_temp.worth('BELOW', 'z1'), pg_temp.worth('BELOW', 'z2'), trial.closing('BELOW', 'AZ')), '-40.00 40.00, -20.00 20.00, 5 50.00', 'which are those of what came');
SELECT is((SELECT string_agg(code || ' ' || trial.balance('BELOW', code), ', ' ORDER BY code) FROM unnest('{1200,1260}'::text[]) code), '1200 216.00, 1260 0.00', 'nothing is left between warehouses');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- A count dated before another, then cancelled: 2 for 2.00, and of the 7th 10 for 20.00; the count of the 10th misses 2 (2.00), that of the 5th finds 1 less, then (1.00), and the other took 1 and 1 of the next (3.00).
SELECT lives_ok($$SELECT pg_temp.make('COUNT')$$, 'a company');
\o /dev/null
SELECT pg_temp.post('COUNT', 'goods_receipt', 'r1', '01-02', '{"item": "F", "quantity": 2, "price": 1}'), pg_temp.post('COUNT', 'goods_receipt', 'r2', '01-07', '{"item": "F", "quantity": 10, "price": 2}'),
	pg_temp.post('COUNT', 'stock_loss', 'count 10', '01-10', '{"item": "F", "quantity": 2}'), pg_temp.post('COUNT', 'stock_loss', 'count 5', '01-05', '{"item": "F", "quantity": 1}');
\o
SELECT is(concat_ws(', ', pg_temp.worth('COUNT', 'count 5'), pg_temp.worth('COUNT', 'count 10'), trial.closing('COUNT', 'F'), trial.balance('COUNT', '1200')), '-1.00, -3.00, 9 18.00, 18.00', 'a count dated before another moves its cost');
SELECT is(pg_temp.reverse('COUNT', 'count 5', '01-05'), 'accepted', 'it is cancelled');
SELECT is(concat_ws(', ', pg_temp.worth('COUNT', 'count 10'), trial.closing('COUNT', 'F'), trial.balance('COUNT', '1200')), '-2.00, 10 20.00, 20.00', 'which leaves the other as it was');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
