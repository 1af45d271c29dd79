#include "history.h"

#include "tap.h"

#include <stdarg.h>

/* The layers of a pool that was put away, as the facts tell them: whole, less those taken back. */
typedef struct Store
{
	const History *history;
	int			end;			/* index behind the last move that is stored */
	int			next;			/* index of the first that is not loaded */
} Store;

typedef struct Player
{
	const History *history;
	CostPool	pool;
	Store		store;
	CostEdges	edges;
	int128		quantity;		/* all that came in less all that went out, as the engine says */
	int128		value;
	bool		overflowed;		/* the history ends here: the server would roll back */
} Player;

static char problemText[400];

static const char *Problem(int move, const char *format,...) __attribute__((format(printf, 2, 3)));

static const char *
Problem(int move, const char *format,...)
{
	va_list		arguments;
	int			length = snprintf(problemText, sizeof(problemText), "move %d: ", move + 1);

	va_start(arguments, format);
	vsnprintf(problemText + length, sizeof(problemText) - length, format, arguments);
	va_end(arguments);
	return problemText;
}

static MovePosition
PositionOf(int move)
{
	return (MovePosition) {.day = move / 3, .timeOfDay = 0, .moveId = move + 1};
}

/* As a store does that is asked for so many rows: only fewer of them say that there are no more. */
static void
LoadFromStore(CostPool *pool, void *argument)
{
	Store	   *store = (Store *) argument;
	int			loaded = 0;

	for (; store->next < store->end && loaded < store->history->loadAtOnce; store->next++)
	{
		const HistoryMove *move = &store->history->moves[store->next];
		CostLayer	layer = {.position = PositionOf(store->next), .quantity = move->quantity, .value = move->value};

		if (!CameIn(move) || (move->takenBackBy != 0 && move->takenBackBy < store->end))
			continue;
		AppendLayer(&pool->stored, &layer);
		loaded++;
	}
	pool->complete = loaded < store->history->loadAtOnce;
}

/* What is kept of a pool: its sums, and the layer that the next issue takes from or the last one used up. */
static CostLayer
CursorOf(const CostPool *pool)
{
	if (pool->stored.count > 0)
		return pool->stored.layers[pool->stored.first];
	if (pool->complete && pool->fresh.count > 0)
		return pool->fresh.layers[pool->fresh.first];
	return (CostLayer) {.position = pool->cursor};
}

/* The pool is stored after `end` moves, and loaded again. */
static void
PutAway(Player *player, int end)
{
	CostPool	old = player->pool;
	CostLayer	cursor = CursorOf(&old);

	player->store.history = player->history;
	player->store.end = end;
	player->store.next = (int) cursor.position.moveId;
	player->pool = (CostPool) {
		.standard = old.standard, .method = old.method, .decimals = old.decimals, .quantity = old.quantity, .value = old.value,
		.cursor = cursor.position, .loadLayers = LoadFromStore, .loadArgument = &player->store
	};
	if (cursor.quantity > 0)
		AppendLayer(&player->pool.stored, &cursor);
}

static void
Receive(Player *player, int index)
{
	const HistoryMove *move = &player->history->moves[index];
	const HistoryMove *origin = &player->history->moves[move->origin];
	int128		value = move->value;

	if (move->kind == HISTORY_RETURN)
		value = ShareRounded(origin->value, move->quantity, origin->quantity, player->history->decimals);
	value = CostReceive(&player->pool, PositionOf(index), move->quantity, value);
	player->quantity += move->quantity;
	player->value += value;
}

static CostOutcome
SendOut(Player *player, const HistoryMove *move)
{
	if (move->kind == HISTORY_ISSUE)
		return CostIssue(&player->pool, move->quantity, &player->edges);
	return CostTakeBack(&player->pool, move->origin + 1, move->quantity, player->history->moves[move->origin].value,
						&player->edges);
}

/* Each edge is the part that was derived. */
static const char *
CompareEdges(const Player *player, int index)
{
	const HistoryMove *move = &player->history->moves[index];

	if (player->edges.count != move->partCount)
		return Problem(index, "%d edges, not %d", player->edges.count, move->partCount);
	for (int i = 0; i < move->partCount; i++)
	{
		const CostEdge *edge = &player->edges.edges[i];
		const HistoryPart *part = &player->history->parts[move->firstPart + i];

		if (edge->sourceMoveId != part->source || edge->quantity != part->quantity || edge->amount != part->amount)
			return Problem(index, "%s for %s from move %d, not %s for %s from move %d",
						   Show(edge->quantity), Show(edge->amount), (int) edge->sourceMoveId,
						   Show(part->quantity), Show(part->amount), part->source);
	}
	return NULL;
}

static const char *
CheckOutgoing(Player *player, int index)
{
	const HistoryMove *move = &player->history->moves[index];
	volatile CostOutcome outcome = COST_OK;

	player->edges.count = 0;
	player->overflowed = OVERFLOWS(outcome = SendOut(player, move));
	if (player->overflowed)
		return move->mayOverflow ? NULL : Problem(index, "an overflow within the types");
	if (outcome != move->outcome)
		return Problem(index, "outcome %d, not %d", (int) outcome, (int) move->outcome);
	for (int i = 0; i < player->edges.count; i++)
	{
		player->quantity -= player->edges.edges[i].quantity;
		player->value -= player->edges.edges[i].amount;
	}
	return CompareEdges(player, index);
}

/* What came in is what went out and what is there; nothing is worth nothing; never less than nothing. */
static const char *
CheckLaws(const Player *player, int index)
{
	const CostPool *pool = &player->pool;

	if (pool->quantity != player->quantity || pool->value != player->value)
		return Problem(index, "%s worth %s are there, but %s worth %s came in and did not go out", Show(pool->quantity),
					   Show(pool->value), Show(player->quantity), Show(player->value));
	if (pool->quantity < 0 || pool->value < 0 || (pool->quantity == 0 && pool->value != 0))
		return Problem(index, "a pool of %s worth %s", Show(pool->quantity), Show(pool->value));
	return NULL;
}

static const char *
PlayMove(Player *player, int index)
{
	const char *problem = NULL;

	if (CameIn(&player->history->moves[index]))
		Receive(player, index);
	else
		problem = CheckOutgoing(player, index);
	return problem != NULL || player->overflowed ? problem : CheckLaws(player, index);
}

/* Who takes all that is left takes all of its value, and no layer stays behind. */
static const char *
CheckClosing(Player *player)
{
	CostPool   *pool = &player->pool;
	int			last = player->history->count;
	int128		value = pool->value;

	player->edges.count = 0;
	if (pool->quantity > 0 && CostIssue(pool, pool->quantity, &player->edges) != COST_OK)
		return Problem(last, "what is left cannot be issued");
	if (SumOfEdges(&player->edges, 0) != value || pool->quantity != 0 || pool->value != 0)
		return Problem(last, "all that is left costs %s, not %s", Show(SumOfEdges(&player->edges, 0)), Show(value));
	if (pool->method == COST_FIFO && HeadLayer(pool) != NULL)
		return Problem(last, "a layer is left of an empty pool");
	return NULL;
}

const char *
PlayHistory(const History *history, bool inPieces)
{
	Player		player = {
		.history = history,
		.pool = {.method = history->method, .standard = history->standard, .decimals = history->decimals, .complete = true}
	};

	for (int i = 0; i < history->count; i++)
	{
		const char *problem = PlayMove(&player, i);

		if (problem != NULL || player.overflowed)
			return problem;
		if (inPieces && history->moves[i].putAway)
			PutAway(&player, i + 1);
	}
	return CheckClosing(&player);
}
