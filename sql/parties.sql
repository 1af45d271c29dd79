\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What a company knows of a party: addresses, contacts, identifiers with their check digits, who sells to it, where it is taxed.
SELECT plan(60);
\o /dev/null
SELECT trial.make_company('PART');
CREATE SEQUENCE pg_temp.call;
-- What a call says: its result, or the refusal.
CREATE FUNCTION pg_temp.call(p_call text, p_request text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text; code text; message text; detail text;
BEGIN
	EXECUTE format('SELECT erp.%I(''PART'', %L, %L)', p_call, 'c' || nextval('pg_temp.call'), p_request) INTO answer;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
-- The same for one party, ACME, with what else is given.
CREATE FUNCTION pg_temp.party(p_fields jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.call('put_parties', jsonb_build_array('{"code": "ACME", "name": "Acme"}' || p_fields)::text)
$$;
CREATE FUNCTION pg_temp.addresses() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', kind, address_code, CASE WHEN is_default THEN '(default)' END, NULLIF(city, ''), NULLIF(country, ''), CASE WHEN NOT active THEN 'closed' END), ', ' ORDER BY kind, address_code)
	  FROM erp.party_address_list WHERE company = 'PART' AND party_code = 'ACME'
$$;
-- The address that is taken for a purpose.
CREATE FUNCTION pg_temp.address_for(p_kind text) RETURNS text LANGUAGE sql AS $$
	SELECT (SELECT a.code FROM erp.party_address a WHERE a.company_id = p.company_id AND a.party_address_id = erp_private.party_address(p.company_id, p.party_id, p_kind))
	  FROM erp.party p JOIN erp.company c USING (company_id) WHERE c.code = 'PART' AND p.code = 'ACME'
$$;
CREATE FUNCTION pg_temp.identifiers() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(scheme || ' ' || value, ', ' ORDER BY scheme, value) FROM erp.party_identifier_list WHERE company = 'PART' AND party_code = 'ACME'
$$;
CREATE FUNCTION pg_temp.seller() RETURNS text LANGUAGE sql AS $$
	SELECT format('-%s %s-', sales_representative, sales_team) FROM erp.party_list WHERE company = 'PART' AND party_code = 'ACME'
$$;
CREATE FUNCTION pg_temp.overdue() RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(' ' || overdue_days, ' never') FROM erp.party_list WHERE company = 'PART' AND party_code = 'ACME'
$$;
\o

-- Addresses: of each kind one is the default.
SELECT is(pg_temp.party('{"roles": ["customer"], "country": "GB", "addresses": [{"code": "HQ", "street": "1 High Street", "postal_code": "AB1 2CD", "city": "London"}]}'), '{"updated": 0, "inserted": 1}', 'a party with an address');
SELECT is(pg_temp.addresses(), 'main HQ (default) London GB', 'it is the main one, the default, in the party''s country');
SELECT is(pg_temp.party('{"addresses": [{"code": "N", "kind": "delivery", "city": "Leeds"}, {"code": "S", "kind": "delivery", "city": "Dover"}]}'), '{"updated": 0, "inserted": 0}', 'addresses are added, the party is what it was');
SELECT is(pg_temp.addresses(), 'delivery N (default) Leeds GB, delivery S Dover GB, main HQ (default) London GB', 'of two the first is the default');
SELECT is(concat_ws(' ', pg_temp.address_for('delivery'), pg_temp.address_for('billing'), pg_temp.address_for('main')), 'N HQ HQ', 'who has none of a kind has the main one');
SELECT is(pg_temp.party('{"addresses": [{"code": "S", "default": true}]}') || pg_temp.addresses(), '{"updated": 0, "inserted": 0}delivery N Leeds GB, delivery S (default) Dover GB, main HQ (default) London GB', 'another takes its place; what is not given stays');
SELECT is(pg_temp.party('{"addresses": [{"code": "S", "active": false}]}') || pg_temp.addresses(), '{"updated": 0, "inserted": 0}delivery N (default) Leeds GB, delivery S Dover GB closed, main HQ (default) London GB', 'one that is closed gives its place back');
SELECT is(pg_temp.party('{"addresses": [{"code": "N", "kind": "billing"}, {"code": "S", "active": true}]}') || pg_temp.addresses(), '{"updated": 0, "inserted": 0}billing N (default) Leeds GB, delivery S (default) Dover GB, main HQ (default) London GB', 'one that changes its kind is the default there');
SELECT is(pg_temp.party('{"addresses": [{"code": "A", "kind": "delivery", "default": true}, {"code": "B", "kind": "delivery", "default": true}]}') || pg_temp.addresses(), '{"updated": 0, "inserted": 0}billing N (default) Leeds GB, delivery A GB, delivery B (default) GB, delivery S Dover GB, main HQ (default) London GB', 'of two that want to be it the last is');
SELECT is(pg_temp.party('{"addresses": [{"code": "HQ", "default": false}]}') || pg_temp.address_for('main'), '{"updated": 0, "inserted": 0}HQ', 'the only one stays it');
SELECT is(pg_temp.party('{"addresses": [{"code": "X", "kind": "home"}]}'), 'LE011 | field "kind" has a value that is not known | At $[0].addresses[0].kind, value "home".', 'kinds are known');
SELECT is(pg_temp.party('{"addresses": [{"code": "X"}, {"code": "X"}]}'), 'LE011 | the same row is given twice | At $[0].addresses[1], value "X".', 'each is given once');
SELECT is(pg_temp.party('{"addresses": [{"city": "York"}]}'), 'LE011 | field "code" is missing | At $[0].addresses[0].code.', 'and has a code');
SELECT is(pg_temp.party('{"addresses": [{"code": "X", "default": true, "active": false}]}'), 'LE011 | what is not active is no default | At $[0].addresses[0].default, value "true".', 'a closed one is no default');
SELECT is(trial.refused($$DELETE FROM erp.party_address$$), 'LE060', 'no address is deleted');

-- Contacts.
SELECT is(pg_temp.party('{"contacts": [{"code": "mia", "name": "Mia Moor", "role": "purchasing", "email": "mia@acme.test", "phone": "+44 1"}, {"code": "tom", "name": "Tom Hill"}]}'), '{"updated": 0, "inserted": 0}', 'two people');
SELECT is(pg_temp.party('{"contacts": [{"code": "mia", "name": "Mia Moor-Hill", "phone": ""}]}'), '{"updated": 0, "inserted": 0}', 'one of whom marries');
SELECT results_eq($$SELECT contact_code, name, role, email, phone, active FROM erp.party_contact_list WHERE company = 'PART' ORDER BY 1$$,
	$$VALUES ('mia', 'Mia Moor-Hill', 'purchasing', 'mia@acme.test', '', true), ('tom', 'Tom Hill', '', '', '', true)$$, 'what is not given stays, what is given as nothing goes');
SELECT is(pg_temp.party('{"contacts": [{"code": "tom", "name": "Tom", "email": "tom at acme"}]}'), 'LE011 | this is no e-mail address | At $[0].contacts[0].email, value "tom at acme".', 'an e-mail address has an @');

-- Identifiers.
SELECT is(pg_temp.party('{"identifiers": [{"scheme": "VAT", "value": "gb 980 7806 84"}, {"scheme": "uscc", "value": "91440300708461136t"}, {"scheme": "duns", "value": "15-048-3782"}]}') || pg_temp.identifiers(),
	'{"updated": 0, "inserted": 0}duns 15-048-3782, uscc 91440300708461136T, vat GB980780684', 'they are kept without spaces; one without check digits as it is given');
SELECT is(pg_temp.party('{"identifiers": [{"scheme": "vat", "value": "DE 136.695.976"}, {"scheme": "vat", "value": "GB980780684"}]}') || pg_temp.identifiers(),
	'{"updated": 0, "inserted": 0}vat DE136695976, vat GB980780684', 'those that are given replace all');
SELECT is(pg_temp.party('{"country": "GB"}') || pg_temp.identifiers(), '{"updated": 0, "inserted": 0}vat DE136695976, vat GB980780684', 'none given, all stay');
SELECT is(pg_temp.party('{"identifiers": [{"scheme": "uscc", "value": "91310000MA1FL3LJ3M"}]}'), 'LE225 | the identifier has a wrong check digit | At $[0].identifiers[0].value, value "91310000MA1FL3LJ3M".', 'a wrong check digit is refused');
SELECT is(pg_temp.party('{"identifiers": [{"scheme": "duns", "value": "1"}, {"scheme": "Vat", "value": "136695976"}]}'), 'LE225 | the identifier is not of the form of its scheme | At $[0].identifiers[1].value, value "136695976".', 'a VAT number has its country before it');
SELECT is((SELECT string_agg(v, ' ') FROM unnest('{DE136695976,GB980780684,BE0428759497,IT00743110157,ATU13585627,PL8567346215,DK13585628,IE6433435F,PT501964843,FR40303265045}'::text[]) v WHERE erp_private.identifier_problem('vat', v) IS NOT NULL), NULL, 'good VAT numbers of nine countries, and one that is not checked');
SELECT is((SELECT string_agg(left(v, 2), ' ') FROM unnest('{DE136695975,GB980780685,BE0428759498,IT00743110158,ATU13585628,PL8567346214,DK13585629,IE6433435G,PT501964844}'::text[]) v WHERE erp_private.identifier_problem('vat', v) = 'has a wrong check digit'), 'DE GB BE IT AT PL DK IE PT', 'and bad ones');
SELECT is(erp_private.identifier_problem('uscc', '91110000600037341L'), NULL, 'a good code of social credit');
SELECT is(pg_temp.identifiers(), 'vat DE136695976, vat GB980780684', 'what was refused changed nothing');
SELECT is(pg_temp.party('{"identifiers": []}') || coalesce(pg_temp.identifiers(), ' none'), '{"updated": 0, "inserted": 0} none', 'an empty list takes them away');

-- Who sells to it.
\o /dev/null
CREATE ROLE trial_ann;
CREATE ROLE trial_bob;
\o
SELECT is(pg_temp.call('put_sales_teams', '[{"code": "NORTH", "name": "North"}, {"code": "KEY", "name": "Key accounts"}]'), '{"updated": 0, "inserted": 2}', 'two teams');
SELECT is(pg_temp.call('put_sales_representatives', '[{"code": "ann", "name": "Ann", "team": "NORTH", "leads_team": true, "login": "trial_ann"}, {"code": "bob", "name": "Bob", "team": "NORTH"}]'), '{"updated": 0, "inserted": 2}', 'and two who sell');
SELECT is(pg_temp.call('put_sales_representatives', '[{"code": "bob", "name": "Bob", "team": "SOUTH"}]'), 'LE012 | there is no sales team "SOUTH" | At $[0].team, value "SOUTH".', 'a team is known');
SELECT is(pg_temp.call('put_sales_representatives', '[{"code": "bob", "name": "Bob", "login": "trial_carl"}]'), 'LE012 | there is no role "trial_carl" | At $[0].login, value "trial_carl".', 'a login is a role');
SELECT is(pg_temp.call('put_sales_representatives', '[{"code": "bob", "name": "Bob", "login": "trial_ann"}]'), 'LE011 | another representative logs in with this role | At $[0].login, value "trial_ann".', 'of one person');
SELECT is(pg_temp.call('put_sales_representatives', '[{"code": "ann", "name": "Ann", "login": "trial_bob"}, {"code": "bob", "name": "Bob", "login": "trial_ann"}]'), '{"updated": 2, "inserted": 0}', 'who may give it to another');
SELECT is((SELECT string_agg(concat_ws(' ', r.code, r.login, t.code, r.leads_team), ', ' ORDER BY r.code) FROM erp.sales_representative r JOIN erp.sales_team t USING (company_id, sales_team_id) JOIN erp.company c USING (company_id) WHERE c.code = 'PART' AND r.code <> ''),
	'ann trial_bob NORTH t, bob trial_ann NORTH f', 'what is not given stays');
SELECT is(pg_temp.party('{"sales_representative": "bob"}'), '{"updated": 1, "inserted": 0}', 'a party has an owner');
SELECT is(pg_temp.seller(), '-bob NORTH-', 'and his team');
SELECT is(pg_temp.party('{"sales_team": "KEY"}'), '{"updated": 1, "inserted": 0}', 'or another one');
SELECT is(pg_temp.seller(), '-bob KEY-', 'of its own');
SELECT is(pg_temp.party('{"sales_representative": "", "sales_team": ""}') || pg_temp.seller(), '{"updated": 1, "inserted": 0}- -', 'or nobody');
SELECT is(pg_temp.party('{"sales_representative": "carl"}'), 'LE012 | there is no sales representative "carl" | At $[0].sales_representative, value "carl".', 'whoever is known');

-- Credit: a limit, and debts that are overdue.
SELECT is(pg_temp.party('{"overdue_days": 10, "credit_limit": 500, "credit_check": "hold", "price_list": "RETAIL"}'), '{"updated": 1, "inserted": 0}', 'what else was agreed');
SELECT results_eq($$SELECT credit_limit, credit_check, overdue_days, overdue_check, price_list FROM erp.party_list WHERE company = 'PART' AND party_code = 'ACME'$$, $$VALUES (500.00, 'hold', 10, 'hold', 'RETAIL')$$, 'who says from when a debt is overdue wants orders held');
SELECT is(pg_temp.party('{"overdue_check": "none"}') || pg_temp.overdue(), '{"updated": 1, "inserted": 0} never', 'or not');
SELECT is(pg_temp.party('{"overdue_check": "stop"}'), 'LE011 | field "overdue_check" has a value that is not known | At $[0].overdue_check, value "stop".', 'choices are known');
SELECT is(pg_temp.party('{"overdue_days": 3651}'), 'LE011 | the days are 0 to 3650 | At $[0].overdue_days, value "3651".', 'days have an end');
SELECT is(pg_temp.party('{"tax_zone": "EU"}'), 'LE012 | there is no tax zone "EU" | At $[0].tax_zone, value "EU".', 'zones are known');
-- What is held is an order's matter: what is posted beyond the limit is warned of.
SELECT isnt(erp.post_document('PART', '{"key": "big", "kind": "sales_invoice", "day": "2009-01-10", "party": "ACME", "lines": [{"item": "SV", "quantity": 1, "price": "500.01"}]}'), NULL, 'a posting goes through');
SELECT results_eq($$SELECT document_key, exposure, credit_limit FROM erp.credit_warning_list WHERE company = 'PART'$$, $$VALUES ('big', 500.01, 500.00)$$, 'and is on record');

-- It is due on 10 January: more than ten days later it is overdue; what is paid of it is not.
CREATE FUNCTION pg_temp.overdue_on(p_day date) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', trim_scale(o.amount), o.oldest_due_day) FROM erp.party p JOIN erp.company c USING (company_id), erp_private.overdue_debt(p.company_id, p.party_id, p_day, p.overdue_days) o WHERE c.code = 'PART' AND p.code = 'ACME'
$$;
SELECT is(concat_ws(', ', pg_temp.overdue_on('2009-01-20'), pg_temp.overdue_on('2009-01-21')), '0, 500.01 2009-01-10', 'from the eleventh day on');
SELECT is(left(erp.post_document('PART', '{"key": "paid", "kind": "customer_payment", "day": "2009-01-12", "party": "ACME", "lines": [{"role": "bank", "amount": 500}], "settles": [{"key": "big"}]}')::text, 1) || pg_temp.overdue_on('2009-01-21'), '{0.01 2009-01-10', 'of which a payment leaves a penny');

-- Zones of tax.
SELECT is(pg_temp.call('put_tax_codes', '[{"code": "EXPORT", "name": "Export", "rates": [{"from": "2009-01-01", "rate": 0}]}, {"code": "LOW", "name": "Low", "rates": []}]'), '{"rates": 1, "updated": 0, "inserted": 2}', 'codes of tax');
SELECT is(pg_temp.call('put_tax_zones', '[{"code": "WORLD", "name": "Abroad", "tax_codes": [{"tax_code": "VAT", "becomes": "EXPORT"}, {"tax_code": "LOW", "becomes": ""}]}]'), '{"updated": 0, "inserted": 1}', 'a zone maps them');
SELECT is(pg_temp.call('put_tax_zones', '[{"code": "EU", "name": "EU", "tax_codes": [{"tax_code": "VAT", "becomes": "EXPROT"}]}]'), 'LE012 | there is no tax code "EXPROT" | At $[0].tax_codes[0].becomes, value "EXPROT".', 'to codes that are known');
SELECT results_eq($$SELECT zone_code, tax_code, becomes FROM erp.tax_zone_list WHERE company = 'PART' ORDER BY 2$$, $$VALUES ('WORLD', 'LOW', NULL), ('WORLD', 'VAT', 'EXPORT')$$, 'as the list shows');
-- As whoever makes a document asks: the price of a line says the code that stands in.
CREATE FUNCTION pg_temp.becomes(p_code text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(erp.price('PART', 'ACME', json_build_array(json_build_object('item', 'SV', 'quantity', 1, 'price', 1, 'tax_code', p_code)), '2009-01-20') #>> '{lines,0,tax_code}', 'none')
$$;
SELECT is(concat_ws(' ', pg_temp.becomes('VAT'), pg_temp.becomes('LOW'), pg_temp.becomes('EXPORT')), 'VAT LOW EXPORT', 'of no zone, all codes stay');
SELECT is(pg_temp.party('{"tax_zone": "WORLD"}') || concat_ws(' ', '', pg_temp.becomes('VAT'), pg_temp.becomes('LOW'), pg_temp.becomes('EXPORT')), '{"updated": 1, "inserted": 0} EXPORT none EXPORT', 'abroad they become what the zone says');
SELECT is(pg_temp.call('put_tax_zones', '[{"code": "WORLD", "name": "Abroad", "tax_codes": [{"tax_code": "LOW", "becomes": "EXPORT"}]}]') || concat_ws(' ', '', pg_temp.becomes('VAT'), pg_temp.becomes('LOW')), '{"updated": 0, "inserted": 0} VAT EXPORT', 'codes that are given replace all');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
