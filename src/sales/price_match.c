/*
 * The best rule for a line. Of those that fit it, the one whose list has the
 * higher priority; then the one that is nearer to the party (a party, its
 * group, everybody), then to the item (the item, its groups from the nearest
 * up, all), then the one for its very unit, then the one for the greater
 * quantity, then the one from the later day; and of equal ones the one that
 * was made last. A rule whose base gives no price gives none itself: the next
 * best counts.
 */
#include "postgres.h"

#include "sales/price.h"

/* How well a rule fits a line: what is greater is better, field by field. */
typedef struct RuleRank
{
	int64		fields[7];
} RuleRank;

#define RANK_FIELDS 7

/* What a rule makes of a price: of one unit of the rule, in the currency of its list. */
typedef struct RulePrice
{
	const PriceRule *rule;
	int128		value;			/* PRICE_SCALE */
} RulePrice;

typedef struct PriceSearch
{
	PriceRun   *run;
	PriceLine  *line;
	bool		effects;		/* add the steps to those of the line */
} PriceSearch;

static bool FindRulePrice(const PriceSearch *search, PricePurpose purpose, int32 listId, int depth, RulePrice *found);

static bool
RuleFits(const PriceLine *line, const PriceRule *rule, PricePurpose purpose, int32 listId)
{
	if (rule->purpose != purpose || (listId == 0 ? !rule->list->direct : rule->list->listId != listId))
		return false;
	if (rule->unitId != 0)
		return rule->unitId == line->unitId && line->quantity >= rule->minQuantity;
	return line->ownQuantity >= rule->minQuantity;
}

/* step: how far the rule's target is from the item. The quantities of a rank are of one unit, the line's or the item's own. */
static RuleRank
RankOf(const PriceRule *rule, int step)
{
	return (RuleRank) {{
		rule->list->priority, rule->forWhom, -step, rule->unitId != 0, (int64) rule->minQuantity, rule->validFrom, rule->ruleId
	}};
}

static int
CompareRanks(const RuleRank *a, const RuleRank *b)
{
	for (int i = 0; i < RANK_FIELDS; i++)
	{
		if (a->fields[i] != b->fields[i])
			return a->fields[i] < b->fields[i] ? -1 : 1;
	}
	return 0;
}

/* The best of those that rank below; `below` becomes its rank. NULL: none does. */
static const PriceRule *
BestRuleBelow(const PriceSearch *search, PricePurpose purpose, int32 listId, RuleRank *below)
{
	const PriceItem *item = search->line->item;
	const PriceRule *best = NULL;
	RuleRank	bestRank = {{0}};

	for (int step = 0; step < item->targetCount; step++)
	{
		for (const PriceRule *rule = search->run->targets[item->targets[step]].rules; rule != NULL; rule = rule->next)
		{
			RuleRank	rank;

			if (!RuleFits(search->line, rule, purpose, listId))
				continue;
			rank = RankOf(rule, step);
			if (CompareRanks(&rank, below) >= 0 || (best != NULL && CompareRanks(&rank, &bestRank) <= 0))
				continue;
			best = rule;
			bestRank = rank;
		}
	}
	*below = bestRank;
	return best;
}

/* A price of one unit of `from` as one of one unit of `to`: the line's unit, or the item's own. */
static Ratio
InUnit(const PriceLine *line, Ratio price, bool fromOwn, bool toOwn)
{
	if (fromOwn == toOwn)
		return price;
	return fromOwn ? MultiplyRatio(price, line->unitRatio) : DivideRatio(price, line->unitRatio);
}

/* What the rule begins from; false if that is not known. */
static bool
BaseOfRule(const PriceSearch *search, const PriceRule *rule, int depth, Ratio *base)
{
	const PriceLine *line = search->line;
	RulePrice	found;

	if (rule->base == BASE_COST)
	{
		if (!line->item->hasCost)
			return false;
		*base = InUnit(line, line->item->unitCost, true, rule->unitId == 0);
		*base = InCurrency(search->run, *base, search->run->company->currency, rule->list->currency);
		return true;
	}
	if (depth == BASE_DEPTH_MAX || FindPriceList(search->run, rule->baseListId) == NULL ||
		!FindRulePrice(search, PURPOSE_PRICE, rule->baseListId, depth + 1, &found))
		return false;
	*base = InUnit(line, RatioOf(found.value, PRICE_SCALE), found.rule->unitId == 0, rule->unitId == 0);
	*base = InCurrency(search->run, *base, found.rule->list->currency, rule->list->currency);
	return true;
}

int128
FormulaPrice(Ratio base, int128 percent, int128 amount, int128 roundTo, int128 ending)
{
	int128		value;
	Ratio		price = MultiplyRatio(base, RatioOf(AddExact(PowerOfTen(PERCENT_SCALE + 2), percent), PERCENT_SCALE + 2));

	if (!RatioAdd(price, RatioOf(amount, PRICE_SCALE), &price))
		ReportArithmeticOverflow("a price");
	if (roundTo == 0)
		value = AddExact(RoundRatio(price, PRICE_SCALE), ending);
	else
	{
		if (!RatioSubtract(price, RatioOf(ending, PRICE_SCALE), &price))
			ReportArithmeticOverflow("a price");
		value = AddExact(MultiplyExact(RoundRatio(DivideRatio(price, RatioOf(roundTo, PRICE_SCALE)), 0), roundTo), ending);
	}
	if (!PriceFits(value))
		ReportArithmeticOverflow("a price");
	return Max(value, 0);
}

static bool
ComputeRule(const PriceSearch *search, const PriceRule *rule, int depth, int128 *value)
{
	Ratio		price;

	*value = rule->price;
	if (rule->base == BASE_NONE)
		return true;
	if (!BaseOfRule(search, rule, depth, &price))
		return false;
	*value = FormulaPrice(price, rule->percent, rule->amount, rule->roundTo, rule->ending);
	return true;
}

static void
AddStep(const PriceSearch *search, const RulePrice *found)
{
	PriceEffect *effect;

	if (!search->effects)
		return;
	effect = AddEffect(search->line, EFFECT_BASE, 0);
	effect->rule = found->rule;
	effect->price = found->value;
}

/* listId 0: of the lists that lines have their prices from. */
static bool
FindRulePrice(const PriceSearch *search, PricePurpose purpose, int32 listId, int depth, RulePrice *found)
{
	RuleRank	below = {{PG_INT64_MAX}};

	while ((found->rule = BestRuleBelow(search, purpose, listId, &below)) != NULL)
	{
		PriceEffect *before = search->line->lastEffect;

		if (ComputeRule(search, found->rule, depth, &found->value))
		{
			if (depth > 0)
				AddStep(search, found);
			return true;
		}
		/* What led to no price explains none. */
		if (search->effects)
			CutEffects(search->line, before);
	}
	return false;
}

const PriceRule *
FindPrice(PriceRun *run, PriceLine *line, PricePurpose purpose, bool effects, int128 *price)
{
	PriceSearch search = {.run = run, .line = line, .effects = effects};
	RulePrice	found;

	if (!FindRulePrice(&search, purpose, 0, 0, &found))
		return NULL;
	*price = found.value;
	if (found.rule->unitId == 0 && line->unitId != line->item->unitId)
		*price = RoundRatio(MultiplyRatio(RatioOf(found.value, PRICE_SCALE), line->unitRatio), PRICE_SCALE);
	return found.rule;
}
