#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/fact_map.h"
#include "core/plan_cache.h"
#include "ledger/seal.h"

typedef struct CodeEntry
{
	FactKey		key;
	char	   *code;
} CodeEntry;

struct SealCodes
{
	MemoryContext context;
	int32		companyId;
	FactMap    *maps[CODES];
};

#define CODE_PLAN(text) {.query = text, .argumentCount = 2, .argumentTypes = {INT4OID, INT4OID}}

/* What companies share ignores the company. A dimension set has a row for each of its values: dimension, value. */
static KeptPlan codePlans[CODES] = {
	[CODE_OF_ACCOUNT] = CODE_PLAN("SELECT t.code FROM erp.account t WHERE t.company_id = $1 AND t.account_id = $2"),
	[CODE_OF_CASH_FLOW_ITEM] = CODE_PLAN("SELECT t.code FROM erp.cash_flow_item t WHERE t.company_id = $1 AND t.cash_flow_item_id = $2"),
	[CODE_OF_CURRENCY] = CODE_PLAN("SELECT t.code FROM erp.currency t WHERE $1 > 0 AND t.currency_id = $2"),
	[CODE_OF_DIMENSIONS] = CODE_PLAN("SELECT d.code, v.code"
	"  FROM (SELECT t.dimension_value_ids FROM erp.dimension_set t WHERE t.company_id = $1 AND t.dimension_set_id = $2 OFFSET 0) s"
	" CROSS JOIN LATERAL pg_catalog.unnest(s.dimension_value_ids) WITH ORDINALITY u (value_id, number)"
	" CROSS JOIN LATERAL (SELECT t.* FROM erp.dimension_value t WHERE t.company_id = $1 AND t.dimension_value_id = u.value_id OFFSET 0) v"
	" CROSS JOIN LATERAL (SELECT t.* FROM erp.dimension t WHERE t.company_id = $1 AND t.dimension_id = v.dimension_id OFFSET 0) d"
	" ORDER BY u.number"),
	[CODE_OF_PARTY] = CODE_PLAN("SELECT t.code FROM erp.party t WHERE t.company_id = $1 AND t.party_id = $2"),
	[CODE_OF_PERIOD] = CODE_PLAN("SELECT t.code FROM erp.period t WHERE t.company_id = $1 AND t.period_id = $2"),
	[CODE_OF_TAX_CODE] = CODE_PLAN("SELECT t.code FROM erp.tax_code t WHERE t.company_id = $1 AND t.tax_code_id = $2"),
	[CODE_OF_UNIT] = CODE_PLAN("SELECT t.code FROM erp.unit t WHERE $1 > 0 AND t.unit_id = $2"),
	[CODE_OF_WORD] = CODE_PLAN("SELECT t.code FROM erp.voucher_word t WHERE t.company_id = $1 AND t.voucher_word_id = $2")
};

SealCodes *
CreateSealCodes(int32 companyId)
{
	SealCodes  *codes = palloc(sizeof(SealCodes));

	codes->context = CurrentMemoryContext;
	codes->companyId = companyId;
	for (int i = 0; i < CODES; i++)
		codes->maps[i] = CreateFactMap(sizeof(CodeEntry));
	return codes;
}

void
AppendEscaped(StringInfo content, const char *text, const char *escaped)
{
	for (;;)
	{
		size_t		plain = strcspn(text, escaped);
		char		special = text[plain];

		appendBinaryStringInfo(content, text, (int) plain);
		if (special == '\0')
			return;
		appendStringInfoChar(content, '\\');
		appendStringInfoChar(content, special == '\t' ? 't' : special == '\n' ? 'n' : special == '\r' ? 'r' : special);
		text += plain + 1;
	}
}

/* The rows of the last result, as one text. */
static void
AppendCodeRows(StringInfo code, CodeOf of, uint64 count)
{
	for (uint64 i = 0; i < count; i++)
	{
		if (of != CODE_OF_DIMENSIONS)
		{
			AppendEscaped(code, TextDatumGetCString(PlanValue(i, 1)), SEAL_ESCAPED);
			continue;
		}
		if (i > 0)
			appendStringInfoChar(code, ',');
		AppendEscaped(code, TextDatumGetCString(PlanValue(i, 1)), SEAL_ESCAPED ",=");
		appendStringInfoChar(code, '=');
		AppendEscaped(code, TextDatumGetCString(PlanValue(i, 2)), SEAL_ESCAPED ",=");
	}
}

static char *
LookUpCode(SealCodes *codes, CodeOf of, int32 id)
{
	Datum		values[2] = {Int32GetDatum(codes->companyId), Int32GetDatum(id)};
	PlanResult	outer = KeepPlanResult();
	uint64		count = RunPlan(&codePlans[of], values, NULL);
	MemoryContext previous = MemoryContextSwitchTo(codes->context);
	StringInfoData code;

	initStringInfo(&code);
	AppendCodeRows(&code, of, count);
	if (count == 0)
		appendStringInfo(&code, "\\?%d", id);
	MemoryContextSwitchTo(previous);
	SPI_freetuptable(SPI_tuptable);
	RestorePlanResult(outer);
	return code.data;
}

const char *
SealCode(SealCodes *codes, CodeOf of, int32 id)
{
	bool		found;
	CodeEntry  *entry;

	if (id == 0)
		return "";
	entry = AddFact(codes->maps[of], 0, id, 0, &found);
	if (!found)
		entry->code = LookUpCode(codes, of, id);
	return entry->code;
}
