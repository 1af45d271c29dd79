\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What master data that is used may still become; whose keys are whose; and that a refusal says where and what.
SELECT plan(20 + 3 * 14 + 3);
\o /dev/null
SELECT trial.make_company('USED');
SELECT erp.post_document('USED', '{"key": "mv", "kind": "manual_voucher", "day": "2009-01-11", "lines": [
	{"account": "6000", "side": "debit", "amount": 12.5}, {"account": "1000", "side": "credit", "amount": 12.5}]}');
SELECT erp.put_accounts('USED', 'new', '[{"code": "6999", "name": "New", "class": "expense", "side": "debit"}]');
\o
-- SQLSTATE and DETAIL.
CREATE FUNCTION pg_temp.refusal(p_query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text;
	detail text;
BEGIN
	EXECUTE p_query;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL;
	RETURN code || ' ' || detail;
END
$$;
CREATE FUNCTION pg_temp.account(p_code text, p_more text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.refusal(format('SELECT erp.put_accounts(''USED'', %L, %L)', 'put ' || clock_timestamp(),
		jsonb_build_array(jsonb_build_object('code', p_code, 'name', 'Account', 'class', 'expense', 'side', 'debit') || p_more::jsonb)))
$$;

SELECT is(trial.balance('USED', '6000'), 12.5, '12.50 were spent');
SELECT is(pg_temp.account('6000', '{"postable": false}'), 'LE140 It has voucher lines.', 'an account with lines does not become a heading');
SELECT is(pg_temp.account('6000', '{"postable": true}'), 'accepted', 'to stay a leaf is no change');
SELECT is(pg_temp.account('6999', '{"postable": false}'), 'accepted', 'an account without lines may');
SELECT is(pg_temp.account('6999', '{"postable": true}'), 'accepted', 'and back');
SELECT is(pg_temp.account('6000', '{"active": false}'), 'accepted', 'one with lines may be put out of use');
SELECT throws_ok($$SELECT erp.post_document('USED', '{"key": "mv2", "kind": "manual_voucher", "day": "2009-01-12", "lines": [
	{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]}')$$, 'LE042', NULL, 'then takes nothing new');
SELECT lives_ok($$SELECT trial.reverse('USED', 'undo mv', 'mv', '2009-01-20')$$, 'but what it took is taken back there');
SELECT is(trial.balance('USED', '6000'), 0::numeric, 'so that nothing is left of it');

-- Keys.
SELECT is(pg_temp.refusal($$SELECT erp.put_parties('USED', 'erp:adjustment:101:0', '[]')$$), 'LE011 At key, value "erp:adjustment:101:0".', 'the engine''s keys are its own');
SELECT is(pg_temp.refusal($$SELECT erp.put_parties('USED', 'erp', '[]')$$), 'accepted', 'those that only look like them are free');
SELECT is(pg_temp.refusal($$SELECT erp.put_parties('USED', '', '[]')$$), 'LE011 At key, value "".', 'an empty key');
SELECT is(pg_temp.refusal($$SELECT erp.put_parties('USED', repeat('é', 201), '[]')$$), format('LE011 At key, value "%s".', repeat('é', 100)), 'a key of 201 characters');
SELECT is(pg_temp.refusal($$SELECT erp.put_parties('USED', NULL, '[]')$$), 'LE011 At key.', 'no key');
SELECT is(pg_temp.refusal($$SELECT erp.put_parties('USED', 'mv', '[]')$$), 'LE020 At key, value "mv".', 'a call under the key of a document');
SELECT is(pg_temp.refusal($$SELECT erp.post_document('USED', '{"key": "mv", "kind": "manual_voucher", "day": "2009-01-11", "lines": [
	{"account": "1010", "side": "debit", "amount": 13}, {"account": "1000", "side": "credit", "amount": 13}]}')$$), 'LE020 Document "mv", field "key", value "mv".', 'another document under it');

-- Companies.
SELECT is(pg_temp.refusal($$SELECT erp.post_document('NOBODY', '{}')$$), 'LE012 At company, value "NOBODY".', 'a posting into no company');
SELECT is(pg_temp.refusal($$SELECT erp.put_parties('NOBODY', 'k', '[]')$$), 'LE012 At company, value "NOBODY".', 'a call for none');
SELECT is(pg_temp.refusal($$SELECT erp.post_document(NULL, '{}')$$), 'LE011 At company.', 'no company given');

-- Direct statements, by owner and superuser, with the triggers of a replica too: what is used stays, the rest may change.
\o /dev/null
SELECT trial.receive('USED', 'r', '2009-01-12', 'F', 10, 100);
SELECT erp.put_dimensions('USED', 'dimensions', '[{"code": "DEP", "name": "Department"}]');
SELECT erp.put_items('USED', 'unmoved', '[{"code": "UNMOVED", "name": "Unmoved", "kind": "stock", "method": "fifo"}]');
SELECT erp.put_currencies('USED', 'currency', '[{"code": "XTS", "name": "Unused", "decimals": 2}]');
SELECT trial.make_company('UNUSED');
\o
CREATE FUNCTION pg_temp.direct(p_role text, p_replica boolean, p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text;
BEGIN
	IF p_replica THEN
		SET LOCAL session_replication_role = replica;
	END IF;
	IF p_role = 'erp_owner' THEN
		SET LOCAL ROLE erp_owner;
	END IF;
	EXECUTE p_statement;
	RAISE EXCEPTION 'went through' USING ERRCODE = 'XX999';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN code;
END
$$;
SELECT is(pg_temp.direct(r.role, r.replica, format('UPDATE erp.%s WHERE %s', s.change, s.row)), s.code, concat_ws(' ', r.role, CASE WHEN r.replica THEN 'as replica' END, s.change, s.row))
FROM (VALUES ('superuser', false), ('superuser', true), ('erp_owner', false)) r (role, replica), (VALUES
	('item SET costing_method = ''moving_average''', 'code = ''F''', 'LE140'),
	('item SET cost_pool = ''warehouse''', 'code = ''F''', 'LE140'),
	('item SET kind = ''service'', costing_method = ''none''', 'code = ''F''', 'LE140'),
	('item SET unit_id = unit_id + 1', 'code = ''F''', 'LE140'),
	('item SET name = ''x'', active = false', 'code = ''F''', 'XX999'),
	('item SET costing_method = ''moving_average''', 'code = ''UNMOVED''', 'XX999'),
	('account SET control = ''receivable''', 'code = ''6000''', 'LE140'),
	('account SET class = ''asset''', 'code = ''6000''', 'LE140'),
	('account SET parent_account_id = account_id + 1', 'code = ''6000''', 'LE140'),
	('account SET control = ''open_items''', 'code = ''6999''', 'XX999'),
	('company SET currency_id = (SELECT currency_id FROM erp.currency c WHERE c.code = ''XTS'')', 'code = ''USED''', 'LE140'),
	('company SET currency_id = (SELECT currency_id FROM erp.currency c WHERE c.code = ''XTS'')', 'code = ''UNUSED''', 'XX999'),
	('dimension SET balancing = true', 'code = ''DEP''', 'LE140'),
	('currency SET decimals = 3', 'code = ''GBP''', 'LE140')) s (change, row, code);
SELECT is(pg_temp.direct('erp_owner', false, 'UPDATE erp.currency SET decimals = 3 WHERE code = ''XTS'''), 'XX999', 'a currency that nobody uses');
SELECT is(pg_temp.direct('erp_owner', false, 'WITH u AS (UPDATE erp.item SET costing_method = ''moving_average'' WHERE code = ''F'' RETURNING 1) SELECT count(*) FROM u'), 'LE140', 'in a WITH');
SELECT is(pg_temp.direct('erp_owner', false, 'MERGE INTO erp.item i USING (SELECT 1 AS one) s ON code = ''F'' WHEN MATCHED THEN UPDATE SET costing_method = ''moving_average'''), 'LE140', 'by MERGE');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'no law is broken');
SELECT * FROM finish();
ROLLBACK;
