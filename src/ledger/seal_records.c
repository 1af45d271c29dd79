/*
 * What of core and ledger is sealed with a document: every column of every
 * fact that was written with it, but the company, which the content says once,
 * ids that only repeat the document's, the id of the transaction and the state.
 */
#include "postgres.h"

#include "ledger/seal.h"

static SealRecord documentRecord = {
	.name = "document", .table = "document", .index = "document_key",
	.fields = {{"document_id"}, {"kind"}, {"key"}, {"party_id", &SealPartyCode}, {"day"}, {"time_of_day"}, {"posting_day"}, {"recorded_at"},
	{"recorded_by"}, {"currency_id", &SealCurrencyCode}, {"rate"}, {"rate_day"}, {"reverses_document_id"}, {"reference"}, {"description"},
	{"request_hash"}}
};

static SealRecord documentLineRecord = {
	.name = "document_line", .table = "document_line", .index = "document_line_key",
	.fields = {{"line_no"}, {"line_role"}, {"item_id", &SealItemCode}, {"warehouse_id", &SealWarehouseCode}, {"account_id", &SealAccountCode},
	{"tax_code_id", &SealTaxCode}, {"dimension_set_id", &SealDimensionsCode}, {"unit_id", &SealUnitCode}, {"voucher_line_no"}, {"quantity"},
	{"unit_price"}, {"amount"}, {"cost"}, {"description"}}
};

static SealRecord documentTaxRecord = {
	.name = "document_tax", .table = "document_tax", .index = "document_tax_key",
	.fields = {{"tax_code_id", &SealTaxCode}, {"rate"}, {"base_amount"}, {"tax_amount"}}
};

static SealRecord documentLinkRecord = {
	.name = "document_link", .table = "document_link", .index = "document_link_key",
	.fields = {{"line_no"}, {"link"}, {"target_document_id"}, {"target_line_no"}, {"quantity"}, {"amount"}}
};

static SealRecord callResultRecord = {
	.name = "call_result", .table = "call_result", .index = "call_result_key",
	.fields = {{"call"}, {"request"}, {"result"}}
};

/* All steps of the draft that the document was: none comes after the one that posts it. */
static SealRecord postedDraft = {
	.table = "draft_event", .index = "draft_event_document", .idColumn = "draft_id"
};

static SealRecord draftEventRecord = {
	.name = "draft_event", .table = "draft_event", .index = "draft_event_key", .parent = &postedDraft,
	.fields = {{"draft_id"}, {"event_no"}, {"from_state"}, {"to_state"}, {"happened_at"}, {"happened_by"}, {"reason"}, {"attachments"},
	{"request"}, {"document_id"}}
};

static SealRecord warnedPostingRecord = {
	.name = "warned_posting", .table = "warned_posting", .index = "warned_posting_key",
	.fields = {{"module"}}
};

SealRecord SealVoucherRecord = {
	.name = "voucher", .table = "voucher", .index = "voucher_document_key", .idColumn = "voucher_id",
	.fields = {{"voucher_id"}, {"day"}, {"period_id", &SealPeriodCode}, {"summary"}, {"voucher_word_id", &SealWordCode}}
};

static SealRecord voucherReversalRecord = {
	.name = "voucher_reversal", .table = "voucher_reversal", .index = "voucher_reversal_key", .parent = &SealVoucherRecord,
	.fields = {{"voucher_id"}, {"reverses_voucher_id"}}
};

static SealRecord voucherLineRecord = {
	.name = "voucher_line", .table = "voucher_line", .index = "voucher_line_key", .parent = &SealVoucherRecord,
	.fields = {{"voucher_id"}, {"line_no"}, {"account_id", &SealAccountCode}, {"day"}, {"side"}, {"currency_id", &SealCurrencyCode},
	{"party_id", &SealPartyCode}, {"tax_code_id", &SealTaxCode}, {"dimension_set_id", &SealDimensionsCode},
	{"cash_flow_item_id", &SealCashFlowItemCode}, {"unit_id", &SealUnitCode}, {"amount"}, {"company_amount"}, {"quantity"}, {"due_day"},
	{"summary"}, {"posting_rule_id"}, {"document_line_no"}}
};

static SealRecord postingEvaluationRecord = {
	.name = "posting_evaluation", .table = "posting_evaluation", .index = "posting_evaluation_key", .parent = &SealVoucherRecord,
	.fields = {{"voucher_id"}, {"evaluation_no"}, {"line_no"}, {"posting_rule_id"}, {"document_line_no"}, {"applies_when"},
	{"amount_expression"}, {"named_values"}, {"amount"}}
};

static SealRecord openItemRecord = {
	.name = "open_item", .table = "open_item", .index = "open_item_line_key", .parent = &SealVoucherRecord,
	.fields = {{"open_item_id"}, {"voucher_id"}, {"line_no"}, {"document_id"}, {"account_id", &SealAccountCode}, {"party_id", &SealPartyCode},
	{"day"}, {"due_day"}, {"currency_id", &SealCurrencyCode}, {"amount"}, {"company_amount"}}
};

static SealRecord settlementRecord = {
	.name = "settlement", .table = "settlement", .index = "settlement_document",
	.fields = {{"settlement_id"}, {"day"}, {"debit_open_item_id"}, {"credit_open_item_id"}, {"amount"}, {"company_amount"},
	{"reverses_settlement_id"}, {"follows_settlement_id"}}
};

static SealCode seriesCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.series t WHERE t.company_id = $1 AND t.series_id = $2")
};

#define NUMBER_FIELDS {{"series_id", &seriesCode}, {"scope_value"}, {"number"}, {"document_id"}, {"voucher_id"}, {"assigning_document_id"}}
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

void
RegisterLedgerSealRecords(void)
{
	RegisterSealRecord(&documentRecord);
	RegisterSealRecord(&documentLineRecord);
	RegisterSealRecord(&documentTaxRecord);
	RegisterSealRecord(&documentLinkRecord);
	RegisterSealRecord(&callResultRecord);
	RegisterSealRecord(&postedDraft);
	RegisterSealRecord(&draftEventRecord);
	RegisterSealRecord(&warnedPostingRecord);
	RegisterSealRecord(&SealVoucherRecord);
	RegisterSealRecord(&voucherReversalRecord);
	RegisterSealRecord(&voucherLineRecord);
	RegisterSealRecord(&postingEvaluationRecord);
	RegisterSealRecord(&openItemRecord);
	RegisterSealRecord(&settlementRecord);
	RegisterSealRecord(&ownNumberRecord);
	RegisterSealRecord(&laterNumberRecord);
}
