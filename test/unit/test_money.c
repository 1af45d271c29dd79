/* money.c against worked examples and against schoolbook arithmetic. */
#include "big.h"
#include "tap.h"

#define CASES 100000
#define DIVISION_CASES 20000

/* True if the outcome of the code under test is the reference's, an overflow exactly if that is no int128. */
static bool
Agrees(bool overflowed, int128 got, Big expected)
{
	int128		value;
	bool		fits = BigToInt128(expected, &value);

	return overflowed ? !fits : fits && got == value;
}

typedef int128 (*BinaryFunction) (int128 a, int128 b);
typedef Big (*BinaryReference) (Big a, Big b);

static void
CheckBinary(const char *name, BinaryFunction function, BinaryReference reference, int cases, bool nonZero)
{
	BeginProperty(name);
	for (int i = 0; i < cases; i++)
	{
		int128		a = RandomInt128();
		int128		b = RandomInt128();
		volatile int128 got = 0;
		bool		overflowed;

		if (nonZero && b == 0)
			continue;
		CountCase();
		overflowed = OVERFLOWS(got = function(a, b));
		if (!Agrees(overflowed, got, reference(BigFrom(a), BigFrom(b))))
			FailCase("%s, %s gives %s", Show(a), Show(b), overflowed ? "an overflow" : Show(got));
	}
	EndProperty();
}

/* Small divisors and exact halves, which random pairs hardly ever meet. */
static void
CheckHalves(void)
{
	BeginProperty("halves are rounded away from zero");
	for (int i = 0; i < CASES; i++)
	{
		int128		half = RandomDigits(18) % 1000000 + 1;
		int128		quotient = RandomDigits(18);
		int128		numerator = 2 * half * quotient + half;
		int128		away = (numerator < 0) == (half < 0) ? quotient + 1 : quotient;

		/* numerator / (2 x half) is quotient + 1/2. */
		if (half == 0)
			continue;
		CountCase();
		if (DivideRounded(numerator, 2 * half) != away)
			FailCase("%s / %s gives %s", Show(numerator), Show(2 * half), Show(DivideRounded(numerator, 2 * half)));
	}
	EndProperty();
}

static void
CheckLimits(void)
{
	int128		least = (int128) ((uint128) 1 << 127);
	int128		greatest = -(least + 1);

	Ok(OVERFLOWS(AddExact(greatest, 1)), "the greatest int128 + 1 overflows");
	Ok(OVERFLOWS(SubtractExact(least, 1)), "the least int128 - 1 overflows");
	Ok(OVERFLOWS(NegateExact(least)), "the least int128 cannot be negated");
	Ok(OVERFLOWS(DivideRounded(least, -1)), "the least int128 / -1 overflows");
	Ok(OVERFLOWS(DivideRounded(1, 0)), "division by zero is reported");
	Ok(MultiplyExact(least, 1) == least, "the least int128 x 1 is itself");
	Ok(OVERFLOWS(MultiplyExact(least, -1)), "the least int128 x -1 overflows");
	Ok(DivideRounded(least, least) == 1, "the least int128 / itself is 1");
	Ok(PowerOfTen(38) == PowerOfTen(19) * PowerOfTen(19), "10^38 = 10^19 x 10^19");
}

/* The type's greatest value fits, one more does not; the same below zero. */
static void
CheckFits(const char *type, bool (*fits) (int128 value), int digits)
{
	int128		limit = 1;

	for (int i = 0; i < digits; i++)
		limit *= 10;
	Ok(fits(limit - 1) && !fits(limit) && fits(1 - limit) && !fits(-limit) && fits(0), "limits of %s", type);
	Ok(!fits((int128) ((uint128) 1 << 127)), "the least int128 is no %s", type);
}

typedef struct RoundExample
{
	int64		value;
	int			scale;
	int			decimals;
	int64		expected;		/* at AMOUNT_SCALE */
} RoundExample;

static void
CheckRoundExamples(void)
{
	static const RoundExample examples[] = {
		{2345, 3, 2, 23500},	/* 2.345 -> 2.35 */
		{-2345, 3, 2, -23500},
		{23449, 4, 2, 23400},	/* 2.3449 -> 2.34 */
		{5, 1, 0, 10000},		/* 0.5 -> 1 */
		{-5, 1, 0, -10000},
		{49, 2, 0, 0},			/* 0.49 -> 0 */
		{7, 0, 2, 70000},		/* 7 -> 7.00 */
		{12345, 4, 4, 12345},
		{123455, 5, 4, 12346},	/* 1.23455 -> 1.2346 */
		{999999, 6, 2, 10000},	/* 0.999999 -> 1.00 */
		{0, 14, 2, 0}
	};

	for (int i = 0; i < (int) lengthof(examples); i++)
	{
		const RoundExample *e = &examples[i];

		Ok(RoundAmount(e->value, e->scale, e->decimals) == e->expected, "%s at scale %d rounded to %d decimals is %s at scale 4",
		   Show(e->value), e->scale, e->decimals, Show(e->expected));
	}
	/* 3 x 1.115 = 3.345; 12 units at 0.0125 = 0.15 */
	Ok(MultiplyRounded(3000000, QUANTITY_SCALE, 111500000, PRICE_SCALE, 2) == 33500, "3 at 1.115 is 3.35");
	Ok(MultiplyRounded(-3000000, QUANTITY_SCALE, 111500000, PRICE_SCALE, 2) == -33500, "-3 at 1.115 is -3.35");
	Ok(MultiplyRounded(12000000, QUANTITY_SCALE, 1250000, PRICE_SCALE, 2) == 1500, "12 at 0.0125 is 0.15");
	/* 100.00 x 1 / 3 = 33.33; x 2 / 3 = 66.67 */
	Ok(ShareRounded(1000000, 1, 3, 2) == 333300, "a third of 100.00 is 33.33");
	Ok(ShareRounded(1000000, 2, 3, 2) == 666700, "two thirds of 100.00 are 66.67");
	Ok(ShareRounded(-1000000, 2, 3, 2) == -666700, "two thirds of -100.00 are -66.67");
	Ok(ShareRounded(12345, 7, 7, 2) == 12345, "the whole of 1.2345 is 1.2345");
	Ok(ShareRounded(100, 1, 2, 2) == 100 && ShareRounded(99, 1, 2, 2) == 0, "half of 0.01 is 0.01, half of 0.0099 is nothing");
}

