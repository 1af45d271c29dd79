\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Entry points that pin their search path themselves find nothing of the caller's in the place of the server's or the
-- engine's: no function, operator, type or table of the same name, neither before pg_catalog nor among temporary objects.
\o /dev/null
SELECT trial.make_company('PATH');
SELECT erp.put_items('PATH', 'lots', '[{"code": "L", "name": "Lots", "kind": "stock", "method": "fifo", "tracking": "lot"}]');
CREATE SCHEMA hostile;
GRANT USAGE ON SCHEMA hostile TO PUBLIC;
SET search_path = pg_catalog, public, pg_temp;
CREATE FUNCTION trial.made(statement text) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 1;
EXCEPTION WHEN OTHERS THEN
	RETURN 0;
END
$$;
CREATE TEMP TABLE type_used AS SELECT unnest('{int2,int4,int8,text,name,numeric,bool,date,time,timestamp,timestamptz,json,jsonb,bytea,oid,bpchar,anyarray,anyelement}'::regtype[])::oid AS type_id;
CREATE TEMP TABLE counted AS
SELECT 'functions' AS what, sum(trial.made(format('CREATE FUNCTION hostile.%I(%s) RETURNS %s LANGUAGE plpgsql AS $h$BEGIN RAISE ''hostile function''; END$h$',
	p.proname, pg_get_function_identity_arguments(p.oid), p.prorettype::regtype))) AS number
FROM pg_proc p
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND NOT p.proretset AND p.prokind IN ('f', 'a')
	AND p.proargtypes::oid[] <@ (SELECT array_agg(type_id) FROM type_used)
UNION ALL
SELECT 'operators', sum(trial.made(format('CREATE FUNCTION hostile.operator_%s(%s, %s) RETURNS %s LANGUAGE plpgsql AS $h$BEGIN RAISE ''hostile operator''; END$h$',
	o.oid, o.oprleft::regtype, o.oprright::regtype, o.oprresult::regtype))
	* trial.made(format('CREATE OPERATOR hostile.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = hostile.operator_%s)', o.oprname, o.oprleft::regtype, o.oprright::regtype, o.oid)))
FROM pg_operator o
WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND ARRAY[o.oprleft, o.oprright] <@ (SELECT array_agg(type_id) FROM type_used)
UNION ALL
SELECT 'tables', sum(trial.made(format('CREATE TEMP TABLE %I (hostile boolean)', c.relname)))
FROM pg_class c WHERE c.relnamespace IN ('erp'::regnamespace, 'erp_private'::regnamespace, 'pg_catalog'::regnamespace) AND c.relkind IN ('r', 'v')
UNION ALL
SELECT 'types', sum(trial.made(format('CREATE DOMAIN pg_temp.%I AS pg_catalog.bool', t))) FROM unnest('{text,jsonb,json,date,bytea,int4,int8,oid,regclass,uuid}'::text[]) t;
CREATE FUNCTION public.looks() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF length('a') + 1 = 2 AND 'a' || 'b' = 'ab' THEN RETURN NULL; END IF; RAISE 'unlike'; END$$;
-- Anew for each table, with what the server reads of it: what earlier calls made ready was read under another path.
CREATE FUNCTION trial.forget() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	t regclass;
BEGIN
	FOR t IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'erp'::regnamespace AND relkind = 'r' LOOP
		EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = true)', t);
	END LOOP;
END
$$;
SELECT trial.forget();
SET search_path = hostile, pg_catalog;
SELECT erp.post_document('PATH', '{"key": "receipt", "kind": "goods_receipt", "day": "2009-01-05", "party": "S1", "lines": [{"item": "F", "quantity": 10, "amount": 100}, {"item": "A", "quantity": 10, "amount": 50},
	{"item": "L", "quantity": 5, "amount": 50, "lot": "N1", "lot_days": {"expires_on": "2099-12-31"}}]}') AS result \gset receipt_
SELECT erp.post_document('PATH', '{"key": "sale", "kind": "sales_invoice", "day": "2009-01-06", "party": "C1", "lines": [{"item": "F", "quantity": 4, "price": 20}, {"item": "A", "quantity": 4, "price": 20}]}') AS result \gset sale_
SELECT erp.post_documents('PATH', '[{"key": "paid", "kind": "customer_payment", "day": "2009-01-07", "party": "C1", "lines": [{"role": "bank", "amount": 30}], "settles": [{"key": "sale", "amount": 30}]},
	{"key": "late receipt", "kind": "goods_receipt", "day": "2009-01-02", "party": "S1", "lines": [{"item": "F", "quantity": 2, "amount": 40}, {"item": "A", "quantity": 10, "amount": 150}]}]') AS result \gset many_
