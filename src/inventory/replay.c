/*
 * Replay of one item: its moves in order through the cost methods, from the
 * first that is new or changed to where nothing changes any more. New moves of
 * the batch get their edges; on moves that stood already, what differs from
 * their entries becomes changes, never an update.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/cost_part.h"
#include "inventory/replay.h"
#include "inventory/stock_lock.h"

PG_FUNCTION_INFO_V1(erp_moves_replayed);

#define FIRST_VALUES 256

int64		movesReplayed = 0;

/* A move that the replay does not pass. */
static KeptPlan valuePlan = {
	.query = "SELECT m.quantity, (SELECT pg_catalog.sum(e.amount) FROM erp.cost_entry e WHERE e.company_id = $1 AND e.move_id = $2)"
	"  FROM erp.stock_move m WHERE m.company_id = $1 AND m.move_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static void
RememberValue(Replay *replay, const ReplayMove *move, int128 value)
{
	int			number = PairNumber(replay->valueNumbers, (uint64) move->position.moveId);

	if (number >= replay->valueCapacity)
	{
		replay->valueCapacity *= 2;
		replay->values = repalloc_huge(replay->values, sizeof(MoveValue) * replay->valueCapacity);
	}
	replay->values[number].quantity = move->quantity;
	replay->values[number].value = value;
}

MoveValue
ReplayedValue(Replay *replay, int64 moveId)
{
	int			number = FindPair(replay->valueNumbers, (uint64) moveId);
	Datum		values[2] = {Int32GetDatum(replay->run->batch->company->companyId), Int64GetDatum(moveId)};
	MoveValue	stored = {0};
	bool		missing = true;
	Datum		value = 0;

	if (number >= 0)
		return replay->values[number];
	if (RunPlan(&valuePlan, values, NULL) > 0)
		value = PlanValueOrNull(0, 2, &missing);
	if (missing)
		RaiseProblem(replay->run->batch, replay->item->cause->document, replay->item->cause, NULL, NULL,
					 ERRCODE_ERP_NO_ORIGIN, "a move refers to an origin that is not earlier");
	stored.quantity = QuantityFromDatum(PlanValue(0, 1));
	stored.value = AmountFromDatum(value);
	SPI_freetuptable(SPI_tuptable);
	return stored;
}

static int128
ReplayIncoming(Replay *replay, const ReplayMove *move, StockPool *stock)
{
	int128		value = move->givenValue;

	if (move->ofMonth)
		value = SubtractExact(value, CostThroughMonth(&stock->pool, NegateExact(move->quantity)));
	else if (move->originMoveId != 0)
	{
		MoveValue	origin = ReplayedValue(replay, move->originMoveId);

		value = AddExact(value, ShareRounded(NegateExact(origin.value), move->quantity, NegateExact(origin.quantity),
											 stock->pool.decimals));
	}
	CostReceive(&stock->pool, move->position, move->quantity, value);
	return value;
}

/* What goes back is what an amendment says, else its share of what came. */
static int128
TakenBack(Replay *replay, const ReplayMove *move, const StockPool *stock)
{
	MoveValue	origin;

	if (move->givenValue < 0)
		return NegateExact(move->givenValue);
	origin = ReplayedValue(replay, move->originMoveId);
	return ShareRounded(origin.value, NegateExact(move->quantity), origin.quantity, stock->pool.decimals);
}

void
RaiseNotWhole(Replay *replay)
{
	DocumentLine *cause = replay->item->cause;

	RaiseProblem(replay->run->batch, cause->document, cause, NULL, NULL, ERRCODE_ERP_NOT_REVERSIBLE,
				 "a receipt that is reversed later would not be whole any more");
}

static int128
ReplayOutgoing(Replay *replay, const ReplayMove *move, StockPool *stock, CostEdges *edges)
{
	DocumentLine *cause = replay->item->cause;
	int128		quantity = NegateExact(move->quantity);
	int			first = edges->count;
	CostOutcome outcome;

	if (move->originMoveId != 0 && !move->ofMonth)
		outcome = CostTakeBack(&stock->pool, move->originMoveId, quantity, TakenBack(replay, move, stock), edges);
	else
		outcome = CostIssue(&stock->pool, quantity, edges);
	if (outcome == COST_SHORT)
		RaisePoolShort(replay->run->batch, cause, quantity - stock->pool.quantity, &move->position);
	if (outcome == COST_LAYER_TOUCHED)
		RaiseNotWhole(replay);
	if (move->ofMonth)
		edges->edges[first].sourceMoveId = move->originMoveId;
	return NegateExact(SumOfEdges(edges, first));
}

static void
AddChange(StockRun *run, int64 moveId, int64 sourceMoveId, int entryNo, int128 quantity, int128 amount)
{
	CostChange *change;

	if (run->changeCount == run->changeCapacity)
	{
		run->changeCapacity = Max(64, run->changeCapacity * 2);
		run->changes = run->changes == NULL ? palloc(sizeof(CostChange) * run->changeCapacity) :
			repalloc_huge(run->changes, sizeof(CostChange) * run->changeCapacity);
	}
	change = &run->changes[run->changeCount++];
	memset(change, 0, sizeof(CostChange));
	change->moveId = moveId;
	change->sourceMoveId = sourceMoveId;
	change->entryNo = entryNo;
	change->quantity = quantity;
	change->amount = amount;
}

/* The layer that an entry of the move belongs to; 0 by methods without layers. */
static int64
LayerOf(const ReplayMove *move, const StockPool *stock, int64 sourceMoveId)
{
	if (stock->pool.method != COST_FIFO)
		return 0;
	return move->quantity > 0 ? move->position.moveId : sourceMoveId;
}

/* Entries wanted less entries that stand: what the document of this call gives is its own entry, each other difference a change. */
static void
CompareEntries(Replay *replay, ReplayMove *move, const StockPool *stock, const CostEdges *wanted)
{
	int128		valueChange = 0;

	for (int i = 0; i < move->stored.count; i++)
	{
		move->stored.edges[i].quantity = NegateExact(move->stored.edges[i].quantity);
		move->stored.edges[i].amount = NegateExact(move->stored.edges[i].amount);
	}
	for (int i = 0; i < wanted->count; i++)
		AddNet(&move->stored, wanted->edges[i].sourceMoveId, wanted->edges[i].quantity, wanted->edges[i].amount);
	for (int i = 0; i < move->stored.count; i++)
	{
		const CostEdge *difference = &move->stored.edges[i];
		int128		amount = difference->amount;

		AddDifference(&replay->difference, move->costPoolId, LayerOf(move, stock, difference->sourceMoveId),
					  difference->quantity, amount);
		valueChange = AddExact(valueChange, amount);
		if (move->givenLater != 0 && difference->sourceMoveId == move->originMoveId)
			amount = SubtractExact(amount, move->givenLater);
		if (difference->quantity != 0 || amount != 0)
			AddChange(replay->run, move->position.moveId, difference->sourceMoveId, ++move->lastEntryNo,
					  difference->quantity, amount);
	}
	if (valueChange != 0)
		NoteChangedValue(replay, move->position.moveId);
}

/* What the batch adds to the cost of the move has its entries behind those that stand. */
static void
NumberParts(const StockRun *run, ReplayMove *move)
{
	for (CostPart *part = FirstPartOf(run, move->position.moveId); part != NULL; part = part->next)
	{
		if (part->line.moveValue != 0)
			part->entryNo = ++move->lastEntryNo;
		if (part->next == NULL && move->givenValue < 0)
			RaiseProblem(run->batch, part->line.document, &part->line, "amount", part->line.fields[LINE_AMOUNT],
						 ERRCODE_ERP_COST_REFUSED, "the receipt would cost less than nothing");
	}
}

static void
ReplayOld(Replay *replay, ReplayMove *move, StockPool *stock)
{
	CostEdges  *wanted = &replay->scratch;
	int128		value;

	wanted->count = 0;
	if (move->quantity == 0)
		return;
	NumberParts(replay->run, move);
	if (move->quantity > 0)
	{
		value = ReplayIncoming(replay, move, stock);
		AppendEdge(wanted, move->originMoveId, move->quantity, value);
	}
	else
	{
		value = ReplayOutgoing(replay, move, stock, wanted);
		for (int i = 0; i < wanted->count; i++)
		{
			wanted->edges[i].quantity = NegateExact(wanted->edges[i].quantity);
			wanted->edges[i].amount = NegateExact(wanted->edges[i].amount);
		}
	}
	/* Landed costs and revaluations of a receipt are entries of one source, as the receipt itself is. */
	CompareEntries(replay, move, stock, wanted);
	RememberValue(replay, move, value);
}

static void
ReplayNew(Replay *replay, const ReplayMove *move, StockPool *stock)
{
	DocumentLine *line = move->line;
	CostEdges  *edges = &replay->run->edges;

	line->firstEdge = edges->count;
	if (move->quantity == 0)
		line->moveValue = 0;
	else if (move->quantity > 0)
	{
		line->moveValue = ReplayIncoming(replay, move, stock);
		AddDifference(&replay->difference, move->costPoolId, LayerOf(move, stock, 0), move->quantity, line->moveValue);
	}
	else
		line->moveValue = ReplayOutgoing(replay, move, stock, edges);
	line->edgeCount = edges->count - line->firstEdge;
	for (int i = line->firstEdge; i < edges->count; i++)
		AddDifference(&replay->difference, move->costPoolId, LayerOf(move, stock, edges->edges[i].sourceMoveId),
					  NegateExact(edges->edges[i].quantity), NegateExact(edges->edges[i].amount));
	RememberValue(replay, move, line->moveValue);
}

void
ReplayNow(Replay *replay, ReplayMove *move)
{
	StockPool  *stock = ReplayPoolOf(replay, move->costPoolId);

	stock->last = move->position;
	if (move->line != NULL)
		ReplayNew(replay, move, stock);
	else
		ReplayOld(replay, move, stock);
	replay->last = move->position;
	movesReplayed++;
	if (++replay->sinceSnapshot >= CHECKPOINT_MOVES && !stock->pool.month.isOpen)
		TakeSnapshot(replay, &replay->last);
}

/* A move by monthly average waits for the end of its month. */
static void
ReplayOneMove(Replay *replay, ReplayMove *move)
{
	if (replay->item->method == COST_MONTHLY_AVERAGE)
		KeepForMonth(replay, move);
	else
		ReplayNow(replay, move);
}

/* Whether the stretch ends here: pools are what the entries behind imply, and what is due next is far enough. */
static bool
IsSettled(Replay *replay)
{
	MovePosition next;

	if (replay->whole || replay->difference.open > 0 || replay->month.count > 0)
		return false;
	AddDependents(replay);
	return !FindNextDue(replay, &next) || LiesAhead(replay, &next);
}

/* The run's pool takes over what the replay ended with. A cursor that never moved since the replay began is no layer's. */
static void
TakeOverPool(const Replay *replay, StockPool *replayed)
{
	StockRun   *run = replay->run;
	StockPool  *stock = PoolOfRun(run, replayed->itemId, replayed->costPoolId);
	MovePosition cursor = stock->pool.cursor;

	if (replayed->pool.method == COST_FIFO && replayed->pool.quantity > 0)
		(void) HeadLayer(&replayed->pool);
	stock->pool = replayed->pool;
	if (stock->pool.method != COST_FIFO || ComparePosition(&stock->pool.cursor, &replay->start) == 0)
		stock->pool.cursor = cursor;
	if (ComparePosition(&replayed->last, &stock->last) > 0)
		stock->last = replayed->last;
	stock->changed = true;
}

/* From one position to where nothing changes any more, or to the end. */
static void
ReplayStretch(Replay *replay, MovePosition from)
{
	ReplayMove *move;
	bool		settled = false;

	if (replay->item->method == COST_MONTHLY_AVERAGE)
		from = MonthStart(replay, from);
	LoadStateBefore(replay, from);
	OpenMoves(replay, from, EndPosition);
	while (!settled && (move = NextMove(replay)) != NULL)
	{
		ReplayOneMove(replay, move);
		settled = IsSettled(replay);
	}
	CloseMoves(replay);
	EndMonths(replay);
	if (settled)
		TakeSnapshot(replay, &replay->last);
	else
	{
		for (int i = 0; i < replay->poolCount; i++)
			TakeOverPool(replay, &replay->pools[i]);
	}
	if (!replay->whole)
		StoreCheckpoints(replay, &from, settled ? &replay->last : &EndPosition);
}

void
ReplayMoves(Replay *replay)
{
	MovePosition from = FirstPosition;

	replay->difference.numbers = CreatePairMap();
	replay->valueNumbers = CreatePairMap();
	replay->values = palloc(sizeof(MoveValue) * FIRST_VALUES);
	replay->valueCapacity = FIRST_VALUES;
	replay->last = FirstPosition;
	if (replay->whole)
	{
		ReplayStretch(replay, from);
		return;
	}
	while (FindNextDue(replay, &from))
		ReplayStretch(replay, from);
}

/* What is on hand at the end, and the last move of each pool. */
static void
MoveLines(StockRun *run, const StockItem *item)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];
		MovePosition position = PositionOfLine(line);
		StockPool  *stock;

		if (line->itemId != item->itemId)
			continue;
		stock = PoolOfRun(run, line->itemId, line->costPoolId);
		if (line->moveQuantity != 0)
			(void) MoveAtPlace(run, line);
		stock->changed = true;
		if (ComparePosition(&position, &stock->last) > 0)
			stock->last = position;
	}
}

