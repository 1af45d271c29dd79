/*
 * What the modules register once per backend, called by _PG_init.
 */
#ifndef ERP_H
#define ERP_H

/* Registers the callbacks that end the engine's scopes with their transaction. */
extern void InitEngine(void);

/* Registers the invalidation callbacks of the check of guards. */
extern void InitGuardCheck(void);

#endif
