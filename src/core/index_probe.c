#include "postgres.h"

#include "access/genam.h"
#include "access/skey.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/namespace.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "core/bulk_insert.h"
#include "core/compat.h"
#include "core/index_probe.h"

#define PROBE_COLUMNS_MAX 4

struct IndexProbe
{
	Relation	table;
	Relation	index;
	Snapshot	snapshot;
	TupleTableSlot *slot;
	IndexScanDesc scan;
	int			columnCount;	/* of the scan: keys */
	ScanKeyData keys[PROBE_COLUMNS_MAX];
};

static Relation
OpenProbedIndex(const char *schema, const char *name)
{
	Oid			indexId = get_relname_relid(name, get_namespace_oid(schema, false));

	if (!OidIsValid(indexId))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("index \"%s.%s\" does not exist", schema, name),
				 errhint("The engine's own indexes must stay as erp.setup() made them.")));
	return index_open(indexId, AccessShareLock);
}

IndexProbe *
OpenIndexProbe(const char *schema, const char *table, const char *index, ProbeSnapshot snapshot)
{
	IndexProbe *probe = palloc0(sizeof(IndexProbe));

	probe->table = table_open(get_relname_relid(table, get_namespace_oid(schema, false)), AccessShareLock);
	probe->index = OpenProbedIndex(schema, index);
	probe->snapshot = RegisterSnapshot(snapshot == PROBE_LATEST ? GetLatestSnapshot() : GetTransactionSnapshot());
	probe->slot = table_slot_create(probe->table, NULL);
	return probe;
}

/* A key on a column of the index, from 1, with its own operator class and collation. */
static void
SetProbeKey(IndexProbe *probe, int number, int column, StrategyNumber strategy)
{
	Oid			type = probe->index->rd_opcintype[column - 1];
	Oid			operatorId = get_opfamily_member(probe->index->rd_opfamily[column - 1], type, type, strategy);

	ScanKeyEntryInitialize(&probe->keys[number], 0, (AttrNumber) column, strategy, InvalidOid,
						   probe->index->rd_indcollation[column - 1], get_opcode(operatorId), (Datum) 0);
}

/* Equality on the first columns, and with `range` two bounds on the next. */
static void
BeginProbes(IndexProbe *probe, int equal, bool range)
{
	probe->columnCount = equal + (range ? 2 : 0);
	probe->scan = index_beginscan(probe->table, probe->index, probe->snapshot, probe->columnCount, 0);
	for (int i = 0; i < equal; i++)
		SetProbeKey(probe, i, i + 1, BTEqualStrategyNumber);
	if (range)
	{
		SetProbeKey(probe, equal, equal + 1, BTGreaterEqualStrategyNumber);
		SetProbeKey(probe, equal + 1, equal + 1, BTLessEqualStrategyNumber);
	}
}

void
ProbeIndex(IndexProbe *probe, const Datum *values, int count)
{
	ErpAssert(count <= PROBE_COLUMNS_MAX && (probe->scan == NULL || count == probe->columnCount));
	if (probe->scan == NULL)
		BeginProbes(probe, count, false);
	for (int i = 0; i < count; i++)
		probe->keys[i].sk_argument = values[i];
	index_rescan(probe->scan, probe->keys, count, NULL, 0);
}

void
ProbeIndexRange(IndexProbe *probe, const Datum *values, int count, Datum first, Datum last)
{
	ErpAssert(count + 2 <= PROBE_COLUMNS_MAX && (probe->scan == NULL || count + 2 == probe->columnCount));
	if (probe->scan == NULL)
		BeginProbes(probe, count, true);
	for (int i = 0; i < count; i++)
		probe->keys[i].sk_argument = values[i];
	probe->keys[count].sk_argument = first;
	probe->keys[count + 1].sk_argument = last;
	index_rescan(probe->scan, probe->keys, count + 2, NULL, 0);
}

TupleTableSlot *
NextProbedRow(IndexProbe *probe)
{
	return index_getnext_slot(probe->scan, ForwardScanDirection, probe->slot) ? probe->slot : NULL;
}

AttrNumber
ProbedColumn(const IndexProbe *probe, int number)
{
	return probe->index->rd_index->indkey.values[number - 1];
}

AttrNumber
ProbeColumn(const IndexProbe *probe, const char *column)
{
	return ColumnAttribute(probe->table, column);
}

Oid
ProbeColumnType(const IndexProbe *probe, AttrNumber number)
{
	return TupleDescAttr(RelationGetDescr(probe->table), number - 1)->atttypid;
}

void
CloseIndexProbe(IndexProbe *probe)
{
	if (probe->scan != NULL)
		index_endscan(probe->scan);
	ExecDropSingleTupleTableSlot(probe->slot);
	UnregisterSnapshot(probe->snapshot);
	index_close(probe->index, NoLock);
	table_close(probe->table, NoLock);
	pfree(probe);
}
