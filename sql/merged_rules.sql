\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Amounts of different posting rules in one voucher line, and the share of each rule. Worked out by hand.
SELECT plan(36);
\o /dev/null
SELECT trial.make_company('MERGE');
SELECT erp.put_dimensions('MERGE', 'dimensions', '[{"code": "DEPT", "name": "Department", "values": [{"code": "SHOP", "name": "Shop"}]}]');
SELECT trial.receive('MERGE', 'r', '2009-01-02', 'F', 100, 1000);
SELECT trial.receive('MERGE', 'r2', '2009-01-02', 'F', 100, 1000, '{"warehouse": "NORTH"}');
CREATE SEQUENCE pg_temp.key;
CREATE FUNCTION pg_temp.rules(p_rules jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.put_posting_rules('MERGE', 'rules ' || nextval('pg_temp.key'),
		(SELECT jsonb_agg('{"kind": "sales_invoice", "side": "credit", "account": "4000", "amount_role": "amount"}' || r)::text::json FROM jsonb_array_elements(p_rules) r))
$$;
-- An invoice of goods and a service.
CREATE FUNCTION pg_temp.sell(p_key text, p_goods numeric, p_service numeric, p_extra jsonb DEFAULT '{}', p_line jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document('MERGE', (jsonb_build_object('key', p_key, 'kind', 'sales_invoice', 'day', '2009-01-10', 'party', 'C1', 'lines', (
		SELECT jsonb_agg(l) FROM (
			SELECT jsonb_build_object('item', 'F', 'quantity', 1, 'price', p_goods) AS l WHERE p_goods IS NOT NULL
			UNION ALL SELECT jsonb_build_object('item', 'SV', 'quantity', 1, 'price', p_service) || p_line WHERE p_service IS NOT NULL) x)) || p_extra)::text::json)
$$;
-- Lines of revenue: account, side, amount, in the company's currency where that is another; those of cost.
CREATE FUNCTION pg_temp.revenue(p_key text, p_accounts text DEFAULT '^4') RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', account_code, side, trim_scale(amount), CASE WHEN amount <> company_amount THEN trim_scale(company_amount) END)
	FROM erp.explain_posting('MERGE', p_key) WHERE account_code ~ p_accounts ORDER BY line_no
$$;
-- The shares of each line that has some: line role of the rule, amount, in the company's currency, lines of the document.
CREATE FUNCTION pg_temp.shares(p_key text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', s #>> '{rule_conditions,line_role}', s #>> '{rule_conditions,warehouse}', s #>> '{rule_conditions,expression}', trim_scale((s ->> 'amount')::numeric),
		trim_scale((s ->> 'company_amount')::numeric), s ->> 'document_lines'), ', ' ORDER BY n)
	FROM erp.explain_posting('MERGE', p_key) x, jsonb_array_elements(x.shares) WITH ORDINALITY AS e (s, n) GROUP BY x.line_no
$$;
\o
-- Without it, rules stay apart though they name one account.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "sale"}, {"line_role": "service"}]');
SELECT pg_temp.sell('apart', 40, 15);
SELECT pg_temp.rules('[{"line_role": "sale", "merge_rules": true}]');
SELECT pg_temp.sell('one says so', 40, 15);
SELECT pg_temp.rules('[{"line_role": "service", "merge_rules": true}]');
SELECT pg_temp.sell('both', 40, 15);
SELECT pg_temp.sell('goods', 40, NULL);
\o
SELECT bag_eq($$SELECT pg_temp.revenue('apart')$$, ARRAY['4000 credit 40', '4000 credit 15'], 'two rules give two lines');
SELECT bag_eq($$SELECT pg_temp.revenue('one says so')$$, ARRAY['4000 credit 40', '4000 credit 15'], 'two also if only one of them merges');
SELECT is_empty($$SELECT * FROM erp.posting_evaluation e JOIN erp.voucher v USING (company_id, voucher_id) JOIN erp.document d USING (company_id, document_id) WHERE d.key IN ('apart', 'one says so', 'goods')$$, 'and nothing is kept of it');
SELECT bag_eq($$SELECT pg_temp.revenue('goods')$$, ARRAY['4000 credit 40'], 'a rule alone gives its line');
SELECT is_empty($$SELECT pg_temp.shares('goods')$$, 'of which it has all');
-- 40 + 15.
SELECT bag_eq($$SELECT pg_temp.revenue('both')$$, ARRAY['4000 credit 55'], 'two rules that merge give one');
SELECT bag_eq($$SELECT pg_temp.shares('both')$$, ARRAY['sale 40 40 [1], service 15 15 [2]'], 'with the share of each and the lines that it comes from');
SELECT is((SELECT document_lines FROM erp.explain_posting('MERGE', 'both') WHERE account_code = '4000'), '{1,2}', 'the line leads back to both');
SELECT bag_eq($$SELECT l.line_no || ' ' || a.code FROM erp.document d JOIN erp.document_line l USING (company_id, document_id) JOIN erp.voucher v USING (company_id, document_id)
	JOIN erp.voucher_line w ON w.company_id = v.company_id AND w.voucher_id = v.voucher_id AND w.line_no = l.voucher_line_no JOIN erp.account a ON a.account_id = w.account_id WHERE d.key = 'both'$$,
	ARRAY['1 4000', '2 4000'], 'and both lead to it');
