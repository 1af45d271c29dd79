#include "postgres.h"

#include "miscadmin.h"

#include "core/json_push.h"
#include "core/numeric_io.h"
#include "sales/price.h"

static const char *const EffectNames[] = {
	"base", "price", "given_price", "discount", "given_discount", "promotion", "document_discount"
};

static const char *const ActionNames[] = {"none", "warn", "approve", "refuse"};

static const char *const PurposeNames[] = {"price", "discount", "floor", "cost_stop"};

typedef struct PriceTotals
{
	int128		net;
	int128		untaxed;
	int128		cost;
	int128		margin;
	bool		hasMargin;
} PriceTotals;

static void
PushText(JsonbParseState **state, const char *name, const char *text)
{
	PushJsonText(state, WJB_KEY, name);
	PushJsonText(state, WJB_VALUE, text);
}

static void
PushNothing(JsonbParseState **state, const char *name)
{
	PushJsonId(state, name, 0);
}

static void
PushAmount(JsonbParseState **state, const char *name, int128 value)
{
	PushJsonFixed(state, name, value, AMOUNT_SCALE);
}

static void
PushFlag(JsonbParseState **state, const char *name, bool flag)
{
	JsonbValue	value = {.type = jbvBool, .val.boolean = flag};

	PushJsonText(state, WJB_KEY, name);
	(void) pushJsonbValue(state, WJB_VALUE, &value);
}

static void
BeginList(JsonbParseState **state, const char *name)
{
	PushJsonText(state, WJB_KEY, name);
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
}

/* Where a rule stands, and what it says beside its price. */
static void
PushRule(JsonbParseState **state, const PriceRule *rule)
{
	PushJsonId(state, "rule", rule->ruleId);
	PushText(state, "list", rule->list->code);
	if (rule->base == BASE_LIST || rule->base == BASE_COST)
		PushText(state, "from", rule->base == BASE_COST ? "cost" : "list");
	if (rule->base != BASE_NONE && rule->percent != 0)
		PushJsonFixed(state, "percent", rule->percent, PERCENT_SCALE);
}

