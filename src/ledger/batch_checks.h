/*
 * What a batch of documents is asked beside its vouchers: budgets, and whether it may still take over balances.
 */
#ifndef ERP_BATCH_CHECKS_H
#define ERP_BATCH_CHECKS_H

#include "ledger/ledger.h"

/* ledger_cache.c: whether a budget of the company warns or refuses. */
extern bool HasBudgetControl(int32 companyId);

/*
 * budget_control.c: after StoreVouchers, asks the budgets that warn or refuse
 * whether what the documents of the batch add is within them; locks their
 * positions. Error budget_exceeded, or warnings that are on record.
 */
extern void CheckBudgets(DocumentBatch *batch, const VoucherSet *set);

/* opening.c: reports company_live for what takes over balances or stock of a company that has gone live. */
extern void CheckOpening(DocumentBatch *batch);

#endif
