/*
 * Deferred numbers, given by a step that any session or pg_cron may call at any
 * time and by the calls that close days; and the step of folded balances. Their statements are SQL of the slice; here is the engine's
 * frame. Of the steps of numbering only the one that inserts numbers passes the
 * guards: what the others run may be a user's.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/company_call.h"
#include "core/errors.h"
#include "core/plan_cache.h"

#define NO_MAX (-1)

PG_FUNCTION_INFO_V1(erp_assign_numbers);
PG_FUNCTION_INFO_V1(erp_number_days);
PG_FUNCTION_INFO_V1(erp_fold_balances);

typedef struct DeferredSeries
{
	int32		seriesId;
	bool		ofVouchers;
} DeferredSeries;

/* What is numbered, and by which document. */
typedef struct Numbering
{
	int32		companyId;
	DateADT		firstDay;
	DateADT		lastDay;
	int64		max;			/* NO_MAX: all */
	int64		documentId;
} Numbering;

static KeptPlan deferredPlan = {
	.query = "SELECT series_id, target = 'voucher' FROM erp.series"
	" WHERE company_id = $1 AND mode = 'deferred' ORDER BY series_id",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

/* What nothing can join when these modules close: a voucher with the general module, and so a document of whatever kind posts into it. */
static KeptPlan closingPlan = {
	.query = "SELECT s.series_id, s.target = 'voucher' FROM erp.series s"
	" LEFT JOIN erp.document_kind k ON k.kind = s.target"
	" WHERE s.company_id = $1 AND s.mode = 'deferred'"
	"   AND $2 && CASE WHEN s.target = 'voucher' OR 'general' = ANY (k.modules) THEN '{general}' ELSE k.modules END"
	" ORDER BY s.series_id",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

static KeptPlan openCutPlan = {
	.query = "SELECT from_cut, to_cut FROM erp_private.open_series_cut($1, $2)",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4OID}
};

static KeptPlan voucherNumberPlan = {
	.query = "SELECT erp_private.number_vouchers($1, $2, $3, $4, $5, $6, $7)",
	.argumentCount = 7,
	.argumentTypes = {INT4OID, INT4OID, XID8OID, DATEOID, DATEOID, INT8OID, INT8OID}
};

static KeptPlan documentNumberPlan = {
	.query = "SELECT erp_private.number_documents($1, $2, $3, $4, $5, $6, $7)",
	.argumentCount = 7,
	.argumentTypes = {INT4OID, INT4OID, XID8OID, DATEOID, DATEOID, INT8OID, INT8OID}
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

/* The series that a plan finds. */
static DeferredSeries *
LoadDeferredSeries(KeptPlan *plan, Datum *values, int *count)
{
	DeferredSeries *series;

	*count = (int) RunPlan(plan, values, NULL);
	series = palloc(sizeof(DeferredSeries) * Max(*count, 1));
	for (int i = 0; i < *count; i++)
	{
		series[i].seriesId = DatumGetInt32(PlanValue(i, 1));
		series[i].ofVouchers = DatumGetBool(PlanValue(i, 2));
	}
	return series;
}

static bool
IsOfAllDays(const Numbering *numbering)
{
	return numbering->firstDay == DATEVAL_NOBEGIN && numbering->lastDay == DATEVAL_NOEND;
}

/*
 * Numbers at most max of a series' vouchers or documents of the days; its cut
 * moves only when none was left over. One session at a time numbers a series:
 * the others wait for its cut.
 */
static int64
NumberSeries(const Numbering *numbering, const DeferredSeries *series, int64 max)
{
	Datum		values[7] = {Int32GetDatum(numbering->companyId), Int32GetDatum(series->seriesId)};
	Datum		toCut;
	int64		numbered;

	(void) RunPlan(&openCutPlan, values, NULL);
	values[2] = PlanValue(0, 1);
	values[3] = DateADTGetDatum(numbering->firstDay);
	values[4] = DateADTGetDatum(numbering->lastDay);
	values[5] = Int64GetDatum(max);
	values[6] = Int64GetDatum(numbering->documentId);
	toCut = PlanValue(0, 2);
	(void) RunFactPlan(series->ofVouchers ? &voucherNumberPlan : &documentNumberPlan, values, max == NO_MAX ? "     n " : NULL);
	numbered = DatumGetInt64(PlanValue(0, 1));
	if (IsOfAllDays(numbering) && (max == NO_MAX || numbered < max))
	{
		values[2] = toCut;
		(void) RunPlan(&moveCutPlan, values, NULL);
	}
	return numbered;
}

/* Series by series, until all are numbered or max numbers are given; returns how many. */
static int64
NumberAll(const Numbering *numbering, const DeferredSeries *series, int count)
{
	int64		total = 0;

	for (int i = 0; i < count && (numbering->max == NO_MAX || total < numbering->max); i++)
		total += NumberSeries(numbering, &series[i], numbering->max == NO_MAX ? NO_MAX : numbering->max - total);
	return total;
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

/* What gives numbers is a document, if there are any. */
static int64
AssignNumbers(int32 companyId, int64 max)
{
	Numbering	numbering = {.companyId = companyId, .firstDay = DATEVAL_NOBEGIN, .lastDay = DATEVAL_NOEND, .max = max};
	Datum		value = Int32GetDatum(companyId);
	int			count;
	DeferredSeries *series = LoadDeferredSeries(&deferredPlan, &value, &count);
	int64		total;

	if (count == 0)
		return 0;
	(void) RunPlan(&documentIdPlan, NULL, NULL);
	numbering.documentId = DatumGetInt64(PlanValue(0, 1));
	total = NumberAll(&numbering, series, count);
	if (total > 0)
		AddNumbering(companyId, numbering.documentId);
	return total;
}

/* erp_private.number_days(company_id, document_id, modules, first_day, last_day). */
Datum
erp_number_days(PG_FUNCTION_ARGS)
{
	Numbering	numbering = {
		.companyId = PG_GETARG_INT32(0),
		.firstDay = PG_GETARG_DATEADT(3),
		.lastDay = PG_GETARG_DATEADT(4),
		.max = NO_MAX,
		.documentId = PG_GETARG_INT64(1)
	};
	Datum		values[2] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(2)};
	DeferredSeries *series;
	int			count;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	series = LoadDeferredSeries(&closingPlan, values, &count);
	(void) NumberAll(&numbering, series, count);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
	PG_RETURN_VOID();
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
