/*
 * The cost pools that a posting of stock locks: all of its items, by item, and of
 * each the oldest before the others. A pool that is made later can have any id:
 * whoever waits for the oldest holds none of the others yet. So the oldest is
 * known to all who know of another: while an item has none, whoever makes one
 * holds the item until it is committed.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/date.h"

#include "core/call_lock.h"
#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "core/relation_name.h"
#include "inventory/stock_lock.h"

/* New pools go in before any is locked: whoever inserts holds no lock that another inserter waits for. */
static KeptPlan makePlan = {
	.query = "INSERT INTO erp_private.cost_pool (company_id, item_id, cost_pool_id, quantity, value, head_move_id,"
	" head_day, head_time, head_quantity, head_value, last_day, last_time)"
	" SELECT $1, n.item_id, n.cost_pool_id, 0, 0, 0, '-infinity', '00:00', 0, 0, '-infinity', '00:00'"
	"   FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) AS n (item_id, cost_pool_id)"
	"  ORDER BY n.item_id, n.cost_pool_id"
	" ON CONFLICT ON CONSTRAINT cost_pool_key DO NOTHING",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4ARRAYOID, INT8ARRAYOID}
};

static const char *const poolColumns[POOL_COLUMNS] = {
	"quantity", "value", "head_move_id", "head_day", "head_time", "head_quantity", "head_value", "last_day", "last_time",
	"item_id", "cost_pool_id", "method_changed", "pool_no"
};

int
PoolNumber(StockRun *run, int32 itemId, int64 costPoolId)
{
	return PairNumber(run->poolNumbers, PAIR_KEY(itemId, PairNumber(run->poolIds, (uint64) costPoolId)));
}

StockPool *
PoolOfRun(StockRun *run, int32 itemId, int64 costPoolId)
{
	int			number = PoolNumber(run, itemId, costPoolId);

	if (number >= run->poolCount)
		elog(ERROR, "pool " INT64_FORMAT " of item %d is not locked", costPoolId, itemId);
	return &run->pools[number];
}

PoolRows
OpenPoolRows(ProbeSnapshot snapshot)
{
	PoolRows	rows;

	rows.probe = OpenIndexProbeById(EngineRelation("erp_private", "cost_pool"), EngineRelation("erp_private", "cost_pool_key"),
									RowExclusiveLock, snapshot);
	ProbeColumns(rows.probe, poolColumns, POOL_COLUMNS, rows.columns);
	return rows;
}

static int
CompareIds(const void *a, const void *b)
{
	int32		left = *(const int32 *) a;
	int32		right = *(const int32 *) b;

	return (left > right) - (left < right);
}

/* The items of the run, ascending. */
static int32 *
AscendingItems(const StockRun *run)
{
	int32	   *ids = palloc(sizeof(int32) * Max(run->itemCount, 1));

	for (int i = 0; i < run->itemCount; i++)
		ids[i] = run->items[i].itemId;
	qsort(ids, run->itemCount, sizeof(int32), CompareIds);
	return ids;
}

/* Begins with the pools of an item, ascending. */
static void
ProbeItem(const StockRun *run, const PoolRows *rows, int32 itemId)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId), Int32GetDatum(itemId)};

	ProbeIndex(rows->probe, values, lengthof(values));
}

static int
NumberOfRow(StockRun *run, const PoolRows *rows, TupleTableSlot *row)
{
	return PoolNumber(run, DatumGetInt32(ProbedValue(row, rows->columns[POOL_ITEM])), DatumGetInt64(ProbedValue(row, rows->columns[POOL_ID])));
}

/* Notes how many pools each item has and which is the oldest, and which of the first `wanted` pools, by their numbers, are there. Returns how many pools there are. */
static int
LookAtPools(StockRun *run, const PoolRows *rows, bool *there, int wanted)
{
	int			count = 0;

	for (int i = 0; i < run->itemCount; i++)
	{
		StockItem  *item = &run->items[i];
		TupleTableSlot *row;

		item->poolCount = 0;
		item->oldestPool = PG_INT64_MAX;
		ProbeItem(run, rows, item->itemId);
		while ((row = NextProbedRow(rows->probe)) != NULL)
		{
			int			number = wanted == 0 ? 0 : NumberOfRow(run, rows, row);

			item->oldestPool = Min(item->oldestPool, DatumGetInt64(ProbedValue(row, rows->columns[POOL_NO])));
			item->poolCount++;
			if (number < wanted)
				there[number] = true;
		}
		count += item->poolCount;
	}
	return count;
}

