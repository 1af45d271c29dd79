/* What the figures were measured on. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <jansson.h>

/*
 * Cores, kernel, server version and settings, and the cost of one fdatasync
 * of a page in the folder, in microseconds (the median of 200).
 */
extern json_t *DescribeMachine(const char *folder);

#endif
