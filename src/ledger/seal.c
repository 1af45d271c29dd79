/*
 * Sealing: documents that no running transaction can precede get their place in
 * the chain, in bounded steps. A step takes the oldest transactions first and
 * seals their documents in the order of their ids.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "core/bulk_insert.h"
#include "core/company_call.h"
#include "core/document.h"
#include "core/plan_cache.h"
#include "ledger/seal.h"

#define MAX_DOCUMENTS_LIMIT 1000000

/* Documents of a step where everything is sealed at once. */
#define STEP_OF_ALL 10000

PG_FUNCTION_INFO_V1(erp_seal_documents);
PG_FUNCTION_INFO_V1(erp_seal_with_call);

static const char *const sealColumns[] = {
	"company_id", "position", "document_id", "previous_hash", "hash", "sealed_at"
};

static KeptPlan openPlan = {
	.query = "SELECT r.cut, r.next_cut, r.waiting, r.restored FROM erp_private.open_seal_round($1) r",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

/* Through document_transaction up to the limit: the entry point switches off what would read and sort all that waits. */
static KeptPlan candidatePlan = {
	.query = "SELECT c.document_id, c.transaction_id"
	" FROM (SELECT w.document_id, w.transaction_id FROM erp_private.unsealed($1, $2, $3, $4, $5) w"
	"        ORDER BY w.transaction_id, w.document_id LIMIT $6) c"
	" ORDER BY c.document_id",
	.argumentCount = 6,
	.argumentTypes = {INT4OID, XID8OID, XID8OID, BOOLOID, BOOLOID, INT8OID}
};

/* What the transaction itself has written. */
static KeptPlan ownPlan = {
	.query = "SELECT d.document_id, d.transaction_id FROM erp.document d"
	" WHERE d.company_id = $1 AND d.transaction_id = pg_catalog.pg_current_xact_id()"
	"   AND NOT EXISTS (SELECT FROM erp.seal s WHERE s.company_id = d.company_id AND s.document_id = d.document_id OFFSET 0)"
	" ORDER BY d.document_id",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static KeptPlan lockPlan = {
	.query = "SELECT l.cut, l.next_cut, l.waiting, l.restored, l.horizon FROM erp_private.lock_seal_cut($1) l",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static KeptPlan endPlan = {
	.query = "SELECT erp_private.end_seal_round($1, $2)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, XID8OID}
};

static KeptPlan headPlan = {
	.query = "SELECT s.position, s.hash, s.sealed_at FROM erp.seal s WHERE s.company_id = $1 ORDER BY s.position DESC LIMIT 1",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static KeptPlan closePlan = {
	.query = "UPDATE erp_private.seal_cut k SET cut = $2, waiting = $3, restored = k.restored AND $3 > 0 WHERE k.company_id = $1",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, XID8OID, INT8OID}
};

static KeptPlan resultPlan = {
	.query = "SELECT pg_catalog.jsonb_build_object('sealed', $1, 'left', $2, 'position', $3)",
	.argumentCount = 3,
	.argumentTypes = {INT8OID, INT8OID, INT8OID}
};

typedef struct SealRound
{
	Datum		cut;
	Datum		nextCut;
	int64		waiting;
	Datum		restored;
	bool		committed;		/* all that has been committed, whatever may come before it */
} SealRound;

/* The end of the chain, as it grows. */
typedef struct ChainHead
{
	int64		position;
	uint8		hash[HASH_LENGTH];
	TimestampTz sealedAt;
} ChainHead;

/* What a step seals, in the order of the chain. */
typedef struct SealStep
{
	int64		count;
	int64	   *documentIds;
	FullTransactionId lastTransaction;
} SealStep;

/* A snapshot that stays would not show what the session that was waited for has sealed. */
static void
CheckReadCommitted(void)
{
	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TRANSACTION_STATE),
				 errmsg("documents are sealed under READ COMMITTED only"),
				 errhint("Call it in a transaction of its own.")));
}

/* Waits for whoever seals the company; goes on with the round that is open, or opens one. */
static SealRound
OpenRound(int32 companyId)
{
	Datum		value = Int32GetDatum(companyId);
	SealRound	round = {.committed = false};

	(void) RunPlan(&openPlan, &value, NULL);
	round.cut = PlanValue(0, 1);
	round.nextCut = PlanValue(0, 2);
	round.waiting = DatumGetInt64(PlanValue(0, 3));
	round.restored = PlanValue(0, 4);
	return round;
}

