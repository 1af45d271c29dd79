/*
 * What a line adds to the cost of: moves that brought goods in, of documents
 * that stand. Looked up twice: first for the items whose pools are locked, and
 * once they are, for what may have come meanwhile.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/pair_map.h"
#include "core/plan_cache.h"
#include "inventory/cost_part.h"
#include "inventory/line_list.h"

/* The moves of the lines that are named, of all lines where none is, and what came with them by amendments that stand. OFFSET 0: see core/plan_cache.h. */
static KeptPlan targetPlan = {
	.query = "SELECT o.number::integer - 1, m.document_id, m.line_no, m.move_id, m.item_id, m.quantity, m.origin_move_id = 0 AND m.owner_id = 0, m.day,"
	"       m.cost_pool_id, m.warehouse_id, i.weight, i.volume, m.time_of_day"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) WITH ORDINALITY AS o (key, line_no, number)"
	" CROSS JOIN LATERAL (SELECT f.document_id FROM erp.document f WHERE f.company_id = $1 AND f.key = o.key OFFSET 0) d"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = d.document_id"
	"                        AND (o.line_no = 0 OR f.line_no = o.line_no) AND f.leg = 1"
	"                      UNION ALL"
	"                     SELECT f.* FROM erp.document_link k, erp.stock_move f WHERE k.company_id = $1 AND k.target_document_id = d.document_id"
	"                        AND (o.line_no = 0 OR k.target_line_no = o.line_no) AND k.line_no <> 0 AND k.link = 'corrects' AND k.quantity > 0"
	"                        AND f.company_id = $1 AND f.document_id = k.document_id AND f.line_no = k.line_no AND f.leg = 1"
	"                        AND (SELECT r.document_id FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = k.document_id"
	"                                AND r.reverses_document_id <> 0) IS NULL OFFSET 0) m"
	" CROSS JOIN LATERAL (SELECT f.weight, f.volume FROM erp.item f WHERE f.company_id = $1 AND f.item_id = m.item_id OFFSET 0) i"
	" ORDER BY o.number, m.document_id, m.line_no",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, TEXTARRAYOID, INT4ARRAYOID}
};

/* Value of moves as now known, and whether their document was reversed, or is a reversal. */
static KeptPlan statePlan = {
	.query = "SELECT o.number::integer - 1,"
	"       (SELECT pg_catalog.sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = $1 AND e.move_id = o.move_id),"
	"       (SELECT r.document_id FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = o.document_id"
	"           AND r.reverses_document_id <> 0) IS NOT NULL"
	"       OR (SELECT d.reverses_document_id FROM erp.document d WHERE d.company_id = $1 AND d.document_id = o.document_id) <> 0"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) WITH ORDINALITY AS o (move_id, document_id, number)",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT8ARRAYOID, INT8ARRAYOID}
};

/* The lines of documents that are named, and the line of the batch that names each. */
typedef struct Targets
{
	DatumArray	keys;
	DatumArray	lineNumbers;
	LineList	naming;
} Targets;

static void
RaiseNoReceipt(DocumentBatch *batch, DocumentLine *line, const char *key, const char *reason)
{
	RaiseProblem(batch, line->document, line, line->receipts != NULL ? "receipts" : "origin", key, ERRCODE_ERP_NO_RECEIPT, reason);
}

static void
AddTarget(Targets *targets, DocumentLine *line, const char *key, int lineNo)
{
	AppendLine(&targets->naming, line);
	AppendDatum(&targets->keys, CStringGetTextDatum(key));
	AppendDatum(&targets->lineNumbers, Int32GetDatum(lineNo));
}

/* The number of a line as JSON has it, a number or its text; 0: none is named. */
static bool
ReadLineNumber(const JsonNode *node, int *number)
{
	int128		value;

	*number = 0;
	if (node == NULL || node->kind == JSON_NULL_VALUE)
		return true;
	if ((node->kind != JSON_NUMBER_TEXT && node->kind != JSON_STRING) ||
		ParseFixed(node->text, (int) strlen(node->text), 0, 9, &value) != FIXED_OK || value <= 0)
		return false;
	*number = (int) value;
	return true;
}

