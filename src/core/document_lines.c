#include "postgres.h"

#include "utils/builtins.h"

#include "core/bulk_insert.h"
#include "core/document.h"
#include "core/numeric_io.h"

static const char *const lineColumns[] = {
	"company_id", "document_id", "line_no", "line_role", "item_id", "warehouse_id", "account_id", "tax_code_id",
	"dimension_set_id", "unit_id", "voucher_line_no", "second_quantity", "quantity", "unit_price", "amount", "cost", "description",
	"price_amount", "discount_percent", "discount", "document_discount"
};

static void
PriceValues(const LinePricing *pricing, Datum *values, bool *nulls)
{
	nulls[0] = nulls[2] = nulls[3] = pricing == NULL;
	nulls[1] = pricing == NULL || !pricing->hasPercent;
	values[0] = values[1] = values[2] = values[3] = (Datum) 0;
	if (pricing == NULL)
		return;
	values[0] = AmountGetDatum(pricing->priceAmount);
	values[1] = PercentGetDatum(pricing->percent);
	values[2] = AmountGetDatum(pricing->discount);
	values[3] = AmountGetDatum(pricing->documentDiscount);
}

static void
InsertLine(BulkInsert *bulk, int32 companyId, const DocumentLine *line)
{
	Datum		values[lengthof(lineColumns)];
	bool		nulls[lengthof(lineColumns)] = {false};
	int			i = 0;

	values[i++] = Int32GetDatum(companyId);
	values[i++] = Int64GetDatum(line->document->documentId);
	values[i++] = Int32GetDatum(line->lineNo);
	values[i++] = CStringGetTextDatum(line->role->name);
	values[i++] = Int32GetDatum(line->itemId);
	values[i++] = Int32GetDatum(line->itemId != 0 ? line->warehouseId : 0);
	values[i++] = Int32GetDatum(line->accountId);
	values[i++] = Int32GetDatum(line->taxCode != NULL ? line->taxCode->taxCodeId : 0);
	values[i++] = Int32GetDatum(line->dimensionSetId);
	values[i++] = Int32GetDatum(line->unitId);
	values[i++] = Int32GetDatum(line->voucherLineNo);
	values[i++] = QuantityGetDatum(line->secondQuantity);
	values[i++] = QuantityGetDatum(line->quantity);
	nulls[i] = !line->hasPrice;
	values[i++] = line->hasPrice ? PriceGetDatum(line->unitPrice) : (Datum) 0;
	values[i++] = AmountGetDatum(line->amount);
	nulls[i] = !line->hasCost;
	values[i++] = line->hasCost ? AmountGetDatum(line->cost) : (Datum) 0;
	nulls[i] = line->fields[LINE_DESCRIPTION] == NULL;
	values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(line->fields[LINE_DESCRIPTION]);
	i++;
	PriceValues(line->pricing, &values[i], &nulls[i]);
	BulkInsertRow(bulk, values, nulls);
}

static const char *const taxColumns[] = {
	"company_id", "document_id", "tax_code_id", "rate", "base_amount", "tax_amount"
};

static void
InsertTax(BulkInsert *bulk, int32 companyId, const Document *document, const DocumentTax *tax)
{
	Datum		values[lengthof(taxColumns)];
	int			i = 0;

	values[i++] = Int32GetDatum(companyId);
	values[i++] = Int64GetDatum(document->documentId);
	values[i++] = Int32GetDatum(tax->taxCode->taxCodeId);
	values[i++] = RateGetDatum(tax->rate);
	values[i++] = AmountGetDatum(tax->baseAmount);
	values[i++] = AmountGetDatum(tax->taxAmount);
	BulkInsertRow(bulk, values, NULL);
}

static const char *const pricingColumns[] = {
	"company_id", "document_id", "prices_include_tax", "tax_rounding", "discount_percent", "discount", "cash_rounding", "cash_rounding_method"
};

