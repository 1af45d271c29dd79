/*
 * Replay of the items of a run: moves in order through the cost methods, from
 * the first that is new or changed to where nothing changes any more. Values
 * flow from item to item: the moves of all items go in one order.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

#include "inventory/replay.h"
#include "inventory/stock_lock.h"

PG_FUNCTION_INFO_V1(erp_moves_replayed);

/* Values flow through fewer items than that within a month; a circle of pools below zero comes closer to its values with each pass. */
#define PASSES_MAX 100

int64		movesReplayed = 0;

/* Whether the stretch ends here: pools are what the entries behind imply, and what is due next is far enough. */
static bool
IsSettled(Replay *replay)
{
	MovePosition next;

	if (replay->set->whole || replay->toEnd || replay->difference.open > 0 || replay->month.count > 0 || replay->newStandards > 0)
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
	stock->pool.settle = NULL;
	if (stock->pool.method != COST_FIFO || ComparePosition(&stock->pool.cursor, &replayed->begin) == 0)
		stock->pool.cursor = cursor;
	if (ComparePosition(&replayed->last, &stock->last) > 0)
		stock->last = replayed->last;
}

void
OpenStretch(Replay *replay, MovePosition from)
{
	bool		settlesLater = replay->run->batch->company->allowsNegativeStock &&
		(EverCostedBy(replay->item, COST_FIFO) || EverCostedBy(replay->item, COST_MOVING_AVERAGE) || EverCostedBy(replay->item, COST_SPECIFIC));

	if (MethodOn(replay->item, from.day) == COST_MONTHLY_AVERAGE && !replay->set->whole)
		from = MonthStart(replay, from);
	replay->toEnd = settlesLater || replay->item->changesNow;
	from = settlesLater ? FirstPosition : from;
	if (!replay->wasOpened)
		replay->begin = from;
	replay->wasOpened = true;
	LoadStateBefore(replay, from);
	OpenMoves(replay, from, EndPosition);
	replay->isOpen = true;
}

/* settled: nothing changes any more; else all moves were replayed. */
static void
CloseStretch(Replay *replay, bool settled)
{
	CloseMoves(replay);
	EndMonths(replay);
	EndOpenIssues(replay);
	replay->isOpen = false;
	if (settled && replay->sinceSnapshot > 0)
		TakeSnapshot(replay, &replay->last);
	if (!settled)
	{
		for (int i = 0; i < replay->poolCount; i++)
			TakeOverPool(replay, &replay->pools[i]);
	}
	if (!replay->set->whole)
		StoreCheckpoints(replay, &replay->start, settled ? &replay->last : &EndPosition);
}

bool
FindNextPosition(Replay *replay, MovePosition *position)
{
	const ReplayMove *move;

	if (!replay->isOpen)
		return FindNextDue(replay, position);
	move = PeekMove(replay);
	if (move != NULL)
	{
		*position = move->position;
		return true;
	}
	CloseStretch(replay, false);
	return false;
}

void
ReplayUntil(Replay *replay, const MovePosition *limit)
{
	MovePosition next;

	replay->set->woken = false;
	while (!replay->set->woken && FindNextPosition(replay, &next) &&
		   (replay->month.count > 0 || ComparePosition(&next, limit) < 0))
	{
		if (!replay->isOpen)
			OpenStretch(replay, next);
		ReplayOneMove(replay, NextMove(replay));
		if (IsSettled(replay))
			CloseStretch(replay, true);
	}
}

void
InitReplaySet(ReplaySet *set, StockRun *run, bool whole)
{
	memset(set, 0, sizeof(ReplaySet));
	set->run = run;
	set->whole = whole;
	set->monthEnd = DATEVAL_NOBEGIN;
	set->startedAt = GetCurrentTimestamp();
	set->replays = palloc0(sizeof(Replay *) * Max(run->itemCount, 1));
}

Replay *
ReplayOfItem(ReplaySet *set, int32 itemId, DocumentLine *cause)
{
	int			number = FindPair(set->run->itemNumbers, PAIR_KEY(itemId, 0));
	Replay	   *replay;

	if (number < 0)
		elog(ERROR, "a value flows into item %d, which is not locked", itemId);
	if (set->replays[number] != NULL)
		return set->replays[number];
	replay = palloc0(sizeof(Replay));
	replay->set = set;
	replay->run = set->run;
	replay->item = &set->run->items[number];
	replay->difference.numbers = CreatePairMap();
	replay->last = FirstPosition;
	if (replay->item->cause == NULL)
		replay->item->cause = cause;
	set->replays[number] = replay;
	return replay;
}

