\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
-- A period is sealed with its close: what is dated in it, whatever else has been committed, and the close itself, which
-- is the last link. What is sealed must have been committed: this file leaves its company behind.
\i :company_file
SELECT plan(30);
\o /dev/null
SELECT trial.make_company('SEALC');
CREATE FUNCTION pg_temp.company() RETURNS integer LANGUAGE sql STABLE AS $$SELECT company_id FROM erp.company WHERE code = 'SEALC'$$;
-- Keys of documents in the order of the chain, from a key on.
CREATE FUNCTION pg_temp.chain(p_from text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(d.key, ' ' ORDER BY s.position) FROM erp.seal s JOIN erp.document d USING (company_id, document_id)
	WHERE s.company_id = pg_temp.company() AND s.position >= (SELECT b.position FROM erp.seal b JOIN erp.document f USING (company_id, document_id) WHERE f.company_id = pg_temp.company() AND f.key = p_from)
$$;
CREATE FUNCTION pg_temp.unsealed() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(string_agg(d.key, ' ' ORDER BY d.document_id), 'none') FROM erp.document d
	WHERE d.company_id = pg_temp.company() AND NOT EXISTS (SELECT FROM erp.seal s WHERE s.company_id = d.company_id AND s.document_id = d.document_id)
$$;
CREATE FUNCTION pg_temp.set(p_key text, p_period text, p_state text, p_more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT erp.set_period_state('SEALC', p_key, (jsonb_build_object('period', p_period, 'state', p_state) || p_more)::text::json)::text
$$;
CREATE FUNCTION pg_temp.head_record(p_name text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT l FROM erp.seal_head('SEALC') h, erp.export_journal('SEALC', h.position, h.position) e, regexp_split_to_table(e::json ->> 'content', E'\n') l WHERE l LIKE p_name || E'\t%'
$$;
SELECT trial.receive('SEALC', 'r', '2009-01-05', 'F', 10, 30);
SELECT trial.sell('SEALC', 's', '2009-01-06', 'F', 4, 5);
SELECT trial.sell('SEALC', 'feb', '2009-02-06', 'F', 1, 5);
SELECT erp.assign_numbers('SEALC');
\o
SELECT is(erp.seal_head('SEALC')::text, NULL, 'nothing is sealed before');
SELECT is(pg_temp.set('warn', '2009-01', 'warned'), '{"changed": 4}', 'a warning');
SELECT is(erp.seal_head('SEALC')::text, NULL, 'seals nothing');
SELECT is(pg_temp.set('close', '2009-01', 'closed'), '{"changed": 4}', 'a close');
SELECT is(pg_temp.unsealed(), 'none', 'seals all that there is, itself too');
SELECT matches(pg_temp.chain('r'), '^r s feb erp:numbering:\d+ warn close$', 'itself at the end, behind the numbers');
SELECT is_empty($$SELECT * FROM erp.verify_chain('SEALC')$$, 'the chain holds');
\o /dev/null
SELECT trial.sell('SEALC', 'feb2', '2009-02-07', 'F', 1, 5);
\o
SELECT is(pg_temp.set('close', '2009-01', 'closed') || pg_temp.unsealed(), '{"changed": 4}feb2', 'the same call again does nothing');
SELECT is(pg_temp.set('close again', '2009-01', 'closed'), '{"changed": 0}', 'another call on what is closed');
SELECT is(pg_temp.unsealed(), 'none', 'seals what came since');
SELECT is(pg_temp.set('reopen', '2009-01', 'open', '{"modules": ["sales", "general", "stock"], "reason": "a late invoice"}'), '{"changed": 3}', 'a reopening');
SELECT is(pg_temp.chain('close again'), 'close again reopen', 'is sealed with itself');
-- What it says is in its content: who, when and why.
SELECT is(pg_temp.head_record('call_result'),
	E'call_result\tset_period_state\t{"state": "open", "period": "2009-01", "reason": "a late invoice", "modules": ["sales", "general", "stock"]}\t{"changed": 3}', 'why');
SELECT is((SELECT concat_ws(' ', f[3], f[4], f[9], f[10]) FROM string_to_array(pg_temp.head_record('document'), E'\t') f),
	(SELECT concat_ws(' ', 'administration', 'reopen', to_char(d.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), current_user) FROM erp.document d WHERE d.company_id = pg_temp.company() AND d.key = 'reopen'), 'when and who');
-- A transaction: what it has posted itself is sealed with its close, and goes with it.
BEGIN;
\o /dev/null
SELECT trial.sell('SEALC', 'own', '2009-01-08', 'F', 1, 5);
SELECT pg_temp.set('close own', '2009-01', 'closed');
\o
SELECT is(concat_ws(', ', pg_temp.chain('reopen'), pg_temp.unsealed(), (SELECT count(*) FROM erp.verify_chain('SEALC'))), 'reopen own close own, none, 0', 'what the transaction itself has posted is sealed');
ROLLBACK;
SELECT is(concat_ws(', ', pg_temp.chain('reopen'), (SELECT count(*) FROM erp.verify_chain('SEALC'))), 'reopen, 0', 'a close that is rolled back takes its seals along');
-- Whatever the isolation level.
\o /dev/null
SELECT trial.sell('SEALC', 'late', '2009-01-08', 'F', 1, 5);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT pg_temp.set('close late', '2009-01', 'closed');
\o
SELECT is(pg_temp.chain('reopen'), 'reopen late close late', 'under REPEATABLE READ');
COMMIT;
\o /dev/null
SELECT trial.sell('SEALC', 'feb3', '2009-02-08', 'F', 1, 5);
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT erp.set_hard_lock('SEALC', 'lock', '{"day": "2009-01-31", "reason": "the year is audited"}');
\o
SELECT is(pg_temp.chain('close late'), 'close late feb3 lock', 'a hard lock seals too, under SERIALIZABLE');
COMMIT;
-- What the sealer finds afterwards.
\o /dev/null
SELECT trial.sell('SEALC', 'feb4', '2009-02-09', 'F', 1, 5);
DO $$
BEGIN
	WHILE EXISTS (SELECT FROM erp.document d WHERE d.company_id = pg_temp.company() AND d.transaction_id >= pg_snapshot_xmin(pg_current_snapshot())) LOOP
		COMMIT;
		PERFORM pg_sleep(0.01);
	END LOOP;
END
$$;
\o
SELECT is((SELECT format('%s sealed, %s left', r ->> 'sealed', r ->> 'left') FROM erp.seal_documents('SEALC') r), '1 sealed, 0 left', 'the next round seals what came since, and no more');
SELECT is_empty($$SELECT * FROM erp.verify_chain('SEALC')$$, 'the chain holds');

-- What verify_chain() finds of a close that was taken out or altered behind the guards; all undone.
CREATE TEMP TABLE place AS SELECT d.key, s.position, d.document_id FROM erp.seal s JOIN erp.document d USING (company_id, document_id) WHERE s.company_id = pg_temp.company();
CREATE FUNCTION pg_temp.found(p_statements text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m record;
	found text;
BEGIN
	FOR m IN SELECT DISTINCT table_name FROM erp_private.guard_manifest() LOOP
		EXECUTE format('ALTER TABLE %s DISABLE TRIGGER ALL', m.table_name);
	END LOOP;
	EXECUTE replace(replace(p_statements, '<C>', pg_temp.company()::text), '<D>', (SELECT document_id::text FROM place WHERE key = 'close late'));
	SELECT string_agg(concat_ws(' ', p.key, w.problem), '; ' ORDER BY w.number) INTO found
	FROM erp.verify_chain('SEALC') WITH ORDINALITY w ("position", document_id, problem, number) LEFT JOIN place p ON p.position = w.position;
	RAISE EXCEPTION USING ERRCODE = 'XX998', MESSAGE = coalesce(found, 'nothing');
EXCEPTION WHEN SQLSTATE 'XX998' THEN
	RETURN SQLERRM;
END
$$;
SELECT is(pg_temp.found(s), f, w) FROM (VALUES
	('a close said to be of another module', 'UPDATE erp.call_result SET request = request || ''{"modules": ["purchasing"]}'' WHERE document_id = <D>',
		'close late altered content; period 2009-01, module general is closed, the calls say open; period 2009-01, module sales is closed, the calls say open; period 2009-01, module stock is closed, the calls say open'),
	('a close by another', 'UPDATE erp.document SET recorded_by = ''erp_owner'' WHERE document_id = <D>', 'close late altered content'),
	('a close at another time', 'UPDATE erp.document SET recorded_at = recorded_at - interval ''1 day'' WHERE document_id = <D>', 'close late altered content'),
	('a reopening for another reason', 'UPDATE erp.call_result SET request = request || ''{"reason": "none"}'' WHERE document_id = (SELECT document_id FROM place WHERE key = ''reopen'')', 'reopen altered content'),
	('a close taken out, and the period opened', 'DELETE FROM erp.call_result WHERE document_id = <D>; DELETE FROM erp.document WHERE document_id = <D>; UPDATE erp.period_lock SET state = ''open'' WHERE company_id = <C> AND module <> ''purchasing''',
		'close late missing document; number given by no document'),
	('the same with its seal', 'DELETE FROM erp.call_result WHERE document_id = <D>; DELETE FROM erp.document WHERE document_id = <D>; DELETE FROM erp.seal WHERE document_id = <D>; UPDATE erp.period_lock SET state = ''open'' WHERE company_id = <C> AND module <> ''purchasing''',
		'close late missing position; number given by no document'),
	('a period opened behind its back', 'UPDATE erp.period_lock l SET state = ''open'' FROM erp.period p WHERE p.company_id = <C> AND l.company_id = <C> AND l.period_id = p.period_id AND p.code = ''2009-01'' AND l.module = ''sales''',
		'period 2009-01, module sales is open, the calls say closed'),
	('a hard lock moved back', 'UPDATE erp.hard_lock SET day = ''2008-12-31'' WHERE company_id = <C>', 'hard lock is at 2008-12-31, the calls say 2009-01-31'),
	('a hard lock taken away', 'DELETE FROM erp.hard_lock WHERE company_id = <C>', 'hard lock is at no day, the calls say 2009-01-31')) a (w, s, f);
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken');
SELECT * FROM finish();
\o /dev/null
DROP SCHEMA trial CASCADE;
