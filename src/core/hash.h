/*
 * SHA-256, by the server's own implementation.
 */
#ifndef ERP_HASH_H
#define ERP_HASH_H

#include "postgres.h"

#define HASH_LENGTH 32

/* Writes the SHA-256 of `length` bytes of text into digest (HASH_LENGTH bytes). */
extern void HashText(const char *text, int length, uint8 *digest);

/* The same of two texts, one behind the other. */
extern void HashTexts(const char *first, int firstLength, const char *second, int secondLength, uint8 *digest);

#endif
