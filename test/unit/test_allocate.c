/* AllocateAmount and ConvertAmounts against worked examples and a naive largest remainder. */
#include "big.h"
#include "tap.h"

#define CASES 4000
#define PARTS_MAX 12
#define LONG_COUNT 20000

static void
CheckExample(const char *name, int128 total, const int128 *weights, int count, int decimals, const int128 *expected)
{
	int128		parts[PARTS_MAX];
	bool		same = true;

	AllocateAmount(total, weights, count, decimals, parts);
	for (int i = 0; i < count; i++)
		same = same && parts[i] == expected[i];
	Ok(same, "%s", name);
}

static void
CheckExamples(void)
{
	CheckExample("100.00 in thirds: 33.34 33.33 33.33, the earliest takes the tie", 1000000,
				 (int128[]) {1, 1, 1}, 3, 2, (int128[]) {333400, 333300, 333300});
	CheckExample("-100.00 in thirds: the same, negated", -1000000,
				 (int128[]) {1, 1, 1}, 3, 2, (int128[]) {-333400, -333300, -333300});
	CheckExample("negative weights are the same proportions", 1000000,
				 (int128[]) {-1, -1, -1}, 3, 2, (int128[]) {333400, 333300, 333300});
	CheckExample("0.01 over two: the earlier takes all", 100,
				 (int128[]) {5, 5}, 2, 2, (int128[]) {100, 0});
	CheckExample("10 by 1, 2, 4 without decimals: 1.43 2.86 5.71 -> 1 3 6", 100000,
				 (int128[]) {1, 2, 4}, 3, 0, (int128[]) {10000, 30000, 60000});
	CheckExample("a weight of zero takes nothing", 1000000,
				 (int128[]) {0, 1, 0}, 3, 2, (int128[]) {0, 1000000, 0});
	CheckExample("weights of mixed sign: 10.00 by 3, -1 gives 15.00 and -5.00", 100000,
				 (int128[]) {3, -1}, 2, 2, (int128[]) {150000, -50000});
	CheckExample("nothing over something is nothing", 0,
				 (int128[]) {3, 4}, 2, 2, (int128[]) {0, 0});
	Ok(OVERFLOWS(AllocateAmount(100, (int128[]) {1, -1}, 2, 2, (int128[2]) {0})), "weights that add up to zero are reported");
}

/*
 * units x weights / divisor, floored, then one unit at a time to the greatest
 * remainder that has had none until they add up to the target.
 */
static void
NaiveLargestRemainder(Big units, const int128 *weights, int count, Big divisor, int128 target, int128 *parts)
{
	Big			remainders[PARTS_MAX];
	bool		given[PARTS_MAX] = {false};

	for (int i = 0; i < count; i++)
	{
		Big			product = BigMultiply(units, BigFrom(weights[i]));
		Big			quotient = BigFloor(product, divisor);

		remainders[i] = BigSubtract(product, BigMultiply(quotient, divisor));
		if (!BigToInt128(quotient, &parts[i]))
			abort();
		target -= parts[i];
	}
	while (target-- > 0)
	{
		int			best = -1;

		for (int i = 0; i < count; i++)
		{
			if (!given[i] && (best < 0 || BigCompare(remainders[i], remainders[best]) > 0))
				best = i;
		}
		if (best < 0)
			abort();
		given[best] = true;
		parts[best]++;
	}
}

static int128
RandomWeights(int128 *weights, int count, int digits, bool mixed)
{
	int128		sum = 0;

	for (int i = 0; i < count; i++)
	{
		weights[i] = RandomDigits(RandomInt(1, digits));
		if (!mixed && weights[i] < 0)
			weights[i] = -weights[i];
		if (i > 0 && RandomInt(0, 3) == 0)
			weights[i] = weights[i - 1];
		sum += weights[i];
	}
	return sum;
}

static void
NegateAll(int128 *values, int count)
{
	for (int i = 0; i < count; i++)
		values[i] = -values[i];
}

static int128
SumOf(const int128 *values, int count)
{
	int128		sum = 0;

	for (int i = 0; i < count; i++)
		sum += values[i];
	return sum;
}

static bool
SameAll(const int128 *a, const int128 *b, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (a[i] != b[i])
			return false;
	}
	return true;
}

