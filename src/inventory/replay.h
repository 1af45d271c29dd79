/*
 * A replay under way: what replay.c and the reading of its moves share.
 */
#ifndef ERP_REPLAY_H
#define ERP_REPLAY_H

#include "inventory/inventory.h"

/* A move with the entries that it has. */
typedef struct ReplayMove
{
	MovePosition position;
	int128		quantity;
	int64		originMoveId;
	int64		costPoolId;
	int32		warehouseId;
	int			lastEntryNo;
	int128		givenValue;		/* of entries that say what it cost: receipt, landed, revaluation */
	CostEdges	stored;			/* net per source, signed as in cost_entry */
	DocumentLine *line;			/* if it is new */
} ReplayMove;

typedef struct MoveValue
{
	int128		quantity;
	int128		value;
} MoveValue;

typedef struct Replay
{
	StockRun   *run;
	StockItem  *item;
	PairMap    *poolNumbers;
	StockPool  *pools;
	int			poolCount;
	PairMap    *placeNumbers;	/* warehouse -> index in quantities */
	int128	   *quantities;		/* never NULL */
	PairMap    *valueNumbers;	/* move -> index in values */
	MoveValue  *values;			/* never NULL */
	int			valueCapacity;
	int			placeCapacity;
	CostEdges	scratch;
	ReplayMove	move;
} Replay;

/* replay_read.c: reads the item's moves in costing order, with their entries, and replays one after the other. */
extern void ReplayMoves(Replay *replay);

/* replay_read.c: adds an edge to a list that is net per source. */
extern void AddNet(CostEdges *net, int64 sourceMoveId, int128 quantity, int128 amount);

/* replay.c: takes replay->move through its pool. */
extern void ReplayOneMove(Replay *replay);

#endif
