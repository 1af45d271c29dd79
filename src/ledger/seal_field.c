/*
 * How a value is written into a content: by its type alone, whatever the
 * settings of the session. None of them is printed through a format but those
 * that are rare: fields are many.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "core/numeric_io.h"
#include "ledger/seal.h"

void
AppendEscaped(StringInfo content, const char *text, int length, const char *escaped)
{
	int			plain = 0;

	for (int i = 0; i < length; i++)
	{
		char		c = text[i];

		/* What is escaped comes up to the backslash: most letters need no closer look. */
		if (c > '\\' || strchr(escaped, c) == NULL)
			continue;
		AppendSealBytes(content, text + plain, i - plain);
		AppendSealBytes(content, "\\", 1);
		AppendSealBytes(content, c == '\t' ? "t" : c == '\n' ? "n" : c == '\r' ? "r" : &text[i], 1);
		plain = i + 1;
	}
	AppendSealBytes(content, text + plain, length - plain);
}

static void
AppendTerminated(StringInfo content, const char *text)
{
	AppendSealBytes(content, text, (int) strlen(text));
}

void
AppendSealNumber(StringInfo content, int64 value)
{
	char		digits[MAXINT8LEN + 2] = "\t";

	AppendSealBytes(content, digits, 1 + pg_lltoa(value, digits + 1));
}

/* YYYY-MM-DD, whatever DateStyle says. */
static void
AppendDay(StringInfo content, DateADT day)
{
	char		text[MAXDATELEN + 1] = "";
	struct pg_tm parts;

	if (DATE_NOT_FINITE(day))
		EncodeSpecialDate(day, text);
	else
	{
		j2date(day + POSTGRES_EPOCH_JDATE, &parts.tm_year, &parts.tm_mon, &parts.tm_mday);
		EncodeDateOnly(&parts, USE_ISO_DATES, text);
	}
	AppendTerminated(content, text);
}

/* HH:MM:SS, and the decimals of the second that are not zero. */
static void
AppendTimeOfDay(StringInfo content, TimeADT time)
{
	char		text[MAXDATELEN + 1] = "";
	struct pg_tm parts;
	fsec_t		fraction;

	time2tm(time, &parts, &fraction);
	EncodeTimeOnly(&parts, fraction, false, 0, USE_ISO_DATES, text);
	AppendTerminated(content, text);
}

/* YYYY-MM-DDTHH:MM:SS.ffffffZ, in UTC. */
static void
AppendMoment(StringInfo content, TimestampTz moment)
{
	struct pg_tm parts;
	fsec_t		fraction;

	if (timestamp2tm(moment, NULL, &parts, &fraction, NULL, NULL) != 0)
		AppendTerminated(content, timestamptz_to_str(moment));
	else
		appendStringInfo(content, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", parts.tm_year, parts.tm_mon, parts.tm_mday,
						 parts.tm_hour, parts.tm_min, parts.tm_sec, (int) fraction);
}

/* The shortest decimal text, or what the server writes for what is no number. */
static void
AppendDecimal(StringInfo content, Datum value)
{
	char		text[FIXED_TEXT_MAX];
	int			length = FormatNumeric(value, text);

	if (length > 0)
		AppendSealBytes(content, text, length);
	else
		AppendTerminated(content, DatumGetCString(DirectFunctionCall1(numeric_out, DirectFunctionCall1(numeric_trim_scale, value))));
}

/* In hexadecimal. */
static void
AppendBytes(StringInfo content, const bytea *bytes)
{
	int			length = VARSIZE_ANY_EXHDR(bytes);

	enlargeStringInfo(content, 2 * length);
	content->len += hex_encode(VARDATA_ANY(bytes), length, content->data + content->len);
	content->data[content->len] = '\0';
}

static void
AppendJson(StringInfo content, Jsonb *json)
{
	const char *text = JsonbToCString(NULL, &json->root, VARSIZE(json));

	AppendEscaped(content, text, (int) strlen(text), SEAL_ESCAPED);
}

static void
AppendText(StringInfo content, Datum value)
{
	const text *packed = DatumGetTextPP(value);

	AppendEscaped(content, VARDATA_ANY(packed), (int) VARSIZE_ANY_EXHDR(packed), SEAL_ESCAPED);
}

static void
AppendName(StringInfo content, const char *name)
{
	AppendEscaped(content, name, (int) strlen(name), SEAL_ESCAPED);
}

/* Whole numbers are most of the fields. */
static bool
AppendWhole(StringInfo content, Datum value, Oid type)
{
	if (type == INT4OID)
		AppendSealNumber(content, DatumGetInt32(value));
	else if (type == INT8OID)
		AppendSealNumber(content, DatumGetInt64(value));
	else if (type == INT2OID)
		AppendSealNumber(content, DatumGetInt16(value));
	else if (type == BOOLOID)
		AppendSealNumber(content, DatumGetBool(value) ? 1 : 0);
	else
		return false;
	return true;
}

void
AppendSealField(StringInfo content, Datum value, Oid type)
{
	if (AppendWhole(content, value, type))
		return;
	AppendSealBytes(content, "\t", 1);
	if (type == NUMERICOID)
		AppendDecimal(content, value);
	else if (type == TEXTOID)
		AppendText(content, value);
	else if (type == DATEOID)
		AppendDay(content, DatumGetDateADT(value));
	else if (type == TIMEOID)
		AppendTimeOfDay(content, DatumGetTimeADT(value));
	else if (type == TIMESTAMPTZOID)
		AppendMoment(content, DatumGetTimestampTz(value));
	else if (type == BYTEAOID)
		AppendBytes(content, DatumGetByteaPP(value));
	else if (type == NAMEOID)
		AppendName(content, NameStr(*DatumGetName(value)));
	else if (type == JSONBOID)
		AppendJson(content, DatumGetJsonbP(value));
	else
		elog(ERROR, "no form of a sealed field of type %u", type);
}
