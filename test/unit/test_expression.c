/* expression.c and ratio.c: worked examples, places of problems, and random expressions against a naive evaluation. */
#include "ledger/expression.h"

#include "lib/stringinfo.h"

#include "tap.h"

#define ALL_SCOPES (SCOPE_LINE | SCOPE_TAX | SCOPE_ENTRY)
#define CASES 20000

/* amount 100, quantity 3, price 33.3333, net 250, taxes 50, total 300, rate 7.25, cost 61.5, rest 40. */
static ExpressionInput
Example(void)
{
	ExpressionInput input = {.decimals = 2};

	for (int i = 0; i < EXPRESSION_NAME_COUNT; i++)
		input.numbers[i] = RatioOf(0, 0);
	input.numbers[NAME_AMOUNT] = RatioOf(100, 0);
	input.numbers[NAME_QUANTITY] = RatioOf(3, 0);
	input.numbers[NAME_PRICE] = RatioOf(333333, 4);
	input.numbers[NAME_COST] = RatioOf(615, 1);
	input.numbers[NAME_NET] = RatioOf(250, 0);
	input.numbers[NAME_TAXES] = RatioOf(50, 0);
	input.numbers[NAME_TOTAL] = RatioOf(300, 0);
	input.numbers[NAME_RATE] = RatioOf(725, 2);
	input.numbers[NAME_REST] = RatioOf(40, 0);
	for (int i = 0; i < EXPRESSION_ATTRIBUTE_COUNT; i++)
		input.texts[i] = "";
	input.texts[ATTRIBUTE_KIND] = "sales_invoice";
	input.texts[ATTRIBUTE_PARTY] = "O'Hara";
	input.texts[ATTRIBUTE_COUNTRY] = "FR";
	return input;
}

/* The result at 4 decimals, or why there is none. */
static const char *
Amount(const char *text)
{
	static char shown[200];
	ExpressionInput input = Example();
	ExpressionProblem problem;
	Expression *expression = ReadExpression(text, EXPRESSION_NUMBER, ALL_SCOPES, &problem);
	Ratio		result;
	int128		value;

	if (expression == NULL)
	{
		snprintf(shown, sizeof(shown), "%d: %s", problem.position, problem.message);
		return shown;
	}
	switch (RunAmount(expression, &input, &result))
	{
		case EXPRESSION_DIVISION_BY_ZERO:
			return "division by zero";
		case EXPRESSION_OVERFLOW:
			return "overflow";
		default:
			break;
	}
	if (!RatioRound(result, AMOUNT_SCALE, &value))
		return "too long";
	FormatFixed(value, AMOUNT_SCALE, shown);
	return shown;
}

static const char *
Condition(const char *text)
{
	static char shown[200];
	ExpressionInput input = Example();
	ExpressionProblem problem;
	Expression *expression = ReadExpression(text, EXPRESSION_TRUTH, 0, &problem);
	bool		truth;

	if (expression == NULL)
	{
		snprintf(shown, sizeof(shown), "%d: %s", problem.position, problem.message);
		return shown;
	}
	return RunCondition(expression, &input, &truth) != EXPRESSION_OK ? "no result" : truth ? "true" : "false";
}

static void
IsText(const char *got, const char *expected, const char *text)
{
	if (strcmp(got, expected) != 0)
		printf("# %s: %s, not %s\n", text, got, expected);
	Ok(strcmp(got, expected) == 0, "%s: %s", text, expected);
}

static void
CheckAmounts(void)
{
	static const char *const examples[][2] = {
		{"amount", "100"},
		{"1 + 2 * 3", "7"},
		{"(1 + 2) * 3", "9"},
		{"10 - 3 - 2", "5"},
		{"24 / 4 / 2", "3"},
		{"- -5 - -3", "8"},
		{"-amount * 0.05", "-5"},
		/* a third of a hundred, three times, is a hundred: nothing is rounded in between */
		{"amount / 3 * 3", "100"},
		{"1 / 3 + 1 / 6", "0.5"},
		{"amount / quantity", "33.3333"},
		{"round(amount / 3)", "33.33"},
		{"round(2.345, 2)", "2.35"},
		{"round(-2.345, 2)", "-2.35"},
		{"round(1234.5, 0)", "1235"},
		{"min(3, -2, 7) + max(net, total, 5)", "298"},
		{"abs(taxes - total)", "250"},
		{"(amount - cost / rate) * 0.1", "9.1517"},
		{"rest", "40"},
		{"9999999999999999999 + 0.0000000001", "9999999999999999999"},
		{"1 / (net - 250)", "division by zero"},
		{"9999999999999999999 * 9999999999999999999 * 9999999999999999999", "overflow"},
	};

	for (int i = 0; i < (int) lengthof(examples); i++)
		IsText(Amount(examples[i][0]), examples[i][1], examples[i][0]);
}

