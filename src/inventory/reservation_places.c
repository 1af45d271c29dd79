#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "core/code_map.h"
#include "core/document.h"
#include "core/index_probe.h"
#include "core/plan_cache.h"
#include "core/numeric_io.h"
#include "inventory/expired.h"
#include "inventory/inventory.h"
#include "inventory/reservation.h"
#include "ledger/settlement.h"

static KeptPlan lotPlan = {
	.query = "SELECT lot_id FROM erp.lot WHERE company_id = $1 AND item_id = $2 AND code = $3",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4OID, TEXTOID}
};

static KeptPlan locationPlan = {
	.query = "SELECT location_id FROM erp.location WHERE company_id = $1 AND warehouse_id = $2 AND code = $3",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4OID, TEXTOID}
};

/* An item that lines name; 0: unknown, not active or not kept in stock. */
typedef struct ReservedItem
{
	int32		itemId;
	bool		allowsExpired;
} ReservedItem;

static ReservedItem
FindReservedItem(IndexProbe *probe, const CompanyInfo *company, const char *code)
{
	Datum		values[2] = {Int32GetDatum(company->companyId), CStringGetTextDatum(code)};
	ReservedItem item = {0};
	TupleTableSlot *row;

	ProbeIndex(probe, values, lengthof(values));
	row = NextProbedRow(probe);
	if (row == NULL || !DatumGetBool(ProbedColumn(probe, row, "active")) ||
		strcmp(TextDatumGetCString(ProbedColumn(probe, row, "kind")), "stock") != 0)
		return item;
	item.itemId = DatumGetInt32(ProbedColumn(probe, row, "item_id"));
	item.allowsExpired = AllowsExpired(company, TextDatumGetCString(ProbedColumn(probe, row, "issue_expired")));
	return item;
}

static void
LookUpItemIds(ReserveRun *run)
{
	CodeMap    *codes = CreateCodeMap();
	ReservedItem *items = palloc(sizeof(ReservedItem) * run->lineCount);
	IndexProbe *probe = OpenIndexProbe("erp", "item", "item_code_key", PROBE_TRANSACTION);

	for (int i = 0; i < run->lineCount; i++)
	{
		ReserveLine *line = &run->lines[i];
		int			before = CodeCount(codes);
		int			number = CodeNumber(codes, line->itemCode);

		CHECK_FOR_INTERRUPTS();
		if (number == before)
			items[number] = FindReservedItem(probe, run->company, line->itemCode);
		line->itemId = items[number].itemId;
		line->allowsExpired = items[number].allowsExpired || line->terms.allowExpired;
		if (line->itemId == 0)
			RefuseNode(JsonMember(line->node, "item"), ERRCODE_ERP_UNKNOWN_CODE, "unknown or inactive item, or none that is kept in stock");
	}
	CloseIndexProbe(probe);
}

static int32
WarehouseOf(const ReserveRun *run, const JsonNode *code)
{
	int32		warehouseId = FindWarehouse(run->company->companyId, code->text);

	if (warehouseId == 0)
		RefuseNode(code, ERRCODE_ERP_UNKNOWN_CODE, "unknown or inactive warehouse");
	return warehouseId;
}

static void
LookUpWarehouses(const ReserveRun *run, ReserveLine *line)
{
	const JsonNode *codes = line->terms.warehouses;

	if (codes == NULL)
		return;
	line->warehouseCount = 0;
	line->warehouseIds = palloc(sizeof(int32) * Max(codes->count, 1));
	if (codes->kind == JSON_STRING)
		line->warehouseIds[line->warehouseCount++] = WarehouseOf(run, codes);
	else
	{
		for (const JsonNode *code = codes->first; code != NULL; code = code->next)
			line->warehouseIds[line->warehouseCount++] = WarehouseOf(run, code);
	}
}

/* The id of a lot of the line's item, or of a location of its one warehouse. */
static Datum
LookUpCode(const ReserveRun *run, KeptPlan *plan, int32 ownerId, const JsonNode *code, const char *reason)
{
	Datum		values[3] = {Int32GetDatum(run->company->companyId), Int32GetDatum(ownerId), CStringGetTextDatum(code->text)};

	if (RunPlan(plan, values, NULL) == 0)
		RefuseNode(code, ERRCODE_ERP_UNKNOWN_CODE, reason);
	return PlanValue(0, 1);
}

static void
LookUpCodes(const ReserveRun *run, ReserveLine *line)
{
	LookUpWarehouses(run, line);
	if (line->terms.location != NULL && line->warehouseCount != 1)
		RefuseNode(line->terms.location, ERRCODE_ERP_INVALID_FIELD, "a location goes with one warehouse");
	if (line->terms.location != NULL)
		line->locationId = DatumGetInt32(LookUpCode(run, &locationPlan, line->warehouseIds[0], line->terms.location,
													"unknown location of the warehouse"));
	if (line->terms.lot != NULL)
		line->lotId = DatumGetInt64(LookUpCode(run, &lotPlan, line->itemId, line->terms.lot, "unknown lot of the item"));
}

