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
-- Orders of a customer who owes what is overdue: held, refused or warned of; of two reasons the stricter counts.
SELECT plan(12);
\o /dev/null
SELECT trial.make_company('OVER');
CREATE SEQUENCE pg_temp.call;
CREATE FUNCTION pg_temp.party(p_fields jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.put_parties('OVER', 'p' || nextval('pg_temp.call'), jsonb_build_array('{"code": "C1", "name": "Customer 1"}' || p_fields)::text::json)
$$;
-- An order of 10.00 on a day: its state and the reason, or the refusal.
CREATE FUNCTION pg_temp.place(p_day text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb; code text; message text;
BEGIN
	answer := erp.place_order('OVER', 'o' || nextval('pg_temp.call'), json_build_object('party', 'C1', 'day', p_day, 'lines', '[{"item": "SV", "amount": 10}]'::json));
	RETURN concat_ws(': ', answer ->> 'state', answer ->> 'reason');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
	RETURN concat_ws(' ', code, message);
END
$$;
-- 100.00 are due on 10 January, 50.00 on the 20th.
SELECT erp.post_document('OVER', json_build_object('key', 'i' || d, 'kind', 'sales_invoice', 'day', '2009-01-10', 'party', 'C1', 'due_day', d, 'lines', json_build_array(json_build_object('item', 'SV', 'amount', a))))
	FROM (VALUES ('2009-01-10', 100), ('2009-01-20', 50)) v (d, a);
\o
SELECT is(pg_temp.place('2009-03-01'), 'confirmed', 'of whom nobody asks');
SELECT is(pg_temp.party('{"overdue_days": 10}') ->> 'updated', '1', 'ten days after it is due a debt is overdue');
SELECT is(pg_temp.place('2009-01-20'), 'confirmed', 'after ten days it is not');
SELECT is(pg_temp.place('2009-01-21'), 'held: party "C1" owes 100 that is overdue, since 2009-01-10', 'after eleven it is');
SELECT is(pg_temp.place('2009-01-31'), 'held: party "C1" owes 150 that is overdue, since 2009-01-10', 'and so is the other');
SELECT is(left(pg_temp.party('{"overdue_check": "refuse"}')::text, 0) || pg_temp.place('2009-01-21'), 'LE123 party "C1" owes 100 that is overdue, since 2009-01-10', 'it may be refused');
SELECT is(left(pg_temp.party('{"overdue_check": "warn"}')::text, 0) || pg_temp.place('2009-01-21'), 'confirmed: party "C1" owes 100 that is overdue, since 2009-01-10', 'or warned of');
-- 150.00 are owed, 10.00 each are on order three times by now (what is held does not count), and 10.00 more would be 190.00.
SELECT is(left(pg_temp.party('{"credit_limit": 180, "credit_check": "hold"}')::text, 0) || pg_temp.place('2009-01-21'), 'held: party "C1" would owe and have on order 190, more than its credit limit of 180', 'what holds is stricter than what warns');
SELECT is(left(pg_temp.party('{"overdue_check": "refuse"}')::text, 0) || pg_temp.place('2009-01-21'), 'LE123 party "C1" owes 100 that is overdue, since 2009-01-10', 'and what refuses stricter than what holds');
SELECT isnt(erp.post_document('OVER', '{"key": "paid", "kind": "customer_payment", "day": "2009-01-20", "party": "C1", "lines": [{"role": "bank", "amount": 100}], "settles": [{"key": "i2009-01-10"}]}'), NULL, 'it pays');
SELECT is(pg_temp.place('2009-01-21'), 'confirmed', 'and may order again');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
