\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
BEGIN;
-- Payment terms, cash discounts by terms and the tax in them, every figure worked out by hand. PT keeps its books in pounds, YEN in yen.
CREATE SCHEMA trial;
CREATE FUNCTION trial.refusal(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE code text; message text; detail text; hint text;
BEGIN
	EXECUTE p_statement;
	RAISE EXCEPTION 'accepted' USING ERRCODE = 'XX999';
EXCEPTION WHEN SQLSTATE 'XX999' THEN
	RETURN 'accepted';
WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' ', code, CASE WHEN code = 'LE130' THEN message END, COALESCE(NULLIF(detail, ''), 'no detail'), CASE WHEN hint = '' THEN 'no hint' END);
END
$$;
CREATE FUNCTION trial.put(p_request text) RETURNS text LANGUAGE sql AS $$
	SELECT trial.refusal(format('SELECT erp.put_payment_terms(''PT'', %L, %L)', clock_timestamp(), p_request))
$$;
CREATE FUNCTION trial.sell(p_key text, p_day text, p_amount numeric, p_more text DEFAULT '{}', p_company text DEFAULT 'PT') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_build_object('key', p_key, 'kind', 'sales_invoice', 'day', p_day, 'party', 'C1',
		'lines', jsonb_build_array(jsonb_build_object('role', 'allowance', 'amount', p_amount))) || p_more::jsonb)::json)
$$;
CREATE FUNCTION trial.pay(p_key text, p_day text, p_amount numeric, p_settles text DEFAULT NULL, p_more text DEFAULT '{}', p_company text DEFAULT 'PT') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_strip_nulls(jsonb_build_object('key', p_key, 'kind', 'customer_payment', 'day', p_day, 'party', 'C1',
		'lines', jsonb_build_array(jsonb_build_object('amount', p_amount)), 'settles', p_settles::jsonb)) || p_more::jsonb)::json)
$$;
CREATE FUNCTION trial.settle(p_key text, p_day text, p_items text, p_company text DEFAULT 'PT') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.settle(p_company, p_key, json_build_object('day', p_day, 'items', p_items::json))
$$;
CREATE FUNCTION trial.open(p_company text DEFAULT 'PT') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', document_key, open_amount), ', ' ORDER BY document_key) FROM erp.open_items_by_party WHERE company = p_company
$$;
-- Amounts and reasons of what a call or payment settled; of its voucher the accounts.
CREATE FUNCTION trial.settled(p_key text, p_company text DEFAULT 'PT') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', reason, amount, CASE WHEN amount <> company_amount THEN company_amount END), ', ' ORDER BY settlement_id) FROM erp.settlement_list WHERE company = p_company AND call_key = p_key
$$;
CREATE FUNCTION trial.posted(p_key text, p_company text DEFAULT 'PT') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', j.account_code, NULLIF(j.debit, 0), CASE WHEN j.credit <> 0 THEN 'credit ' || j.credit END), ', ' ORDER BY j.voucher_id, j.line_no)
	FROM erp.journal j JOIN erp.company c ON c.code = j.company JOIN erp.document d ON d.company_id = c.company_id AND d.key = p_key
	JOIN erp.document_link n ON n.company_id = c.company_id AND n.target_document_id = d.document_id AND n.link = 'settles'
	WHERE j.company = p_company AND j.document_id = n.document_id
