/*
 * Rows whose key another session may be inserting at the same time.
 */
#include "postgres.h"

#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/rel.h"

#include "core/bulk_insert_state.h"
#include "core/compat.h"

void
BulkInsertOnce(BulkInsert *bulk, const char *indexName)
{
	ResultRelInfo *target = bulk->resultRelation;
	MemoryContext previous;

	if (bulk->arbiters != NIL)
		return;
	for (int i = 0; i < target->ri_NumIndices; i++)
	{
		Relation	index = target->ri_IndexRelationDescs[i];

		if (strcmp(RelationGetRelationName(index), indexName) != 0)
			continue;
		previous = MemoryContextSwitchTo(bulk->context);
		BuildSpeculativeIndexInfo(index, target->ri_IndexRelationInfo[i]);
		bulk->arbiters = list_make1_oid(RelationGetRelid(index));
		MemoryContextSwitchTo(previous);
		return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("index \"%s\" of table \"%s\" does not exist", indexName, RelationGetRelationName(bulk->relation)),
			 errhint("The engine's own indexes must stay as erp.setup() made them.")));
}

/* Inserts a row that another session may be inserting too: as the executor does for ON CONFLICT. False: it was the other. */
static bool
InsertSpeculatively(BulkInsert *bulk, TupleTableSlot *slot)
{
	uint32		token = SpeculativeInsertionLockAcquire(GetCurrentTransactionId());
	bool		conflict = false;
	List	   *recheck;

	table_tuple_insert_speculative(bulk->relation, slot, GetCurrentCommandId(true), 0, NULL, token);
	recheck = ErpInsertIndexTuples(bulk->resultRelation, slot, bulk->executor, &conflict, bulk->arbiters);
	table_tuple_complete_speculative(bulk->relation, slot, token, !conflict);
	SpeculativeInsertionLockRelease(GetCurrentTransactionId());
	if (conflict)
		list_free(recheck);
	else
		EndRow(bulk, slot, recheck);
	return !conflict;
}

bool
BulkInsertNewKey(BulkInsert *bulk, const Datum *values, const bool *nulls, bool isFresh)
{
	TupleTableSlot *slot = MakeRow(bulk, values, nulls);
	ItemPointerData conflict;
	bool		isNew = true;
	bool		isIn = isFresh && InsertSpeculatively(bulk, slot);

	while (isNew && !isIn)
	{
		CHECK_FOR_INTERRUPTS();
		isNew = ErpIsNewKey(bulk->resultRelation, slot, bulk->executor, &conflict, bulk->arbiters);
		if (isNew)
			isIn = InsertSpeculatively(bulk, slot);
	}
	if (!isNew && IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent update")));
	ExecClearTuple(slot);
	ResetPerTupleExprContext(bulk->executor);
	MemoryContextReset(bulk->rowContext);
	return isIn;
}
