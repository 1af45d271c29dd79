#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/brought_goods.h"
#include "inventory/conversion.h"
#include "inventory/cost_part.h"
#include "inventory/demand_follower.h"
#include "inventory/expired.h"
#include "inventory/named_line.h"
#include "inventory/stock_lock.h"
#include "inventory/transfers.h"

/* What an item and the parts of its place are called. */
static KeptPlan placeTextPlan = {
	.query = "SELECT i.code || COALESCE(' in location ' || l.code, '') || COALESCE(', lot ' || k.code, '')"
	" || COALESCE(', state ' || s.code, '') || COALESCE(', owner ' || p.code, '')"
	"  FROM erp.item i"
	"  LEFT JOIN erp.location l ON l.company_id = $1 AND l.location_id = $3"
	"  LEFT JOIN erp.lot k ON k.company_id = $1 AND k.lot_id = $4"
	"  LEFT JOIN erp.stock_state s ON s.stock_state_id = $5 AND s.stock_state_id <> 0"
	"  LEFT JOIN erp.party p ON p.company_id = $1 AND p.party_id = $6 AND p.party_id <> 0"
	" WHERE i.company_id = $1 AND i.item_id = $2",
	.argumentCount = 6,
	.argumentTypes = {INT4OID, INT4OID, INT4OID, INT8OID, INT2OID, INT4OID}
};

MovePosition
PositionOfLine(const DocumentLine *line)
{
	MovePosition position = {line->document->postingDay, line->document->timeOfDay, line->moveId};

	return position;
}

void
RaiseShort(DocumentBatch *batch, DocumentLine *line, const Place *place, int128 missing, const MovePosition *at)
{
	Datum		values[6] = {
		Int32GetDatum(batch->company->companyId), Int32GetDatum(line->itemId), Int32GetDatum(place->locationId),
		Int64GetDatum(place->lotId), Int16GetDatum((int16) place->stateId), Int32GetDatum(place->ownerId)
	};
	char		quantity[FIXED_TEXT_MAX];
	char	   *where;

	(void) RunPlan(&placeTextPlan, values, NULL);
	where = TextDatumGetCString(PlanValue(0, 1));
	FormatFixed(missing, QUANTITY_SCALE, quantity);
	RaiseProblem(batch, line->document, line, "quantity", line->fields[LINE_QUANTITY], ERRCODE_ERP_NOT_ENOUGH_STOCK,
				 psprintf("not enough stock of item %s: %s missing on %s at %s", where, quantity,
						  DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(at->day))),
						  DatumGetCString(DirectFunctionCall1(time_out, TimeADTGetDatum(at->timeOfDay)))));
}

void
RaisePoolShort(DocumentBatch *batch, DocumentLine *line, int128 missing, const MovePosition *at)
{
	Place		place = PlaceOfLine(line);

	RaiseShort(batch, line, &place, missing, at);
}

/* Direction of the role; a reversal goes the other way, since its quantity is negative. */
static int128
MoveQuantity(const DocumentLine *line)
{
	if (line->role->direction == STOCK_VALUE)
		return 0;
	return line->role->direction == STOCK_IN ? line->baseQuantity : NegateExact(line->baseQuantity);
}

static void
AddToRun(StockRun *run, DocumentLine *line)
{
	line->moveQuantity = MoveQuantity(line);
	run->lines[run->lineCount++] = line;
}

/* Both moves of what is carried: what was brought goes back before it comes back. */
static void
AddLine(StockRun *run, DocumentLine *line)
{
	bool		reversed = line->document->reversesDocumentId != 0;

	if (line->pairedLine != NULL && reversed)
		AddToRun(run, line->pairedLine);
	AddToRun(run, line);
	if (line->pairedLine != NULL && !reversed)
		AddToRun(run, line->pairedLine);
}

/* Lines of the document that move stock: what products are made of comes before them. */
static void
CollectDocument(StockRun *run, Document *document)
{
	for (int pass = 0; pass < 2; pass++)
	{
		for (int i = 0; i < document->lineCount && !document->bad && !document->repeated; i++)
		{
			DocumentLine *line = &document->lines[i];

			if (line->role->direction != STOCK_NONE && IsProduct(line) == (pass == 1))
				AddLine(run, line);
		}
	}
}

static StockRun *
CollectLines(DocumentBatch *batch)
{
	StockRun   *run = palloc0(sizeof(StockRun));
	int			total = 0;

	run->batch = batch;
	for (int i = 0; i < batch->count; i++)
		total += batch->documents[i].lineCount;
	run->lines = palloc(sizeof(DocumentLine *) * Max(total * 2, 1));
	for (int i = 0; i < batch->count; i++)
		CollectDocument(run, &batch->documents[i]);
	return run;
}

