#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/inval.h"
#include "utils/snapmgr.h"

#include "core/company_call.h"
#include "core/document.h"
#include "core/plan_cache.h"

#define STRUCTURE_GATE 18
#define DETAIL_VALUE_MAX 100

static KeptPlan codePlan = {
	.query = "SELECT code FROM erp.company WHERE company_id = $1",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

PG_FUNCTION_INFO_V1(erp_lock_structure);

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
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) companyId, 0, STRUCTURE_GATE);
	(void) LockAcquire(&tag, mode, false, false);
}

void
RequireLatestSnapshot(const char *change)
{
	Snapshot	own;
	Snapshot	latest;
	TransactionId ownXmax;
	uint32		ownCount;

	if (!IsolationUsesXactSnapshot())
		return;
	own = GetTransactionSnapshot();
	ownXmax = own->xmax;
	ownCount = own->xcnt;
	latest = GetLatestSnapshot();
	if (latest->xmax != ownXmax || latest->xcnt != ownCount)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize %s among postings", change),
				 errdetail("Transactions ended since this one's snapshot was taken."),
				 errhint("Try again, or in a transaction of isolation level read committed.")));
}

/* erp_private.lock_structure(company_id): the exclusive gate. */
Datum
erp_lock_structure(PG_FUNCTION_ARGS)
{
	LockStructure(PG_GETARG_INT32(0), ExclusiveLock);
	RequireLatestSnapshot("a change of master data");
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
