/*
 * Which open items of a settlement meet, and by how much. Each side offers
 * what its items have open, or the amounts given; the lesser sum meets. Given
 * amounts are used in full, the rest is taken oldest due day first.
 */
#include "postgres.h"

#include "ledger/settlement.h"

/* One side of a settlement, oldest due day first. */
typedef struct Side
{
	NamedItem **items;
	int			count;
	int128		given;			/* sum of the amounts given */
	int128		offered;		/* that, and what else is open */
} Side;

static int128
Magnitude(int128 value)
{
	return value < 0 ? NegateExact(value) : value;
}

int128
OpenAmount(const OpenItem *item)
{
	return Magnitude(SubtractExact(item->amount, item->settled));
}

/* The same in the company's currency, debit positive. */
static int128
CompanyRest(const OpenItem *item)
{
	return SubtractExact(item->companyAmount, item->companySettled);
}

static bool
IsCredit(const OpenItem *item)
{
	return item->amount < 0;
}

static void
CheckDecimals(const NamedItem *named, const char *name, int128 value)
{
	if (RoundAmount(value, AMOUNT_SCALE, named->item->currency->decimals) != value)
		RefuseMember(named->node, name, psprintf("has more decimals than %s", named->item->currency->code));
}

static void
CheckNamedItem(const Settlement *settlement, const NamedItem *named, const OpenItem *first)
{
	const OpenItem *item = named->item;

	if (item->party.partyId != first->party.partyId || item->accountId != first->accountId || item->currency != first->currency)
		RefuseNode(named->node, ERRCODE_ERP_NOT_OPPOSITE,
				   "the open item is of another party, account or currency than the first");
	if (OpenAmount(item) == 0 && CompanyRest(item) == 0)
		RefuseNode(named->node, ERRCODE_ERP_ALREADY_SETTLED, "the open item is settled already");
	if (settlement->document->postingDay < item->day)
		RefuseNode(named->node, ERRCODE_ERP_INVALID_FIELD, "a settlement is not earlier than what it settles");
	if (settlement->document->postingDay < item->lastUndone)
		RefuseNode(named->node, ERRCODE_ERP_INVALID_FIELD,
				   "a settlement is not earlier than the day on which another of its open item was undone");
	CheckDecimals(named, "amount", named->amount);
	CheckDecimals(named, "discount", named->discount);
	if (AddExact(named->amount, named->discount) > OpenAmount(item))
		RefuseNode(named->node, ERRCODE_ERP_OVER_SETTLED, "more is to be settled than the open item has open");
}

static int
CompareDueDay(const void *left, const void *right)
{
	const OpenItem *a = (*(NamedItem *const *) left)->item;
	const OpenItem *b = (*(NamedItem *const *) right)->item;

	if (a->dueDay != b->dueDay)
		return a->dueDay < b->dueDay ? -1 : 1;
	return a->openItemId < b->openItemId ? -1 : 1;
}

static Side
CollectSide(Settlement *settlement, bool credit)
{
	Side		side = {.items = palloc(sizeof(NamedItem *) * settlement->itemCount)};

	for (int i = 0; i < settlement->itemCount; i++)
	{
		NamedItem  *named = &settlement->items[i];

		if (IsCredit(named->item) != credit)
			continue;
		side.items[side.count++] = named;
		named->part = named->hasAmount ? named->amount : SubtractExact(OpenAmount(named->item), named->discount);
		side.offered = AddExact(side.offered, named->part);
		if (named->hasAmount)
			side.given = AddExact(side.given, named->part);
	}
	qsort(side.items, side.count, sizeof(NamedItem *), CompareDueDay);
	return side;
}

/* Leaves each item its part of the amount that meets. */
static void
SpreadOver(const Side *side, int128 meets)
{
	int128		rest = SubtractExact(meets, side->given);

	for (int i = 0; i < side->count; i++)
	{
		NamedItem  *named = side->items[i];

		if (named->hasAmount)
			continue;
		named->part = Min(named->part, rest);
		rest = SubtractExact(rest, named->part);
	}
	ErpAssert(rest == 0);
}

/*
 * The company amount of the next part of an item, signed as it is in the
 * company's currency: its exact share of the whole, rounded as one with what
 * was settled before; the last part takes the residue.
 */
static int128
CompanyShare(const OpenItem *item, int128 part, int decimals)
{
	int128		whole = Magnitude(item->companyAmount);
	int128		before = Magnitude(item->companySettled);
	int128		reached = AddExact(Magnitude(item->settled), part);
	int128		share = SubtractExact(ShareRounded(whole, reached, Magnitude(item->amount), decimals), before);

	/* Where parts were undone in another order, what is left is not on the line of shares. */
	share = Max(0, Min(share, SubtractExact(whole, before)));
	return item->companyAmount < 0 ? NegateExact(share) : share;
}

/* What both have on the side of the debit in the company's currency, or both against it; else nothing. */
static int128
CommonShare(int128 debitShare, int128 creditShare)
{
	if (debitShare > 0 && creditShare > 0)
		return Min(debitShare, creditShare);
	return debitShare < 0 && creditShare < 0 ? Max(debitShare, creditShare) : 0;
}

/* An amount with the sign that the item has. */
static int128
Signed(const OpenItem *item, int128 value)
{
	return IsCredit(item) ? NegateExact(value) : value;
}

