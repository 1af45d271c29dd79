\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Users add columns, functions, constraints and triggers of their own; the books stay whole, and safe from them.
SELECT plan(33);
\o /dev/null
SELECT trial.make_company('EXT');
SELECT trial.receive('EXT', 'r', '2009-01-05', 'F', 10, 100);
\o

-- Columns that a user added: generated from the row, and defaults that need planning.
CREATE FUNCTION public.with_argument(p_factor integer DEFAULT 3, p_plus integer DEFAULT 2) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 5 + $2';
ALTER TABLE erp.voucher_line ADD COLUMN doubled numeric GENERATED ALWAYS AS (amount * 2) STORED,
	ADD COLUMN label text GENERATED ALWAYS AS (side || ' ' || line_no) STORED CONSTRAINT label_form CHECK (label ~ '^(debit|credit) [0-9]+$');
ALTER TABLE erp.stock_move ADD COLUMN stay interval DEFAULT make_interval(days => 3);
ALTER TABLE erp.document_line ADD COLUMN bonus integer NOT NULL DEFAULT public.with_argument();
CREATE INDEX ON erp.voucher_line (doubled);
\o /dev/null
SELECT trial.sell('EXT', 's', '2009-01-06', 'F', 1, 20, '{"tax_code": "VAT"}');
SELECT erp.post_documents('EXT', (SELECT json_agg(json_build_object('key', 'many ' || n, 'kind', 'sales_invoice', 'day', '2009-01-07', 'party', 'C1',
	'lines', json_build_array(json_build_object('item', 'SV', 'quantity', 1, 'price', n)))) FROM generate_series(1, 600) n));
\o
-- 20.00 and 15% of it, and a cost of 10.00.
SELECT is((SELECT string_agg(label || ' = ' || doubled::numeric(19, 2), ', ' ORDER BY side DESC, amount) FROM (SELECT l.side, l.amount,
	regexp_replace(l.label, ' [0-9]+$', '') AS label, l.doubled FROM erp.voucher_line l JOIN erp.voucher v USING (company_id, voucher_id) JOIN erp.document d USING (company_id, document_id) WHERE d.key = 's') x),
	'debit = 20.00, debit = 46.00, credit = 6.00, credit = 20.00, credit = 40.00', 'generated columns of a posted document are computed from its rows');
SELECT is((SELECT count(*) FROM erp.voucher_line WHERE doubled = amount * 2 AND label = side || ' ' || line_no), 2 + 5 + 1200::bigint, 'and so in every row of a batch');
SELECT is((SELECT string_agg(DISTINCT extract(day FROM stay)::text, ',') FROM erp.stock_move), '3', 'a default that names an argument of a function');
SELECT is((SELECT string_agg(DISTINCT bonus::text, ',') FROM erp.document_line), '17', 'a default whose function has arguments left out');
\o /dev/null
ALTER TABLE erp.stock_move ALTER COLUMN stay SET DEFAULT make_interval(days => 4);
SELECT trial.sell('EXT', 'four', '2009-01-06', 'F', 1, 20);
SAVEPOINT before_five;
ALTER TABLE erp.stock_move ALTER COLUMN stay SET DEFAULT make_interval(days => 5);
SELECT trial.sell('EXT', 'five', '2009-01-06', 'F', 1, 20);
ROLLBACK TO before_five;
SELECT trial.sell('EXT', 'four again', '2009-01-06', 'F', 1, 20);
\o
SELECT is((SELECT string_agg(extract(day FROM m.stay)::text, ',' ORDER BY m.move_id) FROM erp.stock_move m JOIN erp.document d USING (company_id, document_id) WHERE d.key LIKE 'f%'), '4,4',
	'what a session keeps of a table follows its changes, and their rollback');
SELECT throws_ok($$ALTER TABLE erp.voucher_line ADD CONSTRAINT never CHECK (doubled < 0) NOT VALID; SELECT trial.sell('EXT', 't', '2009-01-06', 'F', 1, 20)$$, '23514', NULL,
	'a constraint on a generated column holds');
