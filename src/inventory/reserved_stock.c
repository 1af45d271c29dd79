/*
 * What a posting does to reservations. Of one item: what is expected is locked first, then reservations, then free
 * stock; items ascend, as in every call on reservations. The item's cost pools are locked since long.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/datum_array.h"
#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "core/subtransaction.h"
#include "inventory/free_stock.h"
#include "inventory/reserved_stock.h"
#include "inventory/stock_lock.h"

static KeptPlan lockPlan = {
	.query = "SELECT erp_private.lock_item_reservations($1, $2, $3, $4, $5)",
	.argumentCount = 5,
	.argumentTypes = {INT4OID, INT4OID, TEXTARRAYOID, BOOLOID, JSONBOID}
};

static KeptPlan firmPlan = {
	.query = "SELECT erp_private.serve_expected($1, $2, $3, $4, $5, $6, $7, $8, $9)",
	.argumentCount = 9,
	.argumentTypes = {INT4OID, INT4OID, INT4OID, INT4OID, INT8OID, NUMERICOID, NUMERICOID, TEXTOID, INT8OID}
};

static KeptPlan requiredPlan = {
	.query = "SELECT erp_private.serve_requirements($1, $2, $3, $4, $5, $6, $7)",
	.argumentCount = 7,
	.argumentTypes = {INT4OID, INT4OID, INT4OID, INT4OID, INT8OID, NUMERICOID, INT8OID}
};

static KeptPlan consumePlan = {
	.query = "SELECT erp_private.consume_reservations($1, $2, $3, $4, $5, $6, $7, $8, $9)",
	.argumentCount = 9,
	.argumentTypes = {INT4OID, INT4OID, INT4OID, INT4OID, INT8OID, TEXTOID, INT4OID, NUMERICOID, INT8OID}
};

static KeptPlan beginPlan = {
	.query = "SELECT erp_private.begin_free_stock($1, $2, $3, $4, $5, $6)",
	.argumentCount = 6,
	.argumentTypes = {INT4OID, INT4OID, INT4OID, INT4OID, INT8OID, NUMERICOID}
};

static KeptPlan freePlan = {
	.query = "SELECT erp_private.free_place($1, $2, $3, $4, $5, $6, $7)",
	.argumentCount = 7,
	.argumentTypes = {INT4OID, INT4OID, INT4OID, INT4OID, INT8OID, NUMERICOID, INT8OID}
};

int
FillServedPlace(Datum *values, const StockRun *run, const StockPlace *place)
{
	values[0] = Int32GetDatum(run->batch->company->companyId);
	values[1] = Int32GetDatum(place->itemId);
	values[2] = Int32GetDatum(place->place.warehouseId);
	values[3] = Int32GetDatum(place->place.locationId);
	values[4] = Int64GetDatum(place->place.lotId);
	return 5;
}

ServedPlace *
ServedPlaceOf(const ServedItem *item, const DocumentLine *line)
{
	Place		where = PlaceOfLine(line);
	const StockPlace *place = StockPlaceOf(item->run, line->itemId, &where);

	for (int i = 0; i < item->placeCount; i++)
	{
		if (item->places[i].place == place)
			return &item->places[i];
	}
	elog(ERROR, "line %d moved nothing at its place", line->lineNo);
}

/* Whether the table, which is keyed by company and item, has any row of the item. */
static bool
HasRows(const StockRun *run, int32 itemId, const char *table, const char *index)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId), Int32GetDatum(itemId)};
	IndexProbe *probe = OpenIndexProbe("erp", table, index, PROBE_LATEST);
	bool		found;

	ProbeIndex(probe, values, lengthof(values));
	found = NextProbedRow(probe) != NULL;
	CloseIndexProbe(probe);
	return found;
}

