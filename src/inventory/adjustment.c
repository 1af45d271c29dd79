/*
 * What a replay changed reaches the books as adjustments: one document and one
 * voucher per belonging day and pair of accounts, dated on that day or on the
 * first day after it that is open. A change belongs to the day of the move, or
 * to that of the document that causes it where this is later. The accounts are those that the move's own
 * voucher used.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/call.h"
#include "core/code_map.h"
#include "core/datum_array.h"
#include "core/hash.h"
#include "core/plan_cache.h"
#include "ledger/period_gate.h"
#include "inventory/inventory.h"

#define ADJUSTMENT_KIND "cost_adjustment"
#define ADJUSTMENT_ROLE "adjustment"

/* The moves that changed, with the accounts of the first entry that reached a voucher. */
static KeptPlan accountPlan = {
	.query = "SELECT u.number::integer - 1, m.item_id, m.day, d.kind, l.line_role, p.party_group, m.warehouse_id,"
	"       i.account_id, i.side = 'credit', i.dimension_set_id, c.account_id, c.side = 'credit', c.dimension_set_id,"
	"       l.dimension_set_id"
	"  FROM pg_catalog.unnest($2) WITH ORDINALITY AS u (move_id, number)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.move_id = u.move_id OFFSET 0) m"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.document f WHERE f.company_id = $1 AND f.document_id = m.document_id OFFSET 0) d"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.document_line f WHERE f.company_id = $1 AND f.document_id = m.document_id"
	"                        AND f.line_no = m.line_no OFFSET 0) l"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.party f WHERE f.company_id = $1 AND f.party_id = d.party_id OFFSET 0) p"
	"  LEFT JOIN LATERAL (SELECT e.voucher_id, e.inventory_line_no, e.counter_line_no FROM erp.cost_entry e"
	"       WHERE e.company_id = m.company_id AND e.move_id = m.move_id AND e.inventory_line_no <> 0 AND e.counter_line_no <> 0"
	"       ORDER BY e.entry_no LIMIT 1) e ON true"
	"  LEFT JOIN erp.voucher_line i ON i.company_id = m.company_id AND i.voucher_id = e.voucher_id AND i.line_no = e.inventory_line_no"
	"  LEFT JOIN erp.voucher_line c ON c.company_id = m.company_id AND c.voucher_id = e.voucher_id AND c.line_no = e.counter_line_no"
	" ORDER BY m.day, u.number",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

/* An account that the move's voucher never reached is found by the rules that would have; the document line has its dimensions. */
static void
TakeRule(StockRun *run, uint64 row, AmountRole amountRole, const StockItem *item, VoucherLine *line)
{
	RuleQuery	query = {
		.kind = FindKind(TextDatumGetCString(PlanValue(row, 4))),
		.role = FindRole(TextDatumGetCString(PlanValue(row, 5))),
		.amountRole = amountRole,
		.itemGroup = item->itemGroup,
		.partyGroup = MasterText(TextDatumGetCString(PlanValue(row, 6))),
		.warehouseId = DatumGetInt32(PlanValue(row, 7))
	};
	int32		companyId = run->batch->company->companyId;
	int32		dimensionSetId = DatumGetInt32(PlanValue(row, 14));
	const PostingRule *rule = FindPostingRule(companyId, &query);

	if (rule == NULL)
		RaiseProblem(run->batch, item->cause->document, item->cause, NULL, NULL, ERRCODE_ERP_NO_POSTING_RULE,
					 psprintf("no posting rule for kind %s, line role %s, amount role %s",
							  query.kind->name, query.role->name, AmountRoleNames[amountRole]));
	line->account = FindAccountById(companyId, rule->accountId);
	line->isCredit = rule->isCredit;
	line->dimensionSetId = CarriedDimensions(rule, dimensionSetId);
}

/* Account, side and dimensions from three columns of the row. */
static void
TakeAccount(StockRun *run, uint64 row, int column, AmountRole amountRole, const StockItem *item, VoucherLine *line)
{
	bool		missing;
	Datum		accountId = PlanValueOrNull(row, column, &missing);

	memset(line, 0, sizeof(VoucherLine));
	line->currency = run->batch->company->currency;
	line->summary = "";
	if (missing)
	{
		TakeRule(run, row, amountRole, item, line);
		return;
	}
	line->account = FindAccountById(run->batch->company->companyId, DatumGetInt32(accountId));
	line->isCredit = DatumGetBool(PlanValue(row, column + 1));
	line->dimensionSetId = DatumGetInt32(PlanValue(row, column + 2));
}

