/*
 * Working documents: quotes, orders and the like, rows of tables with columns
 * company_id, kind, state and reason and a key <table>_id. One trigger holds
 * their state machine and writes their history.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/rel.h"

#include "core/bulk_insert.h"
#include "core/engine.h"
#include "core/guards.h"
#include "core/index_probe.h"
#include "core/transition.h"

static const char *const eventColumns[] = {
	"company_id", "kind", "subject_id", "event_no", "from_state", "to_state", "happened_by", "reason"
};

/* The state that a document passed through before the one in which it is inserted. Ids do not come again, whatever became of it. */
static const char *passedKind;
static int64 passedSubjectId = 0;
static const char *passedState;

PG_FUNCTION_INFO_V1(erp_working_transition);

void
InsertPassed(const char *kind, int64 subjectId, const char *state)
{
	passedKind = kind;
	passedSubjectId = subjectId;
	passedState = state;
}

/* The number of the last event of a document; 0: it has none. */
static int32
LastEvent(const Datum *subject)
{
	IndexProbe *probe = OpenIndexProbe("erp", "state_event", "state_event_key", PROBE_LATEST);
	TupleTableSlot *row;
	int32		number = 0;

	ProbeIndex(probe, subject, 3);
	row = PreviousProbedRow(probe);
	if (row != NULL)
		number = DatumGetInt32(ProbedColumn(probe, row, "event_no"));
	CloseIndexProbe(probe);
	return number;
}

/* The way of a document through states, from one to the next, each of which it may take. */
static void
StoreEvents(const Datum *subject, const char *kind, const char *const *states, int count, Datum reason)
{
	int32		number = LastEvent(subject);
	BulkInsert *bulk;

	for (int i = 1; i < count; i++)
		CheckTransition(kind, states[i - 1], states[i]);
	bulk = BeginBulkInsert("erp", "state_event", eventColumns, lengthof(eventColumns));
	for (int i = 1; i < count; i++)
	{
		Datum		values[] = {
			subject[0], subject[1], subject[2], Int32GetDatum(number + i),
			CStringGetTextDatum(states[i - 1]), CStringGetTextDatum(states[i]),
			DirectFunctionCall1(namein, CStringGetDatum(EngineCallerName())), reason
		};

		BulkInsertRow(bulk, values, NULL);
	}
	EndBulkInsert(bulk);
}

static void
RunWorkingTrigger(const TriggerData *trigger)
{
	bool		inserted = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	HeapTuple	tuple = inserted ? trigger->tg_trigtuple : trigger->tg_newtuple;
	const char *kind = ColumnText(trigger, tuple, "kind");
	const char *states[3] = {inserted ? "" : ColumnText(trigger, trigger->tg_trigtuple, "state")};
	int			count = 1;
	Datum		subject[3];

	subject[2] = ColumnValue(trigger, tuple, psprintf("%s_id", RelationGetRelationName(trigger->tg_relation)));
	if (inserted && passedSubjectId == DatumGetInt64(subject[2]) && strcmp(passedKind, kind) == 0)
		states[count++] = passedState;
	states[count] = ColumnText(trigger, tuple, "state");
	if (strcmp(states[count - 1], states[count]) != 0)
		count++;
	if (count == 1)
		return;
	subject[0] = ColumnValue(trigger, tuple, "company_id");
	subject[1] = CStringGetTextDatum(kind);
	StoreEvents(subject, kind, states, count, ColumnValue(trigger, tuple, "reason"));
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
