#include "postgres.h"

#include "inventory/conversion.h"
#include "inventory/replay.h"

/*
 * What is made of other goods and costed by standard is worth its standard,
 * whatever was consumed: the difference is a usage variance. One that stood
 * already has posted it by the values that are stored; what a replay finds
 * otherwise is posted with the adjustments.
 */

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
	before = ProductValue(run, move->documentId, move->position.moveId, FindStoredValue, run);
	if (before == consumed)
		return;
	run->usageChanges = run->usageChanges == NULL ? palloc(sizeof(UsageChange)) :
		repalloc_huge(run->usageChanges, sizeof(UsageChange) * (run->usageCount + 1));
	run->usageChanges[run->usageCount++] = (UsageChange) {.moveId = move->position.moveId, .amount = SubtractExact(consumed, before)};
}
