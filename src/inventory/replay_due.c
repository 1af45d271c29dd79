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

static void
AddDuePosition(Replay *replay, MovePosition position)
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

/* Products that are made of what these documents consumed; those of the batch are due anyway. */
static KeptPlan flowPlan = {
	.query = "SELECT l.target_document_id, m.item_id, m.day, m.time_of_day, m.move_id FROM (SELECT DISTINCT n.document_id FROM pg_catalog.unnest($2) AS n (document_id)) u"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.document_link f WHERE f.company_id = $1 AND f.target_document_id = u.document_id"
	"                        AND f.link = 'made_from' OFFSET 0) l"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.stock_move f WHERE f.company_id = $1 AND f.document_id = l.document_id"
	"                        AND f.line_no = l.line_no AND f.leg = 1 OFFSET 0) m"
	" ORDER BY 1",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8ARRAYOID}
};

/* Room for so many documents and flows more. */
static void
GrowFlows(Replay *replay, int documents, int flows)
{
	if (replay->flowNumbers == NULL)
		replay->flowNumbers = CreatePairMap();
	if (PairCount(replay->flowNumbers) + documents > replay->rangeCapacity)
	{
		replay->rangeCapacity = (PairCount(replay->flowNumbers) + documents) * 2;
		replay->flowRanges = replay->flowRanges == NULL ? palloc(sizeof(FlowRange) * replay->rangeCapacity) :
			repalloc_huge(replay->flowRanges, sizeof(FlowRange) * replay->rangeCapacity);
	}
	if (replay->flowCount + flows > replay->flowCapacity)
	{
		replay->flowCapacity = (replay->flowCount + flows) * 2;
		replay->flows = replay->flows == NULL ? palloc(sizeof(ValueFlow) * replay->flowCapacity) :
			repalloc_huge(replay->flows, sizeof(ValueFlow) * replay->flowCapacity);
	}
}

/* The rows of a document stand together; what an earlier fetch brought of it is all there is. */
void
ReadFlows(Replay *replay, Datum documentIds, int count)
{
	Datum		values[2] = {Int32GetDatum(replay->run->batch->company->companyId), documentIds};
	uint64		rows = RunPlan(&flowPlan, values, NULL);
	int			firstNew = replay->flowNumbers == NULL ? 0 : PairCount(replay->flowNumbers);

	GrowFlows(replay, count, (int) rows);
	for (uint64 i = 0; i < rows; i++)
	{
		int			before = PairCount(replay->flowNumbers);
		int			number = PairNumber(replay->flowNumbers, (uint64) DatumGetInt64(PlanValue(i, 1)));

		if (number < firstNew)
			continue;
		if (number == before)
			replay->flowRanges[number] = (FlowRange) {.first = replay->flowCount};
		replay->flowRanges[number].count++;
		replay->flows[replay->flowCount++] = (ValueFlow) {
			.itemId = DatumGetInt32(PlanValue(i, 2)),
			.position = {DatumGetDateADT(PlanValue(i, 3)), DatumGetTimeADT(PlanValue(i, 4)), DatumGetInt64(PlanValue(i, 5))}
		};
	}
	SPI_freetuptable(SPI_tuptable);
}

void
FollowFlows(Replay *replay, const ReplayMove *move)
{
	int			number = replay->flowNumbers == NULL ? -1 : FindPair(replay->flowNumbers, (uint64) move->documentId);

	for (int i = 0; number >= 0 && i < replay->flowRanges[number].count; i++)
	{
		const ValueFlow *flow = &replay->flows[replay->flowRanges[number].first + i];

		AddDue(ReplayOfItem(replay->set, flow->itemId, replay->item->cause), flow->position);
	}
}

void
AddDue(Replay *replay, MovePosition position)
{
	replay->set->woken = true;
	WakeReplay(replay);
	AddDuePosition(replay, position);
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
			AddDuePosition(replay, position);
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
