\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
BEGIN;
-- What a reversal and a supplementary voucher say of the voucher that they are about, and the links that lead both ways.
SELECT plan(47);
\o /dev/null
SELECT erp.create_company('红', 'company', '{"name": "Red letters", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('红', 'year', '{"code": "2009", "first_day": "2009-01-01"}');
SELECT erp.create_company('CORR', 'company', '{"name": "Corrections", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('CORR', 'year', '{"code": "2009", "first_day": "2009-01-01"}');
SELECT erp.create_company('TURN', 'company', '{"name": "Other side", "currency": "GBP", "chart": "english", "reversal_style": "opposite_side"}');
SELECT erp.create_fiscal_year('TURN', 'year', '{"code": "2009", "first_day": "2009-01-01"}');
SELECT erp.put_parties('CORR', 'parties', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}]');
SELECT erp.put_series('CORR', 'at once', '[{"code": "voucher", "target": "voucher", "scope": "month", "mode": "immediate"}]');
CREATE FUNCTION pg_temp.post(p_company text, p_key text, p_day text, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'lines', jsonb_build_array(
		jsonb_build_object('account', CASE WHEN p_company <> '红' THEN '1010' ELSE '1002' END, 'side', 'debit', 'amount', 10, 'description', 'paid in'),
		jsonb_build_object('account', CASE WHEN p_company <> '红' THEN '3000' ELSE '3001' END, 'side', 'credit', 'amount', 10))) || p_more)::text::json)
