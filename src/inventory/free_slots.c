#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"

#include "core/datum_array.h"
#include "core/gate.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/free_slots.h"

/* A slot holds at least so many times what was taken, or the position stays as it is. */
#define TAKES_A_SLOT 4

static KeptPlan addPlan = {
	.query = "INSERT INTO erp_private.free_stock (company_id, position_id, slot, quantity)"
	" SELECT $1, $2, s.slot, $4 FROM pg_catalog.unnest($3) AS s (slot)",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT8OID, INT4ARRAYOID, NUMERICOID}
};

static KeptPlan takePlan = {
	.query = "UPDATE erp_private.free_stock SET quantity = quantity - $3"
	" WHERE company_id = $1 AND position_id = $2 AND slot = 0",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT8OID, NUMERICOID}
};

static LOCKTAG
QueueOf(int64 positionId, int slot)
{
	return GateTag((uint32) ((uint64) positionId >> 32), (uint32) positionId, SLOT_QUEUE + slot);
}

void
EnterSlotQueue(int64 positionId, int slot)
{
	LOCKTAG		tag = QueueOf(positionId, slot);

	(void) LockAcquire(&tag, ExclusiveLock, false, false);
}

void
LeaveSlotQueue(int64 positionId, int slot)
{
	LOCKTAG		tag = QueueOf(positionId, slot);

	(void) LockRelease(&tag, ExclusiveLock, false);
}

bool
SlotHasQueue(int64 positionId, int slot)
{
	LOCKTAG		tag = QueueOf(positionId, slot);
	int			holders;

	pfree(GetLockConflicts(&tag, ExclusiveLock, &holders));
	return holders > 0;
}

/* Which slots the position has, and what is left in the first. */
static int128
ReadSlots(int32 companyId, int64 positionId, bool *exists)
{
	SlotProbe	slots = OpenSlots(companyId);
	int128		left = 0;
	TupleTableSlot *row;

	ProbeSlots(&slots, positionId, 0, FREE_SLOTS - 1);
	while ((row = NextProbedRow(slots.rows)) != NULL)
	{
		int			slot = DatumGetInt32(ProbedValue(row, slots.slotColumn));

		exists[slot] = true;
		if (slot == 0)
			left = SlotQuantity(&slots, row);
	}
	CloseIndexProbe(slots.rows);
	return left;
}

/* How many slots what is left suffices for: a power of two. */
static int
WantedSlots(int128 left, int128 taken)
{
	int			wanted = FREE_SLOTS;

	while (wanted > 1 && left / wanted / TAKES_A_SLOT < taken)
		wanted /= 2;
	return wanted;
}

/* New slots lie evenly between 0 and FREE_SLOTS, so that sessions spread over them. */
void
SplitFirst(int32 companyId, const PositionAmount *take)
{
	bool		exists[FREE_SLOTS] = {false};
	int128		left = ReadSlots(companyId, take->positionId, exists);
	int			wanted = WantedSlots(left, take->quantity);
	int128		share = left / wanted / take->quantity * take->quantity;
	DatumArray	added = {0};
	Datum		values[4] = {Int32GetDatum(companyId), Int64GetDatum(take->positionId)};

	for (int slot = 0; slot < FREE_SLOTS && wanted > 1; slot += FREE_SLOTS / wanted)
	{
		if (!exists[slot])
			AppendDatum(&added, Int32GetDatum(slot));
	}
	if (added.count == 0)
		return;
	values[2] = DatumArrayValue(&added, INT4OID);
	values[3] = QuantityGetDatum(share);
	(void) RunPlan(&addPlan, values, NULL);
	values[2] = QuantityGetDatum(share * added.count);
	(void) RunPlan(&takePlan, values, NULL);
}
