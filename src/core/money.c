#include "core/money.h"

/* Unsigned, because the magnitude of the least int128 is no int128. */
typedef uint128 Magnitude;

#define HALF_BITS 64
#define INT128_MAX_MAGNITUDE ((((Magnitude) 1) << 127) - 1)

/* 10^19 is the greatest power of ten that a uint64 holds. */
#define POWER_OF_TEN_19 ((int128) UINT64CONST(10000000000000000000))

static const uint64 SmallPowers[] = {
	UINT64CONST(1), UINT64CONST(10), UINT64CONST(100), UINT64CONST(1000),
	UINT64CONST(10000), UINT64CONST(100000), UINT64CONST(1000000),
	UINT64CONST(10000000), UINT64CONST(100000000), UINT64CONST(1000000000),
	UINT64CONST(10000000000), UINT64CONST(100000000000),
	UINT64CONST(1000000000000), UINT64CONST(10000000000000),
	UINT64CONST(100000000000000), UINT64CONST(1000000000000000),
	UINT64CONST(10000000000000000), UINT64CONST(100000000000000000),
	UINT64CONST(1000000000000000000), UINT64CONST(10000000000000000000)
};

int128
PowerOfTen(int power)
{
	ErpAssert(power >= 0 && power <= FIXED_MAX_POWER);
	if (power < (int) lengthof(SmallPowers))
		return (int128) SmallPowers[power];
	return POWER_OF_TEN_19 * (int128) SmallPowers[power - 19];
}

static inline Magnitude
MagnitudeOf(int128 value)
{
	return value < 0 ? (Magnitude) 0 - (Magnitude) value : (Magnitude) value;
}

static bool
TryApplySign(Magnitude magnitude, bool negative, int128 *value)
{
	if (magnitude > INT128_MAX_MAGNITUDE + (negative ? 1 : 0))
		return false;
	*value = negative ? (int128) ((Magnitude) 0 - magnitude) : (int128) magnitude;
	return true;
}

static int128
ApplySign(Magnitude magnitude, bool negative, const char *operation)
{
	int128		value;

	if (!TryApplySign(magnitude, negative, &value))
		ReportArithmeticOverflow(operation);
	return value;
}

int128
AddExact(int128 a, int128 b)
{
	int128		sum;

	if (__builtin_add_overflow(a, b, &sum))
		ReportArithmeticOverflow("addition");
	return sum;
}

int128
SubtractExact(int128 a, int128 b)
{
	int128		difference;

	if (__builtin_sub_overflow(a, b, &difference))
		ReportArithmeticOverflow("subtraction");
	return difference;
}

int128
NegateExact(int128 a)
{
	return SubtractExact(0, a);
}

static inline bool
FitsInt64(int128 value)
{
	return value == (int64) value;
}

/*
 * By 64-bit halves: the compiler's own overflow check of 128-bit products
 * calls a function of compiler-rt that clang does not link by default.
 */
static bool
MultiplyMagnitudes(Magnitude a, Magnitude b, Magnitude *product)
{
	uint64		aHigh = (uint64) (a >> HALF_BITS);
	uint64		bHigh = (uint64) (b >> HALF_BITS);
	Magnitude	cross;

	if (aHigh != 0 && bHigh != 0)
		return false;

	cross = (Magnitude) aHigh * (uint64) b + (Magnitude) bHigh * (uint64) a;
	return cross >> HALF_BITS == 0 &&
		!__builtin_add_overflow(cross << HALF_BITS, (Magnitude) (uint64) a * (uint64) b, product);
}

bool
TryMultiply(int128 a, int128 b, int128 *product)
{
	Magnitude	magnitude;

	return MultiplyMagnitudes(MagnitudeOf(a), MagnitudeOf(b), &magnitude) &&
		TryApplySign(magnitude, (a < 0) != (b < 0), product);
}

int128
MultiplyExact(int128 a, int128 b)
{
	int128		product;

	if (FitsInt64(a) && FitsInt64(b))
		return (int128) ((Magnitude) a * (Magnitude) b);
	if (!TryMultiply(a, b, &product))
		ReportArithmeticOverflow("multiplication");
	return product;
}

/* The quotient rounded half up; 64-bit division where it is enough, being several times faster. */
static Magnitude
DivideMagnitudes(Magnitude numerator, Magnitude denominator)
{
	Magnitude	quotient;
	Magnitude	remainder;

	if ((numerator | denominator) >> HALF_BITS == 0)
	{
		quotient = (uint64) numerator / (uint64) denominator;
		remainder = (uint64) numerator % (uint64) denominator;
	}
	else
	{
		quotient = numerator / denominator;
		remainder = numerator - quotient * denominator;
	}

	ErpAssert(remainder < denominator);
	return quotient + (remainder >= denominator - remainder ? 1 : 0);
}

int128
DivideRounded(int128 numerator, int128 denominator)
{
	if (denominator == 0)
		ReportArithmeticOverflow("division by zero");

	return ApplySign(DivideMagnitudes(MagnitudeOf(numerator), MagnitudeOf(denominator)),
					 (numerator < 0) != (denominator < 0), "division");
}

/* A currency's smallest unit, at AMOUNT_SCALE. */
static int128
SmallestUnit(int decimals)
{
	ErpAssert(decimals >= 0 && decimals <= AMOUNT_SCALE);
	return PowerOfTen(AMOUNT_SCALE - decimals);
}

int128
RoundAmount(int128 value, int scale, int decimals)
{
	int128		units;

	if (scale <= decimals)
		return MultiplyExact(value, PowerOfTen(AMOUNT_SCALE - scale));

	units = DivideRounded(value, PowerOfTen(scale - decimals));
	return MultiplyExact(units, SmallestUnit(decimals));
}

int128
MultiplyRounded(int128 a, int scaleA, int128 b, int scaleB, int decimals)
{
	return RoundAmount(MultiplyExact(a, b), scaleA + scaleB, decimals);
}

int128
ShareRounded(int128 value, int128 part, int128 whole, int decimals)
{
	int128		unit = SmallestUnit(decimals);
	int128		units;

	ErpAssert(whole > 0);
	if (part == whole)
		return value;

	units = DivideRounded(MultiplyExact(value, part), MultiplyExact(whole, unit));
	return MultiplyExact(units, unit);
}

/* 10^digits - 1 is the greatest value of a type of so many digits. */
static inline bool
FitsDigits(int128 value, int digits)
{
	return MagnitudeOf(value) < (Magnitude) PowerOfTen(digits);
}

bool
AmountFits(int128 value)
{
	return FitsDigits(value, AMOUNT_DIGITS);
}

bool
QuantityFits(int128 value)
{
	return FitsDigits(value, QUANTITY_DIGITS);
}

bool
PriceFits(int128 value)
{
	return FitsDigits(value, PRICE_DIGITS);
}

bool
RateFits(int128 value)
{
	return FitsDigits(value, RATE_DIGITS);
}
