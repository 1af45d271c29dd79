/*
 * Amounts that join the cost of moves that stand: from the lines that name
 * receipts to cost entries.
 */
#ifndef ERP_COST_PART_H
#define ERP_COST_PART_H

#include "inventory/inventory.h"

/*
 * cost_target.c: gives each line that adds to the cost of receipts its parts,
 * one for each of their moves, with its item, place, pool and weight; not yet
 * its share. After the period gate. Errors no_receipt, invalid_field.
 */
extern void LookUpCostTargets(DocumentBatch *batch);

/* cost_target.c: once the pools are locked: that the receipts still stand, and weights that are values. */
extern void CheckCostTargets(DocumentBatch *batch, CostPart *const *parts, int count);

/* cost_part.c: the parts of all lines of the batch, those of reversals too, into the run; their items have been looked up. */
extern void CollectParts(StockRun *run);

/* cost_part.c: once the pools are locked, the share of each part, and its item to be replayed. Error cost_refused. */
extern void SpreadParts(StockRun *run);

/* cost_part.c: spreads an amount over the parts of a line by their weights, in both currencies. Error cost_refused. */
extern void SpreadAmount(DocumentBatch *batch, DocumentLine *line, int128 amount, int128 companyAmount);

/* cost_part.c: the first of the parts that join the cost of a move; NULL if there is none. */
extern CostPart *FirstPartOf(const StockRun *run, int64 moveId);

/* cost_part.c: for a reversal, the parts that take back what its original added. */
extern void CopyReversedParts(DocumentBatch *batch, Document *document);

#endif
