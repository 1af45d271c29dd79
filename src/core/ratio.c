#include "core/ratio.h"

static uint128
Magnitude(int128 value)
{
	return value < 0 ? (uint128) 0 - (uint128) value : (uint128) value;
}

/* The greatest common divisor; that of 0 and b is b. */
static int128
CommonDivisor(int128 a, int128 b)
{
	uint128		x = Magnitude(a);
	uint128		y = Magnitude(b);

	/* 128-bit division is a call; most numbers are shorter. */
	while (x != 0 && ((x | y) >> 64) != 0)
	{
		uint128		rest = y % x;

		y = x;
		x = rest;
	}
	while (x != 0)
	{
		uint64		rest = (uint64) y % (uint64) x;

		y = x;
		x = rest;
	}
	return (int128) y;
}

/* The least int128 has no negative: no ratio has it. */
static bool
IsSymmetric(int128 value)
{
	return Magnitude(value) >> 127 == 0;
}

static bool
SetRatio(int128 numerator, int128 denominator, Ratio *result)
{
	int128		divisor;

	if (!IsSymmetric(numerator))
		return false;
	divisor = CommonDivisor(numerator, denominator);
	result->numerator = numerator / divisor;
	result->denominator = denominator / divisor;
	return true;
}

Ratio
RatioOf(int128 value, int scale)
{
	Ratio		result = {0, 1};

	if (!SetRatio(value, PowerOfTen(scale), &result))
		ReportArithmeticOverflow("a ratio");
	return result;
}

Ratio
RatioNegate(Ratio a)
{
	return (Ratio) {-a.numerator, a.denominator};
}

bool
RatioAdd(Ratio a, Ratio b, Ratio *result)
{
	int128		divisor = CommonDivisor(a.denominator, b.denominator);
	int128		left;
	int128		right;
	int128		sum;
	int128		denominator;

	return TryMultiply(a.numerator, b.denominator / divisor, &left) &&
		TryMultiply(b.numerator, a.denominator / divisor, &right) &&
		!__builtin_add_overflow(left, right, &sum) &&
		TryMultiply(a.denominator / divisor, b.denominator, &denominator) &&
		SetRatio(sum, denominator, result);
}

bool
RatioSubtract(Ratio a, Ratio b, Ratio *result)
{
	return RatioAdd(a, RatioNegate(b), result);
}

bool
RatioMultiply(Ratio a, Ratio b, Ratio *result)
{
	int128		one = CommonDivisor(a.numerator, b.denominator);
	int128		other = CommonDivisor(b.numerator, a.denominator);
	int128		numerator;
	int128		denominator;

	return TryMultiply(a.numerator / one, b.numerator / other, &numerator) &&
		TryMultiply(a.denominator / other, b.denominator / one, &denominator) &&
		SetRatio(numerator, denominator, result);
}

bool
RatioDivide(Ratio a, Ratio b, Ratio *result)
{
	bool		negative = b.numerator < 0;
	Ratio		inverse = {negative ? -b.denominator : b.denominator, negative ? -b.numerator : b.numerator};

	ErpAssert(b.numerator != 0);
	return RatioMultiply(a, inverse, result);
}

/* Of positive ones, by their continued fractions. */
static int
ComparePositive(Ratio a, Ratio b)
{
	int			order = 1;

	for (;;)
	{
		int128		aWhole = a.numerator / a.denominator;
		int128		bWhole = b.numerator / b.denominator;
		int128		aRest = a.numerator % a.denominator;
		int128		bRest = b.numerator % b.denominator;

		if (aWhole != bWhole)
			return aWhole < bWhole ? -order : order;
		if (aRest == 0 || bRest == 0)
			return aRest == bRest ? 0 : aRest == 0 ? -order : order;
		a = (Ratio) {a.denominator, aRest};
		b = (Ratio) {b.denominator, bRest};
		order = -order;
	}
}

static int
SignOf(Ratio a)
{
	return (a.numerator > 0) - (a.numerator < 0);
}

int
RatioCompare(Ratio a, Ratio b)
{
	if (SignOf(a) != SignOf(b))
		return SignOf(a) < SignOf(b) ? -1 : 1;
	if (a.numerator >= 0)
		return a.numerator == 0 ? 0 : ComparePositive(a, b);
	return ComparePositive(RatioNegate(b), RatioNegate(a));
}

bool
RatioRound(Ratio a, int scale, int128 *value)
{
	int128		numerator;

	if (!TryMultiply(a.numerator, PowerOfTen(scale), &numerator) || !IsSymmetric(numerator))
		return false;
	*value = DivideRounded(numerator, a.denominator);
	return true;
}

ScaleStatus
RatioScale(int128 value, Ratio ratio, int128 *result)
{
	Ratio		product;

	if (!RatioMultiply((Ratio) {value, 1}, ratio, &product))
		return SCALE_OVERFLOW;
	if (product.denominator != 1)
		return SCALE_INEXACT;
	*result = product.numerator;
	return SCALE_EXACT;
}
