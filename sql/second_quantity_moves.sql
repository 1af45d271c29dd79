\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Catch weight where goods do more than come and go: amendments, transfers, transit, production, revaluation, and what takes them back.
SELECT plan(37);
CREATE FUNCTION pg_temp.post(p_key text, p_kind text, p_day date, p_lines json, p_more jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text;
BEGIN
	PERFORM erp.post_document('HAM', (jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'lines', p_lines)
		|| CASE WHEN p_kind IN ('goods_receipt', 'receipt_amendment') THEN '{"party": "S1"}' WHEN p_kind IN ('sales_invoice', 'credit_note') THEN '{"party": "C1"}' ELSE '{}' END::jsonb || p_more)::text::json);
	RETURN 'posted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
	RETURN concat_ws(' | ', code, message);
END
$$;
CREATE FUNCTION pg_temp.back(p_key text, p_day date) RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT trial.reverse(''HAM'', %L, %L, %L)', p_key || ' back', p_key, p_day))
$$;
-- By place: pieces and weight, from the moves alone.
CREATE FUNCTION pg_temp.stock(p_item text DEFAULT 'HAM') RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', w.code, l.code, nullif(s.code, 'available'), trim_scale(m.quantity) || '/' || trim_scale(m.second_quantity)), ', ' ORDER BY w.code, l.code NULLS FIRST, s.code), 'none')
	FROM (SELECT company_id, warehouse_id, location_id, stock_state_id, sum(quantity) AS quantity, sum(second_quantity) AS second_quantity FROM erp.stock_move JOIN erp.item i USING (company_id, item_id)
		WHERE i.code = p_item AND company_id = (SELECT company_id FROM erp.company WHERE code = 'HAM') GROUP BY 1, 2, 3, 4 HAVING sum(quantity) <> 0 OR sum(second_quantity) <> 0) m
	JOIN erp.warehouse w USING (company_id, warehouse_id) LEFT JOIN erp.location l USING (company_id, location_id) JOIN erp.stock_state s USING (stock_state_id)
$$;
CREATE FUNCTION pg_temp.value(p_item text DEFAULT 'HAM') RETURNS numeric LANGUAGE sql AS $$SELECT coalesce(sum(value), 0) FROM erp.stock_valuation WHERE company = 'HAM' AND item_code = p_item$$;
\o /dev/null
SELECT trial.make_company('HAM');
SELECT erp.put_items('HAM', 'hams', '[{"code": "HAM", "name": "Ham", "kind": "stock", "method": "moving_average", "unit": "piece", "second_unit": "kg"},
	{"code": "HALF", "name": "Half a ham", "kind": "stock", "method": "fifo", "unit": "piece", "second_unit": "kg"}, {"code": "SLICED", "name": "Sliced ham", "kind": "stock", "method": "fifo", "unit": "kg"}]');
SELECT erp.put_locations('HAM', 'way', '[{"warehouse": "NORTH", "code": "WAY", "name": "Way", "kind": "in_transit"}]');
SELECT erp.put_posting_rules('HAM', 'own rules', (SELECT json_agg(json_build_object('kind', kind, 'line_role', role, 'amount_role', amount, 'side', side, 'account', account)) FROM (VALUES
	('receipt_amendment', 'received_more', 'inventory', 'debit', '1200'), ('receipt_amendment', 'received_less', 'inventory', 'debit', '1200'), ('receipt_amendment', 'document', 'total', 'credit', '2150'),
	('issue_amendment', 'issued_more', 'inventory', 'credit', '1200'), ('issue_amendment', 'issued_more', 'cost', 'debit', '5000'),
	('issue_amendment', 'issued_less', 'inventory', 'debit', '1200'), ('issue_amendment', 'issued_less', 'cost', 'credit', '5000'),
	('revaluation', 'revalued_from', 'inventory', 'credit', '1200'), ('revaluation', 'revalued_from', 'cost', 'debit', '5300'),
	('revaluation', 'revalued_to', 'inventory', 'debit', '1200'), ('revaluation', 'revalued_to', 'cost', 'credit', '5300')) AS v (kind, role, amount, side, account)));