/* The same as it is by now. */
static int
LookAgain(StockRun *run, const PoolRows *rows)
{
	RenewProbe(rows->probe);
	return LookAtPools(run, rows, NULL, 0);
}

/* Numbers the pools that lines want, in their order. */
static int
NumberWanted(StockRun *run)
{
	int			count = 0;

	run->poolIds = CreatePairMap();
	run->poolNumbers = CreatePairMap();
	for (int i = 0; i < run->lineCount; i++)
		count = Max(count, PoolNumber(run, run->lines[i]->itemId, run->lines[i]->costPoolId) + 1);
	return count;
}

/* Of these items those that have no pool yet: they get their first one by one. Not by their rows, which calls that change items lock in stages. */
static void
LockFirstPools(const StockRun *run, const DatumArray *items)
{
	int32	   *ids = palloc(sizeof(int32) * items->count);
	int			count = 0;

	for (int i = 0; i < items->count; i++)
	{
		const StockItem *item = ItemOfRun(run, DatumGetInt32(items->values[i]));

		if (item->poolCount == 0)
			ids[count++] = item->itemId;
	}
	LockIds(FIRST_POOL, run->batch->company->companyId, ids, count);
}

/* Makes those of the wanted pools that are not there; whether there were any. */
static bool
MakePools(StockRun *run, const PoolRows *rows)
{
	int			wanted = NumberWanted(run);
	bool	   *there = palloc0(sizeof(bool) * Max(wanted, 1));
	DatumArray	items = {0};
	DatumArray	pools = {0};
	Datum		values[3] = {Int32GetDatum(run->batch->company->companyId)};

	(void) LookAtPools(run, rows, there, wanted);
	for (int i = 0; i < run->lineCount; i++)
	{
		const DocumentLine *line = run->lines[i];
		int			number = PoolNumber(run, line->itemId, line->costPoolId);

		if (there[number])
			continue;
		there[number] = true;
		AppendDatum(&items, Int32GetDatum(line->itemId));
		AppendDatum(&pools, Int64GetDatum(line->costPoolId));
	}
	if (items.count == 0)
		return false;
	LockFirstPools(run, &items);
	values[1] = DatumArrayValue(&items, INT4OID);
	values[2] = DatumArrayValue(&pools, INT8OID);
	(void) RunPlan(&makePlan, values, NULL);
	return true;
}

static void
FillPool(StockRun *run, StockPool *stock, const Datum *values)
{
	CostLayer	head = {
		.position = {DatumGetDateADT(values[POOL_HEAD_DAY]), DatumGetTimeADT(values[POOL_HEAD_TIME]), DatumGetInt64(values[POOL_HEAD_MOVE])},
		.quantity = QuantityFromDatum(values[POOL_HEAD_QUANTITY]),
		.value = AmountFromDatum(values[POOL_HEAD_VALUE])
	};

	stock->itemId = DatumGetInt32(values[POOL_ITEM]);
	stock->costPoolId = DatumGetInt64(values[POOL_ID]);
	stock->pool.quantity = QuantityFromDatum(values[POOL_QUANTITY]);
	stock->pool.value = AmountFromDatum(values[POOL_VALUE]);
	stock->pool.decimals = run->batch->company->currency->decimals;
	stock->pool.cursor = head.position;
	stock->pool.lastQuantity = UNKNOWN_QUANTITY;
	stock->pool.keepsLast = run->batch->company->allowsNegativeStock;
	stock->last.day = DatumGetDateADT(values[POOL_LAST_DAY]);
	stock->last.timeOfDay = DatumGetTimeADT(values[POOL_LAST_TIME]);
	if (head.quantity > 0)
		AppendLayer(&stock->pool.stored, &head);
}