static void
CheckConditions(void)
{
	static const char *const examples[][2] = {
		{"total > 299.99", "true"},
		{"total >= 300 and total <= 300 and total = 300", "true"},
		{"total < 300 or total <> 300", "false"},
		{"not total < 300", "true"},
		/* 1/3 and what is written of it are two numbers */
		{"1 / 3 = 0.3333333333", "false"},
		{"kind = 'sales_invoice'", "true"},
		{"kind <> 'sales_invoice'", "false"},
		{"party = 'O''Hara'", "true"},
		{"country in ('DE', 'FR')", "true"},
		{"country in ('DE')", "false"},
		{"country not in ('DE', 'AT')", "true"},
		{"party_group = ''", "true"},
		/* "and" binds closer than "or" */
		{"1 = 1 or 1 = 1 and 1 = 2", "true"},
		{"(1 = 1 or 1 = 1) and 1 = 2", "false"},
		{"not 1 = 2 and 1 = 1", "true"},
		/* what follows is computed only where it matters */
		{"total <> 300 and 1 / (total - 300) > 0", "false"},
		{"total = 300 or 1 / (total - 300) > 0", "true"},
		{"1 / (total - 300) > 0", "no result"},
	};

	for (int i = 0; i < (int) lengthof(examples); i++)
		IsText(Condition(examples[i][0]), examples[i][1], examples[i][0]);
}

static void
CheckProblems(void)
{
	static const char *const amounts[][2] = {
		{"", "1: a number, a name or a text is expected"},
		{"amount +", "9: a number, a name or a text is expected"},
		{"amount 5", "8: an operator or the end is expected"},
		{"amount * profit", "10: \"profit\" is not known"},
		{"(amount", "8: \")\" is expected"},
		{"amount > 5", "1: a number is expected"},
		{"amount + kind", "10: a number is expected"},
		{"amount + 'x'", "10: a number is expected"},
		{"amount # 2", "8: this sign means nothing here"},
		{"max()", "5: a number, a name or a text is expected"},
		{"round(amount, 12)", "15: round() takes 0 to 9 decimals"},
		{"12345678901234567890", "1: a number has at most 19 digits before the point and 10 after it"},
		{"0.12345678901", "1: a number has at most 19 digits before the point and 10 after it"},
		{"1e5", "2: an operator or the end is expected"},
	};
	static const char *const conditions[][2] = {
		{"amount > 5", "1: \"amount\" is not known of the amount that this rule takes"},
		{"rest > 5", "1: \"rest\" is not known of the amount that this rule takes"},
		{"total", "1: a condition is expected"},
		{"total > 5 and 7", "15: a condition is expected"},
		{"kind > 'a'", "6: a text is only = or <> another"},
		{"kind = 5", "8: a text is expected"},
		{"kind = 'a", "8: a text has no end"},
		{"'é' = kind or total = §", "23: this sign means nothing here"},
		{"kind in 'a'", "9: \"(\" is expected"},
		{"kind in ()", "10: a text in single quotes is expected"},
		{"total in ('a')", "1: an attribute is expected before \"in\""},
		{"(total > 1) = (total > 1)", "1: a condition is not compared"},
		{"kind not 'a'", "10: \"in\" is expected"},
	};

	for (int i = 0; i < (int) lengthof(amounts); i++)
		IsText(Amount(amounts[i][0]), amounts[i][1], amounts[i][0]);
	for (int i = 0; i < (int) lengthof(conditions); i++)
		IsText(Condition(conditions[i][0]), conditions[i][1], conditions[i][0]);
}

