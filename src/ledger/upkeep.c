/*
 * Steps that any session or pg_cron may call at any time: deferred numbers and
 * folded balances. Their statements are SQL of the slice; here is the engine's
 * frame. Of the steps of numbering only the one that inserts numbers passes the
 * guards: what the others run may be a user's.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "core/company_call.h"
#include "core/errors.h"
#include "core/plan_cache.h"

#define NO_MAX (-1)

PG_FUNCTION_INFO_V1(erp_assign_numbers);
PG_FUNCTION_INFO_V1(erp_fold_balances);

typedef struct DeferredSeries
{
	int32		seriesId;
	bool		ofVouchers;
} DeferredSeries;

static KeptPlan deferredPlan = {
	.query = "SELECT series_id, target = 'voucher' FROM erp.series"
	" WHERE company_id = $1 AND mode = 'deferred' ORDER BY series_id",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static KeptPlan openCutPlan = {
	.query = "SELECT from_cut, to_cut FROM erp_private.open_series_cut($1, $2)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4OID}
};

static KeptPlan voucherNumberPlan = {
	.query = "SELECT erp_private.number_vouchers($1, $2, $3, $4, $5)",
	.argumentCount = 5,
	.argumentTypes = {INT4OID, INT4OID, XID8OID, INT8OID, INT8OID}
};

static KeptPlan documentNumberPlan = {
	.query = "SELECT erp_private.number_documents($1, $2, $3, $4, $5)",
	.argumentCount = 5,
	.argumentTypes = {INT4OID, INT4OID, XID8OID, INT8OID, INT8OID}
};

static KeptPlan moveCutPlan = {
	.query = "SELECT erp_private.move_series_cut($1, $2, $3)",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4OID, XID8OID}
};

static KeptPlan documentIdPlan = {
	.query = "SELECT pg_catalog.nextval(pg_catalog.pg_get_serial_sequence('erp.document', 'document_id'))"
};

static KeptPlan numberingPlan = {
	.query = "SELECT erp_private.add_numbering($1, $2, $3)",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT8OID, NAMEOID}
};

static KeptPlan foldPlan = {
	.query = "SELECT erp_private.fold_balances($1)",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

static DeferredSeries *
LoadDeferredSeries(int32 companyId, int *count)
{
	Datum		value = Int32GetDatum(companyId);
	DeferredSeries *series;

	*count = (int) RunPlan(&deferredPlan, &value, NULL);
	series = palloc(sizeof(DeferredSeries) * Max(*count, 1));
	for (int i = 0; i < *count; i++)
	{
		series[i].seriesId = DatumGetInt32(PlanValue(i, 1));
		series[i].ofVouchers = DatumGetBool(PlanValue(i, 2));
	}
	return series;
}

/*
 * Numbers at most max (NO_MAX: all) of a series' vouchers or documents; its cut
 * moves only when none was left over. The document gives them. One session at a time numbers a series:
 * the others wait for its cut.
 */
static int64
NumberSeries(int32 companyId, const DeferredSeries *series, int64 max, int64 documentId)
{
	Datum		values[5] = {Int32GetDatum(companyId), Int32GetDatum(series->seriesId)};
	Datum		toCut;
	int64		numbered;

	(void) RunPlan(&openCutPlan, values, NULL);
	values[2] = PlanValue(0, 1);
	values[3] = Int64GetDatum(max);
	values[4] = Int64GetDatum(documentId);
	toCut = PlanValue(0, 2);
	(void) RunFactPlan(series->ofVouchers ? &voucherNumberPlan : &documentNumberPlan, values, max == NO_MAX ? "   n " : NULL);
	numbered = DatumGetInt64(PlanValue(0, 1));
	if (max == NO_MAX || numbered < max)
	{
		values[2] = toCut;
		(void) RunPlan(&moveCutPlan, values, NULL);
	}
	return numbered;
}

static void
AddNumbering(int32 companyId, int64 documentId)
{
	Datum		values[3] = {
		Int32GetDatum(companyId),
		Int64GetDatum(documentId),
		DirectFunctionCall1(namein, CStringGetDatum(EngineCallerName()))
	};

	(void) RunFactPlan(&numberingPlan, values, NULL);
}

/* Series by series, until all are numbered or max numbers are given. What gives them is a document, if there are any. */
static int64
AssignNumbers(int32 companyId, int64 max)
{
	int			count;
	DeferredSeries *series = LoadDeferredSeries(companyId, &count);
	int64		total = 0;
	int64		documentId;

	if (count == 0)
		return 0;
	(void) RunPlan(&documentIdPlan, NULL, NULL);
	documentId = DatumGetInt64(PlanValue(0, 1));
	for (int i = 0; i < count && (max == NO_MAX || total < max); i++)
		total += NumberSeries(companyId, &series[i], max == NO_MAX ? NO_MAX : max - total, documentId);
	if (total > 0)
		AddNumbering(companyId, documentId);
	return total;
}

static int64
MaxArgument(FunctionCallInfo fcinfo)
{
	int64		max = PG_ARGISNULL(1) ? NO_MAX : PG_GETARG_INT64(1);

	if (!PG_ARGISNULL(1) && max <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_INVALID_FIELD),
				 errmsg("the largest number of numbers must be positive"),
				 errdetail("It is %lld.", (long long) max),
				 errhint("Leave it out to number everything.")));
	return max;
}

Datum
erp_assign_numbers(PG_FUNCTION_ARGS)
{
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	int64		max = MaxArgument(fcinfo);
	EngineScope scope;
	int64		numbered;

	BeginEngine(&scope);
	numbered = AssignNumbers(OpenCompany(company)->companyId, max);
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
