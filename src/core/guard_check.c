#include "postgres.h"

#include "catalog/namespace.h"
#include "nodes/makefuncs.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "core/errors.h"
#include "core/guards.h"
#include "core/plan_cache.h"
#include "erp.h"

/* Relations whose invalidation makes the last check worthless; none known: any. */
static Oid *watchedIds = NULL;
static int	watchedCount = 0;
static uint64 invalidations = 0;
static bool guardsStand = false;

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
Invalidate(void)
{
	invalidations++;
	guardsStand = false;
}

static void
NoticeRelation(Datum argument, Oid relationId)
{
	bool		watched = relationId == InvalidOid || watchedCount == 0;

	for (int i = 0; i < watchedCount && !watched; i++)
		watched = watchedIds[i] == relationId;
	if (watched)
		Invalidate();
}

/* A guard's function may have been replaced. */
static void
NoticeFunction(Datum argument, int cacheId, uint32 hashValue)
{
	Invalidate();
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

static void
Watch(void)
{
	int			count = (int) RunPlanLatest(&watchPlan, NULL, NULL);
	Oid		   *ids = MemoryContextAlloc(TopMemoryContext, sizeof(Oid) * (count + 1));

	for (int i = 0; i < count; i++)
		ids[i] = DatumGetObjectId(PlanValue(i, 1));
	ids[count] = MasterDataClockId();
	if (watchedIds != NULL)
		pfree(watchedIds);
	watchedIds = ids;
	watchedCount = count + 1;
}

static void
CheckViolations(void)
{
	if (RunPlanLatest(&violationPlan, NULL, NULL) == 0)
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

void
CheckGuards(Oid ownerId)
{
	uint64		invalidationsBefore;

	if (likely(guardsStand))
		return;

	invalidationsBefore = invalidations;
	CheckSetUp(ownerId);
	Watch();
	CheckViolations();
	CheckVersion();
	guardsStand = invalidations == invalidationsBefore;
}
