/*
 * Prices: the rules that fit each line of a document, what they make of its
 * price, promotions, floors and margin. Nothing is written.
 */
#ifndef ERP_PRICE_H
#define ERP_PRICE_H

#include "postgres.h"

#include "utils/date.h"

#include "core/code_map.h"
#include "core/json_in.h"
#include "core/master_cache.h"
#include "core/payment_terms.h"
#include "core/ratio.h"

/* Of a percentage, at PERCENT_SCALE. */
#define PERCENT_DIGITS 9

/* Lists begin from lists no further down than this, whatever the rows say. */
#define BASE_DEPTH_MAX 20

typedef enum PricePurpose
{
	PURPOSE_PRICE,
	PURPOSE_DISCOUNT,
	PURPOSE_FLOOR,
	PURPOSE_COST_STOP,
	PURPOSE_COUNT
} PricePurpose;

typedef enum PriceBase
{
	BASE_NONE,
	BASE_LIST,
	BASE_COST
} PriceBase;

/* What becomes of a document with a price that should not be; the worse, the greater. */
typedef enum PriceAction
{
	ACTION_NONE,
	ACTION_WARN,
	ACTION_APPROVE,
	ACTION_REFUSE
} PriceAction;

typedef enum PromotionKind
{
	PROMOTION_GIFT,
	PROMOTION_THRESHOLD,
	PROMOTION_BUNDLE
} PromotionKind;

/* How near a list or a rule comes to the party. */
typedef enum ForWhom
{
	FOR_ALL,
	FOR_GROUP,
	FOR_PARTY
} ForWhom;

typedef struct PriceList
{
	int32		listId;
	const char *code;
	const CurrencyInfo *currency;
	bool		taxIncluded;
	bool		direct;			/* the document's lines may have their prices from it; else other lists begin from it */
	bool		rulesRead;
	int32		priority;
	ForWhom		forWhom;
	struct PriceList *next;
} PriceList;

typedef struct PriceRule
{
	int64		ruleId;
	const PriceList *list;
	int32		unitId;			/* 0: any, the price is of the item's own */
	int32		baseListId;
	PricePurpose purpose;
	PriceBase	base;
	PriceAction action;
	bool		net;
	ForWhom		forWhom;		/* the nearer of its own and its list's */
	DateADT		validFrom;
	int128		minQuantity;	/* QUANTITY_SCALE */
	int128		price;			/* PRICE_SCALE, as are amount, roundTo and ending */
	int128		percent;		/* PERCENT_SCALE */
	int128		amount;
	int128		roundTo;
	int128		ending;
	struct PriceRule *next;		/* of the same target */
} PriceRule;

/* What rules may be for: an item, a group of items (item 0), or all (item 0, group ""). */
typedef struct PriceTarget
{
	int32		itemId;
	const char *itemGroup;
	PriceRule  *rules;
} PriceTarget;

typedef struct PriceItem
{
	int32		itemId;			/* 0: unknown */
	const char *code;
	const char *itemGroup;
	int32		unitId;
	bool		isStock;
	bool		active;
	int			targetCount;
	int		   *targets;		/* its own, its groups from the nearest up, all */
	bool		hasCost;
	Ratio		unitCost;		/* of one of its own unit, in the company's currency */
} PriceItem;

typedef enum EffectKind
{
	EFFECT_BASE,				/* leads to a price, and changes no amount */
	EFFECT_PRICE,
	EFFECT_GIVEN_PRICE,
	EFFECT_DISCOUNT,
	EFFECT_GIVEN_DISCOUNT,
	EFFECT_PROMOTION,
	EFFECT_DOCUMENT_DISCOUNT
} EffectKind;

/* What one rule or promotion did to a line, in order: the amounts add up to the line's net amount. */
typedef struct PriceEffect
{
	EffectKind	kind;
	const PriceRule *rule;
	const struct Promotion *promotion;
	int128		price;			/* PRICE_SCALE */
	int128		percent;		/* PERCENT_SCALE */
	int128		amount;			/* AMOUNT_SCALE */
	struct PriceEffect *next;
} PriceEffect;

