/*
 * The rows that a posting of stock locks: the cost pools of its items, in
 * ascending order of item and pool. A pool stands for all places of its item,
 * so that the places need no lock of their own here.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "core/subtransaction.h"
#include "inventory/conversion.h"
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
	" p.head_quantity, p.head_value, p.last_day, p.last_time, p.method_changed"
	"  FROM (SELECT u.item_id FROM pg_catalog.unnest($2) AS u (item_id) ORDER BY u.item_id) i"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp_private.cost_pool f WHERE f.company_id = $1 AND f.item_id = i.item_id"
	"                      ORDER BY f.cost_pool_id FOR UPDATE) p",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static KeptPlan itemPlan = {
	.query = "SELECT i.item_id, i.costing_method, i.item_group FROM pg_catalog.unnest($2) AS u (item_id)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.item f WHERE f.company_id = $1 AND f.item_id = u.item_id OFFSET 0) i",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

int
PoolNumber(StockRun *run, int32 itemId, int64 costPoolId)
{
	return PairNumber(run->poolNumbers, PAIR_KEY(itemId, PairNumber(run->poolIds, (uint64) costPoolId)));
}

StockPool *
PoolOfRun(StockRun *run, int32 itemId, int64 costPoolId)
{
	int			number = PoolNumber(run, itemId, costPoolId);

	if (number >= run->poolCount)
		elog(ERROR, "pool " INT64_FORMAT " of item %d is not locked", costPoolId, itemId);
	return &run->pools[number];
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

void
WantItem(StockRun *run, int32 itemId)
{
	for (int i = 0; i < run->wantedCount; i++)
	{
		if (run->wantedItems[i] == itemId)
			return;
	}
	run->wantedItems = run->wantedItems == NULL ? palloc(sizeof(int32)) :
		repalloc_huge(run->wantedItems, sizeof(int32) * (run->wantedCount + 1));
	run->wantedItems[run->wantedCount++] = itemId;
}

/* The item of the run, added on first sight. */
static StockItem *
AddItem(StockRun *run, int32 itemId)
{
	int			number = PairNumber(run->itemNumbers, PAIR_KEY(itemId, 0));
	StockItem  *item = &run->items[number];

	if (number == run->itemCount)
	{
		item->itemId = itemId;
		item->last.day = DATEVAL_NOBEGIN;
		run->itemCount++;
	}
	return item;
}

static void
AddItemOfLine(StockRun *run, const DocumentLine *line)
{
	StockItem  *item = AddItem(run, line->itemId);

	item->method = line->method;
	item->itemGroup = line->itemGroup;
}

/* What no line of the item said. */
static void
ReadWantedItems(StockRun *run, Datum itemIds)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId), itemIds};
	uint64		rows = RunPlan(&itemPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		StockItem  *item = AddItem(run, DatumGetInt32(PlanValue(i, 1)));

		item->method = FindCostMethod(TextDatumGetCString(PlanValue(i, 2)));
		item->itemGroup = MasterText(TextDatumGetCString(PlanValue(i, 3)));
	}
	SPI_freetuptable(SPI_tuptable);
}

/* The distinct items of the run; also fills run->items. */
static Datum
CollectItemIds(StockRun *run)
{
	DatumArray	ids = {0};
	DatumArray	wanted = {0};

	run->itemNumbers = CreatePairMap();
	run->itemCount = 0;
	run->items = palloc0(sizeof(StockItem) * (run->lineCount + run->partCount + run->wantedCount));
	for (int i = 0; i < run->lineCount; i++)
		AddItemOfLine(run, run->lines[i]);
	for (int i = 0; i < run->partCount; i++)
		AddItemOfLine(run, &run->parts[i]->line);
	for (int i = 0; i < run->wantedCount; i++)
	{
		if (FindPair(run->itemNumbers, PAIR_KEY(run->wantedItems[i], 0)) < 0)
			AppendDatum(&wanted, Int32GetDatum(run->wantedItems[i]));
	}
	if (wanted.count > 0)
		ReadWantedItems(run, DatumArrayValue(&wanted, INT4OID));
	for (int i = 0; i < run->itemCount; i++)
		AppendDatum(&ids, Int32GetDatum(run->items[i].itemId));
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
	stock->pool.lastQuantity = UNKNOWN_QUANTITY;
	stock->pool.keepsLast = run->batch->company->allowsNegativeStock;
	stock->last.day = DatumGetDateADT(PlanValue(row, 10));
	stock->last.timeOfDay = DatumGetTimeADT(PlanValue(row, 11));
	if (head.quantity > 0)
		AppendLayer(&stock->pool.stored, &head);

	item = &run->items[FindPair(run->itemNumbers, PAIR_KEY(stock->itemId, 0))];
	item->methodChanged |= DatumGetBool(PlanValue(row, 12));
	if (ComparePosition(&stock->last, &item->last) > 0)
		item->last = stock->last;
}

/* How many pools the items have by now. */
static uint64
CountPools(const StockRun *run)
{
	IndexProbe *probe = OpenIndexProbe("erp_private", "cost_pool", "cost_pool_key", PROBE_TRANSACTION);
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId)};
	uint64		count = 0;

	for (int i = 0; i < run->itemCount; i++)
	{
		values[1] = Int32GetDatum(run->items[i].itemId);
		ProbeIndex(probe, values, 2);
		while (NextProbedRow(probe) != NULL)
			count++;
	}
	CloseIndexProbe(probe);
	return count;
}

/*
 * Locks all pools of the items. Whoever held one while this waited may have made
 * another, which the statement that waited does not see; once all are held,
 * nobody else can use a new one before this transaction ends.
 */
