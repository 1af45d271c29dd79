/*
 * Items with a second unit to which no ratio leads (catch weight): pieces that
 * are weighed one by one. Where no piece is left no weight is, and where one is
 * left some weight is. The moves say what is there; such items are few, and
 * summed when they move.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/inventory.h"

static KeptPlan unevenPlan = {
	.query = "SELECT i.item_id, m.quantity, m.second_quantity FROM pg_catalog.unnest($2) AS i (item_id)"
	" CROSS JOIN LATERAL (SELECT pg_catalog.sum(f.quantity)::numeric(18,6) AS quantity, pg_catalog.sum(f.second_quantity)::numeric(18,6) AS second_quantity"
	"   FROM erp.stock_move f WHERE f.company_id = $1 AND f.item_id = i.item_id"
	"  GROUP BY f.warehouse_id, f.location_id, f.lot_id, f.owner_id, f.stock_state_id"
	" HAVING pg_catalog.sign(pg_catalog.sum(f.quantity)) <> pg_catalog.sign(pg_catalog.sum(f.second_quantity)) LIMIT 1) m",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

/* The run's items with a second unit. */
static void
CollectSecondItems(const StockRun *run, DatumArray *ids)
{
	PairMap    *seen = CreatePairMap();

	for (int i = 0; i < run->lineCount; i++)
	{
		const DocumentLine *line = run->lines[i];

		if (line->secondUnitId != 0 && PairNumber(seen, PAIR_KEY(line->itemId, 0)) == ids->count)
			AppendDatum(ids, Int32GetDatum(line->itemId));
	}
}

static DocumentLine *
LastLineOf(const StockRun *run, int32 itemId)
{
	DocumentLine *last = run->lines[0];

	for (int i = 0; i < run->lineCount; i++)
	{
		if (run->lines[i]->itemId == itemId)
			last = run->lines[i];
	}
	return last;
}

void
CheckSecondStock(StockRun *run)
{
	DatumArray	ids = {0};
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId)};
	char		quantity[FIXED_TEXT_MAX];
	char		second[FIXED_TEXT_MAX];
	DocumentLine *line;

	CollectSecondItems(run, &ids);
	if (ids.count == 0)
		return;
	values[1] = DatumArrayValue(&ids, INT4OID);
	if (RunPlanLatest(&unevenPlan, values, NULL) == 0)
		return;
	line = LastLineOf(run, DatumGetInt32(PlanValue(0, 1)));
	FormatFixed(QuantityFromDatum(PlanValue(0, 2)), QUANTITY_SCALE, quantity);
	FormatFixed(QuantityFromDatum(PlanValue(0, 3)), QUANTITY_SCALE, second);
	RaiseProblem(run->batch, line->document, line, "second_quantity", line->fields[LINE_SECOND_QUANTITY], ERRCODE_ERP_SECOND_QUANTITY,
				 psprintf("a place would be left with %s in the item's unit and %s in its second one", quantity, second));
}
