#include "core/json_in.h"

/* A number is written without an exponent if that takes no more digits. */
#define PLAIN_DIGITS_MAX 40

/* Exponents saturate here: farther than zeros in any text can make up for. */
#define EXPONENT_SATURATION (INT64CONST(1) << 40)

static int64
ReadExponent(const char *p, const char *end)
{
	bool		negative = p < end && *p == '-';
	int64		value = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (; p < end; p++)
		value = Min(value * 10 + (*p - '0'), EXPONENT_SATURATION);
	return negative ? -value : value;
}

/* Where the mantissa ends: at an e or at the end. */
static const char *
MantissaEnd(const char *p, const char *end)
{
	while (p < end && *p != 'e' && *p != 'E')
		p++;
	return p;
}

JsonNumber
JsonNumberParts(const char *text, int length)
{
	const char *end = text + length;
	const char *mantissaEnd = MantissaEnd(text, end);
	const char *point = memchr(text, '.', mantissaEnd - text);
	JsonNumber	number = {.negative = text[0] == '-', .start = text, .end = mantissaEnd};
	const char *unitsEnd = point != NULL ? point : mantissaEnd;

	while (number.start < mantissaEnd && strchr("-0.", *number.start) != NULL)
		number.start++;
	while (number.end > number.start && strchr("0.", number.end[-1]) != NULL)
		number.end--;
	if (number.start == number.end)
		return (JsonNumber) {.start = text, .end = text};

	number.digitCount = (int) (number.end - number.start);
	if (point != NULL && point > number.start && point < number.end)
		number.digitCount--;

	/* The last digit's own power of ten, then the written exponent. */
	number.exponent = number.end <= unitsEnd ? unitsEnd - number.end : unitsEnd + 1 - number.end;
	if (mantissaEnd < end)
		number.exponent += ReadExponent(mantissaEnd + 1, end);
	return number;
}

static void
AppendZeros(StringInfo out, int64 count)
{
	ErpAssert(count <= PLAIN_DIGITS_MAX);
	while (count-- > 0)
		appendStringInfoChar(out, '0');
}

/* Appends the digits [from, to) of the number, counted without its point. */
static void
AppendDigits(StringInfo out, const JsonNumber *number, int64 from, int64 to)
{
	int64		place = 0;

	for (const char *p = number->start; p < number->end && place < to; p++)
	{
		if (*p == '.')
			continue;
		if (place >= from)
			appendStringInfoChar(out, *p);
		place++;
	}
}

/* Without an exponent; whole digits, then the rest after a point. */
static void
AppendPlainNumber(StringInfo out, const JsonNumber *number)
{
	int64		wholeDigits = number->digitCount + number->exponent;

	if (wholeDigits <= 0)
	{
		appendStringInfoString(out, "0.");
		AppendZeros(out, -wholeDigits);
		AppendDigits(out, number, 0, number->digitCount);
		return;
	}
	AppendDigits(out, number, 0, wholeDigits);
	AppendZeros(out, number->exponent);
	if (number->exponent < 0)
	{
		appendStringInfoChar(out, '.');
		AppendDigits(out, number, wholeDigits, number->digitCount);
	}
}

/* Depends on the number's value alone: digits without zeros at either end and their exponent are unique. */
static void
AppendNumber(StringInfo out, const JsonNode *node)
{
	JsonNumber	number = JsonNumberParts(node->text, node->length);

	if (number.digitCount == 0)
	{
		appendStringInfoChar(out, '0');
		return;
	}
	if (number.negative)
		appendStringInfoChar(out, '-');
	if (number.digitCount + number.exponent <= PLAIN_DIGITS_MAX && number.exponent >= -PLAIN_DIGITS_MAX)
	{
		AppendPlainNumber(out, &number);
		return;
	}
	AppendDigits(out, &number, 0, number.digitCount);
	appendStringInfo(out, "e%d", (int) number.exponent);
}

/* Control characters, quote and backslash escaped in one way each; all else as it is. */
static void
AppendString(StringInfo out, const char *text)
{
	appendStringInfoChar(out, '"');
	for (const char *p = text; *p != '\0'; p++)
	{
		if (*p == '"' || *p == '\\')
		{
			appendStringInfoChar(out, '\\');
			appendStringInfoChar(out, *p);
		}
		else if ((unsigned char) *p < ' ')
			appendStringInfo(out, "\\u%04x", (unsigned char) *p);
		else
			appendStringInfoChar(out, *p);
	}
	appendStringInfoChar(out, '"');
}

static void
AppendArray(StringInfo out, const JsonNode *node)
{
	appendStringInfoChar(out, '[');
	for (const JsonNode *element = node->first; element != NULL; element = element->next)
	{
		if (element != node->first)
			appendStringInfoChar(out, ',');
		JsonCanonical(element, out);
	}
	appendStringInfoChar(out, ']');
}

static void
AppendObject(StringInfo out, const JsonNode *node)
{
	const JsonNode **members = JsonSortedMembers(node);

	appendStringInfoChar(out, '{');
	for (int i = 0; i < node->count; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		AppendString(out, members[i]->name);
		appendStringInfoChar(out, ':');
		JsonCanonical(members[i], out);
	}
	appendStringInfoChar(out, '}');
	pfree(members);
}

/* Recurses no deeper than JSON_DEPTH_MAX, which holds for every tree. */
void
JsonCanonical(const JsonNode *node, StringInfo out)
{
	ErpCheckInterrupts();
	switch (node->kind)
	{
		case JSON_NULL_VALUE:
			appendStringInfoString(out, "null");
			break;
		case JSON_BOOLEAN:
			appendStringInfoString(out, node->boolean ? "true" : "false");
			break;
		case JSON_NUMBER_TEXT:
			AppendNumber(out, node);
			break;
		case JSON_STRING:
			AppendString(out, node->text);
			break;
		case JSON_ARRAY:
			AppendArray(out, node);
			break;
		case JSON_OBJECT:
			AppendObject(out, node);
			break;
	}
}
