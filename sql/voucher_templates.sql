\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- Templates of vouchers: formulas over parameters, placeholders, drafts where reviews are required, the way back.
SELECT plan(35);
CREATE FUNCTION pg_temp.call(p_call text, p_key text, p_request text, p_company text DEFAULT 'TPL') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
	code text; message text; detail text;
BEGIN
	EXECUTE format('SELECT erp.%I(%L, $1, $2)', p_call, p_company) INTO answer USING p_key, p_request::json;
	RETURN answer - 'document_id' - 'voucher_id';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, NULLIF(detail, ''));
END
$$;
CREATE FUNCTION pg_temp.voucher(p_key text, p_company text DEFAULT 'TPL') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', a.code, l.side, trim_scale(l.amount), NULLIF(p.code, ''), (SELECT string_agg(v.code, ',') FROM erp.dimension_set s JOIN erp.dimension_value v ON v.company_id = s.company_id AND v.dimension_value_id = ANY (s.dimension_value_ids)
		WHERE s.company_id = l.company_id AND s.dimension_set_id = l.dimension_set_id), NULLIF('"' || l.summary || '"', '""')), ', ' ORDER BY l.line_no)
	  FROM erp.company c JOIN erp.document d USING (company_id) JOIN erp.voucher_line l ON l.company_id = c.company_id AND l.voucher_id = d.document_id
	  JOIN erp.account a ON a.company_id = c.company_id AND a.account_id = l.account_id JOIN erp.party p ON p.company_id = c.company_id AND p.party_id = l.party_id
	 WHERE c.code = p_company AND d.key = p_key
$$;
\o /dev/null
SELECT erp.create_company('TPL', 'company', '{"name": "Templates", "currency": "GBP", "chart": "english"}'), erp.create_company('REV', 'company', '{"name": "Reviews", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year(c, 'y', '{"code": "2027", "first_day": "2027-01-01"}') FROM unnest('{TPL,REV}'::text[]) c;
SELECT erp.put_parties('TPL', 'parties', '[{"code": "S1", "name": "Landlord", "roles": ["supplier"]}]');
SELECT erp.put_dimensions('TPL', 'dimensions', '[{"code": "department", "name": "Department", "values": [{"code": "A", "name": "A"}, {"code": "B", "name": "B"}]}]');
SELECT erp.put_exchange_rates('TPL', 'rates', '[{"from": "JPY", "to": "GBP", "day": "2027-01-01", "rate": "0.005"}]');
\o
-- 1000 and 20 % of it; the supplier has 1200.
SELECT is(pg_temp.call('put_voucher_templates', 't1', '[{"code": "RENT", "name": "Rent", "summary": "Rent {period}, {what}", "parameters": [{"name": "rent"}, {"name": "rate", "default": "0.2"}, {"name": "what", "default": "office"}, {"name": "who", "default": "A"}],
	"lines": [{"account": "6200", "side": "debit", "amount": "rent", "dimensions": {"department": "{who}"}, "summary": "Rent of {what}"}, {"account": "2200", "side": "debit", "amount": "rent * rate"}, {"account": "2000", "side": "credit", "amount": "rent * (1 + rate)", "party": "S1"}, {"account": "6500", "side": "debit", "amount": "min(rent, 0)"}]}]'),
	'{"updated": 0, "inserted": 1}', 'a template');
SELECT is(pg_temp.call('post_template', 'p1', '{"template": "RENT", "day": "2027-01-31", "values": {"rent": 1000}, "reference": "R-1"}'), '{"day": "2027-01-31", "code": "RENT", "number": null, "voucher": "p1/1"}', 'is posted');
SELECT is(pg_temp.voucher('p1/1'), '6200 debit 1000 A "Rent of office", 2200 debit 200, 2000 credit 1200 S1', 'with its formulas worked out; what is zero is left out');
SELECT is((SELECT concat_ws(' | ', d.kind, d.reference, v.summary) FROM erp.document d JOIN erp.voucher v ON v.voucher_id = d.document_id WHERE d.key = 'p1/1'), 'manual_voucher | R-1 | Rent 2027-01, office', 'and its summary filled');
SELECT is((SELECT concat_ws(' ', origin, code, day, attempt, amount, state, call_key) FROM erp.generated_posting_list WHERE company = 'TPL' AND voucher_key = 'p1/1'), 'template RENT 2027-01-31 0 1200.00 posted p1', 'it leads back to the template');
SELECT is(pg_temp.call('post_template', 'p1', '{"template": "RENT", "day": "2027-01-31", "values": {"rent": 1000}, "reference": "R-1"}'), '{"day": "2027-01-31", "code": "RENT", "number": null, "voucher": "p1/1"}', 'the same request has the same answer');
SELECT matches(pg_temp.call('post_template', 'p2', '{"template": "RENT", "day": "2027-01-31", "values": {"rent": "-50.05", "what": "{rent}", "who": "B"}}'), '^LE040', 'entries that do not balance are refused');
-- -50.05, -10.01 and -60.06; min(-50.05, 0) unbalances it above; without it they balance.
SELECT is(pg_temp.call('put_voucher_templates', 't2', '[{"code": "RENT", "name": "Rent", "summary": "Rent {period}, {what}", "parameters": [{"name": "rent"}, {"name": "rate", "default": "0.2"}, {"name": "what", "default": "office"}, {"name": "who", "default": "A"}],
	"lines": [{"account": "6200", "side": "debit", "amount": "rent", "dimensions": {"department": "{who}"}, "summary": "Rent of {what}"}, {"account": "2200", "side": "debit", "amount": "rent * rate"}, {"account": "2000", "side": "credit", "amount": "rent * (1 + rate)", "party": "S1"}]}]'),
	'{"updated": 1, "inserted": 0}', 'a template changes');
