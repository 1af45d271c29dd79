/*
 * Kept plans: the one way in which the engine runs SQL.
 */
#ifndef ERP_PLAN_CACHE_H
#define ERP_PLAN_CACHE_H

#include "executor/spi.h"

#define KEPT_PLAN_MAX_ARGS 32

/*
 * A plan is kept for the life of a session, is made for no particular values,
 * and may have been made when the tables were empty: its shape must depend on
 * neither. Look-ups by an array begin with its unnest() and go on by LATERAL
 * subqueries with OFFSET 0, which cannot be turned round; entry points switch
 * off sequential scans, hash and merge joins (PlanByIndexes(), or SETs).
 */

/* A query whose text is a constant of the file that uses it; plan is filled on first use. */
typedef struct KeptPlan
{
	const char *query;
	int			argumentCount;
	Oid			argumentTypes[KEPT_PLAN_MAX_ARGS];
	SPIPlanPtr	plan;
} KeptPlan;

/*
 * Runs the query; the caller is connected to SPI. nulls may be NULL (no argument is).
 * Returns SPI_processed; the rows are in SPI_tuptable. Errors are the query's own.
 */
extern uint64 RunPlan(KeptPlan *kept, Datum *values, const char *nulls);

/* As RunPlan, but sees what has committed up to now whatever the transaction's isolation level. */
extern uint64 RunPlanLatest(KeptPlan *kept, Datum *values, const char *nulls);

/* As RunPlan, but sees what the snapshot shows. */
extern uint64 RunPlanAt(KeptPlan *kept, Datum *values, const char *nulls, Snapshot snapshot);

/*
 * As RunPlan, for a query that is one INSERT of facts, or a function of the
 * engine whose first statement is: that one INSERT passes the guards.
 */
extern uint64 RunFactPlan(KeptPlan *kept, Datum *values, const char *nulls);

/*
 * The last result, to be kept while a look-up that fills a cache runs its own:
 * such a look-up must not take the rows away from under its caller.
 */
typedef struct PlanResult
{
	SPITupleTable *table;
	uint64		processed;
} PlanResult;

extern PlanResult KeepPlanResult(void);
extern void RestorePlanResult(PlanResult result);

/* Opens a cursor on the query; close it with SPI_cursor_close. */
extern Portal OpenPlanCursor(KeptPlan *kept, Datum *values, const char *nulls);

/* Column `column` (from 1) of row `row` (from 0) of the last result; the value must not be NULL. */
extern Datum PlanValue(uint64 row, int column);

/* The same, telling whether it is NULL. */
extern Datum PlanValueOrNull(uint64 row, int column, bool *isNull);

#endif
