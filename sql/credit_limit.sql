\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What a customer may owe: a sale beyond it is refused, whatever brings the debt down never is.
SELECT plan(40);
\o /dev/null
SELECT trial.make_company('CRED');
CREATE FUNCTION pg_temp.party(p_key text, p_party jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	PERFORM erp.put_parties('CRED', p_key, (jsonb_build_array('{"code": "C1", "name": "Customer 1"}' || p_party))::text::json);
	RETURN (SELECT concat_ws(' ', credit_check, trim_scale(credit_limit)) FROM erp.party JOIN erp.company c USING (company_id) WHERE c.code = 'CRED' AND party.code = coalesce(p_party ->> 'code', 'C1'));
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
-- A service sold: what the customer owes then, or why not.
CREATE FUNCTION pg_temp.exposure(p_party text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(sum(trim_scale(exposure)), 0)::text FROM erp.credit_exposure('CRED', '2009-12-31') WHERE party_code = p_party
$$;
CREATE FUNCTION pg_temp.try(p_call text, p_document jsonb, p_party text DEFAULT 'C1') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	EXECUTE format('SELECT erp.%I(''CRED'', %L)', p_call, p_document);
	RETURN pg_temp.exposure(p_party);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.sale(p_key text, p_amount text, p_extra jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('key', p_key, 'kind', 'sales_invoice', 'day', '2009-01-10', 'party', 'C1', 'lines', jsonb_build_array(jsonb_build_object('item', 'SV', 'quantity', 1, 'price', p_amount))) || p_extra
$$;
CREATE FUNCTION pg_temp.sell(p_key text, p_amount text, p_extra jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try('post_document', pg_temp.sale(p_key, p_amount, p_extra), coalesce(p_extra ->> 'party', 'C1'))
$$;
\o

SELECT is(pg_temp.party('p0', '{}'), 'none 0', 'a party has no limit');
SELECT is(pg_temp.party('p1', '{"credit_limit": -1}'), 'LE011 | field "credit_limit" must be an amount of at most 15 digits before and 4 after the point | At $[0].credit_limit, value "-1".', 'a limit is no less than zero');
SELECT is(pg_temp.party('p2', '{"credit_check": "maybe"}'), 'LE011 | field "credit_check" has a value that is not known | At $[0].credit_check, value "maybe".', 'it is refused or warned of');
SELECT is(pg_temp.sell('without', '1000000'), '1000000', 'without a limit a customer owes what it likes');
SELECT is(pg_temp.try('reverse_document', '{"key": "without back", "reverses": "without", "day": "2009-01-10"}'), '0', 'and no more');
SELECT is(pg_temp.party('p3', '{"credit_limit": "100"}'), 'refuse 100', 'who gives a limit wants it kept');
SELECT is(pg_temp.party('p4', '{"group": "x"}'), 'refuse 100', 'what is not given stays');

SELECT is(pg_temp.sell('s1', '60'), '60', '60 are within 100');
SELECT is(pg_temp.sell('s2', '40.01'), 'LE123 | party "C1" would owe 100.01 GBP, more than its credit limit of 100 | Document "s2", field "party", value "C1".', '60 and 40.01 are not');
SELECT is(pg_temp.try('dry_run', pg_temp.sale('s2', '40.01')), 'LE123 | party "C1" would owe 100.01 GBP, more than its credit limit of 100 | Document "s2", field "party", value "C1".', 'nor in a dry run');
SELECT is(pg_temp.sell('s2', '40'), '100', '60 and 40 are');
SELECT is(pg_temp.sell('s1', '60'), '100', 'what was posted before is not posted again, and not refused');
SELECT is(pg_temp.sell('s3', '10', '{"tax_code": "VAT"}'), 'LE123 | party "C1" would owe 111.5 GBP, more than its credit limit of 100 | Document "s3", field "party", value "C1".', 'tax counts: 15% of 10');
-- A payment of 30 that settles, one of 20 on account.
SELECT is(pg_temp.try('post_document', '{"key": "pay", "kind": "customer_payment", "day": "2009-01-12", "party": "C1", "lines": [{"role": "bank", "amount": 30}], "settles": [{"key": "s1"}]}'), '70', 'a payment makes room');
SELECT is(pg_temp.try('post_document', '{"key": "pay 2", "kind": "customer_payment", "day": "2009-01-12", "party": "C1", "lines": [{"role": "bank", "amount": 20}]}'), '50', 'so does one on account');
SELECT is(pg_temp.sell('s4', '50.01'), 'LE123 | party "C1" would owe 100.01 GBP, more than its credit limit of 100 | Document "s4", field "party", value "C1".', 'just so much');
SELECT is(pg_temp.sell('s4', '50'), '100', 'and no more');

-- In one call the documents before count.
SELECT is(pg_temp.try('reverse_document', '{"key": "s4 back", "reverses": "s4", "day": "2009-01-12"}'), '50', 'a reversal takes it back');
SELECT is(pg_temp.try('post_documents', jsonb_build_array(pg_temp.sale('m1', '30'), pg_temp.sale('m2', '20'), pg_temp.sale('m3', '1'))),
	'LE123 | party "C1" would owe 101 GBP, more than its credit limit of 100 | Document 3 of 3 "m3", field "party", value "C1".', 'of three sales at once the third is one too many');
SELECT is(pg_temp.exposure('C1'), '50', 'and none is posted');
SELECT is(pg_temp.try('post_documents', jsonb_build_array(pg_temp.sale('m1', '50'),
	'{"key": "m2", "kind": "customer_payment", "day": "2009-01-12", "party": "C1", "lines": [{"role": "bank", "amount": 10}]}'::jsonb, pg_temp.sale('m3', '10'))), '100', 'a payment between two sales makes room too');

-- Dollars count by their rate: 100 at 0.8 are 80 pounds.
SELECT is(pg_temp.party('p5', '{"credit_limit": "180"}'), 'refuse 180', 'a limit is raised');
SELECT is(pg_temp.sell('s5', '100.02', '{"currency": "USD", "rate": "0.8"}'), 'LE123 | party "C1" would owe 180.02 GBP, more than its credit limit of 180 | Document "s5", field "party", value "C1".', '100.02 dollars are 80.02 pounds');
SELECT is(pg_temp.sell('s5', '100', '{"currency": "USD", "rate": "0.8"}'), '180', '100 are 80');

-- Whatever is no sale is not asked: above a limit that was lowered, a credit note, a payment back.
SELECT is(pg_temp.party('p6', '{"credit_limit": "5"}'), 'refuse 5', 'a limit may be below what is owed');
SELECT is(pg_temp.try('post_document', '{"key": "note", "kind": "credit_note", "day": "2009-01-13", "party": "C1", "lines": [{"role": "allowance", "amount": 10}]}'), '170', 'a credit note is posted');
SELECT is(pg_temp.try('reverse_document', '{"key": "pay 2 back", "reverses": "pay 2", "day": "2009-01-13"}'), '190', 'and a payment that comes back');
SELECT is(pg_temp.sell('s6', '0.01'), 'LE123 | party "C1" would owe 190.01 GBP, more than its credit limit of 5 | Document "s6", field "party", value "C1".', 'but no sale');
SELECT is(pg_temp.party('p7', '{"credit_check": "warn"}') || ' ' || pg_temp.sell('s6', '0.01'), 'warn 5 190.01', 'who is only warned sells on');
SELECT results_eq($$SELECT document_key, document_kind, day, party_code, exposure, credit_limit, excess, recorded_by FROM erp.credit_warning_list WHERE company = 'CRED'$$,
	$$VALUES ('s6', 'sales_invoice', '2009-01-10'::date, 'C1', 190.01, 5.00, 185.01, current_user)$$, 'which is on record, and nothing else is');
-- Once for a document, of the most that it came to: 190.01 + 10, and 5 more; a payment between two sales of one call brings it down.
SELECT is(pg_temp.try('post_documents', jsonb_build_array(pg_temp.sale('w1', '10'), '{"key": "w2", "kind": "customer_payment", "day": "2009-01-12", "party": "C1", "lines": [{"role": "bank", "amount": 199}]}'::jsonb,
	pg_temp.sale('w3', '3.99'), pg_temp.sale('w4', '0.5'))), '5.5', 'of three sales in a call two are above it');
SELECT results_eq($$SELECT document_key, exposure FROM erp.credit_warning_list WHERE company = 'CRED' ORDER BY document_id$$, $$VALUES ('s6', 190.01), ('w1', 200.01), ('w4', 5.50)$$, 'and on record: 1.01 and 3.99 are 5, which is the limit');
SELECT is(pg_temp.sell('s6', '0.01'), '5.5', 'a sale posted again');
SELECT isnt(pg_temp.try('dry_run', pg_temp.sale('dry', '9')), NULL, 'or in a dry run');
SELECT is((SELECT count(*) FROM erp.credit_warning_list WHERE company = 'CRED'), 3::bigint, 'leaves no other');
SELECT is(trial.refused($$INSERT INTO erp.credit_warning SELECT company_id, document_id, party_id, 2, 1 FROM erp.document LIMIT 1$$), 'LE061', 'which is a fact: nobody else writes it');
SELECT is(trial.refused('DELETE FROM erp.credit_warning'), 'LE060', 'nor takes it away');
SELECT is(pg_temp.party('p8', '{"credit_check": "none"}') || ' ' || pg_temp.sell('s7', '1'), 'none 5 6.5', 'as does who is not asked');
SELECT is((SELECT count(*) FROM erp.credit_warning_list WHERE company = 'CRED'), 3::bigint, 'of whom nothing is on record');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
