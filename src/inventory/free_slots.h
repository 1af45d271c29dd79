/*
 * The slots of a position, as free_stock.c and free_slots.c share them.
 */
#ifndef ERP_FREE_SLOTS_H
#define ERP_FREE_SLOTS_H

#include "core/index_probe.h"
#include "inventory/free_stock.h"

/* Slots of positions of a company, as they are when it is opened. */
typedef struct SlotProbe
{
	IndexProbe *rows;
	int32		companyId;
	AttrNumber	quantityColumn;
	AttrNumber	slotColumn;
} SlotProbe;

extern SlotProbe OpenSlots(int32 companyId);
extern void CloseSlots(const SlotProbe *slots);

/* Begins with the slots of the position from first to last, ascending. */
extern void ProbeSlots(const SlotProbe *slots, int64 positionId, int first, int last);
extern int128 SlotQuantity(const SlotProbe *slots, TupleTableSlot *row);

/*
 * Whoever waits for a slot stands in its queue until it has the slot: the server would let those by who come when it is free and do not
 * wait. SlotHasQueue() says whether others stand there. Nobody enters the queue of a slot that it holds: who stands there may wait for it.
 * So nobody stands in more than one queue, and has room for one in the server's table of locks, however many slots it holds.
 */
extern void EnterSlotQueue(int64 positionId, int slot);
extern void LeaveSlotQueue(int64 positionId, int slot);
extern bool SlotHasQueue(int64 positionId, int slot);

/*
 * For whoever has taken from the first slot of a position, having waited for it: if much is left there, it is split over
 * more slots, in multiples of what was taken. Only who holds the first slot adds slots.
 */
extern void SplitFirst(int32 companyId, const PositionAmount *take);

#endif
