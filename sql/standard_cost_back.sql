\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Goods at standard cost that are carried between warehouses, or go back after the standard changed; worked out by hand.
SELECT plan(25);
\o /dev/null
SELECT trial.make_company('BACK');
SELECT erp.put_accounts('BACK', 'more accounts', '[
	{"code": "5050", "name": "Price variance", "class": "expense", "side": "debit"},
	{"code": "5055", "name": "Revaluation variance", "class": "expense", "side": "debit"}]');
SELECT erp.put_posting_rules('BACK', 'more rules', (SELECT json_agg(json_build_object('kind', kind, 'line_role', line_role, 'amount_role', amount_role, 'side', side, 'account', account))
	FROM (VALUES ('transfer', 'transfer', 'inventory', 'debit', '1200'), ('transfer', 'transfer', 'cost', 'debit', '1250'),
		('receipt_amendment', 'received_less', 'inventory', 'debit', '1200'), ('receipt_amendment', 'received_more', 'inventory', 'debit', '1200'),
		('receipt_amendment', 'repriced', 'inventory', 'debit', '1200'), ('receipt_amendment', 'document', 'total', 'credit', '2150'), ('goods_receipt', 'receipt', 'price_variance', 'debit', '5050'),
		('standard_revaluation', 'standard_cost', 'inventory', 'debit', '1200'), ('standard_revaluation', 'standard_cost', 'cost', 'debit', '5055'),
		('standard_revaluation', 'standard_cost', 'price_variance', 'debit', '5055')
	) r (kind, line_role, amount_role, side, account)));
SELECT erp.put_items('BACK', 'more items', '[
	{"code": "W", "name": "Thirds by warehouse", "kind": "stock", "method": "standard", "cost_pool": "warehouse"},
	{"code": "T", "name": "Standard", "kind": "stock", "method": "standard"},
	{"code": "L", "name": "Late", "kind": "stock", "method": "standard"}]');
SELECT erp.put_standard_costs('BACK', 'first', '{"day": "2009-01-01", "costs": [{"item": "W", "cost": "0.33333333"}, {"item": "T", "cost": 12}, {"item": "L", "cost": 12}]}');
CREATE FUNCTION pg_temp.carry(p_key text, p_day date, p_quantity numeric) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('BACK', json_build_object('key', p_key, 'kind', 'transfer', 'day', p_day,
		'lines', json_build_array(json_build_object('item', 'W', 'quantity', p_quantity, 'to_warehouse', 'NORTH'))))
