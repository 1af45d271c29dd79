#include "postgres.h"

#include "inventory/check_costs.h"

/* What cost entries add up to, for their moves, layers, cost pools and voucher lines: laws 3 and 9. */

static int
SignOf(int128 value)
{
	return (value > 0) - (value < 0);
}

static void
CheckMoveEntries(const CostCheck *costs, const CheckedMove *move)
{
	char	   *detail = NULL;

	if (move->pool->costPoolId == NO_COST_POOL)
		detail = move->entryNumbers == 0 && move->entered == 0 ? NULL : "is in no cost pool and has cost entries";
	else if (move->entryNumbers == 0 && move->entered == 0)
		detail = "has no cost entries";
	else if (move->entered != move->quantity)
		detail = psprintf("is of %s, its cost entries of %s", QuantityString(move->quantity), QuantityString(move->entered));
	else if (SignOf(move->value) * SignOf(move->quantity) < 0)
		detail = psprintf("is of %s and its value is %s", QuantityString(move->quantity), AmountString(move->value));
	if (detail != NULL)
		ReportViolation(costs->check, "stock_moves", move->key.companyId, psprintf("move " INT64_FORMAT, move->key.id), detail);
}

static void
CheckMoveSources(const CostCheck *costs, const CheckedMove *move)
{
	int128		expected = move->source == SOURCE_POOL ? move->entered : 0;

	if (move->unposted != 0)
		ReportViolation(costs->check, "stock_references", move->key.companyId, psprintf("move " INT64_FORMAT, move->key.id),
						psprintf("its cost entries without an inventory line come to %s", AmountString(move->unposted)));
	if (move->source != SOURCE_ANY && move->pooled != expected)
		ReportViolation(costs->check, "costing_methods", move->key.companyId, psprintf("move " INT64_FORMAT, move->key.id),
						psprintf("draws %s from its pool as a whole, by its item's costing method of the day %s",
								 QuantityString(move->pooled), QuantityString(expected)));
}

/* What the entries of all moves of a pool add up to is what the pool holds. */
static void
CheckMoves(const CostCheck *costs)
{
	for (int64 i = 0; i < FactCount(costs->moves); i++)
	{
		const CheckedMove *move = FactAt(costs->moves, i);

		ErpCheckInterrupts();
		CheckMoveEntries(costs, move);
		CheckMoveSources(costs, move);
		move->pool->quantity += move->entered;
		move->pool->value += move->value;
	}
}

/* An empty layer is worth nothing; by methods without layers no more goes back than came. */
static bool
IsSoundLayer(const CheckedLayer *layer)
{
	if (layer->rest < 0 || layer->kept < 0)
		return false;
	return !layer->isFifo || (layer->restValue >= 0 && (layer->rest > 0 || layer->restValue == 0));
}

static void
CheckLayers(const CostCheck *costs)
{
	for (int64 i = 0; i < FactCount(costs->layers); i++)
	{
		const CheckedLayer *layer = FactAt(costs->layers, i);

		ErpCheckInterrupts();
		if (!IsSoundLayer(layer))
			ReportViolation(costs->check, "cost_layers", layer->key.companyId, psprintf("move " INT64_FORMAT, layer->key.id),
							psprintf("what is left of it: %s worth %s", QuantityString(layer->rest), AmountString(layer->restValue)));
	}
}

static void
ReportPool(const CostCheck *costs, const CheckedPool *pool, const char *checkName, const char *detail)
{
	ReportViolation(costs->check, checkName, pool->key.companyId,
					psprintf("cost pool " INT64_FORMAT " of item %s", pool->costPoolId, ItemCode(pool->item)), detail);
}

