\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- A manual voucher in a foreign currency, converted line by line: what is left open stands on a line of its own, if the company allows it.
SELECT plan(26);
\o /dev/null
SELECT erp.create_company('ROUND', 'company', '{"name": "Rounding", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('ROUND', 'year', '{"code": "2009", "first_day": "2009-01-01"}');
SELECT erp.put_exchange_rates('ROUND', 'rates', '[{"from": "USD", "to": "CNY", "day": "2009-01-01", "rate": "6.8333"}, {"from": "JPY", "to": "CNY", "day": "2009-01-01", "rate": "0.005"}]');
-- A voucher of amounts, debit positive, on two accounts without a subledger.
CREATE FUNCTION pg_temp.request(p_key text, p_currency text, p_amounts numeric[], p_dimensions text[] DEFAULT '{}') RETURNS json LANGUAGE sql AS $$
	SELECT json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', '2009-01-05', 'currency', p_currency, 'lines',
		json_agg(json_build_object('account', '1002', 'side', CASE WHEN a > 0 THEN 'debit' ELSE 'credit' END, 'amount', abs(a),
			'dimensions', CASE WHEN p_dimensions[n] IS NOT NULL THEN json_build_object('DEPT', p_dimensions[n]) ELSE '{}' END) ORDER BY n))
	FROM unnest(p_amounts) WITH ORDINALITY u (a, n)
