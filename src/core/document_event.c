/*
 * What is told to the world outside: an event for each document of a kind that
 * has a topic, written with its header and so in the same transaction, before
 * the events of what follows from it; and one for a call that has a topic.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/async.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/timestamp.h"

#include "core/bulk_insert.h"
#include "core/document.h"
#include "core/json_push.h"
#include "core/plan_cache.h"

#define CHANNEL "erp_outbox"
/* Of a reversal, whatever the topic of what it takes back is. */
#define REVERSAL_TOPIC "document_reversed"

static const char *const outboxColumns[] = {"company_id", "event_id", "topic", "document_id", "payload", "recorded_at"};

static KeptPlan callPlan = {
	.query = "SELECT erp_private.tell_call($1, $2, e.call, e.topic, e.name_field, $4, $5) FROM erp_private.call_event e WHERE e.call = $3",
	.argumentCount = 5,
	.argumentTypes = {INT4OID, INT8OID, TEXTOID, JSONBOID, JSONBOID}
};

static void
PushMember(JsonbParseState **state, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	PushJsonText(state, WJB_KEY, name);
	PushJsonText(state, WJB_VALUE, value);
}

static Datum
EventPayload(const Document *document)
{
	JsonbParseState *state = NULL;

	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	PushMember(&state, "document", document->key);
	PushMember(&state, "kind", document->kind->name);
	PushMember(&state, "day", pstrdup(JsonEncodeDateTime(palloc(MAXDATELEN + 1), DateADTGetDatum(document->postingDay), DATEOID, NULL)));
	PushMember(&state, "party", document->fields[HEADER_PARTY]);
	if (document->total != 0)
	{
		PushMember(&state, "currency", document->currency->code);
		PushJsonFixed(&state, "total", document->total, AMOUNT_SCALE);
	}
	if (document->reversesDocumentId != 0)
		PushMember(&state, "reverses", document->fields[HEADER_REFERENCE]);
	if (document->settlesDocumentId != 0)
		PushJsonInteger(&state, "caused_by_document_id", document->settlesDocumentId);
	return PushedJson(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* Of a document that was just made: nothing for one of a kind that has no topic. */
static const char *
TopicOf(const Document *document)
{
	if (document->bad || document->repeated || document->documentId == 0 || *document->kind->eventTopic == '\0')
		return NULL;
	return document->reversesDocumentId != 0 ? REVERSAL_TOPIC : document->kind->eventTopic;
}

static void
WriteEvent(BulkInsert *bulk, int32 companyId, const Document *document, const char *topic)
{
	MemoryContext previous = MemoryContextSwitchTo(BulkInsertContext(bulk));
	Datum		values[lengthof(outboxColumns)] = {
		Int32GetDatum(companyId),
		Int64GetDatum(NextIdentity("outbox", "event_id")),
		CStringGetTextDatum(topic),
		Int64GetDatum(document->documentId),
		EventPayload(document),
		TimestampTzGetDatum(GetCurrentTransactionStartTimestamp())
	};

	BulkInsertRow(bulk, values, NULL);
	MemoryContextSwitchTo(previous);
	Async_Notify(CHANNEL, topic);
}

void
TellDocuments(const DocumentBatch *batch)
{
	BulkInsert *bulk = NULL;

	for (int i = 0; i < batch->count; i++)
	{
		const char *topic = TopicOf(&batch->documents[i]);

		if (topic == NULL)
			continue;
		if (bulk == NULL)
			bulk = BeginBulkInsert("erp", "outbox", outboxColumns, lengthof(outboxColumns));
		WriteEvent(bulk, batch->company->companyId, &batch->documents[i], topic);
	}
	if (bulk != NULL)
		EndBulkInsert(bulk);
}

void
TellCall(int32 companyId, int64 documentId, const char *call, Datum request, Datum result)
{
	Datum		values[] = {Int32GetDatum(companyId), Int64GetDatum(documentId), CStringGetTextDatum(call), request, result};

	(void) RunPlan(&callPlan, values, NULL);
}
