/*
 * Verifying a chain: every seal is held against the one before it, and against
 * the content that its document has now. What is wrong at one position is told
 * once: the next is held against the hash that stands there.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/company_call.h"
#include "core/plan_cache.h"
#include "ledger/seal.h"

#define ALTERED_CONTENT "altered content"
#define BROKEN_LINK "broken link"
#define MALFORMED_HASH "malformed hash"
#define MISSING_POSITION "missing position"

#define MAX_PROBLEMS_LIMIT 1000000

PG_FUNCTION_INFO_V1(erp_verify_chain);

/* The seal before the range comes with it, for its hash. */
static KeptPlan sealPlan = {
	.query = "SELECT s.position, s.document_id, s.sealed_at, s.previous_hash, s.hash FROM erp.seal s"
	" WHERE s.company_id = $1 AND s.position >= $2 AND s.position <= $3 ORDER BY s.position LIMIT $4",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT8OID, INT8OID, INT8OID}
};

static KeptPlan besidePlan = {
	.query = "SELECT b.document_id, b.problem FROM erp_private.beside_chain($1) b ORDER BY b.document_id, b.problem COLLATE \"C\" LIMIT $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

typedef struct Verification
{
	ReturnSetInfo *result;
	int32		companyId;
	const char *company;
	SealCodes  *codes;
	int64		problemsLeft;
	int64		next;			/* the position that comes next */
	bool		hashKnown;		/* that of the position before it */
	uint8		hash[HASH_LENGTH];
} Verification;

typedef struct Seal
{
	uint8		previousHash[HASH_LENGTH];
	uint8		hash[HASH_LENGTH];
	bool		malformed;
} Seal;

static void
Report(Verification *verification, int64 position, int64 documentId, const char *problem)
{
	Datum		values[3] = {Int64GetDatum(position), Int64GetDatum(documentId), CStringGetTextDatum(problem)};
	bool		nulls[3] = {position == 0, documentId == 0, false};

	if (verification->problemsLeft == 0)
		return;
	tuplestore_putvalues(verification->result->setResult, verification->result->setDesc, values, nulls);
	verification->problemsLeft--;
}

/* False if it is no hash. */
static bool
CopyHash(Datum value, uint8 *hash)
{
	bytea	   *bytes = DatumGetByteaPP(value);

	if (VARSIZE_ANY_EXHDR(bytes) != HASH_LENGTH)
		return false;
	memcpy(hash, VARDATA_ANY(bytes), HASH_LENGTH);
	return true;
}

/* Reads the seals from `first` on, at most a chunk of them. */
static int
ReadSeals(int32 companyId, int64 first, int64 last, Seal *seals, SealedDocument *documents)
{
	Datum		values[4] = {Int32GetDatum(companyId), Int64GetDatum(first), Int64GetDatum(last), Int64GetDatum(SEAL_CHUNK)};
	int			count = (int) RunPlan(&sealPlan, values, NULL);

	for (int i = 0; i < count; i++)
	{
		documents[i].position = DatumGetInt64(PlanValue(i, 1));
		documents[i].documentId = DatumGetInt64(PlanValue(i, 2));
		documents[i].sealedAt = DatumGetTimestampTz(PlanValue(i, 3));
		seals[i].malformed = !CopyHash(PlanValue(i, 4), seals[i].previousHash) || !CopyHash(PlanValue(i, 5), seals[i].hash);
	}
	SPI_freetuptable(SPI_tuptable);
	return count;
}

static void
ReportGap(Verification *verification, int64 first, int64 last)
{
	Report(verification, first, 0, first == last ? MISSING_POSITION
		   : psprintf(MISSING_POSITION "s %lld to %lld", (long long) first, (long long) last));
}

static void
VerifySeal(Verification *verification, const Seal *seal, const SealedDocument *document)
{
	uint8		link[HASH_LENGTH];

	if (document->position > verification->next)
	{
		ReportGap(verification, verification->next, document->position - 1);
		verification->hashKnown = false;
	}
	if (seal->malformed)
		Report(verification, document->position, document->documentId, MALFORMED_HASH);
	else
	{
		if (verification->hashKnown && memcmp(seal->previousHash, verification->hash, HASH_LENGTH) != 0)
			Report(verification, document->position, document->documentId, BROKEN_LINK);
		if (document->problem != NULL)
			Report(verification, document->position, document->documentId, document->problem);
		else
		{
			HashLink(seal->previousHash, &document->content, link);
			if (memcmp(seal->hash, link, HASH_LENGTH) != 0)
				Report(verification, document->position, document->documentId, ALTERED_CONTENT);
		}
		memcpy(verification->hash, seal->hash, HASH_LENGTH);
	}
	verification->hashKnown = !seal->malformed;
	verification->next = document->position + 1;
}

/* The hash before the range, if there is one to be known: zeros before position 1. */
static void
FindFirstHash(Verification *verification)
{
	Seal		seal;
	SealedDocument document;
	int64		before = verification->next - 1;

	memset(verification->hash, 0, HASH_LENGTH);
	if (before == 0)
		verification->hashKnown = true;
	else if (ReadSeals(verification->companyId, before, before, &seal, &document) == 1 && !seal.malformed)
	{
		memcpy(verification->hash, seal.hash, HASH_LENGTH);
		verification->hashKnown = true;
	}
}

static void
VerifySeals(Verification *verification, int64 last)
{
	MemoryContext chunkContext = AllocSetContextCreate(CurrentMemoryContext, "erp verify", ALLOCSET_DEFAULT_SIZES);
	Seal		seals[SEAL_CHUNK];
	SealedDocument documents[SEAL_CHUNK];
	int			count;

	FindFirstHash(verification);
	do
	{
		MemoryContext previous = MemoryContextSwitchTo(chunkContext);

		count = ReadSeals(verification->companyId, verification->next, last, seals, documents);
		if (count > 0)
			ReadContents(verification->codes, verification->companyId, verification->company, documents, count);
		for (int i = 0; i < count; i++)
			VerifySeal(verification, &seals[i], &documents[i]);
		MemoryContextSwitchTo(previous);
		MemoryContextReset(chunkContext);
	} while (count == SEAL_CHUNK && verification->problemsLeft > 0);
}

/* What the sealer has passed by, and what is other than the documents say. */
static void
FindBesideChain(Verification *verification)
{
	Datum		values[2] = {Int32GetDatum(verification->companyId), Int64GetDatum(verification->problemsLeft)};
	uint64		count = RunPlan(&besidePlan, values, NULL);

	for (uint64 i = 0; i < count; i++)
		Report(verification, 0, DatumGetInt64(PlanValue(i, 1)), TextDatumGetCString(PlanValue(i, 2)));
}

static int64
PositionArgument(FunctionCallInfo fcinfo, int number, const char *name, int64 byDefault)
{
	int64		position = PG_ARGISNULL(number) ? byDefault : PG_GETARG_INT64(number);

	if (position < 1)
		RaiseInvalidArgument(name, psprintf("%lld", (long long) position), "must be positive");
	return position;
}

Datum
erp_verify_chain(PG_FUNCTION_ARGS)
{
	Verification verification = {.result = (ReturnSetInfo *) fcinfo->resultinfo};
	int64		last = PositionArgument(fcinfo, 2, "to_position", PG_INT64_MAX);

	verification.company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	verification.next = PositionArgument(fcinfo, 1, "from_position", 1);
	verification.problemsLeft = DatumGetInt32(RequiredArgument(fcinfo, 3, "max_problems"));
	if (verification.problemsLeft < 1 || verification.problemsLeft > MAX_PROBLEMS_LIMIT)
		RaiseInvalidArgument("max_problems", psprintf("%lld", (long long) verification.problemsLeft), "is out of range");
	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	verification.companyId = SealedCompanyId(verification.company);
	verification.codes = CreateSealCodes(verification.companyId);
	VerifySeals(&verification, last);
	if (!PG_ARGISNULL(2) && verification.next <= last)
		ReportGap(&verification, verification.next, last);
	if (PG_ARGISNULL(1) && PG_ARGISNULL(2) && verification.problemsLeft > 0)
		FindBesideChain(&verification);
	SPI_finish();
	return (Datum) 0;
}
