\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Bills in a foreign currency at another rate than that of the receipt. What they differ by may be less in that currency and more in the company's, or
-- stand in the company's alone. Open items are closed in both currencies, by a reversal as by a settlement (law 4).
SELECT plan(39);
\o /dev/null
SELECT erp.create_company('FX', 'company', '{"name": "Abroad", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('FX', 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}');
SELECT erp.put_parties('FX', 'parties', '[{"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
SELECT erp.put_items('FX', 'items', (SELECT json_agg(json_build_object('code', 'F' || i, 'name', 'FIFO', 'kind', 'stock', 'method', 'fifo')) FROM generate_series(1, 9) i));
\o
CREATE FUNCTION pg_temp.post(p_kind text, p_key text, p_day text, p_rate text, p_line text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.post_document(%L, %L)', 'FX', json_build_object('key', p_key, 'kind', p_kind, 'day', '2026-' || p_day, 'party', 'S1', 'currency', 'USD', 'rate', p_rate,
		'lines', json_build_array(p_line::json))))
$$;
-- Ten of an item received, then billed at another rate.
CREATE FUNCTION pg_temp.received(p_item text, p_amount text, p_rate text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.post('goods_receipt', 'r ' || p_item, '01-05', p_rate, format('{"item": "%s", "quantity": 10, "amount": %s}', p_item, p_amount))
$$;
CREATE FUNCTION pg_temp.billed(p_item text, p_amount text, p_rate text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.post('supplier_bill', 'b ' || p_item, '01-10', p_rate, format('{"item": "%s", "quantity": 10, "amount": %s, "origin": {"key": "r %1$s", "line": 1}}', p_item, p_amount))
$$;
CREATE FUNCTION pg_temp.amended(p_key text, p_role text, p_line jsonb, p_extra jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.post_document(%L, %L)', 'FX', jsonb_build_object('key', p_key, 'kind', 'receipt_amendment', 'day', '2026-01-08', 'party', 'S1', 'currency', 'USD',
		'lines', jsonb_build_array(p_line || jsonb_build_object('role', p_role, 'item', 'F6', 'origin', jsonb_build_object('key', 'r F6', 'line', 1)))) || p_extra))
$$;
CREATE FUNCTION pg_temp.reversed(p_key text, p_day text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.reverse_document(%L, %L)', 'FX', json_build_object('key', p_key || ' x', 'reverses', p_key, 'day', '2026-' || p_day)))
$$;
-- What is open of documents whose keys are like that: foreign and company amounts, debit positive, in the order of the lines of their vouchers.
CREATE FUNCTION pg_temp.open(p_key text, p_account text DEFAULT '2100') RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(open_amount || '/' || company_open_amount, ' ' ORDER BY open_item_id), 'none') FROM erp.open_items('FX', '2026-12-31') WHERE document_key LIKE p_key AND account_code = p_account
$$;
CREATE FUNCTION pg_temp.balance(p_account text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(sum(CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END), 0)::numeric(19, 2)::text FROM erp.company c JOIN erp.account a USING (company_id) JOIN erp.voucher_line l USING (company_id, account_id)
	WHERE c.code = 'FX' AND a.code = p_account
$$;
-- Settles all that is open of goods received, not billed, of documents whose keys are like that.
CREATE FUNCTION pg_temp.settled(p_key text, p_like text, p_day text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.settle(%L, %L, %L)', 'FX', p_key, (SELECT json_build_object('day', '2026-' || p_day, 'items', json_agg(json_build_object('open_item_id', open_item_id) ORDER BY open_item_id))
		FROM erp.open_items('FX', '2026-12-31') WHERE document_key LIKE p_like AND account_code = '2100')))
$$;

