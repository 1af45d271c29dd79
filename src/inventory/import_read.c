#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/plan_cache.h"
#include "inventory/import.h"

/* Documents of staged rows: those of one key that stand together are one document. */

/* Columns of rowPlan. */
#define ROW_COLUMN 2
#define KEY_COLUMN 3
#define FIRST_HEADER_COLUMN 4

/* All columns in the table's own order, so that the executor hands on the rows as they are stored. */
static KeptPlan rowPlan = {
	.query = "SELECT job_id, row_no, document_key, kind, day, time_of_day, party, reference, currency, rate, tax_code, warehouse,"
	" late, word, corrects, payment_terms, due_day, prices_include_tax, tax_rounding, header_discount, header_discount_percent, cash_rounding, header_description, line_role, item, account, side, line_party, quantity, unit_price, amount, cost,"
	" origin_key, origin_line, basis, description, unit, second_quantity, location, lot, state, owner, to_warehouse,"
	" to_location, to_lot, to_state, to_owner, share, line_tax_code, line_warehouse, demand_key, demand_line, reservations, allow_expired, discount, discount_percent, lot_days, dimensions, settles, receipts, consumes"
	"  FROM erp.staged_line WHERE job_id = $1 AND row_no > $2 ORDER BY row_no LIMIT $3",
	.argumentCount = 3,
	.argumentTypes = {INT8OID, INT8OID, INT4OID}
};

/* The cell as text; an empty one is as good as none. */
static const char *
Cell(const Datum *values, const bool *nulls, int column)
{
	char	   *cell;

	if (nulls[column - 1])
		return NULL;
	cell = TextDatumGetCString(values[column - 1]);
	return cell[0] == '\0' ? NULL : cell;
}

