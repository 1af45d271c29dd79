#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/call.h"
#include "core/company_call.h"
#include "core/document_field.h"
#include "core/plan_cache.h"
#include "inventory/value_document.h"

#define FIRST_LINES 16

/* Calls that say what stock is worth: each makes one document of the engine's own, whose lines restate pools of cost. */

/* Pools of an item that are there, or may be opened without a lot. */
static KeptPlan poolPlan = {
	.query = "SELECT f.cost_pool_id FROM erp_private.cost_pool f WHERE f.company_id = $1 AND f.item_id = $2 AND f.cost_pool_id <> -1"
	" UNION SELECT 0 WHERE $3 UNION SELECT w.warehouse_id::bigint FROM erp.warehouse w WHERE w.company_id = $1 AND w.active AND $4"
	" ORDER BY 1",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT4OID, BOOLOID, BOOLOID}
};

void
BeginValueCall(ValueCall *call, FunctionCallInfo fcinfo, const char *kind)
{
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	char	   *key = TextDatumGetCString(RequiredArgument(fcinfo, 1, "key"));
	Datum		request = RequiredArgument(fcinfo, 2, "request");

	memset(call, 0, sizeof(ValueCall));
	call->caller = CurrentMemoryContext;
	BeginEngine(&call->scope);
	PlanByIndexes();
	call->batch.company = OpenCompany(company);
	call->batch.documents = &call->document;
	call->batch.count = 1;
	if (*key == '\0' || strlen(key) > DOCUMENT_KEY_MAX || IsEngineKey(key))
		RaiseInvalidArgument("key", key, "must have 1 to 200 bytes and not begin with \"erp:\"");
	call->request = ParseJsonDatum(request);
	call->document.fields[HEADER_KEY] = key;
	call->document.fields[HEADER_KIND] = kind;
	call->document.key = key;
	call->document.kind = FindKind(kind);
	call->document.currency = call->batch.company->currency;
	call->document.rate = PowerOfTen(RATE_SCALE);
	call->document.reference = "";
	call->document.description = "";
}

const char *
RequestText(ValueCall *call, const JsonNode *object, const char *name)
{
	const JsonNode *node = object->kind == JSON_OBJECT ? JsonMember(object, name) : NULL;

	if (node == NULL || (node->kind != JSON_STRING && node->kind != JSON_NUMBER_TEXT))
		RaiseProblem(&call->batch, &call->document, NULL, name, NULL, ERRCODE_ERP_INVALID_FIELD,
					 psprintf("the request needs a text \"%s\"", name));
	return node->text;
}

DateADT
RequestDay(ValueCall *call)
{
	const char *day = RequestText(call, call->request, "day");
	DateADT		date;

	call->document.fields[HEADER_DAY] = day;
	if (!ParseDay(day, &date))
		RaiseProblem(&call->batch, &call->document, NULL, "day", day, ERRCODE_ERP_INVALID_FIELD, "a day of the form YYYY-MM-DD is expected");
	return date;
}

void
SetValueDay(ValueCall *call, DateADT day, TimeADT timeOfDay)
{
	call->document.day = day;
	call->document.postingDay = day;
	call->document.rateDay = day;
	call->document.timeOfDay = timeOfDay;
}

bool
ValueCallIsNew(ValueCall *call)
{
	HashDocument(&call->document);
	FindRepeated(&call->batch);
	return !call->document.repeated;
}

DocumentLine *
AddValueLine(ValueCall *call, const char *role)
{
	Document   *document = &call->document;
	DocumentLine *line;

	if (document->lineCount == call->lineCapacity)
	{
		call->lineCapacity = Max(FIRST_LINES, call->lineCapacity * 2);
		document->lines = document->lines == NULL ? palloc(sizeof(DocumentLine) * call->lineCapacity) :
			repalloc_huge(document->lines, sizeof(DocumentLine) * call->lineCapacity);
	}
	line = &document->lines[document->lineCount++];
	memset(line, 0, sizeof(DocumentLine));
	line->document = document;
	line->lineNo = document->lineCount;
	line->role = FindRole(role);
	line->isStock = true;
	return line;
}

void
SetPoolOfLine(DocumentLine *line, int64 costPoolId)
{
	int64		place = IsShippedPool(costPoolId) ? ShippedPool(costPoolId) : costPoolId;

	line->costPoolId = costPoolId;
	if (line->poolScope == POOL_OF_WAREHOUSE)
		line->warehouseId = (int32) place;
	else if (line->poolScope == POOL_OF_LOT)
		line->lotId = place;
}

static void
AddPoolLines(ValueCall *call, const DocumentLine *item)
{
	Datum		values[4] = {
		Int32GetDatum(call->batch.company->companyId), Int32GetDatum(item->itemId),
		BoolGetDatum(item->poolScope == POOL_OF_COMPANY), BoolGetDatum(item->poolScope == POOL_OF_WAREHOUSE)
	};
	uint64		rows = RunPlanLatest(&poolPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		DocumentLine *line = AddValueLine(call, item->role->name);
		int			lineNo = line->lineNo;

		*line = *item;
		line->lineNo = lineNo;
		SetPoolOfLine(line, DatumGetInt64(PlanValue(i, 1)));
	}
	SPI_freetuptable(SPI_tuptable);
}

void
SpreadOverPools(ValueCall *call)
{
	DocumentLine *items = call->document.lines;
	int			count = call->document.lineCount;

	call->document.lines = NULL;
	call->document.lineCount = 0;
	call->lineCapacity = 0;
	for (int i = 0; i < count; i++)
		AddPoolLines(call, &items[i]);
}

void
PostValueCall(ValueCall *call)
{
	PostCheckedBatch(&call->batch);
}

Datum
FinishValueCall(ValueCall *call)
{
	return FinishCall(&call->scope, call->caller, DocumentResult(&call->batch, true));
}
