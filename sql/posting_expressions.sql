\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Posting rules that ask the document: conditions, amount expressions, entries, dimensions and summaries. Worked out by hand.
SELECT plan(85);
\o /dev/null
SELECT trial.make_company('RULE');
SELECT erp.put_accounts('RULE', 'more accounts', '[
	{"code": "1110", "name": "Retentions", "class": "asset", "side": "debit", "control": "receivable"},
	{"code": "2300", "name": "Commissions due", "class": "liability", "side": "credit"},
	{"code": "4300", "name": "Sales to the large", "class": "revenue", "side": "credit"}]');
SELECT erp.put_parties('RULE', 'countries', '[{"code": "C2", "name": "Customer 2", "roles": ["customer"], "country": "FR", "group": "large"},
	{"code": "C3", "name": "Customer 3", "roles": ["customer"], "country": "ES"}]');
SELECT erp.put_dimensions('RULE', 'dimensions', '[{"code": "DEPT", "name": "Department", "values": [{"code": "SHOP", "name": "Shop"}, {"code": "WEB", "name": "Web"}]},
	{"code": "LAND", "name": "Country", "values": [{"code": "FR", "name": "France"}]}]');
SELECT trial.receive('RULE', 'r', '2009-01-02', 'F', 100, 1000);
SELECT trial.receive('RULE', 'r2', '2009-01-02', 'F', 100, 1000, '{"warehouse": "NORTH"}');

-- A rule of the kind sales_invoice, from what differs.
CREATE SEQUENCE pg_temp.key;
CREATE FUNCTION pg_temp.rules(p_rules jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.put_posting_rules('RULE', 'rules ' || nextval('pg_temp.key'),
		(SELECT jsonb_agg('{"kind": "sales_invoice", "side": "credit"}' || r)::text::json FROM jsonb_array_elements(p_rules) r))
$$;
CREATE FUNCTION pg_temp.service(p_key text, p_amount text, p_extra jsonb DEFAULT '{}', p_line jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('RULE', (jsonb_build_object('key', p_key, 'kind', 'sales_invoice', 'day', '2009-01-10', 'party', 'C1',
		'lines', jsonb_build_array(jsonb_build_object('item', 'SV', 'quantity', 1, 'price', p_amount) || p_line)) || p_extra)::text::json)
$$;
-- The voucher of a document: account, side, amount, in the company's currency where that is another.
CREATE FUNCTION pg_temp.voucher(p_key text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', account_code, side, trim_scale(amount), CASE WHEN amount <> company_amount THEN trim_scale(company_amount) END)
	FROM erp.explain_posting('RULE', p_key) ORDER BY line_no
$$;
CREATE FUNCTION pg_temp.error(p_call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	EXECUTE p_call;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, regexp_replace(regexp_replace(message, 'rule \d+', 'rule n'), 'warehouse \d+', 'warehouse n'), detail);
END
$$;
CREATE FUNCTION pg_temp.put_error(p_rule jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.error(format('SELECT pg_temp.rules(jsonb_build_array(%L::jsonb))',
		'{"line_role": "service", "amount_role": "amount", "account": "4100"}' || p_rule))
$$;
CREATE FUNCTION pg_temp.dimensions(p_key text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', a.code, (SELECT string_agg(d.code || '=' || v.code, ' ' ORDER BY d.code)
		FROM erp.dimension_set s, unnest(s.dimension_value_ids) u JOIN erp.dimension_value v ON v.dimension_value_id = u JOIN erp.dimension d USING (company_id, dimension_id)
		WHERE s.company_id = l.company_id AND s.dimension_set_id = l.dimension_set_id))
	FROM erp.document d JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id)
	WHERE d.key = p_key ORDER BY l.line_no
$$;
\o

-- What rules without any of it post, they post as ever, and nothing is kept of it.
\o /dev/null
SELECT pg_temp.service('plain', '100');
\o
SELECT bag_eq($$SELECT pg_temp.voucher('plain')$$, ARRAY['4100 credit 100', '1100 debit 100'], 'a plain rule posts the amount');
SELECT is((SELECT count(*) FROM erp.posting_evaluation), 0::bigint, 'and nothing is kept of it');
SELECT is((SELECT count(*) FROM erp.explain_posting('RULE', 'plain') WHERE evaluations IS NOT NULL), 0::bigint, 'nor is there anything to explain');

-- Conditions. More than 1000 goes to 4300; with a condition a rule is more specific than one without.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "service", "amount_role": "amount", "account": "4300", "entry": 2, "when": "total > 1000"}]');
SELECT pg_temp.service('c1', '1000');
SELECT pg_temp.service('c2', '1000.01');
SELECT pg_temp.service('c3', '900', '{"tax_code": "VAT"}');
\o
SELECT bag_eq($$SELECT pg_temp.voucher('c1')$$, ARRAY['4100 credit 1000', '1100 debit 1000'], '1000 is not more than 1000');
SELECT bag_eq($$SELECT pg_temp.voucher('c2')$$, ARRAY['4300 credit 1000.01', '1100 debit 1000.01'], '1000.01 is');
-- 15% of 900 is 135.
SELECT bag_eq($$SELECT pg_temp.voucher('c3')$$, ARRAY['4300 credit 900', '2200 credit 135', '1100 debit 1035'], 'the total is with tax');
SELECT is((SELECT evaluations FROM erp.explain_posting('RULE', 'c2') WHERE account_code = '4300'),
	'[{"document_line": 1, "when": "total > 1000", "values": {"total": 1000.01}, "amount": 1000.0100}]', 'the explanation shows the condition and what it saw');
