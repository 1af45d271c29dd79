#include "postgres.h"

#include "common/cryptohash.h"

#include "core/hash.h"

void
HashText(const char *text, int length, uint8 *digest)
{
	HashTexts(text, length, "", 0, digest);
}

void
HashTexts(const char *first, int firstLength, const char *second, int secondLength, uint8 *digest)
{
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);

	if (context == NULL ||
		pg_cryptohash_init(context) < 0 ||
		pg_cryptohash_update(context, (const uint8 *) first, firstLength) < 0 ||
		pg_cryptohash_update(context, (const uint8 *) second, secondLength) < 0 ||
		pg_cryptohash_final(context, digest, HASH_LENGTH) < 0)
		elog(ERROR, "could not compute SHA-256: %s", pg_cryptohash_error(context));
	pg_cryptohash_free(context);
}
