\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- Tax inside and outside of prices, rounded by line or by document; discounts; cash rounding; currencies of 0, 2 and 3 decimals.
-- Every figure is worked out by hand in the comment above it: exact value -> what it is rounded to.
SELECT plan(135);
\o /dev/null
CREATE SCHEMA trial;
SELECT erp.create_company(c, 'company', json_build_object('name', c, 'currency', c, 'chart', CASE c WHEN 'CNY' THEN 'china_small_enterprise' ELSE 'english' END)) FROM unnest('{GBP,JPY,BHD,TND,CHF,CNY}'::text[]) c;
SELECT erp.create_fiscal_year(c, 'year', '{"code": "2026", "first_day": "2026-01-01"}') FROM unnest('{GBP,JPY,BHD,TND,CHF,CNY}'::text[]) c;
SELECT erp.put_parties(c, 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]') FROM unnest('{GBP,JPY,BHD,TND,CHF,CNY}'::text[]) c;
SELECT erp.put_tax_codes(c, 'taxes', (SELECT json_agg(json_build_object('code', t[1], 'name', t[1], 'rates', json_build_array(json_build_object('from', '2026-01-01', 'rate', t[2]))))
	FROM (VALUES ('{S,0.2}'::text[]), ('{R,0.05}'), ('{Z,0}'), ('{V,0.19}'), ('{G,0.07}'), ('{T,0.1}'), ('{H,0.081}')) x (t))) FROM unnest('{GBP,JPY,BHD,TND,CHF,CNY}'::text[]) c;
SELECT erp.put_items('GBP', 'items', '[{"code": "F", "name": "Mug", "kind": "stock", "method": "fifo"}]');
SELECT erp.put_exchange_rates('GBP', 'rates', '[{"from": "JPY", "to": "GBP", "day": "2026-01-01", "rate": "0.005"}, {"from": "CHF", "to": "GBP", "day": "2026-01-01", "rate": "0.9"}]');
-- 'S 0.33 10%' is a line of 0.33 under tax code S less 10 per cent, 'S 3*0.11' one of 3 at 0.11, '- 5 1' one of 5 without tax less 1.
CREATE FUNCTION trial.lines(p_lines text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('role', 'allowance', 'tax_code', nullif(w[1], '-'), 'amount', CASE WHEN w[2] NOT LIKE '%*%' THEN w[2] END,
		'quantity', CASE WHEN w[2] LIKE '%*%' THEN split_part(w[2], '*', 1) END, 'price', CASE WHEN w[2] LIKE '%*%' THEN split_part(w[2], '*', 2) END,
		'discount_percent', CASE WHEN w[3] LIKE '%\%' THEN rtrim(w[3], '%') END, 'discount', CASE WHEN w[3] NOT LIKE '%\%' THEN w[3] END)) ORDER BY n)
	FROM unnest(p_lines) WITH ORDINALITY AS l (line, n), LATERAL regexp_split_to_array(line, ' ') w
