#include "postgres.h"

#include "inventory/line_list.h"

#define FIRST_CAPACITY 16

void
AppendLine(LineList *list, DocumentLine *line)
{
	if (list->lines == NULL)
	{
		list->capacity = FIRST_CAPACITY;
		list->lines = palloc(sizeof(DocumentLine *) * list->capacity);
	}
	else if (list->count == list->capacity)
	{
		list->capacity *= 2;
		list->lines = repalloc_huge(list->lines, sizeof(DocumentLine *) * list->capacity);
	}
	list->lines[list->count++] = line;
}
