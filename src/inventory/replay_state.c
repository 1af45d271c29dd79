/*
 * The pools of an item just before a position, from the nearest checkpoint and
 * the entries that are stored behind it. No method runs: an entry says what was
 * taken. Which layer a FIFO pool had at its head follows from how much was taken.
 */
#include "postgres.h"

#include "inventory/replay.h"
#include "inventory/stock_lock.h"

/* What was taken of a pool since the checkpoint, and of which layers. */
typedef struct PoolTaking
{
	int128		quantity;		/* by issues */
	PairMap    *layerNumbers;
	int128	   *amounts;
	int			capacity;
} PoolTaking;

typedef struct Takings
{
	PoolTaking *takings;		/* one for each pool of the replay */
	int			count;
} Takings;

StockPool *
ReplayPoolOf(Replay *replay, int64 costPoolId)
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
	stock->pool.method = replay->method;
	stock->pool.decimals = replay->run->batch->company->currency->decimals;
	stock->pool.standard = replay->standard;
	stock->pool.keepsLast = replay->run->batch->company->allowsNegativeStock;
	stock->pool.settle = SettleReplayed;
	stock->pool.settleArgument = replay;
	stock->last = FirstPosition;
	stock->begin = replay->start;
	stock->pool.cursor = replay->start;
	stock->pool.complete = true;
	replay->poolCount++;
	return stock;
}

StockPool *
PoolOfMove(Replay *replay, const ReplayMove *move)
{
	replay->method = MethodOn(replay->item, move->position.day);
	return ReplayPoolOf(replay, move->costPoolId);
}

static PoolTaking *
TakingOf(Takings *takings, const Replay *replay, const StockPool *stock)
{
	int			number = (int) (stock - replay->pools);

	if (number >= takings->count)
	{
		takings->takings = takings->takings == NULL ? palloc(sizeof(PoolTaking) * (number + 1)) :
			repalloc(takings->takings, sizeof(PoolTaking) * (number + 1));
		memset(takings->takings + takings->count, 0, sizeof(PoolTaking) * (number + 1 - takings->count));
		takings->count = number + 1;
	}
	return &takings->takings[number];
}

static void
TakeFromLayer(PoolTaking *taking, int64 layerId, int128 amount)
{
	int			before;
	int			number;

	if (taking->layerNumbers == NULL)
		taking->layerNumbers = CreatePairMap();
	before = PairCount(taking->layerNumbers);
	number = PairNumber(taking->layerNumbers, (uint64) layerId);
	if (number == taking->capacity)
	{
		taking->capacity = Max(64, taking->capacity * 2);
		taking->amounts = taking->amounts == NULL ? palloc(sizeof(int128) * taking->capacity) :
			repalloc(taking->amounts, sizeof(int128) * taking->capacity);
	}
	if (number == before)
		taking->amounts[number] = 0;
	taking->amounts[number] = AddExact(taking->amounts[number], amount);
}

/* A layer of which something is taken back, and that was at the head. */
static void
TakeHead(CostPool *pool, const CostEdge *edge)
{
	LayerQueue *queue = &pool->stored;
	CostLayer  *head = queue->count == 0 ? NULL : &queue->layers[queue->first];

	if (head == NULL || head->position.moveId != edge->sourceMoveId)
		return;
	head->quantity = AddExact(head->quantity, edge->quantity);
	head->value = AddExact(head->value, edge->amount);
	if (head->quantity > 0)
		return;
	pool->cursor = head->position;
	queue->first++;
	queue->count--;
}

/* The pool is costed by another method from here on: as its entries say, one layer or none. */
static void
ApplyChange(const ReplayMove *move, CostPool *pool, PoolTaking *taking, CostMethod method)
{
	CostLayer	layer = {.position = move->position};

	memset(taking, 0, sizeof(PoolTaking));
	pool->method = method;
	pool->stored.count = 0;
	pool->cursor = move->position;
	for (int i = 0; i < move->stored.count; i++)
	{
		if (move->stored.edges[i].sourceMoveId != move->position.moveId)
			continue;
		layer.quantity = move->stored.edges[i].quantity;
		layer.value = move->stored.edges[i].amount;
	}
	if (layer.quantity > 0)
		AppendLayer(&pool->stored, &layer);
}

