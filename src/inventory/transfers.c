/*
 * Goods that are brought from one place to another. A line of a role that
 * carries has two moves: out of its own place, and in at the place of its
 * paired line, which is no line of the document. An arrival takes the goods
 * from where the line that it names as its origin sent them.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/code_map.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/inventory.h"
#include "inventory/transfers.h"

#define DISPATCH_KIND "transfer_dispatch"

static KeptPlan transitPlan = {
	.query = "SELECT 1 FROM erp.location l WHERE l.company_id = $1 AND l.location_id = $2 AND l.kind = 'in_transit'",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4OID}
};

/* What a line of a dispatch sent, and where it lies. */
static KeptPlan sentPlan = {
	.query = "SELECT d.document_id, m.item_id, m.quantity, m.day, m.time_of_day, m.warehouse_id, m.location_id, m.lot_id, m.owner_id,"
	"       m.stock_state_id"
	"  FROM (SELECT f.document_id FROM erp.document f WHERE f.company_id = $1 AND f.key = $2 AND f.kind = '" DISPATCH_KIND "'"
	"           AND f.reverses_document_id = 0 OFFSET 0) d"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = d.document_id"
	"                        AND f.line_no = $3 AND f.leg = 2 OFFSET 0) m",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, TEXTOID, INT4OID}
};

/* What arrived of it before, and whether it was taken back. */
static KeptPlan arrivedPlan = {
	.query = "SELECT COALESCE((SELECT pg_catalog.sum(l.quantity) FROM erp.document_link l"
	"         WHERE l.company_id = $1 AND l.target_document_id = $2 AND l.target_line_no = $3 AND l.link = 'fulfils'"
	"           AND (SELECT r.document_id FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = l.document_id"
	"                   AND r.reverses_document_id <> 0) IS NULL), 0),"
	"       EXISTS (SELECT FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = $2 AND r.reverses_document_id <> 0)",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT8OID, INT4OID}
};

static bool
Carries(const Document *document)
{
	return !document->repeated && document->kind != NULL && document->kind->roleCount > 0 && document->kind->roles[0]->carries;
}

/* What the paired line names, where it names it otherwise than the line; an empty owner is the company. */
static void
TakeTarget(DocumentLine *pair, LineField to, LineField field)
{
	const char *code = pair->fields[to];

	if (code != NULL)
		pair->fields[field] = code[0] == '\0' ? NULL : code;
}

static bool
StaysInWarehouse(const DocumentLine *line)
{
	const char *to = line->fields[LINE_TO_WAREHOUSE];
	const char *from = line->fields[LINE_WAREHOUSE] != NULL ? line->fields[LINE_WAREHOUSE] : line->document->fields[HEADER_WAREHOUSE];

	return to == NULL || strcmp(to, from == NULL ? DEFAULT_WAREHOUSE : from) == 0;
}

/* The paired line as far as codes go; an arrival's is where the line itself says. */
static void
MakePair(DocumentBatch *batch, DocumentLine *line, const LineRoleInfo *role)
{
	DocumentLine *pair = palloc(sizeof(DocumentLine));

	*pair = *line;
	pair->leg = 2;
	if (!role->fulfils)
	{
		if (!StaysInWarehouse(line))
			pair->fields[LINE_LOCATION] = NULL;
		TakeTarget(pair, LINE_TO_WAREHOUSE, LINE_WAREHOUSE);
		TakeTarget(pair, LINE_TO_LOCATION, LINE_LOCATION);
		TakeTarget(pair, LINE_TO_LOT, LINE_LOT);
		TakeTarget(pair, LINE_TO_STATE, LINE_STATE);
		TakeTarget(pair, LINE_TO_OWNER, LINE_OWNER);
	}
	FillWarehouse(batch, pair);
	line->pairedLine = pair;
}

void
MakePairs(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		for (int j = 0; j < document->lineCount && Carries(document); j++)
		{
			if (document->lines[j].itemId != 0)
				MakePair(batch, &document->lines[j], document->kind->roles[0]);
		}
	}
}

/* Everything but the place is the line's; the quantity goes the other way. */
static void
CompletePair(DocumentLine *line)
{
	DocumentLine *pair = line->pairedLine;
	DocumentLine placed = *pair;

	*pair = *line;
	memcpy(pair->fields, placed.fields, sizeof(pair->fields));
	pair->warehouseId = placed.warehouseId;
	pair->locationId = placed.locationId;
	pair->lotId = placed.lotId;
	pair->ownerId = placed.ownerId;
	pair->stateId = placed.stateId;
	pair->pairedLine = NULL;
	pair->leg = 2;
	pair->quantity = NegateExact(line->quantity);
	pair->baseQuantity = NegateExact(line->baseQuantity);
	line->lotDays = NULL;
}