$$;
CREATE FUNCTION trial.due(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', max(due_day), max(payment_terms)) FROM erp.open_items_by_party WHERE company = 'PT' AND document_key = p_key
$$;
SELECT plan(110);
\o /dev/null
SELECT erp.create_company('PT', 'company', '{"name": "Terms", "currency": "GBP", "chart": "english", "reversal_style": "opposite_side"}');
SELECT erp.create_company('YEN', 'company', '{"name": "Yen", "currency": "JPY", "chart": "english"}');
SELECT erp.create_fiscal_year(c, 'year', '{"code": "2023-24", "first_day": "2023-01-01", "months": 24}') FROM unnest('{PT,YEN}'::text[]) c;
\o
-- Terms.
SELECT is(erp.put_payment_terms('PT', 'terms', '[{"code": "2/10 1/20 n/30", "name": "2% in 10 days, 1% in 20, 30 days net", "net_days": 30, "discounts": [{"percent": 2, "days": 10}, {"percent": "1", "days": 20}]},
	{"code": "eom", "name": "End of month", "month_end_days": 0}, {"code": "30 eom 10", "name": "30 days, end of month, 10 days", "net_days": 30, "month_end_days": 10},
	{"code": "15th", "name": "The 15th of the next month", "next_month_day": 15}, {"code": "31st", "name": "The last of the next month", "next_month_day": 31},
	{"code": "60 15th", "name": "60 days, then the 15th", "net_days": 60, "next_month_day": 15}, {"code": "cash", "name": "At once"}]'), '{"updated": 0, "inserted": 7}', 'payment terms');
SELECT is(erp.put_payment_terms('PT', 'terms 2', '[{"code": "2/10 1/20 n/30", "name": "2% in 10 days, 1% in 20, 30 days net", "net_days": 30, "discounts": [{"percent": "2.00", "days": 10}, {"percent": "1", "days": 20}]}]'), '{"updated": 0, "inserted": 0}', 'the same again changes nothing');
SELECT is((SELECT string_agg(concat_ws(' ', code, net_days, month_end_days, next_month_day, trim_scale(discount_percent), discount_days), ', ' ORDER BY code, discount_days) FROM erp.payment_terms_list WHERE company = 'PT'),
	'15th 0 15, 2/10 1/20 n/30 30 2 10, 2/10 1/20 n/30 30 1 20, 30 eom 10 30 10, 31st 0 31, 60 15th 60 15, cash 0, eom 0 0', 'they are listed');
SELECT is(trial.put(r), x, r) FROM (VALUES
	('[{"code": "a", "name": "a", "net_days": 3651}]', 'LE011 At $[0].net_days, value "3651".'),
	('[{"code": "a", "name": "a", "net_days": -1}]', 'LE011 At $[0].net_days, value "-1".'),
	('[{"code": "b", "name": "a"}, {"code": "a", "name": "a", "month_end_days": -1}]', 'LE011 At $[1].month_end_days, value "-1".'),
	('[{"code": "a", "name": "a", "next_month_day": 0}]', 'LE011 At $[0].next_month_day, value "0".'),
	('[{"code": "a", "name": "a", "next_month_day": 32}]', 'LE011 At $[0].next_month_day, value "32".'),
	('[{"code": "a", "name": "a", "next_month_day": 1, "month_end_days": 1}]', 'LE011 At $[0].next_month_day, value "1".'),
	('[{"code": "a", "name": "a", "discounts": [{"percent": 0, "days": 1}]}]', 'LE011 At $[0].discounts[0].percent, value "0".'),
	('[{"code": "a", "name": "a", "discounts": [{"percent": 1, "days": 1}, {"percent": 100, "days": 1}]}]', 'LE011 At $[0].discounts[1].percent, value "100".'),
	('[{"code": "a", "name": "a", "discounts": [{"percent": "1.00001", "days": 1}]}]', 'LE011 At $[0].discounts[0].percent, value "1.00001".'),
	('[{"code": "a", "name": "a", "discounts": [{"percent": 1, "days": -1}]}]', 'LE011 At $[0].discounts[0].days, value "-1".'),
	('[{"code": "a", "name": "a", "discounts": [{"percent": 1}]}]', 'LE011 At $[0].discounts[0].days.'),
	('[{"code": "a", "name": "a", "discounts": 2}]', 'LE011 At $[0].discounts, value "2".'),
	('[{"code": "a", "name": "a", "days": 2}]', 'LE011 At $[0].days, value "2".'),
	('[{"code": "a", "name": "a"}, {"code": "a", "name": "b"}]', 'LE011 At $[1], value "a".')) v (r, x);
SELECT is(trial.put((SELECT json_build_array(json_build_object('code', 'a', 'name', 'a', 'discounts', json_agg(json_build_object('percent', 1, 'days', i)))) FROM generate_series(1, 11) i)::text), 'LE011 At $[0].discounts[10].days, value "11".', 'at most ten discounts');
-- Direct SQL cannot make terms that give no due day.
SELECT throws_ok(format('INSERT INTO erp.payment_terms (company_id, code, name, %s) SELECT company_id, ''x'', ''x'', %s FROM erp.company WHERE code = ''PT''', n, v), '23514', NULL, n || ' ' || v)
FROM (VALUES ('net_days', '-1'), ('month_end_days, next_month_day', '1, 1'), ('discount_days', '''{1}'''), ('discount_days, discount_percents', '''{1}'', ''{100}'''), ('discount_days, discount_percents', '''{1,NULL}'', ''{1,1}''')) d (n, v);
-- A party has terms of what it owes and of what it is owed.
\o /dev/null
SELECT erp.put_payment_terms('YEN', 'terms', '[{"code": "3/10", "name": "3% in 10 days", "net_days": 30, "discounts": [{"percent": 3, "days": 10}]}]');
SELECT erp.put_parties('YEN', 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"], "customer_terms": "3/10"}]');
SELECT erp.put_accounts('PT', 'accounts', '[{"code": "4010", "name": "More sales", "class": "revenue", "side": "credit"}]');
\o
SELECT is(erp.put_parties('PT', 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer", "supplier"], "customer_terms": "2/10 1/20 n/30", "supplier_terms": "eom", "payment_days": 7}, {"code": "C2", "name": "Other", "roles": ["customer"], "payment_days": 14}]'), '{"updated": 0, "inserted": 2}', 'parties with terms');
SELECT is(trial.refusal($$SELECT erp.put_parties('PT', 'p2', '[{"code": "C1", "name": "Customer"}, {"code": "C2", "name": "Other", "supplier_terms": "never"}]')$$), 'LE012 At $[1].supplier_terms, value "never".', 'unknown terms of a party');
SELECT is(erp.put_parties('PT', 'p3', '[{"code": "C1", "name": "Customer"}]'), '{"updated": 0, "inserted": 0}', 'what is not given stays');
-- Due days. The bill is a manual voucher: its line on the payables has the supplier's terms.
\o /dev/null
SELECT trial.sell('own', '2024-01-31', 100), trial.sell('eom', '2024-02-05', 100, '{"payment_terms": "eom"}'), trial.sell('30 eom 10', '2024-01-05', 100, '{"payment_terms": "30 eom 10"}'),
	trial.sell('15th', '2024-12-05', 100, '{"payment_terms": "15th"}'), trial.sell('31st', '2024-01-31', 100, '{"payment_terms": "31st"}'), trial.sell('31st 2023', '2023-01-31', 100, '{"payment_terms": "31st"}'),
	trial.sell('60 15th', '2024-01-01', 100, '{"payment_terms": "60 15th"}'), trial.sell('cash', '2024-01-31', 100, '{"payment_terms": "cash"}'), trial.sell('given', '2024-01-31', 100, '{"due_day": "2024-01-20"}'),
	trial.sell('both', '2024-01-31', 100, '{"due_day": "2024-06-30", "payment_terms": "eom"}'), trial.sell('days', '2024-01-31', 100, '{"party": "C2"}'), trial.pay('paid', '2024-01-31', 100);
SELECT erp.post_document('PT', '{"key": "bill", "kind": "manual_voucher", "day": "2024-02-05", "lines": [{"account": "6500", "side": "debit", "amount": 70}, {"account": "2000", "party": "C1", "side": "credit", "amount": 70}]}');
\o
SELECT is(trial.due(k), x, 'due: ' || k) FROM (VALUES
	('own', '2024-03-01 2/10 1/20 n/30'),       -- 31 January + 30, of a leap year
	('eom', '2024-02-29 eom'),
	('30 eom 10', '2024-03-10 30 eom 10'),      -- 4 February, 29 February, 10 March
	('15th', '2025-01-15 15th'),
	('31st', '2024-02-29 31st'), ('31st 2023', '2023-02-28 31st'),
	('60 15th', '2024-04-15 60 15th'),          -- 1 March, then April
	('cash', '2024-01-31 cash'), ('given', '2024-01-20 2/10 1/20 n/30'), ('both', '2024-06-30 eom'),
	('days', '2024-02-14'), ('paid', '2024-02-07'), ('bill', '2024-02-29 eom')) v (k, x);
SELECT is(trial.refusal(format('SELECT trial.sell(''bad'', ''2024-01-31'', 1, %L)', m)), x, m) FROM (VALUES
	('{"payment_terms": "never"}', 'LE012 Document "bad", field "payment_terms", value "never".'), ('{"payment_terms": ""}', 'LE012 Document "bad", field "payment_terms", value "".'),
	('{"due_day": "2024-02-30"}', 'LE011 Document "bad", field "due_day", value "2024-02-30".')) v (m, x);
SELECT is(trial.refusal($$SELECT trial.pay('bad', '2024-01-31', 1, NULL, '{"due_day": "2024-03-01"}')$$), 'LE011 Document "bad", field "due_day", value "2024-03-01".', 'a payment does not fall due');
SELECT is(trial.refusal($$SELECT erp.post_document('PT', '{"key": "bad", "kind": "offset", "day": "2024-01-31", "party": "C1", "payment_terms": "eom", "lines": [{"role": "receivable_to_receivable", "party": "C2", "amount": 1}]}')$$), 'LE011 Document "bad", field "payment_terms", value "eom".', 'nor does what is carried over');
-- Late: the invoice is of January, which is closed; its terms run from its own day.
\o /dev/null
SELECT erp.set_period_state('PT', 'close', '{"period": "2023-02", "state": "closed"}');
SELECT trial.sell('late', '2023-02-10', 100, '{"late": true}');
\o
SELECT is((SELECT concat_ws(' ', day, due_day) FROM erp.open_items_by_party WHERE company = 'PT' AND document_key = 'late'), '2023-03-01 2023-03-12', 'the terms of a late document run from its day');
-- A reversal is settled at once; it has no terms.
SELECT isnt(erp.reverse_document('PT', '{"key": "not cash", "reverses": "cash", "day": "2024-02-01"}') ->> 'voucher_id', NULL, 'a document with terms is reversed');
SELECT is((SELECT string_agg(payment_terms_id || ' ' || due_day_given, ', ') FROM erp.open_item JOIN erp.document USING (company_id, document_id) WHERE key = 'not cash'), '0 false', 'without terms');
-- Used terms stay, through the call and by direct SQL; name and activity may change.
SELECT is(trial.put('[{"code": "eom", "name": "End of month", "month_end_days": 1}]'), 'LE140 Open items were agreed on by them.', 'used terms do not change');
SELECT is(trial.put('[{"code": "2/10 1/20 n/30", "name": "x", "net_days": 30, "discounts": [{"percent": 2, "days": 11}, {"percent": 1, "days": 20}]}]'), 'LE140 Open items were agreed on by them.', 'nor their discounts');
SELECT is(trial.refusal('UPDATE erp.payment_terms SET discount_percents = ''{3,1}'' WHERE code = ''2/10 1/20 n/30'''), 'LE140 Open items were agreed on by them.', 'nor by direct SQL');
SELECT is(trial.refusal('SET LOCAL session_replication_role = replica; UPDATE erp.payment_terms SET next_month_day = 16 WHERE code = ''15th'''), 'LE140 Open items were agreed on by them.', 'nor as a replica');
SELECT is(trial.refusal('DELETE FROM erp.payment_terms'), 'LE060 What stands in erp.payment_terms stays.', 'none is deleted');
SELECT is(erp.put_payment_terms('PT', 'inactive', '[{"code": "15th", "name": "No longer", "next_month_day": 15, "active": false}]'), '{"updated": 1, "inserted": 0}', 'they are put out of use');
SELECT is(trial.refusal($$SELECT trial.sell('bad', '2024-01-31', 1, '{"payment_terms": "15th"}')$$), 'LE012 Document "bad", field "payment_terms", value "15th".', 'and then no document names them');
SELECT is(erp.put_payment_terms('PT', 'unused', '[{"code": "new", "name": "New", "net_days": 1}]') || erp.put_payment_terms('PT', 'unused 2', '[{"code": "new", "name": "New", "net_days": 2}]'), '{"updated": 1, "inserted": 0}', 'unused ones change');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');

-- Discounts by terms: 2% until the 10th day, 1% until the 20th.
SELECT is((SELECT string_agg(concat_ws(' ', last_day, trim_scale(percent), discount, payment), ', ' ORDER BY last_day) FROM erp.cash_discount_list WHERE company = 'PT' AND document_key = 'own'), '2024-02-10 2 2.00 98.00, 2024-02-20 1 1.00 99.00', 'what may be kept');
\o /dev/null
SELECT trial.sell('A1', '2024-03-01', 100.25), trial.sell('A2', '2024-03-01', 200), trial.sell('A3', '2024-03-01', 300), trial.sell('A4', '2024-03-01', 400);
\o
-- 2% of 100.25 = 2.005, rounded 2.01: 98.24 is paid on the last day.
SELECT isnt(trial.pay('Q1', '2024-03-11', 98.24, '[{"key": "A1", "discount": "terms"}]'), NULL, 'paid on the 10th day');
SELECT is(trial.settled('Q1'), 'settlement 98.24, discount 2.01', '2% of 100.25, half away from zero');
SELECT is(trial.posted('Q1'), '1100 credit 2.01, 6150 2.01', 'is posted as any discount');
-- On the 11th day 1%.
SELECT isnt(trial.pay('Q2', '2024-03-12', 198, '[{"key": "A2", "discount": "terms"}]'), NULL, 'paid on the 11th day');
SELECT is(trial.settled('Q2'), 'settlement 198.00, discount 2.00', '1%');
SELECT is(trial.refusal($$SELECT trial.pay('bad', '2024-03-22', 297, '[{"key": "A3", "discount": "terms"}]')$$), 'LE130 the payment terms 2/10 1/20 n/30 gave a discount until 2024-03-21; the payment is of 2024-03-22 At $.settles[0].discount, value "terms".', 'after the last day there is none');
SELECT is(trial.refusal($$SELECT trial.pay('bad', '2024-03-22', 10, '[{"key": "30 eom 10", "discount": "terms"}]')$$), 'LE130 the open item has no payment terms with a discount At $.settles[0].discount, value "terms".', 'nor where the terms give none');
SELECT is(trial.refusal($$SELECT trial.pay('bad', '2024-03-22', 10, '[{"key": "days", "discount": "terms"}]', '{"party": "C2"}')$$), 'LE130 the open item has no payment terms with a discount At $.settles[0].discount, value "terms".', 'nor without terms');
SELECT is(trial.refusal($$SELECT trial.pay('bad', '2024-03-22', 10, '[{"key": "A3", "discount": "term"}]')$$), 'LE011 At $.settles[0].discount, value "term".', 'an amount, or terms');
-- Paid in part: 98 on the 5th day is 100 with its discount; 49.5 on the 15th day 50. Then an explicit 3 on the 25th, beyond the terms.
\o /dev/null
SELECT trial.pay('Q3', '2024-03-06', 98, '[{"key": "A3", "discount": "terms"}]'), trial.pay('Q4', '2024-03-16', 49.50, '[{"key": "A3", "discount": "terms"}]'),
	trial.pay('Q5', '2024-03-26', 147, '[{"key": "A3", "discount": "3.00"}]');
\o
SELECT is(trial.settled('Q3'), 'settlement 98.00, discount 2.00', '98 x 2 / 98');
SELECT is(trial.settled('Q4'), 'settlement 49.50, discount 0.50', '49.50 x 1 / 99');
SELECT is(trial.settled('Q5'), 'settlement 147.00, discount 3.00', 'an amount may be more than the terms give');
SELECT is((SELECT count(*) FROM erp.open_items_by_party WHERE document_key = 'A3'), 0::bigint, '100 + 50 + 150');
-- An amount given is what is paid: 196 of 400 is 200. Then both in one payment: 100 of A4 (98 paid), A5 in full (49); 3 is left of the payment.
\o /dev/null
SELECT trial.pay('Q6', '2024-03-08', 196, '[{"key": "A4", "amount": 196, "discount": "terms"}]'), trial.sell('A5', '2024-03-02', 50),
	trial.pay('Q7', '2024-03-09', 150, '[{"key": "A4", "amount": 98, "discount": "terms"}, {"key": "A5", "discount": "terms"}]');
\o
SELECT is(trial.settled('Q6'), 'settlement 196.00, discount 4.00', '196 x 2 / 98');
SELECT is(trial.settled('Q7'), 'settlement 98.00, settlement 49.00, discount 2.00, discount 1.00', 'each of what is paid for it');
SELECT is((SELECT string_agg(document_key || ' ' || open_amount, ', ' ORDER BY document_key) FROM erp.open_items_by_party WHERE document_key IN ('A4', 'A5', 'Q7')), 'A4 100.00, Q7 -3.00', '400 - 200 - 100; 150 - 98 - 49');
-- Money that came in time, settled later: the day of the payment counts.
\o /dev/null
SELECT trial.pay('Q8', '2024-03-11', 98), trial.settle('later', '2024-04-20', '[{"key": "A4", "discount": "terms"}, {"key": "Q8"}]');
\o
SELECT is(trial.settled('later'), 'settlement 98.00, discount 2.00', 'the day of the payment counts, not that of the settlement');
-- Who pays a little more than that settles the item, with so much less discount: 98.50 of 100.
\o /dev/null
SELECT trial.sell('A6', '2024-03-01', 100), trial.pay('Q9', '2024-03-05', 98.50, '[{"key": "A6", "amount": "98.50", "discount": "terms"}]');
\o
SELECT is(trial.settled('Q9'), 'settlement 98.50, discount 1.50', 'the rest is the discount');
SELECT is(trial.refusal($$SELECT trial.settle('bad', '2024-02-05', '[{"key": "own", "discount": "terms"}]')$$), 'LE090 At $.', 'terms give nothing to whom does not pay');
-- A credit note of the same terms: 100 - 10 is paid with 88.20; its discount takes back 0.20.
\o /dev/null
SELECT trial.sell('A7', '2024-03-01', 100), erp.post_document('PT', '{"key": "N7", "kind": "credit_note", "day": "2024-03-02", "party": "C1", "lines": [{"role": "allowance", "amount": 10}]}'), trial.pay('Q10', '2024-03-05', 88.20);
SELECT trial.settle('note', '2024-03-05', '[{"key": "A7", "discount": "terms"}, {"key": "N7", "discount": "terms"}, {"key": "Q10"}]');
\o
SELECT is(trial.posted('note'), '1100 credit 2.00, 6150 2.00, 1100 0.20, 4700 credit 0.20', 'a credit note takes its discount back');
SELECT is((SELECT count(*) FROM erp.open_items_by_party WHERE document_key IN ('A7', 'N7', 'Q10')), 0::bigint, '100 - 2 = 10 - 0.20 + 88.20');
-- A currency without decimals: 3% of 150 yen = 4.5, rounded 5; of a part of 50: 50 x 3 / 97 = 1.546, rounded 2.
\o /dev/null
SELECT trial.sell('Y1', '2024-03-01', 150, '{}', 'YEN'), trial.pay('YP1', '2024-03-05', 50, '[{"key": "Y1", "discount": "terms"}]', '{}', 'YEN');
SELECT trial.sell('Y2', '2024-03-01', 150, '{}', 'YEN'), trial.pay('YP2', '2024-03-05', 145, '[{"key": "Y2", "discount": "terms"}]', '{}', 'YEN');
\o
SELECT is(trial.settled('YP1', 'YEN') || ', ' || trial.settled('YP2', 'YEN'), 'settlement 50, discount 2, settlement 145, discount 5', 'yen have no decimals');

-- The tax in a discount. V20 and V05 reduce the taxable amount, X20 does not.
\o /dev/null
SELECT erp.put_tax_codes('PT', 'tax', '[{"code": "V20", "name": "VAT", "rates": [{"from": "2023-01-01", "rate": "0.2"}], "discount_reduces_tax": true}, {"code": "V05", "name": "VAT", "rates": [{"from": "2023-01-01", "rate": "0.05"}], "discount_reduces_tax": true},
	{"code": "X20", "name": "Sales tax", "rates": [{"from": "2023-01-01", "rate": "0.2"}]}]');
SELECT trial.sell('T1', '2024-05-02', 1000, '{"tax_code": "V20"}'), trial.pay('R1', '2024-05-05', 1176, '[{"key": "T1", "discount": "terms"}]');
\o
-- 2% of 1200 = 24: base 20, tax 4.
SELECT is(trial.settled('R1'), 'settlement 1176.00, discount 20.00, discount_tax 4.00', 'the tax is apart');
SELECT is(trial.posted('R1'), '1100 credit 20.00, 6150 20.00, 1100 credit 4.00, 2200 4.00', 'and is posted to the tax account');
SELECT is((SELECT string_agg(concat_ws(' ', direction, day, tax_code, trim_scale(rate), base_amount, tax_amount, origin_key), ', ' ORDER BY base_amount DESC) FROM erp.tax_list WHERE company = 'PT' AND origin_key = 'T1'),
	'output 2024-05-02 V20 0.2 1000.00 200.00 T1, output 2024-05-05 V20 0.2 -20.00 -4.00 T1', 'the list of taxes says both');
-- Two codes and what is not taxed: 100 at 20% = 20, 60 at 5% = 3, 30: 213. A discount of 5: 100/213 x 5 = 2.3474, 20: 0.4695, 60: 1.4085, 3: 0.0704, 30: 0.7042.
-- Down: 2.34 0.46 1.40 0.07 0.70 = 4.97; three more pennies to the greatest remainders .95 (tax 20), .85 (base 60), .74 (base 100).
\o /dev/null
SELECT trial.sell('T2', '2024-05-02', 0, '{"lines": [{"role": "allowance", "amount": 60, "tax_code": "V05"}, {"role": "allowance", "amount": 100, "tax_code": "V20"}, {"role": "allowance", "amount": 30}]}');
SELECT trial.pay('R2', '2024-05-05', 208, '[{"key": "T2", "discount": "5.00"}]');
\o
SELECT is(trial.settled('R2'), 'settlement 208.00, discount 4.46, discount_tax 0.07, discount_tax 0.47', '2.35 + 1.41 + 0.70, and the taxes: 5.00');
SELECT is((SELECT string_agg(concat_ws(' ', tax_code, base_amount, tax_amount), ', ' ORDER BY tax_code) FROM erp.tax_list WHERE company = 'PT' AND origin_key = 'T2' AND document_kind = 'settlement'), 'V05 -1.41 -0.07, V20 -2.35 -0.47', 'by largest remainder');
-- A code that does not say so: as any discount. Both: 100 + 20 (V20), 100 + 20 (X20); of 2.40 half is of V20: 1.00 and 0.20.
\o /dev/null
SELECT trial.sell('T3', '2024-05-02', 100, '{"tax_code": "X20"}'), trial.pay('R3', '2024-05-05', 117.60, '[{"key": "T3", "discount": "terms"}]');
SELECT trial.sell('T4', '2024-05-02', 0, '{"lines": [{"role": "allowance", "amount": 100, "tax_code": "V20"}, {"role": "allowance", "amount": 100, "tax_code": "X20"}]}'), trial.pay('R4', '2024-05-05', 237.60, '[{"key": "T4", "discount": "2.40"}]');
\o
SELECT is(trial.settled('R3'), 'settlement 117.60, discount 2.40', 'a tax that a discount does not reduce');
SELECT is(trial.settled('R4'), 'settlement 237.60, discount 2.20, discount_tax 0.20', 'both in one document');
-- So little that no penny of it is tax: 0.02 of 1.20; exact tax 0.0033.
\o /dev/null
SELECT trial.sell('T5', '2024-05-02', 1, '{"tax_code": "V20"}'), trial.pay('R5', '2024-05-05', 1.18, '[{"key": "T5", "discount": "terms"}]');
\o
SELECT is(trial.settled('R5'), 'settlement 1.18, discount 0.02', 'a discount too small to have tax');
-- A supplier gives a discount: goods for 500 and 100 of tax; of 12 that we keep 2 are input tax. Its terms are the end of the month: an amount.
\o /dev/null
SELECT erp.put_items('PT', 'items', '[{"code": "G", "name": "Goods", "kind": "stock", "method": "fifo"}]');
SELECT erp.post_document('PT', '{"key": "T6", "kind": "goods_receipt", "day": "2024-05-02", "party": "C1", "tax_code": "V20", "lines": [{"item": "G", "quantity": 10, "amount": 500}]}');
SELECT erp.post_document('PT', '{"key": "T6 move", "kind": "manual_voucher", "day": "2024-05-02", "lines": [{"account": "2100", "party": "C1", "side": "debit", "amount": 588}, {"account": "1010", "side": "credit", "amount": 588}]}');
SELECT trial.settle('R6', '2024-05-06', '[{"key": "T6", "discount": "12.00"}, {"key": "T6 move"}]');
\o
SELECT is(trial.posted('R6'), '2100 10.00, 4700 credit 10.00, 2100 2.00, 2200 credit 2.00', 'a discount received reduces the input tax');
SELECT is((SELECT string_agg(concat_ws(' ', direction, base_amount, tax_amount), ', ' ORDER BY base_amount DESC) FROM erp.tax_list WHERE company = 'PT' AND origin_key = 'T6'), 'input 500.00 100.00, input -10.00 -2.00', 'and is input in the list');
-- Foreign currency: 100 USD and 20 tax at 0.7999 = 95.99; 117.60 USD at 0.8 = 94.08. Discount 2.40: 2.00 and 0.40.
-- Paid: 95.99 x 117.60 / 120 = 94.0702 = 94.07, 0.01 gained. Base: 95.99 x 119.60 / 120 = 95.67 - 94.07 = 1.60. Tax: the rest, 0.32.
\o /dev/null
SELECT trial.sell('T7', '2024-05-02', 100, '{"tax_code": "V20", "currency": "USD", "rate": "0.7999"}'), trial.pay('R7', '2024-05-05', 117.60, '[{"key": "T7", "discount": "terms"}]', '{"currency": "USD", "rate": "0.8"}');
\o
SELECT is(trial.settled('R7'), 'settlement 117.60 94.07, exchange_difference 0.00 0.01, discount 2.00 1.60, discount_tax 0.40 0.32', 'in dollars');
SELECT is((SELECT string_agg(concat_ws(' ', trim_scale(base_amount), trim_scale(company_base_amount), trim_scale(tax_amount), trim_scale(company_tax_amount)), ', ') FROM erp.discount_tax t JOIN erp.settlement_list l USING (settlement_id) WHERE l.company = 'PT' AND call_key = 'R7'), '2 1.6 0.4 0.32', 'the fact in both currencies');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
-- Undone: discount and tax together, exactly.
SELECT is(erp.account_balance('PT', '2200', '2024-12-31'), -(200 - 4 + 23 - 0.54 + 20 - 0 + 40 - 0.20 + 0.20 - 100 + 2 + 16 - 0.32)::numeric(19,2), 'tax before');
SELECT isnt(erp.unsettle('PT', 'not R1', '{"day": "2024-06-01", "key": "R1"}'), NULL, 'a payment with a discount is undone');
SELECT is(trial.posted('not R1'), '1100 20.00, 6150 credit 20.00, 1100 4.00, 2200 credit 4.00', 'with its tax, on the same accounts');
SELECT is((SELECT concat_ws(' ', sum(base_amount), sum(tax_amount), count(*)) FROM erp.tax_list WHERE company = 'PT' AND origin_key = 'T1'), '1000.00 200.00 3', 'the list of taxes is as before the discount');
SELECT is((SELECT string_agg(l.tax_code, ' ') FROM erp.journal j JOIN (SELECT voucher_id, line_no, code AS tax_code FROM erp.voucher_line JOIN erp.tax_code USING (company_id, tax_code_id)) l USING (voucher_id, line_no) WHERE j.document_id = (SELECT document_id FROM erp.settlement_list WHERE company = 'PT' AND call_key = 'not R1' LIMIT 1)), 'V20', 'the line of the tax has its code');
SELECT is((SELECT string_agg(document_key || ' ' || open_amount, ', ' ORDER BY document_key) FROM erp.open_items_by_party WHERE company = 'PT' AND document_key IN ('R1', 'T1')), 'R1 -1176.00, T1 1200.00', 'both are open again');
-- The discount alone goes back with its tax; the tax alone does not.
SELECT is(trial.refusal(format('SELECT erp.unsettle(''PT'', ''bad'', ''{"day": "2024-06-01", "settlement_ids": [%s]}'')', (SELECT settlement_id FROM erp.settlement_list WHERE company = 'PT' AND call_key = 'R4' AND reason = 'discount_tax'))), 'LE094 At $.settlement_ids[0], value "' || (SELECT settlement_id FROM erp.settlement_list WHERE company = 'PT' AND call_key = 'R4' AND reason = 'discount_tax') || '".', 'the tax is not undone by itself');
SELECT isnt(erp.unsettle('PT', 'not R4', (SELECT json_build_object('day', '2024-06-01', 'settlement_ids', json_agg(settlement_id)) FROM erp.settlement_list WHERE company = 'PT' AND call_key = 'R4' AND reason = 'discount')), NULL, 'the discount is');
SELECT is((SELECT string_agg(document_key || ' ' || open_amount, ', ') FROM erp.open_items_by_party WHERE company = 'PT' AND document_key IN ('T4', 'R4')), 'T4 2.40', 'with its tax');
SELECT isnt(erp.unsettle('PT', 'not R7', '{"day": "2024-06-01", "key": "R7"}'), NULL, 'in dollars too');
SELECT is((SELECT concat_ws(' ', sum(company_base_amount), sum(company_tax_amount)) FROM erp.discount_tax t JOIN erp.settlement_list l USING (settlement_id) WHERE l.company = 'PT' AND call_key IN ('R7', 'not R7')), '0.0000 0.0000', 'to the penny');
-- Which discounts were by terms is known afterwards; the tax follows its discount, what undoes one is none.
SELECT is((SELECT string_agg(concat_ws(' ', call_key, coalesce(terms_percent::text, 'no'), amount), ', ' ORDER BY call_key, settlement_id) FROM erp.settlement_list WHERE company = 'PT' AND reason = 'discount' AND call_key IN ('Q1', 'Q2', 'Q4', 'Q5', 'Q9', 'R1', 'R2')),
	'Q1 2 2.01, Q2 1 2.00, Q4 1 0.50, Q5 no 3.00, Q9 2 1.50, R1 2 20.00, R2 no 4.46', 'by which per cent of the terms, or by an amount');
SELECT is((SELECT string_agg(DISTINCT reason, ' ' ORDER BY reason) FROM erp.settlement_list WHERE company = 'PT' AND terms_percent IS NOT NULL), 'discount', 'nothing else is by terms');
SELECT is((SELECT trim_scale(sum(terms_percent)) FROM erp.settlement_list WHERE company = 'YEN'), 6::numeric, 'nor in another company: 3 and 3');
-- What the code says later does not matter to what was taken before.
\o /dev/null
SELECT erp.put_tax_codes('PT', 'tax 2', '[{"code": "V20", "name": "VAT", "rates": [], "discount_reduces_tax": false}]');
SELECT erp.unsettle('PT', 'not R2', '{"day": "2024-06-01", "key": "R2"}');
SELECT trial.settle('R1 again', '2024-06-02', '[{"key": "T1", "discount": "terms"}, {"key": "R1"}]');
\o
SELECT is((SELECT concat_ws(' ', sum(base_amount), sum(tax_amount)) FROM erp.tax_list WHERE company = 'PT' AND origin_key = 'T2' AND document_kind = 'settlement'), '0.00 0.00', 'what was taken is given back as it was taken');
SELECT is(trial.settled('R1 again'), 'settlement 1176.00, discount 24.00', 'and what comes later is as the code says then');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT is_empty($$SELECT 1 FROM erp.trial_balance('PT', '2024-01-01', '2024-12-31') HAVING sum(closing_debit) <> sum(closing_credit)$$, 'and balance');
SELECT * FROM finish();
ROLLBACK;
