#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/cost_part.h"
#include "inventory/named_line.h"

/* The parts of an amount that joins the cost of moves that stand: what each has of it. */

/* What a document added to the cost of moves, entry by entry. OFFSET 0: see core/plan_cache.h. */
static KeptPlan addedPlan = {
	.query = "SELECT e.move_id, m.item_id, m.cost_pool_id, m.warehouse_id, m.document_id, m.line_no, e.cause, e.inventory_line_no,"
	"       e.counter_line_no, e.amount, m.day, m.time_of_day"
	"  FROM (SELECT f.* FROM erp.cost_entry f WHERE f.company_id = $1 AND f.voucher_id = $2 AND f.cause IN " LATER_CAUSES
	"           AND f.cause <> 'replay' OFFSET 0) e"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.move_id = e.move_id OFFSET 0) m"
	" ORDER BY e.move_id, e.entry_no",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static int
CountParts(const DocumentBatch *batch)
{
	int			count = 0;

	for (int i = 0; i < batch->count; i++)
	{
		const Document *document = &batch->documents[i];

		for (int j = 0; j < document->lineCount && !document->bad && !document->repeated; j++)
			count += document->lines[j].partCount;
	}
	return count;
}

void
CollectParts(StockRun *run)
{
	int			count = CountParts(run->batch);
	IndexProbe *items;

	if (count == 0)
		return;
	run->parts = palloc_extended(sizeof(CostPart *) * count, MCXT_ALLOC_HUGE);
	items = OpenIndexProbe("erp", "item", "item_key", PROBE_LATEST);
	for (int i = 0; i < run->batch->count; i++)
	{
		Document   *document = &run->batch->documents[i];

		for (int j = 0; j < document->lineCount && !document->bad && !document->repeated; j++)
		{
			for (int k = 0; k < document->lines[j].partCount; k++)
			{
				run->parts[run->partCount] = &document->lines[j].parts[k];
				TakeStoredItem(items, run->batch->company->companyId, &run->parts[run->partCount++]->line);
			}
		}
	}
	CloseIndexProbe(items);
}

/* Weights without the zeros that they all end in, so that an amount times them stays small. */
static void
ShortenWeights(int128 *weights, int count)
{
	for (;;)
	{
		bool		anyLeft = false;

		for (int i = 0; i < count; i++)
		{
			if (weights[i] % 10 != 0)
				return;
			anyLeft = anyLeft || weights[i] != 0;
		}
		for (int i = 0; i < count; i++)
			weights[i] /= 10;
		if (!anyLeft)
			return;
	}
}

/* By largest remainder, in the document's currency and in the company's. */
void
SpreadAmount(DocumentBatch *batch, DocumentLine *line, int128 amount, int128 companyAmount)
{
	int128	   *weights = palloc(sizeof(int128) * line->partCount);
	int128	   *amounts = palloc(sizeof(int128) * line->partCount);
	int128	   *companyAmounts = palloc(sizeof(int128) * line->partCount);
	int128		sum = 0;

	for (int i = 0; i < line->partCount; i++)
	{
		weights[i] = line->parts[i].weight;
		sum = AddExact(sum, weights[i]);
	}
	if (sum == 0)
		RaiseProblem(batch, line->document, line, "basis", line->fields[LINE_BASIS], ERRCODE_ERP_COST_REFUSED,
					 "the receipts have nothing of what the amount is spread by");
	ShortenWeights(weights, line->partCount);
	AllocateAmount(amount, weights, line->partCount, line->document->currency->decimals, amounts);
	AllocateAmount(companyAmount, weights, line->partCount, batch->company->currency->decimals, companyAmounts);
	for (int i = 0; i < line->partCount; i++)
	{
		DocumentLine *part = &line->parts[i].line;

		part->amount = amounts[i];
		part->companyAmount = companyAmounts[i];
		part->moveValue = companyAmounts[i];
	}
	pfree(weights);
	pfree(amounts);
	pfree(companyAmounts);
}

static void
SpreadLines(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < document->lineCount && document->reversesDocumentId == 0; j++)
		{
			DocumentLine *line = &document->lines[j];

			if (line->partCount > 0 && line->role->valueSource != VALUE_BILL)
				SpreadAmount(batch, line, line->amount, line->companyAmount);
		}
	}
}

/* Parts of one move are linked in the order of the batch, which is that of their entries. */
static void
LinkParts(StockRun *run)
{
	CostPart  **last = palloc_extended(sizeof(CostPart *) * run->partCount, MCXT_ALLOC_HUGE);

	run->firstParts = palloc_extended(sizeof(CostPart *) * run->partCount, MCXT_ALLOC_HUGE);
	run->partsOfMove = CreatePairMap();
	for (int i = 0; i < run->partCount; i++)
	{
		CostPart   *part = run->parts[i];
		int			before = PairCount(run->partsOfMove);
		int			number = PairNumber(run->partsOfMove, (uint64) part->line.moveId);

		if (number == before)
			run->firstParts[number] = part;
		else
			last[number]->next = part;
		last[number] = part;
	}
	pfree(last);
}

void
SpreadParts(StockRun *run)
{
	if (run->partCount == 0)
		return;
	CheckCostTargets(run->batch, run->parts, run->partCount);
	SpreadLines(run->batch);
	MatchBills(run->batch);
	LinkParts(run);
	for (int i = 0; i < run->partCount; i++)
	{
		CostPart   *part = run->parts[i];
		MovePosition move = {part->moveDay, part->moveTime, part->line.moveId};

		ChangeGiven(run, ItemOfRun(run, part->line.itemId), move, part->line.moveValue, &part->line);
	}
}

CostPart *
FirstPartOf(const StockRun *run, int64 moveId)
{
	int			number = run->partsOfMove == NULL ? -1 : FindPair(run->partsOfMove, (uint64) moveId);

	return number < 0 ? NULL : run->firstParts[number];
}

static void
TakeReversedPart(DocumentLine *line, CostPart *part, uint64 row)
{
	memset(part, 0, sizeof(CostPart));
	part->line = *line;
	part->line.moveId = DatumGetInt64(PlanValue(row, 1));
	part->line.itemId = DatumGetInt32(PlanValue(row, 2));
	part->line.costPoolId = DatumGetInt64(PlanValue(row, 3));
	part->line.warehouseId = DatumGetInt32(PlanValue(row, 4));
	part->line.originDocumentId = DatumGetInt64(PlanValue(row, 5));
	part->line.originLineNo = DatumGetInt32(PlanValue(row, 6));
	part->cause = TextDatumGetCString(PlanValue(row, 7));
	part->line.inventoryLineNo = DatumGetInt32(PlanValue(row, 8));
	part->line.counterLineNo = DatumGetInt32(PlanValue(row, 9));
	part->line.moveValue = NegateExact(AmountFromDatum(PlanValue(row, 10)));
	part->moveDay = DatumGetDateADT(PlanValue(row, 11));
	part->moveTime = DatumGetTimeADT(PlanValue(row, 12));
}

/* The voucher is the original's, line by line, so that the entries name the same lines. */
void
CopyReversedParts(DocumentBatch *batch, Document *document)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(document->reversesDocumentId)};
	uint64		rows = document->lineCount == 0 ? 0 : RunPlan(&addedPlan, values, NULL);
	CostPart   *parts;

	if (rows == 0)
		return;
	parts = palloc_extended(sizeof(CostPart) * rows, MCXT_ALLOC_HUGE);
	for (uint64 i = 0; i < rows; i++)
		TakeReversedPart(&document->lines[0], &parts[i], i);
	document->lines[0].parts = parts;
	document->lines[0].partCount = (int) rows;
}
