/*
 * Open items of a settlement, found by the documents that opened them and
 * locked; open_item_lock.c says how.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/code_map.h"
#include "core/index_probe.h"
#include "ledger/settlement.h"

/* From a document to its open items: one look-up a row. */
typedef struct ItemFinder
{
	int32		companyId;
	IndexProbe *documents;
	IndexProbe *items;
} ItemFinder;

/* An open item of a document; a list for each. */
typedef struct FoundItem
{
	int64		openItemId;
	int			lineNo;
	int			instalmentNo;
	int32		accountId;
	int32		partyId;
	struct FoundItem *next;		/* NULL: the last */
} FoundItem;

static void
OpenItemFinder(ItemFinder *finder, int32 companyId, bool byKey)
{
	finder->companyId = companyId;
	finder->documents = byKey ? OpenIndexProbe("erp", "document", "document_request_key", PROBE_LATEST) : NULL;
	finder->items = OpenIndexProbe("erp", "open_item", "open_item_line_key", PROBE_LATEST);
}

static void
CloseItemFinder(const ItemFinder *finder)
{
	if (finder->documents != NULL)
		CloseIndexProbe(finder->documents);
	CloseIndexProbe(finder->items);
}

/* A document's voucher has its id. */
static FoundItem *
FindItemsOfDocument(const ItemFinder *finder, int64 documentId)
{
	Datum		values[2] = {Int32GetDatum(finder->companyId), Int64GetDatum(documentId)};
	AttrNumber	idColumn = ProbeColumn(finder->items, "open_item_id");
	AttrNumber	lineColumn = ProbeColumn(finder->items, "line_no");
	AttrNumber	instalmentColumn = ProbeColumn(finder->items, "instalment_no");
	AttrNumber	accountColumn = ProbeColumn(finder->items, "account_id");
	AttrNumber	partyColumn = ProbeColumn(finder->items, "party_id");
	FoundItem  *first = NULL;
	TupleTableSlot *row;

	ProbeIndex(finder->items, values, 2);
	while ((row = NextProbedRow(finder->items)) != NULL)
	{
		FoundItem  *found = palloc(sizeof(FoundItem));

		found->openItemId = DatumGetInt64(ProbedValue(row, idColumn));
		found->lineNo = DatumGetInt32(ProbedValue(row, lineColumn));
		found->instalmentNo = DatumGetInt32(ProbedValue(row, instalmentColumn));
		found->accountId = DatumGetInt32(ProbedValue(row, accountColumn));
		found->partyId = DatumGetInt32(ProbedValue(row, partyColumn));
		found->next = first;
		first = found;
	}
	return first;
}

static FoundItem *
FindItemsOfKey(const ItemFinder *finder, const char *key)
{
	Datum		values[2] = {Int32GetDatum(finder->companyId), CStringGetTextDatum(key)};
	TupleTableSlot *row;

	CHECK_FOR_INTERRUPTS();
	ProbeIndex(finder->documents, values, 2);
	row = NextProbedRow(finder->documents);
	if (row == NULL)
		return NULL;
	return FindItemsOfDocument(finder, DatumGetInt64(ProbedValue(row, ProbeColumn(finder->documents, "document_id"))));
}

static int64
ItemOfKey(const NamedItem *named, const FoundItem *first)
{
	int64		openItemId = 0;

	for (const FoundItem *found = first; found != NULL; found = found->next)
	{
		if (named->lineNo != 0 && named->lineNo != found->lineNo)
			continue;
		if (openItemId != 0)
			RefuseNode(named->node, ERRCODE_ERP_INVALID_FIELD, "the document has several open items: say which by \"line\", the line of its voucher");
		openItemId = found->openItemId;
	}
	if (openItemId == 0)
		RefuseNode(JsonMember(named->node, named->lineNo != 0 ? "line" : "key"), ERRCODE_ERP_UNKNOWN_CODE,
				   "no document of the company that has such an open item has this key");
	return openItemId;
}

/*
 * How many items the name stands for: of a debt by instalments, on one account
 * and nothing else, the key names them all, unless there is something to say of
 * one alone.
 */