static void
AddLinesDue(ReplaySet *set)
{
	StockRun   *run = set->run;

	for (int i = 0; i < run->lineCount; i++)
	{
		DocumentLine *line = run->lines[i];

		if (ItemOfRun(run, line->itemId)->backdated && line->costPoolId != NO_COST_POOL)
			AddDue(ReplayOfItem(set, line->itemId, line), PositionOfLine(line));
	}
	for (int i = 0; i < run->givenCount; i++)
		AddDue(ReplayOfItem(set, run->givenChanges[i].itemId, run->givenChanges[i].cause), run->givenChanges[i].position);
}

static void
StartReplays(ReplaySet *set)
{
	StockRun   *run = set->run;

	AddLinesDue(set);
	for (int i = 0; i < run->itemCount; i++)
	{
		StockItem  *item = &run->items[i];

		if (item->backdated && item->hasFrom)
			AddDue(ReplayOfItem(set, item->itemId, item->cause), item->from);
	}
}

void
ReplayFrom(StockItem *item, MovePosition from, DocumentLine *cause)
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
			repalloc_huge(run->givenChanges, sizeof(GivenChange) * (number + 1));
		run->givenChanges[number] = (GivenChange) {.itemId = item->itemId, .position = move, .cause = cause};
		run->givenCount++;
	}
	run->givenChanges[number].amount = AddExact(run->givenChanges[number].amount, amount);
	if (item->cause == NULL)
		item->cause = cause;
	item->backdated = true;
}

int128
GivenLater(const StockRun *run, int64 moveId)
{
	int			number = run->givenNumbers == NULL ? -1 : FindPair(run->givenNumbers, (uint64) moveId);

	return number < 0 ? 0 : run->givenChanges[number].amount;
}

/* Takes back what a pass found, but its values; lines of items that are not replayed keep their edges. */
static void
UndoPass(ReplaySet *set, const StockPool *pools, int edgeCount)
{
	StockRun   *run = set->run;

	run->changeCount = 0;
	run->usageCount = 0;
	run->edges.count = edgeCount;
	run->changedMoveCount = 0;
	memcpy(run->pools, pools, sizeof(StockPool) * run->poolCount);
	for (int i = 0; i < run->itemCount && !set->whole; i++)
	{
		if (set->replays[i] != NULL && set->replays[i]->wasOpened)
			ForgetCheckpoints(set->replays[i], &set->replays[i]->begin, &EndPosition);
	}
}

/*
 * Mostly one pass. By monthly average a move may be costed before what it is
 * made of, and below zero before that is covered: then passes follow until each
 * value is the one that was assumed.
 */
void
RunPasses(ReplaySet *set, void (*start) (ReplaySet *set))
{
	StockRun   *run = set->run;
	StockPool  *pools = palloc(sizeof(StockPool) * Max(run->poolCount, 1));
	int			edgeCount = run->edges.count;

	memcpy(pools, run->pools, sizeof(StockPool) * run->poolCount);
	for (int pass = 0;; pass++)
	{
		ReplaySet  *before;

		start(set);
		RunReplaySet(set);
		if (AssumedRightly(set))
			return;
		if (pass == PASSES_MAX)
			RaiseProblem(run->batch, run->batch->documents, NULL, NULL, NULL, ERRCODE_ERP_VALUES_CIRCLE,
						 "items by monthly average, or below zero, are made of each other");
		UndoPass(set, pools, edgeCount);
		before = palloc(sizeof(ReplaySet));
		*before = *set;
		InitReplaySet(set, run, before->whole);
		set->before = before;
	}
}

/* Pools of what was replayed are written, be they what they were: who locks them under a snapshot from before is told so (40001). */
static void
MarkReplayed(const ReplaySet *set)
{
	StockRun   *run = set->run;

	for (int i = 0; i < run->poolCount; i++)
	{
		const Replay *replay = set->replays[FindPair(run->itemNumbers, PAIR_KEY(run->pools[i].itemId, 0))];

		run->pools[i].changed |= replay != NULL && replay->wasOpened;
	}
}

void
RunReplays(StockRun *run)
{
	ReplaySet	set;

	movesReplayed = 0;
	if (!AnyBackdated(run))
		return;
	MoveQuantities(run);
	InitReplaySet(&set, run, false);
	RunPasses(&set, StartReplays);
	MarkReplayed(&set);
	CompareWithWhole(&set);
}

/* erp_private.moves_replayed() */
Datum
erp_moves_replayed(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(movesReplayed);
}
