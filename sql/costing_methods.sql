\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- The cost methods beyond FIFO and moving average, on worked examples.
SELECT plan(46);
\o /dev/null
SELECT trial.make_company(c) FROM unnest('{MONTH,LAST}'::text[]) c;
SELECT erp.put_items(c, 'monthly', '[{"code": "M", "name": "Monthly", "kind": "stock", "method": "monthly_average"}]') FROM unnest('{MONTH,LAST}'::text[]) c;
\o
CREATE FUNCTION pg_temp.month(p_company text, p_step integer, p_quantity numeric, p_amount numeric) RETURNS void LANGUAGE sql AS $$
	SELECT CASE WHEN p_quantity > 0 THEN trial.receive(p_company, 'M' || p_step, '2009-01-01'::date + p_step, 'M', p_quantity, p_amount)
		ELSE trial.sell(p_company, 'M' || p_step, '2009-01-01'::date + p_step, 'M', -p_quantity, 50) END
$$;

-- Monthly average. OpenStax, Principles of Accounting vol. 1, ch. 10: 150 @ 21, sale 120, 225 @ 27, sale 180, 210 @ 33, all in one month.
-- Provisional, at the pool's average: 120 x 21 = 2520; 255 units worth 6705: 180 x 6705 / 255 = 4732.94.
-- The month: 585 units worth 16155; 300 go out: 300 x 16155 / 585 = 8284.615 -> 8284.62, 285 stay: 7870.38.
-- The first 120: 3313.846 -> 3313.85; the second what is left of 8284.62: 4970.77.
\o /dev/null
SELECT pg_temp.month('MONTH', n, q, a) FROM (VALUES (1, 150, 3150.00), (2, -120, 0), (3, 225, 6075), (4, -180, 0), (5, 210, 6930)) s (n, q, a);
\o
SELECT is(trial.value_of('MONTH', 'M2') || ', ' || trial.value_of('MONTH', 'M4'), '-2520.00, -4732.94', 'until the run a month''s issues stand at the average of their moment');
SELECT results_eq($$SELECT document_key, quantity, amount, settled_by FROM erp.provisional_costs WHERE company = 'MONTH' ORDER BY move_id$$,
	$$VALUES ('M2', -120::numeric, -2520.00, 'month_cost'), ('M4', -180, -4732.94, 'month_cost')$$, 'and are labelled provisional');
\o /dev/null
SELECT erp.run_month_cost('MONTH', 'january', '{"period": "2009-01"}');
\o
SELECT is(trial.value_of('MONTH', 'M2') + trial.value_of('MONTH', 'M4'), -8284.62, 'OpenStax monthly average: cost of sales');
SELECT is(trial.value_of('MONTH', 'M2') || ', ' || trial.value_of('MONTH', 'M4'), '-3313.85, -4970.77', 'the issues share it');
SELECT is(trial.closing('MONTH', 'M'), '285 7870.38', 'OpenStax monthly average: closing');
SELECT is(trial.balance('MONTH', '5000'), 8284.62, 'the cost of sales is in the ledger');
SELECT is(trial.balance('MONTH', '1200'), 7870.38, 'and so is what is left');
SELECT is((SELECT string_agg(DISTINCT to_char(v.day, 'YYYY-MM'), ',') FROM erp.voucher v JOIN erp.document d USING (company_id, document_id)
	JOIN erp.company c USING (company_id) WHERE c.code = 'MONTH' AND d.kind = 'cost_adjustment'), '2009-01', 'the adjustments stand in the month');
SELECT is_empty($$SELECT * FROM erp.provisional_costs WHERE company = 'MONTH'$$, 'nothing is provisional any more');
SELECT is((SELECT count(*) FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'MONTH' AND d.kind = 'month_cost'
	AND erp.run_month_cost('MONTH', 'january', '{"period": "2009-01"}') ->> 'document_id' = d.document_id::text), 1::bigint, 'the same request again is the first run');
SELECT is(trial.refused($$SELECT erp.run_month_cost('MONTH', 'january', '{"period": "2009-02"}')$$), 'LE020', 'the same key with another month is refused');
SELECT is(trial.refused($$SELECT erp.run_month_cost('MONTH', 'never', '{"period": "2008-13"}')$$), 'LE012', 'so is a month that does not exist');

