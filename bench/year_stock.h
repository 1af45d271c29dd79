/* The stock of one item, costed by FIFO or by moving average. Values are in hundredths. */
#ifndef BENCH_YEAR_STOCK_H
#define BENCH_YEAR_STOCK_H

#include "year.h"

typedef struct Layer
{
	int64_t		quantity;
	int64_t		value;
} Layer;

typedef struct Pile
{
	Layer	   *layers;			/* one pool when costed by average */
	size_t		count;
	size_t		size;
	size_t		head;			/* the oldest layer that holds something */
} Pile;

typedef struct IssueRecord
{
	uint64_t	key;			/* item and customer; in use when quantity > 0 */
	int64_t		quantity;
	int64_t		value;
} IssueRecord;

/* The latest issue of each item to each customer; a hash table. */
typedef struct IssueTable
{
	IssueRecord *records;
	size_t		count;
	size_t		size;
} IssueTable;

/* Adds a newest layer, or adds to the pool. */
extern void PutStock(Pile *pile, bool isAverage, int64_t quantity, int64_t value);

/* Takes quantity > 0 and returns its cost; the program ends with a message when there is not enough. */
extern int64_t TakeStock(Pile *pile, int64_t quantity);

/* The latest issue of the item to the customer, or NULL if there was none. */
extern const IssueRecord *FindIssue(const IssueTable *table, uint32_t item, uint32_t customer);

/* Makes an issue of quantity > 0 the latest one of the item to the customer. */
extern void RecordIssue(IssueTable *table, uint32_t item, uint32_t customer,
						int64_t quantity, int64_t value);

#endif
