#include "ledger/expression_reader.h"

const char *const ExpressionNames[EXPRESSION_NAME_COUNT] = {
	"amount", "quantity", "price", "inventory", "cost", "tax", "base", "net", "taxes", "total", "rate", "rest"
};

const char *const ExpressionAttributes[EXPRESSION_ATTRIBUTE_COUNT] = {
	"kind", "reference", "currency", "party", "party_group", "country", "line_role", "item", "item_group", "warehouse", "tax_code"
};

/* The bits of which one must be in the scope; 0: everywhere. */
static const unsigned NameScopes[EXPRESSION_NAME_COUNT] = {
	[NAME_AMOUNT] = SCOPE_LINE, [NAME_QUANTITY] = SCOPE_LINE, [NAME_PRICE] = SCOPE_LINE, [NAME_INVENTORY] = SCOPE_LINE,
	[NAME_COST] = SCOPE_LINE, [NAME_TAX] = SCOPE_TAX, [NAME_BASE] = SCOPE_TAX, [NAME_REST] = SCOPE_ENTRY
};

static const unsigned AttributeScopes[EXPRESSION_ATTRIBUTE_COUNT] = {
	[ATTRIBUTE_LINE_ROLE] = SCOPE_LINE, [ATTRIBUTE_ITEM] = SCOPE_LINE, [ATTRIBUTE_ITEM_GROUP] = SCOPE_LINE,
	[ATTRIBUTE_WAREHOUSE] = SCOPE_LINE, [ATTRIBUTE_TAX_CODE] = SCOPE_LINE | SCOPE_TAX
};

static ExpressionType ReadCondition(Reader *reader);
static ExpressionType ReadFactor(Reader *reader);
static ExpressionType ReadSum(Reader *reader);

/* round(x) or round(x, decimals): x was read. */
static void
AddRound(Reader *reader)
{
	int			decimals = -1;

	if (Take(reader, ","))
	{
		if (reader->token.kind != TOKEN_NUMBER || reader->token.length != 1)
			Fail(reader, reader->token.start, "round() takes 0 to 9 decimals", NULL);
		else
			decimals = *reader->token.start - '0';
		Advance(reader);
	}
	(void) AddStep(reader, STEP_ROUND, decimals, 0);
}

static void
ReadNumber(Reader *reader)
{
	const char *at = reader->token.start;

	Need(reader, at, ReadSum(reader), EXPRESSION_NUMBER);
}

/* What follows the name of a function. */
static ExpressionType
ReadArguments(Reader *reader, const Token *name)
{
	ExpressionOperation operation = IsToken(name, "min") ? STEP_LESSER : STEP_GREATER;

	Expect(reader, "(");
	ReadNumber(reader);
	if (IsToken(name, "abs"))
		(void) AddStep(reader, STEP_ABSOLUTE, 0, 0);
	else if (IsToken(name, "round"))
		AddRound(reader);
	else
	{
		while (Take(reader, ","))
		{
			ReadNumber(reader);
			(void) AddStep(reader, operation, 0, -1);
		}
	}
	Expect(reader, ")");
	return EXPRESSION_NUMBER;
}

static bool
InScope(unsigned needed, unsigned scope)
{
	return needed == 0 || (needed & scope) != 0;
}

bool
AttributeInScope(ExpressionAttribute attribute, unsigned scope)
{
	return InScope(AttributeScopes[attribute], scope);
}

static const char *const functions[] = {"min", "max", "abs", "round"};

static ExpressionType
ReadGivenName(Reader *reader, const Token *name)
{
	int			which = TokenIn(name, reader->given, reader->givenCount);

	if (which < 0)
		Fail(reader, name->start, "is not known", name);
	(void) AddStep(reader, STEP_GIVEN, which, 1);
	return EXPRESSION_NUMBER;
}

static ExpressionType
ReadName(Reader *reader)
{
	Token		name = reader->token;
	int			number = TokenIn(&name, ExpressionNames, EXPRESSION_NAME_COUNT);
	int			attribute = TokenIn(&name, ExpressionAttributes, EXPRESSION_ATTRIBUTE_COUNT);

	Advance(reader);
	if (TokenIn(&name, functions, lengthof(functions)) >= 0)
		return ReadArguments(reader, &name);
	if (reader->given != NULL)
		return ReadGivenName(reader, &name);
	if (number < 0 && attribute < 0)
		Fail(reader, name.start, "is not known", &name);
	else if (!InScope(number >= 0 ? NameScopes[number] : AttributeScopes[attribute], reader->scope))
		Fail(reader, name.start, "is not known of the amount that this rule takes", &name);
	else if (number >= 0)
	{
		reader->expression->names |= 1u << number;
		(void) AddStep(reader, STEP_NAME, number, 1);
		return EXPRESSION_NUMBER;
	}
	else
	{
		reader->expression->attributes |= 1u << attribute;
		(void) AddStep(reader, STEP_ATTRIBUTE, attribute, 1);
	}
	return EXPRESSION_TEXT;
}

