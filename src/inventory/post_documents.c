/*
 * The one way from requests to facts. The order of the steps is the lock order
 * of the design: period gate, idempotency key, party, open items, item and pool ascending,
 * new dimension sets, positions of budgets, series.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"

#include "core/company_call.h"
#include "inventory/conversion.h"
#include "inventory/demand_follower.h"
#include "inventory/expired.h"
#include "inventory/inventory.h"
#include "inventory/named_line.h"
#include "inventory/pending.h"
#include "ledger/batch_checks.h"
#include "ledger/period_gate.h"

PG_FUNCTION_INFO_V1(erp_post_document);
PG_FUNCTION_INFO_V1(erp_post_documents);
PG_FUNCTION_INFO_V1(erp_reverse_document);
PG_FUNCTION_INFO_V1(erp_post_drafted);
PG_FUNCTION_INFO_V1(erp_reverse_drafted);
PG_FUNCTION_INFO_V1(erp_try_documents);
PG_FUNCTION_INFO_V1(erp_try_reversal);
PG_FUNCTION_INFO_V1(erp_dry_run);
PG_FUNCTION_INFO_V1(erp_preview);

#define DOCUMENTS_MAX 100000

/* What was posted before its company asked for reviews has its first result. */
static void
CheckReviewed(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count && WantsReview(batch); i++)
	{
		Document   *document = &batch->documents[i];

		if (document->kind != NULL && document->kind->isDrafted && !document->bad && !document->repeated)
			ReportProblem(batch, document, NULL, "kind", document->kind->name, ERRCODE_ERP_REVIEW_REQUIRED,
						  psprintf("the company posts a %s from a reviewed draft only", document->kind->name));
	}
}

static void
CheckPosters(DocumentBatch *batch)
{
	const DocumentKindInfo *checked = NULL;

	if (batch->fromDrafts)
		return;
	CheckReviewed(batch);
	for (int i = 0; i < batch->count; i++)
	{
		const DocumentKindInfo *kind = batch->documents[i].kind;

		if (kind == NULL || kind == checked)
			continue;
		CheckCallerRole(kind->posterRole, psprintf("documents of kind %s", kind->name));
		checked = kind;
	}
}

void
CheckBatch(DocumentBatch *batch)
{
	CheckHeaders(batch);
	PairSides(batch);
	CheckPosters(batch);
	CheckOpening(batch);
	LookUpParties(batch);
	LookUpItems(batch);
	LookUpPlaces(batch);
	CheckLines(batch);
	LockFollowed(batch);
	LookUpNamedLines(batch);
	CheckRates(batch);
	LinkShipments(batch);
	LookUpPending(batch);
	AmendAmounts(batch);
	CheckPlaces(batch);
	CheckExpired(batch);
	LookUpAccounts(batch);
	LookUpWords(batch);
	LookUpCorrected(batch);
	LookUpConsumed(batch);
	LookUpDimensions(batch);
	ComputeAmounts(batch);
}

/* The documents that a replay made, as a batch of their own. */
static void
ClaimAdjustments(DocumentBatch *batch, StockRun *run, DocumentBatch *adjustments)
{
	memset(adjustments, 0, sizeof(DocumentBatch));
	adjustments->company = batch->company;
	adjustments->documents = run->adjustmentDocuments;
	adjustments->count = run->adjustmentCount;
	if (adjustments->count > 0)
		ClaimKeys(adjustments);
}

void
PostCheckedBatch(DocumentBatch *batch)
{
	DocumentBatch adjustments;
	CreditCheck *credit;
	SettlementRun *settlements;
	StockRun   *run;
	VoucherSet *set;

	PassPeriodGate(batch);
	ClaimKeys(batch);
	credit = LockCredit(batch);
	LockReversedItems(batch);
	settlements = PrepareSettlements(batch);
	run = MoveStock(batch);
	set = BuildVouchers(batch);
	BuildReversalVouchers(run, set);
	BuildAdjustments(run, set);
	CheckCredit(batch, credit, set);
	ClaimAdjustments(batch, run, &adjustments);
	MakeDimensionSets(batch, set);
	StoreLines(batch);
	if (adjustments.count > 0)
		StoreLines(&adjustments);
	StoreWarnings(batch);
	StoreWarnings(&adjustments);
	StoreCreditWarnings(batch, credit);
	StoreExpired(batch);
	StoreVouchers(batch, set);
	CheckBudgets(batch, set);
	StoreCosts(run);
	FollowPosted(batch);
	SettlePosted(settlements, set);
	TakeNumbers(batch);
	if (adjustments.count > 0)
		TakeNumbers(&adjustments);
	NumberSettlements(settlements);
	LookUpPosted(batch);
}

void
PostBatch(DocumentBatch *batch)
{
	CheckBatch(batch);
	PostCheckedBatch(batch);
}

static void
CheckShape(const JsonNode *root, bool single)
{
	if (root->kind != (single ? JSON_OBJECT : JSON_ARRAY))
		ereport(ERROR,
				(errcode(ERRCODE_ERP_INVALID_FIELD),
				 errmsg(single ? "a document is a JSON object" : "documents are a JSON array"),
				 errdetail("The request is %s.", root->kind == JSON_OBJECT ? "an object" : root->kind == JSON_ARRAY ? "an array" : "neither"),
				 errhint("erp.post_document() takes one object, erp.post_documents() an array of them.")));
	if (root->count > DOCUMENTS_MAX && !single)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_INVALID_FIELD),
				 errmsg("too many documents in one call"),
				 errdetail("%d documents; the limit is %d.", root->count, DOCUMENTS_MAX),
				 errhint("Import them with erp.start_import().")));
}

