/*
 * Another costing method of items from a day on. Each pool of cost has a move of
 * value alone at the end of the day before, which closes it by the old method
 * and opens it by the new one; erp.item_costing keeps what changed.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/plan_cache.h"
#include "inventory/value_document.h"

PG_FUNCTION_INFO_V1(erp_change_costing_method);

#define ITEM_COLUMNS "i.item_id, i.code, i.item_group, i.unit_id, i.costing_method, i.cost_pool"

/* Held, ascending, as erp.put_items() does, until the change is committed. */
static KeptPlan namedPlan = {
	.query = "SELECT " ITEM_COLUMNS " FROM erp.item i WHERE i.company_id = $1 AND i.code = ANY ($2) AND i.kind = 'stock'"
	" ORDER BY i.item_id FOR NO KEY UPDATE",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

/* Those of the group, and of the groups below it, that are not costed so yet. */
static KeptPlan groupPlan = {
	.query = "WITH RECURSIVE g (code) AS (SELECT f.code FROM erp.item_group f WHERE f.company_id = $1 AND f.code = $2"
	" UNION SELECT f.code FROM g JOIN erp.item_group f ON f.company_id = $1 AND f.parent_code = g.code)"
	" SELECT " ITEM_COLUMNS " FROM erp.item i WHERE i.company_id = $1 AND i.kind = 'stock' AND i.costing_method <> $3"
	"   AND i.item_group IN (SELECT g.code FROM g) ORDER BY i.item_id FOR NO KEY UPDATE OF i",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, TEXTOID, TEXTOID}
};

/* A later day for which it was stated what the item's stock is worth. */
static KeptPlan statedPlan = {
	.query = "SELECT 1 FROM erp.stock_move f WHERE f.company_id = $1 AND f.item_id = $2 AND f.quantity = 0 AND f.day > $3 LIMIT 1",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4OID, DATEOID}
};

/* The period that begins with a day; and the first day of the one that ends with the day before. */
static KeptPlan periodPlan = {
	.query = "SELECT (SELECT b.first_day FROM erp.period b WHERE b.company_id = $1 AND b.last_day = $2 - 1)"
	"  FROM erp.period p WHERE p.company_id = $1 AND p.first_day = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, DATEOID}
};

/* An earlier month whose cost was not run, in any pool of the item. */
static KeptPlan unrunPlan = {
	.query = "SELECT 1 FROM erp_private.unrun_month u WHERE u.company_id = $1 AND u.item_id = $2 AND u.last_day < $3 LIMIT 1",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4OID, DATEOID}
};

/* The item's row has the method before. */
static KeptPlan storePlan = {
	.query = "INSERT INTO erp.item_costing (company_id, document_id, item_id, valid_from, method_before, costing_method)"
	" SELECT $1, $3, i.item_id, $4, i.costing_method, $5 FROM erp.item i WHERE i.company_id = $1 AND i.item_id = ANY ($2) ORDER BY i.item_id",
	.argumentCount = 5,
	.argumentTypes = {INT4OID, INT4ARRAYOID, INT8OID, DATEOID, TEXTOID}
};

static KeptPlan itemPlan = {
	.query = "UPDATE erp.item SET costing_method = $3 WHERE company_id = $1 AND item_id = ANY ($2)",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4ARRAYOID, TEXTOID}
};

