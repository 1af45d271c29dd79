#include "postgres.h"

#include "access/genam.h"
#include "access/itup.h"
#include "access/relscan.h"
#include "access/skey.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "core/bulk_insert.h"
#include "core/compat.h"
#include "core/index_walk.h"
#include "core/relation_name.h"

#define WALK_KEYS 2

/* What is next in the index lies on a few pages of the table in turn: they stay at hand. */
#define PAGES 4

/* Passing by so many entries of other values costs about what a descent does. */
#define STEPS_MAX 32

/* What is no further ahead may be reached by steps; else reading on in the leaf would be in vain. */
#define NEAR_VALUES 64

typedef struct WalkedPage
{
	IndexFetchTableData *fetch;
	TupleTableSlot *slot;
	BlockNumber block;
} WalkedPage;

struct IndexWalk
{
	Relation	table;
	Relation	index;
	Snapshot	snapshot;
	WalkedPage	pages[PAGES];
	int			oldestPage;
	IndexScanDesc scan;
	ScanKeyData keys[WALK_KEYS];
	int64		value;			/* that is wanted */
	int64		reached;		/* of the entry that the scan stands at */
	bool		readsOn;		/* the scan goes on behind the value that it began with */
	bool		isEnded;		/* there are no entries behind */
	bool		isPending;		/* the row of the entry was not given yet */
};

IndexWalk *
OpenIndexWalk(const char *table, const char *index, int32 companyId)
{
	IndexWalk  *walk = palloc0(sizeof(IndexWalk));

	walk->table = table_open(EngineRelation("erp", table), AccessShareLock);
	walk->index = index_open(EngineRelation("erp", index), AccessShareLock);
	walk->snapshot = RegisterSnapshot(GetTransactionSnapshot());
	for (int i = 0; i < PAGES; i++)
		walk->pages[i] = (WalkedPage) {table_index_fetch_begin(walk->table), table_slot_create(walk->table, NULL), InvalidBlockNumber};
	walk->scan = BeginIndexScan(walk->table, walk->index, walk->snapshot, WALK_KEYS);
	walk->scan->xs_want_itup = true;	/* the entries say their value, without their rows */
	ScanKeyInit(&walk->keys[0], 1, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(companyId));
	return walk;
}

AttrNumber
WalkColumn(const IndexWalk *walk, const char *column)
{
	return ColumnAttribute(walk->table, column);
}

/* Goes to the next entry; false if there is none. */
static bool
Step(IndexWalk *walk)
{
	bool		isNull;

	walk->isPending = index_getnext_tid(walk->scan, ForwardScanDirection) != NULL;
	walk->isEnded = !walk->isPending;
	if (walk->isPending)
		walk->reached = DatumGetInt64(index_getattr(walk->scan->xs_itup, 2, RelationGetDescr(walk->index), &isNull));
	return walk->isPending;
}

/* Whether the value was reached, or passed by, within a few steps. */
static bool
StepsThere(IndexWalk *walk)
{
	if (walk->isEnded || (walk->isPending && walk->reached >= walk->value))
		return true;
	for (int i = 0; i < STEPS_MAX; i++)
	{
		if (!Step(walk) || walk->reached >= walk->value)
			return true;
	}
	return false;
}

void
WalkTo(IndexWalk *walk, int64 value)
{
	bool		isNear = value > walk->value && value - walk->value <= NEAR_VALUES;

	walk->value = value;
	if (isNear && walk->readsOn && StepsThere(walk))
		return;
	walk->readsOn = isNear;
	ScanKeyInit(&walk->keys[1], 2, isNear ? BTGreaterEqualStrategyNumber : BTEqualStrategyNumber, isNear ? F_INT8GE : F_INT8EQ,
				Int64GetDatum(value));
	index_rescan(walk->scan, walk->keys, WALK_KEYS, NULL, 0);
	(void) Step(walk);
}

/* The page that holds the row of the entry. */
static WalkedPage *
PageOfEntry(IndexWalk *walk)
{
	BlockNumber block = ItemPointerGetBlockNumber(&walk->scan->xs_heaptid);
	WalkedPage *page;

	for (int i = 0; i < PAGES; i++)
	{
		if (walk->pages[i].block == block)
			return &walk->pages[i];
	}
	page = &walk->pages[walk->oldestPage];
	walk->oldestPage = (walk->oldestPage + 1) % PAGES;
	page->block = block;
	return page;
}

/* The row of the entry; NULL if the snapshot does not show it. */
static TupleTableSlot *
FetchRow(IndexWalk *walk)
{
	const WalkedPage *page = PageOfEntry(walk);
	bool		isChain = false;
	bool		isDead = false;
	bool		isShown = table_index_fetch_tuple(page->fetch, &walk->scan->xs_heaptid, walk->snapshot, page->slot, &isChain, &isDead);

	if (!walk->scan->xactStartedInRecovery)
		walk->scan->kill_prior_tuple = isDead;
	return isShown ? page->slot : NULL;
}

TupleTableSlot *
NextWalkedRow(IndexWalk *walk)
{
	while (!walk->isEnded && (walk->isPending || Step(walk)) && walk->reached == walk->value)
	{
		TupleTableSlot *row = FetchRow(walk);

		walk->isPending = false;
		if (row != NULL)
			return row;
	}
	return NULL;
}

void
CloseIndexWalk(IndexWalk *walk)
{
	index_endscan(walk->scan);
	for (int i = 0; i < PAGES; i++)
	{
		ExecDropSingleTupleTableSlot(walk->pages[i].slot);
		table_index_fetch_end(walk->pages[i].fetch);
	}
	UnregisterSnapshot(walk->snapshot);
	index_close(walk->index, NoLock);
	table_close(walk->table, NoLock);
	pfree(walk);
}
