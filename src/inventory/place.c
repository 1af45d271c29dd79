#include "postgres.h"

#include "core/pair_map.h"
#include "inventory/place.h"

/* Marks the number of a place where a warehouse would stand; ids of warehouses are positive. */
#define NUMBERED_PLACE 0x80000000u

struct PlaceNumbers
{
	PairMap    *shelves;		/* numbers of (warehouse, location), (owner, state), lots, and of these together */
	PairMap    *holders;
	PairMap    *lots;
	PairMap    *shelfHolders;
	PairMap    *places;
	Place		last;
	int			lastNumber;		/* -1: none yet */
};

PlaceNumbers *
CreatePlaceNumbers(void)
{
	PlaceNumbers *numbers = palloc0(sizeof(PlaceNumbers));

	numbers->shelves = CreatePairMap();
	numbers->holders = CreatePairMap();
	numbers->lots = CreatePairMap();
	numbers->shelfHolders = CreatePairMap();
	numbers->places = CreatePairMap();
	numbers->lastNumber = -1;
	return numbers;
}

/* One move is mostly where the last one was. */
int
PlaceNumber(PlaceNumbers *numbers, const Place *place)
{
	if (numbers->lastNumber < 0 || memcmp(place, &numbers->last, sizeof(Place)) != 0)
	{
		int			shelf = PairNumber(numbers->shelves, PAIR_KEY(place->warehouseId, place->locationId));
		int			holder = PairNumber(numbers->holders, PAIR_KEY(place->ownerId, place->stateId));
		int			shelfHolder = PairNumber(numbers->shelfHolders, PAIR_KEY(shelf, holder));
		int			lot = PairNumber(numbers->lots, (uint64) place->lotId);

		numbers->lastNumber = PairNumber(numbers->places, PAIR_KEY(shelfHolder, lot));
		numbers->last = *place;
	}
	return numbers->lastNumber;
}

uint64
PlaceKey(PlaceNumbers *numbers, int32 itemId, const Place *place)
{
	if (PlaceIsWarehouse(place))
		return PAIR_KEY(itemId, place->warehouseId);
	return PAIR_KEY(itemId, NUMBERED_PLACE | (uint32) PlaceNumber(numbers, place));
}

Place
PlaceOfLine(const DocumentLine *line)
{
	return (Place) {
		.lotId = line->lotId, .warehouseId = line->warehouseId, .locationId = line->locationId,
		.ownerId = line->ownerId, .stateId = line->stateId
	};
}

int64
PoolOfLine(const DocumentLine *line)
{
	Place		place = PlaceOfLine(line);
	int64		pool = PoolOfPlace(&place, line->poolScope);

	return line->isShipped ? ShippedPool(pool) : pool;
}
