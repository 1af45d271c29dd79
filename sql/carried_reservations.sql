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
-- Reservations and transfers: what is reserved stays where it is, or goes along where the line says so; and imports consume what is reserved.
SELECT plan(36);
CREATE FUNCTION pg_temp.carry(p_key text, p_line jsonb, p_kind text DEFAULT 'transfer', p_day date DEFAULT '2009-02-01') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('GO', jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'lines', CASE jsonb_typeof(p_line) WHEN 'array' THEN p_line ELSE jsonb_build_array(p_line) END)::text::json)
$$;
CREATE FUNCTION pg_temp.try(p_key text, p_line jsonb, p_kind text DEFAULT 'transfer') RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT pg_temp.carry(%L, %L, %L)', p_key, p_line, p_kind))
$$;
-- Place by place: on hand, and how much of it is reserved.
CREATE FUNCTION pg_temp.stock(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', warehouse_code, location_code, lot_code, nullif(stock_state, 'available'), trim_scale(on_hand) || '/' || trim_scale(reserved)), ', ' ORDER BY warehouse_code, location_code NULLS FIRST, lot_code, stock_state)
	FROM erp.stock_on_hand WHERE company = 'GO' AND item_code = p_item
$$;
CREATE FUNCTION pg_temp.promised(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', demand, warehouse_code, location_code, lot_code, nullif(claim, 'stock'), trim_scale(quantity)), ', ' ORDER BY demand, warehouse_code, location_code NULLS FIRST, lot_code, claim)
	FROM (SELECT demand, warehouse_code, location_code, lot_code, claim, sum(quantity) AS quantity FROM erp.reservation_list WHERE company = 'GO' AND item_code = p_item GROUP BY 1, 2, 3, 4, 5) r
$$;
CREATE FUNCTION pg_temp.reserve(p_demand text, p_quantity numeric, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.reserve('GO', (jsonb_build_object('key', p_demand, 'demand', p_demand, 'lines', jsonb_build_array(jsonb_build_object('item', 'F', 'quantity', p_quantity))) || p_more)::text::json)
$$;
\o /dev/null
SELECT trial.make_company('GO');
SELECT erp.put_locations('GO', 'locations', '[{"warehouse": "MAIN", "code": "DOCK", "name": "Dock", "kind": "receiving"}, {"warehouse": "MAIN", "code": "A", "name": "A"}, {"warehouse": "MAIN", "code": "B", "name": "B"},
	{"warehouse": "NORTH", "code": "WAY", "name": "Way", "kind": "in_transit"}]');
-- Two claims on what is expected; 10 arrive at the dock.
SELECT erp.put_expected_receipts('GO', '{"key": "expected", "receipts": [{"source": "PO", "item": "F", "warehouse": "MAIN", "day": "2009-01-10", "quantity": 10}]}');
SELECT pg_temp.reserve('HIGH', 4, '{"expected": true, "priority": 5}');
SELECT pg_temp.reserve('LOW', 3, '{"expected": true}');
SELECT trial.receive('GO', 'r1', '2009-01-10', 'F', 10, 20, '{"reference": "PO", "lines": [{"item": "F", "quantity": 10, "amount": 20, "location": "DOCK"}]}');
\o
SELECT is(pg_temp.promised('F'), 'HIGH MAIN DOCK 4, LOW MAIN DOCK 3', 'claims became stock at the dock');
-- Goods that are reserved stay, unless the line says so.
SELECT is(pg_temp.try('t1', '{"item": "F", "quantity": 10, "location": "DOCK", "to_location": "A"}'), 'LE050', 'what is reserved is not taken away silently');
SELECT throws_like($$SELECT pg_temp.carry('t1', '{"item": "F", "quantity": 10, "location": "DOCK", "to_location": "A"}')$$, '%7 missing, the rest is reserved and stays, unless the line says "reservations": "follow"%', 'the error says what is missing, and the way out');
SELECT is(pg_temp.try('t2', '{"item": "F", "quantity": 3, "location": "DOCK", "to_location": "A"}'), 'accepted', 'what is free goes');
SELECT is(pg_temp.stock('F'), 'MAIN A 3/0, MAIN DOCK 7/7', '3 of 10 were');
SELECT is((SELECT concat_ws(' ', item_code, trim_scale(on_hand), trim_scale(reserved), suggested_location_code) FROM erp.put_away_list WHERE company = 'GO'), 'F 7 7 A', 'the rest is to be put away, to where the others lie');
\o /dev/null
SELECT pg_temp.carry('t3', '{"item": "F", "quantity": 2, "location": "DOCK", "to_location": "A", "reservations": "follow"}');
\o
SELECT is(pg_temp.promised('F'), 'HIGH MAIN DOCK 4, LOW MAIN A 2, LOW MAIN DOCK 1', '2 of the lowest priority follow, the rest of it stays');
SELECT is(pg_temp.stock('F'), 'MAIN A 5/2, MAIN DOCK 5/5', 'with the goods');
\o /dev/null
SELECT pg_temp.carry('t4', '{"item": "F", "quantity": 5, "location": "DOCK", "to_location": "B", "reservations": "follow"}');
\o
SELECT is(pg_temp.promised('F'), 'HIGH MAIN B 4, LOW MAIN A 2, LOW MAIN B 1', 'all follow, to a place that nothing was reserved from');
SELECT is(pg_temp.stock('F'), 'MAIN A 5/2, MAIN B 5/5', 'and the dock is empty');
SELECT is_empty('SELECT * FROM erp.put_away_list WHERE company = ''GO''', 'nothing is to be put away');
SELECT is((SELECT string_agg(concat_ws(' ', demand, location_code, trim_scale(quantity), document_key), ', ' ORDER BY change_id) FROM erp.reservation_history WHERE company = 'GO' AND change = 'carried'),
	'LOW DOCK 2 t3, LOW DOCK 1 t4, HIGH DOCK 4 t4', 'the history says what went from where, and by which transfer');
SELECT is_empty($$SELECT * FROM erp.check_integrity() WHERE company = 'GO'$$, 'law 5 holds');
-- More than the free goods of the place, in several lines and together with goods that are free.
\o /dev/null
SELECT pg_temp.carry('t5', '[{"item": "F", "quantity": 2, "location": "A", "to_location": "B", "reservations": "follow"}, {"item": "F", "quantity": 2, "location": "A", "to_location": "DOCK", "reservations": "follow"}]');
\o
SELECT is(pg_temp.stock('F'), 'MAIN A 1/1, MAIN B 7/6, MAIN DOCK 2/0', '4 of 5 leave, 3 were free: one reservation follows with the first line');
SELECT is(pg_temp.promised('F'), 'HIGH MAIN B 4, LOW MAIN A 1, LOW MAIN B 2', 'that of LOW');
-- The reservation of one demand.
\o /dev/null
SELECT pg_temp.carry('t6', '{"item": "F", "quantity": 3, "location": "B", "to_warehouse": "NORTH", "demand": {"key": "HIGH"}}');
\o
SELECT is(pg_temp.promised('F'), 'HIGH MAIN B 1, HIGH NORTH 3, LOW MAIN A 1, LOW MAIN B 2', 'what is reserved for the demand goes along to the other warehouse, and no other');
SELECT is(pg_temp.try('t7', '{"item": "F", "quantity": 4, "location": "B", "to_location": "A", "demand": {"key": "HIGH"}}'), 'LE050', '1 of it is left and 1 is free: 2 of LOW stay');
SELECT is(pg_temp.try('t8', '{"item": "F", "quantity": 1, "location": "B", "to_location": "A", "demand": {"key": "HIGH"}, "reservations": "follow"}'), 'LE011', 'either the demand or all');
SELECT is(pg_temp.try('t9', '{"item": "F", "quantity": 1, "location": "B", "reservations": "follow"}', 'stock_loss'), 'LE011', 'what goes nowhere has nothing that follows');
SELECT is(pg_temp.try('t10', '{"item": "F", "quantity": 1, "location": "B", "to_location": "A", "reservations": "stay"}'), 'LE011', 'what it says is known');
-- Nothing is reserved in another state or for another owner.
SELECT is(pg_temp.try('t11', '{"item": "F", "quantity": 4, "location": "B", "to_state": "quarantine", "reservations": "follow"}'), 'LE221', 'into quarantine nothing follows');
SELECT is(pg_temp.try('t12', '{"item": "F", "quantity": 1, "location": "B", "to_owner": "C1", "demand": {"key": "LOW"}}'), 'LE221', 'nor to another owner');
SELECT is(pg_temp.try('t13', '{"item": "F", "quantity": 1, "location": "B", "to_state": "quarantine"}'), 'accepted', 'what is free goes there');
-- By way of transit: reserved while it is on its way, and where it arrives.
\o /dev/null
SELECT pg_temp.carry('d1', '{"item": "F", "quantity": 3, "location": "B", "to_warehouse": "NORTH", "to_location": "WAY", "reservations": "follow"}', 'transfer_dispatch');
\o
SELECT is(pg_temp.promised('F'), 'HIGH NORTH 3, HIGH NORTH WAY 1, LOW MAIN A 1, LOW NORTH WAY 2', 'all 3 that were there are reserved, and still are');
\o /dev/null
SELECT pg_temp.carry('d2', '{"item": "F", "quantity": 2, "warehouse": "NORTH", "origin": {"key": "d1", "line": 1}, "reservations": "follow"}', 'transfer_receipt', '2009-02-03');
\o
SELECT is(pg_temp.promised('F'), 'HIGH NORTH 3, HIGH NORTH WAY 1, LOW MAIN A 1, LOW NORTH 2', '2 arrive with what is reserved of them, of lowest priority first');
SELECT is(pg_temp.try('d3', '{"item": "F", "quantity": 1, "warehouse": "NORTH", "origin": {"key": "d1", "line": 1}}', 'transfer_receipt'), 'LE050', 'the last one does not leave its reservation behind');
SELECT is(pg_temp.try('d4', '{"item": "F", "quantity": 1, "warehouse": "NORTH", "origin": {"key": "d1", "line": 1}, "demand": {"key": "HIGH", "line": 1}}', 'transfer_receipt'), 'accepted', 'it takes it along');
SELECT is(pg_temp.promised('F') || ' / ' || pg_temp.stock('F'), 'HIGH NORTH 4, LOW MAIN A 1, LOW NORTH 2 / MAIN A 1/1, MAIN B quarantine 1/0, MAIN DOCK 2/0, NORTH 6/6', 'HIGH has its 4 together');
SELECT is(trial.refused($$SELECT trial.reverse('GO', 't6 back', 't6', '2009-02-04')$$), 'LE050', 'the reversal of a transfer takes nothing that is reserved meanwhile');
SELECT is_empty($$SELECT * FROM erp.check_integrity() WHERE company = 'GO'$$, 'law 5 holds after all of it');
-- An import says what a request can: shipments of it consume what is reserved for their demands, transfers of it carry it.
\o /dev/null
SELECT erp.start_import('GO', 'import', '{"name": "shipments"}');
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, item, quantity, unit_price, warehouse, location, to_location, demand_key, demand_line, reservations, line_warehouse, line_tax_code)
SELECT j.job_id, t.* FROM erp.job j, (VALUES
	(1, 'i1', 'transfer', '2009-02-05', NULL, 'F', '1', NULL, NULL, 'A', 'B', NULL, NULL, 'follow', NULL, NULL),
	(2, 'i2', 'sales_invoice', '2009-02-06', 'C1', 'F', '3', '10', NULL, NULL, NULL, 'HIGH', '1', NULL, 'NORTH', 'VAT'),
	(3, 'i2', NULL, NULL, NULL, 'F', '1', '10', NULL, 'B', NULL, 'LOW', NULL, NULL, NULL, NULL)) t WHERE j.name = 'shipments';
SELECT erp.import_step('GO', (SELECT job_id FROM erp.job WHERE name = 'shipments'), 100) FROM generate_series(1, 5);
\o
SELECT is((SELECT state || ' ' || done_documents FROM erp.job WHERE name = 'shipments'), 'done 2', 'rows name demands');
SELECT is(pg_temp.promised('F') || ' / ' || pg_temp.stock('F'), 'HIGH NORTH 1, LOW NORTH 2 / MAIN B quarantine 1/0, MAIN DOCK 2/0, NORTH 3/3', '3 of HIGH and 1 of LOW are shipped, the latter from where it was carried');
SELECT is((SELECT trim_scale(sum(debit)) FROM erp.journal WHERE company = 'GO' AND document_key = 'i2' AND account_code = '1100'), 44.5, '3 lines of 10.00 with 15% tax, 1 without');
SELECT is(erp.post_document('GO', '{"key": "i2", "kind": "sales_invoice", "day": "2009-02-06", "party": "C1", "lines": [
	{"item": "F", "quantity": 3, "price": 10, "warehouse": "NORTH", "tax_code": "VAT", "demand": {"key": "HIGH", "line": 1}}, {"item": "F", "quantity": 1, "price": 10, "location": "B", "demand": {"key": "LOW"}}]}') ->> 'document_id',
	(SELECT document_id::text FROM erp.document_list WHERE company = 'GO' AND document_key = 'i2'), 'the same as a request is the same document');
\o /dev/null
SELECT erp.start_import('GO', 'bad', '{"name": "bad"}');
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, item, quantity, amount, demand_key, demand_line, reservations)
SELECT j.job_id, t.* FROM erp.job j, (VALUES
	(1, 'j1', 'goods_receipt', '2009-02-05', 'S1', 'F', '1', '1', 'HIGH', NULL, NULL),
	(2, 'j2', 'sales_invoice', '2009-02-05', 'C1', 'F', '1', '1', NULL, '2', 'follow'),
	(3, 'j3', 'sales_invoice', '2009-02-05', 'C1', 'F', '1', '1', 'HIGH', 'x', NULL)) t WHERE j.name = 'bad';
SELECT erp.import_step('GO', (SELECT job_id FROM erp.job WHERE name = 'bad'), 100) FROM generate_series(1, 3);
\o
SELECT is((SELECT string_agg(concat_ws(' ', document_key, column_name, error_code), ', ' ORDER BY row_no, problem_no) FROM erp.import_problem JOIN erp.job USING (job_id) WHERE name = 'bad'),
	'j1 demand LE011, j2 demand.key LE011, j2 reservations LE011, j3 demand.line LE011', 'and is refused for the same');
SELECT is_empty($$SELECT * FROM erp.check_integrity() WHERE company = 'GO'$$, 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
