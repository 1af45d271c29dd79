#include "postgres.h"

#include "core/document.h"
#include "core/json_push.h"

static JsonbValue *
PushResult(JsonbParseState **state, const Document *document)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushJsonId(state, "document_id", document->documentId);
	PushJsonId(state, "voucher_id", document->voucherId);
	PushJsonId(state, "number", document->number);
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
	return PushedJson(result);
}
