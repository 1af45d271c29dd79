\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
-- Days in events do not follow the session.
SET datestyle = 'sql, dmy';
BEGIN;
-- Events that documents and calls write by themselves: of money, credit notes, settlements and of master data.
SELECT plan(31);
CREATE TABLE pg_temp.seen AS SELECT 0::bigint AS event_id;
-- What came since it was asked the last time; of settlements, which name themselves, without their names.
CREATE FUNCTION pg_temp.events() RETURNS text LANGUAGE sql AS $$
	WITH new AS (SELECT o.event_id, o.topic, CASE o.payload ->> 'kind' WHEN 'settlement' THEN o.payload - 'document' ELSE o.payload END AS payload, x.key
		FROM erp.outbox o JOIN erp.company c USING (company_id)
		LEFT JOIN erp.document x ON x.company_id = o.company_id AND x.document_id = (o.payload ->> 'caused_by_document_id')::bigint, pg_temp.seen s
		WHERE c.code = 'EV' AND o.event_id > s.event_id),
	next AS (UPDATE pg_temp.seen SET event_id = GREATEST(event_id, (SELECT max(event_id) FROM new)))
	SELECT string_agg(concat_ws(' ', topic, payload - 'caused_by_document_id', key), E'\n' ORDER BY event_id) FROM new
