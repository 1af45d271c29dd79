/*
 * Builds with assertions replay every item that was replayed in part once more
 * as a whole, and fail where the two differ.
 */
#include "postgres.h"

#include "inventory/replay.h"
#include "inventory/stock_lock.h"

#ifndef ERP_ASSERTIONS

void
CompareWithWhole(ReplaySet *set)
{
	(void) set;
}

#else

static void Differs(const char *what, int64 id) pg_attribute_noreturn();

static void
Differs(const char *what, int64 id)
{
	elog(ERROR, "the replay of a part differs from that of the whole: %s " INT64_FORMAT, what, id);
}

static int
CompareOrder(const void *left, const void *right, void *context)
{
	const ChangedMove *moves = context;
	const CostChange *a = left;
	const CostChange *b = right;
	int64		moveA = moves[a->move].moveId;
	int64		moveB = moves[b->move].moveId;

	if (moveA != moveB)
		return moveA < moveB ? -1 : 1;
	return a->entryNo - b->entryNo;
}

static CostChange *
InOrder(const StockRun *run)
{
	CostChange *changes = palloc(sizeof(CostChange) * Max(run->changeCount, 1));

	if (run->changeCount > 0)
		memcpy(changes, run->changes, sizeof(CostChange) * run->changeCount);
	qsort_arg(changes, run->changeCount, sizeof(CostChange), CompareOrder, run->changedMoves);
	return changes;
}

/* Items that are woken by what is settled later are replayed later than side by side. */
static void
CompareChanges(const StockRun *run, const StockRun *whole)
{
	const CostChange *ofPart = InOrder(run);
	const CostChange *ofWhole = InOrder(whole);

	for (int i = 0; i < whole->changeCount && i < run->changeCount; i++)
	{
		const CostChange *a = &ofPart[i];
		const CostChange *b = &ofWhole[i];
		int64		moveId = whole->changedMoves[b->move].moveId;

		if (run->changedMoves[a->move].moveId != moveId || a->sourceMoveId != b->sourceMoveId || a->entryNo != b->entryNo ||
			a->quantity != b->quantity || a->amount != b->amount)
			Differs("a change of move", moveId);
	}
	if (run->changeCount != whole->changeCount)
		Differs("the number of changes", run->changeCount);
}

/* Of each the sum: the order is that in which items are replayed. */
static void
CompareUsage(const StockRun *run, const StockRun *whole)
{
	int128		difference = 0;

	for (int i = 0; i < run->usageCount; i++)
		difference = AddExact(difference, MultiplyExact(run->usageChanges[i].amount, run->usageChanges[i].moveId));
	for (int i = 0; i < whole->usageCount; i++)
		difference = SubtractExact(difference, MultiplyExact(whole->usageChanges[i].amount, whole->usageChanges[i].moveId));
	if (difference != 0 || run->usageCount != whole->usageCount)
		Differs("the number of changes of usage", run->usageCount);
}

static void
ComparePools(const StockRun *run, const StockRun *whole)
{
	for (int i = 0; i < run->poolCount; i++)
	{
		const StockPool *a = &run->pools[i];
		const StockPool *b = &whole->pools[i];
		CostLayer	headA = CursorOf(&a->pool);
		CostLayer	headB = CursorOf(&b->pool);

		if (a->pool.quantity != b->pool.quantity || a->pool.value != b->pool.value)
			Differs("a pool of item", a->itemId);
		if (b->pool.method == COST_FIFO && b->pool.quantity > 0 && headA.quantity > 0 &&
			(headA.position.moveId != headB.position.moveId || headA.quantity != headB.quantity || headA.value != headB.value))
			Differs("the head of a pool of item", a->itemId);
		if (a->last.day != b->last.day || a->last.timeOfDay != b->last.timeOfDay)
			Differs("the last move of a pool of item", a->itemId);
	}
}

static void
CompareLine(const StockRun *run, const StockRun *whole, const DocumentLine *a, const DocumentLine *b)
{
	if (a->moveValue != b->moveValue || a->edgeCount != b->edgeCount)
		Differs("new move", a->moveId);
	for (int i = 0; i < a->edgeCount; i++)
	{
		const CostEdge *edgeA = &run->edges.edges[a->firstEdge + i];
		const CostEdge *edgeB = &whole->edges.edges[b->firstEdge + i];

		if (edgeA->sourceMoveId != edgeB->sourceMoveId || edgeA->quantity != edgeB->quantity || edgeA->amount != edgeB->amount)
			Differs("a source of new move", a->moveId);
	}
}

static void
CompareLines(const ReplaySet *set, const StockRun *whole, const DocumentLine *before)
{
	const StockRun *run = set->run;

	for (int i = 0; i < run->lineCount; i++)
	{
		if (set->replays[FindPair(run->itemNumbers, PAIR_KEY(run->lines[i]->itemId, 0))] != NULL)
			CompareLine(run, whole, &before[i], run->lines[i]);
		*run->lines[i] = before[i];
	}
}

/* What is compared with. */
static const ReplaySet *partial;

static void
StartWhole(ReplaySet *whole)
{
	for (int i = 0; i < partial->run->itemCount; i++)
	{
		if (partial->replays[i] != NULL)
			(void) ReplayOfItem(whole, partial->run->items[i].itemId, partial->run->items[i].cause);
	}
}

/* Runs on a copy: what the lines got before is put back. */
void
CompareWithWhole(ReplaySet *set)
{
	StockRun   *run = set->run;
	StockRun	copy = *run;
	ReplaySet	whole;
	DocumentLine *before = palloc(sizeof(DocumentLine) * Max(run->lineCount, 1));
	int64		counted = movesReplayed;

	for (int i = 0; i < run->lineCount; i++)
		before[i] = *run->lines[i];
	copy.pools = palloc(sizeof(StockPool) * Max(run->poolCount, 1));
	memcpy(copy.pools, run->pools, sizeof(StockPool) * run->poolCount);
	memset(&copy.edges, 0, sizeof(CostEdges));
	copy.changes = NULL;
	copy.changeCount = 0;
	copy.changeCapacity = 0;
	copy.usageChanges = NULL;
	copy.usageCount = 0;
	copy.changedMoves = NULL;
	copy.changedMoveCount = 0;
	copy.changedMoveCapacity = 0;
	InitReplaySet(&whole, &copy, true);
	partial = set;
	RunPasses(&whole, StartWhole);
	/* What was read of them meanwhile is known to both. */
	run->conversions = copy.conversions;
	run->conversionNumbers = copy.conversionNumbers;
	CompareChanges(run, &copy);
	CompareUsage(run, &copy);
	ComparePools(run, &copy);
	CompareLines(set, &copy, before);
	movesReplayed = counted;
}

#endif
