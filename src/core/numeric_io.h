/*
 * The border between numeric and the scaled integers of money.h, and the
 * errors of exact arithmetic in the server.
 */
#ifndef ERP_NUMERIC_IO_H
#define ERP_NUMERIC_IO_H

#include "core/money.h"

/*
 * The numeric's exact value at `scale`. Error 22003 if it is NaN or infinite,
 * has digits other than zero beyond the scale, or is too great: what is below
 * 10^35 smallest units fits, what is 10^38 or more does not.
 */
extern int128 NumericToFixed(Datum numeric, int scale);

/* The same, but false where that is an error; *value is set with true only. */
extern bool FindFixed(Datum numeric, int scale, int128 *value);

/*
 * The shortest decimal text of a numeric, as FormatFixed() writes it, into text (FIXED_TEXT_MAX bytes). Returns its length,
 * 0 for NaN, infinity and what has more digits than any number of the books.
 */
extern int	FormatNumeric(Datum numeric, char *text);

/* The value at `scale` as a numeric that shows `scale` digits after the point, in the current memory context. */
extern Datum FixedToNumeric(int128 value, int scale);

/* The value itself if its type holds it; else error 22003 that names `what` (e.g. "amount of line 3"). */
extern int128 CheckAmount(int128 value, const char *what);
extern int128 CheckQuantity(int128 value, const char *what);

#define AmountFromDatum(numeric) NumericToFixed((numeric), AMOUNT_SCALE)
#define QuantityFromDatum(numeric) NumericToFixed((numeric), QUANTITY_SCALE)
#define PercentFromDatum(numeric) NumericToFixed((numeric), DISCOUNT_SCALE)
#define PriceFromDatum(numeric) NumericToFixed((numeric), PRICE_SCALE)
#define RateFromDatum(numeric) NumericToFixed((numeric), RATE_SCALE)

#define AmountGetDatum(value) FixedToNumeric((value), AMOUNT_SCALE)
#define QuantityGetDatum(value) FixedToNumeric((value), QUANTITY_SCALE)
#define PercentGetDatum(value) FixedToNumeric((value), DISCOUNT_SCALE)
#define PriceGetDatum(value) FixedToNumeric((value), PRICE_SCALE)
#define RateGetDatum(value) FixedToNumeric((value), RATE_SCALE)

#endif
