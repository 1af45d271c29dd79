#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/document_field.h"
#include "core/index_probe.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/cost_part.h"
#include "inventory/named_line.h"

static KeptPlan valuePlan = {
	.query = "SELECT m.line_no, m.leg, m.quantity,"
	"       (SELECT COALESCE(pg_catalog.sum(e.amount), 0) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id)"
	"  FROM erp.stock_move m WHERE m.company_id = $1 AND m.document_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* What is of the key, and what it bills, gives credit for or amends, as those who do the same lock that: in the order of their ids. */
static KeptPlan namedLockPlan = {
	.query = "SELECT d.document_id FROM erp.document d WHERE d.company_id = $1 AND d.document_id = ANY (ARRAY("
	"        SELECT b.document_id FROM erp.document b WHERE b.company_id = $1 AND b.key = $2"
	"         UNION ALL"
	"        SELECT k.target_document_id FROM erp.document b, erp.document_link k WHERE b.company_id = $1 AND b.key = $2"
	"           AND k.company_id = $1 AND k.document_id = b.document_id AND k.link IN ('bills', 'corrects')))"
	" ORDER BY d.document_id FOR NO KEY UPDATE",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTOID}
};

/* A credit note that stands for what a bill is of, where no other bills, before the receipt or behind it, are of so much. */
static KeptPlan creditedPlan = {
	.query = "SELECT s.key"
	"  FROM (SELECT DISTINCT f.target_document_id, f.target_line_no FROM erp.document_link f WHERE f.company_id = $1 AND f.document_id = $2"
	"           AND f.link = 'bills' AND f.quantity > 0 OFFSET 0) b"
	" CROSS JOIN LATERAL (SELECT pg_catalog.sum(k.quantity) + COALESCE((SELECT pg_catalog.sum(g.quantity) FROM erp.document_link g WHERE g.company_id = $1"
	"                              AND g.document_id = b.target_document_id AND g.line_no = b.target_line_no AND g.link = 'fulfils'), 0) AS quantity,"
	"                            pg_catalog.max(d.key) FILTER (WHERE k.quantity < 0) AS key"
	"                       FROM erp.document_link k, erp.document d"
	"                      WHERE k.company_id = $1 AND k.target_document_id = b.target_document_id AND k.target_line_no = b.target_line_no"
	"                        AND k.link = 'bills' AND k.document_id <> $2 AND d.company_id = $1 AND d.document_id = k.document_id"
	"                        AND " LINK_STANDS " OFFSET 0) s"
	" WHERE s.quantity < 0",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

/* Whether a receipt that an amendment made more of brought less without it than others that stand have made it less. */
static KeptPlan lessPlan = {
	.query = "SELECT c.target_line_no"
	"  FROM (SELECT f.target_document_id, f.target_line_no FROM erp.document_link f WHERE f.company_id = $1 AND f.document_id = $2"
	"           AND f.link = 'corrects' AND f.quantity > 0 OFFSET 0) c"
	" CROSS JOIN LATERAL (SELECT f.quantity FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = c.target_document_id"
	"                        AND f.line_no = c.target_line_no AND f.leg = 1 OFFSET 0) m"
	" CROSS JOIN LATERAL (SELECT pg_catalog.sum(k.quantity) AS quantity FROM erp.document_link k WHERE k.company_id = $1"
	"                        AND k.target_document_id = c.target_document_id AND k.target_line_no = c.target_line_no"
	"                        AND k.link = 'corrects' AND k.document_id <> $2 AND " LINK_STANDS " OFFSET 0) s"
	" WHERE m.quantity + s.quantity < 0",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static bool
BillsReceipts(const DocumentKindInfo *kind)
{
	return kind != NULL && kind->roleCount > 0 && kind->roles[0]->valueSource == VALUE_BILL;
}

static bool
AmendsReceipts(const DocumentKindInfo *kind)
{
	return kind->roleCount > 0 && ChangesReceipt(kind->roles[0]);
}

/* Its document is locked, and so is the receipt. */
static void
CheckLeavesEnough(DocumentBatch *batch, Document *document, const char *reversedKey)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(document->reversesDocumentId)};

	if (document->kind != NULL && AmendsReceipts(document->kind) && RunPlanLatest(&lessPlan, values, NULL) > 0)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_STILL_CORRECTED,
					  "without it more of the receipt has gone back, or did not come, than it brought");
}

/* The key of a credit note that stands for what a bill is of and would be of more than is billed without it; NULL if none would. */
static char *
CreditNoteKey(int32 companyId, const Document *document)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int64GetDatum(document->reversesDocumentId)};
	const DocumentKindInfo *kind = document->kind;

	if (!BillsReceipts(kind) || kind->totalSign >= 0)
		return NULL;
	return RunPlanLatest(&creditedPlan, values, NULL) == 0 ? NULL : TextDatumGetCString(PlanValue(0, 1));
}