static int
CompareLines(const void *a, const void *b)
{
	const ReserveLine *left = *(ReserveLine *const *) a;
	const ReserveLine *right = *(ReserveLine *const *) b;

	if (left->itemId != right->itemId)
		return left->itemId < right->itemId ? -1 : 1;
	return left->index < right->index ? -1 : 1;
}

static void
SortByItem(ReserveRun *run)
{
	run->byItem = palloc(sizeof(ReserveLine *) * run->lineCount);
	for (int i = 0; i < run->lineCount; i++)
		run->byItem[i] = &run->lines[i];
	qsort(run->byItem, run->lineCount, sizeof(ReserveLine *), CompareLines);
}

int
LinesOfItem(ReserveLine **lines, int rest)
{
	int			count = 1;

	while (count < rest && lines[count]->itemId == lines[0]->itemId)
		count++;
	return count;
}

/* What is left of a lot's life counts from the day the goods are needed, or from today. */
static DateADT
ShelfDay(const ReserveTerms *terms)
{
	if (terms->neededBy != DATEVAL_NOEND)
		return terms->neededBy;
	return DatumGetDateADT(DirectFunctionCall1(timestamp_date, TimestampGetDatum((Timestamp) GetCurrentTransactionStartTimestamp())));
}

static bool
Serves(const ReserveLine *line, const ReservePosition *position)
{
	const ReserveTerms *terms = &line->terms;
	bool		warehouse = line->warehouseCount == 0;

	for (int i = 0; i < line->warehouseCount && !warehouse; i++)
		warehouse = line->warehouseIds[i] == position->warehouseId;
	if (!warehouse || (line->lotId != 0 && line->lotId != position->lotId) ||
		(line->locationId != 0 && line->locationId != position->locationId))
		return false;
	if (position->lastDay != DATEVAL_NOEND && !line->allowsExpired && position->lastDay < ShelfDay(terms))
		return false;
	if (position->expiresOn == DATEVAL_NOEND || (terms->shelfLife < 0 && terms->strategy != RESERVE_FEFO))
		return true;
	return position->expiresOn - ShelfDay(terms) >= Max(terms->shelfLife, 0);
}

static int
CompareCodes(const char *left, const char *right)
{
	if (left == NULL || right == NULL)
		return (left != NULL) - (right != NULL);
	return strcmp(left, right);
}

/* Ties go by age of the lot, then by place. */
static int
ComparePlaces(const void *a, const void *b, void *argument)
{
	const ReservePosition *left = *(ReservePosition *const *) a;
	const ReservePosition *right = *(ReservePosition *const *) b;
	ReserveStrategy strategy = *(const ReserveStrategy *) argument;
	int			order = 0;

	if (strategy == RESERVE_FEFO)
		order = (left->expiresOn > right->expiresOn) - (left->expiresOn < right->expiresOn);
	else if (strategy == RESERVE_NEAREST)
		order = CompareCodes(left->locationCode, right->locationCode);
	if (order == 0)
		order = (left->lotId > right->lotId) - (left->lotId < right->lotId);
	if (order == 0)
		order = (left->positionId > right->positionId) - (left->positionId < right->positionId);
	return order;
}

/* Positions of one item to its lines; true if one of them was never reserved from. */
static bool
GivePositions(ReserveLine **lines, int lineCount, ReservePosition *positions, int count)
{
	bool		unreserved = false;

	for (int i = 0; i < lineCount; i++)
	{
		lines[i]->candidates = palloc(sizeof(ReservePosition *) * Max(count, 1));
		lines[i]->candidateCount = 0;
		for (int j = 0; j < count; j++)
		{
			if (!Serves(lines[i], &positions[j]))
				continue;
			unreserved |= positions[j].positionId == 0;
			lines[i]->candidates[lines[i]->candidateCount++] = &positions[j];
		}
		qsort_arg(lines[i]->candidates, lines[i]->candidateCount, sizeof(ReservePosition *), ComparePlaces,
				  &lines[i]->terms.strategy);
	}
	return unreserved;
}

/* Gives all lines the positions of their items; true if one of these was never reserved from. */
static bool
FindPositions(ReserveRun *run)
{
	PositionList list = ReadPositions(run);
	bool		unreserved = false;
	int			lineCount;
	int			first = 0;

	for (int line = 0; line < run->lineCount; line += lineCount)
	{
		int			next = first;

		lineCount = LinesOfItem(&run->byItem[line], run->lineCount - line);
		while (next < list.count && list.positions[next].itemId == run->byItem[line]->itemId)
			next++;
		unreserved |= GivePositions(&run->byItem[line], lineCount, &list.positions[first], next - first);
		first = next;
	}
	return unreserved;
}

void
FindPlaces(ReserveRun *run)
{
	LookUpItemIds(run);
	for (int i = 0; i < run->lineCount; i++)
		LookUpCodes(run, &run->lines[i]);
	SortByItem(run);
	if (!FindPositions(run))
		return;
	BeginSlots(run);
	if (FindPositions(run))
		elog(ERROR, "a position of stock has no slots");
}
