\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- A guard that is missing, disabled or weakened is reported, and the engine refuses to work until it stands again.
SELECT plan(5 + 3 + 15 + 2);
\o /dev/null
SELECT trial.make_company('GUARD');
SELECT trial.receive('GUARD', 'r', '2009-01-05', 'F', 10, 100);
-- What the check of guards and a posting say after a statement, which is undone.
CREATE FUNCTION pg_temp.after(p_statement text, OUT reported boolean, OUT posting text, OUT call text) LANGUAGE plpgsql AS $$
BEGIN
	BEGIN
		EXECUTE p_statement;
		reported := EXISTS (SELECT FROM erp_private.check_guards());
		posting := trial.refused($q$SELECT trial.sell('GUARD', 's', '2009-01-06', 'F', 1, 1)$q$);
		call := trial.refused($q$SELECT erp.put_warehouses('GUARD', 'w', '[{"code": "W", "name": "W"}]')$q$);
		RAISE EXCEPTION 'undo' USING ERRCODE = 'XX998';
	EXCEPTION WHEN SQLSTATE 'XX998' THEN
		NULL;
	END;
END
$$;
CREATE TEMP TABLE found AS
SELECT m.table_name, m.trigger_name, w.way, a.*
FROM erp_private.guard_manifest() m,
	(VALUES ('DISABLE TRIGGER'), ('ENABLE TRIGGER'), ('ENABLE REPLICA TRIGGER'), ('DROP')) w (way),
	LATERAL pg_temp.after(CASE w.way WHEN 'DROP' THEN format('DROP TRIGGER %I ON %s', m.trigger_name, m.table_name)
		ELSE format('ALTER TABLE %s %s %I', m.table_name, w.way, m.trigger_name) END) a;
\o
SELECT cmp_ok((SELECT count(*) FROM found), '>=', 4 * 40::bigint, 'every guard was weakened in four ways');
SELECT is_empty($$SELECT table_name, trigger_name, way FROM found WHERE NOT reported$$, 'each is reported');
SELECT is_empty($$SELECT table_name, trigger_name, way, posting FROM found WHERE posting <> 'LE001'$$, 'no document posts then');
SELECT is_empty($$SELECT table_name, trigger_name, way, call FROM found WHERE call <> 'LE001'$$, 'no call works then');
SELECT is(trial.refused($$SELECT trial.sell('GUARD', 's', '2009-01-06', 'F', 1, 1)$$), 'accepted', 'when they stand again, it does');
-- To read all guards takes as long as hundreds of postings: a table that was only analyzed is not a reason, one that was altered is.
SET LOCAL track_functions = 'all';
CREATE FUNCTION pg_temp.checks() RETURNS bigint LANGUAGE sql AS $$
	SELECT COALESCE(pg_stat_get_xact_function_calls('erp_private.guard_violation()'::regprocedure), 0)
$$;
SELECT is(trial.refused($$SELECT trial.sell('GUARD', 's1', '2009-01-06', 'F', 1, 1)$$), 'accepted', 'the function made here is a reason to read them again');
SELECT pg_temp.checks() AS checks \gset
ANALYZE erp.document, erp.voucher_line, erp.period_lock;
SELECT is(trial.refused($$SELECT trial.sell('GUARD', 's2', '2009-01-06', 'F', 1, 1)$$) || (pg_temp.checks() - :checks), 'accepted0', 'after ANALYZE they are not read again');
ALTER TABLE erp.document ALTER COLUMN reference SET STATISTICS 10;
CREATE TRIGGER another AFTER INSERT ON erp.voucher_line FOR EACH STATEMENT EXECUTE FUNCTION erp_private.touch_master_data();
SELECT is(trial.refused($$SELECT trial.sell('GUARD', 's3', '2009-01-06', 'F', 1, 1)$$) || (pg_temp.checks() - :checks), 'accepted1', 'with another trigger they are, once');
DROP TRIGGER another ON erp.voucher_line;
-- Other ways round a guard.
CREATE FUNCTION public.alter_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RETURN NULL;
END
$$;
SELECT is(a::text, '(t,LE001,LE001)', s) FROM unnest(ARRAY[
	'CREATE TABLE erp.more_lines () INHERITS (erp.voucher_line)',
	'CREATE TABLE public.fl (LIKE erp.voucher_line INCLUDING ALL); INSERT INTO public.fl SELECT * FROM erp.voucher_line; ALTER TABLE public.fl INHERIT erp.voucher_line',
	'CREATE TABLE public.fl (LIKE erp.voucher_line INCLUDING ALL); CREATE TRIGGER guard_change BEFORE UPDATE OR DELETE ON public.fl EXECUTE FUNCTION erp_private.guard_change(); ALTER TABLE public.fl INHERIT erp.voucher_line',
	'CREATE TABLE public.above (amount numeric(19,4)); ALTER TABLE erp.voucher_line INHERIT public.above',
	'CREATE TABLE public.whole (LIKE erp.cost_entry) PARTITION BY LIST (company_id); ALTER TABLE public.whole ATTACH PARTITION erp.cost_entry DEFAULT',
	'CREATE TABLE public.more_locks () INHERITS (erp.period_lock)',
	'ALTER TABLE erp.period_lock FORCE ROW LEVEL SECURITY; ALTER TABLE erp.period_lock ENABLE ROW LEVEL SECURITY',
	'ALTER TABLE erp_private.cost_pool FORCE ROW LEVEL SECURITY',
	'CREATE ROLE erp_trial_owner; ALTER TABLE erp.period_lock OWNER TO erp_trial_owner; GRANT ALL ON erp.period_lock TO erp_owner; ALTER TABLE erp.period_lock ENABLE ROW LEVEL SECURITY',
	'CREATE TRIGGER zz BEFORE INSERT ON erp.document FOR EACH ROW EXECUTE FUNCTION public.alter_row()',
	'CREATE TRIGGER zz BEFORE INSERT OR UPDATE ON erp.voucher_line FOR EACH ROW WHEN (new.amount > 1000) EXECUTE FUNCTION public.alter_row()',
	'CREATE RULE zz AS ON INSERT TO erp.assigned_number DO INSTEAD NOTHING',
	'ALTER TABLE erp.voucher_line DISABLE TRIGGER ALL',
	'DROP TRIGGER guard_change ON erp.voucher_line; CREATE FUNCTION erp.mild() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN NULL; END''; CREATE TRIGGER guard_change BEFORE UPDATE OR DELETE ON erp.voucher_line EXECUTE FUNCTION erp.mild(); ALTER TABLE erp.voucher_line ENABLE ALWAYS TRIGGER guard_change']) s, LATERAL pg_temp.after(s) a;
SELECT is(a::text, '(f,accepted,accepted)', 'row security that only readers are subject to is theirs') FROM pg_temp.after('ALTER TABLE erp.voucher_line ENABLE ROW LEVEL SECURITY') a;
SELECT is(a::text, '(f,accepted,accepted)', s) FROM unnest(ARRAY[
	'CREATE TRIGGER zz AFTER INSERT ON erp.document FOR EACH ROW EXECUTE FUNCTION public.alter_row()',
	'CREATE TRIGGER zz BEFORE INSERT ON erp.document FOR EACH ROW EXECUTE FUNCTION public.alter_row(); ALTER TABLE erp.document DISABLE TRIGGER zz']) s, LATERAL pg_temp.after(s) a;
SELECT * FROM finish();
ROLLBACK;
