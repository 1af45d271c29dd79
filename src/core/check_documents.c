#include "postgres.h"

#include "access/detoast.h"
#include "common/hashfn.h"
#include "fmgr.h"

#include "core/check_documents.h"

/* Documents: their keys and results (law 7), and what they, their taxes and links refer to (laws 9 and 10). */

#define REQUEST_HASH_BYTES 32

static void
ReportDocument(const DocumentCheck *books, const FactKey *document, const char *checkName, const char *detail)
{
	ReportViolation(books->check, checkName, document->companyId, psprintf("document " INT64_FORMAT, document->id), detail);
}

static const char *const resultColumns[] = {"company_id", "document_id", "call"};

static void
ReadResult(void *state, const FactRow *row)
{
	DocumentCheck *books = state;
	int64		documentId = RowInt64(row, 1);
	KnownResult *result;
	int32		closes;
	bool		found;

	if (!InSlice(books->check, documentId))
		return;
	result = AddFact(books->results, RowInt32(row, 0), documentId, 0, &found);
	result->closesDays = FindWord(books->closingCalls, row, 2, &closes);
}

static int64
HashKey(int32 companyId, const FactRow *row, int column)
{
	char	   *key = RowText(row, column);
	uint64		hash = hash_bytes_extended((const unsigned char *) key, (int) strlen(key), (uint64) companyId);

	pfree(key);
	return (int64) hash;
}

static void
NoteKey(DocumentCheck *books, int32 companyId, int64 hash)
{
	bool		found;

	if (!InSlice(books->check, hash))
		return;
	AddFact(books->keys, companyId, hash, 0, &found);
	books->keyIsRepeated |= found;
}

/* A row of the query for keys that are repeated. */
static void
ReadRepeatedKey(void *state, const FactRow *row)
{
	DocumentCheck *books = state;
	int32		companyId = RowInt32(row, 0);

	if (InSlice(books->check, HashKey(companyId, row, 1)))
		ReportViolation(books->check, "document_keys", companyId, psprintf("document key %s", RowText(row, 1)),
						psprintf(INT64_FORMAT " documents have this key", RowInt64(row, 2)));
}

static const char *const documentColumns[] = {
	"company_id", "document_id", "kind", "party_id", "currency_id", "reverses_document_id", "key", "request_hash"
};

/* Documents of calls, and no others, have a result, or NULL; every one has the hash of its request. */
static void
CheckResult(const DocumentCheck *books, const FactKey *document, const FactRow *row, KnownResult *result, bool isCall)
{
	Size		hashBytes = row->nulls[7] ? 0 : toast_raw_datum_size(row->values[7]) - VARHDRSZ;

	if (result != NULL)
		result->hasDocument = true;
	if (result == NULL && isCall)
		ReportDocument(books, document, "document_keys", "the call has no result");
	else if (result != NULL && !isCall)
		ReportDocument(books, document, "document_keys",
					   psprintf("a document of kind %s has the result of a call", RowText(row, 2)));
	else if (hashBytes != REQUEST_HASH_BYTES)
		ReportDocument(books, document, "document_keys", psprintf("the request hash has %zu bytes", hashBytes));
}

static void
ReadDocument(void *state, const FactRow *row)
{
	DocumentCheck *books = state;
	FactKey		key = {.companyId = RowInt32(row, 0), .id = RowInt64(row, 1)};
	int64		reversesDocumentId = RowInt64(row, 5);
	KnownDocument *document;
	KnownResult *result;
	int32		kind = 0;
	bool		found;

	NoteKey(books, key.companyId, HashKey(key.companyId, row, 6));
	if (reversesDocumentId != 0 && InSlice(books->check, reversesDocumentId))
	{
		KnownReversal *reversal = AddFact(books->reversals, key.companyId, key.id, 0, &found);

		reversal->reversesDocumentId = reversesDocumentId;
	}
	if (!InSlice(books->check, key.id))
		return;
	document = AddFact(books->documents, key.companyId, key.id, 0, &found);
	document->currency = FindFact(books->check->currencies, 0, RowInt32(row, 4), 0);
	if (!FindWord(books->kinds, row, 2, &kind))
		ReportDocument(books, &key, "document_references", psprintf("is of the unknown kind \"%s\"", RowText(row, 2)));
	else if (document->currency == NULL)
		ReportDocument(books, &key, "document_references", "has an unknown currency");
	else if (FindFact(books->parties, key.companyId, RowInt32(row, 3), 0) == NULL)
		ReportDocument(books, &key, "document_references", "has an unknown party");
	result = FindFact(books->results, key.companyId, key.id, 0);
	document->givesNumbers = kind == KIND_NUMBERING || (result != NULL && result->closesDays);
	CheckResult(books, &key, row, result, kind == KIND_CALL);
}

static void
CheckResults(const DocumentCheck *books)
{
	for (int64 i = 0; i < FactCount(books->results); i++)
	{
		const KnownResult *result = FactAt(books->results, i);

		ErpCheckInterrupts();
		if (!result->hasDocument)
			ReportDocument(books, &result->key, "document_keys", "the result has no document");
	}
}

static const char *const taxColumns[] = {"company_id", "document_id", "tax_code_id", "base_amount", "tax_amount"};

