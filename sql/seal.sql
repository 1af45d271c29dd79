\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
-- What is sealed must have been committed: this file leaves its companies behind.
\i :company_file
SELECT plan(76);
\o /dev/null
SELECT trial.make_company('SEAL');
SELECT erp.put_dimensions('SEAL', 'dimensions', '[{"code": "de,partment", "name": "Department", "values": [{"code": "A=B", "name": "a"}]}, {"code": "project", "name": "Project", "values": [{"code": "P", "name": "p"}]}]');
CREATE FUNCTION pg_temp.company() RETURNS integer LANGUAGE sql STABLE AS $$SELECT company_id FROM erp.company WHERE code = 'SEAL'$$;
-- Autovacuum may have a transaction of its own for a moment: what is posted now waits for it.
CREATE PROCEDURE pg_temp.wait_for_others() LANGUAGE plpgsql AS $$
BEGIN
	WHILE EXISTS (SELECT FROM erp.document d WHERE d.company_id = pg_temp.company() AND d.transaction_id >= pg_snapshot_xmin(pg_current_snapshot())) LOOP
		COMMIT;
		PERFORM pg_sleep(0.01);
	END LOOP;
END
$$;
CALL pg_temp.wait_for_others();
\o
-- The calls that made the company are documents too, and stand first. What follows counts positions from the last of them.
SELECT is(erp.seal_head('SEAL')::text, NULL, 'before, there is no head');
SELECT is((SELECT (r ->> 'sealed')::bigint FROM erp.seal_documents('SEAL') r), (SELECT count(*) FROM erp.document WHERE company_id = pg_temp.company()), 'the calls are sealed');
\o /dev/null
CREATE TEMP TABLE calls AS SELECT h.position FROM erp.seal_head('SEAL') h;
CREATE FUNCTION pg_temp.k() RETURNS bigint LANGUAGE sql STABLE AS $$SELECT position FROM calls$$;
SELECT trial.receive('SEAL', 'r', '2009-01-05', 'F', 10, 30);
SELECT trial.sell('SEAL', 's', '2009-02-06', 'F', 4, 5, '{"tax_code": "VAT", "reference": "I-1"}');
SELECT erp.post_document('SEAL', E'{"key": "m\\t\\\\", "kind": "manual_voucher", "day": "2009-01-07", "description": "tab\\tslash\\\\\\nline", "lines": [
	{"account": "6000", "side": "debit", "amount": "12.50", "description": "paper", "dimensions": {"de,partment": "A=B", "project": "P"}},
	{"account": "1000", "side": "credit", "amount": "12.50"}]}');
SELECT trial.sell('SEAL', 's2', '2009-02-07', 'SV', 1, 100);
SELECT trial.reverse('SEAL', 'u', 's2', '2009-02-08');
CREATE FUNCTION pg_temp.document(p_key text) RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT document_id FROM erp.document WHERE company_id = pg_temp.company() AND key = p_key
$$;
CREATE FUNCTION pg_temp.voucher(p_key text) RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT v.voucher_id FROM erp.voucher v JOIN erp.document d USING (company_id, document_id) WHERE d.company_id = pg_temp.company() AND d.key = p_key
$$;
CREATE FUNCTION pg_temp.step(p_max integer) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s sealed, %s left, at %s', r ->> 'sealed', r ->> 'left', (r ->> 'position')::bigint - pg_temp.k()) FROM erp.seal_documents('SEAL', p_max) r
$$;
CALL pg_temp.wait_for_others();
\o

-- Sealing, in steps.
SELECT is(pg_temp.step(2), '2 sealed, 3 left, at 2', 'two are sealed');
SELECT is(pg_temp.step(2), '2 sealed, 1 left, at 4', 'and two');
SELECT is(pg_temp.step(2), '1 sealed, 0 left, at 5', 'and the last');
SELECT is(pg_temp.step(2), '0 sealed, 0 left, at 5', 'nothing is left');
SELECT results_eq('SELECT position, document_id FROM erp.seal WHERE company_id = pg_temp.company() ORDER BY position',
	$$SELECT row_number() OVER (ORDER BY document_id), document_id FROM erp.document WHERE company_id = pg_temp.company()$$, 'in the order of their ids, without a gap');
