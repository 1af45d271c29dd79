/*
 * Periods, and whether they are open: what a posting asks before it lands in one.
 */
#ifndef ERP_PERIOD_GATE_H
#define ERP_PERIOD_GATE_H

#include "core/document.h"

/*
 * period_gate.c: takes the shared gate of the earliest period that the batch
 * touches, which stands for all later ones, then reads whether each document's
 * is open for its modules: error period_closed, or with "late" the first open
 * day after. The gate stands until the transaction ends; erp.set_period_state
 * waits for it.
 */
extern void PassPeriodGate(DocumentBatch *batch);

/*
 * period_gate.c: takes the gate that PassPeriodGate will take and reads
 * nothing. For a call whose gate comes before its key, which it may have used before. False: no document has a period.
 */
extern bool LockPeriodGate(DocumentBatch *batch);

/* The period of a day, from the cache; false if there is none. */
extern bool FindPeriod(int32 companyId, DateADT day, int32 *periodId, DateADT *lastDay);

/*
 * Puts the document on the first day from its own on that is open in all
 * modules of its kind, with its period; takes the gate of that period. Error
 * no_period if there is none.
 */
extern void LandOnOpenDay(int32 companyId, Document *document);

/* period_warning.c: records which documents of the batch were posted into periods that are about to close. */
extern void StoreWarnings(const DocumentBatch *batch);

#endif
