#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/code_map.h"

typedef struct CodeEntry
{
	const char *code;
	int			number;
	char		status;
} CodeEntry;

#define SH_PREFIX code
#define SH_ELEMENT_TYPE CodeEntry
#define SH_KEY_TYPE const char *
#define SH_KEY code
#define SH_HASH_KEY(table, key) hash_bytes((const unsigned char *) (key), strlen(key))
#define SH_EQUAL(table, a, b) (strcmp((a), (b)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

struct CodeMap
{
	code_hash  *table;
	const char **codes;
	int			count;
	int			capacity;
};

CodeMap *
CreateCodeMap(void)
{
	CodeMap    *map = palloc0(sizeof(CodeMap));

	map->table = code_create(CurrentMemoryContext, 32, NULL);
	map->capacity = 32;
	map->codes = palloc(sizeof(char *) * map->capacity);
	return map;
}

int
CodeNumber(CodeMap *map, const char *code)
{
	bool		found;
	CodeEntry  *entry = code_insert(map->table, code, &found);

	if (found)
		return entry->number;
	if (map->count == map->capacity)
	{
		map->capacity *= 2;
		map->codes = repalloc(map->codes, sizeof(char *) * map->capacity);
	}
	entry->number = map->count;
	map->codes[map->count++] = code;
	return entry->number;
}

int
FindCode(const CodeMap *map, const char *code)
{
	CodeEntry  *entry = code_lookup(map->table, code);

	return entry == NULL ? -1 : entry->number;
}

int
CodeCount(const CodeMap *map)
{
	return map->count;
}

const char *
CodeText(const CodeMap *map, int number)
{
	return map->codes[number];
}

Datum
CodeArray(const CodeMap *map)
{
	Datum	   *texts = palloc(sizeof(Datum) * Max(map->count, 1));

	for (int i = 0; i < map->count; i++)
		texts[i] = CStringGetTextDatum(map->codes[i]);
	return PointerGetDatum(construct_array(texts, map->count, TEXTOID, -1, false, TYPALIGN_INT));
}
