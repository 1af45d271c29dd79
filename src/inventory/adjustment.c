/*
 * What a replay changed reaches the books as adjustments: one document and one
 * voucher per belonging day and pair of accounts, dated on that day or on the
 * first day after it that is open. A change belongs to the day of the move, or
 * to that of the document that causes it where this is later. The accounts are those that the move's own
 * voucher used.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "core/call.h"
#include "core/code_map.h"
#include "core/hash.h"
#include "ledger/period_gate.h"
#include "inventory/inventory.h"

#define ADJUSTMENT_KIND "cost_adjustment"
#define ADJUSTMENT_ROLE "adjustment"

/* Changes of moves of one item and day that go to the same accounts. */
typedef struct ChangeGroup
{
	DateADT		day;			/* of the moves */
	int			item;			/* index in the run's items */
	int			pair;			/* of accounts */
	int			number;			/* in the order of the changes */
	int			adjustment;
	int128		amount;
} ChangeGroup;

typedef struct ChangeGroups
{
	PairMap    *partNumbers;	/* of pair and item */
	PairMap    *numbers;		/* of such a part and a day -> index in groups */
	ChangeGroup *groups;
	int			count;
	int			capacity;
} ChangeGroups;

/* The text under which groups come together in an adjustment. */
static char *
AdjustmentKey(DateADT day, int64 causeDocumentId, int pair)
{
	return psprintf("%d " INT64_FORMAT " %d", day, causeDocumentId, pair);
}

static CostAdjustment *
NewAdjustment(StockRun *run)
{
	CostAdjustment *adjustment;

	if (run->adjustmentCount == run->adjustmentCapacity)
	{
		run->adjustmentCapacity = Max(16, run->adjustmentCapacity * 2);
		run->adjustments = run->adjustments == NULL ? palloc(sizeof(CostAdjustment) * run->adjustmentCapacity) :
			repalloc_huge(run->adjustments, sizeof(CostAdjustment) * run->adjustmentCapacity);
	}
	adjustment = &run->adjustments[run->adjustmentCount++];
	memset(adjustment, 0, sizeof(CostAdjustment));
	adjustment->itemNumbers = CreatePairMap();
	return adjustment;
}

/* The adjustment that the group belongs to. */
static int
AdjustmentFor(StockRun *run, CodeMap *keys, const ChangeGroup *group, const AdjustmentAccounts *pairs)
{
	const Document *cause = run->items[group->item].cause->document;
	DateADT		day = Max(group->day, cause->postingDay);
	int			number = CodeNumber(keys, AdjustmentKey(day, cause->documentId, group->pair));

	if (number == run->adjustmentCount)
	{
		CostAdjustment *adjustment = NewAdjustment(run);

		adjustment->day = day;
		adjustment->causeDocumentId = cause->documentId;
		adjustment->accounts = pairs[group->pair];
	}
	return number;
}

static void
AddItemTotal(CostAdjustment *adjustment, int32 itemId, int128 amount)
{
	int			number = PairNumber(adjustment->itemNumbers, PAIR_KEY(itemId, 0));

	if (number == adjustment->itemCapacity)
	{
		adjustment->itemCapacity = Max(8, adjustment->itemCapacity * 2);
		adjustment->itemIds = adjustment->itemIds == NULL ? palloc(sizeof(int32) * adjustment->itemCapacity) :
			repalloc(adjustment->itemIds, sizeof(int32) * adjustment->itemCapacity);
		adjustment->itemTotals = adjustment->itemTotals == NULL ? palloc(sizeof(int128) * adjustment->itemCapacity) :
			repalloc(adjustment->itemTotals, sizeof(int128) * adjustment->itemCapacity);
	}
	if (number == adjustment->itemCount)
	{
		adjustment->itemIds[number] = itemId;
		adjustment->itemTotals[number] = 0;
		adjustment->itemCount++;
	}
	adjustment->itemTotals[number] = AddExact(adjustment->itemTotals[number], amount);
	adjustment->total = AddExact(adjustment->total, amount);
}

static ChangeGroup *
GroupOf(ChangeGroups *groups, DateADT day, int item, int pair)
{
	int			part = PairNumber(groups->partNumbers, PAIR_KEY(pair, item));
	int			number = PairNumber(groups->numbers, PAIR_KEY(part, day));

	if (number == groups->capacity)
	{
		groups->capacity = Max(16, groups->capacity * 2);
		groups->groups = groups->groups == NULL ? palloc(sizeof(ChangeGroup) * groups->capacity) :
			repalloc_huge(groups->groups, sizeof(ChangeGroup) * groups->capacity);
	}
	if (number == groups->count)
		groups->groups[groups->count++] = (ChangeGroup) {.day = day, .item = item, .pair = pair, .number = number};
	return &groups->groups[number];
}

static int
ItemNumber(const StockRun *run, int32 itemId)
{
	return FindPair(run->itemNumbers, PAIR_KEY(itemId, 0));
}

/* Sorts every change into its group; the moves have the group for their adjustment yet. */
static void
GroupChanges(StockRun *run, ChangeGroups *groups, const int *pairOf)
{
	for (int i = 0; i < run->changedMoveCount; i++)
	{
		ChangedMove *move = &run->changedMoves[i];

		CHECK_FOR_INTERRUPTS();
		move->adjustment = GroupOf(groups, move->day, ItemNumber(run, move->itemId), pairOf[i])->number;
	}
	ErpAssert(run->changeCount == 0 || groups->groups != NULL);
	for (int i = 0; i < run->changeCount; i++)
	{
		ChangeGroup *group = &groups->groups[run->changedMoves[run->changes[i].move].adjustment];

		group->amount = AddExact(group->amount, run->changes[i].amount);
	}
}

