#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/date.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/inventory.h"
#include "inventory/replay.h"
#include "inventory/stock_lock.h"

#define LAYERS_AT_ONCE 64

/*
 * Incoming moves between two positions with what of their quantity and value
 * nothing before the second has taken back out of their own layer.
 */
static KeptPlan layerPlan = {
	.query = "SELECT m.move_id, m.day, m.time_of_day, m.quantity + COALESCE(b.quantity, 0),"
	"       (SELECT pg_catalog.sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id) + COALESCE(b.value, 0)"
	"  FROM erp.stock_move m"
	"  LEFT JOIN LATERAL (SELECT pg_catalog.sum(e.quantity), pg_catalog.sum(e.amount) FROM erp.stock_move r"
	"          JOIN erp.cost_entry e ON e.company_id = r.company_id AND e.move_id = r.move_id AND e.source_move_id = m.move_id"
	"         WHERE r.company_id = m.company_id AND r.origin_move_id = m.move_id AND r.quantity < 0"
	"           AND r.origin_move_id <> 0 AND (r.day, r.time_of_day, r.move_id) < ($8, $9, $10)) b (quantity, value) ON true"
	" WHERE m.company_id = $1 AND m.item_id = $2 AND m.cost_pool_id = $3 AND m.quantity > 0"
	"   AND (m.day, m.time_of_day, m.move_id) > ($4, $5, $6) AND (m.day, m.time_of_day, m.move_id) < ($8, $9, $10)"
	"   AND m.quantity + COALESCE(b.quantity, 0) > 0"
	" ORDER BY m.day, m.time_of_day, m.move_id LIMIT $7",
	.argumentCount = 10,
	.argumentTypes = {INT4OID, INT4OID, INT8OID, DATEOID, TIMEOID, INT8OID, INT4OID, DATEOID, TIMEOID, INT8OID}
};

typedef struct LayerSource
{
	int32		companyId;
	int32		itemId;
	int64		costPoolId;
	MovePosition after;			/* of the last layer that was loaded, though it may have been used up or taken back since */
	MovePosition before;
} LayerSource;

static void
LoadStoredLayers(CostPool *pool, void *argument)
{
	LayerSource *source = argument;
	Datum		values[10] = {
		Int32GetDatum(source->companyId),
		Int32GetDatum(source->itemId),
		Int64GetDatum(source->costPoolId),
		DateADTGetDatum(source->after.day),
		TimeADTGetDatum(source->after.timeOfDay),
		Int64GetDatum(source->after.moveId),
		Int32GetDatum(LAYERS_AT_ONCE),
		DateADTGetDatum(source->before.day),
		TimeADTGetDatum(source->before.timeOfDay),
		Int64GetDatum(source->before.moveId)
	};
	uint64		rows = RunPlan(&layerPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		CostLayer	layer = {
			.position = {DatumGetDateADT(PlanValue(i, 2)), DatumGetTimeADT(PlanValue(i, 3)), DatumGetInt64(PlanValue(i, 1))},
			.quantity = QuantityFromDatum(PlanValue(i, 4)),
			.value = AmountFromDatum(PlanValue(i, 5))
		};

		AppendLayer(&pool->stored, &layer);
		source->after = layer.position;
	}
	pool->complete = rows < LAYERS_AT_ONCE;
	SPI_freetuptable(SPI_tuptable);
}

void
AttachLayersBefore(StockPool *stock, int32 companyId, MovePosition position)
{
	LayerSource *source = palloc(sizeof(LayerSource));
	const LayerQueue *queue = &stock->pool.stored;

	source->companyId = companyId;
	source->itemId = stock->itemId;
	source->costPoolId = stock->costPoolId;
	source->after = queue->count > 0 ? queue->layers[queue->first].position : stock->pool.cursor;
	source->before = position;
	stock->pool.loadLayers = LoadStoredLayers;
	stock->pool.loadArgument = source;
	stock->pool.complete = false;
}

void
AttachStoredLayers(StockPool *stock, int32 companyId)
{
	AttachLayersBefore(stock, companyId, EndPosition);
}
