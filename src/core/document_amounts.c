#include "postgres.h"

#include "core/document.h"

DocumentTax *
TaxOfCode(Document *document, const TaxCodeInfo *code)
{
	DocumentTax *tax;

	for (int i = 0; i < document->taxCount; i++)
	{
		if (document->taxes[i].taxCode == code)
			return &document->taxes[i];
	}
	if (document->taxes == NULL)
		document->taxes = palloc0(sizeof(DocumentTax) * document->lineCount);
	tax = &document->taxes[document->taxCount++];
	tax->taxCode = code;
	return tax;
}

/* What was taken out of the line's price, or its own tax. */
static int128
TaxOfLine(const DocumentLine *line, int128 rate)
{
	const LinePricing *price = line->pricing;
	const Document *document = line->document;

	if (document->pricing->includesTax)
		return SubtractExact(AmountWithTax(price), line->amount);
	return MultiplyRounded(line->amount, AMOUNT_SCALE, rate, RATE_SCALE, document->currency->decimals);
}

/* Tax is rounded once per document and code, on the sum of its lines, or as the document's prices are meant. */
static int128
TaxAmount(const Document *document, const DocumentTax *tax)
{
	int128		sum = 0;

	if (document->pricing == NULL || !(document->pricing->includesTax || document->pricing->taxPerLine))
		return MultiplyRounded(tax->baseAmount, AMOUNT_SCALE, tax->rate, RATE_SCALE, document->currency->decimals);
	for (int i = 0; i < document->lineCount; i++)
	{
		if (document->lines[i].taxCode == tax->taxCode)
			sum = AddExact(sum, TaxOfLine(&document->lines[i], tax->rate));
	}
	return sum;
}

static void
ComputeTaxes(DocumentBatch *batch, Document *document)
{
	for (int i = 0; i < document->lineCount; i++)
	{
		DocumentLine *line = &document->lines[i];
		DocumentTax *tax;

		if (line->taxCode == NULL)
			continue;
		tax = TaxOfCode(document, line->taxCode);
		tax->baseAmount = AddExact(tax->baseAmount, line->amount);
	}
	for (int i = 0; i < document->taxCount; i++)
	{
		DocumentTax *tax = &document->taxes[i];

		if (!TaxRateOn(tax->taxCode, document->day, &tax->rate))
			ReportProblem(batch, document, NULL, "tax_code", tax->taxCode->code, ERRCODE_ERP_NO_TAX_RATE,
						  "the tax code has no rate on the day of the document");
		tax->taxAmount = TaxAmount(document, tax);
	}
}

/* The last line takes what the total is rounded by; without a difference there is no such line. */
static void
RoundForCash(Document *document)
{
	const DocumentPricing *pricing = document->pricing;
	int128		total = 0;

	if (pricing == NULL || pricing->cashStep == 0)
		return;
	for (int i = 0; i < document->lineCount; i++)
		total = AddExact(total, document->lines[i].amount);
	for (int i = 0; i < document->taxCount; i++)
		total = AddExact(total, document->taxes[i].taxAmount);
	document->lines[document->lineCount - 1].amount = SubtractExact(RoundToStep(total, pricing->cashStep, pricing->cashMethod), total);
	if (document->lines[document->lineCount - 1].amount == 0)
		document->lineCount--;
}

/* A manual voucher's credits count against its debits. */
static int128
SignedAmount(const DocumentLine *line)
{
	return line->isCredit ? NegateExact(line->amount) : line->amount;
}

/* Lines and taxes in company currency: the parts add up to the converted total. */
static void
ConvertDocument(Document *document, int decimals)
{
	int			count = document->lineCount + document->taxCount;
	int128	   *amounts = palloc(sizeof(int128) * count);
	int128	   *converted = palloc(sizeof(int128) * count);

	for (int i = 0; i < document->lineCount; i++)
		amounts[i] = SignedAmount(&document->lines[i]);
	for (int i = 0; i < document->taxCount; i++)
		amounts[document->lineCount + i] = document->taxes[i].taxAmount;

	ConvertAmounts(amounts, count, document->rate, decimals, converted);

	for (int i = 0; i < document->lineCount; i++)
	{
		DocumentLine *line = &document->lines[i];

		line->companyAmount = line->isCredit ? NegateExact(converted[i]) : converted[i];
	}
	for (int i = 0; i < document->taxCount; i++)
		document->taxes[i].companyAmount = converted[document->lineCount + i];
	pfree(amounts);
	pfree(converted);
}

/* Each entry of a manual voucher is an amount of its own and not a part: what they leave open is a rounding difference (ledger/rounding.c). */
static void
ConvertEntries(Document *document, int decimals)
{
	for (int i = 0; i < document->lineCount; i++)
		document->lines[i].companyAmount = MultiplyRounded(document->lines[i].amount, AMOUNT_SCALE, document->rate, RATE_SCALE, decimals);
}

static void
KeepCurrency(Document *document)
{
	for (int i = 0; i < document->lineCount; i++)
		document->lines[i].companyAmount = document->lines[i].amount;
	for (int i = 0; i < document->taxCount; i++)
		document->taxes[i].companyAmount = document->taxes[i].taxAmount;
}

/* Debits and credits of a manual voucher are the same amount twice. */
static void
SumDocument(Document *document)
{
	document->total = 0;
	document->companyTotal = 0;
	for (int i = 0; i < document->lineCount; i++)
	{
		const DocumentLine *line = &document->lines[i];

		if (IsEntry(line) && line->isCredit)
			continue;
		document->total = AddExact(document->total, line->amount);
		document->companyTotal = AddExact(document->companyTotal, line->companyAmount);
	}
	for (int i = 0; i < document->taxCount; i++)
	{
		document->total = AddExact(document->total, document->taxes[i].taxAmount);
		document->companyTotal = AddExact(document->companyTotal, document->taxes[i].companyAmount);
	}
}

void
ComputeAmounts(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->bad || document->repeated)
			continue;
		if (document->reversesDocumentId == 0)
		{
			ComputeTaxes(batch, document);
			RoundForCash(document);
		}
		if (document->currency == batch->company->currency)
			KeepCurrency(document);
		else if (document->lineCount > 0 && IsEntry(&document->lines[0]))
			ConvertEntries(document, batch->company->currency->decimals);
		else
			ConvertDocument(document, batch->company->currency->decimals);
		SumDocument(document);
		if (!AmountFits(document->total) || !AmountFits(document->companyTotal))
			ReportProblem(batch, document, NULL, "lines", NULL, ERRCODE_ERP_INVALID_FIELD,
						  "the total is out of the range of amounts");
	}
}
