\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = 'ISO';
-- The books of a small Chinese company over three months, worked out by hand; the same whatever of it is folded. What a fold
-- takes has committed: nothing here is rolled back.
\o /dev/null
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS erp;
SELECT erp.setup();
CREATE SCHEMA trial_books;
SELECT erp.create_company('BOOKS', 'company', '{"name": "Books", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('BOOKS', 'y25', '{"code": "2025", "first_day": "2025-01-01"}');
SELECT erp.create_fiscal_year('BOOKS', 'y26', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_parties('BOOKS', 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}, {"code": "C2", "name": "Another", "roles": ["customer"]}]');
SELECT erp.put_dimensions('BOOKS', 'd', '[{"code": "DEPT", "name": "Department", "values": [{"code": "N", "name": "North"}, {"code": "S", "name": "South"}]},
	{"code": "PROJ", "name": "Project", "values": [{"code": "P", "name": "One"}]}]');
SELECT erp.put_exchange_rates('BOOKS', 'r', '[{"from": "USD", "to": "CNY", "day": "2026-01-01", "rate": "7"}]');
CREATE FUNCTION trial_books.book(p_key text, p_day date, p_currency text, VARIADIC p_lines text[]) RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.post_document('BOOKS', json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'currency', p_currency, 'description', p_key, 'lines',
		(SELECT json_agg(json_strip_nulls(json_build_object('account', w[1], 'side', w[2], 'amount', w[3], 'party', w[4], 'dimensions', w[5]::json)) ORDER BY n)
		FROM unnest(p_lines) WITH ORDINALITY AS u (line, n) CROSS JOIN LATERAL (SELECT string_to_array(u.line, ' ', '-')) AS s (w)))) IS NOT NULL
$$;
SELECT trial_books.book('v1', '2025-12-31', 'CNY', '1002 debit 10000', '3001 credit 10000');
SELECT trial_books.book('v2', '2026-01-05', 'CNY', '1001 debit 1000', '1002 credit 1000');
SELECT trial_books.book('v3', '2026-01-05', 'CNY', '5602 debit 300 - {"DEPT":"N","PROJ":"P"}', '1001 credit 300');
SELECT trial_books.book('v4', '2026-01-20', 'CNY', '1122 debit 2260 C1', '5001 credit 2000', '2221.01.07 credit 260');
SELECT trial_books.book('v5', '2026-02-03', 'CNY', '5602 debit 100 - {"DEPT":"S"}', '1001 credit 100');
SELECT trial_books.book('v6', '2026-02-03', 'CNY', '1001 debit 50', '1122 credit 50 C1');
SELECT erp.fold_balances('BOOKS');
SELECT trial_books.book('v7', '2026-02-10', 'CNY', '1403 debit 800', '2221.01.01 debit 104', '1002 credit 904');
SELECT erp.assign_numbers('BOOKS');
SELECT erp.reverse_document('BOOKS', '{"key": "v8", "reverses": "v5", "day": "2026-03-02"}');
SELECT trial_books.book('v9', '2026-03-10', 'USD', '1002 debit 100', '5301.04 credit 100');
SELECT trial_books.book('v10', '2026-03-15', 'CNY', '5602 debit 40 - {"DEPT":"N"}', '1001 credit 40');
SELECT trial_books.book('v11', '2026-03-16', 'CNY', '5602 debit 5 - {"PROJ":"P"}', '1001 credit 5');
SELECT trial_books.book('v12', '2026-03-20', 'CNY', '1122 debit 8 C1 {"DEPT":"N","PROJ":"P"}', '1122 debit 4 C2 {"DEPT":"N"}', '1122 debit 1 C2 {"DEPT":"S"}', '2241 credit 13');
SELECT erp.assign_numbers('BOOKS');
\o
SELECT plan(42);

-- General ledger. Cash: 1000 - 300; + 50 - 100; + 100 - 40 - 5.
CREATE TEMP VIEW cash AS SELECT concat_ws(' ', month, opening, debit, credit, closing, side, year_debit, year_credit) AS line
	FROM erp.general_ledger('BOOKS', '2026-01-01', '2026-03-31', '{"accounts": ["1001"]}');
CREATE TEMP VIEW upper_tax AS SELECT concat_ws(' ', account_code, month, opening, debit, credit, closing, side, year_debit, year_credit) AS line
	FROM erp.general_ledger('BOOKS', '2026-01-10', '2026-03-31', '{"accounts": ["2221"], "level": 1}');
