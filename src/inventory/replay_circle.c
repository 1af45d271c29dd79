#include "postgres.h"

#include "miscadmin.h"

#include "inventory/components.h"
#include "inventory/linear_system.h"
#include "inventory/replay.h"

/*
 * Pools by monthly average of which one carries to another within a month, and that to it: what each costs depends on the other. As
 * textbooks allocate the cost of departments that serve each other (交互分配法, the algebraic method), there is an equation for each
 * pool: all that it holds in the month, times what one costs, is what is known of its value and, for each pool that it takes from, what it
 * takes times what one costs there. Only pools in a circle need each other's equation: those they take from besides are solved before,
 * alone or as a circle of their own, and what came from there is known. What is sent is assumed to be worth what the equations say, which
 * the replay of the month then finds, to the cent, or nearly: then another pass begins with what it found.
 */

/* A circle of more pools is solved by passes alone. */
#define POOLS_MAX 256

#define NONE (-1)

/* The equations of a month. */
typedef struct Circle
{
	Replay	   *replay;
	PairMap    *pools;			/* cost pool -> number */
	int		   *poolOf;			/* by kept move: its pool */
	int		   *sentBy;			/* by kept move: the issue of another pool that it carries, or takes back of; NONE */
	bool	   *isSent;			/* by kept move: another one carries it */
	int		   *components;		/* by pool; those that it takes from come before it */
	bool	   *sends;			/* by component: something that goes to another pool */
	int		   *moves;			/* kept moves by component, in their order in each */
	int		   *firstMoves;		/* by component, in moves; behind the last the end of all */
	int		   *unknowns;		/* by pool: its equation in its component; NONE: not met yet */
	LinearSystem *system;		/* of the component that is solved now */
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

static int *
Numbers(int count, int value)
{
	int		   *numbers = palloc(sizeof(int) * Max(count, 1));

	for (int i = 0; i < count; i++)
		numbers[i] = value;
	return numbers;
}

/* The pools of the month and what they send to each other; false if nothing, or they are of more than one month. */
static bool
BeginCircle(Circle *circle, DateADT firstDay)
{
	const MonthMoves *month = &circle->replay->month;
	bool		anySent = false;

	circle->pools = CreatePairMap();
	circle->poolOf = Numbers(month->count, 0);
	circle->sentBy = Numbers(month->count, NONE);
	circle->isSent = palloc0(sizeof(bool) * month->count);
	for (int i = 0; i < month->count; i++)
	{
		const ReplayMove *sent = SentBy(circle->replay, &month->moves[i]);

		if (month->moves[i].position.day < firstDay)
			return false;
		circle->poolOf[i] = PairNumber(circle->pools, (uint64) month->moves[i].costPoolId);
		if (sent == NULL)
			continue;
		circle->sentBy[i] = (int) (sent - month->moves);
		circle->isSent[circle->sentBy[i]] = true;
		anySent = true;
	}
	circle->unknowns = Numbers(PairCount(circle->pools), NONE);
	return anySent;
}

/* Which pools lie in circles with each other. Returns how many components there are. */
static int
FindCircles(Circle *circle)
{
	int			moves = circle->replay->month.count;
	GraphEdge  *edges = palloc(sizeof(GraphEdge) * moves);
	int			edgeCount = 0;
	int			count;

	for (int i = 0; i < moves; i++)
	{
		if (circle->sentBy[i] != NONE)
			edges[edgeCount++] = (GraphEdge) {.from = circle->poolOf[i], .to = circle->poolOf[circle->sentBy[i]]};
	}
	circle->components = Numbers(PairCount(circle->pools), 0);
	count = FindComponents(PairCount(circle->pools), edges, edgeCount, circle->components);
	circle->sends = palloc0(sizeof(bool) * count);
	for (int i = 0; i < edgeCount; i++)
		circle->sends[circle->components[edges[i].to]] = true;
	pfree(edges);
	return count;
}

static int
ComponentOf(const Circle *circle, int move)
{
	return circle->components[circle->poolOf[move]];
}

/* The moves of each component, side by side. */
static void
SortMoves(Circle *circle, int components)
{
	int			moves = circle->replay->month.count;
	int		   *next = Numbers(components, 0);

	circle->moves = Numbers(moves, 0);
	circle->firstMoves = Numbers(components + 1, 0);
	for (int i = 0; i < moves; i++)
		circle->firstMoves[ComponentOf(circle, i) + 1]++;
	for (int i = 0; i < components; i++)
	{
		circle->firstMoves[i + 1] += circle->firstMoves[i];
		next[i] = circle->firstMoves[i];
	}
	for (int i = 0; i < moves; i++)
		circle->moves[next[ComponentOf(circle, i)]++] = i;
	pfree(next);
}

/* Numbers the pools of the component; returns how many they are. */
static int
NumberUnknowns(const Circle *circle, int component)
{
	int			count = 0;

	for (int i = circle->firstMoves[component]; i < circle->firstMoves[component + 1]; i++)
	{
		int		   *unknown = &circle->unknowns[circle->poolOf[circle->moves[i]]];

		if (*unknown == NONE)
			*unknown = count++;
	}
	return count;
}

static int
Unknown(const Circle *circle, int move)
{
	return circle->unknowns[circle->poolOf[move]];
}

static void
AddToCell(const Circle *circle, int row, int column, int128 amount)
{
	int128	   *cell = SystemCell(circle->system, row, column);

	*cell = AddExact(*cell, amount);
}

/* What the move adds to the equation of its pool. */
static void
AddMove(const Circle *circle, int number)
{
	ReplayMove *move = &circle->replay->month.moves[number];
	int			pool = Unknown(circle, number);
	int			sent = circle->sentBy[number];
	MoveValue	share = {move->quantity, move->givenValue};

	if (sent != NONE && ComponentOf(circle, sent) == ComponentOf(circle, number))
		AddToCell(circle, pool, Unknown(circle, sent), NegateExact(move->quantity));
	else
		share = ShareOfMonth(circle->replay, move);
	AddToCell(circle, pool, pool, share.quantity);
	AddToCell(circle, pool, circle->system->unknowns, share.value);
}

/* What was there at the beginning of the month, and all its moves. */
static void
FillSystem(const Circle *circle, int component)
{
	bool	   *begun = palloc0(sizeof(bool) * circle->system->unknowns);

	for (int i = circle->firstMoves[component]; i < circle->firstMoves[component + 1]; i++)
	{
		int			move = circle->moves[i];
		int			pool = Unknown(circle, move);

		CHECK_FOR_INTERRUPTS();
		if (!begun[pool])
		{
			const CostPool *before = &ReplayPoolOf(circle->replay, circle->replay->month.moves[move].costPoolId)->pool;

			AddToCell(circle, pool, pool, before->quantity);
			AddToCell(circle, pool, circle->system->unknowns, before->value);
		}
		begun[pool] = true;
		AddMove(circle, move);
	}
	pfree(begun);
}

/* What each issue of the month costs, of those that are sent to other pools: of all that went out so far less all before it. */
static void
KeepSolved(const Circle *circle, int component)
{
	int128	   *issued = palloc0(sizeof(int128) * circle->system->unknowns);

	for (int i = circle->firstMoves[component]; i < circle->firstMoves[component + 1]; i++)
	{
		int			number = circle->moves[i];
		const ReplayMove *move = &circle->replay->month.moves[number];
		int			pool = Unknown(circle, number);
		int128		step = PowerOfTen(AMOUNT_SCALE - ReplayPoolOf(circle->replay, move->costPoolId)->pool.decimals);
		int128		before = issued[pool];

		CHECK_FOR_INTERRUPTS();
		if (move->ofMonth || (move->quantity < 0 && move->originMoveId == 0))
			issued[pool] = SubtractExact(before, move->quantity);
		if (circle->isSent[number] && before >= 0)
			SetSolvedValue(circle->replay, move, SubtractExact(TimesSolved(circle->system, pool, before, step),
															   TimesSolved(circle->system, pool, issued[pool], step)));
	}
	pfree(issued);
}

static void
SolveComponent(Circle *circle, int component)
{
	int			unknowns = NumberUnknowns(circle, component);

	if (!circle->sends[component] || unknowns > POOLS_MAX)
		return;
	circle->system = CreateSystem(unknowns);
	FillSystem(circle, component);
	if (SolveSystem(circle->system))
		KeepSolved(circle, component);
	FreeSystem(circle->system);
}

/* What the equations go by need not be what is found in the end: that is asked of what the replay itself takes. */
void
SolveMonth(Replay *replay, DateADT firstDay, DateADT lastDay)
{
	Circle		circle = {.replay = replay};
	int			assumed = replay->set->assumed.count;
	int			components;

	if (replay->month.solved == lastDay)
		return;
	replay->month.solved = lastDay;
	if (!BeginCircle(&circle, firstDay))
		return;
	components = FindCircles(&circle);
	SortMoves(&circle, components);
	for (int i = 0; i < components; i++)
		SolveComponent(&circle, i);
	replay->set->assumed.count = assumed;
}
