#include "postgres.h"

#include "utils/snapmgr.h"

#include "core/engine.h"
#include "core/plan_cache.h"

/*
 * Prepares the query once per backend; the static plan is set only when it has been kept. Since its shape must not depend
 * on statistics, nothing is won by a plan for the values of each call, and planning takes several times what running does.
 */
static void
PreparePlan(KeptPlan *kept)
{
	SPIPlanPtr	plan;

	PinSearchPath();
	if (kept->plan != NULL)
		return;

	plan = SPI_prepare_cursor(kept->query, kept->argumentCount, kept->argumentTypes, CURSOR_OPT_GENERIC_PLAN);
	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", kept->query, SPI_result_code_string(SPI_result));
	if (SPI_keepplan(plan) != 0)
		elog(ERROR, "could not keep the plan of \"%s\"", kept->query);
	kept->plan = plan;
}

static uint64
CheckResult(const KeptPlan *kept, int result)
{
	if (result < 0)
		elog(ERROR, "could not run \"%s\": %s", kept->query, SPI_result_code_string(result));
	return SPI_processed;
}

uint64
RunPlan(KeptPlan *kept, Datum *values, const char *nulls)
{
	PreparePlan(kept);
	return CheckResult(kept, SPI_execute_plan(kept->plan, values, nulls, false, 0));
}

uint64
RunPlanAt(KeptPlan *kept, Datum *values, const char *nulls, Snapshot snapshot)
{
	PreparePlan(kept);
	return CheckResult(kept, SPI_execute_snapshot(kept->plan, values, nulls, snapshot, InvalidSnapshot, false, true, 0));
}

uint64
RunPlanLatest(KeptPlan *kept, Datum *values, const char *nulls)
{
	return RunPlanAt(kept, values, nulls, GetLatestSnapshot());
}

uint64
RunFactPlan(KeptPlan *kept, Datum *values, const char *nulls)
{
	uint64		processed;

	BeginFactWrite();
	processed = RunPlan(kept, values, nulls);
	EndFactWrite();
	return processed;
}

PlanResult
KeepPlanResult(void)
{
	PlanResult	result = {SPI_tuptable, SPI_processed};

	return result;
}

void
RestorePlanResult(PlanResult result)
{
	SPI_tuptable = result.table;
	SPI_processed = result.processed;
}

Portal
OpenPlanCursor(KeptPlan *kept, Datum *values, const char *nulls)
{
	PreparePlan(kept);
	return SPI_cursor_open(NULL, kept->plan, values, nulls, false);
}

Datum
PlanValueOrNull(uint64 row, int column, bool *isNull)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, isNull);
}

Datum
PlanValue(uint64 row, int column)
{
	bool		isNull;
	Datum		value = PlanValueOrNull(row, column, &isNull);

	if (isNull)
		elog(ERROR, "column %d of a kept plan's result is null", column);
	return value;
}