/* The key of the reversal of a document; NULL if it has none. */
static char *
ReversalKey(int32 companyId, int64 documentId)
{
	return ProbeText("document", "document_reversed_once", companyId, Int64GetDatum(documentId), "key");
}

/* The key of a document that was not reversed; NULL for one that was, and for the engine's own adjustments. */
static char *
StandingKey(int32 companyId, int64 documentId)
{
	const char *kind = ProbeText("document", "document_key", companyId, Int64GetDatum(documentId), "kind");

	if (kind == NULL || strcmp(kind, "cost_adjustment") == 0 || ReversalKey(companyId, documentId) != NULL)
		return NULL;
	return ProbeText("document", "document_key", companyId, Int64GetDatum(documentId), "key");
}

/* The key of another document that links to this one in that way and stands; NULL if none does. */
static char *
StandingLink(int32 companyId, int64 documentId, const char *link)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int64GetDatum(documentId)};
	IndexProbe *probe = OpenIndexProbe("erp", "document_link", "document_link_target", PROBE_LATEST);
	TupleTableSlot *row;
	char	   *key = NULL;

	ProbeIndex(probe, values, 2);
	while (key == NULL && (row = NextProbedRow(probe)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		if (strcmp(TextDatumGetCString(ProbedColumn(probe, row, "link")), link) == 0 &&
			DatumGetInt64(ProbedColumn(probe, row, "document_id")) != documentId)
			key = StandingKey(companyId, DatumGetInt64(ProbedColumn(probe, row, "document_id")));
	}
	CloseIndexProbe(probe);
	return key;
}

/* The original is locked: what reverses or corrects it has committed, or waits. */
static void
CheckReversible(DocumentBatch *batch, Document *document, const char *reversedKey, bool isReversal)
{
	int32		companyId = batch->company->companyId;
	const char *reversedBy = ReversalKey(companyId, document->reversesDocumentId);
	const char *correctedBy = StandingLink(companyId, document->reversesDocumentId, "corrects");
	const char *billedBy = StandingLink(companyId, document->reversesDocumentId, "bills");
	const char *fulfilledBy = StandingLink(companyId, document->reversesDocumentId, "fulfils");
	const char *consumedBy = StandingLink(companyId, document->reversesDocumentId, "made_from");
	const char *creditedBy = CreditNoteKey(companyId, document);

	if (document->kind == NULL || document->kind->engineOnly)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_NOT_REVERSIBLE,
					  "documents of this kind are not reversed");
	if (isReversal)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_NOT_REVERSIBLE,
					  "the document is itself a reversal");
	if (reversedBy != NULL && strcmp(reversedBy, document->key) != 0)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_NOT_REVERSIBLE,
					  psprintf("the document was reversed before, by \"%s\"", reversedBy));
	if (correctedBy != NULL)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_STILL_CORRECTED,
					  psprintf("its supplementary voucher \"%s\" stands", correctedBy));
	if (billedBy != NULL || fulfilledBy != NULL)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_STILL_COSTED,
					  psprintf(billedBy != NULL ? "the bill \"%s\" of it stands" : "\"%s\" stands, which fulfils it",
							   billedBy != NULL ? billedBy : fulfilledBy));
	if (creditedBy != NULL)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_STILL_COSTED,
					  psprintf("the credit note \"%s\" for what it bills stands", creditedBy));
	if (consumedBy != NULL)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_STILL_CONSUMED,
					  psprintf("\"%s\" is made of it", consumedBy));
}

/* The reversal's own day and time, by default those of the original; never earlier. */
static void
FillReversalDay(DocumentBatch *batch, Document *document, TimeADT originalTime)
{
	DateADT		originalDay = document->reversedDay;

	if (document->fields[HEADER_DAY] == NULL)
		document->day = originalDay;
	if (document->fields[HEADER_TIME] == NULL && document->day == originalDay)
		document->timeOfDay = originalTime;
	document->postingDay = document->day;
	if (document->day < originalDay || (document->day == originalDay && document->timeOfDay < originalTime))
		ReportProblem(batch, document, NULL, "day", document->fields[HEADER_DAY], ERRCODE_ERP_INVALID_FIELD,
					  "a reversal is not earlier than what it reverses");
}

static void
CopyHeader(Document *document, const IndexProbe *probe, TupleTableSlot *row)
{
	document->reversesDocumentId = DatumGetInt64(ProbedColumn(probe, row, "document_id"));
	document->reversedDay = DatumGetDateADT(ProbedColumn(probe, row, "posting_day"));
	document->kind = FindKind(TextDatumGetCString(ProbedColumn(probe, row, "kind")));
	document->party.partyId = DatumGetInt32(ProbedColumn(probe, row, "party_id"));
	document->currency = FindCurrencyById(DatumGetInt32(ProbedColumn(probe, row, "currency_id")));
	document->rate = RateFromDatum(ProbedColumn(probe, row, "rate"));
	document->rateDay = DatumGetDateADT(ProbedColumn(probe, row, "rate_day"));
	document->reference = TextDatumGetCString(ProbedColumn(probe, row, "reference"));
}

