/*
 * By which method an item is costed on a day. Items that never changed their
 * method say it themselves; those that did have a row of erp.item_costing for
 * each change, and some pool of theirs is marked.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/plan_cache.h"
#include "inventory/inventory.h"

static KeptPlan changePlan = {
	.query = "SELECT u.item_id, c.document_id, c.valid_from, c.method_before, c.costing_method FROM pg_catalog.unnest($2) AS u (item_id)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.item_costing f WHERE f.company_id = $1 AND f.item_id = u.item_id"
	"                      ORDER BY f.valid_from, f.document_id) c",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

/* A change of method, or a standard cost, behind the position in which the pool has no part. */
static KeptPlan missedPlan = {
	.query = "SELECT v.day FROM (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.item_id = $2 AND f.quantity = 0"
	"           AND (f.day, f.time_of_day, f.move_id) > ($4, $5, $6) ORDER BY f.day, f.time_of_day, f.move_id) v"
	" CROSS JOIN LATERAL (SELECT f.kind FROM erp.document f WHERE f.company_id = $1 AND f.document_id = v.document_id OFFSET 0) d"
	" WHERE d.kind IN ('costing_change', 'standard_revaluation')"
	"   AND (SELECT o.move_id FROM erp.stock_move o WHERE o.company_id = $1 AND o.document_id = v.document_id"
	"           AND o.item_id = $2 AND o.cost_pool_id = $3 LIMIT 1) IS NULL LIMIT 1",
	.argumentCount = 6,
	.argumentTypes = {INT4OID, INT4OID, INT8OID, DATEOID, TIMEOID, INT8OID}
};

bool
ChangesMethod(const DocumentLine *line)
{
	return line->role->direction == STOCK_VALUE && strcmp(line->role->name, COSTING_METHOD) == 0;
}

CostMethod
MethodOn(const StockItem *item, DateADT day)
{
	for (int i = item->changeCount; i > 0; i--)
	{
		if (day >= item->changes[i - 1].validFrom)
			return item->changes[i - 1].method;
	}
	return item->changeCount > 0 ? item->changes[0].before : item->method;
}

const MethodChange *
ChangeOf(const StockItem *item, int64 documentId)
{
	for (int i = 0; i < item->changeCount; i++)
	{
		if (item->changes[i].documentId == documentId)
			return &item->changes[i];
	}
	return NULL;
}

bool
EverCostedBy(const StockItem *item, CostMethod method)
{
	for (int i = 0; i < item->changeCount; i++)
	{
		if (item->changes[i].before == method || item->changes[i].method == method)
			return true;
	}
	return item->method == method;
}

static void
AddChange(StockItem *item, MethodChange change)
{
	item->changes = item->changes == NULL ? palloc(sizeof(MethodChange)) :
		repalloc(item->changes, sizeof(MethodChange) * (item->changeCount + 1));
	item->changes[item->changeCount++] = change;
}

/* Who holds the pools of an item changes its method: what has committed by now is all there is. */
static void
ReadChanges(StockRun *run)
{
	DatumArray	ids = {0};
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId)};
	uint64		rows;

	for (int i = 0; i < run->itemCount; i++)
	{
		if (run->items[i].methodChanged)
			AppendDatum(&ids, Int32GetDatum(run->items[i].itemId));
	}
	if (ids.count == 0)
		return;
	values[1] = DatumArrayValue(&ids, INT4OID);
	rows = RunPlanLatest(&changePlan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
	{
		StockItem  *item = ItemOfRun(run, DatumGetInt32(PlanValue(i, 1)));
		MethodChange change = {
			.documentId = DatumGetInt64(PlanValue(i, 2)), .validFrom = DatumGetDateADT(PlanValue(i, 3)),
			.before = FindCostMethod(TextDatumGetCString(PlanValue(i, 4))),
			.method = FindCostMethod(TextDatumGetCString(PlanValue(i, 5)))
		};

		AddChange(item, change);
		item->method = change.method;
	}
	SPI_freetuptable(SPI_tuptable);
}

/* The run's own change; from its day on. */
static void
AddChangeOfLine(StockItem *item, const DocumentLine *line)
{
	if (ChangeOf(item, line->document->documentId) != NULL)
		return;
	item->changesNow = true;
	AddChange(item, (MethodChange) {
		.documentId = line->document->documentId, .validFrom = line->document->postingDay + 1,
		.before = item->method, .method = line->newMethod
	});
}

