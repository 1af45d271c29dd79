\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
-- Balance terms, the form in which statements, transfers and allocations say which balance they mean; and formulas over them.
-- What a fold takes has committed: nothing here is rolled back.
\o /dev/null
CREATE SCHEMA trial;
SELECT erp.create_company('TERMS', 'c', '{"name": "衡量有限公司", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_fiscal_year('TERMS', 'y', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_parties('TERMS', 'p', '[{"code": "C1", "name": "甲", "roles": ["customer"]}, {"code": "C2", "name": "乙", "roles": ["customer"]},
	{"code": "S1", "name": "丙", "roles": ["supplier"]}, {"code": "S2", "name": "丁", "roles": ["supplier"]}, {"code": "S3", "name": "戊", "roles": ["supplier"]},
	{"code": "S4", "name": "己", "roles": ["supplier"]}]');
SELECT erp.put_dimensions('TERMS', 'd', '[{"code": "DEPT", "name": "部门", "values": [{"code": "N", "name": "北"}, {"code": "S", "name": "南"}]},
	{"code": "PROJ", "name": "项目", "values": [{"code": "P", "name": "一"}]}]');
CREATE FUNCTION trial.book(p_key text, p_day date, p_debit text, p_credit text, p_amount numeric, p_party text DEFAULT NULL, p_dimensions jsonb DEFAULT '{}', p_due date DEFAULT NULL)
RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.post_document('TERMS', json_strip_nulls(json_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'due_day', p_due, 'lines', json_build_array(
		json_build_object('account', p_debit, 'side', 'debit', 'amount', p_amount, 'party', CASE WHEN p_debit ~ '^(1122|1123|22)' THEN p_party END, 'dimensions', p_dimensions),
		json_build_object('account', p_credit, 'side', 'credit', 'amount', p_amount, 'party', CASE WHEN p_credit ~ '^(1122|1123|22)' THEN p_party END, 'dimensions', p_dimensions))))) IS NOT NULL
