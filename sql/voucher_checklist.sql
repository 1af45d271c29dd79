\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
-- What the rules for accounting software of China demand of vouchers: 财会〔2024〕12号 by its sections, and 令98号. A test for each demand.
-- Of 令98号 §52 the layout of printed books: printed_books.sql.
-- Only what is committed can be sealed and exported: this test leaves its company behind and comes last.
SELECT plan(41);
\o /dev/null
SELECT erp.create_company('CHECKLIST', 'company', '{"name": "Checklist", "currency": "CNY", "chart": "china_small_enterprise", "member_role": "erp_accountant"}');
SELECT erp.create_fiscal_year('CHECKLIST', 'year', '{"code": "2026", "first_day": "2026-01-01"}');
SELECT erp.put_exchange_rates('CHECKLIST', 'rate', '[{"from": "USD", "to": "CNY", "day": "2026-01-01", "rate": "7.1"}]');
SET ROLE erp_accountant;
SELECT erp.post_document('CHECKLIST', '{"key": "capital", "kind": "manual_voucher", "day": "2026-01-05", "currency": "USD", "description": "投入资本",
	"lines": [{"account": "1002", "side": "debit", "amount": 100}, {"account": "3001", "side": "credit", "amount": 100}]}');
SELECT erp.post_document('CHECKLIST', '{"key": "rent", "kind": "manual_voucher", "day": "2026-01-20", "lines": [{"account": "5602", "side": "debit", "amount": 30}, {"account": "1002", "side": "credit", "amount": 30}]}');
SELECT erp.assign_numbers('CHECKLIST');
RESET ROLE;
CREATE FUNCTION pg_temp.company() RETURNS integer LANGUAGE sql AS $$SELECT company_id FROM erp.company WHERE code = 'CHECKLIST'$$;
CREATE FUNCTION pg_temp.document(p_key text) RETURNS bigint LANGUAGE sql AS 'SELECT document_id FROM erp.document WHERE company_id = pg_temp.company() AND key = p_key';
CREATE FUNCTION pg_temp.voucher(p_key text) RETURNS bigint LANGUAGE sql AS 'SELECT voucher_id FROM erp.voucher WHERE company_id = pg_temp.company() AND document_id = pg_temp.document(p_key)';
-- What becomes of a statement as the accountant, as the owner of the tables, and as a superuser for whom ordinary triggers are silent.
CREATE FUNCTION pg_temp.tried(p_role text, p_statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	IF p_role = 'replica' THEN
		SET LOCAL session_replication_role = replica;
	ELSE
		EXECUTE format('SET LOCAL ROLE %I', p_role);
	END IF;
	EXECUTE p_statement;
	RAISE EXCEPTION 'went through' USING ERRCODE = 'XX999';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;
CREATE FUNCTION pg_temp.seen_by(p_role text, p_query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	seen text;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', p_role);
	EXECUTE p_query INTO seen;
	SET LOCAL ROLE NONE;
	RETURN seen;
END
$$;
CREATE TEMP TABLE attempt (what text, statement text);
INSERT INTO attempt VALUES
	('deleted', 'DELETE FROM erp.voucher WHERE voucher_id = %1$s'),
	('deleted', 'DELETE FROM erp.voucher_line WHERE voucher_id = %1$s'),
	('deleted', 'DELETE FROM erp.document WHERE document_id = %2$s'),
	('deleted', 'TRUNCATE erp.voucher_line'),
	('inserted between others', 'INSERT INTO erp.voucher (company_id, voucher_id, document_id, day, period_id, summary) SELECT company_id, 900000, document_id, day, period_id, summary FROM erp.voucher WHERE voucher_id = %1$s'),
	('inserted between others', 'INSERT INTO erp.voucher_line SELECT company_id, voucher_id, line_no + 9, account_id, day, side, currency_id, 0, 0, 0, 0, 0, 0, 0, NULL, amount, company_amount FROM erp.voucher_line WHERE voucher_id = %1$s'),
	('inserted between others', 'INSERT INTO erp.assigned_number SELECT company_id, series_id, scope_value, number + 9, document_id, voucher_id FROM erp.assigned_number WHERE voucher_id = %1$s'),
	('changed in its date', 'UPDATE erp.voucher SET day = day + 1 WHERE voucher_id = %1$s'),
	('changed in its date', 'UPDATE erp.voucher_line SET day = day + 1 WHERE voucher_id = %1$s'),
	('changed in its date', 'UPDATE erp.document SET posting_day = posting_day + 1 WHERE document_id = %2$s'),
	('changed in its currency', 'UPDATE erp.voucher_line SET currency_id = currency_id + 1 WHERE voucher_id = %1$s'),
	('changed in its currency', 'UPDATE erp.document SET currency_id = currency_id + 1 WHERE document_id = %2$s'),
	('changed in its rate', 'UPDATE erp.document SET rate = rate + 1 WHERE document_id = %2$s'),
	('changed in its amounts', 'UPDATE erp.voucher_line SET amount = amount + 1, company_amount = company_amount + 1 WHERE voucher_id = %1$s'),
	('changed in its accounts', 'UPDATE erp.voucher_line SET account_id = account_id + 1 WHERE voucher_id = %1$s'),
	('changed in its operator', 'UPDATE erp.document SET recorded_by = ''somebody'' WHERE document_id = %2$s'),
	('changed in its number', 'UPDATE erp.assigned_number SET number = number + 1 WHERE voucher_id = %1$s'),
	('changed in its word', 'UPDATE erp.voucher SET voucher_word_id = 0 WHERE voucher_id = %1$s'),
	('changed in its summary', 'UPDATE erp.voucher SET summary = ''x'' WHERE voucher_id = %1$s');
\o
SELECT ok(bool_and(c.code = ANY ('{42501,LE060,LE061,LE070}')), format('§21(3): a posted voucher cannot be %s', a.what) || coalesce(': ' || nullif(string_agg(r.role || ' ' || c.code, ', ') FILTER (WHERE c.code <> ALL ('{42501,LE060,LE061,LE070}')), ''), ''))
FROM attempt a, (VALUES ('erp_accountant'), ('erp_owner'), ('replica')) r (role), LATERAL pg_temp.tried(r.role, format(a.statement, pg_temp.voucher('capital'), pg_temp.document('capital'))) c (code)
GROUP BY a.what ORDER BY min(a.ctid);
SELECT results_eq($$SELECT account_code, debit, credit, currency_debit, currency_credit, recorded_by FROM erp.journal WHERE company = 'CHECKLIST' AND document_key = 'capital' ORDER BY line_no$$,
	$$VALUES ('1002', 710.00, 0.00, 100.00, 0.00, 'erp_accountant'::name), ('3001', 0.00, 710.00, 0.00, 100.00, 'erp_accountant')$$, '§21(3): and after all that it is what it was');

-- §21(3): what was posted wrong is corrected by vouchers, and 令98号 §51: these say of which.
\o /dev/null
SET ROLE erp_accountant;
SELECT erp.reverse_document('CHECKLIST', '{"key": "undo rent", "reverses": "rent", "day": "2026-02-03"}');
SELECT erp.post_document('CHECKLIST', '{"key": "more capital", "kind": "manual_voucher", "day": "2026-02-04", "corrects": "capital", "lines": [{"account": "1002", "side": "debit", "amount": 5}, {"account": "3001", "side": "credit", "amount": 5}]}');
SELECT erp.assign_numbers('CHECKLIST');
RESET ROLE;
\o
SELECT results_eq($$SELECT account_code, debit, credit, summary FROM erp.journal WHERE company = 'CHECKLIST' AND document_key = 'undo rent' ORDER BY line_no$$,
	$$VALUES ('5602', -30.00, 0.00, '注销1月20日记2号凭证'), ('1002', 0.00, -30.00, '注销1月20日记2号凭证')$$, '令98号 §51: a wrong voucher is cancelled in red, with the text 注销某月某日某号凭证');
SELECT results_eq($$SELECT account_code, debit, credit, summary FROM erp.journal WHERE company = 'CHECKLIST' AND document_key = 'more capital' ORDER BY line_no$$,
	$$VALUES ('1002', 5.00, 0.00, '订正1月5日记1号凭证'), ('3001', 0.00, 5.00, '订正1月5日记1号凭证')$$, '令98号 §51: a supplementary voucher has the text 订正某月某日某号凭证');
SELECT results_eq($$SELECT document_key, link, corrected_key, corrected_number FROM erp.correction_list WHERE company = 'CHECKLIST' ORDER BY document_key COLLATE "C"$$,
	$$VALUES ('more capital', 'corrects', 'capital', '2026-01/1'), ('undo rent', 'reverses', 'rent', '2026-01/2')$$, '§21(3): and each correction leads to what it corrects');
SELECT is(pg_temp.tried('erp_accountant', $$SELECT erp.reverse_document('CHECKLIST', '{"key": "again", "reverses": "rent", "day": "2026-02-05"}')$$), 'LE052', '§21(3): nothing is cancelled twice');
SELECT is(pg_temp.tried('erp_accountant', $$SELECT erp.post_document('CHECKLIST', '{"key": "odd", "kind": "manual_voucher", "day": "2026-02-05", "lines": [{"account": "5602", "side": "debit", "amount": 30}, {"account": "1002", "side": "credit", "amount": 29}]}')$$), 'LE040', '§21: a voucher whose debits are not its credits is not taken');
SELECT is(pg_temp.tried('erp_accountant', $$SELECT erp.post_document('CHECKLIST', '{"key": "odd", "kind": "manual_voucher", "day": "2026-02-05", "lines": [{"account": "9999", "side": "debit", "amount": 30}, {"account": "1002", "side": "credit", "amount": 30}]}')$$), 'LE012', '§21: nor one of an account that the chart does not have');
SELECT is(pg_temp.tried('erp_accountant', $$SELECT erp.post_document('CHECKLIST', '{"key": "odd", "kind": "manual_voucher", "day": "2026-02-30", "lines": [{"account": "5602", "side": "debit", "amount": 30}, {"account": "1002", "side": "credit", "amount": 30}]}')$$), 'LE011', '§21: nor one of a day that the calendar does not have');
SELECT results_eq($$SELECT voucher_word, scope, numbers, first_number, last_number, missing, doubled FROM erp.number_proof WHERE company = 'CHECKLIST' ORDER BY scope$$,
	$$VALUES ('记', '2026-01', 2::bigint, 1::bigint, 2::bigint, 0::bigint, 0::bigint), ('记', '2026-02', 2, 1, 2, 0, 0)$$, '§21: vouchers are numbered by word and month, none missing and none twice');

-- §17 to 20: electronic vouchers from outside.
CREATE FUNCTION pg_temp.electronic(p_number text) RETURNS text LANGUAGE sql AS $$
	SELECT format('[{"kind": "fiscal_receipt", "issuer": "11000000", "number": "%s", "day": "2026-01-19", "amount": 30, "content_type": "xbrl", "content_hash": "%s"}]', p_number, encode(sha256(convert_to(p_number, 'UTF8')), 'hex'))
$$;
SELECT ok(bool_and(pg_temp.tried('erp_accountant', format('SELECT erp.receive_electronic_vouchers(%L, %L, %L)', 'CHECKLIST', 'k', replace(pg_temp.electronic('1'), 'fiscal_receipt', k))) = 'XX999'), '§17: electronic vouchers of the kinds of the data standard are received')
FROM unnest('{vat_invoice,rail_ticket,air_itinerary,fiscal_receipt,non_tax_payment,treasury_payment,bank_receipt,bank_statement}'::text[]) k;
\o /dev/null
SET ROLE erp_accountant;
SELECT erp.receive_electronic_vouchers('CHECKLIST', 'electronic', pg_temp.electronic('1')::json);
RESET ROLE;
\o
SELECT is(pg_temp.tried('erp_accountant', format('SELECT erp.receive_electronic_vouchers(%L, %L, %L)', 'CHECKLIST', 'again', pg_temp.electronic('1'))), 'LE160', '§18: one that came twice is found');
SELECT is(pg_temp.tried('erp_accountant', $$SELECT erp.book_electronic_vouchers('CHECKLIST', 'book', '{"document": "more capital", "electronic_vouchers": [{"kind": "fiscal_receipt", "issuer": "11000000", "number": "1"}]}')$$), 'LE161', '§18: none is booked that was not verified');
\o /dev/null
SET ROLE erp_accountant;
SELECT erp.verify_electronic_vouchers('CHECKLIST', 'verified', '[{"kind": "fiscal_receipt", "issuer": "11000000", "number": "1", "valid": true, "verified_by": "treasury"}]');
SELECT erp.post_document('CHECKLIST', '{"key": "fee", "kind": "manual_voucher", "day": "2026-02-05", "lines": [{"account": "5602", "side": "debit", "amount": 30}, {"account": "1002", "side": "credit", "amount": 30}]}');
SELECT erp.book_electronic_vouchers('CHECKLIST', 'booked', '{"document": "fee", "electronic_vouchers": [{"kind": "fiscal_receipt", "issuer": "11000000", "number": "1"}]}');
SELECT erp.assign_numbers('CHECKLIST');
RESET ROLE;
\o
SELECT is(pg_temp.tried('erp_accountant', $$SELECT erp.book_electronic_vouchers('CHECKLIST', 'twice', '{"document": "more capital", "electronic_vouchers": [{"kind": "fiscal_receipt", "issuer": "11000000", "number": "1"}]}')$$), 'LE162', '§19: one is booked with one voucher');
SELECT is((SELECT state || ' ' || document_key || ' ' || voucher_number FROM erp.electronic_voucher_list WHERE company = 'CHECKLIST'), 'booked fee 2026-02/3', '§19: from the electronic voucher one gets to its voucher');
SELECT is(pg_temp.seen_by('erp_read', $$SELECT concat_ws(' ', d ->> 'period', d ->> 'voucher_word', d ->> 'voucher_number', d ->> 'recorded_by', d -> 'lines' -> 0 ->> 'account', d -> 'lines' -> 0 ->> 'amount') FROM erp.booking_data('CHECKLIST', 'fiscal_receipt', '11000000', '1') d$$),
	'2026-02 记 2026-02/3 erp_accountant 5602 30.00', '§20: how it was booked is given back as structured data');

-- §24: closed is closed.
\o /dev/null
SET ROLE erp_accountant;
SELECT erp.draft_voucher('CHECKLIST', 'draft', '{"attachments": 2, "document": {"key": "entered", "kind": "manual_voucher", "day": "2026-01-31", "lines": [{"account": "5602", "side": "debit", "amount": 7}, {"account": "1002", "side": "credit", "amount": 7}]}}');
RESET ROLE;
SELECT erp.review_draft('CHECKLIST', 'review', '{"draft": "entered"}');
\o
SELECT is(pg_temp.tried('erp_accountant', $$SELECT erp.set_period_state('CHECKLIST', 'too early', '{"period": "2026-01", "state": "closed"}')$$), 'LE105', '§24: no month closes while an entered voucher is not posted');
SELECT is((SELECT string_agg(to_state || ' by ' || happened_by || ', ' || attachments, '; ' ORDER BY event_no) FROM erp.draft_history WHERE company = 'CHECKLIST' AND draft_key = 'entered'),
	'drafted by erp_accountant, 2; reviewed by ' || current_user || ', 2', '§21: who approved what is on record');
\o /dev/null
SET ROLE erp_accountant;
SELECT erp.withdraw_draft('CHECKLIST', 'withdraw', '{"draft": "entered", "reason": "entered twice"}');
SELECT erp.set_period_state('CHECKLIST', 'close January', '{"period": "2026-01", "state": "closed"}');
RESET ROLE;
\o
SELECT is((SELECT state FROM erp.period_lock JOIN erp.company USING (company_id) JOIN erp.period p USING (company_id, period_id) WHERE company.code = 'CHECKLIST' AND p.code = '2026-01' AND module = 'general'), 'closed', '§24: then it closes');
SELECT is(pg_temp.tried('erp_accountant', $$SELECT erp.post_document('CHECKLIST', '{"key": "late", "kind": "manual_voucher", "day": "2026-01-31", "lines": [{"account": "5602", "side": "debit", "amount": 30}, {"account": "1002", "side": "credit", "amount": 30}]}')$$), 'LE030', '§24: no voucher lands in a month that is closed');
SELECT is(pg_temp.tried('erp_accountant', $$SELECT erp.set_period_state('CHECKLIST', 'reopen January', '{"period": "2026-01", "state": "open"}')$$), 'LE011', '§24: and none reopens without a reason');

-- §32: who did what, and when.
SELECT is_empty($$SELECT document_key FROM erp.document_list WHERE company = 'CHECKLIST' AND (recorded_by IS NULL OR recorded_at IS NULL OR recorded_at > clock_timestamp())$$, '§32: of every voucher and call it is known who made it, and when');
SELECT results_eq($$SELECT d.recorded_by::name, r.call, r.request ->> 'state' FROM erp.call_result r JOIN erp.document d USING (company_id, document_id) JOIN erp.company c USING (company_id) WHERE c.code = 'CHECKLIST' AND d.key = 'close January'$$,
	$$VALUES ('erp_accountant'::name, 'set_period_state', 'closed')$$, '§32: and what it asked for');
SELECT ok(pg_temp.tried('erp_owner', 'DELETE FROM erp.call_result') = 'LE060' AND pg_temp.tried('replica', 'UPDATE erp.call_result SET request = ''{}''') = 'LE060', '§32: this log is not changed either');

-- §36: only who may.
SELECT is(pg_temp.tried('erp_read', $$SELECT erp.post_document('CHECKLIST', '{"key": "no", "kind": "manual_voucher", "day": "2026-02-05", "lines": []}')$$), '42501', '§36: who only reads posts nothing');
SELECT is(pg_temp.tried('erp_sales', $$SELECT erp.post_document('CHECKLIST', '{"key": "no", "kind": "manual_voucher", "day": "2026-02-05", "lines": [{"account": "5602", "side": "debit", "amount": 30}, {"account": "1002", "side": "credit", "amount": 30}]}')$$), 'LE003', '§36: who is no accountant of the company posts no voucher');

-- §28, §41: the archive, exported by who reads, whatever is closed.
\o /dev/null
SELECT erp.set_hard_lock('CHECKLIST', 'lock', '{"day": "2026-01-31", "reason": "filed"}');
CREATE FUNCTION pg_temp.documents() RETURNS text LANGUAGE sql AS $$SELECT count(*)::text FROM erp.document WHERE company_id = pg_temp.company()$$;
-- Autovacuum may have a transaction of its own for a moment.
DO $$
BEGIN
	WHILE EXISTS (SELECT FROM erp.document d WHERE d.company_id = pg_temp.company() AND d.transaction_id >= pg_snapshot_xmin(pg_current_snapshot())) LOOP
		COMMIT;
		PERFORM pg_sleep(0.01);
	END LOOP;
END
$$;
SELECT erp.seal_documents('CHECKLIST');
\o
SELECT is(pg_temp.seen_by('erp_read', $$SELECT count(*) FROM erp.export_journal('CHECKLIST')$$), pg_temp.documents(), '§41: who reads exports every voucher, of closed months too');
SELECT is(pg_temp.seen_by('erp_read', $$SELECT string_agg(c.relname, ', ') FROM pg_class c WHERE c.relnamespace = 'erp'::regnamespace AND c.relkind IN ('r', 'v', 'p') AND NOT has_table_privilege(c.oid, 'SELECT')$$), NULL, '§41: and every table and view');
SELECT is(pg_temp.seen_by('erp_read', $$SELECT count(*) FROM erp.export_journal('CHECKLIST') e JOIN erp.seal s ON s.position = (e::json ->> 'position')::bigint AND s.company_id = (SELECT c.company_id FROM erp.company c WHERE c.code = 'CHECKLIST')
	WHERE s.hash = sha256(s.previous_hash || convert_to(e::json ->> 'content', 'UTF8'))$$), pg_temp.documents(), '§28: what was exported proves itself by its hashes');
-- Behind the guards: found.
CREATE FUNCTION pg_temp.found(p_statement text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	found boolean;
BEGIN
	ALTER TABLE erp.voucher_line DISABLE TRIGGER USER;
	EXECUTE p_statement;
	ALTER TABLE erp.voucher_line ENABLE ALWAYS TRIGGER guard_insert;
	ALTER TABLE erp.voucher_line ENABLE ALWAYS TRIGGER guard_change;
	ALTER TABLE erp.voucher_line ENABLE ALWAYS TRIGGER guard_truncate;
	SELECT EXISTS (SELECT FROM erp.verify_chain('CHECKLIST')) INTO found;
	RAISE EXCEPTION 'undo' USING ERRCODE = 'XX998';
EXCEPTION WHEN SQLSTATE 'XX998' THEN
	RETURN found;
END
$$;
SELECT ok(pg_temp.found(format('UPDATE erp.voucher_line SET account_id = account_id + 1 WHERE voucher_id = %s', pg_temp.voucher('capital'))), '§36: what a superuser alters behind the guards is found');
SELECT is_empty($$SELECT * FROM erp.check_integrity() WHERE company = 'CHECKLIST'$$, 'the books are whole');
SELECT * FROM finish();
