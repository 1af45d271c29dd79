\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Facts are insert-only, and only the engine inserts them: every statement, as owner and as superuser,
-- with session_replication_role origin and replica, on tables that hold rows.
\o /dev/null
SELECT trial.make_company('FACT');
SELECT trial.receive('FACT', 'r', '2009-01-05', 'F', 10, 100);
SELECT erp.put_posting_rules('FACT', 'when', '[{"kind": "sales_invoice", "line_role": "document", "amount_role": "tax", "side": "credit", "account": "2200", "entry": 2, "when": "1 = 1"}]');
SELECT trial.sell('FACT', 's', '2009-01-06', 'F', 1, 20, '{"tax_code": "VAT", "tax_rounding": "line"}');
SELECT erp.post_document('FACT', '{"key": "c", "kind": "credit_note", "day": "2009-01-25", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 20, "origin": {"key": "s", "line": 1}}]}');
SELECT trial.reverse('FACT', 'u', 'c', '2009-01-26');
SELECT erp.receive_electronic_vouchers('FACT', 'received', json_build_array(json_build_object('kind', 'vat_invoice', 'issuer', 'I', 'number', '1', 'day', '2009-01-05', 'amount', 20,
	'content_type', 'xml', 'content_hash', encode(sha256('1'), 'hex'))));
