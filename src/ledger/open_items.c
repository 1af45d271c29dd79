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
	FoundItem  *first = NULL;
	TupleTableSlot *row;

	ProbeIndex(finder->items, values, 2);
	while ((row = NextProbedRow(finder->items)) != NULL)
	{
		FoundItem  *found = palloc(sizeof(FoundItem));

		found->openItemId = DatumGetInt64(ProbedValue(row, idColumn));
		found->lineNo = DatumGetInt32(ProbedValue(row, lineColumn));
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
	{
		for (int j = 0; j < run->settlements[i].itemCount; j++)
		{
			NamedItem  *named = &run->settlements[i].items[j];

			if (named->key != NULL)
				named->openItemId = ItemOfKey(named, found[FindCode(keys, named->key)]);
		}
	}
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
