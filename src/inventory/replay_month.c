#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/date.h"

#include "core/plan_cache.h"
#include "inventory/replay.h"

/*
 * The monthly average looks ahead: what a month's issues cost is known when all
 * its moves are. They are kept until the move that ends it, and costed then. An
 * end is that of its own month: what lies before that is of one that was not
 * run, since nothing had moved in it when the later one was.
 */

#define FIRST_MOVES 64

/* Of each pool, the first move that no end of a month follows up to the position. */
static KeptPlan monthPlan = {
	.query = "SELECT m.day, m.time_of_day, m.move_id"
	"  FROM (SELECT f.cost_pool_id FROM erp_private.cost_pool f WHERE f.company_id = $1 AND f.item_id = $2 AND f.cost_pool_id <> -1 OFFSET 0) p"
	"  LEFT JOIN LATERAL (SELECT f.day, f.time_of_day, f.move_id FROM erp.stock_move f WHERE f.company_id = $1 AND f.item_id = $2"
	"           AND f.cost_pool_id = p.cost_pool_id AND f.quantity = 0 AND (f.day, f.time_of_day, f.move_id) < ($3, $4, $5)"
	"         ORDER BY f.day DESC, f.time_of_day DESC, f.move_id DESC LIMIT 1) e ON true"
	" CROSS JOIN LATERAL (SELECT f.day, f.time_of_day, f.move_id FROM erp.stock_move f WHERE f.company_id = $1 AND f.item_id = $2"
	"           AND f.cost_pool_id = p.cost_pool_id AND f.quantity <> 0 AND (f.day, f.time_of_day, f.move_id) < ($3, $4, $5)"
	"           AND (f.day, f.time_of_day, f.move_id) > (COALESCE(e.day, '-infinity'), COALESCE(e.time_of_day, '00:00'), COALESCE(e.move_id, 0))"
	"         ORDER BY f.day, f.time_of_day, f.move_id LIMIT 1) m"
	" ORDER BY m.day, m.time_of_day, m.move_id LIMIT 1",
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
		return position;
	return (MovePosition) {DatumGetDateADT(PlanValue(0, 1)), DatumGetTimeADT(PlanValue(0, 2)), DatumGetInt64(PlanValue(0, 3))};
}

/* The period that ends with a day. */
static KeptPlan periodPlan = {
	.query = "SELECT p.first_day FROM erp.period p WHERE p.company_id = $1 AND p.last_day = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, DATEOID}
};

/* The first day of the month that the move ends: mostly many items end the same. */
static DateADT
FirstDayOfMonth(const Replay *replay, const ReplayMove *end)
{
	Datum		values[2] = {Int32GetDatum(replay->run->batch->company->companyId), DateADTGetDatum(end->position.day)};
	ReplaySet  *set = replay->set;

	if (set->monthEnd == end->position.day)
		return set->monthFirst;
	if (RunPlan(&periodPlan, values, NULL) == 0)
		elog(ERROR, "no period ends with the day of move " INT64_FORMAT ", which ends a month", end->position.moveId);
	set->monthFirst = DatumGetDateADT(PlanValue(0, 1));
	set->monthEnd = end->position.day;
	return set->monthFirst;
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

/* The kept move of the same pool that the move brings or takes back; NULL if that is of an earlier month, or there is none. */
static const ReplayMove *
OriginInMonth(const Replay *replay, const ReplayMove *move)
{
	int			number = move->originMoveId == 0 ? -1 : FindPair(replay->month.numbers, (uint64) move->originMoveId);

	return number < 0 || replay->month.moves[number].costPoolId != move->costPoolId ? NULL : &replay->month.moves[number];
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
MoveValue
ShareOfMonth(Replay *replay, ReplayMove *move)
{
	int			decimals = ReplayPoolOf(replay, move->costPoolId)->pool.decimals;
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

/* Opens the month of the pool's kept moves; false if there are none. */
static bool
OpenMonth(Replay *replay, int64 costPoolId)
{
	CostPool   *pool = &ReplayPoolOf(replay, costPoolId)->pool;
	MoveValue	total = {0};
	bool		any = false;

	for (int i = 0; i < replay->month.count; i++)
	{
		MoveValue	share;

		if (replay->month.moves[i].costPoolId != costPoolId)
			continue;
		share = ShareOfMonth(replay, &replay->month.moves[i]);
		total.quantity = AddExact(total.quantity, share.quantity);
		total.value = AddExact(total.value, share.value);
		any = true;
	}
	if (any && CostOpenMonth(pool, total.quantity, total.value) != COST_OK)
		RaiseNotWhole(replay);
	return any;
}

static void
CostKeptMove(Replay *replay, ReplayMove *move)
{
	CHECK_FOR_INTERRUPTS();
	ReplayNow(replay, move);
	if (move->stored.edges != NULL)
		pfree(move->stored.edges);
}

/* Costs the kept moves of the pool before the day, one after the other, and keeps the others. */
static void
CostKept(Replay *replay, int64 costPoolId, DateADT before)
{
	MonthMoves *month = &replay->month;
	int			kept = 0;

	for (int i = 0; i < month->count; i++)
	{
		if (month->moves[i].costPoolId == costPoolId && month->moves[i].position.day < before)
			CostKeptMove(replay, &month->moves[i]);
	}
	month->numbers = CreatePairMap();
	for (int i = 0; i < month->count; i++)
	{
		if (month->moves[i].costPoolId == costPoolId && month->moves[i].position.day < before)
			continue;
		(void) PairNumber(month->numbers, (uint64) month->moves[i].position.moveId);
		month->moves[kept++] = month->moves[i];
	}
	month->count = kept;
}

void
KeepForMonth(Replay *replay, ReplayMove *move)
{
	if (move->quantity != 0)
	{
		KeepMove(replay, move);
		return;
	}
	if (replay->month.count > 0)
	{
		CostKept(replay, move->costPoolId, FirstDayOfMonth(replay, move));
		SolveMonth(replay, FirstDayOfMonth(replay, move), move->position.day);
	}
	if (OpenMonth(replay, move->costPoolId))
	{
		CostKept(replay, move->costPoolId, DATEVAL_NOEND);
		CostCloseMonth(&ReplayPoolOf(replay, move->costPoolId)->pool);
	}
	ReplayNow(replay, move);
}

void
EndMonths(Replay *replay)
{
	MonthMoves *month = &replay->month;

	for (int i = 0; i < month->count; i++)
		CostKeptMove(replay, &month->moves[i]);
	month->count = 0;
	month->numbers = NULL;
}
