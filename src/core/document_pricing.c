/*
 * How the prices of a document are meant, where it says so: with tax inside,
 * with discounts of lines and of the whole, rounded for cash. What is left on
 * its lines is without tax and after all discounts, as on any other document;
 * what they came from is kept beside it.
 */
#include "postgres.h"

#include "core/document.h"
#include "core/document_field.h"
#include "core/document_unit.h"

#define CASH_ROLE "cash_rounding"

static bool
SaysPrices(const Document *document)
{
	for (int i = HEADER_PRICES_INCLUDE_TAX; i <= HEADER_CASH_ROUNDING; i++)
	{
		if (document->fields[i] != NULL)
			return true;
	}
	return false;
}

/* Of the lines: whether one has a discount, and whether one has tax. */
static void
AskLines(const Document *document, bool *hasDiscount, bool *hasTax)
{
	*hasDiscount = false;
	*hasTax = false;
	for (int i = 0; i < document->lineCount; i++)
	{
		const DocumentLine *line = &document->lines[i];

		*hasDiscount |= line->fields[LINE_DISCOUNT] != NULL || line->fields[LINE_DISCOUNT_PERCENT] != NULL;
		*hasTax |= line->taxCode != NULL;
	}
}

/* Whether the document states prices of its own, and not amounts that go from account to account, or what another's lines say. */
static bool
HasPrices(DocumentBatch *batch, Document *document)
{
	const char *reason = NULL;

	if (document->kind->totalSign == 0 || IsMoneyKind(document->kind))
		reason = psprintf("documents of kind %s have no prices", document->kind->name);
	for (int i = 0; i < document->lineCount && reason == NULL; i++)
	{
		if (ChangesReceipt(document->lines[i].role))
			reason = psprintf("a line of role %s has the price of the receipt that it changes, without tax", document->lines[i].role->name);
	}
	if (reason != NULL)
		ReportProblem(batch, document, NULL, NULL, NULL, ERRCODE_ERP_NO_PRICES, reason);
	return reason == NULL;
}

static void
ReadPriceTerms(DocumentBatch *batch, Document *document, DocumentPricing *pricing)
{
	const char *includes = document->fields[HEADER_PRICES_INCLUDE_TAX];
	const char *rounding = document->fields[HEADER_TAX_ROUNDING];

	if (includes != NULL && !ParseFlag(includes, &pricing->includesTax))
		ReportProblem(batch, document, NULL, "prices_include_tax", includes, ERRCODE_ERP_INVALID_FIELD, "true or false is expected");
	if (rounding == NULL)
		return;
	pricing->taxPerLine = strcmp(rounding, "line") == 0;
	if (!pricing->taxPerLine && strcmp(rounding, "document") != 0)
		ReportProblem(batch, document, NULL, "tax_rounding", rounding, ERRCODE_ERP_INVALID_FIELD, "document or line is expected");
}

static void
ReadCashStep(DocumentBatch *batch, Document *document, DocumentPricing *pricing)
{
	const char *step = document->fields[HEADER_CASH_ROUNDING];

	pricing->cashMethod = batch->company->cashMethod;
	if (!ReadNumber(batch, document, NULL, "cash_rounding", step, AMOUNT_SCALE, AMOUNT_DIGITS, &pricing->cashStep))
		return;
	if (pricing->cashStep <= 0 || pricing->cashStep % PowerOfTen(AMOUNT_SCALE - document->currency->decimals) != 0)
		ReportProblem(batch, document, NULL, "cash_rounding", step, ERRCODE_ERP_CASH_ROUNDING_REFUSED,
					  psprintf("a step above zero is expected, of a currency of %d decimals", document->currency->decimals));
}

static bool
IsBetweenZeroAnd(int128 value, int128 bound)
{
	return bound >= 0 ? value >= 0 && value <= bound : value <= 0 && value >= bound;
}

