\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What a posting would write, and why it wrote what it did.
SELECT plan(24);
\o /dev/null
SELECT trial.make_company('SHOW');
SELECT trial.receive('SHOW', 'r', '2009-01-05', 'F', 10, 100);
CREATE FUNCTION pg_temp.counts() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', (SELECT count(*) FROM erp.document), (SELECT count(*) FROM erp.document_line), (SELECT count(*) FROM erp.voucher),
		(SELECT count(*) FROM erp.voucher_line), (SELECT count(*) FROM erp.stock_move), (SELECT count(*) FROM erp.cost_entry),
		(SELECT count(*) FROM erp.open_item), (SELECT count(*) FROM erp.assigned_number), (SELECT sum(on_hand) FROM erp_private.stock_position),
		(SELECT sum(value) FROM erp_private.cost_pool))
$$;
SELECT pg_temp.counts() AS before \gset
CREATE FUNCTION pg_temp.voucher(p_shown jsonb, p_document integer) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', l ->> 'account', l ->> 'side', trim_scale((l ->> 'amount')::numeric), l ->> 'currency')
	FROM jsonb_array_elements(p_shown -> p_document -> 'voucher') l
$$;
CREATE TEMP TABLE shown AS SELECT erp.dry_run('SHOW', '{"key": "s", "kind": "sales_invoice", "day": "2009-01-06", "party": "C1",
	"lines": [{"item": "F", "quantity": 2, "price": 20}, {"item": "SV", "quantity": 1, "price": 5}]}') AS answer;
