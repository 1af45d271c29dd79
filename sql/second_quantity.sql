\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Catch weight: hams are counted and weighed; the weight of each is its own, and where no ham is left no weight is.
SELECT plan(25);
\o /dev/null
SELECT trial.make_company('HAM');
CREATE FUNCTION pg_temp.put(p_key text, p_items text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	RETURN erp.put_items('HAM', p_key, p_items::json);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.post(p_document text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	PERFORM erp.post_document('HAM', p_document::json);
	RETURN 'posted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.stock() RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', warehouse_code, trim_scale(on_hand), unit, trim_scale(second_on_hand), second_unit), ', ' ORDER BY warehouse_code), 'none') FROM erp.second_quantities WHERE company = 'HAM'
$$;
\o
SELECT is(pg_temp.put('i1', '[{"code": "HAM", "name": "Ham", "kind": "stock", "method": "moving_average", "unit": "piece", "second_unit": "kg"}]'), '{"updated": 0, "inserted": 1}', 'hams are counted and weighed');
SELECT is(pg_temp.put('i2', '[{"code": "X", "name": "X", "kind": "stock", "method": "fifo", "unit": "g", "second_unit": "kg"}]'), 'LE011 | a second unit is of a stock item, and no ratio leads from it to the item''s own | At $[0].second_unit, value "kg".', 'what converts is no second unit');
SELECT is(pg_temp.put('i3', '[{"code": "X", "name": "X", "kind": "service", "unit": "hour", "second_unit": "kg"}]'), 'LE011 | a second unit is of a stock item, and no ratio leads from it to the item''s own | At $[0].second_unit, value "kg".', 'a service weighs nothing');
SELECT is(pg_temp.put('i4', '[{"code": "X", "name": "X", "kind": "stock", "method": "fifo", "unit": "piece", "second_unit": "stone"}]'), 'LE012 | there is no unit "stone" | At $[0].second_unit, value "stone".', 'an unknown unit');
-- Three hams of 24.85 kg for 90.
SELECT is(pg_temp.post('{"key": "r1", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "HAM", "quantity": 3, "amount": 90}]}'), 'LE183 | the item has a second unit: the quantity in it is missing | Document "r1", line 1, field "second_quantity".', 'the weight is missing');
SELECT is(pg_temp.post('{"key": "r1", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "HAM", "quantity": 3, "second_quantity": 0, "amount": 90}]}'), 'LE011 | a quantity above zero is expected: the role gives the direction | Document "r1", line 1, field "second_quantity", value "0".', 'no ham weighs nothing');
SELECT is(pg_temp.post('{"key": "r1", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "HAM", "quantity": 3, "second_quantity": "24.85", "amount": 90}]}'), 'posted', 'three hams of 24.85 kg');
SELECT is(pg_temp.stock(), 'MAIN 3 piece 24.85 kg', 'they are there');
SELECT is(pg_temp.post('{"key": "x1", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 3, "second_quantity": 1, "amount": 90}]}'), 'LE183 | only a line that moves an item with a second unit has one | Document "x1", line 1, field "second_quantity", value "1".', 'other items have no second quantity');
-- The heaviest is sold: no third of the weight, but a third of the cost.
SELECT is(pg_temp.post('{"key": "s1", "kind": "sales_invoice", "day": "2009-01-06", "party": "C1", "lines": [{"item": "HAM", "quantity": 1, "second_quantity": "9.4", "price": 50}]}'), 'posted', 'one of 9.4 kg is sold');
SELECT is(pg_temp.stock(), 'MAIN 2 piece 15.45 kg', 'the weight left is what was not sold');
SELECT is((SELECT trim_scale(sum(amount)) FROM erp.cost_entry e JOIN erp.stock_move m USING (company_id, move_id) JOIN erp.document d USING (company_id, document_id) WHERE d.key = 's1' AND d.company_id = (SELECT company_id FROM erp.company WHERE code = 'HAM')), -30::numeric, 'it cost a third of 90: cost goes by the item''s own unit');
SELECT is(pg_temp.post('{"key": "s2", "kind": "sales_invoice", "day": "2009-01-07", "party": "C1", "lines": [{"item": "HAM", "quantity": 1, "second_quantity": "15.45", "price": 50}]}'), 'LE183 | a place would be left with 1 in the item''s unit and 0 in its second one | Document "s2", line 1, field "second_quantity", value "15.45".', 'one ham does not take all the weight');
SELECT is(pg_temp.post('{"key": "s2", "kind": "sales_invoice", "day": "2009-01-07", "party": "C1", "lines": [{"item": "HAM", "quantity": 1, "second_quantity": "16", "price": 50}]}'), 'LE183 | a place would be left with 1 in the item''s unit and -0.55 in its second one | Document "s2", line 1, field "second_quantity", value "16".', 'nor more than there is');
SELECT is(pg_temp.post('{"key": "s2", "kind": "sales_invoice", "day": "2009-01-07", "party": "C1", "lines": [{"item": "HAM", "quantity": 2, "second_quantity": "15.3", "price": 50}]}'), 'LE183 | a place would be left with 0 in the item''s unit and 0.15 in its second one | Document "s2", line 1, field "second_quantity", value "15.3".', 'no weight stays without a ham: the refusal says how much');
SELECT is(pg_temp.stock(), 'MAIN 2 piece 15.45 kg', 'what is refused changes nothing');
SELECT is(pg_temp.post('{"key": "s2", "kind": "sales_invoice", "day": "2009-01-07", "party": "C1", "lines": [{"item": "HAM", "quantity": 1, "second_quantity": "7.8", "price": 50}, {"item": "HAM", "quantity": 1, "second_quantity": "7.65", "price": 50}]}'), 'posted', 'the last ones take what is left');
SELECT is(pg_temp.stock(), 'none', 'nothing of either is left');
-- What comes back, and what is taken back.
SELECT is(pg_temp.post('{"key": "c1", "kind": "credit_note", "day": "2009-01-08", "party": "C1", "lines": [{"item": "HAM", "quantity": 1, "second_quantity": "7.6", "price": 50, "origin": {"key": "s2", "line": 2}}]}'), 'posted', 'one comes back, a little lighter');
SELECT is(pg_temp.stock(), 'MAIN 1 piece 7.6 kg', 'as it was weighed');
\o /dev/null
SELECT erp.reverse_document('HAM', '{"key": "c1 back", "reverses": "c1", "day": "2009-01-08"}');
SELECT erp.reverse_document('HAM', '{"key": "s2 back", "reverses": "s2", "day": "2009-01-08"}');
\o
SELECT is(pg_temp.stock(), 'MAIN 2 piece 15.45 kg', 'reversals undo both quantities');
SELECT is(pg_temp.post('{"key": "r2", "kind": "goods_receipt", "day": "2009-01-01", "party": "S1", "lines": [{"item": "HAM", "quantity": 1, "second_quantity": "8.001", "amount": 30, "warehouse": "NORTH"}]}'), 'posted', 'one in the north, dated before all');
SELECT is(pg_temp.stock(), 'MAIN 2 piece 15.45 kg, NORTH 1 piece 8.001 kg', 'each place has its own');
SELECT is(left(pg_temp.put('i5', '[{"code": "HAM", "name": "Ham", "kind": "stock", "second_unit": ""}]'), 5), 'LE140', 'what has moved keeps its second unit');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
