/*
 * Foreign keys of the rows that one statement inserts. The check of a key looks
 * up the row that it refers to and locks it until the transaction ends: once is
 * enough for all rows of the statement that have the key.
 */
#ifndef ERP_FOREIGN_KEYS_H
#define ERP_FOREIGN_KEYS_H

#include "postgres.h"

#include "executor/tuptable.h"
#include "nodes/execnodes.h"

typedef struct ForeignKeys ForeignKeys;

/* Of the table of a statement that begins; lives in the current memory context. */
extern ForeignKeys *BeginForeignKeys(void);

/*
 * Whether the row triggers of a row that was inserted must be queued: false if all of them are checks of foreign keys, and
 * each key was that of an earlier row for which this was true.
 */
extern bool NeedsRowTriggers(ForeignKeys *keys, const ResultRelInfo *target, TupleTableSlot *slot);

#endif
