#include "inventory/costing.h"

#define FIRST_CAPACITY 16

const char *const CostMethodNames[COST_METHOD_COUNT] = {"fifo", "moving_average", "monthly_average", "specific", "standard"};

CostMethod
FindCostMethod(const char *name)
{
	for (int i = 0; i < COST_METHOD_COUNT; i++)
	{
		if (strcmp(name, CostMethodNames[i]) == 0)
			return (CostMethod) i;
	}
	return COST_FIFO;
}

int
ComparePosition(const MovePosition *a, const MovePosition *b)
{
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->timeOfDay != b->timeOfDay)
		return a->timeOfDay < b->timeOfDay ? -1 : 1;
	if (a->moveId != b->moveId)
		return a->moveId < b->moveId ? -1 : 1;
	return 0;
}

CostPoolScope
FindPoolScope(const char *name)
{
	return strcmp(name, "lot") == 0 ? POOL_OF_LOT : strcmp(name, "warehouse") == 0 ? POOL_OF_WAREHOUSE : POOL_OF_COMPANY;
}

/* Makes room for one more layer: first by closing the gap of consumed ones. */
static void
GrowQueue(LayerQueue *queue)
{
	if (queue->layers == NULL)
	{
		queue->capacity = FIRST_CAPACITY;
		queue->layers = palloc(sizeof(CostLayer) * queue->capacity);
	}
	else if (queue->first > queue->capacity / 2)
	{
		memmove(queue->layers, queue->layers + queue->first, sizeof(CostLayer) * queue->count);
		queue->first = 0;
	}
	else
	{
		queue->capacity *= 2;
		queue->layers = repalloc(queue->layers, sizeof(CostLayer) * queue->capacity);
	}
}

void
AppendLayer(LayerQueue *queue, const CostLayer *layer)
{
	if (queue->first + queue->count == queue->capacity)
		GrowQueue(queue);
	queue->layers[queue->first + queue->count++] = *layer;
}

/* The first queue that holds layers, after loading what is stored and not loaded yet. */
static LayerQueue *
HeadQueue(CostPool *pool)
{
	while (pool->stored.count == 0 && !pool->complete)
		pool->loadLayers(pool, pool->loadArgument);
	if (pool->stored.count > 0)
		return &pool->stored;
	return pool->fresh.count > 0 ? &pool->fresh : NULL;
}

CostLayer *
HeadLayer(CostPool *pool)
{
	LayerQueue *queue = HeadQueue(pool);

	return queue == NULL ? NULL : &queue->layers[queue->first];
}

void
AppendEdge(CostEdges *edges, int64 sourceMoveId, int128 quantity, int128 amount)
{
	CostEdge   *edge;

	if (edges->edges == NULL)
	{
		edges->capacity = FIRST_CAPACITY;
		edges->edges = palloc(sizeof(CostEdge) * edges->capacity);
	}
	else if (edges->count == edges->capacity)
	{
		edges->capacity *= 2;
#ifdef FRONTEND
		edges->edges = repalloc(edges->edges, sizeof(CostEdge) * edges->capacity);
#else
		edges->edges = repalloc_huge(edges->edges, sizeof(CostEdge) * edges->capacity);
#endif
	}
	edge = &edges->edges[edges->count++];
	edge->sourceMoveId = sourceMoveId;
	edge->quantity = quantity;
	edge->amount = amount;
}

int128
SumOfEdges(const CostEdges *edges, int first)
{
	int128		sum = 0;

	for (int i = first; i < edges->count; i++)
		sum = AddExact(sum, edges->edges[i].amount);
	return sum;
}

int128
CostReceive(CostPool *pool, MovePosition position, int128 quantity, int128 value)
{
	CostLayer	layer = {.position = position, .quantity = quantity, .value = value};

	ErpAssert(quantity > 0 && value >= 0);
	if (pool->method == COST_STANDARD)
		value = CostAtStandard(pool, quantity);
	pool->quantity = AddExact(pool->quantity, quantity);
	pool->value = AddExact(pool->value, value);
	if (pool->keepsLast)
	{
		pool->lastQuantity = quantity;
		pool->lastValue = value;
	}
	if (pool->debts.count > 0)
		CostSettleDebts(pool, &layer);
	if (layer.quantity == 0)
		pool->cursor = position;
	else if (pool->method == COST_FIFO)
		AppendLayer(&pool->fresh, &layer);
	return value;
}

CostOutcome
CostAtStandardBeyond(CostPool *pool, int128 quantity, CostEdges *edges)
{
	int128		amount = NegateExact(CostAtStandard(pool, NegateExact(quantity)));

	AppendEdge(edges, 0, quantity, amount);
	pool->quantity = SubtractExact(pool->quantity, quantity);
	pool->value = SubtractExact(pool->value, amount);
	return COST_OK;
}

