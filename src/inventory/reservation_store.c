#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "core/bulk_insert.h"
#include "core/document.h"
#include "core/engine.h"
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

static void
PushText(JsonbParseState **state, JsonbIteratorToken token, const char *text)
{
	JsonbValue	value = {.type = jbvString};

	value.val.string.val = unconstify(char *, text);
	value.val.string.len = (int) strlen(text);
	(void) pushJsonbValue(state, token, &value);
}

static void
PushNumber(JsonbParseState **state, const char *name, Datum number)
{
	JsonbValue	value = {.type = jbvNumeric};

	value.val.numeric = DatumGetNumeric(number);
	PushText(state, WJB_KEY, name);
	(void) pushJsonbValue(state, WJB_VALUE, &value);
}

static void
PushQuantity(JsonbParseState **state, const char *name, int128 quantity)
{
	PushNumber(state, name, DirectFunctionCall1(numeric_trim_scale, QuantityGetDatum(quantity)));
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

	PushText(state, WJB_KEY, "expected");
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < line->claimCount; i++)
	{
		const ReserveClaim *claim = &line->claims[i];

		if (claim->expected == NULL)
			continue;
		(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		PushText(state, WJB_KEY, "day");
		PushText(state, WJB_VALUE, pstrdup(JsonEncodeDateTime(day, DateADTGetDatum(claim->expected->day), DATEOID, NULL)));
		PushQuantity(state, "quantity", claim->quantity);
		(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

static void
PushLine(JsonbParseState **state, const ReserveLine *line)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushText(state, WJB_KEY, "demand");
	PushText(state, WJB_VALUE, line->demand);
	PushNumber(state, "line", NumericGetDatum(int64_to_numeric(line->demandLine)));
	PushText(state, WJB_KEY, "item");
	PushText(state, WJB_VALUE, line->itemCode);
	PushQuantity(state, "reserved", QuantityOfStock(line));
	PushExpected(state, line);
	PushQuantity(state, "short", line->missing);
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

Datum
ReserveResult(const ReserveRun *run)
{
	JsonbParseState *state = NULL;
	JsonbValue	complete = {.type = jbvBool, .val.boolean = run->served};

	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	PushText(&state, WJB_KEY, "complete");
	(void) pushJsonbValue(&state, WJB_VALUE, &complete);
	PushText(&state, WJB_KEY, "lines");
	(void) pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < run->lineCount; i++)
		PushLine(&state, &run->lines[i]);
	(void) pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}