SELECT is((SELECT rule_conditions FROM erp.explain_posting('RULE', 'c2') WHERE account_code = '4300'),
	'{"kind": "sales_invoice", "line_role": "service", "entry": 2, "when": "total > 1000"}', 'and the rule');
SELECT is((SELECT document_lines FROM erp.explain_posting('RULE', 'c2') WHERE account_code = '4300'), '{1}', 'and the line');

-- Attributes, each in a rule of its own over one invoice that has them all.
CREATE FUNCTION pg_temp.takes(p_when text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	name text := 'w' || nextval('pg_temp.key');
	account text;
BEGIN
	PERFORM pg_temp.rules(jsonb_build_array(jsonb_build_object('line_role', 'sale', 'amount_role', 'amount', 'account', '4300', 'entry', 2, 'when', p_when)));
	PERFORM trial.sell('RULE', name, '2009-01-12', 'F', 4, 25, '{"party": "C2", "tax_code": "VAT", "warehouse": "NORTH", "reference": "O''Hara"}');
	SELECT account_code INTO account FROM erp.explain_posting('RULE', name) WHERE amount_role = 'amount';
	PERFORM pg_temp.rules('[{"line_role": "sale", "amount_role": "amount", "account": "4300", "entry": 2, "active": false}]');
	RETURN account = '4300';
END
$$;
SELECT is(pg_temp.takes(w), expected, w) FROM (VALUES
	('kind = ''sales_invoice''', true), ('line_role in (''sale'', ''free'')', true), ('line_role <> ''sale''', false),
	('party = ''C2''', true), ('party_group = ''large''', true), ('country in (''FR'', ''DE'')', true), ('country not in (''FR'', ''DE'')', false),
	('item = ''F'' and item_group = ''''', true), ('warehouse = ''NORTH''', true), ('warehouse = ''MAIN''', false), ('tax_code = ''VAT''', true),
	('currency = ''GBP'' and rate = 1', true), ('reference = ''O''''Hara''', true),
	('amount = 100 and quantity = 4 and price = 25', true), ('net = 100 and taxes = 15 and total = 115', true),
	-- 4 of 100 that cost 1000 cost 40, so 60 are earned: more than half of 100.
	('cost = 40 and inventory = -40 and (amount - cost) / amount > 0.5', true),
	('not (total < 115 or total > 115)', true), ('min(amount, cost) + max(amount, cost) - abs(-140) = 0 and round(amount / 7, 1) = 14.3', true)) v (w, expected);

-- The value of what leaves the warehouse is known when the accounts of its cost are chosen.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "sale", "amount_role": "cost", "side": "debit", "account": "5100", "entry": 2, "when": "cost > 50"}]');
SELECT trial.sell('RULE', 'cost 50', '2009-01-13', 'F', 5, 20);
SELECT trial.sell('RULE', 'cost 60', '2009-01-13', 'F', 6, 20);
\o
SELECT bag_eq($$SELECT pg_temp.voucher('cost 50')$$, ARRAY['1200 credit 50', '5000 debit 50', '4000 credit 100', '1100 debit 100'], 'a cost of 50 is not more than 50');
SELECT bag_eq($$SELECT pg_temp.voucher('cost 60')$$, ARRAY['1200 credit 60', '5100 debit 60', '4000 credit 120', '1100 debit 120'], 'one of 60 is');

