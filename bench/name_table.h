/* Numbers names from 0 in the order in which they are first seen. */
#ifndef BENCH_NAME_TABLE_H
#define BENCH_NAME_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct NameEntry
{
	uint64_t	hash;
	size_t		offset;			/* into text */
	size_t		length;
} NameEntry;

typedef struct NameTable
{
	NameEntry  *entries;
	size_t		count;
	size_t		size;
	char	   *text;
	size_t		textUsed;
	size_t		textSize;
	uint32_t   *slots;			/* entry + 1, 0 when free; a power of two of them */
	size_t		slotCount;
} NameTable;

/* The number of the name, given one if it is new; *isNew says which. An all-zero table is empty. */
extern uint32_t NameNumber(NameTable *table, const char *name, size_t length, bool *isNew);

/* A hash of `length` bytes. */
extern uint64_t HashBytes(const char *bytes, size_t length);

#endif
