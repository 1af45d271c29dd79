/*
 * Law 1 of one voucher and of a set of them.
 */
#ifndef ERP_VOUCHER_BALANCE_H
#define ERP_VOUCHER_BALANCE_H

#include "ledger/set_values.h"

/* By how much debits exceed credits in the first currency, or in the company's, in which they do; 0: nowhere. *in names it. */
extern int128 Imbalance(const Voucher *voucher, const char **in);

/* Raises unbalanced unless debits equal credits in each currency and in the company's. */
extern void CheckBalanced(const Voucher *voucher);

/* Raises unbalanced unless every voucher balances in every balancing dimension of the company. */
extern void CheckBalancingDimensions(int32 companyId, const VoucherSet *set, const SetValues *values);

/* account_dimension.c: raises dimension_refused where a line lacks a dimension that its account requires, or has one that it forbids. */
extern void CheckAccountDimensions(int32 companyId, const VoucherSet *set, const SetValues *values);

#endif