static void
CheckRound(void)
{
	BeginProperty("RoundAmount is the schoolbook's");
	for (int i = 0; i < DIVISION_CASES; i++)
	{
		int128		value = RandomInt128();
		int			scale = RandomInt(0, 20);
		int			decimals = RandomInt(0, AMOUNT_SCALE);
		volatile int128 got = 0;
		bool		overflowed;
		Big			units = BigRound(BigMultiply(BigFrom(value), BigPower(decimals)), BigPower(scale));

		CountCase();
		overflowed = OVERFLOWS(got = RoundAmount(value, scale, decimals));
		if (!Agrees(overflowed, got, BigMultiply(units, BigPower(AMOUNT_SCALE - decimals))))
			FailCase("%s at scale %d to %d decimals gives %s", Show(value), scale, decimals, Show(got));
	}
	EndProperty();
}

/* Quantity x price fits always: 18 and 18 digits. */
static void
CheckMultiplyRounded(void)
{
	BeginProperty("quantity x price is the schoolbook's and never overflows");
	for (int i = 0; i < DIVISION_CASES; i++)
	{
		int128		quantity = RandomDigits(QUANTITY_DIGITS);
		int128		price = RandomDigits(PRICE_DIGITS);
		int			decimals = RandomInt(0, AMOUNT_SCALE);
		volatile int128 got = 0;
		Big			product = BigMultiply(BigFrom(quantity), BigFrom(price));
		Big			units = BigRound(BigMultiply(product, BigPower(decimals)), BigPower(QUANTITY_SCALE + PRICE_SCALE));
		bool		overflowed;

		CountCase();
		overflowed = OVERFLOWS(got = MultiplyRounded(quantity, QUANTITY_SCALE, price, PRICE_SCALE, decimals));
		if (overflowed || !Agrees(false, got, BigMultiply(units, BigPower(AMOUNT_SCALE - decimals))))
			FailCase("%s x %s to %d decimals gives %s", Show(quantity), Show(price), decimals, Show(got));
	}
	EndProperty();
}

/* The value of a part of a quantity: 19 and 18 digits, always within 128 bits. */
static void
CheckShare(void)
{
	BeginProperty("a share of an amount is the schoolbook's and never overflows");
	for (int i = 0; i < DIVISION_CASES; i++)
	{
		int			decimals = RandomInt(0, AMOUNT_SCALE);
		int128		unit = PowerOfTen(AMOUNT_SCALE - decimals);
		int128		value = RandomDigits(AMOUNT_DIGITS) / unit * unit;
		int128		whole = RandomDigits(QUANTITY_DIGITS);
		int128		part = RandomInt(0, 9) == 0 ? whole : RandomDigits(QUANTITY_DIGITS);
		volatile int128 got = 0;
		Big			units;
		bool		overflowed;

		if (whole <= 0)
			continue;
		CountCase();
		units = BigRound(BigMultiply(BigFrom(value), BigFrom(part)), BigMultiply(BigFrom(whole), BigFrom(unit)));
		overflowed = OVERFLOWS(got = ShareRounded(value, part, whole, decimals));
		if (overflowed || !Agrees(false, got, BigMultiply(units, BigFrom(unit))))
			FailCase("%s x %s / %s gives %s", Show(value), Show(part), Show(whole), Show(got));
	}
	EndProperty();
}

int
main(void)
{
	CheckLimits();
	CheckFits("amount", AmountFits, 19);
	CheckFits("quantity", QuantityFits, 18);
	CheckFits("price", PriceFits, 18);
	CheckFits("rate", RateFits, 16);
	CheckRoundExamples();
	CheckBinary("AddExact is the schoolbook's or overflows", AddExact, BigAdd, CASES, false);
	CheckBinary("SubtractExact is the schoolbook's or overflows", SubtractExact, BigSubtract, CASES, false);
	CheckBinary("MultiplyExact is the schoolbook's or overflows", MultiplyExact, BigMultiply, CASES, false);
	CheckBinary("DivideRounded is the schoolbook's or overflows", DivideRounded, BigRound, DIVISION_CASES, true);
	CheckHalves();
	CheckRound();
	CheckMultiplyRounded();
	CheckShare();
	return Finish();
}
