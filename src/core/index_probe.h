/*
 * Rows of one of the engine's tables by the leading columns of one of its
 * indexes, without a plan: what starting and ending an executor costs is many
 * times what finding one row does.
 */
#ifndef ERP_INDEX_PROBE_H
#define ERP_INDEX_PROBE_H

#include "postgres.h"

#include "executor/tuptable.h"
#include "nodes/lockoptions.h"
#include "storage/itemptr.h"
#include "storage/lockdefs.h"
#include "utils/snapshot.h"

typedef struct IndexProbe IndexProbe;

/* The snapshot that rows are read with: the transaction's, as a query of it would have, or the latest, whatever its isolation level. */
typedef enum ProbeSnapshot
{
	PROBE_TRANSACTION,
	PROBE_LATEST
} ProbeSnapshot;

/*
 * Opens table and index of a schema, for rows as the snapshot shows them now.
 * The index must be a B-tree on plain columns, as erp.setup() made it.
 */
extern IndexProbe *OpenIndexProbe(const char *schema, const char *table, const char *index, ProbeSnapshot snapshot);

/* The same of a table and an index by their ids, which stay as they are until the transaction ends. */
extern IndexProbe *OpenIndexProbeById(Oid tableId, Oid indexId, LOCKMODE mode, ProbeSnapshot snapshot);

/* Begins with the rows whose first `count` columns of the index have these values; may be called again with others, as many. */
extern void ProbeIndex(IndexProbe *probe, const Datum *values, int count);

/* The same for the rows whose next column of the index lies between two values, both included. */
extern void ProbeIndexRange(IndexProbe *probe, const Datum *values, int count, Datum first, Datum last);

/*
 * Begins with the rows whose first `equal` columns of the index have these values and whose next, up to `count` in all and
 * compared one after the other as a row, are not before theirs. Such a row cannot be locked.
 */
extern void ProbeIndexFrom(IndexProbe *probe, const Datum *values, int equal, int count);

/* Whether the index is on these columns of the table, by number and in this order, for values of these types, and holds all rows. */
extern bool ProbesColumns(const IndexProbe *probe, const AttrNumber *columns, const Oid *types, int count);

/* The next of them, valid until the next call; NULL when there are no more. */
extern TupleTableSlot *NextProbedRow(IndexProbe *probe);

/* The same in the opposite order of the index; a probe goes one way only. */
extern TupleTableSlot *PreviousProbedRow(IndexProbe *probe);

/*
 * A text of the one row of a table of schema erp by a key of the company's and an
 * id, as it is now; NULL if there is no such row.
 */
extern char *ProbeText(const char *table, const char *index, int32 companyId, Datum id, const char *column);

/* Whether a snapshot, other than the probe's, shows this version of the row that NextProbedRow() gave. */
extern bool IsProbedRowShown(const IndexProbe *probe, TupleTableSlot *row, Snapshot snapshot);

/* Whether this transaction made this version of the row that was given last, and whether it holds that by a lock, or has changed it. */
extern bool IsProbedRowOwn(TupleTableSlot *row);
extern bool IsProbedRowHeld(TupleTableSlot *row);

/* Number of the table's column that column `number` of the index, from 1, stands for. */
extern AttrNumber IndexedColumn(const IndexProbe *probe, int number);

/*
 * Locks the row that NextProbedRow() gave until the transaction ends, waiting for whoever holds it, as SELECT ... FOR does.
 * Returns it as it is by then, or NULL: it is gone, or has other values in the columns looked for. A row that the transaction's one snapshot shows otherwise is a
 * serialization failure.
 */
extern TupleTableSlot *LockProbedRow(IndexProbe *probe, LockTupleMode mode);

/*
 * Sets a column of the row that was given last, unless somebody changes or has changed it meanwhile: then false, without waiting and without
 * a lock that stays. The probe was opened with RowExclusiveLock; the table has no triggers and no constraint that the value could violate.
 */
extern bool ChangeProbedRow(IndexProbe *probe, AttrNumber column, Datum value);

/* The same of the row that LockProbedRow() gave, which nobody else can change. */
extern void ChangeLockedRow(IndexProbe *probe, AttrNumber column, Datum value);

/*
 * Sets columns of the row that NextProbedRow() gave, which nobody else can change, since what stands for it is locked. The probe was
 * opened with RowExclusiveLock; the table has no triggers, and whoever calls this sees to its constraints. Once a command for a row.
 */
extern void ChangeHeldRow(IndexProbe *probe, const AttrNumber *columns, const Datum *values, int count);

/* The row at a place where the transaction found it, which nobody else can have changed since; then as if NextProbedRow() gave it. */
extern TupleTableSlot *FetchHeldRow(IndexProbe *probe, const ItemPointerData *place);

/* From the next probe on, rows as the transaction's snapshot shows them by now, for whoever waited since the probe was opened. */
extern void RenewProbe(IndexProbe *probe);

/* The value of a column of the row that is not NULL, by its number. */
static inline Datum
ProbedValue(TupleTableSlot *row, AttrNumber column)
{
	bool		isNull;
	Datum		value = slot_getattr(row, column, &isNull);

	if (isNull)
		elog(ERROR, "column %d of a row of the engine's is null", column);
	return value;
}

/* The same by its name, where few values are read. */
extern Datum ProbedColumn(const IndexProbe *probe, TupleTableSlot *row, const char *column);

/* Number of a column of the table; an error if it has none of this name. */
extern AttrNumber ProbeColumn(const IndexProbe *probe, const char *column);

/* The same of several, quick where they are named in the table's order. */
extern void ProbeColumns(const IndexProbe *probe, const char *const *columns, int count, AttrNumber *numbers);

/* Type of a column of the table by its number. */
extern Oid	ProbeColumnType(const IndexProbe *probe, AttrNumber number);

/* Closes both; locks stay until the transaction ends. */
extern void CloseIndexProbe(IndexProbe *probe);

#endif
