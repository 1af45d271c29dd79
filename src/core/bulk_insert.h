/*
 * Many rows into one table through the table's own access method: constraints
 * checked, indexes kept, row triggers queued; statement triggers, defaults and
 * row security do not apply, since only the engine calls it.
 */
#ifndef ERP_BULK_INSERT_H
#define ERP_BULK_INSERT_H

#include "postgres.h"

#include "utils/relcache.h"

typedef struct BulkInsert BulkInsert;

/*
 * Opens schema.table for insertion of the named columns (count of them, in the
 * order in which values are given). Columns not named take their default.
 * Pass-by-reference values must live until the next flush: build them in
 * BulkInsertContext(), which each flush empties.
 */
extern BulkInsert *BeginBulkInsert(const char *schema, const char *table,
								   const char *const *columns, int count);
extern MemoryContext BulkInsertContext(BulkInsert *bulk);

/*
 * Before the first of at most rowsMax rows: the entries of this index wait for all rows and are then inserted by the
 * value of an integer column, those of one value in the order of the rows. For an index whose order is another than that
 * of the rows, from LATE_ROWS on.
 */
#define LATE_ROWS 5000
extern void BulkInsertLate(BulkInsert *bulk, const char *indexName, const char *column, int rowsMax);

/* Adds a row; nulls may be NULL. Raises what the table's constraints raise, at the latest in EndBulkInsert. */
extern void BulkInsertRow(BulkInsert *bulk, const Datum *values, const bool *nulls);

/*
 * Before the first row: BulkInsertNewKey() inserts what has no key in this unique index yet.
 */
extern void BulkInsertOnce(BulkInsert *bulk, const char *indexName);

/*
 * Adds a row at once unless a row with its key exists; returns whether it did. Waits for a transaction that is inserting
 * the key. A row that the transaction's snapshot does not show is a serialization failure, as for ON CONFLICT DO NOTHING.
 * isFresh: its key was just looked for, and another row with it could violate no other unique index; it is not looked
 * for again before it is inserted.
 */
extern bool BulkInsertNewKey(BulkInsert *bulk, const Datum *values, const bool *nulls, bool isFresh);

/* Writes what is left, closes the table and makes the rows visible to the next command. */
extern void EndBulkInsert(BulkInsert *bulk);

/* Numbers of columns that the engine names, quick where they are in the table's order; an error if the table has none of such a name. */
extern void ColumnAttributes(Relation relation, const char *const *columns, int count, AttrNumber *numbers);

/* The same of one. */
static inline AttrNumber
ColumnAttribute(Relation relation, const char *column)
{
	AttrNumber	number;

	ColumnAttributes(relation, &column, 1, &number);
	return number;
}

#endif
