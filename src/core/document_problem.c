#include "postgres.h"

#include "core/document.h"

typedef struct ErrorText
{
	int			code;
	const char *cure;
} ErrorText;

#define ERROR_TEXT(symbol, a, b, c, d, e, name, meaning, cure) {ERRCODE_ERP_##symbol, cure},

static const ErrorText errorTexts[] = {
	ERP_ERROR_LIST(ERROR_TEXT)
};

const char *
ErrorCure(int errorCode)
{
	for (int i = 0; i < (int) lengthof(errorTexts); i++)
	{
		if (errorTexts[i].code == errorCode)
			return errorTexts[i].cure;
	}
	return "See the reference of errors.";
}

static void
ListProblem(DocumentBatch *batch, const DocumentProblem *problem)
{
	if (batch->problemCount == batch->problemCapacity)
	{
		batch->problemCapacity = Max(16, batch->problemCapacity * 2);
		if (batch->problems == NULL)
			batch->problems = palloc(sizeof(DocumentProblem) * batch->problemCapacity);
		else
			batch->problems = repalloc(batch->problems, sizeof(DocumentProblem) * batch->problemCapacity);
	}
	batch->problems[batch->problemCount++] = *problem;
}

/* Where the problem is, for DETAIL. */
static char *
ProblemPlace(const DocumentBatch *batch, const Document *document, const DocumentLine *line,
			 const char *field, const char *value)
{
	StringInfoData place;

	initStringInfo(&place);
	if (batch->count > 1)
		appendStringInfo(&place, "Document %d of %d", document->index + 1, batch->count);
	else
		appendStringInfoString(&place, "Document");
	if (document->key != NULL || document->fields[HEADER_KEY] != NULL)
		appendStringInfo(&place, " \"%s\"", document->key ? document->key : document->fields[HEADER_KEY]);
	if (line != NULL)
		appendStringInfo(&place, ", line %d", line->lineNo);
	if (field != NULL)
		appendStringInfo(&place, ", field \"%s\"", field);
	if (value != NULL)
		appendStringInfo(&place, ", value \"%.100s\"", value);
	appendStringInfoChar(&place, '.');
	return place.data;
}

void
RaiseProblem(DocumentBatch *batch, Document *document, DocumentLine *line,
			 const char *field, const char *value, int errorCode, const char *reason)
{
	ErpAssert(!batch->collecting);
	ereport(ERROR,
			(errcode(errorCode),
			 errmsg("%s", reason),
			 errdetail("%s", ProblemPlace(batch, document, line, field, value)),
			 errhint("%s", ErrorCure(errorCode))));
}

void
ReportProblem(DocumentBatch *batch, Document *document, DocumentLine *line,
			  const char *field, const char *value, int errorCode, const char *reason)
{
	DocumentProblem problem = {
		.stagedRow = line != NULL ? line->stagedRow : document->lineCount > 0 ? document->lines[0].stagedRow : 0,
		.documentKey = document->fields[HEADER_KEY],
		.field = field != NULL ? field : "",
		.value = value,
		.errorCode = errorCode,
		.reason = reason
	};

	if (!batch->collecting)
		RaiseProblem(batch, document, line, field, value, errorCode, reason);
	document->bad = true;
	ListProblem(batch, &problem);
}
