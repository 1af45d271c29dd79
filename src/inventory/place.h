/*
 * Where goods lie: the whole place, of which a warehouse is the first part.
 */
#ifndef ERP_PLACE_H
#define ERP_PLACE_H

#include "core/document.h"

/* 0: the warehouse itself, no lot, the company's own, available. Has no padding: places are compared byte by byte. */
typedef struct Place
{
	int64		lotId;
	int32		warehouseId;
	int32		locationId;
	int32		ownerId;
	int32		stateId;
} Place;

/* Whether the place is a warehouse and no more: of the company's own, available, without location and lot. */
static inline bool
PlaceIsWarehouse(const Place *place)
{
	return place->locationId == 0 && place->lotId == 0 && place->ownerId == 0 && place->stateId == 0;
}

/* The pool that the cost of goods at the place belongs to: the company's (0), the warehouse's, the lot's, or none. */
static inline int64
PoolOfPlace(const Place *place, CostPoolScope scope)
{
	if (place->ownerId != 0)
		return NO_COST_POOL;
	return scope == POOL_OF_LOT ? place->lotId : scope == POOL_OF_WAREHOUSE ? place->warehouseId : 0;
}

/* Numbers of the places that were met. */
typedef struct PlaceNumbers PlaceNumbers;

/* None yet, in the current memory context. */
extern PlaceNumbers *CreatePlaceNumbers(void);

/* The number of the place, from 0, given on first sight: equal places have equal numbers. */
extern int	PlaceNumber(PlaceNumbers *numbers, const Place *place);

/* A key of an item at a place for a PairMap, which no other item and place has. One without location, lot, owner and state is found at once. */
extern uint64 PlaceKey(PlaceNumbers *numbers, int32 itemId, const Place *place);

/* Where the goods of the line lie, and the pool that their cost belongs to. */
extern Place PlaceOfLine(const DocumentLine *line);
extern int64 PoolOfLine(const DocumentLine *line);

#endif
