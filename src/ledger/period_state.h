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
	bool		isAsked;		/* some document's own day lies in it: where it is open, the later ones are not looked at */
	unsigned	closed;			/* modules, bits */
	unsigned	warned;
} PeriodState;

/* Fills in the states of the periods that are asked for, in these modules (bits), as they are now; what there is no row of is an error. */
extern void ReadPeriodStates(int32 companyId, PeriodState *states, int count, unsigned modules);

/* The hard lock as it is now; DATEVAL_NOBEGIN if there is none. */
extern DateADT ReadHardLock(int32 companyId);

#endif
