#include "postgres.h"

#include "access/genam.h"
#include "access/nbtree.h"
#include "access/skey.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "catalog/pg_am.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "core/bulk_insert.h"
#include "core/compat.h"
#include "core/index_probe_state.h"
#include "core/relation_name.h"

#define COMPARISONS_MAX 16

typedef struct KnownComparison
{
	Oid			family;
	Oid			type;
	Oid			functionId;
	StrategyNumber strategy;
} KnownComparison;

IndexProbe *
OpenIndexProbe(const char *schema, const char *table, const char *index, ProbeSnapshot snapshot)
{
	return OpenIndexProbeById(EngineRelation(schema, table), EngineRelation(schema, index), AccessShareLock, snapshot);
}

IndexProbe *
OpenIndexProbeById(Oid tableId, Oid indexId, LOCKMODE mode, ProbeSnapshot snapshot)
{
	IndexProbe *probe = palloc0(sizeof(IndexProbe));

	probe->table = table_open(tableId, mode);
	probe->index = index_open(indexId, mode);
	probe->snapshot = RegisterSnapshot(snapshot == PROBE_LATEST ? GetLatestSnapshot() : GetTransactionSnapshot());
	probe->slot = table_slot_create(probe->table, NULL);
	return probe;
}

/* The function of a comparison in an operator family. */
static Oid
LookUpComparison(Oid family, Oid type, StrategyNumber strategy)
{
	return get_opcode(get_opfamily_member(family, type, type, strategy));
}

/* The same; of the server's own families, which stay as they are, those that were asked for are known. */
static Oid
ComparisonOf(Oid family, Oid type, StrategyNumber strategy)
{
	static KnownComparison known[COMPARISONS_MAX];
	static int	count = 0;

	for (int i = 0; i < count; i++)
	{
		if (known[i].family == family && known[i].type == type && known[i].strategy == strategy)
			return known[i].functionId;
	}
	if (family >= FirstNormalObjectId || count == COMPARISONS_MAX)
		return LookUpComparison(family, type, strategy);
	known[count].family = family;
	known[count].type = type;
	known[count].strategy = strategy;
	known[count].functionId = LookUpComparison(family, type, strategy);
	return known[count++].functionId;
}

/* A key on a column of the index, from 1, with its own operator class and collation. */
static void
SetProbeKey(IndexProbe *probe, int number, int column, StrategyNumber strategy)
{
	Oid			functionId = ComparisonOf(probe->index->rd_opfamily[column - 1], probe->index->rd_opcintype[column - 1], strategy);

	ScanKeyEntryInitialize(&probe->keys[number], 0, (AttrNumber) column, strategy, InvalidOid,
						   probe->index->rd_indcollation[column - 1], functionId, (Datum) 0);
}

/* Equality on the first columns, and `more` keys on the next: with two, bounds of its range. */
static void
BeginProbes(IndexProbe *probe, int equal, int more)
{
	probe->columnCount = equal + more;
	probe->scan = BeginIndexScan(probe->table, probe->index, probe->snapshot, probe->columnCount);
	for (int i = 0; i < equal; i++)
		SetProbeKey(probe, i, i + 1, BTEqualStrategyNumber);
	if (more == 2)
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
		BeginProbes(probe, count, 0);
	for (int i = 0; i < count; i++)
		probe->keys[i].sk_argument = values[i];
	index_rescan(probe->scan, probe->keys, count, NULL, 0);
}

void
ProbeIndexRange(IndexProbe *probe, const Datum *values, int count, Datum first, Datum last)
{
	ErpAssert(count + 2 <= PROBE_COLUMNS_MAX && (probe->scan == NULL || count + 2 == probe->columnCount));
	if (probe->scan == NULL)
		BeginProbes(probe, count, 2);
	for (int i = 0; i < count; i++)
		probe->keys[i].sk_argument = values[i];
	probe->keys[count].sk_argument = first;
	probe->keys[count + 1].sk_argument = last;
	index_rescan(probe->scan, probe->keys, count + 2, NULL, 0);
}