-- A foreign key of a user's holds for every row, though a key is checked once for all rows of a statement; a trigger sees every row.
CREATE TABLE public.line_number (line_no integer PRIMARY KEY);
INSERT INTO public.line_number VALUES (1), (2);
ALTER TABLE erp.document_line ADD CONSTRAINT numbered FOREIGN KEY (line_no) REFERENCES public.line_number NOT VALID;
CREATE FUNCTION pg_temp.lines(p_key text, p_lines integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_documents('EXT', (SELECT json_agg(json_build_object('key', p_key || d, 'kind', 'sales_invoice', 'day', '2009-01-07', 'party', 'C1',
		'lines', (SELECT json_agg(json_build_object('item', 'SV', 'quantity', 1, 'price', n)) FROM generate_series(1, p_lines) n))) FROM generate_series(1, 3) d))
$$;
SELECT lives_ok($$SELECT pg_temp.lines('two ', 2)$$, 'rows of keys that are there');
SELECT throws_ok($$SELECT pg_temp.lines('three ', 3)$$, '23503', NULL, 'a key that is not there, in the third row and later ones');
CREATE TABLE public.seen (line_no integer);
GRANT INSERT ON public.seen TO erp_owner;
CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.seen VALUES (NEW.line_no); RETURN NULL; END';
CREATE TRIGGER see AFTER INSERT ON erp.document_line FOR EACH ROW EXECUTE FUNCTION public.see();
\o /dev/null
SELECT pg_temp.lines('seen ', 2);
\o
SELECT is((SELECT count(*) FROM public.seen), 6::bigint, 'a row trigger beside the foreign key sees the two lines of three documents');
ALTER TABLE erp.document_line DROP CONSTRAINT numbered;
DROP TRIGGER see ON erp.document_line;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- Code of a user's that runs while numbers are assigned inserts no facts, neither others nor numbers.
CREATE TABLE public.went_in (what text);
GRANT INSERT ON public.went_in TO erp_owner;
CREATE FUNCTION public.evil(p_statement text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE p_statement;
	INSERT INTO public.went_in VALUES (p_statement);
	RETURN true;
EXCEPTION WHEN OTHERS THEN
	INSERT INTO public.went_in VALUES (SQLSTATE);
	RETURN true;
END
$$;
CREATE FUNCTION public.forge() RETURNS boolean LANGUAGE sql AS $$
	SELECT public.evil('INSERT INTO erp.document SELECT (jsonb_populate_record(d, ''{"document_id": 999999, "key": "forged"}'')).* FROM erp.document d WHERE key = ''s''')
		AND public.evil('INSERT INTO erp.voucher SELECT (jsonb_populate_record(v, ''{"voucher_id": 999999}'')).* FROM erp.voucher v LIMIT 1')
		AND public.evil('INSERT INTO erp.assigned_number (company_id, series_id, scope_value, number, document_id) SELECT company_id, series_id, ''forged'', 1, 1 FROM erp.series LIMIT 1')
$$;
ALTER TABLE erp_private.series_counter ADD CONSTRAINT zz CHECK (last_number > 0 AND public.forge()) NOT VALID;
ALTER TABLE erp_private.series_cut ADD CONSTRAINT zz CHECK (company_id > 0 AND public.forge()) NOT VALID;
ALTER TABLE erp.assigned_number ADD CONSTRAINT zz CHECK (number > 0 AND public.forge()) NOT VALID;
SELECT is(erp.assign_numbers('EXT', 2), 2::bigint, 'numbers are assigned while code of a user runs');
SELECT is((SELECT string_agg(DISTINCT what, ', ') FROM public.went_in), 'LE061', 'whose inserts are refused');
SELECT is((SELECT count(*) FROM public.went_in), 3 * (1 + 1 + 2)::bigint, 'each of them: at the cut, the counter and both numbers');
CREATE FUNCTION public.early() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER aaa BEFORE INSERT ON erp.assigned_number FOR EACH STATEMENT WHEN (public.forge()) EXECUTE FUNCTION public.early();
SELECT throws_ok($$SELECT erp.assign_numbers('EXT')$$, 'LE061', NULL, 'what gets in before the guard takes the place of the engine''s own insert, and goes with it');
DROP TRIGGER aaa ON erp.assigned_number;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- The header of a document: a row trigger of a user's that comes after the guard by name changes nothing but the state.
SELECT throws_ok($$INSERT INTO erp.document_transition VALUES ('sales_invoice', 'posted', 'posted', 'erp_sales')$$, '23514', NULL, 'a transition leads to another state');
CREATE FUNCTION public.change_header() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW := jsonb_populate_record(NEW, current_setting('ext.change')::jsonb);
	RETURN NEW;
END
$$;
ALTER TABLE erp.document ADD COLUMN shown text GENERATED ALWAYS AS (key || ' is ' || state) STORED;
CREATE TRIGGER zz BEFORE UPDATE ON erp.document FOR EACH ROW EXECUTE FUNCTION public.change_header();
INSERT INTO erp.document_transition VALUES ('sales_invoice', 'posted', 'archived', 'erp_sales');
CREATE FUNCTION pg_temp.archive(p_change text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('ext.change', p_change, true);
	RETURN trial.refused('UPDATE erp.document SET state = ''archived'' WHERE key = ''s''');
END
$$;
SELECT is(pg_temp.archive(c), 'LE060', 'refused while a trigger sets ' || c) FROM unnest(ARRAY['{"party_id": 0}', '{"day": "2009-12-31"}', '{"recorded_by": "nobody"}',
	'{"key": "another"}', '{"description": "x"}']) c;
SELECT is(pg_temp.archive('{"state": "paid"}'), 'LE070', 'and into a state that no transition leads to');
SELECT is(pg_temp.archive('{}'), 'accepted', 'the state alone changes');
SELECT is((SELECT d.shown || ' ' || p.code || to_char(d.day, ' YYYY-MM-DD') FROM erp.document d JOIN erp.party p USING (company_id, party_id) WHERE d.key = 's'), 's is archived C1 2009-01-06', 'and did');
DROP TRIGGER zz ON erp.document;
-- Nor what is inserted: such a trigger keeps everybody from posting. One that comes after sees what was posted.
CREATE TRIGGER zz BEFORE INSERT ON erp.document FOR EACH ROW EXECUTE FUNCTION public.change_header();
SELECT is(set_config('ext.change', c, true) || trial.refused($$SELECT trial.sell('EXT', 'changed', '2009-01-07', 'F', 1, 20)$$), c || 'LE001',
	'nothing posts while a trigger sets ' || c) FROM unnest(ARRAY['{"day": "2009-12-31"}', '{"party_id": 0}']) c;
DROP TRIGGER zz ON erp.document;
CREATE TRIGGER zz AFTER INSERT ON erp.document FOR EACH ROW EXECUTE FUNCTION public.change_header();
SELECT is(trial.refused($$SELECT trial.sell('EXT', 'changed', '2009-01-07', 'F', 1, 20)$$), 'accepted', 'one that comes after the insert may stand');
SELECT is((SELECT p.code || to_char(d.day, ' YYYY-MM-DD') FROM erp.document d JOIN erp.party p USING (company_id, party_id) WHERE d.key = 'changed'), 'C1 2009-01-07', 'and changes nothing');
DROP TRIGGER zz ON erp.document;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- A period without the rows of its state is not open.
\o /dev/null
SELECT erp.set_period_state('EXT', 'close', '{"period": "2009-03", "state": "closed"}');
\o
SELECT is(trial.refused($$SELECT trial.sell('EXT', 'march', '2009-03-06', 'SV', 1, 1)$$), 'LE030', 'a closed month is closed');
SELECT ok(EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 17 AND mode = 'ExclusiveLock' AND granted AND pid = pg_backend_pid()), 'whoever closes one holds its gate');
ALTER TABLE erp.period_lock DISABLE TRIGGER guard_master_delete;
DELETE FROM erp.period_lock k USING erp.period p WHERE p.company_id = k.company_id AND p.period_id = k.period_id AND p.code = '2009-03' AND k.module = 'sales';
ALTER TABLE erp.period_lock ENABLE ALWAYS TRIGGER guard_master_delete;
SELECT is(trial.refused($$SELECT trial.sell('EXT', 'march', '2009-03-06', 'SV', 1, 1)$$), 'LE001', 'and without its row nothing posts into it');
SELECT is(trial.refused($$SELECT trial.sell('EXT', 'april', '2009-04-06', 'SV', 1, 1, '{"party": "C2"}')$$), 'accepted', 'while months after it are as they were');

SELECT * FROM finish();
ROLLBACK;
