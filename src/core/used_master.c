#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "core/errors.h"
#include "core/guards.h"
#include "core/transition.h"
#include "core/used_master.h"

PG_FUNCTION_INFO_V1(erp_guard_used_currency);

/* As put_currencies() does: the postings of all companies, and whoever just refers to the currency. */
static UsedMaster usedCurrency = {
	.what = "currency",
	.keptColumns = {"decimals"},
	.keyColumns = {"currency_id"},
	.waitPlan = {
		.query = "SELECT erp_private.lock_structure(o.company_id)"
		"  FROM (SELECT c.company_id FROM erp.company c ORDER BY 1 OFFSET 0) o"
		" CROSS JOIN LATERAL (SELECT 1 FROM erp.currency c WHERE c.currency_id = $1 FOR UPDATE OFFSET 0) c",
		.argumentCount = 1,
		.argumentTypes = {INT4OID}
	},
	.usedPlan = {
		.query = "SELECT 1 WHERE EXISTS (SELECT FROM erp.company o WHERE o.currency_id = $1)"
		" OR EXISTS (SELECT FROM erp.document d WHERE d.currency_id = $1)",
		.argumentCount = 1,
		.argumentTypes = {INT4OID}
	},
	.reason = "Companies or documents have amounts in it.",
	.cure = "Amounts in it were rounded already: use another currency."
};

/* The first kept column that the trigger's row has changed, or NULL. */
static const char *
ChangedKeptColumn(const TriggerData *trigger, const UsedMaster *master)
{
	for (int i = 0; master->keptColumns[i] != NULL; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(trigger->tg_relation),
													ColumnNumber(trigger, master->keptColumns[i]) - 1);

		if (!KeepsValue(trigger, attribute))
			return master->keptColumns[i];
	}
	return NULL;
}

static void
ReadKey(const TriggerData *trigger, const UsedMaster *master, Datum *values)
{
	for (int i = 0; master->keyColumns[i] != NULL; i++)
		values[i] = ColumnValue(trigger, trigger->tg_trigtuple, master->keyColumns[i]);
}

static void
CheckNotUsed(const TriggerData *trigger, UsedMaster *master, const char *column)
{
	Datum		values[USED_MASTER_COLUMNS];

	ReadKey(trigger, master, values);
	(void) RunPlan(&master->waitPlan, values, NULL);
	if (RunPlanLatest(&master->usedPlan, values, NULL) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_ERP_USED_MASTER_DATA),
			 errmsg("%s of %s \"%s\" cannot change", column, master->what,
					master->usedPlanNames ? TextDatumGetCString(PlanValue(0, 1)) : ColumnText(trigger, trigger->tg_trigtuple, "code")),
			 errdetail("%s", master->reason),
			 errhint("%s", master->cure)));
}

Datum
GuardUsedMaster(FunctionCallInfo fcinfo, UsedMaster *master)
{
	TriggerData *trigger = FiringTrigger(fcinfo);
	const char *column = ChangedKeptColumn(trigger, master);

	if (column != NULL && !IsLogicalWorker())
	{
		if (SPI_connect() != SPI_OK_CONNECT)
			elog(ERROR, "could not connect to SPI");
		CheckNotUsed(trigger, master, column);
		if (SPI_finish() != SPI_OK_FINISH)
			elog(ERROR, "could not disconnect from SPI");
	}
	PG_RETURN_POINTER(NULL);
}

/* AFTER UPDATE, row, on erp.currency. */
Datum
erp_guard_used_currency(PG_FUNCTION_ARGS)
{
	return GuardUsedMaster(fcinfo, &usedCurrency);
}