static bool
SameText(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* A lot that is not there yet has no id: its code tells. */
static bool
StaysInPlace(const DocumentLine *line)
{
	const DocumentLine *pair = line->pairedLine;

	return line->warehouseId == pair->warehouseId && line->locationId == pair->locationId && line->stateId == pair->stateId &&
		line->ownerId == pair->ownerId && SameText(line->fields[LINE_LOT], pair->fields[LINE_LOT]);
}

static bool
IsTransit(int32 companyId, int32 locationId)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int32GetDatum(locationId)};

	return locationId != 0 && RunPlan(&transitPlan, values, NULL) > 0;
}

/* What others own has no value: what comes from them is given one. */
static void
CheckCarriedCost(DocumentBatch *batch, DocumentLine *line)
{
	bool		wanted = line->ownerId != 0 && line->pairedLine->ownerId == 0 && !line->role->fulfils;

	if (wanted != line->hasCost)
		ReportProblem(batch, line->document, line, "cost", line->fields[LINE_COST], ERRCODE_ERP_INVALID_FIELD,
					  wanted ? "what comes from another owner needs a cost" : "what is carried keeps its cost");
}

static void
CheckPair(DocumentBatch *batch, DocumentLine *line)
{
	CheckCarriedCost(batch, line);
	if (line->role->fulfils)
	{
		if (line->fields[LINE_ORIGIN_KEY] == NULL)
			ReportProblem(batch, line->document, line, "origin", NULL, ERRCODE_ERP_NO_ORIGIN, "an arrival names the line that sent the goods");
		if (line->fields[LINE_OWNER] != NULL)
			ReportProblem(batch, line->document, line, "owner", line->fields[LINE_OWNER], ERRCODE_ERP_INVALID_FIELD,
						  "what arrives keeps its owner");
		return;
	}
	if (StaysInPlace(line))
		ReportProblem(batch, line->document, line, "to_location", line->fields[LINE_TO_LOCATION], ERRCODE_ERP_INVALID_FIELD,
					  "the goods would stay where, what and whose they are");
	if (strcmp(line->document->kind->name, DISPATCH_KIND) == 0 && !IsTransit(batch->company->companyId, line->pairedLine->locationId))
		ReportProblem(batch, line->document, line, "to_location", line->fields[LINE_TO_LOCATION], ERRCODE_ERP_NOT_IN_TRANSIT,
					  "what is sent goes to a location of kind in_transit");
}

void
CompletePairs(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		for (int j = 0; j < batch->documents[i].lineCount; j++)
		{
			DocumentLine *line = &batch->documents[i].lines[j];

			if (line->pairedLine == NULL || line->role == NULL)
				continue;
			CompletePair(line);
			CheckPair(batch, line);
		}
	}
}

static void RaiseNoOrigin(DocumentBatch *batch, DocumentLine *line, const char *reason) pg_attribute_noreturn();

static void
RaiseNoOrigin(DocumentBatch *batch, DocumentLine *line, const char *reason)
{
	RaiseProblem(batch, line->document, line, "origin", line->fields[LINE_ORIGIN_KEY], ERRCODE_ERP_NO_ORIGIN, reason);
}

/* The line of an earlier dispatch of the same call. */
static DocumentLine *
SentInBatch(DocumentBatch *batch, const DocumentLine *arrival)
{
	for (int i = 0; i < arrival->document->index; i++)
	{
		Document   *document = &batch->documents[i];

		if (!document->bad && document->key != NULL && strcmp(document->key, arrival->fields[LINE_ORIGIN_KEY]) == 0 && Carries(document) &&
			strcmp(document->kind->name, DISPATCH_KIND) == 0 && arrival->originLineNo <= document->lineCount)
			return &document->lines[arrival->originLineNo - 1];
	}
	return NULL;
}

/* Goods lie where they were sent to, and are what they were sent as; the arrival says what is otherwise from then on. */
static void
TakeFrom(DocumentLine *line, const Place *place, int64 documentId, int128 sent)
{
	DocumentLine *pair = line->pairedLine;

	line->originDocumentId = documentId;
	line->originQuantity = sent;
	line->warehouseId = place->warehouseId;
	line->locationId = place->locationId;
	line->lotId = place->lotId;
	line->ownerId = place->ownerId;
	line->stateId = place->stateId;
	pair->ownerId = place->ownerId;
	if (pair->fields[LINE_LOT] == NULL)
		pair->lotId = place->lotId;
	if (pair->fields[LINE_STATE] == NULL)
		pair->stateId = place->stateId;
}

static void
TakeFromBatch(DocumentBatch *batch, DocumentLine *line)
{
	const DocumentLine *sent = SentInBatch(batch, line);
	Place		place;

	if (sent == NULL || sent->pairedLine == NULL)
		RaiseNoOrigin(batch, line, "no line of a transfer_dispatch has this key and number");
	if (sent->itemId != line->itemId)
		RaiseNoOrigin(batch, line, "the origin is of another item");
	place = PlaceOfLine(sent->pairedLine);
	TakeFrom(line, &place, sent->document->documentId, sent->pairedLine->moveQuantity);
}

