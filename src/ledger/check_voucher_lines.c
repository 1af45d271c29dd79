#include "postgres.h"

#include "ledger/check_vouchers.h"

/* Vouchers in themselves: they balance (law 1), and what their lines say can be (laws 6, 9 and 10). */

/* Amount roles of posting rules, as the query of Masters numbers them. */
typedef enum AmountRole
{
	ROLE_OTHER,
	ROLE_AMOUNT,
	ROLE_TAX,
	ROLE_TOTAL
} AmountRole;

/* A line of a document names a line of its voucher by the number alone. */
static void
CountVoucher(VoucherCheck *books, int32 companyId, int64 documentId)
{
	CheckedDocument *document = FindFact(books->documents, companyId, documentId, 0);

	if (document != NULL && ++document->vouchers == 2)
		ReportViolation(books->check, "voucher_references", companyId, psprintf("document " INT64_FORMAT, documentId), "has more than one voucher");
}

static const char *const voucherColumns[] = {"company_id", "voucher_id", "document_id", "day", "period_id", "voucher_word_id"};

static void
ReadVoucher(void *state, const FactRow *row)
{
	VoucherCheck *books = state;
	int32		companyId = RowInt32(row, 0);
	int64		voucherId = RowInt64(row, 1);
	bool		found;
	CheckedVoucher *voucher = AddFact(books->vouchers, companyId, voucherId, 0, &found);

	if (found && books->check->slice == 0)
		ReportViolation(books->check, "voucher_references", companyId, psprintf("voucher " INT64_FORMAT, voucherId), "stands more than once");
	voucher->documentId = RowInt64(row, 2);
	voucher->day = RowDay(row, 3);
	voucher->wordId = RowInt32(row, 5);
	if (InSlice(books->check, voucher->documentId))
		CheckVoucherDay(books, voucher, RowInt32(row, 4));
	if (!found)
		CountVoucher(books, companyId, voucher->documentId);
}

static void
AddToVoucher(VoucherCheck *books, CheckedVoucher *voucher, int32 currencyId, int128 amount, int128 companyAmount)
{
	if (voucher->lines++ == 0)
		voucher->currencyId = currencyId;
	voucher->companyAmount += companyAmount;
	if (voucher->currencyId == currencyId)
		voucher->amount += amount;
	else
	{
		bool		found;
		CurrencySum *sum = AddFact(books->otherCurrencies, voucher->key.companyId, voucher->key.id, currencyId, &found);

		sum->amount += amount;
	}
}

static void
AddPosted(CheckedDocument *document, AmountRole role, int128 amount)
{
	if (role == ROLE_AMOUNT)
		document->postedAmount -= amount;
	else if (role == ROLE_TAX)
		document->postedTax -= amount;
	else if (role == ROLE_TOTAL)
		document->postedTotal += amount;
}

/* The first thing that the line refers to and that does not exist, or a heading that it stands on. */
static void
CheckLineReferences(const VoucherCheck *books, const CheckedLine *line)
{
	const MasterEntry *account = FindFact(books->masters[OF_ACCOUNT], line->companyId, line->references[OF_ACCOUNT], 0);
	char	   *detail = NULL;

	if (account == NULL)
		detail = psprintf("has the unknown account %d", line->references[OF_ACCOUNT]);
	else if (!(account->value & ACCOUNT_POSTABLE))
		detail = psprintf("is on the heading %s", account->code);
	for (int i = OF_PARTY; i < OF_UNIT && detail == NULL; i++)
	{
		if (IsUnknown(books, i, line->companyId, line->references[i]))
			detail = psprintf("has the unknown %s %d", ReferenceName(i), line->references[i]);
	}
	if (detail != NULL)
		ReportViolation(books->check, "voucher_references", line->companyId, LineName("voucher", line->voucherId, line->lineNo), detail);
}

static void
CheckLineDecimals(const VoucherCheck *books, const CheckedLine *line, bool bad)
{
	const MasterEntry *currency = FindFact(books->masters[OF_CURRENCY], 0, line->references[OF_CURRENCY], 0);
	int			companyDecimals = CompanyDecimals(books->check, line->companyId);
	int			decimals = currency == NULL ? AMOUNT_SCALE : currency->value;
	char	   *detail = NO_NUMBER;

	if (!bad && HasDecimals(line->amount, decimals) && HasDecimals(line->companyAmount, companyDecimals))
		return;
	if (!bad)
		detail = psprintf("amount %s: more than %d decimals of %s; or %s: more than %d of the company's currency",
						  AmountString(line->amount), decimals, currency == NULL ? "an unknown currency" : currency->code,
						  AmountString(line->companyAmount), companyDecimals);
	ReportViolation(books->check, "voucher_amounts", line->companyId, LineName("voucher", line->voucherId, line->lineNo), detail);
}

static void
CheckLineDay(const VoucherCheck *books, const CheckedLine *line, const CheckedVoucher *voucher)
{
	if (line->day != voucher->day)
		ReportViolation(books->check, "voucher_days", line->companyId, LineName("voucher", line->voucherId, line->lineNo),
						psprintf("day %s is not the voucher's day %s", DayString(line->day), DayString(voucher->day)));
}

