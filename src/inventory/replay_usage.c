#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/conversion.h"
#include "inventory/replay.h"

/*
 * What is made of other goods and costed by standard is worth its standard,
 * whatever was consumed and added: the difference is a usage variance. One that stood
 * already has posted it by the values that are stored; what a replay finds
 * otherwise is posted with the adjustments. Of a product that was taken back
 * nothing is in work any more: what it and its reversal are worth otherwise is
 * a variance as well.
 */

static KeptPlan reversedPlan = {
	.query = "SELECT 1 FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = $2 AND r.reverses_document_id <> 0",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* What a product had consumed when it was posted by standard cost. */
static KeptPlan consumedPlan = {
	.query = "SELECT l.cost FROM erp.document_line l WHERE l.company_id = $1 AND l.document_id = $2 AND l.line_no = $3",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT8OID, INT4OID}
};

/* The role and day of a move that is taken back. */
static KeptPlan originPlan = {
	.query = "SELECT l.line_role, m.day FROM erp.stock_move m"
	" CROSS JOIN LATERAL (SELECT f.line_role FROM erp.document_line f WHERE f.company_id = $1 AND f.document_id = m.document_id AND f.line_no = m.line_no OFFSET 0) l"
	" WHERE m.company_id = $1 AND m.move_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* What was consumed for a product that was taken back is in work in progress again. */
static bool
WasReversed(const StockRun *run, int64 documentId)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId), Int64GetDatum(documentId)};

	return RunPlanLatest(&reversedPlan, values, NULL) > 0;
}

static int128
FindStoredValue(void *run, int64 moveId)
{
	return StoredValue(((StockRun *) run)->batch, moveId).value;
}

/* By how much what is made of other goods consumed more than it is worth, by the values that are stored. */
static int128
StoredUsage(StockRun *run, int64 documentId, int64 moveId, int128 value)
{
	return SubtractExact(ProductValue(run, documentId, moveId, FindStoredValue, run), value);
}

static void
AddUsageChange(StockRun *run, const Replay *replay, const ReplayMove *move, int128 amount)
{
	if (amount == 0)
		return;
	run->usageChanges = run->usageChanges == NULL ? palloc(sizeof(UsageChange)) :
		repalloc_huge(run->usageChanges, sizeof(UsageChange) * (run->usageCount + 1));
	run->usageChanges[run->usageCount++] = (UsageChange) {
		.moveId = move->position.moveId,
		.itemId = replay->item->itemId,
		.day = move->position.day,
		.amount = amount
	};
}

/* By another method a product is worth what it consumed: only where the method was changed has it a usage that must go. */
void
NoteUsage(Replay *replay, const ReplayMove *move, const StockPool *stock, int128 consumed, int128 value)
{
	StockRun   *run = replay->run;
	int128		before;
	int128		usage = SubtractExact(consumed, value);

	if (move->line != NULL)
		move->line->consumedValue = consumed;
	if (move->line != NULL || (stock->pool.method != COST_STANDARD && replay->item->changeCount == 0))
		return;
	before = AddExact(StoredUsage(run, move->documentId, move->position.moveId, SumOfEdges(&move->stored, 0)),
					  SubtractExact(move->givenValue, move->givenLater));
	if (!WasReversed(run, move->documentId))
		AddUsageChange(run, replay, move, SubtractExact(usage, before));
	else if (stock->pool.method == COST_STANDARD)
		AddUsageChange(run, replay, move, SubtractExact(SumOfEdges(&move->stored, 0), value));
}

/* By how much a product by another method, which is worth what it consumed, consumed more than is stored; by standard cost what it consumed stays where it was. */
static int128
ConsumedSinceStored(Replay *replay, int64 moveId, DateADT day)
{
	if (MethodOn(replay->item, day) == COST_STANDARD)
		return 0;
	return SubtractExact(ReplayedValue(replay, moveId).value, StoredValue(replay->run->batch, moveId).value);
}

void
NoteUsageTakenBack(Replay *replay, const ReplayMove *move, const StockPool *stock, int128 value)
{
	Datum		values[2] = {Int32GetDatum(replay->run->batch->company->companyId), Int64GetDatum(move->originMoveId)};
	int128		change = SubtractExact(value, SumOfEdges(&move->stored, 0));
	DateADT		day;

	if (move->line != NULL || stock->pool.method != COST_STANDARD || (change == 0 && replay->item->changeCount == 0))
		return;
	if (RunPlan(&originPlan, values, NULL) == 0 || FindRole(TextDatumGetCString(PlanValue(0, 1)))->valueSource != VALUE_SHARE)
		return;
	day = DatumGetDateADT(PlanValue(0, 2));
	change = AddExact(change, ConsumedSinceStored(replay, move->originMoveId, day));
	AddUsageChange(replay->run, replay, move, NegateExact(change));
}

void
KeepConsumed(StockRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];

		if (!IsProduct(line) || line->method != COST_STANDARD || line->costPoolId == NO_COST_POOL)
			continue;
		line->hasCost = true;
		line->cost = line->consumedValue;
	}
}

int128
UsageSincePosted(StockRun *run, const DocumentLine *line, int128 posted)
{
	Datum		values[3] = {
		Int32GetDatum(run->batch->company->companyId), Int64GetDatum(line->originDocumentId), Int32GetDatum(line->lineNo)
	};
	int128		usage = 0;
	bool		atOwnCost;
	Datum		consumed;

	if (line->role->valueSource != VALUE_SHARE || line->costPoolId == NO_COST_POOL)
		return 0;
	(void) RunPlan(&consumedPlan, values, NULL);
	consumed = PlanValueOrNull(0, 1, &atOwnCost);
	if (atOwnCost && line->method != COST_STANDARD)
		return 0;
	if (!atOwnCost)
		usage = SubtractExact(posted, AmountFromDatum(consumed));
	usage = AddExact(usage, StoredUsage(run, line->originDocumentId, line->originMoveId, FindStoredValue(run, line->originMoveId)));
	for (int i = 0; i < run->usageCount; i++)
	{
		if (run->usageChanges[i].moveId == line->originMoveId)
			usage = AddExact(usage, run->usageChanges[i].amount);
	}
	return usage;
}