\o
SELECT is(pg_temp.counts(), :'before', 'a dry run leaves nothing behind');
SELECT is(jsonb_array_length(answer), 1, 'it shows the document') FROM shown;
-- 2 of 10 that are worth 100 cost 20; 2 x 20 + 5 = 45.
SELECT bag_eq('SELECT pg_temp.voucher(answer, 0) FROM shown', ARRAY['1100 debit 45 GBP', '4000 credit 40 GBP', '4100 credit 5 GBP', '5000 debit 20 GBP', '1200 credit 20 GBP'], 'its voucher');
SELECT is(answer #>> '{0,moves}', '[{"item": "F", "value": -20.0000, "quantity": -2.000000, "warehouse": "MAIN"}]', 'its moves with their value') FROM shown;
SELECT is((answer #>> '{0,open_items,0,amount}')::numeric, 45.00, 'and the open item') FROM shown;
SELECT is(trial.refused($$SELECT erp.dry_run('SHOW', '{"key": "s", "kind": "sales_invoice", "day": "2009-01-06", "party": "C1", "lines": [{"item": "F", "quantity": 11, "price": 20}]}')$$), 'LE050', 'what the posting refuses, the dry run refuses');
SELECT is(trial.refused($$SELECT erp.dry_run('SHOW', '{"key": "s"')$$), '22P02', 'and what is no JSON');
SELECT is(trial.refused($$SELECT erp.dry_run('NONE', '{"key": "s"}')$$), 'LE012', 'or another company');

-- The posting then writes the same.
\o /dev/null
SELECT erp.post_document('SHOW', '{"key": "s", "kind": "sales_invoice", "day": "2009-01-06", "party": "C1",
	"lines": [{"item": "F", "quantity": 2, "price": 20}, {"item": "SV", "quantity": 1, "price": 5}]}');
\o
SELECT bag_eq($$SELECT concat_ws(' ', account_code, side, trim_scale(amount), 'GBP') FROM erp.explain_posting('SHOW', 's')$$, 'SELECT pg_temp.voucher(answer, 0) FROM shown', 'what a dry run shows is what is posted');
SELECT is(erp.dry_run('SHOW', '{"key": "s", "kind": "sales_invoice", "day": "2009-01-06", "party": "C1",
	"lines": [{"item": "F", "quantity": 2, "price": 20}, {"item": "SV", "quantity": 1, "price": 5}]}'), answer, 'for a key that was posted it shows what stands') FROM shown;

-- Why: the rule, its amount, and the lines that the amount comes from.
SELECT results_eq($$SELECT account_code, amount_role, document_lines::text FROM erp.explain_posting('SHOW', 's') ORDER BY account_code$$,
	$$VALUES ('1100', 'total', NULL), ('1200', 'inventory', '{1}'), ('4000', 'amount', '{1}'), ('4100', 'amount', '{2}'), ('5000', 'cost', '{1}')$$, 'each line of the voucher with its amount and its lines');
SELECT is((SELECT rule_conditions FROM erp.explain_posting('SHOW', 's') WHERE account_code = '4100'), '{"kind": "sales_invoice", "line_role": "service"}', 'and the conditions of its rule');
SELECT is((SELECT count(*) FROM erp.explain_posting('SHOW', 's') x JOIN erp.posting_rule r USING (posting_rule_id) JOIN erp.account a USING (company_id, account_id) WHERE a.code = x.account_code), 5::bigint, 'which names the account');
SELECT is_empty($$SELECT * FROM erp.explain_posting('SHOW', 'none')$$, 'nothing is said of an unknown document');
SELECT is_empty($$SELECT * FROM erp.explain_posting('NONE', 's')$$, 'or company');

-- A receipt before the sale changes its cost: 1 worth 30 comes first, so 2 cost 30 + 10 = 40 where 20 stand.
\o /dev/null
CREATE TEMP TABLE late AS SELECT erp.dry_run('SHOW', '{"key": "early", "kind": "goods_receipt", "day": "2009-01-02", "party": "S1", "lines": [{"item": "F", "quantity": 1, "amount": 30}]}') AS answer;
\o
SELECT is((SELECT string_agg(d ->> 'kind', ', ') FROM late, jsonb_array_elements(answer) d), 'goods_receipt, cost_adjustment', 'a backdated receipt shows what it changes');
SELECT bag_eq('SELECT pg_temp.voucher(answer, 1) FROM late', ARRAY['5000 debit 20 GBP', '1200 credit 20 GBP'], 'to the cent');
SELECT is((SELECT count(*) FROM erp.document WHERE kind = 'cost_adjustment'), 0::bigint, 'and changes nothing');
\o /dev/null
SELECT trial.receive('SHOW', 'early', '2009-01-02', 'F', 1, 30);
SELECT trial.sell('SHOW', 'other', '2009-01-07', 'F', 1, 20);
CREATE TEMP TABLE back AS SELECT erp.dry_run('SHOW', '{"key": "u", "reverses": "other"}') AS answer;
SELECT trial.reverse('SHOW', 'u', 'other', '2009-01-07');
\o
SELECT bag_eq('SELECT pg_temp.voucher(answer, 0) FROM back', $$SELECT concat_ws(' ', account_code, side, trim_scale(amount), 'GBP') FROM erp.explain_posting('SHOW', 'u')$$, 'a reversal too');
SELECT bag_eq('SELECT pg_temp.voucher(answer, 0) FROM back', ARRAY['1100 debit -20 GBP', '4000 credit -20 GBP', '5000 debit -10 GBP', '1200 credit -10 GBP'], 'in red');
SELECT is((SELECT string_agg(DISTINCT explanation, '') FROM erp.explain_posting('SHOW', 'u')), 'the line of the reversed voucher, turned round', 'and is explained as one');
SELECT is((SELECT string_agg(DISTINCT explanation, '') FROM erp.explain_posting('SHOW', (SELECT key FROM erp.document WHERE kind = 'cost_adjustment'))), 'the accounts of the moves whose cost changed', 'as is an adjustment');
SELECT is((SELECT jsonb_array_length(erp.dry_run('SHOW', '[{"key": "m1", "kind": "manual_voucher", "day": "2009-01-08", "lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]},
	{"key": "m2", "kind": "stock_loss", "day": "2009-01-08", "lines": [{"item": "F", "quantity": 1}]}]'))), 2, 'many documents at once');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