static void
LockReservations(const ServedItem *item)
{
	DatumArray	demands = {0};
	Datum		values[5] = {Int32GetDatum(item->run->batch->company->companyId), Int32GetDatum(item->itemId)};

	for (int i = 0; i < item->lineCount; i++)
	{
		if (item->lines[i]->fields[LINE_DEMAND_KEY] != NULL)
			AppendDatum(&demands, CStringGetTextDatum(item->lines[i]->fields[LINE_DEMAND_KEY]));
	}
	values[2] = DatumArrayValue(&demands, TEXTOID);
	values[3] = BoolGetDatum(item->arrives);
	values[4] = PlacesToLock(item);
	(void) RunPlan(&lockPlan, values, NULL);
}

static void
Firm(const ServedItem *item, ServedPlace *served)
{
	const StockPlace *place = served->place;
	const Document *document = place->arrival->document;
	Datum		values[9];
	int			i = FillServedPlace(values, item->run, place);

	values[i++] = QuantityGetDatum(place->received);
	values[i++] = QuantityGetDatum(Max(Min(place->arrived, Max(place->onHand, 0)) - served->firmed, 0));
	values[i++] = CStringGetTextDatum(document->reference == NULL ? "" : document->reference);
	values[i] = Int64GetDatum(document->documentId);
	(void) RunPlan(&firmPlan, values, NULL);
	served->firmed = AddExact(served->firmed, QuantityFromDatum(PlanValue(0, 1)));
}

/* What arrived at the place, and nobody claimed while it was expected, is reserved for what waits. */
static void
ServeRequired(const ServedItem *item, ServedPlace *served)
{
	const StockPlace *place = served->place;
	int128		free = SubtractExact(Min(place->arrived, Max(place->onHand, 0)), served->firmed);
	Datum		values[7];
	int			i = FillServedPlace(values, item->run, place);

	if (free <= 0)
		return;
	values[i++] = QuantityGetDatum(free);
	values[i] = Int64GetDatum(place->arrival->document->documentId);
	(void) RunPlan(&requiredPlan, values, NULL);
	served->firmed = AddExact(served->firmed, QuantityFromDatum(PlanValue(0, 1)));
}

static void
Consume(const ServedItem *item, const DocumentLine *line)
{
	ServedPlace *served = ServedPlaceOf(item, line);
	Datum		values[9];
	int			i = FillServedPlace(values, item->run, served->place);

	if (!MayBeReserved(served->place))
		return;
	values[i++] = CStringGetTextDatum(line->fields[LINE_DEMAND_KEY]);
	values[i++] = Int32GetDatum(line->demandLineNo);
	values[i++] = QuantityGetDatum(NegateExact(line->moveQuantity));
	values[i] = Int64GetDatum(line->document->documentId);
	(void) RunPlan(&consumePlan, values, NULL);
	served->consumed = AddExact(served->consumed, QuantityFromDatum(PlanValue(0, 1)));
}

static void RaiseReserved(const ServedItem *item, const StockPlace *place, int128 missing) pg_attribute_noreturn();

static void
RaiseReserved(const ServedItem *item, const StockPlace *place, int128 missing)
{
	DocumentLine *line = place->issue != NULL ? place->issue : place->arrival;
	char		quantity[FIXED_TEXT_MAX];

	FormatFixed(missing, QUANTITY_SCALE, quantity);
	RaiseProblem(item->run->batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_NOT_ENOUGH_STOCK,
				 psprintf("not enough stock of item %s that is free: %s missing, the rest is reserved%s", line->fields[LINE_ITEM], quantity,
						  line->pairedLine != NULL ? " and stays, unless the line says \"reservations\": \"follow\"" : ""));
}

/*
 * Frees what is missing, and takes it, with what is reserved there locked since before. All slots are held, so that nobody takes what reservations
 * lose, and whoever takes in their order waits for all of them or for none. False if some that were reserved since are just being changed.
 */