SELECT is(pg_temp.call('post_template', 'p2', '{"template": "RENT", "day": "2027-01-31", "values": {"rent": "-50.05", "what": "{rent}", "who": "B"}}'), '{"day": "2027-01-31", "code": "RENT", "number": null, "voucher": "p2/1"}', 'negative amounts');
SELECT is(pg_temp.voucher('p2/1'), '6200 debit -50.05 B "Rent of {rent}", 2200 debit -10.01, 2000 credit -60.06 S1', 'stand in red; a value is not read as a template');
-- Values.
SELECT is(pg_temp.call('post_template', 'x', '{"template": "RENT", "day": "2027-01-31"}'), 'LE321 | the parameter "rent" has no value | At $.values.', 'a value is missing');
SELECT is(pg_temp.call('post_template', 'x', '{"template": "RENT", "day": "2027-01-31", "values": {"rant": 1}}'), 'LE011 | there is no parameter "rant" | At $.values.rant, value "1".', 'a value of nothing');
SELECT is(pg_temp.call('post_template', 'x', '{"template": "RENT", "day": "2027-01-31", "values": {"rent": 0}}'), 'LE323 | all amounts of the voucher are zero | At $.values.', 'nothing to post');
SELECT matches(pg_temp.call('post_template', 'x', '{"template": "RENT", "day": "2027-01-31", "values": {"rent": "much"}}'), '^LE120', 'a text is no number');
SELECT is(pg_temp.call('post_template', 'x', '{"template": "NONE", "day": "2027-01-31"}'), 'LE012 | there is no template "NONE" | At $.template, value "NONE".', 'templates are known');
-- What is no template.
SELECT is(pg_temp.call('put_voucher_templates', 'x', '[{"code": "X", "name": "X", "lines": [{"account": "6200", "side": "debit", "amount": "rant"}, {"account": "1010", "side": "credit", "amount": 1}]}]'),
	'LE120 | field "amount", position 1: "rant" is not known | At $[0].lines[0].amount, value "rant".', 'formulas name parameters');
SELECT is(pg_temp.call('put_voucher_templates', 'x', '[{"code": "X", "name": "X", "lines": [{"account": "6200", "side": "debit", "amount": 1, "summary": "{what}"}, {"account": "1010", "side": "credit", "amount": 1}]}]'),
	'LE320 | there is no parameter "what" | At $[0].lines[0].summary, value "{what}".', 'summaries too');
SELECT is(pg_temp.call('put_voucher_templates', 'x', '[{"code": "X", "name": "X", "summary": "{who", "lines": [{"account": "6200", "side": "debit", "amount": 1}, {"account": "1010", "side": "credit", "amount": 1}]}]'),
	'LE320 | there is no parameter "who" | At $[0].summary, value "{who".', 'with an end or without');
SELECT is(pg_temp.call('put_voucher_templates', 'x', '[{"code": "X", "name": "X", "lines": [{"account": "9999", "side": "debit", "amount": 1}, {"account": "1010", "side": "credit", "amount": 1}]}]'),
	'LE012 | there is no account "9999" | At $[0].lines[0].account, value "9999".', 'accounts are known');
SELECT is(pg_temp.call('put_voucher_templates', 'x', '[{"code": "X", "name": "X", "lines": [{"account": "6200", "side": "debit", "amount": 1, "dimensions": {"department": "Z"}}, {"account": "1010", "side": "credit", "amount": 1}]}]'),
	'LE012 | there is no value of a dimension "department: Z" | At $[0].lines[0].dimensions, value "department: Z".', 'values of dimensions are known');
