/* The costing replay against worked examples and the naive derivation of history.h, in one go and in pieces. */
#include "history.h"

#include "tap.h"

#define HISTORIES 3000
#define BYTES_MAX 200
#define DECIMALS 2
#define CENT 100				/* at AMOUNT_SCALE */
#define UNIT 1000000			/* at QUANTITY_SCALE */

static MovePosition
PositionOf(int move)
{
	return (MovePosition) {.day = move / 3, .timeOfDay = 0, .moveId = move};
}

static void
CheckExamples(void)
{
	CostPool	fifo = {.method = COST_FIFO, .decimals = DECIMALS, .complete = true};
	CostPool	average = {.method = COST_MOVING_AVERAGE, .decimals = DECIMALS, .complete = true};
	CostEdges	edges = {0};

	/* 3 for 10.00 and 4 for 20.00. One of the first: 3.33; then 3: the 6.67 that are left of it and a quarter of 20.00. */
	CostReceive(&fifo, PositionOf(1), 3 * UNIT, 1000 * CENT);
	CostReceive(&fifo, PositionOf(2), 4 * UNIT, 2000 * CENT);
	Ok(CostIssue(&fifo, 1 * UNIT, &edges) == COST_OK && SumOfEdges(&edges, 0) == 333 * CENT, "FIFO: one of 3 worth 10.00 is 3.33");
	Ok(CostIssue(&fifo, 3 * UNIT, &edges) == COST_OK && SumOfEdges(&edges, 1) == 1167 * CENT, "FIFO: two left worth 6.67 and one of 4 worth 20.00 are 11.67");
	Ok(edges.count == 3 && edges.edges[1].sourceMoveId == 1 && edges.edges[1].quantity == 2 * UNIT &&
	   edges.edges[2].sourceMoveId == 2 && edges.edges[2].amount == 500 * CENT, "FIFO: the edges name both receipts");
	Ok(fifo.quantity == 3 * UNIT && fifo.value == 1500 * CENT, "FIFO: 3 worth 15.00 are left");
	Ok(CostIssue(&fifo, 3 * UNIT + 1, &edges) == COST_SHORT && edges.count == 3 && fifo.quantity == 3 * UNIT, "FIFO: a millionth more than there is is refused");
	Ok(CostTakeBack(&fifo, 2, 4 * UNIT, 2000 * CENT, &edges) == COST_SHORT, "FIFO: a receipt that was used cannot be taken back");
	CostReceive(&fifo, PositionOf(3), 2 * UNIT, 700 * CENT);
	Ok(CostTakeBack(&fifo, 2, 4 * UNIT, 1500 * CENT, &edges) == COST_LAYER_TOUCHED, "FIFO: nor with other receipts behind it");
	Ok(CostTakeBack(&fifo, 3, 2 * UNIT, 700 * CENT - 1, &edges) == COST_LAYER_TOUCHED, "FIFO: nor at another value than its layer's");
	Ok(CostTakeBack(&fifo, 3, 2 * UNIT, 700 * CENT, &edges) == COST_OK && fifo.quantity == 3 * UNIT && fifo.value == 1500 * CENT,
	   "FIFO: one that was not used can");

	/* 3 for 10.00, of which 1 went out (3.33) and came back: the 2 that are left and that one are the 3 for 10.00; not so with 4 for 20.00 between them. */
	fifo = (CostPool) {.method = COST_FIFO, .decimals = DECIMALS, .complete = true};
	CostReceive(&fifo, PositionOf(1), 3 * UNIT, 1000 * CENT);
	(void) CostIssue(&fifo, 1 * UNIT, &edges);
	CostReceive(&fifo, PositionOf(3), 1 * UNIT, 333 * CENT);
	edges.count = 0;
	Ok(CostTakeBack(&fifo, 1, 3 * UNIT, 1000 * CENT, &edges) == COST_OK && edges.count == 2 && edges.edges[0].amount == 667 * CENT &&
	   edges.edges[1].sourceMoveId == 3 && fifo.quantity == 0 && fifo.value == 0 && HeadLayer(&fifo) == NULL, "FIFO: one that was used and came back can");
	CostReceive(&fifo, PositionOf(4), 3 * UNIT, 1000 * CENT);
	(void) CostIssue(&fifo, 1 * UNIT, &edges);
	CostReceive(&fifo, PositionOf(5), 4 * UNIT, 2000 * CENT);
	CostReceive(&fifo, PositionOf(6), 1 * UNIT, 333 * CENT);
	Ok(CostTakeBack(&fifo, 4, 3 * UNIT, 1000 * CENT, &edges) == COST_LAYER_TOUCHED && fifo.quantity == 7 * UNIT, "FIFO: not so where others are next");
	Ok(CostTakeBack(&fifo, 5, 4 * UNIT, 2000 * CENT - 1, &edges) == COST_LAYER_TOUCHED, "FIFO: nor one that is there, in the place of others");

	/* The pool: 7 for 30.00. One: 4.29; then 6 take all of 25.71. */
	edges.count = 0;
	CostReceive(&average, PositionOf(1), 3 * UNIT, 1000 * CENT);
	CostReceive(&average, PositionOf(2), 4 * UNIT, 2000 * CENT);
	Ok(CostIssue(&average, 1 * UNIT, &edges) == COST_OK && SumOfEdges(&edges, 0) == 429 * CENT, "average: one of 7 worth 30.00 is 4.29");
	Ok(CostIssue(&average, 6 * UNIT, &edges) == COST_OK && SumOfEdges(&edges, 1) == 2571 * CENT, "average: the last takes the rest");
	Ok(average.quantity == 0 && average.value == 0, "average: no quantity, no value");
	Ok(CostIssue(&average, 1, &edges) == COST_SHORT, "average: nothing can be taken of nothing");
	ResetMemory();
}

