#include "postgres.h"

#include "access/xact.h"
#include "commands/sequence.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "core/bulk_insert.h"
#include "core/code_map.h"
#include "core/document.h"
#include "core/engine.h"
#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "core/relation_name.h"
#include "core/subtransaction.h"

/* One document per company and key. */
#define KEY_INDEX "document_request_key"
/* From so many on headers are inserted at once. */
#define MANY_HEADERS 50

static const char *const headerColumns[] = {
	"company_id", "document_id", "kind", "party_id", "day", "time_of_day", "posting_day", "recorded_at", "recorded_by",
	"currency_id", "rate", "rate_day", "state", "reverses_document_id", "reference", "description", "key", "request_hash",
	"transaction_id"
};

Oid
IdentitySequence(const char *table, const char *column)
{
	char		name[NAMEDATALEN];

	snprintf(name, sizeof(name), "%s_%s_seq", table, column);
	return EngineRelation("erp", name);
}

int64
NextOfSequence(Oid sequence)
{
	return nextval_internal(sequence, false);
}

int64
NextIdentity(const char *table, const char *column)
{
	return NextOfSequence(IdentitySequence(table, column));
}

static void
NameDocument(Document *document)
{
	if (document->documentId == 0)
		document->documentId = NextIdentity("document", "document_id");
}

void
TakeVoucherId(Document *document)
{
	NameDocument(document);
	document->voucherId = document->documentId;
}

static Datum
HashDatum(const Document *document)
{
	bytea	   *value = palloc(VARHDRSZ + DOCUMENT_HASH_LENGTH);

	SET_VARSIZE(value, VARHDRSZ + DOCUMENT_HASH_LENGTH);
	memcpy(VARDATA(value), document->hash, DOCUMENT_HASH_LENGTH);
	return PointerGetDatum(value);
}

/* The key was used before: its request must be the same. */
static void
CheckRepeated(DocumentBatch *batch, Document *document, const uint8 *hash)
{
	if (batch->checkOnly)
		HashDocument(document);
	if (memcmp(hash, document->hash, DOCUMENT_HASH_LENGTH) != 0)
		ReportProblem(batch, document, NULL, "key", document->key, ERRCODE_ERP_KEY_REUSED,
					  "the key was used before, with another request");
}

static void
MarkRepeated(DocumentBatch *batch, Document *document, int64 documentId, Datum storedHash)
{
	bytea	   *stored = DatumGetByteaPP(storedHash);
	uint8		digest[DOCUMENT_HASH_LENGTH] = {0};

	if (VARSIZE_ANY_EXHDR(stored) == DOCUMENT_HASH_LENGTH)
		memcpy(digest, VARDATA_ANY(stored), DOCUMENT_HASH_LENGTH);
	CheckRepeated(batch, document, digest);
	document->documentId = documentId;
	document->repeated = true;
}

/* Keys of the batch; a key that stands in it twice must be the same request. */
static CodeMap *
CollectKeys(DocumentBatch *batch, int *firstOfKey)
{
	CodeMap    *keys = CreateCodeMap();

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];
		int			before = CodeCount(keys);
		int			number;

		if (document->bad || document->key == NULL)
			continue;
		number = CodeNumber(keys, document->key);
		if (number == before)
		{
			firstOfKey[number] = i;
			continue;
		}
		if (batch->checkOnly)
			HashDocument(&batch->documents[firstOfKey[number]]);
		CheckRepeated(batch, document, batch->documents[firstOfKey[number]].hash);
	}
	return keys;
}

/* A document whose key came earlier in the batch is that one. */
static void
FollowFirst(DocumentBatch *batch, const CodeMap *keys, const int *firstOfKey)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];
		int			first;

		if (document->bad || document->key == NULL)
			continue;
		first = firstOfKey[FindCode(keys, document->key)];
		if (first == i)
			continue;
		document->repeated = true;
		document->first = &batch->documents[first];
		document->documentId = document->first->documentId;
	}
}

