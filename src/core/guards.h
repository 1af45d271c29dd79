/*
 * The guards of facts: triggers in C, and the check that they stand.
 */
#ifndef ERP_GUARDS_H
#define ERP_GUARDS_H

#include "postgres.h"

#include "commands/trigger.h"

/* Clears the engine's insert flag; called when a transaction or subtransaction ends. */
extern void ResetFactWrite(void);

/*
 * Raises guards_missing (LE001) or version_mismatch (LE002) unless all guards
 * stand and the tables are of the code's version. SPI is connected and the
 * current user is ownerId (erp_owner). Free unless something changed.
 */
extern void CheckGuards(Oid ownerId);

/* The trigger that fires a guard's function; error 39P01 when something else calls it. */
extern TriggerData *FiringTrigger(FunctionCallInfo fcinfo);

/* Number of a column of the trigger's table. */
extern int	TriggerColumn(const TriggerData *trigger, const char *name);

/* Whether an updated row keeps the value of a column. */
extern bool KeepsValue(const TriggerData *trigger, Form_pg_attribute attribute);

/* Oid of erp_private.master_data_clock, or InvalidOid before erp.setup(). */
extern Oid	MasterDataClockId(void);

#endif
