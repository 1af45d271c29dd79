\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET DateStyle = 'ISO, YMD';
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
-- Every fact is sealed with the document that it was written with: what is altered, missing or put in is found at that
-- document's position, and what comes later to a document that is sealed alters nothing of it.
-- What is sealed must have been committed: this file leaves its company behind.
\i :company_file
SELECT plan(43);
\o /dev/null
SELECT trial.make_company('SEALF');
CREATE FUNCTION pg_temp.company() RETURNS integer LANGUAGE sql STABLE AS $$SELECT company_id FROM erp.company WHERE code = 'SEALF'$$;
CREATE PROCEDURE pg_temp.seal() LANGUAGE plpgsql AS $$
BEGIN
	-- Autovacuum may have a transaction of its own for a moment: what is posted now waits for it.
	WHILE EXISTS (SELECT FROM erp.document d WHERE d.company_id = pg_temp.company() AND d.transaction_id >= pg_snapshot_xmin(pg_current_snapshot())) LOOP
		COMMIT;
		PERFORM pg_sleep(0.01);
	END LOOP;
	PERFORM erp.seal_documents('SEALF');
END
$$;
CREATE FUNCTION pg_temp.position_of(p_key text) RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT s.position FROM erp.seal s JOIN erp.document d USING (company_id, document_id) WHERE d.company_id = pg_temp.company() AND d.key = p_key
$$;
SELECT erp.put_series('SEALF', 'series', '[{"code": "INV", "target": "sales_invoice", "scope": "year", "mode": "immediate"}]');
SELECT trial.receive('SEALF', 'r', '2009-01-05', 'F', 10, 30);
SELECT trial.sell('SEALF', 's', '2009-02-06', 'F', 4, 5, '{"tax_code": "VAT", "reference": "I-1", "tax_rounding": "line"}');
SELECT erp.set_period_state('SEALF', 'warn', '{"period": "2009-03", "modules": ["general", "sales"], "state": "warned", "reason": "a test"}');
SELECT erp.put_posting_rules('SEALF', 'rule', '[{"kind": "sales_invoice", "line_role": "service", "amount_role": "amount", "side": "credit", "account": "4100", "when": "amount > 50"}]');
SELECT erp.put_parties('SEALF', 'limit', '[{"code": "C1", "name": "Customer 1", "credit_limit": 122, "credit_check": "warn"}]');
SELECT trial.sell('SEALF', 'w', '2009-03-07', 'SV', 1, 100);
SELECT erp.post_document('SEALF', '{"key": "p", "kind": "customer_payment", "day": "2009-02-08", "party": "C1", "lines": [{"role": "bank", "amount": 20}]}');
SELECT erp.put_posting_rules('SEALF', 'discounts', '[{"kind": "settlement", "line_role": "discount", "amount_role": "amount", "side": "debit", "account": "6000"}, {"kind": "settlement", "line_role": "discount_tax", "amount_role": "amount", "side": "debit", "account": "2200"}]');
SELECT erp.put_tax_codes('SEALF', 'reduces', '[{"code": "VAT", "name": "VAT", "rates": [], "discount_reduces_tax": true}]');
SELECT erp.settle('SEALF', 'discount', '{"day": "2009-02-08", "items": [{"key": "s", "discount": "2.30"}]}');
SELECT erp.change_costing_method('SEALF', 'method', '{"day": "2009-06-01", "method": "fifo", "items": [{"item": "AW"}]}');
SELECT erp.put_items('SEALF', 'lots', '[{"code": "XL", "name": "By lot", "kind": "stock", "method": "fifo", "tracking": "lot", "issue_expired": "allow"}]');
SELECT erp.post_document('SEALF', '{"key": "lot", "kind": "stock_gain", "day": "2009-07-01", "lines": [{"item": "XL", "quantity": 1, "cost": 0, "lot": "E", "lot_days": {"expires_on": "2009-07-02"}}]}');
SELECT erp.post_document('SEALF', '{"key": "past", "kind": "free_issue", "day": "2009-07-03", "party": "C1", "lines": [{"item": "XL", "quantity": 1, "lot": "E"}]}');
SELECT trial.sell('SEALF', 'x', '2009-02-09', 'F', 1, 7, '{"discount": 0}');
SELECT trial.reverse('SEALF', 'u', 'x', '2009-02-10');
SELECT erp.put_budgets('SEALF', 'budget', '[{"code": "B", "control": "warn", "span": "month", "lines": [{"account": "6000", "month": "2009-02", "amount": "0.5"}]}]');
SELECT erp.draft_voucher('SEALF', 'draft', '{"document": {"key": "d", "kind": "manual_voucher", "day": "2009-02-11", "lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]}}');
SELECT erp.review_draft('SEALF', 'review', '{"draft": "d"}');
SELECT erp.post_draft('SEALF', 'post', '{"draft": "d"}');
SELECT erp.put_approval_rules('SEALF', 'approvals', format('[{"code": "A", "kind": "other", "own": true, "steps": [{"signers": [{"person": "%s"}]}]}]', current_user)::json);
SELECT erp.submit_for_approval('SEALF', 'submitted', '{"kind": "other", "subject": "A", "facts": {"amount": 12.5}}'), erp.approve('SEALF', 'approved', '{"kind": "other", "subject": "A", "reason": "needed"}');
SELECT erp.receive_electronic_vouchers('SEALF', 'received', json_build_array(json_build_object('kind', 'vat_invoice', 'issuer', 'I', 'number', '1', 'day', '2009-01-05', 'amount', 20,
	'content_type', 'xml', 'content_hash', encode(sha256('1'), 'hex'))));
