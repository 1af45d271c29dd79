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
	item->isFifo = RowBool(row, 3);
	item->poolScope = FindPoolScope(TextDatumGetCString(row->values[4]));
	item->unitId = RowInt32(row, 5);
	item->isTracked = RowBool(row, 6);
}

FactMap *
ReadItems(FactCheck *check)
{
	FactMap    *items = CreateFactMap(sizeof(CheckedItem));

	ReadFacts(check, "SELECT i.company_id, i.item_id, i.code, i.costing_method = 'fifo', i.cost_pool, i.unit_id, i.tracking <> 'none' FROM erp.item i",
			  ReadItem, items);
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
