\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Units: what was entered stays as it was, the stock is exactly the same in the item's own unit, nothing is rounded.
SELECT plan(57);
\o /dev/null
SELECT trial.make_company('UNIT');
-- A call of the company: its result, or SQLSTATE, message and where.
CREATE FUNCTION pg_temp.try(p_call text, p_key text, p_request text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text; answer jsonb;
BEGIN
	EXECUTE format('SELECT erp.%I(''UNIT'', $1, $2::json)', p_call) INTO answer USING p_key, p_request;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
-- A document: 'posted', or why not.
CREATE FUNCTION pg_temp.post(p_document text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	PERFORM erp.post_document('UNIT', p_document::json);
	RETURN 'posted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
-- Lines of a document as they stand: entered quantity and unit, price, amount; and the moves' own.
CREATE FUNCTION pg_temp.line(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', trim_scale(l.quantity), nullif(u.code, ''), '@' || trim_scale(l.unit_price), '=', trim_scale(l.amount)), ', ' ORDER BY l.line_no)
	  FROM erp.document_line l JOIN erp.document d USING (company_id, document_id) JOIN erp.unit u USING (unit_id) JOIN erp.company c USING (company_id) WHERE c.code = 'UNIT' AND d.key = p_key
$$;
CREATE FUNCTION pg_temp.moves(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', trim_scale(m.quantity), 'from', trim_scale(m.entered_quantity), nullif(u.code, '')), ', ' ORDER BY m.line_no)
	  FROM erp.stock_move m JOIN erp.document d USING (company_id, document_id) JOIN erp.unit u ON u.unit_id = m.entered_unit_id JOIN erp.company c USING (company_id) WHERE c.code = 'UNIT' AND d.key = p_key
$$;
CREATE FUNCTION pg_temp.ratio(p_item text, p_unit text) RETURNS text LANGUAGE sql AS $$
	SELECT numerator || '/' || denominator || ' ' || item_unit || CASE WHEN declared THEN ' declared' ELSE '' END
	  FROM erp.item_units WHERE company = 'UNIT' AND item_code = p_item AND unit = p_unit
$$;
-- What of an item is on hand, and what it is worth.
CREATE FUNCTION pg_temp.stock(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', trim_scale(sum(p.quantity)), 'worth', trim_scale(sum(p.value))) FROM erp_private.cost_pool p JOIN erp.item i USING (company_id, item_id)
	 WHERE i.code = p_item AND i.company_id = (SELECT company_id FROM erp.company WHERE code = 'UNIT')
$$;
\o

-- Shared units.
SELECT is(pg_temp.try('put_units', 'u1', '[{"code": "stone", "name": "stone", "measure": "mass", "numerator": "12700586360", "denominator": "2000000000"}]'), '{"updated": 0, "inserted": 1}', 'a stone is 14 pounds');
SELECT is((SELECT numerator || '/' || denominator FROM erp.unit WHERE code = 'stone'), '317514659/50000000', 'the ratio is kept in lowest terms: 6.35029318 kg');
SELECT is(pg_temp.try('put_units', 'u2', '[{"code": "heap", "name": "heap", "numerator": 2}]'), 'LE011 | a unit without a measure has no ratio | At $[0].measure.', 'a ratio is of a measure');
SELECT is(pg_temp.try('put_units', 'u3', '[{"code": "heap", "name": "heap", "measure": "mass", "numerator": 0}]'), 'LE011 | field "numerator" must be a whole number above zero of at most 12 digits | At $[0].numerator, value "0".', 'and above zero');
SELECT is(pg_temp.try('put_units', 'u4', '[{"code": "heap", "name": "heap", "measure": "mass", "numerator": 1.5}]'), 'LE011 | field "numerator" must be a whole number above zero of at most 12 digits | At $[0].numerator, value "1.5".', 'of whole numbers');
SELECT is(pg_temp.try('put_units', 'u5', '[{"code": "stone", "name": "stone", "numerator": 6}, {"code": "heap", "name": "heap"}]'), '{"updated": 1, "inserted": 1}', 'what nobody uses may change');
SELECT is((SELECT numerator || '/' || denominator FROM erp.unit WHERE code = 'stone'), '3/25000000', 'what is not given stays');
\o /dev/null
SELECT erp.put_items('UNIT', 'items of units', '[{"code": "P", "name": "Pin", "kind": "stock", "method": "fifo", "unit": "piece"},
	{"code": "K", "name": "Cheese", "kind": "stock", "method": "moving_average", "unit": "kg"},
	{"code": "G", "name": "Nails", "kind": "stock", "method": "fifo", "unit": "piece"},
	{"code": "N", "name": "No unit", "kind": "stock", "method": "fifo"},
	{"code": "S", "name": "Advice", "kind": "service", "unit": "hour"}]');
\o
SELECT is(pg_temp.try('put_units', 'u6', '[{"code": "kg", "name": "kilogram", "numerator": 2}]'), 'LE140 | numerator of unit "kg" cannot change | Items or lines of documents are measured in it.', 'an item is measured in kilograms');
SELECT is(pg_temp.try('put_units', 'u7', '[{"code": "kg", "name": "kilo"}]'), '{"updated": 1, "inserted": 0}', 'its name is only a name');

-- Units of items.
SELECT is(pg_temp.try('put_item_units', 'i1', '[{"item": "P", "unit": "box", "numerator": 12}, {"item": "P", "unit": "pallet", "numerator": 1440}, {"item": "G", "unit": "kg", "numerator": 1000, "denominator": 6}]'), '{"updated": 0, "inserted": 3}', 'a box of twelve, a pallet, nails by weight');
SELECT is(pg_temp.ratio('P', 'box'), '12/1 piece declared', 'a box is 12 pieces');
SELECT is(pg_temp.ratio('P', 'dozen'), '12/1 piece', 'a dozen is so by its measure');
SELECT is(pg_temp.ratio('P', 'kg'), NULL, 'a pin has no weight');
SELECT is(pg_temp.ratio('G', 'kg'), '500/3 piece declared', '6 grams a nail');
SELECT is(pg_temp.ratio('G', 'g'), '1/6 piece', 'and so a gram is a sixth of one');
SELECT is(pg_temp.ratio('K', 'lb'), '45359237/100000000 kg', 'a pound by its definition');
SELECT is(pg_temp.ratio('K', 'kg'), '1/1 kg', 'its own unit');
SELECT is(pg_temp.try('put_item_units', 'i2', '[{"item": "P", "unit": "dozen", "numerator": 13}]'), 'LE180 | units of item "P" differ: one "dozen" comes to 12/1 and 13/1 of its own | At $[0], value "dozen".', 'a baker''s dozen is another unit');
SELECT is(pg_temp.try('put_item_units', 'i3', '[{"item": "G", "unit": "g", "numerator": 1, "denominator": 5}]'), 'LE180 | units of item "G" differ: one "g" comes to 1/5 and 1/6 of its own | At $[0], value "g".', 'two units of one measure agree');
SELECT is(pg_temp.try('put_item_units', 'i4', '[{"item": "G", "unit": "t", "numerator": 1000000, "denominator": 6}]'), '{"updated": 0, "inserted": 1}', 'as these do');
SELECT is(pg_temp.try('put_item_units', 'i5', '[{"item": "N", "unit": "box", "numerator": 12}]'), 'LE011 | the item has no unit of its own that another could be measured by | At $[0].item, value "N".', 'a box of 12 what');
SELECT is(pg_temp.try('put_item_units', 'i6', '[{"item": "X", "unit": "box", "numerator": 12}]'), 'LE012 | there is no item "X" | At $[0].item, value "X".', 'unknown item');
SELECT is(pg_temp.try('put_item_units', 'i7', '[{"item": "P", "unit": "crate", "numerator": 12}]'), 'LE012 | there is no unit "crate" | At $[0].unit, value "crate".', 'unknown unit');
SELECT is(pg_temp.try('put_items', 'i8', '[{"code": "P", "name": "Pin", "kind": "stock", "unit": "set"}]'), 'LE180 | other units of the item are measured by the one that it has | At $[0].unit, value "set".', 'the unit that others are measured by stays');

-- 3 boxes of 12 less 36 pieces is zero.
SELECT is(pg_temp.post('{"key": "r1", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "P", "unit": "box", "quantity": 3, "price": "1.25"}]}'), 'posted', '3 boxes at 1.25 a box come in');
SELECT is(pg_temp.line('r1'), '3 box @1.25 = 3.75', 'the line is as it was entered: 3 x 1.25');
SELECT is(pg_temp.moves('r1'), '36 from 3 box', 'the stock has 36 pieces');
SELECT is(pg_temp.post('{"key": "s1", "kind": "sales_invoice", "day": "2009-01-06", "party": "C1", "lines": [{"item": "P", "quantity": 36, "price": "0.50"}]}'), 'posted', '36 pieces go out');
SELECT is(pg_temp.stock('P'), '0 worth 0', 'and nothing is left, in quantity and value');

-- Two thirds of a dozen are 8 pieces, but no decimal number of dozens.
SELECT is(pg_temp.post('{"key": "r2", "kind": "goods_receipt", "day": "2009-01-07", "party": "S1", "lines": [{"item": "P", "unit": "box", "quantity": "0.333333", "price": "1"}]}'), 'posted', '3.999996 pieces have six decimals');
SELECT is(pg_temp.moves('r2'), '3.999996 from 0.333333 box', 'and are not rounded to 4');
SELECT is(pg_temp.post('{"key": "r3", "kind": "goods_receipt", "day": "2009-01-07", "party": "S1", "lines": [{"item": "G", "unit": "kg", "quantity": 1, "price": "1"}]}'), 'LE181 | the quantity in unit "kg" is no quantity of 6 decimals in the item''s unit | Document "r3", line 1, field "quantity", value "1".', 'a kilogram is 166 2/3 nails: refused');
SELECT is(pg_temp.post('{"key": "r3", "kind": "goods_receipt", "day": "2009-01-07", "party": "S1", "lines": [{"item": "G", "unit": "kg", "quantity": 3, "price": "2"}, {"item": "G", "unit": "g", "quantity": 12, "amount": "0.1"}]}'), 'posted', '3 kilograms are 500, 12 grams are 2');
SELECT is(pg_temp.moves('r3'), '500 from 3 kg, 2 from 12 g', 'by the weight that kilograms gave');
SELECT is(pg_temp.post('{"key": "r4", "kind": "goods_receipt", "day": "2009-01-08", "party": "S1", "lines": [{"item": "K", "unit": "lb", "quantity": 100, "price": "1.5"}]}'), 'posted', '100 pounds');
SELECT is(pg_temp.moves('r4'), '45.359237 from 100 lb', 'are exactly 45.359237 kg');
SELECT is(pg_temp.post('{"key": "r5", "kind": "goods_receipt", "day": "2009-01-08", "party": "S1", "lines": [{"item": "K", "unit": "lb", "quantity": 1, "price": "1.5"}]}'), 'LE181 | the quantity in unit "lb" is no quantity of 6 decimals in the item''s unit | Document "r5", line 1, field "quantity", value "1".', 'one pound is 0.45359237 kg: refused');
SELECT is(pg_temp.post('{"key": "r5", "kind": "goods_receipt", "day": "2009-01-08", "party": "S1", "lines": [{"item": "K", "unit": "t", "quantity": "999999999999", "price": "0"}]}'), 'LE011 | more than 12 digits before the point in the item''s unit | Document "r5", line 1, field "quantity", value "999999999999".', 'a quantity has 12 digits in the item''s unit');
SELECT is(pg_temp.post('{"key": "r5", "kind": "goods_receipt", "day": "2009-01-08", "party": "S1", "lines": [{"item": "K", "unit": "l", "quantity": 1, "price": "1.5"}]}'), 'LE182 | the unit does not convert into that of the item | Document "r5", line 1, field "unit", value "l".', 'a litre is no mass');
SELECT is(pg_temp.post('{"key": "r5", "kind": "goods_receipt", "day": "2009-01-08", "party": "S1", "lines": [{"item": "K", "unit": "crate", "quantity": 1, "price": "1.5"}]}'), 'LE012 | unknown unit | Document "r5", line 1, field "unit", value "crate".', 'an unknown unit');
SELECT is(pg_temp.post('{"key": "v1", "kind": "manual_voucher", "day": "2009-01-08", "lines": [{"account": "1000", "side": "debit", "amount": 1, "unit": "kg"}, {"account": "4000", "side": "credit", "amount": 1}]}'), 'LE011 | only a line of an item has a unit | Document "v1", line 1, field "unit", value "kg".', 'an amount of money has none');
SELECT is(pg_temp.post('{"key": "s2", "kind": "sales_invoice", "day": "2009-01-08", "party": "C1", "lines": [{"item": "S", "unit": "minute", "quantity": 90, "price": "1"}]}'), 'posted', 'services have units too');

-- FIFO by pieces whatever the boxes: r2 left 3.999996 pieces worth 0.33; 1 box at 1.2 more, then 6 go: 3.999996 and 2.000004 of 12.
SELECT is(pg_temp.post('{"key": "r6", "kind": "goods_receipt", "day": "2009-01-09", "party": "S1", "lines": [{"item": "P", "unit": "dozen", "quantity": 1, "price": "1.2"}]}'), 'posted', 'a dozen at 1.20');
SELECT is(pg_temp.post('{"key": "s3", "kind": "sales_invoice", "day": "2009-01-10", "party": "C1", "lines": [{"item": "P", "unit": "box", "quantity": "0.5", "price": "9"}]}'), 'posted', 'half a box is sold');
SELECT is(pg_temp.stock('P'), '9.999996 worth 1', '0.33 + 1.20 less 0.33 and 1.20 x 2.000004 / 12');
SELECT is((SELECT trim_scale(l.quantity) || ' ' || u.code FROM erp.voucher_line l JOIN erp.document d ON d.document_id = l.voucher_id JOIN erp.unit u USING (unit_id) JOIN erp.account a USING (account_id) WHERE d.key = 's3' AND a.code = '1200'), '-6 piece', 'the voucher counts in the item''s unit');
SELECT is((SELECT string_agg(trim_scale(l.quantity) || ' ' || u.code, ', ') FROM erp.voucher_line l JOIN erp.document d ON d.document_id = l.voucher_id JOIN erp.unit u USING (unit_id) JOIN erp.account a USING (account_id) WHERE d.key = 'r3' AND a.code = '1200'), '502 piece', 'what came by kilograms and grams too');

-- What comes back: by pieces of boxes, at the share of the cost; a reversal undoes exactly what was.
SELECT is(pg_temp.post('{"key": "c1", "kind": "credit_note", "day": "2009-01-11", "party": "C1", "lines": [{"item": "P", "quantity": 3, "price": "0.75", "origin": {"key": "s3", "line": 1}}]}'), 'posted', '3 of the 6 come back');
SELECT is(pg_temp.stock('P'), '12.999996 worth 1.27', 'half of the 0.53 that they cost, rounded: 0.27');
SELECT is((SELECT trim_scale(quantity) FROM erp.document_link l JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'c1' AND link = 'returns')::text, '3', 'the link says how many in the item''s unit');
\o /dev/null
SELECT erp.reverse_document('UNIT', '{"key": "c1 back", "reverses": "c1", "day": "2009-01-11"}');
SELECT erp.reverse_document('UNIT', '{"key": "s3 back", "reverses": "s3", "day": "2009-01-11"}');
\o
SELECT is(pg_temp.moves('s3 back') || '; ' || pg_temp.line('s3 back'), '6 from -0.5 box; -0.5 box @9 = -4.5', 'a reversal has the unit that was entered');
SELECT is(pg_temp.stock('P'), '15.999996 worth 1.53', 'and all is as before');

-- Ratios that moves were entered by stay.
SELECT is(pg_temp.try('put_item_units', 'i9', '[{"item": "P", "unit": "box", "numerator": 10}]'), 'LE140 | numerator of unit of an item "box" cannot change | The item has moved by it.', 'a box was 12 when it was sold');
SELECT is(pg_temp.try('put_item_units', 'i10', '[{"item": "P", "unit": "pallet", "numerator": 1200}]'), '{"updated": 1, "inserted": 0}', 'no pallet has moved yet');

-- One request, however the unit is written.
SELECT is(pg_temp.post('{"key": "r1", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "P", "unit": "box", "quantity": 3, "price": "1.25"}]}'), 'posted', 'the same request again');
SELECT is(left(pg_temp.post('{"key": "r1", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "P", "unit": "dozen", "quantity": 3, "price": "1.25"}]}'), 5), 'LE020', 'in another unit it is another request');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
