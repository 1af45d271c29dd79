#include "ledger/expression_token.h"

static bool
IsDigit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
IsLetter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static const char *
NumberEnd(const char *at)
{
	while (IsDigit(*at))
		at++;
	if (*at == '.' && IsDigit(at[1]))
	{
		at++;
		while (IsDigit(*at))
			at++;
	}
	return at;
}

/* Behind the closing quote, or NULL if there is none. */
static const char *
TextEnd(const char *at)
{
	for (at++; *at != '\0'; at++)
	{
		if (*at == '\'' && *++at != '\'')
			return at;
	}
	return NULL;
}

static const char *
SignEnd(const char *at)
{
	static const char *const doubles[] = {"<>", "<=", ">="};

	for (int i = 0; i < (int) lengthof(doubles); i++)
	{
		if (strncmp(at, doubles[i], 2) == 0)
			return at + 2;
	}
	return strchr("=<>+-*/(),", *at) != NULL ? at + 1 : NULL;
}

Token
NextToken(const char **place)
{
	Token		token = {.start = *place + strspn(*place, " \t\r\n")};
	const char *at = token.start;

	if (*at == '\0')
		token.kind = TOKEN_END;
	else if (IsDigit(*at))
	{
		token.kind = TOKEN_NUMBER;
		at = NumberEnd(at);
	}
	else if (IsLetter(*at))
	{
		token.kind = TOKEN_NAME;
		while (IsLetter(*at) || IsDigit(*at))
			at++;
	}
	else
	{
		token.kind = *at == '\'' ? TOKEN_TEXT : TOKEN_SIGN;
		at = *at == '\'' ? TextEnd(at) : SignEnd(at);
	}
	if (at == NULL)
	{
		token.kind = TOKEN_BROKEN;
		at = token.start + strlen(token.start);
	}
	token.length = (int) (at - token.start);
	*place = at;
	return token;
}

bool
IsToken(const Token *token, const char *text)
{
	return (token->kind == TOKEN_NAME || token->kind == TOKEN_SIGN) && (int) strlen(text) == token->length &&
		strncmp(token->start, text, token->length) == 0;
}

bool
TokenNumber(const Token *token, Ratio *value)
{
	int128		fixed;

	if (ParseFixed(token->start, token->length, RATE_SCALE, AMOUNT_DIGITS + RATE_SCALE, &fixed) != FIXED_OK)
		return false;
	*value = RatioOf(fixed, RATE_SCALE);
	return true;
}

char *
TokenText(const Token *token)
{
	char	   *text = palloc(token->length);
	char	   *to = text;

	for (int i = 1; i < token->length - 1; i++)
	{
		*to++ = token->start[i];
		if (token->start[i] == '\'')
			i++;
	}
	*to = '\0';
	return text;
}

int
TokenIn(const Token *token, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (IsToken(token, names[i]))
			return i;
	}
	return -1;
}