$$;
SELECT trial.book('v1', '2026-01-02', '1002', '3001', 500000);
SELECT trial.book('v2', '2026-01-05', '1001', '1002', 3000);
SELECT trial.book('v3', '2026-01-10', '1122', '5001', 20000, 'C1', '{"DEPT": "N"}');
SELECT trial.book('v4', '2026-01-12', '1002', '1122', 5000, 'C2');
SELECT trial.book('v5', '2026-01-15', '1123', '1002', 8000, 'S1', '{}', '2026-03-01');
SELECT trial.book('v6', '2026-01-16', '1123', '1002', 12000, 'S2', '{}', '2027-06-30');
SELECT trial.book('v7', '2026-02-03', '1403', '2202.01', 7000, 'S3', '{"DEPT": "S"}');
SELECT trial.book('v8', '2026-02-05', '2202.01', '1002', 1000, 'S4');
SELECT trial.book('v9', '2026-02-10', '5602', '1002', 4000, NULL, '{"DEPT": "N", "PROJ": "P"}');
SELECT trial.book('v10', '2026-02-11', '5602', '1002', 1500, NULL, '{"DEPT": "S"}');
SELECT trial.book('v11', '2026-02-12', '5602', '1002', 500);
-- Of the long advance, 2,000 are settled in February and 4,000 in March.
SELECT trial.book('v12', '2026-02-20', '1403', '1123', 2000, 'S2');
SELECT trial.book('v15', '2026-02-21', '1123', '1002', 5000, 'S2');
SELECT erp.settle('TERMS', 's1', '{"day": "2026-02-20", "items": [{"key": "v6"}, {"key": "v12"}]}');
SELECT erp.seal_documents('TERMS');
SELECT position AS known FROM erp.seal_head('TERMS') \gset
SELECT trial.book('v13', '2026-03-02', '1403', '1123', 4000, 'S2');
SELECT erp.settle('TERMS', 's2', '{"day": "2026-03-02", "items": [{"key": "v6"}, {"key": "v13"}]}');
-- Comes late: after the position, on a day before.
SELECT trial.book('v14', '2026-02-25', '5602', '1002', 100, NULL, '{"PROJ": "P"}');
CREATE TABLE trial.wanted (n integer GENERATED ALWAYS AS IDENTITY, term jsonb, amount numeric, known_amount numeric);
-- February. Bank: 500000 - 3000 + 5000 - 8000 - 12000 = 482000 before, 1000 + 4000 + 1500 + 500 + 5000 = 12000 out, late 100 more.
INSERT INTO trial.wanted (term, amount, known_amount) VALUES
	('{"accounts": ["1002"], "measure": "opening"}', 482000, NULL),
	('{"accounts": ["1002"]}', 469900, 470000),
	('{"accounts": ["1002"], "side": "credit"}', -469900, -470000),
	('{"accounts": ["1002"], "measure": "debit"}', 0, NULL),
	('{"accounts": ["1002"], "measure": "credit", "side": "debit"}', 12100, 12000),
	('{"accounts": ["1002"], "measure": "net"}', -12100, -12000),
	('{"accounts": ["1002"], "measure": "debit", "span": "year"}', 505000, NULL),
	('{"accounts": ["1002"], "measure": "debit", "span": "to_date"}', 505000, NULL),
	('{"accounts": ["1002"], "measure": "opening", "span": "year"}', 0, NULL),
	('{"accounts": ["1001", "1002", "1012"]}', 472900, 473000),
	('{"accounts": ["1001..1012"]}', 472900, 473000),
	('{"accounts": ["10*", "1002"]}', 472900, 473000),
	('{"accounts": ["9999"]}', 0, NULL),
	-- Customers: C1 owes 20000, C2 has paid 5000 ahead.
	('{"accounts": ["1122"]}', 15000, NULL),
	('{"accounts": ["1122", "2203"], "parties": "debit"}', 20000, NULL),
	('{"accounts": ["1122", "2203"], "parties": "credit", "side": "credit"}', 5000, NULL),
	-- Suppliers, of the heading as of its account: S3 gets 7000, S4 was paid 1000 too much.
	('{"accounts": ["2202"], "parties": "credit", "side": "credit"}', 7000, NULL),
	('{"accounts": ["2202.01"], "parties": "debit"}', 1000, NULL),
	-- Advances: S1 8000 due in March, S2 5000 at once and 12000 - 2000 after 28 February 2027.
	('{"accounts": ["1123"], "parties": "debit"}', 23000, NULL),
	('{"accounts": ["1123"], "parties": "debit", "due": "within_year"}', 13000, NULL),
	('{"accounts": ["1123"], "parties": "debit", "due": "over_year"}', 10000, NULL),
	('{"accounts": ["1123"], "due": "over_year", "measure": "opening"}', 12000, NULL),
	('{"accounts": ["1123"], "parties": "credit", "due": "over_year"}', 0, NULL),
	-- What no party has counts as one.
	('{"accounts": ["1002", "3001"], "parties": "debit"}', 469900, 470000),
	('{"accounts": ["1002", "3001"], "parties": "credit", "side": "credit"}', 500000, NULL),
	('{"accounts": ["1403..1411"]}', 9000, NULL),
	('{"accounts": ["56*"], "measure": "net"}', 6100, 6000),
	('{"accounts": ["56*"], "measure": "net", "dimensions": {"DEPT": "N"}}', 4000, NULL),
	('{"accounts": ["56*"], "measure": "net", "dimensions": {"DEPT": "S"}}', 1500, NULL),
	('{"accounts": ["56*"], "measure": "net", "dimensions": {"PROJ": "P"}}', 4100, 4000),
	('{"accounts": ["56*"], "measure": "net", "dimensions": {"PROJ": "P", "DEPT": "N"}}', 4000, NULL),
	('{"accounts": ["1122"], "parties": "debit", "dimensions": {"DEPT": "N"}}', 20000, NULL),
	('{"accounts": ["1122"], "parties": "debit", "dimensions": {"DEPT": "S"}}', 0, NULL),
	('{"accounts": ["1122"], "parties": "credit", "side": "credit", "dimensions": {"DEPT": "N"}}', 0, NULL),
	('{"accounts": ["5001"], "measure": "net", "side": "credit"}', 0, NULL),
	('{"accounts": ["5001"], "measure": "net", "side": "credit", "span": "year"}', 20000, NULL);
CREATE FUNCTION trial.differ(p_known bigint DEFAULT NULL) RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT concat_ws(' ', w.term, 'is', c.amount, 'not', CASE WHEN p_known IS NULL THEN w.amount ELSE COALESCE(w.known_amount, w.amount) END)
	FROM trial.wanted w
	LEFT JOIN erp_private.cell_amounts((SELECT company_id FROM erp.company WHERE code = 'TERMS'), '[{"first_day": "2026-02-01", "last_day": "2026-02-28"}]',
		(SELECT jsonb_agg(t.term ORDER BY t.n) FROM trial.wanted t), p_known) c ON c.term_no = w.n
	WHERE c.amount IS DISTINCT FROM CASE WHEN p_known IS NULL THEN w.amount ELSE COALESCE(w.known_amount, w.amount) END