$$;
CREATE FUNCTION pg_temp.post(p_key text, p_kind text, p_more text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN erp.post_document('EV', format('{"key": "%s", "kind": "%s", "day": "2026-02-03", %s}', p_key, p_kind, p_more)::json) IS NOT NULL THEN pg_temp.events() END
$$;
-- What a call, or any query, tells; the event names the call's own document.
CREATE FUNCTION pg_temp.told(p_query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE p_query;
	RETURN pg_temp.events();
END
$$;
CREATE FUNCTION pg_temp.refused(p_query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE p_query;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;
\o /dev/null
SELECT erp.create_company('EV', 'company', '{"name": "Events", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('EV', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT pg_temp.events();
\o
-- Master data.
SELECT is(pg_temp.told($$SELECT erp.put_parties('EV', 'parties', '[{"code": "C1", "name": "Customer 1", "roles": ["customer"]}, {"code": "S1", "name": "Supplier 1", "roles": ["supplier"]}]')$$),
	'party_changed {"call": "put_parties", "codes": ["C1", "S1"]}', 'parties');
SELECT is(pg_temp.told($$SELECT erp.put_parties('EV', 'parties', '[{"code": "C1", "name": "Customer 1", "roles": ["customer"]}, {"code": "S1", "name": "Supplier 1", "roles": ["supplier"]}]')$$), NULL, 'once: the same call again tells nothing');
SELECT is(pg_temp.told($$SELECT erp.put_parties('EV', 'none', '[]')$$), NULL, 'nor does one that changes nothing');
SELECT is(pg_temp.told($$SELECT erp.put_items('EV', 'items', '[{"code": "SV", "name": "Service", "kind": "service"}]')$$), 'item_changed {"call": "put_items", "codes": ["SV"]}', 'items');
SELECT is(pg_temp.told($$SELECT erp.put_barcodes('EV', 'barcodes', '[{"item": "SV", "barcode": "4006381333931"}, {"item": "SV", "barcode": "X1", "kind": "own"}]')$$), 'item_changed {"call": "put_barcodes", "items": ["SV"]}', 'what belongs to an item, by the item');
SELECT is(pg_temp.told($$SELECT erp.put_price_lists('EV', 'lists', '[{"code": "L", "name": "List", "currency": "GBP"}]')$$), 'prices_changed {"call": "put_price_lists", "codes": ["L"]}', 'price lists');
SELECT is(pg_temp.told($$SELECT erp.put_price_rules('EV', 'rules', '[{"list": "L", "item": "SV", "price": 10}]')$$), 'prices_changed {"call": "put_price_rules", "lists": ["L"]}', 'their rules');
SELECT is(pg_temp.told($$SELECT erp.change_prices('EV', 'dry', '{"list": "L", "percent": 5, "dry_run": true}')$$), NULL, 'a dry run tells nothing');
SELECT is(pg_temp.told($$SELECT erp.change_prices('EV', 'wet', '{"list": "L", "percent": 5}')$$), 'prices_changed {"call": "change_prices", "lists": ["L"]}', 'prices changed at once');
SELECT is(pg_temp.told($$SELECT erp.put_tax_codes('EV', 'taxes', '[{"code": "VAT", "name": "VAT", "rates": [{"from": "2026-01-01", "rate": 0.2}]}]')$$), 'tax_code_changed {"call": "put_tax_codes", "codes": ["VAT"]}', 'tax codes');
SELECT is(pg_temp.told($$SELECT erp.put_sales_teams('EV', 'teams', '[{"code": "T", "name": "Team"}]')$$), NULL, 'a call without a topic');
SELECT is(pg_temp.told($$SELECT erp.post_document('EV', '{"key": "i1", "kind": "sales_invoice", "day": "2026-02-02", "party": "C1", "tax_code": "VAT", "lines": [{"item": "SV", "amount": 40}, {"item": "SV", "amount": 10}]}')$$), NULL, 'an invoice writes none by itself');
-- Money: 60.00 are owed.
SELECT is(pg_temp.post('d1', 'customer_deposit', '"party": "C1", "lines": [{"amount": 25}]'),
	'deposit_posted {"day": "2026-02-03", "kind": "customer_deposit", "party": "C1", "total": 25, "currency": "GBP", "document": "d1"}', 'a deposit');
SELECT is(pg_temp.post('d1', 'customer_deposit', '"party": "C1", "lines": [{"amount": 25}]'), NULL, 'once');
SELECT is(pg_temp.post('r1', 'customer_deposit_refund', '"party": "C1", "lines": [{"amount": 5}]'),
	'deposit_refunded {"day": "2026-02-03", "kind": "customer_deposit_refund", "party": "C1", "total": 5, "currency": "GBP", "document": "r1"}', 'a deposit paid back');
SELECT is(pg_temp.post('p1', 'customer_payment', '"party": "C1", "settles": [{"key": "i1"}], "lines": [{"amount": 15.5}]'),
	'payment_posted {"day": "2026-02-03", "kind": "customer_payment", "party": "C1", "total": 15.5, "currency": "GBP", "document": "p1"}
settlement_changed {"day": "2026-02-03", "kind": "settlement"} p1', 'a payment, and what it settles, caused by it');
SELECT is(pg_temp.post('p2', 'customer_payment', '"party": "C1", "lines": [{"amount": 4.5}]'),
	'payment_posted {"day": "2026-02-03", "kind": "customer_payment", "party": "C1", "total": 4.5, "currency": "GBP", "document": "p2"}', 'a payment on account');
SELECT is(pg_temp.told($$SELECT erp.settle('EV', 's1', '{"day": "2026-02-04", "items": [{"key": "i1"}, {"key": "p2"}]}')$$),
	'settlement_changed {"day": "2026-02-04", "kind": "settlement"} s1', 'a settlement, caused by its call');
SELECT is(pg_temp.told($$SELECT erp.unsettle('EV', 'u1', '{"day": "2026-02-05", "key": "s1"}')$$),
	'settlement_changed {"day": "2026-02-05", "kind": "settlement"} u1', 'and what undoes it');
SELECT is(pg_temp.told($$SELECT erp.reverse_document('EV', '{"key": "x1", "reverses": "p2", "day": "2026-02-06"}')$$),
	'document_reversed {"day": "2026-02-06", "kind": "customer_payment", "total": -4.5, "currency": "GBP", "document": "x1", "reverses": "p2"}', 'a payment that is reversed');
SELECT is(pg_temp.post('p3', 'supplier_payment', '"party": "S1", "lines": [{"amount": 7}]'),
	'payment_posted {"day": "2026-02-03", "kind": "supplier_payment", "party": "S1", "total": 7, "currency": "GBP", "document": "p3"}', 'money paid');
SELECT is(pg_temp.post('f1', 'customer_refund', '"party": "C1", "lines": [{"amount": 1}]'),
	'refund_posted {"day": "2026-02-03", "kind": "customer_refund", "party": "C1", "total": 1, "currency": "GBP", "document": "f1"}', 'money paid back');
-- 10.00 and 20% of it.
SELECT is(pg_temp.post('c1', 'credit_note', '"party": "C1", "tax_code": "VAT", "lines": [{"item": "SV", "amount": 10}]'),
	'credit_note_posted {"day": "2026-02-03", "kind": "credit_note", "party": "C1", "total": 12, "currency": "GBP", "document": "c1"}', 'a credit note, with its tax');
SELECT is(pg_temp.told($$SELECT erp.post_documents('EV', '[{"key": "m1", "kind": "customer_payment", "day": "2026-02-03", "party": "C1", "lines": [{"amount": 1}]},
	{"key": "m2", "kind": "sales_invoice", "day": "2026-02-03", "party": "C1", "lines": [{"item": "SV", "amount": 1}]}, {"key": "p1", "kind": "customer_payment", "day": "2026-02-03", "party": "C1", "settles": [{"key": "i1"}], "lines": [{"amount": 15.5}]},
	{"key": "m3", "kind": "bad_debt", "day": "2026-02-03", "party": "C1", "lines": [{"amount": 2}]}]')$$),
	'payment_posted {"day": "2026-02-03", "kind": "customer_payment", "party": "C1", "total": 1, "currency": "GBP", "document": "m1"}
bad_debt_posted {"day": "2026-02-03", "kind": "bad_debt", "party": "C1", "total": 2, "currency": "GBP", "document": "m3"}', 'of many documents in one call those that are new');
-- What is not committed is not told.
SELECT is(pg_temp.told($$SELECT erp.dry_run('EV', '{"key": "y1", "kind": "customer_payment", "day": "2026-02-03", "party": "C1", "lines": [{"amount": 1}]}')$$), NULL, 'a dry run tells nothing');
SELECT is(pg_temp.refused($$SELECT pg_temp.post('y2', 'customer_payment', '"party": "C1", "settles": [{"key": "i1"}], "lines": [{"amount": 1000}, {"amount": -1}]')$$), 'LE011', 'nor what is refused');
SELECT is(pg_temp.events(), NULL, 'for which nothing came');
-- Every kind of money, and nothing that moves goods, has its topic.
SELECT is_empty($$SELECT kind FROM erp.document_kind WHERE event_topic = '' AND kind ~ '(payment|refund|deposit|credit_note|settlement)'$$, 'every kind of money tells');
SELECT is_empty($$SELECT kind FROM erp.document_kind WHERE event_topic <> '' AND 'stock' = ANY (modules) AND kind NOT IN ('credit_note', 'supplier_credit_note')$$, 'no other that moves goods does');
SELECT is_empty($$SELECT e.call FROM erp_private.call_event e WHERE NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = 'erp'::regnamespace AND p.proname = e.call)$$, 'calls with a topic are there');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
