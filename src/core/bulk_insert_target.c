/*
 * The table that rows go to, with all that the executor needs for it. Making
 * that ready takes as long as writing some rows, so it is kept from one call to
 * the next until something about the table changes.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_am.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_relation.h"
#include "rewrite/rewriteHandler.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "core/bulk_insert_state.h"
#include "core/compat.h"
#include "core/engine.h"
#include "core/foreign_keys.h"
#include "core/parsed_expression.h"
#include "core/relation_name.h"

#define KEPT_MAX 24
#define KEPT_SLOTS 8

/* While it is in use, or if a call failed that used it, a place has none: that one goes with its call's memory. */
typedef struct KeptTarget
{
	const char *const *columns; /* these name the place */
	Oid			relationId;
	uint64		changes;
	BulkInsert *bulk;
} KeptTarget;

static KeptTarget kept[KEPT_MAX];
static int	keptCount = 0;

static void
NoteChange(Datum argument, Oid relationId)
{
	for (int i = 0; i < keptCount; i++)
	{
		if (relationId == InvalidOid || kept[i].relationId == relationId)
			kept[i].changes++;
	}
}

/* The place of an insert of these columns; NULL if there is no room. */
static KeptTarget *
PlaceOf(const char *const *columns)
{
	for (int i = 0; i < keptCount; i++)
	{
		if (kept[i].columns == columns)
			return &kept[i];
	}
	if (keptCount == KEPT_MAX)
		return NULL;
	if (keptCount == 0)
		CacheRegisterRelcacheCallback(NoteChange, (Datum) 0);
	kept[keptCount].columns = columns;
	return &kept[keptCount++];
}

/* Looks from the column after `before` on, where it stands if columns are named in their order. */
static AttrNumber
FindAttribute(Relation relation, const char *column, AttrNumber before)
{
	TupleDesc	descriptor = RelationGetDescr(relation);

	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, (before + i) % descriptor->natts);

		if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), column) == 0)
			return attribute->attnum;
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("column \"%s\" of table \"%s\" does not exist", column, RelationGetRelationName(relation)),
			 errhint("The engine's own columns must stay as erp.setup() made them.")));
}

void
ColumnAttributes(Relation relation, const char *const *columns, int count, AttrNumber *numbers)
{
	for (int i = 0; i < count; i++)
		numbers[i] = FindAttribute(relation, columns[i], i == 0 ? 0 : numbers[i - 1]);
}

static bool
ColumnIsGiven(const BulkInsert *bulk, AttrNumber attribute)
{
	for (int i = 0; i < bulk->columnCount; i++)
	{
		if (bulk->attributes[i] == attribute)
			return true;
	}
	return false;
}

/*
 * Columns that a user added, or that the caller leaves out, take their default,
 * planned first: that inlines, and fills in arguments left out. What is
 * generated from the row has to wait for the row.
 */
static void
PrepareDefaults(BulkInsert *bulk)
{
	TupleDesc	descriptor = RelationGetDescr(bulk->relation);

	bulk->defaults = palloc0(sizeof(ColumnDefault) * descriptor->natts);
	for (int i = 1; i <= descriptor->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(descriptor, i - 1);
		Node	   *expression;

		if (column->attisdropped || column->attgenerated != '\0' || ColumnIsGiven(bulk, i))
			continue;
		expression = build_column_default(bulk->relation, i);
		if (expression == NULL)
			continue;
		bulk->defaults[bulk->defaultCount].attribute = i;
		bulk->defaults[bulk->defaultCount].expression = ExecInitExpr(expression_planner((Expr *) expression), NULL);
		bulk->lasts &= !MayChange(expression, NULL);
		bulk->defaultCount++;
	}
}

/* What the executor would do with the first row, but for the reading. */
static void
PrepareChecks(BulkInsert *bulk)
{
	const TupleConstr *constraints = RelationGetDescr(bulk->relation)->constr;
	ExprState **checks;

	if (constraints == NULL || constraints->num_check == 0)
		return;
	checks = palloc(sizeof(ExprState *) * constraints->num_check);
	for (int i = 0; i < constraints->num_check; i++)
		checks[i] = ReadyExpression(constraints->check[i].ccbin, bulk->executor, &bulk->lasts);
	ErpCheckExpressions(bulk->resultRelation) = checks;
}

/* Only what is there for all rows and is the server's own can be kept from one call to the next. */
static void
JudgeIndex(BulkInsert *bulk, Relation index, const IndexInfo *info)
{
	for (int i = 0; i < info->ii_NumIndexKeyAttrs; i++)
	{
		if (index->rd_opfamily[i] >= FirstNormalObjectId)
			bulk->lasts = false;
	}
	if (index->rd_rel->relam != BTREE_AM_OID ||
		MayChange((Node *) info->ii_Predicate, NULL) || MayChange((Node *) info->ii_Expressions, NULL))
		bulk->lasts = false;
}