/* One pool through every method: its value changes where standard cost says so, and nowhere else. */
static void
CheckChanges(void)
{
	CostPool	pool = {.method = COST_FIFO, .decimals = DECIMALS, .complete = true};
	CostEdges	edges = {0};

	/* 3 for 10.00 and 4 for 20.00, one of them issued: 2 worth 6.67 and 4 worth 20.00. */
	CostReceive(&pool, PositionOf(1), 3 * UNIT, 1000 * CENT);
	CostReceive(&pool, PositionOf(2), 4 * UNIT, 2000 * CENT);
	(void) CostIssue(&pool, 1 * UNIT, &edges);
	edges.count = 0;
	Ok(CostChangeMethod(&pool, COST_MOVING_AVERAGE, 0, PositionOf(3), &edges) == COST_OK && pool.value == 2667 * CENT && edges.count == 3 &&
	   edges.edges[0].amount == 667 * CENT && edges.edges[1].amount == 2000 * CENT && edges.edges[2].sourceMoveId == 0 &&
	   edges.edges[2].quantity == -6 * UNIT && SumOfEdges(&edges, 0) == 0, "FIFO to average: both layers go out, their sum comes in");
	edges.count = 0;
	Ok(CostChangeMethod(&pool, COST_STANDARD, 5 * PowerOfTen(PRICE_SCALE), PositionOf(4), &edges) == COST_OK && pool.value == 3000 * CENT &&
	   edges.count == 1 && edges.edges[0].quantity == 0 && edges.edges[0].amount == -333 * CENT, "average to standard: 6 at 5.00, 3.33 more");
	edges.count = 0;
	Ok(CostChangeMethod(&pool, COST_FIFO, 0, PositionOf(5), &edges) == COST_OK && pool.value == 3000 * CENT && edges.count == 2 &&
	   edges.edges[1].sourceMoveId == 5 && edges.edges[1].quantity == -6 * UNIT, "standard to FIFO: one layer of what there is");
	CostReceive(&pool, PositionOf(6), 1 * UNIT, 900 * CENT);
	edges.count = 0;
	Ok(CostIssue(&pool, 7 * UNIT, &edges) == COST_OK && edges.count == 2 && edges.edges[0].sourceMoveId == 5 && edges.edges[1].sourceMoveId == 6 &&
	   pool.quantity == 0 && pool.value == 0, "what comes later stands behind it");
	edges.count = 0;
	Ok(CostChangeMethod(&pool, COST_SPECIFIC, 0, PositionOf(7), &edges) == COST_OK && edges.count == 1 && edges.edges[0].quantity == 0 &&
	   edges.edges[0].amount == 0, "nothing changes its method as nothing");
	pool.quantity = -UNIT;
	Ok(CostChangeMethod(&pool, COST_FIFO, 0, PositionOf(8), &edges) == COST_SHORT && pool.method == COST_SPECIFIC, "less than nothing does not");
	ResetMemory();
}

/* Histories of random bytes: what the fuzzer finds is tried here a few thousand times in every run of the tests. */
static void
CheckHistories(const char *name, CostMethod method, bool inPieces)
{
	BeginProperty(name);
	for (int i = 0; i < HISTORIES; i++)
	{
		static History history;
		uint8		bytes[BYTES_MAX];
		int			size = RandomInt(2, BYTES_MAX);
		const char *problem;

		for (int j = 0; j < size; j++)
			bytes[j] = (uint8) RandomInt(0, UINT8_MAX);
		ReadHistory(&history, bytes, size, method);
		problem = PlayHistory(&history, inPieces);
		for (int j = 0; j < history.count; j++)
			CountCase();
		if (problem != NULL)
			FailCase("history %d, %s", i, problem);
		ResetMemory();
	}
	EndProperty();
}

#define MONTH_MOVES 40

/* What the first n of Q units worth V cost, halves up; all of them small. */
static int128
FirstOfMonth(int128 value, int128 count, int128 quantity)
{
	return (2 * value * count + quantity * CENT) / (2 * quantity * CENT) * CENT;
}