SELECT is((SELECT explanation FROM erp.explain_posting('MERGE', 'both') WHERE account_code = '4000'), 'several rules for the amount of a sales_invoice', 'the explanation says that they are several');
SELECT is((SELECT evaluations FROM erp.explain_posting('MERGE', 'both') WHERE account_code = '4000'), NULL, 'none of which asked anything');
SELECT is((SELECT (posting_rule_id, amount_role) = (shares #>> '{0,posting_rule_id}', 'amount') FROM (SELECT posting_rule_id::text, amount_role, shares FROM erp.explain_posting('MERGE', 'both') WHERE account_code = '4000') x), true, 'the line names the first');
SELECT bag_eq($$SELECT concat_ws(' ', l ->> 'account', trim_scale((l ->> 'amount')::numeric)) FROM jsonb_array_elements(erp.dry_run('MERGE',
	'{"key": "dry", "kind": "sales_invoice", "day": "2009-01-10", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 3}, {"item": "SV", "quantity": 1, "price": 4}]}') -> 0 -> 'voucher') v (l) WHERE l ->> 'account' = '4000'$$,
	ARRAY['4000 7'], 'a dry run shows it');
-- 66.67 dollars are 53.336 pounds, so 53.34; 33.33 are 26.664, and 33.34 are 26.672: the cent goes where more was cut off.
\o /dev/null
SELECT pg_temp.sell('dollars', 33.33, 33.34, '{"currency": "USD", "rate": "0.8"}');
SELECT trial.reverse('MERGE', 'both back', 'both', '2009-01-11');
\o
SELECT bag_eq($$SELECT pg_temp.revenue('dollars')$$, ARRAY['4000 credit 66.67 53.34'], 'in both currencies');
SELECT bag_eq($$SELECT pg_temp.shares('dollars')$$, ARRAY['sale 33.33 26.67 [1], service 33.34 26.67 [2]'], 'shares add up in both');
SELECT bag_eq($$SELECT pg_temp.revenue('both back')$$, ARRAY['4000 credit -55'], 'a reversal turns the line round');
SELECT is_empty($$SELECT pg_temp.shares('both back')$$, 'as a whole');

-- What is not alike stays apart: the dimensions, the side, the summary, the account.
\o /dev/null
SELECT pg_temp.sell('dimension', 40, 15, '{}', '{"dimensions": {"DEPT": "SHOP"}}');
SELECT pg_temp.rules('[{"line_role": "service", "merge_rules": true, "side": "debit"}]');
SELECT pg_temp.sell('side', 40, 15);
SELECT pg_temp.rules('[{"line_role": "service", "merge_rules": true, "summary": "work"}]');
SELECT pg_temp.sell('summary', 40, 15);
SELECT pg_temp.rules('[{"line_role": "service", "merge_rules": true, "account": "4100"}]');
SELECT pg_temp.sell('account', 40, 15);
-- The cost of goods and a service that is taken off it: the stock proves the first, not the second.
SELECT pg_temp.rules('[{"line_role": "sale", "amount_role": "cost", "side": "debit", "account": "5000", "merge_rules": true},
	{"line_role": "service", "merge_rules": true, "side": "debit", "account": "5000"}]');
SELECT pg_temp.sell('cost', 40, 15);
\o
SELECT bag_eq($$SELECT pg_temp.revenue('dimension')$$, ARRAY['4000 credit 40', '4000 credit 15'], 'other dimensions');
SELECT bag_eq($$SELECT pg_temp.revenue('side')$$, ARRAY['4000 credit 40', '4000 debit -15'], 'another side');
SELECT bag_eq($$SELECT pg_temp.revenue('summary')$$, ARRAY['4000 credit 40', '4000 credit 15'], 'another summary');
SELECT bag_eq($$SELECT pg_temp.revenue('account')$$, ARRAY['4000 credit 40', '4100 credit 15'], 'another account');
SELECT bag_eq($$SELECT pg_temp.revenue('cost', '^5')$$, ARRAY['5000 debit 10', '5000 debit -15'], 'another kind of amount');

-- Costs of two warehouses by a rule each: 1 of 100 that cost 1000, twice.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "service", "merge_rules": true},
	{"line_role": "sale", "amount_role": "cost", "side": "debit", "account": "5000", "warehouse": "NORTH", "merge_rules": true}]');
SELECT erp.post_document('MERGE', '{"key": "two warehouses", "kind": "sales_invoice", "day": "2009-01-12", "party": "C1", "lines": [
	{"item": "F", "quantity": 1, "price": 30}, {"item": "F", "quantity": 2, "price": 30, "warehouse": "NORTH"}]}');