static int
CountInstalments(const NamedItem *named, const FoundItem *first)
{
	int			count = 0;

	if (named->lineNo != 0 || named->discount != 0 || named->writeOff || (named->byTerms && named->hasAmount))
		return 1;
	for (const FoundItem *found = first; found != NULL; found = found->next)
	{
		if (found->instalmentNo == 0 || found->accountId != first->accountId || found->partyId != first->partyId)
			return 1;
		count++;
	}
	return Max(count, 1);
}

static int
CompareInstalments(const void *left, const void *right)
{
	const FoundItem *a = *(const FoundItem *const *) left;
	const FoundItem *b = *(const FoundItem *const *) right;

	if (a->instalmentNo != b->instalmentNo)
		return a->instalmentNo < b->instalmentNo ? -1 : 1;
	return a->openItemId < b->openItemId ? -1 : 1;
}

/* One name for each instalment, in their order. */
static void
NameInstalments(const NamedItem *named, const FoundItem *first, int count, NamedItem *items)
{
	const FoundItem **sorted = palloc(sizeof(FoundItem *) * count);
	int			i = 0;

	for (const FoundItem *found = first; found != NULL; found = found->next)
		sorted[i++] = found;
	qsort(sorted, count, sizeof(FoundItem *), CompareInstalments);
	for (i = 0; i < count; i++)
	{
		items[i] = *named;
		items[i].openItemId = sorted[i]->openItemId;
		items[i].ofInstalments = true;
	}
	pfree(sorted);
}

/* Each name with its open item, or items. */
static void
NameFound(Settlement *settlement, const CodeMap *keys, FoundItem *const *found)
{
	NamedItem  *items;
	int			count = 0;

	for (int i = 0; i < settlement->itemCount; i++)
	{
		const NamedItem *named = &settlement->items[i];

		count += named->key == NULL ? 1 : CountInstalments(named, found[FindCode(keys, named->key)]);
	}
	items = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(NamedItem) * count);
	count = 0;
	for (int i = 0; i < settlement->itemCount; i++)
	{
		const NamedItem *named = &settlement->items[i];
		const FoundItem *first = named->key == NULL ? NULL : found[FindCode(keys, named->key)];
		int			of = named->key == NULL ? 1 : CountInstalments(named, first);

		if (of > 1)
			NameInstalments(named, first, of, &items[count]);
		else
		{
			items[count] = *named;
			if (named->key != NULL)
				items[count].openItemId = ItemOfKey(named, first);
		}
		count += of;
	}
	settlement->items = items;
	settlement->itemCount = count;
}

static CodeMap *
CollectKeys(SettlementRun *run)
{
	CodeMap    *keys = CreateCodeMap();

	for (int i = 0; i < run->count; i++)
	{
		for (int j = 0; j < run->settlements[i].itemCount; j++)
		{
			if (run->settlements[i].items[j].key != NULL)
				(void) CodeNumber(keys, run->settlements[i].items[j].key);
		}
	}
	return keys;
}

/* The open items of each key, in the order of the keys. */
static FoundItem **
FindItemsOfKeys(int32 companyId, const CodeMap *keys)
{
	FoundItem **found = palloc(sizeof(FoundItem *) * CodeCount(keys));
	ItemFinder	finder;

	OpenItemFinder(&finder, companyId, true);
	for (int i = 0; i < CodeCount(keys); i++)
		found[i] = FindItemsOfKey(&finder, CodeText(keys, i));
	CloseItemFinder(&finder);
	return found;
}

void
FindNamedItems(SettlementRun *run)
{
	CodeMap    *keys = CollectKeys(run);
	FoundItem **found;

	if (CodeCount(keys) == 0)
		return;
	found = FindItemsOfKeys(run->batch.company->companyId, keys);
	for (int i = 0; i < run->count; i++)
		NameFound(&run->settlements[i], keys, found);
}

static void
CheckNamedOnce(const Settlement *settlement)
{
	PairMap    *seen = CreatePairMap();

	for (int i = 0; i < settlement->itemCount; i++)
	{
		if (PairNumber(seen, (uint64) settlement->items[i].openItemId) != i)
			RefuseNode(settlement->items[i].node, ERRCODE_ERP_INVALID_FIELD, "the same open item is named twice");
	}
}

