\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What is learned of a cost after the goods came: landed costs, bills, revaluations and corrections. Each case ends with the
-- value of the stock equal to the inventory accounts, and with the cost of what is gone where the goods went.
SELECT plan(45);
\o /dev/null
SELECT trial.make_company('LAND');
SELECT erp.put_accounts('LAND', 'more accounts', '[
	{"code": "2000", "name": "Payables", "class": "liability", "side": "credit", "control": "payable"}]');
SELECT erp.put_parties('LAND', 'more parties', '[{"code": "CARRIER", "name": "Carrier", "roles": ["supplier"]}]');
SELECT erp.put_posting_rules('LAND', 'more rules', '[
	{"kind": "landed_cost", "line_role": "landed", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "landed_cost", "line_role": "landed", "amount_role": "inventory", "item_group": "B", "side": "debit", "account": "1210"},
	{"kind": "landed_cost", "line_role": "document", "amount_role": "tax", "side": "debit", "account": "2200"},
	{"kind": "landed_cost", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2000"},
	{"kind": "absorbed_cost", "line_role": "absorbed", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "absorbed_cost", "line_role": "absorbed", "amount_role": "cost", "side": "credit", "account": "6000"}]');
\o

CREATE FUNCTION pg_temp.land(p_key text, p_day date, p_amount numeric, p_receipts text, p_basis text DEFAULT NULL, p_extra jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql AS $$
	SELECT erp.post_document('LAND', (jsonb_build_object('key', p_key, 'kind', 'landed_cost', 'day', p_day, 'party', 'CARRIER',
		'lines', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('amount', p_amount, 'receipts', p_receipts::jsonb, 'basis', p_basis)))) || p_extra)::text::json)
$$;
-- Value of stock and of the inventory accounts on a day: equal on every day.
CREATE FUNCTION pg_temp.apart(p_company text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s: stock %s, accounts %s', d.day, s.value, b.value)
	FROM (SELECT DISTINCT v.day FROM erp.voucher v JOIN erp.company c USING (company_id) WHERE c.code = p_company) d,
		LATERAL (SELECT COALESCE(sum(value), 0) FROM erp.stock_valuation(p_company, d.day)) s (value),
		LATERAL (SELECT COALESCE(sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END), 0)
			FROM erp.company c JOIN erp.account a USING (company_id) JOIN erp.voucher_line l USING (company_id, account_id)
			WHERE c.code = p_company AND a.control = 'inventory' AND l.day <= d.day) b (value)
	WHERE s.value <> b.value
$$;

-- Landed cost on a receipt that is partly gone. 10 F for 100.00 on the 5th, 6 sold on the 10th (60.00). Freight of 20.00 on the 15th:
-- the receipt costs 120.00, the sale 72.00; 4 left at 48.00. The books of the 10th stay: 12.00 more cost of sales on the 15th.
\o /dev/null
SELECT trial.receive('LAND', 'r1', '2009-01-05', 'F', 10, 100);
SELECT trial.sell('LAND', 's1', '2009-01-10', 'F', 6, 20);
SELECT pg_temp.land('l1', '2009-01-15', 20, '[{"key": "r1"}]');
\o
SELECT is(trial.value_of('LAND', 's1'), -72.00, 'the share of what is gone follows it');
SELECT is(trial.closing('LAND', 'F'), '4 48.00', 'what is left has the rest');
SELECT is(trial.balance('LAND', '5000', '2009-01-10'), 60.00, 'the day of the sale keeps its books');
SELECT is(trial.balance('LAND', '5000', '2009-01-15'), 12.00, 'the day of the freight bears what it adds to cost of sales');
SELECT is(trial.balance('LAND', '2000'), -20.00, 'the carrier is owed the freight');
SELECT results_eq($$SELECT e.cause, e.amount::numeric(19, 2) FROM erp.document d JOIN erp.stock_move m USING (company_id, document_id) JOIN erp.cost_entry e USING (company_id, move_id)
	WHERE d.key = 'r1' ORDER BY e.entry_no$$, $$VALUES ('receipt', 100.00), ('landed', 20.00)$$, 'the receipt says what it cost and what joined it');
