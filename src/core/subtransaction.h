/*
 * Work that may be given up.
 */
#ifndef ERP_SUBTRANSACTION_H
#define ERP_SUBTRANSACTION_H

#include "postgres.h"

typedef bool (*SubtransactionWork) (void *argument);

/*
 * Does the work in a subtransaction: what it changed and locked is kept if it returns true and undone if it returns false.
 * An error undoes it too and is thrown on, with the subtransaction ended: the server would take one that is left open for
 * the user's own savepoint, so that a statement outside a transaction block would leave its transaction open for ever, with
 * its locks, and an EXCEPTION clause would end the wrong one.
 */
extern bool TryInSubtransaction(SubtransactionWork work, void *argument);

#endif