/* Of an item its last move, and whether its method ever changed, as its pools say. */
static void
NotePool(const StockRun *run, const StockPool *stock, bool methodChanged)
{
	StockItem  *item = ItemOfRun(run, stock->itemId);

	item->methodChanged |= methodChanged;
	if (ComparePosition(&stock->last, &item->last) > 0)
		item->last = stock->last;
}

static void
AddPool(StockRun *run, const PoolRows *rows, TupleTableSlot *row)
{
	Datum		values[POOL_COLUMNS];
	StockPool  *stock;

	for (int i = 0; i < POOL_COLUMNS; i++)
		values[i] = ProbedValue(row, rows->columns[i]);
	if (run->poolCount == run->poolCapacity)
	{
		run->poolCapacity = Max(run->itemCount, run->poolCapacity * 2);
		run->pools = run->pools == NULL ? palloc_extended(sizeof(StockPool) * run->poolCapacity, MCXT_ALLOC_HUGE) :
			repalloc_huge(run->pools, sizeof(StockPool) * run->poolCapacity);
	}
	stock = &run->pools[run->poolCount++];
	memset(stock, 0, sizeof(StockPool));
	stock->row = row->tts_tid;
	FillPool(run, stock, values);
	NotePool(run, stock, DatumGetBool(values[POOL_METHOD_CHANGED]));
}

/* Of an item with several pools the oldest, before the others. */
static void
LockOldest(const StockRun *run, const PoolRows *rows, const StockItem *item)
{
	TupleTableSlot *row;

	if (item->poolCount < 2)
		return;
	ProbeItem(run, rows, item->itemId);
	while ((row = NextProbedRow(rows->probe)) != NULL)
	{
		if (DatumGetInt64(ProbedValue(row, rows->columns[POOL_NO])) == item->oldestPool)
			(void) LockProbedRow(rows->probe, LockTupleExclusive);
	}
}

static void
LockPoolsOfItems(StockRun *run, const PoolRows *rows, const int32 *ids)
{
	run->poolCount = 0;
	for (int i = 0; i < run->itemCount; i++)
	{
		CHECK_FOR_INTERRUPTS();
		LockOldest(run, rows, ItemOfRun(run, ids[i]));
		ProbeItem(run, rows, ids[i]);
		while (NextProbedRow(rows->probe) != NULL)
		{
			TupleTableSlot *locked = LockProbedRow(rows->probe, LockTupleExclusive);

			if (locked != NULL)
				AddPool(run, rows, locked);
		}
	}
}

/*
 * Locks all pools of the items. Whoever held one while this waited may have made
 * another, which the snapshot taken before does not show; once all are held,
 * nobody else can use a new one before this transaction ends.
 */
static void
LockPools(StockRun *run)
{
	PoolRows	rows = OpenPoolRows(PROBE_TRANSACTION);
	const int32 *ids = AscendingItems(run);

	run->pools = NULL;			/* what an attempt before this one had is gone with its locks */
	run->poolCapacity = 0;
	if (MakePools(run, &rows))
		(void) LookAgain(run, &rows);
	do
	{
		CHECK_FOR_INTERRUPTS();
		LockPoolsOfItems(run, &rows, ids);
	} while (run->poolCount < LookAgain(run, &rows));
	CloseIndexProbe(rows.probe);
	run->poolNumbers = CreatePairMap();
	for (int i = 0; i < run->poolCount; i++)
		(void) PoolNumber(run, run->pools[i].itemId, run->pools[i].costPoolId);
}

void
LoadPools(StockRun *run)
{
	const MovePosition end = {.day = DATEVAL_NOEND};

	LockPools(run);
	LookUpMethods(run);
	for (int i = 0; i < run->poolCount; i++)
	{
		StockPool  *stock = &run->pools[i];
		const StockItem *item = ItemOfRun(run, stock->itemId);

		if (item->method == COST_STANDARD)
			stock->pool.standard = StandardBefore(run, item, &end);
		AttachStoredLayers(stock, run->batch->company->companyId);
	}
}
