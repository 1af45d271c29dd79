/*
 * Words that facts carry and a table of few rows explains: kinds, roles. Facts
 * of one word stand together, so the word before is looked at first.
 */
#ifndef ERP_FACT_WORDS_H
#define ERP_FACT_WORDS_H

#include "core/fact_check.h"

typedef struct FactWords FactWords;

/* The words of a query's first column, each with the number (integer) in its second; in the current memory context. */
extern FactWords *ReadWords(FactCheck *check, const char *query);

/* True if the row's word is one of them; *value is set with true only. */
extern bool FindWord(FactWords *words, const FactRow *row, int column, int32 *value);

#endif
