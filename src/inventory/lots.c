/*
 * Lots of a batch: those that lines bring in are made where they are not there,
 * and a serial number is never in stock more than once.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/document_field.h"
#include "core/plan_cache.h"
#include "inventory/inventory.h"

typedef enum LotDay
{
	LOT_PRODUCED,
	LOT_EXPIRES,
	LOT_BEST_BEFORE,
	LOT_REMOVED,
	LOT_ALERT,
	LOT_DAY_COUNT
} LotDay;

static const char *const lotDayNames[LOT_DAY_COUNT] = {
	"production_day", "expires_on", "best_before", "removal_day", "alert_day"
};

typedef struct LotDays
{
	bool		given[LOT_DAY_COUNT];
	DateADT		days[LOT_DAY_COUNT];
} LotDays;

/* Item, code, whether it is a serial number, and the days. */
#define LOT_COLUMNS (3 + LOT_DAY_COUNT)

/* In one order, so that two calls that make the same lots wait for each other in it. */
static KeptPlan makePlan = {
	.query = "INSERT INTO erp.lot (company_id, item_id, code, is_serial, production_day, expires_on, best_before, removal_day, alert_day)"
	" SELECT DISTINCT ON (n.item_id, n.code COLLATE \"C\") $1, n.item_id, n.code, n.is_serial, n.production_day, n.expires_on, n.best_before,"
	"        n.removal_day, n.alert_day"
	"   FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5), pg_catalog.unnest($6),"
	"        pg_catalog.unnest($7), pg_catalog.unnest($8), pg_catalog.unnest($9)) WITH ORDINALITY"
	"        AS n (item_id, code, is_serial, production_day, expires_on, best_before, removal_day, alert_day, number)"
	"  ORDER BY n.item_id, n.code COLLATE \"C\", n.number"
	" ON CONFLICT ON CONSTRAINT lot_code_key DO NOTHING",
	.argumentCount = 9,
	.argumentTypes = {INT4OID, INT4ARRAYOID, TEXTARRAYOID, BOOLARRAYOID, DATEARRAYOID, DATEARRAYOID, DATEARRAYOID, DATEARRAYOID,
	DATEARRAYOID}
};

static KeptPlan findPlan = {
	.query = "SELECT n.number::integer - 1, l.lot_id, l.production_day, l.expires_on, l.best_before, l.removal_day, l.alert_day"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) WITH ORDINALITY AS n (item_id, code, number)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.lot f WHERE f.company_id = $1 AND f.item_id = n.item_id AND f.code = n.code OFFSET 0) l",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4ARRAYOID, TEXTARRAYOID}
};

/* The first serial number of which more than one piece was in stock at some time. */
static KeptPlan takenPlan = {
	.query = "SELECT u.lot_id FROM pg_catalog.unnest($2) AS u (lot_id)"
	" CROSS JOIN LATERAL (SELECT pg_catalog.max(s.held) AS most"
	"   FROM (SELECT pg_catalog.sum(m.quantity) OVER (ORDER BY m.day, m.time_of_day, m.move_id) AS held FROM erp.stock_move m"
	"          WHERE m.company_id = $1 AND m.lot_id = u.lot_id AND m.lot_id <> 0) s OFFSET 0) h"
	" WHERE h.most > 1 ORDER BY u.lot_id LIMIT 1",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

static void
ReportLotDays(DocumentBatch *batch, DocumentLine *line, const char *value, const char *reason)
{
	ReportProblem(batch, line->document, line, "lot_days", value, ERRCODE_ERP_INVALID_FIELD, reason);
}

static int
LotDayOf(const char *name)
{
	for (int i = 0; i < LOT_DAY_COUNT; i++)
	{
		if (strcmp(lotDayNames[i], name) == 0)
			return i;
	}
	return -1;
}

/* The days that the line gives; reports what is none of them, or no day. */
static LotDays
ReadLotDays(DocumentBatch *batch, DocumentLine *line)
{
	LotDays		lot = {0};

	if (line->lotDays == NULL)
		return lot;
	if (line->lotDays->kind != JSON_OBJECT)
		ReportLotDays(batch, line, NULL, "an object with production_day, expires_on, best_before, removal_day and alert_day is expected");
	for (const JsonNode *member = line->lotDays->first; member != NULL && line->lotDays->kind == JSON_OBJECT; member = member->next)
	{
		int			day = LotDayOf(member->name);

		if (day < 0)
			ReportLotDays(batch, line, member->name, "unknown field");
		else if (member->kind == JSON_NULL_VALUE)
			continue;
		else if (member->kind != JSON_STRING || !ParseDay(member->text, &lot.days[day]))
			ReportLotDays(batch, line, member->name, "a day of the form YYYY-MM-DD is expected");
		else
			lot.given[day] = true;
	}
	return lot;
}

void
CheckLotDays(DocumentBatch *batch, DocumentLine *line)
{
	LotDays		lot = ReadLotDays(batch, line);

	for (int i = LOT_EXPIRES; i < LOT_DAY_COUNT && lot.given[LOT_PRODUCED]; i++)
	{
		if (lot.given[i] && lot.days[i] < lot.days[LOT_PRODUCED])
			ReportLotDays(batch, line, lotDayNames[i], "the day lies before the production day");
	}
}

/* Where the line does not say when the lot expires, its item's shelf life does, from the production day or from the day of the document. */
static void
CompleteDays(LotDays *lot, const DocumentLine *line)
{
	if (lot->given[LOT_EXPIRES] || line->shelfLifeDays == 0)
		return;
	lot->given[LOT_EXPIRES] = true;
	lot->days[LOT_EXPIRES] = (lot->given[LOT_PRODUCED] ? lot->days[LOT_PRODUCED] : line->document->day) + line->shelfLifeDays;
}

static void
AppendLot(DatumArray *columns, DocumentBatch *batch, DocumentLine *line)
{
	LotDays		lot = ReadLotDays(batch, line);

	CompleteDays(&lot, line);
	AppendDatum(&columns[0], Int32GetDatum(line->itemId));
	AppendDatum(&columns[1], CStringGetTextDatum(line->fields[LINE_LOT]));
	AppendDatum(&columns[2], BoolGetDatum(line->tracking == TRACK_SERIAL));
	for (int i = 0; i < LOT_DAY_COUNT; i++)
	{
		if (lot.given[i])
			AppendDatum(&columns[3 + i], DateADTGetDatum(lot.days[i]));
		else
			AppendNull(&columns[3 + i]);
	}
}

static void
MakeMissing(StockRun *run)
{
	static const Oid types[LOT_COLUMNS] = {INT4OID, TEXTOID, BOOLOID, DATEOID, DATEOID, DATEOID, DATEOID, DATEOID};
	DatumArray	columns[LOT_COLUMNS] = {0};
	Datum		values[LOT_COLUMNS + 1] = {Int32GetDatum(run->batch->company->companyId)};

	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];

		if (line->fields[LINE_LOT] != NULL && line->lotId == 0 && line->moveQuantity > 0)
			AppendLot(columns, run->batch, line);
	}
	for (int i = 0; i < LOT_COLUMNS; i++)
		values[i + 1] = DatumArrayValue(&columns[i], types[i]);
	if (columns[0].count > 0)
		(void) RunPlanLatest(&makePlan, values, NULL);
}

