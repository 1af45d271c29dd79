\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Monthly average by warehouse where warehouses transfer to each other within a month: simultaneous equations, worked out by hand.
SELECT plan(12);
\o /dev/null
SELECT trial.make_company('RING');
SELECT erp.put_posting_rules('RING', 'more rules', '[
	{"kind": "transfer", "line_role": "transfer", "amount_role": "inventory", "side": "debit", "account": "1200"}, {"kind": "transfer", "line_role": "transfer", "amount_role": "cost", "side": "debit", "account": "1250"},
	{"kind": "supplier_return", "line_role": "sent_back", "amount_role": "inventory", "side": "credit", "account": "1200"}, {"kind": "supplier_return", "line_role": "sent_back", "amount_role": "price_variance", "side": "debit", "account": "5000"},
	{"kind": "supplier_return", "line_role": "document", "amount_role": "total", "side": "debit", "account": "2150"}]');
SELECT erp.put_items('RING', 'more items', (SELECT json_agg(json_build_object('code', c, 'name', c, 'kind', 'stock', 'method', 'monthly_average', 'cost_pool', 'warehouse')) FROM unnest('{A,B,C,D,E,F,G,H,J}'::text[]) c));
SELECT erp.put_warehouses('RING', 'more warehouses', '[{"code": "SOUTH", "name": "South"}, {"code": "EAST", "name": "East"}]');
SELECT erp.put_warehouses('RING', 'stations', (SELECT json_agg(json_build_object('code', 'STATION ' || n, 'name', 'Station ' || n) ORDER BY n DESC) FROM generate_series(1, 62) n));
CREATE FUNCTION pg_temp.carry(p_key text, p_time text, p_item text, p_quantity numeric, p_from text, p_to text, p_day date DEFAULT '2009-01-10') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('RING', json_build_object('key', p_key, 'kind', 'transfer', 'day', p_day, 'time', p_time, 'warehouse', p_from,
		'lines', json_build_array(json_build_object('item', p_item, 'quantity', p_quantity, 'to_warehouse', p_to))))
$$;
-- So many times from one warehouse to another and back.
CREATE FUNCTION pg_temp.to_and_fro(p_item text, p_times integer, p_day date, p_there text DEFAULT 'MAIN', p_back text DEFAULT 'NORTH') RETURNS void LANGUAGE sql AS $$
	SELECT erp.post_documents('RING', (SELECT json_agg(json_build_object('key', p_item || p_there || n, 'kind', 'transfer', 'day', p_day, 'time', to_char(time '00:00' + n * interval '1 minute', 'HH24:MI'),
		'warehouse', CASE n % 2 WHEN 1 THEN p_there ELSE p_back END,
		'lines', json_build_array(json_build_object('item', p_item, 'quantity', 10, 'to_warehouse', CASE n % 2 WHEN 1 THEN p_back ELSE p_there END))) ORDER BY n) FROM generate_series(1, 2 * p_times) n))