static void
ResolveArrival(DocumentBatch *batch, DocumentLine *line)
{
	Datum		values[3] = {
		Int32GetDatum(batch->company->companyId), CStringGetTextDatum(line->fields[LINE_ORIGIN_KEY]), Int32GetDatum(line->originLineNo)
	};
	MovePosition at = {line->document->postingDay, line->document->timeOfDay, 0};
	MovePosition before = {0};
	Place		place;

	if (RunPlan(&sentPlan, values, NULL) == 0)
	{
		TakeFromBatch(batch, line);
		return;
	}
	before.day = DatumGetDateADT(PlanValue(0, 4));
	before.timeOfDay = DatumGetTimeADT(PlanValue(0, 5));
	if (DatumGetInt32(PlanValue(0, 2)) != line->itemId)
		RaiseNoOrigin(batch, line, "the origin is of another item");
	if (ComparePosition(&before, &at) > 0)
		RaiseNoOrigin(batch, line, "the origin is not earlier than the arrival");
	place = (Place) {
		.warehouseId = DatumGetInt32(PlanValue(0, 6)), .locationId = DatumGetInt32(PlanValue(0, 7)), .lotId = DatumGetInt64(PlanValue(0, 8)),
		.ownerId = DatumGetInt32(PlanValue(0, 9)), .stateId = DatumGetInt16(PlanValue(0, 10))
	};
	TakeFrom(line, &place, DatumGetInt64(PlanValue(0, 1)), QuantityFromDatum(PlanValue(0, 3)));
}

/* The account that holds goods of the line's item in its warehouse, by the rules without conditions; 0: no rule says. */
static int32
InventoryAccount(DocumentBatch *batch, const DocumentLine *line)
{
	RuleQuery	query = {
		.kind = line->document->kind, .role = line->role, .amountRole = AMOUNT_INVENTORY, .itemGroup = line->itemGroup,
		.partyGroup = line->document->party.groupNumber, .warehouseId = line->warehouseId
	};
	const PostingRule *rule = FindPostingRule(batch->company->companyId, &query);

	return rule == NULL ? 0 : rule->accountId;
}

/* Goods of our own that stay in their cost pool and on their account keep their cost as it is: only their place changes. */
static void
SetTransferPools(DocumentBatch *batch, DocumentLine *line)
{
	DocumentLine *pair = line->pairedLine;
	Place		from = PlaceOfLine(line);
	Place		to = PlaceOfLine(pair);

	line->costPoolId = PoolOfPlace(&from, line->poolScope);
	pair->costPoolId = PoolOfPlace(&to, line->poolScope);
	if (line->costPoolId == pair->costPoolId &&
		(line->warehouseId == pair->warehouseId || InventoryAccount(batch, line) == InventoryAccount(batch, pair)))
	{
		line->costPoolId = NO_COST_POOL;
		pair->costPoolId = NO_COST_POOL;
	}
	/* What comes from another owner has the cost that the line gives, and no origin. */
	if (line->costPoolId != NO_COST_POOL || pair->costPoolId == NO_COST_POOL)
		pair->originLine = line;
}

void
ResolveTransfers(StockRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];

		if (line->pairedLine == NULL || line->document->reversesDocumentId != 0)
			continue;
		if (line->role->fulfils)
			ResolveArrival(run->batch, line);
		SetTransferPools(run->batch, line);
	}
}

/* What arrives of one line of a dispatch in this call. */
typedef struct Arrivals
{
	CodeMap    *numbers;
	int128	   *quantities;
} Arrivals;

static void
CheckArrival(StockRun *run, DocumentLine *line, Arrivals *arrivals)
{
	Datum		values[3] = {
		Int32GetDatum(run->batch->company->companyId), Int64GetDatum(line->originDocumentId), Int32GetDatum(line->originLineNo)
	};
	int			number = CodeNumber(arrivals->numbers, psprintf(INT64_FORMAT " %d", line->originDocumentId, line->originLineNo));
	int128		rest;
	char		text[FIXED_TEXT_MAX];

	(void) RunPlan(&arrivedPlan, values, NULL);
	if (DatumGetBool(PlanValue(0, 2)))
		RaiseNoOrigin(run->batch, line, "the origin was reversed");
	rest = SubtractExact(SubtractExact(line->originQuantity, QuantityFromDatum(PlanValue(0, 1))), arrivals->quantities[number]);
	arrivals->quantities[number] = AddExact(arrivals->quantities[number], line->baseQuantity);
	FormatFixed(rest, QUANTITY_SCALE, text);
	if (line->baseQuantity > rest)
		RaiseProblem(run->batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_OVER_RECEIVED,
					 psprintf("%s of what was sent has not arrived yet", text));
}

void
CheckArrivals(StockRun *run)
{
	Arrivals	arrivals = {0};

	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];

		if (line->pairedLine == NULL || !line->role->fulfils || line->document->reversesDocumentId != 0)
			continue;
		if (arrivals.numbers == NULL)
		{
			arrivals.numbers = CreateCodeMap();
			arrivals.quantities = palloc0(sizeof(int128) * run->lineCount);
		}
		CheckArrival(run, line, &arrivals);
	}
}
