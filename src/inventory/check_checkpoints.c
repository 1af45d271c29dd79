#include "postgres.h"

#include "inventory/check_costs.h"

/*
 * Where replays may begin (cost_checkpoint), against the entries of the moves up to there: law 3. Entries come in no order
 * of moves, so they are summed between one point and the next, and the sums are added up point by point.
 */

#define FIRST_ROOM 16

/* What a point says of a pool. */
typedef struct KeptPool
{
	int64		costPoolId;
	int64		headMoveId;
	int128		quantity;
	int128		value;
	int128		headQuantity;
	int128		headValue;
} KeptPool;

typedef struct CheckedPoint
{
	MovePosition position;
	bool		isMove;			/* of a move of the item */
	int			firstPool;		/* of those that it names */
	int			endPool;
} CheckedPoint;

/* What entries after one point and up to the next come to. */
typedef struct PointSum
{
	int			point;
	int128		quantity;
	int128		value;
} PointSum;

typedef struct EntrySums
{
	int			count;
	int			room;
	int			added;			/* of the sums, to the rest */
	PointSum   *sums;
	PointSum	rest;
} EntrySums;

typedef struct CheckedPoints
{
	int			count;
	int			room;
	int			poolCount;
	int			poolRoom;
	CheckedPoint *points;		/* in order */
	KeptPool   *pools;			/* of one point after the other */
	EntrySums  *whole;			/* of all pools */
} CheckedPoints;

/* A layer that some point says what was left of. */
typedef struct KeptLayer
{
	FactKey		key;			/* its move's */
	const CheckedItem *item;
	EntrySums  *sums;
} KeptLayer;

/* Room for one more in a list. */
static void *
MakeRoom(void *list, int count, int *room, Size size)
{
	if (count < *room)
		return list;
	*room = Max(FIRST_ROOM, *room * 2);
	return list == NULL ? palloc(size * *room) : repalloc_huge(list, size * *room);
}

/* The point of that position, which lies behind all before or is the last. */
static CheckedPoint *
PointAt(CheckedPoints *points, const MovePosition *position)
{
	if (points->count == 0 || ComparePosition(&points->points[points->count - 1].position, position) != 0)
	{
		points->points = MakeRoom(points->points, points->count, &points->room, sizeof(CheckedPoint));
		points->points[points->count++] = (CheckedPoint) {
			.position = *position, .firstPool = points->poolCount, .endPool = points->poolCount
		};
	}
	return &points->points[points->count - 1];
}

static bool
HasHead(const CheckedItem *item, const KeptPool *pool)
{
	return item->isFifo && pool->headQuantity > 0;
}

static void
ReadCheckpoint(void *state, const FactRow *row)
{
	const CostCheck *costs = state;
	int32		companyId = RowInt32(row, 0);
	MovePosition position = {RowDay(row, 2), RowInt64(row, 3), RowInt64(row, 4)};
	KeptPool	pool = {.costPoolId = RowInt64(row, 5), .headMoveId = RowInt64(row, 8)};
	CheckedItem *item;
	bool		bad;

	if (!InSlice(costs->check, RowInt32(row, 1)))
		return;
	item = ItemOf(costs->items, companyId, RowInt32(row, 1));
	if (item->points == NULL)
		item->points = palloc0(sizeof(CheckedPoints));
	pool.quantity = RowQuantity(row, 6, &bad);
	pool.value = RowAmount(row, 7, &bad);
	pool.headQuantity = RowQuantity(row, 9, &bad);
	pool.headValue = RowAmount(row, 10, &bad);
	PointAt(item->points, &position)->endPool++;
	item->points->pools = MakeRoom(item->points->pools, item->points->poolCount, &item->points->poolRoom, sizeof(KeptPool));
	item->points->pools[item->points->poolCount++] = pool;
	if (HasHead(item, &pool))
	{
		KeptLayer  *head = AddFact(costs->heads, companyId, pool.headMoveId, 0, &bad);

		head->item = item;
	}
}

void
ReadCheckpoints(CostCheck *costs)
{
	costs->heads = CreateFactMap(sizeof(KeptLayer));
	ReadFacts(costs->check, "SELECT k.company_id, k.item_id, k.day, k.time_of_day, k.move_id, k.cost_pool_id, k.quantity, k.value, k.head_move_id,"
			  " k.head_quantity, k.head_value FROM erp_private.cost_checkpoint k"
			  " ORDER BY k.company_id, k.item_id, k.day, k.time_of_day, k.move_id", ReadCheckpoint, costs);
}

