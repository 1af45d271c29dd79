/*
 * What is free of positions that were reserved from: rows of erp_private.free_stock, one a slot, so that takers of one
 * position do not meet while much is left. A slot is taken from without waiting where some slot has enough that nobody waits
 * for; else slots are locked in ascending order until there is enough. Positions ascend within an item, items within a transaction.
 */
#ifndef ERP_FREE_STOCK_H
#define ERP_FREE_STOCK_H

#include "core/compat.h"
#include "core/money.h"

#define FREE_SLOTS 64

typedef struct PositionAmount
{
	int128		quantity;
	int64		positionId;
} PositionAmount;

/* What is free of the position: what has committed, and what this transaction made of it. */
extern int128 FreeOfPosition(int32 companyId, int64 positionId);

/* Takes the quantity from one slot that has it, that nobody is changing and nobody waits for; false, and nothing is locked, if there is none. */
extern bool TakeFromOneSlot(int32 companyId, int64 positionId, int128 quantity);

/* Locks all slots of the position, waiting for others: what is free of it stays until the transaction ends. */
extern void HoldFree(int32 companyId, int64 positionId);

/*
 * Takes all of it, of positions that ascend, waiting for others, none of whom comes later and is served before; false, and nothing is taken, if some position has less than
 * is wanted by what has committed.
 */
extern bool TakeFree(int32 companyId, const PositionAmount *takes, int count);

/* Gives back to one slot of the position. */
extern void AddFree(int32 companyId, int64 positionId, int128 quantity);

/* The same for what comes in: over all slots, where it is enough to be split. */
extern void SpreadFree(int32 companyId, int64 positionId, int128 quantity);

#endif
