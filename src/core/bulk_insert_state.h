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

/* An index of plain columns, into which the insert itself puts the entries. */
typedef struct PlainIndex
{
	ExprState  *predicate;		/* NULL: it holds every row */
	bool		holds;			/* the row before */
} PlainIndex;

struct BulkInsert
{
	/* Of the call. */
	Relation	relation;
	LateIndex	late;
	ForeignKeys *foreignKeys;
	BulkInsertState state;		/* of a large insert */
	MemoryContext callContext;
	int			rowCount;

	/* Of the table: bulk_insert_target.c. */
	bool		lasts;			/* may be kept for the next call */
	struct KeptTarget *place;	/* NULL: there is none to keep it in */
	uint64		changes;		/* of the table when this was made ready */
	MemoryContext context;
	MemoryContext rowContext;
	EState	   *executor;
	ResultRelInfo *resultRelation;
	TupleDesc	descriptor;
	Oid		   *indexIds;
	List	   *arbiters;		/* the index of BulkInsertOnce() */
	AttrNumber *attributes;
	ColumnDefault *defaults;
	PlainIndex *plainIndexes;	/* one for each index; NULL: the executor inserts the entries */
	AttrNumber *ruledBy;		/* columns that checks and predicates look at */
	int			ruledByCount;	/* -1: what they say may change, or they look at the whole row */
	int			columnCount;
	int			defaultCount;
	int			slotCount;		/* how many slots were made */
	TupleTableSlot *slots[BULK_ROWS];
	bool		alike[BULK_ROWS];	/* to the row before in all columns that checks and predicates look at */
};

/* Opens the table and its indexes for rows of these columns; the fields of the call are not set but for the relation. */
extern BulkInsert *OpenTarget(const char *schema, const char *table, const char *const *columns, int count);

/* Closes them; the target is kept or freed. No row waits. */
extern void CloseTarget(BulkInsert *bulk);

/* The next row, complete and checked; not yet counted. */
extern TupleTableSlot *MakeRow(BulkInsert *bulk, const Datum *values, const bool *nulls);

/* The queue of row triggers, and what waits for all rows, of a row that is in its indexes; recheck is freed. */
extern void EndRow(BulkInsert *bulk, TupleTableSlot *slot, List *recheck);

#endif
