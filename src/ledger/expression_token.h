/*
 * The words and signs of an expression.
 */
#ifndef ERP_EXPRESSION_TOKEN_H
#define ERP_EXPRESSION_TOKEN_H

#include "ledger/expression.h"

typedef enum TokenKind
{
	TOKEN_END,
	TOKEN_NUMBER,
	TOKEN_TEXT,					/* in quotes */
	TOKEN_NAME,
	TOKEN_SIGN,					/* one or two characters */
	TOKEN_BROKEN				/* what no token is, or a text without an end */
} TokenKind;

typedef struct Token
{
	TokenKind	kind;
	int			length;			/* in bytes */
	const char *start;
} Token;

/* The token at or after the place; *place is put behind it. */
extern Token NextToken(const char **place);

/* Whether the token is this name or sign. */
extern bool IsToken(const Token *token, const char *text);

/* The value of a number; false if it has more than 19 digits before or 10 after the point. */
extern bool TokenNumber(const Token *token, Ratio *value);

/* What stands between the quotes, as a new text. */
extern char *TokenText(const Token *token);

/* Which of `count` names the token is, or -1. */
extern int	TokenIn(const Token *token, const char *const *names, int count);

#endif
