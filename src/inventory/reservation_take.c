#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "core/subtransaction.h"
#include "inventory/free_stock.h"
#include "inventory/reservation.h"

static KeptPlan expectedPlan = {
	.query = "SELECT e.expected_receipt_id, e.warehouse_id, e.day, e.quantity - e.claimed FROM erp.expected_receipt e"
	" WHERE e.company_id = $1 AND e.item_id = $2 AND e.claimed < e.quantity ORDER BY e.day, e.expected_receipt_id",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4OID}
};

/* Locked in the order of their ids, then taken from as they are by then. */
static KeptPlan claimPlan = {
	.query = "WITH held AS (SELECT e.expected_receipt_id FROM erp.expected_receipt e"
	"   WHERE e.company_id = $1 AND e.item_id = $2 AND e.expected_receipt_id = ANY ($3) ORDER BY e.expected_receipt_id FOR NO KEY UPDATE)"
	" UPDATE erp.expected_receipt e SET claimed = e.claimed + n.quantity"
	"   FROM ROWS FROM (pg_catalog.unnest($3), pg_catalog.unnest($4)) AS n (expected_receipt_id, quantity)"
	"   JOIN held h ON h.expected_receipt_id = n.expected_receipt_id"
	"  WHERE e.company_id = $1 AND e.item_id = $2 AND e.expected_receipt_id = n.expected_receipt_id"
	"    AND e.quantity - e.claimed >= n.quantity",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT4OID, INT8ARRAYOID, NUMERICARRAYOID}
};

/* Nobody claims of them, nor changes them, until the transaction ends. */
static KeptPlan holdPlan = {
	.query = "SELECT FROM erp.expected_receipt e WHERE e.company_id = $1 AND e.item_id = $2 ORDER BY e.expected_receipt_id FOR NO KEY UPDATE",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4OID}
};

/* How often others may take what was planned before all that it is planned from is held. */
#define PATIENCE 3

/* What one item's lines may take from. */
typedef struct ItemStock
{
	ReserveRun *run;
	ReserveLine **lines;
	int			lineCount;
	ExpectedRow *expected;
	int			expectedCount;
	ReservePosition **positions;	/* distinct, ascending by id */
	int			positionCount;
} ItemStock;

static int
ComparePositions(const void *a, const void *b)
{
	const ReservePosition *left = *(ReservePosition *const *) a;
	const ReservePosition *right = *(ReservePosition *const *) b;

	return (left->positionId > right->positionId) - (left->positionId < right->positionId);
}

static void
CollectPositions(ItemStock *stock)
{
	int			count = 0;

	for (int i = 0; i < stock->lineCount; i++)
		count += stock->lines[i]->candidateCount;
	stock->positions = palloc(sizeof(ReservePosition *) * Max(count, 1));
	count = 0;
	for (int i = 0; i < stock->lineCount; i++)
	{
		for (int j = 0; j < stock->lines[i]->candidateCount; j++)
			stock->positions[count++] = stock->lines[i]->candidates[j];
	}
	qsort(stock->positions, count, sizeof(ReservePosition *), ComparePositions);
	for (int i = 0; i < count; i++)
	{
		if (i == 0 || stock->positions[i] != stock->positions[i - 1])
			stock->positions[stock->positionCount++] = stock->positions[i];
	}
}

static void
ReadFree(const ItemStock *stock)
{
	for (int i = 0; i < stock->positionCount; i++)
	{
		CHECK_FOR_INTERRUPTS();
		stock->positions[i]->free = FreeOfPosition(stock->run->company->companyId, stock->positions[i]->positionId);
		stock->positions[i]->planned = 0;
	}
}

static bool
WantsExpected(const ItemStock *stock)
{
	bool		wanted = false;

	for (int i = 0; i < stock->lineCount; i++)
		wanted |= stock->lines[i]->terms.expected;
	return wanted;
}

/* In the order in which others wait: what is expected, then positions. */
static void
HoldStock(const ItemStock *stock)
{
	Datum		values[2] = {Int32GetDatum(stock->run->company->companyId), Int32GetDatum(stock->lines[0]->itemId)};

	if (WantsExpected(stock))
		(void) RunPlan(&holdPlan, values, NULL);
	for (int i = 0; i < stock->positionCount; i++)
	{
		CHECK_FOR_INTERRUPTS();
		HoldFree(stock->run->company->companyId, stock->positions[i]->positionId);
	}
}

