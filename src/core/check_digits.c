#include "core/check_digits.h"

#define USCC_LENGTH 18
#define USCC_DIGITS 8
#define VAT_LONGEST 12

/* Signs of a scheme by their value. */
static const char usccAlphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
static const char irishAlphabet[] = "WABCDEFGHIJKLMNOPQRSTUV";

static bool
IsDigit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether it begins with so many digits. */
static bool
BeginsWithDigits(const char *text, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (!IsDigit(text[i]))
			return false;
	}
	return true;
}

static bool
IsDigits(const char *text, int length)
{
	return (int) strlen(text) == length && BeginsWithDigits(text, length);
}

/* The number that the first digits are; at most 9. */
static int
NumberOf(const char *digits, int count)
{
	int			number = 0;

	for (int i = 0; i < count; i++)
		number = number * 10 + digits[i] - '0';
	return number;
}

static int
WeightedSum(const char *digits, const int *weights, int count)
{
	int			sum = 0;

	for (int i = 0; i < count; i++)
		sum += weights[i] * (digits[i] - '0');
	return sum;
}

/* From the right, digits count once and, as the cross sum of their double, twice in turns. */
static int
LuhnSum(const char *digits, int count)
{
	int			sum = 0;

	for (int i = count - 1; i >= 0; i--)
	{
		int			value = digits[i] - '0';

		if ((count - i) % 2 == 0)
			value = value * 2 / 10 + value * 2 % 10;
		sum += value;
	}
	return sum;
}

static IdentifierVerdict
Verdict(bool isGood)
{
	return isGood ? IDENTIFIER_GOOD : IDENTIFIER_WRONG_DIGIT;
}

/* GB 32100: two characters of authority and kind, six digits of the place, nine of the organization, one to check. */
static IdentifierVerdict
CheckUscc(const char *value)
{
	static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
	int			sum = 0;

	if (strlen(value) != USCC_LENGTH || !BeginsWithDigits(value, USCC_DIGITS))
		return IDENTIFIER_MALFORMED;
	for (int i = 0; i < USCC_LENGTH; i++)
	{
		const char *sign = strchr(usccAlphabet, value[i]);

		if (sign == NULL)
			return IDENTIFIER_MALFORMED;
		if (i < USCC_LENGTH - 1)
			sum += weights[i] * (int) (sign - usccAlphabet);
	}
	return Verdict(value[USCC_LENGTH - 1] == usccAlphabet[(31 - sum % 31) % 31]);
}

/* ISO 7064, MOD 11,10. */
static IdentifierVerdict
CheckGerman(const char *number)
{
	int			product = 10;

	if (!IsDigits(number, 9) || number[0] == '0')
		return IDENTIFIER_MALFORMED;
	for (int i = 0; i < 8; i++)
	{
		int			sum = (number[i] - '0' + product) % 10;

		product = (sum == 0 ? 10 : sum) * 2 % 11;
	}
	return Verdict((11 - product) % 10 == number[8] - '0');
}

/* Nine digits, or twelve with a branch. */
static IdentifierVerdict
CheckBritish(const char *number)
{
	static const int weights[] = {8, 7, 6, 5, 4, 3, 2, 10, 1};
	int			rest;

	if (!IsDigits(number, 9) && !IsDigits(number, 12))
		return IDENTIFIER_MALFORMED;
	rest = WeightedSum(number, weights, 9) % 97;
	return Verdict(rest == 0 || (NumberOf(number, 3) >= 100 && (rest == 42 || rest == 55)));
}

static IdentifierVerdict
CheckBelgian(const char *number)
{
	if (!IsDigits(number, 10) || number[0] > '1')
		return IDENTIFIER_MALFORMED;
	return Verdict(97 - NumberOf(number, 8) % 97 == NumberOf(number + 8, 2));
}

static IdentifierVerdict
CheckItalian(const char *number)
{
	if (!IsDigits(number, 11))
		return IDENTIFIER_MALFORMED;
	return Verdict(LuhnSum(number, 11) % 10 == 0);
}

static IdentifierVerdict
CheckAustrian(const char *number)
{
	if (number[0] != 'U' || !IsDigits(number + 1, 8))
		return IDENTIFIER_MALFORMED;
	return Verdict((16 - LuhnSum(number + 1, 7) % 10) % 10 == number[8] - '0');
}

