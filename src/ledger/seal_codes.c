#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/fact_map.h"
#include "ledger/seal.h"

typedef struct CodeEntry
{
	FactKey		key;
	SealText	code;
} CodeEntry;

struct SealCodes
{
	MemoryContext context;
	FactMap    *map;			/* by id, and number of the kind of code */
	int32		companyId;
};

/* What companies share ignores the company. */
SealCode SealAccountCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.account t WHERE t.company_id = $1 AND t.account_id = $2")
};
SealCode SealCashFlowItemCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.cash_flow_item t WHERE t.company_id = $1 AND t.cash_flow_item_id = $2")
};
SealCode SealCurrencyCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.currency t WHERE $1 > 0 AND t.currency_id = $2")
};
SealCode SealItemCode = {.plan = SEAL_CODE_PLAN(NULL)};
SealCode SealPartyCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.party t WHERE t.company_id = $1 AND t.party_id = $2")
};
SealCode SealPaymentTermsCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.payment_terms t WHERE t.company_id = $1 AND t.payment_terms_id = $2")
};
SealCode SealPeriodCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.period t WHERE t.company_id = $1 AND t.period_id = $2")
};
SealCode SealTaxCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.tax_code t WHERE t.company_id = $1 AND t.tax_code_id = $2")
};
SealCode SealUnitCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.unit t WHERE $1 > 0 AND t.unit_id = $2")
};
SealCode SealWarehouseCode = {.plan = SEAL_CODE_PLAN(NULL)};
SealCode SealWordCode = {
	.plan = SEAL_CODE_PLAN("SELECT t.code FROM erp.voucher_word t WHERE t.company_id = $1 AND t.voucher_word_id = $2")
};

/* A row for each value of the set: dimension, value. */
SealCode SealDimensionsCode = {
	.pairs = true,
	.plan = SEAL_CODE_PLAN("SELECT d.code, v.code"
	"  FROM (SELECT t.dimension_value_ids FROM erp.dimension_set t WHERE t.company_id = $1 AND t.dimension_set_id = $2 OFFSET 0) s"
	" CROSS JOIN LATERAL pg_catalog.unnest(s.dimension_value_ids) WITH ORDINALITY u (value_id, number)"
	" CROSS JOIN LATERAL (SELECT t.* FROM erp.dimension_value t WHERE t.company_id = $1 AND t.dimension_value_id = u.value_id OFFSET 0) v"
	" CROSS JOIN LATERAL (SELECT t.* FROM erp.dimension t WHERE t.company_id = $1 AND t.dimension_id = v.dimension_id OFFSET 0) d"
	" ORDER BY u.number")
};

SealCodes *
CreateSealCodes(int32 companyId)
{
	SealCodes  *codes = palloc(sizeof(SealCodes));

	codes->context = CurrentMemoryContext;
	codes->companyId = companyId;
	codes->map = CreateFactMap(sizeof(CodeEntry));
	return codes;
}

/* The text of a column, the characters of `escaped` behind a backslash. */
static void
AppendCodeText(StringInfo written, uint64 row, int column, const char *escaped)
{
	const char *code = TextDatumGetCString(PlanValue(row, column));

	AppendEscaped(written, code, (int) strlen(code), escaped);
}

/* The rows of the last result, as one text. */
static void
AppendCodeRows(StringInfo written, bool pairs, uint64 count)
{
	for (uint64 i = 0; i < count; i++)
	{
		if (!pairs)
		{
			AppendCodeText(written, i, 1, SEAL_ESCAPED);
			continue;
		}
		if (i > 0)
			appendStringInfoChar(written, ',');
		AppendCodeText(written, i, 1, SEAL_ESCAPED ",=");
		appendStringInfoChar(written, '=');
		AppendCodeText(written, i, 2, SEAL_ESCAPED ",=");
	}
}

/* Texts are many and short, and looked up in no order: they stand close together. */
static SealText
KeepCode(SealCodes *codes, const StringInfoData *written)
{
	SealText	code = {MemoryContextAlloc(codes->context, written->len + 1), written->len};

	memcpy(unconstify(char *, code.text), written->data, written->len + 1);
	return code;
}

static SealText
LookUpCode(SealCodes *codes, SealCode *code, int64 id)
{
	Datum		values[2] = {Int32GetDatum(codes->companyId), Int64GetDatum(id)};
	PlanResult	outer = KeepPlanResult();
	uint64		count = RunPlan(&code->plan, values, NULL);
	StringInfoData written;

	initStringInfo(&written);
	AppendCodeRows(&written, code->pairs, count);
	if (count == 0)
		appendStringInfo(&written, "\\?" INT64_FORMAT, id);
	written.data[written.len] = '\0';
	SPI_freetuptable(SPI_tuptable);
	RestorePlanResult(outer);
	return KeepCode(codes, &written);
}

/* Where the kind of code is not known, the id itself. */
static SealText
WriteId(SealCodes *codes, int64 id)
{
	StringInfoData written;

	initStringInfo(&written);
	appendStringInfo(&written, INT64_FORMAT, id);
	return KeepCode(codes, &written);
}

SealText
FindSealCode(SealCodes *codes, SealCode *code, int64 id)
{
	bool		found;
	CodeEntry  *entry;
	SealText	none = {"", 0};

	if (id == 0)
		return none;
	entry = AddFact(codes->map, 0, id, code->number, &found);
	if (!found)
		entry->code = code->plan.query == NULL ? WriteId(codes, id) : LookUpCode(codes, code, id);
	return entry->code;
}
