CREATE FUNCTION erp_private.sales_guard()
	RETURNS TABLE (table_name text, trigger_name text, function_name text, timing text, events text, level text)
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT * FROM erp_private.master_guard(ARRAY['erp.price_list', 'erp.price_rule', 'erp.promotion', 'erp.carrier', 'erp.dunning_level', 'erp.commission_rule'], ARRAY[]::text[])
	UNION ALL
	VALUES ('erp.sales_quote', 'working_transition', 'working_transition', 'AFTER', 'INSERT OR UPDATE', 'ROW'),
	       ('erp.sales_contract', 'working_transition', 'working_transition', 'AFTER', 'INSERT OR UPDATE', 'ROW'),
	       ('erp.sales_order', 'working_transition', 'working_transition', 'AFTER', 'INSERT OR UPDATE', 'ROW'),
	       ('erp.commission_settlement_line', 'guard_change', 'guard_change', 'BEFORE', 'DELETE', 'STATEMENT'),
	       ('erp.commission_settlement_line', 'guard_truncate', 'guard_truncate', 'BEFORE', 'TRUNCATE', 'STATEMENT'),
	       ('erp.dunning_letter', 'working_transition', 'working_transition', 'AFTER', 'INSERT OR UPDATE', 'ROW'),
	       ('erp.dunning_letter', 'guard_change', 'guard_change', 'BEFORE', 'DELETE', 'STATEMENT'),
	       ('erp.dunning_letter', 'guard_truncate', 'guard_truncate', 'BEFORE', 'TRUNCATE', 'STATEMENT'),
	       ('erp.sales_order', 'guard_change', 'guard_change', 'BEFORE', 'DELETE', 'STATEMENT'),
	       ('erp.sales_order', 'guard_truncate', 'guard_truncate', 'BEFORE', 'TRUNCATE', 'STATEMENT')
$function$;
COMMENT ON FUNCTION erp_private.sales_guard() IS 'The triggers of the tables of sales.';
