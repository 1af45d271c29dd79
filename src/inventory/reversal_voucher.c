/*
 * The voucher of a reversal is the original's, line by line, negated: same
 * accounts whatever the posting rules say by now. Only what the costs of its
 * moves have changed since (by replay) comes on top, on the lines of the costs,
 * and what products by standard cost have used since.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/conversion.h"

/* What the original voucher took of each move, and where. */
static KeptPlan postedPlan = {
	.query = "SELECT m.line_no, m.leg, e.inventory_line_no, e.counter_line_no, pg_catalog.sum(e.amount)"
	"  FROM (SELECT f.line_no, f.leg, f.move_id FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = $2 OFFSET 0) m"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.cost_entry f WHERE f.company_id = $1 AND f.move_id = m.move_id AND f.voucher_id = $2 OFFSET 0) e"
	" GROUP BY 1, 2, 3, 4",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* Keeps the line numbers of the original: lines that it did not write stay unwritten. */
static void
SkipTo(Voucher *voucher, int lineNo)
{
	VoucherLine skipped = {.isEmpty = true};

	while (voucher->count < lineNo - 1)
		(void) AddVoucherLine(voucher, &skipped);
}

/* A manual voucher has no lines but these: its total, and so its reversal's, is that of the debits. */
static void
AddReversedEntry(Document *document, int128 amount, int128 companyAmount)
{
	document->total = SubtractExact(document->total, amount);
	document->companyTotal = SubtractExact(document->companyTotal, companyAmount);
}

static void
MirrorLine(DocumentBatch *batch, Voucher *voucher, const IndexProbe *probe, TupleTableSlot *row)
{
	VoucherLine line = {0};
	bool		isCredit = strcmp(TextDatumGetCString(ProbedColumn(probe, row, "side")), "credit") == 0;
	int128		sign = isCredit ? 1 : -1;
	int128		amount = AmountFromDatum(ProbedColumn(probe, row, "amount"));
	int128		companyAmount = AmountFromDatum(ProbedColumn(probe, row, "company_amount"));

	SkipTo(voucher, DatumGetInt32(ProbedColumn(probe, row, "line_no")));
	line.account = MirroredAccount(batch->company->companyId, DatumGetInt32(ProbedColumn(probe, row, "account_id")));
	line.isCredit = isCredit != batch->company->oppositeSide;
	line.currency = FindCurrencyById(DatumGetInt32(ProbedColumn(probe, row, "currency_id")));
	line.party.partyId = DatumGetInt32(ProbedColumn(probe, row, "party_id"));
	line.taxCodeId = DatumGetInt32(ProbedColumn(probe, row, "tax_code_id"));
	line.dimensionSetId = DatumGetInt32(ProbedColumn(probe, row, "dimension_set_id"));
	line.unitId = DatumGetInt32(ProbedColumn(probe, row, "unit_id"));
	line.postingRuleId = DatumGetInt32(ProbedColumn(probe, row, "posting_rule_id"));
	line.documentLineNo = DatumGetInt32(ProbedColumn(probe, row, "document_line_no"));
	line.amount = MultiplyExact(amount, sign);
	line.companyAmount = MultiplyExact(companyAmount, sign);
	line.quantity = NegateExact(QuantityFromDatum(ProbedColumn(probe, row, "quantity")));
	line.summary = voucher->document->correctionText != NULL ? voucher->document->correctionText : "";
	(void) AddVoucherLine(voucher, &line);
	if (voucher->document->lineCount == 0 && line.documentLineNo != 0 && line.postingRuleId == 0 && !isCredit)
		AddReversedEntry(voucher->document, amount, companyAmount);
}

/* The lines of the original voucher in their order. */
static void
MirrorLines(DocumentBatch *batch, Voucher *voucher)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(voucher->document->reversesVoucherId)};
	IndexProbe *probe = OpenIndexProbe("erp", "voucher_line", "voucher_line_key", PROBE_LATEST);
	TupleTableSlot *row;

	ProbeIndex(probe, values, 2);
	while ((row = NextProbedRow(probe)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		MirrorLine(batch, voucher, probe, row);
	}
	CloseIndexProbe(probe);
}

/* A line of costs that the original never wrote, since they were nothing then; in the currency of the line of its goods, where it has one. */
static int
AddCostLine(DocumentBatch *batch, Voucher *voucher, const DocumentLine *line, AmountRole amountRole, bool ofStandard)
{
	RuleQuery	query = {
		.kind = line->document->kind,
		.role = line->role,
		.amountRole = amountRole,
		.itemGroup = line->itemGroup,
		.partyGroup = line->document->party.groupNumber,
		.warehouseId = line->warehouseId
	};
	const PostingRule *rule;
	VoucherLine added = {0};

	if (ofStandard)
		AskForStandard(&query);
	rule = FindPostingRule(batch->company->companyId, &query);
	if (rule == NULL)
		RaiseProblem(batch, line->document, (DocumentLine *) line, NULL, NULL, ERRCODE_ERP_NO_POSTING_RULE,
					 psprintf("no posting rule for kind %s, line role %s, amount role %s",
							  query.kind->name, query.role->name, AmountRoleNames[amountRole]));
	added.account = FindAccountById(batch->company->companyId, rule->accountId);
	added.isCredit = rule->isCredit != batch->company->oppositeSide;
	added.currency = line->inventoryLineNo == 0 ? batch->company->currency : voucher->lines[line->inventoryLineNo - 1].currency;
	added.dimensionSetId = CarriedDimensions(rule, line->dimensionSetId);
	added.postingRuleId = rule->postingRuleId;
	added.summary = "";
	return AddVoucherLine(voucher, &added);
}