/* What is left of one side's share (debit positive) is a realized exchange difference. */
static void
CloseDifference(SettlementRun *run, Settlement *settlement, OpenItem *item, int128 difference, int64 settlementId)
{
	SettlementRow *row;

	if (difference == 0)
		return;
	row = AddAdjustment(run, settlement, item, "exchange_difference", NULL, 0, difference);
	row->followsId = settlementId;
}

void
MeetItems(SettlementRun *run, Settlement *settlement, OpenItem *debit, OpenItem *credit, int128 amount)
{
	int			decimals = run->batch.company->currency->decimals;
	int128		debitShare = CompanyShare(debit, amount, decimals);
	int128		creditShare = NegateExact(CompanyShare(credit, amount, decimals));
	int128		companyAmount = CommonShare(debitShare, creditShare);
	int64		settlementId;

	settlementId = AddSettlementRow(settlement, debit->openItemId, credit->openItemId, amount, companyAmount)->settlementId;
	SettleItem(debit, amount, companyAmount);
	SettleItem(credit, NegateExact(amount), NegateExact(companyAmount));
	CloseDifference(run, settlement, debit, SubtractExact(debitShare, companyAmount), settlementId);
	CloseDifference(run, settlement, credit, SubtractExact(companyAmount, creditShare), settlementId);
}

static void
MeetSides(SettlementRun *run, Settlement *settlement, const Side *debits, const Side *credits)
{
	int			i = 0;
	int			j = 0;
	int128		debitRest = 0;
	int128		creditRest = 0;

	for (;;)
	{
		int128		amount;

		CHECK_FOR_INTERRUPTS();
		while (debitRest == 0 && i < debits->count)
			debitRest = debits->items[i++]->part;
		while (creditRest == 0 && j < credits->count)
			creditRest = credits->items[j++]->part;
		amount = Min(debitRest, creditRest);
		if (amount == 0)
			return;
		MeetItems(run, settlement, debits->items[i - 1]->item, credits->items[j - 1]->item, amount);
		debitRest = SubtractExact(debitRest, amount);
		creditRest = SubtractExact(creditRest, amount);
	}
}

SettlementRow *
AdjustItem(SettlementRun *run, Settlement *settlement, OpenItem *item, const char *role, const TaxCodeInfo *taxCode, int128 amount)
{
	int128		companyAmount = CompanyShare(item, amount, run->batch.company->currency->decimals);

	return AddAdjustment(run, settlement, item, role, taxCode, Signed(item, amount), companyAmount);
}

static void
WriteOff(SettlementRun *run, Settlement *settlement, NamedItem *named)
{
	int128		rest = OpenAmount(named->item);
	int128		companyRest = Magnitude(CompanyRest(named->item));
	char		limit[FIXED_TEXT_MAX];

	if (rest == 0)
		return;
	FormatFixed(run->batch.company->writeOffLimit, AMOUNT_SCALE, limit);
	if (companyRest > run->batch.company->writeOffLimit)
		RefuseNode(named->node, ERRCODE_ERP_WRITE_OFF_REFUSED,
				   psprintf("the rest is greater than the company's limit of write-offs, %s", limit));
	(void) AdjustItem(run, settlement, named->item, "write_off", NULL, rest);
}

static void
CheckMeeting(const Settlement *settlement, const Side *debits, const Side *credits, int128 meets)
{
	const Side *greater = debits->given > meets ? debits : credits->given > meets ? credits : NULL;

	if (debits->count > 0 && credits->count > 0)
	{
		if (greater != NULL)
			RefuseNode(settlement->node, ERRCODE_ERP_OVER_SETTLED,
					   psprintf("the amounts given for %s items are more than what stands against them",
								greater == debits ? "debit" : "credit"));
		return;
	}
	/* One side alone: only what is posted against it settles it. Terms give their discount to what is paid. */
	if (greater != NULL)
		RefuseNode(settlement->node, ERRCODE_ERP_NOT_OPPOSITE, "the open items all stand on one side");
	for (int i = 0; i < settlement->itemCount; i++)
	{
		if (settlement->items[i].item->amount == 0)
			continue;
		if ((settlement->items[i].discount == 0 || settlement->items[i].byTerms) && !settlement->items[i].writeOff)
			RefuseNode(settlement->node, ERRCODE_ERP_NOT_OPPOSITE, "the open items all stand on one side");
	}
}

void
MatchItems(SettlementRun *run, Settlement *settlement)
{
	Side		debits;
	Side		credits;
	int128		meets;

	for (int i = 0; i < settlement->itemCount; i++)
		CheckNamedItem(settlement, &settlement->items[i], settlement->items[0].item);
	settlement->document->party = settlement->items[0].item->party;
	FindTermsDiscounts(run, settlement);
	debits = CollectSide(settlement, false);
	credits = CollectSide(settlement, true);
	meets = Min(debits.offered, credits.offered);
	CheckMeeting(settlement, &debits, &credits, meets);
	SpreadOver(&debits, meets);
	SpreadOver(&credits, meets);
	FitTermsDiscounts(settlement);

	BeginSettlementVoucher(run, settlement);
	MeetSides(run, settlement, &debits, &credits);
	for (int i = 0; i < settlement->itemCount; i++)
	{
		NamedItem  *named = &settlement->items[i];

		/* One that is of the company's currency alone has nothing that could meet: a price difference of rates. */
		if (named->item->amount == 0)
			CloseDifference(run, settlement, named->item, CompanyRest(named->item), 0);
		if (named->discount != 0)
			AddDiscount(run, settlement, named->item, named->discount, named->percent);
		if (named->writeOff)
			WriteOff(run, settlement, named);
	}
	EndSettlementVoucher(run, settlement);
}