CREATE TEMP VIEW trial AS SELECT concat_ws(' ', account_code, opening_debit, opening_credit, debit, credit, year_debit, year_credit, closing_debit, closing_credit) AS line
	FROM erp.trial_balance_with_year('BOOKS', '2026-02-01', '2026-02-28');
CREATE TEMP VIEW dollars AS SELECT concat_ws(' ', account_code, debit, closing_debit, currency, currency_opening, currency_debit, currency_credit, currency_closing) AS line
	FROM erp.trial_balance_with_year('BOOKS', '2026-03-01', '2026-03-31', '{"currency": "USD", "accounts": ["1*"]}');
CREATE TEMP VIEW lines AS SELECT concat_ws(' ', entry, day, document_key, voucher_word, voucher_number, counter_accounts, debit, credit, side, balance) AS line
	FROM erp.subsidiary_ledger('BOOKS', '1001', '2026-01-01', '2026-03-31');
CREATE TEMP VIEW journal AS SELECT concat_ws(' ', entry, day, document_key, receipt, payment, balance) AS line
	FROM erp.money_journal('BOOKS', '1001', '2026-01-05', '2026-03-02');
CREATE TEMP VIEW vat AS SELECT concat_ws(' ', entry, document_key, debit, credit, side, balance, column_code, column_name, column_side, column_amount) AS line
	FROM erp.multi_column_ledger('BOOKS', '2221.01', '2026-01-01', '2026-03-31');
CREATE TEMP VIEW departments AS SELECT concat_ws(' ', entry, document_key, balance, '<' || column_code || '>', column_amount) AS line
	FROM erp.multi_column_ledger('BOOKS', '5602', '2026-02-01', '2026-03-31', '{"columns": "DEPT"}');
CREATE TEMP VIEW combinations AS SELECT concat_ws(' ', account_code, combination, opening, debit, credit, closing, year_debit, year_credit) AS line
	FROM erp.balances_by_dimensions('BOOKS', '{DEPT,PROJ}', '2026-02-01', '2026-03-31', '{5602}');
CREATE TEMP VIEW by_party AS SELECT concat_ws(' ', account_code, party_code, combination, opening, debit, credit, closing) AS line FROM erp.balances_by_dimensions('BOOKS', '{DEPT}', '2026-02-01', '2026-03-31', by_party => true);
CREATE FUNCTION trial_books.all_books() RETURNS text LANGUAGE sql AS $$
	SELECT concat((SELECT string_agg(line, '|') FROM cash), (SELECT string_agg(line, '|') FROM upper_tax), (SELECT string_agg(line, '|') FROM trial),
		(SELECT string_agg(line, '|') FROM dollars), (SELECT string_agg(line, '|') FROM lines), (SELECT string_agg(line, '|') FROM journal),
		(SELECT string_agg(line, '|') FROM vat), (SELECT string_agg(line, '|') FROM departments), (SELECT string_agg(line, '|') FROM combinations), (SELECT string_agg(line, '|') FROM by_party))
$$;
SELECT results_eq('SELECT line FROM cash', ARRAY['2026-01 0.00 1000.00 300.00 700.00 debit 1000.00 300.00', '2026-02 700.00 50.00 100.00 650.00 debit 1050.00 400.00',
	'2026-03 650.00 0.00 -55.00 705.00 debit 1050.00 345.00'], 'general ledger: an account month by month, with the year');
SELECT results_eq('SELECT line FROM upper_tax', ARRAY['2221 2026-01 0.00 0.00 260.00 -260.00 credit 0.00 260.00', '2221 2026-02 -260.00 104.00 0.00 -156.00 credit 104.00 260.00',
	'2221 2026-03 -156.00 0.00 0.00 -156.00 credit 104.00 260.00'], 'general ledger: sub-accounts come together at a level');
SELECT is((SELECT string_agg(DISTINCT account_code, ' ') FROM erp.general_ledger('BOOKS', '2026-03-01', '2026-03-31', '{"level": 2, "accounts": ["2221", "5301"]}')), '2221.01 5301.04', 'the second level of the chart');
SELECT is((SELECT concat_ws(' ', opening, year_debit) FROM erp.general_ledger('BOOKS', '2025-12-31', '2026-01-31', '{"accounts": ["1002"]}') WHERE month = '2025-12'), '0.00 10000.00', 'each month has its own year');
SELECT is((SELECT concat_ws(' ', debit, credit) FROM erp.general_ledger('BOOKS', '2026-01-06', '2026-01-20', '{"accounts": ["1122"]}')), '2260.00 0.00', 'a month from and up to a day');
SELECT is((SELECT concat_ws(' ', closing) FROM erp.general_ledger('BOOKS', '2026-02-01', '2026-02-28', '{"accounts": ["5602"], "dimensions": {"DEPT": "S"}}')), '100.00', 'of a value of a dimension');
SELECT is((SELECT concat_ws(' ', account_code, closing) FROM erp.general_ledger('BOOKS', '2026-02-01', '2026-02-28', '{"party": "C1"}')), '1122 2210.00', 'of a party');

