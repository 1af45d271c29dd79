#include "ledger/expression.h"

/* Of one type; the others mean nothing. */
typedef struct Value
{
	Ratio		number;
	const char *text;
	bool		truth;
} Value;

/* What one step does to two numbers; the result takes the place of the first. */
static ExpressionOutcome
Calculate(ExpressionOperation operation, Ratio *a, Ratio b)
{
	bool		fits = true;

	switch (operation)
	{
		case STEP_ADD:
			fits = RatioAdd(*a, b, a);
			break;
		case STEP_SUBTRACT:
			fits = RatioSubtract(*a, b, a);
			break;
		case STEP_MULTIPLY:
			fits = RatioMultiply(*a, b, a);
			break;
		case STEP_DIVIDE:
			if (b.numerator == 0)
				return EXPRESSION_DIVISION_BY_ZERO;
			fits = RatioDivide(*a, b, a);
			break;
		case STEP_LESSER:
			*a = RatioCompare(b, *a) < 0 ? b : *a;
			break;
		default:
			*a = RatioCompare(b, *a) > 0 ? b : *a;
			break;
	}
	return fits ? EXPRESSION_OK : EXPRESSION_OVERFLOW;
}

static ExpressionOutcome
RoundTo(Ratio *a, int decimals)
{
	int128		value;

	if (!RatioRound(*a, decimals, &value))
		return EXPRESSION_OVERFLOW;
	*a = RatioOf(value, decimals);
	return EXPRESSION_OK;
}

/* 1, 2 or 4: a is less than, equal to or greater than b. */
static int
OrderBit(Ratio a, Ratio b)
{
	int			order = RatioCompare(a, b);

	return order < 0 ? 1 : order == 0 ? 2 : 4;
}

/* A step that puts a value on the stack. */
static bool
Push(const Expression *expression, const ExpressionInput *input, const ExpressionStep *step, Value *top)
{
	switch (step->operation)
	{
		case STEP_NUMBER:
			top->number = expression->numbers[step->operand];
			return true;
		case STEP_NAME:
			top->number = input->numbers[step->operand];
			return true;
		case STEP_GIVEN:
			top->number = input->given[step->operand];
			return true;
		case STEP_TEXT:
			top->text = expression->texts[step->operand];
			return true;
		case STEP_ATTRIBUTE:
			top->text = input->texts[step->operand];
			return true;
		default:
			return false;
	}
}

/* A step on the value at the top; false if it is none of these. */
static bool
ChangeTop(const ExpressionInput *input, const ExpressionStep *step, Value *top, ExpressionOutcome *outcome)
{
	switch (step->operation)
	{
		case STEP_NEGATE:
			top->number = RatioNegate(top->number);
			return true;
		case STEP_ABSOLUTE:
			if (top->number.numerator < 0)
				top->number = RatioNegate(top->number);
			return true;
		case STEP_ROUND:
			*outcome = RoundTo(&top->number, step->operand < 0 ? input->decimals : step->operand);
			return true;
		case STEP_NOT:
			top->truth = !top->truth;
			return true;
		default:
			return false;
	}
}

/* A step on the two values at the top, which leaves one. */
static ExpressionOutcome
Combine(const ExpressionStep *step, Value *a, const Value *b)
{
	switch (step->operation)
	{
		case STEP_COMPARE:
			a->truth = (OrderBit(a->number, b->number) & step->operand) != 0;
			return EXPRESSION_OK;
		case STEP_SAME_TEXT:
			ErpAssert(a->text != NULL && b->text != NULL);
			a->truth = (strcmp(a->text, b->text) == 0) == (step->operand == 1);
			return EXPRESSION_OK;
		default:
			return Calculate(step->operation, &a->number, b->number);
	}
}

static ExpressionOutcome
Run(const Expression *expression, const ExpressionInput *input, Value *result)
{
	Value		stack[EXPRESSION_STACK_MAX] = {0};
	int			depth = 0;
	ExpressionOutcome outcome = EXPRESSION_OK;

	for (int i = 0; i < expression->stepCount && outcome == EXPRESSION_OK; i++)
	{
		const ExpressionStep *step = &expression->steps[i];

		if (Push(expression, input, step, &stack[depth]))
			depth++;
		else if (step->operation == STEP_AND || step->operation == STEP_OR)
		{
			if (stack[depth - 1].truth == (step->operation == STEP_OR))
				i = step->operand - 1;
			else
				depth--;
		}
		else if (!ChangeTop(input, step, &stack[depth - 1], &outcome))
		{
			depth--;
			outcome = Combine(step, &stack[depth - 1], &stack[depth]);
		}
		ErpAssert(depth >= 0 && depth < EXPRESSION_STACK_MAX);
	}
	ErpAssert(outcome != EXPRESSION_OK || depth == 1);
	if (outcome == EXPRESSION_OK)
		*result = stack[0];
	return outcome;
}

ExpressionOutcome
RunAmount(const Expression *expression, const ExpressionInput *input, Ratio *result)
{
	Value		value;
	ExpressionOutcome outcome = Run(expression, input, &value);

	if (outcome == EXPRESSION_OK)
		*result = value.number;
	return outcome;
}

ExpressionOutcome
RunCondition(const Expression *expression, const ExpressionInput *input, bool *result)
{
	Value		value;
	ExpressionOutcome outcome = Run(expression, input, &value);

	if (outcome == EXPRESSION_OK)
		*result = value.truth;
	return outcome;
}
