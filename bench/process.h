/* Processor time of processes, and programs run as a step of a scenario. */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <jansson.h>
#include <stdbool.h>

/* Seconds on the monotonic clock. */
extern double Now(void);

/* Processor time (user and system) of the process so far, in seconds; -1 when it cannot be read. */
extern double ProcessSeconds(int pid);

/* Processor time of the ended and awaited children of the process, in seconds; -1 when it cannot be read. */
extern double ChildrenSeconds(int pid);

/* The parent of the process, or -1. */
extern int	ParentOf(int pid);

/*
 * Runs a program given as a JSON array of strings, its standard output read to
 * the end. Lines `name number` of it are set in `notes` unless that is NULL.
 * The benchmark ends with a message when the program fails.
 */
extern void RunProgram(json_t *arguments, json_t *notes);

#endif
