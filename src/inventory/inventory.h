/*
 * Stock of a batch of documents: items, moves, costs, replay.
 */
#ifndef ERP_INVENTORY_H
#define ERP_INVENTORY_H

#include "core/document.h"
#include "core/index_probe.h"
#include "inventory/costing.h"
#include "inventory/place.h"
#include "inventory/stock_run.h"
#include "ledger/ledger.h"

/* Causes of cost entries that are learned of a move after its own document, as SQL; the index cost_entry_later has the same. */
#define LATER_CAUSES "('landed', 'bill', 'amendment', 'revaluation', 'replay')"

/* The kind of document, and the role of its lines, that end a month in the pools by monthly average. */
#define MONTH_COST "month_cost"

/* negative_stock.c: whether an issue by the method may take more than there is. */
extern bool MayGoNegative(const StockRun *run, CostMethod method);

/* negative_stock.c: whether the line may leave less than nothing at its place: not of a serial number, nor of what belongs to others. */
extern bool PlaceMayGoNegative(const StockRun *run, const DocumentLine *line);

/* negative_stock.c: CostIssue, or where the company allows it CostIssueBeyond, of the move at the position. */
extern CostOutcome IssueFrom(const StockRun *run, StockPool *stock, MovePosition position, int128 quantity, CostEdges *edges);

/* negative_stock.c: asked of all lines in order: whether the line brings something into a pool that is below zero by then. */
extern bool SettlesIssues(StockRun *run, const DocumentLine *line);

/* The role of lines that put a standard cost in force: their price is the standard. */
#define STANDARD_COST "standard_cost"

/* Of an item that has none. */
#define NO_STANDARD (-1)

/* standard_cost.c: the standard of an item, by method standard, just before the position; NO_STANDARD if it has none. */
extern int128 StandardBefore(StockRun *run, const StockItem *item, const MovePosition *position);

/*
 * standard_cost.c: once costs are known: what other standards have changed of the value of goods that
 * reversals and amendments take back at standard cost.
 */
extern void FindRestated(StockRun *run);

/* standard_cost.c: the standard that a move of value alone put in force. */
extern int128 StandardOfMove(StockRun *run, int64 moveId);

/* The kind of document, and the role of its lines, that change the costing method of an item: their price is its standard, if it has one. */
#define COSTING_CHANGE "costing_change"
#define COSTING_METHOD "costing_method"

/* item_method.c: whether the line changes the costing method of its item. */
extern bool ChangesMethod(const DocumentLine *line);

/* item_method.c: the method by which moves of the day are costed; and the change that a document made, NULL: none. */
extern CostMethod MethodOn(const StockItem *item, DateADT day);
extern const MethodChange *ChangeOf(const StockItem *item, int64 documentId);

/* item_method.c: whether the item was costed by the method on some day. */
extern bool EverCostedBy(const StockItem *item, CostMethod method);

/*
 * item_method.c: reads the changes of method of the run's items, which are locked, and gives every line the
 * method of its day. Raises method_refused for what states a standard or ends a month by another method.
 */
extern void LookUpMethods(StockRun *run);

/*
 * item_method.c: raises pool_too_early for a backdated line of a pool that has no part in a change of method, or a standard
 * cost, that stands behind it; and for one of these of the run that leaves a pool out.
 */
extern void CheckPoolsOfValue(StockRun *run);

/* item_method.c: CostChangeMethod() of the pool at the position. Raises method_below_zero. */
extern void ChangeMethod(StockRun *run, StockPool *stock, const MethodChange *change, int128 standard, MovePosition position, CostEdges *edges);

/* stock_moves.c: whether the line ends a month in its pool: all moves since the last one are costed again. */
extern bool IsMonthCost(const DocumentLine *line);

/* two_sided.c: gives each line of a kind with two sides both: one goes out, one comes in. After the headers, before items. */
extern void PairSides(DocumentBatch *batch);

