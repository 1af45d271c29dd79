-- Who may do what. Nothing is granted to PUBLIC.

CREATE FUNCTION erp_private.function_right()
	RETURNS TABLE (role_name text, function_name text)
	LANGUAGE sql IMMUTABLE
AS $function$
	SELECT r.role_name, f.function_name
	  FROM (VALUES
		('erp_admin', ARRAY['create_company', 'put_company', 'import_master_data', 'put_currencies', 'put_units', 'put_series', 'data_version']),
		('erp_admin', ARRAY['put_sales_teams', 'put_sales_representatives', 'put_business_calendars']), ('erp_accountant', ARRAY['put_tax_zones']), ('erp_read', ARRAY['add_working_days', 'expected_delivery']), ('erp_warehouse', ARRAY['put_carriers']),
		('erp_admin', ARRAY['put_departments', 'put_approval_rules']),
		('erp_approver', ARRAY['put_delegates', 'submit_for_approval', 'withdraw_approval', 'approve', 'send_back', 'refuse_approval', 'add_signer', 'escalate_approvals']),
		('erp_accountant', ARRAY['create_fiscal_year', 'put_consolidations', 'set_period_state', 'set_hard_lock', 'put_exchange_rates', 'put_tax_codes', 'put_payment_terms', 'put_accounts',
			'run_month_cost', 'put_standard_costs', 'change_costing_method', 'put_posting_rules', 'put_dimensions', 'put_account_dimensions', 'put_voucher_words', 'put_voucher_texts', 'put_parties', 'settle', 'unsettle', 'assign_numbers', 'fold_balances', 'seal_documents', 'run_seal', 'post_document',
			'post_documents', 'reverse_document', 'dry_run', 'preview', 'start_import', 'restage_import', 'import_step', 'run_import',
			'draft_voucher', 'post_draft', 'return_draft', 'withdraw_draft', 'receive_electronic_vouchers', 'verify_electronic_vouchers',
			'book_electronic_vouchers']),
		('erp_accountant', ARRAY['close_month', 'reopen_month', 'close_year', 'reopen_year']),
		('erp_accountant', ARRAY['put_statements', 'freeze_statement']), ('erp_read', ARRAY['statement', 'statement_checks', 'statement_drill', 'verify_frozen_statements', 'print_statement', 'print_frozen_statement']),
		('erp_reviewer', ARRAY['review_draft', 'return_draft']),
		('erp_cashier', ARRAY['sign_draft', 'return_draft']),
		('erp_accountant', ARRAY['put_voucher_templates', 'post_template', 'put_recurring_vouchers', 'plan_reversals', 'post_recurring', 'put_schedules', 'put_scheduled_accounts', 'post_schedules',
			'put_allocations', 'put_allocation_quantities', 'run_allocations', 'put_transfer_templates', 'run_transfers']), ('erp_read', ARRAY['recurring_due', 'recurring_vouchers']),
		('erp_warehouse', ARRAY['put_items', 'put_item_groups', 'put_item_units', 'put_barcodes', 'put_item_templates', 'put_variants', 'put_warehouses', 'put_locations', 'put_lots', 'put_units', 'post_document', 'post_documents',
			'reverse_document', 'dry_run', 'preview', 'start_import', 'restage_import', 'import_step', 'run_import']),
		('erp_sales', ARRAY['put_parties', 'post_document', 'post_documents', 'reverse_document', 'dry_run', 'preview', 'start_import',
			'restage_import', 'import_step', 'run_import']),
		('erp_warehouse', ARRAY['reserve', 'release', 'move_reservation', 'expire_holds', 'serve_requirements', 'put_expected_receipts', 'put_safety_stocks']),
		('erp_read', ARRAY['print_quote', 'available_to_promise', 'earliest_promise']),
		('erp_sales', ARRAY['place_order', 'change_order', 'cancel_order', 'return_order', 'order_to_cash', 'invoice_orders', 'quote', 'send_quote', 'accept_quote', 'decline_quote', 'order_quote', 'expire_quotes', 'put_print_templates', 'make_contract', 'sign_contract']),
		('erp_read', ARRAY['price', 'last_prices', 'backlog_page', 'deliveries_due', 'order_status']),
		('erp_accountant', ARRAY['put_price_lists', 'put_price_rules', 'put_promotions', 'change_prices']),
		('erp_sales', ARRAY['reach_milestones']), ('erp_warehouse', ARRAY['ship_order', 'put_tracking']), ('erp_sales', ARRAY['put_tracking', 'put_order_sentences']),
		('erp_accountant', ARRAY['put_dunning_levels', 'put_dunning_stops', 'dun', 'take_back_dunning', 'put_commission_rules', 'settle_commission']), ('erp_read', ARRAY['propose_dunning', 'commission']),
		('erp_accountant', ARRAY['release_order', 'cancel_order']),
		('erp_sales', ARRAY['reserve', 'release', 'move_reservation', 'expire_holds', 'serve_requirements']),
		('erp_read', ARRAY['print_table', 'amount_in_words', 'general_ledger', 'trial_balance_with_year', 'subsidiary_ledger', 'money_journal', 'multi_column_ledger',
			'voucher_summary', 'balances_by_dimensions', 'quantity_ledger', 'quantity_ledger_of_item', 'expense_detail', 'print_book', 'print_voucher', 'budget_variance']), ('erp_accountant', ARRAY['put_budgets', 'post_opening_balances', 'go_live']),
		('erp_read', ARRAY['version', 'data_version', 'errors', 'check_integrity', 'account_balance', 'balances_as_of', 'balances_by_party',
			'balances_by_dimension', 'trial_balance',
			'open_items', 'ageing', 'party_statement', 'credit_exposure', 'propose_settlements', 'propose_consignment_statement', 'propose_consignment_sale', 'stock_valuation', 'stock_on_hand', 'stock_card', 'find_barcode', 'explain_posting', 'explain_cost', 'trace_lot', 'booking_data', 'round_amount', 'allocate', 'seal_head',
			'seal_position_at', 'verify_chain', 'export_journal', 'export_books', 'export_gbt24589', 'consolidated_trial_balance', 'consolidated_balances_by_member', 'intercompany_differences', 'journal_as_known', 'balances_as_known', 'trial_balance_as_known', 'open_items_as_known', 'stock_as_known', 'loans_as_known', 'pending_adjustments_as_of',
			'documents_as_known', 'voucher_lines_as_known'])
	  ) AS r (role_name, functions), pg_catalog.unnest(r.functions) AS f (function_name)
