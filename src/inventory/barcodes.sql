-- inventory: barcodes of items, and what GS1 symbols say beside the item. Rules of the GS1 General Specifications.

-- From the right, the digit before the check digit counts 3, the next 1, and so on.
CREATE FUNCTION erp_private.has_check_digit(digits text) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN digits ~ '^[0-9]+$' THEN
		(SELECT sum(substr(digits, length(digits) - i, 1)::integer * CASE i % 2 WHEN 1 THEN 3 ELSE 1 END) % 10 = 0
		   FROM generate_series(0, length(digits) - 1) AS i) ELSE false END
$function$;
COMMENT ON FUNCTION erp_private.has_check_digit(text) IS 'Whether the text is digits whose last one is the check digit of GS1 keys (GTIN, SSCC, GLN) of the others.';

CREATE FUNCTION erp_private.gtin14(barcode text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT lpad(barcode, 14, '0') WHERE length(barcode) IN (8, 12, 13, 14) AND erp_private.has_check_digit(barcode)
$function$;
COMMENT ON FUNCTION erp_private.gtin14(text) IS 'A GTIN-8, -12, -13 or -14 as one of 14 digits; null if the text is none, or its check digit is wrong.';

-- Application identifiers: which value follows (C stands for a character of set 82), whether no separator needs to, and how
-- many digits a check digit ends.
CREATE FUNCTION erp_private.gs1_identifier() RETURNS TABLE (ai text, value text, fixed integer, checked integer)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
	VALUES ('00', '[0-9]{18}', 18, 18), ('0[123]', '[0-9]{14}', 14, 14), ('1[123567]', '[0-9]{6}', 6, 0), ('20', '[0-9]{2}', 2, 0),
	       ('3(?:1[0-6]|2[0-9]|3[0-7]|4[0-9]|5[0-7]|6[0-9])[0-5]', '[0-9]{6}', 6, 0), ('41[0-7]', '[0-9]{13}', 13, 13),
	       ('10', 'C{1,20}', 0, 0), ('2[12]', 'C{1,20}', 0, 0), ('235', 'C{1,28}', 0, 0), ('24[01]', 'C{1,30}', 0, 0), ('242', '[0-9]{1,6}', 0, 0),
	       ('243', 'C{1,20}', 0, 0), ('25[01]', 'C{1,30}', 0, 0), ('253', '[0-9]{13}C{0,17}', 0, 13), ('254', 'C{1,20}', 0, 0),
	       ('255', '[0-9]{13,25}', 0, 13), ('3[07]', '[0-9]{1,8}', 0, 0), ('39[02][0-9]', '[0-9]{1,15}', 0, 0), ('39[13][0-9]', '[0-9]{4,18}', 0, 0),
	       ('394[0-3]', '[0-9]{4}', 0, 0), ('395[0-5]', '[0-9]{6}', 0, 0), ('40[013]', 'C{1,30}', 0, 0), ('402', '[0-9]{17}', 0, 17),
	       ('420', 'C{1,20}', 0, 0), ('421', '[0-9]{3}C{1,9}', 0, 0), ('42[246]', '[0-9]{3}', 0, 0), ('42[35]', '[0-9]{3,15}', 0, 0),
	       ('427', 'C{1,3}', 0, 0), ('7001', '[0-9]{13}', 0, 0), ('7002', 'C{1,30}', 0, 0), ('7003', '[0-9]{10}', 0, 0), ('7004', '[0-9]{1,4}', 0, 0),
	       ('7005', 'C{1,12}', 0, 0), ('7006', '[0-9]{6}', 0, 0), ('7007', '[0-9]{6}([0-9]{6})?', 0, 0), ('7008', 'C{1,3}', 0, 0),
	       ('7009', 'C{1,10}', 0, 0), ('7010', 'C{1,2}', 0, 0), ('702[0-2]', 'C{1,20}', 0, 0), ('7023', 'C{1,30}', 0, 0),
	       ('703[0-9]', '[0-9]{3}C{1,27}', 0, 0), ('71[0-9]', 'C{1,20}', 0, 0), ('8001', '[0-9]{14}', 0, 0), ('8002', 'C{1,20}', 0, 0),
	       ('8003', '0[0-9]{13}C{0,16}', 0, 14), ('8004', 'C{1,30}', 0, 0), ('8005', '[0-9]{6}', 0, 0), ('80(?:06|26)', '[0-9]{18}', 0, 0),
	       ('8007', 'C{1,34}', 0, 0), ('8008', '[0-9]{8,12}', 0, 0), ('801[03]', 'C{1,30}', 0, 0), ('8011', '[0-9]{1,12}', 0, 0),
	       ('8012', 'C{1,20}', 0, 0), ('801[78]', '[0-9]{18}', 0, 18), ('8019', '[0-9]{1,10}', 0, 0), ('8020', 'C{1,25}', 0, 0),
	       ('811[0-2]', 'C{1,70}', 0, 0), ('8200', 'C{1,70}', 0, 0), ('90', 'C{1,30}', 0, 0), ('9[1-9]', 'C{1,90}', 0, 0)
$function$;
COMMENT ON FUNCTION erp_private.gs1_identifier() IS
	'Application identifiers of GS1, as patterns of the identifier and its value; fixed: length of a value that needs no separator behind it, 0 for others; checked: the first so many digits end in a check digit.';

-- Year 00 to 99 is that of the century that puts it within 49 years before and 50 years after this one.
CREATE FUNCTION erp_private.gs1_day(value text, today date) RETURNS date
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN d.month NOT BETWEEN 1 AND 12 OR d.day > d.last_day THEN NULL
	            WHEN d.day = 0 THEN make_date(d.year, d.month, d.last_day) ELSE make_date(d.year, d.month, d.day) END
	  FROM (SELECT y.year, y.month, y.day, CASE WHEN y.month BETWEEN 1 AND 12
	               THEN extract(day FROM make_date(y.year, y.month, 1) + interval '1 month - 1 day')::integer END AS last_day
	          FROM (SELECT c.century + substr(value, 1, 2)::integer + CASE WHEN c.ahead >= 51 THEN -100 WHEN c.ahead <= -50 THEN 100 ELSE 0 END AS year,
	                       substr(value, 3, 2)::integer AS month, substr(value, 5, 2)::integer AS day
	                  FROM (SELECT extract(year FROM today)::integer / 100 * 100 AS century,
	                               substr(value, 1, 2)::integer - extract(year FROM today)::integer % 100 AS ahead) c) y) d
$function$;
COMMENT ON FUNCTION erp_private.gs1_day(text, date) IS
	'The day that YYMMDD means as of today, day 00 being the last of the month; null if there is none.';

CREATE FUNCTION erp_private.gs1_problem(ai text, value text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN i.ai IS NULL THEN format('"%s" begins with no application identifier', left(e.ai, 4))
	            WHEN e.value !~ ('^' || replace(i.value, 'C', '[!"%&''()*+,./0-9:;<=>?A-Z_a-z-]') || '$') THEN format('(%s) has no such value: "%s"', e.ai, e.value)
	            WHEN i.checked > 0 AND NOT erp_private.has_check_digit(left(e.value, i.checked)) THEN format('the check digit of (%s) "%s" is wrong', e.ai, e.value)
	            WHEN e.ai ~ '^1[123567]$' AND erp_private.gs1_day(e.value, '2026-01-01') IS NULL THEN format('(%s) "%s" is no day', e.ai, e.value) END
	  FROM (SELECT gs1_problem.ai, gs1_problem.value) AS e (ai, value) LEFT JOIN erp_private.gs1_identifier() i ON e.ai ~ ('^' || i.ai || '$')
$function$;
COMMENT ON FUNCTION erp_private.gs1_problem(text, text) IS 'What is wrong with one element of a GS1 symbol; null if nothing is.';

-- A scanner sends ASCII 29 for the separator, and before the data nothing, a separator or a symbology identifier. What people read has brackets.
CREATE FUNCTION erp_private.gs1_elements(data text) RETURNS TABLE (ai text, value text, problem text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	rest text := regexp_replace(data, '^(\]C1|\]e0|\]d2|\]Q3)?' || chr(29) || '?', '');
	kind record;
BEGIN
	IF rest ~ '^\([0-9]{2,4}\)' THEN
		RETURN QUERY SELECT m[1], m[2], erp_private.gs1_problem(m[1], m[2])
		  FROM regexp_matches(rest, '\(([0-9]{2,4})\)((?:(?!\([0-9]{2,4}\)).)*)', 'g') AS m;
		RETURN;
	END IF;
	WHILE rest <> '' LOOP
		SELECT i.fixed, substring(rest FROM '^' || i.ai) AS ai INTO kind FROM erp_private.gs1_identifier() i WHERE rest ~ ('^' || i.ai);
		IF NOT FOUND THEN
			RETURN QUERY SELECT rest, ''::text, erp_private.gs1_problem(rest, '');
			RETURN;
		END IF;
		rest := substr(rest, length(kind.ai) + 1);
		ai := kind.ai;
		value := CASE WHEN kind.fixed > 0 THEN left(rest, kind.fixed) ELSE split_part(rest, chr(29), 1) END;
		problem := erp_private.gs1_problem(ai, value);
		RETURN NEXT;
		rest := regexp_replace(substr(rest, length(value) + 1), '^' || chr(29), '');
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.gs1_elements(text) IS
	'The elements of a GS1 symbol in their order: application identifier, value and what is wrong with it (null: nothing).';

CREATE FUNCTION erp_private.gs1_fields(data text) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad text;
	fields jsonb;
BEGIN
	IF length(data) > 7089 THEN
		PERFORM erp_private.refuse('LE184', 'no symbol has more than 7089 characters', 'barcode', data, 'Scan it again, or type the number of the item.');
	END IF;
	SELECT COALESCE(min(e.problem), min(CASE WHEN e.several THEN format('(%s) is given twice, with different values', e.ai) END)), jsonb_object_agg(e.ai, e.value)
	  INTO bad, fields
	  FROM (SELECT f.*, min(f.value) OVER of_ai <> max(f.value) OVER of_ai AS several FROM erp_private.gs1_elements(data) f
	        WINDOW of_ai AS (PARTITION BY f.ai)) e;
	IF bad IS NOT NULL OR fields IS NULL THEN
		PERFORM erp_private.refuse('LE184', COALESCE(bad, 'the barcode is empty'), 'barcode', data, 'Scan it again, or type the number of the item.');
	END IF;
	RETURN fields;
END
$function$;
COMMENT ON FUNCTION erp_private.gs1_fields(text) IS 'The elements of a GS1 symbol by application identifier; LE184 if one is wrong, or stands there twice with different values.';

-- The last digit of the identifier is the number of decimals.
CREATE FUNCTION erp_private.gs1_measure(fields jsonb, prefix text) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT min(e.value::numeric / 10::numeric ^ right(e.key, 1)::integer)::numeric(18,6)
	  FROM jsonb_each_text(fields) e WHERE e.key ~ ('^' || prefix || '[0-5]$')
$function$;
COMMENT ON FUNCTION erp_private.gs1_measure(jsonb, text) IS 'The measure of identifiers prefix 0 to 5, e.g. 310 for the net weight in kilograms; null if there is none.';

CREATE FUNCTION erp.find_barcode(company text, barcode text)
	RETURNS TABLE (item_code text, item_name text, unit text, gtin text, lot text, serial text, produced_on date, best_before date, expires_on date,
		quantity numeric, weight numeric, weight_unit text, elements jsonb)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	owner integer := (SELECT c.company_id FROM erp.company c WHERE c.code = find_barcode.company);
	known erp.item_barcode;
	fields jsonb := jsonb '{}';
BEGIN
	SELECT b.* INTO known FROM erp.item_barcode b WHERE b.company_id = owner AND b.barcode = find_barcode.barcode AND b.kind = 'own' AND b.active;
	IF NOT FOUND AND erp_private.gtin14(find_barcode.barcode) IS NOT NULL THEN
		fields := jsonb_build_object('01', erp_private.gtin14(find_barcode.barcode));
	ELSIF NOT FOUND THEN
		fields := erp_private.gs1_fields(find_barcode.barcode);
	END IF;
	IF fields <> '{}' THEN
		SELECT b.* INTO known FROM erp.item_barcode b
		 WHERE b.company_id = owner AND b.barcode = COALESCE(fields ->> '01', fields ->> '02') AND b.kind = 'gtin' AND b.active;
		PERFORM erp_private.check_known(CASE WHEN known.item_id IS NULL THEN 1 END, '$', 'barcode', COALESCE(fields ->> '01', fields ->> '02', find_barcode.barcode),
			'barcode', 'Add it with erp.put_barcodes().');
	END IF;
	RETURN QUERY
	SELECT i.code, i.name, u.code, COALESCE(fields ->> '01', fields ->> '02'), fields ->> '10', fields ->> '21',
	       erp_private.gs1_day(fields ->> '11', current_date), erp_private.gs1_day(fields ->> '15', current_date), erp_private.gs1_day(fields ->> '17', current_date),
	       COALESCE(fields ->> '37', fields ->> '30')::numeric, COALESCE(w.kg, w.lb), CASE WHEN w.kg IS NOT NULL THEN 'kg' WHEN w.lb IS NOT NULL THEN 'lb' END, fields
	  FROM erp.item i
	  JOIN erp.unit u ON u.unit_id = known.unit_id
	 CROSS JOIN LATERAL (SELECT erp_private.gs1_measure(fields, '310') AS kg, erp_private.gs1_measure(fields, '320') AS lb) w
	 WHERE i.company_id = owner AND i.item_id = known.item_id;
END
$function$;
COMMENT ON FUNCTION erp.find_barcode(text, text) IS
	'What a scanned barcode says. company: code. barcode: a code of the company''s own, a GTIN of 8, 12, 13 or 14 digits, or a GS1 element string as a scanner sends it (ASCII 29 as separator, a symbology identifier such as ]C1 before it or not) or as people read it ((01)...(10)...). Returns one row: item, unit (the one that the barcode is on), gtin (14 digits; null for an own code), lot (10), serial (21), produced_on (11), best_before (15), expires_on (17), quantity (37 or 30, a count), weight and weight_unit (net weight, 310n in kg or 320n in lb), elements (all of them by application identifier). Errors: LE012 for a barcode that is no item''s, LE184 for one that cannot be read: a wrong check digit, an unknown identifier, a value that is too long, too short or no day.';

CREATE FUNCTION erp_private.lock_put_barcodes(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM 1 FROM erp.item i WHERE i.company_id = lock_put_barcodes.company_id
	    AND i.code IN (SELECT e.value ->> 'item' FROM erp_private.rows_of(request) AS e (value))
	  ORDER BY i.item_id FOR NO KEY UPDATE;
END
$function$;
COMMENT ON FUNCTION erp_private.lock_put_barcodes(integer, jsonb) IS 'Locks the items of the request.';

CREATE FUNCTION erp_private.check_barcodes(company_id integer, request jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	bad record;
BEGIN
	PERFORM erp_private.check_rows(request, '$[#]', '{"barcode": "code!", "item": "code!", "unit": "code", "kind": "code", "active": "boolean"}');
	PERFORM erp_private.check_once(request, '$[#]', ARRAY['barcode']);
	PERFORM erp_private.check_choice(request, '$[#]', 'kind', ARRAY['gtin', 'own']);
	SELECT e.n, e.value ->> 'barcode' AS barcode INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE COALESCE(e.value ->> 'kind', 'gtin') = 'gtin' AND erp_private.gtin14(e.value ->> 'barcode') IS NULL ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE184', 'a GTIN has 8, 12, 13 or 14 digits, the last of which is its check digit', format('$[%s].barcode', bad.n - 1),
			bad.barcode, 'Mend the number, or give "kind": "own" for a code of the company''s own.');
	END IF;
	SELECT e.n, e.value ->> 'item' AS item INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE NOT EXISTS (SELECT 1 FROM erp.item i WHERE i.company_id = check_barcodes.company_id AND i.code = e.value ->> 'item') ORDER BY e.n LIMIT 1;
	PERFORM erp_private.check_known(bad.n, '$[#]', 'item', bad.item, 'item', 'Add it with erp.put_items().');
	SELECT e.n, e.value ->> 'unit' AS unit INTO bad FROM jsonb_array_elements(request) WITH ORDINALITY AS e (value, n)
	 WHERE e.value ->> 'unit' IS NOT NULL
	   AND NOT EXISTS (SELECT 1 FROM erp.item i JOIN erp_private.item_unit_way w ON w.company_id = i.company_id AND w.item_id = i.item_id
	                     JOIN erp.unit u ON u.unit_id = w.unit_id
	                    WHERE i.company_id = check_barcodes.company_id AND i.code = e.value ->> 'item' AND u.code = e.value ->> 'unit')
	 ORDER BY e.n LIMIT 1;
	IF FOUND THEN
		PERFORM erp_private.refuse('LE182', 'the unit does not convert into that of the item', format('$[%s].unit', bad.n - 1), bad.unit,
			'Say what it holds with erp.put_item_units().');
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_barcodes(integer, jsonb) IS 'Raises LE011, LE012, LE182 or LE184 unless the rows are barcodes of items.';

CREATE FUNCTION erp_private.put_barcodes(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	answer jsonb;
BEGIN
	PERFORM erp_private.check_barcodes(put_barcodes.company_id, request);
	WITH wanted AS (
		SELECT k.kind, CASE k.kind WHEN 'gtin' THEN erp_private.gtin14(e.value ->> 'barcode') ELSE e.value ->> 'barcode' END AS barcode,
		       i.item_id, COALESCE(u.unit_id, i.unit_id) AS unit_id, COALESCE((e.value ->> 'active')::boolean, true) AS active
		  FROM jsonb_array_elements(request) AS e (value)
		 CROSS JOIN LATERAL (SELECT COALESCE(e.value ->> 'kind', 'gtin') AS kind) k
		  JOIN erp.item i ON i.company_id = put_barcodes.company_id AND i.code = e.value ->> 'item'
		  LEFT JOIN erp.unit u ON u.code = e.value ->> 'unit'
	), put AS (
		INSERT INTO erp.item_barcode AS b (company_id, barcode, kind, item_id, unit_id, active)
		SELECT put_barcodes.company_id, w.barcode, w.kind, w.item_id, w.unit_id, w.active FROM wanted w ORDER BY 2
		ON CONFLICT (company_id, barcode) DO UPDATE SET kind = EXCLUDED.kind, item_id = EXCLUDED.item_id, unit_id = EXCLUDED.unit_id, active = EXCLUDED.active
		WHERE (b.kind, b.item_id, b.unit_id, b.active) <> (EXCLUDED.kind, EXCLUDED.item_id, EXCLUDED.unit_id, EXCLUDED.active)
		RETURNING (xmax = 0) AS inserted
	)
	SELECT jsonb_build_object('inserted', count(*) FILTER (WHERE inserted), 'updated', count(*) FILTER (WHERE NOT inserted))
	  INTO answer FROM put;
	RETURN answer;
END
$function$;
COMMENT ON FUNCTION erp_private.put_barcodes(integer, jsonb) IS 'Does what erp.put_barcodes() says.';
