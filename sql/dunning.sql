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
-- Customers are dunned for what is overdue, level by level, with interest on what was open day by day.
SELECT plan(29);
CREATE FUNCTION pg_temp.call(p_call text, p_key text, p_request json) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
	code text; message text; detail text;
BEGIN
	EXECUTE format('SELECT erp.%I(%L, $1, $2)', p_call, 'DUN') INTO answer USING p_key, p_request;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, NULLIF(detail, ''));
END
$$;
-- document, open, last level, next level, interest from, interest
CREATE FUNCTION pg_temp.proposed(p_day date) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', party_code, document_key, days_overdue, open_amount, COALESCE(last_level, 0) || '>' || next_level, to_char(interest_from, 'MM-DD'), interest), ', ' ORDER BY party_code, due_day, open_item_id)
	FROM erp.propose_dunning('DUN', p_day)
$$;
CREATE FUNCTION pg_temp.invoice(p_key text, p_party text, p_day text, p_amount numeric, p_currency text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
	SELECT erp.post_document('DUN', json_strip_nulls(json_build_object('key', p_key, 'kind', 'sales_invoice', 'day', p_day, 'party', p_party, 'currency', p_currency, 'lines', json_build_array(json_build_object('role', 'service', 'item', 'FIT', 'amount', p_amount)))))
$$;
\o /dev/null
SELECT erp.create_company('DUN', 'company', '{"name": "Seller", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('DUN', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_parties('DUN', 'parties', '[{"code": "C1", "name": "Customer & Co", "roles": ["customer"]}, {"code": "C2", "name": "Pays", "roles": ["customer"]}, {"code": "C3", "name": "Disputes", "roles": ["customer"]}, {"code": "C4", "name": "Ahead", "roles": ["customer"]}, {"code": "C5", "name": "Abroad", "roles": ["customer"]}]');
SELECT erp.put_items('DUN', 'items', '[{"code": "FIT", "name": "Fitting", "kind": "service"}, {"code": "FEE", "name": "Fee of dunning", "kind": "service"}, {"code": "INT", "name": "Interest", "kind": "service"}]');
SELECT erp.put_currencies('DUN', 'currencies', '[{"code": "JPY", "name": "Yen", "decimals": 0}]');
SELECT erp.put_exchange_rates('DUN', 'rates', '[{"from": "JPY", "to": "GBP", "day": "2026-01-01", "rate": "0.005"}]');
SELECT erp.put_print_templates('DUN', 'templates', '[{"code": "FIRST", "format": "html", "lines": ["{{customer}} owes {{total}} {{currency}} ({{level_name}}):", "{{#each lines}}", "{{document}} due {{due_day}}: {{open_amount}}", "{{/each}}"]}]');
SELECT pg_temp.invoice('i1', 'C1', '2026-01-10', 1000), pg_temp.invoice('i2', 'C1', '2026-02-01', 500), pg_temp.invoice('i3', 'C2', '2026-01-10', 200),
	pg_temp.invoice('i4', 'C3', '2026-01-10', 300), pg_temp.invoice('i5', 'C4', '2026-01-10', 100), pg_temp.invoice('i6', 'C5', '2026-01-10', 100000, 'JPY');
SELECT erp.post_document('DUN', '{"key": "p3", "kind": "customer_payment", "day": "2026-01-20", "party": "C2", "lines": [{"role": "bank", "amount": 200}], "settles": [{"key": "i3"}]}');
SELECT erp.post_document('DUN', '{"key": "p5", "kind": "customer_payment", "day": "2026-01-15", "party": "C4", "lines": [{"role": "bank", "amount": 100}]}');
\o
SELECT is(pg_temp.proposed('2026-01-31'), NULL, 'without levels nothing is dunned');
SELECT is(pg_temp.call('put_dunning_levels', 'levels', '[{"level": 1, "name": "Reminder", "days": 10, "template": "FIRST"}, {"level": 2, "name": "Demand", "days": 30, "wait_days": 14, "fee": 5, "interest_percent": 8},
	{"level": 3, "name": "Last", "days": 60, "fee": 10, "interest_percent": 8, "fee_item": "FEE", "interest_item": "INT"}]'), '{"updated": 0, "inserted": 3}', 'three levels');
SELECT is(pg_temp.call('put_dunning_levels', 'x', '[{"level": 100, "name": "X", "days": 1}]'), 'LE011 | field "level" must lie between 1 and 99 | At $[0].level, value "100".', 'levels are counted');
SELECT is(pg_temp.call('put_dunning_levels', 'x', '[{"level": 4, "name": "X", "days": 90, "fee_item": "NONE"}]'), 'LE012 | there is no service "NONE" | At $[0].fee_item, value "NONE".', 'services are known');
SELECT is(pg_temp.call('put_dunning_stops', 'stop', '[{"party": "C3", "document": "i4", "reason": "broken", "until": "2026-02-10"}]'), '{"lifted": 0, "stopped": 1}', 'what is in dispute is not dunned');
SELECT is(pg_temp.call('put_dunning_stops', 'x', '[{"party": "C1", "document": "i4"}]'), 'LE012 | there is no document by which the party owes anything "i4" | At $[0].document, value "i4".', 'a document is of its party');
SELECT is(pg_temp.proposed('2026-01-19'), NULL, 'nine days are not ten');
SELECT is(pg_temp.proposed('2026-01-20'), 'C1 i1 10 1000.00 0>1 01-10 0.00', 'ten are: not what is settled, stopped, in another currency, or of whom nothing is owed on balance');
SELECT is(pg_temp.call('dun', 'd1', '{"day": "2026-01-20"}'), '{"letters": [{"fee": 0.00, "level": 1, "party": "C1", "letter": 1, "currency": "GBP", "interest": 0.00, "open_amount": 1000.00}]}', 'a reminder');
SELECT is((SELECT body FROM erp.dunning_letter_list WHERE company = 'DUN'), E'Customer &amp; Co owes 1000.00 GBP (Reminder):\ni1 due 2026-01-10: 1000.00\n', 'is printed');
SELECT is(pg_temp.call('dun', 'd1', '{"day": "2026-01-20"}'), '{"letters": [{"fee": 0.00, "level": 1, "party": "C1", "letter": 1, "currency": "GBP", "interest": 0.00, "open_amount": 1000.00}]}', 'the same request has the same answer');
SELECT is(pg_temp.call('dun', 'd2', '{"day": "2026-01-20"}'), '{"letters": []}', 'once per level');
\o /dev/null
SELECT erp.post_document('DUN', '{"key": "p1", "kind": "customer_payment", "day": "2026-01-25", "party": "C1", "lines": [{"role": "bank", "amount": 400}], "settles": [{"key": "i1", "amount": 400}]}');
\o
-- 1000 for 15 days and 600 for 15: 24000 x 8 / 36500 = 5.2603.
SELECT is(pg_temp.proposed('2026-02-09'), 'C1 i1 30 600.00 1>2 01-10 5.26', 'interest is on what was open day by day');
-- Two days of 600 more: 25200 x 8 / 36500 = 5.5233. C3 is in dispute no more after the 10th.
SELECT is(pg_temp.proposed('2026-02-11'), 'C1 i1 32 600.00 1>2 01-10 5.52, C1 i2 10 500.00 0>1 02-01 0.00, C3 i4 32 300.00 0>1 01-10 0.00', 'a stop ends');
SELECT is(pg_temp.call('dun', 'd3', '{"day": "2026-02-11", "parties": ["C1"], "charge": true}'), 'LE280 | level "Demand" does not say as what its fee or interest is billed | At $.charge.', 'what is billed is billed as something');
SELECT is(pg_temp.call('dun', 'd3', '{"day": "2026-02-11", "parties": ["C9"]}'), 'LE012 | there is no party "C9" | At $.parties[0], value "C9".', 'parties are known');
SELECT is(pg_temp.call('put_dunning_levels', 'bill', '[{"level": 2, "name": "Demand", "days": 30, "fee_item": "FEE", "interest_item": "INT"}]'), '{"updated": 1, "inserted": 0}', 'the rest keeps its value');
SELECT is(pg_temp.call('dun', 'd3', '{"day": "2026-02-11", "parties": ["C1"], "charge": true}'), '{"letters": [{"fee": 5.00, "level": 2, "party": "C1", "letter": 1, "invoice": "d3/1", "currency": "GBP", "interest": 5.52, "open_amount": 1100.00}]}', 'one letter at the highest level');
SELECT is((SELECT string_agg(concat_ws(' ', i.code, round(l.amount, 2)), ', ' ORDER BY l.line_no) FROM erp.document d JOIN erp.document_line l USING (company_id, document_id) JOIN erp.item i USING (company_id, item_id) WHERE d.key = 'd3/1'), 'FEE 5.00, INT 5.52', 'fee and interest are billed');
SELECT is((SELECT string_agg(concat_ws(' ', document_key, level, open_amount, interest_from, interest), ', ' ORDER BY due_day) FROM erp.dunning_item_list WHERE company = 'DUN' AND call_key = 'd3'), 'i1 2 600.00 2026-01-10 5.52, i2 1 500.00 2026-02-01 0.00', 'the letter has its lines');
SELECT is((SELECT count(*) FROM erp.outbox o JOIN erp.document d USING (company_id, document_id) WHERE o.topic = 'customer_dunned' AND d.key IN ('d1', 'd2', 'd3')), 2::bigint, 'an event for each letter');
-- i1 since the 11th of February: 600 x 28 x 8 / 36500 = 3.6822; i2 from its due day: 500 x 38 x 8 / 36500 = 4.1644; none on d3/1.
SELECT is(pg_temp.proposed('2026-03-11'), 'C1 i1 60 600.00 2>3 02-11 3.68, C1 i2 38 500.00 1>2 02-01 4.16, C1 d3/1 28 10.52 0>1 02-11 0.00, C3 i4 60 300.00 0>1 01-10 0.00', 'no day is billed twice');
SELECT is(pg_temp.call('dun', 'd4', '{"day": "2026-03-11", "parties": ["C1"]}'), '{"letters": [{"fee": 10.00, "level": 3, "party": "C1", "letter": 1, "currency": "GBP", "interest": 7.84, "open_amount": 1110.52}]}', 'not billed this time');
SELECT is(pg_temp.proposed('2026-03-24'), 'C3 i4 73 300.00 0>1 01-10 0.00', 'between letters some days pass');
-- i1 has been at all levels. What was not billed of interest is asked again: i2 500 x 71 x 8 / 36500 = 7.7808.
SELECT is(pg_temp.proposed('2026-04-13'), 'C1 i2 71 500.00 2>3 02-01 7.78, C1 d3/1 61 10.52 1>2 02-11 0.00, C3 i4 93 300.00 0>1 01-10 0.00', 'and no interest on interest');
-- 100000 x 30 x 8 / 36500 = 657.53, in a currency without decimals.
SELECT is(pg_temp.call('put_dunning_levels', 'yen', '[{"level": 1, "currency": "JPY", "name": "Yen", "days": 5, "fee": 100, "interest_percent": 8}]'), '{"updated": 0, "inserted": 1}', 'levels of another currency');
SELECT is((SELECT concat_ws(' ', document_key, open_amount, interest, fee) FROM erp.propose_dunning('DUN', '2026-02-09') WHERE party_code = 'C5'), 'i6 100000 658 100', 'whole yen');
SELECT is(pg_temp.call('put_dunning_stops', 'lift', '[{"party": "C3", "document": "i4", "stopped": false}, {"party": "C5"}]') || COALESCE(pg_temp.proposed('2026-02-09'), ''), '{"lifted": 1, "stopped": 1}C3 i4 30 300.00 0>1 01-10 0.00', 'a stop is lifted, a party is stopped');
SELECT is((SELECT count(*) FROM erp.check_integrity()), 0::bigint, 'the books agree');
SELECT finish();
ROLLBACK;
