\set ECHO none
\pset format unaligned
\pset tuples_only
\pset pager off
SET client_min_messages = error;
\getenv srcdir PG_ABS_SRCDIR
\set company_file :srcdir '/test/history/company.sql'
BEGIN;
\i :company_file
-- Who may do what: each function of the API as each role, and nothing for PUBLIC.
\o /dev/null
SELECT trial.make_company('ROLE');
SELECT erp.put_voucher_templates('ROLE', 'templates', '[{"code": "TT", "name": "T", "lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]}]');
SELECT erp.put_recurring_vouchers('ROLE', 'recurring', '[{"code": "RR", "name": "R", "template": "TT", "every": "month", "day": 1, "first_day": "2009-01-01"}]');
SELECT erp.put_schedules('ROLE', 'schedules', '[{"code": "SS", "name": "S", "kind": "expense", "from_account": "1000", "to_account": "6000", "total": 1, "first_day": "2009-01-01", "months": 1}]');
GRANT USAGE ON SCHEMA trial TO PUBLIC;
SELECT trial.receive('ROLE', 'stock', '2009-01-01', 'F', 100, 100);
SELECT trial.receive('ROLE', 'reserved', '2009-01-01', 'A', 10, 10);
SELECT erp.reserve('ROLE', '{"key": "reserved", "demand": "reserved", "lines": [{"item": "A", "quantity": 1}]}');
SELECT erp.post_document('ROLE', json_build_object('key', k, 'kind', 'manual_voucher', 'day', '2009-01-02', 'lines', json_build_array(
	json_build_object('account', '1100', 'party', 'C1', 'side', 'debit', 'amount', a), json_build_object('account', '1000', 'side', 'credit', 'amount', a))))
	FROM (VALUES ('owed', 3), ('paid', -2)) v (k, a);
SELECT erp.settle('ROLE', 'settled', '{"day": "2009-01-03", "items": [{"key": "owed", "amount": 1}, {"key": "paid", "amount": 1}]}');
SELECT erp.draft_voucher('ROLE', k, json_build_object('document', json_build_object('key', 'draft ' || k, 'kind', 'manual_voucher', 'day', '2009-01-04', 'lines',
	'[{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]'::json))) FROM unnest('{drafted,reviewed}'::text[]) k;
SELECT erp.review_draft('ROLE', 'review', '{"draft": "draft reviewed"}');
SELECT erp.receive_electronic_vouchers('ROLE', 'received', json_build_array(json_build_object('kind', 'vat_invoice', 'issuer', 'I', 'number', '1', 'day', '2009-01-05', 'amount', 20,
	'content_type', 'xml', 'content_hash', encode(sha256('1'), 'hex'))));
SELECT erp.verify_electronic_vouchers('ROLE', 'verified', '[{"kind": "vat_invoice", "issuer": "I", "number": "1", "valid": true, "verified_by": "V"}]');
SELECT erp.put_carriers('ROLE', 'carrier', '[{"code": "CARRIER", "name": "Carrier", "lead_times": [{"destination": "", "days": 1}]}]');
SELECT erp.put_items('ROLE', 'fee', '[{"code": "FEE", "name": "Fee", "kind": "service"}]');
SELECT erp.put_dunning_levels('ROLE', 'levels', '[{"level": 1, "name": "L", "days": 1, "fee": 5, "fee_item": "FEE"}]');
SELECT erp.put_company('ROLE', 'opening account', '{"opening_account": "4200"}');
SELECT erp.put_price_lists('ROLE', 'list', '[{"code": "L", "name": "L", "currency": "GBP"}]');
SELECT erp.put_price_rules('ROLE', 'rule of the list', '[{"list": "L", "price": 1}]');
CREATE ROLE trial_nobody;
CREATE ROLE trial_read IN ROLE erp_read;
CREATE ROLE trial_sales IN ROLE erp_sales;
CREATE ROLE trial_warehouse IN ROLE erp_warehouse;
CREATE ROLE trial_accountant IN ROLE erp_accountant;
CREATE ROLE trial_reviewer IN ROLE erp_reviewer;
CREATE ROLE trial_cashier IN ROLE erp_cashier;
CREATE ROLE trial_admin IN ROLE erp_admin;
CREATE ROLE trial_member;
CREATE ROLE trial_stranger IN ROLE erp_admin;
SELECT erp.put_approval_rules('ROLE', 'approvals', (SELECT json_build_array(json_build_object('code', 'A', 'kind', 'other', 'when', '[{"field": "amount", "from": 1}]'::json,
	'steps', json_build_array(json_build_object('signers', (SELECT json_agg(json_build_object('person', 'trial_' || r)) FROM unnest('{sales,warehouse,accountant,reviewer,cashier,admin}'::text[]) r)))))));
