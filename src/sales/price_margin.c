#include "postgres.h"

#include "miscadmin.h"

#include "core/errors.h"
#include "core/numeric_io.h"
#include "sales/price.h"

/* An amount with the line's tax in it, without. */
static int128
WithoutTax(const PriceRun *run, const PriceLine *line, int128 amount)
{
	int128		rate;

	if (line->taxCode == NULL)
		return amount;
	if (!TaxRateOn(line->taxCode, run->day, &rate))
		ereport(ERROR,
				(errcode(ERRCODE_ERP_NO_TAX_RATE),
				 errmsg("tax code \"%s\" has no rate that is valid on the day", line->taxCode->code),
				 errdetail("Line %d.", line->number),
				 errhint("Add the rate with erp.put_tax_codes().")));
	return RoundToCurrency(DivideRatio(RatioOf(amount, AMOUNT_SCALE), RatioOf(AddExact(PowerOfTen(RATE_SCALE), rate), RATE_SCALE)), run->currency);
}

static void
AddStop(PriceLine *line, const PriceRule *rule, PriceAction action, int128 limit)
{
	PriceStop  *stop = palloc0(sizeof(PriceStop));

	stop->rule = rule;
	stop->action = action;
	stop->limit = limit;
	stop->next = line->stops;
	line->stops = stop;
}

/* What the line comes to at its price is compared with what it would at the limit: both are rounded once. */
static void
CheckLimit(PriceRun *run, PriceLine *line, PricePurpose purpose)
{
	int128		price;
	int128		limit;
	const PriceRule *rule = FindPrice(run, line, purpose, false, &price);

	if (rule == NULL)
		return;
	limit = CheckAmount(MultiplyRounded(line->quantity, QUANTITY_SCALE, price, PRICE_SCALE, run->currency->decimals), "floor");
	if (purpose == PURPOSE_FLOOR && rule->list->taxIncluded)
		limit = WithoutTax(run, line, limit);
	if (line->untaxed < limit)
		AddStop(line, rule, rule->action, limit);
}

static void
FillMargin(PriceRun *run, PriceLine *line)
{
	int128		earned;
	const PriceItem *item = line->item;

	if (item->isStock && !item->hasCost)
		return;
	if (item->isStock)
		line->cost = RoundToCurrency(MultiplyRatio(item->unitCost, RatioOf(line->ownQuantity, QUANTITY_SCALE)), run->company->currency);
	line->hasMargin = line->hasPrice && InCompanyCurrency(run, line->untaxed, &earned);
	if (line->hasMargin)
		line->margin = SubtractExact(earned, line->cost);
}

static void
FillGiftCost(PriceRun *run, Promotion *promotion)
{
	const PriceItem *item;

	if (promotion->kind != PROMOTION_GIFT || promotion->times == 0)
		return;
	item = &run->items[FindCode(run->itemCodes, promotion->giftCode)];
	promotion->hasGiftCost = item->hasCost || !item->isStock;
	if (item->hasCost)
		promotion->giftCost = RoundToCurrency(MultiplyRatio(item->unitCost, RatioOf(MultiplyExact(promotion->giftQuantity, promotion->times), QUANTITY_SCALE)),
											  run->company->currency);
}

void
CheckMargins(PriceRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		PriceLine  *line = &run->lines[i];

		CHECK_FOR_INTERRUPTS();
		line->untaxed = line->taxIncluded ? WithoutTax(run, line, line->net) : line->net;
		FillMargin(run, line);
		if (line->hasPrice)
		{
			CheckLimit(run, line, PURPOSE_COST_STOP);
			CheckLimit(run, line, PURPOSE_FLOOR);
		}
		else
			AddStop(line, NULL, ACTION_REFUSE, 0);
	}
	for (int i = 0; i < run->promotionCount; i++)
		FillGiftCost(run, &run->promotions[i]);
}

PriceAction
WorstAction(const PriceRun *run)
{
	PriceAction worst = ACTION_NONE;

	for (int i = 0; i < run->lineCount; i++)
	{
		for (const PriceStop *stop = run->lines[i].stops; stop != NULL; stop = stop->next)
			worst = Max(worst, stop->action);
	}
	return worst;
}