$$;
CREATE FUNCTION pg_temp.amend(p_key text, p_day date, p_receipt text, p_line jsonb, p_extra jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('BACK', (jsonb_build_object('key', p_key, 'kind', 'receipt_amendment', 'day', p_day, 'party', 'S1',
		'lines', jsonb_build_array(p_line || jsonb_build_object('origin', jsonb_build_object('key', p_receipt, 'line', 1)))) || p_extra)::text::json)
$$;
CREATE FUNCTION pg_temp.variances() RETURNS text LANGUAGE sql STABLE AS $$ SELECT trial.balance('BACK', '5050') || ' ' || trial.balance('BACK', '5055') $$;
CREATE FUNCTION pg_temp.legs(p_key text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg((SELECT sum(e.amount)::numeric(9,2) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id)::text, ' ' ORDER BY m.leg)
	FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.stock_move m USING (company_id, document_id) WHERE c.code = 'BACK' AND d.key = p_key
$$;
-- Voucher lines whose origins do not add up to them.
CREATE FUNCTION pg_temp.unexplained(VARIADIC p_keys text[]) RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT d.key || ' ' || l.line_no || ' ' || COALESCE(o.amount::text, 'none') FROM erp.voucher_line l JOIN erp.company c USING (company_id)
	JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.voucher_id AND d.key = ANY (p_keys)
	LEFT JOIN LATERAL (SELECT sum(o.amount) AS amount FROM erp.voucher_line_origin o WHERE o.company = c.code AND o.voucher_id = l.voucher_id AND o.line_no = l.line_no) o ON true
	WHERE c.code = 'BACK' AND o.amount IS DISTINCT FROM round(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END, 2)
$$;
-- 10 at a third are worth 3.33; 1 carried: 9 are worth 3.00 and 1 0.33.
SELECT trial.receive('BACK', 'W1', '2009-01-05', 'W', 10, 3.33);
SELECT pg_temp.carry('X1', '2009-01-06', 1);
\o
SELECT is(pg_temp.legs('X1') || ', ' || pg_temp.variances(), '-0.33 0.33, 0.00 0.00', 'what is carried takes its value along');
-- The next: 8 are worth 2.67, 0.33 less, and 2 0.67, 0.34 more.
\o /dev/null
SELECT pg_temp.carry('X2', '2009-01-07', 1);
\o
SELECT is(pg_temp.legs('X2') || ', ' || pg_temp.variances(), '-0.33 0.34, -0.01 0.00', 'where the two warehouses round differently the cent is a variance');
SELECT is(trial.closing('BACK', 'W') || ', ' || trial.balance('BACK', '1200'), '10 3.34, 3.34', 'and stock is what the ledger has');
-- 7 are worth 2.33, 0.34 less, and 3 1.00, 0.33 more.
\o /dev/null
SELECT pg_temp.carry('X3', '2009-01-08', 1);
\o
SELECT is(pg_temp.legs('X3') || ', ' || pg_temp.variances(), '-0.34 0.33, 0.00 0.00', 'the other way round as well');
-- X2 back: 8 are worth 2.67, 0.34 more, and 2 0.67, 0.33 less, a cent more than the 0.01 less of its mirror twice.
\o /dev/null
SELECT trial.reverse('BACK', 'not X2', 'X2', '2009-01-09');
\o
SELECT is(pg_temp.legs('not X2') || ', ' || pg_temp.variances() || ', ' || trial.closing('BACK', 'W') || ', ' || trial.balance('BACK', '1200'),
	'0.34 -0.33, 0.01 -0.02, 10 3.34, 3.34', 'it is taken back at what it is worth then');
SELECT is_empty($$SELECT pg_temp.unexplained('X1', 'X2', 'X3', 'not X2')$$, 'each line of these vouchers is explained');
-- At 0.334 from before: 10 are 3.34; then 9 3.01 and 1 0.33; 8 2.67 and 2 0.67; 7 2.34 and 3 1.00; back 8 2.67 and 2 0.67.
\o /dev/null
SELECT erp.put_standard_costs('BACK', 'w before', '{"day": "2009-01-02", "costs": [{"item": "W", "cost": "0.334"}]}');
\o
SELECT is(concat_ws(', ', pg_temp.legs('X1'), pg_temp.legs('X2'), pg_temp.legs('X3'), pg_temp.legs('not X2')), '-0.33 0.33, -0.34 0.34, -0.33 0.33, 0.33 -0.33', 'a standard from before changes the cents');
SELECT is(trial.closing('BACK', 'W') || ', ' || trial.balance('BACK', '1200') || ', ' || trial.balance('BACK', '1250'), '10 3.34, 3.34, 0.00', 'and leaves nothing on any other account');
SELECT is(trial.balance('BACK', '5050') + trial.balance('BACK', '5055'), -0.01, 'but what the goods are worth above what was paid');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
\o /dev/null
SELECT trial.reverse('BACK', 'not X1', 'X1', '2009-01-10');
SELECT trial.reverse('BACK', 'not X3', 'X3', '2009-01-10');
SELECT trial.reverse('BACK', 'not W1', 'W1', '2009-01-11');
\o
SELECT is(trial.closing('BACK', 'W') || ', ' || trial.balance('BACK', '1200') || ', ' || (trial.balance('BACK', '5050') + trial.balance('BACK', '5055')), '0 0.00, 0.00, 0.00', 'all taken back, nothing is left');

-- Standard 12.00: two receipts of 10 for 125.00 each, worth 120.00. 13.00 from February.
\o /dev/null
SELECT trial.receive('BACK', 'T1', '2009-01-05', 'T', 10, 125);
SELECT trial.receive('BACK', 'T2', '2009-01-06', 'T', 10, 125);
CREATE TABLE pg_temp.before AS SELECT trial.balance('BACK', '5050') AS price, trial.balance('BACK', '5055') AS revalued;
SELECT erp.put_standard_costs('BACK', 't second', '{"day": "2009-02-01", "costs": [{"item": "T", "cost": 13}]}');
CREATE FUNCTION pg_temp.since() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT (trial.balance('BACK', '5050') - b.price) || ' ' || (trial.balance('BACK', '5055') - b.revalued) FROM pg_temp.before b
$$;
\o
SELECT is(pg_temp.since(), '0.00 -20.00', 'a new standard revalues 20');
-- T1 goes back at 130.00: 120.00 that it came in with, and the 10.00 of its revaluation. Its 5.00 of price variance go back with it.
\o /dev/null
SELECT trial.reverse('BACK', 'not T1', 'T1', '2009-02-10');
\o
SELECT is(trial.value_of('BACK', 'not T1') || ', ' || pg_temp.since(), '-130.00, -5.00 -10.00', 'a receipt of before goes back at the new standard, and its revaluation with it');
-- 4 of T2 never came: 50.00 less is owed; they go out at 52.00, 48.00 and their revaluation of 4.00, with 2.00 of price variance.
\o /dev/null
SELECT pg_temp.amend('less T2', '2009-02-12', 'T2', '{"role": "received_less", "item": "T", "quantity": 4}');
\o
SELECT is(trial.value_of('BACK', 'less T2') || ', ' || pg_temp.since() || ', ' || trial.closing('BACK', 'T'), '-52.00, -7.00 -6.00, 6 78.00', 'so does a part that did not come');
SELECT is(trial.balance('BACK', '2150'), -75.00, 'what is owed is the receipt''s price of what came');
-- 2 more came with T2 for 25.00: worth 26.00. With 14.00 from 15 February on, 6 are worth 6.00 more then, and these 2 came in at 28.00.
\o /dev/null
SELECT pg_temp.amend('more T2', '2009-02-20', 'T2', '{"role": "received_more", "item": "T", "quantity": 2, "amount": 25}');
\o
SELECT is(trial.value_of('BACK', 'more T2') || ', ' || pg_temp.since() || ', ' || trial.closing('BACK', 'T'), '26.00, -8.00 -6.00, 8 104.00', 'what came beyond a receipt has a price variance as it has');
\o /dev/null
SELECT erp.put_standard_costs('BACK', 't third', '{"day": "2009-02-15", "costs": [{"item": "T", "cost": 14}]}');
\o
SELECT is(trial.value_of('BACK', 'more T2') || ', ' || pg_temp.since() || ', ' || trial.closing('BACK', 'T') || ', ' || trial.balance('BACK', '5000'), '28.00, -10.00 -12.00, 8 112.00, 0.00', 'what a replay finds of it too');

-- On the true day: L, 10 for 125.00; 13.00 from February; 4 did not come, on 20 January: 48.00, 2.00 of price variance, and 4.00 less were revalued.
-- One is sold on 25 January for 12.00 and comes back in February for 13.00: cost of sales keeps the 1.00 that it is worth more.
\o /dev/null
SELECT trial.receive('BACK', 'L1', '2009-01-05', 'L', 10, 125);
SELECT trial.sell('BACK', 'L2', '2009-01-25', 'L', 1, 50);
SELECT erp.put_standard_costs('BACK', 'l second', '{"day": "2009-02-01", "costs": [{"item": "L", "cost": 13}]}');
UPDATE pg_temp.before SET price = trial.balance('BACK', '5050'), revalued = trial.balance('BACK', '5055');
SELECT pg_temp.amend('less L1', '2009-01-20', 'L1', '{"role": "received_less", "item": "L", "quantity": 4}');
\o
SELECT is(trial.value_of('BACK', 'less L1') || ', ' || pg_temp.since() || ', ' || trial.closing('BACK', 'L'), '-48.00, -2.00 4.00, 5 65.00', 'on its true day it goes out at the standard of then, and was never revalued');
\o /dev/null
SELECT trial.reverse('BACK', 'not L2', 'L2', '2009-02-13');
\o
SELECT is(trial.value_of('BACK', 'not L2') || ', ' || trial.balance('BACK', '5000') || ', ' || pg_temp.since() || ', ' || trial.closing('BACK', 'L'), '13.00, -1.00, -2.00 4.00, 6 78.00', 'a sale that is taken back comes in at the standard of then');
SELECT is_empty($$SELECT pg_temp.unexplained('not T1', 'less T2', 'more T2', 'less L1', 'not L2', 'not W1')$$, 'each line of all these vouchers is explained');
SELECT is((SELECT sum(value)::numeric(19,2) FROM erp_private.cost_pool p JOIN erp.company c USING (company_id) WHERE c.code = 'BACK'), trial.balance('BACK', '1200'), 'stock is what the ledger has');

-- In another currency: F, 10 for 12.00 euros at 1.1, 13.20, come in at 1.00: 3.20 of price variance; a standard of 2.00 of before is found: 20.00 and -6.80. They go back: 20.00 for the 13.20, and the 6.80.
-- By standard they are worth 20.00, but 12.00 euros were paid: it cannot have been 14.00 less. Of 2 for 30.00, at 4.00, it can have been 20.00 less and then 1.00 more, but not 12.00 less than that.
\o /dev/null
SELECT erp.put_items('BACK', 'f', '[{"code": "FE", "name": "Foreign", "kind": "stock", "method": "standard"}]');
SELECT erp.put_standard_costs('BACK', 'f first', '{"day": "2009-01-01", "costs": [{"item": "FE", "cost": 1}]}');
UPDATE pg_temp.before SET price = trial.balance('BACK', '5050'), revalued = trial.balance('BACK', '5055');
SELECT trial.receive('BACK', 'F1', '2009-01-05', 'FE', 10, 12, '{"currency": "EUR", "rate": "1.1"}');
SELECT erp.put_standard_costs('BACK', 'f second', '{"day": "2009-01-02", "costs": [{"item": "FE", "cost": 2}]}');
\o
SELECT is(trial.refused($$SELECT pg_temp.amend('too much', '2009-01-08', 'F1', '{"role": "repriced", "item": "FE", "amount": -14}', '{"currency": "EUR", "rate": "1.1"}')$$), 'LE195', 'goods are not paid less than nothing for, whatever their standard');
\o /dev/null
SELECT trial.reverse('BACK', 'not F1', 'F1', '2009-01-13');
\o
SELECT is((SELECT string_agg(a.code || ' ' || x.amount || ' ' || x.company_amount, ', ' ORDER BY 1) FROM (SELECT account_id, company_id, sum(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END)::numeric(9,2) AS amount,
		sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END)::numeric(9,2) AS company_amount
	FROM erp.document d JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) WHERE d.key = 'not F1' GROUP BY 1, 2) x JOIN erp.account a USING (company_id, account_id)),
	'1200 -18.18 -20.00, 2150 12.00 13.20, 5050 6.18 6.80', 'what a replay found of goods in another currency goes back in it');
\o /dev/null
SELECT trial.receive('BACK', 'F2', '2009-01-20', 'FE', 2, 30);
SELECT pg_temp.amend('cheaper', '2009-01-21', 'F2', '{"role": "repriced", "item": "FE", "amount": -20}'), pg_temp.amend('dearer', '2009-01-22', 'F2', '{"role": "repriced", "item": "FE", "amount": 1}');
\o
SELECT is(trial.refused($$SELECT pg_temp.amend('too cheap', '2009-01-23', 'F2', '{"role": "repriced", "item": "FE", "amount": -12}')$$) || ', ' || trial.closing('BACK', 'FE'), 'LE195, 2 4.00', 'but for less than their standard they are');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole in the end');
SELECT * FROM finish();
ROLLBACK;