/* Ids in working order, so that the id is the last part of the order of moves. */
static void
NumberMoves(StockRun *run)
{
	Oid			sequence = IdentitySequence("stock_move", "move_id");

	run->lineOfMove = CreatePairMap();
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];

		line->moveId = NextOfSequence(sequence);
		(void) PairNumber(run->lineOfMove, (uint64) line->moveId);
		if (line->originLine != NULL)
		{
			line->originMoveId = line->originLine->moveId;
			line->originDocumentId = line->originLine->document->documentId;
		}
	}
}

/* Its month is costed again: by its cost run, or where the pool is no longer costed by month. */
static bool
EndsMonth(const DocumentLine *line)
{
	return IsMonthCost(line) || (ChangesMethod(line) && line->method == COST_MONTHLY_AVERAGE);
}

/* Of several causes in a batch the earliest stands: what they change behind it is dated by the moves. */
static void
SetBackdated(StockItem *item, DocumentLine *cause)
{
	item->backdated = true;
	if (item->cause == NULL || cause->document->postingDay < item->cause->document->postingDay)
		item->cause = cause;
}

bool
AnyBackdated(const StockRun *run)
{
	for (int i = 0; i < run->itemCount; i++)
	{
		if (run->items[i].backdated)
			return true;
	}
	return false;
}

/* An item whose new moves do not all follow its last one is replayed; with any, so are products of the batch, whose value may change by it. */
void
FindBackdated(StockRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];
		StockItem  *item = ItemOfRun(run, line->itemId);
		MovePosition position = PositionOfLine(line);
		bool		isLast = ComparePosition(&position, &item->last) >= 0;

		if (!SettlesIssues(run, line) && isLast && !EndsMonth(line))
			item->last = position;
		else
			SetBackdated(item, line);
	}
	for (int i = 0; i < run->partCount; i++)
		SetBackdated(ItemOfRun(run, run->parts[i]->line.itemId), &run->parts[i]->line);
	if (!run->hasProducts || !AnyBackdated(run))
		return;
	for (int i = 0; i < run->lineCount; i++)
	{
		if (IsProduct(run->lines[i]))
			SetBackdated(ItemOfRun(run, run->lines[i]->itemId), run->lines[i]);
	}
}

/* What of the line's quantity is there; what of it is promised to others is seen to at the end. */
static void
MovePlace(StockRun *run, DocumentLine *line)
{
	const StockPlace *place = MoveAtPlace(run, line);
	MovePosition position = PositionOfLine(line);

	if (line->moveQuantity < 0 && place->onHand < 0 && !PlaceMayGoNegative(run, line))
		RaiseShort(run->batch, line, &place->place, NegateExact(place->onHand), &position);
}

/* Of a move of the batch that was costed, or of one that stood before. */
static int128
FindKnownValue(void *context, int64 moveId)
{
	const StockRun *run = context;
	int			number = FindPair(run->lineOfMove, (uint64) moveId);

	return number >= 0 ? run->lines[number]->moveValue : StoredValue(run->batch, moveId).value;
}

/* Value of what comes in: given, the amount, or the share of what it returns. */
static int128
IncomingValue(StockRun *run, const DocumentLine *line)
{
	const DocumentLine *origin = line->originLine;

	if (IsProduct(line))
		return ProductValue(run, line->document->documentId, line->moveId, FindKnownValue, run);
	if (origin != NULL)
		return ShareRounded(NegateExact(origin->moveValue), line->moveQuantity, NegateExact(origin->moveQuantity),
							run->batch->company->currency->decimals);
	if (line->originMoveId != 0)
		return ShareRounded(line->originValue, line->moveQuantity, line->originQuantity,
							run->batch->company->currency->decimals);
	return IsCostAmount(line) ? line->companyAmount : line->cost;
}

static void RaiseTouched(StockRun *run, DocumentLine *line) pg_attribute_noreturn();

static void
RaiseTouched(StockRun *run, DocumentLine *line)
{
	RaiseProblem(run->batch, line->document, line, NULL, NULL, ERRCODE_ERP_NOT_REVERSIBLE,
				 line->named != NULL ? "not so much is left of the receipt at its price: its goods were issued since, or a bill or landed cost made them worth another amount; a supplier_return sends goods back at what they cost by now" :
				 "what came in with this line has moved on: its cost layer is not whole any more");
}

