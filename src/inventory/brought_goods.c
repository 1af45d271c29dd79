#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/code_map.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/brought_goods.h"

/* What a line of a document brought, of which kind and party, and where it lies since. OFFSET 0: see core/plan_cache.h. */
static KeptPlan broughtPlan = {
	.query = "SELECT d.document_id, d.kind, d.party_id, m.item_id, m.quantity, m.day, m.time_of_day, m.warehouse_id, m.location_id,"
	"       m.lot_id, m.owner_id, m.stock_state_id"
	"  FROM (SELECT f.document_id, f.kind, f.party_id FROM erp.document f WHERE f.company_id = $1 AND f.key = $2"
	"           AND f.reverses_document_id = 0 OFFSET 0) d"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = d.document_id"
	"                        AND f.line_no = $3 AND f.quantity > 0 OFFSET 0) m",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, TEXTOID, INT4OID}
};

/* What documents that stand have taken of it before by links of the kind, with what came back unbilled of what was returned, and whether it was taken back. */
static KeptPlan takenPlan = {
	.query = "SELECT COALESCE((SELECT pg_catalog.sum(CASE l.link WHEN 'corrects' THEN -l.quantity ELSE l.quantity END) FROM erp.document_link l"
	"         WHERE l.company_id = $1 AND l.target_document_id = $2 AND l.target_line_no = $3 AND (l.link = $4 OR $4 = 'returns' AND l.link = 'corrects')"
	"           AND (SELECT r.document_id FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = l.document_id"
	"                   AND r.reverses_document_id <> 0) IS NULL), 0),"
	"       EXISTS (SELECT FROM erp.document r WHERE r.company_id = $1 AND r.reverses_document_id = $2 AND r.reverses_document_id <> 0)",
	.argumentCount = 4,
	.argumentTypes = {INT4OID, INT8OID, INT4OID, TEXTOID}
};

/* What a line brought, in the books or in the same call. */
typedef struct BroughtGoods
{
	const DocumentKindInfo *kind;
	int64		documentId;
	int128		quantity;
	Place		place;
	int32		itemId;
	int32		partyId;
	MovePosition position;
} BroughtGoods;

static void RaiseOrigin(DocumentBatch *batch, DocumentLine *line, int errorCode, const char *reason) pg_attribute_noreturn();

static void
RaiseOrigin(DocumentBatch *batch, DocumentLine *line, int errorCode, const char *reason)
{
	RaiseProblem(batch, line->document, line, "origin", line->fields[LINE_ORIGIN_KEY], errorCode, reason);
}

/* The line of an earlier document of the same call; NULL if it has none that brought goods. */
static DocumentLine *
LineOfBatch(DocumentBatch *batch, const DocumentLine *line)
{
	for (int i = 0; i < line->document->index; i++)
	{
		Document   *document = &batch->documents[i];

		if (!document->bad && document->key != NULL && document->kind != NULL && strcmp(document->key, line->fields[LINE_ORIGIN_KEY]) == 0 &&
			line->originLineNo <= document->lineCount)
			return &document->lines[line->originLineNo - 1];
	}
	return NULL;
}

static bool
FindInBatch(DocumentBatch *batch, const DocumentLine *line, BroughtGoods *goods)
{
	const DocumentLine *found = LineOfBatch(batch, line);
	const DocumentLine *brought = found == NULL || found->pairedLine == NULL ? found : found->pairedLine;

	if (brought == NULL || brought->moveQuantity <= 0)
		return false;
	*goods = (BroughtGoods) {
		.kind = found->document->kind, .documentId = found->document->documentId, .quantity = brought->moveQuantity,
		.place = PlaceOfLine(brought), .itemId = brought->itemId, .partyId = found->document->party.partyId,
		.position = {found->document->postingDay, found->document->timeOfDay, 0}
	};
	return true;
}

static bool
FindInBooks(DocumentBatch *batch, const DocumentLine *line, BroughtGoods *goods)
{
	Datum		values[3] = {
		Int32GetDatum(batch->company->companyId), CStringGetTextDatum(line->fields[LINE_ORIGIN_KEY]), Int32GetDatum(line->originLineNo)
	};

	if (RunPlan(&broughtPlan, values, NULL) == 0)
		return false;
	*goods = (BroughtGoods) {
		.documentId = DatumGetInt64(PlanValue(0, 1)), .kind = FindKind(TextDatumGetCString(PlanValue(0, 2))),
		.partyId = DatumGetInt32(PlanValue(0, 3)), .itemId = DatumGetInt32(PlanValue(0, 4)),
		.quantity = QuantityFromDatum(PlanValue(0, 5)),
		.position = {DatumGetDateADT(PlanValue(0, 6)), DatumGetTimeADT(PlanValue(0, 7)), 0},
		.place = {
			.warehouseId = DatumGetInt32(PlanValue(0, 8)), .locationId = DatumGetInt32(PlanValue(0, 9)), .lotId = DatumGetInt64(PlanValue(0, 10)),
			.ownerId = DatumGetInt32(PlanValue(0, 11)), .stateId = DatumGetInt16(PlanValue(0, 12))
		}
	};
	return true;
}

