/* Order statistics of measured values. */
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#include <stddef.h>
#include <stdint.h>

/* A median with an interval that holds the true one with at least 90% confidence. */
typedef struct Interval
{
	double		low;
	double		median;
	double		high;
	double		coverage;		/* what the interval's confidence is; 0 when there are too few values */
} Interval;

/* The median of count >= 1 values; sorts them. */
extern double Median(double *values, size_t count);

/*
 * The median of count >= 1 values and its interval from the sign test: the
 * k-th smallest to the k-th largest, k the greatest that keeps the confidence
 * at 90% or more (of 9 values the second and the eighth: 96.1%). With fewer
 * than 5 values the whole range, and coverage 0. Sorts the values.
 */
extern Interval MedianInterval(double *values, size_t count);

/* The value below which `percent` of the sorted values lie; 0 when there are none. */
extern uint32_t SortedPercentile(const uint32_t *values, size_t count, double percent);

/* Sorts ascending. */
extern void SortTimes(uint32_t *values, size_t count);

#endif