-- Trial balance: 12,260 on either side before, 1,054 on either side in February.
SELECT results_eq('SELECT line FROM trial', ARRAY['1001 700.00 0.00 50.00 100.00 1050.00 400.00 650.00 0.00', '1002 9000.00 0.00 0.00 904.00 0.00 1904.00 8096.00 0.00',
	'1122 2260.00 0.00 0.00 50.00 2260.00 50.00 2210.00 0.00', '1403 0.00 0.00 800.00 0.00 800.00 0.00 800.00 0.00', '2221.01.01 0.00 0.00 104.00 0.00 104.00 0.00 104.00 0.00',
	'2221.01.07 0.00 260.00 0.00 0.00 0.00 260.00 0.00 260.00', '3001 0.00 10000.00 0.00 0.00 0.00 0.00 0.00 10000.00', '5001 0.00 2000.00 0.00 0.00 0.00 2000.00 0.00 2000.00',
	'5602 300.00 0.00 100.00 0.00 400.00 0.00 400.00 0.00'], 'trial balance: opening, period, year and closing, debit and credit each');
SELECT is((SELECT concat_ws(' ', sum(opening_debit), sum(opening_credit), sum(debit), sum(credit)) FROM erp.trial_balance_with_year('BOOKS', '2026-02-01', '2026-02-28')), '12260.00 12260.00 1054.00 1054.00', 'and both sides of each are equal');
SELECT results_eq('SELECT line FROM dollars', ARRAY['1002 700.00 700.00 USD 0.00 100.00 0.00 100.00'], 'trial balance of a foreign currency');

-- Subsidiary ledger.
SELECT results_eq('SELECT line FROM lines', ARRAY['opening 2026-01-01 none 0.00', 'line 2026-01-05 v2 记 2026-01/1 1002 1000.00 0.00 debit 1000.00', 'line 2026-01-05 v3 记 2026-01/2 5602 0.00 300.00 debit 700.00',
	'line 2026-02-03 v5 记 2026-02/1 5602 0.00 100.00 debit 600.00', 'line 2026-02-03 v6 记 2026-02/2 1122 50.00 0.00 debit 650.00', 'line 2026-03-02 v8 记 2026-03/1 5602 0.00 -100.00 debit 750.00',
	'line 2026-03-15 v10 记 2026-03/3 5602 0.00 40.00 debit 710.00', 'line 2026-03-16 v11 记 2026-03/4 5602 0.00 5.00 debit 705.00'], 'subsidiary ledger: every line, with what is left');
-- Page by page, each after the last line of the one before.
CREATE FUNCTION trial_books.pages(p_size integer, p_account text) RETURNS TABLE (page integer, entry text, document_key text, balance numeric) LANGUAGE plpgsql AS $$
DECLARE at jsonb := '{}'; r record; n integer := 0; seen boolean := true;
BEGIN
	WHILE seen LOOP
		n := n + 1; seen := false;
		FOR r IN SELECT * FROM erp.subsidiary_ledger('BOOKS', p_account, '2026-01-01', '2026-03-31', jsonb_build_object('limit', p_size) || at) LOOP
			page := n; entry := r.entry; document_key := r.document_key; balance := r.balance;
			RETURN NEXT;
			IF r.entry = 'line' THEN
				seen := true;
				at := jsonb_build_object('after', jsonb_build_object('day', r.day, 'voucher_id', r.voucher_id, 'line_no', r.line_no));
			END IF;
		END LOOP;
	END LOOP;
END $$;
SELECT is((SELECT string_agg(concat_ws(' ', page, document_key, balance), ', ') FROM trial_books.pages(3, '1001')),
	'1 0.00, 1 v2 1000.00, 1 v3 700.00, 1 v5 600.00, 2 600.00, 2 v6 650.00, 2 v8 750.00, 2 v10 710.00, 3 710.00, 3 v11 705.00, 4 705.00', 'in pages, each with what is brought forward, amid a day too');