static void
PrepareIndexes(BulkInsert *bulk)
{
	ResultRelInfo *target = bulk->resultRelation;

	ExecOpenIndices(target, false);
	bulk->indexIds = palloc(sizeof(Oid) * Max(target->ri_NumIndices, 1));
	for (int i = 0; i < target->ri_NumIndices; i++)
	{
		bulk->indexIds[i] = RelationGetRelid(target->ri_IndexRelationDescs[i]);
		JudgeIndex(bulk, target->ri_IndexRelationDescs[i], target->ri_IndexRelationInfo[i]);
	}
}

/* Adds the columns that an expression looks at; false if it may say something else another time. */
static bool
AddColumns(Node *expression, Bitmapset **columns)
{
	pull_varattnos(expression, 1, columns);
	return !contain_mutable_functions(expression);
}

static bool
CollectRuledBy(const BulkInsert *bulk, Bitmapset **columns)
{
	const ResultRelInfo *target = bulk->resultRelation;
	const TupleConstr *constraints = RelationGetDescr(bulk->relation)->constr;

	for (int i = 0; constraints != NULL && i < constraints->num_check; i++)
	{
		if (!AddColumns(stringToNode(constraints->check[i].ccbin), columns))
			return false;
	}
	for (int i = 0; i < target->ri_NumIndices; i++)
	{
		if (!AddColumns((Node *) target->ri_IndexRelationInfo[i]->ii_Predicate, columns))
			return false;
	}
	return constraints == NULL || !constraints->has_generated_stored;
}

/* What checks and predicates say of one row, they say of the next if it is alike in these columns. */
static void
PrepareRuledBy(BulkInsert *bulk)
{
	Bitmapset  *columns = NULL;
	int			column = -1;
	bool		known = CollectRuledBy(bulk, &columns);
	int			least = bms_next_member(columns, -1);

	bulk->ruledByCount = -1;
	/* The least stands for the whole row, or is a column of the system's. */
	if (!known || (least >= 0 && least <= -FirstLowInvalidHeapAttributeNumber))
		return;
	bulk->ruledBy = palloc(sizeof(AttrNumber) * Max(bms_num_members(columns), 1));
	bulk->ruledByCount = 0;
	while ((column = bms_next_member(columns, column)) >= 0)
		bulk->ruledBy[bulk->ruledByCount++] = (AttrNumber) (column + FirstLowInvalidHeapAttributeNumber);
}

/* Whether entries are columns of the row, and the index says at once if it is unique. */
static bool
IsPlain(Relation index, const IndexInfo *info)
{
	return info->ii_Expressions == NIL && info->ii_ReadyForInserts && info->ii_ExclusionOps == NULL &&
		(index->rd_index->indimmediate || !index->rd_index->indisunique);
}

static void
PreparePlainIndexes(BulkInsert *bulk)
{
	const ResultRelInfo *target = bulk->resultRelation;
	PlainIndex *plain = palloc0(sizeof(PlainIndex) * Max(target->ri_NumIndices, 1));

	for (int i = 0; i < target->ri_NumIndices; i++)
	{
		const IndexInfo *info = target->ri_IndexRelationInfo[i];

		if (!IsPlain(target->ri_IndexRelationDescs[i], info))
			return;
		if (info->ii_Predicate != NIL)
			plain[i].predicate = ExecPrepareQual(info->ii_Predicate, bulk->executor);
	}
	bulk->plainIndexes = plain;
}

static void
PrepareResultRelation(BulkInsert *bulk)
{
	RangeTblEntry *entry = makeNode(RangeTblEntry);
	const TupleConstr *constraints = RelationGetDescr(bulk->relation)->constr;

	entry->rtekind = RTE_RELATION;
	entry->relid = RelationGetRelid(bulk->relation);
	entry->relkind = bulk->relation->rd_rel->relkind;
	entry->rellockmode = RowExclusiveLock;

	bulk->executor = CreateExecutorState();
	ErpInitRangeTable(bulk->executor, entry);
	bulk->resultRelation = makeNode(ResultRelInfo);
	InitResultRelInfo(bulk->resultRelation, bulk->relation, 1, NULL, 0);
	bulk->executor->es_opened_result_relations =
		lappend(bulk->executor->es_opened_result_relations, bulk->resultRelation);
	PrepareIndexes(bulk);
	PreparePlainIndexes(bulk);
	PrepareChecks(bulk);
	PrepareRuledBy(bulk);
	if ((constraints != NULL && constraints->has_generated_stored) ||
		(bulk->resultRelation->ri_TrigDesc != NULL && bulk->resultRelation->ri_TrigDesc->trig_insert_after_row &&
		 !ChecksKeysOnly(bulk->resultRelation)))
		bulk->lasts = false;
}

