/*
 * Dimension sets. Who makes one that another transaction is making waits for
 * its end. So what a batch finds new has a number of its own at first, and all
 * of them are made in one order, when everything before series is locked.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "core/code_map.h"
#include "core/datum_array.h"
#include "core/plan_cache.h"
#include "ledger/ledger.h"

/* The id of a new set, and its number in the batch. */
#define NEW_SET_ID(number) (-2 - (number))
#define NEW_SET_NUMBER(id) (-2 - (id))

struct NewDimensionSets
{
	CodeMap    *forms;			/* ids of values, ascending, between commas */
};

static KeptPlan findPlan = {
	.query = "SELECT dimension_set_id FROM erp.dimension_set"
	" WHERE company_id = $1 AND dimension_value_ids = pg_catalog.string_to_array($2, ',')::integer[]",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTOID}
};

static KeptPlan makePlan = {
	.query = "INSERT INTO erp.dimension_set (company_id, dimension_value_ids)"
	" SELECT $1, s.ids FROM (SELECT pg_catalog.string_to_array(u.form, ',')::integer[] AS ids FROM pg_catalog.unnest($2) AS u (form)) s"
	"  ORDER BY s.ids"
	" ON CONFLICT ON CONSTRAINT dimension_set_once DO NOTHING",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

static KeptPlan madePlan = {
	.query = "SELECT d.dimension_set_id FROM pg_catalog.unnest($2) WITH ORDINALITY AS u (form, number)"
	" CROSS JOIN LATERAL (SELECT s.dimension_set_id FROM erp.dimension_set s WHERE s.company_id = $1"
	"   AND s.dimension_value_ids = pg_catalog.string_to_array(u.form, ',')::integer[] OFFSET 0) d ORDER BY u.number",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTARRAYOID}
};

static int
CompareIds(const void *left, const void *right)
{
	int32		a = DatumGetInt32(*(const Datum *) left);
	int32		b = DatumGetInt32(*(const Datum *) right);

	return (a > b) - (a < b);
}

/* The ids in ascending order, which they have afterwards. */
static char *
SetForm(DatumArray *valueIds)
{
	StringInfoData form;

	qsort(valueIds->values, valueIds->count, sizeof(Datum), CompareIds);
	initStringInfo(&form);
	for (int i = 0; i < valueIds->count; i++)
		appendStringInfo(&form, i == 0 ? "%d" : ",%d", DatumGetInt32(valueIds->values[i]));
	return form.data;
}

int32
DimensionSetOf(DocumentBatch *batch, DatumArray *valueIds)
{
	char	   *form = SetForm(valueIds);
	Datum		values[2] = {Int32GetDatum(batch->company->companyId)};
	int			number = batch->newSets == NULL ? -1 : FindCode(batch->newSets->forms, form);

	if (number >= 0)
		return NEW_SET_ID(number);
	values[1] = CStringGetTextDatum(form);
	if (RunPlan(&findPlan, values, NULL) > 0)
		return DatumGetInt32(PlanValue(0, 1));
	if (batch->newSets == NULL)
	{
		batch->newSets = palloc(sizeof(NewDimensionSets));
		batch->newSets->forms = CreateCodeMap();
	}
	return NEW_SET_ID(CodeNumber(batch->newSets->forms, form));
}

const char *
NewSetForm(const DocumentBatch *batch, int32 setId)
{
	return IS_NEW_SET(setId) ? CodeText(batch->newSets->forms, NEW_SET_NUMBER(setId)) : "";
}

static void
NameSet(const int32 *made, int32 *setId)
{
	if (IS_NEW_SET(*setId))
		*setId = made[NEW_SET_NUMBER(*setId)];
}

static void
NameSets(const int32 *made, DocumentBatch *batch, VoucherSet *set)
{
	for (int i = 0; i < batch->count; i++)
	{
		for (int j = 0; j < batch->documents[i].lineCount; j++)
		{
			DocumentLine *line = &batch->documents[i].lines[j];

			NameSet(made, &line->dimensionSetId);
			if (line->pairedLine != NULL)
				NameSet(made, &line->pairedLine->dimensionSetId);
		}
	}
	for (int i = 0; i < set->count; i++)
	{
		for (int j = 0; j < set->vouchers[i].count; j++)
			NameSet(made, &set->vouchers[i].lines[j].dimensionSetId);
	}
}

void
MakeDimensionSets(DocumentBatch *batch, VoucherSet *set)
{
	Datum		values[2] = {Int32GetDatum(batch->company->companyId)};
	int			count;
	int32	   *made;

	if (batch->newSets == NULL)
		return;
	count = CodeCount(batch->newSets->forms);
	values[1] = CodeArray(batch->newSets->forms);
	(void) RunPlan(&makePlan, values, NULL);
	if (RunPlanLatest(&madePlan, values, NULL) != (uint64) count)
		elog(ERROR, "a dimension set that was made is not found");
	made = palloc(sizeof(int32) * count);
	for (int i = 0; i < count; i++)
		made[i] = DatumGetInt32(PlanValue(i, 1));
	NameSets(made, batch, set);
	batch->newSets = NULL;
}
