#include "core/money.h"

#define EXPONENT_SATURATION (INT64CONST(1) << 40)

/* Digits that fit a uint64 whatever they are. */
#define FAST_DIGITS 18

typedef struct TextCursor
{
	const char *next;
	const char *end;
} TextCursor;

/* A decimal text taken apart: digits without zeros at either end, times 10^exponent. */
typedef struct DecimalParts
{
	uint128		digits;			/* the first FIXED_MAX_POWER of them */
	int			digitCount;		/* stops growing at FIXED_MAX_POWER + 1 */
	int64		pendingZeros;	/* zeros read since the last other digit */
	int64		exponent;
	bool		any;			/* a digit was read, zero or not */
} DecimalParts;

static inline bool
IsDigit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
TakeSign(TextCursor *cursor)
{
	bool		negative;

	if (cursor->next == cursor->end || (*cursor->next != '-' && *cursor->next != '+'))
		return false;
	negative = *cursor->next == '-';
	cursor->next++;
	return negative;
}

static bool
TakeCharacter(TextCursor *cursor, char lower, char upper)
{
	if (cursor->next == cursor->end || (*cursor->next != lower && *cursor->next != upper))
		return false;
	cursor->next++;
	return true;
}

/* Appends a digit other than zero, after the zeros that were held back. */
static void
AppendDigit(DecimalParts *parts, int digit)
{
	int64		zeros = parts->digitCount == 0 ? 0 : parts->pendingZeros;

	parts->pendingZeros = 0;
	if (parts->digitCount + zeros + 1 > FIXED_MAX_POWER)
	{
		parts->digitCount = FIXED_MAX_POWER + 1;
		return;
	}
	parts->digits = parts->digits * (uint128) PowerOfTen((int) zeros + 1) + digit;
	parts->digitCount += (int) zeros + 1;
}

/* Reads a run of digits; returns how many. */
static int64
TakeDigits(TextCursor *cursor, DecimalParts *parts)
{
	const char *start = cursor->next;

	while (cursor->next < cursor->end && IsDigit(*cursor->next))
	{
		int			digit = *cursor->next++ - '0';

		if (digit == 0)
			parts->pendingZeros++;
		else
			AppendDigit(parts, digit);
	}
	if (cursor->next > start)
		parts->any = true;
	return cursor->next - start;
}

/* Reads what follows an e; false if no digit does. Saturates far beyond what any text can make up for. */
static bool
TakeExponent(TextCursor *cursor, int64 *exponent)
{
	bool		negative = TakeSign(cursor);
	const char *start = cursor->next;
	int64		value = 0;

	while (cursor->next < cursor->end && IsDigit(*cursor->next))
	{
		value = Min(value * 10 + (*cursor->next - '0'), EXPONENT_SATURATION);
		cursor->next++;
	}
	*exponent = negative ? -value : value;
	return cursor->next > start;
}

/* Takes unsigned text apart; false if it is no decimal number. */
static bool
TakeDecimal(TextCursor *cursor, DecimalParts *parts)
{
	int64		fractionDigits = 0;
	int64		exponent = 0;

	TakeDigits(cursor, parts);
	if (TakeCharacter(cursor, '.', '.'))
		fractionDigits = TakeDigits(cursor, parts);
	if (!parts->any)
		return false;
	if (TakeCharacter(cursor, 'e', 'E') && !TakeExponent(cursor, &exponent))
		return false;

	parts->exponent = exponent - fractionDigits + parts->pendingZeros;
	return cursor->next == cursor->end;
}

/* The parts at `scale`, or why not; the last digit of the parts is not zero. */
static FixedStatus
ScaleParts(const DecimalParts *parts, int scale, int digits, int128 *magnitude)
{
	int64		shift = parts->exponent + scale;

	if (parts->digitCount == 0)
	{
		*magnitude = 0;
		return FIXED_OK;
	}
	if (shift < 0)
		return FIXED_TOO_PRECISE;
	if (parts->digitCount + shift > digits)
		return FIXED_OUT_OF_RANGE;
	*magnitude = (int128) parts->digits * PowerOfTen((int) shift);
	return FIXED_OK;
}

/* The ordinary case: up to FAST_DIGITS digits with at most `scale` of them after a point, nothing else. */
static bool
ParseShort(const TextCursor *cursor, int scale, int digits, int128 *magnitude)
{
	const char *point = NULL;
	uint64		value = 0;
	int			digitCount;
	int			shift;

	if (cursor->end - cursor->next > FAST_DIGITS + 1)
		return false;
	for (const char *p = cursor->next; p < cursor->end; p++)
	{
		if (IsDigit(*p))
			value = value * 10 + (uint64) (*p - '0');
		else if (*p == '.' && point == NULL)
			point = p;
		else
			return false;
	}

	digitCount = (int) (cursor->end - cursor->next) - (point != NULL ? 1 : 0);
	shift = scale - (point != NULL ? (int) (cursor->end - point) - 1 : 0);
	if (digitCount == 0 || digitCount > FAST_DIGITS || shift < 0 || digitCount + shift > digits)
		return false;
	*magnitude = (int128) value * PowerOfTen(shift);
	return true;
}

FixedStatus
ParseFixed(const char *text, int length, int scale, int digits, int128 *result)
{
	TextCursor	cursor = {text, text + length};
	DecimalParts parts = {0};
	bool		negative = TakeSign(&cursor);
	int128		magnitude;

	ErpAssert(scale >= 0 && scale <= FIXED_MAX_POWER);
	ErpAssert(digits >= 1 && digits <= FIXED_MAX_POWER);
	if (!ParseShort(&cursor, scale, digits, &magnitude))
	{
		FixedStatus status;

		if (!TakeDecimal(&cursor, &parts))
			return FIXED_SYNTAX;
		status = ScaleParts(&parts, scale, digits, &magnitude);
		if (status != FIXED_OK)
			return status;
	}
	*result = negative ? -magnitude : magnitude;
	return FIXED_OK;
}

/* Writes the digits backwards from end, at least minimum of them; returns where they begin. */
static char *
WriteDigits(char *end, uint128 magnitude, int minimum)
{
	char	   *p = end;

	while (magnitude >> 64 != 0)
	{
		*--p = (char) ('0' + (int) (magnitude % 10));
		magnitude /= 10;
	}
	for (uint64 small = (uint64) magnitude; small != 0; small /= 10)
		*--p = (char) ('0' + (int) (small % 10));
	while (end - p < minimum)
		*--p = '0';
	return p;
}

int
FormatFixed(int128 value, int scale, char *buffer)
{
	char		digits[FIXED_TEXT_MAX];
	char	   *end = digits + sizeof(digits);
	uint128		magnitude = value < 0 ? (uint128) 0 - (uint128) value : (uint128) value;
	char	   *start = WriteDigits(end, magnitude, scale + 1);
	int			wholeDigits = (int) (end - start) - scale;
	int			length = 0;

	ErpAssert(scale >= 0 && scale <= FIXED_MAX_POWER);
	while (end > start + wholeDigits && end[-1] == '0')
		end--;

	if (value < 0)
		buffer[length++] = '-';
	memcpy(buffer + length, start, wholeDigits);
	length += wholeDigits;
	if (end > start + wholeDigits)
	{
		buffer[length++] = '.';
		memcpy(buffer + length, start + wholeDigits, end - start - wholeDigits);
		length += (int) (end - start) - wholeDigits;
	}
	buffer[length] = '\0';
	return length;
}
