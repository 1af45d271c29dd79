\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
\set story_file :srcdir '/test/history/story.sql'
BEGIN;
\i :company_file
\i :story_file
-- Stories of orders that are cancelled, at every stage, each in a company that earns with the invoice and in one that earns with the shipment, its books worked out by hand.
-- An order's line: status, quantity, shipped, billed, returned, reserved, required. All orders are of 5 of 10 chairs, which cost 30.00 and are sold for 50.00: 250.00 and VAT 50.00.
SELECT plan(53);
CREATE FUNCTION pg_temp.start(p_story text) RETURNS void LANGUAGE sql AS $$
	SELECT trial.open_story(p_story, 10);
	SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 5, "price": 50}]}') FROM trial.both(p_story) c;
$$;
CREATE FUNCTION pg_temp.ship(p_company text) RETURNS jsonb LANGUAGE sql AS $$ SELECT erp.ship_order(p_company, 's1', '{"order": "SO1", "day": "2026-02-03"}') $$;
CREATE FUNCTION pg_temp.bill(p_company text) RETURNS jsonb LANGUAGE sql AS $$ SELECT erp.invoice_orders(p_company, 'b1', '{"orders": ["SO1"], "day": "2026-02-04"}') $$;
CREATE FUNCTION pg_temp.pay(p_company text, p_key text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT trial.post(p_company, 'customer_payment', 'p1', '2026-02-05', 'ANNA', '[{"amount": 300}]', jsonb_build_object('settles', jsonb_build_array(jsonb_build_object('key', p_key)))::text)
$$;
CREATE FUNCTION pg_temp.cancel(p_company text, p_key text DEFAULT 'c1') RETURNS text LANGUAGE sql AS $$ SELECT trial.refused(format($c$SELECT erp.cancel_order(%L, %L, '{"order": "SO1", "reason": "no longer wanted"}')$c$, p_company, p_key)) $$;
-- All that was shipped and not billed comes back.
CREATE FUNCTION pg_temp.unship(p_company text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT trial.post(p_company, trial.by_way(p_company, 'shipment_return', 'sales_shipment_return'), 'u1', '2026-02-10', 'ANNA', '[{"item": "CHAIR", "quantity": 5, "origin": {"key": "s1/shipment", "line": 1}}]')
$$;
-- Nothing but the goods and what is owed for them: all is as it was.
CREATE FUNCTION pg_temp.nothing_left(p_company text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.books(p_company) || ' / ' || trial.owes(p_company, 'ANNA') || ' / '
		|| (SELECT count(*) FROM erp.reservation_list WHERE company = p_company) + (SELECT count(*) FROM erp.requirement_list WHERE company = p_company)
$$;
\set as_before '1200 300.00, 2100 -300.00 / nothing / 0'

-- Before anything: held for credit, nothing is reserved.
\o /dev/null
SELECT trial.open_story('HELD', 10);
SELECT erp.put_parties(c, 'limit', '[{"code": "ANNA", "name": "Anna", "roles": ["customer"], "credit_limit": 100, "credit_check": "hold"}]') FROM trial.both('HELD') c;
SELECT erp.place_order(c, 'o1', '{"order": "SO1", "party": "ANNA", "day": "2026-02-02", "tax_code": "VAT", "lines": [{"item": "CHAIR", "quantity": 5, "price": 50}]}') FROM trial.both('HELD') c;
\o
SELECT is(trial.order_of(c, 'SO1'), 'held: 1 held 5 0 0 0 0 0', 'held: ' || c) FROM trial.both('HELD') c;
SELECT is(pg_temp.cancel(c), 'accepted', 'held: cancelled: ' || c) FROM trial.both('HELD') c;
SELECT is(trial.order_of(c, 'SO1') || ' / ' || pg_temp.nothing_left(c), 'cancelled: 1 cancelled 0 0 0 0 0 0 / ' || :'as_before', 'held: nothing is left: ' || c) FROM trial.both('HELD') c;
SELECT is(pg_temp.cancel(c, 'c2'), 'LE272', 'held: nor is it cancelled twice: ' || c) FROM trial.both('HELD') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'held: the books are whole');

-- Reserved, in two steps: what is given back serves Ben, who waits for 2, when it is served.
\o /dev/null
SELECT pg_temp.start('KEPT');
SELECT erp.place_order(c, 'o2', '{"order": "BEN1", "party": "BEN", "day": "2026-02-02", "lines": [{"item": "CHAIR", "quantity": 7, "price": 50}]}') FROM trial.both('KEPT') c;
SELECT erp.cancel_order(c, 'c0', '{"order": "SO1", "reason": "fewer", "lines": [{"line": 1, "quantity": 2}]}') FROM trial.both('KEPT') c;
SELECT erp.serve_requirements(c) FROM trial.both('KEPT') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.order_of(c, 'BEN1'), 'confirmed: 1 ready 3 0 0 0 3 0 / confirmed: 1 ready 7 0 0 0 7 0', 'reserved: 2 of 5 are cancelled, and serve who waits: ' || c) FROM trial.both('KEPT') c;
SELECT is(pg_temp.cancel(c), 'accepted', 'reserved: all is cancelled: ' || c) FROM trial.both('KEPT') c;
\o /dev/null
SELECT erp.cancel_order(c, 'c2', '{"order": "BEN1", "reason": "nor he"}') FROM trial.both('KEPT') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || pg_temp.nothing_left(c), 'cancelled: 1 cancelled 0 0 0 0 0 0 / ' || :'as_before', 'reserved: nothing is left: ' || c) FROM trial.both('KEPT') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'reserved: the books are whole');