$$;
CREATE FUNCTION trial.slices() RETURNS TABLE (column_no integer, amount numeric) LANGUAGE sql STABLE AS $$
	SELECT c.column_no, c.amount
	FROM (SELECT co.company_id, (SELECT d.dimension_id FROM erp.dimension d WHERE d.company_id = co.company_id AND d.code = 'DEPT') AS dept,
		erp_private.dimension_values(co.company_id, '{"PROJ": "P"}') AS p, erp_private.dimension_values(co.company_id, '{"PROJ": "P", "DEPT": "N"}') AS pn
		FROM erp.company co WHERE co.code = 'TERMS') k
	CROSS JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('first_day', '2026-02-01', 'last_day', '2026-02-28', 'without', s.without, 'values', s.value_ids) ORDER BY s.n) AS columns
		FROM (VALUES (1, 0, '{}'::integer[]), (2, k.dept, '{}'), (3, k.dept, k.p), (4, 0, k.pn), (5, k.dept, k.pn)) AS s (n, without, value_ids)) a
	CROSS JOIN LATERAL erp_private.cell_amounts(k.company_id, a.columns, '[{"accounts": ["56*"], "measure": "net"}]', NULL) c
	ORDER BY c.column_no
$$;
CREATE FUNCTION trial.by_party_without() RETURNS numeric LANGUAGE sql STABLE AS $$
	SELECT c.amount FROM erp.company co JOIN erp.dimension d ON d.company_id = co.company_id AND d.code = 'DEPT'
	CROSS JOIN LATERAL erp_private.cell_amounts(co.company_id, jsonb_build_array(jsonb_build_object('first_day', '2026-02-01', 'last_day', '2026-02-28', 'without', d.dimension_id)),
		'[{"accounts": ["1122"], "parties": "debit"}]', NULL) c
	WHERE co.code = 'TERMS'
$$;
\o
SELECT plan(30);
SELECT is_empty('SELECT trial.differ()', 'terms by hand, nothing folded');
SELECT is_empty('SELECT trial.differ(' || :known || ')', 'terms as known at a position of the seal');
-- All; of no department; of no department in the project; of both; of a department and of none.
PREPARE slices AS SELECT * FROM trial.slices();
PREPARE slices_by_hand AS VALUES (1, 6100.0), (2, 600), (3, 100), (4, 4000), (5, 0);
SELECT results_eq('slices', 'slices_by_hand', 'slices of the books, nothing folded');
SELECT is(trial.by_party_without(), 0.0, 'parties of no department, nothing folded');
SELECT is(erp.fold_balances('TERMS') > 0, true, 'all is folded');
SELECT is_empty('SELECT trial.differ()', 'terms by hand, all folded');
SELECT is_empty('SELECT trial.differ(' || :known || ')', 'terms as known at a position of the seal, all folded');
SELECT results_eq('slices', 'slices_by_hand', 'slices of the books, all folded');
SELECT is(trial.by_party_without(), 0.0, 'parties of no department, all folded');
SELECT is((SELECT amount FROM erp_private.term_amounts((SELECT company_id FROM erp.company WHERE code = 'TERMS'), '2026-03-01', '2026-03-31', '[{"accounts": ["1123"], "due": "over_year"}]')), 6000.0,
	'what is settled later is open until then');
SELECT is((SELECT amount FROM erp_private.term_amounts((SELECT company_id FROM erp.company WHERE code = 'TERMS'), '2026-06-01', '2026-06-30', '[{"accounts": ["1123"], "due": "over_year"}]')), 0.0,
	'due a year later to the day is within the year');
SELECT is((SELECT string_agg(term_no || ' ' || amount, ', ' ORDER BY term_no) FROM erp_private.term_amounts((SELECT company_id FROM erp.company WHERE code = 'TERMS'), '2026-01-01', '2026-01-31',
	'[{"accounts": ["1001"]}, {"accounts": ["1001"], "side": "credit"}]')), '1 3000.0000, 2 -3000.0000', 'a row a term');
\o /dev/null
SELECT erp.put_items('TERMS', 'i', '[{"code": "MUG", "name": "杯", "kind": "stock", "method": "fifo"}]');
SELECT erp.post_document('TERMS', '{"key": "r1", "kind": "goods_receipt", "day": "2026-05-05", "party": "S1", "lines": [{"item": "MUG", "quantity": 10, "price": "3.50"}]}');
SELECT erp.post_document('TERMS', '{"key": "i1", "kind": "sales_invoice", "day": "2026-06-06", "party": "C1", "lines": [{"item": "MUG", "quantity": 4, "price": "8.50"}]}');
SELECT erp.fold_balances('TERMS');
\o
SELECT is((SELECT string_agg(term_no || ' ' || trim_scale(amount), ', ' ORDER BY term_no) FROM erp_private.term_amounts((SELECT company_id FROM erp.company WHERE code = 'TERMS'), '2026-06-01', '2026-06-30',
	'[{"accounts": ["1405"], "quantity": true, "measure": "opening"}, {"accounts": ["1405"], "quantity": true, "measure": "credit"}, {"accounts": ["1405"], "quantity": true}, {"accounts": ["1405"]}]')),
	'1 10, 2 4, 3 6, 4 21', 'quantities beside amounts');