static IdentifierVerdict
CheckPolish(const char *number)
{
	static const int weights[] = {6, 5, 7, 2, 3, 4, 5, 6, 7};

	if (!IsDigits(number, 10))
		return IDENTIFIER_MALFORMED;
	return Verdict(WeightedSum(number, weights, 9) % 11 == number[9] - '0');
}

static IdentifierVerdict
CheckDanish(const char *number)
{
	static const int weights[] = {2, 7, 6, 5, 4, 3, 2, 1};

	if (!IsDigits(number, 8) || number[0] == '0')
		return IDENTIFIER_MALFORMED;
	return Verdict(WeightedSum(number, weights, 8) % 11 == 0);
}

static IdentifierVerdict
CheckPortuguese(const char *number)
{
	static const int weights[] = {9, 8, 7, 6, 5, 4, 3, 2};

	if (!IsDigits(number, 9) || number[0] == '0')
		return IDENTIFIER_MALFORMED;
	return Verdict((11 - WeightedSum(number, weights, 8) % 11) % 11 % 10 == number[8] - '0');
}

/* Seven digits, the letter that checks, and since 2013 perhaps one more; of old numbers the second sign is a letter, + or *. */
static IdentifierVerdict
CheckIrish(const char *number)
{
	static const int weights[] = {8, 7, 6, 5, 4, 3, 2};
	int			length = (int) strlen(number);
	char		digits[] = "0000000";
	int			extra = 0;

	if (length < 8 || length > 9 || !IsDigit(number[0]) || !BeginsWithDigits(number + 2, 5) || strchr(irishAlphabet, number[7]) == NULL)
		return IDENTIFIER_MALFORMED;
	if (IsDigit(number[1]))
		memcpy(digits, number, 7);
	else if (length == 8 && ((number[1] >= 'A' && number[1] <= 'Z') || number[1] == '+' || number[1] == '*'))
	{
		memcpy(digits + 1, number + 2, 5);
		digits[6] = number[0];
	}
	else
		return IDENTIFIER_MALFORMED;
	if (length == 9)
	{
		if (number[8] != 'W' && (number[8] < 'A' || number[8] > 'I'))
			return IDENTIFIER_MALFORMED;
		extra = 9 * (int) (strchr(irishAlphabet, number[8]) - irishAlphabet);
	}
	return Verdict(number[7] == irishAlphabet[(WeightedSum(digits, weights, 7) + extra) % 23]);
}

/* Of countries that are not checked: two to twelve letters and digits. */
static IdentifierVerdict
CheckForeign(const char *number)
{
	int			length = (int) strlen(number);

	if (length < 2 || length > VAT_LONGEST)
		return IDENTIFIER_MALFORMED;
	for (int i = 0; i < length; i++)
	{
		if (!IsDigit(number[i]) && (number[i] < 'A' || number[i] > 'Z'))
			return IDENTIFIER_MALFORMED;
	}
	return IDENTIFIER_GOOD;
}

/* Northern Ireland has British numbers. */
static const struct
{
	const char *country;
	IdentifierVerdict (*check) (const char *number);
} vatChecks[] = {
	{"AT", CheckAustrian}, {"BE", CheckBelgian}, {"DE", CheckGerman}, {"DK", CheckDanish}, {"GB", CheckBritish}, {"IE", CheckIrish},
	{"IT", CheckItalian}, {"PL", CheckPolish}, {"PT", CheckPortuguese}, {"XI", CheckBritish}
};

static IdentifierVerdict
CheckVat(const char *value)
{
	if (value[0] < 'A' || value[0] > 'Z' || value[1] < 'A' || value[1] > 'Z')
		return IDENTIFIER_MALFORMED;
	for (int i = 0; i < (int) lengthof(vatChecks); i++)
	{
		if (strncmp(value, vatChecks[i].country, 2) == 0)
			return vatChecks[i].check(value + 2);
	}
	return CheckForeign(value + 2);
}

IdentifierVerdict
CheckIdentifier(const char *scheme, const char *value)
{
	if (strcmp(scheme, SCHEME_USCC) == 0)
		return CheckUscc(value);
	if (strcmp(scheme, SCHEME_VAT) == 0)
		return CheckVat(value);
	return IDENTIFIER_GOOD;
}