/* {"key", "line"?} */
static void
ReadReceipt(DocumentBatch *batch, Targets *targets, DocumentLine *line, const JsonNode *node)
{
	const JsonNode *key = JsonMember(node, "key");
	const JsonNode *number = JsonMember(node, "line");
	int			lineNo;

	if (node->kind != JSON_OBJECT || key == NULL || key->kind != JSON_STRING || node->count != (number == NULL ? 1 : 2) ||
		!ReadLineNumber(number, &lineNo))
		RaiseProblem(batch, line->document, line, "receipts", NULL, ERRCODE_ERP_INVALID_FIELD,
					 "an array of objects with key and, where not all its lines are meant, line is expected");
	AddTarget(targets, line, key->text, lineNo);
}

static void
CollectTargets(DocumentBatch *batch, Targets *targets)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->bad || document->repeated || document->reversesDocumentId != 0)
			continue;
		for (int j = 0; j < document->lineCount; j++)
		{
			DocumentLine *line = &document->lines[j];

			if (!AddsCost(line))
				continue;
			if (line->receipts == NULL)
				AddTarget(targets, line, line->fields[LINE_ORIGIN_KEY], line->originLineNo);
			for (const JsonNode *node = line->receipts == NULL ? NULL : line->receipts->first; node != NULL; node = node->next)
				ReadReceipt(batch, targets, line, node);
		}
	}
}

static int128
WeightOf(const DocumentLine *line, uint64 row, int128 quantity)
{
	const char *basis = line->fields[LINE_BASIS];

	if (basis == NULL || strcmp(basis, "quantity") == 0)
		return quantity;
	if (strcmp(basis, "weight") == 0)
		return MultiplyExact(quantity, QuantityFromDatum(PlanValue(row, 11)));
	if (strcmp(basis, "volume") == 0)
		return MultiplyExact(quantity, QuantityFromDatum(PlanValue(row, 12)));
	return strcmp(basis, "equal") == 0;
}

static void
TakePart(CostPart *part, DocumentLine *line, uint64 row)
{
	memset(part, 0, sizeof(CostPart));
	part->line = *line;
	part->line.parts = NULL;
	part->line.partCount = 0;
	part->line.originDocumentId = DatumGetInt64(PlanValue(row, 2));
	part->line.originLineNo = DatumGetInt32(PlanValue(row, 3));
	part->line.moveId = DatumGetInt64(PlanValue(row, 4));
	part->line.itemId = DatumGetInt32(PlanValue(row, 5));
	part->line.costPoolId = DatumGetInt64(PlanValue(row, 9));
	part->line.warehouseId = DatumGetInt32(PlanValue(row, 10));
	part->moveDay = DatumGetDateADT(PlanValue(row, 8));
	part->moveTime = DatumGetTimeADT(PlanValue(row, 13));
	part->cause = line->role->valueSource == VALUE_BILL ? "bill" : line->role->valueSource == VALUE_AMENDED ? "amendment" : "landed";
	part->weight = WeightOf(line, row, QuantityFromDatum(PlanValue(row, 6)));
}

/* A move that the row names as a target; false if it is of a line that nobody named and brought nothing. */
static bool
CheckTarget(DocumentBatch *batch, const Targets *targets, uint64 row, PairMap *named)
{
	int			number = DatumGetInt32(PlanValue(row, 1));
	DocumentLine *line = targets->naming.lines[number];
	char	   *key = TextDatumGetCString(targets->keys.values[number]);
	int			before = PairCount(named);

	if (QuantityFromDatum(PlanValue(row, 6)) <= 0 || !DatumGetBool(PlanValue(row, 7)))
	{
		if (DatumGetInt32(targets->lineNumbers.values[number]) == 0)
			return false;
		RaiseNoReceipt(batch, line, key, "the line brought no goods in of its own");
	}
	if (DatumGetDateADT(PlanValue(row, 8)) > line->document->postingDay)
		RaiseNoReceipt(batch, line, key, "the receipt, or what came with it by an amendment, is later than the document");
	if (PairNumber(named, (uint64) DatumGetInt64(PlanValue(row, 4))) < before)
		RaiseNoReceipt(batch, line, key, "the line names a receipt twice");
	return true;
}

