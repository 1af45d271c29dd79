/*
 * Import as a job: rows that a client COPYed into erp.staged_line are first all
 * checked, then posted, in bounded steps. A step is a transaction of its
 * caller's, and the job's row moves on with it: a crash loses the step and
 * nothing else. Validation sees all but stock, which is known when its turn
 * comes; what posting finds is a problem of its document where bad ones are
 * skipped, and else the step's error, after which erp.restage_import() leads back.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"

#include "core/code_map.h"
#include "core/company_call.h"
#include "core/datum_array.h"
#include "core/plan_cache.h"
#include "ledger/period_gate.h"
#include "inventory/import.h"
#include "inventory/inventory.h"

PG_FUNCTION_INFO_V1(erp_import_step);

#define STEP_ROWS_MAX 200000

static KeptPlan jobPlan = {
	.query = "SELECT state, skip_bad, position FROM erp.job"
	" WHERE company_id = $1 AND job_id = $2 AND kind = 'import' FOR UPDATE",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan startPlan = {
	.query = "UPDATE erp.job j SET state = 'validating', position = 0, done_rows = 0, done_documents = 0, bad_rows = 0,"
	" total_rows = (SELECT pg_catalog.count(*) FROM erp.staged_line s WHERE s.job_id = j.job_id),"
	" phase_started_at = pg_catalog.clock_timestamp(), updated_at = pg_catalog.clock_timestamp()"
	" WHERE company_id = $1 AND job_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan forgetPlan = {
	.query = "DELETE FROM erp.import_problem WHERE job_id = $1",
	.argumentCount = 1,
	.argumentTypes = {INT8OID}
};

static KeptPlan problemPlan = {
	.query = "INSERT INTO erp.import_problem (job_id, row_no, problem_no, document_key, column_name, value, error_code, reason)"
	" SELECT $1, p.row_no, pg_catalog.row_number() OVER (PARTITION BY p.row_no ORDER BY p.ordinal) + COALESCE("
	"          (SELECT pg_catalog.max(i.problem_no) FROM erp.import_problem i WHERE i.job_id = $1 AND i.row_no = p.row_no), 0),"
	"        p.document_key, p.column_name, p.value, p.error_code, p.reason"
	"   FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5),"
	"        pg_catalog.unnest($6), pg_catalog.unnest($7)) WITH ORDINALITY"
	"        AS p (row_no, document_key, column_name, value, error_code, reason, ordinal)",
	.argumentCount = 7,
	.argumentTypes = {INT8OID, INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID}
};

/* What only the whole of the rows can tell. */
static KeptPlan wholePlan = {
	.query = "SELECT erp_private.check_staged_lines($1, $2)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan progressPlan = {
	.query = "UPDATE erp.job SET position = $3, done_rows = done_rows + $4, done_documents = done_documents + $5,"
	" updated_at = pg_catalog.clock_timestamp() WHERE company_id = $1 AND job_id = $2",
	.argumentCount = 5,
	.argumentTypes = {INT4OID, INT8OID, INT8OID, INT8OID, INT8OID}
};

static KeptPlan phasePlan = {
	.query = "UPDATE erp.job j SET state = CASE WHEN b.bad_rows > 0 AND NOT j.skip_bad THEN 'refused' ELSE 'posting' END,"
	" position = 0, done_rows = 0, bad_rows = b.bad_rows, phase_started_at = pg_catalog.clock_timestamp(),"
	" updated_at = pg_catalog.clock_timestamp()"
	"  FROM (SELECT pg_catalog.count(DISTINCT row_no) AS bad_rows FROM erp.import_problem WHERE job_id = $2) b"
	" WHERE j.company_id = $1 AND j.job_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan donePlan = {
	.query = "UPDATE erp.job SET state = 'done', updated_at = pg_catalog.clock_timestamp()"
	" WHERE company_id = $1 AND job_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan badPlan = {
	.query = "SELECT DISTINCT document_key FROM erp.import_problem"
	" WHERE job_id = $1 AND row_no BETWEEN $2 AND $3 AND document_key IS NOT NULL",
	.argumentCount = 3,
	.argumentTypes = {INT8OID, INT8OID, INT8OID}
};