$$;
CREATE FUNCTION pg_temp.post(p_key text, p_currency text, p_amounts numeric[], p_dimensions text[] DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT erp.post_document('ROUND', pg_temp.request(p_key, p_currency, p_amounts, p_dimensions)) ->> 'voucher_id'
$$;
-- Company amounts as they stand, and what the last line is.
CREATE FUNCTION pg_temp.lines(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(CASE WHEN debit <> 0 THEN 'D ' || debit ELSE 'C ' || credit END, ', ' ORDER BY line_no) || '; ' ||
		(array_agg(concat_ws(' ', account_code, currency, currency_debit - currency_credit) ORDER BY line_no DESC))[1]
	FROM erp.journal WHERE company = 'ROUND' AND document_key = p_key
$$;
\o
-- 33.33 x 6.8333 = 227.753889, three times 227.75 = 683.25; 99.99 x 6.8333 = 683.261667: 683.26.
SELECT throws_ok($$SELECT pg_temp.post('three', 'USD', '{33.33,33.33,33.33,-99.99}')$$, 'LE110', NULL, 'without a rule it is refused');
SELECT is((SELECT count(*) FROM erp.document_list WHERE company = 'ROUND' AND document_key = 'three'), 0::bigint, 'and leaves nothing');
SELECT lives_ok($$SELECT pg_temp.post('two', 'USD', '{33.33,-33.33}')$$, 'what balances needs no rule');
SELECT is(pg_temp.lines('two'), 'D 227.75, C 227.75; 1002 USD -33.33', 'and gets no line');
SELECT throws_ok($$SELECT erp.put_company('ROUND', 'limit only', '{"rounding_limit": 0.01}')$$, 'LE011', NULL, 'a limit needs an account');
SELECT throws_ok($$SELECT erp.put_company('ROUND', 'negative', '{"rounding_limit": -0.01, "rounding_account": "5603"}')$$, 'LE011', NULL, 'a limit is not negative');
SELECT throws_ok($$SELECT erp.put_company('ROUND', 'decimals', '{"rounding_limit": 0.001, "rounding_account": "5603"}')$$, 'LE011', NULL, 'and has the decimals of the currency');
SELECT throws_ok($$SELECT erp.put_company('ROUND', 'unknown', '{"rounding_limit": 0.01, "rounding_account": "9999"}')$$, 'LE012', NULL, 'an unknown account');
SELECT throws_ok($$SELECT erp.put_company('ROUND', 'heading', '{"rounding_limit": 0.01, "rounding_account": "2221"}')$$, 'LE042', NULL, 'a heading');
SELECT throws_ok($$SELECT erp.put_company('ROUND', 'control', '{"rounding_limit": 0.01, "rounding_account": "1122"}')$$, 'LE042', NULL, 'an account of a subledger');
SELECT is(erp.put_company('ROUND', 'rule', '{"rounding_limit": 0.01, "rounding_account": "5603"}'), '{"updated": 1}', 'the rule of the company');
SELECT lives_ok($$SELECT pg_temp.post('three', 'USD', '{33.33,33.33,33.33,-99.99}')$$, 'within it, it is posted');
SELECT is(pg_temp.lines('three'), 'D 227.75, D 227.75, D 227.75, C 683.26, D 0.01; 5603 USD 0.00', 'the difference stands on a line of its own, without an amount in the currency');
SELECT lives_ok($$SELECT pg_temp.post('turned', 'USD', '{-33.33,-33.33,99.99,-33.33}')$$, 'the other way round');
SELECT is(pg_temp.lines('turned'), 'C 227.75, C 227.75, D 683.26, C 227.75, C 0.01; 5603 USD 0.00', 'it is a credit');
SELECT is((SELECT explanation FROM erp.explain_posting('ROUND', 'three') WHERE line_no = 5), 'the rounding difference of the entries, converted one by one', 'and explained');
-- 1 x 0.005 = 0.005: 0.01 (half away from zero), ten times 0.10; 10 x 0.005 = 0.05. The difference is 0.05.
SELECT throws_ok($$SELECT pg_temp.post('yen', 'JPY', '{1,1,1,1,1,1,1,1,1,1,-10}')$$, 'LE110', NULL, 'beyond the limit it is refused');
SELECT is((SELECT l ->> 'company_amount' FROM jsonb_array_elements(erp.dry_run('ROUND', pg_temp.request('try', 'USD', '{33.33,33.33,33.33,-99.99}')) -> 0 -> 'voucher') WITH ORDINALITY u (l, n) WHERE n = 5), '0.0100', 'a trial shows it');
SELECT lives_ok($$SELECT erp.put_company('ROUND', 'more', '{"rounding_limit": 0.05}')$$, 'the limit is raised');
SELECT lives_ok($$SELECT pg_temp.post('yen', 'JPY', '{1,1,1,1,1,1,1,1,1,1,-10}')$$, 'as much as the limit goes');
SELECT throws_ok($$SELECT pg_temp.post('open', 'USD', '{33.33,-33.32}')$$, 'LE040', NULL, 'what does not balance in its own currency is refused, whatever the limit');
SELECT throws_ok($$SELECT pg_temp.post('home', 'CNY', '{33.33,-33.32}')$$, 'LE040', NULL, 'and so is what is in the company''s');
SELECT lives_ok($$SELECT erp.reverse_document('ROUND', '{"key": "undo", "reverses": "three", "day": "2009-01-06"}')$$, 'it is taken back with its line');
-- In a balancing dimension the line belongs where all lines do.
\o /dev/null
SELECT erp.create_company('ROUND2', 'company', '{"name": "Rounding by department", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('ROUND2', 'year', '{"code": "2009", "first_day": "2009-01-01"}');
SELECT erp.put_dimensions('ROUND2', 'departments', '[{"code": "DEPT", "name": "Department", "balancing": true, "values": [{"code": "A", "name": "A"}, {"code": "B", "name": "B"}]}]');
SELECT erp.put_company('ROUND2', 'rule', '{"rounding_limit": 0.01, "rounding_account": "5603"}');
\o
SELECT lives_ok($$SELECT erp.post_document('ROUND2', pg_temp.request('one', 'USD', '{33.33,33.33,33.33,-99.99}', '{A,A,A,A}'))$$, 'one department takes the difference');
SELECT throws_ok($$SELECT erp.post_document('ROUND2', pg_temp.request('both', 'USD', '{33.33,33.33,33.33,-99.99,5,-5}', '{A,A,A,A,B,B}'))$$, 'LE040', NULL, 'of two nobody knows which');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