static ExpressionType
ReadOperand(Reader *reader)
{
	ExpressionType type = EXPRESSION_NUMBER;
	const char *at;

	switch (reader->token.kind)
	{
		case TOKEN_NUMBER:
			AddNumber(reader);
			return EXPRESSION_NUMBER;
		case TOKEN_TEXT:
			AddText(reader);
			return EXPRESSION_TEXT;
		case TOKEN_NAME:
			return ReadName(reader);
		default:
			break;
	}
	if (Take(reader, "-"))
	{
		at = reader->token.start;
		Need(reader, at, ReadFactor(reader), EXPRESSION_NUMBER);
		(void) AddStep(reader, STEP_NEGATE, 0, 0);
	}
	else if (Take(reader, "("))
	{
		type = ReadCondition(reader);
		Expect(reader, ")");
	}
	else
		Fail(reader, reader->token.start, "a number, a name or a text is expected", NULL);
	return type;
}

static ExpressionType
ReadFactor(Reader *reader)
{
	ExpressionType type = Enter(reader) ? ReadOperand(reader) : EXPRESSION_NUMBER;

	reader->depth--;
	return type;
}

/* A chain of numbers with one of two signs between them. */
static ExpressionType
ReadChain(Reader *reader, ExpressionType (*readPart) (Reader *reader), const char *const signs[2],
		  const ExpressionOperation operations[2])
{
	const char *at = reader->token.start;
	ExpressionType type = readPart(reader);

	for (;;)
	{
		int			which = Take(reader, signs[0]) ? 0 : Take(reader, signs[1]) ? 1 : -1;

		if (which < 0)
			return type;
		Need(reader, at, type, EXPRESSION_NUMBER);
		at = reader->token.start;
		type = readPart(reader);
		Need(reader, at, type, EXPRESSION_NUMBER);
		(void) AddStep(reader, operations[which], 0, -1);
	}
}

static ExpressionType
ReadProduct(Reader *reader)
{
	static const char *const signs[2] = {"*", "/"};
	static const ExpressionOperation operations[2] = {STEP_MULTIPLY, STEP_DIVIDE};

	return ReadChain(reader, ReadFactor, signs, operations);
}

static ExpressionType
ReadSum(Reader *reader)
{
	static const char *const signs[2] = {"+", "-"};
	static const ExpressionOperation operations[2] = {STEP_ADD, STEP_SUBTRACT};

	return ReadChain(reader, ReadProduct, signs, operations);
}

/* The attribute is asked again for each text; the first that is the same ends it. */
static void
ReadList(Reader *reader, int attribute, bool negated)
{
	int			open[EXPRESSION_LENGTH_MAX];
	int			count = 0;

	Expect(reader, "(");
	for (;;)
	{
		AddText(reader);
		(void) AddStep(reader, STEP_SAME_TEXT, 1, -1);
		if (!Take(reader, ","))
			break;
		open[count++] = AddStep(reader, STEP_OR, 0, -1);
		(void) AddStep(reader, STEP_ATTRIBUTE, attribute, 1);
	}
	Expect(reader, ")");
	while (!reader->failed && count > 0)
		reader->expression->steps[open[--count]].operand = reader->expression->stepCount;
	if (negated)
		(void) AddStep(reader, STEP_NOT, 0, 0);
}

/* "in" follows; the step before must be an attribute. */
static ExpressionType
ReadIn(Reader *reader, const char *at, bool negated)
{
	const Expression *expression = reader->expression;
	const ExpressionStep *last = expression->stepCount > 0 ? &expression->steps[expression->stepCount - 1] : NULL;

	if (reader->failed || last == NULL || last->operation != STEP_ATTRIBUTE)
		Fail(reader, at, "an attribute is expected before \"in\"", NULL);
	else
		ReadList(reader, last->operand, negated);
	return EXPRESSION_TRUTH;
}