/*
 * The instalments that one key names, from *next on, which goes behind them: the
 * settled ones go, and the amount given is parted, the earliest first; what is
 * more than all have open stays with the last. Returns how many are kept.
 */
static int
FitInstalments(Settlement *settlement, int *next, NamedItem *kept)
{
	const JsonNode *node = settlement->items[*next].node;
	int128		rest = settlement->items[*next].amount;
	bool		hasAmount = settlement->items[*next].hasAmount;
	NamedItem	last = settlement->items[*next];
	int			count = 0;

	for (; *next < settlement->itemCount && settlement->items[*next].node == node; (*next)++)
	{
		NamedItem  *named = &settlement->items[*next];
		int128		open = OpenAmount(named->item);

		last = *named;
		if (open == 0 || (hasAmount && rest == 0))
			continue;
		named->amount = hasAmount ? Min(open, rest) : 0;
		rest = SubtractExact(rest, named->amount);
		kept[count++] = *named;
	}
	if (count == 0)
	{
		/* Nothing is open: said of the last. */
		last.amount = hasAmount ? rest : 0;
		kept[count++] = last;
	}
	else if (hasAmount)
		kept[count - 1].amount = AddExact(kept[count - 1].amount, rest);
	return count;
}

/* In place: no more are kept than were read. */
static void
FitNamedItems(Settlement *settlement)
{
	int			count = 0;

	for (int next = 0; next < settlement->itemCount;)
	{
		if (settlement->items[next].ofInstalments)
			count += FitInstalments(settlement, &next, &settlement->items[count]);
		else
			settlement->items[count++] = settlement->items[next++];
	}
	settlement->itemCount = count;
}

void
LockNamedItems(SettlementRun *run)
{
	DatumArray	ids = {0};
	OpenItemSet *set;

	for (int i = 0; i < run->count; i++)
	{
		CheckNamedOnce(&run->settlements[i]);
		for (int j = 0; j < run->settlements[i].itemCount; j++)
			AppendDatum(&ids, Int64GetDatum(run->settlements[i].items[j].openItemId));
	}
	set = LockOpenItems(run->batch.company, &ids);
	for (int i = 0; i < run->count; i++)
	{
		for (int j = 0; j < run->settlements[i].itemCount; j++)
		{
			NamedItem  *named = &run->settlements[i].items[j];

			named->item = FindOpenItem(set, named->openItemId);
			if (named->item == NULL)
				RefuseNode(JsonMember(named->node, "open_item_id"), ERRCODE_ERP_UNKNOWN_CODE, "the company has no such open item");
		}
		FitNamedItems(&run->settlements[i]);
	}
}

static OpenItemSet *
LockItemsOfDocument(const CompanyInfo *company, int64 documentId)
{
	DatumArray	ids = {0};
	ItemFinder	finder;

	OpenItemFinder(&finder, company->companyId, false);
	for (const FoundItem *found = FindItemsOfDocument(&finder, documentId); found != NULL; found = found->next)
		AppendDatum(&ids, Int64GetDatum(found->openItemId));
	CloseItemFinder(&finder);
	return LockOpenItems(company, &ids);
}

/* What a reversal takes back, it settles in full: nothing of it may be settled by then. That is said before its day is, which is in question only then. */
static void
LockReversed(DocumentBatch *batch, Document *document)
{
	const OpenItemSet *set = LockItemsOfDocument(batch->company, document->reversesDocumentId);
	DateADT		lastUndone = DATEVAL_NOBEGIN;

	for (int i = 0; i < set->count; i++)
	{
		if (set->items[i].settled != 0 || set->items[i].companySettled != 0)
			RaiseProblem(batch, document, NULL, "reverses", document->fields[HEADER_REFERENCE], ERRCODE_ERP_STILL_SETTLED,
						 "an open item of the document is settled");
		lastUndone = Max(lastUndone, set->items[i].lastUndone);
	}
	if (document->postingDay < lastUndone)
		RaiseProblem(batch, document, NULL, "day", document->fields[HEADER_DAY], ERRCODE_ERP_INVALID_FIELD,
					 "a reversal is not earlier than the day on which a settlement of the document was undone");
}

void
LockReversedItems(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->reversesDocumentId != 0 && !document->bad && !document->repeated)
			LockReversed(batch, document);
	}
}
