/*
 * What units of items are of the items' own, asked for together.
 */
#ifndef ERP_UNIT_LOOKUP_H
#define ERP_UNIT_LOOKUP_H

#include "core/code_map.h"
#include "core/datum_array.h"
#include "core/ratio.h"

typedef struct UnitInfo
{
	Ratio		ratio;			/* one of it in the item's own unit; denominator 0: it does not convert */
	int32		unitId;
	bool		known;
} UnitInfo;

/* What is asked, each item and unit once; begins as all zero: numbers is NULL while nothing is. */
typedef struct UnitQuery
{
	CodeMap    *numbers;		/* of an item and a unit */
	DatumArray	items;
	DatumArray	units;
} UnitQuery;

/* Asks for a unit, by its code, of an item. */
extern void AskUnit(UnitQuery *query, int32 itemId, const char *unit);

/* The answers to all that was asked, which is something. */
extern UnitInfo *FetchUnits(int32 companyId, UnitQuery *query);

/* The answer for a unit of an item that was asked for. */
extern const UnitInfo *FindUnit(const UnitQuery *query, const UnitInfo *units, int32 itemId, const char *unit);

#endif