static void
InsertPricing(BulkInsert *bulk, int32 companyId, const Document *document)
{
	const DocumentPricing *pricing = document->pricing;
	Datum		values[lengthof(pricingColumns)];
	bool		nulls[lengthof(pricingColumns)] = {false};
	int			i = 0;

	if (pricing == NULL)
		return;
	values[i++] = Int32GetDatum(companyId);
	values[i++] = Int64GetDatum(document->documentId);
	values[i++] = BoolGetDatum(pricing->includesTax);
	values[i++] = CStringGetTextDatum(pricing->taxPerLine ? "line" : "document");
	nulls[i] = !pricing->hasPercent;
	values[i++] = pricing->hasPercent ? PercentGetDatum(pricing->percent) : (Datum) 0;
	values[i++] = AmountGetDatum(pricing->discount);
	values[i++] = AmountGetDatum(pricing->cashStep);
	values[i] = CStringGetTextDatum(CashMethodNames[pricing->cashMethod]);
	BulkInsertRow(bulk, values, nulls);
}

static const char *const linkColumns[] = {
	"company_id", "document_id", "line_no", "link", "target_document_id", "target_line_no", "quantity", "amount", "company_amount"
};

static void
InsertLink(BulkInsert *bulk, int32 companyId, const Document *document, int lineNo, const char *link,
		   int64 targetDocumentId, int targetLineNo, int128 quantity, int128 amount, int128 companyAmount)
{
	Datum		values[lengthof(linkColumns)];
	int			i = 0;

	values[i++] = Int32GetDatum(companyId);
	values[i++] = Int64GetDatum(document->documentId);
	values[i++] = Int32GetDatum(lineNo);
	values[i++] = CStringGetTextDatum(link);
	values[i++] = Int64GetDatum(targetDocumentId);
	values[i++] = Int32GetDatum(targetLineNo);
	values[i++] = QuantityGetDatum(quantity);
	values[i++] = AmountGetDatum(amount);
	values[i++] = AmountGetDatum(companyAmount);
	BulkInsertRow(bulk, values, NULL);
}

/* What a line names is of one kind by its role: what it returns, amends, bills or, as a receipt, an approval or what takes goods that others brought, fulfils. */
static const char *
LinkOfLine(const DocumentLine *line)
{
	if (TakesBroughtGoods(line))
		return "fulfils";
	switch (line->role->valueSource)
	{
		case VALUE_AMENDED:
		case VALUE_RETURNED:
		case VALUE_UNSOLD:
			return "corrects";
		case VALUE_BILL:
		case VALUE_INVOICE:
			return "bills";
		case VALUE_AMOUNT:
		case VALUE_SOLD:
		case VALUE_NONE:
			return "fulfils";
		default:
			return "returns";
	}
}

static void
InsertLinksOfLine(BulkInsert *bulk, int32 companyId, const Document *document, const DocumentLine *line)
{
	for (int i = 0; i < line->partCount; i++)
	{
		const DocumentLine *part = &line->parts[i].line;

		InsertLink(bulk, companyId, document, line->lineNo, "costs", part->originDocumentId, part->originLineNo, 0, part->amount, part->moveValue);
	}
	for (int i = 0; i < document->madeFromCount && line->share != 0; i++)
		InsertLink(bulk, companyId, document, line->lineNo, "made_from", document->madeFrom[i], 0, line->share, 0, 0);
	if (line->originDocumentId == 0)
		return;
	if (line->named != NULL && !ChangesReceipt(line->role))
		InsertLink(bulk, companyId, document, line->lineNo, LinkOfLine(line), line->originDocumentId, line->originLineNo,
				   line->linkQuantity, line->linkAmount, line->linkCompanyAmount);
	else
		InsertLink(bulk, companyId, document, line->lineNo, LinkOfLine(line), line->originDocumentId, line->originLineNo,
				   ChangesReceipt(line->role) ? line->linkQuantity : line->baseQuantity, line->amount, line->companyAmount);
}