/* The key whose argument is a row: its members, each with the ordering function of its column. */
static void
SetRowKey(IndexProbe *probe, const Datum *values, int equal, int count)
{
	ScanKey		header = &probe->keys[equal];

	for (int i = equal; i < count; i++)
		ScanKeyEntryInitialize(&probe->rowKeys[i - equal], SK_ROW_MEMBER | (i == count - 1 ? SK_ROW_END : 0), (AttrNumber) (i + 1),
							   BTGreaterEqualStrategyNumber, InvalidOid, probe->index->rd_indcollation[i],
							   index_getprocid(probe->index, (AttrNumber) (i + 1), BTORDER_PROC), values[i]);
	memset(header, 0, sizeof(ScanKeyData));
	header->sk_flags = SK_ROW_HEADER;
	header->sk_attno = (AttrNumber) (equal + 1);
	header->sk_strategy = BTGreaterEqualStrategyNumber;
	header->sk_argument = PointerGetDatum(probe->rowKeys);
}

void
ProbeIndexFrom(IndexProbe *probe, const Datum *values, int equal, int count)
{
	ErpAssert(count <= PROBE_COLUMNS_MAX && equal < count && (probe->scan == NULL || equal + 1 == probe->columnCount));
	if (probe->scan == NULL)
		BeginProbes(probe, equal, 1);
	for (int i = 0; i < equal; i++)
		probe->keys[i].sk_argument = values[i];
	SetRowKey(probe, values, equal, count);
	index_rescan(probe->scan, probe->keys, equal + 1, NULL, 0);
}

bool
ProbesColumns(const IndexProbe *probe, const AttrNumber *columns, const Oid *types, int count)
{
	Form_pg_index form = probe->index->rd_index;

	if (form->indnkeyatts != count || count > PROBE_COLUMNS_MAX || probe->index->rd_rel->relam != BTREE_AM_OID)
		return false;
	for (int i = 0; i < count; i++)
	{
		if (form->indkey.values[i] != columns[i] || types[i] != probe->index->rd_opcintype[i])
			return false;
	}
	return RelationGetIndexPredicate(probe->index) == NIL;
}

TupleTableSlot *
NextProbedRow(IndexProbe *probe)
{
	return index_getnext_slot(probe->scan, ForwardScanDirection, probe->slot) ? probe->slot : NULL;
}

TupleTableSlot *
PreviousProbedRow(IndexProbe *probe)
{
	return index_getnext_slot(probe->scan, BackwardScanDirection, probe->slot) ? probe->slot : NULL;
}

bool
IsProbedRowShown(const IndexProbe *probe, TupleTableSlot *row, Snapshot snapshot)
{
	return table_tuple_satisfies_snapshot(probe->table, row, snapshot);
}

void
RenewProbe(IndexProbe *probe)
{
	if (probe->scan != NULL)
		index_endscan(probe->scan);
	probe->scan = NULL;
	UnregisterSnapshot(probe->snapshot);
	probe->snapshot = RegisterSnapshot(GetTransactionSnapshot());
}

AttrNumber
IndexedColumn(const IndexProbe *probe, int number)
{
	return probe->index->rd_index->indkey.values[number - 1];
}

AttrNumber
ProbeColumn(const IndexProbe *probe, const char *column)
{
	return ColumnAttribute(probe->table, column);
}

void
ProbeColumns(const IndexProbe *probe, const char *const *columns, int count, AttrNumber *numbers)
{
	ColumnAttributes(probe->table, columns, count, numbers);
}

Oid
ProbeColumnType(const IndexProbe *probe, AttrNumber number)
{
	return TupleDescAttr(RelationGetDescr(probe->table), number - 1)->atttypid;
}

Datum
ProbedColumn(const IndexProbe *probe, TupleTableSlot *row, const char *column)
{
	return ProbedValue(row, ProbeColumn(probe, column));
}

void
CloseIndexProbe(IndexProbe *probe)
{
	if (probe->scan != NULL)
		index_endscan(probe->scan);
	ExecDropSingleTupleTableSlot(probe->slot);
	if (probe->lockedSlot != NULL)
		ExecDropSingleTupleTableSlot(probe->lockedSlot);
	if (probe->changedSlot != NULL)
		ExecDropSingleTupleTableSlot(probe->changedSlot);
	UnregisterSnapshot(probe->snapshot);
	index_close(probe->index, NoLock);
	table_close(probe->table, NoLock);
	pfree(probe);
}

char *
ProbeText(const char *table, const char *index, int32 companyId, Datum id, const char *column)
{
	Datum		values[2] = {Int32GetDatum(companyId), id};
	IndexProbe *probe = OpenIndexProbe("erp", table, index, PROBE_LATEST);
	TupleTableSlot *row;
	char	   *value = NULL;

	ProbeIndex(probe, values, 2);
	row = NextProbedRow(probe);
	if (row != NULL)
		value = TextDatumGetCString(ProbedColumn(probe, row, column));
	CloseIndexProbe(probe);
	return value;
}
