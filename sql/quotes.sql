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
-- Quotes: versions, options, a printed page, a token that works once, a contract, and the order that it becomes.
SELECT plan(67);
CREATE FUNCTION pg_temp.quote(p_key text, p_more jsonb, p_lines jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.quote('QUO', p_key, ('{"quote": "Q1", "party": "C1", "day": "2009-02-02", "tax_code": "VAT", "valid_until": "2009-02-28"}'::jsonb || p_more || jsonb_build_object('lines', p_lines))::text::json)
$$;
CREATE FUNCTION pg_temp.states(p_quote text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(version || ' ' || state, ', ' ORDER BY version) FROM erp.quote_list WHERE company = 'QUO' AND quote_code = p_quote
$$;
\o /dev/null
SELECT trial.make_company('QUO');
SELECT trial.receive('QUO', 'r1', '2009-01-05', 'F', 10, 100);
\o
-- 4 at 25.00 with 15%: 115.00; with the service of 40.00: 161.00.
SELECT is(pg_temp.quote('q1', '{}', '[{"item": "F", "quantity": 4, "price": 25}, {"item": "SV", "amount": 40, "optional": true}]'),
	'{"quote": "Q1", "state": "drafted", "total": 115, "version": 1, "total_with_options": 161}', 'a quote, without its options');
SELECT is((SELECT count(*) FROM erp.reservation_list WHERE company = 'QUO'), 0::bigint, 'reserves nothing');
SELECT is(pg_temp.quote('q2', '{"reference": "your <mail> & call"}', '[{"item": "F", "quantity": 4, "price": 24}, {"item": "SV", "amount": 40, "optional": true}]') ->> 'version', '2', 'a second version');
SELECT is(pg_temp.states('Q1'), '1 replaced, 2 drafted', 'takes the place of the first');
-- The page: 96.00 net, 14.40 tax, 110.40.
\o /dev/null
SELECT erp.put_print_templates('QUO', 't1', '[{"code": "page", "format": "markdown", "lines": ["# Quote {{quote}}/{{version}}", "{{customer}}, {{reference}}", "{{#each lines}}", "- {{quantity}} x {{name}}: {{amount}} {{optional}}", "{{/each}}", "{{#each taxes}}", "{{rate}}: {{tax}}", "{{/each}}", "Total {{total}} {{currency}}{{nothing}}"]},
	{"code": "web", "format": "html", "lines": ["<p>{{reference}}</p>"]}]');
\o
SELECT is(erp.print_quote('QUO', 'Q1', 'page'), E'# Quote Q1/2\nCustomer 1, your \\<mail\\> & call\n- 4 x FIFO: 96.00 \n- 1 x Service: 40.00 optional\n15 %: 14.40\nTotal 110.40 GBP\n', 'printed as Markdown');
SELECT is(erp.print_quote('QUO', 'Q1', 'web'), E'<p>your &lt;mail&gt; &amp; call</p>\n', 'and as HTML, where nothing that was entered is markup');
SELECT is(trial.refused($$SELECT erp.print_quote('QUO', 'Q1', 'none')$$), 'LE012', 'by a template that is there');
SELECT is(trial.refused($$SELECT erp.print_quote('QUO', 'none', 'page')$$), 'LE012', 'of a quote that is there');
-- Sent, and accepted by its token.
SELECT is(trial.refused($$SELECT erp.order_quote('QUO', 'x', '{"quote": "Q1", "day": "2009-02-03"}')$$), 'LE276', 'a quote is not ordered before it is accepted');
SELECT erp.send_quote('QUO', 's1', '{"quote": "Q1"}') ->> 'token' AS token \gset
SELECT is(length(:'token'), 64, 'a token');
SELECT is((SELECT count(*) FROM erp.sales_quote WHERE token_hash = sha256(convert_to(:'token', 'UTF8'))), 1::bigint, 'of which the quote keeps the hash');
SELECT is(trial.refused(format($$SELECT erp.accept_quote('QUO', 'x', '{"token": "%s", "day": "2009-03-01"}')$$, :'token')), 'LE278', 'not after its last day');
SELECT is(trial.refused(format($$SELECT erp.accept_quote('QUO', 'x', '{"token": "%s", "day": "2009-02-28", "options": [1]}')$$, :'token')), 'LE011', 'a line that is no option');
SELECT is(trial.refused($$SELECT erp.accept_quote('QUO', 'x', '{"token": "abc", "day": "2009-02-28"}')$$), 'LE277', 'nor by another token');
SELECT is(erp.accept_quote('QUO', 'a1', format('{"token": "%s", "day": "2009-02-28", "options": [2], "accepted_by": "The buyer"}', :'token')::json), '{"quote": "Q1", "state": "accepted", "total": 156.4, "version": 2}', 'accepted on the last day, with the option');
SELECT is(trial.refused(format($$SELECT erp.accept_quote('QUO', 'x', '{"token": "%s", "day": "2009-02-28"}')$$, :'token')), 'LE277', 'once only');
SELECT is(trial.refused($$SELECT pg_temp.quote('x', '{}', '[{"item": "F", "quantity": 4, "price": 23}]')$$), 'LE276', 'what is accepted is not replaced');
-- The contract.
\o /dev/null
SELECT erp.put_print_templates('QUO', 't2', '[{"code": "contract", "format": "markdown", "lines": ["{{contract}} of {{contract_day}}: {{customer}} buys for {{total}}; {{terms.delivery}}"]}]');
\o
SELECT erp.make_contract('QUO', 'k1', '{"contract": "K1", "quote": "Q1", "template": "contract", "day": "2009-03-01", "terms": {"delivery": "by rail"}}') ->> 'hash' AS hash \gset
SELECT is((SELECT body FROM erp.contract_list WHERE company = 'QUO'), E'K1 of 2009-03-01: Customer 1 buys for 110.40; by rail\n', 'a contract from a template');
SELECT is(trial.refused(format($$SELECT erp.sign_contract('QUO', 'x', '{"contract": "K1", "day": "2009-03-02", "hash": "%s"}')$$, repeat('0', 64))), 'LE276', 'no other text is signed');
SELECT is(erp.sign_contract('QUO', 'k2', format('{"contract": "K1", "day": "2009-03-02", "hash": "%s"}', :'hash')::json) ->> 'state', 'signed', 'the text as it is');
-- The order: on 3 March VAT is 17.5%: 136.00 and 23.80.
SELECT is(erp.order_quote('QUO', 'o1', '{"quote": "Q1", "order": "SO1", "day": "2009-03-03"}') - 'lines', '{"order": "SO1", "state": "confirmed", "total": 159.8}', 'the order, with the option, and the tax of its day');
SELECT is((SELECT string_agg(demand || '.' || demand_line || ' ' || trim_scale(quantity), ', ') FROM erp.reservation_list WHERE company = 'QUO'), 'SO1.1 4', 'which reserves');
SELECT is((SELECT day FROM erp.order_list WHERE company = 'QUO' AND order_code = 'SO1'), '2009-03-03', 'of its own day');
SELECT is((SELECT concat_ws(' ', version, state, order_code) FROM erp.quote_list WHERE company = 'QUO' AND version = 2), '2 ordered SO1', 'the quote knows it');
SELECT is(trial.refused($$SELECT erp.order_quote('QUO', 'x', '{"quote": "Q1", "order": "SO2", "day": "2009-03-03"}')$$), 'LE276', 'and is ordered once');
-- Declined.
\o /dev/null
SELECT pg_temp.quote('q3', '{"quote": "Q2"}', '[{"item": "F", "quantity": 1, "price": 24}]');
\o
SELECT is(erp.decline_quote('QUO', 'd1', '{"quote": "Q2", "reason": "too dear"}') ->> 'state', 'declined', 'a quote that comes to nothing');
SELECT is((SELECT reason FROM erp.quote_list WHERE company = 'QUO' AND quote_code = 'Q2'), 'too dear', 'for a reason');
SELECT is(pg_temp.quote('q4', '{"quote": "Q2"}', '[{"item": "F", "quantity": 1, "price": 20}]') ->> 'version', '2', 'may be written anew');
SELECT is(trial.refused($$SELECT pg_temp.quote('x', '{"quote": "Q3"}', '[{"item": "F", "quantity": 1, "price": 20, "optional": true}]')$$), 'LE011', 'something is offered');
SELECT is(trial.refused($$SELECT pg_temp.quote('x', '{"quote": "Q3"}', '[{"item": "NONE", "quantity": 1, "price": 20}]')$$), 'LE012', 'what there is');
-- A token is told once and kept nowhere; a client may make its own.
SELECT is((SELECT count(*) FROM erp.call_result r WHERE r.result::text ~ '[0-9a-f]{60}' AND r.call = 'send_quote'), 0::bigint, 'no result of a call keeps a token');
SELECT is(erp.send_quote('QUO', 's1', '{"quote": "Q1"}'), '{"quote": "Q1", "state": "sent", "version": 2}', 'the same call again says no token');
\o /dev/null
SELECT pg_temp.quote('q5', '{"quote": "Q5"}', '[{"item": "F", "quantity": 1, "price": 20}]');
SELECT pg_temp.quote('q6', '{"quote": "Q6"}', '[{"item": "F", "quantity": 1, "price": 20}]');
\o
SELECT erp.send_quote('QUO', 's5', '{"quote": "Q5"}') ->> 'token' AS first \gset
SELECT erp.send_quote('QUO', 's5 again', '{"quote": "Q5"}') ->> 'token' AS second \gset
SELECT isnt(:'first'::text, :'second'::text, 'sent again, with another token');
SELECT is(trial.refused(format($$SELECT erp.accept_quote('QUO', 'x', '{"token": "%s", "day": "2009-02-28"}')$$, :'first')), 'LE277', 'the first is of no use any more');
SELECT is(trial.refused(format($$SELECT erp.send_quote('QUO', 'x', '{"quote": "Q6", "token_hash": "%s"}')$$, encode(sha256(convert_to(:'second', 'UTF8')), 'hex'))), 'LE277', 'the token of another quote');
SELECT is(trial.refused($$SELECT erp.send_quote('QUO', 'x', '{"quote": "Q6", "token_hash": "abc"}')$$), 'LE011', 'a hash has 64 digits');
-- SHA-256 of "abc", as FIPS 180-4 gives it.
SELECT is(erp.send_quote('QUO', 's6', '{"quote": "Q6", "token_hash": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}'), '{"quote": "Q6", "state": "sent", "version": 1}', 'a token that the client made is not said');
SELECT is(erp.send_quote('QUO', 's6', '{"quote": "Q6", "token_hash": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}'), '{"quote": "Q6", "state": "sent", "version": 1}', 'nor again');
SELECT is(erp.accept_quote('QUO', 'a6', '{"token": "abc", "day": "2009-02-28"}') ->> 'total', '23', 'and accepts: 20.00 and 15%');
-- What nobody accepts expires: Q5 and Q7 were valid until 2009, Q8 has no end, Q9 has some time left, Q10 was not sent.
\o /dev/null
SELECT pg_temp.quote('q7', '{"quote": "Q7", "valid_until": "2009-02-03"}', '[{"item": "F", "quantity": 1, "price": 20}]');
SELECT pg_temp.quote('q8', '{"quote": "Q8", "valid_until": null}', '[{"item": "F", "quantity": 1, "price": 20}]');
SELECT pg_temp.quote('q9', jsonb_build_object('quote', 'Q9', 'valid_until', to_char(now() AT TIME ZONE 'UTC' - interval '12 hours', 'YYYY-MM-DD')), '[{"item": "F", "quantity": 1, "price": 20}]');
SELECT pg_temp.quote('q10', '{"quote": "Q10"}', '[{"item": "F", "quantity": 1, "price": 20}]');
SELECT erp.send_quote('QUO', 's' || q, format('{"quote": "%s"}', q)::json) FROM unnest('{Q7,Q8,Q9}'::text[]) q;
\o
SELECT is(trial.refused($$SELECT erp.expire_quotes('QUO', 0)$$), 'LE011', 'one at least');
SELECT is(erp.expire_quotes('QUO', 1), 1::bigint, 'as many as are asked for');
SELECT is((SELECT string_agg(quote_code || ' ' || state, ', ' ORDER BY quote_code) FROM erp.quote_list WHERE company = 'QUO' AND quote_code IN ('Q5', 'Q7')), 'Q5 sent, Q7 expired', 'the oldest first');
SELECT is(erp.expire_quotes('QUO'), 1::bigint, 'then the rest');
SELECT is(erp.expire_quotes('QUO'), 0::bigint, 'once');
SELECT is((SELECT string_agg(quote_code || ' ' || state, ', ' ORDER BY quote_code) FROM erp.quote_list WHERE company = 'QUO' AND quote_code IN ('Q5', 'Q8', 'Q9', 'Q10')), 'Q10 drafted, Q5 expired, Q8 sent, Q9 sent', 'no others');
SELECT is((SELECT string_agg(payload::text, ' ' ORDER BY event_id) FROM erp.outbox WHERE topic = 'quote_expired'), '{"quote": "Q7", "version": 1} {"quote": "Q5", "version": 1}', 'with an event each');
SELECT is(trial.refused(format($$SELECT erp.accept_quote('QUO', 'x', '{"token": "%s", "day": "2009-02-28"}')$$, :'second')), 'LE278', 'and is not accepted, whatever day is said');
SELECT is(pg_temp.quote('q11', '{"quote": "Q5"}', '[{"item": "F", "quantity": 1, "price": 20}]') ->> 'version', '2', 'but quoted anew');
SELECT is(trial.refused($$SELECT erp.make_contract('QUO', 'x', '{"contract": "K1", "quote": "Q1", "template": "contract", "day": "2009-03-01"}')$$), 'LE270', 'a contract of a code that is in use');
SELECT is((SELECT string_agg(topic || ' ' || payload, ', ' ORDER BY event_id) FROM erp.outbox WHERE topic LIKE 'contract%'),
	'contract_made {"quote": "Q1", "version": 2, "contract": "K1"}, contract_signed {"day": "2009-03-02", "contract": "K1"}', 'contracts have their events');
-- Prices by rules: F at 10.00 less 5% from 6 on, SV at 48.00, and 10% less from 100.00 on, once, and a second F for every 6.
\o /dev/null
SELECT erp.put_price_lists('QUO', 'pl', '[{"code": "L", "name": "List", "currency": "GBP"}]');
SELECT erp.put_price_rules('QUO', 'pr', '[{"list": "L", "item": "F", "price": 10}, {"list": "L", "item": "SV", "price": 48}, {"list": "L", "purpose": "discount", "item": "F", "min_quantity": 6, "percent": -5}]');
SELECT erp.put_promotions('QUO', 'pm', '[{"code": "TEN", "name": "Ten per cent", "kind": "threshold", "threshold": 100, "percent": -10, "currency": "GBP", "each": false, "max_uses": 1},
	{"code": "GIFT", "name": "One more", "kind": "gift", "item": "F", "buy_quantity": 6, "gift_quantity": 1, "gift_item": "F"}]');
CREATE FUNCTION pg_temp.offer(p_quote text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.quote('QUO', p_quote, format('{"quote": "%s", "party": "C1", "day": "2009-02-02", "lines": [{"item": "SV", "quantity": 1, "optional": true}, {"item": "F", "quantity": 6}, {"item": "SV", "quantity": 1, "optional": true}]}', p_quote)::json)
$$;
CREATE FUNCTION pg_temp.taken(p_quote text, p_options text) RETURNS text LANGUAGE sql AS $$
	SELECT erp.accept_quote('QUO', 'take ' || p_quote, format('{"token": "%s", "day": "2009-02-03", "options": %s}', erp.send_quote('QUO', 'send ' || p_quote, format('{"quote": "%s"}', p_quote)::json) ->> 'token', p_options)::json) ->> 'total'
$$;
CREATE FUNCTION pg_temp.ordered(p_quote text) RETURNS text LANGUAGE sql AS $$
	SELECT erp.order_quote('QUO', 'order ' || p_quote, format('{"quote": "%s", "order": "O-%s", "day": "2009-02-03"}', p_quote, p_quote)::json) ->> 'total'
$$;
\o
-- 6 F are 57.00, with one SV 105.00 less 10.50, with both 153.00 less 15.30.
SELECT is(pg_temp.offer('P1'), '{"quote": "P1", "state": "drafted", "total": 57, "version": 1, "total_with_options": 137.7}', 'what is optional counts for no threshold until it is chosen');
SELECT is(erp.print_quote('QUO', 'P1', 'page'), E'# Quote P1/1\nCustomer 1, \n- 1 x Service: 43.20 optional\n- 6 x FIFO: 57.00 \n- 1 x Service: 43.20 optional\n- 1 x FIFO: 0.00 \nTotal 57.00 GBP\n', 'printed so, with its gift');
\o /dev/null
SELECT pg_temp.offer(q) FROM unnest('{P2,P3,P4}'::text[]) q;
-- Dearer since, which no quote minds.
SELECT erp.put_price_rules('QUO', 'pr 2', '[{"list": "L", "item": "F", "price": 99}, {"list": "L", "item": "SV", "price": 99}]');
\o
SELECT is(pg_temp.taken('P1', '[]'), '57', 'without options: as it was quoted');
SELECT is(pg_temp.taken('P2', '[3]'), '94.5', 'with one: 10% less of 105.00, whatever the list says by now');
SELECT is(pg_temp.taken('P3', '[1, 3]'), '137.7', 'with both');
SELECT is(pg_temp.taken('P4', '[1]'), '94.5', 'and one more');
SELECT is((SELECT count(*) FROM erp.promotion_use u JOIN erp.company c USING (company_id) WHERE c.code = 'QUO'), 0::bigint, 'no quote uses a promotion');
SELECT is(pg_temp.ordered('P1'), '57', 'the order, at the price of the quote');
SELECT is((SELECT string_agg(concat_ws(' ', line_no, item_code, line_role, trim_scale(quantity), trim_scale(amount)), ', ' ORDER BY line_no) FROM erp.order_lines WHERE company = 'QUO' AND order_code = 'O-P1'), '1 F sale 6 57, 2 F free 1 0', 'with its gift');
SELECT is((SELECT string_agg(p.code || ' ' || u.document || ' ' || u.uses, ', ' ORDER BY 1) FROM erp.promotion_use u JOIN erp.promotion p USING (company_id, promotion_id)), 'GIFT O-P1 1', 'which counts from now on');
SELECT is(pg_temp.ordered('P2'), '94.5', 'an order that uses up the promotion');
SELECT is(trial.refused($$SELECT pg_temp.ordered('P3')$$), 'LE242', 'another one is refused, not made dearer');
SELECT is((SELECT state FROM erp.quote_list WHERE company = 'QUO' AND quote_code = 'P3'), 'accepted', 'and stays accepted');
\o /dev/null
SELECT erp.cancel_order('QUO', 'cancel', '{"order": "O-P2", "reason": "changed their mind"}');
\o
SELECT is(pg_temp.ordered('P3'), '137.7', 'until the first is cancelled');
-- A price below a floor that wants approval holds the order, as if it had been placed without a quote. One F by hand at 5.00, one SV at 99.00.
\o /dev/null
SELECT erp.put_price_rules('QUO', 'floor', '[{"list": "L", "purpose": "floor", "item": "F", "price": 8, "action": "approve"}, {"list": "L", "purpose": "floor", "item": "SV", "price": 20}]');
SELECT erp.quote('QUO', 'P5', '{"quote": "P5", "party": "C1", "day": "2009-02-02", "lines": [{"item": "F", "quantity": 1, "price": 5}, {"item": "SV", "quantity": 1}]}');
SELECT pg_temp.taken('P5', '[]');
\o
SELECT is(erp.order_quote('QUO', 'order P5', '{"quote": "P5", "order": "O-P5", "day": "2009-02-03"}') - 'lines', '{"order": "O-P5", "state": "held", "total": 104, "reason": "the price of item \"F\" is below its floor: at least 8 without tax"}', 'an order below a floor is held');
SELECT is(trial.refused($$SELECT erp.quote('QUO', 'P6', '{"quote": "P6", "party": "C1", "day": "2009-02-02", "lines": [{"item": "F", "quantity": 1}, {"item": "SV", "quantity": 1, "price": 5}]}')$$), 'LE240', 'a floor that refuses refuses the quote');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
