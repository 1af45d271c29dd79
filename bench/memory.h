/* Memory that is there or ends the program, for the programs of the benchmark. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <stddef.h>

/* `count` zeroed elements of `size` bytes; never NULL. */
extern void *AllocateZeroed(size_t count, size_t size);

/* Doubles an array of *count elements of `size` bytes (from none to 1024); updates *count. */
extern void *GrowArray(void *array, size_t *count, size_t size);

#endif
