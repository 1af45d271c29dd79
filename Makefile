# erp, a PostgreSQL extension.
#
#   make, make install, make installcheck   with PG_CONFIG=..., as every PGXS extension
#   make test, soak, lint, bench, demo, docs  need nothing beside Debian 12: they install what is
#                                           missing and work in a scratch directory (CONTRIBUTING.md)
#
# Every list is explicit: a file that is not named here is neither built, shipped nor run.

EXTENSION = erp
MODULE_big = erp
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" erp.control)

CORE_OBJS = \
	src/core/approval.o \
	src/core/arithmetic.o \
	src/core/bulk_insert.o \
	src/core/bulk_insert_once.o \
	src/core/bulk_insert_target.o \
	src/core/call.o \
	src/core/call_lock.o \
	src/core/check_digits.o \
	src/core/check_documents.o \
	src/core/check_numbers.o \
	src/core/code_map.o \
	src/core/company_call.o \
	src/core/company_step.o \
	src/core/datum_array.o \
	src/core/document_amounts.o \
	src/core/document_check.o \
	src/core/document_event.o \
	src/core/document_field.o \
	src/core/document_hash.o \
	src/core/document_line_check.o \
	src/core/document_lines.o \
	src/core/document_party.o \
	src/core/document_pricing.o \
	src/core/document_problem.o \
	src/core/document_read.o \
	src/core/document_reference.o \
	src/core/document_result.o \
	src/core/document_store.o \
	src/core/document_unit.o \
	src/core/draft_transition.o \
	src/core/engine.o \
	src/core/errors.o \
	src/core/fact_check.o \
	src/core/fact_map.o \
	src/core/fact_rows.o \
	src/core/fact_scan.o \
	src/core/fact_words.o \
	src/core/foreign_keys.o \
	src/core/guard_check.o \
	src/core/guard_fingerprint.o \
	src/core/guards.o \
	src/core/hash.o \
	src/core/identifier.o \
	src/core/index_probe.o \
	src/core/probed_row.o \
	src/core/index_walk.o \
	src/core/json_canonical.o \
	src/core/json_datum.o \
	src/core/json_in.o \
	src/core/json_refuse.o \
	src/core/json_push.o \
	src/core/json_tree.o \
	src/core/kind_cache.o \
	src/core/master_cache.o \
	src/core/money.o \
	src/core/money_allocate.o \
	src/core/money_text.o \
	src/core/numeric_io.o \
	src/core/pair_map.o \
	src/core/parsed_expression.o \
	src/core/payment_terms.o \
	src/core/relation_name.o \
	src/core/request.o \
	src/core/request_field.o \
	src/core/plan_cache.o \
	src/core/price_amounts.o \
	src/core/ratio.o \
	src/core/subtransaction.o \
	src/core/tax_cache.o \
	src/core/text_width.o \
	src/core/transition.o \
	src/core/working_document.o \
	src/core/used_master.o
