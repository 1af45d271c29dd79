#include "postgres.h"

#include "utils/array.h"
#include "utils/lsyscache.h"

#include "core/datum_array.h"

static int
NextIndex(DatumArray *array)
{
	if (array->capacity == 0)
	{
		array->capacity = 16;
		array->values = palloc(sizeof(Datum) * array->capacity);
		array->nulls = palloc(sizeof(bool) * array->capacity);
	}
	else if (array->count == array->capacity)
	{
		array->capacity *= 2;
		array->values = repalloc_huge(array->values, sizeof(Datum) * array->capacity);
		array->nulls = repalloc_huge(array->nulls, sizeof(bool) * array->capacity);
	}
	return array->count++;
}

void
AppendDatum(DatumArray *array, Datum value)
{
	int			index = NextIndex(array);

	array->values[index] = value;
	array->nulls[index] = false;
}

void
AppendNull(DatumArray *array)
{
	int			index = NextIndex(array);

	array->values[index] = (Datum) 0;
	array->nulls[index] = true;
}

Datum
DatumArrayValue(const DatumArray *array, Oid elementType)
{
	int16		length;
	bool		byValue;
	char		alignment;
	int			dimensions[1] = {array->count};
	int			lowerBounds[1] = {1};

	get_typlenbyvalalign(elementType, &length, &byValue, &alignment);
	return PointerGetDatum(construct_md_array(array->values, array->nulls, 1, dimensions, lowerBounds,
											  elementType, length, byValue, alignment));
}
