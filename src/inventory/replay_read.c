#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/replay.h"

/* The moves of an item as a replay takes them: one after the other, whatever their number. */

#define FETCH_ROWS 5000

static KeptPlan movePlan = {
	.query = "SELECT m.move_id, m.day, m.time_of_day, m.quantity, m.origin_move_id, m.cost_pool_id, m.warehouse_id,"
	"       e.entry_no, e.source_move_id, e.cause, e.quantity, e.amount"
	"  FROM erp.stock_move m"
	"  LEFT JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id"
	" WHERE m.company_id = $1 AND m.item_id = $2"
	" ORDER BY m.company_id, m.item_id, m.day, m.time_of_day, m.move_id, e.entry_no",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4OID}
};

void
AddNet(CostEdges *net, int64 sourceMoveId, int128 quantity, int128 amount)
{
	for (int i = 0; i < net->count; i++)
	{
		if (net->edges[i].sourceMoveId != sourceMoveId)
			continue;
		net->edges[i].quantity = AddExact(net->edges[i].quantity, quantity);
		net->edges[i].amount = AddExact(net->edges[i].amount, amount);
		return;
	}
	AppendEdge(net, sourceMoveId, quantity, amount);
}

static void
StartMove(Replay *replay, uint64 row)
{
	ReplayMove *move = &replay->move;
	int			number;

	move->position.moveId = DatumGetInt64(PlanValue(row, 1));
	move->position.day = DatumGetDateADT(PlanValue(row, 2));
	move->position.timeOfDay = DatumGetTimeADT(PlanValue(row, 3));
	move->quantity = QuantityFromDatum(PlanValue(row, 4));
	move->originMoveId = DatumGetInt64(PlanValue(row, 5));
	move->costPoolId = DatumGetInt64(PlanValue(row, 6));
	move->warehouseId = DatumGetInt32(PlanValue(row, 7));
	move->lastEntryNo = 0;
	move->givenValue = 0;
	move->stored.count = 0;
	number = FindPair(replay->run->lineOfMove, (uint64) move->position.moveId);
	move->line = number < 0 ? NULL : replay->run->lines[number];
	if (move->line != NULL)
		move->givenValue = move->line->role->valueSource == VALUE_AMOUNT ? move->line->companyAmount : move->line->cost;
}

static void
AddStoredEntry(Replay *replay, uint64 row)
{
	ReplayMove *move = &replay->move;
	bool		noEntry;
	Datum		entryNo = PlanValueOrNull(row, 8, &noEntry);
	char	   *cause;
	int128		amount;

	if (noEntry)
		return;
	move->lastEntryNo = DatumGetInt32(entryNo);
	cause = TextDatumGetCString(PlanValue(row, 10));
	amount = AmountFromDatum(PlanValue(row, 12));
	if (strcmp(cause, "receipt") == 0 || strcmp(cause, "landed") == 0 || strcmp(cause, "revaluation") == 0)
		move->givenValue = AddExact(move->givenValue, amount);
	AddNet(&move->stored, DatumGetInt64(PlanValue(row, 9)), QuantityFromDatum(PlanValue(row, 11)), amount);
	pfree(cause);
}

/* A move ends where the next begins. */
void
ReplayMoves(Replay *replay)
{
	Datum		values[2] = {
		Int32GetDatum(replay->run->batch->company->companyId),
		Int32GetDatum(replay->item->itemId)
	};
	Portal		cursor = OpenPlanCursor(&movePlan, values, NULL);
	bool		started = false;

	for (;;)
	{
		uint64		rows;

		CHECK_FOR_INTERRUPTS();
		SPI_cursor_fetch(cursor, true, FETCH_ROWS);
		rows = SPI_processed;
		if (rows == 0)
			break;
		for (uint64 i = 0; i < rows; i++)
		{
			if (!started || DatumGetInt64(PlanValue(i, 1)) != replay->move.position.moveId)
			{
				SPITupleTable *rowTable = SPI_tuptable;

				if (started)
					ReplayOneMove(replay);
				SPI_tuptable = rowTable;
				StartMove(replay, i);
				started = true;
			}
			AddStoredEntry(replay, i);
		}
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(cursor);
	if (started)
		ReplayOneMove(replay);
}
