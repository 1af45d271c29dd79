\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What people read, on one small history worked out by hand:
--   r    1 January   10 F received, worth 30.00
--   s    2 February  4 F sold at 5.00 = 20.00, VAT 15% 3.00; FIFO cost 4 x 3.00 = 12.00
--   c    5 March     1 F back at 5.00, VAT 17.5% 0.875 -> 0.88; cost 12.00 / 4 = 3.00
SELECT plan(29);
\o /dev/null
SELECT trial.make_company('READ');
SELECT trial.make_company('OTHER');
SELECT trial.receive('READ', 'r', '2009-01-01', 'F', 10, 30.00);
SELECT trial.sell('READ', 's', '2009-02-02', 'F', 4, 5, '{"tax_code": "VAT", "reference": "I-1"}');
SELECT erp.post_document('READ', '{"key": "c", "kind": "credit_note", "day": "2009-03-05", "party": "C1", "tax_code": "VAT",
	"lines": [{"item": "F", "quantity": 1, "price": 5, "origin": {"key": "s", "line": 1}}]}');
SELECT trial.receive('OTHER', 'r', '2009-01-01', 'F', 1, 99.00);
SELECT trial.sell('OTHER', 's', '2009-02-02', 'F', 1, 200);
\o
SELECT results_eq(
	$$SELECT document_key, account_code, debit, credit FROM erp.journal WHERE company = 'READ' ORDER BY day, account_code$$,
	$$VALUES ('r', '1200', 30.00, 0.00), ('r', '2150', 0.00, 30.00),
		('s', '1100', 23.00, 0.00), ('s', '1200', 0.00, 12.00), ('s', '2200', 0.00, 3.00), ('s', '4000', 0.00, 20.00), ('s', '5000', 12.00, 0.00),
		('c', '1100', 0.00, 5.88), ('c', '1200', 3.00, 0.00), ('c', '2200', 0.88, 0.00), ('c', '4000', 5.00, 0.00), ('c', '5000', 0.00, 3.00)$$,
	'journal');
SELECT results_eq(
	$$SELECT period, party_code, party_name, currency, currency_debit, reference, due_day FROM erp.journal
		WHERE company = 'READ' AND document_key = 's' AND account_code = '1100'$$,
	$$VALUES ('2009-02', 'C1', 'Customer 1', 'GBP', 23.00, 'I-1', '2009-02-02'::date)$$,
	'a receivable in the journal');
SELECT results_eq(
	$$SELECT day, opening, debit, credit, closing FROM erp.general_ledger WHERE company = 'READ' AND account_code = '1200' ORDER BY day$$,
	$$VALUES ('2009-01-01'::date, 0.00, 30.00, 0.00, 30.00), ('2009-02-02', 30.00, 0.00, 12.00, 18.00), ('2009-03-05', 18.00, 3.00, 0.00, 21.00)$$,
	'general ledger of inventory');
SELECT results_eq(
	$$SELECT party_code, day, debit, credit, balance FROM erp.subsidiary_ledger WHERE company = 'READ' AND account_code = '1100' ORDER BY day$$,
	$$VALUES ('C1', '2009-02-02'::date, 23.00, 0.00, 23.00), ('C1', '2009-03-05', 0.00, 5.88, 17.12)$$,
	'subsidiary ledger of the customer');
PREPARE march AS SELECT account_code, opening_debit, opening_credit, debit, credit, closing_debit, closing_credit
	FROM erp.trial_balance('READ', '2009-03-01', '2009-03-31');
PREPARE march_by_hand AS VALUES
	('1100', 23.00, 0.00, 0.00, 5.88, 17.12, 0.00),
	('1200', 18.00, 0.00, 3.00, 0.00, 21.00, 0.00),
	('2150', 0.00, 30.00, 0.00, 0.00, 0.00, 30.00),
	('2200', 0.00, 3.00, 0.88, 0.00, 0.00, 2.12),
	('4000', 0.00, 20.00, 5.00, 0.00, 0.00, 15.00),
	('5000', 12.00, 0.00, 0.00, 3.00, 9.00, 0.00);
SELECT results_eq('march', 'march_by_hand', 'trial balance of March');
SELECT results_eq(
	$$SELECT account_code, opening_debit, opening_credit, debit, credit, closing_debit, closing_credit
		FROM erp.trial_balance_by_period WHERE company = 'READ' AND period = '2009-03' ORDER BY account_code$$,
	'march_by_hand', 'the same by period');