-- Entries: a third each, and what is left for the last.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "service", "amount_role": "amount", "account": "4300", "entry": 2, "active": false},
	{"line_role": "service", "amount_role": "amount", "account": "4100", "entry": 1, "expression": "amount / 3"},
	{"line_role": "service", "amount_role": "amount", "account": "4000", "entry": 3, "expression": "amount / 3"},
	{"line_role": "service", "amount_role": "amount", "account": "4200", "entry": 4, "expression": "rest"}]');
SELECT pg_temp.service('thirds', '100');
SELECT pg_temp.service('dollars', '100', '{"currency": "USD", "rate": "0.8"}');
SELECT pg_temp.service('one cent', '0.01');
SELECT trial.reverse('RULE', 'thirds back', 'thirds', '2009-01-11');
\o
SELECT bag_eq($$SELECT pg_temp.voucher('thirds')$$, ARRAY['4100 credit 33.33', '4000 credit 33.33', '4200 credit 33.34', '1100 debit 100'], 'parts add up to the whole');
-- 80 pounds in all; of the first 33.33 dollars 26.664, of the first 66.66 53.328, so 26.66, then 53.33 - 26.66, then 80 - 53.33.
SELECT bag_eq($$SELECT pg_temp.voucher('dollars')$$, ARRAY['4100 credit 33.33 26.66', '4000 credit 33.33 26.67', '4200 credit 33.34 26.67', '1100 debit 100 80'], 'in both currencies');
SELECT bag_eq($$SELECT pg_temp.voucher('one cent')$$, ARRAY['4200 credit 0.01', '1100 debit 0.01'], 'what comes to nothing is not written');
SELECT bag_eq($$SELECT pg_temp.voucher('thirds back')$$, ARRAY['4100 credit -33.33', '4000 credit -33.33', '4200 credit -33.34', '1100 debit -100'], 'a reversal turns the parts round');
SELECT is((SELECT evaluations FROM erp.explain_posting('RULE', 'thirds') WHERE account_code = '4200'),
	'[{"document_line": 1, "expression": "rest", "values": {"rest": 33.34}, "amount": 33.3400}]', 'the explanation shows what was left');
SELECT is((SELECT l.voucher_line_no FROM erp.document d JOIN erp.document_line l USING (company_id, document_id) WHERE d.key = 'one cent'), 3, 'the line of the document leads to the entry that took something');
SELECT is((SELECT count(*) FROM erp.explain_posting('RULE', 'thirds back') WHERE evaluations IS NOT NULL), 0::bigint, 'a reversal asks nothing');
SELECT bag_eq($$SELECT concat_ws(' ', l ->> 'account', l ->> 'side', trim_scale((l ->> 'amount')::numeric)) FROM jsonb_array_elements(erp.dry_run('RULE',
	'{"key": "dry", "kind": "sales_invoice", "day": "2009-01-10", "party": "C1", "lines": [{"item": "SV", "quantity": 1, "price": 10}]}') -> 0 -> 'voucher') v (l)$$,
	ARRAY['4100 credit 3.33', '4000 credit 3.33', '4200 credit 3.34', '1100 debit 10'], 'a dry run shows them');

-- Two lines of one rule come together, each with its own third: 100 / 3 and 50 / 3, 33.33 + 16.67 twice, and 33.34 + 16.66.
\o /dev/null
SELECT erp.post_document('RULE', '{"key": "two lines", "kind": "sales_invoice", "day": "2009-01-10", "party": "C1", "lines": [{"item": "SV", "quantity": 1, "price": 100}, {"item": "SV", "quantity": 1, "price": 50}]}');
\o
SELECT bag_eq($$SELECT pg_temp.voucher('two lines')$$, ARRAY['4100 credit 50', '4000 credit 50', '4200 credit 50', '1100 debit 150'], 'amounts of one rule come together');
SELECT is((SELECT document_lines FROM erp.explain_posting('RULE', 'two lines') WHERE account_code = '4000'), '{1,2}', 'from both lines');
SELECT is((SELECT string_agg(trim_scale((e ->> 'amount')::numeric)::text, ' ') FROM erp.explain_posting('RULE', 'two lines'), jsonb_array_elements(evaluations) e WHERE account_code = '4000'), '33.33 16.67', 'with what each gave');

