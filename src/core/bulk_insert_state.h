/*
 * What the files of bulk_insert.h share.
 */
#ifndef ERP_BULK_INSERT_STATE_H
#define ERP_BULK_INSERT_STATE_H

#include "access/heapam.h"
#include "nodes/execnodes.h"

#include "core/bulk_insert.h"
#include "core/foreign_keys.h"

#define BULK_ROWS 500

typedef struct ColumnDefault
{
	AttrNumber	attribute;
	ExprState  *expression;
} ColumnDefault;

/* The entries of one index that wait for all rows, in the order of the rows. */
typedef struct LateIndex
{
	Relation	index;
	int			place;			/* among the table's indexes */
	AttrNumber	column;			/* of the table: by which they are sorted */
	int			width;
	int			count;
	uint64	   *order;			/* the column's value, then the number of the row */
	ItemPointerData *rows;
	Datum	   *values;			/* width of them for each row */
} LateIndex;

struct BulkInsert
{
	Relation	relation;
	EState	   *executor;
	ResultRelInfo *resultRelation;
	LateIndex	late;
	ForeignKeys *foreignKeys;
	List	   *arbiters;		/* the index of BulkInsertOnce() */
	BulkInsertState state;		/* of a large insert */
	MemoryContext ownContext;
	MemoryContext rowContext;
	AttrNumber *attributes;
	int			columnCount;
	ColumnDefault *defaults;
	int			defaultCount;
	int			rowCount;
	int			slotCount;		/* how many slots were made */
	TupleTableSlot *slots[BULK_ROWS];
};

/* The next row, complete and checked; not yet counted. */
extern TupleTableSlot *MakeRow(BulkInsert *bulk, const Datum *values, const bool *nulls);

/* The queue of row triggers, and what waits for all rows, of a row that is in its indexes; recheck is freed. */
extern void EndRow(BulkInsert *bulk, TupleTableSlot *slot, List *recheck);

#endif
