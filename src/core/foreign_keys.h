/*
 * Foreign keys of the rows that one statement inserts. The check of a key looks
 * up the row that it refers to and locks it until the transaction ends: once is
 * enough for all rows of the statement that have the key. Where the row is
 * there it is locked here, by the index of its key; what is not found so is
 * left to the server's own trigger, whose executor costs several times that.
 */
#ifndef ERP_FOREIGN_KEYS_H
#define ERP_FOREIGN_KEYS_H

#include "postgres.h"

#include "executor/tuptable.h"
#include "nodes/execnodes.h"

typedef struct ForeignKeys ForeignKeys;

/* Of the table of a statement that begins; lives in the current memory context. */
extern ForeignKeys *BeginForeignKeys(void);

/* Whether all triggers of the table after each row that is inserted are checks of foreign keys that are looked at here. */
extern bool ChecksKeysOnly(const ResultRelInfo *target);

/*
 * Whether the row triggers of a row that was inserted must be queued: false if all of them are checks of foreign keys, and
 * the row that each key refers to is there and locked.
 */
extern bool NeedsRowTriggers(ForeignKeys *keys, const ResultRelInfo *target, TupleTableSlot *slot);

/* At the end of the statement: closes what was looked into; locks stay. */
extern void EndForeignKeys(ForeignKeys *keys);

#endif
