#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/bulk_insert.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/conversion.h"
#include "inventory/inventory.h"

static const char *const entryColumns[] = {
	"company_id", "move_id", "source_move_id", "voucher_id", "entry_no", "inventory_line_no", "counter_line_no",
	"cause", "quantity", "amount"
};

static KeptPlan valuePlan = {
	.query = "SELECT m.quantity, COALESCE((SELECT pg_catalog.sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = $1 AND e.move_id = $2),"
	" CASE m.cost_pool_id WHEN -1 THEN 0 END)"
	"  FROM erp.stock_move m WHERE m.company_id = $1 AND m.move_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

MoveValue
StoredValue(const DocumentBatch *batch, int64 moveId)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(moveId)};
	MoveValue	stored = {0};
	bool		missing = true;
	Datum		value = 0;

	if (RunPlan(&valuePlan, values, NULL) > 0)
		value = PlanValueOrNull(0, 2, &missing);
	if (missing)
		elog(ERROR, "the value of move " INT64_FORMAT " is not known yet", moveId);
	stored.quantity = QuantityFromDatum(PlanValue(0, 1));
	stored.value = AmountFromDatum(value);
	SPI_freetuptable(SPI_tuptable);
	return stored;
}

/* Entries are written one after the other; those of one cause have the same text. */
typedef struct EntryWriter
{
	BulkInsert *bulk;
	int32		companyId;
	MemoryContext context;		/* that outlives a row */
	const char *cause;			/* of the entry before */
	Datum		causeText;
} EntryWriter;

typedef struct EntryPlace
{
	EntryLines	lines;
	const char *cause;
} EntryPlace;

static Datum
CauseText(EntryWriter *writer, const char *cause)
{
	MemoryContext previous;

	if (cause == writer->cause)
		return writer->causeText;
	previous = MemoryContextSwitchTo(writer->context);
	writer->cause = cause;
	writer->causeText = CStringGetTextDatum(cause);
	MemoryContextSwitchTo(previous);
	return writer->causeText;
}

static void
InsertEntry(EntryWriter *writer, int64 moveId, int entryNo, int64 sourceMoveId, const EntryPlace *place, int128 quantity, int128 amount)
{
	Datum		values[lengthof(entryColumns)];
	int			i = 0;

	values[i++] = Int32GetDatum(writer->companyId);
	values[i++] = Int64GetDatum(moveId);
	values[i++] = Int64GetDatum(sourceMoveId);
	values[i++] = Int64GetDatum(place->lines.voucherId);
	values[i++] = Int32GetDatum(entryNo);
	values[i++] = Int32GetDatum(place->lines.inventoryLineNo);
	values[i++] = Int32GetDatum(place->lines.counterLineNo);
	values[i++] = CauseText(writer, place->cause);
	values[i++] = QuantityGetDatum(quantity);
	values[i++] = AmountGetDatum(amount);
	BulkInsertRow(writer->bulk, values, NULL);
}

static bool
IsAmong(const char *cause, const char *const *causes, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (strcmp(cause, causes[i]) == 0)
			return true;
	}
	return false;
}

bool
IsGivenCause(const char *cause)
{
	static const char *const causes[] = {"receipt", "landed", "bill", "amendment", "revaluation"};

	return IsAmong(cause, causes, lengthof(causes));
}

/* As the index of what is learned later says it. */
bool
IsLaterCause(const char *cause)
{
	static const char *const causes[] = {"landed", "bill", "amendment", "revaluation", "replay"};

	return IsAmong(cause, causes, lengthof(causes));
}

static const char *
CauseOf(const DocumentLine *line)
{
	if (line->document->reversesDocumentId != 0)
		return "reversal";
	if (line->moveQuantity == 0)
		return "restatement";
	if (IsConsumed(line))
		return "consumption";
	if (IsProduct(line))
		return "production";
	if (line->role->carries && (line->moveQuantity < 0 || line->originMoveId != 0))
		return "transfer";
	if (line->moveQuantity < 0 && line->role->valueSource != VALUE_AMENDED)
		return "issue";
	return line->originMoveId != 0 && line->moveQuantity > 0 ? "return" : "receipt";
}

