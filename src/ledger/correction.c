/*
 * Supplementary vouchers: a manual voucher that adds what another one lacks
 * names its document, is linked to it and says so. What is corrected stands
 * until its corrections are reversed, so it is locked against reversal.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/plan_cache.h"
#include "ledger/ledger.h"

static KeptPlan idPlan = {
	.query = "SELECT document_id FROM erp.document WHERE company_id = $1 AND key = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTOID}
};

/* A reversal locks the row FOR NO KEY UPDATE. */
static KeptPlan lockPlan = {
	.query = "SELECT document_id FROM erp.document WHERE company_id = $1 AND document_id = $2 FOR SHARE",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan statePlan = {
	.query = "SELECT d.reverses_document_id <> 0, EXISTS (SELECT FROM erp.document r WHERE r.company_id = d.company_id"
	"           AND r.reverses_document_id = d.document_id AND r.reverses_document_id <> 0)"
	"  FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* Whether the document names one that it corrects, and may. */
static bool
Corrects(DocumentBatch *batch, Document *document)
{
	const char *key = document->fields[HEADER_CORRECTS];

	if (key == NULL || document->repeated || document->kind == NULL)
		return false;
	if (document->lineCount > 0 && document->lines[0].role != NULL && IsEntry(&document->lines[0]))
		return true;
	ReportProblem(batch, document, NULL, "corrects", key, ERRCODE_ERP_INVALID_FIELD,
				  psprintf("documents of kind %s correct no other", document->kind->name));
	return false;
}

static void
FindCorrected(DocumentBatch *batch, Document *document)
{
	const char *key = document->fields[HEADER_CORRECTS];
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), CStringGetTextDatum(key)};

	if (RunPlanLatest(&idPlan, values, NULL) == 0)
		ReportProblem(batch, document, NULL, "corrects", key, ERRCODE_ERP_UNKNOWN_CODE, "no document of the company has this key");
	else
		document->correctsDocumentId = DatumGetInt64(PlanValue(0, 1));
}

static int
CompareCorrected(const void *left, const void *right)
{
	int64		a = (*(Document *const *) left)->correctsDocumentId;
	int64		b = (*(Document *const *) right)->correctsDocumentId;

	return a == b ? 0 : a < b ? -1 : 1;
}

/* Locked, the document is what it will be when this one commits. */
static void
CheckCorrected(DocumentBatch *batch, Document *document)
{
	int32		companyId = batch->company->companyId;
	const char *key = document->fields[HEADER_CORRECTS];
	Datum		values[2] = {Int32GetDatum(companyId), Int64GetDatum(document->correctsDocumentId)};
	NamedVoucher corrected;

	(void) RunPlan(&lockPlan, values, NULL);
	(void) RunPlanLatest(&statePlan, values, NULL);
	if (DatumGetBool(PlanValue(0, 1)) || DatumGetBool(PlanValue(0, 2)))
		ReportProblem(batch, document, NULL, "corrects", key, ERRCODE_ERP_NOT_CORRECTABLE,
					  "the document is a reversal, or was reversed");
	else if (!FindNamedVoucher(companyId, document->correctsDocumentId, &corrected))
		ReportProblem(batch, document, NULL, "corrects", key, ERRCODE_ERP_NOT_CORRECTABLE, "the document has no voucher");
	else if (document->day < corrected.day)
		ReportProblem(batch, document, NULL, "day", document->fields[HEADER_DAY], ERRCODE_ERP_INVALID_FIELD,
					  "a correction is not earlier than what it corrects");
	else
		document->correctionText = VoucherText(companyId, TEXT_CORRECTION, &corrected);
}

void
LookUpCorrected(DocumentBatch *batch)
{
	Document  **correcting = NULL;
	int			count = 0;

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->fields[HEADER_CORRECTS] == NULL || !Corrects(batch, document))
			continue;
		FindCorrected(batch, document);
		if (document->correctsDocumentId == 0)
			continue;
		if (correcting == NULL)
			correcting = palloc(sizeof(Document *) * batch->count);
		correcting[count++] = document;
	}
	if (count == 0)
		return;
	/* Two batches that correct the same documents lock them in one order. */
	qsort(correcting, count, sizeof(Document *), CompareCorrected);
	for (int i = 0; i < count; i++)
		CheckCorrected(batch, correcting[i]);
	pfree(correcting);
}