/* A floor or cost stop that the line's price is below; without a rule: there is no price. */
typedef struct PriceStop
{
	const PriceRule *rule;
	PriceAction action;
	int128		limit;			/* AMOUNT_SCALE: the least that the line may come to, without tax */
	struct PriceStop *next;
} PriceStop;

typedef struct PriceLine
{
	const JsonNode *node;
	int			number;			/* from 1 */
	const char *itemCode;
	const char *unitCode;		/* NULL: the item's own */
	const char *taxCodeText;
	PriceItem  *item;
	int32		unitId;
	Ratio		unitRatio;		/* one of its unit in the item's own */
	int128		quantity;		/* QUANTITY_SCALE */
	int128		ownQuantity;	/* the same in the item's own unit */
	bool		priceGiven;
	bool		discountGiven;
	bool		taxIncluded;
	bool		hasPrice;
	bool		hasMargin;
	int128		discount;		/* given, PERCENT_SCALE */
	const TaxCodeInfo *taxCode;
	int128		unitPrice;		/* PRICE_SCALE, before discounts; given or found */
	int128		gross;			/* AMOUNT_SCALE, as are all below */
	int128		net;
	int128		untaxed;		/* net without the tax in it */
	int128		cost;			/* in the company's currency, as is margin; of an item that has one */
	int128		margin;
	PriceEffect *effects;
	PriceEffect *lastEffect;
	PriceStop  *stops;
} PriceLine;

typedef struct BundleItem
{
	int32		itemId;
	int128		quantity;
	struct BundleItem *next;
} BundleItem;

typedef struct Promotion
{
	int32		promotionId;
	const char *code;
	PromotionKind kind;
	const char *exclusiveGroup;
	bool		each;
	int64		usesLeft;		/* -1: as many as one likes */
	int32		itemId;			/* whose purchase counts; 0 and no group: all */
	const char *itemGroup;
	const char *giftCode;		/* of the item that is given */
	int128		buyQuantity;
	int128		giftQuantity;
	int128		threshold;
	int128		percent;
	int128		amount;
	int128		bundlePrice;
	BundleItem *bundle;
	int64		times;			/* how often it gave something */
	int128		effect;			/* what it changed the document's net amount by */
	int128		giftCost;		/* of its gifts, in the company's currency */
	bool		hasGiftCost;
} Promotion;

typedef struct RateOfCurrency
{
	const CurrencyInfo *currency;
	int128		rate;			/* RATE_SCALE, into the company's; 0: none */
	struct RateOfCurrency *next;
} RateOfCurrency;

/* A tax code that was asked for, and what stands in for it in the party's zone. */
typedef struct ZoneTaxCode
{
	const TaxCodeInfo *taxCode;
	const TaxCodeInfo *inZone;
	struct ZoneTaxCode *next;
} ZoneTaxCode;

typedef struct PriceRun
{
	const CompanyInfo *company;
	const CurrencyInfo *currency;
	int32		partyId;
	const char *partyGroup;
	const char *partyList;		/* code of the price list that is its own; empty: none */
	int32		taxZoneId;		/* 0: tax codes stay what they are */
	DateADT		day;
	/* options */
	const char *taxCodeText;
	const char *document;
	const JsonNode *codes;		/* of promotions that count only where they are given */
	int			taxIncluded;	/* -1: lists of either sort */
	int128		discount;		/* of the document, PERCENT_SCALE */
	int128		discountAmount;
	/* lines and what they need */
	PriceLine  *lines;
	int			lineCount;
	CodeMap    *itemCodes;		/* of the lines and of gifts */
	PriceItem  *items;			/* by their number among the codes */
	int			itemCount;
	PriceTarget *targets;
	int			targetCount;
	PriceList  *lists;
	Promotion  *promotions;
	int			promotionCount;
	RateOfCurrency *rates;
	ZoneTaxCode *zoneTaxCodes;
} PriceRun;

