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
-- Orders: placed, reserved, short, held, cancelled, served by what is posted for them, and the sale over the counter.
SELECT plan(71);
CREATE FUNCTION pg_temp.place(p_key text, p_more jsonb, p_lines jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.place_order('ORD', p_key, ('{"party": "C1", "day": "2009-02-02"}'::jsonb || p_more || jsonb_build_object('lines', p_lines))::text::json)
$$;
CREATE FUNCTION pg_temp.lines(p_order text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', line_no, status, trim_scale(quantity - cancelled), trim_scale(shipped), trim_scale(billed), trim_scale(reserved), trim_scale(required)), ', ' ORDER BY line_no)
	FROM erp.order_lines WHERE company = 'ORD' AND order_code = p_order
$$;
CREATE FUNCTION pg_temp.state(p_order text) RETURNS text LANGUAGE sql AS $$SELECT state FROM erp.order_list WHERE company = 'ORD' AND order_code = p_order$$;
CREATE FUNCTION pg_temp.post(p_kind text, p_key text, p_day date, p_lines jsonb, p_more jsonb DEFAULT '{"party": "C1"}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('ORD', (jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'lines', p_lines) || p_more)::text::json)
$$;
CREATE FUNCTION pg_temp.events(p_order text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(topic, ', ' ORDER BY event_id) FROM erp.outbox o JOIN erp.company c USING (company_id) WHERE c.code = 'ORD' AND payload ->> 'order' = p_order
$$;
CREATE FUNCTION pg_temp.history(p_order text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(e.to_state, ', ' ORDER BY e.event_no) FROM erp.state_event e JOIN erp.order_list o ON o.sales_order_id = e.subject_id WHERE e.kind = 'sales_order' AND o.company = 'ORD' AND o.order_code = p_order
$$;
\o /dev/null
SELECT trial.make_company('ORD');
SELECT trial.receive('ORD', 'r1', '2009-01-05', 'F', 10, 100);
SELECT trial.receive('ORD', 'r2', '2009-01-05', 'A', 4, 20);
\o
-- 6 of 10 at 15.00 and a service of 20.00 with 15% VAT: 110.00 net, 126.50.
SELECT is(pg_temp.place('o1', '{"order": "SO1", "tax_code": "VAT"}', '[{"item": "F", "quantity": 6, "price": 15}, {"item": "SV", "amount": 20}]'),
	'{"order": "SO1", "state": "confirmed", "total": 126.5, "lines": [{"line": 1, "amount": 90, "quantity": 6, "promise_day": "2009-02-02", "reserved": 6}, {"line": 2, "amount": 20, "quantity": 1}]}',
	'an order is computed as its invoice will be, and its goods are reserved');
SELECT is(pg_temp.lines('SO1'), '1 ready 6 0 0 6 0, 2 ready 1 0 0 0 0', 'all of it is ready');
SELECT is(trial.balance('ORD', '1100'), 0.00, 'nothing is posted');
SELECT is(pg_temp.events('SO1'), 'order_confirmed', 'an event says so');
-- 5 more of which 4 are there; the fifth waits.
SELECT is(pg_temp.place('o2', '{"party": "C2"}', '[{"item": "F", "quantity": 5, "price": 14}]') #>> '{lines,0,short}', '1', 'what is short is said');
SELECT is(pg_temp.lines('o2') || ' / ' || (SELECT string_agg(demand || ' ' || trim_scale(quantity), ', ') FROM erp.requirement_list WHERE company = 'ORD'), '1 back-order 5 0 0 4 1 / o2 1', 'and required');
SELECT is(trial.refused($$SELECT pg_temp.place('x', '{"short": "refuse"}', '[{"item": "F", "quantity": 1, "price": 14}]')$$), 'LE273', 'an order that must not wait is refused');
SELECT is(pg_temp.place('o3', '{"short": "accept"}', '[{"item": "F", "quantity": 1, "price": 14}]') ->> 'state', 'confirmed', 'one that may wait for nothing is taken');
SELECT is(pg_temp.lines('o3'), '1 open 1 0 0 0 0', 'nothing is done for it');
-- Goods come: the back-order is served, its event goes out.
\o /dev/null
SELECT trial.receive('ORD', 'r3', '2009-02-03', 'F', 2, 24);
\o
SELECT is(pg_temp.lines('o2'), '1 ready 5 0 0 5 0', 'what arrives serves the order that waits');
-- SO1 is served in two deliveries by invoices that name it. 4 of 6: 60.00 and the service.
\o /dev/null
SELECT pg_temp.post('sales_invoice', 'i1', '2009-02-04', '[{"item": "F", "quantity": 4, "price": 15, "demand": {"key": "SO1", "line": 1}}, {"item": "SV", "amount": 20, "demand": {"key": "SO1", "line": 2}}]');
\o
SELECT is(pg_temp.lines('SO1') || ' / ' || pg_temp.state('SO1'), '1 partly shipped 6 4 4 2 0, 2 done 1 1 1 0 0 / confirmed', 'a first delivery');
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x', '2009-02-04', '[{"item": "F", "quantity": 3, "price": 15, "demand": {"key": "SO1", "line": 1}}]')$$), 'LE271', 'no more is shipped than was ordered');
\o /dev/null
SELECT pg_temp.post('sales_invoice', 'i2', '2009-02-05', '[{"item": "F", "quantity": 2, "price": 15, "demand": {"key": "SO1"}}]');
\o
SELECT is(pg_temp.lines('SO1') || ' / ' || pg_temp.state('SO1'), '1 done 6 6 6 0 0, 2 done 1 1 1 0 0 / closed', 'the last delivery closes the order');
SELECT is(pg_temp.history('SO1'), 'confirmed, closed', 'its history says so');
SELECT is(pg_temp.events('SO1'), 'order_confirmed, order_shipped, order_billed, order_shipped, order_billed', 'and its events');
\o /dev/null
SELECT trial.reverse('ORD', 'i2 back', 'i2', '2009-02-06');
\o
SELECT is(pg_temp.lines('SO1') || ' / ' || pg_temp.state('SO1'), '1 partly shipped 6 4 4 2 0, 2 done 1 1 1 0 0 / confirmed', 'what is reversed is to be delivered again, and reserved');
-- The rest is given up.
SELECT is(erp.cancel_order('ORD', 'c1', '{"order": "SO1", "reason": "no longer wanted"}') ->> 'state', 'closed', 'what is not delivered is cancelled; the order is closed');
SELECT is(pg_temp.lines('SO1'), '1 done 4 4 4 0 0, 2 done 1 1 1 0 0', 'it was of 4');
SELECT is(trial.refused($$SELECT erp.cancel_order('ORD', 'x', '{"order": "SO1", "reason": "again"}')$$), 'LE272', 'nothing is left to cancel');
-- What comes back: the order knows.
\o /dev/null
SELECT pg_temp.post('credit_note', 'cn1', '2009-02-07', '[{"item": "F", "quantity": 1, "price": 15, "origin": {"key": "i1", "line": 1}}]');
\o
SELECT is((SELECT trim_scale(returned) FROM erp.order_lines WHERE company = 'ORD' AND order_code = 'SO1' AND line_no = 1), 1::numeric, 'what comes back is the order''s');
-- What is short is shipped from elsewhere, by a document that names it: it is not required any more.
\o /dev/null
SELECT pg_temp.place('o6', '{"party": "C1"}', '[{"item": "FW", "quantity": 3, "price": 14}]');
SELECT erp.post_document('ORD', '{"key": "gain", "kind": "stock_gain", "day": "2009-02-02", "lines": [{"item": "FW", "quantity": 2, "cost": 5}]}');
SELECT erp.move_reservation('ORD', '{"key": "away", "moves": [{"from": "o6", "from_line": 1, "to": "other", "to_line": 1, "item": "FW"}]}');
SELECT erp.release('ORD', '{"key": "away 2", "lines": [{"demand": "other"}]}');
\o
SELECT is(pg_temp.lines('o6'), '1 back-order 3 0 0 0 1', 'one of three is required, two were given away');
\o /dev/null
SELECT pg_temp.post('sales_invoice', 'i6', '2009-02-05', '[{"item": "FW", "quantity": 2, "price": 14, "demand": {"key": "o6"}}]', '{"party": "C1"}');
\o
SELECT is(pg_temp.lines('o6'), '1 partly shipped 3 2 2 0 1', 'two are delivered, the third is still required');
\o /dev/null
SELECT erp.post_document('ORD', '{"key": "gain 2", "kind": "stock_gain", "day": "2009-02-02", "lines": [{"item": "FW", "quantity": 1, "cost": 5, "warehouse": "NORTH", "state": "quarantine"}]}');
SELECT erp.post_document('ORD', '{"key": "free 2", "kind": "transfer", "day": "2009-02-03", "lines": [{"item": "FW", "quantity": 1, "warehouse": "NORTH", "state": "quarantine", "to_state": "", "to_warehouse": "NORTH"}]}');
\o
SELECT is(pg_temp.lines('o6'), '1 partly shipped 3 2 2 0 1', 'what is in another warehouse does not serve an order of MAIN');
\o /dev/null
SELECT pg_temp.post('sales_invoice', 'i7', '2009-02-05', '[{"item": "FW", "quantity": 1, "price": 14, "warehouse": "NORTH", "demand": {"key": "o6"}}]', '{"party": "C1"}');
\o
SELECT is(pg_temp.lines('o6'), '1 done 3 3 3 0 0', 'delivered from there, it is not required any more');
SELECT is((SELECT count(*) FROM erp.requirement_list WHERE company = 'ORD' AND demand = 'o6'), 0::bigint, 'nothing waits');
-- Cancelled before anything is delivered: reservations and requirements go.
SELECT is(erp.cancel_order('ORD', 'c2', '{"order": "o2", "reason": "found it elsewhere", "lines": [{"line": 1, "quantity": 2}]}') #> '{lines,0,quantity}', '3', '2 of 5 are cancelled');
SELECT is(pg_temp.lines('o2'), '1 ready 3 0 0 3 0', '3 are still reserved');
SELECT is(erp.cancel_order('ORD', 'c3', '{"order": "o2", "reason": "found it elsewhere"}') ->> 'state', 'cancelled', 'all of it is cancelled');
SELECT is((SELECT count(*) FROM erp.reservation_list WHERE company = 'ORD' AND demand = 'o2'), 0::bigint, 'nothing is reserved for it');
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'x', '2009-02-08', '[{"item": "F", "quantity": 1, "price": 15, "demand": {"key": "o2", "line": 1}}]', '{"party": "C2"}')$$), 'LE272', 'nothing is delivered for it');
SELECT is(trial.refused($$SELECT erp.cancel_order('ORD', 'x', '{"order": "o3", "reason": "x", "lines": [{"line": 2}]}')$$), 'LE012', 'a line that the order does not have');
SELECT is(trial.refused($$SELECT erp.cancel_order('ORD', 'x', '{"order": "o3", "reason": "x", "lines": [{"line": 1, "quantity": 2}]}')$$), 'LE271', 'more than it is of');
SELECT is(trial.refused($$SELECT erp.cancel_order('ORD', 'x', '{"order": "nothing", "reason": "x"}')$$), 'LE012', 'an order that is not there');
SELECT is(trial.refused($$SELECT pg_temp.place('x', '{"order": "SO1"}', '[{"item": "F", "quantity": 1, "price": 1}]')$$), 'LE270', 'a code that is in use');
SELECT is(pg_temp.place('o1', '{"order": "SO1", "tax_code": "VAT"}', '[{"item": "F", "quantity": 6, "price": 15}, {"item": "SV", "amount": 20}]') #>> '{lines,0,reserved}', '6', 'the same request again has its first answer');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- Credit. C3 may owe 100.00: 60.00 are ordered, then 50.00 are too much.
\o /dev/null
SELECT erp.put_parties('ORD', 'credit', '[{"code": "C3", "name": "Customer 3", "roles": ["customer"], "credit_limit": 100, "credit_check": "refuse"}]');
SELECT pg_temp.place('o4', '{"party": "C3"}', '[{"item": "A", "quantity": 3, "price": 20}]');
\o
SELECT is(trial.refused($$SELECT pg_temp.place('x', '{"party": "C3"}', '[{"item": "A", "quantity": 1, "price": 50}]')$$), 'LE123', 'orders that are not billed count');
\o /dev/null
SELECT pg_temp.post('sales_invoice', 'i4', '2009-02-09', '[{"item": "A", "quantity": 1, "price": 20, "demand": {"key": "o4", "line": 1}}]', '{"party": "C3"}');
\o
SELECT is(trial.refused($$SELECT pg_temp.place('x', '{"party": "C3"}', '[{"item": "A", "quantity": 1, "price": 41}]')$$), 'LE123', '20.00 owed and 40.00 on order: 41.00 are too much');
SELECT is(pg_temp.place('o5', '{"party": "C3"}', '[{"item": "A", "quantity": 1, "price": 40}]') ->> 'state', 'confirmed', 'and 40.00 are not');
-- Held for credit, and let go. C2 may owe 50.00.
\o /dev/null
SELECT erp.put_parties('ORD', 'hold', '[{"code": "C2", "name": "Customer 2", "roles": ["customer"], "credit_limit": 50, "credit_check": "hold"}]');
\o
SELECT is(pg_temp.place('h1', '{"party": "C2"}', '[{"item": "A", "quantity": 1, "price": 60}]') ->> 'state', 'held', 'an order beyond the limit is held');
SELECT is(pg_temp.lines('h1'), '1 held 1 0 0 0 0', 'and reserves nothing');
SELECT is(trial.refused($$SELECT erp.ship_order('ORD', 'x', '{"order": "h1", "day": "2009-02-09"}')$$), 'LE272', 'nor is it shipped');
SELECT is(erp.release_order('ORD', 'h2', '{"order": "h1", "reason": "the owner said so"}') ->> 'state', 'confirmed', 'until it is let go');
SELECT is(pg_temp.lines('h1') || ' / ' || pg_temp.history('h1') || ' / ' || pg_temp.events('h1'), '1 back-order 1 0 0 0 1 / held, confirmed / order_held, order_confirmed', 'with its history');
-- Changed: 1 becomes 3 at 20.00 and a service is added; then 2.
SELECT is(erp.change_order('ORD', 'h3', '{"order": "h1", "day": "2009-02-09", "lines": [{"line": 1, "quantity": 2, "price": 15}, {"item": "SV", "amount": 5}]}') #>> '{total}', '35', 'changed: 2 at 15.00 and a service');
SELECT is(pg_temp.lines('h1'), '1 back-order 2 0 0 0 2, 2 ready 1 0 0 0 0', 'the second is required, too');
SELECT is(erp.change_order('ORD', 'h4', '{"order": "h1", "day": "2009-02-09", "lines": [{"line": 1, "price": 40}]}') ->> 'state', 'held', 'beyond the limit again');
SELECT is(erp.change_order('ORD', 'h5', '{"order": "h1", "day": "2009-02-09", "lines": [{"line": 1, "quantity": 1}]}') ->> 'state', 'confirmed', 'and within it');
SELECT is((SELECT string_agg(demand || ' ' || trim_scale(quantity), ', ') FROM erp.requirement_list WHERE company = 'ORD' AND demand = 'h1'), 'h1 1', 'one is required');
SELECT is(trial.refused($$SELECT erp.change_order('ORD', 'x', '{"order": "h1", "day": "2009-02-09", "lines": [{"line": 3, "quantity": 1}]}')$$), 'LE012', 'a line that is not there');
SELECT is(trial.refused($$SELECT erp.change_order('ORD', 'x', '{"order": "o4", "day": "2009-02-09", "lines": [{"line": 1, "quantity": "0.5"}]}')$$), 'LE271', 'less than was shipped');
SELECT is(trial.refused($$SELECT erp.change_order('ORD', 'x', '{"order": "h1", "day": "2009-02-09", "lines": [{"line": 1, "item": "F"}]}')$$), 'LE271', 'another item');
\o /dev/null
SELECT erp.cancel_order('ORD', 'h6', '{"order": "h1", "reason": "enough"}');
SELECT erp.put_parties('ORD', 'free', '[{"code": "C2", "name": "Customer 2", "roles": ["customer"], "credit_check": "none"}]');
\o
SELECT is_empty($$SELECT * FROM erp.requirement_list WHERE company = 'ORD' AND demand = 'h1'$$, 'nothing is required for what is cancelled');
-- Approval: orders of 500.00 and more are signed.
\o /dev/null
SELECT erp.put_approval_rules('ORD', 'rule', format('[{"code": "BIG", "kind": "sales_order", "own": true, "when": [{"field": "amount", "from": 500}], "steps": [{"signers": [{"person": "%s"}]}]}]', current_user)::json);
\o
SELECT is(pg_temp.place('a1', '{}', '[{"item": "SV", "amount": 499}]') ->> 'state', 'confirmed', 'a small order needs no signature');
SELECT is(pg_temp.place('a2', '{}', '[{"item": "SV", "amount": 500}]') ->> 'state', 'pending', 'a large one waits for it');
\o /dev/null
SELECT erp.send_back('ORD', 'a3', '{"kind": "sales_order", "subject": "a2", "reason": "too little"}');
\o
SELECT is(pg_temp.state('a2'), 'returned', 'it may be sent back');
SELECT is(erp.change_order('ORD', 'a4', '{"order": "a2", "day": "2009-02-09", "lines": [{"line": 1, "amount": 600}]}') ->> 'state', 'pending', 'and is asked for again when it is changed');
\o /dev/null
SELECT erp.approve('ORD', 'a5', '{"kind": "sales_order", "subject": "a2"}');
\o
SELECT is(pg_temp.state('a2') || ' / ' || pg_temp.history('a2'), 'confirmed / pending, returned, pending, confirmed', 'signed, it is confirmed');
\o /dev/null
SELECT pg_temp.place('a6', '{}', '[{"item": "SV", "amount": 900}]');
SELECT erp.refuse_approval('ORD', 'a7', '{"kind": "sales_order", "subject": "a6", "reason": "no"}');
\o
SELECT is(pg_temp.state('a6'), 'cancelled', 'refused, it is cancelled');
-- The counter: 2 of F at 15.00 and tax, paid in cash.
SELECT sum(n_tup_upd) AS changed_before FROM pg_stat_xact_user_tables WHERE relid IN ('erp.sales_order'::regclass, 'erp.sales_order_line'::regclass) \gset
SELECT is(erp.order_to_cash('ORD', 'pos1', '{"party": "C2", "day": "2009-02-10", "tax_code": "VAT", "lines": [{"item": "F", "quantity": 2, "price": 15}], "payment": {"role": "bank"}}') #- '{invoice,document_id}' #- '{invoice,voucher_id}' #- '{payment,document_id}' #- '{payment,voucher_id}',
	'{"order": "pos1", "state": "closed", "total": 34.5, "lines": [{"line": 1, "amount": 30, "quantity": 2}], "invoice": {"key": "pos1/invoice"}, "payment": {"key": "pos1/payment"}}', 'a sale over the counter');
SELECT is(pg_temp.lines('pos1'), '1 done 2 2 2 0 0', 'delivered and billed');
SELECT is(pg_temp.history('pos1') || ' / ' || pg_temp.events('pos1'), 'confirmed, closed / order_shipped, order_billed', 'its history has both states, and what was done is told');
SELECT is((SELECT sum(n_tup_upd) FROM pg_stat_xact_user_tables WHERE relid IN ('erp.sales_order'::regclass, 'erp.sales_order_line'::regclass)), :changed_before::numeric, 'order and line are written once');
SELECT is(trial.refused($$INSERT INTO erp.sales_order (company_id, sales_order_id, code, state, party_id, day, currency_id, rate, total, company_total, placed_by)
	SELECT company_id, sales_order_id + 1000000, 'direct', 'closed', party_id, day, currency_id, rate, total, company_total, placed_by FROM erp.sales_order WHERE code = 'pos1'$$), 'LE070', 'no other order begins closed');
SELECT is(trial.refused($$SELECT erp.order_to_cash('ORD', 'pos3', '{"party": "C2", "day": "2009-02-10", "lines": [{"item": "F", "quantity": 1, "price": 15, "schedule": [{"day": "2009-02-11", "quantity": 1}]}]}')$$), 'LE285', 'nor is it delivered on several days');
SELECT is(trial.refused($$SELECT pg_temp.post('sales_invoice', 'pos2/invoice', '2009-02-10', '[{"item": "SV", "amount": 1}]', '{"party": "C2"}'), erp.order_to_cash('ORD', 'pos2', '{"party": "C2", "day": "2009-02-10", "lines": [{"item": "SV", "amount": 1}]}')$$), 'LE020', 'nor billed by a document that is there');
SELECT is((SELECT coalesce(sum(open_amount), 0) FROM erp.open_items_by_party WHERE company = 'ORD' AND party_code = 'C2'), 0::numeric, 'and paid');
SELECT is(trial.balance('ORD', '1000'), 34.50, 'the money is in');
SELECT is(trial.refused($$SELECT erp.order_to_cash('ORD', 'x', '{"party": "C2", "day": "2009-02-10", "lines": [{"item": "F", "quantity": 100, "price": 15}]}')$$), 'LE050', 'what is not there is not sold');
SELECT is((SELECT count(*) FROM erp.order_list WHERE company = 'ORD' AND order_code = 'x'), 0::bigint, 'and nothing is left of it');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole after all');
SELECT * FROM finish();
ROLLBACK;
