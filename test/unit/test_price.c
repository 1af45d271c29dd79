/* Tax inside of prices, discounts and cash rounding against worked examples and what must hold of any amounts. */
#include "core/price_amounts.h"

#include "big.h"
#include "tap.h"

#define CASES 4000
#define LINES_MAX 12

#define PERCENT(whole) ((int128) (whole) * 100000000)

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
NegateAll(int128 *values, int count)
{
	for (int i = 0; i < count; i++)
		values[i] = -values[i];
}

static void
CheckTaxOut(const char *name, const int128 *amounts, int count, int128 rate, bool perLine, int decimals, const int128 *expected)
{
	int128		nets[LINES_MAX];

	TakeTaxOut(amounts, count, rate, perLine, decimals, nets);
	Ok(SameAll(nets, expected, count), "%s", name);
}

static void
CheckExamples(void)
{
	const int128 fifth = PowerOfTen(RATE_SCALE) / 5;
	const int128 tenth = PowerOfTen(RATE_SCALE) / 10;
	int128		parts[3];

	CheckTaxOut("3 x 1.00 with 20% inside: 0.50 of tax, 0.84 0.83 0.83", (int128[]) {10000, 10000, 10000}, 3, fifth, false, 2, (int128[]) {8400, 8300, 8300});
	CheckTaxOut("the same by line: 0.17 of each", (int128[]) {10000, 10000, 10000}, 3, fifth, true, 2, (int128[]) {8300, 8300, 8300});
	CheckTaxOut("3 x 105 with 10% inside without decimals: 96 95 95", (int128[]) {1050000, 1050000, 1050000}, 3, tenth, false, 0, (int128[]) {960000, 950000, 950000});
	CheckTaxOut("1.00 - 1.00 with 20% inside: 0.83 -0.83", (int128[]) {10000, -10000}, 2, fifth, false, 2, (int128[]) {8300, -8300});
	CheckTaxOut("no tax is inside at a rate of zero", (int128[]) {10000, 300}, 2, 0, false, 2, (int128[]) {10000, 300});
	Ok(TaxInside(300, fifth, 2) == 100, "0.03 with 20%% inside: 0.005 is 0.01");
	Ok(TaxInside(-300, fifth, 2) == -100, "and -0.03 the same, negated");
	Ok(PercentOf(100000, INT64CONST(3333333333), 2) == 33300, "a third of 10.00 is 3.33");
	SpreadDiscount((int128[]) {100000, 100000, 100000}, 3, 100000, false, 0, 2, parts);
	Ok(SameAll(parts, (int128[]) {33400, 33300, 33300}, 3), "10.00 off three times 10.00");
	SpreadDiscount((int128[]) {10000, -10000}, 2, 0, true, PERCENT(10), 2, parts);
	Ok(SameAll(parts, (int128[]) {1000, -1000}, 2), "10%% off lines that add up to zero");
	Ok(RoundToStep(108100, 500, CASH_NEAREST) == 108000 && RoundToStep(100500, 1000, CASH_NEAREST) == 101000 &&
	   RoundToStep(-100500, 1000, CASH_NEAREST) == -101000, "10.81 to 0.05, and halves away from zero");
	Ok(RoundToStep(108100, 500, CASH_UP) == 108500 && RoundToStep(-108100, 500, CASH_UP) == -108500 && RoundToStep(108000, 500, CASH_UP) == 108000 &&
	   RoundToStep(108400, 500, CASH_DOWN) == 108000 && RoundToStep(-108400, 500, CASH_DOWN) == -108000, "up and down");
}

/* Amounts in smallest units, now and then all alike, or adding up to zero. */
static int128
RandomAmounts(int128 *amounts, int count, int128 unit)
{
	bool		mixed = RandomInt(0, 2) == 0;

	for (int i = 0; i < count; i++)
	{
		amounts[i] = RandomDigits(RandomInt(1, 12)) * unit;
		if (!mixed && amounts[i] < 0)
			amounts[i] = -amounts[i];
		if (i > 0 && RandomInt(0, 3) == 0)
			amounts[i] = amounts[i - 1];
	}
	if (mixed && RandomInt(0, 4) == 0)
		amounts[count - 1] -= SumOf(amounts, count);
	return SumOf(amounts, count);
}

static int128
RandomRate(void)
{
	int128		rate = RandomDigits(RandomInt(1, RATE_SCALE + 1));

	return RandomInt(0, 1) == 0 ? PowerOfTen(RATE_SCALE) / 100 * RandomInt(0, 40) : rate < 0 ? -rate : rate;
}

/* |part x denominator - amount x numerator| < unit x denominator */
static bool
IsNear(int128 part, int128 amount, int128 numerator, int128 denominator, int128 unit)
{
	Big			difference = BigSubtract(BigMultiply(BigFrom(part), BigFrom(denominator)), BigMultiply(BigFrom(amount), BigFrom(numerator)));

	difference.negative = false;
	return BigCompare(difference, BigMultiply(BigFrom(unit), BigFrom(denominator))) < 0;
}