/* A step of the documents that a plan finds, seen as they are now whatever the isolation level. */
static SealStep
ReadStep(KeptPlan *plan, Datum *values, Datum cut)
{
	SealStep	step = {.lastTransaction = DatumGetFullTransactionId(cut)};

	step.count = (int64) RunPlanLatest(plan, values, NULL);
	step.documentIds = palloc(sizeof(int64) * Max(step.count, 1));
	for (int64 i = 0; i < step.count; i++)
	{
		FullTransactionId transaction = DatumGetFullTransactionId(PlanValue(i, 2));

		step.documentIds[i] = DatumGetInt64(PlanValue(i, 1));
		if (FullTransactionIdPrecedes(step.lastTransaction, transaction))
			step.lastTransaction = transaction;
	}
	SPI_freetuptable(SPI_tuptable);
	return step;
}

static SealStep
FindStep(int32 companyId, const SealRound *round, int64 max)
{
	Datum		values[6] = {
		Int32GetDatum(companyId), round->cut, round->nextCut, round->restored, BoolGetDatum(round->committed), Int64GetDatum(max)
	};

	return ReadStep(&candidatePlan, values, round->cut);
}

/* Seals of one step have one time, not before that of the last one, whatever the clock does. */
static ChainHead
ReadHead(int32 companyId)
{
	Datum		value = Int32GetDatum(companyId);
	ChainHead	head = {.sealedAt = GetCurrentTimestamp()};
	bytea	   *hash;

	if (RunPlanLatest(&headPlan, &value, NULL) == 0)
		return head;
	head.position = DatumGetInt64(PlanValue(0, 1));
	head.sealedAt = Max(head.sealedAt, DatumGetTimestampTz(PlanValue(0, 3)));
	hash = DatumGetByteaPP(PlanValue(0, 2));
	if (VARSIZE_ANY_EXHDR(hash) != HASH_LENGTH)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_SEAL_REFUSED),
				 errmsg("the last link of the chain is damaged"),
				 errdetail("The hash at position %lld has %d bytes.", (long long) head.position, (int) VARSIZE_ANY_EXHDR(hash)),
				 errhint("%s", ErrorCure(ERRCODE_ERP_SEAL_REFUSED))));
	memcpy(head.hash, VARDATA_ANY(hash), HASH_LENGTH);
	return head;
}

static bytea *
HashBytes(const uint8 *hash)
{
	bytea	   *bytes = palloc(VARHDRSZ + HASH_LENGTH);

	SET_VARSIZE(bytes, VARHDRSZ + HASH_LENGTH);
	memcpy(VARDATA(bytes), hash, HASH_LENGTH);
	return bytes;
}

static void
CheckHasContent(const SealedDocument *document)
{
	if (document->problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_SEAL_REFUSED),
				 errmsg("document %lld cannot be sealed: %s", (long long) document->documentId, document->problem),
				 errhint("%s", ErrorCure(ERRCODE_ERP_SEAL_REFUSED))));
}

static void
InsertSeal(BulkInsert *bulk, int32 companyId, const SealedDocument *document, ChainHead *head)
{
	MemoryContext previous = MemoryContextSwitchTo(BulkInsertContext(bulk));
	Datum		values[lengthof(sealColumns)];

	values[0] = Int32GetDatum(companyId);
	values[1] = Int64GetDatum(document->position);
	values[2] = Int64GetDatum(document->documentId);
	values[3] = PointerGetDatum(HashBytes(head->hash));
	HashLink(head->hash, &document->content, head->hash);
	values[4] = PointerGetDatum(HashBytes(head->hash));
	values[5] = TimestampTzGetDatum(head->sealedAt);
	BulkInsertRow(bulk, values, NULL);
	head->position = document->position;
	MemoryContextSwitchTo(previous);
}