-- Entries of a total: a commission beside it, and above 1000 a tenth is retained.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "service", "amount_role": "amount", "account": "4100"},
	{"line_role": "service", "amount_role": "amount", "account": "4000", "entry": 3, "active": false},
	{"line_role": "service", "amount_role": "amount", "account": "4200", "entry": 4, "active": false},
	{"line_role": "document", "amount_role": "total", "side": "debit", "account": "1100", "entry": 2, "when": "party_group = ''large''", "expression": "total"},
	{"line_role": "document", "amount_role": "total", "side": "debit", "account": "6000", "entry": 3, "when": "party_group = ''large''", "expression": "net * 0.05"},
	{"line_role": "document", "amount_role": "total", "side": "credit", "account": "2300", "entry": 4, "when": "party_group = ''large''", "expression": "rest"}]');
SELECT pg_temp.service('commission', '200', '{"party": "C2", "tax_code": "VAT"}');
SELECT pg_temp.service('no commission', '200', '{"tax_code": "VAT"}');
\o
-- 15% of 200 is 30; 5% of 200 is 10.
SELECT bag_eq($$SELECT pg_temp.voucher('commission')$$, ARRAY['4100 credit 200', '2200 credit 30', '1100 debit 230', '6000 debit 10', '2300 credit 10'], 'entries of both sides');
SELECT bag_eq($$SELECT pg_temp.voucher('no commission')$$, ARRAY['4100 credit 200', '2200 credit 30', '1100 debit 230'], 'for those only that the condition means');
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "document", "amount_role": "total", "side": "debit", "account": "1100", "entry": 2, "when": "total > 1000", "expression": "total * 0.9"},
	{"line_role": "document", "amount_role": "total", "side": "debit", "account": "1110", "entry": 3, "when": "total > 1000", "expression": "rest"},
	{"line_role": "document", "amount_role": "total", "side": "credit", "account": "2300", "entry": 4, "active": false}]');
SELECT pg_temp.service('retention', '1000.05', '{"tax_code": "VAT"}');
SELECT erp.post_document('RULE', '{"key": "paid", "kind": "customer_payment", "day": "2009-01-20", "party": "C1", "lines": [{"role": "bank", "amount": "1035.05"}], "settles": [{"key": "retention", "line": 3}]}');
\o
-- 15% of 1000.05 is 150.0075, so 150.01; nine tenths of 1150.06 are 1035.054.
SELECT bag_eq($$SELECT pg_temp.voucher('retention')$$, ARRAY['4100 credit 1000.05', '2200 credit 150.01', '1100 debit 1035.05', '1110 debit 115.01'], 'a tenth is retained');
SELECT is((SELECT string_agg(trim_scale(o.amount)::text, ' ' ORDER BY o.line_no) FROM erp.open_item o JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'retention'), '1035.05 115.01', 'both are open items');
SELECT is((SELECT explanation FROM erp.explain_posting('RULE', 'commission') WHERE account_code = '1100'), 'the most specific rule for the total of a sales_invoice, as it was then', 'the explanation says that the rule has changed');
SELECT is((SELECT evaluations #>> '{0,expression}' FROM erp.explain_posting('RULE', 'commission') WHERE account_code = '6000'), 'net * 0.05', 'and shows what it was');
-- A tax by code: the one of 15% goes half to another account.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "document", "amount_role": "tax", "account": "2200", "entry": 2, "when": "tax_code = ''VAT'' and base = 10 and tax = 1.5", "expression": "tax / 2"},
	{"line_role": "document", "amount_role": "tax", "account": "2300", "entry": 3, "when": "tax_code = ''VAT'' and base = 10", "expression": "rest"}]');
SELECT pg_temp.service('tax', '10', '{"tax_code": "VAT"}');
\o
SELECT bag_eq($$SELECT pg_temp.voucher('tax')$$, ARRAY['4100 credit 10', '2200 credit 0.75', '2300 credit 0.75', '1100 debit 11.5'], 'a tax has its base');
-- A credit note: its amounts are positive in the document.
\o /dev/null
SELECT pg_temp.rules('[{"kind": "credit_note", "line_role": "allowance", "amount_role": "amount", "side": "debit", "account": "4200", "expression": "amount * 0.25"},
	{"kind": "credit_note", "line_role": "allowance", "amount_role": "amount", "side": "debit", "account": "4100", "entry": 2, "expression": "rest"}]');
