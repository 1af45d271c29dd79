/*
 * Reservations that go along with the goods that a transfer carries: those of
 * the demand that its line names, or with "reservations": "follow" as much as
 * is not free of what leaves the place, of lowest priority first.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/free_stock.h"
#include "inventory/reserved_stock.h"

#define CARRY_ARGUMENTS 12

static KeptPlan carryPlan = {
	.query = "SELECT erp_private.carry_reservations($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
	.argumentCount = CARRY_ARGUMENTS,
	.argumentTypes = {INT4OID, INT4OID, INT4OID, INT4OID, INT8OID, INT4OID, INT4OID, INT8OID, TEXTOID, INT4OID, NUMERICOID, INT8OID}
};

bool
ReservationsFollow(const DocumentLine *line)
{
	return line->fields[LINE_RESERVATIONS] != NULL;
}

static void
AppendPlace(StringInfo text, int32 warehouseId, int32 locationId, int64 lotId)
{
	appendStringInfo(text, "%s[%d, %d, " INT64_FORMAT "]", text->len > 1 ? ", " : "", warehouseId, locationId, lotId);
}

Datum
PlacesToLock(const ServedItem *item)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoChar(&text, '[');
	for (int i = 0; i < item->lineCount; i++)
	{
		const DocumentLine *line = item->lines[i];

		if (ReservationsFollow(line))
			AppendPlace(&text, line->warehouseId, line->locationId, line->lotId);
	}
	for (int i = 0; i < item->placeCount && item->frees; i++)
	{
		const StockPlace *place = item->places[i].place;

		if (MayFree(place))
			AppendPlace(&text, place->place.warehouseId, place->place.locationId, place->place.lotId);
	}
	appendStringInfoChar(&text, ']');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data));
}

bool
AnyFollows(const ServedItem *item)
{
	for (int i = 0; i < item->lineCount; i++)
	{
		if (ReservationsFollow(item->lines[i]))
			return true;
	}
	return false;
}

/* How much of its reservations follows what the line carries: of its demand, or what is not free of all that leaves the place. */
static int128
QuantityToFollow(const ServedItem *item, const DocumentLine *line, ServedPlace *from)
{
	int128		carried = NegateExact(line->moveQuantity);

	if (!ReservationsFollow(line))
		return carried;
	from->followed = true;
	from->freeSeen = FreeOfPosition(item->run->batch->company->companyId, from->place->positionId);
	return Min(carried, Max(TakenOfFree(from) - from->freeSeen, 0));
}

static int128
RunCarry(const ServedItem *item, const DocumentLine *line, const ServedPlace *from, const ServedPlace *to, int128 quantity)
{
	const char *demand = line->fields[LINE_DEMAND_KEY];
	char		nulls[CARRY_ARGUMENTS];
	Datum		values[CARRY_ARGUMENTS];
	int			i = FillServedPlace(values, item->run, from->place);

	memset(nulls, ' ', sizeof(nulls));
	values[i++] = Int32GetDatum(to->place->place.warehouseId);
	values[i++] = Int32GetDatum(to->place->place.locationId);
	values[i++] = Int64GetDatum(to->place->place.lotId);
	nulls[i] = demand == NULL ? 'n' : ' ';
	values[i++] = demand == NULL ? (Datum) 0 : CStringGetTextDatum(demand);
	values[i++] = Int32GetDatum(line->demandLineNo);
	values[i++] = QuantityGetDatum(quantity);
	values[i] = Int64GetDatum(line->document->documentId);
	(void) RunPlan(&carryPlan, values, nulls);
	return QuantityFromDatum(PlanValue(0, 1));
}

/* Nothing is reserved of what is in another state, of others or with others: there reservations do not follow. */
void
CarryReservations(ServedItem *item, DocumentLine *line)
{
	ServedPlace *from = ServedPlaceOf(item, line);
	ServedPlace *to = ServedPlaceOf(item, line->pairedLine);
	int128		quantity;
	int128		carried;

	if (!MayBeReserved(from->place) || from->place->positionId == 0)
		return;
	if (!MayBeReserved(to->place) || line->pairedLine->isWithOthers)
		RaiseProblem(item->run->batch, line->document, line, ReservationsFollow(line) ? "reservations" : "demand", NULL, ERRCODE_ERP_NOT_FOLLOWED,
					 "the goods would be in another state, of another owner, lent or on consignment");
	quantity = QuantityToFollow(item, line, from);
	carried = quantity > 0 ? RunCarry(item, line, from, to, quantity) : 0;
	from->consumed = AddExact(from->consumed, carried);
	to->firmed = AddExact(to->firmed, carried);
	item->outrun |= ReservationsFollow(line) && carried < quantity;
}
