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
-- Goods that are brought to another place, lot, state or owner: at once or by way of transit, with their cost.
SELECT plan(63);
\o /dev/null
SELECT trial.make_company('MOVE');
SELECT erp.put_accounts('MOVE', 'north', '[
	{"code": "1220", "name": "Inventory of the north", "class": "asset", "side": "debit", "control": "inventory"},
	{"code": "1250", "name": "Goods between owners", "class": "asset", "side": "debit"}]');
SELECT erp.put_posting_rules('MOVE', 'transfers', (SELECT json_agg(json_build_object('kind', k.kind, 'line_role', k.role, 'amount_role', a.amount_role,
	'condition', s.side, 'side', s.side, 'account', a.account)) FROM (VALUES ('transfer', 'transfer'), ('transfer_dispatch', 'transfer'), ('transfer_receipt', 'arrival')) k (kind, role),
	(VALUES ('inventory', '1200'), ('cost', '1250')) a (amount_role, account), (VALUES ('debit'), ('credit')) s (side)));
SELECT erp.put_locations('MOVE', 'places', '[
	{"warehouse": "MAIN", "code": "A", "name": "A"}, {"warehouse": "MAIN", "code": "B", "name": "B"},
	{"warehouse": "NORTH", "code": "WAY", "name": "On its way", "kind": "in_transit"}, {"warehouse": "NORTH", "code": "N", "name": "N"}]');
SELECT erp.put_items('MOVE', 'lots', '[{"code": "L", "name": "By lot", "kind": "stock", "method": "fifo", "tracking": "lot", "shelf_life_days": 30},
	{"code": "N", "name": "By serial number", "kind": "stock", "method": "fifo", "tracking": "serial"}]');
CREATE FUNCTION pg_temp.receive(p_key text, p_day date, p_item text, p_quantity numeric, p_amount numeric, p_place jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('MOVE', jsonb_build_object('key', p_key, 'kind', 'goods_receipt', 'day', p_day, 'party', 'S1',
		'lines', jsonb_build_array(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'amount', p_amount) || p_place))::text::json)
$$;
CREATE FUNCTION pg_temp.sell(p_key text, p_day date, p_item text, p_quantity numeric, p_place jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('MOVE', jsonb_build_object('key', p_key, 'kind', 'sales_invoice', 'day', p_day, 'party', 'C1',
		'lines', jsonb_build_array(jsonb_build_object('item', p_item, 'quantity', p_quantity, 'price', 9) || p_place))::text::json)
$$;
CREATE FUNCTION pg_temp.carry(p_key text, p_day date, p_item text, p_quantity numeric, p_place jsonb, p_kind text DEFAULT 'transfer') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('MOVE', jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day,
		'lines', jsonb_build_array(jsonb_build_object('item', p_item, 'quantity', p_quantity) || p_place))::text::json)
$$;
CREATE FUNCTION pg_temp.places(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', warehouse_code, location_code, lot_code, nullif(stock_state, 'available'), owner_code, trim_scale(on_hand), value), ', '
		ORDER BY warehouse_code, location_code NULLS FIRST, lot_code, stock_state, owner_code NULLS FIRST) FROM erp.stock_on_hand WHERE company = 'MOVE' AND item_code = p_item
$$;
-- The lines of the voucher of a document: account, debit positive.
CREATE FUNCTION pg_temp.voucher(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', a.code, CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END::numeric(19, 2)), ', ' ORDER BY l.line_no), 'none')
	  FROM erp.document d JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id)
	 WHERE d.key = p_key
