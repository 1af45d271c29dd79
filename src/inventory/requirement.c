/*
 * What is required: demands that nothing could be reserved for. Whoever records
 * a requirement holds the pools of its items, as whoever brings goods does: what
 * arrives meanwhile is either reserved here or serves the requirement there.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/engine.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "core/subtransaction.h"
#include "inventory/reservation.h"

static KeptPlan requirePlan = {
	.query = "SELECT erp_private.add_requirement($1, $2, $3, $4, $5, $6, $7, $8)",
	.argumentCount = 8,
	.argumentTypes = {INT4OID, INT4OID, INT4OID, TEXTOID, INT4OID, NUMERICOID, INT4OID, DATEOID}
};

static bool
IsRequired(const ReserveLine *line)
{
	return line->terms.required && line->missing > 0;
}

/* False where something that is required is short. */
static bool
TakeUnlessShort(void *argument)
{
	ReserveRun *run = argument;

	FindPlaces(run);
	TakeLines(run);
	for (int i = 0; i < run->lineCount; i++)
	{
		if (IsRequired(&run->lines[i]))
			return false;
	}
	return true;
}

static bool
AnyRequired(const ReserveRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		if (run->lines[i].terms.required)
			return true;
	}
	return false;
}

void
TakeOrRequire(ReserveRun *run)
{
	DatumArray	items;

	if (!AnyRequired(run))
	{
		FindPlaces(run);
		TakeLines(run);
		return;
	}
	if (TryInSubtransaction(TakeUnlessShort, run))
		return;
	items = ItemsOfRun(run);
	LockItemPools(run->company->companyId, &items);
	run->again = true;
	(void) TakeUnlessShort(run);
}

void
StoreRequirements(const ReserveRun *run)
{
	for (int i = 0; i < run->lineCount; i++)
	{
		const ReserveLine *line = run->byItem[i];
		Datum		values[8] = {Int32GetDatum(run->company->companyId), Int32GetDatum(line->itemId)};

		if (!IsRequired(line))
			continue;
		values[2] = Int32GetDatum(line->warehouseCount == 1 ? line->warehouseIds[0] : 0);
		values[3] = CStringGetTextDatum(line->demand);
		values[4] = Int32GetDatum(line->demandLine);
		values[5] = QuantityGetDatum(line->missing);
		values[6] = Int32GetDatum(line->terms.priority);
		values[7] = DateADTGetDatum(line->terms.neededBy);
		(void) RunPlan(&requirePlan, values, NULL);
	}
}