static KeptPlan poolPlan = {
	.query = "UPDATE erp_private.cost_pool SET method_changed = true WHERE company_id = $1 AND item_id = ANY ($2)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

typedef struct MethodRequest
{
	ValueCall	call;
	const char *methodName;
	const char *group;			/* NULL: items are named */
	CostMethod	method;
	DateADT		validFrom;
} MethodRequest;

static void RefuseItem(MethodRequest *request, DocumentLine *line, const char *field, int errorCode, const char *reason) pg_attribute_noreturn();

static void
RefuseItem(MethodRequest *request, DocumentLine *line, const char *field, int errorCode, const char *reason)
{
	RaiseProblem(&request->call.batch, &request->call.document, line, field, line->fields[LINE_ITEM], errorCode,
				 psprintf("item %s: %s", line->fields[LINE_ITEM], reason));
}

/* The standard of an item goes with the method. */
static void
ReadItem(MethodRequest *request, const JsonNode *node)
{
	ValueCall  *call = &request->call;
	DocumentLine *line = AddValueLine(call, COSTING_METHOD);
	bool		hasCost = node->kind == JSON_OBJECT && JsonMember(node, "cost") != NULL;

	line->fields[LINE_ITEM] = RequestText(call, node, "item");
	if (hasCost != (request->method == COST_STANDARD))
		RefuseItem(request, line, "cost", ERRCODE_ERP_INVALID_FIELD, "a cost of one unit is given for standard cost, and only then");
	if (hasCost)
		SetStandardOfLine(call, line, RequestText(call, node, "cost"));
	CheckNamedOnce(call, line);
}

static void
ReadMethod(MethodRequest *request)
{
	ValueCall  *call = &request->call;

	request->methodName = RequestText(call, call->request, "method");
	call->document.fields[HEADER_REFERENCE] = request->methodName;
	call->document.reference = request->methodName;
	request->method = FindCostMethod(request->methodName);
	if (strcmp(CostMethodNames[request->method], request->methodName) != 0)
		RaiseProblem(&call->batch, &call->document, NULL, "method", request->methodName, ERRCODE_ERP_INVALID_FIELD,
					 "fifo, moving_average, monthly_average, specific or standard is expected");
}

static void
ReadRequest(MethodRequest *request)
{
	ValueCall  *call = &request->call;
	const JsonNode *items = JsonMember(call->request, "items");

	request->validFrom = RequestDay(call);
	SetValueDay(call, request->validFrom - 1, USECS_PER_DAY);
	ReadMethod(request);
	if (JsonMember(call->request, "group") != NULL)
	{
		request->group = RequestText(call, call->request, "group");
		call->document.fields[HEADER_DESCRIPTION] = request->group;
		call->document.description = request->group;
	}
	if ((items == NULL) == (request->group == NULL) || (items != NULL && (items->kind != JSON_ARRAY || items->count == 0)) ||
		call->request->count != 3)
		RaiseProblem(&call->batch, &call->document, NULL, "items", NULL, ERRCODE_ERP_INVALID_FIELD,
					 "the request has \"day\", \"method\" and either an array \"items\" of item and, for standard cost, cost, or a \"group\" of items");
	if (request->group != NULL && request->method == COST_STANDARD)
		RaiseProblem(&call->batch, &call->document, NULL, "group", request->group, ERRCODE_ERP_INVALID_FIELD,
					 "a standard is one of each item: name the items, each with its cost");
	for (const JsonNode *node = items == NULL ? NULL : items->first; node != NULL; node = node->next)
		ReadItem(request, node);
}

/* To and from monthly average with a month, all of the months before it being run; the last one ends with the change. */
static void
CheckMonth(MethodRequest *request, DocumentLine *line)
{
	Datum		values[3] = {Int32GetDatum(request->call.batch.company->companyId), DateADTGetDatum(request->validFrom)};
	bool		isFirst = true;

	if (line->method != COST_MONTHLY_AVERAGE && request->method != COST_MONTHLY_AVERAGE)
		return;
	if (RunPlan(&periodPlan, values, NULL) == 0)
		RefuseItem(request, line, "day", ERRCODE_ERP_METHOD_AMID_MONTH, "no period begins with that day");
	values[2] = PlanValueOrNull(0, 1, &isFirst);
	if (isFirst || line->method != COST_MONTHLY_AVERAGE)
		return;
	values[1] = Int32GetDatum(line->itemId);
	if (RunPlan(&unrunPlan, values, NULL) > 0)
		RefuseItem(request, line, "day", ERRCODE_ERP_MONTH_NOT_RUN, "it has moves of an earlier month whose cost was not run");
}

static void
CheckItem(MethodRequest *request, DocumentLine *line)
{
	Datum		values[3] = {
		Int32GetDatum(request->call.batch.company->companyId), Int32GetDatum(line->itemId), DateADTGetDatum(request->call.document.day)
	};
	const char *reason = NULL;

	if (line->method == request->method)
		reason = "it is costed by this method already";
	else if (request->method == COST_SPECIFIC && line->poolScope != POOL_OF_LOT)
		reason = "by specific cost it would need a pool of cost per lot, and it has others";
	else if ((request->method == COST_STANDARD || request->method == COST_MONTHLY_AVERAGE) && line->poolScope == POOL_OF_LOT)
		reason = "it has a pool of cost per lot, and this method does not go by lots";
	if (reason != NULL)
		RefuseItem(request, line, "method", ERRCODE_ERP_METHOD_REFUSED, reason);
	if (RunPlan(&statedPlan, values, NULL) > 0)
		RefuseItem(request, line, "day", ERRCODE_ERP_METHOD_TOO_EARLY, "what its stock is worth was stated for a later day");
	CheckMonth(request, line);
}

/* What the rows of the last plan say of the line's item; false if it is not among them. */
static bool
FillItem(DocumentLine *line, uint64 rows)
{
	for (uint64 i = 0; i < rows; i++)
	{
		if (strcmp(TextDatumGetCString(PlanValue(i, 2)), line->fields[LINE_ITEM]) != 0)
			continue;
		line->itemId = DatumGetInt32(PlanValue(i, 1));
		line->itemGroup = MasterText(TextDatumGetCString(PlanValue(i, 3)));
		line->unitId = DatumGetInt32(PlanValue(i, 4));
		line->baseUnitId = line->unitId;
		line->method = FindCostMethod(TextDatumGetCString(PlanValue(i, 5)));
		line->poolScope = FindPoolScope(TextDatumGetCString(PlanValue(i, 6)));
		return true;
	}
	return false;
}

static void
LockNamed(MethodRequest *request)
{
	ValueCall  *call = &request->call;
	DatumArray	codes = {0};
	Datum		values[2] = {Int32GetDatum(call->batch.company->companyId)};
	uint64		rows;

	for (int i = 0; i < call->document.lineCount; i++)
		AppendDatum(&codes, CStringGetTextDatum(call->document.lines[i].fields[LINE_ITEM]));
	values[1] = DatumArrayValue(&codes, TEXTOID);
	rows = RunPlanLatest(&namedPlan, values, NULL);
	for (int i = 0; i < call->document.lineCount; i++)
	{
		if (!FillItem(&call->document.lines[i], rows))
			RefuseItem(request, &call->document.lines[i], "item", ERRCODE_ERP_UNKNOWN_CODE, "no item that is kept in stock has this code");
	}
	SPI_freetuptable(SPI_tuptable);
}

static void
LockGroup(MethodRequest *request)
{
	ValueCall  *call = &request->call;
	Datum		values[3] = {
		Int32GetDatum(call->batch.company->companyId), CStringGetTextDatum(request->group), CStringGetTextDatum(request->methodName)
	};
	uint64		rows = RunPlanLatest(&groupPlan, values, NULL);

	if (rows == 0)
		RaiseProblem(&call->batch, &call->document, NULL, "group", request->group, ERRCODE_ERP_UNKNOWN_CODE,
					 "no group of this code has items that are costed otherwise");
	for (uint64 i = 0; i < rows; i++)
	{
		DocumentLine *line = AddValueLine(call, COSTING_METHOD);

		line->fields[LINE_ITEM] = TextDatumGetCString(PlanValue(i, 2));
		(void) FillItem(line, rows);
	}
	SPI_freetuptable(SPI_tuptable);
}

static bool
HasLine(const Document *document, int32 itemId)
{
	for (int i = 0; i < document->lineCount; i++)
	{
		if (document->lines[i].itemId == itemId)
			return true;
	}
	return false;
}

/* The lines of the request become those of the document, one for each pool. */
static void
PrepareChange(MethodRequest *request)
{
	ValueCall  *call = &request->call;
	DocumentLine *items;
	int			count;

	if (request->group != NULL)
		LockGroup(request);
	else
		LockNamed(request);
	items = call->document.lines;
	count = call->document.lineCount;
	for (int i = 0; i < count; i++)
	{
		CheckItem(request, &items[i]);
		items[i].newMethod = request->method;
	}
	SpreadOverPools(call);
	for (int i = 0; i < count; i++)
	{
		if (!HasLine(&call->document, items[i].itemId))
			RefuseItem(request, &items[i], "item", ERRCODE_ERP_METHOD_REFUSED, "it has not moved: change it with erp.put_items()");
	}
}

/* Each item once: its lines stand together. */
static Datum
ChangedItems(MethodRequest *request)
{
	const Document *document = &request->call.document;
	DatumArray	ids = {0};

	for (int i = 0; i < document->lineCount; i++)
	{
		if (i == 0 || document->lines[i].itemId != document->lines[i - 1].itemId)
			AppendDatum(&ids, Int32GetDatum(document->lines[i].itemId));
	}
	return DatumArrayValue(&ids, INT4OID);
}

static void
StoreChange(MethodRequest *request)
{
	Datum		values[5] = {
		Int32GetDatum(request->call.batch.company->companyId), ChangedItems(request), Int64GetDatum(request->call.document.documentId),
		DateADTGetDatum(request->validFrom), CStringGetTextDatum(request->methodName)
	};
	Datum		changed[3] = {values[0], values[1], values[4]};

	(void) RunFactPlan(&storePlan, values, NULL);
	(void) RunPlan(&itemPlan, changed, NULL);
	(void) RunPlan(&poolPlan, changed, NULL);
}

/* erp.change_costing_method(company, key, request). */
Datum
erp_change_costing_method(PG_FUNCTION_ARGS)
{
	MethodRequest request = {0};

	BeginValueCall(&request.call, fcinfo, COSTING_CHANGE);
	ReadRequest(&request);
	if (ValueCallIsNew(&request.call))
		PrepareChange(&request);
	PostValueCall(&request.call);
	if (!request.call.document.repeated)
		StoreChange(&request);
	return FinishValueCall(&request.call);
}
