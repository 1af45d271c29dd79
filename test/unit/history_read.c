#include "history.h"

/* Bytes as they are asked for; zeros when there are no more. */
typedef struct Reader
{
	const uint8 *next;
	const uint8 *end;
	bool		extremes;		/* numbers of any size up to the limit of their type */
	int128		unit;			/* of small quantities: pieces, or the least quantity there is, which shows what is off by one */
} Reader;

#define QUANTITY_LIMIT (PowerOfTen(QUANTITY_DIGITS) - 1)
#define AMOUNT_LIMIT (PowerOfTen(AMOUNT_DIGITS) - 1)
#define PIECE 1000000			/* at QUANTITY_SCALE */

static uint64
ReadBytes(Reader *reader, int count)
{
	uint64		value = 0;

	while (count-- > 0)
		value = value << 8 | (reader->next < reader->end ? *reader->next++ : 0);
	return value;
}

/* From 0 to limit, often near a power of ten or of two or at the limit. */
static int128
ReadExtreme(Reader *reader, int128 limit)
{
	uint64		form = ReadBytes(reader, 1);
	int128		nearby = (int128) (form >> 2 & 3) - 1;
	int128		value;

	switch (form & 3)
	{
		case 0:
			value = PowerOfTen((int) (form >> 4) + 4) + nearby;
			break;
		case 1:
			value = ((int128) 1 << ((form >> 4) * 4 + 3)) + nearby;
			break;
		case 2:
			return limit - (int128) (form >> 2);
		default:
			value = (int128) ReadBytes(reader, 8);
			break;
	}
	return Max(value, 0) % (limit + 1);
}

static int128
ReadQuantity(Reader *reader)
{
	if (reader->extremes && ReadBytes(reader, 1) % 2 == 0)
	{
		int128		quantity = ReadExtreme(reader, QUANTITY_LIMIT);

		return Max(quantity, 1);
	}
	return (int128) (ReadBytes(reader, 1) % 50 + 1) * reader->unit;
}

/* Whole smallest units of the currency. */
static int128
ReadValue(Reader *reader, int decimals)
{
	int128		unit = PowerOfTen(AMOUNT_SCALE - decimals);
	int128		value;

	if (reader->extremes && ReadBytes(reader, 1) % 2 == 0)
	{
		value = ReadExtreme(reader, AMOUNT_LIMIT);
		return value - value % unit;
	}
	value = (int128) (ReadBytes(reader, 1) % 20);
	return value * (int128) ReadBytes(reader, 2) * unit;
}

/* All that is there, a little more or less, or a part of it. */
static int128
ReadShareOfPool(Reader *reader, const History *history)
{
	uint64		form = ReadBytes(reader, 1);
	int128		quantity = history->quantity;

	if (form % 4 < 3)
		quantity += (int128) (form % 4) - 1;
	else
		quantity /= (int128) (form >> 2) + 1;
	return Min(Max(quantity, 1), QUANTITY_LIMIT);
}

/* The index of a move of the wanted sort, from the one that the next byte names on backwards; -1 if there is none. */
static int
ReadOrigin(Reader *reader, const History *history, bool (*isWanted) (const HistoryMove *))
{
	int			start = (int) ReadBytes(reader, 1);

	for (int i = 0; i < history->count; i++)
	{
		int			index = (start + history->count - i) % history->count;

		if (isWanted(&history->moves[index]))
			return index;
	}
	return -1;
}

static bool
IsReturnable(const HistoryMove *move)
{
	return move->kind == HISTORY_ISSUE && WentOut(move) && AmountFits(move->value);
}

static bool
IsReversible(const HistoryMove *move)
{
	return CameIn(move) && move->takenBackBy == 0;
}

static HistoryMove *
ReadReturn(Reader *reader, History *history)
{
	int			issue = ReadOrigin(reader, history, IsReturnable);
	uint64		part = ReadBytes(reader, 1);
	int128		whole;

	if (issue < 0)
		return NULL;
	whole = history->moves[issue].quantity;
	return AddReturn(history, issue, part % 2 == 0 ? whole : Max(whole * part / 256, 1));
}

static HistoryMove *
ReadTakeBack(Reader *reader, History *history)
{
	int			incoming = ReadOrigin(reader, history, IsReversible);

	return incoming < 0 ? NULL : AddTakeBack(history, incoming);
}

/* NULL if there is nothing to return or to take back. */
static HistoryMove *
ReadMove(Reader *reader, History *history, int kind)
{
	int128		quantity;

	switch (kind)
	{
		case 0:
		case 1:
		case 2:
			quantity = ReadQuantity(reader);
			return AddReceipt(history, quantity, ReadValue(reader, history->decimals));
		case 3:
		case 4:
			return AddIssue(history, ReadQuantity(reader));
		case 5:
			return AddIssue(history, ReadShareOfPool(reader, history));
		case 6:
			return ReadReturn(reader, history);
		default:
			return ReadTakeBack(reader, history);
	}
}

void
ReadHistory(History *history, const uint8 *bytes, size_t size, CostMethod method)
{
	Reader		reader = {.next = bytes, .end = bytes + size};
	uint64		head = ReadBytes(&reader, 1);

	memset(history, 0, sizeof(History));
	history->method = method;
	reader.extremes = (head & 1) != 0;
	reader.unit = (head >> 1 & 1) != 0 ? 1 : PIECE;
	history->loadAtOnce = (int) (head >> 2 & 3) + 1;
	history->decimals = (int) (head >> 4) % (AMOUNT_SCALE + 1);
	if (method == COST_STANDARD)
		history->standard = (int128) ReadBytes(&reader, 4);
	while (reader.next < reader.end && history->count < HISTORY_MOVES_MAX)
	{
		uint64		code = ReadBytes(&reader, 1);
		HistoryMove *move = ReadMove(&reader, history, (int) (code & 7));

		if (move != NULL)
			move->putAway = (code >> 3 & 3) == 0;
	}
}