static void
CheckBrought(DocumentBatch *batch, DocumentLine *line, const BroughtGoods *goods)
{
	const Document *document = line->document;
	MovePosition at = {document->postingDay, document->timeOfDay, 0};

	if (!MayNameKind(document->kind, line->role, goods->kind))
		RaiseOrigin(batch, line, ERRCODE_ERP_NO_ORIGIN,
					psprintf("a line of role %s of a %s names no line of a %s", line->role->name, document->kind->name, goods->kind->name));
	if (goods->itemId != line->itemId)
		RaiseOrigin(batch, line, ERRCODE_ERP_NO_ORIGIN, "the origin is of another item");
	if (ComparePosition(&goods->position, &at) > 0)
		RaiseOrigin(batch, line, ERRCODE_ERP_NO_ORIGIN, "the origin is not earlier");
	if (document->party.partyId != 0 && goods->partyId != 0 && document->party.partyId != goods->partyId)
		RaiseOrigin(batch, line, ERRCODE_ERP_OTHER_PARTY, psprintf("the %s that is named is of another party", goods->kind->name));
}

static bool
NamesAnyPlace(const DocumentLine *line)
{
	return line->fields[LINE_WAREHOUSE] != NULL || line->fields[LINE_LOCATION] != NULL;
}

/* What belongs to others may have been carried on, within what is theirs; all else lies where it was brought. */
static void
TakePlace(DocumentBatch *batch, DocumentLine *line, const Place *place)
{
	if (!line->role->ofParty)
	{
		for (LineField i = LINE_LOCATION; i <= LINE_OWNER && line->pairedLine == NULL; i++)
		{
			if (line->fields[i] != NULL)
				RaiseProblem(batch, line->document, line, LineFieldNames[i], line->fields[i], ERRCODE_ERP_INVALID_FIELD,
							 "the goods lie where the line that is named brought them");
		}
		line->ownerId = place->ownerId;
	}
	if (!line->role->ofParty || !NamesAnyPlace(line))
	{
		line->warehouseId = place->warehouseId;
		line->locationId = place->locationId;
	}
	if (!line->role->ofParty || line->fields[LINE_LOT] == NULL)
		line->lotId = place->lotId;
	if (!line->role->ofParty || line->fields[LINE_STATE] == NULL)
		line->stateId = place->stateId;
	line->costPoolId = PoolOfLine(line);
}

/* What arrives is what was sent, unless the arrival says otherwise. */
static void
TakeArrival(DocumentLine *line, const Place *place)
{
	DocumentLine *pair = line->pairedLine;

	pair->ownerId = place->ownerId;
	if (pair->fields[LINE_LOT] == NULL)
		pair->lotId = place->lotId;
	if (pair->fields[LINE_STATE] == NULL)
		pair->stateId = place->stateId;
}

/* Goods of a party that become the company's own lie where they lay. */
static void
TakeOtherSide(DocumentLine *line)
{
	DocumentLine *incoming = line + 1;
	Place		place = PlaceOfLine(line);

	incoming->warehouseId = place.warehouseId;
	incoming->locationId = place.locationId;
	incoming->lotId = place.lotId;
	incoming->stateId = place.stateId;
	incoming->costPoolId = PoolOfLine(incoming);
}

static bool
TakesInRun(const DocumentLine *line)
{
	return line->leg != 2 && line->document->reversesDocumentId == 0 && TakesBroughtGoods(line);
}

void
FindBroughtGoods(StockRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];
		BroughtGoods goods;

		if (!TakesInRun(line))
			continue;
		if (!FindInBooks(run->batch, line, &goods) && !FindInBatch(run->batch, line, &goods))
			RaiseOrigin(run->batch, line, ERRCODE_ERP_NO_ORIGIN, "no line that brought goods has this key and number");
		CheckBrought(run->batch, line, &goods);
		line->originDocumentId = goods.documentId;
		line->originQuantity = goods.quantity;
		line->isShipped = IsShipment(goods.kind);
		TakePlace(run->batch, line, &goods.place);
		if (line->pairedLine != NULL)
			TakeArrival(line, &goods.place);
		if (line->role->ofParty && line->document->kind->isTwoSided)
			TakeOtherSide(line);
	}
}

