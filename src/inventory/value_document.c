#include "postgres.h"

#include "utils/builtins.h"
#include "utils/date.h"

#include "core/call.h"
#include "core/company_call.h"
#include "inventory/value_document.h"

/* Calls that say what stock is worth: each makes one document of the engine's own, whose lines restate pools of cost. */

void
BeginValueCall(ValueCall *call, FunctionCallInfo fcinfo, const char *kind)
{
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	char	   *key = TextDatumGetCString(RequiredArgument(fcinfo, 1, "key"));
	Datum		request = RequiredArgument(fcinfo, 2, "request");

	memset(call, 0, sizeof(ValueCall));
	call->caller = CurrentMemoryContext;
	BeginEngine(&call->scope);
	PlanByIndexes();
	call->batch.company = OpenCompany(company);
	call->batch.documents = &call->document;
	call->batch.count = 1;
	if (*key == '\0' || strlen(key) > DOCUMENT_KEY_MAX || IsEngineKey(key))
		RaiseInvalidArgument("key", key, "must have 1 to 200 bytes and not begin with \"erp:\"");
	call->request = ParseJsonDatum(request);
	call->document.fields[HEADER_KEY] = key;
	call->document.fields[HEADER_KIND] = kind;
	call->document.key = key;
	call->document.kind = FindKind(kind);
	call->document.currency = call->batch.company->currency;
	call->document.rate = PowerOfTen(RATE_SCALE);
	call->document.reference = "";
	call->document.description = "";
}

const char *
RequestText(ValueCall *call, const JsonNode *object, const char *name)
{
	const JsonNode *node = object->kind == JSON_OBJECT ? JsonMember(object, name) : NULL;

	if (node == NULL || (node->kind != JSON_STRING && node->kind != JSON_NUMBER_TEXT))
		RaiseProblem(&call->batch, &call->document, NULL, name, NULL, ERRCODE_ERP_INVALID_FIELD,
					 psprintf("the request needs a text \"%s\"", name));
	return node->text;
}

void
SetValueDay(ValueCall *call, DateADT day, TimeADT timeOfDay)
{
	call->document.day = day;
	call->document.postingDay = day;
	call->document.rateDay = day;
	call->document.timeOfDay = timeOfDay;
}

bool
ValueCallIsNew(ValueCall *call)
{
	HashDocument(&call->document);
	FindRepeated(&call->batch);
	return !call->document.repeated;
}

void
AllocateValueLines(ValueCall *call, int count)
{
	call->document.lines = palloc0(sizeof(DocumentLine) * Max(count, 1));
}

DocumentLine *
AddValueLine(ValueCall *call, const char *role)
{
	DocumentLine *line = &call->document.lines[call->document.lineCount++];

	line->document = &call->document;
	line->lineNo = call->document.lineCount;
	line->role = FindRole(role);
	line->isStock = true;
	return line;
}

Datum
FinishValueCall(ValueCall *call)
{
	PostCheckedBatch(&call->batch);
	return FinishCall(&call->scope, call->caller, DocumentResult(&call->batch, true));
}
