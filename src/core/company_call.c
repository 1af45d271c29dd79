#include "postgres.h"

#include "utils/datum.h"

#include "core/company_call.h"
#include "core/document.h"

const CompanyInfo *
OpenCompany(const char *code)
{
	const CompanyInfo *company;

	RefreshMasterData();
	company = FindCompany(code);
	if (company == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_UNKNOWN_CODE),
				 errmsg("unknown company \"%.60s\"", code),
				 errhint("%s", ErrorCure(ERRCODE_ERP_UNKNOWN_CODE))));
	CheckCallerRole(company->memberRole, psprintf("company %s", code));
	return company;
}

void
RaiseInvalidArgument(const char *name, const char *reason)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_INVALID_FIELD),
			 errmsg("argument \"%s\" %s", name, reason),
			 errhint("%s", ErrorCure(ERRCODE_ERP_INVALID_FIELD))));
}

Datum
RequiredArgument(FunctionCallInfo fcinfo, int number, const char *name)
{
	if (PG_ARGISNULL(number))
		RaiseInvalidArgument(name, "is missing");
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
