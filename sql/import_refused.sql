\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What an import refuses, when it sees it, what becomes of the rest, and how a job gets on afterwards.
SELECT plan(54);
\o /dev/null
SELECT trial.make_company('IMP');
SELECT trial.receive('IMP', 'stock', '2009-01-01', 'F', 10, 100);
CREATE FUNCTION pg_temp.job(p_name text, p_skip boolean DEFAULT false, p_company text DEFAULT 'IMP') RETURNS bigint LANGUAGE sql AS $$
	SELECT (erp.start_import(p_company, 'start ' || p_name, json_build_object('name', p_name, 'skip_bad', p_skip)) ->> 'job_id')::bigint
$$;
-- All steps, in this transaction: the state that they end in, or the error of the one that fails.
CREATE FUNCTION pg_temp.run(p_job bigint, p_rows integer DEFAULT 100, p_until text DEFAULT 'done', p_company text DEFAULT 'IMP') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text := '';
BEGIN
	WHILE state NOT IN ('done', 'refused', p_until) LOOP
		BEGIN
			state := erp.import_step(p_company, p_job, p_rows) ->> 'state';
		EXCEPTION WHEN OTHERS THEN
			RETURN SQLSTATE;
		END;
	END LOOP;
	RETURN state;
END
$$;
-- The job as state, documents, bad rows; its problems as row, column and code; its documents that stand in the books.
CREATE FUNCTION pg_temp.job_line(p_job bigint) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', state, done_rows || '/' || total_rows, done_documents, bad_rows) FROM erp.job WHERE job_id = p_job
$$;
CREATE FUNCTION pg_temp.problems(p_job bigint) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', row_no, document_key, nullif(column_name, ''), error_code), ', ' ORDER BY row_no, problem_no), '')
	FROM erp.import_problem WHERE job_id = p_job
$$;
CREATE FUNCTION pg_temp.posted(p_like text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(key, ' ' ORDER BY document_id), '') FROM erp.document WHERE key LIKE p_like
$$;
CREATE FUNCTION pg_temp.voucher(p_job bigint, p_row bigint, p_key text, p_account text, p_side text, p_amount text, p_day text DEFAULT '2009-01-05') RETURNS void LANGUAGE sql AS $$
	INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, account, side, amount)
	VALUES (p_job, p_row, p_key, 'manual_voucher', p_day, p_account, p_side, p_amount)
$$;
CREATE FUNCTION pg_temp.sale(p_job bigint, p_row bigint, p_key text, p_quantity text, p_party text DEFAULT 'C1', p_item text DEFAULT 'F', p_day text DEFAULT '2009-01-05') RETURNS void LANGUAGE sql AS $$
	INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, item, quantity, unit_price)
	VALUES (p_job, p_row, p_key, 'sales_invoice', p_day, p_party, p_item, p_quantity, '20')
$$;
CREATE FUNCTION pg_temp.back(p_job bigint, p_row bigint, p_key text, p_origin text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, item, quantity, unit_price, origin_key, origin_line)
	VALUES (p_job, p_row, p_key, 'credit_note', '2009-01-06', 'C1', 'F', '1', '20', p_origin, '1')
$$;

-- Unbalanced: 10 + 10 against 15. The first voucher would fill a step of two rows of its own.
SELECT pg_temp.job('unbalanced') AS u \gset
SELECT pg_temp.voucher(:u, 1, 'BIG', '6000', 'debit', '1000'), pg_temp.voucher(:u, 2, 'BIG', '1000', 'credit', '1000'),
	pg_temp.voucher(:u, 3, 'B2', '6000', 'debit', '10'), pg_temp.voucher(:u, 4, 'B2', '6000', 'debit', '10'), pg_temp.voucher(:u, 5, 'B2', '1000', 'credit', '15');
\o
SELECT is(pg_temp.run(:u, 2), 'refused', 'a voucher that does not balance is seen by the validation');
SELECT is(pg_temp.problems(:u), '3 B2 amount LE040', 'it is named');
SELECT is((SELECT reason FROM erp.import_problem WHERE job_id = :u), 'the voucher does not balance in currency GBP: debits exceed credits by 5', 'with what is wrong');
SELECT is(pg_temp.posted('B%'), '', 'and nothing is posted');
SELECT is((SELECT bad_rows FROM erp.job WHERE job_id = :u), 1::bigint, 'one row is named');
SELECT lives_ok(format($$UPDATE erp.staged_line SET amount = '20' WHERE job_id = %s AND row_no = 5$$, :u), 'the row is mended');
SELECT is(pg_temp.run(:u, 2), 'done', 'and the job is called again');
SELECT is(pg_temp.posted('B%'), 'BIG B2', 'both are posted');
SELECT is(pg_temp.job_line(:u), 'done 5/5 2 0', 'as the job says');
SELECT is(pg_temp.problems(:u), '', 'no problem is left');
SELECT is(trial.balance('IMP', '6000'), 1020.00, '1000 + 10 + 10');

