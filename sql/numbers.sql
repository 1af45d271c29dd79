\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Gapless series, immediate and deferred: in order, once, without gaps, and none used up by what was refused or rolled back.
SELECT plan(19);
\o /dev/null
SELECT trial.make_company('NUM');
SELECT erp.put_series('NUM', 'invoices', '[{"code": "INV", "target": "sales_invoice", "scope": "year", "mode": "immediate"}]');
CREATE FUNCTION pg_temp.numbers(p_target text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', n.scope_value, n.number, d.key), ', ' ORDER BY n.scope_value, n.number), 'none')
	FROM erp.assigned_number n JOIN erp.series s USING (company_id, series_id) JOIN erp.document d USING (company_id, document_id) WHERE s.target = p_target
$$;
CREATE FUNCTION pg_temp.invoice(p_key text, p_day date, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('NUM', (jsonb_build_object('key', p_key, 'kind', 'sales_invoice', 'day', p_day, 'party', 'C1', 'lines', '[{"item": "SV", "quantity": 1, "price": 5}]'::jsonb) || p_more)::text::json)
$$;
CREATE TEMP TABLE result AS SELECT pg_temp.invoice('i1', '2009-02-03') ->> 'number' AS number;
\o
SELECT matches((SELECT number FROM result), '1$', 'an immediate number is in the result');
\o /dev/null
SELECT pg_temp.invoice('i2', '2009-01-07');
\o
SELECT throws_ok($$SELECT pg_temp.invoice('i3', '2009-01-08', '{"lines": [{"item": "F", "quantity": 1, "price": 5}]}')$$, 'LE050', NULL, 'an invoice is refused');
SAVEPOINT s;
\o /dev/null
SELECT pg_temp.invoice('i4', '2009-01-08');
ROLLBACK TO s;
SELECT pg_temp.invoice('i5', '2010-01-08');
SELECT pg_temp.invoice('i6', '2009-01-09');
SELECT pg_temp.invoice('i6', '2009-01-09');
\o
SELECT is(pg_temp.numbers('sales_invoice'), '2009 1 i1, 2009 2 i2, 2009 3 i6, 2010 1 i5', 'immediate, by year: in the order of posting; refused, undone and repeated ones take none');

-- Vouchers: deferred, by month, in the order (day, voucher).
SELECT is(pg_temp.numbers('voucher'), 'none', 'deferred: none yet');
SELECT is(erp.assign_numbers('NUM', 1), 1::bigint, 'one is assigned');
SELECT is(pg_temp.numbers('voucher'), '2009-01 1 i2', 'to the first by day');
SELECT is(erp.assign_numbers('NUM'), 3::bigint, 'the rest is assigned');
SELECT is(pg_temp.numbers('voucher'), '2009-01 1 i2, 2009-01 2 i6, 2009-02 1 i1, 2010-01 1 i5', 'deferred, by month: in order of the day');
\o /dev/null
SELECT pg_temp.invoice('i7', '2009-01-01');
\o
SELECT is(erp.assign_numbers('NUM'), 1::bigint, 'a backdated one comes later');
SELECT is(pg_temp.numbers('voucher'), '2009-01 1 i2, 2009-01 2 i6, 2009-01 3 i7, 2009-02 1 i1, 2010-01 1 i5', 'and takes the next number: given ones never change');
SELECT is(erp.assign_numbers('NUM'), 0::bigint, 'nothing is left');
SELECT results_eq($$SELECT series_code, scope, numbers, first_number, last_number, missing, doubled, waiting FROM erp.number_proof WHERE company = 'NUM' ORDER BY 1, 2$$,
	$$VALUES ('INV', '2009', 4::bigint, 1::bigint, 4::bigint, 0::bigint, 0::bigint, NULL::bigint), ('INV', '2010', 1, 1, 1, 0, 0, NULL),
		('voucher', '2009-01', 3, 1, 3, 0, 0, 0), ('voucher', '2009-02', 1, 1, 1, 0, 0, 0), ('voucher', '2010-01', 1, 1, 1, 0, 0, 0)$$, 'the proof that none is missing');
SELECT results_eq($$SELECT number, document_key, day FROM erp.number_list WHERE company = 'NUM' AND series_code = 'voucher' AND scope = '2009-01' ORDER BY number$$,
	$$VALUES (1::bigint, 'i2', '2009-01-07'::date), (2, 'i6', '2009-01-09'), (3, 'i7', '2009-01-01')$$, 'and the numbers of a month');
\o /dev/null
SELECT pg_temp.invoice('i8', '2009-02-05');
\o
SELECT is((SELECT waiting FROM erp.number_proof WHERE company = 'NUM' AND series_code = 'voucher' AND scope = '2009-02'), 1::bigint, 'a voucher that has no number yet waits');
SELECT is(erp.assign_numbers('NUM'), 1::bigint, 'until it gets one');
SELECT throws_ok($$UPDATE erp.assigned_number SET number = 99 WHERE number = 3$$, 'LE060', NULL, 'no number is changed');
SELECT throws_ok($$SELECT erp.put_series('NUM', 'again', '[{"code": "INV", "target": "sales_invoice", "scope": "month", "mode": "immediate"}]')$$, NULL, NULL, 'a series in use does not change its scope');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- The counter is not a fact, so its owner may damage it; the report says so, or the next number is refused.
UPDATE erp_private.series_counter SET last_number = last_number + 5;
SELECT isnt_empty('SELECT * FROM erp.check_integrity()', 'a counter that ran ahead is reported');
SELECT * FROM finish();
ROLLBACK;
