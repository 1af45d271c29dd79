#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"

#include "core/bulk_insert.h"
#include "core/document.h"
#include "core/engine.h"
#include "core/json_push.h"
#include "core/numeric_io.h"
#include "inventory/reservation.h"

static const char *const reservationColumns[] = {
	"company_id", "item_id", "reservation_id", "lot_id", "expected_receipt_id", "expires_at", "warehouse_id",
	"location_id", "demand_line", "priority", "needed_by", "reserved_by", "claim", "demand", "quantity"
};

static void
InsertClaim(BulkInsert *bulk, const ReserveRun *run, const ReserveLine *line, const ReserveClaim *claim, Oid sequence, Datum caller)
{
	const ReservePosition *position = claim->position;
	Datum		values[lengthof(reservationColumns)];
	int			i = 0;

	values[i++] = Int32GetDatum(run->company->companyId);
	values[i++] = Int32GetDatum(line->itemId);
	values[i++] = Int64GetDatum(NextOfSequence(sequence));
	values[i++] = Int64GetDatum(position == NULL ? 0 : position->lotId);
	values[i++] = Int64GetDatum(position == NULL ? claim->expected->expectedReceiptId : 0);
	values[i++] = TimestampTzGetDatum(line->terms.expiresAt);
	values[i++] = Int32GetDatum(position == NULL ? claim->expected->warehouseId : position->warehouseId);
	values[i++] = Int32GetDatum(position == NULL ? 0 : position->locationId);
	values[i++] = Int32GetDatum(line->demandLine);
	values[i++] = Int32GetDatum(line->terms.priority);
	values[i++] = DateADTGetDatum(line->terms.neededBy);
	values[i++] = caller;
	values[i++] = CStringGetTextDatum(position == NULL ? "expected" : "stock");
	values[i++] = CStringGetTextDatum(line->demand);
	values[i++] = QuantityGetDatum(claim->quantity);
	BulkInsertRow(bulk, values, NULL);
}

void
StoreReservations(const ReserveRun *run)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "reservation", reservationColumns, lengthof(reservationColumns));
	MemoryContext previous = MemoryContextSwitchTo(BulkInsertContext(bulk));
	Oid			sequence = IdentitySequence("reservation", "reservation_id");

	for (int i = 0; i < run->lineCount; i++)
	{
		const ReserveLine *line = run->byItem[i];

		for (int j = 0; j < line->claimCount; j++)
			InsertClaim(bulk, run, line, &line->claims[j], sequence,
						DirectFunctionCall1(namein, CStringGetDatum(EngineCallerName())));
	}
	MemoryContextSwitchTo(previous);
	EndBulkInsert(bulk);
}

static int128
QuantityOfStock(const ReserveLine *line)
{
	int128		reserved = 0;

	for (int i = 0; i < line->claimCount; i++)
		reserved += line->claims[i].position == NULL ? 0 : line->claims[i].quantity;
	return reserved;
}

/* What the line claims of what is expected. */
static void
PushExpected(JsonbParseState **state, const ReserveLine *line)
{
	char		day[MAXDATELEN + 1];

	PushJsonText(state, WJB_KEY, "expected");
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < line->claimCount; i++)
	{
		const ReserveClaim *claim = &line->claims[i];

		if (claim->expected == NULL)
			continue;
		(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		PushJsonText(state, WJB_KEY, "day");
		PushJsonText(state, WJB_VALUE, pstrdup(JsonEncodeDateTime(day, DateADTGetDatum(claim->expected->day), DATEOID, NULL)));
		PushJsonFixed(state, "quantity", claim->quantity, QUANTITY_SCALE);
		(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

static void
PushLine(JsonbParseState **state, const ReserveLine *line)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushJsonText(state, WJB_KEY, "demand");
	PushJsonText(state, WJB_VALUE, line->demand);
	PushJsonInteger(state, "line", line->demandLine);
	PushJsonText(state, WJB_KEY, "item");
	PushJsonText(state, WJB_VALUE, line->itemCode);
	PushJsonFixed(state, "reserved", QuantityOfStock(line), QUANTITY_SCALE);
	PushExpected(state, line);
	PushJsonFixed(state, "short", line->missing, QUANTITY_SCALE);
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

Datum
ReserveResult(const ReserveRun *run)
{
	JsonbParseState *state = NULL;
	JsonbValue	complete = {.type = jbvBool, .val.boolean = run->served};

	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	PushJsonText(&state, WJB_KEY, "complete");
	(void) pushJsonbValue(&state, WJB_VALUE, &complete);
	PushJsonText(&state, WJB_KEY, "lines");
	(void) pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < run->lineCount; i++)
		PushLine(&state, &run->lines[i]);
	(void) pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	return PushedJson(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}
