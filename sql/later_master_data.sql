\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- A repeated request has its first result, whatever became of the master data that it named and of the series.
SELECT plan(14);
\o /dev/null
SELECT trial.make_company('LATER');
SELECT erp.put_accounts('LATER', 'bank', '[{"code": "1001", "name": "Bank", "class": "asset", "side": "debit"}]');
SELECT erp.put_series('LATER', 'series', '[{"code": "voucher", "target": "voucher", "scope": "ever", "mode": "immediate"}, {"code": "I", "target": "sales_invoice", "scope": "ever", "mode": "immediate"}]');
CREATE TEMP TABLE request (document json, first jsonb);
INSERT INTO request (document) VALUES
	('{"key": "voucher", "kind": "manual_voucher", "day": "2009-01-02", "lines": [{"account": "1001", "side": "debit", "amount": 5}, {"account": "1000", "side": "credit", "amount": 5}]}'),
	('{"key": "receipt", "kind": "goods_receipt", "day": "2009-01-02", "party": "S1", "lines": [{"item": "F", "quantity": 5, "price": 2}]}'),
	('{"key": "sale", "kind": "sales_invoice", "day": "2009-01-03", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 3}]}'),
	('{"key": "gift", "kind": "sales_invoice", "day": "2009-01-03", "party": "C1", "lines": [{"role": "allowance", "amount": 0}]}');
CREATE TEMP TABLE posted AS SELECT document, erp.post_document('LATER', document) AS first FROM request;
CREATE TEMP TABLE reversed AS SELECT erp.reverse_document('LATER', '{"key": "back", "reverses": "sale"}') AS first;
\o
-- Vouchers: the voucher, the receipt, the sale, its reversal; invoices: the sale, the gift.
SELECT is(first ->> 'number', '1', 'the first voucher') FROM posted WHERE document ->> 'key' = 'voucher';
SELECT is(first ->> 'number', '2', 'the second') FROM posted WHERE document ->> 'key' = 'receipt';
SELECT is(first ->> 'number', '1', 'an invoice has the number of its own series') FROM posted WHERE document ->> 'key' = 'sale';
SELECT is(first - 'document_id', '{"number": 2, "voucher_id": null}', 'so has one that posts nothing') FROM posted WHERE document ->> 'key' = 'gift';
\o /dev/null
SELECT erp.put_accounts('LATER', 'bank off', '[{"code": "1001", "name": "Bank", "class": "asset", "side": "debit", "active": false}]');
SELECT erp.put_items('LATER', 'item off', '[{"code": "F", "name": "F", "kind": "stock", "active": false}]');
SELECT erp.put_parties('LATER', 'roles', '[{"code": "S1", "name": "S1", "roles": ["customer"]}, {"code": "C1", "name": "C1", "roles": ["supplier"]}]');
CREATE TEMP TABLE counted AS SELECT count(*) FROM erp.document;
\o
SELECT is(erp.post_document('LATER', document), first, (document ->> 'key') || ' again') FROM posted;
SELECT is(erp.post_documents('LATER', (SELECT json_agg(document) FROM posted)), (SELECT jsonb_agg(first) FROM posted), 'all of them in one call');
SELECT is(erp.reverse_document('LATER', '{"key": "back", "reverses": "sale"}'), first, 'the reversal again') FROM reversed;
SELECT is(count(*), (TABLE counted), 'nothing was posted twice') FROM erp.document;
SELECT is(trial.refused($$SELECT erp.post_document('LATER', '{"key": "new", "kind": "goods_receipt", "day": "2009-01-02", "party": "S1", "lines": [{"item": "F", "quantity": 5, "price": 2}]}')$$), 'LE011', 'a new request meets the master data of now: S1 is no supplier any more');

-- One key twice in one call: one document, and both results name it.
SELECT is(r -> 0, r -> 1, 'the same document twice in one call has one result') FROM erp.post_documents('LATER', '[
	{"key": "twice", "kind": "manual_voucher", "day": "2009-01-02", "lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]},
	{"key": "twice", "kind": "manual_voucher", "day": "2009-01-02", "lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1.0}]}]') AS r;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