static void
CheckOnHand(StockRun *run, const StockItem *item)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];
		Place		where = PlaceOfLine(line);
		const StockPlace *place;

		if (line->itemId != item->itemId || line->moveQuantity >= 0)
			continue;
		place = StockPlaceOf(run, line->itemId, &where);
		if (place->onHand < 0)
			RaiseShort(run->batch, line, &where, NegateExact(place->onHand), &item->last);
	}
}

static void
AddDues(Replay *replay)
{
	StockRun   *run = replay->run;

	for (int i = 0; i < run->lineCount; i++)
	{
		if (run->lines[i]->itemId == replay->item->itemId && run->lines[i]->costPoolId != NO_COST_POOL)
			AddDue(replay, PositionOfLine(run->lines[i]));
	}
	for (int i = 0; i < run->givenCount; i++)
	{
		if (run->givenChanges[i].itemId == replay->item->itemId)
			AddDue(replay, run->givenChanges[i].position);
	}
	if (replay->item->hasFrom)
		AddDue(replay, replay->item->from);
}

static void
ReplayItem(StockRun *run, StockItem *item)
{
	Replay		replay = {.run = run, .item = item};
	int			firstChange = run->changeCount;

	MoveLines(run, item);
	CheckShortage(run, item);
	CheckOnHand(run, item);
	AddDues(&replay);
	ReplayMoves(&replay);
	CompareWithWhole(run, item, firstChange);
}