/* Two reversals of one document wait for each other here, and the second then sees the first. */
static TupleTableSlot *
LockOriginal(IndexProbe *probe, int32 companyId, const char *key)
{
	Datum		values[2] = {Int32GetDatum(companyId), CStringGetTextDatum(key)};

	ProbeIndex(probe, values, 2);
	return NextProbedRow(probe) == NULL ? NULL : LockProbedRow(probe, LockTupleNoKeyExclusive);
}

/* Of one receipt, bills, credit notes, amendments, returns and their reversals are one after the other, be no cost another by them. */
static void
LockNamedBy(int32 companyId, const char *key)
{
	Datum		values[2] = {Int32GetDatum(companyId), CStringGetTextDatum(key)};
	const char *name = ProbeText("document", "document_request_key", companyId, values[1], "kind");
	const DocumentKindInfo *kind = name == NULL ? NULL : FindKind(name);

	if (kind != NULL && (BillsReceipts(kind) || AmendsReceipts(kind)))
		(void) RunPlan(&namedLockPlan, values, NULL);
}

static void
FillHeader(DocumentBatch *batch, Document *document, const char *reversedKey)
{
	IndexProbe *probe = OpenIndexProbe("erp", "document", "document_request_key", PROBE_LATEST);
	TupleTableSlot *row;

	LockNamedBy(batch->company->companyId, reversedKey);
	row = LockOriginal(probe, batch->company->companyId, reversedKey);
	if (row == NULL)
		RaiseProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_UNKNOWN_CODE,
					 "no document of the company has this key");
	CopyHeader(document, probe, row);
	document->party.groupNumber = PartyGroup(batch->company->companyId, document->party.partyId);
	CheckReversible(batch, document, reversedKey, DatumGetInt64(ProbedColumn(probe, row, "reverses_document_id")) != 0);
	CheckLeavesEnough(batch, document, reversedKey);
	FillReversalDay(batch, document, DatumGetTimeADT(ProbedColumn(probe, row, "time_of_day")));
	CloseIndexProbe(probe);
}

void
PrepareReversal(DocumentBatch *batch, Document *document, const char *reversedKey)
{
	document->key = document->fields[HEADER_KEY];
	document->description = document->fields[HEADER_DESCRIPTION] ? document->fields[HEADER_DESCRIPTION] : "";
	FillHeader(batch, document, reversedKey);
	CopyReversedLines(batch, document);
	CopyReversedTaxes(batch, document);
	CopyReversedPricing(batch, document);
	CopyReversedParts(batch, document);
}

static void
LookUpReversedMoves(DocumentBatch *batch, Document *document)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(document->reversesDocumentId)};
	uint64		rows = RunPlan(&valuePlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		int			lineNo = DatumGetInt32(PlanValue(i, 1));
		DocumentLine *line = &document->lines[lineNo - 1];
		int128		quantity = QuantityFromDatum(PlanValue(i, 3));
		int128		value = AmountFromDatum(PlanValue(i, 4));

		if (DatumGetInt16(PlanValue(i, 2)) == 2)
			line = line->pairedLine;
		line->originQuantity = quantity < 0 ? NegateExact(quantity) : quantity;
		line->originValue = quantity < 0 ? NegateExact(value) : value;
	}
}

/* The pools are locked: what adds to the cost of its goods, or takes those that it brought, has committed, or waits and will find it reversed. */
static void
CheckNotCosted(DocumentBatch *batch, Document *document)
{
	const char *key = StandingLink(batch->company->companyId, document->reversesDocumentId, "costs");
	const char *fulfilledBy = StandingLink(batch->company->companyId, document->reversesDocumentId, "fulfils");
	const char *creditedBy = CreditNoteKey(batch->company->companyId, document);

	if (creditedBy != NULL)
		RaiseProblem(batch, document, NULL, "reverses", document->fields[HEADER_REFERENCE], ERRCODE_ERP_STILL_COSTED,
					 psprintf("the credit note \"%s\" for what it bills stands", creditedBy));
	if (key != NULL)
		RaiseProblem(batch, document, NULL, "reverses", document->fields[HEADER_REFERENCE], ERRCODE_ERP_STILL_COSTED,
					 psprintf("what \"%s\" adds to its cost stands", key));
	if (fulfilledBy != NULL)
		RaiseProblem(batch, document, NULL, "reverses", document->fields[HEADER_REFERENCE], ERRCODE_ERP_STILL_COSTED,
					 psprintf("\"%s\" stands, which fulfils it", fulfilledBy));
}

void
LookUpReversed(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		if (batch->documents[i].reversesDocumentId == 0 || batch->documents[i].repeated)
			continue;
		CheckNotCosted(batch, &batch->documents[i]);
		LookUpReversedMoves(batch, &batch->documents[i]);
	}
}