/* What the line says of the lot is what the lot says. */
static void
CompareDays(DocumentBatch *batch, DocumentLine *line, uint64 row)
{
	LotDays		lot = ReadLotDays(batch, line);

	for (int i = 0; i < LOT_DAY_COUNT; i++)
	{
		bool		isNull;
		Datum		day = PlanValueOrNull(row, 3 + i, &isNull);

		if (lot.given[i] && (isNull || DatumGetDateADT(day) != lot.days[i]))
			RaiseProblem(batch, line->document, line, "lot_days", lotDayNames[i], ERRCODE_ERP_LOT_DIFFERS,
						 psprintf("lot \"%s\" is there already, with another day", line->fields[LINE_LOT]));
	}
}

/* The lots of lines by their number in the run. */
static void
FindLots(StockRun *run, const DatumArray *numbers, const DatumArray *items, const DatumArray *codes)
{
	Datum		values[3] = {
		Int32GetDatum(run->batch->company->companyId), DatumArrayValue(items, INT4OID), DatumArrayValue(codes, TEXTOID)
	};
	uint64		rows = RunPlanLatest(&findPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		DocumentLine *line = run->lines[DatumGetInt32(numbers->values[DatumGetInt32(PlanValue(i, 1))])];

		line->lotId = DatumGetInt64(PlanValue(i, 2));
		line->costPoolId = PoolOfLine(line);
		CompareDays(run->batch, line, i);
	}
	for (int i = 0; i < numbers->count; i++)
	{
		DocumentLine *line = run->lines[DatumGetInt32(numbers->values[i])];

		if (line->lotId == 0)
			RaiseProblem(run->batch, line->document, line, "lot", line->fields[LINE_LOT], ERRCODE_ERP_UNKNOWN_CODE,
						 "unknown lot of the item");
	}
}

void
MakeLots(StockRun *run)
{
	DatumArray	numbers = {0};
	DatumArray	items = {0};
	DatumArray	codes = {0};

	for (int i = 0; i < run->lineCount; i++)
	{
		const DocumentLine *line = run->lines[i];

		if (line->fields[LINE_LOT] == NULL || (line->lotId != 0 && line->lotDays == NULL))
			continue;
		AppendDatum(&numbers, Int32GetDatum(i));
		AppendDatum(&items, Int32GetDatum(line->itemId));
		AppendDatum(&codes, CStringGetTextDatum(line->fields[LINE_LOT]));
	}
	if (numbers.count == 0)
		return;
	MakeMissing(run);
	FindLots(run, &numbers, &items, &codes);
}

static void RaiseTaken(const StockRun *run, int64 lotId) pg_attribute_noreturn();

static void
RaiseTaken(const StockRun *run, int64 lotId)
{
	int			number = 0;

	while (run->lines[number]->lotId != lotId)
		number++;
	RaiseProblem(run->batch, run->lines[number]->document, run->lines[number], "lot", run->lines[number]->fields[LINE_LOT],
				 ERRCODE_ERP_SERIAL_TAKEN, "the serial number would be in stock more than once, now or at another time");
}

void
CheckSerials(const StockRun *run)
{
	DatumArray	lots = {0};
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId)};

	for (int i = 0; i < run->lineCount; i++)
	{
		const DocumentLine *line = run->lines[i];

		if (line->lotId != 0 && line->tracking == TRACK_SERIAL)
			AppendDatum(&lots, Int64GetDatum(line->lotId));
	}
	if (lots.count == 0)
		return;
	values[1] = DatumArrayValue(&lots, INT8OID);
	if (RunPlan(&takenPlan, values, NULL) > 0)
		RaiseTaken(run, DatumGetInt64(PlanValue(0, 1)));
}