static void
ApplyEntries(Replay *replay, Takings *takings, const ReplayMove *move)
{
	StockPool  *stock = PoolOfMove(replay, move);
	PoolTaking *taking = TakingOf(takings, replay, stock);
	const MethodChange *change = move->quantity == 0 ? ChangeOf(replay->item, move->documentId) : NULL;

	for (int i = 0; i < move->stored.count; i++)
	{
		const CostEdge *edge = &move->stored.edges[i];

		stock->pool.quantity = AddExact(stock->pool.quantity, edge->quantity);
		stock->pool.value = AddExact(stock->pool.value, edge->amount);
		if (move->quantity >= 0 || stock->pool.method != COST_FIFO)
			continue;
		if (move->originMoveId != 0 && edge->sourceMoveId == move->originMoveId)
		{
			TakeHead(&stock->pool, edge);
			continue;
		}
		taking->quantity = SubtractExact(taking->quantity, edge->quantity);
		TakeFromLayer(taking, edge->sourceMoveId, NegateExact(edge->amount));
	}
	if (change != NULL)
		ApplyChange(move, &stock->pool, taking, change->method);
	replay->amidChange = change != NULL;
	stock->last = move->position;
}

/* Layers go in the order in which they came: by the quantity that was taken, whole ones first and a part of the next. */
static void
SettleLayers(StockPool *stock, const PoolTaking *taking)
{
	CostPool   *pool = &stock->pool;
	int128		left = taking->quantity;

	while (left > 0)
	{
		CostLayer  *layer = HeadLayer(pool);

		if (layer == NULL)
			ReportArithmeticOverflow("cost layers, which hold less than was taken of them");
		ErpCheckInterrupts();
		if (layer->quantity > left)
		{
			int			number = FindPair(taking->layerNumbers, (uint64) layer->position.moveId);

			layer->quantity -= left;
			layer->value = SubtractExact(layer->value, number < 0 ? 0 : taking->amounts[number]);
			return;
		}
		left -= layer->quantity;
		pool->cursor = layer->position;
		pool->stored.first++;
		pool->stored.count--;
	}
}

/* Pools become those just before the position; layers behind the head are loaded when they are wanted. */
static void
SettlePools(Replay *replay, Takings *takings, MovePosition position)
{
	for (int i = 0; i < replay->poolCount; i++)
	{
		StockPool  *stock = &replay->pools[i];

		if (stock->pool.method != COST_FIFO)
			continue;
		AttachLayersBefore(stock, replay->run->batch->company->companyId, position);
		SettleLayers(stock, TakingOf(takings, replay, stock));
		if (stock->pool.quantity == 0)
			stock->pool.complete = true;
	}
	takings->count = 0;
	takings->takings = NULL;
}

/* The queue is what is left of the head: whatever else was loaded is loaded again, less what has been taken back of it by then. */
static void
KeepHeads(Replay *replay)
{
	for (int i = 0; i < replay->poolCount; i++)
		replay->pools[i].pool.stored.count = Min(replay->pools[i].pool.stored.count, 1);
}

void
LoadStateBefore(Replay *replay, MovePosition position)
{
	Takings		takings = {0};
	const ReplayMove *move;

	replay->poolNumbers = CreatePairMap();
	replay->poolCount = 0;
	replay->pools = NULL;
	replay->start = FirstPosition;
	replay->standard = EverCostedBy(replay->item, COST_STANDARD) ? StandardBefore(replay->run, replay->item, &position) : NO_STANDARD;
	replay->amidChange = false;
	if (replay->set->whole)
		return;
	replay->start = LoadCheckpoint(replay, &position);
	OpenMoves(replay, replay->start, position);
	replay->sinceSnapshot = 0;
	while ((move = NextMove(replay)) != NULL)
	{
		if (ComparePosition(&move->position, &replay->start) <= 0)
			continue;
		if (replay->sinceSnapshot >= CHECKPOINT_MOVES)
		{
			MovePosition before = move->position;

			SettlePools(replay, &takings, before);
			TakeSnapshot(replay, &replay->last);
			KeepHeads(replay);
			replay->start = replay->last;
		}
		ApplyEntries(replay, &takings, move);
		replay->last = move->position;
		replay->sinceSnapshot++;
		movesReplayed++;
	}
	SettlePools(replay, &takings, position);
	replay->start = position;
	for (int i = 0; i < replay->poolCount; i++)
		replay->pools[i].pool.standard = replay->standard;
}