/* A month that is run: issues, in any order among receipts, cost together what all that went out costs, each what it adds to that. */
static void
CheckMonths(void)
{
	BeginProperty("the issues of a month that was run share its average to the cent");
	for (int i = 0; i < HISTORIES; i++)
	{
		CostPool	pool = {.method = COST_MONTHLY_AVERAGE, .decimals = DECIMALS, .complete = true};
		CostEdges	edges = {0};
		int128		moves[MONTH_MOVES];
		int128		values[MONTH_MOVES];
		int128		quantity = 0;
		int128		value = 0;
		int128		there = 0;
		int128		issued = 0;

		for (int j = 0; j < MONTH_MOVES; j++)
		{
			bool		comesIn = there == 0 || RandomInt(0, 1) == 0;

			moves[j] = comesIn ? RandomInt(1, 50) * UNIT : -(int128) RandomInt(1, (int) Min(there / UNIT, 60)) * UNIT;
			values[j] = comesIn ? (int128) RandomInt(0, 99999) * CENT : 0;
			there += moves[j];
			quantity += comesIn ? moves[j] : 0;
			value += values[j];
		}
		if (CostOpenMonth(&pool, quantity, value) != COST_OK)
			FailCase("history %d: the month does not open", i);
		for (int j = 0; j < MONTH_MOVES; j++)
		{
			int128		wanted = FirstOfMonth(value, issued - moves[j], quantity) - FirstOfMonth(value, issued, quantity);

			CountCase();
			if (moves[j] > 0)
			{
				(void) CostReceive(&pool, PositionOf(j), moves[j], values[j]);
				continue;
			}
			edges.count = 0;
			if (CostIssue(&pool, -moves[j], &edges) != COST_OK || SumOfEdges(&edges, 0) != wanted || wanted < 0)
				FailCase("history %d, move %d: %s, not %s", i, j, Show(SumOfEdges(&edges, 0)), Show(wanted));
			issued -= moves[j];
		}
		CostCloseMonth(&pool);
		if (pool.quantity != there || pool.value != value - FirstOfMonth(value, issued, quantity) || (there == 0 && pool.value != 0))
			FailCase("history %d: %s worth %s are left", i, Show(pool.quantity), Show(pool.value));
		ResetMemory();
	}
	EndProperty();
}

/* What was settled less what it was taken for. */
static void
AddSettlement(CostPool *pool, const CostSettlement *settlement, void *argument)
{
	(void) pool;
	*(int128 *) argument += settlement->amount - settlement->provisional;
}

/* Below zero: what came in is what went out, as settled, and what is there; nothing is worth nothing, and what is there is worth no less. */
static void
CheckNegative(void)
{
	static const CostMethod methods[] = {COST_FIFO, COST_MOVING_AVERAGE, COST_STANDARD};

	BeginProperty("issues beyond what is there are settled by the receipts that cover them");
	for (int i = 0; i < HISTORIES; i++)
	{
		int128		cost = 0;
		CostPool	pool = {
			.method = methods[i % 3], .decimals = DECIMALS, .complete = true, .keepsLast = true, .standard = RandomInt(0, 1000000000),
			.settle = AddSettlement, .settleArgument = &cost
		};
		CostEdges	edges = {0};
		int128		value = 0;
		int128		quantity = 0;

		for (int j = 0; j < MONTH_MOVES; j++)
		{
			int128		moved = RandomInt(1, 50) * UNIT;

			CountCase();
			edges.count = 0;
			if (RandomInt(0, 1) == 0)
			{
				value += CostReceive(&pool, PositionOf(j), moved, (int128) RandomInt(0, 99999) * CENT);
				quantity += moved;
			}
			else
			{
				(void) CostIssueBeyond(&pool, j, moved, &edges);
				quantity -= moved;
			}
			cost += SumOfEdges(&edges, 0);
			if (pool.quantity != quantity || pool.value != value - cost || (quantity == 0 && pool.value != 0) ||
				(quantity > 0 && pool.value < 0) || (quantity < 0 && pool.value > 0) || (methods[i % 3] != COST_STANDARD && (quantity >= 0) != (pool.debts.count == 0)))
				FailCase("history %d, move %d: %s worth %s", i, j, Show(pool.quantity), Show(pool.value));
		}
		ResetMemory();
	}
	EndProperty();
}

int
main(void)
{
	CheckExamples();
	CheckChanges();
	CheckHistories("FIFO agrees with the naive derivation", COST_FIFO, false);
	CheckHistories("FIFO put away and loaded piece by piece agrees with it", COST_FIFO, true);
	CheckHistories("moving average agrees with the naive derivation", COST_MOVING_AVERAGE, false);
	CheckHistories("moving average put away and loaded agrees with it", COST_MOVING_AVERAGE, true);
	CheckHistories("monthly average, until its month is run, agrees with it", COST_MONTHLY_AVERAGE, true);
	CheckHistories("specific cost agrees with it", COST_SPECIFIC, true);
	CheckHistories("standard cost agrees with it", COST_STANDARD, false);
	CheckHistories("standard cost put away and loaded agrees with it", COST_STANDARD, true);
	CheckMonths();
	CheckNegative();
	return Finish();
}
