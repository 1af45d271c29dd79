#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/conversion.h"
#include "inventory/replay.h"

/* The moves of an item as a replay takes them: one after the other, whatever their number. */

const MovePosition FirstPosition = {.day = DATEVAL_NOBEGIN};
const MovePosition EndPosition = {.day = DATEVAL_NOEND};

/* What is in no cost pool has no part in it: NO_COST_POOL. */
static KeptPlan movePlan = {
	.query = "SELECT m.move_id, m.day, m.time_of_day, m.quantity, m.origin_move_id, m.cost_pool_id, m.document_id,"
	"       e.entry_no, e.source_move_id, e.cause, e.quantity, e.amount"
	"  FROM erp.stock_move m"
	"  LEFT JOIN erp.cost_entry e ON e.company_id = m.company_id AND e.move_id = m.move_id"
	" WHERE m.company_id = $1 AND m.item_id = $2 AND m.cost_pool_id <> -1 AND (m.day, m.time_of_day, m.move_id) >= ($3, $4, $5)"
	"   AND (m.day, m.time_of_day, m.move_id) < ($6, $7, $8)"
	" ORDER BY m.company_id, m.item_id, m.day, m.time_of_day, m.move_id, e.entry_no",
	.argumentCount = 8,
	.argumentTypes = {INT4OID, INT4OID, DATEOID, TIMEOID, INT8OID, DATEOID, TIMEOID, INT8OID}
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

void
OpenMoves(Replay *replay, MovePosition from, MovePosition before)
{
	MoveReader *reader = &replay->reader;
	Datum		values[8] = {
		Int32GetDatum(replay->run->batch->company->companyId),
		Int32GetDatum(replay->item->itemId),
		DateADTGetDatum(from.day), TimeADTGetDatum(from.timeOfDay), Int64GetDatum(from.moveId),
		DateADTGetDatum(before.day), TimeADTGetDatum(before.timeOfDay), Int64GetDatum(before.moveId)
	};

	reader->cursor = OpenPlanCursor(&movePlan, values, NULL);
	reader->count = 0;
	reader->next = 0;
	reader->hasOpen = false;
	reader->fetchRows = FETCH_ROWS_MIN;
}

void
CloseMoves(Replay *replay)
{
	if (replay->reader.cursor != NULL)
		SPI_cursor_close(replay->reader.cursor);
	replay->reader.cursor = NULL;
}

/* Room for one more move; the list of entries of a move that was there before is kept. */
static ReplayMove *
MoveSlot(MoveReader *reader, int number)
{
	if (number == reader->capacity)
	{
		int			capacity = Max(FETCH_ROWS_MIN + 1, reader->capacity * 2);

		reader->moves = reader->moves == NULL ? palloc(sizeof(ReplayMove) * capacity) :
			repalloc_huge(reader->moves, sizeof(ReplayMove) * capacity);
		memset(reader->moves + reader->capacity, 0, sizeof(ReplayMove) * (capacity - reader->capacity));
		reader->capacity = capacity;
	}
	return &reader->moves[number];
}

static void
StartMove(const StockRun *run, ReplayMove *move, uint64 row)
{
	int			number;

	move->position.moveId = DatumGetInt64(PlanValue(row, 1));
	move->position.day = DatumGetDateADT(PlanValue(row, 2));
	move->position.timeOfDay = DatumGetTimeADT(PlanValue(row, 3));
	move->quantity = QuantityFromDatum(PlanValue(row, 4));
	move->originMoveId = DatumGetInt64(PlanValue(row, 5));
	move->costPoolId = DatumGetInt64(PlanValue(row, 6));
	move->documentId = DatumGetInt64(PlanValue(row, 7));
	move->isConsumed = false;
	move->isProduct = false;
	move->isAmendment = false;
	move->lastEntryNo = 0;
	move->givenLater = GivenLater(run, move->position.moveId);
	move->givenValue = move->givenLater;
	move->stored.count = 0;
	number = FindPair(run->lineOfMove, (uint64) move->position.moveId);
	move->line = number < 0 ? NULL : run->lines[number];
	if (move->line == NULL)
		return;
	move->givenValue = IsCostAmount(move->line) ? move->line->companyAmount : move->line->cost;
	move->isProduct = IsProduct(move->line);
	move->isAmendment = move->line->named != NULL && move->quantity < 0;
}

static void
AddStoredEntry(ReplayMove *move, uint64 row)
{
	bool		noEntry;
	Datum		entryNo = PlanValueOrNull(row, 8, &noEntry);
	char	   *cause;
	int128		amount;

	if (noEntry)
		return;
	move->lastEntryNo = DatumGetInt32(entryNo);
	cause = TextDatumGetCString(PlanValue(row, 10));
	amount = AmountFromDatum(PlanValue(row, 12));
	if (IsGivenCause(cause))
	{
		move->givenValue = AddExact(move->givenValue, amount);
		move->isAmendment = move->quantity < 0;
	}
	else if (strcmp(cause, "consumption") == 0)
		move->isConsumed = true;
	else if (strcmp(cause, "production") == 0)
		move->isProduct = true;
	AddNet(&move->stored, DatumGetInt64(PlanValue(row, 9)), QuantityFromDatum(PlanValue(row, 11)), amount);
	pfree(cause);
}

/* What products take over of the moves that were just read. */
static void
FetchFlows(Replay *replay)
{
	const MoveReader *reader = &replay->reader;
	DatumArray	documentIds = {0};

	for (int i = 0; i < reader->count + (reader->hasOpen ? 1 : 0); i++)
	{
		if (reader->moves[i].isConsumed)
			AppendDatum(&documentIds, Int64GetDatum(reader->moves[i].documentId));
	}
	if (documentIds.count > 0 && replay->isOpen)
		ReadFlows(replay, DatumArrayValue(&documentIds, INT8OID), documentIds.count);
}

/* A move ends where the next begins: the last of a fetch stays open until the next one. */
static void
FetchMoves(Replay *replay)
{
	MoveReader *reader = &replay->reader;
	int			started = reader->hasOpen ? 1 : 0;
	uint64		rows;

	if (reader->hasOpen)
	{
		ReplayMove	open = reader->moves[reader->count];

		reader->moves[reader->count] = reader->moves[0];
		reader->moves[0] = open;
	}
	SPI_cursor_fetch(reader->cursor, true, reader->fetchRows);
	rows = SPI_processed;
	for (uint64 i = 0; i < rows; i++)
	{
		if (started == 0 || DatumGetInt64(PlanValue(i, 1)) != reader->moves[started - 1].position.moveId)
			StartMove(replay->run, MoveSlot(reader, started++), i);
		AddStoredEntry(&reader->moves[started - 1], i);
	}
	SPI_freetuptable(SPI_tuptable);
	reader->hasOpen = rows == (uint64) reader->fetchRows;
	reader->count = reader->hasOpen ? started - 1 : started;
	reader->next = 0;
	reader->fetchRows = Min(reader->fetchRows * 2, FETCH_ROWS_MAX);
	if (!reader->hasOpen)
		CloseMoves(replay);
	FetchFlows(replay);
}

const ReplayMove *
PeekMove(Replay *replay)
{
	MoveReader *reader = &replay->reader;

	while (reader->next == reader->count)
	{
		CHECK_FOR_INTERRUPTS();
		if (reader->cursor == NULL)
			return NULL;
		FetchMoves(replay);
	}
	return &reader->moves[reader->next];
}

ReplayMove *
NextMove(Replay *replay)
{
	return PeekMove(replay) == NULL ? NULL : &replay->reader.moves[replay->reader.next++];
}

bool
LiesAhead(const Replay *replay, const MovePosition *position)
{
	const MoveReader *reader = &replay->reader;

	return reader->cursor != NULL && reader->count > 0 && ComparePosition(position, &reader->moves[reader->count - 1].position) > 0;
}
