\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What must be refused, and how: malformed, huge, deep, doubled, unknown, of the wrong type, out of range, of another company.
-- Each row is a document in words: the fields to set (null drops one), the line's fields, and the codes that may come back.
SELECT plan(180);
\o /dev/null
SELECT trial.make_company('BAD');
SELECT trial.make_company('GOOD');
SELECT erp.put_warehouses('GOOD', 'w', '[{"code": "FAR", "name": "Far"}]');
SELECT erp.put_parties('GOOD', 'p', '[{"code": "C9", "name": "C9", "roles": ["customer"]}]');
SELECT erp.put_items('GOOD', 'i', '[{"code": "F9", "name": "F9", "kind": "stock", "method": "fifo"}]');
SELECT erp.put_accounts('GOOD', 'a', '[{"code": "9999", "name": "Suspense", "class": "asset", "side": "debit"}]');
SELECT erp.put_tax_codes('GOOD', 't', '[{"code": "T9", "name": "T9", "rates": [{"from": "2009-01-01", "rate": "0.1"}]}]');
SELECT erp.put_tax_codes('BAD', 'future', '[{"code": "FUTURE", "name": "Future", "rates": [{"from": "2010-01-01", "rate": "0.1"}]}]');
SELECT erp.put_accounts('BAD', 'heading', '[{"code": "7", "name": "Heading", "class": "expense", "side": "debit", "postable": false}]');
SELECT trial.receive('BAD', 'stock', '2009-01-01', 'F', 10, 100);
SELECT trial.receive('GOOD', 'theirs', '2009-01-01', 'F', 10, 100);
SELECT trial.sell('GOOD', 'their sale', '2009-01-01', 'F', 1, 100);
CREATE TEMP TABLE counted AS SELECT (SELECT count(*) FROM erp.document) AS documents, (SELECT count(*) FROM erp.voucher_line) AS lines;
CREATE FUNCTION pg_temp.post(p_text text) RETURNS text LANGUAGE sql AS $$ SELECT trial.refused(format('SELECT erp.post_document(''BAD'', %L)', p_text)) $$;
CREATE FUNCTION pg_temp.refuses(p_header text, p_line text, p_codes text, p_what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line jsonb := jsonb_strip_nulls('{"item": "F", "quantity": 1, "price": 2}'::jsonb || p_line::jsonb);
	got text := pg_temp.post((jsonb_strip_nulls(jsonb_build_object('key', md5(p_header || p_line)) || '{"kind": "sales_invoice", "day": "2009-01-05", "party": "C1"}'::jsonb || p_header::jsonb)
		|| CASE WHEN p_header::jsonb ? 'lines' THEN '{}' ELSE jsonb_build_object('lines', jsonb_build_array(line)) END)::text);
BEGIN
	RETURN CASE WHEN got = ANY (string_to_array(p_codes, ' ')) THEN pass(p_what) ELSE fail(p_what || ': got ' || got) END;
END
$$;
\o
-- The frame of it all is a document that is accepted.
SELECT is(trial.refused($$SELECT 1 / (count(*) - 1) FROM (SELECT erp.post_document('BAD', '{"key": "ok", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 2}]}')) x$$), '22012', 'the frame is accepted (and undone)');

-- Text that is no document.
SELECT ok(pg_temp.post(t) = ANY (string_to_array(c, ' ')), 'text: ' || left(t, 30)) FROM (VALUES
	('', '22P02'), ('{', '22P02'), ('{"key": "k",}', '22P02'), ('{''key'': 1}', '22P02'), ('{"key": NaN}', '22P02'), ('{"key": "k"} x', '22P02'),
	('null', 'LE010 LE011'), ('true', 'LE010 LE011'), ('1', 'LE010 LE011'), ('"text"', 'LE010 LE011'), ('[]', 'LE010 LE011'), ('{}', 'LE011'),
	('{"key": "k", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "key": "k", "lines": [{"item": "F", "quantity": 1, "price": 2}]}', 'LE010'),
	('{"key": "k", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "k\u0065y": "k", "lines": [{"item": "F", "quantity": 1, "price": 2}]}', 'LE010'),
	('{"key": "k", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": [{"item": "F", "quantity": 1, "quantity": 1, "price": 2}]}', 'LE010'),
	('{"key": "k\u0000", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 2}]}', 'LE010 LE011 22P05'),
	('{"key": "\ud800", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 2}]}', 'LE010 22P02')) v (t, c);
SELECT is(pg_temp.post('{"key": "k", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": ' || repeat('[', n) || repeat(']', n) || '}'),
	CASE WHEN n < 30 THEN 'LE011' ELSE 'LE010' END, 'nested ' || n || ' deep') FROM unnest('{2,500,3000}'::integer[]) n;
SELECT ok(pg_temp.post('{"x": ' || repeat('{"a":', 3000) || '1' || repeat('}', 3000) || '}') IN ('LE010', 'LE011'), 'objects nested 3000 deep');
SELECT ok(pg_temp.post(repeat('[', 200000) || repeat(']', 200000)) IN ('LE010', '54001'), 'nested until the server itself gives up');
SELECT throws_ok($$SELECT erp.post_document('BAD', (repeat(' ', 269000000) || '{}')::json)$$, 'LE010', NULL, 'a text of more than 256 MB');
SELECT pg_temp.refuses(format('{"key": "%s"}', repeat('k', 201)), '{}', 'LE011', 'a key of 201 letters');
SELECT pg_temp.refuses(format('{"party": "%s"}', repeat('k', 100000)), '{}', 'LE011 LE012', 'a party of 100000 letters');
SELECT ok(pg_temp.post('{"key": "k", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": [{"item": "F", "quantity": ' || q || ', "price": 2}]}')
	= ANY ('{LE010,LE011}'), 'quantity ' || left(q, 25)) FROM (VALUES
	(repeat('9', 1000)), (repeat('9', 100000)), ('0.' || repeat('0', 100000) || '1'), ('1e400'), ('1e-400'), ('1e999999999999'), ('1e131072'), ('1000000000000'),
	('0.0000001'), ('1.0000001'), ('0'), ('-1'), ('-0'), ('-0.000001'), ('true'), ('null'), ('[1]'), ('{"a": 1}'),
	('"NaN"'), ('"Infinity"'), ('"-Infinity"'), ('"inf"'), ('""'), ('" 1"'), ('"1 "'), ('"0x10"'), ('"1_0"'), ('"1,5"'), ('"1.2.3"'), ('"."'), ('"１"'), ('"-"'), ('"1e"')) v (q);

-- The limits of every type: quantity 12 digits before the point, price 10, amount 15, rate 6.
SELECT pg_temp.refuses('{}', '{"quantity": "999999999999.999999", "price": "9999999999.99999999"}', 'LE011', 'quantity x price beyond any amount');
SELECT pg_temp.refuses('{}', '{"price": "10000000000"}', 'LE011', 'a price of eleven digits');
SELECT pg_temp.refuses('{}', '{"price": "0.000000001"}', 'LE011', 'a price of nine decimals');
SELECT pg_temp.refuses('{}', '{"price": null, "amount": "1000000000000000"}', 'LE011', 'an amount of sixteen digits');
SELECT pg_temp.refuses('{}', '{"price": null, "amount": "0.001"}', 'LE011', 'an amount finer than its currency');
SELECT pg_temp.refuses('{}', '{"price": null, "amount": "170141183460469231731687303715884105728"}', 'LE010 LE011', 'an amount of 2^127');
SELECT pg_temp.refuses('{}', '{"price": null, "amount": "1" , "cost": "1"}', 'LE011', 'a sale with a cost of its own');
SELECT pg_temp.refuses('{"lines": [{"role": "allowance", "amount": "999999999999999.99"}, {"role": "allowance", "amount": "999999999999999.99"}]}', '{}', 'LE011', 'a total beyond any amount');
SELECT pg_temp.refuses('{"tax_code": "VAT", "lines": [{"role": "allowance", "amount": "999999999999999.99"}]}', '{}', 'LE011', 'a total with tax beyond any amount');
SELECT pg_temp.refuses('{"kind": "goods_receipt", "party": "S1", "lines": [{"item": "AW", "quantity": 1, "amount": "999999999999999.99"}, {"item": "AW", "quantity": 1, "amount": "999999999999999.99"}]}', '{}', 'LE011', 'a pool beyond any value');
SELECT pg_temp.refuses('{"kind": "goods_receipt", "party": "S1", "lines": [{"item": "AW", "quantity": "999999999999.999999", "amount": 1}, {"item": "AW", "quantity": "0.000001", "amount": 1}]}', '{}', 'LE011 22003', 'a pool beyond any quantity');
SELECT pg_temp.refuses('{"currency": "EUR", "rate": "1000000"}', '{}', 'LE011', 'a rate of seven digits');
SELECT pg_temp.refuses('{"currency": "EUR", "rate": "0"}', '{}', 'LE011', 'a rate of nothing');
SELECT pg_temp.refuses('{"currency": "EUR", "rate": "-1"}', '{}', 'LE011', 'a negative rate');
SELECT pg_temp.refuses('{"currency": "EUR", "rate": "NaN"}', '{}', 'LE011', 'a rate that is no number');
SELECT pg_temp.refuses('{"currency": "EUR", "rate": "999999.9999999999", "lines": [{"role": "allowance", "amount": "99999999999999.99"}]}', '{}', 'LE011', 'a value beyond any amount');
SELECT pg_temp.refuses('{"currency": "EUR"}', '{}', 'LE043', 'a currency without a rate');
SELECT pg_temp.refuses('{"currency": "GBP", "rate": "2"}', '{}', 'LE011', 'the company''s own currency at another rate than 1');

-- Fields: missing, unknown, of the wrong type.
SELECT pg_temp.refuses(format('{"%s": null}', f), '{}', 'LE011', 'no ' || f) FROM unnest('{key,kind,day}'::text[]) f;
SELECT pg_temp.refuses('{"lines": []}', '{}', 'LE011', 'no line at all');
SELECT pg_temp.refuses('{"lines": {}}', '{}', 'LE011', 'lines that are an object');
SELECT pg_temp.refuses('{"lines": [1]}', '{}', 'LE011', 'a line that is a number');
SELECT pg_temp.refuses('{"lines": [null]}', '{}', 'LE011', 'a line that is null');
SELECT pg_temp.refuses('{"Key": "k"}', '{}', 'LE011', 'an unknown field');
SELECT pg_temp.refuses('{"document_id": 1}', '{}', 'LE011', 'an id');
SELECT pg_temp.refuses('{"posting_day": "2009-01-01"}', '{}', 'LE011', 'a posting day');
SELECT pg_temp.refuses('{}', '{"line_no": 7}', 'LE011', 'an unknown field of a line');
SELECT pg_temp.refuses('{}', '{"qty": 7}', 'LE011', 'a misspelt field of a line');
SELECT pg_temp.refuses(format('{"%s": 5}', f), '{}', 'LE011', f || ' of the wrong type') FROM unnest('{key,kind,day,time,party,reference,currency,tax_code,warehouse,description,late}'::text[]) f;
SELECT pg_temp.refuses('{"late": "true"}', '{}', 'LE011', 'late as a text');
SELECT pg_temp.refuses('{"key": ""}', '{}', 'LE011', 'an empty key');
SELECT pg_temp.refuses(format('{"day": "%s"}', d), '{}', 'LE011', 'day ' || d) FROM unnest('{2009-02-29,2009-13-01,2009-00-10,2009-1-5,05.01.2009,today,infinity,-infinity,epoch,2009-01-05 BC,2009-01-05T00:00:00,20090105,"",4714-11-24 BC,5874898-01-01}'::text[]) d;
SELECT pg_temp.refuses(format('{"time": "%s"}', t), '{}', 'LE011', 'time ' || t) FROM unnest('{25:00:00,12:60:00,12:00:61,noon,now,12:00:00+02,-01:00:00,""}'::text[]) t;
SELECT pg_temp.refuses('{"day": "2011-01-01"}', '{}', 'LE031', 'a day of no period');
SELECT pg_temp.refuses('{}', '{"role": "receipt"}', 'LE011', 'a role of another kind');
SELECT pg_temp.refuses('{}', '{"role": "nonsense"}', 'LE011 LE012', 'a role of nothing');
SELECT pg_temp.refuses('{}', '{"item": "SV", "role": "sale"}', 'LE011', 'a service that would leave a warehouse');
SELECT pg_temp.refuses('{}', '{"item": null}', 'LE011', 'a sale of nothing');
SELECT pg_temp.refuses('{}', '{"quantity": null, "price": null, "amount": 5}', 'LE011', 'a sale of no quantity');
SELECT pg_temp.refuses('{}', '{"amount": 5}', 'LE011', 'price and amount that disagree');
SELECT pg_temp.refuses('{}', '{"role": "gain"}', 'LE011', 'a gain without cost');
SELECT pg_temp.refuses('{}', '{"role": "gain", "cost": "-1"}', 'LE011', 'a gain of negative cost');
SELECT pg_temp.refuses('{"kind": "nonsense"}', '{}', 'LE011 LE012', 'a kind of nothing');
SELECT pg_temp.refuses('{"kind": "administration"}', '{}', 'LE003 LE011 LE012', 'a kind of the engine');
SELECT pg_temp.refuses('{"kind": "cost_adjustment", "party": null}', '{"role": "adjustment"}', 'LE003 LE011 LE012', 'another kind of the engine');

-- Codes: unknown, or another company's.
SELECT pg_temp.refuses(h, l, 'LE012', 'unknown: ' || h || l) FROM (VALUES
	('{"party": "C9"}', '{}'), ('{"warehouse": "FAR"}', '{}'), ('{"tax_code": "T9"}', '{}'), ('{"currency": "XXX"}', '{}'), ('{"party": "''; DROP TABLE erp.voucher; --"}', '{}'),
	('{}', '{"item": "F9"}'), ('{}', '{"item": "f"}'), ('{}', '{"warehouse": "FAR"}'), ('{}', '{"tax_code": "T9"}')) v (h, l);
SELECT pg_temp.refuses('{"tax_code": "FUTURE"}', '{}', 'LE044', 'a tax without a rate yet');
SELECT is(trial.refused($$SELECT trial.sell('NOBODY', 'k', '2009-01-05', 'F', 1, 1)$$), 'LE012', 'a company that is not there');

-- Returns.
SELECT pg_temp.refuses('{"kind": "credit_note"}', l, c, w) FROM (VALUES
	('{}', 'LE011', 'a return of unknown cost'), ('{"origin": {"key": "their sale", "line": 1}}', 'LE051', 'a return to another company''s sale'),
	('{"origin": {"key": "stock", "line": 1}}', 'LE051', 'a return to a receipt'), ('{"origin": {"key": "stock", "line": 2}}', 'LE051', 'a return to no line'),
	('{"origin": {"key": "stock"}}', 'LE011', 'an origin without a line'), ('{"origin": "stock"}', 'LE011', 'an origin of the wrong type'),
	('{"origin": {"key": "stock", "line": 1, "x": 1}}', 'LE011', 'an origin with an unknown field'), ('{"origin": {"key": "stock", "line": "one"}}', 'LE011', 'a line in words'),
	('{"origin": {"key": "stock", "line": 1}, "cost": 1}', 'LE011', 'an origin and a cost')) v (l, c, w);

-- Vouchers by hand.
SELECT pg_temp.refuses('{"kind": "manual_voucher", "party": null, "lines": ' || l || '}', '{}', c, w) FROM (VALUES
	('[{"account": "6000", "side": "debit", "amount": 1}]', 'LE040', 'one side only'),
	('[{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1.01}]', 'LE040', 'a penny out'),
	('[{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "debit", "amount": 1}]', 'LE040', 'twice the same side'),
	('[{"account": "7", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]', 'LE042', 'a heading'),
	('[{"account": "1200", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]', 'LE042', 'inventory, which stock keeps'),
	('[{"account": "1100", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]', 'LE011 LE042', 'receivables of nobody'),
	('[{"account": "9999", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]', 'LE012', 'another company''s account'),
	('[{"account": "6000", "side": "left", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]', 'LE011', 'a side of nothing'),
	('[{"account": "6000", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]', 'LE011', 'no side'),
	('[{"account": "6000", "side": "debit", "amount": "999999999999999.99"}, {"account": "6000", "side": "debit", "amount": "999999999999999.99"}, {"account": "1000", "side": "credit", "amount": 1}]', 'LE011 LE040', 'a sum beyond any amount')) v (l, c, w);

-- Batches: all or nothing, and the first bad one is named.
SELECT is(trial.refused($$SELECT erp.post_documents('BAD', '{"key": "k"}')$$), 'LE011', 'a batch that is no array');
SELECT is(erp.post_documents('BAD', '[]'), '[]', 'a batch of nothing');
SELECT throws_like($$SELECT erp.post_documents('BAD', '[{"key": "b1", "kind": "stock_loss", "day": "2009-01-05", "lines": [{"item": "F", "quantity": 1}]},
	{"key": "b2", "kind": "stock_loss", "day": "2009-01-05", "lines": [{"item": "NONE", "quantity": 1}]}]')$$, '%', 'a batch with one bad document');

-- A null is no request: every call says so instead of doing nothing.
SELECT is(trial.refused(call), 'LE011', call)
  FROM (VALUES ($$SELECT erp.post_document(NULL, '{}')$$), ($$SELECT erp.post_document('BAD', NULL)$$), ($$SELECT erp.post_documents('BAD', NULL)$$),
	($$SELECT erp.reverse_document('BAD', NULL)$$), ($$SELECT erp.import_step('BAD', NULL)$$), ($$SELECT erp.put_parties('BAD', 'k', NULL)$$),
	($$SELECT erp.assign_numbers(NULL)$$), ($$SELECT erp.fold_balances(NULL)$$)) AS n (call);
SELECT is_empty('SELECT (SELECT count(*) FROM erp.document) AS documents, (SELECT count(*) FROM erp.voucher_line) AS lines EXCEPT TABLE counted', 'nothing of all this left a trace');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
