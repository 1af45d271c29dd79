/*
 * What was paid for goods, as their documents say: moves by standard cost are
 * worth something else, and entries of such say no more.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/named_line.h"
#include "inventory/replay.h"

/* The amounts of all lines of a document, which are numbered from 1, and of its taxes, in the order in which lines name them. */
static KeptPlan amountsPlan = {
	.query = "SELECT p.amount FROM (SELECT 0, l.line_no, l.amount FROM erp.document_line l WHERE l.company_id = $1 AND l.document_id = $2"
	" UNION ALL SELECT 1, (SELECT pg_catalog.min(l.line_no) FROM erp.document_line l WHERE l.company_id = $1 AND l.document_id = $2"
	"                         AND l.tax_code_id = t.tax_code_id), t.tax_amount"
	"             FROM erp.document_tax t WHERE t.company_id = $1 AND t.document_id = $2) p (part, number, amount)"
	" ORDER BY p.part, p.number",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan linePlan = {
	.query = "SELECT d.document_id, d.rate, d.currency_id, l.line_no, l.line_role, l.amount, COALESCE(l.cost, 0)"
	"  FROM (SELECT f.document_id, f.line_no FROM erp.stock_move f WHERE f.company_id = $1 AND f.move_id = $2 OFFSET 0) m"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.document f WHERE f.company_id = $1 AND f.document_id = m.document_id OFFSET 0) d"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.document_line f WHERE f.company_id = $1 AND f.document_id = m.document_id"
	"                        AND f.line_no = m.line_no OFFSET 0) l",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

int128 *
ConvertedLines(const DocumentBatch *batch, int64 documentId, int128 rate)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(documentId)};
	uint64		rows = RunPlan(&amountsPlan, values, NULL);
	int128	   *amounts = palloc_extended(sizeof(int128) * rows, MCXT_ALLOC_HUGE);
	int128	   *converted = palloc_extended(sizeof(int128) * rows, MCXT_ALLOC_HUGE);

	for (uint64 i = 0; i < rows; i++)
		amounts[i] = AmountFromDatum(PlanValue(i, 1));
	ConvertAmounts(amounts, (int) rows, rate, batch->company->currency->decimals, converted);
	pfree(amounts);
	SPI_freetuptable(SPI_tuptable);
	return converted;
}

/* What the line of the move's document said that its goods cost. */
static int128
PaidFor(const DocumentBatch *batch, int64 moveId)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(moveId)};
	DocumentLine line = {0};
	int64		documentId;
	int128		rate;
	int128	   *converted;

	if (RunPlan(&linePlan, values, NULL) != 1)
		elog(ERROR, "move " INT64_FORMAT " has no document line", moveId);
	documentId = DatumGetInt64(PlanValue(0, 1));
	rate = RateFromDatum(PlanValue(0, 2));
	line.lineNo = DatumGetInt32(PlanValue(0, 4));
	line.role = FindRole(TextDatumGetCString(PlanValue(0, 5)));
	line.companyAmount = AmountFromDatum(PlanValue(0, IsCostAmount(&line) ? 6 : 7));
	if (!IsCostAmount(&line) || DatumGetInt32(PlanValue(0, 3)) == batch->company->currency->currencyId)
		return line.companyAmount;
	converted = ConvertedLines(batch, documentId, rate);
	line.companyAmount = converted[line.lineNo - 1];
	pfree(converted);
	return line.companyAmount;
}

/* By standard cost what was paid says only whether the goods cost less than nothing: where something joins that now, or by their standard they would. */
static bool
WantsPaid(const Replay *replay, const ReplayMove *move)
{
	if (!move->wasReceived)
		return false;
	if (MethodOn(replay->item, move->position.day) == COST_STANDARD)
		return move->givenLater != 0 || move->givenValue < 0;
	return replay->item->changeCount > 0 && EverCostedBy(replay->item, COST_STANDARD);
}

void
GivePaid(const Replay *replay, ReplayMove *move)
{
	if (!WantsPaid(replay, move))
		return;
	move->givenValue = AddExact(SubtractExact(move->givenValue, move->receivedValue), PaidFor(replay->run->batch, move->position.moveId));
}
