/*
 * Replay of one item: all its moves in order through the cost methods, from
 * empty pools. New moves of the batch get their edges; on moves that stood
 * already, what differs from their entries becomes changes, never an update.
 */
#include "postgres.h"

#include "utils/date.h"

#include "inventory/replay.h"
#include "inventory/stock_lock.h"

#define FIRST_PLACES 8
#define FIRST_VALUES 256

static StockPool *
PoolOf(Replay *replay, int64 costPoolId)
{
	int			number = PairNumber(replay->poolNumbers, (uint64) costPoolId);
	StockPool  *stock;

	if (number < replay->poolCount)
		return &replay->pools[number];
	replay->pools = replay->pools == NULL ? palloc(sizeof(StockPool) * (number + 1)) :
		repalloc(replay->pools, sizeof(StockPool) * (number + 1));
	stock = &replay->pools[number];
	memset(stock, 0, sizeof(StockPool));
	stock->itemId = replay->item->itemId;
	stock->costPoolId = costPoolId;
	stock->pool.method = replay->item->cause->method;
	stock->pool.decimals = replay->run->batch->company->currency->decimals;
	stock->pool.cursor.day = DATEVAL_NOBEGIN;
	stock->pool.complete = true;
	replay->poolCount++;
	return stock;
}

static void
RememberValue(Replay *replay, int128 quantity, int128 value)
{
	int			number = PairNumber(replay->valueNumbers, (uint64) replay->move.position.moveId);

	if (number >= replay->valueCapacity)
	{
		replay->valueCapacity *= 2;
		replay->values = repalloc_huge(replay->values, sizeof(MoveValue) * replay->valueCapacity);
	}
	replay->values[number].quantity = quantity;
	replay->values[number].value = value;
}

/* What the replay found for an earlier move; it is of the same item and so was met before. */
static MoveValue
ValueOf(Replay *replay, int64 moveId)
{
	int			number = FindPair(replay->valueNumbers, (uint64) moveId);

	if (number < 0)
		RaiseProblem(replay->run->batch, replay->item->cause->document, replay->item->cause, NULL, NULL,
					 ERRCODE_ERP_NO_ORIGIN, "a move refers to an origin that is not earlier");
	return replay->values[number];
}

/* The place must never hold less than nothing. */
static void
MoveReplayPlace(Replay *replay)
{
	const ReplayMove *move = &replay->move;
	int			before = PairCount(replay->placeNumbers);
	int			number = PairNumber(replay->placeNumbers, PAIR_KEY(move->warehouseId, 0));

	if (number == before)
	{
		if (number >= replay->placeCapacity)
		{
			replay->placeCapacity *= 2;
			replay->quantities = repalloc(replay->quantities, sizeof(int128) * replay->placeCapacity);
		}
		replay->quantities[number] = 0;
	}
	replay->quantities[number] = AddExact(replay->quantities[number], move->quantity);
	if (replay->quantities[number] < 0)
		RaiseShort(replay->run->batch, replay->item->cause, NegateExact(replay->quantities[number]), &move->position);
}

static int128
ReplayIncoming(Replay *replay, StockPool *stock)
{
	const ReplayMove *move = &replay->move;
	int128		value = move->givenValue;

	if (move->originMoveId != 0)
	{
		MoveValue	origin = ValueOf(replay, move->originMoveId);

		value = ShareRounded(NegateExact(origin.value), move->quantity, NegateExact(origin.quantity), stock->pool.decimals);
	}
	CostReceive(&stock->pool, move->position, move->quantity, value);
	return value;
}

static int128
ReplayOutgoing(Replay *replay, StockPool *stock, CostEdges *edges)
{
	const ReplayMove *move = &replay->move;
	DocumentLine *cause = replay->item->cause;
	int128		quantity = NegateExact(move->quantity);
	int			first = edges->count;
	CostOutcome outcome;

	if (move->originMoveId != 0)
		outcome = CostTakeBack(&stock->pool, move->originMoveId, quantity,
							   ValueOf(replay, move->originMoveId).value, edges);
	else
		outcome = CostIssue(&stock->pool, quantity, edges);
	if (outcome == COST_SHORT)
		RaiseShort(replay->run->batch, cause, quantity - stock->pool.quantity, &move->position);
	if (outcome == COST_LAYER_TOUCHED)
		RaiseProblem(replay->run->batch, cause->document, cause, NULL, NULL, ERRCODE_ERP_NOT_REVERSIBLE,
					 "a receipt that is reversed later would not be whole any more");
	return NegateExact(SumOfEdges(edges, first));
}

