#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "ledger/posting.h"

/* What is wrong with the texts of a posting rule, before it is written. */

PG_FUNCTION_INFO_V1(erp_expression_problem);
PG_FUNCTION_INFO_V1(erp_summary_problem);
PG_FUNCTION_INFO_V1(erp_rule_attributes);

/* The scope of a rule of the line role and amount role that two arguments name. */
static unsigned
ScopeOfArguments(FunctionCallInfo fcinfo, int first)
{
	const char *lineRole = TextDatumGetCString(PG_GETARG_DATUM(first));
	const char *amountRole = TextDatumGetCString(PG_GETARG_DATUM(first + 1));

	return RuleScope(strcmp(lineRole, "document") != 0,
					 strcmp(amountRole, AmountRoleNames[AMOUNT_TAX]) == 0 ? AMOUNT_TAX : AMOUNT_AMOUNT);
}

/* expression_problem(expression, is_condition, line_role, amount_role) */
Datum
erp_expression_problem(PG_FUNCTION_ARGS)
{
	const char *expression = TextDatumGetCString(PG_GETARG_DATUM(0));
	bool		isCondition = PG_GETARG_BOOL(1);
	unsigned	scope = ScopeOfArguments(fcinfo, 2) | (isCondition ? 0 : SCOPE_ENTRY);
	ExpressionProblem problem;

	if (expression[0] == '\0' || ReadExpression(expression, isCondition ? EXPRESSION_TRUTH : EXPRESSION_NUMBER, scope, &problem) != NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(CStringGetTextDatum(psprintf("position %d: %s", problem.position, problem.message)));
}

/* Whether a name that a summary may have starts here; its length is put there. */
static bool
StartsName(const char *at, size_t *length)
{
	for (int i = 0; i < SUMMARY_NAME_COUNT; i++)
	{
		*length = strlen(SummaryNames[i]);
		if (strncmp(at, SummaryNames[i], *length) == 0)
			return true;
	}
	return false;
}

/* summary_problem(summary) */
Datum
erp_summary_problem(PG_FUNCTION_ARGS)
{
	int			position = 1;
	size_t		length;

	for (const char *at = TextDatumGetCString(PG_GETARG_DATUM(0)); *at != '\0'; at += length)
	{
		length = pg_mblen(at);
		if (*at == '}' || (*at == '{' && !StartsName(at, &length)))
			PG_RETURN_DATUM(CStringGetTextDatum(psprintf("position %d: no name that a summary knows stands in these brackets", position)));
		/* Names are ASCII: as many characters as bytes. */
		position += *at == '{' ? (int) length : 1;
	}
	PG_RETURN_NULL();
}

/* rule_attributes(line_role, amount_role) */
Datum
erp_rule_attributes(PG_FUNCTION_ARGS)
{
	unsigned	scope = ScopeOfArguments(fcinfo, 0);
	DatumArray	names = {0};

	for (int i = 0; i < EXPRESSION_ATTRIBUTE_COUNT; i++)
	{
		if (AttributeInScope((ExpressionAttribute) i, scope))
			AppendDatum(&names, CStringGetTextDatum(ExpressionAttributes[i]));
	}
	PG_RETURN_DATUM(DatumArrayValue(&names, TEXTOID));
}
