#include "core/numeric_io.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#define NUMERIC_BASE_POWER 4
#define NUMERIC_BASE 10000

/* A number of so many digits fits into 64 bits. */
#define SMALL_DIGITS 18

/*
 * Reading: numeric as it is stored, which pg_upgrade keeps the same from one
 * version to the next. A 16-bit header, in the long form a 16-bit weight of the
 * first digit after it, then digits in base 10000, all in the machine's order.
 */
#define STORED_FORM_MASK 0xC000
#define STORED_NEGATIVE 0x4000
#define STORED_SHORT 0x8000
#define STORED_SPECIAL 0xC000
#define STORED_SHORT_NEGATIVE 0x2000
#define STORED_SHORT_WEIGHT_SIGN 0x0040
#define STORED_SHORT_WEIGHT 0x003F

/* Powers of 10000 whose digits fit a text of FIXED_TEXT_MAX bytes, with sign and point. */
#define TEXT_POWER_MAX 6
#define TEXT_POWER_MIN (-4)

typedef struct StoredNumeric
{
	const char *digits;
	int			digitCount;
	int			weight;
	bool		negative;
} StoredNumeric;

/*
 * Writing what int64 does not hold: the wire format of numeric (numeric_recv).
 * Four 16-bit numbers in network order (how many digits follow, weight of the
 * first, sign, digits to show after the point), then digits in base 10000.
 */
#define WIRE_HEADER_WORDS 4
#define WIRE_WORDS_MAX (WIRE_HEADER_WORDS + 11)
#define WIRE_POSITIVE 0x0000
#define WIRE_NEGATIVE 0x4000

void
ReportArithmeticOverflow(const char *operation)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("an amount or a quantity is out of range"),
			 errdetail("The result of %s is not defined or has more digits than 128 bits hold.", operation),
			 errhint("Amounts have up to 15 digits before the point, quantities 12, prices 10 and rates 6.")));
	pg_unreachable();
}

static void
ReportNotFixed(Datum numeric, int scale)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("number is not exact within %d decimals", scale),
			 errdetail("The number is %s.", DatumGetCString(DirectFunctionCall1(numeric_out, numeric))),
			 errhint("Give a finite number of at most %d digits, none but zeros beyond %d decimals.",
					 FIXED_MAX_POWER, scale)));
	pg_unreachable();
}

static inline uint16
StoredWord(const char *data)
{
	uint16		word;

	memcpy(&word, data, sizeof(word));
	return word;
}

/* The parts of a stored numeric; false for NaN and infinity. */
static bool
ReadStored(const struct varlena *stored, StoredNumeric *parts)
{
	const char *data = VARDATA_ANY(stored);
	uint16		header = StoredWord(data);
	int			headerSize = sizeof(uint16);

	switch (header & STORED_FORM_MASK)
	{
		case STORED_SPECIAL:
			return false;
		case STORED_SHORT:
			parts->negative = (header & STORED_SHORT_NEGATIVE) != 0;
			parts->weight = header & STORED_SHORT_WEIGHT;
			if (header & STORED_SHORT_WEIGHT_SIGN)
				parts->weight -= STORED_SHORT_WEIGHT + 1;
			break;
		default:
			parts->negative = (header & STORED_FORM_MASK) == STORED_NEGATIVE;
			parts->weight = (int16) StoredWord(data + headerSize);
			headerSize += sizeof(uint16);
	}
	parts->digits = data + headerSize;
	parts->digitCount = (int) ((VARSIZE_ANY_EXHDR(stored) - headerSize) / sizeof(uint16));
	return true;
}

/* Adds what one base-10000 digit is worth, times 10^power; false if it is not whole or does not fit. */
static bool
AddDigit(int128 *sum, int digit, int power)
{
	if (digit == 0)
		return true;
	if (power < 0)
	{
		int			divisor = power > -NUMERIC_BASE_POWER ? (int) PowerOfTen(-power) : NUMERIC_BASE;

		if (digit % divisor != 0)
			return false;
		*sum += digit / divisor;
		return true;
	}
	/* Below 10^(38 - 4) x 10^4 each, and digits of ever lower powers: no overflow. */
	if (power > FIXED_MAX_POWER - NUMERIC_BASE_POWER)
		return false;
	*sum += digit * PowerOfTen(power);
	return true;
}

