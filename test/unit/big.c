#include "big.h"

Big
BigFrom(int128 value)
{
	Big			result = {.negative = value < 0};

	for (int i = 0; value != 0; i++, value /= 10)
		result.digit[i] = (uint8) (value < 0 ? -(int) (value % 10) : (int) (value % 10));
	return result;
}

static int
CompareMagnitudes(const Big *a, const Big *b)
{
	for (int i = BIG_DIGITS - 1; i >= 0; i--)
	{
		if (a->digit[i] != b->digit[i])
			return a->digit[i] < b->digit[i] ? -1 : 1;
	}
	return 0;
}

static bool
IsZero(const Big *a)
{
	Big			zero = {0};

	return CompareMagnitudes(a, &zero) == 0;
}

static Big
AddMagnitudes(const Big *a, const Big *b)
{
	Big			sum = {0};
	int			carry = 0;

	for (int i = 0; i < BIG_DIGITS; i++)
	{
		carry += a->digit[i] + b->digit[i];
		sum.digit[i] = (uint8) (carry % 10);
		carry /= 10;
	}
	if (carry != 0)
		abort();
	return sum;
}

/* a not less than b. */
static Big
SubtractMagnitudes(const Big *a, const Big *b)
{
	Big			difference = {0};
	int			borrow = 0;

	for (int i = 0; i < BIG_DIGITS; i++)
	{
		int			digit = a->digit[i] - b->digit[i] - borrow;

		borrow = digit < 0 ? 1 : 0;
		difference.digit[i] = (uint8) (digit + 10 * borrow);
	}
	if (borrow != 0)
		abort();
	return difference;
}

Big
BigAdd(Big a, Big b)
{
	Big			sum;

	if (a.negative == b.negative)
	{
		sum = AddMagnitudes(&a, &b);
		sum.negative = a.negative;
		return sum;
	}
	if (CompareMagnitudes(&a, &b) < 0)
		return BigAdd(b, a);
	sum = SubtractMagnitudes(&a, &b);
	sum.negative = a.negative && !IsZero(&sum);
	return sum;
}

Big
BigSubtract(Big a, Big b)
{
	b.negative = !b.negative && !IsZero(&b);
	return BigAdd(a, b);
}

Big
BigMultiply(Big a, Big b)
{
	int			sums[2 * BIG_DIGITS] = {0};
	Big			product = {0};
	int			carry = 0;

	for (int i = 0; i < BIG_DIGITS; i++)
	{
		for (int j = 0; a.digit[i] != 0 && j < BIG_DIGITS; j++)
			sums[i + j] += a.digit[i] * b.digit[j];
	}
	for (int i = 0; i < 2 * BIG_DIGITS; i++)
	{
		carry += sums[i];
		if (i < BIG_DIGITS)
			product.digit[i] = (uint8) (carry % 10);
		else if (carry != 0)
			abort();
		carry /= 10;
	}
	product.negative = a.negative != b.negative && !IsZero(&product);
	return product;
}

Big
BigPower(int power)
{
	Big			result = {0};

	result.digit[power] = 1;
	return result;
}

int
BigCompare(Big a, Big b)
{
	Big			difference = BigSubtract(a, b);

	if (IsZero(&difference))
		return 0;
	return difference.negative ? -1 : 1;
}

/* Long division of magnitudes, a digit at a time. */
static Big
DivideMagnitudes(const Big *a, const Big *b, Big *remainder)
{
	Big			quotient = {0};

	*remainder = (Big) {0};
	for (int i = BIG_DIGITS - 1; i >= 0; i--)
	{
		memmove(remainder->digit + 1, remainder->digit, BIG_DIGITS - 1);
		remainder->digit[0] = a->digit[i];
		while (CompareMagnitudes(remainder, b) >= 0)
		{
			*remainder = SubtractMagnitudes(remainder, b);
			quotient.digit[i]++;
		}
	}
	return quotient;
}

Big
BigFloor(Big a, Big b)
{
	Big			remainder;
	Big			quotient = DivideMagnitudes(&a, &b, &remainder);

	if (a.negative == b.negative)
		return quotient;
	quotient.negative = !IsZero(&quotient);
	return IsZero(&remainder) ? quotient : BigSubtract(quotient, BigPower(0));
}

Big
BigRound(Big a, Big b)
{
	Big			remainder;
	Big			quotient = DivideMagnitudes(&a, &b, &remainder);
	Big			twice = AddMagnitudes(&remainder, &remainder);
	Big			one = BigPower(0);

	if (CompareMagnitudes(&twice, &b) >= 0)
		quotient = AddMagnitudes(&quotient, &one);
	quotient.negative = a.negative != b.negative && !IsZero(&quotient);
	return quotient;
}

bool
BigToInt128(Big a, int128 *value)
{
	uint128		magnitude = 0;
	uint128		limit = ((uint128) 1 << 127) - (a.negative ? 0 : 1);

	for (int i = BIG_DIGITS - 1; i >= 0; i--)
	{
		if (magnitude > (limit - a.digit[i]) / 10)
			return false;
		magnitude = magnitude * 10 + a.digit[i];
	}
	*value = (int128) (a.negative ? (uint128) 0 - magnitude : magnitude);
	return true;
}
