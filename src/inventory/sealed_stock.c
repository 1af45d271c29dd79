#include "postgres.h"

#include "catalog/pg_type.h"

#include "utils/builtins.h"

#include "inventory/inventory.h"
#include "inventory/sealed_stock.h"
#include "ledger/seal.h"

#define ITEM_QUERY "SELECT t.code FROM erp.item t WHERE t.company_id = $1 AND t.item_id = $2"
#define WAREHOUSE_QUERY "SELECT t.code FROM erp.warehouse t WHERE t.company_id = $1 AND t.warehouse_id = $2"

static SealCode locationCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.location t WHERE t.company_id = $1 AND t.location_id = $2")
};
static SealCode lotCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.lot t WHERE t.company_id = $1 AND t.lot_id = $2")
};
static SealCode stockStateCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.stock_state t WHERE $1 > 0 AND t.stock_state_id = $2")
};

static SealRecord stockMoveRecord = {
	.name = "stock_move", .table = "stock_move", .index = "stock_move_line_key", .idColumn = "move_id",
	.fields = {SEAL_VALUE("move_id"), SEAL_VALUE("line_no"), SEAL_VALUE("leg"), SEAL_CODED("item_id", SealItemCode),
	SEAL_CODED("warehouse_id", SealWarehouseCode), SEAL_CODED("location_id", locationCode), SEAL_CODED("lot_id", lotCode),
	SEAL_CODED("stock_state_id", stockStateCode), SEAL_CODED("owner_id", SealPartyCode), SEAL_VALUE("cost_pool_id"),
	SEAL_VALUE("origin_move_id"), SEAL_VALUE("day"), SEAL_VALUE("time_of_day"), SEAL_CODED("entered_unit_id", SealUnitCode),
	SEAL_VALUE("second_quantity"), SEAL_VALUE("entered_quantity"), SEAL_VALUE("quantity")}
};

static SealRecord itemCostingRecord = {
	.name = "item_costing", .table = "item_costing", .index = "item_costing_key",
	.fields = {SEAL_CODED("item_id", SealItemCode), SEAL_VALUE("valid_from"), SEAL_VALUE("method_before"), SEAL_VALUE("costing_method")}
};

static SealRecord expiredIssueRecord = {
	.name = "expired_issue", .table = "expired_issue", .index = "expired_issue_key",
	.fields = {SEAL_VALUE("line_no"), SEAL_VALUE("last_day"), SEAL_VALUE("allowed_by")}
};

#define COST_FIELDS {SEAL_VALUE("move_id"), SEAL_VALUE("entry_no"), SEAL_VALUE("source_move_id"), SEAL_VALUE("voucher_id"), \
	SEAL_VALUE("inventory_line_no"), SEAL_VALUE("counter_line_no"), SEAL_VALUE("cause"), SEAL_VALUE("quantity"), SEAL_VALUE("amount")}
#define COST_CAUSE 6

static bool
IsOfMove(const Datum *values, const bool *nulls, int64 moveId)
{
	(void) moveId;
	return nulls[COST_CAUSE] || !IsLaterCause(TextDatumGetCString(values[COST_CAUSE]));
}

/*
 * Costs that a document gave its own moves are its own. What is learned later
 * of a move is of the document whose voucher took it: the adjustment's. The
 * cause alone says which of the two an entry is, so each is in one content.
 */
static SealRecord moveCostRecord = {
	.name = "cost_entry", .table = "cost_entry", .index = "cost_entry_key", .parent = &stockMoveRecord, .belongs = IsOfMove,
	.fields = COST_FIELDS
};

static SealRecord laterCostRecord = {
	.name = "cost_entry", .table = "cost_entry", .index = "cost_entry_later", .parent = &SealVoucherRecord,
	.fields = COST_FIELDS
};

void
RegisterInventorySealRecords(void)
{
	SealItemCode.plan.query = ITEM_QUERY;
	SealWarehouseCode.plan.query = WAREHOUSE_QUERY;
	RegisterSealRecord(&stockMoveRecord);
	RegisterSealRecord(&itemCostingRecord);
	RegisterSealRecord(&expiredIssueRecord);
	RegisterSealRecord(&moveCostRecord);
	RegisterSealRecord(&laterCostRecord);
}
