/*
 * What calls and documents share: the idempotency keys that are not theirs.
 */
#ifndef ERP_CALL_H
#define ERP_CALL_H

#include "postgres.h"

#define ENGINE_KEY_PREFIX "erp:"

/* Whether the key is one of those that the engine gives to documents of its own making. */
extern bool IsEngineKey(const char *key);

#endif
