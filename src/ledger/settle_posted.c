/*
 * Documents that settle at once: a payment, or a credit note, names open items
 * under "settles", and what it opens itself meets them. The settlement is a
 * document of its own, of the same day.
 */
#include "postgres.h"

#include "ledger/settlement.h"

static bool
SettlesAtOnce(const Document *document)
{
	return document->settles != NULL && !document->bad && !document->repeated;
}

static bool
SameAccount(const OpenItem *a, const OpenItem *b)
{
	return a->party.partyId == b->party.partyId && a->accountId == b->accountId && a->currency == b->currency;
}

static int
CountSettlements(const DocumentBatch *batch)
{
	int			count = 0;

	for (int i = 0; i < batch->count; i++)
		count += SettlesAtOnce(&batch->documents[i]);
	return count;
}

/* The gates of the document's day stand already, and it posts to no module that the settlement does not. */
static void
TakeDay(Document *document, const Document *cause)
{
	document->day = cause->day;
	document->timeOfDay = cause->timeOfDay;
	document->rateDay = cause->day;
	document->postingDay = cause->postingDay;
	document->postingPeriodId = cause->postingPeriodId;
}

/* How often the account changes along the items of the settlements: there are no more accounts in all. */
static int
CountChanges(const SettlementRun *named)
{
	int			changes = 0;

	for (int i = 0; i < named->count; i++)
	{
		const Settlement *settlement = &named->settlements[i];

		for (int j = 0; j < settlement->itemCount; j++)
			changes += j == 0 || !SameAccount(settlement->items[j].item, settlement->items[j - 1].item);
	}
	return changes;
}

/* The settlement of the run, from `first` on, whose first item is of the named one's party, account and currency; a new one if there is none. */
static Settlement *
SettlementOf(SettlementRun *run, int first, const Settlement *from, NamedItem *named)
{
	for (int i = first; i < run->count; i++)
	{
		if (SameAccount(run->settlements[i].items[0].item, named->item))
			return &run->settlements[i];
	}
	BeginSettlement(run, run->count, from->document->settlesDocumentId, from->node);
	TakeDay(&run->batch.documents[run->count], from->document);
	run->settlements[run->count].items = named;
	return &run->settlements[run->count++];
}

/* Parts the items of one: counts those of each account, then gives each its own. */
static void
SplitSettlement(SettlementRun *run, const Settlement *from)
{
	int			first = run->count;
	Settlement **to = palloc(sizeof(Settlement *) * from->itemCount);

	for (int i = 0; i < from->itemCount; i++)
	{
		to[i] = SettlementOf(run, first, from, &from->items[i]);
		to[i]->itemCount++;
	}
	for (int i = first; i < run->count; i++)
	{
		run->settlements[i].items = palloc(sizeof(NamedItem) * run->settlements[i].itemCount);
		run->settlements[i].itemCount = 0;
	}
	for (int i = 0; i < from->itemCount; i++)
		to[i]->items[to[i]->itemCount++] = from->items[i];
	pfree(to);
}

/* A settlement of its own for each party, account and currency that a document names: an offset has items of two. */
static SettlementRun *
SplitByAccount(const SettlementRun *named)
{
	SettlementRun *run = palloc0(sizeof(SettlementRun));

	MakeSettlements(run, named->batch.company, CountChanges(named));
	run->batch.fromDrafts = named->batch.fromDrafts;
	run->batch.isTrial = named->batch.isTrial;
	run->count = 0;
	for (int i = 0; i < named->count; i++)
		SplitSettlement(run, &named->settlements[i]);
	run->batch.count = run->count;
	return run;
}

SettlementRun *
PrepareSettlements(DocumentBatch *batch)
{
	int			count = CountSettlements(batch);
	SettlementRun run = {0};
	int			number = 0;

	if (count == 0)
		return NULL;
	MakeSettlements(&run, batch->company, count);
	run.batch.fromDrafts = batch->fromDrafts;
	run.batch.isTrial = batch->isTrial;
	for (int i = 0; i < batch->count; i++)
	{
		const Document *cause = &batch->documents[i];

		if (!SettlesAtOnce(cause))
			continue;
		BeginSettlement(&run, number, cause->documentId, cause->settles);
		TakeDay(&run.batch.documents[number], cause);
		ReadNamedItems(&run.settlements[number++], cause->settles);
	}
	FindNamedItems(&run);
	LockNamedItems(&run);
	return SplitByAccount(&run);
}

static OpenItem *
ItemOfLine(const Document *cause, const VoucherLine *line)
{
	OpenItem   *item = palloc0(sizeof(OpenItem));

	item->openItemId = line->openItemId;
	item->documentId = cause->documentId;
	item->accountId = line->account->accountId;
	item->party = line->party;
	item->currency = line->currency;
	item->day = cause->postingDay;
	item->dueDay = cause->postingDay;
	item->lastUndone = DATEVAL_NOBEGIN;
	item->amount = line->amount;
	item->companyAmount = line->companyAmount;
	return item;
}

/* The open items of the document join those that it names of their party, account and currency. */
static void
AddOwnItems(Settlement *settlement, const Voucher *voucher)
{
	int			named = settlement->itemCount;

	settlement->items = repalloc_huge(settlement->items, sizeof(NamedItem) * (named + voucher->count));
	for (int i = 0; i < voucher->count; i++)
	{
		NamedItem	own = {.node = settlement->node};

		if (voucher->lines[i].openItemId == 0)
			continue;
		own.openItemId = voucher->lines[i].openItemId;
		own.item = ItemOfLine(voucher->document, &voucher->lines[i]);
		if (!SameAccount(own.item, settlement->items[0].item))
			continue;
		settlement->items[settlement->itemCount++] = own;
	}
	if (settlement->itemCount == named)
		RefuseNode(settlement->node, ERRCODE_ERP_NOT_OPPOSITE, "the document opens no item of the party, account and currency of one that it names");
}

/* Vouchers and settlements come in the order of the batch: from *next on. */
static const Voucher *
NextVoucher(const VoucherSet *set, int64 documentId, int *next)
{
	for (int i = *next; i < set->count; i++)
	{
		if (set->vouchers[i].document->documentId != documentId)
			continue;
		*next = i;
		return &set->vouchers[i];
	}
	return NULL;
}

void
SettlePosted(SettlementRun *run, const VoucherSet *set)
{
	int			next = 0;

	if (run == NULL)
		return;
	for (int i = 0; i < run->count; i++)
	{
		Settlement *settlement = &run->settlements[i];
		const Voucher *voucher = NextVoucher(set, settlement->document->settlesDocumentId, &next);

		if (voucher == NULL)
			RefuseNode(settlement->node, ERRCODE_ERP_NOT_OPPOSITE, "the document opens no item that could settle others");
		AddOwnItems(settlement, voucher);
		MatchItems(run, settlement);
	}
	StoreSettlements(run);
}

void
NumberSettlements(SettlementRun *run)
{
	if (run != NULL)
		TakeNumbers(&run->batch);
}