static void
CheckTaxInside(bool perLine)
{
	BeginProperty(perLine ? "by line: net and tax are the price, each tax the nearest" : "by document: nets and the tax are the prices, each net near its own");
	for (int i = 0; i < CASES; i++)
	{
		int128		amounts[LINES_MAX];
		int128		nets[LINES_MAX];
		int128		mirrored[LINES_MAX];
		int			count = RandomInt(1, LINES_MAX);
		int			decimals = RandomInt(0, AMOUNT_SCALE);
		int128		unit = PowerOfTen(AMOUNT_SCALE - decimals);
		int128		rate = RandomRate();
		int128		whole = PowerOfTen(RATE_SCALE) + rate;
		int128		sum = RandomAmounts(amounts, count, unit);
		int128		tax;

		CountCase();
		TakeTaxOut(amounts, count, rate, perLine, decimals, nets);
		if (!BigToInt128(BigRound(BigMultiply(BigFrom(sum), BigFrom(rate)), BigMultiply(BigFrom(whole), BigFrom(unit))), &tax))
			abort();
		if (!perLine && SumOf(nets, count) + tax * unit != sum)
			FailCase("%s at rate %s: nets and tax are %s", Show(sum), Show(rate), Show(SumOf(nets, count) + tax * unit));
		for (int j = 0; j < count; j++)
		{
			if (nets[j] % unit != 0 || !IsNear(nets[j], amounts[j], PowerOfTen(RATE_SCALE), whole, unit))
				FailCase("%s at rate %s: net %s", Show(amounts[j]), Show(rate), Show(nets[j]));
			if (perLine && nets[j] + TaxInside(amounts[j], rate, decimals) != amounts[j])
				FailCase("%s at rate %s: net %s and its tax", Show(amounts[j]), Show(rate), Show(nets[j]));
		}
		NegateAll(amounts, count);
		TakeTaxOut(amounts, count, rate, perLine, decimals, mirrored);
		NegateAll(mirrored, count);
		if (!SameAll(nets, mirrored, count))
			FailCase("%d amounts at rate %s and their negation are no mirror images", count, Show(rate));
	}
	EndProperty();
}

/* Tax put on an amount is the tax that is then inside it. */
static void
CheckRoundTrip(void)
{
	BeginProperty("what tax was put on has that tax inside");
	for (int i = 0; i < CASES * 10; i++)
	{
		int			decimals = RandomInt(0, AMOUNT_SCALE);
		int128		net = RandomDigits(RandomInt(1, 13)) * PowerOfTen(AMOUNT_SCALE - decimals);
		int128		rate = RandomRate();
		int128		tax = MultiplyRounded(net, AMOUNT_SCALE, rate, RATE_SCALE, decimals);

		CountCase();
		if (TaxInside(net + tax, rate, decimals) != tax)
			FailCase("%s and tax %s at rate %s: inside is %s", Show(net), Show(tax), Show(rate), Show(TaxInside(net + tax, rate, decimals)));
	}
	EndProperty();
}

static void
CheckDiscounts(void)
{
	BeginProperty("a discount is spread exactly, each part near its share and none beyond its line");
	for (int i = 0; i < CASES; i++)
	{
		int128		amounts[LINES_MAX];
		int128		parts[LINES_MAX];
		int			count = RandomInt(1, LINES_MAX);
		int			decimals = RandomInt(0, AMOUNT_SCALE);
		int128		unit = PowerOfTen(AMOUNT_SCALE - decimals);
		int128		sum = RandomAmounts(amounts, count, unit);
		bool		hasPercent = sum == 0 || RandomInt(0, 1) == 0;
		int128		percent = PERCENT(100) * RandomInt(0, 300) / 300;
		int128		discount = hasPercent ? PercentOf(sum, percent, decimals) : sum / unit * RandomInt(0, 100) / 100 * unit;

		CountCase();
		SpreadDiscount(amounts, count, discount, hasPercent, percent, decimals, parts);
		if (SumOf(parts, count) != discount)
			FailCase("%s off %s: parts add up to %s", Show(discount), Show(sum), Show(SumOf(parts, count)));
		for (int j = 0; j < count; j++)
		{
			if (parts[j] % unit != 0 || (amounts[j] >= 0 ? parts[j] < 0 || parts[j] > amounts[j] : parts[j] > 0 || parts[j] < amounts[j]))
				FailCase("part %s of a line of %s", Show(parts[j]), Show(amounts[j]));
			if (!(hasPercent ? IsNear(parts[j], amounts[j], percent, PowerOfTen(RATE_SCALE), unit) :
				  IsNear(parts[j], amounts[j], sum < 0 ? -discount : discount, sum < 0 ? -sum : sum, unit)))
				FailCase("part %s of a line of %s, %s off %s", Show(parts[j]), Show(amounts[j]), Show(discount), Show(sum));
		}
	}
	EndProperty();
}

static void
CheckCash(void)
{
	BeginProperty("a total is rounded to a multiple, no further than its method goes");
	for (int i = 0; i < CASES; i++)
	{
		int128		amount = RandomDigits(RandomInt(1, 15));
		int128		step = RandomInt(1, 100000);
		CashMethod	method = (CashMethod) RandomInt(0, CASH_METHODS - 1);
		int128		rounded = RoundToStep(amount, step, method);
		int128		more = amount < 0 ? amount - rounded : rounded - amount;

		CountCase();
		if (rounded % step != 0 || more <= -step || more >= step || (method == CASH_UP && more < 0) || (method == CASH_DOWN && more > 0) ||
			(method == CASH_NEAREST && (2 * more > step || 2 * more <= -step)))
			FailCase("%s to %s by method %d is %s", Show(amount), Show(step), (int) method, Show(rounded));
		if (RoundToStep(-amount, step, method) != -rounded)
			FailCase("-%s to %s by method %d is no mirror image", Show(amount), Show(step), (int) method);
	}
	EndProperty();
}

int
main(void)
{
	CheckExamples();
	CheckTaxInside(false);
	CheckTaxInside(true);
	CheckRoundTrip();
	CheckDiscounts();
	CheckCash();
	return Finish();
}
