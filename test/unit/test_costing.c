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

int
main(void)
{
	CheckExamples();
	CheckHistories("FIFO agrees with the naive derivation", COST_FIFO, false);
	CheckHistories("FIFO put away and loaded piece by piece agrees with it", COST_FIFO, true);
	CheckHistories("moving average agrees with the naive derivation", COST_MOVING_AVERAGE, false);
	CheckHistories("moving average put away and loaded agrees with it", COST_MOVING_AVERAGE, true);
	return Finish();
}
