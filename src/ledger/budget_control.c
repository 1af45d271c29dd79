/*
 * What a budget allows. The vouchers of a call are stored when their budgets
 * are asked, so that what they add is among what was posted: the positions
 * that they add to are locked first, and what others posted meanwhile is seen.
 * A company without a budget that warns or refuses asks nothing.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/bulk_insert.h"
#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "ledger/batch_checks.h"

#define ARGUMENT_COUNT 6

/* A document that took a position above its budget. */
typedef struct BudgetExcess
{
	Document   *document;
	Datum		values[5];		/* position, month, budget, actual, refuses */
	const char *reason;
} BudgetExcess;

/* The lines of a call as arrays for the plans. */
typedef struct BudgetLines
{
	DatumArray	documents;		/* numbers within the batch */
	DatumArray	accounts;
	DatumArray	sets;
	DatumArray	days;
	DatumArray	amounts;
} BudgetLines;

static const char *const warningColumns[] = {"company_id", "document_id", "budget_position_id", "month", "budget", "actual"};

#define ARGUMENT_TYPES {INT4OID, INT4ARRAYOID, INT4ARRAYOID, INT4ARRAYOID, DATEARRAYOID, NUMERICARRAYOID}

/* Ascending, as all lock. */
static KeptPlan lockPlan = {
	.query = "SELECT p.budget_position_id"
	"  FROM (SELECT DISTINCT h.budget_position_id AS id FROM erp_private.budget_hits($1, $2, $3, $4, $5, $6) h ORDER BY id) u"
	" CROSS JOIN LATERAL (SELECT f.budget_position_id FROM erp.budget_position f"
	"                      WHERE f.company_id = $1 AND f.budget_position_id = u.id FOR NO KEY UPDATE) p",
	.argumentCount = ARGUMENT_COUNT,
	.argumentTypes = ARGUMENT_TYPES
};

static KeptPlan excessPlan = {
	.query = "SELECT document_no, budget_position_id, month, budget, actual, refuses, reason"
	"  FROM erp_private.budget_excess($1, $2, $3, $4, $5, $6) ORDER BY refuses DESC, document_no, budget_position_id, month",
	.argumentCount = ARGUMENT_COUNT,
	.argumentTypes = ARGUMENT_TYPES
};

/* Of the batch itself: what a replay makes of costs is nobody's spending. */
static bool
IsAsked(const DocumentBatch *batch, const Document *document)
{
	return document >= batch->documents && document < batch->documents + batch->count;
}

static void
AddLines(BudgetLines *lines, const DocumentBatch *batch, const Voucher *voucher)
{
	for (int i = 0; i < voucher->count; i++)
	{
		const VoucherLine *line = &voucher->lines[i];

		if (line->isEmpty)
			continue;
		AppendDatum(&lines->documents, Int32GetDatum((int32) (voucher->document - batch->documents)));
		AppendDatum(&lines->accounts, Int32GetDatum(line->account->accountId));
		AppendDatum(&lines->sets, Int32GetDatum(line->dimensionSetId));
		AppendDatum(&lines->days, DateADTGetDatum(voucher->document->postingDay));
		AppendDatum(&lines->amounts, AmountGetDatum(line->companyAmount));
	}
}

static void
ReadExcess(BudgetExcess *excess, DocumentBatch *batch, uint64 row)
{
	excess->document = &batch->documents[DatumGetInt32(PlanValue(row, 1))];
	excess->values[0] = PlanValue(row, 2);
	excess->values[1] = PlanValue(row, 3);
	excess->values[2] = AmountGetDatum(AmountFromDatum(PlanValue(row, 4)));
	excess->values[3] = AmountGetDatum(AmountFromDatum(PlanValue(row, 5)));
	excess->values[4] = PlanValue(row, 6);
	excess->reason = TextDatumGetCString(PlanValue(row, 7));
}

static void
StoreBudgetWarnings(DocumentBatch *batch, const BudgetExcess *excesses, uint64 count)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "budget_warning", warningColumns, lengthof(warningColumns));
	MemoryContext previous = MemoryContextSwitchTo(BulkInsertContext(bulk));

	for (uint64 i = 0; i < count; i++)
	{
		const BudgetExcess *excess = &excesses[i];
		Datum		values[lengthof(warningColumns)] = {
			Int32GetDatum(batch->company->companyId),
			Int64GetDatum(excess->document->documentId),
			excess->values[0], excess->values[1], excess->values[2], excess->values[3]
		};

		BulkInsertRow(bulk, values, NULL);
		ereport(WARNING,
				(errcode(ERRCODE_ERP_BUDGET_EXCEEDED),
				 errmsg("%s", excess->reason),
				 errdetail("Document \"%s\".", excess->document->key),
				 errhint("%s", ErrorCure(ERRCODE_ERP_BUDGET_EXCEEDED))));
	}
	(void) MemoryContextSwitchTo(previous);
	EndBulkInsert(bulk);
}

void
CheckBudgets(DocumentBatch *batch, const VoucherSet *set)
{
	BudgetLines lines = {0};
	BudgetExcess *excesses;
	Datum		values[ARGUMENT_COUNT] = {Int32GetDatum(batch->company->companyId)};
	uint64		count;

	if (!HasBudgetControl(batch->company->companyId))
		return;
	for (int i = 0; i < set->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (IsAsked(batch, set->vouchers[i].document))
			AddLines(&lines, batch, &set->vouchers[i]);
	}
	if (lines.documents.count == 0)
		return;
	values[1] = DatumArrayValue(&lines.documents, INT4OID);
	values[2] = DatumArrayValue(&lines.accounts, INT4OID);
	values[3] = DatumArrayValue(&lines.sets, INT4OID);
	values[4] = DatumArrayValue(&lines.days, DATEOID);
	values[5] = DatumArrayValue(&lines.amounts, NUMERICOID);
	if (RunPlanLatest(&lockPlan, values, NULL) == 0)
		return;
	count = RunPlanLatest(&excessPlan, values, NULL);
	if (count == 0)
		return;
	excesses = palloc(sizeof(BudgetExcess) * count);
	for (uint64 i = 0; i < count; i++)
		ReadExcess(&excesses[i], batch, i);
	if (DatumGetBool(excesses[0].values[4]))
		RaiseProblem(batch, excesses[0].document, NULL, NULL, NULL, ERRCODE_ERP_BUDGET_EXCEEDED, excesses[0].reason);
	StoreBudgetWarnings(batch, excesses, count);
}
