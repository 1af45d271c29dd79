#include "postgres.h"

#include "catalog/pg_constraint.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "core/code_map.h"
#include "core/foreign_keys.h"
#include "core/index_probe.h"
#include "core/pair_map.h"

/* A foreign key, and the keys that rows had from the second on. */
typedef struct ForeignKey
{
	const ForeignKeyCacheInfo *key;
	IndexProbe *probe;			/* of the rows that it refers to */
	CodeMap    *texts;			/* NULL: there was no second row yet */
	PairMap    *longs;
	PairMap    *tuples;			/* of the numbers of values: what the columns so far have in common, and the next value */
} ForeignKey;

struct ForeignKeys
{
	MemoryContext context;
	ForeignKey *keys;
	int			count;
	bool		started;		/* the first row has passed: most statements have no second one */
	bool		known;			/* all row triggers check keys that are looked at */
};

ForeignKeys *
BeginForeignKeys(void)
{
	ForeignKeys *keys = palloc0(sizeof(ForeignKeys));

	keys->context = CurrentMemoryContext;
	return keys;
}

/* True for a type whose equal values are equal bytes, which a number can stand for. */
static bool
IsNumbered(const FormData_pg_attribute *column)
{
	return column->atttypid == TEXTOID || column->atttypid == INT4OID || column->atttypid == INT8OID;
}

/* The foreign key that the trigger checks at the end of the statement; NULL: it is another trigger, or a key of other types. */
static const ForeignKeyCacheInfo *
CheckedKey(const Trigger *trigger, Relation relation, List *foreignKeys)
{
	ListCell   *cell;

	if (trigger->tgfoid != F_RI_FKEY_CHECK_INS || trigger->tgdeferrable)
		return NULL;
	foreach(cell, foreignKeys)
	{
		const ForeignKeyCacheInfo *key = lfirst(cell);

		if (key->conoid != trigger->tgconstraint)
			continue;
		for (int i = 0; i < key->nkeys; i++)
		{
			if (!IsNumbered(TupleDescAttr(RelationGetDescr(relation), key->conkey[i] - 1)))
				return NULL;
		}
		return key;
	}
	return NULL;
}

/* Where a trigger does more than check such a key, it is not known. */
static void
FindKeys(ForeignKeys *keys, const ResultRelInfo *target)
{
	const TriggerDesc *triggers = target->ri_TrigDesc;
	List	   *foreignKeys = copyObject(RelationGetFKeyList(target->ri_RelationDesc));

	keys->keys = palloc0(sizeof(ForeignKey) * triggers->numtriggers);
	for (int i = 0; i < triggers->numtriggers; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];
		ForeignKey *key = &keys->keys[keys->count];

		if (!TRIGGER_TYPE_MATCHES(trigger->tgtype, TRIGGER_TYPE_ROW, TRIGGER_TYPE_AFTER, TRIGGER_TYPE_INSERT))
			continue;
		key->key = CheckedKey(trigger, target->ri_RelationDesc, foreignKeys);
		if (key->key == NULL)
			return;
		keys->count++;
	}
	keys->known = true;
}

bool
ChecksKeysOnly(const ResultRelInfo *target)
{
	ForeignKeys *keys = BeginForeignKeys();

	FindKeys(keys, target);
	return keys->known;
}

/* Equal values of the column have equal numbers. */
static uint32
ValueNumber(const ForeignKey *key, const FormData_pg_attribute *column, Datum value)
{
	char	   *word;
	int			number;

	if (column->atttypid == INT4OID)
		return (uint32) DatumGetInt32(value);
	if (column->atttypid == INT8OID)
		return (uint32) PairNumber(key->longs, (uint64) DatumGetInt64(value));
	word = TextDatumGetCString(value);
	number = FindCode(key->texts, word);
	if (number < 0)
		return (uint32) CodeNumber(key->texts, word);
	pfree(word);
	return (uint32) number;
}

/* True if no row from the second on had this key; a key with a NULL is none that was seen. */
static bool
IsNewKey(ForeignKey *key, TupleTableSlot *slot)
{
	int			before;
	int			number = -1;

	if (key->texts == NULL)
	{
		key->texts = CreateCodeMap();
		key->longs = CreatePairMap();
		key->tuples = CreatePairMap();
	}
	before = PairCount(key->tuples);

	for (int i = 0; i < key->key->nkeys; i++)
	{
		AttrNumber	column = key->key->conkey[i];
		bool		isNull;
		Datum		value = slot_getattr(slot, column, &isNull);

		if (isNull)
			return true;
		number = PairNumber(key->tuples, PAIR_KEY(number, ValueNumber(key, TupleDescAttr(slot->tts_tupleDescriptor, column - 1), value)));
	}
	return PairCount(key->tuples) > before;
}

/* The index of the key that the constraint refers to. */
static Oid
ReferencedIndex(Oid constraintId)
{
	HeapTuple	tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(constraintId));
	Oid			indexId;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "constraint %u does not exist", constraintId);
	indexId = ((Form_pg_constraint) GETSTRUCT(tuple))->conindid;
	ReleaseSysCache(tuple);
	return indexId;
}

/* Locks the row that the key refers to, as the trigger does; false if it is not found: the trigger says what is wrong. */
static bool
LockReferenced(ForeignKey *key, TupleTableSlot *slot)
{
	Datum		values[INDEX_MAX_KEYS];
	Oid			types[INDEX_MAX_KEYS];

	for (int i = 0; i < key->key->nkeys; i++)
	{
		bool		isNull;

		types[i] = TupleDescAttr(slot->tts_tupleDescriptor, key->key->conkey[i] - 1)->atttypid;
		values[i] = slot_getattr(slot, key->key->conkey[i], &isNull);
		if (isNull)
			return false;
	}
	if (key->probe == NULL)
		key->probe = OpenIndexProbeById(key->key->confrelid, ReferencedIndex(key->key->conoid), RowShareLock, PROBE_TRANSACTION);
	if (!ProbesColumns(key->probe, key->key->confkey, types, key->key->nkeys))
		return false;
	ProbeIndex(key->probe, values, key->key->nkeys);
	return NextProbedRow(key->probe) != NULL && LockProbedRow(key->probe, LockTupleKeyShare) != NULL;
}

static bool
IsChecked(ForeignKeys *keys, ForeignKey *key, TupleTableSlot *slot)
{
	return (keys->started && !IsNewKey(key, slot)) || LockReferenced(key, slot);
}

bool
NeedsRowTriggers(ForeignKeys *keys, const ResultRelInfo *target, TupleTableSlot *slot)
{
	MemoryContext former = MemoryContextSwitchTo(keys->context);
	bool		needed = false;

	if (keys->keys == NULL)
		FindKeys(keys, target);
	for (int i = 0; keys->known && i < keys->count; i++)
	{
		if (!IsChecked(keys, &keys->keys[i], slot))
			needed = true;
	}
	keys->started = true;
	MemoryContextSwitchTo(former);
	return needed || !keys->known;
}

void
EndForeignKeys(ForeignKeys *keys)
{
	for (int i = 0; i < keys->count; i++)
	{
		if (keys->keys[i].probe != NULL)
			CloseIndexProbe(keys->keys[i].probe);
	}
}