static void
CheckLimits(void)
{
	char		text[EXPRESSION_LENGTH_MAX + 2];

	memset(text, '(', 200);
	strcpy(text + 200, "1");
	IsText(Amount(text), "17: the expression is too deep", "200 brackets");
	memset(text, '-', 200);
	IsText(Amount(text), "32: the expression is too deep", "200 minus signs");
	memset(text, '1', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	IsText(Amount(text), "1: an expression has at most 500 bytes", "501 digits");
	for (int i = 0; i < EXPRESSION_LENGTH_MAX - 1; i++)
		text[i] = i % 2 == 0 ? '1' : '+';
	text[EXPRESSION_LENGTH_MAX - 1] = '\0';
	IsText(Amount(text), "250", "250 ones");
}

typedef struct Fraction
{
	int128		numerator;
	int128		denominator;
	bool		undefined;
} Fraction;

/* Writes a random expression of small numbers and evaluates it without reducing anything. */
static Fraction
RandomTree(StringInfo text, int depth)
{
	static const char signs[] = "+-*/";
	int			sign = RandomInt(0, 3);
	bool		negative = RandomInt(0, 3) == 0;
	Fraction	a;
	Fraction	b;

	if (depth == 0)
	{
		int			value = RandomInt(0, 9);

		appendStringInfo(text, "%d", value);
		return (Fraction) {value, 1, false};
	}
	appendStringInfoString(text, negative ? "-(" : "(");
	a = RandomTree(text, RandomInt(0, depth - 1));
	appendStringInfoChar(text, signs[sign]);
	b = RandomTree(text, RandomInt(0, depth - 1));
	appendStringInfoChar(text, ')');
	a.undefined = a.undefined || b.undefined || (sign == 3 && b.numerator == 0);
	if (sign < 2)
		a.numerator = a.numerator * b.denominator + (sign == 0 ? 1 : -1) * b.numerator * a.denominator;
	else
		a.numerator *= sign == 2 ? b.numerator : b.denominator;
	a.denominator *= sign == 3 ? b.numerator : b.denominator;
	if (negative)
		a.numerator = -a.numerator;
	return a;
}

static void
CheckRandom(void)
{
	ExpressionInput input = Example();

	BeginProperty("random expressions are what fractions that are never reduced make of them");
	for (int i = 0; i < CASES; i++)
	{
		StringInfoData text;
		ExpressionProblem problem;
		Fraction	expected;
		Expression *expression;
		ExpressionOutcome outcome;
		Ratio		got = {0, 1};

		initStringInfo(&text);
		expected = RandomTree(&text, 4);
		CountCase();
		expression = ReadExpression(text.data, EXPRESSION_NUMBER, 0, &problem);
		outcome = expression == NULL ? EXPRESSION_OVERFLOW : RunAmount(expression, &input, &got);
		if (expected.undefined ? outcome != EXPRESSION_DIVISION_BY_ZERO :
			outcome != EXPRESSION_OK || got.numerator * expected.denominator != expected.numerator * got.denominator)
			FailCase("%s gives %s / %s", text.data, Show(got.numerator), Show(got.denominator));
		if (i % 100 == 0)
			ResetMemory();
	}
	EndProperty();
}

/* Of long fractions the order is that of their difference where that fits. */
static void
CheckOrder(void)
{
	BeginProperty("ratios are ordered as their difference is signed");
	for (int i = 0; i < CASES; i++)
	{
		Ratio		a = RatioOf(RandomDigits(30), RandomInt(0, 20));
		Ratio		b = RandomInt(0, 3) == 0 ? a : RatioOf(RandomDigits(30), RandomInt(0, 20));
		Ratio		difference;

		if (!RatioSubtract(a, b, &difference))
			continue;
		CountCase();
		if (RatioCompare(a, b) != (difference.numerator > 0) - (difference.numerator < 0) || RatioCompare(b, a) != -RatioCompare(a, b))
			FailCase("%s/%s and %s/%s", Show(a.numerator), Show(a.denominator), Show(b.numerator), Show(b.denominator));
	}
	EndProperty();
}

int
main(void)
{
	CheckAmounts();
	CheckConditions();
	CheckProblems();
	CheckLimits();
	CheckRandom();
	CheckOrder();
	return Finish();
}
