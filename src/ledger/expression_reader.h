/*
 * An expression while it is read: the next token, what has been made of those
 * before it, and the first problem.
 */
#ifndef ERP_EXPRESSION_READER_H
#define ERP_EXPRESSION_READER_H

#include "ledger/expression_token.h"

typedef struct Reader
{
	const char *text;
	const char *place;
	ExpressionProblem *problem; /* the first one stays */
	Expression *expression;
	unsigned	scope;
	const char *const *given;	/* the names of a formula; NULL: those of rules are known */
	int			givenCount;
	int			depth;			/* of what is read within one another */
	int			stepsMax;
	int			stack;			/* values on the stack when what was read has run */
	bool		failed;
	Token		token;			/* the next one */
} Reader;

/* Makes an empty expression with room for all that the text can say, and reads the first token. */
extern void BeginExpression(Reader *reader);

/* Notes a problem at a place of the text, unless there is one: "message", or with a token "token message". */
extern void Fail(Reader *reader, const char *at, const char *message, const Token *token);

/* Reads the next token. */
extern void Advance(Reader *reader);

/* Takes the next token if it is this name or sign; never after a problem. */
extern bool Take(Reader *reader, const char *text);

/* The same where it must be. */
extern void Expect(Reader *reader, const char *text);

/* A problem unless what was read at the place is of the wanted type. */
extern void Need(Reader *reader, const char *at, ExpressionType type, ExpressionType wanted);

/* Goes one deeper, which `reader->depth--` ends whatever it returns; false if that is too deep, or after a problem. */
extern bool Enter(Reader *reader);

/* Adds a step that changes the height of the stack by `change`; returns its number. */
extern int	AddStep(Reader *reader, ExpressionOperation operation, int operand, int change);

/* Takes the next token as a text in quotes, or as a number. */
extern void AddText(Reader *reader);
extern void AddNumber(Reader *reader);

#endif
