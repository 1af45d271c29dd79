#include "core/price_amounts.h"

const char *const CashMethodNames[CASH_METHODS] = {"nearest", "up", "down"};

CashMethod
CashMethodOf(const char *name)
{
	for (int i = 0; i < CASH_METHODS; i++)
	{
		if (strcmp(CashMethodNames[i], name) == 0)
			return (CashMethod) i;
	}
	return CASH_NEAREST;
}

static int128
SumOf(const int128 *amounts, int count)
{
	int128		sum = 0;

	for (int i = 0; i < count; i++)
		sum = AddExact(sum, amounts[i]);
	return sum;
}

int128
PercentOf(int128 amount, int128 percent, int decimals)
{
	return MultiplyRounded(amount, AMOUNT_SCALE, percent, RATE_SCALE, decimals);
}

int128
TaxInside(int128 amount, int128 rate, int decimals)
{
	int128		unit = PowerOfTen(AMOUNT_SCALE - decimals);
	int128		whole = AddExact(PowerOfTen(RATE_SCALE), rate);

	return MultiplyExact(DivideRounded(MultiplyExact(amount, rate), MultiplyExact(whole, unit)), unit);
}

void
TakeTaxOut(const int128 *amounts, int count, int128 rate, bool perLine, int decimals, int128 *nets)
{
	int128		sum = SumOf(amounts, count);

	if (!perLine)
	{
		ScaleAmounts(amounts, count, PowerOfTen(RATE_SCALE), AddExact(PowerOfTen(RATE_SCALE), rate),
					 SubtractExact(sum, TaxInside(sum, rate, decimals)), decimals, nets);
		return;
	}
	for (int i = 0; i < count; i++)
		nets[i] = SubtractExact(amounts[i], TaxInside(amounts[i], rate, decimals));
}

void
SpreadDiscount(const int128 *amounts, int count, int128 discount, bool hasPercent, int128 percent, int decimals, int128 *parts)
{
	int128		sum = SumOf(amounts, count);

	if (hasPercent)
		ScaleAmounts(amounts, count, percent, PowerOfTen(RATE_SCALE), discount, decimals, parts);
	else if (sum < 0)
		ScaleAmounts(amounts, count, NegateExact(discount), NegateExact(sum), discount, decimals, parts);
	else
		ScaleAmounts(amounts, count, discount, sum, discount, decimals, parts);
}

int128
RoundToStep(int128 amount, int128 step, CashMethod method)
{
	int128		steps = amount / step;

	if (method == CASH_NEAREST)
		steps = DivideRounded(amount, step);
	else if (method == CASH_UP && steps * step != amount)
		steps += amount < 0 ? -1 : 1;
	return MultiplyExact(steps, step);
}
