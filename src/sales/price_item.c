#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "core/datum_array.h"
#include "core/errors.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/unit_lookup.h"
#include "ledger/settlement.h"
#include "sales/price.h"

/* A group that would be part of itself leads up no further than this. */
#define GROUP_STEPS_MAX 50

static KeptPlan itemPlan = {
	.query = "SELECT n.number::integer - 1, i.item_id, i.item_group, i.unit_id, i.kind = 'stock', i.active"
	"  FROM pg_catalog.unnest($2) WITH ORDINALITY AS n (code, number)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.item f WHERE f.company_id = $1 AND f.code = n.code OFFSET 0) i",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

static KeptPlan parentPlan = {
	.query = "SELECT n.number::integer - 1, p.parent_code FROM pg_catalog.unnest($2) WITH ORDINALITY AS n (code, number)"
	" CROSS JOIN LATERAL (SELECT f.parent_code FROM erp.item_group f WHERE f.company_id = $1 AND f.code = n.code OFFSET 0) p"
	" WHERE p.parent_code <> ''",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

/* What the pools of an item hold; what belongs to others is in none. */
static KeptPlan poolPlan = {
	.query = "SELECT n.number::integer - 1, k.value, k.quantity FROM pg_catalog.unnest($2) WITH ORDINALITY AS n (item_id, number)"
	" CROSS JOIN LATERAL (SELECT pg_catalog.sum(f.value) AS value, pg_catalog.sum(f.quantity) AS quantity FROM erp_private.cost_pool f"
	"                      WHERE f.company_id = $1 AND f.item_id = n.item_id AND f.quantity > 0 OFFSET 0) k"
	" WHERE k.quantity > 0",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

/* Of items of which there is nothing: what came in last, the latest of each pool in the order of the moves. */
static KeptPlan layerPlan = {
	.query = "SELECT n.number::integer - 1, e.amount, m.quantity FROM pg_catalog.unnest($2) WITH ORDINALITY AS n (item_id, number)"
	" CROSS JOIN LATERAL (SELECT f.cost_pool_id FROM erp_private.cost_pool f WHERE f.company_id = $1 AND f.item_id = n.item_id OFFSET 0) k"
	" CROSS JOIN LATERAL (SELECT f.move_id, f.quantity, f.day, f.time_of_day FROM erp.stock_move f"
	"                      WHERE f.company_id = $1 AND f.item_id = n.item_id AND f.cost_pool_id = k.cost_pool_id AND f.quantity > 0"
	"                      ORDER BY f.day DESC, f.time_of_day DESC, f.move_id DESC LIMIT 1) m"
	" CROSS JOIN LATERAL (SELECT pg_catalog.sum(f.amount) AS amount FROM erp.cost_entry f"
	"                      WHERE f.company_id = $1 AND f.move_id = m.move_id OFFSET 0) e"
	" WHERE e.amount IS NOT NULL ORDER BY n.number, m.day, m.time_of_day, m.move_id",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static uint64
RunForItems(PriceRun *run, KeptPlan *plan, Datum array)
{
	Datum		values[2] = {Int32GetDatum(run->company->companyId), array};

	return RunPlanAt(plan, values, NULL, GetActiveSnapshot());
}

static void
ReadItems(PriceRun *run)
{
	uint64		rows = RunForItems(run, &itemPlan, CodeArray(run->itemCodes));

	run->itemCount = CodeCount(run->itemCodes);
	run->items = palloc0(sizeof(PriceItem) * run->itemCount);
	for (uint64 i = 0; i < rows; i++)
	{
		PriceItem  *item = &run->items[DatumGetInt32(PlanValue(i, 1))];

		item->itemId = DatumGetInt32(PlanValue(i, 2));
		item->itemGroup = TextDatumGetCString(PlanValue(i, 3));
		item->unitId = DatumGetInt32(PlanValue(i, 4));
		item->isStock = DatumGetBool(PlanValue(i, 5));
		item->active = DatumGetBool(PlanValue(i, 6));
	}
	for (int i = 0; i < run->itemCount; i++)
		run->items[i].code = CodeText(run->itemCodes, i);
}

static void
RefuseCode(const PriceLine *line, const char *member, const char *what)
{
	RefuseNode(JsonMember(line->node, member), ERRCODE_ERP_UNKNOWN_CODE, psprintf("there is no %s", what));
}

/* The tax code of a line, its own or that of the document, in the party's zone. */
static const TaxCodeInfo *
TaxCodeOfLine(PriceRun *run, const PriceLine *line)
{
	const char *code = line->taxCodeText != NULL ? line->taxCodeText : run->taxCodeText;
	const TaxCodeInfo *taxCode = code == NULL ? NULL : FindTaxCode(run->company->companyId, code);

	if (code != NULL && taxCode == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_UNKNOWN_CODE),
				 errmsg("there is no tax code \"%.100s\"", code),
				 errdetail("Line %d.", line->number),
				 errhint("Add it with erp.put_tax_codes().")));
	return taxCode == NULL ? NULL : TaxCodeInZone(run, taxCode);
}

static void
FillItems(PriceRun *run, UnitQuery *query)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		PriceLine  *line = &run->lines[i];

		line->item = &run->items[FindCode(run->itemCodes, line->itemCode)];
		if (line->item->itemId == 0)
			RefuseCode(line, "item", "such item");
		if (!line->item->active)
			RefuseNode(JsonMember(line->node, "item"), ERRCODE_ERP_INVALID_FIELD, "the item is not active");
		line->unitId = line->item->unitId;
		line->unitRatio = RatioOf(1, 0);
		line->ownQuantity = line->quantity;
		line->taxCode = TaxCodeOfLine(run, line);
		if (line->unitCode != NULL)
			AskUnit(query, line->item->itemId, line->unitCode);
	}
}

