#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/date.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/stock_lock.h"

/* Stock below zero, where the company allows it. */

static KeptPlan lastPlan = {
	.query = "SELECT m.quantity, (SELECT pg_catalog.sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id)"
	"  FROM erp.stock_move m WHERE m.company_id = $1 AND m.item_id = $2 AND m.cost_pool_id = $3 AND m.quantity > 0"
	"   AND (m.day, m.time_of_day, m.move_id) < ($4, $5, $6)"
	" ORDER BY m.day DESC, m.time_of_day DESC, m.move_id DESC LIMIT 1",
	.argumentCount = 6,
	.argumentTypes = {INT4OID, INT4OID, INT8OID, DATEOID, TIMEOID, INT8OID}
};

bool
MayGoNegative(const StockRun *run, CostMethod method)
{
	return run->batch->company->allowsNegativeStock && method != COST_MONTHLY_AVERAGE;
}

bool
PlaceMayGoNegative(const StockRun *run, const DocumentLine *line)
{
	return line->costPoolId != NO_COST_POOL && line->tracking != TRACK_SERIAL && MayGoNegative(run, line->method);
}

/* What came in last before the position. */
static void
FindLast(const StockRun *run, StockPool *stock, const MovePosition *before)
{
	Datum		values[6] = {
		Int32GetDatum(run->batch->company->companyId), Int32GetDatum(stock->itemId), Int64GetDatum(stock->costPoolId),
		DateADTGetDatum(before->day), TimeADTGetDatum(before->timeOfDay), Int64GetDatum(before->moveId)
	};

	stock->pool.lastQuantity = 0;
	if (RunPlan(&lastPlan, values, NULL) == 0)
		return;
	stock->pool.lastQuantity = QuantityFromDatum(PlanValue(0, 1));
	stock->pool.lastValue = AmountFromDatum(PlanValue(0, 2));
}

CostOutcome
IssueFrom(const StockRun *run, StockPool *stock, MovePosition position, int128 quantity, CostEdges *edges)
{
	if (!MayGoNegative(run, stock->pool.method))
		return CostIssue(&stock->pool, quantity, edges);
	if (stock->pool.quantity < quantity && stock->pool.lastQuantity == UNKNOWN_QUANTITY)
		FindLast(run, stock, &position);
	return CostIssueBeyond(&stock->pool, position.moveId, quantity, edges);
}

/* What a receipt settles changes issues that stand: a replay finds them. */
bool
SettlesIssues(StockRun *run, const DocumentLine *line)
{
	StockPool  *stock;
	bool		settles;

	if (line->costPoolId == NO_COST_POOL || !MayGoNegative(run, line->method) || line->method == COST_STANDARD)
		return false;
	stock = PoolOfRun(run, line->itemId, line->costPoolId);
	settles = line->moveQuantity > 0 && AddExact(stock->pool.quantity, stock->moved) < 0;
	stock->moved = AddExact(stock->moved, line->moveQuantity);
	return settles;
}