SELECT erp.post_document('RULE', '{"key": "credit", "kind": "credit_note", "day": "2009-01-20", "party": "C1", "lines": [{"role": "allowance", "amount": "10"}]}');
\o
SELECT bag_eq($$SELECT pg_temp.voucher('credit')$$, ARRAY['4200 debit 2.5', '4100 debit 7.5', '1100 credit 10'], 'expressions have the sign of the document');

-- Dimensions: a constant, the country of the party, what the line carries, and nothing.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "service", "amount_role": "amount", "account": "4100", "dimensions": [{"dimension": "LAND", "source": "country"}]},
	{"line_role": "document", "amount_role": "total", "side": "debit", "account": "1100", "dimensions": [{"dimension": "DEPT", "source": "constant", "value": "WEB"}, {"dimension": "LAND", "source": "country"}]}]');
SELECT pg_temp.service('d1', '7', '{"party": "C2"}', '{"dimensions": {"DEPT": "SHOP"}}');
SELECT pg_temp.service('d2', '7');
SELECT pg_temp.rules('[{"line_role": "service", "amount_role": "amount", "account": "4100", "carry_dimensions": false, "dimensions": [{"dimension": "DEPT", "source": "line"}]},
	{"line_role": "document", "amount_role": "total", "side": "debit", "account": "1100"}]');
SELECT pg_temp.service('d3', '7', '{}', '{"dimensions": {"DEPT": "SHOP", "LAND": "FR"}}');
SELECT pg_temp.rules('[{"line_role": "service", "amount_role": "amount", "account": "4100", "dimensions": [{"dimension": "DEPT", "source": "none"}]}]');
SELECT pg_temp.service('d4', '7', '{}', '{"dimensions": {"DEPT": "SHOP", "LAND": "FR"}}');
\o
SELECT bag_eq($$SELECT pg_temp.dimensions('d1')$$, ARRAY['4100 DEPT=SHOP LAND=FR', '1100 DEPT=WEB LAND=FR'], 'a constant, an attribute, and what is carried');
SELECT bag_eq($$SELECT pg_temp.dimensions('d2')$$, ARRAY['4100', '1100 DEPT=WEB'], 'an attribute that is empty gives no value');
SELECT bag_eq($$SELECT pg_temp.dimensions('d3')$$, ARRAY['4100 DEPT=SHOP', '1100'], 'one dimension carried of two');
SELECT bag_eq($$SELECT pg_temp.dimensions('d4')$$, ARRAY['4100 LAND=FR', '1100'], 'one left out');
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "service", "amount_role": "amount", "account": "4100", "dimensions": [{"dimension": "LAND", "source": "country"}]}]');
\o
SELECT is(pg_temp.error($$SELECT pg_temp.service('d5', '7', '{"party": "C3"}')$$),
	'LE012 | dimension "LAND" has no such value, which a posting rule takes from the country | Document "d5", line 1, value "ES".', 'a code without a value is refused');

-- Summaries.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "service", "amount_role": "amount", "account": "4100", "summary": "{kind} {key} to {party} of {day}: {reference}{description}"}]');
SELECT pg_temp.service('s1', '7', '{"reference": "R7", "description": "é"}');
\o
SELECT is((SELECT l.summary FROM erp.document d JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) WHERE d.key = 's1' AND l.line_no = 1),
	'sales_invoice s1 to C1 of 2009-01-10: R7é', 'a summary with its names');
SELECT is(pg_temp.put_error('{"summary": "é {party} {partner}"}'), 'LE120 | field "summary", position 11: no name that a summary knows stands in these brackets | At $[0].summary, value "é {party} {partner}".', 'a name that no summary knows is refused');
SELECT is(pg_temp.put_error('{"summary": "a}"}'), 'LE120 | field "summary", position 2: no name that a summary knows stands in these brackets | At $[0].summary, value "a}".', 'and a bracket alone');

