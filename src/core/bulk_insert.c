#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/nodeModifyTable.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "core/bulk_insert_state.h"
#include "core/compat.h"
#include "core/engine.h"
#include "core/foreign_keys.h"

BulkInsert *
BeginBulkInsert(const char *schema, const char *table, const char *const *columns, int count)
{
	BulkInsert *bulk = OpenTarget(schema, table, columns, count);

	if (!bulk->lasts)
		PinSearchPath();
	memset(&bulk->late, 0, sizeof(LateIndex));
	bulk->callContext = CurrentMemoryContext;
	bulk->foreignKeys = BeginForeignKeys();
	bulk->state = NULL;
	bulk->rowCount = 0;
	AfterTriggerBeginQuery();
	return bulk;
}

/* What waits is columns that are there and need no memory; the index holds every row and says at once if it is unique. */
static bool
CanWait(Relation table, Relation index, const IndexInfo *info)
{
	for (int i = 0; i < info->ii_NumIndexAttrs; i++)
	{
		AttrNumber	column = info->ii_IndexAttrNumbers[i];

		if (column <= 0 || !TupleDescAttr(RelationGetDescr(table), column - 1)->attnotnull ||
			!TupleDescAttr(RelationGetDescr(index), i)->attbyval)
			return false;
	}
	return info->ii_ReadyForInserts && info->ii_Predicate == NIL && info->ii_ExclusionOps == NULL &&
		index->rd_index->indimmediate;
}

void
BulkInsertLate(BulkInsert *bulk, const char *indexName, const char *column, int rowsMax)
{
	ResultRelInfo *target = bulk->resultRelation;
	LateIndex  *late = &bulk->late;

	for (int i = 0; i < target->ri_NumIndices; i++)
	{
		Relation	index = target->ri_IndexRelationDescs[i];

		if (strcmp(RelationGetRelationName(index), indexName) != 0 ||
			!CanWait(bulk->relation, index, target->ri_IndexRelationInfo[i]))
			continue;
		late->index = index;
		late->place = i;
		late->column = ColumnAttribute(bulk->relation, column);
		late->width = target->ri_IndexRelationInfo[i]->ii_NumIndexAttrs;
		late->order = MemoryContextAllocHuge(bulk->callContext, sizeof(uint64) * rowsMax);
		late->rows = MemoryContextAllocHuge(bulk->callContext, sizeof(ItemPointerData) * rowsMax);
		late->values = MemoryContextAllocHuge(bulk->callContext, sizeof(Datum) * late->width * rowsMax);
		target->ri_IndexRelationDescs[i] = NULL;	/* the executor passes over it */
		return;
	}
}

static void
KeepEntry(LateIndex *late, const IndexInfo *info, TupleTableSlot *slot)
{
	Datum	   *values = &late->values[(Size) late->count * late->width];
	bool		isNull;

	for (int i = 0; i < late->width; i++)
		values[i] = slot_getattr(slot, info->ii_IndexAttrNumbers[i], &isNull);
	late->rows[late->count] = slot->tts_tid;
	late->order[late->count] = (uint64) DatumGetUInt32(slot_getattr(slot, late->column, &isNull)) << 32 | late->count;
	late->count++;
}

static int
CompareOrder(const void *a, const void *b)
{
	uint64		left = *(const uint64 *) a;
	uint64		right = *(const uint64 *) b;

	return left < right ? -1 : left > right ? 1 : 0;
}

/* Neighbours in the index go to one page, which the processor has at hand: that halves the time. */
static void
InsertKept(BulkInsert *bulk)
{
	const LateIndex *late = &bulk->late;
	ResultRelInfo *target = bulk->resultRelation;
	IndexUniqueCheck check = late->index->rd_index->indisunique ? UNIQUE_CHECK_YES : UNIQUE_CHECK_NO;
	bool		nulls[INDEX_MAX_KEYS] = {false};

	qsort(late->order, late->count, sizeof(uint64), CompareOrder);
	for (int i = 0; i < late->count; i++)
	{
		Size		row = late->order[i] & PG_UINT32_MAX;

		CHECK_FOR_INTERRUPTS();
		(void) index_insert(late->index, &late->values[row * late->width], nulls, &late->rows[row], bulk->relation,
							check, false, target->ri_IndexRelationInfo[late->place]);
	}
	target->ri_IndexRelationDescs[late->place] = late->index;
}