static ExpressionType
ReadComparison(Reader *reader)
{
	static const char *const signs[] = {"<>", "<=", ">=", "=", "<", ">"};
	static const int orders[] = {1 | 4, 1 | 2, 2 | 4, 2, 1, 4};
	const char *at = reader->token.start;
	ExpressionType type = ReadSum(reader);
	Token		sign = reader->token;
	int			which = TokenIn(&sign, signs, lengthof(signs));
	bool		negated = Take(reader, "not");

	if (negated)
	{
		Expect(reader, "in");
		return ReadIn(reader, at, true);
	}
	if (Take(reader, "in"))
		return ReadIn(reader, at, false);
	if (which < 0 || reader->failed)
		return type;
	Advance(reader);
	if (type == EXPRESSION_TRUTH)
		Fail(reader, at, "a condition is not compared", NULL);
	if (type == EXPRESSION_TEXT && orders[which] != 2 && orders[which] != (1 | 4))
		Fail(reader, sign.start, "a text is only = or <> another", NULL);
	at = reader->token.start;
	Need(reader, at, ReadSum(reader), type);
	(void) AddStep(reader, type == EXPRESSION_TEXT ? STEP_SAME_TEXT : STEP_COMPARE,
				   type == EXPRESSION_TEXT ? orders[which] == 2 : orders[which], -1);
	return EXPRESSION_TRUTH;
}

static ExpressionType
ReadNegation(Reader *reader)
{
	ExpressionType type = EXPRESSION_TRUTH;

	if (!Enter(reader))
		;
	else if (Take(reader, "not"))
	{
		const char *at = reader->token.start;

		Need(reader, at, ReadNegation(reader), EXPRESSION_TRUTH);
		(void) AddStep(reader, STEP_NOT, 0, 0);
	}
	else
		type = ReadComparison(reader);
	reader->depth--;
	return type;
}

/* A chain of conditions with "and" or "or" between them. */
static ExpressionType
ReadConditions(Reader *reader, ExpressionType (*readPart) (Reader *reader), const char *word, ExpressionOperation operation)
{
	const char *at = reader->token.start;
	ExpressionType type = readPart(reader);

	while (Take(reader, word))
	{
		int			step;

		Need(reader, at, type, EXPRESSION_TRUTH);
		step = AddStep(reader, operation, 0, -1);
		at = reader->token.start;
		type = readPart(reader);
		Need(reader, at, type, EXPRESSION_TRUTH);
		if (!reader->failed)
			reader->expression->steps[step].operand = reader->expression->stepCount;
	}
	return type;
}

static ExpressionType
ReadConjunction(Reader *reader)
{
	return ReadConditions(reader, ReadNegation, "and", STEP_AND);
}

static ExpressionType
ReadCondition(Reader *reader)
{
	return ReadConditions(reader, ReadConjunction, "or", STEP_OR);
}

static Expression *
ReadAll(Reader *reader, ExpressionType type)
{
	if (strlen(reader->text) > EXPRESSION_LENGTH_MAX)
	{
		Fail(reader, reader->text, "an expression has at most 500 bytes", NULL);
		return NULL;
	}
	BeginExpression(reader);
	Need(reader, reader->text, ReadCondition(reader), type);
	if (reader->token.kind != TOKEN_END)
		Fail(reader, reader->token.start, "an operator or the end is expected", NULL);
	return reader->failed ? NULL : reader->expression;
}

Expression *
ReadExpression(const char *text, ExpressionType type, unsigned scope, ExpressionProblem *problem)
{
	Reader		reader = {.text = text, .place = text, .problem = problem, .scope = scope};

	return ReadAll(&reader, type);
}

Expression *
ReadFormula(const char *text, const char *const *names, int nameCount, ExpressionProblem *problem)
{
	Reader		reader = {.text = text, .place = text, .problem = problem, .given = names, .givenCount = nameCount};

	return ReadAll(&reader, EXPRESSION_NUMBER);
}

bool
IsFormulaName(const char *name)
{
	static const char *const words[] = {"and", "or", "not", "in"};
	const char *place = name;
	Token		token = NextToken(&place);

	return token.kind == TOKEN_NAME && token.start == name && *place == '\0' &&
		TokenIn(&token, functions, lengthof(functions)) < 0 && TokenIn(&token, words, lengthof(words)) < 0;
}

unsigned
NamesOf(const Expression *expression)
{
	return expression->names;
}

unsigned
AttributesOf(const Expression *expression)
{
	return expression->attributes;
}
