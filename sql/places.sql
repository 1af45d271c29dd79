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
-- Where goods lie: locations, states and owners, kept apart now, in the past and by reversals.
SELECT plan(43);
\o /dev/null
SELECT trial.make_company('PLACE');
\o
SELECT is(erp.put_locations('PLACE', 'locations', '[
	{"warehouse": "MAIN", "code": "A-1", "name": "Bin 1", "parent": "A"}, {"warehouse": "MAIN", "code": "A", "name": "Aisle A"},
	{"warehouse": "MAIN", "code": "OLD", "name": "Gone", "active": false}, {"warehouse": "NORTH", "code": "A-1", "name": "Another bin"},
	{"warehouse": "NORTH", "code": "WAY", "name": "On its way", "kind": "in_transit"}]'), '{"inserted": 5, "updated": 0}', 'locations are added, parents of the same call too');
SELECT is(erp.put_locations('PLACE', 'locations', '[
	{"warehouse": "MAIN", "code": "A-1", "name": "Bin 1", "parent": "A"}, {"warehouse": "MAIN", "code": "A", "name": "Aisle A"},
	{"warehouse": "MAIN", "code": "OLD", "name": "Gone", "active": false}, {"warehouse": "NORTH", "code": "A-1", "name": "Another bin"},
	{"warehouse": "NORTH", "code": "WAY", "name": "On its way", "kind": "in_transit"}]'), '{"inserted": 5, "updated": 0}', 'once');
SELECT is(erp.put_locations('PLACE', 'named', '[{"warehouse": "MAIN", "code": "A-1", "name": "Bin one"}]'), '{"inserted": 0, "updated": 1}', 'one is renamed');
SELECT is(string_agg(format('%s %s %s %s', l.code, l.name, p.code, l.kind), ', ' ORDER BY l.code), 'A Aisle A  storage, A-1 Bin one A storage, OLD Gone  storage, SHIPPED Shipped, not billed  shipped', 'and keeps its parent')
  FROM erp.location l LEFT JOIN erp.location p ON p.company_id = l.company_id AND p.location_id = l.parent_location_id
  JOIN erp.warehouse w ON w.company_id = l.company_id AND w.warehouse_id = l.warehouse_id WHERE w.code = 'MAIN' AND w.company_id = (SELECT c.company_id FROM erp.company c WHERE c.code = 'PLACE');
SELECT is(trial.refused($$SELECT erp.put_locations('PLACE', 'cycle', '[{"warehouse": "MAIN", "code": "A", "name": "Aisle A", "parent": "A-1"}]')$$), 'LE011', 'a location does not lie within itself');
SELECT is(trial.refused($$SELECT erp.put_locations('PLACE', 'self', '[{"warehouse": "MAIN", "code": "B", "name": "B", "parent": "B"}]')$$), 'LE011', 'nor in itself at once');
SELECT is(trial.refused($$SELECT erp.put_locations('PLACE', 'parent', '[{"warehouse": "MAIN", "code": "B", "name": "B", "parent": "WAY"}]')$$), 'LE012', 'a parent is of the same warehouse');
SELECT is(trial.refused($$SELECT erp.put_locations('PLACE', 'warehouse', '[{"warehouse": "NONE", "code": "B", "name": "B"}]')$$), 'LE012', 'the warehouse is known');
SELECT is(trial.refused($$SELECT erp.put_locations('PLACE', 'kind', '[{"warehouse": "MAIN", "code": "B", "name": "B", "kind": "shelf"}]')$$), 'LE011', 'the kind is known');

-- A document of one line at a place.
CREATE FUNCTION pg_temp.receive(p_key text, p_day date, p_item text, p_quantity numeric, p_amount numeric, p_place jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('PLACE', jsonb_build_object('key', p_key, 'kind', 'goods_receipt', 'day', p_day, 'party', 'S1',
		'lines', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'amount', p_amount)) || p_place))::text::json)
$$;
CREATE FUNCTION pg_temp.sell(p_key text, p_day date, p_item text, p_quantity numeric, p_place jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('PLACE', jsonb_build_object('key', p_key, 'kind', 'sales_invoice', 'day', p_day, 'party', 'C1',
		'lines', jsonb_build_array(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'price', 9) || p_place))::text::json)
