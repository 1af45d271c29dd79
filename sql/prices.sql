\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What a line costs: which rule is the best, what a rule begins from, discounts, floors and margins; figures by hand.
SELECT plan(81);
\o /dev/null
SELECT trial.make_company('PRICE');
SELECT erp.put_parties('PRICE', 'groups', '[{"code": "C1", "name": "One", "group": "RETAIL"}, {"code": "C2", "name": "Two", "group": "WHOLESALE"}]');
SELECT erp.put_item_groups('PRICE', 'tree', '[{"code": "DRINKS", "name": "Drinks"}, {"code": "TEA", "name": "Tea", "parent": "DRINKS"}, {"code": "GREEN", "name": "Green tea", "parent": "TEA"}]');
SELECT erp.put_items('PRICE', 'more', '[{"code": "SENCHA", "name": "Sencha", "kind": "stock", "method": "fifo", "group": "GREEN", "unit": "kg"},
	{"code": "GUNPOWDER", "name": "Gunpowder", "kind": "stock", "method": "fifo", "group": "GREEN", "unit": "kg"},
	{"code": "ASSAM", "name": "Assam", "kind": "stock", "method": "moving_average", "group": "TEA", "unit": "kg"},
	{"code": "POT", "name": "Pot", "kind": "stock", "method": "fifo", "unit": "piece"}, {"code": "OLD", "name": "Old", "kind": "service", "active": false}]');
