#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"

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
WriteQuantity(StringInfo text, const char *name, int128 quantity)
{
	char		value[FIXED_TEXT_MAX];

	FormatFixed(quantity, QUANTITY_SCALE, value);
	appendStringInfo(text, "\"%s\": %s", name, value);
}

static void
WriteLine(StringInfo text, const ReserveLine *line)
{
	int128		reserved = 0;
	const char *separator = "";
	char		day[MAXDATELEN + 1];

	for (int i = 0; i < line->claimCount; i++)
		reserved += line->claims[i].position == NULL ? 0 : line->claims[i].quantity;
	appendStringInfoString(text, "{\"demand\": ");
	escape_json(text, line->demand);
	appendStringInfo(text, ", \"line\": %d, \"item\": ", line->demandLine);
	escape_json(text, line->itemCode);
	appendStringInfoString(text, ", ");
	WriteQuantity(text, "reserved", reserved);
	appendStringInfoString(text, ", \"expected\": [");
	for (int i = 0; i < line->claimCount; i++)
	{
		const ReserveClaim *claim = &line->claims[i];

		if (claim->expected == NULL)
			continue;
		appendStringInfo(text, "%s{\"day\": \"%s\", ", separator,
						 JsonEncodeDateTime(day, DateADTGetDatum(claim->expected->day), DATEOID, NULL));
		WriteQuantity(text, "quantity", claim->quantity);
		appendStringInfoChar(text, '}');
		separator = ", ";
	}
	appendStringInfoString(text, "], ");
	WriteQuantity(text, "short", line->missing);
	appendStringInfoChar(text, '}');
}

Datum
ReserveResult(const ReserveRun *run)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "{\"complete\": %s, \"lines\": [", run->served ? "true" : "false");
	for (int i = 0; i < run->lineCount; i++)
	{
		if (i > 0)
			appendStringInfoString(&text, ", ");
		WriteLine(&text, &run->lines[i]);
	}
	appendStringInfoString(&text, "]}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data));
}
