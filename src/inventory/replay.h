/*
 * A replay under way: what the files of replay*.c share.
 *
 * An item is replayed in stretches: from a position at which something is due
 * (a new move, a receipt whose given value changed, a return of a move whose
 * value changed) to where its pools are again what the stored entries imply.
 */
#ifndef ERP_REPLAY_H
#define ERP_REPLAY_H

#include "core/index_walk.h"
#include "inventory/inventory.h"
#include "datatype/timestamp.h"
#include "lib/pairingheap.h"
#include "utils/date.h"

/* A move with the entries that it has. */
typedef struct ReplayMove
{
	MovePosition position;
	int128		quantity;
	int64		originMoveId;
	int64		documentId;
	int64		costPoolId;
	int			lastEntryNo;
	bool		isConsumed;		/* products take its value over */
	bool		isProduct;		/* its value is a share of what was consumed */
	bool		isAmendment;	/* goods that did not come: worth what the amendment says, be it nothing */
	int128		givenValue;		/* of entries that say what it cost: receipt, landed, revaluation */
	int128		receivedValue;	/* of that, by its own document: by standard cost not what was paid */
	bool		wasReceived;	/* there are such entries */
	int128		givenLater;		/* the part of it that this call gives and that is not stored yet */
	CostEdges	stored;			/* net per source, signed as in cost_entry */
	EntryLines	taken;			/* of the first entry that reached a voucher, later documents apart */
	DocumentLine *line;			/* if it is new */
	int128		monthValue;		/* of what comes in, as far as it is a receipt of the month */
	bool		ofMonth;		/* brings back what the month issued, or takes that back: no receipt of the month */
} ReplayMove;

/* The moves since the last month whose cost was run, of pools by monthly average: in order, not costed yet. */
typedef struct MonthMoves
{
	ReplayMove *moves;
	int			count;
	int			capacity;
	PairMap    *numbers;		/* move -> index in moves */
	DateADT		solved;			/* end of the month whose pools were solved last, together; 0: none */
} MonthMoves;

/* What is read of a move, and of an entry. */
#define MOVE_COLUMNS 7
#define ENTRY_COLUMNS 8

/* Moves of one item in costing order, read as they are wanted. */
typedef struct MoveReader
{
	IndexProbe *rows;			/* NULL: all are read */
	IndexWalk  *entries;
	AttrNumber	moveColumns[MOVE_COLUMNS];
	AttrNumber	entryColumns[ENTRY_COLUMNS];
	MovePosition before;
	ReplayMove *moves;
	int			capacity;
	int			count;
	int			next;
	int			fetchMoves;
} MoveReader;

/* By how much the pools, and the layers in them, differ from what the stored entries imply. */
typedef struct StateDifference
{
	PairMap    *numbers;
	CostEdge   *parts;
	int			capacity;
	int			open;			/* parts that are not zero */
} StateDifference;

/* A pool as it was at some move. */
typedef struct PoolSnapshot
{
	MovePosition position;
	int64		costPoolId;
	int128		quantity;
	int128		value;
	CostLayer	head;
} PoolSnapshot;

/* An issue beyond what was there: what it costs is not final yet. */
typedef struct OpenIssue
{
	ReplayMove	move;
	CostEdges	wanted;			/* net per source, signed as in cost_entry; not of a new line, which has its own */
	bool		isSettled;
} OpenIssue;

/* A product that takes over the value of what a document consumed. */
typedef struct ValueFlow
{
	int32		itemId;
	MovePosition position;
} ValueFlow;

/* Flows from a document: a range of a replay's flows. */
typedef struct FlowRange
{
	int			first;
	int			count;
} FlowRange;

/* The value of a move. */
typedef struct KnownValue
{
	int64		moveId;
	MoveValue	value;
} KnownValue;

/* Values of moves in the order in which they became known. */
typedef struct ValueList
{
	KnownValue *values;
	int			count;
	int			capacity;
	int			numbered;		/* how many of them can be found */
	int			latestCapacity;
	int		   *latest;			/* by number of the move: index in values */
	PairMap    *numbers;		/* NULL: none was looked for yet */
} ValueList;

/*
 * All items of a run that are replayed, side by side in the order of their
 * moves: a value that flows from one into another is known when it is wanted.
 */