LEDGER_OBJS = \
	src/ledger/account.o \
	src/ledger/account_dimension.o \
	src/ledger/budget_control.o \
	src/ledger/check_document_lines.o \
	src/ledger/check_document_taxes.o \
	src/ledger/check_open_items.o \
	src/ledger/check_voucher_days.o \
	src/ledger/check_voucher_lines.o \
	src/ledger/check_vouchers.o \
	src/ledger/correction.o \
	src/ledger/credit_limit.o \
	src/ledger/dimension.o \
	src/ledger/dimension_set.o \
	src/ledger/discount_tax.o \
	src/ledger/electronic_voucher.o \
	src/ledger/expression.o \
	src/ledger/generated_posting.o \
	src/ledger/expression_reader.o \
	src/ledger/expression_run.o \
	src/ledger/expression_token.o \
	src/ledger/formula.o \
	src/ledger/frozen_statement.o \
	src/ledger/item_terms.o \
	src/ledger/ledger_cache.o \
	src/ledger/open_item_lock.o \
	src/ledger/open_items.o \
	src/ledger/period_gate.o \
	src/ledger/period_state.o \
	src/ledger/period_warning.o \
	src/ledger/posting.o \
	src/ledger/posting_entries.o \
	src/ledger/posting_rule.o \
	src/ledger/posting_shipped.o \
	src/ledger/posting_stock.o \
	src/ledger/revaluation.o \
	src/ledger/rounding.o \
	src/ledger/rule_book.o \
	src/ledger/rule_check.o \
	src/ledger/rule_dimension.o \
	src/ledger/rule_evaluation.o \
	src/ledger/rule_values.o \
	src/ledger/running_sum.o \
	src/ledger/opening.o \
	src/ledger/open_transaction.o \
	src/ledger/seal.o \
	src/ledger/seal_codes.o \
	src/ledger/seal_content.o \
	src/ledger/seal_export.o \
	src/ledger/seal_facts.o \
	src/ledger/seal_field.o \
	src/ledger/seal_records.o \
	src/ledger/seal_verify.o \
	src/ledger/series.o \
	src/ledger/set_values.o \
	src/ledger/settle_posted.o \
	src/ledger/settlement.o \
	src/ledger/settlement_match.o \
	src/ledger/settlement_read.o \
	src/ledger/settlement_rows.o \
	src/ledger/settlement_store.o \
	src/ledger/terms_discount.o \
	src/ledger/unsettle.o \
	src/ledger/unsettle_part.o \
	src/ledger/upkeep.o \
	src/ledger/used_ledger.o \
	src/ledger/voucher_balance.o \
	src/ledger/voucher_entry.o \
	src/ledger/voucher_lines.o \
	src/ledger/voucher_reversal.o \
	src/ledger/voucher_store.o \
	src/ledger/voucher_text.o \
	src/ledger/voucher_word.o
INVENTORY_OBJS = \
	src/inventory/adjustment.o \
	src/inventory/adjustment_accounts.o \
	src/inventory/amendment.o \
	src/inventory/bill.o \
	src/inventory/carried_reservations.o \
	src/inventory/check_checkpoints.o \
	src/inventory/check_cost_sums.o \
	src/inventory/check_costs.o \
	src/inventory/check_items.o \
	src/inventory/check_move_sums.o \
	src/inventory/check_moves.o \
	src/inventory/check_stock.o \
	src/inventory/check_units.o \
	src/inventory/consumption.o \
	src/inventory/conversion.o \
	src/inventory/cost_part.o \
	src/inventory/demand_follower.o \
	src/inventory/draw_up.o \
	src/inventory/cost_store.o \
	src/inventory/cost_target.o \
	src/inventory/costing.o \
	src/inventory/costing_month.o \
	src/inventory/costing_negative.o \
	src/inventory/costing_take_back.o \
	src/inventory/expired.o \
	src/inventory/free_slots.o \
	src/inventory/free_stock.o \
	src/inventory/import.o \
	src/inventory/import_post.o \
	src/inventory/import_read.o \
	src/inventory/item_lookup.o \
	src/inventory/item_method.o src/inventory/method_change.o \
	src/inventory/line_list.o src/inventory/lots.o \
	src/inventory/month_cost.o \
	src/inventory/named_line.o \
	src/inventory/negative_stock.o \
	src/inventory/origin.o \
	src/inventory/place.o \
	src/inventory/place_lookup.o \
	src/inventory/post_documents.o \
	src/inventory/replay.o \
	src/inventory/replay_checkpoint.o \
	src/inventory/replay_compare.o \
	src/inventory/replay_difference.o \
	src/inventory/replay_due.o \
	src/inventory/components.o \
	src/inventory/modular.o \
	src/inventory/linear_system.o \
	src/inventory/replay_circle.o \
	src/inventory/replay_month.o \
	src/inventory/replay_move.o \
	src/inventory/replay_negative.o \
	src/inventory/replay_order.o \
	src/inventory/replay_progress.o \
	src/inventory/replay_quantities.o \
	src/inventory/replay_read.o \
	src/inventory/replay_shortage.o \
	src/inventory/replay_state.o \
	src/inventory/replay_usage.o \
	src/inventory/replay_value.o \
	src/inventory/reservation_call.o \
	src/inventory/reservation_places.o \
	src/inventory/reservation_plan.o \
	src/inventory/reservation_positions.o \
	src/inventory/reservation_read.o \
	src/inventory/reservation_store.o \
	src/inventory/reservation_take.o \
	src/inventory/requirement.o \
	src/inventory/reserved_stock.o \
	src/inventory/two_sided.o \
	src/inventory/reversal.o \
	src/inventory/reversal_voucher.o \
	src/inventory/reversed_lines.o \
	src/inventory/sealed_stock.o \
	src/inventory/second_quantity.o \
	src/inventory/shipped_line.o \
	src/inventory/staged_guard.o \
	src/inventory/standard_cost.o \
	src/inventory/stock_layers.o \
	src/inventory/stock_lock.o src/inventory/pool_lock.o src/inventory/stock_store.o \
	src/inventory/stock_moves.o \
	src/inventory/transfers.o \
	src/inventory/paid_value.o \
	src/inventory/pending.o \
	src/inventory/brought_goods.o \
	src/inventory/unit_lookup.o \
	src/inventory/used_items.o \
	src/inventory/value_document.o \
	src/inventory/value_flow.o
