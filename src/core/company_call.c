#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/inval.h"
#include "utils/snapmgr.h"
#include "utils/xid8.h"

#include "core/company_call.h"
#include "core/document.h"
#include "core/gate.h"
#include "core/index_probe.h"
#include "core/plan_cache.h"

#define DETAIL_VALUE_MAX 100

static KeptPlan codePlan = {
	.query = "SELECT code FROM erp.company WHERE company_id = $1",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

PG_FUNCTION_INFO_V1(erp_lock_structure);
PG_FUNCTION_INFO_V1(erp_keep_structure);

/*
 * What a used account, dimension, series or currency is does not change (laws
 * 1 and 4). A posting holds the shared gate of its company from before it reads
 * master data until it ends; a call that changes what such a row is takes it
 * exclusively before it looks whether the row is used. As the period gate, an
 * advisory lock in a key space of the engine's own.
 */
static void
LockStructure(int32 companyId, LOCKMODE mode)
{
	TakeGate((uint32) companyId, 0, STRUCTURE_GATE, mode);
}

/* A transaction id that is not in the future, with its epoch. */
static FullTransactionId
WithEpoch(TransactionId id)
{
	FullTransactionId next = ReadNextFullTransactionId();
	uint32		epoch = EpochFromFullTransactionId(next);

	return FullTransactionIdFromEpochAndXid(id > XidFromFullTransactionId(next) ? epoch - 1 : epoch, id);
}

/*
 * Whether the company has a document by now that the snapshot does not show.
 * What was recorded before its xmin is shown; after a restore other rows too
 * may have a transaction id from there on, so the rows themselves are asked.
 */
static bool
HasLaterDocument(int32 companyId, Snapshot snapshot)
{
	IndexProbe *probe = OpenIndexProbe("erp", "document", "document_transaction", PROBE_LATEST);
	Datum		company = Int32GetDatum(companyId);
	TupleTableSlot *row;
	bool		found = false;

	ProbeIndexRange(probe, &company, 1, FullTransactionIdGetDatum(WithEpoch(snapshot->xmin)), UInt64GetDatum(PG_UINT64_MAX));
	while (!found && (row = NextProbedRow(probe)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		found = !IsProbedRowShown(probe, row, snapshot);
	}
	CloseIndexProbe(probe);
	return found;
}

void
RequireLatestSnapshot(int32 companyId, const char *change)
{
	if (!IsolationUsesXactSnapshot() || !HasLaterDocument(companyId, GetTransactionSnapshot()))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not serialize %s among postings", change),
			 errdetail("The company has documents that came since this transaction's snapshot was taken."),
			 errhint("Try again, or in a transaction of isolation level read committed.")));
}

/* erp_private.lock_structure(company_id): the exclusive gate. */
Datum
erp_lock_structure(PG_FUNCTION_ARGS)
{
	int32		companyId = PG_GETARG_INT32(0);

	LockStructure(companyId, ExclusiveLock);
	RequireLatestSnapshot(companyId, "a change of master data");
	PG_RETURN_VOID();
}

/* erp_private.keep_structure(company_id): the shared gate, of calls that are no posting but go by series. */
Datum
erp_keep_structure(PG_FUNCTION_ARGS)
{
	LockStructure(PG_GETARG_INT32(0), ShareLock);
	PG_RETURN_VOID();
}

static const CompanyInfo *
CurrentCompany(const char *code)
{
	const CompanyInfo *company;

	RefreshMasterData();
	company = FindCompany(code);
	if (company == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_UNKNOWN_CODE),
				 errmsg("unknown company"),
				 errdetail("%s", ArgumentDetail("company", code)),
				 errhint("%s", ErrorCure(ERRCODE_ERP_UNKNOWN_CODE))));
	return company;
}

const CompanyInfo *
ReadCompany(const char *code)
{
	const CompanyInfo *company = CurrentCompany(code);

	CheckCallerRole(company->memberRole, psprintf("company %s", code));
	return company;
}

const CompanyInfo *
OpenCompany(const char *code)
{
	const CompanyInfo *company = ReadCompany(code);

	LockStructure(company->companyId, ShareLock);
	AcceptInvalidationMessages();
	return CurrentCompany(code);
}

char *
CodeOfCompany(int32 companyId)
{
	const CompanyInfo *known;
	Datum		value = Int32GetDatum(companyId);

	RefreshMasterData();
	known = FindKnownCompany(companyId);
	if (known != NULL)
		return pstrdup(known->code);
	if (RunPlanLatest(&codePlan, &value, NULL) == 0)
		elog(ERROR, "company %d does not exist", companyId);
	return TextDatumGetCString(PlanValue(0, 1));
}

const CompanyInfo *
OpenCompanyById(int32 companyId)
{
	return OpenCompany(CodeOfCompany(companyId));
}

char *
ArgumentDetail(const char *name, const char *value)
{
	if (value == NULL)
		return psprintf("At %s.", name);
	return psprintf("At %s, value \"%s\".", name, pnstrdup(value, pg_mbcharcliplen(value, (int) strlen(value), DETAIL_VALUE_MAX)));
}

void
RaiseInvalidArgument(const char *name, const char *value, const char *reason)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_INVALID_FIELD),
			 errmsg("argument \"%s\" %s", name, reason),
			 errdetail("%s", ArgumentDetail(name, value)),
			 errhint("%s", ErrorCure(ERRCODE_ERP_INVALID_FIELD))));
}

Datum
RequiredArgument(FunctionCallInfo fcinfo, int number, const char *name)
{
	if (PG_ARGISNULL(number))
		RaiseInvalidArgument(name, NULL, "is missing");
	return PG_GETARG_DATUM(number);
}

/* The result in the caller's memory, after the engine's is gone. */
Datum
FinishCall(const EngineScope *scope, MemoryContext caller, Datum result)
{
	MemoryContext engine = MemoryContextSwitchTo(caller);
	Datum		copy = datumCopy(result, false, -1);

	MemoryContextSwitchTo(engine);
	EndEngine(scope);
	return copy;
}
