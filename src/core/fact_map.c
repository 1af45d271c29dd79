#include "postgres.h"

#include "core/fact_map.h"
#include "core/mix_bits.h"

/* Records of one piece of memory: pieces are never moved, so records may point at each other. */
#define CHUNK_RECORDS 4096

/* The number of the key that is looked for: no record has it. */
#define SOUGHT PG_UINT32_MAX

typedef struct FactSlot
{
	uint32		number;
	uint32		hash;
	char		status;
} FactSlot;

struct FactMap
{
	struct fact_hash *table;
	MemoryContext context;
	Size		recordSize;
	uint32		count;
	uint32		last;			/* that was found: the next one sought is mostly this one again or beside it */
	FactKey		sought;
	char	  **chunks;
	uint32		chunkRoom;
};

static inline void *
RecordAt(const FactMap *map, uint32 number)
{
	return map->chunks[number / CHUNK_RECORDS] + number % CHUNK_RECORDS * map->recordSize;
}

static inline const FactKey *
KeyOf(const FactMap *map, uint32 number)
{
	return number == SOUGHT ? &map->sought : RecordAt(map, number);
}

/* Eight ids, or eight lines of one id, that follow each other lie side by side: a cache miss brings all of them. */
static inline uint32
HashFactKey(const FactKey *key)
{
	uint64		last = key->lineNo == 0 ? (uint64) key->id : (uint32) key->lineNo;
	uint64		id = key->lineNo == 0 ? 0 : (uint64) key->id;

	return (uint32) MixBits(id ^ MixBits((uint64) (uint32) key->companyId << 32 ^ last / 8)) << 3 | (uint32) last % 8;
}

static inline bool
SameFactKey(const FactKey *a, const FactKey *b)
{
	return a->id == b->id && a->companyId == b->companyId && a->lineNo == b->lineNo;
}

#define SH_PREFIX fact
#define SH_ELEMENT_TYPE FactSlot
#define SH_KEY_TYPE uint32
#define SH_KEY number
#define SH_HASH_KEY(table, number) HashFactKey(KeyOf((table)->private_data, (number)))
#define SH_EQUAL(table, a, b) SameFactKey(KeyOf((table)->private_data, (a)), KeyOf((table)->private_data, (b)))
#define SH_STORE_HASH
#define SH_GET_HASH(table, slot) (slot)->hash
/* Neighbours make long runs: not a reason to grow. */
#define SH_GROW_MAX_DIB 500
#define SH_GROW_MAX_MOVE 5000
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

FactMap *
CreateFactMap(Size recordSize)
{
	FactMap    *map = palloc0(sizeof(FactMap));

	map->table = fact_create(CurrentMemoryContext, 64, map);
	map->context = CurrentMemoryContext;
	map->recordSize = MAXALIGN(recordSize);
	map->chunkRoom = 64;
	map->chunks = palloc(sizeof(char *) * map->chunkRoom);
	return map;
}

void *
FactAt(const FactMap *map, int64 number)
{
	return RecordAt(map, (uint32) number);
}

int64
FactCount(const FactMap *map)
{
	return map->count;
}

/* A record of zeros for the key that is sought. */
static uint32
NewRecord(FactMap *map)
{
	uint32		chunk = map->count / CHUNK_RECORDS;

	if (map->count == SOUGHT)
		elog(ERROR, "too many facts in one slice");
	if (map->count % CHUNK_RECORDS == 0)
	{
		if (chunk == map->chunkRoom)
		{
			map->chunkRoom *= 2;
			map->chunks = repalloc_huge(map->chunks, sizeof(char *) * map->chunkRoom);
		}
		map->chunks[chunk] = MemoryContextAllocZero(map->context, CHUNK_RECORDS * map->recordSize);
	}
	*(FactKey *) RecordAt(map, map->count) = map->sought;
	return map->count++;
}

/* Where the last search ended, or beside it; NULL if the sought one is not there. */
static inline void *
FindNear(FactMap *map)
{
	static const int steps[] = {0, 1, -1};

	for (int i = 0; i < (int) lengthof(steps); i++)
	{
		uint32		number = map->last + (uint32) steps[i];

		if (number < map->count && SameFactKey(RecordAt(map, number), &map->sought))
		{
			map->last = number;
			return RecordAt(map, number);
		}
	}
	return NULL;
}

void *
AddFact(FactMap *map, int32 companyId, int64 id, int32 lineNo, bool *found)
{
	FactSlot   *slot;
	void	   *near;

	map->sought = (FactKey) {.id = id, .companyId = companyId, .lineNo = lineNo};
	near = FindNear(map);
	*found = near != NULL;
	if (near != NULL)
		return near;
	slot = fact_insert(map->table, SOUGHT, found);
	if (!*found)
		slot->number = NewRecord(map);
	map->last = slot->number;
	return RecordAt(map, map->last);
}

void *
FindFact(FactMap *map, int32 companyId, int64 id, int32 lineNo)
{
	FactSlot   *slot;
	void	   *near;

	map->sought = (FactKey) {.id = id, .companyId = companyId, .lineNo = lineNo};
	near = FindNear(map);
	if (near != NULL)
		return near;
	slot = fact_lookup(map->table, SOUGHT);
	if (slot == NULL)
		return NULL;
	map->last = slot->number;
	return RecordAt(map, map->last);
}