SELECT results_eq(
	$$SELECT sum(opening_debit) - sum(opening_credit), sum(debit), sum(closing_debit), sum(closing_credit)
		FROM erp.trial_balance_by_period WHERE company = 'READ' AND period = '2010-12'$$,
	$$VALUES (0.00, 0.00, 47.12, 47.12)$$, 'balances are carried through periods without vouchers');
SELECT results_eq(
	$$SELECT account_code, closing_debit, closing_credit FROM erp.trial_balance('READ', '2009-01-01', '2009-01-31')$$,
	$$VALUES ('1200', 30.00, 0.00), ('2150', 0.00, 30.00)$$, 'a trial balance knows nothing of later days');
SELECT is_empty($$SELECT * FROM erp.trial_balance('NOBODY', '2009-01-01', '2009-12-31')$$, 'an unknown company has none');
SELECT is(erp.account_balance('READ', '1200', '2009-02-28'), 18.00, 'balance of an account on a day');
SELECT is(erp.account_balance('READ', '1000', '2009-12-31'), 0::numeric, 'balance of an account without lines');
SELECT is(erp.account_balance('READ', '9999', '2009-12-31'), NULL, 'no balance of an account that does not exist');
SELECT results_eq(
	$$SELECT document_key, control, amount, settled, open_amount FROM erp.open_items_by_party WHERE company = 'READ' ORDER BY day$$,
	$$VALUES ('r', 'accrued_payable', -30.00, 0.00, -30.00), ('s', 'receivable', 23.00, 0.00, 23.00), ('c', 'receivable', -5.88, 0.00, -5.88)$$,
	'open items');
SELECT results_eq(
	$$SELECT customer_code, due_day, open_amount, open_items FROM erp.receivables WHERE company = 'READ' ORDER BY due_day$$,
	$$VALUES ('C1', '2009-02-02'::date, 23.00, 1::bigint), ('C1', '2009-03-05', -5.88, 1)$$, 'receivables by due day');
SELECT results_eq(
	$$SELECT month, revenue, cost, expense, profit FROM erp.profit_by_month WHERE company = 'READ' ORDER BY month$$,
	$$VALUES ('2009-02', 20.00, 0.00, 12.00, 8.00), ('2009-03', -5.00, 0.00, -3.00, -2.00)$$, 'profit by month');
SELECT results_eq(
	$$SELECT item_code, trim_scale(quantity), revenue, cost_of_sales, margin, margin_percent FROM erp.profit_by_item WHERE company = 'READ'$$,
	$$VALUES ('F', 3::numeric, 15.00, 9.00, 6.00, 40.0)$$, 'profit by item');
SELECT results_eq(
	$$SELECT document_key, trim_scale(quantity), value, trim_scale(running_quantity), running_value
		FROM erp.stock_card WHERE company = 'READ' AND item_code = 'F' ORDER BY day, time_of_day, move_id$$,
	$$VALUES ('r', 10::numeric, 30.00, 10::numeric, 30.00), ('s', -4, -12.00, 6, 18.00), ('c', 1, 3.00, 7, 21.00)$$, 'stock card');
SELECT results_eq(
	$$SELECT item_code, trim_scale(quantity), unit_cost, value FROM erp.stock_valuation('READ', '2009-02-28')$$,
	$$VALUES ('F', 6::numeric, 3.00000000, 18.00)$$, 'stock valuation as of a day');
SELECT results_eq(
	$$SELECT document_key, trim_scale(quantity), amount, cause, source_document_key, source_line_no
		FROM erp.cost_explanation WHERE company = 'READ' AND document_key = 's'$$,
	$$VALUES ('s', -4::numeric, -12.00, 'issue', 'r', 1)$$, 'the cost of the sale comes from the receipt');
SELECT is_empty(
	$$SELECT j.document_key, j.line_no, j.currency_debit - j.currency_credit, o.amount FROM erp.journal j LEFT JOIN (
			SELECT company, voucher_id, line_no, sum(amount) AS amount FROM erp.voucher_line_origin GROUP BY 1, 2, 3
		) o USING (company, voucher_id, line_no) WHERE o.amount IS DISTINCT FROM j.currency_debit - j.currency_credit$$,
	'every voucher line leads back to what caused it, to the penny');