SELECT erp.reserve('PATH', '{"key": "order", "demand": "order", "mode": "all_or_nothing", "lines": [{"item": "F", "quantity": 1}, {"item": "A", "quantity": 1}, {"item": "L", "quantity": 2}]}') AS result \gset order_
SELECT erp.reserve('PATH', '{"key": "too much", "demand": "too much", "mode": "all_or_nothing", "lines": [{"item": "F", "quantity": 1}, {"item": "A", "quantity": 1000}]}') AS result \gset short_
SELECT erp.post_document('PATH', '{"key": "voucher", "kind": "manual_voucher", "day": "2009-01-08", "lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]}') AS result \gset voucher_
SELECT erp.reverse_document('PATH', '{"key": "reversal", "reverses": "voucher"}') AS result \gset reversal_
SELECT erp.unsettle('PATH', 'parted', '{"day": "2009-01-08", "key": "paid"}') AS result \gset parted_
SELECT erp.settle('PATH', 'joined', '{"day": "2009-01-08", "items": [{"key": "sale", "amount": 10}, {"key": "paid", "amount": 10}]}') AS result \gset joined_
SELECT pg_catalog.current_setting('search_path') AS path \gset
-- A row trigger of somebody's runs in the engine's path too.
CREATE TRIGGER looks AFTER INSERT ON erp.document_line FOR EACH ROW EXECUTE FUNCTION public.looks();
SELECT erp.post_document('PATH', '{"key": "looked at", "kind": "manual_voucher", "day": "2009-01-08", "lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]}') AS result \gset looked_
DROP TRIGGER looks ON erp.document_line;
-- Within a block that goes on after an error, and behind a savepoint.
DO $do$
BEGIN
	PERFORM erp.post_document('PATH', '{"key": "too many", "kind": "sales_invoice", "day": "2009-01-09", "party": "C1", "lines": [{"item": "F", "quantity": 10000, "price": 5}]}');
EXCEPTION WHEN SQLSTATE 'LE050' THEN
	PERFORM erp.post_document('PATH', '{"key": "within", "kind": "sales_invoice", "day": "2009-01-09", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 5}]}');
END
$do$;
SELECT pg_catalog.current_setting('search_path') AS path_after_error \gset
SAVEPOINT s;
SELECT erp.post_document('PATH', '{"key": "undone", "kind": "sales_invoice", "day": "2009-01-09", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 5}]}') AS result \gset undone_
ROLLBACK TO s;
SELECT pg_catalog.current_setting('search_path') AS path_after_savepoint \gset
SET search_path = pg_catalog, public, pg_temp;
-- A function of somebody's on the way into the engine that changes the path for the rest of the session.
CREATE FUNCTION public.strays() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_catalog.set_config('search_path', 'hostile, pg_catalog', false); RETURN NULL; END$$;
CREATE TRIGGER strays AFTER INSERT ON erp.document_line FOR EACH ROW EXECUTE FUNCTION public.strays();
SELECT erp.post_document('PATH', '{"key": "strayed", "kind": "sales_invoice", "day": "2009-01-09", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 5}, {"item": "A", "quantity": 1, "price": 5}]}') AS result \gset strayed_
DROP TRIGGER strays ON erp.document_line;
SET search_path = pg_catalog, public, pg_temp;
\o
SELECT plan(15);
SELECT ok((SELECT min(number) > CASE c.what WHEN 'types' THEN 9 ELSE 80 END FROM counted c WHERE c.what = w.what GROUP BY c.what), 'the attacker has ' || w.what) FROM (VALUES ('functions'), ('operators'), ('tables'), ('types')) w (what);
SELECT is(:'path'::text, 'hostile, pg_catalog', 'the path of the caller is his own again');
SELECT is(:'path_after_error'::text, 'hostile, pg_catalog', 'after an error too');
SELECT is(:'path_after_savepoint'::text, 'hostile, pg_catalog', 'and behind a savepoint that is taken back');
-- 100 for 10 from the fifth and 40 for 2 from the second: the sale of 4 takes 2 at 20 and 2 at 10, three more of one each 10; one was sold with the block, one by him who strayed.
SELECT is(trial.closing('PATH', 'F'), '6 60.00', 'stock by FIFO is what was received without what was issued');
-- 50 for 10 and 150 for 10: each costs 10; the sale of 4 and one more.
SELECT is(trial.closing('PATH', 'A'), '15 150.00', 'at moving average too');
SELECT is(trial.balance('PATH', '1000'), 29.00::numeric, '30 came in, and the voucher that was not reversed took 1');
SELECT is((:'order_result'::json ->> 'complete') || ' ' || (:'short_result'::json ->> 'complete'), 'true false', 'what there is was reserved');
SELECT is((SELECT string_agg(key, ', ' ORDER BY document_id) FROM erp.document WHERE company_id = (SELECT company_id FROM erp.company WHERE code = 'PATH') AND kind IN ('goods_receipt', 'sales_invoice', 'customer_payment', 'manual_voucher')),
	'receipt, sale, paid, late receipt, voucher, reversal, looked at, within, strayed', 'each call wrote its documents once');
SELECT is((SELECT string_agg(amount::numeric(19, 2)::text, ', ' ORDER BY settlement_id) FROM erp.settlement s JOIN erp.company c USING (company_id) WHERE c.code = 'PATH'), '30.00, -30.00, 10.00', 'and the payment settled, was parted from the sale and joined to it again in part');
SELECT is((SELECT string_agg(DISTINCT proname::text, ', ' ORDER BY proname::text) FROM pg_proc p JOIN erp_private.function_right() f ON f.function_name = p.proname
	WHERE p.pronamespace = 'erp'::regnamespace AND p.prokind = 'f' AND p.provolatile = 'v' AND NOT coalesce(p.proconfig, '{}')::text LIKE '%search_path=pg_catalog, pg_temp%'),
	'post_document, post_documents, reserve, reverse_document, settle, unsettle', 'no others pin their path themselves');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
