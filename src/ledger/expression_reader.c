#include "ledger/expression_reader.h"

void
Fail(Reader *reader, const char *at, const char *message, const Token *token)
{
	if (reader->failed)
		return;
	reader->failed = true;
	reader->problem->position = 1;
	for (const char *c = reader->text; c < at; c++)
		reader->problem->position += ((unsigned char) *c & 0xC0) != 0x80;
	if (token == NULL)
		snprintf(reader->problem->message, sizeof(reader->problem->message), "%s", message);
	else
		snprintf(reader->problem->message, sizeof(reader->problem->message), "\"%.*s\" %s",
				 Min(token->length, 40), token->start, message);
}

void
Advance(Reader *reader)
{
	reader->token = NextToken(&reader->place);
	if (reader->token.kind == TOKEN_BROKEN)
		Fail(reader, reader->token.start, *reader->token.start == '\'' ? "a text has no end" : "this sign means nothing here", NULL);
}

bool
Take(Reader *reader, const char *text)
{
	if (reader->failed || !IsToken(&reader->token, text))
		return false;
	Advance(reader);
	return true;
}

void
Expect(Reader *reader, const char *text)
{
	Token		expected = {.kind = TOKEN_NAME, .length = (int) strlen(text), .start = text};

	if (!Take(reader, text))
		Fail(reader, reader->token.start, "is expected", &expected);
}

int
AddStep(Reader *reader, ExpressionOperation operation, int operand, int change)
{
	Expression *expression = reader->expression;

	reader->stack += change;
	if (expression->stepCount == reader->stepsMax || reader->stack >= EXPRESSION_STACK_MAX)
		Fail(reader, reader->token.start, "the expression is too deep", NULL);
	if (reader->failed)
		return 0;
	expression->steps[expression->stepCount] = (ExpressionStep) {operation, operand};
	return expression->stepCount++;
}

void
Need(Reader *reader, const char *at, ExpressionType type, ExpressionType wanted)
{
	static const char *const messages[] = {"a number is expected", "a condition is expected", "a text is expected"};

	if (type != wanted)
		Fail(reader, at, messages[wanted], NULL);
}

void
AddText(Reader *reader)
{
	Expression *expression = reader->expression;

	if (reader->token.kind != TOKEN_TEXT)
	{
		Fail(reader, reader->token.start, "a text in single quotes is expected", NULL);
		return;
	}
	expression->texts[expression->textCount] = TokenText(&reader->token);
	(void) AddStep(reader, STEP_TEXT, expression->textCount++, 1);
	Advance(reader);
}

void
AddNumber(Reader *reader)
{
	Expression *expression = reader->expression;
	Ratio	   *value = &expression->numbers[expression->numberCount];

	if (!TokenNumber(&reader->token, value))
		Fail(reader, reader->token.start, "a number has at most 19 digits before the point and 10 after it", NULL);
	(void) AddStep(reader, STEP_NUMBER, expression->numberCount++, 1);
	Advance(reader);
}

bool
Enter(Reader *reader)
{
	if (reader->depth == EXPRESSION_DEPTH_MAX)
		Fail(reader, reader->token.start, "the expression is too deep", NULL);
	reader->depth++;
	return !reader->failed;
}

/* No byte makes more than four steps, or more than one number or text. */
void
BeginExpression(Reader *reader)
{
	int			length = (int) strlen(reader->text);
	Expression *expression = palloc0(sizeof(Expression));

	reader->stepsMax = 4 * length + 1;
	expression->steps = palloc(sizeof(ExpressionStep) * reader->stepsMax);
	expression->numbers = palloc(sizeof(Ratio) * (length + 1));
	expression->texts = palloc(sizeof(char *) * (length + 1));
	reader->expression = expression;
	Advance(reader);
}
