#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/code_map.h"
#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/inventory.h"
#include "inventory/line_list.h"

/* The move of a document's line, with its value as now known. OFFSET 0: see core/plan_cache.h. */
static KeptPlan originPlan = {
	.query = "SELECT o.number::integer - 1, d.document_id, m.move_id, m.item_id, m.quantity, m.day, m.time_of_day,"
	"       (SELECT COALESCE(pg_catalog.sum(e.amount), 0) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id),"
	"       d.reverses_document_id <> 0 OR (SELECT r.document_id FROM erp.document r WHERE r.company_id = $1"
	"           AND r.reverses_document_id = d.document_id AND r.reverses_document_id <> 0) IS NOT NULL"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) WITH ORDINALITY AS o (key, line_no, number)"
	" CROSS JOIN LATERAL (SELECT f.document_id, f.reverses_document_id FROM erp.document f WHERE f.company_id = $1 AND f.key = o.key OFFSET 0) d"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = d.document_id"
	"                        AND f.line_no = o.line_no AND f.leg = 1 OFFSET 0) m"
	" WHERE (SELECT s.move_id FROM erp.stock_move s WHERE s.company_id = $1 AND s.document_id = d.document_id"
	"           AND s.line_no = o.line_no AND s.leg = 2) IS NULL",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, TEXTARRAYOID, INT4ARRAYOID}
};

static bool
HasOrigin(const DocumentLine *line)
{
	return line->fields[LINE_ORIGIN_KEY] != NULL && line->role != NULL && ReturnsGoods(line->role);
}

static void
CheckOrigin(DocumentBatch *batch, DocumentLine *line, int32 itemId, bool isIssue, int order)
{
	const char *reason = NULL;

	if (itemId != line->itemId)
		reason = "the origin is of another item";
	else if (!isIssue)
		reason = "the origin did not issue goods";
	else if (order >= 0)
		reason = "the origin is not earlier than the return";
	if (reason != NULL)
		ReportProblem(batch, line->document, line, "origin", line->fields[LINE_ORIGIN_KEY], ERRCODE_ERP_NO_ORIGIN, reason);
}

/* An origin that stands earlier in the same batch. */
static void
TakeBatchOrigin(DocumentBatch *batch, DocumentLine *line, Document *origin)
{
	DocumentLine *originLine;
	MovePosition at = {line->document->postingDay, line->document->timeOfDay, line->document->index};
	MovePosition before = {origin->postingDay, origin->timeOfDay, origin->index};

	if (line->originLineNo > origin->lineCount)
	{
		ReportProblem(batch, line->document, line, "origin", line->fields[LINE_ORIGIN_KEY], ERRCODE_ERP_NO_ORIGIN,
					  "the origin has no such line");
		return;
	}
	if (origin->index >= line->document->index)
	{
		ReportProblem(batch, line->document, line, "origin", line->fields[LINE_ORIGIN_KEY], ERRCODE_ERP_NO_ORIGIN,
					  "the origin stands behind the return in this call");
		return;
	}
	originLine = &origin->lines[line->originLineNo - 1];
	CheckOrigin(batch, line, originLine->itemId,
				originLine->role != NULL && originLine->role->direction == STOCK_OUT && !originLine->role->carries, ComparePosition(&before, &at));
	line->originLine = originLine;
}

static void
TakeStoredOrigin(DocumentBatch *batch, DocumentLine *line, uint64 row)
{
	MovePosition at = {line->document->postingDay, line->document->timeOfDay, PG_INT64_MAX};
	MovePosition before = {DatumGetDateADT(PlanValue(row, 6)), DatumGetTimeADT(PlanValue(row, 7)), 0};
	int128		quantity = QuantityFromDatum(PlanValue(row, 5));

	line->originDocumentId = DatumGetInt64(PlanValue(row, 2));
	line->originMoveId = DatumGetInt64(PlanValue(row, 3));
	line->originQuantity = NegateExact(quantity);
	line->originValue = NegateExact(AmountFromDatum(PlanValue(row, 8)));
	if (DatumGetBool(PlanValue(row, 9)))
		ReportProblem(batch, line->document, line, "origin", line->fields[LINE_ORIGIN_KEY], ERRCODE_ERP_NO_ORIGIN,
					  "the origin was reversed, or is a reversal");
	CheckOrigin(batch, line, DatumGetInt32(PlanValue(row, 4)), quantity < 0, ComparePosition(&before, &at));
}

static CodeMap *
BatchKeys(DocumentBatch *batch)
{
	CodeMap    *keys = CreateCodeMap();

	for (int i = 0; i < batch->count; i++)
	{
		/* Numbers are dense in the order of first sight: a key that stands twice would shift them. A bad document is no origin. */
		if (batch->documents[i].bad || batch->documents[i].key == NULL || CodeNumber(keys, batch->documents[i].key) != i)
			(void) CodeNumber(keys, psprintf("\001%d", i));
	}
	return keys;
}

/* Origins that are not in the batch, from the books in one query. */
static void
FetchOrigins(DocumentBatch *batch, DocumentLine **lines, int count)
{
	DatumArray	keys = {0};
	DatumArray	numbers = {0};
	Datum		values[3] = {Int32GetDatum(batch->company->companyId)};
	uint64		rows;

	for (int i = 0; i < count; i++)
	{
		AppendDatum(&keys, CStringGetTextDatum(lines[i]->fields[LINE_ORIGIN_KEY]));
		AppendDatum(&numbers, Int32GetDatum(lines[i]->originLineNo));
	}
	values[1] = DatumArrayValue(&keys, TEXTOID);
	values[2] = DatumArrayValue(&numbers, INT4OID);
	rows = RunPlan(&originPlan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
		TakeStoredOrigin(batch, lines[DatumGetInt32(PlanValue(i, 1))], i);
	for (int i = 0; i < count; i++)
	{
		if (lines[i]->originMoveId == 0)
			ReportProblem(batch, lines[i]->document, lines[i], "origin", lines[i]->fields[LINE_ORIGIN_KEY],
						  ERRCODE_ERP_NO_ORIGIN, "the origin is unknown, or its line moved no stock");
	}
}

void
LookUpOrigins(DocumentBatch *batch)
{
	CodeMap    *keys = BatchKeys(batch);
	LineList	stored = {0};

	for (int i = 0; i < batch->count; i++)
	{
		for (int j = 0; j < batch->documents[i].lineCount; j++)
		{
			DocumentLine *line = &batch->documents[i].lines[j];
			int			number;

			if (!HasOrigin(line) || batch->documents[i].bad || batch->documents[i].repeated)
				continue;
			number = FindCode(keys, line->fields[LINE_ORIGIN_KEY]);
			if (number >= 0 && !batch->documents[number].repeated)
			{
				TakeBatchOrigin(batch, line, &batch->documents[number]);
				continue;
			}
			AppendLine(&stored, line);
		}
	}
	if (stored.count > 0)
		FetchOrigins(batch, stored.lines, stored.count);
}
