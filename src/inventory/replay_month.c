#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/date.h"

#include "core/plan_cache.h"
#include "inventory/replay.h"

/*
 * The monthly average looks ahead: what a month's issues cost is known when all
 * its moves are. They are kept until the move that ends it, and costed then.
 */

#define FIRST_MOVES 64

static KeptPlan monthPlan = {
	.query = "SELECT m.day, m.time_of_day, m.move_id FROM erp.stock_move m"
	" WHERE m.company_id = $1 AND m.item_id = $2 AND m.quantity = 0 AND (m.day, m.time_of_day, m.move_id) < ($3, $4, $5)"
	" ORDER BY m.day DESC, m.time_of_day DESC, m.move_id DESC LIMIT 1",
	.argumentCount = 5,
	.argumentTypes = {INT4OID, INT4OID, DATEOID, TIMEOID, INT8OID}
};

MovePosition
MonthStart(const Replay *replay, MovePosition position)
{
	Datum		values[5] = {
		Int32GetDatum(replay->run->batch->company->companyId), Int32GetDatum(replay->item->itemId),
		DateADTGetDatum(position.day), TimeADTGetDatum(position.timeOfDay), Int64GetDatum(position.moveId)
	};

	if (RunPlan(&monthPlan, values, NULL) == 0)
		return FirstPosition;
	return (MovePosition) {DatumGetDateADT(PlanValue(0, 1)), DatumGetTimeADT(PlanValue(0, 2)), DatumGetInt64(PlanValue(0, 3)) + 1};
}

/* The reader's move is valid until the next one is read. */
static void
KeepMove(Replay *replay, const ReplayMove *move)
{
	MonthMoves *month = &replay->month;
	ReplayMove *kept;

	if (month->numbers == NULL)
		month->numbers = CreatePairMap();
	if (month->count == month->capacity)
	{
		month->capacity = Max(FIRST_MOVES, month->capacity * 2);
		month->moves = month->moves == NULL ? palloc(sizeof(ReplayMove) * month->capacity) :
			repalloc_huge(month->moves, sizeof(ReplayMove) * month->capacity);
	}
	(void) PairNumber(month->numbers, (uint64) move->position.moveId);
	kept = &month->moves[month->count++];
	*kept = *move;
	kept->ofMonth = false;
	kept->monthValue = 0;
	memset(&kept->stored, 0, sizeof(CostEdges));
	for (int i = 0; i < move->stored.count; i++)
	{
		const CostEdge *edge = &move->stored.edges[i];

		AppendEdge(&kept->stored, edge->sourceMoveId, edge->quantity, edge->amount);
	}
}

/* The kept move that the move brings or takes back; NULL if that is of an earlier month, or there is none. */
static const ReplayMove *
OriginInMonth(const Replay *replay, const ReplayMove *move)
{
	int			number = move->originMoveId == 0 ? -1 : FindPair(replay->month.numbers, (uint64) move->originMoveId);

	return number < 0 ? NULL : &replay->month.moves[number];
}

/* What part of its origin's value a move brings or takes back: the origin, of the other direction, is of so much. */
static int128
ShareOfOrigin(MoveValue origin, int128 quantity, int decimals)
{
	if (quantity < 0)
		return NegateExact(ShareRounded(origin.value, NegateExact(quantity), origin.quantity, decimals));
	return ShareRounded(NegateExact(origin.value), quantity, NegateExact(origin.quantity), decimals);
}

/* What a move adds to what comes in during the month: nothing for an issue, nor for what brings one of the month back. */
static MoveValue
ShareOfMonth(Replay *replay, ReplayMove *move, int decimals)
{
	const ReplayMove *origin = OriginInMonth(replay, move);
	MoveValue	share = {.value = move->givenValue};
	MoveValue	earlier;

	move->ofMonth = origin != NULL && (origin->quantity < 0 || origin->ofMonth);
	if (move->ofMonth || (move->quantity < 0 && move->originMoveId == 0))
		return share;
	share.quantity = move->quantity;
	if (move->isProduct)
		share.value = AddExact(share.value, ReplayedProductValue(replay, move));
	if (move->originMoveId != 0 && !move->isAmendment)
	{
		earlier = origin != NULL ? (MoveValue) {origin->quantity, origin->monthValue} : ReplayedValue(replay, move->originMoveId);
		share.value = AddExact(share.value, ShareOfOrigin(earlier, move->quantity, decimals));
	}
	move->monthValue = share.value;
	return share;
}

/* Opens the month of the kept moves in their pool. */
static void
OpenMonth(Replay *replay, CostPool *pool)
{
	MoveValue	total = {0};

	for (int i = 0; i < replay->month.count; i++)
	{
		MoveValue	share = ShareOfMonth(replay, &replay->month.moves[i], pool->decimals);

		total.quantity = AddExact(total.quantity, share.quantity);
		total.value = AddExact(total.value, share.value);
	}
	if (CostOpenMonth(pool, total.quantity, total.value) != COST_OK)
		RaiseNotWhole(replay);
}

/* Costs the kept moves, one after the other. */
static void
CostKept(Replay *replay)
{
	MonthMoves *month = &replay->month;

	for (int i = 0; i < month->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ReplayNow(replay, &month->moves[i]);
		if (month->moves[i].stored.edges != NULL)
			pfree(month->moves[i].stored.edges);
	}
	month->count = 0;
	month->numbers = NULL;
}

void
KeepForMonth(Replay *replay, ReplayMove *move)
{
	CostPool   *pool;

	if (move->quantity != 0)
	{
		KeepMove(replay, move);
		return;
	}
	pool = &ReplayPoolOf(replay, move->costPoolId)->pool;
	if (replay->month.count > 0)
	{
		OpenMonth(replay, pool);
		CostKept(replay);
		CostCloseMonth(&ReplayPoolOf(replay, move->costPoolId)->pool);
	}
	ReplayNow(replay, move);
}

void
EndMonths(Replay *replay)
{
	CostKept(replay);
}