SALES_OBJS = \
	src/sales/order_answer.o \
	src/sales/order_events.o \
	src/sales/order_follow.o \
	src/sales/order_link.o \
	src/sales/order_posted.o \
	src/sales/order_request.o \
	src/sales/order_sale.o \
	src/sales/order_store.o \
	src/sales/price_book.o \
	src/sales/price_call.o \
	src/sales/price_item.o \
	src/sales/price_line.o \
	src/sales/price_margin.o \
	src/sales/price_match.o \
	src/sales/price_party.o \
	src/sales/price_rate.o \
	src/sales/price_request.o \
	src/sales/price_result.o \
	src/sales/promotion.o \
	src/sales/promotion_read.o
OBJS = src/erp.o $(CORE_OBJS) $(LEDGER_OBJS) $(INVENTORY_OBJS) $(SALES_OBJS)

# What erp.setup() runs; wrapped as the function erp_private.definition().
DEFINITIONS = \
	src/core/tables.sql \
	src/core/party_tables.sql \
	src/core/calendar_tables.sql \
	src/core/import_tables.sql \
	src/core/draft_tables.sql \
	src/core/approval_tables.sql \
	src/core/outbox_tables.sql \
	src/core/seed.sql \
	src/core/approval_seed.sql \
	src/core/views.sql \
	src/core/party_views.sql \
	src/core/approval_views.sql \
	src/core/checks_seed.sql \
	src/core/comments.sql \
	src/ledger/tables.sql \
	src/ledger/balance_tables.sql \
	src/ledger/budget_tables.sql \
	src/ledger/close_tables.sql \
	src/ledger/close_seed.sql \
	src/ledger/statement_tables.sql \
	src/ledger/statement_seed.sql \
	src/ledger/close_views.sql \
	src/ledger/electronic_voucher_tables.sql \
	src/ledger/consolidation_tables.sql \
	src/ledger/template_tables.sql \
	src/ledger/schedule_tables.sql \
	src/ledger/allocation_tables.sql \
	src/ledger/generated_seed.sql \
	src/ledger/seed.sql \
	src/ledger/rule_seed.sql \
	src/ledger/views.sql \
	src/ledger/balance_views.sql \
	src/ledger/payment_views.sql \
	src/ledger/number_views.sql \
	src/ledger/budget_views.sql \
	src/ledger/opening_views.sql \
	src/ledger/electronic_voucher_views.sql \
	src/ledger/consolidation_views.sql \
	src/ledger/template_views.sql \
	src/ledger/schedule_views.sql \
	src/ledger/checks_seed.sql \
	src/ledger/comments.sql \
	src/inventory/tables.sql \
	src/inventory/reservation_tables.sql \
	src/inventory/folded_stock_tables.sql \
	src/inventory/seed.sql \
	src/inventory/approval_seed.sql \
	src/inventory/unit_views.sql \
	src/inventory/opening_views.sql \
	src/inventory/views.sql \
	src/inventory/origin_views.sql \
	src/inventory/folded_stock_views.sql \
	src/inventory/reservation_views.sql \
	src/inventory/place_views.sql \
	src/inventory/warehouse_views.sql \
	src/inventory/draft_views.sql \
	src/inventory/cost_views.sql \
	src/inventory/correction_views.sql \
	src/inventory/loan_views.sql \
	src/inventory/shipment_views.sql \
	src/inventory/checks_seed.sql \
	src/inventory/comments.sql \
	src/sales/price_tables.sql \
	src/sales/seed.sql \
	src/sales/order_tables.sql \
	src/sales/ship_tables.sql \
	src/sales/status_tables.sql \
	src/sales/quote_tables.sql \
	src/sales/dunning_tables.sql \
	src/sales/dunning_views.sql \
	src/sales/commission_tables.sql \
	src/sales/quote_seed.sql \
	src/sales/quote_views.sql \
	src/sales/order_seed.sql \
	src/sales/status_seed.sql \
	src/sales/order_views.sql \
	src/sales/milestone_views.sql \
	src/sales/book_views.sql \
	src/sales/margin_views.sql \
	src/sales/profile_views.sql \
	src/sales/order_comments.sql \
	src/sales/carrier_tables.sql \
	src/sales/carrier_views.sql \
	src/sales/price_views.sql \
	src/sales/checks_seed.sql \
	src/sales/comments.sql

