#include "postgres.h"

#include "inventory/replay.h"

/*
 * The moves of all items of a set in one order. Each replay waits in a heap for
 * the move that it goes on with; one that ran, or for which something became
 * due, is put back before the next is chosen.
 */

/* The heap has the largest first: that is the earliest, of several the one whose item comes first. */
static int
CompareWaiting(const pairingheap_node *a, const pairingheap_node *b, void *unused)
{
	const Replay *first = pairingheap_const_container(Replay, waiting, a);
	const Replay *second = pairingheap_const_container(Replay, waiting, b);
	int			order = ComparePosition(&second->next, &first->next);

	if (order != 0)
		return order;
	return (first->item < second->item) - (first->item > second->item);
}

void
WakeReplay(Replay *replay)
{
	if (replay->hasMoved)
		return;
	replay->hasMoved = true;
	replay->nextMoved = replay->set->moved;
	replay->set->moved = replay;
}

/* Has the replay wait for where it goes on, if it does. To find that may end its stretch, and wake it or others. */
static void
Await(Replay *replay)
{
	if (replay->isWaiting)
		pairingheap_remove(replay->set->waiting, &replay->waiting);
	replay->isWaiting = FindNextPosition(replay, &replay->next);
	if (replay->isWaiting)
		pairingheap_add(replay->set->waiting, &replay->waiting);
}

/* The replay that is first, and where the second is; NULL if all is done. */
static Replay *
FirstReplay(ReplaySet *set, MovePosition *limit)
{
	Replay	   *first;

	while (set->moved != NULL)
	{
		Replay	   *moved = set->moved;

		set->moved = moved->nextMoved;
		moved->hasMoved = false;
		Await(moved);
	}
	if (pairingheap_is_empty(set->waiting))
		return NULL;
	first = pairingheap_container(Replay, waiting, pairingheap_remove_first(set->waiting));
	first->isWaiting = false;
	*limit = EndPosition;
	if (!pairingheap_is_empty(set->waiting))
		*limit = pairingheap_container(Replay, waiting, pairingheap_first(set->waiting))->next;
	return first;
}

void
RunReplaySet(ReplaySet *set)
{
	MovePosition limit;
	Replay	   *first;

	set->waiting = pairingheap_allocate(CompareWaiting, NULL);
	for (int i = 0; i < set->run->itemCount; i++)
	{
		if (set->replays[i] == NULL)
			continue;
		if (set->whole)
			OpenStretch(set->replays[i], FirstPosition);
		WakeReplay(set->replays[i]);
	}
	while ((first = FirstReplay(set, &limit)) != NULL)
	{
		ReplayUntil(first, &limit);
		WakeReplay(first);
	}
}