-- Partly shipped: 2 have left and are billed, 100.00 and VAT 20.00 at a cost of 60.00; 3 are cancelled.
\o /dev/null
SELECT pg_temp.start('PART');
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-02-03", "lines": [{"line": 1, "quantity": 2}]}') FROM trial.both('PART') c;
\o
SELECT is(pg_temp.cancel(c), 'accepted', 'partly shipped: the rest is cancelled: ' || c) FROM trial.both('PART') c;
SELECT is(trial.order_of(c, 'SO1'), 'confirmed: 1 shipped 2 2 0 0 0 0', 'partly shipped: it is of 2: ' || c) FROM trial.both('PART') c;
SELECT is(pg_temp.cancel(c, 'c2'), 'LE272', 'partly shipped: nothing else can be cancelled: ' || c) FROM trial.both('PART') c;
\o /dev/null
SELECT pg_temp.bill(c) FROM trial.both('PART') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || pg_temp.nothing_left(c), 'closed: 1 done 2 2 2 0 0 0 / 1100 120.00, 1200 240.00, 2100 -300.00, 2200 -20.00, 4000 -100.00, 5000 60.00 / b1/invoice 120.00 / 0', 'partly shipped: the books: ' || c) FROM trial.both('PART') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'partly shipped: the books are whole');

-- Shipped: it comes back first.
\o /dev/null
SELECT pg_temp.start('GONE');
SELECT pg_temp.ship(c) FROM trial.both('GONE') c;
\o
SELECT is(pg_temp.cancel(c), 'LE272', 'shipped: nothing is left to cancel: ' || c) FROM trial.both('GONE') c;
SELECT is((SELECT count(*) FROM erp.outbox JOIN erp.company f USING (company_id) WHERE f.code = c AND topic = 'order_cancelled'), 0::bigint, 'shipped: and no event says so: ' || c) FROM trial.both('GONE') c;
\o /dev/null
SELECT pg_temp.unship(c) FROM trial.both('GONE') c;
\o
SELECT is(pg_temp.cancel(c, 'c2'), 'accepted', 'shipped: what is back is cancelled: ' || c) FROM trial.both('GONE') c;
SELECT is(trial.order_of(c, 'SO1') || ' / ' || pg_temp.nothing_left(c), 'cancelled: 1 cancelled 0 0 0 0 0 0 / ' || :'as_before', 'shipped: nothing is left: ' || c) FROM trial.both('GONE') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'shipped: the books are whole');