static void
CheckOrdinary(Relation relation, const char *schema, const char *table)
{
	if (relation->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s.%s\" is not an ordinary table", schema, table),
				 errhint("The fact tables of this version are not partitioned.")));
}

/* Everything lies in one context, which is the call's until the target is kept. */
static BulkInsert *
MakeTarget(Relation relation, const char *const *columns, int count)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "bulk insert", ALLOCSET_DEFAULT_SIZES);
	MemoryContext previous = MemoryContextSwitchTo(context);
	BulkInsert *bulk = palloc(sizeof(BulkInsert));

	memset(bulk, 0, offsetof(BulkInsert, slots));
	bulk->context = context;
	bulk->relation = relation;
	bulk->lasts = true;
	bulk->descriptor = CreateTupleDescCopyConstr(RelationGetDescr(relation));
	bulk->attributes = palloc(sizeof(AttrNumber) * count);
	bulk->columnCount = count;
	ColumnAttributes(relation, columns, count, bulk->attributes);
	PrepareDefaults(bulk);
	PrepareResultRelation(bulk);
	bulk->rowContext = AllocSetContextCreate(context, "bulk insert rows", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(previous);
	return bulk;
}

/* Takes it out of its place, for the call; NULL if it is not there or the table has changed. Its relations are open again. */
static BulkInsert *
TakeTarget(KeptTarget *place, Relation relation)
{
	BulkInsert *bulk = place->bulk;
	ResultRelInfo *target;

	if (bulk == NULL)
		return NULL;
	place->bulk = NULL;
	if (bulk->changes != place->changes)
	{
		MemoryContextDelete(bulk->context);
		return NULL;
	}
	MemoryContextSetParent(bulk->context, CurrentMemoryContext);
	target = bulk->resultRelation;
	bulk->relation = relation;
	target->ri_RelationDesc = relation;
	for (int i = 0; i < target->ri_NumIndices; i++)
		target->ri_IndexRelationDescs[i] = index_open(bulk->indexIds[i], RowExclusiveLock);
	return bulk;
}

BulkInsert *
OpenTarget(const char *schema, const char *table, const char *const *columns, int count)
{
	KeptTarget *place = PlaceOf(columns);
	Relation	relation = table_open(EngineRelation(schema, table), RowExclusiveLock);
	BulkInsert *bulk = place == NULL ? NULL : TakeTarget(place, relation);
	uint64		changes;

	if (bulk != NULL)
		return bulk;
	CheckOrdinary(relation, schema, table);
	PinSearchPath();
	if (place != NULL)
		place->relationId = RelationGetRelid(relation);
	changes = place == NULL ? 0 : place->changes;
	bulk = MakeTarget(relation, columns, count);
	bulk->place = place;
	bulk->changes = changes;
	return bulk;
}

/* Their locks stay until the transaction ends, as that of the table does: the next insert of the transaction finds them. */
static void
CloseIndexes(ResultRelInfo *target)
{
	for (int i = 0; i < target->ri_NumIndices; i++)
	{
		index_close(target->ri_IndexRelationDescs[i], NoLock);
		target->ri_IndexRelationDescs[i] = NULL;	/* the executor passes over it */
	}
}

/* Back to its place, unless the table has changed or a call within the call brought another there. */
static void
KeepTarget(BulkInsert *bulk)
{
	while (bulk->slotCount > KEPT_SLOTS)
		ExecDropSingleTupleTableSlot(bulk->slots[--bulk->slotCount]);
	MemoryContextSetParent(bulk->context, TopMemoryContext);
	bulk->place->bulk = bulk;
}

void
CloseTarget(BulkInsert *bulk)
{
	KeptTarget *place = bulk->place;

	if (bulk->lasts)
		CloseIndexes(bulk->resultRelation);
	ExecResetTupleTable(bulk->executor->es_tupleTable, false);
	ExecCloseResultRelations(bulk->executor);
	table_close(bulk->relation, NoLock);
	if (bulk->lasts && place != NULL && place->bulk == NULL && bulk->changes == place->changes)
	{
		KeepTarget(bulk);
		return;
	}
	for (int i = 0; i < bulk->slotCount; i++)
		ExecDropSingleTupleTableSlot(bulk->slots[i]);
	FreeExecutorState(bulk->executor);
	MemoryContextDelete(bulk->context);
}