/* item_lookup.c: items and warehouses of all lines, in one query; before CheckLines. */
extern void LookUpItems(DocumentBatch *batch);

/* unit_lookup.c: the units that lines of known items name, and what they are of the items' own; reports unknown_code, no_conversion. */
extern void LookUpUnits(DocumentBatch *batch);

/* reversed_lines.c: fills in what the line needs of its item, as it is now; the probe is of item_key. */
extern void TakeStoredItem(IndexProbe *items, int32 companyId, DocumentLine *line);

/* item_lookup.c: the warehouse that the line, or its document, names; reports unknown_code. */
extern void FillWarehouse(DocumentBatch *batch, DocumentLine *line);

/* item_lookup.c: what tracking of an item says. */
extern Tracking FindTracking(const char *name);

/* place_lookup.c: the locations, lots, owners and states that lines name, each in one query; after LookUpItems and before CheckLines. */
extern void LookUpPlaces(DocumentBatch *batch);

/* place_lookup.c: whether the lines' roles may move what they name; after CheckLines. */
extern void CheckPlaces(DocumentBatch *batch);

/* lots.c: reports what is wrong with the days of a lot that the line brings. */
extern void CheckLotDays(DocumentBatch *batch, DocumentLine *line);

/*
 * lots.c: makes the lots that lines bring in and that are not there, and finds
 * those of lines that take from them. Raises unknown_code, lot_differs. Waits
 * for whoever is just making one of them.
 */
extern void MakeLots(StockRun *run);

/* lots.c: raises serial_taken if a serial number of the run is more than once in stock at any time; after its moves are stored. */
extern void CheckSerials(const StockRun *run);

/* item_lookup.c: id of an active warehouse, 0 if there is none of that code. */
extern int32 FindWarehouse(int32 companyId, const char *code);

/*
 * second_quantity.c: after the stock is stored, raises second_quantity unless every place of the run's items with a second
 * unit has some of both quantities or of none.
 */
extern void CheckSecondStock(StockRun *run);

/* origin.c: what returns refer to, in the batch or in the books; reports no_origin. */
extern void LookUpOrigins(DocumentBatch *batch);

/*
 * stock_lock.c: locks the cost pools of the run's items in ascending order of
 * item and pool, making those that are new, and loads pools and places.
 */
extern void LockStock(StockRun *run);

/*
 * reserved_stock.c: what the moves of the run mean for reservations, item by item: what arrives firms up claims on what was expected, lines that
 * serve a demand consume its reservations, and what is free of each place changes by the rest. Raises not_enough_stock where a
 * line would take what others reserved; what is lost frees the reservations of lowest priority instead.
 */
extern void ServeReservations(StockRun *run);

/* stock_store.c: writes the moves of the run. */
extern void StoreMoves(StockRun *run);

/* stock_store.c: writes pools and places that changed. */
extern void StoreStock(StockRun *run);

/*
 * stock_moves.c: locks, costs and stores the moves of the batch; sets
 * moveValue of every line. Raises not_enough_stock or not_reversible.
 */
extern StockRun *MoveStock(DocumentBatch *batch);

/* stock_moves.c: raises not_enough_stock for the line: what is missing of its item, where, and when. */
extern void RaiseShort(DocumentBatch *batch, DocumentLine *line, const Place *place, int128 missing, const MovePosition *at) pg_attribute_noreturn();

/* The same where the cost pool of the line lacks it, whatever lies at its place. */
extern void RaisePoolShort(DocumentBatch *batch, DocumentLine *line, int128 missing, const MovePosition *at) pg_attribute_noreturn();

/*
 * replay.c: asks for a replay of an item of the run, locked, from a position on.
 * All new lines of items that are replayed, and what ChangeGiven() says, are asked for
 * anyway. The cause is what errors name, and whose document the adjustments correct.
 */
extern void ReplayFrom(StockItem *item, MovePosition from, DocumentLine *cause);

