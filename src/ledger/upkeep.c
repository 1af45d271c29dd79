/*
 * Steps that any session or pg_cron may call at any time: deferred numbers and
 * folded balances. Their work is SQL of the slice; here is the engine's frame.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "core/company_call.h"
#include "core/plan_cache.h"

PG_FUNCTION_INFO_V1(erp_assign_numbers);
PG_FUNCTION_INFO_V1(erp_fold_balances);

static KeptPlan numberPlan = {
	.query = "SELECT erp_private.assign_numbers($1, $2)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan foldPlan = {
	.query = "SELECT erp_private.fold_balances($1)",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

Datum
erp_assign_numbers(PG_FUNCTION_ARGS)
{
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	EngineScope scope;
	Datum		values[2] = {(Datum) 0, PG_ARGISNULL(1) ? (Datum) 0 : PG_GETARG_DATUM(1)};
	const char	nulls[] = {' ', PG_ARGISNULL(1) ? 'n' : ' ', '\0'};
	int64		numbered;

	BeginEngine(&scope);
	values[0] = Int32GetDatum(OpenCompany(company)->companyId);
	(void) RunFactFunction(&numberPlan, values, nulls);
	numbered = DatumGetInt64(PlanValue(0, 1));
	EndEngine(&scope);
	PG_RETURN_INT64(numbered);
}

Datum
erp_fold_balances(PG_FUNCTION_ARGS)
{
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	EngineScope scope;
	Datum		value;
	int64		folded;

	BeginEngine(&scope);
	value = Int32GetDatum(OpenCompany(company)->companyId);
	(void) RunPlan(&foldPlan, &value, NULL);
	folded = DatumGetInt64(PlanValue(0, 1));
	EndEngine(&scope);
	PG_RETURN_INT64(folded);
}