/*
 * The same for most numbers, in 64 bits: whole at the scale and below 10^18. False: not one of these.
 */
static bool
ReadSmall(const StoredNumeric *parts, int scale, int128 *value)
{
	static const int64 powers[SMALL_DIGITS - NUMERIC_BASE_POWER + 1] = {
		1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, INT64CONST(10000000000),
		INT64CONST(100000000000), INT64CONST(1000000000000), INT64CONST(10000000000000), INT64CONST(100000000000000)
	};
	int			first = parts->weight * NUMERIC_BASE_POWER + scale;
	int			last = first - (parts->digitCount - 1) * NUMERIC_BASE_POWER;
	int64		sum = 0;

	if (parts->digitCount == 0)
		last = 0;
	if (last < 0 || first > SMALL_DIGITS - NUMERIC_BASE_POWER)
		return false;
	for (int i = 0; i < parts->digitCount; i++)
		sum = sum * NUMERIC_BASE + StoredWord(parts->digits + i * sizeof(uint16));
	sum *= powers[last];
	*value = parts->negative ? -sum : sum;
	return true;
}

static bool
ReadFixed(const StoredNumeric *parts, int scale, int128 *value)
{
	int128		sum = 0;

	if (ReadSmall(parts, scale, value))
		return true;
	for (int i = 0; i < parts->digitCount; i++)
	{
		if (!AddDigit(&sum, StoredWord(parts->digits + i * sizeof(uint16)), (parts->weight - i) * NUMERIC_BASE_POWER + scale))
			return false;
	}
	*value = parts->negative ? -sum : sum;
	return true;
}

bool
FindFixed(Datum numeric, int scale, int128 *value)
{
	struct varlena *stored = (struct varlena *) DatumGetPointer(numeric);
	StoredNumeric parts;
	bool		exact;

	/* Most numbers stand in their row as they are. */
	if (VARATT_IS_SHORT(stored) && !VARATT_IS_EXTERNAL(stored))
		return ReadStored(stored, &parts) && ReadFixed(&parts, scale, value);
	stored = PG_DETOAST_DATUM_PACKED(numeric);
	exact = ReadStored(stored, &parts) && ReadFixed(&parts, scale, value);
	if ((Pointer) stored != DatumGetPointer(numeric))
		pfree(stored);
	return exact;
}

int128
NumericToFixed(Datum numeric, int scale)
{
	int128		value;

	if (!FindFixed(numeric, scale, &value))
		ReportNotFixed(numeric, scale);
	return value;
}

/* The base-10000 digit of a power, 0 where none is stored. */
static inline int
StoredDigit(const StoredNumeric *parts, int power)
{
	int			i = parts->weight - power;

	return i < 0 || i >= parts->digitCount ? 0 : StoredWord(parts->digits + i * sizeof(uint16));
}

static inline char *
WriteGroup(char *end, int digit)
{
	for (int i = NUMERIC_BASE_POWER - 1; i >= 0; i--, digit /= 10)
		end[i] = (char) ('0' + digit % 10);
	return end + NUMERIC_BASE_POWER;
}

/* The whole part without zeros before it, at least one digit. */
static char *
WriteWhole(char *end, const StoredNumeric *parts)
{
	char	   *start = end;
	char	   *first;

	for (int power = Max(parts->weight, 0); power >= 0; power--)
		end = WriteGroup(end, StoredDigit(parts, power));
	for (first = start; first < end - 1 && *first == '0'; first++)
		 /* counts zeros */ ;
	memmove(start, first, end - first);
	return end - (first - start);
}

/* The point and what follows it, without zeros at the end; nothing if it is whole. */
static char *
WriteFraction(char *end, const StoredNumeric *parts)
{
	int			lowest = parts->weight - parts->digitCount + 1;

	if (lowest >= 0)
		return end;
	*end++ = '.';
	for (int power = -1; power >= lowest; power--)
		end = WriteGroup(end, StoredDigit(parts, power));
	while (end[-1] == '0')
		end--;
	return end;
}

