\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
BEGIN;
-- Payment terms with instalments: parts by largest remainder, each an open item with a due day of its own. Every figure worked out by hand. INST keeps its books in pounds, YEN in yen.
CREATE SCHEMA trial;
CREATE SEQUENCE trial.call;
CREATE FUNCTION trial.refusal(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE code text; message text; detail text;
BEGIN
	EXECUTE p_statement;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, NULLIF(detail, ''));
END
$$;
CREATE FUNCTION trial.put(p_instalments text, p_more text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT trial.refusal(format('SELECT erp.put_payment_terms(''INST'', %L, %L)', 'p' || nextval('trial.call'),
		jsonb_build_array(jsonb_build_object('code', 'x', 'name', 'x', 'instalments', p_instalments::jsonb) || p_more::jsonb)))
$$;
CREATE FUNCTION trial.sell(p_key text, p_day text, p_amount numeric, p_terms text, p_more text DEFAULT '{}', p_company text DEFAULT 'INST') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_build_object('key', p_key, 'kind', 'sales_invoice', 'day', p_day, 'party', 'C1', 'payment_terms', p_terms,
		'lines', jsonb_build_array(jsonb_build_object('role', 'allowance', 'amount', p_amount))) || p_more::jsonb)::json)
$$;
CREATE FUNCTION trial.pay(p_key text, p_day text, p_amount numeric, p_settles text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.refusal(format('SELECT erp.post_document(''INST'', %L)', jsonb_build_object('key', p_key, 'kind', 'customer_payment', 'day', p_day, 'party', 'C1',
		'lines', jsonb_build_array(jsonb_build_object('amount', p_amount)), 'settles', p_settles::jsonb)))
$$;
-- The instalments that a document has opened: number, amount, company's amount where it differs, due day.
CREATE FUNCTION trial.items(p_key text, p_company text DEFAULT 'INST') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', o.instalment_no, round(o.amount, m.decimals), CASE WHEN o.amount <> o.company_amount THEN trim_scale(o.company_amount) END, to_char(o.due_day, 'MM-DD')), ', ' ORDER BY o.instalment_no, o.line_no)
	  FROM erp.open_item o JOIN erp.document d USING (company_id, document_id) JOIN erp.company c USING (company_id) JOIN erp.currency m ON m.currency_id = o.currency_id WHERE c.code = p_company AND d.key = p_key
$$;
-- What is open of a document, by instalment.
CREATE FUNCTION trial.open(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', instalment_no, open_amount), ', ' ORDER BY instalment_no) FROM erp.open_items_by_party WHERE company = 'INST' AND document_key = p_key
$$;
CREATE FUNCTION trial.settled(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', reason, amount), ', ' ORDER BY settlement_id) FROM erp.settlement_list WHERE company = 'INST' AND call_key = p_key
$$;
SELECT plan(51);
\o /dev/null
SELECT erp.create_company('INST', 'company', '{"name": "Instalments", "currency": "GBP", "chart": "english"}');
SELECT erp.create_company('YEN', 'company', '{"name": "Yen", "currency": "JPY", "chart": "english"}');
SELECT erp.create_fiscal_year(c, 'year', '{"code": "2023-24", "first_day": "2023-01-01", "months": 24}') FROM unnest('{INST,YEN}'::text[]) c;
SELECT erp.put_parties('INST', 'parties', '[{"code": "C1", "name": "C1", "roles": ["customer"]}, {"code": "S1", "name": "S1", "roles": ["supplier"]}]');
SELECT erp.put_items('INST', 'items', '[{"code": "AD", "name": "Advice", "kind": "service"}]');
\o
-- Terms.
SELECT is(erp.put_payment_terms('INST', 'terms', '[
	{"code": "thirds", "name": "In three", "instalments": [{"parts": 1, "net_days": 30}, {"parts": 1, "net_days": 60}, {"parts": 1, "net_days": 90}]},
	{"code": "30/70", "name": "30% at once, the rest at the end of next month", "instalments": [{"percent": 30}, {"net_days": 30, "month_end_days": 0}]},
	{"code": "small", "name": "A tenth and two times nine twentieths", "instalments": [{"percent": "10"}, {"percent": 45, "net_days": 30, "next_month_day": 15}, {"percent": 45, "net_days": 60}]},
	{"code": "2/10 halves", "name": "Two halves, 2% within 10 days", "discounts": [{"percent": 2, "days": 10}], "instalments": [{"parts": 1, "net_days": 30}, {"parts": 1, "net_days": 60}]}]'),
	'{"updated": 0, "inserted": 4}', 'terms with instalments');
SELECT is(erp.put_payment_terms('INST', 'again', '[{"code": "30/70", "name": "30% at once, the rest at the end of next month", "instalments": [{"percent": "30.0"}, {"percent": 70, "net_days": 30, "month_end_days": 0}]}]'),
	'{"updated": 0, "inserted": 0}', 'the rest of 30 is 70');
SELECT results_eq($$SELECT code, instalment_no, parts, parts_in_all, percent, net_days, month_end_days, next_month_day FROM erp.payment_instalment_list WHERE company = 'INST' AND code IN ('thirds', '30/70') ORDER BY 1 DESC, 2$$,
	$$VALUES ('thirds', 1, 1::bigint, 3::numeric, 33.3333, 30, NULL::integer, NULL::integer), ('thirds', 2, 1, 3, 33.3333, 60, NULL, NULL), ('thirds', 3, 1, 3, 33.3333, 90, NULL, NULL),
	  ('30/70', 1, 300000, 1000000, 30.0000, 0, NULL, NULL), ('30/70', 2, 700000, 1000000, 70.0000, 30, 0, NULL)$$, 'they are listed');
SELECT is((SELECT string_agg(concat_ws(' ', net_days, month_end_days), ', ' ORDER BY code DESC) FROM erp.payment_terms_list WHERE company = 'INST' AND code IN ('thirds', '30/70')), '90, 30 0', 'what is not parted falls due with the last');
SELECT is(trial.put(r), x, r) FROM (VALUES
	('[{"percent": 100}]', 'LE011 | payment terms have 2 to 60 instalments | At $[0].instalments, value "1".'),
	('[{"percent": 30}, {"percent": 60}]', 'LE011 | the instalments are not 100 per cent together | At $[0].instalments, value "90".'),
	('[{"percent": 30}, {"percent": 80}]', 'LE011 | the instalments are not 100 per cent together | At $[0].instalments, value "110".'),
	('[{"percent": 60}, {"percent": 40}, {}]', 'LE011 | an instalment is a part of the whole, and falls due after the one before it | At $[0].instalments[2].percent.'),
	('[{}, {"percent": 40}]', 'LE011 | an instalment is a part of the whole, and falls due after the one before it | At $[0].instalments[0].percent.'),
	('[{"percent": "33.33333"}, {}]', 'LE011 | an instalment is a part of the whole, and falls due after the one before it | At $[0].instalments[0].percent, value "33.33333".'),
	('[{"parts": 1}, {"percent": 40}]', 'LE011 | an instalment is a part of the whole, and falls due after the one before it | At $[0].instalments[1].percent, value "40".'),
	('[{"parts": 1}, {}]', 'LE011 | an instalment is a part of the whole, and falls due after the one before it | At $[0].instalments[1].parts.'),
	('[{"parts": 1}, {"parts": 0}]', 'LE011 | an instalment is a part of the whole, and falls due after the one before it | At $[0].instalments[1].parts, value "0".'),
	('[{"parts": 1, "net_days": 30}, {"parts": 1, "net_days": 20}]', 'LE011 | an instalment is a part of the whole, and falls due after the one before it | At $[0].instalments[1].net_days, value "20".'),
	('[{"parts": 1, "net_days": 3651}, {"parts": 1}]', 'LE011 | the payment terms give no due day | At $[0].instalments[0].net_days, value "3651".'),
	('[{"parts": 1}, {"parts": 1, "next_month_day": 1, "month_end_days": 1}]', 'LE011 | the payment terms give no due day | At $[0].instalments[1].next_month_day, value "1".'),
	('[{"parts": 1}, {"parts": 1, "days": 1}]', 'LE011 | field "days" is not known here | At $[0].instalments[1].days, value "1".'),
	('{"parts": 1}', 'LE011 | field "instalments" must be an array | At $[0].instalments, value "{"parts": 1}".')) v (r, x);
SELECT is(trial.put('[{"parts": 1}, {"parts": 1, "net_days": 5}]', '{"net_days": 30}'), 'LE011 | each instalment says when it falls due | At $[0].net_days, value "30".', 'the whole has no day of its own');

-- Parts. A third of 100: 33.34 and two times 33.33. 15 January and 30, 60, 90 days are 14 February, 16 March, 15 April.
\o /dev/null
SELECT trial.sell('t1', '2023-01-15', 100, 'thirds');
SELECT trial.sell('t2', '2023-01-15', 99.99, '30/70');
SELECT trial.sell('t3', '2023-01-15', 0.01, 'small');
SELECT trial.sell('t4', '2023-01-15', 100, 'thirds', '{"currency": "USD", "rate": "0.8"}');
SELECT trial.sell('t5', '2023-01-15', 100, 'thirds', '{"due_day": "2023-02-01"}');
SELECT erp.put_payment_terms('YEN', 'terms', '[{"code": "thirds", "name": "In three", "instalments": [{"parts": 1, "net_days": 30}, {"parts": 1, "net_days": 60}, {"parts": 1, "net_days": 90}]}]');
SELECT erp.put_parties('YEN', 'parties', '[{"code": "C1", "name": "C1", "roles": ["customer"], "customer_terms": "thirds"}]');
SELECT trial.sell('y1', '2023-01-15', 101, 'thirds', '{}', 'YEN');
\o
SELECT is(trial.items('t1'), '1 33.34 02-14, 2 33.33 03-16, 3 33.33 04-15', 'three thirds of 100');
SELECT is(trial.items('t2'), '1 30.00 01-15, 2 69.99 02-28', '30% of 99.99 are 29.997, 70% are 69.993: the penny goes to the first');
SELECT is(trial.items('t3'), '2 0.01 03-15', 'of a penny only one instalment has anything: 0.0045 and 0.0045, the earlier');
SELECT is(trial.items('t4'), '1 33.34 26.67 02-14, 2 33.33 26.67 03-16, 3 33.33 26.66 04-15', 'of 80.00 pounds 26.672, 26.664, 26.664: the penny goes to the second');
SELECT is(trial.items('t5'), '0 100.00 02-01', 'a due day that the document names is the only one');
SELECT is(trial.items('y1', 'YEN'), '1 34 02-14, 2 34 03-16, 3 33 04-15', '101 yen: two are missing to three times 33');
SELECT is((SELECT string_agg(concat_ws(' ', line_no, account_code, NULLIF(debit, 0), CASE WHEN credit <> 0 THEN 'credit ' || credit END), ', ' ORDER BY line_no) FROM erp.journal WHERE company = 'INST' AND document_key = 't1'),
	'1 4000 credit 100.00, 2 1100 33.34, 3 1100 33.33, 4 1100 33.33', 'each is a line of its voucher');
-- Tax is in the whole: 100 and 20%.
\o /dev/null
SELECT erp.put_tax_codes('INST', 'tax', '[{"code": "VAT", "name": "VAT", "rates": [{"from": "2011-01-04", "rate": "0.2"}]}]');
SELECT erp.put_parties('INST', 'terms of parties', '[{"code": "C1", "name": "C1", "customer_terms": "thirds"}, {"code": "S1", "name": "S1", "supplier_terms": "30/70"}]');
\o
SELECT is(trial.sell('t6', '2023-01-15', 100, 'thirds', '{"tax_code": "VAT"}') IS NOT NULL AND trial.items('t6') = '1 40.00 02-14, 2 40.00 03-16, 3 40.00 04-15', true, 'tax is a part of the whole');
-- A credit note of the party's terms, a supplier's bill, a manual voucher.
\o /dev/null
SELECT erp.post_document('INST', '{"key": "n1", "kind": "credit_note", "day": "2023-01-15", "party": "C1", "lines": [{"role": "allowance", "amount": "100"}]}');
SELECT erp.post_document('INST', '{"key": "b1", "kind": "supplier_bill", "day": "2023-01-15", "party": "S1", "lines": [{"item": "AD", "quantity": 1, "amount": "10.01"}]}');
SELECT erp.post_document('INST', '{"key": "m1", "kind": "manual_voucher", "day": "2023-01-15", "lines": [{"account": "1100", "party": "C1", "side": "debit", "amount": "10"}, {"account": "1010", "side": "credit", "amount": "10"}]}');
\o
SELECT is(trial.items('n1'), '1 -33.34 02-14, 2 -33.33 03-16, 3 -33.33 04-15', 'a credit note has the same parts, negative');
SELECT is(trial.items('b1'), '1 -3.00 01-15, 2 -7.01 02-28', 'a bill is paid by the supplier''s terms: 3.003 and 7.007');
SELECT is(trial.items('m1'), '0 10.00 04-15', 'an entry of a manual voucher is one line, due with the last');

-- Settlement: a key names all instalments, the earliest first.
SELECT is(trial.pay('p1', '2023-02-14', 50, '[{"key": "t1"}]') || trial.open('t1'), 'accepted2 16.67, 3 33.33', '50 pay the first and 16.66 of the second');
SELECT is(trial.pay('p2', '2023-03-01', 50, '[{"key": "t1"}]') || coalesce(trial.open('t1'), ' nothing'), 'accepted nothing', 'the rest pays the rest; the first is not asked again');
SELECT is(left(trial.pay('p3', '2023-03-01', 1, '[{"key": "t1"}]'), 5), 'LE091', 'then there is nothing left');
SELECT is(trial.refusal($$SELECT erp.settle('INST', 's1', '{"day": "2023-03-01", "items": [{"key": "t6", "amount": 90}, {"key": "n1", "amount": 90}]}')$$) || trial.open('t6') || '; ' || trial.open('n1'),
	'accepted3 30.00; 3 -10.00', 'amounts are parted likewise: 40, 40, 10 and 33.34, 33.33, 23.33');
SELECT is(left(trial.refusal($$SELECT erp.settle('INST', 's2', '{"day": "2023-03-01", "items": [{"key": "t6", "amount": 30.01}, {"key": "n1", "amount": 10}]}')$$), 5), 'LE092', 'no more than all have open');
SELECT is(trial.refusal($$SELECT erp.settle('INST', 's3', '{"day": "2023-03-01", "items": [{"key": "t6", "amount": 10, "write_off": true}, {"key": "n1"}]}')$$),
	'LE011 | the document has several open items: say which by "line", the line of its voucher | At $.items[0].', 'what is written off is of one');
SELECT is(trial.refusal($$SELECT erp.settle('INST', 's4', '{"day": "2023-03-01", "items": [{"key": "t6", "line": 5, "amount": 10}, {"key": "n1"}]}')$$) || trial.open('t6') || coalesce('; ' || trial.open('n1'), ''),
	'accepted3 20.00', 'a line names one');
-- Undone, they are open again.
SELECT is(trial.refusal($$SELECT erp.unsettle('INST', 'u1', '{"day": "2023-03-02", "key": "s1"}')$$) || trial.open('n1'), 'accepted1 -33.34, 2 -33.33, 3 -23.33', 'what is undone is open again');
-- Discounts by terms, of each what is paid: 98 of 100, then 24.50 of the first half of 50.
\o /dev/null
SELECT trial.sell('d1', '2023-04-01', 100, '2/10 halves'), trial.sell('d2', '2023-04-01', 50, '2/10 halves');
\o
SELECT is(trial.pay('p4', '2023-04-11', 98, '[{"key": "d1", "discount": "terms"}]') || coalesce(trial.open('d1'), '') || ' ' || trial.settled('p4'), 'accepted settlement 49.00, settlement 49.00, discount 1.00, discount 1.00', 'a discount is of each instalment');
SELECT is(trial.pay('p5', '2023-04-11', 24.5, '[{"key": "d2", "discount": "terms"}]') || trial.open('d2') || ' ' || trial.settled('p5'), 'accepted2 25.00 settlement 24.50, discount 0.50', 'who pays one gets its discount');

SELECT is(trial.refusal($$SELECT erp.settle('INST', 's6', '{"day": "2023-04-11", "items": [{"key": "t2", "amount": 20, "discount": "terms"}, {"key": "n1"}]}')$$),
	'LE011 | the document has several open items: say which by "line", the line of its voucher | At $.items[0].', 'an amount with a discount by terms is of one');

-- Reversal takes all back.
SELECT is(trial.refusal($$SELECT erp.reverse_document('INST', '{"key": "r1", "reverses": "d1", "day": "2023-04-12"}')$$), 'LE095 | an open item of the document is settled | Document "r1", field "reverses", value "d1".', 'not while one is settled');
SELECT is(trial.refusal($$SELECT erp.reverse_document('INST', '{"key": "r4", "reverses": "t4", "day": "2023-04-12"}')$$) || coalesce(trial.open('t4'), '') || coalesce(trial.open('r4'), ''), 'accepted', 'nothing is open any more');
SELECT is(trial.items('r4'), '0 -33.34 -26.67 04-12, 0 -33.33 -26.67 04-12, 0 -33.33 -26.66 04-12', 'line by line');

-- What terms say that were used stays.
SELECT is(left(trial.refusal($$SELECT erp.put_payment_terms('INST', 'other', '[{"code": "thirds", "name": "In three", "instalments": [{"parts": 1, "net_days": 30}, {"parts": 2, "net_days": 60}, {"parts": 1, "net_days": 90}]}]')$$), 5), 'LE140', 'no other parts');
SELECT is(left(trial.refusal($$SELECT erp.put_payment_terms('INST', 'other', '[{"code": "thirds", "name": "In three", "net_days": 90}]')$$), 5), 'LE140', 'nor one debt');

-- A rule with entries: a tenth of the total is kept back on another receivable account, both by instalments.
\o /dev/null
SELECT erp.put_accounts('INST', 'kept', '[{"code": "1110", "name": "Retentions", "class": "asset", "side": "debit", "control": "receivable"}]');
SELECT erp.put_posting_rules('INST', 'kept rules', '[{"kind": "sales_invoice", "line_role": "document", "amount_role": "total", "side": "debit", "account": "1100", "expression": "total * 0.9"},
	{"kind": "sales_invoice", "line_role": "document", "amount_role": "total", "side": "debit", "account": "1110", "entry": 2, "expression": "rest"}]');
SELECT trial.sell('e1', '2023-05-01', 100, 'thirds');
\o
SELECT is((SELECT string_agg(concat_ws(' ', line_no, account_code, NULLIF(debit, 0), CASE WHEN credit <> 0 THEN 'credit ' || credit END), ', ' ORDER BY line_no) FROM erp.journal WHERE company = 'INST' AND document_key = 'e1'),
	'1 4000 credit 100.00, 2 1100 30.00, 3 1110 3.34, 4 1100 30.00, 5 1100 30.00, 6 1110 3.33, 7 1110 3.33', 'each account by its own parts');
SELECT is(trial.pay('p6', '2023-06-01', 30, '[{"key": "e1"}]'), 'LE011 | the document has several open items: say which by "line", the line of its voucher | At $.settles[0].', 'whose account is said by a line');
-- The seal holds the instalments.
SELECT is((SELECT count(*) > 0 FROM erp.seal_documents('INST')), true, 'sealed');
SELECT is_empty($$SELECT * FROM erp.verify_chain('INST')$$, 'and whole');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
