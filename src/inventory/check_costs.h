/* Cost entries while they are checked: what is read of them, and what it adds up to. */
#ifndef ERP_CHECK_COSTS_H
#define ERP_CHECK_COSTS_H

#include "core/pair_map.h"
#include "inventory/check_stock.h"

typedef struct CheckedPool
{
	FactKey		key;			/* the item and, as line, the number of the pool's id */
	int64		costPoolId;
	CheckedItem *item;
	struct CheckedLayer *lastLayer; /* that was drawn on: mostly the next one too */
	int128		quantity;
	int128		value;
	struct EntrySums *sums;		/* of its entries between the points of the item; NULL: none */
} CheckedPool;

/* What the entries of a move may draw on: of an issue by FIFO layers, by other methods the pool as a whole; what goes back by those, its receipt. */
typedef enum EntrySource
{
	SOURCE_ANY,
	SOURCE_LAYER,
	SOURCE_POOL,
	SOURCE_RECEIPT				/* of which so much goes back, and no layer has less */
} EntrySource;

typedef struct CheckedMove
{
	FactKey		key;
	CheckedPool *pool;
	EntrySource source;			/* what its entries may draw on */
	int			point;			/* of its item, the first that does not lie before it */
	uint64		entryNumbers;	/* a bit for each number below 64 */
	int128		quantity;
	int128		entered;		/* by its cost entries */
	int128		pooled;			/* of that, from the pool as a whole */
	int128		unposted;		/* by those that no voucher line took: nothing, in all */
	int128		value;
} CheckedMove;

/* A move that brought something in, and what is left of that. Far fewer than moves, and sought in no order. */
typedef struct CheckedLayer
{
	FactKey		key;			/* its move's */
	const CheckedPool *pool;
	bool		isFifo;			/* by other methods the value is the pool's: what a receipt bore can outlast its goods */
	int128		rest;
	int128		restValue;
	int128		kept;			/* of what came, less what went back by other methods than FIFO */
} CheckedLayer;

/* A line of a voucher and the cost entries that name it. Debit positive. */
typedef struct CostLine
{
	FactKey		key;
	bool		inventory;		/* on an inventory account: its entries are its amount */
	bool		takesCosts;		/* by its posting rule: the entries that it counters are its amount */
	int128		posted;
	int128		entered;
	int128		countered;
} CostLine;

/* A cost entry as its row says. */
typedef struct EntryRow
{
	FactKey		key;			/* its move and its number */
	int64		sourceMoveId;
	int64		voucherId;
	int32		inventoryLineNo;
	int32		counterLineNo;
	int128		quantity;
	int128		amount;
	CheckedMove *move;			/* NULL: not of the slice, or there is none */
	bool		bad;			/* an amount or a quantity is no number */
} EntryRow;

/* So many entries are read before they are checked: what each refers to is on its way from memory meanwhile. */
#define ENTRY_BATCH 32

typedef struct CostCheck
{
	FactCheck  *check;
	FactMap    *items;
	FactMap    *companies;
	FactMap    *moves;
	FactMap    *layers;
	FactMap    *pools;
	PairMap    *poolIds;
	FactMap    *accounts;		/* value: 1 for inventory */
	FactMap    *rules;			/* value: 1 for amount role cost */
	FactMap    *lines;
	FactMap    *laterEntries;	/* beyond the bits of their move */
	FactMap    *heads;			/* layers that a checkpoint says what was left of */
	EntryRow	entries[ENTRY_BATCH];
	int			entryCount;
} CostCheck;

/* A check of costs without moves. Its items and companies are those of the moves. */
extern CostCheck *BeginCosts(FactCheck *check, FactMap *items, FactMap *companies);

/* Keeps a move of the slice for its cost entries; false if it was kept before. */
extern bool KeepCostMove(const CostCheck *costs, const MoveRow *row);

/* True if the move was kept. */
extern bool IsKeptMove(const CostCheck *costs, int32 companyId, int64 moveId);

/* Reads lines of vouchers and cost entries once all moves are kept, and checks them. */
extern void CheckCosts(CostCheck *costs);

/* check_checkpoints.c: reads where replays may begin, before the moves. */
extern void ReadCheckpoints(CostCheck *costs);

/* Among the points of its item, the first that does not lie before the move. */
extern int	PointOfMove(const MoveRow *move);

/* An entry of a move of an item with points, and the layer that it draws on or makes (0: none). */
extern void AddToPoints(const CostCheck *costs, const EntryRow *entry, int64 layerId);

/* Compares what was kept at each point with what the entries up to there say. */
extern void CheckPoints(CostCheck *costs);

/* The pool of that id of the item. */
extern CheckedPool *CostPoolOf(const CostCheck *costs, CheckedItem *item, int64 costPoolId);

/* Compares what all entries add up to with moves, layers, the pools that are kept and voucher lines. */
extern void CheckCostSums(CostCheck *costs);

#endif
