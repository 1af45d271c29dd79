/*
 * The rows that a posting of stock locks: the cost pools of its items, in
 * ascending order of item and pool. A pool stands for all places of its item,
 * so that the places need no lock of their own here.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/inventory.h"
#include "inventory/stock_lock.h"

/*
 * New pools go in before any is locked: whoever inserts holds no lock that
 * another inserter waits for. The look-up is no anti-join, which a plan made
 * while the table was empty turned into a scan for each row.
 */
static KeptPlan makePlan = {
	.query = "INSERT INTO erp_private.cost_pool (company_id, item_id, cost_pool_id, quantity, value, head_move_id,"
	" head_day, head_time, head_quantity, head_value, last_day, last_time)"
	" SELECT $1, n.item_id, n.cost_pool_id, 0, 0, 0, '-infinity', '00:00', 0, 0, '-infinity', '00:00'"
	"   FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) AS n (item_id, cost_pool_id)"
	"  WHERE (SELECT p.item_id FROM erp_private.cost_pool p WHERE p.company_id = $1 AND p.item_id = n.item_id"
	"            AND p.cost_pool_id = n.cost_pool_id) IS NULL"
	"  ORDER BY n.item_id, n.cost_pool_id"
	" ON CONFLICT ON CONSTRAINT cost_pool_key DO NOTHING",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4ARRAYOID, INT8ARRAYOID}
};

static KeptPlan lockPlan = {
	.query = "SELECT p.item_id, p.cost_pool_id, p.quantity, p.value, p.head_move_id, p.head_day, p.head_time,"
	" p.head_quantity, p.head_value, p.last_day, p.last_time"
	"  FROM (SELECT u.item_id FROM pg_catalog.unnest($2) AS u (item_id) ORDER BY u.item_id) i"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp_private.cost_pool f WHERE f.company_id = $1 AND f.item_id = i.item_id"
	"                      ORDER BY f.cost_pool_id FOR UPDATE) p",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static KeptPlan placePlan = {
	.query = "SELECT p.item_id, p.warehouse_id, p.on_hand, p.reserved FROM pg_catalog.unnest($2) AS i (item_id)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp_private.stock_position f WHERE f.company_id = $1 AND f.item_id = i.item_id"
	"   AND f.location_id = 0 AND f.lot_id = 0 AND f.owner_id = 0 AND f.stock_state_id = 0 OFFSET 0) p",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static KeptPlan storePoolPlan = {
	.query = "INSERT INTO erp_private.cost_pool (company_id, item_id, cost_pool_id, quantity, value, head_move_id, head_day,"
	" head_time, head_quantity, head_value, last_day, last_time)"
	" SELECT $1, n.item_id, n.cost_pool_id, n.quantity, n.value, n.head_move_id, n.head_day, n.head_time, n.head_quantity,"
	"        n.head_value, n.last_day, n.last_time"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5),"
	"       pg_catalog.unnest($6), pg_catalog.unnest($7), pg_catalog.unnest($8), pg_catalog.unnest($9),"
	"       pg_catalog.unnest($10), pg_catalog.unnest($11), pg_catalog.unnest($12))"
	"       AS n (item_id, cost_pool_id, quantity, value, head_move_id, head_day, head_time, head_quantity, head_value,"
	"             last_day, last_time)"
	" ON CONFLICT ON CONSTRAINT cost_pool_key DO UPDATE SET quantity = EXCLUDED.quantity, value = EXCLUDED.value,"
	" head_move_id = EXCLUDED.head_move_id, head_day = EXCLUDED.head_day, head_time = EXCLUDED.head_time,"
	" head_quantity = EXCLUDED.head_quantity, head_value = EXCLUDED.head_value, last_day = EXCLUDED.last_day,"
	" last_time = EXCLUDED.last_time",
	.argumentCount = 12,
	.argumentTypes = {INT4OID, INT4ARRAYOID, INT8ARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, INT8ARRAYOID,
	DATEARRAYOID, TIMEARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID, DATEARRAYOID, TIMEARRAYOID}
};

static KeptPlan storePlacePlan = {
	.query = "INSERT INTO erp_private.stock_position (company_id, item_id, warehouse_id, location_id, lot_id, owner_id,"
	" stock_state_id, on_hand) SELECT $1, n.item_id, n.warehouse_id, 0, 0, 0, 0, n.on_hand"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4))"
	"       AS n (item_id, warehouse_id, on_hand) ORDER BY n.item_id, n.warehouse_id"
	" ON CONFLICT ON CONSTRAINT stock_position_key DO UPDATE SET on_hand = EXCLUDED.on_hand",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT4ARRAYOID, INT4ARRAYOID, NUMERICARRAYOID}
};

