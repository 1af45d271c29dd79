/*
 * The sealed journal as text: one JSON object a line for each document, which
 * tools/verify_journal verifies without a database.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/company_call.h"
#include "core/document.h"
#include "core/plan_cache.h"
#include "ledger/seal.h"

PG_FUNCTION_INFO_V1(erp_export_journal);

static KeptPlan sealPlan = {
	.query = "SELECT s.position, s.document_id, s.sealed_at, pg_catalog.encode(s.previous_hash, 'hex'), pg_catalog.encode(s.hash, 'hex')"
	" FROM erp.seal s WHERE s.company_id = $1 AND s.position >= $2 AND s.position <= $3 ORDER BY s.position LIMIT $4",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT8OID, INT8OID, INT8OID}
};

typedef struct ExportedSeal
{
	char	   *previousHash;
	char	   *hash;
} ExportedSeal;

static int
ReadSeals(int32 companyId, int64 first, int64 last, ExportedSeal *seals, SealedDocument *documents)
{
	Datum		values[4] = {Int32GetDatum(companyId), Int64GetDatum(first), Int64GetDatum(last), Int64GetDatum(SEAL_CHUNK)};
	int			count = (int) RunPlan(&sealPlan, values, NULL);

	for (int i = 0; i < count; i++)
	{
		documents[i].position = DatumGetInt64(PlanValue(i, 1));
		documents[i].documentId = DatumGetInt64(PlanValue(i, 2));
		documents[i].sealedAt = DatumGetTimestampTz(PlanValue(i, 3));
		seals[i].previousHash = TextDatumGetCString(PlanValue(i, 4));
		seals[i].hash = TextDatumGetCString(PlanValue(i, 5));
	}
	SPI_freetuptable(SPI_tuptable);
	return count;
}

/* What is missing cannot be exported: who reads the export would take it for whole. */
static void
ExportDocument(ReturnSetInfo *result, const ExportedSeal *seal, const SealedDocument *document)
{
	StringInfoData line;
	Datum		value;
	bool		isNull = false;

	if (document->problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_SEAL_REFUSED),
				 errmsg("position %lld cannot be exported: %s", (long long) document->position, document->problem),
				 errdetail("Document %lld.", (long long) document->documentId),
				 errhint("%s", ErrorCure(ERRCODE_ERP_SEAL_REFUSED))));
	initStringInfo(&line);
	appendStringInfo(&line, "{\"position\": " INT64_FORMAT ", \"previous_hash\": \"%s\", \"hash\": \"%s\", \"content\": ",
					 document->position, seal->previousHash, seal->hash);
	escape_json(&line, document->content.data);
	appendStringInfoChar(&line, '}');
	value = PointerGetDatum(cstring_to_text_with_len(line.data, line.len));
	tuplestore_putvalues(result->setResult, result->setDesc, &value, &isNull);
}

static void
ExportSeals(ReturnSetInfo *result, const char *company, int64 first, int64 last)
{
	int32		companyId = SealedCompanyId(company);
	SealCodes  *codes = CreateSealCodes(companyId);
	MemoryContext chunkContext = AllocSetContextCreate(CurrentMemoryContext, "erp export", ALLOCSET_DEFAULT_SIZES);
	ExportedSeal seals[SEAL_CHUNK];
	SealedDocument documents[SEAL_CHUNK];
	int			count;

	do
	{
		MemoryContext previous = MemoryContextSwitchTo(chunkContext);

		count = ReadSeals(companyId, first, last, seals, documents);
		if (count > 0)
			ReadContents(codes, companyId, company, documents, count);
		for (int i = 0; i < count; i++)
			ExportDocument(result, &seals[i], &documents[i]);
		if (count > 0)
			first = documents[count - 1].position + 1;
		MemoryContextSwitchTo(previous);
		MemoryContextReset(chunkContext);
	} while (count == SEAL_CHUNK);
}

Datum
erp_export_journal(PG_FUNCTION_ARGS)
{
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	int64		first = PG_ARGISNULL(1) ? 1 : PG_GETARG_INT64(1);
	int64		last = PG_ARGISNULL(2) ? PG_INT64_MAX : PG_GETARG_INT64(2);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	SPI_connect();
	ExportSeals((ReturnSetInfo *) fcinfo->resultinfo, company, first, last);
	SPI_finish();
	return (Datum) 0;
}