BEGIN;
\o /dev/null
SELECT trial.sell('SEAL', 's3', '2009-02-09', 'SV', 1, 1);
\o
SELECT is(pg_temp.step(9), '0 sealed, 0 left, at 5', 'what is not committed is not sealed, by its own transaction either');
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT throws_ok($$SELECT erp.seal_documents('SEAL')$$, '25000', NULL, 'under REPEATABLE READ it is refused');
ROLLBACK;
SELECT throws_ok($$SELECT erp.seal_documents('SEAL', 0)$$, 'LE011', NULL, 'no step of nothing');
SELECT throws_ok($$SELECT erp.seal_documents('NONE')$$, 'LE012', NULL, 'an unknown company');
SELECT throws_ok($$INSERT INTO erp.seal SELECT * FROM erp.seal$$, 'LE061', NULL, 'nobody else inserts seals');
SELECT throws_ok($$UPDATE erp.seal SET hash = previous_hash$$, 'LE060', NULL, 'nobody changes them');

-- The hash of a content written by hand: the receipt, behind the calls. Ids that the database gave are read.
SELECT is((SELECT encode(s.hash, 'hex') FROM erp.seal s WHERE s.company_id = pg_temp.company() AND s.position = pg_temp.k() + 1),
	(SELECT encode(sha256((SELECT hash FROM erp.seal WHERE company_id = pg_temp.company() AND position = pg_temp.k()) || convert_to(
		E'seal 3\tSEAL\t' || pg_temp.k() + 1 || E'\t' || to_char(e.sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\n'
		|| E'document\t' || d.document_id || E'\tgoods_receipt\tr\tS1\t2009-01-05\t00:00:00\t2009-01-05\t'
		|| to_char(d.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\t' || d.recorded_by || E'\tGBP\t1\t2009-01-05\t0\t\t\t'
		|| encode(d.request_hash, 'hex') || E'\n'
		|| E'document_line\t1\treceipt\tF\tMAIN\t\t\t\t\t0\t0\t10\t\\N\t30\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n'
		|| E'voucher\t' || v || E'\t' || d.document_id || E'\t2009-01-05\t2009-01\tgoods_receipt\t\n'
		|| E'voucher_line\t' || v || E'\t1\t1200\t2009-01-05\tdebit\tGBP\tS1\t\t\t\t\t30\t30\t10\t\\N\t\t' || max(l.posting_rule_id) FILTER (WHERE l.line_no = 1) || E'\t0\n'
		|| E'voucher_line\t' || v || E'\t2\t2150\t2009-01-05\tcredit\tGBP\tS1\t\t\t\t\t30\t30\t0\t2009-01-05\t\t' || max(l.posting_rule_id) FILTER (WHERE l.line_no = 2) || E'\t0\n'
		|| E'open_item\t' || max(o.open_item_id) || E'\t' || v || E'\t2\t' || d.document_id || E'\t2150\tS1\t2009-01-05\t2009-01-05\tGBP\t-30\t-30\t\t0\t0\n'
		|| E'stock_move\t' || max(m.move_id) || E'\t1\t1\tF\tMAIN\t\t\t\t\t0\t0\t2009-01-05\t00:00:00\t\t0\t10\t10\n'
		|| E'cost_entry\t' || max(m.move_id) || E'\t1\t0\t' || v || E'\t1\t0\treceipt\t10\t30\n', 'UTF8')), 'hex')
	FROM erp.document d CROSS JOIN pg_temp.voucher('r') v JOIN erp.voucher_line l ON l.company_id = d.company_id AND l.voucher_id = v
	JOIN erp.open_item o ON o.company_id = d.company_id AND o.document_id = d.document_id JOIN erp.seal e ON e.company_id = d.company_id AND e.document_id = d.document_id JOIN erp.stock_move m ON m.company_id = d.company_id AND m.document_id = d.document_id
	WHERE d.company_id = pg_temp.company() AND d.key = 'r' GROUP BY d.company_id, d.document_id, e.sealed_at, v), 'the hash of a content written by hand');
-- What is special is escaped: by hand, from the export.
CREATE FUNCTION pg_temp.field(p_record text, p_field integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT split_part(r, E'\t', p_field) FROM erp.export_journal('SEAL', pg_temp.k() + 3, pg_temp.k() + 3) e,
		regexp_split_to_table(e::json ->> 'content', E'\n') WITH ORDINALITY l (r, n) WHERE split_part(r, E'\t', 1) = p_record ORDER BY n LIMIT 1
$$;
SELECT is(pg_temp.field('voucher', 6), 'tab\tslash\\\nline', 'tabs, backslashes and line feeds are escaped');
SELECT is(pg_temp.field('document', 4), 'm\t\\', 'in keys too');
SELECT is(pg_temp.field('voucher_line', 10), 'de\,partment=A\=B,project=P', 'dimensions');
-- Nothing of the session changes a content.
SET DateStyle = 'German, DMY'; SET TimeZone = 'Asia/Kathmandu'; SET extra_float_digits = 0; SET bytea_output = escape; SET search_path = pg_catalog, public;
SELECT is_empty($$SELECT * FROM erp.verify_chain('SEAL')$$, 'the chain holds, whatever the settings of the session');
SET DateStyle = 'ISO, YMD'; RESET TimeZone; RESET extra_float_digits; RESET bytea_output; RESET search_path;
SELECT results_eq($$SELECT h.position, h.hash, h.documents FROM erp.seal_head('SEAL') h$$,
	$$SELECT s.position, encode(s.hash, 'hex'), s.position FROM erp.seal s WHERE company_id = pg_temp.company() AND position = pg_temp.k() + 5$$, 'the head');

-- What verify_chain() finds after statements behind the guards; all undone. Documents by their key, as they were.
CREATE TEMP TABLE document_key AS SELECT d.document_id, d.key FROM erp.document d WHERE company_id = pg_temp.company();
CREATE FUNCTION pg_temp.attacked(p_statements text[], p_query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m record;
	s text;
	found text;
BEGIN
	FOR m IN SELECT DISTINCT table_name FROM erp_private.guard_manifest() LOOP
		EXECUTE format('ALTER TABLE %s DISABLE TRIGGER ALL', m.table_name);
	END LOOP;
	FOREACH s IN ARRAY p_statements LOOP
		EXECUTE s;
	END LOOP;
	FOR m IN SELECT table_name, trigger_name FROM erp_private.guard_manifest() LOOP
		EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', m.table_name, m.trigger_name);
	END LOOP;
	EXECUTE p_query INTO found;
	RAISE EXCEPTION USING ERRCODE = 'XX998', MESSAGE = coalesce(found, 'nothing');
EXCEPTION WHEN SQLSTATE 'XX998' THEN
	RETURN SQLERRM;
END
$$;
CREATE FUNCTION pg_temp.found(VARIADIC p_statements text[]) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.attacked(p_statements, $q$
		SELECT string_agg(concat_ws(' ', w.position - pg_temp.k(), coalesce(k.key, w.document_id::text),
			CASE WHEN m[1] IS NULL THEN w.problem ELSE format('missing positions %s to %s', m[1]::bigint - pg_temp.k(), m[2]::bigint - pg_temp.k()) END), ', ' ORDER BY w.number)
		FROM erp.verify_chain('SEAL') WITH ORDINALITY w ("position", document_id, problem, number) LEFT JOIN document_key k USING (document_id)
		CROSS JOIN LATERAL (SELECT regexp_match(w.problem, '^missing positions (\d+) to (\d+)$') AS m) r$q$)
$$;
SELECT is(pg_temp.found(VARIADIC replace(replace(replace(s, '<C>', pg_temp.company()::text), '<S>', pg_temp.voucher('s')::text), '<D>', pg_temp.document('s')::text)::text[]), f, w) FROM (VALUES
	('nothing, after nothing', '{SELECT 1}', 'nothing'),
	('what a voucher reverses', '{UPDATE erp.voucher_reversal SET reverses_voucher_id = <S>}', '5 u altered content'),
	('that a voucher reverses', '{DELETE FROM erp.voucher_reversal}', '5 u altered content'),
	('a line gone', '{DELETE FROM erp.voucher_line WHERE voucher_id = <S> AND line_no = 3}', '2 s altered content'),
	('two lines that change places', '{UPDATE erp.voucher_line SET line_no = 99 WHERE voucher_id = <S> AND line_no = 1,UPDATE erp.voucher_line SET line_no = 1 WHERE voucher_id = <S> AND line_no = 2,UPDATE erp.voucher_line SET line_no = 2 WHERE voucher_id = <S> AND line_no = 99}', '2 s altered content'),
	('a voucher gone', '{DELETE FROM erp.voucher WHERE voucher_id = <S>}', '2 s altered content'),
	('a document gone', '{DELETE FROM erp.document WHERE company_id = <C> AND key = ''s''}', '2 s missing document'),
	('another code of an account', '{UPDATE erp.account SET code = ''4001'' WHERE company_id = <C> AND code = ''4000''}', '2 s altered content'),
	('another code of a dimension', '{UPDATE erp.dimension SET code = ''x'' WHERE company_id = <C> AND code = ''project''}', E'3 m\t\\ altered content'),
	('a seal gone', '{DELETE FROM erp.seal WHERE company_id = <C> AND position = pg_temp.k() + 3}', E'3 missing position, m\t\\ not sealed'),
	('the last seal gone', '{DELETE FROM erp.seal WHERE company_id = <C> AND position = pg_temp.k() + 5}', 'u not sealed'),
	('all seals gone but those of the calls', '{DELETE FROM erp.seal WHERE company_id = <C> AND position > pg_temp.k()}', E'r not sealed, s not sealed, m\t\\ not sealed, s2 not sealed, u not sealed'),
	('a position beyond', '{UPDATE erp.seal SET position = pg_temp.k() + 7 WHERE company_id = <C> AND position = pg_temp.k() + 5}', '5 missing positions 5 to 6, 7 u altered content'),
	('seals that change places', '{UPDATE erp.seal SET position = pg_temp.k() + 99 WHERE company_id = <C> AND position = pg_temp.k() + 2,UPDATE erp.seal SET position = pg_temp.k() + 2 WHERE company_id = <C> AND position = pg_temp.k() + 4,UPDATE erp.seal SET position = pg_temp.k() + 4 WHERE company_id = <C> AND position = pg_temp.k() + 99}',
		E'2 s2 broken link, 2 s2 altered content, 3 m\t\\ broken link, 4 s broken link, 4 s altered content, 5 u broken link'),
	('a document at another place', '{UPDATE erp.seal SET document_id = -1 WHERE company_id = <C> AND position = pg_temp.k() + 2,UPDATE erp.seal SET document_id = <D> WHERE company_id = <C> AND position = pg_temp.k() + 4}', '2 -1 missing document, 4 s altered content, s2 not sealed'),
	('another hash', '{UPDATE erp.seal SET hash = sha256(hash) WHERE company_id = <C> AND position = pg_temp.k() + 2}', E'2 s altered content, 3 m\t\\ broken link'),
	('another hash before it', '{UPDATE erp.seal SET previous_hash = sha256(hash) WHERE company_id = <C> AND position = pg_temp.k() + 2}', '2 s broken link, 2 s altered content'),
	('the first one''s behind the calls', '{UPDATE erp.seal SET previous_hash = sha256(hash) WHERE company_id = <C> AND position = pg_temp.k() + 1}', '1 r broken link, 1 r altered content'),
	('another time', '{UPDATE erp.seal SET sealed_at = sealed_at - interval ''1 day'' WHERE company_id = <C> AND position = pg_temp.k() + 2}', '2 s altered content'),
	('no hash', '{UPDATE erp.seal SET hash = '''' WHERE company_id = <C> AND position = pg_temp.k() + 2}', '2 s malformed hash')
) a (w, s, f);
SELECT is(pg_temp.found(format('INSERT INTO erp.voucher_line (company_id, voucher_id, line_no, account_id, day, side, currency_id, amount, company_amount)
	SELECT company_id, voucher_id, 9, account_id, day, side, currency_id, 0, 0 FROM erp.voucher_line WHERE voucher_id = %s AND line_no = 1', pg_temp.voucher('s'))),
	'2 s altered content', 'a line put in');
SELECT is(pg_temp.found(format('DELETE FROM erp.seal WHERE company_id = %s AND position IN (pg_temp.k() + 2, pg_temp.k() + 3)', pg_temp.company())),
	E'2 missing positions 2 to 3, s not sealed, m\t\\ not sealed', 'two seals gone');
SELECT matches(pg_temp.found(format('INSERT INTO erp.document SELECT (jsonb_populate_record(d, ''{"document_id": 999999, "key": "put in"}'')).* FROM erp.document d WHERE document_id = %s', pg_temp.document('s'))),
	'^999999 not sealed$', 'a document put in below the cut');
-- Whoever alters a content and its hash breaks the next link; at the end of the chain the head that was kept tells.
SELECT is(pg_temp.found(format('UPDATE erp.voucher_line SET company_amount = company_amount + 1 WHERE voucher_id = %s', pg_temp.voucher('s')),
	format($$UPDATE erp.seal SET hash = sha256(previous_hash || convert_to((SELECT e::json ->> 'content' FROM erp.export_journal('SEAL', pg_temp.k() + 2, pg_temp.k() + 2) e), 'UTF8')) WHERE company_id = %s AND position = pg_temp.k() + 2$$, pg_temp.company())),
	E'3 m\t\\ broken link', 'altered with its hash: the next link is broken');
CREATE TEMP TABLE head AS SELECT * FROM erp.seal_head('SEAL');
SELECT is(pg_temp.attacked(ARRAY[format('UPDATE erp.voucher_line SET company_amount = company_amount + 1 WHERE voucher_id = %s', pg_temp.voucher('u')),
	format($$UPDATE erp.seal SET hash = sha256(previous_hash || convert_to((SELECT e::json ->> 'content' FROM erp.export_journal('SEAL', pg_temp.k() + 5, pg_temp.k() + 5) e), 'UTF8')) WHERE company_id = %s AND position = pg_temp.k() + 5$$, pg_temp.company())],
	$$SELECT format('%s problems, the same head: %s', (SELECT count(*) FROM erp.verify_chain('SEAL')), (SELECT h.hash = k.hash FROM erp.seal_head('SEAL') h, head k))$$),
	'0 problems, the same head: f', 'the last one altered with its hash: the head is another');
-- Ranges.
SELECT is(pg_temp.attacked(ARRAY['UPDATE erp.voucher SET summary = ''x'' WHERE company_id = ' || pg_temp.company()], q), f, w) FROM (VALUES
	('all', $$SELECT string_agg((position - pg_temp.k())::text, ' ') FROM erp.verify_chain('SEAL')$$, '1 2 3 4 5'),
	('the first', $$SELECT string_agg((position - pg_temp.k())::text, ' ') FROM erp.verify_chain('SEAL', max_problems => 1)$$, '1'),
	('from a position', $$SELECT string_agg((position - pg_temp.k())::text, ' ') FROM erp.verify_chain('SEAL', pg_temp.k() + 4)$$, '4 5'),
	('up to a position', $$SELECT string_agg((position - pg_temp.k())::text, ' ') FROM erp.verify_chain('SEAL', NULL, pg_temp.k() + 2)$$, '1 2'),
	('beyond the end', $$SELECT string_agg(position - pg_temp.k() || ' ' || split_part(problem, ' ', 1), ', ') FROM erp.verify_chain('SEAL', pg_temp.k() + 5, pg_temp.k() + 7)$$, '5 altered, 6 missing')) a (w, q, f);
SELECT throws_ok($$SELECT * FROM erp.verify_chain('NONE')$$, 'LE012', NULL, 'an unknown company has no chain');
SELECT throws_ok($$SELECT * FROM erp.verify_chain('SEAL', 0)$$, 'LE011', NULL, 'no position is below 1');
SELECT throws_ok($$SELECT * FROM erp.verify_chain('SEAL', max_problems => 0)$$, 'LE011', NULL, 'no verification of nothing');
SELECT throws_ok($$SELECT * FROM erp.verify_chain(NULL)$$, 'LE011', NULL, 'nor of no company');
-- The integrity check holds the links against each other.
SELECT is(pg_temp.attacked(ARRAY[replace(replace(s, '<C>', pg_temp.company()::text), '<K>', pg_temp.k()::text)], $$SELECT string_agg(concat_ws(' ', law, check_name, company, object, regexp_replace(detail, '[0-9a-f]{64}', '#', 'g')), ', ' ORDER BY object DESC) FROM erp.check_integrity()$$), f, w) FROM (VALUES
	('a seal gone', 'DELETE FROM erp.seal WHERE company_id = <C> AND position = <K> + 3',
		format('2 seal_chain SEAL position %s position %s is missing, 2 seal_chain SEAL document ', pg_temp.k() + 4, pg_temp.k() + 3) || pg_temp.document(E'm\t\\') || ' has no seal, though it lies below the cut'),
	('the first hash', 'UPDATE erp.seal SET previous_hash = sha256(hash) WHERE company_id = <C> AND position = 1',
		'2 seal_chain SEAL position 1 names # as the hash before it, which is that of nothing: 32 zero bytes'),
	('a hash', 'UPDATE erp.seal SET hash = sha256(hash) WHERE company_id = <C> AND position = <K> + 3', format('2 seal_chain SEAL position %s names # as the hash before it, which is #', pg_temp.k() + 4))) a (w, s, f);
-- Nothing is exported without its document.
SELECT is(pg_temp.attacked(ARRAY[format('DELETE FROM erp.document WHERE company_id = %s AND key = ''s''', pg_temp.company())], $$SELECT trial.refused('SELECT erp.export_journal(''SEAL'')')$$), 'LE081', 'nothing is exported without its document');
-- After a restore: the cut is of another cluster, and so are the transaction ids, which may lie beyond those of this one.
\o /dev/null
SELECT trial.sell('SEAL', 's4', '2009-02-10', 'SV', 1, 40);
SELECT trial.sell('SEAL', 's5', '2009-02-11', 'SV', 1, 50);
CALL pg_temp.wait_for_others();
\o
SELECT is(pg_temp.attacked(ARRAY['UPDATE erp_private.seal_cut SET cluster = 1', $$UPDATE erp.document SET transaction_id = (transaction_id::text::bigint + 1000000000)::text::xid8$$],
	$$SELECT concat_ws('; ', pg_temp.step(1), pg_temp.step(1), pg_temp.step(1), pg_temp.step(1), (SELECT count(*) FROM erp.verify_chain('SEAL')))$$),
	'1 sealed, 1 left, at 6; 1 sealed, 1 left, at 7; 0 sealed, 0 left, at 7; 0 sealed, 0 left, at 7; 0', 'what was restored is sealed, whatever its transaction ids');
SELECT is(pg_temp.attacked(ARRAY['UPDATE erp_private.seal_cut SET cluster = 1', format('DELETE FROM erp.seal WHERE company_id = %s AND position = pg_temp.k() + 5', pg_temp.company())], $$SELECT count(*) FROM erp.verify_chain('SEAL')$$),
	'0', 'until then what is not sealed may only wait');

-- As known at a position.
CREATE TEMP TABLE known AS SELECT pg_temp.k() + 5 AS position, clock_timestamp() AS moment;
\o /dev/null
SELECT pg_sleep(0.01);
CREATE TEMP TABLE journal AS SELECT * FROM erp.journal_as_known('SEAL', NULL, NULL, pg_temp.k() + 5);
CREATE TEMP TABLE trial_balance AS SELECT * FROM erp.trial_balance_as_known('SEAL', '2009-02-01', '2009-02-28', pg_temp.k() + 5);
CREATE TEMP TABLE balances AS SELECT * FROM erp.balances_as_known('SEAL', '2009-02-28', pg_temp.k() + 5);
CREATE TEMP TABLE open_items AS SELECT * FROM erp.open_items_as_known('SEAL', '2009-02-28', pg_temp.k() + 5);
\o
SELECT results_eq('SELECT document_key, account_code, debit, credit FROM journal WHERE document_key IN (''r'', ''s2'', ''u'') ORDER BY day, voucher_id, line_no',
	$$VALUES ('r', '1200', 30.00, 0.00), ('r', '2150', 0.00, 30.00), ('s2', '4100', 0.00, 100.00), ('s2', '1100', 100.00, 0.00), ('u', '4100', 0.00, -100.00), ('u', '1100', -100.00, 0.00)$$, 'journal');
SELECT results_eq('SELECT account_code, opening_debit, opening_credit, debit, credit, closing_debit, closing_credit FROM trial_balance',
	$$VALUES ('1000', 0.00, 12.50, 0.00, 0.00, 0.00, 12.50), ('1100', 0.00, 0.00, 23.00, 0.00, 23.00, 0.00), ('1200', 30.00, 0.00, 0.00, 12.00, 18.00, 0.00),
		('2150', 0.00, 30.00, 0.00, 0.00, 0.00, 30.00), ('2200', 0.00, 0.00, 0.00, 3.00, 0.00, 3.00), ('4000', 0.00, 0.00, 0.00, 20.00, 0.00, 20.00),
		('4100', 0.00, 0.00, 0.00, 0.00, 0.00, 0.00), ('5000', 0.00, 0.00, 12.00, 0.00, 12.00, 0.00), ('6000', 12.50, 0.00, 0.00, 0.00, 12.50, 0.00)$$, 'trial balance');
SELECT results_eq('SELECT account_code, balance, currency, currency_balance FROM balances WHERE account_code IN (''1100'', ''1200'', ''2200'')',
	$$VALUES ('1100', 23.00, 'GBP', 23.00), ('1200', 18.00, 'GBP', 18.00), ('2200', -3.00, 'GBP', -3.00)$$, 'balances');
SELECT results_eq('SELECT party_code, document_key, amount, settled, open_amount FROM open_items',
	$$VALUES ('C1', 's', 23.00, 0.00, 23.00), ('S1', 'r', -30.00, 0.00, -30.00)$$, 'open items: what was reversed is settled');
SELECT results_eq($$SELECT document_key, open_amount FROM erp.open_items_as_known('SEAL', NULL, pg_temp.k() + 4)$$, $$VALUES ('s', 23.00), ('s2', 100.00), ('r', -30.00)$$, 'one position before it was open');
SELECT is_empty($$SELECT * FROM erp.journal_as_known('SEAL', '2009-01-08', '2009-02-05', pg_temp.k() + 5)$$, 'a range of days');
\o /dev/null
SELECT trial.receive('SEAL', 'late', '2009-01-04', 'F', 2, 20);
SELECT trial.reverse('SEAL', 'us', 's', '2009-02-27');
SELECT erp.assign_numbers('SEAL');
SELECT erp.put_parties('SEAL', 'rename', '[{"code": "C1", "name": "Another name"}]');
CALL pg_temp.wait_for_others();
CALL erp.run_seal('SEAL', 1);
\o
SELECT results_eq($$SELECT * FROM erp.journal_as_known('SEAL', NULL, NULL, pg_temp.k() + 5)$$, 'SELECT * FROM journal', 'the journal is what it was');
SELECT results_eq($$SELECT * FROM erp.trial_balance_as_known('SEAL', '2009-02-01', '2009-02-28', pg_temp.k() + 5)$$, 'SELECT * FROM trial_balance', 'so is the trial balance');
SELECT results_eq($$SELECT * FROM erp.balances_as_known('SEAL', '2009-02-28', pg_temp.k() + 5)$$, 'SELECT * FROM balances', 'so are balances');
SELECT results_eq($$SELECT * FROM erp.open_items_as_known('SEAL', '2009-02-28', pg_temp.k() + 5)$$, 'SELECT * FROM open_items', 'and open items');
-- At the head they are what the views say.
SELECT results_eq($$SELECT t.* FROM erp.trial_balance_as_known('SEAL', '2009-02-01', '2009-02-28', (SELECT h.position FROM erp.seal_head('SEAL') h)) t$$,
	$$SELECT account_code, opening_debit, opening_credit, debit, credit, closing_debit, closing_credit FROM erp.trial_balance('SEAL', '2009-02-01', '2009-02-28')$$, 'at the head: the trial balance');
SELECT results_eq($$SELECT open_item_id, settled, open_amount, company_open_amount FROM erp.open_items_as_known('SEAL', NULL, (SELECT h.position FROM erp.seal_head('SEAL') h)) ORDER BY 1$$,
	$$SELECT open_item_id, settled, open_amount, company_open_amount FROM erp.open_items_by_party WHERE company = 'SEAL' ORDER BY 1$$, 'and open items');
SELECT is(erp.seal_position_at('SEAL', k.moment), k.position, 'the position at a time') FROM known k;
SELECT is(erp.seal_position_at('SEAL', 'infinity'), (SELECT h.position FROM erp.seal_head('SEAL') h), 'at last') ;
SELECT is(erp.seal_position_at('SEAL', '2009-01-01'), 0::bigint, 'before all');
SELECT is_empty($$SELECT * FROM erp.verify_chain('SEAL')$$, 'the chain holds at the end');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'and no law is broken');
SELECT * FROM finish();
\o /dev/null
DROP SCHEMA trial CASCADE;