#define POOL_COLUMNS 11

int
PoolNumber(StockRun *run, int32 itemId, int64 costPoolId)
{
	return PairNumber(run->poolNumbers, PAIR_KEY(itemId, PairNumber(run->poolIds, (uint64) costPoolId)));
}

StockPool *
PoolOfRun(StockRun *run, int32 itemId, int64 costPoolId)
{
	return &run->pools[PoolNumber(run, itemId, costPoolId)];
}

static void
MakePools(StockRun *run)
{
	DatumArray	items = {0};
	DatumArray	pools = {0};
	Datum		values[3] = {Int32GetDatum(run->batch->company->companyId)};

	run->poolIds = CreatePairMap();
	run->poolNumbers = CreatePairMap();
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];

		if (PoolNumber(run, line->itemId, line->costPoolId) < items.count)
			continue;
		AppendDatum(&items, Int32GetDatum(line->itemId));
		AppendDatum(&pools, Int64GetDatum(line->costPoolId));
	}
	if (items.count == 0)
		return;
	values[1] = DatumArrayValue(&items, INT4OID);
	values[2] = DatumArrayValue(&pools, INT8OID);
	(void) RunPlan(&makePlan, values, NULL);
}

static void
CollectItem(StockRun *run, DatumArray *ids, const DocumentLine *line)
{
	int			number = PairNumber(run->itemNumbers, PAIR_KEY(line->itemId, 0));

	if (number < run->itemCount)
		return;
	run->items[number].itemId = line->itemId;
	run->items[number].last.day = DATEVAL_NOBEGIN;
	run->items[number].method = line->method;
	run->itemCount++;
	AppendDatum(ids, Int32GetDatum(line->itemId));
}

/* The distinct items of the run; also fills run->items. */
static Datum
CollectItemIds(StockRun *run)
{
	DatumArray	ids = {0};

	run->itemNumbers = CreatePairMap();
	run->items = palloc0(sizeof(StockItem) * (run->lineCount + run->partCount));
	for (int i = 0; i < run->lineCount; i++)
		CollectItem(run, &ids, run->lines[i]);
	for (int i = 0; i < run->partCount; i++)
		CollectItem(run, &ids, &run->parts[i]->line);
	return DatumArrayValue(&ids, INT4OID);
}

static void
FillPool(StockRun *run, StockPool *stock, uint64 row)
{
	CostLayer	head = {
		.position = {DatumGetDateADT(PlanValue(row, 6)), DatumGetTimeADT(PlanValue(row, 7)), DatumGetInt64(PlanValue(row, 5))},
		.quantity = QuantityFromDatum(PlanValue(row, 8)),
		.value = AmountFromDatum(PlanValue(row, 9))
	};
	StockItem  *item;

	stock->itemId = DatumGetInt32(PlanValue(row, 1));
	stock->costPoolId = DatumGetInt64(PlanValue(row, 2));
	stock->pool.quantity = QuantityFromDatum(PlanValue(row, 3));
	stock->pool.value = AmountFromDatum(PlanValue(row, 4));
	stock->pool.decimals = run->batch->company->currency->decimals;
	stock->pool.cursor = head.position;
	stock->last.day = DatumGetDateADT(PlanValue(row, 10));
	stock->last.timeOfDay = DatumGetTimeADT(PlanValue(row, 11));
	if (head.quantity > 0)
		AppendLayer(&stock->pool.stored, &head);

	item = &run->items[FindPair(run->itemNumbers, PAIR_KEY(stock->itemId, 0))];
	if (ComparePosition(&stock->last, &item->last) > 0)
		item->last = stock->last;
}

static void
LoadPools(StockRun *run, Datum *values)
{
	run->poolCount = (int) RunPlan(&lockPlan, values, NULL);
	run->poolNumbers = CreatePairMap();
	run->pools = palloc0(sizeof(StockPool) * Max(run->poolCount, 1));
	for (int i = 0; i < run->poolCount; i++)
	{
		FillPool(run, &run->pools[i], i);
		(void) PoolNumber(run, run->pools[i].itemId, run->pools[i].costPoolId);
	}
	for (int i = 0; i < run->poolCount; i++)
		AttachStoredLayers(&run->pools[i], run->batch->company->companyId);
}