SELECT is((SELECT count(DISTINCT s) FROM generate_series(1, 9) AS g (n) CROSS JOIN LATERAL (SELECT string_agg(concat_ws(' ', document_key, balance), ',') FROM trial_books.pages(g.n, '1*') WHERE entry = 'line') AS t (s)), 1::bigint, 'whatever their size, over several accounts too');
SELECT is((SELECT string_agg(concat_ws(' ', account_code, document_key, balance), ', ') FROM erp.subsidiary_ledger('BOOKS', '10*', '2026-01-05', '2026-01-05')), '10000.00, 1001 v2 11000.00, 1002 v2 10000.00, 1001 v3 9700.00', 'a beginning of codes is one book');
SELECT is((SELECT string_agg(concat_ws(' ', document_key, party_code, balance), ', ') FROM erp.subsidiary_ledger('BOOKS', '1122', '2026-02-01', '2026-02-28', '{"party": "C1"}')), '2260.00, v6 C1 2210.00', 'of a party');
SELECT is((SELECT string_agg(concat_ws(' ', document_key, currency_debit, currency_balance, balance), ', ') FROM erp.subsidiary_ledger('BOOKS', '1002', '2026-03-01', '2026-03-31', '{"currency": "USD"}')), '0.00 0.00, v9 100.00 100.00 700.00', 'of a currency');
SELECT is((SELECT string_agg(concat_ws(' ', document_key, balance), ', ') FROM erp.subsidiary_ledger('BOOKS', '5602', '2026-02-01', '2026-03-31', '{"dimensions": {"DEPT": "S"}}')), '0.00, v5 100.00, v8 0.00', 'of a department');
SELECT is((SELECT string_agg(summary, ', ') FROM erp.subsidiary_ledger('BOOKS', '5602', '2026-02-01', '2026-03-02')), 'v5, 注销2月3日记1号凭证', 'with what vouchers say');
SELECT is((SELECT count(*) FROM erp.subsidiary_ledger('BOOKS', '9999', '2026-02-01', '2026-03-02')) + (SELECT count(*) FROM erp.subsidiary_ledger('NOBODY', '1001', '2026-02-01', '2026-03-02')), 0::bigint, 'nothing of what is not there');

-- Cash journal: a total for each day.
SELECT results_eq('SELECT line FROM journal', ARRAY['opening 2026-01-05 0.00', 'line 2026-01-05 v2 1000.00 0.00 1000.00', 'line 2026-01-05 v3 0.00 300.00 700.00', 'day 2026-01-05 1000.00 300.00 700.00',
	'line 2026-02-03 v5 0.00 100.00 600.00', 'line 2026-02-03 v6 50.00 0.00 650.00', 'day 2026-02-03 50.00 100.00 650.00', 'line 2026-03-02 v8 0.00 -100.00 750.00', 'day 2026-03-02 0.00 -100.00 750.00'],
	'journal of cash: receipts, payments and balance, day by day');
SELECT is((SELECT string_agg(concat_ws(' ', entry, receipt, currency_receipt, currency_balance), ', ') FROM erp.money_journal('BOOKS', '1002', '2026-03-01', '2026-03-31', '{"currency": "USD"}')), 'opening 0.00, line 700.00 100.00 100.00, day 700.00 100.00 100.00', 'journal of a bank in dollars');
SELECT throws_ok($$SELECT * FROM erp.money_journal('BOOKS', '5602', '2026-01-01', '2026-01-31')$$, 'LE361', 'account "5602" is not of cash or bank', 'a journal is of money');

-- Columns: of VAT by sub-account, each on its side; of expenses by department.
SELECT results_eq('SELECT line FROM vat', ARRAY['opening none 0.00', 'line v4 0.00 260.00 credit -260.00 2221.01.07 销项税额 credit 260.00', 'line v7 104.00 0.00 credit -156.00 2221.01.01 进项税额 debit 104.00'], 'multi-column ledger of VAT');
SELECT results_eq('SELECT line FROM departments', ARRAY['opening 300.00', 'line v5 400.00 <S> 100.00', 'line v8 300.00 <S> -100.00', 'line v10 340.00 <N> 40.00', 'line v11 345.00 <> 5.00'], 'multi-column ledger by department');
SELECT is((SELECT string_agg(DISTINCT column_code, ' ') FROM erp.multi_column_ledger('BOOKS', '2221', '2026-01-01', '2026-03-31')), '2221.01', 'columns are the accounts right below');
SELECT throws_ok($$SELECT * FROM erp.multi_column_ledger('BOOKS', '5602', '2026-01-01', '2026-01-31', '{"columns": "X"}')$$, 'LE012', 'there is no dimension "X"', 'columns of a dimension that is there');

