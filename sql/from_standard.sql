\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- A change from standard cost to another method, dated before what came in by it: that stands at what was paid from then on, and no variance of it stays. Every value is worked out by hand.
SELECT plan(12);
\o /dev/null
SELECT trial.make_company('STD');
SELECT erp.put_accounts('STD', 'variance', '[{"code": "5050", "name": "Price variance", "class": "expense", "side": "debit"}]');
SELECT erp.put_posting_rules('STD', 'rules of standard', '[
	{"kind": "goods_receipt", "line_role": "receipt", "amount_role": "price_variance", "side": "debit", "account": "5050"},
	{"kind": "goods_receipt", "line_role": "document", "amount_role": "tax", "side": "debit", "account": "2200"},
	{"kind": "costing_change", "line_role": "costing_method", "amount_role": "inventory", "side": "debit", "account": "1200"},
	{"kind": "costing_change", "line_role": "costing_method", "amount_role": "cost", "side": "debit", "account": "5050"}]');
SELECT erp.put_items('STD', 'by standard', (SELECT json_agg(json_build_object('code', c, 'name', c, 'kind', 'stock', 'method', 'standard')) FROM unnest('{Q,E1,E2,E3}'::text[]) c));
SELECT erp.put_standard_costs('STD', 'first', (SELECT json_build_object('day', '2009-01-01', 'costs', json_agg(json_build_object('item', c, 'cost', 1))) FROM unnest('{Q,E1,E2,E3}'::text[]) c));
\o
CREATE FUNCTION pg_temp.change(p_key text, p_method text, p_items json) RETURNS void LANGUAGE sql AS $$
	SELECT erp.change_costing_method('STD', p_key, json_build_object('day', '2009-01-05', 'method', p_method, 'items', p_items))