static bool
FreeAndTake(const ServedItem *item, const StockPlace *place, const PositionAmount *take)
{
	int32		companyId = item->run->batch->company->companyId;
	Datum		values[7];
	int			i = FillServedPlace(values, item->run, place);
	int128		missing;

	HoldFree(companyId, take->positionId);
	missing = SubtractExact(take->quantity, FreeOfPosition(companyId, take->positionId));
	values[i++] = QuantityGetDatum(missing);
	values[i] = Int64GetDatum(place->issue->document->documentId);
	if (missing > 0)
		(void) RunPlan(&freePlan, values, NULL);
	return TakeFree(companyId, take, 1);
}

static void
TakeFromPlace(ServedItem *item, const ServedPlace *served, int128 quantity)
{
	const StockPlace *place = served->place;
	int32		companyId = item->run->batch->company->companyId;
	PositionAmount take = {.positionId = place->positionId, .quantity = quantity};

	if (item->frees && MayFree(place))
	{
		item->outrun = !FreeAndTake(item, place, &take);
		return;
	}
	while (!TakeFree(companyId, &take, 1) && !item->outrun)
	{
		int128		left = FreeOfPosition(companyId, place->positionId);

		CHECK_FOR_INTERRUPTS();
		item->outrun = served->followed && left < served->freeSeen;
		if (!item->outrun && !MayFree(place))
			RaiseReserved(item, place, Max(SubtractExact(quantity, left), 0));
		if (!item->outrun && left < quantity)
			item->frees = item->outrun = true;
	}
}

/* What is free changes as what is on hand does, but for what reservations have of it. */
static void
ChangeFree(ServedItem *item, const ServedPlace *served)
{
	const StockPlace *place = served->place;
	int128		taken = TakenOfFree(served);
	Datum		values[6];
	int			i;

	if (place->positionId == 0 && served->firmed > 0)
	{
		if (place->onHand < served->firmed)
			RaiseReserved(item, place, served->firmed - place->onHand);
		i = FillServedPlace(values, item->run, place);
		values[i] = QuantityGetDatum(place->onHand - served->firmed);
		(void) RunPlan(&beginPlan, values, NULL);
	}
	else if (place->positionId != 0 && taken < 0)
		SpreadFree(item->run->batch->company->companyId, place->positionId, NegateExact(taken));
	else if (place->positionId != 0 && taken > 0)
		TakeFromPlace(item, served, taken);
}

static void
BeginServing(ServedItem *item)
{
	item->outrun = false;
	for (int i = 0; i < item->placeCount; i++)
		item->places[i] = (ServedPlace) {.place = item->places[i].place};
}

/* False if it is to be begun again, with more reservations. */
static bool
TryServing(void *argument)
{
	ServedItem *item = argument;

	BeginServing(item);
	if (item->arrives || item->lineCount > 0 || item->frees)
		LockReservations(item);
	for (int i = 0; i < item->lineCount; i++)
	{
		if (item->lines[i]->pairedLine != NULL && !item->lines[i]->pairedLine->isShipped)
			CarryReservations(item, item->lines[i]);
		else
			Consume(item, item->lines[i]);
	}
	for (int i = 0; i < item->placeCount && (item->arrives || item->waited); i++)
	{
		if (item->places[i].place->arrived <= 0 || !MayBeReserved(item->places[i].place))
			continue;
		if (item->arrives)
			Firm(item, &item->places[i]);
		if (item->waited)
			ServeRequired(item, &item->places[i]);
	}
	for (int i = 0; i < item->placeCount && !item->outrun; i++)
		ChangeFree(item, &item->places[i]);
	return !item->outrun;
}

static bool
AnyMayFree(const ServedItem *item)
{
	for (int i = 0; i < item->placeCount; i++)
	{
		if (MayFree(item->places[i].place))
			return true;
	}
	return false;
}

