#include "postgres.h"

#include "core/document.h"

/* 0 if none is given. */
static int
CheckLineNumber(DocumentBatch *batch, DocumentLine *line, LineField field)
{
	const char *text = line->fields[field];
	int128		number;

	if (text == NULL)
		return 0;
	if (ParseFixed(text, (int) strlen(text), 0, 9, &number) == FIXED_OK && number > 0)
		return (int) number;
	ReportProblem(batch, line->document, line, LineFieldNames[field], text, ERRCODE_ERP_INVALID_FIELD,
				  "the number of a line, from 1, is expected");
	return 0;
}

/* Only what goes out is taken from what is reserved. */
static void
CheckDemand(DocumentBatch *batch, DocumentLine *line)
{
	if (line->fields[LINE_DEMAND_KEY] == NULL && line->fields[LINE_DEMAND_LINE] != NULL)
		ReportProblem(batch, line->document, line, "demand.key", NULL, ERRCODE_ERP_INVALID_FIELD, "a demand has a key");
	if (line->fields[LINE_DEMAND_KEY] != NULL && line->role->direction != STOCK_OUT)
		ReportProblem(batch, line->document, line, "demand", line->fields[LINE_DEMAND_KEY], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a line of role %s serves no demand", line->role->name));
}

void
CheckReferences(DocumentBatch *batch, DocumentLine *line)
{
	line->originLineNo = CheckLineNumber(batch, line, LINE_ORIGIN_LINE);
	line->demandLineNo = CheckLineNumber(batch, line, LINE_DEMAND_LINE);
	CheckDemand(batch, line);
}
