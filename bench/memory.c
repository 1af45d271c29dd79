#include "memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void *
CheckMemory(void *memory)
{
	if (memory == NULL)
	{
		fprintf(stderr, "out of memory\n");
		exit(1);
	}
	return memory;
}

void *
AllocateZeroed(size_t count, size_t size)
{
	return CheckMemory(calloc(count == 0 ? 1 : count, size));
}

void *
GrowArray(void *array, size_t *count, size_t size)
{
	size_t		grown = *count == 0 ? 1024 : *count * 2;

	if (grown > SIZE_MAX / size)
		CheckMemory(NULL);
	*count = grown;
	return CheckMemory(realloc(array, grown * size));
}
