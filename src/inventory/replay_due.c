/*
 * Positions at which a replay has something to do: they say where its next
 * stretch begins.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/plan_cache.h"
#include "inventory/replay.h"

/* OFFSET 0: see core/plan_cache.h; the index holds moves with an origin only. */
static KeptPlan dependentPlan = {
	.query = "SELECT m.day, m.time_of_day, m.move_id FROM pg_catalog.unnest($2) AS u (move_id)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.origin_move_id = u.move_id"
	"                        AND f.origin_move_id <> 0 OFFSET 0) m",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

void
AddDue(Replay *replay, MovePosition position)
{
	int			place = replay->dueCount;

	if (replay->dueCount == replay->dueCapacity)
	{
		replay->dueCapacity = Max(16, replay->dueCapacity * 2);
		replay->due = replay->due == NULL ? palloc(sizeof(MovePosition) * replay->dueCapacity) :
			repalloc_huge(replay->due, sizeof(MovePosition) * replay->dueCapacity);
	}
	while (place > replay->nextDue && ComparePosition(&replay->due[place - 1], &position) > 0)
		place--;
	memmove(&replay->due[place + 1], &replay->due[place], sizeof(MovePosition) * (replay->dueCount - place));
	replay->due[place] = position;
	replay->dueCount++;
}

void
NoteChangedValue(Replay *replay, int64 moveId)
{
	if (replay->changedCount == replay->changedCapacity)
	{
		replay->changedCapacity = Max(64, replay->changedCapacity * 2);
		replay->changedMoves = replay->changedMoves == NULL ? palloc(sizeof(int64) * replay->changedCapacity) :
			repalloc_huge(replay->changedMoves, sizeof(int64) * replay->changedCapacity);
	}
	replay->changedMoves[replay->changedCount++] = moveId;
}

/* Returns and reversals of moves that changed, as far as they were not replayed yet. */
void
AddDependents(Replay *replay)
{
	Datum		values[2] = {Int32GetDatum(replay->run->batch->company->companyId)};
	DatumArray	moveIds = {0};
	uint64		rows;

	if (replay->changedCount == 0)
		return;
	for (int i = 0; i < replay->changedCount; i++)
		AppendDatum(&moveIds, Int64GetDatum(replay->changedMoves[i]));
	values[1] = DatumArrayValue(&moveIds, INT8OID);
	rows = RunPlan(&dependentPlan, values, NULL);
	for (uint64 i = 0; i < rows; i++)
	{
		MovePosition position = {DatumGetDateADT(PlanValue(i, 1)), DatumGetTimeADT(PlanValue(i, 2)), DatumGetInt64(PlanValue(i, 3))};

		if (ComparePosition(&position, &replay->last) > 0)
			AddDue(replay, position);
	}
	SPI_freetuptable(SPI_tuptable);
	replay->changedCount = 0;
}

bool
FindNextDue(Replay *replay, MovePosition *position)
{
	while (replay->nextDue < replay->dueCount && ComparePosition(&replay->due[replay->nextDue], &replay->last) <= 0)
		replay->nextDue++;
	if (replay->nextDue == replay->dueCount)
		return false;
	*position = replay->due[replay->nextDue];
	return true;
}
