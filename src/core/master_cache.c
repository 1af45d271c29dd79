#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "core/code_map.h"
#include "core/engine.h"
#include "core/master_cache.h"
#include "core/numeric_io.h"
#include "core/plan_cache.h"

const char *const ModuleNames[MODULE_COUNT] = {"general", "stock", "sales", "purchasing"};

typedef struct CompanyEntry
{
	CompanyInfo info;
	struct CompanyEntry *next;
} CompanyEntry;

static MemoryContext masterContext = NULL;
static uint64 generation = 0;
static bool stale = true;
static Oid	clockId = InvalidOid;

static CurrencyInfo *currencies;
static int	currencyCount;
static CompanyEntry *companies;
static CodeMap *texts;

static KeptPlan currencyPlan = {
	.query = "SELECT currency_id, code, decimals::integer FROM erp.currency ORDER BY currency_id"
};

static KeptPlan companyPlan = {
	.query = "SELECT company_id, member_role::text, reversal_style, currency_id, write_off_limit, rounding_limit, rounding_account_id,"
	" review_required, NOT bill_ahead, negative_stock, issue_expired, revenue_at = 'shipment', cap_returns, tax_rounding = 'line', cash_rounding_method, live_since IS NOT NULL FROM erp.company WHERE code = $1",
	.argumentCount = 1,
	.argumentTypes = {TEXTOID}
};

static void
ForgetMasterData(Datum argument, Oid relationId)
{
	if (relationId == InvalidOid || relationId == clockId || clockId == InvalidOid)
		stale = true;
}

void
InitMasterCache(void)
{
	CacheRegisterRelcacheCallback(ForgetMasterData, (Datum) 0);
}

char *
KeepMasterText(Datum value)
{
	char	   *string = TextDatumGetCString(value);
	char	   *kept = MemoryContextStrdup(masterContext, string);

	pfree(string);
	return kept;
}

void *
KeepMasterArray(Size elementSize, uint64 count)
{
	return MemoryContextAllocZero(masterContext, elementSize * Max(count, 1));
}

static void
LoadCurrencies(void)
{
	currencyCount = (int) RunPlanLatest(&currencyPlan, NULL, NULL);
	currencies = KeepMasterArray(sizeof(CurrencyInfo), currencyCount);
	for (int i = 0; i < currencyCount; i++)
	{
		currencies[i].currencyId = DatumGetInt32(PlanValue(i, 1));
		currencies[i].code = KeepMasterText(PlanValue(i, 2));
		currencies[i].decimals = DatumGetInt32(PlanValue(i, 3));
	}
}

static void
CreateTexts(void)
{
	MemoryContext previous = MemoryContextSwitchTo(masterContext);

	texts = CreateCodeMap();
	(void) CodeNumber(texts, "");
	MemoryContextSwitchTo(previous);
}

void
RefreshMasterData(void)
{
	Oid			schemaId;

	if (!stale)
		return;
	if (masterContext == NULL)
		masterContext = AllocSetContextCreate(CacheMemoryContext, "erp master data", ALLOCSET_DEFAULT_SIZES);

	/* The clock's id and the flag come first: an invalidation while loading makes the next call load again. */
	schemaId = get_namespace_oid("erp_private", false);
	clockId = get_relname_relid("master_data_clock", schemaId);
	stale = false;
	generation++;
	MemoryContextReset(masterContext);
	companies = NULL;
	PG_TRY();
	{
		CreateTexts();
		LoadCurrencies();
		LoadRoles();
		LoadKinds();
	}
	PG_CATCH();
	{
		stale = true;
		PG_RE_THROW();
	}
	PG_END_TRY();
}

uint64
MasterDataGeneration(void)
{
	return generation;
}

MemoryContext
MasterDataContext(void)
{
	return masterContext;
}

static void
LoadCompany(CompanyEntry *entry, const char *code)
{
	entry->info.companyId = DatumGetInt32(PlanValue(0, 1));
	entry->info.code = MemoryContextStrdup(masterContext, code);
	entry->info.memberRole = KeepMasterText(PlanValue(0, 2));
	entry->info.oppositeSide = strcmp(TextDatumGetCString(PlanValue(0, 3)), "opposite_side") == 0;
	entry->info.currency = FindCurrencyById(DatumGetInt32(PlanValue(0, 4)));
	entry->info.writeOffLimit = AmountFromDatum(PlanValue(0, 5));
	entry->info.roundingLimit = AmountFromDatum(PlanValue(0, 6));
	entry->info.roundingAccountId = DatumGetInt32(PlanValue(0, 7));
	entry->info.reviewRequired = DatumGetBool(PlanValue(0, 8));
	entry->info.refusesBillAhead = DatumGetBool(PlanValue(0, 9));
	entry->info.allowsNegativeStock = DatumGetBool(PlanValue(0, 10));
	entry->info.issuesExpired = DatumGetBool(PlanValue(0, 11));
	entry->info.revenueAtShipment = DatumGetBool(PlanValue(0, 12));
	entry->info.capsReturns = DatumGetBool(PlanValue(0, 13));
	entry->info.taxPerLine = DatumGetBool(PlanValue(0, 14));
	entry->info.cashMethod = CashMethodOf(TextDatumGetCString(PlanValue(0, 15)));
	entry->info.isLive = DatumGetBool(PlanValue(0, 16));
}

const CompanyInfo *
FindKnownCompany(int32 companyId)
{
	for (const CompanyEntry *entry = companies; entry != NULL; entry = entry->next)
	{
		if (entry->info.companyId == companyId)
			return &entry->info;
	}
	return NULL;
}

const CompanyInfo *
FindCompany(const char *code)
{
	CompanyEntry *entry;
	PlanResult	result;
	Datum		value;

	for (entry = companies; entry != NULL; entry = entry->next)
	{
		if (strcmp(entry->info.code, code) == 0)
			return &entry->info;
	}

	result = KeepPlanResult();
	value = CStringGetTextDatum(code);
	if (RunPlanLatest(&companyPlan, &value, NULL) > 0)
	{
		entry = KeepMasterArray(sizeof(CompanyEntry), 1);
		LoadCompany(entry, code);
	}
	RestorePlanResult(result);
	if (entry == NULL)
		return NULL;
	entry->next = companies;
	companies = entry;
	return &entry->info;
}

const CurrencyInfo *
FindCurrency(const char *code)
{
	for (int i = 0; i < currencyCount; i++)
	{
		if (strcmp(currencies[i].code, code) == 0)
			return &currencies[i];
	}
	return NULL;
}

const CurrencyInfo *
FindCurrencyById(int32 currencyId)
{
	for (int i = 0; i < currencyCount; i++)
	{
		if (currencies[i].currencyId == currencyId)
			return &currencies[i];
	}
	return NULL;
}

int
MasterText(const char *text)
{
	MemoryContext previous;
	int			number = FindCode(texts, text);

	if (number >= 0)
		return number;
	previous = MemoryContextSwitchTo(masterContext);
	number = CodeNumber(texts, pstrdup(text));
	MemoryContextSwitchTo(previous);
	return number;
}

const char *
MasterTextOf(int number)
{
	return CodeText(texts, number);
}