-- February: provisional at 7870.38 / 285: 100 -> 2761.536 -> 2761.54. 15 @ 30.00 come in on the 20th: 300 units worth 8320.38,
-- of which 100 go out: 2773.46, 200 stay: 5546.92.
-- A receipt of 15 @ 6.00 is found, of 3 January: January is 600 units worth 16245: 300 go out: 8122.50, 300 stay: 8122.50.
-- February, run before: 315 units worth 8572.50: 100 -> 2721.43, 215 stay: 5851.07.
\o /dev/null
SELECT trial.sell('MONTH', 'feb sale', '2009-02-10', 'M', 100, 50);
SELECT trial.receive('MONTH', 'feb receipt', '2009-02-20', 'M', 15, 450);
\o
SELECT is(trial.value_of('MONTH', 'feb sale'), -2761.54, 'the next month begins provisionally at the average of the last');
\o /dev/null
SELECT erp.run_month_cost('MONTH', 'february', '{"period": "2009-02"}');
\o
SELECT is(trial.value_of('MONTH', 'feb sale') || ', ' || trial.closing('MONTH', 'M'), '-2773.46, 200 5546.92', 'and is run on what that left');
\o /dev/null
SELECT trial.receive('MONTH', 'found', '2009-01-03', 'M', 15, 90);
\o
SELECT is(trial.value_of('MONTH', 'M2') + trial.value_of('MONTH', 'M4'), -8122.50, 'a later fact of a month that was run: the month''s average is the new one');
SELECT is(trial.value_of('MONTH', 'feb sale') || ', ' || trial.closing('MONTH', 'M'), '-2721.43, 215 5851.07', 'and so is that of the month after it');
SELECT is(trial.balance('MONTH', '1200') || ', ' || trial.balance('MONTH', '5000'), '5851.07, 10843.93', 'all of it is in the ledger');

-- A return of what the month sold is an issue less: 10 worth 100.00, 10 worth 300.00; 8 sold, 2 of them back: 6 go out for 120.00.
-- A return of what an earlier month sold comes in at what that cost: in February 2 x 160 / 8 = 40.00, to 14 worth 280.00: 4 of 16 worth 320.00 go out for 80.00.
\o /dev/null
SELECT pg_temp.month('LAST', n, q, a) FROM (VALUES (1, 10, 100.00), (2, -8, 0), (3, 10, 300)) s (n, q, a);
SELECT erp.post_document('LAST', '{"key": "back", "kind": "credit_note", "day": "2009-01-25", "party": "C1", "lines": [{"role": "return", "item": "M", "quantity": 2, "price": 50, "origin": {"key": "M2", "line": 1}}]}');
SELECT erp.run_month_cost('LAST', 'january', '{"period": "2009-01"}');
\o
SELECT is(concat_ws(' ', trial.value_of('LAST', 'M2'), trial.value_of('LAST', 'back'), trial.closing('LAST', 'M')), '-160.00 40.00 14 280.00', 'what comes back within the month is an issue less');
\o /dev/null
SELECT erp.post_document('LAST', '{"key": "late back", "kind": "credit_note", "day": "2009-02-05", "party": "C1", "lines": [{"role": "return", "item": "M", "quantity": 2, "price": 50, "origin": {"key": "M2", "line": 1}}]}');
SELECT trial.sell('LAST', 'feb', '2009-02-06', 'M', 4, 50);
SELECT trial.receive('LAST', 'wrong', '2009-02-07', 'M', 5, 500);
SELECT trial.reverse('LAST', 'not wrong', 'wrong', '2009-02-08');
SELECT erp.run_month_cost('LAST', 'february', '{"period": "2009-02"}');
\o
SELECT is(concat_ws(' ', trial.value_of('LAST', 'late back'), trial.value_of('LAST', 'feb'), trial.closing('LAST', 'M')), '40.00 -80.00 12 240.00',
	'what comes back later comes in at what it cost, and a receipt that is taken back counts for nothing');
