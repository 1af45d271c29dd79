/*
 * Documents whose lines have two sides. A revaluation: goods leave at what they
 * cost and come in at once, at the same place, at their new value; what is
 * issued later is costed by that, and what of their old cost is learned later
 * goes to the account of the revaluation. Goods of a party that become the
 * company's own: they leave what belongs to the party, without a value, and come
 * in at the amount of the line.
 */
#include "postgres.h"

#include "inventory/inventory.h"

/* One line of the request becomes two. What comes in has the value that it gives. */
static void
PairLine(const DocumentLine *line, DocumentLine *pair)
{
	const LineRoleInfo *const *sides = line->document->kind->roles;

	pair[0] = *line;
	pair[0].lineNo = 2 * line->lineNo - 1;
	pair[0].fields[LINE_ROLE] = sides[0]->name;
	pair[0].fields[LINE_COST] = NULL;
	pair[1] = *line;
	pair[1].lineNo = 2 * line->lineNo;
	pair[1].fields[LINE_ROLE] = sides[1]->name;
	if (!sides[0]->ofParty)
		return;
	pair[0].fields[LINE_PRICE] = NULL;
	pair[0].fields[LINE_AMOUNT] = NULL;
	pair[1].fields[LINE_OWNER] = NULL;
	pair[1].fields[LINE_ORIGIN_KEY] = NULL;
	pair[1].fields[LINE_ORIGIN_LINE] = NULL;
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
						  psprintf("a line of a %s has no role: it says what, how much, and what it is worth", document->kind->name));
		PairLine(line, &lines[2 * i]);
	}
	document->lines = lines;
	document->lineCount *= 2;
}

void
PairSides(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (!document->bad && !document->repeated && document->kind != NULL && document->kind->isTwoSided && document->kind->roleCount == 2)
			PairLines(batch, document);
	}
}
