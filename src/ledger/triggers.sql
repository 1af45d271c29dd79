CREATE FUNCTION erp_private.ledger_guard()
	RETURNS TABLE (table_name text, trigger_name text, function_name text, timing text, events text, level text)
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT * FROM erp_private.fact_guard(ARRAY['erp.voucher', 'erp.voucher_line', 'erp.voucher_reversal', 'erp.seal',
		'erp.open_item', 'erp.settlement', 'erp.warned_posting', 'erp.posting_evaluation'])
	UNION ALL
	SELECT * FROM erp_private.master_guard(
		ARRAY['erp.fiscal_year', 'erp.period', 'erp.period_lock', 'erp.hard_lock', 'erp.account', 'erp.dimension', 'erp.dimension_value',
			'erp.dimension_set', 'erp.cash_flow_item', 'erp.posting_rule', 'erp.voucher_text'],
		ARRAY['erp.fiscal_year', 'erp.period', 'erp.account', 'erp.dimension', 'erp.dimension_value', 'erp.account_dimension',
			'erp.posting_rule', 'erp.posting_rule_dimension', 'erp.voucher_text'])
$function$;
COMMENT ON FUNCTION erp_private.ledger_guard() IS 'The triggers of the tables of ledger.';
