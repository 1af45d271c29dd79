#include "postgres.h"

#include <sys/mman.h>

#include "port/pg_bitutils.h"

#include "core/fact_map.h"
#include "core/mix_bits.h"

/* Records, or blocks, of one piece of memory: pieces are never moved, so records may point at each other. */
#define CHUNK_ITEMS 1024

/* Pieces are taken together, so many as there are, up to this size. */
#define SLAB_BYTES (16 * 1024 * 1024)

/* Memory of this size and alignment is one page where the system has large pages: one fault in place of hundreds. */
#define LARGE_PAGE_BYTES (2 * 1024 * 1024)

/* The number of the block that is looked for: none has it. */
#define SOUGHT PG_UINT32_MAX

/* In a block's key in place of the line: its ids have no lines. */
#define NO_LINES (-1)

#define BLOCK_BITS 4
#define BLOCK_FACTS (1 << BLOCK_BITS)

/* The direct index has at most so many entries for each block. */
#define DIRECT_FACTOR 16

/* Where the records of ids that follow each other are, or of lines of one id: one look-up leads to all of them. */
typedef struct FactBlock
{
	FactKey		key;			/* id or line without its last bits */
	uint32		records[BLOCK_FACTS];	/* their numbers and 1; 0: none */
} FactBlock;

typedef struct FactSlot
{
	uint32		number;			/* of the block */
	uint32		hash;
	char		status;
} FactSlot;

/* Items of one size, numbered. */
typedef struct FactChunks
{
	Size		size;
	uint32		count;
	uint32		room;			/* for pieces */
	char	  **pieces;
	char	   *slab;			/* the next piece of what was taken together, and how many are left of that */
	uint32		slabPieces;
} FactChunks;

struct FactMap
{
	struct fact_hash *table;	/* of blocks that the direct index has not */
	uint32	   *direct;			/* by the id of a block without lines or with the first: its number and 1; 0: none */
	uint32		directRoom;
	MemoryContext context;
	FactChunks	records;
	FactChunks	blocks;
	FactBlock  *last;			/* that was sought: mostly the next one too; NULL: none yet */
	FactKey		sought;
};

static inline void *
ItemAt(const FactChunks *chunks, uint32 number)
{
	return chunks->pieces[number / CHUNK_ITEMS] + number % CHUNK_ITEMS * chunks->size;
}

static inline const FactKey *
BlockKey(const FactMap *map, uint32 number)
{
	return number == SOUGHT ? &map->sought : ItemAt(&map->blocks, number);
}