static KeptPlan countPlan = {
	.query = "UPDATE erp.job SET bad_rows = (SELECT pg_catalog.count(DISTINCT row_no) FROM erp.import_problem WHERE job_id = $2)"
	" WHERE company_id = $1 AND job_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static KeptPlan resultPlan = {
	.query = "SELECT pg_catalog.jsonb_build_object('state', state, 'done_rows', done_rows, 'total_rows', total_rows,"
	" 'done_documents', done_documents, 'bad_rows', bad_rows) FROM erp.job WHERE company_id = $1 AND job_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT8OID}
};

static ImportJob
LoadJob(const CompanyInfo *company, int64 jobId)
{
	Datum		values[2] = {Int32GetDatum(company->companyId), Int64GetDatum(jobId)};
	ImportJob	job = {.jobId = jobId};

	if (RunPlan(&jobPlan, values, NULL) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_STATE_REFUSED),
				 errmsg("company %s has no import job " INT64_FORMAT, company->code, jobId),
				 errdetail("erp.job has no row of kind import with this company and job_id."),
				 errhint("Start one with erp.start_import().")));
	job.state = TextDatumGetCString(PlanValue(0, 1));
	job.skipBad = DatumGetBool(PlanValue(0, 2));
	job.position = DatumGetInt64(PlanValue(0, 3));
	return job;
}

static void
MoveOn(const DocumentBatch *batch, const ImportJob *job, int64 position, uint64 rows, int documents)
{
	Datum		values[5] = {
		Int32GetDatum(batch->company->companyId),
		Int64GetDatum(job->jobId),
		Int64GetDatum(position),
		Int64GetDatum((int64) rows),
		Int64GetDatum(documents)
	};

	(void) RunPlan(&progressPlan, values, NULL);
}

static void
AppendText(DatumArray *array, const char *text)
{
	if (text == NULL)
		AppendNull(array);
	else
		AppendDatum(array, CStringGetTextDatum(text));
}

static void
StoreProblems(const DocumentBatch *batch, int64 jobId)
{
	DatumArray	columns[6] = {0};
	Datum		values[7] = {Int64GetDatum(jobId)};

	if (batch->problemCount == 0)
		return;
	for (int i = 0; i < batch->problemCount; i++)
	{
		const DocumentProblem *problem = &batch->problems[i];

		AppendDatum(&columns[0], Int64GetDatum(problem->stagedRow));
		AppendText(&columns[1], problem->documentKey);
		AppendText(&columns[2], problem->field);
		AppendText(&columns[3], problem->value);
		AppendText(&columns[4], unpack_sql_state(problem->errorCode));
		AppendText(&columns[5], problem->reason);
	}
	values[1] = DatumArrayValue(&columns[0], INT8OID);
	for (int i = 1; i < 6; i++)
		values[i + 1] = DatumArrayValue(&columns[i], TEXTOID);
	(void) RunPlan(&problemPlan, values, NULL);
}

static void
StartJob(const CompanyInfo *company, int64 jobId)
{
	Datum		values[2] = {Int32GetDatum(company->companyId), Int64GetDatum(jobId)};
	Datum		job = Int64GetDatum(jobId);

	(void) RunPlan(&forgetPlan, &job, NULL);
	(void) RunPlan(&startPlan, values, NULL);
}

static void
EndValidation(const CompanyInfo *company, int64 jobId)
{
	Datum		values[2] = {Int32GetDatum(company->companyId), Int64GetDatum(jobId)};

	(void) RunPlan(&wholePlan, values, NULL);
	(void) RunPlan(&phasePlan, values, NULL);
}