-- What is no term.
CREATE FUNCTION pg_temp.refusal(p_terms jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	d text;
BEGIN
	PERFORM erp_private.check_terms((SELECT company_id FROM erp.company WHERE code = 'TERMS'), p_terms, '$.terms');
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || SQLERRM || ' / ' || d;
END $$;
SELECT is((SELECT string_agg(DISTINCT pg_temp.refusal(jsonb_build_array(term)), '') FROM trial.wanted), NULL, 'these are terms');
SELECT is(pg_temp.refusal('[{"accounts": ["1001"]}, {"accounts": "1001"}]'), 'LE011 field "accounts" must be an array / At $.terms[1].accounts, value "1001".', 'accounts are a list');
SELECT is(pg_temp.refusal('[{"accounts": [1001]}]'), 'LE011 accounts are named by a code, a range or a beginning / At $.terms[0].accounts, value "1001".', 'by codes, which are texts');
SELECT is(pg_temp.refusal('[{"accounts": []}]'), 'LE011 accounts are named by a code, a range or a beginning / At $.terms[0].accounts.', 'of at least one');
SELECT is(pg_temp.refusal('[{"accounts": ["1122"], "measure": "net", "parties": "debit"}]'),
	'LE011 only an amount that is an opening or a closing balance is taken apart by parties or by due days / At $.terms[0].parties.', 'a balance is taken apart by party');
SELECT is(pg_temp.refusal('[{"accounts": ["1122"], "measure": "sum"}]'), 'LE011 field "measure" has a value that is not known / At $.terms[0].measure, value "sum".', 'a measure');
SELECT is(pg_temp.refusal('[{"accounts": ["1122"], "dimensions": {"DEPT": "W"}}]'), 'LE012 dimension "DEPT" has no such value / At dimensions, value "W".', 'a dimension');
-- Formulas.
SELECT is(erp_private.run_formula('L1 + L2 - 2 * L3', '{"L1": 10.5, "L2": "4.5", "L3": 2.25}'), 10.5, 'a formula');
SELECT is(erp_private.run_formula('round(max(sold, 0) * 0.07) + round(sold / 3, 0)', '{"sold": 100.5}'), 41.04, 'round() rounds to the decimals of the currency, or to those that it names: 7.035 is 7.04, 33.5 is 34');
SELECT is(erp_private.run_formula('round(a / 3)', '{"a": 100}', 0), 33.0, 'a currency without decimals');
SELECT is(erp_private.run_formula('a / 3', '{"a": 1}'), 0.3333333333, 'to ten decimals');
SELECT is(erp_private.run_formula('1 / 3 * 3', '{}'), 1.0, 'exact in between, of no names');
SELECT throws_ok($$SELECT erp_private.run_formula('a / b', '{"a": 1, "b": 0}')$$, 'LE121', 'formula "a / b": division by zero', 'division by zero');
SELECT throws_ok($$SELECT erp_private.run_formula('a + amount', '{"a": 1}')$$, 'LE120', 'formula "a + amount": position 5: "amount" is not known', 'names of posting rules are not known here');
SELECT is(erp_private.run_formulas('{a,b}', '{1,0,6,2,NULL,5}', '{a / b,q + b}', '{q,r}', 2, true), '{NULL,0,3,5,0,5}'::numeric[], 'formulas for three columns: one knows the results of those before it, a quotient by zero is null');
SELECT is((SELECT string_agg(COALESCE(erp_private.formula_problem(f, n), 'none'), '; ' ORDER BY k) FROM (VALUES (1, 'a + b', '{a,b}'::text[]), (2, 'a +', '{a}'), (3, '1', '{max}'), (4, '1', '{1a}'), (5, '1', '{or}')) v (k, f, n)),
	'none; position 4: a number, a name or a text is expected; "max" is no name that a formula can have; "1a" is no name that a formula can have; "or" is no name that a formula can have', 'what is wrong with a formula');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
\o /dev/null
DROP SCHEMA trial CASCADE;
