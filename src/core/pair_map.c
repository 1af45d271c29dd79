#include "postgres.h"

#include "core/mix_bits.h"
#include "core/pair_map.h"

typedef struct PairEntry
{
	uint64		key;
	int			number;
	char		status;
} PairEntry;

#define SH_PREFIX pair
#define SH_ELEMENT_TYPE PairEntry
#define SH_KEY_TYPE uint64
#define SH_KEY key
#define SH_HASH_KEY(table, key) ((uint32) MixBits(key))
#define SH_EQUAL(table, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct PairMap
{
	pair_hash  *table;
	int			count;
};

PairMap *
CreatePairMap(void)
{
	PairMap    *map = palloc0(sizeof(PairMap));

	map->table = pair_create(CurrentMemoryContext, 32, NULL);
	return map;
}

int
PairNumber(PairMap *map, uint64 key)
{
	bool		found;
	PairEntry  *entry = pair_insert(map->table, key, &found);

	if (!found)
		entry->number = map->count++;
	return entry->number;
}

int
FindPair(const PairMap *map, uint64 key)
{
	PairEntry  *entry = pair_lookup(map->table, key);

	return entry == NULL ? -1 : entry->number;
}

int
PairCount(const PairMap *map)
{
	return map->count;
}
