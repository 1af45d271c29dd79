#include "postgres.h"

#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "core/document.h"

/* 0 shows as null. */
static void
PushId(JsonbParseState **state, const char *name, int64 id)
{
	JsonbValue	key = {.type = jbvString};
	JsonbValue	value = {.type = jbvNull};

	key.val.string.val = unconstify(char *, name);
	key.val.string.len = (int) strlen(name);
	if (id != 0)
	{
		value.type = jbvNumeric;
		value.val.numeric = int64_to_numeric(id);
	}
	(void) pushJsonbValue(state, WJB_KEY, &key);
	(void) pushJsonbValue(state, WJB_VALUE, &value);
}

static JsonbValue *
PushResult(JsonbParseState **state, const Document *document)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushId(state, "document_id", document->documentId);
	PushId(state, "voucher_id", document->voucherId);
	PushId(state, "number", document->number);
	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

Datum
DocumentResult(DocumentBatch *batch, bool single)
{
	JsonbParseState *state = NULL;
	JsonbValue *result = NULL;

	if (!single)
		(void) pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < batch->count; i++)
		result = PushResult(&state, &batch->documents[i]);
	if (!single)
		result = pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	return JsonbPGetDatum(JsonbValueToJsonb(result));
}