$function$;
COMMENT ON FUNCTION erp_private.function_right() IS
	'Which role may execute which function of schema erp; erp_admin is a member of all roles. What is not named, nobody may.';

CREATE FUNCTION erp_private.grant_rights() RETURNS void
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
	wanted record;
BEGIN
	GRANT USAGE ON SCHEMA erp TO erp_read;
	GRANT USAGE ON SCHEMA erp_private TO erp_admin;
	GRANT SELECT ON ALL TABLES IN SCHEMA erp TO erp_read;
	GRANT SELECT ON ALL TABLES IN SCHEMA erp_private TO erp_admin;
	GRANT INSERT, UPDATE, DELETE ON erp.staged_line, erp.staged_master TO erp_sales, erp_warehouse, erp_accountant;
	GRANT EXECUTE ON ALL ROUTINES IN SCHEMA erp, erp_private TO erp_owner;
	-- They read the tables of erp_private, which their callers do not.
	FOR wanted IN
		SELECT p.oid::regprocedure AS signature
		  FROM pg_proc p
		 WHERE p.pronamespace = to_regnamespace('erp') AND p.proname IN ('check_integrity', 'verify_chain', 'export_books', 'export_gbt24589', 'consolidated_trial_balance', 'consolidated_balances_by_member', 'intercompany_differences', 'balances_as_of',
		   	'balances_by_party', 'balances_by_dimension', 'trial_balance', 'stock_valuation', 'stock_on_hand', 'stock_card', 'stock_as_known', 'explain_cost', 'find_barcode', 'recurring_due', 'recurring_vouchers',
			'statement', 'statement_checks', 'statement_drill', 'verify_frozen_statements', 'print_statement', 'print_frozen_statement',
		   	'available_to_promise', 'earliest_promise', 'print_table', 'amount_in_words', 'general_ledger', 'trial_balance_with_year', 'subsidiary_ledger',
			'money_journal', 'multi_column_ledger', 'voucher_summary', 'balances_by_dimensions', 'quantity_ledger', 'expense_detail', 'print_book', 'print_voucher', 'budget_variance', 'add_working_days', 'expected_delivery', 'print_quote', 'last_prices', 'order_status', 'commission')
	LOOP
		EXECUTE format('ALTER FUNCTION %s OWNER TO erp_owner', wanted.signature);
		EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', wanted.signature);
	END LOOP;
	FOR wanted IN
		SELECT f.role_name, p.oid::regprocedure AS signature
		  FROM erp_private.function_right() f
		  JOIN pg_proc p ON p.proname = f.function_name AND p.pronamespace = to_regnamespace('erp')
	LOOP
		EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO %I', wanted.signature, wanted.role_name);
	END LOOP;
END
$function$;
COMMENT ON FUNCTION erp_private.grant_rights() IS
	'Grants the roles what they may read, stage and execute.';
