/* The table for people and the JSON for programs. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "comparison.h"

/* Prints what is measured on and the head of the table. */
extern void PrintHead(json_t *machine, const BenchOptions *options);

/* Prints `NAME OURS RIVAL RATIO LOW..HIGH GOAL verdict` and, for a rival (from 1), cost per call of both; 0 for none. */
extern void PrintRow(const Group *group, const Row *row, int rival);

/* The row with all that was measured, for results.json. */
extern json_t *RowJson(const Group *group, const Row *row, int rival);

#endif
