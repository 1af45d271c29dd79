/*
 * Production issues that production receipts name. Each is taken over by one
 * receipt that stands; while it does, the issue is not reversed.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/code_map.h"
#include "core/plan_cache.h"
#include "inventory/conversion.h"

/* A reversal locks the row in the same way. */
static KeptPlan lockPlan = {
	.query = "SELECT document_id, kind, posting_day, time_of_day FROM erp.document WHERE company_id = $1 AND key = ANY ($2)"
	" ORDER BY document_id FOR NO KEY UPDATE",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

static KeptPlan statePlan = {
	.query = "SELECT d.reverses_document_id <> 0, (SELECT r.key FROM erp.document r WHERE r.company_id = d.company_id"
	"           AND r.reverses_document_id = d.document_id AND r.reverses_document_id <> 0)"
	"  FROM erp.document d WHERE d.company_id = $1 AND d.document_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan productPlan = {
	.query = "SELECT d.key FROM erp.document_link l JOIN erp.document d ON d.company_id = l.company_id AND d.document_id = l.document_id"
	" WHERE l.company_id = $1 AND l.target_document_id = $2 AND l.link = 'made_from' AND l.document_id <> l.target_document_id"
	"   AND NOT EXISTS (SELECT FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = l.document_id"
	"                      AND r.reverses_document_id <> 0) LIMIT 1",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

char *
StandingProduct(int32 companyId, int64 documentId)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int64GetDatum(documentId)};

	return RunPlanLatest(&productPlan, values, NULL) == 0 ? NULL : TextDatumGetCString(PlanValue(0, 1));
}

static void
ReportConsumed(DocumentBatch *batch, Document *document, const char *key, int errorCode, const char *reason)
{
	ReportProblem(batch, document, NULL, "consumes", key, errorCode, reason);
}

static bool
HasRole(const Document *document, ValueSource source)
{
	for (int i = 0; i < document->lineCount; i++)
	{
		if (document->lines[i].role != NULL && document->lines[i].role->valueSource == source)
			return true;
	}
	return false;
}

static bool
KindHas(const DocumentKindInfo *kind, ValueSource source)
{
	for (int i = 0; i < kind->roleCount; i++)
	{
		if (kind->roles[i]->valueSource == source)
			return true;
	}
	return false;
}

/* What its products are made of stands in the document itself, or in issues that it names. */
static void
CheckShape(DocumentBatch *batch, Document *document)
{
	bool		makes = KindHas(document->kind, VALUE_SHARE);
	bool		consumes = KindHas(document->kind, VALUE_CONSUMED);

	if (document->consumes != NULL && (!makes || consumes))
		ReportConsumed(batch, document, NULL, ERRCODE_ERP_INVALID_FIELD,
					   psprintf("documents of kind %s consume no production issues", document->kind->name));
	if (!makes)
		return;
	for (int i = 0; i < document->lineCount; i++)
	{
		if (document->lines[i].role != NULL && document->lines[i].role->valueSource == VALUE_SHARE && document->lines[i].ownerId != 0)
			ReportProblem(batch, document, &document->lines[i], "owner", document->lines[i].fields[LINE_OWNER],
						  ERRCODE_ERP_STOCK_OF_OTHERS, "a product belongs to the company");
	}
	if (consumes && !(HasRole(document, VALUE_SHARE) && HasRole(document, VALUE_CONSUMED)))
		ReportProblem(batch, document, NULL, "lines", NULL, ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a document of kind %s has components and products", document->kind->name));
	if (!consumes && (document->consumes == NULL || document->consumes->count == 0))
		ReportConsumed(batch, document, NULL, ERRCODE_ERP_INVALID_FIELD, "the production issues that it is made of are missing");
}

/* The keys that the document names, each once. */
static CodeMap *
ReadKeys(DocumentBatch *batch, Document *document)
{
	CodeMap    *keys = CreateCodeMap();
	const JsonNode *node = document->consumes;

	for (node = node->kind == JSON_ARRAY ? node->first : NULL; node != NULL; node = node->next)
	{
		if (node->kind != JSON_STRING)
			break;
		(void) CodeNumber(keys, node->text);
	}
	if (document->consumes->kind != JSON_ARRAY || node != NULL)
		ReportConsumed(batch, document, NULL, ERRCODE_ERP_INVALID_FIELD, "an array of keys of production issues is expected");
	return keys;
}

/* Locked, an issue is what it will be when this document commits. */
static void
CheckConsumed(DocumentBatch *batch, Document *document, int64 documentId)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(documentId)};
	const char *takenBy = StandingProduct(batch->company->companyId, documentId);
	bool		stands = true;

	(void) RunPlanLatest(&statePlan, values, NULL);
	(void) PlanValueOrNull(0, 2, &stands);
	if (DatumGetBool(PlanValue(0, 1)) || !stands)
		ReportConsumed(batch, document, NULL, ERRCODE_ERP_NOT_CONSUMABLE, "a production issue was reversed, or is a reversal");
	else if (takenBy != NULL)
		ReportConsumed(batch, document, takenBy, ERRCODE_ERP_CONSUMED_BEFORE, "the goods of a production issue were taken over before");
}

