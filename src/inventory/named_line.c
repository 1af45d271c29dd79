/*
 * Lines of documents that stand, which lines of the batch name: a receipt that
 * is amended or billed, a bill whose goods come in. Their documents are locked
 * against reversal, in the order of their ids, before the period gates.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/named_line.h"

/* The documents of the keys, held until the transaction ends: who amends, bills or fulfils them, or takes that back, comes after. */
static KeptPlan lockPlan = {
	.query = "SELECT d.document_id FROM erp.document d WHERE d.company_id = $1 AND d.key = ANY ($2) ORDER BY d.document_id FOR NO KEY UPDATE",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

#define SENT_BACK "(SELECT r.value_source FROM erp.document_line x JOIN erp.line_role r ON r.line_role = x.line_role" \
	" WHERE x.company_id = $1 AND x.document_id = k.document_id AND x.line_no = k.line_no) = 'returned'"

/*
 * A line with its quantity in the item's unit and its amount; then by how much
 * documents that stand have amended it or sent it back, how much of it they have billed or
 * received, and how much it has itself billed of receipts. OFFSET 0: see core/plan_cache.h.
 */
static KeptPlan linePlan = {
	.query = "SELECT o.number::integer - 1, d.document_id, d.kind, d.party_id, d.currency_id, d.rate, d.rate_day, d.posting_day, d.time_of_day,"
	"       l.line_role, l.item_id, l.warehouse_id, l.amount, m.move_id, m.cost_pool_id,"
	"       COALESCE(pg_catalog.abs(m.quantity), pg_catalog.round(l.quantity * u.numerator / u.denominator, 6), 0),"
	"       (SELECT r.document_id FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = d.document_id"
	"           AND r.reverses_document_id <> 0) IS NOT NULL OR d.reverses_document_id <> 0,"
	"       EXISTS (SELECT 1 FROM erp.document_tax t WHERE t.company_id = $1 AND t.document_id = d.document_id),"
	"       COALESCE(c.quantity, 0), COALESCE(c.amount, 0), COALESCE(c.company_amount, 0),"
	"       COALESCE(b.quantity, 0), COALESCE(b.amount, 0), COALESCE(b.company_amount, 0), COALESCE(f.quantity, 0),"
	"       COALESCE(g.quantity, 0), COALESCE(g.amount, 0), COALESCE(g.company_amount, 0),"
	"       m.location_id, m.lot_id, m.stock_state_id::integer, COALESCE(c.less, 0), COALESCE(c.sent_back, 0)"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) WITH ORDINALITY AS o (key, line_no, number)"
	" CROSS JOIN LATERAL (SELECT x.* FROM erp.document x WHERE x.company_id = $1 AND x.key = o.key OFFSET 0) d"
	" CROSS JOIN LATERAL (SELECT x.* FROM erp.document_line x WHERE x.company_id = $1 AND x.document_id = d.document_id AND x.line_no = o.line_no OFFSET 0) l"
	"  LEFT JOIN LATERAL (SELECT x.* FROM erp.stock_move x WHERE x.company_id = $1 AND x.document_id = d.document_id AND x.line_no = o.line_no"
	"                        AND x.leg = 1 OFFSET 0) m ON true"
	"  LEFT JOIN LATERAL (SELECT x.numerator, x.denominator FROM erp_private.item_unit_way x WHERE x.company_id = $1 AND x.item_id = l.item_id"
	"                        AND x.unit_id = l.unit_id LIMIT 1) u ON true"
	"  LEFT JOIN LATERAL (SELECT pg_catalog.sum(k.quantity), pg_catalog.sum(k.amount), pg_catalog.sum(k.company_amount),"
	"               -pg_catalog.sum(k.quantity) FILTER (WHERE k.quantity < 0), -pg_catalog.sum(k.quantity) FILTER (WHERE " SENT_BACK ")"
	"          FROM erp.document_link k"
	"        WHERE k.company_id = $1 AND k.target_document_id = d.document_id AND k.target_line_no = o.line_no AND k.link = 'corrects'"
	"          AND " LINK_STANDS ") c (quantity, amount, company_amount, less, sent_back) ON true"
	"  LEFT JOIN LATERAL (SELECT pg_catalog.sum(k.quantity), pg_catalog.sum(k.amount), pg_catalog.sum(k.company_amount) FROM erp.document_link k"
	"        WHERE k.company_id = $1 AND k.target_document_id = d.document_id AND k.target_line_no = o.line_no AND k.link IN ('bills', 'fulfils')"
	"          AND " LINK_STANDS ") b (quantity, amount, company_amount) ON true"
	"  LEFT JOIN LATERAL (SELECT pg_catalog.sum(k.quantity) FROM erp.document_link k"
	"        WHERE k.company_id = $1 AND k.document_id = d.document_id AND k.line_no = o.line_no AND k.link = 'bills') f (quantity) ON true"
	"  LEFT JOIN LATERAL (SELECT pg_catalog.sum(k.quantity), pg_catalog.sum(k.amount), pg_catalog.sum(k.company_amount) FROM erp.document_link k"
	"        WHERE k.company_id = $1 AND k.document_id = d.document_id AND k.line_no = o.line_no AND k.link = 'fulfils') g (quantity, amount, company_amount) ON true",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, TEXTARRAYOID, INT4ARRAYOID}
};

