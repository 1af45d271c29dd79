#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "core/engine.h"
#include "core/errors.h"
#include "core/guards.h"
#include "core/plan_cache.h"

#define NO_FACT_WRITE (-1)

/*
 * Depth of triggers at which the engine's INSERT runs: one fired by another
 * trigger is not the engine's. It is let through once, before it reads its
 * first row: what functions of its defaults, checks and row triggers insert is not.
 */
static int	factWriteDepth = NO_FACT_WRITE;

static KeptPlan transitionPlan = {
	.query = "SELECT allowed_role::text FROM erp.document_transition"
	" WHERE kind = $1 AND from_state = $2 AND to_state = $3",
	.argumentCount = 3,
	.argumentTypes = {TEXTOID, TEXTOID, TEXTOID}
};

PG_FUNCTION_INFO_V1(erp_guard_insert);
PG_FUNCTION_INFO_V1(erp_guard_change);
PG_FUNCTION_INFO_V1(erp_guard_truncate);
PG_FUNCTION_INFO_V1(erp_guard_master_delete);
PG_FUNCTION_INFO_V1(erp_touch_master_data);
PG_FUNCTION_INFO_V1(erp_document_transition);

static int
TriggerDepth(void)
{
	return DatumGetInt32(DirectFunctionCall1(pg_trigger_depth, (Datum) 0));
}

void
BeginFactWrite(void)
{
	factWriteDepth = TriggerDepth();
}

void
EndFactWrite(void)
{
	factWriteDepth = NO_FACT_WRITE;
}

void
ResetFactWrite(void)
{
	factWriteDepth = NO_FACT_WRITE;
}

static bool
EngineInserts(void)
{
	if (factWriteDepth == NO_FACT_WRITE || TriggerDepth() != factWriteDepth + 1)
		return false;
	factWriteDepth = NO_FACT_WRITE;
	return true;
}

TriggerData *
FiringTrigger(FunctionCallInfo fcinfo)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("a guard was not called as a trigger")));
	return (TriggerData *) fcinfo->context;
}

static char *
TableName(const TriggerData *trigger)
{
	return quote_qualified_identifier(get_namespace_name(RelationGetNamespace(trigger->tg_relation)),
									  RelationGetRelationName(trigger->tg_relation));
}

static const char *
EventName(TriggerEvent event)
{
	if (TRIGGER_FIRED_BY_UPDATE(event))
		return "UPDATE";
	if (TRIGGER_FIRED_BY_DELETE(event))
		return "DELETE";
	return TRIGGER_FIRED_BY_TRUNCATE(event) ? "TRUNCATE" : "INSERT";
}

static void
RefuseChange(const TriggerData *trigger, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_FACT_IMMUTABLE),
			 errmsg("%s on %s is refused", EventName(trigger->tg_event), TableName(trigger)),
			 errdetail("What stands in %s stays.", TableName(trigger)),
			 errhint("%s", hint)));
}

/* BEFORE INSERT, statement: only the engine and an apply worker of a subscription insert facts. */
Datum
erp_guard_insert(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = FiringTrigger(fcinfo);

	if (!EngineInserts() && !IsLogicalWorker())
		ereport(ERROR,
				(errcode(ERRCODE_ERP_FACT_FOREIGN),
				 errmsg("INSERT into %s is refused", TableName(trigger)),
				 errdetail("Facts are inserted by the engine only."),
				 errhint("Use the functions of schema erp, for example erp.post_document().")));
	PG_RETURN_POINTER(NULL);
}

/* BEFORE UPDATE OR DELETE, statement. */
Datum
erp_guard_change(PG_FUNCTION_ARGS)
{
	RefuseChange(FiringTrigger(fcinfo), "Post a reversal or a correcting document.");
	PG_RETURN_POINTER(NULL);
}

/* BEFORE TRUNCATE, statement. */
Datum
erp_guard_truncate(PG_FUNCTION_ARGS)
{
	RefuseChange(FiringTrigger(fcinfo), "Post reversals or correcting documents.");
	PG_RETURN_POINTER(NULL);
}

/* BEFORE DELETE and BEFORE TRUNCATE, statement, on master data that facts refer to. */
Datum
erp_guard_master_delete(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = FiringTrigger(fcinfo);

	if (!IsLogicalWorker())
		RefuseChange(trigger, "Facts may refer to it: deactivate it instead.");
	PG_RETURN_POINTER(NULL);
}

