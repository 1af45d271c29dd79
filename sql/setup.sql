\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
-- What CREATE EXTENSION and erp.setup() leave: roles, owners, rights, guards; that setup() may run again,
-- that migrate() takes steps, and that dropping the extension loses no table.
SET client_min_messages = warning;
\o /dev/null
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS erp;
SELECT erp.setup();
\o
BEGIN;
SELECT plan(42);

-- Nothing of the company's is a member of the extension.
SELECT is_empty($$SELECT pg_describe_object(d.classid, d.objid, 0) FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'erp' AND d.classid <> 'pg_proc'::regclass$$,
	'the extension owns functions only: no schema, table, view or sequence');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c
	WHERE c.relnamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace) AND c.relowner <> 'erp_owner'::regrole$$,
	'every table, view, index and sequence belongs to erp_owner');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace)
	AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')$$, 'every table has a primary key');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v') AND c.relnamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace)
	AND obj_description(c.oid, 'pg_class') IS NULL$$, 'every table and view says what it is');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace)
	AND obj_description(p.oid, 'pg_proc') IS NULL$$, 'every function says what it does');

-- Roles and rights.
SELECT is_empty($$SELECT rolname FROM pg_roles WHERE rolname LIKE 'erp\_%' AND (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls)$$,
	'no role of erp may log in or has an attribute');
SELECT bag_eq($$SELECT r.rolname::text || ' > ' || m.rolname FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
	WHERE r.rolname LIKE 'erp\_%' AND m.rolname LIKE 'erp\_%'$$,
	ARRAY['erp_read > erp_sales', 'erp_read > erp_warehouse', 'erp_read > erp_accountant', 'erp_read > erp_admin',
		'erp_sales > erp_admin', 'erp_warehouse > erp_admin', 'erp_accountant > erp_admin',
		'erp_read > erp_reviewer', 'erp_read > erp_cashier', 'erp_reviewer > erp_admin', 'erp_cashier > erp_admin', 'erp_read > erp_approver', 'erp_approver > erp_sales',
		'erp_approver > erp_warehouse', 'erp_approver > erp_accountant', 'erp_approver > erp_reviewer', 'erp_approver > erp_cashier'],
	'all roles read, erp_admin has all others, nobody is erp_owner');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace)
	AND has_function_privilege('public', p.oid, 'EXECUTE')$$, 'PUBLIC may execute nothing');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'S') AND c.relnamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace)
	AND EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 0)$$, 'PUBLIC may read nothing');
SELECT bag_eq($$SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'erp'::regnamespace AND NOT has_function_privilege('erp_admin', p.oid, 'EXECUTE')$$,
	ARRAY['setup', 'migrate'], 'erp_admin may execute all of schema erp but setup and migrate');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'erp'::regnamespace AND p.provolatile = 'v' AND p.proname <> 'data_version'
	AND has_function_privilege('erp_read', p.oid, 'EXECUTE')$$, 'erp_read may execute nothing that changes something');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'erp_private'::regnamespace
	AND has_function_privilege('erp_admin', p.oid, 'EXECUTE')$$, 'nobody but the engine executes internals');
SELECT bag_eq($$SELECT DISTINCT r.rolname || ' ' || a.privilege_type || ' ' || c.oid::regclass FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
	WHERE c.relnamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace) AND r.rolname <> 'erp_owner' AND a.privilege_type <> 'SELECT'$$,
	ARRAY(SELECT format('%s %s erp.%s', r, p, t) FROM unnest('{erp_sales,erp_warehouse,erp_accountant}'::text[]) r, unnest('{INSERT,UPDATE,DELETE}'::text[]) p, unnest('{staged_line,staged_master}'::text[]) t),
	'staged rows are all that anybody writes directly');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v') AND c.relnamespace = 'erp'::regnamespace
	AND NOT has_table_privilege('erp_read', c.oid, 'SELECT')$$, 'erp_read reads every table and view of schema erp');
SELECT ok(NOT has_schema_privilege('erp_read', 'erp_private', 'USAGE') AND has_schema_privilege('erp_admin', 'erp_private', 'USAGE'),
	'of the internals only erp_admin sees the tables');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace)
	AND p.prosecdef AND p.proowner <> 'erp_owner'::regrole$$, 'no function runs with the rights of whoever installed it');

-- Guards.
SELECT is_empty('SELECT * FROM erp_private.guard_violation()', 'every guard stands');
SELECT cmp_ok((SELECT count(DISTINCT table_name) FROM erp_private.guard_manifest() WHERE trigger_name = 'guard_insert'), '>=', 15::bigint,
	'tables hold facts');
