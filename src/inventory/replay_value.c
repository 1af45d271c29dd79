/*
 * What moves are worth as replayed, for the moves that take their value from
 * them. Few do, so that values are listed as they come and looked up by number
 * only from the first time that one is wanted.
 */
#include "postgres.h"

#include "inventory/conversion.h"
#include "inventory/replay.h"

#define FIRST_VALUES 64

static void
AddValue(ValueList *list, int64 moveId, MoveValue value)
{
	if (list->count == list->capacity)
	{
		list->capacity = Max(FIRST_VALUES, list->capacity * 2);
		list->values = list->values == NULL ? palloc(sizeof(KnownValue) * list->capacity) :
			repalloc_huge(list->values, sizeof(KnownValue) * list->capacity);
	}
	list->values[list->count++] = (KnownValue) {.moveId = moveId, .value = value};
}

/* Numbers the moves that came since it was done last; of a move that came again the last value stands. */
static void
NumberValues(ValueList *list)
{
	if (list->numbers == NULL)
		list->numbers = CreatePairMap();
	if (list->count > list->latestCapacity)
	{
		list->latestCapacity = list->capacity;
		list->latest = list->latest == NULL ? palloc_extended(sizeof(int) * list->latestCapacity, MCXT_ALLOC_HUGE) :
			repalloc_huge(list->latest, sizeof(int) * list->latestCapacity);
	}
	for (; list->numbered < list->count; list->numbered++)
		list->latest[PairNumber(list->numbers, (uint64) list->values[list->numbered].moveId)] = list->numbered;
}

/* The value of the move; NULL if it is not in the list. */
static const MoveValue *
FindValue(ValueList *list, int64 moveId)
{
	int			number;

	if (list->count == 0)
		return NULL;
	NumberValues(list);
	number = FindPair(list->numbers, (uint64) moveId);
	return number < 0 ? NULL : &list->values[list->latest[number]].value;
}

void
SetReplayedValue(Replay *replay, const ReplayMove *move, int128 value)
{
	AddValue(&replay->set->values, move->position.moveId, (MoveValue) {move->quantity, value});
}

void
SetSolvedValue(Replay *replay, const ReplayMove *move, int128 value)
{
	AddValue(&replay->set->solved, move->position.moveId, (MoveValue) {move->quantity, value});
}

/* What equations say that have not said the same in the pass before: then what that found is as near, and in whole cents. NULL: nothing new. */
static const MoveValue *
NewlySolved(ReplaySet *set, int64 moveId)
{
	const MoveValue *solved = FindValue(&set->solved, moveId);
	const MoveValue *before = solved == NULL || set->before == NULL ? NULL : FindValue(&set->before->solved, moveId);

	return before != NULL && before->value == solved->value ? NULL : solved;
}

/* What the equations of its month say, what the pass before found, or what is stored; of a new move what it was costed at, which is nothing yet where its item is replayed too. */
static MoveValue
AssumedValue(const Replay *replay, int64 moveId)
{
	ReplaySet  *before = replay->set->before;
	const MoveValue *solved = NewlySolved(replay->set, moveId);
	const MoveValue *found = before == NULL ? NULL : FindValue(&before->values, moveId);
	int			number;

	if (solved != NULL)
		return *solved;
	if (found != NULL)
		return *found;
	number = FindPair(replay->run->lineOfMove, (uint64) moveId);
	if (number < 0)
		return StoredValue(replay->run->batch, moveId);
	return (MoveValue) {replay->run->lines[number]->moveQuantity, replay->run->lines[number]->moveValue};
}

/* What is assumed is what was found before, or what is known by now; the pass is right if it finds the same in the end. */
static MoveValue
Assume(Replay *replay, int64 moveId)
{
	MoveValue	value = AssumedValue(replay, moveId);

	AddValue(&replay->set->assumed, moveId, value);
	return value;
}

/* A move that the replay did not pass is not reached, or only later. */
MoveValue
ReplayedValue(Replay *replay, int64 moveId)
{
	const MoveValue *found = FindValue(&replay->set->values, moveId);

	return found != NULL ? *found : Assume(replay, moveId);
}

/*
 * What goes into another pool than that which owes some of it is worth what it costs
 * in the end, as a product is; what comes back into that pool stands for a part of
 * what is owed, at what is known by then.
 */
MoveValue
ReplayedOriginValue(Replay *replay, const ReplayMove *move)
{
	const OpenIssue *issue = FindOpenIssue(replay, move->originMoveId);

	return issue != NULL && issue->move.costPoolId != move->costPoolId ? Assume(replay, move->originMoveId) :
		ReplayedValue(replay, move->originMoveId);
}

/* What was consumed is worth what it costs in the end, though some of it is owed yet. */
static int128
FindConsumedValue(void *context, int64 moveId)
{
	Replay	   *replay = context;

	return IsOpenIssue(replay->set, moveId) ? Assume(replay, moveId).value : ReplayedValue(replay, moveId).value;
}

bool
AssumedRightly(ReplaySet *set)
{
	for (int i = 0; i < set->assumed.count; i++)
	{
		const KnownValue *assumed = &set->assumed.values[i];
		const MoveValue *found = FindValue(&set->values, assumed->moveId);

		if (found != NULL && found->value != assumed->value.value)
			return false;
	}
	return true;
}

int128
ReplayedProductValue(Replay *replay, const ReplayMove *move)
{
	return ProductValue(replay->run, move->documentId, move->position.moveId, FindConsumedValue, replay);
}
