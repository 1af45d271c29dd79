/*
 * One move of a replay through its pool. A new move of the batch gets its
 * edges; on one that stood already, what differs from its entries becomes
 * changes, never an update.
 */
#include "postgres.h"

#include "inventory/conversion.h"
#include "inventory/cost_part.h"
#include "inventory/replay.h"

/* Whatever joined its cost, and whatever its share of what it is made of has become, goods are not worth less than nothing. */
static void
RefuseNegative(const Replay *replay, const ReplayMove *move, int128 value)
{
	DocumentLine *line = replay->item->cause;
	const char *field = NULL;

	if (value >= 0)
		return;
	for (CostPart *part = FirstPartOf(replay->run, move->position.moveId); part != NULL; part = part->next)
	{
		line = &part->line;
		field = "amount";
	}
	RaiseProblem(replay->run->batch, line->document, line, field, field == NULL ? NULL : line->fields[LINE_AMOUNT],
				 ERRCODE_ERP_COST_REFUSED, "the receipt would cost less than nothing");
}

static int128
ReplayIncoming(Replay *replay, const ReplayMove *move, StockPool *stock)
{
	int128		value = move->givenValue;
	int128		received;

	if (move->ofMonth)
		value = SubtractExact(value, CostThroughMonth(&stock->pool, NegateExact(move->quantity)));
	else if (move->isProduct)
		value = AddExact(value, ReplayedProductValue(replay, move));
	else if (move->originMoveId != 0)
	{
		MoveValue	origin = ReplayedOriginValue(replay, move);

		value = AddExact(value, ShareRounded(NegateExact(origin.value), move->quantity, NegateExact(origin.quantity),
											 stock->pool.decimals));
	}
	RefuseNegative(replay, move, value);
	received = CostReceive(&stock->pool, move->position, move->quantity, value);
	if (move->isProduct && !move->ofMonth)
		NoteUsage(replay, move, stock, value, received);
	return received;
}

/* Until a standard, or another method, that stands behind it, entries say nothing yet of a standard of the batch. */
static void
NoteStandard(Replay *replay, StockPool *stock, bool isNew)
{
	if (stock->newStandard != isNew)
		replay->newStandards += isNew ? 1 : -1;
	stock->newStandard = isNew;
}

/* A move of value alone: the end of a month, which changes nothing, a standard that comes into force, or another method. */
static int128
ReplayValue(Replay *replay, const ReplayMove *move, StockPool *stock, CostEdges *edges)
{
	const MethodChange *change = ChangeOf(replay->item, move->documentId);
	CostMethod	method = change != NULL ? change->method : stock->pool.method;
	int			first = edges->count;

	replay->amidChange = change != NULL;
	NoteStandard(replay, stock, method == COST_STANDARD && move->line != NULL);
	if (method == COST_STANDARD)
		replay->standard = move->line != NULL ? move->line->unitPrice : StandardOfMove(replay->run, move->position.moveId);
	if (change == NULL)
		return method == COST_STANDARD ? CostRestate(&stock->pool, replay->standard) : 0;
	ChangeMethod(replay->run, stock, change, replay->standard, move->position, edges);
	return NegateExact(SumOfEdges(edges, first));
}

/* What goes back is what an amendment says, else its share of what came. */
static int128
TakenBack(Replay *replay, const ReplayMove *move, const StockPool *stock)
{
	MoveValue	origin;

	if (move->isAmendment)
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
		outcome = IssueFrom(replay->run, stock, move->position, quantity, edges);
	if (outcome == COST_SHORT)
		RaisePoolShort(replay->run->batch, cause, quantity - stock->pool.quantity, &move->position);
	if (outcome == COST_LAYER_TOUCHED)
		RaiseNotWhole(replay);
	if (move->ofMonth)
		edges->edges[first].sourceMoveId = move->originMoveId;
	else if (move->originMoveId != 0 && !move->isAmendment)
		NoteUsageTakenBack(replay, move, stock, NegateExact(SumOfEdges(edges, first)));
	return NegateExact(SumOfEdges(edges, first));
}

/* The number of the move among those that changed; its changes come one after the other. */
static int
ChangedMoveNumber(const Replay *replay, const ReplayMove *move)
{
	StockRun   *run = replay->run;
	int			last = run->changedMoveCount - 1;

	if (last >= 0 && run->changedMoves[last].moveId == move->position.moveId)
		return last;
	if (run->changedMoveCount == run->changedMoveCapacity)
	{
		run->changedMoveCapacity = Max(64, run->changedMoveCapacity * 2);
		run->changedMoves = run->changedMoves == NULL ? palloc(sizeof(ChangedMove) * run->changedMoveCapacity) :
			repalloc_huge(run->changedMoves, sizeof(ChangedMove) * run->changedMoveCapacity);
	}
	run->changedMoves[run->changedMoveCount] = (ChangedMove) {
		.moveId = move->position.moveId, .taken = move->taken, .itemId = replay->item->itemId, .day = move->position.day
	};
	return run->changedMoveCount++;
}

static void
AddChange(const Replay *replay, ReplayMove *move, int64 sourceMoveId, int128 quantity, int128 amount)
{
	StockRun   *run = replay->run;
	CostChange *change;

	if (run->changeCount == run->changeCapacity)
	{
		run->changeCapacity = Max(64, run->changeCapacity * 2);
		run->changes = run->changes == NULL ? palloc(sizeof(CostChange) * run->changeCapacity) :
			repalloc_huge(run->changes, sizeof(CostChange) * run->changeCapacity);
	}
	change = &run->changes[run->changeCount++];
	change->move = ChangedMoveNumber(replay, move);
	change->entryNo = ++move->lastEntryNo;
	change->sourceMoveId = sourceMoveId;
	change->quantity = quantity;
	change->amount = amount;
}

