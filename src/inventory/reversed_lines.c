/*
 * Lines and taxes of a reversal: those of the original, negated.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "inventory/inventory.h"

/* Where the rows of a document are looked up; what lines of items need is opened for the first of them. */
typedef struct LineProbes
{
	int32		companyId;
	IndexProbe *lines;
	IndexProbe *items;
	IndexProbe *moves;
} LineProbes;

void
TakeStoredItem(IndexProbe *items, int32 companyId, DocumentLine *line)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int32GetDatum(line->itemId)};
	TupleTableSlot *row;

	ProbeIndex(items, values, 2);
	row = NextProbedRow(items);
	if (row == NULL)
		return;
	line->itemGroup = MasterText(TextDatumGetCString(ProbedColumn(items, row, "item_group")));
	line->secondUnitId = DatumGetInt32(ProbedColumn(items, row, "second_unit_id"));
	line->tracking = FindTracking(TextDatumGetCString(ProbedColumn(items, row, "tracking")));
	line->method = FindCostMethod(TextDatumGetCString(ProbedColumn(items, row, "costing_method")));
}

static void
CopyItem(LineProbes *probes, DocumentLine *line)
{
	if (probes->items == NULL)
		probes->items = OpenIndexProbe("erp", "item", "item_key", PROBE_LATEST);
	TakeStoredItem(probes->items, probes->companyId, line);
}

/* The row of a move of the line; NULL if there is none of this leg. */
static TupleTableSlot *
FindMove(LineProbes *probes, const DocumentLine *line, int leg)
{
	Datum		values[4] = {
		Int32GetDatum(probes->companyId), Int64GetDatum(line->document->reversesDocumentId), Int32GetDatum(line->lineNo), Int16GetDatum((int16) leg)
	};

	if (probes->moves == NULL)
		probes->moves = OpenIndexProbe("erp", "stock_move", "stock_move_line_key", PROBE_LATEST);
	ProbeIndex(probes->moves, values, 4);
	return NextProbedRow(probes->moves);
}

static void
TakeMove(const IndexProbe *moves, TupleTableSlot *row, DocumentLine *line)
{
	line->isStock = true;
	line->originMoveId = DatumGetInt64(ProbedColumn(moves, row, "move_id"));
	line->originDocumentId = line->document->reversesDocumentId;
	line->originLineNo = line->lineNo;
	line->costPoolId = DatumGetInt64(ProbedColumn(moves, row, "cost_pool_id"));
	line->baseQuantity = QuantityFromDatum(ProbedColumn(moves, row, "quantity"));
	if (line->role->direction == STOCK_IN)
		line->baseQuantity = NegateExact(line->baseQuantity);
	line->warehouseId = DatumGetInt32(ProbedColumn(moves, row, "warehouse_id"));
	line->locationId = DatumGetInt32(ProbedColumn(moves, row, "location_id"));
	line->lotId = DatumGetInt64(ProbedColumn(moves, row, "lot_id"));
	line->ownerId = DatumGetInt32(ProbedColumn(moves, row, "owner_id"));
	line->stateId = DatumGetInt16(ProbedColumn(moves, row, "stock_state_id"));
}

/* The move of the line, if it moved stock, and the second one of what was carried. */
static void
CopyMove(LineProbes *probes, DocumentLine *line)
{
	TupleTableSlot *row = FindMove(probes, line, 1);
	DocumentLine *pair;

	if (row == NULL)
		return;
	TakeMove(probes->moves, row, line);
	if (!line->role->carries || (row = FindMove(probes, line, 2)) == NULL)
		return;
	pair = palloc(sizeof(DocumentLine));
	*pair = *line;
	pair->leg = 2;
	pair->quantity = NegateExact(line->quantity);
	TakeMove(probes->moves, row, pair);
	line->pairedLine = pair;
}

static void
CopyPrice(DocumentLine *line, TupleTableSlot *row, AttrNumber column)
{
	bool		isNull;
	Datum		price = slot_getattr(row, column, &isNull);

	line->hasPrice = !isNull;
	line->unitPrice = isNull ? 0 : PriceFromDatum(price);
}

/* What its amount came from, negated; percentages stay. */
static void
CopyLinePricing(const IndexProbe *lines, DocumentLine *line, TupleTableSlot *row)
{
	bool		isNull;
	Datum		amount = slot_getattr(row, ProbeColumn(lines, "price_amount"), &isNull);
	Datum		percent;

	if (isNull)
		return;
	line->pricing = palloc0(sizeof(LinePricing));
	line->pricing->priceAmount = NegateExact(AmountFromDatum(amount));
	line->pricing->discount = NegateExact(AmountFromDatum(ProbedColumn(lines, row, "discount")));
	line->pricing->documentDiscount = NegateExact(AmountFromDatum(ProbedColumn(lines, row, "document_discount")));
	percent = slot_getattr(row, ProbeColumn(lines, "discount_percent"), &isNull);
	line->pricing->hasPercent = !isNull;
	line->pricing->percent = isNull ? 0 : PercentFromDatum(percent);
}

