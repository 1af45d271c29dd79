/*
 * The accounts that the change of a move's cost goes to. Many moves were taken
 * by the same lines of one voucher: each pair of lines is read once, and moves
 * whose lines have the same accounts, sides and dimensions have one pair.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/datum_array.h"
#include "core/index_probe.h"
#include "core/plan_cache.h"
#include "inventory/inventory.h"

#define FIRST_PAIRS 16

/* What the rules ask of moves that no voucher took. */
static KeptPlan rulePlan = {
	.query = "SELECT u.number::integer - 1, d.kind, l.line_role, p.party_group, m.warehouse_id, l.dimension_set_id, m.cost_pool_id"
	"  FROM pg_catalog.unnest($2) WITH ORDINALITY AS u (move_id, number)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.move_id = u.move_id OFFSET 0) m"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.document f WHERE f.company_id = $1 AND f.document_id = m.document_id OFFSET 0) d"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.document_line f WHERE f.company_id = $1 AND f.document_id = m.document_id"
	"                        AND f.line_no = m.line_no OFFSET 0) l"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.party f WHERE f.company_id = $1 AND f.party_id = d.party_id OFFSET 0) p",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

typedef struct AccountFinder
{
	StockRun   *run;
	IndexProbe *lines;
	PairMap    *vouchers;
	PairMap    *lineNos;
	PairMap    *takenNumbers;	/* of both -> index in pairOfTaken */
	int		   *pairOfTaken;
	int			takenCapacity;
	PairMap    *sideNumbers;	/* of account and side, and dimensions */
	PairMap    *pairNumbers;	/* of two of them -> index in pairs */
	AdjustmentAccounts *pairs;
	int			pairCapacity;
} AccountFinder;

static int
SideNumber(AccountFinder *finder, const VoucherLine *line)
{
	return PairNumber(finder->sideNumbers, PAIR_KEY((uint32) line->account->accountId << 1 | (line->isCredit ? 1 : 0), line->dimensionSetId));
}

static int
NumberOfPair(AccountFinder *finder, const AdjustmentAccounts *pair)
{
	int			inventory = SideNumber(finder, &pair->inventory);
	int			counter = SideNumber(finder, &pair->counter);
	int			before = PairCount(finder->pairNumbers);
	int			number = PairNumber(finder->pairNumbers, PAIR_KEY(inventory, counter));

	if (number < before)
		return number;
	if (number == finder->pairCapacity)
	{
		finder->pairCapacity *= 2;
		finder->pairs = repalloc_huge(finder->pairs, sizeof(AdjustmentAccounts) * finder->pairCapacity);
	}
	finder->pairs[number] = *pair;
	return number;
}

/* A line that says its account, side and dimensions and nothing else. */
static VoucherLine
EmptyLine(const StockRun *run)
{
	return (VoucherLine) {.currency = run->batch->company->currency, .summary = ""};
}

static VoucherLine
ReadLine(const AccountFinder *finder, int64 voucherId, int lineNo)
{
	int32		companyId = finder->run->batch->company->companyId;
	Datum		values[3] = {Int32GetDatum(companyId), Int64GetDatum(voucherId), Int32GetDatum(lineNo)};
	VoucherLine line = EmptyLine(finder->run);
	TupleTableSlot *row;

	ProbeIndex(finder->lines, values, 3);
	row = NextProbedRow(finder->lines);
	if (row == NULL)
		elog(ERROR, "line %d of voucher " INT64_FORMAT " took a cost and is not there", lineNo, voucherId);
	line.account = FindAccountById(companyId, DatumGetInt32(ProbedColumn(finder->lines, row, "account_id")));
	line.isCredit = strcmp(TextDatumGetCString(ProbedColumn(finder->lines, row, "side")), "credit") == 0;
	line.dimensionSetId = DatumGetInt32(ProbedColumn(finder->lines, row, "dimension_set_id"));
	return line;
}

