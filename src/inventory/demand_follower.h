/*
 * Domains above this one that keep demands, and follow what is posted for them.
 */
#ifndef ERP_DEMAND_FOLLOWER_H
#define ERP_DEMAND_FOLLOWER_H

#include "inventory/inventory.h"

/* Has followers lock what the batch's documents of customers, which are checked, will change: by the demands and the documents that lines name. Before all other locks. */
extern void LockFollowed(const DocumentBatch *batch);

/* The same for the reversal of the document of that key. */
extern void LockReversedFollowed(const DocumentBatch *batch, const char *key);

/* Tells followers which documents of customers are being reversed, once the pools of their items are held and before what comes back serves anybody. */
extern void FollowReversed(const DocumentBatch *batch);

/* Tells followers of the documents of customers that were stored, and which lines named demands. Before anything takes a number. */
extern void FollowPosted(const DocumentBatch *batch);

#endif
