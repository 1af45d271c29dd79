/*
 * Exact fractions of 128-bit integers: what amount expressions compute with, so
 * that a result is rounded once and nothing before it. Needs no server.
 */
#ifndef ERP_RATIO_H
#define ERP_RATIO_H

#include "core/money.h"

/* In lowest terms, the denominator > 0. */
typedef struct Ratio
{
	int128		numerator;
	int128		denominator;
} Ratio;

/* A value at `scale` (0 to FIXED_MAX_POWER). */
extern Ratio RatioOf(int128 value, int scale);

/* Each sets *result to the exact result, or returns false if that does not fit. a and result may be the same. */
extern bool RatioAdd(Ratio a, Ratio b, Ratio *result);
extern bool RatioSubtract(Ratio a, Ratio b, Ratio *result);
extern bool RatioMultiply(Ratio a, Ratio b, Ratio *result);

/* b is not zero. */
extern bool RatioDivide(Ratio a, Ratio b, Ratio *result);

extern Ratio RatioNegate(Ratio a);

typedef enum ScaleStatus
{
	SCALE_EXACT,
	SCALE_INEXACT,				/* the product is no whole number */
	SCALE_OVERFLOW
} ScaleStatus;

/* Sets *result to value x ratio if that is a whole number, of the scale that value has. */
extern ScaleStatus RatioScale(int128 value, Ratio ratio, int128 *result);

/* -1, 0 or 1: a is less than, equal to or greater than b. Never overflows. */
extern int	RatioCompare(Ratio a, Ratio b);

/* The value at `scale`, rounded half away from zero by DivideRounded; false if it does not fit. */
extern bool RatioRound(Ratio a, int scale, int128 *value);

#endif
