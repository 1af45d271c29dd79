\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Import of master data: every bad cell is listed, nothing is written while one is bad, and then all is.
SELECT plan(20);
\o /dev/null
SELECT trial.make_company('IMP');
SELECT erp.start_import('IMP', 'j1', '{"name": "items"}') ->> 'job_id' AS job \gset
SELECT erp.start_import('IMP', 'j2', '{"name": "skipping", "skip_bad": true}') ->> 'job_id' AS skip \gset
CREATE FUNCTION pg_temp.run(p_key text, p_job bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	RETURN erp.import_master_data('IMP', p_key, json_build_object('job_id', p_job));
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.problems(p_job bigint) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', row_no, document_key, column_name, quote_literal(value), error_code, reason) FROM erp.import_problem WHERE job_id = p_job ORDER BY row_no, problem_no
$$;
CREATE FUNCTION pg_temp.items() RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM erp.item i JOIN erp.company c USING (company_id) WHERE c.code = 'IMP'
$$;
\o
SELECT is(pg_temp.items(), 5::bigint, 'five items of the trial');
INSERT INTO erp.staged_master (job_id, row_no, target, fields) VALUES
	(:job, 1, 'items', '{"code": "P", "name": "Pin", "kind": "stock", "method": "fifo", "unit": "piece", "group": "SMALL"}'),
	(:job, 2, 'items', '{"code": "Q", "name": 5, "kind": "stok", "method": "fifo", "unit": "crate", "colour": "red", "active": "yes"}'),
	(:job, 3, 'items', '{"code": "R", "kind": "service", "method": "fifo", "cost_pool": "shelf"}'),
	(:job, 4, 'items', '{"code": "P", "name": "Pin again", "kind": "service"}'),
	(:job, 5, 'item_units', '{"item": "P", "unit": "box", "numerator": 12}'),
	(:job, 6, 'item_units', '{"item": "NONE", "unit": "box", "numerator": 0}'),
	(:job, 7, 'barcodes', '{"barcode": "5901234123457", "item": "P"}'),
	(:job, 8, 'barcodes', '{"barcode": "5901234123458", "item": "P", "unit": "kg"}'),
	(:job, 9, 'item_groups', '{"code": "SMALL", "name": "Small things", "unit": "piece"}'),
	(:job, 10, 'lots', 'not json'),
	(:job, 11, 'customers', '{"code": "C9"}'),
	(:job, 12, 'parties', '{"code": "C9", "name": "Customer 9", "roles": ["customer"], "payment_days": 5000}'),
	(:job, 13, 'item_units', '{"item": "P", "unit": "dozen", "numerator": 13}');
SELECT is(pg_temp.run('i1', :job), '{"rows": 13, "state": "refused", "bad_rows": 9}', 'nine of thirteen rows are bad');
SELECT is(ARRAY(SELECT pg_temp.problems(:job)), ARRAY[
	'2 items colour ''red'' LE011 field "colour" is not known here',
	'2 items active ''yes'' LE011 field "active" must be true or false',
	'2 items name ''5'' LE011 field "name" must be a text of at most 200 characters without control characters',
	'2 items kind ''stok'' LE011 field "kind" has a value that is not known',
	'2 items unit ''crate'' LE012 there is no unit "crate"',
	'3 items name LE011 field "name" is missing',
	'3 items cost_pool ''shelf'' LE011 field "cost_pool" has a value that is not known',
	'3 items method ''fifo'' LE011 a stock item needs a costing method and a service has none',
	'4 items fields ''P'' LE011 row 1 says it already',
	'6 item_units numerator ''0'' LE011 field "numerator" must be a whole number above zero of at most 12 digits',
	'6 item_units item ''NONE'' LE012 there is no item "NONE"',
	'8 barcodes barcode ''5901234123458'' LE184 a GTIN has 8, 12, 13 or 14 digits, the last of which is its check digit',
	'10 lots fields ''not json'' LE010 the text is no JSON object',
	'11 customers target ''customers'' LE011 it is one of units, item_groups, items, item_units, item_templates, variants, barcodes, warehouses, locations, lots, parties, party_addresses, party_contacts, party_identifiers',
	'12 parties payment_days ''5000'' LE011 the days of payment are 0 to 3650',
	'13 item_units  ''dozen'' LE180 units of item "P" differ: one "dozen" comes to 12/1 and 13/1 of its own'], 'every bad cell with its reason');
SELECT is(pg_temp.items(), 5::bigint, 'nothing is written');
SELECT is((SELECT concat_ws(' ', state, total_rows, done_rows, bad_rows) FROM erp.job WHERE job_id = :job), 'refused 13 0 9', 'the job says so');
SELECT is(pg_temp.run('i1', :job), '{"rows": 13, "state": "refused", "bad_rows": 9}', 'the same call is not made twice');

-- The same rows, skipping what is bad.
INSERT INTO erp.staged_master SELECT :skip, row_no, target, fields FROM erp.staged_master WHERE job_id = :job;
SELECT is(pg_temp.run('i2', :skip), '{"rows": 13, "state": "done", "bad_rows": 9}', 'four rows are good');
SELECT is(ARRAY(SELECT pg_temp.problems(:skip)), ARRAY(SELECT pg_temp.problems(:job)), 'the bad cells are the same');
SELECT is((SELECT string_agg(item_code || ' ' || unit || ' ' || numerator, ', ' ORDER BY unit) FROM erp.item_units WHERE company = 'IMP' AND declared), 'P box 12', 'units of an item of the same import');
SELECT is((SELECT item_code || ' ' || unit FROM erp.find_barcode('IMP', '5901234123457')), 'P piece', 'and its barcode');
SELECT is((SELECT i.name FROM erp.item i JOIN erp.company c USING (company_id) WHERE c.code = 'IMP' AND i.code = 'P'), 'Pin', 'a row that says again what another says is not written');
SELECT is((SELECT count(*) FROM erp.party p JOIN erp.company c USING (company_id) WHERE c.code = 'IMP' AND p.code = 'C9'), 0::bigint, 'nor the customer');
SELECT is(pg_temp.run('i3', :skip), 'LE070 | the company has no import of this id that is in state staging or refused | At $.job_id, value "' || :skip || '".', 'a job is done once');
SELECT throws_ok(format('INSERT INTO erp.staged_master VALUES (%s, 99, ''items'', ''{}'')', :skip), 'LE070', NULL, 'and takes no more rows');

-- Mended.
DELETE FROM erp.staged_master WHERE job_id = :job AND row_no IN (4, 6, 8, 10, 11, 13);
UPDATE erp.staged_master SET fields = '{"code": "Q", "name": "Q", "kind": "stock", "method": "fifo", "unit": "kg"}' WHERE job_id = :job AND row_no = 2;
UPDATE erp.staged_master SET fields = '{"code": "R", "name": "R", "kind": "service"}' WHERE job_id = :job AND row_no = 3;
UPDATE erp.staged_master SET fields = '{"code": "C9", "name": "Customer 9", "roles": ["customer"]}' WHERE job_id = :job AND row_no = 12;
SELECT is(pg_temp.run('i4', :job), '{"rows": 7, "state": "done", "bad_rows": 0}', 'seven rows are good');
SELECT is(ARRAY(SELECT pg_temp.problems(:job)), ARRAY[]::text[], 'and nothing is listed any more');
SELECT is(pg_temp.items(), 8::bigint, 'three items more');
SELECT is((SELECT count(*) FROM erp.party p JOIN erp.company c USING (company_id) WHERE c.code = 'IMP' AND p.code = 'C9'), 1::bigint, 'and the customer');
SELECT throws_ok('INSERT INTO erp.staged_master VALUES (999999999, 1, ''items'', ''{}'')', 'LE012', NULL, 'rows are of a job');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
