#include "postgres.h"

#include "access/transam.h"
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/memutils.h"

#include "core/parsed_expression.h"

/* An expression as the catalogs store it, and what it reads as. */
typedef struct ParsedExpression
{
	char	   *text;
	Expr	   *expression;
	ExprState  *ready;			/* NULL: it calls functions that may be replaced */
	struct ParsedExpression *next;
} ParsedExpression;

static bool
IsReplaceable(Oid functionId, void *context)
{
	(void) context;
	return functionId >= FirstNormalObjectId;
}

bool
MayChange(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, CoerceToDomain) || check_functions_in_node(node, IsReplaceable, context))
		return true;
	return expression_tree_walker(node, MayChange, context);
}

static ParsedExpression *
ReadExpression(const char *text)
{
	ParsedExpression *entry = palloc0(sizeof(ParsedExpression));

	entry->text = pstrdup(text);
	entry->expression = stringToNode(text);
	if (!MayChange((Node *) entry->expression, NULL))
		entry->ready = ExecInitExpr(expression_planner(entry->expression), NULL);
	return entry;
}

ExprState *
ReadyExpression(const char *text, EState *executor, bool *lasts)
{
	static ParsedExpression *parsed = NULL;
	ParsedExpression *entry = parsed;

	while (entry != NULL && strcmp(entry->text, text) != 0)
		entry = entry->next;
	if (entry == NULL)
	{
		MemoryContext previous = MemoryContextSwitchTo(TopMemoryContext);

		entry = ReadExpression(text);
		entry->next = parsed;
		parsed = entry;
		MemoryContextSwitchTo(previous);
	}
	if (entry->ready != NULL)
		return entry->ready;
	*lasts = false;
	return ExecPrepareExpr(entry->expression, executor);
}
