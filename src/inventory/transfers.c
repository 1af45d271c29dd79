/*
 * Goods that are brought from one place to another. A line of a role that
 * carries has two moves: out of its own place, and in at the place of its
 * paired line, which is no line of the document.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/brought_goods.h"
#include "inventory/inventory.h"
#include "inventory/transfers.h"

static KeptPlan locationKindPlan = {
	.query = "SELECT l.kind FROM erp.location l WHERE l.company_id = $1 AND l.location_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4OID}
};

/* Where goods of the warehouse go that are shipped. */
static KeptPlan shippedPlan = {
	.query = "SELECT l.code FROM erp.location l WHERE l.company_id = $1 AND l.warehouse_id = $2 AND l.kind = 'shipped' AND l.active ORDER BY l.code LIMIT 1",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4OID}
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

/* Of several lines from one warehouse it is looked up once. */
static void
FindShippedPlace(int32 companyId, const DocumentLine *line, DocumentLine *pair)
{
	const DocumentLine *before = line->lineNo > 1 ? (line - 1)->pairedLine : NULL;
	Datum		values[2] = {Int32GetDatum(companyId), Int32GetDatum(pair->warehouseId)};

	pair->isShipped = true;
	if (line->fields[LINE_TO_LOCATION] != NULL)
		return;
	if (before != NULL && before->warehouseId == pair->warehouseId && (line - 1)->fields[LINE_TO_LOCATION] == NULL)
		pair->fields[LINE_LOCATION] = before->fields[LINE_LOCATION];
	else
		pair->fields[LINE_LOCATION] = RunPlan(&shippedPlan, values, NULL) == 0 ? NULL : TextDatumGetCString(PlanValue(0, 1));
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
	if (IsShipment(line->document->kind))
		FindShippedPlace(batch->company->companyId, line, pair);
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
	pair->isWithOthers = placed.isWithOthers;
	pair->isShipped = placed.isShipped;
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
IsOfKind(int32 companyId, int32 locationId, const char *kind)
{
	Datum		values[2] = {Int32GetDatum(companyId), Int32GetDatum(locationId)};

	return locationId != 0 && RunPlan(&locationKindPlan, values, NULL) > 0 && strcmp(TextDatumGetCString(PlanValue(0, 1)), kind) == 0;
}

/* What is sent goes to a location on the way; what is lent or on consignment to one of these, and stays the company's own. */
static void
CheckTarget(DocumentBatch *batch, DocumentLine *line)
{
	const char *wanted = line->document->kind->toLocationKind;
	bool		isOnTheWay = strcmp(wanted, IN_TRANSIT) == 0;

	if (wanted[0] == '\0')
		return;
	if (!IsOfKind(batch->company->companyId, line->pairedLine->locationId, wanted))
		ReportProblem(batch, line->document, line, "to_location", line->fields[LINE_TO_LOCATION],
					  isOnTheWay ? ERRCODE_ERP_NOT_IN_TRANSIT : ERRCODE_ERP_WITH_OTHERS,
					  psprintf("the goods of a %s go to a location of kind %s", line->document->kind->name, wanted));
	if (!isOnTheWay && (line->ownerId != 0 || line->pairedLine->ownerId != 0))
		ReportProblem(batch, line->document, line, "owner", line->fields[LINE_OWNER], ERRCODE_ERP_STOCK_OF_OTHERS,
					  psprintf("the goods of a %s are and stay the company's own", line->document->kind->name));
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
		if (line->fields[LINE_OWNER] != NULL)
			ReportProblem(batch, line->document, line, "owner", line->fields[LINE_OWNER], ERRCODE_ERP_INVALID_FIELD,
						  "what arrives keeps its owner");
		return;
	}
	if (StaysInPlace(line))
		ReportProblem(batch, line->document, line, "to_location", line->fields[LINE_TO_LOCATION], ERRCODE_ERP_INVALID_FIELD,
					  "the goods would stay where, what and whose they are");
	CheckTarget(batch, line);
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

	line->costPoolId = PoolOfLine(line);
	pair->costPoolId = PoolOfLine(pair);
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
		SetTransferPools(run->batch, line);
	}
}