static void
SealStepDocuments(int32 companyId, const char *company, const SealStep *step, ChainHead *head)
{
	SealCodes  *codes = CreateSealCodes(companyId);
	BulkInsert *bulk = BeginBulkInsert("erp", "seal", sealColumns, lengthof(sealColumns));
	MemoryContext chunkContext = AllocSetContextCreate(CurrentMemoryContext, "erp seal", ALLOCSET_DEFAULT_SIZES);
	SealedDocument documents[SEAL_CHUNK];

	for (int64 first = 0; first < step->count; first += SEAL_CHUNK)
	{
		int			count = (int) Min(SEAL_CHUNK, step->count - first);
		MemoryContext previous = MemoryContextSwitchTo(chunkContext);

		for (int i = 0; i < count; i++)
		{
			documents[i].documentId = step->documentIds[first + i];
			documents[i].position = head->position + i + 1;
			documents[i].sealedAt = head->sealedAt;
		}
		ReadContents(codes, companyId, company, documents, count);
		for (int i = 0; i < count; i++)
		{
			CheckHasContent(&documents[i]);
			InsertSeal(bulk, companyId, &documents[i], head);
		}
		MemoryContextSwitchTo(previous);
		MemoryContextReset(chunkContext);
	}
	EndBulkInsert(bulk);
}

/*
 * The cut moves up to what was sealed, or to the end of the round when nothing
 * is left; returns what is left. In a round after a restore new documents may
 * have taken places of those that were counted: it ends when none is found.
 */
static int64
CloseStep(int32 companyId, const SealRound *round, const SealStep *step, int64 max)
{
	bool		ended = step->count < max || (step->count == round->waiting && !DatumGetBool(round->restored));
	int64		left = ended ? 0 : Max(round->waiting - step->count, 1);
	Datum		values[3] = {
		Int32GetDatum(companyId),
		ended ? round->nextCut : FullTransactionIdGetDatum(step->lastTransaction),
		Int64GetDatum(left)
	};

	(void) RunPlan(&closePlan, values, NULL);
	return left;
}

static Datum
StepResult(int64 sealed, int64 left, int64 position)
{
	Datum		values[3] = {Int64GetDatum(sealed), Int64GetDatum(left), Int64GetDatum(position)};

	(void) RunPlan(&resultPlan, values, NULL);
	return PlanValue(0, 1);
}

static Datum
SealDocuments(const CompanyInfo *company, int64 max)
{
	SealRound	round = OpenRound(company->companyId);
	SealStep	step = FindStep(company->companyId, &round, max);
	ChainHead	head = ReadHead(company->companyId);

	if (step.count > 0)
		SealStepDocuments(company->companyId, company->code, &step, &head);
	return StepResult(step.count, CloseStep(company->companyId, &round, &step, max), head.position);
}

/* Waits for whoever seals the company; the round takes all that has been committed. */
static SealRound
LockRoundOfAll(int32 companyId, Datum *horizon)
{
	Datum		value = Int32GetDatum(companyId);
	SealRound	round = {.committed = true};

	(void) RunPlanLatest(&lockPlan, &value, NULL);
	round.cut = PlanValue(0, 1);
	round.nextCut = PlanValue(0, 2);
	round.restored = PlanValue(0, 4);
	*horizon = PlanValue(0, 5);
	return round;
}

/* All that has been committed, then what the transaction itself has written. */
static void
SealAll(int32 companyId, const char *company)
{
	Datum		values[2] = {Int32GetDatum(companyId)};
	SealRound	round = LockRoundOfAll(companyId, &values[1]);
	ChainHead	head = ReadHead(companyId);
	SealStep	step;

	do
	{
		step = FindStep(companyId, &round, STEP_OF_ALL);
		SealStepDocuments(companyId, company, &step, &head);
		round.cut = FullTransactionIdGetDatum(step.lastTransaction);
	} while (step.count == STEP_OF_ALL);
	step = ReadStep(&ownPlan, values, round.cut);
	SealStepDocuments(companyId, company, &step, &head);
	(void) RunPlan(&endPlan, values, NULL);
}

/* erp_private.seal_with_call(company_id, company). */
Datum
erp_seal_with_call(PG_FUNCTION_ARGS)
{
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	SealAll(PG_GETARG_INT32(0), TextDatumGetCString(PG_GETARG_DATUM(1)));
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
	PG_RETURN_VOID();
}

Datum
erp_seal_documents(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	int32		max = DatumGetInt32(RequiredArgument(fcinfo, 1, "max_documents"));
	EngineScope scope;

	if (max < 1 || max > MAX_DOCUMENTS_LIMIT)
		RaiseInvalidArgument("max_documents", psprintf("%d", max), "is out of range");
	BeginEngine(&scope);
	CheckReadCommitted();
	return FinishCall(&scope, caller, SealDocuments(ReadCompany(company), max));
}