static void
ReportName(DocumentBatch *batch, DocumentLine *line, int errorCode, const char *reason)
{
	ReportProblem(batch, line->document, line, "origin", line->fields[LINE_ORIGIN_KEY], errorCode, reason);
}

static bool
NamesLine(const DocumentLine *line)
{
	return line->fields[LINE_ORIGIN_KEY] != NULL && line->fields[LINE_ORIGIN_LINE] != NULL && line->role != NULL &&
		(ChangesReceipt(line->role) || IsOfCutOff(line->role) || line->role->valueSource == VALUE_BILL || line->role->valueSource == VALUE_AMOUNT);
}

static void
TakeNamed(NamedLine *named, uint64 row)
{
	int128		ownBilled = QuantityFromDatum(PlanValue(row, 25));

	memset(named, 0, sizeof(NamedLine));
	named->documentId = DatumGetInt64(PlanValue(row, 2));
	named->kind = FindKind(TextDatumGetCString(PlanValue(row, 3)));
	named->partyId = DatumGetInt32(PlanValue(row, 4));
	named->currencyId = DatumGetInt32(PlanValue(row, 5));
	named->rate = RateFromDatum(PlanValue(row, 6));
	named->rateDay = DatumGetDateADT(PlanValue(row, 7));
	named->day = DatumGetDateADT(PlanValue(row, 8));
	named->timeOfDay = DatumGetTimeADT(PlanValue(row, 9));
	named->role = FindRole(TextDatumGetCString(PlanValue(row, 10)));
	named->itemId = DatumGetInt32(PlanValue(row, 11));
	named->warehouseId = DatumGetInt32(PlanValue(row, 12));
	named->isReversed = DatumGetBool(PlanValue(row, 17));
	named->hasTax = DatumGetBool(PlanValue(row, 18));
	named->ownQuantity = QuantityFromDatum(PlanValue(row, 16));
	named->quantity = AddExact(named->ownQuantity, QuantityFromDatum(PlanValue(row, 19)));
	named->ownAmount = AmountFromDatum(PlanValue(row, 13));
	named->amount = AddExact(named->ownAmount, AmountFromDatum(PlanValue(row, 20)));
	named->companyAmount = AmountFromDatum(PlanValue(row, 21));
	named->lessQuantity = QuantityFromDatum(PlanValue(row, 32));
	named->sentBackQuantity = QuantityFromDatum(PlanValue(row, 33));
	named->usedQuantity = AddExact(AddExact(QuantityFromDatum(PlanValue(row, 22)), ownBilled), QuantityFromDatum(PlanValue(row, 26)));
	named->usedAmount = AddExact(AmountFromDatum(PlanValue(row, 23)), AmountFromDatum(PlanValue(row, 27)));
	named->usedCompanyAmount = AddExact(AmountFromDatum(PlanValue(row, 24)), AmountFromDatum(PlanValue(row, 28)));
	if (ownBilled != 0 && named->ownQuantity > 0)
		named->usedAmount = AddExact(named->usedAmount, ShareRounded(named->amount, ownBilled, named->ownQuantity,
																	FindCurrencyById(named->currencyId)->decimals));
}

/* The move and its pool, which a line has that moved stock. */
static void
TakeNamedMove(NamedLine *named, uint64 row)
{
	bool		missing;
	Datum		moveId = PlanValueOrNull(row, 14, &missing);

	if (missing)
		return;
	named->moveId = DatumGetInt64(moveId);
	named->costPoolId = DatumGetInt64(PlanValue(row, 15));
	named->locationId = DatumGetInt32(PlanValue(row, 29));
	named->lotId = DatumGetInt64(PlanValue(row, 30));
	named->stateId = DatumGetInt32(PlanValue(row, 31));
}