$$;
CREATE FUNCTION pg_temp.values_of(VARIADIC p_keys text[]) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(trial.value_of('STD', k)::text, ' ' ORDER BY n) FROM unnest(p_keys) WITH ORDINALITY u (k, n)
$$;
-- The balance of an account by day, as far as it is not zero.
CREATE FUNCTION pg_temp.days_of(p_account text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(string_agg(d || ' ' || b, ', ' ORDER BY d), '') FROM generate_series(1, 31) d, LATERAL (SELECT trial.balance('STD', p_account, '2008-12-31'::date + d)) x (b) WHERE b <> 0
$$;

-- At 1.00: 10 for 12.00 on the 5th, 4 sold on the 8th, 5 for 4.00 on the 10th, 2 gained for 3.00 on the 11th, 8 sold on the 12th.
\o /dev/null
SELECT trial.receive('STD', 'Q1', '2009-01-05', 'Q', 10, 12);
SELECT trial.sell('STD', 'S1', '2009-01-08', 'Q', 4, 50);
SELECT trial.receive('STD', 'Q2', '2009-01-10', 'Q', 5, 4);
SELECT erp.post_document('STD', '{"key": "G", "kind": "stock_gain", "day": "2009-01-11", "lines": [{"item": "Q", "quantity": 2, "cost": 3}]}');
SELECT trial.sell('STD', 'S2', '2009-01-12', 'Q', 8, 50);
\o
SELECT is(pg_temp.values_of('Q1', 'S1', 'Q2', 'G', 'S2') || ', ' || pg_temp.days_of('5050'), '10.00 -4.00 5.00 2.00 -8.00, 5 2.00, 10 -1.00', 'by standard cost');
-- By FIFO from the 5th on: 4 cost 4.80, 8 cost 7.20 of the first and 1.60 of the second receipt; 3 for 2.40 and 2 for 3.00 stay.
\o /dev/null
SELECT pg_temp.change('fifo', 'fifo', '[{"item": "Q"}]');
\o
SELECT is(pg_temp.values_of('Q1', 'S1', 'Q2', 'G', 'S2') || ', ' || trial.closing('STD', 'Q'), '12.00 -4.80 4.00 3.00 -8.80, 5 5.40', 'what came stands at what was paid, and what went costs that');
SELECT is(concat_ws('; ', pg_temp.days_of('5050'), pg_temp.days_of('5300'), pg_temp.days_of('5000')), '; 11 -3.00; 8 4.80, 12 8.80', 'each corrected on its day: no variance is left, the gain is what it was said to be');
SELECT is(pg_temp.days_of('1200'), '5 12.00, 8 -4.80, 10 4.00, 11 3.00, 12 -8.80', 'and the account of the goods says what they are worth');
-- 2 for 6.00 are found of the 6th: 8 cost 7.20 and 6.00. Then the second receipt goes back whole, for 4.00.
\o /dev/null
SELECT trial.receive('STD', 'Q0', '2009-01-06', 'Q', 2, 6);
SELECT trial.reverse('STD', 'Q2 back', 'Q2', '2009-01-13');
\o
SELECT is(pg_temp.values_of('Q0', 'S2', 'Q2', 'Q2 back') || ', ' || trial.closing('STD', 'Q'), '6.00 -13.20 4.00 -4.00, 2 3.00', 'later replays go by what was paid as well, and so does what goes back');
SELECT is(trial.balance('STD', '5050') || ' ' || pg_temp.days_of('2150'), '0.00 5 -12.00, 6 -6.00, 10 -4.00, 13 4.00', 'which leaves no variance');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- By standard again from the same day on: each is worth its standard, and what was paid beside it is a variance: 2.00, 4.00, and of what came and went back -1.00 and 1.00.
\o /dev/null
SELECT pg_temp.change('standard', 'standard', '[{"item": "Q", "cost": 1}]');
\o
SELECT is(pg_temp.values_of('Q1', 'S1', 'Q0', 'Q2', 'G', 'S2', 'Q2 back') || ', ' || trial.closing('STD', 'Q') || ', ' || pg_temp.days_of('5050'), '10.00 -4.00 2.00 5.00 2.00 -8.00 -5.00, 2 2.00, 5 2.00, 6 4.00, 10 -1.00, 13 1.00', 'and back');
\o /dev/null
SELECT pg_temp.change('average', 'moving_average', '[{"item": "Q"}]');
\o
-- 10 + 2 for 18.00: 4 cost 6.00 (of 12); 8 worth 12.00 and 5 for 4.00 and 2 for 3.00: 15 worth 19.00: 8 cost 10.13. Back go 4.00: 2 worth 4.87.
SELECT is(pg_temp.values_of('Q1', 'S1', 'Q0', 'Q2', 'G', 'S2', 'Q2 back') || ', ' || trial.closing('STD', 'Q') || ', ' || trial.balance('STD', '5050'), '12.00 -6.00 6.00 4.00 3.00 -10.13 -4.00, 2 4.87, 0.00', 'and to the average');

-- In another currency, with tax: three for 1.05 each at 1.10, and 0.47 of 15 per cent: 3.62 are 3.98, of which the tax is 0.52, the first line 1.16 and the others 1.15.
\o /dev/null
SELECT erp.post_document('STD', '{"key": "E", "kind": "goods_receipt", "day": "2009-01-07", "party": "S1", "currency": "EUR", "rate": "1.1", "tax_code": "VAT",
	"lines": [{"item": "E1", "quantity": 1, "amount": "1.05"}, {"item": "E2", "quantity": 1, "amount": "1.05"}, {"item": "E3", "quantity": 1, "amount": "1.05"}]}');
SELECT pg_temp.change('abroad', 'moving_average', '[{"item": "E1"}, {"item": "E2"}, {"item": "E3"}]');
\o
SELECT is(trial.closing('STD', 'E1') || ', ' || trial.closing('STD', 'E2') || ', ' || trial.closing('STD', 'E3'), '1 1.16, 1 1.15, 1 1.15', 'its share of what the document was converted to, tax and all');
SELECT is((SELECT sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END)::numeric(9, 2) FROM erp.voucher_line l JOIN erp.account a USING (company_id, account_id) WHERE a.code = '5050'), 0.00, 'and no variance of it stays');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
