/*
 * Builds with assertions replay every item that was replayed in part once more
 * as a whole, and fail where the two differ.
 */
#include "postgres.h"

#include "inventory/replay.h"
#include "inventory/stock_lock.h"

#ifndef ERP_ASSERTIONS

void
CompareWithWhole(StockRun *run, StockItem *item, int firstChange)
{
	(void) run;
	(void) item;
	(void) firstChange;
}

#else

static void Differs(const StockItem *item, const char *what, int64 moveId) pg_attribute_noreturn();

static void
Differs(const StockItem *item, const char *what, int64 moveId)
{
	elog(ERROR, "the replay of a part of item %d differs from that of the whole: %s, " INT64_FORMAT, item->itemId, what, moveId);
}

static void
CompareChanges(const StockRun *run, const StockRun *whole, const StockItem *item, int firstChange)
{
	if (run->changeCount - firstChange != whole->changeCount)
		Differs(item, "number of changes", run->changeCount - firstChange);
	for (int i = 0; i < whole->changeCount; i++)
	{
		const CostChange *a = &run->changes[firstChange + i];
		const CostChange *b = &whole->changes[i];

		if (a->moveId != b->moveId || a->sourceMoveId != b->sourceMoveId || a->entryNo != b->entryNo ||
			a->quantity != b->quantity || a->amount != b->amount)
			Differs(item, "a change of move", b->moveId);
	}
}

static void
ComparePools(StockRun *run, StockRun *whole, const StockItem *item)
{
	for (int i = 0; i < run->poolCount; i++)
	{
		StockPool  *a = &run->pools[i];
		StockPool  *b = &whole->pools[i];
		CostLayer	headA = CursorOf(&a->pool);
		CostLayer	headB = CursorOf(&b->pool);

		if (a->itemId != item->itemId || !b->changed)
			continue;
		if (a->pool.quantity != b->pool.quantity || a->pool.value != b->pool.value)
			Differs(item, "pool", a->costPoolId);
		if (b->pool.method == COST_FIFO && b->pool.quantity > 0 && headA.quantity > 0 &&
			(headA.position.moveId != headB.position.moveId || headA.quantity != headB.quantity || headA.value != headB.value))
			Differs(item, "head of pool", a->costPoolId);
		if (ComparePosition(&a->last, &b->last) != 0 && a->last.day != b->last.day)
			Differs(item, "last move of pool", a->costPoolId);
	}
}

static void
CompareLine(const StockRun *run, const StockRun *whole, const StockItem *item, const DocumentLine *a, const DocumentLine *b)
{
	if (a->moveValue != b->moveValue || a->edgeCount != b->edgeCount)
		Differs(item, "a new move", a->moveId);
	for (int i = 0; i < a->edgeCount; i++)
	{
		const CostEdge *edgeA = &run->edges.edges[a->firstEdge + i];
		const CostEdge *edgeB = &whole->edges.edges[b->firstEdge + i];

		if (edgeA->sourceMoveId != edgeB->sourceMoveId || edgeA->quantity != edgeB->quantity || edgeA->amount != edgeB->amount)
			Differs(item, "a source of new move", a->moveId);
	}
}

/* Runs on a copy: what the lines got before is put back. */
void
CompareWithWhole(StockRun *run, StockItem *item, int firstChange)
{
	StockRun	whole = *run;
	Replay		replay = {.run = &whole, .item = item, .whole = true};
	DocumentLine *before = palloc(sizeof(DocumentLine) * Max(run->lineCount, 1));
	int64		counted = movesReplayed;

	for (int i = 0; i < run->lineCount; i++)
		before[i] = *run->lines[i];
	whole.pools = palloc(sizeof(StockPool) * Max(run->poolCount, 1));
	memcpy(whole.pools, run->pools, sizeof(StockPool) * run->poolCount);
	memset(&whole.edges, 0, sizeof(CostEdges));
	whole.changes = NULL;
	whole.changeCount = 0;
	whole.changeCapacity = 0;
	ReplayMoves(&replay);
	CompareChanges(run, &whole, item, firstChange);
	ComparePools(run, &whole, item);
	for (int i = 0; i < run->lineCount; i++)
	{
		if (run->lines[i]->itemId == item->itemId)
			CompareLine(run, &whole, item, &before[i], run->lines[i]);
		*run->lines[i] = before[i];
	}
	movesReplayed = counted;
}

#endif
