/*
 * Working documents: quotes, orders and the like, rows of tables with columns
 * company_id, kind, state and reason and a key <table>_id. One trigger holds
 * their state machine and writes their history.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "core/engine.h"
#include "core/guards.h"
#include "core/plan_cache.h"
#include "core/transition.h"

static KeptPlan eventPlan = {
	.query = "INSERT INTO erp.state_event (company_id, kind, subject_id, event_no, from_state, to_state, happened_by, reason)"
	" SELECT $1, $2, $3, 1 + COALESCE((SELECT max(e.event_no) FROM erp.state_event e"
	" WHERE e.company_id = $1 AND e.kind = $2 AND e.subject_id = $3), 0), $4, $5, $6, $7",
	.argumentCount = 7,
	.argumentTypes = {INT4OID, TEXTOID, INT8OID, TEXTOID, TEXTOID, NAMEOID, TEXTOID}
};

PG_FUNCTION_INFO_V1(erp_working_transition);

static void
RunWorkingTrigger(const TriggerData *trigger)
{
	bool		inserted = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	HeapTuple	tuple = inserted ? trigger->tg_trigtuple : trigger->tg_newtuple;
	const char *fromState = inserted ? "" : ColumnText(trigger, trigger->tg_trigtuple, "state");
	const char *toState = ColumnText(trigger, tuple, "state");
	const char *kind = ColumnText(trigger, tuple, "kind");
	NameData	caller;
	Datum		values[7];

	if (strcmp(fromState, toState) == 0)
		return;
	CheckTransition(kind, fromState, toState);
	namestrcpy(&caller, EngineCallerName());
	values[0] = ColumnValue(trigger, tuple, "company_id");
	values[1] = CStringGetTextDatum(kind);
	values[2] = ColumnValue(trigger, tuple, psprintf("%s_id", RelationGetRelationName(trigger->tg_relation)));
	values[3] = CStringGetTextDatum(fromState);
	values[4] = CStringGetTextDatum(toState);
	values[5] = NameGetDatum(&caller);
	values[6] = ColumnValue(trigger, tuple, "reason");
	(void) RunPlan(&eventPlan, values, NULL);
}

/* AFTER INSERT OR UPDATE, row: no other trigger alters the row any more. */
Datum
erp_working_transition(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = FiringTrigger(fcinfo);

	if (!IsLogicalWorker())
	{
		if (SPI_connect() != SPI_OK_CONNECT)
			elog(ERROR, "could not connect to SPI");
		RunWorkingTrigger(trigger);
		if (SPI_finish() != SPI_OK_FINISH)
			elog(ERROR, "could not disconnect from SPI");
	}
	return PointerGetDatum(NULL);
}