SELECT erp.verify_electronic_vouchers('FACT', 'verified', '[{"kind": "vat_invoice", "issuer": "I", "number": "1", "valid": true, "verified_by": "V"}]');
SELECT erp.put_posting_rules('FACT', 'discounts', '[{"kind": "settlement", "line_role": "discount", "amount_role": "amount", "side": "debit", "account": "6000"}, {"kind": "settlement", "line_role": "discount_tax", "amount_role": "amount", "side": "debit", "account": "2200"}]');
SELECT erp.put_tax_codes('FACT', 'reduces', '[{"code": "VAT", "name": "VAT", "rates": [], "discount_reduces_tax": true}]');
SELECT erp.settle('FACT', 'd', '{"day": "2009-01-26", "items": [{"key": "s", "discount": "2.30"}]}');
SELECT erp.put_approval_rules('FACT', 'approval', format('[{"code": "A", "kind": "other", "own": true, "steps": [{"signers": [{"person": %s}]}]}]', to_json(current_user::text))::json);
SELECT erp.submit_for_approval('FACT', 'submitted', '{"kind": "other", "subject": "A"}'), erp.approve('FACT', 'approved', '{"kind": "other", "subject": "A"}');
SELECT erp.put_budgets('FACT', 'budget', '[{"code": "B", "control": "warn", "span": "month", "lines": [{"account": "6000", "month": "2009-01", "amount": 0}]}]');
SELECT erp.post_document('FACT', '{"key": "over budget", "kind": "manual_voucher", "day": "2009-01-30", "lines": [{"account": "6000", "side": "debit", "amount": 9}, {"account": "1000", "side": "credit", "amount": 9}]}');
SELECT erp.assign_numbers('FACT');
SELECT erp.put_schedules('FACT', 'schedules', '[{"code": "S", "name": "S", "kind": "expense", "from_account": "1000", "to_account": "6000", "total": 1, "first_day": "2009-02-01", "months": 1}]'), erp.post_schedules('FACT', 'parts', '{"through": "2009-02-28"}'), erp.freeze_statement('FACT', 'frozen', '{"template": "en_profit", "last_day": "2009-01-31"}');
GRANT pg_read_server_files TO erp_owner;
CREATE TEMP TABLE fact (name text, may_change boolean);
-- A document's state may change, along its transitions; nothing else of these ever does.
INSERT INTO fact SELECT 'erp.' || t, t = 'document' FROM unnest('{document,document_line,document_link,document_tax,document_pricing,call_result,assigned_number,draft_event,approval,approval_step,approval_decision,voucher,voucher_line,voucher_reversal,seal,open_item,settlement,discount_tax,warned_posting,credit_warning,budget_warning,posting_evaluation,electronic_voucher,electronic_voucher_event,generated_posting,frozen_statement,stock_move,cost_entry,item_costing,expired_issue}'::text[]) t;
CREATE FUNCTION pg_temp.attack(p_role text, p_replica boolean, p_name text, p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text;
	key text := (SELECT string_agg(format('%I = %I', attname, attname), ', ') FROM pg_attribute WHERE attrelid = p_name::regclass AND attnum = 1);
BEGIN
	IF p_replica THEN
		SET LOCAL session_replication_role = replica;
	END IF;
	IF p_role = 'erp_owner' THEN
		SET LOCAL ROLE erp_owner;
	END IF;
	EXECUTE replace(replace(p_statement, 'TABLE_NAME', p_name), 'KEY', key);
	RAISE EXCEPTION 'went through' USING ERRCODE = 'XX999';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN code;
END
$$;
CREATE TEMP TABLE statement (what text, statement text, codes text[]);
INSERT INTO statement VALUES
	('UPDATE', 'UPDATE TABLE_NAME SET KEY', '{LE060,accepted}'),
	('UPDATE FROM', 'UPDATE TABLE_NAME SET company_id = s.company_id + 1 FROM erp.company s', '{LE060}'),
	('DELETE', 'DELETE FROM TABLE_NAME', '{LE060}'),
	('DELETE of nothing', 'DELETE FROM TABLE_NAME WHERE false', '{LE060}'),
	('DELETE in a WITH', 'WITH d AS (DELETE FROM TABLE_NAME RETURNING 1) SELECT count(*) FROM d', '{LE060}'),
	('TRUNCATE', 'TRUNCATE TABLE_NAME CASCADE', '{LE060}'),
	('TRUNCATE of the company', 'TRUNCATE erp.company CASCADE', '{LE060}'),
	('INSERT', 'INSERT INTO TABLE_NAME SELECT * FROM TABLE_NAME LIMIT 1', '{LE061}'),
	('INSERT of nothing', 'INSERT INTO TABLE_NAME SELECT * FROM TABLE_NAME LIMIT 0', '{LE061}'),
	('INSERT ON CONFLICT DO NOTHING', 'INSERT INTO TABLE_NAME SELECT * FROM TABLE_NAME ON CONFLICT DO NOTHING', '{LE061}'),
	('COPY', 'COPY TABLE_NAME FROM ''/dev/null''', '{LE061}'),
	('MERGE that inserts', 'MERGE INTO TABLE_NAME USING (SELECT 1 AS one) s ON false WHEN NOT MATCHED THEN INSERT (company_id) VALUES (1)', '{LE061}'),
	('MERGE that deletes', 'MERGE INTO TABLE_NAME USING (SELECT 1 AS one) s ON true WHEN MATCHED THEN DELETE', '{LE060}'),
	('MERGE that updates', 'MERGE INTO TABLE_NAME USING (SELECT 1 AS one) s ON true WHEN MATCHED THEN UPDATE SET company_id = 77', '{LE060}');
\o
SELECT plan(6 + 3 * 30 * 14);
SELECT is_empty($$SELECT name FROM fact EXCEPT SELECT table_name FROM erp_private.guard_manifest() WHERE trigger_name = 'guard_insert'$$, 'all fact tables are in the manifest');
SELECT is_empty($$SELECT table_name FROM erp_private.guard_manifest() WHERE trigger_name = 'guard_insert' EXCEPT SELECT name FROM fact$$, 'and no other is left out of this test');
SELECT is((SELECT string_agg(DISTINCT tgenabled::text, '') FROM pg_trigger WHERE tgname LIKE 'guard%' AND NOT tgisinternal), 'A', 'every guard fires always');
SELECT CASE WHEN got = ANY (s.codes) THEN pass(w) WHEN f.may_change AND s.what LIKE '%UPDATE%' AND got IN ('XX999', 'LE060', 'LE070') AND s.what = 'UPDATE' THEN pass(w)
	ELSE fail(w || ': got ' || got) END
FROM (VALUES ('superuser', false), ('superuser', true), ('erp_owner', false)) r (role, replica), fact f, statement s,
	LATERAL pg_temp.attack(r.role, r.replica, f.name, s.statement) got,
	LATERAL (SELECT concat_ws(' ', r.role, CASE WHEN r.replica THEN 'as replica' END, f.name, s.what)) n (w);

-- The header of a posted document: its state has nowhere to go, the rest never changes.
SELECT ok(pg_temp.attack('erp_owner', false, 'erp.document', format('UPDATE TABLE_NAME SET %s WHERE key = ''s''', s)) IN ('LE060', 'LE070'), s)
FROM unnest(ARRAY['description = ''x''', 'state = ''draft''']) s;
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'after all this the books are whole');
SELECT * FROM finish();
ROLLBACK;