/* What products by standard cost consumed more: from work in progress to the variance. */
static void
GroupUsage(StockRun *run, ChangeGroups *groups, const int *pairOfUsage)
{
	for (int i = 0; i < run->usageCount; i++)
	{
		const UsageChange *usage = &run->usageChanges[i];
		ChangeGroup *group = GroupOf(groups, usage->day, ItemNumber(run, usage->itemId), pairOfUsage[i]);

		group->amount = AddExact(group->amount, usage->amount);
	}
}

static int
CompareGroups(const void *a, const void *b)
{
	const ChangeGroup *left = *(ChangeGroup *const *) a;
	const ChangeGroup *right = *(ChangeGroup *const *) b;

	if (left->day != right->day)
		return left->day < right->day ? -1 : 1;
	return left->number < right->number ? -1 : left->number > right->number;
}

/* Adjustments are numbered by day; items stand in them in the order of their changes. */
static void
AdjustGroups(StockRun *run, ChangeGroups *groups, const AdjustmentAccounts *pairs)
{
	ChangeGroup **byDay = palloc_extended(sizeof(ChangeGroup *) * groups->count, MCXT_ALLOC_HUGE);
	CodeMap    *keys = CreateCodeMap();

	for (int i = 0; i < groups->count; i++)
		byDay[i] = &groups->groups[i];
	qsort(byDay, groups->count, sizeof(ChangeGroup *), CompareGroups);
	for (int i = 0; i < groups->count; i++)
		byDay[i]->adjustment = AdjustmentFor(run, keys, byDay[i], pairs);
	for (int i = 0; i < groups->count; i++)
	{
		const ChangeGroup *group = &groups->groups[i];

		AddItemTotal(&run->adjustments[group->adjustment], run->items[group->item].itemId, group->amount);
	}
}

/* Sorts every change into its adjustment. */
static void
AssignAdjustments(StockRun *run)
{
	ChangeGroups groups = {.partNumbers = CreatePairMap(), .numbers = CreatePairMap()};
	int		   *pairOf = palloc_extended(sizeof(int) * run->changedMoveCount, MCXT_ALLOC_HUGE);
	int		   *pairOfUsage = palloc_extended(sizeof(int) * run->usageCount, MCXT_ALLOC_HUGE);
	const AdjustmentAccounts *pairs = FindAdjustmentAccounts(run, pairOf, pairOfUsage);

	GroupChanges(run, &groups, pairOf);
	GroupUsage(run, &groups, pairOfUsage);
	AdjustGroups(run, &groups, pairs);
	for (int i = 0; i < run->changedMoveCount; i++)
		run->changedMoves[i].adjustment = groups.groups[run->changedMoves[i].adjustment].adjustment;
}

static void
FillAdjustmentLines(Document *document, const CostAdjustment *adjustment)
{
	document->lineCount = adjustment->itemCount;
	document->lines = palloc0(sizeof(DocumentLine) * adjustment->itemCount);
	for (int i = 0; i < adjustment->itemCount; i++)
	{
		DocumentLine *line = &document->lines[i];

		line->document = document;
		line->lineNo = i + 1;
		line->role = FindRole(ADJUSTMENT_ROLE);
		line->itemId = adjustment->itemIds[i];
		line->amount = adjustment->itemTotals[i];
		line->companyAmount = adjustment->itemTotals[i];
		line->voucherLineNo = 1;
	}
}

static void
FillAdjustment(StockRun *run, Document *document, const CostAdjustment *adjustment)
{
	const CompanyInfo *company = run->batch->company;

	document->kind = FindKind(ADJUSTMENT_KIND);
	document->day = adjustment->day;
	document->rateDay = adjustment->day;
	LandOnOpenDay(company->companyId, document);
	document->currency = company->currency;
	document->rate = PowerOfTen(RATE_SCALE);
	document->key = psprintf(ENGINE_KEY_PREFIX "adjustment:" INT64_FORMAT ":%d", adjustment->causeDocumentId,
							 (int) (adjustment - run->adjustments));
	HashText(document->key, (int) strlen(document->key), document->hash);
	document->reference = "";
	document->description = "";
	document->correctsDocumentId = adjustment->causeDocumentId;
	document->total = adjustment->total;
	TakeVoucherId(document);
	FillAdjustmentLines(document, adjustment);
}

/* Inventory takes the change, the counter account its opposite; both show on the sides of the original. */
static void
AddAdjustmentVoucher(VoucherSet *set, CostAdjustment *adjustment)
{
	Voucher    *voucher = AddVoucher(set, adjustment->document);
	VoucherLine line = adjustment->accounts.inventory;

	line.amount = adjustment->total;
	line.companyAmount = adjustment->total;
	(void) AddVoucherLine(voucher, &line);
	line = adjustment->accounts.counter;
	line.amount = NegateExact(adjustment->total);
	line.companyAmount = line.amount;
	(void) AddVoucherLine(voucher, &line);
}

void
BuildAdjustments(StockRun *run, VoucherSet *set)
{
	if (run->changeCount == 0 && run->usageCount == 0)
		return;
	AssignAdjustments(run);
	run->adjustmentDocuments = palloc0(sizeof(Document) * run->adjustmentCount);
	for (int i = 0; i < run->adjustmentCount; i++)
	{
		CostAdjustment *adjustment = &run->adjustments[i];

		adjustment->document = &run->adjustmentDocuments[i];
		adjustment->document->index = i;
		FillAdjustment(run, adjustment->document, adjustment);
		AddAdjustmentVoucher(set, adjustment);
	}
}
