/*
 * The canonical form of a request: every field that was entered, in the order
 * of the field lists, numbers by value, dimensions as canonical JSON. A field
 * is written as number:length:text, so that no two requests share a form.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "core/document.h"
#include "core/hash.h"

/* A number in its shortest form; text that is no number stays as it is. */
static const char *
CanonicalNumber(const char *text, char *buffer)
{
	int128		value;

	if (ParseFixed(text, (int) strlen(text), RATE_SCALE, FIXED_MAX_POWER, &value) != FIXED_OK)
		return text;
	FormatFixed(value, RATE_SCALE, buffer);
	return buffer;
}

static void
AppendNumber(StringInfo form, int number)
{
	char		digits[12];

	appendBinaryStringInfo(form, digits, pg_ltoa(number, digits));
	appendStringInfoChar(form, ':');
}

static void
AppendField(StringInfo form, int number, const char *text, bool isNumber)
{
	char		buffer[FIXED_TEXT_MAX];
	int			length;

	if (text == NULL)
		return;
	if (isNumber)
		text = CanonicalNumber(text, buffer);
	length = (int) strlen(text);
	AppendNumber(form, number);
	AppendNumber(form, length);
	appendBinaryStringInfo(form, text, length);
}

static bool
IsNumberLineField(int field)
{
	return field == LINE_QUANTITY || field == LINE_SECOND_QUANTITY || field == LINE_PRICE || field == LINE_AMOUNT ||
		field == LINE_COST || field == LINE_SHARE || field == LINE_ORIGIN_LINE || field == LINE_DEMAND_LINE ||
		field == LINE_DISCOUNT || field == LINE_DISCOUNT_PERCENT;
}

static bool
IsNumberHeaderField(int field)
{
	return field == HEADER_RATE || field == HEADER_DISCOUNT || field == HEADER_DISCOUNT_PERCENT || field == HEADER_CASH_ROUNDING;
}

static void
AppendLine(StringInfo form, const DocumentLine *line)
{
	appendStringInfoChar(form, '/');
	for (int i = 0; i < LINE_FIELD_COUNT; i++)
		AppendField(form, i, line->fields[i], IsNumberLineField(i));
	if (line->dimensions != NULL)
		JsonCanonical(line->dimensions, form);
	if (line->receipts != NULL)
	{
		appendStringInfoString(form, "/receipts");
		JsonCanonical(line->receipts, form);
	}
	if (line->lotDays != NULL)
	{
		appendStringInfoString(form, "/lot_days");
		JsonCanonical(line->lotDays, form);
	}
}

void
HashDocument(Document *document)
{
	StringInfoData form;

	initStringInfo(&form);
	for (int i = 0; i < HEADER_FIELD_COUNT; i++)
		AppendField(&form, i, document->fields[i], IsNumberHeaderField(i));
	for (int i = 0; i < document->lineCount; i++)
		AppendLine(&form, &document->lines[i]);
	if (document->consumes != NULL)
	{
		appendStringInfoString(&form, "/consumes");
		JsonCanonical(document->consumes, &form);
	}
	if (document->settles != NULL)
	{
		appendStringInfoString(&form, "/settles");
		JsonCanonical(document->settles, &form);
	}
	HashText(form.data, form.len, document->hash);
	pfree(form.data);
}
