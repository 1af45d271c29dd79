/*
 * Open items of a settlement: found by the documents that opened them, locked
 * in ascending order, read. Whoever settles or undoes holds the row of each
 * item FOR NO KEY UPDATE, and reads what is settled only then: an item has one
 * settler at a time, and the next one sees what the last one did.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/code_map.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "ledger/settlement.h"

static KeptPlan keyPlan = {
	.query = "SELECT k.number::integer - 1, o.open_item_id, o.line_no"
	"  FROM pg_catalog.unnest($2) WITH ORDINALITY AS k (key, number)"
	" CROSS JOIN LATERAL (SELECT f.document_id FROM erp.document f WHERE f.company_id = $1 AND f.key = k.key OFFSET 0) d"
	" CROSS JOIN LATERAL (SELECT f.open_item_id, f.line_no FROM erp.open_item f WHERE f.company_id = $1"
	"                        AND f.voucher_id = d.document_id OFFSET 0) o",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

static KeptPlan lockPlan = {
	.query = "SELECT o.open_item_id, o.document_id, o.account_id, o.party_id,"
	"       (SELECT p.party_group FROM erp.party p WHERE p.company_id = $1 AND p.party_id = o.party_id),"
	"       o.currency_id, o.day, o.due_day, o.amount, o.company_amount"
	"  FROM pg_catalog.unnest($2) AS u (open_item_id)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.open_item f WHERE f.company_id = $1 AND f.open_item_id = u.open_item_id"
	"                        FOR NO KEY UPDATE) o",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

static KeptPlan settledPlan = {
	.query = "SELECT u.open_item_id, COALESCE(d.amount, 0) - COALESCE(c.amount, 0),"
	"       COALESCE(d.company_amount, 0) - COALESCE(c.company_amount, 0),"
	"       COALESCE(GREATEST(d.last_undone, c.last_undone), '-infinity')"
	"  FROM pg_catalog.unnest($2) AS u (open_item_id)"
	" CROSS JOIN LATERAL (SELECT pg_catalog.sum(s.amount) AS amount, pg_catalog.sum(s.company_amount) AS company_amount,"
	"         pg_catalog.max(s.day) FILTER (WHERE s.reverses_settlement_id <> 0) AS last_undone"
	"    FROM erp.settlement s WHERE s.company_id = $1 AND s.debit_open_item_id = u.open_item_id OFFSET 0) d"
	" CROSS JOIN LATERAL (SELECT pg_catalog.sum(s.amount) AS amount, pg_catalog.sum(s.company_amount) AS company_amount,"
	"         pg_catalog.max(s.day) FILTER (WHERE s.reverses_settlement_id <> 0) AS last_undone"
	"    FROM erp.settlement s WHERE s.company_id = $1 AND s.credit_open_item_id = u.open_item_id OFFSET 0) c",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

/* What a reversal takes back, it settles in full: nothing of it may be settled by then. */
static KeptPlan reversedPlan = {
	.query = "SELECT f.open_item_id FROM erp.open_item f WHERE f.company_id = $1 AND f.voucher_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static int
CompareId(const void *left, const void *right)
{
	int64		a = DatumGetInt64(*(const Datum *) left);
	int64		b = DatumGetInt64(*(const Datum *) right);

	return a < b ? -1 : a > b;
}

/* Distinct ids, ascending: the order in which all lock. */
static Datum
SortedIds(const DatumArray *ids)
{
	DatumArray	sorted = {0};
	Datum	   *values = palloc(sizeof(Datum) * Max(ids->count, 1));

	memcpy(values, ids->values, sizeof(Datum) * ids->count);
	qsort(values, ids->count, sizeof(Datum), CompareId);
	for (int i = 0; i < ids->count; i++)
	{
		if (i == 0 || CompareId(&values[i], &values[i - 1]) != 0)
			AppendDatum(&sorted, values[i]);
	}
	return DatumArrayValue(&sorted, INT8OID);
}

static void
FillOpenItem(OpenItem *item, uint64 row)
{
	item->openItemId = DatumGetInt64(PlanValue(row, 1));
	item->documentId = DatumGetInt64(PlanValue(row, 2));
	item->accountId = DatumGetInt32(PlanValue(row, 3));
	item->party.partyId = DatumGetInt32(PlanValue(row, 4));
	item->party.groupNumber = MasterText(TextDatumGetCString(PlanValue(row, 5)));
	item->currency = FindCurrencyById(DatumGetInt32(PlanValue(row, 6)));
	item->day = DatumGetDateADT(PlanValue(row, 7));
	item->dueDay = DatumGetDateADT(PlanValue(row, 8));
	item->amount = AmountFromDatum(PlanValue(row, 9));
	item->companyAmount = AmountFromDatum(PlanValue(row, 10));
}

static void
ReadSettled(OpenItemSet *set, Datum *values)
{
	uint64		rows = RunPlanLatest(&settledPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		OpenItem   *item = FindOpenItem(set, DatumGetInt64(PlanValue(i, 1)));

		if (item == NULL)
			continue;
		item->settled = AmountFromDatum(PlanValue(i, 2));
		item->companySettled = AmountFromDatum(PlanValue(i, 3));
		item->lastUndone = DatumGetDateADT(PlanValue(i, 4));
	}
}

OpenItemSet *
LockOpenItems(const CompanyInfo *company, const DatumArray *ids)
{
	OpenItemSet *set = palloc0(sizeof(OpenItemSet));
	Datum		values[2] = {Int32GetDatum(company->companyId)};

	set->numbers = CreatePairMap();
	if (ids->count == 0)
		return set;
	values[1] = SortedIds(ids);
	set->count = (int) RunPlanLatest(&lockPlan, values, NULL);
	set->items = palloc0(sizeof(OpenItem) * Max(set->count, 1));
	for (int i = 0; i < set->count; i++)
	{
		FillOpenItem(&set->items[i], i);
		(void) PairNumber(set->numbers, (uint64) set->items[i].openItemId);
	}
	ReadSettled(set, values);
	return set;
}

OpenItem *
FindOpenItem(const OpenItemSet *set, int64 openItemId)
{
	int			number = FindPair(set->numbers, (uint64) openItemId);

	return number < 0 ? NULL : &set->items[number];
}

/* Open items of keys: a list of the result's rows for each key. */
typedef struct KeyItems
{
	int64		openItemId;
	int			lineNo;
	int			next;			/* -1: the last */
} KeyItems;

static int64
ItemOfKey(const NamedItem *named, const KeyItems *found, int first)
{
	int64		openItemId = 0;

	for (int i = first; i >= 0; i = found[i].next)
	{
		if (named->lineNo != 0 && named->lineNo != found[i].lineNo)
			continue;
		if (openItemId != 0)
			RefuseNode(named->node, ERRCODE_ERP_INVALID_FIELD, "the document has several open items: say which by \"line\", the line of its voucher");
		openItemId = found[i].openItemId;
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

/* Fills firstOf with where the list of each key begins. */
static KeyItems *
FetchKeyItems(SettlementRun *run, const CodeMap *keys, int *firstOf)
{
	Datum		values[2] = {Int32GetDatum(run->batch.company->companyId), CodeArray(keys)};
	uint64		rows = RunPlanLatest(&keyPlan, values, NULL);
	KeyItems   *found = palloc(sizeof(KeyItems) * Max(rows, 1));

	for (int i = 0; i < CodeCount(keys); i++)
		firstOf[i] = -1;
	for (uint64 i = 0; i < rows; i++)
	{
		int			number = DatumGetInt32(PlanValue(i, 1));

		found[i].openItemId = DatumGetInt64(PlanValue(i, 2));
		found[i].lineNo = DatumGetInt32(PlanValue(i, 3));
		found[i].next = firstOf[number];
		firstOf[number] = (int) i;
	}
	return found;
}

void
FindNamedItems(SettlementRun *run)
{
	CodeMap    *keys = CollectKeys(run);
	int		   *firstOf = palloc(sizeof(int) * Max(CodeCount(keys), 1));
	KeyItems   *found;

	if (CodeCount(keys) == 0)
		return;
	found = FetchKeyItems(run, keys, firstOf);
	for (int i = 0; i < run->count; i++)
	{
		for (int j = 0; j < run->settlements[i].itemCount; j++)
		{
			NamedItem  *named = &run->settlements[i].items[j];

			if (named->key != NULL)
				named->openItemId = ItemOfKey(named, found, firstOf[FindCode(keys, named->key)]);
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

static void
LockReversed(DocumentBatch *batch, Document *document)
{
	DatumArray	ids = {0};
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(document->reversesDocumentId)};
	uint64		rows = RunPlanLatest(&reversedPlan, values, NULL);
	OpenItemSet *set;

	for (uint64 i = 0; i < rows; i++)
		AppendDatum(&ids, PlanValue(i, 1));
	set = LockOpenItems(batch->company, &ids);
	for (int i = 0; i < set->count; i++)
	{
		if (set->items[i].settled != 0 || set->items[i].companySettled != 0)
			RaiseProblem(batch, document, NULL, "reverses", document->fields[HEADER_REFERENCE], ERRCODE_ERP_STILL_SETTLED,
						 "an open item of the document is settled");
		if (document->postingDay < set->items[i].lastUndone)
			RaiseProblem(batch, document, NULL, "day", document->fields[HEADER_DAY], ERRCODE_ERP_INVALID_FIELD,
						 "a reversal is not earlier than the day on which a settlement of the document was undone");
	}
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
