#include "postgres.h"

#include "inventory/replay.h"
#include "inventory/stock_lock.h"

/*
 * Issues beyond what was there: what they cost is known when the receipts have
 * been replayed that cover them, so that they are compared with their entries
 * only then, or at the end.
 */

#define FIRST_OPEN 16

/* The issue of the pool that the last debt is of. */
bool
HasDebt(const CostPool *pool, int64 moveId)
{
	const CostDebts *debts = &pool->debts;

	return debts->count > 0 && debts->debts[debts->first + debts->count - 1].moveId == moveId;
}

const OpenIssue *
FindOpenIssue(const Replay *replay, int64 moveId)
{
	int			number = replay->openNumbers == NULL ? -1 : FindPair(replay->openNumbers, (uint64) moveId);

	return number < 0 ? NULL : &replay->openIssues[number];
}

bool
IsOpenIssue(const ReplaySet *set, int64 moveId)
{
	for (int i = 0; i < set->run->itemCount; i++)
	{
		if (set->replays[i] != NULL && FindOpenIssue(set->replays[i], moveId) != NULL)
			return true;
	}
	return false;
}

void
KeepOpen(Replay *replay, const ReplayMove *move, const CostEdges *wanted)
{
	OpenIssue  *issue;

	if (replay->openNumbers == NULL)
		replay->openNumbers = CreatePairMap();
	if (replay->openCount == replay->openCapacity)
	{
		replay->openCapacity = Max(FIRST_OPEN, replay->openCapacity * 2);
		replay->openIssues = replay->openIssues == NULL ? palloc(sizeof(OpenIssue) * replay->openCapacity) :
			repalloc_huge(replay->openIssues, sizeof(OpenIssue) * replay->openCapacity);
	}
	(void) PairNumber(replay->openNumbers, (uint64) move->position.moveId);
	issue = &replay->openIssues[replay->openCount++];
	memset(issue, 0, sizeof(OpenIssue));
	issue->move = *move;
	memset(&issue->move.stored, 0, sizeof(CostEdges));
	for (int i = 0; i < move->stored.count; i++)
		AppendEdge(&issue->move.stored, move->stored.edges[i].sourceMoveId, move->stored.edges[i].quantity, move->stored.edges[i].amount);
	for (int i = 0; wanted != NULL && i < wanted->count; i++)
		AddNet(&issue->wanted, wanted->edges[i].sourceMoveId, wanted->edges[i].quantity, wanted->edges[i].amount);
}

/* A new line's edges, once more at the end of all, as the settlement leaves them. */
static void
SettleLine(Replay *replay, const OpenIssue *issue, int64 sourceMoveId, const CostSettlement *settlement)
{
	DocumentLine *line = issue->move.line;
	CostEdges  *edges = &replay->run->edges;
	CostEdges	net = {0};

	for (int i = line->firstEdge; i < line->firstEdge + line->edgeCount; i++)
		AddNet(&net, edges->edges[i].sourceMoveId, edges->edges[i].quantity, edges->edges[i].amount);
	AddNet(&net, 0, NegateExact(settlement->quantity), NegateExact(settlement->provisional));
	AddNet(&net, sourceMoveId, settlement->quantity, settlement->amount);
	line->firstEdge = edges->count;
	for (int i = 0; i < net.count; i++)
	{
		if (net.edges[i].quantity != 0 || net.edges[i].amount != 0)
			AppendEdge(edges, net.edges[i].sourceMoveId, net.edges[i].quantity, net.edges[i].amount);
	}
	line->edgeCount = edges->count - line->firstEdge;
	line->moveValue = NegateExact(SumOfEdges(edges, line->firstEdge));
	AddDifference(&replay->difference, issue->move.costPoolId, 0, settlement->quantity, settlement->provisional);
	AddDifference(&replay->difference, issue->move.costPoolId, sourceMoveId, NegateExact(settlement->quantity), NegateExact(settlement->amount));
	SetReplayedValue(replay, &issue->move, line->moveValue);
}

static void
SettleOld(Replay *replay, OpenIssue *issue, int64 sourceMoveId, const CostSettlement *settlement)
{
	AddNet(&issue->wanted, 0, settlement->quantity, settlement->provisional);
	AddNet(&issue->wanted, sourceMoveId, NegateExact(settlement->quantity), NegateExact(settlement->amount));
	SetReplayedValue(replay, &issue->move, SumOfEdges(&issue->wanted, 0));
	if (!settlement->isLast)
		return;
	CompareEntries(replay, &issue->move, ReplayPoolOf(replay, issue->move.costPoolId), &issue->wanted);
	issue->isSettled = true;
}

void
SettleReplayed(CostPool *pool, const CostSettlement *settlement, void *argument)
{
	Replay	   *replay = argument;
	OpenIssue  *issue = &replay->openIssues[FindPair(replay->openNumbers, (uint64) settlement->moveId)];
	int64		sourceMoveId = pool->method == COST_FIFO ? settlement->sourceMoveId : 0;

	if (issue->move.line != NULL)
		SettleLine(replay, issue, sourceMoveId, settlement);
	else
		SettleOld(replay, issue, sourceMoveId, settlement);
}

void
EndOpenIssues(Replay *replay)
{
	for (int i = 0; i < replay->openCount; i++)
	{
		OpenIssue  *issue = &replay->openIssues[i];

		if (issue->move.line == NULL && !issue->isSettled)
			CompareEntries(replay, &issue->move, ReplayPoolOf(replay, issue->move.costPoolId), &issue->wanted);
	}
	replay->openCount = 0;
}