$$;
CREATE FUNCTION pg_temp.undo(p_company text, p_key text, p_day text, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.reverse_document(p_company, (jsonb_build_object('key', 'undo ' || p_key, 'reverses', p_key, 'day', p_day) || p_more)::text::json)
$$;
-- The summary of the voucher, and those of its lines as the journal shows them.
CREATE FUNCTION pg_temp.says(p_company text, p_key text) RETURNS text[] LANGUAGE sql AS $$
	SELECT array[min(v.summary)] || array_agg(j.summary ORDER BY j.line_no)
	FROM erp.journal j JOIN erp.voucher v USING (voucher_id) WHERE j.company = p_company AND j.document_key = p_key
$$;
SELECT pg_temp.post('红', 'a', '2009-01-05');
SELECT pg_temp.post('红', 'b', '2009-01-06');
SELECT erp.assign_numbers('红');
SELECT pg_temp.post('红', 'c', '2009-12-31');
\o

-- In red: same side, negative, with the text of the rule.
SELECT ok(pg_temp.undo('红', 'a', '2009-02-03') IS NOT NULL, 'a voucher is taken back');
SELECT is(pg_temp.says('红', 'undo a'), '{注销1月5日记1号凭证,注销1月5日记1号凭证,注销1月5日记1号凭证}', 'its voucher and each line say what of: month, day and number');
SELECT results_eq($$SELECT account_code, debit, credit FROM erp.journal WHERE company = '红' AND document_key = 'undo a' ORDER BY line_no$$,
	$$VALUES ('1002', -10.00, 0.00), ('3001', 0.00, -10.00)$$, 'on the same sides, negative');
-- An entry of a manual voucher is a line of the voucher and nothing beside.
SELECT results_eq($$SELECT document_key, origin, document_line_no, amount FROM erp.voucher_line_origin WHERE company = '红' AND document_key IN ('a', 'undo a') ORDER BY 1, 3$$,
	$$VALUES ('a', 'entry', 1, 10.00), ('a', 'entry', 2, -10.00), ('undo a', 'entry', 1, -10.00), ('undo a', 'entry', 2, 10.00)$$, 'each line leads back to the entry of the request');
SELECT results_eq($$SELECT document_key, net, total, line_count FROM erp.document_list WHERE company = '红' AND document_key IN ('a', 'undo a') ORDER BY 1$$,
	$$VALUES ('a', 10.00, 10.00, 2::bigint), ('undo a', -10.00, -10.00, 2)$$, 'a manual voucher is what its debits are, and has its entries as lines');
SELECT is((SELECT l.amount FROM erp.document_link l JOIN erp.document d USING (company_id, document_id) JOIN erp.company c USING (company_id) WHERE c.code = '红' AND d.key = 'undo a' AND l.link = 'reverses'), -10.0000, 'so much is reversed');
SELECT is_empty($$SELECT FROM erp.document_line l JOIN erp.company c USING (company_id) WHERE c.code = '红'$$, 'nothing is said twice');
SELECT throws_ok($$SELECT pg_temp.post('红', 'zero', '2009-01-06', '{"lines": [{"account": "1002", "side": "debit", "amount": 0}, {"account": "3001", "side": "credit", "amount": 0}]}')$$, 'LE011', 'an entry is of some amount', 'an entry of nothing is none');
SELECT throws_ok($$SELECT pg_temp.post('红', 'goods', '2009-01-06', '{"lines": [{"account": "1002", "side": "debit", "amount": 1, "quantity": 1}, {"account": "3001", "side": "credit", "amount": 1}]}')$$, 'LE011', 'an entry of a manual voucher is an account, a side and an amount', 'nor has it a quantity');
SELECT ok(pg_temp.undo('红', 'c', '2009-12-31') IS NOT NULL, 'a voucher that has no number yet is taken back');
SELECT is(pg_temp.says('红', 'undo c'), array_fill('注销12月31日记字未编号凭证（单据 c）'::text, '{3}'), 'its document is named instead');
SELECT is(erp.assign_numbers('红'), 3::bigint, 'numbers come later');
SELECT results_eq($$SELECT document_key, link, corrected_key, corrected_word, corrected_number, corrected_day FROM erp.correction_list WHERE company = '红' ORDER BY document_key COLLATE "C"$$,
	$$VALUES ('undo a', 'reverses', 'a', '记', '2009-01/1', '2009-01-05'::date), ('undo c', 'reverses', 'c', '记', '2009-12/1', '2009-12-31')$$, 'and the list has them then');

-- A supplementary voucher.
SELECT ok(pg_temp.post('红', 'more b', '2009-01-20', '{"corrects": "b"}') IS NOT NULL, 'a supplementary voucher');
SELECT is(pg_temp.says('红', 'more b'), '{订正1月6日记2号凭证,订正1月6日记2号凭证 paid in,订正1月6日记2号凭证}', 'says what it corrects, before what its lines say');
SELECT results_eq($$SELECT l.link, t.key FROM erp.document_link l JOIN erp.document d USING (company_id, document_id) JOIN erp.document t ON t.company_id = l.company_id AND t.document_id = l.target_document_id JOIN erp.company c ON c.company_id = l.company_id WHERE c.code = '红' AND d.key = 'more b'$$,
	$$VALUES ('corrects', 'b')$$, 'and is linked to it');

-- Numbers at once, English texts.
SELECT is((pg_temp.post('CORR', 'a', '2009-03-09') ->> 'number')::integer, 1, 'the first voucher of March');
SELECT ok(pg_temp.undo('CORR', 'a', '2009-03-10', '{"description": "wrong account"}') IS NOT NULL, 'is taken back');
SELECT is(pg_temp.says('CORR', 'undo a'), '{Reversal of voucher 1 of 2009-03-09 wrong account,Reversal of voucher 1 of 2009-03-09,Reversal of voucher 1 of 2009-03-09}', 'with a reason');
SELECT ok(pg_temp.post('TURN', 'a', '2009-03-09') IS NOT NULL AND pg_temp.undo('TURN', 'a', '2009-03-10') IS NOT NULL, 'a voucher that is turned round');
SELECT results_eq($$SELECT d.net, d.line_count, (SELECT sum(j.credit) FROM erp.journal j WHERE j.company = 'TURN' AND j.document_key = 'undo a') FROM erp.document_list d WHERE d.company = 'TURN' AND d.document_key = 'undo a'$$,
	$$VALUES (-10.00, 2::bigint, 10.00)$$, 'is so much less, with amounts above zero');
SELECT is((pg_temp.post('CORR', 'b', '2009-03-11') ->> 'number')::integer, 3, 'the third');
SELECT is((pg_temp.post('CORR', 'more b', '2009-04-01', '{"corrects": "b", "description": "fees"}') ->> 'number')::integer, 1, 'is corrected in April');
SELECT is(pg_temp.says('CORR', 'more b'), '{Correction of voucher 3 of 2009-03-11 fees,Correction of voucher 3 of 2009-03-11 paid in,Correction of voucher 3 of 2009-03-11 fees}', 'what corrects says so');
SELECT ok(erp.post_documents('CORR', (SELECT json_agg(json_build_object('key', k, 'kind', 'manual_voucher', 'day', '2009-04-02', 'corrects', t, 'lines',
	'[{"account": "1010", "side": "debit", "amount": 1}, {"account": "3000", "side": "credit", "amount": 1}]'::json)) FROM (VALUES ('x', 'more b'), ('y', 'b')) u (k, t))) IS NOT NULL, 'a correction is corrected, and one voucher twice');
SELECT results_eq($$SELECT document_key, voucher_number FROM erp.correction_list WHERE company = 'CORR' AND corrected_key = 'b' ORDER BY document_key COLLATE "C"$$,
	$$VALUES ('more b', '2009-04/1'), ('y', '2009-04/3')$$, 'what corrects it, from its own end');
SELECT results_eq($$SELECT link, corrected_key, corrected_number FROM erp.correction_list WHERE company = 'CORR' AND document_key = 'more b'$$,
	$$VALUES ('corrects', 'b', '2009-03/3')$$, 'and what that corrects, from the other');
SELECT is(pg_temp.post('CORR', 'more b', '2009-04-01', '{"corrects": "b", "description": "fees"}') ->> 'document_id', (SELECT document_id::text FROM erp.document_list WHERE company = 'CORR' AND document_key = 'more b'), 'the same request again is the first one');
SELECT throws_ok($$SELECT pg_temp.post('CORR', 'more b', '2009-04-01', '{"corrects": "x", "description": "fees"}')$$, 'LE020', NULL, 'with another voucher to correct it is another request');

-- In another word.
\o /dev/null
SELECT erp.put_voucher_words('CORR', 'word', '[{"code": "JV", "name": "Journal voucher", "rule": "all"}]');
SELECT pg_temp.post('CORR', 'worded', '2009-05-02');
SELECT erp.assign_numbers('CORR');
SELECT pg_temp.undo('CORR', 'worded', '2009-05-03');
\o
SELECT is((pg_temp.says('CORR', 'undo worded'))[1], 'Reversal of voucher JV1 of 2009-05-02', 'the word stands before the number');
SELECT is(erp.put_voucher_texts('CORR', 'texts', '[{"occasion": "reversal", "template": "{year}/{month}/{day} {word} no. {number} ({key}) cancelled"}]'), '{"updated": 1}', 'a text of the company''s own');
\o /dev/null
SELECT pg_temp.post('CORR', 'again', '2009-05-04');
SELECT erp.assign_numbers('CORR');
-- The month of the voucher is closed: its reversal lands on the first day that is open.
SELECT erp.set_period_state('CORR', 'close', '{"period": "2009-05", "state": "closed"}');
SELECT pg_temp.undo('CORR', 'again', '2009-05-04', '{"late": true}');
\o
SELECT is((pg_temp.says('CORR', 'undo again'))[1], '2009/5/4 JV no. 3 (again) cancelled', 'is said from now on');
SELECT is((SELECT day FROM erp.correction_list WHERE company = 'CORR' AND document_key = 'undo again'), '2009-06-01', 'of a closed month on the first open day');

-- Refused.
SELECT throws_ok($$SELECT pg_temp.undo('CORR', 'b', '2009-06-02')$$, 'LE112', NULL, 'what is corrected is not reversed while its corrections stand');
SELECT ok(pg_temp.undo('CORR', 'y', '2009-06-02') IS NOT NULL AND pg_temp.undo('CORR', 'x', '2009-06-02') IS NOT NULL AND pg_temp.undo('CORR', 'more b', '2009-06-02') IS NOT NULL, 'these are reversed');
SELECT ok(pg_temp.undo('CORR', 'b', '2009-06-02') IS NOT NULL, 'then it is');
SELECT throws_ok($$SELECT pg_temp.post('CORR', 'z', '2009-06-03', '{"corrects": "b"}')$$, 'LE111', NULL, 'what was reversed is not corrected');
SELECT throws_ok($$SELECT pg_temp.post('CORR', 'z', '2009-06-03', '{"corrects": "undo b"}')$$, 'LE111', NULL, 'nor is a reversal');
SELECT throws_ok($$SELECT pg_temp.post('CORR', 'z', '2009-06-03', '{"corrects": "parties"}')$$, 'LE111', NULL, 'nor what has no voucher');
SELECT throws_ok($$SELECT pg_temp.post('CORR', 'z', '2009-06-03', '{"corrects": "nobody"}')$$, 'LE012', NULL, 'nor what is not there');
SELECT ok(pg_temp.post('CORR', 'c', '2009-06-10') IS NOT NULL, 'another voucher');
SELECT throws_ok($$SELECT pg_temp.post('CORR', 'z', '2009-06-09', '{"corrects": "c"}')$$, 'LE011', NULL, 'it is not corrected before its day');
SELECT throws_ok($$SELECT erp.post_document('CORR', '{"key": "z", "kind": "customer_payment", "party": "C1", "day": "2009-06-11", "corrects": "c", "lines": [{"amount": 1}]}')$$, 'LE011', NULL, 'nor by a payment');
SELECT throws_ok($$SELECT pg_temp.undo('CORR', 'undo b', '2009-06-12')$$, 'LE052', NULL, 'a reversal is not reversed');
SELECT throws_ok($$SELECT erp.put_voucher_texts('CORR', 'bad', '[{"occasion": "reversal", "template": "{nothing}"}]')$$, 'LE011', NULL, 'a name that no template knows');
SELECT throws_ok($$SELECT erp.put_voucher_texts('CORR', 'when', '[{"occasion": "never", "template": "x"}]')$$, 'LE011', NULL, 'an occasion that is none');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
