/*
 * Arrays for the unnest() of set-based kept plans, grown one value at a time.
 */
#ifndef ERP_DATUM_ARRAY_H
#define ERP_DATUM_ARRAY_H

#include "postgres.h"

typedef struct DatumArray
{
	Datum	   *values;
	bool	   *nulls;
	int			count;
	int			capacity;
} DatumArray;

/* Adds a value; pass-by-reference values are not copied. */
extern void AppendDatum(DatumArray *array, Datum value);
extern void AppendNull(DatumArray *array);

/* The array as a one-dimensional array datum of elements of the type. */
extern Datum DatumArrayValue(const DatumArray *array, Oid elementType);

#endif
