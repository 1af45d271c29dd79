/*
 * Advisory locks of the engine's own, held until the transaction ends: their
 * fourth field, the space, is none that users of advisory locks can name.
 */
#ifndef ERP_GATE_H
#define ERP_GATE_H

#include "postgres.h"

#include "miscadmin.h"
#include "storage/lock.h"

typedef enum GateSpace
{
	PERIOD_GATE = 17,			/* of a company and period */
	STRUCTURE_GATE,				/* of a company */
	CODE_GATE,					/* of a company and a stripe of codes or ids */
	RESERVATION_KEY_GATE,		/* of a company and the hash of a key */
	FLOW_GATE,					/* of a company */
	SLOT_QUEUE = 32				/* of a position, by its two halves; the queue of its first slot, behind which stand those of the others */
} GateSpace;

/* What is locked, for those that ask or let go. */
static inline LOCKTAG
GateTag(uint32 first, uint32 second, int space)
{
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, first, second, space);
	return tag;
}

/* Waits until nobody holds it in a mode that is in conflict. */
static inline void
TakeGate(uint32 first, uint32 second, int space, LOCKMODE mode)
{
	LOCKTAG		tag = GateTag(first, second, space);

	(void) LockAcquire(&tag, mode, false, false);
}

#endif
