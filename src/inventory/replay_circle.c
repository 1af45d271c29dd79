#include "postgres.h"

#include "miscadmin.h"

#include "inventory/linear_system.h"
#include "inventory/replay.h"

/*
 * Pools by monthly average of which one carries to another within a month, and that to it: what each costs depends on the other. As
 * textbooks allocate the cost of departments that serve each other (交互分配法, the algebraic method), there is an equation for each
 * pool: all that it holds in the month, times what one costs, is what is known of its value and, for each pool that it takes from, what it
 * takes times what one costs there. What is sent between pools is assumed to be worth what the equations say, which the replay of the month
 * then finds, to the cent, or nearly: then another pass begins with what it found.
 */

/* More pools take from each other by passes alone. */
#define POOLS_MAX 64

/* The equations of a month. */
typedef struct Circle
{
	Replay	   *replay;
	PairMap    *pools;			/* cost pool -> unknown */
	LinearSystem *system;
} Circle;

static const ReplayMove *
KeptOrigin(const Replay *replay, const ReplayMove *move)
{
	int			number = move->originMoveId == 0 ? -1 : FindPair(replay->month.numbers, (uint64) move->originMoveId);

	return number < 0 ? NULL : &replay->month.moves[number];
}

/* What a pool issued in the month, and the move brings into another; or takes back of that. NULL: neither. */
static const ReplayMove *
SentBy(const Replay *replay, const ReplayMove *move)
{
	const ReplayMove *origin = move->isAmendment ? NULL : KeptOrigin(replay, move);

	if (origin != NULL && origin->costPoolId == move->costPoolId && move->quantity < 0 && origin->quantity > 0)
		origin = KeptOrigin(replay, origin);
	if (origin == NULL || origin->costPoolId == move->costPoolId || origin->quantity > 0 || origin->originMoveId != 0)
		return NULL;
	return origin;
}

/* The pools of the month, each with its equation begun; false if nothing is sent between them, or they are of more than one month. */
static bool
BeginCircle(Circle *circle, DateADT firstDay)
{
	const MonthMoves *month = &circle->replay->month;
	bool		anySent = false;

	circle->pools = CreatePairMap();
	for (int i = 0; i < month->count; i++)
	{
		if (month->moves[i].position.day < firstDay)
			return false;
		anySent |= SentBy(circle->replay, &month->moves[i]) != NULL;
		(void) PairNumber(circle->pools, (uint64) month->moves[i].costPoolId);
	}
	if (!anySent || PairCount(circle->pools) > POOLS_MAX)
		return false;
	circle->system = CreateSystem(PairCount(circle->pools));
	return true;
}

static int
Unknown(const Circle *circle, const ReplayMove *move)
{
	return FindPair(circle->pools, (uint64) move->costPoolId);
}

static void
AddToCell(const Circle *circle, int row, int column, int128 amount)
{
	int128	   *cell = SystemCell(circle->system, row, column);

	*cell = AddExact(*cell, amount);
}

/* What the move adds to the equation of its pool. */
static void
AddMove(const Circle *circle, ReplayMove *move)
{
	int			pool = Unknown(circle, move);
	const ReplayMove *sent = SentBy(circle->replay, move);
	MoveValue	share = {move->quantity, move->givenValue};

	if (sent != NULL)
		AddToCell(circle, pool, Unknown(circle, sent), NegateExact(move->quantity));
	else
		share = ShareOfMonth(circle->replay, move);
	AddToCell(circle, pool, pool, share.quantity);
	AddToCell(circle, pool, circle->system->unknowns, share.value);
}

/* What was there at the beginning of the month, and all its moves. */
static void
FillCircle(const Circle *circle)
{
	const MonthMoves *month = &circle->replay->month;
	bool		begun[POOLS_MAX] = {false};

	for (int i = 0; i < month->count; i++)
	{
		int			pool = Unknown(circle, &month->moves[i]);

		if (!begun[pool])
		{
			const CostPool *before = &ReplayPoolOf(circle->replay, month->moves[i].costPoolId)->pool;

			AddToCell(circle, pool, pool, before->quantity);
			AddToCell(circle, pool, circle->system->unknowns, before->value);
		}
		begun[pool] = true;
		AddMove(circle, &month->moves[i]);
	}
}

/* What each issue of the month costs, of those that are sent to other pools: of all that went out so far less all before it. */
static void
KeepSolved(const Circle *circle)
{
	const MonthMoves *month = &circle->replay->month;
	int128		issued[POOLS_MAX] = {0};
	bool	   *isSent = palloc0(sizeof(bool) * month->count);

	for (int i = 0; i < month->count; i++)
	{
		const ReplayMove *sent = SentBy(circle->replay, &month->moves[i]);

		if (sent != NULL)
			isSent[sent - month->moves] = true;
	}
	for (int i = 0; i < month->count; i++)
	{
		const ReplayMove *move = &month->moves[i];
		int			pool = Unknown(circle, move);
		int128		step = PowerOfTen(AMOUNT_SCALE - ReplayPoolOf(circle->replay, move->costPoolId)->pool.decimals);
		int128		before = issued[pool];

		CHECK_FOR_INTERRUPTS();
		if (move->ofMonth || (move->quantity < 0 && move->originMoveId == 0))
			issued[pool] = SubtractExact(before, move->quantity);
		if (isSent[i] && before >= 0)
			SetSolvedValue(circle->replay, move, SubtractExact(TimesSolved(circle->system, pool, before, step),
															   TimesSolved(circle->system, pool, issued[pool], step)));
	}
}

/* Whether no pool is worth less than nothing by the equations. */
static bool
IsWorth(const Circle *circle)
{
	for (int i = 0; i < circle->system->unknowns; i++)
	{
		if (TimesSolved(circle->system, i, 1, 1) < 0)
			return false;
	}
	return true;
}

void
SolveMonth(Replay *replay, DateADT firstDay, DateADT lastDay)
{
	Circle		circle = {.replay = replay};

	if (replay->month.solved == lastDay)
		return;
	replay->month.solved = lastDay;
	if (!BeginCircle(&circle, firstDay))
		return;
	FillCircle(&circle);
	if (SolveSystem(circle.system) && IsWorth(&circle))
		KeepSolved(&circle);
	FreeSystem(circle.system);
}