typedef struct ReplaySet
{
	StockRun   *run;
	struct Replay **replays;	/* by number of the item in the run; NULL: not replayed */
	bool		whole;			/* from the first move to the last, and nothing is kept: to compare with */
	bool		woken;			/* something became due that was not before */
	pairingheap *waiting;		/* replays by where they go on */
	struct Replay *moved;		/* the first of those that go on elsewhere than they wait for */
	ValueList	assumed;		/* values that were wanted before they were known, or when more was owed of them */
	ValueList	solved;			/* what the equations of a month say (replay_circle.c) */
	struct ReplaySet *before;	/* the pass before; NULL: this is the first */
	ValueList	values;
	DateADT		monthFirst;		/* of the month whose end was asked for last, and that end */
	DateADT		monthEnd;
	TimestampTz startedAt;
	CostEdges	scratch;
} ReplaySet;

/* The replay of one item. */
typedef struct Replay
{
	ReplaySet  *set;
	StockRun   *run;
	StockItem  *item;
	bool		isOpen;			/* within a stretch */
	bool		wasOpened;
	bool		isWaiting;
	bool		hasMoved;		/* of the list of its set */
	struct Replay *nextMoved;
	pairingheap_node waiting;	/* for its turn: at `next` */
	MovePosition next;
	PairMap    *poolNumbers;
	StockPool  *pools;
	int			poolCount;
	MovePosition start;			/* of the stretch: pools were loaded as they were just before it */
	MovePosition last;			/* that was replayed */
	MoveReader	reader;
	StateDifference difference;
	PairMap    *flowNumbers;	/* document -> index in flowRanges, of the moves that are read */
	FlowRange  *flowRanges;
	ValueFlow  *flows;
	int			flowCount;
	int			flowCapacity;
	int			rangeCapacity;
	MovePosition begin;			/* of the first stretch */
	int64	   *changedMoves;	/* whose value changed and whose returns were not looked for yet */
	int			changedCount;
	int			changedCapacity;
	MovePosition *due;			/* ascending */
	int			dueCount;
	int			dueCapacity;
	int			nextDue;
	PoolSnapshot *snapshots;
	int			snapshotCount;
	int			snapshotCapacity;
	int			sinceSnapshot;	/* moves */
	MonthMoves	month;
	PairMap    *openNumbers;	/* move -> index in openIssues; NULL: none */
	OpenIssue  *openIssues;
	int			openCount;
	int			openCapacity;
	int			newStandards;	/* pools in which a standard of the batch is in force */
	bool		toEnd;			/* stock may be below zero, or its method changes now: entries do not tell where nothing changes any more */
	int128		standard;		/* of an item by standard cost, by now */
	CostMethod	method;			/* by which moves of the day are costed that was reached */
	bool		amidChange;		/* the last move changed the method of its pool: others may follow that do so */
} Replay;

/* replay_read.c: begins to read the item's moves in [from, before) with their entries. */
extern void OpenMoves(Replay *replay, MovePosition from, MovePosition before);

/* replay_read.c: the next move, valid until the next call; NULL when there are no more. Peeking does not take it. */
extern ReplayMove *NextMove(Replay *replay);
extern const ReplayMove *PeekMove(Replay *replay);

/* replay_read.c: whether the position lies beyond the moves that are read already. */
extern bool LiesAhead(const Replay *replay, const MovePosition *position);

extern void CloseMoves(Replay *replay);

/* paid_value.c: a move that came in by standard cost, on a day that has another method by now, is given what was paid for it; also where that is asked for by standard cost. */
extern void GivePaid(const Replay *replay, ReplayMove *move);

/* replay_read.c: adds an edge to a list that is net per source. */
extern void AddNet(CostEdges *net, int64 sourceMoveId, int128 quantity, int128 amount);

/* replay_state.c: the pools as the stored entries imply them just before the position. */
extern void LoadStateBefore(Replay *replay, MovePosition position);

/* replay_state.c: the pool of that id; if it is new, empty and by the method and the standard that were reached. */
extern StockPool *ReplayPoolOf(Replay *replay, int64 costPoolId);

/* replay_state.c: the pool of the move, whose day the replay has reached. */
extern StockPool *PoolOfMove(Replay *replay, const ReplayMove *move);