/* The pair of two lines of a voucher. */
static int
PairOfLines(AccountFinder *finder, const EntryLines *taken)
{
	int			voucher = PairNumber(finder->vouchers, (uint64) taken->voucherId);
	int			lineNos = PairNumber(finder->lineNos, PAIR_KEY(taken->inventoryLineNo, taken->counterLineNo));
	int			before = PairCount(finder->takenNumbers);
	int			number = PairNumber(finder->takenNumbers, PAIR_KEY(voucher, lineNos));
	AdjustmentAccounts pair;

	if (number < before)
		return finder->pairOfTaken[number];
	if (number == finder->takenCapacity)
	{
		finder->takenCapacity *= 2;
		finder->pairOfTaken = repalloc_huge(finder->pairOfTaken, sizeof(int) * finder->takenCapacity);
	}
	pair.inventory = ReadLine(finder, taken->voucherId, taken->inventoryLineNo);
	pair.counter = ReadLine(finder, taken->voucherId, taken->counterLineNo);
	finder->pairOfTaken[number] = NumberOfPair(finder, &pair);
	return finder->pairOfTaken[number];
}

/*
 * An account that the move's voucher never reached is found by the rules that would have; the document line has its dimensions.
 * otherwise: what stands in where no rule fits; NULL: that is refused.
 */
static VoucherLine
LineByRule(const StockRun *run, uint64 row, AmountRole amountRole, const StockItem *item, const VoucherLine *otherwise)
{
	RuleQuery	query = {
		.kind = FindKind(TextDatumGetCString(PlanValue(row, 2))),
		.role = FindRole(TextDatumGetCString(PlanValue(row, 3))),
		.amountRole = amountRole,
		.itemGroup = item->itemGroup,
		.partyGroup = MasterText(TextDatumGetCString(PlanValue(row, 4))),
		.warehouseId = DatumGetInt32(PlanValue(row, 5))
	};
	int32		companyId = run->batch->company->companyId;
	int32		dimensionSetId = DatumGetInt32(PlanValue(row, 6));
	const PostingRule *rule = FindPostingRule(companyId, &query);
	VoucherLine line = EmptyLine(run);

	if (rule == NULL && otherwise != NULL)
		return *otherwise;
	if (rule == NULL)
		RaiseProblem(run->batch, item->cause->document, item->cause, NULL, NULL, ERRCODE_ERP_NO_POSTING_RULE,
					 psprintf("no posting rule for kind %s, line role %s, amount role %s",
							  query.kind->name, query.role->name, AmountRoleNames[amountRole]));
	line.account = FindAccountById(companyId, rule->accountId);
	line.isCredit = rule->isCredit;
	line.dimensionSetId = CarriedDimensions(rule, dimensionSetId);
	return line;
}

/* The rows of rulePlan for the moves. */
static uint64
ReadMoves(const StockRun *run, const DatumArray *moveIds)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId), DatumArrayValue(moveIds, INT8OID)};

	return RunPlan(&rulePlan, values, NULL);
}

/* Goods that are bought at an amount, or carried, have no counter; what that differs by at standard cost, now or before the method changed, is a price variance, as is what goods that went back to a supplier cost. */
AmountRole
CounterRole(const StockRun *run, int32 itemId, const LineRoleInfo *role, DateADT day)
{
	const StockItem *item = ItemOfRun(run, itemId);
	bool		isBought = role->valueSource == VALUE_AMOUNT || role->valueSource == VALUE_AMENDED;

	if (role->valueSource == VALUE_RETURNED || (isBought && EverCostedBy(item, COST_STANDARD)) || (role->carries && MethodOn(item, day) == COST_STANDARD))
		return AMOUNT_PRICE_VARIANCE;
	return AMOUNT_COST;
}

