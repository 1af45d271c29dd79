#include "postgres.h"

#include "ledger/ledger.h"
#include "ledger/posting.h"

/* The party's terms of the side on which the account stands. */
static int32
PartyTermsId(const VoucherLine *line)
{
	switch (line->account->control)
	{
		case CONTROL_RECEIVABLE:
			return line->party.customerTermsId;
		case CONTROL_PAYABLE:
		case CONTROL_ACCRUED_PAYABLE:
			return line->party.supplierTermsId;
		default:
			return 0;
	}
}

/* A reversal is settled at once with what it reverses. */
const PaymentTermsInfo *
ItemTerms(int32 companyId, const Document *document, const VoucherLine *line)
{
	AccountControl control = line->account->control;

	if (document->reversesDocumentId != 0 || !HasPaymentTerms(document->kind))
		return NULL;
	if (document->terms != NULL)
		return control == CONTROL_RECEIVABLE || control == CONTROL_PAYABLE || control == CONTROL_ACCRUED_PAYABLE ? document->terms : NULL;
	return FindPaymentTermsById(companyId, PartyTermsId(line));
}

DateADT
DueDay(int32 companyId, const Document *document, const VoucherLine *line)
{
	const PaymentTermsInfo *terms;

	if (document->dueDayGiven)
		return document->dueDay;
	terms = ItemTerms(companyId, document, line);
	return terms != NULL ? DueDayOfTerms(terms, line->instalmentNo, document->day) : document->day + line->party.paymentDays;
}

/* The first instalment that is something stays on the line, the others come behind all lines: none has its number changed. */
static void
SplitLine(Voucher *voucher, int number, const PaymentTermsInfo *terms, int companyDecimals)
{
	VoucherLine whole = voucher->lines[number];
	int128	   *parts = palloc(sizeof(int128) * terms->instalmentCount);
	int128	   *companyParts = palloc(sizeof(int128) * terms->instalmentCount);
	bool		first = true;

	PartByInstalments(terms, whole.amount, whole.currency->decimals, parts);
	AllocateAmount(whole.companyAmount, parts, terms->instalmentCount, companyDecimals, companyParts);
	for (int i = 0; i < terms->instalmentCount; i++)
	{
		VoucherLine *line = &voucher->lines[number];

		if (parts[i] == 0)
			continue;
		if (!first)
		{
			VoucherLine other = whole;

			int			added;

			other.quantity = 0;
			added = AddVoucherLine(voucher, &other);
			line = &voucher->lines[added - 1];
		}
		first = false;
		line->instalmentNo = i + 1;
		line->amount = parts[i];
		line->companyAmount = companyParts[i];
	}
	pfree(parts);
	pfree(companyParts);
}

/* An entry of a manual voucher is the one line that it says. */
void
SplitInstalments(const DocumentBatch *batch, Voucher *voucher)
{
	int			count = voucher->count;

	for (int i = 0; i < count; i++)
	{
		const VoucherLine *line = &voucher->lines[i];
		const PaymentTermsInfo *terms;

		if (line->rule == NULL || line->amount == 0 || voucher->document->dueDayGiven ||
			(line->account->control != CONTROL_RECEIVABLE && line->account->control != CONTROL_PAYABLE))
			continue;
		terms = ItemTerms(batch->company->companyId, voucher->document, line);
		if (terms != NULL && terms->instalmentCount > 0)
			SplitLine(voucher, i, terms, batch->company->currency->decimals);
	}
}
