#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "storage/lockdefs.h"

#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "core/relation_name.h"
#include "core/subtransaction.h"
#include "inventory/free_stock.h"
#include "inventory/free_slots.h"

PG_FUNCTION_INFO_V1(erp_add_free);

SlotProbe
OpenSlots(int32 companyId)
{
	SlotProbe	slots = {.companyId = companyId};

	slots.rows = OpenIndexProbeById(EngineRelation("erp_private", "free_stock"), EngineRelation("erp_private", "free_stock_key"),
									RowExclusiveLock, PROBE_LATEST);
	slots.quantityColumn = ProbeColumn(slots.rows, "quantity");
	slots.slotColumn = ProbeColumn(slots.rows, "slot");
	return slots;
}

/* What was changed is seen by the next probe. */
void
CloseSlots(const SlotProbe *slots)
{
	CloseIndexProbe(slots->rows);
	CommandCounterIncrement();
}

void
ProbeSlots(const SlotProbe *slots, int64 positionId, int first, int last)
{
	Datum		values[2] = {Int32GetDatum(slots->companyId), Int64GetDatum(positionId)};

	ProbeIndexRange(slots->rows, values, 2, Int32GetDatum(first), Int32GetDatum(last));
}

int128
SlotQuantity(const SlotProbe *slots, TupleTableSlot *row)
{
	return QuantityFromDatum(ProbedValue(row, slots->quantityColumn));
}

static Datum
NewQuantity(int128 quantity)
{
	return QuantityGetDatum(CheckQuantity(quantity, "free quantity of a position"));
}

static int128
SumOfSlots(const SlotProbe *slots, int64 positionId)
{
	int128		sum = 0;
	TupleTableSlot *row;

	ProbeSlots(slots, positionId, 0, FREE_SLOTS - 1);
	while ((row = NextProbedRow(slots->rows)) != NULL)
		sum = AddExact(sum, SlotQuantity(slots, row));
	return sum;
}

int128
FreeOfPosition(int32 companyId, int64 positionId)
{
	SlotProbe	slots = OpenSlots(companyId);
	int128		sum = SumOfSlots(&slots, positionId);

	CloseIndexProbe(slots.rows);
	return sum;
}

typedef TupleTableSlot *(*ProbeStep) (IndexProbe *probe);

/* Whether others wait for the slot that was given last: then it is not taken from before them. */
static bool
IsWaitedFor(const SlotProbe *slots, int64 positionId, TupleTableSlot *row)
{
	return !IsProbedRowOwn(row) && SlotHasQueue(positionId, DatumGetInt32(ProbedValue(row, slots->slotColumn))) && !IsProbedRowHeld(row);
}

/* Changes the first slot of the range, in the order of the steps, that has at least `least` and that nobody is changing; takes from none that others wait for. */
static bool
ChangeInRange(const SlotProbe *slots, int64 positionId, int first, int last, ProbeStep step, int128 least, int128 change)
{
	TupleTableSlot *row;

	ProbeSlots(slots, positionId, first, last);
	while ((row = step(slots->rows)) != NULL)
	{
		int128		quantity = SlotQuantity(slots, row);

		if (quantity < least || (change < 0 && IsWaitedFor(slots, positionId, row)))
			continue;
		if (ChangeProbedRow(slots->rows, slots->quantityColumn, NewQuantity(AddExact(quantity, change))))
			return true;
	}
	return false;
}

/* The session's own slot, then those below it, then those above: a position that was never split is found at once. */
static bool
ChangeOneSlot(int32 companyId, int64 positionId, int128 least, int128 change)
{
	SlotProbe	slots = OpenSlots(companyId);
	int			own = ErpSessionNumber() % FREE_SLOTS;
	bool		changed = ChangeInRange(&slots, positionId, 0, own, PreviousProbedRow, least, change) ||
		(own < FREE_SLOTS - 1 && ChangeInRange(&slots, positionId, own + 1, FREE_SLOTS - 1, NextProbedRow, least, change));

	CloseSlots(&slots);
	return changed;
}

bool
TakeFromOneSlot(int32 companyId, int64 positionId, int128 quantity)
{
	return ChangeOneSlot(companyId, positionId, quantity, NegateExact(quantity));
}

static bool
AllThere(int32 companyId, const PositionAmount *takes, int count)
{
	SlotProbe	slots = OpenSlots(companyId);
	bool		there = true;

	for (int i = 0; i < count && there; i++)
		there = SumOfSlots(&slots, takes[i].positionId) >= takes[i].quantity;
	CloseIndexProbe(slots.rows);
	return there;
}

/* Locks the slot that was given last, after those who waited for it before. */
static TupleTableSlot *
WaitForSlot(const SlotProbe *slots, int64 positionId, TupleTableSlot *row)
{
	int			slot = DatumGetInt32(ProbedValue(row, slots->slotColumn));
	TupleTableSlot *locked;

	if (IsProbedRowOwn(row) || IsProbedRowHeld(row))
		return LockProbedRow(slots->rows, LockTupleNoKeyExclusive);
	EnterSlotQueue(positionId, slot);
	locked = LockProbedRow(slots->rows, LockTupleNoKeyExclusive);
	LeaveSlotQueue(positionId, slot);
	return locked;
}

