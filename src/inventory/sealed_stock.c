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

#define MOVES_OF_DOCUMENT " FROM pg_catalog.unnest($2) WITH ORDINALITY u (document_id, number)" \
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = u.document_id OFFSET 0) t"

static SealRecord stockMoveRecord = {
	.name = "stock_move",
	.plan = {
		.query = "SELECT u.number, t.move_id, t.line_no, t.leg, t.item_id, t.warehouse_id, t.location_id, t.lot_id, t.stock_state_id, t.owner_id,"
		" t.cost_pool_id, t.origin_move_id, t.day, t.time_of_day, t.entered_unit_id, t.entered_quantity, t.quantity"
		MOVES_OF_DOCUMENT " ORDER BY u.number, t.line_no, t.leg, t.move_id",
		.argumentCount = 2,
		.argumentTypes = {INT4OID, INT8ARRAYOID}
	},
	.codeOf = {[3] = &SealItemCode, [4] = &SealWarehouseCode, [5] = &locationCode, [6] = &lotCode, [7] = &stockStateCode,
	[8] = &SealPartyCode, [13] = &SealUnitCode}
};

/*
 * Costs that a document gave its own moves are its own. What is learned later
 * of a move is of the document whose voucher took it: the adjustment's. The
 * cause alone says which of the two an entry is, so each is in one content.
 */
static SealRecord costEntryRecord = {
	.name = "cost_entry",
	.plan = {
		.query = "SELECT x.number, x.move_id, x.entry_no, x.source_move_id, x.voucher_id, x.inventory_line_no, x.counter_line_no,"
		" x.cause, x.quantity, x.amount"
		" FROM (SELECT u.number, e.*" MOVES_OF_DOCUMENT
		"        CROSS JOIN LATERAL (SELECT f.* FROM erp.cost_entry f WHERE f.company_id = $1 AND f.move_id = t.move_id"
		"                               AND f.cause IN ('receipt', 'issue', 'return', 'reversal') OFFSET 0) e"
		"        UNION ALL"
		"       SELECT u.number, e.* FROM pg_catalog.unnest($2) WITH ORDINALITY u (document_id, number)"
		"        CROSS JOIN LATERAL (SELECT f.* FROM erp.cost_entry f WHERE f.company_id = $1 AND f.voucher_id = u.document_id"
		"                               AND f.cause IN ('landed', 'revaluation', 'replay') OFFSET 0) e) x"
		" ORDER BY x.number, x.move_id, x.entry_no",
		.argumentCount = 2,
		.argumentTypes = {INT4OID, INT8ARRAYOID}
	}
};

void
RegisterInventorySealRecords(void)
{
	SealItemCode.plan.query = ITEM_QUERY;
	SealWarehouseCode.plan.query = WAREHOUSE_QUERY;
	RegisterSealRecord(&stockMoveRecord);
	RegisterSealRecord(&costEntryRecord);
}