-- Posting rules, closed periods, keys: all seen before anything is posted.
\o /dev/null
SELECT erp.create_company('BARE', 'company', '{"name": "Bare", "currency": "GBP"}');
SELECT erp.create_fiscal_year('BARE', 'y', '{"code": "2009", "first_day": "2009-01-01", "months": 12}');
SELECT erp.put_items('BARE', 'i', '[{"code": "F", "name": "F", "kind": "stock", "method": "fifo"}]');
SELECT pg_temp.job('no rule', false, 'BARE') AS n \gset
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, item, quantity, cost) VALUES (:n, 1, 'N1', 'stock_gain', '2009-01-05', 'F', '1', '5');
SELECT erp.set_period_state('IMP', 'close', '{"period": "2009-12", "state": "closed"}');
SELECT pg_temp.job('closed') AS c \gset
SELECT pg_temp.voucher(:c, 1, 'K1', '6000', 'debit', '1', '2009-12-05'), pg_temp.voucher(:c, 2, 'K1', '1000', 'credit', '1'),
	pg_temp.voucher(:c, 3, 'BIG', '6000', 'debit', '1001'), pg_temp.voucher(:c, 4, 'BIG', '1000', 'credit', '1001');
\o
SELECT is(pg_temp.run(:n, 100, 'done', 'BARE'), 'refused', 'a company without posting rules');
SELECT is(pg_temp.problems(:n), '1 N1 LE041, 1 N1 LE041', 'lacks one for the inventory and one for its counter');
SELECT is(pg_temp.run(:c), 'refused', 'a closed period and a key of another request');
SELECT is(pg_temp.problems(:c), '1 K1 day LE030, 3 BIG key LE020', 'are both named');

-- More is sold than is there: 10 are, 4 + 3 are sold, 2000 are not, nor is one of them brought back.
\o /dev/null
SELECT pg_temp.job('short', true) AS s \gset
SELECT pg_temp.sale(:s, 1, 'S1', '4'), pg_temp.sale(:s, 2, 'S2', '2000'), pg_temp.back(:s, 3, 'S2 back', 'S2'), pg_temp.sale(:s, 4, 'S3', '3'), pg_temp.back(:s, 5, 'S1 back', 'S1');
\o
SELECT is(pg_temp.run(:s), 'done', 'an import that skips goes on past what is not there');
SELECT is(pg_temp.posted('S%'), 'S1 S3 S1 back', 'the others are posted');
SELECT is(pg_temp.problems(:s), '2 S2 LE050, 3 S2 back LE051', 'what was skipped is named, with what leant on it');
SELECT matches((SELECT reason FROM erp.import_problem WHERE job_id = :s AND row_no = 2), '^not enough stock of item F: 1994 missing on .*Document "S2", line 1, field "quantity"', 'and why');
SELECT is(pg_temp.job_line(:s), 'done 5/5 3 2', 'and counted');
SELECT is(trial.closing('IMP', 'F'), '4 40.00', '10 - 4 - 3 + 1, at 10 each');
\o /dev/null
SELECT pg_temp.job('short by ones', true) AS o \gset
SELECT pg_temp.sale(:o, 1, 'O1', '2000'), pg_temp.sale(:o, 2, 'O2', '1'), pg_temp.sale(:o, 3, 'O3', '2000');
\o
SELECT is(pg_temp.run(:o, 1), 'done', 'the same in steps of one row');
SELECT is(pg_temp.posted('O%') || ': ' || pg_temp.problems(:o), 'O2: 1 O1 LE050, 3 O3 LE050', 'skips the same');
SELECT is(trial.closing('IMP', 'F'), '3 30.00', '4 - 1');

