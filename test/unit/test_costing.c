/* The costing replay against worked examples and a naive one, whole and with its layers loaded piece by piece. */
#include "inventory/costing.h"

#include "tap.h"

#define HISTORIES 3000
#define MOVES_MAX 40
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

/* A history: quantity > 0 comes in with its value, < 0 goes out. Small enough for 64 bits: quantities in quantityUnit, values in cents. */
typedef struct Move
{
	int64		quantity;
	int64		value;
} Move;

/* Of the present history: whole pieces, or the least quantity there is, which shows what is off by one. */
static int128 quantityUnit = UNIT;

typedef struct Expected
{
	bool		refused;
	int64		cost;
} Expected;

static int64
NaiveShare(int64 value, int64 part, int64 whole)
{
	int64		twice = 2 * value * part / whole;
	bool		exactHalf = twice % 2 == 1;

	/* Twice the share, cut to whole halves: an odd number of them is half a cent or more above. */
	return twice / 2 + (exactHalf ? 1 : 0);
}

static void
NaiveFifo(Move *layers, int count, int64 quantity, Expected *expected)
{
	for (int i = 0; i < count && quantity > 0; i++)
	{
		int64		taken = Min(layers[i].quantity, quantity);
		int64		cost;

		if (taken <= 0)
			continue;
		cost = taken == layers[i].quantity ? layers[i].value : NaiveShare(layers[i].value, taken, layers[i].quantity);
		layers[i].quantity -= taken;
		layers[i].value -= cost;
		expected->cost += cost;
		quantity -= taken;
	}
}

/* What each move of the history costs, by layers kept where they came in, or by one sum. */
static void
NaiveReplay(const Move *moves, int count, CostMethod method, Expected *expected)
{
	Move		layers[MOVES_MAX] = {{0}};
	Move		pool = {0};

	for (int i = 0; i < count; i++)
	{
		expected[i] = (Expected) {0};
		if (moves[i].quantity > 0)
			layers[i] = moves[i];
		else if (pool.quantity < -moves[i].quantity)
			expected[i].refused = true;
		else if (method == COST_FIFO)
			NaiveFifo(layers, i, -moves[i].quantity, &expected[i]);
		else
			expected[i].cost = NaiveShare(pool.value, -moves[i].quantity, pool.quantity);

		if (!expected[i].refused)
		{
			pool.quantity += moves[i].quantity;
			pool.value += moves[i].value - expected[i].cost;
		}
	}
}

static int
RandomHistory(Move *moves)
{
	int			count = RandomInt(1, MOVES_MAX);

	quantityUnit = RandomInt(0, 1) == 0 ? 1 : UNIT;
	for (int i = 0; i < count; i++)
	{
		bool		in = RandomInt(0, 9) < 4;

		moves[i].quantity = in ? RandomInt(1, 50) : -RandomInt(1, 30);
		moves[i].value = in ? RandomInt(0, 20) * RandomInt(0, 10000) : 0;
	}
	return count;
}

/* Edges name only receipts that came before, and add up to the quantity. */
static bool
EdgesAreSound(const CostEdges *edges, int first, int move, int64 quantity)
{
	int128		sum = 0;

	for (int i = first; i < edges->count; i++)
	{
		sum += edges->edges[i].quantity;
		if (edges->edges[i].quantity <= 0 || edges->edges[i].amount < 0 || edges->edges[i].sourceMoveId > move)
			return false;
	}
	return sum == quantity * quantityUnit;
}

static void
ReplayMove(CostPool *pool, CostEdges *edges, const Move *moves, int move, const Expected *expected)
{
	int			first = edges->count;
	CostOutcome outcome;

	if (moves[move].quantity > 0)
	{
		CostReceive(pool, PositionOf(move + 1), moves[move].quantity * quantityUnit, moves[move].value * CENT);
		return;
	}
	CountCase();
	outcome = CostIssue(pool, -moves[move].quantity * quantityUnit, edges);
	if ((outcome == COST_SHORT) != expected[move].refused)
		FailCase("move %d: outcome %d", move, outcome);
	else if (SumOfEdges(edges, first) != (int128) expected[move].cost * CENT)
		FailCase("move %d costs %s, not %lld", move, Show(SumOfEdges(edges, first)), (long long) expected[move].cost * CENT);
	else if (outcome == COST_OK && !EdgesAreSound(edges, first, move, -moves[move].quantity))
		FailCase("move %d: edges", move);
}

static void
CheckHistories(const char *name, CostMethod method)
{
	BeginProperty(name);
	for (int i = 0; i < HISTORIES; i++)
	{
		Move		moves[MOVES_MAX];
		Expected	expected[MOVES_MAX];
		int			count = RandomHistory(moves);
		CostPool	pool = {.method = method, .decimals = DECIMALS, .complete = true};
		CostEdges	edges = {0};

		NaiveReplay(moves, count, method, expected);
		for (int move = 0; move < count; move++)
			ReplayMove(&pool, &edges, moves, move, expected);
		if (pool.value < 0 || pool.quantity < 0 || (pool.quantity == 0 && pool.value != 0))
			FailCase("a pool of %s worth %s", Show(pool.quantity), Show(pool.value));
		ResetMemory();
	}
	EndProperty();
}

/* What a pool that was put away still holds, given back a few layers at a time. */
typedef struct Store
{
	LayerQueue *queue;
	int			next;
} Store;

static void
LoadSome(CostPool *pool, void *argument)
{
	Store	   *store = (Store *) argument;
	int			count = RandomInt(1, 3);

	while (count-- > 0 && store->next < store->queue->count)
		AppendLayer(&pool->stored, &store->queue->layers[store->queue->first + store->next++]);
	if (store->next == store->queue->count)
		pool->complete = true;
}

/* A history stopped in the middle and taken up from stored layers costs what it costs in one go. */
static void
CheckTakenUp(void)
{
	BeginProperty("FIFO taken up from stored layers agrees with the whole replay");
	for (int i = 0; i < HISTORIES; i++)
	{
		Move		moves[MOVES_MAX];
		Expected	expected[MOVES_MAX];
		int			count = RandomHistory(moves);
		int			middle = RandomInt(0, count);
		CostPool	before = {.method = COST_FIFO, .decimals = DECIMALS, .complete = true};
		Store		store = {.queue = &before.fresh};
		CostPool	after = {.method = COST_FIFO, .decimals = DECIMALS, .loadLayers = LoadSome, .loadArgument = &store};
		CostEdges	edges = {0};

		NaiveReplay(moves, count, COST_FIFO, expected);
		for (int move = 0; move < middle; move++)
			ReplayMove(&before, &edges, moves, move, expected);
		after.quantity = before.quantity;
		after.value = before.value;
		for (int move = middle; move < count; move++)
			ReplayMove(&after, &edges, moves, move, expected);
		ResetMemory();
	}
	EndProperty();
}

int
main(void)
{
	CheckExamples();
	CheckHistories("FIFO agrees with the naive replay", COST_FIFO);
	CheckHistories("moving average agrees with the naive replay", COST_MOVING_AVERAGE);
	CheckTakenUp();
	return Finish();
}
