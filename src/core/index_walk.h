/*
 * Rows by the second column of an index whose first is the company: for many
 * values that mostly ascend. What lies a little ahead is reached along the
 * leaves of the index, and only rows that are wanted are read from the table.
 */
#ifndef ERP_INDEX_WALK_H
#define ERP_INDEX_WALK_H

#include "postgres.h"

#include "executor/tuptable.h"

typedef struct IndexWalk IndexWalk;

/*
 * Opens a table and an index of schema erp, for rows of the company as the transaction's snapshot shows them now. The index
 * must be a B-tree that begins with an integer and a bigint, as erp.setup() made it.
 */
extern IndexWalk *OpenIndexWalk(const char *table, const char *index, int32 companyId);

/* Number of a column of the table; an error if it has none of this name. */
extern AttrNumber WalkColumn(const IndexWalk *walk, const char *column);

/* Begins with the rows of the value. */
extern void WalkTo(IndexWalk *walk, int64 value);

/* The next of them in the order of the index, valid until the next call; NULL when there are no more. */
extern TupleTableSlot *NextWalkedRow(IndexWalk *walk);

/* Closes both; locks stay until the transaction ends. */
extern void CloseIndexWalk(IndexWalk *walk);

#endif
