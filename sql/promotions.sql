\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Promotions: gifts, thresholds and bundles, what stacks in which order, and how often each may be used; figures by hand.
SELECT plan(45);
\o /dev/null
SELECT trial.make_company('PROMO');
SELECT erp.put_parties('PROMO', 'groups', '[{"code": "C1", "name": "One", "group": "RETAIL"}]');
SELECT erp.put_items('PROMO', 'more', '[{"code": "POT", "name": "Pot", "kind": "stock", "method": "fifo", "unit": "piece"}, {"code": "CUP", "name": "Cup", "kind": "stock", "method": "fifo", "unit": "piece", "group": "CHINA"},
	{"code": "TIN", "name": "Tin", "kind": "stock", "method": "fifo", "group": "CHINA"}]');
SELECT trial.receive('PROMO', 'r1', '2009-01-02', 'POT', 10, 40);
SELECT trial.receive('PROMO', 'r2', '2009-01-02', 'CUP', 10, 15);
SELECT erp.put_price_lists('PROMO', 'l', '[{"code": "STD", "name": "Standard", "currency": "GBP"}]');
SELECT erp.put_price_rules('PROMO', 'r', '[{"list": "STD", "item": "POT", "price": 10}, {"list": "STD", "item": "CUP", "price": 4}, {"list": "STD", "item": "TIN", "price": 3}]');
CREATE FUNCTION pg_temp.put(p_request text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text; answer jsonb;
BEGIN
	RETURN erp.put_promotions('PROMO', gen_random_uuid()::text, p_request::json);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
-- One promotion in place of all before.
CREATE FUNCTION pg_temp.only(VARIADIC p_requests text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	UPDATE erp.promotion SET active = false WHERE company_id = (SELECT company_id FROM erp.company WHERE code = 'PROMO');
	RETURN (SELECT string_agg(pg_temp.put('[' || r || ']'), ' ') FROM unnest(p_requests) r WHERE pg_temp.put('[' || r || ']') NOT LIKE '%"inserted": %');
END
$$;
-- Quantities of POT, CUP and TIN; the net amounts of the lines, then gifts and uses.
CREATE FUNCTION pg_temp.buy(p_pots text, p_cups text, p_tins text DEFAULT '0', p_party text DEFAULT 'C2', p_options text DEFAULT '{}', p_day date DEFAULT '2009-02-01') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', (SELECT string_agg(l ->> 'net', ' ' ORDER BY l -> 'line') FROM jsonb_array_elements(p -> 'lines') l),
		(SELECT '+ ' || string_agg(concat_ws(' ', g ->> 'quantity', g ->> 'item', g ->> 'cost'), ', ') FROM jsonb_array_elements(p -> 'gifts') g),
		(SELECT string_agg(format('[%s %s %s]', u ->> 'promotion', u ->> 'uses', u ->> 'amount'), '' ORDER BY n) FROM jsonb_array_elements(p -> 'promotions') WITH ORDINALITY AS x (u, n)))
	FROM erp.price('PROMO', p_party, (SELECT json_agg(json_build_object('item', i, 'quantity', q)) FROM (VALUES ('POT', p_pots), ('CUP', p_cups), ('TIN', p_tins)) v (i, q) WHERE q <> '0'), p_day, p_options::json) p
$$;
\o
-- Gifts.
SELECT is(pg_temp.put('[{"code": "GIFT", "name": "Five and one", "kind": "gift", "item": "CUP", "buy_quantity": 5, "gift_quantity": 1}]'), '{"updated": 0, "inserted": 1}', 'five cups give one');
SELECT is(pg_temp.buy('0', '4'), '16', 'four give none');
SELECT is(pg_temp.buy('0', '5'), '20 + 1 CUP 1.5 [GIFT 1 0]', 'one at its cost: 15/10');
SELECT is(pg_temp.buy('1', '14'), '10 56 + 2 CUP 3 [GIFT 2 0]', 'fourteen give two');
SELECT is((erp.price('PROMO', 'C2', '[{"item": "CUP", "quantity": 5}]', '2009-02-01') -> 'margin')::text, '11', 'the gift is in the margin: 20 less 7.50 less 1.50');
SELECT is(pg_temp.only('{"code": "ONCE", "name": "Once", "kind": "gift", "item_group": "CHINA", "buy_quantity": 3, "gift_item": "POT", "gift_quantity": 2, "each": false}'), NULL, 'of a group, another item, once');
SELECT is(pg_temp.buy('0', '2', '7'), '8 21 + 2 POT 8 [ONCE 1 0]', 'nine of the group give two pots, once');

-- Thresholds.
SELECT is(pg_temp.only('{"code": "FIVE", "name": "Five percent", "kind": "threshold", "currency": "GBP", "threshold": 100, "percent": -5}'), NULL, 'five percent from 100 on');
SELECT is(pg_temp.buy('6', '9'), '60 36', '96: not yet');
SELECT is(pg_temp.buy('6', '10'), '57 38 [FIVE 1 -5]', '100: 3 and 2 less');
SELECT is(pg_temp.buy('6', '11', '1'), '57 41.8 2.85 [FIVE 1 -5.35]', '107: 5.35 less, spread by 60, 44 and 3');
SELECT is(pg_temp.only('{"code": "FOUR", "name": "Four off", "kind": "threshold", "currency": "GBP", "threshold": 50, "amount": -4}'), NULL, 'four for every 50');
SELECT is(pg_temp.buy('6', '10', '5'), '55.82 37.22 13.96 [FOUR 2 -8]', '115: 8 by 60, 40 and 15 are 4.1739, 2.7826 and 1.0435: the first has the greatest remainder');
SELECT is(pg_temp.only('{"code": "CHINA", "name": "China", "kind": "threshold", "currency": "GBP", "item_group": "CHINA", "threshold": 10, "amount": -100}'), NULL, 'of a group');
SELECT is(pg_temp.buy('6', '2', '1'), '60 0 0 [CHINA 1 -11]', 'no more than the group comes to');

-- Bundles.
SELECT is(pg_temp.only('{"code": "SET", "name": "Tea set", "kind": "bundle", "currency": "GBP", "bundle_price": 15, "items": [{"item": "POT", "quantity": 1}, {"item": "CUP", "quantity": 2}]}'), NULL, 'a pot and two cups for 15');
SELECT is(pg_temp.buy('1', '1'), '10 4', 'a cup is missing');
SELECT is(pg_temp.buy('2', '5'), '16.67 17.33 [SET 2 -6]', 'two sets for 30 in place of 20 and 16: 6 by 20 and 16; the fifth cup is not in them');
SELECT is(pg_temp.only('{"code": "SET", "name": "Tea set", "kind": "bundle", "currency": "GBP", "bundle_price": 19, "items": [{"item": "POT", "quantity": 1}, {"item": "CUP", "quantity": 2}]}'), NULL, 'dearer than its parts');
SELECT is(pg_temp.buy('2', '5'), '20 20', 'it is not given');

-- What stacks, and in which order.
SELECT is(pg_temp.only('{"code": "A", "name": "A", "kind": "threshold", "currency": "GBP", "threshold": 100, "percent": -10}', '{"code": "B", "name": "B", "kind": "threshold", "currency": "GBP", "threshold": 100, "amount": -20, "priority": 5, "each": false}'), NULL, 'two that stack');
SELECT is(pg_temp.buy('11', '0'), '90 [B 1 -20]', 'twenty off first: 90 is below the other''s threshold');
SELECT is(pg_temp.buy('13', '0'), '99 [B 1 -20][A 1 -11]', '130 less 20, less a tenth of 110');
SELECT is(pg_temp.only('{"code": "A", "name": "A", "kind": "threshold", "currency": "GBP", "threshold": 100, "percent": -10}', '{"code": "B", "name": "B", "kind": "threshold", "currency": "GBP", "threshold": 100, "amount": -20, "each": false}'), NULL, 'of one priority');
SELECT is(pg_temp.buy('13', '0'), '97 [A 1 -13][B 1 -20]', 'by code');
SELECT is(pg_temp.only('{"code": "A", "name": "A", "kind": "threshold", "currency": "GBP", "threshold": 100, "percent": -10, "exclusive_group": "X"}',
	'{"code": "B", "name": "B", "kind": "threshold", "currency": "GBP", "threshold": 120, "amount": -20, "priority": 5, "each": false, "exclusive_group": "X"}'), NULL, 'two that exclude each other');
SELECT is(ARRAY[pg_temp.buy('11', '0'), pg_temp.buy('13', '0')], '{99 [A 1 -11],110 [B 1 -20]}', 'the first that gives something');
SELECT is(pg_temp.buy('13', '0', '0', 'C2', '{"discount": 10}'), '99 [B 1 -20]', 'the discount on the document comes last');

-- For whom, when, by code.
SELECT is(pg_temp.only('{"code": "CODE", "name": "By code", "kind": "threshold", "currency": "GBP", "threshold": 0, "percent": -50, "by_code": true, "party_group": "RETAIL", "from": "2009-02-01", "to": "2009-02-28"}'), NULL, 'by code, for a group, in February');
SELECT is(pg_temp.buy('1', '0', '0', 'C1', '{"promotions": ["CODE"]}'), '5 [CODE 1 -5]', 'all is right');
SELECT is(ARRAY[pg_temp.buy('1', '0', '0', 'C1'), pg_temp.buy('1', '0', '0', 'C2', '{"promotions": ["CODE"]}'), pg_temp.buy('1', '0', '0', 'C1', '{"promotions": ["CODE"]}', '2009-03-01')], '{10,10,10}', 'no code, another party, March');

-- How often.
SELECT is(pg_temp.only('{"code": "LIMIT", "name": "Three gifts", "kind": "gift", "item": "CUP", "buy_quantity": 2, "gift_quantity": 1, "max_uses": 3, "max_uses_of_party": 2}'), NULL, 'three in all, two for each');
SELECT is(pg_temp.buy('0', '10'), '40 + 2 CUP 3 [LIMIT 2 0]', 'two, not five');
CREATE FUNCTION pg_temp.uses(p_document text, p_uses integer, p_party text DEFAULT 'C2') RETURNS void LANGUAGE sql AS $$
	SELECT erp_private.use_promotions(c.company_id, p_document, jsonb_build_array(jsonb_build_object('promotion', 'LIMIT', 'uses', p_uses, 'party_id', p.party_id)))
	FROM erp.company c JOIN erp.party p USING (company_id) WHERE c.code = 'PROMO' AND p.code = p_party
$$;
SELECT lives_ok($$SELECT pg_temp.uses('SO-1', 1)$$, 'one is used');
SELECT is(ARRAY[pg_temp.buy('0', '10'), pg_temp.buy('0', '10', '0', 'C1'), pg_temp.buy('0', '10', '0', 'C2', '{"document": "SO-1"}')], '{"40 + 1 CUP 1.5 [LIMIT 1 0]","40 + 2 CUP 3 [LIMIT 2 0]","40 + 2 CUP 3 [LIMIT 2 0]"}', 'one is left for that party, two for others; its own document does not count against itself');
SELECT lives_ok($$SELECT pg_temp.uses('SO-2', 2, 'C1')$$, 'another party uses two');
SELECT is(ARRAY[pg_temp.buy('0', '10'), pg_temp.buy('0', '10', '0', 'C3')], '{40,40}', 'none is left');
SELECT throws_ok($$SELECT pg_temp.uses('SO-3', 1, 'C3')$$, 'LE242', 'promotion "LIMIT" may be used 3 times, and would be more often', 'and none is taken');
SELECT throws_ok($$SELECT pg_temp.uses('SO-1', 3)$$, 'LE242', NULL, 'not by the document that has one either');
SELECT lives_ok($$SELECT erp_private.use_promotions((SELECT company_id FROM erp.company WHERE code = 'PROMO'), 'SO-2', '[]')$$, 'the other is cancelled');
SELECT throws_ok($$SELECT pg_temp.uses('SO-4', 2)$$, 'LE242', 'promotion "LIMIT" may be used 2 times, and would be more often', 'two of one party are the most');
SELECT is((SELECT concat_ws(' ', uses, documents, max_uses, max_uses_of_party) FROM erp.promotion_list WHERE company = 'PROMO' AND promotion = 'LIMIT'), '1 1 3 2', 'what is used');

-- What is refused.
SELECT is(pg_temp.put(r), e, e) FROM (VALUES
	('[{"code": "X", "name": "X", "kind": "gift", "item": "POT", "buy_quantity": 1}]', 'LE011 | a gift has "buy_quantity", "gift_quantity" and "gift_item" | At $[0].buy_quantity, value "1".'),
	('[{"code": "X", "name": "X", "kind": "threshold", "currency": "GBP", "threshold": 1, "percent": 5}]', 'LE011 | what is taken off is a percentage below zero, of at most -100 | At $[0].percent, value "5".')) AS v (r, e);
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