/* What is wrong with the tax of a document, or NULL. */
static char *
CheckTax(const MasterEntry *currency, const FactRow *row)
{
	bool		bad = false;
	int128		base = RowAmount(row, 3, &bad);
	int128		tax = RowAmount(row, 4, &bad);

	if (bad)
		return NO_NUMBER;
	if (currency == NULL || (HasDecimals(base, currency->value) && HasDecimals(tax, currency->value)))
		return NULL;
	return psprintf("base %s, tax %s: more than the %d decimals of %s", AmountString(base), AmountString(tax), currency->value, currency->code);
}

static void
ReadTax(void *state, const FactRow *row)
{
	DocumentCheck *books = state;
	int32		companyId = RowInt32(row, 0);
	int64		documentId = RowInt64(row, 1);
	int32		taxCodeId = RowInt32(row, 2);
	const KnownDocument *document;
	const char *checkName = "document_references";
	char	   *detail;

	if (!InSlice(books->check, documentId))
		return;
	document = FindFact(books->documents, companyId, documentId, 0);
	if (document == NULL)
		detail = "has no document";
	else if (FindFact(books->taxCodes, companyId, taxCodeId, 0) == NULL)
		detail = "has an unknown tax code";
	else
	{
		checkName = "document_amounts";
		detail = CheckTax(document->currency, row);
	}
	if (detail != NULL)
		ReportViolation(books->check, checkName, companyId, psprintf("document " INT64_FORMAT ", tax code %d", documentId, taxCodeId), detail);
}

/* True if no such document exists; asked in the slice that it would be of. */
static bool
IsMissing(const DocumentCheck *books, int32 companyId, int64 documentId)
{
	return InSlice(books->check, documentId) && FindFact(books->documents, companyId, documentId, 0) == NULL;
}

static void
CheckReversals(const DocumentCheck *books)
{
	for (int64 i = 0; i < FactCount(books->reversals); i++)
	{
		const KnownReversal *reversal = FactAt(books->reversals, i);

		ErpCheckInterrupts();
		if (IsMissing(books, reversal->key.companyId, reversal->reversesDocumentId))
			ReportDocument(books, &reversal->key, "document_references",
						   psprintf("reverses the unknown document " INT64_FORMAT, reversal->reversesDocumentId));
	}
}

static const char *const linkColumns[] = {"company_id", "document_id", "link", "target_document_id"};

static void
ReadLink(void *state, const FactRow *row)
{
	DocumentCheck *books = state;
	int32		companyId = RowInt32(row, 0);
	int64		ends[2] = {RowInt64(row, 1), RowInt64(row, 3)};

	for (int i = 0; i < (int) lengthof(ends); i++)
	{
		if (IsMissing(books, companyId, ends[i]))
			ReportViolation(books->check, "document_references", companyId,
							psprintf("link %s of document " INT64_FORMAT " to " INT64_FORMAT, RowText(row, 2), ends[0], ends[1]),
							psprintf("document " INT64_FORMAT " does not exist", ends[i]));
	}
}

static void
CheckDocumentSlice(FactCheck *check)
{
	DocumentCheck books = {
		.check = check,
		.kinds = ReadWords(check, "SELECT k.kind, CASE k.kind WHEN 'administration' THEN 1 WHEN 'numbering' THEN 2 ELSE 0 END FROM erp.document_kind k"),
		.closingCalls = ReadWords(check, "SELECT c.call, 1 FROM (VALUES ('set_period_state'), ('set_hard_lock'), ('close_month'), ('close_year'), ('reopen_year')) c (call)"),
		.parties = ReadMaster(check, "SELECT p.company_id, p.party_id::bigint, 0, NULL::text FROM erp.party p"),
		.taxCodes = ReadMaster(check, "SELECT t.company_id, t.tax_code_id::bigint, 0, NULL::text FROM erp.tax_code t"),
		.series = ReadMaster(check, "SELECT s.company_id, s.series_id::bigint, 0, s.code FROM erp.series s"),
		.documents = CreateFactMap(sizeof(KnownDocument)), .results = CreateFactMap(sizeof(KnownResult)),
		.reversals = CreateFactMap(sizeof(KnownReversal)), .keys = CreateFactMap(sizeof(FactKey))
	};

	ReadTable("call_result", resultColumns, lengthof(resultColumns), ReadResult, &books);
	ReadTable("document", documentColumns, lengthof(documentColumns), ReadDocument, &books);
	CheckResults(&books);
	CheckReversals(&books);
	if (books.keyIsRepeated)
		ReadFacts(check, "SELECT d.company_id, d.key, pg_catalog.count(*) FROM erp.document d GROUP BY d.company_id, d.key HAVING pg_catalog.count(*) > 1",
				  ReadRepeatedKey, &books);
	ReadTable("document_tax", taxColumns, lengthof(taxColumns), ReadTax, &books);
	ReadTable("document_link", linkColumns, lengthof(linkColumns), ReadLink, &books);
	CheckNumbers(&books);
}

PG_FUNCTION_INFO_V1(erp_check_documents);

Datum
erp_check_documents(PG_FUNCTION_ARGS)
{
	return RunFactCheck(fcinfo, "SELECT pg_catalog.pg_relation_size('erp.document') + pg_catalog.pg_relation_size('erp.assigned_number')",
						CheckDocumentSlice);
}