-- Raised by 10.00: 130 for 10, 6 gone at 78.00, 52.00 left. Lowered by 5.00: 125, 75.00 gone, 50.00 left.
\o /dev/null
SELECT pg_temp.land('l2', '2009-01-16', 10, '[{"key": "r1", "line": 1}]');
\o
SELECT is(trial.value_of('LAND', 's1') || ', ' || trial.closing('LAND', 'F'), '-78.00, 4 52.00', 'raised');
\o /dev/null
SELECT pg_temp.land('l3', '2009-01-17', -5, '[{"key": "r1"}]');
\o
SELECT is(trial.value_of('LAND', 's1') || ', ' || trial.closing('LAND', 'F'), '-75.00, 4 50.00', 'lowered');
SELECT throws_ok($$SELECT trial.reverse('LAND', 'x1', 'r1', '2009-01-20')$$, 'LE196', NULL, 'the receipt is not reversed while landed costs stand on it');
-- The first freight cancelled on the 20th: 20.00 less on the receipt, 12.00 less in the sale.
\o /dev/null
SELECT trial.reverse('LAND', 'x1', 'l1', '2009-01-20');
\o
SELECT is(trial.value_of('LAND', 's1') || ', ' || trial.closing('LAND', 'F'), '-63.00, 4 42.00', 'cancelled: what is gone has its cost back');
SELECT is(trial.balance('LAND', '5000', '2009-01-20'), -12.00, 'on the day of the cancellation');
SELECT is(trial.balance('LAND', '2000'), -5.00, 'the carrier is owed what stands');
SELECT is_empty($$SELECT pg_temp.apart('LAND')$$, 'on every day stock and accounts are equal');

-- Average: 10 for 100.00 on the 5th, 5 sold on the 10th (50.00), freight of 20.00: 12 a unit, 60.00 gone, 60.00 left.
\o /dev/null
SELECT trial.receive('LAND', 'ra', '2009-01-05', 'A', 10, 100);
SELECT trial.sell('LAND', 'sa', '2009-01-10', 'A', 5, 20);
SELECT pg_temp.land('la', '2009-01-15', 20, '[{"key": "ra"}]');
\o
SELECT is(trial.value_of('LAND', 'sa') || ', ' || trial.closing('LAND', 'A'), '-60.00, 5 60.00', 'average: half is gone');

-- A lot received twice: two receipts of 5 for 50.00 each, 7 sold (5 x 10 + 2 x 10). Freight of 10.00 on both, by quantity: 5.00 each;
-- the sale takes 55.00 + 2/5 x 55.00 = 77.00; 3 left at 33.00.
\o /dev/null
SELECT trial.receive('LAND', 'f1', '2009-02-05', 'FW', 5, 50);
SELECT trial.receive('LAND', 'f2', '2009-02-06', 'FW', 5, 50);
SELECT trial.sell('LAND', 'fs', '2009-02-10', 'FW', 7, 20);
SELECT pg_temp.land('lf', '2009-02-15', 10, '[{"key": "f1"}, {"key": "f2"}]', 'quantity');
\o
SELECT is(trial.value_of('LAND', 'fs') || ', ' || trial.closing('LAND', 'FW'), '-77.00, 3 33.00', 'two receipts');
SELECT is(trial.balance('LAND', '1210'), 33.00, 'on the account of the item''s group');

-- By what it is spread: one receipt of three lines, 1 F of 10.00, 2 A of 30.00, 3 AW of 60.00; weights 5, 1, 0 a unit, volume of AW alone.
-- 10.00 by quantity 1:2:3 = 1.67, 3.33, 5.00; by value, which is then 11.67:33.33:65.00 of 110.00, = 1.06, 3.03, 5.91; by weight 5:2:0 = 7.14, 2.86, 0.00;
-- by volume 0:0:6 = 0.00, 0.00, 10.00 (nothing is no entry); equal 3.34, 3.33, 3.33 (of equal remainders the first has the cent).
\o /dev/null
SELECT erp.put_items('LAND', 'weights', '[{"code": "F", "name": "FIFO", "kind": "stock", "weight": 5}, {"code": "A", "name": "Average", "kind": "stock", "weight": "1.000000"},
	{"code": "AW", "name": "Average by warehouse", "kind": "stock", "volume": 2}]');
SELECT erp.post_document('LAND', '{"key": "three", "kind": "goods_receipt", "day": "2009-03-05", "party": "S1", "lines": [{"item": "F", "quantity": 1, "amount": 10},
	{"item": "A", "quantity": 2, "amount": 30}, {"item": "AW", "quantity": 3, "amount": 60}]}');
