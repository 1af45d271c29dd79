#include "year.h"

#include <stdio.h>
#include <stdlib.h>

#include "memory.h"

/* A price of an item that counts for its base price. */
typedef struct PricePoint
{
	uint32_t	item;
	int64_t		price;
} PricePoint;

typedef struct OrderKey
{
	int64_t		time;
	uint32_t	document;
} OrderKey;

void
YearFail(const char *problem)
{
	fprintf(stderr, "%s\n", problem);
	exit(1);
}

int128
RoundedQuotient(int128 numerator, int128 denominator)
{
	int128		quotient = numerator / denominator;
	int128		rest = numerator % denominator;

	if (rest < 0)
		return quotient - (-rest >= denominator + rest);
	return quotient + (rest >= denominator - rest);
}

int64_t
Narrow(int128 value)
{
	if (value > INT64_MAX || value < INT64_MIN)
		YearFail("a figure exceeds 64 bits");
	return (int64_t) value;
}

bool
IsIssue(const Document *document, const Line *line)
{
	return line->price > 0 || document->hasCustomer;
}

/* Fills byDocument by counting: lines of a document together, in file order. */
static void
GroupLines(Year *year)
{
	uint32_t	next = 0;

	for (size_t d = 0; d < year->invoiceNames.count; d++)
	{
		year->documents[d].first = next;
		next += year->documents[d].lineCount;
		year->documents[d].lineCount = 0;
	}
	year->byDocument = AllocateZeroed(year->lineCount, sizeof(uint32_t));
	for (size_t i = 0; i < year->lineCount; i++)
	{
		Document   *document = &year->documents[year->lines[i].document];

		year->byDocument[document->first + document->lineCount++] = (uint32_t) i;
	}
}

static int
CompareKeys(const void *left, const void *right)
{
	const OrderKey *a = left;
	const OrderKey *b = right;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return a->document < b->document ? -1 : a->document > b->document;
}

static void
SortDocuments(Year *year)
{
	size_t		count = year->invoiceNames.count;
	OrderKey   *keys = AllocateZeroed(count, sizeof(OrderKey));

	for (size_t i = 0; i < count; i++)
	{
		keys[i].time = year->documents[i].time;
		keys[i].document = (uint32_t) i;
	}
	qsort(keys, count, sizeof(OrderKey), CompareKeys);
	year->workOrder = AllocateZeroed(count, sizeof(uint32_t));
	for (size_t i = 0; i < count; i++)
		year->workOrder[i] = keys[i].document;
	free(keys);
}

/* Months since the beginning of our era. */
static int32_t
MonthNumber(int64_t time)
{
	return (int32_t) (time / INT64_C(10000000000) * 12 + time / 100000000 % 100 - 1);
}

/* Periods of two months from the first of December of the first document's year. */
static void
SetPeriods(Year *year)
{
	size_t		count = year->invoiceNames.count;
	int32_t		december;

	if (count == 0)
		return;
	december = MonthNumber(year->documents[year->workOrder[0]].time) / 12 * 12 + 11;
	for (size_t i = 0; i < count; i++)
	{
		int32_t		months = MonthNumber(year->documents[i].time) - december;

		year->documents[i].period = months < 0 ? 0 : months / 2;
	}
}

static int
ComparePrices(const void *left, const void *right)
{
	const PricePoint *a = left;
	const PricePoint *b = right;

	if (a->item != b->item)
		return a->item < b->item ? -1 : 1;
	return a->price < b->price ? -1 : a->price > b->price;
}

/* The prices of stock items on invoices, sorted by item and price; returns their count. */
static size_t
SortedPrices(const Year *year, PricePoint *points)
{
	size_t		count = 0;

	for (size_t i = 0; i < year->lineCount; i++)
	{
		const Line *line = &year->lines[i];

		if (year->documents[line->document].kind == INVOICE &&
			line->quantity > 0 && line->price > 0 && year->items[line->item].isStock)
		{
			points[count].item = line->item;
			points[count++].price = line->price;
		}
	}
	qsort(points, count, sizeof(PricePoint), ComparePrices);
	return count;
}

/* The lower median of each item's prices. */
static void
SetBasePrices(Year *year)
{
	PricePoint *points = AllocateZeroed(year->lineCount, sizeof(PricePoint));
	size_t		count = SortedPrices(year, points);
	size_t		first = 0;

	while (first < count)
	{
		size_t		end = first;

		while (end < count && points[end].item == points[first].item)
			end++;
		year->items[points[first].item].basePrice = points[first + (end - first + 1) / 2 - 1].price;
		first = end;
	}
	free(points);
}

void
OrderYear(Year *year)
{
	GroupLines(year);
	SortDocuments(year);
	SetPeriods(year);
	SetBasePrices(year);
}
