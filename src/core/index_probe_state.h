/*
 * A probe of an index, as index_probe.c, which finds rows, and probed_row.c, which locks and changes them, share it.
 */
#ifndef ERP_INDEX_PROBE_STATE_H
#define ERP_INDEX_PROBE_STATE_H

#include "core/index_probe.h"

#include "access/genam.h"
#include "access/skey.h"
#include "utils/rel.h"

#define PROBE_COLUMNS_MAX 7

struct IndexProbe
{
	Relation	table;
	Relation	index;
	Snapshot	snapshot;
	TupleTableSlot *slot;
	TupleTableSlot *lockedSlot;	/* NULL: nothing was locked yet */
	TupleTableSlot *changedSlot;	/* NULL: nothing was changed yet */
	IndexScanDesc scan;
	int			columnCount;	/* of the scan: keys */
	ScanKeyData keys[PROBE_COLUMNS_MAX];
	ScanKeyData rowKeys[PROBE_COLUMNS_MAX]; /* of a row that is not before another */
};

#endif
