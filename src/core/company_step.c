/*
 * Steps of work that nobody waits for: any session, or pg_cron, calls them at
 * any time, for so many rows at most.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "core/company_call.h"

#define STEP_MAX 100000

PG_FUNCTION_INFO_V1(erp_run_step);

/* erp_private.<name>(company_id, max) */
static Datum
RunStep(const char *name, int32 companyId, int32 max)
{
	Oid			argumentTypes[] = {INT4OID, INT4OID};
	List	   *function = list_make2(makeString("erp_private"), makeString(unconstify(char *, name)));

	return OidFunctionCall2(LookupFuncName(function, 2, argumentTypes, false), Int32GetDatum(companyId), Int32GetDatum(max));
}

/* erp.<name>(company text, max integer) returns bigint: does erp_private.<name>() as erp_owner; returns how many rows it worked on. */
Datum
erp_run_step(PG_FUNCTION_ARGS)
{
	const char *name = get_func_name(fcinfo->flinfo->fn_oid);
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	int32		max = DatumGetInt32(RequiredArgument(fcinfo, 1, "max"));
	EngineScope scope;
	int64		done;

	if (max < 1 || max > STEP_MAX)
		RaiseInvalidArgument("max", psprintf("%d", max), psprintf("must be from 1 to %d", STEP_MAX));
	BeginEngine(&scope);
	PlanByIndexes();
	done = DatumGetInt64(RunStep(name, ReadCompany(company)->companyId, max));
	EndEngine(&scope);
	PG_RETURN_INT64(done);
}
