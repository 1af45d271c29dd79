/*
 * Exact arithmetic of money and quantity: scaled 128-bit integers, every
 * operation checked, one rounding function. Needs no server.
 *
 * A value "at scale s" is the integer value x 10^s. `decimals` are those of a
 * currency, 0 to AMOUNT_SCALE.
 */
#ifndef ERP_MONEY_H
#define ERP_MONEY_H

#include "core/compat.h"

#define AMOUNT_SCALE 4
#define QUANTITY_SCALE 6
#define PRICE_SCALE 8
#define RATE_SCALE 10

/* A discount per cent is in hundredths, and so a fraction at RATE_SCALE: 33.33333333 is 0.3333333333. */
#define DISCOUNT_SCALE 8

/* Digits in all, those after the point included. */
#define AMOUNT_DIGITS 19
#define QUANTITY_DIGITS 18
#define PRICE_DIGITS 18
#define RATE_DIGITS 16
#define DISCOUNT_DIGITS 11

/* The greatest power of ten that an int128 holds. */
#define FIXED_MAX_POWER 38

/* Room for the text of any int128 at any scale up to FIXED_MAX_POWER, with its terminating zero byte. */
#define FIXED_TEXT_MAX 48

typedef enum FixedStatus
{
	FIXED_OK,
	FIXED_SYNTAX,				/* not a decimal number */
	FIXED_TOO_PRECISE,			/* digits other than zero beyond the scale */
	FIXED_OUT_OF_RANGE			/* more digits than the type has */
} FixedStatus;

/*
 * Does not return. In the server an error 22003 that names the operation;
 * a program without the server brings its own.
 */
extern void ReportArithmeticOverflow(const char *operation) pg_attribute_noreturn();

/* The exact result of the same scale as its arguments, or ReportArithmeticOverflow. */
extern int128 AddExact(int128 a, int128 b);
extern int128 SubtractExact(int128 a, int128 b);
extern int128 NegateExact(int128 a);

/* The exact product, whose scale is the sum of the scales, or ReportArithmeticOverflow. */
extern int128 MultiplyExact(int128 a, int128 b);

/* The same where overflow is the caller's to report: false then, and *product is not set. */
extern bool TryMultiply(int128 a, int128 b, int128 *product);

/* 10^power, power from 0 to FIXED_MAX_POWER. */
extern int128 PowerOfTen(int power);

/*
 * numerator / denominator rounded half away from zero. The one rounding of
 * the engine: every other goes through it. A denominator of zero is reported.
 */
extern int128 DivideRounded(int128 numerator, int128 denominator);

/* A value at `scale` (0 to 38) rounded to `decimals`; returned at AMOUNT_SCALE. */
extern int128 RoundAmount(int128 value, int scale, int decimals);

/* a (at scaleA) x b (at scaleB), rounded once to `decimals`; returned at AMOUNT_SCALE. */
extern int128 MultiplyRounded(int128 a, int scaleA, int128 b, int scaleB, int decimals);

/*
 * value x part / whole, rounded once to `decimals`. value and result are at
 * AMOUNT_SCALE, part and whole at one scale; whole > 0. part = whole gives
 * value itself, so that the last share takes the residue.
 */
extern int128 ShareRounded(int128 value, int128 part, int128 whole, int decimals);

/*
 * Splits total (at AMOUNT_SCALE, a multiple of the currency's smallest unit)
 * over `count` weights by largest remainder. parts[] are multiples of that
 * unit, add up to total exactly, and each lies less than one unit from its
 * exact share; of equal remainders the earliest comes first. Weights may be of
 * mixed sign, their sum must not be zero; count >= 1. The parts of -total are
 * the negated parts of total.
 */
extern void AllocateAmount(int128 total, const int128 *weights, int count, int decimals, int128 *parts);

/*
 * amounts (AMOUNT_SCALE, of mixed sign or not) x numerator / denominator as
 * multiples of the currency's smallest unit: each less than one unit from its
 * exact value, their sum `total`, by largest remainder; of equal remainders the
 * earliest comes first. total is the exact value of the sum, rounded up or down.
 * numerator >= 0, denominator > 0. Negated amounts give negated parts.
 */
extern void ScaleAmounts(const int128 *amounts, int count, int128 numerator, int128 denominator, int128 total, int decimals,
						 int128 *parts);

/*
 * Amounts of one currency (AMOUNT_SCALE) at a rate (RATE_SCALE, > 0) as amounts
 * of another with `decimals`: each less than one smallest unit from its exact
 * value, their sum the rounded conversion of the sum (largest remainder). The
 * amounts may be of mixed sign; negated amounts give negated results.
 */
extern void ConvertAmounts(const int128 *amounts, int count, int128 rate, int decimals, int128 *companyAmounts);

/* True if value, at the scale of its type, fits numeric(19,4), (18,6), (18,8), (16,10). */
extern bool AmountFits(int128 value);
extern bool QuantityFits(int128 value);
extern bool PriceFits(int128 value);
extern bool RateFits(int128 value);

/*
 * Reads decimal text (sign, digits with a point, exponent; no blanks, no
 * separators, no NaN or Infinity; need not end in a zero byte) into *result at
 * `scale`, of at most `digits` digits (1 to 38). *result is set only with
 * FIXED_OK. Time is linear in length whatever the exponent.
 */
extern FixedStatus ParseFixed(const char *text, int length, int scale, int digits, int128 *result);

/*
 * Writes the one shortest text of a value at `scale` (0 to 38) into buffer
 * (FIXED_TEXT_MAX bytes): no trailing zeros, no exponent, never -0. Returns its
 * length without the terminating zero byte.
 */
extern int	FormatFixed(int128 value, int scale, char *buffer);

#endif
