#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/tupmacs.h"
#include "catalog/namespace.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "core/fact_check.h"

/*
 * Reading a table for a check: of each row only what was asked for is fetched,
 * and what stands before the first column of varying length where it always stands.
 */

/* So far ahead rows are brought from memory: two or three of them. */
#define PREFETCH_BYTES 320

/* A column of the table. */
typedef struct FactColumn
{
	int			place;			/* among those that were asked for; -1: was not */
	uint32		offset;			/* within the prefix */
	int16		length;			/* -1: varies */
	char		alignment;
	bool		byValue;
} FactColumn;

typedef struct FactScan
{
	Relation	relation;
	int			last;			/* up to which column rows are taken apart */
	int			prefix;			/* so many columns have a fixed length and come before all others */
	uint32		prefixEnd;
	int			prefixCount;	/* of them that were asked for, and which */
	int		   *prefixColumns;
	FactColumn *columns;
	Datum	   *values;
	bool	   *nulls;
} FactScan;

/* The table, which the caller may read: it is scanned without the executor, which would see to that. */
static Relation
OpenFacts(const char *table)
{
	Relation	relation = table_openrv(makeRangeVar(pstrdup("erp"), pstrdup(table), -1), AccessShareLock);
	AclResult	right = pg_class_aclcheck(RelationGetRelid(relation), GetUserId(), ACL_SELECT);

	if (right != ACLCHECK_OK)
		aclcheck_error(right, OBJECT_TABLE, table);
	if (relation->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"erp.%s\" is not an ordinary table", table),
				 errhint("The fact tables of this version are not partitioned.")));
	return relation;
}

/* Notes which of the table's columns were asked for. */
static void
FindColumns(FactScan *scan, const char *const *names, int count)
{
	int			width = RelationGetDescr(scan->relation)->natts;

	scan->columns = palloc(sizeof(FactColumn) * width);
	for (int i = 0; i < width; i++)
		scan->columns[i].place = -1;
	for (int i = 0; i < count; i++)
	{
		AttrNumber	attribute = get_attnum(RelationGetRelid(scan->relation), names[i]);

		if (attribute <= InvalidAttrNumber)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("column \"%s\" of table \"%s\" does not exist", names[i], RelationGetRelationName(scan->relation)),
					 errhint("The engine's own columns must stay as erp.setup() made them.")));
		scan->columns[attribute - 1].place = i;
		scan->last = Max(scan->last, attribute);
	}
}

/* Notes how the columns are stored, and where those of the prefix stand. */
static void
DescribeColumns(FactScan *scan)
{
	bool		inPrefix = true;

	scan->prefixColumns = palloc(sizeof(int) * scan->last);
	for (int i = 0; i < scan->last; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(scan->relation), i);
		FactColumn *column = &scan->columns[i];

		column->length = attribute->attlen;
		column->alignment = attribute->attalign;
		column->byValue = attribute->attbyval;
		inPrefix = inPrefix && column->length > 0;
		if (!inPrefix)
			continue;
		column->offset = att_align_nominal(scan->prefixEnd, column->alignment);
		scan->prefixEnd = column->offset + column->length;
		scan->prefix = i + 1;
		if (column->place >= 0)
			scan->prefixColumns[scan->prefixCount++] = i;
	}
}

/* True if none of the columns of the prefix is null in a row that has nulls. */
static inline bool
HasPrefix(const FactScan *scan, const bits8 *bits)
{
	int			bytes = scan->prefix / BITS_PER_BYTE;
	int			rest = (1 << scan->prefix % BITS_PER_BYTE) - 1;

	for (int i = 0; i < bytes; i++)
	{
		if (bits[i] != 0xFF)
			return false;
	}
	return rest == 0 || (bits[bytes] & rest) == rest;
}

static inline void
TakeColumn(const FactScan *scan, const FactColumn *column, const char *data)
{
	scan->values[column->place] = fetch_att(data, column->byValue, column->length);
	scan->nulls[column->place] = false;
}

/* A row that was stored before the table had all of the columns. */
static void
TakeOldRow(const FactScan *scan, HeapTuple row)
{
	for (int i = 0; i < scan->last; i++)
	{
		int			place = scan->columns[i].place;

		if (place >= 0)
			scan->values[place] = heap_getattr(row, i + 1, RelationGetDescr(scan->relation), &scan->nulls[place]);
	}
}

static void
TakeRow(const FactScan *scan, HeapTuple row)
{
	HeapTupleHeader header = row->t_data;
	const bits8 *bits = HeapTupleHasNulls(row) ? header->t_bits : NULL;
	const char *data = (const char *) header + header->t_hoff;
	uint32		offset = 0;
	int			i = 0;

	if (bits == NULL || HasPrefix(scan, bits))
	{
		for (int k = 0; k < scan->prefixCount; k++)
		{
			const FactColumn *column = &scan->columns[scan->prefixColumns[k]];

			TakeColumn(scan, column, data + column->offset);
		}
		i = scan->prefix;
		offset = scan->prefixEnd;
	}
	for (; i < scan->last; i++)
	{
		const FactColumn *column = &scan->columns[i];

		if (bits != NULL && att_isnull(i, bits))
		{
			if (column->place >= 0)
				scan->nulls[column->place] = true;
			continue;
		}
		offset = att_align_pointer(offset, column->alignment, column->length, data + offset);
		if (column->place >= 0)
			TakeColumn(scan, column, data + offset);
		offset = att_addlength_pointer(offset, column->length, data + offset);
	}
}

uint64
ReadTable(const char *table, const char *const *columns, int count, FactReader read, void *state)
{
	Relation	relation = OpenFacts(table);
	TableScanDesc tableScan = table_beginscan(relation, GetActiveSnapshot(), 0, NULL);
	FactScan	scan = {.relation = relation, .values = palloc0(sizeof(Datum) * count), .nulls = palloc0(sizeof(bool) * count)};
	FactRow		row = {.values = scan.values, .nulls = scan.nulls};
	uint64		rows = 0;
	HeapTuple	stored;

	FindColumns(&scan, columns, count);
	DescribeColumns(&scan);
	for (; (stored = heap_getnext(tableScan, ForwardScanDirection)) != NULL; rows++)
	{
		CHECK_FOR_INTERRUPTS();
		/* A page is filled from its end, so the rows that follow stand before this one. */
		PrefetchFact((const char *) stored->t_data - PREFETCH_BYTES);
		if (HeapTupleHeaderGetNatts(stored->t_data) >= scan.last)
			TakeRow(&scan, stored);
		else
			TakeOldRow(&scan, stored);
		read(state, &row);
	}
	table_endscan(tableScan);
	table_close(relation, AccessShareLock);
	return rows;
}