-- A return whose origin is bad is bad, and so is what leans on that; rows of one key that stand apart are bad on both sides.
\o /dev/null
SELECT pg_temp.job('origins', true) AS e \gset
SELECT pg_temp.sale(:e, 1, 'E1', '1', 'NOBODY'), pg_temp.back(:e, 2, 'E2', 'E1'), pg_temp.back(:e, 3, 'E3', 'E2'), pg_temp.sale(:e, 4, 'E4', '1'),
	pg_temp.sale(:e, 5, 'E5', '1'), pg_temp.sale(:e, 6, 'E6', '1'), pg_temp.sale(:e, 7, 'E5', '1');
\o
SELECT is(pg_temp.run(:e, 2), 'done', 'an import of bad origins comes to its end');
SELECT is(pg_temp.problems(:e), '1 E1 party LE012, 2 E2 origin_key LE051, 3 E3 origin_key LE051, 5 E5 document_key LE020, 7 E5 document_key LE020', 'all that leans on the bad one is bad');
SELECT is(pg_temp.posted('E%'), 'E4 E6', 'the others are posted');
SELECT is(pg_temp.job_line(:e), 'done 7/7 2 5', 'and counted');
\o /dev/null
SELECT pg_temp.job('origins refused') AS f \gset
SELECT pg_temp.sale(:f, 1, 'H1', '1', 'NOBODY'), pg_temp.back(:f, 2, 'H2', 'H1'), pg_temp.back(:f, 3, 'H3', 'S1');
\o
SELECT is(pg_temp.run(:f), 'refused', 'without skipping it is refused');
SELECT is(pg_temp.problems(:f), '1 H1 party LE012, 2 H2 origin_key LE051', 'but not for an origin that is posted');

-- Stuck: the second step finds too little stock. The job goes back, is mended, and posts nothing twice.
\o /dev/null
SELECT pg_temp.job('stuck') AS k \gset
SELECT pg_temp.sale(:k, 1, 'T1', '1', 'C1', 'F', '2009-01-07'), pg_temp.sale(:k, 2, 'T2', '2000', 'C1', 'F', '2009-01-07'), pg_temp.sale(:k, 3, 'T3', '5', 'C1', 'SV');
\o
SELECT is(pg_temp.run(:k, 1), 'LE050', 'a step raises what it finds');
SELECT is(pg_temp.job_line(:k), 'posting 1/3 1 0', 'the step before it stands');
SELECT is(trial.refused(format('SELECT pg_temp.sale(%s, 4, ''T4'', ''1'')', :k)), 'LE070', 'its rows stand too');
SELECT is(erp.restage_import('IMP', 'again', json_build_object('job_id', :k)), jsonb_build_object('job_id', :k, 'state', 'staging'), 'the job goes back');
SELECT lives_ok(format('DELETE FROM erp.staged_line WHERE job_id = %s AND row_no = 2', :k), 'a row is taken out');
SELECT is(pg_temp.run(:k, 1), 'done', 'and the job is done');
SELECT is(pg_temp.posted('T%'), 'T1 T3', 'each document once');
SELECT is(pg_temp.job_line(:k), 'done 2/2 2 0', 'as the job says');
SELECT is(trial.refused(format('SELECT erp.restage_import(''IMP'', ''too late'', ''{"job_id": %s}'')', :k)), 'LE070', 'a job that is done does not go back');
SELECT is(trial.refused(format('SELECT erp.restage_import(''BARE'', ''foreign'', ''{"job_id": %s}'')', :c)), 'LE070', 'nor does another company''s');

-- Good when validated, bad when posted.
\o /dev/null
SELECT pg_temp.job('later', true) AS l \gset
SELECT pg_temp.sale(:l, 1, 'F1', '1', 'C1', 'SV'), pg_temp.sale(:l, 2, 'F2', '1', 'C1', 'SV');
\o
SELECT is(pg_temp.run(:l, 100, 'posting'), 'posting', 'two documents are good');
\o /dev/null
SELECT erp.put_items('IMP', 'off', '[{"code": "SV", "name": "Service", "kind": "service", "active": false}]');
\o
SELECT is(pg_temp.run(:l), 'done', 'their item goes before they are posted');
SELECT is((SELECT string_agg(DISTINCT concat_ws(' ', row_no, document_key, column_name, value), ', ') FROM erp.import_problem WHERE job_id = :l), '1 F1 item SV, 2 F2 item SV', 'they are named');
SELECT is(pg_temp.job_line(:l), 'done 2/2 0 2', 'and counted');