\o
SELECT bag_eq($$SELECT pg_temp.revenue('two warehouses', '^5')$$, ARRAY['5000 debit 30'], 'costs of two rules');
SELECT bag_eq($$SELECT pg_temp.shares('two warehouses')$$, ARRAY['sale 10 10 [1], sale NORTH 20 20 [2]'], 'with the share of each');

-- Conditions and expressions: a quarter of a service, 10, goes where the goods go, 40 of them; the rest to 4100.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "service", "merge_rules": true, "expression": "amount / 4"}, {"line_role": "service", "account": "4100", "entry": 2, "expression": "rest"}]');
SELECT pg_temp.sell('quarter', 40, 10);
SELECT pg_temp.rules('[{"line_role": "service", "merge_rules": true, "expression": "amount / 5"}]');
\o
SELECT bag_eq($$SELECT pg_temp.revenue('quarter')$$, ARRAY['4000 credit 42.5', '4100 credit 7.5'], 'a part of an amount comes to another');
SELECT bag_eq($$SELECT pg_temp.shares('quarter')$$, ARRAY['sale 40 40 [1], service amount / 5 2.5 2.5 [2]'], 'with its share; the rule is shown as it is now');
SELECT is((SELECT evaluations FROM erp.explain_posting('MERGE', 'quarter') WHERE account_code = '4000'),
	'[{"document_line": 2, "expression": "amount / 4", "values": {"amount": 10}, "amount": 2.5000}]', 'and what was asked, as it was then');
SELECT is((SELECT explanation FROM erp.explain_posting('MERGE', 'quarter') WHERE account_code = '4000'), 'several rules for the amount of a sales_invoice, as it was then', 'the explanation says so');

-- Entries of a total on one receivable are one open item.
\o /dev/null
SELECT pg_temp.rules('[{"line_role": "service"}, {"line_role": "service", "entry": 2, "active": false},
	{"line_role": "document", "amount_role": "total", "side": "debit", "account": "1100", "merge_rules": true, "expression": "total * 0.9"},
	{"line_role": "document", "amount_role": "total", "side": "debit", "account": "1100", "entry": 2, "merge_rules": true, "expression": "rest"}]');
SELECT pg_temp.sell('open', NULL, 55);
SELECT erp.post_document('MERGE', '{"key": "paid", "kind": "customer_payment", "day": "2009-01-20", "party": "C1", "lines": [{"role": "bank", "amount": "55"}], "settles": [{"key": "open"}]}');
\o
SELECT bag_eq($$SELECT pg_temp.revenue('open', '^1')$$, ARRAY['1100 debit 55'], 'entries that merge');
SELECT bag_eq($$SELECT pg_temp.shares('open')$$, ARRAY['document total * 0.9 49.5 49.5, document rest 5.5 5.5'], 'with their shares');
SELECT is((SELECT string_agg(trim_scale(o.amount)::text, ' ') FROM erp.open_item o JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'open'), '55', 'are one open item');
SELECT is_empty($$SELECT * FROM erp.open_items('MERGE', '2009-01-20') WHERE document_key = 'open'$$, 'which is paid as a whole');

-- Refused.
SELECT is(trial.refused($$SELECT pg_temp.rules('[{"line_role": "sale", "merge": false, "merge_rules": true}]')$$), 'LE011', 'a rule whose amounts stay apart does not merge with others');
SELECT is(trial.refused($$SELECT pg_temp.rules('[{"kind": "settlement", "line_role": "discount", "account": "6000", "merge_rules": true}]')$$), 'LE011', 'nor one of what the engine posts by itself');

-- What was kept of the shares is what the lines say.
SELECT is_empty($$SELECT voucher_id, line_no FROM erp.voucher_line l JOIN erp.posting_evaluation e USING (company_id, voucher_id, line_no)
	GROUP BY voucher_id, line_no, l.side, l.amount, l.company_amount
	HAVING (sum(e.amount), sum(e.company_amount)) <> (CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END, CASE l.side WHEN 'debit' THEN l.company_amount ELSE -l.company_amount END)$$,
	'shares add up to every line that has some');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
