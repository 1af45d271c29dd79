/*
 * Goods that are made of others: what a document's products are made of, in
 * its own lines (assembly, disassembly) or in production issues that it names.
 */
#ifndef ERP_CONVERSION_H
#define ERP_CONVERSION_H

#include "inventory/inventory.h"

/* The value of a move as the caller knows it by now: out negative. */
typedef int128 (*FindMoveValue) (void *context, int64 moveId);

/* Whether the line's value is a share of what was consumed; what a reversal takes back or restores has an origin. */
static inline bool
IsProduct(const DocumentLine *line)
{
	return line->role->valueSource == VALUE_SHARE && line->document->reversesDocumentId == 0;
}

static inline bool
IsConsumed(const DocumentLine *line)
{
	return line->role->valueSource == VALUE_CONSUMED && line->document->reversesDocumentId == 0;
}

/* consumption.c: the production issues that documents name, locked against reversal and other receipts; reports not_consumable, consumed_before. */
extern void LookUpConsumed(DocumentBatch *batch);

/* consumption.c: the key of a standing document whose products are made of what this one consumed; NULL if there is none. */
extern char *StandingProduct(int32 companyId, int64 documentId);

/* conversion.c: before LockStock(): what the products of the batch are made of; wants the items of what was consumed before. */
extern void CollectConsumed(StockRun *run);

/* conversion.c: when moves are numbered: what flows from where to where in documents of the batch. */
extern void CollectConversions(StockRun *run);

/*
 * conversion.c: what a product is worth: its share of what all moves that its
 * document is made of took, by largest remainder among the document's products.
 */
extern int128 ProductValue(StockRun *run, int64 documentId, int64 moveId, FindMoveValue find, void *context);

/* replay_usage.c: once costs are known: what products by standard cost consumed is the cost of their lines. */
extern void KeepConsumed(StockRun *run);

/*
 * replay_usage.c: of a line that takes a product back, the usage variance that
 * replays have posted since; posted: the value that its own voucher took.
 */
extern int128 UsageSincePosted(StockRun *run, const DocumentLine *line, int128 posted);

/*
 * value_flow.c: whether a value ever flowed from one item into another in the company, or the run is to make the first one. If not, none
 * comes before the transaction ends: who makes the company's first one waits for it. Before any pool is locked.
 */
extern bool PassFlowGate(const StockRun *run);

/* value_flow.c: wants the items that values flow into from those that are replayed; false if all of them are locked. */
extern bool WantReachedItems(StockRun *run);

/* value_flow.c: keeps that values flow from the consumed items into the products of the batch. */
extern void StoreFlows(StockRun *run);

/* An item that a document consumed or made. */
typedef struct Conversion
{
	int64		documentId;
	int64	   *sources;		/* moves, out */
	int32	   *sourceItems;
	int			sourceCount;
	int			sourceCapacity;
	int64	   *products;		/* moves, in */
	int128	   *shares;
	int128	   *parts;
	int			productCount;
	int			productCapacity;
} Conversion;

#endif