MemoryContext
BulkInsertContext(BulkInsert *bulk)
{
	return bulk->rowContext;
}

/* They run by the call's search path and leave their state in the target, which goes with the call. */
static void
QueueRowTriggers(BulkInsert *bulk, TupleTableSlot *slot, List *recheck)
{
	PinSearchPath();
	bulk->lasts = false;
	ExecARInsertTriggers(bulk->executor, bulk->resultRelation, slot, recheck, NULL);
}

void
EndRow(BulkInsert *bulk, TupleTableSlot *slot, List *recheck)
{
	ResultRelInfo *target = bulk->resultRelation;

	if (target->ri_TrigDesc != NULL && target->ri_TrigDesc->trig_insert_after_row &&
		NeedsRowTriggers(bulk->foreignKeys, target, slot))
		QueueRowTriggers(bulk, slot, recheck);
	list_free(recheck);
	if (bulk->late.index != NULL)
		KeepEntry(&bulk->late, target->ri_IndexRelationInfo[bulk->late.place], slot);
	ExecClearTuple(slot);
}

/* Whether the row is in the index; of one that is alike to the row before, that is known. */
static bool
IsInIndex(BulkInsert *bulk, PlainIndex *plain, TupleTableSlot *slot, bool alike)
{
	ExprContext *context = GetPerTupleExprContext(bulk->executor);

	if (plain->predicate == NULL)
		return true;
	if (!alike)
	{
		context->ecxt_scantuple = slot;
		plain->holds = ExecQual(plain->predicate, context);
	}
	return plain->holds;
}

/* What the executor does for indexes of plain columns. */
static void
InsertPlainEntries(BulkInsert *bulk, TupleTableSlot *slot, bool alike)
{
	ResultRelInfo *target = bulk->resultRelation;

	for (int i = 0; i < target->ri_NumIndices; i++)
	{
		Relation	index = target->ri_IndexRelationDescs[i];
		IndexInfo  *info = target->ri_IndexRelationInfo[i];
		Datum		values[INDEX_MAX_KEYS];
		bool		nulls[INDEX_MAX_KEYS];

		if (index == NULL || !IsInIndex(bulk, &bulk->plainIndexes[i], slot, alike))
			continue;
		for (int j = 0; j < info->ii_NumIndexAttrs; j++)
			values[j] = slot_getattr(slot, info->ii_IndexAttrNumbers[j], &nulls[j]);
		(void) index_insert(index, values, nulls, &slot->tts_tid, bulk->relation,
							index->rd_index->indisunique ? UNIQUE_CHECK_YES : UNIQUE_CHECK_NO, false, info);
	}
}

static void
FinishRow(BulkInsert *bulk, TupleTableSlot *slot, bool alike)
{
	List	   *recheck = NIL;

	if (bulk->plainIndexes != NULL)
		InsertPlainEntries(bulk, slot, alike);
	else
		recheck = ErpInsertIndexTuples(bulk->resultRelation, slot, bulk->executor, NULL, NIL);
	EndRow(bulk, slot, recheck);
}

/* A ring of buffers of its own is for many rows; to make it costs more than to write a few. */
static void
PrepareManyRows(BulkInsert *bulk)
{
	MemoryContext previous = MemoryContextSwitchTo(bulk->callContext);

	bulk->state = GetBulkInsertState();
	MemoryContextSwitchTo(previous);
}

static void
FlushRows(BulkInsert *bulk)
{
	if (bulk->rowCount == 0)
		return;

	CHECK_FOR_INTERRUPTS();
	if (bulk->state == NULL && bulk->rowCount == BULK_ROWS)
		PrepareManyRows(bulk);
	table_multi_insert(bulk->relation, bulk->slots, bulk->rowCount,
					   GetCurrentCommandId(true), 0, bulk->state);
	for (int i = 0; i < bulk->rowCount; i++)
		FinishRow(bulk, bulk->slots[i], bulk->alike[i]);

	ResetPerTupleExprContext(bulk->executor);
	MemoryContextReset(bulk->rowContext);
	bulk->rowCount = 0;
}