static void
TakeConsumed(DocumentBatch *batch, Document *document, uint64 rows)
{
	document->madeFrom = palloc(sizeof(int64) * Max(rows, 1));
	for (uint64 i = 0; i < rows; i++)
	{
		DateADT		day = DatumGetDateADT(PlanValue(i, 3));

		const DocumentKindInfo *kind = FindKind(TextDatumGetCString(PlanValue(i, 2)));

		if (!KindHas(kind, VALUE_CONSUMED) || KindHas(kind, VALUE_SHARE))
			ReportConsumed(batch, document, NULL, ERRCODE_ERP_NOT_CONSUMABLE, "what it names is no production issue");
		else if (day > document->day || (day == document->day && DatumGetTimeADT(PlanValue(i, 4)) > document->timeOfDay))
			ReportConsumed(batch, document, NULL, ERRCODE_ERP_NOT_CONSUMABLE, "a production issue is later than what is made of it");
		else
			document->madeFrom[document->madeFromCount++] = DatumGetInt64(PlanValue(i, 1));
	}
}

static void
LookUpConsumedOf(DocumentBatch *batch, Document *document)
{
	CodeMap    *keys;
	Datum		values[2] = {Int32GetDatum(batch->company->companyId)};
	uint64		rows;

	CheckShape(batch, document);
	if (document->consumes == NULL || document->bad)
		return;
	keys = ReadKeys(batch, document);
	values[1] = CodeArray(keys);
	rows = CodeCount(keys) == 0 ? 0 : RunPlanLatest(&lockPlan, values, NULL);
	if (rows < (uint64) CodeCount(keys))
		ReportConsumed(batch, document, NULL, ERRCODE_ERP_UNKNOWN_CODE, "a production issue that it names is not in the books");
	TakeConsumed(batch, document, rows);
	for (int i = 0; i < document->madeFromCount && !document->bad; i++)
		CheckConsumed(batch, document, document->madeFrom[i]);
}

/* No issue twice in one call either. */
static void
CheckTwice(DocumentBatch *batch, Document *document, PairMap *taken)
{
	for (int i = 0; i < document->madeFromCount; i++)
	{
		int			before = PairCount(taken);

		if (PairNumber(taken, (uint64) document->madeFrom[i]) < before)
			ReportConsumed(batch, document, NULL, ERRCODE_ERP_CONSUMED_BEFORE, "the goods of a production issue are taken over twice in this call");
	}
}

void
LookUpConsumed(DocumentBatch *batch)
{
	PairMap    *taken = NULL;

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->bad || document->repeated || document->kind == NULL)
			continue;
		LookUpConsumedOf(batch, document);
		if (document->madeFromCount == 0)
			continue;
		if (taken == NULL)
			taken = CreatePairMap();
		CheckTwice(batch, document, taken);
	}
}
