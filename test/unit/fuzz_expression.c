/* Whatever the bytes: no crash; a problem says where and what; what is read runs, always to the same end. */
#include "ledger/expression.h"

#include "tap.h"

int			LLVMFuzzerTestOneInput(const uint8 *data, size_t size);

static void
CheckProblem(const ExpressionProblem *problem, size_t length)
{
	if (problem->position < 1 || (size_t) problem->position > length + 1 || problem->message[0] == '\0' ||
		strlen(problem->message) >= sizeof(problem->message))
		abort();
}

/* Numbers of every kind: whole, with decimals, zero, negative, and the greatest amount. */
static ExpressionInput
Input(uint8 seed)
{
	static const int64 values[] = {0, 1, -1, 12345, -700, 1000000};
	ExpressionInput input = {.decimals = seed % 5};

	for (int i = 0; i < EXPRESSION_NAME_COUNT; i++)
		input.numbers[i] = RatioOf(values[(i + seed) % (int) lengthof(values)], (i + seed) % 7);
	input.numbers[NAME_TOTAL] = RatioOf(PowerOfTen(AMOUNT_DIGITS) - 1, AMOUNT_SCALE);
	for (int i = 0; i < EXPRESSION_ATTRIBUTE_COUNT; i++)
		input.texts[i] = i % 2 == 0 ? "a" : "";
	return input;
}

static void
CheckRun(const Expression *expression, ExpressionType type, const ExpressionInput *input)
{
	Ratio		number[2] = {{0, 1}, {0, 1}};
	bool		truth[2] = {false, false};
	ExpressionOutcome outcome[2];

	for (int i = 0; i < 2; i++)
		outcome[i] = type == EXPRESSION_NUMBER ? RunAmount(expression, input, &number[i]) : RunCondition(expression, input, &truth[i]);
	if (outcome[0] != outcome[1] || truth[0] != truth[1] || RatioCompare(number[0], number[1]) != 0)
		abort();
	/* Lowest terms, and no denominator that is not positive. */
	if (number[0].denominator <= 0 || (number[0].numerator == 0 && number[0].denominator != 1))
		abort();
}

/* The first byte chooses type and scope, the second what names are worth, the rest is the text. */
int
LLVMFuzzerTestOneInput(const uint8 *data, size_t size)
{
	ExpressionType type;
	ExpressionInput input;
	ExpressionProblem problem = {0};
	Expression *expression;
	char	   *text;

	if (size < 2)
		return 0;
	type = data[0] % 2 == 0 ? EXPRESSION_NUMBER : EXPRESSION_TRUTH;
	input = Input(data[1]);
	text = pnstrdup((const char *) data + 2, size - 2);
	expression = ReadExpression(text, type, data[0] / 2 % 8, &problem);
	if (expression == NULL)
		CheckProblem(&problem, strlen(text));
	else
		CheckRun(expression, type, &input);
	ResetMemory();
	return 0;
}