-- Three for 10.00, one at a time: 3.33, 6.67 less that, 10.00 less that.
\o /dev/null
SELECT trial.sell('LAST', 'clear', '2009-03-01', 'M', 12, 50);
SELECT trial.receive('LAST', 'three', '2009-04-01', 'M', 3, 10);
SELECT trial.sell('LAST', 'one ' || n, '2009-04-02', 'M', 1, 50) FROM generate_series(1, 3) n;
\o
SELECT is(trial.refused($$SELECT erp.run_month_cost('LAST', 'april', '{"period": "2009-04"}')$$), 'LE186', 'the months before it are run first');
\o /dev/null
SELECT erp.run_month_cost('LAST', 'march', '{"period": "2009-03"}');
SELECT erp.run_month_cost('LAST', 'april', '{"period": "2009-04"}');
\o
SELECT is(concat_ws(' ', trial.value_of('LAST', 'clear'), trial.value_of('LAST', 'one 1'), trial.value_of('LAST', 'one 2'), trial.value_of('LAST', 'one 3'), trial.closing('LAST', 'M')),
	'-240.00 -3.33 -3.34 -3.33 0 0.00', 'the last unit takes the residue');
SELECT is(trial.refused($$SELECT erp.put_items('LAST', 'pool', '[{"code": "MW", "name": "Monthly by warehouse", "kind": "stock", "method": "monthly_average", "tracking": "lot", "cost_pool": "lot"}]')$$), 'LE011',
	'a monthly average does not go by lots');
SELECT is((SELECT count(*) FROM erp.stock_card WHERE company = 'LAST' AND quantity = 0), 4::bigint, 'the end of each month is on the stock card');
-- Specific cost: lot L1 10 @ 10.00, lot L2 10 @ 30.00. 5 of L2: 150.00; 4 of L1: 40.00. L1 comes once more, 6 @ 15.00: 12 worth 150.00, 4 of them 50.00.
-- Then 2 more of L1 @ 4.00 turn up on the first day: 12 worth 108.00: 4 -> 36.00; 8 worth 72.00 and 6 worth 90.00: 4 x 162 / 14 -> 46.29. L2 stays.
\o /dev/null
SELECT trial.make_company('LOT');
SELECT erp.put_items('LOT', 'items of lots', '[
	{"code": "S", "name": "Specific", "kind": "stock", "method": "specific", "tracking": "lot"},
	{"code": "N", "name": "Numbered", "kind": "stock", "method": "specific", "tracking": "serial"},
	{"code": "FL", "name": "FIFO in the lot", "kind": "stock", "method": "fifo", "cost_pool": "lot", "tracking": "lot"}]');
CREATE FUNCTION pg_temp.lot(p_key text, p_day date, p_item text, p_lot text, p_quantity numeric, p_amount numeric) RETURNS void LANGUAGE sql AS $$
	SELECT erp.post_document('LOT', json_build_object('key', p_key, 'kind', CASE WHEN p_quantity > 0 THEN 'goods_receipt' ELSE 'sales_invoice' END, 'day', p_day,
		'party', CASE WHEN p_quantity > 0 THEN 'S1' ELSE 'C1' END,
		'lines', json_build_array(json_build_object('item', p_item, 'lot', p_lot, 'quantity', abs(p_quantity), 'amount', p_amount))))
$$;
SELECT pg_temp.lot(k, '2009-01-10'::date + n, 'S', l, q, a) FROM (VALUES ('S1', 1, 'L1', 10, 100.00), ('S2', 2, 'L2', 10, 300), ('S3', 3, 'L2', -5, 500), ('S4', 4, 'L1', -4, 500),
	('S5', 5, 'L1', 6, 90), ('S6', 6, 'L1', -4, 500)) s (k, n, l, q, a);
\o
SELECT is(trial.value_of('LOT', 'S3'), -150.00, 'an issue of a lot costs what that lot cost');
SELECT is(trial.value_of('LOT', 'S4'), -40.00, 'one of the other lot what that cost');
SELECT is(trial.value_of('LOT', 'S6') || ', ' || trial.closing('LOT', 'S'), '-50.00, 13 250.00', 'a lot that came twice costs the average of what came');
SELECT results_eq($$SELECT lot_code, on_hand, value FROM erp.stock_on_hand WHERE company = 'LOT' AND item_code = 'S' ORDER BY lot_code$$,
	$$VALUES ('L1', 8::numeric, 100.00), ('L2', 5, 150.00)$$, 'each lot on hand is worth its own pool');