SELECT results_eq(
	$$SELECT account_code, origin, document_line_no, amount FROM erp.voucher_line_origin
		WHERE company = 'READ' AND document_key = 's' ORDER BY account_code$$,
	$$VALUES ('1100', 'total', 0, 23.00), ('1200', 'cost', 1, -12.00), ('2200', 'tax', 0, -3.00), ('4000', 'amount', 1, -20.00), ('5000', 'cost', 1, 12.00)$$,
	'what caused the lines of the sale');
\o /dev/null
SELECT erp.assign_numbers('READ');
\o
SELECT results_eq(
	$$SELECT document_key, net, tax, total, voucher_number FROM erp.document_list
		WHERE company = 'READ' AND document_kind NOT IN ('administration', 'numbering') ORDER BY day$$,
	$$VALUES ('r', 30.00, 0.00, 30.00, '2009-01/1'), ('s', 20.00, 3.00, 23.00, '2009-02/1'), ('c', 5.00, 0.88, 5.88, '2009-03/1')$$,
	'documents with their numbers');
-- 1 more of F lies in NORTH, worth 1.01: the pool is 8 worth 22.01. 7/8 are 19.25875 and 1/8 is 2.75125;
-- cut to pennies 19.25 and 2.75, and the penny left over goes to the larger remainder.
\o /dev/null
SELECT trial.receive('READ', 'r2', '2009-04-01', 'F', 1, 1.01, '{"warehouse": "NORTH"}');
\o
SELECT results_eq(
	$$SELECT warehouse_code, trim_scale(on_hand), trim_scale(available), value FROM erp.stock_on_hand
		WHERE company = 'READ' AND item_code = 'F' ORDER BY warehouse_code$$,
	$$VALUES ('MAIN', 7::numeric, 7::numeric, 19.26), ('NORTH', 1, 1, 2.75)$$, 'stock on hand: the places add up to the pool');
SELECT results_eq(
	$$SELECT item_code, trim_scale(quantity), unit_cost, value FROM erp.stock_valuation WHERE company = 'READ'$$,
	$$VALUES ('F', 8::numeric, 2.75125000, 22.01)$$, 'stock valuation now');
SELECT is((SELECT sum(value) FROM erp.stock_valuation('READ', '2009-12-31')), erp.account_balance('READ', '1200', '2009-12-31'),
	'the valuation is the balance of the inventory account');
INSERT INTO erp.job (company_id, name, kind, state, total_rows, done_rows, phase_started_at, updated_at)
SELECT company_id, 'file', 'import', 'posting', 2000, 500, '2009-01-01 10:00:00+00', '2009-01-01 10:00:10+00' FROM erp.company WHERE code = 'READ';
SELECT results_eq(
	$$SELECT percent, rows_per_second, time_left FROM erp.job_progress WHERE company = 'READ'$$,
	$$VALUES (25.0, 50::numeric, '30 seconds'::interval)$$, 'progress: 500 of 2000 rows in 10 seconds');
-- Quantities have six decimals wherever they stand; a service has none, and says so with as many.
\o /dev/null
SELECT trial.sell('READ', 'service', '2009-04-02', 'SV', 1, 8);
\o
SELECT results_eq(
	$$SELECT item_code, quantity::text, revenue FROM erp.profit_by_item WHERE company = 'READ' ORDER BY item_code$$,
	$$VALUES ('F', '3.000000', 15.00), ('SV', '0.000000', 8.00)$$, 'profit by item, of a service too');
SELECT results_eq(
	$$SELECT DISTINCT scale(q) FROM (SELECT quantity FROM erp.profit_by_item UNION ALL SELECT quantity FROM erp.stock_change
		UNION ALL SELECT unnest(ARRAY[quantity, running_quantity]) FROM erp.stock_card UNION ALL SELECT quantity FROM erp.stock_valuation
		UNION ALL SELECT quantity FROM erp.stock_valuation('READ', '2009-12-31') UNION ALL SELECT quantity FROM erp.cost_explanation
		UNION ALL SELECT unnest(ARRAY[on_hand, reserved, available]) FROM erp.stock_on_hand) v (q)$$,
	'VALUES (6)', 'every quantity that is read has six decimals');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
