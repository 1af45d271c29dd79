/*
 * What a posting of stock stores: its moves, and of the rows that it locked the
 * pools and the places that changed.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/date.h"

#include "core/bulk_insert.h"
#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/stock_lock.h"

#define POOL_COLUMNS 11

/* Of a place to store: the first three are all that a warehouse has. */
#define WAREHOUSE_COLUMNS 3
#define PLACE_COLUMNS 7

static const char *const moveColumns[] = {
	"company_id", "move_id", "document_id", "origin_move_id", "lot_id", "time_of_day", "day", "line_no", "item_id",
	"cost_pool_id", "warehouse_id", "location_id", "owner_id", "entered_unit_id", "stock_state_id", "leg",
	"second_quantity", "entered_quantity", "quantity"
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

/* Most places are a warehouse and no more: theirs is the plan with the fewest arrays. */
static KeptPlan storeWarehousePlan = {
	.query = "INSERT INTO erp_private.stock_position (company_id, item_id, warehouse_id, location_id, lot_id, owner_id,"
	" stock_state_id, on_hand) SELECT $1, n.item_id, n.warehouse_id, 0, 0, 0, 0, n.on_hand"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4))"
	"       AS n (item_id, warehouse_id, on_hand) ORDER BY n.item_id, n.warehouse_id"
	" ON CONFLICT ON CONSTRAINT stock_position_key DO UPDATE SET on_hand = EXCLUDED.on_hand",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT4ARRAYOID, INT4ARRAYOID, NUMERICARRAYOID}
};

static KeptPlan storePlacePlan = {
	.query = "INSERT INTO erp_private.stock_position (company_id, item_id, warehouse_id, on_hand, location_id, lot_id, owner_id,"
	" stock_state_id) SELECT $1, n.* FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),"
	" pg_catalog.unnest($5), pg_catalog.unnest($6), pg_catalog.unnest($7), pg_catalog.unnest($8))"
	"       AS n (item_id, warehouse_id, on_hand, location_id, lot_id, owner_id, stock_state_id)"
	" ORDER BY n.item_id, n.warehouse_id, n.location_id, n.lot_id, n.owner_id, n.stock_state_id"
	" ON CONFLICT ON CONSTRAINT stock_position_key DO UPDATE SET on_hand = EXCLUDED.on_hand",
	.argumentCount = 8,
	.argumentTypes = {INT4OID, INT4ARRAYOID, INT4ARRAYOID, NUMERICARRAYOID, INT4ARRAYOID, INT8ARRAYOID, INT4ARRAYOID, INT2ARRAYOID}
};

/* A move of value alone is of no leg, that of what was carried is the second. */
static int
LegOf(const DocumentLine *line)
{
	if (line->moveQuantity == 0)
		return 0;
	return line->leg == 2 ? 2 : 1;
}

static void
InsertMove(BulkInsert *bulk, int32 companyId, const DocumentLine *line)
{
	Datum		values[lengthof(moveColumns)];
	int			i = 0;

	values[i++] = Int32GetDatum(companyId);
	values[i++] = Int64GetDatum(line->moveId);
	values[i++] = Int64GetDatum(line->document->documentId);
	values[i++] = Int64GetDatum(line->originMoveId);
	values[i++] = Int64GetDatum(line->lotId);
	values[i++] = TimeADTGetDatum(line->document->timeOfDay);
	values[i++] = DateADTGetDatum(line->document->postingDay);
	values[i++] = Int32GetDatum(line->lineNo);
	values[i++] = Int32GetDatum(line->itemId);
	values[i++] = Int64GetDatum(line->costPoolId);
	values[i++] = Int32GetDatum(line->warehouseId);
	values[i++] = Int32GetDatum(line->locationId);
	values[i++] = Int32GetDatum(line->ownerId);
	values[i++] = Int32GetDatum(line->unitId);
	values[i++] = Int16GetDatum((int16) line->stateId);
	values[i++] = Int16GetDatum((int16) LegOf(line));
	values[i++] = QuantityGetDatum(line->moveQuantity == 0 || (line->moveQuantity < 0) == (line->secondQuantity < 0) ? line->secondQuantity : NegateExact(line->secondQuantity));
	values[i++] = QuantityGetDatum(line->leg == 2 ? NegateExact(line->quantity) : line->quantity);
	values[i++] = QuantityGetDatum(line->moveQuantity);
	BulkInsertRow(bulk, values, NULL);
}

void
StoreMoves(StockRun *run)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "stock_move", moveColumns, lengthof(moveColumns));
	MemoryContext previous;

	if (run->lineCount >= LATE_ROWS)
		BulkInsertLate(bulk, "stock_move_order", "item_id", run->lineCount);
	previous = MemoryContextSwitchTo(BulkInsertContext(bulk));
	for (int i = 0; i < run->lineCount; i++)
		InsertMove(bulk, run->batch->company->companyId, run->lines[i]);
	MemoryContextSwitchTo(previous);
	EndBulkInsert(bulk);
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
AppendPlace(DatumArray *columns, int columnCount, const StockPlace *place)
{
	int			i = 0;

	AppendDatum(&columns[i++], Int32GetDatum(place->itemId));
	AppendDatum(&columns[i++], Int32GetDatum(place->place.warehouseId));
	AppendDatum(&columns[i++], QuantityGetDatum(CheckQuantity(place->onHand, "quantity on hand")));
	if (columnCount == WAREHOUSE_COLUMNS)
		return;
	AppendDatum(&columns[i++], Int32GetDatum(place->place.locationId));
	AppendDatum(&columns[i++], Int64GetDatum(place->place.lotId));
	AppendDatum(&columns[i++], Int32GetDatum(place->place.ownerId));
	AppendDatum(&columns[i++], Int16GetDatum((int16) place->place.stateId));
}

/* Stores the places that changed and are a warehouse and no more, or all the others. */
static void
StorePlaces(StockRun *run, KeptPlan *plan, int columnCount)
{
	static const Oid types[PLACE_COLUMNS] = {INT4OID, INT4OID, NUMERICOID, INT4OID, INT8OID, INT4OID, INT2OID};
	DatumArray	columns[PLACE_COLUMNS] = {0};
	Datum		values[PLACE_COLUMNS + 1] = {Int32GetDatum(run->batch->company->companyId)};

	for (int i = 0; i < run->placeCount; i++)
	{
		if (run->places[i].changed && PlaceIsWarehouse(&run->places[i].place) == (columnCount == WAREHOUSE_COLUMNS))
			AppendPlace(columns, columnCount, &run->places[i]);
	}
	for (int i = 0; i < columnCount; i++)
		values[i + 1] = DatumArrayValue(&columns[i], types[i]);
	if (columns[0].count > 0)
		(void) RunPlan(plan, values, NULL);
}

void
StoreStock(StockRun *run)
{
	StorePools(run);
	StorePlaces(run, &storeWarehousePlan, WAREHOUSE_COLUMNS);
	StorePlaces(run, &storePlacePlan, PLACE_COLUMNS);
	ServeReservations(run);
}
