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

/* In which cost pools the moves of transfers are; once it is known where their goods lie, before anything is locked. */
extern void ResolveTransfers(StockRun *run);

#endif