SELECT pg_temp.land('by quantity', '2009-03-06', 10, '[{"key": "three"}]', 'quantity');
SELECT pg_temp.land('by value', '2009-03-06', 10, '[{"key": "three"}]', 'value');
SELECT pg_temp.land('by weight', '2009-03-06', 10, '[{"key": "three"}]', 'weight');
SELECT pg_temp.land('by volume', '2009-03-06', 10, '[{"key": "three"}]', 'volume');
SELECT pg_temp.land('equal', '2009-03-06', 10, '[{"key": "three"}]', 'equal');
\o
SELECT results_eq($$SELECT d.key, array_agg(e.amount::numeric(19, 2) ORDER BY m.line_no) FROM erp.document d JOIN erp.cost_entry e ON e.company_id = d.company_id AND e.voucher_id = d.document_id
	JOIN erp.stock_move m ON m.company_id = e.company_id AND m.move_id = e.move_id WHERE d.day = '2009-03-06' AND e.cause = 'landed' GROUP BY 1 ORDER BY 1$$,
	$$VALUES ('by quantity', '{1.67,3.33,5.00}'::numeric[]), ('by value', '{1.06,3.03,5.91}'), ('by volume', '{10.00}'), ('by weight', '{7.14,2.86}'), ('equal', '{3.34,3.33,3.33}')$$,
	'by quantity, value, weight, volume, and equally');
SELECT throws_ok($$SELECT pg_temp.land('lx', '2009-03-06', 10, '[{"key": "f1"}]', 'weight')$$, 'LE195', NULL, 'nothing has no weight to spread by');
SELECT throws_ok($$SELECT pg_temp.land('lx', '2009-03-06', 10, '[{"key": "nobody"}]')$$, 'LE194', NULL, 'an unknown receipt is refused');
SELECT throws_ok($$SELECT pg_temp.land('lx', '2009-03-06', 10, '[{"key": "s1"}]')$$, 'LE194', NULL, 'so is a sale');
SELECT throws_ok($$SELECT pg_temp.land('lx', '2009-03-06', 10, '[{"key": "f1"}, {"key": "f1", "line": 1}]')$$, 'LE194', NULL, 'so is a receipt that is named twice');
SELECT throws_ok($$SELECT pg_temp.land('lx', '2009-01-04', 10, '[{"key": "r1"}]')$$, 'LE194', NULL, 'so is one that is later');
SELECT throws_ok($$SELECT pg_temp.land('lx', '2009-03-06', -56, '[{"key": "f1"}]')$$, 'LE195', NULL, 'a receipt does not cost less than nothing');
SELECT throws_ok($$SELECT pg_temp.land('lx', '2009-03-06', 10, '{"key": "r1"}')$$, 'LE011', NULL, 'receipts are an array');
SELECT throws_ok($$SELECT pg_temp.land('lx', '2009-03-06', 10, '[{"key": "r1"}]', 'colour')$$, 'LE011', NULL, 'by nothing else');
SELECT throws_ok($$SELECT trial.receive('LAND', 'lx', '2009-03-06', 'F', 1, 1, '{"lines": [{"item": "F", "quantity": 1, "amount": 1, "basis": "value"}]}')$$, 'LE011', NULL, 'and by nothing at all where nothing is spread');

-- A company's own cost: 6.00 of F's 42.00 + 2 lines above. The receipt of r1 takes it up; the counter is the expense.
\o /dev/null
SELECT erp.post_document('LAND', '{"key": "own", "kind": "absorbed_cost", "day": "2009-03-10", "lines": [{"amount": 6, "origin": {"key": "r1", "line": 1}}]}');
\o
SELECT is(trial.balance('LAND', '6000'), -6.00, 'an expense of the company''s own is taken up');
-- r1: 100 + 10 - 5 + 6 = 111.00, 6 of 10 gone: 66.60.
SELECT is(trial.value_of('LAND', 's1'), -66.60, 'and follows the goods too');
-- With tax: 15% until March, then 17.5%: 100.00 and 17.50 are owed; only the 100.00 are a cost.
\o /dev/null
SELECT trial.receive('LAND', 'rt', '2009-04-01', 'AW', 1, 1000);
SELECT pg_temp.land('lt', '2009-04-02', 100, '[{"key": "rt"}]', NULL, '{"tax_code": "VAT"}');
\o
SELECT is(trial.value_of('LAND', 'rt') || ', ' || trial.balance('LAND', '2200', '2009-04-02'), '1100.00, 17.50', 'tax is no cost');
SELECT is_empty($$SELECT pg_temp.apart('LAND')$$, 'on every day stock and accounts are equal');

