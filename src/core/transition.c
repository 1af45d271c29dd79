#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/rel.h"

#include "core/engine.h"
#include "core/errors.h"
#include "core/guards.h"
#include "core/plan_cache.h"
#include "core/transition.h"

static KeptPlan transitionPlan = {
	.query = "SELECT allowed_role::text FROM erp.document_transition"
	" WHERE kind = $1 AND from_state = $2 AND to_state = $3 ORDER BY allowed_role",
	.argumentCount = 3,
	.argumentTypes = {TEXTOID, TEXTOID, TEXTOID}
};

PG_FUNCTION_INFO_V1(erp_document_transition);

int
ColumnNumber(const TriggerData *trigger, const char *name)
{
	int			number = SPI_fnumber(RelationGetDescr(trigger->tg_relation), name);

	if (number <= 0)
		elog(ERROR, "%s has no column \"%s\"", TableName(trigger), name);
	return number;
}

Datum
ColumnValue(const TriggerData *trigger, HeapTuple tuple, const char *name)
{
	bool		isNull;
	Datum		value = heap_getattr(tuple, ColumnNumber(trigger, name), RelationGetDescr(trigger->tg_relation), &isNull);

	if (isNull)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("column \"%s\" of %s is null", name, TableName(trigger))));
	return value;
}

char *
ColumnText(const TriggerData *trigger, HeapTuple tuple, const char *name)
{
	return TextDatumGetCString(ColumnValue(trigger, tuple, name));
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

static bool
IsNamed(Form_pg_attribute attribute, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (strcmp(NameStr(attribute->attname), names[i]) == 0)
			return true;
	}
	return false;
}

const char *
ChangedColumn(const TriggerData *trigger, const char *const *names, int count)
{
	TupleDesc	descriptor = RelationGetDescr(trigger->tg_relation);

	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);

		/* What is generated follows from the others. */
		if (!attribute->attisdropped && attribute->attgenerated == '\0' && !IsNamed(attribute, names, count) &&
			!KeepsValue(trigger, attribute))
			return NameStr(attribute->attname);
	}
	return NULL;
}

static void
RefuseTransition(const char *kind, const char *fromState, const char *toState)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_STATE_REFUSED),
			 *fromState == '\0' ? errmsg("a document of kind \"%s\" does not begin as \"%s\"", kind, toState) :
			 errmsg("a document of kind \"%s\" cannot go from \"%s\" to \"%s\"", kind, fromState, toState),
			 errhint("The transitions that exist stand in erp.document_transition.")));
}

void
CheckTransition(const char *kind, const char *fromState, const char *toState)
{
	Datum		values[] = {CStringGetTextDatum(kind), CStringGetTextDatum(fromState), CStringGetTextDatum(toState)};
	uint64		count = RunPlan(&transitionPlan, values, NULL);
	StringInfoData roles;

	if (count == 0)
		RefuseTransition(kind, fromState, toState);
	initStringInfo(&roles);
	for (uint64 i = 0; i < count; i++)
	{
		char	   *role = TextDatumGetCString(PlanValue(i, 1));

		if (EngineCallerHasRole(role))
			return;
		appendStringInfo(&roles, "%s\"%s\"", i == 0 ? "" : " or ", role);
	}
	ereport(ERROR,
			(errcode(ERRCODE_ERP_STATE_REFUSED),
			 errmsg("only members of %s take a document of kind \"%s\" from \"%s\" to \"%s\"",
					roles.data, kind, fromState, toState),
			 errdetail("The caller is \"%s\".", EngineCallerName())));
}

static void
CheckOnlyStateChanges(const TriggerData *trigger)
{
	static const char *const names[] = {"state"};
	const char *column = ChangedColumn(trigger, names, lengthof(names));

	if (column != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_ERP_FACT_IMMUTABLE),
				 errmsg("column \"%s\" of %s never changes", column, TableName(trigger)),
				 errhint("Post a reversal or a correcting document.")));
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
		CheckOnlyStateChanges(trigger);
		if (SPI_connect() != SPI_OK_CONNECT)
			elog(ERROR, "could not connect to SPI");
		CheckTransition(ColumnText(trigger, trigger->tg_trigtuple, "kind"),
						ColumnText(trigger, trigger->tg_trigtuple, "state"), ColumnText(trigger, trigger->tg_newtuple, "state"));
		if (SPI_finish() != SPI_OK_FINISH)
			elog(ERROR, "could not disconnect from SPI");
	}
	PG_RETURN_POINTER(trigger->tg_newtuple);
}
