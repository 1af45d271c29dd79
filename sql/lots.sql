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
-- Lots and serial numbers: what an item demands, the days of a lot, one piece of a serial number.
SELECT plan(48);
\o /dev/null
SELECT trial.make_company('LOT');
SELECT erp.put_items('LOT', 'tracked', '[
	{"code": "L", "name": "By lot", "kind": "stock", "method": "fifo", "tracking": "lot", "shelf_life_days": 30},
	{"code": "N", "name": "By serial number", "kind": "stock", "method": "moving_average", "tracking": "serial"}]');
CREATE FUNCTION pg_temp.receive(p_key text, p_day date, p_item text, p_quantity numeric, p_amount numeric, p_place jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('LOT', jsonb_build_object('key', p_key, 'kind', 'goods_receipt', 'day', p_day, 'party', 'S1',
		'lines', jsonb_build_array(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'amount', p_amount) || p_place))::text::json)
$$;
CREATE FUNCTION pg_temp.sell(p_key text, p_day date, p_item text, p_quantity numeric, p_place jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('LOT', jsonb_build_object('key', p_key, 'kind', 'sales_invoice', 'day', p_day, 'party', 'C1',
		'lines', jsonb_build_array(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'price', 9) || p_place))::text::json)
$$;
CREATE FUNCTION pg_temp.lots(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', warehouse_code, lot_code, trim_scale(on_hand), value), ', ' ORDER BY warehouse_code, lot_code) FROM erp.stock_on_hand
	 WHERE company = 'LOT' AND item_code = p_item
$$;
CREATE FUNCTION pg_temp.days(p_lot text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', COALESCE(production_day::text, '-'), COALESCE(expires_on::text, '-'), COALESCE(best_before::text, '-'), COALESCE(removal_day::text, '-'), COALESCE(alert_day::text, '-'))
	  FROM erp.lot WHERE code = p_lot
$$;
\o
-- What is declared.
SELECT is(trial.refused($$SELECT erp.put_items('LOT', 'x', '[{"code": "SV", "name": "Service", "kind": "service", "tracking": "lot"}]')$$), 'LE011', 'a service is not tracked');
SELECT is(trial.refused($$SELECT erp.put_items('LOT', 'x', '[{"code": "F", "name": "FIFO", "kind": "stock", "shelf_life_days": 9}]')$$), 'LE011', 'only what has lots has a shelf life');
SELECT is(trial.refused($$SELECT erp.put_items('LOT', 'x', '[{"code": "F", "name": "FIFO", "kind": "stock", "tracking": "batch"}]')$$), 'LE011', 'tracking is known');
SELECT is(erp.put_lots('LOT', 'lots', '[
	{"item": "L", "code": "K1", "production_day": "2009-01-01"},
	{"item": "L", "code": "K2", "production_day": "2009-01-05", "expires_on": "2009-01-20", "best_before": "2009-01-15", "removal_day": "2009-01-18", "alert_day": "2009-01-10"}]'),
	'{"inserted": 2, "updated": 0}', 'lots are added');
SELECT is(pg_temp.days('K1'), '2009-01-01 2009-01-31 - - -', 'one expires 30 days after it was made');
SELECT is(pg_temp.days('K2'), '2009-01-05 2009-01-20 2009-01-15 2009-01-18 2009-01-10', 'the other when it says');
\o /dev/null
SELECT erp.put_lots('LOT', 'alert', '[{"item": "L", "code": "K1", "alert_day": "2009-01-25"}]');
\o
SELECT is(pg_temp.days('K1'), '2009-01-01 2009-01-31 - - 2009-01-25', 'what is not given stays');
SELECT is(trial.refused($$SELECT erp.put_lots('LOT', 'x', '[{"item": "F", "code": "K1"}]')$$), 'LE170', 'an item without lots');
SELECT is(trial.refused($$SELECT erp.put_lots('LOT', 'x', '[{"item": "Z", "code": "K1"}]')$$), 'LE012', 'an unknown item');
SELECT is(trial.refused($$SELECT erp.put_lots('LOT', 'x', '[{"item": "L", "code": "K3", "production_day": "2009-02-01", "expires_on": "2009-01-01"}]')$$), 'LE011', 'what expires before it is made');

-- Enforced on every line.
SELECT is(trial.refused($$SELECT pg_temp.receive('x', '2009-01-02', 'L', 5, 50)$$), 'LE170', 'a receipt without a lot');
SELECT is(trial.refused($$SELECT pg_temp.sell('x', '2009-01-02', 'L', 5)$$), 'LE170', 'a sale without a lot');
SELECT is(trial.refused($$SELECT pg_temp.receive('x', '2009-01-02', 'F', 5, 50, '{"lot": "K1"}')$$), 'LE170', 'a lot of an item without lots');
SELECT is(trial.refused($$SELECT pg_temp.sell('x', '2009-01-02', 'L', 5, '{"lot": "K9"}')$$), 'LE012', 'a sale of a lot that nobody knows');
SELECT is(trial.refused($$SELECT pg_temp.sell('x', '2009-01-02', 'L', 5, '{"lot": "K1", "lot_days": {}}')$$), 'LE011', 'a sale says nothing of the days');
SELECT is(trial.refused($$SELECT pg_temp.receive('x', '2009-01-02', 'L', 5, 50, '{"lot": "K9", "lot_days": {"made": "2009-01-01"}}')$$), 'LE011', 'a day that lots do not have');
SELECT is(trial.refused($$SELECT pg_temp.receive('x', '2009-01-02', 'L', 5, 50, '{"lot": "K9", "lot_days": {"expires_on": "2009-02-30"}}')$$), 'LE011', 'no day of the calendar');
SELECT is(trial.refused($$SELECT pg_temp.receive('x', '2009-01-02', 'L', 5, 50, '{"lot": "K9", "lot_days": {"production_day": "2009-02-01", "alert_day": "2009-01-01"}}')$$), 'LE011', 'a day before it is made');

-- Two lots at different prices: issues are first in, first out over the lots of the pool, quantities by lot.
\o /dev/null
SELECT pg_temp.receive('r1', '2009-01-02', 'L', 10, 20, '{"lot": "K1"}');
SELECT pg_temp.receive('r2', '2009-01-06', 'L', 10, 30, '{"lot": "K2", "lot_days": {"production_day": "2009-01-05"}}');
SELECT pg_temp.receive('r3', '2009-01-07', 'L', 4, 16, '{"lot": "K3", "lot_days": {"best_before": "2009-01-30"}}');
SELECT pg_temp.receive('r4', '2009-01-08', 'L', 2, 8, '{"lot": "K4"}');
\o
SELECT is(pg_temp.days('K3'), '- 2009-02-06 2009-01-30 - -', 'a receipt makes its lot: it expires 30 days after it came, as nobody says when it was made');
SELECT is(pg_temp.days('K4'), '- 2009-02-07 - - -', 'also where it says nothing of its days');
SELECT is(trial.refused($$SELECT pg_temp.receive('x', '2009-01-09', 'L', 1, 3, '{"lot": "K2", "lot_days": {"production_day": "2009-01-04"}}')$$), 'LE173', 'a lot that comes again has its days');
SELECT is(pg_temp.lots('L'), 'MAIN K1 10 28.46, MAIN K2 10 28.46, MAIN K3 4 11.39, MAIN K4 2 5.69', '74.00 for 26');
SELECT is(trial.refused($$SELECT pg_temp.sell('s1', '2009-01-10', 'L', 11, '{"lot": "K2"}')$$), 'LE050', '26 are there, and 10 of the lot');
\o /dev/null
SELECT pg_temp.sell('s1', '2009-01-10', 'L', 10, '{"lot": "K2"}');
\o
SELECT is(trial.value_of('LOT', 's1'), -20.00, 'the lot is the one named, the cost that of the first 10');
SELECT is(pg_temp.lots('L'), 'MAIN K1 10 33.75, MAIN K3 4 13.50, MAIN K4 2 6.75', '54.00 for 16');
SELECT is(trial.refused($$SELECT pg_temp.sell('s2', '2009-01-05', 'L', 1, '{"lot": "K2"}')$$), 'LE050', 'before it came nothing of the lot is there');
SELECT is(trial.refused($$SELECT pg_temp.sell('s2', '2009-01-08', 'L', 1, '{"lot": "K2"}')$$), 'LE050', 'nor is what was sold later');
\o /dev/null
SELECT trial.reverse('LOT', 's1 back', 's1', '2009-01-11');
\o
SELECT is(pg_temp.lots('L'), 'MAIN K1 10 28.46, MAIN K2 10 28.46, MAIN K3 4 11.39, MAIN K4 2 5.69', 'a reversal brings back that lot');
SELECT is(trial.refused($$SELECT erp.put_items('LOT', 'x', '[{"code": "L", "name": "L", "kind": "stock", "tracking": "none", "shelf_life_days": 0}]')$$), 'LE140', 'what has moved by lot stays so');

-- Serial numbers.
SELECT is(trial.refused($$SELECT pg_temp.receive('x', '2009-02-01', 'N', 2, 20, '{"lot": "N1"}')$$), 'LE171', 'two pieces of a number');
\o /dev/null
SELECT pg_temp.receive('n1', '2009-02-01', 'N', 1, 10, '{"lot": "N1"}');
SELECT pg_temp.receive('n2', '2009-02-01', 'N', 1, 20, '{"lot": "N2", "warehouse": "NORTH"}');
\o
SELECT is((SELECT string_agg(code, ' ' ORDER BY code) FROM erp.lot WHERE is_serial), 'N1 N2', 'they are serial numbers');
SELECT is(trial.refused($$SELECT pg_temp.receive('x', '2009-02-02', 'N', 1, 10, '{"lot": "N1"}')$$), 'LE171', 'it is there already');
SELECT is(trial.refused($$SELECT pg_temp.receive('x', '2009-02-02', 'N', 1, 10, '{"lot": "N2"}')$$), 'LE171', 'also in another warehouse');
SELECT is(trial.refused($$SELECT pg_temp.receive('x', '2009-01-15', 'N', 1, 10, '{"lot": "N1"}')$$), 'LE171', 'before, it would be there twice later');
SELECT is(trial.refused($$SELECT erp.post_document('LOT', '{"key": "x", "kind": "goods_receipt", "day": "2009-02-02", "party": "S1", "lines": [{"item": "N", "quantity": 1, "amount": 1, "lot": "N3"}, {"item": "N", "quantity": 1, "amount": 1, "lot": "N3"}]}')$$), 'LE171', 'twice in one document');
\o /dev/null
SELECT pg_temp.sell('n3', '2009-02-10', 'N', 1, '{"lot": "N1"}');
\o
SELECT is(trial.value_of('LOT', 'n3'), -15.00, 'the average of 10 and 20');
SELECT is(trial.refused($$SELECT pg_temp.sell('x', '2009-02-11', 'N', 1, '{"lot": "N1"}')$$), 'LE050', 'it is gone');
SELECT is(trial.refused($$SELECT pg_temp.receive('x', '2009-02-05', 'N', 1, 10, '{"lot": "N1"}')$$), 'LE171', 'and was there until the 10th');
\o /dev/null
SELECT pg_temp.receive('n4', '2009-02-12', 'N', 1, 12, '{"lot": "N1"}');
\o
SELECT is(pg_temp.lots('N'), 'MAIN N1 1 13.50, NORTH N2 1 13.50', 'it comes again: 15.00 and 12.00');
SELECT is(trial.refused($$SELECT trial.reverse('LOT', 'n3 back', 'n3', '2009-02-13')$$), 'LE171', 'so its sale is not taken back');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- An import makes lots and sells of them.
\o /dev/null
SELECT erp.start_import('LOT', 'import', '{"name": "lots"}');
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, item, quantity, amount, lot, lot_days)
SELECT j.job_id, t.* FROM erp.job j, (VALUES
	(1, 'i1', 'goods_receipt', '2009-04-01', 'S1', 'L', '5', '25', 'K5', '{"expires_on": "2009-06-01"}'),
	(2, 'i1', 'goods_receipt', '2009-04-01', 'S1', 'L', '5', '25', '', ''),
	(3, 'i2', 'sales_invoice', '2009-04-02', 'C1', 'L', '2', '18', 'K5', '')) t WHERE j.name = 'lots';
SELECT erp.import_step('LOT', (SELECT job_id FROM erp.job WHERE name = 'lots'), 100) FROM generate_series(1, 3);
\o
SELECT is((SELECT string_agg(concat_ws(' ', row_no, column_name, error_code), ', ') FROM erp.import_problem), '2 lot LE170', 'the row without a lot is bad, the sale of the new lot is not');
\o /dev/null
UPDATE erp.staged_line SET lot = 'K6' WHERE row_no = 2;
SELECT erp.import_step('LOT', (SELECT job_id FROM erp.job WHERE name = 'lots'), 100) FROM generate_series(1, 6);
\o
SELECT is(state, 'done', 'and so it is imported') FROM erp.job WHERE name = 'lots';
SELECT is(pg_temp.days('K5'), '- 2009-06-01 - - -', 'with its days');
SELECT is(pg_temp.days('K6'), '- 2009-05-01 - - -', 'or those of its item');
SELECT is(trial.closing('LOT', 'L'), '34 118.00', '74.00 and 50.00, less 2 at 3.00: what came back is the last layer');
SELECT is(trial.balance('LOT', '1200'), 145.00, 'stock is the books: 118.00 and 27.00');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole at the end');
SELECT * FROM finish();
ROLLBACK;
