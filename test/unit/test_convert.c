/* RatioScale of ratio.c, by which quantities are converted between units: worked examples, and properties against schoolbook arithmetic. */
#include "core/ratio.h"

#include "big.h"
#include "tap.h"

#define CASES 100000

static Ratio
RandomRatio(int digits)
{
	int128		numerator = 0;
	int128		denominator = 0;
	Ratio		ratio = {1, 1};

	while (numerator <= 0)
		numerator = RandomDigits(digits);
	while (denominator <= 0)
		denominator = RandomDigits(digits);
	(void) RatioDivide(RatioOf(numerator, 0), RatioOf(denominator, 0), &ratio);
	return ratio;
}

static void
CheckExamples(void)
{
	static const Ratio box = {12, 1};
	static const Ratio third = {1, 3};
	static const Ratio pound = {45359237, 100000000};
	int128		pieces = 0;

	Ok(RatioScale(3000000, box, &pieces) == SCALE_EXACT && pieces - 36000000 == 0, "3 boxes of 12 less 36 pieces is zero");
	Ok(RatioScale(1000000, third, &pieces) == SCALE_INEXACT, "a third is no quantity");
	Ok(RatioScale(3000000, third, &pieces) == SCALE_EXACT && pieces == 1000000, "three thirds are one");
	Ok(RatioScale(1000000, pound, &pieces) == SCALE_INEXACT, "a pound has eight decimals of a kilogram");
	Ok(RatioScale(-100000000, pound, &pieces) == SCALE_EXACT && pieces == -45359237, "a hundred pounds have six, of any sign");
	Ok(RatioScale(0, pound, &pieces) == SCALE_EXACT && pieces == 0, "nothing is nothing");
	Ok(RatioScale(PowerOfTen(38), (Ratio) {1000, 1}, &pieces) == SCALE_OVERFLOW, "what no 128 bits hold is refused");
}

/* Exact exactly if the denominator divides the product, and then the quotient. */
static void
CheckAgainstSchoolbook(void)
{
	BeginProperty("a converted quantity is the schoolbook's product, or refused");
	for (int i = 0; i < CASES; i++)
	{
		Ratio		ratio = RandomRatio(RandomInt(1, 12));
		int128		value = RandomDigits(18) * (RandomInt(0, 1) == 0 ? 1 : ratio.denominator);
		int128		got = 0;
		Big			product = BigMultiply(BigFrom(value), BigFrom(ratio.numerator));
		Big			floor = BigFloor(product, BigFrom(ratio.denominator));
		bool		exact = BigCompare(BigMultiply(floor, BigFrom(ratio.denominator)), product) == 0;
		int128		expected = 0;
		bool		fits = BigToInt128(floor, &expected);
		ScaleStatus status = RatioScale(value, ratio, &got);

		CountCase();
		if (!fits ? status == SCALE_EXACT : status != (exact ? SCALE_EXACT : SCALE_INEXACT))
			FailCase("%s x %s / %s has status %d", Show(value), Show(ratio.numerator), Show(ratio.denominator), (int) status);
		else if (status == SCALE_EXACT && got != expected)
			FailCase("%s x %s / %s gives %s", Show(value), Show(ratio.numerator), Show(ratio.denominator), Show(got));
	}
	EndProperty();
}

static void
CheckThereAndBack(void)
{
	BeginProperty("what was converted exactly converts back to itself");
	for (int i = 0; i < CASES; i++)
	{
		Ratio		ratio = RandomRatio(9);
		Ratio		inverse = {ratio.denominator, ratio.numerator};
		int128		value = RandomDigits(9) * ratio.denominator;
		int128		there = 0;
		int128		back = 0;

		CountCase();
		if (RatioScale(value, ratio, &there) != SCALE_EXACT || RatioScale(there, inverse, &back) != SCALE_EXACT || back != value)
			FailCase("%s comes back as %s", Show(value), Show(back));
	}
	EndProperty();
}

/* Parts and their whole convert to parts and their whole: nothing drifts. */
static void
CheckAdditive(void)
{
	BeginProperty("the sum of converted quantities is the converted sum");
	for (int i = 0; i < CASES; i++)
	{
		Ratio		ratio = RandomRatio(9);
		int128		parts[2] = {RandomDigits(9) * ratio.denominator, RandomDigits(9) * ratio.denominator};
		int128		converted[3] = {0};

		CountCase();
		if (RatioScale(parts[0], ratio, &converted[0]) != SCALE_EXACT || RatioScale(parts[1], ratio, &converted[1]) != SCALE_EXACT ||
			RatioScale(parts[0] + parts[1], ratio, &converted[2]) != SCALE_EXACT || converted[0] + converted[1] != converted[2])
			FailCase("%s and %s", Show(parts[0]), Show(parts[1]));
	}
	EndProperty();
}

int
main(void)
{
	CheckExamples();
	CheckAgainstSchoolbook();
	CheckThereAndBack();
	CheckAdditive();
	return Finish();
}
