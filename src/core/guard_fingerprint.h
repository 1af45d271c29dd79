/*
 * Whether anything about a table has changed that its guards depend on.
 */
#ifndef ERP_GUARD_FINGERPRINT_H
#define ERP_GUARD_FINGERPRINT_H

#include "postgres.h"

#include "utils/snapshot.h"

/*
 * A hash of all that erp_private.guard_violation() reads of a table, as the
 * snapshot shows it: owner, name, row security, triggers, rules, parents and
 * children. Two that are equal have the same violations or none.
 */
extern uint64 GuardFingerprint(Oid relationId, Snapshot snapshot);

#endif