/* What goes back is what the receipt cost, or of an amendment what it says. */
static int128
TakenBack(const DocumentLine *line)
{
	return line->named != NULL ? NegateExact(line->companyAmount) : line->originValue;
}

static void
CostOutgoing(StockRun *run, DocumentLine *line, StockPool *stock)
{
	CostPool   *pool = &stock->pool;
	int128		quantity = NegateExact(line->moveQuantity);
	MovePosition position = PositionOfLine(line);
	CostOutcome outcome;

	line->firstEdge = run->edges.count;
	if (line->originMoveId != 0)
		outcome = CostTakeBack(pool, line->originMoveId, quantity, TakenBack(line), &run->edges);
	else
		outcome = IssueFrom(run, stock, position, quantity, &run->edges);
	if (outcome == COST_SHORT)
		RaisePoolShort(run->batch, line, quantity - pool->quantity, &position);
	if (outcome == COST_LAYER_TOUCHED)
		RaiseTouched(run, line);
	line->edgeCount = run->edges.count - line->firstEdge;
	line->moveValue = NegateExact(SumOfEdges(&run->edges, line->firstEdge));
}

bool
IsMonthCost(const DocumentLine *line)
{
	return strcmp(line->role->name, MONTH_COST) == 0;
}

/* The run begins with the standard that its first line in the pool finds. */
static void
CheckStandard(StockRun *run, DocumentLine *line, CostPool *pool)
{
	if (line->method == COST_STANDARD && pool->standard == NO_STANDARD)
		RaiseProblem(run->batch, line->document, line, "item", line->fields[LINE_ITEM], ERRCODE_ERP_NO_STANDARD_COST,
					 "the item has no standard cost on that day");
}

/* By a second change from the same day on, the pool is costed by the first. */
static CostMethod
MethodOfPool(const StockRun *run, const DocumentLine *line)
{
	return ChangesMethod(line) ? ChangeOf(ItemOfRun(run, line->itemId), line->document->documentId)->before : line->method;
}

/* A line that changes what the pool is worth, or how it is costed. */
static void
RestateByLine(StockRun *run, DocumentLine *line, StockPool *stock)
{
	if (!ChangesMethod(line))
	{
		line->moveValue = CostRestate(&stock->pool, line->unitPrice);
		return;
	}
	line->firstEdge = run->edges.count;
	ChangeMethod(run, stock, ChangeOf(ItemOfRun(run, line->itemId), line->document->documentId), line->unitPrice, PositionOfLine(line), &run->edges);
	line->edgeCount = run->edges.count - line->firstEdge;
	line->moveValue = NegateExact(SumOfEdges(&run->edges, line->firstEdge));
}

static void
CostLine(StockRun *run, DocumentLine *line)
{
	StockPool  *stock = PoolOfRun(run, line->itemId, line->costPoolId);

	stock->pool.method = MethodOfPool(run, line);
	stock->changed = true;
	stock->last = PositionOfLine(line);
	if (line->moveQuantity == 0)
	{
		RestateByLine(run, line, stock);
		return;
	}
	MovePlace(run, line);
	if (line->costPoolId == NO_COST_POOL)
		return;
	CheckStandard(run, line, &stock->pool);
	if (line->moveQuantity > 0)
	{
		line->consumedValue = IncomingValue(run, line);
		line->moveValue = CostReceive(&stock->pool, PositionOfLine(line), line->moveQuantity, line->consumedValue);
	}
	else
		CostOutgoing(run, line, stock);
}

static void
CostCurrent(StockRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];

		CHECK_FOR_INTERRUPTS();
		if (!ItemOfRun(run, line->itemId)->backdated)
			CostLine(run, line);
	}
}

StockRun *
MoveStock(DocumentBatch *batch)
{
	StockRun   *run = CollectLines(batch);

	LookUpCostTargets(batch);
	CollectParts(run);
	if (run->lineCount == 0 && run->partCount == 0)
		return run;
	MakeLots(run);
	FindBroughtGoods(run);
	CheckExpiredLater(run);
	ResolveTransfers(run);
	CollectConsumed(run);
	LockStock(run);
	CheckBroughtGoods(run);
	LookUpOrigins(batch);
	LookUpReversed(batch);
	NumberMoves(run);
	CheckReturned(run);
	CollectConversions(run);
	SpreadParts(run);
	CheckFulfilled(batch);
	CostCurrent(run);
	if (run->lineCount > 0)
		StoreMoves(run);
	CheckSerials(run);
	RunReplays(run);
	KeepConsumed(run);
	FindRestated(run);
	StoreFlows(run);
	FollowReversed(batch);
	StoreStock(run);
	CheckSecondStock(run);
	return run;
}
