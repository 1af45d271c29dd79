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

/* Only what goes out is taken from what is reserved; what customers get that is no goods is ordered, too. */
static bool
MayServe(const DocumentLine *line)
{
	return line->role->direction == STOCK_OUT || (line->role->direction == STOCK_NONE && line->document->kind->needsCustomer && !IsMoney(line));
}

/* A demand has a key, and its line is one that serves it. */
static void
CheckDemand(DocumentBatch *batch, DocumentLine *line)
{
	if (line->fields[LINE_DEMAND_KEY] == NULL && line->fields[LINE_DEMAND_LINE] != NULL)
		ReportProblem(batch, line->document, line, "demand.key", NULL, ERRCODE_ERP_INVALID_FIELD, "a demand has a key");
	if (line->fields[LINE_DEMAND_KEY] != NULL && !MayServe(line))
		ReportProblem(batch, line->document, line, "demand", line->fields[LINE_DEMAND_KEY], ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a line of role %s serves no demand", line->role->name));
}

/* Reservations stay where they are unless the line that carries the goods says that they follow. */
static void
CheckFollowing(DocumentBatch *batch, DocumentLine *line)
{
	const char *text = line->fields[LINE_RESERVATIONS];

	if (text == NULL)
		return;
	if (!line->role->carries)
		ReportProblem(batch, line->document, line, "reservations", text, ERRCODE_ERP_INVALID_FIELD,
					  psprintf("a line of role %s carries no goods from place to place", line->role->name));
	else if (strcmp(text, "follow") != 0)
		ReportProblem(batch, line->document, line, "reservations", text, ERRCODE_ERP_INVALID_FIELD, "\"follow\" is expected");
	else if (line->fields[LINE_DEMAND_KEY] != NULL)
		ReportProblem(batch, line->document, line, "reservations", text, ERRCODE_ERP_INVALID_FIELD,
					  "those of the demand that the line names follow anyway, and no others");
}

void
CheckReferences(DocumentBatch *batch, DocumentLine *line)
{
	line->originLineNo = CheckLineNumber(batch, line, LINE_ORIGIN_LINE);
	line->demandLineNo = CheckLineNumber(batch, line, LINE_DEMAND_LINE);
	CheckDemand(batch, line);
	CheckFollowing(batch, line);
}
