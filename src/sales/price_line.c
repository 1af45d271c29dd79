#include "postgres.h"

#include "miscadmin.h"

#include "core/errors.h"
#include "core/numeric_io.h"
#include "sales/price.h"

PriceEffect *
AddEffect(PriceLine *line, EffectKind kind, int128 amount)
{
	PriceEffect *effect = palloc0(sizeof(PriceEffect));

	effect->kind = kind;
	effect->amount = amount;
	if (line->lastEffect == NULL)
		line->effects = effect;
	else
		line->lastEffect->next = effect;
	line->lastEffect = effect;
	line->net = AddExact(line->net, amount);
	return effect;
}

void
CutEffects(PriceLine *line, PriceEffect *last)
{
	line->lastEffect = last;
	if (last == NULL)
		line->effects = NULL;
	else
		last->next = NULL;
}

/* quantity x price x (100 + percent) / 100, rounded once. */
static int128
AmountOf(const PriceRun *run, const PriceLine *line, int128 percent)
{
	int128		exact = MultiplyExact(line->quantity, line->unitPrice);
	int128		hundredths = AddExact(PowerOfTen(PERCENT_SCALE + 2), percent);
	int128		amount = percent == 0 ? RoundAmount(exact, QUANTITY_SCALE + PRICE_SCALE, run->currency->decimals)
		: RoundAmount(MultiplyExact(exact, hundredths), QUANTITY_SCALE + PRICE_SCALE + PERCENT_SCALE + 2, run->currency->decimals);

	return CheckAmount(amount, psprintf("amount of line %d", line->number));
}

/* A discount, or a surcharge, on the line: the net amount is rounded once, and the effect is what it changes. */
static void
DiscountLine(const PriceRun *run, PriceLine *line, EffectKind kind, const PriceRule *rule, int128 percent)
{
	PriceEffect *effect = AddEffect(line, kind, SubtractExact(AmountOf(run, line, percent), line->gross));

	effect->rule = rule;
	effect->percent = percent;
}

static void
PriceOneLine(PriceRun *run, PriceLine *line)
{
	const PriceRule *rule = NULL;
	const PriceRule *discount = NULL;
	int128		none;
	PriceEffect *effect;

	if (!line->priceGiven)
	{
		rule = FindPrice(run, line, PURPOSE_PRICE, true, &line->unitPrice);
		if (rule == NULL)
			return;
		line->taxIncluded = rule->list->taxIncluded;
	}
	line->hasPrice = true;
	line->gross = AmountOf(run, line, 0);
	effect = AddEffect(line, rule == NULL ? EFFECT_GIVEN_PRICE : EFFECT_PRICE, line->gross);
	effect->rule = rule;
	effect->price = line->unitPrice;
	if (line->discountGiven)
		DiscountLine(run, line, EFFECT_GIVEN_DISCOUNT, NULL, NegateExact(line->discount));
	else if (rule != NULL && !rule->net)
		discount = FindPrice(run, line, PURPOSE_DISCOUNT, false, &none);
	if (discount != NULL)
		DiscountLine(run, line, EFFECT_DISCOUNT, discount, discount->percent);
}

void
PriceLines(PriceRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		CHECK_FOR_INTERRUPTS();
		PriceOneLine(run, &run->lines[i]);
	}
}

void
SpreadReduction(PriceRun *run, int128 reduction, const int128 *weights, EffectKind kind, const Promotion *promotion, int128 percent)
{
	int128	   *parts = palloc(sizeof(int128) * run->lineCount);

	AllocateAmount(reduction, weights, run->lineCount, run->currency->decimals, parts);
	for (int i = 0; i < run->lineCount; i++)
	{
		PriceEffect *effect;

		if (parts[i] == 0)
			continue;
		effect = AddEffect(&run->lines[i], kind, NegateExact(parts[i]));
		effect->promotion = promotion;
		effect->percent = percent;
	}
	pfree(parts);
}

void
DiscountDocument(PriceRun *run)
{
	int128	   *weights = palloc(sizeof(int128) * run->lineCount);
	int128		total = 0;
	int128		reduction = run->discountAmount;

	for (int i = 0; i < run->lineCount; i++)
	{
		weights[i] = run->lines[i].net;
		total = AddExact(total, weights[i]);
	}
	if (run->discount != 0)
		reduction = MultiplyRounded(total, AMOUNT_SCALE, run->discount, PERCENT_SCALE + 2, run->currency->decimals);
	reduction = Min(reduction, total);
	if (reduction > 0)
		SpreadReduction(run, reduction, weights, EFFECT_DOCUMENT_DISCOUNT, NULL, NegateExact(run->discount));
	pfree(weights);
}