static void
CheckMethodOfLine(StockRun *run, DocumentLine *line)
{
	const char *reason = NULL;

	if (line->role->direction != STOCK_VALUE)
		return;
	if (strcmp(line->role->name, STANDARD_COST) == 0 && line->method != COST_STANDARD)
		reason = "the item is not costed by standard cost on that day";
	if (IsMonthCost(line) && line->method != COST_MONTHLY_AVERAGE)
		reason = "an item is not costed by monthly average on that day";
	if (reason != NULL)
		RaiseProblem(run->batch, line->document, line, "item", line->fields[LINE_ITEM], ERRCODE_ERP_METHOD_REFUSED, reason);
}

/* Mostly no item ever changed its method, and no line states what stock is worth. */
static bool
IsConcerned(const StockRun *run)
{
	for (int i = 0; i < run->itemCount; i++)
	{
		if (run->items[i].methodChanged)
			return true;
	}
	for (int i = 0; i < run->lineCount; i++)
	{
		if (run->lines[i]->role->direction == STOCK_VALUE)
			return true;
	}
	return false;
}

void
LookUpMethods(StockRun *run)
{
	if (!IsConcerned(run))
		return;
	ReadChanges(run);
	for (int i = 0; i < run->lineCount; i++)
	{
		if (ChangesMethod(run->lines[i]))
			AddChangeOfLine(ItemOfRun(run, run->lines[i]->itemId), run->lines[i]);
	}
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];
		const StockItem *item = ItemOfRun(run, line->itemId);

		if (item->changeCount > 0)
			line->method = MethodOn(item, line->document->postingDay);
		CheckMethodOfLine(run, line);
	}
	for (int i = 0; i < run->partCount; i++)
	{
		const StockItem *item = ItemOfRun(run, run->parts[i]->line.itemId);

		if (item->changeCount > 0)
			run->parts[i]->line.method = MethodOn(item, run->parts[i]->moveDay);
	}
}

static void RaiseTooEarly(StockRun *run, DocumentLine *line, const char *reason) pg_attribute_noreturn();

static void
RaiseTooEarly(StockRun *run, DocumentLine *line, const char *reason)
{
	RaiseProblem(run->batch, line->document, line, "item", line->fields[LINE_ITEM], ERRCODE_ERP_POOL_TOO_EARLY, reason);
}

/* All pools of the item that are locked have a line of the document that is this one's. */
static void
CheckAllPools(StockRun *run, DocumentLine *line)
{
	for (int i = 0; i < run->poolCount; i++)
	{
		bool		found = run->pools[i].itemId != line->itemId || run->pools[i].costPoolId == NO_COST_POOL;

		for (int j = 0; j < run->lineCount && !found; j++)
			found = run->lines[j]->document == line->document && run->lines[j]->itemId == line->itemId &&
				run->lines[j]->costPoolId == run->pools[i].costPoolId;
		if (!found)
			RaiseTooEarly(run, line, "a pool of cost of the item was opened meanwhile: make the call again");
	}
}

static void
CheckNotMissed(StockRun *run, DocumentLine *line)
{
	Datum		values[6] = {
		Int32GetDatum(run->batch->company->companyId), Int32GetDatum(line->itemId), Int64GetDatum(line->costPoolId),
		DateADTGetDatum(line->document->postingDay), TimeADTGetDatum(line->document->timeOfDay), Int64GetDatum(PG_INT64_MAX)
	};

	if (RunPlan(&missedPlan, values, NULL) > 0)
		RaiseTooEarly(run, line, "the pool of cost would begin before a change of method, or a standard cost, that left it out");
}

void
CheckPoolsOfValue(StockRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];
		const StockItem *item;

		if (line->costPoolId == NO_COST_POOL)
			continue;
		item = ItemOfRun(run, line->itemId);
		if (ChangesMethod(line) || strcmp(line->role->name, STANDARD_COST) == 0)
			CheckAllPools(run, line);
		else if (line->costPoolId != 0 && item->backdated && !IsMonthCost(line) && (item->changeCount > 0 || item->method == COST_STANDARD))
			CheckNotMissed(run, line);
	}
}

void
ChangeMethod(StockRun *run, StockPool *stock, const MethodChange *change, int128 standard, MovePosition position, CostEdges *edges)
{
	DocumentLine *cause = ItemOfRun(run, stock->itemId)->cause;
	Document   *document = cause == NULL ? run->batch->documents : cause->document;

	if (CostChangeMethod(&stock->pool, change->method, standard, position, edges) == COST_SHORT)
		RaiseProblem(run->batch, document, cause, NULL, NULL, ERRCODE_ERP_METHOD_BELOW_ZERO,
					 "a pool of cost of the item is below zero where its costing method changes");
}
