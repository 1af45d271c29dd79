#include "postgres.h"

#include "ledger/check_vouchers.h"

/* Taxes of documents against the lines that they are of, and their rates (law 9). */

static const char *const pricingColumns[] = {"company_id", "document_id"};

static void
ReadPricing(void *state, const FactRow *row)
{
	VoucherCheck *books = state;
	CheckedDocument *document = FindFact(books->documents, RowInt32(row, 0), RowInt64(row, 1), 0);

	if (document != NULL)
		document->isPriced = true;
}

static const char *const taxColumns[] = {"company_id", "document_id", "tax_code_id", "rate", "base_amount", "tax_amount"};

static void
ReadTax(void *state, const FactRow *row)
{
	VoucherCheck *books = state;
	CheckedDocument *document = FindFact(books->documents, RowInt32(row, 0), RowInt64(row, 1), 0);
	CheckedTax *tax;
	bool		bad = false;
	bool		found;

	/* Whether it has a document and how many decimals it has, check_documents() says. */
	if (document == NULL)
		return;
	tax = AddFact(books->taxes, document->key.companyId, document->key.id, RowInt32(row, 2), &found);
	tax->isStated = true;
	tax->rate = RowFixed(row, 3, RATE_SCALE, &bad);
	tax->statedBase = RowAmount(row, 4, &bad);
	tax->amount = RowAmount(row, 5, &bad);
	document->tax += tax->amount;
}

void
ReadDocumentTaxes(VoucherCheck *books)
{
	ReadTable("document_pricing", pricingColumns, lengthof(pricingColumns), ReadPricing, books);
	ReadTable("document_tax", taxColumns, lengthof(taxColumns), ReadTax, books);
}

void
AddTaxedLine(VoucherCheck *books, const CheckedDocument *document, int32 taxCodeId, int128 amount)
{
	CheckedTax *tax;
	bool		found;

	if (taxCodeId == 0 || document->totalSign == 0)
		return;
	tax = AddFact(books->taxes, document->key.companyId, document->key.id, taxCodeId, &found);
	tax->base += amount;
	tax->hasLines = true;
}

/* What is wrong with a tax of a document, or NULL. How that of one with a pricing came about, check_document_pricing() says. */
static char *
TaxProblem(const CheckedTax *tax, const CheckedDocument *document)
{
	int128		due;

	if (!tax->isStated || !tax->hasLines)
		return tax->isStated ? "no line has this tax" : "the document has lines with this tax, and no tax";
	if (tax->base != tax->statedBase)
		return psprintf("base %s, the lines add up to %s", AmountString(tax->statedBase), AmountString(tax->base));
	if (document->isPriced || document->currency == NULL)
		return NULL;
	due = MultiplyRounded(tax->base, AMOUNT_SCALE, tax->rate, RATE_SCALE, document->currency->value);
	return due == tax->amount ? NULL : psprintf("tax %s, by its rate %s", AmountString(tax->amount), AmountString(due));
}

void
CheckDocumentTaxes(const VoucherCheck *books)
{
	for (int64 i = 0; i < FactCount(books->taxes); i++)
	{
		const CheckedTax *tax = FactAt(books->taxes, i);
		const CheckedDocument *document = FindFact(books->documents, tax->key.companyId, tax->key.id, 0);
		char	   *problem;

		ErpCheckInterrupts();
		if (document == NULL || (problem = TaxProblem(tax, document)) == NULL)
			continue;
		ReportViolation(books->check, "document_taxes", tax->key.companyId,
						psprintf("document " INT64_FORMAT ", tax code %d", tax->key.id, tax->key.lineNo), problem);
	}
}