-- A manual revaluation. FIFO: 10 for 100.00 on the 1st, 4 sold on the 2nd (40.00); the 6 left are worth 90.00 from the 3rd on, 30.00 more;
-- 3 sold on the 4th: 45.00. Freight of 20.00 on the first receipt, learned on the 10th: 8.00 follow the sale of the 2nd, 12.00 what was revalued: they
-- go to the account of the revaluation, since its value was set. Average: 10 for 100.00, 4 sold (40.00), written down to 30.00; 3 sold: 15.00.
\o /dev/null
SELECT trial.make_company('REV');
SELECT erp.put_accounts('REV', 'more accounts', '[{"code": "2000", "name": "Payables", "class": "liability", "side": "credit", "control": "payable"},
	{"code": "5500", "name": "Revaluation", "class": "expense", "side": "debit"}, {"code": "5510", "name": "Write-downs", "class": "expense", "side": "debit"}]');
SELECT erp.put_posting_rules('REV', 'more rules', (
	SELECT json_agg(json_build_object('kind', k.kind, 'line_role', r.role, 'amount_role', a.amount, 'side', 'debit', 'account', CASE a.amount WHEN 'cost' THEN k.account ELSE '1200' END))
	FROM (VALUES ('revaluation', '5500'), ('write_down', '5510')) k (kind, account), (VALUES ('revalued_from'), ('revalued_to')) r (role), (VALUES ('inventory'), ('cost')) a (amount)));
SELECT erp.put_posting_rules('REV', 'landed', '[{"kind": "landed_cost", "line_role": "landed", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "landed_cost", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2000"}]');
SELECT trial.receive('REV', i || '1', '2009-01-01', i, 10, 100), trial.sell('REV', i || '2', '2009-01-02', i, 4, 20) FROM unnest('{F,A}'::text[]) i;
SELECT trial.sell('REV', i || '4', '2009-01-04', i, 3, 20) FROM unnest('{F,A}'::text[]) i;
SELECT erp.post_document('REV', '{"key": "up", "kind": "revaluation", "day": "2009-01-03", "lines": [{"item": "F", "quantity": 6, "cost": 90}]}');
SELECT erp.post_document('REV', '{"key": "down", "kind": "write_down", "day": "2009-01-03", "lines": [{"item": "A", "quantity": 6, "cost": 30}]}');
\o
SELECT is(concat_ws(', ', trial.value_of('REV', 'F4'), trial.closing('REV', 'F'), trial.balance('REV', '5500')), '-45.00, 3 45.00, -30.00', 'a revaluation re-costs what is issued after it, not before');
SELECT is(concat_ws(', ', trial.value_of('REV', 'F2'), trial.value_of('REV', 'A4'), trial.closing('REV', 'A'), trial.balance('REV', '5510')), '-40.00, -15.00, 3 15.00, 30.00', 'so does a write-down');
\o /dev/null
SELECT erp.post_document('REV', '{"key": "freight", "kind": "landed_cost", "day": "2009-01-10", "party": "S1", "lines": [{"amount": 20, "receipts": [{"key": "F1"}]}]}');
\o
SELECT is(concat_ws(', ', trial.value_of('REV', 'F2'), trial.value_of('REV', 'F4'), trial.closing('REV', 'F'), trial.balance('REV', '5500')), '-48.00, -45.00, 3 45.00, -18.00', 'what is learned of the old cost goes where the revaluation went');
\o /dev/null
SELECT trial.reverse('REV', 'undo', 'down', '2009-01-03');
\o
SELECT is(concat_ws(', ', trial.value_of('REV', 'A4'), trial.closing('REV', 'A'), trial.balance('REV', '5510')), '-30.00, 3 30.00, 0.00', 'reversed on its day, it was never there');
SELECT throws_ok($$SELECT erp.post_document('REV', '{"key": "x", "kind": "revaluation", "day": "2009-01-20", "lines": [{"item": "F", "quantity": 4, "cost": 90}]}')$$, 'LE050', NULL, 'no more is revalued than there is');
SELECT throws_ok($$SELECT erp.post_document('REV', '{"key": "x", "kind": "revaluation", "day": "2009-01-20", "lines": [{"role": "revalued_to", "item": "F", "quantity": 3, "cost": 90}]}')$$, 'LE011', NULL, 'a line of it has no role');

