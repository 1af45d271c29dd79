\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Goods past their last day, the earlier of removal and expiry: not issued to customers, on any path, unless item, company or line allows it.
SELECT plan(46);
CREATE FUNCTION pg_temp.post(p_key text, p_kind text, p_day date, p_line jsonb, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('LAST', (jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'lines', jsonb_build_array(p_line))
		|| CASE WHEN p_kind IN ('sales_invoice', 'credit_note') THEN '{"party": "C1"}' WHEN p_kind = 'goods_receipt' THEN '{"party": "S1"}' ELSE '{}' END::jsonb || p_more)::text::json)
$$;
CREATE FUNCTION pg_temp.try(p_key text, p_kind text, p_day date, p_line jsonb, p_more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT pg_temp.post(%L, %L, %L, %L, %L)', p_key, p_kind, p_day, p_line, p_more))
$$;
CREATE FUNCTION pg_temp.reserve(p_key text, p_request jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws('/', l ->> 'reserved', l ->> 'short'), ' ' ORDER BY n) FROM erp.reserve('LAST', (jsonb_build_object('key', p_key, 'demand', p_key) || p_request)::text::json) r,
		jsonb_array_elements(r -> 'lines') WITH ORDINALITY AS a (l, n)
$$;
CREATE FUNCTION pg_temp.lots(p_item text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', lot_code, trim_scale(on_hand)), ', ' ORDER BY lot_code, on_hand) FROM erp.stock_on_hand WHERE company = 'LAST' AND item_code = p_item
$$;
\o /dev/null
SELECT trial.make_company('LAST');
SELECT erp.put_items('LAST', 'own items', '[
	{"code": "L", "name": "By lot", "kind": "stock", "method": "fifo", "tracking": "lot"}, {"code": "M", "name": "May go", "kind": "stock", "method": "fifo", "tracking": "lot", "issue_expired": "allow"}]');
-- E expires on 31 January; R is removed on 20 January and expires on 31 March; G is good for ever.
SELECT erp.put_lots('LAST', 'lots', '[{"item": "L", "code": "E", "expires_on": "2009-01-31"}, {"item": "L", "code": "G"},
	{"item": "L", "code": "R", "removal_day": "2009-01-20", "expires_on": "2009-03-31"}, {"item": "M", "code": "E", "expires_on": "2009-01-31"}]');
SELECT pg_temp.post('r ' || lot, 'goods_receipt', '2009-01-02', jsonb_build_object('item', 'L', 'quantity', 20, 'amount', 40, 'lot', lot)) FROM unnest('{E,G,R}'::text[]) lot;
SELECT erp.put_posting_rules('LAST', 'amendments', '[{"kind": "receipt_amendment", "line_role": "received_less", "amount_role": "inventory", "side": "debit", "account": "1200"}, {"kind": "receipt_amendment", "line_role": "document", "amount_role": "total", "side": "credit", "account": "2150"}]');
SELECT pg_temp.post('r M', 'goods_receipt', '2009-01-02', '{"item": "M", "quantity": 20, "amount": 40, "lot": "E"}');
\o
-- To customers: up to the last day, and not after it.
SELECT is(pg_temp.try('s1', 'sales_invoice', '2009-01-31', '{"item": "L", "quantity": 1, "price": 5, "lot": "E"}'), 'accepted', 'on its expiry day a lot is sold');
SELECT is(pg_temp.try('s2', 'sales_invoice', '2009-02-01', '{"item": "L", "quantity": 1, "price": 5, "lot": "E"}'), 'LE220', 'on the day after it is not');
SELECT is(pg_temp.try('s3', 'sales_invoice', '2009-01-20', '{"item": "L", "quantity": 1, "price": 5, "lot": "R"}'), 'accepted', 'on its removal day one is sold');
SELECT is(pg_temp.try('s4', 'sales_invoice', '2009-01-21', '{"item": "L", "quantity": 1, "price": 5, "lot": "R"}'), 'LE220', 'and not after it, long before it expires');
SELECT is(pg_temp.try('s5', 'sales_invoice', '2009-12-01', '{"item": "L", "quantity": 1, "price": 5, "lot": "G"}'), 'accepted', 'what has no day goes at any time');
SELECT is(pg_temp.try('s6', 'sales_invoice', '2009-02-01', '{"item": "L", "quantity": 1, "price": 5, "lot": "E", "role": "free"}'), 'LE220', 'nor is it given away');
SELECT is(pg_temp.try('s7', 'free_issue', '2009-02-01', '{"item": "L", "quantity": 1, "lot": "E"}'), 'LE220', 'by a document of its own, too');
SELECT throws_like($$SELECT pg_temp.post('s8', 'sales_invoice', '2009-02-01', '{"item": "L", "quantity": 1, "price": 5, "lot": "E"}')$$, '%the last day of the lot was 2009-01-31%', 'the error says which day it was');
-- The day of the document counts, whenever it is recorded and wherever it lands.
SELECT is(pg_temp.try('b1', 'sales_invoice', '2009-01-15', '{"item": "L", "quantity": 1, "price": 5, "lot": "R"}'), 'accepted', 'one of an earlier day, recorded afterwards');
\o /dev/null
SELECT erp.set_period_state('LAST', 'close', '{"period": "2009-01", "state": "closed"}');
\o
SELECT is(pg_temp.try('b2', 'sales_invoice', '2009-01-19', '{"item": "L", "quantity": 1, "price": 5, "lot": "R"}', '{"late": true}'), 'accepted', 'what lands in February belongs to 19 January');
\o /dev/null
SELECT erp.set_period_state('LAST', 'open', '{"period": "2009-01", "state": "open", "reason": "test"}');
\o
-- What is no issue to a customer takes it.
SELECT is(pg_temp.try('n1', 'scrap', '2009-02-02', '{"item": "L", "quantity": 1, "lot": "E"}'), 'accepted', 'it is scrapped');
SELECT is(pg_temp.try('n2', 'stock_loss', '2009-02-02', '{"item": "L", "quantity": 1, "lot": "E"}'), 'accepted', 'or lost');
SELECT is(pg_temp.try('n3', 'transfer', '2009-02-02', '{"item": "L", "quantity": 1, "lot": "E", "to_state": "quarantine"}'), 'accepted', 'or put into quarantine');
SELECT is(pg_temp.try('n4', 'receipt_amendment', '2009-02-02', '{"role": "received_less", "item": "L", "quantity": 1, "lot": "E", "origin": {"key": "r E", "line": 1}}', '{"party": "S1"}'), 'accepted', 'or goes back to its supplier');
SELECT is(pg_temp.lots('L'), 'E 1, E 15, G 19, R 17', '1 sold, 4 gone otherwise, one of them to quarantine');
SELECT is(trial.refused($$SELECT trial.reverse('LAST', 's1 back', 's1', '2009-02-03')$$), 'accepted', 'a sale is reversed after that');
-- The line, the item and the company may allow it.
SELECT is(pg_temp.try('a1', 'sales_invoice', '2009-02-01', '{"item": "L", "quantity": 1, "price": 5, "lot": "E", "allow_expired": true}'), 'accepted', 'a line may');
SELECT is(pg_temp.try('a2', 'sales_invoice', '2009-02-01', '{"item": "L", "quantity": 1, "price": 5, "lot": "E", "allow_expired": false}'), 'LE220', 'or may not');
SELECT is(pg_temp.try('a3', 'scrap', '2009-02-01', '{"item": "L", "quantity": 1, "lot": "E", "allow_expired": true}'), 'LE011', 'where it is allowed anyway nothing is to be said');
SELECT is(pg_temp.try('a4', 'sales_invoice', '2009-02-01', '{"item": "L", "quantity": 1, "price": 5, "lot": "E", "allow_expired": "yes"}'), 'LE011', 'it is true or false');
SELECT is(pg_temp.try('a5', 'sales_invoice', '2009-02-01', '{"item": "M", "quantity": 1, "price": 5, "lot": "E"}'), 'accepted', 'an item may');
\o /dev/null
CREATE ROLE expired_seller IN ROLE erp_sales, erp_read;
GRANT USAGE ON SCHEMA trial, erp TO expired_seller;
GRANT EXECUTE ON FUNCTION trial.refused(text) TO expired_seller;
SET ROLE expired_seller;
\o
SELECT is(trial.refused($$SELECT erp.post_document('LAST', '{"key": "a6", "kind": "sales_invoice", "day": "2009-02-01", "party": "C1", "lines": [{"item": "L", "quantity": 1, "price": 5, "lot": "E", "allow_expired": true}]}')$$),
	'LE003', 'who sells does not allow it himself');
RESET ROLE;
\o /dev/null
SELECT erp.put_company('LAST', 'allow', '{"issue_expired": true}');
\o
SELECT is(pg_temp.try('a7', 'sales_invoice', '2009-02-01', '{"item": "L", "quantity": 1, "price": 5, "lot": "E"}'), 'accepted', 'a company may');
\o /dev/null
SELECT erp.put_items('LAST', 'not L', '[{"code": "L", "name": "By lot", "kind": "stock", "issue_expired": "refuse"}]');
\o
SELECT is(pg_temp.try('a8', 'sales_invoice', '2009-02-01', '{"item": "L", "quantity": 1, "price": 5, "lot": "E"}'), 'LE220', 'and an item of it may not');
\o /dev/null
SELECT erp.put_company('LAST', 'refuse', '{"issue_expired": false}');
SELECT erp.put_items('LAST', 'L again', '[{"code": "L", "name": "By lot", "kind": "stock", "issue_expired": ""}]');
\o
SELECT is(pg_temp.try('a9', 'sales_invoice', '2009-02-01', '{"item": "L", "quantity": 1, "price": 5, "lot": "E"}'), 'LE220', 'as before');
SELECT is(trial.refused($$SELECT erp.put_items('LAST', 'x', '[{"code": "L", "name": "By lot", "kind": "stock", "issue_expired": "maybe"}]')$$), 'LE011', 'what an item says is known');
SELECT is((SELECT string_agg(concat_ws(' ', document_key, party_code, item_code, lot_code, last_day, trim_scale(quantity)), ', ' ORDER BY document_key) FROM erp.expired_issue_list WHERE company = 'LAST'),
	'a1 C1 L E 2009-01-31 1, a5 C1 M E 2009-01-31 1, a7 C1 L E 2009-01-31 1', 'what went out all the same is listed');
SELECT is((SELECT string_agg(concat_ws(' ', d.key, e.line_no, e.last_day, e.allowed_by), ', ' ORDER BY d.key) FROM erp.expired_issue e JOIN erp.document d USING (company_id, document_id) WHERE d.key LIKE 'a%'),
	'a1 1 2009-01-31 line, a5 1 2009-01-31 item, a7 1 2009-01-31 company', 'and on record with what allowed it');
-- The days of a lot that change afterwards change nothing of that.
\o /dev/null
SELECT erp.put_lots('LAST', 'E later', '[{"item": "L", "code": "E", "expires_on": "2009-06-30", "removal_day": null}]');
\o
SELECT is((SELECT string_agg(concat_ws(' ', document_key, last_day, allowed_by), ', ' ORDER BY document_key) FROM erp.expired_issue_list WHERE company = 'LAST'), 'a1 2009-01-31 line, a5 2009-01-31 item, a7 2009-01-31 company', 'whatever the days of the lot are by now');
\o /dev/null
SELECT erp.put_lots('LAST', 'E again', '[{"item": "L", "code": "E", "expires_on": "2009-01-31", "removal_day": null}]');
\o
-- A lot that the same call brings, and one of an import.
SELECT is(trial.refused($$SELECT erp.post_documents('LAST', '[{"key": "c1", "kind": "goods_receipt", "day": "2009-02-03", "party": "S1", "lines": [{"item": "L", "quantity": 2, "amount": 4, "lot": "N", "lot_days": {"expires_on": "2009-02-04"}}]},
	{"key": "c2", "kind": "sales_invoice", "day": "2009-02-05", "party": "C1", "lines": [{"item": "L", "quantity": 1, "price": 5, "lot": "N"}]}]')$$), 'LE220', 'one that came in the same call');
\o /dev/null
SELECT erp.start_import('LAST', 'import', '{"name": "rows", "skip_bad": true}');
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, item, quantity, amount, unit_price, lot, lot_days, allow_expired)
SELECT j.job_id, t.* FROM erp.job j, (VALUES
	(1, 'i1', 'sales_invoice', '2009-02-05', 'C1', 'L', '1', NULL, '5', 'E', NULL, NULL),
	(2, 'i2', 'sales_invoice', '2009-02-05', 'C1', 'L', '1', NULL, '5', 'E', NULL, 'true'),
	(3, 'i3', 'goods_receipt', '2009-02-05', 'S1', 'L', '2', '4', NULL, 'P', '{"expires_on": "2009-02-06"}', NULL),
	(4, 'i4', 'sales_invoice', '2009-02-07', 'C1', 'L', '1', NULL, '5', 'P', NULL, NULL),
	(5, 'i5', 'sales_invoice', '2009-02-06', 'C1', 'L', '1', NULL, '5', 'P', NULL, NULL)) t WHERE j.name = 'rows';
SELECT erp.import_step('LAST', (SELECT job_id FROM erp.job WHERE name = 'rows'), 100) FROM generate_series(1, 5);
\o
SELECT is((SELECT string_agg(concat_ws(' ', document_key, error_code), ', ' ORDER BY row_no) FROM erp.import_problem JOIN erp.job USING (job_id) WHERE name = 'rows'), 'i1 LE220, i4 LE220',
	'rows past the day are problems: the one that is seen when it is checked, and that of a lot that came before it');
SELECT is((SELECT string_agg(concat_ws(' ', d.key, e.last_day, e.allowed_by), ', ' ORDER BY d.key) FROM erp.expired_issue e JOIN erp.document d USING (company_id, document_id) WHERE d.key LIKE 'i%'), 'i2 2009-01-31 line', 'a row that is allowed is on record');
SELECT is((SELECT state || ' ' || done_documents FROM erp.job WHERE name = 'rows'), 'done 3', 'the others are posted');
-- Nothing past its day is reserved or promised.
SELECT is(pg_temp.lots('L'), 'E 1, E 13, G 19, P 1, R 17', 'what there is of each lot');
SELECT is(pg_temp.reserve('k1', '{"needed_by": "2009-02-10", "mode": "partial", "lines": [{"item": "L", "quantity": 99}]}'), '19/80', 'for 10 February 19 of G are there');
SELECT is(pg_temp.reserve('k2', '{"needed_by": "2009-01-31", "mode": "partial", "lines": [{"item": "L", "quantity": 99}]}'), '14/85', 'for 31 January 13 of E and 1 of P as well');
SELECT is(pg_temp.reserve('k3', '{"needed_by": "2009-02-10", "mode": "partial", "allow_expired": true, "lines": [{"item": "L", "quantity": 99}]}'), '17/82', 'with what is past its day 17 of R as well');
SELECT is(pg_temp.try('k4', 'sales_invoice', '2009-02-10', '{"item": "L", "quantity": 5, "price": 5, "lot": "E", "demand": {"key": "k2", "line": 1}}'), 'LE220', 'what was reserved is not issued past its day either');
SELECT is(pg_temp.try('k5', 'sales_invoice', '2009-01-31', '{"item": "L", "quantity": 5, "price": 5, "lot": "E", "demand": {"key": "k2", "line": 1}}'), 'accepted', 'but on it');
SELECT is((SELECT string_agg(concat_ws(' ', pick_no, lot_code, last_day, trim_scale(quantity)), ', ' ORDER BY pick_no) FROM erp.pick_list WHERE company = 'LAST' AND demand = 'k2'),
	'1 E 2009-01-31 8, 2 P 2009-02-06 1', 'what to pick stands first to expire first');
\o /dev/null
SELECT erp.release('LAST', '{"key": "all", "lines": [{"demand": "k1"}, {"demand": "k2"}, {"demand": "k3"}]}');
\o
SELECT is((SELECT string_agg(concat_ws(' ', day, trim_scale(available)), ', ' ORDER BY day) FROM erp.available_to_promise('LAST', '{L}', '2009-01-15', '2009-12-31')),
	'2009-01-15 45, 2009-01-21 28, 2009-02-01 20, 2009-02-07 19', '8 + 19 + 1 + 17; then without R, without E, without P');
SELECT is((SELECT trim_scale(available) FROM erp.available_to_promise('LAST', '{M}', '2009-06-01', '2009-06-01')), 19.0, 'of what may go it is all');
SELECT is((SELECT available || ' ' || coalesce(promise_day::text, 'never') FROM erp.earliest_promise('LAST', '[{"item": "L", "quantity": 20}]', '2009-02-10')), '19.000000 never', 'nothing is promised of it');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- The card of a lot: quantity and value run, and add up over the lots to the card of the item.
SELECT is((SELECT string_agg(concat_ws(' ', document_key, trim_scale(quantity), trim_scale(running_quantity)), ', ' ORDER BY day, time_of_day, move_id) FROM erp.lot_card WHERE company = 'LAST' AND lot_code = 'P'),
	'i3 2 2, i5 -1 1', 'the card of a lot');
SELECT is((SELECT sum(value) FROM erp.lot_card WHERE company = 'LAST' AND item_code = 'L'), (SELECT sum(value) FROM erp.stock_card WHERE company = 'LAST' AND item_code = 'L'), 'values of the lots are those of the item');
SELECT * FROM finish();
ROLLBACK;