static void
FillUnit(PriceLine *line, const UnitInfo *unit)
{
	const JsonNode *node = JsonMember(line->node, "unit");

	if (!unit->known)
		RefuseCode(line, "unit", "such unit");
	if (unit->ratio.denominator == 0)
		RefuseNode(node, ERRCODE_ERP_NO_CONVERSION, "the unit does not convert into that of the item");
	line->unitId = unit->unitId;
	line->unitRatio = unit->ratio;
	if (RatioScale(line->quantity, unit->ratio, &line->ownQuantity) != SCALE_EXACT || !QuantityFits(line->ownQuantity))
		RefuseNode(JsonMember(line->node, "quantity"), ERRCODE_ERP_INEXACT_QUANTITY,
				   "the quantity is no quantity of 6 decimals in the item's unit");
}

static int
AddTarget(PriceRun *run, int32 itemId, const char *itemGroup)
{
	run->targets[run->targetCount].itemId = itemId;
	run->targets[run->targetCount].itemGroup = itemGroup;
	return run->targetCount++;
}

/* The groups of the items and all above them, each once; parents[] are their numbers, -1 where nothing is above. */
static CodeMap *
ReadGroups(PriceRun *run, int **parents)
{
	CodeMap    *groups = CreateCodeMap();
	int			known = 0;
	int			capacity;

	for (int i = 0; i < run->itemCount; i++)
	{
		if (run->items[i].itemGroup[0] != '\0')
			(void) CodeNumber(groups, run->items[i].itemGroup);
	}
	capacity = Max(CodeCount(groups), 1);
	*parents = palloc(sizeof(int) * capacity);
	while (known < CodeCount(groups))
	{
		uint64		rows = RunForItems(run, &parentPlan, CodeArray(groups));

		capacity = CodeCount(groups) + (int) rows + 1;
		*parents = repalloc(*parents, sizeof(int) * capacity);
		for (int i = 0; i < capacity; i++)
			(*parents)[i] = -1;
		known = CodeCount(groups);
		for (uint64 i = 0; i < rows; i++)
			(*parents)[DatumGetInt32(PlanValue(i, 1))] = CodeNumber(groups, TextDatumGetCString(PlanValue(i, 2)));
	}
	return groups;
}

