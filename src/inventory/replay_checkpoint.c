/*
 * Checkpoints: what the pools of an item were after some move, so that a replay
 * need not begin at the first one. They are no facts: deleting them costs time,
 * nothing else. Only who holds the item's pools touches them.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/replay.h"
#include "inventory/stock_lock.h"

static KeptPlan loadPlan = {
	.query = "SELECT c.day, c.time_of_day, c.move_id, c.cost_pool_id, c.quantity, c.value, c.head_move_id, c.head_day,"
	"       c.head_time, c.head_quantity, c.head_value"
	"  FROM (SELECT f.day, f.time_of_day, f.move_id FROM erp_private.cost_checkpoint f WHERE f.company_id = $1 AND f.item_id = $2"
	"           AND (f.day, f.time_of_day, f.move_id) < ($3, $4, $5)"
	"         ORDER BY f.day DESC, f.time_of_day DESC, f.move_id DESC LIMIT 1) l"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp_private.cost_checkpoint f WHERE f.company_id = $1 AND f.item_id = $2"
	"                        AND f.day = l.day AND f.time_of_day = l.time_of_day AND f.move_id = l.move_id OFFSET 0) c",
	.argumentCount = 5,
	.argumentTypes = {INT4OID, INT4OID, DATEOID, TIMEOID, INT8OID}
};

static KeptPlan forgetPlan = {
	.query = "DELETE FROM erp_private.cost_checkpoint WHERE company_id = $1 AND item_id = $2"
	" AND (day, time_of_day, move_id) >= ($3, $4, $5) AND (day, time_of_day, move_id) <= ($6, $7, $8)",
	.argumentCount = 8,
	.argumentTypes = {INT4OID, INT4OID, DATEOID, TIMEOID, INT8OID, DATEOID, TIMEOID, INT8OID}
};

#define SNAPSHOT_COLUMNS 11

static KeptPlan storePlan = {
	.query = "INSERT INTO erp_private.cost_checkpoint (company_id, item_id, day, time_of_day, move_id, cost_pool_id, quantity,"
	" value, head_move_id, head_day, head_time, head_quantity, head_value)"
	" SELECT $1, $2, n.* FROM ROWS FROM (pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5),"
	" pg_catalog.unnest($6), pg_catalog.unnest($7), pg_catalog.unnest($8), pg_catalog.unnest($9), pg_catalog.unnest($10),"
	" pg_catalog.unnest($11), pg_catalog.unnest($12), pg_catalog.unnest($13)) AS n",
	.argumentCount = 13,
	.argumentTypes = {INT4OID, INT4OID, DATEARRAYOID, TIMEARRAYOID, INT8ARRAYOID, INT8ARRAYOID, NUMERICARRAYOID,
	NUMERICARRAYOID, INT8ARRAYOID, DATEARRAYOID, TIMEARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID}
};

static void
TakePool(Replay *replay, uint64 row)
{
	StockPool  *stock = ReplayPoolOf(replay, DatumGetInt64(PlanValue(row, 4)));
	CostLayer	head = {
		.position = {DatumGetDateADT(PlanValue(row, 8)), DatumGetTimeADT(PlanValue(row, 9)), DatumGetInt64(PlanValue(row, 7))},
		.quantity = QuantityFromDatum(PlanValue(row, 10)),
		.value = AmountFromDatum(PlanValue(row, 11))
	};

	stock->pool.quantity = QuantityFromDatum(PlanValue(row, 5));
	stock->pool.value = AmountFromDatum(PlanValue(row, 6));
	stock->pool.cursor = head.position;
	if (head.quantity > 0)
		AppendLayer(&stock->pool.stored, &head);
}

MovePosition
LoadCheckpoint(Replay *replay, const MovePosition *position)
{
	Datum		values[5] = {
		Int32GetDatum(replay->run->batch->company->companyId),
		Int32GetDatum(replay->item->itemId),
		DateADTGetDatum(position->day), TimeADTGetDatum(position->timeOfDay), Int64GetDatum(position->moveId)
	};
	MovePosition found = FirstPosition;
	uint64		rows = RunPlan(&loadPlan, values, NULL);

	if (rows > 0)
		found = (MovePosition) {DatumGetDateADT(PlanValue(0, 1)), DatumGetTimeADT(PlanValue(0, 2)), DatumGetInt64(PlanValue(0, 3))};
	replay->method = MethodOn(replay->item, found.day);
	for (uint64 i = 0; i < rows; i++)
		TakePool(replay, i);
	SPI_freetuptable(SPI_tuptable);
	return found;
}

static void
AddSnapshot(Replay *replay, const MovePosition *position, StockPool *stock)
{
	PoolSnapshot *snapshot;

	if (replay->snapshotCount == replay->snapshotCapacity)
	{
		replay->snapshotCapacity = Max(16, replay->snapshotCapacity * 2);
		replay->snapshots = replay->snapshots == NULL ? palloc(sizeof(PoolSnapshot) * replay->snapshotCapacity) :
			repalloc_huge(replay->snapshots, sizeof(PoolSnapshot) * replay->snapshotCapacity);
	}
	snapshot = &replay->snapshots[replay->snapshotCount++];
	snapshot->position = *position;
	snapshot->costPoolId = stock->costPoolId;
	snapshot->quantity = stock->pool.quantity;
	snapshot->value = stock->pool.value;
	snapshot->head = CursorOf(&stock->pool);
}

/*
 * Amid a change of method the day would not tell the methods; what goes out below zero gets its value later; and a pool that
 * holds more than its types for a while is refused, if at all, as the pool of the books.
 */
