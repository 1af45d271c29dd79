#include "postgres.h"

#include "fmgr.h"

#include "inventory/check_costs.h"
#include "inventory/check_moves.h"

/* erp_private.check_stock(): moves are read once, for what they say themselves and for their costs. */

static void
CheckStockSlice(FactCheck *check)
{
	FactMap    *items = ReadItems(check);
	FactMap    *companies = ReadCompanies(check);
	CostCheck  *costs = BeginCosts(check, items, companies);
	MoveCheck	stock = {
		.check = check, .costs = costs, .items = items, .companies = companies,
		.warehouses = ReadMaster(check, "SELECT w.company_id, w.warehouse_id::bigint, 0, NULL::text FROM erp.warehouse w"),
		.locations = ReadMaster(check, "SELECT l.company_id, l.location_id::bigint, l.warehouse_id, NULL::text FROM erp.location l"),
		.shippedLocations = ReadMaster(check, "SELECT l.company_id, l.location_id::bigint, 0, NULL::text FROM erp.location l WHERE l.kind = 'shipped'"),
		.lots = ReadMaster(check, "SELECT l.company_id, l.lot_id, l.item_id, NULL::text FROM erp.lot l"),
		.documents = CreateFactMap(sizeof(CheckedDocument)), .lines = CreateFactMap(sizeof(ItemLine)),
		.returns = CreateFactMap(sizeof(FactKey)), .origins = CreateFactMap(sizeof(CheckedOrigin)),
		.positions = CreateFactMap(sizeof(CheckedPosition)), .neutral = CreateFactMap(sizeof(NeutralLine)),
		.units = ReadItemUnits(check), .places = CreatePlaceNumbers()
	};

	ReadMoves(&stock);
	CheckMoveSums(&stock);
	CheckCosts(costs);
}

PG_FUNCTION_INFO_V1(erp_check_stock);

Datum
erp_check_stock(PG_FUNCTION_ARGS)
{
	return RunFactCheck(fcinfo, "SELECT pg_catalog.pg_relation_size('erp.document_line') + pg_catalog.pg_relation_size('erp.stock_move')"
						" + pg_catalog.pg_relation_size('erp.cost_entry')", CheckStockSlice);
}
