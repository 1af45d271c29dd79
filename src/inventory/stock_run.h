/*
 * What moving the stock of one batch works on: the pools, places and items that it
 * locks, its moves, and the changes that a replay finds of moves that stand.
 */
#ifndef ERP_STOCK_RUN_H
#define ERP_STOCK_RUN_H

#include "storage/itemptr.h"

#include "core/document.h"
#include "core/pair_map.h"
#include "inventory/costing.h"
#include "inventory/place.h"
#include "ledger/ledger.h"

/* A cost pool of one item, locked until the transaction ends. */
typedef struct StockPool
{
	int32		itemId;
	int64		costPoolId;
	CostPool	pool;
	int128		moved;			/* by the lines of the run, before they are costed */
	MovePosition last;			/* of the pool's last move (its id is not kept) */
	MovePosition begin;			/* of a replay: the cursor that the pool began with */
	ItemPointerData row;		/* where it is kept */
	bool		changed;
	bool		newStandard;	/* of a replay: a standard of the batch is in force */
} StockPool;

/* What is of one item in one place. */
typedef struct StockPlace
{
	Place		place;
	int128		onHand;
	int128		before;			/* on hand before the run */
	int128		arrived;		/* what came in */
	int128		received;		/* of that, what was expected of a supplier */
	int64		positionId;		/* of its free stock; 0: it was never reserved from */
	DocumentLine *arrival;		/* the last line that came in */
	DocumentLine *issue;		/* the last line that went out */
	int32		itemId;
	ItemPointerData row;		/* where it is kept; invalid: the item never was there */
	bool		changed;
	bool		refuses;		/* some line that goes out may not take what others reserved */
} StockPlace;

/* Another costing method of an item from a day on, as erp.item_costing has it. */
typedef struct MethodChange
{
	int64		documentId;
	DateADT		validFrom;
	CostMethod	before;
	CostMethod	method;
} MethodChange;

typedef struct StockItem
{
	int32		itemId;
	bool		backdated;		/* a move of the batch lies before one that is booked, or what one was worth changes: the item is replayed */
	bool		hasFrom;		/* it is replayed at the latest from `from` on */
	bool		methodChanged;	/* at least once, says some pool of it */
	bool		changesNow;		/* the run changes its method */
	CostMethod	method;			/* the one it has now, before the run */
	int			itemGroup;
	MethodChange *changes;		/* of its method, in order; the run's own is the last */
	int			changeCount;
	DocumentLine *cause;		/* the first such line */
	MovePosition last;
	MovePosition from;
	int			poolCount;		/* when its pools were looked at last */
	int64		oldestPool;		/* the number of the oldest then */
} StockItem;

/* What a document adds to the given value of a move that stood already. */
typedef struct GivenChange
{
	int32		itemId;
	MovePosition position;
	int128		amount;
	DocumentLine *cause;
} GivenChange;

/* Of a move, out negative. */
typedef struct MoveValue
{
	int128		quantity;
	int128		value;
} MoveValue;

/* The lines of a voucher that took a cost; no voucher (0): none did. */
typedef struct EntryLines
{
	int64		voucherId;
	int			inventoryLineNo;
	int			counterLineNo;
} EntryLines;

/* A move that stood already and of which a replay found differences. */
typedef struct ChangedMove
{
	int64		moveId;
	EntryLines	taken;			/* of its first entry that reached a voucher, later documents apart */
	int32		itemId;
	DateADT		day;
	int			adjustment;		/* index of its adjustment */
} ChangedMove;

/* Such a difference. */
typedef struct CostChange
{
	int			move;			/* index in changedMoves */
	int			entryNo;
	int64		sourceMoveId;
	int128		quantity;		/* signed as in cost_entry */
	int128		amount;
} CostChange;

/* What a product by standard cost is made of is worth so much more than before: a variance, since the product is not. */
typedef struct UsageChange
{
	int64		moveId;
	int128		amount;
	int32		itemId;
	DateADT		day;
} UsageChange;

/* The accounts, sides and dimensions that a change goes to. */
typedef struct AdjustmentAccounts
{
	VoucherLine inventory;
	VoucherLine counter;
} AdjustmentAccounts;

/* All changes of one belonging day and pair of accounts: one document, one voucher. */
typedef struct CostAdjustment
{
	DateADT		day;
	int64		causeDocumentId;
	AdjustmentAccounts accounts;
	int128		total;
	PairMap    *itemNumbers;
	int32	   *itemIds;
	int128	   *itemTotals;
	int			itemCount;
	int			itemCapacity;
	Document   *document;
} CostAdjustment;

typedef struct StockRun
{
	DocumentBatch *batch;
	DocumentLine **lines;		/* those that move stock, in batch order */
	int			lineCount;
	PairMap    *poolIds;		/* pool ids, by number of which poolNumbers knows them */
	PairMap    *poolNumbers;	/* item, number of the pool's id -> index in pools */
	StockPool  *pools;
	int			poolCount;
	int			poolCapacity;
	PlaceNumbers *placeIds;
	PairMap    *placeNumbers;	/* of PlaceKey -> index in places */
	StockPlace *places;
	int			placeCount;
	PairMap    *itemNumbers;
	StockItem  *items;
	int			itemCount;
	PairMap    *lineOfMove;		/* move id -> index in lines */
	int32	   *wantedItems;	/* locked though no line may be of them */
	int			wantedCount;
	bool		hasProducts;	/* a line's value is a share of what was consumed */
	struct Conversion **conversions;
	PairMap    *conversionNumbers;	/* document -> index in conversions; NULL: none yet */
	PairMap    *givenNumbers;	/* move id -> index in givenChanges; NULL: none */
	GivenChange *givenChanges;
	int			givenCount;
	CostPart  **parts;			/* what joins the cost of moves that stand, in batch order */
	int			partCount;
	PairMap    *partsOfMove;	/* move id -> index in firstParts; NULL: there are no parts */
	CostPart  **firstParts;
	CostEdges	edges;
	ChangedMove *changedMoves;
	int			changedMoveCount;
	int			changedMoveCapacity;
	CostChange *changes;		/* those of a move stand together */
	int			changeCount;
	int			changeCapacity;
	UsageChange *usageChanges;
	int			usageCount;
	CostAdjustment *adjustments;
	int			adjustmentCount;
	int			adjustmentCapacity;
	Document   *adjustmentDocuments;
} StockRun;

/* The item of the run, which has it. */
static inline StockItem *
ItemOfRun(const StockRun *run, int32 itemId)
{
	return &run->items[FindPair(run->itemNumbers, PAIR_KEY(itemId, 0))];
}

#endif
