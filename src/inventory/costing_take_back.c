#include "inventory/costing.h"

/* What came in and goes back to where it came from, at what it came in at. */

/* Takes the quantity at the value out of the layer of the move if it is in the queue; one with nothing left is removed. */
static bool
RemoveLayer(LayerQueue *queue, int64 moveId, int128 quantity, int128 value, CostOutcome *outcome)
{
	for (int i = queue->first; i < queue->first + queue->count; i++)
	{
		CostLayer  *layer = &queue->layers[i];

		if (layer->position.moveId != moveId)
			continue;
		if (layer->quantity < quantity || layer->value < value || (layer->quantity == quantity && layer->value != value))
			return true;
		*outcome = COST_OK;
		layer->quantity -= quantity;
		layer->value -= value;
		if (layer->quantity > 0)
			return true;
		memmove(layer, layer + 1, sizeof(CostLayer) * (queue->first + queue->count - i - 1));
		queue->count--;
		return true;
	}
	return false;
}

/* Loads stored layers until the move's is among them or there are no more. */
static CostOutcome
TakeLayer(CostPool *pool, int64 moveId, int128 quantity, int128 value)
{
	CostOutcome outcome = COST_LAYER_TOUCHED;

	for (;;)
	{
		if (RemoveLayer(&pool->stored, moveId, quantity, value, &outcome))
			return outcome;
		if (pool->complete)
			break;
		pool->loadLayers(pool, pool->loadArgument);
	}
	(void) RemoveLayer(&pool->fresh, moveId, quantity, value, &outcome);
	return outcome;
}

/* The layer of that number from the head on, loaded if needed; NULL if there are fewer. */
static const CostLayer *
LayerAt(CostPool *pool, int number)
{
	while (number >= pool->stored.count && !pool->complete)
		pool->loadLayers(pool, pool->loadArgument);
	if (number < pool->stored.count)
		return &pool->stored.layers[pool->stored.first + number];
	number -= pool->stored.count;
	return number < pool->fresh.count ? &pool->fresh.layers[pool->fresh.first + number] : NULL;
}

/* Whether an issue would cost exactly that, and nothing is left of the move in the layers behind the first. */
static bool
CostsAsIssue(CostPool *pool, int64 moveId, int128 quantity, int128 value)
{
	int128		cost = 0;
	const CostLayer *layer;

	for (int i = 0; (layer = LayerAt(pool, i)) != NULL; i++)
	{
		int128		taken = Min(layer->quantity, quantity);

		if (i > 0 && layer->position.moveId == moveId)
			return false;
		if (taken > 0)
			cost = AddExact(cost, ShareRounded(layer->value, taken, layer->quantity, pool->decimals));
		quantity -= taken;
	}
	return cost == value;
}

/*
 * Out of its own layer; if goods of it went out and came back, they are in layers
 * of their own: then it takes what any issue would, if this costs as much.
 */
static CostOutcome
TakeBackByLayers(CostPool *pool, int64 moveId, int128 quantity, int128 value, CostEdges *edges)
{
	CostOutcome outcome = TakeLayer(pool, moveId, quantity, value);

	if (outcome == COST_OK)
		AppendEdge(edges, moveId, quantity, value);
	if (outcome != COST_LAYER_TOUCHED || !CostsAsIssue(pool, moveId, quantity, value))
		return outcome;
	CostIssueByLayers(pool, quantity, edges);
	return COST_OK;
}

CostOutcome
CostTakeBack(CostPool *pool, int64 moveId, int128 quantity, int128 value, CostEdges *edges)
{
	CostOutcome outcome = COST_OK;

	ErpAssert(quantity > 0 && value >= 0);
	if (pool->quantity < quantity)
		return COST_SHORT;
	if (pool->method == COST_STANDARD)
		value = NegateExact(CostAtStandard(pool, NegateExact(quantity)));
	else if (!pool->month.isOpen && (pool->value < value || (pool->quantity == quantity && pool->value != value)))
		return COST_LAYER_TOUCHED;
	if (pool->method == COST_FIFO)
		outcome = TakeBackByLayers(pool, moveId, quantity, value, edges);
	else
		AppendEdge(edges, moveId, quantity, value);
	if (outcome != COST_OK)
		return outcome;
	pool->quantity -= quantity;
	pool->value = SubtractExact(pool->value, value);
	return COST_OK;
}
