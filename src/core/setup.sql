-- erp.setup(): what the code needs in this database, made or made whole. This file comes after all domains.

CREATE FUNCTION erp.version() RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'erp'
$function$;
COMMENT ON FUNCTION erp.version() IS 'Version of the code that is installed, as in pg_extension; differs from erp.data_version() until erp.migrate() has run.';

-- Step 1 is the first release's tables, which erp.setup() makes from the definitions. A later step
-- carries the statements that take the tables of the step before it there.
CREATE FUNCTION erp_private.migration_step()
	RETURNS TABLE (step integer, name text, version text, statements text)
	LANGUAGE sql IMMUTABLE
AS $function$
	VALUES (1, 'tables of the first release', '0.1', '')
$function$;
COMMENT ON FUNCTION erp_private.migration_step() IS
	'The numbered steps from the tables of the first release to those of this code.';

CREATE FUNCTION erp_private.guard_manifest()
	RETURNS TABLE (table_name text, trigger_name text, function_name text, timing text, events text, level text)
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT * FROM erp_private.core_guard()
	UNION ALL SELECT * FROM erp_private.ledger_guard()
	UNION ALL SELECT * FROM erp_private.inventory_guard()
	UNION ALL SELECT * FROM erp_private.sales_guard()
$function$;
COMMENT ON FUNCTION erp_private.guard_manifest() IS
	'Every trigger that must stand: table, trigger, function of schema erp_private, BEFORE or AFTER, events, ROW or STATEMENT.';

CREATE FUNCTION erp_private.guard_target()
	RETURNS TABLE (relation_id oid, table_name text, trigger_name text, function_name text, timing text, events text, level text,
		trigger_type integer)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT to_regclass(m.table_name)::oid, m.table_name, m.trigger_name, m.function_name, m.timing, m.events, m.level,
	       CASE m.level WHEN 'ROW' THEN 1 ELSE 0 END | CASE m.timing WHEN 'BEFORE' THEN 2 ELSE 0 END
	       | CASE WHEN m.events LIKE '%INSERT%' THEN 4 ELSE 0 END | CASE WHEN m.events LIKE '%DELETE%' THEN 8 ELSE 0 END
	       | CASE WHEN m.events LIKE '%UPDATE%' THEN 16 ELSE 0 END | CASE WHEN m.events LIKE '%TRUNCATE%' THEN 32 ELSE 0 END
	  FROM erp_private.guard_manifest() m
$function$;
COMMENT ON FUNCTION erp_private.guard_target() IS
	'The manifest of guards with the tables'' ids; relation_id is null where the table is missing, trigger_type as in pg_trigger.tgtype.';

-- Those of the manifest, and all that erp_owner has in the two schemas.
CREATE FUNCTION erp_private.engine_table() RETURNS TABLE (relation_id oid)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT c.oid FROM pg_class c
	 WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN (to_regnamespace('erp'), to_regnamespace('erp_private'))
	   AND c.relowner = to_regrole('erp_owner')
	UNION
	SELECT g.relation_id FROM erp_private.guard_target() g WHERE g.relation_id IS NOT NULL
$function$;
COMMENT ON FUNCTION erp_private.engine_table() IS 'The tables that the engine works on: their guards must stand, and all their rows must be seen.';

