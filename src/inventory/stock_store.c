/*
 * What a posting of stock stores: its moves, and of the rows that it locked the
 * pools and the places that changed.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/date.h"

#include "core/bulk_insert.h"
#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/stock_lock.h"

#define PLACE_COLUMNS 7

static const char *const moveColumns[] = {
	"company_id", "move_id", "document_id", "origin_move_id", "lot_id", "time_of_day", "day", "line_no", "item_id",
	"cost_pool_id", "warehouse_id", "location_id", "owner_id", "entered_unit_id", "stock_state_id", "leg",
	"second_quantity", "entered_quantity", "quantity"
};

static KeptPlan storePlacePlan = {
	.query = "INSERT INTO erp_private.stock_position (company_id, item_id, warehouse_id, location_id, lot_id, owner_id, stock_state_id, on_hand)"
	" SELECT $1, n.* FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5),"
	" pg_catalog.unnest($6), pg_catalog.unnest($7), pg_catalog.unnest($8)) AS n",
	.argumentCount = 8,
	.argumentTypes = {INT4OID, INT4ARRAYOID, INT4ARRAYOID, INT4ARRAYOID, INT8ARRAYOID, INT4ARRAYOID, INT2ARRAYOID, NUMERICARRAYOID}
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

/* The row of a pool that the run holds. */
static void
StorePool(const PoolRows *rows, const StockPool *stock)
{
	const CostLayer head = CursorOf(&stock->pool);
	Datum		values[POOL_STORED_COLUMNS] = {
		[POOL_QUANTITY] = QuantityGetDatum(CheckQuantity(stock->pool.quantity, "quantity of a cost pool")),
		[POOL_VALUE] = AmountGetDatum(CheckAmount(stock->pool.value, "value of a cost pool")),
		[POOL_HEAD_MOVE] = Int64GetDatum(head.position.moveId),
		[POOL_HEAD_DAY] = DateADTGetDatum(head.position.day),
		[POOL_HEAD_TIME] = TimeADTGetDatum(head.position.timeOfDay),
		[POOL_HEAD_QUANTITY] = QuantityGetDatum(head.quantity),
		[POOL_HEAD_VALUE] = AmountGetDatum(head.value),
		[POOL_LAST_DAY] = DateADTGetDatum(stock->last.day),
		[POOL_LAST_TIME] = TimeADTGetDatum(stock->last.timeOfDay)
	};

	/* The table says so, too, but of rows that are inserted. */
	if (stock->pool.quantity == 0 && stock->pool.value != 0)
		elog(ERROR, "pool " INT64_FORMAT " of item %d is empty and worth something", stock->costPoolId, stock->itemId);
	(void) FetchHeldRow(rows->probe, &stock->row);
	ChangeHeldRow(rows->probe, rows->columns, values, POOL_STORED_COLUMNS);
}

static void
StorePools(StockRun *run)
{
	PoolRows	rows = OpenPoolRows(PROBE_LATEST);

	for (int i = 0; i < run->poolCount; i++)
	{
		const StockPool *stock = &run->pools[i];

		if (stock->changed)
			StorePool(&rows, stock);
	}
	CloseIndexProbe(rows.probe);
}

static void
AppendPlace(DatumArray *columns, const StockPlace *place)
{
	int			i = 0;

	AppendDatum(&columns[i++], Int32GetDatum(place->itemId));
	AppendDatum(&columns[i++], Int32GetDatum(place->place.warehouseId));
	AppendDatum(&columns[i++], Int32GetDatum(place->place.locationId));
	AppendDatum(&columns[i++], Int64GetDatum(place->place.lotId));
	AppendDatum(&columns[i++], Int32GetDatum(place->place.ownerId));
	AppendDatum(&columns[i++], Int16GetDatum((int16) place->place.stateId));
	AppendDatum(&columns[i++], QuantityGetDatum(CheckQuantity(place->onHand, "quantity on hand")));
}

/* Places where the item never was. */
static void
InsertPlaces(int32 companyId, DatumArray *columns)
{
	static const Oid types[PLACE_COLUMNS] = {INT4OID, INT4OID, INT4OID, INT8OID, INT4OID, INT2OID, NUMERICOID};
	Datum		values[PLACE_COLUMNS + 1] = {Int32GetDatum(companyId)};

	if (columns[0].count == 0)
		return;
	for (int i = 0; i < PLACE_COLUMNS; i++)
		values[i + 1] = DatumArrayValue(&columns[i], types[i]);
	(void) RunPlan(&storePlacePlan, values, NULL);
}

static void
StorePlace(IndexProbe *probe, AttrNumber column, const StockPlace *place)
{
	Datum		onHand = QuantityGetDatum(CheckQuantity(place->onHand, "quantity on hand"));

	(void) FetchHeldRow(probe, &place->row);
	ChangeHeldRow(probe, &column, &onHand, 1);
}

/* Whoever holds the pools of an item holds its places. */
static void
StorePlaces(StockRun *run)
{
	IndexProbe *probe = OpenPositions();
	AttrNumber	column = ProbeColumn(probe, "on_hand");
	DatumArray	added[PLACE_COLUMNS] = {0};

	for (int i = 0; i < run->placeCount; i++)
	{
		if (!run->places[i].changed)
			continue;
		if (ItemPointerIsValid(&run->places[i].row))
			StorePlace(probe, column, &run->places[i]);
		else
			AppendPlace(added, &run->places[i]);
	}
	CloseIndexProbe(probe);
	CommandCounterIncrement();
	InsertPlaces(run->batch->company->companyId, added);
}

void
StoreStock(StockRun *run)
{
	StorePools(run);
	StorePlaces(run);
	ServeReservations(run);
}
