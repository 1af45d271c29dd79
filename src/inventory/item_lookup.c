#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/code_map.h"
#include "core/datum_array.h"
#include "core/plan_cache.h"
#include "inventory/expired.h"
#include "inventory/inventory.h"

typedef struct ItemInfo
{
	int32		itemId;			/* 0: unknown */
	int			itemGroup;
	int32		unitId;
	CostMethod	method;
	bool		isStock;
	CostPoolScope poolScope;
	bool		active;
	bool		allowsExpired;
	Tracking	tracking;
	int32		shelfLifeDays;
	int32		secondUnitId;
} ItemInfo;

typedef struct WarehouseInfo
{
	int32		companyId;
	int32		warehouseId;
	const char *code;
	struct WarehouseInfo *next;
} WarehouseInfo;

static WarehouseInfo *warehouses = NULL;
static uint64 warehouseGeneration = 0;

#define ITEM_COLUMNS \
	"i.item_id, i.item_group, i.unit_id, i.kind = 'stock', i.costing_method, i.cost_pool, " \
	"i.tracking, i.shelf_life_days, i.active, i.second_unit_id, i.issue_expired"

static KeptPlan itemPlan = {
	.query = "SELECT c.number::integer - 1, " ITEM_COLUMNS ", i.kind = 'stock' AND (SELECT p.item_id"
	"           FROM erp_private.cost_pool p WHERE p.company_id = $1 AND p.item_id = i.item_id LIMIT 1) IS NULL"
	"  FROM pg_catalog.unnest($2) WITH ORDINALITY AS c (code, number)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.item f WHERE f.company_id = $1 AND f.code = c.code OFFSET 0) i",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

/* An item that has not moved may still change its method: held, ascending, until what moves it first is committed. */
static KeptPlan unmovedPlan = {
	.query = "SELECT u.number, " ITEM_COLUMNS
	"  FROM (SELECT n.number, n.item_id FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) AS n (number, item_id)"
	"         ORDER BY n.item_id) u"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.item f WHERE f.company_id = $1 AND f.item_id = u.item_id FOR KEY SHARE) i",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4ARRAYOID, INT4ARRAYOID}
};

static KeptPlan warehousePlan = {
	.query = "SELECT warehouse_id FROM erp.warehouse WHERE company_id = $1 AND code = $2 AND active",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTOID}
};

int32
FindWarehouse(int32 companyId, const char *code)
{
	WarehouseInfo *warehouse;
	Datum		values[2] = {Int32GetDatum(companyId)};

	if (warehouseGeneration != MasterDataGeneration())
	{
		warehouses = NULL;
		warehouseGeneration = MasterDataGeneration();
	}
	for (warehouse = warehouses; warehouse != NULL; warehouse = warehouse->next)
	{
		if (warehouse->companyId == companyId && strcmp(warehouse->code, code) == 0)
			return warehouse->warehouseId;
	}
	values[1] = CStringGetTextDatum(code);
	if (RunPlanLatest(&warehousePlan, values, NULL) == 0)
		return 0;
	warehouse = MemoryContextAllocZero(MasterDataContext(), sizeof(WarehouseInfo));
	warehouse->companyId = companyId;
	warehouse->warehouseId = DatumGetInt32(PlanValue(0, 1));
	warehouse->code = MemoryContextStrdup(MasterDataContext(), code);
	warehouse->next = warehouses;
	warehouses = warehouse;
	return warehouse->warehouseId;
}

Tracking
FindTracking(const char *name)
{
	if (strcmp(name, "none") == 0)
		return TRACK_NONE;
	return strcmp(name, "lot") == 0 ? TRACK_LOT : TRACK_SERIAL;
}

static void
ReadItem(const CompanyInfo *company, ItemInfo *items, uint64 row)
{
	ItemInfo   *item = &items[DatumGetInt32(PlanValue(row, 1))];

	item->itemId = DatumGetInt32(PlanValue(row, 2));
	item->itemGroup = MasterText(TextDatumGetCString(PlanValue(row, 3)));
	item->unitId = DatumGetInt32(PlanValue(row, 4));
	item->isStock = DatumGetBool(PlanValue(row, 5));
	item->method = FindCostMethod(TextDatumGetCString(PlanValue(row, 6)));
	item->poolScope = FindPoolScope(TextDatumGetCString(PlanValue(row, 7)));
	item->tracking = FindTracking(TextDatumGetCString(PlanValue(row, 8)));
	item->shelfLifeDays = DatumGetInt32(PlanValue(row, 9));
	item->active = DatumGetBool(PlanValue(row, 10));
	item->secondUnitId = DatumGetInt32(PlanValue(row, 11));
	item->allowsExpired = AllowsExpired(company, TextDatumGetCString(PlanValue(row, 12)));
}

