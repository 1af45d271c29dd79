/*
 * A set of distinct codes, each with the number under which it was first seen.
 */
#ifndef ERP_CODE_MAP_H
#define ERP_CODE_MAP_H

#include "postgres.h"

typedef struct CodeMap CodeMap;

/* An empty map in the current memory context; the codes themselves are not copied. */
extern CodeMap *CreateCodeMap(void);

/* The number of the code (from 0), given on first sight. */
extern int	CodeNumber(CodeMap *map, const char *code);

/* The number of the code, or -1 if it was never seen. */
extern int	FindCode(const CodeMap *map, const char *code);

/* How many distinct codes there are; the code of a number. */
extern int	CodeCount(const CodeMap *map);
extern const char *CodeText(const CodeMap *map, int number);

/* All codes in the order of their numbers as a text[] for a kept plan. */
extern Datum CodeArray(const CodeMap *map);

#endif
