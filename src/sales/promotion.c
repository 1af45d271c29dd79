/*
 * Promotions, one after the other in their order: each sees the lines as those
 * before it left them. What one takes from a document is spread over the lines
 * that it is about, and adds up.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "sales/price.h"

/* Whether lines of the item count for the promotion. */
static bool
CountsItem(const PriceRun *run, const Promotion *promotion, const PriceItem *item)
{
	if (promotion->itemId != 0)
		return promotion->itemId == item->itemId;
	if (promotion->itemGroup[0] == '\0')
		return true;
	for (int step = 0; step < item->targetCount; step++)
	{
		const PriceTarget *target = &run->targets[item->targets[step]];

		if (target->itemId == 0 && strcmp(target->itemGroup, promotion->itemGroup) == 0)
			return true;
	}
	return false;
}

/* Not more often than its limits allow, and once only if it is not given each time. */
static int64
TimesAllowed(const Promotion *promotion, int128 times)
{
	if (!promotion->each || times < 0)
		times = Min(times, 1);
	if (promotion->usesLeft >= 0)
		times = Min(times, promotion->usesLeft);
	return (int64) Max(times, 0);
}

static void
GiveGifts(const PriceRun *run, Promotion *promotion)
{
	int128		bought = 0;

	for (int i = 0; i < run->lineCount; i++)
	{
		if (CountsItem(run, promotion, run->lines[i].item))
			bought = AddExact(bought, run->lines[i].ownQuantity);
	}
	promotion->times = TimesAllowed(promotion, bought / promotion->buyQuantity);
}

/* The net amounts of the lines that count, 0 for others; returns their sum. */
static int128
CountedAmounts(const PriceRun *run, const Promotion *promotion, int128 *amounts)
{
	int128		sum = 0;

	for (int i = 0; i < run->lineCount; i++)
	{
		amounts[i] = CountsItem(run, promotion, run->lines[i].item) ? run->lines[i].net : 0;
		sum = AddExact(sum, amounts[i]);
	}
	return sum;
}

/* A reduction that is nothing leaves the promotion unused. */
static void
TakeOff(PriceRun *run, Promotion *promotion, int64 times, int128 reduction, const int128 *weights)
{
	if (times == 0 || reduction <= 0)
		return;
	promotion->times = times;
	promotion->effect = NegateExact(reduction);
	SpreadReduction(run, reduction, weights, EFFECT_PROMOTION, promotion, promotion->percent);
}

static void
ReduceAboveThreshold(PriceRun *run, Promotion *promotion)
{
	int128	   *amounts = palloc(sizeof(int128) * run->lineCount);
	int128		sum = CountedAmounts(run, promotion, amounts);
	int64		times = 0;
	int128		reduction;

	if (sum > 0 && sum >= promotion->threshold)
		times = TimesAllowed(promotion, promotion->percent != 0 || promotion->threshold == 0 ? 1 : sum / promotion->threshold);
	if (promotion->percent != 0)
		reduction = MultiplyRounded(sum, AMOUNT_SCALE, NegateExact(promotion->percent), PERCENT_SCALE + 2, run->currency->decimals);
	else
		reduction = Min(MultiplyExact(NegateExact(promotion->amount), times), sum);
	TakeOff(run, promotion, times, reduction, amounts);
	pfree(amounts);
}

static int128
QuantityOfItem(const PriceRun *run, int32 itemId)
{
	int128		quantity = 0;

	for (int i = 0; i < run->lineCount; i++)
	{
		if (run->lines[i].item->itemId == itemId)
			quantity = AddExact(quantity, run->lines[i].ownQuantity);
	}
	return quantity;
}

static int64
BundleTimes(const PriceRun *run, const Promotion *promotion)
{
	int128		times = -1;

	for (const BundleItem *item = promotion->bundle; item != NULL; item = item->next)
	{
		int128		whole = QuantityOfItem(run, item->itemId) / item->quantity;

		times = times < 0 ? whole : Min(times, whole);
	}
	return TimesAllowed(promotion, times);
}

/* What the lines give of one item to the bundles, in their order: each the share of its net amount. */
static void
TakeItem(const PriceRun *run, int32 itemId, int128 needed, int128 *shares)
{
	for (int i = 0; i < run->lineCount && needed > 0; i++)
	{
		const PriceLine *line = &run->lines[i];
		int128		taken;

		if (line->item->itemId != itemId)
			continue;
		taken = Min(needed, line->ownQuantity);
		shares[i] = ShareRounded(line->net, taken, line->ownQuantity, run->currency->decimals);
		needed -= taken;
	}
}

static void
PriceBundles(PriceRun *run, Promotion *promotion)
{
	int64		times = BundleTimes(run, promotion);
	int128	   *shares = palloc0(sizeof(int128) * run->lineCount);
	int128		sum = 0;

	for (const BundleItem *item = promotion->bundle; times > 0 && item != NULL; item = item->next)
		TakeItem(run, item->itemId, MultiplyExact(item->quantity, times), shares);
	for (int i = 0; i < run->lineCount; i++)
		sum = AddExact(sum, shares[i]);
	TakeOff(run, promotion, times, SubtractExact(sum, MultiplyExact(promotion->bundlePrice, times)), shares);
	pfree(shares);
}

/* Whether another promotion of its exclusive group gave something before. */
static bool
IsExcluded(const PriceRun *run, const Promotion *promotion)
{
	if (promotion->exclusiveGroup[0] == '\0')
		return false;
	for (const Promotion *before = run->promotions; before < promotion; before++)
	{
		if (before->times > 0 && strcmp(before->exclusiveGroup, promotion->exclusiveGroup) == 0)
			return true;
	}
	return false;
}

void
ApplyPromotions(PriceRun *run)
{
	for (int i = 0; i < run->promotionCount; i++)
	{
		Promotion  *promotion = &run->promotions[i];

		CHECK_FOR_INTERRUPTS();
		if (IsExcluded(run, promotion))
			continue;
		switch (promotion->kind)
		{
			case PROMOTION_GIFT:
				GiveGifts(run, promotion);
				break;
			case PROMOTION_THRESHOLD:
				ReduceAboveThreshold(run, promotion);
				break;
			case PROMOTION_BUNDLE:
				PriceBundles(run, promotion);
				break;
		}
	}
}
