#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "core/datum_array.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "sales/price.h"

#define LIST_COLUMNS "l.price_list_id, l.code, l.currency_id, l.tax_included, l.priority"

static KeptPlan directListPlan = {
	.query = "SELECT " LIST_COLUMNS ", 0 FROM erp.price_list l"
	" WHERE l.company_id = $1 AND l.currency_id = $2 AND l.for_all AND l.active AND NOT l.base_only"
	"   AND l.valid_from <= $3 AND l.valid_to >= $3 AND ($6 IS NULL OR l.tax_included = $6)"
	" UNION ALL "
	"SELECT " LIST_COLUMNS ", CASE WHEN p.party_id = 0 THEN 1 ELSE 2 END"
	"  FROM ROWS FROM (pg_catalog.unnest(ARRAY[$4, 0]), pg_catalog.unnest(ARRAY['', $5])) AS n (party_id, party_group)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.price_list_party f WHERE f.company_id = $1 AND f.party_id = n.party_id AND f.party_group = n.party_group OFFSET 0) p"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.price_list f WHERE f.company_id = $1 AND f.price_list_id = p.price_list_id OFFSET 0) l"
	" WHERE l.currency_id = $2 AND l.active AND NOT l.base_only AND l.valid_from <= $3 AND l.valid_to >= $3"
	"   AND ($6 IS NULL OR l.tax_included = $6)"
	" UNION ALL "
	"SELECT " LIST_COLUMNS ", 2 FROM erp.price_list l"
	" WHERE l.company_id = $1 AND l.code = $7 AND l.currency_id = $2 AND l.active AND NOT l.base_only AND l.valid_from <= $3 AND l.valid_to >= $3"
	"   AND ($6 IS NULL OR l.tax_included = $6)",
	.argumentCount = 7,
	.argumentTypes = {INT4OID, INT4OID, DATEOID, INT4OID, TEXTOID, BOOLOID, TEXTOID}
};

static KeptPlan baseListPlan = {
	.query = "SELECT " LIST_COLUMNS ", 0 FROM pg_catalog.unnest($2) AS n (id)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.price_list f WHERE f.company_id = $1 AND f.price_list_id = n.id"
	"                        AND f.active AND f.valid_from <= $3 AND f.valid_to >= $3 OFFSET 0) l",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4ARRAYOID, DATEOID}
};

static KeptPlan rulePlan = {
	.query = "SELECT n.number::integer - 1, r.price_rule_id, r.price_list_id, r.unit_id, r.base_list_id, r.valid_from, r.net,"
	"       CASE WHEN r.party_id <> 0 THEN 2 WHEN r.party_group <> '' THEN 1 ELSE 0 END,"
	"       CASE r.purpose WHEN 'price' THEN 0 WHEN 'discount' THEN 1 WHEN 'floor' THEN 2 ELSE 3 END,"
	"       CASE r.base WHEN 'none' THEN 0 WHEN 'list' THEN 1 ELSE 2 END,"
	"       CASE r.action WHEN '' THEN 0 WHEN 'warn' THEN 1 WHEN 'approve' THEN 2 ELSE 3 END,"
	"       r.min_quantity, r.price, r.percent, r.amount, r.round_to, r.ending"
	"  FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) WITH ORDINALITY AS n (item_id, item_group, number)"
	" CROSS JOIN LATERAL (SELECT f.* FROM erp.price_rule f"
	"                      WHERE f.company_id = $1 AND f.item_id = n.item_id AND f.item_group = n.item_group AND f.price_list_id = ANY ($4)"
	"                        AND f.party_id = ANY ($5) AND f.party_group = ANY ($6)"
	"                        AND f.active AND f.valid_from <= $7 AND f.valid_to >= $7 OFFSET 0) r",
	.argumentCount = 7,
	.argumentTypes = {INT4OID, INT4ARRAYOID, TEXTARRAYOID, INT4ARRAYOID, INT4ARRAYOID, TEXTARRAYOID, DATEOID}
};

const PriceList *
FindPriceList(const PriceRun *run, int32 listId)
{
	for (const PriceList *list = run->lists; list != NULL; list = list->next)
	{
		if (list->listId == listId)
			return list;
	}
	return NULL;
}

/* Adds the lists of the last result. One that is both for the party and for its group is for the party. */
static void
AddLists(PriceRun *run, uint64 rows, bool direct)
{
	for (uint64 i = 0; i < rows; i++)
	{
		int32		listId = DatumGetInt32(PlanValue(i, 1));
		ForWhom		forWhom = (ForWhom) DatumGetInt32(PlanValue(i, 6));
		PriceList  *list = unconstify(PriceList *, FindPriceList(run, listId));

		if (list != NULL)
		{
			list->forWhom = Max(list->forWhom, forWhom);
			continue;
		}
		list = palloc0(sizeof(PriceList));
		list->listId = listId;
		list->code = TextDatumGetCString(PlanValue(i, 2));
		list->currency = FindCurrencyById(DatumGetInt32(PlanValue(i, 3)));
		list->taxIncluded = DatumGetBool(PlanValue(i, 4));
		list->priority = DatumGetInt32(PlanValue(i, 5));
		list->direct = direct;
		list->forWhom = forWhom;
		list->next = run->lists;
		run->lists = list;
	}
}

