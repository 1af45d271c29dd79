#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "core/code_map.h"
#include "core/datum_array.h"
#include "core/document.h"
#include "core/pair_map.h"
#include "core/plan_cache.h"
#include "core/numeric_io.h"
#include "inventory/expired.h"
#include "inventory/inventory.h"
#include "inventory/reservation.h"
#include "ledger/settlement.h"

static KeptPlan itemPlan = {
	.query = "SELECT c.number::integer - 1, i.item_id, i.issue_expired FROM pg_catalog.unnest($2) WITH ORDINALITY AS c (code, number)"
	" CROSS JOIN LATERAL (SELECT f.item_id, f.issue_expired FROM erp.item f WHERE f.company_id = $1 AND f.code = c.code AND f.kind = 'stock'"
	"                        AND f.active OFFSET 0) i",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

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

/* Available stock of the company's own, where it can be shipped from. */
static KeptPlan positionPlan = {
	.query = "SELECT n.number::integer - 1, p.position_id, p.warehouse_id, p.location_id, p.lot_id, COALESCE(l.expires_on, 'infinity'), c.code,"
	"       COALESCE(LEAST(l.removal_day, l.expires_on), 'infinity')"
	"  FROM pg_catalog.unnest($2) WITH ORDINALITY AS n (item_id, number)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp_private.stock_position f WHERE f.company_id = $1 AND f.item_id = n.item_id"
	"                        AND f.owner_id = 0 AND f.stock_state_id = 0 AND f.on_hand > 0 OFFSET 0) p"
	"  LEFT JOIN LATERAL (SELECT f.expires_on, f.removal_day FROM erp.lot f WHERE p.lot_id <> 0 AND f.company_id = $1 AND f.lot_id = p.lot_id OFFSET 0) l ON true"
	"  LEFT JOIN LATERAL (SELECT f.code, f.kind FROM erp.location f WHERE p.location_id <> 0 AND f.company_id = $1"
	"                        AND f.location_id = p.location_id OFFSET 0) c ON true"
	" WHERE erp_private.goods_are_promised(c.kind)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static KeptPlan lockPlan = {
	.query = "SELECT 1 FROM (SELECT u.item_id FROM pg_catalog.unnest($2) AS u (item_id) ORDER BY u.item_id) i"
	" CROSS JOIN LATERAL (SELECT f.item_id FROM erp_private.cost_pool f WHERE f.company_id = $1 AND f.item_id = i.item_id"
	"                      ORDER BY f.cost_pool_id FOR UPDATE) p",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static KeptPlan beginPlan = {
	.query = "WITH begun AS (UPDATE erp_private.stock_position SET position_id = pg_catalog.nextval('erp_private.free_stock_position_id_seq')"
	" WHERE company_id = $1 AND item_id = ANY ($2) AND owner_id = 0 AND stock_state_id = 0 AND position_id = 0 AND on_hand > 0"
	" RETURNING position_id, on_hand)"
	" INSERT INTO erp_private.free_stock (company_id, position_id, slot, quantity) SELECT $1, b.position_id, 0, b.on_hand FROM begun b",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static void
LookUpItemIds(ReserveRun *run)
{
	CodeMap    *codes = CreateCodeMap();
	Datum		values[2] = {Int32GetDatum(run->company->companyId)};
	int32	   *ids;
	bool	   *allow;
	uint64		rows;

	for (int i = 0; i < run->lineCount; i++)
		(void) CodeNumber(codes, run->lines[i].itemCode);
	ids = palloc0(sizeof(int32) * CodeCount(codes));
	allow = palloc0(sizeof(bool) * CodeCount(codes));
	values[1] = CodeArray(codes);
	rows = RunPlan(&itemPlan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
	{
		ids[DatumGetInt32(PlanValue(i, 1))] = DatumGetInt32(PlanValue(i, 2));
		allow[DatumGetInt32(PlanValue(i, 1))] = AllowsExpired(run->company, TextDatumGetCString(PlanValue(i, 3)));
	}
	for (int i = 0; i < run->lineCount; i++)
	{
		int			number = FindCode(codes, run->lines[i].itemCode);

		run->lines[i].itemId = ids[number];
		run->lines[i].allowsExpired = allow[number] || run->lines[i].terms.allowExpired;
		if (run->lines[i].itemId == 0)
			RefuseNode(JsonMember(run->lines[i].node, "item"), ERRCODE_ERP_UNKNOWN_CODE, "unknown or inactive item, or none that is kept in stock");
	}
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

/* Also fills run->byItem. */
static Datum
DistinctItems(ReserveRun *run)
{
	DatumArray	ids = {0};

	run->byItem = palloc(sizeof(ReserveLine *) * run->lineCount);
	for (int i = 0; i < run->lineCount; i++)
		run->byItem[i] = &run->lines[i];
	qsort(run->byItem, run->lineCount, sizeof(ReserveLine *), CompareLines);
	for (int i = 0; i < run->lineCount; i++)
	{
		if (i == 0 || run->byItem[i]->itemId != run->byItem[i - 1]->itemId)
			AppendDatum(&ids, Int32GetDatum(run->byItem[i]->itemId));
	}
	return DatumArrayValue(&ids, INT4OID);
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

static void
ReadPosition(ReservePosition *position, uint64 row)
{
	bool		isNull;
	Datum		code = PlanValueOrNull(row, 7, &isNull);

	position->positionId = DatumGetInt64(PlanValue(row, 2));
	position->warehouseId = DatumGetInt32(PlanValue(row, 3));
	position->locationId = DatumGetInt32(PlanValue(row, 4));
	position->lotId = DatumGetInt64(PlanValue(row, 5));
	position->expiresOn = DatumGetDateADT(PlanValue(row, 6));
	position->locationCode = isNull ? NULL : TextDatumGetCString(code);
	position->lastDay = DatumGetDateADT(PlanValue(row, 8));
}

/* Positions of one item, of one number of the plan's rows, to the lines of that item; true if one of them was never reserved from. */
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

static int
LinesOfItem(ReserveLine **lines, int rest)
{
	int			count = 1;

	while (count < rest && lines[count]->itemId == lines[0]->itemId)
		count++;
	return count;
}

static bool
FindPositions(ReserveRun *run, Datum *values)
{
	int			rows = (int) RunPlan(&positionPlan, values, NULL);
	ReservePosition *positions = palloc0(sizeof(ReservePosition) * Max(rows, 1));
	bool		unreserved = false;
	int			number = 0;
	int			first = 0;

	for (int i = 0; i < rows; i++)
		ReadPosition(&positions[i], i);
	for (int line = 0; line < run->lineCount; number++)
	{
		int			lineCount = LinesOfItem(&run->byItem[line], run->lineCount - line);
		int			next = first;

		while (next < rows && DatumGetInt32(PlanValue(next, 1)) == number)
			next++;
		unreserved |= GivePositions(&run->byItem[line], lineCount, &positions[first], next - first);
		line += lineCount;
		first = next;
	}
	return unreserved;
}

/* The first time that something of an item is reserved, what is free of its positions begins with one slot each. */
static void
BeginSlots(Datum *values)
{
	(void) RunPlan(&lockPlan, values, NULL);
	(void) RunPlan(&beginPlan, values, NULL);
}

void
FindPlaces(ReserveRun *run)
{
	Datum		values[2] = {Int32GetDatum(run->company->companyId)};

	LookUpItemIds(run);
	for (int i = 0; i < run->lineCount; i++)
		LookUpCodes(run, &run->lines[i]);
	values[1] = DistinctItems(run);
	if (!FindPositions(run, values))
		return;
	BeginSlots(values);
	if (FindPositions(run, values))
		elog(ERROR, "a position of stock has no slots");
}