static TupleTableSlot *
NextSlot(BulkInsert *bulk)
{
	if (bulk->rowCount == bulk->slotCount)
	{
		MemoryContext previous = MemoryContextSwitchTo(bulk->context);

		bulk->slots[bulk->slotCount++] = MakeSingleTupleTableSlot(bulk->descriptor, table_slot_callbacks(bulk->relation));
		MemoryContextSwitchTo(previous);
	}
	return ExecClearTuple(bulk->slots[bulk->rowCount]);
}

/* Values of the columns that the caller did not give. */
static void
FillDefaults(BulkInsert *bulk, TupleTableSlot *slot)
{
	ExprContext *context = GetPerTupleExprContext(bulk->executor);

	for (int i = 0; i < bulk->defaultCount; i++)
	{
		int			index = bulk->defaults[i].attribute - 1;

		slot->tts_values[index] = ExecEvalExpr(bulk->defaults[i].expression, context, &slot->tts_isnull[index]);
	}
}

/* Whether the row has the very values of the row before in the columns that checks and predicates look at. */
static bool
IsAlike(const BulkInsert *bulk, const TupleTableSlot *slot)
{
	const TupleTableSlot *before;

	if (bulk->rowCount == 0 || bulk->ruledByCount < 0)
		return false;
	before = bulk->slots[bulk->rowCount - 1];
	for (int i = 0; i < bulk->ruledByCount; i++)
	{
		int			column = bulk->ruledBy[i] - 1;

		if (slot->tts_values[column] != before->tts_values[column] || slot->tts_isnull[column] != before->tts_isnull[column])
			return false;
	}
	return true;
}

static bool
HasForbiddenNull(const BulkInsert *bulk, const TupleTableSlot *slot)
{
	TupleDesc	descriptor = RelationGetDescr(bulk->relation);

	for (int i = 0; i < descriptor->natts; i++)
	{
		if (slot->tts_isnull[i] && TupleDescAttr(descriptor, i)->attnotnull)
			return true;
	}
	return false;
}

/* Generated columns, then constraints: both may look at the whole row. What passed in the row before passes. */
static void
CompleteRow(BulkInsert *bulk, TupleTableSlot *slot)
{
	const TupleConstr *constraints = RelationGetDescr(bulk->relation)->constr;
	bool		alike = IsAlike(bulk, slot);

	bulk->alike[bulk->rowCount] = alike;
	if (constraints == NULL || (alike && !HasForbiddenNull(bulk, slot)))
		return;
	if (constraints->has_generated_stored)
		ExecComputeStoredGenerated(bulk->resultRelation, bulk->executor, slot, CMD_INSERT);
	ExecConstraints(bulk->resultRelation, slot, bulk->executor);
}

TupleTableSlot *
MakeRow(BulkInsert *bulk, const Datum *values, const bool *nulls)
{
	TupleTableSlot *slot = NextSlot(bulk);
	int			width = RelationGetDescr(bulk->relation)->natts;

	memset(slot->tts_isnull, true, sizeof(bool) * width);
	memset(slot->tts_values, 0, sizeof(Datum) * width);
	for (int i = 0; i < bulk->columnCount; i++)
	{
		slot->tts_values[bulk->attributes[i] - 1] = values[i];
		slot->tts_isnull[bulk->attributes[i] - 1] = nulls != NULL && nulls[i];
	}
	if (bulk->defaultCount > 0)
		FillDefaults(bulk, slot);
	ExecStoreVirtualTuple(slot);
	CompleteRow(bulk, slot);
	return slot;
}

void
BulkInsertRow(BulkInsert *bulk, const Datum *values, const bool *nulls)
{
	(void) MakeRow(bulk, values, nulls);
	if (++bulk->rowCount == BULK_ROWS)
		FlushRows(bulk);
}

void
EndBulkInsert(BulkInsert *bulk)
{
	FlushRows(bulk);
	if (bulk->late.index != NULL)
		InsertKept(bulk);
	if (bulk->state != NULL)
		FreeBulkInsertState(bulk->state);
	table_finish_bulk_insert(bulk->relation, 0);
	EndForeignKeys(bulk->foreignKeys);
	AfterTriggerEndQuery(bulk->executor);

	CloseTarget(bulk);
	CommandCounterIncrement();
}