static void
ReadDirectLists(PriceRun *run)
{
	char		nulls[] = {' ', ' ', ' ', ' ', ' ', run->taxIncluded < 0 ? 'n' : ' ', ' '};
	Datum		values[7] = {
		Int32GetDatum(run->company->companyId), Int32GetDatum(run->currency->currencyId), DateADTGetDatum(run->day),
		Int32GetDatum(run->partyId), CStringGetTextDatum(run->partyGroup), BoolGetDatum(run->taxIncluded == 1),
		CStringGetTextDatum(run->partyList)
	};

	AddLists(run, RunPlanAt(&directListPlan, values, nulls, GetActiveSnapshot()), true);
}

static void
FillRule(PriceRun *run, PriceRule *rule, uint64 i)
{
	rule->ruleId = DatumGetInt64(PlanValue(i, 2));
	rule->list = FindPriceList(run, DatumGetInt32(PlanValue(i, 3)));
	rule->unitId = DatumGetInt32(PlanValue(i, 4));
	rule->baseListId = DatumGetInt32(PlanValue(i, 5));
	rule->validFrom = DatumGetDateADT(PlanValue(i, 6));
	rule->net = DatumGetBool(PlanValue(i, 7));
	rule->forWhom = Max((ForWhom) DatumGetInt32(PlanValue(i, 8)), rule->list->forWhom);
	rule->purpose = (PricePurpose) DatumGetInt32(PlanValue(i, 9));
	rule->base = (PriceBase) DatumGetInt32(PlanValue(i, 10));
	rule->action = (PriceAction) DatumGetInt32(PlanValue(i, 11));
	rule->minQuantity = QuantityFromDatum(PlanValue(i, 12));
	rule->price = PriceFromDatum(PlanValue(i, 13));
	rule->percent = NumericToFixed(PlanValue(i, 14), PERCENT_SCALE);
	rule->amount = PriceFromDatum(PlanValue(i, 15));
	rule->roundTo = PriceFromDatum(PlanValue(i, 16));
	rule->ending = PriceFromDatum(PlanValue(i, 17));
}

static void
TargetArrays(const PriceRun *run, Datum *items, Datum *groups)
{
	DatumArray	ids = {0};
	DatumArray	codes = {0};

	for (int i = 0; i < run->targetCount; i++)
	{
		AppendDatum(&ids, Int32GetDatum(run->targets[i].itemId));
		AppendDatum(&codes, CStringGetTextDatum(run->targets[i].itemGroup));
	}
	*items = DatumArrayValue(&ids, INT4OID);
	*groups = DatumArrayValue(&codes, TEXTOID);
}

/* The party and its group, each beside none; a party without a group once. */
static void
PartyArrays(const PriceRun *run, Datum *parties, Datum *groups)
{
	DatumArray	ids = {0};
	DatumArray	codes = {0};

	AppendDatum(&ids, Int32GetDatum(0));
	if (run->partyId != 0)
		AppendDatum(&ids, Int32GetDatum(run->partyId));
	AppendDatum(&codes, CStringGetTextDatum(""));
	if (run->partyGroup[0] != '\0')
		AppendDatum(&codes, CStringGetTextDatum(run->partyGroup));
	*parties = DatumArrayValue(&ids, INT4OID);
	*groups = DatumArrayValue(&codes, TEXTOID);
}

/* The rules of lists whose rules have not been read; bases get the ids of lists that they begin from. */
static void
ReadRules(PriceRun *run, Datum *values, Bitmapset **bases)
{
	DatumArray	ids = {0};
	uint64		rows;
	PriceRule  *rules;

	for (PriceList *list = run->lists; list != NULL && !list->rulesRead; list = list->next)
	{
		AppendDatum(&ids, Int32GetDatum(list->listId));
		list->rulesRead = true;
	}
	values[3] = DatumArrayValue(&ids, INT4OID);
	rows = RunPlanAt(&rulePlan, values, NULL, GetActiveSnapshot());
	rules = palloc0(sizeof(PriceRule) * (rows + 1));
	for (uint64 i = 0; i < rows; i++)
	{
		PriceTarget *target = &run->targets[DatumGetInt32(PlanValue(i, 1))];

		CHECK_FOR_INTERRUPTS();
		FillRule(run, &rules[i], i);
		rules[i].next = target->rules;
		target->rules = &rules[i];
		if (rules[i].base == BASE_LIST)
			*bases = bms_add_member(*bases, rules[i].baseListId);
	}
}

/* Lists that rules begin from and that are not known yet; false if there are none. */
static bool
ReadBaseLists(PriceRun *run, const Bitmapset *bases)
{
	DatumArray	ids = {0};
	int			id = -1;
	Datum		values[3] = {Int32GetDatum(run->company->companyId), 0, DateADTGetDatum(run->day)};
	uint64		rows;

	while ((id = bms_next_member(bases, id)) >= 0)
	{
		if (FindPriceList(run, id) == NULL)
			AppendDatum(&ids, Int32GetDatum(id));
	}
	if (ids.count == 0)
		return false;
	values[1] = DatumArrayValue(&ids, INT4OID);
	rows = RunPlanAt(&baseListPlan, values, NULL, GetActiveSnapshot());
	AddLists(run, rows, false);
	return rows > 0;
}

void
ReadPriceBook(PriceRun *run)
{
	Datum		values[7] = {[0] = Int32GetDatum(run->company->companyId), [6] = DateADTGetDatum(run->day)};
	Bitmapset  *bases = NULL;

	ReadDirectLists(run);
	TargetArrays(run, &values[1], &values[2]);
	PartyArrays(run, &values[4], &values[5]);
	if (run->lists != NULL)
		ReadRules(run, values, &bases);
	for (int depth = 0; depth < BASE_DEPTH_MAX && ReadBaseLists(run, bases); depth++)
		ReadRules(run, values, &bases);
}
