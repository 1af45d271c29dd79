/*
 * What of core and ledger is sealed with a document: every column of every
 * fact that was written with it, but the company, which the content says once,
 * ids that only repeat the document's, the id of the transaction and the state.
 */
#include "postgres.h"

#include "ledger/seal.h"

static SealRecord documentRecord = {
	.name = "document", .table = "document", .index = "document_key",
	.fields = {SEAL_VALUE("document_id"), SEAL_VALUE("kind"), SEAL_VALUE("key"), SEAL_CODED("party_id", SealPartyCode), SEAL_VALUE("day"),
	SEAL_VALUE("time_of_day"), SEAL_VALUE("posting_day"), SEAL_VALUE("recorded_at"), SEAL_VALUE("recorded_by"),
	SEAL_CODED("currency_id", SealCurrencyCode), SEAL_VALUE("rate"), SEAL_VALUE("rate_day"), SEAL_VALUE("reverses_document_id"),
	SEAL_VALUE("reference"), SEAL_VALUE("description"), SEAL_VALUE("request_hash")}
};

static SealRecord documentLineRecord = {
	.name = "document_line", .table = "document_line", .index = "document_line_key",
	.fields = {SEAL_VALUE("line_no"), SEAL_VALUE("line_role"), SEAL_CODED("item_id", SealItemCode),
	SEAL_CODED("warehouse_id", SealWarehouseCode), SEAL_CODED("account_id", SealAccountCode), SEAL_CODED("tax_code_id", SealTaxCode),
	SEAL_CODED("dimension_set_id", SealDimensionsCode), SEAL_CODED("unit_id", SealUnitCode), SEAL_VALUE("voucher_line_no"),
	SEAL_VALUE("second_quantity"), SEAL_VALUE("quantity"), SEAL_VALUE("unit_price"), SEAL_VALUE("amount"), SEAL_VALUE("cost"), SEAL_VALUE("description"),
	SEAL_VALUE("price_amount"), SEAL_VALUE("discount_percent"), SEAL_VALUE("discount"), SEAL_VALUE("document_discount")}
};

static SealRecord documentPricingRecord = {
	.name = "document_pricing", .table = "document_pricing", .index = "document_pricing_key",
	.fields = {SEAL_VALUE("prices_include_tax"), SEAL_VALUE("tax_rounding"), SEAL_VALUE("discount_percent"), SEAL_VALUE("discount"),
	SEAL_VALUE("cash_rounding"), SEAL_VALUE("cash_rounding_method")}
};

static SealRecord documentTaxRecord = {
	.name = "document_tax", .table = "document_tax", .index = "document_tax_key",
	.fields = {SEAL_CODED("tax_code_id", SealTaxCode), SEAL_VALUE("rate"), SEAL_VALUE("base_amount"), SEAL_VALUE("tax_amount")}
};

static SealRecord documentLinkRecord = {
	.name = "document_link", .table = "document_link", .index = "document_link_key",
	.fields = {SEAL_VALUE("line_no"), SEAL_VALUE("link"), SEAL_VALUE("target_document_id"), SEAL_VALUE("target_line_no"),
	SEAL_VALUE("quantity"), SEAL_VALUE("amount"), SEAL_VALUE("company_amount")}
};

static SealRecord callResultRecord = {
	.name = "call_result", .table = "call_result", .index = "call_result_key",
	.fields = {SEAL_VALUE("call"), SEAL_VALUE("request"), SEAL_VALUE("result")}
};

/* All steps of the draft that the document was: none comes after the one that posts it. */
static SealRecord postedDraft = {
	.table = "draft_event", .index = "draft_event_document", .idColumn = "draft_id"
};

static SealRecord draftEventRecord = {
	.name = "draft_event", .table = "draft_event", .index = "draft_event_key", .parent = &postedDraft,
	.fields = {SEAL_VALUE("draft_id"), SEAL_VALUE("event_no"), SEAL_VALUE("from_state"), SEAL_VALUE("to_state"),
	SEAL_VALUE("happened_at"), SEAL_VALUE("happened_by"), SEAL_VALUE("reason"), SEAL_VALUE("attachments"), SEAL_VALUE("request"),
	SEAL_VALUE("document_id")}
};

static SealRecord warnedPostingRecord = {
	.name = "warned_posting", .table = "warned_posting", .index = "warned_posting_key",
	.fields = {SEAL_VALUE("module")}
};

static SealRecord creditWarningRecord = {
	.name = "credit_warning", .table = "credit_warning", .index = "credit_warning_key",
	.fields = {SEAL_CODED("party_id", SealPartyCode), SEAL_VALUE("exposure"), SEAL_VALUE("credit_limit")}
};

static SealRecord budgetWarningRecord = {
	.name = "budget_warning", .table = "budget_warning", .index = "budget_warning_key",
	.fields = {SEAL_VALUE("budget_position_id"), SEAL_VALUE("month"), SEAL_VALUE("budget"), SEAL_VALUE("actual")}
};

