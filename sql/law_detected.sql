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
SELECT plan(60);
\o /dev/null
SELECT trial.make_company('TAMPER');
SELECT trial.receive('TAMPER', 'r', '2009-01-05', 'F', 10, 100);
SELECT trial.receive('TAMPER', 'ra', '2009-01-05', 'A', 10, 100);
SELECT trial.sell('TAMPER', 's', '2009-01-06', 'F', 1, 20, '{"tax_code": "VAT"}');
SELECT trial.sell('TAMPER', 'sa', '2009-01-06', 'A', 1, 20);
SELECT erp.post_document('TAMPER', '{"key": "c", "kind": "credit_note", "day": "2009-01-25", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 20, "origin": {"key": "s", "line": 1}}]}');
SELECT trial.reverse('TAMPER', 'u', 'sa', '2009-01-26');
SELECT erp.post_document('TAMPER', '{"key": "m", "kind": "manual_voucher", "day": "2009-01-04", "lines": [{"account": "5000", "side": "debit", "amount": 5}, {"account": "4000", "side": "credit", "amount": 5}, {"account": "5000", "side": "debit", "amount": 7}, {"account": "4000", "side": "credit", "amount": 7}]}');
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
	('law 10: the first entries of a manual voucher gone', 'DELETE FROM erp.voucher_line l USING erp.document d WHERE d.document_id = l.voucher_id AND d.kind = ''manual_voucher'' AND l.line_no < 3'),
	('law 10: a manual voucher gone', 'DELETE FROM erp.voucher v USING erp.document d WHERE d.document_id = v.voucher_id AND d.kind = ''manual_voucher''; DELETE FROM erp.voucher_line l USING erp.document d WHERE d.document_id = l.voucher_id AND d.kind = ''manual_voucher'''),
	('law 10: entries without their number', 'UPDATE erp.voucher_line l SET document_line_no = 0 FROM erp.document d WHERE d.document_id = l.voucher_id AND d.kind = ''manual_voucher'''),
	('law 10: entries of one number', 'UPDATE erp.voucher_line l SET document_line_no = 1 FROM erp.document d WHERE d.document_id = l.voucher_id AND d.kind = ''manual_voucher'''),
	('law 9: a document line of another amount', 'UPDATE erp.document_line SET amount = amount + 0.01 WHERE line_no = 1 AND line_role = ''sale'''),
	('law 9: a tax that is not its rate of its base', 'UPDATE erp.document_tax SET tax_amount = tax_amount + 0.01'),
	('a FIFO cursor that is not that of the facts', 'UPDATE erp_private.cost_pool SET head_quantity = head_quantity - 0.5 WHERE head_quantity > 1'),
	('a cached balance that is not that of the facts', 'INSERT INTO erp_private.balance_key SELECT company_id, 1, account_id, 0, 0, 0, currency_id FROM erp.voucher_line LIMIT 1; INSERT INTO erp_private.folded_balance SELECT company_id, 1, day, 0, 0, 0, 0, ARRAY[day], ''{1}'', ''{0}'', ''{1}'', ''{0}'' FROM erp.voucher_line LIMIT 1; INSERT INTO erp_private.fold_cut SELECT company_id, pg_current_xact_id(), system_identifier FROM erp.company, pg_control_system() ON CONFLICT DO NOTHING')) v (w, s);
-- One row per violation, and it names the fact: two bad facts are two rows, though they have all else in common.
\o /dev/null
SELECT erp.post_document('TAMPER', '{"key": "two", "kind": "goods_receipt", "day": "2009-02-01", "party": "S1",
	"lines": [{"item": "A", "quantity": 5, "amount": 50}, {"item": "A", "quantity": 5, "amount": 50}]}');
SELECT erp.post_document('TAMPER', '{"key": "sold", "kind": "sales_invoice", "day": "2009-02-02", "party": "C1",
	"lines": [{"item": "F", "quantity": 2, "price": 20}, {"item": "F", "quantity": 2, "price": 20}]}');
