/*
 * Units that lines were entered in. Few lines name one: those that do ask once for every item and unit.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "inventory/inventory.h"
#include "inventory/unit_lookup.h"

static KeptPlan unitPlan = {
	.query = "SELECT n.number::integer - 1, u.unit_id, r.numerator, r.denominator"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) WITH ORDINALITY AS n (item_id, code, number)"
	" CROSS JOIN LATERAL (SELECT f.unit_id FROM erp.unit f WHERE f.code = n.code OFFSET 0) u"
	"  LEFT JOIN LATERAL (SELECT f.numerator, f.denominator FROM erp_private.item_unit_way f"
	"                      WHERE f.company_id = $1 AND f.item_id = n.item_id AND f.unit_id = u.unit_id LIMIT 1) r ON true",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4ARRAYOID, TEXTARRAYOID}
};

static bool
NamesUnit(const DocumentLine *line)
{
	return line->itemId != 0 && line->fields[LINE_UNIT] != NULL;
}

static const char *
QueryKey(int32 itemId, const char *unit)
{
	return psprintf("%d %s", itemId, unit);
}

void
AskUnit(UnitQuery *query, int32 itemId, const char *unit)
{
	int			before;

	if (query->numbers == NULL)
		query->numbers = CreateCodeMap();
	before = CodeCount(query->numbers);
	if (CodeNumber(query->numbers, QueryKey(itemId, unit)) < before)
		return;
	AppendDatum(&query->items, Int32GetDatum(itemId));
	AppendDatum(&query->units, CStringGetTextDatum(unit));
}

const UnitInfo *
FindUnit(const UnitQuery *query, const UnitInfo *units, int32 itemId, const char *unit)
{
	return &units[FindCode(query->numbers, QueryKey(itemId, unit))];
}

UnitInfo *
FetchUnits(int32 companyId, UnitQuery *query)
{
	UnitInfo   *units = palloc0(sizeof(UnitInfo) * CodeCount(query->numbers));
	Datum		values[3] = {Int32GetDatum(companyId), DatumArrayValue(&query->items, INT4OID), DatumArrayValue(&query->units, TEXTOID)};
	uint64		rows = RunPlan(&unitPlan, values, NULL);

	for (uint64 i = 0; i < rows; i++)
	{
		UnitInfo   *unit = &units[DatumGetInt32(PlanValue(i, 1))];
		bool		isNull;
		Datum		numerator = PlanValueOrNull(i, 3, &isNull);

		unit->known = true;
		unit->unitId = DatumGetInt32(PlanValue(i, 2));
		if (isNull)
			continue;
		unit->ratio.numerator = NumericToFixed(numerator, 0);
		unit->ratio.denominator = NumericToFixed(PlanValue(i, 4), 0);
	}
	return units;
}

static void
FillUnit(DocumentBatch *batch, DocumentLine *line, const UnitInfo *unit)
{
	const char *code = line->fields[LINE_UNIT];

	if (!unit->known)
		ReportProblem(batch, line->document, line, "unit", code, ERRCODE_ERP_UNKNOWN_CODE, "unknown unit");
	else if (unit->ratio.denominator == 0)
		ReportProblem(batch, line->document, line, "unit", code, ERRCODE_ERP_NO_CONVERSION,
					  "the unit does not convert into that of the item");
	line->unitId = unit->unitId;
	line->unitRatio = unit->ratio;
}

/* Of every line that names its unit: asks for it while units is NULL, else fills it in. */
static void
EachUnit(DocumentBatch *batch, UnitQuery *query, const UnitInfo *units)
{
	for (int i = 0; i < batch->count; i++)
	{
		for (int j = 0; j < batch->documents[i].lineCount && !batch->documents[i].repeated; j++)
		{
			DocumentLine *line = &batch->documents[i].lines[j];

			if (!NamesUnit(line))
				continue;
			if (units == NULL)
				AskUnit(query, line->itemId, line->fields[LINE_UNIT]);
			else
				FillUnit(batch, line, FindUnit(query, units, line->itemId, line->fields[LINE_UNIT]));
		}
	}
}

void
LookUpUnits(DocumentBatch *batch)
{
	UnitQuery	query = {0};

	EachUnit(batch, &query, NULL);
	if (query.numbers != NULL)
		EachUnit(batch, &query, FetchUnits(batch->company->companyId, &query));
}
