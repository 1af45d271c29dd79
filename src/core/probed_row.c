#include "postgres.h"

#include "access/htup_details.h"
#include "access/multixact.h"
#include "access/sysattr.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "storage/bufmgr.h"

#include "core/compat.h"
#include "core/engine.h"
#include "core/index_probe_state.h"

/* Rows that a probe found: whose they are, locking and changing them. */

bool
IsProbedRowOwn(TupleTableSlot *row)
{
	bool		isNull;

	return TransactionIdIsCurrentTransactionId(DatumGetTransactionId(slot_getsysattr(row, MinTransactionIdAttributeNumber, &isNull)));
}

/* The number of who locks or changes the row, or of a list of several who lock it. */
static TransactionId
LockerOf(TupleTableSlot *row, uint16 *flags)
{
	HeapTupleHeader header = ExecFetchSlotHeapTuple(row, false, NULL)->t_data;
	Buffer		buffer = ((BufferHeapTupleTableSlot *) row)->buffer;
	TransactionId locker;

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	*flags = header->t_infomask;
	locker = HeapTupleHeaderGetRawXmax(header);
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	return locker;
}

bool
IsProbedRowHeld(TupleTableSlot *row)
{
	uint16		flags;
	TransactionId locker = LockerOf(row, &flags);
	MultiXactMember *members;
	int			count;

	if ((flags & HEAP_XMAX_INVALID) != 0)
		return false;
	if ((flags & HEAP_XMAX_IS_MULTI) == 0)
		return TransactionIdIsCurrentTransactionId(locker);
	count = GetMultiXactIdMembers(locker, &members, false, HEAP_XMAX_IS_LOCKED_ONLY(flags));
	for (int i = 0; i < count; i++)
	{
		if (TransactionIdIsCurrentTransactionId(members[i].xid))
			return true;
	}
	return false;
}

/* Whether the lock was got; what the executor makes of the same answers. */
static bool
IsLocked(TM_Result result)
{
	if (result == TM_Ok)
		return true;
	if (result == TM_SelfModified || (result == TM_Deleted && !IsolationUsesXactSnapshot()))
		return false;
	if (result == TM_Updated || result == TM_Deleted)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent update")));
	elog(ERROR, "unexpected answer %d to the lock of a row", (int) result);
}

/* Whether the locked row, which changed after it was found, still has the values that were looked for. */
static bool
IsStillProbed(const IndexProbe *probe)
{
	for (int i = 0; i < probe->columnCount; i++)
	{
		const ScanKeyData *key = &probe->keys[i];
		Datum		value = ProbedValue(probe->lockedSlot, probe->index->rd_index->indkey.values[key->sk_attno - 1]);

		if (!DatumGetBool(FunctionCall2Coll(unconstify(FmgrInfo *, &key->sk_func), key->sk_collation, value, key->sk_argument)))
			return false;
	}
	return true;
}

TupleTableSlot *
LockProbedRow(IndexProbe *probe, LockTupleMode mode)
{
	ItemPointerData row = probe->slot->tts_tid;
	uint8		flags = TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS;
	TM_FailureData failure;

	if (!IsolationUsesXactSnapshot())
		flags |= TUPLE_LOCK_FLAG_FIND_LAST_VERSION;
	if (probe->lockedSlot == NULL)
		probe->lockedSlot = table_slot_create(probe->table, NULL);
	if (!IsLocked(table_tuple_lock(probe->table, &row, probe->snapshot, probe->lockedSlot, GetCurrentCommandId(false), mode,
								   LockWaitBlock, flags, &failure)))
		return NULL;
	return !failure.traversed || IsStillProbed(probe) ? probe->lockedSlot : NULL;
}

/* The row with other values in some columns. */
static void
FillChanged(IndexProbe *probe, TupleTableSlot *row, const AttrNumber *columns, const Datum *values, int count)
{
	TupleDesc	descriptor = RelationGetDescr(probe->table);
	TupleTableSlot *changed;

	if (probe->changedSlot == NULL)
		probe->changedSlot = MakeSingleTupleTableSlot(descriptor, &TTSOpsHeapTuple);
	changed = probe->changedSlot;
	ExecClearTuple(changed);
	slot_getallattrs(row);
	memcpy(changed->tts_values, row->tts_values, sizeof(Datum) * descriptor->natts);
	memcpy(changed->tts_isnull, row->tts_isnull, sizeof(bool) * descriptor->natts);
	for (int i = 0; i < count; i++)
		changed->tts_values[columns[i] - 1] = values[i];
	ExecStoreVirtualTuple(changed);
}

/* Entries of all indexes for a version of the row that found no room beside the one before. */
static void
InsertEntries(const IndexProbe *probe)
{
	EState	   *executor = CreateExecutorState();
	ResultRelInfo *target = makeNode(ResultRelInfo);

	PinSearchPath();
	InitResultRelInfo(target, probe->table, 1, NULL, 0);
	ExecOpenIndices(target, false);
	(void) ErpInsertIndexTuples(target, probe->changedSlot, executor, NULL, NIL);
	ExecCloseIndices(target);
	FreeExecutorState(executor);
}

static TM_Result
ChangeRow(IndexProbe *probe, TupleTableSlot *row, const AttrNumber *columns, const Datum *values, int count, bool wait)
{
	ItemPointerData place = row->tts_tid;
	TM_FailureData failure;
	LockTupleMode mode;
	ErpIndexUpdate indexes;
	TM_Result	result;

	FillChanged(probe, row, columns, values, count);
	result = table_tuple_update(probe->table, &place, probe->changedSlot, GetCurrentCommandId(true), InvalidSnapshot,
								InvalidSnapshot, wait, &failure, &mode, &indexes);
	if (result == TM_Ok && ErpNeedsEntries(indexes))
		InsertEntries(probe);
	return result;
}

bool
ChangeProbedRow(IndexProbe *probe, AttrNumber column, Datum value)
{
	return ChangeRow(probe, probe->slot, &column, &value, 1, false) == TM_Ok;
}

void
ChangeLockedRow(IndexProbe *probe, AttrNumber column, Datum value)
{
	TM_Result	result = ChangeRow(probe, probe->lockedSlot, &column, &value, 1, true);

	if (result != TM_Ok)
		elog(ERROR, "unexpected answer %d to the change of a locked row", (int) result);
}

void
ChangeHeldRow(IndexProbe *probe, const AttrNumber *columns, const Datum *values, int count)
{
	TM_Result	result = ChangeRow(probe, probe->slot, columns, values, count, true);

	if (result != TM_Ok)
		elog(ERROR, "unexpected answer %d to the change of a row that is held", (int) result);
}

TupleTableSlot *
FetchHeldRow(IndexProbe *probe, const ItemPointerData *place)
{
	ItemPointerData row = *place;

	if (!table_tuple_fetch_row_version(probe->table, &row, probe->snapshot, probe->slot))
		elog(ERROR, "a row that is held is gone from table \"%s\"", RelationGetRelationName(probe->table));
	return probe->slot;
}
