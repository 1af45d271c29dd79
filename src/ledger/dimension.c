#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "core/code_map.h"
#include "core/datum_array.h"
#include "core/plan_cache.h"
#include "ledger/ledger.h"

#define DIMENSIONS_MAX 30
#define BAD_SET (-1)			/* those of new sets are below */

static KeptPlan valuePlan = {
	.query = "SELECT v.dimension_value_id FROM erp.dimension d"
	"  JOIN erp.dimension_value v ON v.company_id = d.company_id AND v.dimension_id = d.dimension_id"
	" WHERE d.company_id = $1 AND d.code = $2 AND v.code = $3",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, TEXTOID, TEXTOID}
};

/* The id of one value, 0 with a problem reported if there is none. */
static int32
DimensionValue(DocumentBatch *batch, DocumentLine *line, const JsonNode *member)
{
	Datum		values[3];

	if (member->kind != JSON_STRING)
	{
		ReportProblem(batch, line->document, line, "dimensions", member->name, ERRCODE_ERP_INVALID_FIELD,
					  "the code of a dimension value is a string");
		return 0;
	}
	values[0] = Int32GetDatum(batch->company->companyId);
	values[1] = CStringGetTextDatum(member->name);
	values[2] = CStringGetTextDatum(member->text);
	if (RunPlan(&valuePlan, values, NULL) == 0)
	{
		ReportProblem(batch, line->document, line, "dimensions", member->text, ERRCODE_ERP_UNKNOWN_CODE,
					  psprintf("dimension \"%s\" has no such value", member->name));
		return 0;
	}
	return DatumGetInt32(PlanValue(0, 1));
}

/* The set that the line names; BAD_SET with a problem reported if it names none. */
static int32
DimensionSet(DocumentBatch *batch, DocumentLine *line)
{
	DatumArray	ids = {0};
	int			named = line->dimensions->count;

	if (line->dimensions->kind != JSON_OBJECT || named > DIMENSIONS_MAX)
	{
		ReportProblem(batch, line->document, line, "dimensions", NULL, ERRCODE_ERP_INVALID_FIELD,
					  "an object of at most 30 dimensions is expected");
		return BAD_SET;
	}
	for (const JsonNode *member = line->dimensions->first; member != NULL; member = member->next)
	{
		int32		id = DimensionValue(batch, line, member);

		if (id != 0)
			AppendDatum(&ids, Int32GetDatum(id));
	}
	if (ids.count < named)
		return BAD_SET;
	return named == 0 ? 0 : DimensionSetOf(batch, &ids);
}

void
LookUpDimensions(DocumentBatch *batch)
{
	CodeMap    *forms = CreateCodeMap();
	DatumArray	sets = {0};

	for (int i = 0; i < batch->count; i++)
	{
		for (int j = 0; j < batch->documents[i].lineCount && !batch->documents[i].repeated; j++)
		{
			DocumentLine *line = &batch->documents[i].lines[j];
			StringInfoData form;
			int			number;
			bool		known;

			if (line->dimensions == NULL)
				continue;
			initStringInfo(&form);
			JsonCanonical(line->dimensions, &form);
			number = CodeNumber(forms, form.data);
			known = number < sets.count;
			if (!known)
				AppendDatum(&sets, Int32GetDatum(DimensionSet(batch, line)));
			/* Forms are numbered from 0 in the order in which their sets are appended. */
			ErpAssert(number >= 0 && number < sets.count);
			line->dimensionSetId = DatumGetInt32(sets.values[number]);
			/* Every line that names a bad one has the problem. */
			if (known && line->dimensionSetId == BAD_SET)
				(void) DimensionSet(batch, line);
		}
	}
}
