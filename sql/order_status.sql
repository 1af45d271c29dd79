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
-- What a customer reads of an order: carriers and their days, packages, goods that are waited for. 2 and 9 March 2026 are Mondays.
SELECT plan(51);
CREATE SEQUENCE pg_temp.call;
CREATE FUNCTION pg_temp.call(p_call text, p_request text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE answer jsonb;
BEGIN
	EXECUTE format('SELECT erp.%I(''STA'', %L, %L)', p_call, 'c' || nextval('pg_temp.call'), p_request) INTO answer;
	RETURN answer;
END $$;
CREATE FUNCTION pg_temp.ship(p_key text, p_request text) RETURNS text LANGUAGE sql AS $$
	SELECT erp.ship_order('STA', p_key, p_request::json) #>> '{shipment,key}'
$$;
CREATE FUNCTION pg_temp.detail(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', s.carrier, s.service, to_char(s.expected_day, 'Dy MM-DD')) FROM erp.shipment_detail s JOIN erp.document d USING (company_id, document_id) WHERE d.key = p_key
$$;
CREATE FUNCTION pg_temp.says(p_order text, p_day date, p_language text DEFAULT 'en') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(line_no || ' ' || sentence, ' | ' ORDER BY line_no) FROM erp.order_status('STA', p_order, p_day, p_language)
$$;
CREATE FUNCTION pg_temp.promise(p_order text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', l.promise_day, b.promise_day, b.due_day) FROM erp.order_lines l LEFT JOIN erp.backlog b ON b.company = l.company AND b.order_code = l.order_code AND b.line_no = l.line_no
	WHERE l.company = 'STA' AND l.order_code = p_order
$$;
\o /dev/null
SELECT erp.create_company('STA', 'company', '{"name": "Seller", "currency": "GBP", "chart": "english"}');
SELECT pg_temp.call('create_fiscal_year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT pg_temp.call('put_parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"], "addresses": [{"code": "A", "kind": "main", "country": "GB"}, {"code": "B", "kind": "delivery", "country": "CN", "region": "44"}]}, {"code": "C2", "name": "Another", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
SELECT pg_temp.call('put_items', '[{"code": "CHAIR", "name": "Chair", "kind": "stock", "unit": "piece", "method": "fifo"}, {"code": "FIT", "name": "Fitting", "kind": "service"}]');
SELECT pg_temp.call('put_carriers', '[{"code": "EXP", "name": "Express", "service": "Overnight", "cutoff": "16:00", "lead_times": [{"destination": "CN-44", "days": 1}, {"destination": "CN", "days": 2}, {"destination": "", "days": 5}]}, {"code": "POST", "name": "Post"}]');
SELECT erp.post_document('STA', '{"key": "r1", "kind": "goods_receipt", "day": "2026-03-02", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 10, "price": 30}]}');
SELECT pg_temp.call('place_order', '{"order": "SO1", "party": "C1", "day": "2026-03-03", "lines": [{"item": "CHAIR", "quantity": 6, "price": 50}, {"item": "FIT", "amount": 100}]}');
SELECT pg_temp.call('place_order', '{"order": "SO2", "party": "C2", "day": "2026-03-03", "lines": [{"item": "CHAIR", "quantity": 1, "price": 50}]}');
\o
-- Carriers are known, and say when they deliver: to CN-44 on the next working day, everywhere else after five.
SELECT is(trial.refused($$SELECT erp.ship_order('STA', 'x', '{"order": "SO1", "day": "2026-03-06", "carrier": "NONE"}')$$), 'LE012', 'a carrier that nobody knows');
SELECT is(pg_temp.says('SO1', '2026-03-03'), '1 ready to be shipped | 2 not done yet', 'before anything is shipped');
SELECT is(pg_temp.ship('s1', '{"order": "SO1", "day": "2026-03-06", "lines": [{"line": 1, "quantity": 1}], "carrier": "EXP"}'), 's1/shipment', 'shipped on a Friday');
SELECT is(pg_temp.detail('s1/shipment'), 'EXP Overnight Mon 03-09', 'it is there on Monday');
SELECT is(pg_temp.ship('s2', '{"order": "SO1", "day": "2026-03-06", "time": "16:30:00", "lines": [{"line": 1, "quantity": 1}], "carrier": "EXP"}'), 's2/shipment', 'after the cut-off');
SELECT is(pg_temp.detail('s2/shipment'), 'EXP Overnight Tue 03-10', 'on Tuesday');
SELECT is(pg_temp.ship('s3', '{"order": "SO2", "day": "2026-03-06", "carrier": "EXP", "service": "Saver"}'), 's3/shipment', 'to a customer without an address');
SELECT is(pg_temp.detail('s3/shipment'), 'EXP Saver Fri 03-13', 'everywhere else takes five working days');
SELECT is(pg_temp.ship('s4', '{"order": "SO1", "day": "2026-03-06", "lines": [{"line": 1, "quantity": 1}], "carrier": "EXP", "expected_day": "2026-03-20", "packages": [{"tracking": "T1"}, {"tracking": "T2"}]}'), 's4/shipment', 'who knows better');
SELECT is(pg_temp.detail('s4/shipment'), 'EXP Overnight Fri 03-20', 'says so');
SELECT is(pg_temp.ship('s5', '{"order": "SO1", "day": "2026-03-06", "lines": [{"line": 1, "quantity": 1}], "carrier": "POST"}'), 's5/shipment', 'a carrier without lead times');
SELECT is(pg_temp.detail('s5/shipment'), 'POST ', 'does not say when it delivers');
-- The sentences.
SELECT is(pg_temp.says('SO1', '2026-03-09'), '1 1 shipped, expected today; 1 shipped, expected tomorrow; 1 shipped, expected on 20 March 2026; 1 shipped on 6 March 2026; 2 ready to be shipped | 2 not done yet', 'parts of a line');
SELECT is(pg_temp.says('SO2', '2026-03-12'), '1 shipped, expected tomorrow', 'the day before');
SELECT is(pg_temp.says('SO2', '2026-03-14'), '1 shipped, was expected yesterday', 'the day after');
SELECT is(pg_temp.says('SO2', '2026-03-12', 'zh-CN'), '1 已发货，预计明天送达', 'in Chinese');
SELECT is(pg_temp.says('SO2', '2026-03-10', 'zh'), '1 已发货，预计2026年3月13日送达', 'with its way to write a day');
SELECT is(pg_temp.says('SO2', '2026-03-12', 'fr'), '1 shipped, expected tomorrow', 'a language that is not there is English');
SELECT is(trial.refused($$SELECT * FROM erp.order_status('STA', 'NONE')$$), 'LE012', 'an unknown order');
-- Tracking: packages that are delivered one after the other.
SELECT is(trial.refused($$SELECT erp.put_tracking('STA', 'x', '{"shipment": "r1", "delivered_day": "2026-03-10"}')$$), 'LE012', 'a receipt is no shipment');
SELECT is(trial.refused($$SELECT erp.put_tracking('STA', 'x', '{"shipment": "s4/shipment", "packages": [{"package": 2, "delivered_day": "2026-03-05"}]}')$$), 'LE286', 'nothing is delivered before it was shipped');
SELECT is(pg_temp.call('put_tracking', '{"shipment": "s4/shipment", "packages": [{"package": 2, "delivered_day": "2026-03-10"}, {"package": 3, "tracking": "T3"}]}'),
	'{"shipment": "s4/shipment", "expected_day": "2026-03-20", "packages": [{"package": 1, "tracking": "T1"}, {"package": 2, "tracking": "T2", "delivered_day": "2026-03-10"}, {"package": 3, "tracking": "T3"}]}'::jsonb, 'one of three');
SELECT is((SELECT count(*) FROM erp.outbox WHERE topic = 'order_delivered'), 0::bigint, 'is not the whole');
SELECT is(pg_temp.call('put_tracking', '{"shipment": "s4/shipment", "delivered_day": "2026-03-11"}') ->> 'delivered_day', '2026-03-11', 'the rest a day later');
SELECT is((SELECT string_agg(payload::text, ' ') FROM erp.outbox WHERE topic = 'order_delivered'), '{"day": "2026-03-11", "lines": [{"line": 1, "quantity": 1}], "order": "SO1", "shipment": "s4/shipment"}', 'is told once');
SELECT is(pg_temp.call('put_tracking', '{"shipment": "s3/shipment", "carrier": "POST", "delivered_day": "2026-03-12"}') #>> '{packages,0,delivered_day}', '2026-03-12', 'a shipment of which nobody counted the packages is one');
SELECT is(pg_temp.detail('s3/shipment'), 'POST Saver Fri 03-13', 'and keeps what is not said');
SELECT is(pg_temp.says('SO2', '2026-03-20'), '1 delivered on 12 March 2026', 'delivered');
SELECT is(pg_temp.says('SO2', '2026-03-11'), '1 shipped, expected on 13 March 2026', 'not yet the day before');
-- What comes back unbilled is to be shipped again, and is not on its way; a reversal takes the shipment back: 10 - 7 + 1 + 1.
\o /dev/null
SELECT erp.post_document('STA', '{"key": "b1", "kind": "shipment_return", "day": "2026-03-12", "party": "C2", "lines": [{"item": "CHAIR", "quantity": 1, "origin": {"key": "s3/shipment", "line": 1}}]}');
SELECT erp.reverse_document('STA', '{"key": "b2", "reverses": "s5/shipment", "day": "2026-03-12"}');
\o
SELECT is(pg_temp.says('SO2', '2026-03-20'), '1 ready to be shipped', 'what came back is required again, and has what comes back of another order');
SELECT is(pg_temp.says('SO1', '2026-03-20'), '1 1 shipped, was expected on 9 March 2026; 1 shipped, was expected on 10 March 2026; 1 delivered on 11 March 2026; 2 ready to be shipped; 1 waits for goods | 2 not done yet', 'a reversal takes the shipment back');
\o /dev/null
SELECT erp.invoice_orders('STA', 'i1', '{"orders": ["SO1"], "day": "2026-03-17"}');
SELECT erp.post_document('STA', '{"key": "k1", "kind": "credit_note", "day": "2026-03-18", "party": "C1", "lines": [{"item": "CHAIR", "quantity": 1, "price": 50, "origin": {"key": "i1/invoice", "line": 1}}]}');
\o
SELECT is(pg_temp.says('SO1', '2026-03-20'), '1 1 shipped, was expected on 10 March 2026; 1 delivered on 11 March 2026; 3 ready to be shipped; 1 came back | 2 done on 17 March 2026', 'what came back billed, and what is no goods');
-- Promises follow what is reserved. 10 - 3 shipped + 1 that came back, which serves SO1, = 8 lie there, 3 of them for SO1 and 1 for SO2: 4 are free.
\o /dev/null
SELECT pg_temp.call('place_order', '{"order": "SO3", "party": "C2", "day": "2026-03-18", "lines": [{"item": "CHAIR", "quantity": 9, "price": 50}]}');
\o
SELECT is(pg_temp.says('SO3', '2026-03-18'), '1 4 ready to be shipped; 5 waits for goods', 'short');
SELECT is(pg_temp.promise('SO3'), '', 'nothing is promised');
\o /dev/null
SELECT erp.post_document('STA', '{"key": "r2", "kind": "goods_receipt", "day": "2026-03-19", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 5, "price": 30}]}');
\o
SELECT is(pg_temp.says('SO3', '2026-03-19'), '1 ready to be shipped', 'goods that arrive serve it');
SELECT is(pg_temp.promise('SO3'), concat_ws(' ', d, d, d), 'since today they are there') FROM (SELECT (now() AT TIME ZONE 'UTC')::date) AS t (d);
\o /dev/null
SELECT erp.put_expected_receipts('STA', '{"key": "e1", "receipts": [{"source": "PO1", "item": "CHAIR", "warehouse": "MAIN", "day": "2026-03-21", "quantity": 4}]}');
SELECT pg_temp.call('place_order', '{"order": "SO4", "party": "C2", "day": "2026-03-18", "lines": [{"item": "CHAIR", "quantity": 4, "price": 50}]}');
\o
SELECT is(pg_temp.promise('SO4'), '2026-03-21 2026-03-21 2026-03-21', 'promised of what is expected on a Saturday');
SELECT is(pg_temp.says('SO4', '2026-03-18'), '1 waits for goods, expected on 23 March 2026', 'which is taken in on Monday');
SELECT is(pg_temp.says('SO4', '2026-03-22'), '1 waits for goods, expected tomorrow', 'the day before');
SELECT is(pg_temp.says('SO4', '2026-03-24', 'zh'), '1 缺货，原预计昨天到货', 'a day late');
\o /dev/null
SELECT erp.put_expected_receipts('STA', '{"key": "e2", "receipts": [{"source": "PO1", "item": "CHAIR", "warehouse": "MAIN", "day": "2026-03-25", "quantity": 4}]}');
\o
SELECT is(pg_temp.promise('SO4'), '2026-03-25 2026-03-25 2026-03-25', 'a supplier that is late moves the promise');
\o /dev/null
SELECT erp.put_expected_receipts('STA', '{"key": "e3", "receipts": [{"source": "PO1", "item": "CHAIR", "warehouse": "MAIN", "day": "2026-03-25", "quantity": 0}]}');
\o
SELECT is(pg_temp.promise('SO4'), '', 'one that does not deliver takes it away');
-- Orders that are cancelled or held; a company's own words.
\o /dev/null
SELECT pg_temp.call('cancel_order', '{"order": "SO3", "reason": "Changed its mind", "lines": [{"line": 1, "quantity": 2}]}');
SELECT pg_temp.call('put_order_sentences', '[{"language": "en", "name": "ready", "sentence": "packed"}, {"language": "fr", "name": "ready", "sentence": "prêt"}]');
SELECT pg_temp.call('put_parties', '[{"code": "C3", "name": "Third", "roles": ["customer"], "credit_limit": 1, "credit_check": "hold"}]');
SELECT pg_temp.call('place_order', '{"order": "SO5", "party": "C3", "day": "2026-03-18", "lines": [{"item": "FIT", "amount": 100}]}');
\o
SELECT is(pg_temp.says('SO3', '2026-03-19'), '1 7 packed; 2 cancelled', 'in part');
SELECT is(pg_temp.says('SO3', '2026-03-19', 'fr-CH'), '1 7 prêt; 2 cancelled', 'what is there of a language');
SELECT is(pg_temp.says('SO5', '2026-03-19'), '1 the order is being checked', 'held');
SELECT is(trial.refused($$SELECT erp.put_order_sentences('STA', 'x', '[{"language": "en", "name": "none", "sentence": "x"}]')$$), 'LE012', 'a sentence that nobody says');
-- Two documents that leave together, the first for an invoice that came ahead, are delivered together.
\o /dev/null
SELECT erp.post_document('STA', '{"key": "r3", "kind": "goods_receipt", "day": "2026-03-23", "party": "S1", "lines": [{"item": "CHAIR", "quantity": 20, "price": 30}]}');
SELECT pg_temp.call('place_order', '{"order": "SO6", "party": "C1", "day": "2026-03-23", "lines": [{"item": "CHAIR", "quantity": 3, "price": 50}]}');
SELECT erp.post_document('STA', '{"key": "i2", "kind": "sales_invoice", "day": "2026-03-23", "party": "C1", "lines": [{"item": "CHAIR", "role": "invoiced", "quantity": 1, "price": 50, "demand": {"key": "SO6", "line": 1}}]}');
SELECT pg_temp.ship('s6', '{"order": "SO6", "day": "2026-03-23", "carrier": "EXP"}');
\o
SELECT is(pg_temp.says('SO6', '2026-03-23'), '1 shipped, expected tomorrow', 'both are on their way');
SELECT is(pg_temp.call('put_tracking', '{"shipment": "s6/shipment/2", "delivered_day": "2026-03-24"}') ->> 'delivered_day', '2026-03-24', 'whichever is named');
SELECT is(pg_temp.says('SO6', '2026-03-24'), '1 delivered today', 'they are there');
SELECT is((SELECT payload -> 'lines' FROM erp.outbox WHERE topic = 'order_delivered' AND payload ->> 'order' = 'SO6'), '[{"line": 1, "quantity": 1}, {"line": 1, "quantity": 2}]'::jsonb, 'and told so');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
