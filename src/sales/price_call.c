/*
 * erp.price() and erp_private.price_lines(): what a document's lines cost its
 * party on a day, and why. Nothing is written; all is read by one snapshot.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "core/company_call.h"
#include "core/errors.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"
#include "ledger/settlement.h"
#include "sales/price.h"

PG_FUNCTION_INFO_V1(erp_price);
PG_FUNCTION_INFO_V1(erp_price_lines);
PG_FUNCTION_INFO_V1(erp_changed_price);

static KeptPlan partyPlan = {
	.query = "SELECT p.party_id FROM erp.party p WHERE p.company_id = $1 AND p.code = $2",
	.argumentCount = 2,
	.argumentTypes = {INT4OID, TEXTOID}
};

static void
RefuseArgument(const char *name, const char *value, const char *what, const char *cure)
{
	ereport(ERROR,
			(errcode(ERRCODE_ERP_UNKNOWN_CODE),
			 errmsg("there is no %s \"%.100s\"", what, value),
			 errdetail("%s", ArgumentDetail(name, value)),
			 errhint("%s", cure)));
}

static int32
FindParty(const CompanyInfo *company, const char *code)
{
	Datum		values[2] = {Int32GetDatum(company->companyId), CStringGetTextDatum(code)};

	if (RunPlanAt(&partyPlan, values, NULL, GetActiveSnapshot()) == 0)
		RefuseArgument("party", code, "party", "Add it with erp.put_parties().");
	return DatumGetInt32(PlanValue(0, 1));
}

/* The currency that the options name, else the company's. */
static const CurrencyInfo *
CurrencyOfOptions(const CompanyInfo *company, const JsonNode *options)
{
	const JsonNode *member = options == NULL ? NULL : JsonMember(options, "currency");
	const CurrencyInfo *currency;

	if (member == NULL || member->kind == JSON_NULL_VALUE)
		return company->currency;
	if (member->kind != JSON_STRING)
		RefuseNode(member, ERRCODE_ERP_INVALID_FIELD, "the code of a currency is expected");
	currency = FindCurrency(member->text);
	if (currency == NULL)
		RefuseNode(member, ERRCODE_ERP_UNKNOWN_CODE, "there is no such currency");
	return currency;
}

static Datum
RunPricing(PriceRun *run, const JsonNode *lines, const JsonNode *options)
{
	ReadPriceParty(run);
	run->itemCodes = CreateCodeMap();
	ReadPriceOptions(run, options);
	ReadPriceLines(run, lines);
	ReadPromotions(run);
	FindPriceItems(run);
	FindUnitCosts(run);
	ReadPriceBook(run);
	PriceLines(run);
	ApplyPromotions(run);
	DiscountDocument(run);
	CheckMargins(run);
	return PriceResult(run);
}

/* erp.price(company, party, lines, day, options) */
Datum
erp_price(PG_FUNCTION_ARGS)
{
	char	   *company = TextDatumGetCString(RequiredArgument(fcinfo, 0, "company"));
	Datum		lines = RequiredArgument(fcinfo, 2, "lines");
	MemoryContext caller = CurrentMemoryContext;
	PriceRun	run = {.day = DatumGetDateADT(RequiredArgument(fcinfo, 3, "day"))};
	EngineScope scope;
	const JsonNode *options;

	BeginEngine(&scope);
	PlanByIndexes();
	run.company = ReadCompany(company);
	run.partyId = PG_ARGISNULL(1) ? 0 : FindParty(run.company, TextDatumGetCString(PG_GETARG_DATUM(1)));
	options = PG_ARGISNULL(4) ? NULL : ParseJsonDatum(PG_GETARG_DATUM(4));
	run.currency = CurrencyOfOptions(run.company, options);
	PG_RETURN_DATUM(FinishCall(&scope, caller, RunPricing(&run, ParseJsonDatum(lines), options)));
}

/* erp_private.price_lines(company_id, party_id, currency_id, day, lines, options) */
Datum
erp_price_lines(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	PriceRun	run = {.partyId = PG_GETARG_INT32(1), .day = PG_GETARG_DATEADT(3)};
	EngineScope scope;

	BeginEngine(&scope);
	PlanByIndexes();
	run.company = ReadCompany(CodeOfCompany(PG_GETARG_INT32(0)));
	run.currency = FindCurrencyById(PG_GETARG_INT32(2));
	if (run.currency == NULL)
		elog(ERROR, "currency %d does not exist", PG_GETARG_INT32(2));
	PG_RETURN_DATUM(FinishCall(&scope, caller, RunPricing(&run, ParseJsonbDatum(PG_GETARG_DATUM(4)), ParseJsonbDatum(PG_GETARG_DATUM(5)))));
}

/* erp_private.changed_price(price, percent, amount, round_to, ending) */
Datum
erp_changed_price(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PriceGetDatum(FormulaPrice(RatioOf(PriceFromDatum(PG_GETARG_DATUM(0)), PRICE_SCALE),
											   NumericToFixed(PG_GETARG_DATUM(1), PERCENT_SCALE), PriceFromDatum(PG_GETARG_DATUM(2)),
											   PriceFromDatum(PG_GETARG_DATUM(3)), PriceFromDatum(PG_GETARG_DATUM(4)))));
}