SELECT erp.verify_electronic_vouchers('SEALF', 'verified', '[{"kind": "vat_invoice", "issuer": "I", "number": "1", "valid": true, "verified_by": "V"}]');
SELECT erp.book_electronic_vouchers('SEALF', 'booked', '{"document": "s", "electronic_vouchers": [{"kind": "vat_invoice", "issuer": "I", "number": "1"}]}');
SELECT erp.put_schedules('SEALF', 'schedules', '[{"code": "S", "name": "S", "kind": "expense", "from_account": "1000", "to_account": "6000", "total": 1, "first_day": "2009-08-01", "months": 1}]'), erp.post_schedules('SEALF', 'parts', '{"through": "2009-08-31"}'), erp.freeze_statement('SEALF', 'frozen', '{"template": "en_profit", "last_day": "2009-01-31"}');
CALL pg_temp.seal();
CREATE TEMP TABLE head AS SELECT h.position FROM erp.seal_head('SEALF') h;
CREATE TEMP TABLE before AS SELECT * FROM erp.open_items_as_known('SEALF', NULL, (SELECT position FROM head));
CREATE TEMP TABLE stock_before AS SELECT * FROM erp.stock_as_known('SEALF', NULL, (SELECT position FROM head));
-- Later to documents that are sealed: a receipt of 2 for 20 before all of them, so that 4 sold cost 26 and no more 12; and a settlement.
SELECT trial.receive('SEALF', 'late', '2009-01-04', 'F', 2, 20);
SELECT erp.assign_numbers('SEALF', 1);
SELECT erp.assign_numbers('SEALF');
SELECT erp.settle('SEALF', 'settle', '{"day": "2009-02-20", "items": [{"key": "s"}, {"key": "p"}]}');
\o
SELECT is_empty($$SELECT * FROM erp.verify_chain('SEALF')$$, 'what comes later alters nothing that is sealed');
SELECT is((SELECT count(*) FROM erp.cost_entry e JOIN erp.stock_move m USING (company_id, move_id) JOIN erp.document d USING (company_id, document_id)
	WHERE d.company_id = pg_temp.company() AND d.key = 's' AND e.cause = 'replay'), 2::bigint, 'a cost was learned of the sale: two more from the new layer, two less from the old');
SELECT is((SELECT count(*) FROM erp.settlement t JOIN erp.document d USING (company_id, document_id) LEFT JOIN erp.voucher v USING (company_id, document_id)
	WHERE t.company_id = pg_temp.company() AND v.voucher_id IS NULL), 1::bigint, 'and a document without a voucher settles it');
CALL pg_temp.seal();
SELECT is_empty($$SELECT * FROM erp.verify_chain('SEALF')$$, 'sealed, they hold');

