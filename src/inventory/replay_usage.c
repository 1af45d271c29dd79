#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/plan_cache.h"
#include "inventory/conversion.h"
#include "inventory/replay.h"

/*
 * What is made of other goods and costed by standard is worth its standard,
 * whatever was consumed and added: the difference is a usage variance. One that stood
 * already has posted it by the values that are stored; what a replay finds
 * otherwise is posted with the adjustments.
 */

static KeptPlan reversedPlan = {
	.query = "SELECT 1 FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = $2 AND r.reverses_document_id <> 0",
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

void
NoteUsage(Replay *replay, const ReplayMove *move, const StockPool *stock, int128 consumed)
{
	StockRun   *run = replay->run;
	int128		before;

	if (move->line != NULL)
		move->line->consumedValue = consumed;
	if (move->line != NULL || stock->pool.method != COST_STANDARD)
		return;
	before = AddExact(ProductValue(run, move->documentId, move->position.moveId, FindStoredValue, run),
					  SubtractExact(move->givenValue, move->givenLater));
	if (before == consumed || WasReversed(run, move->documentId))
		return;
	run->usageChanges = run->usageChanges == NULL ? palloc(sizeof(UsageChange)) :
		repalloc_huge(run->usageChanges, sizeof(UsageChange) * (run->usageCount + 1));
	run->usageChanges[run->usageCount++] = (UsageChange) {
		.moveId = move->position.moveId,
		.itemId = replay->item->itemId,
		.day = move->position.day,
		.amount = SubtractExact(consumed, before)
	};
}
