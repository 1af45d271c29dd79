/*
 * The rounding difference of a manual voucher in a foreign currency: it
 * balances there, but each entry is rounded when it is converted. What they
 * leave open in the company's currency stands on a line of its own, without an
 * amount in the foreign currency, if the company's rule allows it.
 */
#include "postgres.h"

#include "ledger/posting.h"

/* What is open in the company's currency, debit positive; 0 where the voucher does not balance in its own: that is another error. */
static int128
RoundingDifference(const Voucher *voucher)
{
	int128		sum = 0;
	int128		companySum = 0;

	for (int i = 0; i < voucher->count; i++)
	{
		sum = AddExact(sum, voucher->lines[i].amount);
		companySum = AddExact(companySum, voucher->lines[i].companyAmount);
	}
	return sum == 0 ? companySum : 0;
}

/* The dimensions that all lines have in common as a set; none where they differ. */
static int32
CommonDimensions(const Voucher *voucher)
{
	int32		common = voucher->lines[0].dimensionSetId;

	for (int i = 1; i < voucher->count; i++)
	{
		if (voucher->lines[i].dimensionSetId != common)
			return 0;
	}
	return common;
}

static void
RefuseRounding(DocumentBatch *batch, Document *document, int128 difference)
{
	char		text[FIXED_TEXT_MAX];
	char		limit[FIXED_TEXT_MAX];

	FormatFixed(difference, AMOUNT_SCALE, text);
	FormatFixed(batch->company->roundingLimit, AMOUNT_SCALE, limit);
	ReportProblem(batch, document, NULL, "amount", NULL, ERRCODE_ERP_ROUNDING_REFUSED,
				  psprintf("converted one by one the lines do not balance in %s: debits exceed credits by %s, and the company allows %s",
						   batch->company->currency->code, text, limit));
}

void
AddRoundingLine(DocumentBatch *batch, Voucher *voucher)
{
	Document   *document = voucher->document;
	const CompanyInfo *company = batch->company;
	VoucherLine line = {0};
	int128		difference;

	if (document->currency == company->currency || voucher->count == 0 || !IsEntry(&document->lines[0]))
		return;
	difference = RoundingDifference(voucher);
	if (difference == 0)
		return;
	if ((difference < 0 ? NegateExact(difference) : difference) > company->roundingLimit)
	{
		RefuseRounding(batch, document, difference);
		return;
	}
	line.account = FindAccountById(company->companyId, company->roundingAccountId);
	line.currency = document->currency;
	line.dimensionSetId = CommonDimensions(voucher);
	line.isCredit = difference > 0;
	line.companyAmount = NegateExact(difference);
	line.summary = "";
	(void) AddVoucherLine(voucher, &line);
}
