/*
 * What calls and documents share: who may work for a company, and what the
 * same idempotency key means twice.
 */
#ifndef ERP_CALL_H
#define ERP_CALL_H

#include "postgres.h"

/*
 * Raises key_reused (LE020) unless the two request hashes (HASH_LENGTH bytes
 * each) are the same: the key was used before, with another request.
 */
extern void CheckSameRequest(const char *key, const uint8 *storedHash, const uint8 *hash);

#endif