-- Billed: the bill is taken back, then the goods.
\o /dev/null
SELECT pg_temp.start('BILL');
SELECT pg_temp.ship(c), pg_temp.bill(c) FROM trial.both('BILL') c;
\o
SELECT is(pg_temp.cancel(c), 'LE272', 'billed: a closed order is not cancelled: ' || c) FROM trial.both('BILL') c;
\o /dev/null
SELECT trial.reverse(c, 'v1', 'b1/invoice', '2026-02-09') FROM trial.both('BILL') c;
SELECT pg_temp.unship(c) FROM trial.both('BILL') c;
\o
SELECT is(pg_temp.cancel(c, 'c2'), 'accepted', 'billed: unbilled and back, it is: ' || c) FROM trial.both('BILL') c;
SELECT is(trial.order_of(c, 'SO1') || ' / ' || pg_temp.nothing_left(c), 'cancelled: 1 cancelled 0 0 0 0 0 0 / ' || :'as_before', 'billed: nothing is left: ' || c) FROM trial.both('BILL') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'billed: the books are whole');

-- Paid: all comes back with a credit note, which is paid out; the order says that it was returned.
\o /dev/null
SELECT pg_temp.start('PAID');
SELECT pg_temp.ship(c), pg_temp.bill(c), pg_temp.pay(c, 'b1/invoice') FROM trial.both('PAID') c;
\o
SELECT is(pg_temp.cancel(c), 'LE272', 'paid: a closed order is not cancelled: ' || c) FROM trial.both('PAID') c;
\o /dev/null
SELECT trial.post(c, 'credit_note', 'n1', '2026-02-10', 'ANNA', format('[{"item": "CHAIR", "quantity": 5, "price": 50, "origin": {"key": "%s", "line": 1}}]', trial.by_way(c, 'b1/invoice', 's1/shipment')), '{"tax_code": "VAT"}') FROM trial.both('PAID') c;
SELECT trial.post(c, 'customer_refund', 'f1', '2026-02-11', 'ANNA', '[{"amount": 300}]', '{"settles": [{"key": "n1"}]}') FROM trial.both('PAID') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || pg_temp.nothing_left(c), 'closed: 1 returned 5 5 5 5 0 0 / ' || :'as_before', 'paid: the money and the goods are back: ' || c) FROM trial.both('PAID') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'paid: the books are whole');

-- Billed ahead and paid, and never shipped: the bill is taken back, the money paid back, the order cancelled.
\o /dev/null
SELECT pg_temp.start('SOON');
SELECT trial.post(c, 'sales_invoice', 'a1', '2026-02-03', 'ANNA', '[{"role": "invoiced", "item": "CHAIR", "quantity": 5, "price": 50, "demand": {"key": "SO1", "line": 1}}]', '{"tax_code": "VAT"}') FROM trial.both('SOON') c;
SELECT pg_temp.pay(c, 'a1') FROM trial.both('SOON') c;
\o
SELECT is(pg_temp.cancel(c), 'LE272', 'billed ahead: what is billed is not cancelled: ' || c) FROM trial.both('SOON') c;
\o /dev/null
SELECT erp.unsettle(c, 'un', '{"day": "2026-02-09", "key": "p1"}') FROM trial.both('SOON') c;
SELECT trial.reverse(c, 'v1', 'a1', '2026-02-09') FROM trial.both('SOON') c;
SELECT trial.post(c, 'customer_refund', 'f1', '2026-02-10', 'ANNA', '[{"amount": 300}]', '{"settles": [{"key": "p1"}]}') FROM trial.both('SOON') c;
\o
SELECT is(pg_temp.cancel(c, 'c2'), 'accepted', 'billed ahead: unbilled, it is: ' || c) FROM trial.both('SOON') c;
SELECT is(trial.order_of(c, 'SO1') || ' / ' || pg_temp.nothing_left(c), 'cancelled: 1 cancelled 0 0 0 0 0 0 / ' || :'as_before', 'billed ahead: nothing is left: ' || c) FROM trial.both('SOON') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'billed ahead: the books are whole');
SELECT * FROM finish();
ROLLBACK;
