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
-- What happens to orders on their way: held after a change, cancelled while somebody is to sign them, approved by their discounts, with long keys, in another unit, with gifts that come back; figures by hand.
-- An order's line: status, quantity, shipped, billed, returned, reserved, required. Every chair costs 30.00.
SELECT plan(40);
CREATE SEQUENCE pg_temp.call;
CREATE FUNCTION pg_temp.call(p_company text, p_call text, p_request text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE answer jsonb;
BEGIN
	EXECUTE format('SELECT erp.%I(%L, %L, %L)', p_call, p_company, 'c' || nextval('pg_temp.call'), p_request) INTO answer;
	RETURN answer;
END $$;
CREATE FUNCTION pg_temp.place(p_company text, p_order text, p_lines text, p_more text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.call(p_company, 'place_order', ('{"party": "ANNA", "day": "2026-02-02"}'::jsonb || jsonb_build_object('order', p_order, 'lines', p_lines::jsonb) || p_more::jsonb)::text) ->> 'state'
$$;
CREATE FUNCTION pg_temp.approval(p_company text, p_order text) RETURNS text LANGUAGE sql AS $$
	SELECT erp_private.approval_state(c.company_id, 'sales_order', p_order) FROM erp.company c WHERE c.code = p_company
$$;
-- Held: an order that a change brings beyond the limit of 100.00 keeps the 2 that it has; 3 more are not reserved before it is let go, and by then BEN has them.
\o /dev/null
SELECT trial.open_story('HOLD', 10);
SELECT pg_temp.call('HOLD-I', 'put_parties', '[{"code": "ANNA", "name": "Anna", "roles": ["customer"], "credit_limit": 100, "credit_check": "hold"}]');
SELECT pg_temp.place('HOLD-I', 'H1', '[{"item": "CHAIR", "quantity": 2, "price": 30}]');
\o
SELECT is(pg_temp.call('HOLD-I', 'change_order', '{"order": "H1", "day": "2026-02-03", "lines": [{"line": 1, "quantity": 5}]}') ->> 'state', 'held', 'beyond the limit');
SELECT is(trial.order_of('HOLD-I', 'H1'), 'held: 1 held 5 0 0 0 2 0', 'it keeps what it has, and no more');
SELECT is(pg_temp.place('HOLD-I', 'B1', '[{"item": "CHAIR", "quantity": 8, "price": 50}]', '{"party": "BEN"}'), 'confirmed', 'another order');
SELECT is(trial.order_of('HOLD-I', 'B1'), 'confirmed: 1 ready 8 0 0 0 8 0', 'has the rest');
SELECT is(pg_temp.call('HOLD-I', 'release_order', '{"order": "H1", "reason": "paid"}') ->> 'state', 'confirmed', 'let go');
SELECT is(trial.order_of('HOLD-I', 'H1'), 'confirmed: 1 back-order 5 0 0 0 2 3', 'what is new is reserved or required then');
\o /dev/null
SELECT pg_temp.call('HOLD-I', 'change_order', '{"order": "H1", "day": "2026-02-03", "lines": [{"line": 1, "price": 40}]}');
\o
SELECT is(trial.order_of('HOLD-I', 'H1'), 'held: 1 held 5 0 0 0 2 3', 'held again, it keeps what is required, too');
\o /dev/null
SELECT pg_temp.call('HOLD-I', 'change_order', '{"order": "H1", "day": "2026-02-03", "lines": [{"line": 1, "quantity": 1}]}');
\o
SELECT is(trial.order_of('HOLD-I', 'H1') || ' / ' || trial.order_of('HOLD-I', 'B1'), 'confirmed: 1 ready 1 0 0 0 1 0 / confirmed: 1 ready 8 0 0 0 8 0', 'within the limit, what is too much is given back');
-- Approval: 500.00 and more, or more than 15% less.
\o /dev/null
SELECT trial.open_story('SIGN', 10);
SELECT pg_temp.call('SIGN-I', 'put_approval_rules', format('[{"code": "BIG", "kind": "sales_order", "own": true, "when": [{"field": "amount", "from": 500}], "steps": [{"signers": [{"person": "%1$s"}]}]}, {"code": "LESS", "kind": "sales_order", "own": true, "when": [{"field": "discount_percent", "above": 15}], "steps": [{"signers": [{"person": "%1$s"}]}]}]', current_user));
\o
SELECT is(pg_temp.place('SIGN-I', 'S1', '[{"item": "CHAIR", "quantity": 4, "price": 200}]'), 'pending', 'a large order waits');
SELECT is(pg_temp.call('SIGN-I', 'cancel_order', '{"order": "S1", "reason": "no longer wanted"}') ->> 'state', 'cancelled', 'and is cancelled before anybody has signed');
SELECT is(pg_temp.approval('SIGN-I', 'S1') || ' / ' || (SELECT count(*) FROM erp.approval_inbox WHERE company = 'SIGN-I'), 'withdrawn / 0', 'nobody is asked any more');
SELECT is(trial.refused($$SELECT pg_temp.call('SIGN-I', 'approve', '{"kind": "sales_order", "subject": "S1"}')$$), 'LE250', 'nor can sign');
\o /dev/null
SELECT pg_temp.place('SIGN-I', 'S2', '[{"item": "CHAIR", "quantity": 4, "price": 200}]');
SELECT pg_temp.call('SIGN-I', 'cancel_order', '{"order": "S2", "reason": "one less", "lines": [{"line": 1, "quantity": 1}]}');
\o
SELECT is(pg_temp.approval('SIGN-I', 'S2'), 'pending', 'what is cancelled in part waits still');
-- 10% of a line and 10% of the whole are 19%; 18.00 of 100.00 are 18%, 5.00 and then 10.00 of 95.00 are 15%.
SELECT is(pg_temp.place('SIGN-I', 'D1', '[{"item": "FIT", "amount": 100, "discount_percent": 10}]', '{"discount_percent": 10}'), 'pending', 'discounts of line and whole together');
SELECT is(pg_temp.place('SIGN-I', 'D2', '[{"item": "FIT", "amount": 100}]', '{"discount_percent": 16}'), 'pending', 'of the whole alone');
SELECT is(pg_temp.place('SIGN-I', 'D3', '[{"item": "FIT", "amount": 60}, {"item": "CHAIR", "quantity": 2, "price": 20}]', '{"discount": 18}'), 'pending', 'as an amount');
SELECT is(pg_temp.place('SIGN-I', 'D4', '[{"item": "FIT", "amount": 100, "discount": 5}]', '{"discount": 10}'), 'confirmed', 'no more than 15%');
SELECT is(pg_temp.place('SIGN-I', 'D5', '[{"item": "FIT", "amount": 100, "discount": 5}]', '{"discount": "10.01"}'), 'pending', 'a cent more');
SELECT is(pg_temp.place('SIGN-I', 'D6', '[{"item": "FIT", "amount": 100}]'), 'confirmed', 'none');
-- A change is signed as an order is: 3 chairs for 300.00 become 3 for 600.00.
\o /dev/null
SELECT pg_temp.place('SIGN-I', 'C1', '[{"item": "CHAIR", "quantity": 3, "price": 100}]');
SELECT pg_temp.call('SIGN-I', 'change_order', '{"order": "C1", "day": "2026-02-03", "lines": [{"line": 1, "price": 200}]}');
\o
SELECT is(trial.order_of('SIGN-I', 'C1') || ' / ' || pg_temp.approval('SIGN-I', 'C1'), 'pending: 1 pending 3 0 0 0 3 0 / pending', 'it waits, and keeps what is reserved');
SELECT is(trial.refused($$SELECT pg_temp.call('SIGN-I', 'ship_order', '{"order": "C1", "day": "2026-02-03"}')$$), 'LE272', 'nothing leaves before it is signed');
\o /dev/null
SELECT pg_temp.call('SIGN-I', 'approve', '{"kind": "sales_order", "subject": "C1"}');
\o
SELECT is(trial.order_of('SIGN-I', 'C1'), 'confirmed: 1 ready 3 0 0 0 3 0', 'signed');
\o /dev/null
SELECT pg_temp.call('SIGN-I', 'change_order', '{"order": "C1", "day": "2026-02-03", "lines": [{"line": 1, "price": 300}]}');
SELECT pg_temp.call('SIGN-I', 'refuse_approval', '{"kind": "sales_order", "subject": "C1", "reason": "too much"}');
\o
SELECT is(trial.order_of('SIGN-I', 'C1') || ' / ' || (SELECT count(*) FROM erp.reservation_list WHERE company = 'SIGN-I' AND demand = 'C1'), 'cancelled: 1 cancelled 0 0 0 0 0 0 / 0', 'a change that is refused ends the order, and frees its goods');
-- Keys of 200 characters, also of three bytes each.
\o /dev/null
SELECT trial.open_story('LONG', 20);
\o
SELECT lives_ok(format($$SELECT erp.place_order('LONG-I', %L, '{"order": "L1", "party": "ANNA", "day": "2026-02-02", "lines": [{"item": "CHAIR", "quantity": 3, "price": 50}]}')$$, repeat('o', 200)), 'an order');
SELECT is((SELECT length(s #>> '{shipment,key}') || ' ' || right(s #>> '{shipment,key}', 9) FROM erp.ship_order('LONG-I', repeat('s', 200), '{"order": "L1", "day": "2026-02-03"}') s), '99 /shipment', 'its shipment');
SELECT is((SELECT left(s #>> '{invoice,key}', 26) || right(s #>> '{invoice,key}', 8) FROM erp.invoice_orders('LONG-I', repeat('i', 181), '{"orders": ["L1"], "day": "2026-02-03"}') s), repeat('i', 25) || ' /invoice', 'its invoice');
SELECT is((SELECT s #>> '{returns,0,key}' FROM erp.return_order('LONG-I', repeat('r', 180), '{"order": "L1", "day": "2026-02-03", "outcome": "refund", "lines": [{"line": 1, "quantity": 1}]}') s), repeat('r', 180) || '/return', 'a key of 180 bytes stays as it is');
SELECT is((SELECT left(s #>> '{payment,key}', 26) || right(s #>> '{payment,key}', 8) FROM erp.order_to_cash('LONG-I', repeat('键', 200), '{"order": "L2", "party": "ANNA", "day": "2026-02-03", "lines": [{"item": "CHAIR", "quantity": 1, "price": 50}], "payment": {}}') s), repeat('键', 25) || ' /payment', 'over the counter');
SELECT is((SELECT count(DISTINCT key) FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'LONG-I' AND key ~ '/(shipment|invoice|return|payment)$'), 5::bigint, 'each has its own');
-- Crates of 12 at 120.00 each: 6 of 24 pieces are 60.00; then 3 crates, of which 30 pieces are left, 300.00; 12 come back for 120.00.
\o /dev/null
SELECT trial.open_story('CRATE', 40);
SELECT pg_temp.call(c, 'put_units', '[{"code": "crate", "name": "Crate"}]') FROM unnest(ARRAY['CRATE-I']) c;
SELECT pg_temp.call(c, 'put_items', '[{"code": "CUP", "name": "Cup", "kind": "stock", "unit": "piece", "method": "fifo"}]') FROM trial.both('CRATE') c;
SELECT pg_temp.call(c, 'put_item_units', '[{"item": "CUP", "unit": "crate", "numerator": 12}]') FROM trial.both('CRATE') c;
SELECT trial.post(c, 'goods_receipt', 'r2', '2026-01-05', 'MILL', '[{"item": "CUP", "quantity": 40, "price": 3}]') FROM trial.both('CRATE') c;
SELECT pg_temp.place(c, 'U1', '[{"item": "CUP", "unit": "crate", "quantity": 2, "price": 120}]') FROM trial.both('CRATE') c;
SELECT pg_temp.call(c, 'ship_order', '{"order": "U1", "day": "2026-02-03", "lines": [{"line": 1, "quantity": 6}]}') FROM trial.both('CRATE') c;
SELECT erp.invoice_orders(c, 'u1', '{"orders": ["U1"], "day": "2026-02-04"}') FROM trial.both('CRATE') c;
SELECT pg_temp.call(c, 'change_order', '{"order": "U1", "day": "2026-02-05", "lines": [{"line": 1, "quantity": 3}]}') FROM trial.both('CRATE') c;
SELECT pg_temp.call(c, 'ship_order', '{"order": "U1", "day": "2026-02-06"}') FROM trial.both('CRATE') c;
SELECT erp.invoice_orders(c, 'u2', '{"orders": ["U1"], "day": "2026-02-07"}') FROM trial.both('CRATE') c;
SELECT erp.return_order(c, 'u3', '{"order": "U1", "day": "2026-02-08", "outcome": "refund", "lines": [{"line": 1, "quantity": 12}]}') FROM trial.both('CRATE') c;
\o
SELECT is(trial.order_of(c, 'U1') || ' / ' || trial.owes(c, 'ANNA'), 'closed: 1 done 36 36 36 12 0 0 / u1/invoice 60.00, u2/invoice 300.00, u3/return -120.00', 'in crates: ' || c) FROM trial.both('CRATE') c;
-- Gifts that come back: the one that is not billed by its shipment's return, others by a credit note of nothing; what they cost comes back with them.
\o /dev/null
SELECT trial.open_story('GIFTS', 10);
SELECT pg_temp.place(c, 'G1', '[{"item": "CHAIR", "quantity": 2, "price": 50}, {"item": "CHAIR", "quantity": 3, "role": "free"}]') FROM trial.both('GIFTS') c;
SELECT pg_temp.call(c, 'ship_order', '{"order": "G1", "day": "2026-02-03"}') FROM trial.both('GIFTS') c;
SELECT pg_temp.call(c, 'return_order', '{"order": "G1", "day": "2026-02-04", "outcome": "refund", "lines": [{"line": 2, "quantity": 1}]}') FROM trial.both('GIFTS') c;
SELECT pg_temp.call(c, 'invoice_orders', '{"orders": ["G1"], "day": "2026-02-05"}') FROM trial.both('GIFTS') c;
\o
-- 2 sold and 2 given away; where the shipment earns, all 3 were given away with it and one came back.
SELECT is(trial.order_of(c, 'G1') || ' / ' || trial.books(c), trial.by_way(c, 'closed: 1 done 2 2 2 0 0 0, 2 done 2 2 2 0 0 0', 'closed: 1 done 2 2 2 0 0 0, 2 done 3 3 3 1 0 0') || ' / 1100 100.00, 1200 180.00, 2100 -300.00, 4000 -100.00, 5000 60.00, 5100 60.00', 'a gift comes back: ' || c) FROM trial.both('GIFTS') c;
SELECT is((SELECT string_agg(e.value ->> 'kind', ', ') FROM jsonb_array_elements(pg_temp.call(c, 'return_order', '{"order": "G1", "day": "2026-02-06", "outcome": "refund", "lines": [{"line": 1, "quantity": 1}, {"line": 2, "quantity": 2}]}') -> 'returns') AS e (value)), 'credit_note', 'and with it what was sold: ' || c) FROM trial.both('GIFTS') c;
SELECT is(trial.books(c), '1100 50.00, 1200 270.00, 2100 -300.00, 4000 -50.00, 5000 30.00', 'nothing is given away any more: ' || c) FROM trial.both('GIFTS') c;
SELECT is(trial.refused(format($$SELECT pg_temp.call(%L, 'return_order', '{"order": "G1", "day": "2026-02-06", "outcome": "refund", "lines": [{"line": 2, "quantity": 1}]}')$$, c)), 'LE290', 'no more than was given: ' || c) FROM trial.both('GIFTS') c;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
