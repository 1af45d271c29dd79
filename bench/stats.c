#include "stats.h"

#include <stdlib.h>

static int
CompareDoubles(const void *left, const void *right)
{
	double		a = *(const double *) left;
	double		b = *(const double *) right;

	return (a > b) - (a < b);
}

static int
CompareTimes(const void *left, const void *right)
{
	uint32_t	a = *(const uint32_t *) left;
	uint32_t	b = *(const uint32_t *) right;

	return (a > b) - (a < b);
}

double
Median(double *values, size_t count)
{
	qsort(values, count, sizeof(double), CompareDoubles);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* The chance that fewer than k of `count` fair coins show heads. */
static double
ChanceBelow(size_t count, size_t k)
{
	double		term = 1;
	double		sum = 0;

	for (size_t i = 0; i < count; i++)
		term /= 2;
	for (size_t i = 0; i < k; i++)
	{
		sum += term;
		term = term * (double) (count - i) / (double) (i + 1);
	}
	return sum;
}

Interval
MedianInterval(double *values, size_t count)
{
	Interval	interval = {0};
	size_t		k = 0;

	interval.median = Median(values, count);
	while (2 * (k + 1) <= count && 1 - 2 * ChanceBelow(count, k + 1) >= 0.9)
		k++;
	interval.coverage = k == 0 ? 0 : 1 - 2 * ChanceBelow(count, k);
	if (k == 0)
		k = 1;
	interval.low = values[k - 1];
	interval.high = values[count - k];
	return interval;
}

uint32_t
SortedPercentile(const uint32_t *values, size_t count, double percent)
{
	if (count == 0)
		return 0;
	return values[(size_t) ((double) (count - 1) * percent / 100)];
}

void
SortTimes(uint32_t *values, size_t count)
{
	qsort(values, count, sizeof(uint32_t), CompareTimes);
}
