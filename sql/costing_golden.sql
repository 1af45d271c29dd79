\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Worked examples of published sources. FIFO item F and average item A see the same moves.
SELECT plan(21);
\o /dev/null
SELECT trial.make_company(c) FROM unnest('{OPENSTAX,SIMPLE,ODOO,EXACT}'::text[]) c;
\o
CREATE FUNCTION pg_temp.both(p_company text, p_step integer, p_quantity numeric, p_amount numeric) RETURNS void LANGUAGE sql AS $$
	SELECT CASE WHEN p_quantity > 0 THEN trial.receive(p_company, i || p_step, '2009-01-01'::date + p_step, i, p_quantity, p_amount)
		ELSE trial.sell(p_company, i || p_step, '2009-01-01'::date + p_step, i, -p_quantity, 50) END
	FROM unnest('{F,A}'::text[]) i
$$;

-- OpenStax, Principles of Accounting vol. 1, ch. 10: 150 @ 21, sale 120, 225 @ 27, sale 180, 210 @ 33.
-- FIFO: 120 x 21 = 2520; 30 x 21 + 150 x 27 = 630 + 4050 = 4680; cost of sales 7200; closing 75 x 27 + 210 x 33 = 8955.
-- Average: 2520; pool 255 units worth 630 + 6075 = 6705, sale 180 x 6705 / 255 = 4732.941 -> 4732.94; closing 1972.06 + 6930 = 8902.06.
\o /dev/null
SELECT pg_temp.both('OPENSTAX', n, q, a) FROM (VALUES (1, 150, 3150.00), (2, -120, 0), (3, 225, 6075), (4, -180, 0), (5, 210, 6930)) s (n, q, a);
\o
SELECT is(trial.value_of('OPENSTAX', 'F2') + trial.value_of('OPENSTAX', 'F4'), -7200.00, 'OpenStax FIFO: cost of sales');
SELECT is(trial.closing('OPENSTAX', 'F'), '285 8955.00', 'OpenStax FIFO: closing');
SELECT is(trial.value_of('OPENSTAX', 'A2') + trial.value_of('OPENSTAX', 'A4'), -7252.94, 'OpenStax average: cost of sales');
SELECT is(trial.closing('OPENSTAX', 'A'), '285 8902.06', 'OpenStax average: closing');
SELECT is(trial.balance('OPENSTAX', '5000'), 14452.94, 'OpenStax: both costs of sales are in the ledger');
SELECT is(trial.balance('OPENSTAX', '1200'), 17857.06, 'OpenStax: both closing values are in the ledger');

-- Simplestudies: 50 @ 10, 100 @ 12, sale 120, 60 @ 14, sale 70.
\o /dev/null
SELECT pg_temp.both('SIMPLE', n, q, a) FROM (VALUES (1, 50, 500.00), (2, 100, 1200), (3, -120, 0), (4, 60, 840), (5, -70, 0)) s (n, q, a);
\o
SELECT is(trial.value_of('SIMPLE', 'F3'), -1340.00, 'Simplestudies FIFO: first sale');
SELECT is(trial.value_of('SIMPLE', 'F5'), -920.00, 'Simplestudies FIFO: second sale');
SELECT is(trial.closing('SIMPLE', 'F'), '20 280.00', 'Simplestudies FIFO: closing');
SELECT is(trial.value_of('SIMPLE', 'A3'), -1360.00, 'Simplestudies average: first sale');
SELECT is(trial.value_of('SIMPLE', 'A5'), -917.78, 'Simplestudies average: second sale');
SELECT is(trial.closing('SIMPLE', 'A'), '20 262.22', 'Simplestudies average: closing');

-- Odoo's valuation tests: in 10 @ 10, in 10 @ 20, out 15; then 5 more @ 10 turn up on the day of the first receipt.
-- FIFO before: 10 x 10 + 5 x 20 = 200, left 5 x 20 = 100; after: 15 x 10 = 150, left 10 x 20 = 200.
-- Average before: 15 x 300 / 20 = 225, left 75; after: 15 x 350 / 25 = 210, left 140.
\o /dev/null
SELECT pg_temp.both('ODOO', n, q, a) FROM (VALUES (1, 10, 100.00), (2, 10, 200), (3, -15, 0)) s (n, q, a);
\o
SELECT is(trial.value_of('ODOO', 'F3') || ', ' || trial.closing('ODOO', 'F'), '-200.00, 5 100.00', 'Odoo FIFO: issue and closing');
SELECT is(trial.value_of('ODOO', 'A3') || ', ' || trial.closing('ODOO', 'A'), '-225.00, 5 75.00', 'Odoo average: issue and closing');
\o /dev/null
SELECT trial.receive('ODOO', i || ' found', '2009-01-02', i, 5, 50) FROM unnest('{F,A}'::text[]) i;
\o
SELECT is(trial.value_of('ODOO', 'F3') || ', ' || trial.closing('ODOO', 'F'), '-150.00, 10 200.00', 'Odoo FIFO: after the backdated receipt');
SELECT is(trial.value_of('ODOO', 'A3') || ', ' || trial.closing('ODOO', 'A'), '-210.00, 10 140.00', 'Odoo average: after the backdated receipt');
SELECT is(trial.balance('ODOO', '5000', '2009-01-04'), 360.00, 'Odoo: cost of sales of the day of the issue, corrected');

-- 3 units for 10.00, one at a time: 3.33, 6.67 / 2 = 3.335 -> 3.34, the rest 3.33.
\o /dev/null
SELECT pg_temp.both('EXACT', n, q, a) FROM (VALUES (1, 3, 10.00), (2, -1, 0), (3, -1, 0), (4, -1, 0)) s (n, q, a);
\o
SELECT is(concat_ws(' ', trial.value_of('EXACT', 'F2'), trial.value_of('EXACT', 'F3'), trial.value_of('EXACT', 'F4'), trial.closing('EXACT', 'F')), '-3.33 -3.34 -3.33 0 0.00', 'FIFO: the last issue takes the rest');
SELECT is(concat_ws(' ', trial.value_of('EXACT', 'A2'), trial.value_of('EXACT', 'A3'), trial.value_of('EXACT', 'A4'), trial.closing('EXACT', 'A')), '-3.33 -3.34 -3.33 0 0.00', 'average: the last issue takes the rest');
SELECT is(trial.balance('EXACT', '1200'), 0.00, 'nothing in stock, nothing in the ledger');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
