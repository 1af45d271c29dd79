\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
BEGIN;
-- What is found or lost waits on 1901 (待处理财产损溢) until an approval says where it goes, in parts. CN keeps the chart of small enterprises, EN the English one, which has no such account.
CREATE SCHEMA trial;
CREATE FUNCTION trial.post(p_kind text, p_key text, p_day date, p_lines jsonb, p_more jsonb DEFAULT '{}', p_company text DEFAULT 'CN') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.post_document(p_company, (jsonb_build_object('key', p_key, 'kind', p_kind, 'day', p_day, 'lines', CASE jsonb_typeof(p_lines) WHEN 'array' THEN p_lines ELSE jsonb_build_array(p_lines) END) || p_more)::text::json)
$$;
CREATE FUNCTION trial.approve(p_key text, p_day date, p_role text, p_amount numeric, p_adjustment text, p_line int DEFAULT 1, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT trial.post('adjustment_approval', p_key, p_day, jsonb_build_object('role', p_role, 'amount', p_amount, 'origin', jsonb_build_object('key', p_adjustment, 'line', p_line)) || p_more)
$$;
CREATE FUNCTION trial.reverse(p_key text, p_reverses text, p_day date) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.reverse_document('CN', json_build_object('key', p_key, 'reverses', p_reverses, 'day', p_day))
$$;
CREATE FUNCTION trial.posted(p_key text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', a.code, l.side, NULLIF(p.code, ''), l.amount::numeric(19, 2)), ', ' ORDER BY l.line_no)
	FROM erp.document d JOIN erp.voucher v USING (company_id, document_id) JOIN erp.voucher_line l USING (company_id, voucher_id) JOIN erp.account a USING (company_id, account_id)
	LEFT JOIN erp.party p ON p.company_id = l.company_id AND p.party_id = l.party_id AND p.party_id <> 0
	WHERE d.key = p_key
$$;
CREATE FUNCTION trial.balance(p_account text) RETURNS numeric LANGUAGE sql AS $$
	SELECT coalesce(sum(CASE l.side WHEN 'debit' THEN l.amount ELSE -l.amount END), 0)::numeric(19, 2) FROM erp.company c JOIN erp.account a USING (company_id) JOIN erp.voucher_line l USING (company_id, account_id) WHERE c.code = 'CN' AND a.code = p_account
$$;
CREATE FUNCTION trial.pending() RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', document_key, line_no, amount, approved, pending), ', ' ORDER BY day, document_key, line_no), 'nothing') FROM erp.pending_adjustments WHERE company = 'CN'
$$;
SELECT plan(56);
\o /dev/null
SELECT erp.create_company('CN', 'company', '{"name": "盘点", "currency": "CNY", "chart": "china_small_enterprise"}');
SELECT erp.create_company('EN', 'company', '{"name": "Counted", "currency": "GBP", "chart": "english"}');
SELECT erp.create_fiscal_year(c, 'year', '{"code": "2026", "first_day": "2026-01-01", "months": 12}'), erp.put_parties(c, 'parties', '[{"code": "S1", "name": "Supplier", "roles": ["supplier"]}, {"code": "K1", "name": "Keeper", "roles": ["employee"]}]'),
	erp.put_items(c, 'items', '[{"code": "F", "name": "By FIFO", "kind": "stock", "method": "fifo"}, {"code": "A", "name": "By average", "kind": "stock", "method": "moving_average"}]')
FROM unnest('{CN,EN}'::text[]) c;
SELECT trial.post('goods_receipt', 'r1', '2026-01-05', '[{"item": "F", "quantity": 10, "price": 10}, {"item": "A", "quantity": 5, "price": 4}]', '{"party": "S1"}', c) FROM unnest('{CN,EN}'::text[]) c;
-- A count: 3 of F and 1 of A are missing.
SELECT trial.post('stock_loss', 'l1', '2026-01-10', '[{"item": "F", "quantity": 3}, {"item": "A", "quantity": 1}]');
\o
SELECT is(trial.posted('l1'), '1405 credit 34.00, 1901 debit 34.00', 'what is lost waits');
SELECT is(trial.pending(), 'l1 1 30.00 0.00 30.00, l1 2 4.00 0.00 4.00', 'line by line');
SELECT is((SELECT string_agg(concat_ws(' ', document_kind, item_code, trim_scale(quantity), account_code), ', ' ORDER BY line_no) FROM erp.pending_adjustments WHERE company = 'CN'), 'stock_loss F -3 1901, stock_loss A -1 1901', 'with its documents');
SELECT throws_ok($$SELECT trial.approve('x', '2026-01-12', 'loss_expensed', 30.01, 'l1')$$, 'LE219', NULL, 'no more than is pending');
SELECT throws_ok($$SELECT trial.approve('x', '2026-01-12', 'loss_claimed', 15, 'l1')$$, 'LE011', NULL, 'who makes it good is named');
SELECT throws_ok($$SELECT trial.approve('x', '2026-01-12', 'gain_non_operating', 15, 'l1')$$, 'LE051', NULL, 'a loss is no gain');
SELECT throws_ok($$SELECT trial.approve('x', '2026-01-09', 'loss_expensed', 15, 'l1')$$, 'LE051', NULL, 'not before it was found');
SELECT throws_ok($$SELECT trial.approve('x', '2026-01-12', 'loss_expensed', 15, 'r1')$$, 'LE051', NULL, 'a receipt is no adjustment');
SELECT throws_ok($$SELECT trial.approve('x', '2026-01-12', 'loss_expensed', 1, 'l1', 3)$$, 'LE219', NULL, 'nor a line that is not there');
SELECT throws_ok($$SELECT trial.approve('x', '2026-01-12', 'loss_expensed', 0, 'l1')$$, 'LE011', NULL, 'of nothing');
SELECT throws_ok($$SELECT trial.post('adjustment_approval', 'x', '2026-01-12', '{"role": "loss_expensed", "amount": 1}')$$, 'LE051', NULL, 'an approval names its adjustment');
SELECT throws_ok($$SELECT trial.post('adjustment_approval', 'x', '2026-01-12', '{"role": "loss_expensed", "amount": 1, "origin": {"key": "l1", "line": 1}}', '{"currency": "USD", "rate": 7}')$$, 'LE011', NULL, 'in our own currency');
SELECT throws_ok($$SELECT trial.post('adjustment_approval', 'x', '2026-01-12', '{"role": "loss_expensed", "amount": 1, "origin": {"key": "l1", "line": 1}}', '{}', 'EN')$$, 'LE051', NULL, 'another company does not know it');
SELECT throws_ok($$SELECT trial.post('adjustment_approval', 'x', '2026-01-12', '[{"role": "loss_expensed", "amount": 20, "origin": {"key": "l1", "line": 1}}, {"role": "loss_non_operating", "amount": 20, "origin": {"key": "l1", "line": 1}}]')$$, 'LE219', NULL, 'two lines of one approval are one');
-- In parts: 10.00 is a cost of management, the keeper owes 15.00; later 5.00 are not operating.
\o /dev/null
SELECT trial.post('adjustment_approval', 'a1', '2026-01-12', '[{"role": "loss_expensed", "amount": 10, "origin": {"key": "l1", "line": 1}},
	{"role": "loss_claimed", "amount": 15, "party": "K1", "origin": {"key": "l1", "line": 1}}]');
\o
SELECT is(trial.posted('a1'), '1901 credit 10.00, 5602 debit 10.00, 1901 credit 15.00, 1221 debit K1 15.00', 'each reason has its account');
SELECT is(trial.pending(), 'l1 1 30.00 25.00 5.00, l1 2 4.00 0.00 4.00', 'the rest is pending');
SELECT throws_ok($$SELECT trial.approve('x', '2026-01-13', 'loss_expensed', 5.01, 'l1')$$, 'LE219', NULL, 'no more than the rest');
\o /dev/null
SELECT trial.approve('a2', '2026-01-13', 'loss_non_operating', 5, 'l1');
SELECT trial.approve('a3', '2026-01-13', 'loss_non_operating', 4, 'l1', 2);
\o
SELECT is(trial.pending() || ' ' || trial.balance('1901'), 'nothing 0.00', 'nothing is left, nor on the account');
SELECT is(trial.balance('5711.02') || ' ' || trial.balance('5602') || ' ' || trial.balance('1221'), '9.00 10.00 15.00', 'it is where the reasons say');
SELECT throws_ok($$SELECT trial.reverse('x', 'l1', '2026-01-14')$$, 'LE196', NULL, 'the loss stands while its approvals do');
-- A receipt dated before: 1 of F at 16.00 came first, so that the loss cost 16.00 + 20.00. The 6.00 more wait too.
\o /dev/null
SELECT trial.post('goods_receipt', 'r0', '2026-01-04', '{"item": "F", "quantity": 1, "price": 16}', '{"party": "S1"}');
\o
SELECT is(trial.pending() || ' ' || trial.balance('1901'), 'l1 1 36.00 30.00 6.00 6.00', 'what is learned later is pending again');
\o /dev/null
SELECT trial.approve('a4', '2026-01-15', 'loss_expensed', 6, 'l1');
\o
SELECT is(trial.pending() || ' ' || trial.balance('1901'), 'nothing 0.00', 'and approved');
-- Its price was 13.00: the loss cost 33.00, and more was approved.
\o /dev/null
SELECT trial.post('receipt_amendment', 'r0 price', '2026-01-16', '{"item": "F", "role": "repriced", "price": 13, "origin": {"key": "r0", "line": 1}}', '{"party": "S1"}');
\o
SELECT is(trial.pending() || ' ' || trial.balance('1901'), 'l1 1 33.00 36.00 -3.00 -3.00', 'what was approved too much is seen');
\o /dev/null
SELECT trial.reverse('a4 back', 'a4', '2026-01-16');
SELECT trial.approve('a7', '2026-01-16', 'loss_expensed', 3, 'l1');
\o
SELECT is(trial.pending() || ' ' || trial.balance('1901'), 'nothing 0.00', 'and mended by another approval');
-- An approval is taken back; then the loss itself.
\o /dev/null
SELECT trial.reverse('a2 back', 'a2', '2026-01-17');
\o
SELECT is(trial.pending(), 'l1 1 33.00 28.00 5.00', 'an approval is taken back');
\o /dev/null
SELECT trial.reverse('a1 back', 'a1', '2026-01-17'), trial.reverse('a3 back', 'a3', '2026-01-17'), trial.reverse('a7 back', 'a7', '2026-01-17');
SELECT trial.reverse('l1 back', 'l1', '2026-01-17');
\o
SELECT is(trial.pending() || ' ' || trial.balance('1901') || ' ' || trial.balance('5602') || ' ' || trial.balance('1221'), 'nothing 0.00 0.00 0.00', 'all of them, then the loss: nothing is left of it');
SELECT throws_ok($$SELECT trial.approve('x', '2026-01-18', 'loss_expensed', 1, 'l1')$$, 'LE051', NULL, 'what was reversed has no approval');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken');
-- Found: 2 of A, worth 7.00.
\o /dev/null
SELECT trial.post('stock_gain', 'g1', '2026-02-01', '{"item": "A", "quantity": 2, "cost": 7}');
\o
SELECT is(trial.posted('g1') || ' / ' || trial.pending(), '1405 debit 7.00, 1901 credit 7.00 / g1 1 -7.00 0.00 -7.00', 'what is found waits on the other side');
SELECT throws_ok($$SELECT trial.approve('x', '2026-02-02', 'loss_expensed', 7, 'g1')$$, 'LE051', NULL, 'a gain is no loss');
SELECT throws_ok($$SELECT trial.approve('x', '2026-02-02', 'gain_non_operating', 7.01, 'g1')$$, 'LE219', NULL, 'no more than was found');
\o /dev/null
SELECT trial.approve('a5', '2026-02-02', 'gain_non_operating', 4, 'g1'), trial.approve('a6', '2026-02-02', 'gain_expensed', 3, 'g1');
\o
SELECT is(trial.posted('a5') || ' / ' || trial.posted('a6'), '1901 debit 4.00, 5301.02 credit 4.00 / 1901 debit 3.00, 5602 debit -3.00', 'income, and a cost in red');
SELECT is(trial.pending() || ' ' || trial.balance('1901'), 'nothing 0.00', 'nothing is left');
-- A chart without a pending account goes without; so does a company that says so.
\o /dev/null
SELECT trial.post('stock_loss', 'e1', '2026-01-10', '{"item": "F", "quantity": 3}', '{}', 'EN');
\o
SELECT is(trial.posted('e1'), '1200 credit 30.00, 5200 debit 30.00', 'an expense at once');
SELECT is_empty('SELECT * FROM erp.pending_adjustments WHERE company = ''EN''', 'nothing is pending there');
SELECT throws_ok($$SELECT trial.post('adjustment_approval', 'x', '2026-01-12', '{"role": "loss_expensed", "amount": 1, "origin": {"key": "e1", "line": 1}}', '{}', 'EN')$$, 'LE041', NULL, 'there is no account to clear');
\o /dev/null
SELECT erp.put_posting_rules('EN', 'approvals', '[{"kind": "adjustment_approval", "line_role": "loss_expensed", "amount_role": "amount", "side": "credit", "account": "1300"},
	{"kind": "adjustment_approval", "line_role": "loss_expensed", "amount_role": "total", "side": "debit", "account": "6500"}]');
\o
SELECT throws_ok($$SELECT trial.post('adjustment_approval', 'x', '2026-01-12', '{"role": "loss_expensed", "amount": 1, "origin": {"key": "e1", "line": 1}}', '{}', 'EN')$$, 'LE219', NULL, 'nothing of it stands on the account');
\o /dev/null
SELECT erp.put_posting_rules('EN', 'pending', '[{"kind": "stock_loss", "line_role": "loss", "amount_role": "cost", "side": "debit", "account": "1300"}]');
SELECT trial.post('stock_loss', 'e2', '2026-01-11', '{"item": "F", "quantity": 1}', '{}', 'EN');
\o
SELECT is((SELECT concat_ws(' ', document_key, account_code, pending) FROM erp.pending_adjustments WHERE company = 'EN'), 'e2 1300 10.00', 'a company that wants one names its own');
SELECT lives_ok($$SELECT trial.post('adjustment_approval', 'e3', '2026-01-12', '{"role": "loss_expensed", "amount": 10, "origin": {"key": "e2", "line": 1}}', '{}', 'EN')$$, 'and clears it');
-- The close asks: 2 of 3 C at 4.00 are lost on 20 November and approved on 5 January of the next year.
\o /dev/null
SELECT erp.create_fiscal_year('CN', 'year 2027', '{"code": "2027", "first_day": "2027-01-01", "months": 12}');
SELECT erp.put_items('CN', 'item C', '[{"code": "C", "name": "Counted at the end", "kind": "stock", "method": "fifo"}]');
SELECT trial.post('goods_receipt', 'r9', '2026-11-01', '{"item": "C", "quantity": 3, "price": 4}', '{"party": "S1"}');
SELECT trial.post('stock_loss', 'l9', '2026-11-20', '{"item": "C", "quantity": 2}');
CREATE FUNCTION trial.close(p_key text, p_period text, p_more text DEFAULT '') RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.set_period_state('CN', p_key, format('{"period": "%s", "state": "closed"%s}', p_period, p_more)::json)
$$;
\o
SELECT is(trial.close('october', '2026-10'), '{"changed": 4}', 'a period before it closes without a word');
SELECT is(trial.close('november', '2026-11'), '{"changed": 4, "pending_adjustments": 1}', 'one with it says how many are pending');
SELECT is(trial.close('sales', '2026-12', ', "modules": ["sales"]'), '{"changed": 1}', 'the close of sales does not ask');
SELECT throws_ok($$SELECT trial.close('december', '2026-12')$$, 'LE222', NULL, 'the year does not close with it');
\o /dev/null
SELECT trial.approve('a9', '2027-01-05', 'loss_expensed', 8, 'l9');
\o
SELECT is(trial.pending(), 'nothing', 'what is approved in the next year');
SELECT is((SELECT concat_ws(' ', document_key, amount, approved, pending) FROM erp.pending_adjustments_as_of('CN', '2026-12-31')), 'l9 8.00 0.00 8.00', 'was pending at the end of this one');
SELECT throws_ok($$SELECT trial.close('december', '2026-12')$$, 'LE222', NULL, 'which does not close for it');
\o /dev/null
SELECT trial.reverse('not a9', 'a9', '2027-01-05'), trial.approve('a10', '2026-12-31', 'loss_expensed', 8, 'l9');
\o
SELECT is(trial.close('december', '2026-12'), '{"changed": 3}', 'but when it is approved in time');
\o /dev/null
SELECT trial.post('stock_loss', 'l10', '2027-01-20', '{"item": "C", "quantity": 1}');
SELECT erp.put_company('CN', 'refuse', '{"pending_at_close": "refuse"}');
\o
SELECT throws_ok($$SELECT trial.close('january', '2027-01')$$, 'LE222', NULL, 'a company may refuse it in each period');
\o /dev/null
SELECT erp.put_company('CN', 'warn', '{"pending_at_close": "warn"}');
\o
SELECT is(trial.close('december 2027', '2027-12') || trial.close('january', '2027-01'), '{"changed": 4, "pending_adjustments": 1}', 'or in none');
-- So does the hard lock, of the periods whose last day it takes in and that are not closed: what is lost on 20 January is pending at the end of January, whose close asked, and of February; 1 of 2 D lost on 5 March from that of March on.
\o /dev/null
SELECT erp.put_items('CN', 'item D', '[{"code": "D", "name": "Counted under the lock", "kind": "stock", "method": "fifo"}]');
SELECT trial.post('goods_receipt', 'r11', '2027-02-01', '{"item": "D", "quantity": 2, "price": 4}', '{"party": "S1"}');
SELECT trial.post('stock_loss', 'l11', '2027-03-05', '{"item": "D", "quantity": 1}');
CREATE FUNCTION trial.lock(p_key text, p_day date) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.set_hard_lock('CN', p_key, json_build_object('day', p_day, 'reason', 'audited'))
$$;
SELECT erp.put_company('CN', 'lock refused', '{"pending_at_close": "refuse"}');
\o
SELECT throws_ok($$SELECT trial.lock('to february', '2027-02-28')$$, 'LE222', NULL, 'the hard lock does not take in a period with it where the company refuses it');
SELECT is(trial.lock('in february', '2027-02-27'), '{"day": "2027-02-27", "before": null}', 'but what closed before, and other days: what is lost can be approved on the last one');
SELECT throws_ok($$SELECT trial.lock('to march', '2027-03-31')$$, 'LE222', NULL, 'nor a later day, for that period');
\o /dev/null
SELECT erp.put_company('CN', 'lock warned', '{"pending_at_close": "year"}');
SELECT erp.set_period_state('CN', 'december again', '{"period": "2027-12", "state": "open", "reason": "it was closed too early"}');
\o
SELECT is(trial.lock('to march', '2027-03-31'), '{"day": "2027-03-31", "before": "2027-02-27", "periods": {"2027-02": {"pending_adjustments": 1}, "2027-03": {"pending_adjustments": 2}}}', 'within a year it says how many, month by month');
SELECT throws_ok($$SELECT trial.lock('the year', '2027-12-31')$$, 'LE222', NULL, 'the end of the year it does not take in');
\o /dev/null
SELECT trial.approve('a11', '2027-04-02', 'loss_expensed', 4, 'l10'), trial.approve('a12', '2027-04-02', 'loss_expensed', 4, 'l11');
\o
SELECT is(trial.lock('the year', '2027-12-31'), '{"day": "2027-12-31", "before": "2027-03-31"}', 'but once all is approved, and asks no more of what it locked before');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken at the end');
SELECT * FROM finish();
ROLLBACK;
