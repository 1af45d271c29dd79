#include "postgres.h"

#include "catalog/namespace.h"
#include "nodes/makefuncs.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "core/errors.h"
#include "core/guard_fingerprint.h"
#include "core/guards.h"
#include "core/plan_cache.h"
#include "erp.h"

/*
 * Tables whose guards must stand, as they were when all did. Vacuum and analyze invalidate a table too, and to check all
 * guards takes as long as hundreds of postings: what was invalidated is compared first.
 */
typedef struct WatchedTable
{
	Oid			relationId;
	bool		invalidated;
	uint64		fingerprint;
} WatchedTable;

static WatchedTable *watched = NULL;
static int	watchedCount = 0;	/* 0: none is known, any invalidation counts */
static Oid	clockId = InvalidOid;
static uint64 invalidations = 0;
static bool guardsStand = false;
static bool allInvalidated = true;
static bool versionInvalidated = true;

static KeptPlan watchPlan = {
	.query = "SELECT relation_id FROM erp_private.engine_table()"
};

static KeptPlan violationPlan = {
	.query = "SELECT table_name, trigger_name, problem FROM erp_private.guard_violation() LIMIT 1"
};

static KeptPlan versionPlan = {
	.query = "SELECT COALESCE((SELECT pg_catalog.max(step) FROM erp.migration), 0),"
	" (SELECT pg_catalog.max(step) FROM erp_private.migration_step())"
};

static void
InvalidateAll(void)
{
	invalidations++;
	guardsStand = false;
	allInvalidated = true;
}

/* The clock ticks when steps of a migration are recorded, as for any master data. */
static void
NoticeRelation(Datum argument, Oid relationId)
{
	if (relationId == InvalidOid || watchedCount == 0)
		InvalidateAll();
	for (int i = 0; i < watchedCount; i++)
	{
		if (watched[i].relationId != relationId)
			continue;
		invalidations++;
		guardsStand = false;
		watched[i].invalidated = true;
	}
	if (relationId == clockId)
	{
		invalidations++;
		guardsStand = false;
		versionInvalidated = true;
	}
}

/* A guard's function may have been replaced. */
static void
NoticeFunction(Datum argument, int cacheId, uint32 hashValue)
{
	InvalidateAll();
}

void
InitGuardCheck(void)
{
	CacheRegisterRelcacheCallback(NoticeRelation, (Datum) 0);
	CacheRegisterSyscacheCallback(PROCOID, NoticeFunction, (Datum) 0);
}

static void
RaiseGuardsMissing(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_GUARDS_MISSING),
			 errmsg("the guards of the books do not stand"),
			 errdetail("%s", detail),
			 errhint("Run SELECT erp.setup() as a superuser, then SELECT * FROM erp.check_integrity().")));
}

/* erp_owner has its rights on the code only after erp.setup() of this database. */
static void
CheckSetUp(Oid ownerId)
{
	Oid			schemaId = get_namespace_oid("erp", true);
	List	   *name = list_make2(makeString("erp_private"), makeString("guard_violation"));
	Oid			functionId = LookupFuncName(name, 0, NULL, true);

	if (!OidIsValid(schemaId) || !OidIsValid(get_relname_relid("migration", schemaId)))
		RaiseGuardsMissing("Table erp.migration does not exist.");
	if (!OidIsValid(functionId) ||
		!DatumGetBool(DirectFunctionCall3(has_function_privilege_id_id, ObjectIdGetDatum(ownerId),
										  ObjectIdGetDatum(functionId), CStringGetTextDatum("EXECUTE"))))
		RaiseGuardsMissing("Role \"erp_owner\" has no rights on the functions of the extension.");
}

/* What is checked now, as the snapshot shows it. */
static void
Watch(Snapshot snapshot)
{
	int			count = (int) RunPlanAt(&watchPlan, NULL, NULL, snapshot);
	WatchedTable *tables = MemoryContextAllocZero(TopMemoryContext, sizeof(WatchedTable) * Max(count, 1));

	for (int i = 0; i < count; i++)
		tables[i].relationId = DatumGetObjectId(PlanValue(i, 1));
	if (watched != NULL)
		pfree(watched);
	watched = tables;
	watchedCount = count;
	clockId = MasterDataClockId();
	for (int i = 0; i < count; i++)
		watched[i].fingerprint = GuardFingerprint(watched[i].relationId, snapshot);
}

static void
CheckViolations(Snapshot snapshot)
{
	if (RunPlanAt(&violationPlan, NULL, NULL, snapshot) == 0)
		return;
	RaiseGuardsMissing(psprintf("Guard \"%s\" of %s: %s.",
								TextDatumGetCString(PlanValue(0, 2)),
								TextDatumGetCString(PlanValue(0, 1)),
								TextDatumGetCString(PlanValue(0, 3))));
}

static void
CheckVersion(void)
{
	int32		dataStep;
	int32		codeStep;

	(void) RunPlanLatest(&versionPlan, NULL, NULL);
	dataStep = DatumGetInt32(PlanValue(0, 1));
	codeStep = DatumGetInt32(PlanValue(0, 2));
	if (dataStep == codeStep)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_ERP_VERSION_MISMATCH),
			 errmsg("the code and the tables are of different versions"),
			 errdetail("The tables are at migration step %d, the code at step %d.", dataStep, codeStep),
			 errhint("Run ALTER EXTENSION erp UPDATE, then SELECT erp.migrate().")));
}

/* Both by one snapshot: a fingerprint is of the state that was found good. */
static void
CheckAll(Oid ownerId)
{
	Snapshot	snapshot;

	allInvalidated = true;
	CheckSetUp(ownerId);
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	Watch(snapshot);
	CheckViolations(snapshot);
	UnregisterSnapshot(snapshot);
	CheckVersion();
}

/* Whether what was invalidated is as it was when all guards stood. */
static bool
AllUnchanged(void)
{
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	bool		unchanged = true;

	for (int i = 0; i < watchedCount && unchanged; i++)
	{
		if (watched[i].invalidated)
			unchanged = GuardFingerprint(watched[i].relationId, snapshot) == watched[i].fingerprint;
	}
	UnregisterSnapshot(snapshot);
	return unchanged;
}

/* True if nothing was invalidated meanwhile. */
static bool
NoteChecked(uint64 invalidationsBefore)
{
	if (invalidations != invalidationsBefore)
		return false;
	for (int i = 0; i < watchedCount; i++)
		watched[i].invalidated = false;
	allInvalidated = false;
	versionInvalidated = false;
	return true;
}

void
CheckGuards(Oid ownerId)
{
	uint64		invalidationsBefore;

	if (likely(guardsStand))
		return;

	invalidationsBefore = invalidations;
	if (allInvalidated || !AllUnchanged())
		CheckAll(ownerId);
	else if (versionInvalidated)
		CheckVersion();
	guardsStand = NoteChecked(invalidationsBefore);
}