/* The parts of the line that the rows from *row on belong to. */
static void
TakeParts(DocumentBatch *batch, const Targets *targets, DocumentLine *line, uint64 rows, uint64 *row)
{
	PairMap    *named = CreatePairMap();
	uint64		end = *row;

	while (end < rows && targets->naming.lines[DatumGetInt32(PlanValue(end, 1))] == line)
		end++;
	line->parts = palloc_extended(sizeof(CostPart) * Max(end - *row, 1), MCXT_ALLOC_HUGE);
	for (; *row < end; (*row)++)
	{
		CHECK_FOR_INTERRUPTS();
		if (CheckTarget(batch, targets, *row, named))
			TakePart(&line->parts[line->partCount++], line, *row);
	}
}

/* Each reference leads to moves, or is reported. */
static void
CheckAllFound(DocumentBatch *batch, const Targets *targets, uint64 rows)
{
	bool	   *found = palloc0(sizeof(bool) * targets->keys.count);

	for (uint64 i = 0; i < rows; i++)
		found[DatumGetInt32(PlanValue(i, 1))] = true;
	for (int i = 0; i < targets->keys.count; i++)
	{
		DocumentLine *line = targets->naming.lines[i];

		if (!found[i] || line->partCount == 0)
			RaiseNoReceipt(batch, line, TextDatumGetCString(targets->keys.values[i]),
						   "the receipt is unknown, brought no goods in, or stands in the same call");
	}
	pfree(found);
}

void
LookUpCostTargets(DocumentBatch *batch)
{
	Targets		targets = {0};
	Datum		values[3] = {Int32GetDatum(batch->company->companyId)};
	uint64		rows;
	uint64		row = 0;

	CollectTargets(batch, &targets);
	if (targets.keys.count == 0)
		return;
	values[1] = DatumArrayValue(&targets.keys, TEXTOID);
	values[2] = DatumArrayValue(&targets.lineNumbers, INT4OID);
	rows = RunPlan(&targetPlan, values, NULL);
	while (row < rows)
		TakeParts(batch, &targets, targets.naming.lines[DatumGetInt32(PlanValue(row, 1))], rows, &row);
	CheckAllFound(batch, &targets, rows);
}

void
CheckCostTargets(DocumentBatch *batch, CostPart *const *parts, int count)
{
	DatumArray	moveIds = {0};
	DatumArray	documentIds = {0};
	Datum		values[3] = {Int32GetDatum(batch->company->companyId)};
	uint64		rows;

	for (int i = 0; i < count; i++)
	{
		AppendDatum(&moveIds, Int64GetDatum(parts[i]->line.moveId));
		AppendDatum(&documentIds, Int64GetDatum(parts[i]->line.originDocumentId));
	}
	values[1] = DatumArrayValue(&moveIds, INT8OID);
	values[2] = DatumArrayValue(&documentIds, INT8OID);
	rows = RunPlan(&statePlan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
	{
		CostPart   *part = parts[DatumGetInt32(PlanValue(i, 1))];
		const char *basis = part->line.fields[LINE_BASIS];

		if (DatumGetBool(PlanValue(i, 3)))
			RaiseNoReceipt(batch, &part->line, NULL, "the receipt was reversed, or is a reversal");
		if (basis != NULL && strcmp(basis, "value") == 0)
			part->weight = AmountFromDatum(PlanValue(i, 2));
	}
}