$$;
-- The distinct values of what was carried out of a warehouse.
CREATE FUNCTION pg_temp.carried(p_item text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(x.code || ' ' || x.amounts, ', ' ORDER BY x.code) FROM (
		SELECT w.code, string_agg(DISTINCT v.amount::numeric(19,2)::text, ' ') AS amounts
		FROM erp.company c JOIN erp.item i USING (company_id) JOIN erp.stock_move m USING (company_id, item_id) JOIN erp.warehouse w USING (company_id, warehouse_id)
		JOIN erp.document d USING (company_id, document_id), LATERAL (SELECT sum(e.amount) AS amount FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id) v
		WHERE c.code = 'RING' AND i.code = p_item AND d.kind = 'transfer' AND m.quantity < 0 GROUP BY w.code) x
$$;
CREATE FUNCTION pg_temp.pools(p_item text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(w.code || ' ' || trim_scale(p.quantity) || ' ' || p.value::numeric(19,2), ', ' ORDER BY w.code) FROM erp.company c JOIN erp.item i USING (company_id)
		JOIN erp_private.cost_pool p USING (company_id, item_id) JOIN erp.warehouse w ON w.company_id = c.company_id AND w.warehouse_id = p.cost_pool_id WHERE c.code = 'RING' AND i.code = p_item
$$;

-- A: MAIN gets 10 for 100.00, NORTH 10 for 200.00, 5 are carried each way. With m and n what one of each costs:
-- 15 m = 100 + 5 n, 15 n = 200 + 5 m: m = 12.50, n = 17.50. MAIN sends 62.50 and NORTH 87.50; 10 worth 125.00 and 10 worth 175.00 stay.
SELECT trial.receive('RING', 'A1', '2009-01-05', 'A', 10, 100);
SELECT trial.receive('RING', 'A2', '2009-01-05', 'A', 10, 200, '{"warehouse": "NORTH"}');
SELECT pg_temp.carry('A3', '08:00', 'A', 5, 'MAIN', 'NORTH');
SELECT pg_temp.carry('A4', '09:00', 'A', 5, 'NORTH', 'MAIN');
-- B: the same goods, 10 of them, go to and fro 12 times: 130 m = 100 + 120 n, 130 n = 200 + 120 m: m + n = 30, 250 (n - m) = 100: m = 14.80, n = 15.20.
SELECT trial.receive('RING', 'B first', '2009-01-05', 'B', 10, 100);
SELECT trial.receive('RING', 'B second', '2009-01-05', 'B', 10, 200, '{"warehouse": "NORTH"}');
SELECT pg_temp.to_and_fro('B', 12, '2009-01-10');
-- D: three in a ring. MAIN 20 for 240.00, NORTH 20 for 480.00, SOUTH 20 for 720.00; 10 go from MAIN to NORTH, from there to SOUTH, from there to MAIN.
-- 30 m = 240 + 10 s, 30 n = 480 + 10 m, 30 s = 720 + 10 n: 27 s = 648 + 9 n = 648 + 144 + 3 m = 792 + 24 + s: 26 s = 816, s = 31.3846, m = 18.4615, n = 22.1538.
SELECT trial.receive('RING', 'D first', '2009-01-05', 'D', 20, 240);
SELECT trial.receive('RING', 'D second', '2009-01-05', 'D', 20, 480, '{"warehouse": "NORTH"}');
SELECT trial.receive('RING', 'D third', '2009-01-05', 'D', 20, 720, '{"warehouse": "SOUTH"}');
SELECT pg_temp.carry('D1', '08:00', 'D', 10, 'MAIN', 'NORTH');
SELECT pg_temp.carry('D2', '09:00', 'D', 10, 'NORTH', 'SOUTH');
SELECT pg_temp.carry('D3', '10:00', 'D', 10, 'SOUTH', 'MAIN');
-- E: MAIN 3 for 10.00, NORTH 3 for 15.00, 1 is carried each way, and all is sold: 4 m = 10 + n, 4 n = 15 + m: m = 3.6667, n = 4.6667.
SELECT trial.receive('RING', 'E1', '2009-01-05', 'E', 3, 10);
SELECT trial.receive('RING', 'E2', '2009-01-05', 'E', 3, 15, '{"warehouse": "NORTH"}');
SELECT pg_temp.carry('E3', '08:00', 'E', 1, 'MAIN', 'NORTH');
SELECT pg_temp.carry('E4', '09:00', 'E', 1, 'NORTH', 'MAIN');
SELECT trial.sell('RING', 'E5', '2009-01-20', 'E', 3, 50);
SELECT trial.sell('RING', 'E6', '2009-01-20', 'E', 3, 50, '{"warehouse": "NORTH"}');
-- G: 10 for 100.00, of which 2 go back to the supplier when the month has been costed.
SELECT trial.receive('RING', 'G1', '2009-01-05', 'G', 10, 100);
SELECT erp.run_month_cost('RING', 'january', '{"period": "2009-01"}');
\o
SELECT is(pg_temp.carried('A') || '; ' || pg_temp.pools('A'), 'MAIN -62.50, NORTH -87.50; MAIN 10 125.00, NORTH 10 175.00', 'two warehouses that carry to each other');
SELECT is(pg_temp.carried('B') || '; ' || pg_temp.pools('B'), 'MAIN -148.00, NORTH -152.00; MAIN 10 148.00, NORTH 10 152.00', 'twelve times to and fro');
SELECT is(pg_temp.carried('D') || '; ' || pg_temp.pools('D'), 'MAIN -184.62, NORTH -221.54, SOUTH -313.85; MAIN 20 369.23, NORTH 20 443.08, SOUTH 20 627.69', 'three in a ring');
SELECT is(pg_temp.carried('E') || '; ' || trial.value_of('RING', 'E5') || ' ' || trial.value_of('RING', 'E6') || '; ' || pg_temp.pools('E'), 'MAIN -3.67, NORTH -4.67; -11.00 -14.00; MAIN 0 0.00, NORTH 0 0.00', 'nothing is left of what is sold out');
\o /dev/null
-- C: 62 times, once a day and night of a depot's lorry: 630 m = 100 + 620 n, 630 n = 200 + 620 m: m + n = 30, 1250 (n - m) = 100: m = 14.96, n = 15.04.
SELECT trial.receive('RING', 'C first', '2009-02-05', 'C', 10, 100);
SELECT trial.receive('RING', 'C second', '2009-02-05', 'C', 10, 200, '{"warehouse": "NORTH"}');
SELECT pg_temp.to_and_fro('C', 62, '2009-02-10');
-- F: the same, and 1 that went to a third warehouse came back: nothing is said of what it costs there.
SELECT trial.receive('RING', 'F first', '2009-02-05', 'F', 10, 100);
SELECT trial.receive('RING', 'F second', '2009-02-05', 'F', 10, 200, '{"warehouse": "NORTH"}');
SELECT pg_temp.carry('F there', '08:00', 'F', 1, 'MAIN', 'SOUTH', '2009-02-06');
SELECT trial.reverse('RING', 'F back', 'F there', '2009-02-06');
SELECT pg_temp.to_and_fro('F', 62, '2009-02-10');
-- H: two circles, and a chain of 62 from one to the other. MAIN and NORTH as C: NORTH sends 4 of its 10 on, for 60.16, which come through all stations to SOUTH.
-- There are 10 for 89.84, and in EAST 14 for 300.00; 10 go from SOUTH to EAST and back 62 times. 634 s = 150 + 620 e, 634 e = 300 + 620 s:
-- 14 (s + e) = 450, 1254 (e - s) = 150: s = 16.01162, e = 16.13124. 14 are left of each: 224.1627 and 225.8373.
SELECT trial.receive('RING', 'H first', '2009-02-05', 'H', 10, 100);
SELECT trial.receive('RING', 'H second', '2009-02-05', 'H', 10, 200, '{"warehouse": "NORTH"}');
SELECT trial.receive('RING', 'H third', '2009-02-05', 'H', 10, 89.84, '{"warehouse": "SOUTH"}');
SELECT trial.receive('RING', 'H fourth', '2009-02-05', 'H', 14, 300, '{"warehouse": "EAST"}');
SELECT pg_temp.to_and_fro('H', 62, '2009-02-10');
SELECT pg_temp.to_and_fro('H', 62, '2009-02-10', 'SOUTH', 'EAST');
SELECT pg_temp.carry('H chain ' || n, to_char(time '08:00' + n * interval '1 minute', 'HH24:MI'), 'H', 4, CASE n WHEN 0 THEN 'NORTH' ELSE 'STATION ' || n END,
	CASE n WHEN 62 THEN 'SOUTH' ELSE 'STATION ' || n + 1 END, '2009-02-10') FROM generate_series(0, 62) n;
-- J: a depot and 62 stations. MAIN has 310 for 768.80 and sends 5 to each; station n has 1 for 5.00 + 0.60 n, and sends 4 back. 6 s = 5 + 0.6 n + 5 m and
-- 558 m = 768.80 + 4 (all s): m = 5.00 and s = 5 + 0.1 n, since 4 (all s) = 1240 + 781.20. MAIN keeps 248, and each station 2.
SELECT trial.receive('RING', 'J', '2009-02-05', 'J', 310, 768.80);
SELECT trial.receive('RING', 'J' || n, '2009-02-05', 'J', 1, 5 + 0.6 * n, jsonb_build_object('warehouse', 'STATION ' || n)) FROM generate_series(1, 62) n;
SELECT pg_temp.carry('J to ' || n, '08:00', 'J', 5, 'MAIN', 'STATION ' || n, '2009-02-10') FROM generate_series(1, 62) n;
SELECT pg_temp.carry('J from ' || n, '09:00', 'J', 4, 'STATION ' || n, 'MAIN', '2009-02-10') FROM generate_series(1, 62) n;
SELECT erp.run_month_cost('RING', 'february', '{"period": "2009-02"}');
\o
SELECT is(pg_temp.carried('C') || '; ' || pg_temp.pools('C'), 'MAIN -149.60, NORTH -150.40; MAIN 10 149.60, NORTH 10 150.40', 'sixty-two times');
SELECT is(pg_temp.pools('F'), 'MAIN 10 149.60, NORTH 10 150.40, SOUTH 0 0.00', 'a warehouse where nothing stayed keeps nobody from being solved');
SELECT is((SELECT string_agg(p, ', ' ORDER BY p) FROM regexp_split_to_table(pg_temp.pools('H'), ', ') p WHERE p !~ ' 0 0.00$'),
	'EAST 14 225.84, MAIN 10 149.60, NORTH 6 90.24, SOUTH 14 224.16', 'two circles with a chain of more pools than any circle has between them');
SELECT is((SELECT string_agg(p, ', ' ORDER BY p) FROM regexp_split_to_table(pg_temp.pools('J'), ', ') p WHERE p ~ '^(MAIN|STATION (1|62)) '),
	'MAIN 248 1240.00, STATION 1 2 10.20, STATION 62 2 22.40', 'a depot with sixty-two stations');
\o /dev/null
SELECT erp.post_document('RING', '{"key": "G2", "kind": "supplier_return", "day": "2009-01-20", "party": "S1", "lines": [{"item": "G", "quantity": 2, "origin": {"key": "G1", "line": 1}}]}');
\o
SELECT is(pg_temp.pools('G'), 'MAIN 8 80.00', 'what goes back from a month that was costed costs its average, not what is owed for it less');
-- 5 more of A for 80.00 are found, in MAIN on 6 January: 20 m = 180 + 5 n, 15 n = 200 + 5 m: 55 m = 740, m = 13.4545, n = 17.8182.
\o /dev/null
SELECT trial.receive('RING', 'A0', '2009-01-06', 'A', 5, 80);
\o
SELECT is(pg_temp.carried('A') || '; ' || pg_temp.pools('A'), 'MAIN -67.27, NORTH -89.09; MAIN 15 201.82, NORTH 10 178.18', 'what is found later goes round as well');
SELECT is(trial.balance('RING', '1200'), 5740.44, 'the ledger has the value of all');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
