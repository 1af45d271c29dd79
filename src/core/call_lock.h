/*
 * What a call waits for before it claims its key, as a posting does, and
 * what else it does beside its work; locks on what is not there yet. The request
 * is jsonb; what waits takes it before anything has checked it.
 */
#ifndef ERP_CALL_LOCK_H
#define ERP_CALL_LOCK_H

#include "postgres.h"

/*
 * Waits for other calls of this name that put rows of the same codes, known or
 * new: what is not given keeps the value that the first one gave. companyId is
 * 0 for data that companies share.
 */
extern void LockCallCodes(const char *call, int32 companyId, Datum request);

/* The items that have no pool of cost yet: whoever makes the first of one, or must not meet who does, holds it. */
#define FIRST_POOL "first pool"

/* Waits for others that hold ids of this space; few locks stand for all ids, and are taken in one order. For ids that are locked at once. */
extern void LockIds(const char *space, int32 companyId, const int32 *ids, int count);

/* Runs erp_private.<part>_<call>(company_id, request), where there is one. */
extern void RunCallPart(const char *part, const char *call, int32 companyId, Datum request);

#endif
