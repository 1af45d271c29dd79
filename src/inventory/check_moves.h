/* Moves while they are checked: what is read of them and of what they belong to, and where they leave things. */
#ifndef ERP_CHECK_MOVES_H
#define ERP_CHECK_MOVES_H

#include "inventory/check_stock.h"

typedef struct CheckedDocument
{
	FactKey		key;
	DateADT		postingDay;
	bool		returns;		/* some line takes something back from another document */
} CheckedDocument;

typedef struct ItemLine
{
	FactKey		key;
	int32		itemId;
} ItemLine;

/* What of an item lies at a place. */
typedef struct CheckedPosition
{
	FactKey		key;			/* the item and, as line, the number of the place */
	int128		quantity;
} CheckedPosition;

/* Which move a move says that it takes back. */
typedef struct CheckedOrigin
{
	FactKey		key;			/* its move's */
	int64		originMoveId;
} CheckedOrigin;

typedef struct NeutralLine
{
	FactKey		key;
	int128		quantity;
} NeutralLine;

/* So many moves are read before they are added: their items and positions are on their way from memory meanwhile. */
#define MOVE_BATCH 32

typedef struct MoveCheck
{
	FactCheck  *check;
	struct CostCheck *costs;	/* keeps the moves */
	FactMap    *items;
	FactMap    *companies;
	FactMap    *warehouses;
	FactMap    *locations;
	FactMap    *shippedLocations;	/* those of goods that are shipped and not billed */
	FactMap    *lots;
	FactMap    *documents;
	FactMap    *lines;			/* of documents */
	FactMap    *returns;		/* those that take something back from another document */
	FactMap    *origins;
	FactMap    *positions;
	FactMap    *neutral;		/* lines whose goods of our own only change their place */
	FactMap    *units;			/* ways from other units to those of items */
	PlaceNumbers *places;
	bool		carries;		/* some move is not the first of its line, or is of no leg */
	int			rowCount;
	MoveRow		rows[MOVE_BATCH];
} MoveCheck;

/* What of the item lies at the place, as the moves that were read say. */
extern CheckedPosition *PositionAt(MoveCheck *stock, CheckedItem *item, const Place *place);

/* The place that five columns of a row name, from that one on. */
extern void ReadPlace(const FactRow *row, int column, Place *place);

/* A violation of that move. */
extern void ReportMove(const MoveCheck *stock, const MoveRow *move, const char *checkName, const char *detail);

/* Reads documents, their lines and moves, checks each move and keeps it with the costs. */
extern void ReadMoves(MoveCheck *stock);

/* check_move_sums.c: compares what all moves add up to with each other and with what is kept on hand. */
extern void CheckMoveSums(MoveCheck *stock);

#endif