/* The layer that an entry of the move belongs to; 0 by methods without layers. Where the method changes, its entries say so themselves. */
static int64
LayerOf(const ReplayMove *move, const StockPool *stock, int64 sourceMoveId)
{
	if (move->quantity == 0)
		return sourceMoveId;
	if (stock->pool.method != COST_FIFO)
		return 0;
	return move->quantity > 0 ? move->position.moveId : sourceMoveId;
}

/* Entries wanted less entries that stand: what the document of this call gives is its own entry, each other difference a change. */
void
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
			AddChange(replay, move, difference->sourceMoveId, difference->quantity, amount);
	}
	if (valueChange == 0)
		return;
	NoteChangedValue(replay, move->position.moveId);
	if (move->isConsumed)
		FollowFlows(replay, move);
}

/* What the batch adds to the cost of the move has its entries behind those that stand. */
static void
NumberParts(const StockRun *run, ReplayMove *move)
{
	for (CostPart *part = FirstPartOf(run, move->position.moveId); part != NULL; part = part->next)
		if (part->line.moveValue != 0)
			part->entryNo = ++move->lastEntryNo;
}

/* The value of the move, and its edges if it goes out or changes the method. */
static int128
ReplayCost(Replay *replay, const ReplayMove *move, StockPool *stock, CostEdges *edges)
{
	replay->amidChange = false;
	if (move->quantity == 0)
		return ReplayValue(replay, move, stock, edges);
	return move->quantity > 0 ? ReplayIncoming(replay, move, stock) : ReplayOutgoing(replay, move, stock, edges);
}

static void
ReplayOld(Replay *replay, ReplayMove *move, StockPool *stock)
{
	CostEdges  *wanted = &replay->set->scratch;
	int128		value;

	wanted->count = 0;
	NumberParts(replay->run, move);
	value = ReplayCost(replay, move, stock, wanted);
	for (int i = 0; i < wanted->count; i++)
	{
		wanted->edges[i].quantity = NegateExact(wanted->edges[i].quantity);
		wanted->edges[i].amount = NegateExact(wanted->edges[i].amount);
	}
	if (wanted->count == 0)
		AppendEdge(wanted, move->originMoveId, move->quantity, value);
	/* Landed costs and revaluations of a receipt are entries of one source, as the receipt itself is. */
	if (move->quantity < 0 && HasDebt(&stock->pool, move->position.moveId))
		KeepOpen(replay, move, wanted);
	else
		CompareEntries(replay, move, stock, wanted);
	SetReplayedValue(replay, move, value);
}

static void
ReplayNew(Replay *replay, const ReplayMove *move, StockPool *stock)
{
	DocumentLine *line = move->line;
	CostEdges  *edges = &replay->run->edges;

	line->firstEdge = edges->count;
	line->moveValue = ReplayCost(replay, move, stock, edges);
	/* Edges that come with a receipt are of the issues that it settles. */
	line->edgeCount = move->quantity > 0 ? 0 : edges->count - line->firstEdge;
	if (line->edgeCount == 0)
		AddDifference(&replay->difference, move->costPoolId, LayerOf(move, stock, 0), move->quantity, line->moveValue);
	for (int i = line->firstEdge; i < line->firstEdge + line->edgeCount; i++)
		AddDifference(&replay->difference, move->costPoolId, LayerOf(move, stock, edges->edges[i].sourceMoveId),
					  NegateExact(edges->edges[i].quantity), NegateExact(edges->edges[i].amount));
	SetReplayedValue(replay, move, line->moveValue);
	if (move->quantity < 0 && HasDebt(&stock->pool, move->position.moveId))
		KeepOpen(replay, move, NULL);
}

void
ReplayNow(Replay *replay, ReplayMove *move)
{
	StockPool  *stock = PoolOfMove(replay, move);

	if (ComparePosition(&move->position, &stock->last) > 0)
		stock->last = move->position;
	if (move->quantity != 0 && stock->pool.method != replay->method)
		elog(ERROR, "cost pool " INT64_FORMAT " of item %d has no part in a change of its method", move->costPoolId, replay->item->itemId);
	if (move->quantity != 0 && stock->pool.method == COST_STANDARD && stock->pool.standard == NO_STANDARD)
		RaiseProblem(replay->run->batch, replay->item->cause->document, replay->item->cause, "item", NULL,
					 ERRCODE_ERP_NO_STANDARD_COST, "the item has no standard cost on that day");
	if (move->line != NULL)
		ReplayNew(replay, move, stock);
	else
		ReplayOld(replay, move, stock);
	if (ComparePosition(&move->position, &replay->last) > 0)
		replay->last = move->position;
	if (++movesReplayed % PROGRESS_MOVES == 0 && !replay->set->whole)
		ReportProgress(replay);
	if (++replay->sinceSnapshot >= CHECKPOINT_MOVES && !stock->pool.month.isOpen && (replay->month.count == 0 || replay->poolCount == 1))
		TakeSnapshot(replay, &replay->last);
}

void
ReplayOneMove(Replay *replay, ReplayMove *move)
{
	if (PoolOfMove(replay, move)->pool.method == COST_MONTHLY_AVERAGE)
		KeepForMonth(replay, move);
	else
		ReplayNow(replay, move);
}
