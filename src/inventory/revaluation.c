/*
 * Revaluation: goods leave at what they cost and come in at once, at the same
 * place, at their new value. What is issued later is costed by that; what of
 * their old cost is learned later goes to the account of the revaluation.
 */
#include "postgres.h"

#include "inventory/inventory.h"

#define ROLE_FROM "revalued_from"
#define ROLE_TO "revalued_to"

static bool
IsRevaluation(const DocumentKindInfo *kind)
{
	return kind != NULL && kind->roleCount > 0 && strcmp(kind->roles[0]->name, ROLE_FROM) == 0;
}

/* One line of the request becomes two: out at cost, in at the value that it gives. */
static void
PairLine(const DocumentLine *line, DocumentLine *pair)
{
	pair[0] = *line;
	pair[0].lineNo = 2 * line->lineNo - 1;
	pair[0].fields[LINE_ROLE] = ROLE_FROM;
	pair[0].fields[LINE_COST] = NULL;
	pair[1] = *line;
	pair[1].lineNo = 2 * line->lineNo;
	pair[1].fields[LINE_ROLE] = ROLE_TO;
}

static void
PairLines(DocumentBatch *batch, Document *document)
{
	DocumentLine *lines = palloc_extended(sizeof(DocumentLine) * 2 * (Size) Max(document->lineCount, 1), MCXT_ALLOC_HUGE);

	for (int i = 0; i < document->lineCount; i++)
	{
		DocumentLine *line = &document->lines[i];

		if (line->fields[LINE_ROLE] != NULL)
			ReportProblem(batch, document, line, "role", line->fields[LINE_ROLE], ERRCODE_ERP_INVALID_FIELD,
						  "a line of a revaluation has no role: it says what, how much, and its new value as cost");
		PairLine(line, &lines[2 * i]);
	}
	document->lines = lines;
	document->lineCount *= 2;
}

void
PairRevaluedLines(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (!document->bad && !document->repeated && IsRevaluation(document->kind))
			PairLines(batch, document);
	}
}