\o /dev/null
SELECT pg_temp.lot('S0', '2009-01-09', 'S', 'L1', 2, 8);
\o
SELECT is(concat_ws(' ', trial.value_of('LOT', 'S3'), trial.value_of('LOT', 'S4'), trial.value_of('LOT', 'S6')), '-150.00 -36.00 -46.29', 'a receipt that turns up changes what its own lot cost');
-- Serial numbers: one at 100.00, one at 120.00. FIFO within the lot: 2 @ 10.00, 2 of another lot @ 20.00, 2 @ 30.00: 3 of the first lot are 20.00 + 30.00.
\o /dev/null
SELECT pg_temp.lot('N1', '2009-01-11', 'N', 'A1', 1, 100);
SELECT pg_temp.lot('N2', '2009-01-11', 'N', 'A2', 1, 120);
SELECT pg_temp.lot('N3', '2009-01-12', 'N', 'A2', -1, 200);
SELECT pg_temp.lot(k, '2009-01-10'::date + n, 'FL', l, q, a) FROM (VALUES ('F1', 1, 'L1', 2, 20.00), ('F2', 2, 'L2', 2, 40), ('F3', 3, 'L1', 2, 60), ('F4', 4, 'L1', -3, 500)) s (k, n, l, q, a);
\o
SELECT is(trial.value_of('LOT', 'N3') || ', ' || trial.closing('LOT', 'N'), '-120.00, 1 100.00', 'a serial number costs what it cost');
SELECT is(trial.value_of('LOT', 'F4') || ', ' || trial.closing('LOT', 'FL'), '-50.00, 3 70.00', 'FIFO within a lot');
SELECT is(trial.refused($$SELECT erp.put_items('LOT', 'bad 1', '[{"code": "X", "name": "X", "kind": "stock", "method": "specific"}]')$$), 'LE011', 'a pool per lot needs lots');
SELECT is(trial.refused($$SELECT erp.put_items('LOT', 'bad 2', '[{"code": "X", "name": "X", "kind": "stock", "method": "specific", "tracking": "lot", "cost_pool": "company"}]')$$), 'LE011', 'specific cost needs a pool per lot');
SELECT is(trial.balance('LOT', '1200'), (SELECT round(sum(value), 2) FROM erp.stock_valuation WHERE company = 'LOT'), 'their value is that of the ledger');
-- Standard cost 12.00: 10 bought for 125.00 are worth 120.00, 5.00 is the variance; 4 sold cost 48.00; 3 bought for 30.00 are worth 36.00, variance -6.00.
-- From 1 February 13.00: 9 on hand are worth 117.00, 9.00 more. Then 2 sold cost 26.00, 7 are worth 91.00.
-- 5 bought for 70.00 turn up on 10 January: worth 60.00, variance 10.00; on 1 February 14 are on hand: 14.00 more, and 12 are worth 156.00.
\o /dev/null
SELECT trial.make_company('STD');
SELECT erp.put_accounts('STD', 'variance', '[{"code": "5050", "name": "Price variance", "class": "expense", "side": "debit"}]');
SELECT erp.put_posting_rules('STD', 'variance rules', '[
	{"kind": "goods_receipt", "line_role": "receipt", "amount_role": "price_variance", "side": "debit", "account": "5050"},
	{"kind": "standard_revaluation", "line_role": "standard_cost", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "standard_revaluation", "line_role": "standard_cost", "amount_role": "cost", "side": "debit", "account": "5050"}]');
