/*
 * The voucher of a reversal is the original's, line by line, negated: same
 * accounts whatever the posting rules say by now. Only what the costs of its
 * moves have changed since (by replay) comes on top, on the lines of the costs.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/inventory.h"

static KeptPlan voucherPlan = {
	.query = "SELECT l.line_no, l.account_id, l.side = 'credit', l.currency_id, l.party_id, l.tax_code_id,"
	" l.dimension_set_id, l.unit_id, l.posting_rule_id, l.document_line_no, l.amount, l.company_amount, l.quantity"
	"  FROM erp.voucher_line l WHERE l.company_id = $1 AND l.voucher_id = $2 ORDER BY l.line_no",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* What the original voucher took of each move, and where. */
static KeptPlan postedPlan = {
	.query = "SELECT m.line_no, e.inventory_line_no, e.counter_line_no, pg_catalog.sum(e.amount)"
	"  FROM (SELECT f.line_no, f.move_id FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = $2 OFFSET 0) m"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.cost_entry f WHERE f.company_id = $1 AND f.move_id = m.move_id AND f.voucher_id = $2 OFFSET 0) e"
	" GROUP BY 1, 2, 3",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan amountPlan = {
	.query = "SELECT line_no, voucher_line_no FROM erp.document_line WHERE company_id = $1 AND document_id = $2",
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

static void
MirrorLine(DocumentBatch *batch, Voucher *voucher, uint64 row)
{
	VoucherLine line = {0};
	int128		sign = DatumGetBool(PlanValue(row, 3)) ? 1 : -1;

	SkipTo(voucher, DatumGetInt32(PlanValue(row, 1)));
	line.account = MirroredAccount(batch->company->companyId, DatumGetInt32(PlanValue(row, 2)));
	line.isCredit = DatumGetBool(PlanValue(row, 3)) != batch->company->oppositeSide;
	line.currency = FindCurrencyById(DatumGetInt32(PlanValue(row, 4)));
	line.party.partyId = DatumGetInt32(PlanValue(row, 5));
	line.taxCodeId = DatumGetInt32(PlanValue(row, 6));
	line.dimensionSetId = DatumGetInt32(PlanValue(row, 7));
	line.unitId = DatumGetInt32(PlanValue(row, 8));
	line.postingRuleId = DatumGetInt32(PlanValue(row, 9));
	line.documentLineNo = DatumGetInt32(PlanValue(row, 10));
	line.amount = MultiplyExact(AmountFromDatum(PlanValue(row, 11)), sign);
	line.companyAmount = MultiplyExact(AmountFromDatum(PlanValue(row, 12)), sign);
	line.quantity = NegateExact(QuantityFromDatum(PlanValue(row, 13)));
	line.summary = voucher->document->correctionText != NULL ? voucher->document->correctionText : "";
	(void) AddVoucherLine(voucher, &line);
}

/* A line of costs that the original never wrote, since they were nothing then. */
static int
AddCostLine(DocumentBatch *batch, Voucher *voucher, const DocumentLine *line, AmountRole amountRole)
{
	RuleQuery	query = {
		.kind = line->document->kind,
		.role = line->role,
		.amountRole = amountRole,
		.itemGroup = line->itemGroup,
		.partyGroup = line->document->party.groupNumber,
		.warehouseId = line->warehouseId
	};
	const PostingRule *rule = FindPostingRule(batch->company->companyId, &query);
	VoucherLine added = {0};

	if (rule == NULL)
		RaiseProblem(batch, line->document, (DocumentLine *) line, NULL, NULL, ERRCODE_ERP_NO_POSTING_RULE,
					 psprintf("no posting rule for kind %s, line role %s, amount role %s",
							  query.kind->name, query.role->name, AmountRoleNames[amountRole]));
	added.account = FindAccountById(batch->company->companyId, rule->accountId);
	added.isCredit = rule->isCredit != batch->company->oppositeSide;
	added.currency = batch->company->currency;
	added.postingRuleId = rule->postingRuleId;
	added.summary = "";
	return AddVoucherLine(voucher, &added);
}

static void
AddToVoucherLine(Voucher *voucher, int lineNo, int128 amount)
{
	VoucherLine *line = &voucher->lines[lineNo - 1];

	line->amount = AddExact(line->amount, amount);
	line->companyAmount = AddExact(line->companyAmount, amount);
}

/* The value that goes back now, less the mirror of what the original voucher took. */
static void
AddCostDifference(DocumentBatch *batch, Voucher *voucher, DocumentLine *line, int128 posted)
{
	int128		difference = AddExact(line->moveValue, posted);

	if (difference == 0)
		return;
	if (line->inventoryLineNo == 0)
		line->inventoryLineNo = AddCostLine(batch, voucher, line, AMOUNT_INVENTORY);
	if (line->counterLineNo == 0)
		line->counterLineNo = AddCostLine(batch, voucher, line, AMOUNT_COST);
	AddToVoucherLine(voucher, line->inventoryLineNo, difference);
	AddToVoucherLine(voucher, line->counterLineNo, NegateExact(difference));
}

/* Where the original's costs stood, and what they were. */
static int128 *
TakePosted(Document *document, Datum *values)
{
	int128	   *posted = palloc0(sizeof(int128) * Max(document->lineCount, 1));
	uint64		rows = RunPlan(&postedPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		DocumentLine *line = &document->lines[DatumGetInt32(PlanValue(i, 1)) - 1];

		line->inventoryLineNo = DatumGetInt32(PlanValue(i, 2));
		line->counterLineNo = DatumGetInt32(PlanValue(i, 3));
		posted[line->lineNo - 1] = AmountFromDatum(PlanValue(i, 4));
	}
	return posted;
}

static void
TakeAmountLines(Document *document, Datum *values)
{
	uint64		rows = RunPlan(&amountPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
		document->lines[DatumGetInt32(PlanValue(i, 1)) - 1].voucherLineNo = DatumGetInt32(PlanValue(i, 2));
}

/* In red it has the word of what it takes back, unless the request names another. */
static void
NameReversed(DocumentBatch *batch, Document *document)
{
	NamedVoucher reversed;

	if (!FindNamedVoucher(batch->company->companyId, document->reversesDocumentId, &reversed))
		return;
	document->correctionText = VoucherText(batch->company->companyId, TEXT_REVERSAL, &reversed);
	if (document->voucherWordId == 0 && !batch->company->oppositeSide)
		document->voucherWordId = reversed.voucherWordId;
}

static void
BuildReversalVoucher(DocumentBatch *batch, VoucherSet *set, Document *document)
{
	Voucher    *voucher = AddVoucher(set, document);
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(document->reversesDocumentId)};
	uint64		rows;
	int128	   *posted;

	NameReversed(batch, document);
	rows = RunPlan(&voucherPlan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
		MirrorLine(batch, voucher, i);
	posted = TakePosted(document, values);
	TakeAmountLines(document, values);
	for (int i = 0; i < document->lineCount; i++)
	{
		if (document->lines[i].moveId != 0)
			AddCostDifference(batch, voucher, &document->lines[i], posted[i]);
	}
	if (voucher->count > 0)
		TakeVoucherId(document);
	else
		set->count--;
}

void
BuildReversalVouchers(DocumentBatch *batch, VoucherSet *set)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->reversesDocumentId != 0 && !document->bad && !document->repeated)
			BuildReversalVoucher(batch, set, document);
	}
}