$$;
\o
-- Within a pool and an account: the place changes, the cost does not, and layers keep their order.
\o /dev/null
SELECT pg_temp.receive('f1', '2009-01-02', 'F', 10, 20, '{"location": "A"}');
SELECT pg_temp.receive('f2', '2009-01-03', 'F', 10, 30, '{"location": "A"}');
SELECT pg_temp.carry('t1', '2009-01-04', 'F', 5, '{"location": "A", "to_location": "B"}');
SELECT pg_temp.carry('t2', '2009-01-04', 'F', 4, '{"location": "A", "to_warehouse": "NORTH"}');
\o
SELECT is(pg_temp.places('F'), 'MAIN A 11 27.50, MAIN B 5 12.50, NORTH 4 10.00', '50.00 for 20, wherever they are');
SELECT is(pg_temp.voucher('t1') || ' and ' || pg_temp.voucher('t2'), 'none and none', 'there is nothing to post');
SELECT is(count(*), 0::bigint, 'nor a cost') FROM erp.cost_entry e JOIN erp.stock_move m USING (company_id, move_id) JOIN erp.document d USING (company_id, document_id) WHERE d.key IN ('t1', 't2');
\o /dev/null
SELECT pg_temp.sell('s1', '2009-01-05', 'F', 4, '{"warehouse": "NORTH"}');
\o
SELECT is(trial.value_of('MOVE', 's1'), -8.00, 'what is sold there is still the first that came');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-01-06', 'F', 12, '{"location": "A", "to_location": "B"}')$$), 'LE050', 'more than lies there');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-01-06', 'F', 1, '{"location": "A"}')$$), 'LE011', 'to where it is');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-01-06', 'F', 1, '{"location": "A", "to_warehouse": "MAIN"}')$$), 'LE011', 'to where it is, by name');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-01-06', 'F', 1, '{"location": "A", "to_location": "N"}')$$), 'LE012', 'to a location of another warehouse');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-01-06', 'F', 1, '{"location": "A", "to_location": "B", "cost": 5}')$$), 'LE011', 'at another cost');
SELECT is(trial.refused($$SELECT pg_temp.sell('x', '2009-01-06', 'F', 1, '{"location": "A", "to_location": "B"}')$$), 'LE011', 'a sale goes nowhere else');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-01-04', 'F', 12, '{"location": "A", "to_warehouse": "NORTH"}')$$), 'LE050', 'in the past, too');
SELECT is(trial.refused($$SELECT erp.post_document('MOVE', '{"key": "x", "kind": "credit_note", "day": "2009-01-07", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 1, "origin": {"key": "t1", "line": 1}}]}')$$), 'LE051', 'what was carried is not returned by a customer');
SELECT is(trial.refused($$SELECT trial.reverse('MOVE', 't2 back', 't2', '2009-01-07')$$), 'LE050', 'what was sold since does not go back');
\o /dev/null
SELECT trial.reverse('MOVE', 't1 back', 't1', '2009-01-07');
\o
SELECT is(pg_temp.places('F'), 'MAIN A 16 42.00', 'a transfer goes back: 42.00 for 16');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- From pool to pool: the value goes along. Item FW has a pool for each warehouse and stands on 1210, by rules of its group.
\o /dev/null
SELECT erp.put_posting_rules('MOVE', 'group B', (SELECT json_agg(json_build_object('kind', k.kind, 'line_role', k.role, 'amount_role', 'inventory', 'item_group', 'B',
	'condition', s.side, 'side', s.side, 'account', '1210')) FROM (VALUES ('transfer', 'transfer'), ('transfer_dispatch', 'transfer'), ('transfer_receipt', 'arrival')) k (kind, role), (VALUES ('debit'), ('credit')) s (side)));
SELECT pg_temp.receive('w1', '2009-02-01', 'FW', 10, 20);
SELECT pg_temp.receive('w2', '2009-02-02', 'FW', 10, 40);
SELECT pg_temp.carry('w3', '2009-02-03', 'FW', 15, '{"to_warehouse": "NORTH"}');
\o
SELECT is(pg_temp.places('FW'), 'MAIN 5 20.00, NORTH 15 40.00', '10 at 2.00 and 5 at 4.00 went');
SELECT is(pg_temp.voucher('w3'), '1210 -40.00, 1210 40.00', 'from the account to itself: the voucher shows what went');
\o /dev/null
SELECT pg_temp.sell('w4', '2009-02-04', 'FW', 3, '{"warehouse": "NORTH"}');
\o
SELECT is(trial.value_of('MOVE', 'w4'), -8.00, '3 of 15 that came for 40.00');
-- A receipt dated before it: 5 at 1.00 are the first. Then 5 at 1.00 and 10 at 2.00 went: 25.00, and the sale cost 5.00.
\o /dev/null
SELECT pg_temp.receive('w0', '2009-01-31', 'FW', 5, 5);
\o
SELECT is(pg_temp.places('FW'), 'MAIN 10 40.00, NORTH 12 20.00', 'what is learned later follows the goods');
SELECT is(trial.value_of('MOVE', 'w4'), -5.00, 'to what was sold of them');
SELECT is(trial.balance('MOVE', '1210'), 60.00, 'stock is the books');
SELECT is(trial.balance('MOVE', '1250'), 0.00, 'and nothing stays between');
SELECT is(trial.balance('MOVE', '5000'), 13.00, '8.00 and 5.00 sold');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole after that');
\o /dev/null
SELECT trial.reverse('MOVE', 'w4 back', 'w4', '2009-02-05');
\o
SELECT is(trial.refused($$SELECT trial.reverse('MOVE', 'w3 back', 'w3', '2009-02-06')$$), 'accepted', 'what came with it and moved on came back: it goes back');
\o /dev/null
SELECT pg_temp.carry('w5', '2009-02-07', 'FW', 2, '{"to_warehouse": "NORTH"}');
SELECT trial.reverse('MOVE', 'w5 back', 'w5', '2009-02-08');
\o
SELECT is(pg_temp.places('FW'), 'MAIN 25 65.00', 'one that is whole goes back');
SELECT is(pg_temp.voucher('w5') || ' / ' || pg_temp.voucher('w5 back'), '1210 -8.00, 1210 8.00 / 1210 8.00, 1210 -8.00', 'with its voucher');

