/*
 * What the tables of locks say, read under the gate of the period.
 */
#ifndef ERP_PERIOD_STATE_H
#define ERP_PERIOD_STATE_H

#include "postgres.h"

#include "utils/date.h"

typedef struct PeriodState
{
	int32		periodId;
	unsigned	closed;			/* modules, bits */
	unsigned	warned;
} PeriodState;

/* Fills in the states of the periods in these modules (bits), as they are now; what there is no row of is an error. */
extern void ReadPeriodStates(int32 companyId, PeriodState *states, int count, unsigned modules);

/* The hard lock as it is now; DATEVAL_NOBEGIN if there is none. */
extern DateADT ReadHardLock(int32 companyId);

#endif