-- Refused when they are put.
SELECT is(pg_temp.put_error(rule), expected, left(rule::text, 70)) FROM (VALUES
	('{"when": "total >"}'::jsonb, 'LE120 | field "when", position 8: a number, a name or a text is expected | At $[0].when, value "total >".'),
	('{"when": "total"}', 'LE120 | field "when", position 1: a condition is expected | At $[0].when, value "total".'),
	('{"when": "rest > 1"}', 'LE120 | field "when", position 1: "rest" is not known of the amount that this rule takes | At $[0].when, value "rest > 1".'),
	('{"expression": "amount * profit"}', 'LE120 | field "expression", position 10: "profit" is not known | At $[0].expression, value "amount * profit".'),
	('{"expression": "amount; DROP TABLE erp.voucher"}', 'LE120 | field "expression", position 7: this sign means nothing here | At $[0].expression, value "amount; DROP TABLE erp.voucher".'),
	('{"expression": "tax"}', 'LE120 | field "expression", position 1: "tax" is not known of the amount that this rule takes | At $[0].expression, value "tax".'),
	('{"line_role": "document", "amount_role": "total", "expression": "amount"}', 'LE120 | field "expression", position 1: "amount" is not known of the amount that this rule takes | At $[0].expression, value "amount".'),
	('{"line_role": "sale", "amount_role": "inventory", "expression": "cost * 2"}', 'LE011 | the amount is posted as it is | At $[0].expression, value "cost * 2".'),
	('{"kind": "settlement", "line_role": "discount", "expression": "amount"}', 'LE011 | the amount is posted as it is | At $[0].expression, value "amount".'),
	('{"entry": 0}', 'LE011 | an entry is a number from 1 to 999 | At $[0].entry, value "0".'),
	('{"dimensions": [{"dimension": "NONE", "source": "line"}]}', 'LE012 | there is no dimension "NONE" | At $[0].dimensions[0].dimension, value "NONE".'),
	('{"dimensions": [{"dimension": "DEPT", "source": "constant", "value": "NONE"}]}', 'LE012 | there is no value of the dimension "NONE" | At $[0].dimensions[0].value, value "NONE".'),
	('{"dimensions": [{"dimension": "LAND", "source": "line"}, {"dimension": "DEPT", "source": "constant"}]}', 'LE011 | a constant has a value, another source has none | At $[0].dimensions[1].value.'),
	('{"dimensions": [{"dimension": "DEPT", "source": "line", "value": "WEB"}]}', 'LE011 | a constant has a value, another source has none | At $[0].dimensions[0].value, value "WEB".'),
	('{"line_role": "document", "amount_role": "total", "dimensions": [{"dimension": "DEPT", "source": "item"}]}', 'LE011 | the dimension cannot come from there | At $[0].dimensions[0].source, value "item".')) v (rule, expected);
SELECT is(pg_temp.put_error(jsonb_build_object('expression', repeat('1', 501))), 'LE011 | field "expression" must be a text of at most 500 characters without control characters | At $[0].expression, value "' || repeat('1', 100) || '".', 'an expression of 501 characters');

