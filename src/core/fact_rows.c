#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"

#include "core/engine.h"
#include "core/errors.h"
#include "core/fact_rows.h"

static void
CheckEngineRuns(void)
{
	if (EngineRuns())
		return;
	ereport(ERROR,
			(errcode(ERRCODE_ERP_FACT_FOREIGN),
			 errmsg("facts are written within a call of the engine"),
			 errdetail("No call of the engine runs."),
			 errhint("Use the functions of schema erp.")));
}

Datum
StoreFactRows(KeptPlan *plan, FunctionCallInfo fcinfo)
{
	Datum		values[] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), PG_GETARG_DATUM(2)};

	CheckEngineRuns();
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	(void) RunFactPlan(plan, values, NULL);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
	PG_RETURN_VOID();
}