# The install script: SQL_FIRST, the definitions, SQL_PARTS.
SQL_FIRST = src/core/install.sql
SQL_PARTS = \
	src/core/arithmetic.sql \
	src/core/text_formats.sql \
	src/core/print_table.sql \
	src/core/print_forms.sql \
	src/core/amount_in_words.sql \
	src/core/progress.sql \
	src/core/triggers.sql \
	src/ledger/triggers.sql \
	src/inventory/triggers.sql \
	src/sales/triggers.sql \
	src/core/request.sql \
	src/core/outbox.sql \
	src/core/calls.sql \
	src/core/master.sql \
	src/core/parties.sql \
	src/core/party_details.sql \
	src/core/tax_zones.sql \
	src/core/sales_teams.sql \
	src/core/business_calendar.sql \
	src/core/payment_terms.sql \
	src/core/approval_rules.sql \
	src/core/approvals.sql \
	src/core/approval_calls.sql \
	src/core/approval_api.sql \
	src/core/series.sql \
	src/ledger/periods.sql \
	src/ledger/close_checks.sql \
	src/ledger/close_books.sql \
	src/ledger/revaluation.sql \
	src/ledger/profit_transfer.sql \
	src/ledger/reopen_month.sql \
	src/ledger/close_month.sql \
	src/ledger/year_close.sql \
	src/ledger/close_calls.sql \
	src/ledger/accounts.sql \
	src/ledger/master.sql \
	src/ledger/posting_rules.sql \
	src/ledger/account_dimensions.sql \
	src/ledger/voucher_words.sql \
	src/ledger/voucher_texts.sql \
	src/ledger/settlement.sql \
	src/ledger/electronic_vouchers.sql \
	src/ledger/generated.sql \
	src/ledger/voucher_templates.sql \
	src/ledger/recurring_vouchers.sql \
	src/ledger/schedules.sql \
	src/ledger/post_schedules.sql \
	src/ledger/transfer_templates.sql \
	src/ledger/run_transfers.sql \
	src/ledger/allocations.sql \
	src/ledger/close_generated.sql \
	src/inventory/item_calls.sql \
	src/inventory/master.sql \
	src/inventory/item_groups.sql \
	src/inventory/units.sql \
	src/inventory/barcodes.sql \
	src/inventory/variants.sql \
	src/inventory/place_master.sql \
	src/inventory/costing_methods.sql \
	src/inventory/close_checks.sql \
	src/sales/carriers.sql \
	src/sales/price_calls.sql \
	src/sales/price_lists.sql \
	src/sales/price_rules.sql \
	src/sales/price_change.sql \
	src/sales/promotions.sql \
	src/sales/price_order.sql \
	src/core/company.sql \
	src/core/numbering.sql \
	src/inventory/api.sql \
	src/inventory/reservation.sql \
	src/inventory/reservation_calls.sql \
	src/inventory/expected_receipts.sql \
	src/inventory/reserved_stock.sql \
	src/inventory/requirements.sql \
	src/inventory/available_to_promise.sql \
	src/inventory/draft_approval.sql \
	src/inventory/drafts.sql \
	src/inventory/draft_calls.sql \
	src/inventory/import.sql \
	src/inventory/master_import.sql \
	src/core/import.sql \
	src/core/checks.sql \
	src/core/checks_approvals.sql \
	src/core/checks_pricing.sql \
	src/ledger/checks_settlements.sql \
	src/ledger/checks_payment_terms.sql \
	src/ledger/checks_documents.sql \
	src/ledger/checks_vouchers.sql \
	src/ledger/checks_rules.sql \
	src/ledger/checks_seal.sql \
	src/ledger/checks_electronic_vouchers.sql \
	src/ledger/checks_generated.sql \
	src/inventory/checks.sql \
	src/inventory/checks_reservations.sql \
	src/inventory/checks_replay.sql \
	src/inventory/checks_folded_stock.sql \
	src/sales/checks.sql \
	src/ledger/balances.sql \
	src/ledger/balance_read.sql \
	src/ledger/formulas.sql \
	src/ledger/loose_lines.sql \
	src/ledger/balance_slices.sql \
	src/ledger/balance_terms.sql \
	src/ledger/term_amounts.sql \
	src/ledger/statement_columns.sql \
	src/ledger/statements.sql \
	src/ledger/statement_drill.sql \
	src/ledger/put_statements.sql \
	src/ledger/freeze_statement.sql \
	src/ledger/print_statement.sql \
	src/ledger/upkeep.sql \
	src/ledger/seal.sql \
	src/ledger/reports.sql \
	src/ledger/book_filters.sql \
	src/ledger/book_lines.sql \
	src/ledger/books.sql \
	src/ledger/summary_books.sql \
	src/ledger/budgets.sql \
	src/ledger/budget_read.sql \
	src/ledger/opening_balances.sql \
	src/ledger/print_words.sql \
	src/ledger/print_ledgers.sql \
	src/ledger/print_books.sql \
	src/ledger/print_voucher.sql \
	src/ledger/open_item_reports.sql \
	src/ledger/export_lines.sql \
	src/ledger/export_journal.sql \
	src/ledger/export_calls.sql \
	src/ledger/export_gbt24589.sql \
	src/ledger/consolidation.sql \
	src/ledger/consolidation_calls.sql \
	src/ledger/party_credit.sql \
	src/ledger/as_known.sql \
	src/inventory/folded_stock.sql \
	src/sales/last_prices.sql \
	src/inventory/reports.sql \
	src/inventory/as_known.sql \
	src/inventory/quantity_ledger.sql \
	src/inventory/loans.sql \
	src/inventory/explain.sql \
	src/inventory/preview.sql \
	src/inventory/explain_cost.sql \
	src/inventory/lot_trace.sql \
	src/inventory/statements.sql \
	src/sales/book_reports.sql \
	src/sales/orders.sql \
	src/sales/order_schedule.sql \
	src/sales/order_credit.sql \
	src/sales/order_approval.sql \
	src/sales/order_place.sql \
	src/sales/order_change.sql \
	src/sales/order_to_cash.sql \
	src/sales/ship_order.sql \
	src/sales/tracking.sql \
	src/sales/order_status.sql \
	src/sales/invoice_order.sql \
	src/sales/order_milestones.sql \
	src/sales/return_order.sql \
	src/sales/order_follow.sql \
	src/sales/templates.sql \
	src/sales/quote_price.sql \
	src/sales/quotes.sql \
	src/sales/dunning_levels.sql \
	src/sales/dunning.sql \
	src/sales/dunning_back.sql \
	src/sales/commission_rules.sql \
	src/sales/commission.sql \
	src/sales/commission_settle.sql \
	src/sales/order_calls.sql \
	src/sales/quote_calls.sql \
	src/core/grants.sql \
	src/core/setup.sql \
	src/core/revoke.sql

