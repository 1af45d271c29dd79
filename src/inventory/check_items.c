#include "postgres.h"

#include "utils/builtins.h"

#include "inventory/check_stock.h"
#include "inventory/costing.h"

const char *
ItemCode(const CheckedItem *item)
{
	return item->code == NULL ? "unknown" : item->code;
}

CheckedItem *
ItemOf(FactMap *items, int32 companyId, int32 itemId)
{
	bool		found;

	return AddFact(items, companyId, itemId, 0, &found);
}

static void
ReadItem(void *state, const FactRow *row)
{
	CheckedItem *item = ItemOf(state, RowInt32(row, 0), RowInt32(row, 1));

	item->code = row->nulls[2] ? "" : TextDatumGetCString(row->values[2]);
	item->method = FindCostMethod(TextDatumGetCString(row->values[3]));
	item->isFifo = item->method == COST_FIFO;
	item->poolScope = FindPoolScope(TextDatumGetCString(row->values[4]));
	item->unitId = RowInt32(row, 5);
	item->isTracked = RowBool(row, 6);
}

static void
ReadChange(void *state, const FactRow *row)
{
	CheckedItem *item = ItemOf(state, RowInt32(row, 0), RowInt32(row, 1));

	item->changes = item->changes == NULL ? palloc(sizeof(CheckedChange)) :
		repalloc(item->changes, sizeof(CheckedChange) * (item->changeCount + 1));
	item->changes[item->changeCount++] = (CheckedChange) {
		.validFrom = RowDay(row, 2), .before = FindCostMethod(RowText(row, 3)), .method = FindCostMethod(RowText(row, 4))
	};
}

CostMethod
CheckedMethod(const CheckedItem *item, DateADT day)
{
	for (int i = item->changeCount; i > 0; i--)
	{
		if (day >= item->changes[i - 1].validFrom)
			return item->changes[i - 1].method;
	}
	return item->changeCount > 0 ? item->changes[0].before : item->method;
}

FactMap *
ReadItems(FactCheck *check)
{
	FactMap    *items = CreateFactMap(sizeof(CheckedItem));

	ReadFacts(check, "SELECT i.company_id, i.item_id, i.code, i.costing_method, i.cost_pool, i.unit_id, i.tracking <> 'none' FROM erp.item i",
			  ReadItem, items);
	ReadFacts(check, "SELECT k.company_id, k.item_id, k.valid_from, k.method_before, k.costing_method FROM erp.item_costing k"
			  " ORDER BY k.company_id, k.item_id, k.valid_from, k.document_id", ReadChange, items);
	return items;
}

FactMap *
ReadCompanies(FactCheck *check)
{
	return ReadMaster(check, "SELECT 0, c.company_id::bigint, c.negative_stock::integer, NULL::text FROM erp.company c");
}

bool
AllowsNegative(const FactMap *companies, int32 companyId)
{
	const MasterEntry *company = FindFact(unconstify(FactMap *, companies), 0, companyId, 0);

	return company != NULL && company->value == 1;
}
