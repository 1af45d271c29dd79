-- inventory: import of master data: every row is what a row of a call would be, and every bad cell is listed.

-- In the order in which the rows of one may name those of another.
CREATE FUNCTION erp_private.master_target() RETURNS TABLE (rank integer, target text, key_fields text[])
	LANGUAGE sql IMMUTABLE
AS $function$
	VALUES (1, 'units', ARRAY['code']), (2, 'item_groups', ARRAY['code']), (3, 'items', ARRAY['code']), (4, 'item_units', ARRAY['item', 'unit']),
	       (5, 'item_templates', ARRAY['code']), (6, 'variants', ARRAY['template', 'values']), (7, 'barcodes', ARRAY['barcode']),
	       (8, 'warehouses', ARRAY['code']), (9, 'locations', ARRAY['warehouse', 'code']), (10, 'lots', ARRAY['item', 'code']), (11, 'parties', ARRAY['code']),
	       (12, 'party_addresses', ARRAY['party', 'code']), (13, 'party_contacts', ARRAY['party', 'code']), (14, 'party_identifiers', ARRAY['party', 'scheme', 'value'])
$function$;
COMMENT ON FUNCTION erp_private.master_target() IS 'What erp.import_master_data() imports, in order, and which fields tell the rows of one apart.';

CREATE FUNCTION erp_private.put_master(company_id integer, target text, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	CASE target
		WHEN 'units' THEN PERFORM erp_private.lock_put_units(company_id, request); RETURN erp_private.put_units(request);
		WHEN 'item_groups' THEN PERFORM erp_private.lock_put_item_groups(company_id, request); RETURN erp_private.put_item_groups(company_id, request);
		WHEN 'items' THEN PERFORM erp_private.lock_put_items(company_id, request); RETURN erp_private.put_items(company_id, request);
		WHEN 'item_units' THEN PERFORM erp_private.lock_put_item_units(company_id, request); RETURN erp_private.put_item_units(company_id, request);
		WHEN 'item_templates' THEN RETURN erp_private.put_item_templates(company_id, request);
		WHEN 'variants' THEN PERFORM erp_private.lock_put_variants(company_id, request); RETURN erp_private.put_variants(company_id, request);
		WHEN 'barcodes' THEN PERFORM erp_private.lock_put_barcodes(company_id, request); RETURN erp_private.put_barcodes(company_id, request);
		WHEN 'warehouses' THEN PERFORM erp_private.lock_put_warehouses(company_id, request); RETURN erp_private.put_warehouses(company_id, request);
		WHEN 'locations' THEN RETURN erp_private.put_locations(company_id, request);
		WHEN 'lots' THEN RETURN erp_private.put_lots(company_id, request);
		WHEN 'party_addresses' THEN RETURN erp_private.put_party_rows(company_id, 'addresses', request);
		WHEN 'party_contacts' THEN RETURN erp_private.put_party_rows(company_id, 'contacts', request);
		WHEN 'party_identifiers' THEN RETURN erp_private.put_party_rows(company_id, 'identifiers', request);
		ELSE PERFORM erp_private.lock_put_parties(company_id, request); RETURN erp_private.put_parties(company_id, request);
	END CASE;
END
$function$;
COMMENT ON FUNCTION erp_private.put_master(integer, text, jsonb) IS 'Does what the call of that target does with the rows: locks, checks, writes; returns {"inserted", "updated"}.';

-- Values that stand in for a bad cell which a row cannot do without, so that its other cells are looked at too.
CREATE FUNCTION erp_private.stand_in(target text, cell text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT CASE WHEN f.field = 'name' THEN '{"name": ""}' WHEN f.field = 'numerator' THEN '{"numerator": 1}' WHEN f.field = 'roles' THEN '{"roles": ["other"]}'
	            WHEN f.field = 'kind' AND target = 'items' THEN '{"kind": "stock"}' WHEN f.field = 'method' AND target = 'items' THEN '{"method": "fifo"}'
	            WHEN f.field IN ('code', 'scheme') THEN jsonb_build_object(f.field, '(bad ' || cell || ')')
	            -- Whatever the scheme is, none has check digits that these would have.
	            WHEN f.field = 'value' AND target IN ('parties', 'party_identifiers') THEN jsonb_build_object('scheme', '(bad ' || cell || ')', 'value', '-') ELSE '{}' END
	  FROM (SELECT substring(cell FROM '[^.]*$') AS field) f
$function$;
COMMENT ON FUNCTION erp_private.stand_in(text, text) IS 'The field of a cell (code, or addresses[0].code) with a value that is good in itself, and like no other; an empty object where there is none.';

CREATE FUNCTION erp_private.without_cell(target text, fields jsonb, cell text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT CASE WHEN jsonb_typeof(f.rest #> p.above) = 'object'
	            THEN CASE WHEN p.above = '{}' THEN f.rest || s.value ELSE jsonb_set(f.rest, p.above, (f.rest #> p.above) || s.value) END ELSE f.rest END
	  FROM (SELECT string_to_array(replace(replace(cell, ']', ''), '[', '.'), '.') AS path) c
	 CROSS JOIN LATERAL (SELECT c.path[:cardinality(c.path) - 1] AS above) p
	 CROSS JOIN LATERAL (SELECT fields #- c.path AS rest) f
	 CROSS JOIN LATERAL (SELECT erp_private.stand_in(target, cell) AS value) s
$function$;
COMMENT ON FUNCTION erp_private.without_cell(text, jsonb, text) IS 'A row of master data without one of its cells (code, or addresses[0].city), or with a value in its place that is good in itself.';

-- Each refusal names a cell; it is listed and taken out, until the rest of the row is accepted or cannot be without it.
CREATE FUNCTION erp_private.import_row(company_id integer, target text, row_no bigint, fields jsonb, write boolean) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	rest jsonb := fields;
	problems jsonb := jsonb '[]';
	bad text[] := ARRAY[]::text[];
	state text;
	message text;
	detail text;
	field text;
BEGIN
	FOR attempt IN 0 .. 50 LOOP
		BEGIN
			PERFORM erp_private.put_master(company_id, target, jsonb_build_array(rest));
			EXIT WHEN problems = '[]' AND write;
			RAISE EXCEPTION 'a row with bad cells is not written';
		EXCEPTION
			WHEN raise_exception THEN
				EXIT;
			WHEN SQLSTATE 'LE000' THEN
				GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
		END;
		field := COALESCE(substring(detail FROM '^At \$\[0\][.]([^,]*?)(?:, value|[.]$)'), '');
		-- What only the cells that were taken out cause is no problem of its own.
		EXIT WHEN field = ANY (bad) OR bad <> '{}' AND field = '';
		problems := problems || jsonb_build_array(jsonb_build_object('row_no', row_no, 'column_name', field,
			'value', substring(detail FROM ', value "(.*)"[.]$'), 'error_code', state, 'reason', message));
		EXIT WHEN field = '';
		bad := bad || field;
		rest := erp_private.without_cell(target, rest, field);
	END LOOP;
	RETURN problems;
END
$function$;
COMMENT ON FUNCTION erp_private.import_row(integer, text, bigint, jsonb, boolean) IS
	'Writes one row of master data, if it is to be written, or writes nothing and returns its bad cells as [{"row_no", "column_name", "value", "error_code", "reason"}].';

-- All rows at once where all are good; where not, one by one.
CREATE FUNCTION erp_private.import_target(company_id integer, job_id bigint, target text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_variable
DECLARE
	problems jsonb := jsonb '[]';
	staged record;
BEGIN
	BEGIN
		PERFORM erp_private.put_master(company_id, target, jsonb_agg(s.fields::jsonb ORDER BY s.row_no)) FROM erp.staged_master s
		  WHERE s.job_id = import_target.job_id AND s.target = import_target.target HAVING count(*) > 0;
		RETURN problems;
	EXCEPTION WHEN SQLSTATE 'LE000' OR invalid_text_representation THEN
		NULL;
	END;
	FOR staged IN
		SELECT r.row_no, r.fields, lag(r.row_no) OVER (PARTITION BY r.key ORDER BY r.row_no) AS before, r.key
		  FROM (SELECT s.row_no, s.fields, CASE WHEN erp_private.is_json_object(s.fields)
		                                        THEN ARRAY(SELECT COALESCE(s.fields::jsonb ->> k.name, '') FROM unnest(t.key_fields) AS k (name)) ELSE ARRAY[s.row_no::text, ''] END AS key
		          FROM erp.staged_master s JOIN erp_private.master_target() t ON t.target = s.target
		         WHERE s.job_id = import_target.job_id AND s.target = import_target.target) r
		 ORDER BY r.row_no
	LOOP
		IF NOT erp_private.is_json_object(staged.fields) THEN
			problems := problems || jsonb_build_array(jsonb_build_object('row_no', staged.row_no, 'column_name', 'fields', 'value', left(staged.fields, 100), 'error_code', 'LE010',
				'reason', 'the text is no JSON object'));
		ELSE
			IF staged.before IS NOT NULL AND array_to_string(staged.key, '') <> '' THEN
				problems := problems || jsonb_build_array(jsonb_build_object('row_no', staged.row_no, 'column_name', 'fields', 'value', array_to_string(staged.key, ', '), 'error_code', 'LE011',
					'reason', format('row %s says it already', staged.before)));
			END IF;
			problems := problems || erp_private.import_row(company_id, target, staged.row_no, staged.fields::jsonb,
				staged.before IS NULL OR array_to_string(staged.key, '') = '');
		END IF;
	END LOOP;
	RETURN problems;
END
$function$;
COMMENT ON FUNCTION erp_private.import_target(integer, bigint, text) IS
	'Writes the good rows of one target of an import of master data; returns the bad cells of the others, see erp_private.import_row().';

CREATE FUNCTION erp_private.is_json_object(value text) RETURNS boolean
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN value IS NOT NULL AND jsonb_typeof(value::jsonb) = 'object';
EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
	RETURN false;
END
$function$;
COMMENT ON FUNCTION erp_private.is_json_object(text) IS 'Whether the text is a JSON object.';

CREATE FUNCTION erp_private.import_rows(company_id integer, job_id bigint, skip_bad boolean) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	problems jsonb;
	target text;
BEGIN
	SELECT COALESCE(jsonb_agg(jsonb_build_object('row_no', s.row_no, 'column_name', 'target', 'value', s.target, 'error_code', 'LE011',
		       'reason', 'it is one of ' || (SELECT string_agg(t.target, ', ' ORDER BY t.rank) FROM erp_private.master_target() t))), '[]') INTO problems
	  FROM erp.staged_master s
	 WHERE s.job_id = import_rows.job_id AND NOT EXISTS (SELECT 1 FROM erp_private.master_target() t WHERE t.target = s.target);
	FOR target IN SELECT t.target FROM erp_private.master_target() t ORDER BY t.rank LOOP
		problems := problems || erp_private.import_target(company_id, job_id, target);
	END LOOP;
	IF problems <> '[]' AND NOT skip_bad THEN
		RAISE EXCEPTION 'nothing is written' USING DETAIL = problems::text;
	END IF;
	RETURN problems;
EXCEPTION WHEN raise_exception THEN
	RETURN problems;
END
$function$;
COMMENT ON FUNCTION erp_private.import_rows(integer, bigint, boolean) IS
	'Writes all rows of an import of master data, or none if one is bad, unless bad ones are to be skipped; returns the bad cells.';

CREATE FUNCTION erp_private.import_master_data(company_id integer, request jsonb) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
#variable_conflict use_column
DECLARE
	job record;
	problems jsonb;
	rows bigint;
	bad bigint;
	state text;
BEGIN
	PERFORM erp_private.check_object(request, '{"job_id": "integer!"}');
	SELECT j.* INTO job FROM erp.job j WHERE j.company_id = import_master_data.company_id AND j.job_id = (request ->> 'job_id')::bigint
	   AND j.state IN ('staging', 'refused') FOR UPDATE;
	IF NOT FOUND THEN
		PERFORM erp_private.refuse('LE070', 'the company has no import of this id that is in state staging or refused', '$.job_id', request ->> 'job_id', 'See erp.job_progress.');
	END IF;
	DELETE FROM erp.import_problem p WHERE p.job_id = job.job_id;
	problems := erp_private.import_rows(import_master_data.company_id, job.job_id, job.skip_bad);
	INSERT INTO erp.import_problem (job_id, row_no, problem_no, document_key, column_name, value, error_code, reason)
	SELECT job.job_id, r.row_no, row_number() OVER (PARTITION BY r.row_no ORDER BY e.n), s.target, r.column_name, r.value, r.error_code, r.reason
	  FROM jsonb_array_elements(problems) WITH ORDINALITY AS e (value, n)
	 CROSS JOIN LATERAL jsonb_to_record(e.value) AS r (row_no bigint, column_name text, value text, error_code text, reason text)
	  JOIN erp.staged_master s ON s.job_id = job.job_id AND s.row_no = r.row_no;
	SELECT count(*) INTO rows FROM erp.staged_master s WHERE s.job_id = job.job_id;
	SELECT count(DISTINCT p.row_no) INTO bad FROM erp.import_problem p WHERE p.job_id = job.job_id;
	state := CASE WHEN bad > 0 AND NOT job.skip_bad THEN 'refused' ELSE 'done' END;
	UPDATE erp.job j SET state = import_state.name, total_rows = rows, done_rows = CASE import_state.name WHEN 'done' THEN rows - bad ELSE 0 END, bad_rows = bad, updated_at = clock_timestamp()
	  FROM (SELECT state AS name) import_state WHERE j.company_id = import_master_data.company_id AND j.job_id = job.job_id;
	RETURN jsonb_build_object('state', state, 'rows', rows, 'bad_rows', bad);
END
$function$;
COMMENT ON FUNCTION erp_private.import_master_data(integer, jsonb) IS 'Does what erp.import_master_data() says.';
