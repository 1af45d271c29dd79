#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/document_field.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/inventory.h"

/* Two reversals of one document wait for each other here, and the second then sees the first. */
static KeptPlan lockPlan = {
	.query = "SELECT document_id FROM erp.document WHERE company_id = $1 AND key = $2 FOR NO KEY UPDATE",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTOID}
};

static KeptPlan headerPlan = {
	.query = "SELECT d.document_id, d.kind, d.party_id,"
	"       (SELECT p.party_group FROM erp.party p WHERE p.company_id = d.company_id AND p.party_id = d.party_id),"
	"       d.posting_day, d.time_of_day, d.currency_id, d.rate,"
	"       d.rate_day, d.reference, d.reverses_document_id, d.key,"
	"       (SELECT r.key FROM erp.document r WHERE r.company_id = d.company_id AND r.reverses_document_id = d.document_id"
	"           AND r.reverses_document_id <> 0),"
	"       (SELECT c.key FROM erp.document_link l"
	"          JOIN erp.document c ON c.company_id = l.company_id AND c.document_id = l.document_id AND c.kind <> 'cost_adjustment'"
	"         WHERE l.company_id = d.company_id AND l.target_document_id = d.document_id AND l.link = 'corrects'"
	"           AND NOT EXISTS (SELECT FROM erp.document r WHERE r.company_id = c.company_id AND r.reverses_document_id = c.document_id"
	"               AND r.reverses_document_id <> 0) LIMIT 1)"
	"  FROM erp.document d"
	" WHERE d.company_id = $1 AND d.key = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTOID}
};

static KeptPlan linePlan = {
	.query = "SELECT l.line_no, l.line_role, l.item_id, l.warehouse_id, l.account_id, l.tax_code_id, l.dimension_set_id,"
	"       l.unit_id, l.quantity, l.unit_price, l.amount, i.item_group, i.costing_method = 'moving_average',"
	"       m.move_id, m.cost_pool_id"
	"  FROM erp.document_line l"
	"  LEFT JOIN erp.item i ON i.company_id = l.company_id AND i.item_id = l.item_id"
	"  LEFT JOIN erp.stock_move m ON m.company_id = l.company_id AND m.document_id = l.document_id"
	"                           AND m.line_no = l.line_no AND m.leg = 1"
	" WHERE l.company_id = $1 AND l.document_id = $2 ORDER BY l.line_no",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan taxPlan = {
	.query = "SELECT tax_code_id, rate, base_amount, tax_amount FROM erp.document_tax"
	" WHERE company_id = $1 AND document_id = $2 ORDER BY tax_code_id",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan valuePlan = {
	.query = "SELECT m.line_no, m.quantity,"
	"       (SELECT pg_catalog.sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = m.company_id AND e.move_id = m.move_id)"
	"  FROM erp.stock_move m WHERE m.company_id = $1 AND m.document_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static void
CheckReversible(DocumentBatch *batch, Document *document, const char *reversedKey)
{
	bool		notReversed;
	bool		notCorrected;
	Datum		reversedBy = PlanValueOrNull(0, 13, &notReversed);
	Datum		correctedBy = PlanValueOrNull(0, 14, &notCorrected);

	if (document->kind == NULL || document->kind->engineOnly)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_NOT_REVERSIBLE,
					  "documents of this kind are not reversed");
	if (DatumGetInt64(PlanValue(0, 11)) != 0)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_NOT_REVERSIBLE,
					  "the document is itself a reversal");
	if (!notReversed && strcmp(TextDatumGetCString(reversedBy), document->key) != 0)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_NOT_REVERSIBLE,
					  psprintf("the document was reversed before, by \"%s\"", TextDatumGetCString(reversedBy)));
	if (!notCorrected)
		ReportProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_STILL_CORRECTED,
					  psprintf("its supplementary voucher \"%s\" stands", TextDatumGetCString(correctedBy)));
}

/* The reversal's own day and time, by default those of the original; never earlier. */
static void
FillReversalDay(DocumentBatch *batch, Document *document)
{
	DateADT		originalDay = DatumGetDateADT(PlanValue(0, 5));
	TimeADT		originalTime = DatumGetTimeADT(PlanValue(0, 6));

	if (document->fields[HEADER_DAY] == NULL)
		document->day = originalDay;
	if (document->fields[HEADER_TIME] == NULL && document->day == originalDay)
		document->timeOfDay = originalTime;
	document->postingDay = document->day;
	document->rateDay = DatumGetDateADT(PlanValue(0, 9));
	if (document->day < originalDay || (document->day == originalDay && document->timeOfDay < originalTime))
		ReportProblem(batch, document, NULL, "day", document->fields[HEADER_DAY], ERRCODE_ERP_INVALID_FIELD,
					  "a reversal is not earlier than what it reverses");
}