SELECT erp.put_item_units('PRICE', 'box', '[{"item": "SENCHA", "unit": "box", "numerator": 12}, {"item": "POT", "unit": "box", "numerator": 3}]');
SELECT trial.receive('PRICE', 'r1', '2009-01-02', 'SENCHA', 10, 60);
SELECT trial.receive('PRICE', 'r2', '2009-01-02', 'ASSAM', 10, 30);
SELECT trial.receive('PRICE', 'r3', '2009-01-02', 'POT', 3, 16);
SELECT erp.put_exchange_rates('PRICE', 'rate', '[{"from": "USD", "to": "GBP", "day": "2009-01-01", "rate": "0.5"}]');
-- The result of a call, or its error.
CREATE FUNCTION pg_temp.put(p_call text, p_request text, p_key text DEFAULT gen_random_uuid()::text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text; answer jsonb;
BEGIN
	EXECUTE format('SELECT erp.%I(''PRICE'', $1, $2::json)', p_call) INTO answer USING p_key, p_request;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
CREATE FUNCTION pg_temp.priced(p_lines text, p_party text DEFAULT NULL, p_day date DEFAULT '2009-02-01', p_options text DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.price('PRICE', p_party, p_lines::json, p_day, p_options::json)
$$;
-- A line a text: list and price, then what each effect adds, then the net amount.
CREATE FUNCTION pg_temp.told(p_lines text, p_party text DEFAULT NULL, p_day date DEFAULT '2009-02-01', p_options text DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text; answer text;
BEGIN
	SELECT string_agg(concat_ws(' ', (SELECT string_agg(concat_ws(' ', r ->> 'list', r ->> 'promotion', r ->> 'price', CASE WHEN r ->> 'effect' <> 'base' THEN (CASE WHEN (r ->> 'amount')::numeric >= 0 THEN '+' ELSE '' END) || (r ->> 'amount') END), ', ' ORDER BY n)
		FROM jsonb_array_elements(l -> 'rules') WITH ORDINALITY AS x (r, n)), '=', l ->> 'net'), '; ' ORDER BY l -> 'line') INTO answer
	  FROM jsonb_array_elements(pg_temp.priced(p_lines, p_party, p_day, p_options) -> 'lines') AS l;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
-- The price of one unit.
CREATE FUNCTION pg_temp.unit_price(p_item text, p_quantity text DEFAULT '1', p_party text DEFAULT NULL, p_day date DEFAULT '2009-02-01', p_unit text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT l ->> 'price' FROM jsonb_array_elements(pg_temp.priced(json_build_array(json_strip_nulls(json_build_object('item', p_item, 'quantity', p_quantity, 'unit', p_unit)))::text, p_party, p_day) -> 'lines') AS l
$$;
\o
-- Nothing is said: no price, and the document is refused.
SELECT is(pg_temp.priced('[{"item": "POT", "quantity": 2}]') - 'lines', '{"currency": "GBP", "gifts": [], "promotions": [], "net": 0, "untaxed": 0, "cost": 10.67, "margin": null, "action": "refuse"}'::jsonb, 'no rule, no price: cost 2 x 16/3');
SELECT is(pg_temp.told('[{"item": "POT", "quantity": 2, "price": "7.505", "discount": 10}]'), '7.505 +15.01, -1.5 = 13.51', 'a price and a discount by hand: 15.01, and 13.509 rounded once');

-- Which rule is the best.
SELECT is(pg_temp.put('put_price_lists', '[{"code": "STD", "name": "Standard", "currency": "GBP"}, {"code": "WHS", "name": "Wholesale", "currency": "GBP", "party_groups": ["WHOLESALE"]}]'), '{"updated": 0, "inserted": 2}', 'two lists');
SELECT is(pg_temp.put('put_price_rules', '[{"list": "STD", "price": 100}, {"list": "STD", "item_group": "TEA", "price": 20}, {"list": "STD", "item_group": "GREEN", "price": 18}, {"list": "STD", "item": "SENCHA", "price": 15},
	{"list": "STD", "item": "SENCHA", "min_quantity": 5, "price": 14}, {"list": "STD", "item": "SENCHA", "min_quantity": 20, "price": 12}, {"list": "STD", "item": "SENCHA", "unit": "box", "price": 150},
	{"list": "STD", "item": "SENCHA", "party_group": "RETAIL", "price": "14.5"}, {"list": "STD", "item": "SENCHA", "party": "C1", "from": "2009-06-01", "price": 13}, {"list": "STD", "item": "SENCHA", "from": "2009-07-01", "price": 16},
	{"list": "WHS", "base_list": "STD", "percent": -10}]'), '{"updated": 0, "inserted": 11}', 'eleven rules');
SELECT is(pg_temp.put('put_price_rules', '[{"list": "STD", "price": 100}]'), '{"updated": 1, "inserted": 0}', 'the same rule again');
SELECT is(pg_temp.unit_price('POT'), '100', 'all items');
SELECT is(pg_temp.unit_price('ASSAM'), '20', 'the group before all');
SELECT is(pg_temp.unit_price('GUNPOWDER'), '18', 'the nearest group first');
SELECT is(pg_temp.unit_price('SENCHA'), '15', 'the item before its groups');
SELECT is(pg_temp.unit_price('SENCHA', '4.999999'), '15', 'not yet five');
SELECT is(pg_temp.unit_price('SENCHA', '5'), '14', 'five');
SELECT is(pg_temp.unit_price('SENCHA', '20'), '12', 'twenty');
SELECT is(pg_temp.unit_price('SENCHA', '1', NULL, '2009-02-01', 'box'), '150', 'the rule of the very unit before any, whatever the quantity');
SELECT is(pg_temp.unit_price('POT', '1', NULL, '2009-02-01', 'box'), '300', 'a rule without a unit is of the item''s own: three');
SELECT is(pg_temp.unit_price('SENCHA', '5000', NULL, '2009-02-01', 'g'), '0.014', 'five kilograms, by the gram');
SELECT is(pg_temp.unit_price('SENCHA', '4999', NULL, '2009-02-01', 'g'), '0.015', 'and less');
SELECT is(pg_temp.unit_price('SENCHA', '1', 'C1'), '14.5', 'its group');
SELECT is(pg_temp.unit_price('SENCHA', '20', 'C1'), '14.5', 'who it is for comes before how much');
SELECT is(pg_temp.unit_price('SENCHA', '1', 'C1', '2009-05-31'), '14.5', 'the day before');
SELECT is(pg_temp.unit_price('SENCHA', '1', 'C1', '2009-06-01'), '13', 'the party itself, from its day on');
SELECT is(pg_temp.unit_price('SENCHA', '1', 'C3', '2009-07-01'), '16', 'of equal ones the later first day');
SELECT is(pg_temp.unit_price('SENCHA', '20', 'C3', '2009-07-01'), '12', 'but the quantity comes first');
SELECT is(pg_temp.told('[{"item": "SENCHA", "quantity": 2}]', 'C2'), 'STD 15, WHS 13.5 +27 = 27', 'a list for the group, that begins from another: ten percent less');
SELECT is(pg_temp.told('[{"item": "SENCHA", "quantity": 1, "unit": "box"}]', 'C2'), 'STD 150, WHS 135 +135 = 135', 'of a box');
SELECT is(pg_temp.put('put_price_lists', '[{"code": "ACT", "name": "August", "currency": "GBP", "priority": 10, "from": "2009-08-01", "to": "2009-08-31"}]'), '{"updated": 0, "inserted": 1}', 'a list of a month, with priority');
SELECT is(pg_temp.put('put_price_rules', '[{"list": "ACT", "item_group": "TEA", "price": "9.99"}]'), '{"updated": 0, "inserted": 1}', 'one rule');
SELECT is(ARRAY[pg_temp.unit_price('SENCHA', '1', 'C1', '2009-07-31'), pg_temp.unit_price('SENCHA', '1', 'C1', '2009-08-01'), pg_temp.unit_price('SENCHA', '1', 'C1', '2009-08-31'), pg_temp.unit_price('SENCHA', '1', 'C1', '2009-09-01')],
	'{13,9.99,9.99,13}', 'priority before all else, within its days');
SELECT is(pg_temp.put('put_price_lists', '[{"code": "T1", "name": "Tie", "currency": "GBP"}, {"code": "T2", "name": "Tie", "currency": "GBP"}]') || pg_temp.put('put_price_rules', '[{"list": "T2", "item": "POT", "price": 51}]')
	|| pg_temp.put('put_price_rules', '[{"list": "T1", "item": "POT", "price": 50}]'), '{"updated": 0, "inserted": 2}{"updated": 0, "inserted": 1}{"updated": 0, "inserted": 1}', 'two lists with the same');
SELECT is(pg_temp.unit_price('POT'), '50', 'of equal ones the one made last');
SELECT is(pg_temp.put('put_price_lists', '[{"code": "T1", "name": "Tie", "currency": "GBP", "active": false}, {"code": "T2", "name": "Tie", "currency": "GBP", "active": false}]'), '{"updated": 2, "inserted": 0}', 'they end');
SELECT is(pg_temp.unit_price('POT'), '100', 'a list that is not active does not count');

-- What a rule begins from.
SELECT is(pg_temp.put('put_price_lists', '[{"code": "C3L", "name": "Of C3", "currency": "GBP", "parties": ["C3"]}]'), '{"updated": 0, "inserted": 1}', 'a list of a party');
SELECT is(pg_temp.put('put_price_rules', '[{"list": "C3L", "item": "SENCHA", "base": "cost", "percent": 50, "round_to": "0.5", "ending": "-0.01"}, {"list": "C3L", "item": "ASSAM", "base_list": "STD", "percent": "-33.3333", "amount": "0.1"},
	{"list": "C3L", "item": "GUNPOWDER", "base": "cost", "percent": 50}, {"list": "C3L", "item": "POT", "base": "cost", "percent": 0}]'), '{"updated": 0, "inserted": 4}', 'prices from cost, and from a list');
SELECT is(pg_temp.unit_price('SENCHA', '1', 'C3'), '8.99', 'cost 6, nine with the margin: of 8.49, 8.99 and 9.49 the nearest');
SELECT is(pg_temp.unit_price('ASSAM', '1', 'C3'), '13.43334', '20 less 33.3333 percent, and a tenth');
SELECT is(pg_temp.unit_price('POT', '1', 'C3'), '5.33333333', '16/3, in 8 decimals');
SELECT is(pg_temp.told('[{"item": "POT", "quantity": 3}]', 'C3'), 'C3L 5.33333333 +16 = 16', 'three of them, rounded once');
SELECT is(pg_temp.unit_price('GUNPOWDER', '1', 'C3'), '18', 'what never came in has no cost: the next best rule counts');
SELECT is(pg_temp.put('put_price_lists', '[{"code": "USD", "name": "Dollars", "currency": "USD"}]') || pg_temp.put('put_price_rules', '[{"list": "USD", "base_list": "STD", "percent": 0, "round_to": "0.1"}, {"list": "USD", "item": "ASSAM", "base": "cost", "percent": 100}]'),
	'{"updated": 0, "inserted": 1}{"updated": 0, "inserted": 2}', 'a list in another currency');
SELECT is(pg_temp.told('[{"item": "SENCHA", "quantity": 1}, {"item": "ASSAM", "quantity": 1}]', NULL, '2009-02-01', '{"currency": "USD"}'), 'STD 15, USD 30 +30 = 30; USD 12 +12 = 12', 'at the rate of the day: 15 / 0.5, and twice 3 / 0.5');
SELECT is(pg_temp.told('[{"item": "SENCHA", "quantity": 1}]', NULL, '2008-12-31', '{"currency": "USD"}'), 'LE043 | no rate from USD to GBP is known on or before the day | A price rule begins from a list or a cost in another currency.', 'no rate before');
SELECT is((pg_temp.priced('[{"item": "ASSAM", "quantity": 2}]', NULL, '2009-02-01', '{"currency": "USD"}') -> 'lines' -> 0) ->> 'margin', '6', 'margin in the company''s currency: 24 dollars are 12, less 6');

-- Discounts.
SELECT is(pg_temp.put('put_price_rules', '[{"list": "STD", "purpose": "discount", "item_group": "DRINKS", "percent": -10}, {"list": "STD", "purpose": "discount", "item": "SENCHA", "min_quantity": 10, "percent": "-12.5"},
	{"list": "STD", "item": "SENCHA", "min_quantity": 100, "price": 10, "net": true}]'), '{"updated": 0, "inserted": 3}', 'discounts');
SELECT is(pg_temp.told('[{"item": "ASSAM", "quantity": "0.333"}]'), 'STD 20 +6.66, STD -0.67 = 5.99', '6.66 less a tenth is 5.994');
SELECT is(pg_temp.told('[{"item": "SENCHA", "quantity": 10}, {"item": "SENCHA", "quantity": 100}, {"item": "POT", "quantity": 1}]'), 'STD 14 +140, STD -17.5 = 122.5; STD 10 +1000 = 1000; STD 100 +100 = 100', 'by quantity; none on a net price; none for what is no drink');
SELECT is(pg_temp.told('[{"item": "ASSAM", "quantity": 1, "discount": 5}]'), 'STD 20 +20, -1 = 19', 'a discount by hand takes the place of the rule''s');
SELECT is(pg_temp.told('[{"item": "POT", "quantity": 1, "price": 10}, {"item": "POT", "quantity": 1, "price": 10}, {"item": "POT", "quantity": 1, "price": 10}]', NULL, '2009-02-01', '{"discount_amount": 10}'),
	'10 +10, -3.34 = 6.66; 10 +10, -3.33 = 6.67; 10 +10, -3.33 = 6.67', 'a discount on the document, by largest remainder');
SELECT is(pg_temp.told('[{"item": "POT", "quantity": 1, "price": "0.05"}, {"item": "SV", "quantity": 1, "price": "33.35"}]', NULL, '2009-02-01', '{"discount": "12.5"}'), '0.05 +0.05, -0.01 = 0.04; 33.35 +33.35, -4.17 = 29.18', '12.5 percent of 33.40 is 4.175, 4.18 in all');
SELECT is(pg_temp.told('[{"item": "POT", "quantity": 1, "price": 1}]', NULL, '2009-02-01', '{"discount_amount": 5}'), '1 +1, -1 = 0', 'no more than there is');

-- Tax in the price.
SELECT is(pg_temp.put('put_price_lists', '[{"code": "SHOP", "name": "Shop", "currency": "GBP", "tax_included": true, "parties": ["C1"]}]') || pg_temp.put('put_price_rules', '[{"list": "SHOP", "item": "SENCHA", "price": "11.50"}]'),
	'{"updated": 0, "inserted": 1}{"updated": 0, "inserted": 1}', 'a list with tax');
SELECT is((pg_temp.priced('[{"item": "SENCHA", "quantity": 2}]', 'C1', '2009-02-01', '{"tax_code": "VAT"}') -> 'lines' -> 0) - 'rules', '{"line": 1, "item": "SENCHA", "quantity": 2, "price": 11.5, "gross": 23, "discount": -2.3, "net": 20.7, "cost": 12, "margin": 6,
	"tax_code": "VAT", "tax_included": true, "stops": []}'::jsonb, '23 less the tenth on drinks: 20.70 with 15 percent tax is 18, less 12');
SELECT is(pg_temp.told('[{"item": "SENCHA", "quantity": 1}]', 'C1', '2009-02-01', '{"tax_included": false}'), 'STD 14.5 +14.5, STD -1.45 = 13.05', 'a document whose prices are without tax sees no list with it');
SELECT is(pg_temp.told('[{"item": "POT", "quantity": 1}]', 'C1', '2009-02-01', '{"tax_included": true}'), '= 0', 'and one with tax none without');

-- Floors and cost stops.
SELECT is(pg_temp.put('put_price_rules', '[{"list": "STD", "purpose": "floor", "item": "POT", "price": 8, "action": "approve"}, {"list": "STD", "purpose": "cost_stop", "percent": 20, "action": "warn"},
	{"list": "STD", "purpose": "cost_stop", "item": "ASSAM", "action": "refuse"}, {"list": "SHOP", "purpose": "floor", "item": "POT", "price": "9.2", "action": "refuse"}]'), '{"updated": 0, "inserted": 4}', 'floors');
CREATE FUNCTION pg_temp.stops(p_lines text, p_party text DEFAULT NULL, p_options text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT (p ->> 'action') || coalesce(': ' || (SELECT string_agg(concat_ws(' ', s ->> 'stop', s ->> 'action', s ->> 'limit'), ', ' ORDER BY n, m) FROM jsonb_array_elements(p -> 'lines') WITH ORDINALITY AS l (v, n), jsonb_array_elements(v -> 'stops') WITH ORDINALITY AS x (s, m)), '')
	FROM pg_temp.priced(p_lines, p_party, '2009-02-01', p_options) p
$$;
SELECT is(pg_temp.stops('[{"item": "POT", "quantity": 2, "price": 8}]'), 'none', 'at the floor');
SELECT is(pg_temp.stops('[{"item": "POT", "quantity": 2, "price": "7.99"}]'), 'approve: floor approve 16', 'a penny below');
SELECT is(pg_temp.stops('[{"item": "POT", "quantity": 3, "price": "6.4"}]'), 'approve: floor approve 24', 'cost 16 and a fifth is 19.20: that is kept');
SELECT is(pg_temp.stops('[{"item": "POT", "quantity": 3, "price": "6.39"}]'), 'approve: floor approve 24, cost_stop warn 19.2', 'that is not');
SELECT is(pg_temp.stops('[{"item": "ASSAM", "quantity": 1, "price": 3}, {"item": "ASSAM", "quantity": 1, "price": "2.99"}]'), 'refuse: cost_stop refuse 3', 'of an item of its own rule');
SELECT is(pg_temp.stops('[{"item": "ASSAM", "quantity": 1, "price": 10}]', NULL, '{"discount": 71}'), 'refuse: cost_stop refuse 3', 'discounts on the document count: 2.90');
SELECT is(pg_temp.stops('[{"item": "POT", "quantity": 1, "price": "9.19", "tax_included": true, "tax_code": "VAT"}, {"item": "POT", "quantity": 1, "price": "9.20", "tax_included": true, "tax_code": "VAT"}, {"item": "POT", "quantity": 1, "price": 8, "tax_code": "VAT"}]', 'C1'),
	'refuse: floor refuse 8', 'a floor with tax, 8 without: 9.19 with tax is 7.99');
SELECT is(pg_temp.stops('[{"item": "SV", "quantity": 1, "price": "0.01"}]'), 'none', 'a service costs nothing in the books');
PREPARE refused AS SELECT erp_private.check_prices(pg_temp.priced('[{"item": "ASSAM", "quantity": 1, "price": 1}]'));
SELECT throws_ok('refused', 'LE240', 'the price of item "ASSAM" is below its floor', 'a document that is made of it is refused');
PREPARE no_price AS SELECT erp_private.check_prices(pg_temp.priced('[{"item": "SV", "quantity": 1}]', NULL, '2009-02-01', '{"tax_included": true}'));
SELECT throws_ok('no_price', 'LE241', 'no rule gives item "SV" a price', 'as is one without a price');
SELECT is(erp_private.check_prices(pg_temp.priced('[{"item": "POT", "quantity": 1, "price": 7}]')), 'approve', 'else it is told what it needs');

-- The cost follows the books.
\o /dev/null
SELECT trial.sell('PRICE', 's1', '2009-02-02', 'SENCHA', 10, 20);
\o
SELECT is((pg_temp.priced('[{"item": "SENCHA", "quantity": 1}]') -> 'lines' -> 0) ->> 'cost', '6', 'sold out: what came in last');
\o /dev/null
SELECT trial.receive('PRICE', 'r4', '2009-02-03', 'SENCHA', 4, 30);
\o
SELECT is((pg_temp.priced('[{"item": "SENCHA", "quantity": "0.5", "unit": "box"}]') -> 'lines' -> 0) ->> 'cost', '45', 'six kilograms at 7.50');

-- What the party says itself.
SELECT is(pg_temp.put('put_price_lists', '[{"code": "OWN", "name": "Own", "currency": "GBP", "party_groups": ["NOBODY"]}]') || pg_temp.put('put_price_rules', '[{"list": "OWN", "item": "POT", "price": 77}]') || pg_temp.unit_price('POT', '1', 'C2'),
	'{"updated": 0, "inserted": 1}{"updated": 0, "inserted": 1}90', 'a list of others');
\o /dev/null
SELECT erp.put_tax_codes('PRICE', 'none', '[{"code": "EXPORT", "name": "Export", "rates": [{"from": "2009-01-01", "rate": 0}]}]');
SELECT erp.put_tax_zones('PRICE', 'zone', '[{"code": "ABROAD", "name": "Abroad", "tax_codes": [{"tax_code": "VAT", "becomes": "EXPORT"}]}]');
SELECT erp.put_parties('PRICE', 'own', '[{"code": "C2", "name": "Two", "price_list": "OWN"}, {"code": "C1", "name": "One", "tax_zone": "ABROAD"}]');
\o
SELECT is(pg_temp.unit_price('POT', '1', 'C2'), '77', 'the list that the party names is for it');
SELECT is((SELECT (l ->> 'tax_code') || ' ' || (l ->> 'net') || ' ' || (l ->> 'margin') FROM jsonb_array_elements(pg_temp.priced('[{"item": "SENCHA", "quantity": 2}]', 'C1', '2009-02-01', '{"tax_code": "VAT"}') -> 'lines') l), 'EXPORT 20.7 5.7', 'in its zone of tax another code: 20.70 without tax, less 15');

-- Mass changes.
SELECT is(pg_temp.put('change_prices', '{"list": "STD", "item_group": "TEA", "percent": "3.3", "round_to": "0.05", "dry_run": true}')::jsonb #- '{prices}', '{"changed": 10, "dry_run": true}'::jsonb, 'tea and what is below it: ten prices');
SELECT is(pg_temp.unit_price('SENCHA'), '15', 'a dry run changes nothing');
SELECT is((SELECT string_agg((p ->> 'before') || ' ' || (p ->> 'after'), ', ' ORDER BY (p ->> 'before')::numeric) FROM jsonb_array_elements(pg_temp.put('change_prices', '{"list": "STD", "items": ["SENCHA"], "percent": "3.3", "round_to": "0.05", "from": "2009-10-01"}')::jsonb -> 'prices') p),
	'10 10.35, 12 12.4, 13 13.45, 14 14.45, 14.5 15, 16 16.55, 150 154.95', '10.33, 12.396, 13.429, 14.462, 14.9785, 16.528 and 154.95 to the nearest 0.05; of 15 and 16 the later counts on that day');
SELECT is(ARRAY[pg_temp.unit_price('SENCHA', '1', 'C3', '2009-02-01'), pg_temp.unit_price('SENCHA', '20', NULL, '2009-09-30'), pg_temp.unit_price('SENCHA', '20', NULL, '2009-10-01')], '{11.49,12,12.4}', 'from that day on, and not before; 8.99 follows the cost: 7.50 and half is 11.25, 11.49 as near as 10.99');

-- What is refused.
SELECT is(pg_temp.put('put_price_rules', r), e, e) FROM (VALUES
	('[{"list": "STD", "item": "POT"}]', 'LE011 | a price or floor has "price", or begins from "base" or "base_list" | At $[0].price.'),
	('[{"list": "STD", "price": 1}, {"list": "NONE", "price": 1}]', 'LE012 | there is no price list "NONE" | At $[1].list, value "NONE".'),
	('[{"list": "STD", "item": "POT", "price": 1}, {"list": "STD", "item": "POT", "min_quantity": 0, "price": 2}]', 'LE011 | the same rule is given twice | At $[1].'),
	('[{"list": "STD", "base_list": "WHS", "percent": 5}]', 'LE243 | price list "STD": its rules begin from itself, by way of other lists or at once | At $[#].base_list, value "STD".')) AS v (r, e);
SELECT is(pg_temp.told(l), e, e) FROM (VALUES
	('[{"item": "NONE", "quantity": 1}]', 'LE012 | there is no such item | At $[0].item, value "NONE".'),
	('[{"item": "POT", "quantity": 0}]', 'LE011 | field "quantity" is missing or zero | At $[0].quantity, value "0".')) AS v (l, e);
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