static void
PushEffect(JsonbParseState **state, const PriceEffect *effect)
{
	bool		hasPrice = effect->kind == EFFECT_BASE || effect->kind == EFFECT_PRICE || effect->kind == EFFECT_GIVEN_PRICE;

	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushText(state, "effect", EffectNames[effect->kind]);
	if (effect->rule != NULL)
		PushRule(state, effect->rule);
	if (effect->promotion != NULL)
		PushText(state, "promotion", effect->promotion->code);
	if (hasPrice)
		PushJsonFixed(state, "price", effect->price, PRICE_SCALE);
	if (effect->percent != 0)
		PushJsonFixed(state, "percent", effect->percent, PERCENT_SCALE);
	if (effect->kind != EFFECT_BASE)
		PushAmount(state, "amount", effect->amount);
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
PushStop(JsonbParseState **state, const PriceStop *stop)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushText(state, "stop", stop->rule == NULL ? "no_price" : PurposeNames[stop->rule->purpose]);
	PushText(state, "action", ActionNames[stop->action]);
	if (stop->rule != NULL)
	{
		PushRule(state, stop->rule);
		PushAmount(state, "limit", stop->limit);
	}
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
PushLineAmounts(JsonbParseState **state, const PriceLine *line)
{
	if (line->hasPrice)
		PushJsonFixed(state, "price", line->unitPrice, PRICE_SCALE);
	else
		PushNothing(state, "price");
	PushAmount(state, "gross", line->gross);
	PushAmount(state, "discount", line->net - line->gross);
	PushAmount(state, "net", line->net);
	if (line->item->hasCost)
		PushAmount(state, "cost", line->cost);
	else
		PushNothing(state, "cost");
	if (line->hasMargin)
		PushAmount(state, "margin", line->margin);
	else
		PushNothing(state, "margin");
}

static void
PushLine(JsonbParseState **state, const PriceLine *line)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushJsonId(state, "line", line->number);
	PushText(state, "item", line->itemCode);
	PushJsonFixed(state, "quantity", line->quantity, QUANTITY_SCALE);
	if (line->unitCode != NULL)
		PushText(state, "unit", line->unitCode);
	PushLineAmounts(state, line);
	if (line->taxCode != NULL)
		PushText(state, "tax_code", line->taxCode->code);
	else
		PushNothing(state, "tax_code");
	PushFlag(state, "tax_included", line->taxIncluded);
	BeginList(state, "rules");
	for (const PriceEffect *effect = line->effects; effect != NULL; effect = effect->next)
		PushEffect(state, effect);
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
	BeginList(state, "stops");
	for (const PriceStop *stop = line->stops; stop != NULL; stop = stop->next)
		PushStop(state, stop);
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
PushGift(JsonbParseState **state, const Promotion *promotion)
{
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	PushText(state, "promotion", promotion->code);
	PushText(state, "role", "free");
	PushText(state, "item", promotion->giftCode);
	PushJsonFixed(state, "quantity", MultiplyExact(promotion->giftQuantity, promotion->times), QUANTITY_SCALE);
	if (promotion->hasGiftCost)
		PushAmount(state, "cost", promotion->giftCost);
	else
		PushNothing(state, "cost");
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
PushPromotions(JsonbParseState **state, const PriceRun *run)
{
	BeginList(state, "gifts");
	for (int i = 0; i < run->promotionCount; i++)
	{
		if (run->promotions[i].times > 0 && run->promotions[i].kind == PROMOTION_GIFT)
			PushGift(state, &run->promotions[i]);
	}
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
	BeginList(state, "promotions");
	for (int i = 0; i < run->promotionCount; i++)
	{
		const Promotion *promotion = &run->promotions[i];

		if (promotion->times == 0)
			continue;
		(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		PushText(state, "promotion", promotion->code);
		PushJsonInteger(state, "uses", promotion->times);
		PushAmount(state, "amount", promotion->effect);
		PushJsonId(state, "party_id", run->partyId);
		(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

/* The margin of the whole is known if that of each line, and the cost of each gift, is. */
static PriceTotals
SumUp(const PriceRun *run)
{
	PriceTotals totals = {.hasMargin = true};

	for (int i = 0; i < run->lineCount; i++)
	{
		const PriceLine *line = &run->lines[i];

		totals.net = AddExact(totals.net, line->net);
		totals.untaxed = AddExact(totals.untaxed, line->untaxed);
		totals.cost = AddExact(totals.cost, line->cost);
		totals.margin = AddExact(totals.margin, line->margin);
		totals.hasMargin = totals.hasMargin && line->hasMargin;
	}
	for (int i = 0; i < run->promotionCount; i++)
	{
		const Promotion *promotion = &run->promotions[i];

		totals.cost = AddExact(totals.cost, promotion->giftCost);
		totals.margin = SubtractExact(totals.margin, promotion->giftCost);
		if (promotion->kind == PROMOTION_GIFT && promotion->times > 0 && !promotion->hasGiftCost)
			totals.hasMargin = false;
	}
	return totals;
}

Datum
PriceResult(PriceRun *run)
{
	JsonbParseState *state = NULL;
	PriceTotals totals = SumUp(run);

	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	PushText(&state, "currency", run->currency->code);
	BeginList(&state, "lines");
	for (int i = 0; i < run->lineCount; i++)
	{
		CHECK_FOR_INTERRUPTS();
		PushLine(&state, &run->lines[i]);
	}
	(void) pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	PushPromotions(&state, run);
	PushAmount(&state, "net", totals.net);
	PushAmount(&state, "untaxed", totals.untaxed);
	PushAmount(&state, "cost", totals.cost);
	if (totals.hasMargin)
		PushAmount(&state, "margin", totals.margin);
	else
		PushNothing(&state, "margin");
	PushText(&state, "action", ActionNames[WorstAction(run)]);
	return PushedJson(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}
