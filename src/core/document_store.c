#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "core/bulk_insert.h"
#include "core/code_map.h"
#include "core/datum_array.h"
#include "core/document.h"
#include "core/engine.h"
#include "core/numeric_io.h"
#include "core/pair_map.h"
#include "core/plan_cache.h"

static KeptPlan repeatedPlan = {
	.query = "SELECT d.key, d.document_id, d.request_hash FROM pg_catalog.unnest($2) AS k (key)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.document f WHERE f.company_id = $1 AND f.key = k.key OFFSET 0) d",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

/* Sorted by key, so that two batches with common keys wait in one order. */
static KeptPlan claimPlan = {
	.query = "INSERT INTO erp.document (company_id, document_id, kind, party_id, day, time_of_day, posting_day,"
	" recorded_by, currency_id, rate, rate_day, state, reverses_document_id, reference, description, key, request_hash)"
	" SELECT $1, n.document_id, n.kind, n.party_id, n.day, n.time_of_day, n.posting_day, $2, n.currency_id, n.rate,"
	"        n.rate_day, n.state, n.reverses_document_id, n.reference, n.description, n.key, n.request_hash"
	"   FROM ROWS FROM (pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5), pg_catalog.unnest($6),"
	"        pg_catalog.unnest($7), pg_catalog.unnest($8), pg_catalog.unnest($9), pg_catalog.unnest($10),"
	"        pg_catalog.unnest($11), pg_catalog.unnest($12), pg_catalog.unnest($13), pg_catalog.unnest($14),"
	"        pg_catalog.unnest($15), pg_catalog.unnest($16), pg_catalog.unnest($17))"
	"        AS n (document_id, kind, party_id, day, time_of_day, posting_day, currency_id, rate, rate_day, state,"
	"              reverses_document_id, reference, description, key, request_hash)"
	"  ORDER BY n.key COLLATE \"C\""
	" ON CONFLICT ON CONSTRAINT document_request_key DO NOTHING RETURNING document_id",
	.argumentCount = 17,
	.argumentTypes = {INT4OID, NAMEOID, INT8ARRAYOID, TEXTARRAYOID, INT4ARRAYOID, DATEARRAYOID, TIMEARRAYOID,
	DATEARRAYOID, INT4ARRAYOID, NUMERICARRAYOID, DATEARRAYOID, TEXTARRAYOID, INT8ARRAYOID,
	TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, BYTEAARRAYOID}
};

Oid
IdentitySequence(const char *table, const char *column)
{
	char		name[NAMEDATALEN];
	Oid			sequence;

	snprintf(name, sizeof(name), "%s_%s_seq", table, column);
	sequence = get_relname_relid(name, get_namespace_oid("erp", false));
	if (!OidIsValid(sequence))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("sequence \"erp.%s\" does not exist", name),
				 errhint("The engine's own sequences must stay as erp.setup() made them.")));
	return sequence;
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

static void
FindRepeatedKeys(DocumentBatch *batch, bool latest)
{
	int		   *firstOfKey = palloc(sizeof(int) * Max(batch->count, 1));
	CodeMap    *keys = CollectKeys(batch, firstOfKey);
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), CodeArray(keys)};
	uint64		rows = latest ? RunPlanLatest(&repeatedPlan, values, NULL) : RunPlan(&repeatedPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		int			number = FindCode(keys, TextDatumGetCString(PlanValue(i, 1)));
		Document   *document = &batch->documents[firstOfKey[number]];

		if (document->documentId == 0)
			MarkRepeated(batch, document, DatumGetInt64(PlanValue(i, 2)), PlanValue(i, 3));
	}
	FollowFirst(batch, keys, firstOfKey);
}

void
FindRepeated(DocumentBatch *batch)
{
	FindRepeatedKeys(batch, false);
}

/* Columns of the insert of headers, from the third argument on. */
static void
AppendHeader(DatumArray *columns, const Document *document)
{
	int			i = 0;

	AppendDatum(&columns[i++], Int64GetDatum(document->documentId));
	AppendDatum(&columns[i++], CStringGetTextDatum(document->kind->name));
	AppendDatum(&columns[i++], Int32GetDatum(document->party.partyId));
	AppendDatum(&columns[i++], DateADTGetDatum(document->day));
	AppendDatum(&columns[i++], TimeADTGetDatum(document->timeOfDay));
	AppendDatum(&columns[i++], DateADTGetDatum(document->postingDay));
	AppendDatum(&columns[i++], Int32GetDatum(document->currency->currencyId));
	AppendDatum(&columns[i++], RateGetDatum(document->rate));
	AppendDatum(&columns[i++], DateADTGetDatum(document->rateDay));
	AppendDatum(&columns[i++], CStringGetTextDatum(document->kind->initialState));
	AppendDatum(&columns[i++], Int64GetDatum(document->reversesDocumentId));
	AppendDatum(&columns[i++], CStringGetTextDatum(document->reference));
	AppendDatum(&columns[i++], CStringGetTextDatum(document->description));
	AppendDatum(&columns[i++], CStringGetTextDatum(document->key));
	AppendDatum(&columns[i++], HashDatum(document));
}

#define HEADER_COLUMNS 15

/* Inserts the headers that are not repeated; returns how many rows went in. */
static uint64
InsertHeaders(DocumentBatch *batch, int *wanted)
{
	static const Oid types[HEADER_COLUMNS] = {INT8OID, TEXTOID, INT4OID, DATEOID, TIMEOID, DATEOID, INT4OID,
	NUMERICOID, DATEOID, TEXTOID, INT8OID, TEXTOID, TEXTOID, TEXTOID, BYTEAOID};
	DatumArray	columns[HEADER_COLUMNS] = {0};
	NameData	caller;
	Datum		values[HEADER_COLUMNS + 2];

	*wanted = 0;
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->bad || document->repeated)
			continue;
		document->documentId = NextIdentity("document", "document_id");
		AppendHeader(columns, document);
		(*wanted)++;
	}
	if (*wanted == 0)
		return 0;

	namestrcpy(&caller, EngineCallerName());
	values[0] = Int32GetDatum(batch->company->companyId);
	values[1] = NameGetDatum(&caller);
	for (int i = 0; i < HEADER_COLUMNS; i++)
		values[i + 2] = DatumArrayValue(&columns[i], types[i]);
	return RunFactPlan(&claimPlan, values, NULL);
}

/* Forgets the ids of documents that another session inserted first; they are looked up again. */
static void
ForgetLost(DocumentBatch *batch, uint64 inserted)
{
	PairMap    *ids = CreatePairMap();

	for (uint64 i = 0; i < inserted; i++)
		(void) PairNumber(ids, (uint64) DatumGetInt64(PlanValue(i, 1)));
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (!document->bad && !document->repeated && FindPair(ids, (uint64) document->documentId) < 0)
			document->documentId = 0;
	}
}

void
ClaimKeys(DocumentBatch *batch)
{
	int			wanted;
	uint64		inserted = InsertHeaders(batch, &wanted);

	if (inserted != (uint64) wanted)
	{
		ForgetLost(batch, inserted);
		FindRepeatedKeys(batch, true);
	}
	for (int i = 0; i < batch->count; i++)
	{
		if (batch->documents[i].first != NULL)
			batch->documents[i].documentId = batch->documents[i].first->documentId;
	}
}