static void
ServeItem(ServedItem *item)
{
	bool		arrives = false;

	for (int i = 0; i < item->placeCount; i++)
		arrives |= item->places[i].place->arrived > 0 && MayBeReserved(item->places[i].place);
	item->arrives = arrives && HasRows(item->run, item->itemId, "expected_receipt", "expected_receipt_key");
	item->waited = arrives && HasRows(item->run, item->itemId, "requirement", "requirement_key");
	if (!AnyFollows(item) && !AnyMayFree(item))
	{
		(void) TryServing(item);
		return;
	}
	while (!TryInSubtransaction(TryServing, item))
		CHECK_FOR_INTERRUPTS();
}

static int
ComparePlaces(const void *a, const void *b)
{
	const StockPlace *left = ((const ServedPlace *) a)->place;
	const StockPlace *right = ((const ServedPlace *) b)->place;

	if (left->itemId != right->itemId)
		return left->itemId < right->itemId ? -1 : 1;
	return (left->positionId > right->positionId) - (left->positionId < right->positionId);
}

static int
CompareItems(const void *a, const void *b)
{
	const DocumentLine *left = *(DocumentLine *const *) a;
	const DocumentLine *right = *(DocumentLine *const *) b;

	if (left->itemId != right->itemId)
		return left->itemId < right->itemId ? -1 : 1;
	return left->moveId < right->moveId ? -1 : 1;
}

/* Whether anything is reserved for the demand that the line names. */
static bool
HasReservation(const StockRun *run, const DocumentLine *line)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId), CStringGetTextDatum(line->fields[LINE_DEMAND_KEY])};
	IndexProbe *probe = OpenIndexProbe("erp", "reservation", "reservation_demand", PROBE_LATEST);
	bool		found;

	ProbeIndex(probe, values, lengthof(values));
	found = NextProbedRow(probe) != NULL;
	CloseIndexProbe(probe);
	return found;
}

/* Whether reservations may go with what the line takes. */
static bool
ServesDemand(const StockRun *run, const DocumentLine *line)
{
	if (ReservationsFollow(line))
		return true;
	return line->fields[LINE_DEMAND_KEY] != NULL && (line->pairedLine != NULL || HasReservation(run, line));
}

/* Lines that serve a demand, such as those that ship goods, or carry goods with their reservations, by item; reversals, which bring goods back, do not. */
static DocumentLine **
LinesOfDemands(const StockRun *run, int *count)
{
	DocumentLine **lines = palloc(sizeof(DocumentLine *) * Max(run->lineCount, 1));

	*count = 0;
	for (int i = 0; i < run->lineCount; i++)
	{
		if (run->lines[i]->moveQuantity < 0 && ServesDemand(run, run->lines[i]))
			lines[(*count)++] = run->lines[i];
	}
	qsort(lines, *count, sizeof(DocumentLine *), CompareItems);
	return lines;
}

static ServedPlace *
ChangedPlaces(const StockRun *run, int *count)
{
	ServedPlace *places = palloc0(sizeof(ServedPlace) * Max(run->placeCount, 1));

	*count = 0;
	for (int i = 0; i < run->placeCount; i++)
	{
		if (run->places[i].changed)
			places[(*count)++].place = &run->places[i];
	}
	qsort(places, *count, sizeof(ServedPlace), ComparePlaces);
	return places;
}

void
ServeReservations(StockRun *run)
{
	int			placeCount;
	int			lineCount;
	ServedPlace *places = ChangedPlaces(run, &placeCount);
	DocumentLine **lines = LinesOfDemands(run, &lineCount);
	int			line = 0;

	for (int place = 0; place < placeCount;)
	{
		ServedItem	item = {.run = run, .itemId = places[place].place->itemId, .places = &places[place], .lines = &lines[line]};

		CHECK_FOR_INTERRUPTS();
		while (place < placeCount && places[place].place->itemId == item.itemId)
			place++, item.placeCount++;
		while (line < lineCount && lines[line]->itemId == item.itemId)
			line++, item.lineCount++;
		ServeItem(&item);
	}
}
