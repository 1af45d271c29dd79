/*
 * Goods that were found or lost and wait on a pending account until somebody says where they go.
 */
#ifndef ERP_PENDING_H
#define ERP_PENDING_H

#include "inventory/inventory.h"

/*
 * pending.c: finds the adjustments that lines of approvals name, and locks
 * their documents against reversal and other approvals, in the order of their
 * ids, before the period gates. Reports no_origin, and over_approved where less
 * is pending.
 */
extern void LookUpPending(DocumentBatch *batch);

/* pending.c: whether the line approves an adjustment that it names. */
extern bool IsApproval(const DocumentLine *line);

#endif