/* What is taken of one line in this call. */
typedef struct Taken
{
	CodeMap    *numbers;
	int128	   *quantities;
} Taken;

static Taken
BeginTaken(const StockRun *run)
{
	return (Taken) {.numbers = CreateCodeMap(), .quantities = palloc0(sizeof(int128) * Max(run->lineCount, 1))};
}

/* What is left for the line of what its origin moved, by links of the kind; the line takes its own of it. Raises no_origin if it was taken back. */
static int128
TakeOfOrigin(StockRun *run, DocumentLine *line, const char *link, int128 quantity, Taken *taken)
{
	Datum		values[4] = {
		Int32GetDatum(run->batch->company->companyId), Int64GetDatum(line->originDocumentId), Int32GetDatum(line->originLineNo),
		CStringGetTextDatum(link)
	};
	int			number = CodeNumber(taken->numbers, psprintf(INT64_FORMAT " %d", line->originDocumentId, line->originLineNo));
	int128		rest;

	(void) RunPlanLatest(&takenPlan, values, NULL);
	if (DatumGetBool(PlanValue(0, 2)))
		RaiseOrigin(run->batch, line, ERRCODE_ERP_NO_ORIGIN, "the origin was reversed");
	rest = SubtractExact(SubtractExact(quantity, QuantityFromDatum(PlanValue(0, 1))), taken->quantities[number]);
	taken->quantities[number] = AddExact(taken->quantities[number], line->baseQuantity);
	return rest;
}

static void RaiseOver(StockRun *run, DocumentLine *line, int errorCode, const char *what, int128 rest) pg_attribute_noreturn();

/* what: that is left, in words. */
static void
RaiseOver(StockRun *run, DocumentLine *line, int errorCode, const char *what, int128 rest)
{
	char		text[FIXED_TEXT_MAX];

	FormatFixed(rest, QUANTITY_SCALE, text);
	RaiseProblem(run->batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], errorCode, psprintf("%s of %s", text, what));
}

static void
CheckTaken(StockRun *run, DocumentLine *line, Taken *taken)
{
	bool		isArrival = MayNameKind(line->document->kind, line->role, FindKind("transfer_dispatch"));
	int128		rest = TakeOfOrigin(run, line, "fulfils", line->originQuantity, taken);

	if (line->baseQuantity > rest)
		RaiseOver(run, line, isArrival ? ERRCODE_ERP_OVER_RECEIVED : ERRCODE_ERP_OVER_RETURNED,
				  isArrival ? "what was sent has not arrived yet" : "it is still out", rest);
}

/* Whether the line brings back goods that an origin issued. */
static bool
BringsBack(const DocumentLine *line)
{
	return ReturnsGoods(line->role) && line->originDocumentId != 0 && line->document->reversesDocumentId == 0;
}

void
CheckReturned(StockRun *run)
{
	Taken		taken = {0};

	for (int i = 0; i < run->lineCount && run->batch->company->capsReturns; i++)
	{
		DocumentLine *line = run->lines[i];
		int128		rest;

		if (!BringsBack(line))
			continue;
		if (taken.numbers == NULL)
			taken = BeginTaken(run);
		rest = TakeOfOrigin(run, line, "returns", line->originLine != NULL ? line->originLine->baseQuantity : line->originQuantity, &taken);
		if (line->baseQuantity > rest)
			RaiseOver(run, line, ERRCODE_ERP_RETURN_CAPPED, "what the origin issued has not come back", rest);
	}
}

void
CheckBroughtGoods(StockRun *run)
{
	Taken		taken = {0};

	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];

		if (!TakesInRun(line))
			continue;
		if (taken.numbers == NULL)
			taken = BeginTaken(run);
		CheckTaken(run, line, &taken);
	}
}

void
CheckWithOthers(DocumentBatch *batch, DocumentLine *line)
{
	bool		isBrought = line->leg == 2 && !line->role->fulfils && line->document->kind->toLocationKind[0] != '\0';

	if (line->isWithOthers && !isBrought)
		ReportProblem(batch, line->document, line, line->leg == 2 ? "to_location" : "location", line->fields[LINE_LOCATION],
					  ERRCODE_ERP_WITH_OTHERS, "goods are lent, on consignment or shipped there");
}
