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
SELECT plan(31);
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
SELECT is(erp.accept_quote('QUO', 'a1', format('{"token": "%s", "day": "2009-02-28", "options": [2], "accepted_by": "The buyer"}', :'token')::json), '{"quote": "Q1", "state": "accepted", "version": 2}', 'accepted on the last day, with the option');
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
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