\o
-- Amendments of a receipt of 4 hams, 32 kg, for 120.00.
SELECT is(pg_temp.post('r1', 'goods_receipt', '2009-01-05', '[{"item": "HAM", "quantity": 4, "second_quantity": 32, "amount": 120}]'), 'posted', 'four hams of 32 kg');
SELECT is(left(pg_temp.post('m1', 'receipt_amendment', '2009-01-05', '[{"role": "received_more", "item": "HAM", "quantity": 1, "origin": {"key": "r1", "line": 1}}]'), 5), 'LE183', 'one more has a weight');
SELECT is(pg_temp.post('m1', 'receipt_amendment', '2009-01-05', '[{"role": "received_more", "item": "HAM", "quantity": 1, "second_quantity": "8.5", "origin": {"key": "r1", "line": 1}}]'), 'posted', 'one of 8.5 kg came beside');
SELECT is(pg_temp.stock() || ' ' || pg_temp.value(), 'MAIN 5/40.5 150.00', '5 of 40.5 kg; it costs 30.00 as the others do');
SELECT is(left(pg_temp.post('m2', 'receipt_amendment', '2009-01-05', '[{"role": "received_less", "item": "HAM", "quantity": 5, "second_quantity": 40, "origin": {"key": "r1", "line": 1}}]'), 5), 'LE183', 'no weight is left without a ham');
SELECT is(pg_temp.post('m2', 'receipt_amendment', '2009-01-05', '[{"role": "received_less", "item": "HAM", "quantity": 2, "second_quantity": "16.5", "origin": {"key": "r1", "line": 1}}]'), 'posted', 'two of 16.5 kg did not come');
SELECT is(pg_temp.stock() || ' ' || pg_temp.value(), 'MAIN 3/24 90.00', '3 of 24 kg for 90.00');
SELECT is(pg_temp.post('m3', 'receipt_amendment', '2009-01-05', '[{"role": "received_less", "item": "HAM", "quantity": 1, "second_quantity": 9, "origin": {"key": "r1", "line": 1}},
	{"role": "received_more", "item": "HAM", "quantity": 1, "second_quantity": 8, "origin": {"key": "r1", "line": 1}}]'), 'posted', 'one weighed 8 kg and not 9: less and more in one document');
SELECT is(pg_temp.stock() || ' ' || pg_temp.value(), 'MAIN 3/23 90.00', 'the weight is mended, the cost is as it was');
SELECT is(pg_temp.back('m3', '2009-01-06') || ' ' || pg_temp.stock(), 'accepted MAIN 3/24', 'its reversal takes that back');
SELECT is(trial.refused($$SELECT trial.reverse('HAM', 'm3 again', 'm3', '2009-01-06')$$), 'LE052', 'once');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole with amendments');
-- Transfers: both places have pieces and weight, or neither.
SELECT is(left(pg_temp.post('t1', 'transfer', '2009-01-07', '[{"item": "HAM", "quantity": 1, "to_warehouse": "NORTH"}]'), 5), 'LE183', 'what is carried is weighed');
SELECT is(pg_temp.post('t1', 'transfer', '2009-01-07', '[{"item": "HAM", "quantity": 1, "second_quantity": "7.7", "to_warehouse": "NORTH"}]') || ' ' || pg_temp.stock(), 'posted MAIN 2/16.3, NORTH 1/7.7', 'one of 7.7 kg goes north');
SELECT is(left(pg_temp.post('t2', 'transfer', '2009-01-07', '[{"item": "HAM", "quantity": 2, "second_quantity": 16, "to_state": "quarantine"}]'), 5), 'LE183', 'no weight stays behind');
SELECT is(pg_temp.post('t2', 'transfer', '2009-01-07', '[{"item": "HAM", "quantity": 1, "second_quantity": "8.1", "to_state": "quarantine"}]') || ' ' || pg_temp.stock(), 'posted MAIN 1/8.2, MAIN quarantine 1/8.1, NORTH 1/7.7', 'another state');
SELECT is(pg_temp.back('t2', '2009-01-08') || ' ' || pg_temp.stock(), 'accepted MAIN 2/16.3, NORTH 1/7.7', 'and back');
SELECT is(pg_temp.post('d1', 'transfer_dispatch', '2009-01-08', '[{"item": "HAM", "quantity": 1, "second_quantity": "8.3", "to_warehouse": "NORTH", "to_location": "WAY"}]') || ' ' || pg_temp.stock(), 'posted MAIN 1/8, NORTH 1/7.7, NORTH WAY 1/8.3', 'one is on its way');
SELECT is(left(pg_temp.post('a1', 'transfer_receipt', '2009-01-09', '[{"item": "HAM", "quantity": 1, "second_quantity": "8.2", "warehouse": "NORTH", "origin": {"key": "d1", "line": 1}}]'), 5), 'LE183', 'it does not arrive lighter: what dries away is lost at a place');
SELECT is(pg_temp.post('a1', 'transfer_receipt', '2009-01-09', '[{"item": "HAM", "quantity": 1, "second_quantity": "8.3", "warehouse": "NORTH", "origin": {"key": "d1", "line": 1}}]') || ' ' || pg_temp.stock(), 'posted MAIN 1/8, NORTH 2/16', 'it arrives as it was sent');
SELECT is(pg_temp.value(), 90.00, 'all of it at the cost that it had');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole with transfers');
-- Made of each other: a ham of 30.00 becomes two halves; another is sliced, and slices are weighed alone.
SELECT is(left(pg_temp.post('p1', 'assembly', '2009-01-10', '[{"item": "HAM", "quantity": 1, "second_quantity": 8}, {"role": "product", "item": "HALF", "quantity": 2}]'), 5), 'LE183', 'a product is weighed, too');
SELECT is(pg_temp.post('p1', 'assembly', '2009-01-10', '[{"item": "HAM", "quantity": 1, "second_quantity": 8}, {"role": "product", "item": "HALF", "quantity": 2, "second_quantity": "7.9"}]')
	|| ' ' || pg_temp.stock() || ' ' || pg_temp.stock('HALF') || ' ' || pg_temp.value('HALF'), 'posted NORTH 2/16 MAIN 2/7.9 30.00', 'a ham of 8 kg becomes two halves of 7.9 kg, worth 30.00');
SELECT is(pg_temp.post('i1', 'production_issue', '2009-01-11', '[{"item": "HAM", "quantity": 1, "second_quantity": "7.6", "warehouse": "NORTH"}, {"item": "HALF", "quantity": 1, "second_quantity": 4}]')
	|| ' ' || pg_temp.stock() || ' ' || pg_temp.stock('HALF'), 'posted NORTH 1/8.4 MAIN 1/3.9', 'a ham and a half go into production');
SELECT is(pg_temp.post('o1', 'production_receipt', '2009-01-12', '[{"item": "SLICED", "quantity": "11.2"}]', '{"consumes": ["i1"]}') || ' ' || pg_temp.value('SLICED'), 'posted 45.00', '11.2 kg come out of it, worth 30.00 and 15.00');
SELECT is(pg_temp.back('o1', '2009-01-13') || ' ' || pg_temp.back('i1', '2009-01-13') || ' ' || pg_temp.stock() || ' ' || pg_temp.stock('HALF'), 'accepted accepted NORTH 2/16 MAIN 2/7.9', 'both are taken back, with their weights');
SELECT is(pg_temp.back('p1', '2009-01-13') || ' ' || pg_temp.stock() || ' ' || pg_temp.stock('HALF'), 'accepted MAIN 1/8, NORTH 2/16 none', 'what was made is taken back: what was used of it came back at the same cost');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole with what was made');
-- Amendments of an issue, and another value.
SELECT is(pg_temp.post('s1', 'sales_invoice', '2009-01-14', '[{"item": "HAM", "quantity": 1, "second_quantity": "8.1", "warehouse": "NORTH", "price": 50}]') || ' ' || pg_temp.stock(), 'posted MAIN 1/8, NORTH 1/7.9', 'one of 8.1 kg is sold');
SELECT is(pg_temp.post('n1', 'issue_amendment', '2009-01-14', '[{"role": "issued_less", "item": "HAM", "quantity": 1, "second_quantity": "8.1", "warehouse": "NORTH", "origin": {"key": "s1", "line": 1}},
	{"role": "issued_more", "item": "HAM", "quantity": 1, "second_quantity": "7.8", "warehouse": "NORTH"}]') || ' ' || pg_temp.stock() || ' ' || pg_temp.value(), 'posted MAIN 1/8, NORTH 1/8.2 60.00', 'it weighed 7.8 kg');
SELECT is(left(pg_temp.post('v1', 'revaluation', '2009-01-15', '[{"item": "HAM", "quantity": 1, "warehouse": "NORTH", "cost": 40}]'), 5), 'LE183', 'what is worth another amount is weighed');
SELECT is(pg_temp.post('v1', 'revaluation', '2009-01-15', '[{"item": "HAM", "quantity": 1, "second_quantity": "8.2", "warehouse": "NORTH", "cost": 40}]') || ' ' || pg_temp.stock() || ' ' || pg_temp.value(), 'posted MAIN 1/8, NORTH 1/8.2 70.00', 'one is worth 40.00 from now on, and weighs the same');
SELECT is(pg_temp.back('v1', '2009-01-16') || ' ' || pg_temp.stock() || ' ' || pg_temp.value(), 'accepted MAIN 1/8, NORTH 1/8.2 60.00', 'and 30.00 again');
-- An amendment of the past: one more came on the 5th, for 66.00, and everything since costs more: 4 hams for 156.00 are 39.00 each.
SELECT is(pg_temp.post('m4', 'receipt_amendment', '2009-01-05', '[{"role": "received_more", "item": "HAM", "quantity": 1, "second_quantity": "9.9", "amount": 66, "origin": {"key": "r1", "line": 1}}]') || ' ' || pg_temp.stock(), 'posted MAIN 2/17.9, NORTH 1/8.2', 'one more of the past');
SELECT is(trial.value_of('HAM', 's1') || ' ' || pg_temp.value(), '-39.00 117.00', 'what was sold costs more, and so does what is left');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole at the end');
SELECT * FROM finish();
ROLLBACK;