-- One pool, two accounts: the north has an account of its own.
\o /dev/null
SELECT erp.put_posting_rules('MOVE', 'north rules', (SELECT json_agg(json_build_object('kind', k.kind, 'line_role', k.role, 'amount_role', 'inventory', 'warehouse', 'NORTH', 'condition', s.side, 'side', s.side, 'account', '1220'))
	FROM (VALUES ('transfer', 'transfer'), ('transfer_dispatch', 'transfer'), ('transfer_receipt', 'arrival')) k (kind, role), (VALUES ('debit'), ('credit')) s (side)));
SELECT pg_temp.receive('a1', '2009-03-01', 'A', 10, 100);
SELECT pg_temp.carry('a2', '2009-03-02', 'A', 4, '{"to_warehouse": "NORTH"}');
\o
SELECT is(pg_temp.voucher('a2'), '1200 -40.00, 1220 40.00', 'the north account takes them, the other gives them');
SELECT is(trial.closing('MOVE', 'A'), '10 100.00', 'the pool is as it was');

-- By way of transit.
\o /dev/null
SELECT pg_temp.receive('d0', '2009-04-01', 'AW', 10, 50);
\o
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-04-02', 'AW', 6, '{"to_warehouse": "NORTH"}', 'transfer_dispatch')$$), 'LE176', 'what is sent is on its way');
\o /dev/null
SELECT pg_temp.carry('d1', '2009-04-02', 'AW', 6, '{"to_warehouse": "NORTH", "to_location": "WAY"}', 'transfer_dispatch');
\o
SELECT is(pg_temp.places('AW'), 'MAIN 4 20.00, NORTH WAY 6 30.00', 'sent');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-04-03', 'AW', 4, '{"warehouse": "NORTH"}', 'transfer_receipt')$$), 'LE051', 'what arrives was sent');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-04-03', 'AW', 7, '{"warehouse": "NORTH", "origin": {"key": "d1", "line": 1}}', 'transfer_receipt')$$), 'LE175', 'more than was sent');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-04-01', 'AW', 4, '{"warehouse": "NORTH", "origin": {"key": "d1", "line": 1}}', 'transfer_receipt')$$), 'LE051', 'before it was sent');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-04-03', 'A', 1, '{"warehouse": "NORTH", "origin": {"key": "d1", "line": 1}}', 'transfer_receipt')$$), 'LE051', 'another item');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-04-03', 'AW', 1, '{"warehouse": "NORTH", "origin": {"key": "w3", "line": 1}}', 'transfer_receipt')$$), 'LE051', 'what was not sent');
\o /dev/null
SELECT pg_temp.carry('d2', '2009-04-03', 'AW', 4, '{"warehouse": "NORTH", "location": "N", "origin": {"key": "d1", "line": 1}}', 'transfer_receipt');
\o
SELECT is(pg_temp.places('AW'), 'MAIN 4 20.00, NORTH N 4 20.00, NORTH WAY 2 10.00', 'a part arrives, the rest stays on its way');
SELECT is(pg_temp.voucher('d2'), 'none', 'nothing to post: it is of the north since it was sent');
SELECT is((SELECT concat_ws(' ', document_key, line_no, trim_scale(sent), trim_scale(arrived), trim_scale(on_its_way)) FROM erp.transit_list WHERE company = 'MOVE'), 'd1 1 6 4 2', 'the list of what is on its way');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-04-04', 'AW', 3, '{"warehouse": "NORTH", "origin": {"key": "d1", "line": 1}}', 'transfer_receipt')$$), 'LE175', 'no more than the rest');
SELECT is(trial.refused($$SELECT trial.reverse('MOVE', 'd1 back', 'd1', '2009-04-04')$$), 'LE196', 'the dispatch stands while something has arrived');
\o /dev/null
SELECT trial.reverse('MOVE', 'd2 back', 'd2', '2009-04-04');
SELECT erp.post_document('MOVE', '{"key": "d3", "kind": "transfer_receipt", "day": "2009-04-05", "warehouse": "NORTH", "lines": [
	{"item": "AW", "quantity": 5, "origin": {"key": "d1", "line": 1}}, {"item": "AW", "quantity": 1, "state": "damaged", "origin": {"key": "d1", "line": 1}}]}');
