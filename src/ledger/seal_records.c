/*
 * What of core and ledger is sealed with a document: every column of every
 * fact that was written with it, but the company, which the content says once,
 * ids that only repeat the document's, the id of the transaction and the state.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "ledger/seal.h"

/* Documents in the order of the array; facts of one table that name the document, by its key. */
#define OF_DOCUMENTS " FROM pg_catalog.unnest($2) WITH ORDINALITY u (document_id, number)"
#define FACTS_OF_DOCUMENT(table) OF_DOCUMENTS \
	" CROSS JOIN LATERAL (SELECT f.* FROM " table " f WHERE f.company_id = $1 AND f.document_id = u.document_id OFFSET 0) t"
#define FACTS_OF_VOUCHER(table) OF_DOCUMENTS \
	" CROSS JOIN LATERAL (SELECT f.* FROM " table " f WHERE f.company_id = $1 AND f.voucher_id = u.document_id OFFSET 0) l"
#define RECORD_PLAN(text) {.query = text, .argumentCount = 2, .argumentTypes = {INT4OID, INT8ARRAYOID}}

static SealRecord documentRecord = {
	.name = "document",
	.plan = RECORD_PLAN("SELECT u.number, t.document_id, t.kind, t.key, t.party_id, t.day, t.time_of_day, t.posting_day, t.recorded_at,"
	" t.recorded_by::text, t.currency_id, t.rate, t.rate_day, t.reverses_document_id, t.reference, t.description, t.request_hash"
	FACTS_OF_DOCUMENT("erp.document") " ORDER BY u.number"),
	.codeOf = {[3] = &SealPartyCode, [9] = &SealCurrencyCode}
};

static SealRecord documentLineRecord = {
	.name = "document_line",
	.plan = RECORD_PLAN("SELECT u.number, t.line_no, t.line_role, t.item_id, t.warehouse_id, t.account_id, t.tax_code_id, t.dimension_set_id,"
	" t.unit_id, t.voucher_line_no, t.quantity, t.unit_price, t.amount, t.cost, t.description"
	FACTS_OF_DOCUMENT("erp.document_line") " ORDER BY u.number, t.line_no"),
	.codeOf = {[2] = &SealItemCode, [3] = &SealWarehouseCode, [4] = &SealAccountCode, [5] = &SealTaxCode, [6] = &SealDimensionsCode,
	[7] = &SealUnitCode}
};

static SealRecord documentTaxRecord = {
	.name = "document_tax",
	.plan = RECORD_PLAN("SELECT u.number, t.tax_code_id, t.rate, t.base_amount, t.tax_amount"
	FACTS_OF_DOCUMENT("erp.document_tax") " ORDER BY u.number, t.tax_code_id"),
	.codeOf = {[0] = &SealTaxCode}
};

static SealRecord documentLinkRecord = {
	.name = "document_link",
	.plan = RECORD_PLAN("SELECT u.number, t.line_no, t.link, t.target_document_id, t.target_line_no, t.quantity, t.amount"
	FACTS_OF_DOCUMENT("erp.document_link") " ORDER BY u.number, t.line_no, t.link COLLATE \"C\", t.target_document_id, t.target_line_no")
};

static SealRecord callResultRecord = {
	.name = "call_result",
	.plan = RECORD_PLAN("SELECT u.number, t.call, t.request, t.result" FACTS_OF_DOCUMENT("erp.call_result") " ORDER BY u.number")
};

static SealRecord warnedPostingRecord = {
	.name = "warned_posting",
	.plan = RECORD_PLAN("SELECT u.number, t.module" FACTS_OF_DOCUMENT("erp.warned_posting") " ORDER BY u.number, t.module COLLATE \"C\"")
};

static SealRecord voucherRecord = {
	.name = "voucher",
	.plan = RECORD_PLAN("SELECT u.number, t.voucher_id, t.day, t.period_id, t.summary, COALESCE(r.reverses_voucher_id, 0), t.voucher_word_id"
	OF_DOCUMENTS
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.voucher f WHERE f.company_id = $1 AND f.voucher_id = u.document_id"
	" AND f.document_id = u.document_id OFFSET 0) t"
	" LEFT JOIN LATERAL (SELECT f.* FROM erp.voucher_reversal f WHERE f.company_id = $1 AND f.voucher_id = t.voucher_id OFFSET 0) r ON true"
	" ORDER BY u.number, t.voucher_id"),
	.codeOf = {[2] = &SealPeriodCode, [5] = &SealWordCode}
};