DATA_built = erp--$(EXTVERSION).sql

# sql/ and expected/, specs/ and expected/, t/
REGRESS = \
	setup \
	core_master_data \
	account_dimensions \
	backdated \
	bad_input \
	bad_stock_input \
	cost_cases \
	costing_golden \
	costing_methods costing_change from_standard costing_pools costing_circle standard_cost_back \
	standard_product_back \
	idempotency \
	import_counted \
	import_refused \
	import_vouchers \
	later_master_data \
	layers \
	law_detected \
	law_extended \
	law_facts \
	law_guards \
	negative_stock \
	known_later \
	numbers \
	order_schedule order_milestones order_changes \
	orders order_billing order_delivery order_status return_order stories stories_of_money stories_cancelled sales_states quotes dunning commission \
	numbers_at_close month_close exchange_revaluation year_close close_findings \
	dunning_back consolidation chinese_company \
	places \
	lots \
	transfers \
	loans \
	consignment \
	pending_adjustments \
	voucher_words \
	corrections \
	rounding tax_rounding \
	explain \
	explain_cost \
	posting_expressions \
	merged_rules \
	credit_limit \
	print_table amount_in_words printed_books quantity_books budgets opening_balances \
	period_lock \
	production \
	replays \
	reversal \
	reservation \
	requirements \
	carried_reservations \
	expired \
	available_to_promise \
	roles \
	search_path \
	supplier_bills \
	foreign_bills \
	supplier_credit \
	supplier_return \
	stock_cases \
	subtransactions \
	core_arithmetic \
	core_integrity \
	ledger_views \
	limits \
	master_data_used \
	settlement \
	parties overdue_orders sales_views \
	party_import \
	business_calendar \
	payment_terms \
	instalments \
	payments \
	open_items \
	offsets \
	seal_facts \
	shipments \
	sales_shipments \
	shipments_import \
	seal_close \
	seal \
	drafts \
	approvals approval_states \
	settlement_drafts voucher_templates recurring_vouchers schedules allocations transfer_templates close_generated \
	voucher_approval \
	electronic_vouchers \
	balances \
	events \
	frozen_statements \
	units \
	item_groups \
	opening_stock \
	barcodes \
	variants \
	item_import \
	second_quantity \
	second_quantity_moves \
	voucher_checklist \
	prices \
	promotions \
	price_random \
	last_prices \
	price_order \
	folded_stock \
	books balance_terms statements statement_columns statement_drill profit_transfer
