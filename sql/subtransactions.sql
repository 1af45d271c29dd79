\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Errors, savepoints and nested blocks leave the engine as it was: the caller's role, the way to the facts closed, no trace.
SELECT plan(17);
\o /dev/null
SELECT trial.make_company('SUB');
SELECT trial.receive('SUB', 'r', '2009-01-05', 'F', 10, 100);
CREATE TEMP TABLE me AS SELECT current_user AS name;
SAVEPOINT a;
SELECT trial.sell('SUB', 's1', '2009-01-06', 'F', 4, 20);
SAVEPOINT b;
SELECT trial.sell('SUB', 's2', '2009-01-06', 'F', 4, 20);
ROLLBACK TO b;
\o
SELECT is(trial.closing('SUB', 'F'), '6 60.00', 'the inner posting is undone, the outer stands');
SELECT lives_ok($$SELECT trial.sell('SUB', 's2', '2009-01-07', 'F', 6, 20)$$, 'its key and its goods are free again');
\o /dev/null
ROLLBACK TO a;
\o
SELECT is(trial.closing('SUB', 'F'), '10 100.00', 'the outer is undone with all it held');
SELECT is(trial.balance('SUB', '1100'), 0.00, 'in the ledger too');
SELECT throws_ok($$SELECT trial.sell('SUB', 's1', '2009-01-06', 'F', 40, 20)$$, 'LE050', NULL, 'a refusal');
SELECT is(current_user, (SELECT name FROM me), 'leaves the caller who he was');
SELECT throws_ok($$INSERT INTO erp.voucher_line SELECT * FROM erp.voucher_line$$, 'LE061', NULL, 'and the way to the facts closed');
SELECT is((SELECT count(*) FROM erp.document WHERE key LIKE 's_'), 0::bigint, 'and no document');
-- Inside a block that goes on after errors, alternating.
DO $$
BEGIN
	FOR i IN 1 .. 20 LOOP
		BEGIN
			PERFORM trial.sell('SUB', 'loop ' || i, '2009-01-08', 'F', CASE WHEN i % 2 = 0 THEN 100 ELSE 0.5 END, 1);
		EXCEPTION WHEN SQLSTATE 'LE050' THEN
			NULL;
		END;
	END LOOP;
END
$$;
SELECT is(trial.closing('SUB', 'F'), '5 50.00', 'ten of twenty went through');
SELECT is((SELECT count(*) FROM erp.document WHERE key LIKE 'loop%'), 10::bigint, 'as ten documents');
-- A caller's own error after a posting undoes it.
SELECT throws_ok($$SELECT trial.sell('SUB', 'x', '2009-01-08', 'F', 1, 1), 1 / (SELECT 0)$$, '22012', NULL, 'an error beside a posting');
SELECT is(trial.closing('SUB', 'F'), '5 50.00', 'undoes the posting');
-- A trigger of somebody's own on a table of the engine cannot slip facts in behind it.
\o /dev/null
CREATE FUNCTION erp.slip() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO erp.voucher_line SELECT company_id, voucher_id, line_no + 1000, account_id, day, side, currency_id, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0 FROM erp.voucher_line LIMIT 1;
	RETURN NEW;
END
$$;
ALTER FUNCTION erp.slip() OWNER TO erp_owner;
CREATE TRIGGER slip AFTER INSERT ON erp.document FOR EACH ROW EXECUTE FUNCTION erp.slip();
ALTER TABLE erp.document ENABLE ALWAYS TRIGGER slip;
\o
SAVEPOINT slip;
\o /dev/null
SELECT trial.refused($$SELECT trial.sell('SUB', 'slip', '2009-01-08', 'F', 1, 1)$$);
\o
SELECT is_empty('SELECT * FROM erp.voucher_line WHERE line_no > 1000', 'a trigger on documents slips nothing in');
ROLLBACK TO slip;
\o /dev/null
DROP TRIGGER slip ON erp.document;
CREATE FUNCTION erp.slip_in_check(integer) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO erp.cost_entry SELECT company_id, move_id, source_move_id, voucher_id, 1000, inventory_line_no, counter_line_no, cause, 0, 0 FROM erp.cost_entry LIMIT 1;
	RETURN true;
END
$$;
ALTER FUNCTION erp.slip_in_check(integer) OWNER TO erp_owner;
ALTER TABLE erp.document ADD CONSTRAINT slip CHECK (erp.slip_in_check(company_id)) NOT VALID;
\o
SAVEPOINT slip;
\o /dev/null
SELECT trial.refused($$SELECT trial.sell('SUB', 'slip', '2009-01-08', 'F', 1, 1)$$);
SELECT trial.refused($$SELECT erp.put_warehouses('SUB', 'slip', '[{"code": "W", "name": "W"}]')$$);
\o
SELECT is_empty('SELECT * FROM erp.cost_entry WHERE entry_no = 1000', 'nor does a check of somebody''s own');
ROLLBACK TO slip;
\o /dev/null
ALTER TABLE erp.document DROP CONSTRAINT slip;
\o
SELECT is((SELECT count(*) FROM erp.document WHERE key = 'slip'), 0::bigint, 'and nothing was posted meanwhile');
SELECT lives_ok($$SELECT trial.sell('SUB', 'end', '2009-01-08', 'F', 5, 1)$$, 'the rest can be sold');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