int
FormatNumeric(Datum numeric, char *text)
{
	struct varlena *stored = PG_DETOAST_DATUM_PACKED(numeric);
	StoredNumeric parts;
	char	   *end = text;

	if (!ReadStored(stored, &parts) || parts.weight > TEXT_POWER_MAX || parts.weight - parts.digitCount + 1 < TEXT_POWER_MIN)
		return 0;
	if (parts.negative && parts.digitCount > 0)
		*end++ = '-';
	end = WriteFraction(WriteWhole(end, &parts), &parts);
	*end = '\0';
	if ((Pointer) stored != DatumGetPointer(numeric))
		pfree(stored);
	return (int) (end - text);
}

/* Writes the value in wire format, least digit first from the end; returns the bytes used. */
static int
WriteWire(int128 value, int scale, uint8 *buffer)
{
	uint128		magnitude = value < 0 ? (uint128) 0 - (uint128) value : (uint128) value;
	int			padding = (NUMERIC_BASE_POWER - scale % NUMERIC_BASE_POWER) % NUMERIC_BASE_POWER;
	uint16		words[WIRE_WORDS_MAX];
	int			digitCount = 0;
	int			fractionDigits = (scale + padding) / NUMERIC_BASE_POWER;
	uint16		header[WIRE_HEADER_WORDS];

	/* The last digit holds what is left of a group of four after the point. */
	if (padding > 0)
	{
		int			divisor = (int) PowerOfTen(NUMERIC_BASE_POWER - padding);

		words[digitCount++] = (uint16) ((int) (magnitude % divisor) * (int) PowerOfTen(padding));
		magnitude /= divisor;
	}
	for (; magnitude != 0; magnitude /= NUMERIC_BASE)
		words[digitCount++] = (uint16) (magnitude % NUMERIC_BASE);

	header[0] = (uint16) digitCount;
	header[1] = (uint16) (digitCount - fractionDigits - 1);
	header[2] = value < 0 ? WIRE_NEGATIVE : WIRE_POSITIVE;
	header[3] = (uint16) scale;
	for (int i = 0; i < WIRE_HEADER_WORDS + digitCount; i++)
	{
		uint16		word = i < WIRE_HEADER_WORDS ? header[i] : words[digitCount - 1 - (i - WIRE_HEADER_WORDS)];

		buffer[2 * i] = (uint8) (word >> 8);
		buffer[2 * i + 1] = (uint8) word;
	}
	return 2 * (WIRE_HEADER_WORDS + digitCount);
}

Datum
FixedToNumeric(int128 value, int scale)
{
	uint8		bytes[2 * (WIRE_HEADER_WORDS + WIRE_WORDS_MAX)];
	StringInfoData wire = {0};

	if (value == (int64) value)
		return NumericGetDatum(int64_div_fast_to_numeric((int64) value, scale));

	wire.data = (char *) bytes;
	wire.len = WriteWire(value, scale, bytes);
	wire.maxlen = sizeof(bytes);
	return DirectFunctionCall3(numeric_recv, PointerGetDatum(&wire), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

static void
ReportOutOfRange(int128 value, int scale, int digits, const char *what)
{
	char		valueText[FIXED_TEXT_MAX];
	char		limitText[FIXED_TEXT_MAX];

	FormatFixed(value, scale, valueText);
	FormatFixed(PowerOfTen(digits) - 1, scale, limitText);
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s is out of range", what),
			 errdetail("The value is %s; the limit is %s on either side of zero.", valueText, limitText),
			 errhint("Split the document, or mend the value.")));
	pg_unreachable();
}

int128
CheckAmount(int128 value, const char *what)
{
	if (!AmountFits(value))
		ReportOutOfRange(value, AMOUNT_SCALE, AMOUNT_DIGITS, what);
	return value;
}

int128
CheckQuantity(int128 value, const char *what)
{
	if (!QuantityFits(value))
		ReportOutOfRange(value, QUANTITY_SCALE, QUANTITY_DIGITS, what);
	return value;
}
