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
-- Orders that are billed by milestones, in a company that earns with the invoice and in one that earns with the shipment; figures by hand.
-- An order's line: status, quantity, shipped, billed, returned, reserved, required.
SELECT plan(67);
CREATE FUNCTION pg_temp.place(p_company text, p_order text, p_lines text, p_milestones text, p_more text DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.place_order(p_company, p_order, ('{"party": "ANNA", "day": "2026-02-02"}'::jsonb || jsonb_build_object('order', p_order, 'lines', p_lines::jsonb, 'milestones', p_milestones::jsonb) || p_more::jsonb)::text::json)
$$;
CREATE FUNCTION pg_temp.bill(p_company text, p_key text, p_order text, p_day date, p_more text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(', ', (b #>> '{invoice,milestone}') || ' ' || (b #>> '{invoice,key}'), (SELECT string_agg((e.value ->> 'milestone') || ' ' || (e.value ->> 'key'), ', ') FROM jsonb_array_elements(b -> 'more_invoices') AS e (value)))
	FROM erp.invoice_orders(p_company, p_key, (jsonb_build_object('orders', jsonb_build_array(p_order), 'day', p_day) || p_more::jsonb)::text::json) b
$$;
CREATE FUNCTION pg_temp.plan(p_company text, p_order text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', code, amount::numeric(19, 2), state, invoice_key), ', ' ORDER BY milestone_no) FROM erp.order_milestones WHERE company = p_company AND order_code = p_order
$$;
CREATE FUNCTION pg_temp.wrong(p_milestones text, p_more text DEFAULT '{}', p_lines text DEFAULT '[{"item": "CHAIR", "quantity": 1, "price": 100}]') RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT pg_temp.place(%L, %L, %L, %L, %L)', 'MILE-I', 'x', p_lines, p_milestones, p_more))
$$;
\o /dev/null
SELECT trial.open_story('MILE', 10);
\o
-- What are no milestones of 100.00.
SELECT is(pg_temp.wrong('[{"code": "A", "percent": 50, "event": "order"}, {"code": "B", "percent": 49, "event": "manual"}]'), 'LE287', 'they do not add up');
SELECT is(pg_temp.wrong('[{"code": "A", "amount": 50, "event": "order"}, {"code": "B", "amount": "50.01", "event": "manual"}]'), 'LE287', 'nor as amounts');
SELECT is(pg_temp.wrong('[{"code": "A", "percent": 50, "amount": 50, "event": "order"}, {"code": "B", "event": "manual"}]'), 'LE287', 'per cent and amount');
SELECT is(pg_temp.wrong('[{"code": "A", "event": "order"}, {"code": "B", "event": "manual"}]'), 'LE287', 'two that take the rest');
SELECT is(pg_temp.wrong('[{"code": "A", "percent": 100}]'), 'LE287', 'neither day nor event');
SELECT is(pg_temp.wrong('[{"code": "A", "percent": 100, "day": "2026-02-02", "event": "order"}]'), 'LE287', 'both');
SELECT is(pg_temp.wrong('[{"code": "A", "percent": 100, "event": "full moon"}]'), 'LE011', 'an event that is none');
SELECT is(pg_temp.wrong('[{"code": "A", "percent": 50, "event": "order"}, {"code": "A", "event": "manual"}]'), 'LE011', 'a code twice');
SELECT is(pg_temp.wrong('[{"code": "A", "percent": 100, "event": "all_shipped"}]', '{}', '[{"item": "FIT", "amount": 100}]'), 'LE287', 'nothing is to be shipped');
SELECT is(pg_temp.wrong('[{"code": "A", "percent": 100, "event": "order"}]', '{"cash_rounding": "0.05"}'), 'LE287', 'rounded for cash');
SELECT is(trial.refused($$SELECT erp.order_to_cash('MILE-I', 'x', '{"party": "ANNA", "day": "2026-02-02", "milestones": [{"code": "A", "percent": 100, "event": "order"}], "lines": [{"item": "CHAIR", "quantity": 1, "price": 100}]}')$$), 'LE287', 'over the counter');
\o /dev/null
SELECT erp.put_items('MILE-I', 'serial', '[{"code": "PIANO", "name": "Piano", "kind": "stock", "method": "fifo", "tracking": "serial"}]');
\o
SELECT is(pg_temp.wrong('[{"code": "A", "percent": 50, "event": "order"}, {"code": "B", "event": "all_shipped"}]', '{}', '[{"item": "PIANO", "quantity": 1, "price": 100}]'), 'LE287', 'half a serial number is not billed');
SELECT is(pg_temp.place('MILE-I', 'PIANO', '[{"item": "PIANO", "quantity": 1, "price": 100}]', '[{"code": "A", "percent": 100, "event": "order"}]') ->> 'state', 'confirmed', 'a whole one is');
-- 4 chairs at 50.00 and a fitting of 100.00 with 20% VAT, 360.00: 30% with the order, 40% with the first shipment, the rest when all is shipped.
\o /dev/null
SELECT pg_temp.place(c, 'SO1', '[{"item": "CHAIR", "quantity": 4, "price": 50}, {"item": "FIT", "amount": 100}]',
	'[{"code": "DOWN", "text": "Down payment", "percent": 30, "event": "order"}, {"code": "FIRST", "percent": 40, "event": "first_shipment"}, {"code": "REST", "event": "all_shipped"}]', '{"tax_code": "VAT"}') FROM trial.both('MILE') c;
\o
SELECT is(pg_temp.plan(c, 'SO1'), 'DOWN 108.00 reached, FIRST 144.00 open, REST 108.00 open', 'what each bills and waits for: ' || c) FROM trial.both('MILE') c;
SELECT is(trial.refused(format($$SELECT pg_temp.bill(%L, 'x', 'SO1', '2026-02-03', '{"milestones": ["FIRST"]}')$$, c)), 'LE288', 'nothing is billed before it is reached: ' || c) FROM trial.both('MILE') c;
SELECT is(trial.refused(format($$SELECT pg_temp.bill(%L, 'x', 'SO1', '2026-02-03', '{"milestones": ["LAST"]}')$$, c)), 'LE012', 'or is not there: ' || c) FROM trial.both('MILE') c;
SELECT is(pg_temp.bill(c, 'b1', 'SO1', '2026-02-03'), 'DOWN b1/invoice', 'the down payment is billed: ' || c) FROM trial.both('MILE') c;
-- 30% of the chairs, 60.00, ahead of their shipment; 30% of the fitting, 30.00; VAT 18.00.
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.books(c), 'confirmed: 1 ready 4 0 1.2 0 4 0, 2 partly shipped 1 0.3 0.3 0 0 0 / 1100 108.00, 1120 -60.00, 1200 300.00, 2100 -300.00, 2200 -18.00, 4100 -30.00', 'ahead: ' || c) FROM trial.both('MILE') c;
SELECT is(trial.refused(format($$SELECT pg_temp.bill(%L, 'x', 'SO1', '2026-02-03', '{"milestones": ["DOWN"]}')$$, c)), 'LE288', 'a milestone is billed once: ' || c) FROM trial.both('MILE') c;
SELECT is(trial.refused(format($$SELECT pg_temp.bill(%L, 'x', 'SO1', '2026-02-03')$$, c)), 'LE275', 'the others wait: ' || c) FROM trial.both('MILE') c;
-- 2 chairs leave, of which 1.2 are billed; then 144.00: 0.8 that are shipped and 0.8 ahead, 40.00 each, 40.00 of the fitting, VAT 24.00.
\o /dev/null
SELECT erp.ship_order(c, 's1', '{"order": "SO1", "day": "2026-02-04", "lines": [{"line": 1, "quantity": 2}]}') FROM trial.both('MILE') c;
\o
SELECT is(pg_temp.plan(c, 'SO1'), 'DOWN 108.00 billed b1/invoice, FIRST 144.00 reached, REST 108.00 open', 'the first shipment: ' || c) FROM trial.both('MILE') c;
SELECT is(pg_temp.bill(c, 'b2', 'SO1', '2026-02-05', '{"milestones": ["FIRST"]}'), 'FIRST b2/invoice', 'is billed: ' || c) FROM trial.both('MILE') c;
SELECT is(trial.books(c), '1100 252.00, 1120 -40.00, 1200 240.00, 2100 -300.00, 2200 -42.00, 4000 -100.00, 4100 -70.00, 5000 60.00', 'what is shipped is earned, what is ahead is not: ' || c) FROM trial.both('MILE') c;
-- The bill is taken back: the milestone is to be billed again, at the same.
\o /dev/null
SELECT trial.reverse(c, 'b2 back', 'b2/invoice', '2026-02-06') FROM trial.both('MILE') c;
\o
SELECT is(pg_temp.plan(c, 'SO1'), 'DOWN 108.00 billed b1/invoice, FIRST 144.00 reached, REST 108.00 open', 'a bill that is taken back frees it: ' || c) FROM trial.both('MILE') c;
\o /dev/null
SELECT pg_temp.bill(c, 'b3', 'SO1', '2026-02-06') FROM trial.both('MILE') c;
SELECT erp.ship_order(c, 's2', '{"order": "SO1", "day": "2026-02-07"}') FROM trial.both('MILE') c;
SELECT pg_temp.bill(c, 'b4', 'SO1', '2026-02-08') FROM trial.both('MILE') c;
\o
SELECT is(trial.order_of(c, 'SO1') || ' / ' || trial.owes(c, 'ANNA'), 'closed: 1 done 4 4 4 0 0 0, 2 done 1 1 1 0 0 0 / b1/invoice 108.00, b3/invoice 144.00, b4/invoice 108.00', 'all is shipped and billed: ' || c) FROM trial.both('MILE') c;
SELECT is(trial.books(c), '1100 360.00, 1200 180.00, 2100 -300.00, 2200 -60.00, 4000 -200.00, 4100 -100.00, 5000 120.00', 'as if it had been billed at once: ' || c) FROM trial.both('MILE') c;
-- 10.01 with VAT of 2.00 are 12.01: a third each, to the cent.
\o /dev/null
SELECT pg_temp.place('MILE-I', 'THIRD', '[{"item": "FIT", "amount": "10.01"}]', '[{"code": "A", "percent": "33.3333", "event": "order"}, {"code": "B", "percent": "33.3333", "event": "order"}, {"code": "C", "percent": "33.3334", "event": "order"}]', '{"tax_code": "VAT", "party": "BEN"}');
\o
SELECT is(pg_temp.bill('MILE-I', 't', 'THIRD', '2026-02-09'), 'A t/invoice, B t/invoice/2, C t/invoice/3', 'all that are reached, each by an invoice');
SELECT is(trial.owes('MILE-I', 'BEN'), 't/invoice 4.00, t/invoice/2 4.00, t/invoice/3 4.01', 'they add up to the order');
-- 120.00 when somebody says so, the rest on a day.
\o /dev/null
SELECT pg_temp.place('MILE-S', 'DAYS', '[{"item": "FIT", "amount": 500}]', '[{"code": "WORK", "amount": 120, "event": "manual"}, {"code": "DAY", "day": "2026-03-15"}]', '{"party": "BEN"}');
\o
SELECT is(trial.refused($$SELECT pg_temp.bill('MILE-S', 'x', 'DAYS', '2026-03-14')$$), 'LE275', 'neither is reached');
SELECT is(trial.refused($$SELECT erp.reach_milestones('MILE-S', 'x', '{"order": "DAYS", "day": "2026-03-10", "milestones": ["DAY"]}')$$), 'LE012', 'a day comes by itself');
SELECT is(erp.reach_milestones('MILE-S', 'm', '{"order": "DAYS", "day": "2026-03-10", "milestones": ["WORK"]}'), '{"order": "DAYS", "reached": ["WORK"]}', 'somebody says so');
SELECT is((SELECT string_agg(topic, ', ' ORDER BY event_id) FROM erp.outbox o JOIN erp.company c USING (company_id) WHERE c.code = 'MILE-S' AND payload ->> 'order' = 'DAYS'), 'order_confirmed, milestones_reached', 'with an event');
SELECT is(pg_temp.bill('MILE-S', 'd1', 'DAYS', '2026-03-14') || ' / ' || pg_temp.bill('MILE-S', 'd2', 'DAYS', '2026-03-15'), 'WORK d1/invoice / DAY d2/invoice', 'then comes the day');
SELECT is(trial.owes('MILE-S', 'BEN'), 'd1/invoice 120.00, d2/invoice 380.00', 'the rest');
-- 3 at 100.00 in halves become 5 once 150.00 are billed: 350.00 are left.
\o /dev/null
SELECT pg_temp.place('MILE-I', 'MORE', '[{"item": "FIT", "quantity": 3, "price": 100}]', '[{"code": "A", "percent": 50, "event": "order"}, {"code": "B", "percent": 50, "event": "manual"}]');
SELECT pg_temp.bill('MILE-I', 'more 1', 'MORE', '2026-02-09');
SELECT erp.change_order('MILE-I', 'more 2', '{"order": "MORE", "day": "2026-02-10", "lines": [{"line": 1, "quantity": 5}]}');
\o
SELECT is(pg_temp.plan('MILE-I', 'MORE'), 'A 150.00 billed more 1/invoice, B 350.00 open', 'what is more is billed by those that are left');
-- Others for what is left, 60 and 40 per cent of 350.00; what is billed stays.
\o /dev/null
SELECT erp.change_order('MILE-I', 'more 3', '{"order": "MORE", "day": "2026-02-10", "milestones": [{"code": "C", "percent": 60, "event": "order"}, {"code": "D", "percent": 40, "day": "2026-02-20"}]}');
\o
SELECT is(pg_temp.plan('MILE-I', 'MORE'), 'A 150.00 billed more 1/invoice, C 210.00 reached, D 140.00 reached', 'others in place of those that are not billed');
SELECT is(trial.refused($$SELECT erp.change_order('MILE-I', 'x', '{"order": "MORE", "day": "2026-02-10", "milestones": [{"code": "A", "percent": 100, "event": "order"}]}')$$), 'LE287', 'a code that is billed');
SELECT is(pg_temp.bill('MILE-I', 'more 4', 'MORE', '2026-02-19') || ' / ' || pg_temp.bill('MILE-I', 'more 5', 'MORE', '2026-02-20'), 'C more 4/invoice / D more 5/invoice', 'each when it is reached by the day of the bill');
-- 4 at 100.00 in quarters; 1.5 are cancelled once the first is billed: 150.00 are left for three.
\o /dev/null
SELECT pg_temp.place('MILE-I', 'LESS', '[{"item": "FIT", "quantity": 4, "price": 100}]', '[{"code": "A", "percent": 25, "event": "order"}, {"code": "B", "percent": 25, "event": "manual"}, {"code": "C", "percent": 25, "event": "manual"}, {"code": "D", "percent": 25, "event": "manual"}]');
SELECT pg_temp.bill('MILE-I', 'less 1', 'LESS', '2026-02-09');
SELECT erp.cancel_order('MILE-I', 'less 2', '{"order": "LESS", "reason": "too much", "lines": [{"line": 1, "quantity": "1.5"}]}');
\o
SELECT is(pg_temp.plan('MILE-I', 'LESS'), 'A 100.00 billed less 1/invoice, B 50.00 open, C 50.00 open, D 50.00 open', 'what is less, too');
\o /dev/null
SELECT erp.reach_milestones('MILE-I', 'less 3', '{"order": "LESS", "day": "2026-02-10", "milestones": ["D", "B", "C"]}');
SELECT pg_temp.bill('MILE-I', 'less 4', 'LESS', '2026-02-11', '{"milestones": ["D"]}');
SELECT pg_temp.bill('MILE-I', 'less 5', 'LESS', '2026-02-12');
\o
SELECT is(pg_temp.plan('MILE-I', 'LESS') || ' / ' || trial.order_of('MILE-I', 'LESS'), 'A 100.00 billed less 1/invoice, B 50.00 billed less 5/invoice, C 50.00 billed less 5/invoice/2, D 50.00 billed less 4/invoice / closed: 1 done 2.5 2.5 2.5 0 0 0', 'in any order');
-- A quote takes them along; a gift that is shipped is billed with the next bill, or alone.
\o /dev/null
SELECT erp.quote('MILE-I', 'q1', '{"quote": "Q1", "party": "ANNA", "day": "2026-02-12", "milestones": [{"code": "ALL", "percent": 100, "event": "order"}], "lines": [{"item": "CHAIR", "quantity": 2, "price": 50}, {"item": "CHAIR", "quantity": 1, "role": "free"}]}');
SELECT erp.accept_quote('MILE-I', 'q3', json_build_object('token', erp.send_quote('MILE-I', 'q2', '{"quote": "Q1"}') ->> 'token', 'day', '2026-02-12'));
SELECT erp.order_quote('MILE-I', 'q4', '{"quote": "Q1", "order": "GIFT", "day": "2026-02-12"}');
SELECT pg_temp.bill('MILE-I', 'q5', 'GIFT', '2026-02-13');
SELECT erp.ship_order('MILE-I', 'q6', '{"order": "GIFT", "day": "2026-02-14"}');
\o
SELECT is(trial.order_of('MILE-I', 'GIFT'), 'confirmed: 1 done 2 2 2 0 0 0, 2 shipped 1 1 0 0 0 0', 'all but the gift is billed');
\o /dev/null
SELECT pg_temp.bill('MILE-I', 'q7', 'GIFT', '2026-02-15');
\o
SELECT is(trial.order_of('MILE-I', 'GIFT'), 'closed: 1 done 2 2 2 0 0 0, 2 done 1 1 1 0 0 0', 'which closes the order');
-- In euro, of which the last bill has what is left.
\o /dev/null
SELECT erp.put_exchange_rates('MILE-S', 'rates', '[{"from": "EUR", "to": "GBP", "day": "2026-02-01", "rate": "0.8"}]');
SELECT pg_temp.place('MILE-S', 'EURO', '[{"item": "CHAIR", "quantity": 3, "price": "33.33"}, {"item": "FIT", "amount": "0.02"}]', '[{"code": "A", "percent": 50, "event": "order"}, {"code": "B", "percent": 50, "event": "all_shipped"}]', '{"currency": "EUR", "tax_code": "VAT", "party": "BEN"}');
SELECT pg_temp.bill('MILE-S', 'e1', 'EURO', '2026-02-13');
SELECT erp.ship_order('MILE-S', 'e2', '{"order": "EURO", "day": "2026-02-14"}');
SELECT pg_temp.bill('MILE-S', 'e3', 'EURO', '2026-02-15');
\o
-- 100.01 and VAT 20.00 are 120.01.
SELECT is((SELECT string_agg(amount::numeric(19, 2)::text, ', ' ORDER BY milestone_no) FROM erp.order_milestones WHERE company = 'MILE-S' AND order_code = 'EURO') || ' / ' || (SELECT state FROM erp.order_list WHERE company = 'MILE-S' AND order_code = 'EURO'), '60.01, 60.00 / closed', 'halves of 120.01 euro');
-- What is billed ahead on an account of its own, by three rules: 1 of 3 chairs at 60.00 with VAT, 20.00 of 60.00 net a chair.
\o /dev/null
SELECT trial.open_story('OWN', 10);
SELECT erp.put_accounts(c, 'liability', '[{"code": "2060", "name": "Contract liabilities", "class": "liability", "side": "credit"}]') FROM trial.both('OWN') c;
SELECT erp.put_posting_rules(c, 'ahead', '[{"kind": "sales_invoice", "line_role": "invoiced", "amount_role": "ahead", "side": "credit", "account": "2060"},
	{"kind": "sales_shipment", "line_role": "document", "amount_role": "ahead", "side": "debit", "account": "2060"},
	{"kind": "sales_shipment", "line_role": "sold", "amount_role": "unbilled", "side": "debit", "account": "2060"}]') FROM trial.both('OWN') c;
SELECT pg_temp.place(c, 'OWN', '[{"item": "CHAIR", "quantity": 3, "price": 60}]', '[{"code": "DOWN", "amount": 72, "event": "order"}, {"code": "NEXT", "amount": 72, "event": "first_shipment"}, {"code": "REST", "event": "all_shipped"}]', '{"tax_code": "VAT"}') FROM trial.both('OWN') c;
SELECT pg_temp.bill(c, 'o1', 'OWN', '2026-02-03') FROM trial.both('OWN') c;
\o
SELECT is(trial.books(c), '1100 72.00, 1200 300.00, 2060 -60.00, 2100 -300.00, 2200 -12.00', 'it is owed to the customer: ' || c) FROM trial.both('OWN') c;
-- 2 leave: the one that is billed, and one that is not, 60.00, or its cost of 30.00.
\o /dev/null
SELECT erp.ship_order(c, 'o2', '{"order": "OWN", "day": "2026-02-04", "lines": [{"line": 1, "quantity": 2}]}') FROM trial.both('OWN') c;
\o
SELECT is(trial.books(c), trial.by_way(c, '1100 72.00, 1200 240.00, 1220 30.00, 2100 -300.00, 2200 -12.00, 4000 -60.00, 5000 30.00', '1100 72.00, 1120 60.00, 1200 240.00, 2100 -300.00, 2200 -12.00, 4000 -120.00, 5000 60.00'), 'until it is shipped; what is not billed is apart: ' || c) FROM trial.both('OWN') c;
\o /dev/null
SELECT pg_temp.bill(c, 'o3', 'OWN', '2026-02-05') FROM trial.both('OWN') c;
\o
SELECT is(trial.books(c), '1100 144.00, 1200 240.00, 2100 -300.00, 2200 -24.00, 4000 -120.00, 5000 60.00', 'both are clear: ' || c) FROM trial.both('OWN') c;
-- One shipment of what is billed ahead at 50.00 and of another that is not, at 61.00, by hand.
\o /dev/null
SELECT trial.post('OWN-S', 'sales_invoice', 'a1', '2026-02-06', 'BEN', '[{"role": "invoiced", "item": "CHAIR", "quantity": 1, "price": 50}]');
SELECT trial.post('OWN-S', 'sales_shipment', 'a2', '2026-02-07', 'BEN', '[{"item": "CHAIR", "quantity": 1, "price": 61}, {"item": "CHAIR", "quantity": 1, "origin": {"key": "a1", "line": 1}}]');
\o
SELECT is((SELECT string_agg(concat_ws(' ', account_code, (debit - credit)::numeric(9, 2)), ', ' ORDER BY account_code, debit) FROM erp.journal WHERE company = 'OWN-S' AND document_key = 'a2'),
	'1120 61.00, 1200 -60.00, 2060 50.00, 4000 -111.00, 5000 60.00', 'a shipment of both is parted');
SELECT is((SELECT string_agg(concat_ws(' ', o.origin, o.line_no, trim_scale(o.amount)), ', ' ORDER BY o.amount) FROM erp.voucher_line_origin o JOIN erp.voucher v USING (voucher_id) JOIN erp.document d USING (company_id, document_id)
	WHERE d.key = 'a2' AND o.company = 'OWN-S' AND o.origin = 'total'), 'total 4 50, total 5 61', 'and its fourth and fifth line lead back to it');
-- In euro: 100.00 ahead at 0.80, shipped at the invoice's rate, whatever that of the day.
\o /dev/null
SELECT erp.put_exchange_rates('OWN-I', 'rates', '[{"from": "EUR", "to": "GBP", "day": "2026-02-01", "rate": "0.8"}, {"from": "EUR", "to": "GBP", "day": "2026-02-10", "rate": "0.9"}]');
SELECT trial.post('OWN-I', 'sales_invoice', 'e1', '2026-02-06', 'BEN', '[{"role": "invoiced", "item": "CHAIR", "quantity": 1, "price": 100}]', '{"currency": "EUR"}');
\o
SELECT is((SELECT sum(debit - credit)::numeric(9, 2) FROM erp.journal WHERE company = 'OWN-I' AND account_code = '2060'), -80.00, 'ahead in euro');
\o /dev/null
SELECT trial.post('OWN-I', 'sales_shipment', 'e2', '2026-02-11', 'BEN', '[{"item": "CHAIR", "quantity": 1, "origin": {"key": "e1", "line": 1}}]', '{"currency": "EUR"}');
\o
SELECT is((SELECT sum(debit - credit)::numeric(9, 2) FROM erp.journal WHERE company = 'OWN-I' AND account_code = '2060'), 0.00, 'nothing is left of it');

SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