-- Each fact is in exactly one content: as many records as rows.
CREATE TEMP TABLE sealed_record AS
SELECT (e::json ->> 'position')::bigint AS position, n, split_part(r, E'\t', 1) AS name, r
FROM erp.export_journal('SEALF') e, regexp_split_to_table(rtrim(e::json ->> 'content', E'\n'), E'\n') WITH ORDINALITY l (r, n);
CREATE TEMP TABLE fact AS SELECT DISTINCT replace(table_name, 'erp.', '') AS name FROM erp_private.guard_manifest()
WHERE trigger_name = 'guard_insert' AND table_name <> 'erp.seal';
CREATE FUNCTION pg_temp.rows_of(p_name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	found bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM erp.%I WHERE company_id = %s', p_name, pg_temp.company()) INTO found;
	RETURN found;
END
$$;
SELECT results_eq('SELECT name, count(*) FROM sealed_record WHERE name <> ''seal 3'' GROUP BY name ORDER BY name COLLATE "C"',
	'SELECT name, pg_temp.rows_of(name) FROM fact ORDER BY name COLLATE "C"', 'every fact is in one content, and every table of facts has some here');
SELECT results_eq($$SELECT position, r FROM sealed_record WHERE name = 'voucher_reversal'$$, $$SELECT s.position, concat_ws(E'\t', 'voucher_reversal', l.voucher_id, l.reverses_voucher_id)
	FROM erp.voucher_reversal l JOIN erp.voucher v USING (company_id, voucher_id) JOIN erp.seal s USING (company_id, document_id) WHERE l.company_id = pg_temp.company()$$, 'reversals stand with their vouchers');
-- A number of an invoice stands with it; numbers of vouchers, which came later, with what gave them: one, then the others, by month and in the order of days.
SELECT results_eq($$SELECT d.key, split_part(r.r, E'\t', 3), split_part(r.r, E'\t', 4) FROM sealed_record r JOIN erp.seal s USING (position) JOIN erp.document d USING (company_id, document_id)
	WHERE r.name = 'assigned_number' AND s.company_id = pg_temp.company() AND split_part(r.r, E'\t', 2) = 'INV' ORDER BY r.position$$,
	$$VALUES ('s', '2009', '1'), ('w', '2009', '2'), ('x', '2009', '3'), ('u', '2009', '4')$$, 'numbers of invoices');
SELECT results_eq($$SELECT dense_rank() OVER (ORDER BY r.position), split_part(r.r, E'\t', 3), split_part(r.r, E'\t', 4)::integer, regexp_replace(w.key, ':.*', ''), split_part(r.r, E'\t', 6)::bigint = v.voucher_id, split_part(r.r, E'\t', 7)::bigint = s.document_id
	FROM sealed_record r JOIN erp.seal s USING (position) JOIN erp.document d USING (company_id, document_id) JOIN erp.document w ON w.company_id = s.company_id AND w.document_id = split_part(r.r, E'\t', 5)::bigint
	JOIN erp.voucher v ON v.company_id = w.company_id AND v.document_id = w.document_id WHERE s.company_id = pg_temp.company() AND r.name = 'assigned_number' AND d.kind = 'numbering' ORDER BY r.position, r.n$$,
	$$VALUES (1::bigint, '2009-01', 1, 'late', true, true), (2, '2009-01', 2, 'r', true, true), (2, '2009-02', 1, 's', true, true), (2, '2009-02', 2, 'erp', true, true), (2, '2009-02', 3, 'p', true, true),
		(2, '2009-02', 4, 'erp', true, true), (2, '2009-02', 5, 'x', true, true), (2, '2009-02', 6, 'u', true, true), (2, '2009-02', 7, 'd', true, true), (2, '2009-03', 1, 'w', true, true), (2, '2009-08', 1, 'parts/1', true, true)$$, 'numbers of vouchers');
-- Fields by hand: the cost that was learned is of the adjustment, the settlement of its own document.
SELECT results_eq($$SELECT split_part(r, E'\t', 8) || ' ' || split_part(r, E'\t', 9) || ' ' || split_part(r, E'\t', 10) FROM sealed_record
	WHERE name = 'cost_entry' AND position = (SELECT position FROM sealed_record WHERE name = 'document' AND r LIKE E'%\tcost_adjustment\t%') ORDER BY n$$,
	$$VALUES ('replay 2 6'), ('replay -2 -20')$$, 'costs of the adjustment');
SELECT results_eq($$SELECT split_part(r, E'\t', 3), split_part(r, E'\t', 6), split_part(r, E'\t', 7) FROM sealed_record WHERE name = 'settlement' AND position > (SELECT position FROM head)$$,
	$$VALUES ('2009-02-20', '20', '20')$$, 'the settlement');
-- Each decision with the call of who decided, what was asked with the submission.
SELECT results_eq($$SELECT d.key, split_part(r.r, E'\t', 1), split_part(r.r, E'\t', 5), split_part(r.r, E'\t', 7) FROM sealed_record r JOIN erp.seal s USING (position) JOIN erp.document d USING (company_id, document_id)
	WHERE s.company_id = pg_temp.company() AND r.name LIKE 'approval%' ORDER BY r.position, r.n$$,
	format($$VALUES ('submitted', 'approval', '1', to_char(%L::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')), ('submitted', 'approval_step', 'A', '[{"person": "%s"}]'), ('submitted', 'approval_decision', 'submit', 'pending'), ('approved', 'approval_decision', 'approve', 'approved')$$,
	(SELECT submitted_at FROM erp.approval WHERE company_id = pg_temp.company()), current_user), 'approvals');
SELECT results_eq($$SELECT r FROM sealed_record WHERE name = 'document_tax'$$, $$VALUES (E'document_tax\tVAT\t0.15\t20\t3')$$, 'the tax');
SELECT results_eq($$SELECT split_part(r, E'\t', 3) || ' ' || substr(r, strpos(r, 'VAT') + 4) FROM sealed_record WHERE name = 'discount_tax'$$, $$VALUES (E'VAT 0.15\t2\t2\t0.3\t0.3')$$, 'the tax in a discount of 2.30');
SELECT is((SELECT string_agg(split_part(r, E'\t', 2), ' ' ORDER BY n) FROM sealed_record WHERE name = 'warned_posting'), 'general sales', 'warnings');
SELECT is((SELECT string_agg(r, ' ' ORDER BY n) FROM sealed_record WHERE name = 'expired_issue'), E'expired_issue\t1\t2009-07-02\titem', 'what went out past its day, and by what');
SELECT is((SELECT string_agg(r, ' ' ORDER BY n) FROM sealed_record WHERE name = 'credit_warning'), E'credit_warning\tC1\t123\t122', 'and those of credit: 23 and 100 owed, 122 allowed');
SELECT is((SELECT string_agg(regexp_replace(r, E'\t[0-9]+', ''), ' ' ORDER BY n) FROM sealed_record WHERE name = 'budget_warning'), E'budget_warning\t2009-02-01\t0.5\t3', 'and those of budgets: a discount of 2 and 1 more, 0.50 budgeted');
SELECT is((SELECT count(*) FROM sealed_record r JOIN erp.call_result c ON split_part(r.r, E'\t', 3)::jsonb = c.request AND split_part(r.r, E'\t', 4)::jsonb = c.result
	WHERE r.name = 'call_result' AND c.company_id = pg_temp.company()), (SELECT count(*) FROM erp.call_result WHERE company_id = pg_temp.company()), 'calls');
-- All moves, costs and lines, put together by SQL.
SELECT results_eq($$SELECT r FROM sealed_record WHERE name = 'stock_move' ORDER BY split_part(r, E'\t', 2)::bigint$$, $$
	SELECT concat_ws(E'\t', 'stock_move', m.move_id, m.line_no, m.leg, i.code, coalesce(w.code, ''), '', coalesce((SELECT k.code FROM erp.lot k WHERE k.company_id = m.company_id AND k.lot_id = m.lot_id AND k.lot_id <> 0), ''), '', '', m.cost_pool_id, m.origin_move_id, m.day, m.time_of_day, u.code,
		trim_scale(m.second_quantity), trim_scale(m.entered_quantity), trim_scale(m.quantity)) FROM erp.stock_move m JOIN erp.item i USING (company_id, item_id) LEFT JOIN erp.warehouse w USING (company_id, warehouse_id)
	JOIN erp.unit u ON u.unit_id = m.entered_unit_id WHERE m.company_id = pg_temp.company() ORDER BY m.move_id$$, 'moves');
SELECT results_eq($$SELECT r FROM sealed_record WHERE name = 'cost_entry' ORDER BY split_part(r, E'\t', 2)::bigint, split_part(r, E'\t', 3)::integer$$, $$
	SELECT concat_ws(E'\t', 'cost_entry', move_id, entry_no, source_move_id, voucher_id, inventory_line_no, counter_line_no, cause, trim_scale(quantity), trim_scale(amount))
	FROM erp.cost_entry WHERE company_id = pg_temp.company() ORDER BY move_id, entry_no$$, 'costs');
SELECT results_eq($$SELECT position, r FROM sealed_record WHERE name = 'document_line' ORDER BY position, split_part(r, E'\t', 2)::integer$$, $$
	SELECT s.position, concat_ws(E'\t', 'document_line', l.line_no, l.line_role, coalesce(i.code, ''), coalesce(w.code, ''), coalesce(a.code, ''), coalesce(t.code, ''), '', coalesce(u.code, ''), l.voucher_line_no,
		trim_scale(l.second_quantity), trim_scale(l.quantity), coalesce(trim_scale(l.unit_price)::text, '\N'), trim_scale(l.amount), coalesce(trim_scale(l.cost)::text, '\N'), coalesce(l.description, '\N'),
		coalesce(trim_scale(l.price_amount)::text, '\N'), coalesce(trim_scale(l.discount_percent)::text, '\N'), coalesce(trim_scale(l.discount)::text, '\N'), coalesce(trim_scale(l.document_discount)::text, '\N'))
	FROM erp.document_line l JOIN erp.seal s USING (company_id, document_id) LEFT JOIN erp.item i USING (company_id, item_id) LEFT JOIN erp.warehouse w USING (company_id, warehouse_id)
	LEFT JOIN erp.account a USING (company_id, account_id) LEFT JOIN erp.tax_code t USING (company_id, tax_code_id) LEFT JOIN erp.unit u ON u.unit_id = l.unit_id
	WHERE l.company_id = pg_temp.company() ORDER BY s.position, l.line_no$$, 'lines of documents');
SELECT results_eq($$SELECT position, r FROM sealed_record WHERE name = 'voucher_line' ORDER BY position, split_part(r, E'\t', 3)::integer$$, $$
	SELECT s.position, concat_ws(E'\t', 'voucher_line', l.voucher_id, l.line_no, a.code, l.day, l.side, n.code, q.code, coalesce(t.code, ''), '', '', u.code, trim_scale(l.amount),
		trim_scale(l.company_amount), trim_scale(l.quantity), coalesce(l.due_day::text, '\N'), l.summary, l.posting_rule_id, l.document_line_no)
	FROM erp.voucher_line l JOIN erp.voucher v USING (company_id, voucher_id) JOIN erp.seal s USING (company_id, document_id) JOIN erp.account a USING (company_id, account_id)
	JOIN erp.currency n USING (currency_id) JOIN erp.party q USING (company_id, party_id) JOIN erp.unit u USING (unit_id) LEFT JOIN erp.tax_code t USING (company_id, tax_code_id)
	WHERE l.company_id = pg_temp.company() ORDER BY s.position, l.line_no$$, 'lines of vouchers');
-- All hashes.
SELECT results_eq('SELECT position, hash FROM erp.seal WHERE company_id = pg_temp.company() ORDER BY 1',
	$$SELECT s.position, sha256(s.previous_hash || convert_to((SELECT string_agg(r || E'\n', '' ORDER BY n) FROM sealed_record c WHERE c.position = s.position), 'UTF8'))
	FROM erp.seal s WHERE company_id = pg_temp.company() ORDER BY 1$$, 'hashes');

-- What verify_chain() finds after a statement behind the guards, which is undone. The first row of a table, by its document.
CREATE FUNCTION pg_temp.found(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m record;
	found text;
BEGIN
	FOR m IN SELECT DISTINCT table_name FROM erp_private.guard_manifest() LOOP
		EXECUTE format('ALTER TABLE %s DISABLE TRIGGER ALL', m.table_name);
	END LOOP;
	EXECUTE p_statement;
	SELECT string_agg(concat_ws(' ', w.position, w.problem), ', ' ORDER BY w.number) INTO found
	FROM erp.verify_chain('SEALF') WITH ORDINALITY w ("position", document_id, problem, number);
	RAISE EXCEPTION USING ERRCODE = 'XX998', MESSAGE = coalesce(found, 'nothing');
EXCEPTION WHEN SQLSTATE 'XX998' THEN
	RETURN SQLERRM;
END
$$;
-- One row of each table, and where it is sealed. That a voucher has the id of its document is no longer held.
ALTER TABLE erp.voucher DROP CONSTRAINT voucher_of_document;
CREATE TEMP TABLE victim (name text, place tid, position bigint);
INSERT INTO victim
SELECT 'document', t.ctid, s.position FROM erp.document t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() AND key = 's'
UNION ALL SELECT 'voucher', t.ctid, s.position FROM erp.voucher t JOIN erp.seal s USING (company_id, document_id) JOIN erp.document d USING (company_id, document_id) WHERE t.company_id = pg_temp.company() AND d.key = 's'
UNION ALL SELECT * FROM (SELECT 'voucher_reversal', t.ctid, s.position FROM erp.voucher_reversal t JOIN erp.voucher v USING (company_id, voucher_id) JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company()) a
UNION ALL SELECT * FROM (SELECT 'voucher_line', t.ctid, s.position FROM erp.voucher_line t JOIN erp.voucher v USING (company_id, voucher_id) JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() ORDER BY t.voucher_id, t.line_no LIMIT 1) a
UNION ALL SELECT * FROM (SELECT 'open_item', t.ctid, s.position FROM erp.open_item t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() ORDER BY t.open_item_id LIMIT 1) a
UNION ALL SELECT * FROM (SELECT 'settlement', t.ctid, s.position FROM erp.settlement t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() ORDER BY t.settlement_id DESC LIMIT 1) a
UNION ALL SELECT * FROM (SELECT 'discount_tax', t.ctid, s.position FROM erp.discount_tax t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() LIMIT 1) a
UNION ALL SELECT * FROM (SELECT 'document_line', t.ctid, s.position FROM erp.document_line t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() ORDER BY t.document_id, t.line_no LIMIT 1) a
UNION ALL SELECT * FROM (SELECT 'document_link', t.ctid, s.position FROM erp.document_link t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() ORDER BY t.document_id, t.line_no LIMIT 1) a
UNION ALL SELECT * FROM (SELECT 'document_tax', t.ctid, s.position FROM erp.document_tax t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() LIMIT 1) a
UNION ALL SELECT 'document_pricing', t.ctid, s.position FROM erp.document_pricing t JOIN erp.seal s USING (company_id, document_id) JOIN erp.document d USING (company_id, document_id) WHERE t.company_id = pg_temp.company() AND d.key = 's'
UNION ALL SELECT * FROM (SELECT 'call_result', t.ctid, s.position FROM erp.call_result t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() ORDER BY t.document_id LIMIT 1) a
UNION ALL SELECT * FROM (SELECT 'warned_posting', t.ctid, s.position FROM erp.warned_posting t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() LIMIT 1) a
UNION ALL SELECT 'credit_warning', t.ctid, s.position FROM erp.credit_warning t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company()
UNION ALL SELECT 'approval', t.ctid, s.position FROM erp.approval t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company()
UNION ALL SELECT 'approval_step', t.ctid, s.position FROM erp.approval_step t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company()
UNION ALL SELECT 'approval_decision', t.ctid, s.position FROM erp.approval_decision t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() AND t.action = 'approve'
UNION ALL SELECT 'budget_warning', t.ctid, s.position FROM erp.budget_warning t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company()
UNION ALL SELECT 'draft_event', t.ctid, pg_temp.position_of('d') FROM erp.draft_event t WHERE t.company_id = pg_temp.company() AND t.to_state = 'posted'
UNION ALL SELECT * FROM (SELECT 'posting_evaluation', t.ctid, s.position FROM erp.posting_evaluation t JOIN erp.voucher v USING (company_id, voucher_id) JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() LIMIT 1) a
UNION ALL SELECT 'electronic_voucher', t.ctid, s.position FROM erp.electronic_voucher t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company()
UNION ALL SELECT 'generated_posting', t.ctid, s.position FROM erp.generated_posting t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company()
UNION ALL SELECT 'frozen_statement', t.ctid, s.position FROM erp.frozen_statement t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company()
UNION ALL SELECT 'electronic_voucher_event', t.ctid, s.position FROM erp.electronic_voucher_event t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() AND t.event = 'booked'
UNION ALL SELECT * FROM (SELECT 'assigned_number', t.ctid, s.position FROM erp.assigned_number t JOIN erp.seal s ON s.company_id = t.company_id AND s.document_id = t.assigning_document_id WHERE t.company_id = pg_temp.company() AND t.document_id <> t.assigning_document_id ORDER BY t.number DESC LIMIT 1) a
UNION ALL SELECT * FROM (SELECT 'stock_move', t.ctid, s.position FROM erp.stock_move t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() ORDER BY t.move_id LIMIT 1) a
UNION ALL SELECT 'expired_issue', t.ctid, s.position FROM erp.expired_issue t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company()
UNION ALL SELECT 'item_costing', t.ctid, s.position FROM erp.item_costing t JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company()
UNION ALL SELECT * FROM (SELECT 'cost_entry', t.ctid, s.position FROM erp.cost_entry t JOIN erp.voucher v USING (company_id, voucher_id) JOIN erp.seal s USING (company_id, document_id) WHERE t.company_id = pg_temp.company() AND t.cause = 'replay' ORDER BY t.entry_no LIMIT 1) a;
SELECT is((SELECT string_agg(name, ' ' ORDER BY name COLLATE "C") FROM victim), (SELECT string_agg(name, ' ' ORDER BY name COLLATE "C") FROM fact), 'a row of every table');
-- Every column of every table of facts.
CREATE FUNCTION pg_temp.other_value(p_type regtype, p_column text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN p_column = 'origin' THEN '''transfer'''
		WHEN p_column = 'side' THEN 'CASE side WHEN ''debit'' THEN ''credit'' ELSE ''debit'' END'
		WHEN p_column = 'allowed_by' THEN '''line'''
		WHEN p_column = 'signed_as' THEN '''delegate'''
		WHEN p_column = 'link' THEN 'CASE link WHEN ''bills'' THEN ''fulfils'' ELSE ''bills'' END'
		WHEN p_column = 'module' THEN '''stock'''
		WHEN p_column = 'tax_rounding' THEN '''document'''
		WHEN p_column = 'cash_rounding_method' THEN '''down'''
		WHEN p_column = 'costing_method' THEN '''standard'''
		WHEN p_column = 'cause' THEN '''landed'''
		WHEN p_column = 'description' THEN 'coalesce(description, '''') || ''x'''
		WHEN p_type::text = 'boolean' THEN 'NOT ' || p_column
		WHEN p_type::text = 'smallint' THEN p_column || ' + 1'
		WHEN p_type::text IN ('integer', 'bigint') THEN p_column || ' + 100000'
		WHEN p_type::text = 'numeric' THEN format('coalesce(%s, 0) + 0.0001', p_column)
		WHEN p_type::text = 'date' THEN format('coalesce(%s, ''2009-01-01'') + 1', p_column)
		WHEN p_type::text LIKE 'time%' THEN p_column || ' + interval ''1 microsecond'''
		WHEN p_type::text = 'bytea' THEN '''\x00'''
		WHEN p_type::text = 'xid8' THEN '''1'''
		WHEN p_type::text = 'jsonb' THEN 'jsonb_build_array(' || p_column || ')'
		ELSE p_column || ' || ''x''' END
$$;
CREATE TEMP TABLE altered AS
SELECT v.name, a.attname::text AS column_name, v.position, pg_temp.found(format('UPDATE erp.%I SET %I = %s WHERE ctid = %L', v.name, a.attname, pg_temp.other_value(a.atttypid, a.attname), v.place)) AS found
FROM victim v JOIN pg_attribute a ON a.attrelid = ('erp.' || v.name)::regclass AND a.attnum > 0 AND NOT a.attisdropped;
SELECT is((SELECT string_agg(name || '.' || column_name, ' ' ORDER BY name COLLATE "C", column_name COLLATE "C") FROM altered WHERE found = 'nothing'),
	'document.state document.transaction_id', 'every column is covered but the ids of transactions and the state of a document');
SELECT is_empty($$SELECT name, column_name, found FROM altered WHERE found <> 'nothing' AND found <> position || CASE WHEN (name, column_name) = ('document', 'company_id') THEN ' missing document'
	WHEN (name, column_name) = ('document', 'document_id') THEN ' missing document, not sealed'
	WHEN (name, column_name) = ('assigned_number', 'assigning_document_id') THEN ' altered content, number given by no document' ELSE ' altered content' END$$, 'each is found at the position of its document, and nowhere else');
-- Rows that are missing, and rows that were put in; a voucher where a document had none.
CREATE TEMP TABLE unposted AS SELECT s.document_id, s.position FROM erp.seal s
	WHERE s.company_id = pg_temp.company() AND NOT EXISTS (SELECT FROM erp.voucher v WHERE v.company_id = s.company_id AND v.voucher_id = s.document_id) ORDER BY s.position LIMIT 1;
SELECT is_empty($$SELECT v.name, f FROM victim v, LATERAL pg_temp.found(format('DELETE FROM erp.%I WHERE ctid = %L', v.name, v.place)) f
	WHERE f <> v.position || CASE v.name WHEN 'document' THEN ' missing document' ELSE ' altered content' END$$, 'a row that is missing is found');
SELECT is_empty($$SELECT c.name, f FROM (VALUES ('voucher_line', '{"line_no": 77}'), ('open_item', '{"open_item_id": 7777777, "line_no": 77}'), ('settlement', '{"settlement_id": 7777777}'), ('discount_tax', '{"settlement_id": 7777777}'),
		('document_line', '{"line_no": 77}'), ('document_link', '{"line_no": 77}'), ('document_tax', '{"tax_code_id": 77}'), ('warned_posting', '{"module": "stock"}'), ('credit_warning', '{"party_id": 7777777}'), ('budget_warning', '{"month": "2009-05-01"}'),
		('stock_move', '{"move_id": 7777777, "line_no": 77}'), ('cost_entry', '{"entry_no": 77}'), ('item_costing', '{"item_id": 7777777}'), ('expired_issue', '{"line_no": 77}'), ('assigned_number', '{"number": 77, "voucher_id": 7777777}'),
		('electronic_voucher', '{"electronic_voucher_id": 7777777, "number": "2", "content_hash": "\\x02"}'), ('electronic_voucher_event', '{"event_no": 77}'), ('generated_posting', '{"attempt": 77, "voucher_key": "other"}'), ('frozen_statement', '{"statement_no": 77}'), ('approval', '{"approval_id": 7777777, "round": 77}'), ('approval_step', '{"step_no": 77, "rank": 77}'), ('approval_decision', '{"decision_no": 77}')) c (name, change)
	JOIN victim v USING (name), LATERAL pg_temp.found(format('INSERT INTO erp.%1$I SELECT (jsonb_populate_record(t, %2$L)).* FROM erp.%1$I t WHERE ctid = %3$L', c.name, c.change, v.place)) f
	WHERE f <> v.position || ' altered content'
	UNION ALL SELECT 'voucher', f FROM unposted u, LATERAL pg_temp.found(format('INSERT INTO erp.voucher SELECT company_id, 0, %1$s, %1$s, day, period_id, summary FROM erp.voucher WHERE company_id = pg_temp.company() LIMIT 1', u.document_id)) f
	WHERE f <> u.position || ' altered content'$$, 'a row that was put in is found');
SELECT is(pg_temp.found(format('INSERT INTO erp.cost_entry SELECT company_id, move_id, 0, voucher_id, 77, 1, 2, ''issue'', -1, -1 FROM erp.cost_entry WHERE ctid = %L', (SELECT place FROM victim WHERE name = 'cost_entry'))),
	pg_temp.position_of('s') || ' altered content', 'so is a cost that says to be of the move''s own document');
-- Numbers: those that documents took themselves, and those that nothing gave.
SELECT is(pg_temp.found(format(s, pg_temp.company(), 'document_id = assigning_document_id AND number = 1')), concat_ws(' ', (SELECT pg_temp.position_of('s') WHERE s NOT LIKE '%7777777%'), f), w) FROM (VALUES
	('another number of an invoice', 'UPDATE erp.assigned_number SET number = 9 WHERE company_id = %s AND %s', 'altered content'),
	('the number of an invoice gone', 'DELETE FROM erp.assigned_number WHERE company_id = %s AND %s', 'altered content'),
	('one that an invoice is said to have taken', 'INSERT INTO erp.assigned_number SELECT company_id, series_id, scope_value, 9, document_id, 7, document_id FROM erp.assigned_number WHERE company_id = %s AND %s', 'altered content'),
	('one that nothing gave', 'INSERT INTO erp.assigned_number SELECT company_id, series_id, scope_value, 9, document_id, 7, 7777777 FROM erp.assigned_number WHERE company_id = %s AND %s', 'number given by no document')) a (w, s, f);
-- A column that is made anew, as its owner can without touching a row.
SELECT is(pg_temp.found('ALTER TABLE erp.stock_move ALTER COLUMN entered_quantity TYPE numeric(18,6) USING entered_quantity + 1'),
	(SELECT string_agg(p || ' altered content', ', ' ORDER BY p) FROM (SELECT DISTINCT position FROM sealed_record WHERE name = 'stock_move') r (p)), 'a column of quantities rewritten');
SELECT is(pg_temp.found('ALTER TABLE erp.document_line ALTER COLUMN description TYPE text USING ''x'''),
	(SELECT string_agg(p || ' altered content', ', ' ORDER BY p) FROM (SELECT DISTINCT position FROM sealed_record WHERE name = 'document_line') r (p)), 'a column of descriptions rewritten');

-- As known at a position.
SELECT results_eq('SELECT document_key, open_amount FROM before ORDER BY 1', $$VALUES ('p', -20.00), ('r', -30.00), ('s', 20.70), ('w', 100.00)$$, 'what was open then');
SELECT results_eq($$SELECT * FROM erp.open_items_as_known('SEALF', NULL, (SELECT position FROM head)) UNION ALL SELECT NULL, NULL, item_code, NULL, NULL, NULL, NULL, NULL, NULL, quantity, unit_cost, value, NULL, NULL, NULL, NULL
		FROM erp.stock_as_known('SEALF', NULL, (SELECT position FROM head))$$,
	'SELECT * FROM before UNION ALL SELECT NULL, NULL, item_code, NULL, NULL, NULL, NULL, NULL, NULL, quantity, unit_cost, value, NULL, NULL, NULL, NULL FROM stock_before', 'is known for ever, and so is the stock');
SELECT results_eq($$SELECT document_key, settled, open_amount FROM erp.open_items_as_known('SEALF', NULL, (SELECT h.position FROM erp.seal_head('SEALF') h)) WHERE document_key IN ('s', 'p')$$,
	$$VALUES ('s', 22.30, 0.70)$$, 'a settlement without a voucher is known with its document');
SELECT results_eq($$SELECT item_code, quantity, value FROM stock_before UNION ALL SELECT item_code, quantity, value FROM erp.stock_as_known('SEALF', NULL, (SELECT h.position FROM erp.seal_head('SEALF') h))$$,
	$$VALUES ('F', 6.000000, 18.00), ('F', 8.000000, 24.00)$$, 'the stock as it was known, 6 at 3, and as it is: 12 received for 50, 4 sold for 26');
SELECT results_eq($$SELECT item_code, quantity, unit_cost, value FROM erp.stock_as_known('SEALF', '2009-02-05', (SELECT h.position FROM erp.seal_head('SEALF') h))$$,
	$$SELECT item_code, quantity, unit_cost, value FROM erp.stock_valuation('SEALF', '2009-02-05')$$, 'as of a day it is what the valuation says');
-- 3 F of the 8 at 3 become 1 A.
\o /dev/null
SELECT erp.post_document('SEALF', '{"key": "made", "kind": "assembly", "day": "2009-02-21", "lines": [{"item": "F", "quantity": 3}, {"role": "product", "item": "A", "quantity": 1}]}');
CALL pg_temp.seal();
\o
SELECT results_eq($$SELECT item_code, quantity, value FROM erp.stock_as_known('SEALF', NULL, (SELECT h.position FROM erp.seal_head('SEALF') h))$$,
	$$VALUES ('A', 1.000000, 9.00), ('F', 5.000000, 15.00)$$, 'what is made of others is known with its value');
-- 4 A are borrowed, and 1 goes back, which is known later; then that is taken back.
\o /dev/null
SELECT erp.post_document('SEALF', '{"key": "borrowed", "kind": "borrowing", "day": "2009-02-22", "party": "S1", "lines": [{"item": "A", "quantity": 4}]}');
CALL pg_temp.seal();
CREATE TEMP TABLE loan_head AS SELECT 1 AS no, h.position FROM erp.seal_head('SEALF') h;
SELECT erp.post_document('SEALF', '{"key": "back", "kind": "borrowing_return", "day": "2009-02-22", "party": "S1", "lines": [{"item": "A", "quantity": 1, "origin": {"key": "borrowed", "line": 1}}]}');
CALL pg_temp.seal();
INSERT INTO loan_head SELECT 2, h.position FROM erp.seal_head('SEALF') h;
SELECT trial.reverse('SEALF', 'not back', 'back', '2009-02-23');
CALL pg_temp.seal();
INSERT INTO loan_head SELECT 3, h.position FROM erp.seal_head('SEALF') h;
\o
SELECT results_eq($$SELECT h.no, d.day, trim_scale(l.returned)::integer, trim_scale(l.open_quantity)::integer FROM loan_head h, (VALUES ('2009-02-22'::date), (NULL)) d (day), LATERAL erp.loans_as_known('SEALF', d.day, h.position) l ORDER BY h.no, d.day$$,
	$$VALUES (1, '2009-02-22'::date, 0, 4), (1, NULL, 0, 4), (2, '2009-02-22', 1, 3), (2, NULL, 1, 3), (3, '2009-02-22', 1, 3), (3, NULL, 0, 4)$$, 'what is borrowed, as it was known and as of a day');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken');
SELECT * FROM finish();
\o /dev/null
DROP SCHEMA trial CASCADE;
