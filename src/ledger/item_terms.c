#include "postgres.h"

#include "ledger/ledger.h"

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
	return terms != NULL ? DueDayOfTerms(terms, document->day) : document->day + line->party.paymentDays;
}