SELECT erp.submit_for_approval('ROLE', 'asked', '{"kind": "other", "subject": "asked", "facts": {"amount": 1}}');
-- function, a request that is fit for it, and the roles that may
CREATE TEMP TABLE may (function_name text, call text, roles text[]);
INSERT INTO may VALUES
	('create_company', $$SELECT erp.create_company('NEW', 'k', '{"name": "New", "currency": "GBP"}')$$, '{admin}'),
	('put_company', $$SELECT erp.put_company('ROLE', 'k', '{"write_off_limit": 1}')$$, '{admin}'),
	('put_voucher_words', $$SELECT erp.put_voucher_words('ROLE', 'k', '[{"code": "W", "name": "W", "rule": "named"}]')$$, '{accountant,admin}'),
	('put_voucher_texts', $$SELECT erp.put_voucher_texts('ROLE', 'k', '[{"occasion": "reversal", "template": "x"}]')$$, '{accountant,admin}'),
	('settle', $$SELECT erp.settle('ROLE', 'k', '{"day": "2009-01-05", "items": [{"key": "owed"}, {"key": "paid"}]}')$$, '{accountant,admin}'),
	('unsettle', $$SELECT erp.unsettle('ROLE', 'k', '{"day": "2009-01-05", "key": "settled"}')$$, '{accountant,admin}'),
	('create_fiscal_year', $$SELECT erp.create_fiscal_year('ROLE', 'k', '{"code": "2011", "first_day": "2011-01-01", "months": 12}')$$, '{accountant,admin}'),
	('set_period_state', $$SELECT erp.set_period_state('ROLE', 'k', '{"period": "2009-12", "state": "closed"}')$$, '{accountant,admin}'),
	('put_currencies', $$SELECT erp.put_currencies('ROLE', 'k', '[{"code": "XTS", "name": "Test", "decimals": 2}]')$$, '{admin}'),
	('put_exchange_rates', $$SELECT erp.put_exchange_rates('ROLE', 'k', '[{"from": "EUR", "to": "GBP", "day": "2009-01-01", "rate": "0.9"}]')$$, '{accountant,admin}'),
	('put_parties', $$SELECT erp.put_parties('ROLE', 'k', '[{"code": "P", "name": "P", "roles": ["customer"]}]')$$, '{sales,accountant,admin}'),
	('put_business_calendars', $$SELECT erp.put_business_calendars('ROLE', 'k', '[{"code": "C", "name": "C"}]')$$, '{admin}'),
	('put_carriers', $$SELECT erp.put_carriers('ROLE', 'k', '[{"code": "C", "name": "C"}]')$$, '{warehouse,admin}'),
	('put_order_sentences', $$SELECT erp.put_order_sentences('ROLE', 'k', '[{"language": "en", "name": "ready", "sentence": "packed"}]')$$, '{sales,admin}'),
	('add_working_days', $$SELECT erp.add_working_days('ROLE', '2009-01-01', 1)$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('expected_delivery', $$SELECT erp.expected_delivery('ROLE', 'CARRIER', 'GB', '2009-01-01')$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('put_tax_zones', $$SELECT erp.put_tax_zones('ROLE', 'k', '[{"code": "Z", "name": "Z"}]')$$, '{accountant,admin}'),
	('put_sales_teams', $$SELECT erp.put_sales_teams('ROLE', 'k', '[{"code": "T", "name": "T"}]')$$, '{admin}'),
	('put_sales_representatives', $$SELECT erp.put_sales_representatives('ROLE', 'k', '[{"code": "R", "name": "R"}]')$$, '{admin}'),
	('put_items', $$SELECT erp.put_items('ROLE', 'k', '[{"code": "I", "name": "I", "kind": "service"}]')$$, '{warehouse,admin}'),
	('put_warehouses', $$SELECT erp.put_warehouses('ROLE', 'k', '[{"code": "W", "name": "W"}]')$$, '{warehouse,admin}'),
	('put_price_lists', $$SELECT erp.put_price_lists('ROLE', 'k', '[{"code": "P", "name": "P", "currency": "GBP"}]')$$, '{accountant,admin}'),
	('put_price_rules', $$SELECT erp.put_price_rules('ROLE', 'k', '[{"list": "L", "price": 2}]')$$, '{accountant,admin}'),
	('put_promotions', $$SELECT erp.put_promotions('ROLE', 'k', '[{"code": "P", "name": "P", "kind": "gift", "item": "F", "buy_quantity": 2, "gift_quantity": 1}]')$$, '{accountant,admin}'),
	('change_prices', $$SELECT erp.change_prices('ROLE', 'k', '{"list": "L", "percent": 5}')$$, '{accountant,admin}'),
	('price', $$SELECT erp.price('ROLE', 'C1', '[{"item": "F", "quantity": 1}]', '2009-01-05'), erp.last_prices('ROLE', 'C1', '{F}')$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('backlog_page and deliveries_due', $$SELECT (SELECT count(*) FROM erp.backlog_page('ROLE')) + (SELECT count(*) FROM erp.deliveries_due('ROLE', '2009-01-01', '2009-12-31')) + (SELECT count(*) FROM erp.order_margin) + (SELECT count(*) FROM erp.customer_profile)$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('put_budgets', $$SELECT erp.put_budgets('ROLE', 'k', '[{"code": "B", "lines": [{"account": "6000", "month": "2009-01", "amount": 1}]}]')$$, '{accountant,admin}'),
	('post_opening_balances', $$SELECT erp.post_opening_balances('ROLE', 'k', '{"day": "2009-01-01", "lines": [{"account": "1000", "side": "debit", "amount": 1}]}')$$, '{accountant,admin}'),
	('go_live', $$SELECT erp.go_live('ROLE', 'k', '{"day": "2009-01-01"}')$$, '{accountant,admin}'),
	('the books', $$SELECT (SELECT count(*) FROM erp.general_ledger('ROLE', '2009-01-01', '2009-12-31')) + (SELECT count(*) FROM erp.trial_balance_with_year('ROLE', '2009-01-01', '2009-12-31')) + (SELECT count(*) FROM erp.subsidiary_ledger('ROLE', '1000', '2009-01-01', '2009-12-31'))
		+ (SELECT count(*) FROM erp.multi_column_ledger('ROLE', '1000', '2009-01-01', '2009-12-31')) + (SELECT count(*) FROM erp.voucher_summary('ROLE', '2009-01-01', '2009-12-31')) + (SELECT count(*) FROM erp.balances_by_dimensions('ROLE', '{}', '2009-01-01', '2009-12-31'))
		+ (SELECT count(*) FROM erp.quantity_ledger('ROLE', '1000', '2009-01-01', '2009-12-31')) + (SELECT count(*) FROM erp.quantity_ledger_of_item('ROLE', 'F', '2009-01-01', '2009-12-31')) + (SELECT count(*) FROM erp.expense_detail('ROLE', '2009-01-01', '2009-12-31'))
		+ (SELECT count(*) FROM erp.print_book('ROLE', 'trial_balance', '2009-01-01', '2009-12-31')) + (SELECT count(*) FROM erp.print_voucher('ROLE', 'x')) + (SELECT count(*) FROM erp.budget_variance('ROLE', 'B')) + (SELECT count(*) FROM erp.opening_status)$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('put_dunning_levels', $$SELECT erp.put_dunning_levels('ROLE', 'k', '[{"level": 2, "name": "L", "days": 20}]')$$, '{accountant,admin}'),
	('put_dunning_stops', $$SELECT erp.put_dunning_stops('ROLE', 'k', '[{"party": "C1"}]')$$, '{accountant,admin}'),
	('dun', $$SELECT 1 / jsonb_array_length(erp.dun('ROLE', 'k', '{"day": "2009-01-31", "charge": true}') -> 'letters')$$, '{accountant,admin}'),
	('propose_dunning', $$SELECT 1 / count(*) FROM erp.propose_dunning('ROLE', '2009-01-31')$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('put_commission_rules', $$SELECT erp.put_commission_rules('ROLE', 'k', '[{"code": "R", "base": "revenue", "percent": 5, "earned": "billed", "from": "2009-01-01"}]')$$, '{accountant,admin}'),
	('settle_commission', $$SELECT erp.settle_commission('ROLE', 'k', '{"first_day": "2009-01-01", "last_day": "2009-01-31"}')$$, '{accountant,admin}'),
	('commission', $$SELECT * FROM erp.commission('ROLE', '2009-01-01', '2009-01-31')$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('put_voucher_templates', $$SELECT erp.put_voucher_templates('ROLE', 'k', '[{"code": "T", "name": "T", "lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]}]')$$, '{accountant,admin}'),
	('post_template', $$SELECT erp.post_template('ROLE', 'k', '{"template": "TT", "day": "2009-01-31"}')$$, '{accountant,admin}'),
	('put_recurring_vouchers', $$SELECT erp.put_recurring_vouchers('ROLE', 'k', '[{"code": "R", "name": "R", "template": "TT", "every": "month", "day": 1, "first_day": "2009-01-01"}]')$$, '{accountant,admin}'),
	('plan_reversals', $$SELECT erp.plan_reversals('ROLE', 'k', '[]')$$, '{accountant,admin}'),
	('post_recurring', $$SELECT erp.post_recurring('ROLE', 'k', '{"through": "2009-01-31"}')$$, '{accountant,admin}'),
	('recurring_due', $$SELECT 1 / count(*) FROM erp.recurring_due('ROLE', '2009-01-31'), erp.recurring_vouchers('ROLE'), erp.schedule_list, erp.schedule_plan$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('put_schedules', $$SELECT erp.put_schedules('ROLE', 'k', '[{"code": "S", "name": "S", "kind": "expense", "from_account": "1000", "to_account": "6000", "total": 1, "first_day": "2009-01-01", "months": 1}]'), erp.put_scheduled_accounts('ROLE', 'k2', '[{"account": "1000"}]')$$, '{accountant,admin}'),
	('post_schedules', $$SELECT 1 / jsonb_array_length(erp.post_schedules('ROLE', 'k', '{"through": "2009-01-31"}') -> 'posted')$$, '{accountant,admin}'),
	('put_allocations', $$SELECT erp.put_allocations('ROLE', 'k', '[{"code": "A", "name": "A", "order": 1, "source": {"accounts": ["6000"]}, "targets": [{"share": 1}]}]'), erp.put_allocation_quantities('ROLE', 'k2', '[]')$$, '{accountant,admin}'),
	('run_allocations', $$SELECT erp.run_allocations('ROLE', 'k', '{"period": "2009-01"}')$$, '{accountant,admin}'),
	('put_transfer_templates', $$SELECT erp.put_transfer_templates('ROLE', 'k', '[{"code": "T", "name": "T", "order": 1, "terms": {"a": {"accounts": ["6000"]}}, "entries": [{"account": "6000", "side": "credit", "formula": "a"}, {"account": "1000", "side": "debit", "formula": "a"}]}]')$$, '{accountant,admin}'),
	('run_transfers', $$SELECT erp.run_transfers('ROLE', 'k', '{"period": "2009-01"}')$$, '{accountant,admin}'),
	('put_tax_codes', $$SELECT erp.put_tax_codes('ROLE', 'k', '[{"code": "T", "name": "T", "rates": [{"from": "2009-01-01", "rate": "0.2"}]}]')$$, '{accountant,admin}'),
	('put_payment_terms', $$SELECT erp.put_payment_terms('ROLE', 'k', '[{"code": "T", "name": "T", "net_days": 30}]')$$, '{accountant,admin}'),
	('put_accounts', $$SELECT erp.put_accounts('ROLE', 'k', '[{"code": "1", "name": "A", "class": "asset", "side": "debit"}]')$$, '{accountant,admin}'),
	('put_posting_rules', $$SELECT erp.put_posting_rules('ROLE', 'k', '[{"kind": "bad_debt", "line_role": "bad_debt", "amount_role": "amount", "party_group": "x", "side": "debit", "account": "6000"}]')$$, '{accountant,admin}'),
	('put_dimensions', $$SELECT erp.put_dimensions('ROLE', 'k', '[{"code": "D", "name": "D", "values": [{"code": "V", "name": "V"}]}]')$$, '{accountant,admin}'),
	('put_series', $$SELECT erp.put_series('ROLE', 'k', '[{"code": "CN", "target": "credit_note", "scope": "ever", "mode": "immediate"}]')$$, '{admin}'),
	('assign_numbers', $$SELECT erp.assign_numbers('ROLE')$$, '{accountant,admin}'),
	('seal_documents', $$SELECT erp.seal_documents('ROLE')$$, '{accountant,admin}'),
	('verify_chain and export_journal', $$SELECT (SELECT count(*) FROM erp.verify_chain('ROLE')) + (SELECT count(*) FROM erp.export_journal('ROLE')), erp.seal_head('ROLE')$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('balances', $$SELECT (SELECT count(*) FROM erp.balances_as_of('ROLE', NULL)) + (SELECT count(*) FROM erp.trial_balance('ROLE', '2009-01-01', '2009-12-31')) + (SELECT count(*) FROM erp.balances_by_party('ROLE', '2009-01-01', '2009-12-31')) + erp.account_balance('ROLE', '1000', NULL)$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('statement', $$SELECT (SELECT count(*) FROM erp.statement('ROLE', 'en_profit', '2009-01')) + (SELECT count(*) FROM erp.statement_checks('ROLE', 'en_profit', '2009-01')) + (SELECT count(*) FROM erp.statement_drill('ROLE', 'en_profit', 1, period => '2009-01')) + (SELECT count(*) FROM erp.print_statement('ROLE', 'en_profit', '2009-01')) + (SELECT count(*) FROM erp.verify_frozen_statements('ROLE')) + (SELECT count(*) FROM erp.print_frozen_statement('ROLE', 'none'))$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('freeze_statement', $$SELECT erp.freeze_statement('ROLE', 'k', '{"template": "en_profit", "period": "2009-01"}')$$, '{accountant,admin}'),
	('put_statements', $$SELECT erp.put_statements('ROLE', 'k', '[{"template": "en_profit"}]')$$, '{accountant,admin}'),
	('the books as known', $$SELECT (SELECT count(*) FROM erp.journal_as_known('ROLE', NULL, NULL, k)) + (SELECT count(*) FROM erp.balances_as_known('ROLE', NULL, k)) + (SELECT count(*) FROM erp.trial_balance_as_known('ROLE', '2009-01-01', '2009-12-31', k)) + (SELECT count(*) FROM erp.open_items_as_known('ROLE', NULL, k)) + (SELECT count(*) FROM erp.stock_as_known('ROLE', NULL, k)) FROM erp.seal_position_at('ROLE', now()) k$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('start_import', $$SELECT erp.start_import('ROLE', 'k', '{"name": "j"}')$$, '{sales,warehouse,accountant,admin}'),
	('check_integrity', $$SELECT * FROM erp.check_integrity()$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('post_document', $$SELECT erp.post_document('ROLE', '{"key": "k", "kind": "manual_voucher", "day": "2009-01-05", "lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]}')$$, '{accountant,admin}'),
	('post_documents', $$SELECT erp.post_documents('ROLE', '[{"key": "k", "kind": "sales_invoice", "day": "2009-01-05", "party": "C1", "lines": [{"item": "F", "quantity": 1, "price": 1}]}]')$$, '{sales,admin}'),
	('reverse_document', $$SELECT erp.reverse_document('ROLE', '{"key": "k", "reverses": "stock", "day": "2009-01-05"}')$$, '{warehouse,admin}'),
	('draft_voucher', $$SELECT erp.draft_voucher('ROLE', 'k', '{"document": {"key": "d", "kind": "manual_voucher", "day": "2009-01-05", "lines": [{"account": "6000", "side": "debit", "amount": 1}, {"account": "1000", "side": "credit", "amount": 1}]}}')$$, '{accountant,admin}'),
	('review_draft', $$SELECT erp.review_draft('ROLE', 'k', '{"draft": "draft drafted"}')$$, '{reviewer,admin}'),
	('sign_draft', $$SELECT erp.sign_draft('ROLE', 'k', '{"draft": "draft reviewed"}')$$, '{cashier,admin}'),
	('post_draft', $$SELECT erp.post_draft('ROLE', 'k', '{"draft": "draft drafted"}')$$, '{accountant,admin}'),
	('return_draft', $$SELECT erp.return_draft('ROLE', 'k', '{"draft": "draft reviewed", "reason": "r"}')$$, '{reviewer,cashier,accountant,admin}'),
	('withdraw_draft', $$SELECT erp.withdraw_draft('ROLE', 'k', '{"draft": "draft drafted", "reason": "r"}')$$, '{accountant,admin}'),
	('receive_electronic_vouchers', $$SELECT erp.receive_electronic_vouchers('ROLE', 'k', '[{"kind": "other", "issuer": "I", "number": "2", "day": "2009-01-05", "amount": 1, "content_type": "pdf", "content_hash": "0000000000000000000000000000000000000000000000000000000000000000"}]')$$, '{accountant,admin}'),
	('verify_electronic_vouchers', $$SELECT erp.verify_electronic_vouchers('ROLE', 'k', '[{"kind": "vat_invoice", "issuer": "I", "number": "1", "valid": false, "verified_by": "V"}]')$$, '{accountant,admin}'),
	('book_electronic_vouchers', $$SELECT erp.book_electronic_vouchers('ROLE', 'k', '{"document": "owed", "electronic_vouchers": [{"kind": "vat_invoice", "issuer": "I", "number": "1"}]}')$$, '{accountant,admin}'),
	('electronic vouchers and their booking', $$SELECT erp.booking_data('ROLE', 'vat_invoice', 'I', '1'), (SELECT count(*) FROM erp.electronic_voucher_list)$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('an update of a draft', $$UPDATE erp.draft SET state = 'reviewed'$$, '{}'),
	('open_items', $$SELECT * FROM erp.open_items('ROLE', '2009-01-31')$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('ageing', $$SELECT * FROM erp.ageing('ROLE', '2009-01-31')$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('party_statement', $$SELECT * FROM erp.party_statement('ROLE', 'C1', '2009-01-01', '2009-01-31')$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('credit_exposure', $$SELECT * FROM erp.credit_exposure('ROLE', '2009-01-31')$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('propose_settlements', $$SELECT * FROM erp.propose_settlements('ROLE', 'C1', 'exact')$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('reserve', $$SELECT erp.reserve('ROLE', '{"key": "k", "demand": "D", "lines": [{"item": "F", "quantity": 1}]}')$$, '{sales,warehouse,admin}'),
	('release', $$SELECT erp.release('ROLE', '{"key": "k", "lines": [{"demand": "reserved"}]}')$$, '{sales,warehouse,admin}'),
	('move_reservation', $$SELECT erp.move_reservation('ROLE', '{"key": "k", "moves": [{"from": "reserved", "from_line": 1, "to": "D", "to_line": 1, "item": "A"}]}')$$, '{sales,warehouse,admin}'),
	('expire_holds', $$SELECT erp.expire_holds('ROLE')$$, '{sales,warehouse,admin}'),
	('put_expected_receipts', $$SELECT erp.put_expected_receipts('ROLE', '{"key": "k", "receipts": [{"source": "PO", "item": "F", "warehouse": "MAIN", "day": "2009-06-01", "quantity": 5}]}')$$, '{warehouse,admin}'),
	('put_safety_stocks', $$SELECT erp.put_safety_stocks('ROLE', '{"key": "k", "items": [{"item": "F", "warehouse": "MAIN", "quantity": 5}]}')$$, '{warehouse,admin}'),
	('what can be promised', $$SELECT * FROM erp.available_to_promise('ROLE', '{F}', '2009-01-01', '2009-12-31'), erp.earliest_promise('ROLE', '[{"item": "F", "quantity": 1}]', '2009-01-01')$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('an update of what is free', $$UPDATE erp_private.free_stock SET quantity = 1000$$, '{}'),
	('put_departments', $$SELECT erp.put_departments('ROLE', 'k', '[{"code": "D", "name": "D"}]')$$, '{admin}'),
	('put_approval_rules', $$SELECT erp.put_approval_rules('ROLE', 'k', '[{"code": "R", "kind": "other", "steps": [{"signers": [{"group": "erp_read"}]}]}]')$$, '{admin}'),
	('put_delegates', $$SELECT erp.put_delegates('ROLE', 'k', '[{"delegate": "trial_read", "from": "2009-01-01", "until": "2009-01-31"}]')$$, '{sales,warehouse,accountant,reviewer,cashier,admin}'),
	('submit_for_approval', $$SELECT erp.submit_for_approval('ROLE', 'k', '{"kind": "other", "subject": "free"}')$$, '{sales,warehouse,accountant,reviewer,cashier,admin}'),
	('approve', $$SELECT erp.approve('ROLE', 'k', '{"kind": "other", "subject": "asked"}')$$, '{sales,warehouse,accountant,reviewer,cashier,admin}'),
	('send_back', $$SELECT erp.send_back('ROLE', 'k', '{"kind": "other", "subject": "asked", "reason": "r"}')$$, '{sales,warehouse,accountant,reviewer,cashier,admin}'),
	('refuse_approval', $$SELECT erp.refuse_approval('ROLE', 'k', '{"kind": "other", "subject": "asked", "reason": "r"}')$$, '{sales,warehouse,accountant,reviewer,cashier,admin}'),
	('add_signer', $$SELECT erp.add_signer('ROLE', 'k', '{"kind": "other", "subject": "asked", "signer": "trial_read", "place": "after"}')$$, '{sales,warehouse,accountant,reviewer,cashier,admin}'),
	('escalate_approvals', $$SELECT erp.escalate_approvals('ROLE')$$, '{sales,warehouse,accountant,reviewer,cashier,admin}'),
	('an update of what waits', $$UPDATE erp_private.approval_waiting SET escalated = true$$, '{}'),
	('setup', 'SELECT erp.setup()', '{}'), ('migrate', 'SELECT erp.migrate()', '{}'),
	('the tables', $$SELECT count(*) FROM erp.voucher_line$$, '{read,sales,warehouse,accountant,reviewer,cashier,admin}'),
	('an insert', $$INSERT INTO erp.voucher_line SELECT * FROM erp.voucher_line$$, '{}'),
	('an update', $$UPDATE erp.voucher_line SET amount = 0$$, '{}'),
	('a truncate', $$TRUNCATE erp.voucher_line$$, '{}'),
	('an update of the stock', $$UPDATE erp_private.stock_position SET on_hand = 1000$$, '{}'),
	('an update of master data', $$UPDATE erp.account SET name = 'x'$$, '{}'),
	('becoming the owner', $$SET LOCAL ROLE erp_owner$$, '{}'),
	('a call behind the door', $$SELECT erp_private.put_items(1, '[]')$$, '{}');
CREATE FUNCTION pg_temp.as_role(p_role text, p_call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text;
BEGIN
	EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', 'trial_' || p_role);
	EXECUTE p_call;
	RAISE EXCEPTION 'went through' USING ERRCODE = 'XX999';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE;
	RETURN CASE code WHEN 'XX999' THEN 'allowed' WHEN '42501' THEN 'refused' WHEN 'LE003' THEN 'refused' ELSE code END;
END
$$;
\o
SELECT plan((SELECT count(*)::integer FROM may) * 8 + 15);
SELECT is(pg_temp.as_role(r, m.call), CASE WHEN r = ANY (m.roles) THEN 'allowed' ELSE 'refused' END, concat_ws(' ', r, m.function_name))
FROM may m, unnest('{nobody,read,sales,warehouse,accountant,reviewer,cashier,admin}'::text[]) r;
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
	WHERE n.nspname IN ('erp', 'erp_private') AND a.grantee = 0 AND p.proname NOT IN ('slip')$$, 'PUBLIC may execute nothing');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, LATERAL aclexplode(c.relacl) a
	WHERE n.nspname IN ('erp', 'erp_private') AND a.grantee = 0$$, 'PUBLIC may read nothing');
SELECT is_empty($$SELECT nspname FROM pg_namespace n, LATERAL aclexplode(nspacl) a WHERE nspname IN ('erp', 'erp_private') AND a.grantee = 0$$, 'PUBLIC may enter no schema');
SELECT is_empty($$SELECT c.oid::regclass, a.grantee::regrole, a.privilege_type FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, LATERAL aclexplode(c.relacl) a
	WHERE n.nspname IN ('erp', 'erp_private') AND c.relkind IN ('r', 'p') AND a.grantee <> 'erp_owner'::regrole AND a.privilege_type <> 'SELECT' AND c.relname NOT IN ('staged_line', 'staged_master')$$, 'nobody but the owner writes a table, except the staging');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
	WHERE n.nspname IN ('erp', 'erp_private') AND p.prosecdef AND NOT coalesce(p.proconfig, '{}')::text LIKE '%search_path=pg_catalog, pg_temp%'$$, 'no SECURITY DEFINER without a pinned search_path');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN erp_private.function_right() f ON f.function_name = p.proname
	WHERE n.nspname = 'erp' AND p.prokind = 'f' AND p.provolatile = 'v' AND NOT coalesce(p.proconfig, '{}')::text LIKE '%search_path=pg_catalog, pg_temp%'
	AND p.proname NOT IN ('post_document', 'post_documents', 'reverse_document', 'reserve', 'settle', 'unsettle')$$, 'entry points pin their search_path, or do it themselves');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
	WHERE n.nspname = 'erp' AND p.provolatile = 'v' AND p.proparallel <> 'u' AND p.proname NOT IN ('setup', 'migrate')$$, 'what writes is parallel unsafe');
SELECT ok((SELECT NOT rolsuper AND NOT rolcanlogin FROM pg_roles WHERE rolname = 'erp_owner'), 'the owner is no superuser and does not log in');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('erp', 'erp_private') AND c.relkind IN ('r', 'p', 'v') AND c.relowner <> 'erp_owner'::regrole$$, 'all tables and views are its own');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'e' WHERE n.nspname IN ('erp', 'erp_private')$$, 'none is a member of the extension');

-- A company whose members are a role of their own.
\o /dev/null
GRANT erp_sales TO trial_member;
SELECT erp.create_company('CLUB', 'company', '{"name": "Club", "currency": "GBP", "member_role": "trial_member"}');
SELECT erp.create_fiscal_year('CLUB', 'y', '{"code": "2009", "first_day": "2009-01-01", "months": 12}');
\o
SELECT is(pg_temp.as_role('member', $$SELECT erp.put_parties('CLUB', 'k', '[{"code": "P", "name": "P", "roles": ["customer"]}]')$$), 'allowed', 'a member works for its company');
SELECT is(pg_temp.as_role('stranger', $$SELECT erp.put_parties('CLUB', 'k', '[{"code": "P", "name": "P", "roles": ["customer"]}]')$$), 'refused', 'a stranger does not, whatever else it may');
SELECT is(pg_temp.as_role('stranger', $$SELECT erp.post_document('CLUB', '{"key": "k", "kind": "manual_voucher", "day": "2009-01-05", "lines": []}')$$), 'refused', 'nor does it post');
-- Who did it is recorded: the session's user, not the owner.
SELECT is((SELECT DISTINCT recorded_by::text FROM erp.document d JOIN erp.company c USING (company_id) WHERE c.code = 'CLUB'), session_user::text, 'who did it stands in the document');
SELECT is_empty('SELECT * FROM erp.check_integrity()', 'the books are whole');
SELECT * FROM finish();
ROLLBACK;
