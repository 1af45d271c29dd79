/*
 * Lines that carry goods from one place to another, from their codes to their moves.
 */
#ifndef ERP_TRANSFERS_H
#define ERP_TRANSFERS_H

#include "inventory/inventory.h"

/* Gives every line that carries goods its paired line, with the codes of its place and its warehouse; after items, before other codes are looked up. */
extern void MakePairs(DocumentBatch *batch);

/* Completes them once lines are checked; reports what a transfer cannot be. */
extern void CompletePairs(DocumentBatch *batch);

/*
 * Where the goods of arrivals lie, and in which cost pools the moves of
 * transfers are; once lots have their ids, before anything is locked. Raises
 * no_origin.
 */
extern void ResolveTransfers(StockRun *run);

/* Raises over_received where more arrives than was sent, no_origin if that was taken back; once the items are locked. */
extern void CheckArrivals(StockRun *run);

#endif
