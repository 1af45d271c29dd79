/*
 * The engine's frame around every call: guards checked, caller known, rows
 * written as erp_owner. Nothing runs as the superuser that installed it.
 */
#ifndef ERP_ENGINE_H
#define ERP_ENGINE_H

#include "postgres.h"

/* The role that the engine works as. */
#define ENGINE_OWNER "erp_owner"

typedef struct EngineScope
{
	Oid			callerId;
	int			securityContext;
} EngineScope;

/*
 * Checks that the guards stand and that code and data are of one version,
 * remembers the caller and becomes erp_owner. An error inside restores the
 * caller with the transaction or subtransaction. Connects to SPI.
 */
extern void BeginEngine(EngineScope *scope);

/* Becomes the caller again; disconnects from SPI. */
extern void EndEngine(const EngineScope *scope);

/* Until the running scope ends, plans are made of index scans and nested loops, as kept ones must be (plan_cache.h). */
extern void PlanByIndexes(void);

/*
 * Before anything that is found by a name without its schema: SQL that is run or planned, functions that are not the
 * engine's own. Until the running scope ends names are looked for in pg_catalog, whatever the caller's search_path is.
 * Free if that is so already, as in entry points that SET it.
 */
extern void PinSearchPath(void);

/* Whether a scope runs: the engine is at work for somebody. */
extern bool EngineRuns(void);

/* Name of the caller of the running scope (palloc'd in the current context). */
extern char *EngineCallerName(void);

/* True if the caller of the running scope is a member of the role (superusers are). */
extern bool EngineCallerHasRole(const char *roleName);

/* Raises not_permitted, naming role and what, unless the caller is a member of the role. */
extern void CheckCallerRole(const char *roleName, const char *what);

/*
 * Between these two the statement-level insert guard of fact tables lets one
 * INSERT of the engine's own pass: the first one, before it reads its first row
 * and so before any code of a user has run. If something gets in first
 * nevertheless, the engine's own is refused and takes it along. Reset by abort.
 */
extern void BeginFactWrite(void);
extern void EndFactWrite(void);

#endif
