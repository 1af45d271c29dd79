/*
 * Stock while it is checked: erp_private.check_stock(). In positive, out negative.
 *
 * Moves, lines and kept state are of the slice that their item is of: an item's
 * moves, layers and pools come together. What belongs to a document or a
 * voucher is of the slice that this is of.
 */
#ifndef ERP_CHECK_STOCK_H
#define ERP_CHECK_STOCK_H

#include "core/fact_check.h"
#include "core/pair_map.h"

/* What of an item lies at a place. */
typedef struct CheckedPosition
{
	FactKey		key;			/* the item and, as line, the number of the place */
	int128		quantity;
} CheckedPosition;

typedef struct CheckedPool
{
	FactKey		key;			/* the item and, as line, the pool */
	struct CheckedItem *item;
	struct CheckedLayer *lastLayer; /* that was drawn on: mostly the next one too */
	int128		quantity;
	int128		value;
} CheckedPool;

typedef struct CheckedItem
{
	FactKey		key;
	const char *code;			/* NULL: facts name it, but it does not exist */
	bool		isFifo;
	bool		poolPerWarehouse;
	CheckedPool *lastPool;		/* what the last move of it was in */
	CheckedPosition *lastPosition;
} CheckedItem;

typedef struct CheckedMove
{
	FactKey		key;
	CheckedPool *pool;
	int128		quantity;
	int128		entered;		/* by its cost entries */
	int128		value;
	uint64		entryNumbers;	/* a bit for each number below 64 */
} CheckedMove;

/* A move that brought something in, and what is left of that. Far fewer than moves, and sought in no order. */
typedef struct CheckedLayer
{
	FactKey		key;			/* its move's */
	const CheckedPool *pool;
	int128		rest;
	int128		restValue;
} CheckedLayer;

/* Which move a move says that it takes back. */
typedef struct CheckedOrigin
{
	FactKey		key;			/* its move's */
	int64		originMoveId;
} CheckedOrigin;

/* Where within a company. */
typedef struct Place
{
	int32		warehouseId;
	int32		locationId;
	int64		lotId;
	int32		ownerId;
	int32		stateId;
} Place;

typedef struct StockCheck
{
	FactCheck  *check;
	FactMap    *items;
	FactMap    *warehouses;
	FactMap    *locations;
	FactMap    *lots;
	FactMap    *documents;
	FactMap    *lines;			/* of documents */
	FactMap    *returns;		/* those that take something back from another document */
	FactMap    *moves;
	FactMap    *layers;
	FactMap    *origins;
	FactMap    *pools;
	FactMap    *positions;
	PairMap    *shelves;		/* numbers of (warehouse, location), (owner, state), lots, and of these together */
	PairMap    *holders;
	PairMap    *lotNumbers;
	PairMap    *shelfHolders;
	PairMap    *places;
	Place		lastPlace;
	int			lastPlaceNumber;	/* -1: none yet */
} StockCheck;

/* The item's code for a report. */
extern const char *ItemCode(const CheckedItem *item);

/* The item of that id, known or not; its pool of that id. */
extern CheckedItem *ItemOf(StockCheck *stock, int32 companyId, int32 itemId);
extern CheckedPool *PoolOf(StockCheck *stock, CheckedItem *item, int32 costPoolId);

/* Reads moves and checks them against their documents, master data and the positions that are kept. */
extern void ReadMoves(StockCheck *stock);

/* Reads cost entries and checks them against moves, layers, pools and voucher lines; moves have been read. */
extern void ReadCosts(StockCheck *stock);

#endif
