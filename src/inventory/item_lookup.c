#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/code_map.h"
#include "core/datum_array.h"
#include "core/index_probe.h"
#include "core/plan_cache.h"
#include "core/relation_name.h"
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
	ExpiredPermission allowsExpired;
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

/* What is read of an item, by its name in the table and in this order. */
typedef enum ItemColumn
{
	ITEM_ID,
	ITEM_GROUP,
	ITEM_UNIT,
	ITEM_KIND,
	ITEM_METHOD,
	ITEM_POOL,
	ITEM_TRACKING,
	ITEM_SHELF_LIFE,
	ITEM_ACTIVE,
	ITEM_SECOND_UNIT,
	ITEM_ISSUE_EXPIRED,
	ITEM_COLUMN_COUNT
} ItemColumn;

static const char *const itemColumns[ITEM_COLUMN_COUNT] = {
	"item_id", "item_group", "unit_id", "kind", "costing_method", "cost_pool", "tracking", "shelf_life_days", "active", "second_unit_id",
	"issue_expired"
};

#define ITEM_COLUMNS \
	"i.item_id, i.item_group, i.unit_id, i.kind, i.costing_method, i.cost_pool, " \
	"i.tracking, i.shelf_life_days, i.active, i.second_unit_id, i.issue_expired"

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
FillInfo(const CompanyInfo *company, ItemInfo *item, const Datum *values)
{
	item->itemId = DatumGetInt32(values[ITEM_ID]);
	item->itemGroup = MasterText(TextDatumGetCString(values[ITEM_GROUP]));
	item->unitId = DatumGetInt32(values[ITEM_UNIT]);
	item->isStock = strcmp(TextDatumGetCString(values[ITEM_KIND]), "stock") == 0;
	item->method = FindCostMethod(TextDatumGetCString(values[ITEM_METHOD]));
	item->poolScope = FindPoolScope(TextDatumGetCString(values[ITEM_POOL]));
	item->tracking = FindTracking(TextDatumGetCString(values[ITEM_TRACKING]));
	item->shelfLifeDays = DatumGetInt32(values[ITEM_SHELF_LIFE]);
	item->active = DatumGetBool(values[ITEM_ACTIVE]);
	item->secondUnitId = DatumGetInt32(values[ITEM_SECOND_UNIT]);
	item->allowsExpired = AllowsExpired(company, TextDatumGetCString(values[ITEM_ISSUE_EXPIRED]));
}

/* Holds the items that have no pool yet, and reads them again as they are now. */
static void
HoldUnmoved(const CompanyInfo *company, ItemInfo *items, DatumArray *numbers, DatumArray *ids)
{
	Datum		values[3] = {Int32GetDatum(company->companyId), DatumArrayValue(numbers, INT4OID), DatumArrayValue(ids, INT4OID)};
	uint64		rows = ids->count == 0 ? 0 : RunPlan(&unmovedPlan, values, NULL);

	for (uint64 row = 0; row < rows; row++)
	{
		Datum		columns[ITEM_COLUMN_COUNT];

		for (int i = 0; i < ITEM_COLUMN_COUNT; i++)
			columns[i] = PlanValue(row, i + 2);
		FillInfo(company, &items[DatumGetInt32(PlanValue(row, 1))], columns);
	}
}

/* An item by its code; what is unknown stays empty. */
static void
ProbeItem(const CompanyInfo *company, IndexProbe *probe, const AttrNumber *columns, const char *code, ItemInfo *item)
{
	Datum		key[2] = {Int32GetDatum(company->companyId), CStringGetTextDatum(code)};
	Datum		values[ITEM_COLUMN_COUNT];
	TupleTableSlot *row;

	ProbeIndex(probe, key, lengthof(key));
	row = NextProbedRow(probe);
	for (int i = 0; i < ITEM_COLUMN_COUNT && row != NULL; i++)
		values[i] = ProbedValue(row, columns[i]);
	if (row != NULL)
		FillInfo(company, item, values);
}

static bool
HasPool(const CompanyInfo *company, IndexProbe *pools, int32 itemId)
{
	Datum		key[2] = {Int32GetDatum(company->companyId), Int32GetDatum(itemId)};

	ProbeIndex(pools, key, lengthof(key));
	return NextProbedRow(pools) != NULL;
}

/* Not AccessShareLock: the posting will take this one, and locks that a session holds beyond sixteen cost more than what is read here. */
static IndexProbe *
OpenPools(void)
{
	return OpenIndexProbeById(EngineRelation("erp_private", "cost_pool"), EngineRelation("erp_private", "cost_pool_key"),
							  RowExclusiveLock, PROBE_TRANSACTION);
}

/* The pools are seen as they were before the items were: an item that had one by then has not changed its method since. */
static ItemInfo *
FetchItems(DocumentBatch *batch, CodeMap *codes)
{
	ItemInfo   *items = palloc0(sizeof(ItemInfo) * (CodeCount(codes) + 1));
	IndexProbe *pools = OpenPools();
	IndexProbe *probe = OpenIndexProbe("erp", "item", "item_code_key", PROBE_TRANSACTION);
	AttrNumber	columns[ITEM_COLUMN_COUNT];
	DatumArray	numbers = {0};
	DatumArray	ids = {0};

	ProbeColumns(probe, itemColumns, ITEM_COLUMN_COUNT, columns);
	for (int number = 0; number < CodeCount(codes); number++)
	{
		CHECK_FOR_INTERRUPTS();
		ProbeItem(batch->company, probe, columns, CodeText(codes, number), &items[number]);
		if (!items[number].isStock || HasPool(batch->company, pools, items[number].itemId))
			continue;
		AppendDatum(&numbers, Int32GetDatum(number));
		AppendDatum(&ids, Int32GetDatum(items[number].itemId));
	}
	CloseIndexProbe(probe);
	CloseIndexProbe(pools);
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
	/* Tables that are not opened take none of the sixteen locks that cost a session little. */
	ItemInfo   *items = CodeCount(codes) == 0 ? NULL : FetchItems(batch, codes);

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