-- Scrap: 1 of the 3 left of F, at cost, to the loss. Then a lot received twice: 5 for 50.00 and 5 for 100.00 of lot L, 6 sold: 50 + 20 = 70.00.
\o /dev/null
SELECT erp.post_document('REV', '{"key": "scrap", "kind": "stock_loss", "day": "2009-02-01", "lines": [{"item": "F", "quantity": 1}]}');
SELECT erp.put_items('REV', 'with lots', '[{"code": "L", "name": "With lots", "kind": "stock", "method": "fifo", "tracking": "lot"}]');
SELECT trial.receive('REV', 'lot ' || n, '2009-02-01'::date + n, 'L', 5, n * 50, jsonb_build_object('lines', jsonb_build_array(jsonb_build_object('item', 'L', 'quantity', 5, 'amount', n * 50, 'lot', 'L-1')))) FROM generate_series(1, 2) n;
SELECT trial.sell('REV', 'lot 3', '2009-02-05', 'L', 6, 20, '{"lines": [{"item": "L", "quantity": 6, "price": 20, "lot": "L-1"}]}');
\o
SELECT is(concat_ws(', ', trial.value_of('REV', 'scrap'), trial.balance('REV', '5200'), trial.closing('REV', 'F')), '-15.00, 15.00, 2 30.00', 'scrap is a loss at cost');
SELECT is(trial.value_of('REV', 'lot 3') || ', ' || trial.closing('REV', 'L'), '-70.00, 4 80.00', 'a lot that was received twice');

-- Costs of goods that are made: 2 K for 10.00 became 1 P worth 10.00. Of the assembly 4.00 are given back: P costs 6.00. Of K 7.00 are given back: it cost 3.00,
-- and P would cost 3.00 - 4.00, which nothing does; of 5.00, K cost 5.00 and P 1.00.
\o /dev/null
SELECT erp.put_items('REV', 'goods that are made', '[{"code": "K", "name": "Kit", "kind": "stock", "method": "fifo"}, {"code": "P", "name": "Product", "kind": "stock", "method": "fifo"}]');
SELECT trial.receive('REV', 'kit', '2009-02-07', 'K', 2, 10);
SELECT erp.post_document('REV', '{"key": "made", "kind": "assembly", "day": "2009-02-08", "lines": [{"role": "product", "item": "P", "quantity": 1}, {"item": "K", "quantity": 2}]}');
SELECT erp.post_document('REV', '{"key": "made back", "kind": "landed_cost", "day": "2009-02-08", "party": "S1", "lines": [{"amount": -4, "receipts": [{"key": "made"}]}]}');
\o
SELECT is(trial.closing('REV', 'P'), '1 6.00', 'what is given back on goods that were made lowers their cost');
SELECT throws_ok($$SELECT erp.post_document('REV', '{"key": "kit back", "kind": "landed_cost", "day": "2009-02-09", "party": "S1", "lines": [{"amount": -7, "receipts": [{"key": "kit"}]}]}')$$, 'LE195', NULL, 'but to less than nothing it is not lowered, by what they are made of either');
\o /dev/null
SELECT erp.post_document('REV', '{"key": "kit back", "kind": "landed_cost", "day": "2009-02-09", "party": "S1", "lines": [{"amount": -5, "receipts": [{"key": "kit"}]}]}');
\o
SELECT is(trial.closing('REV', 'P'), '1 1.00', 'what is left of it');

-- A count dated before other counts, then cancelled. A: 3 left at 30.00. Counted on the 20th: 1 missing (10.00); on the 25th: 1 found, at 10.00.
-- Then the count of the 10th comes in late: 2 found, worth 40.00 in all: 5 worth 70.00, 1 missing on the 20th is 14.00, left 4 worth 56.00, and the one
-- that was found: 5 worth 66.00. Cancelled on its day, all is as before: 3 worth 30.00.
\o /dev/null
SELECT erp.post_document('REV', '{"key": "count 2", "kind": "stock_loss", "day": "2009-02-20", "lines": [{"item": "A", "quantity": 1}]}');
SELECT erp.post_document('REV', '{"key": "count 3", "kind": "stock_gain", "day": "2009-02-25", "lines": [{"item": "A", "quantity": 1, "cost": 10}]}');
SELECT erp.post_document('REV', '{"key": "count 1", "kind": "stock_gain", "day": "2009-02-10", "lines": [{"item": "A", "quantity": 2, "cost": 40}]}');
\o
SELECT is(concat_ws(', ', trial.value_of('REV', 'count 2'), trial.closing('REV', 'A'), trial.balance('REV', '5200', '2009-02-20')), '-14.00, 5 66.00, 14.00', 'a count dated before other counts');
\o /dev/null
SELECT trial.reverse('REV', 'count 1 x', 'count 1', '2009-02-10');
\o
SELECT is(concat_ws(', ', trial.value_of('REV', 'count 2'), trial.closing('REV', 'A'), trial.balance('REV', '5200', '2009-02-20'), trial.balance('REV', '5300')), '-10.00, 3 30.00, 10.00, -10.00', 'and cancelled');
SELECT is_empty($$SELECT pg_temp.apart('REV')$$, 'on every day stock and accounts are equal');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
