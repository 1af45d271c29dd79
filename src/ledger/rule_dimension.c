#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "core/plan_cache.h"
#include "ledger/posting.h"

/* Dimensions of a voucher line that its posting rule maps. */

static KeptPlan setPlan = {
	.query = "SELECT v.dimension_id, v.dimension_value_id"
	"  FROM (SELECT pg_catalog.unnest(s.dimension_value_ids) AS id FROM erp.dimension_set s"
	"         WHERE s.company_id = $1 AND s.dimension_set_id = $2"
	"        UNION ALL SELECT pg_catalog.unnest(pg_catalog.string_to_array($3, ',')::integer[]) OFFSET 0) u"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.dimension_value f WHERE f.company_id = $1 AND f.dimension_value_id = u.id OFFSET 0) v",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4OID, TEXTOID}
};

static KeptPlan valuePlan = {
	.query = "SELECT dimension_value_id FROM erp.dimension_value WHERE company_id = $1 AND dimension_id = $2 AND code = $3",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4OID, TEXTOID}
};

int32
CarriedDimensions(const PostingRule *rule, int32 dimensionSetId)
{
	return rule->dimensionCount == 0 && rule->carryDimensions ? dimensionSetId : 0;
}

static const RuleDimension *
MapOf(const PostingRule *rule, int32 dimensionId)
{
	for (int i = 0; i < rule->dimensionCount; i++)
	{
		if (rule->dimensions[i].dimensionId == dimensionId)
			return &rule->dimensions[i];
	}
	return NULL;
}

/* The values of the document line's set that the line of the voucher keeps. */
static void
AddCarried(const VoucherBuilder *builder, int32 setId, const PostingRule *rule, DatumArray *ids)
{
	Datum		values[3] = {Int32GetDatum(builder->batch->company->companyId), Int32GetDatum(setId),
	CStringGetTextDatum(NewSetForm(builder->batch, setId))};
	uint64		rows = setId == 0 ? 0 : RunPlan(&setPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		const RuleDimension *map = MapOf(rule, DatumGetInt32(PlanValue(i, 1)));

		if (map == NULL ? rule->carryDimensions : map->source == SOURCE_LINE)
			AppendDatum(ids, PlanValue(i, 2));
	}
}

/* The value that has the code of an attribute; none where the attribute is empty. */
static void
AddNamed(const VoucherBuilder *builder, const Emission *emission, const RuleDimension *map, const char *code, DatumArray *ids)
{
	Datum		values[3] = {Int32GetDatum(builder->batch->company->companyId), Int32GetDatum(map->dimensionId)};

	if (code[0] == '\0')
		return;
	values[2] = CStringGetTextDatum(code);
	if (RunPlan(&valuePlan, values, NULL) > 0)
		AppendDatum(ids, PlanValue(0, 1));
	else
		ReportProblem(builder->batch, emission->document, emission->line, NULL, code, ERRCODE_ERP_UNKNOWN_CODE,
					  psprintf("dimension \"%s\" has no such value, which a posting rule takes from the %s", map->code,
							   ExpressionAttributes[map->source]));
}

static int32
MakeSet(const VoucherBuilder *builder, const Emission *emission, const PostingRule *rule, int32 setId, const ExpressionInput *input)
{
	DatumArray	ids = {0};

	AddCarried(builder, setId, rule, &ids);
	for (int i = 0; i < rule->dimensionCount; i++)
	{
		const RuleDimension *map = &rule->dimensions[i];

		if (map->source == SOURCE_CONSTANT)
			AppendDatum(&ids, Int32GetDatum(map->valueId));
		else if (map->source >= 0)
			AddNamed(builder, emission, map, input->texts[map->source], &ids);
	}
	return ids.count == 0 ? 0 : DimensionSetOf(builder->batch, &ids);
}

/* The attributes that the rule maps from, bits. */
static unsigned
MappedAttributes(const PostingRule *rule)
{
	unsigned	attributes = 0;

	for (int i = 0; i < rule->dimensionCount; i++)
	{
		if (rule->dimensions[i].source >= 0)
			attributes |= 1u << rule->dimensions[i].source;
	}
	return attributes;
}

int32
MappedDimensions(VoucherBuilder *builder, const Emission *emission, const PostingRule *rule)
{
	int32		setId = emission->line == NULL ? 0 : emission->line->dimensionSetId;
	unsigned	attributes = MappedAttributes(rule);
	ExpressionInput input;
	StringInfoData form;
	PlanResult	result;
	int			number;

	ReadRuleValues(builder, emission, 0, attributes, &input);
	initStringInfo(&form);
	appendStringInfo(&form, "%d %d %s", rule->postingRuleId, setId, RuleValuesText(&input, 0, attributes));
	if (builder->mapped == NULL)
		builder->mapped = CreateCodeMap();
	number = CodeNumber(builder->mapped, form.data);
	if (number == builder->mappedSets.count)
	{
		result = KeepPlanResult();
		AppendDatum(&builder->mappedSets, Int32GetDatum(MakeSet(builder, emission, rule, setId, &input)));
		RestorePlanResult(result);
	}
	/* Forms are numbered from 0 in the order in which their sets are appended. */
	ErpAssert(number >= 0 && number < builder->mappedSets.count);
	return DatumGetInt32(builder->mappedSets.values[number]);
}