/* price_request.c: lines and options; raises invalid_field (LE011) that names the place. */
extern void ReadPriceLines(PriceRun *run, const JsonNode *lines);
extern void ReadPriceOptions(PriceRun *run, const JsonNode *options);

/* price_party.c: what the party is; nobody in particular has no group, list and zone of tax. */
extern void ReadPriceParty(PriceRun *run);

/* price_party.c: what stands in for a tax code in the party's zone of tax; NULL: nothing is taxed. */
extern const TaxCodeInfo *TaxCodeInZone(PriceRun *run, const TaxCodeInfo *taxCode);

/* price_item.c: items of lines and gifts, units, groups as targets, tax codes; raises unknown_code (LE012) and what units raise. */
extern void FindPriceItems(PriceRun *run);

/* price_item.c: what a unit of each stock item costs now. */
extern void FindUnitCosts(PriceRun *run);

/* price_book.c: the lists that count for the document, and all their rules for the lines' targets. */
extern void ReadPriceBook(PriceRun *run);

/* price_book.c: the list of that id; NULL if it is none of those that count. */
extern const PriceList *FindPriceList(const PriceRun *run, int32 listId);

/* price_rate.c: a value of one currency in another, exactly, at the rates of the day; raises no_exchange_rate (LE043). */
extern Ratio InCurrency(PriceRun *run, Ratio value, const CurrencyInfo *from, const CurrencyInfo *to);

/* price_rate.c: the same of the document's currency in the company's; false if no rate is known. */
extern bool InCompanyCurrency(PriceRun *run, int128 amount, int128 *companyAmount);

/* price_rate.c: exact arithmetic, or ReportArithmeticOverflow. */
extern Ratio MultiplyRatio(Ratio a, Ratio b);
extern Ratio DivideRatio(Ratio a, Ratio b);
extern int128 RoundRatio(Ratio value, int scale);

/* An amount of that value in the currency's decimals. */
extern int128 RoundToCurrency(Ratio value, const CurrencyInfo *currency);

/*
 * price_match.c: the best rule of the purpose for the line, of the lists that
 * the document's lines have their prices from, that gives a price: it is put
 * there, of one unit of the line, in the document's currency (a discount has
 * none); NULL if there is none. With `effects` the steps that lead to the
 * price are added to the line's.
 */
extern const PriceRule *FindPrice(PriceRun *run, PriceLine *line, PricePurpose purpose, bool effects, int128 *price);

/*
 * price_match.c: base x (100 + percent) / 100 + amount, and of that the nearest
 * price that is a multiple of roundTo plus ending (roundTo 0: at PRICE_SCALE,
 * plus ending); not below zero.
 */
extern int128 FormulaPrice(Ratio base, int128 percent, int128 amount, int128 roundTo, int128 ending);

/* price_line.c: price and discounts of each line. */
extern void PriceLines(PriceRun *run);

/* price_line.c: adds an effect to a line, whose net amount it changes. */
extern PriceEffect *AddEffect(PriceLine *line, EffectKind kind, int128 amount);

/* price_line.c: the line has no effects behind `last`, which change no amount; NULL: none at all. */
extern void CutEffects(PriceLine *line, PriceEffect *last);

/* price_line.c: takes an amount, at most what the lines come to, from them in proportion to what they come to. */
extern void SpreadReduction(PriceRun *run, int128 reduction, const int128 *weights, EffectKind kind, const Promotion *promotion, int128 percent);

/* price_line.c: the discount on the document. */
extern void DiscountDocument(PriceRun *run);

/* price_margin.c: floors, cost stops, costs and margins. */
extern void CheckMargins(PriceRun *run);

/* price_margin.c: the worst that the lines' stops ask for. */
extern PriceAction WorstAction(const PriceRun *run);

/* promotion_read.c: the promotions that may count, in the order in which they are tried; adds the codes of their gifts to those of items. */
extern void ReadPromotions(PriceRun *run);

/* promotion.c: gifts, thresholds and bundles. */
extern void ApplyPromotions(PriceRun *run);

/* price_result.c: all of it as jsonb. */
extern Datum PriceResult(PriceRun *run);

#endif