-- Less in dollars, more in pounds: 10.00 USD at 0.6 are 6.00; billed 8.00 USD at 0.9 are 7.20. The difference is -2.00 USD and +1.20.
SELECT is(pg_temp.received('F1', '10', '0.6') || ' ' || pg_temp.billed('F1', '8', '0.9'), 'accepted accepted', 'billed for less, at a higher rate');
SELECT is(pg_temp.open('_ F1') || ', ' || trial.closing('FX', 'F1'), '-10.00/-6.00 2.00/-1.20 8.00/7.20, 10 7.20', 'the difference stands on two sides');
SELECT is(pg_temp.reversed('b F1', '01-12'), 'accepted', 'the bill is reversed');
SELECT is(pg_temp.open('%F1%') || ', ' || pg_temp.open('%F1%', '2000') || ', ' || trial.closing('FX', 'F1'), '-10.00/-6.00, none, 10 6.00', 'which leaves the receipt alone open');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- More in dollars, less in pounds: 10.00 USD at 0.9 are 9.00; billed 12.00 USD at 0.6 are 7.20: +2.00 USD and -1.80.
SELECT is(pg_temp.received('F2', '10', '0.9') || ' ' || pg_temp.billed('F2', '12', '0.6'), 'accepted accepted', 'billed for more, at a lower rate');
SELECT is(pg_temp.open('_ F2'), '-10.00/-9.00 -2.00/1.80 12.00/7.20', 'the difference stands on two sides, the other way');
SELECT is(pg_temp.reversed('b F2', '01-12') || ' ' || pg_temp.open('%F2%'), 'accepted -10.00/-9.00', 'the bill is reversed');
-- The rate alone: 10.00 USD at 0.6, then at 0.9, are 3.00 more; and the other way 3.00 less.
SELECT is(pg_temp.received('F3', '10', '0.6') || pg_temp.billed('F3', '10', '0.9') || pg_temp.received('F4', '10', '0.9') || pg_temp.billed('F4', '10', '0.6'), 'acceptedacceptedacceptedaccepted', 'billed as received, at another rate');
SELECT is(pg_temp.open('_ F3') || ', ' || pg_temp.open('_ F4'), '-10.00/-6.00 0.00/-3.00 10.00/9.00, -10.00/-9.00 0.00/3.00 10.00/6.00', 'the difference is one of the company''s currency alone');
SELECT is(pg_temp.reversed('b F3', '01-12') || pg_temp.reversed('b F4', '01-12'), 'acceptedaccepted', 'both are reversed');
SELECT is(pg_temp.open('%F3%') || ', ' || pg_temp.open('%F4%'), '-10.00/-6.00, -10.00/-9.00', 'and the receipts alone are open');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- A reversal is reversed by nothing; billed again it is as before.
SELECT is(pg_temp.post('supplier_bill', 'b2 F1', '01-13', '0.9', '{"item": "F1", "quantity": 10, "amount": 8, "origin": {"key": "r F1", "line": 1}}') || ' ' || pg_temp.open('_% F1'), 'accepted -10.00/-6.00 2.00/-1.20 8.00/7.20', 'a bill again');

-- A receipt is settled with its bill and the difference: 8.00 USD meet at 4.80 against 7.20, 2.40 lost, and 2.00 USD at 1.20 against -1.20, 2.40 gained. Nothing in all.
SELECT is(pg_temp.settled('settle F1', '_% F1', '01-20') || ' ' || pg_temp.open('%F1%') || ' ' || pg_temp.balance('6400'), 'accepted none 0.00', 'receipt, bill and difference are settled, and nothing is gained');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT is(pg_temp.reversed('b2 F1', '01-22'), 'LE095', 'a bill that is settled is not reversed');
\o /dev/null
SELECT erp.unsettle('FX', 'unsettle F1', '{"day": "2026-01-21", "key": "settle F1"}');
\o
SELECT is(pg_temp.open('_% F1') || ' ' || pg_temp.balance('6400'), '-10.00/-6.00 2.00/-1.20 8.00/7.20 0.00', 'undone, all is open again');
SELECT is(pg_temp.reversed('b2 F1', '01-22') || ' ' || pg_temp.open('%F1%'), 'accepted -10.00/-6.00', 'and the bill is reversed');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- One that is of the company's currency alone: 10.00 USD at 6.00 against 9.00, 3.00 lost, and the difference of 3.00 gained.
SELECT is(pg_temp.received('F5', '10', '0.6') || pg_temp.billed('F5', '10', '0.9') || ' ' || pg_temp.settled('settle F5', '_ F5', '01-20') || ' ' || pg_temp.open('%F5%') || ' ' || pg_temp.balance('6400'), 'acceptedaccepted accepted none 0.00', 'what has nothing in its own currency is settled, too');
SELECT throws_ok($$SELECT erp.settle('FX', 'again', (SELECT json_build_object('day', '2026-01-21', 'items', json_build_array(json_build_object('open_item_id', o.open_item_id))) FROM erp.open_item o JOIN erp.document d USING (company_id, document_id) JOIN erp.account a USING (company_id, account_id)
	WHERE d.key = 'b F5' AND a.code = '2100' AND o.amount = 0))$$, 'LE091', NULL, 'once');