-- Rows do not change under a job.
\o /dev/null
SELECT pg_temp.job('guarded') AS g \gset
SELECT pg_temp.sale(:g, 11, 'G1', '1');
SELECT pg_temp.run(:g, 100, 'validating');
\o
SELECT is(array_agg(trial.refused(replace(s, 'JOB', (:g)::text)) || ' ' || state), '{LE070 validating,LE070 validating,LE070 validating}', 'not while it is validated')
	FROM unnest(ARRAY['SELECT pg_temp.sale(JOB, 99, ''G9'', ''1'')', 'UPDATE erp.staged_line SET quantity = ''2'' WHERE job_id = JOB', 'DELETE FROM erp.staged_line WHERE job_id = JOB']) s,
		erp.job WHERE job_id = :g;
SELECT is(trial.refused(format('SELECT pg_temp.sale(%s, 99, ''G9'', ''1'')', :k)), 'LE070', 'nor when it is done');
SELECT is(trial.refused('SELECT pg_temp.sale(0, 1, ''G9'', ''1'')'), 'LE012', 'nor of a job that is not there');

-- Nor do those of a company whose member one is not.
\o /dev/null
CREATE ROLE trial_inside; CREATE ROLE trial_outside; CREATE ROLE trial_club;
GRANT erp_sales TO trial_inside, trial_outside; GRANT trial_club TO trial_inside;
GRANT USAGE ON SCHEMA trial TO trial_inside, trial_outside;
SELECT erp.create_company('SECRET', 'company', '{"name": "Secret", "currency": "GBP", "member_role": "trial_club"}');
SELECT pg_temp.job('secret', false, 'SECRET') AS x \gset
SELECT pg_temp.job('open') AS y \gset
SELECT pg_temp.sale(:x, 1, 'X1', '1'), pg_temp.sale(:y, 1, 'Y1', '1');
CREATE FUNCTION pg_temp.as_role(p_role text, p_call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text;
BEGIN
	EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', p_role);
	EXECUTE p_call;
	RAISE EXCEPTION 'went through' USING ERRCODE = 'XX999';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN CASE code WHEN 'XX999' THEN 'allowed' ELSE code END;
END
$$;
CREATE TEMP TABLE writing AS SELECT w, replace(replace(s, 'SECRET', (:x)::text), 'OPEN', (:y)::text) AS call FROM (VALUES
	('insert', 'INSERT INTO erp.staged_line (job_id, row_no) VALUES (SECRET, 2)'), ('update', 'UPDATE erp.staged_line SET item = ''x'' WHERE job_id = SECRET'),
	('delete', 'DELETE FROM erp.staged_line WHERE job_id = SECRET'), ('move in', 'UPDATE erp.staged_line SET job_id = SECRET, row_no = 7 WHERE job_id = OPEN'),
	('move out', 'UPDATE erp.staged_line SET job_id = OPEN, row_no = 7 WHERE job_id = SECRET')) v (w, s);
\o
SELECT is((SELECT string_agg(w || ' ' || pg_temp.as_role('trial_outside', call), ', ' ORDER BY w) FROM writing), 'delete LE003, insert LE003, move in LE003, move out LE003, update LE003', 'a stranger stages nothing');
SELECT is((SELECT string_agg(w || ' ' || pg_temp.as_role('trial_inside', call), ', ' ORDER BY w) FROM writing), 'delete allowed, insert allowed, move in allowed, move out allowed, update allowed', 'a member does');
SELECT is(pg_temp.as_role('trial_outside', format('INSERT INTO erp.staged_line (job_id, row_no) VALUES (%s, 2)', :y)), 'allowed', 'of a company that is everybody''s so does everybody');
SELECT is(pg_temp.as_role('trial_outside', format('SELECT erp.restage_import(''SECRET'', ''k'', ''{"job_id": %s}'')', :x)), 'LE003', 'nor does he take its job back');

-- Errors say what, where and what to do.
\o /dev/null
CREATE FUNCTION pg_temp.error(p_call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	EXECUTE p_call;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, detail, hint);
END
$$;
\o
SELECT is(pg_temp.error($$SELECT erp.import_step('IMP', 0)$$), 'LE070 | company IMP has no import job 0 | erp.job has no row of kind import with this company and job_id. | Start one with erp.start_import().', 'an unknown job');
SELECT is(pg_temp.error(format($$SELECT erp.import_step('IMP', %s, 0)$$, :k)), '22023 | a step takes 1 to 200000 rows | Argument "max_rows" is 0. | Leave it out for steps of 20000 rows.', 'a step of nothing');
SELECT is_empty($$SELECT * FROM erp.check_integrity()$$, 'no law is broken');
SELECT * FROM finish();
ROLLBACK;