SealRecord SealVoucherRecord = {
	.name = "voucher", .table = "voucher", .index = "voucher_key", .idColumn = "voucher_id",
	.fields = {SEAL_VALUE("voucher_id"), SEAL_VALUE("document_id"), SEAL_VALUE("day"), SEAL_CODED("period_id", SealPeriodCode), SEAL_VALUE("summary"),
	SEAL_CODED("voucher_word_id", SealWordCode)}
};

static SealRecord voucherReversalRecord = {
	.name = "voucher_reversal", .table = "voucher_reversal", .index = "voucher_reversal_key", .parent = &SealVoucherRecord,
	.fields = {SEAL_VALUE("voucher_id"), SEAL_VALUE("reverses_voucher_id")}
};

static SealRecord voucherLineRecord = {
	.name = "voucher_line", .table = "voucher_line", .index = "voucher_line_key", .parent = &SealVoucherRecord,
	.fields = {SEAL_VALUE("voucher_id"), SEAL_VALUE("line_no"), SEAL_CODED("account_id", SealAccountCode), SEAL_VALUE("day"),
	SEAL_VALUE("side"), SEAL_CODED("currency_id", SealCurrencyCode), SEAL_CODED("party_id", SealPartyCode),
	SEAL_CODED("tax_code_id", SealTaxCode), SEAL_CODED("dimension_set_id", SealDimensionsCode),
	SEAL_CODED("cash_flow_item_id", SealCashFlowItemCode), SEAL_CODED("unit_id", SealUnitCode), SEAL_VALUE("amount"),
	SEAL_VALUE("company_amount"), SEAL_VALUE("quantity"), SEAL_VALUE("due_day"), SEAL_VALUE("summary"), SEAL_VALUE("posting_rule_id"),
	SEAL_VALUE("document_line_no")}
};

static SealRecord postingEvaluationRecord = {
	.name = "posting_evaluation", .table = "posting_evaluation", .index = "posting_evaluation_key", .parent = &SealVoucherRecord,
	.fields = {SEAL_VALUE("voucher_id"), SEAL_VALUE("evaluation_no"), SEAL_VALUE("line_no"), SEAL_VALUE("posting_rule_id"),
	SEAL_VALUE("document_line_no"), SEAL_VALUE("applies_when"), SEAL_VALUE("amount_expression"), SEAL_VALUE("named_values"),
	SEAL_VALUE("amount"), SEAL_VALUE("company_amount")}
};

static SealRecord openItemRecord = {
	.name = "open_item", .table = "open_item", .index = "open_item_line_key", .parent = &SealVoucherRecord,
	.fields = {SEAL_VALUE("open_item_id"), SEAL_VALUE("voucher_id"), SEAL_VALUE("line_no"), SEAL_VALUE("document_id"),
	SEAL_CODED("account_id", SealAccountCode), SEAL_CODED("party_id", SealPartyCode), SEAL_VALUE("day"), SEAL_VALUE("due_day"),
	SEAL_CODED("currency_id", SealCurrencyCode), SEAL_VALUE("amount"), SEAL_VALUE("company_amount"),
	SEAL_CODED("payment_terms_id", SealPaymentTermsCode), SEAL_VALUE("due_day_given"), SEAL_VALUE("instalment_no")}
};

static SealRecord settlementRecord = {
	.name = "settlement", .table = "settlement", .index = "settlement_document",
	.fields = {SEAL_VALUE("settlement_id"), SEAL_VALUE("day"), SEAL_VALUE("debit_open_item_id"), SEAL_VALUE("credit_open_item_id"),
	SEAL_VALUE("amount"), SEAL_VALUE("company_amount"), SEAL_VALUE("reverses_settlement_id"), SEAL_VALUE("follows_settlement_id"), SEAL_VALUE("terms_percent")}
};

static SealCode seriesCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.series t WHERE t.company_id = $1 AND t.series_id = $2")
};

#define NUMBER_FIELDS {SEAL_CODED("series_id", seriesCode), SEAL_VALUE("scope_value"), SEAL_VALUE("number"), SEAL_VALUE("document_id"), \
	SEAL_VALUE("voucher_id"), SEAL_VALUE("assigning_document_id")}
#define ASSIGNING_DOCUMENT 5

static bool
IsOwnNumber(const Datum *values, const bool *nulls, int64 documentId)
{
	return !nulls[ASSIGNING_DOCUMENT] && DatumGetInt64(values[ASSIGNING_DOCUMENT]) == documentId;
}

/* A number that a document took itself is its own; one that was given later is of the document that gave it. */
static SealRecord ownNumberRecord = {
	.name = "assigned_number", .table = "assigned_number", .index = "assigned_number_once", .belongs = IsOwnNumber,
	.fields = NUMBER_FIELDS
};

static SealRecord laterNumberRecord = {
	.name = "assigned_number", .table = "assigned_number", .index = "assigned_number_later",
	.fields = NUMBER_FIELDS
};

