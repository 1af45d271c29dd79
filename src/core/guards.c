#include "postgres.h"

#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "core/engine.h"
#include "core/errors.h"
#include "core/guards.h"

#define NO_FACT_WRITE (-1)

/*
 * Depth of triggers at which the engine's INSERT runs: one fired by another
 * trigger is not the engine's. It is let through once, before it reads its
 * first row: what functions of its defaults, checks and row triggers insert is not.
 */
static int	factWriteDepth = NO_FACT_WRITE;

PG_FUNCTION_INFO_V1(erp_guard_insert);
PG_FUNCTION_INFO_V1(erp_guard_change);
PG_FUNCTION_INFO_V1(erp_guard_truncate);
PG_FUNCTION_INFO_V1(erp_guard_master_delete);
PG_FUNCTION_INFO_V1(erp_touch_master_data);

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

char *
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