static void
FillTargets(PriceRun *run, const CodeMap *groups, const int *parents)
{
	int			firstGroup;
	int			all;

	run->targets = palloc0(sizeof(PriceTarget) * (run->itemCount + CodeCount(groups) + 1));
	for (int i = 0; i < run->itemCount; i++)
		(void) AddTarget(run, run->items[i].itemId, "");
	firstGroup = run->targetCount;
	for (int i = 0; i < CodeCount(groups); i++)
		(void) AddTarget(run, 0, CodeText(groups, i));
	all = AddTarget(run, 0, "");
	for (int i = 0; i < run->itemCount; i++)
	{
		PriceItem  *item = &run->items[i];
		int			group = item->itemGroup[0] == '\0' ? -1 : FindCode(groups, item->itemGroup);

		item->targets = palloc(sizeof(int) * (GROUP_STEPS_MAX + 2));
		item->targets[item->targetCount++] = i;
		for (int step = 0; group >= 0 && step < GROUP_STEPS_MAX; step++, group = parents[group])
			item->targets[item->targetCount++] = firstGroup + group;
		item->targets[item->targetCount++] = all;
	}
}

void
FindPriceItems(PriceRun *run)
{
	UnitQuery	query = {0};
	const UnitInfo *units;
	CodeMap    *groups;
	int		   *parents;

	for (int i = 0; i < run->lineCount; i++)
		(void) CodeNumber(run->itemCodes, run->lines[i].itemCode);
	ReadItems(run);
	FillItems(run, &query);
	units = query.numbers == NULL ? NULL : FetchUnits(run->company->companyId, &query);
	for (int i = 0; units != NULL && i < run->lineCount; i++)
	{
		PriceLine  *line = &run->lines[i];

		if (line->unitCode != NULL)
			FillUnit(line, FindUnit(&query, units, line->item->itemId, line->unitCode));
	}
	groups = ReadGroups(run, &parents);
	FillTargets(run, groups, parents);
}

/* Items whose cost is not known yet, by id, but for services, which have none in the books; numbers[] are their places among the items. */
static Datum
ItemsWithoutCost(PriceRun *run, int *numbers, int *count)
{
	DatumArray	ids = {0};

	*count = 0;
	for (int i = 0; i < run->itemCount; i++)
	{
		if (!run->items[i].isStock || run->items[i].hasCost)
			continue;
		numbers[(*count)++] = i;
		AppendDatum(&ids, Int32GetDatum(run->items[i].itemId));
	}
	return *count == 0 ? (Datum) 0 : DatumArrayValue(&ids, INT4OID);
}

/* Of several rows of an item the last one counts. */
static void
ReadUnitCosts(PriceRun *run, KeptPlan *plan)
{
	int		   *numbers = palloc(sizeof(int) * (run->itemCount + 1));
	int			count;
	Datum		ids = ItemsWithoutCost(run, numbers, &count);
	uint64		rows = count == 0 ? 0 : RunForItems(run, plan, ids);

	for (uint64 i = 0; i < rows; i++)
	{
		PriceItem  *item = &run->items[numbers[DatumGetInt32(PlanValue(i, 1))]];

		item->hasCost = true;
		item->unitCost = DivideRatio(RatioOf(AmountFromDatum(PlanValue(i, 2)), AMOUNT_SCALE),
									 RatioOf(QuantityFromDatum(PlanValue(i, 3)), QUANTITY_SCALE));
	}
}

void
FindUnitCosts(PriceRun *run)
{
	ReadUnitCosts(run, &poolPlan);
	ReadUnitCosts(run, &layerPlan);
}
