#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/master_cache.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"

/* The tax codes of companies, in the memory of master_cache.c. */

typedef struct CompanyTaxes
{
	int32		companyId;
	TaxCodeInfo *codes;
	int			count;
	bool		discountsReduceTax;
	struct CompanyTaxes *next;
} CompanyTaxes;

static CompanyTaxes *companyTaxes = NULL;
static uint64 taxGeneration = 0;

static KeptPlan taxPlan = {
	.query = "SELECT c.tax_code_id, c.code, r.valid_from, r.rate, c.discount_reduces_tax"
	"  FROM erp.tax_code c LEFT JOIN erp.tax_rate r ON r.company_id = c.company_id AND r.tax_code_id = c.tax_code_id"
	" WHERE c.company_id = $1 ORDER BY c.tax_code_id, r.valid_from",
	.argumentCount = 1,
	.argumentTypes = {INT4OID}
};

/* What was kept of an earlier generation is gone with its memory. */
static void
DropStale(void)
{
	if (taxGeneration == MasterDataGeneration())
		return;
	companyTaxes = NULL;
	taxGeneration = MasterDataGeneration();
}

/* The codes of one company with their rates; rows come ordered by code, then by day. */
static void
FillTaxes(CompanyTaxes *taxes, uint64 rows)
{
	taxes->codes = KeepMasterArray(sizeof(TaxCodeInfo), rows);
	for (uint64 i = 0; i < rows; i++)
	{
		int32		taxCodeId = DatumGetInt32(PlanValue(i, 1));
		TaxCodeInfo *code;
		bool		noRate;
		Datum		validFrom = PlanValueOrNull(i, 3, &noRate);

		if (taxes->count == 0 || taxes->codes[taxes->count - 1].taxCodeId != taxCodeId)
		{
			code = &taxes->codes[taxes->count++];
			code->taxCodeId = taxCodeId;
			code->code = KeepMasterText(PlanValue(i, 2));
			code->rates = KeepMasterArray(sizeof(TaxRateInfo), rows);
		}
		code = &taxes->codes[taxes->count - 1];
		if (DatumGetBool(PlanValue(i, 5)))
			taxes->discountsReduceTax = true;
		if (noRate)
			continue;
		code->rates[code->rateCount].validFrom = DatumGetDateADT(validFrom);
		code->rates[code->rateCount++].rate = RateFromDatum(PlanValue(i, 4));
	}
}

static const CompanyTaxes *
TaxesOf(int32 companyId)
{
	CompanyTaxes *taxes;
	PlanResult	result = KeepPlanResult();
	Datum		value = Int32GetDatum(companyId);
	uint64		rows;

	DropStale();
	for (taxes = companyTaxes; taxes != NULL; taxes = taxes->next)
	{
		if (taxes->companyId == companyId)
			return taxes;
	}
	rows = RunPlanLatest(&taxPlan, &value, NULL);
	taxes = KeepMasterArray(sizeof(CompanyTaxes), 1);
	taxes->companyId = companyId;
	FillTaxes(taxes, rows);
	RestorePlanResult(result);
	taxes->next = companyTaxes;
	companyTaxes = taxes;
	return taxes;
}

const TaxCodeInfo *
FindTaxCode(int32 companyId, const char *code)
{
	const CompanyTaxes *taxes = TaxesOf(companyId);

	for (int i = 0; i < taxes->count; i++)
	{
		if (strcmp(taxes->codes[i].code, code) == 0)
			return &taxes->codes[i];
	}
	return NULL;
}

const TaxCodeInfo *
FindTaxCodeById(int32 companyId, int32 taxCodeId)
{
	const CompanyTaxes *taxes = TaxesOf(companyId);

	for (int i = 0; i < taxes->count; i++)
	{
		if (taxes->codes[i].taxCodeId == taxCodeId)
			return &taxes->codes[i];
	}
	return NULL;
}

bool
DiscountsReduceTax(int32 companyId)
{
	return TaxesOf(companyId)->discountsReduceTax;
}

bool
TaxRateOn(const TaxCodeInfo *taxCode, DateADT day, int128 *rate)
{
	for (int i = taxCode->rateCount - 1; i >= 0; i--)
	{
		if (taxCode->rates[i].validFrom <= day)
		{
			*rate = taxCode->rates[i].rate;
			return true;
		}
	}
	return false;
}