static void
CheckAllocate(const char *name, bool mixed)
{
	BeginProperty(name);
	for (int i = 0; i < CASES; i++)
	{
		int128		weights[PARTS_MAX];
		int128		parts[PARTS_MAX];
		int128		mirrored[PARTS_MAX];
		int128		naive[PARTS_MAX];
		int			count = RandomInt(1, PARTS_MAX);
		int			decimals = RandomInt(0, AMOUNT_SCALE);
		int128		unit = PowerOfTen(AMOUNT_SCALE - decimals);
		int128		units = RandomDigits(RandomInt(1, 15));
		int128		sum = RandomWeights(weights, count, 18, mixed);

		if (units < 0)
			units = -units;
		if (sum == 0)
			continue;
		CountCase();
		AllocateAmount(units * unit, weights, count, decimals, parts);
		AllocateAmount(-units * unit, weights, count, decimals, mirrored);
		if (sum < 0)
			NegateAll(weights, count);
		NaiveLargestRemainder(BigFrom(units), weights, count, BigFrom(sum < 0 ? -sum : sum), units, naive);
		for (int j = 0; j < count; j++)
			naive[j] *= unit;
		if (!SameAll(parts, naive, count))
			FailCase("%s units over %d weights differs", Show(units), count);
		NegateAll(mirrored, count);
		if (!SameAll(parts, mirrored, count))
			FailCase("%s units and their negation over %d weights are no mirror images", Show(units), count);
	}
	EndProperty();
}

/* The amounts at a rate: each part by the rule, their sum the rounded conversion of the sum. */
static void
CheckConvert(void)
{
	BeginProperty("converted amounts are the naive ones, add up and mirror");
	for (int i = 0; i < CASES; i++)
	{
		int128		amounts[PARTS_MAX];
		int128		got[PARTS_MAX];
		int128		mirrored[PARTS_MAX];
		int128		naive[PARTS_MAX];
		int			count = RandomInt(1, PARTS_MAX);
		int			decimals = RandomInt(0, AMOUNT_SCALE);
		int128		unit = PowerOfTen(AMOUNT_SCALE - decimals);
		int128		rate = RandomDigits(RATE_DIGITS);
		int128		sum = RandomWeights(amounts, count, 17, RandomInt(0, 1) == 0);
		Big			divisor = BigMultiply(BigPower(RATE_SCALE), BigFrom(unit));
		int128		target;

		rate = rate < 0 ? -rate : rate + 1;
		if (RandomInt(0, 3) == 0)
		{
			amounts[count - 1] -= sum;
			sum = 0;
		}
		ConvertAmounts(amounts, count, rate, decimals, got);
		NegateAll(amounts, count);
		ConvertAmounts(amounts, count, rate, decimals, mirrored);
		NegateAll(mirrored, count);
		if (!SameAll(got, mirrored, count))
			FailCase("%d amounts at %s and their negation are no mirror images", count, Show(rate));

		CountCase();
		if (sum == 0)
		{
			if (SumOf(got, count) != 0)
				FailCase("%d amounts that add up to nothing give %s", count, Show(SumOf(got, count)));
			continue;
		}

		/* The rule is worked on amounts whose sum is positive. */
		if (sum > 0)
			NegateAll(amounts, count);
		if (!BigToInt128(BigRound(BigMultiply(BigFrom(sum < 0 ? -sum : sum), BigFrom(rate)), divisor), &target))
			abort();
		NaiveLargestRemainder(BigFrom(rate), amounts, count, divisor, target, naive);
		for (int j = 0; j < count; j++)
			naive[j] *= sum < 0 ? -unit : unit;
		if (!SameAll(got, naive, count))
			FailCase("%d amounts at rate %s differ", count, Show(rate));
	}
	EndProperty();
}

/* Many equal weights: the first of them take the units that are over. */
static void
CheckLong(void)
{
	int128	   *weights = palloc(sizeof(int128) * LONG_COUNT);
	int128	   *parts = palloc(sizeof(int128) * LONG_COUNT);
	bool		right = true;

	for (int i = 0; i < LONG_COUNT; i++)
		weights[i] = 7;
	/* 3 units each and 123 over */
	AllocateAmount((3 * LONG_COUNT + 123) * 100, weights, LONG_COUNT, 2, parts);
	for (int i = 0; i < LONG_COUNT; i++)
		right = right && parts[i] == (i < 123 ? 400 : 300);
	Ok(right, "%d equal weights: the first 123 take the units that are over", LONG_COUNT);
}

int
main(void)
{
	CheckExamples();
	CheckAllocate("allocation by positive weights is the naive one", false);
	CheckAllocate("allocation by weights of mixed sign is the naive one", true);
	CheckConvert();
	CheckLong();
	return Finish();
}
