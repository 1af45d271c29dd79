\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Whoever owns the machine can get behind the guards. Then the integrity check must say so, law by law.
SELECT plan(34);
\o /dev/null
SELECT trial.make_company('TAMPER');
SELECT trial.receive('TAMPER', 'r', '2009-01-05', 'F', 10, 100);
SELECT trial.receive('TAMPER', 'ra', '2009-01-05', 'A', 10, 100);
SELECT trial.sell('TAMPER', 's', '2009-01-06', 'F', 1, 20, '{"tax_code": "VAT"}');
SELECT trial.sell('TAMPER', 'sa', '2009-01-06', 'A', 1, 20);
SELECT erp.post_document('TAMPER', '{"key": "c", "kind": "credit_note", "day": "2009-01-25", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 20, "origin": {"key": "s", "line": 1}}]}');
SELECT trial.reverse('TAMPER', 'u', 'sa', '2009-01-26');
SELECT erp.assign_numbers('TAMPER');
SELECT erp.set_period_state('TAMPER', 'close', '{"period": "2009-03", "state": "closed"}');
-- What the check reports after a statement behind the guards, with the guards back in place; all undone.
CREATE FUNCTION pg_temp.reported(p_statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	found bigint;
	changed bigint;
	m record;
BEGIN
	BEGIN
		FOR m IN SELECT DISTINCT table_name FROM erp_private.guard_manifest() LOOP
			EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', m.table_name);
		END LOOP;
		EXECUTE p_statement;
		GET DIAGNOSTICS changed = ROW_COUNT;
		FOR m IN SELECT DISTINCT table_name, trigger_name FROM erp_private.guard_manifest() LOOP
			EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', m.table_name, m.trigger_name);
		END LOOP;
		SELECT count(*) INTO found FROM erp.check_integrity();
		RAISE EXCEPTION 'undo' USING ERRCODE = 'XX998';
	EXCEPTION WHEN SQLSTATE 'XX998' THEN
		NULL;
	END;
	RETURN CASE WHEN changed = 0 THEN -1 ELSE found END;
END
$$;
\o
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'before, nothing is reported');
SELECT is(pg_temp.reported('UPDATE erp.company SET name = name'), 0::bigint, 'nor after a change that is none');
SELECT cmp_ok(pg_temp.reported(s), '>', 0::bigint, w) FROM (VALUES
	('law 1: an amount changed', 'UPDATE erp.voucher_line SET amount = amount + 0.01 WHERE line_no = 1'),
	('law 1: a company amount changed', 'UPDATE erp.voucher_line SET company_amount = company_amount + 0.01 WHERE line_no = 1'),
	('law 1: a side changed', 'UPDATE erp.voucher_line SET side = CASE side WHEN ''debit'' THEN ''credit'' ELSE ''debit'' END WHERE line_no = 1'),
	('law 1: a line gone', 'DELETE FROM erp.voucher_line WHERE line_no = 2'),
	('law 1: a currency changed', 'UPDATE erp.voucher_line SET currency_id = (SELECT max(currency_id) FROM erp.currency) WHERE line_no = 1'),
	('law 2: the lines of a voucher gone', 'DELETE FROM erp.voucher_line WHERE voucher_id = (SELECT max(voucher_id) FROM erp.voucher)'),
	('law 2: a voucher gone, its lines left', 'DELETE FROM erp.voucher WHERE voucher_id = (SELECT max(voucher_id) FROM erp.voucher)'),
	('law 2: a line on another day than its voucher', 'UPDATE erp.voucher_line SET day = day + 1 WHERE line_no = 1'),
	('law 2: a move gone', 'DELETE FROM erp.stock_move WHERE move_id = (SELECT max(move_id) FROM erp.stock_move)'),
	('law 2: a move of another quantity', 'UPDATE erp.stock_move SET quantity = quantity * 2 WHERE move_id = (SELECT max(move_id) FROM erp.stock_move)'),
	('law 2: a move of another item', 'UPDATE erp.stock_move m SET item_id = (SELECT i.item_id FROM erp.item i WHERE i.code = ''FW'' AND i.company_id = m.company_id) WHERE move_id = (SELECT max(move_id) FROM erp.stock_move)'),
	('law 2: a move in another warehouse', 'UPDATE erp.stock_move m SET warehouse_id = (SELECT w.warehouse_id FROM erp.warehouse w WHERE w.code = ''NORTH'' AND w.company_id = m.company_id) WHERE move_id = (SELECT max(move_id) FROM erp.stock_move)'),
	('law 3: a cost changed', 'UPDATE erp.cost_entry SET amount = amount + 0.01 WHERE move_id = (SELECT min(move_id) FROM erp.cost_entry)'),
	('law 3: a cost gone', 'DELETE FROM erp.cost_entry WHERE move_id = (SELECT max(move_id) FROM erp.cost_entry)'),
	('law 3: a cost beside the ledger', 'INSERT INTO erp.cost_entry SELECT company_id, move_id, source_move_id, voucher_id, 99, inventory_line_no, counter_line_no, cause, quantity, 0.01 FROM erp.cost_entry LIMIT 1'),
	('law 3: inventory of the ledger moved by two lines', 'UPDATE erp.voucher_line l SET amount = amount + 1, company_amount = company_amount + 1 FROM erp.account a, erp.document d, erp.voucher v WHERE a.company_id = l.company_id AND a.account_id = l.account_id AND v.company_id = l.company_id AND v.voucher_id = l.voucher_id AND d.company_id = v.company_id AND d.document_id = v.document_id AND d.key = ''r'''),
	('law 3: quantity zero with a value', 'UPDATE erp_private.cost_pool SET value = value + 0.01'),
	('the kept pool is not that of the facts', 'UPDATE erp_private.cost_pool SET quantity = quantity + 1'),
	('the kept position is not that of the facts', 'UPDATE erp_private.stock_position SET on_hand = on_hand + 1'),
	('law 4: an open item changed', 'UPDATE erp.open_item SET amount = amount + 0.01 WHERE open_item_id = (SELECT max(open_item_id) FROM erp.open_item)'),
	('law 4: an open item gone', 'DELETE FROM erp.open_item WHERE open_item_id = (SELECT min(open_item_id) FROM erp.open_item)'),
	('law 4: an open item of another party', 'UPDATE erp.open_item o SET party_id = (SELECT p.party_id FROM erp.party p WHERE p.code = ''C3'' AND p.company_id = o.company_id) WHERE open_item_id = (SELECT max(open_item_id) FROM erp.open_item)'),
	('law 6: a voucher in a closed month', 'WITH v AS (UPDATE erp.voucher SET day = ''2009-03-10'' WHERE voucher_id = (SELECT max(voucher_id) FROM erp.voucher) RETURNING company_id, voucher_id) UPDATE erp.voucher_line l SET day = ''2009-03-10'' FROM v WHERE v.company_id = l.company_id AND v.voucher_id = l.voucher_id'),
	('law 7: a result without its call', 'DELETE FROM erp.call_result WHERE document_id = (SELECT max(document_id) FROM erp.call_result)'),
	('law 8: a number gone', 'DELETE FROM erp.assigned_number WHERE number = 1'),
	('law 8: a number skipped', 'UPDATE erp.assigned_number SET number = number + 10 WHERE number = (SELECT max(number) FROM erp.assigned_number)'),
	('law 8: a number of no voucher', 'UPDATE erp.assigned_number SET voucher_id = 999999 WHERE number = 1'),
	('law 9: a document line of another amount', 'UPDATE erp.document_line SET amount = amount + 0.01 WHERE line_no = 1 AND line_role = ''sale'''),
	('law 9: a tax that is not its rate of its base', 'UPDATE erp.document_tax SET tax_amount = tax_amount + 0.01'),
	('a FIFO cursor that is not that of the facts', 'UPDATE erp_private.cost_pool SET head_quantity = head_quantity - 0.5 WHERE head_quantity > 1'),
	('a cached balance that is not that of the facts', 'INSERT INTO erp_private.folded_balance SELECT company_id, account_id, day, currency_id, 0, 1, 0, 1, 0 FROM erp.voucher_line LIMIT 1; INSERT INTO erp_private.fold_cut SELECT company_id, pg_current_xact_id(), system_identifier FROM erp.company, pg_control_system() ON CONFLICT DO NOTHING')) v (w, s);
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'after all this is undone, nothing is reported');
SELECT * FROM finish();
ROLLBACK;