static void
ReadExpected(ItemStock *stock)
{
	Datum		values[2] = {Int32GetDatum(stock->run->company->companyId), Int32GetDatum(stock->lines[0]->itemId)};
	int			rows = WantsExpected(stock) ? (int) RunPlanLatest(&expectedPlan, values, NULL) : 0;

	stock->expected = palloc0(sizeof(ExpectedRow) * Max(rows, 1));
	stock->expectedCount = rows;
	for (int i = 0; i < rows; i++)
	{
		stock->expected[i].expectedReceiptId = DatumGetInt64(PlanValue(i, 1));
		stock->expected[i].warehouseId = DatumGetInt32(PlanValue(i, 2));
		stock->expected[i].day = DatumGetDateADT(PlanValue(i, 3));
		stock->expected[i].free = QuantityFromDatum(PlanValue(i, 4));
	}
}

/* False if one of them has been claimed meanwhile. */
static bool
ClaimExpected(const ItemStock *stock)
{
	Datum		values[4] = {Int32GetDatum(stock->run->company->companyId), Int32GetDatum(stock->lines[0]->itemId)};
	DatumArray	ids = {0};
	DatumArray	quantities = {0};

	for (int i = 0; i < stock->expectedCount; i++)
	{
		if (stock->expected[i].planned == 0)
			continue;
		AppendDatum(&ids, Int64GetDatum(stock->expected[i].expectedReceiptId));
		AppendDatum(&quantities, QuantityGetDatum(stock->expected[i].planned));
	}
	if (ids.count == 0)
		return true;
	values[2] = DatumArrayValue(&ids, INT8OID);
	values[3] = DatumArrayValue(&quantities, NUMERICOID);
	return RunPlan(&claimPlan, values, NULL) == (uint64) ids.count;
}

static bool
TakePositions(const ItemStock *stock)
{
	PositionAmount *takes = palloc(sizeof(PositionAmount) * Max(stock->positionCount, 1));
	int			count = 0;

	for (int i = 0; i < stock->positionCount; i++)
	{
		if (stock->positions[i]->planned == 0)
			continue;
		takes[count].positionId = stock->positions[i]->positionId;
		takes[count++].quantity = stock->positions[i]->planned;
	}
	return count == 0 || TakeFree(stock->run->company->companyId, takes, count);
}

/* Claims what is expected before it takes stock, as a receipt does; both or neither. */
static bool
TakeBoth(void *stock)
{
	return ClaimExpected(stock) && TakePositions(stock);
}

static bool
TakePlanned(ItemStock *stock)
{
	for (int i = 0; i < stock->expectedCount; i++)
	{
		if (stock->expected[i].planned > 0)
			return TryInSubtransaction(TakeBoth, stock);
	}
	return TakePositions(stock);
}

/* A line that is the only one of its item, and whose first place has all of it in one slot. */
static bool
TakeAtOnce(const ReserveRun *run, ReserveLine *line)
{
	ForgetClaims(line);
	if (line->candidateCount == 0 || !TakeFromOneSlot(run->company->companyId, line->candidates[0]->positionId, line->quantity))
		return false;
	AddClaim(line, line->candidates[0], NULL, line->quantity);
	return true;
}

/*
 * What was planned by what was free may be gone when its turn comes: then others got it, and it is planned again. Not for ever: in
 * the end nobody else takes of the item's places until this has.
 */
static void
TakeItem(ReserveRun *run, ReserveLine **lines, int count)
{
	ItemStock	stock = {.run = run, .lines = lines, .lineCount = count};

	if (count == 1 && TakeAtOnce(run, lines[0]))
		return;
	CollectPositions(&stock);
	for (int attempt = 0;; attempt++)
	{
		CHECK_FOR_INTERRUPTS();
		if (attempt == PATIENCE)
			HoldStock(&stock);
		ReadFree(&stock);
		ReadExpected(&stock);
		if (!PlanLines(run, lines, count, stock.expected, stock.expectedCount))
			return;
		if (TakePlanned(&stock))
			return;
	}
}

/* Whether all lines got all. */
static bool
TakeAll(void *argument)
{
	ReserveRun *run = argument;
	int			count;

	run->served = true;
	for (int first = 0; first < run->lineCount; first += count)
	{
		count = 1;
		while (first + count < run->lineCount && run->byItem[first + count]->itemId == run->byItem[first]->itemId)
			count++;
		TakeItem(run, &run->byItem[first], count);
		for (int i = 0; i < count; i++)
			run->served &= run->byItem[first + i]->missing == 0;
	}
	return run->served;
}

/* All lines or none. */
static void
TakeAllOrNothing(ReserveRun *run)
{
	if (TryInSubtransaction(TakeAll, run))
		return;
	for (int i = 0; i < run->lineCount; i++)
		run->lines[i].claimCount = 0;
}

void
TakeLines(ReserveRun *run)
{
	if (run->mode == RESERVE_ALL_OR_NOTHING && run->lineCount > 1)
		TakeAllOrNothing(run);
	else
		(void) TakeAll(run);
}