SELECT is((SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A' AND tgfoid::regproc::text LIKE 'erp_private.%'),
	(SELECT count(*) FROM erp_private.guard_manifest()), 'as many triggers as the manifest lists, all ENABLE ALWAYS');

-- setup() again changes nothing.
CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
		SELECT format('%s %s %s %s', c.oid, c.relname, c.relowner, c.relacl) AS line FROM pg_class c WHERE c.relnamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace)
		UNION ALL SELECT format('%s %s %s', t.oid, t.tgname, t.tgenabled) FROM pg_trigger t
		UNION ALL SELECT format('%s %s %s %s', p.oid, p.proname, p.proowner, p.proacl) FROM pg_proc p WHERE p.pronamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace)
		UNION ALL SELECT format('%s %s', k.oid, k.conname) FROM pg_constraint k
		UNION ALL SELECT format('%s %s %s', r.oid, r.rolname, r.rolcanlogin) FROM pg_roles r
		UNION ALL SELECT format('%s %s', d.objoid, d.description) FROM pg_description d
		UNION ALL SELECT format('%s', m) FROM erp.migration m
		UNION ALL SELECT format('%s', c) FROM erp.currency c
		UNION ALL SELECT format('%s', i) FROM erp.integrity_check i) s
$$;
CREATE TEMP TABLE before AS SELECT pg_temp.state() AS state, erp.setup() AS said;
SELECT is(pg_temp.state(), (SELECT state FROM before), 'setup() a second time changes nothing');
SELECT is((SELECT said FROM before), erp.setup(), 'and says the same');
UPDATE erp.currency SET name = 'Sterling' WHERE code = 'GBP';
\o /dev/null
SELECT erp.setup();
\o
SELECT is((SELECT c.name FROM erp.currency c WHERE c.code = 'GBP'), 'Sterling', 'rows that were changed since stay as they are');
ALTER TABLE erp.voucher DISABLE TRIGGER ALL;
DROP TRIGGER guard_truncate ON erp.seal;
CREATE TABLE erp.voucher_of_mine () INHERITS (erp.voucher);
SELECT is((SELECT count(*) FROM erp_private.guard_violation()), 3 + 1 + 1::bigint, 'guards that are off or gone are seen, and a child');
\o /dev/null
SELECT erp.setup();
\o
SELECT is((SELECT string_agg(table_name || '.' || trigger_name, ' ') FROM erp_private.guard_violation()), 'erp.voucher.inheritance', 'setup() arms them; the child is left to whoever made it');
DROP TABLE erp.voucher_of_mine;
SELECT is_empty('SELECT * FROM erp_private.guard_violation()', 'without it all is well');

-- Who may run it.
SET LOCAL ROLE erp_admin;
SELECT throws_ok('SELECT erp.setup()', '42501', NULL, 'erp_admin does not run setup()');
RESET ROLE;
GRANT EXECUTE ON FUNCTION erp.setup() TO erp_admin;
GRANT EXECUTE ON FUNCTION erp_private.check_roles() TO erp_admin;
SET LOCAL ROLE erp_admin;
SELECT throws_ok('SELECT erp.setup()', '42501', 'erp.setup() and erp.migrate() are run by a superuser', 'even with EXECUTE: it needs a superuser');
RESET ROLE;

-- The caller is known behind the engine, and only there does erp_owner write.
SELECT lives_ok($$SELECT erp.create_company('SETUP', 'c', '{"name": "Setup", "currency": "GBP", "chart": "english"}')$$, 'a company is made');
SELECT is((SELECT recorded_by::name FROM erp.document WHERE key = 'c' ORDER BY document_id DESC LIMIT 1), current_user, 'its document says who made it');

-- The state machine is data.
SELECT throws_ok($$UPDATE erp.document SET state = 'archived' WHERE key = 'c'$$, 'LE070', NULL, 'no transition leaves "posted"');
SELECT throws_ok($$UPDATE erp.document SET day = day + 1 WHERE key = 'c'$$, 'LE060', NULL, 'nothing but the state of a document changes');
INSERT INTO erp.document_transition VALUES ('administration', 'posted', 'archived', 'erp_accountant');
SET LOCAL ROLE erp_owner;
SELECT throws_ok($$UPDATE erp.document SET state = 'archived' WHERE key = 'c'$$, 'LE070', NULL, 'a transition asks for its role');
RESET ROLE;
GRANT erp_accountant TO erp_owner;
SET LOCAL ROLE erp_owner;
SELECT lives_ok($$UPDATE erp.document SET state = 'archived' WHERE key = 'c'$$, 'whose members may');
RESET ROLE;

