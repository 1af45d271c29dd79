#include "postgres.h"

#include "catalog/pg_type.h"

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
	.fields = {{"move_id"}, {"line_no"}, {"leg"}, {"item_id", &SealItemCode}, {"warehouse_id", &SealWarehouseCode}, {"location_id", &locationCode},
	{"lot_id", &lotCode}, {"stock_state_id", &stockStateCode}, {"owner_id", &SealPartyCode}, {"cost_pool_id"}, {"origin_move_id"}, {"day"},
	{"time_of_day"}, {"entered_unit_id", &SealUnitCode}, {"entered_quantity"}, {"quantity"}}
};

#define COST_FIELDS {{"move_id"}, {"entry_no"}, {"source_move_id"}, {"voucher_id"}, {"inventory_line_no"}, {"counter_line_no"}, {"cause"}, \
	{"quantity"}, {"amount"}}
#define COST_CAUSE 6

/* As the index of what is learned later says it. */
static const char *const laterCauses[] = {"landed", "revaluation", "replay"};

static bool
IsOfMove(const Datum *values, const bool *nulls, int64 moveId)
{
	const struct varlena *cause = (const struct varlena *) DatumGetPointer(values[COST_CAUSE]);

	(void) moveId;
	for (int i = 0; !nulls[COST_CAUSE] && i < (int) lengthof(laterCauses); i++)
	{
		size_t		length = strlen(laterCauses[i]);

		if (VARSIZE_ANY_EXHDR(cause) == length && memcmp(VARDATA_ANY(cause), laterCauses[i], length) == 0)
			return false;
	}
	return true;
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
	RegisterSealRecord(&moveCostRecord);
	RegisterSealRecord(&laterCostRecord);
}