$$;
CREATE FUNCTION pg_temp.lose(p_key text, p_day date, p_item text, p_quantity numeric, p_place jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('PLACE', jsonb_build_object('key', p_key, 'kind', 'stock_loss', 'day', p_day,
		'lines', jsonb_build_array(jsonb_build_object('item', p_item, 'quantity', p_quantity) || p_place))::text::json)
$$;
-- What is where: quantity and value of every place of an item.
CREATE FUNCTION pg_temp.places(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', warehouse_code, location_code, nullif(stock_state, 'available'), owner_code, trim_scale(on_hand), value), ', '
		ORDER BY warehouse_code, location_code NULLS FIRST, stock_state, owner_code NULLS FIRST) FROM erp.stock_on_hand WHERE company = 'PLACE' AND item_code = p_item
$$;
CREATE FUNCTION pg_temp.message(p_call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	text text;
BEGIN
	EXECUTE p_call;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS text = MESSAGE_TEXT;
	RETURN text;
END
$$;
\o /dev/null
SELECT pg_temp.receive('r1', '2009-01-02', 'F', 10, 20, '{"location": "A-1"}');
SELECT pg_temp.receive('r2', '2009-01-03', 'F', 5, 15);
\o
SELECT is(pg_temp.places('F'), 'MAIN 5 11.67, MAIN A-1 10 23.33', '15 pieces of 35.00 in two places: 5/15 and 10/15 of the value');
\o /dev/null
SELECT pg_temp.sell('s1', '2009-01-04', 'F', 6, '{"location": "A-1"}');
\o
SELECT is(trial.value_of('PLACE', 's1'), -12.00, 'the first 6 cost 2 each');
SELECT is(pg_temp.places('F'), 'MAIN 5 12.78, MAIN A-1 4 10.22', '23.00 for 9: 5 are 12.777, 4 are 10.222');
SELECT is(trial.refused($$SELECT pg_temp.sell('s2', '2009-01-05', 'F', 5, '{"location": "A-1"}')$$), 'LE050', '9 are there, but 4 in the bin');
SELECT is(pg_temp.message($$SELECT pg_temp.sell('s2', '2009-01-05', 'F', 5, '{"location": "A-1"}')$$), 'not enough stock of item F in location A-1: 1 missing on 2009-01-05 at 00:00:00', 'the place is named');
SELECT is(trial.refused($$SELECT pg_temp.sell('s2', '2009-01-05', 'F', 6)$$), 'LE050', 'and 5 outside it');
SELECT is(trial.refused($$SELECT pg_temp.sell('s2', '2009-01-05', 'F', 1, '{"location": "B-9"}')$$), 'LE012', 'a location is known');
SELECT is(trial.refused($$SELECT pg_temp.sell('s2', '2009-01-05', 'F', 1, '{"location": "OLD"}')$$), 'LE012', 'and active');
SELECT is(trial.refused($$SELECT pg_temp.sell('s2', '2009-01-05', 'F', 1, '{"location": "WAY"}')$$), 'LE012', 'of the warehouse of the line');
SELECT is(trial.refused($$SELECT pg_temp.receive('r3', '2009-01-05', 'F', 1, 1, '{"state": "lost"}')$$), 'LE012', 'a state is known');
SELECT is(trial.refused($$SELECT pg_temp.receive('r3', '2009-01-05', 'F', 1, 1, '{"owner": "S9"}')$$), 'LE012', 'an owner is a party');
SELECT is(trial.refused($$SELECT erp.post_document('PLACE', '{"key": "sv", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": [{"item": "SV", "quantity": 1, "price": 9, "location": "A-1"}]}')$$), 'LE011', 'a service lies nowhere');

-- In the past: at no time is less than nothing at any place. 2 on 3 January leaves 10 - 2 - 6 = 2 there; 5 would not.
SELECT is(trial.refused($$SELECT pg_temp.lose('l1', '2009-01-03', 'F', 5, '{"location": "A-1"}')$$), 'LE050', 'what was sold later from the bin is not there to be lost before');
SELECT alike(pg_temp.message($$SELECT pg_temp.lose('l1', '2009-01-03', 'F', 5, '{"location": "A-1"}')$$), '%item F in location A-1: 1 missing on 2009-01-04%', 'that place, and when');
\o /dev/null
SELECT pg_temp.lose('l2', '2009-01-03', 'F', 2, '{"location": "A-1"}');
\o
SELECT is(pg_temp.places('F'), 'MAIN 5 13.57, MAIN A-1 2 5.43', '7 left of 35 - 4 - 12 = 19.00: 5 are 13.571, 2 are 5.428');
\o /dev/null
SELECT trial.reverse('PLACE', 'l2 back', 'l2', '2009-01-06');
\o
SELECT is(pg_temp.places('F'), 'MAIN 5 12.78, MAIN A-1 4 10.22', 'a reversal brings it back to where it was');
SELECT is(trial.refused($$SELECT trial.reverse('PLACE', 'r1 back', 'r1', '2009-01-06')$$), 'LE050', 'and takes it from there: 4 are not 10');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- States: what is in quarantine is not sold, but lost.
\o /dev/null
SELECT pg_temp.receive('q1', '2009-02-01', 'A', 4, 40, '{"state": "quarantine"}');
SELECT pg_temp.receive('q2', '2009-02-01', 'A', 6, 60);
\o
SELECT is(pg_temp.places('A'), 'MAIN 6 60.00, MAIN quarantine 4 40.00', 'two states');
SELECT is(trial.refused($$SELECT pg_temp.sell('q3', '2009-02-02', 'A', 7)$$), 'LE050', '7 are not available');
SELECT is(trial.refused($$SELECT pg_temp.sell('q3', '2009-02-02', 'A', 1, '{"state": "quarantine"}')$$), 'LE172', 'and a sale does not take from quarantine');
\o /dev/null
SELECT pg_temp.lose('q4', '2009-02-02', 'A', 1, '{"state": "quarantine"}');
\o
SELECT is(pg_temp.places('A'), 'MAIN 6 60.00, MAIN quarantine 3 30.00', 'a loss does');

-- Goods of others have a quantity, and no value.
\o /dev/null
SELECT pg_temp.receive('o1', '2009-03-01', 'F', 8, NULL, '{"owner": "S1", "location": "A-1"}');
\o
SELECT is(pg_temp.places('F'), 'MAIN 5 12.78, MAIN A-1 4 10.22, MAIN A-1 S1 8 0.00', 'beside our own');
SELECT is(trial.closing('PLACE', 'F'), '9 23.00 but facts say 17 23.00', 'the pool is of our own');
SELECT is((SELECT voucher_id FROM erp.document d LEFT JOIN erp.voucher v USING (company_id, document_id) WHERE d.key = 'o1'), NULL, 'there is nothing to post');
SELECT is(trial.refused($$SELECT pg_temp.receive('o2', '2009-03-01', 'F', 8, 8, '{"owner": "S1"}')$$), 'LE174', 'a value is refused');
SELECT is(trial.refused($$SELECT pg_temp.sell('o3', '2009-03-02', 'F', 9, '{"owner": "S1", "location": "A-1"}')$$), 'LE050', '9 of others are not there');
\o /dev/null
SELECT pg_temp.sell('o4', '2009-03-02', 'F', 3, '{"owner": "S1", "location": "A-1"}');
SELECT pg_temp.receive('o5', '2009-02-20', 'F', 1, 4);
\o
SELECT is(pg_temp.places('F'), 'MAIN 6 16.20, MAIN A-1 4 10.80, MAIN A-1 S1 5 0.00', 'sold from others, and a receipt before that: 27.00 for 10');
SELECT is(trial.refused($$SELECT pg_temp.lose('o6', '2009-03-01', 'F', 6, '{"owner": "S1", "location": "A-1"}')$$), 'LE050', 'in the past, too');
\o /dev/null
SELECT trial.reverse('PLACE', 'o4 back', 'o4', '2009-03-03');
\o
SELECT is(pg_temp.places('F'), 'MAIN 6 16.20, MAIN A-1 4 10.80, MAIN A-1 S1 8 0.00', 'the sale goes back to them');

-- An import names places as a request does.
\o /dev/null
SELECT erp.start_import('PLACE', 'import', '{"name": "places"}');
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, item, quantity, amount, location, state, owner)
SELECT j.job_id, t.* FROM erp.job j, (VALUES
	(1, 'i1', 'goods_receipt', '2009-04-01', 'S1', 'F', '2', '6', 'A', 'damaged', NULL),
	(2, 'i2', 'goods_receipt', '2009-04-01', 'S1', 'F', '3', '0', 'A', NULL, 'S1')) t WHERE j.name = 'places';
SELECT erp.import_step('PLACE', (SELECT job_id FROM erp.job WHERE name = 'places'), 100) FROM generate_series(1, 5);
\o
SELECT is(state, 'done', 'rows are imported') FROM erp.job WHERE name = 'places';
SELECT is(pg_temp.places('F'), 'MAIN 6 16.50, MAIN A S1 3 0.00, MAIN A damaged 2 5.50, MAIN A-1 4 11.00, MAIN A-1 S1 8 0.00', 'to their places: 33.00 for 12');
SELECT is(trial.balance('PLACE', '1200'), 123.00, 'stock is the books: 33.00 and 6 + 3 at 10');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole at the end');
SELECT * FROM finish();
ROLLBACK;