-- A statement trigger of a table does not see what is done to its children, nor what is done to it by way of a parent.
CREATE FUNCTION erp_private.table_violation()
	RETURNS TABLE (table_name text, trigger_name text, problem text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT format('%I.%I', n.nspname, c.relname), 'inheritance',
	       CASE WHEN i.inhparent = c.oid THEN format('%s inherits from it: ALTER TABLE ... NO INHERIT or DROP it', i.inhrelid::regclass)
	            ELSE format('it inherits from %s, or is its partition: ALTER TABLE ... NO INHERIT or DETACH it', i.inhparent::regclass) END
	  FROM erp_private.engine_table() e
	  JOIN pg_class c ON c.oid = e.relation_id
	  JOIN pg_namespace n ON n.oid = c.relnamespace
	  JOIN pg_inherits i ON c.oid IN (i.inhparent, i.inhrelid)
	UNION ALL
	SELECT format('%I.%I', n.nspname, c.relname), 'row_security',
	       'row level security may hide rows from the engine: ALTER TABLE ... NO FORCE ROW LEVEL SECURITY, OWNER TO erp_owner'
	  FROM erp_private.engine_table() e
	  JOIN pg_class c ON c.oid = e.relation_id
	  JOIN pg_namespace n ON n.oid = c.relnamespace
	 WHERE c.relforcerowsecurity OR (c.relrowsecurity AND c.relowner <> to_regrole('erp_owner'))
$function$;
COMMENT ON FUNCTION erp_private.table_violation() IS
	'Ways round the guards: tables of the engine that have children or parents, or whose rows may be hidden from the engine. erp.setup() leaves them as they are.';

-- What is inserted is what the engine says; a row trigger AFTER INSERT changes nothing of it and may stand.
CREATE FUNCTION erp_private.insert_violation()
	RETURNS TABLE (table_name text, trigger_name text, problem text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT g.table_name, t.tgname, 'a row trigger BEFORE INSERT may alter what the engine inserts: make it AFTER INSERT, or DROP it'
	  FROM erp_private.guard_target() g
	  JOIN pg_trigger t ON t.tgrelid = g.relation_id AND t.tgtype & 7 = 7 AND t.tgenabled <> 'D'
	 WHERE g.function_name = 'guard_insert'
	UNION ALL
	SELECT g.table_name, r.rulename, 'a rule ON INSERT takes the place of what the engine inserts: DROP it'
	  FROM erp_private.guard_target() g
	  JOIN pg_rewrite r ON r.ev_class = g.relation_id AND r.ev_type = '3' AND r.ev_enabled <> 'D'
	 WHERE g.function_name = 'guard_insert'
$function$;
COMMENT ON FUNCTION erp_private.insert_violation() IS
	'Triggers and rules of others that facts of the engine would go through before they are written. erp.setup() leaves them as they are.';

CREATE FUNCTION erp_private.guard_violation()
	RETURNS TABLE (table_name text, trigger_name text, problem text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
	SELECT g.table_name, g.trigger_name,
	       CASE WHEN g.relation_id IS NULL THEN 'the table is missing'
	            WHEN t.oid IS NULL THEN 'the trigger is missing'
	            WHEN t.tgenabled <> 'A' THEN 'the trigger is not ENABLE ALWAYS'
	            ELSE 'the trigger or its function was replaced' END
	  FROM erp_private.guard_target() g
	  LEFT JOIN pg_trigger t ON t.tgrelid = g.relation_id AND t.tgname = g.trigger_name AND NOT t.tgisinternal
	  LEFT JOIN pg_proc p ON p.oid = t.tgfoid
	 WHERE (t.tgenabled = 'A' AND t.tgtype = g.trigger_type AND t.tgqual IS NULL AND t.tgattr = ''
	   AND p.pronamespace = to_regnamespace('erp_private') AND p.proname = g.function_name
	   AND p.prolang = (SELECT oid FROM pg_language WHERE lanname = 'c') AND p.prosrc = 'erp_' || g.function_name) IS NOT TRUE
	UNION ALL
	SELECT * FROM erp_private.table_violation()
	UNION ALL
	SELECT * FROM erp_private.insert_violation()
	 ORDER BY 1, 2
$function$;
COMMENT ON FUNCTION erp_private.guard_violation() IS
	'Guards that are missing, disabled or replaced, on tables of the manifest, and ways round them. Empty when all stand.';

CREATE FUNCTION erp_private.arm_guards() RETURNS bigint
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	guard record;
	armed bigint := 0;
BEGIN
	FOR guard IN
		SELECT g.*, g.relation_id::regclass AS relation, v.problem
		  FROM erp_private.guard_target() g JOIN erp_private.guard_violation() v USING (table_name, trigger_name)
		 ORDER BY g.table_name, g.trigger_name
	LOOP
		IF guard.problem <> 'the trigger is missing' THEN
			EXECUTE format('DROP TRIGGER %I ON %s', guard.trigger_name, guard.relation);
		END IF;
		EXECUTE format('CREATE TRIGGER %I %s %s ON %s FOR EACH %s EXECUTE FUNCTION erp_private.%I()',
			guard.trigger_name, guard.timing, guard.events, guard.relation, guard.level, guard.function_name);
		EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', guard.relation, guard.trigger_name);
		armed := armed + 1;
	END LOOP;
	RETURN armed;
END
$function$;
COMMENT ON FUNCTION erp_private.arm_guards() IS
	'Makes every guard that does not stand; returns how many.';

CREATE FUNCTION erp_private.make_roles() RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	wanted record;
	role_group record;
BEGIN
	FOR wanted IN
		SELECT w.role_name, w.meaning
		  FROM (VALUES ('erp_owner', 'Owns the tables of erp and does the engine''s work. Cannot log in; has no members.'),
		               ('erp_read', 'Reads every table, view and report of schema erp; changes nothing.'),
		               ('erp_sales', 'Posts what is sold and credited, keeps parties, runs imports; reads all.'),
		               ('erp_warehouse', 'Posts what is received, found, lost or given away, keeps items and warehouses; reads all.'),
		               ('erp_reviewer', 'Reviews drafts of vouchers, or sends them back; reads all.'),
		               ('erp_cashier', 'Signs drafts of vouchers that move cash, or sends them back; reads all.'),
		               ('erp_approver', 'Approves what rules of approval have him or her sign, as all who work here may; reads all.'),
		               ('erp_accountant', 'Keeps accounts, rules, rates, periods and numbers, posts vouchers and bad debts; reads all.'),
		               ('erp_admin', 'Has all other roles, creates companies and keeps what all of them share.')) AS w (role_name, meaning)
	LOOP
		IF to_regrole(wanted.role_name) IS NULL THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN', wanted.role_name);
		END IF;
		IF shobj_description(to_regrole(wanted.role_name), 'pg_authid') IS NULL THEN
			EXECUTE format('COMMENT ON ROLE %I IS %L', wanted.role_name, wanted.meaning);
		END IF;
	END LOOP;
	FOR role_group IN
		SELECT w.role_name, w.member_name
		  FROM (VALUES ('erp_read', 'erp_sales'), ('erp_read', 'erp_warehouse'), ('erp_read', 'erp_accountant'),
		               ('erp_read', 'erp_admin'), ('erp_sales', 'erp_admin'), ('erp_warehouse', 'erp_admin'),
		               ('erp_accountant', 'erp_admin'), ('erp_read', 'erp_reviewer'), ('erp_read', 'erp_cashier'),
		               ('erp_reviewer', 'erp_admin'), ('erp_cashier', 'erp_admin'),
		               ('erp_read', 'erp_approver'), ('erp_approver', 'erp_sales'), ('erp_approver', 'erp_warehouse'),
		               ('erp_approver', 'erp_accountant'), ('erp_approver', 'erp_reviewer'), ('erp_approver', 'erp_cashier')) AS w (role_name, member_name)
		 WHERE NOT EXISTS (SELECT 1 FROM pg_auth_members a
		                    WHERE a.roleid = to_regrole(w.role_name) AND a.member = to_regrole(w.member_name))
	LOOP
		EXECUTE format('GRANT %I TO %I', role_group.role_name, role_group.member_name);
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.make_roles() IS
	'Makes the group roles that are missing and their memberships: all may read, erp_admin may do everything.';

CREATE FUNCTION erp_private.check_roles() RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
		RAISE EXCEPTION 'erp.setup() and erp.migrate() are run by a superuser'
			USING ERRCODE = 'insufficient_privilege', HINT = 'Connect as a superuser; afterwards nothing of erp needs one.';
	END IF;
	IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'erp_owner' AND (rolsuper OR rolcanlogin)) THEN
		RAISE EXCEPTION 'role "erp_owner" may log in or is a superuser'
			USING ERRCODE = 'invalid_role_specification', HINT = 'ALTER ROLE erp_owner NOLOGIN NOSUPERUSER';
	END IF;
END
$function$;
COMMENT ON FUNCTION erp_private.check_roles() IS
	'Refuses a caller who is no superuser, and a role erp_owner that could log in.';

-- Runs the definitions of one part of every domain as erp_owner.
CREATE FUNCTION erp_private.run_definitions(part text) RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	caller text := current_setting('role');
	domain text;
	statements text;
BEGIN
	PERFORM set_config('role', 'erp_owner', true);
	FOREACH domain IN ARRAY ARRAY['core', 'ledger', 'inventory', 'sales'] LOOP
		statements := erp_private.definition(domain, part);
		IF statements IS NOT NULL THEN
			EXECUTE statements;
		END IF;
	END LOOP;
	PERFORM set_config('role', caller, true);
END
$function$;
COMMENT ON FUNCTION erp_private.run_definitions(text) IS
	'Runs one part (the name of a file without its ending, as tables, seed or views; make_tables() and make_whole() have them all) of every domain''s definitions as erp_owner.';

CREATE FUNCTION erp_private.make_tables() RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.run_definitions('tables');
	PERFORM erp_private.run_definitions('party_tables');
	PERFORM erp_private.run_definitions('calendar_tables');
	PERFORM erp_private.run_definitions('import_tables');
	PERFORM erp_private.run_definitions('reservation_tables');
	PERFORM erp_private.run_definitions('draft_tables');
	PERFORM erp_private.run_definitions('approval_tables'), erp_private.run_definitions('outbox_tables');
	PERFORM erp_private.run_definitions('balance_tables');
	PERFORM erp_private.run_definitions('budget_tables');
	PERFORM erp_private.run_definitions('close_tables');
	PERFORM erp_private.run_definitions('statement_tables');
	PERFORM erp_private.run_definitions('folded_stock_tables');
	PERFORM erp_private.run_definitions('electronic_voucher_tables');
	PERFORM erp_private.run_definitions('consolidation_tables');
	PERFORM erp_private.run_definitions('template_tables');
	PERFORM erp_private.run_definitions('schedule_tables');
	PERFORM erp_private.run_definitions('allocation_tables');
	PERFORM erp_private.run_definitions('price_tables');
	PERFORM erp_private.run_definitions('order_tables');
	PERFORM erp_private.run_definitions('ship_tables');
	PERFORM erp_private.run_definitions('status_tables');
	PERFORM erp_private.run_definitions('carrier_tables');
	PERFORM erp_private.run_definitions('quote_tables');
	PERFORM erp_private.run_definitions('dunning_tables');
	PERFORM erp_private.run_definitions('commission_tables');
	PERFORM erp_private.run_definitions('seed');
	PERFORM erp_private.run_definitions('approval_seed');
	PERFORM erp_private.run_definitions('rule_seed');
	PERFORM erp_private.run_definitions('close_seed');
	PERFORM erp_private.run_definitions('generated_seed');
	PERFORM erp_private.run_definitions('statement_seed');
	PERFORM erp_private.run_definitions('order_seed');
	PERFORM erp_private.run_definitions('status_seed');
	PERFORM erp_private.run_definitions('quote_seed');
	INSERT INTO erp.migration (step, name, version)
	SELECT s.step, s.name, s.version FROM erp_private.migration_step() s ORDER BY s.step;
END
$function$;
COMMENT ON FUNCTION erp_private.make_tables() IS
	'Makes all tables and their first rows, and records the steps that they are worth.';

CREATE FUNCTION erp_private.run_migrations() RETURNS integer
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	caller text := current_setting('role');
	migration record;
	applied integer := 0;
BEGIN
	-- Two sessions that migrate at once take the steps one after the other.
	LOCK TABLE erp.migration IN SHARE ROW EXCLUSIVE MODE;
	FOR migration IN
		SELECT s.* FROM erp_private.migration_step() s
		 WHERE s.step > (SELECT COALESCE(max(m.step), 0) FROM erp.migration m)
		 ORDER BY s.step
	LOOP
		PERFORM set_config('role', 'erp_owner', true);
		EXECUTE migration.statements;
		PERFORM set_config('role', caller, true);
		INSERT INTO erp.migration (step, name, version) VALUES (migration.step, migration.name, migration.version);
		applied := applied + 1;
	END LOOP;
	RETURN applied;
END
$function$;
COMMENT ON FUNCTION erp_private.run_migrations() IS
	'Runs the steps that are not recorded yet, each as erp_owner, and records them; returns how many.';

CREATE FUNCTION erp_private.make_whole() RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.run_definitions('views');
	PERFORM erp_private.run_definitions('origin_views');
	PERFORM erp_private.run_definitions('party_views');
	PERFORM erp_private.run_definitions('balance_views');
	PERFORM erp_private.run_definitions('close_views');
	PERFORM erp_private.run_definitions('folded_stock_views');
	PERFORM erp_private.run_definitions('payment_views');
	PERFORM erp_private.run_definitions('number_views');
	PERFORM erp_private.run_definitions('budget_views');
	PERFORM erp_private.run_definitions('draft_views');
	PERFORM erp_private.run_definitions('approval_views');
	PERFORM erp_private.run_definitions('reservation_views');
	PERFORM erp_private.run_definitions('unit_views');
	PERFORM erp_private.run_definitions('opening_views');
	PERFORM erp_private.run_definitions('cost_views');
	PERFORM erp_private.run_definitions('place_views');
	PERFORM erp_private.run_definitions('warehouse_views');
	PERFORM erp_private.run_definitions('correction_views');
	PERFORM erp_private.run_definitions('loan_views');
	PERFORM erp_private.run_definitions('carrier_views');
	PERFORM erp_private.run_definitions('shipment_views');
	PERFORM erp_private.run_definitions('electronic_voucher_views');
	PERFORM erp_private.run_definitions('consolidation_views');
	PERFORM erp_private.run_definitions('template_views');
	PERFORM erp_private.run_definitions('schedule_views');
	PERFORM erp_private.run_definitions('order_views');
	PERFORM erp_private.run_definitions('milestone_views');
	PERFORM erp_private.run_definitions('book_views');
	PERFORM erp_private.run_definitions('margin_views');
	PERFORM erp_private.run_definitions('profile_views');
	PERFORM erp_private.run_definitions('quote_views');
	PERFORM erp_private.run_definitions('dunning_views');
	PERFORM erp_private.run_definitions('price_views');
	PERFORM erp_private.run_definitions('checks_seed');
	PERFORM erp_private.run_definitions('comments');
	PERFORM erp_private.run_definitions('order_comments');
	COMMENT ON SCHEMA erp IS 'Calls, tables, views and reports of the back office: all that users need.';
	COMMENT ON SCHEMA erp_private IS 'Internals of erp: working state, guards, checks. Nobody but the engine calls them.';
	PERFORM erp_private.arm_guards();
	PERFORM erp_private.grant_rights();
END
$function$;
COMMENT ON FUNCTION erp_private.make_whole() IS
	'Everything beside tables and rows: views, registered checks, comments, guards, rights.';

CREATE FUNCTION erp.setup() RETURNS text
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	PERFORM erp_private.check_roles();
	PERFORM erp_private.make_roles();
	GRANT USAGE, CREATE ON SCHEMA erp, erp_private TO erp_owner;
	GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA erp, erp_private TO erp_owner;
	IF to_regclass('erp.migration') IS NULL THEN
		PERFORM erp_private.make_tables();
	END IF;
	IF (SELECT max(step) FROM erp.migration) = (SELECT max(step) FROM erp_private.migration_step()) THEN
		PERFORM erp_private.make_whole();
	END IF;
	RETURN format('erp %s: %s tables, step %s', erp.version(),
		(SELECT count(*) FROM pg_class WHERE relnamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace) AND relkind IN ('r', 'p')),
		(SELECT max(step) FROM erp.migration));
END
$function$;
COMMENT ON FUNCTION erp.setup() IS
	'Makes the roles, tables, views, guards and rights that are missing; what is there stays as it is. Run by a superuser after CREATE EXTENSION, after a restore and after DROP EXTENSION CASCADE. Tables of an older version are left to erp.migrate(). Returns a line that says what stands now. Errors: 42501 for who is no superuser, 0P000 if role erp_owner may log in.';

CREATE FUNCTION erp.migrate() RETURNS integer
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	applied integer;
BEGIN
	PERFORM erp_private.check_roles();
	IF to_regclass('erp.migration') IS NULL THEN
		RAISE EXCEPTION 'the books are not set up' USING ERRCODE = 'LE001', HINT = 'Run SELECT erp.setup().';
	END IF;
	GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA erp, erp_private TO erp_owner;
	applied := erp_private.run_migrations();
	PERFORM erp_private.make_whole();
	RETURN applied;
END
$function$;
COMMENT ON FUNCTION erp.migrate() IS
	'Takes the tables to the version of the code by its numbered steps, in this transaction; returns how many were run. Run by a superuser after ALTER EXTENSION erp UPDATE. Errors: LE001 before erp.setup(), 42501 for who is no superuser, 0P000 if role erp_owner may log in.';

CREATE FUNCTION erp.data_version() RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
	RETURN (SELECT m.version FROM erp.migration m ORDER BY m.step DESC LIMIT 1);
END
$function$;
COMMENT ON FUNCTION erp.data_version() IS 'Version whose tables stand in this database; differs from erp.version() until erp.migrate() has run. Error 42P01 before erp.setup().';
