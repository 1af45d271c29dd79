\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
-- The last price to a party, whatever of its invoices is folded. What a fold takes has committed: nothing here is rolled back.
\o /dev/null
\i :company_file
SELECT trial.make_company('LAST');
SELECT trial.receive('LAST', 'r1', '2009-01-02', 'F', 100, 100);
CREATE FUNCTION trial.last(p_party text, VARIADIC p_items text[]) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', item_code, document_key, line_no, trim_scale(quantity), nullif(unit, ''), trim_scale(price), currency), ', ' ORDER BY item_code) FROM erp.last_prices('LAST', p_party, p_items)
$$;
\o
SELECT plan(12);
SELECT is(trial.last('C1', 'F', 'SV'), NULL, 'never sold');
\o /dev/null
SELECT trial.sell('LAST', 's1', '2009-02-01', 'F', 2, 5);
SELECT trial.sell('LAST', 's2', '2009-02-03', 'F', 1, 6);
SELECT trial.sell('LAST', 's3', '2009-02-02', 'F', 1, 7);
SELECT erp.post_document('LAST', '{"key": "s4", "kind": "sales_invoice", "day": "2009-02-01", "party": "C2", "lines": [{"item": "SV", "role": "service", "quantity": 3, "price": "12.5"}, {"item": "F", "quantity": 1, "price": 9}, {"item": "F", "quantity": 1, "price": 8},
	{"item": "F", "role": "free", "quantity": 1}]}');
\o
SELECT is(trial.last('C1', 'F', 'SV'), 'F s2 1 1 6 GBP', 'the latest day, not the last posted');
SELECT is(trial.last('C2', 'F', 'SV', 'NONE'), 'F s4 3 1 8 GBP, SV s4 1 3 12.5 GBP', 'of another party; the last line of the day; no gift, no item that is unknown');
SELECT cmp_ok(erp.fold_balances('LAST'), '>', 0::bigint, 'all of it is folded');
SELECT is((SELECT count(*) FROM erp_private.sold_line s JOIN erp.company c USING (company_id) WHERE c.code = 'LAST'), 6::bigint, 'six lines');
SELECT is(trial.last('C1', 'F') || ', ' || trial.last('C2', 'F', 'SV'), 'F s2 1 1 6 GBP, F s4 3 1 8 GBP, SV s4 1 3 12.5 GBP', 'the same is read');
\o /dev/null
SELECT trial.reverse('LAST', 'x2', 's2', '2009-02-10');
\o
SELECT is(trial.last('C1', 'F'), 'F s3 1 1 7 GBP', 'what is reversed does not count');
\o /dev/null
SELECT trial.sell('LAST', 's5', '2009-01-15', 'F', 1, 4);
\o
SELECT is(trial.last('C1', 'F'), 'F s3 1 1 7 GBP', 'a late one of an earlier day is not the last');
\o /dev/null
SELECT trial.sell('LAST', 's6', '2009-03-01', 'F', 1, 10);
\o
SELECT is(trial.last('C1', 'F'), 'F s6 1 1 10 GBP', 'one of a later day is');
\o /dev/null
SELECT erp.fold_balances('LAST');
SELECT trial.reverse('LAST', 'x6', 's6', '2009-03-02');
SELECT erp.fold_balances('LAST');
\o
SELECT is(trial.last('C1', 'F'), 'F s3 1 1 7 GBP', 'and again, all folded');
SET ROLE erp_read;
SELECT results_eq($$SELECT pg_catalog.count(*) FROM erp.last_prices('LAST', 'C2', '{F,SV}')$$, 'VALUES (2::bigint)', 'who reads may ask');
RESET ROLE;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
DROP SCHEMA trial CASCADE;
