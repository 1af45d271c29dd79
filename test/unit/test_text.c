/* ParseFixed and FormatFixed against worked examples and texts of known value. */
#include "tap.h"

#define CASES 200000
#define TEXT_MAX 300

typedef struct ParseExample
{
	const char *text;
	int			scale;
	int			digits;
	FixedStatus status;
	int64		value;
} ParseExample;

static const ParseExample examples[] = {
	{"0", 4, 19, FIXED_OK, 0},
	{"-0", 4, 19, FIXED_OK, 0},
	{"-0.000", 2, 19, FIXED_OK, 0},
	{"12.34", 4, 19, FIXED_OK, 123400},
	{"-12.34", 4, 19, FIXED_OK, -123400},
	{"+12.34", 4, 19, FIXED_OK, 123400},
	{".5", 4, 19, FIXED_OK, 5000},
	{"5.", 4, 19, FIXED_OK, 50000},
	{"1e3", 4, 19, FIXED_OK, 10000000},
	{"1E+3", 4, 19, FIXED_OK, 10000000},
	{"1500e-3", 4, 19, FIXED_OK, 15000},
	{"0.00012e4", 4, 19, FIXED_OK, 12000},
	{"1.23450000000000000000000000000000000000000000000000", 4, 19, FIXED_OK, 12345},
	{"00000000000000000000000000000000000000000000000001", 4, 19, FIXED_OK, 10000},
	{"0e999999999999999999999999", 4, 19, FIXED_OK, 0},
	{"0.0e-999999999999999999999999", 4, 19, FIXED_OK, 0},
	{"999999999999.999999", 6, 18, FIXED_OK, INT64CONST(999999999999999999)},
	{"-9999999999.99999999", 8, 18, FIXED_OK, -INT64CONST(999999999999999999)},
	{"", 4, 19, FIXED_SYNTAX, 0},
	{" ", 4, 19, FIXED_SYNTAX, 0},
	{" 1", 4, 19, FIXED_SYNTAX, 0},
	{"1 ", 4, 19, FIXED_SYNTAX, 0},
	{"-", 4, 19, FIXED_SYNTAX, 0},
	{".", 4, 19, FIXED_SYNTAX, 0},
	{"-.", 4, 19, FIXED_SYNTAX, 0},
	{"--1", 4, 19, FIXED_SYNTAX, 0},
	{"1-", 4, 19, FIXED_SYNTAX, 0},
	{"1.2.3", 4, 19, FIXED_SYNTAX, 0},
	{"1,5", 4, 19, FIXED_SYNTAX, 0},
	{"1e", 4, 19, FIXED_SYNTAX, 0},
	{"1e+", 4, 19, FIXED_SYNTAX, 0},
	{"e5", 4, 19, FIXED_SYNTAX, 0},
	{"1e5.0", 4, 19, FIXED_SYNTAX, 0},
	{"NaN", 4, 19, FIXED_SYNTAX, 0},
	{"Infinity", 4, 19, FIXED_SYNTAX, 0},
	{"-inf", 4, 19, FIXED_SYNTAX, 0},
	{"0x10", 4, 19, FIXED_SYNTAX, 0},
	{"\xef\xbc\x91", 4, 19, FIXED_SYNTAX, 0},	/* FULLWIDTH DIGIT ONE */
	{"1.23456", 4, 19, FIXED_TOO_PRECISE, 0},
	{"0.00001", 4, 19, FIXED_TOO_PRECISE, 0},
	{"1e-5", 4, 19, FIXED_TOO_PRECISE, 0},
	{"1e-999999999999", 4, 19, FIXED_TOO_PRECISE, 0},
	{"1000000000000000", 4, 19, FIXED_OUT_OF_RANGE, 0},
	{"-1000000000000000", 4, 19, FIXED_OUT_OF_RANGE, 0},
	{"1e15", 4, 19, FIXED_OUT_OF_RANGE, 0},
	{"1e999999999999", 4, 19, FIXED_OUT_OF_RANGE, 0},
	{"1e99999999999999999999999999999999999999", 4, 19, FIXED_OUT_OF_RANGE, 0},
	{"12345678901234567890123456789012345678901234567890", 4, 19, FIXED_OUT_OF_RANGE, 0},
	{"1000000000000", 6, 18, FIXED_OUT_OF_RANGE, 0},
	{"10", 2, 3, FIXED_OUT_OF_RANGE, 0}
};

static void
CheckExamples(void)
{
	for (int i = 0; i < (int) lengthof(examples); i++)
	{
		const ParseExample *e = &examples[i];
		int128		value = 0;
		FixedStatus status = ParseFixed(e->text, (int) strlen(e->text), e->scale, e->digits, &value);

		Ok(status == e->status && value == e->value, "\"%s\" as numeric(%d,%d): status %d, %s",
		   e->text, e->digits, e->scale, e->status, Show(e->value));
	}
}

static void
CheckFormat(int128 value, int scale, const char *expected)
{
	char		text[FIXED_TEXT_MAX];
	int			length = FormatFixed(value, scale, text);

	Ok(strcmp(text, expected) == 0 && length == (int) strlen(expected), "%s at scale %d is \"%s\"", Show(value), scale, expected);
}