-- Refused when a document meets them.
CREATE FUNCTION pg_temp.meets(p_rules jsonb, p_amount text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	BEGIN
		PERFORM pg_temp.rules(p_rules);
		answer := pg_temp.error(format('SELECT pg_temp.service(%L, %L)', 'met', p_amount));
		RAISE EXCEPTION 'undo' USING ERRCODE = 'XX998';
	EXCEPTION WHEN SQLSTATE 'XX998' THEN
		NULL;
	END;
	RETURN answer;
END
$$;
SELECT is(pg_temp.meets('[{"line_role": "service", "amount_role": "amount", "account": "4100", "entry": 9, "when": "amount / taxes > 1"}]', '10'),
	'LE121 | posting rule n (kind sales_invoice, amount role amount, entry 9), "amount / taxes > 1": division by zero | Document "met", line 1.', 'a condition that divides by zero');
SELECT is(pg_temp.meets('[{"line_role": "service", "amount_role": "amount", "account": "4100", "expression": "amount / (net - 10)"}]', '10'),
	'LE121 | posting rule n (kind sales_invoice, amount role amount, entry 1), "amount / (net - 10)": division by zero | Document "met", line 1.', 'an amount that does');
SELECT is(pg_temp.meets('[{"line_role": "service", "amount_role": "amount", "account": "4100", "expression": "amount * amount"}]', '100000000'),
	'LE121 | posting rule n (kind sales_invoice, amount role amount, entry 1), "amount * amount": the result is out of range | Document "met", line 1.', 'one that is too great');
SELECT is(pg_temp.meets('[{"line_role": "service", "amount_role": "amount", "account": "4100", "expression": "amount / 2"}]', '10'),
	'LE122 | posting rule n (kind sales_invoice, amount role amount, entry 1), "amount / 2": the entries take 5 of the amount 10 | Document "met", line 1.', 'entries that leave something');
SELECT is(pg_temp.meets('[{"line_role": "service", "amount_role": "amount", "account": "4100", "entry": 8, "when": "net > 1"}, {"line_role": "service", "amount_role": "amount", "account": "4000", "entry": 9, "when": "net > 5"}]', '10'),
	'LE122 | posting rule n (kind sales_invoice, amount role amount, entry 8), "": the entries take 20 of the amount 10 | Document "met", line 1.', 'and two conditions that hold at once');
SELECT is(pg_temp.meets('[{"line_role": "service", "amount_role": "amount", "account": "4100", "entry": 9, "when": "taxes <> 0 and amount / taxes > 1"}]', '10'), 'accepted', 'who asks first divides by nothing');
SELECT is(pg_temp.meets('[{"line_role": "service", "amount_role": "amount", "account": "4100", "active": false}]', '10'),
	'LE041 | no posting rule for kind sales_invoice, line role service, amount role amount, item group "", party group "", warehouse n, tax code 0 | Document "met", line 1.', 'a rule that is not active takes nothing');
-- An import says so of each document before anything is posted; the cost, which a rule asks for, is not known by then.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "sale", "amount_role": "amount", "account": "4000", "expression": "amount * (net - 20) / (net - 20)"}]');
SELECT (erp.start_import('RULE', 'import', '{"name": "sales", "skip_bad": true}') ->> 'job_id')::bigint AS job \gset
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, item, quantity, unit_price)
	SELECT :job, n, 'import ' || n, 'sales_invoice', '2009-01-15', 'C1', 'F', n::text, '20' FROM generate_series(1, 7, 3) n;
SELECT erp.import_step('RULE', :job, 100) FROM generate_series(1, 4);
\o
SELECT is((SELECT string_agg(concat_ws(' ', row_no, error_code, regexp_replace(reason, 'rule \d+', 'rule n')), ', ') FROM erp.import_problem WHERE job_id = :job),
	'1 LE121 posting rule n (kind sales_invoice, amount role amount, entry 1), "amount * (net - 20) / (net - 20)": division by zero', 'an import lists what a rule refuses');
-- 4 cost 40, 7 cost 70.
SELECT bag_eq($$SELECT pg_temp.voucher('import 4')$$, ARRAY['1200 credit 40', '5000 debit 40', '4000 credit 80', '1100 debit 80'], 'and posts the others');
SELECT bag_eq($$SELECT pg_temp.voucher('import 7')$$, ARRAY['1200 credit 70', '5100 debit 70', '4000 credit 140', '1100 debit 140'], 'each by what it then costs');

-- What the engine posts by itself may have a condition: the discount of C2 goes elsewhere.
\o /dev/null
SELECT pg_temp.rules('[{"kind": "settlement", "line_role": "discount", "amount_role": "amount", "side": "debit", "account": "4200"},
	{"kind": "settlement", "line_role": "discount", "amount_role": "amount", "side": "debit", "account": "4000", "entry": 2, "when": "party = ''C2'' and amount = 2"}]');
SELECT trial.sell('RULE', 'to C1', '2009-01-16', 'F', 5, 20);
SELECT trial.sell('RULE', 'to C2', '2009-01-16', 'F', 5, 20, '{"party": "C2"}');
SELECT erp.post_document('RULE', format('{"key": "from %s", "kind": "customer_payment", "day": "2009-01-17", "party": "%s", "lines": [{"role": "bank", "amount": 98}],
	"settles": [{"key": "to %s", "discount": 2}]}', c, c, c)::json) FROM unnest('{C1,C2}'::text[]) c;
\o
SELECT is((SELECT string_agg(concat_ws(' ', p.code, a.code, l.side, trim_scale(l.amount)), ', ' ORDER BY p.code) FROM erp.document d JOIN erp.voucher v USING (company_id, document_id)
	JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id) JOIN erp.party p ON p.party_id = l.party_id
	WHERE d.kind = 'settlement' AND a.code LIKE '4%'), 'C1 4200 debit 2, C2 4000 debit 2', 'a settlement asks its rules too');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT ok((SELECT count(*) > 20 FROM erp.posting_evaluation), 'with what the rules were asked');
SELECT * FROM finish();
ROLLBACK;