/*
 * replay.c: a move of a locked item that stood already was given so much more (or
 * less) by the document of the cause, whose caller stores the entry (cause landed
 * or revaluation) himself; all that follows from it the replay finds. Asks for it.
 */
extern void ChangeGiven(StockRun *run, StockItem *item, MovePosition move, int128 amount, DocumentLine *cause);

/* stock_lock.c: before LockStock(): the item is locked though no line may be of it. */
extern void WantItem(StockRun *run, int32 itemId);

/* stock_moves.c: whether any item is replayed; and which are, by the lines and parts of the batch. */
extern bool AnyBackdated(const StockRun *run);
extern void FindBackdated(StockRun *run);

/* replay.c: what ChangeGiven() said of the move; 0 if nothing. */
extern int128 GivenLater(const StockRun *run, int64 moveId);

/* replay.c: runs what was asked for; fills edges of new moves and changes of old ones. The moves of the batch are stored. */
extern void RunReplays(StockRun *run);

/* stock_moves.c: the place of a numbered line's move in the order of its item. */
extern MovePosition PositionOfLine(const DocumentLine *line);

/* cost_store.c: what the entries of a move that stands add up to; an error if there is no such move. */
extern MoveValue StoredValue(const DocumentBatch *batch, int64 moveId);

/*
 * adjustment_accounts.c: which accounts the changes of each changed move go to: those that its own voucher used, or that the
 * rules of its document would have; and those of each change of usage, by the rules. Returns the distinct ones; pairOf, one
 * for each changed move, and pairOfUsage are set to their indexes.
 */
extern AdjustmentAccounts *FindAdjustmentAccounts(StockRun *run, int *pairOf, int *pairOfUsage);

/* adjustment_accounts.c: the amount role of the rule by which a change of the cost of a move of the role, of that day, has its counter where its voucher has none. */
extern AmountRole CounterRole(const StockRun *run, int32 itemId, const LineRoleInfo *role, DateADT day);

/* adjustment.c: one document and voucher per belonging day and pair of accounts of the changes. */
extern void BuildAdjustments(StockRun *run, VoucherSet *set);

/* cost_store.c: whether entries of the cause say what the goods of a move cost; others follow from those of other moves. */
extern bool IsGivenCause(const char *cause);

/* cost_store.c: whether entries of the cause are learned of a move after its own document. */
extern bool IsLaterCause(const char *cause);

/* cost_store.c: cost entries of new moves and of changes. */
extern void StoreCosts(StockRun *run);

/*
 * reversal.c: fills a document that takes back the one of the given key: its
 * lines and taxes negated. The document's fields of the request are set already.
 * Errors not_reversible, unknown_code.
 */
extern void PrepareReversal(DocumentBatch *batch, Document *document, const char *reversedKey);

/* reversed_lines.c: the lines and the taxes of what the document reverses, negated, and the total of both. */
extern void CopyReversedLines(DocumentBatch *batch, Document *document);
extern void CopyReversedTaxes(DocumentBatch *batch, Document *document);

/* reversed_lines.c: how the prices of the document that it reverses are meant, amounts negated; nothing where they are as usual. */
extern void CopyReversedPricing(DocumentBatch *batch, Document *document);

/* reversal.c: quantity and value, as now known, of the moves that the batch reverses; after they are locked. */
extern void LookUpReversed(DocumentBatch *batch);

/* reversal_voucher.c: the voucher of each reversal: the lines of the original, negated, and what its costs and usage have changed since. */
extern void BuildReversalVouchers(StockRun *run, VoucherSet *set);

/* post_documents.c: runs all steps over a batch whose fields have been read. */
extern void PostBatch(DocumentBatch *batch);

/* post_documents.c: posts a batch that CheckBatch has passed. */
extern void PostCheckedBatch(DocumentBatch *batch);

/* post_documents.c: only the checks; problems are listed in the batch. */
extern void CheckBatch(DocumentBatch *batch);

#endif
