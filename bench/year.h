/*
 * The trading year, recomputed from its file by the published rules alone,
 * in memory and on one thread: the yardstick of `year.plain`, and an oracle
 * for the tests. It shares no code with the extension.
 */
#ifndef BENCH_YEAR_H
#define BENCH_YEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "name_table.h"

__extension__ typedef __int128 int128;

/* Digits after the point of the prices as read. */
#define PRICE_DECIMALS 8
#define PRICE_ONE INT64_C(100000000)

/* Most digits of a quantity or a price, so that their product stays far inside 128 bits. */
#define MAX_DIGITS 17

typedef enum DocumentKind
{
	INVOICE,
	CREDIT_NOTE,
	BAD_DEBT
} DocumentKind;

typedef struct Document
{
	int64_t		time;			/* yyyymmddhhmmss */
	uint32_t	first;			/* position of its first line in Year.byDocument */
	uint32_t	lineCount;
	uint32_t	customer;
	int32_t		period;			/* trading period k */
	DocumentKind kind;
	bool		hasCustomer;
	bool		isDomestic;
} Document;

typedef struct Line
{
	uint32_t	document;
	uint32_t	item;
	int64_t		quantity;
	int64_t		price;			/* scaled by PRICE_ONE */
} Line;

typedef struct Item
{
	bool		isStock;
	int64_t		basePrice;		/* scaled by PRICE_ONE */
} Item;

typedef struct Year
{
	NameTable	invoiceNames;
	NameTable	itemNames;
	NameTable	customerNames;
	Document   *documents;
	size_t		documentSize;
	Item	   *items;
	size_t		itemSize;
	Line	   *lines;
	size_t		lineCount;
	size_t		lineSize;
	uint32_t   *byDocument;		/* lines, grouped by document, in file order */
	uint32_t   *workOrder;		/* documents by (time, first appearance) */
} Year;

/* Prints a message to standard error and ends the program with status 1. */
extern void YearFail(const char *problem) __attribute__((noreturn));

/* numerator / denominator, half away from zero; denominator > 0. */
extern int128 RoundedQuotient(int128 numerator, int128 denominator);

/* The value as 64 bits; the program ends with a message when it does not fit. */
extern int64_t Narrow(int128 value);

/* Reads the file (CSV, plain or compressed by gzip): documents, items and lines as they stand. */
extern Year *ReadYear(const char *path);

/* Groups the lines, finds working order, trading periods and base prices. */
extern void OrderYear(Year *year);

/* Whether a line of an invoice, quantity > 0, goes out at cost (and is not a gain). */
extern bool IsIssue(const Document *document, const Line *line);

#endif