static void
CheckFormats(void)
{
	CheckFormat(0, 4, "0");
	CheckFormat(123400, 4, "12.34");
	CheckFormat(-123400, 4, "-12.34");
	CheckFormat(10000, 4, "1");
	CheckFormat(1, 4, "0.0001");
	CheckFormat(-1, 10, "-0.0000000001");
	CheckFormat(100, 0, "100");
	CheckFormat(1, 38, "0.00000000000000000000000000000000000001");
	CheckFormat((int128) ((uint128) 1 << 127), 0, "-170141183460469231731687303715884105728");
	CheckFormat((int128) ((uint128) 1 << 127), 38, "-1.70141183460469231731687303715884105728");
}

/* Canonical text reads back as the value it was written from, and equal values have equal texts at every scale. */
static void
CheckRoundTrip(void)
{
	BeginProperty("the text of a value reads back as the value");
	for (int i = 0; i < CASES; i++)
	{
		int			scale = RandomInt(0, 20);
		int128		value = RandomDigits(FIXED_MAX_POWER);
		int128		back = 0;
		char		text[FIXED_TEXT_MAX];
		int			length = FormatFixed(value, scale, text);

		CountCase();
		if (ParseFixed(text, length, scale, FIXED_MAX_POWER, &back) != FIXED_OK || back != value)
			FailCase("%s at scale %d: \"%s\" reads back as %s", Show(value), scale, text, Show(back));
		if (strchr(text, '.') != NULL && text[length - 1] == '0')
			FailCase("\"%s\" ends in a zero", text);
	}
	EndProperty();
}

static char *
AppendZeros(char *p, int count)
{
	memset(p, '0', count);
	return p + count;
}

/* Writes value / 10^fraction with `moved` more places to the right of the point and an exponent to make up for it. */
static int
WriteOddly(char *text, int128 value, int fraction, int moved)
{
	char	   *p = text;
	const char *digits = Show(value < 0 ? -value : value);
	int			length = (int) strlen(digits);
	int			places = fraction + moved;

	if (value < 0 || RandomInt(0, 3) == 0)
		*p++ = value < 0 ? '-' : '+';
	p = AppendZeros(p, RandomInt(0, 3));
	if (places > 0)
	{
		int			leading = Max(places - length, 0);

		memcpy(p, digits, Max(length - places, 0));
		p += Max(length - places, 0);
		*p++ = '.';
		p = AppendZeros(p, leading);
		memcpy(p, digits + Max(length - places, 0), length - Max(length - places, 0));
		p += length - Max(length - places, 0);
		p = AppendZeros(p, RandomInt(0, 40));
	}
	else
	{
		memcpy(p, digits, length);
		p = AppendZeros(p + length, -places);
	}
	if (moved != 0)
		p += sprintf(p, "%c%s%d", RandomInt(0, 1) == 0 ? 'e' : 'E', moved > 0 && RandomInt(0, 1) == 0 ? "+" : "", moved);
	return (int) (p - text);
}

/* However a value is written, it reads as that value, and as too great exactly if it has more digits than the type. */
static void
CheckSpellings(void)
{
	BeginProperty("every spelling of a value reads as the value");
	for (int i = 0; i < CASES; i++)
	{
		int			scale = RandomInt(0, 10);
		int			digits = RandomInt(scale + 1, 19);
		int128		value = RandomDigits(22);
		int128		limit = PowerOfTen(digits);
		char		text[TEXT_MAX];
		int			length = WriteOddly(text, value, scale, RandomInt(-30, 30));
		int128		got = value;
		FixedStatus status = ParseFixed(text, length, scale, digits, &got);
		FixedStatus expected = value < limit && value > -limit ? FIXED_OK : FIXED_OUT_OF_RANGE;

		CountCase();
		if (status != expected || got != value)
			FailCase("\"%.*s\" as numeric(%d,%d): status %d, %s", length, text, digits, scale, status, Show(got));
	}
	EndProperty();
}

/* One digit beyond the scale that is not zero is told, never rounded away. */
static void
CheckTooPrecise(void)
{
	BeginProperty("a digit beyond the scale is refused");
	for (int i = 0; i < CASES; i++)
	{
		int			scale = RandomInt(0, 10);
		int128		value = RandomDigits(17);
		char		text[TEXT_MAX];
		int			length;
		int128		got = 0;

		value = value - value % 10 + (value < 0 ? -1 : 1) * RandomInt(1, 9);
		length = WriteOddly(text, value, scale + 1, RandomInt(-30, 30));
		CountCase();
		if (ParseFixed(text, length, scale, 19, &got) != FIXED_TOO_PRECISE)
			FailCase("\"%.*s\" at scale %d", length, text, scale);
	}
	EndProperty();
}

/* A megabyte of digits takes time that is linear in it. */
static void
CheckLongText(void)
{
	int			length = 1000000;
	char	   *text = palloc(length);
	int128		value = 0;

	memset(text, '0', length);
	text[length - 1] = '7';
	Ok(ParseFixed(text, length, 4, 19, &value) == FIXED_OK && value == 70000, "a million digits, all zeros but the last, are 7");
	text[1] = '.';
	Ok(ParseFixed(text, length, 4, 19, &value) == FIXED_TOO_PRECISE, "a 7 a million places after the point is too precise");
	text[0] = '1';
	text[1] = '0';
	Ok(ParseFixed(text, length, 4, 19, &value) == FIXED_OUT_OF_RANGE, "10^1000000 is out of range");
}

int
main(void)
{
	CheckExamples();
	CheckFormats();
	CheckRoundTrip();
	CheckSpellings();
	CheckTooPrecise();
	CheckLongText();
	return Finish();
}