Oid
MasterDataClockId(void)
{
	Oid			schemaId = get_namespace_oid("erp_private", true);

	return OidIsValid(schemaId) ? get_relname_relid("master_data_clock", schemaId) : InvalidOid;
}

/* AFTER any change, statement: tells every backend that its copies of master data are stale. */
Datum
erp_touch_master_data(PG_FUNCTION_ARGS)
{
	Oid			clockId = MasterDataClockId();

	(void) FiringTrigger(fcinfo);
	if (OidIsValid(clockId))
		CacheInvalidateRelcacheByRelid(clockId);
	PG_RETURN_POINTER(NULL);
}

int
TriggerColumn(const TriggerData *trigger, const char *name)
{
	int			number = SPI_fnumber(RelationGetDescr(trigger->tg_relation), name);

	if (number <= 0)
		elog(ERROR, "%s has no column \"%s\"", TableName(trigger), name);
	return number;
}

bool
KeepsValue(const TriggerData *trigger, Form_pg_attribute attribute)
{
	TupleDesc	descriptor = RelationGetDescr(trigger->tg_relation);
	bool		oldNull;
	bool		newNull;
	Datum		oldValue = heap_getattr(trigger->tg_trigtuple, attribute->attnum, descriptor, &oldNull);
	Datum		newValue = heap_getattr(trigger->tg_newtuple, attribute->attnum, descriptor, &newNull);

	if (oldNull || newNull)
		return oldNull == newNull;
	return datum_image_eq(oldValue, newValue, attribute->attbyval, attribute->attlen);
}

/* Every column but the one named keeps its value; what is generated follows from the others. */
static void
CheckOnlyColumnChanges(const TriggerData *trigger, int columnNumber)
{
	TupleDesc	descriptor = RelationGetDescr(trigger->tg_relation);

	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);

		if (attribute->attisdropped || attribute->attgenerated != '\0' || attribute->attnum == columnNumber ||
			KeepsValue(trigger, attribute))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_ERP_FACT_IMMUTABLE),
				 errmsg("column \"%s\" of %s never changes", NameStr(attribute->attname), TableName(trigger)),
				 errhint("Post a reversal or a correcting document.")));
	}
}

static char *
ColumnText(const TriggerData *trigger, HeapTuple tuple, const char *column)
{
	bool		isNull;
	Datum		value = heap_getattr(tuple, TriggerColumn(trigger, column),
									 RelationGetDescr(trigger->tg_relation), &isNull);

	return isNull ? pstrdup("") : TextDatumGetCString(value);
}

/* The role that may take a document of the kind from one state to the other. */
static char *
TransitionRole(const char *kind, const char *fromState, const char *toState)
{
	Datum		values[] = {CStringGetTextDatum(kind), CStringGetTextDatum(fromState), CStringGetTextDatum(toState)};

	if (RunPlan(&transitionPlan, values, NULL) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_STATE_REFUSED),
				 errmsg("a document of kind \"%s\" cannot go from \"%s\" to \"%s\"", kind, fromState, toState),
				 errhint("The transitions that exist stand in erp.document_transition.")));
	return TextDatumGetCString(PlanValue(0, 1));
}

static void
CheckTransition(const TriggerData *trigger)
{
	char	   *kind = ColumnText(trigger, trigger->tg_trigtuple, "kind");
	char	   *fromState = ColumnText(trigger, trigger->tg_trigtuple, "state");
	char	   *toState = ColumnText(trigger, trigger->tg_newtuple, "state");
	char	   *role;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	role = TransitionRole(kind, fromState, toState);
	if (!EngineCallerHasRole(role))
		ereport(ERROR,
				(errcode(ERRCODE_ERP_STATE_REFUSED),
				 errmsg("only members of \"%s\" take a document of kind \"%s\" from \"%s\" to \"%s\"",
						role, kind, fromState, toState),
				 errdetail("The caller is \"%s\".", EngineCallerName())));
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
}

/*
 * BEFORE and AFTER UPDATE, row, on erp.document: the state machine of
 * erp.document_transition. Before, to answer ahead of foreign keys; after,
 * because other row triggers may have changed what is written.
 */
Datum
erp_document_transition(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = FiringTrigger(fcinfo);

	if (!IsLogicalWorker())
	{
		CheckOnlyColumnChanges(trigger, TriggerColumn(trigger, "state"));
		CheckTransition(trigger);
	}
	PG_RETURN_POINTER(trigger->tg_newtuple);
}