/* The cursor of a FIFO pool says what is left of its layer. */
static void
CheckCursor(const CostCheck *costs, const CheckedPool *pool, int64 headMoveId, int128 headQuantity, int128 headValue)
{
	const CheckedLayer *head = FindFact(costs->layers, pool->key.companyId, headMoveId, 0);

	if (!pool->item->isFifo || headMoveId == 0)
		return;
	if (head == NULL)
		ReportPool(costs, pool, "cost_layers", psprintf("its cursor stands on move " INT64_FORMAT ", which is no receipt of its item", headMoveId));
	else if (head->rest != headQuantity || head->restValue != headValue)
		ReportPool(costs, pool, "cost_layers",
				   psprintf("what is left of move " INT64_FORMAT ": %s worth %s; its cursor says %s worth %s", headMoveId,
							QuantityString(head->rest), AmountString(head->restValue),
							QuantityString(headQuantity), AmountString(headValue)));
}

/* What is there is worth something or nothing; what is below zero, where the company allows it, the opposite; nothing is worth nothing. */
static bool
IsSound(const CostCheck *costs, const CheckedPool *pool)
{
	if (pool->quantity < 0)
		return pool->value <= 0 && AllowsNegative(costs->companies, pool->key.companyId);
	return pool->value >= 0 && (pool->quantity > 0 || pool->value == 0);
}

static void
CheckPoolSum(const CostCheck *costs, const CheckedPool *pool, int128 quantity, int128 value)
{
	if (pool->quantity != quantity || pool->value != value || !IsSound(costs, pool))
		ReportPool(costs, pool, "stock_moves", psprintf("pool %s worth %s, moves %s worth %s", QuantityString(quantity),
															 AmountString(value), QuantityString(pool->quantity), AmountString(pool->value)));
}

/* What is kept of a pool is taken from what the entries say: nothing must be left. */
static void
ReadPool(void *state, const FactRow *row)
{
	CostCheck  *costs = state;
	int32		itemId = RowInt32(row, 1);
	CheckedPool *pool;
	int128		quantity;
	int128		value;
	bool		bad = false;

	if (!InSlice(costs->check, itemId))
		return;
	pool = CostPoolOf(costs, ItemOf(costs->items, RowInt32(row, 0), itemId), RowInt64(row, 2));
	quantity = RowQuantity(row, 3, &bad);
	value = RowAmount(row, 4, &bad);
	CheckPoolSum(costs, pool, quantity, value);
	CheckCursor(costs, pool, RowInt64(row, 5), RowQuantity(row, 6, &bad), RowAmount(row, 7, &bad));
	if (bad)
		ReportPool(costs, pool, "stock_moves", NO_NUMBER);
	pool->quantity = 0;
	pool->value = 0;
}

/* Pools that nobody keeps. */
static void
CheckPools(const CostCheck *costs)
{
	for (int64 i = 0; i < FactCount(costs->pools); i++)
		CheckPoolSum(costs, FactAt(costs->pools, i), 0, 0);
}

static void
CheckVoucherLines(const CostCheck *costs)
{
	for (int64 i = 0; i < FactCount(costs->lines); i++)
	{
		const CostLine *line = FactAt(costs->lines, i);
		int128		expected = line->inventory ? line->posted : 0;
		char	   *detail = NULL;

		ErpCheckInterrupts();
		if (line->entered != expected)
			detail = psprintf("cost entries %s, inventory line %s", AmountString(line->entered), AmountString(expected));
		else if (line->takesCosts && line->posted != -line->countered)
			detail = psprintf("cost entries %s, counter line %s", AmountString(-line->countered), AmountString(line->posted));
		if (detail != NULL)
			ReportViolation(costs->check, "stock_value", line->key.companyId,
							psprintf("voucher " INT64_FORMAT ", line %d", line->key.id, line->key.lineNo), detail);
	}
}

void
CheckCostSums(CostCheck *costs)
{
	CheckMoves(costs);
	CheckLayers(costs);
	ReadFacts(costs->check, "SELECT p.company_id, p.item_id, p.cost_pool_id, p.quantity, p.value, p.head_move_id, p.head_quantity, p.head_value"
			  " FROM erp_private.cost_pool p", ReadPool, costs);
	CheckPools(costs);
	CheckVoucherLines(costs);
}
