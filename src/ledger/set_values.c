#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/datum_array.h"
#include "core/pair_map.h"
#include "core/plan_cache.h"
#include "ledger/set_values.h"

static KeptPlan setPlan = {
	.query = "SELECT s.dimension_set_id, v.dimension_id, v.dimension_value_id FROM erp.dimension_set s"
	"  JOIN erp.dimension_value v ON v.company_id = s.company_id AND v.dimension_value_id = ANY (s.dimension_value_ids)"
	" WHERE s.company_id = $1 AND s.dimension_set_id = ANY ($2) ORDER BY 1, 2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4ARRAYOID}
};

static Datum
DistinctSets(const VoucherSet *set)
{
	PairMap    *seen = CreatePairMap();
	DatumArray	ids = {0};

	for (int i = 0; i < set->count; i++)
	{
		for (int j = 0; j < set->vouchers[i].count; j++)
		{
			int32		setId = set->vouchers[i].lines[j].dimensionSetId;

			if (PairNumber(seen, PAIR_KEY(setId, 0)) == ids.count)
				AppendDatum(&ids, Int32GetDatum(setId));
		}
	}
	return DatumArrayValue(&ids, INT4OID);
}

SetValues
ReadSetValues(int32 companyId, const VoucherSet *set)
{
	Datum		arguments[2] = {Int32GetDatum(companyId), DistinctSets(set)};
	SetValues	values;

	values.count = (int) RunPlan(&setPlan, arguments, NULL);
	values.values = palloc(sizeof(SetValue) * Max(values.count, 1));
	for (int i = 0; i < values.count; i++)
	{
		values.values[i].dimensionSetId = DatumGetInt32(PlanValue(i, 1));
		values.values[i].dimensionId = DatumGetInt32(PlanValue(i, 2));
		values.values[i].valueId = DatumGetInt32(PlanValue(i, 3));
	}
	return values;
}

static int
CompareSetValue(const void *left, const void *right)
{
	const SetValue *a = left;
	const SetValue *b = right;

	if (a->dimensionSetId != b->dimensionSetId)
		return a->dimensionSetId < b->dimensionSetId ? -1 : 1;
	if (a->dimensionId != b->dimensionId)
		return a->dimensionId < b->dimensionId ? -1 : 1;
	return 0;
}

int32
ValueInSet(const SetValues *values, int32 setId, int32 dimensionId)
{
	SetValue	key = {.dimensionSetId = setId, .dimensionId = dimensionId};
	const SetValue *found = bsearch(&key, values->values, values->count, sizeof(SetValue), CompareSetValue);

	return found == NULL ? 0 : found->valueId;
}