static void
HoldSlots(int32 companyId, int64 positionId, int first, int last)
{
	SlotProbe	slots = OpenSlots(companyId);
	TupleTableSlot *row;

	ProbeSlots(&slots, positionId, first, last);
	while ((row = NextProbedRow(slots.rows)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		(void) WaitForSlot(&slots, positionId, row);
	}
	CloseSlots(&slots);
}

/* The others are looked for when the first is held: who held it may have added some. */
void
HoldFree(int32 companyId, int64 positionId)
{
	HoldSlots(companyId, positionId, 0, 0);
	HoldSlots(companyId, positionId, 1, FREE_SLOTS - 1);
}

/* Locks slots with something in them, ascending, and takes until it is enough; what is missing then. */
static int128
CollectSlots(const SlotProbe *slots, int64 positionId, int128 wanted, bool *first)
{
	TupleTableSlot *row;

	ProbeSlots(slots, positionId, 0, FREE_SLOTS - 1);
	while (wanted > 0 && (row = NextProbedRow(slots->rows)) != NULL)
	{
		int			slot = DatumGetInt32(ProbedValue(row, slots->slotColumn));
		TupleTableSlot *locked;
		int128		quantity;
		int128		part;

		if (SlotQuantity(slots, row) == 0 || (locked = WaitForSlot(slots, positionId, row)) == NULL)
			continue;
		quantity = SlotQuantity(slots, locked);
		part = Min(quantity, wanted);
		if (part == 0)
			continue;
		ChangeLockedRow(slots->rows, slots->quantityColumn, NewQuantity(quantity - part));
		wanted -= part;
		*first |= slot == 0;
	}
	return wanted;
}

/* What is to be taken of positions of a company. */
typedef struct Takes
{
	const PositionAmount *takes;
	int			count;
	int32		companyId;
	bool		holdsAll;		/* all slots are held before any is taken from */
} Takes;

static bool
CollectAll(const Takes *wanted, bool *first)
{
	bool		all = true;

	for (int i = 0; i < wanted->count && all; i++)
	{
		SlotProbe	slots;

		CHECK_FOR_INTERRUPTS();
		if (wanted->holdsAll)
			HoldFree(wanted->companyId, wanted->takes[i].positionId);
		slots = OpenSlots(wanted->companyId);
		all = CollectSlots(&slots, wanted->takes[i].positionId, wanted->takes[i].quantity, first) == 0;
		CloseSlots(&slots);
	}
	return all;
}

/* In a subtransaction, so that what was locked in vain is let go. */
static bool
TryCollect(void *argument)
{
	const Takes *wanted = argument;
	bool		first = false;

	if (!CollectAll(wanted, &first))
		return false;
	if (wanted->count == 1 && first)
		SplitFirst(wanted->companyId, wanted->takes);
	return true;
}

/* What goes from a slot to one that was passed is missed once: the second time no slot changes meanwhile, and what is missing is not there. */
bool
TakeFree(int32 companyId, const PositionAmount *takes, int count)
{
	Takes		wanted = {.takes = takes, .count = count, .companyId = companyId};

	if (count == 1 && TakeFromOneSlot(companyId, takes->positionId, takes->quantity))
		return true;
	if (!AllThere(companyId, takes, count))
		return false;
	if (TryInSubtransaction(TryCollect, &wanted))
		return true;
	wanted.holdsAll = true;
	return TryInSubtransaction(TryCollect, &wanted);
}

/* Waits for the lowest slot. */
static void
AddToFirst(int32 companyId, int64 positionId, int128 quantity)
{
	SlotProbe	slots = OpenSlots(companyId);
	TupleTableSlot *locked = NULL;

	ProbeSlots(&slots, positionId, 0, 0);
	if (NextProbedRow(slots.rows) != NULL)
		locked = LockProbedRow(slots.rows, LockTupleNoKeyExclusive);
	if (locked == NULL)
		elog(ERROR, "position " INT64_FORMAT " has no first slot", positionId);
	ChangeLockedRow(slots.rows, slots.quantityColumn, NewQuantity(AddExact(SlotQuantity(&slots, locked), quantity)));
	CloseSlots(&slots);
}

void
AddFree(int32 companyId, int64 positionId, int128 quantity)
{
	if (!ChangeOneSlot(companyId, positionId, 0, quantity))
		AddToFirst(companyId, positionId, quantity);
}

static int
CountSlots(const SlotProbe *slots, int64 positionId)
{
	int			count = 0;

	ProbeSlots(slots, positionId, 0, FREE_SLOTS - 1);
	while (NextProbedRow(slots->rows) != NULL)
		count++;
	return count;
}

/* A share to every slot that nobody is changing; what is left then. */
static int128
GiveShares(const SlotProbe *slots, int64 positionId, int128 share, int128 quantity)
{
	TupleTableSlot *row;

	ProbeSlots(slots, positionId, 0, FREE_SLOTS - 1);
	while (quantity >= share && (row = NextProbedRow(slots->rows)) != NULL)
	{
		if (ChangeProbedRow(slots->rows, slots->quantityColumn, NewQuantity(AddExact(SlotQuantity(slots, row), share))))
			quantity -= share;
	}
	return quantity;
}

void
SpreadFree(int32 companyId, int64 positionId, int128 quantity)
{
	SlotProbe	slots = OpenSlots(companyId);
	int			count = Max(CountSlots(&slots, positionId), 1);
	int128		one = PowerOfTen(QUANTITY_SCALE);
	int128		share = count > 1 && one > 0 ? quantity / one / count * one : 0;

	if (share > 0)
		quantity = GiveShares(&slots, positionId, share, quantity);
	CloseSlots(&slots);
	if (quantity > 0)
		AddFree(companyId, positionId, quantity);
}

/* erp_private.add_free(company_id, position_id, quantity). */
Datum
erp_add_free(PG_FUNCTION_ARGS)
{
	AddFree(PG_GETARG_INT32(0), PG_GETARG_INT64(1), QuantityFromDatum(PG_GETARG_DATUM(2)));
	PG_RETURN_VOID();
}
