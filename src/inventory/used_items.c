/*
 * What an item is once it has moved: what its moves were costed and counted by.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/used_master.h"

PG_FUNCTION_INFO_V1(erp_guard_used_item);

/* A posting that makes an item's first pool of cost holds the item FOR KEY SHARE. */
static UsedMaster usedItem = {
	.what = "item",
	.keptColumns = {"kind", "unit_id", "costing_method", "cost_pool", "tracking"},
	.keyColumns = {"company_id", "item_id"},
	.waitPlan = {
		.query = "SELECT 1 FROM erp.item i WHERE i.company_id = $1 AND i.item_id = $2 FOR UPDATE",
		.argumentCount = 2,
		.argumentTypes = {INT4OID, INT4OID}
	},
	.usedPlan = {
		.query = "SELECT 1 WHERE EXISTS (SELECT FROM erp.stock_move m WHERE m.company_id = $1 AND m.item_id = $2)",
		.argumentCount = 2,
		.argumentTypes = {INT4OID, INT4OID}
	},
	.reason = "It has moved.",
	.cure = "Make a new item, and deactivate this one."
};

/* AFTER UPDATE, row, on erp.item. */
Datum
erp_guard_used_item(PG_FUNCTION_ARGS)
{
	return GuardUsedMaster(fcinfo, &usedItem);
}
