/*
 * The state of an item's pools after some move, less what the stored entries
 * imply there. What changes an entry changes its pool and its layer by as much;
 * so where all sums are zero, quantity, value and every remaining layer are what
 * they were, and as long as nothing else is due, nothing behind changes.
 */
#include "postgres.h"

#include "inventory/replay.h"

/* Ids of moves are positive. */
#define POOL_PART (UINT64CONST(1) << 63)

static bool
IsZero(const CostEdge *part)
{
	return part->quantity == 0 && part->amount == 0;
}

static void
AddPart(StateDifference *difference, uint64 key, int128 quantity, int128 amount)
{
	int			before = PairCount(difference->numbers);
	int			number = PairNumber(difference->numbers, key);
	CostEdge   *part;

	if (number == difference->capacity)
	{
		difference->capacity = Max(64, difference->capacity * 2);
		difference->parts = difference->parts == NULL ? palloc(sizeof(CostEdge) * difference->capacity) :
			repalloc_huge(difference->parts, sizeof(CostEdge) * difference->capacity);
	}
	part = &difference->parts[number];
	if (number == before)
		memset(part, 0, sizeof(CostEdge));
	difference->open -= IsZero(part) ? 0 : 1;
	part->quantity = AddExact(part->quantity, quantity);
	part->amount = AddExact(part->amount, amount);
	difference->open += IsZero(part) ? 0 : 1;
}

void
AddDifference(StateDifference *difference, int64 costPoolId, int64 layerId, int128 quantity, int128 amount)
{
	if (quantity == 0 && amount == 0)
		return;
	AddPart(difference, POOL_PART | (uint64) costPoolId, quantity, amount);
	if (layerId != 0)
		AddPart(difference, (uint64) layerId, quantity, amount);
}
