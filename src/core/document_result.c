#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "core/document.h"

static void
AppendId(StringInfo text, const char *name, int64 id)
{
	appendStringInfo(text, "\"%s\": ", name);
	if (id == 0)
		appendStringInfoString(text, "null");
	else
		appendStringInfo(text, INT64_FORMAT, id);
}

static void
AppendResult(StringInfo text, const Document *document)
{
	appendStringInfoChar(text, '{');
	AppendId(text, "document_id", document->documentId);
	appendStringInfoString(text, ", ");
	AppendId(text, "voucher_id", document->voucherId);
	appendStringInfoString(text, ", ");
	AppendId(text, "number", document->number);
	appendStringInfoChar(text, '}');
}

Datum
DocumentResult(DocumentBatch *batch, bool single)
{
	StringInfoData text;

	initStringInfo(&text);
	if (!single)
		appendStringInfoChar(&text, '[');
	for (int i = 0; i < batch->count; i++)
	{
		if (i > 0)
			appendStringInfoString(&text, ", ");
		AppendResult(&text, &batch->documents[i]);
	}
	if (!single)
		appendStringInfoChar(&text, ']');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data));
}
