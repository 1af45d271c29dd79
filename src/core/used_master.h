/*
 * The guard of what master data is once facts stand on it: a trigger AFTER
 * UPDATE of each row, whatever path the change takes.
 */
#ifndef ERP_USED_MASTER_H
#define ERP_USED_MASTER_H

#include "fmgr.h"

#include "core/plan_cache.h"

#define USED_MASTER_COLUMNS 12

/* What of a row stays. The plans take the values of its key columns, integers; lists of names end in NULL. */
typedef struct UsedMaster
{
	const char *what;			/* as an accountant calls the row */
	const char *keptColumns[USED_MASTER_COLUMNS];
	const char *keyColumns[USED_MASTER_COLUMNS];
	KeptPlan	waitPlan;		/* waits for whoever is about to use the row */
	KeptPlan	usedPlan;		/* a row if facts stand on it; sees the row as it has become */
	bool		usedPlanNames;	/* and its value is what the row is called; else it has a column "code" */
	const char *reason;			/* since when it stays, for the DETAIL */
	const char *cure;
} UsedMaster;

/*
 * Returns unless a kept column of the row has changed and facts stand on it
 * (error used_master_data). The apply worker of a subscription is let through.
 */
extern Datum GuardUsedMaster(FunctionCallInfo fcinfo, UsedMaster *master);

#endif
