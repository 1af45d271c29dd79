#include "postgres.h"

#include "access/genam.h"
#include "access/skey.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "core/bulk_insert.h"
#include "core/compat.h"
#include "core/index_probe.h"
#include "core/relation_name.h"

#define PROBE_COLUMNS_MAX 4

struct IndexProbe
{
	Relation	table;
	Relation	index;
	Snapshot	snapshot;
	TupleTableSlot *slot;
	IndexScanDesc scan;
	int			columnCount;	/* of the scan */
	ScanKeyData keys[PROBE_COLUMNS_MAX];
};

IndexProbe *
OpenIndexProbe(const char *schema, const char *table, const char *index, ProbeSnapshot snapshot)
{
	IndexProbe *probe = palloc0(sizeof(IndexProbe));

	probe->table = table_open(EngineRelation(schema, table), AccessShareLock);
	probe->index = index_open(EngineRelation(schema, index), AccessShareLock);
	probe->snapshot = RegisterSnapshot(snapshot == PROBE_LATEST ? GetLatestSnapshot() : GetTransactionSnapshot());
	probe->slot = table_slot_create(probe->table, NULL);
	return probe;
}

/* Equality on column number i of the index, with its own operator class and collation. */
static void
SetProbeKey(IndexProbe *probe, int i, Datum value)
{
	Oid			type = probe->index->rd_opcintype[i];
	Oid			operatorId = get_opfamily_member(probe->index->rd_opfamily[i], type, type, BTEqualStrategyNumber);

	ScanKeyEntryInitialize(&probe->keys[i], 0, (AttrNumber) (i + 1), BTEqualStrategyNumber, InvalidOid,
						   probe->index->rd_indcollation[i], get_opcode(operatorId), value);
}

void
ProbeIndex(IndexProbe *probe, const Datum *values, int count)
{
	ErpAssert(count <= PROBE_COLUMNS_MAX && (probe->scan == NULL || count == probe->columnCount));
	if (probe->scan == NULL)
	{
		probe->columnCount = count;
		probe->scan = index_beginscan(probe->table, probe->index, probe->snapshot, count, 0);
		for (int i = 0; i < count; i++)
			SetProbeKey(probe, i, values[i]);
	}
	for (int i = 0; i < count; i++)
		probe->keys[i].sk_argument = values[i];
	index_rescan(probe->scan, probe->keys, count, NULL, 0);
}

TupleTableSlot *
NextProbedRow(IndexProbe *probe)
{
	return index_getnext_slot(probe->scan, ForwardScanDirection, probe->slot) ? probe->slot : NULL;
}

AttrNumber
ProbeColumn(const IndexProbe *probe, const char *column)
{
	return ColumnAttribute(probe->table, column);
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
