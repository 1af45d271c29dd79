#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_trigger.h"
#include "common/hashfn.h"
#include "utils/fmgroids.h"

#include "core/compat.h"
#include "core/guard_fingerprint.h"

typedef uint64 (*HashTuple) (uint64 hash, HeapTuple tuple);

static uint64
HashBytes(uint64 hash, const void *bytes, Size length)
{
	return hash_bytes_extended(bytes, (int) length, hash);
}

/* Of pg_class: the rest of a row changes whenever the table is vacuumed. */
static uint64
HashTable(uint64 hash, HeapTuple tuple)
{
	Form_pg_class table = (Form_pg_class) GETSTRUCT(tuple);
	Oid			ids[] = {table->relnamespace, table->relowner};
	char		kinds[] = {table->relkind, table->relrowsecurity ? 't' : 'f', table->relforcerowsecurity ? 't' : 'f'};

	hash = HashBytes(hash, ids, sizeof(ids));
	hash = HashBytes(hash, kinds, sizeof(kinds));
	return HashBytes(hash, NameStr(table->relname), strlen(NameStr(table->relname)));
}

/* All columns, and which of them are null. */
static uint64
HashRow(uint64 hash, HeapTuple tuple)
{
	Size		start = offsetof(HeapTupleHeaderData, t_bits);

	return HashBytes(hash, (const char *) tuple->t_data + start, tuple->t_len - start);
}

/* Adds the rows of a catalog whose column has the table's id. */
static uint64
HashRows(uint64 hash, Oid catalogId, Oid indexId, AttrNumber column, Oid relationId, Snapshot snapshot, HashTuple hashTuple)
{
	Relation	catalog = table_open(catalogId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	uint32		rows = 0;

	ScanKeyInit(&key, column, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(relationId));
	scan = systable_beginscan(catalog, indexId, true, snapshot, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		ErpCheckInterrupts();
		hash = hashTuple(hash, tuple);
		rows++;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return HashBytes(hash, &rows, sizeof(rows));
}

uint64
GuardFingerprint(Oid relationId, Snapshot snapshot)
{
	uint64		hash = 0;

	hash = HashRows(hash, RelationRelationId, ClassOidIndexId, Anum_pg_class_oid, relationId, snapshot, HashTable);
	hash = HashRows(hash, TriggerRelationId, TriggerRelidNameIndexId, Anum_pg_trigger_tgrelid, relationId, snapshot, HashRow);
	hash = HashRows(hash, RewriteRelationId, RewriteRelRulenameIndexId, Anum_pg_rewrite_ev_class, relationId, snapshot, HashRow);
	hash = HashRows(hash, InheritsRelationId, InheritsRelidSeqnoIndexId, Anum_pg_inherits_inhrelid, relationId, snapshot, HashRow);
	return HashRows(hash, InheritsRelationId, InheritsParentIndexId, Anum_pg_inherits_inhparent, relationId, snapshot, HashRow);
}
