/*
 * The guards of facts: triggers in C, and the check that they stand.
 */
#ifndef ERP_GUARDS_H
#define ERP_GUARDS_H

#include "postgres.h"

#include "commands/trigger.h"
#include "fmgr.h"

/* Clears the engine's insert flag; called when a transaction or subtransaction ends. */
extern void ResetFactWrite(void);

/*
 * Raises guards_missing (LE001) or version_mismatch (LE002) unless all guards
 * stand and the tables are of the code's version. SPI is connected and the
 * current user is ownerId (erp_owner). Free unless something changed.
 */
extern void CheckGuards(Oid ownerId);

/* What fired a trigger function; an error if nothing did. */
extern TriggerData *FiringTrigger(FunctionCallInfo fcinfo);

/* Schema and name of the table that a trigger fires for, as SQL writes them. */
extern char *TableName(const TriggerData *trigger);

/* Oid of erp_private.master_data_clock, or InvalidOid before erp.setup(). */
extern Oid	MasterDataClockId(void);

#endif
