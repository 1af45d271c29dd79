\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What the close of a month finds, each once by hand, and that it is not found any more when it is cured.
SELECT plan(27);
\o /dev/null
SELECT erp.create_company('CF', 'c', '{"name": "Findings", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year('CF', 'y', '{"code": "2009", "first_day": "2009-01-01"}');
SELECT erp.put_parties('CF', 'p', '[{"code": "C1", "name": "Customer", "roles": ["customer"]}, {"code": "S1", "name": "Supplier", "roles": ["supplier"]}]');
SELECT erp.put_items('CF', 'i', '[{"code": "F", "name": "First in, first out", "kind": "stock", "method": "fifo"}, {"code": "M", "name": "By the month", "kind": "stock", "method": "monthly_average"}]');
CREATE FUNCTION pg_temp.enter(p_key text, p_day date, p_lines text, p_more jsonb DEFAULT '{}') RETURNS boolean LANGUAGE sql AS $$
	SELECT erp.post_document('CF', (jsonb_build_object('key', p_key, 'kind', 'manual_voucher', 'day', p_day, 'lines', (
		SELECT json_agg(json_build_object('side', split_part(l, ' ', 1), 'account', split_part(l, ' ', 2), 'amount', split_part(l, ' ', 3)::numeric)) FROM unnest(string_to_array(p_lines, ', ')) l)) || p_more)::json) IS NOT NULL
$$;
CREATE SEQUENCE pg_temp.n;
-- State of a close that is only tried, and what a step of it found.
CREATE FUNCTION pg_temp.try(p_period text, p_step text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(': ', a.a ->> 'state', (SELECT string_agg(f.value ->> 'severity' || ' ' || (f.value ->> 'message'), ' ' ORDER BY f.n) FROM jsonb_array_elements(a.a -> 'steps') s (value),
		jsonb_array_elements(s.value -> 'findings') WITH ORDINALITY f (value, n) WHERE s.value ->> 'step' = p_step))
	FROM (SELECT erp.close_month('CF', 'try ' || nextval('pg_temp.n'), json_build_object('period', p_period, 'dry_run', true)) AS a) a
$$;
\o
SELECT is(pg_temp.try('2009-01', 'cash'), 'closed', 'an empty month closes');

-- Drafts.
\o /dev/null
SELECT erp.draft_voucher('CF', 'd1', '{"document": {"key": "draft", "kind": "manual_voucher", "day": "2009-01-05", "lines": [{"account": "1010", "side": "debit", "amount": 5}, {"account": "4100", "side": "credit", "amount": 5}]}}');
\o
SELECT is(pg_temp.try('2009-01', 'drafts'), 'blocked: blocker Draft "draft" of 2009-01-05, a manual_voucher, is drafted.', 'a draft of the month');
SELECT is(pg_temp.try('2009-01', 'lock'), 'blocked', 'nothing beyond it is done');
\o /dev/null
SELECT erp.post_draft('CF', 'd2', '{"draft": "draft"}');
\o
SELECT is(pg_temp.try('2009-01', 'drafts'), 'closed', 'posted, it is none');

-- Cash: on the way a warning, at the end a blocker.
\o /dev/null
SELECT pg_temp.enter('spent', '2009-01-10', 'debit 6500 20, credit 1000 20'), pg_temp.enter('fetched', '2009-01-12', 'debit 1000 30, credit 1010 30');
\o
SELECT is(pg_temp.try('2009-01', 'cash'), 'closed: warning Cash account 1000 is below zero in GBP from 2009-01-10 on: -20.00.', 'less than nothing in the till for two days');
\o /dev/null
SELECT pg_temp.enter('spent more', '2009-01-31', 'debit 6500 15, credit 1000 15');
\o
SELECT is(pg_temp.try('2009-01', 'cash'), 'blocked: blocker Cash account 1000 is below zero in GBP from 2009-01-10 on: -20.00.', 'and at the end of the month');
\o /dev/null
SELECT erp.reverse_document('CF', '{"key": "spent more back", "reverses": "spent more", "day": "2009-01-31"}');
\o

-- Balances on the wrong side: the bank account is overdrawn by 25, what is prepaid is owed.
\o /dev/null
SELECT pg_temp.enter('prepaid', '2009-01-15', 'debit 6200 40, credit 1300 40');
\o
SELECT is(pg_temp.try('2009-01', 'balance_sides'), 'closed: warning Account 1010 Bank has a balance on the wrong side, credit: 25.00. warning Account 1300 Prepaid expenses has a balance on the wrong side, credit: 40.00.', 'balances on the wrong side are warned of');

-- Stock: without cost, and pending.
\o /dev/null
SELECT trial.receive('CF', 'gift', '2009-01-03', 'F', 4, 0), trial.sell('CF', 'sold', '2009-01-06', 'F', 1, 5);
\o
SELECT is(pg_temp.try('2009-01', 'zero_costs'), 'closed: warning Item F left without cost: document "sold", line 1.', 'what left without cost is warned of');
SELECT is(pg_temp.try('2009-01', 'stock'), 'closed', 'the stock equals its accounts');
SELECT is(pg_temp.try('2009-01', 'open_items'), 'closed', 'and open items theirs');
SELECT is(pg_temp.try('2009-01', 'number_gaps'), 'closed', 'no number is missing');

-- What only somebody behind the guards can do: the checks of the books are asked, as of the folded and of the others.
SAVEPOINT s;
\o /dev/null
SET session_replication_role = replica;
ALTER TABLE erp.open_item DISABLE TRIGGER ALL;
UPDATE erp.open_item SET company_amount = company_amount + 1 WHERE company_id = (SELECT company_id FROM erp.company WHERE code = 'CF') AND account_id = (SELECT a.account_id FROM erp.account a JOIN erp.company c USING (company_id) WHERE c.code = 'CF' AND a.code = '1100');
\o
SELECT matches((SELECT string_agg(message, ' ') FROM erp_private.check_close_items((SELECT company_id FROM erp.company WHERE code = 'CF'), 0)), '^Open items of account 1100 add up to 6\.\d+, its balance is 5\.\d+\.$', 'an open item that is not its line');
ROLLBACK TO s;
\o /dev/null
SELECT trial.receive('CF', 'worth 5', '2009-01-04', 'M', 1, 5);
SET session_replication_role = replica;
ALTER TABLE erp.cost_entry DISABLE TRIGGER ALL;
UPDATE erp.cost_entry e SET amount = e.amount + 1 FROM erp.document d, erp.stock_move m WHERE d.key = 'worth 5' AND m.company_id = d.company_id AND m.document_id = d.document_id AND e.company_id = m.company_id AND e.move_id = m.move_id;
\o
SELECT is((SELECT string_agg(message, ' ') FROM erp_private.check_close_stock((SELECT company_id FROM erp.company WHERE code = 'CF'), (SELECT p.period_id FROM erp.period p JOIN erp.company c USING (company_id) WHERE c.code = 'CF' AND p.code = '2009-01'))),
	'The stock is worth 6.00, the inventory accounts stand at 5.00.', 'a value of stock that is not in the accounts');
ROLLBACK TO s;
\o /dev/null
SELECT erp.assign_numbers('CF');
SET session_replication_role = replica;
ALTER TABLE erp.assigned_number DISABLE TRIGGER ALL;
DELETE FROM erp.assigned_number WHERE company_id = (SELECT company_id FROM erp.company WHERE code = 'CF') AND number = 2;
\o
SELECT matches((SELECT string_agg(message, ' ') FROM erp_private.check_close_numbers((SELECT company_id FROM erp.company WHERE code = 'CF'), (SELECT p.period_id FROM erp.period p JOIN erp.company c USING (company_id) WHERE c.code = 'CF' AND p.code = '2009-01'))),
	'^Series \S+ has 6 numbers of scope "2009-01", the last of which is 7\.$', 'a number that is missing');
ROLLBACK TO s;

-- A month that is closed with warnings; all of them stand in the list.
\o /dev/null
SELECT erp.close_month('CF', 'january', '{"period": "2009-01"}');
\o
SELECT is((SELECT concat_ws(' ', state, blockers, warnings) FROM erp.month_close_list WHERE company = 'CF'), 'closed 0 4', 'January closes, with four warnings');
SELECT is((SELECT string_agg(step || ' ' || (subject ->> 'accounts'), ', ' ORDER BY rank, finding_no) FROM erp.month_close_finding_list WHERE company = 'CF' AND subject ? 'accounts'), 'cash ["1000"], balance_sides ["1010"], balance_sides ["1300"]', 'each says what it is about');
SELECT is((SELECT cure FROM erp.month_close_finding_list WHERE company = 'CF' AND step = 'zero_costs'), 'SELECT * FROM erp.zero_cost_issues WHERE company = ''CF''', 'and how to look at it');
SELECT is((SELECT count(*) FROM erp.zero_cost_issues WHERE company = 'CF'), 1::bigint, 'which works');

-- The cost run of a month.
\o /dev/null
SELECT trial.receive('CF', 'm1', '2009-02-02', 'M', 10, 1), trial.receive('CF', 'm2', '2009-02-20', 'M', 10, 3), trial.sell('CF', 'm sold', '2009-02-10', 'M', 5, 9);
CREATE TEMP TABLE february AS SELECT erp.close_month('CF', 'february', '{"period": "2009-02"}') AS a;
\o
SELECT is((SELECT a ->> 'state' FROM february), 'closed', 'February closes');
SELECT is((SELECT string_agg(concat_ws(' ', s.figures -> 'pools', s.documents), ' ') FROM erp.month_close_step_list s WHERE s.company = 'CF' AND s.period = '2009-02' AND s.step = 'month_cost'), '1 {close/2009-02/1/month_cost}', 'with the cost run of its month');
-- 10 worth 1 and 10 worth 3: 0.20 each.
SELECT is((SELECT trim_scale(-sum(e.amount)) FROM erp.document d JOIN erp.company c USING (company_id) JOIN erp.stock_move m USING (company_id, document_id) JOIN erp.cost_entry e USING (company_id, move_id) WHERE c.code = 'CF' AND d.key = 'm sold'), 1::numeric, 'what was sold costs the average of the month');
SELECT is((erp.reopen_month('CF', 'back', '{"period": "2009-02", "reason": "a test"}')) -> 'left', '["close/2009-02/1/month_cost"]', 'reopened, the cost run stays');
SELECT is(erp.close_month('CF', 'february again', '{"period": "2009-02"}') ->> 'state', 'closed', 'closed again');
SELECT is((SELECT figures FROM erp.month_close_step_list s WHERE s.company = 'CF' AND s.period = '2009-02' AND s.round = 2 AND s.step = 'month_cost'), '{"pools": 0}', 'it is not run twice');

-- A step that fails: nothing says any more where the profit goes.
\o /dev/null
SELECT pg_temp.enter('of march', '2009-03-05', 'debit 6500 1, credit 1010 1');
UPDATE erp.posting_rule r SET active = false WHERE r.company_id = (SELECT company_id FROM erp.company WHERE code = 'CF') AND r.kind = 'profit_transfer';
CREATE TEMP TABLE march AS SELECT erp.close_month('CF', 'march', '{"period": "2009-03", "profit_transfer": "month"}') AS a;
\o
SELECT is((SELECT concat_ws(' ', s.value ->> 'state', s.value #>> '{findings,0,subject,error}') FROM march, jsonb_array_elements(a -> 'steps') s (value) WHERE s.value ->> 'step' = 'profit_transfer'), 'failed LE302', 'a step that fails says why');
SELECT is((SELECT count(*) FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'CF' AND d.kind = 'profit_transfer'), 0::bigint, 'and leaves nothing');
SELECT is((SELECT count(*) FROM erp.check_integrity()), 0::bigint, 'all integrity checks pass');
SELECT * FROM finish();
ROLLBACK;
