/*
 * Arithmetic of prices: tax inside and outside of them, discounts, cash
 * rounding. Amounts are at AMOUNT_SCALE and multiples of the smallest unit of a
 * currency with `decimals`, rates of tax fractions at RATE_SCALE. Needs no server.
 * What negated amounts give is negated.
 */
#ifndef ERP_PRICE_AMOUNTS_H
#define ERP_PRICE_AMOUNTS_H

#include "core/money.h"

#define PERCENT_WHOLE 100

typedef enum CashMethod
{
	CASH_NEAREST,				/* what lies half way goes away from zero */
	CASH_UP,					/* away from zero */
	CASH_DOWN,					/* toward zero */
	CASH_METHODS
} CashMethod;

/* As companies and documents have them. */
extern const char *const CashMethodNames[CASH_METHODS];

/* The method of that name; the first if there is none. */
extern CashMethod CashMethodOf(const char *name);

/* amount x percent / 100, rounded once. */
extern int128 PercentOf(int128 amount, int128 percent, int decimals);

/* The tax that is inside an amount: amount x rate / (1 + rate), rounded once. */
extern int128 TaxInside(int128 amount, int128 rate, int decimals);

/*
 * What the amounts of one tax rate are without the tax inside them. perLine: each less
 * its own tax, rounded by itself; else the tax is rounded once on the sum, and what
 * the sum is without it is split over the amounts by largest remainder.
 */
extern void TakeTaxOut(const int128 *amounts, int count, int128 rate, bool perLine, int decimals, int128 *nets);

/*
 * Splits a discount over amounts in proportion to them, by largest remainder. The discount lies between zero and the sum of
 * the amounts; by a percentage of a sum of zero it is zero, and yet each amount has its own.
 */
extern void SpreadDiscount(const int128 *amounts, int count, int128 discount, bool hasPercent, int128 percent, int decimals,
						   int128 *parts);

/* The multiple of step (> 0) that an amount is rounded to. */
extern int128 RoundToStep(int128 amount, int128 step, CashMethod method);

#endif