SELECT is(pg_temp.call('put_voucher_templates', 'x', '[{"code": "X", "name": "X", "lines": [{"account": "6200", "side": "debit", "amount": 1}]}]'), 'LE011 | a voucher has two lines at least | At $[0].lines.', 'of two lines');
SELECT is(pg_temp.call('put_voucher_templates', 'x', '[{"code": "X", "name": "X", "parameters": [{"name": "Day"}], "lines": [{"account": "6200", "side": "debit", "amount": 1}, {"account": "1010", "side": "credit", "amount": 1}]}]'),
	'LE011 | a parameter has a name of small letters, digits and "_" that is none of day, month, year and period | At $[0].parameters[0].name, value "Day".', 'parameters have names');
-- A currency without decimals: 100 / 3 is 33 yen, 0.165 pounds.
SELECT is(pg_temp.call('put_voucher_templates', 't3', '[{"code": "YEN", "name": "Yen", "currency": "JPY", "parameters": [{"name": "a"}], "lines": [{"account": "6500", "side": "debit", "amount": "a / 3"}, {"account": "1010", "side": "credit", "amount": "a / 3"}], "active": false}]'), '{"updated": 0, "inserted": 1}', 'in another currency');
SELECT is(pg_temp.call('post_template', 'x', '{"template": "YEN", "day": "2027-01-31", "values": {"a": 100}}'), 'LE322 | template "YEN" is not active | At $.values, value "YEN".', 'not while it is not active');
SELECT is(pg_temp.call('put_voucher_templates', 't4', '[{"code": "YEN", "name": "Yen", "currency": "JPY", "parameters": [{"name": "a"}], "lines": [{"account": "6500", "side": "debit", "amount": "a / 3"}, {"account": "1010", "side": "credit", "amount": "a / 3"}]}]'), '{"updated": 1, "inserted": 0}', 'it is');
SELECT matches(pg_temp.call('post_template', 'p3', '{"template": "YEN", "day": "2027-01-31", "values": {"a": 100}}'), '"voucher": "p3/1"', 'and is posted');
SELECT is((SELECT string_agg(concat_ws(' ', l.side, trim_scale(l.amount), trim_scale(l.company_amount)), ', ' ORDER BY l.line_no) FROM erp.document d JOIN erp.voucher_line l ON l.voucher_id = d.document_id WHERE d.key = 'p3/1'), 'debit 33 0.17, credit 33 0.17', 'in whole yen');
-- What it would post.
SELECT is((SELECT erp.dry_run('TPL', '{"call": "post_template", "request": {"template": "YEN", "day": "2027-02-01", "values": {"a": 9}}}') #>> '{0,voucher,0,amount}'), '3.0000', 'a dry run');
SELECT is((SELECT count(*) FROM erp.generated_posting_list WHERE company = 'TPL' AND code = 'YEN'), 1::bigint, 'leaves nothing');
SELECT throws_ok($$SELECT erp.dry_run('TPL', '{"call": "put_items", "request": {}}')$$, 'LE011', 'field "call" has a value that is not known', 'and is of what posts what is due');
-- Where the company asks for reviews it is a draft.
\o /dev/null
SELECT erp.put_company('REV', 'review', '{"review_required": true}');
SELECT erp.put_voucher_templates('REV', 't', '[{"code": "FEE", "name": "Fee", "lines": [{"account": "6500", "side": "debit", "amount": 7}, {"account": "1010", "side": "credit", "amount": 7}], "reverses_on": "next_period"}]');
\o
SELECT is(pg_temp.call('post_template', 'p1', '{"template": "FEE", "day": "2027-01-31"}', 'REV'), '{"day": "2027-01-31", "code": "FEE", "state": "drafted", "voucher": "p1/1"}', 'a draft');
SELECT is((SELECT concat_ws(' ', amount, state) FROM erp.generated_posting_list WHERE company = 'REV'), '7.00 drafted', 'leads back, too');
\o /dev/null
SELECT erp.review_draft('REV', 'r', '{"draft": "p1/1"}'), erp.post_draft('REV', 'd', '{"draft": "p1/1"}');
\o
SELECT is((SELECT concat_ws(' ', amount, state) FROM erp.generated_posting_list WHERE company = 'REV'), '7.00 posted', 'and when it is posted');
SELECT is((SELECT concat_ws(' ', voucher_key, voucher_day, reverses_on, withdrawn) FROM erp.planned_reversal_list WHERE company = 'REV'), 'p1/1 2027-01-31 next_period f', 'its reversal is planned');
SELECT is_empty($$SELECT * FROM erp.check_integrity()$$, 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
