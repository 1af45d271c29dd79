/*
 * Where an item lies that can be promised, and how what is free of a position begins.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/call_lock.h"
#include "core/datum_array.h"
#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/reservation.h"

/* What lots and locations say of positions; 0 of either: none. */
static KeptPlan placePlan = {
	.query = "SELECT n.number::integer - 1, COALESCE(l.expires_on, 'infinity'), c.code, COALESCE(LEAST(l.removal_day, l.expires_on), 'infinity')"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) WITH ORDINALITY AS n (lot_id, location_id, number)"
	"  LEFT JOIN LATERAL (SELECT f.expires_on, f.removal_day FROM erp.lot f WHERE n.lot_id <> 0 AND f.company_id = $1 AND f.lot_id = n.lot_id OFFSET 0) l ON true"
	"  LEFT JOIN LATERAL (SELECT f.code, f.kind FROM erp.location f WHERE n.location_id <> 0 AND f.company_id = $1"
	"                        AND f.location_id = n.location_id OFFSET 0) c ON true"
	" WHERE erp_private.goods_are_promised(c.kind) ORDER BY n.number",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT8ARRAYOID, INT4ARRAYOID}
};

static KeptPlan lockPlan = {
	.query = "SELECT 1 FROM (SELECT u.item_id FROM pg_catalog.unnest($2) AS u (item_id) ORDER BY u.item_id) i"
	" CROSS JOIN LATERAL (SELECT f.item_id FROM erp_private.cost_pool f WHERE f.company_id = $1 AND f.item_id = i.item_id"
	"                      ORDER BY f.pool_no FOR UPDATE) p",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static KeptPlan beginPlan = {
	.query = "WITH begun AS (UPDATE erp_private.stock_position SET position_id = pg_catalog.nextval('erp_private.free_stock_position_id_seq')"
	" WHERE company_id = $1 AND item_id = ANY ($2) AND owner_id = 0 AND stock_state_id = 0 AND position_id = 0 AND on_hand > 0"
	" RETURNING position_id, on_hand)"
	" INSERT INTO erp_private.free_stock (company_id, position_id, slot, quantity) SELECT $1, b.position_id, 0, b.on_hand FROM begun b",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static KeptPlan poollessPlan = {
	.query = "SELECT u.item_id FROM pg_catalog.unnest($2) AS u (item_id)"
	" WHERE NOT EXISTS (SELECT 1 FROM erp_private.cost_pool f WHERE f.company_id = $1 AND f.item_id = u.item_id)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

PG_FUNCTION_INFO_V1(erp_lock_item_pools);

static ReservePosition *
AddPosition(PositionList *list)
{
	if (list->count == list->capacity)
	{
		list->capacity = Max(4, list->capacity * 2);
		list->positions = list->positions == NULL ? palloc(sizeof(ReservePosition) * list->capacity) :
			repalloc_huge(list->positions, sizeof(ReservePosition) * list->capacity);
	}
	memset(&list->positions[list->count], 0, sizeof(ReservePosition));
	return &list->positions[list->count++];
}

/* Available stock of the company's own. */
static bool
IsPromised(const IndexProbe *probe, TupleTableSlot *row)
{
	return DatumGetInt32(ProbedColumn(probe, row, "owner_id")) == 0 && DatumGetInt16(ProbedColumn(probe, row, "stock_state_id")) == 0 &&
		QuantityFromDatum(ProbedColumn(probe, row, "on_hand")) > 0;
}

static void
ReadItem(IndexProbe *probe, int32 companyId, int32 itemId, PositionList *list)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int32GetDatum(itemId)};
	TupleTableSlot *row;

	ProbeIndex(probe, values, lengthof(values));
	while ((row = NextProbedRow(probe)) != NULL)
	{
		ReservePosition *position;

		CHECK_FOR_INTERRUPTS();
		if (!IsPromised(probe, row))
			continue;
		position = AddPosition(list);
		position->itemId = itemId;
		position->positionId = DatumGetInt64(ProbedColumn(probe, row, "position_id"));
		position->warehouseId = DatumGetInt32(ProbedColumn(probe, row, "warehouse_id"));
		position->locationId = DatumGetInt32(ProbedColumn(probe, row, "location_id"));
		position->lotId = DatumGetInt64(ProbedColumn(probe, row, "lot_id"));
		position->expiresOn = DATEVAL_NOEND;
		position->lastDay = DATEVAL_NOEND;
	}
}

/* Whether the position is more than a warehouse; whatever lies in a warehouse itself is promised. */
static bool
HasPlace(const ReservePosition *position)
{
	return position->lotId != 0 || position->locationId != 0;
}

static void
DescribePosition(ReservePosition *position, uint64 row)
{
	bool		isNull;
	Datum		code = PlanValueOrNull(row, 3, &isNull);

	position->expiresOn = DatumGetDateADT(PlanValue(row, 2));
	position->lastDay = DatumGetDateADT(PlanValue(row, 4));
	position->locationCode = isNull ? NULL : TextDatumGetCString(code);
}

/* Expiry and code of location; positions that cannot be shipped from go. */
static void
DescribePositions(int32 companyId, PositionList *list)
{
	DatumArray	lots = {0};
	DatumArray	locations = {0};
	Datum		values[3] = {Int32GetDatum(companyId)};
	uint64		rows;
	uint64		row = 0;
	int			kept = 0;
	int			number = 0;

	for (int i = 0; i < list->count; i++)
	{
		if (!HasPlace(&list->positions[i]))
			continue;
		AppendDatum(&lots, Int64GetDatum(list->positions[i].lotId));
		AppendDatum(&locations, Int32GetDatum(list->positions[i].locationId));
	}
	if (lots.count == 0)
		return;
	values[1] = DatumArrayValue(&lots, INT8OID);
	values[2] = DatumArrayValue(&locations, INT4OID);
	rows = RunPlan(&placePlan, values, NULL);
	for (int i = 0; i < list->count; i++)
	{
		if (HasPlace(&list->positions[i]))
		{
			if (row == rows || DatumGetInt32(PlanValue(row, 1)) != number++)
				continue;
			DescribePosition(&list->positions[i], row++);
		}
		list->positions[kept++] = list->positions[i];
	}
	list->count = kept;
}

PositionList
ReadPositions(const ReserveRun *run)
{
	IndexProbe *probe = OpenIndexProbe("erp_private", "stock_position", "stock_position_key", run->again ? PROBE_LATEST : PROBE_TRANSACTION);
	PositionList list = {0};

	for (int line = 0; line < run->lineCount; line += LinesOfItem(&run->byItem[line], run->lineCount - line))
		ReadItem(probe, run->company->companyId, run->byItem[line]->itemId, &list);
	CloseIndexProbe(probe);
	DescribePositions(run->company->companyId, &list);
	return list;
}

/* Of these items those that have no pool yet: who makes their first holds the same lock, before any pool. */
static void
LockFirstOfItems(int32 companyId, Datum items)
{
	Datum		values[2] = {Int32GetDatum(companyId), items};
	uint64		count = RunPlanLatest(&poollessPlan, values, NULL);
	int32	   *ids = palloc(sizeof(int32) * Max(count, 1));

	for (uint64 i = 0; i < count; i++)
		ids[i] = DatumGetInt32(PlanValue(i, 1));
	LockIds(FIRST_POOL, companyId, ids, (int) count);
	pfree(ids);
}

void
LockItemPools(int32 companyId, const DatumArray *items)
{
	Datum		values[2] = {Int32GetDatum(companyId), DatumArrayValue(items, INT4OID)};

	LockFirstOfItems(companyId, values[1]);
	(void) RunPlanLatest(&lockPlan, values, NULL);
}

/* erp_private.lock_item_pools(company_id, item_ids) */
Datum
erp_lock_item_pools(PG_FUNCTION_ARGS)
{
	DatumArray	items = {0};
	Datum	   *values;
	bool	   *nulls;
	int			count;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), INT4OID, sizeof(int32), true, TYPALIGN_INT, &values, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i])
			AppendDatum(&items, values[i]);
	}
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	if (items.count > 0)
		LockItemPools(PG_GETARG_INT32(0), &items);
	(void) SPI_finish();
	PG_RETURN_VOID();
}

/* The items of all lines, ascending. */
DatumArray
ItemsOfRun(const ReserveRun *run)
{
	DatumArray	items = {0};

	for (int line = 0; line < run->lineCount; line += LinesOfItem(&run->byItem[line], run->lineCount - line))
		AppendDatum(&items, Int32GetDatum(run->byItem[line]->itemId));
	return items;
}

void
BeginSlots(const ReserveRun *run)
{
	DatumArray	ids = ItemsOfRun(run);
	Datum		values[2] = {Int32GetDatum(run->company->companyId), DatumArrayValue(&ids, INT4OID)};

	(void) RunPlan(&lockPlan, values, NULL);
	(void) RunPlan(&beginPlan, values, NULL);
}