static void
ValidateStep(DocumentBatch *batch, const ImportJob *job, int maxRows)
{
	uint64		rows;
	int64		position;

	batch->collecting = true;
	rows = ReadStep(batch, job, maxRows);
	if (rows == 0)
	{
		EndValidation(batch->company, job->jobId);
		return;
	}
	position = LastRow(batch);
	batch->checkOnly = true;
	batch->leavesOut = job->skipBad;
	CheckBatch(batch);
	PassPeriodGate(batch);
	CheckPosting(batch);
	StoreProblems(batch, job->jobId);
	MoveOn(batch, job, position, rows, 0);
}

/* Takes out the documents that the validation found bad; there are none unless they are to be skipped. */
static void
SkipBad(DocumentBatch *batch, const ImportJob *job)
{
	Datum		values[3] = {
		Int64GetDatum(job->jobId),
		Int64GetDatum(batch->documents[0].lines[0].stagedRow),
		Int64GetDatum(LastRow(batch))
	};
	uint64		rows = RunPlan(&badPlan, values, NULL);
	CodeMap    *keys = CreateCodeMap();

	for (uint64 i = 0; i < rows; i++)
		(void) CodeNumber(keys, TextDatumGetCString(PlanValue(i, 1)));
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->fields[HEADER_KEY] == NULL || FindCode(keys, document->fields[HEADER_KEY]) >= 0)
			document->bad = true;
	}
	DropMarked(batch);
}

/* Posts what is good, lists the rest; returns how many documents are posted. */
static int
PostGood(DocumentBatch *batch, const ImportJob *job)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(job->jobId)};
	int			posted;

	SkipBad(batch, job);
	posted = PostSkipping(batch, job->jobId, StoreProblems);
	(void) RunPlan(&countPlan, values, NULL);
	return posted;
}

static void
PostStep(DocumentBatch *batch, const ImportJob *job, int maxRows)
{
	uint64		rows;
	Datum		values[2] = {Int32GetDatum(batch->company->companyId), Int64GetDatum(job->jobId)};
	int64		position;
	int			documents;

	/* What is bad then was so when it was validated. */
	batch->collecting = job->skipBad;
	rows = ReadStep(batch, job, maxRows);
	batch->collecting = false;
	if (rows == 0)
	{
		(void) RunPlan(&donePlan, values, NULL);
		return;
	}
	position = LastRow(batch);
	documents = batch->count;
	if (job->skipBad)
		documents = PostGood(batch, job);
	else
		PostBatch(batch);
	MoveOn(batch, job, position, rows, documents);
}

static void
RunStep(DocumentBatch *batch, const ImportJob *job, int maxRows)
{
	if (strcmp(job->state, "staging") == 0 || strcmp(job->state, "refused") == 0)
		StartJob(batch->company, job->jobId);
	else if (strcmp(job->state, "validating") == 0)
		ValidateStep(batch, job, maxRows);
	else if (strcmp(job->state, "posting") == 0)
		PostStep(batch, job, maxRows);
}

Datum
erp_import_step(PG_FUNCTION_ARGS)
{
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	int64		jobId = DatumGetInt64(RequiredArgument(fcinfo, 1, "job_id"));
	int			maxRows = DatumGetInt32(RequiredArgument(fcinfo, 2, "max_rows"));
	MemoryContext caller = CurrentMemoryContext;
	DocumentBatch batch = {0};
	EngineScope scope;
	ImportJob	job;
	Datum		values[2];

	if (maxRows < 1 || maxRows > STEP_ROWS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a step takes 1 to %d rows", STEP_ROWS_MAX),
				 errdetail("Argument \"max_rows\" is %d.", maxRows),
				 errhint("Leave it out for steps of 20000 rows.")));
	BeginEngine(&scope);
	batch.company = OpenCompany(company);
	job = LoadJob(batch.company, jobId);
	RunStep(&batch, &job, maxRows);
	values[0] = Int32GetDatum(batch.company->companyId);
	values[1] = Int64GetDatum(jobId);
	(void) RunPlan(&resultPlan, values, NULL);
	return FinishCall(&scope, caller, PlanValue(0, 1));
}