SELECT erp.put_items('STD', 'standard', '[{"code": "T", "name": "Standard", "kind": "stock", "method": "standard"}, {"code": "U", "name": "Thirds", "kind": "stock", "method": "standard"}]');
\o
SELECT is(trial.refused($$SELECT trial.receive('STD', 'early', '2009-01-05', 'T', 10, 125)$$), 'LE187', 'an item by standard cost needs a standard');
\o /dev/null
SELECT erp.put_standard_costs('STD', 'first', '{"day": "2009-01-01", "costs": [{"item": "T", "cost": "12"}, {"item": "U", "cost": "0.33333333"}]}');
SELECT trial.receive('STD', 'T1', '2009-01-05', 'T', 10, 125);
SELECT trial.sell('STD', 'T2', '2009-01-06', 'T', 4, 50);
SELECT trial.receive('STD', 'T3', '2009-01-07', 'T', 3, 30);
\o
SELECT is(concat_ws(' ', trial.value_of('STD', 'T1'), trial.value_of('STD', 'T2'), trial.value_of('STD', 'T3'), trial.closing('STD', 'T')), '120.00 -48.00 36.00 9 108.00', 'goods come in and go out at standard');
SELECT is(concat_ws(' ', trial.balance('STD', '1200'), trial.balance('STD', '5000'), trial.balance('STD', '5050'), trial.balance('STD', '2150')), '108.00 48.00 -1.00 -155.00', 'what was paid beside it is a price variance');
\o /dev/null
SELECT erp.put_standard_costs('STD', 'second', '{"day": "2009-02-01", "costs": [{"item": "T", "cost": 13}]}');
SELECT trial.sell('STD', 'T4', '2009-02-02', 'T', 2, 50);
\o
SELECT is(trial.value_of('STD', 'second') || ', ' || trial.value_of('STD', 'T4') || ', ' || trial.closing('STD', 'T'), '9.00, -26.00, 7 91.00', 'a new standard revalues what is on hand');
SELECT is(trial.balance('STD', '5050', '2009-02-01'), -9.00, 'on its day, against the variance');
\o /dev/null
SELECT trial.receive('STD', 'found', '2009-01-10', 'T', 5, 70);
\o
SELECT is(concat_ws(' ', trial.value_of('STD', 'found'), trial.value_of('STD', 'second'), trial.value_of('STD', 'T4'), trial.closing('STD', 'T')), '60.00 14.00 -26.00 12 156.00', 'what turns up before it is revalued with the rest');
SELECT is(concat_ws(' ', trial.balance('STD', '1200'), trial.balance('STD', '5050')), '156.00 -5.00', 'in the ledger too');
SELECT results_eq($$SELECT to_char(valid_from, 'YYYY-MM-DD'), cost, revaluation FROM erp.standard_costs WHERE company = 'STD' AND item_code = 'T' ORDER BY valid_from$$,
	$$VALUES ('2009-01-01', 12::numeric, 0.00), ('2009-02-01', 13, 14.00)$$, 'the standards are listed');
-- A standard before others: 11.00 from 6 January 12:00 on is none: T2 of that day was booked before and keeps 12.00; from there to February 11.00.
\o /dev/null
SELECT erp.put_standard_costs('STD', 'between', '{"day": "2009-01-06", "costs": [{"item": "T", "cost": "11"}]}');
\o
SELECT is(concat_ws(' ', trial.value_of('STD', 'T2'), trial.value_of('STD', 'between'), trial.value_of('STD', 'T3'), trial.value_of('STD', 'found'), trial.value_of('STD', 'second'), trial.closing('STD', 'T')),
	'-48.00 -6.00 33.00 55.00 28.00 12 156.00', 'a standard of an earlier day revalues what was on hand then, and the later one the rest');
-- 0.33333333 a unit: 1 is worth 0.33, 2 are worth 0.67, 3 are worth 1.00; none is worth nothing.
\o /dev/null
SELECT trial.receive('STD', 'U1', '2009-01-05', 'U', 3, 1);
SELECT trial.sell('STD', 'U' || n, '2009-01-06', 'U', 1, 50) FROM generate_series(2, 4) n;
\o
SELECT is(concat_ws(' ', trial.value_of('STD', 'U2'), trial.value_of('STD', 'U3'), trial.value_of('STD', 'U4'), trial.closing('STD', 'U')), '-0.33 -0.34 -0.33 0 0.00', 'the stock is worth its quantity at standard, rounded, after each move');
SELECT is_empty($$SELECT l.voucher_id, l.line_no FROM erp.voucher_line l JOIN erp.company c USING (company_id) JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.voucher_id AND d.kind <> 'cost_adjustment'
	LEFT JOIN LATERAL (SELECT sum(o.amount) AS amount FROM erp.voucher_line_origin o WHERE o.company = c.code AND o.voucher_id = l.voucher_id AND o.line_no = l.line_no) o ON true
	WHERE c.code = 'STD' AND o.amount IS DISTINCT FROM round(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END, 2)$$, 'each line of a voucher is explained, the variances too');
SELECT is(trial.refused($$SELECT erp.put_standard_costs('STD', 'bad', '{"day": "2009-03-01", "costs": [{"item": "F", "cost": "1"}]}')$$), 'LE011', 'an item by another method has no standard cost');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