/* By how much each changed move is worth more or less than before. */
static int128 *
SumChanges(const StockRun *run)
{
	int128	   *sums = palloc_extended(sizeof(int128) * run->changedMoveCount, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (int i = 0; i < run->changeCount; i++)
		sums[run->changes[i].move] = AddExact(sums[run->changes[i].move], run->changes[i].amount);
	return sums;
}

/* The pairs of moves that no voucher took; numbers: which of the changed moves they are. What goes back of other goods that cost the same needs no counter. */
static void
FindByRules(AccountFinder *finder, const DatumArray *moveIds, const int *numbers, int *pairOf)
{
	StockRun   *run = finder->run;
	const int128 *changes = SumChanges(run);
	uint64		rows = ReadMoves(run, moveIds);

	for (uint64 i = 0; i < rows; i++)
	{
		int			number = numbers[DatumGetInt32(PlanValue(i, 1))];
		const ChangedMove *move = &run->changedMoves[number];
		const StockItem *item = ItemOfRun(run, move->itemId);
		const LineRoleInfo *role = FindRole(TextDatumGetCString(PlanValue(i, 3)));
		AdjustmentAccounts pair;

		CHECK_FOR_INTERRUPTS();
		pair.inventory = LineByRule(run, i, InventoryRole(DatumGetInt64(PlanValue(i, 7))), item, NULL);
		pair.counter = LineByRule(run, i, CounterRole(run, move->itemId, role, move->day), item, changes[number] == 0 ? &pair.inventory : NULL);
		pairOf[number] = NumberOfPair(finder, &pair);
	}
	SPI_freetuptable(SPI_tuptable);
}

/* The pairs of what products by standard cost consumed more. */
static void
FindUsageAccounts(AccountFinder *finder, int *pairOfUsage)
{
	StockRun   *run = finder->run;
	DatumArray	moveIds = {0};
	uint64		rows;

	for (int i = 0; i < run->usageCount; i++)
		AppendDatum(&moveIds, Int64GetDatum(run->usageChanges[i].moveId));
	rows = ReadMoves(run, &moveIds);
	for (uint64 i = 0; i < rows; i++)
	{
		int			number = DatumGetInt32(PlanValue(i, 1));
		const StockItem *item = ItemOfRun(run, run->usageChanges[number].itemId);
		AdjustmentAccounts pair;

		pair.inventory = LineByRule(run, i, AMOUNT_USAGE_VARIANCE, item, NULL);
		pair.counter = LineByRule(run, i, AMOUNT_USAGE, item, NULL);
		pairOfUsage[number] = NumberOfPair(finder, &pair);
	}
	SPI_freetuptable(SPI_tuptable);
}

static AccountFinder
BeginFinder(StockRun *run)
{
	return (AccountFinder) {
		.run = run,
		.lines = OpenIndexProbe("erp", "voucher_line", "voucher_line_key", PROBE_TRANSACTION),
		.vouchers = CreatePairMap(),
		.lineNos = CreatePairMap(),
		.takenNumbers = CreatePairMap(),
		.pairOfTaken = palloc(sizeof(int) * FIRST_PAIRS),
		.takenCapacity = FIRST_PAIRS,
		.sideNumbers = CreatePairMap(),
		.pairNumbers = CreatePairMap(),
		.pairs = palloc(sizeof(AdjustmentAccounts) * FIRST_PAIRS),
		.pairCapacity = FIRST_PAIRS
	};
}

AdjustmentAccounts *
FindAdjustmentAccounts(StockRun *run, int *pairOf, int *pairOfUsage)
{
	AccountFinder finder = BeginFinder(run);
	DatumArray	byRules = {0};
	int		   *numbers = palloc_extended(sizeof(int) * run->changedMoveCount, MCXT_ALLOC_HUGE);

	for (int i = 0; i < run->changedMoveCount; i++)
	{
		const ChangedMove *move = &run->changedMoves[i];

		CHECK_FOR_INTERRUPTS();
		if (move->taken.voucherId != 0)
		{
			pairOf[i] = PairOfLines(&finder, &move->taken);
			continue;
		}
		numbers[byRules.count] = i;
		AppendDatum(&byRules, Int64GetDatum(move->moveId));
	}
	CloseIndexProbe(finder.lines);
	if (byRules.count > 0)
		FindByRules(&finder, &byRules, numbers, pairOf);
	if (run->usageCount > 0)
		FindUsageAccounts(&finder, pairOfUsage);
	pfree(numbers);
	return finder.pairs;
}