static Datum
PostJson(FunctionCallInfo fcinfo, bool single, DocumentBatch batch)
{
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	Datum		json = RequiredArgument(fcinfo, 1, single ? "document" : "documents");
	MemoryContext caller = CurrentMemoryContext;
	EngineScope scope;
	JsonNode   *root;

	BeginEngine(&scope);
	PlanByIndexes();
	batch.company = OpenCompany(company);
	root = ParseJsonDatum(json);
	CheckShape(root, single);
	ReadDocuments(&batch, root);
	PostBatch(&batch);
	return FinishCall(&scope, caller, DocumentResult(&batch, single));
}

Datum
erp_post_document(PG_FUNCTION_ARGS)
{
	return PostJson(fcinfo, true, (DocumentBatch) {0});
}

Datum
erp_post_documents(PG_FUNCTION_ARGS)
{
	return PostJson(fcinfo, false, (DocumentBatch) {0});
}

/* erp_private.post_drafted(company, documents): as erp.post_documents(), for erp.post_draft(). */
Datum
erp_post_drafted(PG_FUNCTION_ARGS)
{
	return PostJson(fcinfo, false, (DocumentBatch) {.fromDrafts = true});
}

/* erp_private.try_documents(company, documents, single): as erp.post_documents(), or erp.post_document(), for erp.dry_run(). */
Datum
erp_try_documents(PG_FUNCTION_ARGS)
{
	return PostJson(fcinfo, PG_GETARG_BOOL(2), (DocumentBatch) {.isTrial = true});
}

/* Reads {"key", "reverses", "day", "time", "late", "description"}; the field list of documents serves for the rest. */
static void
ReadReversal(DocumentBatch *batch, const JsonNode *root)
{
	const JsonNode *reverses = JsonMember(root, "reverses");
	Document   *document = palloc0(sizeof(Document));

	batch->documents = document;
	batch->count = 1;
	if (root->kind != JSON_OBJECT || reverses == NULL || reverses->kind != JSON_STRING)
		RaiseProblem(batch, document, NULL, "reverses", NULL, ERRCODE_ERP_INVALID_FIELD,
					 "the key of the document to reverse is missing");
	ReadReversalFields(document, root);
	CheckReversalFields(batch, document);
	document->fields[HEADER_KIND] = "reversal";
	document->fields[HEADER_REFERENCE] = reverses->text;
	HashDocument(document);
	FindRepeated(batch);
}

static Datum
ReverseJson(FunctionCallInfo fcinfo, DocumentBatch batch)
{
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	Datum		request = RequiredArgument(fcinfo, 1, "request");
	MemoryContext caller = CurrentMemoryContext;
	EngineScope scope;

	BeginEngine(&scope);
	PlanByIndexes();
	batch.company = OpenCompany(company);
	ReadReversal(&batch, ParseJsonDatum(request));
	if (!batch.documents->repeated)
	{
		LockReversedFollowed(&batch, batch.documents->fields[HEADER_REFERENCE]);
		PrepareReversal(&batch, batch.documents, batch.documents->fields[HEADER_REFERENCE]);
	}
	LookUpWords(&batch);
	CheckPosters(&batch);
	CheckOpening(&batch);
	PostCheckedBatch(&batch);
	return FinishCall(&scope, caller, DocumentResult(&batch, true));
}

Datum
erp_reverse_document(PG_FUNCTION_ARGS)
{
	return ReverseJson(fcinfo, (DocumentBatch) {0});
}

/* erp_private.reverse_drafted(company, request): as erp.reverse_document(), for erp.post_draft(). */
Datum
erp_reverse_drafted(PG_FUNCTION_ARGS)
{
	return ReverseJson(fcinfo, (DocumentBatch) {.fromDrafts = true});
}

/* erp_private.try_reversal(company, request): as erp.reverse_document(), for erp.dry_run(). */
Datum
erp_try_reversal(PG_FUNCTION_ARGS)
{
	return ReverseJson(fcinfo, (DocumentBatch) {.isTrial = true});
}

/* The function of schema erp_private, of a company and a request, in the frame of a call. */
static Datum
RunTrial(FunctionCallInfo fcinfo, char *function)
{
	Datum		company = RequiredArgument(fcinfo, 0, "company");
	Datum		request = RequiredArgument(fcinfo, 1, "request");
	Oid			argumentTypes[] = {TEXTOID, JSONOID};
	List	   *name = list_make2(makeString("erp_private"), makeString(function));
	MemoryContext caller = CurrentMemoryContext;
	EngineScope scope;

	BeginEngine(&scope);
	(void) ReadCompany(TextDatumGetCString(company));
	return FinishCall(&scope, caller, OidFunctionCall2(LookupFuncName(name, 2, argumentTypes, false), company, request));
}

Datum
erp_dry_run(PG_FUNCTION_ARGS)
{
	return RunTrial(fcinfo, "dry_run");
}

Datum
erp_preview(PG_FUNCTION_ARGS)
{
	return RunTrial(fcinfo, "preview");
}
