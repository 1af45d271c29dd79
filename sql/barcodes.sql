\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle TO ISO;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Barcodes: check digits, GS1 element strings (cases of the public suites of gs1-syntax-engine, gs1-syntax-dictionary, biip and zxing), and what of an item they find.
SELECT plan(65);
\o /dev/null
SELECT trial.make_company('SCAN');
SELECT erp.put_items('SCAN', 'items to scan', '[{"code": "P", "name": "Pin", "kind": "stock", "method": "fifo", "unit": "piece"}, {"code": "K", "name": "Cheese", "kind": "stock", "method": "fifo", "unit": "kg"}, {"code": "N", "name": "No unit", "kind": "stock", "method": "fifo"}]');
SELECT erp.put_item_units('SCAN', 'units', '[{"item": "P", "unit": "box", "numerator": 12}]');
CREATE FUNCTION pg_temp.try(p_key text, p_request text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text; answer jsonb;
BEGIN
	RETURN erp.put_barcodes('SCAN', p_key, p_request::json);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.find(p_barcode text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text;
BEGIN
	RETURN (SELECT concat_ws(' ', item_code, nullif(unit, ''), 'gtin=' || gtin, 'lot=' || lot, 'serial=' || serial, 'produced=' || produced_on, 'best=' || best_before, 'expires=' || expires_on,
		'quantity=' || quantity, 'weight=' || trim_scale(weight) || weight_unit) FROM erp.find_barcode('SCAN', replace(p_barcode, '^', chr(29))));
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
	RETURN concat_ws(' | ', code, message);
END
$$;
-- Elements of a string in order, or 'n'.
CREATE FUNCTION pg_temp.elements(p_data text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN count(problem) > 0 THEN 'n' ELSE string_agg(ai || '=' || value, ', ') END FROM erp_private.gs1_elements(replace(p_data, '^', chr(29)))
$$;
\o
-- Keys.
SELECT is(coalesce(erp_private.gtin14(k.key), 'n'), k.gtin, k.key) FROM (VALUES ('96385074', '00000096385074'), ('12345673', 'n'), ('416000336108', '00416000336108'), ('416000336109', 'n'),
	('5901234123457', '05901234123457'), ('1234567890129', 'n'), ('12345678901231', '12345678901231'), ('12345678901232', 'n'), ('', 'n'), ('9638507x', 'n')) AS k (key, gtin);
SELECT is(erp_private.has_check_digit(k.key), k.valid, 'SSCC ' || k.key) FROM (VALUES ('157035381410375177', true), ('123456789012345670', false)) AS k (key, valid);

-- Element strings.
SELECT is(pg_temp.elements(e.data), e.elements, e.data) FROM (VALUES
	('^0112345678901231', '01=12345678901231'), ('^0112345678901231991234', '01=12345678901231, 99=1234'), ('^0112345678901231^991234', '01=12345678901231, 99=1234'),
	('^01A2345678901231', 'n'), ('^0112345678901234', 'n'), ('^011234567890123', 'n'), ('^01123456789012312', 'n'), ('^242123456^10ABC123', '242=123456, 10=ABC123'),
	('^2421234567', 'n'), ('^891234', 'n'), ('^99~ABC', 'n'), ('^010703206980498815210526100329', '01=07032069804988, 15=210526, 10=0329'),
	('^010703206980498810032915210526', '01=07032069804988, 10=032915210526'), ('^0107032069804988100329^15210526', '01=07032069804988, 10=0329, 15=210526'),
	('^800302112345678900ABC', '8003=02112345678900ABC'), ('(17)9(90)217', 'n'), ('(10)12345(11)', 'n'), ('^15200200', '15=200200'), ('^11200132', 'n'), ('^11201310', 'n'),
	('(01)98898765432106(3202)012345(15)991231', '01=98898765432106, 3202=012345, 15=991231'), ('^3105123456', '3105=123456'), ('^39127101230', '3912=7101230'),
	('(400)ABC(400)XYZ', '400=ABC, 400=XYZ'), ('(02)12345678901231(37)123(00)123456789012345675', '02=12345678901231, 37=123, 00=123456789012345675')) AS e (data, elements);
SELECT is(erp_private.gs1_day(d.value, '2026-11-27'), d.day, 'day ' || d.value) FROM (VALUES ('200200', '2020-02-29'::date), ('210526', '2021-05-26'), ('991231', '1999-12-31'),
	('770101', '1977-01-01'), ('760101', '2076-01-01'), ('200132', NULL), ('201310', NULL), ('200001', NULL)) AS d (value, day);

-- Barcodes of items.
SELECT is(pg_temp.try('b1', '[{"barcode": "5901234123457", "item": "P"}, {"barcode": "12345678901231", "item": "P", "unit": "box"}, {"barcode": "98898765432106", "item": "K"}, {"barcode": "A-1", "item": "N", "kind": "own"}]'), '{"updated": 0, "inserted": 4}', 'pins by the piece and by the box, cheese, a code of our own');
SELECT is(pg_temp.find('5901234123457'), 'P piece gtin=05901234123457', 'a piece');
SELECT is(pg_temp.find('05901234123457'), 'P piece gtin=05901234123457', 'the same number with a zero in front');
SELECT is(pg_temp.find('A-1'), 'N', 'our own');
SELECT is(pg_temp.find(']C10112345678901231' || '10L1^17261200' || '21S9'), 'P box gtin=12345678901231 lot=L1 serial=S9 expires=2026-12-31', 'a box with lot, expiry on the last of the month and serial number');
SELECT is(pg_temp.find('(01)98898765432106(3202)012345(15)991231'), 'K kg gtin=98898765432106 best=1999-12-31 weight=123.45lb', 'a weight in pounds');
SELECT is(pg_temp.find('^0198898765432106310300125011260102'), 'K kg gtin=98898765432106 produced=2026-01-02 weight=1.25kg', 'a weight of 1.250 kg, and the day it was made');
SELECT is(pg_temp.find('^021234567890123137123'), 'P box gtin=12345678901231 quantity=123', '123 boxes in a logistic unit');
SELECT is(pg_temp.find('96385074'), 'LE012 | there is no barcode "00000096385074"', 'nobody''s number');
SELECT is(pg_temp.find('^10ABC'), 'LE012 | there is no barcode "' || chr(29) || '10ABC"', 'a lot of what');
SELECT is(pg_temp.find('(400)ABC(400)XYZ'), 'LE184 | (400) is given twice, with different values', 'one identifier, two values');
SELECT is(pg_temp.find('^0112345678901234'), 'LE184 | the check digit of (01) "12345678901234" is wrong', 'a wrong check digit');
SELECT is(pg_temp.find('891234'), 'LE184 | "8912" begins with no application identifier', 'no identifier');
SELECT is(pg_temp.try('b2', '[{"barcode": "5901234123458", "item": "P"}]'), 'LE184 | a GTIN has 8, 12, 13 or 14 digits, the last of which is its check digit | At $[0].barcode, value "5901234123458".', 'a number that is no GTIN');
SELECT is(pg_temp.try('b3', '[{"barcode": "96385074", "item": "X"}]'), 'LE012 | there is no item "X" | At $[0].item, value "X".', 'an unknown item');
SELECT is(pg_temp.try('b4', '[{"barcode": "96385074", "item": "P", "unit": "kg"}]'), 'LE182 | the unit does not convert into that of the item | At $[0].unit, value "kg".', 'a unit that is none of the item''s');
SELECT is(pg_temp.try('b5', '[{"barcode": "5901234123457", "item": "K"}, {"barcode": "A-1", "item": "N", "kind": "own", "active": false}]'), '{"updated": 2, "inserted": 0}', 'a number moves to another item, and a code is given up');
SELECT is(pg_temp.find('5901234123457') || '; ' || pg_temp.find('A-1'), 'K kg gtin=05901234123457; LE184 | "A-1" begins with no application identifier', 'as they are now');
SET LOCAL ROLE erp_read;
SELECT is((SELECT item_code FROM erp.find_barcode('SCAN', '5901234123457')), 'K', 'who reads may scan');
RESET ROLE;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