/* Looks the keys up one by one: each is one row or none. */
static void
FindRepeatedKeys(DocumentBatch *batch, ProbeSnapshot snapshot)
{
	int		   *firstOfKey = palloc(sizeof(int) * Max(batch->count, 1));
	CodeMap    *keys = CollectKeys(batch, firstOfKey);
	IndexProbe *probe = OpenIndexProbe("erp", "document", KEY_INDEX, snapshot);

	for (int i = 0; i < CodeCount(keys); i++)
	{
		Document   *document = &batch->documents[firstOfKey[i]];
		Datum		values[2] = {Int32GetDatum(batch->company->companyId), CStringGetTextDatum(document->key)};
		TupleTableSlot *row;

		CHECK_FOR_INTERRUPTS();
		ProbeIndex(probe, values, 2);
		row = NextProbedRow(probe);
		if (row != NULL && document->documentId == 0)
			MarkRepeated(batch, document, DatumGetInt64(ProbedColumn(probe, row, "document_id")),
						 ProbedColumn(probe, row, "request_hash"));
		pfree(DatumGetPointer(values[1]));
	}
	CloseIndexProbe(probe);
	FollowFirst(batch, keys, firstOfKey);
}

void
FindRepeated(DocumentBatch *batch)
{
	FindRepeatedKeys(batch, PROBE_TRANSACTION);
}

/* The headers of a batch that are to be inserted. */
typedef struct NewHeaders
{
	const DocumentBatch *batch;
	Document  **documents;
	int			count;
	Datum		caller;
} NewHeaders;

static void
HeaderValues(const NewHeaders *headers, const Document *document, Datum *values)
{
	int			i = 0;

	values[i++] = Int32GetDatum(headers->batch->company->companyId);
	values[i++] = Int64GetDatum(document->documentId);
	values[i++] = CStringGetTextDatum(document->kind->name);
	values[i++] = Int32GetDatum(document->party.partyId);
	values[i++] = DateADTGetDatum(document->day);
	values[i++] = TimeADTGetDatum(document->timeOfDay);
	values[i++] = DateADTGetDatum(document->postingDay);
	values[i++] = TimestampTzGetDatum(GetCurrentTransactionStartTimestamp());
	values[i++] = headers->caller;
	values[i++] = Int32GetDatum(document->currency->currencyId);
	values[i++] = RateGetDatum(document->rate);
	values[i++] = DateADTGetDatum(document->rateDay);
	values[i++] = CStringGetTextDatum(document->kind->initialState);
	values[i++] = Int64GetDatum(document->reversesDocumentId);
	values[i++] = CStringGetTextDatum(document->reference);
	values[i++] = CStringGetTextDatum(document->description);
	values[i++] = CStringGetTextDatum(document->key);
	values[i++] = HashDatum(document);
	values[i++] = FullTransactionIdGetDatum(GetTopFullTransactionId());
}

static int
CompareKey(const void *left, const void *right)
{
	return strcmp((*(Document *const *) left)->key, (*(Document *const *) right)->key);
}

/* The documents that are not repeated, sorted by key, so that two batches with common keys wait in one order. */
static Document **
NewDocuments(DocumentBatch *batch, int *count)
{
	Document  **documents = palloc(sizeof(Document *) * Max(batch->count, 1));
	Oid			sequence = IdentitySequence("document", "document_id");

	*count = 0;
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->bad || document->repeated)
			continue;
		if (document->documentId == 0)
			document->documentId = NextOfSequence(sequence);
		documents[(*count)++] = document;
	}
	qsort(documents, *count, sizeof(Document *), CompareKey);
	return documents;
}

