#include "core/money.h"

/* What the floor of one exact share left over, in smallest units times the sum of the weights. */
typedef struct ShareRemainder
{
	int128		remainder;
	int			index;
} ShareRemainder;

/* Greatest remainder first, of equal ones the earliest. */
static int
CompareRemainders(const void *left, const void *right)
{
	const ShareRemainder *a = (const ShareRemainder *) left;
	const ShareRemainder *b = (const ShareRemainder *) right;

	if (a->remainder != b->remainder)
		return a->remainder > b->remainder ? -1 : 1;
	return a->index < b->index ? -1 : 1;
}

static int128
SumExact(const int128 *values, int count)
{
	int128		sum = 0;

	for (int i = 0; i < count; i++)
		sum = AddExact(sum, values[i]);
	return sum;
}

/* parts[i] = floor(units x weight / weightSum), weightSum > 0; returns the sum of the parts. */
static int128
FloorShares(int128 units, const int128 *weights, int count, bool negateWeights, int128 weightSum,
			int128 *parts, ShareRemainder *remainders)
{
	int128		given = 0;

	for (int i = 0; i < count; i++)
	{
		int128		weight = negateWeights ? NegateExact(weights[i]) : weights[i];
		int128		product = MultiplyExact(units, weight);
		int128		quotient = product / weightSum;

		if (product - quotient * weightSum < 0)
			quotient--;
		parts[i] = quotient;
		remainders[i].remainder = product - quotient * weightSum;
		remainders[i].index = i;
		given = AddExact(given, quotient);
	}
	return given;
}

/* One more unit to each of the `missing` parts that lost most by the floor. */
static void
GiveMissingUnits(int128 missing, ShareRemainder *remainders, int count, int128 *parts)
{
	ErpAssert(missing >= 0 && missing <= count);
	if (missing == 0)
		return;

	qsort(remainders, count, sizeof(ShareRemainder), CompareRemainders);
	for (int i = 0; i < (int) missing; i++)
		parts[remainders[i].index]++;
}

void
AllocateAmount(int128 total, const int128 *weights, int count, int decimals, int128 *parts)
{
	int128		unit = PowerOfTen(AMOUNT_SCALE - decimals);
	int128		units = total / unit;
	int128		weightSum = SumExact(weights, count);
	bool		negateWeights = weightSum < 0;
	bool		negateParts = units < 0;
	int128		missing;
	ShareRemainder *remainders;

	ErpAssert(count >= 1 && units * unit == total);
	if (weightSum == 0)
		ReportArithmeticOverflow("allocation by weights that add up to zero");

	/* Worked on the magnitude: a reversal's parts are then the negated parts. */
	if (negateParts)
		units = NegateExact(units);
	if (negateWeights)
		weightSum = NegateExact(weightSum);

	remainders = palloc(sizeof(ShareRemainder) * count);
	missing = units - FloorShares(units, weights, count, negateWeights, weightSum, parts, remainders);
	GiveMissingUnits(missing, remainders, count, parts);
	pfree(remainders);

	for (int i = 0; i < count; i++)
		parts[i] = MultiplyExact(negateParts ? NegateExact(parts[i]) : parts[i], unit);
	ErpAssert(SumExact(parts, count) == total);
}

/* True if the amounts are worked negated, so that those of a reversal come out as the negated ones. */
static bool
WorkNegated(const int128 *amounts, int count)
{
	int128		sum = SumExact(amounts, count);

	for (int i = 0; i < count && sum == 0; i++)
		sum = amounts[i];
	return sum < 0;
}

void
ScaleAmounts(const int128 *amounts, int count, int128 numerator, int128 denominator, int128 total, int decimals, int128 *parts)
{
	int128		unit = PowerOfTen(AMOUNT_SCALE - decimals);
	int128		units = total / unit;
	bool		negate = WorkNegated(amounts, count);
	ShareRemainder *remainders = palloc(sizeof(ShareRemainder) * Max(count, 1));
	int128		missing;

	ErpAssert(numerator >= 0 && denominator > 0 && units * unit == total);
	missing = (negate ? NegateExact(units) : units) -
		FloorShares(numerator, amounts, count, negate, MultiplyExact(unit, denominator), parts, remainders);
	GiveMissingUnits(missing, remainders, count, parts);
	pfree(remainders);

	for (int i = 0; i < count; i++)
		parts[i] = MultiplyExact(negate ? NegateExact(parts[i]) : parts[i], unit);
}

void
ConvertAmounts(const int128 *amounts, int count, int128 rate, int decimals, int128 *companyAmounts)
{
	int128		total = MultiplyRounded(SumExact(amounts, count), AMOUNT_SCALE, rate, RATE_SCALE, decimals);

	ScaleAmounts(amounts, count, rate, PowerOfTen(RATE_SCALE), total, decimals, companyAmounts);
}