ISOLATION = \
	account_parents \
	backdated \
	item_method \
	last_item \
	last_lot \
	lock_order \
	first_flow \
	savepoints \
	new_dimension_sets \
	numbers \
	numbers_at_close \
	period_gate \
	put_twice \
	correct_and_reverse \
	credit_and_reverse \
	bill_and_reverse \
	import_and_return \
	reverse_twice \
	replayed_pools \
	give_back_twice \
	reserve_twice \
	reserve_and_issue \
	require_and_receive \
	reserve_and_receipt \
	carry_and_reserve \
	replay_locks \
	new_pool \
	reserve_and_release \
	lose_and_reserve \
	lose_in_order \
	expire_and_consume \
	same_key \
	same_keys \
	credit_limit \
	budget go_live \
	staged_rows \
	structure_gate \
	fold \
	settle_twice \
	post_and_settle \
	seal_and_post \
	seal_and_close \
	post_draft \
	approve_at_once approve_and_cancel \
	close_and_others close_at_once \
	electronic_voucher_twice \
	old_snapshots \
	use_promotion \
	milestone_twice contract_twice dun_twice generate_twice \
	settle_draft
TAP_FILES = \
	t/010_history.pl \
	t/015_method_history.pl \
	t/016_goods_history.pl \
	t/017_others_history.pl \
	t/018_sales_history.pl \
	t/020_import_kill.pl \
	t/030_dump_restore.pl \
	t/040_reinstall.pl \
	t/050_replica.pl \
	t/060_concurrency.pl \
	t/070_upgrade.pl \
	t/080_two_phase.pl \
	t/090_docs.pl \
	t/100_trading_year.pl \
	t/105_trading_orders.pl \
	t/110_reference.pl \
	t/120_verify_journal.pl \
	t/130_settle_at_once.pl \
	t/150_soak.pl \
	t/160_fold_elsewhere.pl \
	t/170_reserve.pl \
	t/175_lock_table.pl \
	t/180_cancelled_replay.pl \
	t/185_follow_orders.pl \
	t/190_orders.pl \
	t/200_close.pl \
	t/205_exports.pl \
	t/210_closed_year.pl