-- Voucher summary.
SELECT is((SELECT string_agg(concat_ws(' ', account_code, debit, credit), ', ') FROM erp.voucher_summary('BOOKS', '2026-02-01', '2026-02-28')),
	'1001 50.00 100.00, 1002 0.00 904.00, 1122 0.00 50.00, 1403 800.00 0.00, 2221.01.01 104.00 0.00, 5602 100.00 0.00', 'voucher summary of a month');
SELECT is((SELECT string_agg(concat_ws(' ', account_code, debit, credit), ', ') FROM erp.voucher_summary('BOOKS', '2026-01-01', '2026-01-31', '{"word": "记", "first_number": 1, "last_number": 2}')),
	'1001 1000.00 300.00, 1002 0.00 1000.00, 5602 300.00 0.00', 'of a word and a range of numbers');
SELECT is((SELECT string_agg(concat_ws(' ', account_code, debit, credit), ', ') FROM erp.voucher_summary('BOOKS', '2026-01-01', '2026-03-31', '{"first_number": 3, "level": 1}')),
	'1001 0.00 45.00, 1002 0.00 904.00, 1122 2273.00 0.00, 1403 800.00 0.00, 2221 104.00 260.00, 2241 0.00 13.00, 5001 0.00 2000.00, 5602 45.00 0.00', 'from the third number of each month on, at a level');

-- Combinations of dimensions.
SELECT results_eq('SELECT line FROM combinations', ARRAY['5602 {"DEPT": "N"} 0.00 40.00 0.00 40.00 40.00 0.00', '5602 {"DEPT": "N", "PROJ": "P"} 300.00 0.00 0.00 300.00 300.00 0.00',
	'5602 {"PROJ": "P"} 0.00 5.00 0.00 5.00 5.00 0.00'], 'balances by combination: a line counts for what it has, once');
SELECT is((SELECT string_agg(concat_ws(' ', combination, opening, closing), ', ') FROM erp.balances_by_dimensions('BOOKS', '{DEPT}', '2026-02-01', '2026-02-28', '{5602}')), '{"DEPT": "N"} 300.00 300.00, {"DEPT": "S"} 0.00 100.00', 'of one dimension: whatever else lines have');
SELECT results_eq('SELECT line FROM by_party', ARRAY['1122 C1 {} 2260.00 0.00 50.00 2210.00', '1122 C1 {"DEPT": "N"} 0.00 8.00 0.00 8.00', '1122 C2 {"DEPT": "N"} 0.00 4.00 0.00 4.00', '1122 C2 {"DEPT": "S"} 0.00 1.00 0.00 1.00'],
	'of parties and a dimension: what has none of it too');
SELECT throws_ok($$SELECT * FROM erp.balances_by_dimensions('BOOKS', '{DEPT,X}', '2026-01-01', '2026-01-31')$$, 'LE012', 'there is no dimension "X"', 'of dimensions that are there');

SELECT throws_ok($$SELECT * FROM erp.general_ledger('BOOKS', '2026-01-01', '2026-01-31', '{"account": "1001"}')$$, 'LE011', 'field "account" is not known here', 'filters are known');
SELECT throws_ok($$SELECT * FROM erp.general_ledger('BOOKS', '2026-01-01', '2026-01-31', '{"currency": "XXX"}')$$, 'LE012', 'there is no currency "XXX"', 'a currency is known');
SELECT throws_ok($$SELECT * FROM erp.general_ledger('BOOKS', '2026-01-01', '2026-01-31', '{"level": 0}')$$, 'LE011', 'a level of the chart is above zero', 'a level is above zero');
SELECT throws_ok($$SELECT * FROM erp.subsidiary_ledger('BOOKS', '1001', '2026-01-01', '2026-01-31', '{"limit": 0}')$$, 'LE011', 'a page has at least one line', 'a page has lines');
SELECT throws_ok($$SELECT * FROM erp.subsidiary_ledger('BOOKS', '1001', '2026-01-01', '2026-01-31', '{"after": {"day": "2026-01-01", "voucher_id": "x", "line_no": 1}}')$$, 'LE011', 'field "voucher_id" must be a whole number above zero of at most 12 digits', 'and begins after a line');
SELECT is((SELECT count(*) FROM erp.general_ledger('BOOKS', '-infinity', 'infinity')), 0::bigint, 'no endless months');

-- Whatever is folded.
CREATE TEMP TABLE before AS SELECT trial_books.all_books() AS books;
SELECT is((SELECT erp.fold_balances('BOOKS')) > 0, true, 'the rest is folded');
SELECT is(trial_books.all_books(), (SELECT books FROM before), 'and every book is as it was');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken');
SELECT * FROM finish();
\o /dev/null
DROP SCHEMA trial_books CASCADE;
