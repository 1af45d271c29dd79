/*
 * The guard of erp.staged_line: rows of a job are written by members of its
 * company, and only while no step runs and none has begun. The writer locks the
 * job's row in a mode that goes with other writers and excludes a step.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/rel.h"

#include "core/engine.h"
#include "core/errors.h"
#include "core/plan_cache.h"

#define JOB_COLUMN 1

PG_FUNCTION_INFO_V1(erp_guard_staged_line);

static KeptPlan jobPlan = {
	.query = "SELECT j.state, c.member_role::text, c.code FROM erp.job j, erp.company c"
	" WHERE j.job_id = $1 AND c.company_id = j.company_id FOR KEY SHARE OF j",
	.argumentCount = 1,
	.argumentTypes = {INT8OID}
};

static void
CheckWriter(const char *memberRole, const char *company)
{
	if (strcmp(EngineCallerName(), ENGINE_OWNER) != 0)
		CheckCallerRole(memberRole, psprintf("staging rows for company \"%s\"", company));
}

static void
CheckState(int64 jobId, const char *state)
{
	if (strcmp(state, "staging") == 0 || strcmp(state, "refused") == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_ERP_STATE_REFUSED),
			 errmsg("the rows of job " INT64_FORMAT " stand", jobId),
			 errdetail("The job is in state \"%s\"; rows change in states staging and refused only.", state),
			 errhint("Take the job back with erp.restage_import(), or start another one.")));
}

static void
CheckJob(int64 jobId)
{
	Datum		value = Int64GetDatum(jobId);

	if (RunPlan(&jobPlan, &value, NULL) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_UNKNOWN_CODE),
				 errmsg("there is no job " INT64_FORMAT, jobId),
				 errdetail("Column job_id of staged rows names a job of erp.start_import()."),
				 errhint("Start one with erp.start_import().")));
	CheckWriter(TextDatumGetCString(PlanValue(0, 2)), TextDatumGetCString(PlanValue(0, 3)));
	CheckState(jobId, TextDatumGetCString(PlanValue(0, 1)));
}

/* As erp_owner, who may lock the job, and with names that the writer's search_path cannot turn. */
static void
CheckJobAsOwner(int64 jobId)
{
	int			level = NewGUCNestLevel();
	EngineScope scope;

	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
	BeginEngine(&scope);
	CheckJob(jobId);
	EndEngine(&scope);
	AtEOXact_GUC(true, level);
}

/* fn_extra holds the id of the job that was checked last, for the time of one statement. */
static void
CheckRow(FunctionCallInfo fcinfo, HeapTuple tuple, TupleDesc descriptor)
{
	int64	   *checked = fcinfo->flinfo->fn_extra;
	bool		isNull;
	int64		jobId = DatumGetInt64(heap_getattr(tuple, JOB_COLUMN, descriptor, &isNull));

	if (checked != NULL && *checked == jobId)
		return;
	CheckJobAsOwner(jobId);
	if (checked == NULL)
		checked = fcinfo->flinfo->fn_extra = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(int64));
	*checked = jobId;
}

/*
 * BEFORE INSERT OR UPDATE OR DELETE, row: one comparison for each row of a job that the statement has met already,
 * which bulk loads do not notice; AFTER, or a transition table, would keep every row. An UPDATE concerns both jobs.
 */
Datum
erp_guard_staged_line(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	TupleDesc	descriptor;
	HeapTuple	result;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("a guard was not called as a trigger")));
	result = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	if (IsLogicalWorker())
		PG_RETURN_POINTER(result);
	descriptor = RelationGetDescr(trigger->tg_relation);
	CheckRow(fcinfo, trigger->tg_trigtuple, descriptor);
	if (result != trigger->tg_trigtuple)
		CheckRow(fcinfo, result, descriptor);
	PG_RETURN_POINTER(result);
}