/* A row among many, or one at once that another session may have inserted first: false then. */
static bool
InsertHeader(BulkInsert *bulk, const NewHeaders *headers, const Document *document, bool amongMany)
{
	Datum		values[lengthof(headerColumns)];

	HeaderValues(headers, document, values);
	if (!amongMany)
		return BulkInsertNewKey(bulk, values, NULL, document->reversesDocumentId == 0);
	BulkInsertRow(bulk, values, NULL);
	return true;
}

/* Those that another session inserted first lose their id. Returns whether there are such. */
static bool
InsertEach(const NewHeaders *headers, bool amongMany)
{
	BulkInsert *bulk = BeginBulkInsert("erp", "document", headerColumns, lengthof(headerColumns));
	MemoryContext previous;
	bool		anyLost = false;

	BulkInsertOnce(bulk, KEY_INDEX);
	previous = MemoryContextSwitchTo(BulkInsertContext(bulk));
	for (int i = 0; i < headers->count; i++)
	{
		if (InsertHeader(bulk, headers, headers->documents[i], amongMany))
			continue;
		headers->documents[i]->documentId = 0;
		anyLost = true;
	}
	MemoryContextSwitchTo(previous);
	EndBulkInsert(bulk);
	return anyLost;
}

/* False if another session has one of the keys; the subtransaction around this is given up then. */
static bool
TryAtOnce(void *argument)
{
	MemoryContext memory = CurrentMemoryContext;
	volatile bool isIn = true;

	PG_TRY();
	{
		(void) InsertEach(argument, true);
	}
	PG_CATCH();
	{
		if (geterrcode() != ERRCODE_UNIQUE_VIOLATION)
			PG_RE_THROW();
		MemoryContextSwitchTo(memory);
		FlushErrorState();
		isIn = false;
	}
	PG_END_TRY();
	return isIn;
}

/* Rows one by one, each of which may be another session's, cost more than many at once and the chance to begin again. */
static bool
AreManyAndFresh(const NewHeaders *headers)
{
	for (int i = 0; i < headers->count; i++)
	{
		if (headers->documents[i]->reversesDocumentId != 0)
			return false;
	}
	return headers->count >= MANY_HEADERS;
}

/* Inserts the headers that are not repeated, with their events; those that another session inserted first lose their id. Returns whether there are such. */
static bool
InsertHeaders(DocumentBatch *batch)
{
	NewHeaders	headers = {.batch = batch};
	bool		anyLost = false;

	headers.documents = NewDocuments(batch, &headers.count);
	if (headers.count == 0)
		return false;
	headers.caller = CStringGetTextDatum(EngineCallerName());
	if (!AreManyAndFresh(&headers) || !TryInSubtransaction(TryAtOnce, &headers))
		anyLost = InsertEach(&headers, false);
	TellDocuments(batch);
	return anyLost;
}

void
ClaimKeys(DocumentBatch *batch)
{
	if (InsertHeaders(batch))
		FindRepeatedKeys(batch, PROBE_LATEST);
	for (int i = 0; i < batch->count; i++)
	{
		if (batch->documents[i].first != NULL)
			batch->documents[i].documentId = batch->documents[i].first->documentId;
	}
}

/* Whether the transaction's snapshot shows a document of this key. */
static bool
ShowsKey(int32 companyId, const char *key)
{
	Datum		values[2] = {Int32GetDatum(companyId), CStringGetTextDatum(key)};
	IndexProbe *probe = OpenIndexProbe("erp", "document", KEY_INDEX, PROBE_TRANSACTION);
	bool		shown;

	ProbeIndex(probe, values, 2);
	shown = NextProbedRow(probe) != NULL;
	CloseIndexProbe(probe);
	return shown;
}

bool
ClaimKey(const CompanyInfo *company, Document *document)
{
	DocumentBatch batch = {.company = company, .documents = document, .count = 1};

	/* What the one snapshot shows is no conflict of serialization. */
	if (IsolationUsesXactSnapshot() && ShowsKey(company->companyId, document->key))
		return false;
	return !InsertHeaders(&batch);
}
