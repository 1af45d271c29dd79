#include "postgres.h"

#include "utils/memutils.h"

#include "core/parsed_expression.h"

/* An expression as the catalogs store it, and what it reads as. */
typedef struct ParsedExpression
{
	char	   *text;
	Expr	   *expression;
	struct ParsedExpression *next;
} ParsedExpression;

Expr *
ParseExpression(const char *text)
{
	static ParsedExpression *parsed = NULL;
	ParsedExpression *entry = parsed;
	MemoryContext previous;

	while (entry != NULL && strcmp(entry->text, text) != 0)
		entry = entry->next;
	if (entry != NULL)
		return entry->expression;
	previous = MemoryContextSwitchTo(TopMemoryContext);
	entry = palloc(sizeof(ParsedExpression));
	entry->text = pstrdup(text);
	entry->expression = stringToNode(text);
	entry->next = parsed;
	parsed = entry;
	MemoryContextSwitchTo(previous);
	return entry->expression;
}
