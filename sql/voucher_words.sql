\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- Words of vouchers: chosen by rule or by request, each with gapless numbers of its own, immediate or deferred.
SELECT plan(41);
\o /dev/null
SELECT erp.create_company('WORD', 'company', '{"name": "Words", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('WORD', 'year', '{"code": "2009", "first_day": "2009-01-01"}');
SELECT erp.put_parties('WORD', 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}]');
CREATE FUNCTION pg_temp.post(p_company text, p_key text, p_day text, p_debit text, p_credit text, p_more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(erp.post_document(p_company, (jsonb_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'lines', jsonb_build_array(
		jsonb_build_object('account', p_debit, 'side', 'debit', 'amount', 10), jsonb_build_object('account', p_credit, 'side', 'credit', 'amount', 10))) || p_more)::text::json) ->> 'number', 'none')
$$;
CREATE FUNCTION pg_temp.word(p_company text, p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(voucher_word, 'none') || ' ' || coalesce(voucher_number, 'none') FROM erp.document_list WHERE company = p_company AND document_key = p_key
$$;
\o
-- One word for all, as a company of that chart begins.
SELECT results_eq($$SELECT w.code, w.rule, s.code, s.mode FROM erp.voucher_word w JOIN erp.series s USING (company_id, voucher_word_id) JOIN erp.company c USING (company_id) WHERE c.code = 'WORD' ORDER BY w.voucher_word_id$$,
	$$VALUES ('', 'all', 'voucher', 'deferred'), ('记', 'all', 'voucher 记', 'deferred')$$, 'the chart brings its word, and that its series');
SELECT is(pg_temp.post('WORD', 'capital', '2009-01-05', '1002', '3001'), 'none', 'a deferred number comes later');
SELECT is(erp.assign_numbers('WORD'), 1::bigint, 'it is assigned');
SELECT is(pg_temp.word('WORD', 'capital'), '记 2009-01/1', 'under the word');

-- Receipts, payments, transfers; 记 stays for who names it.
SELECT is(erp.put_voucher_words('WORD', 'three words', '[{"code": "记", "name": "General", "rule": "named"}, {"code": "收", "name": "Receipts", "rule": "receipt"},
	{"code": "付", "name": "Payments", "rule": "payment"}, {"code": "转", "name": "Transfers", "rule": "transfer"}]'), '{"updated": 1, "inserted": 3}', 'three words');
SELECT is(erp.put_series('WORD', 'at once', '[{"code": "voucher 收", "target": "voucher", "word": "收", "scope": "month", "mode": "immediate"},
	{"code": "voucher 付", "target": "voucher", "word": "付", "scope": "month", "mode": "immediate"}]'), '{"updated": 2, "inserted": 0}', 'two of them take their numbers at once');
SELECT is(pg_temp.post('WORD', 'receipt', '2009-01-06', '1002', '3001'), '1', 'money is debited: the first receipt');
SELECT is(pg_temp.post('WORD', 'payment', '2009-01-06', '5602', '1001'), '1', 'money is credited: the first payment');
SELECT is(pg_temp.post('WORD', 'withdrawal', '2009-01-07', '1001', '1002'), '2', 'from bank to cash is a payment');
SELECT is(pg_temp.post('WORD', 'deposit', '2009-01-07', '1002', '1001'), '3', 'and so is from cash to bank');
SELECT is(pg_temp.post('WORD', 'accrual', '2009-01-10', '5602', '2241'), 'none', 'no money moves');
SELECT is(pg_temp.post('WORD', 'named', '2009-01-11', '1002', '3001', '{"word": "记"}'), 'none', 'a word that the request names');
SELECT is(string_agg(k || ' ' || pg_temp.word('WORD', k), ', ' ORDER BY n), 'receipt 收 2009-01/1, payment 付 2009-01/1, withdrawal 付 2009-01/2, deposit 付 2009-01/3, accrual 转 none, named 记 none', 'the words')
FROM unnest('{receipt,payment,withdrawal,deposit,accrual,named}'::text[]) WITH ORDINALITY u (k, n);
-- What is refused or undone takes no number.
SELECT throws_ok($$SELECT pg_temp.post('WORD', 'unbalanced', '2009-01-12', '1002', '3001', '{"lines": [{"account": "1002", "side": "debit", "amount": 10}, {"account": "3001", "side": "credit", "amount": 9}]}')$$, 'LE040', NULL, 'a receipt is refused');
SAVEPOINT s;
SELECT is(pg_temp.post('WORD', 'undone', '2009-01-12', '1002', '3001'), '2', 'another one takes the second number');
ROLLBACK TO s;
SELECT is(pg_temp.post('WORD', 'second', '2009-01-12', '1001', '3001'), '2', 'and gives it back when it is undone');
SELECT is(pg_temp.post('WORD', 'february', '2009-02-01', '1001', '3001'), '1', 'each month begins with 1');
SELECT is((erp.post_document('WORD', '{"key": "paid", "kind": "customer_payment", "day": "2009-01-13", "party": "C1", "lines": [{"amount": 7}]}') ->> 'number')::integer, 3, 'a payment of a customer is a receipt');

-- The deferred word: in order of the day among those that wait.
SELECT is(pg_temp.post('WORD', 'earlier', '2009-01-08', '5602', '2241'), 'none', 'a transfer of an earlier day');
SELECT is(erp.assign_numbers('WORD'), 3::bigint, 'two transfers and the named one are assigned');
SELECT results_eq($$SELECT voucher_word, number, document_key FROM erp.number_list WHERE company = 'WORD' AND scope = '2009-01' ORDER BY voucher_word COLLATE "C", 2$$,
	$$VALUES ('付', 1::bigint, 'payment'), ('付', 2, 'withdrawal'), ('付', 3, 'deposit'), ('收', 1, 'receipt'), ('收', 2, 'second'), ('收', 3, 'paid'),
		('记', 1, 'capital'), ('记', 2, 'named'), ('转', 1, 'earlier'), ('转', 2, 'accrual')$$, 'the numbers of the month, word by word');
SELECT is(pg_temp.post('WORD', 'waits', '2009-01-15', '5602', '2241'), 'none', 'another transfer');
SELECT results_eq($$SELECT voucher_word, numbers, first_number, last_number, missing, doubled, waiting FROM erp.number_proof WHERE company = 'WORD' AND scope = '2009-01' ORDER BY voucher_word COLLATE "C"$$,
	$$VALUES ('付', 3::bigint, 1::bigint, 3::bigint, 0::bigint, 0::bigint, 0::bigint), ('收', 3, 1, 3, 0, 0, 0), ('记', 2, 1, 2, 0, 0, 0), ('转', 2, 1, 2, 0, 0, 1)$$,
	'and the proof that none is missing of any word; a transfer waits');

-- In red, what is taken back has the word of what it takes back.
SELECT is((erp.reverse_document('WORD', '{"key": "not received", "reverses": "receipt", "day": "2009-01-20"}') ->> 'number')::integer, 4, 'a receipt taken back in red is of the receipts');
SELECT is(erp.reverse_document('WORD', '{"key": "not named", "reverses": "named", "day": "2009-01-20"}') IS NOT NULL AND erp.assign_numbers('WORD') = 2, true, 'what had its word by name is reversed too');
SELECT is(pg_temp.word('WORD', 'not named'), '记 2009-01/3', 'under that name');

-- Cash and bank apart; a reversal on the opposite side of what was received is paid.
\o /dev/null
SELECT erp.create_company('FIVE', 'company', '{"name": "Five words", "currency": "GBP", "chart": "english", "reversal_style": "opposite_side"}');
SELECT erp.create_fiscal_year('FIVE', 'year', '{"code": "2009", "first_day": "2009-01-01"}');
\o
SELECT is(pg_temp.post('FIVE', 'before', '2009-01-02', '1010', '3000') || ' ' || pg_temp.word('FIVE', 'before'), 'none none none', 'without words a voucher has none');
SELECT is(erp.put_voucher_words('FIVE', 'five words', '[{"code": "CR", "name": "Cash received", "rule": "receipt", "money": "cash"}, {"code": "CP", "name": "Cash paid", "rule": "payment", "money": "cash"},
	{"code": "BR", "name": "Bank received", "rule": "receipt", "money": "bank"}, {"code": "BP", "name": "Bank paid", "rule": "payment", "money": "bank"}]'), '{"updated": 0, "inserted": 4}', 'cash and bank apart');
\o /dev/null
SELECT pg_temp.post('FIVE', 'till', '2009-01-03', '1000', '3000');
SELECT pg_temp.post('FIVE', 'bank', '2009-01-03', '1010', '3000');
SELECT pg_temp.post('FIVE', 'to bank', '2009-01-03', '1010', '1000');
SELECT pg_temp.post('FIVE', 'to till', '2009-01-03', '1000', '1010');
SELECT pg_temp.post('FIVE', 'nothing', '2009-01-03', '6200', '2300');
SELECT erp.reverse_document('FIVE', '{"key": "undo", "reverses": "till", "day": "2009-01-04"}');
SELECT erp.assign_numbers('FIVE');
\o
SELECT is(string_agg(k || ' ' || pg_temp.word('FIVE', k), ', ' ORDER BY n), 'before none 2009-01/1, till CR 2009-01/1, bank BR 2009-01/1, to bank CP 2009-01/1, to till BP 2009-01/1, nothing none 2009-01/2, undo CP 2009-01/2',
	'by the money that moves; what no word takes goes on without one')
FROM unnest('{before,till,bank,to bank,to till,nothing,undo}'::text[]) WITH ORDINALITY u (k, n);

-- Refused.
SELECT throws_ok($$SELECT pg_temp.post('WORD', 'x', '2009-01-15', '1002', '3001', '{"word": "none"}')$$, 'LE012', NULL, 'an unknown word');
SELECT lives_ok($$SELECT erp.put_voucher_words('WORD', 'old', '[{"code": "记", "name": "General", "rule": "named", "active": false}]')$$, 'a word is given up');
SELECT throws_ok($$SELECT pg_temp.post('WORD', 'x', '2009-01-15', '1002', '3001', '{"word": "记"}')$$, 'LE011', NULL, 'and taken no more');
SELECT throws_ok($$SELECT erp.put_voucher_words('WORD', 'twice', '[{"code": "收2", "name": "Receipts", "rule": "receipt"}]')$$, 'LE011', NULL, 'two words of one rule');
SELECT throws_ok($$SELECT erp.put_voucher_words('WORD', 'money', '[{"code": "转2", "name": "Transfers", "rule": "transfer", "money": "bank"}]')$$, 'LE011', NULL, 'transfers of a bank');
SELECT throws_ok($$SELECT erp.put_voucher_words('WORD', 'rule', '[{"code": "x", "name": "x", "rule": "sometimes"}]')$$, 'LE011', NULL, 'a rule that is none');
SELECT throws_ok($$SELECT erp.put_series('WORD', 'unknown', '[{"code": "x", "target": "voucher", "word": "none", "scope": "month", "mode": "deferred"}]')$$, 'LE012', NULL, 'a series of an unknown word');
SELECT throws_ok($$SELECT erp.put_series('WORD', 'second series', '[{"code": "x", "target": "voucher", "word": "收", "scope": "year", "mode": "deferred"}]')$$, 'LE080', NULL, 'a second series of a word');
SELECT throws_ok($$SELECT erp.put_series('WORD', 'kind', '[{"code": "x", "target": "sales_invoice", "word": "收", "scope": "year", "mode": "deferred"}]')$$, 'LE011', NULL, 'a series of documents has no word');
SELECT throws_ok($$SELECT erp.put_series('WORD', 'used', '[{"code": "voucher 收", "target": "voucher", "word": "收", "scope": "year", "mode": "immediate"}]')$$, 'LE080', NULL, 'a series that has given numbers does not change');
SELECT throws_ok($$SELECT erp.put_accounts('WORD', 'money', '[{"code": "1002", "name": "银行存款", "class": "asset", "side": "debit", "money": "gold"}]')$$, 'LE011', NULL, 'an account of a money that is none');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
