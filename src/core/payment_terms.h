/*
 * Payment terms: when a debt falls due, and what may be kept by who pays
 * early. All days are counted from the day of the debt's document.
 */
#ifndef ERP_PAYMENT_TERMS_H
#define ERP_PAYMENT_TERMS_H

#include "postgres.h"

#include "utils/date.h"

#include "core/money.h"

/* Of a rate in per cent; the percents of terms have no more decimals. */
#define PERCENT_SCALE AMOUNT_SCALE

typedef struct DiscountStep
{
	int128		percent;		/* PERCENT_SCALE, above 0 and below 100 */
	int			days;
} DiscountStep;

typedef struct DueRule
{
	int			netDays;
	int			monthEndDays;	/* -1: not counted from the end of a month */
	int			nextMonthDay;	/* 0: no fixed day of the next month */
} DueRule;

typedef struct PaymentTermsInfo
{
	int32		paymentTermsId;
	DueRule		due;			/* with instalments: of the last */
	const char *code;
	DiscountStep *steps;
	int			stepCount;
	int			instalmentCount;	/* 0: one debt */
	int128	   *instalmentParts;	/* of each against all; above 0 */
	DueRule    *instalmentDue;
	bool		active;
} PaymentTermsInfo;

/* NULL if there are none; the terms "none" (id 0) are not found. Valid until the next refresh of the master data. */
extern const PaymentTermsInfo *FindPaymentTerms(int32 companyId, const char *code);
extern const PaymentTermsInfo *FindPaymentTermsById(int32 companyId, int32 paymentTermsId);

/* The day on which a debt of that day falls due: of an instalment (from 1 on), or 0: of what is not parted, with the last. */
extern DateADT DueDayOfTerms(const PaymentTermsInfo *terms, int instalmentNo, DateADT day);

/*
 * Parts a debt (AMOUNT_SCALE, a multiple of the smallest unit) by instalments,
 * by largest remainder: parts[], one each, add up to it. Terms have some.
 */
extern void PartByInstalments(const PaymentTermsInfo *terms, int128 amount, int decimals, int128 *parts);

/*
 * The highest percentage that the terms give for a payment on payDay, at
 * PERCENT_SCALE; 0 after the last day for a discount, which *lastDay becomes
 * (of terms without discounts: the day itself).
 */
extern int128 DiscountPercent(const PaymentTermsInfo *terms, DateADT day, DateADT payDay, DateADT *lastDay);

#endif