\o
SELECT is(pg_temp.places('AW'), 'MAIN 4 20.00, NORTH 5 25.00, NORTH damaged 1 5.00', 'after its reversal all arrives, one of it damaged');
SELECT is_empty('SELECT * FROM erp.transit_list WHERE company = ''MOVE''', 'and nothing is on its way');
SELECT is(trial.refused($$SELECT erp.post_documents('MOVE', '[{"key": "e1", "kind": "transfer_dispatch", "day": "2009-04-06", "lines": [{"item": "AW", "quantity": 3, "to_warehouse": "NORTH", "to_location": "WAY"}]},
	{"key": "e2", "kind": "transfer_receipt", "day": "2009-04-06", "warehouse": "NORTH", "lines": [{"item": "AW", "quantity": 2, "origin": {"key": "e1", "line": 1}}, {"item": "AW", "quantity": 2, "origin": {"key": "e1", "line": 1}}]}]')$$), 'LE175', 'sent and received in one call: no more than was sent');
\o /dev/null
SELECT erp.post_documents('MOVE', '[{"key": "e1", "kind": "transfer_dispatch", "day": "2009-04-06", "lines": [{"item": "AW", "quantity": 3, "to_warehouse": "NORTH", "to_location": "WAY"}]},
	{"key": "e2", "kind": "transfer_receipt", "day": "2009-04-06", "warehouse": "NORTH", "lines": [{"item": "AW", "quantity": 3, "origin": {"key": "e1", "line": 1}}]}]');
\o
SELECT is(pg_temp.places('AW'), 'MAIN 1 5.00, NORTH 8 40.00, NORTH damaged 1 5.00', 'but all of it');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole with transit');

-- What is sent is costed anew, and then goes back. 10 for 20.00; 4 sent for 8.00; 1 for 1.00 turns up before: 1 at 1.00 and 3 at 2.00 went, 7.00. Back go 7.00:
-- the 8.00 of the dispatch by its voucher's own lines, which have no counter, and 1.00 less as the adjustment went, against goods between owners.
\o /dev/null
SELECT erp.put_items('MOVE', 'sent', '[{"code": "S", "name": "Sent", "kind": "stock", "method": "fifo", "cost_pool": "warehouse"}]');
SELECT pg_temp.receive('g1', '2009-04-20', 'S', 10, 20);
SELECT pg_temp.carry('g2', '2009-04-21', 'S', 4, '{"to_warehouse": "NORTH", "to_location": "WAY"}', 'transfer_dispatch');
SELECT pg_temp.receive('g0', '2009-04-19', 'S', 1, 1);
SELECT trial.reverse('MOVE', 'g2 back', 'g2', '2009-04-22');
\o
SELECT is(pg_temp.voucher('g2') || ' / ' || pg_temp.voucher('g2 back'), '1200 -8.00, 1220 8.00 / 1200 7.00, 1220 -7.00, 1250 1.00, 1250 -1.00', 'a dispatch whose cost changed goes back at what it is now');
SELECT results_eq($$SELECT m.leg::integer, trim_scale(e.quantity), e.amount::numeric(19, 2), i.code, a.code FROM erp.document d JOIN erp.stock_move m USING (company_id, document_id) JOIN erp.cost_entry e USING (company_id, move_id)
	JOIN erp.voucher_line l ON l.company_id = e.company_id AND l.voucher_id = e.voucher_id AND l.line_no = e.inventory_line_no JOIN erp.account i ON i.company_id = l.company_id AND i.account_id = l.account_id
	LEFT JOIN erp.voucher_line r ON r.company_id = e.company_id AND r.voucher_id = e.voucher_id AND r.line_no = e.counter_line_no LEFT JOIN erp.account a ON a.company_id = r.company_id AND a.account_id = r.account_id
	WHERE d.key = 'g2 back' ORDER BY m.leg, e.entry_no$$,
	$$VALUES (1, 4::numeric, 8.00, '1200', NULL), (1, 0, -1.00, '1200', '1250'), (2, -4, -8.00, '1220', NULL), (2, 0, 1.00, '1220', '1250')$$, 'each entry says what its lines took');
SELECT is(pg_temp.places('S'), 'MAIN 11 21.00', 'all of it is here again');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole when it is back');

-- Another state, lot and owner.
\o /dev/null
SELECT pg_temp.carry('q1', '2009-04-07', 'AW', 1, '{"warehouse": "NORTH", "state": "damaged", "to_state": "available"}');
SELECT pg_temp.receive('l1', '2009-05-01', 'L', 10, 30, '{"lot": "K1"}');
SELECT pg_temp.carry('l2', '2009-05-02', 'L', 4, '{"lot": "K1", "to_lot": "K2", "lot_days": {"alert_day": "2009-05-20"}}');
\o
SELECT is(pg_temp.places('AW'), 'MAIN 1 5.00, NORTH 9 45.00', 'mended');
SELECT is(pg_temp.places('L'), 'MAIN K1 6 18.00, MAIN K2 4 12.00', 'a lot is split');
SELECT is((SELECT alert_day::text || ' ' || expires_on FROM erp.lot WHERE code = 'K2'), '2009-05-20 2009-06-01', 'into one with its days');
\o /dev/null
SELECT pg_temp.carry('l3', '2009-05-03', 'L', 4, '{"lot": "K2", "to_lot": "K1"}');
SELECT pg_temp.receive('n1', '2009-05-01', 'N', 1, 7, '{"lot": "N1"}');
SELECT pg_temp.carry('n2', '2009-05-02', 'N', 1, '{"lot": "N1", "to_warehouse": "NORTH"}');
\o
SELECT is(pg_temp.places('L'), 'MAIN K1 10 30.00', 'and merged');
SELECT is(pg_temp.places('N'), 'NORTH N1 1 7.00', 'a serial number is carried: it is in one place');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-05-03', 'N', 1, '{"lot": "N1", "to_location": "A"}')$$), 'LE050', 'and not in the other');
\o /dev/null
SELECT trial.reverse('MOVE', 'n2 back', 'n2', '2009-05-03');
\o
SELECT is(pg_temp.places('N'), 'MAIN N1 1 7.00', 'and goes back');
\o /dev/null
SELECT pg_temp.carry('o1', '2009-06-01', 'F', 6, '{"location": "A", "to_owner": "C1"}');
\o
SELECT is(pg_temp.places('F'), 'MAIN A 10 30.00, MAIN A C1 6 0.00', 'goods are kept for a customer: 6 at 2.00 are not ours any more');
SELECT is(pg_temp.voucher('o1'), '1200 -12.00, 1250 12.00', 'their cost waits for its document');
SELECT is(trial.refused($$SELECT pg_temp.carry('x', '2009-06-02', 'F', 2, '{"location": "A", "owner": "C1", "to_owner": ""}')$$), 'LE011', 'what becomes ours has a cost');
\o /dev/null
SELECT pg_temp.carry('o2', '2009-06-02', 'F', 2, '{"location": "A", "owner": "C1", "to_owner": "", "cost": 5}');
\o
SELECT is(pg_temp.places('F') || ' / ' || pg_temp.voucher('o2'), 'MAIN A 12 35.00, MAIN A C1 4 0.00 / 1200 5.00, 1250 -5.00', 'the one that the line gives');
SELECT is(trial.balance('MOVE', '1200') + trial.balance('MOVE', '1210') + trial.balance('MOVE', '1220'), (SELECT sum(value) FROM erp.stock_on_hand WHERE company = 'MOVE'), 'stock is the books');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole at the end');
SELECT * FROM finish();
ROLLBACK;