static void
CopyLine(LineProbes *probes, Document *document, DocumentLine *line, TupleTableSlot *row)
{
	const IndexProbe *lines = probes->lines;
	int32		taxCodeId = DatumGetInt32(ProbedColumn(lines, row, "tax_code_id"));

	line->document = document;
	line->lineNo = DatumGetInt32(ProbedColumn(lines, row, "line_no"));
	line->role = FindRole(TextDatumGetCString(ProbedColumn(lines, row, "line_role")));
	line->party = document->party;
	line->itemId = DatumGetInt32(ProbedColumn(lines, row, "item_id"));
	line->warehouseId = DatumGetInt32(ProbedColumn(lines, row, "warehouse_id"));
	line->accountId = DatumGetInt32(ProbedColumn(lines, row, "account_id"));
	line->taxCode = taxCodeId == 0 ? NULL : FindTaxCodeById(probes->companyId, taxCodeId);
	line->dimensionSetId = DatumGetInt32(ProbedColumn(lines, row, "dimension_set_id"));
	line->unitId = DatumGetInt32(ProbedColumn(lines, row, "unit_id"));
	line->voucherLineNo = DatumGetInt32(ProbedColumn(lines, row, "voucher_line_no"));
	line->quantity = NegateExact(QuantityFromDatum(ProbedColumn(lines, row, "quantity")));
	line->secondQuantity = NegateExact(QuantityFromDatum(ProbedColumn(lines, row, "second_quantity")));
	CopyPrice(line, row, ProbeColumn(lines, "unit_price"));
	CopyLinePricing(lines, line, row);
	line->amount = NegateExact(AmountFromDatum(ProbedColumn(lines, row, "amount")));
	if (line->itemId == 0)
		return;
	CopyItem(probes, line);
	CopyMove(probes, line);
}

static DocumentLine *
NextLine(Document *document, int *capacity)
{
	if (document->lineCount == *capacity)
	{
		*capacity = Max(4, *capacity * 2);
		document->lines = document->lines == NULL ? palloc(sizeof(DocumentLine) * *capacity) :
			repalloc_huge(document->lines, sizeof(DocumentLine) * *capacity);
	}
	return memset(&document->lines[document->lineCount++], 0, sizeof(DocumentLine));
}

void
CopyReversedLines(DocumentBatch *batch, Document *document)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(document->reversesDocumentId)};
	LineProbes	probes = {.companyId = batch->company->companyId};
	int			capacity = 0;
	TupleTableSlot *row;

	probes.lines = OpenIndexProbe("erp", "document_line", "document_line_key", PROBE_LATEST);
	ProbeIndex(probes.lines, values, 2);
	while ((row = NextProbedRow(probes.lines)) != NULL)
	{
		DocumentLine *line = NextLine(document, &capacity);

		CHECK_FOR_INTERRUPTS();
		CopyLine(&probes, document, line, row);
		document->total = AddExact(document->total, line->amount);
	}
	CloseIndexProbe(probes.lines);
	if (probes.items != NULL)
		CloseIndexProbe(probes.items);
	if (probes.moves != NULL)
		CloseIndexProbe(probes.moves);
}

static void
CopyTax(DocumentBatch *batch, Document *document, const IndexProbe *probe, TupleTableSlot *row)
{
	DocumentTax *tax;

	if (document->taxes == NULL)
		document->taxes = palloc(sizeof(DocumentTax));
	else
		document->taxes = repalloc(document->taxes, sizeof(DocumentTax) * (document->taxCount + 1));
	tax = memset(&document->taxes[document->taxCount++], 0, sizeof(DocumentTax));
	tax->rate = RateFromDatum(ProbedColumn(probe, row, "rate"));
	tax->baseAmount = NegateExact(AmountFromDatum(ProbedColumn(probe, row, "base_amount")));
	tax->taxAmount = NegateExact(AmountFromDatum(ProbedColumn(probe, row, "tax_amount")));
	tax->taxCode = FindTaxCodeById(batch->company->companyId, DatumGetInt32(ProbedColumn(probe, row, "tax_code_id")));
	document->total = AddExact(document->total, tax->taxAmount);
}

void
CopyReversedTaxes(DocumentBatch *batch, Document *document)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(document->reversesDocumentId)};
	IndexProbe *probe = OpenIndexProbe("erp", "document_tax", "document_tax_key", PROBE_LATEST);
	TupleTableSlot *row;

	ProbeIndex(probe, values, 2);
	while ((row = NextProbedRow(probe)) != NULL)
		CopyTax(batch, document, probe, row);
	CloseIndexProbe(probe);
}

static void
CopyPricing(Document *document, const IndexProbe *probe, TupleTableSlot *row)
{
	DocumentPricing *pricing = palloc0(sizeof(DocumentPricing));
	bool		isNull;
	Datum		percent = slot_getattr(row, ProbeColumn(probe, "discount_percent"), &isNull);

	pricing->includesTax = DatumGetBool(ProbedColumn(probe, row, "prices_include_tax"));
	pricing->taxPerLine = strcmp(TextDatumGetCString(ProbedColumn(probe, row, "tax_rounding")), "line") == 0;
	pricing->hasPercent = !isNull;
	pricing->percent = isNull ? 0 : PercentFromDatum(percent);
	pricing->discount = NegateExact(AmountFromDatum(ProbedColumn(probe, row, "discount")));
	pricing->cashStep = AmountFromDatum(ProbedColumn(probe, row, "cash_rounding"));
	pricing->cashMethod = CashMethodOf(TextDatumGetCString(ProbedColumn(probe, row, "cash_rounding_method")));
	document->pricing = pricing;
}

void
CopyReversedPricing(DocumentBatch *batch, Document *document)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(document->reversesDocumentId)};
	IndexProbe *probe = OpenIndexProbe("erp", "document_pricing", "document_pricing_key", PROBE_LATEST);
	TupleTableSlot *row;

	ProbeIndex(probe, values, 2);
	row = NextProbedRow(probe);
	if (row != NULL)
		CopyPricing(document, probe, row);
	CloseIndexProbe(probe);
}
