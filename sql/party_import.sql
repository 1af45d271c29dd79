\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Import of parties with their addresses, contacts and identifiers: every bad cell is listed, those within lists too.
SELECT plan(8);
\o /dev/null
SELECT trial.make_company('PIMP');
SELECT erp.start_import('PIMP', 'j1', '{"name": "parties"}') ->> 'job_id' AS job \gset
SELECT erp.start_import('PIMP', 'j2', '{"name": "skipping", "skip_bad": true}') ->> 'job_id' AS skip \gset
CREATE FUNCTION pg_temp.problems(p_job bigint) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', row_no, document_key, column_name, quote_literal(value), error_code, reason) FROM erp.import_problem WHERE job_id = p_job ORDER BY row_no, problem_no
$$;
\o
INSERT INTO erp.staged_master (job_id, row_no, target, fields) VALUES
	(:job, 1, 'parties', '{"code": "P1", "name": "One", "roles": ["customer"], "overdue_days": 5, "tax_zone": "",
		"addresses": [{"code": "HQ", "city": "London"}], "contacts": [{"code": "mia", "name": "Mia"}], "identifiers": [{"scheme": "vat", "value": "GB980780684"}]}'),
	(:job, 2, 'parties', '{"code": "P2", "name": "Two", "roles": ["customer"], "overdue_check": "never", "sales_team": "NORTH", "price_list": 5,
		"addresses": [{"code": "HQ", "kind": "home", "city": 7}, {"kind": "delivery", "zip": "X"}, {"code": "OK"}],
		"contacts": [{"code": "tom"}, {"code": "sue", "name": "Sue", "email": "sue"}],
		"identifiers": [{"scheme": "vat", "value": "DE136695975"}, {"scheme": "uscc", "value": "123"}]}'),
	(:job, 3, 'parties', '{"code": "P3", "name": "Three", "roles": ["customer"], "addresses": "London", "contacts": ["Tom"], "tax_zone": "MARS"}'),
	(:job, 4, 'party_addresses', '{"party": "P1", "code": "DOCK", "kind": "delivery", "city": "Dover"}'),
	(:job, 5, 'party_addresses', '{"party": "P9", "code": "DOCK", "kind": "dock", "default": 1, "colour": "red"}'),
	(:job, 6, 'party_addresses', '{"party": "P1", "code": "DOCK", "city": "Deal"}'),
	(:job, 7, 'party_contacts', '{"party": "P1", "code": "ann", "name": "Ann", "email": "ann@p1.test"}'),
	(:job, 8, 'party_contacts', '{"party": "P1", "code": "bob", "email": "@"}'),
	(:job, 9, 'party_identifiers', '{"party": "P1", "scheme": "uscc", "value": "91110000600037341L"}'),
	(:job, 10, 'party_identifiers', '{"party": "P1", "scheme": "uscc", "value": "91110000600037341M"}'),
	(:job, 11, 'party_identifiers', '{"scheme": "duns"}');
SELECT is(erp.import_master_data('PIMP', 'i1', json_build_object('job_id', :job)), '{"rows": 11, "state": "refused", "bad_rows": 7}', 'seven of eleven rows are bad');
SELECT is(ARRAY(SELECT pg_temp.problems(:job)), ARRAY[
	'2 parties price_list ''5'' LE011 field "price_list" must be a text of at most 200 characters without control characters',
	'2 parties overdue_check ''never'' LE011 field "overdue_check" has a value that is not known',
	'2 parties sales_team ''NORTH'' LE012 there is no sales team "NORTH"',
	'2 parties addresses[0].city ''7'' LE011 field "city" must be a text of at most 200 characters without control characters',
	'2 parties addresses[1].zip ''X'' LE011 field "zip" is not known here',
	'2 parties addresses[1].code LE011 field "code" is missing',
	'2 parties addresses[0].kind ''home'' LE011 field "kind" has a value that is not known',
	'2 parties contacts[0].name LE011 field "name" is missing',
	'2 parties contacts[1].email ''sue'' LE011 this is no e-mail address',
	'2 parties identifiers[0].value ''DE136695975'' LE225 the identifier has a wrong check digit',
	'2 parties identifiers[1].value ''123'' LE225 the identifier is not of the form of its scheme',
	'3 parties addresses ''London'' LE011 field "addresses" must be an array',
	'3 parties tax_zone ''MARS'' LE012 there is no tax zone "MARS"',
	'3 parties contacts[0] ''Tom'' LE011 a row must be an object',
	'5 party_addresses colour ''red'' LE011 field "colour" is not known here',
	'5 party_addresses default ''1'' LE011 field "default" must be true or false',
	'5 party_addresses kind ''dock'' LE011 field "kind" has a value that is not known',
	'5 party_addresses party ''P9'' LE012 there is no party "P9"',
	'6 party_addresses fields ''P1, DOCK'' LE011 row 4 says it already',
	'8 party_contacts name LE011 field "name" is missing',
	'8 party_contacts email ''@'' LE011 this is no e-mail address',
	'10 party_identifiers value ''91110000600037341M'' LE225 the identifier has a wrong check digit',
	'11 party_identifiers party LE011 field "party" is missing'], 'every bad cell with its reason');
SELECT is((SELECT count(*) FROM erp.party_list WHERE company = 'PIMP' AND party_code LIKE 'P_'), 0::bigint, 'nothing is written');
INSERT INTO erp.staged_master SELECT :skip, row_no, target, fields FROM erp.staged_master WHERE job_id = :job;
SELECT is(erp.import_master_data('PIMP', 'i2', json_build_object('job_id', :skip)), '{"rows": 11, "state": "done", "bad_rows": 7}', 'four are good');
SELECT results_eq($$SELECT party_code, address_code, kind, is_default, city FROM erp.party_address_list WHERE company = 'PIMP' ORDER BY 2$$,
	$$VALUES ('P1', 'DOCK', 'delivery', true, 'Dover'), ('P1', 'HQ', 'main', true, 'London')$$, 'their addresses');
SELECT results_eq($$SELECT party_code, contact_code, email FROM erp.party_contact_list WHERE company = 'PIMP' ORDER BY 2$$, $$VALUES ('P1', 'ann', 'ann@p1.test'), ('P1', 'mia', '')$$, 'contacts');
SELECT results_eq($$SELECT scheme, value FROM erp.party_identifier_list WHERE company = 'PIMP' ORDER BY 1$$, $$VALUES ('uscc', '91110000600037341L'), ('vat', 'GB980780684')$$, 'and identifiers');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
