#include "postgres.h"

#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "core/json_push.h"
#include "core/numeric_io.h"

void
PushJsonText(JsonbParseState **state, JsonbIteratorToken token, const char *text)
{
	JsonbValue	value = {.type = jbvString};

	value.val.string.val = unconstify(char *, text);
	value.val.string.len = (int) strlen(text);
	(void) pushJsonbValue(state, token, &value);
}

static void
PushNumeric(JsonbParseState **state, const char *name, Numeric number)
{
	JsonbValue	value = {.type = jbvNumeric, .val.numeric = number};

	PushJsonText(state, WJB_KEY, name);
	(void) pushJsonbValue(state, WJB_VALUE, &value);
}

void
PushJsonInteger(JsonbParseState **state, const char *name, int64 value)
{
	PushNumeric(state, name, int64_to_numeric(value));
}

void
PushJsonId(JsonbParseState **state, const char *name, int64 id)
{
	JsonbValue	none = {.type = jbvNull};

	if (id != 0)
	{
		PushJsonInteger(state, name, id);
		return;
	}
	PushJsonText(state, WJB_KEY, name);
	(void) pushJsonbValue(state, WJB_VALUE, &none);
}

void
PushJsonFixed(JsonbParseState **state, const char *name, int128 value, int scale)
{
	PushNumeric(state, name, DatumGetNumeric(DirectFunctionCall1(numeric_trim_scale, FixedToNumeric(value, scale))));
}

Datum
PushedJson(JsonbValue *root)
{
	return JsonbPGetDatum(JsonbValueToJsonb(root));
}