/* replay_checkpoint.c: pools of the latest checkpoint before the position; its own position, or that of the beginning. */
extern MovePosition LoadCheckpoint(Replay *replay, const MovePosition *position);

/* replay_checkpoint.c: remembers the pools as they are after the move at the position; not amid a change of method, nor below zero. */
extern void TakeSnapshot(Replay *replay, const MovePosition *position);

/* replay_checkpoint.c: the snapshots become the item's checkpoints in [first, last]. */
extern void StoreCheckpoints(Replay *replay, const MovePosition *first, const MovePosition *last);

/*
 * A snapshot is taken every so many moves. What changes little is settled within
 * a few: the first fetches are small. Small histories shall meet all of it.
 */
#ifdef ERP_ASSERTIONS
#define CHECKPOINT_MOVES 4
#define FETCH_MOVES_MIN 2
#define FETCH_MOVES_MAX 8
#else
#define CHECKPOINT_MOVES 500
#define FETCH_MOVES_MIN 32
#define FETCH_MOVES_MAX 512
#endif

/* replay_due.c: learns which products take over the values of what these documents consumed. */
extern void ReadFlows(Replay *replay, Datum documentIds, int count);

/* replay_due.c: the value of a consumed move changed: the products that it went into are due, of whatever item. */
extern void FollowFlows(Replay *replay, const ReplayMove *move);

/* replay_due.c: something is due at the position. */
extern void AddDue(Replay *replay, MovePosition position);

/* replay_due.c: the value of the move changed: what takes its value from it becomes due once AddDependents() has looked. */
extern void NoteChangedValue(Replay *replay, int64 moveId);
extern void AddDependents(Replay *replay);

/* replay_due.c: the first position behind what was replayed at which something is due; false if nothing is. */
extern bool FindNextDue(Replay *replay, MovePosition *position);

/* replay_difference.c: the pool, and its layer unless that is 0, differ by so much more. */
extern void AddDifference(StateDifference *difference, int64 costPoolId, int64 layerId, int128 quantity, int128 amount);

/* Lines of a run that are of one item, in batch order. */
typedef struct ItemLines
{
	DocumentLine **lines;
	int			count;
} ItemLines;

/* replay_quantities.c: has what is on hand moved by the lines of items that are replayed, whatever their costs; none may fall below nothing. */
extern void MoveQuantities(StockRun *run);

/* replay_shortage.c: no place of the item that its lines take from is ever left with less than nothing. */
extern void CheckShortage(StockRun *run, StockItem *item, const ItemLines *lines);

/* replay_order.c: runs the replays of the set, always the one whose next move is first. */
extern void RunReplaySet(ReplaySet *set);

/* replay_order.c: the replay may go on elsewhere than it waits for. */
extern void WakeReplay(Replay *replay);

/* replay.c: where the replay goes on; false if it has nothing to do. */
extern bool FindNextPosition(Replay *replay, MovePosition *position);

/* replay.c: opens the stretch from a position on. */
extern void OpenStretch(Replay *replay, MovePosition from);

/* replay.c: goes on while no other replay has an earlier move. A month is read to its end, so that what it issued has its value. */
extern void ReplayUntil(Replay *replay, const MovePosition *limit);

/* replay.c: the replay of an item of the run, begun if there is none. Errors and adjustments name the cause, unless the item has its own. */
extern Replay *ReplayOfItem(ReplaySet *set, int32 itemId, DocumentLine *cause);

/* replay_move.c: takes the move through its pool, at once. */
extern void ReplayNow(Replay *replay, ReplayMove *move);

/* replay_value.c: what the replay found for an earlier move; what it did not pass is worth what is stored. */
extern MoveValue ReplayedValue(Replay *replay, int64 moveId);

/* replay_value.c: what the origin of a move that brings goods in is worth to it. */
extern MoveValue ReplayedOriginValue(Replay *replay, const ReplayMove *move);

/* replay_value.c: what a product is worth by what the replay found for what it is made of. */
extern int128 ReplayedProductValue(Replay *replay, const ReplayMove *move);

/* replay_usage.c: what the product of the batch consumed, or by how much what one that stood already consumed beyond its value differs from what it was. */
extern void NoteUsage(Replay *replay, const ReplayMove *move, const StockPool *stock, int128 consumed, int128 value);