/* What the lines were credited with; by standard cost their moves are worth another amount. */
static void
ConvertNamed(const DocumentBatch *batch, const LineList *list)
{
	int64		documentId = 0;
	int128	   *converted = NULL;

	for (int i = 0; i < list->count; i++)
	{
		const DocumentLine *line = list->lines[i];
		NamedLine  *named = line->named;
		int128		own;

		if (named == NULL)
			continue;
		own = named->ownAmount;
		if (named->currencyId != batch->company->currency->currencyId)
		{
			if (converted == NULL || named->documentId != documentId)
				converted = ConvertedLines(batch, named->documentId, named->rate);
			documentId = named->documentId;
			own = converted[line->originLineNo - 1];
		}
		named->companyAmount = AddExact(named->companyAmount, own);
	}
}

void
ReadNamedLines(DocumentBatch *batch, const LineList *list)
{
	DocumentLine *const *lines = list->lines;
	DatumArray	keys = {0};
	DatumArray	numbers = {0};
	Datum		values[3] = {Int32GetDatum(batch->company->companyId)};
	uint64		rows;

	for (int i = 0; i < list->count; i++)
	{
		AppendDatum(&keys, CStringGetTextDatum(lines[i]->fields[LINE_ORIGIN_KEY]));
		AppendDatum(&numbers, Int32GetDatum(lines[i]->originLineNo));
		lines[i]->named = NULL;
	}
	values[1] = DatumArrayValue(&keys, TEXTOID);
	values[2] = DatumArrayValue(&numbers, INT4OID);
	rows = RunPlanLatest(&linePlan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
	{
		DocumentLine *line = lines[DatumGetInt32(PlanValue(i, 1))];

		line->named = palloc(sizeof(NamedLine));
		TakeNamed(line->named, i);
		TakeNamedMove(line->named, i);
	}
	ConvertNamed(batch, list);
}

/* What the line that is named must be: goods received for a bill, the bill for what fulfils it; so of goods sold and invoiced. */
static ValueSource
WantedSource(const LineRoleInfo *role)
{
	switch (role->valueSource)
	{
		case VALUE_AMOUNT:
			return VALUE_BILL;
		case VALUE_SOLD:
			return VALUE_INVOICE;
		case VALUE_INVOICE:
		case VALUE_UNSOLD:
			return VALUE_SOLD;
		default:
			return VALUE_AMOUNT;
	}
}

static const char *
WrongSource(ValueSource wanted)
{
	switch (wanted)
	{
		case VALUE_BILL:
			return "the line that is named bills nothing";
		case VALUE_INVOICE:
			return "the line that is named bills nothing that is still to be shipped";
		case VALUE_SOLD:
			return "the line that is named shipped nothing that is billed later";
		default:
			return "the line that is named received nothing from a supplier";
	}
}

/* What a line names: of its own party and currency, and in the books. */
static bool
CheckNamed(DocumentBatch *batch, DocumentLine *line)
{
	const NamedLine *named = line->named;
	ValueSource wanted = WantedSource(line->role);
	const char *reason = NULL;

	if (named == NULL)
		reason = "the line that is named is unknown, or stands in the same call";
	else if (named->role == NULL || named->role->valueSource != wanted || !MayNameKind(line->document->kind, line->role, named->kind))
		reason = WrongSource(wanted);
	else if (named->isReversed)
		reason = "the document that is named was reversed, or is a reversal";
	else if (named->itemId != line->itemId)
		reason = "the line that is named is of another item";
	else if (named->partyId != line->document->party.partyId)
		reason = "the document that is named is of another party";
	else if (named->currencyId != line->document->currency->currencyId)
		reason = "the document that is named is in another currency";
	else if (named->hasTax && line->role->valueSource == VALUE_BILL)
		reason = "the receipt has tax of its own, and so needs no bill";
	if (reason != NULL)
		ReportName(batch, line, IsOfCutOff(line->role) ? ERRCODE_ERP_NO_SHIPMENT : ERRCODE_ERP_NO_RECEIPT, reason);
	return reason == NULL;
}

/* Bills and invoices have the rate of their own day; all else that of what it names. */
static bool
HasOwnRate(const LineRoleInfo *role)
{
	return role->valueSource == VALUE_BILL || role->valueSource == VALUE_INVOICE;
}

/* Whether a line before this one has given its document another rate. */
static bool
HasOtherRate(const DocumentLine *line)
{
	const Document *document = line->document;

	for (int i = 0; i < line->lineNo - 1; i++)
	{
		const NamedLine *named = document->lines[i].named;

		/* Those before agree with each other, or are reported. */
		if (named != NULL && !HasOwnRate(document->lines[i].role))
			return named->rate != line->named->rate;
	}
	return false;
}

/* A document takes the rate of what it amends or fulfils: both are one debt, at one rate. */
static void
TakeRate(DocumentBatch *batch, DocumentLine *line)
{
	Document   *document = line->document;

	if (document->currency == batch->company->currency || HasOwnRate(line->role))
		return;
	if (document->fields[HEADER_RATE] != NULL && document->rate != line->named->rate)
		ReportProblem(batch, document, NULL, "rate", document->fields[HEADER_RATE], ERRCODE_ERP_INVALID_FIELD,
					  "the document has the rate of what it names");
	else if (HasOtherRate(line))
		ReportName(batch, line, ERRCODE_ERP_INVALID_FIELD, "the lines of a document name documents of one rate");
	document->rate = line->named->rate;
	document->rateDay = line->named->rateDay;
}

/* On the day of the receipt it stands just behind it. */
static void
TakeTime(DocumentLine *line)
{
	Document   *document = line->document;

	if (document->fields[HEADER_TIME] == NULL && document->day == line->named->day && line->named->timeOfDay > document->timeOfDay)
		document->timeOfDay = line->named->timeOfDay;
}

/* An amendment stands where the goods came in. */
static void
TakePlace(DocumentLine *line)
{
	line->warehouseId = line->named->warehouseId;
	line->locationId = line->named->locationId;
	line->lotId = line->named->lotId;
	line->stateId = line->named->stateId;
	line->costPoolId = line->named->costPoolId;
	if (line->role->direction == STOCK_OUT)
		line->originMoveId = line->named->moveId;
}

/* Goods that go back are issued from where the line says they lie, or else from where they came in. */
static void
TakeReturnPlace(DocumentBatch *batch, DocumentLine *line)
{
	const char *documentPlace = line->document->fields[HEADER_WAREHOUSE];

	if (line->ownerId != 0 || line->named->costPoolId == NO_COST_POOL)
		ReportProblem(batch, line->document, line, "owner", line->fields[LINE_OWNER], ERRCODE_ERP_STOCK_OF_OTHERS,
					  "goods that belong to others go back by what gives them back");
	if (documentPlace == NULL && line->fields[LINE_WAREHOUSE] == NULL && line->fields[LINE_LOCATION] == NULL)
	{
		line->warehouseId = line->named->warehouseId;
		line->locationId = line->named->locationId;
		if (line->fields[LINE_STATE] == NULL)
			line->stateId = line->named->stateId;
	}
	line->costPoolId = PoolOfLine(line);
}

static void
FillNamed(DocumentBatch *batch, DocumentLine *line)
{
	if (!CheckNamed(batch, line))
		return;
	line->originDocumentId = line->named->documentId;
	TakeRate(batch, line);
	if (IsOfCutOff(line->role) && line->document->day < line->named->day)
		ReportName(batch, line, ERRCODE_ERP_NO_SHIPMENT, "the document that is named is of a later day");
	if (!ChangesReceipt(line->role))
		return;
	TakeTime(line);
	if (line->role->valueSource == VALUE_RETURNED)
		TakeReturnPlace(batch, line);
	else
		TakePlace(line);
	if (line->document->day < line->named->day)
		ReportName(batch, line, ERRCODE_ERP_NO_RECEIPT, "the receipt is later than the document");
}

/* A bill that names no receipt is all ahead of the goods; a statement always names what was withdrawn. */
static void
RefuseAhead(DocumentBatch *batch, DocumentLine *line)
{
	if (batch->company->refusesBillAhead && line->role != NULL && line->role->valueSource == VALUE_BILL && !line->role->fulfils && line->fields[LINE_ORIGIN_KEY] == NULL)
		ReportName(batch, line, ERRCODE_ERP_BILLED_AHEAD, "the line bills what was not received yet");
}

static LineList
CollectNaming(DocumentBatch *batch)
{
	LineList	naming = {0};

	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		for (int j = 0; j < document->lineCount && !document->bad && !document->repeated; j++)
		{
			RefuseAhead(batch, &document->lines[j]);
			if (NamesLine(&document->lines[j]))
				AppendLine(&naming, &document->lines[j]);
		}
	}
	return naming;
}

static void
LockNamed(DocumentBatch *batch, const LineList *naming)
{
	DatumArray	keys = {0};
	Datum		values[2] = {Int32GetDatum(batch->company->companyId)};

	for (int i = 0; i < naming->count; i++)
		AppendDatum(&keys, CStringGetTextDatum(naming->lines[i]->fields[LINE_ORIGIN_KEY]));
	values[1] = DatumArrayValue(&keys, TEXTOID);
	(void) RunPlan(&lockPlan, values, NULL);
}

void
LookUpNamedLines(DocumentBatch *batch)
{
	LineList	naming = CollectNaming(batch);

	if (naming.count == 0)
		return;
	if (!batch->checkOnly)
		LockNamed(batch, &naming);
	ReadNamedLines(batch, &naming);
	for (int i = 0; i < naming.count; i++)
		FillNamed(batch, naming.lines[i]);
}
