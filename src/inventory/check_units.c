#include "postgres.h"

#include "core/numeric_io.h"
#include "inventory/check_stock.h"

/* Whether what was entered in another unit is exactly what moved: law 9. */

/* What of an item's own unit one of another is; of the company 0, what of any unit one of its measure is. */
typedef struct ItemUnit
{
	FactKey		key;			/* the item, or the unit that measures, and, as line, the other unit */
	int128		numerator;
	int128		denominator;
} ItemUnit;

typedef struct UnitReader
{
	FactCheck  *check;
	FactMap    *units;
} UnitReader;

static void
ReadUnit(void *state, const FactRow *row)
{
	const UnitReader *reader = state;
	int32		companyId = RowInt32(row, 0);
	int64		id = RowInt32(row, 1);
	ItemUnit   *unit;
	bool		found;

	if (companyId != 0 && !InSlice(reader->check, id))
		return;
	unit = AddFact(reader->units, companyId, id, RowInt32(row, 2), &found);
	unit->numerator = NumericToFixed(row->values[3], 0);
	unit->denominator = NumericToFixed(row->values[4], 0);
}

FactMap *
ReadItemUnits(FactCheck *check)
{
	UnitReader	reader = {.check = check, .units = CreateFactMap(sizeof(ItemUnit))};

	ReadFacts(check, "SELECT 0, w.of_unit_id, w.unit_id, w.numerator, w.denominator FROM erp_private.unit_way w", ReadUnit, &reader);
	ReadFacts(check, "SELECT w.company_id, w.item_id, w.unit_id, w.numerator, w.denominator FROM erp_private.item_unit_way w"
			  " JOIN erp.item i ON i.company_id = w.company_id AND i.item_id = w.item_id WHERE w.unit_id <> i.unit_id"
			  " AND (w.company_id, w.item_id) IN (SELECT n.company_id, n.item_id FROM erp.item_unit n)", ReadUnit, &reader);
	return reader.units;
}

static int128
Absolute(int128 value)
{
	return value < 0 ? NegateExact(value) : value;
}

/* NULL: it is none of the item's units. */
static const ItemUnit *
UnitOf(FactMap *units, const CheckedItem *item, int32 unitId)
{
	static const ItemUnit same = {.numerator = 1, .denominator = 1};
	const ItemUnit *unit;

	if (unitId == item->unitId)
		return &same;
	unit = FindFact(units, item->key.companyId, item->key.id, unitId);
	return unit != NULL ? unit : FindFact(units, 0, item->unitId, unitId);
}

static bool
SameQuantity(const ItemUnit *unit, const EnteredQuantity *move)
{
	int128		left;
	int128		right;

	return TryMultiply(Absolute(move->entered), unit->numerator, &left) &&
		TryMultiply(Absolute(move->quantity), unit->denominator, &right) && left == right;
}

void
CheckMoveUnit(FactCheck *check, FactMap *units, const CheckedItem *item, const EnteredQuantity *move)
{
	const ItemUnit *unit = UnitOf(units, item, move->unitId);
	const char *detail;

	if (unit != NULL && SameQuantity(unit, move))
		return;
	if (unit == NULL)
		detail = psprintf("was entered in unit %d, which is none of the item's", move->unitId);
	else
		detail = psprintf("is of %s, but %s of unit %d were entered", QuantityString(move->quantity), QuantityString(move->entered), move->unitId);
	ReportViolation(check, "stock_units", item->key.companyId, psprintf("move " INT64_FORMAT, move->moveId), detail);
}
