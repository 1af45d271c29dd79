/*
 * What an item is once it has moved: what its moves were costed and counted by.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/used_master.h"

PG_FUNCTION_INFO_V1(erp_guard_used_item);
PG_FUNCTION_INFO_V1(erp_guard_used_item_unit);
PG_FUNCTION_INFO_V1(erp_guard_used_unit);

/* A posting that makes an item's first pool of cost holds the item FOR KEY SHARE. */
static UsedMaster usedItem = {
	.what = "item",
	.keptColumns = {"kind", "unit_id", "second_unit_id", "cost_pool", "tracking"},
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

/* Of an item that has moved, erp.item_costing says the method once it has changed: nobody is waited for then, who holds the pools has changed it. */
#define METHOD_DIFFERS \
	"(SELECT c.costing_method FROM erp.item_costing c WHERE c.company_id = i.company_id AND c.item_id = i.item_id" \
	" ORDER BY c.valid_from DESC, c.document_id DESC LIMIT 1) IS DISTINCT FROM i.costing_method"

static UsedMaster usedMethod = {
	.what = "item",
	.keptColumns = {"costing_method"},
	.keyColumns = {"company_id", "item_id"},
	.waitPlan = {
		.query = "SELECT 1 FROM erp.item i WHERE i.company_id = $1 AND i.item_id = $2 AND " METHOD_DIFFERS " FOR UPDATE",
		.argumentCount = 2,
		.argumentTypes = {INT4OID, INT4OID}
	},
	.usedPlan = {
		.query = "SELECT 1 FROM erp.item i WHERE i.company_id = $1 AND i.item_id = $2 AND " METHOD_DIFFERS
		" AND EXISTS (SELECT FROM erp.stock_move m WHERE m.company_id = $1 AND m.item_id = $2)",
		.argumentCount = 2,
		.argumentTypes = {INT4OID, INT4OID}
	},
	.reason = "It has moved.",
	.cure = "Change it from a day on with erp.change_costing_method()."
};

/* Moves of the item that were entered in the unit, or in one of its measure. */
static UsedMaster usedItemUnit = {
	.what = "unit of an item",
	.keptColumns = {"unit_id", "numerator", "denominator"},
	.keyColumns = {"company_id", "item_id", "unit_id"},
	.waitPlan = {
		.query = "SELECT erp_private.lock_structure($1) WHERE $2 > 0 AND $3 > 0",
		.argumentCount = 3,
		.argumentTypes = {INT4OID, INT4OID, INT4OID}
	},
	.usedPlan = {
		.query = "SELECT u.code FROM erp.unit u WHERE u.unit_id = $3"
		" AND EXISTS (SELECT FROM erp.stock_move m JOIN erp.unit e ON e.unit_id = m.entered_unit_id"
		" WHERE m.company_id = $1 AND m.item_id = $2 AND (e.unit_id = u.unit_id OR u.measure <> '' AND e.measure = u.measure))",
		.argumentCount = 3,
		.argumentTypes = {INT4OID, INT4OID, INT4OID}
	},
	.usedPlanNames = true,
	.reason = "The item has moved by it.",
	.cure = "Add another unit with erp.put_units(), and what it holds with erp.put_item_units()."
};

/* Whoever just names the unit holds it FOR KEY SHARE. */
static UsedMaster usedUnit = {
	.what = "unit",
	.keptColumns = {"measure", "numerator", "denominator"},
	.keyColumns = {"unit_id"},
	.waitPlan = {
		.query = "SELECT erp_private.lock_structure(o.company_id)"
		"  FROM (SELECT c.company_id FROM erp.company c ORDER BY 1 OFFSET 0) o"
		" CROSS JOIN LATERAL (SELECT 1 FROM erp.unit u WHERE u.unit_id = $1 FOR UPDATE OFFSET 0) u",
		.argumentCount = 1,
		.argumentTypes = {INT4OID}
	},
	.usedPlan = {
		.query = "SELECT 1 WHERE EXISTS (SELECT FROM erp.item i WHERE i.unit_id = $1)"
		" OR EXISTS (SELECT FROM erp.item_unit n WHERE n.unit_id = $1)"
		" OR EXISTS (SELECT FROM erp.document_line l WHERE l.unit_id = $1)",
		.argumentCount = 1,
		.argumentTypes = {INT4OID}
	},
	.reason = "Items or lines of documents are measured in it.",
	.cure = "Add another unit with erp.put_units()."
};

/* AFTER UPDATE, row, on erp.item_unit. */
Datum
erp_guard_used_item_unit(PG_FUNCTION_ARGS)
{
	return GuardUsedMaster(fcinfo, &usedItemUnit);
}

/* AFTER UPDATE, row, on erp.unit. */
Datum
erp_guard_used_unit(PG_FUNCTION_ARGS)
{
	return GuardUsedMaster(fcinfo, &usedUnit);
}

/* AFTER UPDATE, row, on erp.item. */
Datum
erp_guard_used_item(PG_FUNCTION_ARGS)
{
	(void) GuardUsedMaster(fcinfo, &usedMethod);
	return GuardUsedMaster(fcinfo, &usedItem);
}