SELECT erp.post_document('TAMPER', '{"key": "back", "kind": "credit_note", "day": "2009-02-03", "party": "C1",
	"lines": [{"item": "F", "quantity": 1, "price": 20, "origin": {"key": "sold", "line": 1}},
		{"item": "F", "quantity": 1, "price": 20, "origin": {"key": "sold", "line": 2}}]}');
CREATE TEMP TABLE fact AS
	SELECT d.key, m.line_no, d.company_id, d.document_id, m.move_id, e.voucher_id
	FROM erp.document d
	JOIN erp.stock_move m USING (company_id, document_id)
	JOIN erp.cost_entry e USING (company_id, move_id)
	WHERE d.key IN ('two', 'sold', 'back');
CREATE FUNCTION pg_temp.d(p_key text) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT DISTINCT document_id FROM fact WHERE key = p_key';
CREATE FUNCTION pg_temp.m(p_key text, p_line integer) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT move_id FROM fact WHERE key = p_key AND line_no = p_line';
-- All rows of some checks after a statement behind the guards; all undone.
CREATE FUNCTION pg_temp.rows_of(p_checks text[], p_statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	found text[];
	m record;
BEGIN
	BEGIN
		FOR m IN SELECT DISTINCT table_name FROM erp_private.guard_manifest() LOOP
			EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', m.table_name);
		END LOOP;
		SET LOCAL session_replication_role = replica;
		EXECUTE p_statement;
		SELECT array_agg(format('%s %s: %s: %s', c.law, c.check_name, c.object, c.detail)) INTO found
		FROM erp.check_integrity() c WHERE c.check_name = ANY (p_checks) AND c.company = 'TAMPER';
		RAISE EXCEPTION 'undo' USING ERRCODE = 'XX998';
	EXCEPTION WHEN SQLSTATE 'XX998' THEN
		NULL;
	END;
	RETURN QUERY SELECT unnest(found);
END
$$;
-- What each of the two rows must be: D, M1, M2, V1, V2 stand for the ids of the document, its moves and their vouchers.
CREATE FUNCTION pg_temp.names_both(p_what text, p_key text, p_checks text[], p_statement text, p_rows text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	f record;
	wanted text := array_to_string(p_rows, E'\n');
	statement text := p_statement;
BEGIN
	FOR f IN SELECT * FROM fact WHERE key = p_key LOOP
		wanted := replace(replace(replace(wanted, '<D>', f.document_id::text), format('<M%s>', f.line_no), f.move_id::text), format('<V%s>', f.line_no), f.voucher_id::text);
		statement := replace(replace(replace(statement, '<D>', f.document_id::text), format('<M%s>', f.line_no), f.move_id::text), format('<V%s>', f.line_no), f.voucher_id::text);
	END LOOP;
	RETURN bag_eq(format('SELECT pg_temp.rows_of(%L, %L)', p_checks, statement), string_to_array(wanted, E'\n'), p_what);
END
$$;
\o
SELECT pg_temp.names_both(w, k, c, s, r) FROM (VALUES
	('two document lines with too many decimals', 'sold', '{document_amounts}'::text[],
		'UPDATE erp.document_line SET amount = amount + 0.001 WHERE document_id = <D>',
		ARRAY['9 document_amounts: document <D>, line 1: amount 40.001: more than the 2 decimals of GBP',
			'9 document_amounts: document <D>, line 2: amount 40.001: more than the 2 decimals of GBP']),
	('two costs of document lines with too many decimals', 'sold', '{document_amounts}',
		'UPDATE erp.document_line SET cost = 1.001 WHERE document_id = <D>',
		ARRAY['9 document_amounts: document <D>, line 1: cost 1.001: more than the 2 decimals of the company''s currency',
			'9 document_amounts: document <D>, line 2: cost 1.001: more than the 2 decimals of the company''s currency']),
	('only the one of them that is bad', 'sold', '{document_amounts}',
		'UPDATE erp.document_line SET amount = amount + 0.001 WHERE document_id = <D> AND line_no = 2',
		ARRAY['9 document_amounts: document <D>, line 2: amount 40.001: more than the 2 decimals of GBP']),
	('two document lines with an unknown tax code and unit', 'sold', '{document_references}',
		'UPDATE erp.document_line SET tax_code_id = 9001, unit_id = 9002 WHERE document_id = <D>',
		ARRAY['10 document_references: document <D>, line 1: has the unknown tax code 9001',
			'10 document_references: document <D>, line 1: has the unknown unit 9002',
			'10 document_references: document <D>, line 2: has the unknown tax code 9001',
			'10 document_references: document <D>, line 2: has the unknown unit 9002']),
	('two document lines with an unknown role', 'sold', '{document_references}',
		'UPDATE erp.document_line SET line_role = ''none'' WHERE document_id = <D>',
		ARRAY['10 document_references: document <D>, line 1: has the unknown role none',
			'10 document_references: document <D>, line 2: has the unknown role none']),
	('two document lines without a document', 'two', '{document_references}',
		'DELETE FROM erp.document WHERE document_id = <D>',
		ARRAY['10 document_references: document <D>, line 1: has no document',
			'10 document_references: document <D>, line 2: has no document']),
	('two document lines with an unknown account and dimension set', 'sold', '{voucher_references}',
		'UPDATE erp.document_line SET account_id = 999999, dimension_set_id = 9001 WHERE document_id = <D>',
		ARRAY['10 voucher_references: document <D>, line 1: has the unknown account 999999',
			'10 voucher_references: document <D>, line 1: has the unknown dimension set 9001',
			'10 voucher_references: document <D>, line 2: has the unknown account 999999',
			'10 voucher_references: document <D>, line 2: has the unknown dimension set 9001']),
	('a document with three vouchers, whose lines could be of any of them', 'sold', '{voucher_references}',
		'ALTER TABLE erp.voucher DROP CONSTRAINT voucher_of_document; INSERT INTO erp.voucher (company_id, voucher_id, document_id, day, period_id, summary) SELECT company_id, 900000 + g, document_id, day, period_id, summary FROM erp.voucher, generate_series(1, 2) g WHERE voucher_id = <V1>',
		ARRAY['10 voucher_references: document <D>: has more than one voucher', '10 voucher_references: voucher 900001: is not of its document: <D>',
			'10 voucher_references: voucher 900002: is not of its document: <D>']),
	('two document lines that name no voucher line', 'sold', '{voucher_references}',
		'UPDATE erp.document_line SET voucher_line_no = 99 WHERE document_id = <D>',
		ARRAY['10 voucher_references: document <D>, line 1: names a voucher line that does not exist: 99',
			'10 voucher_references: document <D>, line 2: names a voucher line that does not exist: 99']),
	('two document lines with an unknown item and warehouse', 'sold', '{stock_references}',
		'UPDATE erp.document_line SET item_id = 999999, warehouse_id = 999998 WHERE document_id = <D>; UPDATE erp.stock_move SET item_id = 999999 WHERE document_id = <D>',
		ARRAY['10 stock_references: document <D>, line 1: has the unknown item 999999',
			'10 stock_references: document <D>, line 1: has the unknown warehouse 999998',
			'10 stock_references: document <D>, line 2: has the unknown item 999999',
			'10 stock_references: document <D>, line 2: has the unknown warehouse 999998',
			'10 stock_references: move <M1>: has the unknown item 999999',
			'10 stock_references: move <M2>: has the unknown item 999999']),
	('two costs with too many decimals', 'sold', '{cost_amounts}',
		'UPDATE erp.cost_entry SET amount = amount - 0.001 WHERE move_id IN (<M1>, <M2>)',
		ARRAY['9 cost_amounts: move <M1>, entry 1: amount -20.001: more than the 2 decimals of the company''s currency',
			'9 cost_amounts: move <M2>, entry 1: amount -20.001: more than the 2 decimals of the company''s currency']),
	('two costs without their inventory line', 'sold', '{stock_references}',
		'UPDATE erp.cost_entry SET inventory_line_no = 99 WHERE move_id IN (<M1>, <M2>)',
		ARRAY['10 stock_references: move <M1>, entry 1: has no inventory line 99 in voucher <V1>',
			'10 stock_references: move <M2>, entry 1: has no inventory line 99 in voucher <V2>']),
	('two costs with no inventory line at all', 'sold', '{stock_references}',
		'UPDATE erp.cost_entry SET inventory_line_no = 0 WHERE move_id IN (<M1>, <M2>)',
		ARRAY['10 stock_references: move <M1>: its cost entries without an inventory line come to -20',
			'10 stock_references: move <M2>: its cost entries without an inventory line come to -20']),
	('two costs without their counter line', 'sold', '{stock_references}',
		'UPDATE erp.cost_entry SET counter_line_no = 99 WHERE move_id IN (<M1>, <M2>)',
		ARRAY['10 stock_references: move <M1>, entry 1: has no counter line 99 in voucher <V1>',
			'10 stock_references: move <M2>, entry 1: has no counter line 99 in voucher <V2>']),
	('two moves in an unknown warehouse', 'two', '{stock_references}',
		'UPDATE erp.stock_move SET warehouse_id = 999999 WHERE document_id = <D>',
		ARRAY['10 stock_references: move <M1>: has the unknown warehouse 999999',
			'10 stock_references: move <M2>: has the unknown warehouse 999999']),
	('two moves in an unknown location, of an unknown lot', 'two', '{stock_references}',
		'UPDATE erp.stock_move SET location_id = 999999, lot_id = 999998 WHERE document_id = <D>',
		ARRAY['10 stock_references: move <M1>: has the unknown location 999999',
			'10 stock_references: move <M1>: has the unknown lot 999998',
			'10 stock_references: move <M2>: has the unknown location 999999',
			'10 stock_references: move <M2>: has the unknown lot 999998']),
	('two moves in a cost pool that is not of their item', 'two', '{stock_references}',
		'UPDATE erp.stock_move SET cost_pool_id = 77 WHERE document_id = <D>',
		ARRAY['10 stock_references: move <M1>: is in cost pool 77, by its item in 0',
			'10 stock_references: move <M2>: is in cost pool 77, by its item in 0']),
	('two issues from an unknown source: a reference, not a layer that gives too much', 'sold', '{stock_references,cost_layers}',
		'UPDATE erp.cost_entry SET source_move_id = 999999 WHERE move_id IN (<M1>, <M2>); UPDATE erp_private.cost_pool SET head_quantity = 9, head_value = 90 WHERE head_quantity = 5',
		ARRAY['10 stock_references: move <M1>, entry 1: has the unknown source 999999',
			'10 stock_references: move <M2>, entry 1: has the unknown source 999999']),
	('two returns from an unknown source', 'back', '{stock_references,cost_layers}',
		'UPDATE erp.cost_entry SET source_move_id = 999999 WHERE move_id IN (<M1>, <M2>)',
		ARRAY['10 stock_references: move <M1>, entry 1: has the unknown source 999999',
			'10 stock_references: move <M2>, entry 1: has the unknown source 999999']),
	('two returns without the origin that their lines name', 'back', '{stock_references}',
		'UPDATE erp.stock_move SET origin_move_id = 0 WHERE document_id = <D>',
		ARRAY['10 stock_references: move <M1>: has no origin, but its line returns something',
			'10 stock_references: move <M2>: has no origin, but its line returns something']),
	('costs gone, and as many that stand twice', 'two', '{stock_moves}',
		'ALTER TABLE erp.cost_entry DROP CONSTRAINT cost_entry_key; DELETE FROM erp.cost_entry WHERE move_id = <M1>; INSERT INTO erp.cost_entry SELECT * FROM erp.cost_entry WHERE move_id = <M2>',
		ARRAY['3 stock_moves: move <M1>: has no cost entries', '3 stock_moves: move <M2>, entry 1: stands more than once',
			'3 stock_moves: move <M2>: is of 5, its cost entries of 10']),
	('two costs of another quantity than their moves', 'sold', '{stock_moves}',
		'UPDATE erp.cost_entry SET quantity = -3 WHERE move_id = <M1>; UPDATE erp.cost_entry SET quantity = -1 WHERE move_id = <M2>',
		ARRAY['3 stock_moves: move <M1>: is of -2, its cost entries of -3', '3 stock_moves: move <M2>: is of -2, its cost entries of -1'])
	) v (w, k, c, s, r);
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'after all this is undone, nothing is reported');
SELECT * FROM finish();
ROLLBACK;
