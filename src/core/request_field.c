#include "postgres.h"

#include "catalog/pg_collation.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "regex/regex.h"
#include "utils/builtins.h"

#include "core/request.h"

PG_FUNCTION_INFO_V1(erp_is_day);

/* Types of fields. A "!" after the type says that the field must be given; JSON null counts as not given. */
struct FieldType
{
	const char *name;
	const char *jsonTypes;		/* between spaces */
	int			longest;		/* in characters; 0: any */
	const char *pattern;		/* NULL: any */
	const char *reason;
};

static const FieldType fieldTypes[] = {
	{"code", "string", 60, "^[^\\x01-\\x1f\\x7f]+$", "must be a text of 1 to 60 characters without control characters"},
	{"name", "string", 200, "^[^\\x01-\\x1f\\x7f]*$", "must be a text of at most 200 characters without control characters"},
	{"expression", "string", 500, "^[^\\x01-\\x1f\\x7f]*$", "must be a text of at most 500 characters without control characters"},
	{"ratio", "number string", 12, "^[1-9][0-9]{0,11}$", "must be a whole number above zero of at most 12 digits"},
	{"needed", "number string", 3, "^(all|any|[1-9][0-9]{0,2})$", "must be all, any or a whole number above zero of at most 3 digits"},
	{"integer", "number", 10, "^-?[0-9]{1,9}$", "must be a whole number of at most 9 digits"},
	{"decimal", "number string", 40, "^-?[0-9]{1,6}([.][0-9]{1,10})?$", "must be a number of at most 6 digits before and 10 after the point"},
	{"amount", "number string", 20, "^[0-9]{1,15}([.][0-9]{1,4})?$", "must be an amount of at most 15 digits before and 4 after the point"},
	{"signed amount", "number string", 21, "^-?[0-9]{1,15}([.][0-9]{1,4})?$", "must be an amount, with a sign or without, of at most 15 digits before and 4 after the point"},
	{"price", "number string", 19, "^[0-9]{1,10}([.][0-9]{1,8})?$", "must be a price of at most 10 digits before and 8 after the point"},
	{"signed price", "number string", 20, "^-?[0-9]{1,10}([.][0-9]{1,8})?$", "must be an amount of one unit, with a sign or without, of at most 10 digits before and 8 after the point"},
	{"percent", "number string", 11, "^-?[0-9]{1,5}([.][0-9]{1,4})?$", "must be a percentage, with a sign or without, of at most 5 digits before and 4 after the point"},
	{"quantity", "number string", 20, "^(?=[0-9.]*[1-9])[0-9]{1,12}([.][0-9]{1,6})?$", "must be a quantity above zero of at most 12 digits before and 6 after the point"},
	{"quantity or zero", "number string", 20, "^[0-9]{1,12}([.][0-9]{1,6})?$", "must be a quantity of at most 12 digits before and 6 after the point"},
	{"hash", "string", 64, "^[0-9a-f]{64}$", "must be a SHA-256 of 64 hexadecimal digits in small letters"},
	{"day", "string", 10, NULL, "must be a day of the calendar written YYYY-MM-DD"},
	{"key", "string", 200, "^.", "must be a text of 1 to 200 characters"},
	{"reason", "string", 500, "[^[:space:]]", "must be a text of 1 to 500 characters"},
	{"object", "object", 0, NULL, "must be an object"},
	{"scalar", "number string", 200, "^[^\\x01-\\x1f\\x7f]*$", "must be a number, or a text of at most 200 characters without control characters"},
	{"boolean", "boolean", 0, NULL, "must be true or false"},
	{"list", "array", 0, NULL, "must be an array"}
};

/* Digits from one on, all of them. */
static bool
ReadDigits(const char *text, int count, int *number)
{
	*number = 0;
	for (int i = 0; i < count; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return false;
		*number = *number * 10 + (text[i] - '0');
	}
	return true;
}

static int
DaysOfMonth(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && isLeap ? 29 : days[month - 1];
}

bool
IsDayText(const char *text, int length)
{
	int			year;
	int			month;
	int			day;

	if (length != 10 || text[4] != '-' || text[7] != '-' || !ReadDigits(text, 4, &year) ||
		!ReadDigits(text + 5, 2, &month) || !ReadDigits(text + 8, 2, &day))
		return false;
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= DaysOfMonth(year, month);
}

/* erp_private.is_day(text); of no text, false. */
Datum
erp_is_day(PG_FUNCTION_ARGS)
{
	text	   *value;

	if (PG_ARGISNULL(0))
		PG_RETURN_BOOL(false);
	value = PG_GETARG_TEXT_PP(0);
	PG_RETURN_BOOL(IsDayText(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)));
}

const FieldType *
FindFieldType(const char *name, int length)
{
	for (int i = 0; i < (int) lengthof(fieldTypes); i++)
	{
		if ((int) strlen(fieldTypes[i].name) == length && memcmp(fieldTypes[i].name, name, length) == 0)
			return &fieldTypes[i];
	}
	elog(ERROR, "there is no type of fields \"%.*s\"", length, name);
}

static const char *
JsonTypeOf(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			return "null";
		case jbvString:
			return "string";
		case jbvNumeric:
			return "number";
		case jbvBool:
			return "boolean";
		default:
			return JsonContainerIsObject(value->val.binary.data) ? "object" : "array";
	}
}

char *
JsonbText(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			return NULL;
		case jbvString:
			return pnstrdup(value->val.string.val, value->val.string.len);
		case jbvNumeric:
			return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
		case jbvBool:
			return pstrdup(value->val.boolean ? "true" : "false");
		default:
			return JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
	}
}

static bool
Matches(const char *text, int length, const char *pattern)
{
	return RE_compile_and_execute(cstring_to_text(pattern), unconstify(char *, text), length, REG_ADVANCED, DEFAULT_COLLATION_OID, 0, NULL);
}

bool
IsOfFieldType(const FieldType *type, const JsonbValue *value)
{
	const char *text;
	int			length;

	if (strstr(type->jsonTypes, JsonTypeOf(value)) == NULL)
		return false;
	if (type->longest == 0)
		return true;
	text = JsonbText(value);
	length = (int) strlen(text);
	if (pg_mbstrlen_with_len(text, length) > type->longest)
		return false;
	return type->pattern == NULL ? IsDayText(text, length) : Matches(text, length, type->pattern);
}

const char *
FieldTypeReason(const FieldType *type)
{
	return type->reason;
}