static SealRecord voucherLineRecord = {
	.name = "voucher_line",
	.plan = RECORD_PLAN("SELECT u.number, l.voucher_id, l.line_no, l.account_id, l.day, l.side, l.currency_id, l.party_id, l.tax_code_id,"
	" l.dimension_set_id, l.cash_flow_item_id, l.unit_id, l.amount, l.company_amount, l.quantity, l.due_day, l.summary,"
	" l.posting_rule_id, l.document_line_no"
	FACTS_OF_VOUCHER("erp.voucher_line") " ORDER BY u.number, l.voucher_id, l.line_no"),
	.codeOf = {[2] = &SealAccountCode, [5] = &SealCurrencyCode, [6] = &SealPartyCode, [7] = &SealTaxCode, [8] = &SealDimensionsCode,
	[9] = &SealCashFlowItemCode, [10] = &SealUnitCode}
};

static SealRecord postingEvaluationRecord = {
	.name = "posting_evaluation",
	.plan = RECORD_PLAN("SELECT u.number, l.voucher_id, l.evaluation_no, l.line_no, l.posting_rule_id, l.document_line_no, l.applies_when,"
	" l.amount_expression, l.named_values, l.amount"
	FACTS_OF_VOUCHER("erp.posting_evaluation") " ORDER BY u.number, l.voucher_id, l.evaluation_no")
};

static SealRecord openItemRecord = {
	.name = "open_item",
	.plan = RECORD_PLAN("SELECT u.number, l.open_item_id, l.voucher_id, l.line_no, l.document_id, l.account_id, l.party_id, l.day, l.due_day,"
	" l.currency_id, l.amount, l.company_amount"
	FACTS_OF_VOUCHER("erp.open_item") " ORDER BY u.number, l.voucher_id, l.line_no"),
	.codeOf = {[4] = &SealAccountCode, [5] = &SealPartyCode, [8] = &SealCurrencyCode}
};

/* All steps of the draft that the document was: none comes after the one that posts it. */
static SealRecord draftEventRecord = {
	.name = "draft_event",
	.plan = RECORD_PLAN("SELECT u.number, l.draft_id, l.event_no, l.from_state, l.to_state, l.happened_at, l.happened_by::text, l.reason,"
	" l.attachments, l.request, l.document_id"
	OF_DOCUMENTS
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.draft_event f WHERE f.company_id = $1 AND f.document_id = u.document_id AND f.document_id <> 0"
	" OFFSET 0) t"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.draft_event f WHERE f.company_id = $1 AND f.draft_id = t.draft_id OFFSET 0) l"
	" ORDER BY u.number, l.draft_id, l.event_no")
};

static SealRecord settlementRecord = {
	.name = "settlement",
	.plan = RECORD_PLAN("SELECT u.number, t.settlement_id, t.day, t.debit_open_item_id, t.credit_open_item_id, t.amount, t.company_amount,"
	" t.reverses_settlement_id, t.follows_settlement_id"
	FACTS_OF_DOCUMENT("erp.settlement") " ORDER BY u.number, t.settlement_id")
};

void
RegisterLedgerSealRecords(void)
{
	RegisterSealRecord(&documentRecord);
	RegisterSealRecord(&documentLineRecord);
	RegisterSealRecord(&documentTaxRecord);
	RegisterSealRecord(&documentLinkRecord);
	RegisterSealRecord(&callResultRecord);
	RegisterSealRecord(&draftEventRecord);
	RegisterSealRecord(&warnedPostingRecord);
	RegisterSealRecord(&voucherRecord);
	RegisterSealRecord(&voucherLineRecord);
	RegisterSealRecord(&postingEvaluationRecord);
	RegisterSealRecord(&openItemRecord);
	RegisterSealRecord(&settlementRecord);
}
