/* Which transactions under way can still write into this database. */
#include "postgres.h"

#include "access/transam.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/xid8.h"

PG_FUNCTION_INFO_V1(erp_runs_elsewhere);

/*
 * runs_elsewhere(transaction): true only for one that runs in another database
 * of the cluster. A prepared one, and one that has ended meanwhile, is nobody's:
 * false. A session never changes its database.
 */
Datum
erp_runs_elsewhere(PG_FUNCTION_ARGS)
{
	TransactionId transaction = XidFromFullTransactionId(PG_GETARG_FULLTRANSACTIONID(0));
	int			pid = BackendXidGetPid(transaction);
	const PGPROC *session = pid == 0 ? NULL : BackendPidGetProc(pid);
	Oid			database = session == NULL ? InvalidOid : session->databaseId;

	/* It must run there still: what became of the session since does not count. */
	PG_RETURN_BOOL(OidIsValid(database) && database != MyDatabaseId && BackendXidGetPid(transaction) == pid);
}