static void
AddChange(StockRun *run, int64 moveId, int64 sourceMoveId, int entryNo, int128 quantity, int128 amount)
{
	CostChange *change;

	if (run->changeCount == run->changeCapacity)
	{
		run->changeCapacity = Max(64, run->changeCapacity * 2);
		run->changes = run->changes == NULL ? palloc(sizeof(CostChange) * run->changeCapacity) :
			repalloc_huge(run->changes, sizeof(CostChange) * run->changeCapacity);
	}
	change = &run->changes[run->changeCount++];
	memset(change, 0, sizeof(CostChange));
	change->moveId = moveId;
	change->sourceMoveId = sourceMoveId;
	change->entryNo = entryNo;
	change->quantity = quantity;
	change->amount = amount;
}

/* Entries wanted less entries that stand: each difference is a change. */
static void
CompareEntries(Replay *replay, const CostEdges *wanted)
{
	ReplayMove *move = &replay->move;

	for (int i = 0; i < move->stored.count; i++)
	{
		move->stored.edges[i].quantity = NegateExact(move->stored.edges[i].quantity);
		move->stored.edges[i].amount = NegateExact(move->stored.edges[i].amount);
	}
	for (int i = 0; i < wanted->count; i++)
		AddNet(&move->stored, wanted->edges[i].sourceMoveId, wanted->edges[i].quantity, wanted->edges[i].amount);
	for (int i = 0; i < move->stored.count; i++)
	{
		const CostEdge *difference = &move->stored.edges[i];

		if (difference->quantity != 0 || difference->amount != 0)
			AddChange(replay->run, move->position.moveId, difference->sourceMoveId, ++move->lastEntryNo,
					  difference->quantity, difference->amount);
	}
}

static void
ReplayOld(Replay *replay, StockPool *stock)
{
	ReplayMove *move = &replay->move;
	CostEdges  *wanted = &replay->scratch;
	int128		value;

	wanted->count = 0;
	if (move->quantity > 0)
	{
		value = ReplayIncoming(replay, stock);
		AppendEdge(wanted, move->originMoveId, move->quantity, value);
	}
	else
	{
		value = ReplayOutgoing(replay, stock, wanted);
		for (int i = 0; i < wanted->count; i++)
		{
			wanted->edges[i].quantity = NegateExact(wanted->edges[i].quantity);
			wanted->edges[i].amount = NegateExact(wanted->edges[i].amount);
		}
	}
	/* Landed costs and revaluations of a receipt are entries of one source, as the receipt itself is. */
	CompareEntries(replay, wanted);
	RememberValue(replay, move->quantity, value);
}

static void
ReplayNew(Replay *replay, StockPool *stock)
{
	ReplayMove *move = &replay->move;
	DocumentLine *line = move->line;

	line->firstEdge = replay->run->edges.count;
	if (move->quantity > 0)
		line->moveValue = ReplayIncoming(replay, stock);
	else
		line->moveValue = ReplayOutgoing(replay, stock, &replay->run->edges);
	line->edgeCount = replay->run->edges.count - line->firstEdge;
	RememberValue(replay, move->quantity, line->moveValue);
}

void
ReplayOneMove(Replay *replay)
{
	StockPool  *stock = PoolOf(replay, replay->move.costPoolId);

	MoveReplayPlace(replay);
	stock->last = replay->move.position;
	if (replay->move.line != NULL)
		ReplayNew(replay, stock);
	else
		ReplayOld(replay, stock);
}

/* The run's pools and places of the item take over what the replay ended with. */
static void
TakeOver(Replay *replay)
{
	StockRun   *run = replay->run;

	for (int i = 0; i < replay->poolCount; i++)
	{
		StockPool  *replayed = &replay->pools[i];
		StockPool  *stock = PoolOfRun(run, replayed->itemId, replayed->costPoolId);

		stock->pool = replayed->pool;
		stock->last = replayed->last;
		stock->changed = true;
	}
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];
		StockPlace *place;

		if (line->itemId != replay->item->itemId)
			continue;
		place = PlaceOf(run, line->itemId, line->warehouseId);
		place->onHand = replay->quantities[FindPair(replay->placeNumbers, PAIR_KEY(line->warehouseId, 0))];
		place->changed = true;
		if (line->moveQuantity < 0 && place->onHand < place->reserved)
			RaiseShort(run->batch, line, place->reserved - place->onHand, &replay->item->last);
	}
}

void
ReplayItem(StockRun *run, StockItem *item)
{
	Replay		replay = {
		.run = run,
		.item = item,
		.poolNumbers = CreatePairMap(),
		.placeNumbers = CreatePairMap(),
		.quantities = palloc(sizeof(int128) * FIRST_PLACES),
		.placeCapacity = FIRST_PLACES,
		.valueNumbers = CreatePairMap(),
		.values = palloc(sizeof(MoveValue) * FIRST_VALUES),
		.valueCapacity = FIRST_VALUES
	};

	ReplayMoves(&replay);
	TakeOver(&replay);
}
