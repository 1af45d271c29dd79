CREATE FUNCTION erp_private.guard_used_account() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_used_account';
CREATE FUNCTION erp_private.guard_used_company() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_used_company';
CREATE FUNCTION erp_private.guard_used_dimension() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_used_dimension';
CREATE FUNCTION erp_private.guard_used_payment_terms() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'erp_guard_used_payment_terms';
COMMENT ON FUNCTION erp_private.guard_used_payment_terms() IS
	'Row trigger of erp.payment_terms: refuses (LE140) other days or discounts of terms that open items have.';
COMMENT ON FUNCTION erp_private.guard_used_account() IS
	'Row trigger of erp.account: refuses (LE140) another class, side, control or parent of an account with voucher lines, and that it becomes a heading.';
COMMENT ON FUNCTION erp_private.guard_used_company() IS
	'Row trigger of erp.company: refuses (LE140) another currency once the company has vouchers.';
COMMENT ON FUNCTION erp_private.guard_used_dimension() IS
	'Row trigger of erp.dimension: refuses (LE140) that it becomes balancing once the company has vouchers.';

CREATE FUNCTION erp_private.ledger_guard()
	RETURNS TABLE (table_name text, trigger_name text, function_name text, timing text, events text, level text)
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT * FROM erp_private.fact_guard(ARRAY['erp.voucher', 'erp.voucher_line', 'erp.voucher_reversal', 'erp.seal',
		'erp.open_item', 'erp.settlement', 'erp.discount_tax', 'erp.warned_posting', 'erp.credit_warning', 'erp.budget_warning', 'erp.posting_evaluation',
		'erp.electronic_voucher', 'erp.electronic_voucher_event', 'erp.generated_posting', 'erp.frozen_statement'])
	UNION ALL
	VALUES ('erp.account', 'guard_used_account', 'guard_used_account', 'AFTER', 'UPDATE', 'ROW'),
	       ('erp.company', 'guard_used_company', 'guard_used_company', 'AFTER', 'UPDATE', 'ROW'),
	       ('erp.dimension', 'guard_used_dimension', 'guard_used_dimension', 'AFTER', 'UPDATE', 'ROW'),
	       ('erp.payment_terms', 'guard_used_payment_terms', 'guard_used_payment_terms', 'AFTER', 'UPDATE', 'ROW'),
	       ('erp.year_close', 'working_transition', 'working_transition', 'AFTER', 'INSERT OR UPDATE', 'ROW'),
	       ('erp.year_close', 'guard_change', 'guard_change', 'BEFORE', 'DELETE', 'STATEMENT'),
	       ('erp.year_close', 'guard_truncate', 'guard_truncate', 'BEFORE', 'TRUNCATE', 'STATEMENT'),
	       ('erp.month_close', 'working_transition', 'working_transition', 'AFTER', 'INSERT OR UPDATE', 'ROW'),
	       ('erp.month_close', 'guard_change', 'guard_change', 'BEFORE', 'DELETE', 'STATEMENT'),
	       ('erp.month_close', 'guard_truncate', 'guard_truncate', 'BEFORE', 'TRUNCATE', 'STATEMENT')
	UNION ALL
	SELECT * FROM erp_private.master_guard(
		ARRAY['erp.fiscal_year', 'erp.period', 'erp.period_lock', 'erp.hard_lock', 'erp.account', 'erp.dimension', 'erp.dimension_value',
			'erp.dimension_set', 'erp.cash_flow_item', 'erp.budget', 'erp.budget_position', 'erp.posting_rule', 'erp.voucher_text',
			'erp.voucher_template', 'erp.recurring_voucher', 'erp.schedule', 'erp.allocation', 'erp.transfer_template'],
		ARRAY['erp.fiscal_year', 'erp.period', 'erp.account', 'erp.dimension', 'erp.dimension_value', 'erp.account_dimension',
			'erp.posting_rule', 'erp.posting_rule_dimension', 'erp.budget', 'erp.voucher_text'])
$function$;
COMMENT ON FUNCTION erp_private.ledger_guard() IS 'The triggers of the tables of ledger.';
