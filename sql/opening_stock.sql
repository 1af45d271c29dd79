\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Stock taken over: by document and by import, against the opening voucher, until the difference is nothing.
SELECT plan(21);
\o /dev/null
SELECT trial.make_company('OPEN');
SELECT erp.put_items('OPEN', 'items to open', '[{"code": "P", "name": "Pin", "kind": "stock", "method": "fifo", "unit": "piece"}]');
SELECT erp.put_item_units('OPEN', 'units', '[{"item": "P", "unit": "box", "numerator": 12}]');
SELECT erp.put_accounts('OPEN', 'suspense', '[{"code": "3900", "name": "Opening balances", "class": "equity", "side": "credit"}, {"code": "3000", "name": "Capital", "class": "equity", "side": "credit"}]');
CREATE FUNCTION pg_temp.post(p_document text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	PERFORM erp.post_document('OPEN', p_document::json);
	RETURN 'posted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, left(message, 90), detail);
END
$$;
CREATE FUNCTION pg_temp.difference() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT account_code || ': ' || concat_ws(' ', stock_value, book_value, difference) FROM erp.opening_stock_difference WHERE company = 'OPEN' ORDER BY account_code
$$;
CREATE FUNCTION pg_temp.balance(p_account text) RETURNS numeric LANGUAGE sql AS $$
	SELECT trim_scale(coalesce(sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END), 0)) FROM erp.voucher_line l JOIN erp.account a USING (company_id, account_id)
	JOIN erp.company c USING (company_id) WHERE c.code = 'OPEN' AND a.code = p_account
$$;
\o
SELECT is(pg_temp.post('{"key": "o1", "kind": "opening_stock", "day": "2009-01-01", "lines": [{"item": "F", "quantity": 10, "cost": 100}]}'),
	'LE041 | no posting rule for kind opening_stock, line role opening, amount role inventory, item gro | Document "o1", line 1.', 'a chart without a rule for it');
\o /dev/null
SELECT erp.put_posting_rules('OPEN', 'opening rules', '[{"kind": "opening_stock", "line_role": "opening", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "opening_stock", "line_role": "opening", "amount_role": "inventory", "side": "debit", "account": "1210", "item_group": "B"},
	{"kind": "opening_stock", "line_role": "opening", "amount_role": "cost", "side": "credit", "account": "3900"}]');
\o
SELECT is(array(SELECT pg_temp.difference()), ARRAY['3900: 0.00 0.00 0.00'], 'nothing is taken over yet');
-- The old books: stock 345.00 against capital.
SELECT is(pg_temp.post('{"key": "v1", "kind": "manual_voucher", "day": "2009-01-01", "lines": [{"account": "3900", "side": "debit", "amount": 345}, {"account": "3000", "side": "credit", "amount": 345}]}'), 'posted', 'the opening voucher');
SELECT is(array(SELECT pg_temp.difference()), ARRAY['3900: 0.00 345.00 345.00'], 'all of it is still to be shown');
SELECT is(pg_temp.post('{"key": "o1", "kind": "opening_stock", "day": "2009-01-01", "lines": [{"item": "F", "quantity": 10, "cost": 100}, {"item": "FW", "quantity": "2.5", "cost": "45.5", "warehouse": "NORTH"}, {"item": "P", "unit": "box", "quantity": 3, "cost": 36}]}'), 'posted', 'part of the stock by a document');
SELECT is(array(SELECT pg_temp.difference()), ARRAY['3900: 181.50 345.00 163.50'], '100 + 45.50 + 36 of it');
SELECT is(pg_temp.balance('1200') || ' ' || pg_temp.balance('1210') || ' ' || pg_temp.balance('3900'), '136 45.5 163.5', 'each on its inventory account');
SELECT is(pg_temp.post('{"key": "o2", "kind": "opening_stock", "day": "2009-01-01", "party": "S1", "lines": [{"item": "SV", "quantity": 10, "cost": 5}]}') LIKE 'LE011%', true, 'a service is no stock');