\o /dev/null
SELECT erp.unsettle('FX', 'unsettle F5', '{"day": "2026-01-21", "key": "settle F5"}');
\o
SELECT is(pg_temp.open('_ F5') || ' ' || pg_temp.balance('6400'), '-10.00/-6.00 0.00/-3.00 10.00/9.00 0.00', 'and undone');
-- In parts: of the 2.00 USD that stand at -1.80 the other way, against 10.00 USD owed to the supplier at 9.00 (F2 billed again): 1.00 of the difference, then the rest.
SELECT is(pg_temp.post('supplier_bill', 'b2 F2', '01-13', '0.6', '{"item": "F2", "quantity": 10, "amount": 12, "origin": {"key": "r F2", "line": 1}}') || ' ' || pg_temp.open('_% F2'), 'accepted -10.00/-9.00 -2.00/1.80 12.00/7.20', 'billed again');
\o /dev/null
-- 12.00 USD at 7.20: 1.00 of them at 0.60 meets 1.00 of the difference, which is 0.90 on the other side: 0.60 and 0.90 are lost.
SELECT erp.settle('FX', 'settle F2', (SELECT json_build_object('day', '2026-01-20', 'items', json_agg(json_build_object('open_item_id', open_item_id, 'amount', 1) ORDER BY open_item_id))
	FROM erp.open_items('FX', '2026-12-31') WHERE document_key = 'b2 F2' AND account_code = '2100'));
\o
SELECT is(pg_temp.open('_% F2') || ' ' || pg_temp.balance('6400'), '-10.00/-9.00 -1.00/0.90 11.00/6.60 1.50', 'a part of a difference');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- Amendments have the rate of their receipt, and need not say it: 10.00 USD at 0.6 are 6.00; 5 more at the same price 5.00 USD and 3.00, 3 less 3.00 USD and 1.80; the price was
-- 1.50: of 12 6.00 USD and 3.60 more. No other rate of the dollar is known.
SELECT is(pg_temp.received('F6', '10', '0.6') || ' ' || pg_temp.amended('more F6', 'received_more', '{"quantity": 5}'), 'accepted accepted', 'more came, at the rate of the receipt');
SELECT is(pg_temp.open('more F6') || ', ' || trial.closing('FX', 'F6'), '-5.00/-3.00, 15 9.00', 'which is owed and worth so much more');
SELECT is(pg_temp.amended('less F6', 'received_less', '{"quantity": 3}'), 'accepted', 'less came');
SELECT is(pg_temp.open('less F6') || ', ' || trial.closing('FX', 'F6'), '3.00/1.80, 12 7.20', 'at that rate, too');
SELECT is(pg_temp.amended('price F6', 'repriced', '{"price": "1.5"}'), 'accepted', 'another price');
SELECT is(pg_temp.open('price F6') || ', ' || trial.closing('FX', 'F6'), '-6.00/-3.60, 12 10.80', 'and that');
SELECT is((SELECT string_agg(rate || ' ' || to_char(rate_day, 'YYYY-MM-DD'), ', ' ORDER BY document_id) FROM erp.document WHERE key LIKE '% F6' AND kind = 'receipt_amendment'),
	'0.6000000000 2026-01-05, 0.6000000000 2026-01-05, 0.6000000000 2026-01-05', 'all at the rate of the receipt and of its day');
SELECT is(pg_temp.amended('else F6', 'received_less', '{"quantity": 1}', '{"rate": "0.7"}'), 'LE011', 'another rate is refused');
SELECT is(pg_temp.received('F7', '10', '0.7') || ' ' || trial.refused($$SELECT erp.post_document('FX', '{"key": "two", "kind": "receipt_amendment", "day": "2026-01-08", "party": "S1", "currency": "USD", "lines": [
	{"role": "received_less", "item": "F6", "quantity": 1, "origin": {"key": "r F6", "line": 1}}, {"role": "received_less", "item": "F7", "quantity": 1, "origin": {"key": "r F7", "line": 1}}]}')$$),
	'accepted LE011', 'and receipts of two rates in one document');
-- What came on a bill has its rate, too; a bill has one of its own.
SELECT is(pg_temp.post('supplier_bill', 'ahead F8', '01-10', '0.8', '{"item": "F8", "quantity": 10, "amount": 10}') || ' ' || trial.refused($$SELECT erp.post_document('FX', '{"key": "r F8", "kind": "goods_receipt", "day": "2026-01-12", "party": "S1", "currency": "USD",
	"lines": [{"item": "F8", "quantity": 10, "amount": 10, "origin": {"key": "ahead F8", "line": 1}}]}')$$), 'accepted accepted', 'goods that were billed ahead come in');
SELECT is(trial.closing('FX', 'F8'), '10 8.00', 'at the rate of the bill');
SELECT throws_ok($$SELECT erp.post_document('FX', '{"key": "b F7", "kind": "supplier_bill", "day": "2026-01-12", "party": "S1", "currency": "USD", "lines": [{"item": "F7", "quantity": 10, "amount": 10, "origin": {"key": "r F7", "line": 1}}]}')$$,
	'LE043', NULL, 'a bill needs a rate');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