$$;
CREATE FUNCTION trial.document(p_key text, p_lines text[], p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('key', p_key, 'kind', 'sales_invoice', 'day', '2026-02-03', 'party', 'C1', 'lines', trial.lines(p_lines)) || p_more
$$;
-- Amounts of the lines; taxes as code base/tax; total.
CREATE FUNCTION trial.shown(p_company text, p_key text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT concat_ws(' | ', (SELECT string_agg(CASE l.line_role WHEN 'cash_rounding' THEN '~' ELSE '' END || trim_scale(l.amount), ' ' ORDER BY l.line_no) FROM erp.document_line l WHERE (l.company_id, l.document_id) = (d.company_id, d.document_id)),
		(SELECT string_agg(concat(c.code, ' ', trim_scale(t.base_amount), '/', trim_scale(t.tax_amount)), ' ' ORDER BY c.code) FROM erp.document_tax t JOIN erp.tax_code c USING (company_id, tax_code_id) WHERE (t.company_id, t.document_id) = (d.company_id, d.document_id)),
		(SELECT trim_scale(x.total) FROM erp.document_list x WHERE x.company = c.code AND x.document_id = d.document_id))
	FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = p_company AND d.key = p_key
$$;
CREATE FUNCTION trial.post(p_company text, p_key text, p_lines text[], p_more jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text;
BEGIN
	PERFORM erp.post_document(p_company, trial.document(p_key, p_lines, p_more)::text::json);
	RETURN trial.shown(p_company, p_key);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', code, message, detail);
END
$$;
-- 'account side amount' of the voucher of a document, by account, in the company's currency.
CREATE FUNCTION trial.posted(p_company text, p_key text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(concat_ws(' ', a.code, l.side, trim_scale(l.company_amount)), ', ' ORDER BY a.code, l.side DESC) FROM erp.document d JOIN erp.company c USING (company_id)
	JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id) WHERE c.code = p_company AND d.key = p_key
$$;
\o

-- Tax outside. 3 x 0.33: 0.99 x 20% = 0.198 -> 0.20; by line 0.066 -> 0.07 three times.
SELECT is(trial.post('GBP', 'x1', '{S 0.33,S 0.33,S 0.33}'), '0.33 0.33 0.33 | S 0.99/0.2 | 1.19', 'outside, by document');
SELECT is(trial.post('GBP', 'x2', '{S 0.33,S 0.33,S 0.33}', '{"tax_rounding": "line"}'), '0.33 0.33 0.33 | S 0.99/0.21 | 1.2', 'outside, by line');
-- 4 x 0.25 at 10%: 0.1; by line 0.025 -> 0.03 (half: away from zero).
SELECT is(trial.post('GBP', 'x3', '{T 0.25,T 0.25,T 0.25,T 0.25}'), '0.25 0.25 0.25 0.25 | T 1/0.1 | 1.1', 'halves by document');
SELECT is(trial.post('GBP', 'x4', '{T 0.25,T 0.25,T 0.25,T 0.25}', '{"tax_rounding": "line"}'), '0.25 0.25 0.25 0.25 | T 1/0.12 | 1.12', 'halves by line');
-- 10.05 - 0.05 - 0.05 at 10%: 0.995 -> 1.00; by line 1.005 -> 1.01, -0.005 -> -0.01 twice.
SELECT is(trial.post('GBP', 'x5', '{T 10.05,T -0.05,T -0.05}'), '10.05 -0.05 -0.05 | T 9.95/1 | 10.95', 'negative lines by document');
SELECT is(trial.post('GBP', 'x6', '{T 10.05,T -0.05,T -0.05}', '{"tax_rounding": "line"}'), '10.05 -0.05 -0.05 | T 9.95/0.99 | 10.94', 'negative lines by line');
-- Mixed rates: 60 x 20% = 12, 40.10 x 5% = 2.005 -> 2.01, 10 x 0%, 7 without tax.
SELECT is(trial.post('GBP', 'x7', '{S 60,R 40.1,Z 10,- 7}'), '60 40.1 10 7 | R 40.1/2.01 S 60/12 Z 10/0 | 131.11', 'mixed rates');
-- 0.01 x 20% = 0.002 -> 0; 0.03 x 20% = 0.006 -> 0.01.
SELECT is(trial.post('GBP', 'x8', '{S 0.01}'), '0.01 | S 0.01/0 | 0.01', 'a penny');
SELECT is(trial.post('GBP', 'x9', '{S 0.03}'), '0.03 | S 0.03/0.01 | 0.04', 'three pence');
-- 12 x 0.083333 = 0.999996 -> 1.00.
SELECT is(trial.post('GBP', 'x10', '{S 12*0.083333}'), '1 | S 1/0.2 | 1.2', 'a price of many decimals is rounded once');

-- Tax inside. 3 x 1.00 at 20%: 3 x 20/120 = 0.5; net 2.50 in thirds of 0.8333: 0.84 0.83 0.83. By line 0.1667 -> 0.17.
SELECT is(trial.post('GBP', 'i1', '{S 1,S 1,S 1}', '{"prices_include_tax": true}'), '0.84 0.83 0.83 | S 2.5/0.5 | 3', 'inside, by document');
SELECT is(trial.post('GBP', 'i2', '{S 1,S 1,S 1}', '{"prices_include_tax": true, "tax_rounding": "line"}'), '0.83 0.83 0.83 | S 2.49/0.51 | 3', 'inside, by line');
-- 11.90 has 1.90 at 19%, 1.07 has 0.07 at 7%, 5.00 none.
SELECT is(trial.post('GBP', 'i3', '{V 11.9,G 1.07,- 5}', '{"prices_include_tax": true}'), '10 1 5 | G 1/0.07 V 10/1.9 | 17.97', 'inside, mixed rates');
-- 19.99 at 20%: 3.33166 -> 3.33; 4.99 at 5%: 0.2376 -> 0.24.
SELECT is(trial.post('GBP', 'i4', '{S 19.99,R 4.99}', '{"prices_include_tax": true}'), '16.66 4.75 | R 4.75/0.24 S 16.66/3.33 | 24.98', 'inside, prices of a shop');
-- 0.01: 0.00167 -> 0; 0.03: 0.005 -> 0.01 (half).
SELECT is(trial.post('GBP', 'i5', '{S 0.01}', '{"prices_include_tax": true}'), '0.01 | S 0.01/0 | 0.01', 'a penny with tax inside');
SELECT is(trial.post('GBP', 'i6', '{S 0.03}', '{"prices_include_tax": true}'), '0.02 | S 0.02/0.01 | 0.03', 'three pence with tax inside');
-- 7 x 0.01: 0.07/6 = 0.01167 -> 0.01; 0.06 over seven equal lines: the first six.
SELECT is(trial.post('GBP', 'i7', '{S 0.01,S 0.01,S 0.01,S 0.01,S 0.01,S 0.01,S 0.01}', '{"prices_include_tax": true}'), '0.01 0.01 0.01 0.01 0.01 0.01 0 | S 0.06/0.01 | 0.07', 'tiny lines');
-- 1 + 1 - 1: tax 0.1667 -> 0.17, net 0.83: 0.8333 0.8333 -0.8333, floors 0.83 0.83 -0.84, one more to the greatest rest (0.6667), the third.
SELECT is(trial.post('GBP', 'i8', '{S 1,S 1,S -1}', '{"prices_include_tax": true}'), '0.83 0.83 -0.83 | S 0.83/0.17 | 1', 'inside, a negative line');
SELECT is(trial.post('GBP', 'i9', '{S 1,S -1}', '{"prices_include_tax": true}'), '0.83 -0.83 | S 0/0 | 0', 'inside, lines that add up to zero');
-- 100 lines of 0.99 at 19%: 99 x 19/119 = 15.80672 -> 15.81; net 83.19 = 100 x 0.8319: floors 0.83, 19 lines get one more. By line 0.15807 -> 0.16.
SELECT is(trial.post('GBP', 'i10', array_fill('V 0.99'::text, ARRAY[100]), '{"prices_include_tax": true}'), (SELECT string_agg(CASE WHEN n <= 19 THEN '0.84' ELSE '0.83' END, ' ' ORDER BY n) FROM generate_series(1, 100) n) || ' | V 83.19/15.81 | 99', 'a hundred equal lines');
SELECT is(trial.post('GBP', 'i11', array_fill('V 0.99'::text, ARRAY[100]), '{"prices_include_tax": true, "tax_rounding": "line"}'), (SELECT string_agg('0.83', ' ') FROM generate_series(1, 100)) || ' | V 83/16 | 99', 'a hundred equal lines by line');
-- 999999999999.99 at 20%: 166666666666.665 -> 166666666666.67.
SELECT is(trial.post('GBP', 'i12', '{S 999999999999.99}', '{"prices_include_tax": true}'), '833333333333.32 | S 833333333333.32/166666666666.67 | 999999999999.99', 'a great amount');
-- 3 at 0.4 is 1.20, of which 0.20.
SELECT is(trial.post('GBP', 'i13', '{S 3*0.4}', '{"prices_include_tax": true}'), '1 | S 1/0.2 | 1.2', 'quantity x price with tax inside');

-- Discounts of lines. 10 less 10% = 9, less 1/3 = 6.67 (3.33333333 -> 3.33), less 2.50 = 7.50, less 100% = 0; 23.17 x 20% = 4.634.
SELECT is(trial.post('GBP', 'd1', '{S 10 10%,S 10 33.33333333%,S 10 2.5,S 10 100%}'), '9 6.67 7.5 0 | S 23.17/4.63 | 27.8', 'discounts of lines');
-- -10 less 10% is -9; less -1, -9.
SELECT is(trial.post('GBP', 'd2', '{S 100,S -10 10%,S -10 -1}'), '100 -9 -9 | S 82/16.4 | 98.4', 'of negative lines');
-- 0.01 less 50%: 0.005 -> 0.01 off; 0.03 less 50%: 0.015 -> 0.02 off.
SELECT is(trial.post('GBP', 'd3', '{S 0.01 50%,S 0.03 50%}'), '0 0.01 | S 0.01/0 | 0.01', 'of a penny and three');
-- 3 x 3.33 = 9.99 less 1/3 = 3.33 off.
SELECT is(trial.post('GBP', 'd4', '{S 3*3.33 33.33333333%}'), '6.66 | S 6.66/1.33 | 7.99', 'of quantity x price');
-- Of the document: 10 off 30 in thirds: 3.34 3.33 3.33.
SELECT is(trial.post('GBP', 'd5', '{S 10,S 10,S 10}', '{"discount": 10}'), '6.66 6.67 6.67 | S 20/4 | 24', 'of the document, an amount');
-- 3 x 9.99 less 1/3 = 6.66 each, 19.98; 10% of it 1.998 -> 2.00, 0.666 each: 0.67 0.67 0.66; 17.98 x 20% = 3.596.
SELECT is(trial.post('GBP', 'd6', '{S 9.99 33.33333333%,S 9.99 33.33333333%,S 9.99 33.33333333%}', '{"discount_percent": 10}'), '5.99 5.99 6 | S 17.98/3.6 | 21.58', 'of lines and of the document');
-- 5 off 60 and 40: 3 and 2; 57 x 20% = 11.40, 38 x 5% = 1.90.
SELECT is(trial.post('GBP', 'd7', '{S 60,R 40}', '{"discount": 5}'), '57 38 | R 38/1.9 S 57/11.4 | 108.3', 'of the document over mixed rates');
-- 1 off 10, 20, 30: 0.1667 0.3333 0.5, floors 0.16 0.33 0.50, one more to the first; 9.83 x 20% = 1.966, 19.67 x 5% = 0.9835.
SELECT is(trial.post('GBP', 'd8', '{S 10,R 20,Z 30}', '{"discount": 1}'), '9.83 19.67 29.5 | R 19.67/0.98 S 9.83/1.97 Z 29.5/0 | 61.95', 'of the document, uneven');
SELECT is(trial.post('GBP', 'd9', '{S 10,S 5}', '{"discount_percent": 100}'), '0 0 | S 0/0 | 0', 'of the whole');
SELECT is(trial.post('GBP', 'd10', '{S 10,S 5}', '{"discount": 15}'), '0 0 | S 0/0 | 0', 'of the whole, as an amount');
SELECT is((SELECT count(*) FROM erp.voucher v JOIN erp.document d USING (company_id, document_id) WHERE d.key IN ('d9', 'd10')), 0::bigint, 'nothing is left to post');
-- 1 off 3, -1: 1.5 and -0.5; 10% off 1, -1: 0.1 and -0.1, together nothing.
SELECT is(trial.post('GBP', 'd11', '{S 3,S -1}', '{"discount": 1}'), '1.5 -0.5 | S 1/0.2 | 1.2', 'over lines of both signs');
SELECT is(trial.post('GBP', 'd12', '{S 1,S -1}', '{"discount_percent": 10}'), '0.9 -0.9 | S 0/0 | 0', 'over lines that add up to zero');
-- 0.05 off seven equal lines of 0.01: the first five.
SELECT is(trial.post('GBP', 'd13', '{Z 0.01,Z 0.01,Z 0.01,Z 0.01,Z 0.01,Z 0.01,Z 0.01}', '{"discount": 0.05}'), '0 0 0 0 0 0.01 0.01 | Z 0.02/0 | 0.02', 'over tiny lines');
-- With tax inside: 1 off 3 x 10: 0.34 0.33 0.33, 29 with tax; 29/6 = 4.8333 -> 4.83; 24.17: 8.05 8.05833 8.05833.
SELECT is(trial.post('GBP', 'd14', '{S 10,S 10,S 10}', '{"prices_include_tax": true, "discount": 1}'), '8.05 8.06 8.06 | S 24.17/4.83 | 29', 'of the document with tax inside');
-- By line: 9.66 -> 1.61, 9.67 -> 1.6117 -> 1.61.
SELECT is(trial.post('GBP', 'd15', '{S 10,S 10,S 10}', '{"prices_include_tax": true, "discount": 1, "tax_rounding": "line"}'), '8.05 8.06 8.06 | S 24.17/4.83 | 29', 'of the document with tax inside, by line');
-- 12 less 25% = 9, of which 1.50; 5.25 less 0.25 = 5, of which 0.238 -> 0.24.
SELECT is(trial.post('GBP', 'd16', '{S 12 25%,R 5.25 0.25}', '{"prices_include_tax": true}'), '7.5 4.76 | R 4.76/0.24 S 7.5/1.5 | 14', 'of lines with tax inside');
SELECT results_eq($$SELECT l.line_no, l.price_amount, l.discount_percent, l.discount, l.document_discount FROM erp.document_line l JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'd6' ORDER BY 1$$,
	'VALUES (1, 9.99, 33.33333333, 3.33, 0.67), (2, 9.99, 33.33333333, 3.33, 0.67), (3, 9.99, 33.33333333, 3.33, 0.66)', 'what a line came from is kept');
SELECT results_eq($$SELECT p.prices_include_tax, p.tax_rounding, p.discount_percent, p.discount, p.cash_rounding FROM erp.document_pricing p JOIN erp.document d USING (company_id, document_id) WHERE d.key IN ('d6', 'd15', 'i2') ORDER BY d.key$$,
	$$VALUES (true, 'line', NULL, 1.00, 0.00), (false, 'document', 10.0, 2.00, 0.00), (true, 'line', NULL, 0.00, 0.00)$$, 'and how prices are meant');
SELECT is((SELECT count(*) FROM erp.document_pricing p JOIN erp.document d USING (company_id, document_id) WHERE d.key IN ('x1', 'x7', 'x10')), 0::bigint, 'nothing of a document that says nothing of it');

-- Cash. 10 + 8.1% = 10.81 -> 10.80; 10.01 + 0.81081 -> 10.82 -> 10.80; 10.03 + 0.81243 -> 10.84 -> 10.85.
SELECT is(trial.post('CHF', 'c1', '{H 10}', '{"cash_rounding": 0.05}'), '10 ~-0.01 | H 10/0.81 | 10.8', 'rounded down to 0.05');
SELECT is(trial.post('CHF', 'c2', '{H 10.01}', '{"cash_rounding": "0.05"}'), '10.01 ~-0.02 | H 10.01/0.81 | 10.8', 'two down');
SELECT is(trial.post('CHF', 'c3', '{H 10.03}', '{"cash_rounding": 0.05}'), '10.03 ~0.01 | H 10.03/0.81 | 10.85', 'one up');
SELECT is(trial.posted('CHF', 'c1'), '1100 debit 10.8, 2200 credit 0.81, 4000 credit 10, 6450 debit 0.01', 'a loss is debited');
SELECT is(trial.posted('CHF', 'c3'), '1100 debit 10.85, 2200 credit 0.81, 4000 credit 10.03, 6450 credit 0.01', 'a gain credited');
SELECT is(trial.post('CHF', 'c4', '{- 10.85}', '{"cash_rounding": 0.05}'), '10.85 | 10.85', 'nothing to round, no line');
-- 10.05 to 0.10 lies half way: 10.10, and -10.05 -> -10.10.
SELECT is(trial.post('CHF', 'c5', '{- 10.05}', '{"cash_rounding": 0.1}'), '10.05 ~0.05 | 10.1', 'half way: away from zero');
SELECT is(trial.post('CHF', 'c6', '{- -10.05}', '{"cash_rounding": 0.1}'), '-10.05 ~-0.05 | -10.1', 'half way below zero');
-- 10.81 with tax inside and 10% off: 9.73 (1.081 -> 1.08 off) -> 9.75; 9.73 x 81/1081 = 0.72908 -> 0.73.
SELECT is(trial.post('CHF', 'c7', '{H 10.81}', '{"cash_rounding": 0.05, "prices_include_tax": true, "discount_percent": 10}'), '9 ~0.02 | H 9/0.73 | 9.75', 'with tax inside and a discount');
-- The discount is not of what rounds the total: 2 lines of 1, 10% off 2.00; 1.80 -> 2.00.
SELECT is(trial.post('CHF', 'c8', '{- 1,- 1}', '{"cash_rounding": 1, "discount_percent": 10}'), '0.9 0.9 ~0.2 | 2', 'what rounds is not discounted');
-- A header's tax code is not of the line that rounds: 10 x 8.1% = 0.81.
SELECT is(trial.post('CHF', 'c9', '{- 10}', '{"cash_rounding": 0.05, "tax_code": "H"}'), '10 ~-0.01 | H 10/0.81 | 10.8', 'what rounds has no tax');
SELECT is(trial.post('CHF', 'c10', '{- 0.02}', '{"cash_rounding": 0.05}'), '0.02 ~-0.02 | 0', 'to nothing');
SELECT is(trial.posted('CHF', 'c10'), '4000 credit 0.02, 6450 debit 0.02', 'to nothing: the voucher');
-- A credit note and a bill: 10.81 -> 10.80; the gain of one is the loss of the other.
SELECT is(trial.post('CHF', 'c11', '{H 10}', '{"cash_rounding": 0.05, "kind": "credit_note"}'), '10 ~-0.01 | H 10/0.81 | 10.8', 'a credit note');
SELECT is(trial.posted('CHF', 'c11'), '1100 credit 10.8, 2200 debit 0.81, 4000 debit 10, 6450 credit 0.01', 'gives 0.01 less');
SELECT is(trial.post('CHF', 'c12', '{H 10}', '{"cash_rounding": 0.05, "kind": "supplier_bill", "party": "S1", "lines": [{"role": "service", "amount": 10, "tax_code": "H"}]}'), '10 ~-0.01 | H 10/0.81 | 10.8', 'a bill');
SELECT is(trial.posted('CHF', 'c12'), '2000 credit 10.8, 2200 debit 0.81, 6450 credit 0.01, 6500 debit 10', 'owes 0.01 less');
SELECT is(trial.post('CHF', 'c13', '{}', '{"kind": "supplier_bill", "party": "S1", "tax_code": "H", "lines": [{"role": "service", "amount": 10}, {"role": "cash_rounding", "amount": "0.04"}]}'), '10 ~0.04 | H 10/0.81 | 10.85', 'as the supplier rounded it');
-- By the company: up 10.81 -> 10.85, 10.80 stays; down 10.84 -> 10.80; below zero the same.
SELECT is(erp.put_company('CHF', 'up', '{"cash_rounding_method": "up"}') ->> 'updated', '1', 'the company rounds up');
SELECT is(trial.post('CHF', 'c14', '{H 10}', '{"cash_rounding": 0.05}'), '10 ~0.04 | H 10/0.81 | 10.85', 'up');
SELECT is(trial.post('CHF', 'c15', '{- 10.8}', '{"cash_rounding": 0.05}'), '10.8 | 10.8', 'a multiple stays');
SELECT is(trial.post('CHF', 'c16', '{- -10.81}', '{"cash_rounding": 0.05}'), '-10.81 ~-0.04 | -10.85', 'up, away from zero');
SELECT is(erp.put_company('CHF', 'down', '{"cash_rounding_method": "down"}') ->> 'updated', '1', 'the company rounds down');
SELECT is(trial.post('CHF', 'c17', '{H 10.03}', '{"cash_rounding": 0.05}'), '10.03 ~-0.04 | H 10.03/0.81 | 10.8', 'down');
SELECT is(trial.post('CHF', 'c18', '{- 10.81}'), '10.81 | 10.81', 'only where a document asks for it');
SELECT is(trial.post('CNY', 'c19', '{H 10}', '{"cash_rounding": 0.1}'), '10 ~-0.01 | H 10/0.81 | 10.8', 'by the Chinese chart');
SELECT is(trial.posted('CNY', 'c19'), '1122 debit 10.8, 2221.01.07 credit 0.81, 5001 credit 10, 5603 debit 0.01', 'a financial expense');

-- Without decimals. 3 x 105 with 10% inside: 28.636 -> 29, 286 in thirds of 95.45: 96 95 95; by line 9.545 -> 10. Outside: 31.5 -> 32; by line 10.5 -> 11.
SELECT is(trial.post('JPY', 'j1', '{T 105,T 105,T 105}', '{"prices_include_tax": true}'), '96 95 95 | T 286/29 | 315', 'yen, inside');
SELECT is(trial.post('JPY', 'j2', '{T 105,T 105,T 105}', '{"prices_include_tax": true, "tax_rounding": "line"}'), '95 95 95 | T 285/30 | 315', 'yen, inside by line');
SELECT is(trial.post('JPY', 'j3', '{T 105,T 105,T 105}'), '105 105 105 | T 315/32 | 347', 'yen, outside');
SELECT is(trial.post('JPY', 'j4', '{T 105,T 105,T 105}', '{"tax_rounding": "line"}'), '105 105 105 | T 315/33 | 348', 'yen, outside by line');
-- 100 off 3 x 105: 34 33 33; 215 x 10% = 21.5 -> 22; 237 -> 240.
SELECT is(trial.post('JPY', 'j5', '{T 105,T 105,T 105}', '{"discount": 100, "cash_rounding": 10}'), '71 72 72 ~3 | T 215/22 | 240', 'yen, discount and cash');
-- 1 with 10% inside: 0.09 -> 0. 5: 0.4545 -> 0; 6: 0.5454 -> 1.
SELECT is(trial.post('JPY', 'j6', '{T 1}', '{"prices_include_tax": true}'), '1 | T 1/0 | 1', 'one yen');
SELECT is(trial.post('JPY', 'j7', '{T 6}', '{"prices_include_tax": true}'), '5 | T 5/1 | 6', 'six yen');
-- 3 x 0.5 = 1.5 -> 2.
SELECT is(trial.post('JPY', 'j8', '{Z 3*0.5}'), '2 | Z 2/0 | 2', 'half a yen a piece');
-- With three. 3 x 1.005 at 10%: 0.3015 -> 0.302; by line 0.1005 -> 0.101.
SELECT is(trial.post('BHD', 'b1', '{T 1.005,T 1.005,T 1.005}'), '1.005 1.005 1.005 | T 3.015/0.302 | 3.317', 'dinars, outside');
SELECT is(trial.post('BHD', 'b2', '{T 1.005,T 1.005,T 1.005}', '{"tax_rounding": "line"}'), '1.005 1.005 1.005 | T 3.015/0.303 | 3.318', 'dinars, outside by line');
-- Inside: 3 x 10/110 = 0.272727 -> 0.273, 2.727 = 3 x 0.909. 1 off 3: 0.334 0.333 0.333; 2 x 10/110 = 0.181818 -> 0.182; 1.818: 0.60545 0.60636 0.60636: floors 0.605 0.606 0.606, one more to the first (0.45 > 0.36).
SELECT is(trial.post('BHD', 'b3', '{T 1,T 1,T 1}', '{"prices_include_tax": true}'), '0.909 0.909 0.909 | T 2.727/0.273 | 3', 'dinars, inside');
SELECT is(trial.post('BHD', 'b4', '{T 1,T 1,T 1}', '{"prices_include_tax": true, "discount": 1}'), '0.606 0.606 0.606 | T 1.818/0.182 | 2', 'dinars, inside with a discount');
-- 3 x 1.000 with 19% inside: 0.478991 -> 0.479, 2.521 = 3 x 0.84033; total 3.000; 0.003 to 0.005.
SELECT is(trial.post('TND', 't1', '{V 1,V 1,V 1}', '{"prices_include_tax": true}'), '0.841 0.84 0.84 | V 2.521/0.479 | 3', 'Tunisian dinars, inside');
SELECT is(trial.post('TND', 't2', '{V 1.003}', '{"cash_rounding": 0.005}'), '1.003 ~0.001 | V 1.003/0.191 | 1.195', 'Tunisian dinars, cash: 0.19057 -> 0.191, 1.194 -> 1.195');

-- Other currencies. 3 x JPY 105 with 20% inside at 0.005: tax 52.5 -> 53, 262: 88 87 87. In GBP 315 x 0.005 = 1.575 -> 1.58: 0.44 0.435 0.435 0.265,
-- floors 0.44 0.43 0.43 0.26, two more to the earliest of the halves.
SELECT is(trial.post('GBP', 'f1', '{S 105,S 105,S 105}', '{"prices_include_tax": true, "currency": "JPY"}'), '88 87 87 | S 262/53 | 315', 'yen in pounds');
SELECT is(trial.posted('GBP', 'f1'), '1100 debit 1.58, 2200 credit 0.26, 4000 credit 1.32', 'the parts add up in pounds, too');
-- CHF 10.81 -> 10.80 at 0.9: 9.72 = 9 + 0.729 - 0.009: floors 9, 0.72, -0.01, one more to the greatest rest, 0.9 of the tax.
SELECT is(trial.post('GBP', 'f2', '{H 10}', '{"currency": "CHF", "cash_rounding": 0.05}'), '10 ~-0.01 | H 10/0.81 | 10.8', 'francs in pounds, for cash');
SELECT is(trial.posted('GBP', 'f2'), '1100 debit 9.72, 2200 credit 0.73, 4000 credit 9, 6450 debit 0.01', 'and these parts');

-- Goods: 3 at 1.20 with 20% inside are 3.00 of stock; sold for 6.00 less 50% with tax inside: 3.00, of which 0.50; taken back, all of it.
SELECT is(trial.post('GBP', 'g1', '{}', '{"kind": "goods_receipt", "party": "S1", "prices_include_tax": true, "tax_code": "S", "lines": [{"item": "F", "quantity": 3, "price": "1.20"}]}'), '3 | S 3/0.6 | 3.6', 'a receipt');
SELECT is(trial.posted('GBP', 'g1'), '1200 debit 3, 2100 credit 3.6, 2200 debit 0.6', 'stock is worth what it costs without tax');
SELECT is(trial.post('GBP', 'g2', '{}', '{"prices_include_tax": true, "tax_code": "S", "lines": [{"item": "F", "quantity": 2, "price": 3, "discount_percent": 50}]}'), '2.5 | S 2.5/0.5 | 3', 'a sale');
SELECT is(trial.posted('GBP', 'g2'), '1100 debit 3, 1200 credit 2, 2200 credit 0.5, 4000 credit 2.5, 5000 debit 2', 'its voucher');
SELECT is((SELECT string_agg(concat_ws(' ', a ->> 'account', trim_scale((a ->> 'change')::numeric)), ', ' ORDER BY a ->> 'account') FROM jsonb_array_elements(erp.preview('GBP', trial.document('p1', '{S 6}', '{"prices_include_tax": true}')::text::json) -> 'accounts') a),
	'1100 6, 2200 -1, 4000 -5', 'a preview');
SELECT is((erp.dry_run('GBP', trial.document('p1', '{S 6}', '{"cash_rounding": 3}')::text::json) IS NOT NULL, trial.shown('GBP', 'p1')), (true, NULL::text), 'a dry run leaves nothing');
\o /dev/null
SELECT erp.reverse_document(c, json_build_object('key', 'reverse ' || k, 'reverses', k)) FROM (VALUES ('GBP', 'd6'), ('GBP', 'd14'), ('GBP', 'i10'), ('GBP', 'g2'), ('GBP', 'f1'), ('CHF', 'c7'), ('GBP', 'd12')) r (c, k);
\o
SELECT is(trial.shown('GBP', 'reverse d6'), '-5.99 -5.99 -6 | S -17.98/-3.6 | -21.58', 'a reversal has all of it, negated');
SELECT is(trial.shown('CHF', 'reverse c7'), '-9 ~-0.02 | H -9/-0.73 | -9.75', 'and what it was rounded by');
SELECT results_eq($$SELECT l.price_amount, l.discount_percent, l.discount, l.document_discount, p.discount_percent, p.discount FROM erp.document_line l JOIN erp.document d USING (company_id, document_id) JOIN erp.document_pricing p USING (company_id, document_id) WHERE d.key = 'reverse d6' AND l.line_no = 1$$,
	'VALUES (-9.99, 33.33333333, -3.33, -0.67, 10.0, -2.00)', 'and what its amounts came from');

-- By the company.
SELECT is(erp.put_company('JPY', 'line', '{"tax_rounding": "line"}') ->> 'updated', '1', 'the company rounds by line');
SELECT is(trial.post('JPY', 'l1', '{T 105,T 105,T 105}'), '105 105 105 | T 315/33 | 348', 'so do its documents');
SELECT is(trial.post('JPY', 'l2', '{T 105,T 105,T 105}', '{"tax_rounding": "document"}'), '105 105 105 | T 315/32 | 347', 'but one that says otherwise');
SELECT is(trial.post('JPY', 'l3', '{- 105}', '{"prices_include_tax": false}'), '105 | 105', 'without tax there is nothing to round');
SELECT results_eq($$SELECT d.key, p.tax_rounding FROM erp.document_pricing p JOIN erp.document d USING (company_id, document_id) WHERE d.key ~ '^l[0-9]'$$, $$VALUES ('l1', 'line')$$, 'what was done is kept');

-- Once: 10 is 10.0, and a field that was not given is another request.
SELECT is(trial.post('GBP', 'd6', '{S 9.99 33.33333333%,S 9.99 33.33333333%,S 9.99 33.333333330%}', '{"discount_percent": "10.0"}'), trial.shown('GBP', 'd6'), 'the same request again');
SELECT is(trial.post('GBP', 'd6', '{S 9.99 33.33333333%,S 9.99 33.33333333%,S 9.99 33.33333333%}', '{"discount_percent": 11}'), 'LE020 | the key was used before, with another request | Document "d6", field "key", value "d6".', 'another discount is another request');

-- What cannot be.
CREATE TEMP TABLE bad (w text, want text, lines text[], more jsonb);
INSERT INTO bad VALUES
	('both discounts of a line', 'LE235 a discount is an amount or so much per cent, not both', NULL, '{"lines": [{"role": "allowance", "amount": 1, "discount": 1, "discount_percent": 5}]}'),
	('both of the document', 'LE235 a discount is an amount or so much per cent, not both', '{- 1}', '{"discount": 1, "discount_percent": 5}'),
	('more than all', 'LE235 a discount as an amount lies between zero and what it is taken from', '{- 1 1.01}', '{}'),
	('a surcharge', 'LE235 a discount as an amount lies between zero and what it is taken from', '{- 1 -1}', '{}'),
	('more than 100 per cent', 'LE235 a discount is from 0 to 100 per cent', '{- 1 100.1%}', '{}'),
	('a negative percentage', 'LE235 a discount is from 0 to 100 per cent', '{- 1 -1%}', '{}'),
	('more than the document', 'LE235 a discount as an amount lies between zero and what it is taken from', '{- 1,- 2}', '{"discount": "3.01"}'),
	('of lines that add up to zero', 'LE235 a discount as an amount lies between zero and what it is taken from', '{- 1,- -1}', '{"discount": "0.01"}'),
	('half a penny off', 'LE011 the currency has 2 decimals', '{- 1 0.005}', '{}'),
	('half a penny off the document', 'LE011 the currency has 2 decimals', '{- 1}', '{"discount": "0.005"}'),
	('nine decimals of a percentage', 'LE011 more than 8 decimals', '{- 1 1.000000001%}', '{}'),
	('a percentage of four digits', 'LE011 more than 3 digits before the point', '{- 1 1000%}', '{}'),
	('no number', 'LE011 a decimal number is expected', '{- 1}', '{"discount": "much"}'),
	('no flag', 'LE011 $.prices_include_tax: true or false is expected', '{- 1}', '{"prices_include_tax": "yes"}'),
	('unknown rounding', 'LE011 document or line is expected', '{- 1}', '{"tax_rounding": "none"}'),
	('a step of zero', 'LE237 a step above zero is expected, of a currency of 2 decimals', '{- 1}', '{"cash_rounding": 0}'),
	('a step below zero', 'LE237 a step above zero is expected, of a currency of 2 decimals', '{- 1}', '{"cash_rounding": -0.05}'),
	('a step of three decimals', 'LE237 a step above zero is expected, of a currency of 2 decimals', '{- 1}', '{"cash_rounding": 0.025}'),
	('of a manual voucher', 'LE236 documents of kind manual_voucher have no prices', NULL, '{"kind": "manual_voucher", "party": null, "prices_include_tax": true, "lines": [{"account": "1000", "side": "debit", "amount": 1}, {"account": "1010", "side": "credit", "amount": 1}]}'),
	('of a payment', 'LE236 documents of kind customer_payment have no prices', NULL, '{"kind": "customer_payment", "lines": [{"role": "bank", "amount": 1, "discount_percent": 5}]}'),
	('cash of a payment', 'LE237 documents of kind customer_payment are not rounded for cash', NULL, '{"kind": "customer_payment", "cash_rounding": 1, "lines": [{"role": "bank", "amount": 1}]}'),
	('of goods that go back', 'LE236 a line of role sent_back has the price of the receipt that it changes, without tax', NULL, '{"kind": "supplier_return", "party": "S1", "prices_include_tax": true, "lines": [{"item": "F", "quantity": 1, "origin": {"key": "g1", "line": 1}}]}'),
	('a line that rounds, with tax', 'LE011 what rounds a total has no tax', NULL, '{"lines": [{"role": "cash_rounding", "amount": 1, "tax_code": "S"}]}'),
	('a line that rounds, discounted', 'LE235 a discount as an amount lies between zero and what it is taken from', NULL, '{"lines": [{"role": "cash_rounding", "amount": 1, "discount": 1}]}'),
	('a member of a reference', 'LE011 $.lines[0]."demand.key": unknown field', NULL, '{"lines": [{"role": "allowance", "amount": 1, "demand.key": "x"}]}');
SELECT is(array_to_string((string_to_array(trial.post('GBP', 'bad', b.lines, b.more), ' | '))[1:2], ' '), b.want, b.w) FROM bad b;
SELECT throws_ok($$SELECT erp.put_company('GBP', 'bad', '{"tax_rounding": "never"}')$$, 'LE011', NULL, 'a rounding that no company has');

-- Rows of an import say the same: 3 x 10 with tax inside less 1, to 0.05: see d14; 29.00 needs no line.
SELECT (erp.start_import('GBP', 'priced', '{"name": "priced"}') ->> 'job_id')::bigint AS job \gset
\o /dev/null
INSERT INTO erp.staged_line (job_id, row_no, document_key, kind, day, party, line_role, amount, tax_code, prices_include_tax, header_discount, cash_rounding, discount_percent, tax_rounding)
SELECT :job, n, 'imported ' || k, 'sales_invoice', '2026-02-03', 'C1', 'allowance', '10', 'S', 'true', CASE k WHEN 'a' THEN '1' END, '0.05', CASE k WHEN 'b' THEN '10' END, CASE k WHEN 'b' THEN 'line' END
FROM (VALUES (1, 'a'), (2, 'a'), (3, 'a'), (4, 'b')) v (n, k);
SELECT erp.import_step('GBP', :job, 1000) FROM generate_series(1, 4);
\o
SELECT is_empty('SELECT * FROM erp.import_problem', 'nothing in the rows is bad');
SELECT is(trial.shown('GBP', 'imported a'), '8.05 8.06 8.06 | S 24.17/4.83 | 29', 'an import');
SELECT is(trial.shown('GBP', 'imported b'), '7.5 | S 7.5/1.5 | 9', 'and its second document');

-- Any documents: what lines come to with tax is what they were given as; the check derives everything again.
\o /dev/null
SELECT setseed(0.25);
CREATE TEMP TABLE drawn AS
SELECT c.code AS company, 'any ' || n AS key, random() < 0.6 AS inside, ARRAY(SELECT concat_ws(' ', (ARRAY['S','R','Z','V','G','T','-'])[1 + floor(random() * 7)::integer],
		CASE WHEN random() < 0.2 THEN '-' ELSE '' END || round((random() * 10 ^ (1 + floor(random() * 4)))::numeric, c.decimals), CASE WHEN random() < 0.3 THEN round((random() * 100)::numeric, (random() * 8)::integer) || '%' END)
	FROM generate_series(1, 1 + (n * 7) % 12) WHERE n > 0) AS lines, CASE WHEN random() < 0.4 THEN round((random() * 100)::numeric, 3) END AS percent, CASE WHEN random() < 0.5 THEN 'line' ELSE 'document' END AS rounding
FROM generate_series(1, 60) n, (VALUES ('GBP', 2), ('JPY', 0), ('BHD', 3), ('TND', 3)) c (code, decimals);
SELECT count(erp.post_document(company, trial.document(key, lines, jsonb_strip_nulls(jsonb_build_object('prices_include_tax', inside, 'discount_percent', percent, 'tax_rounding', rounding)))::text::json)) FROM drawn;
\o
SELECT is_empty($$SELECT r.company, r.key FROM drawn r JOIN erp.document_list t ON t.company = r.company AND t.document_key = r.key JOIN erp.document d ON d.document_id = t.document_id
	CROSS JOIN LATERAL (SELECT sum(coalesce(l.price_amount - l.discount - l.document_discount, l.amount)) AS given FROM erp.document_line l WHERE (l.company_id, l.document_id) = (d.company_id, d.document_id)) g
	WHERE t.total <> CASE WHEN r.inside THEN g.given ELSE g.given + t.tax END$$, 'the parts of any document add up to what was asked for');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