int
PointOfMove(const MoveRow *move)
{
	MovePosition position = {move->day, move->timeOfDay, move->key.id};
	CheckedPoints *points = move->item->points;
	int			first = 0;
	int			end = points->count;

	while (first < end)
	{
		int			middle = first + (end - first) / 2;

		if (ComparePosition(&points->points[middle].position, &position) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	if (first < points->count && ComparePosition(&points->points[first].position, &position) == 0)
		points->points[first].isMove = true;
	return first;
}

static void
AddSum(EntrySums **list, int point, const EntryRow *entry)
{
	EntrySums  *sums = *list;

	if (sums == NULL)
		sums = *list = palloc0(sizeof(EntrySums));
	if (sums->count == 0 || sums->sums[sums->count - 1].point != point)
	{
		sums->sums = MakeRoom(sums->sums, sums->count, &sums->room, sizeof(PointSum));
		sums->sums[sums->count++] = (PointSum) {.point = point};
	}
	sums->sums[sums->count - 1].quantity += entry->quantity;
	sums->sums[sums->count - 1].value += entry->amount;
}

void
AddToPoints(const CostCheck *costs, const EntryRow *entry, int64 layerId)
{
	const CheckedMove *move = entry->move;
	CheckedItem *item = move->pool->item;
	KeptLayer  *head = FindFact(costs->heads, entry->key.companyId, layerId, 0);

	if (move->point == item->points->count)
		return;
	AddSum(&item->points->whole, move->point, entry);
	AddSum(&move->pool->sums, move->point, entry);
	if (head != NULL && head->item == item)
		AddSum(&head->sums, move->point, entry);
}

static int
CompareSums(const void *a, const void *b)
{
	int			first = ((const PointSum *) a)->point;
	int			second = ((const PointSum *) b)->point;

	return (first > second) - (first < second);
}

/* What the entries up to a point come to; points are asked for in order. */
static PointSum
SumUpTo(EntrySums *sums, int point)
{
	if (sums == NULL)
		return (PointSum) {.point = point};
	if (sums->added == 0)
		qsort(sums->sums, sums->count, sizeof(PointSum), CompareSums);
	for (; sums->added < sums->count && sums->sums[sums->added].point <= point; sums->added++)
	{
		sums->rest.quantity += sums->sums[sums->added].quantity;
		sums->rest.value += sums->sums[sums->added].value;
	}
	return sums->rest;
}

static void
ReportPoint(const CostCheck *costs, const CheckedItem *item, const CheckedPoint *point, const char *detail)
{
	ReportViolation(costs->check, "cost_checkpoints", item->key.companyId,
					psprintf("item %s, after move " INT64_FORMAT, ItemCode(item), point->position.moveId), detail);
}

/* Compares what was kept with what the entries up to the point say. */
static void
CheckSum(const CostCheck *costs, const CheckedItem *item, int number, EntrySums *sums, PointSum kept, const char *what)
{
	PointSum	sum = SumUpTo(sums, number);

	if (sum.quantity != kept.quantity || sum.value != kept.value)
		ReportPoint(costs, item, &item->points->points[number],
					psprintf("%s: kept as %s worth %s, entries say %s worth %s", what, QuantityString(kept.quantity), AmountString(kept.value),
							 QuantityString(sum.quantity), AmountString(sum.value)));
}

static void
CheckKeptPool(const CostCheck *costs, CheckedItem *item, int number, const KeptPool *kept)
{
	const KeptLayer *head = FindFact(costs->heads, item->key.companyId, kept->headMoveId, 0);

	CheckSum(costs, item, number, CostPoolOf(costs, item, kept->costPoolId)->sums,
			 (PointSum) {.quantity = kept->quantity, .value = kept->value}, psprintf("pool " INT64_FORMAT, kept->costPoolId));
	if (HasHead(item, kept))
		CheckSum(costs, item, number, head->item == item ? head->sums : NULL,
				 (PointSum) {.quantity = kept->headQuantity, .value = kept->headValue},
				 psprintf("what is left of move " INT64_FORMAT, kept->headMoveId));
}

/* A pool that is not named was empty: what all pools held is what those that are named held. */
static void
CheckPoint(const CostCheck *costs, CheckedItem *item, int number)
{
	const CheckedPoint *point = &item->points->points[number];
	PointSum	kept = {.point = number};

	for (int i = point->firstPool; i < point->endPool; i++)
	{
		const KeptPool *pool = &item->points->pools[i];

		CheckKeptPool(costs, item, number, pool);
		kept.quantity += pool->quantity;
		kept.value += pool->value;
	}
	CheckSum(costs, item, number, item->points->whole, kept, "all pools");
	if (!point->isMove)
		ReportPoint(costs, item, point, "is no move of the item at that time");
}

void
CheckPoints(CostCheck *costs)
{
	for (int64 i = 0; i < FactCount(costs->items); i++)
	{
		CheckedItem *item = FactAt(costs->items, i);

		for (int k = 0; item->points != NULL && k < item->points->count; k++)
		{
			ErpCheckInterrupts();
			CheckPoint(costs, item, k);
		}
	}
}
