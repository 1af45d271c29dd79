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

/* Passing by so many entries of other values costs about what a descent does. */
#define STEPS_MAX 32

struct IndexWalk
{
	Relation	table;
	Relation	index;
	Snapshot	snapshot;
	TupleTableSlot *slot;
	IndexScanDesc scan;
	ScanKeyData keys[WALK_KEYS];
	int64		value;			/* that is wanted */
	int64		reached;		/* of the entry that the scan stands at */
	bool		isBegun;
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
	walk->slot = table_slot_create(walk->table, NULL);
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
IsNear(IndexWalk *walk)
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
	bool		ascends = walk->isBegun && value > walk->value;

	walk->value = value;
	if (ascends && IsNear(walk))
		return;
	ScanKeyInit(&walk->keys[1], 2, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(value));
	index_rescan(walk->scan, walk->keys, WALK_KEYS, NULL, 0);
	walk->isBegun = true;
	(void) Step(walk);
}

TupleTableSlot *
NextWalkedRow(IndexWalk *walk)
{
	while (!walk->isEnded && (walk->isPending || Step(walk)) && walk->reached == walk->value)
	{
		walk->isPending = false;
		if (index_fetch_heap(walk->scan, walk->slot))
			return walk->slot;
	}
	return NULL;
}

void
CloseIndexWalk(IndexWalk *walk)
{
	index_endscan(walk->scan);
	ExecDropSingleTupleTableSlot(walk->slot);
	UnregisterSnapshot(walk->snapshot);
	index_close(walk->index, NoLock);
	table_close(walk->table, NoLock);
	pfree(walk);
}