/* Holds the items that have no pool yet, and reads them again as they are now. */
static void
HoldUnmoved(const CompanyInfo *company, ItemInfo *items, DatumArray *numbers, DatumArray *ids)
{
	Datum		values[3] = {Int32GetDatum(company->companyId), DatumArrayValue(numbers, INT4OID), DatumArrayValue(ids, INT4OID)};
	uint64		rows = ids->count == 0 ? 0 : RunPlan(&unmovedPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
		ReadItem(company, items, i);
}

static ItemInfo *
FetchItems(DocumentBatch *batch, CodeMap *codes)
{
	ItemInfo   *items = palloc0(sizeof(ItemInfo) * Max(CodeCount(codes), 1));
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), CodeArray(codes)};
	uint64		rows = CodeCount(codes) == 0 ? 0 : RunPlan(&itemPlan, values, NULL);
	DatumArray	numbers = {0};
	DatumArray	ids = {0};

	for (uint64 i = 0; i < rows; i++)
	{
		ReadItem(batch->company, items, i);
		if (!DatumGetBool(PlanValue(i, 13)))
			continue;
		AppendDatum(&numbers, PlanValue(i, 1));
		AppendDatum(&ids, PlanValue(i, 2));
	}
	HoldUnmoved(batch->company, items, &numbers, &ids);
	return items;
}

static CodeMap *
CollectItems(DocumentBatch *batch)
{
	CodeMap    *codes = CreateCodeMap();

	for (int i = 0; i < batch->count; i++)
	{
		for (int j = 0; j < batch->documents[i].lineCount && !batch->documents[i].repeated; j++)
		{
			const char *code = batch->documents[i].lines[j].fields[LINE_ITEM];

			if (code != NULL)
				(void) CodeNumber(codes, code);
		}
	}
	return codes;
}

void
FillWarehouse(DocumentBatch *batch, DocumentLine *line)
{
	const char *code = line->fields[LINE_WAREHOUSE];
	int32		companyId = batch->company->companyId;

	if (code == NULL)
		code = line->document->fields[HEADER_WAREHOUSE];
	line->warehouseId = FindWarehouse(companyId, code == NULL ? DEFAULT_WAREHOUSE : code);
	if (line->warehouseId == 0)
		ReportProblem(batch, line->document, line, "warehouse", code == NULL ? DEFAULT_WAREHOUSE : code,
					  ERRCODE_ERP_UNKNOWN_CODE, "unknown or inactive warehouse");
}

static void
FillItem(DocumentBatch *batch, DocumentLine *line, const ItemInfo *item)
{
	if (item->itemId == 0 || !item->active)
	{
		ReportProblem(batch, line->document, line, "item", line->fields[LINE_ITEM], ERRCODE_ERP_UNKNOWN_CODE,
					  "unknown or inactive item");
		return;
	}
	line->itemId = item->itemId;
	line->itemGroup = item->itemGroup;
	line->unitId = item->unitId;
	line->baseUnitId = item->unitId;
	line->secondUnitId = item->secondUnitId;
	line->isStock = item->isStock;
	line->method = item->method;
	line->poolScope = item->poolScope;
	line->tracking = item->tracking;
	line->shelfLifeDays = item->shelfLifeDays;
	line->allowsExpired = item->allowsExpired;
	FillWarehouse(batch, line);
}

void
LookUpItems(DocumentBatch *batch)
{
	CodeMap    *codes = CollectItems(batch);
	ItemInfo   *items = FetchItems(batch, codes);

	for (int i = 0; i < batch->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < batch->documents[i].lineCount && !batch->documents[i].repeated; j++)
		{
			DocumentLine *line = &batch->documents[i].lines[j];

			if (line->fields[LINE_ITEM] != NULL)
				FillItem(batch, line, &items[FindCode(codes, line->fields[LINE_ITEM])]);
		}
	}
	LookUpUnits(batch);
}
