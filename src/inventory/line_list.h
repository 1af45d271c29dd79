/*
 * Some of the lines of a batch.
 */
#ifndef ERP_LINE_LIST_H
#define ERP_LINE_LIST_H

#include "core/document.h"

/* A list that is all zero is empty. */
typedef struct LineList
{
	DocumentLine **lines;
	int			count;
	int			capacity;
} LineList;

/* Adds the line at the end, in memory of the context in which the first was added. */
extern void AppendLine(LineList *list, DocumentLine *line);

#endif