static const char *const lineColumns[] = {
	"company_id", "voucher_id", "line_no", "day", "side", "account_id", "party_id", "currency_id", "tax_code_id", "dimension_set_id",
	"posting_rule_id", "cash_flow_item_id", "amount", "company_amount", "document_line_no"
};

/* A line of a manual voucher is an entry, or the rounding difference of all: which has no number, and no amount but in the company's currency. */
static void
CountEntry(const VoucherCheck *books, const CheckedLine *line, CheckedDocument *document, int32 entryNo)
{
	if (line->references[OF_POSTING_RULE] != 0 || (entryNo == 0 && line->amount != 0))
		ReportViolation(books->check, "voucher_references", line->companyId, LineName("voucher", line->voucherId, line->lineNo),
						"is no entry of its manual voucher");
	if (entryNo == 0)
		return;
	document->entries++;
	document->lastEntry = Max(document->lastEntry, entryNo);
	document->entryNumbers += entryNo;
}

static void
ReadVoucherLine(void *state, const FactRow *row)
{
	VoucherCheck *books = state;
	CheckedLine line = {.companyId = RowInt32(row, 0), .voucherId = RowInt64(row, 1), .lineNo = RowInt32(row, 2)};
	CheckedVoucher *voucher = FindFact(books->vouchers, line.companyId, line.voucherId, 0);
	CheckedDocument *document;
	const MasterEntry *rule;
	bool		bad = false;
	bool		found;

	if (!InSlice(books->check, voucher == NULL ? line.voucherId : voucher->documentId))
		return;
	if (voucher == NULL)
	{
		ReportViolation(books->check, "voucher_references", line.companyId, LineName("voucher", line.voucherId, line.lineNo), "has no voucher");
		return;
	}
	for (int i = OF_ACCOUNT; i <= OF_CASH_FLOW_ITEM; i++)
		line.references[i] = RowInt32(row, 5 + i);
	line.day = RowDay(row, 3);
	line.amount = RowAmount(row, 12, &bad);
	line.companyAmount = RowAmount(row, 13, &bad);
	CheckLineReferences(books, &line);
	CheckLineDecimals(books, &line, bad);
	CheckLineDay(books, &line, voucher);

	if (!RowIs(row, 4, "debit"))
	{
		line.amount = -line.amount;
		line.companyAmount = -line.companyAmount;
	}
	AddToVoucher(books, voucher, line.references[OF_CURRENCY], line.amount, line.companyAmount);
	KeepControlLine(books, &line);
	AddFact(books->postedLines, line.companyId, voucher->documentId, line.lineNo, &found);
	document = FindFact(books->documents, line.companyId, voucher->documentId, 0);
	rule = FindFact(books->masters[OF_POSTING_RULE], line.companyId, line.references[OF_POSTING_RULE], 0);
	if (document != NULL && rule != NULL)
		AddPosted(document, rule->value, line.amount);
	if (document != NULL && document->statesEntries)
		CountEntry(books, &line, document, RowInt32(row, 14));
}

static void
ReportImbalance(const VoucherCheck *books, const FactKey *voucher, int32 currencyId, int128 amount)
{
	const MasterEntry *currency = FindFact(books->masters[OF_CURRENCY], 0, currencyId, 0);

	if (amount != 0)
		ReportViolation(books->check, "vouchers_balance", voucher->companyId, psprintf("voucher " INT64_FORMAT, voucher->id),
						psprintf("does not balance in %s: %s", currency == NULL ? "an unknown currency" : currency->code,
								 AmountString(amount)));
}

static void
CheckBalance(const VoucherCheck *books)
{
	for (int64 i = 0; i < FactCount(books->vouchers); i++)
	{
		const CheckedVoucher *voucher = FactAt(books->vouchers, i);
		const char *detail = NULL;

		ErpCheckInterrupts();
		if (!InSlice(books->check, voucher->documentId))
			continue;
		ReportImbalance(books, &voucher->key, voucher->currencyId, voucher->amount);
		if (voucher->lines == 0)
			detail = "has no lines";
		else if (voucher->companyAmount != 0)
			detail = psprintf("does not balance in the company's currency: %s", AmountString(voucher->companyAmount));
		if (detail != NULL)
			ReportViolation(books->check, "vouchers_balance", voucher->key.companyId, psprintf("voucher " INT64_FORMAT, voucher->key.id), detail);
	}
	for (int64 i = 0; i < FactCount(books->otherCurrencies); i++)
	{
		const CurrencySum *sum = FactAt(books->otherCurrencies, i);

		ReportImbalance(books, &sum->key, sum->key.lineNo, sum->amount);
	}
}

void
ReadVouchers(VoucherCheck *books)
{
	BeginOpenItems(books);
	BeginVoucherDays(books);
	ReadTable("voucher", voucherColumns, lengthof(voucherColumns), ReadVoucher, books);
	ReadTable("voucher_line", lineColumns, lengthof(lineColumns), ReadVoucherLine, books);
	CheckBalance(books);
	ReadOpenItems(books);
	ReadVoucherNumbers(books);
}
