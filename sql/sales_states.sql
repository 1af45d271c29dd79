\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
SET datestyle = iso;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- What may become what: every step of the table of states is taken from it, and every other one refused, by direct SQL too.
SELECT plan(5);
\o /dev/null
SELECT trial.make_company('PRI');
SELECT trial.receive('PRI', 'r1', '2009-01-05', 'F', 20, 200);
SELECT erp.put_price_lists('PRI', 'l', '[{"code": "STD", "name": "Standard", "currency": "GBP"}]');
SELECT erp.put_price_rules('PRI', 'rules of STD', '[{"list": "STD", "item": "F", "price": "19.90"}]');
SELECT erp.place_order('PRI', 'o1', '{"party": "C1", "day": "2009-02-02", "lines": [{"item": "F", "quantity": 1}]}');
\o
CREATE FUNCTION pg_temp.walk(p_kind text, p_table regclass, p_key text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	states text[] := ARRAY(SELECT from_state FROM erp.document_transition WHERE kind = p_kind AND from_state <> '' UNION SELECT to_state FROM erp.document_transition WHERE kind = p_kind ORDER BY 1);
	a text; b text; allowed boolean; got boolean; wrong text := ''; tried integer := 0;
BEGIN
	FOREACH a IN ARRAY states LOOP
		FOREACH b IN ARRAY states LOOP
			CONTINUE WHEN a = b;
			allowed := EXISTS (SELECT 1 FROM erp.document_transition WHERE kind = p_kind AND from_state = a AND to_state = b);
			BEGIN
				EXECUTE format('ALTER TABLE %s DISABLE TRIGGER working_transition', p_table);
				EXECUTE format('UPDATE %s SET state = %L WHERE code = %L', p_table, a, p_key);
				EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER working_transition', p_table);
				EXECUTE format('UPDATE %s SET state = %L WHERE code = %L', p_table, b, p_key);
				RAISE EXCEPTION 'taken back' USING ERRCODE = 'ZZ001';
			EXCEPTION
				WHEN SQLSTATE 'ZZ001' THEN got := true;
				WHEN SQLSTATE 'LE070' THEN got := false;
			END;
			tried := tried + 1;
			IF got <> allowed THEN
				wrong := wrong || format(' %s>%s', a, b);
			END IF;
		END LOOP;
	END LOOP;
	RETURN format('%s steps of %s states, wrong:%s', tried, cardinality(states), wrong);
END $$;
\o /dev/null
SELECT erp.quote('PRI', 'q1', '{"quote": "Q1", "party": "C1", "day": "2009-02-02", "lines": [{"item": "F", "quantity": 2}]}');
SELECT erp.put_print_templates('PRI', 't', '[{"code": "k", "format": "markdown", "lines": ["{{contract}}"]}]');
SELECT erp.make_contract('PRI', 'k', '{"contract": "K1", "quote": "Q1", "template": "k", "day": "2009-02-02"}');
\o
SELECT is((SELECT total FROM erp.quote_list WHERE company = 'PRI'), 39.8000, 'a quote is priced as an order is');
SELECT is(pg_temp.walk('sales_order', 'erp.sales_order', 'o1'), '30 steps of 6 states, wrong:', 'orders');
SELECT is(pg_temp.walk('sales_quote', 'erp.sales_quote', 'Q1'), '42 steps of 7 states, wrong:', 'quotes');
SELECT is(pg_temp.walk('sales_contract', 'erp.sales_contract', 'K1'), '12 steps of 4 states, wrong:', 'contracts');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