static void
InsertLinks(BulkInsert *bulk, int32 companyId, const Document *document)
{
	if (document->reversesDocumentId != 0)
		InsertLink(bulk, companyId, document, 0, "reverses", document->reversesDocumentId, 0, 0, document->total,
				   document->companyTotal);
	if (document->correctsDocumentId != 0)
		InsertLink(bulk, companyId, document, 0, "corrects", document->correctsDocumentId, 0, 0, document->total, document->companyTotal);
	if (document->settlesDocumentId != 0)
		InsertLink(bulk, companyId, document, 0, "settles", document->settlesDocumentId, 0, 0, document->total, document->companyTotal);
	for (int i = 0; i < document->lineCount && document->reversesDocumentId == 0; i++)
		InsertLinksOfLine(bulk, companyId, document, &document->lines[i]);
}

/* Runs insertDocument for every document that is new, into one table. */
static void
StoreTable(DocumentBatch *batch, const char *table, const char *const *columns, int columnCount,
		   void (*insertDocument) (BulkInsert *bulk, int32 companyId, const Document *document))
{
	BulkInsert *bulk = BeginBulkInsert("erp", table, columns, columnCount);
	MemoryContext previous = MemoryContextSwitchTo(BulkInsertContext(bulk));

	for (int i = 0; i < batch->count; i++)
	{
		const Document *document = &batch->documents[i];

		if (!document->bad && !document->repeated)
			insertDocument(bulk, batch->company->companyId, document);
	}
	MemoryContextSwitchTo(previous);
	EndBulkInsert(bulk);
}

/* An entry of a manual voucher is the voucher's line, and is stored as that alone. */
static bool
HasLines(const Document *document)
{
	return document->lineCount > 0 && !IsEntry(&document->lines[0]);
}

static void
InsertAllLines(BulkInsert *bulk, int32 companyId, const Document *document)
{
	for (int i = 0; i < document->lineCount && HasLines(document); i++)
		InsertLine(bulk, companyId, &document->lines[i]);
}

static void
InsertAllTaxes(BulkInsert *bulk, int32 companyId, const Document *document)
{
	for (int i = 0; i < document->taxCount; i++)
		InsertTax(bulk, companyId, document, &document->taxes[i]);
}

static bool
AnyDocument(const DocumentBatch *batch, bool (*test) (const Document *document))
{
	for (int i = 0; i < batch->count; i++)
	{
		if (!batch->documents[i].bad && !batch->documents[i].repeated && test(&batch->documents[i]))
			return true;
	}
	return false;
}

static bool
HasTaxes(const Document *document)
{
	return document->taxCount > 0;
}

static bool
HasPricing(const Document *document)
{
	return document->pricing != NULL;
}

static bool
HasLinks(const Document *document)
{
	if (document->reversesDocumentId != 0 || document->correctsDocumentId != 0 || document->settlesDocumentId != 0 ||
		document->madeFromCount > 0)
		return true;
	for (int i = 0; i < document->lineCount; i++)
	{
		if (document->lines[i].originDocumentId != 0 || document->lines[i].partCount > 0)
			return true;
	}
	return false;
}

void
StoreLines(DocumentBatch *batch)
{
	if (AnyDocument(batch, HasLines))
		StoreTable(batch, "document_line", lineColumns, lengthof(lineColumns), InsertAllLines);
	if (AnyDocument(batch, HasTaxes))
		StoreTable(batch, "document_tax", taxColumns, lengthof(taxColumns), InsertAllTaxes);
	if (AnyDocument(batch, HasPricing))
		StoreTable(batch, "document_pricing", pricingColumns, lengthof(pricingColumns), InsertPricing);
	if (AnyDocument(batch, HasLinks))
		StoreTable(batch, "document_link", linkColumns, lengthof(linkColumns), InsertLinks);
}