-- A trigger of somebody's on a fact table does not insert facts under the engine's flag.
CREATE FUNCTION pg_temp.follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	INSERT INTO erp.seal (company_id, position, document_id, previous_hash, hash) VALUES (1, 1, 1, '', '');
	RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER INSERT ON erp.call_result FOR EACH ROW EXECUTE FUNCTION pg_temp.follow();
SELECT throws_ok($$SELECT erp.put_warehouses('SETUP', 'w', '[{"code": "W", "name": "W"}]')$$, 'LE061', NULL, 'a fact inserted by a trigger of somebody''s is refused');
DROP TRIGGER follow ON erp.call_result;

-- Migration.
CREATE OR REPLACE FUNCTION erp_private.migration_step() RETURNS TABLE (step integer, name text, version text, statements text) LANGUAGE sql IMMUTABLE AS $$
	VALUES (1, 'tables of the first release', '0.1', ''),
	       (2, 'a table more', '0.2', 'CREATE TABLE erp.more (more_id integer CONSTRAINT more_key PRIMARY KEY); INSERT INTO erp.more VALUES (7)'),
	       (3, 'a column more', '0.3', 'ALTER TABLE erp.more ADD COLUMN name text NOT NULL DEFAULT ''x''') $$;
SELECT throws_ok($$SELECT erp.put_warehouses('SETUP', 'w', '[{"code": "W", "name": "W"}]')$$, 'LE002', NULL, 'code newer than the tables refuses to work');
\o /dev/null
SELECT erp.setup();
\o
SELECT is((SELECT max(m.step) FROM erp.migration m), 1, 'setup() leaves older tables to migrate()');
SELECT is(erp.migrate(), 2, 'migrate() takes the steps that are missing');
SELECT is((SELECT format('%s %s %s', m.more_id, m.name, c.relowner::regrole) FROM erp.more m, pg_class c WHERE c.oid = 'erp.more'::regclass), '7 x erp_owner', 'in their order, as erp_owner');
SELECT is(erp.migrate(), 0, 'and never again');
SELECT is(erp.data_version(), '0.3', 'data_version() is that of the last step');
SELECT lives_ok($$SELECT erp.put_warehouses('SETUP', 'w', '[{"code": "W", "name": "W"}]')$$, 'then the code works');

-- Errors.
SELECT is_empty($$SELECT e.sqlstate FROM erp.errors() e WHERE NOT (e.sqlstate ~ '^LE[0-9]{3}$' AND e.cure ~ '[.]$' AND e.meaning ~ '[.]$')
	UNION ALL (SELECT e.sqlstate FROM erp.errors() e GROUP BY e.sqlstate HAVING count(*) > 1)
	UNION ALL (SELECT e.name FROM erp.errors() e GROUP BY e.name HAVING count(*) > 1)$$, 'every SQLSTATE stands once, with meaning and cure');
SELECT * FROM finish();
ROLLBACK;

-- DROP EXTENSION CASCADE leaves tables and rows; setup() makes the database whole.
BEGIN;
SELECT plan(3);
\o /dev/null
SELECT erp.create_company('SETUP', 'c', '{"name": "Setup", "currency": "GBP", "chart": "english"}');
\o
CREATE TEMP TABLE tables AS SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace);
DROP EXTENSION erp CASCADE;
SELECT is((SELECT count(*) FROM tables t JOIN pg_class c ON c.oid = t.oid), (SELECT count(*) FROM tables), 'DROP EXTENSION CASCADE drops no table, view, index or sequence');
CREATE EXTENSION erp;
SELECT throws_ok($$SELECT erp.put_warehouses('SETUP', 'w', '[{"code": "W", "name": "W"}]')$$, 'LE001', NULL, 'without guards nothing works');
\o /dev/null
SELECT erp.setup();
\o
SELECT is((SELECT (erp.create_company('SETUP', 'c', '{"name": "Setup", "currency": "GBP", "chart": "english"}') ->> 'accounts')
	|| (SELECT count(*) FROM erp_private.guard_violation())), (SELECT count(*) || '0' FROM erp.chart c WHERE c.chart = 'english'), 'after setup() it does, and the first result is still known');
SELECT * FROM finish();
ROLLBACK;