static bool
SameKey(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* What the columns of headers and, behind them, of lines are. */
static const HeaderField headerColumns[] = {
	HEADER_KIND, HEADER_DAY, HEADER_TIME, HEADER_PARTY, HEADER_REFERENCE, HEADER_CURRENCY, HEADER_RATE, HEADER_TAX_CODE,
	HEADER_WAREHOUSE, HEADER_LATE, HEADER_WORD, HEADER_CORRECTS, HEADER_PAYMENT_TERMS, HEADER_DUE_DAY,
	HEADER_PRICES_INCLUDE_TAX, HEADER_TAX_ROUNDING, HEADER_DISCOUNT, HEADER_DISCOUNT_PERCENT, HEADER_CASH_ROUNDING, HEADER_DESCRIPTION
};

static const LineField lineColumns[] = {
	LINE_ROLE, LINE_ITEM, LINE_ACCOUNT, LINE_SIDE, LINE_PARTY, LINE_QUANTITY, LINE_PRICE, LINE_AMOUNT, LINE_COST,
	LINE_ORIGIN_KEY, LINE_ORIGIN_LINE, LINE_BASIS, LINE_DESCRIPTION, LINE_UNIT, LINE_SECOND_QUANTITY, LINE_LOCATION, LINE_LOT, LINE_STATE, LINE_OWNER,
	LINE_TO_WAREHOUSE, LINE_TO_LOCATION, LINE_TO_LOT, LINE_TO_STATE, LINE_TO_OWNER, LINE_SHARE,
	LINE_TAX_CODE, LINE_WAREHOUSE, LINE_DEMAND_KEY, LINE_DEMAND_LINE, LINE_RESERVATIONS, LINE_ALLOW_EXPIRED, LINE_DISCOUNT,
	LINE_DISCOUNT_PERCENT
};

#define FIRST_LINE_COLUMN (FIRST_HEADER_COLUMN + (int) lengthof(headerColumns))

/* Behind them what is JSON. */
#define LOT_DAYS_COLUMN (FIRST_LINE_COLUMN + (int) lengthof(lineColumns))
#define DIMENSIONS_COLUMN (LOT_DAYS_COLUMN + 1)
#define SETTLES_COLUMN (DIMENSIONS_COLUMN + 1)
#define RECEIPTS_COLUMN (SETTLES_COLUMN + 1)
#define CONSUMES_COLUMN (RECEIPTS_COLUMN + 1)

typedef struct RowReader
{
	DocumentBatch *batch;
	DocumentLine *lines;
	Datum		values[CONSUMES_COLUMN];
	bool		nulls[CONSUMES_COLUMN];
} RowReader;

/* What the cell says as JSON; a problem of its row if it is none. */
static const JsonNode *
JsonCell(RowReader *reader, DocumentLine *line, int column, const char *field)
{
	const char *cell = Cell(reader->values, reader->nulls, column);
	const JsonNode *node;
	JsonProblem problem;

	if (cell == NULL)
		return NULL;
	node = ParseJson(cell, (int) strlen(cell), &DefaultJsonLimits, &problem);
	if (node == NULL)
		ReportProblem(reader->batch, line->document, line, field, cell, ERRCODE_ERP_INVALID_JSON,
					  psprintf("line %d, column %d of the cell: %s", problem.line, problem.column, problem.message));
	return node == NULL || node->kind == JSON_NULL_VALUE ? NULL : node;
}

/* The header stands in the document's first row. */
static void
StartDocument(RowReader *reader, const char *key, DocumentLine *firstLine)
{
	DocumentBatch *batch = reader->batch;
	Document   *document = &batch->documents[batch->count];

	memset(document, 0, sizeof(Document));
	document->index = batch->count++;
	document->fields[HEADER_KEY] = key;
	for (int i = 0; i < (int) lengthof(headerColumns); i++)
		document->fields[headerColumns[i]] = Cell(reader->values, reader->nulls, FIRST_HEADER_COLUMN + i);
	document->lines = firstLine;
}

static void
ReadRow(RowReader *reader, HeapTuple tuple, TupleDesc descriptor, int64 row)
{
	DocumentBatch *batch = reader->batch;
	DocumentLine *line = &reader->lines[row];
	Document   *document;
	const char *key;

	heap_deform_tuple(tuple, descriptor, reader->values, reader->nulls);
	key = Cell(reader->values, reader->nulls, KEY_COLUMN);
	if (batch->count == 0 || !SameKey(key, batch->documents[batch->count - 1].fields[HEADER_KEY]))
		StartDocument(reader, key, line);
	document = &batch->documents[batch->count - 1];
	line->document = document;
	line->lineNo = ++document->lineCount;
	line->stagedRow = DatumGetInt64(reader->values[ROW_COLUMN - 1]);
	for (int i = 0; i < (int) lengthof(lineColumns); i++)
		line->fields[lineColumns[i]] = Cell(reader->values, reader->nulls, FIRST_LINE_COLUMN + i);
	line->lotDays = JsonCell(reader, line, LOT_DAYS_COLUMN, "lot_days");
	line->dimensions = JsonCell(reader, line, DIMENSIONS_COLUMN, "dimensions");
	line->receipts = JsonCell(reader, line, RECEIPTS_COLUMN, "receipts");
	if (line->lineNo > 1)
		return;
	document->settles = JsonCell(reader, line, SETTLES_COLUMN, "settles");
	document->consumes = JsonCell(reader, line, CONSUMES_COLUMN, "consumes");
}

/* The last document is left for the next step, and so are its problems. */
static uint64
LeaveLast(DocumentBatch *batch, uint64 rows)
{
	const Document *last = &batch->documents[--batch->count];

	while (batch->problemCount > 0 && batch->problems[batch->problemCount - 1].stagedRow >= last->lines[0].stagedRow)
		batch->problemCount--;
	return rows - last->lineCount;
}

uint64
ReadStep(DocumentBatch *batch, const ImportJob *job, int maxRows)
{
	Datum		values[3] = {Int64GetDatum(job->jobId), Int64GetDatum(job->position), Int32GetDatum(maxRows)};
	uint64		rows = RunPlan(&rowPlan, values, NULL);
	RowReader	reader = {.batch = batch};

	batch->count = 0;
	batch->problemCount = 0;
	batch->documents = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Document) * Max(rows, 1));
	reader.lines = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(DocumentLine) * Max(rows, 1));
	memset(reader.lines, 0, sizeof(DocumentLine) * Max(rows, 1));
	for (uint64 i = 0; i < rows; i++)
		ReadRow(&reader, SPI_tuptable->vals[i], SPI_tuptable->tupdesc, i);
	SPI_freetuptable(SPI_tuptable);
	if (rows < (uint64) maxRows)
		return rows;
	if (batch->count == 1)
		return maxRows >= DOCUMENT_LINES_MAX ? rows : ReadStep(batch, job, Min(maxRows * 2, DOCUMENT_LINES_MAX));
	return LeaveLast(batch, rows);
}

int64
LastRow(const DocumentBatch *batch)
{
	const Document *last = &batch->documents[batch->count - 1];

	return last->lines[last->lineCount - 1].stagedRow;
}
