\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Closed is closed, per module, through every path; what is late lands on the first open day.
SELECT plan(70);
\o /dev/null
SELECT trial.make_company('LOCK');
SELECT trial.receive('LOCK', 'r ' || i, '2009-01-01', i, 100, 100) FROM unnest('{F,A}'::text[]) i;
SELECT trial.sell('LOCK', 'sold', '2009-01-02', 'F', 1, 1);
-- One document of each kind on a day of February.
CREATE FUNCTION pg_temp.post(p_kind text, p_day date, p_more text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT trial.refused(format('SELECT erp.post_document(''LOCK'', %L)', jsonb_build_object('key', p_kind || clock_timestamp(), 'kind', p_kind, 'day', p_day)
		|| CASE WHEN p_kind = 'goods_receipt' THEN '{"party": "S1"}' WHEN p_kind IN ('sales_invoice', 'credit_note', 'bad_debt') THEN '{"party": "C1"}' ELSE '{}' END::jsonb
		|| CASE p_kind
			WHEN 'bad_debt' THEN '{"lines": [{"amount": 1}]}'
			WHEN 'manual_voucher' THEN '{"lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]}'
			WHEN 'stock_gain' THEN '{"lines": [{"item": "F", "quantity": 1, "cost": 1}]}'
			WHEN 'credit_note' THEN '{"lines": [{"item": "F", "quantity": 1, "price": 1, "cost": 1}]}'
			WHEN 'stock_loss' THEN '{"lines": [{"item": "F", "quantity": 1}]}'
			WHEN 'free_issue' THEN '{"lines": [{"item": "F", "quantity": 1}]}'
			ELSE '{"lines": [{"item": "F", "quantity": 1, "price": 1}]}' END::jsonb || p_more::jsonb))
$$;
CREATE FUNCTION pg_temp.set(p_modules text, p_state text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT erp.set_period_state('LOCK', 'set ' || clock_timestamp(), json_build_object('period', '2009-02', 'modules', p_modules::text[], 'state', p_state, 'reason', 'a test'))
$$;
\o
SELECT is(pg_temp.post(kind, '2009-02-10'), 'accepted', kind || ' in an open month')
FROM unnest('{goods_receipt,sales_invoice,credit_note,stock_gain,stock_loss,free_issue,bad_debt,manual_voucher}'::text[]) kind;

-- kind, and the modules that it touches
\o /dev/null
CREATE TEMP TABLE touches (kind text, modules text[]);
INSERT INTO touches VALUES ('goods_receipt', '{purchasing,stock,general}'), ('sales_invoice', '{sales,stock,general}'), ('credit_note', '{sales,stock,general}'),
	('stock_gain', '{stock,general}'), ('stock_loss', '{stock,general}'), ('free_issue', '{stock,general}'), ('bad_debt', '{sales,general}'), ('manual_voucher', '{general}');
CREATE FUNCTION pg_temp.matrix(p_module text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.set(ARRAY[p_module]::text, 'closed');
	RETURN QUERY SELECT is(pg_temp.post(t.kind, '2009-02-10'), CASE WHEN p_module = ANY (t.modules) THEN 'LE030' ELSE 'accepted' END,
		concat_ws(' ', t.kind, 'with', p_module, 'closed')) FROM touches t;
	PERFORM pg_temp.set(ARRAY[p_module]::text, 'open');
END
$$;
\o
SELECT * FROM pg_temp.matrix('general');
SELECT * FROM pg_temp.matrix('stock');
SELECT * FROM pg_temp.matrix('sales');
SELECT * FROM pg_temp.matrix('purchasing');

\o /dev/null
SELECT pg_temp.set('{general,stock,sales,purchasing}', 'warned');
\o
SELECT is(pg_temp.post('sales_invoice', '2009-02-10'), 'accepted', 'warned is before closed');
SELECT results_eq($$SELECT w.module FROM erp.warned_posting w JOIN erp.document d USING (company_id, document_id) WHERE d.kind = 'sales_invoice' AND d.company_id = (SELECT company_id FROM erp.company WHERE code = 'LOCK') ORDER BY 1$$,
	$$VALUES ('general'), ('sales'), ('stock')$$, 'and what was posted into it is on record, for each of its modules');
SELECT is(pg_temp.post('sales_invoice', '2009-05-10'), 'accepted', 'a posting into an open month');
SELECT is((SELECT count(*) FROM erp.warned_posting WHERE company_id = (SELECT company_id FROM erp.company WHERE code = 'LOCK')), 3::bigint, 'is not');
SELECT is(trial.refused($$INSERT INTO erp.warned_posting SELECT company_id, document_id, 'purchasing' FROM erp.document LIMIT 1$$), 'LE061', 'which is a fact: nobody else writes it');
SELECT is(trial.refused('DELETE FROM erp.warned_posting'), 'LE060', 'nor takes it away');

-- February is closed for stock, March for sales: an invoice of 10 February lands on 1 April.
\o /dev/null
SELECT pg_temp.set('{stock}', 'closed');
SELECT erp.set_period_state('LOCK', 'march', '{"period": "2009-03", "modules": ["sales"], "state": "closed"}');
SELECT trial.sell('LOCK', 'late', '2009-02-10', 'F', 1, 1, '{"late": true}');
\o
SELECT results_eq($$SELECT d.day, d.posting_day, v.day, p.code FROM erp.document d JOIN erp.voucher v USING (company_id, document_id) JOIN erp.period p USING (company_id, period_id) WHERE d.key = 'late' AND d.company_id = (SELECT company_id FROM erp.company WHERE code = 'LOCK')$$,
	$$VALUES ('2009-02-10'::date, '2009-04-01'::date, '2009-04-01'::date, '2009-04')$$, 'late: on the first day that is open in all its modules, saying which day it belongs to');
SELECT throws_ok($$SELECT trial.reverse('LOCK', 'undo', 'sold', '2009-02-10')$$, 'LE030', NULL, 'a reversal is refused like its document');
\o /dev/null
SELECT trial.reverse('LOCK', 'undo', 'sold', '2009-02-10', '{"late": true}');
\o
SELECT is((SELECT posting_day FROM erp.document WHERE key = 'undo'), '2009-04-01', 'or lands late like it');
SELECT is(pg_temp.post('sales_invoice', '2011-01-01'), 'LE031', 'a day of no period');
SELECT is(pg_temp.post('sales_invoice', '2011-01-01', '{"late": true}'), 'LE031', 'late or not');
SELECT is(pg_temp.post('sales_invoice', '2008-12-31'), 'LE031', 'nor before the first');
-- Whoever reopens says why.
SELECT is(trial.refused($$SELECT erp.set_period_state('LOCK', 'again', '{"period": "2009-03", "state": "warned"}')$$), 'LE011', 'a closed month does not reopen without a reason');
SELECT is(erp.set_period_state('LOCK', 'again', '{"period": "2009-03", "state": "warned", "reason": "the audit"}'), '{"changed": 4}', 'but with one');
SELECT is((SELECT r.request ->> 'reason' FROM erp.call_result r JOIN erp.document d USING (company_id, document_id) WHERE d.key = 'again'), 'the audit', 'that is on record');

-- The hard lock: 15 June. Late documents of days before it land on the 16th.
SELECT is(pg_temp.post('sales_invoice', '2009-06-15'), 'accepted', 'a day of June');
SELECT is(erp.set_hard_lock('LOCK', 'lock', '{"day": "2009-06-15", "reason": "filed"}'), '{"day": "2009-06-15", "before": null}', 'is locked for ever');
SELECT is(pg_temp.post(kind, '2009-06-15'), 'LE032', kind || ' on the locked day') FROM unnest('{goods_receipt,manual_voucher,stock_loss}'::text[]) kind;
SELECT is(pg_temp.post('manual_voucher', '2009-01-10'), 'LE032', 'nor on any before it, though its period is open');
SELECT is(pg_temp.post('manual_voucher', '2009-06-16'), 'accepted', 'but on the day after it');
\o /dev/null
SELECT trial.sell('LOCK', 'june', '2009-06-10', 'F', 1, 1, '{"late": true}');
SELECT trial.receive('LOCK', 'cheap', '2009-06-09', 'A', 1, 1, '{"late": true}');
\o
SELECT is((SELECT posting_day FROM erp.document WHERE key = 'june'), '2009-06-16'::date, 'late lands on it');
SELECT is((SELECT max(v.day) FROM erp.voucher v JOIN erp.document d USING (company_id, document_id) WHERE d.kind = 'cost_adjustment' AND v.day <= '2009-06-15' AND d.company_id = (SELECT company_id FROM erp.company WHERE code = 'LOCK')), NULL, 'and so do the costs that something late changes');
SELECT is(trial.refused($$SELECT erp.set_hard_lock('LOCK', 'back', '{"day": "2009-06-15", "reason": "no"}')$$), 'LE032', 'the lock moves forward only');
SELECT is(trial.refused($$SELECT erp.set_hard_lock('LOCK', 'back', '{"day": "2009-07-15"}')$$), 'LE011', 'and says why');
SELECT is(trial.refused($$SELECT erp.set_hard_lock('LOCK', 'back', '{"day": "infinity", "reason": "all"}')$$), 'LE011', 'its day is a day');
SELECT is(trial.refused($$SELECT erp.set_period_state('LOCK', 'reopen', '{"period": "2009-02", "state": "open", "reason": "no"}')$$), 'LE032', 'a closed month before it stays closed');
-- All of 2010 closes: what belongs to its last day has nowhere to go.
\o /dev/null
SELECT erp.set_period_state('LOCK', 'last', '{"period": "2010-12", "state": "closed"}');
\o
SELECT ok(pg_temp.post('sales_invoice', '2010-12-31', '{"late": true}') IN ('LE030', 'LE031'), 'no open day is left');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
