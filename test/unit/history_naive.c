#include "history.h"

#include "big.h"

static const int128 unitOfDecimals[AMOUNT_SCALE + 1] = {10000, 1000, 100, 10, 1};

/* 10^18 and 10^19: what quantities and amounts lie below. */
#define QUANTITY_END ((int128) UINT64CONST(1000000000000000000))
#define AMOUNT_END ((int128) UINT64CONST(10000000000000000000))

/* value x part / whole to the nearest smallest unit, halves away from zero, none of them negative. */
static int128
NaiveShare(const History *history, int128 value, int128 part, int128 whole)
{
	int128		unit = unitOfDecimals[history->decimals];
	int128		units;

	/* Below 10^37 a product and its double are far from the end of 128 bits. */
	if (value < AMOUNT_END && part < QUANTITY_END && whole < QUANTITY_END)
		return (2 * value * part + whole * unit) / (2 * whole * unit) * unit;
	if (!BigToInt128(BigRound(BigMultiply(BigFrom(value), BigFrom(part)), BigMultiply(BigFrom(whole), BigFrom(unit))), &units))
		abort();
	return units * unit;
}

bool
CameIn(const HistoryMove *move)
{
	return move->kind == HISTORY_RECEIPT || move->kind == HISTORY_RETURN;
}

bool
WentOut(const HistoryMove *move)
{
	return !CameIn(move) && move->outcome == COST_OK;
}

static HistoryMove *
AddMove(History *history, HistoryKind kind, int128 quantity)
{
	HistoryMove *move = &history->moves[history->count];

	if (history->count++ == HISTORY_MOVES_MAX || quantity <= 0)
		abort();
	memset(move, 0, sizeof(HistoryMove));
	move->kind = kind;
	move->quantity = quantity;
	move->firstPart = history->partCount;
	return move;
}

/* What a quantity is worth at standard: to the nearest smallest unit, halves up. */
static int128
NaiveStandard(const History *history, int128 quantity)
{
	/* Quantity x price is at the 14th decimal; an amount at the 4th. */
	int128		unit = unitOfDecimals[history->decimals] * INT64CONST(10000000000);

	return (2 * quantity * history->standard + unit) / (2 * unit) * unitOfDecimals[history->decimals];
}

static HistoryMove *
AddIncoming(History *history, HistoryKind kind, int128 quantity, int128 value)
{
	HistoryMove *move = AddMove(history, kind, quantity);

	if (history->method == COST_STANDARD)
		value = NaiveStandard(history, history->quantity + quantity) - history->value;
	move->value = value;
	move->leftQuantity = quantity;
	move->leftValue = value;
	history->quantity += quantity;
	history->value += value;
	return move;
}

static void
AddPart(History *history, HistoryMove *move, int source, int128 quantity, int128 amount)
{
	HistoryPart *part = &history->parts[history->partCount++];

	part->source = source;
	part->quantity = quantity;
	part->amount = amount;
	move->partCount++;
	move->value += amount;
	history->quantity -= quantity;
	history->value -= amount;
}

HistoryMove *
AddReceipt(History *history, int128 quantity, int128 value)
{
	return AddIncoming(history, HISTORY_RECEIPT, quantity, value);
}

HistoryMove *
AddReturn(History *history, int issue, int128 quantity)
{
	const HistoryMove *origin = &history->moves[issue];
	int128		value = quantity == origin->quantity ? origin->value :
		NaiveShare(history, origin->value, quantity, origin->quantity);
	HistoryMove *move = AddIncoming(history, HISTORY_RETURN, quantity, value);

	move->origin = issue;
	return move;
}

/* Oldest first; what is left of a layer worth v after taking t of q is v less its share. */
static void
IssueFromLayers(History *history, HistoryMove *issue)
{
	int128		wanted = issue->quantity;

	for (int i = 0; wanted > 0; i++)
	{
		HistoryMove *layer = &history->moves[i];
		int128		taken = Min(layer->leftQuantity, wanted);
		int128		amount;

		if (taken == 0)
			continue;
		amount = taken == layer->leftQuantity ? layer->leftValue :
			NaiveShare(history, layer->leftValue, taken, layer->leftQuantity);
		AddPart(history, issue, i + 1, taken, amount);
		layer->leftQuantity -= taken;
		layer->leftValue -= amount;
		wanted -= taken;
	}
}

static void
IssueFromSum(History *history, HistoryMove *issue)
{
	if (history->method == COST_STANDARD)
	{
		AddPart(history, issue, 0, issue->quantity, history->value - NaiveStandard(history, history->quantity - issue->quantity));
		return;
	}
	issue->mayOverflow = history->quantity >= QUANTITY_END || history->value >= AMOUNT_END;
	AddPart(history, issue, 0, issue->quantity, issue->quantity == history->quantity ? history->value :
			NaiveShare(history, history->value, issue->quantity, history->quantity));
}

HistoryMove *
AddIssue(History *history, int128 quantity)
{
	HistoryMove *move = AddMove(history, HISTORY_ISSUE, quantity);

	if (quantity > history->quantity)
		move->outcome = COST_SHORT;
	else if (history->method == COST_FIFO)
		IssueFromLayers(history, move);
	else
		IssueFromSum(history, move);
	return move;
}

/* Whether layers, oldest first, would give the quantity for just the value, and none behind the oldest is the one that goes back. */
static bool
CanIssueInstead(const History *history, const HistoryMove *wanted)
{
	int128		quantity = wanted->quantity;
	int128		value = wanted->value;
	bool		isOldest = true;

	for (int i = 0; i < history->count; i++)
	{
		const HistoryMove *layer = &history->moves[i];
		int128		taken = Min(layer->leftQuantity, quantity);

		if (layer->leftQuantity == 0)
			continue;
		if (layer == wanted && !isOldest)
			return false;
		isOldest = false;
		if (taken > 0)
			value -= taken == layer->leftQuantity ? layer->leftValue : NaiveShare(history, layer->leftValue, taken, layer->leftQuantity);
		quantity -= taken;
	}
	return value == 0;
}

/* By FIFO the layer must be whole; at standard it goes back at what it is worth then; by average what stays must be worth nothing or more, and just nothing if nothing stays. */
static bool
CanTakeBack(const History *history, const HistoryMove *layer)
{
	int128		quantity = history->quantity - layer->quantity;
	int128		value = history->value - layer->value;

	if (history->method == COST_FIFO)
		return layer->leftQuantity == layer->quantity;
	if (history->method == COST_STANDARD)
		return true;
	return value >= 0 && (quantity > 0 || value == 0);
}

HistoryMove *
AddTakeBack(History *history, int incoming)
{
	HistoryMove *layer = &history->moves[incoming];
	HistoryMove *move = AddMove(history, HISTORY_TAKE_BACK, layer->quantity);

	move->origin = incoming;
	if (layer->quantity > history->quantity)
		move->outcome = COST_SHORT;
	else if (CanTakeBack(history, layer))
	{
		AddPart(history, move, incoming + 1, layer->quantity, history->method == COST_STANDARD ?
				history->value - NaiveStandard(history, history->quantity - layer->quantity) : layer->value);
		layer->leftQuantity = 0;
		layer->leftValue = 0;
		layer->takenBackBy = history->count - 1;
	}
	else if (history->method == COST_FIFO && CanIssueInstead(history, layer))
	{
		IssueFromLayers(history, move);
		layer->takenBackBy = history->count - 1;
	}
	else
		move->outcome = COST_LAYER_TOUCHED;
	return move;
}