void
ReplayFrom(StockRun *run, StockItem *item, MovePosition from, DocumentLine *cause)
{
	if (!item->hasFrom || ComparePosition(&from, &item->from) < 0)
		item->from = from;
	item->hasFrom = true;
	item->backdated = true;
	if (item->cause == NULL)
		item->cause = cause;
}

void
ChangeGiven(StockRun *run, StockItem *item, MovePosition move, int128 amount, DocumentLine *cause)
{
	int			number;

	if (run->givenNumbers == NULL)
		run->givenNumbers = CreatePairMap();
	number = PairNumber(run->givenNumbers, (uint64) move.moveId);
	if (number == run->givenCount)
	{
		run->givenChanges = run->givenChanges == NULL ? palloc(sizeof(GivenChange) * (number + 1)) :
			repalloc(run->givenChanges, sizeof(GivenChange) * (number + 1));
		run->givenChanges[number] = (GivenChange) {.itemId = item->itemId, .position = move};
		run->givenCount++;
	}
	run->givenChanges[number].amount = AddExact(run->givenChanges[number].amount, amount);
	item->backdated = true;
	if (item->cause == NULL)
		item->cause = cause;
}

int128
GivenLater(const StockRun *run, int64 moveId)
{
	int			number = run->givenNumbers == NULL ? -1 : FindPair(run->givenNumbers, (uint64) moveId);

	return number < 0 ? 0 : run->givenChanges[number].amount;
}

void
RunReplays(StockRun *run)
{
	movesReplayed = 0;
	for (int i = 0; i < run->itemCount; i++)
	{
		if (run->items[i].backdated)
			ReplayItem(run, &run->items[i]);
	}
}

/* erp_private.moves_replayed() */
Datum
erp_moves_replayed(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(movesReplayed);
}