/* amount: in the company's currency. */
static void
AddToVoucherLine(Voucher *voucher, int lineNo, int128 amount)
{
	VoucherLine *line = &voucher->lines[lineNo - 1];
	bool		isForeign = line->currency == voucher->document->currency;

	line->amount = AddExact(line->amount, isForeign ? InDocumentCurrency(voucher->document, amount) : amount);
	line->companyAmount = AddExact(line->companyAmount, amount);
}

/* What other standards have changed of the goods since; returns the rest of the difference. */
static int128
AddRestated(DocumentBatch *batch, Voucher *voucher, DocumentLine *line, int128 difference)
{
	if (line->restatedValue == 0)
		return difference;
	if (line->inventoryLineNo == 0)
		line->inventoryLineNo = AddCostLine(batch, voucher, line, InventoryRole(line->costPoolId), false);
	line->restatedLineNo = AddCostLine(batch, voucher, line, AMOUNT_PRICE_VARIANCE, true);
	AddToVoucherLine(voucher, line->inventoryLineNo, line->restatedValue);
	AddToVoucherLine(voucher, line->restatedLineNo, NegateExact(line->restatedValue));
	return SubtractExact(difference, line->restatedValue);
}

/*
 * The value that goes back now, less the mirror of what the original voucher
 * took. Where that had no counter, as for what is carried from pool to pool, the
 * difference alone has one: by the rules that its adjustments went by, those of the day of the original.
 */
static void
AddCostDifference(const StockRun *run, Voucher *voucher, DocumentLine *line, int128 posted)
{
	DocumentBatch *batch = run->batch;
	int128		difference = AddRestated(batch, voucher, line, AddExact(line->moveValue, posted));

	if (difference == 0)
		return;
	if (line->inventoryLineNo == 0)
		line->inventoryLineNo = AddCostLine(batch, voucher, line, InventoryRole(line->costPoolId), false);
	if (line->counterLineNo == 0)
	{
		line->counterLineNo = AddCostLine(batch, voucher, line, CounterRole(run, line->itemId, line->role, line->document->reversedDay), false);
		line->counteredValue = posted == 0 ? 0 : difference;
	}
	AddToVoucherLine(voucher, line->inventoryLineNo, difference);
	AddToVoucherLine(voucher, line->counterLineNo, NegateExact(difference));
}

/* Replays have posted it by the rules, and so it goes back. */
static void
AddUsageDifference(StockRun *run, Voucher *voucher, const DocumentLine *line, int128 posted)
{
	int128		usage = UsageSincePosted(run, line, posted);

	if (usage == 0)
		return;
	AddToVoucherLine(voucher, AddCostLine(run->batch, voucher, line, AMOUNT_USAGE_VARIANCE, false), NegateExact(usage));
	AddToVoucherLine(voucher, AddCostLine(run->batch, voucher, line, AMOUNT_USAGE, false), usage);
}

/* Where the original's costs stood, and what they were: two for each line, the second of what it carried. */
static int128 *
TakePosted(DocumentBatch *batch, Document *document)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(document->reversesDocumentId)};
	int128	   *posted = palloc0(sizeof(int128) * document->lineCount * 2);
	uint64		rows = RunPlan(&postedPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		DocumentLine *line = &document->lines[DatumGetInt32(PlanValue(i, 1)) - 1];
		int			leg = DatumGetInt16(PlanValue(i, 2));

		if (leg == 2)
			line = line->pairedLine;
		line->inventoryLineNo = DatumGetInt32(PlanValue(i, 3));
		line->counterLineNo = DatumGetInt32(PlanValue(i, 4));
		posted[(line->lineNo - 1) * 2 + leg - 1] = AmountFromDatum(PlanValue(i, 5));
	}
	return posted;
}

/* In red it has the word of what it takes back, unless the request names another. */
static void
NameReversed(DocumentBatch *batch, Document *document)
{
	NamedVoucher reversed;

	if (!FindNamedVoucher(batch->company->companyId, document->reversesDocumentId, &reversed))
		return;
	document->reversesVoucherId = reversed.voucherId;
	document->correctionText = VoucherText(batch->company->companyId, TEXT_REVERSAL, &reversed);
	if (document->voucherWordId == 0 && !batch->company->oppositeSide)
		document->voucherWordId = reversed.voucherWordId;
}

static bool
MovesStock(const Document *document)
{
	for (int i = 0; i < document->lineCount; i++)
	{
		if (document->lines[i].moveId != 0)
			return true;
	}
	return false;
}

static void
AddCostDifferences(StockRun *run, Voucher *voucher, Document *document)
{
	int128	   *posted = TakePosted(run->batch, document);

	for (int i = 0; i < document->lineCount; i++)
	{
		DocumentLine *line = &document->lines[i];

		if (line->moveId != 0)
		{
			AddCostDifference(run, voucher, line, posted[i * 2]);
			AddUsageDifference(run, voucher, line, posted[i * 2]);
		}
		if (line->pairedLine != NULL)
			AddCostDifference(run, voucher, line->pairedLine, posted[i * 2 + 1]);
	}
	pfree(posted);
}

static void
BuildReversalVoucher(StockRun *run, VoucherSet *set, Document *document)
{
	DocumentBatch *batch = run->batch;
	Voucher    *voucher = AddVoucher(set, document);

	NameReversed(batch, document);
	if (document->reversesVoucherId != 0)
		MirrorLines(batch, voucher);
	if (MovesStock(document))
		AddCostDifferences(run, voucher, document);
	if (voucher->count > 0)
		TakeVoucherId(document);
	else
		set->count--;
}

void
BuildReversalVouchers(StockRun *run, VoucherSet *set)
{
	DocumentBatch *batch = run->batch;

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->reversesDocumentId != 0 && !document->bad && !document->repeated)
			BuildReversalVoucher(run, set, document);
	}
}