/* The discount of a line, or of a document (line NULL), on `whole`: an amount, or per cent of it. */
static int128
ReadDiscount(DocumentBatch *batch, Document *document, DocumentLine *line, int128 whole, bool *hasPercent, int128 *percent)
{
	const char *amountText = line != NULL ? line->fields[LINE_DISCOUNT] : document->fields[HEADER_DISCOUNT];
	const char *percentText = line != NULL ? line->fields[LINE_DISCOUNT_PERCENT] : document->fields[HEADER_DISCOUNT_PERCENT];
	int128		discount = 0;
	const char *reason = NULL;

	*hasPercent = ReadNumber(batch, document, line, "discount_percent", percentText, DISCOUNT_SCALE, DISCOUNT_DIGITS, percent);
	if (*hasPercent && !IsBetweenZeroAnd(*percent, PERCENT_WHOLE * PowerOfTen(DISCOUNT_SCALE)))
		reason = "a discount is from 0 to 100 per cent";
	else if (amountText != NULL && percentText != NULL)
		reason = "a discount is an amount or so much per cent, not both";
	else if (*hasPercent)
		discount = PercentOf(whole, *percent, document->currency->decimals);
	else if (ReadNumber(batch, document, line, "discount", amountText, AMOUNT_SCALE, AMOUNT_DIGITS, &discount))
	{
		CheckDecimals(batch, document, line, "discount", amountText, discount, document->currency->decimals);
		if (!IsBetweenZeroAnd(discount, whole))
			reason = "a discount as an amount lies between zero and what it is taken from";
	}
	if (reason != NULL)
		ReportProblem(batch, document, line, amountText != NULL ? "discount" : "discount_percent",
					  amountText != NULL ? amountText : percentText, ERRCODE_ERP_DISCOUNT_REFUSED, reason);
	return discount;
}