static bool
IsSound(const Replay *replay)
{
	for (int i = 0; i < replay->poolCount; i++)
	{
		const CostPool *pool = &replay->pools[i].pool;

		if (pool->debts.count > 0 || !QuantityFits(pool->quantity) || !AmountFits(pool->value))
			return false;
	}
	return !replay->amidChange;
}

/* A pool that is not named is empty; so that a checkpoint where all are is one too, the first is always named. */
void
TakeSnapshot(Replay *replay, const MovePosition *position)
{
	if (!IsSound(replay))
		return;
	replay->sinceSnapshot = 0;
	for (int i = 0; i < replay->poolCount; i++)
	{
		if (i == 0 || replay->pools[i].pool.quantity != 0)
			AddSnapshot(replay, position, &replay->pools[i]);
	}
}

void
ForgetCheckpoints(const Replay *replay, const MovePosition *first, const MovePosition *last)
{
	Datum		values[8] = {
		Int32GetDatum(replay->run->batch->company->companyId),
		Int32GetDatum(replay->item->itemId),
		DateADTGetDatum(first->day), TimeADTGetDatum(first->timeOfDay), Int64GetDatum(first->moveId),
		DateADTGetDatum(last->day), TimeADTGetDatum(last->timeOfDay), Int64GetDatum(last->moveId)
	};

	(void) RunPlan(&forgetPlan, values, NULL);
}

static void
AppendSnapshot(DatumArray *columns, const PoolSnapshot *snapshot)
{
	int			i = 0;

	AppendDatum(&columns[i++], DateADTGetDatum(snapshot->position.day));
	AppendDatum(&columns[i++], TimeADTGetDatum(snapshot->position.timeOfDay));
	AppendDatum(&columns[i++], Int64GetDatum(snapshot->position.moveId));
	AppendDatum(&columns[i++], Int64GetDatum(snapshot->costPoolId));
	AppendDatum(&columns[i++], QuantityGetDatum(snapshot->quantity));
	AppendDatum(&columns[i++], AmountGetDatum(snapshot->value));
	AppendDatum(&columns[i++], Int64GetDatum(snapshot->head.position.moveId));
	AppendDatum(&columns[i++], DateADTGetDatum(snapshot->head.position.day));
	AppendDatum(&columns[i++], TimeADTGetDatum(snapshot->head.position.timeOfDay));
	AppendDatum(&columns[i++], QuantityGetDatum(snapshot->head.quantity));
	AppendDatum(&columns[i++], AmountGetDatum(snapshot->head.value));
}

void
StoreCheckpoints(Replay *replay, const MovePosition *first, const MovePosition *last)
{
	static const Oid types[SNAPSHOT_COLUMNS] = {DATEOID, TIMEOID, INT8OID, INT8OID, NUMERICOID, NUMERICOID, INT8OID, DATEOID,
	TIMEOID, NUMERICOID, NUMERICOID};
	DatumArray	columns[SNAPSHOT_COLUMNS] = {0};
	Datum		values[SNAPSHOT_COLUMNS + 2] = {
		Int32GetDatum(replay->run->batch->company->companyId), Int32GetDatum(replay->item->itemId)
	};

	ForgetCheckpoints(replay, first, last);
	for (int i = 0; i < replay->snapshotCount; i++)
		AppendSnapshot(columns, &replay->snapshots[i]);
	for (int i = 0; i < SNAPSHOT_COLUMNS; i++)
		values[i + 2] = DatumArrayValue(&columns[i], types[i]);
	if (replay->snapshotCount > 0)
		(void) RunPlan(&storePlan, values, NULL);
	replay->snapshotCount = 0;
}