static uint64
LockPools(const StockRun *run, Datum *values)
{
	uint64		count;

	while ((count = RunPlan(&lockPlan, values, NULL)) < CountPools(run))
	{
		SPI_freetuptable(SPI_tuptable);
		CHECK_FOR_INTERRUPTS();
	}
	return count;
}

static void
LoadPools(StockRun *run, Datum *values)
{
	const MovePosition end = {.day = DATEVAL_NOEND};

	run->poolCount = (int) LockPools(run, values);
	run->poolNumbers = CreatePairMap();
	run->pools = palloc0(sizeof(StockPool) * Max(run->poolCount, 1));
	for (int i = 0; i < run->poolCount; i++)
	{
		FillPool(run, &run->pools[i], i);
		(void) PoolNumber(run, run->pools[i].itemId, run->pools[i].costPoolId);
	}
	LookUpMethods(run);
	for (int i = 0; i < run->poolCount; i++)
	{
		const StockItem *item = &run->items[FindPair(run->itemNumbers, PAIR_KEY(run->pools[i].itemId, 0))];

		if (item->method == COST_STANDARD)
			run->pools[i].pool.standard = StandardBefore(run, item, &end);
	}
	for (int i = 0; i < run->poolCount; i++)
		AttachStoredLayers(&run->pools[i], run->batch->company->companyId);
}

#define POSITION_KEY_COLUMNS 7

/* What the index stock_position_key finds a place by. */
static int
PositionKey(int32 companyId, int32 itemId, const Place *place, Datum *values)
{
	int			count = 0;

	values[count++] = Int32GetDatum(companyId);
	values[count++] = Int32GetDatum(itemId);
	values[count++] = Int32GetDatum(place->warehouseId);
	values[count++] = Int32GetDatum(place->locationId);
	values[count++] = Int64GetDatum(place->lotId);
	values[count++] = Int32GetDatum(place->ownerId);
	values[count++] = Int16GetDatum((int16) place->stateId);
	return count;
}

static void
LoadPlace(IndexProbe *probe, int32 companyId, StockPlace *place, AttrNumber onHand, AttrNumber position)
{
	Datum		values[POSITION_KEY_COLUMNS];
	TupleTableSlot *row;

	ProbeIndex(probe, values, PositionKey(companyId, place->itemId, &place->place, values));
	row = NextProbedRow(probe);
	if (row == NULL)
		return;
	place->onHand = QuantityFromDatum(ProbedValue(row, onHand));
	place->before = place->onHand;
	place->positionId = DatumGetInt64(ProbedValue(row, position));
}

/* The places of the run's lines; an item may have many more. */
static void
LoadPlaces(StockRun *run)
{
	IndexProbe *probe = OpenIndexProbe("erp_private", "stock_position", "stock_position_key", PROBE_LATEST);
	AttrNumber	onHand = ProbeColumn(probe, "on_hand");
	AttrNumber	position = ProbeColumn(probe, "position_id");

	run->placeIds = CreatePlaceNumbers();
	run->placeNumbers = CreatePairMap();
	run->placeCount = 0;
	run->places = palloc0(sizeof(StockPlace) * Max(run->lineCount, 1));
	for (int i = 0; i < run->lineCount; i++)
	{
		Place		place = PlaceOfLine(run->lines[i]);

		(void) StockPlaceOf(run, run->lines[i]->itemId, &place);
	}
	for (int i = 0; i < run->placeCount; i++)
		LoadPlace(probe, run->batch->company->companyId, &run->places[i], onHand, position);
	CloseIndexProbe(probe);
}

StockPlace *
StockPlaceOf(StockRun *run, int32 itemId, const Place *place)
{
	int			number = PairNumber(run->placeNumbers, PlaceKey(run->placeIds, itemId, place));
	StockPlace *found = &run->places[number];

	if (number == run->placeCount)
	{
		found->itemId = itemId;
		found->place = *place;
		run->placeCount++;
	}
	return found;
}

/* For what the run does to reservations, once it is known as a whole. */
static void
NoteMove(StockPlace *place, DocumentLine *line)
{
	if (line->moveQuantity < 0)
	{
		place->issue = line;
		place->refuses |= !line->role->takesReserved;
		return;
	}
	place->arrival = line;
	place->arrived = AddExact(place->arrived, line->moveQuantity);
	if (line->document->kind->needsSupplier)
		place->received = AddExact(place->received, line->moveQuantity);
}

StockPlace *
MoveAtPlace(StockRun *run, DocumentLine *line)
{
	Place		where = PlaceOfLine(line);
	StockPlace *place = StockPlaceOf(run, line->itemId, &where);

	place->onHand = AddExact(place->onHand, line->moveQuantity);
	place->changed = true;
	NoteMove(place, line);
	return place;
}

static void
LockItems(StockRun *run)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId)};

	MakePools(run);
	values[1] = CollectItemIds(run);
	LoadPools(run, values);
	LoadPlaces(run);
	FindBackdated(run);
	CheckPoolsOfValue(run);
}

/* In a subtransaction, so that the locks can be given up again; false if more items are wanted by then. */
static bool
TryLockItems(void *run)
{
	LockItems(run);
	return !WantReachedItems(run);
}

/*
 * Where values flow from item to item, which items a replay reaches is known
 * only when those that it begins with are locked. If one is missing then, all
 * are given up and locked again in order.
 */
void
LockStock(StockRun *run)
{
	if (!run->hasProducts && !HasFlows(run->batch->company->companyId))
	{
		LockItems(run);
		return;
	}
	while (!TryInSubtransaction(TryLockItems, run))
		CHECK_FOR_INTERRUPTS();
}