static void
LoadPlaces(StockRun *run, Datum *values)
{
	uint64		rows = RunPlan(&placePlan, values, NULL);

	run->placeNumbers = CreatePairMap();
	run->places = palloc0(sizeof(StockPlace) * (rows + run->lineCount));
	for (uint64 i = 0; i < rows; i++)
	{
		StockPlace *place = PlaceOf(run, DatumGetInt32(PlanValue(i, 1)), DatumGetInt32(PlanValue(i, 2)));

		place->onHand = QuantityFromDatum(PlanValue(i, 3));
		place->reserved = QuantityFromDatum(PlanValue(i, 4));
	}
}

StockPlace *
PlaceOf(StockRun *run, int32 itemId, int32 warehouseId)
{
	int			number = PairNumber(run->placeNumbers, PAIR_KEY(itemId, warehouseId));
	StockPlace *place = &run->places[number];

	if (number == run->placeCount)
	{
		place->itemId = itemId;
		place->warehouseId = warehouseId;
		run->placeCount++;
	}
	return place;
}

void
LockStock(StockRun *run)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId)};

	MakePools(run);
	values[1] = CollectItemIds(run);
	LoadPools(run, values);
	LoadPlaces(run, values);
}

CostLayer
CursorOf(const CostPool *pool)
{
	CostLayer	cursor = {.position = pool->cursor};

	if (pool->stored.count > 0)
		return pool->stored.layers[pool->stored.first];
	if (pool->complete && pool->fresh.count > 0)
		return pool->fresh.layers[pool->fresh.first];
	return cursor;
}

static void
AppendPool(DatumArray *columns, StockPool *stock)
{
	CostLayer	head = CursorOf(&stock->pool);
	int			i = 0;

	AppendDatum(&columns[i++], Int32GetDatum(stock->itemId));
	AppendDatum(&columns[i++], Int64GetDatum(stock->costPoolId));
	AppendDatum(&columns[i++], QuantityGetDatum(CheckQuantity(stock->pool.quantity, "quantity of a cost pool")));
	AppendDatum(&columns[i++], AmountGetDatum(CheckAmount(stock->pool.value, "value of a cost pool")));
	AppendDatum(&columns[i++], Int64GetDatum(head.position.moveId));
	AppendDatum(&columns[i++], DateADTGetDatum(head.position.day));
	AppendDatum(&columns[i++], TimeADTGetDatum(head.position.timeOfDay));
	AppendDatum(&columns[i++], QuantityGetDatum(head.quantity));
	AppendDatum(&columns[i++], AmountGetDatum(head.value));
	AppendDatum(&columns[i++], DateADTGetDatum(stock->last.day));
	AppendDatum(&columns[i++], TimeADTGetDatum(stock->last.timeOfDay));
}

static void
StorePools(StockRun *run)
{
	static const Oid types[POOL_COLUMNS] = {INT4OID, INT8OID, NUMERICOID, NUMERICOID, INT8OID, DATEOID, TIMEOID,
	NUMERICOID, NUMERICOID, DATEOID, TIMEOID};
	DatumArray	columns[POOL_COLUMNS] = {0};
	Datum		values[POOL_COLUMNS + 1] = {Int32GetDatum(run->batch->company->companyId)};

	for (int i = 0; i < run->poolCount; i++)
	{
		if (run->pools[i].changed)
			AppendPool(columns, &run->pools[i]);
	}
	for (int i = 0; i < POOL_COLUMNS; i++)
		values[i + 1] = DatumArrayValue(&columns[i], types[i]);
	if (columns[0].count > 0)
		(void) RunPlan(&storePoolPlan, values, NULL);
}

static void
StorePlaces(StockRun *run)
{
	DatumArray	items = {0};
	DatumArray	warehouses = {0};
	DatumArray	onHand = {0};
	Datum		values[4] = {Int32GetDatum(run->batch->company->companyId)};

	for (int i = 0; i < run->placeCount; i++)
	{
		const StockPlace *place = &run->places[i];

		if (!place->changed)
			continue;
		AppendDatum(&items, Int32GetDatum(place->itemId));
		AppendDatum(&warehouses, Int32GetDatum(place->warehouseId));
		AppendDatum(&onHand, QuantityGetDatum(CheckQuantity(place->onHand, "quantity on hand")));
	}
	values[1] = DatumArrayValue(&items, INT4OID);
	values[2] = DatumArrayValue(&warehouses, INT4OID);
	values[3] = DatumArrayValue(&onHand, NUMERICOID);
	if (items.count > 0)
		(void) RunPlan(&storePlacePlan, values, NULL);
}

void
StoreStock(StockRun *run)
{
	StorePools(run);
	StorePlaces(run);
}
