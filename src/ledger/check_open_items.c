#include "postgres.h"

#include "ledger/check_vouchers.h"

/* Open items: the lines of control accounts, one to one, and in sum (law 4). Debit positive. */

typedef struct ControlLine
{
	FactKey		key;			/* the voucher and its line */
	int32		accountId;
	int32		partyId;
	int32		currencyId;
	DateADT		day;
	bool		hasItem;
	int128		amount;
	int128		companyAmount;
} ControlLine;

typedef struct ControlSum
{
	FactKey		key;			/* the account and, as line, the party */
	int128		items;
	int128		lines;
} ControlSum;

/* Sums are of all slices: the vouchers of a party are in many. */
void
BeginOpenItems(VoucherCheck *books)
{
	FactCheck  *check = books->check;

	books->controlLines = CreateFactMap(sizeof(ControlLine));
	if (check->kept == NULL)
	{
		MemoryContext former = MemoryContextSwitchTo(check->whole);

		check->kept = CreateFactMap(sizeof(ControlSum));
		MemoryContextSwitchTo(former);
	}
	books->controlSums = check->kept;
}

static ControlSum *
SumOf(VoucherCheck *books, int32 companyId, int32 accountId, int32 partyId)
{
	bool		found;

	return AddFact(books->controlSums, companyId, accountId, partyId, &found);
}

void
KeepControlLine(VoucherCheck *books, const CheckedLine *line)
{
	const MasterEntry *account = FindFact(books->masters[OF_ACCOUNT], line->companyId, line->references[OF_ACCOUNT], 0);
	ControlLine *kept;
	bool		found;

	/* A line of nothing is no open item. */
	if (account == NULL || !(account->value & ACCOUNT_OF_OPEN_ITEMS) || (line->amount == 0 && line->companyAmount == 0))
		return;
	kept = AddFact(books->controlLines, line->companyId, line->voucherId, line->lineNo, &found);
	kept->accountId = line->references[OF_ACCOUNT];
	kept->partyId = line->references[OF_PARTY];
	kept->currencyId = line->references[OF_CURRENCY];
	kept->day = line->day;
	kept->amount = line->amount;
	kept->companyAmount = line->companyAmount;
	SumOf(books, line->companyId, kept->accountId, kept->partyId)->lines += line->companyAmount;
}

/* An open item as its row says. */
typedef struct ItemRow
{
	int32		companyId;
	int64		openItemId;
	ControlLine said;
} ItemRow;

static bool
SameItem(const ControlLine *a, const ControlLine *b)
{
	return a->accountId == b->accountId && a->partyId == b->partyId && a->currencyId == b->currencyId
		&& a->day == b->day && a->amount == b->amount && a->companyAmount == b->companyAmount;
}

static void
CheckItem(const VoucherCheck *books, const ItemRow *item, const ControlLine *line)
{
	const ControlLine *said = &item->said;
	char	   *detail;

	if (line == NULL)
		detail = "has no line of a control account";
	else if (line->hasItem)
		detail = "is not the only one of its line";
	else if (SameItem(said, line))
		return;
	else
		detail = psprintf("%s, %s of account %d, party %d on %s; line: %s, %s of account %d, party %d on %s",
						  AmountString(said->amount), AmountString(said->companyAmount), said->accountId, said->partyId,
						  DayString(said->day), AmountString(line->amount), AmountString(line->companyAmount),
						  line->accountId, line->partyId, DayString(line->day));
	ReportViolation(books->check, "open_items", item->companyId, psprintf("open item " INT64_FORMAT, item->openItemId), detail);
}

static const char *const itemColumns[] = {
	"company_id", "open_item_id", "voucher_id", "line_no", "account_id", "party_id", "currency_id", "day", "amount", "company_amount"
};

static void
ReadOpenItem(void *state, const FactRow *row)
{
	VoucherCheck *books = state;
	ItemRow		item = {
		.companyId = RowInt32(row, 0), .openItemId = RowInt64(row, 1),
		.said = {
			.key = {.id = RowInt64(row, 2), .lineNo = RowInt32(row, 3)},
			.accountId = RowInt32(row, 4), .partyId = RowInt32(row, 5), .currencyId = RowInt32(row, 6), .day = RowDay(row, 7)
		}
	};
	const CheckedVoucher *voucher = FindFact(books->vouchers, item.companyId, item.said.key.id, 0);
	ControlLine *line;
	bool		bad = false;

	if (!InSlice(books->check, voucher == NULL ? item.said.key.id : voucher->documentId))
		return;
	item.said.amount = RowAmount(row, 8, &bad);
	item.said.companyAmount = RowAmount(row, 9, &bad);
	line = FindFact(books->controlLines, item.companyId, item.said.key.id, item.said.key.lineNo);
	CheckItem(books, &item, line);
	if (line != NULL)
		line->hasItem = true;
	SumOf(books, item.companyId, item.said.accountId, item.said.partyId)->items += item.said.companyAmount;
}

static void
CheckControlLines(const VoucherCheck *books)
{
	for (int64 i = 0; i < FactCount(books->controlLines); i++)
	{
		const ControlLine *line = FactAt(books->controlLines, i);

		ErpCheckInterrupts();
		if (!line->hasItem)
			ReportViolation(books->check, "open_items", line->key.companyId, LineName("voucher", line->key.id, line->key.lineNo),
							"is on a control account, but is no open item");
	}
}

/* Settlements take as much from one item as from another of the account and party: they cancel out in these sums. */
static void
CheckControlSums(const VoucherCheck *books)
{
	for (int64 i = 0; i < FactCount(books->controlSums); i++)
	{
		const ControlSum *sum = FactAt(books->controlSums, i);
		const MasterEntry *account = FindFact(books->masters[OF_ACCOUNT], sum->key.companyId, sum->key.id, 0);
		const MasterEntry *party = FindFact(books->masters[OF_PARTY], sum->key.companyId, sum->key.lineNo, 0);

		ErpCheckInterrupts();
		if (sum->items != sum->lines)
			ReportViolation(books->check, "control_accounts", sum->key.companyId,
							psprintf("account %s, party %s", account == NULL ? "unknown" : account->code, party == NULL ? "unknown" : party->code),
							psprintf("open items %s, account %s", AmountString(sum->items), AmountString(sum->lines)));
	}
}

void
ReadOpenItems(VoucherCheck *books)
{
	ReadTable("open_item", itemColumns, lengthof(itemColumns), ReadOpenItem, books);
	CheckControlLines(books);
	if (books->check->slice == books->check->slices - 1)
		CheckControlSums(books);
}
