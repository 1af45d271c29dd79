#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/document_field.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/value_document.h"

/*
 * Standard costs: each is put in force by a move of value alone, of a line
 * whose price is the standard, in each pool of its item. What is on hand is
 * worth it from there on, and the difference is posted with the line.
 */

PG_FUNCTION_INFO_V1(erp_put_standard_costs);

static KeptPlan standardPlan = {
	.query = "SELECT l.unit_price"
	"  FROM (SELECT f.document_id, f.line_no FROM erp.stock_move f WHERE f.company_id = $1 AND f.item_id = $2 AND f.quantity = 0"
	"           AND (f.day, f.time_of_day, f.move_id) < ($3, $4, $5)"
	"         ORDER BY f.day DESC, f.time_of_day DESC, f.move_id DESC LIMIT 1) m"
	" CROSS JOIN LATERAL (SELECT f.unit_price FROM erp.document_line f WHERE f.company_id = $1 AND f.document_id = m.document_id"
	"                        AND f.line_no = m.line_no OFFSET 0) l",
	.argumentCount = 5,
	.argumentTypes = {INT4OID, INT4OID, DATEOID, TIMEOID, INT8OID}
};

static KeptPlan movePlan = {
	.query = "SELECT l.unit_price FROM (SELECT f.document_id, f.line_no FROM erp.stock_move f WHERE f.company_id = $1 AND f.move_id = $2 OFFSET 0) m"
	" CROSS JOIN LATERAL (SELECT f.unit_price FROM erp.document_line f WHERE f.company_id = $1 AND f.document_id = m.document_id"
	"                        AND f.line_no = m.line_no OFFSET 0) l",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* Held until what puts the standard in force is committed: its item is then used, and keeps its method. */
static KeptPlan itemPlan = {
	.query = "SELECT i.item_id, i.item_group, i.unit_id, i.costing_method, i.cost_pool FROM erp.item i WHERE i.company_id = $1 AND i.code = $2 FOR KEY SHARE",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTOID}
};

int128
StandardBefore(StockRun *run, const StockItem *item, const MovePosition *position)
{
	Datum		values[5] = {
		Int32GetDatum(run->batch->company->companyId), Int32GetDatum(item->itemId),
		DateADTGetDatum(position->day), TimeADTGetDatum(position->timeOfDay), Int64GetDatum(position->moveId)
	};
	bool		hasNone = true;
	Datum		standard = 0;

	if (RunPlan(&standardPlan, values, NULL) > 0)
		standard = PlanValueOrNull(0, 1, &hasNone);
	/* What ended the last standard has none: another method, or a month that was run by it. */
	return hasNone ? NO_STANDARD : PriceFromDatum(standard);
}

int128
StandardOfMove(StockRun *run, int64 moveId)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId), Int64GetDatum(moveId)};

	(void) RunPlan(&movePlan, values, NULL);
	return PriceFromDatum(PlanValue(0, 1));
}

/* The item of the code, which must be one by standard cost. */
static void
TakeItem(ValueCall *call, DocumentLine *line, const char *code)
{
	Datum		values[2] = {Int32GetDatum(call->batch.company->companyId), CStringGetTextDatum(code)};

	line->fields[LINE_ITEM] = code;
	if (RunPlanLatest(&itemPlan, values, NULL) == 0)
		RaiseProblem(&call->batch, &call->document, line, "item", code, ERRCODE_ERP_UNKNOWN_CODE, "unknown item");
	line->itemId = DatumGetInt32(PlanValue(0, 1));
	line->itemGroup = MasterText(TextDatumGetCString(PlanValue(0, 2)));
	line->unitId = DatumGetInt32(PlanValue(0, 3));
	line->baseUnitId = line->unitId;
	line->poolScope = FindPoolScope(TextDatumGetCString(PlanValue(0, 5)));
	line->method = FindCostMethod(TextDatumGetCString(PlanValue(0, 4)));
	if (line->method != COST_STANDARD)
		RaiseProblem(&call->batch, &call->document, line, "item", code, ERRCODE_ERP_INVALID_FIELD, "the item is not costed by standard cost");
}

void
SetStandardOfLine(ValueCall *call, DocumentLine *line, const char *cost)
{
	line->fields[LINE_PRICE] = cost;
	line->hasPrice = true;
	if (ParseFixed(cost, (int) strlen(cost), PRICE_SCALE, PRICE_DIGITS, &line->unitPrice) != FIXED_OK || line->unitPrice < 0)
		RaiseProblem(&call->batch, &call->document, line, "cost", cost, ERRCODE_ERP_INVALID_FIELD,
					 "the cost of one unit is a number of up to 8 decimals, zero or more");
}

void
CheckNamedOnce(ValueCall *call, DocumentLine *line)
{
	for (int i = 0; i < line->lineNo - 1; i++)
	{
		if (strcmp(call->document.lines[i].fields[LINE_ITEM], line->fields[LINE_ITEM]) == 0)
			RaiseProblem(&call->batch, &call->document, line, "item", line->fields[LINE_ITEM], ERRCODE_ERP_INVALID_FIELD, "the item is named twice");
	}
}

static void
ReadCost(ValueCall *call, const JsonNode *node)
{
	DocumentLine *line = AddValueLine(call, STANDARD_COST);
	const char *cost = RequestText(call, node, "cost");

	TakeItem(call, line, RequestText(call, node, "item"));
	SetStandardOfLine(call, line, cost);
	CheckNamedOnce(call, line);
}

/* erp.put_standard_costs(company, key, request). */
Datum
erp_put_standard_costs(PG_FUNCTION_ARGS)
{
	ValueCall	call;
	const JsonNode *costs;

	BeginValueCall(&call, fcinfo, "standard_revaluation");
	SetValueDay(&call, RequestDay(&call), 0);
	costs = JsonMember(call.request, "costs");
	if (costs == NULL || costs->kind != JSON_ARRAY || costs->count == 0)
		RaiseProblem(&call.batch, &call.document, NULL, "costs", NULL, ERRCODE_ERP_INVALID_FIELD, "the request needs an array \"costs\" of item and cost");
	for (const JsonNode *node = costs->first; node != NULL; node = node->next)
		ReadCost(&call, node);
	if (ValueCallIsNew(&call))
		SpreadOverPools(&call);
	PostValueCall(&call);
	return FinishValueCall(&call);
}

/* What goods are worth that are taken back, in the sign of the line: by the move that it takes back. */
static int128
ValueTakenBack(const StockRun *run, const DocumentLine *line)
{
	MoveValue	origin = StoredValue(run->batch, line->originMoveId);
	int128		quantity = origin.quantity < 0 ? NegateExact(line->moveQuantity) : line->moveQuantity;

	return ShareRounded(origin.value, quantity, origin.quantity < 0 ? NegateExact(origin.quantity) : origin.quantity,
						run->batch->company->currency->decimals);
}

/* Where its cost has a counter, that takes the whole difference; but nothing stays in work in progress of what is taken back. */
static bool
TakesBack(const DocumentLine *line)
{
	if (line->method != COST_STANDARD || line->originMoveId == 0 || line->costPoolId == NO_COST_POOL)
		return false;
	if (line->document->reversesDocumentId == 0)
		return line->named != NULL && line->moveQuantity < 0;
	return line->role->carries || line->role->valueSource == VALUE_AMOUNT || ChangesReceipt(line->role) ||
		line->role->valueSource == VALUE_SHARE;
}

void
FindRestated(StockRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];

		if (TakesBack(line))
			line->restatedValue = SubtractExact(line->moveValue, ValueTakenBack(run, line));
	}
}