/*
 * An incoming move, or one of value alone, has one entry, whose source is what it returns; an outgoing one, or a change of method,
 * an entry per layer. What of a reversal has a counter that the rest has not, and what other standards changed, are entries of no quantity: each says what its lines took.
 */
static void
InsertEntriesOf(EntryWriter *writer, const StockRun *run, const DocumentLine *line)
{
	EntryPlace	countered = {{line->document->voucherId, line->inventoryLineNo, line->counterLineNo}, CauseOf(line)};
	EntryPlace	place = countered;
	int128		restated = line->restatedLineNo == 0 ? 0 : line->restatedValue;
	int128		apart = AddExact(line->counteredValue, restated);
	int			entryNo = Max(line->edgeCount, 1);

	if (line->costPoolId == NO_COST_POOL)
		return;
	if (line->counteredValue != 0)
		place.lines.counterLineNo = 0;
	if (line->edgeCount == 0)
		InsertEntry(writer, line->moveId, 1, line->originMoveId, &place, line->moveQuantity, SubtractExact(line->moveValue, apart));
	for (int i = 0; i < line->edgeCount; i++)
	{
		const CostEdge *edge = &run->edges.edges[line->firstEdge + i];
		int128		amount = NegateExact(edge->amount);

		InsertEntry(writer, line->moveId, i + 1, edge->sourceMoveId, &place, NegateExact(edge->quantity), i == 0 ? SubtractExact(amount, apart) : amount);
	}
	if (line->counteredValue != 0)
		InsertEntry(writer, line->moveId, ++entryNo, line->originMoveId, &countered, 0, line->counteredValue);
	countered.lines.counterLineNo = line->restatedLineNo;
	if (restated != 0)
		InsertEntry(writer, line->moveId, ++entryNo, line->originMoveId, &countered, 0, restated);
}

static void
InsertChanges(EntryWriter *writer, const StockRun *run)
{
	for (int i = 0; i < run->changeCount; i++)
	{
		const CostChange *change = &run->changes[i];
		const ChangedMove *move = &run->changedMoves[change->move];
		EntryPlace	place = {{run->adjustments[move->adjustment].document->voucherId, 1, 2}, "replay"};

		InsertEntry(writer, move->moveId, change->entryNo, change->sourceMoveId, &place, change->quantity, change->amount);
	}
}

/* What lines add to the cost of moves that stand is of no quantity: an entry more of the receipt itself. */
static void
InsertParts(EntryWriter *writer, const StockRun *run)
{
	for (int i = 0; i < run->partCount; i++)
	{
		const CostPart *part = run->parts[i];
		EntryPlace	place = {{part->line.document->voucherId, part->line.inventoryLineNo, part->line.counterLineNo}, part->cause};

		if (part->line.moveValue != 0)
			InsertEntry(writer, part->line.moveId, part->entryNo, 0, &place, 0, part->line.moveValue);
	}
}

/* What moves within its pool, or belongs to others, has no cost to write. */
static bool
HasCosts(const StockRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		if (run->lines[i]->costPoolId != NO_COST_POOL)
			return true;
	}
	return run->partCount > 0 || run->changeCount > 0;
}

void
StoreCosts(StockRun *run)
{
	EntryWriter writer = {.companyId = run->batch->company->companyId, .context = CurrentMemoryContext};
	MemoryContext previous;

	if (!HasCosts(run))
		return;
	writer.bulk = BeginBulkInsert("erp", "cost_entry", entryColumns, lengthof(entryColumns));
	previous = MemoryContextSwitchTo(BulkInsertContext(writer.bulk));
	for (int i = 0; i < run->lineCount; i++)
		InsertEntriesOf(&writer, run, run->lines[i]);
	InsertParts(&writer, run);
	InsertChanges(&writer, run);
	MemoryContextSwitchTo(previous);
	EndBulkInsert(writer.bulk);
}
