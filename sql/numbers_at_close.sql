\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- A closed month has all its numbers: the close gives those that are deferred, before it seals. All figures by hand.
SELECT plan(25);
\o /dev/null
SELECT trial.make_company('NCLOSE');
SELECT erp.put_series('NCLOSE', 'invoices', '[{"code": "INV", "target": "sales_invoice", "scope": "year", "mode": "deferred"}, {"code": "GAIN", "target": "stock_gain", "scope": "ever", "mode": "immediate"}, {"code": "CALLS", "target": "administration", "scope": "ever", "mode": "deferred"}]');
CREATE FUNCTION pg_temp.company() RETURNS integer LANGUAGE sql STABLE AS $$SELECT company_id FROM erp.company WHERE code = 'NCLOSE'$$;
CREATE FUNCTION pg_temp.numbers(p_series text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(string_agg(concat_ws(' ', NULLIF(n.scope_value, ''), n.number, d.key), ', ' ORDER BY n.scope_value, n.number), 'none')
	FROM erp.assigned_number n JOIN erp.series s USING (company_id, series_id) JOIN erp.document d USING (company_id, document_id)
	WHERE n.company_id = pg_temp.company() AND s.code = p_series
$$;
-- Which call or document gave the number of a voucher.
CREATE FUNCTION pg_temp.giver(p_key text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT concat_ws(' ', g.kind, CASE WHEN g.kind = 'administration' THEN g.key END) FROM erp.document d JOIN erp.assigned_number n USING (company_id, document_id)
	JOIN erp.document g ON g.company_id = n.company_id AND g.document_id = n.assigning_document_id
	WHERE d.company_id = pg_temp.company() AND d.key = p_key AND n.voucher_id <> 0
$$;
CREATE FUNCTION pg_temp.enter(p_key text, p_day date) RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.post_document('NCLOSE', json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'lines', '[{"account": "1000", "side": "debit", "amount": 5}, {"account": "4100", "side": "credit", "amount": 5}]'::json)) IS NOT NULL
$$;
CREATE FUNCTION pg_temp.invoice(p_key text, p_day date) RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.post_document('NCLOSE', json_build_object('key', p_key, 'kind', 'sales_invoice', 'day', p_day, 'party', 'C1', 'lines', '[{"item": "SV", "quantity": 1, "price": 5}]'::json)) IS NOT NULL
$$;
CREATE FUNCTION pg_temp.set(p_key text, p_period text, p_state text, VARIADIC p_modules text[] DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.set_period_state('NCLOSE', p_key, json_build_object('period', p_period, 'state', p_state, 'modules', p_modules, 'reason', 'a test'))
$$;
SELECT pg_temp.enter('20 Jan', '2009-01-20'), pg_temp.invoice('i 12 Jan', '2009-01-12'), pg_temp.enter('5 Jan', '2009-01-05'), pg_temp.enter('3 Feb', '2009-02-03'), pg_temp.invoice('i 9 Jan', '2009-01-09');
SELECT pg_temp.set('warn', '2009-01', 'warned');
\o
SELECT is(pg_temp.numbers('voucher'), 'none', 'a warning gives no numbers');
\o /dev/null
SELECT pg_temp.set('close stock', '2009-01', 'closed', 'stock', 'sales');
\o
SELECT is(pg_temp.numbers('voucher') || '; ' || pg_temp.numbers('INV'), 'none; none', 'nor does a close that leaves the general module open, into which all of these post');
-- A close that is refused or undone gives none.
SAVEPOINT s;
\o /dev/null
SELECT pg_temp.set('undone', '2009-01', 'closed');
\o
SELECT is(pg_temp.numbers('INV'), '2009 1 i 9 Jan, 2009 2 i 12 Jan', 'a close gives the numbers of the month''s documents');
ROLLBACK TO s;
SELECT is(pg_temp.numbers('INV'), 'none', 'and undone it has given none');
\o /dev/null
SELECT pg_temp.set('close general', '2009-01', 'closed', 'general');
\o
SELECT is(pg_temp.numbers('voucher'), '2009-01 1 5 Jan, 2009-01 2 i 9 Jan, 2009-01 3 i 12 Jan, 2009-01 4 20 Jan', 'the general module closes: all vouchers of the month have numbers, in the order of days, no others');
SELECT is(pg_temp.numbers('INV'), '2009 1 i 9 Jan, 2009 2 i 12 Jan', 'so do its invoices, though their series is of the year');
SELECT is(pg_temp.giver('5 Jan'), 'administration close general', 'in the name of the call');
SELECT is((SELECT concat_ws(' ', numbers, first_number, last_number, missing, waiting) FROM erp.number_proof WHERE company = 'NCLOSE' AND series_code = 'voucher' AND scope = '2009-01'), '4 1 4 0 0', 'none of the month is missing, and nothing waits');
SELECT is((SELECT count(*) FROM erp.verify_chain('NCLOSE')), 0::bigint, 'the chain holds');
-- Its records of numbers, the older series first.
SELECT is((SELECT string_agg(f[3] || ' ' || f[4], ', ' ORDER BY n) FROM erp.seal_head('NCLOSE') h, erp.export_journal('NCLOSE', h.position, h.position) e, regexp_split_to_table(e::json ->> 'content', E'\n') WITH ORDINALITY AS l (line, n), string_to_array(line, E'\t') f WHERE line LIKE E'assigned_number\t%'),
	'2009-01 1, 2009-01 2, 2009-01 3, 2009-01 4, 2009 1, 2009 2', 'and the close is sealed with the numbers that it gave');

-- The same call again, and another one on what is closed.
\o /dev/null
SELECT pg_temp.enter('2 Feb', '2009-02-02');
SELECT pg_temp.set('close general', '2009-01', 'closed', 'general');
SELECT pg_temp.set('close again', '2009-01', 'closed');
\o
SELECT is(pg_temp.numbers('voucher'), '2009-01 1 5 Jan, 2009-01 2 i 9 Jan, 2009-01 3 i 12 Jan, 2009-01 4 20 Jan', 'closing again gives nothing more');
-- A reopening: what is given stays, what comes is next.
\o /dev/null
SELECT pg_temp.set('reopen', '2009-01', 'open');
SELECT pg_temp.enter('2 Jan', '2009-01-02');
\o
SELECT is(pg_temp.giver('2 Jan'), NULL, 'what comes after a reopening has no number yet');
\o /dev/null
SELECT pg_temp.set('close at last', '2009-01', 'closed');
\o
SELECT is(pg_temp.numbers('voucher'), '2009-01 1 5 Jan, 2009-01 2 i 9 Jan, 2009-01 3 i 12 Jan, 2009-01 4 20 Jan, 2009-01 5 2 Jan', 'and has the next one when the month closes again');
SELECT is(pg_temp.giver('2 Jan') || ', ' || pg_temp.giver('20 Jan'), 'administration close at last, administration close general', 'each in the name of its close');
-- A later month closes first: the numbers of a year go on in the order in which they are given.
\o /dev/null
SELECT pg_temp.invoice('i 4 Mar', '2009-03-04'), pg_temp.invoice('i 6 Feb', '2009-02-06'), pg_temp.invoice('i 28 Feb', '2009-02-28');
SELECT pg_temp.set('March', '2009-03', 'closed');
\o
SELECT is(pg_temp.numbers('INV'), '2009 1 i 9 Jan, 2009 2 i 12 Jan, 2009 3 i 4 Mar', 'only of the month that closes');
-- The hard lock: of all days up to it, not of the rest of its month.
\o /dev/null
SELECT erp.set_hard_lock('NCLOSE', 'lock', '{"day": "2009-02-06", "reason": "a test"}');
\o
SELECT is(pg_temp.numbers('INV'), '2009 1 i 9 Jan, 2009 2 i 12 Jan, 2009 3 i 4 Mar, 2009 4 i 6 Feb', 'the hard lock gives the numbers of the days that it locks');
SELECT is((SELECT string_agg(x, ', ') FROM regexp_split_to_table(pg_temp.numbers('voucher'), ', ') x WHERE x LIKE '2009-02%'), '2009-02 1 2 Feb, 2009-02 2 3 Feb, 2009-02 3 i 6 Feb', 'of vouchers too');
SELECT is(pg_temp.giver('i 6 Feb'), 'administration lock', 'in its own name');
-- What waits gets its number by the ordinary step.
SELECT is(erp.assign_numbers('NCLOSE') > 0, true, 'the ordinary step goes on');
SELECT is((SELECT string_agg(x, ', ') FROM regexp_split_to_table(pg_temp.numbers('voucher'), ', ') x WHERE x LIKE '2009-02 4%' OR x LIKE '2009-02 5%'), '2009-02 4 i 28 Feb', 'with what is left');
SELECT is(pg_temp.giver('i 28 Feb'), 'numbering', 'in the name of a numbering');
-- A series of calls, which belong to no period, is not a matter of closing; one at once neither.
SELECT is((SELECT count(*) FROM erp.assigned_number n JOIN erp.series s USING (company_id, series_id) JOIN erp.document g ON g.company_id = n.company_id AND g.document_id = n.assigning_document_id
	WHERE n.company_id = pg_temp.company() AND s.code = 'CALLS' AND g.kind <> 'numbering'), 0::bigint, 'no close numbers calls');
\o /dev/null
SELECT pg_temp.enter('7 Apr', '2009-04-07'), pg_temp.enter('8 Apr', '2009-04-08');
SELECT erp.assign_numbers('NCLOSE', 1);
SELECT pg_temp.set('April', '2009-04', 'closed');
\o
SELECT is((SELECT string_agg(x, ', ') FROM regexp_split_to_table(pg_temp.numbers('voucher'), ', ') x WHERE x LIKE '2009-04%'), '2009-04 1 7 Apr, 2009-04 2 8 Apr', 'what was begun before is gone on with');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken');
SELECT is((SELECT count(*) FROM erp.verify_chain('NCLOSE')), 0::bigint, 'the chain holds');
SELECT * FROM finish();
ROLLBACK;
