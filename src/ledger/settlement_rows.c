/*
 * The rows of a settlement, and what it posts: a line on the account of the
 * item, which is an open item of its own and settled with it at once, against
 * the account that the posting rules give for the reason. So open items add up
 * to their account at every moment (law 4).
 */
#include "postgres.h"

#include "ledger/settlement.h"

void
BeginSettlementVoucher(SettlementRun *run, Settlement *settlement)
{
	if (run->set == NULL)
	{
		run->set = palloc0(sizeof(VoucherSet));
		run->builder = BeginVouchers(&run->batch, run->set);
	}
	settlement->voucher = AddVoucher(run->set, settlement->document);
}

void
EndSettlementVoucher(SettlementRun *run, Settlement *settlement)
{
	/* What posts nothing needs no review: no account changes. */
	if (settlement->voucher->count > 0 && WantsReview(&run->batch))
		RefuseNode(settlement->node, ERRCODE_ERP_REVIEW_REQUIRED,
				   "the company posts differences, discounts and write-offs of settlements from a reviewed draft only");
	if (settlement->voucher->count > 0)
		TakeVoucherId(settlement->document);
	else
		run->set->count--;
	/* The next one may move it. */
	settlement->voucher = NULL;
}

bool
IsDebitItem(int128 amount, int128 companyAmount)
{
	return amount > 0 || (amount == 0 && companyAmount > 0);
}

void
SettleItem(OpenItem *item, int128 amount, int128 companyAmount)
{
	item->settled = AddExact(item->settled, amount);
	item->companySettled = AddExact(item->companySettled, companyAmount);
}

SettlementRow *
AddSettlementRow(Settlement *settlement, int64 debitItemId, int64 creditItemId, int128 amount, int128 companyAmount)
{
	SettlementRow *row;

	if (settlement->rowCount == settlement->rowCapacity)
	{
		settlement->rowCapacity = Max(4, settlement->rowCapacity * 2);
		if (settlement->rows == NULL)
			settlement->rows = palloc(sizeof(SettlementRow) * settlement->rowCapacity);
		else
			settlement->rows = repalloc_huge(settlement->rows, sizeof(SettlementRow) * settlement->rowCapacity);
	}
	row = &settlement->rows[settlement->rowCount++];
	memset(row, 0, sizeof(SettlementRow));
	row->settlementId = NextIdentity("settlement", "settlement_id");
	row->debitItemId = debitItemId;
	row->creditItemId = creditItemId;
	row->amount = amount;
	row->companyAmount = companyAmount;
	return row;
}

DocumentLine *
AddSettlementLine(Settlement *settlement, const LineRoleInfo *role, int128 amount)
{
	Document   *document = settlement->document;
	DocumentLine *line;

	if (document->lineCount == settlement->lineCapacity)
	{
		settlement->lineCapacity = Max(2, settlement->lineCapacity * 2);
		if (document->lines == NULL)
			document->lines = palloc(sizeof(DocumentLine) * settlement->lineCapacity);
		else
			document->lines = repalloc_huge(document->lines, sizeof(DocumentLine) * settlement->lineCapacity);
	}
	line = &document->lines[document->lineCount++];
	memset(line, 0, sizeof(DocumentLine));
	line->document = document;
	line->lineNo = document->lineCount;
	line->role = role;
	line->amount = amount;
	line->companyAmount = amount;
	document->total = AddExact(document->total, amount);
	document->companyTotal = document->total;
	return line;
}

int64
AddControlLine(SettlementRun *run, Settlement *settlement, const OpenItem *item, bool isCredit, int128 amount, int128 companyAmount)
{
	VoucherLine line = {0};

	line.account = MirroredAccount(run->batch.company->companyId, item->accountId);
	line.currency = item->currency;
	line.party = item->party;
	line.documentLineNo = settlement->document->lineCount;
	line.isCredit = isCredit;
	line.amount = amount;
	line.companyAmount = companyAmount;
	line.openItemId = NextIdentity("open_item", "open_item_id");
	line.summary = "";
	(void) AddVoucherLine(settlement->voucher, &line);
	return line.openItemId;
}

SettlementRow *
AddAdjustment(SettlementRun *run, Settlement *settlement, OpenItem *item, const char *role, const TaxCodeInfo *taxCode,
			  int128 amount, int128 companyAmount)
{
	bool		debit = IsDebitItem(item->amount, item->companyAmount);
	DocumentLine *line = AddSettlementLine(settlement, FindRole(role), companyAmount);
	int64		closing;

	line->taxCode = taxCode;
	/* Rules may ask for it; most settlements post nothing. */
	settlement->document->party.groupNumber = PartyGroup(run->batch.company->companyId, settlement->document->party.partyId);
	/* What closes a debit is a credit. */
	closing = AddControlLine(run, settlement, item, IsDebitItem(amount, companyAmount), NegateExact(amount), NegateExact(companyAmount));
	AddByRule(run->builder, settlement->voucher, line, item->currency, amount, companyAmount);
	SettleItem(item, amount, companyAmount);
	return debit ? AddSettlementRow(settlement, item->openItemId, closing, amount, companyAmount) :
		AddSettlementRow(settlement, closing, item->openItemId, NegateExact(amount), NegateExact(companyAmount));
}
