/*
 * The rows that a posting of stock locks: the cost pools of its items, items
 * ascending and the oldest pool of each before its others (pool_lock.c). Pools
 * stand for all places of their item, which need no lock of their own here.
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
#include "core/relation_name.h"
#include "core/subtransaction.h"
#include "inventory/conversion.h"
#include "inventory/stock_lock.h"

static KeptPlan itemPlan = {
	.query = "SELECT i.item_id, i.costing_method, i.item_group FROM pg_catalog.unnest($2) AS u (item_id)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.item f WHERE f.company_id = $1 AND f.item_id = u.item_id OFFSET 0) i",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

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

/* The distinct items of the run. */
static void
CollectItems(StockRun *run)
{
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
}

IndexProbe *
OpenPositions(void)
{
	return OpenIndexProbeById(EngineRelation("erp_private", "stock_position"), EngineRelation("erp_private", "stock_position_key"),
							  RowExclusiveLock, PROBE_LATEST);
}

static TupleTableSlot *
FindPosition(IndexProbe *probe, int32 companyId, const StockPlace *place)
{
	Datum		values[] = {
		Int32GetDatum(companyId), Int32GetDatum(place->itemId), Int32GetDatum(place->place.warehouseId),
		Int32GetDatum(place->place.locationId), Int64GetDatum(place->place.lotId), Int32GetDatum(place->place.ownerId),
		Int16GetDatum((int16) place->place.stateId)
	};

	ProbeIndex(probe, values, lengthof(values));
	return NextProbedRow(probe);
}

static void
LoadPlace(IndexProbe *probe, int32 companyId, StockPlace *place, AttrNumber onHand, AttrNumber position)
{
	TupleTableSlot *row = FindPosition(probe, companyId, place);

	if (row == NULL)
		return;
	place->onHand = QuantityFromDatum(ProbedValue(row, onHand));
	place->before = place->onHand;
	place->positionId = DatumGetInt64(ProbedValue(row, position));
	place->row = row->tts_tid;
}

/* The places of the run's lines; an item may have many more. */
static void
LoadPlaces(StockRun *run)
{
	IndexProbe *probe = OpenPositions();
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
		ItemPointerSetInvalid(&found->row);
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
	CollectItems(run);
	LoadPools(run);
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
	if (!PassFlowGate(run))
	{
		LockItems(run);
		return;
	}
	while (!TryInSubtransaction(TryLockItems, run))
		CHECK_FOR_INTERRUPTS();
}