static SealRecord electronicVoucherRecord = {
	.name = "electronic_voucher", .table = "electronic_voucher", .index = "electronic_voucher_document",
	.fields = {SEAL_VALUE("electronic_voucher_id"), SEAL_VALUE("kind"), SEAL_VALUE("issuer"), SEAL_VALUE("number"), SEAL_VALUE("day"),
	SEAL_CODED("currency_id", SealCurrencyCode), SEAL_VALUE("amount"), SEAL_VALUE("tax_amount"), SEAL_VALUE("issuer_name"),
	SEAL_VALUE("recipient"), SEAL_VALUE("content_type"), SEAL_VALUE("content_hash"), SEAL_VALUE("location")}
};

static SealRecord electronicVoucherEventRecord = {
	.name = "electronic_voucher_event", .table = "electronic_voucher_event", .index = "electronic_voucher_event_document",
	.fields = {SEAL_VALUE("electronic_voucher_id"), SEAL_VALUE("event_no"), SEAL_VALUE("event"), SEAL_VALUE("verified_by"),
	SEAL_VALUE("remark"), SEAL_VALUE("booked_document_id")}
};

static SealRecord generatedPostingRecord = {
	.name = "generated_posting", .table = "generated_posting", .index = "generated_posting_document",
	.fields = {SEAL_VALUE("origin"), SEAL_VALUE("code"), SEAL_VALUE("day"), SEAL_VALUE("attempt"), SEAL_VALUE("amount"), SEAL_VALUE("voucher_key")}
};

static SealRecord frozenStatementRecord = {
	.name = "frozen_statement", .table = "frozen_statement", .index = "frozen_statement_key",
	.fields = {SEAL_VALUE("statement_no"), SEAL_VALUE("template"), SEAL_VALUE("first_day"), SEAL_VALUE("last_day"), SEAL_VALUE("content"), SEAL_VALUE("hash")}
};

static SealRecord discountTaxRecord = {
	.name = "discount_tax", .table = "discount_tax", .index = "discount_tax_document",
	.fields = {SEAL_VALUE("settlement_id"), SEAL_CODED("tax_code_id", SealTaxCode), SEAL_VALUE("rate"), SEAL_VALUE("base_amount"),
	SEAL_VALUE("company_base_amount"), SEAL_VALUE("tax_amount"), SEAL_VALUE("company_tax_amount")}
};

static SealRecord approvalRecord = {
	.name = "approval", .table = "approval", .index = "approval_document",
	.fields = {SEAL_VALUE("approval_id"), SEAL_VALUE("kind"), SEAL_VALUE("subject"), SEAL_VALUE("round"), SEAL_VALUE("submitted_by"),
	SEAL_VALUE("submitted_at"), SEAL_VALUE("facts")}
};

static SealRecord approvalStepRecord = {
	.name = "approval_step", .table = "approval_step", .index = "approval_step_document",
	.fields = {SEAL_VALUE("approval_id"), SEAL_VALUE("step_no"), SEAL_VALUE("rank"), SEAL_VALUE("rule_code"), SEAL_VALUE("needed"),
	SEAL_VALUE("signers"), SEAL_VALUE("own_allowed"), SEAL_VALUE("timeout_minutes"), SEAL_VALUE("escalate_to")}
};

static SealRecord approvalDecisionRecord = {
	.name = "approval_decision", .table = "approval_decision", .index = "approval_decision_document",
	.fields = {SEAL_VALUE("approval_id"), SEAL_VALUE("decision_no"), SEAL_VALUE("step_no"), SEAL_VALUE("action"), SEAL_VALUE("from_state"),
	SEAL_VALUE("to_state"), SEAL_VALUE("decided_by"), SEAL_VALUE("decided_for"), SEAL_VALUE("signed_as"), SEAL_VALUE("ends_step"),
	SEAL_VALUE("decided_at"), SEAL_VALUE("reason")}
};

void
RegisterLedgerSealRecords(void)
{
	RegisterSealRecord(&documentRecord);
	RegisterSealRecord(&documentLineRecord);
	RegisterSealRecord(&documentTaxRecord);
	RegisterSealRecord(&documentPricingRecord);
	RegisterSealRecord(&documentLinkRecord);
	RegisterSealRecord(&callResultRecord);
	RegisterSealRecord(&postedDraft);
	RegisterSealRecord(&draftEventRecord);
	RegisterSealRecord(&warnedPostingRecord);
	RegisterSealRecord(&creditWarningRecord);
	RegisterSealRecord(&budgetWarningRecord);
	RegisterSealRecord(&SealVoucherRecord);
	RegisterSealRecord(&voucherReversalRecord);
	RegisterSealRecord(&voucherLineRecord);
	RegisterSealRecord(&postingEvaluationRecord);
	RegisterSealRecord(&openItemRecord);
	RegisterSealRecord(&settlementRecord);
	RegisterSealRecord(&discountTaxRecord);
	RegisterSealRecord(&electronicVoucherRecord);
	RegisterSealRecord(&electronicVoucherEventRecord);
	RegisterSealRecord(&generatedPostingRecord);
	RegisterSealRecord(&frozenStatementRecord);
	RegisterSealRecord(&ownNumberRecord);
	RegisterSealRecord(&laterNumberRecord);
	RegisterSealRecord(&approvalRecord);
	RegisterSealRecord(&approvalStepRecord);
	RegisterSealRecord(&approvalDecisionRecord);
}
