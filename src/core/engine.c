#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "executor/spi.h"
#include "jit/jit.h"
#include "miscadmin.h"
#include "optimizer/cost.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"

#include "core/engine.h"
#include "core/errors.h"
#include "core/guards.h"
#include "erp.h"

#define SCOPES_MAX 8
#define SEARCH_PATH "pg_catalog, pg_temp"

/* How the planner was set before a scope chose otherwise: always without compiling (jit), by indexes where it says so. */
typedef struct PlannerSwitches
{
	bool		jit;
	bool		kept;
	bool		seqScan;
	bool		hashJoin;
	bool		mergeJoin;
} PlannerSwitches;

/* Scopes that run now, the innermost last. */
typedef struct RunningScope
{
	Oid			callerId;
	int			nestLevel;
	int			settingsLevel;	/* since which the search path is the engine's; 0: the scope has not set it */
	PlannerSwitches planner;
} RunningScope;

static RunningScope scopes[SCOPES_MAX];
static int	scopeCount = 0;

static Oid
CallerId(void)
{
	return scopeCount > 0 ? scopes[scopeCount - 1].callerId : GetUserId();
}

/* A scope within a scope (a call made by the engine itself) keeps the outer one's caller. */
static void
PushScope(Oid ownerId, Oid userId)
{
	Oid			callerId = userId == ownerId ? CallerId() : userId;

	if (scopeCount == SCOPES_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_STATEMENT_TOO_COMPLEX),
				 errmsg("calls of the engine are nested too deep"),
				 errdetail("At most %d calls may run within each other.", SCOPES_MAX),
				 errhint("Look for a trigger that calls the engine again.")));
	scopes[scopeCount].callerId = callerId;
	scopes[scopeCount].nestLevel = GetCurrentTransactionNestLevel();
	scopes[scopeCount].settingsLevel = 0;
	scopes[scopeCount].planner.jit = jit_enabled;
	scopes[scopeCount].planner.kept = false;
	/* A plan that must read a table whose scan is switched off looks dear enough to be compiled; its rows are few. */
	jit_enabled = false;
	scopeCount++;
}

static void
PopScope(void)
{
	const PlannerSwitches *before = &scopes[--scopeCount].planner;

	jit_enabled = before->jit;
	if (!before->kept)
		return;
	enable_seqscan = before->seqScan;
	enable_hashjoin = before->hashJoin;
	enable_mergejoin = before->mergeJoin;
}

/* The variables themselves: as SETs of the entry points they cost a posting of two lines as much as an index entry. */
void
PlanByIndexes(void)
{
	PlannerSwitches *before = &scopes[scopeCount - 1].planner;

	Assert(scopeCount > 0 && !before->kept);
	before->kept = true;
	before->seqScan = enable_seqscan;
	before->hashJoin = enable_hashjoin;
	before->mergeJoin = enable_mergejoin;
	enable_seqscan = false;
	enable_hashjoin = false;
	enable_mergejoin = false;
}

/*
 * As a SET of the entry point, which costs a posting of two lines that runs no SQL as much as an index entry. What is set
 * within a subtransaction ends with that, and is set again where it is next asked for.
 */
void
PinSearchPath(void)
{
	RunningScope *scope;

	if (scopeCount == 0 || strcmp(namespace_search_path, SEARCH_PATH) == 0)
		return;
	scope = &scopes[scopeCount - 1];
	if (scope->settingsLevel == 0 && scope->nestLevel == GetCurrentTransactionNestLevel())
		scope->settingsLevel = NewGUCNestLevel();
	(void) set_config_option("search_path", SEARCH_PATH, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

static Oid
OwnerRoleId(void)
{
	Oid			ownerId = get_role_oid(ENGINE_OWNER, true);

	if (!OidIsValid(ownerId))
		ereport(ERROR,
				(errcode(ERRCODE_ERP_GUARDS_MISSING),
				 errmsg("the books are not set up"),
				 errdetail("Role \"%s\" does not exist.", ENGINE_OWNER),
				 errhint("Run SELECT erp.setup() as a superuser.")));
	return ownerId;
}

void
BeginEngine(EngineScope *scope)
{
	Oid			ownerId = OwnerRoleId();

	GetUserIdAndSecContext(&scope->callerId, &scope->securityContext);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	PushScope(ownerId, scope->callerId);
	SetUserIdAndSecContext(ownerId, scope->securityContext | SECURITY_LOCAL_USERID_CHANGE);
	CheckGuards(ownerId);
}

void
EndEngine(const EngineScope *scope)
{
	Assert(scopeCount > 0);
	if (scopes[scopeCount - 1].settingsLevel != 0)
		AtEOXact_GUC(true, scopes[scopeCount - 1].settingsLevel);
	PopScope();
	SetUserIdAndSecContext(scope->callerId, scope->securityContext);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "could not disconnect from SPI");
}

bool
EngineRuns(void)
{
	return scopeCount > 0;
}

char *
EngineCallerName(void)
{
	return GetUserNameFromId(CallerId(), false);
}

bool
EngineCallerHasRole(const char *roleName)
{
	Oid			roleId = get_role_oid(roleName, true);

	if (superuser_arg(CallerId()))
		return true;
	return OidIsValid(roleId) && is_member_of_role(CallerId(), roleId);
}

void
CheckCallerRole(const char *roleName, const char *what)
{
	if (EngineCallerHasRole(roleName))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_ERP_NOT_PERMITTED),
			 errmsg("%s needs membership of role \"%s\"", what, roleName),
			 errdetail("The caller is \"%s\".", EngineCallerName()),
			 errhint("GRANT %s TO %s", quote_identifier(roleName), quote_identifier(EngineCallerName()))));
}

static void
EndScopesOfTransaction(XactEvent event, void *argument)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
		case XACT_EVENT_PARALLEL_PRE_COMMIT:
		case XACT_EVENT_PRE_PREPARE:
			return;
		default:
			while (scopeCount > 0)
				PopScope();
			ResetFactWrite();
	}
}

/* What a rolled back subtransaction began has ended; what runs around it goes on. */
static void
EndScopesOfSubtransaction(SubXactEvent event, SubTransactionId id, SubTransactionId parentId, void *argument)
{
	if (event != SUBXACT_EVENT_ABORT_SUB)
		return;
	while (scopeCount > 0 && scopes[scopeCount - 1].nestLevel >= GetCurrentTransactionNestLevel())
		PopScope();
	ResetFactWrite();
}

void
InitEngine(void)
{
	RegisterXactCallback(EndScopesOfTransaction, NULL);
	RegisterSubXactCallback(EndScopesOfSubtransaction, NULL);
}

PG_FUNCTION_INFO_V1(erp_caller_name);

/* Who called the engine: the user who runs the call, not erp_owner. */
Datum
erp_caller_name(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall1(namein, CStringGetDatum(EngineCallerName()));
}
