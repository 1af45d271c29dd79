/*
 * Every difference between the server versions 15 to 18 that this code meets,
 * and between a build inside the server and one without it (FRONTEND).
 */
#ifndef ERP_COMPAT_H
#define ERP_COMPAT_H

#ifdef FRONTEND
#include "postgres_fe.h"
#else
#include "postgres.h"

#include "miscadmin.h"
#endif

/* A function that never returns: behind its declaration in 15 to 17, before it (pg_noreturn) from 18 on. */
#if PG_VERSION_NUM >= 180000
#define pg_attribute_noreturn() __attribute__((noreturn))
#endif

/* What is of variable length: with postgres.h in 15, on its own from 16 on. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#if PG_VERSION_NUM < 150000
#error "erp needs PostgreSQL 15 or later"
#endif

#ifndef HAVE_INT128
#error "erp needs a compiler with 128-bit integers"
#endif

/* The beginning of an index scan has a place for its counters from 18 on. */
#if PG_VERSION_NUM >= 180000
#define BeginIndexScan(table, index, snapshot, keys) index_beginscan(table, index, snapshot, NULL, keys, 0)
#else
#define BeginIndexScan(table, index, snapshot, keys) index_beginscan(table, index, snapshot, keys, 0)
#endif

/*
 * jsonapi: from 16 on an action returns a status that stops the parser; in 15
 * it returns nothing, so that the only way out is a jump. From 17 on the lexer
 * may be made in memory of the caller.
 */
#if PG_VERSION_NUM >= 160000
#define ERP_JSON_ACTIONS_STOP 1
#define JsonActionResult JsonParseErrorType
#else
#define ERP_JSON_ACTIONS_STOP 0
#define JsonActionResult void
#endif

#if PG_VERSION_NUM >= 170000
#define MakeJsonLexer(text, length, encoding) \
	makeJsonLexContextCstringLen(NULL, (char *) (text), (length), (encoding), true)
#else
#define MakeJsonLexer(text, length, encoding) \
	makeJsonLexContextCstringLen((char *) (text), (length), (encoding), true)
#endif

/*
 * Executor calls whose arguments grew: permissions apart from 16 on, pruning
 * from 18 on. A relation without an entry among the permissions turns the
 * message of a violated constraint into an internal error.
 */
#if PG_VERSION_NUM >= 160000
#if PG_VERSION_NUM >= 180000
#define ERP_UNPRUNED_RELATIONS , bms_make_singleton(1)
#else
#define ERP_UNPRUNED_RELATIONS
#endif
#define ErpInitRangeTable(executor, entry) \
	do { \
		List	   *permissions = NIL; \
		(void) addRTEPermissionInfo(&permissions, (entry)); \
		ExecInitRangeTable((executor), list_make1(entry), permissions ERP_UNPRUNED_RELATIONS); \
	} while (0)
#else
#define ErpInitRangeTable(executor, entry) ExecInitRangeTable((executor), list_make1(entry))
#endif

/* Of the arbiters, indexes where the key may exist already: that is then told, not raised. */
#if PG_VERSION_NUM >= 160000
#define ErpInsertIndexTuples(target, slot, executor, conflict, arbiters) \
	ExecInsertIndexTuples((target), (slot), (executor), false, (arbiters) != NIL, (conflict), (arbiters), false)
#else
#define ErpInsertIndexTuples(target, slot, executor, conflict, arbiters) \
	ExecInsertIndexTuples((target), (slot), (executor), false, (arbiters) != NIL, (conflict), (arbiters))
#endif

#if PG_VERSION_NUM >= 180000
#define ErpIsNewKey(target, slot, executor, conflict, arbiters) \
	ExecCheckIndexConstraints((target), (slot), (executor), (conflict), NULL, (arbiters))
#else
#define ErpIsNewKey(target, slot, executor, conflict, arbiters) \
	ExecCheckIndexConstraints((target), (slot), (executor), (conflict), (arbiters))
#endif

/* Whether a new version of a row needs entries in the indexes. */
#if PG_VERSION_NUM >= 160000
#define ErpIndexUpdate TU_UpdateIndexes
#define ErpNeedsEntries(update) ((update) != TU_None)
#else
#define ErpIndexUpdate bool
#define ErpNeedsEntries(update) (update)
#endif

/* A number of the session, from 0 or 1, that no other of this moment has. */
#if PG_VERSION_NUM >= 170000
#define ErpSessionNumber() ((int) MyProcNumber)
#else
#define ErpSessionNumber() ((int) MyBackendId)
#endif

/* The prepared checks of a table that is written to. */
#if PG_VERSION_NUM >= 180000
#define ErpCheckExpressions(target) ((target)->ri_CheckConstraintExprs)
#else
#define ErpCheckExpressions(target) ((target)->ri_ConstraintExprs)
#endif

/* In loops whose length the caller's data decides. */
#ifdef FRONTEND
#define ErpCheckInterrupts() ((void) 0)
#else
#define ErpCheckInterrupts() CHECK_FOR_INTERRUPTS()
#endif

/*
 * Assertions of the engine's own, on in every test build (-DERP_ASSERTIONS)
 * whether the server has its assertions or not: an error in the server, an
 * abort outside.
 */
#if !defined(ERP_ASSERTIONS)
#define ErpAssert(condition) ((void) 0)
#elif defined(FRONTEND)
#define ErpAssert(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "assertion failed: %s at %s:%d\n", #condition, __FILE__, __LINE__); \
			abort(); \
		} \
	} while (0)
#else
#define ErpAssert(condition) \
	do { \
		if (!(condition)) \
			ereport(ERROR, \
					(errcode(ERRCODE_INTERNAL_ERROR), \
					 errmsg("assertion failed: %s at %s:%d", #condition, __FILE__, __LINE__))); \
	} while (0)
#endif

#endif