static inline uint32
HashFactKey(const FactKey *key)
{
	uint64		shared = (uint64) (uint32) key->companyId << 32 | (uint32) key->lineNo;

	return (uint32) MixBits((uint64) key->id ^ MixBits(shared));
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
#define SH_HASH_KEY(table, number) HashFactKey(BlockKey((table)->private_data, (number)))
#define SH_EQUAL(table, a, b) SameFactKey(BlockKey((table)->private_data, (a)), BlockKey((table)->private_data, (b)))
#define SH_STORE_HASH
#define SH_GET_HASH(table, slot) (slot)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

static FactChunks
EmptyChunks(Size size)
{
	return (FactChunks) {.size = MAXALIGN(size), .room = 64, .pieces = palloc(sizeof(char *) * 64)};
}

FactMap *
CreateFactMap(Size recordSize)
{
	FactMap    *map = palloc0(sizeof(FactMap));

	map->table = fact_create(CurrentMemoryContext, 64, map);
	map->context = CurrentMemoryContext;
	map->records = EmptyChunks(recordSize);
	map->blocks = EmptyChunks(sizeof(FactBlock));
	return map;
}

void *
FactAt(const FactMap *map, int64 number)
{
	return ItemAt(&map->records, (uint32) number);
}

int64
FactCount(const FactMap *map)
{
	return map->records.count;
}

/* Memory for pieces. Its pages come with the first record on them. */
static char *
AllocateSlab(const FactMap *map, Size bytes)
{
	char	   *slab = MemoryContextAllocHuge(map->context, bytes);

#ifdef MADV_HUGEPAGE
	uintptr_t	first = TYPEALIGN(LARGE_PAGE_BYTES, (uintptr_t) slab);
	uintptr_t	end = TYPEALIGN_DOWN(LARGE_PAGE_BYTES, (uintptr_t) slab + bytes);

	/* Advice only: without it all is the same but slower. */
	if (end > first)
		(void) madvise((void *) first, end - first, MADV_HUGEPAGE);
#endif
	return slab;
}

static void
AddPiece(const FactMap *map, FactChunks *chunks)
{
	uint32		piece = chunks->count / CHUNK_ITEMS;
	Size		bytes = CHUNK_ITEMS * chunks->size;

	if (piece == chunks->room)
	{
		chunks->room *= 2;
		chunks->pieces = repalloc_huge(chunks->pieces, sizeof(char *) * chunks->room);
	}
	if (chunks->slabPieces == 0)
	{
		chunks->slabPieces = Max(1, Min(piece, (uint32) (SLAB_BYTES / bytes)));
		chunks->slab = AllocateSlab(map, bytes * chunks->slabPieces);
	}
	chunks->pieces[piece] = chunks->slab;
	chunks->slab += bytes;
	chunks->slabPieces--;
}

/* The number of another item, of zeros. */
static uint32
NewItem(const FactMap *map, FactChunks *chunks)
{
	if (chunks->count >= SOUGHT - 1)
		elog(ERROR, "too many facts in one slice");
	if (chunks->count % CHUNK_ITEMS == 0)
		AddPiece(map, chunks);
	memset(ItemAt(chunks, chunks->count), 0, chunks->size);
	return chunks->count++;
}

/* Which block the key is of. */
static inline FactKey
KeyOfBlock(int32 companyId, int64 id, int32 lineNo)
{
	if (lineNo == 0)
		return (FactKey) {.id = (int64) ((uint64) id >> BLOCK_BITS), .companyId = companyId, .lineNo = NO_LINES};
	return (FactKey) {.id = id, .companyId = companyId, .lineNo = (int32) ((uint32) lineNo >> BLOCK_BITS)};
}

/* Which of its facts the key is. */
static inline int
PlaceInBlock(int64 id, int32 lineNo)
{
	return (int) ((lineNo == 0 ? (uint64) id : (uint64) (uint32) lineNo) % BLOCK_FACTS);
}

/* Where the direct index would have the block: ids of master data and of facts mostly run from 1 without great gaps. */
static inline uint64
DirectPlace(const FactKey *key)
{
	return key->lineNo == NO_LINES || key->lineNo == 0 ? (uint64) key->id : PG_UINT64_MAX;
}

/* The block's entry in the direct index, or NULL. */
static inline uint32 *
DirectEntry(const FactMap *map, const FactKey *key)
{
	uint64		place = DirectPlace(key);

	return place < map->directRoom ? &map->direct[place] : NULL;
}

/* Widens the direct index for the id of a block, as long as it stays in proportion to the blocks. */
static void
WidenDirect(FactMap *map, const FactKey *key)
{
	uint32		room = map->directRoom;
	uint64		place = DirectPlace(key);

	if (place < room || place >= DIRECT_FACTOR * ((uint64) map->blocks.count + DIRECT_FACTOR) || place > PG_INT32_MAX)
		return;
	map->directRoom = Max(DIRECT_FACTOR * DIRECT_FACTOR, (uint32) pg_nextpower2_64(place + 1));
	if (map->direct == NULL)
		map->direct = MemoryContextAllocHuge(map->context, sizeof(uint32) * map->directRoom);
	else
		map->direct = repalloc_huge(map->direct, sizeof(uint32) * map->directRoom);
	memset(map->direct + room, 0, sizeof(uint32) * (map->directRoom - room));
}

static inline FactBlock *
BlockAt(const FactMap *map, uint32 number)
{
	return ItemAt(&map->blocks, number);
}

/* The block that is sought if the direct index has it, or NULL. */
static inline FactBlock *
FindDirect(const FactMap *map)
{
	const uint32 *entry = DirectEntry(map, &map->sought);
	FactBlock  *block;

	if (entry == NULL || *entry == 0)
		return NULL;
	block = BlockAt(map, *entry - 1);
	return SameFactKey(&block->key, &map->sought) ? block : NULL;
}

static FactBlock *
FindBlock(FactMap *map)
{
	FactBlock  *block = FindDirect(map);
	FactSlot   *slot;

	if (block != NULL || map->table->members == 0)
		return block;
	slot = fact_lookup(map->table, SOUGHT);
	return slot == NULL ? NULL : BlockAt(map, slot->number);
}

/* The block that is sought, made on first sight: in the direct index unless another company's stands there. */
static FactBlock *
AddBlock(FactMap *map)
{
	FactBlock  *block = FindBlock(map);
	uint32	   *entry;
	uint32		number;
	bool		found;

	if (block != NULL)
		return block;
	WidenDirect(map, &map->sought);
	number = NewItem(map, &map->blocks);
	block = BlockAt(map, number);
	block->key = map->sought;
	entry = DirectEntry(map, &map->sought);
	if (entry != NULL && *entry == 0)
		*entry = number + 1;
	else
		fact_insert(map->table, SOUGHT, &found)->number = number;
	return block;
}

void *
AddFact(FactMap *map, int32 companyId, int64 id, int32 lineNo, bool *found)
{
	FactKey		key = KeyOfBlock(companyId, id, lineNo);
	uint32	   *number;
	void	   *record;

	if (map->last == NULL || !SameFactKey(&map->last->key, &key))
	{
		map->sought = key;
		map->last = AddBlock(map);
	}
	number = &map->last->records[PlaceInBlock(id, lineNo)];
	*found = *number != 0;
	if (*found)
		return ItemAt(&map->records, *number - 1);
	*number = NewItem(map, &map->records) + 1;
	record = ItemAt(&map->records, *number - 1);
	*(FactKey *) record = (FactKey) {.id = id, .companyId = companyId, .lineNo = lineNo};
	return record;
}

void *
FindFact(FactMap *map, int32 companyId, int64 id, int32 lineNo)
{
	FactKey		key = KeyOfBlock(companyId, id, lineNo);
	uint32		number;

	if (map->last == NULL || !SameFactKey(&map->last->key, &key))
	{
		FactBlock  *block;

		map->sought = key;
		block = FindBlock(map);
		if (block == NULL)
			return NULL;
		map->last = block;
	}
	number = map->last->records[PlaceInBlock(id, lineNo)];
	return number == 0 ? NULL : ItemAt(&map->records, number - 1);
}
