#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "core/plan_cache.h"
#include "sales/price.h"

static KeptPlan partyPlan = {
	.query = "SELECT p.party_group, p.price_list_code, p.tax_zone_id FROM erp.party p WHERE p.company_id = $1 AND p.party_id = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, INT4OID}
};

static KeptPlan zonePlan = {
	.query = "SELECT z.zone_tax_code_id FROM erp.tax_zone_code z WHERE z.company_id = $1 AND z.tax_zone_id = $2 AND z.tax_code_id = $3",
	.argumentCount = 3,
	.argumentTypes = {INT4OID, INT4OID, INT4OID}
};

void
ReadPriceParty(PriceRun *run)
{
	Datum		values[2] = {Int32GetDatum(run->company->companyId), Int32GetDatum(run->partyId)};

	run->partyGroup = "";
	run->partyList = "";
	if (run->partyId == 0 || RunPlanAt(&partyPlan, values, NULL, GetActiveSnapshot()) == 0)
		return;
	run->partyGroup = TextDatumGetCString(PlanValue(0, 1));
	run->partyList = TextDatumGetCString(PlanValue(0, 2));
	run->taxZoneId = DatumGetInt32(PlanValue(0, 3));
}

static const TaxCodeInfo *
LookUpZone(const PriceRun *run, const TaxCodeInfo *taxCode)
{
	Datum		values[3] = {Int32GetDatum(run->company->companyId), Int32GetDatum(run->taxZoneId), Int32GetDatum(taxCode->taxCodeId)};
	int32		inZone;

	if (RunPlanAt(&zonePlan, values, NULL, GetActiveSnapshot()) == 0)
		return taxCode;
	inZone = DatumGetInt32(PlanValue(0, 1));
	return inZone == 0 ? NULL : FindTaxCodeById(run->company->companyId, inZone);
}

const TaxCodeInfo *
TaxCodeInZone(PriceRun *run, const TaxCodeInfo *taxCode)
{
	ZoneTaxCode *known = run->zoneTaxCodes;

	if (run->taxZoneId == 0)
		return taxCode;
	while (known != NULL && known->taxCode != taxCode)
		known = known->next;
	if (known == NULL)
	{
		known = palloc(sizeof(ZoneTaxCode));
		known->taxCode = taxCode;
		known->inZone = LookUpZone(run, taxCode);
		known->next = run->zoneTaxCodes;
		run->zoneTaxCodes = known;
	}
	return known->inZone;
}