static void
FillHeader(DocumentBatch *batch, Document *document, const char *reversedKey)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), CStringGetTextDatum(reversedKey)};

	(void) RunPlan(&lockPlan, values, NULL);
	if (RunPlanLatest(&headerPlan, values, NULL) == 0)
		RaiseProblem(batch, document, NULL, "reverses", reversedKey, ERRCODE_ERP_UNKNOWN_CODE,
					 "no document of the company has this key");
	document->reversesDocumentId = DatumGetInt64(PlanValue(0, 1));
	document->kind = FindKind(TextDatumGetCString(PlanValue(0, 2)));
	document->party.partyId = DatumGetInt32(PlanValue(0, 3));
	document->party.groupNumber = MasterText(TextDatumGetCString(PlanValue(0, 4)));
	document->currency = FindCurrencyById(DatumGetInt32(PlanValue(0, 7)));
	document->rate = RateFromDatum(PlanValue(0, 8));
	document->reference = TextDatumGetCString(PlanValue(0, 10));
	CheckReversible(batch, document, reversedKey);
	FillReversalDay(batch, document);
}

static void
FillStock(Document *document, DocumentLine *line, uint64 row)
{
	bool		isNull;
	Datum		value = PlanValueOrNull(row, 12, &isNull);

	line->itemGroup = isNull ? 0 : MasterText(TextDatumGetCString(value));
	value = PlanValueOrNull(row, 13, &isNull);
	line->isAverage = !isNull && DatumGetBool(value);
	value = PlanValueOrNull(row, 14, &isNull);
	if (isNull)
		return;
	line->isStock = true;
	line->originMoveId = DatumGetInt64(value);
	line->originDocumentId = document->reversesDocumentId;
	line->originLineNo = line->lineNo;
	line->costPoolId = DatumGetInt32(PlanValue(row, 15));
}

static void
FillLine(DocumentBatch *batch, Document *document, DocumentLine *line, uint64 row)
{
	int32		taxCodeId = DatumGetInt32(PlanValue(row, 6));
	bool		noPrice;
	Datum		price = PlanValueOrNull(row, 10, &noPrice);

	line->document = document;
	line->lineNo = DatumGetInt32(PlanValue(row, 1));
	line->role = FindRole(TextDatumGetCString(PlanValue(row, 2)));
	line->party = document->party;
	line->itemId = DatumGetInt32(PlanValue(row, 3));
	line->warehouseId = DatumGetInt32(PlanValue(row, 4));
	line->accountId = DatumGetInt32(PlanValue(row, 5));
	line->taxCode = taxCodeId == 0 ? NULL : FindTaxCodeById(batch->company->companyId, taxCodeId);
	line->dimensionSetId = DatumGetInt32(PlanValue(row, 7));
	line->unitId = DatumGetInt32(PlanValue(row, 8));
	line->quantity = NegateExact(QuantityFromDatum(PlanValue(row, 9)));
	line->hasPrice = !noPrice;
	line->unitPrice = noPrice ? 0 : PriceFromDatum(price);
	line->amount = NegateExact(AmountFromDatum(PlanValue(row, 11)));
	FillStock(document, line, row);
}

static void
FillLines(DocumentBatch *batch, Document *document)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(document->reversesDocumentId)};

	document->lineCount = (int) RunPlan(&linePlan, values, NULL);
	document->lines = palloc0(sizeof(DocumentLine) * Max(document->lineCount, 1));
	for (int i = 0; i < document->lineCount; i++)
	{
		FillLine(batch, document, &document->lines[i], i);
		document->total = AddExact(document->total, document->lines[i].amount);
	}
}

static void
FillTaxes(DocumentBatch *batch, Document *document)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(document->reversesDocumentId)};

	document->taxCount = (int) RunPlan(&taxPlan, values, NULL);
	document->taxes = palloc0(sizeof(DocumentTax) * Max(document->taxCount, 1));
	for (int i = 0; i < document->taxCount; i++)
	{
		DocumentTax *tax = &document->taxes[i];

		tax->rate = RateFromDatum(PlanValue(i, 2));
		tax->baseAmount = NegateExact(AmountFromDatum(PlanValue(i, 3)));
		tax->taxAmount = NegateExact(AmountFromDatum(PlanValue(i, 4)));
		document->total = AddExact(document->total, tax->taxAmount);
		tax->taxCode = FindTaxCodeById(batch->company->companyId, DatumGetInt32(PlanValue(i, 1)));
	}
}

void
PrepareReversal(DocumentBatch *batch, Document *document, const char *reversedKey)
{
	document->key = document->fields[HEADER_KEY];
	document->description = document->fields[HEADER_DESCRIPTION] ? document->fields[HEADER_DESCRIPTION] : "";
	FillHeader(batch, document, reversedKey);
	FillLines(batch, document);
	FillTaxes(batch, document);
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
		int128		quantity = QuantityFromDatum(PlanValue(i, 2));
		int128		value = AmountFromDatum(PlanValue(i, 3));

		line->originQuantity = quantity < 0 ? NegateExact(quantity) : quantity;
		line->originValue = quantity < 0 ? NegateExact(value) : value;
	}
}

void
LookUpReversed(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		if (batch->documents[i].reversesDocumentId != 0 && !batch->documents[i].repeated)
			LookUpReversedMoves(batch, &batch->documents[i]);
	}
}