int128
CostAtStandard(const CostPool *pool, int128 quantity)
{
	int128		after = MultiplyRounded(AddExact(pool->quantity, quantity), QUANTITY_SCALE, pool->standard, PRICE_SCALE, pool->decimals);

	return SubtractExact(after, pool->value);
}

int128
CostRestate(CostPool *pool, int128 standard)
{
	int128		before = pool->value;

	pool->standard = standard;
	pool->value = MultiplyRounded(pool->quantity, QUANTITY_SCALE, standard, PRICE_SCALE, pool->decimals);
	return SubtractExact(pool->value, before);
}

/* Takes from one layer; a layer used up leaves the queue and moves the cursor. */
static void
TakeFromHead(CostPool *pool, LayerQueue *queue, int128 quantity, CostEdges *edges)
{
	CostLayer  *layer = &queue->layers[queue->first];
	int128		amount = ShareRounded(layer->value, quantity, layer->quantity, pool->decimals);

	AppendEdge(edges, layer->position.moveId, quantity, amount);
	layer->quantity -= quantity;
	layer->value -= amount;
	if (layer->quantity == 0)
	{
		ErpAssert(layer->value == 0);
		pool->cursor = layer->position;
		queue->first++;
		queue->count--;
	}
}

void
CostIssueByLayers(CostPool *pool, int128 quantity, CostEdges *edges)
{
	int128		left = quantity;

	while (left > 0)
	{
		LayerQueue *queue = HeadQueue(pool);
		CostLayer  *layer;

		/* The pool's quantity is the sum of its layers: one is there while something is left. */
		if (queue == NULL)
			ReportArithmeticOverflow("cost layers, which hold less than their pool");
		layer = &queue->layers[queue->first];
		ErpCheckInterrupts();
		if (layer->quantity >= left)
		{
			TakeFromHead(pool, queue, left, edges);
			left = 0;
		}
		else
		{
			left -= layer->quantity;
			TakeFromHead(pool, queue, layer->quantity, edges);
		}
	}
}

/* One edge, from the pool as a whole. */
static void
IssueFromPool(CostPool *pool, int128 quantity, CostEdges *edges)
{
	int128		amount;

	if (pool->method == COST_STANDARD)
		amount = NegateExact(CostAtStandard(pool, NegateExact(quantity)));
	else if (pool->month.isOpen)
		amount = CostThroughMonth(pool, quantity);
	else
		amount = ShareRounded(pool->value, quantity, pool->quantity, pool->decimals);
	AppendEdge(edges, 0, quantity, amount);
}

CostOutcome
CostIssue(CostPool *pool, int128 quantity, CostEdges *edges)
{
	int			first = edges->count;

	ErpAssert(quantity > 0);
	if (pool->quantity < quantity)
		return COST_SHORT;
	if (pool->method == COST_FIFO)
		CostIssueByLayers(pool, quantity, edges);
	else
		IssueFromPool(pool, quantity, edges);

	pool->quantity -= quantity;
	pool->value = SubtractExact(pool->value, SumOfEdges(edges, first));
	ErpAssert(pool->month.isOpen || (pool->value >= 0 && (pool->quantity > 0 || pool->value == 0)));
	return COST_OK;
}

/* The pool by its new method: FIFO begins with one layer of all that is there. */
static void
OpenByMethod(CostPool *pool, CostMethod method, int128 standard, MovePosition position)
{
	CostLayer	layer = {.position = position, .quantity = pool->quantity, .value = pool->value};

	pool->method = method;
	pool->stored.count = 0;
	pool->fresh.count = 0;
	pool->complete = true;
	pool->cursor = position;
	if (method == COST_STANDARD)
		(void) CostRestate(pool, standard);
	if (method == COST_FIFO && layer.quantity > 0)
		AppendLayer(&pool->fresh, &layer);
}

CostOutcome
CostChangeMethod(CostPool *pool, CostMethod method, int128 standard, MovePosition position, CostEdges *edges)
{
	bool		hadLayers = pool->method == COST_FIFO;
	bool		hasLayers = method == COST_FIFO;
	int128		before = pool->value;

	if (pool->quantity < 0)
		return COST_SHORT;
	if (hadLayers)
		CostIssueByLayers(pool, pool->quantity, edges);
	else if (hasLayers && pool->quantity > 0)
		AppendEdge(edges, 0, pool->quantity, before);
	OpenByMethod(pool, method, standard, position);
	if (!hadLayers && !(hasLayers && pool->quantity > 0))
		AppendEdge(edges, 0, 0, SubtractExact(before, pool->value));
	else
		AppendEdge(edges, hasLayers ? position.moveId : 0, NegateExact(pool->quantity), NegateExact(pool->value));
	return COST_OK;
}