REGRESS_OPTS = --use-existing
ISOLATION_OPTS = --use-existing --inputdir=output_iso/input

# Targets that work on a copy in a scratch directory and need no PostgreSQL to start with.
SCRATCH_TARGETS = test lint bench demo docs unit soak
.PHONY: FORCE $(SCRATCH_TARGETS) tapcheck unit-check unit-fuzz list-sources database-regress database-isolation

ifneq ($(filter-out $(SCRATCH_TARGETS) list-sources,$(or $(MAKECMDGOALS),all)),)

PG_CPPFLAGS = -Isrc -isystem $(shell $(PG_CONFIG) --includedir-server)
# Entry points and callbacks have the parameters that their callers pass, used or not.
PG_CFLAGS = -Wall -Wextra -Werror -Wno-unused-parameter -MMD -MP
# The server's own CFLAGS name options of gcc that clang does not know.
ifneq ($(findstring clang,$(CC)),)
PG_CFLAGS += -Wno-unknown-warning-option -Wno-ignored-optimization-argument
endif
ifeq ($(ERP_ASSERTIONS),1)
PG_CPPFLAGS += -DERP_ASSERTIONS
endif
EXTRA_CLEAN = $(OBJS:.o=.d) .build-flags erp--$(EXTVERSION).sql output_iso tmp_check

# No bitcode: nothing of the engine is worth inlining into compiled queries.
override with_llvm = no
PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

-include $(OBJS:.o=.d)

# Changes only when the flags do, and then everything is compiled again.
buildFlags = $(CC) $(CPPFLAGS) $(CFLAGS)
.build-flags: FORCE
	@echo '$(buildFlags)' | cmp -s - $@ || echo '$(buildFlags)' > $@
FORCE:
$(OBJS): .build-flags

erp--$(EXTVERSION).sql: $(SQL_FIRST) $(DEFINITIONS) $(SQL_PARTS) scripts/wrap-definition Makefile
	@{ printf '%s\n' '\echo Use "CREATE EXTENSION erp" to load this file. \quit' && cat $(SQL_FIRST) && \
		sh scripts/wrap-definition $(DEFINITIONS) && cat $(SQL_PARTS); } > $@.part
	@mv $@.part $@

installcheck: $(if $(REGRESS),database-regress) $(if $(ISOLATION),database-isolation)
database-regress:
	PATH="$(bindir):$$PATH" bash scripts/make-database $(CONTRIB_TESTDB)
# A spec and a test of one name have one name of output too: those of the specs are in a folder of their own.
database-isolation:
	PATH="$(bindir):$$PATH" bash scripts/make-database $(ISOLATION_TESTDB)
	mkdir -p output_iso/input
	ln -sfn ../../specs output_iso/input/specs
	ln -sfn ../../specs/expected output_iso/input/expected

tapcheck:
	rm -rf tmp_check && mkdir -p tmp_check
	$(if $(TAP_FILES),TESTDIR='$(CURDIR)' PG_REGRESS='$(pgxsdir)/src/test/regress/pg_regress' \
		PERL5LIB='$(pgxsdir)/src/test/perl:$(CURDIR)/t/lib' PATH="$(bindir):$$PATH" PGPORT=65432 \
		prove --verbose $(PROVE_FLAGS) $(TAP_FILES))

# What needs no server, under the sanitizers.
unit-check:
	$(MAKE) -s -C test/unit check PG_CONFIG='$(PG_CONFIG)'
unit-fuzz:
	$(MAKE) -s -C test/unit fuzz PG_CONFIG='$(PG_CONFIG)' SECONDS=$(or $(SECONDS),20)

endif

# The C files of the extension, one a line, for the linters.
list-sources:
	@printf '%s\n' $(OBJS:.o=.c)

test lint demo bench soak:
	@bash scripts/$@
unit:
	@SUITES='unit fuzz' bash scripts/test
docs:
	@bash scripts/reference
