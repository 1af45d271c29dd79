#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/plan_cache.h"
#include "inventory/value_document.h"

/*
 * The cost run of a month: each pool by monthly average that moved in it gets a
 * move that ends the month, behind all others of its last day. That has the
 * month's moves costed again as those of a month that was run (replay_month.c).
 */

PG_FUNCTION_INFO_V1(erp_run_month_cost);

static KeptPlan periodPlan = {
	.query = "SELECT p.first_day, p.last_day FROM erp.period p WHERE p.company_id = $1 AND p.code = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTOID}
};

/* The month itself, and those before it that were not run. */
static KeptPlan poolPlan = {
	.query = "SELECT i.item_id, i.item_group, i.unit_id, u.cost_pool_id, i.code, u.first_day < $2, i.cost_pool"
	"  FROM erp_private.unrun_month u"
	"  JOIN erp.item i ON i.company_id = $1 AND i.item_id = u.item_id"
	" WHERE u.company_id = $1 AND u.last_day <= $3"
	" ORDER BY i.item_id, u.cost_pool_id, u.first_day",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, DATEOID, DATEOID}
};

/* Sets the day of the document, the end of the period's last day; returns the first day. */
static DateADT
SetMonth(ValueCall *call, const char *period)
{
	Datum		values[2] = {Int32GetDatum(call->batch.company->companyId), CStringGetTextDatum(period)};

	if (RunPlan(&periodPlan, values, NULL) == 0)
		RaiseProblem(&call->batch, &call->document, NULL, "period", period, ERRCODE_ERP_UNKNOWN_CODE, "unknown period");
	SetValueDay(call, DatumGetDateADT(PlanValue(0, 2)), USECS_PER_DAY);
	return DatumGetDateADT(PlanValue(0, 1));
}

static void
AddPools(ValueCall *call, DateADT firstDay)
{
	Datum		values[3] = {
		Int32GetDatum(call->batch.company->companyId), DateADTGetDatum(firstDay), DateADTGetDatum(call->document.day)
	};
	uint64		rows = RunPlan(&poolPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		DocumentLine *line;

		if (DatumGetBool(PlanValue(i, 6)))
			RaiseProblem(&call->batch, &call->document, NULL, "period", call->document.reference, ERRCODE_ERP_MONTH_NOT_RUN,
						 psprintf("item %s has moves of an earlier month whose cost was not run", TextDatumGetCString(PlanValue(i, 5))));
		line = AddValueLine(call, MONTH_COST);
		line->itemId = DatumGetInt32(PlanValue(i, 1));
		line->itemGroup = MasterText(TextDatumGetCString(PlanValue(i, 2)));
		line->unitId = DatumGetInt32(PlanValue(i, 3));
		line->poolScope = FindPoolScope(TextDatumGetCString(PlanValue(i, 7)));
		SetPoolOfLine(line, DatumGetInt64(PlanValue(i, 4)));
		line->method = COST_MONTHLY_AVERAGE;
	}
}

/* erp.run_month_cost(company, key, request). */
Datum
erp_run_month_cost(PG_FUNCTION_ARGS)
{
	ValueCall	call;
	const char *period;
	DateADT		firstDay;

	BeginValueCall(&call, fcinfo, MONTH_COST);
	period = RequestText(&call, call.request, "period");
	call.document.fields[HEADER_REFERENCE] = period;
	call.document.reference = period;
	firstDay = SetMonth(&call, period);
	if (ValueCallIsNew(&call))
		AddPools(&call, firstDay);
	PostValueCall(&call);
	return FinishValueCall(&call);
}
