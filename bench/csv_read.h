/*
 * A reader of CSV as RFC 4180 has it: fields in quotes may hold commas, line
 * breaks and doubled quotes. Blanks (space, tab) around a field are removed,
 * inside quotes too.
 */
#ifndef BENCH_CSV_READ_H
#define BENCH_CSV_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CSV_MAX_FIELDS 64
#define CSV_BUFFER_SIZE (1 << 18)

typedef struct CsvField
{
	const char *text;			/* not terminated by a zero byte */
	size_t		length;
} CsvField;

typedef struct CsvReader
{
	FILE	   *input;
	bool		isPipe;
	long		line;			/* line of the file where the record begins, from 1 */
	long		nextLine;
	size_t		bufferUsed;
	size_t		bufferNext;
	char	   *record;
	size_t		recordUsed;
	size_t		recordSize;
	size_t		start[CSV_MAX_FIELDS];
	CsvField	fields[CSV_MAX_FIELDS];
	int			fieldCount;
	char		buffer[CSV_BUFFER_SIZE];
} CsvReader;

/* Prints a message with the record's line to standard error and ends the program with status 1. */
extern void CsvFail(const CsvReader *reader, const char *problem)
			__attribute__((noreturn));

/*
 * Opens the file at `path`, which may be compressed by gzip (known by its
 * first two bytes). The program ends with a message when it cannot be read.
 */
extern CsvReader *CsvOpen(const char *path);

/* Reads the next record into reader->fields; false at the end of the file. Empty lines are passed over. */
extern bool CsvNext(CsvReader *reader);

/* Closes the file and frees the reader; the program ends with a message when decompression failed. */
extern void CsvClose(CsvReader *reader);

#endif
