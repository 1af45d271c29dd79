\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- A document in an import says what a JSON request can: word, rate, what it corrects, when it falls due, parties and dimensions of its lines. Bad cells are named row by row; a review is not got round.
SELECT plan(48);
\o /dev/null
SELECT erp.create_company('IMPV', 'company', '{"name": "Vouchers", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('IMPV', 'year', '{"code": "2009", "first_day": "2009-01-01"}');
SELECT erp.put_parties('IMPV', 'parties', '[{"code": "C1", "name": "One", "roles": ["customer"]}, {"code": "C2", "name": "Two", "roles": ["customer"]}]');
SELECT erp.put_dimensions('IMPV', 'dimensions', '[{"code": "department", "name": "Department", "values": [{"code": "north", "name": "North"}, {"code": "south", "name": "South"}]}]');
SELECT erp.put_voucher_words('IMPV', 'words', '[{"code": "B", "name": "Bank", "rule": "named"}, {"code": "OLD", "name": "Old", "rule": "named", "active": false}]');
SELECT erp.put_series('IMPV', 'series', '[{"code": "voucher B", "target": "voucher", "word": "B", "scope": "month", "mode": "immediate"}, {"code": "voucher", "target": "voucher", "scope": "month", "mode": "immediate"}]');
SELECT erp.put_payment_terms('IMPV', 'terms', '[{"code": "2/10", "name": "2% in 10 days, 30 days net", "net_days": 30, "discounts": [{"percent": 2, "days": 10}]}, {"code": "eom", "name": "End of month", "month_end_days": 0}, {"code": "gone", "name": "Of old", "active": false}]');
SELECT erp.put_parties('IMPV', 'agreed', '[{"code": "C2", "name": "Two", "customer_terms": "2/10"}]');
SELECT erp.put_items('IMPV', 'items', '[{"code": "HOUR", "name": "Hour of work", "kind": "service"}]');
CREATE FUNCTION pg_temp.post(p_key text, p_day text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('IMPV', json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'lines',
		'[{"account": "1010", "side": "debit", "amount": 10}, {"account": "3000", "side": "credit", "amount": 10}]'::json))
$$;
SELECT pg_temp.post('first', '2009-01-05'), pg_temp.post('undone', '2009-01-05');
SELECT erp.reverse_document('IMPV', '{"key": "undo", "reverses": "undone", "day": "2009-01-06"}');
SELECT erp.post_document('IMPV', '{"key": "invoice", "kind": "sales_invoice", "day": "2009-01-06", "party": "C1", "lines": [{"item": "HOUR", "quantity": 1, "price": 50}]}');
SELECT erp.set_period_state('IMPV', 'close', '{"period": "2009-02", "state": "closed"}');
CREATE FUNCTION pg_temp.job(p_name text, p_skip boolean DEFAULT false) RETURNS bigint LANGUAGE sql AS $$
	SELECT (erp.start_import('IMPV', 'start ' || p_name, json_build_object('name', p_name, 'skip_bad', p_skip)) ->> 'job_id')::bigint
$$;
-- All steps, in this transaction: the state that they end in, or the error of the one that fails.
CREATE FUNCTION pg_temp.run(p_job bigint, p_rows integer DEFAULT 100, p_until text DEFAULT 'done') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text := '';
BEGIN
	WHILE state NOT IN ('done', 'refused', p_until) LOOP
		BEGIN
			state := erp.import_step('IMPV', p_job, p_rows) ->> 'state';
		EXCEPTION WHEN OTHERS THEN
			RETURN SQLSTATE;
		END;
	END LOOP;
	RETURN state;
END
$$;
CREATE FUNCTION pg_temp.problems(p_job bigint) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', row_no, document_key, nullif(column_name, ''), error_code), ', ' ORDER BY row_no, problem_no), '')
	FROM erp.import_problem WHERE job_id = p_job
$$;
-- A row of a voucher; what is more of it, by the names of the columns.
CREATE FUNCTION pg_temp.row(p_job bigint, p_row bigint, p_key text, p_account text, p_amount text, p_more jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
	INSERT INTO erp.staged_line SELECT (jsonb_populate_record(NULL::erp.staged_line, jsonb_build_object('job_id', p_job, 'row_no', p_row, 'document_key', p_key, 'kind', 'manual_voucher',
		'day', '2009-01-20', 'account', p_account, 'side', CASE WHEN p_amount LIKE '-%' THEN 'credit' ELSE 'debit' END, 'amount', ltrim(p_amount, '-')) || p_more)).*
$$;
CREATE FUNCTION pg_temp.voucher(p_job bigint, p_row bigint, p_key text, p_more jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
	SELECT pg_temp.row(p_job, p_row, p_key, '1010', '5', p_more), pg_temp.row(p_job, p_row + 1, p_key, '3000', '-5')
$$;

-- What a voucher can say.
SELECT pg_temp.job('good') AS g \gset
SELECT pg_temp.row(:g, 1, 'V1', '1100', '60', '{"word": "B", "reference": "R-1", "header_description": "Carried forward", "line_party": "C1", "description": "of C1", "dimensions": "{\"department\": \"north\"}"}'),
	pg_temp.row(:g, 2, 'V1', '1100', '40', '{"line_party": "C2", "dimensions": " { \"department\" : \"south\" } "}'),
	pg_temp.row(:g, 3, 'V1', '3000', '-100'),
	pg_temp.row(:g, 4, 'V2', '1010', '7', '{"corrects": "first", "header_description": "seven more"}'), pg_temp.row(:g, 5, 'V2', '3000', '-7'),
	pg_temp.row(:g, 6, 'V3', '1010', '100', '{"currency": "USD", "rate": "0.8"}'), pg_temp.row(:g, 7, 'V3', '3000', '-100'),
	pg_temp.row(:g, 8, 'V4', '1010', '9', '{"day": "2009-02-10", "late": "true"}'), pg_temp.row(:g, 9, 'V4', '3000', '-9'),
	pg_temp.row(:g, 10, 'P1', NULL, '30', '{"kind": "customer_payment", "side": null, "party": "C1", "settles": "[{\"key\": \"invoice\"}]"}');
\o
SELECT is(pg_temp.run(:g, 4), 'done', 'an import of all that a voucher can say');
SELECT is(pg_temp.problems(:g), '', 'has no problem');
SELECT results_eq($$SELECT voucher_word, number, document_key FROM erp.number_list WHERE company = 'IMPV' AND voucher_word = 'B'$$, $$VALUES ('B', 1::bigint, 'V1')$$, 'its word, with a number of that');
SELECT results_eq($$SELECT account_code, debit, credit, party_code, summary FROM erp.journal WHERE company = 'IMPV' AND document_key = 'V1' ORDER BY line_no$$,
	$$VALUES ('1100', 60.00, 0.00, 'C1', 'of C1'), ('1100', 40.00, 0.00, 'C2', 'Carried forward'), ('3000', 0.00, 100.00, NULL, 'Carried forward')$$, 'parties and texts of its lines, and the text of the voucher');
SELECT results_eq($$SELECT l.line_no, v.code FROM erp.voucher_line l JOIN erp.voucher o USING (company_id, voucher_id) JOIN erp.document d USING (company_id, document_id)
	JOIN erp.dimension_set s USING (company_id, dimension_set_id) JOIN erp.dimension_value v ON v.company_id = l.company_id AND v.dimension_value_id = ANY (s.dimension_value_ids) WHERE d.key = 'V1' ORDER BY 1$$,
	$$VALUES (1, 'north'), (2, 'south')$$, 'their dimensions');
SELECT results_eq($$SELECT document_key, link, corrected_key FROM erp.correction_list WHERE company = 'IMPV' AND document_key = 'V2'$$, $$VALUES ('V2', 'corrects', 'first')$$, 'what it corrects');
SELECT is((SELECT DISTINCT summary FROM erp.journal WHERE company = 'IMPV' AND document_key = 'V2'), 'Correction of voucher 1 of 2009-01-05 seven more', 'of which it says so');
SELECT results_eq($$SELECT account_code, debit, credit, currency_debit FROM erp.journal WHERE company = 'IMPV' AND document_key = 'V3' ORDER BY line_no$$,
	$$VALUES ('1010', 80.00, 0.00, 100.00), ('3000', 0.00, 80.00, 0.00)$$, '100 dollars at 0.8');
SELECT is((SELECT DISTINCT day::text FROM erp.journal WHERE company = 'IMPV' AND document_key = 'V4'), '2009-03-01', 'what is late lands on the first open day');
SELECT is((SELECT string_agg(concat_ws(' ', debit_document_key, credit_document_key, amount), ', ') FROM erp.settlement_list WHERE company = 'IMPV' AND reason = 'settlement'), 'invoice P1 30.00', 'a payment settles');
-- The request is the same as in JSON: under its key it has the result of the import.
SELECT is((erp.post_document('IMPV', '{"key": "V1", "kind": "manual_voucher", "day": "2009-01-20", "word": "B", "reference": "R-1", "description": "Carried forward", "lines": [
	{"account": "1100", "side": "debit", "amount": 60.0, "party": "C1", "description": "of C1", "dimensions": {"department": "north"}},
	{"account": "1100", "side": "debit", "amount": 40, "party": "C2", "dimensions": {"department": "south"}}, {"account": "3000", "side": "credit", "amount": 100}]}') ->> 'number'), '1', 'the same request in JSON is the first one');
SELECT is((erp.post_document('IMPV', '{"key": "P1", "kind": "customer_payment", "day": "2009-01-20", "party": "C1", "lines": [{"amount": 30}], "settles": [{"key": "invoice"}]}') ->> 'document_id'),
	(SELECT document_id::text FROM erp.document_list WHERE company = 'IMPV' AND document_key = 'P1'), 'and so is the payment');

-- When it falls due: as the row says, by its terms, or by the party's. From 7 January: 30 days are 6 February, the end of the month the 31st.
\o /dev/null
CREATE FUNCTION pg_temp.sale(p_job bigint, p_row bigint, p_key text, p_more jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
	SELECT pg_temp.row(p_job, p_row, p_key, NULL, '100', '{"kind": "sales_invoice", "side": null, "party": "C2", "line_role": "allowance", "day": "2009-01-07"}' || p_more)
$$;
CREATE FUNCTION pg_temp.due(p_key text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(concat_ws(' ', o.due_day, CASE o.payment_terms_id WHEN 0 THEN 'none' ELSE t.code END, trim_scale(o.amount)), ', ' ORDER BY o.open_item_id) FROM erp.open_item o JOIN erp.document d USING (company_id, document_id)
	JOIN erp.payment_terms t USING (company_id, payment_terms_id) JOIN erp.company c USING (company_id) WHERE c.code = 'IMPV' AND d.key = p_key
$$;
SELECT pg_temp.job('due') AS d \gset
SELECT pg_temp.sale(:d, 1, 'D1'), pg_temp.sale(:d, 2, 'D2', '{"payment_terms": "eom"}'), pg_temp.sale(:d, 3, 'D3', '{"due_day": "2009-03-05"}'), pg_temp.sale(:d, 4, 'D4', '{"payment_terms": "eom", "due_day": "2009-01-20"}'),
	pg_temp.row(:d, 5, 'D5', '1100', '8', '{"line_party": "C1", "payment_terms": "2/10", "day": "2009-01-07"}'), pg_temp.row(:d, 6, 'D5', '3000', '-8', '{"payment_terms": "eom"}'),
	pg_temp.sale(:d, 7, 'D6', '{"payment_terms": "", "due_day": ""}'),
	pg_temp.row(:d, 8, 'D7', NULL, '98', '{"kind": "customer_payment", "side": null, "party": "C2", "day": "2009-01-17", "settles": "[{\"key\": \"D1\", \"discount\": \"terms\"}]"}');
\o
SELECT is(pg_temp.run(:d, 3) || pg_temp.problems(:d), 'done', 'an import of what falls due');
SELECT is(string_agg(pg_temp.due(k), ', ' ORDER BY k), '2009-02-06 2/10 100, 2009-01-31 eom 100, 2009-03-05 2/10 100, 2009-01-20 eom 100, 2009-02-06 2/10 8, 2009-02-06 2/10 100', 'by the party''s terms, others, a day, both, of a voucher''s first row, and where the cells are empty')
FROM unnest('{D1,D2,D3,D4,D5,D6}'::text[]) k;
SELECT is((SELECT string_agg(concat_ws(' ', reason, trim_scale(amount)), ', ' ORDER BY settlement_id) FROM erp.settlement_list WHERE company = 'IMPV' AND call_key = 'D7' AND (reason = 'discount') = (credit_document_key LIKE 'erp:%')), 'settlement 98, discount 2', 'a discount by terms, 10 days later');
SELECT is((erp.post_document('IMPV', '{"key": "D4", "kind": "sales_invoice", "day": "2009-01-07", "party": "C2", "payment_terms": "eom", "due_day": "2009-01-20", "lines": [{"role": "allowance", "amount": 100}]}') ->> 'document_id'),
	(SELECT document_id::text FROM erp.document_list WHERE company = 'IMPV' AND document_key = 'D4'), 'the same request in JSON is the first one');
\o /dev/null
SELECT pg_temp.job('due, badly') AS e \gset
SELECT pg_temp.sale(:e, 1, 'E1', '{"payment_terms": "never"}'), pg_temp.sale(:e, 2, 'E2', '{"payment_terms": "gone"}'), pg_temp.sale(:e, 3, 'E3', '{"due_day": "2009-02-29"}'),
	pg_temp.row(:e, 4, 'E4', NULL, '5', '{"kind": "customer_payment", "side": null, "party": "C2", "due_day": "2009-02-01"}'),
	pg_temp.row(:e, 5, 'E5', NULL, '5', '{"kind": "customer_payment", "side": null, "party": "C2", "payment_terms": "eom"}'), pg_temp.sale(:e, 6, 'E6');
\o
SELECT is(pg_temp.run(:e), 'refused', 'an import of what falls due on no day');
SELECT is(pg_temp.problems(:e), '1 E1 payment_terms LE012, 2 E2 payment_terms LE012, 3 E3 due_day LE011, 4 E4 due_day LE011, 5 E5 payment_terms LE011', 'names each cell');
SELECT is((SELECT reason FROM erp.import_problem WHERE job_id = :e AND row_no = 4), 'documents of kind customer_payment make no debt that falls due', 'and says why');
SELECT is(pg_temp.due('E6'), NULL, 'and nothing is posted');

-- What is bad, row by row.
\o /dev/null
SELECT pg_temp.job('bad') AS b \gset
SELECT pg_temp.voucher(:b, 1, 'B1', '{"word": "X"}'), pg_temp.voucher(:b, 3, 'B2', '{"word": "OLD"}'), pg_temp.voucher(:b, 5, 'B3', '{"word": "X"}'),
	pg_temp.voucher(:b, 7, 'B4', '{"corrects": "nothing"}'), pg_temp.voucher(:b, 9, 'B5', '{"corrects": "undo"}'), pg_temp.voucher(:b, 11, 'B6', '{"corrects": "undone"}'),
	pg_temp.voucher(:b, 13, 'B7', '{"corrects": "invoice", "day": "2009-01-02"}'),
	pg_temp.voucher(:b, 15, 'B8', '{"dimensions": "{\"department\": \"east\"}"}'), pg_temp.voucher(:b, 17, 'B9', '{"dimensions": "{\"department\": \"east\"}"}'),
	pg_temp.voucher(:b, 19, 'B10', '{"dimensions": "north"}'), pg_temp.voucher(:b, 21, 'B11', '{"dimensions": "[1]"}'),
	pg_temp.voucher(:b, 23, 'B12', '{"rate": "x"}'), pg_temp.voucher(:b, 25, 'B13', '{"late": "yes"}'), pg_temp.voucher(:b, 27, 'B14', '{"line_party": "C9"}'),
	pg_temp.voucher(:b, 29, 'B15', '{"day": "2009-02-10", "late": "false"}'), pg_temp.voucher(:b, 31, 'B16', '{"settles": "{"}'),
	pg_temp.row(:b, 33, 'B17', NULL, '5', '{"kind": "customer_payment", "side": null, "party": "C1", "corrects": "first"}'),
	pg_temp.voucher(:b, 34, 'B18');
CREATE TEMP TABLE wanted AS SELECT '1 B1 word LE012, 3 B2 word LE011, 5 B3 word LE012, 7 B4 corrects LE012, 9 B5 corrects LE111, 11 B6 corrects LE111, 13 B7 day LE011, 15 B8 dimensions LE012, 17 B9 dimensions LE012, '
	'19 B10 dimensions LE010, 21 B11 dimensions LE011, 23 B12 rate LE011, 25 B13 late LE011, 27 B14 party LE012, 29 B15 day LE030, 31 B16 settles LE010, 33 B17 corrects LE011' AS problems;
\o
SELECT is(pg_temp.run(:b), 'refused', 'an import of bad words');
SELECT is(pg_temp.problems(:b), problems, 'names each of them') FROM wanted;
SELECT is((SELECT string_agg(reason, '; ' ORDER BY row_no) FROM erp.import_problem WHERE job_id = :b AND column_name = 'word'), 'unknown voucher word; the voucher word is not active; unknown voucher word', 'says why');
SELECT matches((SELECT reason FROM erp.import_problem WHERE job_id = :b AND row_no = 19), '^line 1, column 1 of the cell: ', 'and where a cell is no JSON');
SELECT is(pg_temp.run(:b, n), 'refused', 'in steps of ' || n) FROM unnest('{1,3}'::integer[]) n;
SELECT is(pg_temp.problems(:b), problems, 'it names the same, each once') FROM wanted;
SELECT is((SELECT count(*) FROM erp.document JOIN erp.company c USING (company_id) WHERE c.code = 'IMPV' AND key ~ '^B[0-9]'), 0::bigint, 'and nothing is posted');
\o /dev/null
UPDATE erp.staged_line SET document_key = 'S' || substr(document_key, 2) WHERE job_id = :b;
SELECT pg_temp.job('skip', true) AS s \gset
UPDATE erp.staged_line SET job_id = :s WHERE job_id = :b;
\o
SELECT is(pg_temp.run(:s, 5), 'done', 'skipping what is bad');
SELECT is(pg_temp.problems(:s), replace(problems, ' B', ' S'), 'it names the same') FROM wanted;
SELECT is((SELECT string_agg(key, ' ') FROM erp.document JOIN erp.company c USING (company_id) WHERE c.code = 'IMPV' AND key ~ '^S[0-9]'), 'S18', 'and posts the good one');

-- What only the posting finds: open items that are not, a voucher that was reversed meanwhile.
\o /dev/null
SELECT pg_temp.job('later', true) AS l \gset
SELECT pg_temp.row(:l, 1, 'L1', NULL, '9', '{"kind": "customer_payment", "side": null, "party": "C1", "settles": "[{\"key\": \"nothing\"}]"}'),
	pg_temp.row(:l, 2, 'L2', NULL, '9', '{"kind": "customer_payment", "side": null, "party": "C2", "settles": "[{\"key\": \"invoice\"}]"}'),
	pg_temp.row(:l, 3, 'L3', NULL, '9', '{"kind": "customer_payment", "side": null, "party": "C1", "settles": "[{\"key\": \"invoice\", \"amount\": 99}]"}'),
	pg_temp.voucher(:l, 4, 'L4', '{"corrects": "V3"}'),
	pg_temp.row(:l, 6, 'L6', NULL, '20', '{"kind": "customer_payment", "side": null, "party": "C1", "settles": "[{\"key\": \"invoice\"}]"}');
\o
SELECT is(pg_temp.run(:l, 100, 'posting'), 'posting', 'what is good when it is validated');
SELECT isnt(erp.reverse_document('IMPV', '{"key": "undo V3", "reverses": "V3", "day": "2009-01-21"}'), NULL, 'a voucher is reversed meanwhile');
SELECT is(pg_temp.run(:l), 'done', 'is posted, but for what is bad then');
SELECT is(pg_temp.problems(:l), '1 L1 LE012, 2 L2 LE090, 3 L3 LE092, 4 L4 corrects LE111', 'which is named');
SELECT is((SELECT sum(amount) FROM erp.settlement_list WHERE company = 'IMPV' AND debit_document_key = 'invoice'), 50.00, '30 and 20: the invoice is settled');

-- A company that requires reviews: nothing that can be drafted is imported, whenever that is asked for.
\o /dev/null
SELECT pg_temp.job('between') AS t \gset
SELECT pg_temp.voucher(:t, 1, 'T1');
SELECT pg_temp.job('between, skipping', true) AS u \gset
SELECT pg_temp.voucher(:u, 1, 'U1'), pg_temp.row(:u, 3, 'U2', NULL, '1', '{"kind": "sales_invoice", "side": null, "party": "C1", "item": "HOUR", "quantity": "1"}');
\o
SELECT is(pg_temp.run(:t, 100, 'posting') || ' ' || pg_temp.run(:u, 100, 'posting'), 'posting posting', 'two imports are validated');
SELECT is(erp.put_company('IMPV', 'review', '{"review_required": true}') ->> 'updated', '1', 'then reviews are asked for');
SELECT is(pg_temp.run(:t), 'LE100', 'the one is not posted');
SELECT is(pg_temp.run(:u), 'done', 'the other skips');
SELECT is(pg_temp.problems(:u), '1 U1 kind LE100', 'and names what has to be reviewed');
SELECT is((SELECT string_agg(key, ' ') FROM erp.document JOIN erp.company c USING (company_id) WHERE c.code = 'IMPV' AND key ~ '^[TU][0-9]'), 'U2', 'an invoice has no drafts');
\o /dev/null
SELECT pg_temp.job('all kinds') AS k \gset
SELECT pg_temp.voucher(:k, 1, 'K1', '{"word": "B"}'), pg_temp.row(:k, 3, 'K2', NULL, '1', '{"kind": "customer_payment", "side": null, "party": "C1"}'), pg_temp.row(:k, 4, 'K3', NULL, '1', '{"kind": "bad_debt", "side": null, "party": "C1"}'),
	pg_temp.row(:k, 5, 'K4', NULL, '1', '{"kind": "offset", "side": null, "party": "C1", "line_party": "C2", "line_role": "receivable_to_receivable"}');
SELECT pg_temp.job('again') AS a \gset
SELECT pg_temp.row(:a, 4, 'V2', '1010', '7', '{"corrects": "first", "header_description": "seven more"}'), pg_temp.row(:a, 5, 'V2', '3000', '-7');
\o
SELECT is(pg_temp.run(:k), 'refused', 'an import into it is refused');
SELECT is(pg_temp.problems(:k), '1 K1 kind LE100, 3 K2 kind LE100, 4 K3 kind LE100, 5 K4 kind LE100', 'for each of its kinds');
SELECT is((SELECT min(reason) FROM erp.import_problem WHERE job_id = :k AND row_no = 1), 'the company posts a manual_voucher from a reviewed draft only', 'and says why');
SELECT is(pg_temp.run(:a), 'done', 'what was posted before is counted');
SELECT is((SELECT done_documents FROM erp.job WHERE job_id = :a), 1::bigint, 'as before');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