/* replay_usage.c: the same of a move that stood already and took a product back, which is worth its standard of then by now. */
extern void NoteUsageTakenBack(Replay *replay, const ReplayMove *move, const StockPool *stock, int128 value);

/* replay_value.c: whether each value that was wanted before it was known is the one that was assumed; else another pass is needed. */
extern bool AssumedRightly(ReplaySet *set);

/* replay_move.c: raises not_reversible: what a later move takes back would not be whole any more. */
extern void RaiseNotWhole(Replay *replay) pg_attribute_noreturn();

/* replay_month.c: where to begin so that no month of a pool is cut in two by the position: it, or an earlier one. */
extern MovePosition MonthStart(const Replay *replay, MovePosition position);

/*
 * replay_month.c: keeps the move; one that ends a month has all kept moves of
 * its pool costed as those of a month that was run, but what lies before its
 * first day as moves whose month was not. EndMonths costs what is left so.
 */
extern void KeepForMonth(Replay *replay, ReplayMove *move);
extern void EndMonths(Replay *replay);

/* replay_month.c: what a kept move adds to what comes in during the month, as far as it is known. */
extern MoveValue ShareOfMonth(Replay *replay, ReplayMove *move);

/* replay_circle.c: solves the pools of the kept moves together, once a month, where they send to each other in it. */
extern void SolveMonth(Replay *replay, DateADT firstDay, DateADT lastDay);

/* replay_value.c: what the move is worth by the equations of its month. */
extern void SetSolvedValue(Replay *replay, const ReplayMove *move, int128 value);

/* replay.c: an empty set. */
extern void InitReplaySet(ReplaySet *set, StockRun *run, bool whole);

/* replay.c: the same in as many passes as it takes; start makes replays of the set, and what is due in them. */
extern void RunPasses(ReplaySet *set, void (*start) (ReplaySet *set));

/* replay_checkpoint.c: the item has no checkpoints in [first, last] any more. */
extern void ForgetCheckpoints(const Replay *replay, const MovePosition *first, const MovePosition *last);

/* replay_move.c: takes the move through its pool, or by monthly average keeps it until its month ends. */
extern void ReplayOneMove(Replay *replay, ReplayMove *move);

/* replay_compare.c: an error if the run's changes, new moves or pools are not those of a whole replay of the set's items; does nothing without assertions. */
extern void CompareWithWhole(ReplaySet *set);

/* replay_progress.c: tells the caller how far the replay is; every so many moves. */
extern void ReportProgress(const Replay *replay);

#ifdef ERP_ASSERTIONS
#define PROGRESS_MOVES 1000
#else
#define PROGRESS_MOVES 100000
#endif

/* replay_value.c: what a move is worth as replayed, for those that refer to it. */
extern void SetReplayedValue(Replay *replay, const ReplayMove *move, int128 value);

/* replay_move.c: entries wanted less entries that stand: each difference becomes a change. */
extern void CompareEntries(Replay *replay, ReplayMove *move, const StockPool *stock, const CostEdges *wanted);

/* replay_negative.c: whether a part of the issue that was costed last is beyond what was there. */
extern bool HasDebt(const CostPool *pool, int64 moveId);

/* replay_negative.c: keeps such an issue until it is settled; wanted: its edges, signed as in cost_entry, of one that stood already. */
extern void KeepOpen(Replay *replay, const ReplayMove *move, const CostEdges *wanted);

/*
 * replay_negative.c: an issue of which a part was beyond what was there when it was costed, so that what it is worth depends on
 * what comes later; NULL if the item has none of that move. IsOpenIssue: whether any item of the set has.
 */
extern const OpenIssue *FindOpenIssue(const Replay *replay, int64 moveId);
extern bool IsOpenIssue(const ReplaySet *set, int64 moveId);
extern void SettleReplayed(CostPool *pool, const CostSettlement *settlement, void *argument);
extern void EndOpenIssues(Replay *replay);

/* Moves that the last call of this session replayed, or passed by to learn a state. */
extern int64 movesReplayed;

extern const MovePosition FirstPosition;
extern const MovePosition EndPosition;

#endif
