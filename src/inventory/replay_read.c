#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "inventory/conversion.h"
#include "inventory/replay.h"

/* The moves of an item as a replay takes them: one after the other, whatever their number. */

const MovePosition FirstPosition = {.day = DATEVAL_NOBEGIN};
const MovePosition EndPosition = {.day = DATEVAL_NOEND};

#define CAUSE_MAX 32

static const char *const moveNames[] = {
	"move_id", "day", "time_of_day", "quantity", "origin_move_id", "cost_pool_id", "document_id"
};

static const char *const entryNames[] = {
	"entry_no", "source_move_id", "cause", "quantity", "amount", "voucher_id", "inventory_line_no", "counter_line_no"
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
OpenReader(Replay *replay)
{
	MoveReader *reader = &replay->reader;

	reader->rows = OpenIndexProbe("erp", "stock_move", "stock_move_order", PROBE_TRANSACTION);
	reader->entries = OpenIndexWalk("cost_entry", "cost_entry_key", replay->run->batch->company->companyId);
	for (int i = 0; i < MOVE_COLUMNS; i++)
		reader->moveColumns[i] = ProbeColumn(reader->rows, moveNames[i]);
	for (int i = 0; i < ENTRY_COLUMNS; i++)
		reader->entryColumns[i] = WalkColumn(reader->entries, entryNames[i]);
}

void
OpenMoves(Replay *replay, MovePosition from, MovePosition before)
{
	MoveReader *reader = &replay->reader;
	Datum		values[5] = {
		Int32GetDatum(replay->run->batch->company->companyId),
		Int32GetDatum(replay->item->itemId),
		DateADTGetDatum(from.day), TimeADTGetDatum(from.timeOfDay), Int64GetDatum(from.moveId)
	};

	OpenReader(replay);
	ProbeIndexFrom(reader->rows, values, 2, 5);
	reader->before = before;
	reader->count = 0;
	reader->next = 0;
	reader->fetchMoves = FETCH_MOVES_MIN;
}

void
CloseMoves(Replay *replay)
{
	if (replay->reader.rows == NULL)
		return;
	CloseIndexProbe(replay->reader.rows);
	CloseIndexWalk(replay->reader.entries);
	replay->reader.rows = NULL;
}

/* Room for one more move; the list of entries of a move that was there before is kept. */
static ReplayMove *
MoveSlot(MoveReader *reader, int number)
{
	if (number == reader->capacity)
	{
		int			capacity = Max(FETCH_MOVES_MIN + 1, reader->capacity * 2);

		reader->moves = reader->moves == NULL ? palloc(sizeof(ReplayMove) * capacity) :
			repalloc_huge(reader->moves, sizeof(ReplayMove) * capacity);
		memset(reader->moves + reader->capacity, 0, sizeof(ReplayMove) * (capacity - reader->capacity));
		reader->capacity = capacity;
	}
	return &reader->moves[number];
}

/* The move of the row, without its entries. */
static void
StartMove(const StockRun *run, ReplayMove *move, const AttrNumber *columns, TupleTableSlot *row)
{
	int			number;

	move->position.moveId = DatumGetInt64(ProbedValue(row, columns[0]));
	move->position.day = DatumGetDateADT(ProbedValue(row, columns[1]));
	move->position.timeOfDay = DatumGetTimeADT(ProbedValue(row, columns[2]));
	move->quantity = QuantityFromDatum(ProbedValue(row, columns[3]));
	move->originMoveId = DatumGetInt64(ProbedValue(row, columns[4]));
	move->costPoolId = DatumGetInt64(ProbedValue(row, columns[5]));
	move->documentId = DatumGetInt64(ProbedValue(row, columns[6]));
	move->isConsumed = false;
	move->isProduct = false;
	move->isAmendment = false;
	move->lastEntryNo = 0;
	move->givenLater = GivenLater(run, move->position.moveId);
	move->givenValue = move->givenLater;
	move->receivedValue = 0;
	move->wasReceived = false;
	move->stored.count = 0;
	move->taken.voucherId = 0;
	number = FindPair(run->lineOfMove, (uint64) move->position.moveId);
	move->line = number < 0 ? NULL : run->lines[number];
	if (move->line == NULL)
		return;
	if (move->line->role->valueSource == VALUE_RETURNED)	/* its amount is what the supplier owes, its cost is found */
		move->givenValue = 0;
	else
		move->givenValue = IsCostAmount(move->line) ? move->line->companyAmount : move->line->cost;
	move->isProduct = IsProduct(move->line);
	move->isAmendment = move->line->named != NULL && move->line->originMoveId != 0 && move->quantity < 0;
}

static void
AddStoredEntry(ReplayMove *move, const AttrNumber *columns, TupleTableSlot *row)
{
	int128		amount = AmountFromDatum(ProbedValue(row, columns[4]));
	EntryLines	taken = {
		DatumGetInt64(ProbedValue(row, columns[5])), DatumGetInt32(ProbedValue(row, columns[6])), DatumGetInt32(ProbedValue(row, columns[7]))
	};
	char		cause[CAUSE_MAX];
	bool		given;

	move->lastEntryNo = DatumGetInt32(ProbedValue(row, columns[0]));
	text_to_cstring_buffer(DatumGetTextPP(ProbedValue(row, columns[2])), cause, sizeof(cause));
	given = IsGivenCause(cause);
	if (given)
	{
		move->givenValue = AddExact(move->givenValue, amount);
		move->isAmendment = move->quantity < 0;
	}
	if (strcmp(cause, "receipt") == 0)
	{
		move->receivedValue = AddExact(move->receivedValue, amount);
		move->wasReceived = true;
	}
	else if (strcmp(cause, "consumption") == 0)
		move->isConsumed = true;
	else if (strcmp(cause, "production") == 0)
		move->isProduct = true;
	/* What a later document adds, as a bill, goes to accounts of that document. */
	if (move->taken.voucherId == 0 && taken.inventoryLineNo != 0 && taken.counterLineNo != 0 && (!given || taken.voucherId == move->documentId))
		move->taken = taken;
	AddNet(&move->stored, DatumGetInt64(ProbedValue(row, columns[1])), QuantityFromDatum(ProbedValue(row, columns[3])), amount);
}

static void
ReadEntries(MoveReader *reader, ReplayMove *move)
{
	TupleTableSlot *row;

	WalkTo(reader->entries, move->position.moveId);
	while ((row = NextWalkedRow(reader->entries)) != NULL)
		AddStoredEntry(move, reader->entryColumns, row);
}

/* What was paid for the moves that were just read, and what products take over of them. */
static void
FetchWorth(Replay *replay)
{
	const MoveReader *reader = &replay->reader;
	DatumArray	documentIds = {0};

	for (int i = 0; i < reader->count && replay->isOpen; i++)
	{
		GivePaid(replay, &reader->moves[i]);
		if (reader->moves[i].isConsumed)
			AppendDatum(&documentIds, Int64GetDatum(reader->moves[i].documentId));
	}
	if (documentIds.count > 0)
		ReadFlows(replay, DatumArrayValue(&documentIds, INT8OID), documentIds.count);
}

/* The next move that is in a cost pool: what is in none has no part in a replay. False: there is none before the end. */
static bool
ReadMove(const StockRun *run, MoveReader *reader, ReplayMove *move)
{
	TupleTableSlot *row;

	while ((row = NextProbedRow(reader->rows)) != NULL)
	{
		StartMove(run, move, reader->moveColumns, row);
		if (ComparePosition(&move->position, &reader->before) >= 0)
			return false;
		if (move->costPoolId == NO_COST_POOL)
			continue;
		ReadEntries(reader, move);
		return true;
	}
	return false;
}

static void
FetchMoves(Replay *replay)
{
	MoveReader *reader = &replay->reader;

	reader->count = 0;
	reader->next = 0;
	while (reader->count < reader->fetchMoves && ReadMove(replay->run, reader, MoveSlot(reader, reader->count)))
		reader->count++;
	if (reader->count < reader->fetchMoves)
		CloseMoves(replay);
	reader->fetchMoves = Min(reader->fetchMoves * 2, FETCH_MOVES_MAX);
	FetchWorth(replay);
}

const ReplayMove *
PeekMove(Replay *replay)
{
	MoveReader *reader = &replay->reader;

	while (reader->next == reader->count)
	{
		CHECK_FOR_INTERRUPTS();
		if (reader->rows == NULL)
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

	return reader->rows != NULL && reader->count > 0 && ComparePosition(position, &reader->moves[reader->count - 1].position) > 0;
}