-- The rest by import: bad cells first, all of them.
\o /dev/null
SELECT erp.start_import('OPEN', 'import', '{"name": "opening"}') ->> 'job_id' AS job \gset
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, item, quantity, unit, cost, warehouse) VALUES
	(:job, 1, 'i1', 'opening_stock', '2009-01-01', 'A', '7', NULL, '70', NULL),
	(:job, 2, 'i1', NULL, NULL, 'XX', '1', NULL, '1', NULL),
	(:job, 3, 'i1', NULL, NULL, 'P', '1', 'crate', '1', NULL),
	(:job, 4, 'i1', NULL, NULL, 'F', '-1', NULL, '1', NULL),
	(:job, 5, 'i1', NULL, NULL, 'F', '1', NULL, NULL, NULL),
	(:job, 6, 'i2', 'opening_stock', '2009-01-01', 'AW', '1', NULL, '1.005', 'SOUTH'),
	(:job, 7, 'i2', NULL, NULL, 'P', '0.3333331', 'box', '1', NULL);
CREATE FUNCTION pg_temp.run(p_job bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
BEGIN
	FOR i IN 1 .. 20 LOOP
		answer := erp.import_step('OPEN', p_job);
		EXIT WHEN answer ->> 'state' IN ('refused', 'done');
	END LOOP;
	RETURN concat_ws(' ', answer ->> 'state', answer ->> 'bad_rows');
END
$$;
\o
SELECT is(pg_temp.run(:job), 'refused 6', 'six rows are bad');
SELECT is(ARRAY(SELECT concat_ws(' ', row_no, column_name, value, error_code) FROM erp.import_problem WHERE job_id = :job ORDER BY row_no, problem_no),
	ARRAY['2 item XX LE012', '3 unit crate LE012', '4 quantity -1 LE011', '5 cost LE011', '6 warehouse SOUTH LE012', '6 cost 1.005 LE011', '7 warehouse SOUTH LE012', '7 quantity 0.3333331 LE011'], 'every bad cell is listed once; a warehouse that the header names is that of all rows');
SELECT is(array(SELECT pg_temp.difference()), ARRAY['3900: 181.50 345.00 163.50'], 'nothing of it is in the books');
\o /dev/null
DELETE FROM erp.staged_line WHERE job_id = :job AND row_no IN (2, 4, 7);
UPDATE erp.staged_line SET unit = 'box' WHERE job_id = :job AND row_no = 3;
UPDATE erp.staged_line SET cost = '2.5' WHERE job_id = :job AND row_no = 5;
UPDATE erp.staged_line SET warehouse = 'NORTH', cost = '80' WHERE job_id = :job AND row_no = 6;
\o
SELECT is(pg_temp.run(:job), 'done 0', 'mended, it is taken over');
SELECT is(array(SELECT pg_temp.difference()), ARRAY['3900: 335.00 345.00 10.00'], '70 + 1 + 2.50 + 80 more: 10 are missing');
SELECT is((SELECT string_agg(concat_ws(' ', i.code, trim_scale(p.quantity), trim_scale(p.value)), ', ' ORDER BY i.code) FROM erp_private.cost_pool p JOIN erp.item i USING (company_id, item_id)
	JOIN erp.company c USING (company_id) WHERE c.code = 'OPEN'), 'A 7 70, AW 1 80, F 11 102.5, FW 2.5 45.5, P 48 37', 'what is there and what it is worth');
SELECT is(pg_temp.post('{"key": "o3", "kind": "opening_stock", "day": "2009-01-01", "lines": [{"item": "F", "quantity": 1, "cost": 10}]}'), 'posted', 'the one that was found behind the door');
SELECT is(array(SELECT pg_temp.difference()), ARRAY['3900: 345.00 345.00 0.00'], 'no difference: the company goes live');
SELECT is(pg_temp.balance('3900'), 0::numeric, 'and nothing stays on the account');
\o /dev/null
SELECT erp.reverse_document('OPEN', '{"key": "o3 back", "reverses": "o3", "day": "2009-01-01"}');
\o
SELECT is(array(SELECT pg_temp.difference()), ARRAY['3900: 335.00 345.00 10.00'], 'what is reversed is no opening stock');
-- FIFO: the opening stock is the oldest layer. 10 for 100, 1 for 2.50: 11 for 102.50.
SELECT is(pg_temp.post('{"key": "s1", "kind": "sales_invoice", "day": "2009-01-02", "party": "C1", "lines": [{"item": "F", "quantity": 5, "price": 20}]}'), 'posted', 'it is sold');
SELECT is(pg_temp.balance('5000'), 50::numeric, 'at the cost that was taken over');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