/* The text under which adjustments of one belonging day and pair of accounts come together. */
static char *
AdjustmentKey(DateADT day, int64 causeDocumentId, const VoucherLine *inventory, const VoucherLine *counter)
{
	return psprintf("%d " INT64_FORMAT " %d %d %d %d %d %d", day, causeDocumentId,
					inventory->account->accountId, inventory->isCredit, inventory->dimensionSetId,
					counter->account->accountId, counter->isCredit, counter->dimensionSetId);
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

/* Goods that are bought at an amount have no counter; at standard cost, what that differs by is a price variance. */
static AmountRole
CounterRole(uint64 row, const StockItem *item)
{
	if (MethodOn(item, DatumGetDateADT(PlanValue(row, 3))) == COST_STANDARD && FindRole(TextDatumGetCString(PlanValue(row, 5)))->valueSource == VALUE_AMOUNT)
		return AMOUNT_PRICE_VARIANCE;
	return AMOUNT_COST;
}

/* The adjustment of that day and pair of accounts, by what caused the item's changes. */
static int
AdjustmentOf(StockRun *run, CodeMap *keys, DateADT day, const StockItem *item, const VoucherLine *inventory, const VoucherLine *counter)
{
	int64		causeId = item->cause->document->documentId;
	int			number = CodeNumber(keys, AdjustmentKey(day, causeId, inventory, counter));

	if (number == run->adjustmentCount)
	{
		CostAdjustment *adjustment = NewAdjustment(run);

		adjustment->day = day;
		adjustment->causeDocumentId = causeId;
		adjustment->inventoryLine = *inventory;
		adjustment->counterLine = *counter;
	}
	return number;
}

/* The adjustment that the move of the row belongs to. */
static int
AdjustmentFor(StockRun *run, CodeMap *keys, uint64 row)
{
	int32		itemId = DatumGetInt32(PlanValue(row, 2));
	const StockItem *item = &run->items[FindPair(run->itemNumbers, PAIR_KEY(itemId, 0))];
	DateADT		day = Max(DatumGetDateADT(PlanValue(row, 3)), item->cause->document->postingDay);
	VoucherLine inventory;
	VoucherLine counter;

	TakeAccount(run, row, 8, AMOUNT_INVENTORY, item, &inventory);
	TakeAccount(run, row, 11, CounterRole(row, item), item, &counter);
	return AdjustmentOf(run, keys, day, item, &inventory, &counter);
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

/* The rows of accountPlan for the moves. */
static uint64
ReadAccounts(const StockRun *run, DatumArray *moveIds)
{
	Datum		values[2] = {Int32GetDatum(run->batch->company->companyId), DatumArrayValue(moveIds, INT8OID)};

	return RunPlan(&accountPlan, values, NULL);
}

/* Sorts every change into its adjustment. */
static void
GroupChanges(StockRun *run, CodeMap *keys)
{
	PairMap    *moves = CreatePairMap();
	DatumArray	moveIds = {0};
	int		   *adjustmentOf;
	int32	   *itemOf;
	uint64		rows;

	for (int i = 0; i < run->changeCount; i++)
	{
		if (PairNumber(moves, (uint64) run->changes[i].moveId) == moveIds.count)
			AppendDatum(&moveIds, Int64GetDatum(run->changes[i].moveId));
	}
	adjustmentOf = palloc(sizeof(int) * moveIds.count);
	itemOf = palloc(sizeof(int32) * moveIds.count);
	rows = ReadAccounts(run, &moveIds);
	for (uint64 i = 0; i < rows; i++)
	{
		int			number = DatumGetInt32(PlanValue(i, 1));

		CHECK_FOR_INTERRUPTS();
		itemOf[number] = DatumGetInt32(PlanValue(i, 2));
		adjustmentOf[number] = AdjustmentFor(run, keys, i);
	}
	for (int i = 0; i < run->changeCount; i++)
	{
		int			number = FindPair(moves, (uint64) run->changes[i].moveId);

		run->changes[i].adjustment = adjustmentOf[number];
		AddItemTotal(&run->adjustments[adjustmentOf[number]], itemOf[number], run->changes[i].amount);
	}
}

/* An account of a usage variance, by the rules for the product's line. */
static void
TakeUsageAccount(StockRun *run, uint64 row, AmountRole amountRole, const StockItem *item, VoucherLine *line)
{
	memset(line, 0, sizeof(VoucherLine));
	line->currency = run->batch->company->currency;
	line->summary = "";
	TakeRule(run, row, amountRole, item, line);
}

/* What products by standard cost consumed more: from work in progress to the variance. */
static void
GroupUsage(StockRun *run, CodeMap *keys)
{
	DatumArray	moveIds = {0};
	uint64		rows;

	for (int i = 0; i < run->usageCount; i++)
		AppendDatum(&moveIds, Int64GetDatum(run->usageChanges[i].moveId));
	rows = ReadAccounts(run, &moveIds);
	for (uint64 i = 0; i < rows; i++)
	{
		int32		itemId = DatumGetInt32(PlanValue(i, 2));
		const StockItem *item = &run->items[FindPair(run->itemNumbers, PAIR_KEY(itemId, 0))];
		VoucherLine variance;
		VoucherLine usage;
		int			number;

		TakeUsageAccount(run, i, AMOUNT_USAGE_VARIANCE, item, &variance);
		TakeUsageAccount(run, i, AMOUNT_USAGE, item, &usage);
		number = AdjustmentOf(run, keys, Max(DatumGetDateADT(PlanValue(i, 3)), item->cause->document->postingDay), item, &variance, &usage);
		AddItemTotal(&run->adjustments[number], itemId, run->usageChanges[DatumGetInt32(PlanValue(i, 1))].amount);
	}
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
	VoucherLine line = adjustment->inventoryLine;

	line.amount = adjustment->total;
	line.companyAmount = adjustment->total;
	(void) AddVoucherLine(voucher, &line);
	line = adjustment->counterLine;
	line.amount = NegateExact(adjustment->total);
	line.companyAmount = line.amount;
	(void) AddVoucherLine(voucher, &line);
}

void
BuildAdjustments(StockRun *run, VoucherSet *set)
{
	CodeMap    *keys;

	if (run->changeCount == 0 && run->usageCount == 0)
		return;
	keys = CreateCodeMap();
	if (run->changeCount > 0)
		GroupChanges(run, keys);
	if (run->usageCount > 0)
		GroupUsage(run, keys);
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