/* What rounds a total has no price, and so no discount: all of nothing. */
static void
DiscountLines(DocumentBatch *batch, Document *document)
{
	LinePricing *prices = palloc_extended(sizeof(LinePricing) * (Size) document->lineCount, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (int i = 0; i < document->lineCount; i++)
	{
		DocumentLine *line = &document->lines[i];
		LinePricing *price = &prices[i];

		price->priceAmount = line->role->isRounding ? 0 : line->amount;
		price->discount = ReadDiscount(batch, document, line, price->priceAmount, &price->hasPercent, &price->percent);
		if (line->role->isRounding)
			continue;
		line->pricing = price;
		line->amount = AmountWithTax(price);
	}
}

static void
DiscountDocument(DocumentBatch *batch, Document *document, DocumentPricing *pricing)
{
	int128	   *amounts;
	int128	   *parts;
	int128		sum = 0;

	if (document->fields[HEADER_DISCOUNT] == NULL && document->fields[HEADER_DISCOUNT_PERCENT] == NULL)
		return;
	amounts = palloc_extended(sizeof(int128) * (Size) document->lineCount, MCXT_ALLOC_HUGE);
	parts = palloc_extended(sizeof(int128) * (Size) document->lineCount, MCXT_ALLOC_HUGE);
	for (int i = 0; i < document->lineCount; i++)
	{
		amounts[i] = document->lines[i].role->isRounding ? 0 : document->lines[i].amount;
		sum = AddExact(sum, amounts[i]);
	}
	pricing->discount = ReadDiscount(batch, document, NULL, sum, &pricing->hasPercent, &pricing->percent);
	if (document->bad || (pricing->discount == 0 && !pricing->hasPercent))
		return;
	SpreadDiscount(amounts, document->lineCount, pricing->discount, pricing->hasPercent, pricing->percent, document->currency->decimals, parts);
	for (int i = 0; i < document->lineCount; i++)
	{
		DocumentLine *line = &document->lines[i];

		if (line->pricing == NULL)
			continue;
		line->pricing->documentDiscount = parts[i];
		line->amount = AmountWithTax(line->pricing);
	}
	pfree(amounts);
	pfree(parts);
}

/* The tax of one code out of the lines that have it. */
static void
TakeCodeOut(Document *document, const DocumentPricing *pricing, const DocumentTax *tax)
{
	int128	   *amounts = palloc_extended(sizeof(int128) * (Size) document->lineCount, MCXT_ALLOC_HUGE);
	int128	   *nets = palloc_extended(sizeof(int128) * (Size) document->lineCount, MCXT_ALLOC_HUGE);
	int			count = 0;

	for (int i = 0; i < document->lineCount; i++)
	{
		if (document->lines[i].taxCode == tax->taxCode)
			amounts[count++] = document->lines[i].amount;
	}
	TakeTaxOut(amounts, count, tax->rate, pricing->taxPerLine, document->currency->decimals, nets);
	count = 0;
	for (int i = 0; i < document->lineCount; i++)
	{
		if (document->lines[i].taxCode == tax->taxCode)
			document->lines[i].amount = nets[count++];
	}
	pfree(amounts);
	pfree(nets);
}

static void
TakeTaxesOut(Document *document, const DocumentPricing *pricing)
{
	for (int i = 0; i < document->lineCount; i++)
	{
		if (document->lines[i].taxCode != NULL)
			(void) TaxOfCode(document, document->lines[i].taxCode);
	}
	for (int i = 0; i < document->taxCount; i++)
	{
		/* That there is none was reported of the line. */
		if (TaxRateOn(document->taxes[i].taxCode, document->day, &document->taxes[i].rate))
			TakeCodeOut(document, pricing, &document->taxes[i]);
	}
}

void
TakePrices(DocumentBatch *batch, Document *document)
{
	DocumentPricing pricing = {.taxPerLine = batch->company->taxPerLine};
	bool		saysPrices = SaysPrices(document);
	bool		hasDiscount;
	bool		hasTax;

	if (document->bad)
		return;
	AskLines(document, &hasDiscount, &hasTax);
	if (!saysPrices && !hasDiscount && !(pricing.taxPerLine && hasTax))
		return;
	if ((saysPrices || hasDiscount) && !HasPrices(batch, document))
		return;
	ReadPriceTerms(batch, document, &pricing);
	ReadCashStep(batch, document, &pricing);
	pricing.taxPerLine &= hasTax;
	hasDiscount |= document->fields[HEADER_DISCOUNT] != NULL || document->fields[HEADER_DISCOUNT_PERCENT] != NULL;
	if (hasDiscount || pricing.includesTax)
		DiscountLines(batch, document);
	if (!document->bad)
		DiscountDocument(batch, document, &pricing);
	if (document->bad || !(hasDiscount || pricing.includesTax || pricing.taxPerLine || pricing.cashStep != 0))
		return;
	if (pricing.includesTax)
		TakeTaxesOut(document, &pricing);
	document->pricing = palloc(sizeof(DocumentPricing));
	*document->pricing = pricing;
}

void
AddCashLine(DocumentBatch *batch, Document *document)
{
	DocumentLine *lines;
	DocumentLine *added;

	if (document->kind == NULL || document->lineCount == 0)
		return;
	if (RoleOfKind(document->kind, CASH_ROLE) == NULL)
	{
		ReportProblem(batch, document, NULL, "cash_rounding", document->fields[HEADER_CASH_ROUNDING], ERRCODE_ERP_CASH_ROUNDING_REFUSED,
					  psprintf("documents of kind %s are not rounded for cash", document->kind->name));
		return;
	}
	lines = palloc_extended(sizeof(DocumentLine) * ((Size) document->lineCount + 1), MCXT_ALLOC_HUGE);
	memcpy(lines, document->lines, sizeof(DocumentLine) * (Size) document->lineCount);
	added = memset(&lines[document->lineCount], 0, sizeof(DocumentLine));
	added->document = document;
	added->lineNo = document->lineCount + 1;
	added->stagedRow = document->lines[document->lineCount - 1].stagedRow;
	added->fields[LINE_ROLE] = CASH_ROLE;
	added->fields[LINE_AMOUNT] = "0";
	document->lines = lines;
	document->lineCount++;
}
